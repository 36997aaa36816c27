"""docs/formats.md says what the sheets say, and the sheets say where their codes and messages come from."""

import subprocess
import sys
from pathlib import Path

import pytest

from baolei.kernel.imports import SHEETS
from baolei.kernel.imports.columns import LookupColumn
from baolei.kernel.imports.problems import MESSAGES

PAGE = Path(__file__).parents[4] / "docs" / "formats.md"


@pytest.mark.django_db
def test_the_formats_are_up_to_date(tmp_path):
    # A process of its own: other tests declare sheets and messages of their own.
    made = tmp_path / "formats.md"
    subprocess.run([sys.executable, "-m", "baolei.config.cli", "formats", str(made)], check=True)
    assert PAGE.read_text(encoding="utf-8") == made.read_text(encoding="utf-8"), (
        "./run baolei formats docs/formats.md"
    )


def test_every_lookup_names_a_sheet_with_codes():
    for sheet in SHEETS.values():
        for column in sheet.columns:
            if isinstance(column, LookupColumn):
                assert "code" in {c.name for c in SHEETS[column.to].columns}, (sheet.name, column.name)


def test_a_sheet_s_own_problems_stand_in_its_columns():
    for sheet in SHEETS.values():
        names = {column.name for column in sheet.columns}
        for column, code in sheet.problems:
            assert column in names and code in MESSAGES, (sheet.name, column, code)
        for columns in (*sheet.once, *sheet.apart):
            assert columns and set(columns) <= names, (sheet.name, columns)


@pytest.mark.parametrize("area", ["organizations", "members", "development"])
def test_a_message_of_the_register_is_owned_by_a_sheet(area):
    """The checks of these sheets are SQL of their own: what they may say is listed beside them."""
    text = (Path(__file__).parents[2] / area / "imports.py").read_text(encoding="utf-8")
    declared = {code for code in MESSAGES if f'"{code}"' in text.split("\n\n\n", 1)[0]}
    owned = {code for sheet in SHEETS.values() for _column, code in sheet.problems}
    assert declared and declared <= owned, declared - owned
