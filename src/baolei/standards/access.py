"""Permissions of the area `standards`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("standards.record.view", _("查看规范化建设资料"))
    IMPORT = permission("standards.record.import", _("导入规范化建设资料"))
    EXPORT = permission("standards.record.export", _("导出规范化建设资料"))


class CanPay:
    """Rights over the pay of a single secretary: of those who enter or check it only (G-21)."""

    VIEW = permission("standards.pay.view", _("查看村党组织书记报酬"))
    EXPORT = permission("standards.pay.export", _("导出村党组织书记报酬"))
