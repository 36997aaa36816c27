from datetime import datetime
from html import escape

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import roles
from baolei.kernel.audit import WORDS
from baolei.kernel.tables.columns import EMPTY, CodeColumn, Column, LinkColumn, TextColumn
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


class MomentColumn(Column):
    """A moment to the second."""

    css = "nowrap"
    width = 20

    def text(self, value: datetime) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


class TargetColumn(Column):
    """What an event is about: an account by its name, anything else by its number, so that no person is named."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field, "target_id", "account")

    def html(self, values: tuple) -> str:
        model, number, account = values
        if not model:
            return EMPTY
        return escape(f"{apps.get_model(model)._meta.app_config.verbose_name} {account or number}")


class EventTable(Table):
    caption = _("操作记录")
    position = "id"
    orders = (Order("late", _("新的在前"), ("-day", "-id")),)
    empty = _("没有符合条件的记录")
    empty_hint = _("请选择其他日期或条件。")
    size = 100

    at = MomentColumn(_("时间"))
    action = CodeColumn(_("操作"), labels=WORDS)
    who = TextColumn(_("操作人"), "actor_name")
    office = TextColumn(_("职务"))
    target = TargetColumn(_("对象"), "target_model")
