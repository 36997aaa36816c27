"""Moving a large subtree and moving it back."""

import time
from typing import Any

from django.db import connection

from baolei.kernel.access import Actor
from baolei.kernel.figures.values import today
from baolei.organizations.actions import move_organization
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization

WANTED = 90_000
"""Members of the county that the goal speaks of."""


def there_and_back() -> list[dict[str, Any]]:
    """The slower of two moves of the committee nearest in size, below another prefecture and back.

    Where there is one prefecture only, below the province's committee.
    """
    county, organizations, members = _nearest()
    home = county.parent
    prefectures = Organization.rows.filter(kind=Kind.LOCAL_COMMITTEE, parent__parent=None, closed_on=None)
    target = (
        prefectures.exclude(pk__in=[home.pk, county.pk]).exclude(parent=None).order_by("key").first()
        or home.parent
    )
    taken = []
    for parent in (target, home):
        county = Organization.rows.get(pk=county.pk)
        start = time.perf_counter()
        move_organization(
            county, actor=Actor.system("bench"), parent=parent, on=today(), cause="layout", document="bench"
        )
        taken.append(time.perf_counter() - start)
    note = f"{county.short_name}: {organizations:,} organizations, {members:,} members; there {taken[0]:.1f}, back {taken[1]:.1f}"
    return [{"name": "move", "value": max(taken), "note": note}]


def _nearest() -> tuple[Organization, int, int]:
    """The local committee nearest in members, with its organizations and members, past ones included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, count(*) FROM organizations_organization o JOIN members_member m"
            " ON m.branch_key >= o.key AND m.branch_key < o.key || '~'"
            " WHERE o.kind = %s AND o.closed_on IS NULL AND o.parent_id IS NOT NULL"
            " GROUP BY o.id ORDER BY abs(count(*) - %s) LIMIT 1",
            [Kind.LOCAL_COMMITTEE, WANTED],
        )
        pk, members = cursor.fetchone()
    county = Organization.rows.select_related("parent").get(pk=pk)
    organizations = Organization.rows.filter(key__gte=county.key, key__lt=county.key + "~").count()
    return county, organizations, members
