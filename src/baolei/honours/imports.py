"""Sheets of milestones and of those who took them up."""

from django.utils.translation import gettext_lazy as _

from baolei.honours.access import Can
from baolei.honours.models import Adoption, Milestone
from baolei.kernel.imports import DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import Check, RecordSheet, RefColumn, Reference

message("adoption.before_milestone", _("推广日期早于典型经验的日期"), _("请核对两个日期"))
message("adoption.own", _("来源党组织就是推广的党组织"), _("请填写学习推广这项经验的另一个党组织"))

_MILESTONE = "JOIN honours_milestone m ON m.id = a.milestone_id"


class MilestoneSheet(RecordSheet):
    name, title, order, model, can = "milestones", _("典型经验"), 220, Milestone, Can
    columns = (
        RefColumn(),
        Reference("organization", _("来源党组织"), to="organizations.Organization"),
        DateColumn("reached_on", _("日期")),
        TextColumn("title", _("名称")),
        TextColumn("document", _("文件")),
    )


class AdoptionSheet(RecordSheet):
    name, title, order, model, can = "adoptions", _("经验推广"), 221, Adoption, Can
    columns = (
        RefColumn(),
        Reference("milestone", _("典型经验编号"), to="honours.Milestone", by="ref"),
        Reference("organization", _("推广的党组织"), to="organizations.Organization"),
        DateColumn("adopted_on", _("开始推广日期")),
    )
    checks = (
        Check("adopted_on", "adoption.before_milestone", "s.adopted_on < m.reached_on", _MILESTONE),
        Check("organization", "adoption.own", "a.organization_id = m.organization_id", _MILESTONE),
    )
    unique_by = (("milestone_id", "organization_id"),)


for sheet in (MilestoneSheet, AdoptionSheet):
    register(sheet())
