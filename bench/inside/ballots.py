"""Ballots cast on their page by two processes at once, and whole rounds of branches carried through."""

import os
import time
from typing import Any
from urllib.parse import urlencode

from django.db import connections, transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from baolei.kernel.access import Actor
from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import cast, open_box
from baolei.members.codes import Standing
from baolei.members.models import Member
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.reviews import actions
from baolei.reviews.models import Finding
from baolei.reviews.queries import graded_of

BOXES, VOTERS = 20, 30
ROUNDS = 50
PAGE = "/ballot/"
BENCH = Actor.system("bench")
MARKS = [str(label) for label in Finding.Grade.labels]


def polls() -> list[dict[str, Any]]:
    """CPU of the web process for a ballot, and how many a second on the clock of a machine that others may share.

    Half of the ballots of each box by either process, so that they wait for each other.
    """
    numbers = []
    for box in range(BOXES):
        with transaction.atomic():
            lines = [f"测量{line}" for line in range(VOTERS)]
            numbers.append(open_box(title=f"测量{box}", lines=lines, marks=MARKS, number=VOTERS)[1])
    # The first page reads all addresses and templates, as a web server's first does.
    Client(headers={"host": "127.0.0.1"}).post(PAGE, {"number": numbers[0][0]})
    connections.close_all()
    body = {"cast": "1"} | {f"line{line}": str(line % 4) for line in range(VOTERS)}
    start = time.perf_counter()
    halves = [_cast_beside([number for box in numbers for number in box[half::2]], body) for half in (0, 1)]
    cpu = sum(float(os.fdopen(half).read()) for half in halves)
    taken, total = time.perf_counter() - start, BOXES * VOTERS
    note = f"{total / taken:.0f} a second on the clock: {total} ballots of {VOTERS} lines in {BOXES} boxes"
    return [{"name": "ballots.cast", "value": 1000 * cpu / total, "note": note}]


def _cast_beside(numbers: list[str], body: dict[str, str]) -> int:
    """Cast them in another process; an end of a pipe that tells its CPU in seconds, or nothing if it failed."""
    told, tell = os.pipe()
    if os.fork():
        os.close(tell)
        return told
    try:
        connections["default"].settings_dict["CONN_MAX_AGE"] = None  # kept, as the web server's pool does
        client = Client(headers={"host": "127.0.0.1"})
        start = time.process_time()
        for number in numbers:
            sent = urlencode(body | {"number": number})
            answer = client.post(PAGE, sent, content_type="application/x-www-form-urlencoded")
            assert "已经投入" in answer.content.decode()
        os.write(tell, str(time.process_time() - start).encode())
    finally:
        os._exit(0)


def rounds() -> list[dict[str, Any]]:
    """Milliseconds of a branch's round, from opening to closing, all ballots cast."""
    formal = Member.rows.filter(standing=Standing.FORMAL, branch__kind=Kind.BRANCH, branch__closed_on=None)
    sized = formal.values("branch").annotate(number=Count("pk")).filter(number__range=(10, 30))
    branches = Organization.rows.filter(pk__in=sized.order_by("branch_key").values("branch")[:ROUNDS])
    ballots, branches = 0, list(branches)
    start = time.perf_counter()
    for branch in branches:
        round = actions.open_round(branch, actor=BENCH, year=timezone.localdate().year)
        pks = [*graded_of(round).values_list("pk", flat=True)]
        round = actions.hold_meeting(round, actor=BENCH, held_on=timezone.localdate(), present=len(pks))
        for number in actions.open_poll(round, actor=BENCH, issued=len(pks)):
            cast(number, [1] * len(pks))
        ballots += len(pks)
        round.refresh_from_db()
        round = actions.count_poll(round, actor=BENCH)
        round = actions.decide_grades(round, actor=BENCH, grades=dict.fromkeys(pks, "qualified"))
        for act in (actions.tell, actions.report, actions.close_round):
            round = act(round, actor=BENCH)
    taken = time.perf_counter() - start
    keys.sweep()
    note = f"{len(branches)} branches with {ballots} ballots in {taken:.1f} s"
    return [{"name": "rounds", "value": 1000 * taken / len(branches), "note": note}]
