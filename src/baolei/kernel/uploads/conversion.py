"""From a grid to the file that the import takes, and from its rows back to the clerk's."""

import csv
import io
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import Any

from baolei.kernel.imports.columns import TextColumn
from baolei.kernel.imports.package import FIRST_ROW, Package, SheetRows
from baolei.kernel.imports.problems import Problem
from baolei.kernel.imports.sheets import Sheet
from baolei.kernel.uploads.grids import cell_text
from baolei.kernel.uploads.headings import Layout
from baolei.kernel.uploads.names import names_nodes

KEPT = 5_000
"""Different cells of a column that are kept; a column of persons' numbers has no more that repeat."""
BLOCK = 4_000
"""Rows that go to a worker at once: the first begins while the others are still converted."""


def converted(
    layout: Layout, sheet: Sheet, *, codes: Mapping[str, str], without: Collection[int] = ()
) -> tuple[Package, list[tuple[int, int]]]:
    """The rows of the layout as a package of one file, made while they are read and never written to a disk; empty
    ones and the clerk's rows `without` are left out. `codes` of organizations take the places of their names.

    Also returns where the numbering of the two goes apart: (row of the file, row as the spreadsheet counts), each
    holding until the next; complete when the last row was read.
    """
    package, apart = Package(Path(sheet.file)), []
    blocks = _blocks(layout, sheet, apart, codes, without)
    first = next(blocks, b"")
    if not first:
        package.problems.append(Problem(sheet.name, 1, "", sheet.file, "file.empty"))
        return package, apart
    rows = layout.last - layout.heading - 1
    package.files.append(
        SheetRows(
            sheet=sheet,
            name=sheet.file,
            blocks=chain([first], blocks),
            picks=tuple(range(len(sheet.columns))),
            width=len(sheet.columns),
            size=len(first) * rows // min(BLOCK, rows),
        )
    )
    return package, apart


def _blocks(
    layout: Layout, sheet: Sheet, apart: list, codes: Mapping[str, str], without: Collection[int]
) -> Iterator[bytes]:
    columns = [
        (
            layout.places.get(column.name),
            _cells(
                plain=not isinstance(column, TextColumn),
                codes=codes if names_nodes(column) else {},
                factor=layout.factors.get(column.name, 1),
            ),
        )
        for column in sheet.columns
    ]
    number = FIRST_ROW
    for start in range(layout.heading + 1, layout.last, BLOCK):
        block = io.StringIO()
        out = csv.writer(block, lineterminator="\n")
        for at in range(start, min(start + BLOCK, layout.last)):
            row, theirs = layout.grid.rows[at], at + 1
            cells = [
                text(row[place]) if place is not None and place < len(row) else "" for place, text in columns
            ]
            if theirs in without or not any(cells):
                continue
            if not apart or theirs - apart[-1][1] != number - apart[-1][0]:
                apart.append((number, theirs))
            out.writerow(cells)
            number += 1
        if block.tell():
            yield block.getvalue().encode()


def _cells(*, plain: bool, codes: Mapping[str, str], factor: int) -> Callable[[Any], str]:
    """What becomes of the cells of a column; most repeat, so that what was made is kept."""
    made: dict[str, str] = {}

    def text_of(value: Any) -> str:
        if type(value) is not str:  # 1, 1.0 and True would be one key
            return _cell(value, plain, codes, factor)
        text = made.get(value)
        if text is None:
            text = _cell(value, plain, codes, factor)
            if len(made) < KEPT:
                made[value] = text
        return text

    return text_of


def _cell(value: Any, plain: bool, codes: Mapping[str, str], factor: int) -> str:
    text = cell_text(value)
    text = codes.get(text, text)
    # Codes, dates and numbers in full-width forms mean the same; text stays as it is.
    if plain and not text.isascii():
        text = unicodedata.normalize("NFKC", text).strip()
    return _yuan(text, factor) if factor != 1 and text else text


def _yuan(text: str, factor: int) -> str:
    """What is counted in 万元, in yuan; what is no number stays, and is refused as the clerk wrote it."""
    try:
        amount = Decimal(text.replace(",", "")) * factor
    except InvalidOperation:
        return text
    return f"{amount.normalize():f}" if amount.is_finite() else text


def row_of(number: int, apart: list[tuple[int, int]]) -> int:
    """The clerk's row of a row of the file; the header and what is before it are 0."""
    at = bisect_right(apart, number, key=lambda pair: pair[0]) - 1
    return apart[at][1] + number - apart[at][0] if at >= 0 else 0
