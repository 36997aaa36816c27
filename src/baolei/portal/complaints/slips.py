"""Slip numbers (查询码): how somebody without an account asks again. Only a keyed hash of one is kept."""

import secrets

from baolei.kernel.identity import normal_number

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: 31 letters and digits that are not mistaken for one another."""
LENGTH, GROUP = 12, 4


def new_slip() -> str:
    """A random slip number in three groups of four: 59 bits, which nobody guesses."""
    groups = range(LENGTH // GROUP)
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in groups)


def is_slip(text: str) -> bool:
    """Whether the text, however spaced, has the form of a slip number."""
    found = normal_number(text)
    return len(found) == LENGTH and all(letter in LETTERS for letter in found)
