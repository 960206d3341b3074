"""The register of messages, for people: what went out, what did not and why, and another try. It sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import from_micros, to_micros
from engine.errors import NotFound
from engine.tables import instance as instances
from workflows.notices.addresses import split
from workflows.tables import message as messages
from workflows.tables import unit as units

STATES = ("queued", "sent", "failed", "no_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message without its content."""

    id: int
    message_id: str  # without angle brackets
    notice: str
    instance: int  # what it is about
    unit: str  # code of the unit it goes to
    address: str  # addresses, separated by ", "
    subject: str  # empty until it is written
    state: str  # one of STATES
    queued_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime | None
    attempts: int  # that failed
    error: str | None  # of the last failed attempt, or a remark of the server


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message with what it says."""

    message: Message
    text: str | None  # None until it is written
    content: bytes | None  # the very bytes that are sent


def list_messages(
    connection: Connection,
    *,
    state: str | None = None,
    notice: str | None = None,
    unit: str | None = None,
    case: int | None = None,
    limit: int | None = None,
) -> list[Message]:
    """The messages that match every given part, by id. ``case``: instance id of the plan."""
    query = sa.select(*_COLUMNS).order_by(messages.c.id).limit(limit)
    for column, value in ((messages.c.state, state), (messages.c.notice, notice), (messages.c.unit, unit)):
        if value is not None:
            query = query.where(column == value)
    if case is not None:
        query = query.join(instances, instances.c.id == messages.c.instance_id).where(instances.c.case_id == case)
    return [_message(row) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    found = connection.execute(sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state))
    return {**dict.fromkeys(STATES, 0), **{row[0]: row[1] for row in found}}


def show(connection: Connection, id: int) -> Shown:
    """One message and what it says; raises NotFound."""
    row = connection.execute(sa.select(*_COLUMNS, messages.c.content).where(messages.c.id == id)).first()
    if row is None:
        raise NotFound(f"There is no message {id}.", remedy="List the messages to see their numbers.")
    content = None if row.content is None else bytes(row.content)
    return Shown(message=_message(row), text=None if content is None else _text(content), content=content)


def requeue(connection: Connection, ids: Sequence[int], now: datetime) -> int:
    """Give failed messages and those without an address another try; returns how many there were.

    A message whose unit has other addresses by now is written anew; otherwise the same bytes go out.
    """
    query = (
        sa.select(messages.c.id, messages.c.state, messages.c.address, messages.c.content, units.c.email)
        .select_from(messages.outerjoin(units, units.c.code == messages.c.unit))
        .where(messages.c.id.in_(ids), messages.c.state.in_(("failed", "no_address")))
    )
    queued = 0
    for row in connection.execute(query).all():
        address = ", ".join(split(row.email or "")) or row.address
        if address:
            queued += 1
            again = {"state": "queued", "attempts": 0, "error": None, "next_attempt_at": to_micros(now)}
            content = row.content if address == row.address else None
            changed = {**again, "address": address, "content": content}
            connection.execute(sa.update(messages).where(messages.c.id == row.id).values(**changed))
    return queued


_COLUMNS = [column for column in messages.c if column.name not in ("content", "outbox_id")]


def _message(row: Any) -> Message:
    def instant(micros: int | None) -> datetime | None:
        return None if micros is None else from_micros(micros)

    return Message(
        id=row.id,
        message_id=row.message_id,
        notice=row.notice,
        instance=row.instance_id,
        unit=row.unit,
        address=row.address,
        subject=row.subject,
        state=row.state,
        queued_at=from_micros(row.queued_at),
        sent_at=instant(row.sent_at),
        next_attempt_at=instant(row.next_attempt_at),
        attempts=row.attempts,
        error=row.error,
    )


def _text(content: bytes) -> str:
    from email import message_from_bytes, policy

    message = message_from_bytes(content, policy=policy.default)
    return str(message.get_content())
