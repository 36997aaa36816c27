"""Forms of the area: of strangers and of officers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.values import today, year_ends
from baolei.kernel.pages.forms import WarnsForm
from baolei.portal.actions import DOCUMENT_LONGEST
from baolei.portal.complaints.actions import LINE_LONGEST, LONGEST
from baolei.portal.models import Complaint

SPAN = 5
"""Years of a look back when nothing else is asked for."""


class SpanForm(forms.Form):
    """For which organization, over which years. Used by GET; the names are those of the address."""

    prefix = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = [(day.year, str(day.year)) for day in reversed(year_ends(today()))]
        self.fields["in"] = forms.CharField(
            label=_("区划代码或组织代码"),
            max_length=40,
            error_messages={"required": _("请填写区划代码或组织代码。")},
        )
        self.fields["from"] = forms.TypedChoiceField(label=_("起始年份"), choices=years, coerce=int)
        self.fields["to"] = forms.TypedChoiceField(label=_("截止年份"), choices=years, coerce=int)


class WithdrawForm(forms.Form):
    document = forms.CharField(
        label=_("撤回依据文号"),
        max_length=DOCUMENT_LONGEST,
        help_text=_("上级批准撤回的文件编号；只填文号，不写理由。"),
        error_messages={"required": _("请填写撤回依据的文号。")},
    )


class ComplaintForm(WarnsForm):
    """What is wrong with a public page; no name and no contact is asked."""

    watched = ("text",)

    kind = forms.ChoiceField(
        label=_("哪里不对"),
        choices=Complaint.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项。")},
    )
    text = forms.CharField(
        label=_("请说明"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "写明哪里不对、应当是什么，不超过 1000 个字。不必留姓名和电话，也请不要写别人的个人情况。"
        ),
        error_messages={"required": _("请写明哪里不对。")},
    )
    website = forms.CharField(required=False)

    def clean_website(self) -> str:
        """Programs fill in every field; a person does not see this one."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("请把“请勿填写”一栏留空。"))
        return ""


class SlipForm(forms.Form):
    slip = forms.CharField(
        label=_("查询码"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("提交投诉时显示的 12 位字母和数字，如 ABCD-2345-WXYZ。"),
        error_messages={"required": _("请填写查询码。")},
    )


class PassOnForm(forms.Form):
    to = forms.CharField(
        label=_("转交给"),
        max_length=40,
        help_text=_("您管理范围内的地方党委、党工委或乡镇（街道）党委的区划代码或组织代码。期限不变。"),
        error_messages={"required": _("请填写区划代码或组织代码。")},
    )


class AnswerForm(WarnsForm):
    """The answer to a complaint; a correction is told to everybody in two lines."""

    watched = ("answer",)

    outcome = forms.ChoiceField(
        label=_("处理结果"),
        choices=Complaint.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择处理结果。")},
    )
    answer = forms.CharField(
        label=_("答复"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("持查询码的人可以看到，满 180 天后清除。“不受理”请写明理由。请不要写个人情况。"),
        error_messages={"required": _("请写明答复。")},
    )
    said = forms.CharField(
        label=_("更正公告：原来的说法"),
        max_length=LINE_LONGEST,
        required=False,
        help_text=_("只在“更正”时填写，任何人都能看到。"),
    )
    right = forms.CharField(
        label=_("更正公告：更正为"),
        max_length=LINE_LONGEST,
        required=False,
        help_text=_("只在“更正”时填写，任何人都能看到。不公布的数（1至4）不要写。"),
    )
