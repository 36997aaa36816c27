"""Inspections and weak organizations for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.inspections.models import Visit, WeakOrganization
from baolei.organizations.models import Organization

_numbers = count(1)


def make_visit(
    organization: Organization, kind: str = Visit.Kind.DRAGNET, *, on: date = date(2016, 6, 1)
) -> Visit:
    return Visit.rows.create(
        ref=f"V{next(_numbers)}",
        organization=organization,
        kind=kind,
        announced=False,
        visited_on=on,
        plan="试验方案",
    )


def make_weak(
    organization: Organization,
    *,
    first: date = date(2012, 3, 1),
    closed_on: date | None = None,
    closed_in_election: bool = False,
) -> WeakOrganization:
    return WeakOrganization.rows.create(
        ref=f"W{next(_numbers)}",
        organization=organization,
        kind=WeakOrganization.Kind.LAX_04,
        closed_in_election=closed_in_election,
        during=DateRange(first, closed_on),
    )
