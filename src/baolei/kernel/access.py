"""Who may do what: permissions in code, roles in code, grants in rows, one reach for each actor.

The same `Reach` answers "which rows" (`q`, for lists) and "may I" (`covers`, for one object); a property
test holds the two together. Absent and forbidden are the same answer (404).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from baolei.kernel.tree import below, is_below

PERMISSIONS: dict[str, "Permission"] = {}


@dataclass(frozen=True)
class Permission:
    """A right to do one thing; `own` rights hold for a person's own rows without any grant.

    A `lower` right is not for those above, who give the role that has it and do not hold it themselves.
    """

    code: str
    label: str
    own: bool = False
    lower: bool = False


def permission(code: str, label: str, *, own: bool = False, lower: bool = False) -> Permission:
    """Declare a permission once. Raises ValueError when the code is taken by another declaration."""
    made = Permission(code, label, own, lower)
    if PERMISSIONS.setdefault(code, made) != made:
        raise ValueError(f"permission {code} is declared twice")
    return made


@dataclass(frozen=True)
class Role:
    """A named set of permissions, given by a grant for one organization and all below it."""

    code: str
    label: str
    permissions: frozenset[Permission]


@cache
def roles() -> Mapping[str, Role]:
    """The role matrix named by the setting BAOLEI_ROLES, by code."""
    return {role.code: role for role in import_string(settings.BAOLEI_ROLES)}


@dataclass(frozen=True)
class Scope:
    """How a model lies in the tree (D13).

    `ends`: one to three relations to organizations ("self" for the organization itself); a row is seen from
    any of its ends. `keys`: the copied key of an end, where the table carries one (D2). `person`: the path to
    the person whose own row it is ("pk" for the person itself). `sealed` turns the ranges off.
    """

    ends: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=dict)
    person: str | None = None
    sealed: bool = False

    def key_path(self, end: str) -> str:
        """The path of a queryset to the present key of one end."""
        return "key" if end == "self" else self.keys.get(end) or f"{end}__key"

    def key_of(self, row: models.Model, end: str) -> str | None:
        """The present key of one end of a row."""
        if end == "self":
            return row.key
        if end in self.keys:
            return getattr(row, self.keys[end])
        node = getattr(row, end)
        return node.key if node is not None else None


@dataclass(frozen=True)
class Reach:
    """A short list of keys for each permission, plus oneself. `everywhere` is for the product's own jobs."""

    ranges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    person_id: int | None = None
    everywhere: bool = False

    def keys(self, wanted: Permission) -> tuple[str, ...]:
        """The tops of the subtrees in which the permission holds."""
        return self.ranges.get(wanted.code, ())

    def covers_key(self, wanted: Permission, key: str | None) -> bool:
        """True when the permission holds at this place of the tree."""
        return self.everywhere or (key is not None and any(is_below(key, top) for top in self.keys(wanted)))

    def has(self, wanted: Permission) -> bool:
        """True when the permission holds anywhere."""
        return self.everywhere or bool(self.keys(wanted)) or (wanted.own and self.person_id is not None)

    def within(self, wanted: Permission, path: str = "key") -> Q:
        """The condition that the key at `path` lies where the permission holds, whatever ends a row has."""
        if self.everywhere:
            return Q()
        return reduce(or_, (below(top, field=path) for top in self.keys(wanted)), Q(pk__in=[]))

    def q(self, model: type[models.Model], wanted: Permission) -> Q:
        """The condition that holds for exactly the rows of `model` that `covers` accepts."""
        return reduce(or_, (condition for _end, condition in self._by_end(model, wanted)), Q())

    def pieces(self, model: type[models.Model], wanted: Permission) -> list[tuple[str, Q]]:
        """The same rows in disjoint pieces: (path of a key, condition) for each end, ("", condition) for one's own.

        The rows of a piece are those of a range of that key, which an index finds; of several ends at once none does.
        """
        found, before = [], Q()
        for path, condition in self._by_end(model, wanted):
            found.append((path, condition & ~before if before else condition))
            before |= condition
        return found

    def _by_end(self, model: type[models.Model], wanted: Permission) -> list[tuple[str, Q]]:
        scope: Scope = model.scope
        if self.everywhere:
            return [(scope.key_path(scope.ends[0]), Q())]
        tops = () if scope.sealed else self.keys(wanted)
        paths = [scope.key_path(end) for end in scope.ends] if tops else []
        found = [(path, self.within(wanted, path)) for path in paths]
        if wanted.own and scope.person and self.person_id is not None:
            found.append(("", Q(**{scope.person: self.person_id})))
        return found or [("", Q(pk__in=[]))]

    def covers(self, row: models.Model, wanted: Permission) -> bool:
        """True when the permission holds for this row; a row without a scope lies in nobody's reach."""
        if self.everywhere:
            return True
        scope: Scope | None = getattr(row, "scope", None)
        if scope is None:
            return False
        mine = wanted.own and scope.person is not None and self.person_id is not None
        if mine and getattr(row, scope.person) == self.person_id:
            return True
        return not scope.sealed and any(self.covers_key(wanted, scope.key_of(row, end)) for end in scope.ends)


@dataclass(frozen=True)
class Actor:
    """Who acts: a user or a named job of the product; a value, made anew for each request.

    `office` is shown to the people concerned ("who saw my file") and kept as it was at the time.
    """

    name: str
    office: str = ""
    user_id: int | None = None
    reach: Reach = Reach()
    request_id: str = ""
    role_labels: tuple[str, ...] = ()

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The product's own job `name`, with reach everywhere."""
        return cls(name=name, office="系统", reach=Reach(everywhere=True))

    def can(self, wanted: Permission, row: Any = None) -> bool:
        """True when the actor holds the permission for the row, or anywhere when no row is given."""
        return self.reach.has(wanted) if row is None else self.reach.covers(row, wanted)

    def require(self, wanted: Permission, row: Any = None) -> None:
        """Raises PermissionDenied unless `can`."""
        if not self.can(wanted, row):
            raise PermissionDenied(wanted.label)


NOBODY = Actor(name="访客")
