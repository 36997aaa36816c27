"""Tables as files: Excel, CSV and JSON, with the reader's name and the time as watermark (G-30)."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel.access import Actor

XLSX_ROWS = 1_000_000
"""Rows of a table in a workbook; the format ends a little later."""
FORMATS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}


@dataclass(frozen=True)
class Sheet:
    """What goes into a file: a title, headings, rows of plain values, and lines above them."""

    title: str
    headings: list[str]
    rows: Iterable[list[Any]]
    widths: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    """Machine names of the columns, for JSON."""
    above: tuple[str, ...] = ()


def watermark(actor: Actor, purpose: str = "") -> tuple[str, ...]:
    """The lines above an export: who took it, when, what for; and that it is made up, in the demo."""
    taken = _("导出人：%(name)s（%(office)s）　导出时间：%(time)s") % {
        "name": actor.name,
        "office": actor.office or _("未填职务"),
        "time": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }
    lines = [taken]
    if purpose:
        lines.append(_("用途：%(purpose)s") % {"purpose": purpose})
    if settings.BAOLEI_DEMO:
        lines.append(_("演示数据：人员、组织和数字均为虚构，不代表任何机构。"))
    return tuple(lines)


def response(
    sheet: Sheet, form: str, *, whole: bool = False
) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """The sheet as a download in the format `xlsx`, `csv` or `json`. Raises KeyError for another one.

    With `whole` it is written to the end, into a file without a name, before this returns.
    """
    made = {"xlsx": _xlsx, "csv": _csv, "json": _json}[form](sheet)
    if whole and form != "xlsx":
        made = FileResponse(_file_of(made), content_type=made["Content-Type"])
    name = f"{sheet.title}-{timezone.localdate():%Y%m%d}.{form}"
    made["Content-Disposition"] = f"attachment; filename=\"export.{form}\"; filename*=UTF-8''{quote(name)}"
    made["Cache-Control"] = "no-store"
    return made


def _file_of(streamed: StreamingHttpResponse) -> IO[bytes]:
    file = tempfile.TemporaryFile()
    for part in streamed.streaming_content:
        file.write(part)
    file.seek(0)
    return file


def _xlsx(sheet: Sheet) -> FileResponse:
    """Written row by row into a nameless file, so that memory does not grow with the rows."""
    file = tempfile.TemporaryFile()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet.title[:31])
    bold, day = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    for number, width in enumerate(sheet.widths):
        page.set_column(number, number, width)
    page.freeze_panes(len(sheet.above) + 1, 0)
    for number, line in enumerate(sheet.above):
        page.write_string(number, 0, line)
    top = len(sheet.above)
    page.write_row(top, 0, sheet.headings, bold)
    for number, row in enumerate(sheet.rows, start=top + 1):
        for place, value in enumerate(row):
            # Text is written as text: a value that begins with "=" is no formula.
            if isinstance(value, str):
                page.write_string(number, place, value)
            elif isinstance(value, date):
                page.write_datetime(number, place, value, day)
            elif value is not None:
                page.write_number(number, place, value)
    book.close()
    file.seek(0)
    return FileResponse(
        file,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(sheet: Sheet) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff"  # Excel takes the file for UTF-8 only with this mark
        for line in sheet.above:
            yield writer.writerow([line])
        yield writer.writerow(sheet.headings)
        for row in sheet.rows:
            yield writer.writerow([_harmless(value) for value in row])

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _json(sheet: Sheet) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        head = {
            "title": sheet.title,
            "notes": list(sheet.above),
            "columns": sheet.headings,
        }
        yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
        comma = ""
        for row in sheet.rows:
            line = dict(zip(sheet.names, row, strict=True))
            yield comma + json.dumps(line, ensure_ascii=False, default=str)
            comma = ",\n"
        yield "]}"

    return StreamingHttpResponse(parts(), content_type="application/json")
