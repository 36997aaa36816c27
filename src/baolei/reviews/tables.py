"""Lists of debriefs and appraisals."""

from html import escape

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import (
    CodeColumn,
    Column,
    DateColumn,
    LinkColumn,
    NumberColumn,
    Order,
    Table,
    TextColumn,
    record_orders,
)
from baolei.organizations.kinds import Kind
from baolei.reviews.models import Debrief, Round

TURNS = {"branch": _("党支部"), "committee": _("上级党委")}
"""Whose step is waited for."""
TURN_OF = {state: "committee" if state == Round.State.REPORTED else "branch" for state in Round.UNDER_WAY}
"""Whose turn it is in each state of a round; when over, nobody's."""
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
    turn = CodeColumn(
        _("该谁办理"),
        field="state",
        labels={state: TURNS[TURN_OF[state]] if state in TURN_OF else "" for state in Round.State.values},
        export=False,
    )
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


class _Ticked(LinkColumn):
    """A box to tick beside the link, of the form with the buttons; ticked where nothing asks for a look."""

    css = "control"

    @property
    def fields(self) -> tuple[str, ...]:
        return (*super().fields, "clear")

    def html(self, values: tuple) -> str:
        label = escape(_now("选择%(branch)s") % {"branch": values[0]})
        ticked = " checked" if values[2] else ""
        box = f'<input type="checkbox" form="closing" name="round" value="{values[1]}" aria-label="{label}"{ticked}>'
        return box + super().html(values[:2])


class _Share(Column):
    """How many are excellent, and of those who were graded what share in percent."""

    css = "num"

    @property
    def fields(self) -> tuple[str, ...]:
        return ("best", "due")

    def html(self, values: tuple) -> str:
        best, due = values
        return f"{best}（{100 * best / due:.0f}%）" if due else str(best)


class _Look(Column):
    """What asks for a look before closing."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("due", "found", "best", "brought")

    def html(self, values: tuple) -> str:
        due, found, best, brought = values
        why = [
            words
            for wrong, words in (
                (3 * best > due, _now("优秀超过三分之一")),
                (found < due, _now("有人没有等次")),
                (brought, _now("文件已导入这一年度的评议")),
            )
            if wrong
        ]
        return f'<span class="badge warn">{escape("；".join(why))}</span>' if why else "—"


class ReportedTable(Table):
    organization = _Ticked(_("党支部"), field="organization__short_name", to="reviews:round")
    year = TextColumn(_("年度"), width=8)
    held_on = DateColumn(_("评议日期"))
    due = NumberColumn(_("应评议"))
    found = NumberColumn(_("有结果"))
    best = _Share(_("优秀"))
    look = _Look(_("须留意"))
    waiver = TextColumn(_("批准意见"))
    orders = record_orders()[:1]
    caption = _("待审核办结的民主评议")
    empty = _("没有待审核办结的民主评议")
    empty_hint = _("党支部反馈本人、报送以后，在这里成批办结或者退回。")


class NotBegunTable(Table):
    name = LinkColumn(_("党支部"), field="short_name", to="organizations:detail")
    code = TextColumn(_("组织代码"))
    kind = CodeColumn(_("类别"), labels=dict(Kind.choices))
    orders = (Order("place", _("按党组织"), ("key",)),)
    caption = _("还没有开展民主评议的党支部")
    empty = _("都已经开展，或者没有党支部")
