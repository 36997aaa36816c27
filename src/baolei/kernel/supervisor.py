"""Keeps the processes of an instance alive: the database, the web server and the worker.

A child that ends is started again, later and later while it keeps failing; the others go on meanwhile.
The web server answers without the worker: values then grow old and say so.
"""

import ctypes
import dataclasses
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from baolei.kernel.postgres import PostgresError, ensure_running, is_running, stop

log = logging.getLogger("baolei.serve")

TICK = 0.25  # seconds between two looks at the children
DATABASE_TICK = 2.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY = 60.0  # a child that lived this long starts again without a pause
GRACE = 15.0  # seconds a child gets to end by itself
PR_SET_PDEATHSIG = 1


@dataclasses.dataclass
class Child:
    """A process to keep alive."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    next_start: float = 0.0
    pause: float = FIRST_PAUSE

    def look(self) -> None:
        """Start the process if it is due, and plan its next start when it has ended."""
        now = time.monotonic()
        if self.process is not None and (code := self.process.poll()) is not None:
            self.pause = FIRST_PAUSE if now - self.started_at > STEADY else min(self.pause * 2, LONGEST_PAUSE)
            self.next_start = now + self.pause
            self.process = None
            log.warning("%s ended (%s), starts again in %.1f s", self.name, code, self.pause)
        if self.process is None and now >= self.next_start:
            self.started_at = now
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C reaches the supervisor only, which stops in order
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _end_with_parent() -> None:
    """Ask Linux to end this child when the supervisor is killed, so that no port stays taken."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs children until SIGTERM or SIGINT, then stops them and the database if it was started here."""

    def __init__(self, children: list[Child], *, embedded: bool, health: str, ready: Callable[[], None]):
        """`health` is an address that answers 200 when pages do; `ready` is called once it first did."""
        self.children = children
        self.embedded = embedded
        self.health = health
        self.ready = ready
        self.stopping = False
        self.started_database = False
        self._database_due = 0.0
        self._database_pause = DATABASE_TICK

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        if self.embedded:
            self.started_database |= ensure_running()
        answered = False
        try:
            while not self.stopping:
                self._look_after_database()
                for child in self.children:
                    child.look()
                if not answered and self._answers():
                    answered = True
                    self.ready()
                time.sleep(TICK)
        finally:
            self._end()

    def _stop(self, number, frame) -> None:
        self.stopping = True

    def _look_after_database(self) -> None:
        if not self.embedded or time.monotonic() < self._database_due:
            return
        if is_running():
            self._database_pause = DATABASE_TICK
        else:
            try:
                if ensure_running():
                    self.started_database = True
                    log.warning("the database had ended and was started again")
            except PostgresError as error:
                self._database_pause = min(self._database_pause * 2, LONGEST_PAUSE)
                log.error("%s", error)
        self._database_due = time.monotonic() + self._database_pause

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.health, timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _end(self) -> None:
        for child in self.children:
            child.end()
        until = time.monotonic() + GRACE
        for child in self.children:
            child.wait(until)
        if self.started_database:
            stop()
