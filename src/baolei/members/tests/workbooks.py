"""A clerk's own workbooks, and what the pages make of them."""

import io
from datetime import date

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from baolei.kernel.models import Upload
from baolei.kernel.uploads import jobs
from baolei.members.tests.packages import BRANCH, number
from baolei.organizations.models import Organization

HEADINGS = [
    *(
        "序号",
        "姓名",
        "身份证号（必填）",
        "性别",
        "出生年月日",
        "民族",
        "学历",
        "职业",
        "党籍状态",
        "入党时间",
    ),
    *("转正时间", "手机号码", "所在党支部", "转入日期", "宗教信仰", "备注"),
]
NEW = number("19850505", 2)
OTHER = number("19860606", 3)
ROUNDED = number("19881212", 2)
WRONG = "1" if NEW[17] != "1" else "2"
WIDE = str.maketrans("0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19")


def person(number_=NEW, name="田新", **given):
    row = {
        "身份证号（必填）": number_,
        "姓名": name,
        "性别": "女" if int(number_[16]) % 2 == 0 else "男",
        "出生年月日": f"{number_[6:10]}-{number_[10:12]}-{number_[12:14]}",
        "民族": "汉族",
        "学历": "大学本科",
        "职业": "农牧渔民",
        "党籍状态": "正式党员",
        "入党时间": "2010-07-01",
        "转正时间": "2011-07-01",
        "手机号码": "13900000088",
        "所在党支部": BRANCH,
        "转入日期": "2010-07-01",
        "宗教信仰": "不填",
    } | given
    return [row.get(heading, "") for heading in HEADINGS]


def workbook(*lines, above=(), below=(), headings=HEADINGS, hidden=False) -> bytes:
    """An .xlsx of the lines below titles; numbers and days are written as such."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    if hidden:
        secret = book.add_worksheet("旧表")
        secret.write_row(0, 0, headings)
        secret.hide()
    page = book.add_worksheet("党员名册")
    page.activate()
    page.set_first_sheet()
    for at, line in enumerate([*([text] for text in above), headings, *lines, *([text] for text in below)]):
        for place, value in enumerate(line):
            if isinstance(value, date):
                page.write_datetime(at, place, value, day)
            else:
                page.write(at, place, value) if isinstance(value, int | float) else page.write_string(
                    at, place, value
                )
    book.close()
    return file.getvalue()


def town(code):
    return Organization.rows.get(code=code)


def brought(client, data: bytes, name="名册.xlsx", sheet="members") -> Upload:
    """The upload after the worker has looked at it."""
    file = SimpleUploadedFile(name, data)
    response = client.post(reverse("uploads:list"), {"sheet": sheet, "file": file})
    assert response.status_code == 302, response.context["form"].errors
    upload = Upload.objects.get(uid=response.url.rstrip("/").rpartition("/")[2])
    assert upload.state == "waiting"
    jobs.check_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    return upload


def told(upload) -> list[tuple]:
    return [(p["row"], p["column"], p["code"]) for p in upload.problems]


def page(client, upload) -> str:
    response = client.get(reverse("uploads:upload", args=[upload.uid]))
    assert response.status_code == 200
    return response.content.decode()


def taken(client, upload) -> Upload:
    client.post(reverse("uploads:take", args=[upload.uid]))
    jobs.take_upload(uid=str(upload.uid))
    upload.refresh_from_db()
    return upload
