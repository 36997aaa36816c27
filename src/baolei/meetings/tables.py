"""Lists of meetings and study campaigns."""

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
from baolei.meetings.models import Meeting


class MeetingTable(Table):
    held_on = LinkColumn(_("召开日期"), to="meetings:meeting", width=14)
    organization = TextColumn(_("党组织"), field="organization__short_name", width=32)
    kind = CodeColumn(_("类别"), labels=dict(Meeting.Kind.choices))
    should_attend = NumberColumn(_("应到"))
    present = NumberColumn(_("实到"))
    campaign = TextColumn(_("学习教育"), field="campaign__name", width=28)
    orders = (Order("held", _("按召开日期，新的在前"), ("-held_on", "pk")), *record_orders())
    caption = _("会议")
    empty = _("没有符合条件的会议")


class StudyCampaignTable(Table):
    name = LinkColumn(_("名称"), to="meetings:study_campaign", width=32)
    organization = TextColumn(_("组织开展的党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_("起止"))
    document = TextColumn(_("文号"))
    orders = record_orders()
    caption = _("学习教育")
    empty = _("没有符合条件的学习教育")
