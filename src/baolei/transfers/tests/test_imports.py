"""Sheets of transfers and pocket members' cases: taken, repeated, changed, refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baolei.kernel.access import Actor, Reach
from baolei.kernel.models import BatchRow
from baolei.kernel.secrets import sealer
from baolei.kernel.tests.packages import bring, refusals
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Place
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.transfers.access import Can
from baolei.transfers.models import PocketCase, Transfer
from baolei.transfers.tests.factories import make_case, make_transfer

pytestmark = pytest.mark.django_db

NUMBER = make_id_number(serial=7)


@pytest.fixture
def county():
    return make_organization(make_organization(region_code="220000"), region_code="222404")


@pytest.fixture
def branches(county):
    """Branches of two basic committees."""
    return [make_branch(make_organization(county, kind=Kind.BASIC_COMMITTEE)) for _ in range(2)]


@pytest.fixture(autouse=True)
def member(branches):
    return MemberFactory(branch=branches[1], id_hash=sealer().hash_id(NUMBER))


def transfer(branches, ref="T1", **given):
    row = {"ref": ref, "member": NUMBER, "kind": "inside", "via_platform": "是"}
    row |= {"sender": branches[0].code, "receiver": branches[1].code}
    return row | {"asked_on": "2016-05-20", "state": "accepted", "accepted_on": "2016-06-01"} | given


def case(branch, ref="P1", **given):
    row = {"ref": ref, "member": NUMBER, "organization": branch.code, "found_on": "2016-05-20"}
    return row | {"closed_on": "2016-06-01", "outcome": "reported"} | given


def test_transfer_is_taken_once_and_changed_by_its_ref(tmp_path, branches, member):
    asked = transfer(branches, state="已提出", accepted_on="")
    counts = bring(tmp_path / "1", transfers=[asked]).counts["transfers"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (1, 0, 0)
    counts = bring(tmp_path / "2", transfers=[asked]).counts["transfers"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 1)
    counts = bring(tmp_path / "3", transfers=[transfer(branches)]).counts["transfers"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 1, 0)
    found = Transfer.rows.get()
    assert (found.member, found.sender, found.receiver) == (member, *branches)
    assert (found.state, found.accepted_on, found.via_platform) == ("accepted", date(2016, 6, 1), True)
    assert BatchRow.objects.get(before__isnull=False).before["state"] == "asked"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"accepted_on": "2016-05-19"}, ("accepted_on", "transfer.early")),
        ({"accepted_on": ""}, ("accepted_on", "transfer.accepted")),
        ({"state": "released"}, ("accepted_on", "transfer.accepted")),
        ({"outside": "230000"}, ("kind", "transfer.ends")),
        ({"kind": "arriving"}, ("kind", "transfer.ends")),
        ({"receiver": ""}, ("kind", "transfer.ends")),
        ({"sender": "没有"}, ("sender", "reference.unknown")),
        ({"via_platform": "也许"}, ("via_platform", "code.unknown")),
        ({"member": make_id_number(serial=8)}, ("member", "person.unknown")),
    ],
)
def test_transfer_is_refused(tmp_path, branches, given, problem):
    outcome = bring(tmp_path, transfers=[transfer(branches, **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not Transfer.rows.exists()


def test_only_branches_of_two_basic_committees_are_ends(tmp_path, branches):
    here, there = branches
    beside = make_branch(here.parent)
    rows = [
        transfer(branches, ref="T1", receiver=here.code),
        transfer(branches, ref="T2", sender=here.parent.code),
        transfer(branches, ref="T3", receiver=there.parent.code),
        transfer(branches, ref="T4", receiver=beside.code),
    ]
    assert refusals(bring(tmp_path, transfers=rows)) == [
        (2, "receiver", "transfer.same"),
        (3, "sender", "transfer.branch"),
        (4, "receiver", "transfer.branch"),
        (5, "receiver", "transfer.internal"),
    ]


def test_a_branch_that_came_below_the_same_committee_later_was_another_end(tmp_path, branches):
    here, there = branches
    beside = make_branch(here.parent)
    Place.objects.filter(organization=beside).update(during=(date(2016, 7, 1), None))
    Place.objects.create(
        organization=beside,
        parent=there.parent,
        key=f"{there.parent.key}zzz",
        during=(date(2012, 1, 1), date(2016, 7, 1)),
    )
    assert bring(tmp_path / "1", transfers=[transfer(branches, receiver=beside.code)]).problems == []
    later = {"asked_on": "2016-07-02", "accepted_on": "2016-07-09"}
    outcome = bring(tmp_path / "2", transfers=[transfer(branches, "T2", receiver=beside.code, **later)])
    assert refusals(outcome) == [(2, "receiver", "transfer.internal")]


def test_transfer_over_the_border_of_the_province_names_the_other_one(tmp_path, branches):
    arriving = {"kind": "arriving", "sender": "", "outside": "230000"}
    leaving = {"kind": "leaving", "receiver": "", "outside": "110000", "state": "asked", "accepted_on": ""}
    rows = [transfer(branches, "T1", **arriving), transfer(branches, "T2", **leaving)]
    assert bring(tmp_path / "1", transfers=rows).problems == []
    ends = Transfer.rows.order_by("ref").values_list("sender", "receiver", "outside")
    assert list(ends) == [(None, branches[1].pk, "230000"), (branches[0].pk, None, "110000")]
    outcome = bring(tmp_path / "2", transfers=[transfer(branches, "T3", kind="leaving", receiver="")])
    assert refusals(outcome) == [(2, "kind", "transfer.ends")]


def test_either_end_may_bring_a_transfer_and_nobody_else(tmp_path, branches, county):
    rows = [transfer(branches)]
    receiver = Actor(name="甲", user_id=5, reach=Reach({Can.IMPORT.code: (branches[1].key,)}))
    assert bring(tmp_path / "1", actor=receiver, transfers=rows).problems == []
    elsewhere = Actor(name="乙", user_id=6, reach=Reach({Can.IMPORT.code: (make_branch(county).key,)}))
    outcome = bring(tmp_path / "2", actor=elsewhere, transfers=rows)
    assert {code for _row, _column, code in refusals(outcome)} == {"row.refused"}


def test_case_is_taken_once_and_closed_by_its_ref(tmp_path, branches, member):
    found = case(branches[1], closed_on="", outcome="")
    assert bring(tmp_path / "1", pocket_cases=[found]).counts["pocket_cases"]["new"] == 1
    assert bring(tmp_path / "2", pocket_cases=[found]).counts["pocket_cases"]["unchanged"] == 1
    assert bring(tmp_path / "3", pocket_cases=[case(branches[1])]).counts["pocket_cases"]["changed"] == 1
    made = PocketCase.rows.get()
    assert (made.member, made.outcome, made.closed_on) == (member, "reported", date(2016, 6, 1))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"closed_on": "2016-05-19"}, ("closed_on", "pocket.early")),
        ({"closed_on": ""}, ("outcome", "pocket.outcome")),
        ({"outcome": ""}, ("outcome", "pocket.outcome")),
        ({"outcome": "lost"}, ("outcome", "code.unknown")),
        ({"organization": ""}, ("organization", "value.required")),
    ],
)
def test_case_is_refused(tmp_path, branches, given, problem):
    outcome = bring(tmp_path, pocket_cases=[case(branches[1], **given)])
    assert refusals(outcome) == [(2, *problem)]
    assert not PocketCase.rows.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"accepted_on": None},
        {"accepted_on": date(2009, 12, 31)},
        {"state": "refused"},
        {"outside": "230000"},
        {"kind": "leaving"},
    ],
)
def test_the_database_keeps_transfers_sound(branches, change):
    made = make_transfer(*branches)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.rows.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_transfer(branches[0], branches[0])


@pytest.mark.parametrize("change", [{"closed_on": None}, {"closed_on": date(2009, 12, 31)}, {"outcome": ""}])
def test_the_database_keeps_cases_sound(branches, change):
    made = make_case(branches[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        PocketCase.rows.filter(pk=made.pk).update(**change)
