from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.kernel.spells import no_two_a_day
from baolei.organizations.models import Organization


class Visit(Record):
    """An inspection of an organization: everybody, a drawn sample, or directed at a known problem.

    `plan` is the number of the plan or of the drawn sample. Random and pinpoint visits are never announced.
    """

    class Kind(models.TextChoices):
        DRAGNET = "dragnet", _("拉网式")
        RANDOM = "random", _("随机式")
        PINPOINT = "pinpoint", _("点穴式")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("受检党组织")
    )
    kind = models.TextField(_("方式"), choices=Kind.choices)
    announced = models.BooleanField(_("事先通知"))
    visited_on = models.DateField(_("检查日期"))
    plan = models.TextField(_("方案或抽样编号"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "kind", "announced", "visited_on", "plan"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inspections_visit_kind", condition=Q(kind__in=["dragnet", "random", "pinpoint"])
            ),
            models.CheckConstraint(
                name="inspections_visit_unannounced", condition=Q(kind="dragnet") | Q(announced=False)
            ),
        ]
        indexes = [models.Index(name="inspections_visit_day", fields=["visited_on"])]


class WeakOrganization(DatedRecord):
    """A Party organization recognized as weak, from the recognition on; on the day of its closing no longer (A2).

    `kind` is the code of the statistics' type (LAX-02): a code and no words about anybody, for departments of
    counties and above only (G-20). `closed_in_election`: closed in the year of its university's re-election.
    """

    class Kind(models.TextChoices):
        """The ten types of the yearly statistics, by number only."""

        LAX_01 = "lax_01", "01"
        LAX_02 = "lax_02", "02"
        LAX_03 = "lax_03", "03"
        LAX_04 = "lax_04", "04"
        LAX_05 = "lax_05", "05"
        LAX_06 = "lax_06", "06"
        LAX_07 = "lax_07", "07"
        LAX_08 = "lax_08", "08"
        LAX_09 = "lax_09", "09"
        LAX_10 = "lax_10", "10"

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党组织")
    )
    kind = models.TextField(_("类型代码"), choices=Kind.choices)
    closed_in_election = models.BooleanField(_("换届当年销号"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "kind", "closed_in_election", "during"})

    class Meta:
        constraints = [
            no_two_a_day("inspections_weakorganization_one_a_day", "organization"),
            models.CheckConstraint(
                name="inspections_weakorganization_kind",
                condition=Q(kind__in=[f"lax_{number:02}" for number in range(1, 11)]),
            ),
            models.CheckConstraint(
                name="inspections_weakorganization_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
            models.CheckConstraint(
                name="inspections_weakorganization_closed",
                condition=Q(closed_in_election=False) | Q(during__upper_inf=False),
            ),
        ]
