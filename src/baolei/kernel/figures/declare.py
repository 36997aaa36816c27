"""What a figure is: its words, the rows it folds, and how.

    REGISTER = Rows(sql="SELECT … AS key, … AS place, … AS subject FROM … WHERE … @> %(day)s", reads=(…), …)
    Figure("members.total", "党员总数", "人", definition, rows=REGISTER)
    Figure("members.structure.women", …, unit=PERCENT, rows=REGISTER, met="sex = '2'")

Figures that share their rows are folded in one pass.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FIGURES: dict[str, "Figure"] = {}

PERCENT = "percent"

UNITS = {"person": "人", "organization": "个", PERCENT: "%"}
"""Units of figures: the code in data, the word on the screen."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the rows behind: its heading, its expression over the rows' aliases (D15), words for codes."""

    name: str
    heading: str
    sql: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Rows:
    """The records that figures fold on a day.

    `sql`: a SELECT with the parameter %(day)s whose rows have `key` (the place's key on that day), `place` (the
    organization's id) and `subject` (the record's id), and whatever `met` conditions name.
    `reads`: labels of the models whose change makes stored values old. `columns`: what the page lists of each
    row, over the rows `r` and the joins in `behind`; `uid` is the address of the subject's own page (the URL
    named `subject_url`), `today_key` its key now, `key` and `subject` its position in the list.
    `recompute`: the same rows in plain Python from streamed records: (place, {figure code: met}) for the law
    `figures.equal-recompute`.
    """

    name: str
    sql: str
    reads: tuple[str, ...]
    behind: str
    columns: tuple[Column, ...]
    subject_url: str
    recompute: Callable[[date], Iterable[tuple[int, dict[str, bool]]]]


@dataclass(frozen=True, eq=False)
class Figure:
    """One number of the register.

    `met` None counts the rows; otherwise the figure is the share, in percent, of the rows that meet the
    condition. `public` is how deep a stranger may see it ("province", "prefecture", "county"). `process`
    figures have neither map nor sorting (G-24). `reading` says which open point the definition settles. `rank` is
    the place in lists of figures: the order of the look back.
    """

    code: str
    label: str
    unit: str
    definition: str
    rows: Rows
    met: str | None = None
    public: str = "county"
    process: bool = False
    reading: str = ""
    group: str = ""
    rank: int = 100

    def __post_init__(self):
        if FIGURES.setdefault(self.code, self) is not self:
            raise ValueError(f"figure {self.code} is declared twice")

    @property
    def is_share(self) -> bool:
        return self.met is not None

    @property
    def unit_label(self) -> str:
        """The unit as it is written behind the number."""
        return UNITS[self.unit]

    def fold_sql(self) -> str:
        """Numerator of this figure over rows named `r`; the denominator of a share is count(*)."""
        return f"count(*) FILTER (WHERE {self.met})" if self.is_share else "count(*)"

    def value(self, numerator: int | None, denominator: int | None) -> Decimal | int | None:
        """The number shown: the count, or 0 to 100 unrounded; None without cases (A4, A7)."""
        if not self.is_share:
            return numerator
        if not denominator:
            return None
        return Decimal(100) * Decimal(numerator or 0) / Decimal(denominator)


class UnknownFigure(LookupError):
    """No figure has this code."""


def figure(code: str) -> Figure:
    """The figure of that code. Raises UnknownFigure."""
    try:
        return FIGURES[code]
    except KeyError:
        raise UnknownFigure(f"没有代码为“{code}”的数据项") from None


def listed() -> list[Figure]:
    """All figures in the order of lists."""
    return sorted(FIGURES.values(), key=lambda f: (f.rank, f.code))


def sharing(rows: Rows) -> list[Figure]:
    """The figures folded from the same rows, in the order of their declaration."""
    return [f for f in FIGURES.values() if f.rows is rows]


def row_sources() -> list[Rows]:
    """Each source of rows once."""
    return list({id(f.rows): f.rows for f in FIGURES.values()}.values())
