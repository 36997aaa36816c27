from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.kernel.spells import no_two_a_day
from baolei.organizations.models import Organization, Unit


class Measure(models.TextChoices):
    """What is read of a unit for a year; yuan unless said otherwise."""

    OPERATING_INCOME = "operating_income", _("村集体经营收入")
    RUNNING_FUNDS = "running_funds", _("村级组织运转经费")
    SECRETARY_PAY = "secretary_pay", _("村党组织书记报酬")
    FARMERS_NET = "farmers_net", _("农民人均纯收入")
    FARMERS_DISPOSABLE = "farmers_disposable", _("农民人均可支配收入")
    SERVICE_FUNDS = "service_funds", _("社区服务群众经费")


FARMERS = (Measure.FARMERS_NET, Measure.FARMERS_DISPOSABLE)
"""What a county's farmers have per head: net income, or as published later, disposable income."""


class Reading(Record):
    """A measured value of a unit for a year, in yuan, with its source.

    `organization` oversaw the unit when the reading was entered (D17).
    """

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("管理的党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    measure = models.TextField(_("指标"), choices=Measure.choices)
    year = models.SmallIntegerField(_("年度"))
    value = models.DecimalField(_("数值（元）"), max_digits=16, decimal_places=2)
    source = models.TextField(_("来源"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "measure", "year", "value", "source"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="standards_reading_once_a_year", fields=["unit", "measure", "year"]),
            models.CheckConstraint(name="standards_reading_measure", condition=Q(measure__in=Measure.values)),
            models.CheckConstraint(name="standards_reading_value", condition=Q(value__gte=0)),
        ]
        indexes = [models.Index(name="standards_reading_year", fields=["year", "measure"])]


class Threshold(DatedRecord):
    """A line in force for a time: a number of yuan or square metres, or a multiple of another measure (`base`).

    Figures carry their own line in their definition and do not follow this one (reading A6).
    """

    class Formula(models.TextChoices):
        AT_LEAST = "at_least", _("不低于")
        TIMES_BASE = "times_base", _("不低于基数的倍数")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("规定的党组织")
    )
    measure = models.TextField(_("指标"), choices=Measure.choices)
    formula = models.TextField(_("算法"), choices=Formula.choices)
    base = models.TextField(_("基数"), choices=Measure.choices, blank=True, default="")
    line = models.DecimalField(_("标准线"), max_digits=16, decimal_places=2)
    document = models.TextField(_("文号"))

    class Privacy:
        plain = frozenset(
            {"ref", "organization_id", "measure", "formula", "base", "line", "document", "during"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="standards_threshold_base",
                condition=Q(formula="at_least", base="") | (Q(formula="times_base") & ~Q(base="")),
            ),
            models.CheckConstraint(name="standards_threshold_line", condition=Q(line__gt=0)),
        ]


class Facility(DatedRecord):
    """A hall, premises, office, desk or base in use: gross floor area in square metres, None when unknown."""

    class Kind(models.TextChoices):
        HALL = "hall", _("村部")
        PREMISES = "premises", _("社区办公用房")
        ACTIVITY = "activity", _("党员群众活动场所")
        OFFICE = "office", _("党建工作办公室用房")
        DESK = "desk", _("服务窗口")
        BASE = "base", _("培训基地用房")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("管理的党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    kind = models.TextField(_("类别"), choices=Kind.choices)
    name = models.TextField(_("名称"))
    area = models.DecimalField(_("建筑面积（平方米）"), max_digits=9, decimal_places=1, null=True)

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "kind", "name", "area", "during"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="standards_facility_kind",
                condition=Q(kind__in=["hall", "premises", "activity", "office", "desk", "base"]),
            ),
            models.CheckConstraint(name="standards_facility_area", condition=Q(area=None) | Q(area__gt=0)),
            models.CheckConstraint(
                name="standards_facility_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
        ]


class Mark(DatedRecord):
    """What a unit is recognized as for a time: a poor or weak village, a front-line border village, a large firm."""

    class Kind(models.TextChoices):
        POOR_VILLAGE = "poor_village", _("贫困村")
        WEAK_VILLAGE = "weak_village", _("薄弱村")
        BORDER_VILLAGE = "border_village", _("边境一线村")
        LARGE_ENTERPRISE = "large_enterprise", _("大型民营企业")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("管理的党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    kind = models.TextField(_("认定"), choices=Kind.choices)
    document = models.TextField(_("文号"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "kind", "document", "during"})

    class Meta:
        constraints = [
            no_two_a_day("standards_mark_one_a_day", "unit", "kind"),
            models.CheckConstraint(
                name="standards_mark_kind",
                condition=Q(kind__in=["poor_village", "weak_village", "border_village", "large_enterprise"]),
            ),
            models.CheckConstraint(
                name="standards_mark_dated", condition=Q(during__isempty=False) & Q(during__lower_inf=False)
            ),
        ]
