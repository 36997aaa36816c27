"""Permissions of figures."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("figures.figure.view", _("查看数据"))
    ROWS = permission("figures.figure.rows", _("查看数据背后的名单"))
    EXPORT = permission("figures.figure.export", _("导出数据"))
