"""The list of what is under way."""

from django.utils.translation import gettext_lazy as _

from baolei.disposals.codes import Kind, State
from baolei.kernel.tables import CodeColumn, DateColumn, LinkColumn, Order, Table, TextColumn

_TONES = {State.REPORTED: "info", State.APPEALED: "warn", State.EXECUTED: "ok", State.CORRECTED: "ok"}


class DisposalTable(Table):
    """Not sorted by persons (G-25): what is due first stands first."""

    member = LinkColumn(_("姓名"), field="member__name", to="disposals:disposal", personal=True, width=14)
    branch = TextColumn(_("党支部"), field="branch__short_name", width=28)
    kind = CodeColumn(_("处置种类"), labels=dict(Kind.choices))
    state = CodeColumn(_("办理状态"), labels=dict(State.choices), tones=_TONES)
    due_on = DateColumn(_("办理期限"))
    closed_on = DateColumn(_("办结日期"))
    orders = (Order("due", _("按办理期限，最近的在前"), ("due_on", "pk")),)
    caption = _("组织处置")
    empty = _("没有符合条件的组织处置")
