"""The inventory: each table with what is personal, whose it is, what for, on what ground, how long, who sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Permission, roles

HOLDINGS: dict[str, "Holding"] = {}
# Most tables about persons are the register's: of members, kept with their standing.
MEMBERS = _("党员")
WITH_STANDING = _("党籍存续期间及以后；删除个人信息后只剩编号")


@dataclass(frozen=True)
class Holding:
    """One table. `person` is the path of a queryset to the number of the person that a row is about, empty where the
    table names none; `seen` are the permissions with which it is read.
    """

    model: type[models.Model]
    whose: Any
    purpose: Any
    ground: Any
    kept: Any
    seen: tuple[Permission, ...]
    person: str
    told: Callable[[models.Model], dict[str, str]] | None
    untold: frozenset[str]

    def columns(self) -> list[str]:
        """The columns, by their names in the database."""
        return [field.column for field in self.model._meta.concrete_fields]

    def roles(self) -> list[str]:
        """Who may read it, beside the person."""
        return [str(role.label) for role in roles().values() if role.permissions & set(self.seen)]


def holds(
    model: type[models.Model],
    *,
    purpose: Any,
    ground: Any,
    seen: tuple[Permission, ...],
    whose: Any = MEMBERS,
    kept: Any = WITH_STANDING,
    person: str | None = None,
    told: Callable[[models.Model], dict[str, str]] | None = None,
    untold: frozenset[str] = frozenset(),
) -> None:
    """Declare a table; `person` is that of its scope unless given. When a person is told what is kept, the columns
    `untold` are left out, and `told` puts other words in the place of what a row holds.

    Raises ValueError when it is declared already.
    """
    label = model._meta.label
    if label in HOLDINGS:
        raise ValueError(f"{label} is declared twice")
    scope = getattr(model, "scope", None)
    path = person if person is not None else (scope.person if scope else "") or ""
    HOLDINGS[label] = Holding(model, whose, purpose, ground, kept, seen, path, told, untold)


def inventory() -> list[dict[str, Any]]:
    """Every table with what is personal, in words."""
    return [
        {
            "table": one.model._meta.db_table,
            "columns": one.columns(),
            "whose": str(one.whose),
            "purpose": str(one.purpose),
            "ground": str(one.ground),
            "kept": str(one.kept),
            "seen_by": one.roles(),
        }
        for _label, one in sorted(HOLDINGS.items())
    ]
