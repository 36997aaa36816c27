"""Lists of readings, thresholds, facilities and marks."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import (
    CodeColumn,
    LinkColumn,
    NumberColumn,
    Order,
    SpanColumn,
    Table,
    TextColumn,
    record_orders,
)
from baolei.standards.models import Facility, Mark, Measure, Threshold


class ReadingTable(Table):
    unit = LinkColumn(_("单位"), field="unit__name", to="standards:reading")
    organization = TextColumn(_("管理的党组织"), field="organization__short_name", width=28)
    measure = CodeColumn(_("指标"), labels=dict(Measure.choices), width=20)
    year = TextColumn(_("年度"), width=8)
    value = NumberColumn(_("数值（元）"), width=16)
    source = TextColumn(_("来源"))
    orders = (*record_orders(), Order("year", _("按年度，新的在前"), ("-year", "pk")))
    caption = _("指标读数")
    empty = _("没有符合条件的读数")


class PayTable(Table):
    unit = LinkColumn(_("村"), field="unit__name", to="standards:pay")
    organization = TextColumn(_("管理的党组织"), field="organization__short_name", width=28)
    year = TextColumn(_("年度"), width=8)
    value = NumberColumn(_("报酬（元）"), width=16)
    source = TextColumn(_("来源"))
    orders = ReadingTable.orders
    caption = _("村党组织书记报酬")
    empty = _("没有符合条件的报酬")


class ThresholdTable(Table):
    measure = LinkColumn(_("指标"), field="ref", to="standards:threshold")
    name = CodeColumn(_("名称"), field="measure", labels=dict(Measure.choices))
    formula = CodeColumn(_("算法"), labels=dict(Threshold.Formula.choices))
    base = CodeColumn(_("基数"), labels=dict(Measure.choices))
    line = NumberColumn(_("标准线"))
    during = SpanColumn(_("起止"))
    document = TextColumn(_("文号"))
    orders = record_orders()
    caption = _("标准线")
    empty = _("没有符合条件的标准线")


class FacilityTable(Table):
    name = LinkColumn(_("名称"), to="standards:facility")
    kind = CodeColumn(_("类别"), labels=dict(Facility.Kind.choices))
    unit = TextColumn(_("单位"), field="unit__name")
    area = NumberColumn(_("建筑面积（平方米）"))
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("场所")
    empty = _("没有符合条件的场所")


class MarkTable(Table):
    unit = LinkColumn(_("单位"), field="unit__name", to="standards:mark")
    kind = CodeColumn(_("认定"), labels=dict(Mark.Kind.choices))
    during = SpanColumn(_("起止"))
    document = TextColumn(_("文号"))
    orders = record_orders()
    caption = _("认定")
    empty = _("没有符合条件的认定")
