"""Figures of duty meetings and study campaigns (S05, S27)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import PERCENT, Column, Fact, Figure, Rows, record_columns
from baolei.kernel.sql import quoted
from baolei.meetings.models import Meeting, StudyCampaign
from baolei.organizations.kinds import HOLDS_MEMBERS, Kind
from baolei.organizations.models import Organization

COMMITTEES = (
    Kind.LOCAL_COMMITTEE,
    Kind.WORK_COMMITTEE,
    Kind.PARTY_GROUP,
    Kind.TOWNSHIP_COMMITTEE,
    Kind.BASIC_COMMITTEE,
)
"""Committees and leading groups that hold a comprehensive meeting each half year (AGN-01)."""

_READS = ("organizations.Organization", "organizations.Place", "organizations.Rest")
_BEHIND = "JOIN organizations_organization node ON node.id = r.subject"
_COLUMNS = (
    *record_columns("node"),
    Column("name", _("党组织"), "node.short_name"),
    Column("kind", _("类别"), "node.kind", labels=dict(Kind.choices)),
    Column("held", _("次数"), "r.held"),
)


def half_year(day: date) -> tuple[date, date]:
    """First and last day of the latest half year that ended on or before the day."""
    if (day.month, day.day) == (12, 31):
        return date(day.year, 7, 1), day
    if (day.month, day.day) >= (6, 30):
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year - 1, 7, 1), date(day.year - 1, 12, 31)


_HALF = """
    SELECT last, CASE WHEN extract(month FROM last) = 12 THEN make_date(extract(year FROM last)::int, 7, 1)
        ELSE make_date(extract(year FROM last)::int, 1, 1) END AS first
    FROM (SELECT CASE WHEN to_char(%(day)s::date, 'MM-DD') = '12-31' THEN %(day)s::date
            WHEN to_char(%(day)s::date, 'MM-DD') >= '06-30' THEN make_date(extract(year FROM %(day)s::date)::int, 6, 30)
            ELSE make_date(extract(year FROM %(day)s::date)::int - 1, 12, 31) END AS last) ended
"""
"""`half_year` in SQL."""


def _through(kinds: tuple[str, ...], first: date, last: date) -> list[int]:
    """Organizations of these kinds that were open all the time from first to last."""
    rows = Organization.objects.unscoped("law figures.equal-recompute").filter(
        kind__in=kinds, opened_on__lte=first
    )
    return [pk for pk, closed in rows.values_list("pk", "closed_on") if closed is None or closed > last]


def _committees(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    first, last = half_year(day)
    held = set(
        Meeting.objects.unscoped("law figures.equal-recompute")
        .filter(kind=Meeting.Kind.REGULAR_SESSION, held_on__range=(first, last))
        .values_list("organization_id", flat=True)
    )
    for pk in _through(COMMITTEES, first, last):
        yield pk, {"meetings.half_year_met_share": Fact(pk in held)}


HALF_YEARS = Rows(
    name="committees in the half year",
    sql=f"""
        SELECT p.key, o.id AS place, o.id AS subject, coalesce(m.held, 0) AS held
        FROM ({_HALF}) half
        JOIN organizations_organization o ON o.kind IN ({quoted(COMMITTEES)}) AND o.opened_on <= half.first
            AND (o.closed_on IS NULL OR o.closed_on > half.last)
        JOIN organizations_lasting p ON p.organization_id = o.id AND p.during @> %(day)s
        LEFT JOIN (
            SELECT t.organization_id, count(*) AS held FROM ({_HALF}) half
            JOIN meetings_meeting t ON t.kind = 'regular_session' AND t.held_on BETWEEN half.first AND half.last
            GROUP BY 1
        ) m ON m.organization_id = o.id
    """,
    reads=("meetings.Meeting", *_READS),
    behind=_BEHIND,
    columns=_COLUMNS,
    subject_url="organizations:detail",
    recompute=_committees,
)

Figure(
    code="meetings.half_year_met_share",
    rank=90,
    label=_("半年内召开过综合性议党会议的党委（党组）占比"),
    unit=PERCENT,
    definition=_(
        "最近一个已结束的半年里至少召开过一次定期议党会议的党委（党组） ÷ 这半年里一直存续的党委（党组）。"
    ),
    reading=_("半年指1月至6月、7月至12月；6月30日和12月31日用当日结束的半年。专题议党不能代替。"),
    rows=HALF_YEARS,
    met="r.held > 0",
    listed="r.held = 0",
    process=True,
)


def _branches(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    campaigns = StudyCampaign.objects.unscoped("law figures.equal-recompute")
    begun = [
        c for c in campaigns.order_by("pk") if c.during.lower <= day and c.organization.parent_id is None
    ]
    if not begun:
        return
    campaign = max(begun, key=lambda c: (c.during.lower, c.pk))
    last = min(day, campaign.until or day)
    held = set(
        Meeting.objects.unscoped("law figures.equal-recompute")
        .filter(campaign=campaign, held_on__lte=last)
        .values_list("organization_id", flat=True)
    )
    for pk in _through(HOLDS_MEMBERS, campaign.during.lower, last):
        yield pk, {"meetings.campaign_branches_share": Fact(pk in held)}


_CAMPAIGN = """
    SELECT c.id, lower(c.during) AS first, least(%(day)s::date, upper(c.during) - 1) AS last
    FROM meetings_studycampaign c JOIN organizations_organization o ON o.id = c.organization_id
    WHERE o.parent_id IS NULL AND lower(c.during) <= %(day)s
    ORDER BY lower(c.during) DESC, c.id DESC LIMIT 1
"""

CAMPAIGN_BRANCHES = Rows(
    name="branches in the study campaign",
    sql=f"""
        SELECT p.key, o.id AS place, o.id AS subject, coalesce(m.held, 0) AS held
        FROM ({_CAMPAIGN}) campaign
        JOIN organizations_organization o ON o.kind IN ({quoted(HOLDS_MEMBERS)})
            AND o.opened_on <= campaign.first AND (o.closed_on IS NULL OR o.closed_on > campaign.last)
        JOIN organizations_lasting p ON p.organization_id = o.id AND p.during @> %(day)s
        LEFT JOIN (
            SELECT t.organization_id, count(*) AS held FROM ({_CAMPAIGN}) campaign
            JOIN meetings_meeting t ON t.campaign_id = campaign.id AND t.held_on <= campaign.last
            GROUP BY 1
        ) m ON m.organization_id = o.id
    """,
    reads=("meetings.Meeting", "meetings.StudyCampaign", *_READS),
    behind=_BEHIND,
    columns=_COLUMNS,
    subject_url="organizations:detail",
    recompute=_branches,
)

Figure(
    code="meetings.campaign_branches_share",
    rank=91,
    label=_("开展过专题学习的党支部占比"),
    unit=PERCENT,
    definition=_(
        "全省最近一次学习教育期间至少开展过一次专题学习的党支部 ÷ 期间一直存续的党支部。学习教育尚未结束的，计到当日。"
    ),
    rows=CAMPAIGN_BRANCHES,
    met="r.held > 0",
    listed="r.held = 0",
    process=True,
)
