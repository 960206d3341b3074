"""Turns an outbox entry of the topic "notice" into messages, one per unit. It words nothing and sends nothing.

An entry asks {"notice": name} and says for whom, in one of three ways: {"plan": id, "instances": [first, last]}, the plan's
recipients in that range of ids; {"case": id, "instances": [ids]}, exactly those; {"plan": id, "instance": id}, that one.
{"copies": [unit codes]} adds units that are merely informed, {"reason": text} and {"event": [instance id, seq]} say why.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import to_micros
from engine.errors import CascadeError
from engine.outbox import Entry
from engine.tables import instance as instances
from engine.tables import meta
from workflows.notices.addresses import split
from workflows.resources import templates_folder
from workflows.tables import message as messages
from workflows.tables import unit as units

TOPIC = "notice"
COPY = "copy_for_information"  # the notice that informed units get
BATCH = 1_000  # messages per transaction


class NoticeRefused(CascadeError):
    """The notice that was asked for cannot be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an outbox entry asks for."""

    notice: str  # name of the template
    plan: int  # instance id of the plan
    between: tuple[int, int] | None  # first and last instance id of the recipients
    listed: tuple[int, ...]  # or instance ids, ascending
    copies: tuple[str, ...]  # codes of the units to inform
    reason: str | None
    event: tuple[int, int] | None  # instance id and seq


def request(payload: str) -> Request:
    """Parse an entry's payload; raises NoticeRefused."""
    try:
        value = json.loads(payload)
        exact = "case" in value
        ids = [int(id) for id in value.get("instances", ())]
        if "instance" in value:
            exact, ids = True, [int(value["instance"])]
        first, last = (0, 0) if exact or not ids else ids
        event = value.get("event")
        return Request(
            notice=str(value["notice"]),
            plan=int(value["case"] if "case" in value else value["plan"]),
            between=None if exact or not ids else (first, last),
            listed=tuple(sorted(set(ids))) if exact else (),
            copies=tuple(dict.fromkeys(map(str, value.get("copies") or ()))),
            reason=str(value["reason"]) if value.get("reason") else None,
            event=(int(event[0]), int(event[1])) if event else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NoticeRefused(f"The notice request cannot be read ({error!r}): {payload[:200]}") from error


def expand(connection: Connection, entry: Entry, now: datetime) -> bool:
    """Queue the next BATCH messages of an entry; True when all are there. Raises NoticeRefused.

    Where an earlier batch ended is read from the messages themselves, so a batch may come twice and be cut off anywhere.
    """
    asked = request(entry.payload)
    if not known(asked.notice):
        raise NoticeRefused(f"There is no notice '{asked.notice}'.", remedy="Correct the definition that names it.")
    recipients = _next_recipients(connection, entry.id, asked)
    _queue(connection, entry.id, asked.notice, recipients, now)
    if len(recipients) >= BATCH:
        return False
    informed = _next_copies(connection, entry.id, asked)
    _queue(connection, entry.id, COPY, [(asked.plan, *row) for row in informed], now)
    return len(informed) < BATCH


def known(notice: str) -> bool:
    """Whether there is a template for a notice."""
    return re.fullmatch(r"[a-z][a-z_]*", notice) is not None and (templates_folder() / f"{notice}.j2").is_file()


def _next_recipients(connection: Connection, outbox_id: int, asked: Request) -> list[tuple[int, str, str | None]]:
    """(instance id, unit code, addresses or None where the directory lacks the unit) of the next batch, by instance id."""
    if asked.between is None and not asked.listed:
        return []
    first, last = asked.between or (asked.listed[0], asked.listed[-1])
    mine = (messages.c.outbox_id == outbox_id) & messages.c.instance_id.between(first, last)
    reached = connection.execute(sa.select(sa.func.max(messages.c.instance_id)).where(mine)).scalar()
    after = first - 1 if reached is None else reached
    query = (
        sa.select(instances.c.id, instances.c.assignee, units.c.email)
        .select_from(instances.outerjoin(units, units.c.code == instances.c.assignee))
        .order_by(instances.c.id)
        .limit(BATCH)
    )
    if asked.between is not None:  # other cases may have ids in between; conferences and report rounds have keys
        ours = (instances.c.case_id == asked.plan) & (instances.c.id != asked.plan) & (instances.c.key == "")
        query = query.where(instances.c.id.between(after + 1, last), ours)
    else:
        query = query.where(instances.c.id.in_([id for id in asked.listed if id > after][:BATCH]))
    return [tuple(row) for row in connection.execute(query)]


def _next_copies(connection: Connection, outbox_id: int, asked: Request) -> list[tuple[str, str | None]]:
    """(unit code, addresses or None) of the next units to inform; a unit that acts in the case has its letter already."""
    if not asked.copies:
        return []
    queued = connection.execute(sa.select(messages.c.unit).where(messages.c.outbox_id == outbox_id)).scalars()
    acting = sa.select(instances.c.assignee).where(
        instances.c.case_id == asked.plan, instances.c.key == "", instances.c.id != asked.plan
    )
    done = {*queued, *connection.execute(acting).scalars()}
    codes = [code for code in asked.copies if code not in done][:BATCH]
    found = connection.execute(sa.select(units.c.code, units.c.email).where(units.c.code.in_(codes)))
    emails = {row.code: row.email for row in found}
    return [(code, emails.get(code)) for code in codes]


_INSERT = sa.text(
    "INSERT INTO pc_message "
    "(message_id, notice, outbox_id, instance_id, unit, address, state, queued_at, next_attempt_at, error) "
    "VALUES (:message_id, :notice, :outbox_id, :instance_id, :unit, :address, :state, :now, :next_attempt_at, :error) "
    "ON CONFLICT (outbox_id, unit) DO NOTHING"
)


def _queue(
    connection: Connection, outbox_id: int, notice: str, rows: Iterable[tuple[int, str, str | None]], now: datetime
) -> None:
    domain = f"{installation(connection)}.plan-cascade"
    values: list[dict[str, Any]] = []
    for instance_id, unit, email in rows:
        address = ", ".join(split(email or ""))
        values.append(
            {
                "message_id": f"{notice}.{instance_id}.{outbox_id}.{_token(unit)}@{domain}",
                "notice": notice,
                "outbox_id": outbox_id,
                "instance_id": instance_id,
                "unit": unit,
                "address": address,
                "state": "queued" if address else "no_address",
                "now": to_micros(now),
                "next_attempt_at": to_micros(now) if address else None,
                "error": _why_none(unit, email) if not address else None,
            }
        )
    if values:
        connection.execute(_INSERT, values)


def installation(connection: Connection) -> str:
    """The random name of this database, which keeps Message-IDs apart worldwide."""
    name = connection.execute(sa.select(meta.c.value).where(meta.c.key == "installation")).scalar()
    if not name:
        raise NoticeRefused("This database has no installation id.", remedy="Set it up with: cascade init")
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def _token(unit: str) -> str:
    """A unit's code as it may stand in a Message-ID and in a file name."""
    safe = re.fullmatch(r"[A-Za-z0-9_-]{1,40}", unit, re.ASCII)
    return unit if safe else "x." + hashlib.sha256(unit.encode()).hexdigest()[:24]


def _why_none(unit: str, email: str | None) -> str:
    return f"{unit} is not in the directory." if email is None else f"{unit} has no e-mail address in the directory."
