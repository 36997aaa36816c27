"""Identity numbers in text where they do not belong: found and hidden."""

import pytest

from baolei.kernel.identity import check_digit, holds_identity, holds_phone, numbers_hidden

NUMBER = "22240419770707123"
NUMBER += check_digit(NUMBER)
WITH_X = next(
    n for n in (f"22240419770707{order:03d}X" for order in range(1000)) if check_digit(n[:-1]) == "X"
)
FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) for letter in NUMBER)

WRITTEN = {
    "as it is": NUMBER,
    "ending in X": WITH_X,
    "ending in x": WITH_X.lower(),
    "full width": FULL_WIDTH,
    "full width X": WITH_X[:-1] + "\uff38",
    "with spaces": f"{NUMBER[:6]} {NUMBER[6:14]}　{NUMBER[14:]}",
    "with hyphens": f"{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}",
    "digit by digit": " ".join(NUMBER),
    "with an invisible mark": f"{NUMBER[:6]}\u200b{NUMBER[6:]}",
    "one digit short": NUMBER[:-1],
    "of fifteen digits": NUMBER[:6] + NUMBER[8:17],
    "after a running number": f"1 {NUMBER}",
    "two of them": f"{NUMBER} {WITH_X}",
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_number_in_text_is_found_and_hidden(case):
    written = WRITTEN[case]
    assert holds_identity(f"见{written}号")
    shown = numbers_hidden(f"见{written}号")
    digits = [letter for letter in shown if letter.isdigit() or letter in "Xx"]
    assert shown[:2] == "见*"
    assert shown[-1] == "号"
    assert len(digits) <= 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("912201017025514923", "*" * 16 + "23"),  # a unit's code
        ("DEMO222404100001", "DEMO222404100001"),
        ("222404100001", "222404100001"),
        ("22240410000123", "22240410000123"),  # fourteen
        ("2016-12-31、2017-01-01", "2016-12-31、2017-01-01"),
        ("", ""),
    ],
)
def test_other_numbers_are_no_identity(text, shown):
    assert not holds_identity(text)
    assert numbers_hidden(text) == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请打13900001111", True),
        ("139 0000 1111", True),
        ("139-0000-1111。", True),
        ("1390000111", False),
        ("139000011112", False),
        ("2016-12-31、2017-01-01", False),
        ("12900001111", False),
        ("222404197003150011", False),
        ("", False),
    ],
)
def test_a_phone_number_in_text_is_found(text, found):
    assert holds_phone(text) is found
