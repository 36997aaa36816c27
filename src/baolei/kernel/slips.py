"""Slip numbers (查询码): how somebody without an account asks again. Only a keyed hash of one is kept."""

from baolei.kernel.identity import normal_number
from baolei.kernel.ids import LETTERS, in_groups, random_letters

LENGTH = 12


def new_slip() -> str:
    """A random slip number in three groups of four: 59 bits, which nobody guesses."""
    return in_groups(random_letters(LENGTH))


def is_slip(text: str) -> bool:
    """Whether the text, however spaced, has the form of a slip number."""
    found = normal_number(text)
    return len(found) == LENGTH and all(letter in LETTERS for letter in found)
