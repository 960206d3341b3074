"""Owns instants: the Vietnamese zone, due instants of phrases, days and recurring reports, dates typed by operators.

Which days are worked is working_days' business, what a phrase means is due_phrases'. No one here reads the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engine.errors import InputError
from workflows.due_phrases import NO_INSTANT, last_moment, months_off
from workflows.plans import Recurring
from workflows.working_days import calendar_version, last_of_month

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_ONE_DAY = dt.timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = {"monthly": 1, "quarterly": 3, "half_year": 6, "nine_month": 9, "yearly": 12}  # frequency -> length of its period
_WHEN = re.compile(
    r"""(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})
    (?: [T ]+ (?P<clock>\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?) (?P<zone>Z|[+-]\d{2}:?\d{2})? )?""",
    re.VERBOSE | re.ASCII,
)
_REMEDY = "Write 2025-03-31, 31/3/2025, 2025-03-31T15:00 or 2025-03-31T15:00+07:00."


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is due, and why: kept together wherever it is stored."""

    due_at: dt.datetime | None  # UTC, exclusive: the first instant that is too late; None: the phrase gives none
    phrase: str  # the document's words
    rule: str  # short stable name of the rule, "no_instant" when there is none
    calendar_version: str  # which holidays were known


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One period of a recurring report."""

    period: str  # stable key: 2025-03-12, 2025-W11, 2025-03, 2025-Q1, 2025-H1, 2025-9M, 2025
    first: dt.date
    last: dt.date
    due: Due


def end_of_day(day: dt.date) -> dt.datetime:
    """The first instant after that day in Vietnam, in UTC; raises InputError at the end of the calendar."""
    if day == dt.date.max:
        raise InputError(f"{day} is too far away.", remedy="Give an earlier day.")
    return start_of_day(day + _ONE_DAY)


def start_of_day(day: dt.date) -> dt.datetime:
    """The first instant of that day in Vietnam, in UTC; raises InputError before year 2."""
    return _instant(dt.datetime.combine(day, dt.time()), ZONE)


def due_of_phrase(phrase: str, *, issued: dt.date | None) -> Due:
    """The instant that a deadline phrase gives; ``issued`` is the document's date, from which durations run."""
    last = last_moment(phrase, issued=issued)
    if last.day is None:
        return Due(due_at=None, phrase=phrase, rule=last.rule, calendar_version=calendar_version())
    return due_on(last.day, clock=last.clock, phrase=phrase, rule=last.rule)


def due_on(day: dt.date, *, clock: dt.time | None = None, phrase: str, rule: str = "given") -> Due:
    """Due at the end of that day, or at that o'clock in Vietnam."""
    due_at = end_of_day(day) if clock is None else _instant(dt.datetime.combine(day, clock), ZONE)
    return Due(due_at=due_at, phrase=phrase, rule=rule, calendar_version=calendar_version())


def rounds(recurring: Recurring, *, first: dt.date, last: dt.date) -> tuple[Round, ...]:
    """The periods of a recurring report that end on or after ``first`` and begin on or before ``last``, oldest first.

    A period whose due instant lies before ``first`` began is left out: nobody could have known of it.
    """
    found = (_round(recurring, key, begin, end) for key, begin, end in _periods(recurring.frequency, first, last))
    return tuple(item for item in found if item.due.due_at is None or item.due.due_at > start_of_day(first))


def parse_when(text: str, *, now: dt.datetime) -> dt.datetime:
    """An instant typed by an operator, in UTC: without a zone it is Vietnam's clock, a date alone is the start of that day.

    "now", "today" and "yesterday" (hôm nay, hôm qua) are taken from ``now``; raises InputError on anything else.
    """
    word = text.strip().lower()
    if word in ("now", "bây giờ"):
        return now.astimezone(dt.UTC)
    if word in ("today", "hôm nay", "yesterday", "hôm qua"):
        today = now.astimezone(ZONE).date()
        return start_of_day(today if word in ("today", "hôm nay") else today - _ONE_DAY)
    match = _WHEN.fullmatch(text.strip())
    if not match:
        raise InputError(f"'{text}' is not a date.", remedy=_REMEDY)
    try:
        day = _day(match["day"])
        clock = dt.time.fromisoformat(match["clock"].replace("h", ":").rjust(5, "0")) if match["clock"] else dt.time()
        zone = dt.datetime.strptime(match["zone"], "%z").tzinfo if match["zone"] else ZONE
    except ValueError as error:
        raise InputError(f"'{text}' is not a date: {error}.", remedy=_REMEDY) from None
    return _instant(dt.datetime.combine(day, clock), zone)


def _day(text: str) -> dt.date:
    if "/" not in text:
        return dt.date.fromisoformat(text)
    day, month, year = text.split("/")
    return dt.date(int(year), int(month), int(day))


def _instant(clock: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    try:
        return clock.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError:
        raise InputError(f"{clock.date()} is too far away.", remedy="Give a day of our times.") from None


def _periods(frequency: str, first: dt.date, last: dt.date) -> Iterator[tuple[str, dt.date, dt.date]]:
    if frequency in ("daily", "weekly"):
        length = 1 if frequency == "daily" else 7
        begin = first if frequency == "daily" else first - first.weekday() * _ONE_DAY
        while begin <= last:
            year, week, _ = begin.isocalendar()
            yield (str(begin) if length == 1 else f"{year}-W{week:02}"), begin, begin + (length - 1) * _ONE_DAY
            begin += length * _ONE_DAY
        return
    for year in range(first.year, last.year + 1):
        yield from (item for item in _parts(frequency, year) if item[1] <= last and item[2] >= first)


def _parts(frequency: str, year: int) -> Iterator[tuple[str, dt.date, dt.date]]:
    """The periods of one year; nine months are counted once, from January."""
    length = _MONTHS[frequency]
    for number, month in enumerate(range(1, 12 - length + 2, length), 1):
        names = {1: f"-{number:02}", 3: f"-Q{number}", 6: f"-H{number}", 9: "-9M", 12: ""}
        yield f"{year}{names[length]}", dt.date(year, month, 1), last_of_month(year, month + length - 1)


def _round(recurring: Recurring, period: str, first: dt.date, last: dt.date) -> Round:
    day: dt.date | None = None
    if recurring.frequency == "daily":
        day = first
    elif recurring.frequency == "weekly" and recurring.weekday:
        day = first + _WEEKDAYS.index(recurring.weekday) * _ONE_DAY
    elif recurring.frequency != "weekly" and recurring.day is not None:
        off = months_off(recurring.phrase, last, _MONTHS[recurring.frequency])
        year, month = divmod(last.year * 12 + last.month - 1 + off, 12)
        end = last_of_month(year, month + 1)
        day = end if recurring.day == -1 else end.replace(day=min(recurring.day, end.day))
    if day is None:
        due = Due(due_at=None, phrase=recurring.phrase, rule=NO_INSTANT, calendar_version=calendar_version())
    else:
        due = due_on(day, clock=recurring.time, phrase=recurring.phrase, rule=f"every_{recurring.frequency}")
    return Round(period=period, first=first, last=last, due=due)
