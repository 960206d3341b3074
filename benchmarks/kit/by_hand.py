"""The same rows written by hand: the standard library's sqlite3, a loop each, no layer between. What ours is compared with.

The tables, indexes and triggers are those that the migrations made, the settings and transactions those of ours. It checks no
definition and no grant; the guarded move asks what its guards ask.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

import orjson
import sqlalchemy as sa

from benchmarks.kit.scene import ACTOR, LETTER, Unit
from engine.clock import to_text

_INSTANCE = "INSERT INTO pc_instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EVENT = "INSERT INTO pc_event VALUES (?, ?, ?, ?, ?)"
_MOVE = "UPDATE pc_instance SET state = ?, rank = ?, trail = ?, revision = ?, head = ? WHERE id = ? AND revision = ?"
_TALLY = (
    "INSERT INTO pc_tally VALUES (1, 'recipient', 1, ?, ?, 'open', ?, 0, ?)"
    " ON CONFLICT (node_id, kind, near, state, rank, standing, due_at, slot) DO UPDATE SET n = n + excluded.n"
)
CHUNK = 10_000  # units that are held at a time
_Found: TypeAlias = tuple[int, int, bytes, int]  # id, revision, head, due_at


class Step(NamedTuple):
    """A move, known beforehand."""

    trigger: str
    before: str
    after: str
    rank: int  # after it
    trail: str  # after it


DISSEMINATE = Step("disseminate", "issued", "disseminated", 1, "issued")
HOLD = Step("hold_conference", "disseminated", "conference_held", 2, "issued/disseminated")


def connect(url: str) -> sqlite3.Connection:
    """The file, with the settings that ours has."""
    db = sqlite3.connect(str(sa.make_url(url).database), isolation_level=None)
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA synchronous=FULL")
    return db


def issue(db: sqlite3.Connection, units: Iterable[Unit], definitions: Mapping[str, tuple[int, str, str]], now: int) -> None:
    """A plan of CITY, one instance per unit, and the letter. ``definitions``: name -> (version, digest, source)."""
    db.execute("BEGIN IMMEDIATE")
    for name in ("plan", "recipient"):
        db.execute("INSERT INTO pc_definition (name, version, digest, source) VALUES (?, ?, ?, ?)", (name, *definitions[name]))
    moment = to_text(now)
    plan, recipient = ({"name": n, "version": definitions[n][0], "digest": definitions[n][1]} for n in ("plan", "recipient"))
    body, head = started(1, plan, Unit("CITY", None, {}), "1.", None, moment)
    db.execute(_INSTANCE, (1, None, 1, "1.", 1, "CITY", "", "issued", 0, "", "open", None, None, 1, head))
    db.execute(_EVENT, (1, 1, now, body, head))
    dues, id = Counter[int | None](), 1
    for chunk in batched(units, CHUNK):
        instances, events = [], []
        for unit in chunk:
            id += 1
            path, due_at = f"1.{id}.", unit.due_at
            body, head = started(id, recipient, unit, path, None if due_at is None else to_text(due_at), moment)
            instances.append((id, 1, 1, path, 2, unit.code, "", "issued", 0, "", "open", due_at, None, 1, head))
            events.append((id, 1, now, body, head))
            dues[due_at] += 1
        db.executemany(_INSTANCE, instances)
        db.executemany(_EVENT, events)
    db.executemany(_TALLY, [("issued", 0, due_at, n) for due_at, n in dues.items()])
    db.execute("INSERT INTO pc_outbox (topic, payload, recorded_at) VALUES ('notice', ?, ?)", (letter(id), now))
    db.execute("COMMIT")


def started(id: int, definition: Mapping[str, Any], unit: Unit, path: str, due: str | None, moment: str) -> tuple[str, bytes]:
    """The body and the hash of a first event."""
    data = {**unit.data, "definition": definition, "path": path, "case": 1, "assignee": unit.code, "key": "", "due": due}
    body = _json({"actor": ACTOR, "at": moment, "cause": None, "data": data, "recorded": moment, "type": "started", "v": 1})
    return body.decode(), sha256(sha256(b"plan-cascade instance %d" % id).digest() + body).digest()


def letter(last: int) -> str:
    """The letter to all units of the plan, as it waits in the outbox."""
    return _json({"notice": LETTER, "plan": 1, "instances": [2, last]}).decode()


def batched(items: Iterable[Unit], size: int) -> Iterator[list[Unit]]:
    """The items in lists of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def move(db: sqlite3.Connection, code: str, step: Step, now: int) -> None:
    """One unit's move, in a transaction of its own."""
    db.execute("BEGIN IMMEDIATE")
    sql = "SELECT id, revision, head, due_at FROM pc_instance WHERE case_id = 1 AND assignee = ? AND key = '' AND state = ?"
    _move(db, db.execute(sql, (code, step.before)).fetchall(), step, now)
    db.execute("COMMIT")


def move_all(db: sqlite3.Connection, n: int, step: Step, now: int) -> None:
    """The move of ``n`` units in one transaction."""
    db.execute("BEGIN IMMEDIATE")
    sql = "SELECT id, revision, head, due_at FROM pc_instance WHERE parent_id = 1 AND state = ? ORDER BY id LIMIT ?"
    _move(db, db.execute(sql, (step.before, n)).fetchall(), step, now)
    db.execute("COMMIT")


def move_all_guarded(db: sqlite3.Connection, n: int, step: Step, now: int) -> None:
    """As move_all; each unit is asked whether it has a conference, and whether the one before has been held."""
    db.execute("BEGIN IMMEDIATE")
    sql = (
        "SELECT i.id, revision, head, due_at, body FROM pc_instance i JOIN pc_event e ON e.instance_id = i.id AND e.seq = 1"
        " WHERE parent_id = 1 AND state = ? ORDER BY i.id LIMIT ?"
    )
    held: dict[str, int | None] = {}
    units: list[_Found] = []
    for *unit, body in db.execute(sql, (step.before, n)).fetchall():
        data = orjson.loads(body)["data"]
        after = data["after"]
        if after not in held:
            asked = "SELECT done_at FROM pc_instance WHERE case_id = 1 AND key = ? AND key <> ''"
            (held[after],) = db.execute(asked, (after,)).fetchone()
        done_at = held[after]
        if data["conference"] and done_at is not None and done_at <= now:
            units.append((unit[0], unit[1], unit[2], unit[3]))
    _move(db, units, step, now)
    db.execute("COMMIT")


def _move(db: sqlite3.Connection, units: Iterable[_Found], step: Step, now: int) -> None:
    body = moved_body(step, now)
    text = body.decode()
    updates, events, dues = [], [], Counter[int]()
    for id, revision, head, due_at in units:
        head = sha256(head + body).digest()
        updates.append((step.after, step.rank, step.trail, revision + 1, head, id, revision))
        events.append((id, revision + 1, now, text, head))
        dues[due_at] += 1
    db.executemany(_MOVE, updates)
    db.executemany(_EVENT, events)
    db.executemany(_TALLY, [(step.before, step.rank - 1, due_at, -n) for due_at, n in dues.items()])
    db.executemany(_TALLY, [(step.after, step.rank, due_at, n) for due_at, n in dues.items()])


def moved_body(step: Step, now: int) -> bytes:
    """The body of a move's event."""
    moment = to_text(now)
    data = {"trigger": step.trigger, "from": step.before, "to": step.after}
    return _json({"actor": ACTOR, "at": moment, "cause": None, "data": data, "recorded": moment, "type": "moved", "v": 1})


def scan(db: sqlite3.Connection, *, reading: bool = False) -> int:
    """Every chain checked; ``reading``: each body parsed with the standard library too. Returns how many events there are."""
    id, head, n = 0, b"", 0
    for instance_id, _, _, body, stored in db.execute("SELECT * FROM pc_event ORDER BY instance_id, seq"):
        if instance_id != id:
            id, head = instance_id, sha256(b"plan-cascade instance %d" % instance_id).digest()
        head = sha256(head + body.encode()).digest()
        if head != stored:
            raise ValueError(f"an event of {instance_id} does not match its hash")
        if reading:
            json.loads(body)
        n += 1
    return n


def scan_below(db: sqlite3.Connection, *, reading: bool = False) -> int:
    """The history of what stands below the first instance, event by event; ``reading``: each body parsed too. Checks nothing."""
    sql = (
        "SELECT * FROM pc_event WHERE instance_id IN (SELECT id FROM pc_instance WHERE path >= '1.' AND path < '1/')"
        " ORDER BY instance_id, seq"
    )
    n = 0
    for *_, body, _hash in db.execute(sql):
        if reading:
            json.loads(body)
        n += 1
    return n


def count(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """The units by state and due date, counted one by one, and the first one of those least advanced."""
    db.execute("SELECT state, standing, due_at, COUNT(*) FROM pc_instance WHERE parent_id = 1 GROUP BY 1, 2, 3").fetchall()
    least = "SELECT * FROM pc_instance WHERE parent_id = 1 AND standing IN ('open', 'paused') ORDER BY rank, due_at, id LIMIT 1"
    return db.execute(least).fetchall()


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
