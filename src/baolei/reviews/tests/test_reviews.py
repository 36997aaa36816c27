"""Debriefs and appraisals: sheets and figures."""

from datetime import date

import pytest

from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import value
from baolei.kernel.tests.packages import bring, refusals
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.reviews.models import Appraisal, Debrief
from baolei.reviews.tests.factories import make_appraisal, make_debrief

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)


@pytest.fixture
def county():
    prefecture = make_organization(make_organization(region_code="220000"), region_code="222400")
    return make_organization(prefecture, region_code="222404")


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.numerator, found.denominator, found.rows


def debrief(county, **given):
    return {
        "ref": "D1",
        "organization": county.code,
        "superior": county.parent.code,
        "year": "2016",
        "state": "closed",
        "closed_on": "2016-12-20",
    } | given


def test_debrief_is_taken_once_and_closed_later(tmp_path, county):
    bring(tmp_path / "1", debriefs=[debrief(county, state="已述职", closed_on="")])
    assert Debrief.rows.get().closed_on is None
    counts = bring(tmp_path / "2", debriefs=[debrief(county)]).counts["debriefs"]
    assert (counts["changed"], Debrief.rows.get().state) == (1, "closed")
    assert bring(tmp_path / "3", debriefs=[debrief(county)]).counts["debriefs"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"closed_on": ""}, ("closed_on", "debrief.closed")),
        ({"state": "reported"}, ("closed_on", "debrief.closed")),
        ({"closed_on": "2015-12-31"}, ("closed_on", "review.year")),
    ],
)
def test_debrief_is_refused(tmp_path, county, given, problem):
    assert refusals(bring(tmp_path, debriefs=[debrief(county, **given)])) == [(2, *problem)]
    assert not Debrief.rows.exists()


def test_nobody_debriefs_to_himself(tmp_path, county):
    outcome = bring(tmp_path, debriefs=[debrief(county, superior=county.code)])
    assert refusals(outcome) == [(2, "superior", "debrief.self")]


def appraisal(branch, **given):
    return {
        "ref": "A1",
        "organization": branch.code,
        "year": "2016",
        "held_on": "2016-12-20",
        "due": "20",
        "found": "20",
    } | given


def test_appraisal_is_taken_and_refused(tmp_path, county):
    branch = make_branch(county)
    assert refusals(bring(tmp_path / "1", appraisals=[appraisal(branch, found="21")])) == [
        (2, "found", "appraisal.found")
    ]
    assert refusals(bring(tmp_path / "2", appraisals=[appraisal(county)])) == [
        (2, "organization", "appraisal.branch")
    ]
    assert bring(tmp_path / "3", appraisals=[appraisal(branch)]).problems == []
    again = appraisal(branch, ref="A2", found="19")
    assert refusals(bring(tmp_path / "4", appraisals=[again])) == [(2, "ref", "record.repeated")]
    assert Appraisal.rows.get().found == 20


def test_chain_holds_committees_below_the_province_and_villages(county):
    village = make_branch(make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE))
    make_unit(village)
    make_organization(county, kind=Kind.WORK_COMMITTEE)
    make_branch(county)
    make_debrief(county, closed_on=date(2016, 12, 31))
    make_debrief(village, closed_on=date(2017, 1, 1))
    assert of("reviews.debriefed_share", county.parent) == (25, "ok", 1, 4, 3)
    assert of("reviews.debriefed_share", county.parent, date(2017, 1, 1)) == (50, "ok", 2, 4, 2)


def test_appraised_share_is_the_sum_over_the_sum(county):
    closed = make_branch(county, closed_on=date(2018, 1, 1))
    make_appraisal(closed, 10, 10)
    make_appraisal(make_branch(county), 30, 20)
    assert of("reviews.appraised_share", county) == (75, "ok", 30, 40, 1)
    # A branch closed since keeps its year (A1); a year without records has no value.
    assert of("reviews.appraised_share", county, date(2017, 6, 1))[0] == 75
    assert of("reviews.appraised_share", county, date(2015, 12, 31))[:2] == (None, "no_cases")
    assert of("reviews.appraised_share", county, date(2019, 12, 31))[:2] == (None, "no_cases")


def test_stored_and_recomputed_values_agree(county):
    make_debrief(county, closed_on=date(2016, 12, 1))
    make_appraisal(make_branch(county, closed_on=date(2019, 1, 1)), 10, 9)
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
