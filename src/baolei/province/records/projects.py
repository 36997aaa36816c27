"""Programmes, good deeds, projects and appropriations.

The hall upgrade was planned for three years and done in two; by 2016-12-31 there are 1,452 enrichment projects, 1,432
estates put in order with some 945 thousand residents, and 77 merit projects of the years 2011 to 2015. Ten good
deeds a year since 2014; 65 million yuan a year from 2013 to 2017 for the villages' collective economy, 30 million
from 2013 to 2015 for the standardised services of villages.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from baolei.province import divisions
from baolei.province.organizations import NEVER
from baolei.province.records import Unit, World
from baolei.province.records.programmes import CAMPAIGN, CAMPAIGN_FIRST, UPGRADE_FIRST, deeds, programmes
from baolei.province.records.standards import border_villages, halls, weak_villages

FILES = {
    "programmes": (
        "工程",
        "ref:编号 organization:组织实施的党组织 kind:类别 name:名称 year:年度 planned_first:计划开始 "
        "planned_last:计划完成 first_on:实际开始 last_on:实际完成 cancelled_on:取消日期",
    ),
    "deeds": (
        "实事好事",
        "ref:编号 programme:年度实事好事 name:名称 dropped_on:撤下日期 finished_on:办结日期 asked:测评群众数 "
        "satisfied:满意群众数",
    ),
    "projects": (
        "项目",
        "ref:编号 programme:所属工程 deed:所属实事 organization:所在党组织 unit:单位代码 estate:小区 kind:类别 name:名称 "
        "planned_first:计划开工 started_on:开工日期 accepted_on:验收日期 cancelled_on:取消日期 suspended_on:停工日期 "
        "beneficiaries:受益群众数",
    ),
    "appropriations": (
        "资金",
        "ref:编号 organization:接收的党组织 fund:资金 source:来源 fiscal_year:预算年度 decided_on:决定日期 "
        "amount:金额（元） paid:已拨付（元）",
    ),
}
REFS = {"deeds": ("programme",), "projects": ("programme", "deed")}

ENRICHMENT, ENRICHMENT_CANCELLED = 1_452, 38
ESTATES, RESIDENTS = 1_432, 660  # by the end of 2016; residents of an estate on average: 945,120 in all
ESTATES_LATER = 54  # a year, from 2017 on
MERIT = 77
VILLAGES_WITH_WORKS = 240

COLLECTIVE_ECONOMY = {2012: 9_000_000} | dict.fromkeys(range(2013, 2018), 65_000_000)
VILLAGE_SERVICES = {2012: 4_000_000} | dict.fromkeys(range(2013, 2016), 30_000_000)
LATER = {"collective_economy": 48_000_000, "village_services": 18_000_000}

_WORKS = ("村内道路硬化", "文化广场", "路灯亮化", "饮水管网")
_ENRICHMENT = ("木耳种植", "肉牛养殖", "棚膜蔬菜", "林下参种植", "农机合作社", "光伏发电", "民俗旅游")


def rows(world: World) -> Iterator[tuple[str, str]]:
    if world.leads:
        yield from programmes(world)
        yield from deeds(world)
    yield from _hall_projects(world)
    yield from _enrichment(world)
    yield from _estates(world)
    yield from _border(world)
    yield from _beautiful_villages(world)
    yield from _merit(world)
    yield from _money(world)


def _project(
    ref: str,
    programme: str,
    unit: Unit | None,
    kind: str,
    name: str,
    *,
    started: date,
    accepted: date | str = "",
    cancelled: date | str = "",
    suspended: date | str = "",
    deed: str = "",
    organization: str = "",
    estate: str = "",
    residents: int | str = "",
) -> tuple[str, str]:
    place, code = (unit.organization, unit.code) if unit else (organization, "")
    return (
        "projects",
        f"{ref},{programme},{deed},{place},{code},{estate},{kind},{name},{started},{started},"
        f"{accepted},{cancelled},{suspended},{residents}",
    )


def _hall_projects(world: World) -> Iterator[tuple[str, str]]:
    """The halls that came into use in 2013 and 2014; a few others were cancelled."""
    chance = world.chance("hall-projects")
    for unit, first, _area in halls(world):
        if first < UPGRADE_FIRST:
            continue
        started = max(UPGRADE_FIRST, first - timedelta(60 + int(chance.random() * 170)))
        name, residents = f"{unit.name}村部", 300 + int(chance.random() * 1500)
        yield _project(
            f"{unit.code}-HALL", "HALLS", unit, "hall", name,
            started=started, accepted=first, residents=residents,
        )  # fmt: skip
        if chance.random() < 0.02:
            yield _project(
                f"{unit.code}-HALL2", "HALLS", unit, "hall", f"{name}附属用房",
                started=started, cancelled=started + timedelta(40),
            )  # fmt: skip


def _enrichment(world: World) -> Iterator[tuple[str, str]]:
    """Projects brought to weak villages in the campaign; some were cancelled before the end of 2016."""
    chance = world.chance("enrichment")
    villages = weak_villages(world) or world.units("village")
    kept, dropped = world.part(ENRICHMENT, "villages"), world.part(ENRICHMENT_CANCELLED, "villages")
    for number in range(kept + dropped):
        unit = villages[number % len(villages)]
        started = CAMPAIGN_FIRST + timedelta(20 + int(chance.random() * 1060))
        end = started + timedelta(90 + int(chance.random() * 160))
        fate = "suspended" if chance.random() < 0.02 else "accepted"
        yield _project(
            f"{world.domain.code}-E{number}", CAMPAIGN, unit, "enrichment",
            unit.name + _ENRICHMENT[int(chance.random() * len(_ENRICHMENT))],
            started=started, residents=20 + int(chance.random() * 260),
            **{fate if number < kept else "cancelled": end},
        )  # fmt: skip


def _estates(world: World) -> Iterator[tuple[str, str]]:
    """Estates by number in their community; from 2014 to 2016 they are a good deed of the year.

    Residents differ from the mean in pairs, so that each domain keeps it.
    """
    chance = world.chance("estates")
    communities = world.units("community")
    by_2016, differs = world.part(ESTATES, "communities"), 0
    later = [
        year
        for year in range(2017, world.today.year)
        for _n in range(world.part(ESTATES_LATER, "communities"))
    ]
    for number in range(by_2016 + len(later)):
        unit = communities[number % len(communities)]
        estate = f"{number // len(communities) + 1}号院"
        year = 2013 + int(chance.random() * 4) if number < by_2016 else later[number - by_2016]
        accepted = date(year, 8 + int(chance.random() * 5), 1 + int(chance.random() * 28))
        differs = -differs if number % 2 else int(chance.random() * 430)
        residents = RESIDENTS + (0 if number + 1 == by_2016 and number % 2 == 0 else differs)
        works = [(accepted, residents)]
        if number % 40 == 7:
            works.append(
                (date(year + 3, 9, 15), residents) if year < 2014 else (date(year + 5, 9, 15), residents + 30)
            )
        for time, (accepted, residents) in enumerate(works):
            if accepted <= world.today:
                year = accepted.year
                deed = f"DEEDS-{year}-3" if 2014 <= year <= 2016 else ""
                yield _project(
                    f"{unit.code}-{estate[:-2]}-{time}", f"DEEDS-{year}" if deed else "ESTATES", unit, "estate",
                    f"{unit.name}{estate}整治", deed=deed, estate=estate, residents=residents,
                    started=accepted - timedelta(90 + int(chance.random() * 60)), accepted=accepted,
                )  # fmt: skip


def _border(world: World) -> Iterator[tuple[str, str]]:
    """Contact points and civil works in the front-line villages (no military works, G-19)."""
    chance = world.chance("border-programme")
    for number, unit in enumerate(border_villages(world)):
        started = date(2012 + number % 4, 7, 1 + number % 28)
        if number % 5 < 3:
            yield _project(
                f"{unit.code}-POINT",
                "BORDER",
                unit,
                "contact_point",
                f"{unit.name}新农村帮建联系点",
                started=started,
            )
        if number % 5 > 1:
            work = _WORKS[int(chance.random() * len(_WORKS))]
            yield _project(
                f"{unit.code}-WORK", "BORDER", unit, "civil_work", unit.name + work, started=started,
                accepted=started + timedelta(150 + int(chance.random() * 200)), residents=120 + int(chance.random() * 500),
            )  # fmt: skip


def _beautiful_villages(world: World) -> Iterator[tuple[str, str]]:
    """Some begin in each year to 2025; those of the last year are still going on."""
    chance = world.chance("beautiful-villages")
    number = world.part(VILLAGES_WITH_WORKS, "villages")
    for unit in world.picked(world.units("village"), number, "beautiful-villages-at"):
        started = date(
            2013 + int(chance.random() * (world.today.year - 2013)), 5, 1 + int(chance.random() * 28)
        )
        accepted = started + timedelta(240 + int(chance.random() * 300))
        yield _project(
            f"{unit.code}-BV", "VILLAGES", unit, "civil_work", f"{unit.name}村容整治", started=started,
            accepted=accepted if accepted <= world.today else "", residents=200 + int(chance.random() * 900),
        )  # fmt: skip


def _merit(world: World) -> Iterator[tuple[str, str]]:
    """By organs of the province's own domain; where that is not made up, at the province's committee."""
    if not world.leads:
        return
    chance, places = world.chance("merit"), [world.province]
    if world.domain.code == divisions.PROVINCE:
        organs = {unit.organization for unit in world.units("organ")} - {world.province}
        places = sorted(code for code in organs if world.organizations[code].closed == NEVER)
    for number in range(MERIT):
        started = date(2011 + number % 5, 1 + int(chance.random() * 12), 1 + int(chance.random() * 28))
        yield _project(
            f"MERIT-{number + 1}", "MERIT-125", None, "merit", f"建功项目第{number + 1}号", started=started,
            accepted=started + timedelta(200 + int(chance.random() * 500)),
            organization=places[int(chance.random() * len(places))],
        )  # fmt: skip


def _money(world: World) -> Iterator[tuple[str, str]]:
    """The collective economy's fund goes to the townships, the services' to the county."""
    towns = [unit.organization for unit in world.units("township") or world.units("street")]
    for fund, table, places in (
        ("collective_economy", COLLECTIVE_ECONOMY, towns),
        ("village_services", VILLAGE_SERVICES, [world.top]),
    ):
        chance = world.chance(fund)
        for year in range(2012, world.today.year + 1):
            decided = date(year, 3, 1 + int(chance.random() * 28))
            total = world.part(table.get(year, LATER[fund]), "villages")
            if decided > world.today or not total:
                continue
            for number, place in enumerate(places):
                amount = total * (number + 1) // len(places) - total * number // len(places)
                yield from _appropriated(
                    world, f"{fund}-{year}-{place}", place, fund, decided, amount, chance.random()
                )


def _appropriated(
    world: World, ref: str, place: str, fund: str, decided: date, amount: int, luck: float
) -> Iterator[tuple[str, str]]:
    """One appropriation, all paid after its year; sometimes too high and corrected in autumn."""
    head, year = f"{place},{fund},省财政厅", decided.year
    paid = amount if year < world.today.year else round(amount * 0.6)
    corrected = date(year, 9, 10)
    extra = 12_000 if luck < 0.03 and corrected <= world.today else 0
    yield "appropriations", f"{ref},{head},{year},{decided},{amount + extra},{paid}"
    if extra:
        yield "appropriations", f"{ref}-C,{head},{year},{corrected},{-extra},0"
