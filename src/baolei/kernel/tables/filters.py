"""Filters of a list: one declaration reads the address, narrows the rows and draws the field."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from baolei.kernel.access import Actor, Permission
from baolei.kernel.tree import below, node_model, person_model


class WrongValue(ValueError):
    """The value of a filter that a reader gave cannot be used; the message says what to do."""


class Filter:
    """A value of the address (`?name=…`) that narrows the rows by `lookup`, or by `narrow(rows, value)`."""

    kind = "text"
    default = ""
    schema: Mapping[str, Any] = {"type": "string", "maxLength": 100}
    """The values that the address takes, as JSON Schema."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        lookup: str = "",
        narrow: Callable[[QuerySet, Any], QuerySet] | None = None,
        default: str = "",
    ):
        self.name, self.label, self.lookup = name, label, lookup or name
        self.default = default
        self._narrow = narrow

    def parse(self, text: str) -> Any:
        """The value meant. Raises WrongValue with a sentence for the reader."""
        return text

    def apply(self, rows: QuerySet, value: Any) -> QuerySet:
        """The rows that have the value."""
        return self._narrow(rows, value) if self._narrow else rows.filter(**{self.lookup: value})

    def choices(self, chosen: Any, tops: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        """(value, label) of a select, with `chosen` now, for a reader whose reach has these tops; none for an input."""
        return ()

    def within(self, actor: Actor, permission: Permission, value: Any) -> bool:
        """True when the reader may know of the value."""
        return True


class ChoiceFilter(Filter):
    """One of a few values: `options` are (value of the address, label), or give them when asked, for what other
    areas declare later. `every` labels no choice at all."""

    kind = "select"

    def __init__(
        self,
        name: str,
        label: str,
        *,
        options: Iterable[tuple[str, str]] | Callable[[], Iterable[tuple[str, str]]],
        every: str = "",
        **more,
    ):
        super().__init__(name, label, **more)
        self._options = options if callable(options) else tuple(options)
        self.every = every

    @property
    def schema(self) -> Mapping[str, Any]:
        return {"type": "string", "enum": ["", *(value for value, _label in self.options)]}

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._options()) if callable(self._options) else self._options

    def parse(self, text: str) -> str:
        if text not in dict(self.options):
            raise WrongValue(_("“%(value)s”不是可选的值，请从列表中选择。") % {"value": text[:20]})
        return text

    def choices(self, chosen, tops):
        return [("", self.every or _("全部")), *self.options]


class NumberFilter(Filter):
    """A whole number of at most four digits, such as a year; beyond 9999 there are no days to compare with."""

    schema = {"type": "integer", "minimum": 1, "maximum": 9999}

    def parse(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text)):
            raise WrongValue(_("请填写数字，如 2016。"))
        return int(text)


class DateFilter(Filter):
    """A day, written as in 2026-11-23."""

    kind = "date"
    schema = {"type": "string", "format": "date"}

    def parse(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise WrongValue(_("请写成 2026-11-23 这样的日期。")) from None


class RowFilter(Filter):
    """A row of another table by its uid; absent and out of reach are the same answer."""

    kind = "select"

    def model(self) -> type[Model]:
        raise NotImplementedError

    def unknown(self) -> str:
        """What is said of a row that is absent or out of reach."""
        raise NotImplementedError

    def parse(self, text: str) -> Model:
        try:
            found = self.model()._default_manager.filter(uid=UUID(text)).first()
        except ValueError:
            found = None
        if found is None:
            raise WrongValue(self.unknown())
        return found

    def within(self, actor, permission, value):
        return actor.can(permission, value)


class PersonFilter(RowFilter):
    """A person by the uid of the file: the records about him. Shown once a link has given it, never as a list."""

    kind = "person"

    def model(self):
        return person_model()

    def unknown(self):
        return _("没有这个人，请从本人的档案页打开。")

    def choices(self, chosen, tops):
        return [("", _("全部")), *([(str(chosen.uid), str(chosen))] if chosen else [])]


class SubtreeFilter(RowFilter):
    """An organization by its uid: the rows below it, itself included. `lookup` is the path of the rows' key.

    A reader goes down and up one level at a time, so that no list of all organizations is ever made.
    """

    shown = 300

    def model(self):
        return node_model()

    def unknown(self):
        return _("没有这个党组织，请重新选择。")

    def within(self, actor, permission, value):
        return actor.reach.covers_key(permission, value.key)

    def apply(self, rows: QuerySet, value: Model) -> QuerySet:
        return self._narrow(rows, value) if self._narrow else rows.filter(below(value.key, field=self.lookup))

    def choices(self, chosen, tops):
        """(uid, label) of the level above within `tops`, of the organization chosen, and of those below it."""
        nodes = node_model()._default_manager
        if chosen is None:
            return [("", _("全部")), *_labels(nodes.filter(parent__key__in=tops, closed_on=None))]
        up = [("", _("全部"))]
        if chosen.parent_id and chosen.key not in tops and chosen.parent.key not in tops:
            up.append((str(chosen.parent.uid), _("上一级：%(name)s") % {"name": chosen.parent}))
        here = (str(chosen.uid), str(chosen))
        return [*up, here, *_labels(nodes.filter(parent=chosen, closed_on=None))]


def _labels(rows: QuerySet) -> list[tuple[str, str]]:
    found = rows.order_by("key").values_list("uid", "short_name")[: SubtreeFilter.shown]
    return [(str(uid), f"　{name}") for uid, name in found]
