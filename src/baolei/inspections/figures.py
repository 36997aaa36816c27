"""Figures of inspections (S07) and of weak organizations of university departments (S13)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.inspections.access import CanWeak
from baolei.inspections.models import Visit, WeakOrganization
from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.kernel.figures.windows import YEAR
from baolei.kernel.sql import quoted
from baolei.kernel.tree import STEP
from baolei.organizations.kinds import HOLDS_MEMBERS, Kind, UnitKind
from baolei.organizations.models import Place, Rest, UnitOverseer

_TREE = ("organizations.Organization", "organizations.Place")


def _visits(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Visit.objects.unscoped("law figures.equal-recompute").filter(
        visited_on__year=day.year, visited_on__lte=day
    )
    for place, kind in rows.values_list("organization_id", "kind").iterator(20000):
        yield place, {"inspections.kinds_used": Fact(entity=kind)}


VISITS = Rows(
    name="inspection visits",
    sql=f"""
        SELECT l.key, v.organization_id AS place, v.id AS subject, v.kind
        FROM inspections_visit v
        JOIN organizations_lasting l ON l.organization_id = v.organization_id AND l.during @> %(day)s
        WHERE v.visited_on BETWEEN make_date({YEAR}, 1, 1) AND %(day)s
    """,
    reads=("inspections.Visit", *_TREE),
    behind="""
        JOIN inspections_visit v ON v.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("v"),
        Column("organization", _("受检党组织"), "node.short_name"),
        Column("kind", _("方式"), "r.kind", labels=dict(Visit.Kind.choices)),
        Column("visited_on", _("检查日期"), "v.visited_on"),
    ),
    subject_url="inspections:visit",
    recompute=_visits,
)

Figure(
    code="inspections.kinds_used",
    rank=90,
    label=_("当年用过的督查方式"),
    unit="kind",
    definition=_("当年1月1日到当日，拉网式、随机式、点穴式三种督查方式中用过的种数。"),
    reading=_("按检查当日的受检党组织归集；下级合计可以大于本级。"),
    rows=VISITS,
    entity="r.kind",
    public="province",
    process=True,
)

_DEPARTMENTS = (Kind.GENERAL_BRANCH, *HOLDS_MEMBERS)
"""Kinds of university department organizations."""


def _weak(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    keys = dict(Rest.objects.on(day).values_list("organization_id", "key"))
    closed = set(keys)
    keys |= dict(Place.objects.on(day).values_list("organization_id", "key"))
    overseers = UnitOverseer.objects.unscoped("law figures.equal-recompute").filter(
        unit__kind=UnitKind.UNIVERSITY, during__startswith__lte=day
    )
    tops = {keys[pk] for pk in overseers.values_list("organization_id", flat=True) if pk in keys}
    rows = WeakOrganization.objects.unscoped("law figures.equal-recompute").filter(
        during__startswith__lte=day, organization__kind__in=_DEPARTMENTS
    )
    for mark in rows.iterator(20000):
        place, key = mark.organization_id, keys.get(mark.organization_id, "")
        if not any(key[:n] in tops for n in range(STEP, len(key), STEP)):
            continue
        if mark.during.upper is not None and mark.during.upper <= day:
            yield place, {"inspections.weak_departments_closed_share": Fact(int(mark.closed_in_election))}
        elif place not in closed:
            yield place, {"organizations.weak_departments": Fact()}


WEAK = Rows(
    name="weak university departments",
    sql=f"""
        SELECT l.key, w.organization_id AS place, w.id AS subject, w.closed_in_election,
            upper(w.during) IS NOT NULL AND upper(w.during) <= %(day)s AS ended,
            o.closed_on IS NULL OR o.closed_on > %(day)s AS stands
        FROM inspections_weakorganization w
        JOIN organizations_organization o ON o.id = w.organization_id
            AND o.kind IN ({quoted(_DEPARTMENTS)})
        JOIN organizations_lasting l ON l.organization_id = w.organization_id AND l.during @> %(day)s
        WHERE lower(w.during) <= %(day)s AND EXISTS (
            SELECT FROM organizations_unitoverseer v
            JOIN organizations_unit u ON u.id = v.unit_id AND u.kind = '{UnitKind.UNIVERSITY}'
            JOIN organizations_lasting top ON top.organization_id = v.organization_id
                AND top.during @> %(day)s
            WHERE lower(v.during) <= %(day)s AND length(l.key) > length(top.key)
                AND left(l.key, length(top.key)) = top.key)
    """,
    reads=("inspections.WeakOrganization", "organizations.Unit", "organizations.UnitOverseer", *_TREE),
    behind="""
        JOIN inspections_weakorganization w ON w.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("w"),
        Column("organization", _("院系党组织"), "node.short_name"),
        Column("first", _("认定日期"), "lower(w.during)"),
        Column("last", _("销号日期"), "upper(w.during)"),
    ),
    subject_url="inspections:weak",
    recompute=_weak,
)

Figure(
    code="organizations.weak_departments",
    rank=91,
    label=_("高校院系薄弱党组织数"),
    unit="organization",
    definition=_("当日存续、当日认定为薄弱的高校院系党组织（高校党组织下面的党总支和党支部）。"),
    reading=_("名单和类型只对县级以上组织部门开放，不公开。"),
    rows=WEAK,
    where="NOT r.ended AND r.stands",
    public="none",
    may_list=CanWeak.VIEW,
)
Figure(
    code="inspections.weak_departments_closed_share",
    rank=92,
    label=_("薄弱院系党组织换届当年销号的占比"),
    unit=PERCENT,
    definition=_("在所属高校党委换届当年销号的 ÷ 截至当日已销号的高校院系薄弱党组织。"),
    reading=_("同一党组织先后两次认定的，按两次计；尚未销号的不进入分母。"),
    rows=WEAK,
    where="r.ended",
    met="r.closed_in_election",
    public="none",
    may_list=CanWeak.VIEW,
)
