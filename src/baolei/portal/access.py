"""Permissions of the area `portal`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("portal.edition.view", _("查看公开数据的各期和草稿"))
    RELEASE = permission("portal.edition.release", _("发布和撤回公开数据"))


class CanComplaint:
    VIEW = permission("portal.complaint.view", _("查看本地承办的投诉"))
    ANSWER = permission("portal.complaint.answer", _("答复和转交投诉"))
