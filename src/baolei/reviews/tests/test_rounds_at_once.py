"""Two who do the same step of a round at once: it is done once, and nothing of the other is left."""

import pytest

from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import cast
from baolei.kernel.models import BallotBox
from baolei.reviews import actions
from baolei.reviews.models import Finding, Round
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
