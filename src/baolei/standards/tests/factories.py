"""Readings, facilities and marks for tests: the smallest valid rows, overseen as their unit is."""

from datetime import date
from itertools import count

from baolei.kernel.spells import days
from baolei.organizations.models import Unit, UnitOverseer
from baolei.standards.models import Facility, Mark, Measure, Reading

_numbers = count(1)


def overseer_id(unit: Unit) -> int:
    """The organization that oversees the unit."""
    return UnitOverseer.rows.get(unit=unit, during__upper_inf=True).organization_id


def make_reading(
    unit: Unit, measure: str = Measure.OPERATING_INCOME, value=50_000, year: int = 2016
) -> Reading:
    return Reading.rows.create(
        ref=f"R{next(_numbers)}",
        organization_id=overseer_id(unit),
        unit=unit,
        measure=measure,
        year=year,
        value=value,
        source="试验",
    )


def make_facility(
    unit: Unit,
    kind: str = Facility.Kind.HALL,
    *,
    area=None,
    first: date = date(2012, 1, 1),
    last: date | None = None,
) -> Facility:
    return Facility.rows.create(
        ref=f"F{next(_numbers)}",
        organization_id=overseer_id(unit),
        unit=unit,
        kind=kind,
        name="试验场所",
        area=area,
        during=days(first, last),
    )


def make_mark(
    unit: Unit,
    kind: str = Mark.Kind.POOR_VILLAGE,
    *,
    first: date = date(2012, 1, 1),
    last: date | None = None,
) -> Mark:
    return Mark.rows.create(
        ref=f"M{next(_numbers)}",
        organization_id=overseer_id(unit),
        unit=unit,
        kind=kind,
        document="试验〔2012〕1号",
        during=days(first, last),
    )
