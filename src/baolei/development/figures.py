"""Figures of development: admissions of the year and what probation came to (T15 to T17), who is on the way (T18 to T20)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.development.codes import Outcome, Result
from baolei.development.models import Applicant, Entry
from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.members.codes import COLLEGE_DIGITS, Occupation

YOUNG = 35
"""Full years up to which a person counts as young on the day of admission."""
HAN = "01"
FRONT = (
    Occupation.WORKER,
    Occupation.PRIVATE_WORKER,
    Occupation.FARMER,
    Occupation.ENTERPRISE_SPECIALIST,
    Occupation.PRIVATE_SPECIALIST,
    Occupation.INSTITUTION_SPECIALIST,
)
"""Who works in production and at the front line (T17)."""

_READS = ("development.Applicant", "organizations.Organization", "organizations.Place")
_BEHIND = """
    JOIN development_applicant t ON t.id = r.subject
    JOIN organizations_organization node ON node.id = r.place
"""
_PERSON = (
    *record_columns("t"),
    Column("name", _("姓名"), "t.name"),
    Column("organization", _("党支部"), "node.short_name"),
)


def _first_of_year(day: date) -> date:
    return date(day.year, 1, 1)


def _full_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _admitted(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    recommended = Entry.objects.unscoped("law figures.equal-recompute").filter(number=3, over="")
    league = set(recommended.filter(result=Result.BY_LEAGUE).values_list("applicant_id", flat=True))
    rows = Entry.objects.unscoped("law figures.equal-recompute").filter(
        number=15, over="", applicant__member__isnull=False, on__range=(_first_of_year(day), day)
    )
    for entry in rows.select_related("applicant").iterator(20000):
        person = entry.applicant
        yield (
            entry.branch_id,
            {
                "development.admitted": Fact(),
                "development.admitted.aged_35_or_less": Fact(
                    _full_years(person.birth_date, entry.on) <= YOUNG
                ),
                "development.admitted.college_or_above": Fact(person.education[:1] in COLLEGE_DIGITS),
                "development.admitted.women": Fact(person.sex == "2"),
                "development.admitted.minorities": Fact(person.ethnicity != HAN),
                "development.admitted.front_line": Fact(person.occupation in FRONT),
                "development.admitted.by_league": Fact(person.pk in league),
            },
        )


ADMITTED = Rows(
    name="admissions of the year",
    sql="""
        SELECT p.key, e.branch_id AS place, a.id AS subject, e.on, a.birth_date, a.education, a.sex, a.ethnicity,
               a.occupation, EXISTS (SELECT FROM development_entry l WHERE l.applicant_id = a.id AND l.number = 3
                   AND l.over = '' AND l.result = 'by_league') AS by_league
        FROM development_entry e
        JOIN development_applicant a ON a.id = e.applicant_id
        JOIN organizations_lasting p ON p.organization_id = e.branch_id AND p.during @> %(day)s
        WHERE e.number = 15 AND e.over = '' AND a.member_id IS NOT NULL
          AND e.on >= date_trunc('year', %(day)s::date)::date AND e.on <= %(day)s
    """,
    reads=_READS,
    behind=_BEHIND,
    columns=(*_PERSON, Column("on", _("入党日期"), "r.on")),
    subject_url="development:applicant",
    recompute=_admitted,
)

Figure(
    code="development.admitted",
    rank=8,
    label=_("本年发展党员数"),
    unit="person",
    definition=_("当年1月1日至当日支部大会通过接收、已经上级党委审批的预备党员，一人计一次。"),
    reading=_("以支部大会之日计（ADM-01），计入当时的党支部；后来取消资格的仍计。"),
    rows=ADMITTED,
)
for _code, _label, _met, _words in (
    (
        *("aged_35_or_less", _("本年发展党员中35岁及以下占比")),
        f"r.birth_date > (r.on - interval '{YOUNG + 1} years')::date",
        _("入党之日周岁不超过35岁的 ÷ 本年发展党员。"),
    ),
    (
        *("college_or_above", _("本年发展党员中大专及以上学历占比")),
        "r.education < '4'",
        _("研究生、大学本科、大学专科 ÷ 本年发展党员。"),
    ),
    ("women", _("本年发展党员中女性占比"), "r.sex = '2'", _("女性 ÷ 本年发展党员。")),
    (
        "minorities",
        _("本年发展党员中少数民族占比"),
        f"r.ethnicity <> '{HAN}'",
        _("汉族以外的 ÷ 本年发展党员。"),
    ),
    (
        *("front_line", _("本年发展党员中生产、工作一线占比")),
        f"r.occupation IN {tuple(str(one.value) for one in FRONT)}",
        _("工勤技能人员、农牧渔民、专业技术人员 ÷ 本年发展党员。"),
    ),
    (
        *("by_league", _("本年发展党员中群团组织推优占比"), "r.by_league"),
        _("经群团组织推优确定为入党积极分子的 ÷ 本年发展党员。"),
    ),
):
    Figure(
        code=f"development.admitted.{_code}",
        rank=9,
        label=_label,
        unit=PERCENT,
        definition=_words,
        rows=ADMITTED,
        met=_met,
        group="development.admitted",
    )


def _concluded(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Applicant.objects.unscoped("law figures.equal-recompute").filter(
        ended_on__range=(_first_of_year(day), day)
    )
    for branch, outcome in rows.exclude(outcome="").values_list("branch_id", "outcome").iterator(20000):
        made = {"development.on_time_share": Fact(outcome == Outcome.ON_TIME)}
        kind = "converted" if outcome.startswith("converted_") else "cancelled"
        yield branch, made | {f"development.{kind}": Fact()}


CONCLUDED = Rows(
    name="probations concluded in the year",
    sql="""
        SELECT p.key, a.branch_id AS place, a.id AS subject, a.outcome
        FROM development_applicant a
        JOIN organizations_lasting p ON p.organization_id = a.branch_id AND p.during @> %(day)s
        WHERE a.outcome <> '' AND a.ended_on >= date_trunc('year', %(day)s::date)::date AND a.ended_on <= %(day)s
    """,
    reads=_READS,
    behind=_BEHIND,
    columns=(
        *_PERSON,
        Column("outcome", _("预备期结果"), "t.outcome", labels=dict(Outcome.choices)),
        Column("ended_on", _("审批日期"), "t.ended_on"),
    ),
    subject_url="development:applicant",
    recompute=_concluded,
)
Figure(
    code="development.converted",
    rank=10,
    label=_("本年转正的预备党员数"),
    unit="person",
    definition=_("当年1月1日至当日上级党委批准转为正式党员的，一人计一次。"),
    rows=CONCLUDED,
    where="r.outcome LIKE 'converted_%%'",
)
Figure(
    code="development.cancelled",
    rank=10,
    label=_("本年取消预备党员资格的人数"),
    unit="person",
    definition=_("当年1月1日至当日上级党委批准取消预备党员资格的，一人计一次。"),
    rows=CONCLUDED,
    where="r.outcome LIKE 'cancelled_%%'",
)
Figure(
    code="development.on_time_share",
    rank=10,
    label=_("预备期按期转正占比"),
    unit=PERCENT,
    definition=_("按期转正的 ÷ 当年有结果（转正或取消资格）的预备党员。"),
    rows=CONCLUDED,
    met=f"r.outcome = '{Outcome.ON_TIME}'",
)


def _under_way(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    targets = Entry.objects.unscoped("law figures.equal-recompute").filter(number__in=(8, 15), over="")
    since = {(entry.applicant_id, entry.number): entry.on for entry in targets.iterator(20000)}
    rows = Applicant.objects.unscoped("law figures.equal-recompute").filter(applied_on__lte=day)
    for person in rows.iterator(20000):
        left = person.ended_on if person.stage == "left" and person.member_id is None else None
        admitted = since.get((person.pk, 15)) if person.member_id is not None else None
        if any(gone is not None and gone <= day for gone in (left, admitted)):
            continue
        target = since.get((person.pk, 8))
        kind = "targets" if target and target <= day else "activists"
        if not (person.activist_on and person.activist_on <= day):
            kind = "applicants"
        yield person.branch_id, {f"development.{kind}": Fact()}


UNDER_WAY = Rows(
    name="people on the way on the day",
    sql="""
        SELECT p.key, a.branch_id AS place, a.id AS subject,
               CASE WHEN a.activist_on IS NULL OR a.activist_on > %(day)s THEN 'applicants'
                    WHEN t.on <= %(day)s THEN 'targets' ELSE 'activists' END AS kind
        FROM development_applicant a
        JOIN organizations_lasting p ON p.organization_id = a.branch_id AND p.during @> %(day)s
        LEFT JOIN development_entry t ON t.applicant_id = a.id AND t.number = 8 AND t.over = ''
        LEFT JOIN development_entry m ON m.applicant_id = a.id AND m.number = 15 AND m.over = ''
             AND a.member_id IS NOT NULL
        WHERE a.applied_on <= %(day)s AND (m.on IS NULL OR m.on > %(day)s)
          AND NOT (a.stage = 'left' AND a.member_id IS NULL AND a.ended_on <= %(day)s)
    """,
    reads=_READS,
    behind=_BEHIND,
    columns=(*_PERSON, Column("applied_on", _("申请日期"), "t.applied_on")),
    subject_url="development:applicant",
    recompute=_under_way,
)
for _code, _label, _words in (
    ("applicants", _("入党申请人数"), _("当日已递交入党申请书、还没有确定为入党积极分子的人。")),
    ("activists", _("入党积极分子数"), _("当日已确定为入党积极分子、还没有备案为发展对象的人。")),
    ("targets", _("发展对象数"), _("当日已备案为发展对象、还没有接收为预备党员的人。")),
):
    Figure(
        code=f"development.{_code}",
        rank=11,
        label=_label,
        unit="person",
        definition=_words,
        reading=_("按现在所在的党支部计，这个党支部成立以前的日子不计；终止的自终止之日起不计。"),
        rows=UNDER_WAY,
        where=f"r.kind = '{_code}'",
    )
