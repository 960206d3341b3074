"""History and replay in an auditor's words. It only reads, and trusts no operator: everything is computed from the events."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from operator import itemgetter

from sqlalchemy.engine import Connection

from engine import events, replay, store
from engine.database import Database
from engine.errors import Divergence
from engine.events import Event
from engine.instance import Instance
from engine.replay import Verification
from engine.store import StoredEvent
from engine.where import EVERYTHING, Where
from workflows import register
from workflows.plans import Plan
from workflows.register import Registered
from workflows.status import top_of, unit_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event, with whom it concerns."""

    event: Event
    hash: str  # hexadecimal
    assignee: str  # unit code
    key: str
    name: str  # of the unit
    kind: str  # name of the definition


def history(
    connection: Connection, plan: str, *, unit: str | None = None, below: bool = True, limit: int | None = None
) -> list[Entry]:
    """The events of a plan, or of a unit's part of it, in the order in which they were recorded, of more only the first.

    Those of one instance stay in their sequence, also where the clock was set back between two of them.
    """
    rows = _by_moment(store.history(connection, _concerned(connection, plan, unit, below)))
    first = sorted(rows, key=itemgetter(0)) if limit is None else nsmallest(limit, rows, key=itemgetter(0))
    ids = {id for _, (id, *_) in first}
    concerned = {each.id: each for each in store.select(connection, Where(ids=tuple(ids)))}
    names = unit_names(connection, {each.assignee for each in concerned.values()})
    kind_of = kinds(connection)
    return [
        Entry(
            event=events.event(id, seq, body),
            hash=hash.hex(),
            assignee=concerned[id].assignee,
            key=concerned[id].key,
            name=names.get(concerned[id].assignee, concerned[id].assignee),
            kind=kind_of[concerned[id].definition_id],
        )
        for _, (id, seq, _, body, hash) in first
    ]


def length(connection: Connection, plan: str, *, unit: str | None = None) -> int:
    """How many events a plan has, or a unit's part of it."""
    return store.events_of(connection, _concerned(connection, plan, unit, below=True))


def _concerned(connection: Connection, plan: str, unit: str | None, below: bool) -> Where:
    top = top_of(connection, register.find(connection, plan), unit)
    return Where(below=top.path) if below else Where(case_id=top.case_id, assignee=top.assignee, key=top.key)


def _by_moment(rows: Iterable[StoredEvent]) -> Iterator[tuple[int, StoredEvent]]:
    """Events with the moment at which they stand in a list: never before the one before them in their instance."""
    latest = 0
    for row in rows:
        latest = row[2] if row[1] == 1 else max(latest, row[2])
        yield latest, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What replaying found."""

    plan: Registered | None  # None: everything was replayed
    verification: Verification


def verify(database: Database, plan: str | None = None, *, progress: Callable[[int], None] = lambda _events: None) -> Replayed:
    """Replay everything, or one plan and what is below it, and compare it with the live state; the connection cannot write."""
    with database.read() as connection:
        registered = register.find(connection, plan) if plan is not None else None
        where = Where(below=store.get(connection, registered.id).path) if registered else EVERYTHING
        verification = replay.verify(connection, where, progress=progress)
        if verification.divergence is None:
            try:
                _require_register(connection, where)
            except Divergence as error:
                verification = dataclasses.replace(verification, divergence=error)
        return Replayed(plan=registered, verification=verification)


def _require_register(connection: Connection, where: Where) -> None:
    """Compare the register with the first events, which hold each plan's number, date and digest; raises Divergence."""
    bodies = register.bodies(connection)
    for instance in store.select(connection, where._replace(kind="plan")):
        started = events.decode(store.first_bodies(connection, [instance.id])[instance.id])["data"]
        if "digest" not in started:
            continue  # started without a document
        entered = bodies.get(instance.id)
        if entered is None:
            raise Divergence(f"Plan {instance.id} ({started['number']}) is missing from the register.", instance=instance.id)
        row, text = entered
        kept = (row.number, row.date.isoformat(), row.digest, row.issuer, row.title, _digest(text))
        made = (started["number"], started["date"], started["digest"], instance.assignee, _title(text), started["digest"])
        names = ("number", "date", "digest", "issuer", "title", "text")
        altered = [name for name, one, other in zip(names, kept, made, strict=True) if one != other]
        if altered:
            raise Divergence(
                f"The register's entry of plan {instance.id} ({started['number']}) was altered: {', '.join(altered)}.",
                instance=instance.id,
            )


def _digest(text: str) -> str | None:
    """The digest of a plan's stored text; None when it cannot be read."""
    try:
        return Plan.from_json(json.loads(text)).digest()
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _title(text: str) -> str:
    try:
        return str(json.loads(text).get("title") or "")
    except (ValueError, AttributeError):
        return ""


def require_root(verification: Verification, expected: str) -> None:
    """Raise Divergence unless the root is the one that was kept outside: a shortened or rewritten history shows only there."""
    if verification.root != expected.lower():
        raise Divergence(
            f"The root over all histories is {verification.root}, not {expected}: the history is not the one that was sealed.",
            remedy="It has grown since, or it was shortened or rewritten; compare with the copy made when it was sealed.",
        )


def states(connection: Connection, plan: str | None, *, until: int, limit: int | None = None) -> tuple[list[Instance], int]:
    """The instances of a plan and below it, or of all plans, as they were recorded at an instant (microseconds UTC).

    The oldest ``limit`` of them, and how many there were in all.
    """
    where = EVERYTHING
    if plan is not None:
        where = Where(below=store.get(connection, register.find(connection, plan).id).path)
    found = replay.states(connection, where, until=until)
    first = list(islice(found, limit))
    return first, len(first) + sum(1 for _ in found)


def kinds(connection: Connection) -> dict[int, str]:
    """The name of each stored definition, by its id."""
    return {row.id: row.name for row in store.definitions(connection)}
