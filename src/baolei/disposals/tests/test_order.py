"""Whatever is tried, in whatever order, on whatever day and by whom: the law holds, and what is refused changes nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.disposals.models import Disposal, Entry
from baolei.disposals.tests.way import AGAINST, Way, day
from baolei.kernel.laws import verify
from baolei.members.actions import end_membership
from baolei.members.models import Member

pytestmark = pytest.mark.django_db

WAYS = (
    ("remove", "31.1", ""),
    ("advise_out", "31.2", ""),
    ("rectify", "30", ""),
    ("self_lapsed", "31.6", "life"),
)
FORWARD = (
    "open",
    "talk",
    "meet",
    "report",
    "approve",
    "tell",
    "appeal",
    "decide",
    "execute",
    "review",
    "refuse",
)
NEXT = "next"
OTHER_RESULTS = {
    "meet": {"vote": AGAINST},
    "approve": {"result": "sent_back"},
    "decide": {"result": "revoked"},
    "review": {"result": "corrected"},
}
TRIES = st.tuples(
    st.sampled_from([*(NEXT,) * 8, *FORWARD, "correct", "cancel", "die"]),
    st.integers(-15, 40),
    st.sampled_from(["secretary", "officer", "above", "own"]),
    st.booleans(),
)


def next_step(disposal: Disposal | None) -> str:
    """What a usual case does next; after being told that is one of several."""
    after = {
        "verifying": "talk",
        "talked": "meet",
        "met": "report",
        "reported": "approve",
        "approved": "tell",
    }
    after |= {
        "appealed": "decide",
        "told": "review" if disposal and disposal.kind == "rectify" else "execute",
    }
    return after.get(disposal.state, "open") if disposal else "open"


def tried(way: Way, what: str, shift: int, who: str, other: bool, number: int) -> None:
    """One try; a usual next step is done on its usual day by whose it is, another one on any day by anybody."""
    disposal = Disposal.rows.order_by("-pk").first()
    usual = what == NEXT
    what = next_step(disposal) if usual else what
    if what == "open":
        kind, ground, lapse = WAYS[number % len(WAYS)]
        on = day("2026-01-05") + timedelta(days=0 if usual else shift)
        way.opened(kind=kind, ground=ground, lapse=lapse, on=on.isoformat())
    elif what == "die":
        end_membership(way.member, actor=way.secretary, standing="deceased", on=day("2026-11-01"))
    elif disposal is not None:
        given = OTHER_RESULTS.get(what, {}) if other else {}
        if what not in ("correct", "cancel") and not usual:
            given |= {"on": way.usual(what, disposal)["on"] + timedelta(days=shift)}
        way.take(disposal, what, **given | ({} if usual else {"actor": getattr(way, who)}))


def seen_now() -> tuple:
    rows = Disposal.rows.order_by("pk").values_list("state", "kind", "until", "due_on", "approver")
    entries = Entry.rows.order_by("pk").values_list("pk", "step", "over")
    return [*rows], [*entries], Member.rows.get(name="处试行").standing


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TRIES, max_size=30))
def test_whatever_is_tried_the_order_holds(time_machine, plan):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    with transaction.atomic():
        way = Way()
        for number, (what, shift, who, other) in enumerate(plan):
            before = seen_now()
            try:
                with transaction.atomic():
                    tried(way, what, shift, who, other, number)
            except (ValidationError, PermissionDenied):
                assert seen_now() == before
        laws = verify("disposals.order") + verify("members.")
        assert not [law for law in laws if law["violations"]]
        # Out of the register by a disposal if and only if one was approved and executed.
        out = Member.rows.get(pk=way.member.pk).standing in ("removed", "advised_out")
        executed = Disposal.rows.filter(state="executed", closed_on__isnull=False).exists()
        assert out == executed
        transaction.set_rollback(True)
