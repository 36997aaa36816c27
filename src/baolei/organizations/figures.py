"""Figures of the area `organizations`."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import Column, Fact, Figure, Rows, record_columns
from baolei.kernel.sql import quoted
from baolei.organizations.kinds import GRASSROOTS, Kind, UnitKind
from baolei.organizations.models import Organization, Place
from baolei.organizations.queries import units_on_day, units_on_day_sql

_COUNTED = quoted(GRASSROOTS)


def _open_organizations(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    counted = set(GRASSROOTS)
    rows = Place.objects.values_list("organization_id", "organization__kind", "during")
    for organization_id, kind, during in rows.iterator(chunk_size=20000):
        if kind in counted and during.lower <= day and (during.upper is None or day < during.upper):
            yield organization_id, {"organizations.total": Fact()}


OPEN_ORGANIZATIONS = Rows(
    name="organizations",
    sql=f"""
        SELECT p.key, p.organization_id AS place, p.organization_id AS subject, p.parent_id
        FROM organizations_place p JOIN organizations_organization o ON o.id = p.organization_id
        WHERE p.during @> %(day)s AND o.kind IN ({_COUNTED})
    """,
    reads=("organizations.Organization", "organizations.Place"),
    behind="""
        JOIN organizations_organization node ON node.id = r.subject
        LEFT JOIN organizations_organization up ON up.id = r.parent_id
    """,
    columns=(
        Column("uid", "", "node.uid"),
        Column("key", "", "r.key"),
        Column("subject", "", "node.id"),
        Column("today_key", "", "node.key"),
        Column("name", _("党组织"), "node.short_name"),
        Column("code", _("组织代码"), "node.code"),
        Column("kind", _("类别"), "node.kind", labels=dict(Kind.choices)),
        Column("parent", _("当日上级"), "up.short_name"),
        Column("opened_on", _("成立日期"), "node.opened_on"),
        Column("closed_on", _("撤销日期"), "node.closed_on"),
    ),
    subject_url="organizations:detail",
    recompute=_open_organizations,
)

Figure(
    code="organizations.total",
    rank=2,
    label=_("基层党组织总数"),
    unit="organization",
    definition=_(
        "当日存续的基层党委（含乡镇、街道党委和村、社区党委）、党总支、党支部之和，联合党支部、项目党支部各计一次。"
        "不计：地方党委、党组、党工委、党小组，以及不保管正式组织关系的党组织（临时党支部、功能型党组织、流动党员党组织）。"
    ),
    reading=_("村、社区党委和项目党支部计入；由党工委领导的街道，其党工委不计入。"),
    rows=OPEN_ORGANIZATIONS,
)


def _port_committees(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    functional = Organization.objects.unscoped("law figures.equal-recompute").filter(kind=Kind.FUNCTIONAL_ORG)
    for place in set(units_on_day(day, UnitKind.PORT).values()) & set(
        functional.values_list("pk", flat=True)
    ):
        yield place, {"border.port_joint_committees": Fact()}


PORT_COMMITTEES = Rows(
    name="joint inspection committees of ports",
    sql=f"""
        SELECT unit.key, unit.place, unit.place AS subject, string_agg(unit.unit_name, '、') AS ports
        FROM ({units_on_day_sql(UnitKind.PORT)}) unit
        JOIN organizations_organization o ON o.id = unit.place AND o.kind = '{Kind.FUNCTIONAL_ORG}'
        GROUP BY unit.key, unit.place
    """,
    reads=(
        "organizations.Organization",
        "organizations.Place",
        "organizations.Unit",
        "organizations.UnitOverseer",
    ),
    behind="JOIN organizations_organization node ON node.id = r.subject",
    columns=(
        *record_columns("node"),
        Column("name", _("党组织"), "node.short_name"),
        Column("ports", _("口岸"), "r.ports"),
        Column("opened_on", _("成立日期"), "node.opened_on"),
    ),
    subject_url="organizations:detail",
    recompute=_port_committees,
)

Figure(
    code="border.port_joint_committees",
    rank=74,
    label=_("国门联检党委数"),
    unit="organization",
    definition=_("当日存续、管理口岸的功能型党组织，一个口岸至多一个。"),
    reading=_("口岸管理机构自己的党支部不计。"),
    rows=PORT_COMMITTEES,
)
