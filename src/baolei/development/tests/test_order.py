"""Whatever is tried, in whatever order, on whatever day and by whom: what is written keeps the order of the steps."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.development import actions
from baolei.development.models import Applicant, Entry, Notice
from baolei.development.tests.way import DAYS, Way
from baolei.kernel.laws import verify
from baolei.kernel.votes import Vote
from baolei.members.models import Member
from baolei.organizations.tests.factories import make_branch

pytestmark = pytest.mark.django_db

NEXT, SHIFTED = 0, 1
OTHERS = ("correct", "again", "notice", "settle", "hand_over", "take_over", "keep", "stop", "defer")
LOST = Vote(expected=20, present=12, yes=10, no=2, abstain=0)
TRIES = st.tuples(
    st.sampled_from([*(NEXT,) * 12, *(SHIFTED,) * 6, *range(2, 26, 3), *OTHERS]),
    st.integers(-20, 60),
    st.sampled_from(["secretary", "officer", "other"]),
    st.booleans(),
)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)


def usual_next(applicant: Applicant) -> int:
    """The step of a usual case that comes after the furthest one."""
    return min(applicant.step + 1, 25)


def tried(way: Way, applicant: Applicant, what, shift: int, actor, fails: bool, there) -> None:
    """One try: the next step of a usual case with the notice that it needs, on its usual day or another, or any."""
    if what in (NEXT, SHIFTED):
        on_its_day, what = what == NEXT, usual_next(applicant)
        for number, since in ((8, "2025-06-09"), (23, "2026-07-06")):
            if what == number and actions.notice_due(actions.story_of(applicant)):
                way.noticed(applicant, since)
        shift, actor = 0 if on_its_day else shift, None
    if isinstance(what, int):
        on = date.fromisoformat(DAYS[what]) + timedelta(days=shift)
        bad = {"result": "failed"} if what in (10, 13) else {"vote": LOST} if what in (15, 17) else {}
        way.take(applicant, what, on=on.isoformat(), actor=actor, **(bad if fails else {}))
        return
    if what == "notice":
        actions.give_notice(
            applicant, actor=actor, since=date(2026, 7, 6) + timedelta(days=shift), days=5, contact="x"
        )
    else:
        given = {
            "settle": {"objection": "none"},
            "hand_over": {"receiver": there},
            "stop": {"leaving": "stopped"},
            "defer": {"months": 3},
        }.get(what, {})
        name = {"again": "do_again", "settle": "settle_notice"}.get(what, what)
        getattr(actions, name)(applicant, actor=actor, **given)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TRIES, max_size=45))
def test_whatever_is_tried_the_order_holds(plan):
    with transaction.atomic():
        way = Way()
        there = make_branch(way.town)
        way.other = way.actor("branch_secretary", there)
        way.applied()
        for what, shift, who, fails in plan:
            applicant = Applicant.rows.get()
            before = (
                Entry.rows.filter(over="").count(),
                Notice.rows.count(),
                applicant.stage,
                applicant.step,
            )
            try:
                with transaction.atomic():
                    tried(way, applicant, what, shift, getattr(way, who), fails, there)
            except (ValidationError, PermissionDenied):
                again = Applicant.rows.get()
                after = (Entry.rows.filter(over="").count(), Notice.rows.count(), again.stage, again.step)
                assert after == before
        applicant = Applicant.rows.get()
        laws = verify("development.order") + verify("members.")
        assert not [law for law in laws if law["violations"]]
        # In the register if and only if a meeting passed it and the committee approved.
        approved = Entry.rows.filter(applicant=applicant, number=17, over="", result="passed").exists()
        assert Member.rows.filter(name="申试行").exists() == approved == (applicant.member_id is not None)
        transaction.set_rollback(True)
