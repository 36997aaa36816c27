"""The one cache: values of committees of township level and above, for today and the year ends (D4).

Writers leave a `StaleMark`; the job folds all figures of one source of rows in one statement a day and removes
the marks it saw. Spells begin and end without a write, so a job after midnight folds the new day.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from django.db import connection, transaction

from baolei.kernel.figures.declare import ALL, LEVELS, OWN, Figure, Rows, row_sources
from baolei.kernel.figures.folding import Folded, folded_sql
from baolei.kernel.figures.values import INCOMPLETE, NO_CASES, OK, today, year_ends
from baolei.kernel.models import StaleMark, StoredValue
from baolei.kernel.tree import node_model


def refold(*, everything: bool = False, connections: int = 1, days: Collection[date] = ()) -> int:
    """Fold what is old: everything that reads a marked model, and the days not stored yet (a new day, a year's end).

    Returns the number of values written. Safe to run twice or beside writers: a mark left meanwhile stays. With
    more `connections` sources of rows are folded side by side, each committed by itself, the marks removed at the
    end: killed in the middle, what was not folded is folded again. Inside a transaction there is one connection.
    With `days` only these are folded now; the others are not stored then, and left to the next refolding.
    """
    if connection.in_atomic_block:
        connections = 1  # others would not see what it has written
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.figures.refold'))")
        marks = dict(StaleMark.objects.values_list("pk", "model"))
        changed = None if everything else frozenset(marks.values())
        if connections == 1:
            written = sum(_refold_rows(rows, changed, days) for rows in row_sources())
        else:
            with ThreadPoolExecutor(connections) as pool:
                written = sum(pool.map(lambda rows: _refold_apart(rows, changed, days), row_sources()))
        StaleMark.objects.filter(pk__in=marks).delete()
    return written


def _refold_apart(rows: Rows, changed: frozenset[str] | None, days: Collection[date]) -> int:
    try:
        with transaction.atomic():
            return _refold_rows(rows, changed, days)
    finally:
        connection.close()


def _refold_rows(rows: Rows, changed: frozenset[str] | None, days: Collection[date]) -> int:
    """The days of one source of rows that are old: all where a model that it reads has changed (None: any)."""
    wanted = list(dict.fromkeys([today(), *year_ends(today())]))
    stored = StoredValue.objects.filter(figure__in=[f.code for f in rows.figures])
    is_fresh = changed is not None and changed.isdisjoint(rows.reads)
    there = set(stored.values_list("day", flat=True).distinct()) if is_fresh else set()
    with connection.cursor() as cursor:
        # A million entities are sorted and hashed in memory.
        cursor.execute("SET LOCAL work_mem = '160MB'")
    stored.exclude(day__in=there.intersection(wanted)).delete()
    return sum(_store(rows, day) for day in wanted if day not in there and (not days or day in days))


def folded(rows: Rows, day: date) -> list[tuple[int, str | None, list[Folded]]]:
    """The folded values of every stored committee on a day: organization, level, one `Folded` a figure."""
    with connection.cursor() as cursor:
        cursor.execute(folded_sql(rows), _parameters(day))
        return [
            (pk, level, [Folded(*row[5 * i : 5 * i + 5]) for i in range(len(rows.figures))])
            for pk, level, *row in cursor.fetchall()
        ]


def _parameters(day: date) -> dict[str, Any]:
    return {"day": day, "kinds": [str(kind) for kind in node_model().stored_kinds]}


def _store(rows: Rows, day: date) -> int:
    """Store the values of a day, of which there are none; those that do not apply (A3) are not kept."""
    figures = rows.figures
    columns = ", ".join(f"n{i}, num{i}, den{i}, listed{i}, missing{i}" for i in range(len(figures)))
    lines = ", ".join(
        f"('{f.code}', {i}, f.num{i}::numeric, f.den{i}::numeric, f.listed{i}::bigint, f.missing{i}, {_applies(i, f)})"
        for i, f in enumerate(figures)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO kernel_storedvalue
                    (figure, organization_id, day, status, numerator, denominator, listed, computed_at)
                SELECT v.code, f.organization_id, %(day)s,
                    CASE WHEN v.den = 0 THEN '{NO_CASES}' WHEN v.missing > 0 THEN '{INCOMPLETE}' ELSE '{OK}' END,
                    v.num, v.den, v.listed, now()
                FROM ({folded_sql(rows)}) f(organization_id, level, {columns})
                CROSS JOIN LATERAL (VALUES {lines}) v(code, at, num, den, listed, missing, applies)
                WHERE v.applies""",
            _parameters(day),
        )
        return cursor.rowcount


def _applies(i: int, f: Figure) -> str:
    """SQL for `Figure.applies_to`, and for a value of the organization's own rows where there are any."""
    if f.levels == ALL or f.zero:
        return "true"
    if f.levels == OWN:
        return f"f.n{i} > 0 AND f.num{i} IS NOT NULL"
    levels = ", ".join(f"'{level}'" for level in LEVELS[: LEVELS.index(f.levels) + 1])
    return f"coalesce(f.level IN ({levels}), false)"
