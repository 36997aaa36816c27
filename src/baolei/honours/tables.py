"""Lists of milestones and of those who took them up; neither counts nor ranks."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import DateColumn, LinkColumn, Order, Table, TextColumn, record_orders


class MilestoneTable(Table):
    title = LinkColumn(_("名称"), to="honours:milestone", width=48)
    reached_on = DateColumn(_("日期"))
    organization = TextColumn(_("来源党组织"), field="organization__short_name", width=28)
    document = TextColumn(_("文件"), width=28)
    orders = (*record_orders(), Order("day", _("按日期，新的在前"), ("-reached_on", "pk")))
    caption = _("典型经验")
    empty = _("没有符合条件的典型经验")


class AdoptionTable(Table):
    milestone = LinkColumn(_("典型经验"), field="milestone__title", to="honours:adoption", width=48)
    organization = TextColumn(_("推广的党组织"), field="organization__short_name", width=28)
    adopted_on = DateColumn(_("开始推广日期"))
    orders = (*record_orders(), Order("day", _("按日期，新的在前"), ("-adopted_on", "pk")))
    caption = _("经验推广")
    empty = _("没有符合条件的记录")
