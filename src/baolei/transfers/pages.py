"""Lists of transfers and of pocket members' cases, the page of each, the queue, and the steps of a transfer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from baolei.kernel.access import Actor
from baolei.kernel.desk import PEOPLE, counted, telling, waiting
from baolei.kernel.flow import steps_for
from baolei.kernel.imports.elsewhere import one_by_one
from baolei.kernel.pages import DetailPage, FormPage, ListPage, related
from baolei.kernel.pages.base import Crumb, for_the_bearer
from baolei.kernel.pages.codes import drawn
from baolei.kernel.pages.records import RecordList
from baolei.kernel.pages.steps import CarriedDetail, OfRecord, StepPage
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.kernel.tree import below
from baolei.members.access import Can as CanKeepMembers
from baolei.members.actions import move_member
from baolei.members.codes import ETHNICITIES
from baolei.members.queries import files
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.organizations.queries import organizations
from baolei.transfers import actions, floating_actions, flow, queries
from baolei.transfers.access import Can
from baolei.transfers.codes import PROVINCES
from baolei.transfers.finder import in_words
from baolei.transfers.forms import ArriveForm, AskForm, FloatingForm
from baolei.transfers.models import Floating, Hint, PocketCase, Transfer
from baolei.transfers.pocket_actions import contacts_of
from baolei.transfers.tables import (
    FloatingTable,
    HintTable,
    PocketCaseMore,
    PocketCaseTable,
    QueueTable,
    TransferMore,
    TransferTable,
)


def _of_either_end(rows, organization):
    return rows.filter(
        below(organization.key, field="sender__key") | below(organization.key, field="receiver__key")
    )


class TransferList(RecordList):
    noun, title, permission, export_permission = (
        "transfers:transfer",
        _("组织关系转接"),
        Can.VIEW,
        Can.EXPORT,
    )
    queryset, table, more = queries.transfers, TransferTable, TransferMore
    filters = (
        SubtreeFilter("organization", _("转出或转入的党组织"), narrow=_of_either_end),
        ChoiceFilter("kind", _("类别"), options=Transfer.Kind.choices),
        ChoiceFilter("state", _("办理状态"), options=Transfer.State.choices),
        DateFilter("since", _("提出自"), lookup="asked_on__gte"),
        DateFilter("until", _("提出至"), lookup="asked_on__lte"),
    )


class PocketCaseList(RecordList):
    noun, title, permission, export_permission = "transfers:pocket_case", _("口袋党员"), Can.VIEW, Can.EXPORT
    queryset, table, more = queries.pocket_cases, PocketCaseTable, PocketCaseMore
    filters = (
        SubtreeFilter("organization", _("报到的党组织"), lookup="organization__key"),
        ChoiceFilter("outcome", _("结果"), options=PocketCase.Outcome.choices),
        DateFilter("since", _("发现自"), lookup="found_on__gte"),
        DateFilter("until", _("发现至"), lookup="found_on__lte"),
    )


def _of_home_or_host(rows, organization):
    return rows.filter(
        below(organization.key, field="organization__key") | below(organization.key, field="host__key")
    )


class FloatingList(RecordList):
    noun, title, permission, export_permission = "transfers:floating", _("流动党员"), Can.VIEW, Can.EXPORT
    queryset, table = queries.floating, FloatingTable
    filters = (
        SubtreeFilter("organization", _("流出或流入的党组织"), narrow=_of_home_or_host),
        ChoiceFilter("destination", _("去向"), options=Floating.Destination.choices),
    )


class HintQueue(ListPage):
    """What the finder proposes to the branch and the basic committee; to nobody above (G-09)."""

    noun, title, permission = "transfers:hint", _("口袋党员线索"), Can.HINT
    queryset, table = queries.hints, HintTable
    filters = (SubtreeFilter("organization", _("所在党支部"), lookup="organization__key"),)

    def in_reach(self) -> QuerySet:
        # Of a double entry one comes back to see whether the other side has confirmed, too.
        open_ones = Q(confirmed_on=None) | Q(other__isnull=False)
        return super().in_reach().filter(queries.near(self.actor), open_ones)


class TransferQueue(ListPage):
    """What is under way: waiting for me, for others, soon due, late; the shortest time left first."""

    permission, title, prints = Can.HANDLE, _("转接待办"), True
    queryset, table = queries.transfers, QueueTable
    filters = (
        ChoiceFilter(
            "at",
            _("待办"),
            options=(
                ("todo", _("待我办理")),
                ("waiting", _("等对方办理")),
                ("soon", _("快到期")),
                ("reminded", _("期限已过三分之一")),
                ("warned", _("期限已过三分之二")),
                ("late", _("已超期")),
            ),
            narrow=lambda rows, value: rows,  # needs the actor: see `rows`
            default="todo",
        ),
        SubtreeFilter("organization", _("转出或转入的党组织"), narrow=_of_either_end),
    )

    def rows(self, filters) -> QuerySet:
        conditions = queries.under_way(self.actor, timezone.localdate())
        at = filters[0].value
        rows = super().rows(filters)
        return rows.filter(conditions[at]) if at else rows.filter(due_on__isnull=False)


class _OfMember:
    """The record is called by the name of the member whose it is."""

    def called(self) -> str:
        return self.object.member.name


class TransferDetail(_OfMember, CarriedDetail):
    """One transfer: who holds it, until when, what comes next, and what the reader may do."""

    list_page, queryset = TransferList, queries.transfers
    steps, step_url = flow.STEPS, "transfers:step"
    template_name = "transfers/transfer.html"

    def context(self) -> dict[str, Any]:
        transfer = self.object
        cases = queries.pocket_cases().visible_to(self.actor, Can.VIEW)
        return super().context() | {
            "transfer": transfer,
            "next": flow.next_words(transfer),
            "may_print": transfer.has_valid_letter and self.actor.can(Can.HANDLE, transfer.sender),
            "case": cases.filter(transfer=transfer, closed_on=None).first(),
        }


class TransferLetter(_OfMember, OfRecord, DetailPage):
    """The letter of three parts for another province, to print and seal (TRF-05, TRF-06).

    Identity number, telephone and dues are filled in by hand: no list and no page shows them (G-29, G-30).
    """

    permission, list_page = Can.HANDLE, TransferList
    queryset = queries.transfers
    template_name = "transfers/letter.html"

    def find(self, actor: Actor, **kwargs: Any) -> Transfer:
        transfer = super().find(actor, **kwargs)
        if not transfer.has_valid_letter or not actor.can(Can.HANDLE, transfer.sender):
            raise Http404
        return transfer

    def heading(self) -> str:
        return gettext("组织关系介绍信：%(letter)s") % {"letter": self.object.letter}

    def crumbs(self) -> list[Crumb]:
        return self.way(gettext("介绍信"))

    def context(self) -> dict[str, Any]:
        transfer = self.object
        return {
            "transfer": transfer,
            "member": transfer.member,
            "code": drawn(
                self.request.build_absolute_uri(reverse("transfers:check", args=[transfer.check_code]))
            ),
            "ethnicity": ETHNICITIES.get(transfer.member.ethnicity, ""),
            "committee": queries.committee_of(transfer.sender),
            "province": PROVINCES.get(transfer.outside, transfer.outside),
        }


class PocketCaseDetail(_OfMember, CarriedDetail):
    """One case: the contacts, the member's answer, and what the reader may do."""

    list_page, queryset = PocketCaseList, queries.pocket_cases
    steps, step_url = flow.CASE_STEPS, "transfers:case_step"
    template_name = "transfers/pocket_case.html"

    def context(self) -> dict[str, Any]:
        return super().context() | {"case": self.object, "contacts": contacts_of(self.object)}


class _NearHint(_OfMember):
    """What the pages of one hint share: who finds it (G-09)."""

    list_page, queryset, permission = HintQueue, queries.hints, Can.HINT

    def find(self, actor: Actor, **kwargs: Any) -> Hint:
        hint = super().find(actor, **kwargs)
        if not queries.hints().visible_to(actor, Can.HINT).filter(queries.near(actor), pk=hint.pk).exists():
            raise Http404
        return hint


class HintDetail(_NearHint, OfRecord, DetailPage):
    """One hint: its evidence, whom it is about, and what the reader may decide."""

    template_name = "transfers/hint.html"

    def heading(self) -> str:
        return f"{self.list_page.title}：{self.called()}"

    def crumbs(self) -> list[Crumb]:
        return [self._listed(), (self.called(), "")]

    def context(self) -> dict[str, Any]:
        hint = self.object
        offered = steps_for(self.actor, hint, flow.HINT_STEPS)
        return {
            "hint": hint,
            "evidence": in_words(hint.evidence),
            "other": queries.names_met(hint),
            "steps": [(step, reverse("transfers:hint_step", args=[hint.uid, step.name])) for step in offered],
        }


@login_not_required
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the letter that bears the code is good: number, last day, state; no name of anybody (G-05)."""
    rows = Transfer.objects.unscoped("whoever holds the letter may ask whether it is good")
    transfer = get_object_or_404(rows, check_code=code.upper())
    return for_the_bearer(render(request, "transfers/check.html", {"transfer": transfer}))


check.open_because = "who holds a letter asks whether it is good; no name is told"


class Arrive(FormPage):
    """A member has come with another province's letter."""

    permission, form_class = Can.HANDLE, ArriveForm
    queryset = organizations
    template_name = "kernel/pages/step.html"

    def heading(self) -> str:
        return gettext("接收省外转入：%(branch)s") % {"branch": self.object.short_name}

    def crumbs(self) -> list[Crumb]:
        return [(str(TransferList.title), reverse("transfers:transfer_list")), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        return {
            "words": gettext("接收"),
            "explanation": gettext(
                "核对介绍信后登记：党员自今天起计入这个党支部；介绍信的回执裁下盖章寄回（TRF-06）。"
            ),
            "back": reverse("organizations:detail", args=[self.object.uid]),
        }

    def done(self, form: Form) -> HttpResponse:
        with one_by_one(self.actor):
            transfer = actions.arrive(self.object, actor=self.actor, **form.cleaned_data)
        messages.success(self.request, gettext("已接收，请把回执盖章寄回。"))
        return redirect("transfers:transfer", transfer.uid)


class TransferStep(_OfMember, StepPage):
    permission = Can.VIEW
    queryset, steps, list_page = queries.transfers, flow.STEPS, TransferList


class PocketCaseStep(_OfMember, StepPage):
    permission = Can.VIEW
    queryset, steps, list_page = queries.pocket_cases, flow.CASE_STEPS, PocketCaseList


class HintStep(_NearHint, StepPage):
    steps = flow.HINT_STEPS

    def home(self) -> str:
        # A hint that is set aside has no page any more.
        there = queries.hints().visible_to(self.actor, Can.HINT).filter(pk=self.object.pk).exists()
        return super().home() if there else self._listed()[1]


class FloatingDetail(_OfMember, CarriedDetail):
    """One floating record, and what home and host may enter."""

    list_page, queryset = FloatingList, queries.floating
    steps, step_url = flow.FLOATING_STEPS, "transfers:floating_step"
    template_name = "transfers/floating.html"


class FloatingStep(_OfMember, StepPage):
    permission = Can.VIEW
    queryset, steps, list_page = queries.floating, flow.FLOATING_STEPS, FloatingList


class FloatingRegister(FormPage):
    """A member goes away and his relation stays; his branch registers it."""

    permission, queryset, form_class = Can.FLOAT, files, FloatingForm
    template_name = "kernel/pages/step.html"

    def heading(self) -> str:
        return gettext("登记流动党员：%(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[Crumb]:
        return [(self.object.name, self._back()), (gettext("登记流动党员"), "")]

    def _back(self) -> str:
        return reverse("members:detail", args=[self.object.uid])

    def context(self) -> dict[str, Any]:
        explanation = gettext(
            "外出六个月以上、不能参加所在党支部组织生活，又不便转接的，登记为流动党员（FLT-01）；有固定地点的应转尽转（FLT-02）。"
            "组织关系仍在本党支部，可以到流入党支部参加组织生活（FLT-03）。"
        )
        return {"words": gettext("登记"), "explanation": explanation, "back": self._back()}

    def done(self, form: Form) -> HttpResponse:
        try:
            made = floating_actions.register_floating(self.object, actor=self.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render(form=form, status=422)
        return redirect("transfers:floating", made.uid)


class TransferAsk(FormPage):
    """Where a member is to go; his branch asks, or he himself."""

    permission = Can.ASK
    queryset = files
    form_class = AskForm
    template_name = "kernel/pages/step.html"

    def heading(self) -> str:
        return gettext("转接组织关系：%(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[Crumb]:
        return [(self.object.name, self._back()), (gettext("转接组织关系"), "")]

    def _back(self) -> str:
        return reverse("members:detail", args=[self.object.uid])

    def context(self) -> dict[str, Any]:
        explanation = gettext(
            "工作单位或居住地变动的，应转接组织关系（TRF-01）。提出后由所在基层党委审核，再由转入的基层党委接收；"
            "接收之前仍在原党支部参加组织生活。同一个基层党委之内由党委直接调整，不办转接（TRF-02）。"
        )
        return {"words": gettext("提出转接"), "explanation": explanation, "back": self._back()}

    def _may_adjust(self, receiver: Organization) -> bool:
        """Whether it is an internal adjustment and the actor keeps the register of both branches."""
        member = self.object
        both = all(self.actor.can(CanKeepMembers.EDIT, place) for place in (member.branch, receiver))
        return both and queries.inside_one_committee(member.branch, receiver)

    def done(self, form: Form) -> HttpResponse:
        receiver = form.cleaned_data["receiver"]
        adjusts = receiver and not form.cleaned_data["outside"] and self._may_adjust(receiver)
        if adjusts:
            move_member(self.object, actor=self.actor, branch=receiver, on=timezone.localdate())
            messages.success(
                self.request,
                gettext("已调整到“%(branch)s”，自今天起计入；同一个基层党委之内不办转接（TRF-02）。")
                % {"branch": receiver.short_name},
            )
            return redirect(self._back())
        transfer = actions.ask(self.object, actor=self.actor, **form.cleaned_data)
        return redirect("transfers:transfer", transfer.uid)


related(
    "members.Member",
    _("转接组织关系"),
    Can.ASK,
    lambda member: reverse("transfers:ask", args=[member.uid]),
)


def _arriving_at(organization: Organization) -> str:
    holds = organization.kind in HOLDS_MEMBERS and organization.closed_on is None
    return reverse("transfers:arrive", args=[organization.uid]) if holds else ""


related("organizations.Organization", _("接收省外转入"), Can.HANDLE, _arriving_at)
related(
    "members.Member",
    _("登记流动党员"),
    Can.FLOAT,
    lambda member: reverse("transfers:float", args=[member.uid]),
)


def _in_queue(at: str):
    """How many stand in that queue of the actor."""

    def count(actor: Actor) -> tuple[int, str]:
        if not actor.reach.keys(Can.HANDLE):
            return 0, ""
        rows = queries.transfers().visible_to(actor, Can.HANDLE)
        found = rows.filter(queries.under_way(actor, timezone.localdate())[at])
        return counted(found), f"{reverse('transfers:queue')}?at={at}"

    return count


def _hints(actor: Actor) -> tuple[int, str]:
    """Those to be looked at in the actor's branch or basic committee; of those above nobody has any (G-09)."""
    if not actor.reach.keys(Can.HINT):
        return 0, ""
    rows = queries.hints().visible_to(actor, Can.HINT).filter(queries.near(actor), confirmed_on=None)
    return counted(rows), reverse("transfers:hint_list")


def _own(actor: Actor) -> tuple[int, str]:
    """The actor's own transfer under way."""
    if actor.reach.person_id is None:
        return 0, ""
    rows = Transfer.objects.visible_to(actor, Can.VIEW)
    mine = rows.filter(member=actor.reach.person_id, due_on__isnull=False).first()
    return (1, reverse("transfers:transfer", args=[mine.uid])) if mine else (0, "")


def _own_case(actor: Actor) -> tuple[int, str]:
    """The case about the actor that he has not answered."""
    if actor.reach.person_id is None:
        return 0, ""
    rows = PocketCase.objects.visible_to(actor, Can.VIEW).filter(member=actor.reach.person_id)
    case = rows.filter(closed_on=None, answer="", transfer__isnull=False).first()
    return (1, reverse("transfers:pocket_case", args=[case.uid])) if case else (0, "")


waiting(_("组织关系转接：已超期"), _in_queue("late"), late=True)
waiting(_("组织关系转接：期限已过三分之二"), _in_queue("warned"))
waiting(_("组织关系转接：期限已过三分之一"), _in_queue("reminded"))
waiting(_("组织关系转接：待我办理"), _in_queue("todo"))
waiting(_("口袋党员线索：待核实"), _hints)
waiting(_("我的组织关系转接正在办理"), _own)
waiting(_("请您答复：介绍信到期未报到"), _own_case, late=True)


def _away(actor: Actor, branch: Organization) -> tuple[int, str]:
    """Members of the branch who are away."""
    rows = queries.floating().visible_to(actor, Can.VIEW).filter(organization=branch, during__upper_inf=True)
    return counted(rows), f"{reverse('transfers:floating_list')}?organization={branch.uid}"


telling(PEOPLE, _("流动党员"), _away)
