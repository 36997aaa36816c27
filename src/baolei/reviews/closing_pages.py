"""What a committee closes or sends back in one go, and how far that has got; how far all branches are in a year."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.base import Crumb, Page, told
from baolei.kernel.pages.lists import ListPage, bound
from baolei.kernel.tables import NumberFilter, SubtreeFilter
from baolei.reviews import closing, closing_actions, queries
from baolei.reviews.access import Can
from baolei.reviews.models import Closing, ClosingLine, Round
from baolei.reviews.tables import TURN_OF, TURNS, NotBegunTable, ReportedTable

SHOWN = 200
"""Refusals on the page of an order."""
LATEST = 5


class ToClose(ListPage):
    """The rounds that are reported to the actor's own bodies, in numbers; some or all are closed or sent back."""

    permission, title = Can.OVERSEE, _("民主评议：审核办结")
    queryset, table = queries.rounds, ReportedTable
    template_name = part_template = "reviews/to_close.html"
    filters = (
        SubtreeFilter("organization", _("所属党组织"), lookup="organization__key"),
        NumberFilter("year", _("年度")),
    )

    def in_reach(self) -> QuerySet:
        return queries.reported_to(self.actor)

    def crumbs(self) -> list[Crumb]:
        return [(gettext("民主评议进度"), reverse("reviews:board")), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        found = super().context()
        rows = self.rows(self.bound).order_by()
        number = rows.count()
        return found | {
            "number": number,
            "clear": rows.filter(clear=True).count() if number else 0,
            "latest": [(one, closing.progress_of(one)) for one in closing.own(self.actor)[:LATEST]],
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        which, act = request.POST.get("which", ""), request.POST.get("act", "")
        rows = self.rows(self.bind(request.GET))
        if which == "ticked":
            chosen = [uid for text in request.POST.getlist("round") if (uid := _uid(text))]
        else:
            rows = rows if which == "all" else rows.filter(clear=True)
            chosen = [*rows.order_by().values_list("uid", flat=True)]
        try:
            made = closing_actions.order(None, actor=self.actor, act=act, rounds=chosen)
        except ValidationError as error:
            told(request, error)
            return self.render(status=422)
        if closing.progress_of(made)[ClosingLine.Outcome.WAITING] <= closing_actions.FEW:
            closing.carry_out(made.pk)
        return redirect("reviews:closing", made.uid)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class ClosingPage(Page):
    """How far an order of one's own has got, and what was refused."""

    permission = Can.OVERSEE
    template_name = part_template = "reviews/closing.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order: Closing | None = closing.own(request.actor).filter(uid=kwargs["uid"]).first()
        if self.order is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def heading(self) -> str:
        return gettext("成批%(act)s") % {"act": self.order.get_act_display()}

    def crumbs(self) -> list[Crumb]:
        return [(str(ToClose.title), reverse("reviews:to_close")), (self.heading(), "")]

    def part(self) -> str:
        htmx = getattr(self.request, "htmx", None)
        return "state" if htmx and htmx.target == "state" else ""

    def context(self) -> dict[str, Any]:
        numbers = closing.progress_of(self.order)
        refused = closing.lines_of(self.order).filter(outcome=ClosingLine.Outcome.REFUSED)
        total = sum(numbers.values())
        return {
            "order": self.order,
            "numbers": numbers,
            "total": total,
            "settled": total - numbers[ClosingLine.Outcome.WAITING],
            "refused": refused[:SHOWN],
            "more": max(numbers[ClosingLine.Outcome.REFUSED] - SHOWN, 0),
        }


def _year(given: str) -> Any:
    """The year asked for, this one unless said otherwise."""
    return bound(NumberFilter("year", _("年度")), given.strip() or str(timezone.localdate().year))


class RoundBoard(Page):
    """How many branches within reach stand where in a year, and how many have not begun."""

    permission, title = Can.VIEW, _("民主评议进度")
    template_name = "reviews/board.html"
    chosen = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")

    def context(self) -> dict[str, Any]:
        year = _year(self.request.GET.get("year", ""))
        at = bound(self.chosen, self.request.GET.get("organization", "").strip())
        at.tops = self.actor.reach.keys(self.permission)
        if at.value is not None and not at.filter.within(self.actor, self.permission, at.value):
            at.value, at.error = None, at.filter.unknown()
        found = {"year": year, "filters": [at, year], "lines": [], "may_close": False}
        if at.error or year.error:
            return found
        rows = queries.rounds().visible_to(self.actor, Can.VIEW).filter(year=year.value)
        left = queries.not_begun(year.value).visible_to(self.actor, Can.VIEW)
        if at.value is not None:
            rows = at.filter.apply(rows, at.value)
            left = SubtreeFilter("organization", "", lookup="key").apply(left, at.value)
        place = f"&organization={at.value.uid}" if at.value else ""
        here = f"?year={year.value}{place}"
        lists = reverse("reviews:round_list") + here
        lines = [
            {
                "label": Round.State(state).label,
                "turn": TURNS[TURN_OF[state]] if state in TURN_OF else "",
                "number": number,
                "url": f"{lists}&state={state}",
            }
            for state, number in queries.by_state(rows).items()
        ]
        first = {
            "label": gettext("还没有开展"),
            "turn": TURNS["branch"],
            "number": left.order_by().count(),
            "url": reverse("reviews:not_begun") + here,
        }
        waits = queries.rounds_of(self.actor, Can.OVERSEE).filter(state=Round.State.REPORTED)
        return found | {"lines": [first, *lines], "may_close": waits.exists()}


class NotBegun(ListPage):
    """The branches within reach that have not begun the appraisal of a year."""

    permission, title, table = Can.VIEW, _("还没有开展民主评议的党支部"), NotBegunTable
    filters = (
        SubtreeFilter("organization", _("所属党组织"), lookup="key"),
        NumberFilter("year", _("年度"), narrow=lambda rows, value: rows),  # see `in_reach`
    )

    def in_reach(self) -> QuerySet:
        year = _year(self.request.GET.get("year", ""))
        rows = queries.not_begun(year.value or timezone.localdate().year)
        return rows.visible_to(self.actor, self.permission)

    def heading(self) -> str:
        year = _year(self.request.GET.get("year", "")).value or timezone.localdate().year
        return gettext("%(year)s 年度还没有开展民主评议的党支部") % {"year": year}

    def crumbs(self) -> list[Crumb]:
        return [(gettext("民主评议进度"), reverse("reviews:board")), (self.heading(), "")]
