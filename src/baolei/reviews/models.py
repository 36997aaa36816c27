from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.models import BallotBox
from baolei.kernel.records import Record
from baolei.kernel.scope import ScopedModel
from baolei.members.models import Member
from baolei.organizations.models import Organization


class Debrief(Record):
    """A secretary's debrief of a year to the committee above, by the post and not by the person (DBR-02).

    `closed_on` is the day on which the committee above closed it; None while it goes on.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("已安排")
        REPORTED = "reported", _("已述职")
        CLOSED = "closed", _("已办结")

    scope = Scope(ends=("organization", "superior"))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("述职的党组织")
    )
    superior = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("听取述职的党组织")
    )
    year = models.SmallIntegerField(_("年度"))
    state = models.TextField(_("状态"), choices=State.choices)
    closed_on = models.DateField(_("办结日期"), null=True)

    class Privacy:
        plain = frozenset({"ref", "organization_id", "superior_id", "year", "state", "closed_on"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviews_debrief_once_a_year", fields=["organization", "year"]),
            models.CheckConstraint(
                name="reviews_debrief_closed",
                condition=Q(state="closed", closed_on__isnull=False)
                | Q(state__in=["planned", "reported"], closed_on=None),
            ),
            models.CheckConstraint(name="reviews_debrief_ends", condition=~Q(organization=F("superior"))),
        ]
        indexes = [models.Index(name="reviews_debrief_year", fields=["year"])]


class Appraisal(Record):
    """A branch's democratic appraisal of a year: how many members were due, and how many have a finding.

    Numbers only: findings about persons are a `Round`'s (G-08, G-27). Probationary, excused and suspended
    members are not due (APR-04, APR-07).
    """

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    year = models.SmallIntegerField(_("年度"))
    held_on = models.DateField(_("评议日期"))
    due = models.IntegerField(_("应评议党员"))
    found = models.IntegerField(_("有评议结果的党员"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "year", "held_on", "due", "found"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviews_appraisal_once_a_year", fields=["organization", "year"]),
            models.CheckConstraint(
                name="reviews_appraisal_found", condition=Q(found__gte=0, found__lte=F("due"))
            ),
        ]
        indexes = [models.Index(name="reviews_appraisal_year", fields=["year"])]


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("优秀")
    QUALIFIED = "qualified", _("合格")
    BASIC = "basic", _("基本合格")
    UNQUALIFIED = "unqualified", _("不合格")


class Told(ScopedModel):
    """What may be kept of what a poll said of one line of its ballots: half, nearly all, or numbers (G-07)."""

    COUNTS = ("excellent", "qualified", "basic", "unqualified")
    """The columns of the numbers, in the order of the grades and of the marks on a ballot."""

    half = models.BooleanField(_("半数以上评为合格以上"), null=True)
    nearly_all = models.TextField(_("超过九成"), choices=Grade.choices, blank=True, default="")
    excellent = models.IntegerField(_("优秀票"), null=True)
    qualified = models.IntegerField(_("合格票"), null=True)
    basic = models.IntegerField(_("基本合格票"), null=True)
    unqualified = models.IntegerField(_("不合格票"), null=True)

    class Meta:
        abstract = True

    @property
    def tally_words(self) -> str:
        """What the poll said, as far as it may be told; empty before the count."""
        if self.half is not None:
            return gettext("评为合格以上的达到半数") if self.half else gettext("评为合格以上的不到半数")
        if self.nearly_all:
            return gettext("超过九成评为%(grade)s") % {"grade": self.get_nearly_all_display()}
        if self.excellent is None:
            return ""
        pairs = zip(Grade.choices, self.COUNTS, strict=True)
        return "，".join(f"{label} {getattr(self, column)}" for (_code, label), column in pairs)


_ONE_WAY_TO_TELL = Q(
    half=None,
    nearly_all="",
    excellent__isnull=False,
    qualified__isnull=False,
    basic__isnull=False,
    unqualified__isnull=False,
) | (Q(excellent=None, qualified=None, basic=None, unqualified=None) & (Q(half=None) | Q(nearly_all="")))
"""Of what may be kept one at most (G-07)."""


class Round(Record):
    """A branch's democratic appraisal of a year as it is carried through here (APR-01); closed, it is an `Appraisal`.

    The poll's box is open between the meeting and the count; who voted is nowhere (G-06).
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("准备和个人自评")
        HELD = "held", _("已开会")
        POLLED = "polled", _("已测评")
        GRADED = "graded", _("已评定")
        TOLD = "told", _("已反馈本人")
        REPORTED = "reported", _("已报送")
        CLOSED = "closed", _("已办结")
        CANCELLED = "cancelled", _("已取消")

    OVER = (State.CLOSED, State.CANCELLED)
    UNDER_WAY = (State.PREPARING, State.HELD, State.POLLED, State.GRADED, State.TOLD, State.REPORTED)
    WITH_RESULT = (State.TOLD, State.REPORTED, State.CLOSED)
    """In which the member sees what was found about himself."""

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    year = models.SmallIntegerField(_("年度"))
    state = models.TextField(_("办理状态"), choices=State.choices)
    held_on = models.DateField(_("评议日期"), null=True)
    should_attend = models.IntegerField(_("应到人数"), null=True)
    present = models.IntegerField(_("实到人数"), null=True)
    box = models.OneToOneField(
        BallotBox, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("票箱")
    )
    issued = models.IntegerField(_("发出测评票"), null=True)
    returned = models.IntegerField(_("收回测评票"), null=True)
    valid = models.IntegerField(_("有效测评票"), null=True)
    waiver = models.TextField(_("优秀超过三分之一的批准意见"), blank=True, default="")
    told_on = models.DateField(_("反馈日期"), null=True)
    reported_on = models.DateField(_("报送日期"), null=True)
    closed_on = models.DateField(_("办结日期"), null=True)
    excellent = models.IntegerField(_("评为优秀的党员"), null=True)
    unqualified = models.IntegerField(_("评为不合格的党员"), null=True)
    """Numbers of the closed round: they stay when what was found about persons goes (T8)."""
    polls_body = models.BooleanField(_("同时测评党支部委员会的工作"), default=False)

    class Privacy:
        plain = frozenset(
            {"ref", "organization_id", "year", "state", "held_on", "should_attend", "present"}
            | {"issued", "returned", "valid", "waiver", "told_on", "reported_on", "closed_on"}
            | {"excellent", "unqualified", "polls_body"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reviews_round_once_a_year",
                fields=["organization", "year"],
                condition=~Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="reviews_round_held",
                condition=Q(held_on=None, should_attend=None, present=None)
                | Q(held_on__isnull=False, present__gt=0, present__lte=F("should_attend")),
            ),
            # Without a count an open box may be there; with one, the poll was by box or on paper.
            models.CheckConstraint(
                name="reviews_round_polled",
                condition=Q(state__in=["preparing", "held", "cancelled"], returned=None, valid=None)
                | Q(
                    state__in=["polled", "graded", "told", "reported", "closed", "cancelled"],
                    valid__gt=0,
                    valid__lte=F("returned"),
                    returned__lte=F("issued"),
                    issued__lte=F("present"),
                ),
            ),
            models.CheckConstraint(
                name="reviews_round_closed",
                condition=Q(state="closed", closed_on__isnull=False, excellent__gte=0, unqualified__gte=0)
                & Q(excellent__isnull=False, unqualified__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None, excellent=None, unqualified=None)),
            ),
        ]
        indexes = [models.Index(name="reviews_round_state", fields=["year", "state"])]

    def __str__(self):
        return f"{self.organization.short_name} {self.year}"

    @property
    def is_polling(self) -> bool:
        """Whether ballots may be cast now."""
        return self.state == self.State.HELD and self.box_id is not None


class Finding(Told):
    """What a round holds about one member: his own words, what may be kept of the tally (G-07), the grade.

    For the member and the deciding bodies (G-08); never listed, never exported, gone after three years (G-27).
    """

    class Part(models.TextChoices):
        GRADED = "graded", _("参加评议")
        ATTENDING = "attending", _("预备党员，参加评议，不评定等次")
        EXCUSED = "excused", _("经同意不参加")

    Grade = Grade

    KEPT_DAYS = 3 * 365

    scope = Scope(ends=("organization",), person="member_id")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+", verbose_name=_("民主评议"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    part = models.TextField(_("参加情况"), choices=Part.choices)
    words = models.TextField(_("个人自评"), blank=True, default="")
    grade = models.TextField(_("评定等次"), choices=Grade.choices, blank=True, default="")

    class Privacy:
        plain = frozenset({"round_id", "organization_id", "member_id", "part"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviews_finding_once", fields=["round", "member"]),
            models.CheckConstraint(name="reviews_finding_graded", condition=Q(part="graded") | Q(grade="")),
            models.CheckConstraint(name="reviews_finding_tally", condition=_ONE_WAY_TO_TELL),
        ]

    def __str__(self):
        return self.member.name


class BodyTally(Told):
    """What the poll of a round said about the branch committee's work (APR-08): for the branch and the committee above."""

    scope = Scope(ends=("organization",))

    round = models.OneToOneField(
        Round, on_delete=models.CASCADE, related_name="+", verbose_name=_("民主评议")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )

    class Privacy:
        plain = frozenset({"round_id", "organization_id"})

    class Meta:
        constraints = [models.CheckConstraint(name="reviews_bodytally_tally", condition=_ONE_WAY_TO_TELL)]


class Proposal(ScopedModel):
    """What follows from a grade, as a proposal that a named body decides (APR-06, G-26); nothing follows by itself.

    Help is the branch's to plan and to do; to honour, and to dispose after help, is proposed by the branch and decided
    by the committee above. Seen like the finding, and gone with it (G-08, G-27).
    """

    class Kind(models.TextChoices):
        HONOUR = "honour", _("表扬")
        HELP = "help", _("教育帮助")
        DISPOSAL = "disposal", _("组织处置")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("已提出")
        ACCEPTED = "accepted", _("同意")
        DECLINED = "declined", _("不同意")
        DONE = "done", _("已落实")

    class Way(models.TextChoices):
        TALK = "talk", _("谈心谈话")
        STUDY = "study", _("安排学习")
        MENTOR = "mentor", _("结对帮带")

    FOR = {
        Kind.HONOUR: (Finding.Grade.EXCELLENT,),
        Kind.HELP: (Finding.Grade.BASIC, Finding.Grade.UNQUALIFIED),
        Kind.DISPOSAL: (Finding.Grade.UNQUALIFIED,),
    }
    """The grades from which each kind may follow."""

    scope = Scope(ends=("organization",), person="member_id")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    finding = models.ForeignKey(
        Finding, on_delete=models.CASCADE, related_name="+", verbose_name=_("评议情况")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    kind = models.TextField(_("种类"), choices=Kind.choices)
    state = models.TextField(_("状态"), choices=State.choices, default=State.PROPOSED)
    way = models.TextField(_("帮助方式"), choices=Way.choices, blank=True, default="")
    proposed_on = models.DateField(_("提出日期"))
    decided_on = models.DateField(_("决定日期"), null=True)
    due_on = models.DateField(_("完成期限"), null=True)
    done_on = models.DateField(_("落实日期"), null=True)

    class Privacy:
        # What follows tells the grade: events keep that it changed (G-28).
        plain = frozenset({"finding_id", "organization_id", "member_id"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reviews_proposal_once", fields=["finding", "kind"], condition=~Q(state="declined")
            ),
            models.CheckConstraint(
                name="reviews_proposal_days",
                condition=Q(state="proposed", decided_on=None, done_on=None)
                | Q(state__in=["accepted", "declined"], decided_on__gte=F("proposed_on"), done_on=None)
                | (Q(state="done", decided_on__gte=F("proposed_on")) & Q(done_on__gte=F("decided_on"))),
            ),
            models.CheckConstraint(
                name="reviews_proposal_help",
                condition=(Q(kind="help", state__in=["accepted", "done"], due_on__isnull=False) & ~Q(way=""))
                | (Q(way="", due_on=None) & ~(Q(kind="help") & Q(state__in=["accepted", "done"]))),
            ),
            models.CheckConstraint(
                name="reviews_proposal_done", condition=~Q(state="done") | ~Q(kind="honour")
            ),
        ]

    def __str__(self):
        return self.member.name

    @property
    def is_committees(self) -> bool:
        """Whether the committee above holds it; help is the branch's."""
        return self.kind != self.Kind.HELP


class Goal(ScopedModel):
    """What a member sets out to do in a year, agreed with the branch, and what he says of it (S04).

    In his own words, for himself and the deciding bodies, like a finding (G-08); gone three years after the year.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待党支部商定")
        AGREED = "agreed", _("已商定")
        REACHED = "reached", _("已完成")
        PARTLY = "partly", _("部分完成")
        MISSED = "missed", _("没有完成")
        WITHDRAWN = "withdrawn", _("已撤回")

    OPEN = (State.PROPOSED, State.AGREED)
    KEPT_DAYS = 3 * 365

    scope = Scope(ends=("organization",), person="member_id")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    year = models.SmallIntegerField(_("年度"))
    words = models.TextField(_("目标"))
    state = models.TextField(_("状态"), choices=State.choices, default=State.PROPOSED)
    progress = models.TextField(_("进展"), blank=True, default="")
    agreed_on = models.DateField(_("商定日期"), null=True)

    class Privacy:
        plain = frozenset({"organization_id", "member_id", "year", "state", "agreed_on"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reviews_goal_agreed",
                condition=Q(state__in=["proposed", "withdrawn"])
                | Q(state__in=["agreed", "reached", "partly", "missed"], agreed_on__isnull=False),
            ),
        ]
        indexes = [models.Index(name="reviews_goal_member", fields=["member", "year"])]

    def __str__(self):
        return f"{self.member.name} {self.year}"


class Closing(models.Model):
    """What an officer of a committee orders about many reported rounds at once: his own, carried out one by one."""

    class Act(models.TextChoices):
        CLOSE = "close", _("审核办结")
        SEND_BACK = "send_back", _("退回重新评定")

    KEPT_DAYS = 190

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    actor_id = models.BigIntegerField()
    act = models.TextField(_("办理"), choices=Act.choices)
    made_at = models.DateTimeField(_("提交时间"), auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="reviews_closing_actor", fields=["actor_id", "-id"])]


class ClosingLine(models.Model):
    """One round of such an order, and what became of it: settled in the transaction that closes the round."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("等待办理")
        DONE = "done", _("已办理")
        REFUSED = "refused", _("没有办理")

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    outcome = models.TextField(choices=Outcome.choices, default=Outcome.WAITING)
    why = models.TextField(_("原因"), blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviews_closingline_once", fields=["closing", "round"]),
            models.CheckConstraint(
                name="reviews_closingline_settled",
                condition=Q(outcome="waiting", settled_at=None, why="")
                | Q(outcome="done", settled_at__isnull=False, why="")
                | (Q(outcome="refused", settled_at__isnull=False) & ~Q(why="")),
            ),
        ]
        indexes = [
            models.Index(
                name="reviews_closingline_waiting", fields=["closing", "id"], condition=Q(outcome="waiting")
            )
        ]
