"""Columns of records: numbers of their source, references, persons, amounts, years and spells."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from baolei.kernel.identity import holds_identity
from baolei.kernel.imports.columns import (
    Column,
    DateColumn,
    IdNumberColumn,
    TextColumn,
    reference_form,
)
from baolei.kernel.imports.problems import Wrong, message
from baolei.kernel.imports.sheets import SHEETS

message("number.format", _("不是数字，或位数太多"), _("请填写阿拉伯数字，不带单位"))
message("number.negative", _("数字不能是负的"), _("请核对后重新填写"))
message("year.format", _("年度写法不对"), _("请写成 2016 的样子"))
message("date.far", _("日期太远"), _("请核对；没有截止日期的留空，不要填 9999-12-31"))

FARTHEST = 100
"""Years from now within which a coming day lies; beyond, somebody means that there is none."""


@dataclass(frozen=True)
class _NumberOfRecord(TextColumn):
    """A code or number of a row of this table or another."""

    def is_personal(self, text):
        # A code and a year joined by a hyphen read like a number of birth: 222404199200-2012.
        return any(holds_identity(piece) for piece in text.split("-"))


@dataclass(frozen=True)
class RefColumn(_NumberOfRecord):
    """The number by which a record is known to its source; the same number again is the same record."""

    name: str = "ref"
    title: Any = field(default_factory=lambda: _("编号"))


@dataclass(frozen=True)
class Reference(_NumberOfRecord):
    """The code of a row of another table: an organization, a unit, a campaign … (`to`, found by `by`).

    `column` is the model's column that takes the id (the name and `_id` without it).
    """

    to: str = ""
    by: str = "code"
    column: str = ""
    repeats = True

    @property
    def form(self):
        named = next(s.name for s in SHEETS.values() if s.tables and s.tables[0] == self.table)
        return reference_form(named, self.by)

    @property
    def id_column(self) -> str:
        return self.column or f"{self.name}_id"

    @property
    def table(self) -> str:
        return apps.get_model(self.to)._meta.db_table


@dataclass(frozen=True)
class MemberColumn(IdNumberColumn):
    """A person of the register, named by the identity number; staged as its keyed hash (D8)."""

    column: str = "member_id"
    form = "`id_number` of `members.csv`"


@dataclass(frozen=True)
class NumberColumn(Column):
    """A whole number from 0 on, or with `decimals` one with that many places.

    A sheet of records sets `digits` by the model's field, so that no number is too large for its column.
    """

    decimals: int = 0
    digits: int = 15
    signed: bool = False
    money: bool = False
    """In yuan; a clerk's own table may be in 万元."""

    @property
    def form(self):
        kind = f"number with up to {self.decimals} decimals" if self.decimals else "whole number"
        size = f"up to {self.digits} digits" + (" before the point" if self.decimals else "")
        return f"{kind}, {'may be negative' if self.signed else '0 or more'}, {size}"

    def normal(self, text, today):
        digits = text.replace(",", "").replace("，", "")
        whole, point, part = digits.removeprefix("-").partition(".")
        if not _is_digits(whole, self.digits) or (point and not _is_digits(part, self.decimals)):
            raise Wrong("number.format")
        if digits.startswith("-") and not self.signed:
            raise Wrong("number.negative")
        return digits


def _is_digits(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


@dataclass(frozen=True)
class YearColumn(Column):
    """A calendar year that has begun."""

    form = "year, from 1921 to this one"

    def normal(self, text, today):
        year = text.removesuffix("年")
        if not (len(year) == 4 and year.isascii() and year.isdigit() and "1921" <= year):
            raise Wrong("year.format")
        if year > today[:4]:
            raise Wrong("date.future")
        return year


@dataclass(frozen=True)
class ComingDateColumn(DateColumn):
    """A planned day, which may lie ahead."""

    form = "day, may lie ahead"

    def normal(self, text, today):
        day = super().normal(text, "9999-12-31")
        if int(day[:4]) > int(today[:4]) + FARTHEST:
            raise Wrong("date.far")
        return day


@dataclass(frozen=True)
class BooleanColumn(Column):
    """是 or 否."""

    form = "是 or 否 (also 1, 0)"

    def normal(self, text, today):
        if text in ("是", "1", "true"):
            return "true"
        if text in ("否", "0", "false"):
            return "false"
        raise Wrong("code.unknown")


def spell_columns(first: Any = "", last: Any = "", *, event: bool = False) -> tuple[Column, ...]:
    """`from` and `to` of a record with `during`; `to` may lie ahead.

    The last day is inclusive, unless `event`: then it is the day of the event that ends the spell (A2).
    """
    return (
        DateColumn("from", first or _("起")),
        SpellEnd("to", last or _("止"), required=False, event=event),
    )


@dataclass(frozen=True)
class SpellEnd(ComingDateColumn):
    event: bool = False

    @property
    def form(self):
        end = "day of the event that ends it, itself not covered" if self.event else "last day, inclusive"
        return f"{end}; may lie ahead; empty while it lasts"


_DIGITS = {models.BigIntegerField: 15, models.SmallIntegerField: 4, models.IntegerField: 9}
"""Digits that surely fit; the more particular fields first, since all of them are integer fields."""


def fitted(column: Column, model: type[models.Model]) -> Column:
    """The column with as many digits as its field holds."""
    if not isinstance(column, NumberColumn):
        return column
    model_field = model._meta.get_field(column.name)
    digits = next((n for cls, n in _DIGITS.items() if isinstance(model_field, cls)), column.digits)
    return replace(column, digits=digits)
