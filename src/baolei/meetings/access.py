"""Permissions of the area `meetings`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("meetings.record.view", _("查看会议和学习教育资料"))
    IMPORT = permission("meetings.record.import", _("导入会议和学习教育资料"))
    EXPORT = permission("meetings.record.export", _("导出会议和学习教育资料"))
