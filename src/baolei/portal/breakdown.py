"""A released figure by place: the cells of prefectures and counties, with those hidden that are too small.

What is hidden depends on everything that was ever told over the same rows and day, whichever organization told it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from baolei.portal.lookback.facts import frozen_fact
from baolei.portal.models import EditionFigure, EditionPlace, plain, ratio_or_count
from baolei.portal.places import is_public, keys_on
from baolei.portal.queries import told_over_its_rows
from baolei.portal.suppression import Cell, Telling, admits, judge

REST = "~"
"""Ends the key of the cell for what lies at a place itself, not in one of the places named below it."""


@dataclass(frozen=True)
class Line:
    """A place of the breakdown; `name` None is the rest of the place above. Hidden cells have no numbers."""

    key: str
    name: str | None
    region_code: str
    depth: int
    is_hidden: bool
    numerator: int | None = None
    denominator: int | None = None
    value: object = None


def breakdown(figure: EditionFigure) -> list[Line]:
    """The places below, in division order, no deeper than the figure's public level.

    Empty without any, and for a figure that its edition does not tell.
    """
    told = _told(figure)
    if figure not in told:
        return []
    at, tellings = told.index(figure), _tellings(told, figure)
    cells = tellings[at].cells
    if len(cells) < 2:
        return []
    gone = judge(tellings)[at]
    places = _named(figure, _places([figure])[figure.edition_id])
    names = {place.key: place for place in places}
    top = tellings[at].top
    lines = []
    # The rest of a place stands behind its children: '~' sorts after every digit and letter.
    for key in sorted(cells):
        if key == top:
            continue
        place, cell = names.get(key), cells[key]
        depth = _depth(cells, key)
        common = {"key": key, "name": place and place.name, "region_code": place.region_code if place else ""}
        if key in gone:
            lines.append(Line(**common, depth=depth, is_hidden=True))
        elif place is not None or cell.total:
            value = ratio_or_count(cell.numerator, cell.denominator, figure)
            lines.append(
                Line(**common, depth=depth, is_hidden=False, numerator=plain(cell.numerator),
                     denominator=plain(cell.denominator), value=value)
            )  # fmt: skip
    return lines


def may_be_told(figure: EditionFigure) -> bool:
    """True when telling the figure of a draft gives away nothing that editions hide (G-05)."""
    told = [*_told(figure), figure]
    if len(told) == 1:
        return True
    *before, new = _tellings(told, figure)
    return admits(before, new)


def _told(figure: EditionFigure) -> list[EditionFigure]:
    """What each edition tells over the rows, in the order of release: the figure itself where it does."""
    found: dict[int, EditionFigure] = {}
    for row in told_over_its_rows(figure):
        if frozen_fact(row).is_told and (row.edition_id not in found or _is_same(row, figure)):
            found[row.edition_id] = row
    return list(found.values())


def _is_same(row: EditionFigure, figure: EditionFigure) -> bool:
    return row.code == figure.code and row.is_share == figure.is_share


def _tellings(told: Sequence[EditionFigure], figure: EditionFigure) -> list[Telling]:
    """The cells of each row as far as its edition shows any: the whole only, where it holds no parts."""
    places = _places(told)
    named = {row.pk: _named(row, places[row.edition_id]) for row in told}
    longest = max(len(place.key) for found in named.values() for place in found)
    sums = _sums([row for row in told if row.with_parts], longest)
    keys = keys_on(figure.as_of, [row.edition.organization_id for row in told if not row.with_parts])
    made = []
    for row in told:
        if row.with_parts:
            cells = _cells(row, [place.key for place in named[row.pk]], sums[row.pk])
        else:
            # The places are those of the last day; the organization may have lain elsewhere before.
            key = keys.get(row.edition.organization_id, named[row.pk][0].key)
            cells = {key: _cell(row, [row.numerator, row.denominator], None)}
        made.append(Telling(cells, same=_is_same(row, figure)))
    return made


def _places(rows: Sequence[EditionFigure]) -> dict[int, list[EditionPlace]]:
    """Edition -> its organization itself, then the places below."""
    found = defaultdict(list)
    for place in EditionPlace.objects.filter(edition_id__in=[row.edition_id for row in rows]).order_by("key"):
        found[place.edition_id].append(place)
    return found


def _named(row: EditionFigure, places: Sequence[EditionPlace]) -> list[EditionPlace]:
    """The organization itself, and the places below that the figure may name."""
    return [*places[:1], *(place for place in places[1:] if is_public(row.public, place.level))]


def _cells(row: EditionFigure, keys: Sequence[str], parts: Sequence[tuple]) -> dict[str, Cell]:
    """Sums over the parts: each place, and the rest of each place that has others named below it."""
    parents = {key: _above(key, keys) for key in keys}
    branching = set(parents.values())
    sums = {key: [0, 0] for key in keys}
    # What lies at a place itself cannot be told from what is counted in several places below it.
    rests = {key + REST: [0, 0] for key in keys if key in branching and row.adds_up}
    for prefix, numerator, denominator in parts:
        own = key = prefix if prefix in sums else _above(prefix, keys)
        while key is not None:
            _add(sums[key], numerator, denominator)
            key = parents[key]
        if own + REST in rests:
            _add(rests[own + REST], numerator, denominator)
    cells = {key: _cell(row, pair, parents[key]) for key, pair in sums.items()}
    return cells | {key: _cell(row, pair, key.removesuffix(REST)) for key, pair in rests.items()}


def _sums(rows: Sequence[EditionFigure], length: int) -> dict[int, list[tuple]]:
    """Figure -> (key cut to `length`, numerator, denominator), summed over the parts."""
    found = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT figure_id, left(key, %s) AS prefix, sum(numerator), coalesce(sum(denominator), 0) "
            "FROM portal_editionpart WHERE figure_id = ANY(%s) GROUP BY figure_id, prefix",
            [length, [row.pk for row in rows]],
        )
        for figure_id, *part in cursor.fetchall():
            found[figure_id].append(part)
    return found


def _above(key: str, keys: Sequence[str]) -> str | None:
    return max((k for k in keys if k != key and key.startswith(k)), key=len, default=None)


def _depth(cells: dict[str, Cell], key: str) -> int:
    depth, above = 0, cells[key].parent
    while (above := cells[above].parent) is not None:
        depth += 1
    return depth


def _add(pair: list, numerator, denominator) -> None:
    pair[0] += numerator
    pair[1] += denominator


def _cell(figure: EditionFigure, pair: list, parent: str | None) -> Cell:
    return Cell(pair[0], pair[1] if figure.is_share else None, parent)
