"""Permissions of the area `posts`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("posts.record.view", _("查看岗位、任期和党建工作办公室资料"), own=True)
    IMPORT = permission("posts.record.import", _("导入岗位、任期和党建工作办公室资料"))
    EXPORT = permission("posts.record.export", _("导出岗位、任期和党建工作办公室资料"))
