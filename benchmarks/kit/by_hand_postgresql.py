"""The same rows written by hand: psycopg, no layer between: COPY, one statement for a set, and a move in every usual manner.

As by_hand.py does it for SQLite: the same tables, indexes and triggers, the same transactions and hashes; it checks no definition
and no grant. Whoever writes by hand for PostgreSQL lets the server do what it can, hashes too.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import psycopg
import sqlalchemy as sa

from benchmarks.kit.by_hand import CHUNK, Step, batched, letter, moved_body, started
from benchmarks.kit.scene import Unit
from engine.clock import to_text

_FIND = (
    "SELECT id, revision, head, due_at FROM pc_instance"
    " WHERE case_id = 1 AND assignee = %s AND key = '' AND state = %s FOR UPDATE"
)
_MOVE = "UPDATE pc_instance SET state = %s, rank = %s, trail = %s, revision = %s, head = %s WHERE id = %s AND revision = %s"
_EVENT = "INSERT INTO pc_event VALUES (%s, %s, %s, %s, %s)"
_COUNT = " ON CONFLICT (node_id, kind, near, state, rank, standing, due_at, slot) DO UPDATE SET n = pc_tally.n + excluded.n"
_TALLY = f"INSERT INTO pc_tally VALUES (1, 'recipient', 1, %s, %s, 'open', %s, 0, %s){_COUNT}"
_BOTH = (
    "INSERT INTO pc_tally VALUES (1, 'recipient', 1, %s, %s, 'open', %s, 0, -1), (1, 'recipient', 1, %s, %s, 'open', %s, 0, 1)"
    + _COUNT
)
_SET = "UPDATE pc_instance i SET state = %(after)s, rank = %(rank)s, trail = %(trail)s"
_HASHED = "revision = i.revision + 1, head = sha256(i.head || %(hashed)s)"
_APPEND = "INSERT INTO pc_event SELECT id, revision, %(now)s, %(body)s, head FROM moved"
_AT_ONCE = (
    f"moved AS ({_SET}, {_HASHED} WHERE case_id = 1 AND assignee = %(code)s AND key = '' AND state = %(before)s"
    " RETURNING id, revision, head, due_at)"
)
_SLOT = (
    "counted AS (INSERT INTO pc_tally SELECT 1, 'recipient', 1, c.state, c.rank, 'open', due_at, %(slot)s, c.n FROM moved,"
    f" (VALUES (%(before)s, %(rank)s - 1, -1), (%(after)s, %(rank)s, 1)) AS c (state, rank, n){_COUNT})"
)
_ONE_STATEMENT = f"WITH {_AT_ONCE} {_APPEND}"
_ONE_STATEMENT_COUNTED = f"WITH {_AT_ONCE}, {_SLOT} {_APPEND}"
_MANY = (
    "chosen AS (SELECT i.id FROM pc_instance i{join} WHERE parent_id = 1 AND state = %(before)s{guard}"
    " ORDER BY i.id LIMIT %(n)s), "
    f"moved AS ({_SET}, {_HASHED} FROM chosen WHERE i.id = chosen.id RETURNING i.id, i.revision, i.head, i.due_at), "
    f"kept AS ({_APPEND}) SELECT due_at, count(*) FROM moved GROUP BY due_at"
)
_DATA = " JOIN pc_event e ON e.instance_id = i.id AND e.seq = 1, LATERAL (SELECT body::jsonb -> 'data' AS it) AS data"
_GUARD = (
    " AND data.it ->> 'conference' <> '' AND EXISTS (SELECT 1 FROM pc_instance earlier WHERE earlier.case_id = 1"
    " AND earlier.key <> '' AND earlier.key = data.it ->> 'after' AND earlier.done_at <= %(now)s)"
)
_SLOTS = 16  # as many as ours has
_FETCHED = 5_000  # rows a journey, as ours


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection that begins no transaction by itself."""
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def issue(db: psycopg.Connection[Any], units: Iterable[Unit], definitions: Mapping[str, tuple[int, str, str]], now: int) -> None:
    """A plan of CITY, one instance per unit, and the letter, by COPY. ``definitions``: name -> (version, digest, source)."""
    moment = to_text(now)
    plan, recipient = ({"name": n, "version": definitions[n][0], "digest": definitions[n][1]} for n in ("plan", "recipient"))
    dues, id = Counter[int | None](), 1
    with db.transaction():
        for name in ("plan", "recipient"):
            sql = "INSERT INTO pc_definition (name, version, digest, source) VALUES (%s, %s, %s, %s)"
            db.execute(sql, (name, *definitions[name]))
        body, head = started(1, plan, Unit("CITY", None, {}), "1.", None, moment)
        first = (1, None, 1, "1.", 1, "CITY", "", "issued", 0, "", "open", None, None, 1, head)
        _copy(db, "pc_instance", [first])
        _copy(db, "pc_event", [(1, 1, now, body, head)])
        for chunk in batched(units, CHUNK):
            instances, events = [], []
            for unit in chunk:
                id += 1
                path, due_at = f"1.{id}.", unit.due_at
                body, head = started(id, recipient, unit, path, None if due_at is None else to_text(due_at), moment)
                instances.append((id, 1, 1, path, 2, unit.code, "", "issued", 0, "", "open", due_at, None, 1, head))
                events.append((id, 1, now, body, head))
                dues[due_at] += 1
            _copy(db, "pc_instance", instances)
            _copy(db, "pc_event", events)
        db.cursor().executemany(_TALLY, [("issued", 0, due_at, n) for due_at, n in dues.items()])
        db.execute("INSERT INTO pc_outbox (topic, payload, recorded_at) VALUES ('notice', %s, %s)", (letter(id), now))
        db.execute("SELECT setval('pc_instance_id_seq', %s)", (id,))


def _copy(db: psycopg.Connection[Any], table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with db.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as incoming:
        for row in rows:
            incoming.write_row(row)


# -- one at a time -----------------------------------------------------------------------------------------------------


def move_in_three(db: psycopg.Connection[Any], code: str, step: Step, now: int) -> None:
    """One unit's move in a transaction of its own: found and locked, changed, entered into the history. It is not counted."""
    with db.transaction():
        _move(db, code, step, now)


def move_in_four(db: psycopg.Connection[Any], code: str, step: Step, now: int) -> None:
    """As move_in_three, and counted: one row for the state before, one for the state after, in one statement."""
    with db.transaction():
        due_at = _move(db, code, step, now)
        db.execute(_BOTH, (step.before, step.rank - 1, due_at, step.after, step.rank, due_at))


def _move(db: psycopg.Connection[Any], code: str, step: Step, now: int) -> int:
    ((id, revision, head, due_at),) = db.execute(_FIND, (code, step.before)).fetchall()
    body = moved_body(step, now)
    head = sha256(head + body).digest()
    db.execute(_MOVE, (step.after, step.rank, step.trail, revision + 1, head, id, revision))
    db.execute(_EVENT, (id, revision + 1, now, body.decode(), head))
    return int(due_at)


def move_at_once(db: psycopg.Connection[Any], code: str, step: Step, now: int) -> None:
    """One unit's move in one statement, whose hash the server makes. It is not counted."""
    db.execute(_ONE_STATEMENT, {**_asked(step, now), "code": code})


def move_at_once_in_slot(db: psycopg.Connection[Any], code: str, step: Step, now: int) -> None:
    """As move_at_once, and counted in one of a few slots, so that writers seldom meet."""
    db.execute(_ONE_STATEMENT_COUNTED, {**_asked(step, now), "code": code, "slot": random.randrange(_SLOTS)})


def move_at_once_in_row(db: psycopg.Connection[Any], code: str, step: Step, now: int) -> None:
    """As move_at_once, and counted in the one row of each state, for which writers queue."""
    db.execute(_ONE_STATEMENT_COUNTED, {**_asked(step, now), "code": code, "slot": 0})


def _asked(step: Step, now: int) -> dict[str, Any]:
    body = moved_body(step, now)
    return {**step._asdict(), "hashed": body, "body": body.decode(), "now": now}


# -- many at once ------------------------------------------------------------------------------------------------------


def move_all(db: psycopg.Connection[Any], n: int, step: Step, now: int) -> None:
    """The move of ``n`` units: one statement changes them and enters them into the history, one counts."""
    _move_all(db, f"WITH {_MANY.format(join='', guard='')}", {**_asked(step, now), "n": n}, step)


def move_all_guarded(db: psycopg.Connection[Any], n: int, step: Step, now: int) -> None:
    """As move_all; each unit is asked whether it has a conference, and whether the one before has been held."""
    _move_all(db, f"WITH {_MANY.format(join=_DATA, guard=_GUARD)}", {**_asked(step, now), "n": n}, step)


def _move_all(db: psycopg.Connection[Any], sql: str, asked: Mapping[str, Any], step: Step) -> None:
    with db.transaction():
        dues = db.execute(sql, asked).fetchall()
        db.cursor().executemany(_TALLY, [(step.before, step.rank - 1, due_at, -n) for due_at, n in dues])
        db.cursor().executemany(_TALLY, [(step.after, step.rank, due_at, n) for due_at, n in dues])


# -- looking -----------------------------------------------------------------------------------------------------------


def scan(db: psycopg.Connection[Any], *, reading: bool = False) -> int:
    """Every chain checked; ``reading``: each body parsed with the standard library too. Returns how many events there are."""
    id, head, n = 0, b"", 0
    for instance_id, _, _, body, stored in _streamed(db, "SELECT * FROM pc_event ORDER BY instance_id, seq"):
        if instance_id != id:
            id, head = instance_id, sha256(b"plan-cascade instance %d" % instance_id).digest()
        head = sha256(head + body.encode()).digest()
        if head != stored:
            raise ValueError(f"an event of {instance_id} does not match its hash")
        if reading:
            json.loads(body)
        n += 1
    return n


def scan_below(db: psycopg.Connection[Any], *, reading: bool = False) -> int:
    """The history of what stands below the first instance, event by event; ``reading``: each body parsed too. Checks nothing."""
    sql = (
        "SELECT * FROM pc_event WHERE instance_id IN (SELECT id FROM pc_instance WHERE path >= '1.' AND path < '1/')"
        " ORDER BY instance_id, seq"
    )
    n = 0
    for *_, body, _hash in _streamed(db, sql):
        if reading:
            json.loads(body)
        n += 1
    return n


def _streamed(db: psycopg.Connection[Any], sql: str) -> Iterable[Any]:
    with db.transaction(), db.cursor("scan", binary=True) as cursor:
        cursor.itersize = _FETCHED
        cursor.execute(sql)
        yield from cursor


def count(db: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """The units by state and due date, counted one by one, and the first one of those least advanced."""
    db.execute("SELECT state, standing, due_at, COUNT(*) FROM pc_instance WHERE parent_id = 1 GROUP BY 1, 2, 3").fetchall()
    least = "SELECT * FROM pc_instance WHERE parent_id = 1 AND standing IN ('open', 'paused') ORDER BY rank, due_at, id LIMIT 1"
    return db.execute(least).fetchall()
