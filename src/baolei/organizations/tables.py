"""The list of organizations: page, Excel, CSV and JSON."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables import CodeColumn, DateColumn, LinkColumn, Order, Table, TextColumn
from baolei.organizations.kinds import Kind


class OrganizationTable(Table):
    name = LinkColumn(_("全称"), to="organizations:detail", width=44)
    code = TextColumn(_("组织代码"), width=20)
    kind = CodeColumn(_("类别"), labels=dict(Kind.choices))
    parent = TextColumn(_("上级党组织"), field="parent__short_name", width=28)
    region_code = TextColumn(_("区划代码"))
    opened_on = DateColumn(_("成立日期"))
    closed_on = DateColumn(_("撤销日期"))

    orders = (
        Order("tree", _("按隶属关系"), ("key",)),
        Order("code", _("按组织代码"), ("code",)),
        Order("opened", _("按成立日期，新的在前"), ("-opened_on", "key")),
    )
    caption = _("党组织")
    empty = _("没有符合条件的党组织")
    empty_hint = _("请放宽筛选条件。")
