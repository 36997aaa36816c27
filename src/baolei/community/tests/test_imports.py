"""Sheets of check-ins, services and needs: taken, repeated, changed, refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baolei.community.models import CheckIn, Need, ServiceRecord
from baolei.community.tests.factories import (
    make_checkin,
    make_community,
    make_organ_member,
    make_service,
)
from baolei.kernel.models import StaleMark
from baolei.kernel.secrets import sealer
from baolei.kernel.spells import days
from baolei.kernel.tests.packages import bring, refusals
from baolei.members.tests.factories import make_id_number
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Facility
from baolei.standards.tests.factories import make_facility

pytestmark = pytest.mark.django_db

NUMBER = make_id_number(serial=7)


@pytest.fixture
def county():
    return make_organization(make_organization(region_code="220000"), region_code="222404")


@pytest.fixture
def community(county):
    return make_community(county)


@pytest.fixture
def member(county):
    return make_organ_member(county, id_hash=sealer().hash_id(NUMBER))


def checkin(person, community, ref="C1", **given):
    row = {"ref": ref, "member": NUMBER, "unit": community.code, "work_unit": person.work_unit.code}
    return row | {"from": "2015-03-01"} | given


def service(community, ref="V1", **given):
    row = {"ref": ref, "member": NUMBER, "unit": community.code, "kind": "care", "served_on": "2016-06-01"}
    return row | {"confirmed_on": "2016-06-03"} | given


def numbers(outcome, sheet):
    counts = outcome.counts[sheet]
    return counts["new"], counts["changed"], counts["unchanged"]


def test_checkin_and_service_are_taken_once_and_changed_by_their_refs(tmp_path, member, community):
    rows = {"checkins": [checkin(member, community)], "services": [service(community)]}
    outcome = bring(tmp_path / "1", **rows)
    assert outcome.problems == []
    assert (numbers(outcome, "checkins"), numbers(outcome, "services")) == ((1, 0, 0), (1, 0, 0))
    found, spell = ServiceRecord.rows.get(), CheckIn.rows.get()
    assert (found.member, found.branch, found.confirmed_on) == (member, member.branch, date(2016, 6, 3))
    assert found.organization_id == spell.organization_id != member.branch_id
    assert (spell.work_unit, spell.since, spell.until) == (member.work_unit, date(2015, 3, 1), None)
    outcome = bring(tmp_path / "2", **rows)
    assert (numbers(outcome, "checkins"), numbers(outcome, "services")) == ((0, 0, 1), (0, 0, 1))
    outcome = bring(tmp_path / "3", services=[service(community, confirmed_on="", kind="文体活动")])
    assert numbers(outcome, "services") == (0, 1, 0)
    found.refresh_from_db()
    assert (found.kind, found.confirmed_on) == ("culture", None)


def test_changed_checkin_makes_values_at_the_branches_of_its_services_old(tmp_path, county, community):
    elsewhere = make_organization(county.parent, region_code="220100")
    member = make_organ_member(elsewhere, id_hash=sealer().hash_id(NUMBER))
    bring(tmp_path / "1", checkins=[checkin(member, community)])
    make_service(member, community)
    StaleMark.objects.all().delete()
    assert numbers(bring(tmp_path / "2", checkins=[checkin(member, community)]), "checkins") == (0, 0, 1)
    assert not StaleMark.objects.exists()
    bring(tmp_path / "3", checkins=[checkin(member, community, to="2016-01-31")])
    keys = set(StaleMark.objects.values_list("key", flat=True))
    assert {member.branch.key, CheckIn.rows.get().organization.key} == keys


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"unit": "没有"}, ("unit", "reference.unknown")),
        ({"work_unit": ""}, ("work_unit", "value.required")),
        ({"from": "2011-03-01"}, ("from", "checkin.branch")),
        ({"to": "2015-02-28"}, ("to", "dates.reversed")),
        ({"member": make_id_number(serial=8)}, ("member", "person.unknown")),
    ],
)
def test_checkin_is_refused(tmp_path, member, community, given, problem):
    outcome = bring(tmp_path, checkins=[checkin(member, community, **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not CheckIn.rows.exists()


def test_checkin_with_what_is_no_community_is_refused(tmp_path, member, county):
    village = make_unit(make_branch(county))
    outcome = bring(tmp_path, checkins=[checkin(member, village)])
    assert refusals(outcome) == [(2, "unit", "checkin.unit")]


def test_checkins_of_a_member_do_not_overlap(tmp_path, member, community, county):
    other = make_community(county)
    first = checkin(member, community, to="2015-12-31")
    second = checkin(member, other, ref="C2", **{"from": "2015-12-31"})
    outcome = bring(tmp_path / "1", checkins=[first, second])
    assert refusals(outcome) == [(3, "from", "checkin.overlap")]
    assert bring(tmp_path / "2", checkins=[first]).problems == []
    assert refusals(bring(tmp_path / "3", checkins=[second])) == [(2, "from", "checkin.overlap")]
    assert bring(tmp_path / "4", checkins=[second | {"from": "2016-01-01"}]).problems == []
    with pytest.raises(IntegrityError), transaction.atomic():
        make_checkin(member, other, first=date(2017, 1, 1))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"served_on": "2014-12-31"}, ("served_on", "service.checkin")),
        ({"served_on": "2016-07-01"}, ("confirmed_on", "service.confirmed")),
        ({"served_on": "2011-06-01"}, ("served_on", "service.branch")),
        ({"kind": "singing"}, ("kind", "code.unknown")),
        ({"confirmed_on": "2999-01-01"}, ("confirmed_on", "date.future")),
    ],
)
def test_service_is_refused(tmp_path, member, community, given, problem):
    make_checkin(member, community)
    outcome = bring(tmp_path, services=[service(community, **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not ServiceRecord.rows.exists()


def test_service_in_another_community_than_the_checkin_is_taken_and_none_in_a_village(
    tmp_path, member, community, county
):
    make_checkin(member, community, last=date(2016, 6, 1))
    assert bring(tmp_path / "1", services=[service(make_community(county))]).problems == []
    outcome = bring(tmp_path / "2", services=[service(make_unit(member.branch), ref="V2")])
    assert refusals(outcome) == [(2, "unit", "service.unit")]
    outcome = bring(tmp_path / "3", services=[service(community, ref="V3", served_on="2016-06-02")])
    assert refusals(outcome) == [(2, "served_on", "service.checkin")]


def test_need_is_handled_by_a_desk_in_use(tmp_path, community):
    desk = make_facility(community, Facility.Kind.DESK, first=date(2014, 1, 1), last=date(2016, 6, 1))
    hall = make_facility(community, Facility.Kind.HALL)
    need = {"ref": "N1", "desk": desk.ref, "handled_on": "2016-06-01"}
    assert bring(tmp_path / "1", needs=[need]).problems == []
    assert Need.rows.get().organization_id == desk.organization_id
    outcome = bring(
        tmp_path / "2",
        needs=[
            need | {"ref": "N2", "handled_on": "2016-06-02"},
            need | {"ref": "N3", "desk": hall.ref},
            need | {"ref": "N4", "desk": "没有"},
        ],
    )
    assert refusals(outcome) == [
        (2, "handled_on", "need.closed"),
        (3, "desk", "need.desk"),
        (4, "desk", "reference.unknown"),
    ]


def test_the_database_keeps_a_confirmation_from_preceding_its_service(member, community):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_service(member, community, confirmed=date(2016, 5, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.rows.filter(pk=make_checkin(member, community).pk).update(during=days(None, None))
