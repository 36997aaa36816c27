"""What is wrong with a row: where, which value, in plain words, and what to do."""

import errno
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from django.utils.translation import gettext_lazy as _

from baolei.kernel.identity import numbers_hidden

MESSAGES: dict[str, tuple[Any, Any]] = {}
"""Code of a problem -> what it says, what to do."""

CAP = 1000
"""Problems listed; the rest is counted only."""

ELSEWHERE = "row.refused"
"""The one answer for a row outside the actor's reach and for a number registered elsewhere (G-12)."""


class Wrong(ValueError):
    """A value breaks a rule; `code` is a code of MESSAGES, `column` the column when it is another one."""

    def __init__(self, code: str, column: str | None = None):
        super().__init__(code)
        self.code, self.column = code, column


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `row` is the row of the file as a spreadsheet counts, the header being row 1.

    `value` is as given; of a personal field only the part that may be shown, and of a long number nowhere more
    than its last two digits.
    """

    sheet: str
    row: int
    column: str
    value: str
    code: str

    def __post_init__(self):
        for name in ("column", "value"):  # a file without a header has its first row in both
            object.__setattr__(self, name, numbers_hidden(getattr(self, name)))

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code][0])

    @property
    def advice(self) -> str:
        return str(MESSAGES[self.code][1])

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "message": self.message, "advice": self.advice}


def disk_full(error: BaseException) -> bool:
    """True when the disk is full, here or at the database."""
    cause = error.__cause__ or error
    return isinstance(cause, psycopg.errors.DiskFull) or getattr(cause, "errno", 0) == errno.ENOSPC


def message(code: str, text: Any, advice: Any) -> str:
    """Declare a problem's words. Raises ValueError when the code is taken."""
    if code in MESSAGES:
        raise ValueError(f"message {code} is declared twice")
    MESSAGES[code] = (text, advice)
    return code


message("file.missing", _("数据包里缺少这个文件"), _("请把文件放进数据包，或从 datapackage.json 中去掉它"))
message("file.empty", _("文件是空的"), _("请确认选对了文件，文件里应有表头和至少一行数据"))
message("file.changed", _("文件在导入过程中被改动了"), _("请等文件写完后重新导入"))
message("file.unknown", _("不认识这个文件"), _("文件名应为模板给出的名称，如 members.csv"))
message("file.encoding", _("文件编码不对，读不出文字"), _("请另存为 UTF-8 编码的 CSV 文件"))
message("package.demo", _("这是演示数据，正式环境不接受"), _("请导入真实数据；演示数据只能进入演示环境"))
message("columns.missing", _("缺少这一列"), _("请按模板补上这一列；没有内容时保留空列"))
message("columns.extra", _("多出了这一列"), _("请删去这一列，或改成模板中的列名"))
message("columns.repeated", _("这一列出现了两次"), _("请只保留一列"))
message("row.width", _("这一行的格数与表头不一致"), _("请检查这一行是否多了或少了逗号、引号"))
message("value.required", _("必填项没有填写"), _("请填写"))
message("value.control", _("含有不可见的控制字符"), _("请删去换行、制表等字符后重新填写"))
message("value.long", _("内容过长"), _("请缩短到 200 字以内"))
message(
    "value.identity",
    _("这一格里像是有公民身份号码"),
    _("请从这一格删去号码；公民身份号码只能填在“公民身份号码”一列"),
)
message("name.digits", _("姓名里有数字"), _("请只填写姓名；号码、日期填在各自的列里"))
message("date.format", _("日期写法不对"), _("请写成 2016-12-31 的样子"))
message("date.month", _("只写到月"), _("请写明哪一日，如 2016-05-18"))
message("date.future", _("日期在今天之后"), _("请核对；尚未发生的事不能登记"))
message("dates.reversed", _("日期先后颠倒"), _("请核对两个日期，较早的在前"))
message("code.unknown", _("不在代码表中"), _("请填写代码表中的代码或名称"))
message("id.length", _("公民身份号码不是 18 位数字（末位可为 X）"), _("请对照身份证重新填写"))
message("id.check_digit", _("公民身份号码校验位不对"), _("多半是抄错了一位，请对照身份证重新填写"))
message(
    "id.rounded",
    _("公民身份号码的末三位变成了 000，是表格软件把它当作数值保存造成的"),
    _("请把这一列设为“文本”格式，对照身份证重新填写"),
)
message("id.birth_date", _("公民身份号码中的出生日期不存在"), _("请对照身份证重新填写"))
message("phone.format", _("电话号码写法不对"), _("请填写 5 至 15 位数字；没有电话可留空"))
message(ELSEWHERE, _("这一行不能在这里录入"), _("请核对后联系县（市、区）党委组织部门办理"))
message(
    "row.refused_often",
    _("今天不能在这里录入的行太多，本批没有导入，也不逐行说明"),
    _("今天不能再导入；请联系县（市、区）党委组织部门核对，明天再试"),
)
