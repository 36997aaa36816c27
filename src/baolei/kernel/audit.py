"""The record of what was done: append-only by privilege and trigger, sealed by a job (D6).

No chain stands in the write path. A seal takes the events of all transactions that are finished
(`xid < pg_snapshot_xmin`), in the order (xid, id), and hashes them onto the digest of the seal before.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from baolei.kernel.access import Actor
from baolei.kernel.models import AuditSeal

FIRST = hashlib.sha256(b"baolei audit").digest()

WORDS: dict[str, str] = {
    "kernel.import.refuse": _("导入时遇到不能在此录入的人"),
    "kernel.sheet.export": _("导出数据包"),
}
"""What an event is called on a page, by its name; actions add theirs, areas those that they record themselves."""

_COLUMNS = """
    INSERT INTO kernel_event (day, at, action, actor_id, actor_name, office, reach, request_id, target_model,
                              target_id, target_key, person_id, detail, changes, xid)
"""
_XID = "pg_current_xact_id()::text::bigint + (SELECT last_value FROM kernel_event_xid_offset)"
_INSERT = f"{_COLUMNS} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, {_XID})"

_FINISHED_BELOW = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (SELECT last_value FROM kernel_event_xid_offset)
"""

CONTINUE_AFTER_RESTORE = """
    SELECT setval('kernel_event_xid_offset', greatest(
        (SELECT last_value FROM kernel_event_xid_offset),
        greatest((SELECT max(xid) FROM kernel_event), (SELECT max(to_xid) FROM kernel_auditseal))
            - pg_current_xact_id()::text::bigint,
        0))
"""
"""A restored cluster counts its transactions from the beginning: go on where the restored record ends."""

_SEALED_TEXT = """
    SELECT id, xid, concat_ws(chr(31), day, extract(epoch FROM at), action, coalesce(actor_id::text, ''),
           actor_name, office, reach::text, request_id, target_model, coalesce(target_id::text, ''),
           coalesce(target_key, ''), coalesce(person_id::text, ''), detail::text, changes::text)
    FROM kernel_event WHERE xid >= %s AND xid < %s ORDER BY xid, id
"""


def named(name: str, words: str) -> str:
    """Give an event its words, unless it has some; returns its name."""
    WORDS.setdefault(name, words)
    return name


def words_of(name: str) -> str:
    """What the event is called; the name itself for one that no release knows any more."""
    return str(WORDS.get(name, name))


def record(
    action: str,
    *,
    actor: Actor,
    target: models.Model | None = None,
    key: str | None = None,
    person_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    day_only: bool = False,
) -> None:
    """Write one event inside the caller's transaction; `day_only` keeps the day and no time of it (G-15)."""
    now = timezone.now()
    at = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) if day_only else now
    given = _about(target, key, person_id, detail, changes)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*_begun(action, actor, now, at), *given])


def record_each(action: str, *, actor: Actor, about: Iterable[Mapping[str, Any]]) -> None:
    """Write an event for each of many rows, of which `about` gives what `record` takes beside action and actor."""
    now = timezone.now()
    begun = _begun(action, actor, now, now)
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [[*begun, *_about(**given)] for given in about])


def _about(
    target: models.Model | None = None,
    key: str | None = None,
    person_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> list[Any]:
    """The last columns of an event: about what, and what changed."""
    label, pk = (target._meta.label, target.pk) if target is not None else ("", None)
    return [label, pk, key, person_id, Jsonb(dict(detail or {})), Jsonb(dict(changes or {}))]


def _begun(action: str, actor: Actor, now: datetime, at: datetime) -> list[Any]:
    """The first columns of an event: when, what, who, within which reach."""
    tops = sorted({top for keys in actor.reach.ranges.values() for top in keys})
    return [
        timezone.localdate(now),
        at,
        action,
        actor.user_id,
        actor.name,
        actor.office,
        tops,
        actor.request_id,
    ]


def record_names(
    action: str, *, actor: Actor, rows: QuerySet, purpose: str, request: str = "", label: str = ""
) -> int:
    """Write in one statement that each of these persons' names was given away: `rows` are (target, key, person) by
    `values_list`, of which target and key may be None; `request` is that to which a second person agreed (G-30).

    Returns how many.
    """
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:  # Django knows that there are none
        return 0
    now = timezone.now()
    detail = {"purpose": purpose, "role": "、".join(actor.role_labels)}
    if request:
        detail["request"] = request
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{_COLUMNS} SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, target::bigint, key::text, person::bigint, %s,
                    '{{}}', {_XID}
                FROM ({sql}) AS listed (target, key, person)""",
            [*_begun(action, actor, now, now), label, Jsonb(detail), *given],
        )
        return cursor.rowcount


@dataclass(frozen=True)
class Sealed:
    """What a seal covers: the number of events and their digest chained to `previous`."""

    rows: int
    digest: bytes


def digest_of(rows: Iterable[tuple[int, int, str]], previous: bytes) -> Sealed:
    """Fold events (id, xid, text) onto the digest before; pure, so that anybody can repeat it."""
    number, state = 0, hashlib.sha256(previous)
    for event_id, xid, text in rows:
        state.update(hashlib.sha256(f"{event_id}\x1f{xid}\x1f{text}".encode()).digest())
        number += 1
    return Sealed(number, state.digest())


def fold(from_xid: int, to_xid: int, previous: bytes) -> Sealed:
    """The digest over the events of the transactions from_xid <= xid < to_xid as they stand now."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALED_TEXT, [from_xid, to_xid])
        return digest_of(cursor, previous)


@transaction.atomic
def seal() -> AuditSeal | None:
    """Seal the events of all finished transactions; None when there is nothing new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.audit.seal'))")
        cursor.execute(_FINISHED_BELOW)
        to_xid = cursor.fetchone()[0]
    last = AuditSeal.objects.order_by("to_xid").last()
    from_xid, previous = (last.to_xid, bytes(last.digest)) if last else (0, FIRST)
    if to_xid <= from_xid:
        return None
    sealed = fold(from_xid, to_xid, previous)
    if not sealed.rows:
        return None
    return AuditSeal.objects.create(
        from_xid=from_xid,
        to_xid=to_xid,
        rows=sealed.rows,
        digest=sealed.digest,
        previous=previous,
    )
