"""Permissions of the area `training`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("training.record.view", _("查看教育培训资料"), own=True)
    IMPORT = permission("training.record.import", _("导入教育培训资料"))
    EXPORT = permission("training.record.export", _("导出教育培训资料"))
