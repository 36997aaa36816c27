"""The value of figures for an organization and its children, on any day.

Today's value of a committee of township level or above comes from its stored value; everything else is
folded from the rows. `exact=True` never takes a stored value that is older than the last change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from baolei.kernel.figures.declare import ALL, OWN, Figure
from baolei.kernel.figures.folding import NOTHING, Folded, fold_sql, unfold
from baolei.kernel.models import StaleMark, StoredValue
from baolei.kernel.tree import (
    DIGITS,
    STEP,
    ancestors,
    below,
    is_below,
    node_model,
    place_key,
    place_model,
    upper,
)

OK, NO_CASES, NOT_OPEN = "ok", "no_cases", "not_open"
NOT_APPLICABLE, INCOMPLETE = "not_applicable", "incomplete"


class FutureDay(ValueError):
    """A figure was asked for a day that has not come."""


@dataclass(frozen=True)
class Value:
    """A figure's value. `listed` is the number of rows that the page lists behind it; `old` says that rows have
    changed since `computed_at` and are not in it yet. Status as in reading A4: a value stands with OK and
    INCOMPLETE only."""

    figure: Figure
    organization_id: int
    as_of: date
    numerator: int | Decimal | None
    denominator: int | Decimal | None
    status: str = OK
    listed: int = 0
    computed_at: datetime | None = None
    old: bool = False

    @property
    def value(self) -> Any:
        return self.figure.value(self.numerator, self.denominator)

    @property
    def rows(self) -> int:
        """The number of rows that the page lists behind the value."""
        return self.listed


def today() -> date:
    """The day in the province's time zone."""
    return timezone.localdate()


def year_ends(until: date) -> list[date]:
    """31 December of each year answered from complete records, up to `until`."""
    ends = (date(year, 12, 31) for year in range(settings.BAOLEI_FIRST_YEAR, until.year + 1))
    return [day for day in ends if day <= until]


def values(figures: Sequence[Figure], node: models.Model, *, on: date, exact: bool = False) -> list[Value]:
    """The values of several figures for one organization on a day.

    Raises FutureDay. An organization that was not open on the day has no value (status not_open), and one of
    another level than the figure's neither (not_applicable).
    """
    if on > today():
        raise FutureDay(f"{on:%Y-%m-%d} 还没有到")
    key = place_key(node.pk, on=on)
    if key is None:
        return [_without(f, node.pk, on, NOT_OPEN) for f in figures]
    found = {
        f.code: _without(f, node.pk, on, NOT_APPLICABLE) for f in figures if not f.applies_to(node.level)
    }
    found |= _stored([f for f in figures if f.code not in found], node, on, exact=exact)
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
    places = [p for p in places if figure.applies_to(p.organization.level)]
    found = _by_prefix(figure, key, len(key) + STEP, on, {p.organization_id: p.key for p in places})
    made = [
        Child(p.organization, p.key, replace(v, organization_id=p.organization_id))
        for p in places
        for v in [found.get(p.key) or _valued(figure, 0, on, NOTHING)]
        if p.organization.kind not in node_model().without_relations or v.numerator or v.denominator
    ]
    own = found.get(key)
    if own and figure.levels == ALL and (own.numerator or own.denominator):
        made.append(Child(None, key, replace(own, organization_id=node.pk)))
    return made


def by_level(
    figure: Figure, key: str, length: int, *, on: date, places: Mapping[int, str] | None = None
) -> dict[str, Value]:
    """The figure for every place of one level below `key` on that day, by place key (for the tile map).

    `places`, organization -> place key, names the only ones wanted: their stored values then answer.
    """
    found = _by_prefix(figure, key, length, on, places)
    return {k: v for k, v in found.items() if len(k) == length}


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


def _live(figures: Sequence[Figure], node_id: int, key: str, on: date) -> Iterable[Value]:
    for (rows, own), asked in _in_passes(figures).items():
        with connection.cursor() as cursor:
            cursor.execute(fold_sql(rows, asked), {"day": on, "low": key, "high": _end(key, own=own)})
            folded = unfold(cursor.fetchone(), asked)
        for f, one in zip(asked, folded, strict=True):
            yield _valued(f, node_id, on, one)


def _in_passes(figures: Sequence[Figure]) -> dict[tuple, list[Figure]]:
    """Figures that one pass over the same rows folds: those of the organization itself apart."""
    passes: dict[tuple, list[Figure]] = {}
    for f in figures:
        passes.setdefault((f.rows, f.levels == OWN), []).append(f)
    return passes


def _without(f: Figure, node_id: int, on: date, status: str) -> Value:
    return Value(f, node_id, on, None, None, status=status)


def status_of(f: Figure, folded: Folded) -> str:
    """The status of a folded value (A4)."""
    if f.levels == OWN and not f.zero and (not folded.rows or folded.numerator is None):
        return NOT_APPLICABLE
    if f.has_denominator and not folded.denominator:
        return NO_CASES
    return INCOMPLETE if folded.missing else OK


def _valued(f: Figure, node_id: int, on: date, folded: Folded) -> Value:
    status = status_of(f, folded)
    if status == NOT_APPLICABLE:
        return _without(f, node_id, on, status)
    return Value(
        f,
        node_id,
        on,
        folded.numerator,
        folded.denominator if f.has_denominator else None,
        status=status,
        listed=folded.listed,
        computed_at=timezone.now(),
    )


def _by_prefix(
    figure: Figure, key: str, length: int, on: date, places: Mapping[int, str] | None
) -> dict[str, Value]:
    """Key cut to `length` -> value; only those of `places` and `key` itself where these are given."""
    if places and _is_stored(on):
        pieces = _in_pieces(figure, key, on, places)
        if pieces is not None:
            return pieces
    # Of a figure that folds only what lies at the organization itself, what lies deeper is nobody's.
    where = f"length(r.key) <= {int(length)}" if figure.levels == OWN else ""
    sql = fold_sql(figure.rows, [figure], group=f"left(r.key, {int(length)})", where=where)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": on, "low": key, "high": upper(key)})
        return {k: _valued(figure, 0, on, unfold(row, [figure])[0]) for k, *row in cursor.fetchall()}


PIECES = 16
"""Places that are folded one by one beside stored ones; with more, one pass over everything is quicker."""


def _in_pieces(figure: Figure, key: str, on: date, places: Mapping[int, str]) -> dict[str, Value] | None:
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
    found = {places[i]: _from_row(figure, row) for i, row in fresh.items()}
    apart = places.keys() - fresh.keys()
    # Of a range with one key the planner knows how few rows there are, of a subtree it does not.
    parents = set(
        place_model()._default_manager.filter(parent_id__in=apart).values_list("parent_id", flat=True)
    )
    for i in apart:
        found[places[i]] = _folded(figure, on, places[i], own=figure.levels == OWN or i not in parents)
    found[key] = _folded(figure, on, key, own=True)
    return found


def _end(key: str, *, own: bool) -> str:
    """The first key behind the rows of a place and of all below it, or of the place alone with `own`.

    Nothing sorts between a key and the keys below it.
    """
    return key + DIGITS[0] if own else upper(key)


def _folded(figure: Figure, on: date, key: str, *, own: bool) -> Value:
    """The value of the rows at a place and below it, or of the place alone with `own`."""
    with connection.cursor() as cursor:
        range_ = {"day": on, "low": key, "high": _end(key, own=own)}
        cursor.execute(fold_sql(figure.rows, [figure]), range_)
        return _valued(figure, 0, on, unfold(cursor.fetchone(), [figure])[0])


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
    changed = set(_marks_at(node.key, on).values_list("model", flat=True).distinct())
    marked = {f.code: not changed.isdisjoint(f.rows.reads) for f in figures}
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
    return Value(
        figure,
        row.organization_id,
        row.day,
        _number(row.numerator),
        _number(row.denominator),
        row.status,
        row.listed,
        row.computed_at,
    )


def _number(stored: Decimal | None) -> int | Decimal | None:
    """Whole numbers as int: what is counted is not shown as 3.000000."""
    return int(stored) if stored is not None and stored == stored.to_integral_value() else stored


def _marks(figure: Figure, key: str, on: date) -> models.QuerySet[StaleMark]:
    """Marks since the last refolding that make the figure's value at this place old."""
    return _marks_at(key, on).filter(model__in=figure.rows.reads)


def _marks_at(key: str, on: date) -> models.QuerySet[StaleMark]:
    """Today: the marks below, at or above the place. On a past day any mark, since a late entry changes the
    place where the row lay then, and marks lie at the places of today."""
    marks = StaleMark.objects.all()
    return marks.filter(below(key) | Q(key__in=ancestors(key))) if on == today() else marks
