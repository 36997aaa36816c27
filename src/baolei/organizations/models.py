from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.scope import ScopedModel, ScopedQuerySet
from baolei.kernel.spells import Spell, SpellQuerySet
from baolei.kernel.tree import KeyField
from baolei.organizations.kinds import STORED, WITHOUT_RELATIONS, Kind, UnitKind


class Organization(ScopedModel):
    """A Party organization as it is now: its kind, its parent (the truth) and its key.

    `region_code` belongs to local committees (6 digits) and to township and street committees (9 digits).
    `closed_on` is the day of closing: the organization is not open on that day (reading A2).
    """

    scope = Scope(ends=("self",))
    stored_kinds = STORED
    without_relations = WITHOUT_RELATIONS
    level_sql = """CASE WHEN {o}.kind <> 'local_committee' THEN NULL
        WHEN right({o}.region_code, 4) = '0000' THEN 'province'
        WHEN right({o}.region_code, 2) = '00' THEN 'prefecture' ELSE 'county' END"""
    """`level` as SQL over the alias {o}."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.TextField(_("组织代码"), unique=True)
    name = models.TextField(_("全称"), db_collation="C")
    short_name = models.TextField(_("简称"), db_collation="C")
    kind = models.TextField(_("类别"), choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("上级党组织"),
    )
    key = KeyField(_("树码"), unique=True)
    next_ordinal = models.IntegerField(default=1)
    region_code = models.TextField(_("区划代码"), blank=True, default="")
    opened_on = models.DateField(_("成立日期"))
    closed_on = models.DateField(_("撤销日期"), null=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("承接党组织"),
    )

    class Privacy:
        plain = frozenset(
            {
                "code",
                "name",
                "short_name",
                "kind",
                "parent_id",
                "key",
                "region_code",
                "opened_on",
            }
            | {"closed_on", "successor_id", "next_ordinal"}
        )

    class Meta:
        constraints = [
            # Two columns, so that a copied key can be held by a foreign key (D2).
            models.UniqueConstraint(name="organizations_organization_id_key", fields=["id", "key"]),
            models.UniqueConstraint(
                name="organizations_organization_region",
                fields=["region_code"],
                condition=Q(closed_on=None) & ~Q(region_code=""),
            ),
            models.CheckConstraint(
                name="organizations_organization_dates",
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
            ),
            models.CheckConstraint(
                name="organizations_organization_key",
                condition=Q(key__regex=r"^([0-9a-z]{3})+$"),
            ),
            models.CheckConstraint(
                name="organizations_organization_kind",
                condition=Q(kind__in=Kind.values),
            ),
        ]
        indexes = [
            models.Index(name="organizations_org_parent_key", fields=["parent", "key"]),
            models.Index(name="organizations_org_name", fields=["name"]),
            models.Index(name="organizations_org_short", fields=["short_name"]),
        ]

    def __str__(self):
        return self.short_name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def level(self) -> str | None:
        """The level of a local committee by its region code; None for every other organization (A3)."""
        if self.kind != Kind.LOCAL_COMMITTEE or len(self.region_code) != 6:
            return None
        if self.region_code.endswith("0000"):
            return "province"
        return "prefecture" if self.region_code.endswith("00") else "county"


class Place(Spell):
    """Where an organization stood in the tree, and with which key, from day to day (D3)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="places")
    parent = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    key = KeyField(_("树码"))

    objects = SpellQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organizations_place_one_a_day",
                expressions=[
                    (F("organization"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(name="organizations_place_key", fields=["key"])]


class Rest(Spell):
    """The key that a closed organization keeps, from its closing on: it moves with its last parent (A1).

    Figures over a window find the past of closed organizations here; the view `organizations_lasting` joins
    places and rests.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    key = KeyField(_("树码"))

    objects = SpellQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organizations_rest_one_a_day",
                expressions=[
                    (F("organization"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(name="organizations_rest_key", fields=["key"])]


class Change(ScopedModel):
    """What was done to the tree on which day, by which paper; both sides read it (ORG-20, ORG-21, ORG-24).

    `other` is the other side: the parent of a new organization, the new parent, the successor, or what it was
    split from. `earlier` is the parent before a move, `former_name` the name before a renaming. What was imported
    has places and no changes.
    """

    class Kind(models.TextChoices):
        SET_UP = "set_up", _("设立")
        MERGE = "merge", _("并入")
        SPLIT = "split", _("拆分设立")
        MOVE = "move", _("改变隶属")
        CLOSE = "close", _("撤销")
        RENAME = "rename", _("更名")

    class Cause(models.TextChoices):
        DIVISION = "division", _("行政区划调整")
        UNIT = "unit", _("单位设立、改制或撤销")
        MEMBERS = "members", _("党员人数变化")
        TASK = "task", _("任务开始或结束")
        LAYOUT = "layout", _("优化组织设置")
        CORRECTION = "correction", _("更正登记")

    scope = Scope(ends=("organization", "other", "earlier"))

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(_("事项"), choices=Kind.choices)
    day = models.DateField(_("生效日期"))
    other = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    earlier = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    former_name = models.TextField(_("原名"), blank=True, default="")
    cause = models.TextField(_("事由"), choices=Cause.choices)
    document = models.TextField(_("文号"))

    class Privacy:
        plain = frozenset({"organization_id", "kind", "day", "other_id", "earlier_id"}) | frozenset(
            {"former_name", "cause", "document"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organizations_change_kind",
                condition=Q(kind__in=["set_up", "merge", "split", "move", "close", "rename"]),
            ),
            models.CheckConstraint(
                name="organizations_change_cause",
                condition=Q(cause__in=["division", "unit", "members", "task", "layout", "correction"]),
            ),
            models.CheckConstraint(
                name="organizations_change_other",
                condition=Q(kind__in=["set_up", "close"])
                | Q(kind="rename", other=None) & ~Q(former_name="")
                | Q(kind__in=["merge", "split", "move"], other__isnull=False),
            ),
            models.CheckConstraint(name="organizations_change_document", condition=~Q(document="")),
        ]


class Unit(models.Model):
    """A village, community, organ, enterprise … in which organizations work; directory data, open to officers."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.TextField(_("单位代码"), unique=True)
    name = models.TextField(_("名称"), db_collation="C")
    kind = models.TextField(_("类别"), choices=UnitKind.choices)
    region_code = models.TextField(_("区划代码"), blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="organizations_unit_kind", condition=Q(kind__in=UnitKind.values)),
        ]
        indexes = [models.Index(name="organizations_unit_name", fields=["name"])]

    def __str__(self):
        return self.name


class UnitOverseerQuerySet(ScopedQuerySet, SpellQuerySet):
    pass


class UnitOverseer(ScopedModel, Spell):
    """Which organization oversees a unit, from day to day; one at a time (reading A11)."""

    scope = Scope(ends=("organization",))

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    rows = models.Manager()
    objects = UnitOverseerQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organizations_unitoverseer_one_a_day",
                expressions=[
                    (F("unit"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
