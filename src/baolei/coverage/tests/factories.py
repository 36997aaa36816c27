"""Counts, demonstration posts and founding kits for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.coverage.models import GIFTS, DemonstrationPost, EnterpriseCount, FoundingKit
from baolei.kernel.spells import days
from baolei.organizations.models import Organization, Unit, UnitOverseer

_numbers = count(1)


def make_count(
    organization: Organization,
    *,
    year: int = 2016,
    sector: str = "private",
    size: str = "small_micro",
    **numbers: int,
) -> EnterpriseCount:
    """A count at the end of a year; numbers not given are 0."""
    parts = dict.fromkeys(("operating", "alone", "joint", "work_only", "due"), 0) | numbers
    return EnterpriseCount.rows.create(
        ref=f"C{next(_numbers)}",
        organization=organization,
        as_of=date(year, 12, 31),
        sector=sector,
        size=size,
        **parts,
    )


def make_post(
    unit: Unit, kind: str = DemonstrationPost.Kind.POST, *, first=date(2013, 1, 1), last: date | None = None
) -> DemonstrationPost:
    return DemonstrationPost.rows.create(
        ref=f"D{next(_numbers)}",
        organization_id=UnitOverseer.rows.filter(unit=unit).latest("pk").organization_id,
        unit=unit,
        kind=kind,
        name="质量检验党员示范岗",
        during=days(first, last),
    )


def make_kit(organization: Organization, *, confirmed_on: date | None, **gifts: bool) -> FoundingKit:
    """A kit with every gift but those said otherwise."""
    return FoundingKit.rows.create(
        ref=f"K{next(_numbers)}",
        organization=organization,
        confirmed_on=confirmed_on,
        **dict.fromkeys(GIFTS, True) | gifts,
    )
