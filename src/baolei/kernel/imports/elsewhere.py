"""What an actor is told of rows that lie outside his reach: one answer, alone, counted, capped (G-12).

An area keeps the rest of the promise: what else it finds wrong with a row never depends on what is registered
outside the reach, and it asks about that last, of rows in which nothing else is wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel import audit
from baolei.kernel.access import Actor
from baolei.kernel.imports.problems import ELSEWHERE
from baolei.kernel.imports.sheets import execute, good
from baolei.kernel.models import Batch, Event

DAILY = 5
"""Rows a day for which an actor gets the answer; a batch that would exceed it is refused without naming a row."""

EVENT = "kernel.import.refuse"


def refuse_elsewhere(sheet: str, found: str, parameters: Any = None) -> int:
    """Refuse with the one answer the rows of a query that gives `row`; the number of rows refused.

    A row that is refused already keeps what it was told; of a row refused here nothing more is told.
    """
    told = execute(
        f"INSERT INTO stage_problem (sheet, row, col, value, code) SELECT DISTINCT '{sheet}', found.row, '', '', "
        f"'{ELSEWHERE}' FROM ({found}) found (row) WHERE {good('found', sheet)}",
        parameters,
    )
    if told:
        execute(
            f"INSERT INTO stage_refused SELECT sheet, row FROM stage_problem WHERE sheet = '{sheet}' "
            f"AND code = '{ELSEWHERE}' ON CONFLICT DO NOTHING"
        )
    return told


def rows_elsewhere() -> int:
    """All rows of the batch that got the answer, listed or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stage_problem WHERE code = %s", [ELSEWHERE])
        return cursor.fetchone()[0]


def would_exceed(actor: Actor, rows: int) -> bool:
    """Whether the actor may not be told of so many rows more today.

    With `rows` 0: whether a batch was refused for that today. Then nothing is read any more: whether the next
    one is refused for the same would tell whether its persons are registered elsewhere.
    """
    if actor.reach.everywhere:
        return False
    today = Event.objects.filter(day=timezone.localdate(), action=EVENT, actor_id=actor.user_id)
    return rows + sum(event.detail["rows"] for event in today) > DAILY


def remember(actor: Actor, batch: Batch, rows: int) -> None:
    """Count the rows against the actor's day, for the data protection officer to see; trials count too."""
    audit.record(EVENT, actor=actor, detail={"batch": str(batch.uid), "rows": rows})


@contextmanager
def one_by_one(actor: Actor) -> Iterator[None]:
    """Around entering one person by a form: the one answer counts against the same day, and is logged the same way.

    Raises ValidationError without looking at the number once the day is used up.
    """
    if would_exceed(actor, 1):
        raise ValidationError(
            _(
                "今天不能在这里录入的人太多，今天不能再登记；请联系县（市、区）党委组织部门核对，明天再试（G-12）。"
            )
        )
    try:
        yield
    except ValidationError as error:
        if getattr(error, "code", "") == ELSEWHERE:
            audit.record(EVENT, actor=actor, detail={"batch": "", "rows": 1})
        raise
