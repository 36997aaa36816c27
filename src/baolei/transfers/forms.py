"""Forms of the steps of a transfer."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.identity import BadNumber, check_identity, normal_number
from baolei.kernel.pages.forms import DayField
from baolei.members.actions import Enrolment
from baolei.members.codes import EDUCATIONS, ETHNICITIES, Occupation, Standing
from baolei.organizations.fields import BranchField
from baolei.transfers.actions import LETTER_DAYS, LETTER_MOST
from baolei.transfers.codes import PROVINCES
from baolei.transfers.hint_actions import Body, Grounds
from baolei.transfers.models import Contact, Floating, PocketCase, Transfer

_CHOOSE = [("", gettext_lazy("请选择"))]


class AskForm(forms.Form):
    receiver = BranchField(label=gettext_lazy("转入党支部（省内）"), required=False)
    outside = forms.ChoiceField(
        label=gettext_lazy("转往省外"),
        choices=[("", gettext_lazy("不是")), *PROVINCES.items()],
        required=False,
    )


class MonthField(forms.DateField):
    """A month: its first day."""

    def __init__(self, **more):
        widget = forms.DateInput({"type": "month"}, format="%Y-%m")
        super().__init__(input_formats=["%Y-%m"], widget=widget, **more)


class _DuesForm(forms.Form):
    dues_paid_to = MonthField(
        label=gettext_lazy("党费交至（月）"), required=False, help_text=gettext_lazy("只填月份，不填金额。")
    )


class ReleaseForm(_DuesForm):
    days = forms.IntegerField(
        label=gettext_lazy("请对方在几天内接收"), min_value=1, max_value=LETTER_MOST, initial=LETTER_DAYS
    )


class LetterForm(_DuesForm):
    letter = forms.CharField(label=gettext_lazy("介绍信编号"), max_length=40)
    days = forms.IntegerField(
        label=gettext_lazy("有效期（天）"), min_value=1, max_value=LETTER_MOST, initial=LETTER_DAYS
    )


class ReissueForm(forms.Form):
    why = forms.ChoiceField(label=gettext_lazy("补开原因"), choices=[*_CHOOSE, *Transfer.Reissue.choices])
    letter = forms.CharField(label=gettext_lazy("新的介绍信编号"), max_length=40)
    days = forms.IntegerField(
        label=gettext_lazy("有效期（天）"), min_value=1, max_value=LETTER_MOST, initial=LETTER_DAYS
    )


class ArriveForm(_DuesForm):
    """Who came, with which letter. Sex and birth date are those of the identity number."""

    outside = forms.ChoiceField(label=gettext_lazy("从哪个省转来"), choices=[*_CHOOSE, *PROVINCES.items()])
    letter = forms.CharField(label=gettext_lazy("介绍信编号"), max_length=40)
    written_on = DayField(label=gettext_lazy("介绍信日期"))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    id_number = forms.CharField(
        label=gettext_lazy("公民身份号码"), max_length=24, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    ethnicity = forms.ChoiceField(label=gettext_lazy("民族"), choices=[*ETHNICITIES.items()], initial="01")
    education = forms.ChoiceField(label=gettext_lazy("学历"), choices=[*_CHOOSE, *EDUCATIONS.items()])
    occupation = forms.ChoiceField(label=gettext_lazy("职业"), choices=[*_CHOOSE, *Occupation.choices])
    joined_on = DayField(label=gettext_lazy("入党日期"), initial=None)
    converted_on = DayField(label=gettext_lazy("转正日期（预备党员不填）"), initial=None, required=False)

    def clean(self) -> dict:
        given = super().clean()
        try:
            born, sex = check_identity(normal_number(given.get("id_number", "")))
        except BadNumber:
            self.add_error("id_number", _("公民身份号码有误，请核对。"))
            return given
        if self.errors:
            return given
        who = {name: given.pop(name) for name in ("name", "id_number", "phone", "ethnicity", "education")}
        who |= {name: given.pop(name) for name in ("occupation", "joined_on", "converted_on")}
        standing = Standing.FORMAL if who["converted_on"] else Standing.PROBATIONARY
        given["enrolment"] = Enrolment(
            **who, sex=sex, birth_date=date.fromisoformat(born), standing=standing, since=timezone.localdate()
        )
        return given


class AcceptForm(forms.Form):
    branch = BranchField(label=gettext_lazy("编入的党支部（留空为申请的党支部）"), required=False)


class RefuseForm(forms.Form):
    refusal = forms.ChoiceField(label=gettext_lazy("原因"), choices=[*_CHOOSE, *Transfer.Refusal.choices])


class ContactForm(forms.Form):
    on = DayField(label=gettext_lazy("联系日期"))
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
    since = DayField(label=gettext_lazy("流出日期"))
    destination = forms.ChoiceField(
        label=gettext_lazy("去向"), choices=[*_CHOOSE, *Floating.Destination.choices]
    )
    host = BranchField(label=gettext_lazy("流入党支部（省内，没有的留空）"), required=False)


class DayForm(forms.Form):
    on = DayField(label=gettext_lazy("日期"))


class MeetingForm(forms.Form):
    met_on = DayField(label=gettext_lazy("支部党员大会日期"))


class RestoreForm(MeetingForm):
    document = forms.CharField(label=gettext_lazy("县级党委组织部门批复文号"), max_length=60)


class ConfirmForm(forms.Form):
    body = forms.ChoiceField(label=gettext_lazy("由谁研究决定"), choices=[*_CHOOSE, *Body.choices])


class SetAsideForm(ConfirmForm):
    grounds = forms.ChoiceField(
        label=gettext_lazy("不列为口袋党员的原因"), choices=[*_CHOOSE, *Grounds.choices]
    )
