"""From a grid to the file that the import takes, and from its rows back to the clerk's."""

import csv
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from baolei.kernel.imports.columns import TextColumn
from baolei.kernel.imports.sheets import Sheet
from baolei.kernel.uploads.grids import cell_text
from baolei.kernel.uploads.headings import Layout
from baolei.kernel.uploads.names import names_nodes

FIRST = 2
"""The first row below the header of the file that the import takes."""


def written(
    layout: Layout,
    sheet: Sheet,
    path: Path,
    *,
    codes: Mapping[str, str],
    without: Collection[int] = (),
) -> list[tuple[int, int]]:
    """Write the rows of the layout as the sheet's CSV file; empty ones and the clerk's rows `without` are left out.

    `codes` of organizations take the places of their names.

    Returns where the numbering of the two goes apart: (row of the file, row as the spreadsheet counts), each
    holding until the next.
    """
    columns = [
        (
            layout.places.get(column.name),
            not isinstance(column, TextColumn),
            names_nodes(column),
            layout.factors.get(column.name, 1),
        )
        for column in sheet.columns
    ]
    apart: list[tuple[int, int]] = []
    with open(path, "x", encoding="utf-8", newline="") as file:
        path.chmod(0o600)
        out = csv.writer(file, lineterminator="\n")
        out.writerow([column.name for column in sheet.columns])
        number = FIRST
        for at in range(layout.heading + 1, layout.last):
            row, theirs = layout.grid.rows[at], at + 1
            cells = [
                _cell(row[place], plain, codes if named else {}, factor)
                if place is not None and place < len(row)
                else ""
                for place, plain, named, factor in columns
            ]
            if theirs in without or not any(cells):
                continue
            if not apart or theirs - apart[-1][1] != number - apart[-1][0]:
                apart.append((number, theirs))
            out.writerow(cells)
            number += 1
    return apart


def _cell(value: Any, plain: bool, codes: Mapping[str, str], factor: int) -> str:
    text = cell_text(value)
    text = codes.get(text, text)
    # Codes, dates and numbers in full-width forms mean the same; text stays as it is.
    text = unicodedata.normalize("NFKC", text).strip() if plain else text
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
