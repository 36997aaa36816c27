"""An attack with everything but the key: rows, row versions, sequences, WAL, dump and log name no voter (G-06).

The same attack is first turned on a box as one would write it without care, where it names every voter.
"""

import io
import logging
import os
import random
import re
import subprocess
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test import Client

from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import _hash, count, open_box
from baolei.kernel.ballots.quiet import SayNothing
from baolei.kernel.models import BallotBox
from baolei.kernel.postgres.layout import layout, program

pytestmark = pytest.mark.django_db(transaction=True)

LINES = tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳")
MARKS = ("优秀", "合格", "基本合格", "不合格")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")
    return tmp_path / "ballots"


def asked(sql: str, *given) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        return cursor.fetchall() if cursor.description else []


def tables() -> list[str]:
    return [
        name
        for (name,) in asked(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname IN ('p22', 'jobs', 'public') AND c.relkind = 'r'"
        )
    ]


@dataclass
class Seen:
    """What somebody who watches the database from outside has after each cast."""

    rows: dict[str, set[int]] = field(default_factory=dict)
    """Of each table the transactions that wrote the rows there are now."""
    sequences: tuple = ()
    box: tuple = ()
    """xmin, ctid, seal"""


def look() -> Seen:
    union = " UNION ALL ".join(
        f"SELECT '{name}', xmin::text::bigint FROM {name} GROUP BY 2" for name in tables()
    )
    seen = Seen()
    for name, xid in asked(union):
        seen.rows.setdefault(name, set()).add(xid)
    seen.sequences = tuple(asked("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"))
    seen.box = asked("SELECT xmin::text::bigint, ctid::text, sealed FROM kernel_ballotbox")[0]
    return seen


def wrote(before: Seen, after: Seen) -> set[str]:
    """The tables with rows of a transaction that was not there before."""
    return {name for name, xids in after.rows.items() if xids - before.rows.get(name, set())}


def ballots_of(number: int) -> list[tuple[int, ...]]:
    """Each voter's own, unlike the others', and long enough to be found wherever its bytes stand."""
    chance = random.Random(number)
    return [tuple(chance.randrange(4) for _line in LINES) for _voter in range(number)]


def wal_bytes(since: str) -> bytes:
    first = asked("SELECT pg_walfile_name(%s)", since)[0][0]
    files = sorted(f for f in (layout().data / "pg_wal").iterdir() if re.fullmatch(r"[0-9A-F]{24}", f.name))
    return b"".join(f.read_bytes() for f in files if f.name >= first)


def dumped() -> str:
    given = connection.settings_dict
    command = [
        program("pg_dump"),
        "-h",
        given["HOST"],
        "-p",
        given["PORT"],
        "-U",
        given["USER"],
        given["NAME"],
    ]
    environment = {**os.environ, "PGPASSWORD": given["PASSWORD"]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


embedded = pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")), reason="reads the files of the embedded server"
)


def test_the_attack_names_every_voter_of_a_careless_box():
    """A roll and a ballot written together share a transaction; a sequence and the order of rows do the same."""
    try:
        asked("CREATE TABLE careless_roll (voter int); CREATE TABLE careless_ballot (id serial, marks text)")
        given = ballots_of(12)
        for voter, marks in enumerate(given):
            with transaction.atomic():
                asked("INSERT INTO careless_roll VALUES (%s)", voter)
                asked("INSERT INTO careless_ballot (marks) VALUES (%s)", str(marks))
        join = "SELECT voter, marks FROM careless_roll r JOIN careless_ballot b ON"
        assert dict(asked(f"{join} r.xmin = b.xmin")) == {v: str(m) for v, m in enumerate(given)}
        assert dict(asked(f"{join} r.ctid = b.ctid")) == {v: str(m) for v, m in enumerate(given)}
        assert "careless_ballot" in wrote(Seen(), Seen(rows={"careless_ballot": {1}}))
    finally:
        asked("DROP TABLE careless_roll, careless_ballot")


@embedded
@pytest.mark.parametrize("number", [3, 5, 12])
def test_with_everything_but_the_key_nobody_is_named(folder, number):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.addFilter(SayNothing())
    logging.getLogger().addHandler(handler)
    since = asked("SELECT pg_current_wal_lsn()::text")[0][0]
    with transaction.atomic():
        box, numbers = open_box(title="测试", lines=LINES, marks=MARKS, number=number)
    given = ballots_of(number)
    seen = [look()]
    for one, marks in zip(numbers, given, strict=True):
        body = {"number": one, "cast": "1"} | {f"line{at}": str(mark) for at, mark in enumerate(marks)}
        assert "您的选票已经投入" in Client().post("/ballot/", body).content.decode()
        seen.append(look())
    until = asked("SELECT pg_current_wal_lsn()::text")[0][0]
    dump = dumped()
    logging.getLogger().removeHandler(handler)

    # Which rows belong to a cast: the box's alone, and one version of it, that of the last cast.
    for before, after in pairwise(seen):
        assert wrote(before, after) == {"kernel_ballotbox"}
        assert after.rows["kernel_ballotbox"] == {after.box[0]}
        assert after.sequences == before.sequences

    # What the versions of the box have in common: nothing; neither length nor any piece of a seal.
    seals = [bytes(one.box[2]) for one in seen]
    assert len({len(seal) for seal in seals}) == 1
    pieces: set[bytes] = set()
    for seal in seals:
        mine = {seal[at : at + 8] for at in range(len(seal) - 7)}
        assert not mine & pieces
        pieces |= mine

    # What the files hold: seals, and of no ballot, number or hash a trace.
    wal = wal_bytes(since)
    assert sum(seal[:12] in wal for seal in seals) >= number  # one may be cut by a page of the log
    secrets = [bytes(marks) for marks in given] + [_hash(one.replace("-", "")) for one in numbers]
    secrets += [one.replace("-", "")[6:].encode() for one in numbers] + [one.encode() for one in numbers]
    for secret in secrets:
        assert secret not in wal
    assert seals[-1].hex() in dump
    for secret in secrets:
        assert secret.hex() not in dump and secret.decode("latin1") not in dump
    assert log.getvalue() == ""

    # Which relations the log of the server names in the transactions of the casts.
    told = subprocess.run(
        [program("pg_waldump"), "-p", layout().data / "pg_wal", "-s", since, "-e", until],
        capture_output=True,
        text=True,
    ).stdout
    nodes = {
        node: name
        for name, node in asked(
            "SELECT c.oid::regclass::text, pg_relation_filenode(c.oid)::text FROM pg_class c WHERE c.relkind IN ('r', 't', 'i', 'S')"
        )
    }
    casts = {one.box[0] & 0xFFFFFFFF for one in seen[1:]}
    touched = {
        nodes.get(node, node)
        for xid, node in re.findall(r"tx:\s+(\d+),.*?rel \d+/\d+/(\d+)", told)
        if int(xid) in casts
    }
    indexes = {"kernel_ballotbox_pkey"} | {n for n in nodes.values() if n.startswith("kernel_ballotbox_code")}
    assert "kernel_ballotbox" in touched and touched <= {"kernel_ballotbox", *indexes}, touched

    # The count is in no order, and then even the key is gone.
    with transaction.atomic():
        found = count(box)
    assert sorted(found) == sorted(given)
    keys.sweep()
    assert not [*folder.iterdir()]
    left = BallotBox.objects.get()
    assert left.sealed is None and len(left.receipts) == 16 * number
    assert not [secret for secret in secrets[:number] if secret in wal_bytes(since)]
