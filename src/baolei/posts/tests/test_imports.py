"""Sheets of offices, posts, terms and tenures: taken, repeated, changed, refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baolei.kernel.access import Actor, Reach
from baolei.kernel.models import BatchRow, StaleMark
from baolei.kernel.spells import days
from baolei.kernel.tests.packages import bring, refusals
from baolei.members.tests.factories import make_id_number
from baolei.members.tests.world import make_person
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.posts.access import Can
from baolei.posts.models import PartyOffice, Post, Tenure, Term
from baolei.posts.tests.factories import make_post, make_tenure

pytestmark = pytest.mark.django_db

NUMBER = make_id_number(serial=7)


@pytest.fixture
def town():
    county = make_organization(make_organization(region_code="220000"), region_code="222404")
    return make_unit(make_organization(county, kind=Kind.TOWNSHIP_COMMITTEE), kind=UnitKind.TOWNSHIP)


@pytest.fixture
def branch():
    made = make_branch()
    make_person(made, "林试", id_number=NUMBER)
    return made


def office(town, **given):
    return {"ref": "D1", "unit": town.code, "name": "党建办", "from": "2013-05-01"} | given


def post(organization, **given):
    return {
        "ref": "P1",
        "organization": organization.code,
        "kind": "书记",
        "full_time": "否",
        "from": "2012-07-01",
    } | given


def tenure(**given):
    return {"ref": "T1", "post": "P1", "member": NUMBER, "is_member": "是", "from": "2013-01-01"} | given


def test_tenure_is_taken_once_and_changed_by_its_ref(tmp_path, branch):
    rows = {"posts": [post(branch)], "tenures": [tenure(to="2016-12-31")]}
    counts = bring(tmp_path / "1", **rows).counts["tenures"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (1, 0, 0)
    found = Tenure.rows.get()
    assert (found.member.name, found.organization, found.until) == ("林试", branch, date(2016, 12, 31))
    counts = bring(tmp_path / "2", **rows).counts["tenures"]
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 1)
    StaleMark.objects.all().delete()
    changed = tenure(member="", is_member="否", to="2016-12-31")
    assert bring(tmp_path / "3", tenures=[changed]).counts["tenures"]["changed"] == 1
    assert BatchRow.objects.get(before__isnull=False).before["is_member"] is True
    assert set(StaleMark.objects.values_list("model", flat=True)) == {"posts.Tenure"}
    assert (Tenure.rows.get().member, Tenure.rows.get().is_member) == (None, False)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"post": "P9"}, ("post", "reference.unknown")),
        ({"member": make_id_number(serial=8)}, ("member", "person.unknown")),
        ({"member": ""}, ("is_member", "tenure.member")),
        ({"is_member": "否"}, ("is_member", "tenure.member")),
        ({"is_member": "也许"}, ("is_member", "code.unknown")),
        ({"from": "2012-06-30"}, ("from", "tenure.before")),
        ({"to": "2018-01-01"}, ("to", "tenure.after")),
        ({"to": ""}, ("to", "tenure.after")),
        ({"to": "2012-12-31"}, ("to", "dates.reversed")),
    ],
)
def test_tenure_is_refused(tmp_path, branch, given, problem):
    rows = [tenure(**({"to": "2017-12-31"} | given))]
    outcome = bring(tmp_path, posts=[post(branch, to="2017-12-31")], tenures=rows)
    assert refusals(outcome) == [(2, *problem)]
    assert not Tenure.rows.exists()


def test_a_tenure_may_fill_the_whole_of_its_post(tmp_path, branch):
    spell = {"from": "2012-07-01", "to": "2017-12-31"}
    outcome = bring(tmp_path, posts=[post(branch, **spell)], tenures=[tenure(**spell)])
    assert outcome.problems == []


def test_one_holder_of_a_post_a_day(tmp_path, branch):
    first, second = tenure(to="2015-06-30"), tenure(ref="T2", member="", is_member="否")
    taken = bring(tmp_path / "1", posts=[post(branch)], tenures=[first, second | {"from": "2015-07-01"}])
    assert taken.problems == []
    outcome = bring(tmp_path / "2", tenures=[second | {"from": "2015-06-30"}])
    assert refusals(outcome) == [(2, "from", "record.overlap")]
    held = make_post(branch)
    make_tenure(held, last=date(2014, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_tenure(held, first=date(2014, 1, 1))
    make_tenure(held, first=date(2014, 1, 2))


def test_office_and_its_post_are_taken(tmp_path, town):
    row = office(town, to="2020-12-31")
    here = PartyOffice.rows
    assert bring(tmp_path / "1", party_offices=[row]).problems == []
    made = here.get()
    assert (made.organization.kind, made.until) == (Kind.TOWNSHIP_COMMITTEE, date(2020, 12, 31))
    worker = post(made.organization, kind="党务干部", full_time="是", office="D1", **{"from": "2013-05-01"})
    assert bring(tmp_path / "2", posts=[worker]).problems == []
    assert (Post.rows.get().office, Post.rows.get().full_time) == (made, True)


def test_office_and_post_are_refused(tmp_path, town, branch):
    village = make_unit(branch)
    assert refusals(bring(tmp_path / "1", party_offices=[office(village)])) == [(2, "unit", "office.unit")]
    alone = make_unit(kind=UnitKind.STREET)
    outcome = bring(tmp_path / "2", party_offices=[office(alone)])
    assert refusals(outcome) == [(2, "unit", "office.unoverseen")]
    outcome = bring(tmp_path / "3", party_offices=[office(town), office(town, ref="D2")])
    assert refusals(outcome) == [(3, "from", "record.overlap")]
    assert bring(tmp_path / "4", party_offices=[office(town)]).problems == []
    outcome = bring(tmp_path / "5", posts=[post(branch, office="D1", **{"from": "2014-01-01"})])
    assert refusals(outcome) == [(2, "office", "post.office")]
    early = post(PartyOffice.rows.get().organization, office="D1", **{"from": "2013-04-30"})
    assert refusals(bring(tmp_path / "6", posts=[early])) == [(2, "from", "post.before")]
    assert not Post.rows.exists()


def test_terms_of_a_committee_follow_each_other(tmp_path, town):
    committee = make_organization(kind=Kind.TOWNSHIP_COMMITTEE)
    row = {"organization": committee.code, "elected_on": "2011-06-10"}
    first = row | {"ref": "E1", "from": "2011-06-10", "to": "2016-06-09"}
    second = row | {"ref": "E2", "elected_on": "2016-06-10", "from": "2016-06-10"}
    assert bring(tmp_path / "1", terms=[first, second]).problems == []
    assert Term.rows.get(ref="E1").during == days(date(2011, 6, 10), date(2016, 6, 9))
    outcome = bring(tmp_path / "2", terms=[second | {"elected_on": "2016-06-11"}])
    assert refusals(outcome) == [(2, "from", "term.elected")]
    outcome = bring(tmp_path / "3", terms=[row | {"ref": "E3", "from": "2012-01-01", "to": "2012-12-31"}])
    assert refusals(outcome) == [(2, "from", "record.overlap")]


def test_row_outside_the_reach_gets_the_one_answer(tmp_path, branch):
    bring(tmp_path / "1", posts=[post(branch)])
    elsewhere = make_branch()
    actor = Actor(name="甲", user_id=5, reach=Reach({Can.IMPORT.code: (elsewhere.key,)}))
    for number, rows in enumerate(({"posts": [post(branch, ref="P2")]}, {"tenures": [tenure()]}), 2):
        assert refusals(bring(tmp_path / str(number), actor=actor, **rows)) == [(2, "", "row.refused")]
    assert not Tenure.rows.exists()
