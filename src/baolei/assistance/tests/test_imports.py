"""Sheets of postings, pairings and participations: taken, repeated, changed, refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.assistance.access import Can
from baolei.assistance.models import Pairing, Participation, PartnerPairing, Posting
from baolei.assistance.tests.factories import make_campaign
from baolei.kernel.access import Actor, Reach
from baolei.kernel.models import BatchRow, StaleMark
from baolei.kernel.spells import days
from baolei.kernel.tests.packages import bring, refusals
from baolei.members.models import Membership
from baolei.members.tests.packages import number
from baolei.members.tests.world import make_person
from baolei.organizations.kinds import UnitKind
from baolei.organizations.models import Organization, Unit
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.projects.models import Programme
from baolei.standards.tests.factories import overseer_id

pytestmark = pytest.mark.django_db

NUMBERS = [number("19700315", order) for order in (301, 302)]


class Place:
    def __init__(self):
        self.province = make_organization(region_code="220000")
        self.county = make_organization(self.province, region_code="222404")
        self.branch, self.other = make_branch(self.county), make_branch(self.county)
        self.village, self.second = make_unit(self.branch), make_unit(self.other)
        self.organ = make_unit(make_branch(self.county), kind=UnitKind.ORGAN)
        self.firm = make_unit(make_branch(self.county), kind=UnitKind.PRIVATE_ENTERPRISE)
        self.one, self.two = (
            make_person(self.branch, name, id_number=number)
            for name, number in zip(("高一", "高二"), NUMBERS, strict=True)
        )


@pytest.fixture
def place():
    return Place()


def posting(place, ref="T1", **given):
    return {
        "ref": ref,
        "member": NUMBERS[0],
        "kind": "first_secretary",
        "unit": place.village.code,
        "from": "2015-08-01",
        "to": "2017-12-31",
    } | given


def test_posting_is_taken_once_and_changed_by_its_ref(tmp_path, place):
    counts = bring(tmp_path / "1", postings=[posting(place)]).counts["postings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (1, 0, 0)
    counts = bring(tmp_path / "2", postings=[posting(place)]).counts["postings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 1)
    StaleMark.objects.all().delete()
    counts = bring(tmp_path / "3", postings=[posting(place, to="2018-06-30")]).counts["postings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 1, 0)
    found = Posting.rows.get()
    assert (found.member, found.organization, found.until) == (place.one, place.branch, date(2018, 6, 30))
    assert BatchRow.objects.get(before__isnull=False).before["during"] == "[2015-08-01,2018-01-01)"
    assert set(StaleMark.objects.values_list("model", flat=True)) == {"assistance.Posting"}


def codes(place):
    return {
        "village": place.village.code,
        "organ": place.organ.code,
        "firm": place.firm.code,
        "unseen": make_unit().code,
    }


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"to": "2015-07-31"}, ("to", "dates.reversed")),
        ({"unit": "firm"}, ("unit", "posting.village")),
        ({"unit": "organ", "kind": "team_member"}, ("unit", "posting.village")),
        ({"unit": "village", "kind": "enterprise_secretary"}, ("unit", "posting.enterprise")),
        ({"unit": "organ", "kind": "enterprise_deputy"}, ("unit", "posting.enterprise")),
        ({"unit": "unseen"}, ("unit", "unit.unoverseen")),
        ({"unit": "没有"}, ("unit", "reference.unknown")),
        ({"member": number("19700315", 309)}, ("member", "person.unknown")),
        ({"kind": "chief"}, ("kind", "code.unknown")),
        ({"member": ""}, ("member", "value.required")),
    ],
)
def test_posting_is_refused(tmp_path, place, given, problem):
    if "unit" in given:
        given = given | {"unit": codes(place).get(given["unit"], given["unit"])}
    assert refusals(bring(tmp_path, postings=[posting(place, **given)])) == [(2, *problem)]
    assert not Posting.rows.exists()


def test_one_person_has_one_posting_a_day_and_two_persons_may_hand_over(tmp_path, place):
    first = posting(place)
    again = posting(place, "T2", unit=place.second.code, **{"from": "2017-12-31", "to": ""})
    hands_over = posting(place, "T3", member=NUMBERS[1], **{"from": "2017-12-01", "to": ""})
    assert refusals(bring(tmp_path / "1", postings=[first, again, hands_over])) == [
        (3, "from", "posting.overlap")
    ]
    assert bring(tmp_path / "2", postings=[first, hands_over]).problems == []
    assert refusals(bring(tmp_path / "3", postings=[again])) == [(2, "from", "posting.overlap")]
    assert bring(tmp_path / "4", postings=[again | {"from": "2018-01-01"}]).problems == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.rows.filter(ref="T2").update(during=days(date(2017, 12, 31), None))


def test_enterprise_posting_is_taken(tmp_path, place):
    row = posting(place, kind="选派到民营企业任副书记", unit=place.firm.code)
    assert bring(tmp_path, postings=[row]).problems == []
    assert Posting.rows.get().kind == "enterprise_deputy"


def with_village(place, ref="P1", **given):
    return {
        "ref": ref,
        "kind": "unit_village",
        "village": place.village.code,
        "unit": place.organ.code,
        "from": "2014-01-01",
    } | given


def with_household(place, ref="H1", **given):
    row = with_village(place, ref, kind="cadre_household", unit="", member=NUMBERS[0], number="7")
    return row | given


def building(place, ref="B1", **given):
    return {
        "ref": ref,
        "kind": "organization_organization",
        "organization": place.branch.code,
        "helper": place.other.code,
        "from": "2014-01-01",
    } | given


def test_pairings_of_each_kind_are_taken_and_repeated(tmp_path, place):
    rows = [with_village(place), with_household(place), building(place)]
    counts = bring(tmp_path / "1", pairings=rows).counts["pairings"]
    assert (counts["new"], counts["refused"]) == (3, 0)
    found = {p.kind: p for p in Pairing.rows.all()}
    assert found["unit_village"].organization == place.branch
    assert (found["cadre_household"].member, found["cadre_household"].number) == (place.one, 7)
    assert (found["organization_organization"].organization, found["organization_organization"].helper) == (
        place.branch,
        place.other,
    )
    counts = bring(tmp_path / "2", pairings=rows).counts["pairings"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 3)
    # As an export writes it: the village's organization is named.
    given = with_village(place, organization=place.branch.code)
    assert bring(tmp_path / "3", pairings=[given]).counts["pairings"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("made", "given", "problem"),
    [
        (with_village, {"unit": ""}, ("kind", "pairing.sides")),
        (with_village, {"village": ""}, ("kind", "pairing.sides")),
        (with_village, {"number": "3"}, ("kind", "pairing.sides")),
        (with_village, {"village": "organ"}, ("village", "pairing.village")),
        (with_village, {"village": "unseen"}, ("village", "unit.unoverseen")),
        (with_village, {"organization": "other"}, ("organization", "pairing.overseer")),
        (with_village, {"organization": "没有"}, ("organization", "reference.unknown")),
        (with_household, {"member": ""}, ("kind", "pairing.sides")),
        (with_household, {"number": ""}, ("kind", "pairing.sides")),
        (with_household, {"number": "0"}, ("kind", "pairing.sides")),
        (building, {"helper": ""}, ("kind", "pairing.sides")),
        (building, {"organization": ""}, ("kind", "pairing.sides")),
        (building, {"helper": "branch"}, ("kind", "pairing.sides")),
        (building, {"village": "village"}, ("kind", "pairing.sides")),
        (building, {"to": "2013-12-31"}, ("to", "dates.reversed")),
    ],
)
def test_pairing_is_refused(tmp_path, place, made, given, problem):
    known = codes(place) | {"other": place.other.code, "branch": place.branch.code}
    given = {name: known.get(value, value) for name, value in given.items()}
    assert refusals(bring(tmp_path, pairings=[made(place, **given)])) == [(2, *problem)]
    assert not Pairing.rows.exists()


@pytest.mark.parametrize(
    ("made", "given", "code"),
    [
        (with_village, {}, "pairing.repeated"),
        (with_household, {"member": NUMBERS[1]}, "pairing.number"),
        (building, {}, "pairing.repeated"),
        (building, {"organization": "other", "helper": "branch"}, "pairing.repeated"),
    ],
)
def test_pairing_listed_twice_is_refused_from_whichever_side(tmp_path, place, made, given, code):
    sides = {"other": place.other.code, "branch": place.branch.code}
    given = {name: sides.get(value, value) for name, value in given.items()}
    first, again = made(place), made(place, "X2", **given, **{"from": "2015-01-01"})
    assert refusals(bring(tmp_path / "1", pairings=[first, again])) == [(3, "from", code)]
    assert bring(tmp_path / "2", pairings=[first]).problems == []
    assert refusals(bring(tmp_path / "3", pairings=[again])) == [(2, "from", code)]
    ended = first | {"to": "2014-12-31"}
    assert bring(tmp_path / "4", pairings=[ended, again]).problems == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.rows.filter(ref="X2").update(during=days(date(2014, 12, 31), None))


def test_household_number_is_valid_in_one_village(tmp_path, place):
    rows = [with_household(place), with_household(place, "H2", village=place.second.code)]
    assert bring(tmp_path, pairings=rows).problems == []


def test_database_refuses_a_pairing_without_its_sides(place):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.rows.create(
            ref="P1", kind="unit_village", organization=place.branch, during=days(date(2014, 1, 1), None)
        )


def partner(place, ref="J1", **given):
    row = {"ref": ref, "village": place.village.code, "partner": "0042", "from": "2014-01-01"}
    return row | given


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"partner": "某部队"}, ("partner", "partner.serial")),
        ({"partner": ""}, ("partner", "value.required")),
        ({"village": "organ"}, ("village", "pairing.village")),
    ],
)
def test_partner_is_a_serial_number_only(tmp_path, place, given, problem):
    given = {name: codes(place).get(value, value) for name, value in given.items()}
    assert refusals(bring(tmp_path, partner_pairings=[partner(place, **given)])) == [(2, *problem)]
    assert not PartnerPairing.rows.exists()


def test_partner_pairing_is_taken_once(tmp_path, place):
    rows = [partner(place), partner(place, "J2")]
    assert refusals(bring(tmp_path / "1", partner_pairings=rows)) == [(3, "from", "pairing.repeated")]
    assert bring(tmp_path / "2", partner_pairings=rows[:1]).counts["partner_pairings"]["new"] == 1
    assert bring(tmp_path / "3", partner_pairings=rows[:1]).counts["partner_pairings"]["unchanged"] == 1
    assert PartnerPairing.rows.get().organization == place.branch


def participation(place, ref="C1", **given):
    return {
        "ref": ref,
        "member": NUMBERS[0],
        "village": place.village.code,
        "first_on": "2013-04-01",
        "last_on": "2013-04-03",
    } | given


def test_participation_keeps_the_branch_of_its_first_day(tmp_path, place):
    Membership.rows.filter(member=place.one).update(during=DateRange(date(2012, 7, 1), date(2013, 4, 1)))
    Membership.rows.create(
        member=place.one,
        branch=place.other,
        during=DateRange(date(2013, 4, 1), None),
    )
    before = participation(place, "C2", first_on="2013-03-31", village="")
    counts = bring(tmp_path / "1", participations=[participation(place), before]).counts["participations"]
    assert (counts["new"], counts["refused"]) == (2, 0)
    assert (Participation.rows.get(ref="C1").branch, Participation.rows.get(ref="C1").organization) == (
        place.other,
        place.branch,
    )
    assert (Participation.rows.get(ref="C2").branch, Participation.rows.get(ref="C2").organization) == (
        place.branch,
        None,
    )
    counts = bring(tmp_path / "2", participations=[participation(place)]).counts["participations"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 1)
    counts = bring(tmp_path / "3", participations=[participation(place, last_on="2013-04-04")])
    assert counts.counts["participations"]["changed"] == 1


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"last_on": "2013-03-31"}, ("last_on", "dates.reversed")),
        ({"first_on": "2012-06-30"}, ("first_on", "participation.branch")),
        ({"village": "organ"}, ("village", "participation.village")),
        ({"village": "unseen"}, ("village", "unit.unoverseen")),
        ({"campaign": "没有"}, ("campaign", "reference.unknown")),
        ({"campaign": "HALLS"}, ("campaign", "participation.campaign")),
        ({"campaign": "CAMPAIGN-1000", "first_on": "2013-03-31"}, ("first_on", "participation.outside")),
        ({"campaign": "CAMPAIGN-1000", "last_on": "2016-04-01"}, ("first_on", "participation.outside")),
    ],
)
def test_participation_is_refused(tmp_path, place, given, problem):
    make_campaign(place.province)
    Programme.rows.create(
        ref="HALLS",
        organization=place.province,
        kind="hall_upgrade",
        name="村部",
        planned_first=date(2013, 3, 1),
    )
    given = {name: codes(place).get(value, value) for name, value in given.items()}
    assert refusals(bring(tmp_path, participations=[participation(place, **given)])) == [(2, *problem)]
    assert not Participation.rows.exists()


def test_participation_fills_its_campaign_from_the_first_day_to_the_last(tmp_path, place):
    make_campaign(place.province)
    row = participation(place, campaign="CAMPAIGN-1000", last_on="2016-03-31")
    assert bring(tmp_path / "1", participations=[row]).problems == []
    make_campaign(place.province, "OPEN", last=None)
    row = participation(place, "C2", campaign="OPEN", first_on="2020-01-01", last_on="2020-01-01")
    assert bring(tmp_path / "2", participations=[row]).problems == []


def test_participation_of_the_same_first_day_is_refused(tmp_path, place):
    rows = [participation(place), participation(place, "C2", village="")]
    assert refusals(bring(tmp_path / "1", participations=rows)) == [(3, "ref", "record.repeated")]
    bring(tmp_path / "2", participations=rows[:1])
    assert refusals(bring(tmp_path / "3", participations=rows[1:])) == [(2, "ref", "record.repeated")]


def test_row_is_brought_from_either_side_and_from_nowhere_else(tmp_path, place):
    elsewhere = make_organization(place.province, region_code="220184")
    helper = make_branch(elsewhere)
    actor = Actor(name="甲", user_id=5, reach=Reach({Can.IMPORT.code: (elsewhere.key,)}))
    outcome = bring(tmp_path / "1", actor=actor, pairings=[building(place)])
    assert refusals(outcome) == [(2, "", "row.refused")]
    assert bring(tmp_path / "2", actor=actor, pairings=[building(place, helper=helper.code)]).problems == []
    assert Organization.rows.get(pk=overseer_id(Unit.objects.get(pk=place.village.pk))) == place.branch
