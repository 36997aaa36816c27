"""Small cells are hidden, and so much beside them that nobody can work them out (G-05).

The cells of a breakdown form a tree of sums: the whole, its prefectures and the rest, their counties and the
rest. A cell is small when its number, or for a share its cases, met or unmet, is 1 to 4. Where the parent is
shown, a hidden cell gets company: a large one, so that the sum of the hidden ones tells nothing; where no
large one is left, all the cells of that parent are hidden. Where the parent is hidden, one child is too.

What was told once is not forgotten. Editions of all organizations over the same rows and day are judged together,
in the order of their release, withdrawn ones too; the same place has the same key in each. A cell that is hidden
in one stays hidden in every other in which it differs by less than 5. The whole of an edition is out for good:
where it would have to be hidden, the edition that comes later is not admitted, and keeps the figure to itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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


@dataclass(frozen=True)
class Telling:
    """What one edition tells: the cells of a figure with its whole (`parent` None), which may be the only one.

    `same` False: the edition does not tell the figure asked about, but another one over the same rows, whose cases
    are known from it.
    """

    cells: Cells
    same: bool = True

    @property
    def top(self) -> str:
        """The key of the whole."""
        return _top(self.cells)


class _Page:
    """The cells of one edition while they are judged, and what others tell of them.

    `cases`: the same edition's cases, judged too. `wholes` and `shown`: the cells that are out, hardly changed, as
    the whole of another organization, or in an edition released before; they are the last to be taken as company.
    """

    def __init__(self, cells: Cells, earlier: Sequence["_Page"], cases: "_Page | None" = None):
        self.cells = cells
        self.cases = cases
        self.top = _top(cells)
        self.gone: frozenset[str] = frozenset()
        self.is_judged = False
        self.shown = _alike(cells, _index(page.visible() for page in earlier))
        self.wholes: set[str] = set()
        for page in earlier:
            self.hear_of(page)
            page.hear_of(self)

    def hear_of(self, other: "_Page") -> None:
        """Note the whole of another organization."""
        if other.top in self.cells and _is_near(self.cells[other.top], other.cells[other.top]):
            self.wholes.add(other.top)

    def visible(self) -> Cells:
        return {key: cell for key, cell in self.cells.items() if key not in self.gone}

    def invisible(self) -> Cells:
        return {key: self.cells[key] for key in self.gone}


def judge(tellings: Sequence[Telling]) -> list[frozenset[str]]:
    """The keys to hide in each telling; `tellings` in the order of release.

    A later telling never makes an earlier one show more.
    """
    all_cases: list[_Page] = []
    figures: list[_Page] = []
    last: list[_Page] = []
    for telling in tellings:
        # Cases first: a cell whose cases are hidden is hidden in every figure over the same rows.
        totals = {key: Cell(cell.total, None, cell.parent) for key, cell in telling.cells.items()}
        cases = _Page(totals, all_cases)
        all_cases.append(cases)
        last.append(cases)
        _settle(all_cases)
        if telling.same:
            last[-1] = _Page(telling.cells, figures, cases=cases)
            figures.append(last[-1])
        _settle(figures)
    return [page.gone for page in last]


def admits(told: Sequence[Telling], new: Telling) -> bool:
    """True when `new` may be told after `told`: no whole, its own or an earlier one, would have to be hidden."""
    after = judge([*told, new])
    if new.top in after[-1]:
        return False
    open_now = [i for i, telling in enumerate(told) if telling.top in after[i]]
    before = judge(told) if open_now else []
    return all(told[i].top in before[i] for i in open_now)


def _settle(pages: Sequence[_Page]) -> None:
    """Hide until no page gives another away."""
    changed = True
    while changed:
        changed = False
        gone = _index(page.invisible() for page in pages)
        for page in pages:
            wanted = page.gone | _alike(page.cells, gone)
            if page.cases is not None:
                wanted |= page.cases.gone
            if wanted != page.gone or not page.is_judged:
                page.gone = _hide(page, wanted)
                page.is_judged = changed = True


def _index(several: Iterable[Cells]) -> dict[str, list[Cell]]:
    """Every cell of a key."""
    found = defaultdict(list)
    for cells in several:
        for key, cell in cells.items():
            found[key].append(cell)
    return found


def _alike(cells: Cells, others: Mapping[str, list[Cell]]) -> frozenset[str]:
    """The cells that have hardly changed against one of the others."""
    return frozenset(
        key
        for key in cells.keys() & others.keys()
        if any(_is_near(cells[key], other) for other in others[key])
    )


def _top(cells: Cells) -> str:
    return next(key for key, cell in cells.items() if cell.parent is None)


def _hide(page: _Page, forced: Collection[str]) -> frozenset[str]:
    cells = page.cells
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
            for key in _company(page, keys, gone, parent_hidden=parent in gone)
        }
        if more <= gone:
            return frozenset(gone)
        gone |= more


def _company(page: _Page, keys: list[str], gone: set[str], *, parent_hidden: bool) -> list[str]:
    """The children to hide beside those that are, so that none can be worked out."""
    cells = page.cells
    inside = [key for key in keys if key in gone]
    if parent_hidden:
        enough = bool(inside)
    else:
        enough = not inside or (len(inside) > 1 and any(_is_large(cells[key]) for key in inside))
    if enough:
        return []
    large = [key for key in keys if key not in gone and _is_large(cells[key])]
    if large:
        return [min(large, key=lambda key: (key in page.wholes, key in page.shown, cells[key].parts, key))]
    return keys


def _is_near(cell: Cell, other: Cell) -> bool:
    return all(abs(a - b) < SMALL.stop for a, b in zip(cell.parts, other.parts, strict=True))


def _is_small(cell: Cell) -> bool:
    return any(part in SMALL for part in cell.parts)


def _is_large(cell: Cell) -> bool:
    return all(part >= SMALL.stop for part in cell.parts)
