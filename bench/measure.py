"""Clocks and scales: time, CPU, memory of a process tree, medians."""

import math
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MB = 1_000_000


@dataclass(frozen=True)
class Ran:
    """A finished command: seconds on the clock, CPU seconds of it and its children, peak bytes of its tree."""

    seconds: float
    cpu: float
    peak: int
    output: str


class Failed(RuntimeError):
    """A command that is measured ended with an error."""


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def seconds_of(call: Callable[[], object]) -> float:
    """How long the call takes on the clock."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def interleaved(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each call in each round; the calls take turns, so that a busy moment hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        names = list(calls)
        for name in names if number % 2 == 0 else reversed(names):
            taken[name].append(seconds_of(calls[name]))
    return taken


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    found, waiting = [], [pid]
    while waiting:
        found.append(at := waiting.pop())
        for children in Path(f"/proc/{at}/task").glob("*/children"):
            try:
                waiting.extend(int(child) for child in children.read_text().split())
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def memory_of(pid: int) -> int:
    """Bytes of memory of a process, shared pages divided among their users (PSS); 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except PermissionError:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0


def cpu_of(pid: int) -> float:
    """CPU seconds that a process has used, in the kernel and outside."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class PeakOfTree(threading.Thread):
    """Watches the memory of a process tree until `stop`; `peak` is the largest sum seen, in bytes."""

    def __init__(self, pid: int, *, every: float = 0.5):
        super().__init__(daemon=True)
        self.pid, self.every, self.peak = pid, every, 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(self.every):
            self.peak = max(self.peak, sum(memory_of(pid) for pid in tree(self.pid)))

    def stop(self) -> int:
        self._done.set()
        self.join()
        return self.peak


def run(command: Sequence[str], environment: dict[str, str], *, directory: Path | None = None) -> Ran:
    """Run a command to its end and measure it; its own messages go to our standard error.

    Raises Failed when it ends with an error.
    """
    start = time.perf_counter()
    child = subprocess.Popen(command, env=environment, cwd=directory, stdout=subprocess.PIPE, text=True)
    watch = PeakOfTree(child.pid)
    watch.start()
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    taken = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    peak = watch.stop()
    if child.returncode:
        raise Failed(f"{' '.join(command)} ended with {child.returncode}:\n{output[-2000:]}")
    return Ran(taken, usage.ru_utime + usage.ru_stime, peak, output)


def tell(sentence: str) -> None:
    """Say on standard error what is being done."""
    print(f"bench: {sentence}", file=sys.stderr, flush=True)
