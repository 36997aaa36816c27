"""Permissions of the area `honours`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("honours.record.view", _("查看典型经验资料"))
    IMPORT = permission("honours.record.import", _("导入典型经验资料"))
    EXPORT = permission("honours.record.export", _("导出典型经验资料"))
