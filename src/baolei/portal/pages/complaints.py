"""The officers' pages of complaints: those that an organization in reach holds, their answer, passing one on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.figures.reach import find
from baolei.kernel.pages import DetailPage, FormPage, ListPage, history
from baolei.kernel.pages.base import Crumb
from baolei.kernel.tables import ChoiceFilter, SubtreeFilter
from baolei.portal.access import CanComplaint
from baolei.portal.complaints import actions, queries
from baolei.portal.forms import AnswerForm, PassOnForm
from baolei.portal.models import Edition
from baolei.portal.tables import STATES, TONES, ComplaintTable

TITLE = gettext_lazy("投诉与纠错")


class ComplaintList(ListPage):
    permission = CanComplaint.VIEW
    title = TITLE
    queryset = queries.complaints
    table = ComplaintTable
    filters = (
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            options=[*(STATES | {queries.OPEN: gettext_lazy("未答复")}).items()],
            narrow=queries.of_state,
            default=queries.OPEN,
        ),
        SubtreeFilter("organization", gettext_lazy("承办党组织"), lookup="holder__key"),
    )


class ComplaintDetail(DetailPage):
    """What is said to be wrong, by when, who holds it, and its answer."""

    permission = CanComplaint.VIEW
    queryset = queries.complaints
    template_name = "portal/complaint.html"

    def crumbs(self) -> list[Crumb]:
        return [(str(TITLE), reverse("portal:complaint_list")), (self.heading(), "")]

    def tabs(self, current: str) -> list[tuple[str, str, bool]]:
        """The parts of a complaint's file."""
        return [
            (label, reverse(f"portal:{name}", args=[self.object.uid]), name == current)
            for name, label in (("complaint", _("基本情况")), ("complaint_history", _("办理记录")))
        ]

    def context(self) -> dict[str, Any]:
        complaint = self.object
        return {
            "complaint": complaint,
            "tabs": self.tabs("complaint"),
            "state": (STATES[complaint.state], TONES[complaint.state]),
            "public_url": _public_page(complaint),
            "may_answer": complaint.is_open and self.actor.can(CanComplaint.ANSWER, complaint),
        }


class ComplaintHistory(ComplaintDetail):
    """What was done with the complaint, from the audit; the day of receipt has no time."""

    template_name = "portal/complaint_history.html"

    def context(self) -> dict[str, Any]:
        return {"tabs": self.tabs("complaint_history"), "lines": history.of(self.object)}


class _Handling(FormPage):
    """A form about an open complaint; an answered one has none."""

    permission = CanComplaint.ANSWER
    queryset = queries.complaints
    words = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.can(self.permission) and not self.find(request.actor, **kwargs).is_open:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def heading(self) -> str:
        return str(self.words)

    def crumbs(self) -> list[Crumb]:
        here = reverse("portal:complaint", args=[self.object.uid])
        return [
            (str(TITLE), reverse("portal:complaint_list")),
            (str(self.object), here),
            (self.heading(), ""),
        ]

    def context(self) -> dict[str, Any]:
        return {"complaint": self.object}

    def refuse(self, form: Form, error: ValidationError) -> HttpResponse:
        """The form again with what the action found wrong."""
        form.add_error(None, error)
        return self.render(form=form, status=422)


class Answer(_Handling):
    form_class = AnswerForm
    words = gettext_lazy("答复投诉")
    template_name = "portal/answer.html"

    def done(self, form: AnswerForm) -> HttpResponse:
        if form.warns():
            return self.render(form=form, warns=True)
        given = {name: form.cleaned_data[name] for name in ("outcome", "answer", "said", "right")}
        try:
            actions.answer(self.object, actor=self.actor, **given)
        except ValidationError as error:
            return self.refuse(form, error)
        messages.success(self.request, _("已答复。"))
        return redirect("portal:complaint", uid=self.object.uid)


class PassOn(_Handling):
    form_class = PassOnForm
    words = gettext_lazy("转交投诉")
    template_name = "portal/pass_on.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.render(form=PassOnForm(initial={"to": self.object.place}))

    def done(self, form: PassOnForm) -> HttpResponse:
        to = find(form.cleaned_data["to"].strip())
        if to is None or not self.actor.can(CanComplaint.ANSWER, to):
            # Absent and out of reach are one answer.
            form.add_error("to", _("没有这个党组织，或不在您的管理范围，请核对。"))
            return self.render(form=form, status=404)
        try:
            actions.pass_on(self.object, actor=self.actor, to=to)
        except ValidationError as error:
            return self.refuse(form, error)
        messages.success(self.request, _("已转交%(name)s，期限不变。") % {"name": to.short_name})
        return redirect("portal:complaint", uid=self.object.uid)


def _public_page(complaint) -> str:
    """The page complained of, while the public has it; empty for a page of no edition."""
    edition: Edition | None = complaint.edition
    if edition is None or not edition.is_released:
        return ""
    if complaint.figure:
        return reverse("portal:figure", args=[edition.uid, complaint.figure])
    return reverse("portal:article", args=[edition.uid])
