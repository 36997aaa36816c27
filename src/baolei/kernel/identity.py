"""Identity and phone numbers: one way to write them, one check (GB 11643), hidden in other text."""

import re
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


# Fifteen characters or more of any width, as people write long numbers: with spaces, hyphens, points between.
_GAP = r"[\s\u200b-\u200f\u2010-\u2015\u2060\ufeff._·-]*"
_LONG = re.compile(rf"\d(?:{_GAP}\d){{13,}}{_GAP}[\dXx\uff38\uff58]")
_SHORTEST = 15

_REGIONS = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PERSON = re.compile(rf"{_REGIONS}(?:19|20)\d\d{_DAY}\d")
_PERSON_BEFORE_1999 = re.compile(rf"{_REGIONS}\d\d{_DAY}\d{{3}}")


def numbers_hidden(text: str) -> str:
    """The text with every run of fifteen and more digits (the last may be X) hidden but for its last two."""
    if len(text) < _SHORTEST:
        return text
    return _LONG.sub(lambda run: masked(normal_number(run[0]), 2), text)


def holds_identity(text: str) -> bool:
    """Whether something in the text looks like an identity number: a region's digits, then a birth date.

    Check digits are not asked for: a number typed wrong is as personal. Unit codes have eighteen characters,
    often all digits, too; of exactly eighteen the region must therefore stand first.
    """
    if len(text) < _SHORTEST:
        return False
    for run in _LONG.finditer(text):
        number = normal_number(run[0])
        if len(number) == 15 and _PERSON_BEFORE_1999.match(number):
            return True
        if _PERSON.match(number) if len(number) == 18 else _PERSON.search(number):
            return True
    return False


# Eleven digits of a mobile number, in groups or not, with no further digit on either side.
_PHONE = re.compile(rf"(?<!\d)1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!{_GAP}\d)")


def holds_phone(text: str) -> bool:
    """Whether something in the text looks like a mobile phone number."""
    return _PHONE.search(text) is not None
