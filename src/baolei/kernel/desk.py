"""What waits for an actor: areas say it in their pages, the desk shows it in one place.

    waiting(_("转接待办"), lambda actor: (counted(rows), address))

Numbers are counted to a limit, as lists do; what nobody waits for is left out. Who keeps a single place reads about it
beside that, in chapters that an area adds to:

    telling(MONTH, _("本月的主题党日"), lambda actor, place: (number, address))
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from baolei.kernel.access import Actor
from baolei.kernel.tables.table import count_up_to

LIMIT = 1_000
"""How far is counted."""

Waiting = Callable[[Actor], tuple[int, str]]
Telling = Callable[[Actor, Model], tuple[int, str]]

PEOPLE, MONTH = "people", "month"
"""Chapters about a place: who is there, and what this month saw of what it is to bring."""


@dataclass(frozen=True)
class Task:
    """One kind of thing that waits: `late` when its day is over."""

    words: str
    number: int
    url: str
    late: bool = False

    @property
    def shown(self) -> str:
        """The number as it is written: counted to the limit."""
        return f"{LIMIT:,}+" if self.number > LIMIT else f"{self.number:,}"


_DECLARED: list[tuple[str, Waiting, bool]] = []
_TOLD: dict[str, list[tuple[str, Telling]]] = {PEOPLE: [], MONTH: []}


def waiting(words: str, count: Waiting, *, late: bool = False) -> None:
    """Declare a kind: `count` gives how many wait for the actor and the address where they stand."""
    _DECLARED.append((words, count, late))


def telling(chapter: str, words: str, count: Telling) -> None:
    """Declare a line of a chapter: `count` gives the number at a place and the address of what was counted."""
    _TOLD[chapter].append((words, count))


def told(actor: Actor, place: Model) -> dict[str, list[Task]]:
    """The chapters about a place; a line without an address, for who may not read it, is left out."""
    found = {}
    for chapter, lines in _TOLD.items():
        made = [Task(words, *count(actor, place)) for words, count in lines]
        found[chapter] = [line for line in made if line.url]
    return found


def counted(rows: QuerySet) -> int:
    """How many rows, to the limit."""
    return count_up_to(rows, limit=LIMIT)


def tasks(actor: Actor) -> list[Task]:
    """What waits for the actor now, what is late first."""
    found = [Task(words, *count(actor), late) for words, count, late in _DECLARED]
    return sorted((task for task in found if task.number), key=lambda task: not task.late)
