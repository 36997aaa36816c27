"""The register's search in the database: time of the statement itself, for officers of several levels."""

import time
from typing import Any

from django.db import connection

from baolei.kernel.access import Actor, Reach
from baolei.kernel.secrets import open_field
from baolei.members.access import Can
from baolei.members.models import Member
from baolei.members.queries import members
from baolei.members.search import Question, find, order_of
from baolei.members.tables import MemberTable
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from bench.inside.figures import largest_county, top
from bench.measure import median, percentile

VALUES = 200
TRIES = 3
"""Times that each value is asked for; the middle one counts, so that a busy moment does not."""
MS = 1000


def kinds() -> list[dict[str, Any]]:
    """p95 of each kind of search over values that exist, at the reach where it is slowest."""
    people = _some_members()
    results = []
    for name, kind, text_of in (
        ("search.name", "name", lambda m: m.name),
        ("search.pinyin", "pinyin", lambda m: m.name_py),
        ("search.initials", "initials", lambda m: m.initials),
        ("search.id_number", "id_number", lambda m: open_field(m, "id_number")),
        ("search.surname", "name", lambda m: m.name[0]),
    ):
        taken = {}
        for label, actor in _officers().items():
            times = [_seconds(actor, Question(kind, text)) for text in map(text_of, people)]
            taken[label] = percentile(times, 95) * MS
        slowest = max(taken, key=taken.get)
        note = ", ".join(f"{label} {ms:.1f}" for label, ms in taken.items())
        results.append({"name": name, "value": taken[slowest], "note": f"p95 of {VALUES} by reach: {note}"})
    return results


def _some_members() -> list[Member]:
    """Members from everywhere, the same ones each time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM members_member ORDER BY md5(id::text) LIMIT %s", [VALUES])
        return list(Member.rows.filter(pk__in=[pk for (pk,) in cursor.fetchall()]).order_by("pk"))


def _officers() -> dict[str, Actor]:
    """An actor a level, each with the right to see members in one organization."""
    county = largest_county()
    township = Organization.rows.filter(key__startswith=county.key, kind=Kind.TOWNSHIP_COMMITTEE).first()
    nodes = {"province": top(), "county": county, "township": township}
    return {
        label: Actor(name="bench", reach=Reach({Can.VIEW.code: (node.key,)})) for label, node in nodes.items()
    }


def _seconds(actor: Actor, question: Question) -> float:
    """The statement that the search page sends, run and fetched; the middle of some tries."""
    rows = find(members().visible_to(actor, Can.VIEW), question)
    asked = rows.order_by(*order_of(question).fields).values_list(*MemberTable.fields(), MemberTable.position)
    statement, parameters = asked[: MemberTable.size + 1].query.sql_with_params()
    taken = []
    for _ in range(TRIES):
        with connection.cursor() as cursor:
            start = time.perf_counter()
            cursor.execute(statement, parameters)
            cursor.fetchall()
            taken.append(time.perf_counter() - start)
    return median(taken)
