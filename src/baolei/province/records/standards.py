"""Readings, facilities and marks of villages, communities, counties and large firms.

On 2016-12-31: 99.1 % of the villages with an income of 50 thousand yuan or more, every village with running funds of
100 thousand and a hall, every county with secretaries' pay of twice the farmers' income, every community with 500
square metres, service funds of some 134 thousand yuan on average; 1,485 poor villages, 177 on the border's front line.
"""

from collections.abc import Iterator
from datetime import date

from baolei.province.records import Unit, World, day

FILES = {
    "readings": ("指标读数", "ref:编号 unit:单位代码 measure:指标 year:年度 value:数值（元） source:来源"),
    "thresholds": (
        "标准线",
        "ref:编号 organization:规定的党组织 measure:指标 formula:算法 base:基数 line:标准线 document:文号 from:起 to:止",
    ),
    "facilities": (
        "场所",
        "ref:编号 unit:单位代码 kind:类别 name:名称 area:建筑面积（平方米） from:起 to:止",
    ),
    "marks": ("认定", "ref:编号 unit:单位代码 kind:认定 document:文号 from:起 to:止"),
}

POOR_VILLAGES = 1_485
BORDER_VILLAGES = 177
WEAK_VILLAGES = 1_620
LARGE_ENTERPRISES = 168
ENTERPRISE_CADRES = 100
"""Organ cadres posted to large enterprises: a domain that sends some has as many large enterprises."""
INCOME_MISSED = 84
"""Villages of 9,350 below the line of 50 thousand yuan in 2016: 99.1 % are above."""
FUNDS_MET = {2012: 0.38, 2013: 0.61, 2014: 0.83, 2015: 0.95}
INCOME_MET = {2012: 0.71, 2013: 0.79, 2014: 0.88, 2015: 0.95}
PREMISES_MET = {2012: 0.62, 2013: 0.74, 2014: 0.87, 2015: 0.96}
HALLS_MISSING = {2012: 0.19, 2013: 0.08}
"""Share of villages without a hall at the end of the year; the upgrade of 2013 to 2015 closes the gap."""


def rows(world: World) -> Iterator[tuple[str, str]]:
    yield from _village_readings(world)
    yield from _community_readings(world)
    yield from _farmers(world)
    yield from _halls(world)
    yield from _premises(world)
    yield from marks(world)
    if world.leads:
        yield from _thresholds(world)


def _is_faulty(unit: Unit) -> bool:
    """Villages of the invented township bear the planted faults (G-31)."""
    return unit.region[6:9] == "199"


def _farmers_incomes(world: World) -> dict[int, int]:
    """Yuan per head in the county by year: some 8,600 in 2012, rising."""
    base = 7_600 + int(world.chance("farmers").random() * 2_400)
    return {year: round(base * 1.085 ** (year - 2012)) for year in world.years}


def _village_readings(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("readings")
    villages, farmers = world.units("village"), _farmers_incomes(world)
    missed = world.part(INCOME_MISSED, "villages")
    below = {unit.code for unit in world.picked(villages, missed, "income-2016")}
    for number, unit in enumerate(villages):
        luck, size = chance.random(), chance.lognormvariate(0, 0.5)
        for year in world.years:
            growth = 1.06 ** (year - 2012)
            met = luck < INCOME_MET.get(year, 0.9955)
            met = unit.code not in below if year == 2016 else met
            income = round((58_000 + 41_000 * size) * growth) if met else 18_000 + round(28_000 * luck)
            funds = 100_000 + round(34_000 * size * growth)
            if luck >= FUNDS_MET.get(year, 1):
                funds = 52_000 + round(40_000 * (1 - luck))
            # Rounded up: the mean of the county has to reach twice the income from 2015 on.
            factor = 2.02 + 0.3 * luck if year >= 2015 else 1.2 + 0.25 * (year - 2012) + 0.2 * luck
            pay = -(-round(farmers[year] * factor) // 10) * 10
            if _is_faulty(unit) and year >= 2018:
                income = 31_000 + number % 7
            yield (
                "readings",
                f"{unit.code}-{year}-I,{unit.code},operating_income,{year},{income},村级财务公开",
            )
            yield "readings", f"{unit.code}-{year}-F,{unit.code},running_funds,{year},{funds},县财政局"
            yield "readings", f"{unit.code}-{year}-P,{unit.code},secretary_pay,{year},{pay},县委组织部"


def _farmers(world: World) -> Iterator[tuple[str, str]]:
    """The county's own reading, net income to 2013, disposable income after; a development zone is no county."""
    for unit in world.units("county"):
        for year, income in _farmers_incomes(world).items():
            measure = "farmers_net" if year <= 2013 else "farmers_disposable"
            yield (
                "readings",
                f"{unit.code}-{year}-N,{unit.code},{measure},{year},{income},县统计局",
            )


def _community_readings(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("community-readings")
    for unit in world.units("community"):
        luck = chance.random()
        for year in world.years:
            base = {2012: 62_000, 2013: 84_000, 2014: 103_000, 2015: 121_000}.get(
                year, 131_000 + 3_000 * max(0, year - 2016)
            )
            funds = base + round(6_000 * luck)
            yield "readings", f"{unit.code}-{year}-S,{unit.code},service_funds,{year},{funds},区财政局"


def halls(world: World) -> Iterator[tuple[Unit, date, int]]:
    """(village, first day of use, square metres) of every hall; those of 2013 and 2014 are the upgrade's."""
    chance = world.chance("halls")
    for unit in world.units("village"):
        luck = chance.random()
        if luck < HALLS_MISSING[2013]:
            first = date(2014, 1 + int(chance.random() * 12), 1 + int(chance.random() * 28))
        elif luck < HALLS_MISSING[2012]:
            first = date(2013, 3 + int(chance.random() * 10), 1 + int(chance.random() * 28))
        else:
            first = date(2004 + int(chance.random() * 7), 1 + int(chance.random() * 12), 10)
        yield unit, first, 120 + round(260 * chance.random())


def _halls(world: World) -> Iterator[tuple[str, str]]:
    for unit, first, area in halls(world):
        yield (
            "facilities",
            f"{unit.code}-H,{unit.code},hall,{unit.name}党群服务中心,{area},{first.isoformat()},",
        )


def _premises(world: World) -> Iterator[tuple[str, str]]:
    """Premises, and where they are too small, a second place that lifts the community above the line."""
    chance = world.chance("premises")
    for unit in world.units("community"):
        luck = chance.random()
        wide = luck < PREMISES_MET[2012]
        area = 510 + round(600 * chance.random()) if wide else 180 + round(240 * chance.random())
        yield (
            "facilities",
            f"{unit.code}-P,{unit.code},premises,{unit.name}办公用房,{area},{day(2006, 5, 1)},",
        )
        if not wide:
            year = next((y for y, share in PREMISES_MET.items() if luck < share), 2016)
            first = day(year, 1 + int(chance.random() * 11), 15)
            more = 350 + round(300 * chance.random())
            yield "facilities", f"{unit.code}-A,{unit.code},activity,{unit.name}活动中心,{more},{first},"


def poor_villages(world: World) -> list[Unit]:
    """The villages marked poor from 2013 to the end of 2020."""
    return world.picked(_real(world, "village"), world.part(POOR_VILLAGES, "villages"), "poor")


def weak_villages(world: World) -> list[Unit]:
    """The villages marked weak from 2012 to mid-2017."""
    return world.picked(_real(world, "village"), world.part(WEAK_VILLAGES, "villages"), "weak")


def border_villages(world: World) -> list[Unit]:
    """The front-line villages of Yanbian's border counties."""
    if world.domain.code not in BORDER_COUNTIES:
        return []
    number = BORDER_COUNTIES[world.domain.code]
    return _real(world, "village")[:number]


BORDER_COUNTIES = {"222402": 25, "222404": 46, "222405": 38, "222406": 44, "222426": 24}
"""Front-line villages of 图们, 珲春, 龙井, 和龙 and 安图; 177 in all."""


def large_enterprises(world: World) -> list[Unit]:
    """The private enterprises marked large from 2012 on."""
    return world.picked(
        [u for u in world.units("private_enterprise") if u.opened < date(2012, 3, 1).toordinal()],
        max(world.part(LARGE_ENTERPRISES, "members"), world.part(ENTERPRISE_CADRES, "members")),
        "large",
    )


def _real(world: World, kind: str) -> list[Unit]:
    return [unit for unit in world.units(kind) if not _is_faulty(unit)]


def marks(world: World) -> Iterator[tuple[str, str]]:
    for unit in poor_villages(world):
        yield (
            "marks",
            f"{unit.code}-poor,{unit.code},poor_village,吉扶发〔2013〕6号,{day(2013, 7, 1)},{day(2020, 12, 31)}",
        )
    for unit in weak_villages(world):
        yield (
            "marks",
            f"{unit.code}-weak,{unit.code},weak_village,吉组发〔2012〕9号,{day(2012, 3, 1)},{day(2017, 6, 30)}",
        )
    for unit in border_villages(world):
        yield "marks", f"{unit.code}-border,{unit.code},border_village,吉组发〔2012〕14号,{day(2012, 5, 1)},"
    for unit in large_enterprises(world):
        yield (
            "marks",
            f"{unit.code}-large,{unit.code},large_enterprise,吉非公发〔2012〕3号,{day(2012, 6, 1)},",
        )


def _thresholds(world: World) -> Iterator[tuple[str, str]]:
    for ref, measure, formula, base, line in (
        ("T1", "operating_income", "at_least", "", 50_000),
        ("T2", "running_funds", "at_least", "", 100_000),
        ("T3", "secretary_pay", "times_base", "farmers_disposable", 2),
        ("T4", "service_funds", "at_least", "", 100_000),
    ):
        yield (
            "thresholds",
            f"{ref},{world.province},{measure},{formula},{base},{line},吉组发〔2013〕5号,{day(2013, 1, 1)},",
        )
