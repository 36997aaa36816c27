"""What goes after a time: one rule, for the job that takes it away, the command, and the law that finds what stayed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from baolei.kernel.laws import EXAMPLES, Finding, law

RULES: dict[str, "Rule"] = {}
GRACE = timedelta(days=1)
"""The jobs run at night."""


@dataclass(frozen=True)
class Rule:
    """`due(before)` are the rows whose time began before a moment, `take` takes them away and returns how many."""

    name: str
    words: Any
    days: int
    due: Callable[[datetime], QuerySet]
    take: Callable[[QuerySet], int]

    def rows(self, *, grace: timedelta = timedelta()) -> QuerySet:
        """What has been kept for longer than it may."""
        return self.due(timezone.now() - timedelta(days=self.days) - grace)


def _deleted(rows: QuerySet) -> int:
    return rows.delete()[0]


def keeps(
    name: str,
    *,
    words: Any,
    days: int,
    due: Callable[[datetime], QuerySet],
    take: Callable[[QuerySet], int] = _deleted,
) -> None:
    """Declare how long something is kept. Raises ValueError when the name is taken."""
    if name in RULES:
        raise ValueError(f"retention {name} is declared twice")
    RULES[name] = Rule(name, words, days, due, take)


def purge(only: str = "", *, dry_run: bool = False) -> dict[str, int]:
    """Take away what is due, of the rules whose names begin with `only`; returns how many rows of each rule."""
    return {
        name: rule.rows().count() if dry_run else rule.take(rule.rows())
        for name, rule in sorted(RULES.items())
        if name.startswith(only)
    }


@law("privacy.kept-too-long")
def kept_too_long() -> Finding:
    """Nothing stays longer than its rule says, and a day (G-27)."""
    finding = Finding(0, 0)
    for name, rule in sorted(RULES.items()):
        rows = rule.rows(grace=GRACE).order_by()
        found = rows.count()
        finding.checked += 1
        finding.violations += found
        room = EXAMPLES - len(finding.examples)
        if found and room:
            finding.examples += [[name, str(pk)] for pk in rows.values_list("pk", flat=True)[:room]]
    return finding
