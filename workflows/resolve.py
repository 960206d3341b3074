"""Recipient phrases of a document -> units or groups of the directory. It proposes; what it cannot decide it leaves to a person.

Only equal names decide, never likeness. Of several equal ones the nearest to the issuer is meant, and a tie is not decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from sqlalchemy.engine import Connection

from workflows import directory, names
from workflows.entries import Group, Unit
from workflows.lookup import Entry, Lookup
from workflows.nearness import plain

Rank: TypeAlias = tuple[int, int, int]  # levels up from the issuer, levels down again, 1 for a group relative to the issuer
How: TypeAlias = Literal[
    "name",  # the phrase is the name or an alias of a unit or group
    "body",  # it is, without a head such as "Ban Thường vụ" or "Bí thư"
    "enumeration",  # each of its parts is
    "persons",  # people, not units
    "as_above",  # "Như trên": the addressees again
    "archive",  # "Lưu …"
    "empty_group",  # it names a group that has no member on that day
    "ambiguous",  # it names several, equally near to the issuer
    "unknown",  # it names none
]

CANDIDATES = 5  # how many near names an unresolved phrase brings along
_BODIES = ("ban thuong vu", "thuong truc", "ban chap hanh dang bo", "ban chap hanh", "bi thu")
_PERSONS = re.compile(
    r"(cac |nhung )?(dong chi|uy vien|bi thu|pho bi thu|bao cao vien|tuyen truyen vien|cong tac vien|lanh dao|chuyen vien)\b"
)
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")  # "(để b/c)", "(p/h)"
_SEPARATOR = re.compile(r"\s*[,;]\s*(?:và\s+)?|\s+và\s+", re.IGNORECASE)
_MOST_PARTS = 12  # a longer list is prose
_FAR = 99  # levels to what shares no unit above with the issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a phrase names in this directory, to this issuer, on this day; whom the groups among it mean is left open."""

    phrase: str  # as given
    entries: tuple[Entry, ...]  # units and groups, each group with a member at least; none: nobody, or not decided
    how: How
    candidates: tuple[tuple[Entry, float], ...] = ()  # of an undecided phrase: near names and their likeness, 100 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a phrase means in this directory, to this issuer, on this day."""

    phrase: str  # as given
    units: tuple[Unit, ...]  # whom it means; none: nobody, or not decided
    group: str | None  # code of the group whose members they are, where one group is meant
    how: How
    candidates: tuple[tuple[Entry, float], ...] = ()  # of an undecided phrase: near names and their likeness, 100 at most

    @property
    def is_open(self) -> bool:
        """Whether a person must say what is meant."""
        return self.how in ("empty_group", "ambiguous", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """Entries that a text names equally well; one decides."""

    how: How
    entries: tuple[Entry, ...]


def resolve(connection: Connection, phrase: str, *, issuer: str | None, on: date) -> Resolution:
    """What a phrase in a document of ``issuer`` (a unit code) means on that day; raises NotFound for an unknown issuer.

    Without an issuer (to find the issuer itself, say) a name decides only if the whole directory has it once.
    """
    return resolve_all(connection, [phrase], issuer=issuer, on=on)[0]


def resolve_all(connection: Connection, phrases: Iterable[str], *, issuer: str | None, on: date) -> list[Resolution]:
    """As ``resolve``, of many phrases: what was looked up for one is known for the next."""
    index = Lookup(connection, issuer, on)
    return [_resolution(connection, meaning(index, phrase), issuer, on) for phrase in phrases]


def _resolution(connection: Connection, found: Meaning, issuer: str | None, on: date) -> Resolution:
    units: dict[str, Unit] = {}
    for entry in found.entries:
        those = [entry] if isinstance(entry, Unit) else directory.members_of(connection, entry, relative_to=issuer, on=on)
        units.update((unit.code, unit) for unit in those)
    only = found.entries[0] if len(found.entries) == 1 else None
    return Resolution(
        phrase=found.phrase,
        units=tuple(units.values()),
        group=only.code if isinstance(only, Group) else None,
        how=found.how,
        candidates=found.candidates,
    )


def meaning(index: Lookup, phrase: str) -> Meaning:
    """As ``resolve``, without the members of groups: a group may be the whole country."""
    text = _clean(phrase)
    meant = _mean(index, text) or _enumerate(index, text)
    if meant is None:
        return _nobody(index, phrase, text)
    if meant.how != "enumeration" and len(meant.entries) > 1:
        return Meaning(phrase=phrase, entries=(), how="ambiguous", candidates=tuple((each, 100.0) for each in meant.entries))
    for entry in meant.entries:
        if isinstance(entry, Group) and index.is_empty(entry):
            return Meaning(phrase=phrase, entries=(), how="empty_group", candidates=((entry, 100.0),))
    return Meaning(phrase=phrase, entries=meant.entries, how=meant.how)


def _clean(phrase: str) -> str:
    """The phrase without list marks, emphasis, a closing remark in brackets and final punctuation."""
    text = " ".join(phrase.replace("*", " ").split()).lstrip("-–—+• ")
    text = text.rstrip(",;./ ")
    return _REMARK.sub("", text).rstrip(",;./ ")


def _mean(index: Lookup, text: str) -> _Meant | None:
    """What a text names as a whole: by name, or as a body of what it names."""
    readings = names.readings(text)
    if found := _named(index, text, readings):
        return _Meant(how="name", entries=found)
    for head in _BODIES:
        if found := _named(index, text, [reading[len(head) + 1 :] for reading in readings if reading.startswith(head + " ")]):
            return _Meant(how="body", entries=found)
    return None


def _named(index: Lookup, text: str, readings: Iterable[str]) -> tuple[Entry, ...]:
    """What stands nearest to the issuer under each reading; several are a tie, for nearness does not decide how "TU" is read.

    Names that differ from the text by a mark count only where none is spelt like it.
    """
    found: dict[tuple[str, str], Entry] = {}
    for reading in readings:
        ranked = [(_rank(index, entry), entry) for entry in directory.exact(text, index.named(plain(reading)))]
        near = [(rank, entry) for rank, entry in ranked if not index.chain or _within_reach(rank)]
        best = min((rank for rank, _entry in near), default=None)
        found.update(((type(entry).__name__, entry.code), entry) for rank, entry in near if rank == best)
    return tuple(found.values())


def _rank(index: Lookup, entry: Entry) -> Rank:
    if isinstance(entry, Group):
        if entry.below is None:  # relative, or a list: it is at hand to everybody
            return 0, 0, int(entry.is_relative)
        ups, downs = _way(index, entry.below)
        return ups, downs, 0
    ups, downs = _way(index, entry.code)
    return ups, downs, 0


def _way(index: Lookup, code: str) -> tuple[int, int]:
    """How many levels up from the issuer, and then down, a unit stands."""
    for downs, above in enumerate(index.above(code)):
        if above in index.chain:
            return index.chain.index(above), downs
    return _FAR, _FAR


def _within_reach(rank: Rank) -> bool:
    """At or below the issuer, above it, or right below what is above it: an equal name elsewhere is another body."""
    ups, downs, _relative = rank
    return ups == 0 or downs <= 1


def _enumerate(index: Lookup, text: str) -> _Meant | None:
    """The entries of a list of names, the longest names first; None unless each part names exactly one."""
    cuts = [(found.start(), found.end()) for found in _SEPARATOR.finditer(text)]
    if not 0 < len(cuts) < _MOST_PARTS:
        return None
    starts = [0, *(end for _start, end in cuts)]
    ends = [*(start for start, _end in cuts), len(text)]
    segments = [text[start:end] for start, end in zip(starts, ends, strict=True)]

    known: dict[int, tuple[Entry, ...] | None] = {len(segments): ()}
    for first in reversed(range(len(segments))):
        known[first] = None
        for last in range(len(segments), first, -1):
            rest = known[last]
            if rest is None:
                continue
            entry = _part(index, text[starts[first] : ends[last - 1]], segments[:first], segments[last:])
            if entry is not None:
                known[first] = (entry, *rest)
                break
    entries = known[0]
    return None if entries is None else _Meant(how="enumeration", entries=entries)


def _part(index: Lookup, text: str, before: Sequence[str], after: Sequence[str]) -> Entry | None:
    """The one entry of a part of a list, which may share the last words of a later part, or the first of an earlier one."""
    for words in (segment.split() for segment in after):
        for length in range(len(words) - 1, 0, -1):
            found = _mean(index, f"{text} {' '.join(words[-length:])}")
            if found is not None and len(found.entries) == 1:
                return found.entries[0]
    found = _mean(index, text)
    if found is not None:
        return found.entries[0] if len(found.entries) == 1 else None
    for words in (segment.split() for segment in reversed(before)):
        for length in range(len(words) - 1, 0, -1):
            found = _mean(index, f"{' '.join(words[:length])} {text}")
            if found is not None and len(found.entries) == 1:
                return found.entries[0]
    return None


def _nobody(index: Lookup, phrase: str, text: str) -> Meaning:
    canonical = names.canonical(text)
    how: How = "unknown"
    if canonical == "nhu tren":
        how = "as_above"
    elif canonical.startswith("luu "):
        how = "archive"
    elif _PERSONS.match(canonical):
        how = "persons"
    candidates = _candidates(index, plain(canonical)) if how == "unknown" else ()
    return Meaning(phrase=phrase, entries=(), how=how, candidates=candidates)


def _candidates(index: Lookup, wanted: str) -> tuple[tuple[Entry, float], ...]:
    near = index.like(wanted)
    return tuple(sorted(near, key=lambda each: (-each[1], _rank(index, each[0]), each[0].code))[:CANDIDATES])
