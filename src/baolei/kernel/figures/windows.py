"""Over which time a figure runs on a day (A4, A6), in SQL over %(day)s and in Python."""

from datetime import date

YEAR_OF_DAY = """(extract(year FROM %(day)s::date)::int
    - CASE WHEN to_char(%(day)s::date, 'MM-DD') = '12-31' THEN 0 ELSE 1 END)"""
"""The year whose readings count on the day: its own on 31 December, else the year before (A6)."""

YEAR = "extract(year FROM %(day)s::date)::int"
"""The calendar year of the day."""


def year_of_day(day: date) -> int:
    """The same as `YEAR_OF_DAY`, in Python."""
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1
