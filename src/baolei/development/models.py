from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.development.codes import Leaving, Outcome, Over, Result, Stage
from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.records import Record
from baolei.kernel.scope import ScopedModel
from baolei.members.codes import Occupation, Sex
from baolei.members.models import Member
from baolei.organizations.models import Organization

REPEATED = (6, 21)
"""Steps that are done every half year."""


class Applicant(Record):
    """A person on the way from the application to full membership, over 25 steps (domain 2.1).

    `step` is the furthest step done, `due_on` the last day of what is waited for next; both follow from the entries
    (law `development.order`). Until admission the person is in no register: the identity number is sealed here, and
    emptied when it goes over to the register with `member`.
    """

    scope = Scope(ends=("branch", "going_to"), person="member_id")

    name = models.TextField(_("姓名"), db_collation="C")
    sex = models.TextField(_("性别"), choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))
    ethnicity = models.TextField(_("民族"))
    education = models.TextField(_("学历"))
    occupation = models.TextField(_("职业"), choices=Occupation.choices)
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    going_to = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("转往的党支部")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("党员")
    )
    stage = models.TextField(_("阶段"), choices=Stage.choices)
    step = models.IntegerField(_("已办到"))
    due_on = models.DateField(_("办理期限"), null=True)
    applied_on = models.DateField(_("申请日期"))
    activist_on = models.DateField(_("确定为积极分子日期"), null=True)
    probation_until = models.DateField(_("预备期满日期"), null=True)
    extended = models.IntegerField(_("延长预备期（月）"), default=0, db_default=0)
    deferred = models.IntegerField(_("推迟讨论（月）"), default=0, db_default=0)
    outcome = models.TextField(
        _("预备期结果"), choices=Outcome.choices, blank=True, default="", db_default=""
    )
    leaving = models.TextField(_("终止方式"), choices=Leaving.choices, blank=True, default="", db_default="")
    ended_on = models.DateField(_("办结日期"), null=True)
    slip = models.TextField(unique=True)
    id_sealed = models.BinaryField(_("公民身份号码"))
    key_wrapped = models.BinaryField(_("号码的密钥"))
    id_hash = models.BinaryField(_("号码的散列"), null=True)

    class Privacy:
        plain = frozenset(
            {"ref", "name", "sex", "ethnicity", "education", "occupation", "branch_id", "going_to_id"}
            | {"stage", "step", "due_on", "applied_on", "activist_on", "probation_until"}
            | {"extended", "deferred", "outcome", "leaving", "ended_on"}
        )
        masked = {"id_sealed": "last2", "birth_date": "year"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="development_applicant_stage",
                condition=Q(stage__in=["applicant", "activist", "development_target"], member=None)
                | Q(stage__in=["probationary", "converted"], member__isnull=False)
                | Q(stage="left"),
            ),
            models.CheckConstraint(
                name="development_applicant_ended",
                condition=Q(stage__in=["applicant", "activist", "development_target", "probationary"])
                & Q(ended_on=None, leaving="", outcome="")
                | Q(stage="converted", ended_on__isnull=False, leaving="")
                & Q(outcome__startswith="converted_")
                | Q(stage="left", ended_on__isnull=False, due_on=None)
                & (
                    Q(outcome__startswith="cancelled_", leaving="", member__isnull=False)
                    | Q(outcome="") & ~Q(leaving="")
                ),
            ),
            models.CheckConstraint(
                name="development_applicant_extended",
                condition=(Q(extended=0) | Q(extended__range=(6, 12))) & Q(deferred__range=(0, 6)),
            ),
            models.CheckConstraint(
                name="development_applicant_probation",
                condition=Q(member=None, probation_until=None)
                | Q(member__isnull=False, probation_until__isnull=False),
            ),
            models.UniqueConstraint(
                name="development_applicant_one_open",
                fields=["id_hash"],
                condition=Q(stage__in=["applicant", "activist", "development_target"]),
            ),
            models.UniqueConstraint(
                name="development_applicant_one_probation",
                fields=["member"],
                condition=Q(stage="probationary"),
            ),
        ]
        indexes = [
            models.Index(name="development_applicant_due", fields=["due_on"], condition=~Q(due_on=None)),
            models.Index(name="development_applicant_ended", fields=["ended_on"]),
        ]

    def __str__(self):
        return self.name

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


class Entry(ScopedModel):
    """One step as it was done: day, result, document number; of a vote the counts. Never changed, only over.

    `organization` did it: the branch, or the committee above it. One that a file brought was done elsewhere; of a vote
    the file says nothing.
    """

    scope = Scope(ends=("branch",))

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="+", verbose_name=_("姓名")
    )
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理的党组织")
    )
    number = models.IntegerField(_("步骤"))
    on = models.DateField(_("办理日期"))
    result = models.TextField(_("结果"), choices=Result.choices)
    document = models.TextField(_("文号或编号"), blank=True, default="")
    amount = models.IntegerField(_("天数、学时或月数"), null=True)
    expected = models.IntegerField(_("应到会有表决权人数"), null=True)
    present = models.IntegerField(_("实到人数"), null=True)
    written = models.IntegerField(_("会前提交书面意见人数"), null=True)
    yes = models.IntegerField(_("赞成"), null=True)
    no = models.IntegerField(_("不赞成"), null=True)
    abstain = models.IntegerField(_("弃权"), null=True)
    from_file = models.BooleanField(_("由文件带入"), default=False, db_default=False)
    over = models.TextField(_("失效原因"), choices=Over.choices, blank=True, default="")
    over_on = models.DateField(_("失效日期"), null=True)

    class Privacy:
        plain = frozenset(
            {"applicant_id", "branch_id", "organization_id", "number", "on", "result", "document", "amount"}
            | {"expected", "present", "written", "yes", "no", "abstain", "from_file", "over", "over_on"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="development_entry_once",
                fields=["applicant", "number"],
                condition=Q(over="") & ~Q(number__in=REPEATED),
            ),
            models.CheckConstraint(
                name="development_entry_number",
                condition=Q(number__range=(1, 25)) & Q(result__in=Result.values),
            ),
            models.CheckConstraint(
                name="development_entry_over",
                condition=Q(over="", over_on=None) | Q(over__in=Over.values, over_on__isnull=False),
            ),
            models.CheckConstraint(
                name="development_entry_vote",
                condition=Q(expected=None, present=None, written=None, yes=None, no=None, abstain=None)
                | Q(yes__isnull=False, no__isnull=False, abstain__isnull=False, written__isnull=False)
                & Q(yes__gte=0, no__gte=0, abstain__gte=0, written__gte=0, present__gte=0)
                & Q(present__isnull=False, expected__isnull=False)
                & Q(expected__gte=F("present") + F("written"))
                & Q(present__gte=F("yes") + F("no") + F("abstain") - F("written")),
            ),
        ]

    @property
    def has_vote(self) -> bool:
        return self.expected is not None


class Helper(ScopedModel):
    """A formal member who is mentor (one or two) or introducer (two) of an applicant."""

    class Role(models.TextChoices):
        MENTOR = "mentor", _("培养联系人")
        INTRODUCER = "introducer", _("入党介绍人")

    scope = Scope(ends=("branch",), person="member_id")

    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="+", verbose_name=_("姓名")
    )
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    role = models.TextField(_("身份"), choices=Role.choices)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)

    class Privacy:
        plain = frozenset({"applicant_id", "branch_id", "member_id", "role", "since", "until"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="development_helper_once",
                fields=["applicant", "member", "role"],
                condition=Q(until=None),
            ),
        ]


class Notice(ScopedModel):
    """A public notice about an applicant, over working days (ADM-07); it goes off by itself at its end (G-32)."""

    class Kind(models.TextChoices):
        TARGET = "development_target", _("拟接收为发展对象")
        CONVERSION = "conversion", _("拟转为正式党员")

    class Objection(models.TextChoices):
        NONE = "none", _("没有收到异议")
        SETTLED = "settled", _("收到异议，已核实处理")

    scope = Scope(ends=("branch",))

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="+", verbose_name=_("姓名")
    )
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党支部")
    )
    kind = models.TextField(_("公示事项"), choices=Kind.choices)
    since = models.DateField(_("公示开始"))
    until = models.DateField(_("公示结束"))
    contact = models.TextField(_("受理电话"))
    objection = models.TextField(_("公示结果"), choices=Objection.choices, blank=True, default="")
    over_on = models.DateField(_("失效日期"), null=True)

    class Privacy:
        plain = frozenset(
            {"applicant_id", "branch_id", "kind", "since", "until", "contact", "objection", "over_on"}
        )

    class Meta:
        constraints = [
            models.CheckConstraint(name="development_notice_dates", condition=Q(until__gte=F("since"))),
            models.UniqueConstraint(
                name="development_notice_once",
                fields=["applicant", "kind"],
                condition=Q(over_on=None),
            ),
        ]


class Plan(ScopedModel):
    """How many may be admitted in a year in an organization and all below it (ADM-10)."""

    scope = Scope(ends=("organization",))

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党组织")
    )
    year = models.IntegerField(_("年度"))
    quota = models.IntegerField(_("计划名额"))

    class Privacy:
        plain = frozenset({"organization_id", "year", "quota"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="development_plan_once", fields=["organization", "year"]),
            models.CheckConstraint(
                name="development_plan_quota", condition=Q(quota__gte=0, quota__lte=1_000_000)
            ),
        ]
