"""Whatever stands in a cell: it is refused with a message, or its staged value fits the column of the database."""

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baolei.kernel.identity import check_digit
from baolei.kernel.imports import SHEETS
from baolei.kernel.imports.problems import MESSAGES, Wrong
from baolei.kernel.imports.records import ComingDateColumn, NumberColumn, Reference
from baolei.kernel.imports.rows import RowReader

TODAY = "2016-12-31"
NUMBER = "99012119621231791" + check_digit("99012119621231791")
GOOD = ["甲", "DEMO-1", "2016", "2016-12-31", "2012/1/2", "是", "0", "12", "-12.50", NUMBER, "13900000000"]
ODD = [
    *(
        "",
        " ",
        "1.",
        ".5",
        "1,,2",
        "-0",
        "\uff11\uff12",
        "\xb2",
        "9999-12-31",
        "0001-01-01",
        "2016-02-30",
        "20161301",
    ),
    *("甲\t乙", "甲\n乙", "\\N", "\\.", "\\", "\x00", "'", '"', "甲" * 201, "9" * 400, "222404196212317913"),
]
FITS = {
    "text": lambda value: not re.search(r"[\x00-\x1f]", value),
    "date": lambda value: date.fromisoformat(value),
    "int": lambda value: -(2**31) <= int(value) < 2**31,
    "bigint": lambda value: -(2**63) <= int(value) < 2**63,
    "numeric": lambda value: Decimal(value).is_finite(),
    "boolean": lambda value: value in ("true", "false"),
    "bytea": lambda value: bytes.fromhex(value.removeprefix(r"\\x")) is not None,
    "uuid": lambda value: len(value) == 32,
}
NAMES = [name for name, sheet in SHEETS.items() if ".tests." not in type(sheet).__module__]


def good(column) -> list[str]:
    """Texts that the column takes."""
    found = []
    for text in [*column.codes, *GOOD]:
        with suppress(Wrong):
            column.parse(text, TODAY)
            found.append(text)
    return found


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_row_is_refused_or_fits(name, data):
    sheet = SHEETS[name]
    reader = RowReader(sheet, tuple(range(len(sheet.columns))), TODAY, trial=False)
    odd = st.sampled_from(ODD) | st.text(max_size=6)
    cells = [
        data.draw(st.sampled_from(good(column)) if data.draw(st.integers(0, 9)) else odd)
        for column in sheet.columns
    ]
    told = reader.line(cells)
    if isinstance(told, list):
        columns = {column.name for column in sheet.columns}
        assert told and all(column in columns and code in MESSAGES for column, _value, code in told)
    else:
        values = told.split("\t")
        assert len(values) == len(sheet.staging)
        for kind, value in zip(sheet.staging.values(), values, strict=True):
            assert value == "" or FITS[kind](value), (kind, value)


def wrong(column, text: str) -> str:
    with pytest.raises(Wrong) as told:
        column.parse(text, TODAY)
    return told.value.code


def test_a_reference_holds_no_control_characters_and_no_identity_number():
    column = Reference("unit", "单位", to="organizations.Unit")
    assert wrong(column, "甲\t乙") == "value.control"
    assert wrong(column, "222404196212317913") == "value.identity"
    assert column.parse("222404100200", TODAY) == "222404100200"


def test_a_number_does_not_end_in_its_point():
    assert wrong(NumberColumn("n", "数"), "1.") == "number.format"
    assert wrong(NumberColumn("n", "数", decimals=2), "1.") == "number.format"


def test_a_coming_day_lies_within_a_hundred_years():
    column = ComingDateColumn("to", "止")
    assert column.parse("2116-12-31", TODAY) == "2116-12-31"
    assert wrong(column, "9999-12-31") == "date.far"
