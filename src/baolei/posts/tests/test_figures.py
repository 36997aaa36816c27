"""The share of townships and streets with an office and a full-time post filled."""

from datetime import date

import pytest

from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.kernel.spells import days
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.posts.tests.factories import make_office, make_post, make_tenure

pytestmark = pytest.mark.django_db

CODE = "townships.with_party_office_share"
END = date(2016, 12, 31)


@pytest.fixture
def county():
    prefecture = make_organization(make_organization(region_code="220000"), region_code="222400")
    return make_organization(prefecture, region_code="222404")


def town(county, kind=UnitKind.TOWNSHIP, **given):
    return make_unit(make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE, **given), kind=kind)


def of(node, on=END):
    found = value(figure(CODE), node, on=on)
    return found.value, found.status, found.numerator, found.denominator, found.rows


def filled(unit, *, member=None, full_time=True, first=date(2013, 1, 1), last=None):
    office = make_office(unit)
    post = make_post(office.organization, office=office, full_time=full_time)
    make_tenure(post, member, first=first, last=last)
    return post


def test_office_counts_with_a_full_time_post_filled_by_anybody(county):
    one, two, three, four, _without = (town(county) for _ in range(5))
    filled(one, member=MemberFactory(branch=make_branch(county)))
    filled(two)
    filled(three, full_time=False)
    make_office(four)
    assert of(county) == (40, "ok", 2, 5, 3)
    page = behind.page(figure(CODE), county, on=END, actor=Actor.system("试验"))
    assert [(row["office"], row["held"]) for row in page.rows] == [
        ("试验办公室", 0),
        ("试验办公室", 0),
        (None, None),
    ]


def test_first_and_last_day_of_holder_post_and_office(county):
    one, two, three = town(county), town(county, UnitKind.STREET), town(county)
    filled(one, first=date(2016, 12, 31))
    filled(two, last=date(2016, 12, 30))
    post = filled(three)
    assert of(county)[1:] == ("ok", 2, 3, 1)
    assert of(county, date(2016, 12, 30))[2] == 2
    assert of(county, date(2016, 12, 29))[2] == 2
    post.during = days(post.since, date(2016, 12, 30))
    post.save()
    assert of(county)[2] == 1
    assert of(county, date(2016, 12, 30))[2] == 2


def test_a_post_beside_the_office_and_a_closed_office_do_not_count(county):
    one, two = town(county), town(county)
    make_tenure(make_post(make_office(one).organization))
    office = make_office(two, last=date(2016, 12, 30))
    make_tenure(make_post(office.organization, office=office))
    assert of(county)[2:] == (0, 2, 2)
    assert of(county, date(2016, 12, 30))[2:] == (1, 2, 1)


def test_two_full_time_posts_are_one_township(county):
    unit = town(county)
    office = make_office(unit)
    for _ in range(2):
        make_tenure(make_post(office.organization, office=office))
    assert of(county) == (100, "ok", 1, 1, 0)


def test_villages_and_townships_closed_by_the_day_do_not_count(county):
    filled(town(county, closed_on=END))
    make_unit(make_branch(county), kind=UnitKind.VILLAGE)
    assert of(county) == (None, "no_cases", 0, 0, 0)
    assert of(county, date(2016, 12, 30)) == (100, "ok", 1, 1, 0)


def test_stored_and_recomputed_values_agree(county):
    filled(town(county))
    make_office(town(county, UnitKind.STREET))
    town(county)
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert of(county.parent)[2:4] == (1, 3)
