"""Transfers that agree with the register's spells, pocket members who reported, floating members, planted cases.

Yanbian's platform begins in 2013, the province's in 2017; from then on the moves between basic committees are here.
On 2016-12-31 the platform has completed the transfers of 7,437 members of Yanbian, and 1,959 of its pocket members
have reported.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from baolei.province import divisions
from baolei.province.organizations import NEVER, day
from baolei.province.records import TRUTH, Person, World, domain_of
from baolei.province.scenario import START

FILES = {
    "transfers": (
        "组织关系转接",
        "ref:编号 member:公民身份号码 kind:类别 sender:转出党支部代码 receiver:转入党支部代码 outside:省外区划代码 "
        "asked_on:提出日期 state:办理状态 accepted_on:接收日期 via_platform:通过平台办理",
    ),
    "pocket_cases": (
        "口袋党员",
        "ref:编号 member:公民身份号码 organization:报到的党组织 found_on:发现日期 closed_on:办结日期 outcome:结果",
    ),
    "floating_members": (
        "流动党员",
        "ref:编号 member:公民身份号码 organization:流出党支部代码 host:流入党支部代码 destination:去向 "
        "contacted_on:最近一次联系日期 took_part_on:最近一次参加组织生活日期 from:流出日期 to:返回日期",
    ),
}

ON_PLATFORM = 7_437
"""Members of Yanbian whose transfer the platform completed by the end of 2016."""
POCKET_MEMBERS = 1_959
UNFINISHED = 3_000
"""Transfers under way, refused or withdrawn."""
POCKET_LATER = 0.012
"""Share of the transfers from 2017 on that were a pocket member's."""

PLANTED = 16_300
"""One member in a hundred has a planted case: what looks like a pocket member, and is one or not."""


class Story(NamedTuple):
    """A planted case: how many in a hundred, whether it is a pocket member, and what the records show."""

    share: float
    truth: bool
    letter: bool = True
    away: str = "long"
    kind: str = ""


STORIES = {
    # Pocket members: with both signs, away for too short a time to tell, and entered anew where they went.
    "letter and away": Story(30, True),
    "away too short": Story(4, True, away="short"),
    "entered anew": Story(1, True, away="", kind="inside"),
    # None of them: one sign alone, in touch or taking part after all, arrived with the row left open, abroad.
    "letter only": Story(22, False, away=""),
    "away only": Story(18, False, letter=False),
    "arrived late": Story(8, False),
    "contacted": Story(7, False, away="contacted"),
    "taking part": Story(5, False, away="taking part"),
    "abroad": Story(2, False, away="abroad"),
    "sibling": Story(0.5, False, away="", kind="inside"),
    "namesake": Story(0.5, False, away="", kind="inside"),
    # And one who is in touch, of which nobody has written anything down: no finder can know.
    "in touch unwritten": Story(2, False),
}

_YANBIAN_FROM, _PROVINCE_FROM = day(2013, 1, 1), day(2017, 1, 1)
_BASIC = ("basic_committee", "village_committee", "township_committee")
_OUTSIDE = ("210000", "230000", "150000", "110000", "120000", "370000", "310000", "320000", "440000")
_LONG = 240
"""Days in the branch before, so that a letter could be issued, forgotten and found again."""


_PREFECTURE = divisions.YANBIAN[:4]


class Move(NamedTuple):
    """A person goes from one branch (empty: another province) to another; days are ordinals."""

    person: int
    identity: str
    sender: str
    since: int
    receiver: str
    on: int

    @property
    def in_yanbian(self) -> bool:
        return all(domain_of(end).startswith(_PREFECTURE) for end in (self.sender, self.receiver))


def rows(world: World) -> Iterator[tuple[str, str]]:
    yanbian = divisions.YANBIAN in (world.domain.code, world.domain.parent)
    moves = list(_moves(world, _YANBIAN_FROM if yanbian else _PROVINCE_FROM))
    early = [move for move in moves if move.on < _PROVINCE_FROM and move.in_yanbian]
    able = list(dict.fromkeys(move.person for move in early))
    chosen = set(world.picked(able, world.part(ON_PLATFORM, "yanbian"), "platform"))
    long = list({move.person: move for move in early if move.on - move.since >= _LONG}.values())
    pocket = set(world.picked(long, world.part(POCKET_MEMBERS, "yanbian"), "pocket"))
    draw, number = world.chance("transfers").random, 0
    for move in moves:
        luck, found = draw(), 0
        if move.on < _PROVINCE_FROM:
            via, found = move.in_yanbian and move.person in chosen, move in pocket
        else:
            share = _share(move.on)
            if not yanbian and luck >= share + 0.1:
                continue  # by letter, and in no one's files here
            via = bool(move.sender) and luck < share
            found = move.on - move.since >= _LONG and draw() < POCKET_LATER
        number += 1
        ref, on = f"{world.domain.code}-T{number}", _iso(move.on)
        asked = max(move.since, move.on - 3 - int(draw() * 22))
        if found:
            seen = move.on - 5 - int(draw() * 60)
            asked = seen - 30 - int(draw() * 90)
            yield "pocket_cases", f"{ref}-P,{move.identity},{move.receiver},{_iso(seen)},{on},reported"
        kind = "inside" if move.sender else "arriving"
        outside = "" if move.sender else _OUTSIDE[int(draw() * len(_OUTSIDE))]
        yield (
            "transfers",
            f"{ref},{move.identity},{kind},{move.sender},{move.receiver},{outside},{_iso(asked)},accepted,{on},"
            f"{'是' if via else '否'}",
        )
    yield from _unfinished(world)
    yield from _planted(world, moves)


@cache
def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@cache
def _share(on: int) -> float:
    """Share of the transfers that go through the platform, from 2017 on."""
    return min(0.85, 0.35 + 0.12 * (date.fromordinal(on).year - 2017))


def _tops(world: World) -> dict[str, str]:
    """Organization -> the highest basic committee above it, or it; none: empty. Inside one, moves are adjustments."""
    tops: dict[str, str] = {}
    for organization in world.plan.organizations:
        own = organization.code if organization.kind in _BASIC else ""
        tops[organization.code] = tops.get(organization.parent) or own
    return tops


def _moves(world: World, first: int) -> Iterator[Move]:
    tops = _tops(world)
    for index, person in enumerate(world.people):
        spells = person.spells
        branch, since, _until = spells[0]
        if since > START and since >= first and person.joined < since:
            # Nobody says when the relation was asked for there: a month and a half before, at most.
            yield Move(index, person.identity, "", since - 45, branch, since)
        for place in range(1, len(spells)):
            receiver, on, _until = spells[place]
            if on < first:
                continue
            sender, since, _until = spells[place - 1]
            top = tops.get(sender)
            if not (top and top == tops.get(receiver)):
                yield Move(index, person.identity, sender, since, receiver, on)


def _unfinished(world: World) -> Iterator[tuple[str, str]]:
    """Asked and released lately; refused and withdrawn since 2017; pocket members still looked for."""
    draw, today = world.chance("unfinished").random, world.today.toordinal()
    tops, number, takers = _tops(world), 0, _takers(world)
    for person in _asking(world, _here(world)):
        sender, since, _until = person.spells[-1]
        luck = draw()
        state = (
            "asked" if luck < 0.3 else "released" if luck < 0.55 else "refused" if luck < 0.7 else "withdrawn"
        )
        back = 85 if luck < 0.55 else today - _PROVINCE_FROM
        asked = today - 1 - int(draw() * back)
        receiver = takers[int(draw() * len(takers))]
        outside = _OUTSIDE[int(draw() * len(_OUTSIDE))] if draw() < 0.3 else ""
        internal = receiver == sender or (tops[sender] and tops[sender] == tops[receiver])
        if asked < since or (internal and not outside):
            continue
        number += 1
        ref = f"{world.domain.code}-U{number}"
        ends = f"leaving,{sender},,{outside}" if outside else f"inside,{sender},{receiver},"
        yield (
            "transfers",
            f"{ref},{person.identity},{ends},{_iso(asked)},{state},,{'否' if outside else '是'}",
        )
        if not outside and state == "released" and asked + 40 < today:
            yield "pocket_cases", f"{ref}-P,{person.identity},{receiver},{_iso(asked + 31)},,"
        elif not outside and state == "withdrawn" and draw() < 0.2 and asked + 120 < today:
            outcome = "not_found" if draw() < 0.6 else "other"
            closed = asked + 40 + int(draw() * 70)
            yield (
                "pocket_cases",
                f"{ref}-P,{person.identity},{receiver},{_iso(asked + 31)},{_iso(closed)},{outcome}",
            )


def _takers(world: World) -> list[str]:
    """Branches that stay open and have no planted fault."""
    return [
        branch.organization.code
        for branch in world.plan.branches
        if branch.organization.closed == NEVER and branch.organization.opened <= START and not branch.fixed
    ]


def _here(world: World) -> list[Person]:
    """Who stands in a branch of the domain without a planted fault."""
    fixed = {branch.organization.code for branch in world.plan.branches if branch.fixed}
    return [p for p in world.people if not p.left and p.spells[-1][0] not in fixed and _is_own(world, p)]


def _asking(world: World, here: list[Person]) -> list[Person]:
    return world.picked(here, world.part(UNFINISHED, "members"), "unfinished")


def _planted(world: World, moves: list[Move]) -> Iterator[tuple[str, str]]:
    """Cases with a known truth, among members long in their branch to whom nothing else happens."""
    draw, choose = world.chance("planted").random, world.chance("stories").choices
    today, tops, takers = world.today.toordinal(), _tops(world), _takers(world)
    here = _here(world)
    busy = {person.identity for person in _asking(world, here)}
    able = [
        person
        for person in here
        if person.identity not in busy
        and person.occupation != "soldier_police"
        and person.spells[-1][1] < today - 700
    ]
    came = {move.identity: move for move in moves if move.sender}
    shares = [story.share for story in STORIES.values()]
    for number, person in enumerate(world.picked(able, world.part(PLANTED, "members"), "planted"), 1):
        [name] = choose([*STORIES], shares)
        story, branch, ref = STORIES[name], person.spells[-1][0], f"{world.domain.code}-K{number}"
        asked, receiver = today - 100 - int(draw() * 400), takers[int(draw() * len(takers))]
        if name == "arrived late":
            move = came.get(person.identity)
            if move is None or move.receiver != branch:
                continue
            asked = max(move.since, move.on - 150)
            ends = f"inside,{move.sender},{branch},"
        elif (story.kind or draw() < 0.3) and tops[branch] and tops[branch] != tops[receiver]:
            ends = f"inside,{branch},{receiver},"
        elif story.kind:
            continue
        else:
            ends = f"leaving,{branch},,{_OUTSIDE[int(draw() * len(_OUTSIDE))]}"
        if story.letter:
            yield "transfers", f"{ref},{person.identity},{ends},{_iso(asked)},released,,否"
        if story.away:
            gone = today - (30 + int(draw() * 120) if story.away == "short" else 190 + int(draw() * 450))
            lately = _iso(today - 5 - int(draw() * 120))
            contacted = lately if story.away == "contacted" else _iso(gone + 3) if draw() < 0.4 else ""
            took_part = lately if story.away == "taking part" else ""
            where = "abroad" if story.away == "abroad" else "other_province" if draw() < 0.6 else "other_city"
            yield (
                "floating_members",
                f"{ref},{person.identity},{branch},,{where},{contacted},{took_part},{_iso(gone)},",
            )
        yield TRUTH, f"{ref},{story.truth:d},{name}"


def _is_own(world: World, person: Person) -> bool:
    return domain_of(person.spells[-1][0]) == world.domain.code
