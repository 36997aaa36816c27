"""Permissions of the area `reviews`."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    VIEW = permission("reviews.record.view", _("查看述职评议和民主评议资料"))
    IMPORT = permission("reviews.record.import", _("导入述职评议和民主评议资料"))
    EXPORT = permission("reviews.record.export", _("导出述职评议和民主评议资料"))
    RUN = permission("reviews.round.run", _("办理民主评议"))
    OVERSEE = permission("reviews.round.oversee", _("审核、办结民主评议"))
    FINDING = permission("reviews.finding.view", _("查看党员的民主评议情况"), own=True)
    GOAL = permission("reviews.goal.view", _("查看和商定党员的年度目标"), own=True)
