"""Figures of the service platform and of members in service in communities (S09, S18)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from baolei.community.models import CheckIn, Need, ServiceRecord
from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import units_on_day, units_on_day_sql
from baolei.standards.models import Facility

SINCE = date(2012, 1, 1)
"""First day of the window of services."""
SILENT_AFTER = 90
"""Days without a handled need, the day itself included, after which a desk is silent."""


def _platform(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    desks = Facility.objects.unscoped("law figures.equal-recompute").on(day).filter(kind=Facility.Kind.DESK)
    units = dict(desks.values_list("pk", "unit_id"))
    needs = Need.objects.unscoped("law figures.equal-recompute").filter(
        handled_on__lte=day, handled_on__gt=day - timedelta(days=SILENT_AFTER)
    )
    busy = {units.get(desk) for desk in needs.values_list("desk_id", flat=True).distinct()}
    covered = set(units.values())
    for unit, place in units_on_day(day, UnitKind.COMMUNITY).items():
        facts = {"communities.platform_coverage": Fact(unit in covered)}
        if unit in covered and unit not in busy:
            facts["community.silent_desks"] = Fact()
        yield place, facts


_DESK = f"f.unit_id = unit.unit_id AND f.kind = '{Facility.Kind.DESK}' AND f.during @> %(day)s"

PLATFORM = Rows(
    name="communities on the platform",
    sql=f"""
        SELECT unit.key, unit.place, unit.unit_id AS subject,
            EXISTS (SELECT FROM standards_facility f WHERE {_DESK}) AS covered,
            EXISTS (SELECT FROM standards_facility f JOIN community_need n ON n.desk_id = f.id WHERE {_DESK}
                AND n.handled_on <= %(day)s AND n.handled_on > %(day)s::date - {SILENT_AFTER}) AS busy
        FROM ({units_on_day_sql(UnitKind.COMMUNITY)}) unit
    """,
    reads=(
        "community.Need",
        "standards.Facility",
        "organizations.Unit",
        "organizations.UnitOverseer",
        "organizations.Organization",
        "organizations.Place",
    ),
    behind="""
        JOIN organizations_unit u ON u.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        Column("uid", "", "node.uid"),
        *record_columns("u")[1:],
        Column("name", _("社区"), "u.name"),
        Column("code", _("社区代码"), "u.code"),
        Column("organization", _("管理的党组织"), "node.short_name"),
    ),
    subject_url="organizations:detail",
    recompute=_platform,
)

Figure(
    code="communities.platform_coverage",
    rank=32,
    label=_("互联网+社区党建服务平台覆盖率"),
    unit=PERCENT,
    definition=_("当日有在用服务窗口的社区 ÷ 当日存续的社区。"),
    reading=_("建设覆盖率：一个社区计一次；停用的窗口不计。近90天没有办理过需求的窗口另列。"),
    rows=PLATFORM,
    met="r.covered",
    listed="NOT r.covered",
)
Figure(
    code="community.silent_desks",
    rank=33,
    label=_("服务窗口近90天没有办理需求的社区"),
    unit="unit",
    definition=_("当日有在用服务窗口、含当日在内的90天里没有办理过群众需求的社区。"),
    rows=PLATFORM,
    where="r.covered AND NOT r.busy",
    process=True,
)


def _confirmed(day: date):
    rows = ServiceRecord.objects.unscoped("law figures.equal-recompute")
    return rows.filter(served_on__gte=SINCE, confirmed_on__lte=day)


def _volunteers(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    checkins = CheckIn.objects.unscoped("law figures.equal-recompute").filter(work_unit__kind=UnitKind.ORGAN)
    spells = defaultdict(list)
    for member, during in checkins.values_list("member_id", "during").iterator(20000):
        spells[member].append(during)
    rows = _confirmed(day).values_list("branch_id", "member_id", "served_on")
    for branch, member, served in rows.iterator(20000):
        if any(d.lower <= served and (d.upper is None or served < d.upper) for d in spells.get(member, ())):
            yield branch, {"service.organ_members_volunteering": Fact(entity=member)}


def _serving(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    for organization, member in _confirmed(day).values_list("organization_id", "member_id").iterator(20000):
        yield organization, {"community.members_serving": Fact(entity=member)}


# A member once a place, and grouped by the key, so that a small place reads its own rows only.
_SERVED = f"""
    SELECT p.key, s.{{place}} AS place, s.member_id AS subject, min(s.served_on) AS first
    FROM community_servicerecord s
    JOIN organizations_lasting p ON p.organization_id = s.{{place}} AND p.during @> %(day)s
    {{joins}}
    WHERE s.served_on >= '{SINCE}' AND s.confirmed_on <= %(day)s
    GROUP BY p.key, s.{{place}}, s.member_id
"""
_SERVED_UNPLACED = f"""
    SELECT s.{{place}} AS place, s.member_id AS subject FROM community_servicerecord s {{joins}}
    WHERE s.served_on >= '{SINCE}' AND s.confirmed_on <= %(day)s GROUP BY s.{{place}}, s.member_id
"""
_READS = ("community.ServiceRecord", "organizations.Organization", "organizations.Place")
_MEMBER = """
    JOIN members_member person ON person.id = r.subject
    JOIN organizations_organization node ON node.id = r.place
"""


def _member_columns(place: str) -> tuple[Column, ...]:
    return (
        Column("uid", "", "person.uid"),
        Column("key", "", "r.key"),
        Column("subject", "", "r.subject"),
        Column("today_key", "", "person.branch_key"),
        Column("name", _("姓名"), "person.name"),
        Column("organization", place, "node.short_name"),
        Column("first", _("首次服务日期"), "r.first"),
    )


# Not `during @>`, of which the planner expects next to nothing, and then looks up each row's place.
_FROM_ORGAN = f"""JOIN community_checkin c ON c.member_id = s.member_id
        AND (lower(c.during) > s.served_on OR upper(c.during) <= s.served_on) IS NOT TRUE
    JOIN organizations_unit w ON w.id = c.work_unit_id AND w.kind = '{UnitKind.ORGAN}'"""

VOLUNTEERS = Rows(
    name="organ members volunteering",
    sql=_SERVED.format(place="branch_id", joins=_FROM_ORGAN),
    reads=(*_READS, "community.CheckIn", "organizations.Unit"),
    behind=_MEMBER,
    columns=_member_columns(_("服务当日所在党支部")),
    subject_url="members:detail",
    recompute=_volunteers,
    unplaced=_SERVED_UNPLACED.format(place="branch_id", joins=_FROM_ORGAN),
    stands="organizations_lasting",
)

SERVING = Rows(
    name="members serving in communities",
    sql=_SERVED.format(place="organization_id", joins=""),
    reads=_READS,
    behind=_MEMBER,
    columns=_member_columns(_("社区党组织")),
    subject_url="members:detail",
    recompute=_serving,
    unplaced=_SERVED_UNPLACED.format(place="organization_id", joins=""),
    stands="organizations_lasting",
)

Figure(
    code="service.organ_members_volunteering",
    rank=34,
    label=_("进社区志愿服务的在职党员数"),
    unit="person",
    definition=_(
        "2012年1月1日以来，服务当日由机关单位到社区报到（在职）、至少有一条服务记录经社区确认的党员，一人计一次，"
        "计入服务当日所在的党支部。"
    ),
    reading=_(
        "“服务当日为机关在职党员”以报到时登记的工作单位为机关为准；向任一社区报到均可；自社区确认之日起计入；"
        "服务当日在册即可，此后离开的仍计。"
    ),
    rows=VOLUNTEERS,
    entity="r.subject",
    process=True,
)
Figure(
    code="community.members_serving",
    rank=35,
    label=_("社区接受服务的在职党员数"),
    unit="person",
    definition=_(
        "2012年1月1日以来，在本社区至少有一条经社区确认的服务记录的党员，一人计一次，计入社区党组织。"
    ),
    reading=_("这是社区自己的统计，不同于按党员所在党支部计的进社区志愿服务人数。"),
    rows=SERVING,
    entity="r.subject",
    process=True,
)
