"""Milestones with their documents, and the organizations that took them up.

The symposium of 2014 and the document that spread the province's experience are the article's; the others are made up.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from baolei.province.records import World, day

FILES = {
    "milestones": ("典型经验", "ref:编号 organization:来源党组织 reached_on:日期 title:名称 document:文件"),
    "adoptions": (
        "经验推广",
        "ref:编号 milestone:典型经验编号 organization:推广的党组织 adopted_on:开始推广日期",
    ),
}
REFS = {"adoptions": ("milestone",)}

MILESTONES = (
    ("2012-1", day(2012, 4, 18), "基层组织建设年活动全面启动", "吉组发〔2012〕7号"),
    ("2012-2", day(2012, 11, 6), "村级组织运转经费保障机制建立", "吉组发〔2012〕21号"),
    ("2013-1", day(2013, 3, 1), "村部提档升级工程启动", "吉组发〔2013〕5号"),
    ("2013-2", day(2013, 9, 12), "零散小微企业党组织组建经验推开", "吉非公发〔2013〕8号"),
    ("2014-1", day(2014, 7, 10), "全国社区党建工作座谈会在吉林省召开", "座谈会会议通知（2014年）"),
    ("2014-2", day(2014, 9, 25), "社区党建吉林经验由中组部以文件形式总结推广", "中组部文件（2014年）"),
    ("2015-1", day(2015, 5, 20), "边境村党组织与部队党支部共建经验推开", "吉组发〔2015〕9号"),
    ("2016-1", day(2016, 6, 15), "机关党员到社区服务做法总结推广", "吉组发〔2016〕12号"),
    ("2018-1", day(2018, 6, 8), "党支部标准化建设现场会召开", "吉组发〔2018〕14号"),
    ("2019-1", day(2019, 10, 22), "党群服务中心共享经验推开", "吉组发〔2019〕18号"),
    ("2021-1", day(2021, 6, 3), "村党组织领办合作社做法总结推广", "吉组发〔2021〕10号"),
    ("2023-1", day(2023, 5, 16), "小区党组织建设经验推开", "吉组发〔2023〕6号"),
)
OWN_TITLES = ("党员责任区做法", "村干部值班代办做法", "商圈党建做法", "老党员议事做法", "网格党小组做法")
"""What a prefecture or county sums up from its own work."""


def rows(world: World) -> Iterator[tuple[str, str]]:
    if world.leads:
        for ref, on, title, document in MILESTONES:
            if on <= world.today.isoformat():
                yield "milestones", f"{ref},{world.province},{on},{title},{document}"
    yield from _own(world)
    yield from _adoptions(world)


def _own(world: World) -> Iterator[tuple[str, str]]:
    """A practice of the domain itself, in two of three domains."""
    chance = world.chance("milestones")
    if chance.random() < 0.67 and world.top != world.province:
        on = date(2013, 1, 10) + timedelta(days=int(chance.random() * 3_000))
        title = world.domain.name + OWN_TITLES[int(chance.random() * len(OWN_TITLES))]
        if on <= world.today:
            yield (
                "milestones",
                f"{world.domain.code}-1,{world.top},{on},{title},组发〔{on.year}〕{on.month}号",
            )


def _adoptions(world: World) -> Iterator[tuple[str, str]]:
    """The domain's committee takes up each of the province's milestones within half a year or leaves it."""
    chance = world.chance("adoptions")
    if world.top == world.province:
        return
    for ref, on, _title, _document in MILESTONES:
        adopted = date.fromisoformat(on) + timedelta(days=20 + int(chance.random() * 160))
        if chance.random() < 0.8 and adopted <= world.today:
            yield "adoptions", f"{world.domain.code}-{ref},{ref},{world.top},{adopted}"
