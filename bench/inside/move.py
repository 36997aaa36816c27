"""Moving a large subtree and moving it back."""

import time
from typing import Any

from baolei.organizations.actions import move_organization
from django.db import connection

from baolei.kernel.access import Actor
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization

WANTED = 90_000
"""Members of the county that the goal speaks of."""


def there_and_back() -> list[dict[str, Any]]:
    """The slower of two moves of the county nearest in size, to another prefecture and back."""
    county, organizations, members = _nearest()
    home = county.parent
    elsewhere = Organization.rows.filter(kind=Kind.LOCAL_COMMITTEE, parent=home.parent, closed_on=None)
    target = elsewhere.exclude(pk=home.pk).order_by("key").first()
    taken = []
    for parent in (target, home):
        county = Organization.rows.get(pk=county.pk)
        start = time.perf_counter()
        move_organization(county, actor=Actor.system("bench"), parent=parent)
        taken.append(time.perf_counter() - start)
    note = f"{county.short_name}: {organizations:,} organizations, {members:,} members; there {taken[0]:.1f}, back {taken[1]:.1f}"
    return [{"name": "move", "value": max(taken), "note": note}]


def _nearest() -> tuple[Organization, int, int]:
    """The county-level committee nearest in members, with its organizations and members, past ones included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, count(*) FROM organizations_organization o JOIN members_member m"
            " ON m.branch_key >= o.key AND m.branch_key < o.key || '~'"
            " WHERE o.kind = %s AND o.closed_on IS NULL AND right(o.region_code, 2) <> '00'"
            " GROUP BY o.id ORDER BY abs(count(*) - %s) LIMIT 1",
            [Kind.LOCAL_COMMITTEE, WANTED],
        )
        pk, members = cursor.fetchone()
    county = Organization.rows.select_related("parent").get(pk=pk)
    organizations = Organization.rows.filter(key__gte=county.key, key__lt=county.key + "~").count()
    return county, organizations, members
