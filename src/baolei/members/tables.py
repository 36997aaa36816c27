"""The list of members. No number stands in it, and of the birth date only the year (G-29)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import CodeColumn, DateColumn, LinkColumn, Order, Table, TextColumn, YearColumn
from baolei.members.codes import EDUCATIONS, ETHNICITIES, Sex, Standing

TONES = {Standing.FORMAL: "ok", Standing.PROBATIONARY: "info"}

BY_NAME = Order("characters", _("按姓名用字"), ("name", "branch_key", "pk"))
"""The order of answers to the beginning of a name: that of the index that finds them."""


class MemberTable(Table):
    name = LinkColumn(_("姓名"), to="members:detail", personal=True, width=14)
    sex = CodeColumn(_("性别"), labels=dict(Sex.choices), width=6)
    birth_year = YearColumn(_("出生年份"), field="birth_date", personal=True)
    ethnicity = CodeColumn(_("民族"), labels=ETHNICITIES, width=10)
    education = CodeColumn(_("学历"), labels=EDUCATIONS, width=14)
    standing = CodeColumn(_("党籍状态"), labels=dict(Standing.choices), tones=TONES, width=12)
    joined_on = DateColumn(_("入党日期"))
    branch = TextColumn(_("所在党支部"), field="branch__short_name", width=36)

    orders = (
        Order("name", _("按姓名拼音"), ("name_py", "branch_key", "pk")),
        Order("branch", _("按党支部"), ("branch_key", "name_py", "pk")),
        Order("joined", _("按入党日期，新的在前"), ("-joined_on", "name_py", "pk")),
    )
    caption = _("党员名单")
    empty = _("没有符合条件的党员")
    empty_hint = _("请放宽筛选条件，或者换一个党组织。")
