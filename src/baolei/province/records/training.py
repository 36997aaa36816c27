"""Training bases, sessions and who attended, study groups and how many students they reach.

On 2016-12-31: 444 community bases with 70 thousand attendances since 2013; four bases for university staff with 6,648
attendances since 2012; 150 study groups reaching 104,260 students. From 2017-01-01 to 2017-05-23: 2,752 attendances of
organ members.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from baolei.province import scenario
from baolei.province.organizations import Organization
from baolei.province.records import Person, Unit, World, cut, day

FILES = {
    "training_bases": (
        "培训基地",
        "ref:编号 organization:承办的党组织代码 unit:承办单位代码 kind:类别 name:名称 from:起 to:止",
    ),
    "training_sessions": (
        "培训班次",
        "ref:编号 organization:举办的党组织代码 base:培训基地编号 audience:对象 name:班次 first_on:开班日期 "
        "last_on:结业日期 hours:学时 others:名单外人数",
    ),
    "training_attendances": ("参训", "ref:编号 session:班次编号 member:公民身份号码"),
    "study_groups": ("青马工程小组", "ref:编号 unit:高等学校单位代码 name:名称 from:起 to:止"),
    "group_reports": (
        "小组上报",
        "ref:编号 study_group:小组编号 reported_on:上报日期 confirmed_on:学校确认日期 students:覆盖学生数",
    ),
}
REFS = {
    "training_sessions": ("base",),
    "training_attendances": ("session",),
    "group_reports": ("study_group",),
}

COMMUNITY_BASES, COMMUNITY_ATTENDANCES = 444, 70_240
OPENED = {2013: 0.35, 2014: 0.66, 2015: 0.87, 2016: 1}
"""Share of the community bases of 2016 that were open at the end of the year."""
ORGAN_UNTIL_MAY = 2_752
"""Attendances of organ members from 2017-01-01 to 2017-05-23."""
ORGAN_YEARLY = {2012: 4_300, 2013: 4_900, 2014: 5_400, 2015: 5_800, 2016: 6_100, 2017: 6_300}
STAFF_YEARLY = {2012: 980, 2013: 1_210, 2014: 1_370, 2015: 1_490, 2016: 1_598}
GROUPS, STUDENTS = 150, 104_260
GROUPS_OPENED = {2012: 0.55, 2013: 0.70, 2014: 0.82, 2015: 0.92, 2016: 1}
COURSES = "电商创业 家政服务 手工编织 养老护理 中式烹饪 创业政策 直播营销 汽车维修".split()
ORGAN_COURSES = "党务干部 党支部书记 入党积极分子 青年党员 组织委员 纪检委员".split()
STAFF_BASES = (
    ("social_science_teachers", "哲学社会科学教学科研骨干"),
    ("ideology_course_teachers", "思想政治理论课教师"),
    ("counsellors", "辅导员"),
    ("student_mental_health", "大学生心理健康教育"),
)

Spell = tuple[int, int, Person]


def rows(world: World) -> Iterator[tuple[str, str]]:
    yield from _community(world)
    yield from _organ(world)
    # Universities stand below the province's own committee.
    if world.units("university"):
        yield from _staff(world)
        yield from _study_groups(world)


class Hall:
    """Sessions of one organization: their lines, and lines of the members who attend from some branches."""

    def __init__(self, world: World, name: str, branches: list[str]) -> None:
        self.draw = world.chance(name).random
        self.people: list[list[Spell]] = [world.roster[b] for b in branches if world.roster.get(b)]

    def present(self, on: int, number: int) -> list[str]:
        """Identity numbers of up to `number` members of the branches on a day."""
        found: dict[str, None] = {}
        for _ in range(number * 2 if self.people else 0):
            some = self.people[int(self.draw() * len(self.people))]
            first, until, person = some[int(self.draw() * len(some))]
            if first <= on and (not until or on < until) and len(found) < number:
                found[person.identity] = None
        return list(found)

    def session(
        self, ref: str, under: str, base: str, audience: str, name: str, on: int, people: int, named: int
    ) -> Iterator[tuple[str, str]]:
        """A session of up to four days with `people` attending, up to `named` of them by name."""
        members = self.present(on, min(named, people))
        more = int(self.draw() * 4)
        first, last = date.fromordinal(on), date.fromordinal(on + more)
        yield (
            "training_sessions",
            f"{ref},{under},{base},{audience},{name},{first},{last},{(more + 1) * 6},{people - len(members)}",
        )
        for number, identity in enumerate(members, 1):
            yield "training_attendances", f"{ref}-{number},{ref},{identity}"


def _between(draw: Callable[[], float], first: date, last: date) -> int:
    return first.toordinal() + int(draw() * ((last - first).days + 1))


def _spells(world: World) -> list[tuple[Unit, date, date | None]]:
    """Community bases: those open at the end of 2016, some that closed before, some that opened later."""
    number = world.part(COMMUNITY_BASES, "communities")
    chance = world.chance("training-bases")
    units = list(world.units("community"))
    chance.shuffle(units)
    found: list[tuple[Unit, date, date | None]] = []
    for place, unit in enumerate(units[:number]):
        share = (place + chance.random()) / number
        year = next(year for year, until in OPENED.items() if share < until)
        first = date(year, 1 + int(chance.random() * 10), 1 + int(chance.random() * 28))
        closed = chance.random() < 0.05
        found.append((unit, first, date(2018 + int(chance.random() * 4), 6, 30) if closed else None))
    early, late = round(number * 0.04), round(number * 0.15)
    for place, unit in enumerate(units[number : number + early + late]):
        if place < early:
            found.append((unit, date(2013, 2, 20), date(2015, 11, 30)))
        else:
            found.append((unit, date(2017 + place % 5, 4, 15), None))
    return found


def _community(world: World) -> Iterator[tuple[str, str]]:
    draw = world.chance("community-sessions").random
    planned: list[tuple[str, Unit, int]] = []
    for unit, first, last in _spells(world):
        base = f"TB-{unit.code}"
        name = f"{unit.name}就业创业能力提升培训基地"
        yield (
            "training_bases",
            f"{base},{unit.organization},{unit.code},community_employment,{name},{first},{last or ''}",
        )
        for year in range(first.year, min(last or world.today, world.today).year + 1):
            begin = max(first, date(year, 1, 1))
            # Up to four days, so that none runs past the base or into the next year.
            end = min(last or world.today, world.today, date(year, 12, 31)) - timedelta(days=4)
            for _ in range(2 + (draw() < 0.5)):
                if begin <= end:
                    planned.append((base, unit, _between(draw, begin, end)))
    until = date(2016, 12, 31).toordinal()
    weights = [0.6 + draw() if on <= until else 0.0 for _base, _unit, on in planned]
    attended = cut(world.part(COMMUNITY_ATTENDANCES, "communities"), weights) if any(weights) else weights
    halls: dict[str, Hall] = {}
    for number, ((base, unit, on), attending) in enumerate(zip(planned, attended, strict=True)):
        hall = halls.get(base)
        if hall is None:
            own = [child.code for child in world.organizations[unit.organization].children]
            hall = halls[base] = Hall(world, base, [unit.organization, *own])
        attending = attending if on <= until else 14 + int(draw() * 28)
        course, under = f"{COURSES[number % len(COURSES)]}培训班", unit.organization
        yield from hall.session(f"{base}-{number}", under, base, "residents", course, on, attending, 2)


def _trainings(world: World) -> Iterator[tuple[date, date, int]]:
    """(first, last, attendances of the province) of each period of organ trainings."""
    for year in range(2012, world.today.year + 1):
        whole = ORGAN_YEARLY.get(year, 6_300 + 40 * (year - 2017))
        spring = ORGAN_UNTIL_MAY if year == 2017 else round(whole * 0.43)
        yield date(year, 1, 10), date(year, 5, 23), spring
        yield date(year, 5, 24), date(year, 12, 20), whole - spring


def _organ(world: World) -> Iterator[tuple[str, str]]:
    committee = _organ_committee(world)
    organ = scenario.SECTOR["organ"]
    branches = [b.organization.code for b in world.plan.branches if b.sector == organ]
    hall, base = Hall(world, "organ-sessions", branches), ""
    if world.domain.level == "province":
        base = "TB-ORGAN"
        yield (
            "training_bases",
            f"{base},{committee.code},,organ_training,省直机关干部培训基地,{day(2008, 9, 1)},",
        )
    number = 0
    for first, last, whole in _trainings(world):
        last = min(last, world.today - timedelta(days=4))
        total = world.part(whole, "members")
        if first > last or not total:
            continue
        for people in cut(total, [1.0] * max(1, round(total / 45))):
            number += 1
            on = _between(hall.draw, first, last)
            name = f"机关{ORGAN_COURSES[number % len(ORGAN_COURSES)]}培训班"
            ref = f"TO-{committee.code}-{number}"
            yield from hall.session(ref, committee.code, base, "organ_members", name, on, people, people // 4)


def _organ_committee(world: World) -> Organization:
    return next(
        o for o in world.plan.organizations if o.kind == "work_committee" and o.body.endswith("直属机关")
    )


def _staff(world: World) -> Iterator[tuple[str, str]]:
    """Four bases, hosted by the province's Party school and three universities."""
    staff = scenario.SECTOR["staff"]
    branches = [b.organization.code for b in world.plan.branches if b.sector == staff]
    hall = Hall(world, "staff-sessions", branches)
    hosts = [(world.top, "", "省委党校")] + [
        (unit.organization, unit.code, unit.name) for unit in world.units("university")[:3]
    ]
    number = 0
    for place, ((under, unit, host), (kind, who)) in enumerate(zip(hosts, STAFF_BASES, strict=True)):
        base = f"TB-U{place + 1}"
        yield "training_bases", f"{base},{under},{unit},{kind},{host}{who}培训基地,{day(2011, 9, 1)},"
        for year in range(2012, world.today.year + 1):
            last = min(date(year, 12, 10), world.today - timedelta(days=4))
            if last < date(year, 2, 20):
                continue
            people = cut(STAFF_YEARLY.get(year, 1_630 + 20 * (year - 2017)), [1.0] * 4)[place]
            for attending in cut(people, [1.0] * max(1, round(people / 45))):
                number += 1
                on = _between(hall.draw, date(year, 2, 20), last)
                ref, name, named = f"{base}-{number}", f"{who}培训班", attending // 5
                yield from hall.session(ref, under, base, "university_staff", name, on, attending, named)


def _study_groups(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("study-groups")
    draw, units = chance.random, world.units("university")
    homes = [unit for unit, n in zip(units, cut(GROUPS, [1.0] * len(units)), strict=True) for _ in range(n)]
    students = cut(STUDENTS, [0.7 + 0.6 * draw() for _ in homes])
    shares = [(place + draw()) / GROUPS for place in range(GROUPS)]
    chance.shuffle(shares)
    spells = []
    for unit, share, reached in zip(homes, shares, students, strict=True):
        year = next(year for year, until in GROUPS_OPENED.items() if share < until)
        closed = date(2018 + int(draw() * 7), 6, 30) if draw() < 0.05 else None
        spells.append((unit, date(year, 3, 1 + int(draw() * 28)), closed, reached))
    spells += [(units[n * 7 % len(units)], date(2012, 3, 5), date(2014, 6, 30), 600) for n in range(5)]
    spells += [(units[n * 5 % len(units)], date(2017 + n % 6, 3, 8), None, 640) for n in range(18)]
    for number, (unit, first, last, reached) in enumerate(spells, 1):
        group = f"QM-{number:03d}"
        name = f"{unit.name}青马工程第{number}小组"
        yield "study_groups", f"{group},{unit.code},{name},{first},{last or ''}"
        yield from _reports(world, group, first, last, reached, draw)


def _reports(
    world: World, group: str, first: date, last: date | None, reached: int, draw: Callable[[], float]
) -> Iterator[tuple[str, str]]:
    """A report each autumn; `reached` students in 2016. Some are never confirmed, none of 2016."""
    for year in range(first.year, world.today.year + 1):
        reported = date(year, 10, 20) + timedelta(days=int(draw() * 20))
        confirmed = reported + timedelta(days=2 + int(draw() * 18))
        if reported > (last or world.today) or reported > world.today:
            continue
        doubtful = year != 2016 and draw() < 0.04
        students = round(reached * (0.93 if year < 2016 else 1.015) ** abs(year - 2016))
        shown = "" if doubtful or confirmed > world.today else confirmed
        yield "group_reports", f"{group}-{year},{group},{reported},{shown},{students}"
