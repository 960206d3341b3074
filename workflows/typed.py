"""What a person types for a field of a plan, as a plan file has it: days and hours as people write them, lists with ";"."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import types
import typing
import unicodedata
from typing import Any, Literal

EMPTIED = "-"  # what is typed for a value that there is none
_OWN = ("line", "phrase", "confidence", "why")  # fields that tell of the reading, and are not corrected
_DAY = re.compile(r"(?<!\d)(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})(?!\d)", re.ASCII)
_CLOCK = re.compile(r"(?<!\d)(?P<h>\d{1,2})\s?(?:giờ|[:hg])\s?(?P<m>\d{2})?(?:\s?phút)?(?![\d:])", re.ASCII)


def kinds_of(owner: type) -> dict[str, Any]:
    """The types of what can be corrected."""
    hints = typing.get_type_hints(owner)
    return {field.name: hints[field.name] for field in dataclasses.fields(owner) if field.name not in _OWN}


def bare(hint: Any) -> Any:
    """A type without its None."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) in (typing.Union, types.UnionType) else hint


def choices(hint: Any) -> tuple[str, ...]:
    """All that a field of this type may be; empty: anything."""
    plain = bare(hint)
    return typing.get_args(plain) if typing.get_origin(plain) is Literal else ()


def value_of(hint: Any, text: str) -> Any:
    """Typed text as the value that a plan file would have; None where there is none."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    plain = bare(hint)
    if text == EMPTIED:
        return [] if typing.get_origin(plain) is tuple else None
    if typing.get_origin(plain) is tuple:
        return [part.strip() for part in text.split(";") if part.strip()]
    if plain in (dt.date, dt.time, dt.datetime):
        return _moment(plain, text)
    return {"có": "true", "không": "false"}.get(text.lower(), text) if plain is bool else text


def numbered(text: str, symbol: str | None) -> str:
    """A number that was typed, with the letters before which the document leaves it blank: "31" -> "31-CV/TU", "31/UBND-NC"."""
    bare_number = text.strip()
    if not symbol or not re.fullmatch(r"\d{1,6}[a-zđ]?", bare_number, re.ASCII):
        return text
    return f"{bare_number}{'-' if '/' in symbol else '/'}{symbol}"


def _moment(kind: type, text: str) -> str:
    """A day, an hour, or both in either order, on Vietnam's clock, as a plan file writes them; other text as it is."""
    text = re.sub(r"^(\d{4})-(\d\d)-(\d\d)[T ](?=[^+Z]+$)", r"\3/\2/\1 ", text, flags=re.ASCII)
    day, clock = (_DAY.search(text) if kind is not dt.time else None), (_CLOCK.search(text) if kind is not dt.date else None)
    rest = text
    for found in (day, clock):
        rest = rest.replace(found[0], "", 1) if found else rest
    if (
        rest.strip(" ,T").lower() not in ("", "ngày")
        or (kind is not dt.time) != bool(day)
        or (kind is not dt.date) != bool(clock)
    ):
        return text
    date = f"{day['y']}-{int(day['m']):02}-{int(day['d']):02}" if day else ""
    time = f"{int(clock['h']):02}:{clock['m'] or '00'}" if clock else ""
    return f"{date}T{time}+07:00" if day and clock else date or time
