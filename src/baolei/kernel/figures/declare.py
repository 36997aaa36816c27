"""What a figure is: its words, the rows it folds, and how.

    REGISTER = Rows(sql="SELECT … AS key, … AS place, … AS subject FROM … WHERE … @> %(day)s", reads=(…), …)
    Figure("members.total", "党员总数", "person", definition, rows=REGISTER)
    Figure("members.structure.women", …, unit=PERCENT, rows=REGISTER, met="r.sex = '2'")
    Figure("funds.…", …, unit="yuan", rows=APPROPRIATIONS, amount="r.amount")
    Figure("assistance.members_taking_part", …, rows=PARTICIPATIONS, entity="r.member_id")

Figures that share their rows are folded in one pass.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Permission

FIGURES: dict[str, "Figure"] = {}

PERCENT = "percent"

UNITS = {
    "person": _("人"),
    "organization": _("个"),
    PERCENT: "%",
    "village": _("个村"),
    "unit": _("个单位"),
    "project": _("个项目"),
    "year": _("年"),
    "yuan": _("元"),
    "attendance": _("人次"),
    "base": _("个基地"),
    "group": _("个小组"),
    "estate": _("个小区"),
    "post": _("个"),
    "milestone": _("件"),
    "kind": _("种"),
}
"""Units of figures: the code in data, the word on the screen."""

ALL, OWN = "all", "own"
LEVELS = ("province", "prefecture", "county")
"""Levels of local committees (reading A3), highest first."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the rows behind: its heading, its expression over the rows' aliases (D15), words for codes."""

    name: str
    heading: str
    sql: str
    labels: Mapping[str, str] = field(default_factory=dict)


class Fact(NamedTuple):
    """What one row, read in plain Python, brings to a figure.

    `number`: 1 for a row counted or met, 0 for one of a share that is not, the amount of a sum or a mean, None
    for an amount that is missing; `entity`: who or what is counted once; `over`: what the sum is divided by.
    """

    number: int | Decimal | None = 1
    entity: Hashable = None
    over: int | Decimal = 0


@dataclass(frozen=True, eq=False)
class Rows:
    """The records that figures fold on a day.

    `sql`: a SELECT with the parameter %(day)s whose rows have `key` (the place's key on that day), `place` (the
    organization's id) and `subject` (the record's id), and whatever the figures' conditions name.
    `reads`: labels of the models whose change makes stored values old. `columns`: what the page lists of each
    row, over the rows `r` and the joins in `behind`; `uid` is the address of the subject's own page (the URL
    named `subject_url`), `today_key` its key now, `key` and `subject` its position in the list: together unique.
    `unplaced`: the same rows without their key, for folding all of them at once: places are looked up for sums and
    not for rows; `stands` is the table of the places then (`organizations_place`, or for what lasts the view).
    `recompute`: the same rows in plain Python from streamed records: (place, {figure code: Fact}) for the law
    `figures.equal-recompute`; a figure that does not fold the row is left out.
    """

    name: str
    sql: str
    reads: tuple[str, ...]
    behind: str
    columns: tuple[Column, ...]
    subject_url: str
    recompute: Callable[[date], Iterable[tuple[int, dict[str, Fact]]]]
    unplaced: str = ""
    stands: str = ""

    @cached_property
    def figures(self) -> list["Figure"]:
        """The figures folded from these rows, in the order of their declaration."""
        return [f for f in FIGURES.values() if f.rows is self]


@dataclass(frozen=True, eq=False)
class Figure:
    """One number of the register, folded from the rows that meet `where` (all without it).

    How: the number of rows; with `met` the share, in percent, of those that meet the condition; with `amount`
    the sum of an expression, with `mean` its mean over the rows that have one, with `over` that sum divided by
    the sum of another; with `entity` the number of different values of an expression, so that children may add
    up to more than the whole.
    `listed`: which rows the page lists behind the value (all that are folded without it); `missing`: rows whose
    lack of a reading makes the value incomplete. `levels`: ALL, the lowest level of local committees that has
    a value (A3), or OWN: only rows at the organization itself, no value where there are none, or with `zero` 0.
    `public` is how deep a stranger may see it ("province", "prefecture", "county"). `process`
    figures have neither map nor sorting (G-24). `reading` says which open point the definition settles. `rank` is
    the place in lists of figures: the order of the look back. `may_list` is a permission asked for the rows
    behind, besides the one for all figures.
    """

    code: str
    label: str
    unit: str
    definition: str
    rows: Rows
    met: str | None = None
    amount: str | None = None
    mean: bool = False
    over: str | None = None
    entity: str | None = None
    where: str | None = None
    listed: str | None = None
    missing: str | None = None
    levels: str = ALL
    zero: bool = False
    public: str = "county"
    process: bool = False
    reading: str = ""
    group: str = ""
    rank: int = 100
    may_list: Permission | None = None

    def __post_init__(self):
        if FIGURES.setdefault(self.code, self) is not self:
            raise ValueError(f"figure {self.code} is declared twice")
        ways, divided = (self.met, self.amount, self.entity), (self.mean, self.over)
        if sum(map(bool, ways)) > 1 or sum(map(bool, divided)) > bool(self.amount):
            raise ValueError(f"figure {self.code} is folded in two ways")
        if self.levels not in (ALL, OWN, *LEVELS):
            raise ValueError(f"figure {self.code} has no such level")

    @property
    def is_share(self) -> bool:
        return self.met is not None

    @property
    def has_denominator(self) -> bool:
        """True for shares, means and sums divided by sums."""
        return self.is_share or self.mean or self.over is not None

    @property
    def adds_up(self) -> bool:
        """False where a row may count for two children and once for the whole."""
        return self.entity is None

    @property
    def unit_label(self) -> str:
        """The unit as it is written behind the number."""
        return UNITS[self.unit]

    def applies_to(self, level: str | None) -> bool:
        """True when an organization of that level (None for no local committee) has a value at all (A3)."""
        if self.levels in (ALL, OWN):
            return True
        return level is not None and LEVELS.index(level) <= LEVELS.index(self.levels)

    def columns_sql(self) -> tuple[str, str, str, str]:
        """Aggregates over rows named `r`: numerator, denominator, rows listed, rows with a missing reading."""
        if self.met:
            numerator = f"count(*){_only(self.where, self.met)}"
        elif self.entity:
            numerator = f"count(DISTINCT {self.entity}){_only(self.where)}"
        elif self.amount and self.levels == OWN:
            numerator = f"max({self.amount}){_only(self.where)}"
        elif self.amount:
            numerator = f"coalesce(sum({self.amount}){_only(self.where)}, 0)"
        else:
            numerator = f"count(*){_only(self.where)}"
        denominator = "NULL::bigint"
        if self.over:
            denominator = f"coalesce(sum({self.over}){_only(self.where)}, 0)"
        elif self.has_denominator:
            denominator = f"count({self.amount or '*'}){_only(self.where)}"
        missing = f"count(*){_only(self.where, self.missing)}" if self.missing else "0::bigint"
        return numerator, denominator, f"count(*){_only(self.where, self.listed)}", missing

    def value(
        self, numerator: int | Decimal | None, denominator: int | Decimal | None
    ) -> Decimal | int | None:
        """The number shown: count or sum, quotient, in percent 0 to 100, unrounded; None without cases (A4, A7)."""
        if not self.has_denominator:
            return numerator
        if not denominator:
            return None
        return (100 if self.unit == PERCENT else 1) * Decimal(numerator or 0) / Decimal(denominator)


def _only(*conditions: str | None) -> str:
    given = [f"({condition})" for condition in conditions if condition]
    return f" FILTER (WHERE {' AND '.join(given)})" if given else ""


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


def chapters() -> list[tuple[str, list[Figure]]]:
    """All figures under the headings of the setting BAOLEI_CHAPTERS: (title, first rank), lowest first."""
    heads = settings.BAOLEI_CHAPTERS
    found: list[tuple[str, list[Figure]]] = [(title, []) for title, _rank in heads]
    for f in listed():
        found[max(i for i, (_title, rank) in enumerate(heads) if rank <= f.rank)][1].append(f)
    return [(title, figures) for title, figures in found if figures]


def row_sources() -> list[Rows]:
    """Each source of rows once."""
    return list({id(f.rows): f.rows for f in FIGURES.values()}.values())


def record_columns(table: str, node: str = "node") -> tuple[Column, ...]:
    """The columns that a page of rows needs of every record: `table` and `node` are aliases joined in `behind`."""
    return (
        Column("uid", "", f"{table}.uid"),
        Column("key", "", "r.key"),
        Column("subject", "", "r.subject"),
        Column("today_key", "", f"{node}.key"),
    )
