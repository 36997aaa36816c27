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
from baolei.reviews.models import Debrief

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
