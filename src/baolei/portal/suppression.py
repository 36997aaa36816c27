"""Small cells are hidden, and so much beside them that nobody can work them out (G-05).

The cells of a breakdown form a tree of sums: the whole, its prefectures and the rest, their counties and the
rest. A cell is small when its number, or for a share its cases, met or unmet, is 1 to 4. Where the parent is
shown, a hidden cell gets company: a large one, so that the sum of the hidden ones tells nothing; where no
large one is left, all the cells of that parent are hidden. Where the parent is hidden, one child is too.

What was told once is not forgotten: a cell that is hidden in one edition stays hidden in every other in which
it differs by less than 5, since the change of the whole would give it away.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

SMALL = range(1, 5)
Amount = int | Decimal


@dataclass(frozen=True)
class Cell:
    """One cell: its number and, for a share, the cases it is a share of; `parent` None is the whole."""

    numerator: Amount
    denominator: Amount | None = None
    parent: str | None = None

    @property
    def total(self) -> Amount:
        """The cases: what other figures over the same rows may show too."""
        return self.numerator if self.denominator is None else self.denominator

    @property
    def parts(self) -> tuple[Amount, ...]:
        """Everything that could be worked out of what is shown."""
        if self.denominator is None:
            return (self.numerator,)
        return (self.denominator, self.numerator, self.denominator - self.numerator)


Cells = Mapping[str, Cell]


def hidden(cells: Cells, told: Collection[Cells] = ()) -> frozenset[str]:
    """The keys of `cells` to hide; `told` holds the same breakdown in the organization's other editions."""
    every = [cells, *told]
    totals = [{k: Cell(c.total, None, c.parent) for k, c in one.items()} for one in every]
    # Cases first: a cell whose cases are hidden is hidden in every figure over the same rows.
    return _together(every, _together(totals, [frozenset()] * len(every)))[0]


def _together(every: list[Cells], forced: list[frozenset[str]]) -> list[frozenset[str]]:
    """The hidden cells of several editions of one breakdown, none of which gives another away."""
    found = [_hide(cells, extra) for cells, extra in zip(every, forced, strict=True)]
    while True:
        again = []
        for i, cells in enumerate(every):
            others = [(every[j], found[j]) for j in range(len(every)) if j != i]
            again.append(_hide(cells, found[i] | _given_away(cells, others)))
        if again == found:
            return found
        found = again


def _given_away(cells: Cells, others: list[tuple[Cells, frozenset[str]]]) -> set[str]:
    """The cells that are hidden in another edition and have hardly changed."""
    return {
        key
        for other, keys in others
        for key in keys
        if key in cells
        and all(abs(a - b) < 5 for a, b in zip(cells[key].parts, other[key].parts, strict=True))
    }


def _hide(cells: Cells, forced: Collection[str]) -> frozenset[str]:
    children: dict[str, list[str]] = {}
    for key, cell in cells.items():
        if cell.parent is not None:
            children.setdefault(cell.parent, []).append(key)
    gone = {key for key in forced if key in cells}
    gone |= {key for key, cell in cells.items() if cell.parent is not None and _is_small(cell)}
    while True:
        more = {
            key
            for parent, keys in children.items()
            for key in _company(cells, keys, gone, parent_hidden=parent in gone)
        }
        if more <= gone:
            return frozenset(gone)
        gone |= more


def _company(cells: Cells, keys: list[str], gone: set[str], *, parent_hidden: bool) -> list[str]:
    """The children to hide beside those that are, so that none can be worked out."""
    inside = [key for key in keys if key in gone]
    if parent_hidden:
        enough = bool(inside)
    else:
        enough = not inside or (len(inside) > 1 and any(_is_large(cells[key]) for key in inside))
    if enough:
        return []
    large = [key for key in keys if key not in gone and _is_large(cells[key])]
    if large:
        return [min(large, key=lambda key: (cells[key].parts, key))]
    return keys


def _is_small(cell: Cell) -> bool:
    return any(part in SMALL for part in cell.parts)


def _is_large(cell: Cell) -> bool:
    return all(part >= SMALL.stop for part in cell.parts)
