"""Workers: each reads tasks from a pipe, answers on another, and ends when the import does.

They give way to the database, which checks and writes meanwhile what was read before.

The first is a process of its own, no fork: a fork of a web worker would carry its threads and its connection. The
others are forks of the first, so that the product is loaded once.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO, NamedTuple

from baolei.kernel.imports.rows import Chunk, Task, work

# Models can be loaded only after django.setup(), and the package of this module loads some.
_PROGRAM = "import django; django.setup(); from baolei.kernel.imports.worker import serve; serve()"

NUMBER = 2
AHEAD = 2
"""Tasks handed out beyond those in work, so that no worker waits for the next one; bounds the memory."""

NICE = 3
"""So much that the database, the slower of the two, gets a core where there are two."""


class Pipes(NamedTuple):
    """The ways to a worker and back."""

    tasks: BinaryIO
    answers: BinaryIO


class Workers:
    """The workers of one import; this process does their work where it is not done in `parallel`."""

    def __init__(self, *, parallel: bool):
        self._first, self._all = _start() if parallel else (None, [])
        self._idle: SimpleQueue[Pipes] = SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for worker in self._all:
            with suppress(BrokenPipeError):  # one that is gone already has not taken all it was given
                worker.tasks.close()
        if self._first:
            self._first.wait()
        for worker in self._all:
            worker.answers.close()

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Chunk]]:
        """The tasks in their order, each with its chunk."""
        if not self._all:
            yield from ((task, work(task)) for task in tasks)
            return
        with ThreadPoolExecutor(NUMBER) as pool:
            waiting: deque = deque()
            try:
                for task in tasks:
                    waiting.append((task, pool.submit(self._ask, task)))
                    if len(waiting) >= NUMBER + AHEAD:
                        task, answer = waiting.popleft()
                        yield task, answer.result()
                for task, answer in waiting:
                    yield task, answer.result()
            finally:
                for _task, answer in waiting:
                    answer.cancel()

    def _ask(self, task: Task) -> Chunk:
        worker = self._idle.get()
        try:
            pickle.dump(task, worker.tasks)
            worker.tasks.flush()
            return pickle.load(worker.answers)
        except (EOFError, BrokenPipeError):
            raise RuntimeError("an import worker ended before its work did") from None
        finally:
            self._idle.put(worker)


def _start() -> tuple[subprocess.Popen, list[Pipes]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pairs = [(os.pipe(), os.pipe()) for _ in range(NUMBER)]
    theirs = [(tasks[0], answers[1]) for tasks, answers in pairs]
    first = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *(f"{tasks},{answers}" for tasks, answers in theirs)],
        stdin=subprocess.DEVNULL,
        stdout=2,  # whatever prints
        pass_fds=[end for ends in theirs for end in ends],
        env=environment,
    )
    for ends in theirs:
        for end in ends:
            os.close(end)
    return first, [Pipes(open(tasks[1], "wb"), open(answers[0], "rb")) for tasks, answers in pairs]


def serve() -> None:
    """Do tasks with as many processes as pairs of pipes are named, until the import closes them, or is gone."""
    os.nice(NICE)
    pairs = [tuple(map(int, pair.split(","))) for pair in sys.argv[1:]]
    at = 0
    # Before any work: no two may go on with the same random bytes.
    while at < len(pairs) - 1 and not os.fork():
        at += 1
    for end in {end for pair in pairs for end in pair} - {*pairs[at]}:
        os.close(end)  # held open here, it would hide that its worker is gone
    tasks, answers = open(pairs[at][0], "rb"), open(pairs[at][1], "wb")
    with suppress(EOFError):
        while True:
            pickle.dump(work(pickle.load(tasks)), answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()
    answers.close()
    if at < len(pairs) - 1:
        os.wait()  # who waits for the first waits for all
    os._exit(0)  # nothing is left to do, and giving back what was remembered takes longer than a small import
