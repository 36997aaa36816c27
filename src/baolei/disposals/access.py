"""Permissions of the area `disposals`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("disposals.record.view", _("查看组织处置"), own=True)
    RUN = permission("disposals.disposal.run", _("办理组织处置"), lower=True)
    APPROVE = permission("disposals.disposal.approve", _("审批组织处置、处理申诉"))
    APPEAL = permission("disposals.disposal.appeal", _("提出组织处置的申诉"), own=True, lower=True)
