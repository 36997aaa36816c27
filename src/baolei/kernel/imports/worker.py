"""A worker: reads tasks from its standard input, answers on its standard output, ends when its parent does.

It gives way to the database, which checks and writes meanwhile what was read before.

Processes of their own, not forks: a fork of a web worker would carry its threads and its connection.
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

from baolei.kernel.imports.rows import Chunk, Task, work

# Models can be loaded only after django.setup(), and the package of this module loads some.
_PROGRAM = "import django; django.setup(); from baolei.kernel.imports.worker import serve; serve()"

NUMBER = 2
AHEAD = 2
"""Tasks handed out beyond those in work, so that no worker waits for the next one; bounds the memory."""

NICE = 3
"""So much that the database, the slower of the two, gets a core where there are two."""


class Workers:
    """The workers of one import; this process does their work where it is not done in `parallel`."""

    def __init__(self, *, parallel: bool):
        self._all = [_start() for _ in range(NUMBER if parallel else 0)]
        self._idle: SimpleQueue[subprocess.Popen] = SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for worker in self._all:
            with suppress(BrokenPipeError):  # one that is gone already has not taken all it was given
                worker.stdin.close()
        for worker in self._all:
            worker.wait()
            worker.stdout.close()

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
    os.nice(NICE)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not garble the answers
    while True:
        try:
            task = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(work(task), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
