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
    if not f.rows.unplaced:
        pairs = f"SELECT DISTINCT r.key, {f.entity} AS entity FROM ({f.rows.sql}) r {where}"
        return f"WITH many AS ({pairs}) {_corrected()}"
    # Most have rows at one place only: these are counted by place, and the order of keys is asked of the others.
    entities = f"SELECT r.place, {f.entity} AS entity FROM ({f.rows.unplaced}) r {where}"
    return f"""
        WITH places AS MATERIALIZED (
            SELECT entity, min(place) AS place, max(place) AS last FROM ({entities}) r GROUP BY entity
        ), many AS MATERIALIZED (
            SELECT DISTINCT p.key, r.entity FROM ({entities}) r
            JOIN (SELECT entity FROM places WHERE place < last) m ON m.entity = r.entity
            JOIN standing p ON p.organization_id = r.place
        )
        SELECT p.key, one.part FROM (
            SELECT place, count(*)::bigint AS part FROM places WHERE place = last GROUP BY place) one
        JOIN standing p ON p.organization_id = one.place
        UNION ALL {_corrected()}
    """


def _corrected() -> str:
    """The parts of the pairs (key, entity) in `many`."""
    return f"""
        SELECT key, count(*)::bigint AS part FROM many GROUP BY key
        UNION ALL
        SELECT {_meeting("key", "before")}, -count(*)::bigint FROM (
            SELECT key, lag(key) OVER (PARTITION BY entity ORDER BY key) AS before FROM many) pair
        WHERE before IS NOT NULL GROUP BY 1
    """


def _meeting(one: str, other: str) -> str:
    """SQL for the key of the lowest place above two different places, or the upper of the two."""
    lengths = range(STEP * (MAX_DEPTH - 1), STEP, -STEP)
    cases = " ".join(f"WHEN left({one}, {n}) = left({other}, {n}) THEN left({one}, {n})" for n in lengths)
    return f"CASE {cases} ELSE left({one}, {STEP}) END"


def parts_sql(rows: Rows, figures: Sequence[Figure]) -> str:
    """SELECT key, n, then four columns a figure, for every place with rows on %(day)s; sums of them are values."""
    plain = "".join(
        f", {column} AS c{i}_{j}"
        for i, f in enumerate(figures)
        for j, column in enumerate(f.columns_sql())
        if not (f.entity and j == 0)
    )
    chosen = ", ".join(
        f"0::bigint AS c{i}_0" if f.entity and j == 0 else f"c{i}_{j}"
        for i, f in enumerate(figures)
        for j in range(4)
    )
    if rows.unplaced:
        own = f"""(SELECT r.place, count(*) AS n{plain} FROM ({rows.unplaced}) r GROUP BY r.place) own
            JOIN standing p ON p.organization_id = own.place"""
    else:
        own = f"(SELECT r.key, count(*) AS n{plain} FROM ({rows.sql}) r GROUP BY r.key) own"
    pieces = [f"SELECT key, n, {chosen} FROM {own}"]
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
            pieces.append(f"SELECT key, 0::bigint, {zeros} FROM ({signed_parts_sql(f)}) signed_{i}")
    parts = " UNION ALL ".join(pieces)
    if not rows.unplaced:
        return parts
    return f"""WITH standing AS MATERIALIZED (
        SELECT organization_id, key FROM {rows.stands} WHERE during @> %(day)s) {parts}"""


def folded_sql(rows: Rows) -> str:
    """SELECT organization_id, level, then five columns a figure (the number of rows first), for every stored
    committee open on %(day)s."""
    figures = rows.figures
    node, place = node_model()._meta.db_table, place_model()._meta.db_table
    names = ", ".join(f"c{i}_{j}" for i in range(len(figures)) for j in range(4))
    gathered = ", ".join(
        f"{'max' if f.levels == OWN and f.amount and j == 0 else 'sum'}(c{i}_{j}) AS c{i}_{j}"
        for i, f in enumerate(figures)
        for j in range(4)
    )
    sums = "".join(f", {column}" for i, f in enumerate(figures) for column in _sums(i, f))
    return f"""
        WITH nodes AS MATERIALIZED (
            SELECT p.organization_id, p.key, {node_model().level_sql.format(o="o")} AS level
            FROM {place} p JOIN {node} o ON o.id = p.organization_id
            WHERE p.during @> %(day)s AND o.kind = ANY(%(kinds)s)
        ), deepest AS MATERIALIZED (
            SELECT max(length(key)) AS length FROM nodes
        ), parts AS MATERIALIZED (
            -- Of what lies deeper than any stored committee only the beginning of the key matters.
            SELECT left(part.key, deepest.length) AS key, length(part.key) <= deepest.length AS is_whole,
                sum(part.n) AS n, {gathered}
            FROM ({parts_sql(rows, figures)}) part(key, n, {names}), deepest GROUP BY 1, 2
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
        own = " FILTER (WHERE cut.is_whole AND cut.key = nodes.key)"
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
