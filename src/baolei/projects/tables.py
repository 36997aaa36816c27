"""Lists of programmes, deeds, projects and appropriations."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    NumberColumn,
    Order,
    Table,
    TextColumn,
    record_orders,
)
from baolei.projects.models import Appropriation, Programme, Project


class ProgrammeTable(Table):
    name = LinkColumn(_("名称"), to="projects:programme")
    kind = CodeColumn(_("类别"), labels=dict(Programme.Kind.choices), width=18)
    organization = TextColumn(_("组织实施的党组织"), field="organization__short_name", width=24)
    year = TextColumn(_("年度"), width=8)
    planned_first = DateColumn(_("计划开始"))
    planned_last = DateColumn(_("计划完成"))
    first_on = DateColumn(_("实际开始"))
    last_on = DateColumn(_("实际完成"))
    cancelled_on = DateColumn(_("取消日期"))
    orders = (Order("start", _("按计划开始，新的在前"), ("-planned_first", "pk")), *record_orders())
    caption = _("工程")
    empty = _("没有符合条件的工程")


class DeedTable(Table):
    name = LinkColumn(_("名称"), to="projects:deed")
    year = TextColumn(_("年度"), field="programme__year", width=8)
    organization = TextColumn(_("组织实施的党组织"), field="organization__short_name", width=24)
    dropped_on = DateColumn(_("撤下日期"))
    finished_on = DateColumn(_("办结日期"))
    asked = NumberColumn(_("测评群众数"))
    satisfied = NumberColumn(_("满意群众数"))
    orders = (Order("year", _("按年度，新的在前"), ("-programme__year", "pk")), *record_orders())
    caption = _("实事好事")
    empty = _("没有符合条件的实事好事")


class ProjectTable(Table):
    name = LinkColumn(_("名称"), to="projects:project")
    kind = CodeColumn(_("类别"), labels=dict(Project.Kind.choices), width=18)
    programme = TextColumn(_("所属工程"), field="programme__name", width=28)
    organization = TextColumn(_("所在党组织"), field="organization__short_name", width=24)
    started_on = DateColumn(_("开工日期"))
    accepted_on = DateColumn(_("验收日期"))
    cancelled_on = DateColumn(_("取消日期"))
    beneficiaries = NumberColumn(_("受益群众数"))
    orders = record_orders()
    caption = _("项目")
    empty = _("没有符合条件的项目")


class ProjectMore(Table):
    """What only the project's own page shows."""

    deed = TextColumn(_("所属实事"), field="deed__name")
    unit = TextColumn(_("单位"), field="unit__name")
    estate = TextColumn(_("小区"))
    planned_first = DateColumn(_("计划开工"))
    suspended_on = DateColumn(_("停工日期"))
    orders = record_orders()
    caption = _("项目")
    empty = _("没有符合条件的项目")


class AppropriationTable(Table):
    fund = LinkColumn(_("编号"), field="ref", to="projects:appropriation")
    name = CodeColumn(_("资金"), field="fund", labels=dict(Appropriation.Fund.choices), width=24)
    organization = TextColumn(_("接收的党组织"), field="organization__short_name", width=24)
    fiscal_year = TextColumn(_("预算年度"), width=8)
    decided_on = DateColumn(_("决定日期"))
    amount = NumberColumn(_("金额（元）"), width=16)
    paid = NumberColumn(_("已拨付（元）"), width=16)
    source = TextColumn(_("来源"))
    orders = (Order("year", _("按预算年度，新的在前"), ("-fiscal_year", "pk")), *record_orders())
    caption = _("资金")
    empty = _("没有符合条件的资金")
