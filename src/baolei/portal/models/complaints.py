"""Complaints of strangers about public pages, and the corrections that the public is told.

Of whoever complains nothing is kept: no name, no account, no address, no time of day. Not even the uid tells
when: it is random. A correction stands apart, so that the public list never reads a complaint.
"""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.scope import ScopedModel
from baolei.organizations.models import Organization
from baolei.portal.models.editions import Edition

DAYS_TO_ANSWER = 15
"""Calendar days, the day of receipt and the day it is due both counted."""
TO_DUE = timedelta(days=DAYS_TO_ANSWER - 1)


class AboutPage(models.Model):
    """Which public page is meant: one of an edition, its figure and its place, or another one by name.

    `subject` says the same in words, as the page called it on the day.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="期"
    )
    figure = models.TextField("数据", blank=True, default="")
    place = models.TextField("地区", blank=True, default="")
    page = models.TextField("页面", blank=True, default="")
    subject = models.TextField("对象")

    class Meta:
        abstract = True

    def __str__(self):
        return self.subject


IS_ABOUT = Q(edition__isnull=False, page="") & (~Q(figure="") | Q(place="")) | (
    Q(edition=None, figure="", place="") & ~Q(page="")
)


class Correction(AboutPage):
    """What a page said wrongly and what is right, as the public is told; it stays."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    corrected_on = models.DateField("更正日期")
    said = models.TextField("原来的说法")
    right = models.TextField("更正为")

    class Meta:
        constraints = [
            models.CheckConstraint(name="portal_correction_subject", condition=IS_ABOUT & ~Q(subject="")),
            models.CheckConstraint(name="portal_correction_complete", condition=~Q(said="") & ~Q(right="")),
        ]
        indexes = [models.Index(name="portal_correction_newest", fields=["-corrected_on", "-id"])]


class Complaint(AboutPage, ScopedModel):
    """A stranger says that something on a public page is wrong; exactly one organization holds it.

    `text` and `answer` are kept for those who handle it and for the holder of the slip, KEPT_DAYS from the answer
    on; then both go, and the slip's hash with them (G-03, G-27).
    """

    KEPT_DAYS = 180

    class Kind(models.TextChoices):
        NUMBER = "number", "数字有误"
        WORDS = "words", "文字有误"
        BROKEN = "broken", "无法打开"
        OTHER = "other", "其他"

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", "更正"
        STANDS = "stands", "无误"
        DECLINED = "declined", "不受理"

    scope = Scope(ends=("holder",))

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    slip_hash = models.BinaryField("查询码", null=True, unique=True)
    holder = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name="承办党组织"
    )
    kind = models.TextField("问题类型", choices=Kind.choices)
    text = models.TextField("投诉内容", blank=True, default="")
    received_on = models.DateField("收到日期")
    due_on = models.DateField("答复期限")
    outcome = models.TextField("结果", choices=Outcome.choices, blank=True, default="")
    answer = models.TextField("答复", blank=True, default="")
    answered_on = models.DateField("答复日期", null=True)
    correction = models.OneToOneField(
        Correction, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="更正公告"
    )
    erased_on = models.DateField("清除日期", null=True)

    class Privacy:
        plain = frozenset(
            {"edition_id", "figure", "place", "page", "subject", "holder_id", "kind", "received_on", "due_on"}
            | {"outcome", "answered_on", "correction_id", "erased_on"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(name="portal_complaint_subject", condition=IS_ABOUT & ~Q(subject="")),
            models.CheckConstraint(
                name="portal_complaint_kind", condition=Q(kind__in=("number", "words", "broken", "other"))
            ),
            models.CheckConstraint(
                name="portal_complaint_due", condition=Q(due_on=F("received_on") + TO_DUE)
            ),
            models.CheckConstraint(
                name="portal_complaint_answer",
                condition=Q(answered_on=None, outcome="", answer="", correction=None)
                | Q(answered_on__isnull=False, answered_on__gte=F("received_on"))
                & (
                    Q(outcome="corrected", correction__isnull=False)
                    | Q(outcome__in=("stands", "declined"), correction=None)
                ),
            ),
            models.CheckConstraint(
                name="portal_complaint_text",
                condition=Q(erased_on=None, slip_hash__isnull=False)
                & ~Q(text="")
                & (Q(answered_on=None) | ~Q(answer=""))
                | Q(erased_on__isnull=False, answered_on__isnull=False, erased_on__gte=F("answered_on"))
                & Q(slip_hash=None, text="", answer=""),
            ),
        ]
        indexes = [
            models.Index(
                name="portal_complaint_open", fields=["due_on", "id"], condition=Q(answered_on=None)
            ),
            models.Index(name="portal_complaint_received", fields=["received_on"]),
        ]

    @property
    def is_open(self) -> bool:
        return self.answered_on is None
