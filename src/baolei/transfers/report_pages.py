"""Reporting in from a poster: the poster, the stranger's form and slip, the branch's list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baolei.kernel.access import NOBODY, Actor
from baolei.kernel.desk import counted, waiting
from baolei.kernel.flow import PlainForm, Step
from baolei.kernel.pages import DetailPage, related
from baolei.kernel.pages.codes import drawn
from baolei.kernel.pages.records import RecordList
from baolei.kernel.pages.steps import CarriedDetail, StepPage
from baolei.kernel.secrets import hash_slip
from baolei.kernel.slips import new_slip
from baolei.kernel.tables import (
    ChoiceFilter,
    CodeColumn,
    DateColumn,
    LinkColumn,
    Order,
    SubtreeFilter,
    Table,
    TextColumn,
    record_orders,
)
from baolei.organizations import queries as organizations
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization
from baolei.transfers import queries, report_actions
from baolei.transfers.access import Can
from baolei.transfers.codes import PROVINCES
from baolei.transfers.models import ReportIn

ORIGINS = {"": _("本省"), **PROVINCES}


class ReportForm(forms.Form):
    """Four fields, and no identity number."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    outside = forms.ChoiceField(label=_("从哪里来"), choices=[*ORIGINS.items()], required=False)
    letter = forms.CharField(
        label=_("介绍信编号"), max_length=40, required=False, help_text=_("有介绍信的填写；没有的不填。")
    )


class SlipForm(forms.Form):
    slip = forms.CharField(label=_("查询码"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}))


class ResultForm(forms.Form):
    result = forms.ChoiceField(label=_("结果"), choices=[("", _("请选择")), *ReportIn.Result.choices])


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def report_in(request: HttpRequest, uid) -> HttpResponse:
    """The form behind a poster's code; the branch's name stands on the poster and not here."""
    branch = get_object_or_404(organizations.directory(), uid=uid, kind__in=HOLDS_MEMBERS)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        slip = new_slip()
        try:
            report = report_actions.report_in(branch, actor=NOBODY, slip=slip, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "transfers/reported.html", {"slip": slip, "report": report})
    status = 422 if request.method == "POST" else 200
    return render(request, "transfers/report_in.html", {"form": form}, status=status)


report_in.open_because = "whoever stands before the poster reports in, without an account"


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest) -> HttpResponse:
    """How far one's own report has got, by the slip number."""
    form = SlipForm(request.POST or None)
    report = None
    if request.method == "POST" and form.is_valid():
        rows = ReportIn.objects.unscoped("who has the slip number reads the one report")
        report = rows.filter(slip_hash=hash_slip(form.cleaned_data["slip"])).first()
        if report is None:
            form.add_error("slip", _("没有这个查询码，请核对。"))
    return render(request, "transfers/report_slip.html", {"form": form, "report": report})


slip.open_because = "who has the slip number reads the one report"


class ReportTable(Table):
    name = LinkColumn(_("姓名"), to="transfers:report", personal=True, width=14)
    branch = TextColumn(_("报到的党支部"), field="branch__short_name", width=28)
    outside = CodeColumn(_("从哪里来"), labels=ORIGINS)
    letter = TextColumn(_("介绍信编号"))
    on = DateColumn(_("报到日期"))
    due_on = DateColumn(_("办理期限"))
    result = CodeColumn(_("结果"), labels=dict(ReportIn.Result.choices))
    orders = (*record_orders("branch"), Order("due", _("按办理期限，最近的在前"), ("due_on", "pk")))
    caption = _("扫码报到")
    empty = _("没有符合条件的报到")


class ReportList(RecordList):
    noun, title, permission, export_permission = "transfers:report", _("扫码报到"), Can.CASE, Can.EXPORT
    queryset, table = queries.reports, ReportTable
    filters = (
        SubtreeFilter("organization", _("报到的党支部"), lookup="branch__key"),
        ChoiceFilter(
            "state",
            _("办理"),
            options=(("open", _("待办理")), ("late", _("已超期"))),
            narrow=lambda rows, value: rows.filter(
                **({"closed_on": None} if value == "open" else {"due_on__lt": timezone.localdate()})
            ),
        ),
    )


def _handles(actor: Actor, report: ReportIn) -> bool:
    return actor.can(Can.CASE, report.branch)


STEPS = {
    step.name: step
    for step in (
        Step(
            "close",
            _("办结"),
            _("在册党员办理转接后办结；姓名、电话和介绍信编号 30 天后清除（G-27）。"),
            lambda report: report.closed_on is None,
            *(_handles, report_actions.close_report, ResultForm, True),
        ),
        Step(
            "phone",
            _("查看电话"),
            _("查看会记入操作记录。"),
            lambda report: bool(report.phone_sealed),
            *(_handles, report_actions.reveal_phone, PlainForm),
        ),
    )
}


class ReportDetail(CarriedDetail):
    permission, list_page, queryset = Can.CASE, ReportList, queries.reports
    steps, step_url = STEPS, "transfers:report_step"
    template_name = "transfers/report.html"


class ReportStep(StepPage):
    permission, queryset, steps, list_page = Can.CASE, queries.reports, STEPS, ReportList

    def answer(self, result: Any) -> HttpResponse:
        if self.step.name == "phone":
            messages.info(self.request, gettext("电话：%(phone)s") % {"phone": result})
        return super().answer(result)


class Poster(DetailPage):
    """The poster of a branch, to print and hang up."""

    permission, queryset = Can.CASE, organizations.organizations
    template_name = "transfers/poster.html"

    def find(self, actor: Actor, **kwargs: Any) -> Organization:
        found = super().find(actor, **kwargs)
        if not _of_branch(found):
            raise Http404
        return found

    def heading(self) -> str:
        return gettext("报到海报：%(branch)s") % {"branch": self.object.short_name}

    def context(self) -> dict[str, Any]:
        address = self.request.build_absolute_uri(reverse("transfers:report_in", args=[self.object.uid]))
        return {"address": address, "code": drawn(address, scale=8), "branch": self.object}


def _of_branch(organization: Organization) -> str:
    holds = organization.kind in HOLDS_MEMBERS and organization.closed_on is None
    return reverse("transfers:poster", args=[organization.uid]) if holds else ""


related("organizations.Organization", _("报到海报"), Can.CASE, _of_branch)


def _waiting(state: str):
    def count(actor: Actor) -> tuple[int, str]:
        if not actor.reach.keys(Can.CASE):
            return 0, ""
        rows = queries.reports().visible_to(actor, Can.CASE).filter(closed_on=None)
        if state == "late":
            rows = rows.filter(due_on__lt=timezone.localdate())
        return counted(rows), f"{reverse('transfers:report_list')}?state={state}"

    return count


waiting(_("扫码报到：已超期"), _waiting("late"), late=True)
waiting(_("扫码报到：待办理"), _waiting("open"))
