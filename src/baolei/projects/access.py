"""Permissions of the area `projects`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("projects.record.view", _("查看项目与资金资料"))
    IMPORT = permission("projects.record.import", _("导入项目与资金资料"))
    EXPORT = permission("projects.record.export", _("导出项目与资金资料"))
