"""Columns of a sheet: how a cell is normalized and what is refused. Pure Python, runs in workers.

A column's `parse` takes the cell and returns the value as text, "" for none. Values that repeat in any
register (dates, codes, references) are parsed once and remembered: see `Remembered`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from baolei.kernel.identity import (
    BadNumber,
    check_identity,
    holds_identity,
    masked,
    normal_number,
    numbers_hidden,
)
from baolei.kernel.imports.problems import Wrong

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_DIGIT = re.compile(r"\d")
_MONTH = re.compile(r"\d{4}[-/.年]\d{1,2}月?")
_SERIAL = re.compile(r"[2-6]\d{4}")
_DAY_0 = date(1899, 12, 30)
"""Day 0 of spreadsheets; the numbers from 1954 to 2091 are read as days."""
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_REMEMBER = 200_000
LONGEST = 200
CODES_SHOWN = 15
"""Codes that the form of a column tells; the rest stands in the list of its own."""


@dataclass(frozen=True)
class Column:
    """A column by its machine name and its Chinese title; files may use either."""

    name: str
    title: Any
    required: bool = True
    note: str = field(default="", kw_only=True)
    """What docs/formats.md adds to the form."""
    aliases: tuple[str, ...] = field(default=(), kw_only=True)
    """Other headings by which clerks' files know it, those of the national register's export among them."""
    late: bool = field(default=False, kw_only=True)
    """Added when files without it were about: where the heading is missing, every cell is empty."""
    repeats = True
    codes = MappingProxyType({})
    """The list that the values come from, where there is one: code -> label."""

    @property
    def form(self) -> str:
        """What a cell holds, in the words of docs/formats.md."""
        raise NotImplementedError

    def parse(self, text: str, today: str) -> str:
        """The normalized value; `today` is an ISO date. Raises Wrong."""
        text = text.strip()
        if text:
            return self.normal(text, today)
        if self.required:
            raise Wrong("value.required")
        return ""

    def normal(self, text: str, today: str) -> str:
        raise NotImplementedError

    def shown(self, text: str) -> str:
        """The part of a refused value that may be shown: a number may stand in any wrong column."""
        return numbers_hidden(text)[:LONGEST]


class TextColumn(Column):
    """Text that is stored as it is; never an identity number (G-03, G-04)."""

    repeats = False

    def is_personal(self, text: str) -> bool:
        """True when the text holds what looks like an identity number."""
        return holds_identity(text)

    @property
    def form(self):
        return f"text, up to {LONGEST} characters"

    def normal(self, text, today):
        if _CONTROL.search(text):
            raise Wrong("value.control")
        if len(text) > LONGEST:
            raise Wrong("value.long")
        if self.is_personal(text):
            raise Wrong("value.identity")
        return text


class NameColumn(TextColumn):
    """A person's name: no digit in it, of any width, and of a wrong one no digit is shown."""

    @property
    def form(self):
        return f"{super().form}, no digits"

    def normal(self, text, today):
        if not text.isalpha() and _DIGIT.search(text):
            raise Wrong("name.digits")
        return super().normal(text, today)

    def shown(self, text):
        return _DIGIT.sub("*", text)[:LONGEST]


@dataclass(frozen=True)
class LookupColumn(TextColumn):
    """The code of a row of the sheet `to`: of the same file, of another file of the package, or of the register."""

    to: str = ""
    repeats = True

    @property
    def form(self):
        return reference_form(self.to, "code")


def reference_form(sheet: str, column: str) -> str:
    """The words for a column that names a row of a sheet by one of its columns."""
    return f"`{column}` of `{sheet}.csv`"


@dataclass(frozen=True)
class CodeColumn(Column):
    """A code of a list, given as the code or as its label."""

    codes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def form(self):
        shown = [f"`{code}` {label}" for code, label in self.codes.items()]
        return "code: " + ", ".join(shown[:CODES_SHOWN]) + (" …" if len(shown) > CODES_SHOWN else "")

    def normal(self, text, today):
        if text in self.codes:
            return text
        for code, label in self.codes.items():
            if str(label) == text:
                return code
        raise Wrong("code.unknown")


class DateColumn(Column):
    """A day that has come, in ISO form; also 2016/12/31, 2016.12.31, 20161231, 2016年12月31日 and a spreadsheet's
    number of days (42735)."""

    form = "day"

    def normal(self, text, today):
        text = unicodedata.normalize("NFKC", text)
        found = _DATE.fullmatch(text)
        parts = found.groups() if found else (text[:4], text[4:6], text[6:])
        if _SERIAL.fullmatch(text):
            found, parts = True, (_DAY_0 + timedelta(days=int(text))).timetuple()[:3]
        elif _MONTH.fullmatch(text):
            raise Wrong("date.month")
        try:
            if not found and not (len(text) == 8 and text.isdigit()):
                raise ValueError
            value = date(*map(int, parts)).isoformat()
        except ValueError:
            raise Wrong("date.format") from None
        if value > today:
            raise Wrong("date.future")
        return value


class IdNumberColumn(Column):
    """A citizen's identity number; of a wrong one the last two characters are shown."""

    repeats = False
    form = "identity number"

    def normal(self, text, today):
        number = normal_number(text)
        try:
            check_identity(number)
        except BadNumber as bad:
            is_rounded = len(number) == 18 and number.isdigit() and number.endswith("000")
            raise Wrong("id.rounded" if is_rounded else f"id.{bad.code}") from None
        return number

    def shown(self, text):
        return masked(text.strip(), 2)


class PhoneColumn(Column):
    """A phone number; of a wrong one the last four digits are shown."""

    repeats = False
    form = "5 to 15 digits"

    def normal(self, text, today):
        number = normal_number(text)
        if not (number.isascii() and number.isdigit() and 5 <= len(number) <= 15):
            raise Wrong("phone.format")
        return number

    def shown(self, text):
        return masked(super().shown(text.strip()), 4)


class Remembered(dict):
    """Cell -> value of one column, for one run. What is wrong is remembered apart: whoever fills in a column wrong
    does it in every row."""

    def __init__(self, column: Column, today: str):
        self.column, self.today = column, today
        self.wrong: dict[str, str] = {}

    def __missing__(self, text: str) -> str:
        if code := self.wrong.get(text):
            raise Wrong(code)
        try:
            value = self.column.parse(text, self.today)
        except Wrong as wrong:
            if len(self.wrong) < _REMEMBER:
                self.wrong[text] = wrong.code
            raise
        if len(self) < _REMEMBER:
            self[text] = value
        return value


def parser(column: Column, today: str):
    """A function of one cell for this run."""
    if column.repeats:
        return Remembered(column, today).__getitem__
    return lambda text: column.parse(text, today)


@lru_cache(maxsize=100_000)
def day_after(day: str) -> str:
    """The day after an ISO date: files hold last days inclusive, the database the first day no more covered."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
