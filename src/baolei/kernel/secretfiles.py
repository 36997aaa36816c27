"""Keys and passwords of an instance: made once, kept in files that only their owner reads."""

import os
import secrets
from pathlib import Path

from baolei.kernel.places import instance_root


def secret(name: str, nbytes: int = 32) -> bytes:
    """Return the instance's secret of that name, making `nbytes` random bytes at the first call.

    Several processes may call this at once: the first to link its file wins, all read the same bytes.
    Raises ValueError when the stored secret has another length.
    """
    file = secret_file(name)
    try:
        text = file.read_text("ascii")
    except FileNotFoundError:
        text = _make(file, nbytes)
    value = bytes.fromhex(text.strip())
    if len(value) != nbytes:
        raise ValueError(f"secret {name} has {len(value)} bytes, {nbytes} expected")
    return value


def secret_text(name: str, nbytes: int = 24) -> str:
    """Return the secret as hexadecimal text, for passwords."""
    return secret(name, nbytes).hex()


def secret_file(name: str) -> Path:
    """Return the path of a secret's file, which may not exist yet."""
    if not name.replace("_", "").isalnum():
        raise ValueError(f"not a name of a secret: {name!r}")
    return instance_root() / "secrets" / name


def _make(file: Path, nbytes: int) -> str:
    root = file.parent.parent
    if not root.exists():
        root.mkdir(parents=True, exist_ok=True, mode=0o755)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(nbytes) + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
    finally:
        draft.unlink()
    return file.read_text("ascii")
