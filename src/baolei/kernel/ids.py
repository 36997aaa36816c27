"""Identifiers of rows that leave the database: UUIDs of version 7 (D9); and numbers that people copy by hand."""

import os
import secrets
import time
from uuid import UUID

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: 31 letters and digits that are not mistaken for one another."""
GROUP = 4


def random_letters(length: int) -> str:
    """A random text that somebody reads from paper and types."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def in_groups(text: str) -> str:
    """The text in groups of four."""
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def uuid7() -> UUID:
    """A new UUID of version 7 (RFC 9562): 48 bits of Unix time in milliseconds, then random bits.

    Made by the application, since neither Python 3.11 nor PostgreSQL 15 makes them.
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def uuid7_hex() -> str:
    """The same as 32 hexadecimal digits, at a fifth of the price: imports make millions."""
    random = os.urandom(10).hex()
    variant = "89ab"[int(random[3], 16) & 3]
    return f"{time.time_ns() // 1_000_000:012x}7{random[:3]}{variant}{random[4:19]}"
