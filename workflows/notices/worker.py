"""The sweeps of notices, and running them once or for long. It decides neither what is sent nor how."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from engine import jobs, outbox
from engine.database import Database
from engine.jobs import Clock, Sweep
from workflows.notices.delivery import Result, render_pending, send_pending
from workflows.notices.expansion import TOPIC, expand
from workflows.notices.mail import parse_sender
from workflows.notices.transports import Transport

SENDER = "Plan Cascade <plan-cascade@localhost.localdomain>"


@dataclass(frozen=True, slots=True, kw_only=True)
class TickResult:
    """What one tick did."""

    expanded: int  # batches of outbox entries that became messages
    rendered: int  # letters written
    sent: int
    failed: int
    deferred: int
    others: Mapping[str, int]  # done by the further sweeps, by name


class Tally:
    """Counts how messages went while a worker runs."""

    def __init__(self) -> None:
        self.result = Result()

    def add(self, result: Result) -> int:
        """Count a batch; returns how many messages it dealt with."""
        self.result += result
        return result.total


def sweeps(
    database: Database, transport: Transport, *, sender: str = SENDER, per_minute: int | None = None, tally: Tally | None = None
) -> dict[str, Sweep]:
    """What a worker does for notices, in the order in which one leads to the next.

    ``per_minute``: how many messages all workers together hand over in a minute; None: as many as there are.
    """
    parse_sender(sender)
    counted = tally or Tally()

    def send(now: datetime) -> int:
        return counted.add(send_pending(database, transport, now, sender=sender, per_minute=per_minute))

    return {
        "outbox": lambda now: outbox.sweep(database, {TOPIC: expand}, now),
        "letters": lambda _: render_pending(database, sender=sender),
        "mail": send,
    }


def run_tick(
    database_url: str,
    *,
    transport: Transport,
    now: datetime,
    sender: str = SENDER,
    per_minute: int | None = None,
    before: Callable[[Database], Mapping[str, Sweep]] | None = None,
) -> TickResult:
    """Do everything that is due at ``now``, once. ``before`` gives further sweeps, which come first (deadlines, say).

    Raises WorkerRunning where an SQLite file has a worker, InputError for an unusable sender, StorageError.
    """
    with closing(Database(database_url)) as database:
        further = dict(before(database)) if before else {}
        tally = Tally()
        own = sweeps(database, transport, sender=sender, per_minute=per_minute, tally=tally)
        done = jobs.tick(database, {**further, **own}, now=now)
    return TickResult(
        expanded=done["outbox"],
        rendered=done["letters"],
        sent=tally.result.sent,
        failed=tally.result.failed,
        deferred=tally.result.deferred,
        others={name: done[name] for name in further},
    )


def run_work(
    database_url: str,
    *,
    transport: Transport,
    clock: Clock,
    sender: str = SENDER,
    per_minute: int | None = None,
    every: int = jobs.EVERY_SECONDS,
    before: Callable[[Database], Mapping[str, Sweep]] | None = None,
    stop: threading.Event | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Do what becomes due, every few seconds, until SIGTERM, SIGINT or ``stop``. Raises as ``run_tick`` does."""
    with closing(Database(database_url)) as database:
        further = dict(before(database)) if before else {}
        own = sweeps(database, transport, sender=sender, per_minute=per_minute)
        jobs.work(database, {**further, **own}, clock=clock, every=every, stop=stop, ready=ready)
