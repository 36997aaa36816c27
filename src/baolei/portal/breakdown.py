"""A released figure by place: the cells of prefectures and counties, with those hidden that are too small."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from baolei.portal.models import EditionFigure, EditionPlace, plain, share_or_count
from baolei.portal.places import is_public
from baolei.portal.queries import told_twins
from baolei.portal.suppression import Cell, hidden

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
    """The places below, in division order, no deeper than the figure's public level; empty without any."""
    places = _places(figure)
    if len(places) < 2:
        return []
    twins = told_twins(figure).exclude(pk=figure.pk).filter(with_parts=True, is_share=figure.is_share)
    cells = _cells(figure, places)
    told = [found for twin in twins if (found := _cells(twin, _places(twin)))]
    gone = hidden(cells, told)
    names = {place.key: place for place in places}
    top = places[0].key
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
            value = share_or_count(cell.numerator, cell.denominator, is_share=figure.is_share)
            lines.append(
                Line(**common, depth=depth, is_hidden=False, numerator=plain(cell.numerator),
                     denominator=plain(cell.denominator), value=value)
            )  # fmt: skip
    return lines


def _places(figure: EditionFigure) -> list[EditionPlace]:
    """The organization itself, then the places below that the figure may name."""
    found = list(EditionPlace.objects.filter(edition_id=figure.edition_id).order_by("key"))
    return found[:1] + [place for place in found[1:] if is_public(figure.public, place.level)]


def _cells(figure: EditionFigure, places: Sequence[EditionPlace]) -> dict[str, Cell]:
    """Sums over the parts: each place, and the rest of each place that has others named below it."""
    keys = [place.key for place in places]
    parents = {key: _above(key, keys) for key in keys}
    branching = set(parents.values())
    sums = {key: [0, 0] for key in keys}
    rests = {key + REST: [0, 0] for key in keys if key in branching}
    for prefix, numerator, denominator in _sums(figure, max(map(len, keys))):
        own = key = prefix if prefix in sums else _above(prefix, keys)
        while key is not None:
            _add(sums[key], numerator, denominator)
            key = parents[key]
        if own in branching:
            _add(rests[own + REST], numerator, denominator)
    cells = {key: _cell(figure, pair, parents[key]) for key, pair in sums.items()}
    return cells | {key: _cell(figure, pair, key.removesuffix(REST)) for key, pair in rests.items()}


def _sums(figure: EditionFigure, length: int) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(key, %s) AS prefix, sum(numerator), coalesce(sum(denominator), 0) "
            "FROM portal_editionpart WHERE figure_id = %s GROUP BY prefix",
            [length, figure.pk],
        )
        return cursor.fetchall()


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
