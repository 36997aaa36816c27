"""Permissions of the area `accounts`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("accounts.grant.view", _("查看账号与授权"))
    GRANT = permission("accounts.grant.give", _("开设账号、授予和收回权限"))
    AUDIT = permission("accounts.event.view", _("查看操作记录"))
