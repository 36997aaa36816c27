"""Files of uploads on disk: sealed under a key of the instance, in a folder that only its owner enters (G-04)."""

import os
import secrets
import shutil
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baolei.kernel.places import instance_root
from baolei.kernel.secretfiles import secret

_KEY = "uploads_key"
_NONCE = 12
_PIECE = 1 << 20


def folder(uid: UUID | str) -> Path:
    """The folder of one upload, which may not exist."""
    return instance_root() / "uploads" / str(UUID(str(uid)))


def write(uid: UUID, name: str, data: bytes) -> None:
    """Keep the bytes sealed; a file of that name is replaced at once or not at all."""
    place = folder(uid)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700, exist_ok=True)
    cipher, draft = AESGCM(secret(_KEY, 32)), place / f".{name}.{secrets.token_hex(4)}"
    pieces = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)] or [b""]
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as file:
        for number, piece in enumerate(pieces):
            nonce = os.urandom(_NONCE)
            file.write(nonce + cipher.encrypt(nonce, piece, _about(uid, name, number, len(pieces))))
    draft.rename(place / name)


def read(uid: UUID, name: str) -> bytes:
    """The clear bytes. Raises FileNotFoundError, InvalidTag for a file of another instance or place."""
    cipher, text = AESGCM(secret(_KEY, 32)), (folder(uid) / name).read_bytes()
    step = _PIECE + _NONCE + 16
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    return b"".join(
        cipher.decrypt(piece[:_NONCE], piece[_NONCE:], _about(uid, name, number, len(pieces)))
        for number, piece in enumerate(pieces)
    )


def size(uid: UUID, name: str) -> int:
    """Bytes of a sealed file. Raises FileNotFoundError."""
    return (folder(uid) / name).stat().st_size


def remove(uid: UUID) -> None:
    """Take away all files of the upload; nothing when there are none."""
    shutil.rmtree(folder(uid), ignore_errors=True)


def _about(uid: UUID, name: str, number: int, of: int) -> bytes:
    """What a piece belongs to: pieces cannot be moved, left out or put into another file."""
    return f"{uid}/{name}/{number}/{of}".encode()
