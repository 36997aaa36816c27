"""Permissions of the area `community`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("community.record.view", _("查看社区服务资料"), own=True)
    IMPORT = permission("community.record.import", _("导入社区服务资料"))
    EXPORT = permission("community.record.export", _("导出社区服务资料"))
