"""What the store says in PostgreSQL's own words: COPY, a move in one statement, a set of moves whose hashes the server makes.

Each does what the store's plain statements do, row for row; the tests of the store's callers run on both databases.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import ask, begin_late, run
from engine.instance import Instance

_SLOTS = 16  # per counter: of so many, eight writers seldom take the same one at the same time
_ALLOCATION = 7305811  # number of the lock under which ids are taken


def slot() -> int:
    """The slot in which a transaction counts: writers who take different ones do not wait for each other."""
    return secrets.randbelow(_SLOTS)


def allocate(connection: Connection, n: int) -> int:
    """The first of ``n`` consecutive instance ids; others wait no longer than this statement takes."""
    sql = (
        "WITH held AS MATERIALIZED (SELECT pg_advisory_lock(?)), "
        "taken AS MATERIALIZED (SELECT setval('pc_instance_id_seq', nextval('pc_instance_id_seq') + ?) AS last FROM held) "
        "SELECT last, pg_advisory_unlock(?) FROM taken"
    )
    (last, _) = run(connection, sql, (_ALLOCATION, n - 1, _ALLOCATION)).fetchone()
    return int(last) - n + 1


def copy(connection: Connection, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by COPY, as part of the transaction."""
    driver = connection.dialect.loaded_dbapi
    statement = f"COPY {table} ({columns}) FROM STDIN"
    begin_late(connection)
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as incoming:
            for row in rows:
                incoming.write_row(row)
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error


def move(
    connection: Connection,
    changes: str,
    values: Sequence[Any],
    after: Instance,
    recorded_at: int,
    body: str,
    tallies: Sequence[tuple[Any, ...]],
) -> int:
    """One move with its event and what it adds to the tallies, unless the instance is no longer at the revision before.

    ``changes``: the columns that are set, "state = ?, rank = ?", with their ``values``; ``tallies``: rows of pc_tally. Returns
    how many moved. It is one statement, and so a transaction by itself where none has begun.
    """
    sql = f"WITH moved AS (UPDATE pc_instance SET {changes}, revision = ?, head = ? WHERE id = ? AND revision = ? RETURNING id) "
    if tallies:
        rows = ", ".join([_TALLY] * len(tallies))
        sql += f", counted AS (INSERT INTO pc_tally SELECT t.* FROM moved, (VALUES {rows}) AS t {COUNT_ON}) "
    sql += "INSERT INTO pc_event (instance_id, seq, recorded_at, body, hash) SELECT id, ?, ?, ?, ? FROM moved"
    before = (*values, after.revision, after.head, after.id, after.revision - 1)
    return int(ask(connection, sql, (*before, *chain(*tallies), after.revision, recorded_at, body, after.head)).rowcount)


_TALLY = "(?::bigint, ?, ?::smallint, ?, ?::smallint, ?, ?::bigint, ?::smallint, ?::bigint)"
COUNT_ON = "ON CONFLICT (node_id, kind, near, state, rank, standing, due_at, slot) DO UPDATE SET n = pc_tally.n + excluded.n"


def move_alike(
    connection: Connection, changes: str, values: Sequence[Any], alike: Sequence[Instance], recorded_at: int, body: str
) -> int:
    """As ``move``, for many with the same event: the server makes each one's hash from the one before. Returns how many moved."""
    sql = (
        f"WITH moved AS (UPDATE pc_instance i SET {changes}, revision = i.revision + 1, head = sha256(i.head || ?) "
        "FROM unnest(?::bigint[], ?::integer[]) AS chosen (id, revision) "
        "WHERE i.id = chosen.id AND i.revision = chosen.revision RETURNING i.id, i.revision, i.head) "
        "INSERT INTO pc_event (instance_id, seq, recorded_at, body, hash) SELECT id, revision, ?, ?, head FROM moved"
    )
    chosen = ([each.id for each in alike], [each.revision for each in alike])
    return int(run(connection, sql, (*values, body.encode(), *chosen, recorded_at, body)).rowcount)
