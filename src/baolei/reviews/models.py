from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import Record
from baolei.organizations.models import Organization


class Debrief(Record):
    """A secretary's debrief of a year to the committee above, by the post and not by the person (DBR-02).

    `closed_on` is the day on which the committee above closed it; None while it goes on.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("已安排")
        REPORTED = "reported", _("已述职")
        CLOSED = "closed", _("已办结")

    scope = Scope(ends=("organization", "superior"))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("述职的党组织")
    )
    superior = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("听取述职的党组织")
    )
    year = models.SmallIntegerField(_("年度"))
    state = models.TextField(_("状态"), choices=State.choices)
    closed_on = models.DateField(_("办结日期"), null=True)

    class Privacy:
        plain = frozenset({"ref", "organization_id", "superior_id", "year", "state", "closed_on"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviews_debrief_once_a_year", fields=["organization", "year"]),
            models.CheckConstraint(
                name="reviews_debrief_closed",
                condition=Q(state="closed", closed_on__isnull=False)
                | Q(state__in=["planned", "reported"], closed_on=None),
            ),
            models.CheckConstraint(name="reviews_debrief_ends", condition=~Q(organization=F("superior"))),
        ]
        indexes = [models.Index(name="reviews_debrief_year", fields=["year"])]


class Appraisal(Record):
    """A branch's democratic appraisal of a year: how many members were due, and how many have a finding.

    Numbers only: findings about persons stay with the branch (G-08, G-27). Probationary, excused and suspended
    members are not due (APR-04, APR-07).
    """

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    year = models.SmallIntegerField(_("年度"))
    held_on = models.DateField(_("评议日期"))
    due = models.IntegerField(_("应评议党员"))
    found = models.IntegerField(_("有评议结果的党员"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "year", "held_on", "due", "found"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviews_appraisal_once_a_year", fields=["organization", "year"]),
            models.CheckConstraint(
                name="reviews_appraisal_found", condition=Q(found__gte=0, found__lte=F("due"))
            ),
        ]
        indexes = [models.Index(name="reviews_appraisal_year", fields=["year"])]
