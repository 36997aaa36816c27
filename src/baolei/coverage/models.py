from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.organizations.models import Organization, Unit


class EnterpriseCount(Record):
    """Private enterprises or social organizations in operation on a year's last day, as numbers.

    Only numbers, for a firm's name is known from the founding of an organization on (G-18). `organization` is the
    committee at which they count. `alone` and `joint` have an organization of their own or share one;
    `work_only` have none, but an instructor, a liaison, the union or the youth league carries the work (NEW-04);
    `due` have none in spite of three formal members or more (NEW-03), be the work covered or not.
    """

    class Sector(models.TextChoices):
        PRIVATE = "private", _("非公有制企业")
        SOCIAL = "social", _("社会组织")

    class Size(models.TextChoices):
        LARGE = "large", _("大型")
        MEDIUM = "medium", _("中型")
        SMALL_MICRO = "small_micro", _("小微")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("统计的党组织")
    )
    as_of = models.DateField(_("截至日期"))
    sector = models.TextField(_("领域"), choices=Sector.choices)
    size = models.TextField(_("企业规模"), choices=Size.choices, blank=True, default="")
    operating = models.IntegerField(_("实体运营数"))
    alone = models.IntegerField(_("单独组建数"))
    joint = models.IntegerField(_("联合组建数"))
    work_only = models.IntegerField(_("仅工作覆盖数"))
    due = models.IntegerField(_("应建未建数"))

    class Privacy:
        plain = frozenset(
            {"ref", "organization_id", "as_of", "sector", "size", "operating", "alone", "joint", "work_only"}
            | {"due"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="coverage_enterprisecount_once", fields=["organization", "as_of", "sector", "size"]
            ),
            models.CheckConstraint(
                name="coverage_enterprisecount_year_end", condition=Q(as_of__month=12, as_of__day=31)
            ),
            models.CheckConstraint(
                name="coverage_enterprisecount_size",
                condition=Q(sector="private", size__in=["large", "medium", "small_micro"])
                | Q(sector="social", size=""),
            ),
            models.CheckConstraint(
                name="coverage_enterprisecount_parts",
                condition=Q(alone__gte=0, joint__gte=0, work_only__gte=0, due__gte=0)
                & Q(operating__gte=F("alone") + F("joint") + F("work_only"))
                & Q(operating__gte=F("alone") + F("joint") + F("due")),
            ),
        ]
        indexes = [models.Index(name="coverage_enterprisecount_day", fields=["as_of"])]


class DemonstrationPost(DatedRecord):
    """A members' demonstration post or responsibility zone in a private enterprise; it names nobody.

    `organization` oversaw the enterprise when the post was entered (D17).
    """

    class Kind(models.TextChoices):
        POST = "post", _("党员示范岗")
        ZONE = "zone", _("党员责任区")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("管理的党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("企业"))
    kind = models.TextField(_("类别"), choices=Kind.choices)
    name = models.TextField(_("名称"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "kind", "name", "during"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="coverage_demonstrationpost_kind", condition=Q(kind__in=["post", "zone"])
            ),
            models.CheckConstraint(
                name="coverage_demonstrationpost_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
        ]


class FoundingKit(Record):
    """What a newly founded organization of a private enterprise was given: one founding, five gifts.

    Each gift is delivered or not; `confirmed_on` is the day on which the receiver confirmed, None until then.
    """

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("新建党组织")
    )
    plaque = models.BooleanField(_("牌匾"))
    flag = models.BooleanField(_("党旗"))
    books = models.BooleanField(_("党建书籍"))
    fund = models.BooleanField(_("启动经费"))
    equipment = models.BooleanField(_("电教设备"))
    confirmed_on = models.DateField(_("接收方确认日期"), null=True)

    class Privacy:
        plain = frozenset(
            {"ref", "organization_id", "plaque", "flag", "books", "fund", "equipment", "confirmed_on"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="coverage_foundingkit_once", fields=["organization"]),
        ]


GIFTS = ("plaque", "flag", "books", "fund", "equipment")
"""The five gifts, as fields of `FoundingKit`."""
