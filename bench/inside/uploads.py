"""A clerk's workbook of many members: checked, given back marked, taken, undone; against reading the file alone."""

import io
import time
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django.contrib.auth import get_user_model
from python_calamine import CalamineWorkbook

from baolei.accounts.queries import actor_of
from baolei.kernel.identity import check_digit
from baolei.kernel.imports.sheets import SHEETS
from baolei.kernel.uploads import actions, jobs, work, workbooks
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from bench.inside.people import officer

HEADINGS = (
    *("身份证号", "姓名", "性别", "出生日期", "民族", "学历", "职业", "党籍状态"),
    *("入党日期", "转正日期", "手机号", "所在党支部", "转入日期"),
)
NAMES = "安柏常段冯高韩江康林孟宁彭秦任宋唐魏许叶"
WRONG = 50
"""One row in so many has an occupation that no list knows."""


def steps(rows: int) -> list[dict[str, Any]]:
    """The steps of a workbook of so many new members, of whom some are wrong."""
    given = officer("department_officer", "220000")
    actor = actor_of(get_user_model().objects.get(username=given["username"]))
    data = _workbook(rows)
    alone = _timed(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python())
    upload = actions.bring(None, actor=actor, sheet="members", name="名册.xlsx", data=data)
    checked = _timed(lambda: jobs.check_upload(uid=str(upload.uid)))
    upload.refresh_from_db()
    found = f"{upload.counts}, {upload.total_problems} problems"
    marked = _timed(lambda: _marked(upload))
    actions.take(upload, actor=actor)
    taken = _timed(lambda: jobs.take_upload(uid=str(upload.uid)))
    upload.refresh_from_db()
    actions.recall(upload, actor=actor)
    undone = _timed(lambda: jobs.undo_upload(uid=str(upload.uid)))
    upload.refresh_from_db()
    if upload.undone.get("removed") != upload.counts["new"]:
        raise RuntimeError(f"not undone: {upload.state} {upload.why} {upload.undone}")
    return [
        {
            "name": "upload",
            "value": checked / alone,
            "note": f"{checked:.1f} s, the file alone {alone:.1f} s; {found}",
        },
        {"name": "upload.marked", "value": marked, "note": f"{rows:,} rows"},
        {"name": "upload.taken", "value": taken, "note": f"{upload.counts['new']:,} rows"},
        {"name": "upload.undone", "value": undone, "note": f"{upload.undone['removed']:,} rows"},
    ]


def _timed(do: Callable[[], Any]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _marked(upload) -> None:
    with workbooks.marked(work.layout_of(upload), SHEETS[upload.sheet], upload.problems) as file:
        file.read()


def _workbook(rows: int) -> bytes:
    branches = list(
        Organization.rows.filter(kind=Kind.BRANCH, closed_on=None, opened_on__lt="2012-01-01")
        .order_by("code")
        .values_list("code", flat=True)[:2000]
    )
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    page = book.add_worksheet("党员名册")
    page.write_row(0, 0, HEADINGS)
    for number in range(rows):
        born = f"{1950 + number % 40}{1 + number // 40 % 12:02d}{1 + number // 480 % 28:02d}"
        serial = 2 + number // 13_440 * 2 + number % 2
        first = f"710000{born}{serial:03d}"
        day = f"{born[:4]}-{born[4:6]}-{born[6:]}"
        name = NAMES[number % 20] + NAMES[number // 20 % 20] + NAMES[number // 400 % 20]
        job = "不在表里" if number % WRONG == 0 else "农牧渔民"
        sex = "男" if serial % 2 else "女"
        page.write_row(
            number + 1,
            0,
            [
                *(first + check_digit(first), name, sex, day, "汉族", "大学本科", job, "正式党员"),
                *("2012-07-01", "2013-07-01", "", branches[number % len(branches)], "2012-07-01"),
            ],
        )
    book.close()
    return file.getvalue()
