"""Forms of the steps of a transfer."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from baolei.organizations.fields import BranchField
from baolei.transfers.actions import LETTER_DAYS, LETTER_MOST
from baolei.transfers.codes import PROVINCES
from baolei.transfers.hint_actions import Body, Grounds
from baolei.transfers.models import Contact, Floating, PocketCase, Transfer

_CHOOSE = [("", gettext_lazy("请选择"))]


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, initial=timezone.localdate, widget=widget)


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
    on = _day(gettext_lazy("联系日期"))
    way = forms.ChoiceField(label=gettext_lazy("方式"), choices=[*_CHOOSE, *Contact.Way.choices])
    result = forms.ChoiceField(label=gettext_lazy("结果"), choices=[*_CHOOSE, *Contact.Result.choices])


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=gettext_lazy("答复"), choices=[*_CHOOSE, *PocketCase.Answer.choices])


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"),
        choices=[*_CHOOSE, *PocketCase.Outcome.choices],
    )


class FloatingForm(forms.Form):
    since = _day(gettext_lazy("流出日期"))
    destination = forms.ChoiceField(
        label=gettext_lazy("去向"), choices=[*_CHOOSE, *Floating.Destination.choices]
    )
    host = BranchField(label=gettext_lazy("流入党支部（省内，没有的留空）"), required=False)


class DayForm(forms.Form):
    on = _day(gettext_lazy("日期"))


class MeetingForm(forms.Form):
    met_on = _day(gettext_lazy("支部党员大会日期"))


class RestoreForm(MeetingForm):
    document = forms.CharField(label=gettext_lazy("县级党委组织部门批复文号"), max_length=60)


class ConfirmForm(forms.Form):
    body = forms.ChoiceField(label=gettext_lazy("由谁研究决定"), choices=[*_CHOOSE, *Body.choices])


class SetAsideForm(ConfirmForm):
    grounds = forms.ChoiceField(
        label=gettext_lazy("不列为口袋党员的原因"), choices=[*_CHOOSE, *Grounds.choices]
    )
