"""Pages of disposals: what is under way, one disposal with its steps, those of one member, a new one."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.disposals import actions, flow, forms, queries
from baolei.disposals.access import Can
from baolei.disposals.codes import OPEN, State
from baolei.disposals.models import Disposal
from baolei.disposals.tables import DisposalTable
from baolei.kernel.access import Actor
from baolei.kernel.desk import counted, waiting
from baolei.kernel.flow import steps_for
from baolei.kernel.pages import DetailPage, FormPage, ListPage, history, related
from baolei.kernel.pages.base import Crumb
from baolei.kernel.pages.steps import OfRecord, StepPage
from baolei.kernel.tables import ChoiceFilter, SubtreeFilter
from baolei.members.models import Member
from baolei.members.queries import files

AT = (
    ("branch", _("待党支部办理")),
    ("approve", _("待审批")),
    ("appeal", _("待处理的申诉")),
    ("ending", _("改正期限一个月内到期")),
    ("late", _("已超期")),
)


class DisposalList(ListPage):
    """What is open, or over, about members for whom one of the actor's bodies decides; no file, no interface (G-08)."""

    noun, title, permission = "disposals:disposal", _("组织处置"), Can.VIEW
    queryset, table = queries.disposals, DisposalTable
    filters = (
        SubtreeFilter("organization", _("党组织"), lookup="branch__key"),
        ChoiceFilter(
            "at", _("待办"), options=AT, narrow=lambda rows, value: rows
        ),  # needs the actor: see `rows`
        ChoiceFilter(
            "state",
            _("办理状态"),
            options=(("open", _("在办")), *State.choices),
            narrow=lambda rows, value: rows.filter(state__in=OPEN if value == "open" else [value]),
            default="open",
        ),
    )

    def in_reach(self) -> QuerySet[Disposal]:
        return queries.seen(self.actor)

    def rows(self, filters) -> QuerySet[Disposal]:
        rows = super().rows(filters)
        at = filters[1].value
        if not at:
            return rows
        found = queries.for_bodies(self.actor, timezone.localdate())[at]
        return rows.filter(pk__in=found.order_by().values("pk"))


class _Seen(OfRecord):
    """What the pages of one disposal share: who finds it."""

    list_page, queryset, permission = DisposalList, queries.disposals, Can.VIEW

    def find(self, actor: Actor, **kwargs: Any) -> Disposal:
        found = queries.seen(actor).filter(uid=kwargs["uid"]).first()
        if found is None:
            raise Http404
        return found


class DisposalDetail(_Seen, DetailPage):
    """How far it has got, all steps with day, result and document, and what the reader may do."""

    template_name = "disposals/disposal.html"

    def heading(self) -> str:
        return f"{self.list_page.title}：{self.called()}"

    def crumbs(self) -> list[Crumb]:
        return [self._listed(), (self.called(), "")]

    def context(self) -> dict[str, Any]:
        disposal = self.object
        offered = steps_for(self.actor, disposal, flow.STEPS)
        entries = queries.entries_of(disposal)
        return {
            "disposal": disposal,
            "next": flow.next_words(disposal),
            "steps": [(step, reverse("disposals:step", args=[disposal.uid, step.name])) for step in offered],
            "entries": [entry for entry in entries if not entry.over],
            "gone": [entry for entry in entries if entry.over],
            "soon": queries.SOON,
            # Who saw and did what is for the bodies; the member reads the steps.
            "lines": [] if self.actor.reach.person_id == disposal.member_id else history.of(disposal),
        }


class DisposalStep(_Seen, StepPage):
    steps = flow.STEPS

    def post(self, request, **kwargs: Any) -> HttpResponse:
        # Before the form is looked at: refused, it would show the names of the branch's members.
        if not self.step.may(self.actor, self.object):
            raise Http404
        return super().post(request, **kwargs)


class OpenDisposal(FormPage):
    """Propose a disposal of a member, or record a talk; the page to which other areas lead."""

    permission, queryset, form_class = Can.RUN, files, forms.OpenForm
    template_name = "kernel/pages/step.html"

    def find(self, actor: Actor, **kwargs: Any) -> Member:
        member = super().find(actor, **kwargs)
        if not queries.may_open(actor, member):
            raise Http404
        return member

    def make_form(self, data: Any = None) -> Form:
        return forms.OpenForm(data, row=self.object)

    def heading(self) -> str:
        return gettext("提出组织处置：%(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[Crumb]:
        return [(self.object.name, self._back()), (gettext("提出组织处置"), "")]

    def _back(self) -> str:
        return reverse("disposals:of_member", args=[self.object.uid])

    def context(self) -> dict[str, Any]:
        explanation = gettext(
            "限期改正、劝其退党、除名经核实谈话、支部大会表决、上级党委批准，本人可以申诉；"
            "批评教育和提醒谈话只登记日期。评议不合格或者系统提示本身不产生处置，由党支部委员会决定是否提出（G-26）。"
        )
        return {"words": gettext("提出"), "explanation": explanation, "back": self._back()}

    def done(self, form: Form) -> HttpResponse:
        disposal = actions.open_disposal(self.object, actor=self.actor, **form.cleaned_data)
        messages.success(self.request, gettext("已登记。"))
        return redirect("disposals:disposal", disposal.uid)


class MemberDisposals(DetailPage):
    """The disposals of one member, the latest first: for himself and the bodies that decide."""

    permission, queryset = Can.APPEAL, files
    template_name = "disposals/of_member.html"

    def heading(self) -> str:
        return gettext("组织处置：%(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[Crumb]:
        return [
            (self.object.name, reverse("members:detail", args=[self.object.uid])),
            (gettext("组织处置"), ""),
        ]

    def context(self) -> dict[str, Any]:
        member = self.object
        may_open = queries.may_open(self.actor, member)
        return {
            "disposals": queries.seen(self.actor).filter(member=member).order_by("-pk"),
            "open_url": reverse("disposals:open", args=[member.uid]) if may_open else "",
        }


related(
    "members.Member",
    _("组织处置"),
    Can.APPEAL,
    lambda member: reverse("disposals:of_member", args=[member.uid]),
)


def _at(name: str):
    """How many wait there for the actor's bodies."""

    def count(actor: Actor) -> tuple[int, str]:
        if not actor.reach.keys(Can.VIEW):
            return 0, ""
        found = queries.for_bodies(actor, timezone.localdate())[name]
        return counted(found), f"{reverse('disposals:disposal_list')}?at={name}"

    return count


def _own(actor: Actor) -> tuple[int, str]:
    """The actor's own disposal against which he may appeal."""
    if actor.reach.person_id is None:
        return 0, ""
    rows = queries.seen(actor).filter(member=actor.reach.person_id, state=State.TOLD, appeal_to=None)
    mine = rows.filter(appeal_until__gte=timezone.localdate()).first()
    return (1, reverse("disposals:disposal", args=[mine.uid])) if mine else (0, "")


waiting(_("组织处置：已超期"), _at("late"), late=True)
waiting(_("组织处置：待处理的申诉"), _at("appeal"))
waiting(_("组织处置：待审批"), _at("approve"))
waiting(_("组织处置：待党支部办理"), _at("branch"))
waiting(_("限期改正：一个月内到期"), _at("ending"))
waiting(_("对您的组织处置已经告知，可以申诉"), _own)
