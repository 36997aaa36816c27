"""The SQL that folds rows into figures: over a range of keys, or into parts that add up anywhere in the tree."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from baolei.kernel.figures.declare import OWN, Figure, Rows
from baolei.kernel.tree import STEP, node_model, place_model

MAX_DEPTH = 8
"""Levels of the tree that may hold a stored committee."""


class Folded(NamedTuple):
    """One figure folded over some rows; `rows` is the number of all rows, met by `where` or not."""

    rows: int
    numerator: int | Decimal | None
    denominator: int | None
    listed: int
    missing: int


NOTHING = Folded(0, 0, 0, 0, 0)


def fold_sql(rows: Rows, figures: Iterable[Figure], *, group: str = "", where: str = "") -> str:
    """One pass over the rows between %(low)s and %(high)s: `group`, count(*), then four columns a figure."""
    columns = "".join(f", {column}" for f in figures for column in f.columns_sql())
    head = f"{group}, " if group else ""
    tail = f" GROUP BY {group}" if group else ""
    return (
        f"SELECT {head}count(*){columns} FROM ({rows.sql}) r "
        f"WHERE r.key >= %(low)s AND r.key < %(high)s{f' AND {where}' if where else ''}{tail}"
    )


def unfold(row: Sequence, figures: Sequence[Figure]) -> list[Folded]:
    """A row of `fold_sql` without its group, figure by figure."""
    return [Folded(row[0], *row[4 * i + 1 : 4 * i + 5]) for i in range(len(figures))]


def signed_parts_sql(f: Figure) -> str:
    """SELECT key, part for a figure that counts entities once: parts that add up in every subtree.

    Each place where the entity has rows brings 1. In the order of keys each place but the entity's first takes
    1 back at the lowest place above it and the one before: below that place the two are one.
    """
    where = f"WHERE {f.where}" if f.where else ""
    return f"""
        SELECT key, count(*)::bigint AS part FROM (
            SELECT DISTINCT r.key, {f.entity} AS entity FROM ({f.rows.sql}) r {where}) pair GROUP BY key
        UNION ALL
        SELECT {_meeting("key", "before")}, -count(*)::bigint FROM (
            SELECT key, lag(key) OVER (PARTITION BY entity ORDER BY key) AS before FROM (
                SELECT DISTINCT r.key, {f.entity} AS entity FROM ({f.rows.sql}) r {where}) pair
            ) pair WHERE before IS NOT NULL GROUP BY 1
    """


def _meeting(one: str, other: str) -> str:
    """SQL for the key of the lowest place above two different places, or the upper of the two."""
    lengths = range(STEP * (MAX_DEPTH - 1), STEP, -STEP)
    cases = " ".join(f"WHEN left({one}, {n}) = left({other}, {n}) THEN left({one}, {n})" for n in lengths)
    return f"CASE {cases} ELSE left({one}, {STEP}) END"


def parts_sql(rows: Rows, figures: Sequence[Figure], *, place: bool = False) -> str:
    """SELECT key, n, then four columns a figure, for every place with rows on %(day)s; sums of them are values.

    With `place` also the organization's id as the second column; NULL where only a correction lies.
    """
    group = "r.key, r.place" if place else "r.key"
    plain = "".join(
        f", {column} AS c{i}_{j}"
        for i, f in enumerate(figures)
        for j, column in enumerate(f.columns_sql())
        if not (f.entity and j == 0)
    )
    names = [[f"c{i}_{j}" for j in range(4)] for i in range(len(figures))]
    chosen = ", ".join(
        f"0::bigint AS c{i}_0" if f.entity and j == 0 else names[i][j]
        for i, f in enumerate(figures)
        for j in range(4)
    )
    first = f"SELECT key, {'place, ' if place else ''}n, {chosen} FROM (SELECT {group}, count(*) AS n{plain} FROM ({rows.sql}) r GROUP BY {group}) own"
    pieces = [first]
    for i, f in enumerate(figures):
        if f.entity:
            zeros = ", ".join(
                f"part AS c{i}_0"
                if (k, j) == (i, 0)
                else "NULL::bigint"
                if j == 1 and not figures[k].has_denominator
                else "0::bigint"
                for k in range(len(figures))
                for j in range(4)
            )
            pieces.append(
                f"SELECT key, {'NULL::bigint, ' if place else ''}0::bigint, {zeros} FROM ({signed_parts_sql(f)}) signed_{i}"
            )
    return " UNION ALL ".join(pieces)


def folded_sql(rows: Rows) -> str:
    """SELECT organization_id, level, n, four columns a figure, for every stored committee open on %(day)s.

    `n` of a figure that folds only what lies at the organization itself is the first of five columns then.
    """
    figures = rows.figures
    node, place = node_model()._meta.db_table, place_model()._meta.db_table
    names = ", ".join(f"c{i}_{j}" for i in range(len(figures)) for j in range(4))
    sums = "".join(f", {column}" for i, f in enumerate(figures) for column in _sums(i, f))
    return f"""
        WITH parts AS MATERIALIZED (
            SELECT * FROM ({parts_sql(rows, figures)}) parts(key, n, {names})
        ), nodes AS (
            SELECT p.organization_id, p.key, {node_model().level_sql.format(o="o")} AS level
            FROM {place} p JOIN {node} o ON o.id = p.organization_id
            WHERE p.during @> %(day)s AND o.kind = ANY(%(kinds)s)
        ), cut AS (
            SELECT left(parts.key, step) AS above, parts.*
            FROM parts, generate_series({STEP}, {STEP * MAX_DEPTH}, {STEP}) AS step
            WHERE length(parts.key) >= step
        )
        SELECT nodes.organization_id, nodes.level{sums}
        FROM nodes LEFT JOIN cut ON cut.above = nodes.key
        GROUP BY nodes.organization_id, nodes.level
    """


def _sums(i: int, f: Figure) -> list[str]:
    """The five columns of a figure over the cut parts: rows, numerator, denominator, listed, missing."""
    if f.levels == OWN:
        own = " FILTER (WHERE cut.key = nodes.key)"
        numerator = f"max(c{i}_0){own}" if f.amount else f"coalesce(sum(c{i}_0){own}, 0)"
        return [
            f"coalesce(sum(cut.n){own}, 0)",
            numerator,
            f"sum(c{i}_1){own}",
            f"coalesce(sum(c{i}_2){own}, 0)",
            f"coalesce(sum(c{i}_3){own}, 0)",
        ]
    denominator = f"coalesce(sum(c{i}_1), 0)" if f.has_denominator else "NULL::bigint"
    return [
        "coalesce(sum(cut.n), 0)",
        f"coalesce(sum(c{i}_0), 0)",
        denominator,
        f"coalesce(sum(c{i}_2), 0)",
        f"coalesce(sum(c{i}_3), 0)",
    ]
