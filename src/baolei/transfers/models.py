from datetime import date, timedelta

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.records import DatedRecord, Record
from baolei.kernel.scope import ScopedModel
from baolei.kernel.spells import no_two_a_day
from baolei.members.models import Member
from baolei.organizations.models import Organization


class Transfer(Record):
    """A member's relation goes from one branch to another of another basic committee, or over the province's border.

    Moves inside one basic committee are internal adjustments and no transfers (TRF-02). An end outside the
    province is null and has no place; `outside` then is that province's code. Until it is accepted the member
    counts at the sender (TRF-04).
    """

    class Kind(models.TextChoices):
        INSIDE = "inside", _("省内转接")
        ARRIVING = "arriving", _("省外转入")
        LEAVING = "leaving", _("转往省外")

    class State(models.TextChoices):
        ASKED = "asked", _("已提出")
        RELEASED = "released", _("已转出待接收")
        ACCEPTED = "accepted", _("已接收")
        REFUSED = "refused", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Refusal(models.TextChoices):
        """Why it was sent back (TRF-03); nothing about the person (G-01)."""

        WRONG_BRANCH = "wrong_branch", _("不属于本党组织接收范围")
        NO_FILE = "no_file", _("党员档案材料不齐")
        NOT_ARRIVED = "not_arrived", _("本人未到单位或居住地")
        DOUBLE = "double", _("重复提出")
        OTHER_WAY = "other_way", _("应办理内部调整或整建制转接")

    class AskedBy(models.TextChoices):
        MEMBER = "member", _("本人")
        BRANCH = "branch", _("党支部")
        ABOVE = "above", _("上级代办")

    class Reissue(models.TextChoices):
        """Why a letter was made out anew; nothing about the person (G-01)."""

        EXPIRED = "expired", _("过期")
        LOST = "lost", _("遗失")
        WRONG = "wrong", _("接收党组织名称有误")

    OPEN = (State.ASKED, State.RELEASED)
    LETTER_MOST = 90
    """Days after which any letter has run out (TRF-07)."""

    scope = Scope(ends=("sender", "receiver"), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    kind = models.TextField(_("类别"), choices=Kind.choices)
    sender = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("转出党支部")
    )
    receiver = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("转入党支部")
    )
    run_here = models.BooleanField(_("在本平台办理"), default=False, db_default=False)
    due_on = models.DateField(_("办理期限"), null=True)
    turned_on = models.DateField(_("现在一方接手日期"), null=True)
    warn_on = models.DateField(_("提醒日期"), null=True)
    """Two thirds of the clock have run: whoever holds it is reminded from this day on."""
    pushed_on = models.DateField(_("催办日期"), null=True)
    asked_by = models.TextField(_("提出人"), choices=AskedBy.choices, blank=True, default="", db_default="")
    objected_on = models.DateField(_("党支部提出异议日期"), null=True)
    reissue = models.TextField(_("补开原因"), choices=Reissue.choices, blank=True, default="", db_default="")
    check_code = models.TextField(blank=True, default="", db_default="")
    refusal = models.TextField(_("退回原因"), choices=Refusal.choices, blank=True, default="", db_default="")
    letter = models.TextField(_("介绍信编号"), blank=True, default="", db_default="")
    outside = models.TextField(_("省外区划代码"), blank=True, default="")
    asked_on = models.DateField(_("提出日期"))
    state = models.TextField(_("办理状态"), choices=State.choices)
    accepted_on = models.DateField(_("接收日期"), null=True)
    via_platform = models.BooleanField(_("通过平台办理"))

    class Privacy:
        plain = frozenset(
            {"ref", "member_id", "kind", "sender_id", "receiver_id", "outside", "asked_on", "state"}
            | {"accepted_on", "via_platform", "run_here", "due_on", "pushed_on", "refusal", "letter"}
            | {"turned_on", "warn_on", "asked_by", "objected_on", "reissue"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transfers_transfer_ends",
                condition=Q(kind="inside", sender__isnull=False, receiver__isnull=False, outside="")
                | (Q(kind="arriving", sender=None, receiver__isnull=False) & ~Q(outside=""))
                | (Q(kind="leaving", sender__isnull=False, receiver=None) & ~Q(outside="")),
            ),
            models.CheckConstraint(
                name="transfers_transfer_moves",
                condition=Q(sender=None) | Q(receiver=None) | ~Q(sender=F("receiver")),
            ),
            models.CheckConstraint(
                name="transfers_transfer_state",
                condition=Q(state="accepted", accepted_on__isnull=False)
                | Q(state__in=["asked", "released", "refused", "withdrawn"], accepted_on=None),
            ),
            models.CheckConstraint(
                name="transfers_transfer_dates",
                condition=Q(accepted_on=None) | Q(accepted_on__gte=F("asked_on")),
            ),
            # What the platform carries has a clock as long as it is under way.
            models.CheckConstraint(
                name="transfers_transfer_clock",
                condition=Q(run_here=False, due_on=None)
                | Q(run_here=True, state__in=["asked", "released"], due_on__isnull=False)
                | Q(run_here=True, state__in=["accepted", "refused", "withdrawn"], due_on=None),
            ),
            models.CheckConstraint(
                name="transfers_transfer_refusal",
                condition=Q(run_here=False) | (Q(state="refused") ^ Q(refusal="")),
            ),
            models.UniqueConstraint(
                name="transfers_transfer_check", fields=["check_code"], condition=~Q(check_code="")
            ),
            models.UniqueConstraint(
                name="transfers_transfer_one_open",
                fields=["member"],
                condition=Q(run_here=True, state__in=["asked", "released"]),
            ),
        ]
        indexes = [models.Index(name="transfers_transfer_due", fields=["due_on"], condition=~Q(due_on=None))]

    @property
    def holder(self) -> Organization | None:
        """The one end that has to act; None when it is over. A letter to outside is the sender's until the receipt."""
        if self.state not in self.OPEN:
            return None
        return self.receiver if self.state == self.State.RELEASED and self.receiver_id else self.sender

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def letter_until(self) -> date:
        """The last day on which somebody could report with it; of what a file brought the latest that can be."""
        return self.due_on or self.asked_on + timedelta(days=self.LETTER_MOST)

    @property
    def passed(self) -> int | None:
        """How much of the clock has run, in percent, at most 100; None without a clock."""
        if self.due_on is None or self.turned_on is None:
            return None
        if self.is_late:
            return 100
        whole = max((self.due_on - self.turned_on).days, 1)
        return min(100 * (timezone.localdate() - self.turned_on).days // whole, 100)

    @property
    def has_run_out(self) -> bool:
        """Whether it was released and the letter ran out before anybody reported (PKT-01)."""
        return self.state == self.State.RELEASED and self.letter_until < timezone.localdate()

    @property
    def has_valid_letter(self) -> bool:
        """Whether a letter is out and has not run out (TRF-07)."""
        return bool(self.letter) and self.state == self.State.RELEASED and not self.is_late


class PocketCase(Record):
    """A pocket member: a letter was issued and not handed in (PKT-01). Found, then closed with an outcome.

    `organization` is the one that the member is to report to, or has reported to; `home` the branch that still
    answers (TRF-04). Not reached, the member is lost from then on (PKT-02) until the case has an end: found again,
    or the membership suspended (LST-01) and then restored or removed (LST-03, LST-02).
    """

    class Ending(models.TextChoices):
        FOUND = "found", _("重新取得联系")
        RESTORED = "restored", _("恢复党籍")
        REMOVED = "removed", _("按自行脱党除名")

    class Outcome(models.TextChoices):
        REPORTED = "reported", _("已报到")
        NOT_FOUND = "not_found", _("未取得联系")
        OTHER = "other", _("其他")

    class Answer(models.TextChoices):
        """What the member himself says of it; no words of his own are kept (G-01)."""

        WILL_REPORT = "will_report", _("我将在半个月内报到")
        HAS_REPORTED = "has_reported", _("我已经报到")
        MISTAKEN = "mistaken", _("情况不符，请核对")

    scope = Scope(ends=("organization", "home"), person="member_id")

    home = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("所在党支部")
    )
    suspended_on = models.DateField(_("停止党籍日期"), null=True)
    ended_on = models.DateField(_("失联了结日期"), null=True)
    ending = models.TextField(_("失联结果"), choices=Ending.choices, blank=True, default="", db_default="")
    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("组织关系转接")
    )
    answer = models.TextField(_("本人答复"), choices=Answer.choices, blank=True, default="", db_default="")
    answered_on = models.DateField(_("答复日期"), null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("报到的党组织")
    )
    found_on = models.DateField(_("发现日期"))
    closed_on = models.DateField(_("办结日期"), null=True)
    outcome = models.TextField(_("结果"), choices=Outcome.choices, blank=True, default="")

    class Privacy:
        plain = frozenset(
            {"ref", "member_id", "organization_id", "found_on", "closed_on", "outcome"}
            | {"transfer_id", "answer", "answered_on", "home_id", "suspended_on", "ended_on", "ending"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transfers_pocketcase_outcome",
                condition=Q(closed_on=None, outcome="")
                | Q(closed_on__isnull=False, outcome__in=["reported", "not_found", "other"]),
            ),
            models.CheckConstraint(
                name="transfers_pocketcase_lost",
                condition=Q(suspended_on=None, ended_on=None, ending="")
                | (
                    Q(outcome="not_found", suspended_on__isnull=False)
                    & (
                        Q(ended_on=None, ending="")
                        | Q(
                            ended_on__isnull=False,
                            ended_on__gt=F("suspended_on"),
                            ending__in=["restored", "removed"],
                        )
                    )
                )
                | Q(outcome="not_found", suspended_on=None, ended_on__isnull=False, ending="found"),
            ),
            models.UniqueConstraint(
                name="transfers_pocketcase_one_open",
                fields=["transfer"],
                condition=Q(transfer__isnull=False, closed_on=None),
            ),
            models.CheckConstraint(
                name="transfers_pocketcase_answer",
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="transfers_pocketcase_dates",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("found_on")),
            ),
        ]

    @property
    def runs_here(self) -> bool:
        """Whether the platform runs it: opened from a transfer, not brought in a file."""
        return self.transfer_id is not None

    @property
    def is_lost(self) -> bool:
        """Whether the member was not reached and nobody has found him since (PKT-02)."""
        return self.runs_here and self.outcome == self.Outcome.NOT_FOUND and self.ended_on is None


class Contact(ScopedModel):
    """One attempt to reach a pocket member: day, way and result, nothing about where or through whom (G-10)."""

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        MESSAGE = "message", _("短信或网络消息")
        VISIT = "visit", _("上门")
        POST = "post", _("信函")

    class Result(models.TextChoices):
        REACHED = "reached", _("已联系上")
        NO_ANSWER = "no_answer", _("无人应答")
        WRONG = "wrong", _("号码或地址失效")
        DECLINED = "declined", _("不愿报到")

    scope = Scope(ends=("organization",), person="member_id")

    case = models.ForeignKey(
        PocketCase, on_delete=models.PROTECT, related_name="+", verbose_name=_("口袋党员")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("报到的党组织")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    on = models.DateField(_("联系日期"))
    way = models.TextField(_("方式"), choices=Way.choices)
    result = models.TextField(_("结果"), choices=Result.choices)

    class Privacy:
        plain = frozenset({"case_id", "organization_id", "member_id", "on", "way", "result"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transfers_contact_codes",
                condition=Q(way__in=["phone", "message", "visit", "post"])
                & Q(result__in=["reached", "no_answer", "wrong", "declined"]),
            ),
        ]


class Floating(DatedRecord):
    """A member away from the home branch, where the formal relation stays; a host may take him in (FLT-01 to FLT-03).

    `contacted_on` is the home's latest contact, `took_part_on` the latest organization life at the host.
    """

    class Destination(models.TextChoices):
        """FLT-04; no place."""

        OTHER_PROVINCE = "other_province", _("省外")
        OTHER_CITY = "other_city", _("省内其他市州")
        SAME_CITY = "same_city", _("本市州内")
        ABROAD = "abroad", _("出国（境）学习研究")

    scope = Scope(ends=("organization", "host"), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("流出党支部")
    )
    host = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("流入党支部")
    )
    destination = models.TextField(_("去向"), choices=Destination.choices)
    contacted_on = models.DateField(_("最近一次联系日期"), null=True)
    took_part_on = models.DateField(_("最近一次参加组织生活日期"), null=True)

    class Privacy:
        plain = frozenset(
            {"ref", "member_id", "organization_id", "host_id", "destination", "contacted_on", "took_part_on"}
            | {"during"}
        )

    class Meta:
        constraints = [
            no_two_a_day("transfers_floating_one_a_day", "member"),
            models.CheckConstraint(
                name="transfers_floating_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
            models.CheckConstraint(
                name="transfers_floating_destination",
                condition=Q(destination__in=["other_province", "other_city", "same_city", "abroad"]),
            ),
            models.CheckConstraint(
                name="transfers_floating_ends", condition=Q(host=None) | ~Q(host=F("organization"))
            ),
        ]


class Hint(ScopedModel):
    """What the finder proposes to look at: never a status, in no figure, gone on a day (G-09).

    Seen by the branch and the basic committee only, and by nobody else through any reach: see `queries.hints_near`.
    `other` is the other file of a probable double entry, unnamed until both sides have confirmed (G-11).
    """

    DAYS = 60
    REST = 365
    """Days in which the same evidence is not proposed again."""

    scope = Scope(ends=("organization",))

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("所在党支部")
    )
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(_("依据"))
    digest = models.TextField()
    found_on = models.DateField(_("提示日期"))
    until = models.DateField(_("失效日期"))
    confirmed_on = models.DateField(_("核实日期"), null=True)

    class Privacy:
        plain = frozenset({"member_id", "organization_id", "found_on", "until", "confirmed_on"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transfers_hint_short",
                condition=Q(
                    until__lte=ExpressionWrapper(F("found_on") + 60, output_field=models.DateField())
                ),
            ),
        ]

    @property
    def is_alive(self) -> bool:
        return timezone.localdate() < self.until


class Proposed(models.Model):
    """Evidence that was proposed: a digest that tells nothing, and until when it is not proposed again."""

    digest = models.TextField(primary_key=True)
    until = models.DateField()


class ReportIn(Record):
    """Somebody without an account reports in from the code on a branch's poster; a slip number is his receipt.

    No identity number; name, telephone and letter go thirty days after it is closed (G-27).
    """

    class Result(models.TextChoices):
        RECEIVED = "received", _("已按转接接收")
        GUIDED = "guided", _("已告知办理办法")
        UNKNOWN = "unknown", _("无法联系或不是党员")

    KEPT_DAYS = 30

    scope = Scope(ends=("branch",))

    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("报到的党支部")
    )
    name = models.TextField(_("姓名"))
    phone_sealed = models.BinaryField(_("联系电话"), null=True)
    key_wrapped = models.BinaryField(_("电话的密钥"))
    outside = models.TextField(_("从哪里来"), blank=True, default="")
    letter = models.TextField(_("介绍信编号"), blank=True, default="")
    slip_hash = models.BinaryField(_("查询码的散列"), unique=True)
    on = models.DateField(_("报到日期"))
    due_on = models.DateField(_("办理期限"), null=True)
    result = models.TextField(_("结果"), choices=Result.choices, blank=True, default="")
    closed_on = models.DateField(_("办结日期"), null=True)

    class Privacy:
        plain = frozenset({"ref", "branch_id", "outside", "on", "due_on", "result", "closed_on"})
        masked = {"phone_sealed": "last4"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transfers_reportin_closed",
                condition=Q(result="", closed_on=None, due_on__isnull=False)
                | (~Q(result="") & Q(closed_on__isnull=False, due_on=None)),
            ),
        ]
        indexes = [models.Index(name="transfers_reportin_due", fields=["due_on"], condition=~Q(due_on=None))]

    def __str__(self):
        return self.name or str(_("已清除"))
