"""The one cache: values of committees of township level and above, for today and the year ends (D4).

Writers leave a `StaleMark`; the job folds all figures of one source of rows in one statement a day and removes
the marks it saw. Spells begin and end without a write, so a job after midnight folds the new day.
"""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from baolei.kernel.figures.declare import Rows, row_sources, sharing
from baolei.kernel.figures.values import today, year_ends
from baolei.kernel.models import StaleMark, StoredValue
from baolei.kernel.tree import STEP, node_model, place_model

MAX_DEPTH = 8
"""Levels of the tree that may hold a stored committee."""


def refold(*, everything: bool = False) -> int:
    """Fold what is old: everything that reads a marked model, and the days not stored yet (a new day, a year's end).

    Returns the number of values written. Safe to run twice or beside writers: a mark left meanwhile stays.
    """
    wanted = list(dict.fromkeys([*year_ends(today()), today()]))
    written = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.figures.refold'))")
        marks = dict(StaleMark.objects.values_list("pk", "model"))
        marked = set(marks.values())
        for rows in row_sources():
            stored = StoredValue.objects.filter(figure__in=[f.code for f in sharing(rows)])
            fresh = not everything and marked.isdisjoint(rows.reads)
            there = set(stored.values_list("day", flat=True).distinct()) if fresh else set()
            for day in wanted:
                if day not in there:
                    written += _store(rows, day)
            stored.exclude(day__in=wanted).delete()
        StaleMark.objects.filter(pk__in=marks).delete()
    return written


def folded_sql(rows: Rows) -> str:
    """SELECT organization_id, rows, then a numerator a figure, for every stored committee open on %(day)s."""
    figures = sharing(rows)
    parts = "".join(f", {f.fold_sql()} AS n{i}" for i, f in enumerate(figures))
    sums = "".join(f", coalesce(sum(parts.n{i}), 0)" for i in range(len(figures)))
    node, place = node_model()._meta.db_table, place_model()._meta.db_table
    return f"""
        WITH parts AS MATERIALIZED (
            SELECT r.key, count(*) AS n{parts} FROM ({rows.sql}) r GROUP BY r.key
        ), nodes AS (
            SELECT p.organization_id, p.key FROM {place} p JOIN {node} o ON o.id = p.organization_id
            WHERE p.during @> %(day)s AND o.kind = ANY(%(kinds)s)
        ), cut AS (
            SELECT left(parts.key, step) AS key, parts.*
            FROM parts, generate_series({STEP}, {STEP * MAX_DEPTH}, {STEP}) AS step
            WHERE length(parts.key) >= step
        )
        SELECT nodes.organization_id, coalesce(sum(parts.n), 0){sums}
        FROM nodes LEFT JOIN cut AS parts(key, full_key, n{"".join(f", n{i}" for i in range(len(figures)))})
            ON parts.key = nodes.key
        GROUP BY nodes.organization_id
    """


def folded(rows: Rows, day: date) -> list[tuple]:
    """The folded values of every stored committee on a day: organization, rows, numerators."""
    with connection.cursor() as cursor:
        kinds = [str(kind) for kind in node_model().stored_kinds]
        cursor.execute(folded_sql(rows), {"day": day, "kinds": kinds})
        return cursor.fetchall()


def _store(rows: Rows, day: date) -> int:
    now = timezone.now()
    made = []
    for organization_id, total, *numerators in folded(rows, day):
        for f, numerator in zip(sharing(rows), numerators, strict=True):
            made.append(
                StoredValue(
                    figure=f.code,
                    organization_id=organization_id,
                    day=day,
                    status="no_cases" if f.is_share and not total else "ok",
                    numerator=numerator,
                    denominator=total if f.is_share else None,
                    computed_at=now,
                )
            )
    StoredValue.objects.filter(figure__in=[f.code for f in sharing(rows)], day=day).delete()
    StoredValue.objects.bulk_create(made, batch_size=2000)
    return len(made)
