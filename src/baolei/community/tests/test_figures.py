"""Figures of the platform and of services: exact days, closed organizations, members counted once."""

from datetime import date, timedelta

import pytest

from baolei.community.tests.factories import (
    make_checkin,
    make_community,
    make_need,
    make_organ_member,
    make_service,
)
from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.members.models import Membership
from baolei.organizations.kinds import UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Facility
from baolei.standards.tests.factories import make_facility

pytestmark = pytest.mark.django_db

END, BEFORE = date(2016, 12, 31), date(2016, 12, 30)
SYSTEM = Actor.system("试验")
VOLUNTEERS, SERVING = "service.organ_members_volunteering", "community.members_serving"


@pytest.fixture
def prefecture():
    return make_organization(make_organization(region_code="220000"), region_code="222400")


@pytest.fixture
def county(prefecture):
    return make_organization(prefecture, region_code="222404")


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.numerator, found.denominator, found.rows


def test_a_community_with_a_desk_in_use_is_covered_once(county):
    one, two, three, _four = (make_community(county) for _ in range(4))
    make_facility(one, Facility.Kind.DESK, first=END)
    make_facility(two, Facility.Kind.DESK)
    make_facility(two, Facility.Kind.DESK)
    make_facility(three, Facility.Kind.DESK, last=BEFORE)
    make_facility(three, Facility.Kind.PREMISES)
    assert of("communities.platform_coverage", county) == (50, "ok", 2, 4, 2)
    assert of("communities.platform_coverage", county, BEFORE)[2:4] == (2, 4)
    page = behind.page(figure("communities.platform_coverage"), county, on=END, actor=SYSTEM)
    assert {row["name"] for row in page.rows} == {three.name, _four.name}


def test_a_desk_is_silent_after_ninety_days(county):
    desks = [make_facility(make_community(county), Facility.Kind.DESK) for _ in range(3)]
    make_need(desks[0], END - timedelta(days=89))
    make_need(desks[1], END - timedelta(days=90))
    make_need(desks[2], date(2017, 1, 1))
    assert of("community.silent_desks", county)[0] == 2
    assert of("community.silent_desks", county, BEFORE)[0] == 1


def test_a_service_counts_from_its_confirmation_at_the_branch_of_the_day(prefecture, county):
    community = make_community(county)
    other = make_organization(prefecture, region_code="222403")
    member = make_organ_member(other)
    make_checkin(member, community)
    make_service(member, community, confirmed=END)
    make_service(member, community, confirmed=None)
    assert of(VOLUNTEERS, prefecture) == (1, "ok", 1, None, 1)
    assert of(VOLUNTEERS, prefecture, BEFORE)[0] == 0
    assert (of(VOLUNTEERS, other)[0], of(VOLUNTEERS, county)[0]) == (1, 0)
    assert (of(SERVING, other)[0], of(SERVING, county)[0]) == (0, 1)
    page = behind.page(figure(VOLUNTEERS), prefecture, on=END, actor=SYSTEM)
    assert [(row["name"], row["first"]) for row in page.rows] == [(member.name, date(2016, 6, 1))]


def test_only_who_was_checked_in_from_an_organ_on_the_day_counts(county):
    community = make_community(county)
    school = make_unit(make_branch(county), kind=UnitKind.SCHOOL)
    teacher, early, late = (make_organ_member(county) for _ in range(3))
    make_checkin(teacher, community, work_unit=school)
    make_checkin(early, community, last=date(2016, 5, 31))
    make_checkin(early, community, work_unit=school, first=date(2016, 6, 1))
    make_checkin(late, community, first=date(2016, 6, 1), last=date(2016, 6, 1))
    for member in (teacher, early, late):
        make_service(member, community)
    assert of(VOLUNTEERS, county) == (1, "ok", 1, None, 1)
    assert of(SERVING, county)[0] == 3


def test_the_window_begins_on_the_first_of_january_2012(county):
    community = make_community(county)
    member, other = (make_organ_member(county, joined_on=date(2010, 7, 1)) for _ in range(2))
    for one, day in ((member, date(2011, 12, 31)), (other, date(2012, 1, 1))):
        make_checkin(one, community, first=date(2011, 1, 1))
        make_service(one, community, served=day, confirmed=date(2012, 1, 5))
    assert of(VOLUNTEERS, county)[0] == 1


def test_a_member_who_served_from_two_branches_counts_once_above_them(prefecture, county):
    community = make_community(county)
    other = make_organization(prefecture, region_code="222403")
    member = make_organ_member(other)
    second = make_branch(county)
    spell = Membership.rows.get(member=member)
    spell.during = (spell.during.lower, date(2016, 9, 1))
    spell.save()
    Membership.rows.create(member=member, branch=second, during=(date(2016, 9, 1), None))
    make_checkin(member, community)
    make_service(member, community)
    make_service(member, community, served=date(2016, 9, 1), confirmed=date(2016, 9, 2))
    assert [of(VOLUNTEERS, node)[0] for node in (other, county, prefecture)] == [1, 1, 1]
    assert of(VOLUNTEERS, prefecture)[4] == 2


def test_a_closed_branch_keeps_its_past(county):
    community = make_community(county)
    branch = make_branch(county, closed_on=date(2016, 10, 1))
    member = make_organ_member(county)
    Membership.rows.filter(member=member).update(branch=branch)
    make_checkin(member, community)
    make_service(member, community)
    assert of(VOLUNTEERS, county)[0] == 1
    assert of(VOLUNTEERS, branch)[:2] == (None, "not_open")


def test_stored_and_recomputed_values_agree(county):
    community, bare = make_community(county), make_community(county)
    make_need(make_facility(community, Facility.Kind.DESK), END)
    make_facility(bare, Facility.Kind.DESK, last=BEFORE)
    for _ in range(3):
        member = make_organ_member(county)
        make_checkin(member, bare, last=date(2016, 6, 1))
        make_service(member, community)
    make_service(member, bare, served=date(2016, 7, 1), confirmed=END)
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert of(VOLUNTEERS, county.parent)[0] == 3
