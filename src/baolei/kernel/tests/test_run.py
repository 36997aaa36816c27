"""`serve` and `./run`: what dies is started again, what is missing is told in a sentence."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from baolei.kernel.places import checkout

SUPERVISED = """
import os, sys
from baolei.kernel.supervisor import Child, Supervisor
def child(name, *arguments):
    return Child(name, [sys.executable, *arguments], os.environ)
web = child("web", "-m", "http.server", "%(port)d", "--bind", "127.0.0.1")
worker = child("worker", "-c", "import os, time; print('worker', os.getpid(), flush=True); time.sleep(600)")
Supervisor([web, worker], embedded=False, health="http://127.0.0.1:%(port)d/",
    ready=lambda: print("ready", web.process.pid, flush=True)).run()
print("ended", flush=True)
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _told(process: subprocess.Popen, name: str) -> int:
    """Return the number that the supervised script prints behind a name."""
    for line in process.stdout:
        if line.startswith(f"{name} "):
            return int(line.split()[1])
    raise AssertionError(f"ended without telling {name}")


@pytest.fixture
def supervised(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", SUPERVISED % {"port": _free_port()}],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    patience = threading.Timer(40, process.kill)
    patience.start()
    try:
        worker = _told(process, "worker")
        yield process, _told(process, "ready"), worker
    finally:
        patience.cancel()
        process.kill()
        process.communicate()


def test_a_killed_worker_is_started_again_and_the_web_goes_on(supervised):
    process, web, worker = supervised
    os.kill(worker, signal.SIGKILL)
    began = time.monotonic()
    assert _told(process, "worker") != worker
    assert time.monotonic() - began < 8
    assert _alive(web)


def test_the_end_of_the_supervisor_is_the_end_of_its_children(supervised):
    process, web, worker = supervised
    process.terminate()
    assert process.stdout.read().endswith("ended\n")
    assert not _alive(web)
    assert not _alive(worker)


def test_a_killed_supervisor_leaves_no_children(supervised):
    process, web, worker = supervised
    process.kill()
    process.wait()
    until = time.monotonic() + 5
    while time.monotonic() < until and (_alive(web) or _alive(worker)):
        time.sleep(0.05)
    assert not _alive(web)
    assert not _alive(worker)


def test_a_taken_port_is_told_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="--port"):
            call_command("serve", port=taken.getsockname()[1])


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "run", *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )


@pytest.fixture
def copy(tmp_path):
    """The `run` script alone, in a place where nothing has been made yet."""
    shutil.copy(checkout() / "run", tmp_path / "run")
    return tmp_path


def test_run_alone_tells_how_it_is_used(copy):
    assert "./run demo" in _run(copy).stdout
    assert _run(copy, "nonsense").returncode == 2


def _pretend_python(folder: Path, body: str) -> str:
    programs = folder / "programs"
    programs.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (programs / name).write_text(f"#!/bin/sh\n{body}\n")
        (programs / name).chmod(0o755)
    return f"{programs}:/usr/bin:/bin"


def test_a_missing_python3_venv_is_told_in_a_sentence(copy):
    path = _pretend_python(copy, 'case "$2" in *ensurepip*) exit 1;; esac')
    done = _run(copy, "demo", PATH=path)
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_an_old_python_is_told_in_a_sentence(copy):
    done = _run(copy, "demo", PATH=_pretend_python(copy, "exit 1"))
    assert done.returncode == 1
    assert "3.11" in done.stderr
