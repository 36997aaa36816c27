"""Permissions of the area `standards`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("standards.record.view", _("查看规范化建设资料"))
    IMPORT = permission("standards.record.import", _("导入规范化建设资料"))
    EXPORT = permission("standards.record.export", _("导出规范化建设资料"))
