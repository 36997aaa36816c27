"""The cells of a clerk's file: workbooks of Excel and others, and text in the encodings that spreadsheets write."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

ROWS = 200_000
"""Rows of a file through the browser; larger ones are for the command line."""
UNPACKED = 800_000_000
"""Bytes to which a workbook may unpack: one of ROWS rows has less."""

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;"


class UnreadableFile(ValueError):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Grid:
    """One sheet: its name, its cells as they are, and whether the workbook hides it."""

    name: str
    rows: list[list[Any]]
    hidden: bool = False


def grids_of(data: bytes, name: str) -> list[Grid]:
    """The sheets of a file. Raises UnreadableFile."""
    if not data.strip():
        raise UnreadableFile(_("文件是空的。请确认选对了文件，文件里应有表头和至少一行数据。"))
    if data.startswith((_ZIP, _OLD)):
        found = _workbook(data)
    elif name.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods")):
        raise UnreadableFile(
            _("文件名像工作簿，内容却不是。请用表格软件打开后另存为 .xlsx，或把扩展名改回 .csv。")
        )
    else:
        found = [Grid("", _text(data))]
    if any(len(grid.rows) > ROWS for grid in found):
        raise UnreadableFile(
            _("一张表超过 %(rows)s 行。请分成几个文件，或由系统管理员用命令导入。") % {"rows": f"{ROWS:,}"}
        )
    return found


def _workbook(data: bytes) -> list[Grid]:
    if data.startswith(_ZIP):
        try:
            size = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
        except zipfile.BadZipFile:
            raise UnreadableFile(_("工作簿已损坏，打不开。请用表格软件打开并另存后再上传。")) from None
        if size > UNPACKED:
            raise UnreadableFile(_("工作簿展开后过大，没有读取。请只留需要的一张表，另存后再上传。"))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = {
            sheet.name: sheet.visible == python_calamine.SheetVisibleEnum.Visible
            for sheet in book.sheets_metadata
        }
        # Empty rows above count, too: a problem names the row as the spreadsheet does.
        return [
            Grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), hidden=not shown[name])
            for name in book.sheet_names
        ]
    except python_calamine.PasswordError:
        raise UnreadableFile(_("工作簿设有密码。请去掉密码后再上传。")) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise UnreadableFile(_("工作簿已损坏，打不开。请用表格软件打开并另存后再上传。")) from None


def _text(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    if "\0" in text:
        raise UnreadableFile(_("这不是表格文件。请上传 .xlsx、.xls 或 .csv。"))
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise UnreadableFile(_("文字中的引号不成对，读不出表格。请用表格软件打开并另存后再上传。")) from None


def _decoded(data: bytes) -> str:
    """UTF-16 by its mark; UTF-8; else GB 18030, as Chinese spreadsheets write it."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("文字编码不对，读不出来。请另存为 UTF-8 编码的 CSV 或 .xlsx 后再上传。"))


def cell_text(value: Any) -> str:
    """A cell as its reader would type it: whole numbers without a point, days in ISO form, 是 and 否."""
    if type(value) is str:
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        # Spreadsheets keep fifteen digits; what a float makes of the others is nobody's.
        number = Decimal(f"{value:.15g}")
        return f"{number:f}" if number == number.to_integral_value() else str(value)
    return "" if value is None else str(value).strip()
