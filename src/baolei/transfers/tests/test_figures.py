"""Figures of transfers and pocket members: ends, days, closed branches, members counted once, levels."""

from datetime import date

import pytest

from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import children, value
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.transfers.models import PocketCase
from baolei.transfers.tests.factories import make_case, make_transfer

pytestmark = pytest.mark.django_db

END, BEFORE = date(2016, 12, 31), date(2016, 12, 30)
COMPLETED, REPORTED = "transfers.platform_completed", "transfers.pocket_members_reported"


@pytest.fixture
def prefecture():
    return make_organization(make_organization(region_code="220000"), region_code="222400")


@pytest.fixture
def counties(prefecture):
    return [make_organization(prefecture, region_code=code) for code in ("222403", "222404")]


@pytest.fixture
def branches(counties):
    return [make_branch(county) for county in counties]


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.rows


def test_a_transfer_counts_at_both_ends_and_once_above_them(prefecture, counties, branches):
    made = make_transfer(*branches, accepted=END)
    assert [of(COMPLETED, county) for county in counties] == [(1, "ok", 1)] * 2
    assert of(COMPLETED, prefecture) == (1, "ok", 2)
    assert of(COMPLETED, prefecture, BEFORE) == (0, "ok", 0)
    assert [c.value.value for c in children(figure(COMPLETED), prefecture, on=END)] == [1, 1]
    page = behind.page(figure(COMPLETED), prefecture, on=END, actor=Actor.system("试验"))
    assert {(row["uid"], row["side"]) for row in page.rows} == {(made.uid, "sender"), (made.uid, "receiver")}


def test_only_what_the_platform_completed_in_the_window_counts(prefecture, branches):
    make_transfer(*branches, via_platform=False)
    make_transfer(*branches, accepted=None)
    make_transfer(*branches, accepted=date(2011, 12, 31))
    make_transfer(*branches, accepted=date(2012, 1, 1))
    assert of(COMPLETED, prefecture)[0] == 1


def test_a_member_transferred_twice_counts_once(prefecture, branches):
    member = MemberFactory(branch=branches[1])
    make_transfer(*branches, member, accepted=date(2014, 1, 1))
    make_transfer(*reversed(branches), member, accepted=date(2015, 1, 1))
    assert of(COMPLETED, prefecture) == (1, "ok", 4)


def test_an_end_outside_the_scope_has_no_place_there(prefecture, counties, branches):
    make_transfer(None, branches[0])
    make_transfer(branches[1], None)
    make_transfer(branches[0], make_branch(prefecture.parent))
    assert [of(COMPLETED, county)[0] for county in counties] == [2, 1]
    assert [of(COMPLETED, node)[0] for node in (prefecture, prefecture.parent)] == [3, 3]


def test_a_closed_branch_keeps_its_transfers(counties, branches):
    closed = make_branch(counties[0], closed_on=date(2016, 7, 1))
    make_transfer(closed, branches[1])
    assert of(COMPLETED, counties[0]) == (1, "ok", 1)


def test_pocket_members_who_reported_count_once_from_the_day_of_closing(prefecture, counties, branches):
    member = MemberFactory(branch=branches[0])
    make_case(branches[0], member, closed=END)
    make_case(branches[1], member, closed=END)
    make_case(branches[0], outcome=PocketCase.Outcome.NOT_FOUND)
    make_case(branches[0], closed=None)
    make_case(branches[0], closed=date(2011, 12, 31))
    make_case(make_branch(counties[1], closed_on=date(2016, 7, 1)), closed=date(2012, 1, 1))
    assert of(REPORTED, prefecture) == (2, "ok", 3)
    assert of(REPORTED, prefecture, BEFORE)[0] == 1
    assert of(REPORTED, prefecture.parent)[0] == 2
    assert of(REPORTED, counties[0])[:2] == (None, "not_applicable")


def test_stored_and_recomputed_values_agree(prefecture, branches):
    member = MemberFactory(branch=branches[1])
    make_transfer(*branches, member)
    make_transfer(*reversed(branches), member, accepted=END)
    make_transfer(None, branches[0])
    make_case(branches[0], member)
    make_case(branches[1])
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert (of(COMPLETED, prefecture)[0], of(REPORTED, prefecture)[0]) == (2, 2)
