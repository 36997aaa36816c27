"""Duty meetings of committees each half year, and the sessions of two study campaigns in every branch.

In every half year from 2014 on at least 97 % of the committees and leading groups met; every branch open through the
campaign of 2016 held a session.
"""

from collections.abc import Iterator
from datetime import date

from baolei.province import scenario
from baolei.province.organizations import HOLDERS, NEVER, Organization
from baolei.province.records import World

FILES = {
    "study_campaigns": (
        "学习教育",
        "ref:编号 organization:组织开展的党组织 name:名称 document:文号 from:起 to:止",
    ),
    "meetings": (
        "会议",
        "ref:编号 organization:召开的党组织 kind:类别 held_on:召开日期 should_attend:应到人数 present:实到人数 "
        "campaign:学习教育",
    ),
}

REFS = {"meetings": ("campaign",)}

COMMITTEES = frozenset(
    "local_committee work_committee party_group township_committee basic_committee".split()
)
CAMPAIGNS = (
    ("STUDY-2016", "两学一做学习教育", "吉办发〔2016〕11号", date(2016, 3, 1), date(2016, 12, 31)),
    ("STUDY-2021", "党史学习教育", "吉办发〔2021〕7号", date(2021, 3, 1), date(2021, 12, 31)),
)
MET = {2012: 0.86, 2013: 0.92}
"""Share of committees that met in each half of the year; later years 0.985."""


def rows(world: World) -> Iterator[tuple[str, str]]:
    if world.leads:
        for ref, name, document, first, last in CAMPAIGNS:
            yield "study_campaigns", f"{ref},{world.province},{name},{document},{first},{last}"
    yield from _duty_meetings(world)
    yield from _sessions(world)


def _is_open(organization: Organization, on: int) -> bool:
    return organization.opened <= on < (organization.closed or NEVER)


def _duty_meetings(world: World) -> Iterator[tuple[str, str]]:
    chance, today = world.chance("duty-meetings"), world.today.toordinal()
    committees = [o for o in world.plan.organizations if o.kind in COMMITTEES]
    for year in range(scenario.FIRST_YEAR, world.today.year + 1):
        for half, month in ((1, 1), (2, 7)):
            first = date(year, month, 1).toordinal()
            for organization in committees:
                on = first + int(chance.random() * 175)
                met, size = chance.random() < MET.get(year, 0.985), 7 + int(chance.random() * 7)
                if met and on <= today and _is_open(organization, on):
                    yield (
                        "meetings",
                        f"{organization.code}-{year}{half},{organization.code},regular_session,"
                        f"{date.fromordinal(on)},{size},{size - int(chance.random() * 2)},",
                    )


def _sessions(world: World) -> Iterator[tuple[str, str]]:
    chance = world.chance("study-sessions")
    branches = [o for o in world.plan.organizations if o.kind in HOLDERS]
    for ref, _name, _document, first, last in CAMPAIGNS:
        start, days = first.toordinal(), (last - first).days
        for organization in branches:
            on = start + int(chance.random() * days)
            size = 12 + int(chance.random() * 24)
            if _is_open(organization, on):
                yield (
                    "meetings",
                    f"{organization.code}-{ref[-4:]}S,{organization.code},party_class,{date.fromordinal(on)},"
                    f"{size},{size - int(chance.random() * 4)},{ref}",
                )
