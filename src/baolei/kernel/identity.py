"""Identity and phone numbers: one way to write them, one check (GB 11643)."""

import unicodedata
from datetime import date
from functools import lru_cache


class BadNumber(ValueError):
    """The number breaks a rule; `code` names it: length, check_digit or birth_date."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def normal_number(text: str) -> str:
    """Half-width digits and X in upper case, without spaces, hyphens and invisible marks."""
    if text.isascii() and text.isalnum():
        return text.upper()
    text = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in text if letter.isalnum())


class _Weighed(dict):
    """The share of a group of digits in the check sum, remembered: the groups repeat in any register."""

    def __init__(self, *weights: int):
        self.weights = weights

    def __missing__(self, digits: str) -> int:
        if not (digits.isascii() and digits.isdigit()):
            raise BadNumber("length")
        share = sum(int(digit) * weight for digit, weight in zip(digits, self.weights, strict=True))
        self[digits] = share
        return share


class _Births(dict):
    """The birth date of eight digits, in ISO form, remembered."""

    def __missing__(self, digits: str) -> str:
        try:
            text = date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
        except ValueError:
            raise BadNumber("birth_date") from None
        self[digits] = text
        return text


_REGION = _Weighed(7, 9, 10, 5, 8, 4)
_BIRTH = _Weighed(2, 1, 6, 3, 7, 9, 10, 5)
_ORDER = _Weighed(8, 4, 2)
_BIRTHS = _Births()
_CHECK = "10X98765432"


@lru_cache(maxsize=8)  # a row's number is looked at by its column and again beside the other values
def check_identity(number: str) -> tuple[str, str]:
    """The birth date (ISO) and sex (1 male, 2 female) that a normalized identity number states.

    Checks length, check digit and date only: region codes of long-closed counties are in use.
    Raises BadNumber.
    """
    if len(number) != 18:
        raise BadNumber("length")
    total = _REGION[number[:6]] + _BIRTH[number[6:14]] + _ORDER[number[14:17]]
    if _CHECK[total % 11] != number[17]:
        raise BadNumber("check_digit" if number[17] in _CHECK else "length")
    return _BIRTHS[number[6:14]], "1" if number[16] in "13579" else "2"


def check_digit(first: str) -> str:
    """The last character for the first seventeen digits."""
    return _CHECK[(_REGION[first[:6]] + _BIRTH[first[6:14]] + _ORDER[first[14:17]]) % 11]


def masked(number: str, shown: int) -> str:
    """The number with all but its last `shown` characters hidden."""
    return "*" * max(len(number) - shown, 0) + number[-shown:]
