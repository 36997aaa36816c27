"""Sheets of programmes, deeds, projects and appropriations: taken, repeated, changed, refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baolei.kernel.access import Actor, Reach
from baolei.kernel.models import BatchRow, StaleMark
from baolei.kernel.tests.packages import bring, refusals
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.projects.access import Can
from baolei.projects.models import Appropriation, Deed, Programme, Project
from baolei.projects.tests.factories import make_deed, make_programme, make_project, make_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_organization(region_code="220000", code="220000000001")


@pytest.fixture
def village(province):
    return make_unit(make_branch(make_organization(province, region_code="222404"), code="B1"))


@pytest.fixture
def community():
    return make_unit(kind=UnitKind.COMMUNITY)


def programme(**given):
    return {
        "ref": "G1",
        "organization": "220000000001",
        "kind": "hall_upgrade",
        "name": "村部改造升级",
        "planned_first": "2013-03-01",
        "planned_last": "2031-02-28",
        "first_on": "2013-03-01",
    } | given


def deed(**given):
    return {"ref": "D1", "programme": "Y1", "name": "试验实事"} | given


def project(village, **given):
    return {
        "ref": "P1",
        "programme": "G1",
        "organization": "B1",
        "unit": village.code,
        "kind": "hall",
        "name": "试验村部",
        "started_on": "2014-05-01",
        "accepted_on": "2014-09-01",
    } | given


def appropriation(**given):
    return {
        "ref": "A1",
        "organization": "220000000001",
        "fund": "village_services",
        "source": "试验",
        "fiscal_year": "2016",
        "decided_on": "2016-03-01",
        "amount": "100.00",
        "paid": "100.00",
    } | given


def everything(village, **changed):
    return {
        "programmes": [programme(), programme(ref="Y1", kind="年度实事好事", year="2016", planned_last="")],
        "deeds": [deed(finished_on="2016-12-01", asked="40", satisfied="38")],
        "projects": [project(village, **changed)],
        "appropriations": [appropriation(), appropriation(ref="A2", amount="-0.50", paid="0")],
    }


def test_sheets_of_one_package_name_each_other_and_change_nothing_the_second_time(tmp_path, village):
    outcome = bring(tmp_path / "1", **everything(village))
    assert outcome.problems == []
    made = Project.rows.get()
    assert (made.programme.ref, made.unit_id, made.accepted_on) == ("G1", village.pk, date(2014, 9, 1))
    assert (Deed.rows.get().organization.code, Deed.rows.get().satisfied) == ("220000000001", 38)
    assert [str(a.amount) for a in Appropriation.rows.order_by("pk")] == ["100.00", "-0.50"]
    outcome = bring(tmp_path / "2", **everything(village))
    assert {name: (c["new"], c["changed"]) for name, c in outcome.counts.items()} == dict.fromkeys(
        ("programmes", "deeds", "projects", "appropriations"), (0, 0)
    )
    StaleMark.objects.all().delete()
    outcome = bring(tmp_path / "3", **everything(village, accepted_on="", suspended_on="2014-08-01"))
    assert outcome.counts["projects"]["changed"] == 1
    assert BatchRow.objects.get(before__isnull=False).before["accepted_on"] == "2014-09-01"
    assert set(StaleMark.objects.values_list("model", flat=True)) == {"projects.Project"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"organization": "没有"}, ("organization", "reference.unknown")),
        ({"kind": "military"}, ("kind", "code.unknown")),
        ({"year": "2016"}, ("year", "programme.year")),
        ({"kind": "deeds_of_year"}, ("year", "programme.year")),
        ({"planned_last": "2013-02-28"}, ("planned_last", "programme.reversed")),
        ({"last_on": "2013-02-28"}, ("last_on", "programme.reversed")),
        ({"last_on": "2015-02-28", "first_on": ""}, ("last_on", "programme.unbegun")),
        ({"last_on": "2999-01-01"}, ("last_on", "date.future")),
        (
            {"last_on": "2015-02-28", "cancelled_on": "2015-02-28"},
            ("cancelled_on", "programme.ended_twice"),
        ),
    ],
)
def test_programme_is_refused(tmp_path, province, given, problem):
    assert refusals(bring(tmp_path, programmes=[programme(**given)])) == [(2, *problem)]
    assert not Programme.rows.exists()


def test_an_organization_has_one_programme_of_a_year(tmp_path, province):
    rows = [programme(ref=ref, kind="deeds_of_year", year="2016") for ref in ("Y1", "Y2")]
    assert refusals(bring(tmp_path, programmes=rows)) == [(3, "ref", "record.repeated")]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"programme": "没有"}, ("programme", "reference.unknown")),
        ({"programme": "G1"}, ("programme", "deed.programme")),
        ({"programme": "X1"}, ("programme", "programme.cancelled")),
        (
            {"dropped_on": "2016-02-01", "finished_on": "2016-02-01"},
            ("dropped_on", "deed.ended_twice"),
        ),
        ({"asked": "3", "satisfied": "3"}, ("asked", "deed.asked")),
        ({"asked": "3", "finished_on": "2016-02-01"}, ("asked", "deed.asked")),
        ({"asked": "3", "satisfied": "4", "finished_on": "2016-02-01"}, ("satisfied", "deed.satisfied")),
        ({"asked": "-3"}, ("asked", "number.negative")),
    ],
)
def test_deed_is_refused(tmp_path, province, given, problem):
    make_programme(province, ref="G1")
    year = make_year(province, 2016)
    Programme.rows.filter(pk=year.pk).update(ref="Y1")
    cancelled = make_year(province, 2015)
    Programme.rows.filter(pk=cancelled.pk).update(ref="X1", cancelled_on=date(2015, 6, 1))
    assert refusals(bring(tmp_path, deeds=[deed(**given)])) == [(2, *problem)]
    assert not Deed.rows.exists()


@pytest.fixture
def programmes(province):
    make_programme(province, Programme.Kind.HALL_UPGRADE, ref="G1")
    make_programme(province, Programme.Kind.HALL_UPGRADE, ref="X1", cancelled_on=date(2014, 8, 31))
    make_programme(province, Programme.Kind.ESTATES, ref="E1")
    make_deed(make_year(province, 2016), ref="D1")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"programme": "没有"}, ("programme", "reference.unknown")),
        ({"programme": "X1"}, ("programme", "programme.cancelled")),
        ({"programme": "X1", "accepted_on": ""}, ("programme", "programme.cancelled")),
        ({"kind": "merit"}, ("programme", "project.programme")),
        ({"programme": "E1"}, ("programme", "project.programme")),
        ({"deed": "D1"}, ("deed", "project.deed")),
        ({"unit": ""}, ("unit", "project.unit")),
        ({"estate": "一号院"}, ("estate", "project.estate")),
        ({"programme": "E1", "kind": "estate", "estate": "一号院"}, ("unit", "project.unit")),
        ({"started_on": ""}, ("started_on", "project.unbegun")),
        ({"accepted_on": "2014-04-30"}, ("accepted_on", "project.reversed")),
        ({"accepted_on": "", "cancelled_on": "2014-04-30"}, ("cancelled_on", "project.reversed")),
        ({"cancelled_on": "2014-09-01"}, ("cancelled_on", "project.ended_twice")),
        ({"suspended_on": "2014-08-01"}, ("suspended_on", "project.suspended")),
        ({"beneficiaries": "-1"}, ("beneficiaries", "number.negative")),
    ],
)
def test_project_is_refused(tmp_path, village, programmes, given, problem):
    assert refusals(bring(tmp_path, projects=[project(village, **given)])) == [(2, *problem)]
    assert not Project.rows.exists()


def test_what_ended_before_its_programme_was_cancelled_is_taken(tmp_path, village, programmes):
    ended = project(village, programme="X1", accepted_on="2014-08-31")
    dropped = project(village, ref="P2", programme="X1", accepted_on="", cancelled_on="2014-12-01")
    assert bring(tmp_path, projects=[ended, dropped]).problems == []


def test_estate_needs_its_community(tmp_path, village, programmes, community):
    row = project(community, programme="E1", kind="estate", estate="一号院", beneficiaries="650")
    assert bring(tmp_path / "1", projects=[row]).problems == []
    outcome = bring(tmp_path / "2", projects=[row | {"ref": "P2", "estate": ""}])
    assert refusals(outcome) == [(2, "estate", "project.estate")]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"amount": "0"}, ("amount", "appropriation.amount")),
        ({"paid": "100.01"}, ("paid", "appropriation.overpaid")),
        ({"amount": "-100", "paid": "0.01"}, ("paid", "appropriation.overpaid")),
        ({"paid": "-1"}, ("paid", "number.negative")),
        ({"fund": "war"}, ("fund", "code.unknown")),
        ({"fiscal_year": "16"}, ("fiscal_year", "year.format")),
    ],
)
def test_appropriation_is_refused(tmp_path, province, given, problem):
    assert refusals(bring(tmp_path, appropriations=[appropriation(**given)])) == [(2, *problem)]
    assert not Appropriation.rows.exists()


def test_organization_outside_the_reach_gets_the_one_answer(tmp_path, province, programmes, village):
    actor = Actor(
        name="甲", user_id=5, reach=Reach({Can.IMPORT.code: (Organization.rows.get(code="B1").key,)})
    )
    outcome = bring(tmp_path / "1", actor=actor, appropriations=[appropriation()])
    assert refusals(outcome) == [(2, "", "row.refused")]
    assert bring(tmp_path / "2", actor=actor, projects=[project(village)]).problems == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted": date(2014, 4, 30)},
        {"accepted": date(2014, 5, 2), "cancelled": date(2014, 5, 2)},
        {"cancelled": date(2014, 4, 30)},
        {"beneficiaries": -1},
        {"estate": "一号院"},
        {"suspended_on": date(2014, 4, 30)},
        {"kind": "military"},
    ],
)
def test_the_database_refuses_what_the_sheet_refuses(province, wrong):
    made = make_programme(province)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_project(made, province, **wrong)
