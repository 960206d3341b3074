"""Takes what transactions left in pc_outbox and hands it to handlers, in a transaction each. It knows no topic.

The handler's effects and the mark "done" commit together. An entry whose handler fails keeps its error and is tried again
later; after MAX_ATTEMPTS it is set aside until somebody asks for another try.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import to_micros
from engine.database import Database
from engine.errors import CascadeError, StorageError
from engine.tables import outbox

MAX_ATTEMPTS = 5
RETRY_MICROS = 60_000_000  # times the square of the attempts, from when the entry was recorded: 1, 4, 9, 16 minutes
BATCH = 100  # transactions per sweep

log = logging.getLogger(__name__)

# What a handler may raise over one entry without stopping the others; the database's own troubles are not among them.
_ENTRY_ERRORS = (
    CascadeError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    sa.exc.IntegrityError,
)


class Entry(NamedTuple):
    """A row of pc_outbox."""

    id: int
    topic: str
    payload: str  # JSON, for the topic's handler
    recorded_at: int  # microseconds UTC
    attempts: int  # that failed
    error: str | None  # of the last failed attempt


# Does a batch of what the entry asks for, in this transaction; True when nothing of it is left, False to be called again.
Handler: TypeAlias = Callable[[Connection, Entry, datetime], bool]


def sweep(database: Database, handlers: Mapping[str, Handler], now: datetime) -> int:
    """Handle what is pending, up to BATCH transactions; returns how many there were. Raises StorageError."""
    done = 0
    while done < BATCH and _handle_next(database, handlers, now):
        done += 1
    return done


def pending(connection: Connection, *, set_aside: bool = False) -> list[Entry]:
    """What is not done yet, or of that only what was given up."""
    query = _COLUMNS.where(outbox.c.done_at.is_(None)).order_by(outbox.c.id)
    if set_aside:
        query = query.where(outbox.c.attempts >= MAX_ATTEMPTS)
    return [_entry(row) for row in connection.execute(query)]


def retry(connection: Connection, ids: Sequence[int]) -> int:
    """Give entries that are not done their attempts back; returns how many there were."""
    statement = sa.update(outbox).where(outbox.c.id.in_(ids), outbox.c.done_at.is_(None)).values(attempts=0)
    return connection.execute(statement).rowcount


_COLUMNS = sa.select(outbox.c.id, outbox.c.topic, outbox.c.payload, outbox.c.recorded_at, outbox.c.attempts, outbox.c.error)
_NEXT = (
    _COLUMNS.where(
        outbox.c.done_at.is_(None),
        outbox.c.attempts < MAX_ATTEMPTS,
        outbox.c.topic.in_(sa.bindparam("topics", expanding=True)),
        (outbox.c.attempts == 0)
        | (outbox.c.recorded_at + RETRY_MICROS * outbox.c.attempts * outbox.c.attempts <= sa.bindparam("now")),
    )
    .order_by(outbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)  # several workers on PostgreSQL; SQLite has one writer anyway
)


def _handle_next(database: Database, handlers: Mapping[str, Handler], now: datetime) -> bool:
    entry_id = 0
    try:
        with database.write() as connection:
            row = connection.execute(_NEXT, {"topics": list(handlers), "now": to_micros(now)}).first()
            if row is None:
                return False
            entry_id = row.id
            if handlers[row.topic](connection, _entry(row), now):
                connection.execute(sa.update(outbox).where(outbox.c.id == entry_id).values(done_at=to_micros(now), error=None))
    except StorageError:
        raise
    except _ENTRY_ERRORS as error:
        _keep_error(database, entry_id, f"{type(error).__name__}: {error}")
    return True


def _keep_error(database: Database, entry_id: int, error: str) -> None:
    log.warning("Outbox entry %s failed: %s", entry_id, error)
    mine = (outbox.c.id == entry_id) & outbox.c.done_at.is_(None)
    with database.write() as connection:
        connection.execute(sa.update(outbox).where(mine).values(attempts=outbox.c.attempts + 1, error=error[:2_000]))


def _entry(row: Any) -> Entry:
    return Entry(row.id, row.topic, row.payload, row.recorded_at, row.attempts, row.error)
