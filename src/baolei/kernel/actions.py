"""Every change is an action: permission before and after, one transaction, row lock, diff, audit, reactions.

    @action("organizations.organization.rename", words=_("更名"), needs=Can.EDIT)
    def rename(organization, *, actor, name): ...

The target is the first argument: the row that changes, or the organization in which a row is made. The body
holds the rule only. Another area reacts by `@during(name)` (may refuse) or `@after(name)`; both run inside the
transaction. Bulk actions take a batch: reach is checked for the whole set in SQL, one audit row is written.
"""

import inspect
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import models, transaction

from baolei.kernel import audit
from baolei.kernel.access import Actor, Permission
from baolei.kernel.figures.declare import row_sources
from baolei.kernel.models import StaleMark
from baolei.kernel.tree import hold_tree

ACTIONS: dict[str, Callable] = {}
BULK_ACTIONS: dict[str, Callable] = {}
UNRECORDED: set[str] = set()
"""Writes that leave no event; a guard knows each of them."""
DURING: dict[str, list[Callable]] = defaultdict(list)
AFTER: dict[str, list[Callable]] = defaultdict(list)


def action(
    name: str,
    *,
    words: str,
    needs: Permission | None,
    private: Iterable[str] = (),
    veiled: bool = False,
    day_only: bool = False,
    tree: str = "",
):
    """Declare a write.

    `words` is what histories and the record of events call it. `needs` None is for writes before anybody is
    known (signing in). The names in `private` are arguments that the audit row leaves out; `veiled` leaves out
    every value that changed, for what takes values away; `day_only` leaves out the time of day. `tree` keeps the tree as it is ("shared") or changes it
    ("alone"): that lock comes before any row's, so that two actions cannot wait for each other.
    Raises PermissionDenied when the actor may not, before or after the change.
    """
    hidden = frozenset(private) | {"actor"}

    def declare(body: Callable) -> Callable:
        _register(ACTIONS, name, body, words)

        @wraps(body)
        def run(target: models.Model | None = None, *, actor: Actor, **arguments: Any) -> Any:
            with transaction.atomic():
                if tree:
                    hold_tree(alone=tree == "alone")
                target = _locked(target)
                if needs is not None:
                    actor.require(needs, target)
                before, keys = _snapshot(target), _keys(target)
                for reaction in DURING[name]:
                    reaction(target, actor=actor, **arguments)
                result = body(target, actor=actor, **arguments)
                if needs is not None:
                    actor.require(needs, target)
                subject = result if isinstance(result, models.Model) else target
                _mark_stale(subject, keys | _keys(target) | _keys(subject))
                audit.record(
                    name,
                    actor=actor,
                    target=subject,
                    key=_key(subject) or _key(target),
                    person_id=_person(subject),
                    detail={k: _plain(v) for k, v in arguments.items() if k not in hidden},
                    changes=_diff(target, before, veiled=veiled),
                    day_only=day_only,
                )
                for reaction in AFTER[name]:
                    reaction(target, actor=actor, **arguments)
                return result

        run.action_name, run.needs = name, needs
        return run

    return declare


def for_each(single: Callable):
    """Declare the form of an action for many rows of one table at once: `body(rows, *, actor)`.

    The same name, permission and reactions, and for each row the same event, as if it had been done row by row; in one
    transaction, so that one refusal refuses all.
    """
    name, needs = single.action_name, single.needs

    def declare(body: Callable) -> Callable:
        @wraps(body)
        def run(targets: Collection[models.Model], *, actor: Actor) -> list[models.Model]:
            with transaction.atomic():
                rows = _locked_rows([*targets])
                if not rows:
                    return rows
                before = [_snapshot(row) for row in rows]
                keys = set().union(*map(_keys, rows))
                for row in rows:
                    actor.require(needs, row)
                    for reaction in DURING[name]:
                        reaction(row, actor=actor)
                body(rows, actor=actor)
                for row in rows:
                    actor.require(needs, row)
                _mark_stale(rows[0], keys.union(*map(_keys, rows)))
                about = [
                    {
                        "target": row,
                        "key": _key(row),
                        "person_id": _person(row),
                        "changes": _diff(row, old, veiled=False),
                    }
                    for row, old in zip(rows, before, strict=True)
                ]
                audit.record_each(name, actor=actor, about=about)
                for row in rows:
                    for reaction in AFTER[name]:
                        reaction(row, actor=actor)
                return rows

        run.action_name, run.needs = name, needs
        return run

    return declare


def bulk_action(name: str, *, needs: Permission, words: str = ""):
    """Declare a write of a whole staged batch: `body(batch, *, actor)` returns counts for the audit row.

    The body checks reach for the whole set in SQL; reactions get the batch. Without `words` it is called as its
    permission is: a batch is mostly the only thing that its permission is for.
    """

    def declare(body: Callable) -> Callable:
        _register(BULK_ACTIONS, name, body, words or needs.label)

        @wraps(body)
        def run(batch: Any, *, actor: Actor, **arguments: Any) -> dict[str, int]:
            with transaction.atomic():
                actor.require(needs)
                for reaction in DURING[name]:
                    reaction(batch, actor=actor)
                counts = body(batch, actor=actor, **arguments)
                audit.record(name, actor=actor, detail={"batch": str(batch.uid), **counts})
                for reaction in AFTER[name]:
                    reaction(batch, actor=actor)
                return counts

        run.action_name, run.needs = name, needs
        return run

    return declare


def unrecorded(name: str):
    """Declare a write that must leave no event: nobody may learn who did it, or when."""
    UNRECORDED.add(name)
    return lambda body: body


def during(name: str):
    """React inside the action, before its body; raise to refuse."""
    return lambda reaction: DURING[name].append(reaction) or reaction


def after(name: str):
    """React inside the action's transaction, after the audit row."""
    return lambda reaction: AFTER[name].append(reaction) or reaction


def _register(table: dict[str, Callable], name: str, body: Callable, words: str) -> None:
    if name in ACTIONS or name in BULK_ACTIONS:
        raise ValueError(f"action {name} is declared twice")
    parameters = list(inspect.signature(body).parameters.values())
    if parameters[0].kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD or any(
        p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters[1:]
    ):
        raise TypeError(f"action {name}: the target is positional, everything else keyword-only")
    table[name] = body
    audit.WORDS[name] = words


def _locked(target: models.Model | None) -> models.Model | None:
    """The row again, locked, as the transaction sees it."""
    if target is None or target.pk is None:
        return target
    # __class__, since a request's user is a lazy stand-in.
    return target.__class__._default_manager.select_for_update(of=("self",)).get(pk=target.pk)


def _locked_rows(rows: list[models.Model]) -> list[models.Model]:
    """The rows again, locked in the order of their numbers, with the organizations at their ends."""
    if not rows:
        return []
    model = rows[0].__class__
    ends = [end for end in model.scope.ends if end not in ("self", *model.scope.keys)]
    found = model._default_manager.select_for_update(of=("self",)).select_related(*ends)
    return [*found.filter(pk__in=[row.pk for row in rows]).order_by("pk")]


def _key(row: models.Model | None) -> str | None:
    keys = _keys(row)
    return min(keys) if keys else None


def _keys(row: models.Model | None) -> set[str]:
    scope = getattr(row, "scope", None)
    if row is None or scope is None:
        return set()
    return {key for end in scope.ends if (key := scope.key_of(row, end))}


def _person(row: models.Model | None) -> int | None:
    scope = getattr(row, "scope", None)
    return getattr(row, scope.person) if scope is not None and scope.person else None


def _mark_stale(row: models.Model | None, keys: set[str]) -> None:
    """Leave a mark where the row lies or lay, if a figure reads its table."""
    if row is None or not any(row._meta.label in rows.reads for rows in row_sources()):
        return
    StaleMark.leave([row.__class__], sorted(keys))


def _snapshot(row: models.Model | None) -> dict[str, Any]:
    if row is None or row.pk is None:
        return {}
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _diff(row: models.Model | None, before: dict[str, Any], *, veiled: bool) -> dict[str, Any]:
    """Field -> [before, after]; a field outside `Privacy.plain`, or a veiled one, keeps only that it changed (G-28)."""
    plain = frozenset() if veiled else getattr(getattr(row, "Privacy", None), "plain", None)
    changes = {}
    for name, old in before.items():
        new = getattr(row, name)
        if new != old:
            open_to_see = plain is None or name in plain
            changes[name] = [_plain(old), _plain(new)] if open_to_see else ["…", "…"]
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return {"model": value._meta.label, "id": value.pk}
    if isinstance(value, date | datetime | Decimal | UUID):
        return str(value)
    if isinstance(value, str | int | float | bool | None):
        return value
    return str(value)
