from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.kernel.spells import no_two_a_day
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit
from baolei.standards.models import Facility


class CheckIn(DatedRecord):
    """An in-service member is checked in with a community for a time; with one at a time.

    `work_unit` is the member's unit in those days: it dates what the register does not (A9).
    `organization` oversaw the community when the check-in was entered (D17).
    """

    scope = Scope(ends=("organization",), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("社区党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("社区"))
    work_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("工作单位")
    )

    class Privacy:
        plain = frozenset({"ref", "member_id", "organization_id", "unit_id", "work_unit_id", "during"})

    class Meta:
        constraints = [
            no_two_a_day("community_checkin_one_a_day", "member"),
            models.CheckConstraint(
                name="community_checkin_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
        ]


class ServiceRecord(Record):
    """One service of a checked-in member in a community, on a day; it counts from the day of its confirmation.

    `branch` is the member's branch on the day of the service, `organization` the community's (D17).
    """

    class Kind(models.TextChoices):
        CARE = "care", _("帮扶照料")
        TEACHING = "teaching", _("政策宣讲")
        SAFETY = "safety", _("治安巡查")
        ENVIRONMENT = "environment", _("环境整治")
        MEDIATION = "mediation", _("矛盾调解")
        CULTURE = "culture", _("文体活动")

    scope = Scope(ends=("organization", "branch"), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("社区党组织")
    )
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("当日所在党支部")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("社区"))
    kind = models.TextField(_("服务类别"), choices=Kind.choices)
    served_on = models.DateField(_("服务日期"))
    confirmed_on = models.DateField(_("社区确认日期"), null=True)

    class Privacy:
        plain = frozenset(
            {"ref", "member_id", "organization_id", "branch_id", "unit_id", "kind"}
            | {"served_on", "confirmed_on"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="community_servicerecord_confirmed",
                condition=Q(confirmed_on=None) | Q(confirmed_on__gte=F("served_on")),
            ),
            models.CheckConstraint(
                name="community_servicerecord_kind",
                condition=Q(kind__in=["care", "teaching", "safety", "environment", "mediation", "culture"]),
            ),
        ]


class Need(Record):
    """A resident's need handled by a desk on a day: that it was, not whose and not what (G-17)."""

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("社区党组织")
    )
    desk = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", verbose_name=_("服务窗口"))
    handled_on = models.DateField(_("办理日期"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "desk_id", "handled_on"})

    class Meta:
        indexes = [models.Index(name="community_need_handled", fields=["desk", "handled_on"])]
