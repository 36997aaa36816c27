"""Forms of the officers' pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.values import today, year_ends
from baolei.portal.actions import DOCUMENT_LONGEST

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
