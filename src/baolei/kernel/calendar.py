"""Days as rules name them: calendar months, and working days of the state's calendar."""

from calendar import monthrange
from datetime import date, timedelta

from chinese_calendar import is_workday
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


def months_after(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_working(day: date) -> bool:
    """Whether the day is worked: public holidays and days worked instead count as the state sets them each year.

    Monday to Friday in years that are not set yet.
    """
    try:
        return is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def last_of_working_days(first: date, number: int) -> date:
    """The day on which the `number`-th working day from `first` on, itself included, ends."""
    day = first
    while number := number - is_working(day):
        day += timedelta(days=1)
    return day


def require_turned_on(day: date) -> None:
    """The machine's clock has reached the day of the step before: a clock that was put back writes no days before it.

    Raises ValidationError.
    """
    if timezone.localdate() < day:
        raise ValidationError(
            _("服务器的日期是 %(today)s，早于上一步办理的 %(day)s。请联系管理员核对服务器时间后再办。")
            % {"today": timezone.localdate(), "day": day}
        )
