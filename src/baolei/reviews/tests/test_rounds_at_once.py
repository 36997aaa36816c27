"""Two who do the same step of a round at once: it is done once, and nothing of the other is left."""

import os
import signal
import time

import pytest
from django.db import connection

from baolei.kernel.actions import AFTER
from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import cast
from baolei.kernel.models import BallotBox, Event
from baolei.organizations.tests.factories import make_branch
from baolei.reviews import actions, closing, closing_actions
from baolei.reviews.models import Appraisal, Finding, Round
from baolei.reviews.tests.factories import make_reported
from baolei.reviews.tests.test_rounds import Branch, again, lawful
from baolei.transfers.tests.test_two_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2026-11-20T02:00:00Z", tick=True)


def test_two_who_open_at_once_open_one(today):
    branch = Branch(5)
    ended = at_once(*[branch.opened] * 2)
    assert ended[0] == "" and "每年一次" in ended[1]
    assert Round.rows.count() == 1
    assert Finding.rows.count() == 6


def test_two_who_count_at_once_and_one_who_casts(today):
    branch = Branch(5)
    round = branch.held()
    numbers = actions.open_poll(round, actor=branch.secretary, issued=5)
    for number in numbers[:4]:
        cast(number, (0, 1, 1, 1, 2))
    ended = at_once(
        lambda: actions.count_poll(round, actor=branch.secretary),
        lambda: actions.count_poll(round, actor=branch.committee),
        lambda: actions.void_poll(round, actor=branch.committee),
        lambda: cast(numbers[4], (0, 1, 1, 1, 2)),
    )
    # Void, there is nothing to count; counted, nothing to declare void; the ballot is in, or told that it is not.
    assert sum(words == "" for words in ended) in (1, 2)
    round = again(round)
    if round.state == Round.State.HELD:
        assert round.box is None and BallotBox.objects.get().state == "void"
    else:
        assert (round.state, round.valid) in {("polled", 4), ("polled", 5)}
    assert lawful()


def _ordered(number: int):
    """An order to close so many rounds."""
    branch = Branch(1)
    rounds = [make_reported(make_branch(branch.town), graded=1) for _ in range(number)]
    uids = [one.uid for one in rounds]
    return closing_actions.order(None, actor=branch.committee, act="close", rounds=uids)


def _closed(order) -> tuple[int, int, int]:
    # Events of other tests stay: nothing empties that table.
    pks = closing.lines_of(order).values_list("round", flat=True)
    events = Event.objects.filter(action="reviews.round.close", target_id__in=[*pks])
    return events.count(), events.values("target_id").distinct().count(), Appraisal.rows.count()


def test_two_who_carry_one_order_out_close_each_round_once(today, monkeypatch):
    monkeypatch.setattr(closing, "TOGETHER", 2)
    order = _ordered(8)
    assert at_once(*[lambda: closing.carry_out(order.pk)] * 2) == ["", ""]
    assert closing.progress_of(order) == {"waiting": 0, "done": 8, "refused": 0}
    assert _closed(order) == (8, 8, 8) and lawful()


def test_killed_in_the_middle_nothing_is_lost_and_nothing_done_twice(today, monkeypatch):
    monkeypatch.setattr(closing, "TOGETHER", 2)
    order = _ordered(5)
    connection.close()
    child = os.fork()
    if not child:
        seen = []
        AFTER["reviews.round.close"].append(
            lambda *_row, **_given: seen.append(1) or (len(seen) == 3 and _die())
        )
        try:
            closing.carry_out(order.pk)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert closing.progress_of(order) == {"waiting": 3, "done": 2, "refused": 0}
    assert _closed(order) == (2, 2, 2)
    until = time.monotonic() + 20
    # Until its session has ended, the dead one holds the third and the fourth.
    while closing.progress_of(order)["waiting"] and time.monotonic() < until:
        closing.carry_out(order.pk)
    assert closing.progress_of(order) == {"waiting": 0, "done": 5, "refused": 0}
    assert _closed(order) == (5, 5, 5) and lawful()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
