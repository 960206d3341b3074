"""Instants: aware datetimes in the program, microseconds since 1970 UTC in the database, ISO text in the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from engine.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC; raises InputError on a naive datetime."""
    if instant.tzinfo is None:
        raise InputError(f"{instant.isoformat()} has no time zone.", remedy="Give an aware datetime.")
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """The UTC instant of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=micros)


def to_text(micros: int) -> str:
    """ISO 8601 in UTC with six decimals, "2025-03-20T02:00:00.000000Z": text order is time order."""
    minutes, micros = divmod(micros, 60_000_000)
    seconds, micros = divmod(micros, 1_000_000)
    return f"{_to_the_minute(minutes)}{_SECONDS[seconds]}{micros:06d}Z"


@lru_cache(maxsize=4_096)  # much happens in one minute, and the due dates of one plan share a few
def _to_the_minute(minutes: int) -> str:
    return (_EPOCH + timedelta(minutes=minutes)).isoformat()[:16]


_SECONDS = [f":{second:02d}." for second in range(60)]


def from_text(text: str) -> int:
    """Microseconds of what ``to_text`` wrote."""
    return to_micros(datetime.fromisoformat(text))
