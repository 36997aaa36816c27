"""The page on which a ballot is cast: by phone from the code on the paper, or at a computer in the room.

No account, no cookie but that of the form, nothing in the address; the number on the paper is the receipt.
"""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baolei.kernel.ballots import box as boxes
from baolei.kernel.ballots.keys import KeyLost
from baolei.kernel.models import BallotBox

NONE = ""
UNKNOWN = gettext_lazy("没有这张选票，请核对编号。")


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("选票编号"),
        max_length=40,
        help_text=gettext_lazy("印在选票上的 16 位字母和数字；扫描选票上的二维码会自动填好。"),
        error_messages={"required": gettext_lazy("请填写选票编号。")},
        widget=forms.TextInput({"autocomplete": "off", "data-from-address": True}),
    )


class PaperForm(forms.Form):
    """The ballot as the box's paper says."""

    def __init__(self, paper: dict, data=None):
        super().__init__(data)
        choices = [*((str(at), mark) for at, mark in enumerate(paper["marks"])), (NONE, _("不选"))]
        for at, line in enumerate(paper["lines"]):
            self.fields[f"line{at}"] = forms.ChoiceField(
                label=line, choices=choices, required=False, initial=NONE, widget=forms.RadioSelect
            )

    def marks(self) -> list[int | None]:
        return [int(value) if value else None for value in self.cleaned_data.values()]


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest) -> HttpResponse:
    """First the number, then the paper, then the receipt; the number again later is the receipt again."""
    form = NumberForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form=form)
    number = form.cleaned_data["number"]
    box = boxes.found(number)
    if box is None:
        return _refused(request, form, UNKNOWN)
    if "cast" in request.POST and box.state == BallotBox.State.OPEN:
        paper = PaperForm(box.paper, request.POST)
        if not paper.is_valid():
            return _page(request, box=box, paper=paper, number=number)
        try:
            boxes.cast(number, paper.marks())
        except ValidationError as error:
            return _refused(request, form, error)
        return _page(request, receipt=True, fresh=True)
    try:
        inside = boxes.is_in(box, number)
    except (KeyLost, boxes.Spoilt):
        return _refused(request, form, _("这个票箱打不开了，请告诉工作人员：宣布作废，重新投票。"))
    if inside:
        return _page(request, receipt=True)
    if inside is None or box.state != BallotBox.State.OPEN:
        closed = box.state != BallotBox.State.OPEN
        return _refused(request, form, _("投票已经结束，没有这张选票投入的记录。") if closed else UNKNOWN)
    return _page(request, box=box, paper=PaperForm(box.paper), number=number)


ballot.open_because = "a ballot is cast by whoever has the paper, without an account"


def _refused(request: HttpRequest, form: forms.Form, words) -> HttpResponse:
    form.add_error(None, words)
    return _page(request, form=form)


def _page(request: HttpRequest, **context) -> HttpResponse:
    """Always 200: a status of a refusal would be a line in somebody's log."""
    return render(request, "kernel/ballot.html", {"crumbs": [(_("投票"), "")], **context})
