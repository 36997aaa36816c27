"""What is measured, how it is judged, and the row of a result."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """One line of the table: `must` and `aim` are upper ends in `unit`; None for values that only explain others."""

    name: str
    what: str
    unit: str
    must: float | None = None
    aim: float | None = None
    digits: int = 2


@dataclass(frozen=True)
class Result:
    """A measured value; `note` says where or of what."""

    goal: Goal
    value: float
    note: str = ""

    @property
    def met(self) -> bool | None:
        """True when the value keeps to the "must"; None without one."""
        return None if self.goal.must is None else self.value <= self.goal.must

    @property
    def at_aim(self) -> bool | None:
        """True when the value keeps to the aim; None without one."""
        return None if self.goal.aim is None else self.value <= self.goal.aim

    def as_json(self) -> dict[str, Any]:
        given = asdict(self.goal)
        return {
            "name": given["name"],
            "value": round(self.value, self.goal.digits),
            "unit": given["unit"],
            "must": given["must"],
            "aim": given["aim"],
            "met": self.met,
            "what": given["what"],
            "note": self.note,
        }


_SEARCHES = (
    ("name", "姓名"),
    ("pinyin", "pinyin"),
    ("initials", "initials"),
    ("id_number", "identity number"),
)

_ALL = (
    Goal("generate", "generate the package, two processes", "s", 90, 30, 1),
    Goal("generate.rows", "rows in the package", "rows", digits=0),
    Goal("migrate", "`migrate` on an empty database, CPU", "s", 17, 8, 1),
    Goal("load", "load the package against bare COPY of the same rows + the same indexes and constraints", "x", 4, 2),
    Goal("load.seconds", "the load itself: `baolei import` with stored values", "s", digits=1),
    Goal("load.floor", "the bare COPY with indexes and constraints", "s", digits=1),
    Goal("load.memory", "peak memory of the importer (PSS of the process tree)", "MB", 1500, 600, 0),
    Goal("demo", "first `./run demo` in a fresh checkout until the page answers", "s", 360, 180, 1),
    Goal("figures.warm", "all figures, today, warm", "s", 0.3, 0.1, 4),
    Goal("figures.cold", "the slowest figure from cold (restarted database, new process)", "s", 1, 0.3, 4),
    Goal("figures.unstored", "the slowest figure folded from all its rows, as on a day without stored values", "s", digits=2),
    Goal("figures.children", "one figure for all children of any organization, today", "ms", 100, 20, 1),
    Goal("figures.past.province", "`members.total` on a past day, the whole", "ms", 500, 200, 1),
    Goal("figures.past.county", "`members.total` on a past day, largest county", "ms", 50, 10, 1),
    Goal("figures.past.all", "all figures of the whole on a past day, nothing stored", "s", 10, 3, 2),
    Goal("lists", "the slowest list of records, county officer, against the member list page, p50", "x", 1.5, 1.1),
    Goal("page", "county member list page of 50, signed in: CPU against a bare Django view of the same query", "x", 2.5, 1.8),
    Goal("page.standard", "the same against a Django view behind Django's own session and sign-in", "x"),
    Goal("page.cpu", "CPU of the web worker for one such page", "ms", digits=1),
    Goal("page.bare", "CPU of the bare view for one such page", "ms", digits=1),
    Goal("api", "figures by the interface with a token, the dearest of three answers: CPU of the web worker", "ms", 14, 5, 1),
    Goal("page.size", "the same page at full scale against the small instance, p50", "x", 1.5, 1.1),
    Goal("page.p50", "the page at full scale, p50", "ms", digits=1),
    *(Goal(f"search.{n}", f"search by {w}, p95 in the database, slowest reach", "ms", 20, 5, 1) for n, w in _SEARCHES),
    Goal("search.surname", "search by the first character of a name, p95, slowest reach", "ms", digits=1),
    Goal("accept", "accepting a transfer: CPU against a bare Django view that writes the same rows", "x", 2.5, 2),
    Goal("applicants", "a sheet of 100 thousand people on the way to membership taken, on the command line", "s", digits=1),
    Goal("board", "board of development, 120 thousand people, province: the page against its bare query", "x", 2.5, 1.5),
    Goal("board.late", "the list of those who are late, by clock, 50 of them: the page against its bare query", "x"),
    Goal("ballots.cast", "casting a ballot on its page, two processes into the same boxes: CPU of one (10 ms: 200 a second)", "ms", 10, 5, 1),
    Goal("rounds", "a branch's appraisal from opening to closing, all ballots cast", "ms", 1000, 300, 0),
    Goal("closing", "closing the appraisal of 60 thousand branches as jobs, two workers (from those measured)", "s", 600, 200, 0),
    Goal("closing.lists", "the slowest of the province's lists of rounds, reported and not begun", "ms", digits=0),
    Goal("finder", "the finder of pocket members over all members, hints written", "s", 60, 10, 2),
    Goal("finder.floor", "the same against one bare statement that reads the same tables once", "x", 3, 1.5),
    Goal("move", "move of a county (the subtree nearest to 5,000 organizations, 90 thousand members)", "s", 10, 3, 1),
    Goal("upload", "an .xlsx of 100 thousand members until its preview, against reading the file alone", "x", 3, 2),
    Goal("upload.marked", "the same workbook given back with the bad cells marked", "s", 30, 10, 1),
    Goal("upload.taken", "its good rows taken", "s", digits=1),
    Goal("upload.undone", "undone", "s", 30, 10, 1),
    Goal("memory.web", "web worker memory after the run (PSS, largest worker)", "MB", 110, 85, 0),
)  # fmt: skip

GOALS = {goal.name: goal for goal in _ALL}


def result(name: str, value: float, note: str = "") -> Result:
    """The result of the goal of that name. Raises KeyError for a name that is not in the table."""
    return Result(GOALS[name], float(value), note)


def from_json(made: list[dict[str, Any]]) -> list[Result]:
    """Results that a process of `bench.inside` printed."""
    return [result(**row) for row in made]
