"""The rows behind a figure: the records of that day, within reach on that day (D15)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models

from baolei.kernel.access import Actor
from baolei.kernel.figures.access import Can
from baolei.kernel.figures.declare import OWN, Column, Figure
from baolei.kernel.figures.reach import tops_on
from baolei.kernel.tree import is_below, place_key, upper

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of rows: dictionaries by column name, and the position after the last one, if more follow."""

    rows: list[dict[str, Any]]
    after: str | None


def page(
    figure: Figure,
    node: models.Model,
    *,
    on: date,
    actor: Actor,
    after: str = "",
    size: int = PAGE,
) -> Page:
    """The rows behind the figure's value in the order of the tree, then of the record.

    `after` is the position that the page before ended with. A row carries `linked` when its subject lies in
    the actor's reach today, and `met` when it counts in a share's numerator. Raises ValueError for a position
    that this list never gave.
    """
    key = place_key(node.pk, on=on)
    reach = tops_on(actor, figure.may_list or Can.ROWS, on)
    tops = [] if key is None else [max(key, top) for top in reach if _overlap(key, top)]
    if not tops:
        return Page([], None)
    after_key, after_id = _position(after)
    names = [c.name for c in figure.rows.columns]
    columns = ", ".join(f"{c.sql} AS {c.name}" for c in figure.rows.columns)
    met = f", ({figure.met}) AS met" if figure.is_share else ""
    ranges = " OR ".join(f"(r.key >= %(low{i})s AND r.key < %(high{i})s)" for i in range(len(tops)))
    folded = "".join(f" AND ({condition})" for condition in (figure.where, figure.listed) if condition)
    if figure.levels == OWN:
        folded += " AND r.key = %(own)s"
    sql = f"""
        SELECT {columns}{met} FROM ({figure.rows.sql}) r {figure.rows.behind}
        WHERE ({ranges}){folded}
          AND r.key >= %(after_key)s AND (r.key, r.subject) > (%(after_key)s, %(after_id)s)
        ORDER BY r.key, r.subject LIMIT %(size)s
    """
    limits = {f"low{i}": top for i, top in enumerate(tops)} | {
        f"high{i}": upper(t) for i, t in enumerate(tops)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            limits
            | {
                "day": on,
                "after_key": after_key,
                "after_id": after_id,
                "size": size + 1,
                "own": key,
            },
        )
        found = [
            dict(zip([*names, *(["met"] if met else [])], row, strict=True)) for row in cursor.fetchall()
        ]
    more = found[size:]
    found = found[:size]
    for row in found:
        row["linked"] = any(is_below(row["today_key"], top) for top in actor.reach.keys(Can.ROWS)) or (
            actor.reach.everywhere
        )
    return Page(found, f"{found[-1]['key']}-{found[-1]['subject']}" if more else None)


def shown(figure: Figure) -> list[Column]:
    """The columns that a page shows."""
    return [c for c in figure.rows.columns if c.heading]


def _overlap(key: str, top: str) -> bool:
    return is_below(key, top) or is_below(top, key)


def _position(after: str) -> tuple[str, int]:
    if not after:
        return "", 0
    key, _, number = after.rpartition("-")
    if not key.isalnum() or not number.isdigit():
        raise ValueError("翻页位置不对")
    return key, int(number)
