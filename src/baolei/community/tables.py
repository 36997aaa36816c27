"""Lists of check-ins, services and handled needs."""

from django.utils.translation import gettext_lazy as _

from baolei.community.models import ServiceRecord
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


class CheckInTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="community:checkin", personal=True, width=14)
    unit = TextColumn(_("社区"), field="unit__name", width=24)
    organization = TextColumn(_("社区党组织"), field="organization__short_name", width=28)
    work_unit = TextColumn(_("工作单位"), field="work_unit__name", width=28)
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("社区报到")
    empty = _("没有符合条件的报到")


class ServiceRecordTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="community:service", personal=True, width=14)
    unit = TextColumn(_("社区"), field="unit__name", width=24)
    kind = CodeColumn(_("服务类别"), labels=dict(ServiceRecord.Kind.choices))
    served_on = DateColumn(_("服务日期"))
    confirmed_on = DateColumn(_("社区确认日期"))
    branch = TextColumn(_("当日所在党支部"), field="branch__short_name", width=28)
    orders = (*record_orders(), Order("served", _("按服务日期，新的在前"), ("-served_on", "pk")))
    caption = _("社区服务")
    empty = _("没有符合条件的服务记录")


class NeedTable(Table):
    desk = LinkColumn(_("服务窗口"), field="desk__name", to="community:need", width=28)
    organization = TextColumn(_("社区党组织"), field="organization__short_name", width=28)
    handled_on = DateColumn(_("办理日期"))
    orders = (*record_orders(), Order("handled", _("按办理日期，新的在前"), ("-handled_on", "pk")))
    caption = _("群众需求办理")
    empty = _("没有符合条件的办理记录")
