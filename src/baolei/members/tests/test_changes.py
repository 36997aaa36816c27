"""Members when branches merge, split, move and close: nobody is lost, no day of the past changes (ORG-23, D2, D3)."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.access import Actor
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.kernel.models import StaleMark
from baolei.members.actions import end_membership, enrol_member
from baolei.members.codes import Standing
from baolei.members.models import Member, Membership
from baolei.members.tests.factories import MemberFactory
from baolei.members.tests.test_actions import enrolment
from baolei.organizations.actions import (
    Founding,
    close_organization,
    merge_organization,
    move_organization,
    set_up_organization,
    split_organization,
)
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization, Place
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization

SYSTEM = Actor.system("测试")
ON = date(2020, 5, 1)
EVE = ON - timedelta(1)


def lawful() -> bool:
    return not [f for f in verify("tree") + verify("units") + verify("members") if f["violations"]]


def spells(member: Member) -> list[tuple]:
    rows = Membership.rows.filter(member=member).order_by("during")
    return [(row.branch, row.during.lower, row.during.upper) for row in rows]


def founding(code: str, on: date = ON) -> Founding:
    return Founding(code=code, name=code, short_name=code, kind=Kind.BRANCH, opened_on=on)


@pytest.fixture
def branches(db):
    """Two branches of two towns of one county."""
    county = make_organization(make_organization())
    return tuple(make_branch(make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE)) for _ in range(2))


def total(organization: Organization, day: date) -> int | None:
    return value(
        FIGURES["members.total"], Organization.rows.get(pk=organization.pk), on=day, exact=True
    ).value


def test_a_merge_carries_everybody_from_that_day_on(branches):
    old, new = branches
    stays, joined_that_day = MemberFactory(branch=old), MemberFactory(branch=old, spell=ON, joined_on=ON)
    enrolled_later = MemberFactory(branch=old, joined_on=date(2021, 1, 1))
    left_before = MemberFactory(branch=old, standing="deceased", left_on=ON)
    left_after = MemberFactory(branch=old, standing="deceased", left_on=date(2020, 9, 1))
    merge_organization(old, actor=SYSTEM, into=new, on=ON, **PAPER)
    assert spells(stays) == [(old, date(2012, 7, 1), ON), (new, ON, None)]
    assert spells(joined_that_day) == [(new, ON, None)]
    assert spells(enrolled_later) == [(new, date(2021, 1, 1), None)]
    assert spells(left_before) == [(old, date(2012, 7, 1), ON)]
    assert spells(left_after) == [(old, date(2012, 7, 1), ON), (new, ON, date(2020, 9, 1))]
    at = {m.pk: (m.branch, m.branch_key) for m in Member.rows.select_related("branch")}
    assert at.pop(left_before.pk) == (old, old.key)
    assert set(at.values()) == {(new, new.key)} and len(at) == 4
    assert lawful()


def test_figures_before_the_day_stay_where_they_were(branches):
    old, new = branches
    for _ in range(3):
        MemberFactory(branch=old)
    MemberFactory(branch=new)
    before = [total(place, EVE) for place in (old, old.parent, new, new.parent)]
    StaleMark.objects.all().delete()
    merge_organization(old, actor=SYSTEM, into=new, on=ON, **PAPER)
    assert [total(place, EVE) for place in (old, old.parent, new, new.parent)] == before == [3, 3, 1, 1]
    assert [total(place, ON) for place in (old.parent, new, new.parent)] == [0, 4, 4]
    assert total(old, ON) is None
    marked = set(StaleMark.objects.filter(model="members.Membership").values_list("key", flat=True))
    assert marked == {old.key, new.key}


def test_two_mergers_on_one_day_make_one_spell(branches):
    old, new = branches
    third, member = make_branch(old.parent), MemberFactory(branch=old)
    merge_organization(old, actor=SYSTEM, into=new, on=ON, **PAPER)
    merge_organization(new, actor=SYSTEM, into=third, on=ON, **PAPER)
    assert spells(member) == [(old, date(2012, 7, 1), ON), (third, ON, None)]
    assert lawful()


def test_members_go_to_branches_only(branches):
    MemberFactory(branch=branches[0])
    with pytest.raises(ValidationError) as refused:
        merge_organization(branches[0], actor=SYSTEM, into=branches[1].parent, on=ON, **PAPER)
    assert refused.value.code == "branch.kind" and lawful()


def test_a_split_carries_those_chosen(branches):
    old = branches[0]
    goes, stays = MemberFactory(branch=old), MemberFactory(branch=old)
    made = split_organization(
        old, actor=SYSTEM, founding=founding("n"), chosen={"people": (str(goes.uid),)}, **PAPER
    )
    assert spells(goes) == [(old, date(2012, 7, 1), ON), (made, ON, None)]
    assert spells(stays) == [(old, date(2012, 7, 1), None)]
    assert [total(made, ON), total(old, ON), total(old, EVE), total(old.parent, ON)] == [1, 1, 2, 2]
    assert lawful()


def test_a_split_takes_nobody_who_was_not_there(branches):
    late = MemberFactory(branch=branches[0], joined_on=date(2021, 1, 1))
    for person in (late, MemberFactory(branch=branches[1])):
        with pytest.raises(ValidationError, match="ORG-23"):
            split_organization(
                branches[0],
                actor=SYSTEM,
                founding=founding("n"),
                chosen={"people": (str(person.uid),)},
                **PAPER,
            )
    assert not Organization.rows.filter(code="n").exists()


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_members(branches):
    counted = []
    for number in (2, 30):
        old = make_branch(branches[0].parent)
        for _ in range(number):
            MemberFactory(branch=old)
        with CaptureQueriesContext(connection) as seen:
            merge_organization(old, actor=SYSTEM, into=branches[1], on=ON, **PAPER)
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert total(branches[1], ON) == 32


# At the same time -------------------------------------------------------------------------------------------


def meanwhile(act, errors: list) -> Thread:
    def run():
        try:
            act()
        except ValidationError as error:
            errors.append(getattr(error, "code", "") or error.messages[0])
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_an_enrolment_waits_for_a_merge_and_is_refused(branches):
    errors: list = []
    with transaction.atomic():
        merge_organization(branches[0], actor=SYSTEM, into=branches[1], on=ON, **PAPER)
        other = meanwhile(lambda: enrol_member(branches[0], actor=SYSTEM, enrolment=enrolment()), errors)
        other.join(0.5)
        assert other.is_alive()
    other.join(30)
    assert errors == ["branch.life"] and not Member.rows.exists() and lawful()


@pytest.mark.django_db(transaction=True)
def test_a_merge_waits_for_an_enrolment_and_carries_it(branches):
    errors: list = []
    with transaction.atomic():
        member = enrol_member(branches[0], actor=SYSTEM, enrolment=enrolment())
        other = meanwhile(
            lambda: merge_organization(branches[0], actor=SYSTEM, into=branches[1], on=ON, **PAPER), errors
        )
        other.join(0.5)
        assert other.is_alive()
    other.join(30)
    member.refresh_from_db()
    assert not errors and member.branch == branches[1] and lawful()


@pytest.mark.django_db(transaction=True)
def test_a_closing_waits_for_an_enrolment_and_is_refused(branches):
    errors: list = []
    with transaction.atomic():
        enrol_member(branches[0], actor=SYSTEM, enrolment=enrolment())
        other = meanwhile(lambda: close_organization(branches[0], actor=SYSTEM, on=ON, **PAPER), errors)
        other.join(0.5)
        assert other.is_alive()
    other.join(30)
    assert ["党员组织关系" in error for error in errors] == [True]
    assert Organization.rows.get(pk=branches[0].pk).is_open and lawful()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left_on", [ON, date(2021, 1, 1)])
def test_a_merge_waits_for_somebody_leaving(branches, left_on):
    member, errors = MemberFactory(branch=branches[0]), []
    with transaction.atomic():
        end_membership(member, actor=SYSTEM, standing=Standing.DECEASED, on=left_on)
        other = meanwhile(
            lambda: merge_organization(branches[0], actor=SYSTEM, into=branches[1], on=ON, **PAPER), errors
        )
        other.join(0.5)
        assert other.is_alive()
    other.join(30)
    member.refresh_from_db()
    assert not errors and lawful()
    assert member.branch == (branches[0] if left_on == ON else branches[1])


@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_of_one_branch_one_is_refused(branches):
    third, errors = make_branch(branches[0].parent), []
    MemberFactory(branch=branches[0])
    with transaction.atomic():
        merge_organization(branches[0], actor=SYSTEM, into=branches[1], on=ON, **PAPER)
        other = meanwhile(
            lambda: merge_organization(branches[0], actor=SYSTEM, into=third, on=ON, **PAPER), errors
        )
        other.join(0.5)
    other.join(30)
    assert ["已经撤销" in error for error in errors] == [True]
    assert total(third, ON) == 0 and lawful()


# Any sequence -----------------------------------------------------------------------------------------------


def picture(until: date) -> dict[date, dict[str, int]]:
    """Head counts by place, on each day before `until` on which something began."""
    starts = {
        d.lower
        for model in (Place, Membership)
        for d in model._default_manager.values_list("during", flat=True)
    }
    found = {}
    for day in sorted(d for d in starts | {until - timedelta(1)} if d < until):
        keys = dict(Place.objects.on(day).values_list("organization_id", "key"))
        counts: dict[str, int] = {}
        for (branch,) in Membership.rows.filter(during__contains=day).values_list("branch_id"):
            counts[keys[branch]] = counts.get(keys[branch], 0) + 1
        found[day] = counts
    return found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["set_up", "merge", "split", "move", "close"]),
        st.integers(0, 20),
        st.integers(0, 20),
        st.integers(0, 2),
    ),
    min_size=4,
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_any_changes_keep_the_laws_and_the_past(steps):
    with transaction.atomic():
        root = make_organization()
        towns = [make_organization(root, kind=Kind.BASIC_COMMITTEE) for _ in range(3)]
        for number in range(5):
            branch = make_branch(towns[number % 3])
            for _ in range(number % 3):
                MemberFactory(branch=branch)
        heads, day, done = Member.rows.count(), date(2014, 1, 1), 0
        for number, (what, one, other, days) in enumerate(steps):
            day += timedelta(days)
            nodes = [*Organization.rows.filter(closed_on=None, key__startswith=root.key).order_by("pk")]
            target, second = nodes[one % len(nodes)], nodes[other % len(nodes)]
            new = founding(f"x{root.pk}-{number}", day)
            people = Member.rows.filter(branch=target)[:1]
            below = Organization.rows.filter(parent=target, closed_on=None)[:1]
            chosen = {"people": [str(m.uid) for m in people], "children": [str(o.uid) for o in below]}
            before = picture(day)
            try:
                match what:
                    case "set_up":
                        set_up_organization(target, actor=SYSTEM, founding=new, **PAPER)
                    case "merge":
                        merge_organization(target, actor=SYSTEM, into=second, on=day, **PAPER)
                    case "split":
                        split_organization(target, actor=SYSTEM, founding=new, chosen=chosen, **PAPER)
                    case "move":
                        move_organization(target, actor=SYSTEM, parent=second, on=day, **PAPER)
                    case "close":
                        close_organization(target, actor=SYSTEM, on=day, successor=second, **PAPER)
                done += 1
            except ValidationError:
                pass
            assert picture(day) == before, (what, target, second)
            assert Membership.rows.filter(during__contains=DateRange(day, None)).count() == heads
            assert lawful(), (what, target, second)
        transaction.set_rollback(True)
