"""Pages of a record that goes on by steps (`kernel.flow`): its own page with the steps, and the form of one step."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from baolei.kernel.flow import RowForm, Step, steps_for
from baolei.kernel.pages.base import Crumb, FormPage
from baolei.kernel.pages.records import RecordDetail, RecordList


class OfRecord:
    """What pages of one record share: what it is called, and the way there from the list `list_page`."""

    list_page: type[RecordList]

    def called(self) -> str:
        """What stands for the record in headings and in the way there."""
        return str(self.object)

    def home(self) -> str:
        """The address of the record's own page."""
        return reverse(self.list_page.noun, args=[self.object.uid])

    def way(self, last: str) -> list[Crumb]:
        """From the list by the record's page to a page of it called `last`."""
        return [self._listed(), (self.called(), self.home()), (last, "")]

    def _listed(self) -> Crumb:
        return (str(self.list_page.title), reverse(f"{self.list_page.noun}_list"))


class CarriedDetail(OfRecord, RecordDetail):
    """A record that goes on by steps: declare `steps` and `step_url` beside the rest."""

    steps: Mapping[str, Step]
    step_url = ""

    def heading(self) -> str:
        return f"{self.list_page.title}：{self.called()}"

    def crumbs(self) -> list[Crumb]:
        return [self._listed(), (self.called(), "")]

    def context(self) -> dict[str, Any]:
        row = self.object
        offered = steps_for(self.actor, row, self.steps)
        return super().context() | {
            "steps": [(step, reverse(self.step_url, args=[row.uid, step.name])) for step in offered]
        }


class StepPage(OfRecord, FormPage):
    """One step of a row: declare `queryset`, `steps` and `list_page`. Who may not, or not now, is told why."""

    template_name = "kernel/pages/step.html"
    steps: Mapping[str, Step]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.step = self.steps.get(kwargs["step"])
        if self.step is None:
            raise Http404
        self.form_class = self.step.form
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.step.open_to(self.actor, self.object):
            return redirect(self.home())
        return super().get(request, **kwargs)

    def make_form(self, data: Any = None) -> Form:
        about = {"row": self.object} if issubclass(self.form_class, RowForm) else {}
        return self.form_class(data, **about)

    def heading(self) -> str:
        return gettext("%(step)s：%(name)s") % {"step": self.step.words, "name": self.called()}

    def crumbs(self) -> list[Crumb]:
        return self.way(str(self.step.words))

    def context(self) -> dict[str, Any]:
        return {"words": self.step.words, "explanation": self.step.explanation, "back": self.home()}

    def done(self, form: Form) -> HttpResponse:
        return self.answer(self.step.act(self.object, actor=self.actor, **form.cleaned_data))

    def answer(self, result: Any) -> HttpResponse:
        """After the step: to the row's own page."""
        messages.success(self.request, gettext("已办理：%(step)s。") % {"step": self.step.words})
        return redirect(self.home())
