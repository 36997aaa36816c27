"""Counts of private enterprises and social organizations, demonstration posts, founding kits.

On 2016-12-31: about 11 thousand posts and zones; the shares of organizations, of work covered and of small firms with an
organization have risen every year since 2011; every organization founded in 2016 has its kit.
"""

from collections.abc import Iterator
from datetime import date

from baolei.province.records import Unit, World
from baolei.province.records.standards import large_enterprises

FILES = {
    "enterprise_counts": (
        "两新组织覆盖情况",
        "ref:编号 organization:统计的党组织 as_of:截至日期 sector:领域 size:企业规模 operating:实体运营数 alone:单独组建数 "
        "joint:联合组建数 work_only:仅工作覆盖数 due:应建未建数",
    ),
    "demonstration_posts": ("党员示范岗和责任区", "ref:编号 unit:单位代码 kind:类别 name:名称 from:起 to:止"),
    "founding_kits": (
        "一建五送",
        "ref:编号 organization:新建党组织 plaque:牌匾 flag:党旗 books:党建书籍 fund:启动经费 equipment:电教设备 "
        "confirmed_on:接收方确认日期",
    ),
}

POSTS = 11_012
"""Posts and zones in use on 2016-12-31."""
POSTS_BY = {2012: 0.30, 2013: 0.54, 2014: 0.73, 2015: 0.88, 2016: 1.0}
"""The part of them that was set up by the end of the year."""
LATER_POSTS = 190
"""Posts set up in each year after 2016, in the whole province."""
WITHDRAWN = 0.06
"""Posts withdrawn again before 2016, beside those in use then."""
FOUNDED = {
    "large": (0.93, 0.012, 1.0),
    "medium": (0.66, 0.036, 0.97),
    "small_micro": (0.33, 0.047, 0.82),
    "social": (0.36, 0.045, 0.84),
}
"""Founded share at the end of 2011, its rise a year to 2016 (a third of it later), and where it ends."""
OPERATING = {"large": 1.05, "medium": 1.35, "small_micro": 8.0, "social": 3.0}
"""Operating firms for each unit with an organization in 2016."""
WORK = (0.60, 0.068, 0.995)
"""Share of firms whose work is covered, in the same way."""
DUE = 0.05
"""Of the firms without an organization those with three members or more, in 2011; it halves in three years."""
NAMES = (
    *("质量检验", "安全生产", "技术攻关", "售后服务", "设备维护", "仓储管理", "窗口服务", "节能降耗"),
    *("市场开拓", "工艺改进", "一线装配", "诚信经营"),
)


def rows(world: World) -> Iterator[tuple[str, str]]:
    yield from _counts(world)
    yield from _posts(world)
    yield from _kits(world)


def _share(rise: tuple[float, float, float], year: int) -> float:
    """The share at the end of a year: straight to 2016, a third as steep after, never above its end."""
    start, step, end = rise
    return min(end, start + step * (min(year, 2016) - 2011) + step / 3 * max(0, year - 2016))


def _sizes(world: World) -> dict[str, list[int]]:
    """Opening days of the units with an organization, by the size of the firm; social organizations beside."""
    chance = world.chance("sizes")
    large = {unit.code for unit in large_enterprises(world)}
    found: dict[str, list[int]] = {size: [] for size in OPERATING}
    for unit in world.units("private_enterprise"):
        size = "medium" if chance.random() < 0.22 else "small_micro"
        found["large" if unit.code in large else size].append(unit.opened)
    found["social"] = [unit.opened for unit in world.units("social_organization")]
    return found


def _counts(world: World) -> Iterator[tuple[str, str]]:
    sizes = _sizes(world)
    for year in (2011, *world.years):
        end = date(year, 12, 31)
        for size, opened in sizes.items():
            known = sum(day <= date(2016, 12, 31).toordinal() for day in opened)
            operating = round((known * OPERATING[size] + 2) * 1.015 ** (year - 2011))
            founded = round(operating * _share(FOUNDED[size], year))
            alone = min(founded, sum(day <= end.toordinal() for day in opened))
            covered = max(founded, round(operating * _share(WORK, year)))
            due = round((operating - founded) * DUE * 0.8 ** (year - 2011))
            sector, column = ("social", "") if size == "social" else ("private", size)
            yield (
                "enterprise_counts",
                f"{world.domain.code}-{year}-{size},{world.top},{end},{sector},{column},{operating},{alone},"
                f"{founded - alone},{covered - founded},{due}",
            )


def _posts(world: World) -> Iterator[tuple[str, str]]:
    """Posts and zones spread over the firms whose organization is two months old."""
    chance = world.chance("posts-and-zones")
    firms = sorted(world.units("private_enterprise"), key=lambda unit: unit.opened)
    total = world.part(POSTS, "members")
    begun = 0
    for year in world.years:
        ready = [unit for unit in firms if unit.opened < date(year, 8, 1).toordinal()]
        if not ready:
            continue
        wanted = (
            round(total * POSTS_BY[year]) if year in POSTS_BY else begun + world.part(LATER_POSTS, "members")
        )
        for number in range(begun, wanted):
            yield _post(chance, ready[int(chance.random() * len(ready))], number, year, "")
        if year in (2012, 2013):
            for number in range(round(total * WITHDRAWN / 2)):
                last = date(year + 2, 1 + number % 12, 28).isoformat()
                yield _post(chance, ready[int(chance.random() * len(ready))], f"{year}w{number}", year, last)
        begun = wanted


def _post(chance, unit: Unit, number: int | str, year: int, last: str) -> tuple[str, str]:
    first = date(year, 1, 5).toordinal() + int(chance.random() * 350)
    first = date.fromordinal(max(first, unit.opened + 60))
    kind, word = ("post", "党员示范岗") if chance.random() < 0.6 else ("zone", "党员责任区")
    name = NAMES[int(chance.random() * len(NAMES))] + word
    return "demonstration_posts", f"{unit.code}-{number},{unit.code},{kind},{name},{first},{last}"


def _kits(world: World) -> Iterator[tuple[str, str]]:
    """Kits of the organizations founded since 2012; until 2015 some lack a gift, since 2016 none does."""
    chance = world.chance("kits")
    start, today = date(2012, 1, 1).toordinal(), world.today.toordinal()
    for unit in world.units("private_enterprise"):
        if unit.opened < start:
            continue
        year = date.fromordinal(unit.opened).year
        luck, gifts = chance.random(), ["是"] * 5
        if luck > 0.62 + 0.08 * (year - 2012) and year < 2016:
            gifts[int(chance.random() * 5)] = "否"
        confirmed = unit.opened + 3 + int(chance.random() * 40)
        if confirmed <= today:
            # What was founded in December is confirmed within the year.
            confirmed_on = date.fromordinal(min(confirmed, date(year, 12, 31).toordinal())).isoformat()
        else:
            confirmed_on, gifts = "", ["是", "是", "是", "否", "否"]
        yield "founding_kits", f"{unit.organization}-K,{unit.organization},{','.join(gifts)},{confirmed_on}"
