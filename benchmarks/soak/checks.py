"""What must hold when all is quiet, computed from the histories, the journals and the mail that came. Each says what is wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from benchmarks.soak import reading
from engine import events, outbox, store
from engine.database import Database
from engine.instance import Instance
from engine.where import EVERYTHING, Where
from workflows import audit, register
from workflows.installation import open_installation
from workflows.issuing import LETTER
from workflows.tables import message

MARK = "k."  # begins every key of a client


class Outage(NamedTuple):
    """When the server was away, by the machine's monotonic clock, seconds."""

    begun: float
    ended: float


@dataclass(slots=True)
class History:
    """What the events say that concerns the clients."""

    marks: dict[tuple[int, int], str] = field(default_factory=dict)  # (instance, seq) -> the key of the command that made it
    times: Counter[tuple[str, int]] = field(default_factory=Counter)  # (key, instance) -> how many events
    notices: Counter[tuple[int, str]] = field(default_factory=Counter)  # (instance, notice) -> how many letters are owed
    owing: set[str] = field(default_factory=lambda: {LETTER})  # the notices that moves owe; others come by the calendar
    events: int = 0


def everything(
    database: Database, told: Iterable[Mapping[str, Any]], mail: Mapping[str, Counter[str]], outages: Sequence[Outage]
) -> Iterator[str]:
    """What is wrong; nothing is, when it yields nothing. ``told``: the lines of all journals, as often as asked."""
    found = audit.verify(database).verification.divergence
    if found is not None:
        yield f"Replay: {found}"
    moved = open_installation(database).runtime.settle_all(datetime.now(UTC))
    if moved:
        yield f"{moved} parents had to be moved when all was quiet."
    with database.read() as connection:
        history = _read(connection)
        checks: Iterable[Callable[[], Iterator[str]]] = (
            partial(_tallies, connection),
            partial(_acknowledged, connection, history, told),
            partial(_never_twice, history),
            partial(_refused, history, told),
            partial(_permitted, told, outages),
            partial(_parents, connection),
            partial(_letters, connection, history, mail),
        )
        for check in checks:
            yield from check()


def _read(connection: Connection) -> History:
    history = History()
    kinds = {row.id: store.definition(connection, row.id) for row in store.definitions(connection)}
    history.owing |= {move.notice for kind in kinds.values() for move in kind.transitions.values() if move.notice}
    kind_of = {row[0]: (kinds[row[4]], row[6]) for row in store.rows(connection, EVERYTHING)}
    for id, seq, _, body, _ in store.history(connection, EVERYTHING):
        data = events.decode(body)["data"]
        history.events += 1
        definition, key = kind_of[id]
        if seq == 1:
            if definition.name == "recipient" and key == "":
                history.notices[id, LETTER] += 1
            continue
        notice = definition.transitions[data["trigger"], data["from"]].notice
        if notice:
            history.notices[id, notice] += 1
        mark = data.get("note") or data.get("reason") or ""
        if mark.startswith(MARK):
            history.marks[id, seq] = mark
            history.times[mark, id] += 1
    return history


def _tallies(connection: Connection) -> Iterator[str]:
    try:
        reading.compare_tallies(connection)
    except reading.Wrong as wrong:
        yield f"Roll-up: {wrong}"


def _acknowledged(connection: Connection, history: History, told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every operation that was answered has had its effect."""
    for line in told:
        key = line.get("done")
        if key is None:
            continue
        for id, seq in line.get("events", ()):
            if history.marks.get((id, seq)) != key:
                yield f"{key} was acknowledged as event {id}/{seq}, which is {history.marks.get((id, seq), 'missing')}."
        for id in (*line.get("moved", ()), *([line["repeated"]] if "repeated" in line else ())):
            if not history.times[key, id]:
                yield f"{key} was acknowledged for {id}, which has no such event."
        if "units" in line and store.get(connection, line["plan"]).standing != "out":  # else it went to nobody who had it not yet
            there = {each.assignee for each in store.select(connection, Where(case_id=line["plan"], kind="recipient"))}
            for unit in set(line["units"]) - there:
                yield f"{key} was acknowledged for {unit}, which has no instance under plan {line['plan']}."


def _never_twice(history: History) -> Iterator[str]:
    """No command has had its effect twice, acknowledged or not."""
    yield from (f"{key} moved {id} {n} times." for (key, id), n in history.times.items() if n > 1)


def _refused(history: History, told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What was refused has left nothing behind; only where the database went away meanwhile nobody can know."""
    moved = {key for key, _ in history.times}
    for line in told:
        if line.get("refused") in moved:
            yield f"{line['refused']} was refused ({line['error']}), but was done."


def _permitted(told: Iterable[Mapping[str, Any]], outages: Sequence[Outage]) -> Iterator[str]:
    """Nothing was answered that may not be; the database was away only when it was."""
    for line in told:
        if "fault" in line:
            yield f"{line['fault']} ended with:\n{line['error']}"
        if "away" in line and not any(outage.begun <= line["at"] <= outage.ended for outage in outages):
            yield f"{line['away']} found no database while there was one: {line['error']}"


def _parents(connection: Connection) -> Iterator[str]:
    """Each plan stands where its units demand, counted the slow way; no number was given twice."""
    kinds = audit.kinds(connection)
    below: dict[int, list[Instance]] = {}
    plans: list[Instance] = []
    for each in store.select(connection, EVERYTHING):
        if kinds[each.definition_id] == "plan":
            plans.append(each)
        elif kinds[each.definition_id] == "recipient" and each.standing != "out" and each.parent_id is not None:
            below.setdefault(each.parent_id, []).append(each)
    for plan in plans:
        if plan.standing in ("paused", "out") or plan.id not in below:
            continue
        least = min(each.rank for each in below[plan.id])
        if (plan.state == "reported") != (least == 3) or (plan.state == "issued" and least > 0):
            yield f"Plan {plan.id} stands at '{plan.state}', but the least advanced of its units at step {least}."
    numbers = Counter(each.number for each in register.all_plans(connection))
    yield from (f"{number} was issued {n} times." for number, n in numbers.items() if n > 1)
    for id in {each.id for each in plans} - {each.id for each in register.all_plans(connection)}:
        yield f"Plan {id} is not in the register."


def _letters(connection: Connection, history: History, mail: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Every notice that a move owes is a letter, was sent at least once, and always in the bytes that are kept."""
    for entry in outbox.pending(connection):
        yield f"Job {entry.id} is {entry.state}: {entry.error}"
    columns = (message.c.message_id, message.c.instance_id, message.c.notice, message.c.state, message.c.content, message.c.error)
    letters: Counter[tuple[int, str]] = Counter()
    known = set()
    for row in connection.execute(sa.select(*columns)):
        known.add(row.message_id)
        letters[row.instance_id, row.notice] += row.notice in history.owing
        came = mail.get(row.message_id, Counter())
        if row.state == "no_address":
            continue
        if row.state != "sent":
            yield f"Letter {row.message_id} is {row.state}: {row.error}"
        elif list(came) != [hashlib.sha256(row.content).hexdigest()]:
            yield f"Letter {row.message_id} was sent, and came {len(came)} times in different bytes."
    for (id, notice), n in (history.notices - letters).items():
        yield f"Instance {id} lacks {n} letters '{notice}'."
    for (id, notice), n in (letters - history.notices).items():
        yield f"Instance {id} has {n} letters '{notice}' too many."
    yield from (f"A letter came that nobody wrote: {name}" for name in mail.keys() - known)
