"""Permissions of the area `organizations`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("organizations.organization.view", _("查看党组织"))
    EDIT = permission("organizations.organization.edit", _("修改党组织资料"))
    TREE = permission("organizations.organization.tree", _("设立、移动、撤销党组织"))
    IMPORT = permission("organizations.organization.import", _("导入党组织"))
    EXPORT = permission("organizations.organization.export", _("导出党组织"))
