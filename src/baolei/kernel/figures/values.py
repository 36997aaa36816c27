"""The value of figures for an organization and its children, on any day.

Today's value of a committee of township level or above comes from its stored value; everything else is
folded from the rows. `exact=True` never takes a stored value that is older than the last change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from baolei.kernel.figures.declare import Figure, Rows
from baolei.kernel.models import StaleMark, StoredValue
from baolei.kernel.tree import DIGITS, ancestors, below, is_below, node_model, place_key, place_model, upper

OK, NO_CASES, NOT_OPEN = "ok", "no_cases", "not_open"


class FutureDay(ValueError):
    """A figure was asked for a day that has not come."""


@dataclass(frozen=True)
class Value:
    """A figure's value. `old` says that rows have changed since `computed_at` and are not in it yet."""

    figure: Figure
    organization_id: int
    as_of: date
    numerator: int | None
    denominator: int | None
    status: str = OK
    computed_at: datetime | None = None
    old: bool = False

    @property
    def value(self) -> Any:
        return self.figure.value(self.numerator, self.denominator)

    @property
    def rows(self) -> int:
        """The number of rows that the page lists behind the value."""
        return (self.denominator if self.figure.is_share else self.numerator) or 0


def today() -> date:
    """The day in the province's time zone."""
    return timezone.localdate()


def year_ends(until: date) -> list[date]:
    """31 December of each year answered from complete records, up to `until`."""
    ends = (date(year, 12, 31) for year in range(settings.BAOLEI_FIRST_YEAR, until.year + 1))
    return [day for day in ends if day <= until]


def values(figures: Sequence[Figure], node: models.Model, *, on: date, exact: bool = False) -> list[Value]:
    """The values of several figures for one organization on a day.

    Raises FutureDay. An organization that was not open on the day has no value (status not_open).
    """
    if on > today():
        raise FutureDay(f"{on:%Y-%m-%d} 还没有到")
    key = place_key(node.pk, on=on)
    if key is None:
        return _not_open(figures, node.pk, on)
    found = _stored(figures, node, on, exact=exact)
    missing = [f for f in figures if f.code not in found]
    for value in _live(missing, node.pk, key, on):
        found[value.figure.code] = value
    return [found[f.code] for f in figures]


def value(figure: Figure, node: models.Model, *, on: date, exact: bool = False) -> Value:
    """The value of one figure; see `values`."""
    return values([figure], node, on=on, exact=exact)[0]


@dataclass(frozen=True)
class Child:
    """A child of an organization on a day, with its value; `node` None stands for the rows at the parent itself."""

    node: models.Model | None
    key: str
    value: Value


def children(figure: Figure, node: models.Model, *, on: date) -> list[Child]:
    """The same figure for all children on that day, in division order (G-24), then the parent's own rows.

    Children of a kind that holds no formal relations stand only where they have rows. An empty list when the
    organization was not open or has no children.
    """
    key = place_key(node.pk, on=on)
    if key is None:
        return []
    places = list(
        place_model()
        ._default_manager.filter(below(key), parent_id=node.pk, during__contains=on)
        .select_related("organization")
        .order_by("key")
    )
    if not places:
        return []
    folded = _by_prefix(figure, key, len(places[0].key), on, {p.organization_id: p.key for p in places})
    made = [
        Child(
            p.organization,
            p.key,
            _child_value(figure, p.organization_id, on, folded.get(p.key)),
        )
        for p in places
        if p.organization.kind not in node_model().without_relations or any(folded.get(p.key, ()))
    ]
    own = folded.get(key)
    if own and (own[0] or own[1]):
        made.append(Child(None, key, _child_value(figure, node.pk, on, own)))
    return made


def by_level(
    figure: Figure, key: str, length: int, *, on: date, places: Mapping[int, str] | None = None
) -> dict[str, Value]:
    """The figure for every place of one level below `key` on that day, by place key (for the tile map).

    `places`, organization -> place key, names the only ones wanted: their stored values then answer.
    """
    folded = _by_prefix(figure, key, length, on, places)
    return {k: _child_value(figure, 0, on, pair) for k, pair in folded.items() if len(k) == length}


def trend(figure: Figure, node: models.Model, *, until: date) -> list[Value]:
    """The values at the year ends up to `until`, and at `until` itself."""
    days = [*year_ends(until), until]
    stored = {row.day: row for row in _stored_rows([figure], node.pk).filter(day__in=days)}
    points = []
    for day in dict.fromkeys(days):
        if day in stored:
            points.append(_from_row(figure, stored[day]))
        else:
            points.append(value(figure, node, on=day))
    return [p for p in points if p.status != NOT_OPEN]


def fold_sql(rows: Rows, figures: Iterable[Figure], *, group: str = "") -> str:
    """One pass over the rows between %(low)s and %(high)s: count(*), then each figure's numerator."""
    numerators = "".join(f", {f.fold_sql()}" for f in figures)
    head = f"{group}, " if group else ""
    tail = f" GROUP BY {group}" if group else ""
    return (
        f"SELECT {head}count(*){numerators} FROM ({rows.sql}) r "
        f"WHERE r.key >= %(low)s AND r.key < %(high)s{tail}"
    )


def _live(figures: Sequence[Figure], node_id: int, key: str, on: date) -> Iterable[Value]:
    for rows in dict.fromkeys(f.rows for f in figures):
        asked = [f for f in figures if f.rows is rows]
        with connection.cursor() as cursor:
            cursor.execute(fold_sql(rows, asked), {"day": on, "low": key, "high": upper(key)})
            total, *numerators = cursor.fetchone()
        for f, numerator in zip(asked, numerators, strict=True):
            yield _child_value(f, node_id, on, (total, numerator))


def _not_open(figures: Sequence[Figure], node_id: int, on: date) -> list[Value]:
    return [Value(f, node_id, on, None, None, status=NOT_OPEN) for f in figures]


def _child_value(figure: Figure, node_id: int, on: date, pair: tuple[int, int] | None) -> Value:
    total, numerator = pair or (0, 0)
    denominator = total if figure.is_share else None
    status = NO_CASES if figure.is_share and not total else OK
    return Value(
        figure,
        node_id,
        on,
        numerator,
        denominator,
        status=status,
        computed_at=timezone.now(),
    )


def _by_prefix(
    figure: Figure, key: str, length: int, on: date, places: Mapping[int, str] | None
) -> dict[str, tuple[int, int]]:
    """Key cut to `length` -> (rows, numerator); only those of `places` and `key` itself where these are given."""
    if places and _is_stored(on):
        pieces = _in_pieces(figure, key, on, places)
        if pieces is not None:
            return pieces
    sql = fold_sql(figure.rows, [figure], group=f"left(r.key, {int(length)})")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": on, "low": key, "high": upper(key)})
        return {k: (total, numerator) for k, total, numerator in cursor.fetchall()}


PIECES = 16
"""Places that are folded one by one beside stored ones; with more, one pass over everything is quicker."""


def _in_pieces(
    figure: Figure, key: str, on: date, places: Mapping[int, str]
) -> dict[str, tuple[int, int]] | None:
    """Fresh stored values where there are any, the other places folded one by one; None when those are too many."""
    # Marks first: what a refolding removes in between is in the stored values read after it.
    marks = list(_marks(figure, key, on).values_list("key", flat=True).distinct()[: 2 * PIECES])
    if len(marks) == 2 * PIECES or any(on != today() or is_below(key, mark) for mark in marks):
        return None
    rows = StoredValue.objects.filter(figure=figure.code, organization_id__in=list(places), day=on)
    stored = {row.organization_id: row for row in rows}
    if not stored or len(places) - len(stored) > PIECES:
        return None
    fresh = {i: row for i, row in stored.items() if not any(is_below(mark, places[i]) for mark in marks)}
    if len(places) - len(fresh) > PIECES:
        return None
    pairs = {
        places[i]: (int(r.denominator or r.numerator or 0), int(r.numerator or 0)) for i, r in fresh.items()
    }
    for i in places.keys() - fresh.keys():
        pairs[places[i]] = _folded(figure, on, places[i], upper(places[i]))
    # Nothing sorts between a key and the keys below it: the rows at the place itself.
    pairs[key] = _folded(figure, on, key, key + DIGITS[0])
    return pairs


def _folded(figure: Figure, on: date, low: str, high: str) -> tuple[int, int]:
    """(rows, numerator) of the rows between two keys."""
    with connection.cursor() as cursor:
        cursor.execute(fold_sql(figure.rows, [figure]), {"day": on, "low": low, "high": high})
        return cursor.fetchone()


def _stored_rows(figures: Sequence[Figure], node_id: int):
    return StoredValue.objects.filter(figure__in=[f.code for f in figures], organization_id=node_id)


def _is_stored(on: date) -> bool:
    """True for the days whose values are kept: today and the year ends."""
    return on == today() or (on.month, on.day) == (12, 31)


def _stored(figures: Sequence[Figure], node: models.Model, on: date, *, exact: bool) -> dict[str, Value]:
    """Stored values by figure code: of the day; or, for today before the job has run, of the last day stored.

    With `exact`, values older than the last change are left out.
    """
    if not _is_stored(on):
        return {}
    # Marks first: what a refolding removes in between is in the stored values read after it.
    marked = {f.code: _marks(f, node.key, on).exists() for f in figures}
    may_be_older = on == today() and not exact
    days = Q(day__lte=on) if may_be_older else Q(day=on)
    rows = {row.figure: row for row in _stored_rows(figures, node.pk).filter(days).order_by("day")}
    found = {}
    for f in figures:
        row = rows.get(f.code)
        if row is None or (exact and marked[f.code]):
            continue
        found[f.code] = replace(_from_row(f, row), as_of=on, old=row.day != on or marked[f.code])
    return found


def _from_row(figure: Figure, row: StoredValue) -> Value:
    numerator = None if row.numerator is None else int(row.numerator)
    denominator = None if row.denominator is None else int(row.denominator)
    return Value(
        figure,
        row.organization_id,
        row.day,
        numerator,
        denominator,
        row.status,
        row.computed_at,
    )


def _marks(figure: Figure, key: str, on: date) -> models.QuerySet[StaleMark]:
    """Marks since the last refolding that make the value at this place old.

    Today: those below, at or above the place. On a past day any mark of a table that the figure reads, since a
    late entry changes the place where the row lay then, and marks lie at the places of today.
    """
    marks = StaleMark.objects.filter(model__in=figure.rows.reads)
    return marks.filter(below(key) | Q(key__in=ancestors(key))) if on == today() else marks
