"""Pages of the area: the list, a person's 25 steps, the board, the plan; for the public a notice and one's own slip."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from baolei.development import actions, flow, queries
from baolei.development.access import Can
from baolei.development.codes import UNDER_WAY, Result, Stage
from baolei.development.forms import ApplyForm, PlanForm
from baolei.development.models import Applicant, Entry, Notice
from baolei.development.steps import BRANCH, RULES, STAGES, is_next, why_not
from baolei.development.tables import ApplicantMore, ApplicantTable
from baolei.kernel.desk import PEOPLE, counted, telling, waiting
from baolei.kernel.imports.elsewhere import one_by_one
from baolei.kernel.pages import FormPage, Page, related
from baolei.kernel.pages.base import Crumb, DetailPage, for_the_bearer
from baolei.kernel.pages.codes import drawn
from baolei.kernel.pages.lists import BoundFilter, bound
from baolei.kernel.pages.records import RecordList
from baolei.kernel.pages.steps import CarriedDetail, OfRecord, StepPage
from baolei.kernel.tables import ChoiceFilter, SubtreeFilter
from baolei.kernel.tree import below
from baolei.organizations import queries as organizations
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization

LATE, SOON, INCOMING = "late", "soon", "incoming"


def _by_clock(rows: QuerySet, value: str) -> QuerySet:
    today = timezone.localdate()
    if value == LATE:
        return rows.filter(due_on__lt=today)
    if value == SOON:
        return rows.filter(due_on__range=(today, today + queries.SOON))
    if value == INCOMING:
        return rows.filter(going_to__isnull=False)
    return rows.filter(stage__in=UNDER_WAY)


class ApplicantList(RecordList):
    noun, title, permission, export_permission = (
        "development:applicant",
        _("发展党员"),
        Can.VIEW,
        Can.EXPORT,
    )
    queryset, table, more = queries.applicants, ApplicantTable, ApplicantMore
    filters = (
        SubtreeFilter("organization", _("党组织"), lookup="branch__key"),
        ChoiceFilter("stage", _("阶段"), options=Stage.choices),
        ChoiceFilter(
            "clock",
            _("期限"),
            options=(
                (LATE, _("已超期")),
                (SOON, _("一个月内到期")),
                (INCOMING, _("移交中")),
                ("open", _("在办")),
            ),
            narrow=_by_clock,
        ),
    )


class ApplicantDetail(CarriedDetail):
    """One person: what is waited for, and all 25 steps with what was done or what still stands against each."""

    permission, list_page, queryset = Can.VIEW, ApplicantList, queries.applicants
    steps, step_url = flow.STEPS, "development:step"
    template_name = "development/applicant.html"

    def context(self) -> dict[str, Any]:
        applicant = self.object
        return super().context() | {
            "applicant": applicant,
            "stages": _stages(applicant),
            "gone": [_line(entry) for entry in queries.entries_of(applicant) if entry.over],
            "helpers": queries.helpers_of(applicant),
            "notices": queries.notices_of(applicant),
            "may_print": actions_open(self.actor, applicant),
        }


def actions_open(actor, applicant: Applicant) -> bool:
    """Whether the actor keeps the person's papers."""
    return actor.can(Can.CARRY, applicant.branch)


def _stages(applicant: Applicant) -> list[dict[str, Any]]:
    """The five stages with their steps: {words, lines}, each line {rule, entries, state, why}."""
    told, today = flow.told(applicant), timezone.localdate()
    entries = [entry for entry in queries.entries_of(applicant) if not entry.over]
    made = []
    for number, words in enumerate(STAGES, start=1):
        lines = []
        for rule in RULES.values():
            if rule.stage != number:
                continue
            done = [_line(entry) for entry in entries if entry.number == rule.number]
            waits = applicant.stage in (*UNDER_WAY, Stage.CONVERTED) and is_next(told, rule)
            why = why_not(told, rule, today) if waits else ""
            lines.append({"rule": rule, "entries": done, "waits": waits, "why": why})
        made.append({"words": words, "lines": lines})
    return made


def _line(entry: Entry) -> dict[str, Any]:
    rule = RULES[entry.number]
    several = len(rule.results) > 1 or entry.result == Result.FAILED or rule.vote
    return {"entry": entry, "rule": rule, "result": entry.get_result_display() if several else ""}


class ApplicantStep(StepPage):
    permission = Can.VIEW
    queryset, steps, list_page = queries.applicants, flow.STEPS, ApplicantList


class Apply(FormPage):
    """A written application is here: entered by the branch that got it."""

    permission = Can.CARRY
    queryset = organizations.organizations
    form_class = ApplyForm
    template_name = "kernel/pages/step.html"

    def heading(self) -> str:
        return gettext("登记入党申请：%(branch)s") % {"branch": self.object.short_name}

    def crumbs(self) -> list[Crumb]:
        return [(str(ApplicantList.title), reverse("development:applicant_list")), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        return {
            "words": gettext("登记"),
            "explanation": gettext(
                "收到书面申请后登记（第 1 步），一个月内派人谈话（ADMIT 7）。申请书和其他材料存纸质档案，不上传。"
            ),
            "back": reverse("organizations:detail", args=[self.object.uid]),
        }

    def done(self, form: Form) -> HttpResponse:
        with one_by_one(self.actor):
            applicant = actions.apply(self.object, actor=self.actor, **form.cleaned_data)
        messages.success(self.request, gettext("已登记，下一步是派人谈话。"))
        return redirect("development:applicant", applicant.uid)


class Slip(OfRecord, DetailPage):
    """The slip that the person takes home: an address with an opaque number and no name."""

    permission, list_page, queryset = Can.VIEW, ApplicantList, queries.applicants
    template_name = "development/slip.html"

    def find(self, actor, **kwargs):
        applicant = super().find(actor, **kwargs)
        if not actions_open(actor, applicant):
            raise Http404
        return applicant

    def heading(self) -> str:
        return gettext("本人查询单")

    def crumbs(self) -> list[Crumb]:
        return self.way(self.heading())

    def context(self) -> dict[str, Any]:
        address = reverse("development:own", args=[self.object.slip])
        address = self.request.build_absolute_uri(address)
        return {"address": address, "code": drawn(address), "applicant": self.object}


class NoticeSheet(OfRecord, DetailPage):
    """The notice to print and post (ADM-07)."""

    permission, list_page = Can.VIEW, ApplicantList
    queryset = Notice.objects.select_related("applicant", "branch").all
    template_name = "development/notice_sheet.html"

    def heading(self) -> str:
        return gettext("公示")

    def called(self) -> str:
        return self.object.applicant.name

    def home(self) -> str:
        return reverse(self.list_page.noun, args=[self.object.applicant.uid])

    def crumbs(self) -> list[Crumb]:
        return self.way(self.heading())

    def context(self) -> dict[str, Any]:
        address = self.request.build_absolute_uri(reverse("development:notice", args=[self.object.uid]))
        return _shown(self.object) | {"address": address, "code": drawn(address)}


def _shown(notice: Notice) -> dict[str, Any]:
    """What a notice may say (ADM-07, G-32): never a number, a telephone of the person or a day of birth."""
    applicant = notice.applicant
    age = timezone.localdate().year - applicant.birth_date.year
    low = age // 10 * 10
    return {
        "notice": notice,
        "applicant": applicant,
        "age": gettext("%(low)s 至 %(high)s 岁") % {"low": low, "high": low + 9},
        "committee": organizations.approving_committee(notice.branch),
        "helpers": queries.helpers_of(applicant),
    }


@login_not_required
@require_safe
def public_notice(request: HttpRequest, uid) -> HttpResponse:
    """A notice while it runs, for who has the posted address; it goes off by itself (G-32)."""
    today = timezone.localdate()
    running = Notice.objects.unscoped("shown to whom the posted address leads, while it runs (G-32)")
    notice = get_object_or_404(
        running.select_related("applicant", "branch"),
        uid=uid,
        over_on=None,
        since__lte=today,
        until__gte=today,
    )
    return for_the_bearer(render(request, "development/notice.html", _shown(notice)))


public_notice.open_because = "a running public notice, by the address that is posted (G-32)"


@login_not_required
@require_safe
def own(request: HttpRequest, slip: str) -> HttpResponse:
    """Where the bearer of the slip stands: stage, steps and days; no name, no number, nobody else."""
    found = Applicant.objects.unscoped("who bears the slip reads the one application")
    applicant = get_object_or_404(found, slip=slip)
    told = flow.told(applicant)
    done = [_line(entry) for entry in queries.entries_of(applicant) if not entry.over]
    nexts = [rule for rule in RULES.values() if applicant.stage in UNDER_WAY and is_next(told, rule)]
    context = {"applicant": applicant, "done": done, "nexts": nexts, "branch": BRANCH}
    return for_the_bearer(render(request, "development/own.html", context))


own.open_because = "the bearer of the slip reads the one application, without a name"


class Board(Page):
    """Who is where, what is soon due and what is late, and the plan of the year with its use."""

    permission, title, prints = Can.CARRY, _("发展党员看板"), True
    template_name = "development/board.html"
    chosen = SubtreeFilter("organization", _("党组织"), lookup="branch__key")

    def context(self) -> dict[str, Any]:
        at = self._chosen()
        rows = queries.applicants().visible_to(self.actor, Can.VIEW)
        if at.error:
            rows = rows.none()
        elif at.value is not None:
            rows = at.filter.apply(rows, at.value)
        today = timezone.localdate()
        counted = queries.by_stage(rows, today, today + queries.SOON)
        lists = reverse("development:applicant_list")
        place = f"&organization={at.value.uid}" if at.value else ""
        stages = [
            {"label": Stage(stage).label, "url": f"{lists}?stage={stage}{place}", **numbers}
            for stage, numbers in counted.items()
        ]
        return {
            "at": at,
            "filters": [at],
            "stages": stages,
            "links": {
                "late": f"{lists}?clock={LATE}{place}&order=due",
                "soon": f"{lists}?clock={SOON}{place}&order=due",
            },
            "apply_at": self._own_branch(),
            "total": {
                name: sum(one[name] for one in counted.values()) for name in ("number", "late", "soon")
            },
        }

    def address_on_paper(self) -> str:
        at = self._chosen()
        return f"{self.request.path}?organization={at.value.uid}" if at.value else self.request.path

    def _own_branch(self) -> Organization | None:
        """The branch of somebody who keeps one only."""
        tops = self.actor.reach.keys(Can.CARRY)
        found = organizations.directory().filter(key__in=tops, kind__in=HOLDS_MEMBERS)
        return found.first() if len(tops) == 1 else None

    def _chosen(self) -> BoundFilter:
        found = bound(self.chosen, self.request.GET.get("organization", "").strip())
        found.tops = self.actor.reach.keys(self.permission)
        if found.value is not None and not self.chosen.within(self.actor, self.permission, found.value):
            found.value, found.error = None, self.chosen.unknown()
        return found


class Plans(FormPage):
    """The plan of a year of what stands directly below an organization, and its use (ADM-10)."""

    permission, queryset = Can.VIEW, organizations.organizations
    form_class = PlanForm
    template_name = "development/plan.html"

    def heading(self) -> str:
        return gettext("发展党员计划：%(organization)s") % {"organization": self.object.short_name}

    def crumbs(self) -> list[Crumb]:
        return [(gettext("发展党员看板"), reverse("development:board")), (self.heading(), "")]

    def find(self, actor, **kwargs) -> Organization:
        found = get_object_or_404(organizations.directory(), uid=kwargs["uid"])
        if not actor.can(Can.VIEW, found):
            raise Http404
        return found

    def make_form(self, data: Any = None) -> Form:
        year = timezone.localdate().year
        return self.form_class(data, initial={"year": year})

    def may_set(self, organization: Organization) -> bool:
        above = organization.parent or organization
        return self.actor.can(Can.PLAN, above)

    def context(self) -> dict[str, Any]:
        year = self._year()
        below_it = organizations.directory().filter(parent=self.object).order_by("key")
        plans = {
            plan.organization_id: plan
            for plan in queries.plans()
            .unscoped("of the organization and those below it")
            .filter(below(self.object.key, field="organization__key"), year=year)
        }
        mine = plans.get(self.object.pk)
        return {
            "year": year,
            "mine": mine,
            "used": queries.used(self.object, year),
            "children": [
                {"organization": one, "plan": plans.get(one.pk), "used": queries.used(one, year)}
                for one in below_it
                if one.pk in plans
            ],
            "may_set": self.may_set(self.object),
            "back": reverse("organizations:detail", args=[self.object.uid]),
        }

    def _year(self) -> int:
        text = self.request.GET.get("year", "")
        return int(text) if text.isdigit() and len(text) == 4 else timezone.localdate().year

    def done(self, form: Form) -> HttpResponse:
        if not self.may_set(self.object):
            raise Http404
        plan = actions.set_plan(self.object, actor=self.actor, **form.cleaned_data)
        messages.success(self.request, gettext("已下达。"))
        return redirect(f"{reverse('development:plan', args=[self.object.uid])}?year={plan.year}")


related(
    "organizations.Organization",
    _("登记入党申请"),
    Can.CARRY,
    lambda organization: reverse("development:apply", args=[organization.uid]),
)
related(
    "organizations.Organization",
    _("发展党员计划"),
    Can.PLAN,
    lambda organization: reverse("development:plan", args=[organization.uid]),
)


def _by_list(clock: str):
    """How many wait by that filter of the list, for those who carry them on."""

    def count(actor) -> tuple[int, str]:
        address = f"{reverse('development:applicant_list')}?clock={clock}&order=due"
        if not actor.reach.keys(Can.CARRY):
            return 0, ""
        rows = _by_clock(queries.applicants().visible_to(actor, Can.CARRY), clock)
        if clock == INCOMING:
            rows = rows.filter(actor.reach.within(Can.CARRY, "going_to__key"))
        return counted(rows), address

    return count


waiting(_("发展党员：已超期"), _by_list(LATE), late=True)
waiting(_("发展党员：一个月内到期"), _by_list(SOON))
waiting(_("发展党员：等待接收的培养材料"), _by_list(INCOMING))


def _at_stage(stage: str):
    """How many stand at a stage in the branch, for whom it carries."""

    def count(actor, branch) -> tuple[int, str]:
        if not actor.can(Can.CARRY, branch):
            return 0, ""
        rows = queries.applicants().visible_to(actor, Can.VIEW).filter(branch=branch, stage=stage)
        return counted(
            rows
        ), f"{reverse('development:applicant_list')}?organization={branch.uid}&stage={stage}"

    return count


for _stage in UNDER_WAY[:3]:
    telling(PEOPLE, _stage.label, _at_stage(_stage))
