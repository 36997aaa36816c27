"""Debriefs and appraisals for tests."""

from datetime import date
from itertools import count

from baolei.kernel.records import made_here
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.models import Organization
from baolei.reviews.models import Appraisal, Debrief, Finding, Round

_numbers = count(1)


def make_debrief(organization: Organization, year: int = 2016, closed_on: date | None = None) -> Debrief:
    return Debrief.rows.create(
        ref=f"D{next(_numbers)}",
        organization=organization,
        superior=organization.parent,
        year=year,
        state="closed" if closed_on else "reported",
        closed_on=closed_on,
    )


def make_appraisal(
    organization: Organization, due: int, found: int, *, year: int = 2016, held_on: date = date(2016, 12, 15)
) -> Appraisal:
    return Appraisal.rows.create(
        ref=f"A{next(_numbers)}",
        organization=organization,
        year=year,
        held_on=held_on,
        due=due,
        found=found,
    )


def make_reported(
    branch: Organization, *, excellent: int = 1, graded: int = 3, ungraded: int = 0, year: int = 2026, **given
) -> Round:
    """A round that waits to be closed: so many graded members, the first of them excellent, some without a grade."""
    day, number = date(year, 11, 10), graded + ungraded
    counted = dict.fromkeys(("should_attend", "present", "issued", "returned", "valid"), number)
    made = Round.rows.create(
        **made_here(),
        organization=branch,
        year=year,
        state="reported",
        **dict.fromkeys(("held_on", "told_on", "reported_on"), day),
        **counted,
        **given,
    )
    for at in range(number):
        grade = "excellent" if at < excellent else "qualified" if at < graded else ""
        Finding.rows.create(
            round=made, organization=branch, member=MemberFactory(branch=branch), part="graded", grade=grade
        )
    return made
