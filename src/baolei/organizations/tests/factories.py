"""Organizations for tests: the smallest valid rows, with key and dated place."""

from datetime import date
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateRange

from baolei.kernel.tree import ordinal
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.models import Organization, Place, Rest, Unit, UnitOverseer

OPENED = date(2012, 1, 1)
PAPER = {"cause": "layout", "document": "组字〔2020〕1号"}
"""By what a change of the tree is decided."""
_numbers = count(1)


def make_organization(
    parent: Organization | None = None,
    *,
    kind: str = Kind.LOCAL_COMMITTEE,
    name: str = "",
    code: str = "",
    region_code: str = "",
    opened_on: date = OPENED,
    closed_on: date | None = None,
) -> Organization:
    """An organization below `parent` (a new root without one), with its key and its place since `opened_on`."""
    number = next(_numbers)
    name = name or f"试验组织{number}"
    if parent is None:
        key = ordinal(Organization.rows.filter(parent=None).count() + 1)
    else:
        # The row's own number, not the caller's copy: several tests share one parent object.
        parent = Organization.rows.get(pk=parent.pk)
        key = parent.key + ordinal(parent.next_ordinal)
        Organization.rows.filter(pk=parent.pk).update(next_ordinal=parent.next_ordinal + 1)
    made = Organization.rows.create(
        code=code or f"{number:012d}",
        name=f"中共{name}委员会" if kind == Kind.LOCAL_COMMITTEE else name,
        short_name=name,
        kind=kind,
        parent=parent,
        key=key,
        region_code=region_code,
        opened_on=opened_on,
        closed_on=closed_on,
    )
    Place.objects.create(
        organization=made,
        parent=parent,
        key=key,
        during=DateRange(opened_on, closed_on, "[)"),
    )
    if closed_on:
        Rest.objects.create(organization=made, key=key, during=DateRange(closed_on, None, "[)"))
    return made


def make_branch(parent: Organization | None = None, **given) -> Organization:
    """A branch, under a new root when no parent is given."""
    return make_organization(parent or make_organization(), kind=Kind.BRANCH, **given)


def make_unit(
    organization: Organization | None = None,
    *,
    kind: str = UnitKind.VILLAGE,
    name: str = "",
) -> Unit:
    """A unit, overseen by `organization` from its opening on when one is given."""
    number = next(_numbers)
    unit = Unit.objects.create(code=f"U{number:09d}", name=name or f"试验单位{number}", kind=kind)
    if organization is not None:
        UnitOverseer.rows.create(
            unit=unit,
            organization=organization,
            during=DateRange(organization.opened_on, None, "[)"),
        )
    return unit
