"""The figures that a look back speaks of: live for officers, frozen in an edition for everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baolei.kernel.figures.declare import Figure, listed
from baolei.kernel.figures.values import NOT_OPEN, OK, Value, today, values, year_ends
from baolei.kernel.ui.words import amount
from baolei.organizations.models import Organization
from baolei.portal.lookback.article import APPEARS, LATER
from baolei.portal.lookback.words import written, years
from baolei.portal.models import Edition, EditionFigure, plain
from baolei.portal.places import area_of, is_public, is_township, scope_word
from baolei.portal.queries import figures_of

PERSON = "person"
FEW = 5


@dataclass(frozen=True)
class Fact:
    """A figure on a day, as the text needs it."""

    code: str
    label: str
    unit: str
    unit_label: str
    definition: str
    reading: str
    as_of: date
    status: str
    numerator: int | Decimal | None
    denominator: int | Decimal | None
    value: int | Decimal | None

    @property
    def is_told(self) -> bool:
        """False without records or withheld, for one to four persons, and for a share of one to four (G-05).

        A count of other things is told however small it is: the article's own numbers go down to four.
        """
        if self.status != OK or not self.value:
            return False
        return not (self.unit == PERSON and self.value < FEW) and not (
            self.denominator is not None and self.denominator < FEW
        )

    @property
    def written(self) -> str:
        return written(self.value, self.unit_label) if self.value is not None else ""

    @property
    def exact(self) -> str:
        """The value unrounded (shares to one decimal), with its unit."""
        return amount(self.value, self.unit_label)


@dataclass(frozen=True)
class Run:
    """Years in a row in which a figure was the same, with the fact of the last of them."""

    first_year: int
    last_year: int
    fact: Fact

    @property
    def number(self) -> int:
        return self.last_year - self.first_year + 1


@dataclass(frozen=True)
class Facts:
    """Everything that the text may say: words of the edition, and figures by code and day."""

    title: str
    source: str
    area: str
    scope: str
    first_year: int
    last_year: int
    as_of: date
    later: date
    entered_until: datetime | None
    by_code: Mapping[tuple[str, date], Fact]

    @property
    def first_day(self) -> date:
        return date(self.first_year, 12, 31)

    def day_of(self, code: str) -> date:
        """The day of which the text tells the figure: the last day, for some the day on which it appears."""
        return self.later if code in LATER else self.as_of

    def get(self, code: str, *, first: bool = False) -> Fact | None:
        """The figure on its day, or at the end of the first year; None without records."""
        fact = self.by_code.get((code, self.first_day if first else self.day_of(code)))
        return fact if fact is not None and fact.is_told else None

    def is_none(self, code: str) -> bool:
        """True when the figure is 0 on its day."""
        fact = self.by_code.get((code, self.day_of(code)))
        return fact is not None and fact.status == OK and fact.value == 0

    def on_page(self, code: str) -> Fact | None:
        """What the page of the code tells: the figure on its day, or the 0 that a count told before came down to."""
        fact = self.by_code.get((code, self.day_of(code)))
        if fact is None or fact.is_told:
            return fact
        before = any(other.is_told for (name, _day), other in self.by_code.items() if name == code)
        return fact if before and self.is_none(code) and fact.denominator is None else None

    def run_of(self, code: str) -> "Run | None":
        """The longest run of years of the span, two at least, in which the figure was told and the same each year."""
        runs: list[Run] = []
        for year in range(self.first_year, self.last_year + 1):
            fact = self.by_code.get((code, date(year, 12, 31)))
            if fact is None or not fact.is_told:
                continue
            last = runs[-1] if runs else None
            if last and last.last_year == year - 1 and last.fact.value == fact.value:
                runs[-1] = Run(last.first_year, year, fact)
            else:
                runs.append(Run(year, year, fact))
        longest = max(runs, key=lambda run: (run.number, run.last_year), default=None)
        return longest if longest and longest.number > 1 else None

    def on_last_day(self) -> list[Fact]:
        """All figures told of their day, in the order of their declaration."""
        return [
            fact for (code, day), fact in self.by_code.items() if day == self.day_of(code) and fact.is_told
        ]


def span_days(first_year: int, last_year: int) -> list[date]:
    """The year ends of the span. Raises ValidationError for a span that cannot be told."""
    ends = year_ends(today())
    if first_year > last_year:
        raise ValidationError(_("起始年份不能晚于截止年份。"))
    if not ends or last_year > ends[-1].year:
        raise ValidationError(_("%(year)d 年还没有结束，请选择以前的年份。") % {"year": last_year})
    if first_year < ends[0].year:
        raise ValidationError(_("没有 %(year)d 年以前的完整记录，请从该年选起。") % {"year": ends[0].year})
    return [day for day in ends if first_year <= day.year <= last_year]


def tellable(organization: Organization) -> list[Figure]:
    """The figures that the public may be told of this organization.

    Raises ValidationError when it is no local committee.
    """
    level = organization.level
    if level is None:
        raise ValidationError(_("只有省、市（州）、县（市、区）党委可以发布五年回眸，请换一个党组织。"))
    return [f for f in listed() if is_public(f.public, level) and f.applies_to(level)]


def draftable(organization: Organization) -> list[Figure]:
    """The figures of a draft: the public ones, or for a township or street all of them, for officers only."""
    if organization.level is None and is_township(organization):
        return [f for f in listed() if f.applies_to(None)]
    return tellable(organization)


def later_day(last_year: int) -> date:
    """The day on which a look back to `last_year` appears, or today before it."""
    return min(date(last_year + 1, *APPEARS), today())


def title_of(organization: Organization, first_year: int, last_year: int) -> str:
    """The headline: 吉林省基层党建五年回眸（2012—2016年）."""
    names = {"area": area_of(organization), "years": years(last_year - first_year + 1)}
    if first_year == last_year:
        return _("%(area)s基层党建%(years)s回眸（%(first)d年）") % (names | {"first": first_year})
    return _("%(area)s基层党建%(years)s回眸（%(first)d—%(last)d年）") % (
        names | {"first": first_year, "last": last_year}
    )


def live_facts(organization: Organization, *, first_year: int, last_year: int) -> Facts:
    """The facts as the records have them now. Raises ValidationError for what cannot be told."""
    figures, days = draftable(organization), span_days(first_year, last_year)
    later = later_day(last_year)
    found = [v for day in days for v in values(figures, organization, on=day, exact=True)]
    found += values([f for f in figures if f.code in LATER], organization, on=later, exact=True)
    if all(v.status == NOT_OPEN for v in found if v.as_of == days[-1]):
        raise ValidationError(
            _("%(name)s在 %(day)s 尚未成立或已经撤销。")
            % {"name": organization.name, "day": days[-1].isoformat()}
        )
    area = area_of(organization)
    return Facts(
        title=title_of(organization, first_year, last_year),
        source=organization.name,
        area=area,
        scope=scope_word(area, organization.level),
        first_year=first_year,
        last_year=last_year,
        as_of=days[-1],
        later=later,
        entered_until=None,
        by_code={(v.figure.code, v.as_of): _live(v) for v in found},
    )


def edition_facts(edition: Edition) -> Facts:
    """The facts as they were released."""
    by_code = {(f.code, f.as_of): frozen_fact(f) for f in figures_of(edition)}
    last = date(edition.last_year, 12, 31)
    return Facts(
        title=edition.title,
        source=edition.source,
        area=edition.area,
        scope=scope_word(edition.area, edition.level),
        first_year=edition.first_year,
        last_year=edition.last_year,
        as_of=last,
        later=max((day for _code, day in by_code), default=last),
        entered_until=edition.entered_until,
        by_code=by_code,
    )


def frozen_fact(f: EditionFigure) -> Fact:
    """One figure as it was released."""
    return _fact(f, f.as_of, f.status, f.numerator, f.denominator, f.value)


def _live(v: Value) -> Fact:
    return _fact(v.figure, v.as_of, v.status, v.numerator, v.denominator, v.value)


def _fact(words: Figure | EditionFigure, as_of: date, status: str, numerator, denominator, value) -> Fact:
    """The words of a figure, declared or frozen, with its value."""
    return Fact(
        code=words.code,
        label=str(words.label),
        unit=words.unit,
        unit_label=str(words.unit_label),
        definition=str(words.definition),
        reading=str(words.reading),
        as_of=as_of,
        status=status,
        numerator=plain(numerator),
        denominator=plain(denominator),
        value=value,
    )
