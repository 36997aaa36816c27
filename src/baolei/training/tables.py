"""Lists of bases, sessions, attendances, study groups and their reports."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    NumberColumn,
    Order,
    SpanColumn,
    Table,
    TextColumn,
    record_orders,
)
from baolei.training.models import Base, Session


class BaseTable(Table):
    name = LinkColumn(_("名称"), to="training:base", width=36)
    kind = CodeColumn(_("类别"), labels=dict(Base.Kind.choices), width=28)
    unit = TextColumn(_("承办单位"), field="unit__name")
    organization = TextColumn(_("承办的党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("培训基地")
    empty = _("没有符合条件的基地")


class SessionTable(Table):
    name = LinkColumn(_("班次"), to="training:session", width=36)
    audience = CodeColumn(_("对象"), labels=dict(Session.Audience.choices))
    organization = TextColumn(_("举办的党组织"), field="organization__short_name", width=28)
    base = TextColumn(_("培训基地"), field="base__name", width=36)
    first_on = DateColumn(_("开班日期"))
    last_on = DateColumn(_("结业日期"))
    hours = NumberColumn(_("学时"))
    others = NumberColumn(_("名单外人数"))
    orders = (*record_orders(), Order("held", _("新开班的在前"), ("-first_on", "pk")))
    caption = _("培训班次")
    empty = _("没有符合条件的班次")


class AttendanceTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="training:attendance", personal=True)
    session = TextColumn(_("班次"), field="session__name", width=36)
    first_on = DateColumn(_("开班日期"), field="session__first_on")
    organization = TextColumn(_("举办的党组织"), field="organization__short_name", width=28)
    orders = record_orders()
    caption = _("参训")
    empty = _("没有符合条件的参训记录")


class GroupTable(Table):
    name = LinkColumn(_("名称"), to="training:group", width=36)
    unit = TextColumn(_("高等学校"), field="unit__name")
    organization = TextColumn(_("高校党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_("起止"))
    orders = record_orders()
    caption = _("青马工程小组")
    empty = _("没有符合条件的小组")


class ReportTable(Table):
    study_group = LinkColumn(_("小组"), field="study_group__name", to="training:report", width=36)
    reported_on = DateColumn(_("上报日期"))
    confirmed_on = DateColumn(_("学校确认日期"))
    students = NumberColumn(_("覆盖学生数"))
    orders = (*record_orders(), Order("reported", _("新上报的在前"), ("-reported_on", "pk")))
    caption = _("小组上报")
    empty = _("没有符合条件的上报")
