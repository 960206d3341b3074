"""History and replay in an auditor's words. It only reads, and trusts no operator: everything is computed from the events."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy.engine import Connection

from engine import events, replay, store
from engine.database import Database
from engine.errors import Divergence
from engine.events import Event
from engine.instance import Instance
from engine.replay import Verification
from engine.store import Where
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


def history(connection: Connection, plan: str, *, unit: str | None = None, below: bool = True) -> list[Entry]:
    """The events of a plan, or of a unit's part of it, in the order in which they were recorded.

    Those of one instance stay in their sequence, also where the clock was set back between two of them.
    """
    registered = register.find(connection, plan)
    top = top_of(connection, registered, unit)
    where = Where(below=top.path) if below else Where(case_id=top.case_id, assignee=top.assignee, key=top.key)
    concerned = {each.id: each for each in store.select(connection, where)}
    names = unit_names(connection, {each.assignee for each in concerned.values()})
    kind_of = kinds(connection)
    entries: list[tuple[int, Entry]] = []
    latest = 0
    for id, seq, recorded_at, body, hash in store.history(connection, where):
        latest = recorded_at if seq == 1 else max(latest, recorded_at)
        instance = concerned[id]
        entry = Entry(
            event=events.event(id, seq, body),
            hash=hash.hex(),
            assignee=instance.assignee,
            key=instance.key,
            name=names.get(instance.assignee, instance.assignee),
            kind=kind_of[instance.definition_id],
        )
        entries.append((latest, entry))
    return [entry for _, entry in sorted(entries, key=itemgetter(0))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What replaying found."""

    plan: Registered | None  # None: everything was replayed
    verification: Verification


def verify(database: Database, plan: str | None = None, *, progress: Callable[[int], None] = lambda _events: None) -> Replayed:
    """Replay everything, or one plan and what is below it, and compare it with the live state; the connection cannot write."""
    with database.read() as connection:
        registered = register.find(connection, plan) if plan is not None else None
        where = Where(below=store.get(connection, registered.id).path) if registered else store.EVERYTHING
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


def states(connection: Connection, plan: str | None, *, until: int) -> list[Instance]:
    """Every instance of a plan and below it, or of all plans, as it was recorded at an instant (microseconds UTC)."""
    where = store.EVERYTHING
    if plan is not None:
        where = Where(below=store.get(connection, register.find(connection, plan).id).path)
    return list(replay.states(connection, where, until=until))


def kinds(connection: Connection) -> dict[int, str]:
    """The name of each stored definition, by its id."""
    return {row.id: row.name for row in store.definitions(connection)}
