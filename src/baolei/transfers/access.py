"""Permissions of the area `transfers`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("transfers.record.view", _("查看组织关系转接资料"), own=True)
    ASK = permission("transfers.transfer.ask", _("提出组织关系转接"), own=True)
    HANDLE = permission("transfers.transfer.handle", _("审核转出、接收组织关系转接"))
    CASE = permission("transfers.pocket_case.handle", _("办理口袋党员"))
    FLOAT = permission("transfers.floating.handle", _("登记流动党员"))
    HINT = permission("transfers.hint.handle", _("核实口袋党员线索"), lower=True)
    IMPORT = permission("transfers.record.import", _("导入组织关系转接资料"))
    EXPORT = permission("transfers.record.export", _("导出组织关系转接资料"))
