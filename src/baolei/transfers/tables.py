"""Lists of transfers and of pocket members' cases."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import CodeColumn, DateColumn, LinkColumn, Order, Table, TextColumn, record_orders
from baolei.transfers.codes import PROVINCES
from baolei.transfers.models import PocketCase, Transfer

_TONES = {Transfer.State.ACCEPTED: "ok", Transfer.State.ASKED: "info", Transfer.State.RELEASED: "info"}
_PLATFORM = {True: _("是"), False: _("否")}


class TransferTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="transfers:transfer", personal=True, width=14)
    kind = CodeColumn(_("类别"), labels=dict(Transfer.Kind.choices))
    sender = TextColumn(_("转出党支部"), field="sender__short_name", width=28)
    receiver = TextColumn(_("转入党支部"), field="receiver__short_name", width=28)
    asked_on = DateColumn(_("提出日期"))
    state = CodeColumn(_("办理状态"), labels=dict(Transfer.State.choices), tones=_TONES)
    accepted_on = DateColumn(_("接收日期"))
    via_platform = CodeColumn(_("通过平台办理"), labels=_PLATFORM, width=12)
    orders = (*record_orders("sender"), Order("asked", _("按提出日期，新的在前"), ("-asked_on", "pk")))
    caption = _("组织关系转接")
    empty = _("没有符合条件的转接")


class QueueTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="transfers:transfer", personal=True, width=14)
    sender = TextColumn(_("转出党支部"), field="sender__short_name", width=28)
    receiver = TextColumn(_("转入党支部"), field="receiver__short_name", width=28)
    state = CodeColumn(_("办理状态"), labels=dict(Transfer.State.choices), tones=_TONES)
    due_on = DateColumn(_("办理期限"))
    pushed_on = DateColumn(_("催办日期"))
    orders = (Order("due", _("按办理期限，最近的在前"), ("due_on", "pk")),)
    caption = _("转接待办")
    empty = _("没有待办的转接")


class TransferMore(Table):
    due_on = DateColumn(_("办理期限"))
    letter = TextColumn(_("介绍信编号"))
    refusal = CodeColumn(_("退回原因"), labels=dict(Transfer.Refusal.choices))
    outside = CodeColumn(_("转往或来自"), labels=PROVINCES)


class PocketCaseTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="transfers:pocket_case", personal=True, width=14)
    organization = TextColumn(_("报到的党组织"), field="organization__short_name", width=28)
    found_on = DateColumn(_("发现日期"))
    closed_on = DateColumn(_("办结日期"))
    outcome = CodeColumn(_("结果"), labels=dict(PocketCase.Outcome.choices))
    orders = (*record_orders(), Order("found", _("按发现日期，新的在前"), ("-found_on", "pk")))
    caption = _("口袋党员")
    empty = _("没有符合条件的口袋党员")
