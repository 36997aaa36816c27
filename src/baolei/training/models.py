from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord, Record
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit


def _dated(model: str) -> models.CheckConstraint:
    """The spell has a first day and holds at least one."""
    condition = Q(during__isempty=False) & Q(during__lower_inf=False)
    return models.CheckConstraint(name=f"training_{model}_dated", condition=condition)


class Base(DatedRecord):
    """A training base, open from day to day; `organization` is the host's."""

    class Kind(models.TextChoices):
        COMMUNITY_EMPLOYMENT = "community_employment", _("社区就业创业能力提升培训基地")
        SOCIAL_SCIENCE_TEACHERS = "social_science_teachers", _("哲学社会科学教学科研骨干培训基地")
        IDEOLOGY_COURSE_TEACHERS = "ideology_course_teachers", _("思想政治理论课教师培训基地")
        COUNSELLORS = "counsellors", _("辅导员培训基地")
        STUDENT_MENTAL_HEALTH = "student_mental_health", _("大学生心理健康教育培训基地")
        ORGAN_TRAINING = "organ_training", _("机关干部培训基地")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("承办的党组织")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("承办单位")
    )
    kind = models.TextField(_("类别"), choices=Kind.choices)
    name = models.TextField(_("名称"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "kind", "name", "during"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="training_base_kind",
                condition=Q(
                    kind__in=[
                        *("community_employment", "organ_training", "social_science_teachers"),
                        *("ideology_course_teachers", "counsellors", "student_mental_health"),
                    ]
                ),
            ),
            _dated("base"),
        ]


UNIVERSITY_KINDS = (
    Base.Kind.SOCIAL_SCIENCE_TEACHERS,
    Base.Kind.IDEOLOGY_COURSE_TEACHERS,
    Base.Kind.COUNSELLORS,
    Base.Kind.STUDENT_MENTAL_HEALTH,
)
"""Kinds of bases for the staff of universities."""


class Session(Record):
    """A course from its first to its last day, at a base or held by a training body without one.

    `hours` are class hours; `others` is the number of people who attended and stand in no `Attendance`.
    """

    class Audience(models.TextChoices):
        RESIDENTS = "residents", _("群众")
        UNIVERSITY_STAFF = "university_staff", _("高校教师和干部")
        ORGAN_MEMBERS = "organ_members", _("机关党员干部")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("举办的党组织")
    )
    base = models.ForeignKey(
        Base, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("培训基地")
    )
    audience = models.TextField(_("对象"), choices=Audience.choices)
    name = models.TextField(_("班次"))
    first_on = models.DateField(_("开班日期"))
    last_on = models.DateField(_("结业日期"))
    hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=1)
    others = models.IntegerField(_("名单外人数"))

    class Privacy:
        plain = frozenset(
            {
                "ref",
                "organization_id",
                "base_id",
                "audience",
                "name",
                "first_on",
                "last_on",
                "hours",
                "others",
            }
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="training_session_audience",
                condition=Q(audience__in=["residents", "university_staff", "organ_members"]),
            ),
            models.CheckConstraint(
                name="training_session_days", condition=Q(last_on__gte=F("first_on")) & Q(hours__gt=0)
            ),
            models.CheckConstraint(name="training_session_others", condition=Q(others__gte=0)),
        ]
        indexes = [models.Index(name="training_session_first", fields=["first_on"])]


class Attendance(Record):
    """A member attended a session, once; `organization` is the session's."""

    scope = Scope(ends=("organization",), person="member_id")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("举办的党组织")
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="+", verbose_name=_("培训班次")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "session_id", "member_id"})

    class Meta:
        constraints = [models.UniqueConstraint(name="training_attendance_once", fields=["session", "member"])]


class StudyGroup(DatedRecord):
    """A young-Marxist study group of a university, active from day to day."""

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("高校党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("高等学校"))
    name = models.TextField(_("名称"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "name", "during"})

    class Meta:
        constraints = [_dated("studygroup")]


class GroupReport(Record):
    """How many students a group reaches, as it reports on a day and the university confirms; no list of them."""

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("高校党组织")
    )
    study_group = models.ForeignKey(
        StudyGroup, on_delete=models.PROTECT, related_name="+", verbose_name=_("青马工程小组")
    )
    reported_on = models.DateField(_("上报日期"))
    confirmed_on = models.DateField(_("学校确认日期"), null=True)
    students = models.IntegerField(_("覆盖学生数"))

    class Privacy:
        plain = frozenset(
            {"ref", "organization_id", "study_group_id", "reported_on", "confirmed_on", "students"}
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="training_groupreport_once_a_day", fields=["study_group", "reported_on"]
            ),
            models.CheckConstraint(
                name="training_groupreport_confirmed",
                condition=Q(confirmed_on=None) | Q(confirmed_on__gte=F("reported_on")),
            ),
            models.CheckConstraint(name="training_groupreport_students", condition=Q(students__gte=0)),
        ]
