from django.db import models
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import Record
from baolei.organizations.models import Organization


class Milestone(Record):
    """A dated milestone of the work with its source document: a practice summed up, a meeting held.

    `organization` is where the practice comes from. It is never a contest: there is no rank among milestones.
    """

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("来源党组织")
    )
    reached_on = models.DateField(_("日期"))
    title = models.TextField(_("名称"))
    document = models.TextField(_("文件"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "reached_on", "title", "document"})

    class Meta:
        indexes = [models.Index(name="honours_milestone_day", fields=["reached_on"])]


class Adoption(Record):
    """An organization that took up the practice of a milestone, from a day on."""

    scope = Scope(ends=("organization",))

    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, related_name="+", verbose_name=_("典型经验")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("推广的党组织")
    )
    adopted_on = models.DateField(_("开始推广日期"))

    class Privacy:
        plain = frozenset({"ref", "milestone_id", "organization_id", "adopted_on"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="honours_adoption_once", fields=["milestone", "organization"]),
        ]
