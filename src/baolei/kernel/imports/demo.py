"""Made-up rows are known by their mark, in whatever file they come (G-31)."""

from django.db import connection

from baolei.kernel.demo import MARK
from baolei.kernel.imports.problems import Problem
from baolei.kernel.imports.sheets import Sheet


def marked(sheet: Sheet) -> Problem | None:
    """The refusal of the first staged row that carries the mark, None when no row does."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT row, {sheet.demo_mark} FROM {sheet.stage_table} "
            f"WHERE starts_with({sheet.demo_mark}, %s) ORDER BY row LIMIT 1",
            [MARK],
        )
        found = cursor.fetchone()
    return Problem(sheet.name, found[0], sheet.demo_mark, found[1], "package.demo") if found else None
