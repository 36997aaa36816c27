from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.kernel.spells import no_two_a_day
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit
from baolei.projects.models import Programme

_DATED = Q(during__isempty=False) & Q(during__lower_inf=False)


class Posting(DatedRecord):
    """A member posted to a village or a private enterprise; the last day is inclusive.

    `organization` oversaw the unit when the posting was entered (D17). One person has one posting a day; two
    persons may hold the same post while they hand it over.
    """

    class Kind(models.TextChoices):
        FIRST_SECRETARY = "first_secretary", _("第一书记（选派书记）")
        TEAM_MEMBER = "team_member", _("驻村工作队员")
        ENTERPRISE_SECRETARY = "enterprise_secretary", _("选派到民营企业任书记")
        ENTERPRISE_DEPUTY = "enterprise_deputy", _("选派到民营企业任副书记")

    TO_VILLAGES = (Kind.FIRST_SECRETARY, Kind.TEAM_MEMBER)
    TO_ENTERPRISES = (Kind.ENTERPRISE_SECRETARY, Kind.ENTERPRISE_DEPUTY)

    scope = Scope(ends=("organization",), person="member_id")

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("选派的党员")
    )
    kind = models.TextField(_("类别"), choices=Kind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("任职单位"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("管理的党组织")
    )

    class Privacy:
        plain = frozenset({"ref", "member_id", "kind", "unit_id", "organization_id", "during"})

    class Meta:
        constraints = [
            no_two_a_day("assistance_posting_one_a_day", "member"),
            models.CheckConstraint(
                name="assistance_posting_kind",
                condition=Q(
                    kind__in=["first_secretary", "team_member", "enterprise_secretary", "enterprise_deputy"]
                ),
            ),
            models.CheckConstraint(name="assistance_posting_dated", condition=_DATED),
        ]


class Pairing(DatedRecord):
    """Who helps whom for a time: a unit a village, a cadre a household, or two organizations that build together.

    `organization` is the helped side's: the village's overseer when the pairing was entered (D17). A household
    is a number valid in one village, nothing else (G-16). Co-building is one pairing, from whichever side it
    is listed.
    """

    class Kind(models.TextChoices):
        UNIT_VILLAGE = "unit_village", _("单位包村")
        CADRE_HOUSEHOLD = "cadre_household", _("干部包户")
        ORGANIZATION_ORGANIZATION = "organization_organization", _("党组织结对共建")

    scope = Scope(ends=("organization", "helper"), person="member_id")

    kind = models.TextField(_("类别"), choices=Kind.choices)
    village = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("受帮扶的村")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("受帮扶的党组织")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("帮扶单位")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("帮扶干部")
    )
    number = models.IntegerField(_("户的编号（只在本村有效）"), null=True)
    helper = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("结对的党组织")
    )

    class Privacy:
        plain = frozenset(
            {"ref", "kind", "village_id", "organization_id", "unit_id", "member_id", "number"}
            | {"helper_id", "during"}
        )

    class Meta:
        constraints = [
            no_two_a_day("assistance_pairing_unit_once", "unit", "village"),
            no_two_a_day("assistance_pairing_number_once", "village", "number"),
            ExclusionConstraint(
                name="assistance_pairing_two_once",
                expressions=[
                    (Least("organization", "helper"), RangeOperators.EQUAL),
                    (Greatest("organization", "helper"), RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(helper__isnull=False),
            ),
            models.CheckConstraint(
                name="assistance_pairing_sides",
                condition=Q(kind="unit_village", village__isnull=False, unit__isnull=False)
                & Q(member=None, number=None, helper=None)
                | Q(kind="cadre_household", village__isnull=False, member__isnull=False)
                & Q(number__gt=0, unit=None, helper=None)
                | Q(kind="organization_organization", helper__isnull=False)
                & ~Q(helper=F("organization"))
                & Q(village=None, unit=None, member=None, number=None),
            ),
            models.CheckConstraint(name="assistance_pairing_dated", condition=_DATED),
        ]


class PartnerPairing(DatedRecord):
    """A village's organization that builds together with a branch of army or police (G-19).

    The partner is a serial number: no name, no place, no person is known of it. A table of its own, so that
    seeing, bringing and taking its rows asks for their own permission.
    """

    scope = Scope(ends=("organization",))

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("村"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("村党组织")
    )
    partner = models.TextField(_("共建方序号"))

    class Privacy:
        plain = frozenset({"ref", "village_id", "organization_id", "partner", "during"})

    class Meta:
        constraints = [
            no_two_a_day("assistance_partnerpairing_once", "village", "partner"),
            models.CheckConstraint(
                name="assistance_partnerpairing_serial",
                condition=Q(partner__regex=r"^[A-Z0-9][A-Z0-9-]{0,11}$"),
            ),
            models.CheckConstraint(name="assistance_partnerpairing_dated", condition=_DATED),
        ]


class Participation(Record):
    """A member took part in assistance, in a campaign or a village or neither; counts on its first day (A8).

    `branch` was the member's on that day, `organization` oversaw the village when it was entered (D17).
    """

    scope = Scope(ends=("branch", "organization"), person="member_id")

    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("参加的党员"),
        db_index=False,  # assistance_participation_once begins with it
    )
    branch = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("当日所在党支部"),
        db_index=False,  # assistance_participation_brch begins with it
    )
    campaign = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("帮扶行动"),
        db_index=False,  # few campaigns: an index of the rows that have one
    )
    village = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("帮扶的村"),
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("村的党组织"),
        db_index=False,
    )
    first_on = models.DateField(_("开始日期"))
    last_on = models.DateField(_("结束日期"))

    class Privacy:
        plain = frozenset(
            {"ref", "member_id", "branch_id", "campaign_id", "village_id", "organization_id"}
            | {"first_on", "last_on"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="assistance_participation_once", fields=["member", "first_on"]),
            models.CheckConstraint(
                name="assistance_participation_days", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="assistance_participation_village",
                condition=Q(village=None, organization=None)
                | Q(village__isnull=False, organization__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="assistance_participation_brch",
                fields=["branch", "first_on", "member"],
            ),
            models.Index(
                name="assistance_participation_camp",
                fields=["campaign", "first_on"],
                condition=Q(campaign__isnull=False),
            ),
            models.Index(
                name="assistance_participation_org",
                fields=["organization"],
                condition=Q(organization__isnull=False),
            ),
        ]
