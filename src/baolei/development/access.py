"""Permissions of the area `development`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("development.record.view", _("查看发展党员资料"), own=True)
    IMPORT = permission("development.record.import", _("导入发展党员资料"))
    EXPORT = permission("development.record.export", _("导出发展党员资料"))
    CARRY = permission("development.applicant.carry", _("办理发展党员：党支部各步"))
    APPROVE = permission("development.applicant.approve", _("办理发展党员：上级党委各步"))
    PLAN = permission("development.plan.set", _("下达发展党员计划"))
