"""Columns: how one value reads on the page, in a file and in JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from html import escape
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import gettext as _

from baolei.kernel.spells import last_day

EMPTY = "—"
_PLACEHOLDER = UUID(int=0)


class Column:
    """A value of a row under a heading.

    `field` is the path given to `.values_list()` (the attribute's name in the table unless said otherwise).
    `personal` marks values that are about a person; `export` False keeps the column out of files.
    """

    css = ""
    width = 16
    """Characters of the Excel column."""
    schema: Mapping[str, str] = {"type": "string"}
    """What `plain` gives where the value is not empty, as JSON Schema."""

    def __init__(
        self,
        heading: str,
        field: str = "",
        *,
        export: bool = True,
        personal: bool = False,
        width: int = 0,
    ):
        self.heading, self.field = heading, field
        self.export, self.personal = export, personal
        self.width = width or self.width
        self.name = ""

    def named(self, name: str) -> None:
        """Take the attribute's name from the table."""
        self.name = name
        self.field = self.field or name

    @property
    def fields(self) -> tuple[str, ...]:
        """What a cell needs of its row; the first is the value itself."""
        return (self.field,)

    def text(self, value: Any) -> str:
        """The value in words; empty values are empty text."""
        return "" if value is None else str(value)

    def plain(self, value: Any) -> Any:
        """The value for files and JSON: text, number, date or None."""
        return None if value is None else self.text(value)

    def filer(self) -> Callable[[Any], Any]:
        """What makes the values of one file."""
        return self.plain

    def html(self, values: tuple[Any, ...]) -> str:
        """The inside of a cell, escaped. `values` belong to `fields`."""
        return escape(self.text(values[0]) or EMPTY)

    def drawer(self) -> Callable[[tuple[Any, ...]], str]:
        """What draws the cells of one page."""
        return self.html


class TextColumn(Column):
    """Text as it stands."""


class NumberColumn(Column):
    """A number, set to the right."""

    css = "num"
    width = 12
    schema = {"type": "number"}

    def text(self, value: Any) -> str:
        return "" if value is None else f"{value:,}"

    def plain(self, value: Any) -> Any:
        return value


class DateColumn(Column):
    """A day, as 2026-11-23."""

    css = "nowrap"
    width = 12
    schema = {"type": "string", "format": "date"}

    def text(self, value: date | None) -> str:
        return "" if value is None else value.isoformat()

    def plain(self, value: date | None) -> date | None:
        return value


class SpanColumn(Column):
    """A spell: its first and its last day, both inclusive; with `event` the day of the event that ended it (A2)."""

    css = "nowrap"
    width = 24

    def __init__(self, heading: str, field: str = "", *, event: bool = False, **more):
        super().__init__(heading, field, **more)
        self.event = event

    def text(self, value: DateRange | None) -> str:
        if value is None:
            return ""
        last = value.upper if self.event else last_day(value)
        return f"{value.lower.isoformat()} {_('至')} {last.isoformat() if last else _('今')}"


class YearColumn(Column):
    """The year of a day: what a list may show of a birth date (G-29)."""

    css = "num"
    width = 10
    schema = {"type": "integer"}

    def text(self, value: date | None) -> str:
        return "" if value is None else str(value.year)

    def plain(self, value: date | None) -> int | None:
        return None if value is None else value.year


class CodeColumn(Column):
    """A code shown by its label; `tones` colours some codes as a badge."""

    def __init__(
        self,
        heading: str,
        field: str = "",
        *,
        labels: Mapping[str, str],
        tones: Mapping[str, str] | None = None,
        **more,
    ):
        super().__init__(heading, field, **more)
        self.labels, self.tones = labels, tones

    def text(self, value: str | None) -> str:
        return "" if value is None else str(self.labels.get(value, value))

    def drawer(self) -> Callable[[tuple[Any, ...]], str]:
        # Translating the label for each cell again would cost as much as drawing the table.
        return cache(self.html)

    def filer(self) -> Callable[[Any], Any]:
        return cache(self.plain)

    def html(self, values: tuple[Any, ...]) -> str:
        shown = super().html(values)
        if self.tones is None:
            return shown
        return f'<span class="badge {self.tones.get(values[0], "")}">{shown}</span>'


class LinkColumn(Column):
    """Text that leads to the page of its row: `to` is a URL name with one argument, the field `by`.

    `below` names a second field shown in small type under the link.
    """

    width = 24

    def __init__(
        self,
        heading: str,
        field: str = "",
        *,
        to: str,
        by: str = "uid",
        below: str = "",
        **more,
    ):
        super().__init__(heading, field, **more)
        self.to, self.by, self.below = to, by, below

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field, self.by, *((self.below,) if self.below else ()))

    def html(self, values: tuple[Any, ...]) -> str:
        text = super().html(values)
        small = f'<span class="sub">{escape(values[2] or EMPTY)}</span>' if self.below else ""
        if values[1] is None:
            return text + small
        # Asking the resolver for each row would cost more than all the rest of the table.
        pattern = self.__dict__.get("_pattern")
        if pattern is None:
            pattern = self._pattern = reverse(self.to, args=[_PLACEHOLDER])
        return f'<a href="{pattern.replace(str(_PLACEHOLDER), str(values[1]))}">{text}</a>{small}'
