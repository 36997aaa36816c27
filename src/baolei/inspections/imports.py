"""Sheets of inspections and weak organizations."""

from django.utils.translation import gettext_lazy as _

from baolei.inspections.access import Can, CanWeak
from baolei.inspections.models import Visit, WeakOrganization
from baolei.kernel.imports import CodeColumn, DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    BooleanColumn,
    Check,
    NoOverlap,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)

message(
    "visit.announced", _("这种检查方式不得事先通知"), _("随机式、点穴式检查不打招呼，请核对方式或“事先通知”")
)
message("visit.organization", _("这个党组织当日不存续"), _("请填写检查当日存续的党组织"))
message("weak.still_open", _("尚未销号，不能填“换届当年销号”"), _("请先填写止的日期，或改为“否”"))
message("weak.organization", _("这个党组织认定之日不存续"), _("请填写认定当日存续的党组织"))
message("weak.overlap", _("与同一党组织的另一条认定重叠"), _("前一条应先销号，请核对起止日期"))

_ORGANIZATION = "JOIN organizations_organization o ON o.id = a.organization_id"


class VisitSheet(RecordSheet):
    name, title, order, model, can = "inspection_visits", _("督查"), 200, Visit, Can
    columns = (
        RefColumn(),
        Reference("organization", _("受检党组织"), to="organizations.Organization"),
        CodeColumn("kind", _("方式"), codes=dict(Visit.Kind.choices)),
        BooleanColumn("announced", _("事先通知")),
        DateColumn("visited_on", _("检查日期")),
        TextColumn("plan", _("方案或抽样编号")),
    )
    checks = (
        Check("announced", "visit.announced", "s.announced AND s.kind <> 'dragnet'"),
        Check(
            "organization",
            "visit.organization",
            "o.opened_on > s.visited_on OR o.closed_on <= s.visited_on",
            _ORGANIZATION,
        ),
    )


class WeakOrganizationSheet(RecordSheet):
    name, title, order, model, can = (
        *("weak_organizations", _("软弱涣散党组织"), 201),
        *(WeakOrganization, CanWeak),
    )
    columns = (
        RefColumn(),
        Reference("organization", _("党组织"), to="organizations.Organization"),
        CodeColumn("kind", _("类型代码"), codes=dict(WeakOrganization.Kind.choices)),
        *spell_columns(_("认定日期"), _("销号日期"), event=True),
        BooleanColumn("closed_in_election", _("换届当年销号")),
    )
    checks = (
        Check("closed_in_election", "weak.still_open", "s.closed_in_election AND s.until IS NULL"),
        Check(
            "organization",
            "weak.organization",
            "o.opened_on > s.first OR o.closed_on <= s.first",
            _ORGANIZATION,
        ),
    )
    no_overlaps = (NoOverlap(("organization_id",), "weak.overlap"),)


for sheet in (VisitSheet, WeakOrganizationSheet):
    register(sheet())
