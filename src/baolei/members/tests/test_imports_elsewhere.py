"""G-12: nobody learns by importing whether a person is registered outside his reach; the little there is, is capped."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path, run
from baolei.kernel.models import Batch, Event
from baolei.kernel.secrets import hash_id
from baolei.members.models import Member, Membership
from baolei.members.tests.packages import (
    ALICE,
    BRANCH,
    CLOSED,
    FAR,
    MOVED,
    TOWN,
    number,
    officer,
    rows,
    write,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")

EVE = number("19850505", 4)
"""Once a member in the officer's town, registered in the other town now; or registered nowhere."""


def eve(**cells) -> list[str]:
    given = {"name": "钱小溪", "sex": "2", "education": "31", "work_unit": "", "branch": FAR} | cells
    return [
        EVE, given["name"], given["sex"], "1985-05-05", "01", given["education"], "worker", "formal", "2005-07-01",
        "2006-07-01", given["work_unit"], "", given["branch"], "2010-01-01", "",
    ]  # fmt: skip


def stranger(order: int, branch: str = FAR) -> list[str]:
    return [number("19860606", 2 * order), "陌生人", "2", "1986-06-06", *eve(branch=branch)[4:]]


@pytest.fixture
def register(tmp_path):
    package = rows()
    package["members"].append(eve())
    package["memberships"].append([EVE, BRANCH, "2005-07-01", "2010-01-01"])
    assert import_path(write(tmp_path / "register", package), actor=SYSTEM).problems == []


def told(outcome) -> list[tuple]:
    return [(p.sheet, p.row, p.column, p.value, p.code) for p in outcome.problems]


def asked(tmp_path, package, *, user_id=7, **how):
    return import_path(write(tmp_path / "asked", package), actor=officer(TOWN, user_id), **how)


def answers(tmp_path, package, **how) -> tuple[dict, dict]:
    """What the officer of the town is told while Eve is registered elsewhere, and while she is registered nowhere."""
    found = []
    for registered in (True, False):
        with transaction.atomic():
            if not registered:
                person = Member.rows.get(id_hash=hash_id(EVE))
                Membership.rows.filter(member=person).delete()
                Member.rows.filter(pk=person.pk).delete()
            outcome = asked(tmp_path, package, **how)
            events = [event.detail["rows"] for event in Event.objects.filter(action="kernel.import.refuse")]
            found.append(outcome.as_dict() | {"batch": "", "counted": events})
            transaction.set_rollback(True)
    return tuple(found)


BRANCHES = st.sampled_from([BRANCH, MOVED, CLOSED, FAR, TOWN, "12345"])
DAYS = st.sampled_from(["2005-07-01", "2006-01-01", "2010-01-01", "2011-01-01", "2012-12-31"])
SPELLS = st.lists(st.tuples(BRANCHES, DAYS, DAYS).map(lambda spell: [EVE, *spell]), max_size=3)
UNFIT = {"branch": BRANCH, "work_unit": "", "education": "31", "sex": "2"}
ENTRIES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["钱小溪", "另一个人"]),
        "branch": BRANCHES,
        "work_unit": st.sampled_from(["", "nowhere"]),
        "education": st.sampled_from(["31", "99"]),
        "sex": st.sampled_from(["2", "1"]),
    }
).filter(lambda entry: any(entry[column] != good for column, good in UNFIT.items()))
"""Rows that could not be entered if she were registered nowhere: of those nothing may be told."""


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    entry=st.none() | ENTRIES,
    copies=st.sampled_from([1, 2]),
    spells=SPELLS,
    how=st.sampled_from([{}, {"dry_run": True}, {"accept_good": True}]),
)
def test_a_faulty_row_says_the_same_wherever_its_person_is_registered(
    register, tmp_path, entry, copies, spells, how
):
    package = {"members": rows()["members"][:1], "memberships": [*rows()["memberships"], *spells]}
    if entry:
        package["members"] += [eve(**entry)] * copies
    elsewhere, nowhere = answers(tmp_path, package, **how)
    assert elsewhere == nowhere


FAULTS = {
    "another name, unknown unit, branch elsewhere": (
        {"members": [eve(name="另一个人", work_unit="nowhere")]},
        [("members", 2, "", "", "row.refused")],
    ),
    "branch unknown": (
        {"members": [eve(name="另一个人", branch="12345")]},
        [("members", 2, "branch", "12345", "branch.unknown")],
    ),
    "twice, branch elsewhere": (
        {"members": [eve(), eve()]},
        [
            ("members", 2, "", "", "row.refused"),
            ("members", 3, "id_number", "*" * 16 + EVE[-2:], "id.repeated"),
        ],
    ),
    "spells that overlap the registered ones": (
        {"memberships": [[EVE, BRANCH, "2006-01-01", "2011-01-01"], [EVE, MOVED, "2006-06-06", "2012-12-31"]]},
        [("memberships", 2, "", "", "row.refused"), ("memberships", 3, "", "", "row.refused")],
    ),
    "spell as registered": (
        {"memberships": [[EVE, BRANCH, "2005-07-01", "2010-01-01"]]},
        [("memberships", 2, "", "", "row.refused")],
    ),
    "spell in a closed branch": (
        {"memberships": [[EVE, CLOSED, "2019-01-01", "2021-01-01"]]},
        [("memberships", 2, "from", "2019-01-01", "branch.life")],
    ),
    "spell with a faulty row in the list of members": (
        {
            "members": [eve(branch="12345")],
            "memberships": [[EVE, BRANCH, "2005-07-01", "2010-01-01"], [EVE, FAR, "2001-01-01", "2002-01-01"]],
        },
        [
            ("members", 2, "branch", "12345", "branch.unknown"),
            ("memberships", 2, "id_number", "*" * 16 + EVE[-2:], "member.refused"),
            ("memberships", 3, "", "", "row.refused"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_a_faulty_row_says(register, tmp_path, case):
    package, expected = FAULTS[case]
    elsewhere, nowhere = answers(tmp_path, package)
    assert elsewhere == nowhere
    keys = ("sheet", "row", "column", "value", "code")
    assert [tuple(problem[key] for key in keys) for problem in elsewhere["problems"]] == expected


def test_only_a_row_without_fault_gets_the_answer_for_its_number(register, tmp_path):
    """What cannot be hidden from who may enter her if she is registered nowhere: hence counted and capped."""
    elsewhere, nowhere = answers(tmp_path, {"members": [eve(branch=BRANCH)]})
    assert [problem["code"] for problem in elsewhere["problems"]] == ["row.refused"]
    assert (elsewhere["counted"], nowhere["counted"]) == ([1], [])
    assert (nowhere["problems"], nowhere["counts"]["members"]["new"]) == ([], 1)


def test_a_number_held_elsewhere_and_a_branch_elsewhere_get_one_answer(register, tmp_path):
    held = asked(tmp_path, {"members": [eve(branch=BRANCH)]})
    outside = asked(tmp_path, {"members": [stranger(1)]})
    assert told(held) == told(outside) == [("members", 2, "", "", "row.refused")]
    assert held.as_dict() | {"batch": ""} == outside.as_dict() | {"batch": ""}


def test_ones_own_member_in_a_branch_elsewhere_gets_the_answer_alone(register, tmp_path):
    package = {"members": rows()["members"][:1], "memberships": [[ALICE, FAR, "2005-01-01", "2008-01-01"]]}
    package["members"][0][1], package["members"][0][12] = "另一个人", FAR
    assert told(asked(tmp_path, package)) == [
        ("members", 2, "", "", "row.refused"),
        ("memberships", 2, "", "", "row.refused"),
    ]


def test_registered_spells_of_ones_own_member_lie_wherever_they_lay(register, tmp_path):
    package = {"members": rows()["members"][:1], "memberships": rows()["memberships"]}
    outcome = asked(tmp_path, package)
    assert outcome.problems == []
    assert outcome.counts["memberships"]["unchanged"] == 2


# The cap ----------------------------------------------------------------------------------------------------

OFTEN = [("", 0, "", "", "row.refused_often")]


def counted() -> list[int]:
    found = Event.objects.filter(action="kernel.import.refuse").order_by("id")
    return [event.detail["rows"] for event in found]


def test_the_answer_is_capped_and_then_nothing_is_told(register, tmp_path):
    package = {"members": [stranger(order) for order in range(1, 5)]}
    first = asked(tmp_path, package, accept_good=True)
    assert {p.code for p in first.problems} == {"row.refused"}
    package["members"].append(stranger(5, "12345"))
    second = asked(tmp_path, package, accept_good=True)
    assert told(second) == OFTEN
    assert (second.total_problems, second.counts) == (1, {})
    assert second.batch.state == Batch.State.REFUSED
    assert Batch.objects.get(pk=second.batch.pk).counts == {}
    assert counted() == [4, 4]


def test_who_was_refused_too_often_is_told_nothing_more_that_day(register, tmp_path):
    asked(tmp_path, {"members": [stranger(order) for order in range(1, 7)]})
    held = asked(tmp_path, {"members": [eve(branch=BRANCH)]}, dry_run=True)
    free = asked(tmp_path, {"members": [stranger(9, BRANCH)]}, dry_run=True)
    assert told(held) == told(free) == OFTEN
    assert counted() == [6]
    assert told(asked(tmp_path, {"members": [stranger(9, BRANCH)]}, dry_run=True, user_id=8)) == []


def test_trials_count(register, tmp_path):
    three = {"members": [stranger(order) for order in range(1, 4)]}
    assert len(asked(tmp_path, three, dry_run=True).problems) == 3
    again = asked(tmp_path, three, dry_run=True)
    assert told(again) == OFTEN
    assert again.batch.state == Batch.State.REFUSED
    assert counted() == [3, 3]


def test_rows_that_are_not_listed_count(register, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "CAP", 2)
    faulty = [stranger(order, "12345") for order in range(1, 4)]
    package = {"members": [*faulty, *(stranger(order) for order in range(4, 10))]}
    assert told(asked(tmp_path, package)) == OFTEN
    assert counted() == [6]


def test_a_day_later_it_is_told_again(register, tmp_path, time_machine):
    asked(tmp_path, {"members": [stranger(order) for order in range(1, 7)]})
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert told(asked(tmp_path, {"members": [stranger(1)]})) == [("members", 2, "", "", "row.refused")]
