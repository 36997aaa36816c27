"""What an area adds to a sheet of records: conditions, columns worked out in SQL, what may not overlap."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """Rows for which a condition holds are refused in this column with this code.

    The condition may use `s` (the staged texts by column name), `a` (ids by model column, `id` of the record
    already there) and the tables of `joins`; it is asked only of rows without other problems.
    """

    column: str
    code: str
    condition: str
    joins: str = ""


@dataclass(frozen=True)
class NoOverlap:
    """No two records alike in `columns` (of the model, or SQL over them) share a day."""

    columns: tuple[str, ...]
    code: str = "record.overlap"
    where: str = ""
    """Condition over `t`, rows of the model's columns, that limits which records are compared."""


@dataclass(frozen=True)
class Derived:
    """A column of the model that the database works out: `sql` over `s`, `a` and the joins of the sheet.

    Rows for which it gives nothing are refused with `code` in `column`, unless `code` is empty. Named as the
    column of a reference, it takes that one's place: `sql` says what stands where the reference is left empty.
    """

    name: str
    sql: str
    column: str = ""
    code: str = ""
