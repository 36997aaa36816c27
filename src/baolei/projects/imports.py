"""Sheets of programmes, good deeds, projects and appropriations."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.imports import CodeColumn, DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    Check,
    ComingDateColumn,
    Derived,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    YearColumn,
)
from baolei.organizations.kinds import UnitKind
from baolei.projects.access import Can
from baolei.projects.models import Appropriation, Deed, Programme, Project

message("programme.year", _("年度与类别不配"), _("年度实事好事须填年度，其他工程不填"))
message("programme.reversed", _("完成日期早于开始日期"), _("请核对开始和完成的日期"))
message("programme.unbegun", _("没有实际开始日期，不能有实际完成日期"), _("请补填实际开始日期"))
message("programme.ended_twice", _("工程不能既完成又取消"), _("请核对：保留实际完成日期或取消日期之一"))
message("programme.cancelled", _("所属工程已经取消"), _("请核对：取消的工程只留取消之前已完成或一并取消的"))
message("deed.programme", _("所属工程不是年度实事好事"), _("实事好事须属于某一年度的实事好事工程"))
message("deed.ended_twice", _("实事不能既办结又撤下"), _("请核对：保留办结日期或撤下日期之一"))
message("deed.asked", _("测评须在办结之后，两个人数一并填写"), _("请填写办结日期、测评群众数和满意群众数"))
message("deed.satisfied", _("满意群众数多于测评群众数"), _("请按测评结果核对"))
message("project.programme", _("这类项目不属于这类工程"), _("村部、致富、建功项目和联系点各属其工程，请核对"))
message("project.deed", _("所属实事不是这项工程的"), _("请核对所属工程和所属实事"))
message("project.unit", _("这类项目的单位不对"), _("村部、致富项目、联系点填村代码，小区整治填社区代码"))
message("project.estate", _("小区与类别不配"), _("小区整治须填小区，其他项目不填"))
message("project.unbegun", _("没有开工日期"), _("验收或停工的项目须有开工日期"))
message("project.reversed", _("日期早于开工日期"), _("请核对开工日期和这一日期"))
message("project.ended_twice", _("项目不能既验收又取消"), _("请核对：保留验收日期或取消日期之一"))
message("project.suspended", _("已验收的项目不能停工"), _("请核对：验收之后不填停工日期"))
message("appropriation.amount", _("金额不能为零"), _("安排填正数，冲减填负数"))
message("appropriation.overpaid", _("已拨付多于金额"), _("请核对；冲减的已拨付填 0"))

_PROGRAMME = "JOIN projects_programme g ON g.id = a.programme_id"
_UNIT = "LEFT JOIN organizations_unit u ON u.id = a.unit_id"
_OWN_PROGRAMME = " OR ".join(
    f"(s.kind = '{kind}' AND g.kind <> '{programme}')"
    for kind, programme in (
        (Project.Kind.HALL, Programme.Kind.HALL_UPGRADE),
        (Project.Kind.ENRICHMENT, Programme.Kind.CAMPAIGN),
        (Project.Kind.MERIT, Programme.Kind.MERIT),
        (Project.Kind.CONTACT_POINT, Programme.Kind.BORDER),
    )
)


def _organization(title):
    return Reference("organization", title, to="organizations.Organization")


def _programme(title):
    return Reference("programme", title, to="projects.Programme", by="ref")


def _day(name: str, title) -> DateColumn:
    return DateColumn(name, title, required=False)


class ProgrammeSheet(RecordSheet):
    name, title, order, model, can = "programmes", _("工程"), 120, Programme, Can
    columns = (
        RefColumn(),
        _organization(_("组织实施的党组织")),
        CodeColumn("kind", _("类别"), codes=dict(Programme.Kind.choices)),
        TextColumn("name", _("名称")),
        YearColumn("year", _("年度"), required=False),
        ComingDateColumn("planned_first", _("计划开始")),
        ComingDateColumn("planned_last", _("计划完成"), required=False),
        _day("first_on", _("实际开始")),
        _day("last_on", _("实际完成")),
        _day("cancelled_on", _("取消日期")),
    )
    checks = (
        Check("year", "programme.year", "(s.kind = 'deeds_of_year') <> (s.year IS NOT NULL)"),
        Check("planned_last", "programme.reversed", "s.planned_last < s.planned_first"),
        Check("last_on", "programme.unbegun", "s.last_on IS NOT NULL AND s.first_on IS NULL"),
        Check("last_on", "programme.reversed", "s.last_on < s.first_on"),
        Check(
            "cancelled_on", "programme.ended_twice", "s.cancelled_on IS NOT NULL AND s.last_on IS NOT NULL"
        ),
    )
    unique_by = (("organization_id", "year"),)


class DeedSheet(RecordSheet):
    name, title, order, model, can = "deeds", _("实事好事"), 121, Deed, Can
    columns = (
        RefColumn(),
        _programme(_("年度实事好事")),
        TextColumn("name", _("名称")),
        _day("dropped_on", _("撤下日期")),
        _day("finished_on", _("办结日期")),
        NumberColumn("asked", _("测评群众数"), required=False),
        NumberColumn("satisfied", _("满意群众数"), required=False),
    )
    derived = (Derived("organization_id", "r_programme.organization_id"),)
    checks = (
        Check("programme", "deed.programme", "g.kind <> 'deeds_of_year'", _PROGRAMME),
        Check(
            "programme",
            "programme.cancelled",
            "g.cancelled_on IS NOT NULL AND s.dropped_on IS NULL "
            "AND (s.finished_on IS NULL OR s.finished_on > g.cancelled_on)",
            _PROGRAMME,
        ),
        Check("dropped_on", "deed.ended_twice", "s.dropped_on IS NOT NULL AND s.finished_on IS NOT NULL"),
        Check(
            "asked",
            "deed.asked",
            "(s.asked IS NULL) <> (s.satisfied IS NULL) OR (s.asked IS NOT NULL AND s.finished_on IS NULL)",
        ),
        Check("satisfied", "deed.satisfied", "s.satisfied > s.asked"),
    )


class ProjectSheet(RecordSheet):
    name, title, order, model, can = "projects", _("项目"), 122, Project, Can
    columns = (
        RefColumn(),
        _programme(_("所属工程")),
        Reference("deed", _("所属实事"), required=False, to="projects.Deed", by="ref"),
        _organization(_("所在党组织")),
        Reference("unit", _("单位代码"), required=False, to="organizations.Unit"),
        TextColumn("estate", _("小区"), required=False),
        CodeColumn("kind", _("类别"), codes=dict(Project.Kind.choices)),
        TextColumn("name", _("名称")),
        ComingDateColumn("planned_first", _("计划开工"), required=False),
        _day("started_on", _("开工日期")),
        _day("accepted_on", _("验收日期")),
        _day("cancelled_on", _("取消日期")),
        _day("suspended_on", _("停工日期")),
        NumberColumn("beneficiaries", _("受益群众数"), required=False),
    )
    checks = (
        Check("programme", "project.programme", _OWN_PROGRAMME, _PROGRAMME),
        Check(
            "programme",
            "programme.cancelled",
            "g.cancelled_on IS NOT NULL AND s.cancelled_on IS NULL "
            "AND (s.accepted_on IS NULL OR s.accepted_on > g.cancelled_on)",
            _PROGRAMME,
        ),
        Check(
            "deed",
            "project.deed",
            "d.programme_id <> a.programme_id",
            "JOIN projects_deed d ON d.id = a.deed_id",
        ),
        Check(
            "unit",
            "project.unit",
            f"(s.kind IN ('hall', 'enrichment', 'contact_point') AND u.kind IS DISTINCT FROM '{UnitKind.VILLAGE}') "
            f"OR (s.kind = 'estate' AND u.kind IS DISTINCT FROM '{UnitKind.COMMUNITY}')",
            _UNIT,
        ),
        Check("estate", "project.estate", "(s.kind = 'estate') <> (s.estate IS NOT NULL)"),
        Check(
            "started_on",
            "project.unbegun",
            "s.started_on IS NULL AND (s.accepted_on IS NOT NULL OR s.suspended_on IS NOT NULL)",
        ),
        *(
            Check(end, "project.reversed", f"s.{end} < s.started_on")
            for end in ("accepted_on", "cancelled_on", "suspended_on")
        ),
        Check(
            "cancelled_on", "project.ended_twice", "s.accepted_on IS NOT NULL AND s.cancelled_on IS NOT NULL"
        ),
        Check(
            "suspended_on", "project.suspended", "s.accepted_on IS NOT NULL AND s.suspended_on IS NOT NULL"
        ),
    )


class AppropriationSheet(RecordSheet):
    name, title, order, model, can = "appropriations", _("资金"), 123, Appropriation, Can
    columns = (
        RefColumn(),
        _organization(_("接收的党组织")),
        CodeColumn("fund", _("资金"), codes=dict(Appropriation.Fund.choices)),
        TextColumn("source", _("来源")),
        YearColumn("fiscal_year", _("预算年度")),
        DateColumn("decided_on", _("决定日期")),
        NumberColumn("amount", _("金额（元）"), decimals=2, signed=True, money=True),
        NumberColumn("paid", _("已拨付（元）"), decimals=2, money=True),
    )
    checks = (
        Check("amount", "appropriation.amount", "s.amount = 0"),
        Check("paid", "appropriation.overpaid", "s.paid > greatest(s.amount, 0)"),
    )


for sheet in (ProgrammeSheet, DeedSheet, ProjectSheet, AppropriationSheet):
    register(sheet())
