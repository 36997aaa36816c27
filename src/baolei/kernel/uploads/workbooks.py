"""Workbooks that leave: the empty one to fill in, and the clerk's own with the bad cells marked."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from baolei.kernel.imports.columns import DateColumn
from baolei.kernel.imports.sheets import Sheet
from baolei.kernel.uploads.grids import cell_text
from baolei.kernel.uploads.headings import Layout

_FILLED_IN = 2_000
"""Rows of the empty workbook that offer lists of codes."""


def template(sheet: Sheet) -> IO[bytes]:
    """An empty workbook: the headings, lists of codes to choose from, and a page that explains each column."""
    file, book, bold, wrapped = _book()
    page = book.add_worksheet(str(sheet.title)[:31])
    page.freeze_panes(1, 0)
    lists = book.add_worksheet(_("代码"))
    used = 0
    for number, column in enumerate(sheet.columns):
        page.write_string(0, number, str(column.title), bold)
        # Text: a spreadsheet must not round numbers of eighteen digits, nor turn codes into dates.
        page.set_column(number, number, 20, wrapped)
        if column.codes:
            labels = [str(label) for label in column.codes.values()]
            lists.write_column(0, used, [str(column.title), *labels], wrapped)
            place = xlsxwriter.utility.xl_col_to_name(used, col_abs=True)
            source = f"='{_('代码')}'!{place}$2:{place}${len(labels) + 1}"
            page.data_validation(1, number, _FILLED_IN, number, {"validate": "list", "source": source})
            used += 1
    about = book.add_worksheet(_("填写说明"))
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 10)
    about.set_column(2, 2, 80)
    about.write_row(0, 0, [_("列"), _("必填"), _("填写内容")], bold)
    for number, column in enumerate(sheet.columns, start=1):
        about.write_row(
            number, 0, [str(column.title), _("是") if column.required else "", _words(column)], wrapped
        )
    if not used:
        lists.write_string(0, 0, _("本表没有代码列"))
    book.close()
    file.seek(0)
    return file


def listed(problems: Iterable[tuple[dict[str, Any], str, str]]) -> IO[bytes]:
    """What is wrong in a package, one line each: problem, title of the column, title of the sheet."""
    file, book, bold, text = _book()
    page = book.add_worksheet(_("需要改正"))
    page.freeze_panes(1, 0)
    page.set_column(0, 5, 24)
    page.write_row(0, 0, [_("表"), _("行"), _("列"), _("填写的内容"), _("问题"), _("怎么办")], bold)
    for number, (problem, column, sheet) in enumerate(problems, start=1):
        page.write_string(number, 0, sheet, text)
        page.write_number(number, 1, problem["row"])
        for place, words in enumerate(
            (column, problem["value"], problem["message"], problem["advice"]), start=2
        ):
            page.write_string(number, place, str(words), text)
    book.close()
    file.seek(0)
    return file


def marked(layout: Layout, sheet: Sheet, problems: Iterable[dict[str, Any]]) -> IO[bytes]:
    """The clerk's table as it came, the bad cells in red, and behind each row what is wrong and what to do."""
    by_row: dict[int, list[dict]] = defaultdict(list)
    for problem in problems:
        by_row[problem["row"]].append(problem)
    file, book, bold, text = _book()
    red = book.add_format({"bg_color": "#F8D0CC", "num_format": "@"})
    titles = {column.name: str(column.title) for column in sheet.columns}
    page = book.add_worksheet((layout.grid.name or str(sheet.title))[:31])
    width = max((len(row) for row in layout.grid.rows), default=0)
    page.set_column(0, width - 1, 18)
    page.set_column(width, width, 60)
    for number, row in enumerate(layout.grid.rows):
        found = by_row.get(number + 1, ()) if number != layout.heading else ()
        bad = {layout.places.get(problem["column"]) for problem in found}
        form = bold if number == layout.heading else text
        for place in range(width if found else len(row)):
            value = cell_text(row[place]) if place < len(row) else ""
            page.write_string(number, place, value, red if place in bad else form)
        if number == layout.heading:
            page.write_string(number, width, _("需要改正"), bold)
        elif found:
            page.write_string(number, width, "；".join(_remark(problem, titles) for problem in found), red)
    page.freeze_panes(layout.heading + 1, 0)
    book.close()
    file.seek(0)
    return file


def _remark(problem: dict[str, Any], titles: dict[str, str]) -> str:
    about = titles.get(problem["column"], "")
    return f"{about}{'：' if about else ''}{problem['message']}。{problem['advice']}"


def _book():
    file = tempfile.TemporaryFile()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    return (
        *(file, book, book.add_format({"bold": True, "num_format": "@"})),
        book.add_format({"num_format": "@"}),
    )


def _words(column) -> str:
    """What a cell holds, for a clerk."""
    if column.codes:
        return _("从列表中选择，或填写代码")
    if isinstance(column, DateColumn):
        return _("日期，如 2016-12-31")
    return ""
