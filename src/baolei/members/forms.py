"""Filters of the list, the search box, and the form of a full view."""

from django import forms
from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.export import PurposeForm
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.members.codes import COUNTED, EDUCATIONS, Sex, Standing

EDUCATION_GROUPS = {
    "graduate": (_("研究生"), "1"),
    "bachelor": (_("大学本科"), "2"),
    "college": (_("大学专科"), "3"),
    "secondary": (_("中专、高中、技校"), "46"),
    "basic": (_("初中及以下"), "789"),
}
"""Group -> its label and the first digits of its codes."""


def _of_standing(rows, value):
    return rows.filter(standing__in=COUNTED) if value == "counted" else rows.filter(standing=value)


def _of_education(rows, value):
    digits = EDUCATION_GROUPS[value][1]
    return rows.filter(education__in=[code for code in EDUCATIONS if code[0] in digits])


FILTERS = (
    SubtreeFilter("organization", _("所属党组织"), lookup="branch_key"),
    ChoiceFilter(
        "standing",
        _("党籍状态"),
        options=(("counted", _("在册（正式、预备）")), *Standing.choices),
        narrow=_of_standing,
        default="counted",
    ),
    ChoiceFilter("sex", _("性别"), options=Sex.choices),
    ChoiceFilter(
        "education",
        _("学历"),
        options=[(name, label) for name, (label, _digits) in EDUCATION_GROUPS.items()],
        narrow=_of_education,
    ),
    DateFilter("joined_from", _("入党日期自"), lookup="joined_on__gte"),
    DateFilter("joined_to", _("入党日期至"), lookup="joined_on__lte"),
)

FIELDS = (
    ("id_number", _("公民身份号码")),
    ("phone", _("联系电话")),
)


class RevealForm(PurposeForm):
    field = forms.ChoiceField(label=_("查看"), choices=FIELDS)
    field_order = ("field", "purpose", "note")
