"""Sheets of milestones and adoptions: taken together, repeated, changed, refused."""

from datetime import date

import pytest

from baolei.honours.models import Adoption, Milestone
from baolei.honours.tests.factories import make_adoption, make_milestone
from baolei.kernel.tests.packages import bring, refusals
from baolei.organizations.tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_organization(region_code="220000")


@pytest.fixture
def county(province):
    return make_organization(province, region_code="222404")


def milestone(province, **given):
    row = {"ref": "S1", "organization": province.code, "reached_on": "2014-07-10"}
    return row | {"title": "座谈会", "document": "2014年会议通知"} | given


def adoption(county, **given):
    row = {"ref": "A1", "milestone": "S1", "organization": county.code, "adopted_on": "2014-07-10"}
    return row | given


def outcomes(outcome, table):
    found = outcome.counts[table]
    return found["new"], found["changed"], found["unchanged"]


def test_milestone_and_its_adoption_come_in_one_package(tmp_path, province, county):
    given = {"milestones": [milestone(province)], "adoptions": [adoption(county)]}
    outcome = bring(tmp_path / "1", **given)
    assert [outcomes(outcome, table) for table in given] == [(1, 0, 0), (1, 0, 0)]
    outcome = bring(tmp_path / "2", **given)
    assert [outcomes(outcome, table) for table in given] == [(0, 0, 1), (0, 0, 1)]
    changed = bring(tmp_path / "3", milestones=[milestone(province, title="全国座谈会")])
    assert outcomes(changed, "milestones") == (0, 1, 0)
    assert Milestone.rows.get().title == "全国座谈会"
    assert Adoption.rows.get().adopted_on == date(2014, 7, 10)


@pytest.mark.parametrize("given", [{"title": ""}, {"document": ""}, {"reached_on": ""}])
def test_milestone_without_title_day_or_document_is_refused(tmp_path, province, given):
    outcome = bring(tmp_path, milestones=[milestone(province, **given)])
    assert refusals(outcome) == [(2, next(iter(given)), "value.required")]
    assert not Milestone.rows.exists()


def test_adoption_is_refused(tmp_path, province, county):
    made = make_milestone(province)
    before = adoption(county, milestone=made.ref, adopted_on="2014-07-09")
    own = adoption(province, milestone=made.ref, ref="A2")
    unknown = adoption(county, milestone="没有", ref="A3")
    assert sorted(refusals(bring(tmp_path / "1", adoptions=[before, own, unknown]))) == [
        (2, "adopted_on", "adoption.before_milestone"),
        (3, "organization", "adoption.own"),
        (4, "milestone", "reference.unknown"),
    ]
    make_adoption(made, county)
    again = bring(tmp_path / "2", adoptions=[adoption(county, milestone=made.ref, ref="A9")])
    assert refusals(again) == [(2, "ref", "record.repeated")]
