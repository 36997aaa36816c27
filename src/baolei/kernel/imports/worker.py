"""A worker: reads tasks from its standard input, answers on its standard output, ends when its parent does.

Processes of their own, not forks: a fork of a web worker would carry its threads and its connection.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from baolei.kernel.imports.rows import Chunk, Task, work

# Models can be loaded only after django.setup(), and the package of this module loads some.
_PROGRAM = "import django; django.setup(); from baolei.kernel.imports.worker import serve; serve()"

NUMBER = 2
AHEAD = 2
"""Finished chunks kept for the copy, beyond those in work; bounds the memory."""


class Workers:
    """The workers of one import, started at the first file that is worth it."""

    def __init__(self):
        self._all: list[subprocess.Popen] = []
        self._idle: SimpleQueue[subprocess.Popen] = SimpleQueue()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for worker in self._all:
            worker.stdin.close()
        for worker in self._all:
            worker.wait()
            worker.stdout.close()

    def results(self, tasks: Iterable[Task], *, parallel: bool) -> Iterator[Chunk]:
        """The chunks in the order of the tasks; in this process unless `parallel`."""
        if not parallel:
            yield from map(work, tasks)
            return
        if not self._all:
            self._all = [_start() for _ in range(NUMBER)]
            for worker in self._all:
                self._idle.put(worker)
        with ThreadPoolExecutor(NUMBER) as pool:
            waiting: deque = deque()
            try:
                for task in tasks:
                    waiting.append(pool.submit(self._ask, task))
                    if len(waiting) >= NUMBER + AHEAD:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _ask(self, task: Task) -> Chunk:
        worker = self._idle.get()
        try:
            pickle.dump(task, worker.stdin)
            worker.stdin.flush()
            return pickle.load(worker.stdout)
        except (EOFError, BrokenPipeError):
            raise RuntimeError(f"an import worker ended with code {worker.wait()}") from None
        finally:
            self._idle.put(worker)


def _start() -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )


def serve() -> None:
    """Do tasks until the parent closes the pipe, or is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not garble the answers
    while True:
        try:
            task = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(work(task), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
