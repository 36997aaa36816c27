"""Founding, moving, closing: today's tree and the tree of earlier days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.access import Actor, Reach
from baolei.kernel.laws import verify
from baolei.kernel.models import Event
from baolei.kernel.tree import place_key
from baolei.organizations.access import Can
from baolei.organizations.actions import (
    Founding,
    close_organization,
    move_organization,
    set_up_organization,
)
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization, Place, UnitOverseer
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization, make_unit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
MOVED_ON = date(2020, 5, 1)


def founding(code: str, kind: str = Kind.BRANCH, **given) -> Founding:
    return Founding(
        **{
            "code": code,
            "name": code,
            "short_name": code,
            "kind": kind,
            "opened_on": date(2015, 1, 1),
            **given,
        }
    )


def lawful() -> bool:
    return all(finding["violations"] == 0 for finding in verify("tree") + verify("units"))


@pytest.fixture
def county():
    root = make_organization()
    return root, make_organization(root), make_organization(root)


def test_ordinals_are_handed_out_once(county):
    _root, one, _other = county
    first = set_up_organization(one, actor=SYSTEM, founding=founding("a"), **PAPER)
    second = set_up_organization(one, actor=SYSTEM, founding=founding("b"), **PAPER)
    close_organization(second, actor=SYSTEM, on=date(2020, 1, 1), **PAPER)
    third = set_up_organization(one, actor=SYSTEM, founding=founding("c"), **PAPER)
    assert [o.key for o in (first, second, third)] == [one.key + step for step in ("001", "002", "003")]
    assert lawful()


def test_a_history_given_at_founding(county):
    _root, one, other = county
    moved = set_up_organization(
        one,
        actor=SYSTEM,
        founding=founding("a", earlier=((other, date(2015, 1, 1)),), since=MOVED_ON),
        **PAPER,
    )
    assert place_key(moved.pk, on=date(2016, 1, 1)) == other.key + "001"
    assert place_key(moved.pk, on=MOVED_ON) == moved.key == one.key + "001"
    assert lawful()


@pytest.mark.parametrize(
    "given",
    [
        {"opened_on": date(2011, 12, 31)},
        {"opened_on": date(2999, 1, 1)},
        {"closed_on": date(2015, 1, 1)},
        {"earlier": (), "since": date(2016, 1, 1)},
    ],
)
def test_foundings_that_make_no_sense(county, given):
    with pytest.raises(ValidationError):
        set_up_organization(county[1], actor=SYSTEM, founding=founding("a", **given), **PAPER)


def test_nothing_below_a_branch_but_cells(county):
    branch = make_branch(county[1])
    with pytest.raises(ValidationError):
        set_up_organization(branch, actor=SYSTEM, founding=founding("a"), **PAPER)
    set_up_organization(branch, actor=SYSTEM, founding=founding("b", Kind.PARTY_CELL), **PAPER)


def test_a_move_takes_the_subtree_and_keeps_the_past(county):
    _root, one, other = county
    town = make_organization(one, kind=Kind.TOWNSHIP_COMMITTEE)
    branch = make_branch(town)
    gone = make_branch(town, closed_on=date(2015, 1, 1))
    late = make_branch(town, opened_on=date(2021, 1, 1))
    old = town.key
    move_organization(town, actor=SYSTEM, parent=other, on=MOVED_ON, **PAPER)
    keys = dict(Organization.rows.values_list("pk", "key"))
    assert keys[town.pk] == other.key + "001"
    assert keys[branch.pk] == keys[town.pk] + "001"
    assert keys[gone.pk] == keys[town.pk] + "002"
    assert place_key(branch.pk, on=MOVED_ON - timedelta(1)) == old + "001"
    assert place_key(branch.pk, on=MOVED_ON) == keys[branch.pk]
    assert place_key(late.pk, on=date(2021, 1, 1)) == keys[late.pk]
    assert Place.objects.filter(organization=gone).count() == 1
    assert lawful()
    event = Event.objects.get(action="organizations.organization.move")
    assert event.changes["key"] == [old, keys[town.pk]]


def test_the_second_move_of_a_day_rewrites_that_day(county):
    root, one, other = county
    branch = make_branch(one)
    third = make_organization(root)
    move_organization(branch, actor=SYSTEM, parent=other, on=MOVED_ON, **PAPER)
    branch = move_organization(branch, actor=SYSTEM, parent=third, on=MOVED_ON, **PAPER)
    places = Place.objects.filter(organization=branch).order_by("during")
    assert [(p.parent_id, p.during.lower) for p in places] == [
        (one.pk, branch.opened_on),
        (third.pk, MOVED_ON),
    ]
    assert lawful()


def test_moves_that_make_no_sense(county):
    root, one, other = county
    town = make_organization(one, kind=Kind.TOWNSHIP_COMMITTEE)
    branch = make_branch(town)
    tomorrow = timezone.localdate() + timedelta(1)
    for moved, parent, on in (
        (one, town, MOVED_ON),  # below itself
        (one, one, MOVED_ON),
        (town, one, MOVED_ON),  # where it is
        (town, branch, MOVED_ON),
        (town, other, tomorrow),
        (town, other, date(2000, 1, 1)),
        (root, other, MOVED_ON),
    ):
        with pytest.raises(ValidationError):
            move_organization(moved, actor=SYSTEM, parent=parent, on=on, **PAPER)
    assert lawful()


def test_a_move_needs_both_ends(county):
    _root, one, other = county
    branch = make_branch(one)
    officer = Actor(name="一县管理员", reach=Reach({Can.TREE.code: (one.key,)}))
    with pytest.raises(PermissionDenied):
        move_organization(branch, actor=officer, parent=other, on=MOVED_ON, **PAPER)
    branch.refresh_from_db()
    assert branch.key.startswith(one.key)


def test_earlier_parents_and_successors_lie_in_reach_too(county):
    _root, one, other = county
    branch = make_branch(one)
    officer = Actor(name="一县管理员", reach=Reach({Can.TREE.code: (one.key,)}))
    earlier = founding("a", earlier=((other, date(2015, 1, 1)),), since=date(2018, 1, 1))
    with pytest.raises(PermissionDenied):
        set_up_organization(one, actor=officer, founding=earlier, **PAPER)
    with pytest.raises(PermissionDenied):
        close_organization(branch, actor=officer, on=MOVED_ON, successor=make_branch(other), **PAPER)
    other.refresh_from_db()
    branch.refresh_from_db()
    assert (other.next_ordinal, branch.closed_on, Event.objects.filter(actor_name="一县管理员").exists()) == (
        2,
        None,
        False,
    )


def test_the_tree_is_held_before_any_row(county):
    """Rows first would let a move and an enrolment wait for each other."""
    _root, one, other = county
    branch = make_branch(one)
    with CaptureQueriesContext(connection) as seen:
        move_organization(branch, actor=SYSTEM, parent=other, on=MOVED_ON, **PAPER)
    statements = [q["sql"] for q in seen]
    lock = next(i for i, sql in enumerate(statements) if "pg_advisory_xact_lock" in sql)
    row = next(i for i, sql in enumerate(statements) if "FOR UPDATE" in sql)
    assert lock < row


def test_closing(county):
    _root, one, other = county
    branch = make_branch(one)
    unit = make_unit(one)
    with pytest.raises(ValidationError):  # a branch below is open
        close_organization(one, actor=SYSTEM, on=MOVED_ON, **PAPER)
    close_organization(branch, actor=SYSTEM, on=MOVED_ON, **PAPER)
    with pytest.raises(ValidationError):  # it oversees a unit
        close_organization(one, actor=SYSTEM, on=MOVED_ON, **PAPER)
    close_organization(one, actor=SYSTEM, on=MOVED_ON, successor=other, **PAPER)
    overseers = UnitOverseer.rows.filter(unit=unit).order_by("during")
    assert [(o.organization_id, o.during.lower) for o in overseers] == [
        (one.pk, one.opened_on),
        (other.pk, MOVED_ON),
    ]
    assert place_key(one.pk, on=MOVED_ON) is None
    with pytest.raises(ValidationError):
        close_organization(one, actor=SYSTEM, on=MOVED_ON, **PAPER)
    assert lawful()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 900)), max_size=12))
def test_any_moves_keep_the_laws(county, moves):
    root = make_organization()
    nodes = [root]
    for number in range(9):
        nodes.append(make_organization(nodes[number // 2]))
    day = date(2013, 1, 1)
    for moved, parent, days in moves:
        day += timedelta(days % 3)
        try:
            move_organization(nodes[moved], actor=SYSTEM, parent=nodes[parent], on=day, **PAPER)
        except ValidationError:
            pass
    assert lawful()
