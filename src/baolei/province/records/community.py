"""The service platform's desks and what they handled; members in service checked in with communities.

On 2016-12-31: 76 % of the communities have a desk, of none in 2012; 302,000 members in service in organs have served
in a community, with a record that it confirmed by then.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from baolei.province import divisions, scenario
from baolei.province.divisions import Domain
from baolei.province.organizations import day
from baolei.province.records import Person, World

FILES = {
    "checkins": (
        "社区报到",
        "ref:编号 member:公民身份号码 unit:社区代码 work_unit:工作单位代码 from:起 to:止",
    ),
    "services": (
        "社区服务",
        "ref:编号 member:公民身份号码 unit:社区代码 kind:服务类别 served_on:服务日期 confirmed_on:社区确认日期",
    ),
    "needs": ("群众需求办理", "ref:编号 desk:服务窗口编号 handled_on:办理日期"),
}
REFS = {"needs": ("desk",)}

COVERED = 0.76
"""Share of the communities with a desk on 2016-12-31."""
COVERED_LATER = 0.92
"""Share of the others that get one from 2017 to 2021."""
VOLUNTEERS = 302_000
LATE_CONFIRMED = 3_000
"""Members whose only service by the end of 2016 was confirmed in January 2017."""
LATER_VOLUNTEERS = 25_000
"""Members in service in organs who begin after 2016."""
OTHERS = 12_000
"""Members in service in schools, hospitals and firms who serve, too."""
AGAIN = 0.28
"""Share of them who have a second service, some day later."""

_KINDS = ("care", "teaching", "safety", "environment", "mediation", "culture")
_FIRST, _AFTER = day(2012, 3, 1), day(2017, 1, 1)
_RETIRED, _RETIRED_EARLY = 21_915, 20_090
"""Age in days on retiring: 60 years; 55 for most women."""
_LEAST = 60
"""Days that somebody is in service in one branch, at least, to be checked in."""


class Stay(NamedTuple):
    """A person in service in a unit from `first` to before `until`, as ordinals, cut to a period by `last`."""

    identity: str
    first: int
    last: int
    until: int
    unit: str


def rows(world: World) -> Iterator[tuple[str, str]]:
    yield from _desks(world)
    near = _near(world.domain)
    if near:
        yield from _serving(world, near)


@cache
def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@cache
def _number_of_communities() -> int:
    return sum(len(_own(domain)) for domain in divisions.domains())


def _own(domain: Domain) -> list[str]:
    return [village.code for town in domain.towns for village in town.villages if village.kind == "community"]


@cache
def _near(domain: Domain) -> list[str]:
    """Codes of the communities that the domain's members go to: its own, those of its prefecture, the capital's."""
    prefecture = "2201" if domain.level == "province" else domain.code[:4]
    return _own(domain) or [
        code
        for other in divisions.domains()
        if other.code.startswith(prefecture) and other.level == "county"
        for code in _own(other)
    ]


def _desks(world: World) -> Iterator[tuple[str, str]]:
    units, draw, today = world.units("community"), world.chance("desks").random, world.today.toordinal()
    number = world.part(round(COVERED * _number_of_communities()), "communities")
    covered = {unit.code for unit in world.picked(units, number, "covered")}
    begin, end = day(2013, 3, 4), day(2016, 12, 20)
    for unit in units:
        luck = draw()
        if unit.code in covered:
            first = begin + int(luck**0.7 * (end - begin))
        elif luck < COVERED_LATER:
            first = _AFTER + 8 + int(luck * 1_700)
        else:
            continue
        spans = [(first, 0)]
        moved = first + 400 + int(draw() * 600)
        if draw() < 0.06 and moved < today:
            spans = [(first, moved), (moved + 1, 0)]
        elif draw() < 0.05 and moved < today:
            spans.append((moved, 0))
        for order, (start, last) in enumerate(spans, 1):
            ref = f"{unit.code}-D{order}"
            yield (
                "facilities",
                f"{ref},{unit.code},desk,{unit.name}服务窗口,,{_iso(start)},{_iso(last) if last else ''}",
            )
            yield from _needs(ref, start, min(last or today, today), draw)


def _needs(desk: str, first: int, last: int, draw) -> Iterator[tuple[str, str]]:
    """One at least in 90 days, until the desk falls silent; one in twenty does."""
    if draw() < 0.05:
        last = first + int(draw() * (last - first))
    on, number = first + 3 + int(draw() * 30), 0
    while on <= last:
        number += 1
        yield "needs", f"{desk}-{number},{desk},{_iso(on)}"
        on += 60 + int(draw() * 28)


def _branches(world: World) -> tuple[dict[str, str], dict[str, str]]:
    """Branch -> unit: branches of organs, and those of schools, hospitals and firms."""
    organs, others = {}, {}
    kinds = {unit.code: unit.kind for kind in ("organ", *_OTHER_KINDS) for unit in world.units(kind)}
    for branch in world.plan.branches:
        kind = kinds.get(branch.unit)
        if kind in _OTHER_KINDS and scenario.SECTORS[branch.sector].retires:
            others[branch.organization.code] = branch.unit
        elif kind == "organ":
            organs[branch.organization.code] = branch.unit
    return organs, others


_OTHER_KINDS = ("school", "institution", "state_enterprise")


def _stays(people: Iterable[Person], branches: dict[str, str], first: int, after: int) -> list[Stay]:
    """Everybody's first long enough stay in one of the branches from `first` to before `after`."""
    found = []
    for person in people:
        for branch, since, left in person.spells:
            unit = branches.get(branch)
            if unit is None:
                continue
            until = person.birth + _RETIRED
            if person.occupation == "retired" and person.identity[16] in "02468":
                until = person.birth + _RETIRED_EARLY
            until = left if left and left < until else until
            start, last = max(since, first), min(until, after)
            if last - start >= _LEAST:
                found.append(Stay(person.identity, start, last, until, unit))
                break
    return found


def _serving(world: World, near: list[str]) -> Iterator[tuple[str, str]]:
    organs, others = _branches(world)
    book, today = _Book(world, near), world.today.toordinal()
    pool = _stays(world.people, organs, _FIRST, _AFTER)
    number = world.part(VOLUNTEERS, "organs")
    chosen = world.picked(pool, number, "volunteers")
    taken = {stay.identity for stay in chosen}
    if len(chosen) < number:
        # Some seeds leave a domain too few: others, lent to an organ in those days, make the number up.
        lent = _stays(_without(taken, world.people), others, _FIRST, _AFTER)
        units = sorted(set(organs.values()))
        chosen += [
            stay._replace(unit=units[order % len(units)])
            for order, stay in enumerate(world.picked(lent, number - len(chosen), "lent"))
        ]
        taken = {stay.identity for stay in chosen}
    for stay in chosen:
        yield from book.serve(stay)
    late = [s for s in pool if s.identity not in taken and s.first < _AFTER - 60 and s.until > _AFTER + 40]
    for stay in world.picked(late, world.part(LATE_CONFIRMED, "organs"), "late"):
        yield from book.serve_late(stay)
        taken.add(stay.identity)
    for branches, first, total, of, name in (
        (organs, _AFTER + 30, LATER_VOLUNTEERS, "organs", "later"),
        (others, _FIRST, OTHERS, "members", "other-units"),
    ):
        stays = _stays(_without(taken, world.people), branches, first, today)
        for stay in world.picked(stays, world.part(total, of), name):
            yield from book.serve(stay)
            taken.add(stay.identity)


def _without(taken: set[str], people: Iterable[Person]) -> Iterator[Person]:
    return (person for person in people if person.identity not in taken)


class _Book:
    """Writes check-ins and services of one domain, numbered; each unit has a community of its own to go to."""

    def __init__(self, world: World, near: list[str]) -> None:
        self.code, self.near, self.today = world.domain.code, near, world.today.toordinal()
        self.draw = world.chance("community-services").random
        self.community: dict[str, str] = {}
        self.checkins = self.services = 0

    def serve(self, stay: Stay) -> Iterator[tuple[str, str]]:
        """Checked in during the stay, served and confirmed before its `last` day; some serve again."""
        draw = self.draw
        since = stay.first + int(draw() * (stay.last - stay.first - 45))
        served = since + int(draw() * min(stay.last - 21 - since, 240))
        yield self.check_in(stay, since)
        yield self.service(stay, served, served + int(draw() * 20))
        if draw() < AGAIN:
            again = served + 20 + int(draw() * (min(stay.until, self.today + 1) - served - 20))
            if served < again < min(stay.until, self.today + 1):
                yield self.service(stay, again, again + int(draw() * 20))

    def serve_late(self, stay: Stay) -> Iterator[tuple[str, str]]:
        yield self.check_in(stay, _AFTER - 45)
        yield self.service(stay, _AFTER - 1 - int(self.draw() * 20), _AFTER + 2 + int(self.draw() * 25))

    def check_in(self, stay: Stay, since: int) -> tuple[str, str]:
        self.checkins += 1
        last = _iso(stay.until - 1) if stay.until <= self.today else ""
        line = f"{self.place(stay)},{stay.unit},{_iso(since)},{last}"
        return "checkins", f"{self.code}-C{self.checkins},{stay.identity},{line}"

    def service(self, stay: Stay, on: int, confirmed: int) -> tuple[str, str]:
        self.services += 1
        kind = _KINDS[int(self.draw() * len(_KINDS))]
        line = f"{self.place(stay)},{kind},{_iso(on)},{_iso(confirmed) if confirmed <= self.today else ''}"
        return "services", f"{self.code}-V{self.services},{stay.identity},{line}"

    def place(self, stay: Stay) -> str:
        if stay.unit not in self.community:
            self.community[stay.unit] = self.near[int(self.draw() * len(self.near))]
        return self.community[stay.unit]
