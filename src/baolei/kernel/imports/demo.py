"""Made-up rows are known by their mark, in whatever file they come (G-31)."""

from collections.abc import Iterable

from django.db import connection

from baolei.kernel.demo import MARK
from baolei.kernel.imports.problems import Problem
from baolei.kernel.imports.sheets import Sheet


def marked(sheets: Iterable[Sheet]) -> Problem | None:
    """The refusal of the first staged row that carries the mark, None when no row does."""
    with connection.cursor() as cursor:
        for sheet in sheets:
            cursor.execute(
                f"SELECT row, {sheet.demo_mark} FROM {sheet.stage_table} "
                f"WHERE starts_with({sheet.demo_mark}, %s) ORDER BY row LIMIT 1",
                [MARK],
            )
            if found := cursor.fetchone():
                row, code = found
                return Problem(sheet.name, row, sheet.demo_mark, code, "package.demo")
    return None
