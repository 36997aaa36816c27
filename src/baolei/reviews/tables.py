"""Lists of debriefs and appraisals."""

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
from baolei.reviews.models import Debrief, Round

_ORDERS = (*record_orders(), Order("year", _("按年度，新的在前"), ("-year", "pk")))


class DebriefTable(Table):
    organization = LinkColumn(_("述职的党组织"), field="organization__short_name", to="reviews:debrief")
    superior = TextColumn(_("听取述职的党组织"), field="superior__short_name", width=28)
    year = TextColumn(_("年度"), width=8)
    state = CodeColumn(_("状态"), labels=dict(Debrief.State.choices))
    closed_on = DateColumn(_("办结日期"))
    orders = _ORDERS
    caption = _("述职评议")
    empty = _("没有符合条件的述职评议")


class AppraisalTable(Table):
    organization = LinkColumn(_("党支部"), field="organization__short_name", to="reviews:appraisal")
    year = TextColumn(_("年度"), width=8)
    held_on = DateColumn(_("评议日期"))
    due = NumberColumn(_("应评议"))
    found = NumberColumn(_("有结果"))
    orders = _ORDERS
    caption = _("民主评议")
    empty = _("没有符合条件的民主评议")


class RoundTable(Table):
    organization = LinkColumn(_("党支部"), field="organization__short_name", to="reviews:round")
    year = TextColumn(_("年度"), width=8)
    state = CodeColumn(_("办理状态"), labels=dict(Round.State.choices))
    held_on = DateColumn(_("评议日期"))
    closed_on = DateColumn(_("办结日期"))
    orders = _ORDERS
    caption = _("民主评议办理")
    empty = _("没有正在办理的民主评议。在党支部的页面点“开展民主评议”。")


class RoundMore(Table):
    should_attend = NumberColumn(_("应到人数"))
    present = NumberColumn(_("实到人数"))
    issued = NumberColumn(_("发出测评票"))
    returned = NumberColumn(_("收回测评票"))
    valid = NumberColumn(_("有效测评票"))
    waiver = TextColumn(_("优秀超过三分之一的批准意见"))
    told_on = DateColumn(_("反馈日期"))
    reported_on = DateColumn(_("报送日期"))
    orders = ()
