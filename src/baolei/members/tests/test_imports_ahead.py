"""Reading ahead of checking and writing: whatever fails on either side, the register is as before."""

import importlib
import os
import signal
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from baolei.kernel.access import Actor
from baolei.kernel.demo import MARK
from baolei.kernel.imports import ahead, import_path, package, run, worker
from baolei.kernel.models import Batch, StaleMark
from baolei.members.models import Member
from baolei.members.tests.packages import ALICE, BRANCH, MOVED, cell, rows, write
from baolei.organizations.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("测试")


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch):
    monkeypatch.setattr(run, "SMALL", 0)
    monkeypatch.setattr(package, "CHUNK", 400)
    monkeypatch.setattr(ahead, "HELD", 0)


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def at(stage: str, do):
    """A progress that does something once, at the first report of a stage."""
    done = []

    def progress(told: str, *_shares):
        if told == stage and not done:
            done.append(stage)
            do()

    return progress


def assert_as_before(*states: str) -> None:
    assert not Organization.rows.exists()
    assert not Member.rows.exists()
    assert not StaleMark.objects.exists()
    assert sorted(Batch.objects.values_list("state", flat=True)) == sorted(states)


def assert_goes_in(folder, *states: str) -> None:
    outcome = import_path(folder, actor=SYSTEM)
    assert (outcome.problems, Member.rows.count()) == ([], 4)
    assert sorted(Batch.objects.values_list("state", flat=True)) == sorted([*states, Batch.State.DONE])
    again = import_path(folder, actor=SYSTEM)
    assert {(c["new"], c["changed"], c["refused"]) for c in again.counts.values()} == {(0, 0, 0)}


def test_the_database_ends_the_session_while_files_are_read_ahead(tmp_path):
    folder = write(tmp_path, rows())
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid

    def end_session():
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
        other.close()

    with pytest.raises(OperationalError):
        import_path(folder, actor=SYSTEM, progress=at("写入 党员", end_session))
    connection.close()
    assert_as_before(Batch.State.BROKEN)
    assert_goes_in(folder, Batch.State.BROKEN)


def test_a_database_that_is_gone_is_said_by_the_command(tmp_path, monkeypatch):
    folder = write(tmp_path, rows())
    command = importlib.import_module("baolei.kernel.management.commands.import")

    def go_away(path, **how):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as broken:
        broken.setattr(command, "import_path", go_away)
        with pytest.raises(CommandError, match=r"数据库在导入中断开.*再导入一次"):
            call_command("import", str(folder))
    connection.close()
    call_command("import", str(folder))
    assert Member.rows.count() == 4


def test_workers_that_end_break_the_import(tmp_path, monkeypatch):
    folder = write(tmp_path, rows())
    with monkeypatch.context() as broken:
        broken.setattr(worker, "_PROGRAM", "raise SystemExit(3)")
        with pytest.raises(RuntimeError, match="worker ended"):
            import_path(folder, actor=SYSTEM)
    assert_as_before(Batch.State.BROKEN)
    assert_goes_in(folder, Batch.State.BROKEN)


def test_one_worker_that_is_killed_is_noticed_though_others_stand(tmp_path):
    folder = write(tmp_path, rows())
    tasks = [
        task for file in package.read_package(folder).files for task in file.tasks("2026-01-01", trial=False)
    ]
    with worker.Workers(parallel=True) as workers:
        done = [chunk.rows for _task, chunk in workers.results(tasks)]
        first = workers._first.pid
        [other] = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        os.kill(int(other), signal.SIGKILL)
        with pytest.raises(RuntimeError, match="worker ended"):
            list(workers.results(tasks))
    assert sum(done) == sum(map(len, rows().values()))
    assert not Path(f"/proc/{first}").exists()


def test_what_fails_while_writing_stops_the_reading(tmp_path):
    folder = write(tmp_path, rows())

    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        import_path(folder, actor=SYSTEM, progress=at("写入 党组织", fail))
    assert_as_before(Batch.State.BROKEN)
    assert_goes_in(folder, Batch.State.BROKEN)


def test_a_file_changed_before_its_turn_is_refused(tmp_path):
    folder = write(tmp_path, rows())

    def change():
        with open(folder / "memberships.csv", "a", encoding="utf-8") as file:
            file.write(f"{ALICE},{MOVED},2000-01-01,2001-01-01\n")

    outcome = import_path(folder, actor=SYSTEM, accept_good=True, progress=at("写入 党员", change))
    assert [(p.sheet, p.row, p.value, p.code) for p in outcome.problems] == [
        ("memberships", 0, "memberships.csv", "file.changed")
    ]
    assert_as_before(Batch.State.REFUSED)


def test_made_up_rows_of_the_last_file_undo_what_was_written(tmp_path, settings):
    settings.BAOLEI_DEMO = False
    invented = rows()
    cell(invented, "memberships", 3, "branch", MARK + BRANCH)
    outcome = import_path(write(tmp_path, invented), actor=SYSTEM)
    assert [(p.sheet, p.row, p.code) for p in outcome.problems] == [("memberships", 3, "package.demo")]
    assert outcome.counts == {}
    assert_as_before(Batch.State.REFUSED)


def test_files_without_rows_hinder_no_others(tmp_path):
    few = rows() | {"places": [], "units": [], "memberships": []}
    cell(few, "members", 2, "work_unit", "")
    outcome = import_path(write(tmp_path, few), actor=SYSTEM)
    assert outcome.problems == []
    assert {sheet: counts["read"] for sheet, counts in outcome.counts.items()} == {
        "organizations": 9, "places": 0, "units": 0, "members": 4, "memberships": 0,
    }  # fmt: skip
