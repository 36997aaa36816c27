"""Committees of many branches close what was reported to them, as jobs of two workers beside each other."""

import os
import secrets
import sys
import time
from datetime import date
from typing import Any

from django.db import connection, connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Min
from django.test import Client

from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.reviews import closing_actions, queries
from baolei.reviews.models import Appraisal, Closing, ClosingLine, Round
from bench.inside.people import officer

ALL = 60_000
YEAR = 2099
"""A year of which no file brings appraisals: its rounds are made up here."""
TURNS = 5
ROUNDS = """
    INSERT INTO reviews_round (uid, ref, organization_id, year, state, held_on, should_attend, present, issued, returned,
        valid, waiver, told_on, reported_on, polls_body)
    SELECT gen_random_uuid(), 'bench-' || o.id, o.id, %(year)s, 'reported', '2099-01-02', m.n, m.n, m.n, m.n, m.n, '',
        '2099-01-03', '2099-01-04', false
    FROM organizations_organization o
    JOIN (SELECT branch_id, count(*) AS n FROM members_member WHERE standing = 'formal' GROUP BY 1) m ON m.branch_id = o.id
    WHERE o.kind IN ('branch', 'joint_branch', 'project_branch') AND o.closed_on IS NULL
    ON CONFLICT DO NOTHING
"""
FINDINGS = """
    INSERT INTO reviews_finding (uid, round_id, organization_id, member_id, part, words, nearly_all, grade)
    SELECT gen_random_uuid(), r.id, r.organization_id, m.id, 'graded', '', '',
        CASE WHEN row_number() OVER (PARTITION BY r.id) %% 4 = 0 THEN 'excellent' ELSE 'qualified' END
    FROM reviews_round r JOIN members_member m ON m.branch_id = r.organization_id AND m.standing = 'formal'
    WHERE r.year = %(year)s
"""


def many() -> list[dict[str, Any]]:
    """Seconds of closing all reported rounds by two workers, measured, and for 60 thousand of them."""
    _clear()
    try:
        _fill()
        return [*_pages(), _closed()]
    finally:
        _clear()


def _clear() -> None:
    connections.close_all()
    Closing.objects.all().delete()
    for model in (Round, Appraisal):  # findings go with their rounds
        model.rows.filter(year=YEAR).delete()


def _closed() -> dict[str, Any]:
    ordered = [_ordered(town) for town in _towns()]
    waiting = ClosingLine.objects.filter(outcome="waiting")
    total, jobs = waiting.count(), sum(ordered)
    connections.close_all()
    cpu = 0.0
    for worker in [_worker() for _ in range(2)]:
        _pid, status, used = os.wait4(worker, 0)
        assert not status
        cpu += used.ru_utime + used.ru_stime
    # In an instance the workers run already: from the first round that is settled to the last one.
    ends = ClosingLine.objects.aggregate(first=Min("settled_at"), last=Max("settled_at"))
    taken = (ends["last"] - ends["first"]).total_seconds()
    assert not waiting.exists() and not ClosingLine.objects.filter(outcome="refused").exists()
    note = f"{total:,} rounds measured in {taken:.1f} s by two workers, {jobs} jobs, {cpu:.0f} s of CPU with their start"
    return {"name": "closing", "value": taken * ALL / total, "note": note}


def _fill() -> None:
    with connection.cursor() as cursor:
        for sql in (ROUNDS, FINDINGS):
            cursor.execute(sql, {"year": YEAR})
        cursor.execute("ANALYZE reviews_round, reviews_finding")


def _pages() -> list[dict[str, Any]]:
    """Milliseconds of the province's lists of rounds, the slowest of them."""
    root = Organization.rows.get(parent=None)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=officer("province_officer", root.region_code)["username"]))
    taken = {}
    for path in (
        f"/reviews/board/?year={YEAR}",
        f"/reviews/not-begun/?year={YEAR}",
        f"/reviews/not-begun/?year={YEAR + 1}",
        f"/reviews/rounds/?year={YEAR}&state=reported",
        f"/reviews/rounds/?year={YEAR}&state=held",
        f"/reviews/rounds/?year={YEAR}&turn=committee&order=latest",
    ):
        times = []
        for _turn in range(TURNS):
            start = time.perf_counter()
            assert client.get(path).status_code == 200, path
            times.append(time.perf_counter() - start)
        taken[path] = 1000 * sorted(times)[TURNS // 2]
    slowest = max(taken, key=taken.get)
    note = "; ".join(f"{path} {ms:.0f}" for path, ms in taken.items())
    return [{"name": "closing.lists", "value": taken[slowest], "note": note}]


def _towns() -> list[Organization]:
    """The committees to which branches report: of townships and streets, else basic ones outside of them."""
    kinds = (Kind.TOWNSHIP_COMMITTEE, Kind.WORK_COMMITTEE)
    towns = [
        *Organization.rows.filter(kind__in=kinds, closed_on=None).exclude(region_code="").order_by("key")
    ]
    basic = Organization.rows.filter(kind=Kind.BASIC_COMMITTEE, closed_on=None).order_by("key")
    tops = {town.key for town in towns}
    return towns + [one for one in basic if not any(one.key.startswith(key) for key in tops)]


def _ordered(town: Organization) -> int:
    """How many jobs its officer orders: one, or none where no branch has reported; few are carried out as a job, too."""
    # Without a password: hashing one for each would take longer than what is measured.
    user = User.objects.create(username=f"bench-{secrets.token_hex(4)}", name="测量")
    since = DateRange(date(2012, 1, 1), None, "[)")
    Grant.rows.create(user=user, organization=town, role="township_officer", during=since)
    actor = actor_of(user)
    rounds = [*queries.reported_to(actor).filter(year=YEAR).order_by().values_list("uid", flat=True)]
    if not rounds:
        return 0
    closing_actions.FEW = 0
    closing_actions.order(None, actor=actor, act="close", rounds=rounds)
    return 1


def _worker() -> int:
    """A worker of the queue that ends when nothing waits, in a process of its own."""
    child = os.fork()
    if child:
        return child
    words = ["procrastinate", "worker", "--one-shot", "--delete-jobs", "successful"]
    os.execv(sys.executable, [sys.executable, "-m", "baolei.config.cli", *words])
