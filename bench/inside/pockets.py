"""The finder of pocket members over the whole instance, against one bare statement that reads the same tables."""

import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from baolei.transfers.finder import find_hints
from baolei.transfers.jobs import FINDER
from baolei.transfers.models import Hint

ROUNDS = 5
BARE = """
    WITH late AS MATERIALIZED (
        SELECT member_id FROM transfers_transfer WHERE state = 'released' AND coalesce(due_on, asked_on + 90) < %(today)s
    ), gone AS MATERIALIZED (
        SELECT member_id FROM transfers_floating WHERE during @> %(today)s::date
    ), seen AS MATERIALIZED (
        SELECT member_id FROM training_attendance a JOIN training_session s ON s.id = a.session_id
            WHERE s.last_on > %(today)s::date - 183
        UNION ALL SELECT member_id FROM assistance_participation WHERE last_on > %(today)s::date - 183
        UNION ALL SELECT member_id FROM assistance_posting WHERE during @> %(today)s::date
        UNION ALL SELECT member_id FROM transfers_pocketcase WHERE closed_on IS NULL
    )
    SELECT (SELECT count(*) FROM seen), count(*) FROM members_member
    WHERE (name_py, birth_date) IN (
        SELECT name_py, birth_date FROM members_member
        WHERE id IN (SELECT member_id FROM late UNION SELECT member_id FROM gone))
"""
"""What any finder has to read: late letters, floating members, who was seen, and all files once for doubles."""


def find() -> list[dict[str, Any]]:
    """Seconds of the finder with its hints written, and its ratio to the bare statement, in turns; taken back after."""
    ours, bare, hints = [], [], 0
    for _ in range(ROUNDS + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM transfers_hint")
            cursor.execute("DELETE FROM transfers_proposed")
            start = time.perf_counter()
            find_hints(None, actor=FINDER)
            ours.append(time.perf_counter() - start)
            hints = Hint.rows.count()
            start = time.perf_counter()
            cursor.execute(BARE, {"today": timezone.localdate()})
            cursor.fetchall()
            bare.append(time.perf_counter() - start)
            transaction.set_rollback(True)
    product, floor = (sorted(taken[1:])[ROUNDS // 2] for taken in (ours, bare))
    note = f"p50 of {ROUNDS}: {product:.2f} and {floor:.2f} s, {hints:,} hints"
    return [
        {"name": "finder", "value": product, "note": note},
        {"name": "finder.floor", "value": product / floor, "note": note},
    ]
