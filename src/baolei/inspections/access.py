"""Permissions of the area `inspections`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("inspections.record.view", _("查看督查资料"))
    IMPORT = permission("inspections.record.import", _("导入督查资料"))
    EXPORT = permission("inspections.record.export", _("导出督查资料"))


class CanWeak:
    """Rights over the marks of weak organizations: of departments of counties and above only (G-20)."""

    VIEW = permission("inspections.weak.view", _("查看软弱涣散党组织"))
    IMPORT = permission("inspections.weak.import", _("导入软弱涣散党组织"))
    EXPORT = permission("inspections.weak.export", _("导出软弱涣散党组织"))
