"""Figures: warm, from cold, folded from rows, children, past days."""

import random
import time
from datetime import date, timedelta
from typing import Any

from django.db import connection

from baolei.kernel.figures.declare import FIGURES, row_sources
from baolei.kernel.figures.values import children, fold_sql, today, value, values
from baolei.kernel.models import StaleMark, StoredValue
from baolei.kernel.tree import upper
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from bench.measure import interleaved, median, seconds_of

TOWNSHIPS = 10
BROAD = 6
"""Besides the committees, this many organizations with the most children of the other kinds."""
PAST = date(2019, 6, 14)
"""A day without stored values: neither today nor the end of a year."""
MS = 1000


def top() -> Organization:
    return Organization.rows.get(parent=None)


def warm() -> list[dict[str, Any]]:
    """All figures of the top organization, stored, in a warm process."""
    read = {model for rows in row_sources() for model in rows.reads}
    if StaleMark.objects.filter(model__in=read).exists():
        raise RuntimeError("stored values are old: refold first")
    node, day, figures = top(), today(), list(FIGURES.values())
    values(figures, node, on=day)
    taken = [seconds_of(lambda: values(figures, node, on=day)) for _ in range(21)]
    stored = StoredValue.objects.count()
    return [
        {
            "name": "figures.warm",
            "value": median(taken),
            "note": f"{len(figures)} figures, {stored:,} stored values",
        }
    ]


def cold(code: str) -> float:
    """Seconds of one figure's first answer in this process, the connection's making included."""
    start = time.perf_counter()
    value(FIGURES[code], top(), on=today())
    return time.perf_counter() - start


def codes() -> list[str]:
    return list(FIGURES)


def unstored() -> list[dict[str, Any]]:
    """Each figure folded from its rows for the whole province, as on a day without stored values."""
    key, day = top().key, today()
    calls = {}
    for code, figure in FIGURES.items():
        statement = fold_sql(figure.rows, [figure])
        calls[code] = lambda statement=statement: _fetched(
            statement, {"day": day, "low": key, "high": upper(key)}
        )
    for rows in row_sources():
        statement = fold_sql(rows, rows.figures)
        calls[f"all of {rows.name} in one pass"] = lambda statement=statement: _fetched(
            statement, {"day": day, "low": key, "high": upper(key)}
        )
    taken = {code: median(times) for code, times in interleaved(calls, 5).items()}
    slowest = max((code for code in taken if code in FIGURES), key=taken.get)
    note = f"{slowest}; " + ", ".join(f"{code} {seconds:.2f}" for code, seconds in taken.items())
    return [{"name": "figures.unstored", "value": taken[slowest], "note": note}]


def of_children() -> list[dict[str, Any]]:
    """The slowest answer for all children, over figures and organizations of every kind."""
    day, slowest, asked = today(), (0.0, ""), 0
    for node in _parents():
        for figure in FIGURES.values():
            calls = {"it": lambda node=node, figure=figure: children(figure, node, on=day)}
            seconds = median(interleaved(calls, 3)["it"])
            if seconds * MS > 50:  # a busy moment, or really slow: ask longer
                seconds = median(interleaved(calls, 9)["it"])
            slowest = max(slowest, (seconds, f"{figure.code} in {node.short_name}"))
            asked += 1
    note = f"{slowest[1]}; {asked:,} pairs of organization and figure"
    return [{"name": "figures.children", "value": slowest[0] * MS, "note": note}]


def _parents() -> list[Organization]:
    """The province, all local committees, some townships, and the broadest of each other kind."""
    rows = Organization.rows.filter(closed_on=None)
    found = list(rows.filter(kind=Kind.LOCAL_COMMITTEE).order_by("key"))
    townships = list(rows.filter(kind=Kind.TOWNSHIP_COMMITTEE).order_by("key"))
    found += random.Random(22).sample(townships, min(TOWNSHIPS, len(townships)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT p.id, row_number() OVER (PARTITION BY p.kind ORDER BY count(*) DESC, p.id) AS n"
            " FROM organizations_organization p JOIN organizations_organization c ON c.parent_id = p.id"
            " WHERE p.closed_on IS NULL AND c.closed_on IS NULL GROUP BY p.id) broad WHERE n <= %s",
            [BROAD],
        )
        broad = [pk for (pk,) in cursor.fetchall()]
    known = {node.pk for node in found}
    return found + [node for node in rows.filter(pk__in=broad).order_by("key") if node.pk not in known]


def past() -> list[dict[str, Any]]:
    """The number of members on a past day: the whole, and the largest local committee without a lower one."""
    members, whole, county = FIGURES["members.total"], top(), largest_county()
    calls = {
        "province": lambda: value(members, whole, on=PAST),
        "county": lambda: value(members, county, on=PAST + timedelta(days=1)),
    }
    taken = interleaved(calls, 7)
    return [
        {"name": "figures.past.province", "value": median(taken["province"]) * MS, "note": f"{PAST}"},
        {"name": "figures.past.county", "value": median(taken["county"]) * MS, "note": county.short_name},
    ]


def past_all() -> list[dict[str, Any]]:
    """All figures of the whole on a day without stored values, one source of rows after the other."""
    figures, node, taken = list(FIGURES.values()), top(), []
    for days in range(3):
        day = PAST + timedelta(days=2 + days)
        taken.append(seconds_of(lambda day=day: values(figures, node, on=day)))
    each = {
        rows.name: seconds_of(lambda rows=rows: values(rows.figures, node, on=PAST + timedelta(days=5)))
        for rows in row_sources()
    }
    slowest = sorted(each, key=each.get, reverse=True)[:5]
    note = f"{len(figures)} figures; " + ", ".join(f"{name} {each[name]:.2f}" for name in slowest)
    return [{"name": "figures.past.all", "value": median(taken), "note": note}]


def largest_county() -> Organization:
    """The county-level committee with most members below it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id FROM organizations_organization o JOIN members_member m"
            " ON m.branch_key >= o.key AND m.branch_key < o.key || '~'"
            " WHERE o.kind = %s AND o.closed_on IS NULL AND right(o.region_code, 2) <> '00'"
            " GROUP BY o.id ORDER BY count(*) DESC LIMIT 1",
            [Kind.LOCAL_COMMITTEE],
        )
        return Organization.rows.get(pk=cursor.fetchone()[0])


def _fetched(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.fetchall()
