"""Forms of the area: an application, each of the 25 steps, what else is done about an applicant, a plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.development import queries
from baolei.development.actions import NOTICE_DAYS, NOTICE_MOST, TRAINING_HOURS
from baolei.development.codes import Leaving, Result
from baolei.development.models import Notice
from baolei.development.steps import Rule
from baolei.development.story import DEFERRAL_MOST, EXTENSION_LEAST, EXTENSION_MOST
from baolei.kernel.flow import RowForm
from baolei.kernel.pages.forms import CountField, DayField
from baolei.members.codes import EDUCATIONS, ETHNICITIES, Occupation
from baolei.members.votes import ballot_fields, committee_vote, meeting_fields, meeting_vote, people_field
from baolei.organizations.fields import BranchField

_CHOOSE = [("", gettext_lazy("请选择"))]


class ApplyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    id_number = forms.CharField(
        label=gettext_lazy("公民身份号码"),
        max_length=24,
        help_text=gettext_lazy("加密保存，性别和出生日期由号码得出；年满十八岁。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    ethnicity = forms.ChoiceField(label=gettext_lazy("民族"), choices=[*ETHNICITIES.items()], initial="01")
    education = forms.ChoiceField(label=gettext_lazy("学历"), choices=[*_CHOOSE, *EDUCATIONS.items()])
    occupation = forms.ChoiceField(label=gettext_lazy("职业"), choices=[*_CHOOSE, *Occupation.choices])
    on = DayField(label=gettext_lazy("收到申请书日期"))


class StepForm(RowForm):
    """The form of one step, made from its rule. What `clean` returns are the arguments of the step's action."""

    rule: Rule

    def __init__(self, data: Any = None, *, row: Any):
        super().__init__(data, row=row)
        rule, add = self.rule, self.fields
        add["on"] = DayField(label=_("办理日期"))
        if len(rule.results) > 1:
            labels = [(one, Result(one).label) for one in rule.results]
            add["result"] = forms.ChoiceField(label=_("结果"), choices=[*_CHOOSE, *labels])
        if rule.paper:
            label = _("志愿书编号") if rule.number == 14 else _("文号")
            add["document"] = forms.CharField(label=label, max_length=60, required=rule.paper == "must")
        if rule.training:
            add["amount"] = forms.IntegerField(
                label=_("学时（一天按 8 学时计）"), min_value=1, max_value=1000, initial=TRAINING_HOURS
            )
        if rule.months:
            add["amount"] = forms.IntegerField(
                label=_("延长几个月（只在延长时填）"),
                min_value=EXTENSION_LEAST,
                max_value=EXTENSION_MOST,
                required=False,
            )
        if rule.helpers:
            add["people"] = people_field(self.row.branch, _("正式党员"), required=True)
        if rule.vote:
            self._add_vote(add)
        if rule.number == 17:
            add["special"] = forms.BooleanField(label=_("超过三个月的，属于特殊情况"), required=False)

    def _add_vote(self, add: dict[str, forms.Field]) -> None:
        if self.rule.vote == "members":
            add.update(meeting_fields(self.row.branch))
        else:
            add["expected"] = CountField(_("应到会委员"))
            add["present"] = CountField(_("实到委员"))
            add.update(ballot_fields())

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean())
        if self.rule.vote and not self.errors:
            members = self.rule.vote == "members"
            given["vote"] = meeting_vote(given, self.row.branch) if members else committee_vote(given)
        if "people" in given:
            given["people"] = tuple(given["people"])
        return given


def form_of(rule: Rule) -> type[StepForm]:
    """The class of the form of one step."""
    return type(f"Step{rule.number}Form", (StepForm,), {"rule": rule})


class _HelpersForm(StepForm):
    """Who helps from today on; who does now is ticked."""

    def __init__(self, data=None, *, row):
        super().__init__(data, row=row)
        for name in ("on", "result"):
            self.fields.pop(name, None)
        named = queries.helpers_of(row, self.rule.helpers[0])
        self.fields["people"].initial = [*named.values_list("member_id", flat=True)]


def helpers_form(rule: Rule) -> type[_HelpersForm]:
    """The class of the form that names a step's helpers anew."""
    return type(f"Change{rule.number}Form", (_HelpersForm,), {"rule": rule})


class StopForm(forms.Form):
    leaving = forms.ChoiceField(label=gettext_lazy("方式"), choices=[*_CHOOSE, *Leaving.choices])


class NoticeForm(forms.Form):
    since = DayField(label=gettext_lazy("公示开始"))
    days = forms.IntegerField(
        label=gettext_lazy("公示几个工作日"),
        min_value=NOTICE_DAYS,
        max_value=NOTICE_MOST,
        initial=NOTICE_DAYS,
    )
    contact = forms.CharField(
        label=gettext_lazy("受理电话"),
        max_length=60,
        help_text=gettext_lazy("填党组织的办公电话，公示上写明。"),
    )


class SettleForm(forms.Form):
    objection = forms.ChoiceField(
        label=gettext_lazy("公示结果"), choices=[*_CHOOSE, *Notice.Objection.choices]
    )


class DeferForm(forms.Form):
    months = forms.IntegerField(
        label=gettext_lazy("推迟几个月"), min_value=1, max_value=DEFERRAL_MOST, initial=DEFERRAL_MOST
    )


class HandOverForm(forms.Form):
    receiver = BranchField(label=gettext_lazy("转往的党支部"))


class PlanForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    quota = forms.IntegerField(label=gettext_lazy("计划名额"), min_value=0, max_value=1_000_000)
