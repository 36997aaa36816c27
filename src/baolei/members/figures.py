"""Figures of the area `members`."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows
from baolei.members.codes import COLLEGE_DIGITS
from baolei.members.models import Membership

YOUNG = 35
"""Full years of age up to which a member counts as young."""


def _full_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _members(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Membership.objects.unscoped("law figures.equal-recompute").values_list(
        "branch_id", "during", "member__birth_date", "member__education", "member__sex"
    )
    for branch_id, during, born, education, sex in rows.iterator(chunk_size=20000):
        if during.lower <= day and (during.upper is None or day < during.upper):
            yield (
                branch_id,
                {
                    "members.total": Fact(),
                    "members.structure.aged_35_or_less": Fact(_full_years(born, day) <= YOUNG),
                    "members.structure.college_or_above": Fact(education[:1] in COLLEGE_DIGITS),
                    "members.structure.women": Fact(sex == "2"),
                },
            )


# LEFT JOIN, so that PostgreSQL leaves the members out where a figure only counts the spells.
REGISTER = Rows(
    name="members",
    sql="""
        SELECT p.key, p.organization_id AS place, s.member_id AS subject, s.during, %(day)s::date AS day,
               m.birth_date, m.education, m.sex
        FROM members_membership s
        JOIN organizations_place p ON p.organization_id = s.branch_id
        LEFT JOIN members_member m ON m.id = s.member_id
        WHERE s.during @> %(day)s AND p.during @> %(day)s
    """,
    reads=(
        "members.Member",
        "members.Membership",
        "organizations.Organization",
        "organizations.Place",
    ),
    behind="""
        JOIN members_member person ON person.id = r.subject
        JOIN organizations_organization branch ON branch.id = r.place
    """,
    columns=(
        Column("uid", "", "person.uid"),
        Column("key", "", "r.key"),
        Column("subject", "", "r.subject"),
        Column("today_key", "", "person.branch_key"),
        Column("name", _("姓名"), "person.name"),
        Column("branch", _("当日所在党支部"), "branch.short_name"),
        Column("since", _("起"), "lower(r.during)"),
        Column("until", _("止"), "upper(r.during) - 1"),
    ),
    subject_url="members:detail",
    recompute=_members,
    unplaced="""
        SELECT s.branch_id AS place, %(day)s::date AS day, m.birth_date, m.education, m.sex
        FROM members_membership s LEFT JOIN members_member m ON m.id = s.member_id
        WHERE s.during @> %(day)s
    """,
    stands="organizations_place",
)

Figure(
    code="members.total",
    rank=1,
    label=_("党员总数"),
    unit="person",
    definition=_(
        "当日有党员关系的正式党员和预备党员，一人计一次。停止党籍、除名、开除党籍和已转出省外的不计；"
        "转接途中的计入原党支部，对方接收之日起计入新党支部；军队和武警部队党组织的党员不在册。"
    ),
    reading=_("日终时点：当日去世、离开或被外地接收的不计，当日吸收或接收的计入。"),
    rows=REGISTER,
)
Figure(
    code="members.structure.aged_35_or_less",
    label=_("35岁及以下党员占比"),
    unit=PERCENT,
    definition=_("当日周岁不超过35岁的党员 ÷ 当日在册党员。"),
    rows=REGISTER,
    met=f"r.birth_date > (r.day - interval '{YOUNG + 1} years')::date",
    group="members.structure",
    rank=3,
)
Figure(
    code="members.structure.college_or_above",
    label=_("大专及以上学历党员占比"),
    unit=PERCENT,
    definition=_("以当日在册党员（正式党员和预备党员）为分母；学历按登记的现有资料计，不追溯当时的资料。"),
    reading=_("大专及以上：研究生、大学本科、大学专科。"),
    rows=REGISTER,
    met="r.education < '4'",
    group="members.structure",
    rank=3,
)
Figure(
    code="members.structure.women",
    label=_("女党员占比"),
    unit=PERCENT,
    definition=_("以当日在册党员（正式党员和预备党员）为分母；性别按登记的现有资料计。"),
    rows=REGISTER,
    met="r.sex = '2'",
    group="members.structure",
    rank=3,
)
