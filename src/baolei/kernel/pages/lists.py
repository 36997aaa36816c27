"""The page of a list: rows within reach, filters, an order, a keyset page of a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baolei.kernel.access import Actor
from baolei.kernel.pages.base import Page
from baolei.kernel.tables.filters import Filter, WrongValue
from baolei.kernel.tables.table import COUNT_LIMIT, BoundTable, Order, Table, count_up_to

ON_PAPER = 200
"""Rows of a list that is printed at once: as many names as leave the house without a second person (G-30)."""


@dataclass
class BoundFilter:
    """A filter with what the reader put into it."""

    filter: Filter
    text: str
    value: Any = None
    error: str = ""
    tops: tuple[str, ...] = ()

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) for a select."""
        found = self.filter.choices(self.value, self.tops)
        return [(value, label, value == self.text) for value, label in found]

    @property
    def words(self) -> str:
        """What was chosen, as a reader says it."""
        if isinstance(self.value, Model):
            return str(self.value)
        return next((str(label) for _value, label, chosen in self.choices if chosen), self.text)

    @property
    def options(self) -> SafeString:
        """The same as HTML; a template's loop over hundreds of organizations would cost more than the table."""
        return mark_safe(
            "".join(
                f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(str(label))}</option>'
                for value, label, chosen in self.choices
            )
        )


class ListPage(Page):
    """Declare `permission`, `queryset`, `table` and `filters`."""

    queryset: Callable[[], QuerySet]
    table: type[Table]
    filters: tuple[Filter, ...] = ()
    template_name = part_template = "kernel/pages/list.html"
    export_url = ""
    """Name of the export page's URL; the button shows when `export_permission` holds."""
    export_permission = None
    counted = True
    """False when even counting to the limit would cost more than the page."""
    count_limit = COUNT_LIMIT

    @classmethod
    def may_open(cls, actor: Actor) -> bool:
        """Whether the list exists for the actor."""
        return actor.can(cls.permission)

    def context(self) -> dict[str, Any]:
        given = self.request.GET
        self.bound = self.bind(given)
        pieces = self.pieces(self.bound)
        limit = None if given.get("count") == "all" else self.count_limit
        total = count_up_to(*(rows for rows, _order in pieces), limit=limit) if self.counted else None
        at = {name: given.get(name, "") for name in ("after", "before")}
        bound = self.table.page_of(pieces, **at, total=total, size=ON_PAPER if self.is_printed else 0)
        return {
            "table": bound,
            "filters": self.bound,
            "summary": summary(bound, limit),
            "count_all": self.counting_address(bound, limit),
            "next": self.address(order=given.get("order", ""), after=bound.after) if bound.after else "",
            "previous": self.address(order=given.get("order", ""), before=bound.before)
            if bound.before
            else "",
            "export": self.export_address(),
        }

    def bind(self, given: Mapping[str, str]) -> list[BoundFilter]:
        """The filters with their values, the defaults where the address says nothing."""
        found = [bound(item, given.get(item.name, item.default).strip()) for item in self.filters]
        for item in found:
            item.tops = self.actor.reach.keys(self.permission)
            if item.value is not None and not item.filter.within(self.actor, self.permission, item.value):
                item.value, item.error = None, item.filter.unknown()
        return found

    def rows(self, filters: list[BoundFilter]) -> QuerySet:
        """The rows within reach that pass the filters; none while a value is wrong."""
        return filtered(self.in_reach(), filters)

    def pieces(self, filters: list[BoundFilter]) -> list[tuple[QuerySet, Order]]:
        """The same rows in the disjoint pieces in which they are paged, each with its order."""
        return [(self.rows(filters), self.table.order(self.request.GET.get("order", "")))]

    def in_reach(self) -> QuerySet:
        """The rows that the actor may see. Overridden for what lies in the tree in a way of its own."""
        return type(self).queryset().visible_to(self.actor, self.permission)

    def kept(self) -> dict[str, str]:
        """The values of the address that a link must keep."""
        return {f.filter.name: f.text for f in self.bound if f.text != f.filter.default}

    def address(self, **more: str) -> str:
        """The address of this list with the same filters."""
        return "?" + urlencode(self.kept() | {name: value for name, value in more.items() if value})

    def address_on_paper(self) -> str:
        # What a reader typed may be a name; values that are chosen are numbers and codes.
        chosen = {
            f.filter.name: f.text
            for f in self.bound
            if f.text and not f.error and type(f.filter) is not Filter
        }
        order = self.request.GET.get("order", "")
        query = urlencode(chosen | ({"order": order} if order else {}))
        return f"{self.request.path}?{query}" if query else self.request.path

    def counting_address(self, table: BoundTable, limit: int | None) -> str:
        """The address of the same page with all rows counted; empty where they are."""
        if limit is None or table.total is None or table.total <= limit:
            return ""
        given = self.request.GET
        return self.address(
            **{name: given.get(name, "") for name in ("order", "after", "before")}, count="all"
        )

    def export_address(self) -> str:
        """The address of the export of exactly these rows; empty when the actor may not export."""
        if not self.export_url or not self.actor.can(self.export_permission):
            return ""
        return reverse(self.export_url) + self.address(order=self.request.GET.get("order", ""))

    def part(self) -> str:
        htmx = getattr(self.request, "htmx", None)
        return "table" if htmx and htmx.target == "table" else ""


def bound(item: Filter, text: str) -> BoundFilter:
    """The filter with the text of the address; a wrong value keeps its text and says what to do."""
    if not text:
        return BoundFilter(item, "")
    try:
        return BoundFilter(item, text, item.parse(text))
    except WrongValue as wrong:
        return BoundFilter(item, text, None, str(wrong))


def filtered(rows: QuerySet, filters: list[BoundFilter]) -> QuerySet:
    """The rows that pass the filters; none while a value is wrong."""
    for item in filters:
        if item.error:
            return rows.none()
        if item.value is not None:
            rows = item.filter.apply(rows, item.value)
    return rows


def summary(table: BoundTable, limit: int | None = COUNT_LIMIT) -> str:
    """How many rows there are, in words; they were counted to the limit, if any."""
    if table.total is None:
        return ngettext("本页 %(number)s 条", "本页 %(number)s 条", len(table.rows)) % {
            "number": len(table.rows)
        }
    if limit is not None and table.total > limit:
        return _("%(number)s 条以上") % {"number": f"{limit:,}"}
    return ngettext("共 %(number)s 条", "共 %(number)s 条", table.total) % {"number": f"{table.total:,}"}
