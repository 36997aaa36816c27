"""Two officers at once, and a process that dies in the middle: one step is done once, or not at all."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from baolei.kernel.models import Event
from baolei.transfers import actions, hint_actions
from baolei.transfers.finder import find_hints
from baolei.transfers.jobs import FINDER
from baolei.transfers.models import Hint, PocketCase, Proposed, Transfer
from baolei.transfers.queries import names_met
from baolei.transfers.tests.test_custody import Two, lawful, spells
from baolei.transfers.tests.test_finder import away, letter, twin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def at_once(*acts) -> list[str]:
    """How each ended: "" or the words of the refusal."""
    ended, ready = [], Barrier(len(acts))

    def run(act):
        try:
            ready.wait(30)
            act()
            ended.append("")
        except ValidationError as error:
            ended.append(error.messages[0])
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ended) == len(acts)
    return sorted(ended)


def test_two_who_accept_at_once_move_the_member_once():
    two = Two()
    transfer = two.released()
    known = Event.objects.filter(action="transfers.transfer.accept").count()
    ended = at_once(
        lambda: actions.accept(transfer, actor=two.receiver),
        lambda: actions.accept(transfer, actor=two.above, branch=two.beside),
    )
    assert ended[0] == "" and "已接收" in ended[1]
    assert len(spells(two.member)) == 2 and lawful()
    # The record of events outlives the tables of a test.
    assert Event.objects.filter(action="transfers.transfer.accept").count() == known + 1


def test_two_who_ask_at_once_open_one():
    two = Two()
    ended = at_once(
        lambda: actions.ask(two.member, actor=two.secretary, receiver=two.there),
        lambda: actions.ask(two.member, actor=two.above, receiver=two.beside),
    )
    assert ended[0] == "" and "正在办理" in ended[1]
    assert Transfer.rows.count() == 1


def test_accepting_and_taking_back_at_once_do_one_of_both():
    two = Two()
    transfer = two.released()
    ended = at_once(
        lambda: actions.accept(transfer, actor=two.receiver),
        lambda: actions.withdraw(transfer, actor=two.above),
    )
    assert ended[0] == "" and ended[1]
    state = Transfer.rows.get().state
    assert two.place() == (two.there.pk if state == "accepted" else two.here.pk)
    assert lawful()


def test_two_finders_at_once_are_as_one():
    two = Two()
    letter(two.member)
    away(two.member)
    assert at_once(*(lambda: find_hints(None, actor=FINDER) for _ in range(3))) == ["", "", ""]
    assert (Hint.rows.count(), Proposed.objects.count()) == (1, 1)


def test_two_who_confirm_a_hint_at_once_open_one_case():
    two = Two()
    letter(two.member)
    away(two.member)
    find_hints(None, actor=FINDER)
    hint = Hint.rows.get()
    ended = at_once(
        lambda: hint_actions.confirm_hint(hint, actor=two.secretary, body="branch_committee"),
        lambda: hint_actions.confirm_hint(hint, actor=two.sender, body="basic_committee"),
    )
    assert ended[0] == "" and "已经确认" in ended[1]
    assert PocketCase.rows.count() == 1


def test_one_who_confirms_and_one_who_sets_aside_at_once_do_one_of_both():
    two = Two()
    letter(two.member)
    away(two.member)
    find_hints(None, actor=FINDER)
    hint, aside = Hint.rows.get(), {"body": "basic_committee", "grounds": "in_touch"}
    ended = at_once(
        lambda: hint_actions.confirm_hint(hint, actor=two.secretary, body="branch_committee"),
        lambda: hint_actions.set_aside_hint(hint, actor=two.sender, **aside),
    )
    assert ended[0] == "" and ended[1]
    assert PocketCase.rows.count() == (Hint.rows.get().confirmed_on is not None)


def test_both_sides_of_a_double_entry_confirm_at_once_and_names_meet():
    two = Two()
    other = twin(two.member, two.there)
    letter(two.member)
    find_hints(None, actor=FINDER)
    here, there = (Hint.rows.get(member=member) for member in (two.member, other))
    ended = at_once(
        lambda: hint_actions.confirm_hint(here, actor=two.sender, body="basic_committee"),
        lambda: hint_actions.confirm_hint(there, actor=two.receiver, body="basic_committee"),
    )
    assert ended == ["", ""]
    for hint, met in ((here, other), (there, two.member)):
        assert names_met(Hint.rows.get(pk=hint.pk)).member == met


def test_a_connection_that_dies_in_the_middle_leaves_nothing(monkeypatch):
    two = Two()
    transfer = two.released()
    before = spells(two.member)

    def die(*_given, **_more):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(actions, "hand_over_member", die)
    with pytest.raises(Exception, match=r"terminating|closed"), transaction.atomic():
        actions.accept(transfer, actor=two.receiver)
    connection.close()
    monkeypatch.undo()
    assert (Transfer.rows.get().state, spells(two.member)) == ("released", before)
    actions.accept(transfer, actor=two.receiver)
    assert two.place() == two.there.pk and lawful()
