"""Half years and study campaigns: exact borders, organizations open through, closed ones at their last place."""

from datetime import date

import pytest

from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.meetings.figures import half_year
from baolei.meetings.models import Meeting
from baolei.meetings.tests.factories import make_campaign, make_meeting
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)
HALF, CAMPAIGN = "meetings.half_year_met_share", "meetings.campaign_branches_share"


@pytest.fixture
def county():
    return make_organization(make_organization(region_code="220000"), region_code="222404")


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.numerator, found.denominator, found.rows


@pytest.mark.parametrize(
    ("day", "half"),
    [
        (date(2016, 6, 29), (date(2015, 7, 1), date(2015, 12, 31))),
        (date(2016, 6, 30), (date(2016, 1, 1), date(2016, 6, 30))),
        (date(2016, 12, 30), (date(2016, 1, 1), date(2016, 6, 30))),
        (date(2016, 12, 31), (date(2016, 7, 1), date(2016, 12, 31))),
    ],
)
def test_half_year_is_the_latest_that_has_ended(county, day, half):
    assert half_year(day) == half
    make_meeting(county, half[0])
    assert of(HALF, county, day)[:3] == (100, 1, 1)
    Meeting.rows.all().delete()
    make_meeting(county, half[1])
    assert of(HALF, county, day)[:3] == (100, 1, 1)


def test_special_session_does_not_replace_the_regular_one(county):
    make_meeting(county, date(2016, 8, 1), Meeting.Kind.SPECIAL_SESSION)
    make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE, opened_on=date(2016, 7, 2))
    late = make_organization(county, kind=Kind.PARTY_GROUP, opened_on=date(2016, 7, 1))
    make_meeting(late, date(2016, 12, 31))
    assert of(HALF, county) == (50, 1, 2, 1)


def test_branch_closed_since_counts_in_the_campaign_it_was_open_through(county):
    campaign = make_campaign(county.parent)
    one = make_branch(county)
    closed = make_branch(county, closed_on=date(2020, 1, 1))
    make_branch(county, closed_on=date(2016, 6, 1))
    make_branch(county, opened_on=date(2016, 3, 2))
    make_meeting(closed, date(2016, 5, 5), Meeting.Kind.PARTY_CLASS, campaign=campaign)
    assert of(CAMPAIGN, county) == (50, 1, 2, 1)
    assert of(CAMPAIGN, county, date(2021, 6, 1)) == (50, 1, 2, 1)
    assert value(figure(CAMPAIGN), county, on=date(2016, 2, 29)).status == "no_cases"
    make_meeting(one, date(2016, 4, 1), Meeting.Kind.MEMBERS_MEETING, campaign=campaign)
    assert of(CAMPAIGN, county)[0] == 100
    assert of(CAMPAIGN, county, date(2016, 4, 30))[1:3] == (1, 3)


def test_stored_and_recomputed_values_agree(county):
    campaign = make_campaign(county.parent)
    for branch in (make_branch(county), make_branch(county, closed_on=date(2018, 1, 1))):
        make_meeting(branch, date(2016, 5, 5), Meeting.Kind.PARTY_CLASS, campaign=campaign)
    make_meeting(county, date(2016, 9, 1))
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
