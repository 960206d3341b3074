"""Recipient phrases of a document -> units or groups of the directory. It proposes; what it cannot decide it leaves to a person.

What a person decided of a phrase counts first; then equal names, in any of the ways in which the field writes them; then the
kinds of bodies that a plural means; likeness never. Of several equal ones the nearest to the issuer is meant, and a tie is not
decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from sqlalchemy.engine import Connection

from workflows import bodies, directory, ellipsis, names, plurals, tiers
from workflows.entries import Group, Unit
from workflows.lookup import Entry, Lookup
from workflows.membership import Plural
from workflows.nearness import plain

Rank: TypeAlias = tuple[int, int, int]  # levels up from the issuer, levels down again, 1 for a group relative to the issuer
How: TypeAlias = Literal[
    "decided",  # a person said so, of this phrase in documents of this issuer
    "name",  # the phrase is the name or an alias of a unit or group
    "body",  # it is, without a head such as "Ban Thường vụ" or "Bí thư"
    "reworded",  # it is, with the name of the issuer's place longer, shorter or left out, or by another name of the same body
    "kind",  # it means the units of a kind below the issuer
    "enumeration",  # each of its parts is
    "persons",  # people, not units
    "as_above",  # "Như trên": the addressees again
    "archive",  # "Lưu …"
    "empty_group",  # it names a group, or a kind of units, that has no member on that day
    "ended",  # it names a unit that has ended before that day
    "ambiguous",  # it names several, equally near to the issuer
    "unknown",  # it names none
]

OPEN: tuple[How, ...] = ("empty_group", "ended", "ambiguous", "unknown")
CANDIDATES = 5  # how many near names an unresolved phrase brings along
_PERSONS = re.compile(
    r"(cac |nhung )?(dong chi|uy vien|bi thu|pho bi thu|bao cao vien|tuyen truyen vien|cong tac vien|lanh dao|chuyen vien)\b"
)
_COMRADES = re.compile(r"((cac|nhung) )?dong chi\b")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")  # "(để b/c)", "(p/h)"
_MOST_TEXTS = 2_000  # that are looked up for one phrase: a hostile list could ask for any number
_SEVERAL = ("decided", "kind", "enumeration")  # ways in which a phrase may mean several without being ambiguous
_FAR = 99  # levels to what shares no unit above with the issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a phrase names in this directory, to this issuer, on this day; whom the groups among it mean is left open."""

    phrase: str  # as given
    entries: tuple[Entry, ...]  # units and groups, each group with a member at least; none: nobody, or not decided
    how: How
    candidates: tuple[tuple[Entry, float], ...] = ()  # of an undecided phrase: near names and their likeness, 100 at most
    unknown: tuple[str, ...] = ()  # of a list of which some parts are known: those that are not

    @property
    def is_open(self) -> bool:
        """Whether a person must say what is meant."""
        return self.how in OPEN


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
        return self.how in OPEN


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
        group=only.code if isinstance(only, Group) and not isinstance(only, Plural) else None,
        how=found.how,
        candidates=found.candidates,
    )


def meaning(index: Lookup, phrase: str) -> Meaning:
    """As ``resolve``, without the members of groups: a group may be the whole country."""
    text = _clean(phrase)
    index.remembered.clear()
    meant = _decided(index, text) or _mean(index, text) or _enumerate(index, text) or _listed(index, text)
    if meant is None:
        return _nobody(index, phrase, text)
    if meant.how not in _SEVERAL and len(meant.entries) > 1:
        return Meaning(phrase=phrase, entries=(), how="ambiguous", candidates=tuple((each, 100.0) for each in meant.entries))
    entries = tuple(_peopled(index, entry) for entry in meant.entries)
    if not all(entries):
        empty = tuple((entry, 100.0) for entry, there in zip(meant.entries, entries, strict=True) if there is None)
        return Meaning(phrase=phrase, entries=(), how="empty_group", candidates=empty)
    if meant.how == "empty_group":
        return Meaning(phrase=phrase, entries=(), how="empty_group")
    return Meaning(phrase=phrase, entries=tuple(each for each in entries if each), how=meant.how)


def _peopled(index: Lookup, entry: Entry) -> Entry | None:
    """The entry, unless it is a group without members; what an office addresses may stand below the body that it serves."""
    if not isinstance(entry, Group) or not index.is_empty(entry):
        return entry
    if not entry.is_relative:
        return None
    return next((there for top in index.tops[1:] if not index.is_empty(there := replace(entry, below=top))), None)


def _clean(phrase: str) -> str:
    """The phrase without list marks, emphasis, a closing remark in brackets and final punctuation."""
    text = " ".join(phrase.replace("*", " ").split()).lstrip("-–—+• ")
    text = text.rstrip(",;./ ")
    return _REMARK.sub("", text).rstrip(",;./ ")


def _decided(index: Lookup, text: str) -> _Meant | None:
    entries = index.decided(names.readings(text))
    return _Meant(how="decided", entries=entries) if entries else None


def _mean(index: Lookup, text: str, *, completed: bool = False) -> _Meant | None:
    """What a text names as a whole: by name, as a body of what it names, in the plural, or in other words.

    ``completed``: its last or first words are shared with another part of a list, so that nothing more is left out.
    """
    key = (text, completed)
    if key not in index.remembered:
        if len(index.remembered) >= _MOST_TEXTS:
            return None
        index.remembered[key] = _look(index, text, completed=completed)
    found: _Meant | None = index.remembered[key]
    return found


def _look(index: Lookup, text: str, *, completed: bool) -> _Meant | None:
    plural = plurals.is_plural(text) and not _COMRADES.match(names.canonical(text))
    for how, named in _ways(text):
        found = _named(index, named, names.readings(named))
        if plural:
            found = tuple(each for each in found if isinstance(each, Group) or names.fold(each.name).startswith("cac "))
        if found:
            return _Meant(how=how, entries=found)
    meant = _plural(index, text) if plural else None
    if meant is not None:
        return meant
    for how, named in _ways(text):
        found = _named(index, named, names.readings(named)) if plural else _otherwise(index, named, completed=completed)
        if found:
            return _Meant(how=how if plural else "reworded", entries=found)
    return None


def _otherwise(index: Lookup, text: str, *, completed: bool) -> tuple[Entry, ...]:
    if completed and not any(canonical.endswith(index.endings) for canonical in names.readings(text)):
        return ()
    return _reworded(index, text) or _standing(index, text) or _located(index, text)


def _ways(text: str) -> Iterator[tuple[How, str]]:
    """The text, and what remains of it without an office such as "Ban Thường vụ"."""
    yield "name", text
    yield from (("body", rest) for rest in _without(bodies.OFFICES, text))


def _without(openings: Iterable[str], text: str) -> Iterator[str]:
    """What follows in a text that begins with one of some canonical names."""
    words = names.expand(text).split()
    for opening in openings:
        length = len(opening.split())
        if len(words) > length and names.fold(" ".join(words[:length])) == opening:
            yield " ".join(words[length:])


def _plural(index: Lookup, text: str) -> _Meant | None:
    """The units of a kind; a kind that has none is said to be empty, rather than taken for a unit's name."""
    empty = False
    for _how, asked in _ways(text):
        for written in names.written_out(asked):
            found = plurals.read(index, written, lambda owner: _owners(index, owner))
            if found:
                return _Meant(how="kind", entries=found)
            empty = empty or found == ()
    return _Meant(how="empty_group", entries=()) if empty else None


def _owners(index: Lookup, text: str) -> list[str]:
    """The codes of the units that a phrase names, each by a name of its own."""
    meant = _mean(index, text) or _enumerate(index, text)
    if meant is None or (meant.how != "enumeration" and len(meant.entries) > 1):
        return []
    return [each.code for each in meant.entries] if all(isinstance(each, Unit) for each in meant.entries) else []


def _listed(index: Lookup, text: str) -> _Meant | None:
    """A list of kinds that does not say "các": "UBND xã, phường, thị trấn"."""
    if len(ellipsis.segments(text)) < 2 or plurals.is_plural(text):
        return None
    return _plural(index, text)


def _reworded(index: Lookup, text: str) -> tuple[Entry, ...]:
    """The body that leads the issuer's place, or one above it, or others of it, by a name in another of the usual forms."""
    for code, place in index.places.items():
        unit = index.unit(code)
        if unit and index.leads(code) and any(place.is_called(each) for each in names.readings(text)):
            return (unit,)
        found: dict[str, tuple[int, Unit]] = {}
        for reading in (each for each in names.readings(text) if each not in ("", "cac")):
            for name in (reading, *bodies.other_names(reading)):
                for spelling in (name, *tiers.reworded(name, place)):
                    units = [each for each in index.named(plain(spelling)) if isinstance(each, Unit)]
                    found.update((each.code, (_depth(index, each, code), each)) for each in units)
        nearest = min((depth for depth, _unit in found.values()), default=_FAR)
        if nearest < _FAR:
            return tuple(directory.exact(text, [unit for depth, unit in found.values() if depth == nearest]))
    return ()


def _standing(index: Lookup, text: str) -> tuple[Entry, ...]:
    """The place itself, where its people's committee, council or party committee is asked for and no such body is recorded."""
    for place in _without(bodies.STANDING_FOR, text):
        own = [index.unit(code) for code, each in index.places.items() if each.tier == names.fold(place)]
        found = _named(index, place, names.readings(place)) or _reworded(index, place) or own[:1]
        return tuple(each for each in found if isinstance(each, Unit) and tiers.is_place(each.name))
    return ()


def _located(index: Lookup, text: str) -> tuple[Entry, ...]:
    """The unit that is named with the places in which it stands: "xã Khe Vắng, huyện Đồi Thông"."""
    for name, places in tiers.located(text):
        found: dict[str, Entry] = {}
        for reading in names.readings(name):
            for unit in (each for each in index.named(plain(reading)) if isinstance(each, Unit)):
                above = [index.place(code) for code in index.above(unit.code)[1:]]
                if all(any(place and place.is_called(each) for place in above) for each in places):
                    found[unit.code] = unit
        if found:
            return tuple(directory.exact(name, list(found.values())))
    return ()


def _depth(index: Lookup, unit: Unit, top: str) -> int:
    """How many levels below a place's own body a body of that place stands; _FAR where it belongs to another place."""
    above = index.above(unit.code)
    if top not in above:
        return _FAR
    depth = above.index(top)
    places = [place for code in above[1:depth] if (place := index.place(code))]
    return depth if all(place.tier == index.places[top].tier for place in places) else _FAR


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
    """The entries of a list of names, the longest names first; None unless each part names exactly one, or a kind."""
    parts = ellipsis.segments(text)
    if len(parts) < 2:
        return None
    segments = [text[start:end] for start, end in parts]

    known: dict[int, tuple[Entry, ...] | None] = {len(segments): ()}
    for first in reversed(range(len(segments))):
        known[first] = None
        for last in range(len(segments), first, -1):
            rest = known[last]
            if rest is None:
                continue
            found = _part(index, text[parts[first][0] : parts[last - 1][1]], segments[:first], segments[last:])
            if found:
                known[first] = (*found, *rest)
                break
    entries = known[0]
    return None if entries is None else _Meant(how="enumeration", entries=entries)


def _part(index: Lookup, text: str, before: Sequence[str], after: Sequence[str]) -> tuple[Entry, ...]:
    """What a part of a list names, which may share the last words of a later part, or the first of an earlier one."""
    for full in ellipsis.endings(text, after):
        if found := _one(_mean(index, full, completed=True)):
            return found
    meant = _decided(index, text) or _mean(index, text)
    if meant is not None:
        return () if plurals.is_shared(index, text, after) else _one(meant)
    return next((found for full in ellipsis.openings(text, before) if (found := _one(_mean(index, full, completed=True)))), ())


def _one(meant: _Meant | None) -> tuple[Entry, ...]:
    """What is meant, unless that is not decided."""
    return meant.entries if meant and (len(meant.entries) == 1 or meant.how in _SEVERAL) else ()


def _nobody(index: Lookup, phrase: str, text: str) -> Meaning:
    canonical = names.canonical(text)
    how: How = "unknown"
    if canonical == "nhu tren":
        how = "as_above"
    elif canonical.startswith("luu "):
        how = "archive"
    elif _PERSONS.match(canonical):
        how = "persons"
    elif after := _successors(index, text):
        return Meaning(phrase=phrase, entries=(), how="ended", candidates=tuple((each, 100.0) for each in after))
    if how != "unknown":
        return Meaning(phrase=phrase, entries=(), how=how)
    unknown = _unknown(index, text)
    ties = {part: _mean(index, part) for part in unknown}
    several = tuple((each, 100.0) for meant in ties.values() if meant for each in meant.entries)
    wanted = [plain(names.canonical(part)) for part in unknown or [text] if not ties.get(part)]
    candidates = (*several, *_candidates(index, wanted))
    return Meaning(phrase=phrase, entries=(), how=how if wanted else "ambiguous", candidates=candidates, unknown=unknown)


def _unknown(index: Lookup, text: str) -> tuple[str, ...]:
    """The parts of a list that nothing is known of, neighbours together; none where no part is known."""
    parts = ellipsis.segments(text)
    segments = [text[start:end] for start, end in parts]
    found: list[tuple[int, int]] = []
    place = 0

    def is_known(last: int) -> bool:
        return bool(_part(index, text[parts[place][0] : parts[last - 1][1]], segments[:place], segments[last:]))

    while place < len(parts):
        end = next((last for last in range(len(parts), place, -1) if is_known(last)), None)
        if end is None and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif end is None:
            found.append((place, place + 1))
        place = end or place + 1
    whole = found == [(0, len(parts))]
    return () if whole else tuple(text[parts[first][0] : parts[last - 1][1]] for first, last in found)


def _successors(index: Lookup, text: str) -> list[Unit]:
    """What took the place of the unit of this name that has ended; of several, of those whose successors are at hand."""
    found: list[list[Unit]] = []
    for named in (each for _how, way in _ways(text) for each in (way, *_without(bodies.STANDING_FOR, way))):
        ended = {unit.code: unit for reading in names.readings(named) for unit in index.ended(plain(reading))}
        for unit in directory.exact(named, list(ended.values())):
            from workflows.national import arrangements  # its file is read only where a unit has ended

            codes = [each.code for each in arrangements.successors(unit.code)]
            found.append(sorted(index.existing(codes), key=lambda each: codes.index(each.code)))
    near = [units for units in found if any(_within_reach(_rank(index, each)) for each in units)]
    return list({each.code: each for units in near or found for each in units}.values())


def _candidates(index: Lookup, wanted: Iterable[str]) -> tuple[tuple[Entry, float], ...]:
    near = [each for name in wanted for each in index.like(name)]
    return tuple(sorted(near, key=lambda each: (-each[1], _rank(index, each[0]), each[0].code))[:CANDIDATES])
