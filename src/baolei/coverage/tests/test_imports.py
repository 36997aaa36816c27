"""Sheets of counts, demonstration posts and founding kits: taken, repeated, changed, refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baolei.coverage.models import DemonstrationPost, EnterpriseCount, FoundingKit
from baolei.coverage.tests.factories import make_count
from baolei.kernel.tests.packages import bring, refusals
from baolei.organizations.kinds import UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_organization(make_organization(region_code="220000"), region_code="222404")


@pytest.fixture
def firm(county):
    return make_unit(make_branch(county), kind=UnitKind.PRIVATE_ENTERPRISE)


def counted(county, **given):
    row = {"ref": "C1", "organization": county.code, "as_of": "2016-12-31", "sector": "private"}
    numbers = {"operating": "10", "alone": "4", "joint": "2", "work_only": "4", "due": "4"}
    return row | {"size": "small_micro"} | numbers | given


def outcomes(outcome, table):
    found = outcome.counts[table]
    return found["new"], found["changed"], found["unchanged"]


def test_count_is_taken_once_and_changed_by_its_ref(tmp_path, county):
    table = "enterprise_counts"
    assert outcomes(bring(tmp_path / "1", enterprise_counts=[counted(county)]), table) == (1, 0, 0)
    assert outcomes(bring(tmp_path / "2", enterprise_counts=[counted(county)]), table) == (0, 0, 1)
    changed = counted(county, alone="3")
    assert outcomes(bring(tmp_path / "3", enterprise_counts=[changed]), table) == (0, 1, 0)
    found = EnterpriseCount.rows.get()
    assert (found.alone, found.as_of, found.organization_id) == (3, date(2016, 12, 31), county.pk)
    social = counted(county, ref="C2", sector="社会组织", size="")
    assert bring(tmp_path / "4", enterprise_counts=[social]).problems == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"alone": "9"}, ("operating", "count.parts")),
        ({"work_only": "5"}, ("operating", "count.parts")),
        ({"due": "5"}, ("operating", "count.parts")),
        ({"as_of": "2016-12-30"}, ("as_of", "count.year_end")),
        ({"as_of": "2199-12-31"}, ("as_of", "date.future")),
        ({"as_of": "2011-12-31"}, ("organization", "count.organization")),
        ({"size": ""}, ("size", "count.size")),
        ({"sector": "social"}, ("size", "count.size")),
        ({"operating": "9999999999"}, ("operating", "number.format")),
    ],
)
def test_count_is_refused(tmp_path, county, given, problem):
    outcome = bring(tmp_path, enterprise_counts=[counted(county, **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not EnterpriseCount.rows.exists()


def test_committee_counts_a_size_once_a_year(tmp_path, county):
    outcome = bring(tmp_path, enterprise_counts=[counted(county), counted(county, ref="C2")])
    assert refusals(outcome) == [(3, "ref", "record.repeated")]


@pytest.mark.parametrize("numbers", [{"alone": 2}, {"joint": 1, "due": 1}, {"work_only": 2}, {"due": -1}])
def test_database_holds_the_parts_within_the_whole(county, numbers):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_count(county, operating=1, **numbers)


def post(unit, **given):
    row = {"ref": "D1", "unit": unit.code, "kind": "党员责任区", "name": "安全生产党员责任区"}
    return row | {"from": "2013-05-01", "to": "2016-12-31"} | given


def test_demonstration_post_is_taken_at_the_firms_organization(tmp_path, firm):
    assert bring(tmp_path / "1", demonstration_posts=[post(firm)]).problems == []
    again = bring(tmp_path / "2", demonstration_posts=[post(firm), post(firm, ref="D2", kind="post")])
    assert outcomes(again, "demonstration_posts") == (1, 0, 1)
    found = DemonstrationPost.rows.get(ref="D1")
    assert (found.kind, found.until, found.organization.kind) == ("zone", date(2016, 12, 31), "branch")


def test_demonstration_post_outside_a_private_enterprise_is_refused(tmp_path, county):
    village = make_unit(make_branch(county))
    outcome = bring(tmp_path / "1", demonstration_posts=[post(village)])
    assert refusals(outcome) == [(2, "unit", "demonstration_post.unit")]
    alone = make_unit(kind=UnitKind.PRIVATE_ENTERPRISE)
    outcome = bring(tmp_path / "2", demonstration_posts=[post(alone)])
    assert refusals(outcome) == [(2, "unit", "demonstration_post.unoverseen")]
    assert not DemonstrationPost.rows.exists()


def kit(branch, **given):
    gifts = {"plaque": "是", "flag": "是", "books": "是", "fund": "否", "equipment": "是"}
    return {"ref": "K1", "organization": branch.code, "confirmed_on": ""} | gifts | given


def test_kit_is_taken_once_and_confirmed_later(tmp_path, county):
    branch = make_branch(county, opened_on=date(2016, 3, 1))
    assert outcomes(bring(tmp_path / "1", founding_kits=[kit(branch)]), "founding_kits") == (1, 0, 0)
    confirmed = kit(branch, fund="是", confirmed_on="2016-03-01")
    assert outcomes(bring(tmp_path / "2", founding_kits=[confirmed]), "founding_kits") == (0, 1, 0)
    found = FoundingKit.rows.get()
    assert (found.fund, found.confirmed_on) == (True, date(2016, 3, 1))


def test_two_kits_for_one_organization_are_refused(tmp_path, county):
    branch = make_branch(county)
    outcome = bring(tmp_path / "1", founding_kits=[kit(branch), kit(branch, ref="K2")])
    assert refusals(outcome) == [(3, "ref", "record.repeated")]
    bring(tmp_path / "2", founding_kits=[kit(branch)])
    outcome = bring(tmp_path / "3", founding_kits=[kit(branch, ref="K2")])
    assert refusals(outcome) == [(2, "ref", "record.repeated")]


def test_kit_confirmed_before_the_founding_is_refused(tmp_path, county):
    branch = make_branch(county, opened_on=date(2016, 3, 1))
    outcome = bring(tmp_path, founding_kits=[kit(branch, confirmed_on="2016-02-29")])
    assert refusals(outcome) == [(2, "confirmed_on", "kit.before_founding")]
