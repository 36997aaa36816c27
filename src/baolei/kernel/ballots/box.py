"""One box is one row: all that is in it lies under one seal of fixed size, written anew at each cast.

Under the seal: the hashes of the ballots' numbers, which of them were used, and as many slots as there are numbers,
full ones and dummies, shuffled at each cast. A number and a slot have nothing in common but the box. Opening, counting
and declaring void belong to an action of the area; casting alone leaves no event, no time and no trace but the row.
"""

import hashlib
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from baolei.kernel.actions import unrecorded
from baolei.kernel.ballots import jobs, keys
from baolei.kernel.ballots.keys import KeyLost
from baolei.kernel.identity import normal_number
from baolei.kernel.ids import LETTERS, in_groups, random_letters
from baolei.kernel.models import BallotBox

State = BallotBox.State
Marks = tuple[int | None, ...]
"""Of each line of the paper the mark, None for none."""

CODE, SECRET = 6, 10
"""Letters of a ballot's number: which box, and 50 random bits that only the paper knows."""
MOST = 2000
"""Ballots of a box."""
_HASH, _NONCE = 16, 12
_UNMARKED = 255


class Spoilt(Exception):
    """The row is not what was sealed last: damaged, or another box's."""


@dataclass
class _Inside:
    """What lies under the seal of an open box."""

    numbers: list[bytes]
    used: list[bool]
    ballots: list[bytes]


def open_box(
    *, title: str, lines: Sequence[str], marks: Sequence[str], number: int
) -> tuple[BallotBox, list[str]]:
    """A box and the numbers of its ballots, which are told here and never again. To be called inside an action.

    The paper says `title`, has a line for each of `lines`, and each line one of the `marks` or none.
    """
    if not 1 <= number <= MOST:
        raise ValidationError(_("选票应为 1 至 %(most)s 张。") % {"most": MOST})
    code = random_letters(CODE)
    numbers = [code + random_letters(SECRET) for _number in range(number)]
    paper = {"title": title, "lines": [*lines], "marks": [*marks]}
    box = BallotBox(code=code, issued=number, paper=paper)
    hashes = sorted(_hash(one) for one in numbers)  # in no order of the sheet
    box.sealed = _seal(box, keys.make(code), _Inside(hashes, [False] * number, []))
    box.save(force_insert=True)
    return box, [in_groups(one) for one in numbers]


def found(number: str, *, locked: bool = False) -> BallotBox | None:
    """The box of a ballot's number; None where there is none such."""
    text = normal_number(number)
    if len(text) != CODE + SECRET or not set(text) <= set(LETTERS):
        return None
    rows = BallotBox.objects.select_for_update() if locked else BallotBox.objects
    return rows.filter(code=text[:CODE]).first()


def is_in(box: BallotBox, number: str) -> bool | None:
    """The receipt: whether the ballot of this number is in the box; None when the box has no such number.

    Says nothing of what was marked. Of a void box all are None. Raises KeyLost, Spoilt.
    """
    wanted = _hash(normal_number(number))
    if box.state == State.OPEN:
        inside = _open(box, keys.read(box.code))
        return inside.used[inside.numbers.index(wanted)] if wanted in inside.numbers else None
    counted = bytes(box.receipts or b"")
    return True if wanted in {counted[at : at + _HASH] for at in range(0, len(counted), _HASH)} else None


@unrecorded("kernel.ballot.cast")
def cast(number: str, marks: Sequence[int | None]) -> None:
    """Put a ballot into its box. No event, no time, no row but the box's own is written.

    Raises ValidationError: no such number, used already, closed, void, the key is lost, marks that are not on the paper.
    """
    with transaction.atomic():
        box = found(number, locked=True)
        if box is None:
            raise ValidationError(_("没有这张选票，请核对编号。"))
        if box.state != State.OPEN:
            raise ValidationError(_("投票已经结束，这张选票没有投入。"))
        lines, choices = len(box.paper["lines"]), len(box.paper["marks"])
        if len(marks) != lines or any(mark is not None and not 0 <= mark < choices for mark in marks):
            raise ValidationError(_("选票没有填对：每人只选一项，也可以不选。"))
        try:
            key = keys.read(box.code)
            inside = _open(box, key)
        except (KeyLost, Spoilt):
            raise ValidationError(
                _("这个票箱打不开了，选票没有投入。请告诉工作人员：宣布作废，重新投票。")
            ) from None
        wanted = _hash(normal_number(number))
        if wanted not in inside.numbers:
            raise ValidationError(_("没有这张选票，请核对编号。"))
        at = inside.numbers.index(wanted)
        if inside.used[at]:
            raise ValidationError(_("这张选票已经投入票箱，不能再投。"))
        inside.used[at] = True
        inside.ballots.append(bytes(_UNMARKED if mark is None else mark for mark in marks))
        BallotBox.objects.filter(pk=box.pk).update(sealed=_seal(box, key, inside))


def count(box: BallotBox) -> list[Marks]:
    """Close the box and give out what is in it, in no order; once. To be called inside an action that keeps the tallies.

    The key is destroyed after the transaction, by a job and by the sweep. Raises ValidationError.
    """
    box = _held(box)
    try:
        inside = _open(box, keys.read(box.code))
    except (KeyLost, Spoilt):
        raise ValidationError(_("这个票箱打不开了，不能计票。请宣布作废，重新投票。")) from None
    receipts = b"".join(h for h, used in zip(inside.numbers, inside.used, strict=True) if used)
    _close(box, State.COUNTED, receipts)
    return [tuple(None if mark == _UNMARKED else mark for mark in ballot) for ballot in inside.ballots]


def declare_void(box: BallotBox) -> None:
    """Close the box unread; what is in it is lost for good. To be called inside an action, whatever became of the key."""
    _close(_held(box), State.VOID, None)


def _held(box: BallotBox) -> BallotBox:
    box = BallotBox.objects.select_for_update().get(pk=box.pk)
    if box.state != State.OPEN:
        raise ValidationError(_("这个票箱已经关闭。"))
    return box


def _close(box: BallotBox, state: str, receipts: bytes | None) -> None:
    BallotBox.objects.filter(pk=box.pk).update(state=state, receipts=receipts, sealed=None, paper=None)
    jobs.destroy_keys.defer()


def _hash(number: str) -> bytes:
    return hashlib.sha256(b"ballot\0" + number.encode()).digest()[:_HASH]


def _seal(box: BallotBox, key: bytes, inside: _Inside) -> bytes:
    """As long for an empty box as for a full one, and nothing in it where it was before."""
    length = len(box.paper["lines"])
    slots = [b"\x01" + ballot for ballot in inside.ballots]
    slots += [b"\x00" + bytes(length)] * (box.issued - len(slots))
    random.SystemRandom().shuffle(slots)
    clear = b"".join([*inside.numbers, bytes(inside.used), *slots])
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, clear, box.code.encode())


def _open(box: BallotBox, key: bytes) -> _Inside:
    sealed, number, length = bytes(box.sealed), box.issued, 1 + len(box.paper["lines"])
    try:
        clear = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], box.code.encode())
    except InvalidTag:
        raise Spoilt(box.code) from None
    used_at, slots_at = number * _HASH, number * (_HASH + 1)
    slots = [clear[at : at + length] for at in range(slots_at, len(clear), length)]
    return _Inside(
        [clear[at : at + _HASH] for at in range(0, used_at, _HASH)],
        [bool(flag) for flag in clear[used_at:slots_at]],
        [slot[1:] for slot in slots if slot[0]],
    )
