"""A data package (a folder with datapackage.json and CSV files) or a single CSV file, cut into tasks."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from baolei.kernel.identity import numbers_hidden
from baolei.kernel.imports.problems import Problem
from baolei.kernel.imports.rows import LACKING, Task
from baolei.kernel.imports.sheets import SHEETS, Sheet

CHUNK = 3_000_000
"""Bytes of a chunk: some 22,000 rows; what workers and copy hold at once is bounded by it."""

SMALL = 2_000_000
"""Bytes below which one process does it all."""

FIRST_ROW = 2
"""The row of the first record, as a spreadsheet counts below the header."""

NEVER_TAKEN = (
    "家庭 婚姻 配偶 子女 父亲 母亲 亲属 社会关系 困难 低保 贫困 收入 健康 疾病 病史 病情 残疾 血型 宗教 信仰 "
    "family marital spouse child parent_name relative hardship poverty income health illness disease disabilit "
    "blood religio belief"
).split()
"""Words in a header by which a column is dropped before anything is read from it (G-04)."""


@dataclass(kw_only=True)
class SheetRows:
    """A sheet's rows: `blocks` of bytes that end after a whole record, how encoded, at which positions the columns
    stand. `size` is the number of bytes, or near it where they are made as they are read.
    """

    sheet: Sheet
    name: str
    blocks: Iterator[bytes]
    encoding: str = "utf-8"
    picks: tuple[int, ...]
    width: int
    size: int
    hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def is_as_opened(self) -> bool:
        """Whether the rows are those of one moment; what lies in memory always is."""
        return True

    def tasks(self, today: str, *, trial: bool) -> Iterator[Task]:
        """The blocks as tasks, an empty one last; the digest grows on the way."""
        row = FIRST_ROW
        for block in chain(self.blocks, [b""]):
            self.hash.update(block)
            yield Task(self.sheet.name, block, row, self.picks, self.width, self.encoding, today, trial)
            row += self._count(block)

    def _count(self, block: bytes) -> int:
        if b'"' not in block:
            return block.count(b"\n")
        text = io.StringIO(block.decode(self.encoding, "replace"), newline="")
        return sum(1 for _record in csv.reader(text))


@dataclass(kw_only=True)
class SheetFile(SheetRows):
    """The rows of a file that must not change while it is read."""

    path: Path
    changed_at: int

    def is_as_opened(self) -> bool:
        """False when somebody wrote the file since it was opened: its chunks no longer fit together."""
        now = self.path.stat()
        return (now.st_size, now.st_mtime_ns) == (self.size, self.changed_at)


def _records(path: Path, start: int) -> Iterator[bytes]:
    """Blocks of a file from the byte `start` on that end after a whole record: at a line's end with an even number of
    quotation marks.
    """
    rest = b""
    with open(path, "rb") as file:
        file.seek(start)
        while data := file.read(CHUNK):
            block = rest + data
            end = block.rfind(b"\n") + 1
            while end and block.count(b'"', 0, end) % 2:
                end = block.rfind(b"\n", 0, end - 1) + 1
            if end:
                yield block[:end]
            rest = block[end:]
    if rest:
        yield rest


@dataclass
class Package:
    """What was found: files in the order of their sheets, problems of the package itself, dropped columns."""

    source: Path
    demo: bool = False
    files: list[SheetRows] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_package(path: Path) -> Package:
    """Open a folder with datapackage.json, or one CSV file named like a sheet.

    Raises FileNotFoundError when there is neither.
    """
    package = Package(path)
    if path.is_dir():
        about = json.loads((path / "datapackage.json").read_text("utf-8"))
        package.demo = bool(about.get("baolei", {}).get("demo"))
        named = {resource["name"]: path / resource["path"] for resource in about.get("resources", ())}
    else:
        path.stat()
        named = {_sheet_name(path): path}
    for name, file in named.items():
        if name not in SHEETS:
            package.problems.append(Problem(name, 0, "", file.name, "file.unknown"))
    for name, sheet in SHEETS.items():
        if name in named:
            _open_sheet(package, sheet, named[name], alone=not path.is_dir())
    return package


def _sheet_name(path: Path) -> str:
    """The sheet of a single file: the one whose name its own begins with, else the one its header fits best."""
    for name in sorted(SHEETS, key=len, reverse=True):
        if path.stem.lower().startswith(name):
            return name
    with open(path, "rb") as file:
        head = file.readline(100_000)
    cells = set(next(csv.reader([head.decode(_encoding(head), "replace").strip()]), ()))
    known = {name: _titles(sheet).keys() & cells for name, sheet in SHEETS.items()}
    best = max(known, key=lambda name: len(known[name]), default="")
    return best if best and len(known[best]) > 1 else path.stem


def _titles(sheet: Sheet) -> dict[str, str]:
    return {text: column.name for column in sheet.columns for text in (column.name, str(column.title))}


def _encoding(head: bytes) -> str:
    """UTF-8, or GB 18030 as Chinese spreadsheets write it."""
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _open_sheet(package: Package, sheet: Sheet, path: Path, *, alone: bool) -> None:
    def problem(code: str, value: str = "", column: str = "", row: int = 1) -> None:
        package.problems.append(Problem(sheet.name, row, column, value, code))

    if not path.is_file():
        return problem("file.missing", path.name, row=0)
    with open(path, "rb") as file:
        head = file.read(65536)
    if not head.strip():
        return problem("file.empty", path.name)
    encoding = _encoding(head)
    end = head.find(b"\n") + 1 or len(head)
    if alone and not head[end:].strip():
        return problem("file.empty", path.name)
    cells = next(csv.reader([head[:end].decode(encoding).lstrip("\ufeff").strip("\r\n")]), [])
    titles, places, before = _titles(sheet), {}, len(package.problems)
    for position, cell in enumerate(cells):
        name = titles.get(cell.strip())
        if name is None:
            if any(word in cell.lower() for word in NEVER_TAKEN):
                package.notes.append(numbers_hidden(f"{path.name}: {cell.strip()}"))
            else:
                problem("columns.extra", cell.strip(), cell.strip())
        elif name in places:
            problem("columns.repeated", cell.strip(), name)
        else:
            places[name] = position
    for column in sheet.columns:
        if column.late:
            places.setdefault(column.name, LACKING)
        elif column.name not in places:
            problem("columns.missing", str(column.title), column.name)
    if len(package.problems) == before:
        picks = tuple(places[column.name] for column in sheet.columns)
        about = path.stat()
        package.files.append(
            SheetFile(
                sheet=sheet,
                name=path.name,
                path=path,
                encoding=encoding,
                picks=picks,
                width=len(cells),
                blocks=_records(path, end),
                hash=hashlib.sha256(head[:end]),
                size=about.st_size,
                changed_at=about.st_mtime_ns,
            )
        )
