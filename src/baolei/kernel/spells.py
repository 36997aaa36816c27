"""What holds for a time: rows with a half-open date range `during` (D8).

Files and pages show the first and the last day, both inclusive; the database stores [from, to).
A spell [from, to) covers day D when from <= D < to, as at 24:00 of D (reading A2).
"""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _


def days(first: date | None, last: date | None) -> DateRange:
    """The range from `first` to `last`, both inclusive; None leaves that side open."""
    return DateRange(first, last + timedelta(days=1) if last else None, "[)")


def last_day(during: DateRange) -> date | None:
    """The last day covered, inclusive; None while the spell is open."""
    return during.upper - timedelta(days=1) if during.upper else None


def no_two_a_day(name: str, *fields: str, condition: models.Q | None = None) -> ExclusionConstraint:
    """The constraint that no two spells alike in `fields` share a day."""
    alike = [(models.F(field), RangeOperators.EQUAL) for field in fields]
    overlap = (models.F("during"), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*alike, overlap], condition=condition)


class SpellQuerySet(models.QuerySet):
    def on(self, day: date):
        """The spells that cover `day`."""
        return self.filter(during__contains=day)

    def over(self, first: date, last: date):
        """The spells that share a day with the period `first` to `last`, both inclusive."""
        return self.filter(during__overlap=days(first, last))

    def open(self):
        """The spells without an end."""
        return self.filter(during__upper_inf=True)


class Spell(models.Model):
    during = DateRangeField(_("起止"))

    class Meta:
        abstract = True

    @property
    def since(self) -> date | None:
        """The first day covered."""
        return self.during.lower

    @property
    def until(self) -> date | None:
        """The last day covered, inclusive; None while open."""
        return last_day(self.during)
