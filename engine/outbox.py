"""Takes what transactions left in pc_outbox and hands it to handlers, in a transaction each. It knows no topic.

The handler's effects and the mark "done" commit together. An entry whose handler fails keeps its error and is tried again
later; after MAX_ATTEMPTS it is set aside until somebody asks for another try, or discards it with a reason, which is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import to_micros
from engine.database import Database
from engine.errors import CascadeError, ConcurrencyError, InputError, NotFound, StorageError
from engine.tables import outbox

MAX_ATTEMPTS = 5
RETRY_MICROS = 60_000_000  # times the square of the attempts, from when the entry was recorded: 1, 4, 9, 16 minutes
BATCH = 100  # transactions per sweep, if nothing else is said

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


# waiting: not tried yet; failing: will be tried again by itself; set_aside: waits for somebody's decision.
STATES = ("waiting", "failing", "set_aside", "done", "discarded")
OPEN = STATES[:3]  # those in which something is still to be done


class Entry(NamedTuple):
    """A row of pc_outbox."""

    id: int
    topic: str
    payload: str  # JSON, for the topic's handler
    recorded_at: int  # microseconds UTC
    attempts: int  # that failed
    error: str | None  # of the last failed attempt
    done_at: int | None = None  # or when it was discarded
    discarded_by: str | None = None  # operator
    discard_reason: str | None = None

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.done_at is not None:
            return "done" if self.discarded_by is None else "discarded"
        if self.attempts == 0:
            return "waiting"
        return "failing" if self.attempts < MAX_ATTEMPTS else "set_aside"

    @property
    def next_attempt_at(self) -> int | None:
        """From when on it is tried again by itself, microseconds UTC; None where it never is."""
        if self.state not in ("waiting", "failing"):
            return None
        return self.recorded_at + RETRY_MICROS * self.attempts * self.attempts


# Does a batch of what the entry asks for, in this transaction; True when nothing of it is left, False to be called again.
Handler: TypeAlias = Callable[[Connection, Entry, datetime], bool]


def sweep(database: Database, handlers: Mapping[str, Handler], now: datetime, *, most: int = BATCH) -> int:
    """Handle what is pending, in ``most`` transactions at most; returns how many there were. Raises StorageError."""
    done = 0
    while done < most and _handle_next(database, handlers, now):
        done += 1
    return done


def entries(
    connection: Connection, states: Collection[str] = OPEN, *, topic: str | None = None, limit: int | None = None
) -> list[Entry]:
    """The entries in some of the states, oldest first."""
    query = _COLUMNS.where(_chosen(states, topic)).order_by(outbox.c.id).limit(limit)
    return [_entry(row) for row in connection.execute(query)]


def count(connection: Connection, states: Collection[str] = OPEN, *, topic: str | None = None) -> int:
    """How many entries are in some of the states."""
    return connection.execute(sa.select(sa.func.count()).select_from(outbox).where(_chosen(states, topic))).scalar_one()


def pending(connection: Connection, *, set_aside: bool = False) -> list[Entry]:
    """What is not done yet, or of that only what was given up."""
    return entries(connection, ("set_aside",) if set_aside else OPEN)


def entry(connection: Connection, id: int) -> Entry:
    """One entry; raises NotFound."""
    row = connection.execute(_COLUMNS.where(outbox.c.id == id)).first()
    if row is None:
        raise NotFound(f"There is no job {id}.", remedy="See all with: cascade jobs list")
    return _entry(row)


def retry(connection: Connection, ids: Sequence[int]) -> int:
    """Give entries that are not done their attempts back; returns how many there were."""
    statement = sa.update(outbox).where(outbox.c.id.in_(ids), outbox.c.done_at.is_(None)).values(attempts=0)
    return connection.execute(statement).rowcount


def discard(connection: Connection, ids: Sequence[int], *, by: str, reason: str, now: datetime) -> None:
    """Decide that entries are never to be done; who and why is kept. Raises NotFound, InputError for one that is settled."""
    if not reason.strip():
        raise InputError("A job is not discarded without a reason.", remedy="Say why with --reason.")
    require_open(connection, ids)
    values = {"done_at": to_micros(now), "discarded_by": by, "discard_reason": reason.strip()}
    for id in dict.fromkeys(ids):
        statement = sa.update(outbox).where(outbox.c.id == id, outbox.c.done_at.is_(None)).values(**values)
        if connection.execute(statement).rowcount != 1:
            raise ConcurrencyError(f"Job {id} was done at this moment.", remedy="Look at it with: cascade jobs show")


def require_open(connection: Connection, ids: Sequence[int]) -> None:
    """Raise NotFound where there is no such entry, InputError where nothing is left to be done about it."""
    for id in ids:
        found = entry(connection, id)
        if found.state not in OPEN:
            by = f" by {found.discarded_by}: {found.discard_reason}" if found.discarded_by else ""
            raise InputError(f"Job {id} is {found.state} already{by}.", remedy="See what is left with: cascade jobs list")


_COLUMNS = sa.select(*(outbox.c[name] for name in Entry._fields))
_LEFT = outbox.c.done_at.is_(None)
_IN_STATE = {
    "waiting": _LEFT & (outbox.c.attempts == 0),
    "failing": _LEFT & outbox.c.attempts.between(1, MAX_ATTEMPTS - 1),
    "set_aside": _LEFT & (outbox.c.attempts >= MAX_ATTEMPTS),
    "done": ~_LEFT & outbox.c.discarded_by.is_(None),
    "discarded": outbox.c.discarded_by.is_not(None),
}


def _chosen(states: Collection[str], topic: str | None) -> sa.ColumnElement[bool]:
    among = sa.or_(*(_IN_STATE[state] for state in states))
    return among if topic is None else among & (outbox.c.topic == topic)


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
    return Entry._make(row)
