"""Postings, pairings and participations in assistance.

On 2016-12-31: 1,485 first secretaries, one in each poor village; 100 organ cadres in large private enterprises; some
4,600 units with villages, 38,000 cadres with households; over a million members who took part since 2012; 16,040 organ
cadres of the three-year campaign in weak villages. On 2017-05-23 all 177 villages of the front line have a partner.
"""

from collections.abc import Iterator
from datetime import date

from baolei.province.records import Person, Unit, World
from baolei.province.records.programmes import CAMPAIGN, CAMPAIGN_FIRST, CAMPAIGN_LAST
from baolei.province.records.standards import (
    BORDER_COUNTIES,
    ENTERPRISE_CADRES,
    border_villages,
    large_enterprises,
    poor_villages,
    weak_villages,
)

FILES = {
    "postings": ("选派任职", "ref:编号 member:公民身份号码 kind:类别 unit:任职单位代码 from:起 to:止"),
    "pairings": (
        "结对帮扶",
        "ref:编号 kind:类别 village:受帮扶的村代码 organization:受帮扶的党组织代码 unit:帮扶单位代码 "
        "member:帮扶干部公民身份号码 number:户编号 helper:结对的党组织代码 from:起 to:止",
    ),
    "partner_pairings": ("军警共建对子", "ref:编号 village:村代码 partner:共建方序号 from:起 to:止"),
    "participations": (
        "参与帮扶",
        "ref:编号 member:公民身份号码 campaign:帮扶行动编号 village:帮扶的村代码 first_on:开始日期 last_on:结束日期",
    ),
}
REFS = {"participations": ("campaign",)}

CAMPAIGN_CADRES = 16_040
UNITS_WITH_VILLAGES = 4_600
HOUSEHOLDS = 38_000
BUILDING_TOGETHER = 3_000
TOOK_PART, TOOK_PART_LATER = 0.605, 0.15
"""Share of those who stood in the register from 2012 to 2016 that took part then, and of all that did later."""

_TERMS = (
    (date(2013, 8, 5), date(2015, 7, 31), 0.55),
    (date(2015, 8, 3), date(2017, 12, 31), 1.0),
    (date(2018, 1, 2), date(2020, 12, 31), 1.0),
    (date(2021, 5, 10), date(2023, 6, 30), 0.45),
    (date(2023, 7, 3), date(2025, 6, 30), 0.45),
    (date(2025, 7, 1), None, 0.45),
)
"""First day, last day and share of the poor villages of each round of first secretaries; the last three are those
of the rural revival."""
_ENTERPRISE_TERMS = (
    (date(2013, 10, 8), date(2016, 9, 30), 0.6),
    (date(2016, 10, 1), date(2019, 9, 30), 1.0),
    (date(2019, 10, 1), date(2022, 9, 30), 0.8),
    (date(2022, 10, 1), None, 0.6),
)
_TEAM = date(2018, 3, 1), date(2020, 12, 31)
_FIRST, _UNTIL = date(2012, 1, 10).toordinal(), date(2016, 12, 20).toordinal()


def rows(world: World) -> Iterator[tuple[str, str]]:
    cadres = _cadres(world)
    yield from _postings(world, cadres)
    yield from _units_with_villages(world)
    yield from _households(world, cadres)
    yield from _building_together(world)
    yield from _partners(world)
    busy: set[str] = set()
    yield from _campaign(world, cadres, busy)
    yield from _participations(world, busy)


def _cadres(world: World) -> list[Person]:
    """Members with an organ as work unit who stand in the register from 2012 to the end, in a mixed order."""
    organs = {unit.code for unit in world.units("organ")}
    found = [
        p
        for p in world.people
        if p.unit in organs and p.occupation == "organ_staff" and not p.left and p.spells[0][1] <= _FIRST
    ]
    world.chance("cadres").shuffle(found)
    return found


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _postings(world: World, cadres: list[Person]) -> Iterator[tuple[str, str]]:
    """Nobody is posted twice, so that no two postings of one person meet."""
    chance, nobody_yet, number = world.chance("postings"), iter(cadres), 0

    def line(kind: str, unit: Unit, first: date, last: date | None) -> Iterator[tuple[str, str]]:
        nonlocal number
        person = next(nobody_yet, None)
        if person is not None and first <= world.today:
            number += 1
            end = last.isoformat() if last else ""
            yield (
                "postings",
                f"{world.domain.code}-T{number},{person.identity},{kind},{unit.code},{first.isoformat()},{end}",
            )

    # The round of the article's day first: it must not lack persons.
    rounds = sorted(_TERMS, key=lambda term: term[2] < 1)
    poor = poor_villages(world)
    luck = [chance.random() for _ in poor]
    for first, last, share in rounds:
        for unit, lucky in zip(poor, luck, strict=True):
            if lucky < share:
                yield from line("first_secretary", unit, first, last)
    wanted, firms = world.part(ENTERPRISE_CADRES, "members"), large_enterprises(world)
    for first, last, share in sorted(_ENTERPRISE_TERMS, key=lambda term: term[2] < 1):
        for at in range(round(wanted * share) if firms else 0):
            kind = "enterprise_deputy" if (at // len(firms)) % 2 else "enterprise_secretary"
            yield from line(kind, firms[at % len(firms)], first, last)
    for unit, lucky in zip(poor, luck, strict=True):
        if lucky < 0.3:
            yield from line("team_member", unit, *_TEAM)
    for unit in weak_villages(world)[::6]:
        if unit not in poor:
            yield from line("first_secretary", unit, date(2014, 6, 3), date(2016, 5, 31))


def _pairing(world: World, ref: str, kind: str, first: int, last: int, **sides: str) -> tuple[str, str]:
    given = ",".join(
        str(sides.get(name, "")) for name in ("village", "organization", "unit", "member", "number", "helper")
    )
    end = _iso(last) if last else ""
    return "pairings", f"{world.domain.code}-{ref},{kind},{given},{_iso(first)},{end}"


_POVERTY_ENDED = date(2020, 12, 31).toordinal()


def _start(luck: float, first: date, last: date) -> int:
    return first.toordinal() + int(luck * (last - first).days)


def _units_with_villages(world: World) -> Iterator[tuple[str, str]]:
    """Units of the domain in turn, each with a village; some have ended with the fight against poverty."""
    chance, villages = world.chance("units-with-villages"), world.units("village")
    helpers = [
        u for u in world.units("organ", "institution", "state_enterprise", "school") if u.opened < _FIRST
    ]
    seen: set[tuple[str, str]] = set()
    for at in range(world.part(UNITS_WITH_VILLAGES, "villages") if helpers else 0):
        # The village moves on with each turn through the units.
        village, helper = villages[(at + at // len(helpers)) % len(villages)], helpers[at % len(helpers)]
        luck = chance.random()
        if (village.code, helper.code) in seen:
            continue
        seen.add((village.code, helper.code))
        yield _pairing(
            world,
            f"V{at}",
            "unit_village",
            _start(luck, date(2012, 2, 1), date(2016, 9, 1)),
            _POVERTY_ENDED if chance.random() < 0.4 else 0,
            village=village.code,
            unit=helper.code,
        )


def _households(world: World, cadres: list[Person]) -> Iterator[tuple[str, str]]:
    """Households of the villages in turn, numbered in each; a cadre has one or more."""
    chance, villages = world.chance("households"), world.units("village")
    for at in range(world.part(HOUSEHOLDS, "villages") if cadres else 0):
        village = villages[at % len(villages)]
        luck = chance.random()
        yield _pairing(
            world,
            f"H{at}",
            "cadre_household",
            _start(luck * luck, date(2013, 9, 1), date(2016, 10, 1)),
            _POVERTY_ENDED if luck < 0.55 else 0,
            village=village.code,
            member=cadres[-1 - at % len(cadres)].identity,
            number=str(1 + at // len(villages)),
        )


def _building_together(world: World) -> Iterator[tuple[str, str]]:
    """Organizations of villages with those of organs, one each."""
    chance = world.chance("building-together")
    helpers = [u for u in world.units("organ") if u.opened < _FIRST]
    villages = world.picked(
        world.units("village"), world.part(BUILDING_TOGETHER, "villages"), "building-together"
    )
    for at, village in enumerate(villages if helpers else ()):
        yield _pairing(
            world,
            f"B{at}",
            "organization_organization",
            _start(chance.random(), date(2013, 3, 1), date(2018, 6, 1)),
            0,
            organization=village.organization,
            helper=helpers[int(chance.random() * len(helpers))].organization,
        )


def _partners(world: World) -> Iterator[tuple[str, str]]:
    """Every front-line village with a partner of army or police; serial numbers tell no place (G-19)."""
    chance, before = world.chance("partners"), 0
    for code, number in BORDER_COUNTIES.items():
        if code == world.domain.code:
            break
        before += number
    for at, village in enumerate(border_villages(world)):
        # A prime: every number comes once.
        serial = (before + at + 1) * 587 % 997
        first = _start(chance.random(), date(2012, 7, 1), date(2016, 11, 20))
        yield "partner_pairings", f"{world.domain.code}-J{at},{village.code},{serial:04d},{_iso(first)},"


def _campaign(world: World, cadres: list[Person], busy: set[str]) -> Iterator[tuple[str, str]]:
    """Cadres of the campaign, once each in a weak village; they are left out of other participations."""
    chance, villages = world.chance("campaign"), weak_villages(world)
    first, last = CAMPAIGN_FIRST.toordinal(), CAMPAIGN_LAST.toordinal()
    wanted = world.part(CAMPAIGN_CADRES, "villages") if villages else 0
    for at, person in enumerate(reversed(cadres[-wanted:] if wanted else ())):
        begun = first + int(chance.random() * (last - first - 20))
        busy.add(person.identity)
        yield (
            "participations",
            f"{world.domain.code}-C{at},{person.identity},{CAMPAIGN},{villages[at % len(villages)].code},"
            f"{_iso(begun)},{_iso(begun + 1 + at % 18)}",
        )


def _participations(world: World, busy: set[str]) -> Iterator[tuple[str, str]]:
    """One draw a person: whether, when, where and for how long."""
    draw, code = world.chance("participations").random, world.domain.code
    villages, today = [u.code for u in world.units("village")], world.today.toordinal()
    iso = [_iso(day) for day in range(_FIRST, today + 1)]
    later, reach = _UNTIL + 12, TOOK_PART + TOOK_PART_LATER
    count = 0
    for person in world.people:
        luck = draw()
        if luck >= reach or person.identity in busy:
            continue
        if luck < TOOK_PART:
            low, high, part = _FIRST, _UNTIL, luck / TOOK_PART
        else:
            low, high, part = later, today - 1, (luck - TOOK_PART) / TOOK_PART_LATER
        entered, left = person.spells[0][1], person.left
        if entered > low:
            low = entered
        if left and left <= high:
            high = left - 1
        if low > high:
            continue
        begun = low + int(part * (high - low + 1))
        count += 1
        # The digits behind those that chose the day.
        rest = int(luck * 1e9) % 1000
        village = villages[rest * 7919 % len(villages)] if villages and rest < 380 else ""
        ended = begun + rest % 12
        yield (
            "participations",
            f"{code}-P{count},{person.identity},,{village},{iso[begun - _FIRST]},"
            f"{iso[(ended if ended < today else today) - _FIRST]}",
        )
