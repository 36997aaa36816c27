"""Permissions of the area `assistance`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("assistance.record.view", _("查看帮扶资料"), own=True)
    IMPORT = permission("assistance.record.import", _("导入帮扶资料"))
    EXPORT = permission("assistance.record.export", _("导出帮扶资料"))
    PARTNERS = permission("assistance.partner.view", _("办理军警共建对子（县级以上）"))


class CanPartners:
    """Pairings with army and police are seen, brought and taken by officers of county and above alone (G-19)."""

    VIEW = IMPORT = EXPORT = Can.PARTNERS
