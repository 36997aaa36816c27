"""A folder that is replaced whole: whoever reads it finds the old one or the new one, never half of one."""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

MARK = ".baolei-publish"
"""The file by which a folder is known as one that may be replaced."""

_AT_FDCWD, _EXCHANGE = -100, 2


class NotOurs(Exception):
    """There is something else at the folder's place."""


class Busy(Exception):
    """Somebody else is replacing a folder here."""


def replace(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write the files into a new folder beside this one and put it in its place; the number of files.

    Raises NotOurs when the folder holds something without the mark, Busy, or OSError.
    """
    folder = folder.resolve()
    with _alone(folder.parent):
        new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
        for left in (new, old):
            if _holds_something(left):
                _require_mark(left)
        if old.exists() and not folder.exists():
            old.rename(folder)  # the run before was ended between its two renamings
        if _holds_something(folder):
            _require_mark(folder)
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        new.mkdir()
        try:
            (new / MARK).write_text("made by baolei publish\n", encoding="utf-8")
            number = _write(new, files)
            _put(new, folder, old)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        shutil.rmtree(old, ignore_errors=True)
        return number


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    number = 0
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        number += 1
    return number


def _holds_something(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _require_mark(folder: Path) -> None:
    if not (folder / MARK).is_file():
        raise NotOurs(str(folder))


@contextlib.contextmanager
def _alone(parent: Path) -> Iterator[None]:
    handle = os.open(parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(str(parent)) from None
        yield
    finally:
        os.close(handle)


def _put(new: Path, folder: Path, old: Path) -> None:
    """Put `new` at the place of `folder`; what stood there is `old` afterwards."""
    if not _holds_something(folder):
        new.rename(folder)
    elif _exchanged(new, folder):
        new.rename(old)
    else:
        folder.rename(old)
        new.rename(folder)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system and the file system can."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    if ctypes.get_errno() in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
