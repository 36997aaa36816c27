"""Where the columns of a sheet stand in a clerk's file: headings by title, name or alias, titles above, notes below."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from baolei.kernel.imports.package import NEVER_TAKEN
from baolei.kernel.imports.sheets import Sheet
from baolei.kernel.uploads.grids import Grid, UnreadableFile, cell_text

MERGED = 2
"""Rows above the headings that reach down into them."""
LOOKED_AT = 30
"""Rows from the top among which the headings are sought."""

_SPACE = re.compile(r"\s+")
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]|[*:：]")
_BELOW = re.compile(
    r"合计|总计|小计|共计|注[:：]|备注[:：]|说明[:：]|填表|制表|审核|负责人|联系人|联系电话|报送"
)
"""How a row below a table begins that is no row of it."""
UNITS = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
"""What a clerk's table counts money in -> yuan."""
_UNIT = re.compile(r"(?:亿|百万|万|千)?元")
_UNIT_ABOVE = re.compile(r"单位[:：]?(?:人民币)?((?:亿|百万|万|千)?元)")


@dataclass(frozen=True)
class Layout:
    """A grid read as a sheet: the row of the headings (from 0), column -> position, what is left out and why."""

    grid: Grid
    heading: int
    headings: list[str]
    last: int
    places: dict[str, int]
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    never_taken: list[str] = field(default_factory=list)
    by_hand: dict[str, str] = field(default_factory=dict)
    """Heading -> column that its owner named (empty: not to be read)."""
    factors: dict[str, int] = field(default_factory=dict)
    """Column in money -> yuan of one of its units, as the table says or its owner answered."""
    unsure: list[str] = field(default_factory=list)
    """Columns in money of which nobody said the unit."""
    below: int = 0


def same(text: str) -> str:
    """A heading without what people add to it: spaces, full-width forms, marks, words in brackets."""
    return _ASIDE.sub("", _plain(text)).lower()


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def titles(sheet: Sheet) -> dict[str, str]:
    """Every heading by which a column of the sheet is known -> the column's name."""
    return {
        same(str(text)): column.name
        for column in sheet.columns
        for text in (column.name, column.title, *column.aliases)
    }


def laid_out(
    grids: list[Grid], sheet: Sheet, *, named: Mapping[str, str] | None = None, unit: int | None = None
) -> Layout:
    """The visible grid that fits the sheet best. Raises UnreadableFile when none has its headings, or has one twice.

    `named` says of headings (as `same` writes them) which column the owner meant, empty for none; `unit` is what
    money is counted in, in yuan, where the table does not say it.
    """
    named = named or {}
    titled = titles(sheet)
    known = {heading: column for heading, column in named.items() if column} | titled
    best, fitting = (0, 0), None
    for grid in grids:
        if grid.hidden:
            continue
        for number in range(min(len(grid.rows), LOOKED_AT)):
            fits = sum(same(text) in known for text in _headings(grid, number, known))
            if fits > best[0]:
                best, fitting = (fits, number), grid
    if fitting is None or best[0] < min(2, len(sheet.columns)):
        raise UnreadableFile(
            _("在表里找不到“%(sheet)s”的表头。请按模板填写，或检查所选的种类是否正确。")
            % {"sheet": sheet.title}
        )
    heading = best[1]
    places: dict[str, int] = {}
    unknown, never, by_hand = [], [], {}
    headings = _headings(fitting, heading, known)
    for position, text in enumerate(headings):
        name = known.get(same(text))
        if name in places:
            raise UnreadableFile(_("“%(column)s”一列出现了两次，请只保留一列。") % {"column": text})
        if same(text) in named and same(text) not in titled:
            by_hand[text] = name or ""
        if name:
            places[name] = position
        elif any(word in text.lower() for word in NEVER_TAKEN):
            never.append(text)
        elif text and text not in by_hand:
            unknown.append(text)
    last = _last(fitting, heading)
    missing = [str(c.title) for c in sheet.columns if c.name not in places and c.required]
    factors, unsure = _money(fitting, heading, headings, places, sheet, unit)
    return Layout(
        fitting,
        heading,
        headings,
        last,
        places,
        missing,
        unknown,
        never,
        by_hand,
        factors,
        unsure,
        _filled(fitting, last),
    )


def _headings(grid: Grid, number: int, known: Collection[str]) -> list[str]:
    """The texts of a row; of a cell that is merged with those above it the text stands in the first of them."""
    texts = [cell_text(cell) for cell in grid.rows[number]]
    for above in reversed(grid.rows[max(0, number - MERGED) : number]):
        for position, cell in enumerate(above):
            if position < len(texts) and not texts[position] and same(cell_text(cell)) in known:
                texts[position] = cell_text(cell)
    return texts


def _money(
    grid: Grid, heading: int, headings: list[str], places: dict[str, int], sheet: Sheet, unit: int | None
) -> tuple[dict[str, int], list[str]]:
    """What each column in money is counted in: its heading says it, a line above the table, or the owner."""
    above = "".join(_line(row) for row in grid.rows[:heading])
    told = _UNIT_ABOVE.search(above)
    factors, unsure = {}, []
    for column in sheet.columns:
        if not getattr(column, "money", False) or column.name not in places:
            continue
        text = _plain(headings[places[column.name]])
        if found := _UNIT.search(text):
            factors[column.name] = UNITS[found[0]]
        elif text == column.name:  # the file of a package
            factors[column.name] = 1
        elif told:
            factors[column.name] = UNITS[told[1]]
        elif unit:
            factors[column.name] = unit
        else:
            unsure.append(column.name)
    return factors, unsure


def _line(row: list) -> str:
    return _plain("".join(cell_text(cell) for cell in row)) + "\n"


def _last(grid: Grid, heading: int) -> int:
    """The row behind the last one of the table: notes, totals and signatures below it are none of it."""
    end = len(grid.rows)
    while end > heading + 1:
        cells = [text for cell in grid.rows[end - 1] if (text := cell_text(cell))]
        if cells and not (
            _BELOW.match(_SPACE.sub("", cells[0])) and len(cells) <= len(grid.rows[heading]) // 2
        ):
            break
        end -= 1
    return end


def _filled(grid: Grid, start: int) -> int:
    return sum(any(cell_text(cell) for cell in row) for row in grid.rows[start:])
