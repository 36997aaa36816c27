"""The rows that the figures of projects fold."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.declare import Column, Rows, record_columns
from baolei.kernel.figures.windows import YEAR
from baolei.organizations.models import Organization
from baolei.projects import recompute
from baolei.projects.recompute import FIRST_ACCEPTED, MERIT_FIRST, MERIT_LAST
from baolei.standards.models import Mark
from baolei.standards.queries import MARKED

_READS = ("organizations.Organization", "organizations.Place", "projects.Programme")
_NODE = "JOIN organizations_organization node ON node.id = r.place"
_PLACE = Column("organization", _("党组织"), "node.short_name")
_BEHIND = f"LEFT JOIN projects_project j ON j.id = r.subject {_NODE}"
_COLUMNS = (
    *record_columns("j"),
    Column("name", _("名称"), "j.name"),
    _PLACE,
    Column("started_on", _("开工日期"), "j.started_on"),
    Column("accepted_on", _("验收日期"), "j.accepted_on"),
)
"""Projects behind a figure."""


def _years_sql(first: str, last: str) -> str:
    """The smallest number of years that, added to the first day, reaches the last."""
    years = f"(extract(year FROM {last})::int - extract(year FROM {first})::int)"
    return f"greatest(0, {years} + ({first} + make_interval(years => {years}) < {last})::int)"


HALL_UPGRADES = Rows(
    name="hall upgrades",
    sql=f"""
        SELECT h.key, h.place, h.subject, h.is_project,
            CASE WHEN h.planned_first <= %(day)s::date
                THEN {_years_sql("h.planned_first", "h.planned_last")} END AS planned,
            CASE WHEN h.first_on <= %(day)s::date AND h.still_open = 0
                THEN {_years_sql("h.first_on", "h.accepted_on")} END AS actual
        FROM (
            SELECT l.key, g.organization_id AS place, coalesce(j.id, -g.id) AS subject, j.id IS NOT NULL AS is_project,
                g.planned_first, g.planned_last, coalesce(g.first_on, g.planned_first) AS first_on, j.accepted_on,
                count(*) FILTER (WHERE j.accepted_on IS NULL OR j.accepted_on > %(day)s::date)
                    OVER (PARTITION BY g.id) AS still_open
            FROM projects_programme g
            JOIN organizations_lasting l ON l.organization_id = g.organization_id AND l.during @> %(day)s::date
            LEFT JOIN projects_project j ON j.programme_id = g.id
                AND (j.cancelled_on IS NULL OR j.cancelled_on > %(day)s::date)
            WHERE g.kind = 'hall_upgrade' AND (g.cancelled_on IS NULL OR g.cancelled_on > %(day)s::date)
        ) h
    """,
    reads=(*_READS, "projects.Project"),
    behind=_BEHIND,
    columns=_COLUMNS,
    subject_url="projects:project",
    recompute=recompute.hall_upgrades,
)


PROJECTS = Rows(
    name="projects",
    sql=f"""
        SELECT l.key, j.organization_id AS place, j.id AS subject, j.kind, g.kind AS programme_kind,
            j.cancelled_on IS NULL OR j.cancelled_on > %(day)s::date AS going,
            {MARKED.format(unit="j.unit_id", kind=Mark.Kind.BORDER_VILLAGE, day="%(day)s::date")} AS at_border,
            g.kind = 'merit' AND {Organization.level_sql.format(o="o")} = 'province'
                AND j.started_on BETWEEN '{MERIT_FIRST}' AND '{MERIT_LAST}'
                AND (j.cancelled_on IS NULL OR j.cancelled_on > least(%(day)s::date, '{MERIT_LAST}')) AS merit
        FROM projects_project j
        JOIN projects_programme g ON g.id = j.programme_id
        JOIN organizations_organization o ON o.id = g.organization_id
        JOIN organizations_lasting l ON l.organization_id = j.organization_id AND l.during @> %(day)s::date
        WHERE j.started_on <= %(day)s::date
    """,
    reads=(*_READS, "projects.Project", "standards.Mark"),
    behind=_BEHIND,
    columns=_COLUMNS,
    subject_url="projects:project",
    recompute=recompute.projects,
)


ESTATES = Rows(
    name="estates",
    sql=f"""
        SELECT l.key, e.organization_id AS place, e.id AS subject, e.beneficiaries
        FROM (
            SELECT DISTINCT ON (unit_id, estate) id, organization_id, beneficiaries FROM projects_project
            WHERE kind = 'estate' AND accepted_on BETWEEN '{FIRST_ACCEPTED}' AND %(day)s::date
            ORDER BY unit_id, estate, accepted_on DESC, id DESC
        ) e
        JOIN organizations_lasting l ON l.organization_id = e.organization_id AND l.during @> %(day)s::date
    """,
    reads=(*_READS, "projects.Project"),
    behind=_BEHIND,
    columns=(
        *_COLUMNS,
        Column("estate", _("小区"), "j.estate"),
        Column("beneficiaries", _("受益群众数"), "j.beneficiaries"),
    ),
    subject_url="projects:project",
    recompute=recompute.estates,
)


DEEDS = Rows(
    name="good deeds",
    sql=f"""
        SELECT l.key, d.organization_id AS place, d.id AS subject, d.asked, d.satisfied,
            g.year = {YEAR} AND (d.dropped_on IS NULL OR d.dropped_on > %(day)s::date) AS of_year,
            coalesce(d.finished_on <= %(day)s::date, false) AS finished
        FROM projects_deed d
        JOIN projects_programme g ON g.id = d.programme_id
        JOIN organizations_lasting l ON l.organization_id = d.organization_id AND l.during @> %(day)s::date
    """,
    reads=(*_READS, "projects.Deed"),
    behind=f"JOIN projects_deed d ON d.id = r.subject JOIN projects_programme g ON g.id = d.programme_id {_NODE}",
    columns=(
        *record_columns("d"),
        Column("name", _("实事好事"), "d.name"),
        Column("year", _("年度"), "g.year"),
        _PLACE,
        Column("asked", _("测评群众数"), "r.asked"),
        Column("satisfied", _("满意群众数"), "r.satisfied"),
    ),
    subject_url="projects:deed",
    recompute=recompute.deeds,
)


APPROPRIATIONS = Rows(
    name="appropriations",
    sql=f"""
        SELECT l.key, a.organization_id AS place, a.id AS subject, a.fund, a.amount
        FROM projects_appropriation a
        JOIN organizations_lasting l ON l.organization_id = a.organization_id AND l.during @> %(day)s::date
        WHERE a.fiscal_year = {YEAR}
    """,
    reads=(*_READS, "projects.Appropriation"),
    behind=f"JOIN projects_appropriation a ON a.id = r.subject {_NODE}",
    columns=(
        *record_columns("a"),
        _PLACE,
        Column("amount", _("金额（元）"), "r.amount"),
        Column("decided_on", _("决定日期"), "a.decided_on"),
        Column("source", _("来源"), "a.source"),
    ),
    subject_url="projects:appropriation",
    recompute=recompute.appropriations,
)
