"""The key of a box: a file beside the database, in no dump, no log and no WAL; destroyed when the box is counted or void.

Whoever has everything but this file reads nothing from a box.
"""

import os
import time
from pathlib import Path

from baolei.kernel.models import BallotBox
from baolei.kernel.places import instance_root

NBYTES = 32
OPENING = 3600
"""Seconds after which a key without a box belongs to an opening that was rolled back."""


class KeyLost(Exception):
    """The box cannot be opened any more: it is declared void and voted on again."""


def folder() -> Path:
    return instance_root() / "ballots"


def make(code: str) -> bytes:
    """A new key, on the disk before anybody commits the box."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = os.urandom(NBYTES)
    handle = os.open(place / code, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def read(code: str) -> bytes:
    """Raises KeyLost."""
    try:
        key = (folder() / code).read_bytes()
    except FileNotFoundError:
        raise KeyLost(code) from None
    if len(key) != NBYTES:
        raise KeyLost(code)
    return key


def destroy(file: Path) -> None:
    """Written over, then taken away; whoever comes second finds nothing to do."""
    try:
        with open(file, "r+b") as old:
            old.write(bytes(NBYTES))
            old.flush()
            os.fsync(old.fileno())
        file.unlink()
    except FileNotFoundError:
        pass


def sweep() -> int:
    """Destroy the keys of all boxes that are not open; returns how many. May run at any time, and twice."""
    files = {file.name: file for file in folder().glob("*")}
    states = dict(BallotBox.objects.filter(code__in=files).values_list("code", "state"))
    before = time.time() - OPENING
    gone = 0
    for code, file in files.items():
        if code in states:
            over = states[code] != BallotBox.State.OPEN
        else:
            over = _older(file, before)
        if over:
            destroy(file)
            gone += 1
    return gone


def _older(file: Path, moment: float) -> bool:
    try:
        return file.stat().st_mtime < moment
    except FileNotFoundError:
        return False
