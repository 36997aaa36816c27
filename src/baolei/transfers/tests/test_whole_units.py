"""Whole-unit transfers: an organization gets another superior, all its members come along, counted apart (ORG-24)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.members.actions import end_membership, move_member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.actions import move_organization
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import PAPER, make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
ON, END = date(2020, 5, 1), date(2020, 12, 31)


class Land:
    """A prefecture with two counties; in the first two townships, in the second one; a branch with members each."""

    def __init__(self):
        self.prefecture = make_organization(make_organization(region_code="220000"), region_code="222400")
        self.east, self.west = (
            make_organization(self.prefecture, region_code=code) for code in ("222403", "222404")
        )
        town = Kind.TOWNSHIP_COMMITTEE
        self.one, self.two = (make_organization(self.east, kind=town) for _ in range(2))
        self.far = make_organization(self.west, kind=town)
        self.branch = make_branch(self.one)
        self.members = [MemberFactory(branch=self.branch) for _ in range(3)]

    def told(self, day: date = END) -> dict[str, tuple]:
        """Name of an organization -> (received, sent) on that day, those without either left out."""
        found = {}
        for name in ("prefecture", "east", "west", "one", "two", "far"):
            node = Organization.rows.get(pk=getattr(self, name).pk)
            both = [value(figure(f"transfers.whole_unit_{side}"), node, on=day).value for side in SIDES]
            if any(both):
                found[name] = tuple(both)
        return found


SIDES = ("received", "sent")


@pytest.fixture
def land(db):
    return Land()


def move(organization, parent, on=ON):
    return move_organization(organization, actor=SYSTEM, parent=parent, on=on, **PAPER)


def test_between_committees_of_a_county_it_counts_at_both_and_not_above(land):
    move(land.branch, land.two)
    assert land.told() == {"one": (0, 3), "two": (3, 0)}
    assert land.told(ON - timedelta(1)) == {} and land.told(date(2021, 1, 1)) == {}
    assert land.told(ON) == land.told()


def test_between_counties_it_counts_at_the_counties_too(land):
    move(land.branch, land.far)
    both = {"one": (0, 3), "east": (0, 3), "far": (3, 0), "west": (3, 0)}
    assert land.told() == both
    # And back: once each way.
    move(land.branch, land.one, date(2020, 8, 1))
    assert land.told(date(2020, 7, 31)) == both
    assert land.told() == dict.fromkeys(both, (3, 3))
    # A second time brings nobody whom it has not brought before.
    move(land.branch, land.far, date(2020, 10, 1))
    assert land.told() == dict.fromkeys(both, (3, 3))
    assert equal_recompute().violations == 0


def test_a_committee_that_moves_takes_all_below_along(land):
    general = make_organization(land.one, kind=Kind.GENERAL_BRANCH)
    MemberFactory(branch=make_branch(general))
    move(land.one, land.west)
    assert land.told() == {"east": (0, 4), "west": (4, 0)}


def test_inside_one_committee_it_is_no_transfer(land):
    general = make_organization(land.one, kind=Kind.GENERAL_BRANCH)
    move(land.branch, general)
    assert land.told() == {}
    # Out of the general branch into another committee the way is longer on one side.
    move(land.branch, land.two, date(2020, 6, 1))
    assert land.told() == {"one": (0, 3), "two": (3, 0)}
    assert value(figure("transfers.whole_unit_sent"), general, on=END).value == 3


def test_only_those_who_were_there_on_both_days_came_along(land):
    joins, leaves, comes = land.members[0], land.members[1], MemberFactory(branch=make_branch(land.two))
    end_membership(leaves, actor=SYSTEM, standing="deceased", on=ON)
    MemberFactory(branch=land.branch, joined_on=ON)
    move_member(comes, actor=SYSTEM, branch=land.branch, on=ON)
    move_member(joins, actor=SYSTEM, branch=make_branch(land.one), on=date(2020, 9, 1))
    move(land.branch, land.two)
    assert land.told() == {"one": (0, 2), "two": (2, 0)}


def test_two_moves_of_one_day_are_one(land):
    move(land.branch, land.far)
    move(land.branch, land.two)
    assert land.told() == {"one": (0, 3), "two": (3, 0)}
    move(land.branch, land.one)
    assert land.told() == {}


def test_a_unit_whose_new_superior_moves_on_that_day_counts_where_it_was(land):
    move(land.branch, land.two)
    move(land.two, land.west)
    assert land.told()["two"] == (3, 0) and land.told()["one"] == (0, 3)
    assert equal_recompute().violations == 0


def test_recomputed_stored_and_listed(land):
    move(land.branch, land.far)
    move(land.two, land.west)
    refold()
    assert equal_recompute().violations == stored_equal_live().violations == 0
    received = figure("transfers.whole_unit_received")
    west = Organization.rows.get(pk=land.west.pk)
    page = behind.page(received, west, on=END, actor=SYSTEM)
    assert [(row["branch"], row["on"]) for row in page.rows] == [(land.branch.short_name, ON)] * 3


def test_the_changes_say_how_many_came_along(land, client):
    move(land.branch, land.far)
    MemberFactory(branch=Organization.rows.get(pk=land.branch.pk), joined_on=date(2020, 6, 1))
    client.force_login(GrantFactory(organization=land.prefecture).user)
    for place in (land.branch, land.one, land.far):
        text = client.get(reverse("organizations:changes", args=[place.uid])).content.decode()
        assert "随同转接党员 3 名" in text, place
