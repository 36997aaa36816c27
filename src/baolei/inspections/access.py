"""Permissions of the area `inspections`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("inspections.record.view", _("查看督查和软弱涣散整顿资料"))
    IMPORT = permission("inspections.record.import", _("导入督查和软弱涣散整顿资料"))
    EXPORT = permission("inspections.record.export", _("导出督查和软弱涣散整顿资料"))
