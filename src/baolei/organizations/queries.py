"""Reads of organizations: those within reach, the directory that every officer may read, places, units."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from baolei.kernel.access import Actor
from baolei.kernel.tree import ancestors
from baolei.organizations.access import Can
from baolei.organizations.kinds import LEAF
from baolei.organizations.models import Organization, Place, UnitOverseer

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


def units_of(organization: Organization, *, on: date) -> QuerySet[UnitOverseer]:
    """The units that the organization oversees on a day; to be narrowed by `visible_to`."""
    overseen = UnitOverseer.objects.on(on).filter(organization=organization)
    return overseen.select_related("unit").order_by("unit__code")
