"""Imports: a sheet declares columns and checks; the mechanism reads, checks, stages and commits (D7).

Package or file -> header -> chunks -> workers (normalize, check, seal) -> COPY of ciphertext to staging ->
checks over the whole set in SQL -> one bulk action a sheet, while the next files are read. All of it is one
transaction: an importer killed in the middle leaves the register as before. Clear identity numbers never reach
the database.
"""

from baolei.kernel.imports.columns import (
    CodeColumn,
    Column,
    DateColumn,
    IdNumberColumn,
    LookupColumn,
    NameColumn,
    PhoneColumn,
    TextColumn,
)
from baolei.kernel.imports.problems import Problem, Wrong, message
from baolei.kernel.imports.run import ImportBusy, Outcome, import_path
from baolei.kernel.imports.sheets import SHEETS, Sheet, Staged, register

__all__ = [
    "SHEETS",
    "CodeColumn",
    "Column",
    "DateColumn",
    "IdNumberColumn",
    "ImportBusy",
    "LookupColumn",
    "NameColumn",
    "Outcome",
    "PhoneColumn",
    "Problem",
    "Sheet",
    "Staged",
    "TextColumn",
    "Wrong",
    "import_path",
    "message",
    "register",
]
