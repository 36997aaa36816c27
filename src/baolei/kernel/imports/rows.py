"""The work on one chunk of a file: read, normalize, check, seal, and write the lines to be copied."""

import csv
import io
from collections import namedtuple
from dataclasses import dataclass, field
from operator import itemgetter

from baolei.kernel.imports.columns import parser
from baolei.kernel.imports.problems import CAP, Wrong
from baolei.kernel.imports.sheets import SHEETS, Sheet

LACKING = -1
"""Where a column stands that the file does not have."""


@dataclass(frozen=True)
class Task:
    """A chunk: bytes of whole records, of which the first is row `first_row`; empty at the end of a sheet.

    `picks` are the positions of the sheet's columns in a record, `width` is the length of the header. In a `trial`
    nothing will be stored.
    """

    sheet: str
    data: bytes
    first_row: int
    picks: tuple[int, ...]
    width: int
    encoding: str
    today: str
    trial: bool


@dataclass
class Chunk:
    """What became of a task: rows read, lines for COPY, problems as (row, column, value, code).

    `refused` names refused rows as others refer to them.
    """

    rows: int = 0
    lines: bytes = b""
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)
    more_problems: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class RowReader:
    """Turns records of one sheet into staged lines; keeps what it has parsed for the whole run."""

    def __init__(self, sheet: Sheet, picks: tuple[int, ...], today: str, *, trial: bool):
        self.sheet = sheet
        pick = itemgetter(*picks)
        self.pick = (lambda record: pick([*record, ""])) if LACKING in picks else pick
        self.stage = sheet.tried if trial else sheet.stage
        self.parsers = [parser(column, today) for column in sheet.columns]
        self.row_of = namedtuple("Row", [c.name for c in sheet.columns], rename=True)._make

    def line(self, record: list[str]) -> str | list[tuple[str, str, str]]:
        """The staged line, or what is wrong as (column, value, code)."""
        cells = self.pick(record)
        try:
            row = self.row_of([parse(cell) for parse, cell in zip(self.parsers, cells, strict=True)])
        except Wrong:
            return self._wrong_cells(cells)
        flaws: list[tuple[str, str]] = []
        values = self.stage(row, flaws)
        if flaws:
            given = {c.name: c.shown(cell) for c, cell in zip(self.sheet.columns, cells, strict=True)}
            return [(name, given[name], code) for name, code in flaws]
        line = "\t".join(values)
        return line.replace("\\", "\\\\") if "\\" in line else line

    def _wrong_cells(self, cells: tuple[str, ...]) -> list[tuple[str, str, str]]:
        found = []
        for column, parse, cell in zip(self.sheet.columns, self.parsers, cells, strict=True):
            try:
                parse(cell)
            except Wrong as wrong:
                found.append((column.name, column.shown(cell), wrong.code))
        return found


_readers: dict[tuple, RowReader] = {}


def work(task: Task) -> Chunk:
    """Do one task; what was parsed stays in memory for the next task of the same sheet."""
    key = (task.sheet, task.picks, task.today, task.trial)
    reader = _readers.get(key)
    if reader is None:
        _readers.clear()
        reader = _readers[key] = RowReader(SHEETS[task.sheet], task.picks, task.today, trial=task.trial)
    chunk, lines = Chunk(), []
    try:
        text = task.data.decode(task.encoding)
    except UnicodeDecodeError:
        chunk.problems.append((task.first_row, "", "", "file.encoding"))
        return chunk
    number = task.first_row - 1
    for number, record in enumerate(csv.reader(io.StringIO(text, newline="")), task.first_row):
        if len(record) != task.width:
            if not any(cell.strip() for cell in record):
                continue
            found = [("", "", "row.width")]
        else:
            found = reader.line(record)
        chunk.rows += 1
        if isinstance(found, str):
            lines.append(f"{number}\t{found}")
            continue
        if reader.sheet.referred and len(record) == task.width:
            chunk.refused.append((number, reader.sheet.reference(reader.pick(record))))
        room = CAP - len(chunk.problems)
        chunk.problems += [(number, *problem) for problem in found[:room]]
        chunk.more_problems += max(len(found) - room, 0)
    if lines:
        chunk.lines = ("\n".join(lines) + "\n").encode()
    return chunk
