"""Sheets of bases, sessions, attendances, study groups and reports: taken, repeated, changed, refused."""

from datetime import date

import pytest

from baolei.kernel.access import Actor, Reach
from baolei.kernel.models import BatchRow, StaleMark
from baolei.kernel.tests.packages import bring, refusals
from baolei.members.tests.factories import make_id_number
from baolei.members.tests.world import make_person
from baolei.organizations.kinds import UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.training.access import Can
from baolei.training.models import Attendance, Base, GroupReport, Session, StudyGroup

pytestmark = pytest.mark.django_db

NUMBER = make_id_number(serial=9)


@pytest.fixture
def host():
    return make_branch(make_organization(region_code="220000"))


@pytest.fixture
def university(host):
    return make_unit(host, kind=UnitKind.UNIVERSITY)


def base(host, **given):
    return {
        "ref": "B1",
        "organization": host.code,
        "kind": "community_employment",
        "name": "培训基地",
        "from": "2013-03-01",
        "to": "2015-12-31",
    } | given


def session(host, **given):
    return {
        "ref": "S1",
        "organization": host.code,
        "base": "B1",
        "audience": "群众",
        "name": "家政服务培训班",
        "first_on": "2014-05-04",
        "last_on": "2014-05-06",
        "hours": "18.5",
        "others": "24",
    } | given


def group(unit, **given):
    return {"ref": "G1", "unit": unit.code, "name": "第一小组", "from": "2013-03-01"} | given


def report(**given):
    return {
        "ref": "R1",
        "study_group": "G1",
        "reported_on": "2016-11-01",
        "confirmed_on": "2016-11-01",
        "students": "700",
    } | given


def test_session_is_taken_once_and_changed_by_its_ref(tmp_path, host):
    rows = {"training_bases": [base(host)], "training_sessions": [session(host)]}
    counts = bring(tmp_path / "1", **rows).counts["training_sessions"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (1, 0, 0)
    counts = bring(tmp_path / "2", **rows).counts["training_sessions"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 1)
    StaleMark.objects.all().delete()
    outcome = bring(tmp_path / "3", training_sessions=[session(host, others="25")])
    assert outcome.counts["training_sessions"]["changed"] == 1
    found = Session.rows.get()
    assert (found.base, found.others, str(found.hours), found.audience) == (
        Base.rows.get(),
        25,
        "18.5",
        "residents",
    )
    assert BatchRow.objects.get(before__isnull=False).before["others"] == 24
    assert set(StaleMark.objects.values_list("model", flat=True)) == {"training.Session"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"base": "B9"}, ("base", "reference.unknown")),
        ({"first_on": "2013-02-28", "last_on": "2013-03-01"}, ("first_on", "session.closed")),
        ({"first_on": "2015-12-31", "last_on": "2016-01-01"}, ("first_on", "session.closed")),
        ({"last_on": "2014-05-03"}, ("last_on", "session.reversed")),
        ({"hours": "0"}, ("hours", "session.hours")),
        ({"others": "-1"}, ("others", "number.negative")),
        ({"audience": "all"}, ("audience", "code.unknown")),
        ({"first_on": "2099-01-01", "last_on": "2099-01-02"}, ("first_on", "date.future")),
    ],
)
def test_session_is_refused(tmp_path, host, given, problem):
    rows = [session(host, **given)]
    outcome = bring(tmp_path, training_bases=[base(host)], training_sessions=rows)
    assert refusals(outcome) == [(2, *problem)]
    assert not Session.rows.exists()


def test_session_on_the_first_and_the_last_day_of_its_base(tmp_path, host):
    rows = [
        session(host, first_on="2013-03-01", last_on="2013-03-01"),
        session(host, ref="S2", first_on="2015-12-31", last_on="2015-12-31"),
        session(host, ref="S3", base="", first_on="2016-12-31", last_on="2016-12-31"),
    ]
    assert bring(tmp_path, training_bases=[base(host)], training_sessions=rows).problems == []
    assert Session.rows.filter(base=None).count() == 1


def test_session_at_a_base_belongs_to_its_host(tmp_path, host):
    other = make_branch()
    outcome = bring(tmp_path, training_bases=[base(host)], training_sessions=[session(other)])
    assert refusals(outcome) == [(2, "organization", "session.organization")]


def test_a_member_attends_a_session_once(tmp_path, host):
    make_person(host, "林试", id_number=NUMBER)
    row = {"ref": "A1", "session": "S1", "member": NUMBER}
    rows = {"training_bases": [base(host)], "training_sessions": [session(host)]}
    outcome = bring(tmp_path / "1", **rows, training_attendances=[row, row | {"ref": "A2"}])
    assert refusals(outcome) == [(3, "ref", "record.repeated")]
    assert bring(tmp_path / "2", **rows, training_attendances=[row]).problems == []
    assert (Attendance.rows.get().organization, Attendance.rows.get().member.name) == (host, "林试")
    outcome = bring(tmp_path / "3", training_attendances=[row | {"ref": "A2"}])
    assert refusals(outcome) == [(2, "ref", "record.repeated")]
    outcome = bring(tmp_path / "4", training_attendances=[row | {"member": make_id_number(serial=10)}])
    assert refusals(outcome) == [(2, "member", "person.unknown")]


def test_group_and_report_are_taken_and_changed(tmp_path, host, university):
    rows = {"study_groups": [group(university)], "group_reports": [report(confirmed_on="")]}
    assert bring(tmp_path / "1", **rows).problems == []
    assert (StudyGroup.rows.get().organization, GroupReport.rows.get().confirmed_on) == (host, None)
    outcome = bring(tmp_path / "2", group_reports=[report()])
    assert outcome.counts["group_reports"]["changed"] == 1
    assert GroupReport.rows.get().confirmed_on == date(2016, 11, 1)


def test_group_at_a_unit_that_is_no_university_is_refused(tmp_path, host):
    school = make_unit(host, kind=UnitKind.SCHOOL)
    outcome = bring(tmp_path / "1", study_groups=[group(school)])
    assert refusals(outcome) == [(2, "unit", "group.unit")]
    outcome = bring(tmp_path / "2", study_groups=[group(make_unit(kind=UnitKind.UNIVERSITY))])
    assert refusals(outcome) == [(2, "unit", "group.unoverseen")]
    assert not StudyGroup.rows.exists()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"confirmed_on": "2016-10-31"}, ("confirmed_on", "report.confirmed")),
        ({"reported_on": "2013-02-28"}, ("reported_on", "report.inactive")),
        ({"students": "一百"}, ("students", "number.format")),
    ],
)
def test_report_is_refused(tmp_path, university, given, problem):
    outcome = bring(tmp_path, study_groups=[group(university)], group_reports=[report(**given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not GroupReport.rows.exists()


def test_a_group_reports_once_a_day(tmp_path, university):
    rows = [report(), report(ref="R2", students="800")]
    outcome = bring(tmp_path, study_groups=[group(university)], group_reports=rows)
    assert refusals(outcome) == [(3, "ref", "record.repeated")]


def test_row_outside_the_reach_gets_the_one_answer(tmp_path, host):
    bring(tmp_path / "1", training_bases=[base(host)])
    actor = Actor(name="甲", user_id=5, reach=Reach({Can.IMPORT.code: (make_branch().key,)}))
    outcome = bring(tmp_path / "2", actor=actor, training_sessions=[session(host)])
    assert refusals(outcome) == [(2, "", "row.refused")]
    assert not Session.rows.exists()
