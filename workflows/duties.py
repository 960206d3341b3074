"""Works out whom a plan addresses and what each unit must do by when, from its words and the directory. It writes nothing.

Acting units are those of recipient lines "to carry out" and "to co-ordinate". A unit holds the conference whose tier names
it; its due date is the latest of the deadlines that concern it, with the phrase it came from.

A plan may address a million units. So they are never gone through one by one to be asked what each must do: the members of
all that the plan names are merged once, in the order of their codes, and units that are named by the same words stay together
as one class; everything is decided once per class.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from engine.clock import to_micros
from workflows import calendar, directory, membership
from workflows.calendar import Due
from workflows.entries import Group, Unit
from workflows.lookup import Lookup
from workflows.names import canonical
from workflows.plans import Conference, Plan, Recipient
from workflows.resolve import Meaning, meaning

ACTING = ("act", "coordinate")
INFORMED = ("report", "inform")
FEW = 1_000  # units of a class that are listed by their names rather than their codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What one unit must do under a plan."""

    unit: str  # code
    purpose: str  # "act" or "coordinate"
    line: int | None  # of the recipient line that names it
    conference: str | None = None  # id of the conference that it must hold
    after: str | None = None  # key of the conference that must be held before
    due: Due | None = None
    place: int = 0  # where the plan's words name it: units of one group share it

    def data(self) -> dict[str, Any]:
        """What its started event keeps of it."""
        return {
            "purpose": self.purpose,
            **({"line": self.line} if self.line else {}),
            **({"conference": self.conference} if self.conference else {}),
            **({"after": self.after} if self.after else {}),
            **({"due_from": due_from(self.due)} if self.due else {}),
        }

    @property
    def due_at(self) -> int | None:
        """Microseconds UTC: the first instant that is too late."""
        return to_micros(self.due.due_at) if self.due and self.due.due_at else None


def due_from(due: Due) -> dict[str, str]:
    """Where a due date comes from, as events keep it."""
    return {"phrase": due.phrase, "rule": due.rule, "calendar": due.calendar_version}


class Codes:
    """Many unit codes in little room: some ten bytes each. They are added one by one, and gone through in that order."""

    def __init__(self) -> None:
        self._blocks: list[str] = []  # of _BLOCK codes each
        self._last: list[str] = []

    def add(self, code: str) -> None:
        """Add a code."""
        self._last.append(code)
        if len(self._last) == _BLOCK:
            self._blocks.append("\0".join(self._last))
            self._last.clear()

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK + len(self._last)

    def __iter__(self) -> Iterator[str]:
        for block in self._blocks:
            yield from block.split("\0")
        yield from self._last


_BLOCK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Units that must do the same."""

    duty: Duty  # of each of them; its unit is left empty
    units: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What each acting unit must do, by recipient lines. Each is made while they are gone through."""

    alike: tuple[Alike, ...]

    def __len__(self) -> int:
        return sum(len(each.units) for each in self.alike)

    def __iter__(self) -> Iterator[Duty]:
        return (replace(each.duty, unit=code) for each in self.alike for code in each.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A recipient line, or a conference's tier, that a person must settle before the plan can be issued."""

    text: str
    line: int | None
    why: str
    candidates: tuple[str, ...] = ()  # "CODE name (score)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Whom a plan addresses."""

    duties: Duties  # one per acting unit
    informed: tuple[str, ...]  # codes of units that get a copy
    unclear: tuple[Unclear, ...]


def address(connection: Connection, plan: Plan, *, issuer: str, on: date) -> Addressed:
    """Resolve the plan's recipients in the directory and give each acting unit its duty. Raises NotFound for an unknown code."""
    named = _Named(connection, issuer, on)
    lines = _lines(named, plan)
    conferences = _conferences(named, plan, lines)
    deadlines = _deadlines(named, plan, unknown=[canonical(line.recipient.text) for line in lines if not line.sources])
    classes = named.classes()
    acting = _by_line(classes, lines, ACTING)
    informed = _by_line([each for each in classes if each not in acting], lines, INFORMED)
    held, unclear = _held(classes, acting, conferences)
    by_issuer = {conference.id for conference in plan.conferences if conference.held_by == "issuer"}
    general = max((due for due, sources in deadlines if not sources), key=_instant, default=None)
    particular = _Mentions([sources for _, sources in deadlines])

    def duty(each: Class, line: _Line) -> Duty:
        dues = [general, _conference_due(held.get(each)), *(deadlines[place][0] for place in particular.of(each))]
        place = min(line.sources & set(each))
        return replace(_duty(line.recipient, held.get(each), by_issuer, [due for due in dues if due]), place=place)

    return Addressed(
        duties=Duties(alike=tuple(Alike(duty=duty(each, line), units=classes[each]) for each, line in acting.items())),
        informed=tuple(code for each in informed for code in classes[each]),
        unclear=(*_unclear(lines), *unclear),
    )


# -- what the plan's words name ----------------------------------------------------------------------------------------

_MANY = re.compile(r"(?:cac|moi|toan the|nhung|tung|co quan|don vi|thu truong|dia phuong)\b")
Sources: TypeAlias = frozenset[int]  # numbers of units and groups that some words name
Class: TypeAlias = tuple[int, ...]  # the sources to which some units belong, all of them; ascending


class _Named:
    """The units and groups that a plan names, each with a number."""

    def __init__(self, connection: Connection, issuer: str, on: date) -> None:
        self._connection = connection
        self._issuer = issuer
        self._on = on
        self._index = Lookup(connection, issuer, on)
        self._units: dict[str, int] = {}
        self._groups: dict[str, tuple[int, Group]] = {}

    def meaning(self, phrase: str) -> Meaning:
        """What a phrase names to the issuer."""
        return meaning(self._index, phrase)

    def sources(self, entries: Iterable[Unit | Group]) -> Sources:
        """The numbers of units and groups."""
        return frozenset(self._group(each) if isinstance(each, Group) else self._unit(each.code) for each in entries)

    def line(self, recipient: Recipient, meant: Meaning) -> Sources:
        """The numbers of what a person wrote beside a line, or of what its words name."""
        if recipient.units:
            return self.sources(directory.get(self._connection, code) for code in recipient.units)
        if not recipient.group:
            return self.sources(meant.entries)
        group = directory.get_group(self._connection, recipient.group)
        return frozenset() if self._index.is_empty(group) else self.sources([group])

    def classes(self) -> dict[Class, Codes]:
        """All units that are named, but for the issuer: those that are named by the same words together, in order."""
        streams: list[Iterable[tuple[str, int]]] = [sorted(self._units.items())]
        for number, group in self._groups.values():
            codes = membership.codes(self._connection, group, relative_to=self._issuer, on=self._on)
            streams.append(zip(codes, repeat(number)))
        found: dict[Class, Codes] = defaultdict(Codes)
        for code, named in groupby(heapq.merge(*streams), key=itemgetter(0)):
            if code != self._issuer:
                found[tuple(number for _, number in named)].add(code)
        return {each: self._in_order(units) for each, units in found.items()}

    def _in_order(self, units: Codes) -> Codes:
        """By name where they are few; to bring many into the alphabet's order costs more than all else, so they stay by code."""
        if not 1 < len(units) <= FEW:
            return units
        ordered = Codes()
        for unit in directory.with_codes(self._connection, list(units)):
            ordered.add(unit.code)
        return ordered

    def _unit(self, code: str) -> int:
        return self._units.setdefault(code, len(self._units) + len(self._groups))

    def _group(self, group: Group) -> int:
        return self._groups.setdefault(group.code, (len(self._units) + len(self._groups), group))[0]


class _Mentions:
    """Which of several sets of sources units of a class belong to."""

    def __init__(self, sets: Iterable[Sources]) -> None:
        self._places: dict[int, list[int]] = defaultdict(list)  # by source
        for place, sources in enumerate(sets):
            for source in sources:
                self._places[source].append(place)

    def of(self, units: Class) -> list[int]:
        """The places of those sets, ascending."""
        return sorted({place for source in units for place in self._places.get(source, ())})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A recipient line."""

    recipient: Recipient
    meaning: Meaning
    sources: Sources


def _lines(named: _Named, plan: Plan) -> list[_Line]:
    found = [(line, named.meaning(line.text)) for line in plan.recipients if not line.as_above]
    return [_Line(recipient=line, meaning=meant, sources=named.line(line, meant)) for line, meant in found]


def _by_line(classes: Iterable[Class], lines: Sequence[_Line], purposes: Sequence[str]) -> dict[Class, _Line]:
    """The line by which each class has one of the purposes, the first purpose and the first line coming first."""
    mentions = _Mentions([line.sources for line in lines])
    found: list[tuple[int, int, Class]] = []
    for each in classes:
        fitting = [(purposes.index(p), place) for place in mentions.of(each) if (p := lines[place].recipient.purpose) in purposes]
        if fitting:
            found.append((*min(fitting), each))
    return {each: lines[place] for _, place, each in sorted(found)}


def _unclear(lines: Iterable[_Line]) -> Iterable[Unclear]:
    for line in lines:
        recipient, found = line.recipient, line.meaning
        if recipient.purpose is None:
            yield Unclear(text=recipient.text, line=recipient.line, why="no purpose: does it act, or is it only informed?")
        elif recipient.purpose in ACTING and not line.sources and found.how != "persons":
            why = {
                "ambiguous": "several units or groups have this name",
                "empty_group": "this group has no members",
                "ended": "the unit of this name has ended; what took its place is near",
            }.get(found.how, "no unit or group has this name")
            if found.unknown:
                why = f"{why.replace('this name', 'the name')} {' or '.join(repr(part) for part in found.unknown)}"
            candidates = tuple(f"{entry.code} {entry.name} ({score:.0f})" for entry, score in found.candidates)
            yield Unclear(text=recipient.text, line=recipient.line, why=why, candidates=candidates)


# -- conferences -------------------------------------------------------------------------------------------------------


def _conferences(named: _Named, plan: Plan, lines: Sequence[_Line]) -> list[tuple[Conference, Sources]]:
    """The conferences that recipients hold, with whom their tiers name."""
    own = [conference for conference in plan.conferences if conference.held_by == "recipients"]
    found = [(conference, named.sources(named.meaning(conference.tier or "").entries)) for conference in own]
    return [(conference, sources or _by_words(lines, conference.tier)) for conference, sources in found]


def _by_words(lines: Sequence[_Line], tier: str | None) -> Sources:
    """The sources of the recipient lines whose words contain the tier's."""
    words = canonical(tier or "")
    fitting = [each for each in lines if each.recipient.purpose in ACTING and words and words in canonical(each.recipient.text)]
    return frozenset(source for each in fitting for source in each.sources)


def _held(
    classes: Mapping[Class, Codes], acting: Mapping[Class, _Line], conferences: Sequence[tuple[Conference, Sources]]
) -> tuple[dict[Class, Conference], list[Unclear]]:
    """Which conference each acting class must hold; the smallest tier that names a unit is the one meant for it."""
    mentions = _Mentions([sources for _, sources in conferences])
    sizes = Counter[int]()
    of: dict[Class, list[int]] = {}
    for each, units in classes.items():
        of[each] = mentions.of(each)
        sizes.update(dict.fromkeys(of[each], len(units)))
    named = {place for each in acting for place in of[each]}
    unclear = [
        Unclear(
            text=conference.tier or "",
            line=conference.line,
            why=f"conference {conference.id}: no acting unit belongs to this tier",
        )
        for place, (conference, _) in enumerate(conferences)
        if place not in named
    ]
    held = {each: conferences[min(of[each], key=lambda place: (sizes[place], -place))][0] for each in acting if of[each]}
    return held, unclear


# -- due dates ---------------------------------------------------------------------------------------------------------


def _deadlines(named: _Named, plan: Plan, unknown: Sequence[str]) -> list[tuple[Due, Sources]]:
    """The dues with whom they concern; no sources: everyone. Words that name no unit concern everyone, unless they are those of a
    body to which the plan goes and that nobody knows (``unknown``): what it must do is nobody else's duty.
    """
    dated: list[tuple[Due, Sequence[str]]] = []
    for deadline in plan.deadlines:
        if deadline.due_date:
            due = calendar.due_on(deadline.due_date, clock=deadline.due_time, phrase=deadline.phrase, rule="one_off")
            dated.append((due, deadline.who))
    for task in plan.tasks:
        if task.due_date and task.unit:
            dated.append((calendar.due_on(task.due_date, phrase=f"{task.heading} {task.unit}", rule="task"), (task.unit,)))
    found = {who: named.meaning(who).entries for who in sorted({who for _, whose in dated for who in whose})}
    resolved = [(due, whose, named.sources(entry for who in whose for entry in found[who])) for due, whose in dated]
    return [(due, sources) for due, whose, sources in resolved if sources or not any(_is_one_of(who, unknown) for who in whose)]


def _is_one_of(who: str, bodies: Sequence[str]) -> bool:
    """Whether the words name one of these bodies, not all units at once ("các cơ quan, đơn vị")."""
    name = canonical(who)
    return not _MANY.match(name) and any(re.search(rf"\b{re.escape(name)}\b", body) for body in bodies)


def _duty(recipient: Recipient, conference: Conference | None, by_issuer: set[str], dues: Sequence[Due]) -> Duty:
    """What each unit of a class must do; the latest of its dues counts. Only who acts holds a conference and has a due date."""
    acts = recipient.purpose == "act"
    after = conference.after if acts and conference and conference.after in by_issuer else None
    return Duty(
        unit="",
        purpose=recipient.purpose or "act",
        line=recipient.line,
        conference=conference.id if acts and conference else None,
        after=f"conference:{after}" if after else None,
        due=max(dues, key=_instant, default=None) if acts else None,
    )


def _conference_due(conference: Conference | None) -> Due | None:
    if conference is None or conference.due_date is None:
        return None
    return calendar.due_on(conference.due_date, phrase=conference.title or f"conference {conference.id}", rule="conference")


def _instant(due: Due) -> int:
    return to_micros(due.due_at) if due.due_at else 0
