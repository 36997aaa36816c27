"""Accounts to measure with, and what the pages are asked for."""

import secrets
from typing import Any

from django.db import connection
from django.urls import get_resolver, reverse
from django.utils import timezone

from baolei.accounts.actions import make_token, open_account
from baolei.accounts.queries import actor_of
from baolei.kernel.access import Actor
from baolei.kernel.pages.records import RecordList
from baolei.members.models import Member
from baolei.organizations.models import Organization

COUNTY = "222404"
"""Hunchun, which every scale has."""


def officer(role: str = "department_officer", region: str = COUNTY) -> dict[str, Any]:
    """A new officer of a county: user name, password, token, key of the county, and its number of members."""
    county = Organization.rows.get(region_code=region, closed_on=None)
    name, password = f"bench-{secrets.token_hex(4)}", secrets.token_urlsafe(18)
    given = {"username": name, "name": "测量", "password": password, "role": role, "must_change": False}
    user = open_account(county, actor=Actor.system("bench"), **given)
    token = {"name": "测量", "purpose": "测量", "last_day": timezone.localdate()}
    return {
        "token": make_token(user, actor=actor_of(user), **token)[1],
        "username": name,
        "password": password,
        "key": county.key,
        "members": Member.rows.filter(left_on=None).count(),
    }


def settle() -> None:
    """What autovacuum does within some minutes of a load: statistics and visibility maps."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT" if _may_checkpoint(cursor) else "SELECT 1")


def _may_checkpoint(cursor) -> bool:
    cursor.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')")
    return cursor.fetchone()[0]


def lists() -> list[str]:
    """The addresses of all lists of records, of the queues and of the board."""
    found = [reverse("development:board")]
    found += [reverse("transfers:queue", query={"at": at}) for at in ("todo", "waiting", "reminded", "late")]

    def look(resolver, prefix: str) -> None:
        for part in resolver.url_patterns:
            route = prefix + str(part.pattern)
            if hasattr(part, "url_patterns"):
                look(part, route)
            elif issubclass(getattr(part.callback, "view_class", object), RecordList):
                found.append(f"/{route}")

    look(get_resolver(), "")
    return found
