"""Lists of postings, pairings and participations."""

from django.utils.translation import gettext_lazy as _

from baolei.assistance.models import Pairing, Posting
from baolei.kernel.tables import (
    CodeColumn,
    DateColumn,
    LinkColumn,
    SpanColumn,
    Table,
    TextColumn,
    record_orders,
)

_SPAN = _("起止")


class PostingTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="assistance:posting", personal=True, width=14)
    kind = CodeColumn(_("类别"), labels=dict(Posting.Kind.choices), width=22)
    unit = TextColumn(_("任职单位"), field="unit__name", width=28)
    organization = TextColumn(_("管理的党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_SPAN)
    orders = record_orders()
    caption = _("选派任职")
    empty = _("没有符合条件的选派任职")


class PairingTable(Table):
    organization = LinkColumn(
        _("受帮扶的党组织"), field="organization__short_name", to="assistance:pairing", width=28
    )
    kind = CodeColumn(_("类别"), labels=dict(Pairing.Kind.choices), width=16)
    village = TextColumn(_("受帮扶的村"), field="village__name")
    unit = TextColumn(_("帮扶单位"), field="unit__name", width=28)
    helper = TextColumn(_("结对的党组织"), field="helper__short_name", width=28)
    during = SpanColumn(_SPAN)
    orders = record_orders()
    caption = _("结对帮扶")
    empty = _("没有符合条件的结对")


class HouseholdTable(Table):
    """A household is its number in the village; whose it is stands on paper in the village (G-16)."""

    member = LinkColumn(
        _("帮扶干部"), field="member__name", to="assistance:household", personal=True, width=14
    )
    village = TextColumn(_("村"), field="village__name")
    number = TextColumn(_("户编号"), width=8)
    organization = TextColumn(_("村的党组织"), field="organization__short_name", width=28)
    during = SpanColumn(_SPAN)
    orders = record_orders()
    caption = _("干部包户")
    empty = _("没有符合条件的包户")


class PartnerPairingTable(Table):
    """The partner is a serial number (G-19)."""

    village = LinkColumn(_("村"), field="village__name", to="assistance:partner_pairing")
    organization = TextColumn(_("村党组织"), field="organization__short_name", width=28)
    partner = TextColumn(_("共建方序号"))
    during = SpanColumn(_SPAN)
    orders = record_orders()
    caption = _("军警共建对子")
    empty = _("没有符合条件的对子")


class ParticipationTable(Table):
    member = LinkColumn(
        _("姓名"), field="member__name", to="assistance:participation", personal=True, width=14
    )
    branch = TextColumn(_("当日所在党支部"), field="branch__short_name", width=28)
    village = TextColumn(_("帮扶的村"), field="village__name")
    campaign = TextColumn(_("帮扶行动"), field="campaign__name")
    first_on = DateColumn(_("开始"))
    last_on = DateColumn(_("结束"))
    orders = record_orders("branch")
    caption = _("参与帮扶")
    empty = _("没有符合条件的参与")
