"""The rows that the figures of assistance fold: in SQL, and the same in plain Python for the law.

What must hold on the day counts where its village or enterprise is overseen on that day (A11); what happened
in the past counts at the organization that the record keeps, closed or not (A1, D17).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from baolei.assistance.models import Pairing, Participation, PartnerPairing, Posting
from baolei.kernel.demo import MARK
from baolei.kernel.figures.declare import Column, Fact, Rows, record_columns
from baolei.organizations.kinds import UnitKind
from baolei.organizations.queries import units_on_day, units_on_day_sql
from baolei.standards.models import Mark
from baolei.standards.queries import MARKED

WINDOW_FIRST = date(2012, 1, 1)
"""First day of the window over which taking part is counted."""
CAMPAIGN = "CAMPAIGN-1000"
"""Number of the three-year campaign 千名处长进千村: part of the figure's definition."""
CAMPAIGNS = (CAMPAIGN, MARK + CAMPAIGN)
"""The same in real and in made-up data, whose numbers carry the mark (G-31)."""

_TREE = ("organizations.Organization", "organizations.Place")
_UNITS = (*_TREE, "organizations.Unit", "organizations.UnitOverseer")
_NODE = "JOIN organizations_organization node ON node.id = t.organization_id"
_SPAN = (Column("since", _("起"), "lower(t.during)"), Column("until", _("止"), "upper(t.during) - 1"))
_VILLAGE = Column("village", _("村"), "village.name")
_PERSON = Column("name", _("姓名"), "person.name")
_CADRE = """JOIN members_member person ON person.id = t.member_id
    LEFT JOIN organizations_unit work ON work.id = person.work_unit_id"""


def _marked(day: date, kind: str) -> set[int]:
    rows = Mark.objects.unscoped("law figures.equal-recompute").on(day)
    return set(rows.filter(kind=kind).values_list("unit_id", flat=True))


def _paired(day: date, kind: str, *columns: str) -> Iterator[tuple]:
    """Place, then the columns of the pairings of that kind with villages open on the day."""
    villages = units_on_day(day, UnitKind.VILLAGE)
    rows = Pairing.objects.unscoped("law figures.equal-recompute").on(day).filter(kind=kind)
    for village, *values in rows.values_list("village_id", *columns).iterator(20000):
        if village in villages:
            yield villages[village], *values


def _units(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    for place, unit in _paired(day, Pairing.Kind.UNIT_VILLAGE, "unit_id"):
        yield place, {"assistance.units_assisting_villages": Fact(entity=unit)}


def _households(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    for place, member, work in _paired(
        day, Pairing.Kind.CADRE_HOUSEHOLD, "member_id", "member__work_unit__kind"
    ):
        if work == UnitKind.ORGAN:
            yield place, {"assistance.cadres_assisting_households": Fact(entity=member)}


_PAIRED = f"""FROM assistance_pairing t
    JOIN ({units_on_day_sql(UnitKind.VILLAGE)}) unit ON unit.unit_id = t.village_id"""

UNITS = Rows(
    name="units with villages",
    sql=f"""SELECT unit.key, unit.place, t.id AS subject, t.unit_id {_PAIRED}
        WHERE t.kind = 'unit_village' AND t.during @> %(day)s""",
    reads=("assistance.Pairing", *_UNITS),
    behind=f"""JOIN assistance_pairing t ON t.id = r.subject {_NODE}
        JOIN organizations_unit village ON village.id = t.village_id
        JOIN organizations_unit helper ON helper.id = t.unit_id""",
    columns=(*record_columns("t"), _VILLAGE, Column("helper", _("帮扶单位"), "helper.name"), *_SPAN),
    subject_url="assistance:pairing",
    recompute=_units,
)

HOUSEHOLDS = Rows(
    name="cadres with households",
    sql=f"""SELECT unit.key, unit.place, t.id AS subject, t.member_id, work.kind AS work {_PAIRED} {_CADRE}
        WHERE t.kind = 'cadre_household' AND t.during @> %(day)s""",
    reads=("assistance.Pairing", "members.Member", *_UNITS),
    behind=f"""JOIN assistance_pairing t ON t.id = r.subject {_NODE}
        JOIN organizations_unit village ON village.id = t.village_id
        JOIN members_member person ON person.id = t.member_id""",
    columns=(*record_columns("t"), _VILLAGE, _PERSON, Column("number", _("户编号"), "t.number"), *_SPAN),
    subject_url="assistance:household",
    recompute=_households,
)


def _participations(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    rows = Participation.objects.unscoped("law figures.equal-recompute").filter(
        first_on__gte=WINDOW_FIRST, first_on__lte=day
    )
    for branch, member in rows.values_list("branch_id", "member_id").iterator(20000):
        yield branch, {"assistance.members_taking_part": Fact(entity=member)}


_TOOK_PART = (
    _PERSON,
    Column("branch", _("当日所在党支部"), "branch.short_name"),
    Column("village", _("村"), "village.name"),
    Column("first_on", _("开始"), "t.first_on"),
    Column("last_on", _("结束"), "t.last_on"),
)
_BEHIND_PARTICIPATION = """JOIN assistance_participation t ON t.id = r.subject
    JOIN organizations_organization node ON node.id = r.place
    JOIN organizations_organization branch ON branch.id = t.branch_id
    JOIN members_member person ON person.id = t.member_id
    LEFT JOIN organizations_unit village ON village.id = t.village_id"""

# "+ 0": otherwise the planner reads a million rows in the order of the index by member, to count members without
# sorting, and looks up each branch on the way: twice as slow over the whole province.
PARTICIPATIONS = Rows(
    name="participations",
    sql=f"""SELECT l.key, t.branch_id AS place, t.id AS subject, t.member_id + 0 AS member_id
        FROM assistance_participation t
        JOIN organizations_lasting l ON l.organization_id = t.branch_id AND l.during @> %(day)s
        WHERE t.first_on BETWEEN '{WINDOW_FIRST}' AND %(day)s""",
    reads=("assistance.Participation", *_TREE),
    behind=_BEHIND_PARTICIPATION,
    columns=(*record_columns("t"), *_TOOK_PART),
    subject_url="assistance:participation",
    recompute=_participations,
    unplaced=f"""SELECT t.branch_id AS place, t.member_id FROM assistance_participation t
        WHERE t.first_on BETWEEN '{WINDOW_FIRST}' AND %(day)s""",
    stands="organizations_lasting",
)


def _campaign(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    weak = defaultdict(list)
    marks = Mark.objects.unscoped("law figures.equal-recompute").filter(kind=Mark.Kind.WEAK_VILLAGE)
    for unit, during in marks.values_list("unit_id", "during"):
        weak[unit].append(during)
    rows = Participation.objects.unscoped("law figures.equal-recompute").filter(
        campaign__ref__in=CAMPAIGNS, first_on__lte=day, member__work_unit__kind=UnitKind.ORGAN
    )
    columns = ("organization_id", "village_id", "member_id", "first_on")
    for place, village, member, first in rows.values_list(*columns).iterator(20000):
        if any(d.lower <= first and (d.upper is None or first < d.upper) for d in weak[village]):
            yield place, {"assistance.division_chiefs_campaign_cadres": Fact(entity=member)}


# An array and no join, of which the planner expects a share of all participations though few are of a campaign.
CAMPAIGN_CADRES = Rows(
    name="cadres of the campaign in weak villages",
    sql=f"""SELECT l.key, t.organization_id AS place, t.id AS subject, t.member_id
        FROM assistance_participation t
        JOIN organizations_lasting l ON l.organization_id = t.organization_id AND l.during @> %(day)s
        {_CADRE}
        WHERE t.campaign_id = ANY (ARRAY(SELECT id FROM projects_programme WHERE ref IN {CAMPAIGNS}))
          AND t.first_on <= %(day)s AND work.kind = '{UnitKind.ORGAN}'
          AND {MARKED.format(unit="t.village_id", kind="weak_village", day="t.first_on")}""",
    reads=("assistance.Participation", "projects.Programme", "standards.Mark", "members.Member", *_UNITS),
    behind=_BEHIND_PARTICIPATION,
    columns=(*record_columns("t"), *_TOOK_PART),
    subject_url="assistance:participation",
    recompute=_campaign,
)


def _postings(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    units = units_on_day(day, UnitKind.VILLAGE, UnitKind.PRIVATE_ENTERPRISE)
    poor, large = _marked(day, Mark.Kind.POOR_VILLAGE), _marked(day, Mark.Kind.LARGE_ENTERPRISE)
    rows = Posting.objects.unscoped("law figures.equal-recompute").on(day)
    columns = ("unit_id", "kind", "member_id", "member__work_unit__kind")
    for unit, kind, member, work in rows.values_list(*columns).iterator(20000):
        if unit not in units:
            continue
        if kind == Posting.Kind.FIRST_SECRETARY and unit in poor:
            yield units[unit], {"assistance.first_secretaries": Fact(entity=member)}
        if kind in Posting.TO_ENTERPRISES and unit in large and work == UnitKind.ORGAN:
            yield units[unit], {"assistance.cadres_to_enterprises": Fact(entity=member)}


def _mark(kind: str) -> str:
    return MARKED.format(unit="unit.unit_id", kind=kind, day="%(day)s")


POSTINGS = Rows(
    name="postings",
    sql=f"""SELECT unit.key, unit.place, t.id AS subject, t.member_id, t.kind, work.kind AS work,
            {_mark("poor_village")} AS poor, {_mark("large_enterprise")} AS large
        FROM assistance_posting t
        JOIN ({units_on_day_sql(UnitKind.VILLAGE, UnitKind.PRIVATE_ENTERPRISE)}) unit
            ON unit.unit_id = t.unit_id
        {_CADRE}
        WHERE t.during @> %(day)s""",
    reads=("assistance.Posting", "standards.Mark", "members.Member", *_UNITS),
    behind=f"""JOIN assistance_posting t ON t.id = r.subject {_NODE}
        JOIN organizations_unit u ON u.id = t.unit_id
        JOIN members_member person ON person.id = t.member_id""",
    columns=(
        *record_columns("t"),
        _PERSON,
        Column("unit", _("任职单位"), "u.name"),
        Column("kind", _("类别"), "t.kind", labels=dict(Posting.Kind.choices)),
        *_SPAN,
    ),
    subject_url="assistance:posting",
    recompute=_postings,
)


def _poor(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    poor = _marked(day, Mark.Kind.POOR_VILLAGE)
    rows = Posting.objects.unscoped("law figures.equal-recompute").on(day)
    led = set(rows.filter(kind=Posting.Kind.FIRST_SECRETARY).values_list("unit_id", flat=True))
    for unit, place in units_on_day(day, UnitKind.VILLAGE).items():
        if unit in poor:
            yield place, {"assistance.poor_villages_with_secretary_share": Fact(unit in led)}


POOR_VILLAGES = Rows(
    name="poor villages",
    sql=f"""SELECT unit.key, unit.place, unit.unit_id AS subject,
            EXISTS (SELECT FROM assistance_posting t WHERE t.unit_id = unit.unit_id
                AND t.kind = 'first_secretary' AND t.during @> %(day)s) AS led
        FROM ({units_on_day_sql(UnitKind.VILLAGE)}) unit WHERE {_mark("poor_village")}""",
    reads=("assistance.Posting", "standards.Mark", *_UNITS),
    behind="""JOIN organizations_unit u ON u.id = r.subject
        JOIN organizations_organization node ON node.id = r.place""",
    columns=(
        Column("uid", "", "node.uid"),
        *record_columns("u")[1:],
        Column("name", _("村"), "u.name"),
        Column("organization", _("管理的党组织"), "node.short_name"),
    ),
    subject_url="organizations:detail",
    recompute=_poor,
)


def _border(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    border = _marked(day, Mark.Kind.BORDER_VILLAGE)
    rows = PartnerPairing.objects.unscoped("law figures.equal-recompute").on(day)
    paired = set(rows.values_list("village_id", flat=True))
    organizations: dict[int, bool] = defaultdict(bool)
    for unit, place in units_on_day(day, UnitKind.VILLAGE).items():
        if unit in border:
            organizations[place] |= unit in paired
    for place, is_paired in organizations.items():
        facts = {"border.villages_paired_share": Fact(is_paired)}
        if is_paired:
            facts["border.villages_paired_with_troops"] = Fact()
        yield place, facts


BORDER = Rows(
    name="organizations of border villages",
    sql=f"""SELECT unit.key, unit.place, unit.place AS subject, count(t.id) > 0 AS paired,
            string_agg(DISTINCT unit.unit_name, '、') AS villages, string_agg(DISTINCT t.partner, '、') AS partners
        FROM ({units_on_day_sql(UnitKind.VILLAGE)}) unit
        LEFT JOIN assistance_partnerpairing t ON t.village_id = unit.unit_id AND t.during @> %(day)s
        WHERE {_mark("border_village")} GROUP BY unit.key, unit.place""",
    reads=("assistance.PartnerPairing", "standards.Mark", *_UNITS),
    behind="JOIN organizations_organization node ON node.id = r.subject",
    columns=(
        *record_columns("node"),
        Column("name", _("村党组织"), "node.short_name"),
        Column("villages", _("村"), "r.villages"),
        Column("partners", _("共建方序号"), "r.partners"),
    ),
    subject_url="organizations:detail",
    recompute=_border,
)
