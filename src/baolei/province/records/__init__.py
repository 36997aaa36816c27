"""The records of the areas: one module for each, written domain by domain in the worker processes.

A module has `FILES` (table -> title and fields, as the area's sheets name them; the first is `ref`), `REFS` (table ->
fields that name other records by their ref) and `rows(world)`, which yields (table, line without its end). Totals of the province are cut to domains by `World.part`, exactly, so that the
article's figures hold on the article's days at every seed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import NamedTuple

from baolei.kernel.demo import MARK
from baolei.province import divisions, scenario
from baolei.province.divisions import Domain
from baolei.province.organizations import Organization, Plan

AREAS = (
    *("standards", "posts", "projects", "assistance", "meetings", "training", "transfers", "coverage"),
    *("community", "inspections", "reviews", "honours"),
)

TRUTH = "truth"
"""Table that is no part of the package: ref, truth (1 or 0) and story of what is planted."""


@cache
def modules() -> tuple[ModuleType, ...]:
    names = (f"baolei.province.records.{area}" for area in AREAS)
    return tuple(import_module(name) for name in names if find_spec(name))


@cache
def files() -> dict[str, tuple[str, str]]:
    """Table -> title and fields of every area, in the order of writing."""
    return {table: about for module in modules() for table, about in module.FILES.items()}


class Unit(NamedTuple):
    """A unit as in units.csv; `opened` is an ordinal."""

    code: str
    name: str
    kind: str
    region: str
    organization: str
    opened: int


class Person(NamedTuple):
    """A person who entered the register in this domain; days are ordinals, `left` 0 while in the register.

    `spells`: (branch code, first day, day of leaving) of the earlier branches, then the last branch with 0 or
    the day of leaving the register. `sector` and `unit` are those of the last branch.
    """

    identity: str
    birth: int
    sector: str
    occupation: str
    unit: str
    joined: int
    left: int
    spells: tuple[tuple[str, int, int], ...]

    def branch_on(self, on: int) -> str:
        """Code of the branch on a day; empty outside the register."""
        return next((b for b, first, until in self.spells if first <= on and (not until or on < until)), "")


@dataclass
class World:
    """One domain as its records see it. `leads` is true for the first domain of the scale, which also writes
    what hangs at the province's committee."""

    domain: Domain
    seed: int
    today: date
    plan: Plan
    leads: bool
    people: list[Person]

    def chance(self, name: str) -> random.Random:
        """Random numbers of one table, the same for the same seed."""
        return random.Random(f"{self.seed}:{self.domain.code}:{name}")

    @cached_property
    def _units(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.plan.units:
            found.setdefault(unit[2], []).append(Unit(*unit))
        return found

    def units(self, *kinds: str) -> list[Unit]:
        """The domain's units of some kinds, in the order of their making."""
        return [unit for kind in kinds for unit in self._units.get(kind, ())]

    @cached_property
    def organizations(self) -> dict[str, Organization]:
        """The domain's organizations by code."""
        return {organization.code: organization for organization in self.plan.organizations}

    @cached_property
    def roster(self) -> dict[str, list[tuple[int, int, Person]]]:
        """Who stood in each of the domain's branches: (first day, day of leaving or 0, person), by branch code."""
        found: dict[str, list[tuple[int, int, Person]]] = {
            b.organization.code: [] for b in self.plan.branches
        }
        for person in self.people:
            for branch, first, until in person.spells:
                if branch in found:
                    found[branch].append((first, until, person))
        return found

    @property
    def top(self) -> str:
        """Code of the committee at the top of the domain."""
        return divisions.top_code(self.domain.code)

    @property
    def province(self) -> str:
        """Code of the province's committee, which every scale has."""
        return divisions.top_code(divisions.PROVINCE)

    @property
    def years(self) -> range:
        """The calendar years from 2012 to the last that has ended on the package's day."""
        ended = (self.today.month, self.today.day) == (12, 31)
        return range(scenario.FIRST_YEAR, self.today.year + ended)

    def part(self, total: int, of: str) -> int:
        """This domain's share of a total of the whole province, by the weight `of`; shares add up exactly."""
        return part(total, self.domain.code, of)

    def picked(self, items: list, number: int, name: str) -> list:
        """`number` of the items (all, if there are fewer), by chance, in their order."""
        if number >= len(items):
            return list(items)
        chosen = set(self.chance(name).sample(range(len(items)), number))
        return [item for at, item in enumerate(items) if at in chosen]


def domain_of(organization: str) -> str:
    """Code of the domain in which an organization was founded."""
    return organization.removeprefix(MARK)[:6]


def part(total: int, code: str, of: str) -> int:
    """A domain's share of a total by weight: villages, communities, townships (streets too), counties, members.

    `organs` are members in service in organs, by estimate; `yanbian` the members of
    that prefecture's domains alone.
    """
    weights = _weights(of)
    whole, before = sum(weights.values()), 0
    for key, weight in weights.items():
        if key == code:
            return round(total * (before + weight) / whole) - round(total * before / whole)
        before += weight
    raise KeyError(code)


@cache
def _weights(of: str) -> dict[str, int]:
    return {domain.code: _weight(domain, of) for domain in divisions.domains()}


def _weight(domain: Domain, of: str) -> int:
    if of == "members":
        return scenario.members_at(domain.code, 2016)
    if of == "yanbian":
        return _weight(domain, "members") * (divisions.YANBIAN in (domain.code, domain.parent))
    if of == "organs":
        others = 50 * _weight(domain, "communities")
        return round((_weight(domain, "members") - others) * (1.6 if domain.level == "prefecture" else 1))
    if of == "counties":
        return int(domain.level == "county" and not domain.zone)
    invented = domain.code in scenario.INVENTED_IN
    if of == "townships":
        return len(domain.towns) + invented
    kinds = [village.kind for town in domain.towns for village in town.villages]
    if of == "villages":
        return kinds.count("village")
    if of == "communities":
        return kinds.count("community")
    raise ValueError(of)


def cut(total: int, weights: list[float]) -> list[int]:
    """A total cut to whole parts by weight; the parts add up exactly."""
    whole, parts, before, given = sum(weights), [], 0.0, 0
    for weight in weights:
        before += weight
        parts.append(round(total * before / whole) - given)
        given += parts[-1]
    return parts


def lines(world: World) -> Iterator[tuple[str, str]]:
    """(table, line) of all areas for one domain; every ref carries the mark of made-up data (G-31)."""
    references = _references()
    for module in modules():
        for table, line in module.rows(world):
            if table in references:
                cells = line.split(",")
                for place in references[table]:
                    cells[place] = cells[place] and MARK + cells[place]
                line = ",".join(cells)
            yield table, MARK + line


@cache
def _references() -> dict[str, tuple[int, ...]]:
    """Table -> places of the fields that name other records by their ref, as the modules' REFS say."""
    found = {}
    for module in modules():
        for table, named in getattr(module, "REFS", {}).items():
            fields = [entry.partition(":")[0] for entry in files()[table][1].split()]
            found[table] = tuple(fields.index(name) for name in named)
    return found


def day(year: int, month: int, number: int) -> str:
    """A day as the files write it."""
    return date(year, month, number).isoformat()
