"""Sheets of study campaigns and meetings."""

import pytest

from baolei.kernel.tests.packages import bring, refusals
from baolei.meetings.models import Meeting, StudyCampaign
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_organization(make_organization(region_code="220000"), region_code="222404")


def meeting(holder, **given):
    return {
        "ref": "H1",
        "organization": holder.code,
        "kind": "regular_session",
        "held_on": "2016-05-01",
        "should_attend": "9",
        "present": "9",
    } | given


def campaign(organization, **given):
    span = {"from": "2016-03-01", "to": "2016-12-31"}
    return {"ref": "C1", "organization": organization.code, "name": "学习", "document": "1号"} | span | given


def test_campaign_and_its_session_are_taken_once(tmp_path, county):
    branch = make_branch(county)
    session = meeting(branch, kind="党课", campaign="C1")
    tables = {"study_campaigns": [campaign(county)], "meetings": [session]}
    assert bring(tmp_path / "1", **tables).problems == []
    found = Meeting.rows.get()
    assert (found.kind, found.campaign.ref, str(found.campaign.until)) == ("party_class", "C1", "2016-12-31")
    counts = bring(tmp_path / "2", **tables).counts
    assert {name: made["unchanged"] for name, made in counts.items()} == {"study_campaigns": 1, "meetings": 1}
    counts = bring(tmp_path / "3", meetings=[session | {"present": "7"}]).counts["meetings"]
    assert (counts["changed"], Meeting.rows.get().present) == (1, 7)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"present": "10"}, ("present", "meeting.present")),
        ({"held_on": "2011-12-31"}, ("held_on", "meeting.life")),
        ({"kind": "members_meeting"}, ("kind", "meeting.kind")),
        ({"campaign": "没有"}, ("campaign", "reference.unknown")),
        ({"organization": "没有"}, ("organization", "reference.unknown")),
        ({"should_attend": "-1"}, ("should_attend", "number.negative")),
    ],
)
def test_meeting_is_refused(tmp_path, county, given, problem):
    assert refusals(bring(tmp_path, meetings=[meeting(county, **given)])) == [(2, *problem)]
    assert not Meeting.rows.exists()


def test_branch_holds_no_regular_session(tmp_path, county):
    outcome = bring(tmp_path, meetings=[meeting(make_branch(county))])
    assert refusals(outcome) == [(2, "kind", "meeting.kind")]


def test_session_outside_the_campaign_is_refused(tmp_path, county):
    bring(tmp_path / "1", study_campaigns=[campaign(county)])
    session = meeting(county, kind="party_class", campaign="C1", held_on="2017-01-01")
    assert refusals(bring(tmp_path / "2", meetings=[session])) == [(2, "held_on", "meeting.campaign")]
    assert StudyCampaign.rows.count() == 1


def test_meeting_listed_twice_is_refused(tmp_path, county):
    group = make_organization(county, kind=Kind.PARTY_GROUP)
    outcome = bring(tmp_path, meetings=[meeting(group), meeting(group, ref="H2")])
    assert refusals(outcome) == [(3, "ref", "record.repeated")]
