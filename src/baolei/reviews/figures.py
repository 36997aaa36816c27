"""Figures of debriefs and appraisals (S04, S06)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.kernel.figures.windows import YEAR_OF_DAY, year_of_day
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.models import Organization, Place, UnitOverseer
from baolei.reviews.models import Appraisal, Debrief, Round


def _secretaries(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    done = set(
        Debrief.objects.unscoped("law figures.equal-recompute")
        .filter(year=year_of_day(day), closed_on__lte=day)
        .values_list("organization_id", flat=True)
    )
    villages = set(
        UnitOverseer.objects.unscoped("law figures.equal-recompute")
        .on(day)
        .filter(unit__kind__in=(UnitKind.VILLAGE, UnitKind.COMMUNITY))
        .values_list("organization_id", flat=True)
    )
    open_now = set(Place.objects.on(day).values_list("organization_id", flat=True))
    for o in Organization.objects.unscoped("law figures.equal-recompute").iterator(chunk_size=20000):
        in_chain = (
            o.kind == Kind.TOWNSHIP_COMMITTEE
            or (o.kind == Kind.WORK_COMMITTEE and o.region_code)
            or (o.kind == Kind.LOCAL_COMMITTEE and o.level != "province")
            or o.pk in villages
        )
        if in_chain and o.pk in open_now:
            yield o.pk, {"reviews.debriefed_share": Fact(o.pk in done)}


CHAIN = Rows(
    name="secretaries in the chain",
    sql=f"""
        SELECT p.key, o.id AS place, o.id AS subject, d.state, d.closed_on,
            coalesce(d.closed_on <= %(day)s, false) AS done
        FROM organizations_organization o
        JOIN organizations_place p ON p.organization_id = o.id AND p.during @> %(day)s
        LEFT JOIN reviews_debrief d ON d.organization_id = o.id AND d.year = {YEAR_OF_DAY}
        WHERE o.kind = 'township_committee' OR (o.kind = 'work_committee' AND o.region_code <> '')
            OR {Organization.level_sql.format(o="o")} IN ('prefecture', 'county')
            OR EXISTS (
                SELECT FROM organizations_unitoverseer v JOIN organizations_unit u ON u.id = v.unit_id
                WHERE v.organization_id = o.id AND v.during @> %(day)s AND u.kind IN ('village', 'community'))
    """,
    reads=(
        "reviews.Debrief",
        "organizations.Organization",
        "organizations.Place",
        "organizations.UnitOverseer",
    ),
    behind="JOIN organizations_organization node ON node.id = r.subject",
    columns=(
        *record_columns("node"),
        Column("name", _("党组织"), "node.short_name"),
        Column("state", _("述职评议"), "r.state", labels=dict(Debrief.State.choices)),
        Column("closed_on", _("办结日期"), "r.closed_on"),
    ),
    subject_url="organizations:detail",
    recompute=_secretaries,
)

Figure(
    code="reviews.debriefed_share",
    rank=92,
    label=_("完成述职评议的书记占比"),
    unit=PERCENT,
    definition=_(
        "本年度述职评议已办结的书记 ÷ 述职链条上的书记：市（州）、县（市、区）、乡镇（街道）、村（社区）党组织书记各向上一级述职。"
    ),
    reading=_("12月31日用当年的，其他日子用上一年度的，当日以前办结的才计入。"),
    rows=CHAIN,
    met="r.done",
    listed="NOT r.done",
    process=True,
)


def _appraisals(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Appraisal.objects.unscoped("law figures.equal-recompute").filter(
        year=year_of_day(day), held_on__lte=day
    )
    for place, found, due in rows.values_list("organization_id", "found", "due").iterator(20000):
        yield (
            place,
            {
                "reviews.appraised_share": Fact(found, over=due),
                "reviews.appraised_branches": Fact(),
                "reviews.appraised_members": Fact(found),
            },
        )


APPRAISALS = Rows(
    name="appraisals of the year",
    sql=f"""
        SELECT p.key, a.organization_id AS place, a.id AS subject, a.due, a.found, a.held_on
        FROM reviews_appraisal a
        JOIN organizations_lasting p ON p.organization_id = a.organization_id AND p.during @> %(day)s
        WHERE a.year = {YEAR_OF_DAY} AND a.held_on <= %(day)s
    """,
    reads=("reviews.Appraisal", "organizations.Organization", "organizations.Place"),
    behind="""
        JOIN reviews_appraisal t ON t.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("t"),
        Column("name", _("党支部"), "node.short_name"),
        Column("held_on", _("评议日期"), "r.held_on"),
        Column("due", _("应评议"), "r.due"),
        Column("found", _("有结果"), "r.found"),
    ),
    subject_url="reviews:appraisal",
    recompute=_appraisals,
)

Figure(
    code="reviews.appraised_share",
    rank=93,
    label=_("接受民主评议的党员占比"),
    unit=PERCENT,
    definition=_(
        "本年度有民主评议结果的党员 ÷ 应参加评议的党员；预备党员、经同意不参加的和停止党籍的不在应评之列。"
    ),
    reading=_("只计已登记本年度评议的支部；12月31日用当年的，其他日子用上一年度的。"),
    rows=APPRAISALS,
    amount="r.found",
    over="r.due",
    listed="r.found < r.due",
    process=True,
)
Figure(
    code="reviews.appraised_branches",
    rank=94,
    label=_("开展民主评议的党支部数"),
    unit="organization",
    definition=_("本年度已登记民主评议结果的党支部。"),
    reading=_("12月31日用当年的，其他日子用上一年度的。"),
    rows=APPRAISALS,
    process=True,
)
Figure(
    code="reviews.appraised_members",
    rank=94,
    label=_("参加民主评议并有结果的党员数"),
    unit="person",
    definition=_("本年度民主评议中有评议结果的党员，按各党支部登记的人数相加。"),
    reading=_("12月31日用当年的，其他日子用上一年度的。"),
    rows=APPRAISALS,
    amount="r.found",
    process=True,
)


def _rounds(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Round.objects.unscoped("law figures.equal-recompute").filter(
        state=Round.State.CLOSED, year=year_of_day(day), held_on__lte=day
    )
    for place, excellent, unqualified in rows.values_list(
        "organization_id", "excellent", "unqualified"
    ).iterator(20000):
        yield (
            place,
            {"reviews.found_excellent": Fact(excellent), "reviews.found_unqualified": Fact(unqualified)},
        )


ROUNDS = Rows(
    name="rounds of the year that were closed here",
    sql=f"""
        SELECT p.key, a.organization_id AS place, a.id AS subject, a.excellent, a.unqualified
        FROM reviews_round a
        JOIN organizations_lasting p ON p.organization_id = a.organization_id AND p.during @> %(day)s
        WHERE a.state = 'closed' AND a.year = {YEAR_OF_DAY} AND a.held_on <= %(day)s
    """,
    reads=("reviews.Round", "organizations.Organization", "organizations.Place"),
    behind="""
        JOIN reviews_round t ON t.id = r.subject
        JOIN organizations_organization node ON node.id = r.place
    """,
    columns=(
        *record_columns("t"),
        Column("name", _("党支部"), "node.short_name"),
        Column("closed_on", _("办结日期"), "t.closed_on"),
    ),
    subject_url="reviews:round",
    recompute=_rounds,
)
for _code, _label in (("excellent", _("评为优秀的党员数")), ("unqualified", _("评为不合格的党员数"))):
    Figure(
        code=f"reviews.found_{_code}",
        rank=95,
        label=_label,
        unit="person",
        definition=_("本年度在本平台办结的民主评议中评定为这一等次的党员，按各党支部的人数相加（T8）。"),
        reading=_("只有县级以上有数；导入的评议没有等次。12月31日用当年的，其他日子用上一年度的。"),
        rows=ROUNDS,
        amount=f"r.{_code}",
        levels="county",
        public="province",
        process=True,
    )
