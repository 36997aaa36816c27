"""Milestones and those who took them up, for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.honours.models import Adoption, Milestone
from baolei.organizations.models import Organization

_numbers = count(1)


def make_milestone(organization: Organization, *, on: date = date(2014, 7, 10)) -> Milestone:
    return Milestone.rows.create(
        ref=f"S{next(_numbers)}", organization=organization, reached_on=on, title="试验经验", document="1号"
    )


def make_adoption(milestone: Milestone, organization: Organization) -> Adoption:
    return Adoption.rows.create(
        ref=f"A{next(_numbers)}",
        milestone=milestone,
        organization=organization,
        adopted_on=milestone.reached_on,
    )
