"""Reads of organizations: those within reach, the directory that every officer may read, places, units."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet

from baolei.kernel.access import Actor
from baolei.kernel.sql import quoted
from baolei.kernel.tree import ancestors
from baolei.organizations.access import Can
from baolei.organizations.kinds import APPROVING, LEAF
from baolei.organizations.models import Organization, Place, Rest, UnitOverseer

FOUND = 50
"""Answers of a search; whoever needs more writes more of the name."""


def organizations() -> QuerySet[Organization]:
    """All organizations, closed ones included; to be narrowed by `visible_to`."""
    return Organization.objects.order_by("key")


def directory() -> QuerySet[Organization]:
    """Open organizations for every officer (D13): pages show name, code and kind of them, nothing else."""
    return organizations().filter(closed_on=None).unscoped("the directory is open to every officer (D13)")


def with_children(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Annotated with `has_children`: whether an open organization stands directly below."""
    children = Organization.objects.filter(parent=OuterRef("pk"), closed_on=None)
    return rows.annotate(has_children=~Q(kind__in=LEAF) & Exists(children))


def children_of(organization: Organization) -> QuerySet[Organization]:
    """The open organizations directly below, in division order, from the directory."""
    return with_children(directory().filter(parent=organization)).order_by("key")


def tops_of(actor: Actor) -> QuerySet[Organization]:
    """The organizations at which the actor's reach begins."""
    if actor.reach.everywhere:
        return with_children(directory().filter(parent=None))
    return with_children(directory().filter(key__in=actor.reach.keys(Can.VIEW)))


def way_to(organization: Organization) -> QuerySet[Organization]:
    """The organizations above, from the root down, without the organization itself: one query by prefixes."""
    return directory().filter(key__in=ancestors(organization.key)[:-1]).order_by("key")


def approving_committee(organization: Organization) -> Organization | None:
    """The committee nearest above that can approve what its branches decide (ADM-06)."""
    return way_to(organization).filter(kind__in=APPROVING).order_by("-key").first()


def search(text: str) -> QuerySet[Organization]:
    """Open organizations by code, region code, beginning of the short name, or any part of the full name."""
    text = text.strip()
    if not text:
        return directory().none()
    found = Q(short_name__startswith=text) | Q(name__contains=text)
    if text.isascii():
        found = Q(code=text.upper()) | Q(code__startswith=text.upper()) | Q(region_code=text)
    return with_children(directory().filter(found)).order_by("key")


def places_of(organization: Organization) -> QuerySet[Place]:
    """Where the organization stood, latest first."""
    return Place.objects.filter(organization=organization).select_related("parent").order_by("-during")


def lasting(organization_id: int, *, on: date) -> list[tuple[str, DateRange]]:
    """(key, days) of the organization from `on` on: its places, and after its closing its rests (A1)."""
    spells = [
        model.objects.filter(organization_id=organization_id, during__overlap=DateRange(on, None))
        for model in (Place, Rest)
    ]
    return [pair for found in spells for pair in found.order_by("during").values_list("key", "during")]


def units_of(organization: Organization, *, on: date) -> QuerySet[UnitOverseer]:
    """The units that the organization oversees on a day; to be narrowed by `visible_to`."""
    overseen = UnitOverseer.objects.on(on).filter(organization=organization)
    return overseen.select_related("unit").order_by("unit__code")


OVERSEERS = """LEFT JOIN (SELECT DISTINCT ON (unit_id) unit_id, organization_id FROM organizations_unitoverseer
    ORDER BY unit_id, upper_inf(during) DESC, lower(during) DESC) overseer ON overseer.unit_id = {unit}"""
"""SQL: a join with the organization that oversees a unit now, or oversaw it last; in one pass for many rows,
since a first load has no index yet."""


def units_on_day_sql(*kinds: str) -> str:
    """SELECT key, place, unit_id of the open units of these kinds on %(day)s, by their overseer's place (A11)."""
    listed = quoted(kinds)
    return f"""
        SELECT p.key, v.organization_id AS place, v.unit_id, u.name AS unit_name
        FROM organizations_unitoverseer v
        JOIN organizations_unit u ON u.id = v.unit_id AND u.kind IN ({listed})
        JOIN organizations_place p ON p.organization_id = v.organization_id
        WHERE v.during @> %(day)s AND p.during @> %(day)s
    """


def units_on_day(day: date, *kinds: str) -> dict[int, int]:
    """The same in Python: unit -> the organization that oversees it on the day, for recomputing figures."""
    overseen = (
        UnitOverseer.objects.unscoped("law figures.equal-recompute").on(day).filter(unit__kind__in=kinds)
    )
    open_places = set(Place.objects.on(day).values_list("organization_id", flat=True))
    return {
        unit: organization
        for unit, organization in overseen.values_list("unit_id", "organization_id").iterator(20000)
        if organization in open_places
    }
