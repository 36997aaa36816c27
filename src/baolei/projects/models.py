from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import Record
from baolei.organizations.models import Organization, Unit


class Programme(Record):
    """What an organization plans over some years, or the good deeds that it plans for one year.

    `first_on` and `last_on` are the first and the last day in fact, None while they have not come.
    """

    class Kind(models.TextChoices):
        HALL_UPGRADE = "hall_upgrade", _("村部改造升级")
        DEEDS_OF_YEAR = "deeds_of_year", _("年度实事好事")
        CAMPAIGN = "campaign", _("帮扶行动")
        MERIT = "merit", _("建功活动")
        ESTATES = "estates", _("老旧散小区整治")
        BORDER = "border", _("强基富民固边工程")
        GENERAL = "general", _("其他工程")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("组织实施的党组织")
    )
    kind = models.TextField(_("类别"), choices=Kind.choices)
    name = models.TextField(_("名称"))
    year = models.SmallIntegerField(_("年度"), null=True)
    planned_first = models.DateField(_("计划开始"))
    planned_last = models.DateField(_("计划完成"), null=True)
    first_on = models.DateField(_("实际开始"), null=True)
    last_on = models.DateField(_("实际完成"), null=True)
    cancelled_on = models.DateField(_("取消日期"), null=True)

    class Privacy:
        plain = frozenset({"ref", "organization_id", "kind", "name", "year"}) | frozenset(
            {"planned_first", "planned_last", "first_on", "last_on", "cancelled_on"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="projects_programme_once_a_year", fields=["organization", "year"]),
            models.CheckConstraint(
                name="projects_programme_kind",
                condition=Q(
                    kind__in="hall_upgrade deeds_of_year campaign merit estates border general".split()
                ),
            ),
            models.CheckConstraint(
                name="projects_programme_year",
                condition=Q(kind="deeds_of_year", year__isnull=False)
                | (~Q(kind="deeds_of_year") & Q(year=None)),
            ),
            models.CheckConstraint(
                name="projects_programme_planned",
                condition=Q(planned_last=None) | Q(planned_last__gte=F("planned_first")),
            ),
            models.CheckConstraint(
                name="projects_programme_days",
                condition=Q(last_on=None)
                | Q(first_on__isnull=False, last_on__gte=F("first_on"), cancelled_on=None),
            ),
        ]

    def __str__(self):
        return self.name


class Deed(Record):
    """A good deed of a programme of the year; it may hold many projects.

    `asked` residents were asked when it was finished, `satisfied` of them were satisfied.
    """

    scope = Scope(ends=("organization",))

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", verbose_name=_("年度实事好事")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("组织实施的党组织")
    )
    name = models.TextField(_("名称"))
    dropped_on = models.DateField(_("撤下日期"), null=True)
    finished_on = models.DateField(_("办结日期"), null=True)
    asked = models.IntegerField(_("测评群众数"), null=True)
    satisfied = models.IntegerField(_("满意群众数"), null=True)

    class Privacy:
        plain = frozenset({"ref", "programme_id", "organization_id", "name"}) | frozenset(
            {"dropped_on", "finished_on", "asked", "satisfied"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="projects_deed_end", condition=Q(dropped_on=None) | Q(finished_on=None)
            ),
            models.CheckConstraint(
                name="projects_deed_satisfied",
                condition=Q(asked=None, satisfied=None)
                | Q(finished_on__isnull=False, satisfied__gte=0, satisfied__lte=F("asked")),
            ),
        ]

    def __str__(self):
        return self.name


class Project(Record):
    """A piece of work of a programme. `organization` is where it counts: the community's or street's for an
    estate, the leading organ's for a merit project, the helped village's for an enrichment project.

    `suspended_on` is the day since which the work rests, None while it goes on; `beneficiaries` are residents.
    There is no kind for military works (G-19).
    """

    class Kind(models.TextChoices):
        HALL = "hall", _("村部")
        ESTATE = "estate", _("小区整治")
        ENRICHMENT = "enrichment", _("致富项目")
        MERIT = "merit", _("建功项目")
        CONTACT_POINT = "contact_point", _("新农村帮建联系点")
        CIVIL_WORK = "civil_work", _("民用设施")
        GENERAL = "general", _("其他项目")

    scope = Scope(ends=("organization",))

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", verbose_name=_("所属工程")
    )
    deed = models.ForeignKey(
        Deed, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("所属实事")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("所在党组织")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    estate = models.TextField(_("小区"), blank=True, default="")
    kind = models.TextField(_("类别"), choices=Kind.choices)
    name = models.TextField(_("名称"))
    planned_first = models.DateField(_("计划开工"), null=True)
    started_on = models.DateField(_("开工日期"), null=True)
    accepted_on = models.DateField(_("验收日期"), null=True)
    cancelled_on = models.DateField(_("取消日期"), null=True)
    suspended_on = models.DateField(_("停工日期"), null=True)
    beneficiaries = models.IntegerField(_("受益群众数"), null=True)

    class Privacy:
        plain = frozenset({"ref", "programme_id", "deed_id", "organization_id", "unit_id"}) | frozenset(
            {"estate", "kind", "name", "planned_first", "started_on", "accepted_on", "cancelled_on"}
            | {"suspended_on", "beneficiaries"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="projects_project_kind",
                condition=Q(kind__in="hall estate enrichment merit contact_point civil_work general".split()),
            ),
            models.CheckConstraint(
                name="projects_project_estate",
                condition=(Q(kind="estate", unit__isnull=False) & ~Q(estate=""))
                | (~Q(kind="estate") & Q(estate="")),
            ),
            models.CheckConstraint(
                name="projects_project_accepted",
                condition=Q(accepted_on=None)
                | Q(started_on__isnull=False, accepted_on__gte=F("started_on"), cancelled_on=None),
            ),
            models.CheckConstraint(
                name="projects_project_cancelled",
                condition=Q(cancelled_on=None) | Q(started_on=None) | Q(cancelled_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="projects_project_suspended",
                condition=Q(suspended_on=None)
                | Q(started_on__isnull=False, suspended_on__gte=F("started_on"), accepted_on=None),
            ),
            models.CheckConstraint(
                name="projects_project_beneficiaries",
                condition=Q(beneficiaries=None) | Q(beneficiaries__gte=0),
            ),
        ]
        indexes = [models.Index(name="projects_project_unit_estate", fields=["unit", "estate"])]

    def __str__(self):
        return self.name


class Appropriation(Record):
    """Money of a fund for a fiscal year, given to the last receiver (`organization`), in yuan.

    A correction enters with its sign; `paid` is what has been paid out of it so far, never more than its amount.
    """

    class Fund(models.TextChoices):
        COLLECTIVE_ECONOMY = "collective_economy", _("发展壮大集体经济资金")
        VILLAGE_SERVICES = "village_services", _("村级组织规范化服务建设资金")
        GOOD_DEEDS = "good_deeds", _("实事好事资金")
        BORDER = "border", _("强基富民固边资金")
        OTHER = "other", _("其他资金")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("接收的党组织")
    )
    fund = models.TextField(_("资金"), choices=Fund.choices)
    source = models.TextField(_("来源"))
    fiscal_year = models.SmallIntegerField(_("预算年度"))
    decided_on = models.DateField(_("决定日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2)
    paid = models.DecimalField(_("已拨付（元）"), max_digits=16, decimal_places=2, default=0)

    class Privacy:
        plain = frozenset({"ref", "organization_id", "fund", "source", "fiscal_year"}) | frozenset(
            {"decided_on", "amount", "paid"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="projects_appropriation_fund",
                condition=Q(fund__in="collective_economy village_services good_deeds border other".split()),
            ),
            models.CheckConstraint(name="projects_appropriation_amount", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="projects_appropriation_paid",
                condition=Q(paid=0) | Q(paid__gt=0, paid__lte=F("amount")),
            ),
        ]
        indexes = [models.Index(name="projects_appropriation_year", fields=["fiscal_year", "fund"])]
