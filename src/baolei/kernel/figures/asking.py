"""What a page of figures was asked: for which organization, on which day."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from baolei.kernel.figures.access import Can
from baolei.kernel.figures.reach import find, home, may_ask
from baolei.kernel.figures.values import today

FIRST_DAY = date(1921, 7, 1)
"""No organization existed before."""


class BadDay(ValueError):
    """The day asked is no day or has not come; told in one sentence."""


class DayForm(forms.Form):
    """The choice of the day, kept together with the organization."""

    on = forms.DateField(
        label=_lazy("时点（当日24时）"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["in"] = forms.CharField(widget=forms.HiddenInput)
        self.fields["on"].widget.attrs["max"] = today().isoformat()


@dataclass(frozen=True)
class Asked:
    """An organization in the reader's reach, and a day."""

    node: models.Model
    on: date

    @property
    def query(self) -> str:
        """The question as the query part of an address."""
        return address(self.node, self.on)


def address(node: models.Model, day: date) -> str:
    """The query part that asks for this organization on this day."""
    return "?" + urlencode({"in": node.code, "on": day.isoformat()})


def asked(request: HttpRequest) -> Asked:
    """Read `in` and `on`. Raises Http404 for what is absent or out of reach, BadDay for an impossible day."""
    actor = request.actor
    wanted = request.GET.get("in", "").strip()
    node = find(wanted) if wanted else home(actor, Can.VIEW)
    day = read_day(request.GET.get("on", ""))
    if node is None or not may_ask(actor, Can.VIEW, node, day):
        raise Http404
    return Asked(node, day)


def read_day(text: str) -> date:
    """The day written as YYYY-MM-DD; today when empty. Raises BadDay."""
    if not text:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDay(_("“%(text)s”不是日期，请按 2016-12-31 的样子填写。") % {"text": text}) from None
    if day > today():
        raise BadDay(_("%(day)s 还没有到，请选择今天或以前的日期。") % {"day": day})
    if day < FIRST_DAY:
        raise BadDay(_("没有 %(day)s 以前的数据，请选择以后的日期。") % {"day": FIRST_DAY})
    return day
