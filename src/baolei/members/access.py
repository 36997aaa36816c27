"""Permissions of the area `members`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("members.member.view", _("查看党员"), own=True)
    EDIT = permission("members.member.edit", _("修改党员资料"))
    IMPORT = permission("members.member.import", _("导入党员"))
    EXPORT = permission("members.member.export", _("导出党员名单"))
    ERASE = permission("members.member.erase", _("删除已离开党员的个人信息"))
    REVEAL = permission("members.member.reveal", _("查看完整证件号码和电话"))
