"""Lists of inspections and weak organizations."""

from django.utils.translation import gettext_lazy as _

from baolei.inspections.models import Visit, WeakOrganization
from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    Order,
    SpanColumn,
    Table,
    TextColumn,
    record_orders,
)

_YES_NO = {True: _("是"), False: _("否")}


class VisitTable(Table):
    organization = LinkColumn(_("受检党组织"), field="organization__short_name", to="inspections:visit")
    kind = CodeColumn(_("方式"), labels=dict(Visit.Kind.choices))
    announced = CodeColumn(_("事先通知"), labels=_YES_NO)
    visited_on = DateColumn(_("检查日期"))
    plan = TextColumn(_("方案或抽样编号"))
    orders = (*record_orders(), Order("day", _("按检查日期，新的在前"), ("-visited_on", "pk")))
    caption = _("督查")
    empty = _("没有符合条件的督查")


class WeakOrganizationTable(Table):
    organization = LinkColumn(_("党组织"), field="organization__short_name", to="inspections:weak")
    kind = CodeColumn(_("类型代码"), labels=dict(WeakOrganization.Kind.choices))
    during = SpanColumn(_("认定至销号"), event=True)
    closed_in_election = CodeColumn(_("换届当年销号"), labels=_YES_NO)
    orders = record_orders()
    caption = _("软弱涣散党组织")
    empty = _("没有符合条件的党组织")
