"""Laws: what must hold over the data beyond one row. Areas declare, `baolei verify` checks them all."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

LAWS: dict[str, Callable[[], "Finding"]] = {}
EXAMPLES = 5


@dataclass
class Finding:
    """What one law found: rows checked, rows that break it, the first examples, rows left out as old."""

    checked: int
    violations: int
    examples: list[Any] = field(default_factory=list)
    skipped: int = 0


def law(name: str):
    """Declare a check of the whole database. Raises ValueError when the name is taken."""

    def declare(check: Callable[[], Finding]) -> Callable[[], Finding]:
        if name in LAWS:
            raise ValueError(f"law {name} is declared twice")
        LAWS[name] = check
        return check

    return declare


def sql_law(name: str, *, checked: str, broken: str) -> None:
    """Declare a law as two statements: one number of rows checked, and the rows that break it."""

    def check() -> Finding:
        with connection.cursor() as cursor:
            cursor.execute(checked)
            number = cursor.fetchone()[0]
            cursor.execute(f"SELECT count(*) OVER (), broken.* FROM ({broken}) broken LIMIT {EXAMPLES}")
            rows = cursor.fetchall()
        return Finding(
            number,
            rows[0][0] if rows else 0,
            [[str(v) for v in row[1:]] for row in rows],
        )

    law(name)(check)


def verify(only: str = "") -> list[dict[str, Any]]:
    """Check every law whose name begins with `only`; a list of law, checked, violations, examples, skipped."""
    return [{"law": name, **asdict(check())} for name, check in sorted(LAWS.items()) if name.startswith(only)]
