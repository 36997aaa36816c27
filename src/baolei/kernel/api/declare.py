"""What the interface offers: its addresses and their parameters, and the lists that areas give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from baolei.kernel.access import Permission
from baolei.kernel.pages.lists import ListPage
from baolei.kernel.tables.filters import Filter, SubtreeFilter

PREFIX = "/api/v1/"
LIMIT = 200
"""Rows of one answer."""


@dataclass(frozen=True)
class Parameter:
    """A value of the address (`?name=…`)."""

    name: str
    words: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string", "maxLength": 100})
    required: bool = False


@dataclass(frozen=True)
class Offered:
    """A list of the pages as the interface gives it.

    `record` is the action that records an export: lists that name persons are given by it only (G-30). With `by`,
    a field that is unique, one row has an address of its own. `folder` is the address below the prefix.
    """

    name: str
    page: type[ListPage]
    record: Callable[..., Any]
    folder: str
    by: str = ""

    @property
    def personal(self) -> bool:
        """Whether its rows name persons."""
        return self.page.table.personal()

    @property
    def permission(self) -> Permission:
        """What the list asks for: the right to its page, and with names that to its export."""
        return self.page.export_permission if self.personal else self.page.permission

    def parameters(self) -> Iterable[Parameter]:
        """The filters of the page, its orders, and where to go on."""
        for item in self.page.filters:
            yield Parameter(item.name, _words(item), item.schema)
        yield Parameter(
            "order", "次序", {"type": "string", "enum": [order.name for order in self.page.table.orders]}
        )
        yield Parameter("after", "上一页答复中的 next", {"type": "string", "maxLength": 40})
        yield Parameter("limit", "本页最多几条，默认 50", {"type": "integer", "minimum": 1, "maximum": LIMIT})
        if self.personal:
            yield PURPOSE


PURPOSE = Parameter(
    "purpose",
    "用途，60 字以内；与导出一样记录，本人可以看到",
    {"type": "string", "minLength": 1, "maxLength": 60, "pattern": r"\S"},
    required=True,
)
OFFERED: dict[str, Offered] = {}


def offer(
    name: str, page: type[ListPage], *, record: Callable[..., Any], folder: str = "", by: str = ""
) -> None:
    """Give the list by the interface, as `lists/<name>/` unless it has a folder of its own."""
    OFFERED[name] = Offered(name, page, record, folder or f"lists/{name}/", by)


def _words(item: Filter) -> str:
    words = str(item.label)
    if isinstance(item, SubtreeFilter):
        words += "（组织代码、区划代码或 uid）"
    if item.default:
        words += f"；默认 {item.default}，留空为全部"
    return words
