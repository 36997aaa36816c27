"""Permissions of the area `coverage`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("coverage.record.view", _("查看两新组织覆盖资料"))
    IMPORT = permission("coverage.record.import", _("导入两新组织覆盖资料"))
    EXPORT = permission("coverage.record.export", _("导出两新组织覆盖资料"))
