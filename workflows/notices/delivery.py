"""Writes and sends what is queued in pc_message, and keeps how it went. What a letter says and how mail travels is not its own.

A message's bytes are kept before they are first sent; its state is looked at again just before, and kept just after. Killed
in between, it is sent again: at least once, with the same Message-ID and the same bytes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import from_micros, to_micros
from engine.database import Database
from engine.errors import CascadeError
from engine.jobs import hold
from workflows.notices.addresses import split
from workflows.notices.expansion import installation
from workflows.notices.transports import Outgoing, PermanentFailure, Session, TemporaryFailure, Transport, Unreachable
from workflows.tables import message as messages
from workflows.tables import plan as plans
from workflows.tables import unit as units

BATCH = 100  # messages that are written, or claimed and sent, at a time
MINUTE = timedelta(minutes=1)
MAX_ATTEMPTS = 16  # temporary failures of one message before it counts as failed: about two days
FIRST_PAUSE = timedelta(minutes=1)  # doubled with every failure
LONGEST_PAUSE = timedelta(hours=6)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How many messages went which way."""

    sent: int = 0
    failed: int = 0  # for good, or until somebody asks for another try
    deferred: int = 0  # to be tried again by themselves

    def __add__(self, other: Result) -> Result:
        return Result(sent=self.sent + other.sent, failed=self.failed + other.failed, deferred=self.deferred + other.deferred)

    @property
    def total(self) -> int:
        """How many were dealt with."""
        return self.sent + self.failed + self.deferred


# -- writing -----------------------------------------------------------------------------------------------------------


def render_pending(database: Database, *, sender: str, limit: int = BATCH) -> int:
    """Write the next queued letters that have no content yet, in one transaction; returns how many were looked at.

    A letter that cannot be written makes its message failed, with the reason.
    """
    with database.write() as connection:
        query = (
            sa.select(messages.c.id, messages.c.message_id, messages.c.unit, messages.c.address)
            .where(messages.c.state == "queued", messages.c.content.is_(None))
            .order_by(messages.c.next_attempt_at, messages.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = connection.execute(query).all()
        if rows:
            _render(connection, rows, sender)
    return len(rows)


def _render(connection: Connection, rows: Sequence[Any], sender: str) -> None:
    from workflows.notices.letters import addressees  # only a worker needs templates

    writer = _Writer(connection, sender)
    mails = {row.id: row for row in rows}
    for to in addressees(connection, list(mails)):
        row = mails[to.message]
        try:
            subject, content = writer.write(row, to)
        except CascadeError as error:
            _update(connection, row.id, state="failed", error=str(error), next_attempt_at=None)
        else:
            _update(connection, row.id, subject=subject, content=content)


class _Writer:
    """Writes letters; remembers the plans that they are about."""

    def __init__(self, connection: Connection, sender: str) -> None:
        self._connection = connection
        self._sender = sender
        self._domain = f"{installation(connection)}.plan-cascade"
        self._plans: dict[int, Any] = {}
        self._replies: dict[int, list[tuple[str, str]]] = {}

    def write(self, row: Any, to: Any) -> tuple[str, bytes]:
        """Subject and bytes of one message; raises LetterRefused, InputError."""
        from workflows.notices.letters import letter, plain, plan_of, render
        from workflows.notices.mail import Mail, compose

        if to.plan not in self._plans:
            self._plans[to.plan] = plan_of(self._connection, to.plan)
            self._replies[to.plan] = _reply_to(self._connection, to.plan)
        subject, text = render(letter(self._plans[to.plan], to))
        mail = Mail(
            message_id=row.message_id,
            thread=f"plan.{to.plan}@{self._domain}",
            sent_on=from_micros(to.queued_at),
            sender=self._sender,
            to=[(plain(to.unit), address) for address in split(row.address)],
            reply_to=self._replies[to.plan],
            subject=subject,
            text=text,
        )
        return subject, compose(mail)


def _reply_to(connection: Connection, plan_id: int) -> list[tuple[str, str]]:
    """Name and addresses of the issuing unit, as far as mail can be sent there."""
    from workflows.notices.addresses import usable
    from workflows.notices.letters import plain

    query = (
        sa.select(units.c.name, units.c.email).join(plans, plans.c.issuer == units.c.code).where(plans.c.instance_id == plan_id)
    )
    row = connection.execute(query).first()
    return [(plain(row.name), address) for address in split(row.email) if usable(address)] if row else []


# -- sending -----------------------------------------------------------------------------------------------------------


def send_pending(
    database: Database, transport: Transport, now: datetime, *, sender: str, limit: int = BATCH, per_minute: int | None = None
) -> Result:
    """Send the next messages that are due, at most ``limit``, and keep how each went.

    ``sender`` is the address that refusals go back to, in the form "Name <address>" or bare. Several workers share the
    work: what one has claimed the others leave alone. With ``per_minute`` all of them together hand over no more than that
    in any minute, whatever the answers are; so that this is exact, only one of them sends at a time.
    """
    if per_minute is None:
        return _send_due(database, transport, now, sender, limit)
    with hold(database, "pc_message per minute") as mine:
        if not mine:
            return Result()
        with database.read() as connection:
            left = per_minute - handed_over(connection, now)
        return _send_due(database, transport, now, sender, min(limit, left))


def handed_over(connection: Connection, now: datetime) -> int:
    """How many messages were handed over in the last minute; one in a future further away was by a clock set back since."""
    about = messages.c.tried_at > to_micros(now - MINUTE), messages.c.tried_at <= to_micros(now + MINUTE)
    return int(connection.execute(sa.select(sa.func.count()).select_from(messages).where(*about)).scalar_one())


def _send_due(database: Database, transport: Transport, now: datetime, sender: str, limit: int) -> Result:
    if limit <= 0:
        return Result()
    result, began = Result(), time.monotonic()

    def tried() -> int:
        return to_micros(now + timedelta(seconds=time.monotonic() - began))

    for group in _due_groups(database, now):
        if result.total >= limit:
            break
        with hold(database, f"pc_message {group}") as mine:
            if mine:
                ids = _due(database, now, group, limit - result.total)
                result += _send(database, transport, ids, sender, now, tried)
    return result


def _due_groups(database: Database, now: datetime) -> list[int]:
    """Runs of BATCH ids that hold due messages: what a worker claims at a time."""
    first = sa.select(messages.c.id).where(*_is_due(now)).order_by(messages.c.next_attempt_at, messages.c.id).limit(50 * BATCH)
    with database.read() as connection:
        return list(dict.fromkeys(id // BATCH for id in connection.execute(first).scalars()))


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Written, and its time has come; a time further ahead than any pause is of a clock that was set back since."""
    ready = messages.c.content.is_not(None)
    come = messages.c.next_attempt_at <= to_micros(now)
    return messages.c.state == "queued", ready, come | (messages.c.next_attempt_at > to_micros(now + LONGEST_PAUSE))


def _due(database: Database, now: datetime, group: int, limit: int) -> list[int]:
    mine = messages.c.id.between(group * BATCH, group * BATCH + BATCH - 1)
    query = sa.select(messages.c.id).where(mine, *_is_due(now)).order_by(messages.c.next_attempt_at, messages.c.id).limit(limit)
    with database.read() as connection:
        return list(connection.execute(query).scalars())


def _send(
    database: Database, transport: Transport, ids: Sequence[int], sender: str, now: datetime, tried: Callable[[], int]
) -> Result:
    """Send messages through one opened transport. If it cannot be opened, all that is due waits; if it breaks, one message."""
    from workflows.notices.mail import parse_sender

    _, address = parse_sender(sender)
    result = Result()
    try:
        with transport.open() as session:
            for id in ids:
                try:
                    result += _send_one(database, session, id, address, now, tried)
                except Unreachable as error:  # perhaps over this very message, so the others are not held up by it
                    return result + _defer(database, id, str(error), now, tried())
    except Unreachable as error:
        return result + _defer_all(database, str(error), now)
    return result


def _send_one(database: Database, session: Session, id: int, sender: str, now: datetime, tried: Callable[[], int]) -> Result:
    with database.read() as connection:
        row = connection.execute(sa.select(messages).where(messages.c.id == id, messages.c.state == "queued")).first()
    if row is None or row.content is None:  # sent, stopped or taken back in the meantime
        return Result()
    message = Outgoing(message_id=row.message_id, sender=sender, to=split(row.address), content=bytes(row.content))
    try:
        remark = session.send(message)
    except TemporaryFailure as error:
        return _defer(database, id, str(error), now, tried())
    except PermanentFailure as error:
        with database.write() as connection:
            attempts = messages.c.attempts + 1
            settled = {"next_attempt_at": None, "tried_at": tried()}
            _update(connection, id, state="failed", error=str(error), attempts=attempts, **settled)
        return Result(failed=1)
    with database.write() as connection:
        _update(connection, id, state="sent", sent_at=to_micros(now), tried_at=tried(), error=remark, next_attempt_at=None)
    return Result(sent=1)


def _defer(database: Database, id: int, error: str, now: datetime, tried_at: int) -> Result:
    """Another try later, twice as late as the last one; too many make the message failed."""
    with database.write() as connection:
        attempts = connection.execute(sa.select(messages.c.attempts).where(messages.c.id == id)).scalar_one() + 1
        if attempts >= MAX_ATTEMPTS:
            _update(connection, id, state="failed", error=error, next_attempt_at=None, attempts=attempts, tried_at=tried_at)
            return Result(failed=1)
        again = to_micros(now + pause(attempts))
        _update(connection, id, error=error, next_attempt_at=again, attempts=attempts, tried_at=tried_at)
    return Result(deferred=1)


def _defer_all(database: Database, error: str, now: datetime) -> Result:
    """Everything that is due waits, however often: no message is to blame for a server that is down."""
    deferred = 0
    with database.write() as connection:
        found = connection.execute(sa.select(messages.c.attempts).where(*_is_due(now)).distinct()).scalars().all()
        for attempts in sorted(found, reverse=True):
            alike = sa.update(messages).where(*_is_due(now), messages.c.attempts == attempts)
            again = to_micros(now + pause(attempts + 1))
            deferred += connection.execute(alike.values(attempts=attempts + 1, error=error, next_attempt_at=again)).rowcount
    log.warning("%s %s messages wait.", error, deferred)
    return Result(deferred=deferred)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failures: 1, 2, 4 … minutes, six hours at most."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)


def _update(connection: Connection, id: int, **values: Any) -> None:
    """Change a message that is still queued."""
    statement = sa.update(messages).where(messages.c.id == id, messages.c.state == "queued").values(**values)
    connection.execute(statement)
