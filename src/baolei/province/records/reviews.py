"""Debriefs of the secretaries in the chain from 2014 on, and the branches' yearly appraisals.

Appraisals of every year in Huadian 桦甸, which keeps them since 2012, and in Hunchun; of 2016 and of the last completed
year everywhere.
"""

from collections.abc import Iterator
from datetime import date

from baolei.province import divisions
from baolei.province.organizations import HOLDERS, NEVER
from baolei.province.records import World

FILES = {
    "debriefs": (
        "述职评议",
        "ref:编号 organization:述职的党组织 superior:听取述职的党组织 year:年度 state:状态 closed_on:办结日期",
    ),
    "appraisals": (
        "民主评议",
        "ref:编号 organization:党支部 year:年度 held_on:评议日期 due:应评议党员 found:有评议结果的党员",
    ),
}

HUADIAN = "220282"
FIRST_DEBRIEFS = 2014
CLOSED = 0.985
"""Share of the debriefs of a year that are closed by its end; the others were put on for the next year."""


def rows(world: World) -> Iterator[tuple[str, str]]:
    yield from _debriefs(world)
    yield from _appraisals(world)


def _debriefs(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("debriefs")
    overseers = {unit.organization for unit in world.units("village", "community")}
    for organization in world.plan.organizations:
        in_chain = (
            organization.code in overseers
            or (organization.region and organization.kind in ("township_committee", "work_committee"))
            or (organization.kind == "local_committee" and world.domain.level != "province")
        )
        if not in_chain or not organization.parent:
            continue
        for year in world.years:
            last = date(year, 12, 31).toordinal()
            if year < FIRST_DEBRIEFS or not organization.opened < last - 60 < last < organization.closed:
                continue
            on = date.fromordinal(last - 1 - int(chance.random() * 50))
            state = f"closed,{on}" if chance.random() < CLOSED else "reported,"
            yield (
                "debriefs",
                f"{organization.code}-{year},{organization.code},{organization.parent},{year},{state}",
            )


def _appraisals(world: World) -> Iterator[tuple[str, str]]:
    every_year = world.domain.code in (HUADIAN, divisions.HUNCHUN)
    years = [year for year in world.years if every_year or year in (2016, world.years[-1])]
    branches = {o.code: o for o in world.plan.organizations if o.kind in HOLDERS}
    chance = world.chance("appraisals")
    for year in years:
        last = date(year, 12, 31).toordinal()
        due = dict.fromkeys(
            (c for c, o in branches.items() if o.opened < last - 40 and last < (o.closed or NEVER)), 0
        )
        for person in world.people:
            # A probationary member has joined within the last year.
            if person.joined < last - 366:
                branch = person.branch_on(last - 20)
                if branch in due:
                    due[branch] += 1
        for code, number in due.items():
            if not number:
                continue
            excused = 1 if number > 8 and chance.random() < 0.2 else 0
            on = date.fromordinal(last - int(chance.random() * 20))
            yield (
                "appraisals",
                f"{code}-{year}A,{code},{year},{on},{number - excused},{number - excused}",
            )
