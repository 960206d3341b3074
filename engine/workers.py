"""Says which workers are at work on a database, and which left work behind when they died. It only reads.

A worker on PostgreSQL holds a connection that bears its name; on an SQLite file there is one at most, and it holds a lock.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import from_micros
from engine.database import Database
from engine.jobs import ONLY_WORKER, PRESENCE, WORKFLOW, beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker, or a tick that is under way."""

    name: str  # "host:process:token"; "only" on an SQLite file
    alive: bool
    since: datetime | None  # when it began, as far as it is known
    last_run_at: datetime | None  # when it last began a sweep that is still remembered
    unfinished: int  # sweeps under way, or left behind


def seen(database: Database) -> list[Worker]:
    """The workers that live, and the dead ones whose work nobody has taken over yet."""
    with database.read() as connection:
        alive = _only_one(database) if database.is_sqlite else _connected(connection)
        runs = _runs(connection)
    return [
        Worker(name=name, alive=name in alive, since=alive.get(name), last_run_at=runs.get(name, _NONE)[0], unfinished=n)
        for name in sorted({*alive, *runs})
        if (n := runs.get(name, _NONE)[1]) or name in alive
    ]


_NONE: tuple[datetime | None, int] = (None, 0)


def _only_one(database: Database) -> dict[str, datetime | None]:
    """Whether somebody holds the lock on the file beside the database."""
    if database.file is None or not (lock := beside(database.file)).exists():
        return {}
    try:
        with closing(sqlite3.connect(f"{lock.resolve().as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            connection.execute("SELECT name FROM sqlite_master")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return {ONLY_WORKER: None}
    return {}


def _connected(connection: Connection) -> dict[str, datetime | None]:
    rows = connection.execute(
        sa.text(
            "SELECT application_name, backend_start FROM pg_stat_activity"
            " WHERE datname = current_database() AND starts_with(application_name, :presence)"
        ),
        {"presence": PRESENCE},
    )
    return {name.removeprefix(PRESENCE): since for name, since in rows}


def _runs(connection: Connection) -> dict[str, tuple[datetime | None, int]]:
    """What is remembered of sweeps, by worker: when the last one began, and how many are not finished."""
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    if not sa.inspect(connection).has_table("workflow_status", schema=schema):
        return {}  # nobody ever worked here
    table = "workflow_status" if schema is None else f"{schema}.workflow_status"
    rows = connection.execute(
        sa.text(
            "SELECT executor_id, MAX(COALESCE(started_at_epoch_ms, created_at)),"
            " SUM(CASE WHEN status = 'PENDING' THEN 1 ELSE 0 END)"
            f" FROM {table} WHERE name = :workflow AND executor_id IS NOT NULL GROUP BY executor_id"
        ),
        {"workflow": WORKFLOW},
    )
    return {name: (from_micros(int(last) * 1_000) if last else None, int(n)) for name, last, n in rows}
