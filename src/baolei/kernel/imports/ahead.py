"""Reading ahead: the workers read the next files while what came before is checked and written."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import date
from queue import SimpleQueue
from tempfile import TemporaryFile
from threading import Event

from baolei.kernel.imports.package import SheetRows
from baolei.kernel.imports.rows import Chunk
from baolei.kernel.imports.worker import Workers
from baolei.kernel.places import instance_root

HELD = 4
"""Chunks kept in memory that nobody has asked for yet; lines of further ones wait on the disk."""


@contextmanager
def read_ahead(
    files: list[SheetRows], today: date, *, parallel: bool, trial: bool, workers: Workers | None = None
) -> Iterator[Iterator[tuple[int, Chunk]]]:
    """The chunks of all files, in their order, each with the bytes that it was read from (0: the file's end); read
    in a thread that needs no database, and by workers where it is done in `parallel`, or by those that stand ready.

    The disk's file has no name and is gone with this process, however it ends; what lies there is what goes to
    the staging tables: of numbers ciphertext and hashes only (G-04). What goes wrong while reading is raised
    where the chunk is asked for.
    """
    tasks = (task for file in files for task in file.tasks(today.isoformat(), trial=trial))
    ready: SimpleQueue = SimpleQueue()
    stopped = Event()
    with (
        TemporaryFile(dir=instance_root()) as disk,
        nullcontext(workers) if workers else Workers(parallel=parallel) as workers,
        ThreadPoolExecutor(1) as thread,
    ):

        def read() -> None:
            try:
                for task, chunk in workers.results(tasks):
                    if stopped.is_set():
                        return
                    at, length = disk.tell(), len(chunk.lines)
                    if ready.qsize() >= HELD:
                        disk.write(chunk.lines)
                        disk.flush()
                        chunk.lines = b""
                    ready.put((len(task.data), chunk, at, length))
            finally:
                ready.put(None)

        def chunks() -> Iterator[tuple[int, Chunk]]:
            while (one := ready.get()) is not None:
                size, chunk, at, length = one
                if length and not chunk.lines:
                    chunk.lines = os.pread(disk.fileno(), length, at)
                yield size, chunk
            reading.result()

        reading = thread.submit(read)
        try:
            yield chunks()
        finally:
            stopped.set()
