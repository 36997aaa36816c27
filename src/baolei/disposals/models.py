from datetime import timedelta

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.disposals.codes import (
    OFFERED,
    OPEN,
    RECORDS_ONLY,
    VOID,
    Ground,
    Kind,
    Lapse,
    Over,
    Result,
    State,
    Step,
)
from baolei.kernel.access import Scope
from baolei.kernel.records import Record
from baolei.kernel.scope import ScopedModel
from baolei.members.models import Member
from baolei.organizations.models import Organization

LONGEST_DAYS = 366
"""A year, for the constraint; the action counts months (DSP-01)."""


class Disposal(Record):
    """An organization's disposal of one member: codes, days and numbers of documents, never a description (G-02).

    `kind` is the one in force: an appeal may have changed it from the one proposed. `approver` is the committee above
    the branch that may approve (ADM-06); `appeal_to` the one above it, from an appeal on. `until` is the last day of a
    rectification, `appeal_until` that of appealing. What was done is `Entry`; state, kind and `until` are those of the
    last entry that counts (law `disposals.order`). Seen by the member and the bodies that decide: `queries.seen`.
    """

    scope = Scope(ends=("branch",), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    approver = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("审批的党委")
    )
    appeal_to = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("处理申诉的党委")
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("接续的处置")
    )
    kind = models.TextField(_("处置种类"), choices=Kind.choices)
    ground = models.TextField(_("依据"), choices=Ground.choices)
    lapse = models.TextField(_("自行脱党的情形"), choices=Lapse.choices, blank=True, default="")
    state = models.TextField(_("办理状态"), choices=State.choices)
    due_on = models.DateField(_("办理期限"), null=True)
    until = models.DateField(_("改正期限"), null=True)
    appeal_until = models.DateField(_("申诉期限"), null=True)
    closed_on = models.DateField(_("办结日期"), null=True)

    class Privacy:
        # What is proposed and why stands in no event (G-28).
        plain = frozenset(
            {"ref", "member_id", "branch_id", "approver_id", "appeal_to_id", "follows_id", "state", "due_on"}
            | {"appeal_until", "closed_on"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="disposals_disposal_one_open", fields=["member"], condition=Q(state__in=OPEN)
            ),
            models.UniqueConstraint(
                name="disposals_disposal_follows_once", fields=["follows"], condition=~Q(state__in=VOID)
            ),
            models.CheckConstraint(
                name="disposals_disposal_closed",
                condition=Q(state__in=OPEN, due_on__isnull=False, closed_on=None)
                | (~Q(state__in=OPEN) & Q(due_on=None, closed_on__isnull=False)),
            ),
            models.CheckConstraint(name="disposals_disposal_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="disposals_disposal_recorded",
                condition=Q(state="recorded", kind__in=RECORDS_ONLY)
                | (~Q(state="recorded") & ~Q(kind__in=RECORDS_ONLY)),
            ),
            # An appeal may have changed the kind, so that the pair is not asked of what the entries say.
            models.CheckConstraint(
                name="disposals_disposal_codes", condition=Q(ground__in=OFFERED, kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="disposals_disposal_lapse",
                condition=Q(ground="31.6", lapse__in=Lapse.values) | (~Q(ground="31.6") & Q(lapse="")),
            ),
            # DSP-06: only after a rectification that changed nothing, or an advice that was refused.
            models.CheckConstraint(
                name="disposals_disposal_follows",
                condition=~(Q(kind="refused_removed") | Q(ground="31.5")) | Q(follows__isnull=False),
            ),
            models.CheckConstraint(
                name="disposals_disposal_until", condition=Q(until=None) | Q(kind="rectify")
            ),
            models.CheckConstraint(
                name="disposals_disposal_appeal",
                condition=(~Q(state="appealed") & Q(appeal_to=None))
                | (Q(appeal_until__isnull=False, appeal_to__isnull=False) & ~Q(appeal_to=F("approver"))),
            ),
        ]
        indexes = [models.Index(name="disposals_disposal_due", fields=["due_on"], condition=~Q(due_on=None))]

    def __str__(self):
        return self.member.name

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_rectifying(self) -> bool:
        """Whether a rectification is approved and runs (the flag of domain 2.2)."""
        return self.kind == Kind.RECTIFY and self.state in (State.APPROVED, State.TOLD, State.APPEALED)


class Entry(ScopedModel):
    """One step that was done: day, result, document, numbers of the vote. Never edited: a mistake is put over.

    `branch` is the member's branch then, `organization` the body whose step it is. `state`, `kind` and `until` are
    those of the disposal from then on, so that taking an entry back restores what was before.
    """

    scope = Scope(ends=("branch",))

    disposal = models.ForeignKey(
        Disposal, on_delete=models.PROTECT, related_name="+", verbose_name=_("组织处置")
    )
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("由谁办")
    )
    step = models.TextField(_("步骤"), choices=Step.choices)
    on = models.DateField(_("日期"))
    result = models.TextField(_("结果"), choices=Result.choices, blank=True, default="")
    document = models.TextField(_("文号"), blank=True, default="")
    state = models.TextField(_("办理状态"), choices=State.choices)
    kind = models.TextField(_("处置种类"), choices=Kind.choices)
    until = models.DateField(_("改正期限"), null=True)
    expected = models.IntegerField(_("应到人数"), null=True)
    present = models.IntegerField(_("实到人数"), null=True)
    written = models.IntegerField(_("书面意见"), null=True)
    yes = models.IntegerField(_("赞成"), null=True)
    no = models.IntegerField(_("不赞成"), null=True)
    abstain = models.IntegerField(_("弃权"), null=True)
    over = models.TextField(_("失效原因"), choices=Over.choices, blank=True, default="")
    over_on = models.DateField(_("失效日期"), null=True)

    class Privacy:
        plain = frozenset(
            {"disposal_id", "branch_id", "organization_id", "step", "on", "document", "state", "over"}
            | {"over_on"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="disposals_entry_once", fields=["disposal", "step"], condition=Q(over="")
            ),
            models.CheckConstraint(
                name="disposals_entry_codes",
                condition=Q(step__in=Step.values, state__in=State.values, kind__in=Kind.values)
                & Q(result__in=["", *Result.values]),
            ),
            models.CheckConstraint(
                name="disposals_entry_over",
                condition=Q(over="", over_on=None) | Q(over__in=Over.values, over_on__isnull=False),
            ),
            models.CheckConstraint(
                name="disposals_entry_until",
                condition=Q(until=None)
                | Q(
                    kind="rectify",
                    until__lte=ExpressionWrapper(
                        F("on") + timedelta(days=LONGEST_DAYS), output_field=models.DateField()
                    ),
                ),
            ),
            # What a committee decides has a number (G-02: and nothing else).
            models.CheckConstraint(
                name="disposals_entry_document",
                condition=~Q(step__in=["approve", "decide"]) | Q(result="sent_back") | ~Q(document=""),
            ),
            models.CheckConstraint(
                name="disposals_entry_vote",
                condition=(
                    ~Q(step="meet")
                    & Q(expected=None, present=None, written=None, yes=None, no=None, abstain=None)
                )
                | Q(step="meet", yes__isnull=False, no__isnull=False, abstain__isnull=False)
                & Q(expected__isnull=False, present__isnull=False, written__isnull=False)
                & Q(yes__gte=0, no__gte=0, abstain__gte=0, written__gte=0, present__gte=0)
                & Q(expected__gte=F("present") + F("written"))
                & Q(present__gte=F("yes") + F("no") + F("abstain") - F("written")),
            ),
        ]

    @property
    def has_vote(self) -> bool:
        return self.expected is not None
