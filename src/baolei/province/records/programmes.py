"""The programmes that projects belong to, and the good deeds of each year; the scale's first domain writes them."""

from collections.abc import Iterator
from datetime import date

from baolei.province import divisions
from baolei.province.records import World, day

CAMPAIGN = "CAMPAIGN-1000"
CAMPAIGN_FIRST = date(2013, 4, 1)
CAMPAIGN_LAST = date(2016, 3, 31)
UPGRADE_FIRST = date(2013, 3, 1)
DEEDS = (
    "社区党员教育培训基地",
    "村级便民服务代办点",
    "老旧散小区整治",
    "村级远程教育站点更新",
    "边境村饮水安全",
    "农村党员实用技术培训",
    "社区日间照料中心",
    "农家书屋提升",
    "村屯道路亮化",
    "社区党群活动室",
)


def programmes(world: World) -> Iterator[tuple[str, str]]:
    border = divisions.top_code(divisions.YANBIAN)
    for ref, organization, kind, name, first, planned, last in (
        ("HALLS", world.province, "hall_upgrade", "村部改造升级", UPGRADE_FIRST, "2016-02-28", "2015-02-15"),
        (
            CAMPAIGN,
            world.province,
            "campaign",
            "千名处长进千村",
            CAMPAIGN_FIRST,
            CAMPAIGN_LAST,
            CAMPAIGN_LAST,
        ),
        ("MERIT-125", world.province, "merit", "建功十二五", "2011-01-01", "2015-12-31", "2015-12-31"),
        ("ESTATES", world.province, "estates", "老旧散小区整治", "2013-01-10", "", ""),
        ("BORDER", border, "border", "强基富民固边工程", "2012-06-01", "", ""),
        ("VILLAGES", world.province, "general", "美丽乡村", "2013-05-01", "", ""),
        ("COMMUNITIES", world.province, "general", "幸福社区", "2013-05-01", "2018-12-31", "2018-12-20"),
        ("FIRMS", world.province, "general", "助推民企发展", "2012-09-01", "2017-08-31", "2017-06-30"),
    ):
        yield "programmes", f"{ref},{organization},{kind},{name},,{first},{planned},{first},{last},"
    for year in range(2014, world.today.year + 1):
        last = day(year, 12, 20) if date(year, 12, 20) <= world.today else ""
        yield (
            "programmes",
            f"DEEDS-{year},{world.province},deeds_of_year,{year}年实事好事,{year},{day(year, 1, 1)},"
            f"{day(year, 12, 31)},{day(year, 1, 1)},{last},",
        )


def deeds(world: World) -> Iterator[tuple[str, str]]:
    """Ten a year; in some years another was planned and dropped in spring. One small deed asks fewer than 30."""
    chance = world.chance("deeds")
    for year in range(2014, world.today.year + 1):
        for number, name in enumerate(DEEDS, 1):
            finished = date(year, 9 + int(chance.random() * 4), 1 + int(chance.random() * 20))
            asked = 18 + int(chance.random() * 10) if number == 6 else 240 + int(chance.random() * 700)
            satisfied = round(asked * (0.93 + 0.055 * chance.random()))
            end = f"{finished},{asked},{satisfied}" if finished <= world.today else ",,"
            yield "deeds", f"DEEDS-{year}-{number},DEEDS-{year},{name},,{end}"
        if year % 3 == 0 and date(year, 4, 20) <= world.today:
            yield "deeds", f"DEEDS-{year}-11,DEEDS-{year},乡镇文化站改造,{day(year, 4, 20)},,,"
