"""Forms of the steps of an appraisal."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.flow import RowForm
from baolei.kernel.pages.forms import DayField, WarnsForm
from baolei.reviews.actions import LONGEST
from baolei.reviews.models import Finding, Proposal
from baolei.reviews.queries import graded_of, has_committee, roll_of

Line = tuple[Finding, list[forms.BoundField]]
BODY = "body"
"""How the names of the fields begin that are about the branch committee's work."""


class OpenForm(forms.Form):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)

    def __init__(self, data=None):
        super().__init__(data)
        this = timezone.localdate().year
        self.fields["year"].choices = [(year, str(year)) for year in (this, this - 1)]


class WordsForm(WarnsForm):
    watched = ("words",)

    words = forms.CharField(
        label=_("个人自评"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "对照党员标准写自己的情况，不超过 1000 个字。只供本党支部和上级党委民主评议使用，办结三年后清除；"
            "不要写身份证号、电话和别人的个人情况。"
        ),
        error_messages={"required": _("请写下自评。")},
    )


class ExcuseForm(RowForm):
    excused = forms.MultipleChoiceField(
        label=_("经同意不参加的党员"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾选，不写原因（G-01）。没有勾选的都参加。"),
    )

    def __init__(self, data=None, *, row):
        super().__init__(data, row=row)
        roll = roll_of(row).exclude(part=Finding.Part.ATTENDING)
        field = self.fields["excused"]
        field.choices = [(finding.pk, finding.member.name) for finding in roll]
        field.initial = [finding.pk for finding in roll if finding.part == Finding.Part.EXCUSED]


class HoldForm(forms.Form):
    held_on = DayField(label=_("评议日期"))
    present = forms.IntegerField(label=_("实到人数（有表决权的正式党员）"), min_value=1)


class PollForm(RowForm):
    issued = forms.IntegerField(label=_("发出测评票"), min_value=1, help_text=_("在场的每人一张。"))
    polls_body = forms.BooleanField(
        label=_("同时测评党支部委员会的工作（APR-08）"),
        required=False,
        help_text=_("票上多一行，票数只给党支部和上级党委看。"),
    )

    def __init__(self, data=None, *, row):
        super().__init__(data, row=row)
        self.fields["issued"].initial = row.present
        if not has_committee(row):
            del self.fields["polls_body"]


class _LinesForm(RowForm):
    """One line for each member who is graded; `lines` for the template."""

    heads: tuple[str, ...] = ()

    def __init__(self, data=None, *, row):
        super().__init__(data, row=row)
        self.graded = [*graded_of(row)]
        for finding in self.graded:
            self.add(finding)

    def add(self, finding: Finding) -> None:
        """Add the fields of one line, their names beginning with the finding's number and "_"."""
        raise NotImplementedError

    def lines(self) -> list[Line]:
        fields = {finding.pk: [] for finding in self.graded}
        for bound in self:
            number = bound.name.partition("_")[0]
            if number.isdigit():
                fields[int(number)].append(bound)
        return [(finding, fields[finding.pk]) for finding in self.graded]

    def body(self) -> list[forms.BoundField]:
        """The line about the branch committee's work, where there is one (APR-08)."""
        return [bound for bound in self if bound.name.startswith(f"{BODY}_")]

    def others(self) -> list[forms.BoundField]:
        return [bound for bound in self if not _of_line(bound.name)]


def _of_line(name: str) -> bool:
    first = name.partition("_")[0]
    return first.isdigit() or first == BODY


class PaperForm(_LinesForm):
    heads = Finding.Grade.labels
    issued = forms.IntegerField(label=_("发出测评票"), min_value=1)
    returned = forms.IntegerField(label=_("收回测评票"), min_value=1)
    valid = forms.IntegerField(label=_("有效测评票"), min_value=1)

    def __init__(self, data=None, *, row):
        super().__init__(data, row=row)
        if has_committee(row):
            for grade, label in Finding.Grade.choices:
                words = _("党支部委员会的工作：%(grade)s") % {"grade": label}
                self.fields[f"{BODY}_{grade}"] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    required=False,
                    widget=forms.NumberInput({"aria-label": words}),
                )

    def add(self, finding: Finding) -> None:
        for grade, label in Finding.Grade.choices:
            words = f"{finding.member.name}：{label}"
            self.fields[f"{finding.pk}_{grade}"] = forms.IntegerField(
                label=label, min_value=0, widget=forms.NumberInput({"aria-label": words})
            )

    def clean(self):
        found = self.cleaned_data
        counts = {
            finding.pk: [found.pop(f"{finding.pk}_{grade}", 0) for grade in Finding.Grade.values]
            for finding in self.graded
        }
        body = [found.pop(f"{BODY}_{grade}", None) for grade in Finding.Grade.values]
        given = any(number is not None for number in body)
        return found | {"counts": counts, "body": [number or 0 for number in body] if given else None}


class GradeForm(_LinesForm):
    heads = (_("等次"),)

    def add(self, finding: Finding) -> None:
        self.fields[f"{finding.pk}_grade"] = forms.ChoiceField(
            label=_("等次"),
            choices=[("", _("请选择")), *Finding.Grade.choices],
            # A grade that was decided stands there again; none comes from the poll (G-26).
            initial=finding.grade,
            widget=forms.Select({"aria-label": finding.member.name}),
        )

    def clean(self):
        found = self.cleaned_data
        return {"grades": {finding.pk: found.get(f"{finding.pk}_grade", "") for finding in self.graded}}


class WaiveForm(forms.Form):
    waiver = forms.CharField(
        label=_("同意的理由或者文号"),
        max_length=200,
        help_text=_("写明为什么优秀可以超过三分之一；不写党员姓名。"),
    )


class HelpForm(forms.Form):
    way = forms.ChoiceField(label=_("帮助方式"), choices=Proposal.Way.choices)
    due_on = DayField(label=_("完成期限"), initial=None)


class DoneForm(forms.Form):
    done_on = DayField(label=_("落实日期"))
