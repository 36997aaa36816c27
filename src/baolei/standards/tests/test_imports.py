"""Sheets of readings, facilities and marks: taken, repeated, changed, refused."""

import pytest
from django.db import connection

from baolei.kernel.access import Actor, Reach
from baolei.kernel.models import BatchRow, StaleMark
from baolei.kernel.tests.packages import bring, refusals
from baolei.members.tests.factories import make_id_number
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.access import Can
from baolei.standards.models import Facility, Mark, Reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    county = make_organization(make_organization(region_code="220000"), region_code="222404")
    return make_unit(make_branch(county))


def reading(village, ref="R1", **given):
    return {
        "ref": ref,
        "unit": village.code,
        "measure": "operating_income",
        "year": "2016",
        "value": "50000.00",
        "source": "村财",
    } | given


def test_reading_is_taken_once_and_changed_by_its_ref(tmp_path, village):
    counts = bring(tmp_path / "1", readings=[reading(village)]).counts["readings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (1, 0, 0)
    counts = bring(tmp_path / "2", readings=[reading(village)]).counts["readings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 1)
    StaleMark.objects.all().delete()
    counts = bring(tmp_path / "3", readings=[reading(village, value="49,999.99")]).counts["readings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 1, 0)
    found = Reading.rows.get()
    assert (str(found.value), found.unit_id, found.organization.kind) == ("49999.99", village.pk, Kind.BRANCH)
    assert BatchRow.objects.get(before__isnull=False).before["value"] == 50000
    assert set(StaleMark.objects.values_list("model", flat=True)) == {"standards.Reading"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"unit": "没有"}, ("unit", "reference.unknown")),
        ({"measure": "grain"}, ("measure", "code.unknown")),
        ({"measure": "service_funds"}, ("measure", "reading.unit")),
        ({"year": "16"}, ("year", "year.format")),
        ({"year": "2999"}, ("year", "date.future")),
        ({"value": "-1"}, ("value", "number.negative")),
        ({"value": "五万"}, ("value", "number.format")),
        ({"value": "1.234"}, ("value", "number.format")),
        ({"source": ""}, ("source", "value.required")),
    ],
)
def test_reading_is_refused(tmp_path, village, given, problem):
    outcome = bring(tmp_path, readings=[reading(village, **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not Reading.rows.exists()


def test_reading_of_the_same_year_under_another_ref_is_refused(tmp_path, village):
    outcome = bring(tmp_path / "1", readings=[reading(village), reading(village, ref="R2")])
    assert refusals(outcome) == [(3, "ref", "record.repeated")]
    bring(tmp_path / "2", readings=[reading(village)])
    outcome = bring(tmp_path / "3", readings=[reading(village, ref="R2")])
    assert refusals(outcome) == [(2, "ref", "record.repeated")]
    outcome = bring(tmp_path / "4", readings=[reading(village), reading(village)])
    assert (3, "ref", "ref.repeated") in refusals(outcome)


def test_unit_outside_the_reach_gets_the_one_answer(tmp_path, village):
    elsewhere = make_organization(region_code="220184")
    actor = Actor(name="甲", user_id=5, reach=Reach({Can.IMPORT.code: (elsewhere.key,)}))
    outcome = bring(tmp_path, actor=actor, readings=[reading(village)])
    assert refusals(outcome) == [(2, "", "row.refused")]
    assert not Reading.rows.exists()


def test_facility_and_mark_are_taken_with_inclusive_days(tmp_path, village):
    facility = {"ref": "F1", "unit": village.code, "kind": "村部", "name": "村部", "area": "120.5"}
    mark = {"ref": "M1", "unit": village.code, "kind": "poor_village", "document": "1号"}
    span = {"from": "2013-07-01", "to": "2020-12-31"}
    outcome = bring(tmp_path, facilities=[facility | span], marks=[mark | span])
    assert outcome.problems == []
    assert (Facility.rows.get().kind, str(Mark.rows.get().until)) == ("hall", "2020-12-31")
    assert str(Mark.rows.get().during.upper) == "2021-01-01"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"from": "2020-01-01", "to": "2019-12-31"}, ("to", "dates.reversed")),
        ({"kind": "large_enterprise"}, ("kind", "mark.unit")),
        ({"from": ""}, ("from", "value.required")),
    ],
)
def test_mark_is_refused(tmp_path, village, given, problem):
    row = {"ref": "M1", "unit": village.code, "kind": "poor_village", "document": "1号", "from": "2013-07-01"}
    assert refusals(bring(tmp_path, marks=[row | given])) == [(2, *problem)]
    assert not Mark.rows.exists()


def test_marks_of_one_kind_do_not_overlap(tmp_path, village):
    row = {"unit": village.code, "kind": "poor_village", "document": "1号"}
    first = row | {"ref": "M1", "from": "2013-01-01", "to": "2014-12-31"}
    second = row | {"ref": "M2", "from": "2014-12-31", "to": ""}
    weak = row | {"ref": "M3", "kind": "weak_village", "from": "2013-01-01"}
    outcome = bring(tmp_path / "1", marks=[first, second, weak])
    assert refusals(outcome) == [(3, "from", "record.overlap")]
    assert bring(tmp_path / "2", marks=[first, weak]).problems == []
    assert refusals(bring(tmp_path / "3", marks=[second])) == [(2, "from", "record.overlap")]
    assert bring(tmp_path / "4", marks=[second | {"from": "2015-01-01"}]).problems == []
    before = row | {"ref": "M4", "from": "2012-01-01", "to": ""}
    assert refusals(bring(tmp_path / "5", marks=[before])) == [(2, "from", "record.overlap")]


def test_enterprise_is_marked_large(tmp_path, village):
    firm = make_unit(make_branch(), kind=UnitKind.PRIVATE_ENTERPRISE)
    row = {"ref": "M1", "unit": firm.code, "document": "1号", "from": "2013-07-01"}
    assert bring(tmp_path / "1", marks=[row | {"kind": "large_enterprise"}]).problems == []
    outcome = bring(tmp_path / "2", marks=[row | {"kind": "poor_village", "ref": "M2"}])
    assert refusals(outcome) == [(2, "kind", "mark.unit")]


def test_two_records_of_a_file_change_places(tmp_path, village):
    """Constraints are checked row by row, so the old rows have to leave before the new ones come."""
    mark = {"unit": village.code, "kind": "poor_village", "document": "1号"}
    early, late = {"from": "2013-01-01", "to": "2013-12-31"}, {"from": "2014-01-01", "to": ""}
    first = [mark | early | {"ref": "M1"}, mark | late | {"ref": "M2"}]
    readings = [reading(village, year="2015"), reading(village, ref="R2")]
    bring(tmp_path / "1", marks=first, readings=readings)
    uids = dict(Mark.rows.values_list("ref", "uid"))
    second = [mark | late | {"ref": "M1"}, mark | early | {"ref": "M2"}]
    outcome = bring(
        tmp_path / "2", marks=second, readings=[reading(village), reading(village, ref="R2", year="2015")]
    )
    assert outcome.problems == []
    assert [outcome.counts[name]["changed"] for name in ("marks", "readings")] == [2, 2]
    assert [str(row.since) for row in Mark.rows.order_by("ref")] == ["2014-01-01", "2013-01-01"]
    assert dict(Mark.rows.values_list("ref", "uid")) == uids
    assert list(Reading.rows.order_by("ref").values_list("year", flat=True)) == [2016, 2015]


def test_a_refused_change_leaves_the_registered_record_in_the_way(tmp_path, village):
    mark = {"unit": village.code, "kind": "poor_village", "document": "1号"}
    bring(tmp_path / "1", marks=[mark | {"ref": "M1", "from": "2013-01-01", "to": "2013-12-31"}])
    changes = [
        mark | {"ref": "M2", "from": "2016-01-01", "to": ""},
        mark | {"ref": "M1", "from": "2016-06-01", "to": ""},
        mark | {"ref": "M3", "from": "2013-06-01", "to": "2014-05-31"},
    ]
    outcome = bring(tmp_path / "2", accept_good=True, marks=changes)
    assert refusals(outcome) == [(3, "from", "record.overlap"), (4, "from", "record.overlap")]
    assert sorted(Mark.rows.values_list("ref", flat=True)) == ["M1", "M2"]
    assert str(Mark.rows.get(ref="M1").since) == "2013-01-01"


def test_a_record_that_is_named_by_others_is_changed(tmp_path, village):
    desk = {"ref": "F1", "unit": village.code, "kind": "desk", "name": "窗口", "from": "2013-01-01"}
    bring(tmp_path / "1", facilities=[desk], needs=[{"ref": "N1", "desk": "F1", "handled_on": "2016-01-01"}])
    outcome = bring(tmp_path / "2", facilities=[desk | {"name": "服务窗口"}])
    assert (outcome.problems, outcome.counts["facilities"]["changed"]) == ([], 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT name, n.ref FROM standards_facility f JOIN community_need n ON n.desk_id = f.id"
        )
        assert cursor.fetchall() == [("服务窗口", "N1")]


def test_code_and_year_joined_by_a_hyphen_are_no_number_of_a_person(tmp_path, village):
    """222404199200-2012 reads like somebody born in 1992."""
    assert bring(tmp_path / "1", readings=[reading(village, ref="222404199203-1512-I")]).problems == []
    number = make_id_number()
    outcome = bring(tmp_path / "2", readings=[reading(village, ref=f"A-{number}", year="2015")])
    assert refusals(outcome) == [(2, "ref", "value.identity")]
