"""Debriefs and appraisals for tests."""

from datetime import date
from itertools import count

from baolei.organizations.models import Organization
from baolei.reviews.models import Appraisal, Debrief

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
