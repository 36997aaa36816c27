"""Secret ballots: what a box takes and refuses, what is kept of a count, and what crashes leave (G-06, G-07)."""

import logging
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baolei.accounts.tests.factories import UserFactory
from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import _Inside, _open, _seal, cast, count, declare_void, is_in, open_box
from baolei.kernel.ballots.quiet import SayNothing
from baolei.kernel.ballots.tallies import Tally, counts_of, is_valid, tally
from baolei.kernel.laws import verify
from baolei.kernel.models import BallotBox, Event

ADDRESS = "/ballot/"
LINES = ("甲", "乙", "丙")
MARKS = ("优秀", "合格", "基本合格", "不合格")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")
    return tmp_path / "ballots"


def opened(number: int = 5, lines=LINES):
    with transaction.atomic():
        return open_box(title="测试", lines=lines, marks=MARKS, number=number)


def counted(box) -> list:
    with transaction.atomic():
        return count(box)


def fresh(box) -> BallotBox:
    return BallotBox.objects.get(pk=box.pk)


def lawful() -> bool:
    return verify("ballots.keys")[0]["violations"] == 0


def refused(words: str, act, *given, **more) -> None:
    with pytest.raises(ValidationError, match=words), transaction.atomic():
        act(*given, **more)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 5, 12])
def test_what_was_cast_is_counted_in_no_order(number):
    box, numbers = opened(number)
    assert len({*numbers}) == number and len(fresh(box).sealed) == len(box.sealed)
    given = [(mark % 4, None, (mark * 3) % 4) for mark in range(number)]
    for one, marks in zip(numbers, given, strict=True):
        assert is_in(fresh(box), one) is False
        cast(one.lower().replace("-", " "), marks)  # however it is typed
        assert is_in(fresh(box), one) is True
        # As long for an empty box as for a full one.
        assert len(fresh(box).sealed) == len(box.sealed)
    assert Counter(counted(box)) == Counter(given)
    left = fresh(box)
    assert (left.state, left.sealed, left.paper) == ("counted", None, None)
    assert all(is_in(left, one) for one in numbers)


@pytest.mark.django_db
def test_a_ballot_is_put_in_once_and_only_while_the_box_is_open(folder):
    box, (first, second, *_rest) = opened()
    other, (foreign, *_others) = opened()
    cast(first, (0, 1, 2))
    before = bytes(fresh(box).sealed)
    refused("不能再投", cast, first, (1, 1, 1))
    refused("没有这张选票", cast, first[:-1] + ("A" if first[-1] != "A" else "B"), (1, 1, 1))
    refused("没有这张选票", cast, "ABCDEF-GHJK", (1, 1, 1))
    refused("没有这张选票", cast, "", (1, 1, 1))
    refused("没有这张选票", cast, box.code + foreign.replace("-", "")[6:], (1, 1, 1))
    for marks in [(0, 0), (0, 0, 4), (0, 0, -1), (0, 0, 0, 0)]:
        refused("没有填对", cast, second, marks)
    assert bytes(fresh(box).sealed) == before
    assert is_in(fresh(box), foreign) is None
    assert counted(box) == [(0, 1, 2)]
    refused("已经结束", cast, second, (0, 0, 0))
    refused("已经关闭", count, box)
    refused("已经关闭", declare_void, box)
    assert is_in(fresh(box), second) is None
    assert {file.name for file in folder.iterdir()} == {box.code, other.code}
    assert keys.sweep() == 1 and keys.sweep() == 0
    assert [file.name for file in folder.iterdir()] == [other.code] and lawful()


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["gone", "short", "another"])
def test_a_box_whose_key_is_lost_hinders_nobody(folder, harm):
    box, numbers = opened()
    cast(numbers[0], (0, 0, 0))
    if harm == "gone":
        (folder / box.code).unlink()
        assert not lawful()
    else:
        (folder / box.code).write_bytes(os.urandom(32) if harm == "another" else b"x")
    refused("打不开", cast, numbers[1], (0, 0, 0))
    refused("打不开", count, box)
    assert "打不开" in Client().post(ADDRESS, {"number": numbers[1]}).content.decode()
    with transaction.atomic():
        declare_void(box)
    keys.sweep()
    assert fresh(box).state == "void" and is_in(fresh(box), numbers[0]) is None and lawful()


@pytest.mark.django_db
def test_the_seal_of_another_box_or_of_yesterday_is_found_out():
    box, numbers = opened()
    old = bytes(box.sealed)
    cast(numbers[0], (0, 0, 0))
    # Put back, the box opens, and the receipt says that the ballot is gone.
    BallotBox.objects.filter(pk=box.pk).update(sealed=old)
    assert is_in(fresh(box), numbers[0]) is False
    other, _numbers = opened()
    BallotBox.objects.filter(pk=box.pk).update(sealed=bytes(other.sealed))
    refused("打不开", count, box)


@pytest.mark.django_db
def test_an_opening_that_was_rolled_back_leaves_a_key_for_the_sweep(folder):
    with pytest.raises(RuntimeError), transaction.atomic():
        open_box(title="测试", lines=LINES, marks=MARKS, number=5)
        raise RuntimeError
    (file,) = folder.iterdir()
    assert keys.sweep() == 0  # it may be about to be committed
    os.utime(file, (0, 0))
    assert keys.sweep() == 1 and not file.exists()


def test_every_ballot_may_stand_in_every_place():
    """Where a ballot stands after each cast tells nothing of when it came."""
    box = BallotBox(code="TESTEN", issued=6, paper={"lines": ["甲"]})
    places = Counter()
    for _round in range(600):
        inside = _Inside([bytes(16)] * 6, [False] * 6, [])
        for voter in range(5):
            inside.ballots.append(bytes([voter]))
            box.sealed = _seal(box, bytes(32), inside)
            inside = _open(box, bytes(32))
        places.update((ballot[0], place) for place, ballot in enumerate(inside.ballots))
    assert set(places) == {(voter, place) for voter in range(5) for place in range(5)}
    # 120 expected in each; five standard deviations.
    assert all(70 < number < 170 for number in places.values()), places


# Tallies ----------------------------------------------------------------------------------------------------


def tallied(*ballots) -> Tally:
    given = [(mark,) for mark in ballots]
    ((counts,), valid) = counts_of(given, lines=1, marks=4), sum(map(is_valid, given))
    return tally(counts, valid=valid, favour=(0, 1))


@pytest.mark.parametrize(
    ("ballots", "kept"),
    [
        ((0, 0, 0), Tally(half=True)),
        ((0, 3, 2), Tally(half=False)),
        ((0, 1, 2, 3), Tally(half=True)),
        ((0, 0, 0, 0, None), Tally(half=True)),  # four are valid
        ((0, 1, 0, 1, 3), Tally(counts=(2, 2, 0, 1))),
        ((1,) * 5, Tally(nearly_all=1)),
        ((1,) * 4 + (0,), Tally(counts=(1, 4, 0, 0))),
        ((3,) * 12, Tally(nearly_all=3)),
        ((3,) * 11 + (0,), Tally(nearly_all=3)),
        ((3,) * 10 + (0, 0), Tally(counts=(2, 0, 0, 10))),
        ((None,) * 12, Tally(half=True)),
    ],
)
def test_few_ballots_say_half_and_nearly_all_say_so(ballots, kept):
    assert tallied(*ballots) == kept


def test_a_unanimous_line_and_one_with_a_single_dissenter_of_twelve_look_alike():
    assert tallied(*[0] * 12) == tallied(*[0] * 11, 3)


# At once, and killed -----------------------------------------------------------------------------------------


def at_once(*acts) -> list[str]:
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
    return sorted(ended)


@pytest.mark.django_db(transaction=True)
def test_all_at_once_are_in_and_the_same_paper_once():
    box, numbers = opened(8)
    acts = [lambda one=one: cast(one, (0, 1, 2)) for one in numbers]
    assert at_once(*acts) == [""] * 8
    twice, (one, *_rest) = opened()
    assert [words[:10] for words in at_once(*[lambda: cast(one, (0, 0, 0))] * 3)] == [
        "",
        *["这张选票已经投入票箱"] * 2,
    ]
    assert len(counted(box)) == 8 and len(counted(twice)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_ballot_beside_the_count_is_in_or_told_that_it_is_not():
    for _round in range(5):
        box, (first, second, *_rest) = opened()
        cast(first, (0, 0, 0))
        kept = []
        ended = at_once(
            lambda one=second: cast(one, (1, 1, 1)), lambda box=box, kept=kept: kept.extend(counted(box))
        )
        assert len(kept) == (2 if ended == ["", ""] else 1)
        assert bool(is_in(fresh(box), second)) == (len(kept) == 2)


KILLED = """
import os, signal, sys
from pathlib import Path
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import transaction
from baolei.kernel.ballots import box, keys
from baolei.kernel.models import BallotBox
keys.folder = lambda: Path(sys.argv[2])
with transaction.atomic():
    found = box.count(BallotBox.objects.get(pk=int(sys.argv[3])))
    if sys.argv[4] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_in_the_count_it_is_counted_once_and_the_key_goes(folder, moment):
    box, numbers = opened()
    for one in numbers[:3]:
        cast(one, (0, 1, 2))
    given = [connection.settings_dict["NAME"], str(folder), str(box.pk), moment]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "baolei.config.settings",
        "BAOLEI_DB_ROLE": "owner",
    }
    done = subprocess.run([sys.executable, "-c", KILLED, *given], env=environment, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    if moment == "before":
        assert fresh(box).state == "open" and lawful()
        assert keys.sweep() == 0
        assert counted(box) == [(0, 1, 2)] * 3
    assert fresh(box).state == "counted" and not lawful()
    assert keys.sweep() == 1 and lawful() and not [*folder.iterdir()]
    refused("已经关闭", count, box)


# The page ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_may_be_sent_from_a_browser():
    """Its forms pass the check of where they come from: a page without a referrer would send none."""
    _box, (first, *_rest) = opened()
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(ADDRESS)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    assert "no-referrer" not in page.content.decode() and page.headers["Referrer-Policy"] == "same-origin"
    assert "测试" in strict.post(ADDRESS, {"number": first, "csrfmiddlewaretoken": token}).content.decode()


def marked(number: str, **lines) -> dict:
    return {"number": number, "cast": "1", **lines}


@pytest.mark.django_db
def test_from_the_number_by_the_paper_to_the_receipt(client):
    box, (first, second, *_rest) = opened()
    assert "选票编号" in client.get(ADDRESS).content.decode()
    page = client.post(ADDRESS, {"number": first}).content.decode()
    assert all(words in page for words in (*LINES, *MARKS, "测试"))
    assert "您的选票已经投入" in client.post(ADDRESS, marked(first, line0="0", line2="3")).content.decode()
    again = client.post(ADDRESS, {"number": first}).content.decode()
    assert "选票已在票箱里" in again and "优秀" not in again
    assert "不能再投" in client.post(ADDRESS, marked(first, line0="1")).content.decode()
    assert "没有这张选票" in client.post(ADDRESS, {"number": "ABCDEFGHJKMNPQRS"}).content.decode()
    assert "有效的选项" in client.post(ADDRESS, marked(second, line0="9")).content.decode()
    assert counted(box) == [(0, None, 3)]
    assert "投票已经结束" in client.post(ADDRESS, marked(second, line0="1")).content.decode()
    assert "选票已在票箱里" in client.post(ADDRESS, {"number": first}).content.decode()


@pytest.mark.django_db
def test_casting_writes_the_box_and_nothing_else(client, caplog):
    """Even where an officer has signed in: no event, no session, no name, no line, no time."""
    _box, (first, *_rest) = opened()
    client.force_login(UserFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    before, events = Session.objects.filter(pk=session).values().get(), Event.objects.count()
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(ADDRESS, marked(first, line0="0"))
    assert "您的选票已经投入" in answer.content.decode()
    writes = [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert len(writes) == 1 and writes[0].startswith('UPDATE "kernel_ballotbox" SET "sealed"')
    assert not [q["sql"] for q in queries if "session" in q["sql"] or "accounts_" in q["sql"]]
    assert Session.objects.filter(pk=session).values().get() == before
    assert Event.objects.count() == events
    assert answer.headers["Cache-Control"].count("no-store") == 1 and session not in str(answer.cookies)


@pytest.mark.django_db
def test_no_line_is_logged_of_a_ballot(caplog):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["ballots"]
    caplog.handler.addFilter(SayNothing())
    _box, (first, *_rest) = opened()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, marked(first, line0="0")).status_code == 403
    assert Client().put(ADDRESS).status_code == 405
    assert Client().post(ADDRESS, marked(first, line0="9")).status_code == 200
    assert not [
        record for record in caplog.records if record.name.startswith("django") and "db" not in record.name
    ]
    strict.post("/sign-in/", {})
    assert [record for record in caplog.records if record.name.startswith("django.security")]


def test_a_wrong_number_is_refused_whatever_it_is(db, client):
    box, _numbers = opened()
    chance = random.Random(5)
    for _try in range(50):
        text = "".join(
            chr(chance.choice([chance.randrange(32, 127), chance.randrange(0x4E00, 0x9FFF)]))
            for _ in range(16)
        )
        answer = client.post(ADDRESS, marked(box.code + text, line0="0"))
        assert answer.status_code == 200 and "没有这张选票" in answer.content.decode()
    assert counted(box) == []
