from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import roles
from baolei.kernel.tables.columns import CodeColumn, Column, LinkColumn, TextColumn
from baolei.kernel.tables.table import Order, Table


class RoleLabels:
    """Labels of roles by code, read when they are shown: roles are named by a setting."""

    @staticmethod
    def get(code: str, default: str) -> str:
        return str(roles()[code].label) if code in roles() else default


class SinceColumn(Column):
    """The first day of a spell."""

    css = "nowrap"
    width = 12

    def text(self, value) -> str:
        return "" if value is None or value.lower is None else value.lower.isoformat()


class GrantTable(Table):
    caption = _("账号与授权")
    position = "pk"
    orders = (Order("tree", _("按组织"), ("organization__key", "pk")),)
    empty = _("没有符合条件的账号")
    empty_hint = _("请核对用户名或姓名。")

    name = LinkColumn(
        _("姓名"),
        "user__name",
        to="accounts:account",
        by="user__uid",
        below="user__username",
        personal=True,
    )
    office = TextColumn(_("职务"), "user__office")
    organization = TextColumn(_("党组织"), "organization__short_name")
    role = CodeColumn(_("角色"), labels=RoleLabels())
    since = SinceColumn(_("起始日期"), "during")
