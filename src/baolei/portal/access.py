"""Permissions of the area `portal`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    RELEASE = permission("portal.edition.release", _("发布和撤回公开数据"))
