"""What holds for a time: rows with a half-open date range `during` (D8).

Files and pages show the first and the last day, both inclusive; the database stores [from, to).
A spell [from, to) covers day D when from <= D < to, as at 24:00 of D (reading A2).
"""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
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


def hand_over(
    model: type[Spell], *, holder: str, by: str, old: int, new: int, on: date, only: list[int] | None = None
) -> None:
    """From the day `on` spells of holder `old` are those of `new`, in two statements for any number.

    `holder` and `by` are the two columns of the table, e.g. the branch and the member; `only` are the numbers in `by`
    that are meant, None for all. What began before is cut and goes on in a new spell; what begins on the day or later
    is rewritten. The caller has locked what writers of these spells lock.
    """
    table = model._meta.db_table
    ours = f"{holder} = %s AND during && daterange(%s, NULL)" + (
        "" if only is None else f" AND {by} = ANY(%s)"
    )
    given = [old, on] + ([] if only is None else [only])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {holder} = %s WHERE {ours} AND lower(during) >= %s", [new, *given, on]
        )
        cursor.execute(
            f"""WITH cut AS (
                    UPDATE {table} s SET during = daterange(lower(o.during), %s)
                    FROM (SELECT * FROM {table} WHERE {ours}) o WHERE s.id = o.id
                    RETURNING o.{by}, upper(o.during) AS until
                )
                INSERT INTO {table} ({by}, {holder}, during) SELECT {by}, %s, daterange(%s, until) FROM cut""",
            [on, *given, new, on],
        )
