"""The officers' table of complaints."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import CodeColumn, DateColumn, LinkColumn, Order, Table, TextColumn
from baolei.portal.complaints.queries import ANSWERED, OPEN, OVERDUE
from baolei.portal.models import Complaint

STATES = {OPEN: _("办理中"), OVERDUE: _("已超期"), ANSWERED: _("已答复")}
TONES = {OPEN: "info", OVERDUE: "bad", ANSWERED: "ok"}


class ComplaintTable(Table):
    subject = LinkColumn(_("对象"), to="portal:complaint")
    kind = CodeColumn(_("问题类型"), labels=dict(Complaint.Kind.choices))
    holder = TextColumn(_("承办党组织"), field="holder__short_name")
    received_on = DateColumn(_("收到日期"))
    due_on = DateColumn(_("答复期限"))
    state = CodeColumn(_("状态"), labels=STATES, tones=TONES)
    orders = (
        Order("due", _("先到期的在前"), ("due_on", "pk")),
        Order("latest", _("新收到的在前"), ("-received_on", "-pk")),
    )
    caption = _("投诉")
    empty = _("没有要办的投诉")
    empty_hint = _("公众在公开页面上点“这个数不对”提交的投诉，由发布数据的党组织承办，可以向下转交。")
