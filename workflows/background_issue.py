"""Spawns the units of plans that were left to the background, a batch in each transaction, with their letters.

Who the units are was fixed when the plan was issued (issuing.py). Each batch leaves the list, gets its instances and orders
its letters in one transaction, so that a process may end anywhere. The plan's own moves wait until the last one is there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from engine import outbox, spawning, store
from engine.clock import to_micros
from engine.errors import InputError
from engine.outbox import Entry
from engine.runtime import NewChild, UnitOfWork
from workflows.authority import OperatorAuthority
from workflows.installation import Installation
from workflows.issuing import LETTER, TOPIC

AT_ONCE = 50  # batches in one run of the sweep, so that a worker that is to stop need not wait long
PAUSE = 0.01  # seconds between two batches on SQLite, which has one writer: those who wait look every few milliseconds


def sweep(installation: Installation, now: datetime) -> int:
    """Issue the next batches of the plans that wait for it, the oldest plan first; returns how many. Raises StorageError."""
    handlers = {TOPIC: partial(issue_next, installation)}
    done = 0
    while done < AT_ONCE and outbox.sweep(installation.database, handlers, now, most=1):
        done += 1
        if installation.database.is_sqlite:
            time.sleep(PAUSE)
    return done


def issue_next(installation: Installation, connection: Connection, entry: Entry, now: datetime) -> bool:
    """Issue a plan to the next units of its list; True when nothing is left of it."""
    asked = json.loads(entry.payload)
    plan = store.lock(connection, asked["plan"])
    authority = OperatorAuthority(connection, asked["by"])
    work = UnitOfWork(installation.runtime, connection, actor=asked["by"], now=to_micros(now), authority=authority)
    if plan.standing == "out":
        spawning.stop(connection, plan.id)
        return True
    batch = spawning.take(connection, plan.id)
    if batch:
        ids = work.spawn(
            plan, "recipient", (NewChild(unit, "", each.due_at, each.data) for each in batch for unit in each.assignees)
        )
        copies = [] if spawning.is_open(connection, plan.id) else asked["copies"]
        work.enqueue("notice", {"notice": LETTER, "plan": plan.id, "instances": [ids[0], ids[-1]], "copies": copies})
    else:  # the last batch is committed: a unit that moves from now on sees it too, and one that moved before is seen here
        work.touch(plan)
        work.settle()
    work.count()
    return not batch


def plan_of(entry: Entry) -> int | None:
    """The plan that a job issues; None for another kind of job."""
    return int(json.loads(entry.payload)["plan"]) if entry.topic == TOPIC else None


def require_settled(connection: Connection, ids: Sequence[int]) -> None:
    """Raise InputError where one of the jobs still has units to issue its plan to: nobody is left out by giving up a job."""
    for id in ids:
        plan = plan_of(outbox.entry(connection, id))
        if plan is not None and spawning.is_open(connection, plan):
            raise InputError(
                f"Job {id} is issuing a plan, and units still wait for it.",
                remedy=f"Give it another try with: cascade jobs retry {id}, or withdraw the plan.",
            )
