"""Sheets of debriefs and appraisals."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.imports import CodeColumn, DateColumn, message, register
from baolei.kernel.imports.records import (
    Check,
    NumberColumn,
    RecordSheet,
    RefColumn,
    Reference,
    YearColumn,
)
from baolei.kernel.sql import quoted
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.reviews.access import Can
from baolei.reviews.models import Appraisal, Debrief

message("debrief.closed", _("状态与办结日期不一致"), _("已办结的须填办结日期，未办结的不填"))
message("debrief.self", _("述职的党组织与听取述职的是同一个"), _("请填写上一级党组织的代码"))
message("review.year", _("日期早于这一年度"), _("请核对年度和日期；上一年度的可在下一年办结"))
message("appraisal.found", _("有评议结果的党员多于应评议的党员"), _("请核对两个人数；预备党员不计入"))
message("appraisal.branch", _("民主评议由党支部进行"), _("请填写党支部的代码"))

_BRANCHES = quoted(HOLDS_MEMBERS)


class DebriefSheet(RecordSheet):
    name, title, order, model, can = "debriefs", _("述职评议"), 210, Debrief, Can
    columns = (
        RefColumn(),
        Reference("organization", _("述职的党组织"), to="organizations.Organization"),
        Reference("superior", _("听取述职的党组织"), to="organizations.Organization"),
        YearColumn("year", _("年度")),
        CodeColumn("state", _("状态"), codes=dict(Debrief.State.choices)),
        DateColumn("closed_on", _("办结日期"), required=False),
    )
    checks = (
        Check("closed_on", "debrief.closed", "(s.state = 'closed') <> (s.closed_on IS NOT NULL)"),
        Check("closed_on", "review.year", "extract(year FROM s.closed_on) < s.year"),
        Check("superior", "debrief.self", "a.organization_id = a.superior_id"),
    )
    unique_by = (("organization_id", "year"),)


class AppraisalSheet(RecordSheet):
    name, title, order, model, can = "appraisals", _("民主评议"), 211, Appraisal, Can
    columns = (
        RefColumn(),
        Reference("organization", _("党支部"), to="organizations.Organization"),
        YearColumn("year", _("年度")),
        DateColumn("held_on", _("评议日期")),
        NumberColumn("due", _("应评议党员")),
        NumberColumn("found", _("有评议结果的党员")),
    )
    checks = (
        Check("found", "appraisal.found", "s.found > s.due"),
        Check("held_on", "review.year", "extract(year FROM s.held_on) < s.year"),
        Check(
            "organization",
            "appraisal.branch",
            f"o.kind NOT IN ({_BRANCHES})",
            "JOIN organizations_organization o ON o.id = a.organization_id",
        ),
    )
    unique_by = (("organization_id", "year"),)


for sheet in (DebriefSheet, AppraisalSheet):
    register(sheet())
