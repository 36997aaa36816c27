"""Figures of training bases, attendances and young-Marxist study groups (S16, S17)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import Column, Fact, Figure, Rows, record_columns
from baolei.kernel.figures.windows import YEAR
from baolei.organizations.models import Place, Rest
from baolei.training.models import UNIVERSITY_KINDS, Attendance, Base, GroupReport, Session, StudyGroup

FROM_COMMUNITY, FROM_UNIVERSITY = date(2013, 1, 1), date(2012, 1, 1)
"""First days of the windows: ours, as the article gives none."""

_PLACES = ("organizations.Organization", "organizations.Place")
_COMMUNITY = f"r.kind = '{Base.Kind.COMMUNITY_EMPLOYMENT}'"
_UNIVERSITY = f"r.kind IN ({', '.join(repr(str(kind)) for kind in UNIVERSITY_KINDS)})"


def _open_on(day: date) -> set[int]:
    return set(Place.objects.on(day).values_list("organization_id", flat=True))


def _lasting_on(day: date) -> set[int]:
    return _open_on(day) | set(Rest.objects.on(day).values_list("organization_id", flat=True))


def _bases(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    places = _open_on(day)
    found = (
        Base.objects.unscoped("law figures.equal-recompute").on(day).values_list("organization_id", "kind")
    )
    for place, kind in found.iterator(20000):
        if place in places and kind == Base.Kind.COMMUNITY_EMPLOYMENT:
            yield place, {"training.community_bases": Fact()}
        elif place in places and kind in UNIVERSITY_KINDS:
            yield place, {"universities.training_bases": Fact()}


BASES = Rows(
    name="training bases",
    sql="""
        SELECT p.key, p.organization_id AS place, b.id AS subject, b.kind
        FROM training_base b JOIN organizations_place p ON p.organization_id = b.organization_id
        WHERE b.during @> %(day)s AND p.during @> %(day)s
    """,
    reads=("training.Base", *_PLACES),
    behind="""
        JOIN training_base base ON base.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("base"),
        Column("name", _("名称"), "base.name"),
        Column("kind", _("类别"), "base.kind", labels=dict(Base.Kind.choices)),
        Column("organization", _("承办的党组织"), "node.short_name"),
        Column("since", _("起"), "lower(base.during)"),
    ),
    subject_url="training:base",
    recompute=_bases,
)

Figure(
    code="training.community_bases",
    rank=60,
    label=_("社区就业创业培训基地数"),
    unit="base",
    definition=_("当日开放的社区就业创业能力提升培训基地。"),
    rows=BASES,
    where=_COMMUNITY,
)
Figure(
    code="universities.training_bases",
    rank=66,
    label=_("高校系统教育培训基地数"),
    unit="base",
    definition=_(
        "当日开放的高校系统教育培训基地：哲学社会科学教学科研骨干、思想政治理论课教师、辅导员、大学生心理健康教育四类。"
    ),
    reading=_("按基地计，不按类别计：同一类的两个基地计两个。"),
    rows=BASES,
    where=_UNIVERSITY,
    levels="province",
    public="province",
)


def _sessions(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    places = _lasting_on(day)
    members = Counter(
        Attendance.objects.unscoped("law figures.equal-recompute").values_list("session_id", flat=True)
    )
    found = Session.objects.unscoped("law figures.equal-recompute").filter(
        first_on__gte=FROM_UNIVERSITY, first_on__lte=day
    )
    values = found.values_list("pk", "organization_id", "base__kind", "audience", "first_on", "others")
    for pk, place, kind, audience, first_on, others in values.iterator(20000):
        fact, facts = Fact(members[pk] + others), {}
        if kind == Base.Kind.COMMUNITY_EMPLOYMENT and first_on >= FROM_COMMUNITY:
            facts["training.community_attendances"] = fact
        if kind in UNIVERSITY_KINDS:
            facts["universities.training_attendances"] = fact
        if audience == Session.Audience.ORGAN_MEMBERS and first_on.year == day.year:
            facts["training.organ_attendances_this_year"] = fact
        if facts and place in places:
            yield place, facts


SESSIONS = Rows(
    name="training sessions",
    sql=f"""
        SELECT p.key, p.organization_id AS place, s.id AS subject, b.kind, s.audience, s.first_on,
            extract(year FROM s.first_on) = {YEAR} AS this_year, s.others + coalesce(m.members, 0) AS attendances
        FROM training_session s
        JOIN organizations_lasting p ON p.organization_id = s.organization_id
        LEFT JOIN training_base b ON b.id = s.base_id
        LEFT JOIN (SELECT session_id, count(*) AS members FROM training_attendance GROUP BY 1) m
            ON m.session_id = s.id
        WHERE s.first_on BETWEEN '{FROM_UNIVERSITY}' AND %(day)s AND p.during @> %(day)s
    """,
    reads=("training.Base", "training.Session", "training.Attendance", *_PLACES),
    behind="""
        JOIN training_session session ON session.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("session"),
        Column("name", _("班次"), "session.name"),
        Column("first_on", _("开班日期"), "session.first_on"),
        Column("organization", _("举办的党组织"), "node.short_name"),
        Column("attendances", _("人次"), "r.attendances"),
    ),
    subject_url="training:session",
    recompute=_sessions,
)

_ONCE = _("同一班次一名党员计一次，另加该班次上报的名单外人数；班次按开班日期计入；已关闭基地的班次仍计入。")

Figure(
    code="training.community_attendances",
    rank=61,
    label=_("社区基地培训群众人次"),
    unit="attendance",
    definition=_("2013年1月1日至当日在社区就业创业能力提升培训基地举办的班次的参训人次。"),
    reading=_ONCE,
    rows=SESSIONS,
    amount="r.attendances",
    where=f"{_COMMUNITY} AND r.first_on >= '{FROM_COMMUNITY}'",
)
Figure(
    code="training.organ_attendances_this_year",
    rank=62,
    label=_("本年机关干部培训人次"),
    unit="attendance",
    definition=_("当年1月1日至当日以机关党员干部为对象的班次的参训人次。"),
    reading=_("对象是班次的一项：该班次的全部参训党员和名单外人数都计入；在举办培训的党组织计。"),
    rows=SESSIONS,
    amount="r.attendances",
    where=f"r.audience = '{Session.Audience.ORGAN_MEMBERS}' AND r.this_year",
)
Figure(
    code="universities.training_attendances",
    rank=67,
    label=_("高校基地培训人次"),
    unit="attendance",
    definition=_("2012年1月1日至当日在高校系统教育培训基地举办的班次的参训人次。"),
    reading=_ONCE,
    rows=SESSIONS,
    amount="r.attendances",
    where=_UNIVERSITY,
    levels="province",
    public="province",
)


def _groups(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    places = _open_on(day)
    confirmed = (
        GroupReport.objects.unscoped("law figures.equal-recompute")
        .filter(confirmed_on__lte=day)
        .order_by("reported_on")
    )
    latest = dict(confirmed.values_list("study_group_id", "students"))
    found = (
        StudyGroup.objects.unscoped("law figures.equal-recompute")
        .on(day)
        .values_list("pk", "organization_id")
    )
    for pk, place in found.iterator(20000):
        if place in places:
            yield (
                place,
                {
                    "universities.youth_groups": Fact(),
                    "universities.youth_students": Fact(latest.get(pk, 0)),
                },
            )


GROUPS = Rows(
    name="study groups",
    sql="""
        SELECT p.key, p.organization_id AS place, g.id AS subject, latest.students, latest.confirmed_on
        FROM training_studygroup g JOIN organizations_place p ON p.organization_id = g.organization_id
        LEFT JOIN (
            SELECT DISTINCT ON (study_group_id) study_group_id, students, confirmed_on FROM training_groupreport
            WHERE confirmed_on <= %(day)s ORDER BY study_group_id, reported_on DESC
        ) latest ON latest.study_group_id = g.id
        WHERE g.during @> %(day)s AND p.during @> %(day)s
    """,
    reads=("training.StudyGroup", "training.GroupReport", *_PLACES),
    behind="""
        JOIN training_studygroup study ON study.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("study"),
        Column("name", _("小组"), "study.name"),
        Column("organization", _("高校党组织"), "node.short_name"),
        Column("students", _("覆盖学生数"), "coalesce(r.students, 0)"),
        Column("confirmed_on", _("学校确认日期"), "r.confirmed_on"),
    ),
    subject_url="training:group",
    recompute=_groups,
)

Figure(
    code="universities.youth_groups",
    rank=64,
    label=_("青马工程小组数"),
    unit="group",
    definition=_("当日活动的青马工程小组。"),
    rows=GROUPS,
)
Figure(
    code="universities.youth_students",
    rank=65,
    label=_("青马工程覆盖大学生数"),
    unit="person",
    definition=_("当日活动的青马工程小组覆盖的学生数之和：小组上报、学校确认的数，不是学生名单。"),
    reading=_("取当日或之前已经学校确认的各次上报中最近一次的数；没有的按0计，仍在小组名单中列出。"),
    rows=GROUPS,
    amount="r.students",
)
