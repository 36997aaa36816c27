"""Identity numbers in wrong columns and in columns never taken: not shown, not stored (G-03, G-04)."""

import os
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from baolei.kernel.access import Actor
from baolei.kernel.imports import (
    DateColumn,
    LookupColumn,
    NameColumn,
    PhoneColumn,
    TextColumn,
    import_path,
)
from baolei.kernel.models import Batch
from baolei.kernel.postgres.layout import PORT, layout
from baolei.kernel.postgres.roles import ADMIN
from baolei.kernel.secretfiles import secret_text
from baolei.members.models import Member
from baolei.members.tests.packages import ALICE, COLUMNS, TOWN, cell, number, rows, write
from baolei.organizations.models import Unit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")

PLANTED = number("19770707", 777)
FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) for letter in PLANTED)
SPACED = f"{PLANTED[:6]} {PLANTED[6:14]} {PLANTED[14:]}"
FORMS = (PLANTED, FULL_WIDTH, SPACED, PLANTED[6:14] + PLANTED[14:17])

WRONG = {
    ("members", 3, "name"): "name.digits",
    ("members", 3, "sex"): "code.unknown",
    ("members", 3, "birth_date"): "date.format",
    ("members", 3, "education"): "code.unknown",
    ("members", 3, "work_unit"): "value.identity",
    ("members", 3, "phone"): "phone.format",
    ("members", 3, "branch"): "value.identity",
    ("memberships", 2, "branch"): "value.identity",
    ("organizations", 10, "code"): "value.identity",
    ("organizations", 10, "name"): "value.identity",
    ("organizations", 10, "short_name"): "value.identity",
    ("organizations", 10, "parent"): "value.identity",
    ("organizations", 10, "region_code"): "value.identity",
    ("places", 2, "parent"): "value.identity",
    ("units", 3, "code"): "value.identity",
    ("units", 3, "name"): "value.identity",
}


def shown(outcome) -> str:
    return str(outcome.as_dict()) + outcome.batch.source


def clean(text: str) -> bool:
    return not any(form in text for form in FORMS)


@pytest.mark.parametrize("written", [PLANTED, FULL_WIDTH, SPACED, f"张三{PLANTED}"])
@pytest.mark.parametrize("place", WRONG, ids=lambda place: f"{place[0]}.{place[2]}")
def test_a_number_in_a_wrong_column_is_refused_and_not_shown(tmp_path, place, written):
    package = rows()
    cell(package, *place, written)
    outcome = import_path(write(tmp_path, package), actor=SYSTEM)
    assert (*place, WRONG[place]) in {(p.sheet, p.row, p.column, p.code) for p in outcome.problems}
    assert clean(shown(outcome))
    assert outcome.batch.state == Batch.State.REFUSED


def test_digits_in_a_name_are_refused_and_not_shown(tmp_path):
    package = rows()
    cell(package, "members", 3, "name", "曾大海13900000007")
    outcome = import_path(write(tmp_path, package), actor=SYSTEM)
    assert [(p.column, p.value, p.code) for p in outcome.problems] == [
        ("name", "曾大海***********", "name.digits")
    ]
    assert not Member.rows.exists()
    cell(package, "members", 3, "name", "阿依古丽·曾一二三")
    assert import_path(write(tmp_path, package), actor=SYSTEM).problems == []


@pytest.mark.parametrize(
    ("column", "text", "shown"),
    [
        (TextColumn("a", "甲"), f"单位{PLANTED}", "单位" + "*" * 16 + PLANTED[-2:]),
        (LookupColumn("a", "甲"), SPACED, "*" * 16 + PLANTED[-2:]),
        (DateColumn("a", "甲"), FULL_WIDTH, "*" * 16 + PLANTED[-2:]),
        (NameColumn("a", "甲"), f"张三{SPACED}", "张三****** ******** ****"),
        (PhoneColumn("a", "甲"), f"{PLANTED} ", "*" * 16 + PLANTED[-2:]),
        (PhoneColumn("a", "甲"), "1390000000a", "*******000a"),
    ],
)
def test_a_worker_hands_on_no_number(column, text, shown):
    """Before the problem is said it lies in a staging table."""
    assert column.shown(text) == shown


def test_the_code_of_a_unit_may_have_eighteen_digits(tmp_path):
    package = rows()
    code = "912201017025514923"
    cell(package, "units", 3, "code", code)
    cell(package, "members", 3, "work_unit", code)
    assert import_path(write(tmp_path, package), actor=SYSTEM).problems == []
    assert Unit.objects.filter(code=code).exists()
    cell(package, "units", 3, "kind", "state_enterprise")
    values = {p.value for p in import_path(write(tmp_path, package), actor=SYSTEM).problems}
    assert values == {"*" * 16 + "23"}


def test_a_file_without_its_header_shows_no_number(tmp_path):
    package = rows()
    first = package["members"].pop(0)
    first[0], first[10] = PLANTED, f"单位{PLANTED}"
    folder = write(tmp_path / f"{PLANTED} 名单", {"members": package["members"]}, members=",".join(first))
    outcome = import_path(folder, actor=SYSTEM)
    assert {p.code for p in outcome.problems} >= {"columns.extra", "columns.missing"}
    assert clean(shown(outcome))


# The files of the database ----------------------------------------------------------------------------------


def _written_since(start: float) -> dict[Path, bytes]:
    """What the server has on disk and wrote since; files of other tests may go while we look."""
    found = {}
    for folder, _folders, names in os.walk(layout().data):
        for name in names:
            path = Path(folder, name)
            try:
                if path.stat().st_mtime >= start:
                    found[path] = path.read_bytes()
            except FileNotFoundError:
                continue
    return found


def _checkpoint() -> None:
    with psycopg.connect(
        host=str(layout().socket_dir), port=PORT, user=ADMIN, password=secret_text("database_admin"),
        dbname="postgres", autocommit=True,
    ) as admin:  # fmt: skip
        admin.execute("CHECKPOINT")


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="reads the embedded server's files")
@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_database_holds_what_was_planted(tmp_path):
    """Numbers in every wrong column, a number and an illness in columns that are never taken, two imports."""
    start = time.time() - 2
    package = rows()
    for line in package["members"]:
        line += ["信某教的人", f"母亲{PLANTED}"]
    headers = {"members": COLUMNS["members"] + ",宗教信仰,家庭成员"}
    package["members"].append([PLANTED, "关小满", *package["members"][1][2:]])
    cell(package, "members", 6, "birth_date", "1977-07-07")
    taken = import_path(write(tmp_path / f"{PLANTED} 名单", package, **headers), actor=SYSTEM)
    assert taken.problems == []
    assert taken.notes == ["members.csv: 宗教信仰", "members.csv: 家庭成员"]
    package = rows()
    package["organizations"].append(
        [SPACED, "中共某支部", "某支部", "branch", TOWN, "2000-01-01", "", "", ""]
    )
    package["units"].append([PLANTED, "某厂", "private_enterprise", "", TOWN, "2010-05-01"])
    package["members"] = [
        [number("19600101", 2 * order), "某某", "2", "1960-01-01", *package["members"][0][4:]]
        for order in range(1, 7)
    ]
    for row, column in enumerate(("name", "education", "work_unit", "phone", "branch", "sex"), 2):
        cell(package, "members", row, column, FULL_WIDTH if row % 2 else PLANTED)
    package["memberships"].append([ALICE, PLANTED, "2000-01-01", "2001-01-01"])
    refused = import_path(write(tmp_path / "refused", package), actor=SYSTEM, accept_good=True)
    assert refused.total_problems == 9
    assert clean(shown(taken) + shown(refused))

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath('members_member')")
        table = layout().data / cursor.fetchone()[0]
    _checkpoint()
    written = _written_since(start)
    assert "关小满".encode() in written[table]
    assert any("pg_wal" in path.parts for path in written)
    planted = [form.encode() for form in (*FORMS, "信某教的人")]
    assert [path for path, content in written.items() if any(form in content for form in planted)] == []
