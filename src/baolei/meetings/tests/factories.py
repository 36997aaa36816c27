"""Meetings and study campaigns for tests."""

from datetime import date
from itertools import count

from baolei.kernel.spells import days
from baolei.meetings.models import Meeting, StudyCampaign
from baolei.organizations.models import Organization

_numbers = count(1)


def make_campaign(
    organization: Organization, *, first: date = date(2016, 3, 1), last: date | None = date(2016, 12, 31)
) -> StudyCampaign:
    return StudyCampaign.rows.create(
        ref=f"C{next(_numbers)}",
        organization=organization,
        name="试验学习教育",
        document="试验〔2016〕1号",
        during=days(first, last),
    )


def make_meeting(
    organization: Organization,
    held_on: date,
    kind: str = Meeting.Kind.REGULAR_SESSION,
    *,
    campaign: StudyCampaign | None = None,
) -> Meeting:
    return Meeting.rows.create(
        ref=f"H{next(_numbers)}",
        organization=organization,
        kind=kind,
        held_on=held_on,
        should_attend=9,
        present=8,
        campaign=campaign,
    )
