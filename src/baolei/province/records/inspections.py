"""Inspections of every year and the weak organizations of university departments.

Dragnet visits of all townships, random ones since 2013, pinpoint ones since 2014. The weak departments of the invented
universities fall from 108 in March 2012 to a few at the end of 2016: most are closed in the year of the re-election.
"""

from collections.abc import Iterator
from datetime import date

from baolei.province.organizations import Organization
from baolei.province.records import World

FILES = {
    "inspection_visits": (
        "督查",
        "ref:编号 organization:受检党组织 kind:方式 announced:事先通知 visited_on:检查日期 plan:方案或抽样编号",
    ),
    "weak_organizations": (
        "软弱涣散党组织",
        "ref:编号 organization:党组织 kind:类型代码 from:认定日期 to:销号日期 closed_in_election:换届当年销号",
    ),
}

RANDOM_SINCE, PINPOINT_SINCE = 2013, 2014
RANDOM, PINPOINT = 8, 4
"""Organizations visited in a domain a year."""
WEAK_DEPARTMENTS = 3
"""Of each university, recognized in March 2012."""
IN_ELECTION = 0.92
"""Of them closed in the year of the university's re-election, 2012 to 2016; the others a year or two later."""
_BRANCHES = ("branch", "joint_branch", "general_branch", "basic_committee", "village_committee")


def rows(world: World) -> Iterator[tuple[str, str]]:
    yield from _visits(world)
    yield from _departments(world)
    yield from _villages(world)


def _visits(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("visits")
    all_of = list(world.organizations.values())
    branches = [o for o in all_of if o.kind in _BRANCHES]
    streets = {unit.organization for unit in world.units("township", "street")}
    townships = [o for o in all_of if o.code in streets]
    years = [*world.years]
    if world.today.year not in years:
        years.append(world.today.year)
    for year in years:
        for organization in townships or _some(chance, branches, 6):
            yield from _visit(world, chance, organization, "dragnet", year, 3)
        if year >= RANDOM_SINCE:
            for organization in _some(chance, branches, RANDOM):
                yield from _visit(world, chance, organization, "random", year, 5)
        if year >= PINPOINT_SINCE:
            for organization in _some(chance, branches, PINPOINT):
                yield from _visit(world, chance, organization, "pinpoint", year, 7)


def _some(chance, branches: list[Organization], number: int) -> list[Organization]:
    return chance.sample(branches, min(number, len(branches)))


def _visit(
    world: World, chance, organization: Organization, kind: str, year: int, month: int
) -> Iterator[tuple[str, str]]:
    """One visit, unless the organization was not open or the day has not come."""
    on = date(year, month, 1).toordinal() + int(chance.random() * 120)
    announced = "是" if kind == "dragnet" and chance.random() < 0.5 else "否"
    if organization.opened <= on < organization.closed and on <= world.today.toordinal():
        yield (
            "inspection_visits",
            f"{organization.code}-{kind[0]}{on},{organization.code},{kind},{announced},{date.fromordinal(on)},"
            f"{world.domain.code}-{year}-{kind}",
        )


def _departments(world: World) -> Iterator[tuple[str, str]]:
    """Departments of the invented universities; each university re-elects in one of the years 2012 to 2016."""
    chance = world.chance("weak-departments")
    first = date(2012, 3, 1)
    for number, unit in enumerate(world.units("university")):
        top = world.organizations[unit.organization]
        fitting = [
            o
            for o in top.children
            if o.kind == "general_branch"
            and o.opened < first.toordinal()
            and o.closed > date(2019, 1, 1).toordinal()
        ]
        election = 2012 + number % 5
        for at in sorted(chance.sample(range(len(fitting)), min(WEAK_DEPARTMENTS, len(fitting)))):
            department = fitting[at]
            on_time = chance.random() < IN_ELECTION
            year = election if on_time else election + 1 + int(chance.random() * 2)
            last = date(year, 6 + int(chance.random() * 6), 1 + int(chance.random() * 28))
            kind = f"lax_{1 + int(chance.random() * 10):02}"
            yield (
                "weak_organizations",
                f"{department.code}-W1,{department.code},{kind},{first},{last},{'是' if on_time else '否'}",
            )


def _villages(world: World) -> Iterator[tuple[str, str]]:
    """Two villages of the invented township: no real name is called weak (G-31)."""
    invented = [unit for unit in world.units("village") if unit.region[6:9] == "199"]
    for unit, last in zip(invented[:2], (date(2015, 9, 30), ""), strict=False):
        first = date(2014, 4, 1) if last else date(world.today.year - 1, 4, 1)
        yield (
            "weak_organizations",
            f"{unit.organization}-W1,{unit.organization},lax_04,{first},{last},否",
        )
