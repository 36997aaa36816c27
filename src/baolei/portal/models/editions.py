"""Editions: what was told to the public, frozen (D16).

An edition copies words and numbers instead of pointing at them, and names organizations by number and key
without foreign keys, so that nothing that happens to the register later can change or hinder it.
"""

from django.db import models
from django.db.models import F, Q

from baolei.kernel.access import Scope
from baolei.kernel.figures.declare import PERCENT, UNITS
from baolei.kernel.ids import uuid7
from baolei.kernel.scope import ScopedModel
from baolei.kernel.tree import KeyField
from baolei.organizations.models import Organization


class Edition(ScopedModel):
    """A look back over a span of years for one organization.

    A draft lives only inside the action that releases it; a trigger refuses every later change but withdrawal.
    `entered_until` is the day of entry: records entered later are not in it, whatever day they speak of.
    `digest` is taken over all rows at release; the law `editions.immutable` takes it again.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        RELEASED = "released", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    scope = Scope(ends=("organization",))

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="党组织"
    )
    title = models.TextField("标题")
    source = models.TextField("来源")
    area = models.TextField("地区")
    level = models.TextField("层级")
    first_year = models.SmallIntegerField("起始年份")
    last_year = models.SmallIntegerField("截止年份")
    state = models.TextField("状态", choices=State.choices, default=State.DRAFT)
    entered_until = models.DateTimeField("数据录入截止")
    released_at = models.DateTimeField("发布时间", null=True)
    released_by_name = models.TextField("发布人", blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by_name = models.TextField("撤回人", blank=True, default="")
    withdrawal_document = models.TextField("撤回依据文号", blank=True, default="")
    digest = models.BinaryField("摘要", null=True)

    class Privacy:
        plain = frozenset(
            {
                "title",
                "source",
                "area",
                "level",
                "first_year",
                "last_year",
                "state",
                "entered_until",
                "released_at",
            }
            | {
                "released_by_name",
                "withdrawn_at",
                "withdrawn_by_name",
                "withdrawal_document",
                "organization_id",
            }
        )

    class Meta:
        constraints = [
            models.CheckConstraint(name="portal_edition_span", condition=Q(first_year__lte=F("last_year"))),
            models.CheckConstraint(
                name="portal_edition_state",
                condition=Q(state="draft", released_at=None, withdrawn_at=None)
                | Q(state="released", released_at__isnull=False, digest__isnull=False, withdrawn_at=None)
                | (
                    Q(state="withdrawn", released_at__isnull=False, withdrawn_at__isnull=False)
                    & ~Q(withdrawal_document="")
                ),
            ),
        ]
        indexes = [models.Index(name="portal_edition_newest", fields=["organization", "-released_at"])]

    def __str__(self):
        return self.title

    @property
    def is_released(self) -> bool:
        return self.state == self.State.RELEASED


WITHHELD = "withheld"
"""Status of a figure that an edition keeps to itself: it would give away what another edition hides (G-05)."""


class EditionFigure(models.Model):
    """A figure as it was released: its words, its day and its value; `is_share` of shares and means.

    `adds_up` False: somebody may be counted in several places and once in the whole; a part of -1 then lies at
    the lowest place above two of them.

    `with_parts`: the parts by smallest place are kept (the day told); the other year ends hold
    the value only. `written` is the number as the text writes it, rounded.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="figures")
    position = models.SmallIntegerField()
    code = models.TextField()
    label = models.TextField()
    unit = models.TextField()
    definition = models.TextField()
    reading = models.TextField(blank=True, default="")
    public = models.TextField()
    process = models.BooleanField(default=False)
    is_share = models.BooleanField()
    adds_up = models.BooleanField(default=True)
    as_of = models.DateField()
    with_parts = models.BooleanField()
    status = models.TextField()
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    written = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="portal_editionfigure_once", fields=["edition", "code", "as_of"])
        ]

    @property
    def unit_label(self) -> str:
        """The unit as it is written behind the number."""
        return UNITS[self.unit]

    @property
    def is_percent(self) -> bool:
        return self.unit == PERCENT

    @property
    def value(self):
        """The number: the count, or 0 to 100 unrounded; None without cases."""
        return ratio_or_count(self.numerator, self.denominator, self)


class EditionPart(models.Model):
    """What one smallest place contributes to a figure on its day; rows of nothing are left out."""

    figure = models.ForeignKey(EditionFigure, on_delete=models.CASCADE, related_name="parts")
    place_id = models.BigIntegerField()
    key = KeyField()
    numerator = models.DecimalField(max_digits=24, decimal_places=6)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="portal_editionpart_once", fields=["figure", "place_id"])]


class EditionPlace(models.Model):
    """The places that the public pages name, as they were called on the edition's last day."""

    class Level(models.TextChoices):
        PROVINCE = "province", "省"
        PREFECTURE = "prefecture", "市（州）"
        COUNTY = "county", "县（市、区）"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="places")
    key = KeyField()
    name = models.TextField()
    level = models.TextField(choices=Level.choices)
    region_code = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="portal_editionplace_once", fields=["edition", "key"])]


def ratio_or_count(numerator, denominator, figure: EditionFigure):
    """The number shown of a numerator and a denominator; None without cases (A4, A7)."""
    if not figure.is_share:
        return plain(numerator)
    if not denominator:
        return None
    return (100 if figure.is_percent else 1) * numerator / denominator


def plain(number):
    """A whole number as int, others as they are; None stays None."""
    return int(number) if number is not None and number == int(number) else number
