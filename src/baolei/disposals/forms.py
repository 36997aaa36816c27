"""Forms of the area: codes, days and numbers of documents; nothing in words about the member (G-02)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baolei.disposals.actions import DOCUMENT_LONGEST
from baolei.disposals.codes import LIGHTER, OFFERED, Ground, Kind, Lapse, Result, State
from baolei.disposals.queries import followed
from baolei.kernel.flow import RowForm
from baolei.kernel.pages.forms import DayField
from baolei.members.codes import Standing
from baolei.members.models import Member
from baolei.members.votes import meeting_fields, meeting_vote

_CHOOSE = [("", _("请选择"))]


def offered(member: Member) -> list[tuple[str, list[tuple[str, str]]]]:
    """(kind, [(value, words)]): what may be proposed about the member now, each with its ground."""
    formal = member.standing == Standing.FORMAL
    advised, rectified = followed(member, State.REFUSED), followed(member, State.NO_CHANGE)
    found: dict[str, list[tuple[str, str]]] = {}
    for ground, kinds in OFFERED.items():
        for kind in kinds:
            fits = formal or kind in (Kind.CRITICISE, Kind.REMIND)
            if kind == Kind.REFUSED_REMOVED:
                fits = fits and advised is not None and advised.ground == ground
            elif ground == Ground.NO_CHANGE:
                fits = fits and rectified is not None
            if fits:
                found.setdefault(kind, []).extend(_pairs(kind, ground))
    return [(str(Kind(kind).label), found[kind]) for kind in Kind.values if kind in found]


def _pairs(kind: str, ground: str) -> list[tuple[str, str]]:
    words = f"{Kind(kind).label}（{Ground(ground).label}）"
    if ground != Ground.LAPSED:
        return [(f"{kind}:{ground}:", words)]
    return [(f"{kind}:{ground}:{lapse}", f"{words}：{label}") for lapse, label in Lapse.choices]


class OpenForm(RowForm):
    """About a member: `row`."""

    what = forms.ChoiceField(
        label=_("处置和依据"),
        help_text=_("依据只填党员教育管理工作条例的条款，不写事由，不传材料（G-02）。"),
    )
    on = DayField(label=_("日期"))

    def __init__(self, data: Any = None, *, row: Member):
        super().__init__(data, row=row)
        self.fields["what"].choices = [*_CHOOSE, *offered(row)]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean())
        if "what" in given:
            given["kind"], given["ground"], given["lapse"] = given.pop("what").split(":")
        return given


class DayForm(forms.Form):
    on = DayField(label=_("日期"))


class MeetForm(RowForm):
    on = DayField(label=_("支部大会日期"))

    def __init__(self, data: Any = None, *, row: Any):
        super().__init__(data, row=row)
        self.fields.update(meeting_fields(row.branch))

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean())
        if not self.errors:
            given["vote"] = meeting_vote(given, self.row.branch)
        return given


def _results(*results: Result) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("结果"), choices=[*_CHOOSE, *((one.value, one.label) for one in results)]
    )


class _DecisionForm(RowForm):
    on = DayField(label=_("决定日期"))
    document = forms.CharField(
        label=_("文号"),
        max_length=DOCUMENT_LONGEST,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    until = DayField(
        label=_("改正期限（最后一天）"),
        required=False,
        initial=None,
        help_text=_("自决定之日起不超过一年（DSP-01）。"),
    )


class ApproveForm(_DecisionForm):
    result = _results(Result.APPROVED, Result.NOT_APPROVED, Result.SENT_BACK)
    field_order = ("result", "on", "document", "until")

    def __init__(self, data: Any = None, *, row: Any):
        super().__init__(data, row=row)
        self.fields["document"].help_text = _("退回的可以不填。")
        if row.kind != Kind.RECTIFY:
            del self.fields["until"]


class DecideForm(_DecisionForm):
    kind = forms.ChoiceField(label=_("变更为（只在变更时选）"), required=False)
    field_order = ("result", "kind", "on", "document", "until")

    def __init__(self, data: Any = None, *, row: Any):
        super().__init__(data, row=row)
        lighter = LIGHTER[row.kind]
        given = (
            (Result.UPHELD, Result.CHANGED, Result.REVOKED) if lighter else (Result.UPHELD, Result.REVOKED)
        )
        self.fields["result"] = _results(*given)
        if lighter:
            self.fields["kind"].choices = [("", _("不变更")), *((kind, Kind(kind).label) for kind in lighter)]
            self.fields["until"].label = _("改正期限（只在变更为限期改正时填）")
        else:
            del self.fields["kind"], self.fields["until"]
        self.order_fields(self.field_order)


class ReviewForm(forms.Form):
    result = _results(Result.CORRECTED, Result.NO_CHANGE)
    on = DayField(label=_("检查日期"))
