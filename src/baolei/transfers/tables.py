"""Lists of transfers and of pocket members' cases."""

from typing import Any

from django.utils.translation import gettext_lazy as _

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
from baolei.transfers.codes import PROVINCES
from baolei.transfers.finder import in_words
from baolei.transfers.models import Floating, PocketCase, Transfer

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
    asked_by = CodeColumn(_("提出人"), labels=dict(Transfer.AskedBy.choices))
    dues = DateColumn(_("党费交至（月初）"), field="member__dues_paid_to")
    reissue = CodeColumn(_("补开原因"), labels=dict(Transfer.Reissue.choices))
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


class PocketCaseMore(Table):
    home = TextColumn(_("所在党支部"), field="home__short_name", width=28)
    suspended_on = DateColumn(_("停止党籍日期"))
    ended_on = DateColumn(_("失联了结日期"))
    ending = CodeColumn(_("失联结果"), labels=dict(PocketCase.Ending.choices))


class FloatingTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="transfers:floating", personal=True, width=14)
    organization = TextColumn(_("流出党支部"), field="organization__short_name", width=28)
    host = TextColumn(_("流入党支部"), field="host__short_name", width=28)
    destination = CodeColumn(_("去向"), labels=dict(Floating.Destination.choices))
    during = SpanColumn(_("流出期间"), event=True)
    contacted_on = DateColumn(_("最近一次联系日期"))
    took_part_on = DateColumn(_("最近一次参加组织生活日期"))
    orders = record_orders()
    caption = _("流动党员")
    empty = _("没有符合条件的流动党员")


class EvidenceColumn(TextColumn):
    """Why the finder proposes it, in sentences."""

    width = 60

    def text(self, value: dict[str, Any] | None) -> str:
        return "".join(in_words(value or {}))


class HintTable(Table):
    member = LinkColumn(_("姓名"), field="member__name", to="transfers:hint", personal=True, width=14)
    organization = TextColumn(_("所在党支部"), field="organization__short_name", width=28)
    evidence = EvidenceColumn(_("依据"))
    found_on = DateColumn(_("提示日期"))
    until = DateColumn(_("失效日期"))
    orders = (Order("until", _("按失效日期，最近的在前"), ("until", "pk")),)
    caption = _("待核实的线索")
    empty = _("没有待核实的线索")
