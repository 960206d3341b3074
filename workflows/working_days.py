"""Owns which days are worked in Vietnam, and counting in them; what a deadline phrase means is due_phrases' business."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

# What the library does not know, by the papers that decided it. Change the version with the content: it is stored beside
# every due date that was computed.
OVERRIDES_VERSION = "1"
REST_DAYS = frozenset({dt.date(2026, 1, 2)})  # swapped with 2026-01-10: 12729/VPCP-KGVX
WORKED_DAYS = frozenset({dt.date(2026, 1, 10)})

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5


@functools.cache
def calendar_version() -> str:
    """Names the library and the overrides that decided which days are worked."""
    from importlib.metadata import version  # costs more than all the rest of this module

    return f"holidays-{version('holidays')}+overrides-{OVERRIDES_VERSION}"


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on that day: no weekend, no public holiday, with swapped days."""
    if day in REST_DAYS or day in WORKED_DAYS:
        return day in WORKED_DAYS
    holidays = _public_holidays(day.year)
    return day in holidays.weekend_workdays or (day.weekday() < _SATURDAY and day not in holidays)


def next_working_day(day: dt.date) -> dt.date:
    """That day if it is worked, else the first worked day after it."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def add_days(start: dt.date, count: int) -> dt.date:
    """The last day of a term of calendar days: the first day is not counted, an end on a rest day moves on.

    Civil Code 2015, articles 147 and 148.
    """
    return next_working_day(start + count * _ONE_DAY)


def add_months(start: dt.date, count: int) -> dt.date:
    """The last day of a term of months: the day of the same number, or the month's last; an end on a rest day moves on."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return next_working_day(min(dt.date(year, month + 1, 1) + (start.day - 1) * _ONE_DAY, last_of_month(year, month + 1)))


def add_working_days(start: dt.date, count: int) -> dt.date:
    """The last day of a term of working days; the first day is not counted."""
    day = start
    for _ in range(count):
        day = next_working_day(day + _ONE_DAY)
    return day


def last_of_month(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year + month // 12, month % 12 + 1, 1) - _ONE_DAY


@functools.cache
def _public_holidays(year: int) -> Any:
    from holidays import country_holidays  # slow to import, and only durations need it

    return country_holidays("VN", years=year, expand=False, language="vi")
