"""Works out whom a plan addresses and what each unit must do by when, from its words and the directory. It writes nothing.

Acting units are those of recipient lines "to carry out" and "to co-ordinate". A unit holds the conference whose tier names
it; its due date is the latest of the deadlines that concern it, with the phrase it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from engine.clock import to_micros
from workflows import calendar, directory
from workflows.calendar import Due
from workflows.names import canonical
from workflows.plans import Conference, Plan, Recipient
from workflows.resolve import Resolution, resolve_all

ACTING = ("act", "coordinate")
INFORMED = ("report", "inform")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What one unit must do under a plan."""

    unit: str  # code
    purpose: str  # "act" or "coordinate"
    line: int | None  # of the recipient line that names it
    conference: str | None = None  # id of the conference that it must hold
    after: str | None = None  # key of the conference that must be held before
    due: Due | None = None

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

    duties: tuple[Duty, ...]  # one per acting unit
    informed: tuple[str, ...]  # codes of units that get a copy
    unclear: tuple[Unclear, ...]
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # recipient text -> unit codes


def address(connection: Connection, plan: Plan, *, issuer: str, on: date) -> Addressed:
    """Resolve the plan's recipients in the directory and give each acting unit its duty. Raises NotFound for an unknown code."""
    lines = [recipient for recipient in plan.recipients if not recipient.as_above]
    resolved = {
        recipient: _resolved(connection, recipient, found, issuer, on)
        for recipient, found in zip(lines, resolve_all(connection, [r.text for r in lines], issuer=issuer, on=on), strict=True)
    }
    acting: dict[str, Recipient] = {}
    for purpose in ACTING:  # a unit that acts anywhere acts, whatever else it is named for
        for recipient, (codes, _) in resolved.items():
            if recipient.purpose == purpose:
                acting.update((code, recipient) for code in codes if code not in acting and code != issuer)
    conferences, unclear = _conferences(connection, plan, set(acting), issuer, on)
    duties = _duties(connection, plan, acting, conferences, issuer, on)
    informed = [code for r, (codes, _) in resolved.items() if r.purpose in INFORMED for code in codes]
    return Addressed(
        duties=tuple(duties),
        informed=tuple(code for code in dict.fromkeys(informed) if code not in acting and code != issuer),
        unclear=(*_unclear(resolved), *unclear),
        lines={recipient.text: codes for recipient, (codes, _) in resolved.items()},
    )


def _resolved(
    connection: Connection, recipient: Recipient, found: Resolution, issuer: str, on: date
) -> tuple[tuple[str, ...], Resolution]:
    """The units of a line: those a person wrote beside it, or those its words name."""
    if recipient.units:
        return tuple(directory.get(connection, code).code for code in recipient.units), found
    if recipient.group:
        return tuple(unit.code for unit in directory.members(connection, recipient.group, relative_to=issuer, on=on)), found
    return tuple(unit.code for unit in found.units), found


def _unclear(resolved: Mapping[Recipient, tuple[tuple[str, ...], Resolution]]) -> Iterable[Unclear]:
    for recipient, (codes, found) in resolved.items():
        if recipient.purpose is None:
            yield Unclear(text=recipient.text, line=recipient.line, why="no purpose: does it act, or is it only informed?")
        elif recipient.purpose in ACTING and not codes and found.how != "persons":
            why = {
                "ambiguous": "several units or groups have this name",
                "empty_group": "this group has no members",
            }.get(found.how, "no unit or group has this name")
            candidates = tuple(f"{entry.code} {entry.name} ({score:.0f})" for entry, score in found.candidates)
            yield Unclear(text=recipient.text, line=recipient.line, why=why, candidates=candidates)


def _conferences(
    connection: Connection, plan: Plan, acting: set[str], issuer: str, on: date
) -> tuple[dict[str, Conference], list[Unclear]]:
    """Which conference each acting unit must hold; the smallest tier that names a unit is the one meant for it."""
    own = [conference for conference in plan.conferences if conference.held_by == "recipients"]
    tiers = resolve_all(connection, [conference.tier or "" for conference in own], issuer=issuer, on=on)
    unclear: list[Unclear] = []
    named: list[tuple[int, Conference, set[str]]] = []
    for conference, found in zip(own, tiers, strict=True):
        units = {unit.code for unit in found.units} or _by_words(connection, plan, conference.tier, issuer, on)
        if not units & acting:
            why = f"conference {conference.id}: no acting unit belongs to this tier"
            unclear.append(Unclear(text=conference.tier or "", line=conference.line, why=why))
        named.append((len(units), conference, units))
    held: dict[str, Conference] = {}
    for _, conference, units in sorted(named, key=lambda each: -each[0]):
        held.update(dict.fromkeys(units & acting, conference))
    return held, unclear


def _by_words(connection: Connection, plan: Plan, tier: str | None, issuer: str, on: date) -> set[str]:
    """The units of the recipient lines whose words contain the tier's."""
    words = canonical(tier or "")
    lines = [r for r in plan.recipients if r.purpose in ACTING and words and words in canonical(r.text)]
    found = resolve_all(connection, [line.text for line in lines], issuer=issuer, on=on)
    return {code for line, each in zip(lines, found, strict=True) for code in _resolved(connection, line, each, issuer, on)[0]}


def _duties(
    connection: Connection,
    plan: Plan,
    acting: Mapping[str, Recipient],
    conferences: Mapping[str, Conference],
    issuer: str,
    on: date,
) -> Iterable[Duty]:
    by_issuer = {conference.id for conference in plan.conferences if conference.held_by == "issuer"}
    general, particular = _deadlines(connection, plan, issuer, on)
    latest = max(general, key=_instant, default=None)
    for code, recipient in acting.items():
        conference = conferences.get(code) if recipient.purpose == "act" else None
        dues = [due for due in (latest, _conference_due(conference), *particular.get(code, ())) if due]
        yield Duty(
            unit=code,
            purpose=recipient.purpose or "act",
            line=recipient.line,
            conference=conference.id if conference else None,
            after=f"conference:{conference.after}" if conference and conference.after in by_issuer else None,
            due=max(dues, key=_instant, default=None) if recipient.purpose == "act" else None,
        )


def _deadlines(connection: Connection, plan: Plan, issuer: str, on: date) -> tuple[list[Due], dict[str, list[Due]]]:
    """The dues that concern everyone, and those of single units. Words that name no unit concern everyone."""
    dated: list[tuple[Due, Sequence[str]]] = []
    for deadline in plan.deadlines:
        if deadline.due_date:
            due = calendar.due_on(deadline.due_date, clock=deadline.due_time, phrase=deadline.phrase, rule="one_off")
            dated.append((due, deadline.who))
    for task in plan.tasks:
        if task.due_date and task.unit:
            dated.append((calendar.due_on(task.due_date, phrase=f"{task.heading} {task.unit}", rule="task"), (task.unit,)))
    phrases = sorted({who for _, whose in dated for who in whose})
    found = dict(zip(phrases, resolve_all(connection, phrases, issuer=issuer, on=on), strict=True))
    general: list[Due] = []
    particular: dict[str, list[Due]] = {}
    for due, whose in dated:
        units = {unit.code for who in whose for unit in found[who].units}
        if not units:
            general.append(due)
        for code in units:
            particular.setdefault(code, []).append(due)
    return general, particular


def _conference_due(conference: Conference | None) -> Due | None:
    if conference is None or conference.due_date is None:
        return None
    return calendar.due_on(conference.due_date, phrase=conference.title or f"conference {conference.id}", rule="conference")


def _instant(due: Due) -> int:
    return to_micros(due.due_at) if due.due_at else 0
