"""The table: columns, declared orders, keyset pages, and its HTML."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from baolei.kernel.tables.columns import Column

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
"""Above this many rows a list says "more than" instead of counting on."""


@dataclass(frozen=True)
class Order:
    """An order that a reader may choose. `fields` must end in one that is unique; "-" turns a field round.

    Nobody is ordered by hours, grades or counts (G-25), so orders are declared, never taken from the address.
    """

    name: str
    label: str
    fields: tuple[str, ...]
    by_place: bool = False
    """Whether the first field is the key of an organization, whichever of a record's ends leads to it."""

    def at(self, path: str) -> "Order":
        """The same order by another key; without one by the other fields alone."""
        return replace(self, fields=(*([path] if path else []), *self.fields[1:])) if self.by_place else self

    def turned(self) -> tuple[str, ...]:
        """The same fields the other way round."""
        return tuple(field[1:] if field.startswith("-") else f"-{field}" for field in self.fields)

    def behind(self, at: tuple[Any, ...], *, backwards: bool = False) -> Q:
        """The rows behind the position `at` (before it when `backwards`).

        Fields are never null. The first field's own range stands apart, so that an index can start there.
        """
        fields = self.turned() if backwards else self.fields
        condition = Q()
        for number in range(len(fields) - 1, -1, -1):
            name, past = _past(fields[number])
            here = Q(**{f"{name}__{past}": at[number]})
            condition = here | (Q(**{name: at[number]}) & condition) if condition else here
        if len(fields) > 1:
            name, past = _past(fields[0])
            condition = Q(**{f"{name}__{past}e": at[0]}) & condition
        return condition


def record_orders(end: str = "organization") -> tuple[Order, ...]:
    """The orders of records: by organization, of which `end` is the first one, and the latest entry first.

    By organization an index leads from the places within reach to their records; by entry all within reach are sorted.
    """
    return (
        Order("place", _("按党组织"), (f"{end}__key", "pk"), by_place=True),
        Order("latest", _("新登记的在前"), ("-pk",)),
    )


def _past(field: str) -> tuple[str, str]:
    return (field[1:], "lt") if field.startswith("-") else (field, "gt")


class UnknownPosition(ValueError):
    """No row that the reader may see stands at this position."""


class Table:
    """Declare columns as attributes; `orders` (the first is the default), `caption`, and the empty words.

    A column called like an attribute of this class would take its place: TypeError.

    `position` is the unique field that stands for a row in the address of the next page: a row's number tells
    nothing about it, while its place in the order may be a name.
    """

    columns: ClassVar[dict[str, Column]] = {}
    orders: tuple[Order, ...] = ()
    position = "uid"
    caption = ""
    empty = ""
    empty_hint = ""
    size = PAGE_SIZE

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        if taken := own.keys() & set(dir(Table)):
            raise TypeError(f"{cls.__name__}: a column cannot be called {', '.join(sorted(taken))}")
        for name, column in own.items():
            column.named(name)
        cls.columns = {**cls.columns, **own}

    @classmethod
    def fields(cls) -> tuple[str, ...]:
        """All paths that the columns need of a row, each once."""
        return tuple(dict.fromkeys(field for column in cls.columns.values() for field in column.fields))

    @classmethod
    def personal(cls) -> bool:
        """True when a column is about a person."""
        return any(column.personal for column in cls.columns.values())

    @classmethod
    def order(cls, name: str) -> Order:
        """The declared order of that name, else the default."""
        return next((order for order in cls.orders if order.name == name), cls.orders[0])

    @classmethod
    def page(
        cls,
        rows: QuerySet,
        *,
        order: str = "",
        after: str = "",
        before: str = "",
        total: int | None = None,
    ) -> "BoundTable":
        """One page of the rows. A position that is not among the rows leads to the first page."""
        chosen = order if isinstance(order, Order) else cls.order(order)
        return cls.page_of([(rows, chosen)], after=after, before=before, total=total)

    @classmethod
    def page_of(
        cls,
        pieces: Sequence[tuple[QuerySet, Order]],
        *,
        after: str = "",
        before: str = "",
        total: int | None = None,
        size: int = 0,
        strict: bool = False,
    ) -> "BoundTable":
        """One page of disjoint pieces, one behind the other, each in its own order.

        Raises UnknownPosition for a position that is not among the rows when `strict`.
        """
        chosen, size = pieces[0][1], size or cls.size
        places = enumerate(_at(cls, rows, order, after or before) for rows, order in pieces)
        start, at = next(((number, at) for number, at in places if at is not None), (0, None))
        if strict and at is None and (after or before):
            raise UnknownPosition(after or before)
        backwards = bool(before) and at is not None
        found: list[tuple[Any, ...]] = []
        for number, (rows, order) in enumerate(pieces[start::-1] if backwards else pieces[start:]):
            fields = order.turned() if backwards else order.fields
            narrowed = rows.filter(order.behind(at, backwards=backwards)) if at and not number else rows
            wanted = narrowed.order_by(*fields).values_list(*cls.fields(), cls.position)
            found += wanted[: size + 1 - len(found)]
            if len(found) > size:
                break
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        has_next, has_previous = (True, more) if backwards else (more, at is not None)
        return BoundTable(
            cls,
            [row[:-1] for row in found],
            order=chosen,
            after=str(found[-1][-1]) if found and has_next else "",
            before=str(found[0][-1]) if found and has_previous else "",
            total=total,
            positions=[row[-1] for row in found],
        )

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]]) -> "BoundTable":
        """A table of ready tuples, whose values stand in the order of `fields()`."""
        return BoundTable(cls, list(rows))

    @classmethod
    def lines(cls, rows: QuerySet, *, order: str = "") -> Iterator[list[Any]]:
        """All rows for a file, one list of plain values a row, streamed."""
        places = cls._places()
        columns = [(column.filer(), places[name][0]) for name, column in cls.columns.items() if column.export]
        found = rows.order_by(*cls.order(order).fields).values_list(*cls.fields())
        for row in found.iterator(chunk_size=2000):
            yield [plain(row[place]) for plain, place in columns]

    @classmethod
    def headings(cls) -> list[str]:
        """The headings of the columns that go into files."""
        return [str(column.heading) for column in cls.columns.values() if column.export]

    @classmethod
    def _places(cls) -> dict[str, tuple[int, ...]]:
        order = {field: number for number, field in enumerate(cls.fields())}
        return {name: tuple(order[field] for field in column.fields) for name, column in cls.columns.items()}


def _at(table: type[Table], rows: QuerySet, order: Order, position: str) -> tuple[Any, ...] | None:
    """Where the row stands in the order; only a row that the reader may see has a place."""
    if not position:
        return None
    try:
        value = UUID(position) if table.position == "uid" else int(position)
    except ValueError:
        return None
    names = [field.removeprefix("-") for field in order.fields]
    return rows.filter(**{table.position: value}).order_by().values_list(*names).first()


def count_up_to(*pieces: QuerySet, limit: int | None = COUNT_LIMIT) -> int:
    """The number of rows of disjoint pieces, counted no further than one above the limit, if there is one."""
    if limit is None:
        return sum(rows.order_by().count() for rows in pieces)
    number = 0
    for rows in pieces:
        if number <= limit:
            number += rows.order_by()[: limit + 1 - number].count()
    return number


@dataclass
class BoundTable:
    """Rows of one page, ready to be drawn."""

    table: type[Table]
    rows: list[tuple[Any, ...]]
    order: Order | None = None
    after: str = ""
    before: str = ""
    total: int | None = None
    positions: list[Any] = field(default_factory=list)
    """What stands for each row in addresses."""

    @cached_property
    def html(self) -> SafeString:
        """The table's head and body; every value passes through its column, which escapes."""
        places = self.table._places()
        cells = []
        for number, (name, column) in enumerate(self.table.columns.items()):
            css = f' class="{column.css}"' if column.css else ""
            label = escape(column.heading)
            start = f'<th scope="row"{css}>' if number == 0 else f'<td{css} data-label="{label}">'
            cells.append((start, column.drawer(), places[name], "</th>" if number == 0 else "</td>"))
        body = "".join(
            "<tr>"
            + "".join(
                f"{start}{draw(tuple([row[p] for p in wanted]))}{end}" for start, draw, wanted, end in cells
            )
            + "</tr>"
            for row in self.rows
        )
        return mark_safe(f"<thead><tr>{self._head()}</tr></thead><tbody>{body}</tbody>")

    def _head(self) -> str:
        return "".join(
            f'<th scope="col"{f" class={chr(34)}num{chr(34)}" if column.css == "num" else ""}>{escape(column.heading)}</th>'
            for column in self.table.columns.values()
        )

    def dictionaries(self) -> list[Mapping[str, Any]]:
        """The rows by column name, plain values, for JSON."""
        places = self.table._places()
        return [
            {
                name: column.plain(row[places[name][0]])
                for name, column in self.table.columns.items()
                if column.export
            }
            for row in self.rows
        ]
