"""Forms of the steps of a transfer."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.organizations.models import Organization
from baolei.transfers import queries
from baolei.transfers.actions import LETTER_DAYS, LETTER_MOST
from baolei.transfers.codes import PROVINCES
from baolei.transfers.models import Contact, PocketCase, Transfer

_CHOOSE = [("", gettext_lazy("请选择"))]


class BranchField(forms.CharField):
    """An open branch anywhere in the province, by code or name."""

    def __init__(self, **more):
        help_text = gettext_lazy("填党支部的组织代码或全称；同名的填组织代码。")
        super().__init__(max_length=200, help_text=help_text, **more)

    def clean(self, value) -> Organization | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = list(queries.branches_named(text)[:2])
        if not found:
            raise ValidationError(_("没有党支部“%(text)s”。请核对代码或全称。") % {"text": text})
        if len(found) > 1:
            raise ValidationError(_("叫“%(text)s”的党支部不止一个，请填组织代码。") % {"text": text})
        return found[0]


class AskForm(forms.Form):
    receiver = BranchField(label=gettext_lazy("转入党支部（省内）"), required=False)
    outside = forms.ChoiceField(
        label=gettext_lazy("转往省外"),
        choices=[("", gettext_lazy("不是")), *PROVINCES.items()],
        required=False,
    )


class ReleaseForm(forms.Form):
    days = forms.IntegerField(
        label=gettext_lazy("请对方在几天内接收"), min_value=1, max_value=LETTER_MOST, initial=LETTER_DAYS
    )


class LetterForm(forms.Form):
    letter = forms.CharField(label=gettext_lazy("介绍信编号"), max_length=40)
    days = forms.IntegerField(
        label=gettext_lazy("有效期（天）"), min_value=1, max_value=LETTER_MOST, initial=LETTER_DAYS
    )


class AcceptForm(forms.Form):
    branch = BranchField(label=gettext_lazy("编入的党支部（留空为申请的党支部）"), required=False)


class RefuseForm(forms.Form):
    refusal = forms.ChoiceField(label=gettext_lazy("原因"), choices=[*_CHOOSE, *Transfer.Refusal.choices])


class ContactForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("联系日期"),
        initial=timezone.localdate,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    way = forms.ChoiceField(label=gettext_lazy("方式"), choices=[*_CHOOSE, *Contact.Way.choices])
    result = forms.ChoiceField(label=gettext_lazy("结果"), choices=[*_CHOOSE, *Contact.Result.choices])


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=gettext_lazy("答复"), choices=[*_CHOOSE, *PocketCase.Answer.choices])


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"),
        choices=[*_CHOOSE, *(one for one in PocketCase.Outcome.choices if one[0] != "reported")],
    )
