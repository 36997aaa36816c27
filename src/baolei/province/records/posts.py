"""Party-building offices of townships and streets, leadership posts, who holds them, terms of committees.

On 2016-12-31 some 97 % of the townships and streets have an office with a full-time post filled, 40 % at the end of
2012. The secretaries of all branches open today are named, back to the years before 2012.
"""

from collections.abc import Callable, Iterator
from datetime import date

from baolei.province import scenario
from baolei.province.organizations import NEVER, Branch
from baolei.province.records import Person, Unit, World, day

FILES = {
    "party_offices": ("党建工作办公室", "ref:编号 unit:单位代码 name:名称 from:起 to:止"),
    "posts": (
        "岗位",
        "ref:编号 organization:党组织代码 kind:职务 full_time:专职 office:办公室编号 from:起 to:止",
    ),
    "terms": ("届次", "ref:编号 organization:党组织代码 elected_on:选举日期 from:起 to:止"),
    "tenures": ("任职", "ref:编号 post:岗位编号 member:公民身份号码 is_member:在党员名单中 from:起 to:止"),
}
REFS = {"posts": ("office",), "tenures": ("post",)}

WITH_OFFICE = {
    2011: 0.20, 2012: 0.405, 2013: 0.57, 2014: 0.74, 2015: 0.89, 2016: 0.975, 2017: 0.985, 2018: 0.992, 2019: 1,
}  # fmt: skip
"""Share of the townships and streets with an office and a full-time post filled at the end of the year."""
VACANT_FROM = date(2019, 7, 1).toordinal()
"""From here on nobody holds a post of the invented township's office: a planted fault."""
OUTSIDE = 0.1
"""Share of the holders of an office's posts who stand in no branch here."""
ELECTED = {"province": (2012, 2017, 2022), "prefecture": (2011, 2016, 2021, 2026)}
_WITHOUT_SECRETARY = ("few", "many")
_ORGAN = scenario.SECTOR["organ"]

Draw = Callable[[], float]


def rows(world: World) -> Iterator[tuple[str, str]]:
    # A township's own officials stand in its organ branch.
    officials = {b.parent.code: b.organization.code for b in world.plan.branches if b.sector == _ORGAN}
    yield from _offices(world, officials)
    yield from _branches(world)
    yield from _committees(world, officials)
    yield from _terms(world)


def _is_faulty(unit: Unit) -> bool:
    return unit.region[6:9] == "199"


def _opening(share: float, draw: Draw) -> int:
    """Day of opening of the office that stands at this share of all."""
    year = next(year for year, until in WITH_OFFICE.items() if share < until)
    return date(year, 1 + int(draw() * 11), 1 + int(draw() * 28)).toordinal()


def _offices(world: World, officials: dict[str, str]) -> Iterator[tuple[str, str]]:
    chance = world.chance("party-offices")
    units = world.units("township", "street")
    places = chance.sample(range(len(units)), len(units))
    for place, unit in zip(places, units, strict=True):
        opened = _opening((place + chance.random()) / len(units), chance.random)
        until = NEVER
        if _is_faulty(unit):
            opened, until = date(2014, 5, 12).toordinal(), VACANT_FROM
        office, first = f"{unit.code}-D", _iso(opened)
        yield "party_offices", f"{office},{unit.code},{unit.name}党建工作办公室,{first},"
        for letter, kind in (("H", "office_head"), ("W", "party_worker")):
            post = f"{office}{letter}"
            yield "posts", f"{post},{unit.organization},{kind},true,{office},{first},"
            people = world.roster.get(officials.get(unit.organization, ""), [])
            start = opened + int(chance.random() * 20)
            yield from _tenures(world, chance.random, post, people, start, until, outside=OUTSIDE)


def _branches(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("branch-secretaries")
    began = date(2009, 1, 1).toordinal()
    for branch in world.plan.branches:
        organization = branch.organization
        if organization.closed < NEVER:
            continue
        post = f"{organization.code}-S"
        yield "posts", f"{post},{organization.code},secretary,false,,{_iso(organization.opened)},"
        if _lacks_secretary(branch):
            continue
        first = max(organization.opened, began + int(chance.random() * (scenario.START - began)))
        yield from _tenures(world, chance.random, post, world.roster[organization.code], first)


def _lacks_secretary(branch: Branch) -> bool:
    """Planted in the invented township only (G-31)."""
    return branch.parent.region[6:] == "199" and branch.fault in _WITHOUT_SECRETARY


def _committees(world: World, officials: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Secretary, deputy and organization member of each township and street."""
    chance = world.chance("township-leaders")
    for unit in world.units("township", "street"):
        people = world.roster.get(officials.get(unit.organization, ""), [])
        for letter, kind in (("S", "secretary"), ("V", "deputy_secretary"), ("M", "committee_member")):
            post = f"{unit.organization}-{letter}"
            yield "posts", f"{post},{unit.organization},{kind},true,,{_iso(unit.opened)},"
            first = date(2010, 1, 1).toordinal() + int(chance.random() * 700)
            yield from _tenures(world, chance.random, post, people, first, outside=OUTSIDE)


def _terms(world: World) -> Iterator[tuple[str, str]]:
    """Terms of five years of the domain's committee and of its townships' committees."""
    chance = world.chance("terms")
    years = ELECTED.get(world.domain.level, ELECTED["prefecture"])
    for organization in world.plan.organizations:
        if organization.kind not in ("local_committee", "township_committee"):
            continue
        month = 9 if organization.kind == "local_committee" else 5
        elected = [date(year, month, 1 + int(chance.random() * 28)) for year in years]
        elected = [on for on in elected if on <= world.today and on.toordinal() >= organization.opened]
        for on, following in zip(elected, [*elected[1:], None], strict=True):
            last = _iso(following.toordinal() - 1) if following else ""
            ref = f"{organization.code}-T{on.year}"
            yield (
                "terms",
                f"{ref},{organization.code},{day(on.year, on.month, on.day)},{on.isoformat()},{last}",
            )


def _tenures(
    world: World,
    draw: Draw,
    post: str,
    people: list[tuple[int, int, Person]],
    first: int,
    until: int = NEVER,
    *,
    outside: float = 0,
) -> Iterator[tuple[str, str]]:
    """One holder after the other from `first` on, each a member of the branch on all days of the tenure.

    With `outside` some stand in no branch here, and so do those for whom nobody in the branch is found;
    without it the post stays vacant for a time then.
    """
    today, on, number = world.today.toordinal(), first, 0
    while on <= today and on < until:
        end = min(on + 1_900 + int(draw() * 3_000), until)
        found = None if draw() < outside else _candidate(people, on, draw)
        if found is None and not outside:
            on += 150
            continue
        if found is not None and found[1]:
            end = min(end, found[1])
        number += 1
        holder = f"{found[2].identity},true" if found else ",false"
        last = _iso(end - 1) if end <= today else ""
        yield "tenures", f"{post}{number},{post},{holder},{_iso(on)},{last}"
        on = end


def _candidate(people: list[tuple[int, int, Person]], on: int, draw: Draw) -> tuple[int, int, Person] | None:
    """A formal member of working age who stays for a year at least; else whoever of them stays longest."""
    for _ in range(8 if people else 0):
        found = people[int(draw() * len(people))]
        first, until, person = found
        if first <= on and (not until or until > on + 400) and person.joined + 366 <= on:
            if 9_000 < on - person.birth < 21_900:
                return found
    fitting = [
        one
        for one in people
        if one[0] <= on and (not one[1] or one[1] > on + 60) and one[2].joined + 366 <= on
    ]
    return max(fitting, key=lambda one: one[1] or NEVER, default=None)


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
