"""Instances of the product that are made for measuring: each in a directory of its own."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baolei.kernel.places import instance_root
from bench.measure import Failed, Ran, run, tree

TOP = Path(__file__).resolve().parent.parent
BAOLEI = str(Path(sys.executable).with_name("baolei"))


def instances_root() -> Path:
    """Where the measured instances lie: BAOLEI_DATA, or `bench` beside the usual instance."""
    if given := os.environ.get("BAOLEI_DATA"):
        return Path(given).resolve()
    return instance_root().parent / f"{instance_root().name}-bench"


@dataclass(frozen=True)
class Instance:
    """The data directory of one instance, and ways to run the product in it."""

    root: Path
    scale: str

    @property
    def package(self) -> Path:
        return self.root / "package"

    @property
    def loaded(self) -> bool:
        """True when a package of this scale was loaded to its end."""
        mark = self.root / "loaded"
        return mark.exists() and mark.read_text() == self.scale

    def mark_loaded(self) -> None:
        (self.root / "loaded").write_text(self.scale)

    def environment(self, *, role: str | None = None) -> dict[str, str]:
        """The environment of a command in this instance; the demo's mark lets it take a made-up package."""
        given = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BAOLEI_DB_ROLE")}
        given |= {"BAOLEI_DATA": str(self.root), "BAOLEI_DEMO": "1", "PYTHONPATH": f"{TOP}:{TOP / 'src'}"}
        given["DJANGO_SETTINGS_MODULE"] = "baolei.config.settings"
        return given | ({"BAOLEI_DB_ROLE": role} if role else {})

    def baolei(self, *words: str) -> Ran:
        """Run a command of the product and measure it."""
        return run([BAOLEI, *words], self.environment())

    def inside(self, what: str, *, role: str = "app", **given: Any) -> Any:
        """Call `bench.inside.<module>.<function>` in a new process and return what it returns."""
        command = [sys.executable, "-m", "bench.inside", what, json.dumps(given)]
        return json.loads(run(command, self.environment(role=role)).output.splitlines()[-1])

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.baolei("db", "start")

    def stop(self) -> None:
        if self.root.exists():
            self.baolei("db", "stop")

    def remove(self) -> None:
        """Stop the database and delete the instance."""
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    @contextlib.contextmanager
    def served(self, *, workers: int = 1) -> Iterator["Served"]:
        """The instance behind a web server; yields it once the page answers."""
        port = free_port()
        words = ["serve", "--port", str(port), "--workers", str(workers), "--no-worker"]
        with serving([BAOLEI, *words], self.environment(), port) as process:
            yield Served(port, process.pid)


@dataclass(frozen=True)
class Served:
    """A running web server: its port and the process that was started."""

    port: int
    pid: int

    @property
    def worker(self) -> int:
        """The process that answers: the youngest one that listens for requests."""
        return max(_granian_workers(self.pid))

    @property
    def workers(self) -> list[int]:
        return _granian_workers(self.pid)


def _granian_workers(pid: int) -> list[int]:
    """Processes under a granian supervisor: those without children whose command is granian's."""
    found = []
    for one in tree(pid):
        try:
            words = Path(f"/proc/{one}/cmdline").read_bytes()
        except FileNotFoundError:
            continue
        spawned = b"granian" in words or b"multiprocessing.spawn" in words
        if spawned and tree(one) == [one] and b"resource_tracker" not in words:
            found.append(one)
    if not found:
        raise Failed("no worker of the web server was found")
    return found


@contextlib.contextmanager
def serving(command: list[str], environment: dict[str, str], port: int, *, directory: Path | None = None,
            seconds: float = 900, path: str = "/healthz") -> Iterator[subprocess.Popen]:  # fmt: skip
    """A server that runs until the end of the block; it has answered at `path` once when the block begins."""
    process = subprocess.Popen(command, env=environment, cwd=directory, stdout=sys.stderr)
    try:
        until = time.monotonic() + seconds
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() > until:
                raise Failed(f"{' '.join(command)} did not answer")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
