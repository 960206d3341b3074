"""Records that a due date has passed, once for each due date of each instance that is open then. It moves nothing else.

The move is ``fall_due``, with the role ``system``, where a definition has it; it occurred at the due date. Lateness is never
read from it: that follows from the dates and the moment of asking. What is recorded stands in pc_overdue too, in the same
transaction, so that it is never recorded again: not when a clock is set back, nor by a second worker, nor when a report is
returned. An extension brings a due date of its own.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from engine import events
from engine.clock import from_micros, to_micros
from engine.database import run
from engine.definition import SYSTEM
from engine.instance import Instance
from engine.jobs import hold
from engine.runtime import MoveRequest, Runtime, UnitOfWork

FALL_DUE = "fall_due"
BATCH = 5_000  # instances that are looked at, and moved, per transaction

_START = (0, 0)
_COLUMNS = ", ".join(Instance._fields)
_PASSED = (
    "SELECT due_at, id FROM pc_instance "
    "WHERE standing = 'open' AND (due_at, id) > (?, ?) AND due_at <= ? ORDER BY due_at, id LIMIT ?"
)
_STILL_OPEN = (
    f"SELECT {_COLUMNS} FROM pc_instance WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
    "AND standing = 'open' AND due_at <= ? ORDER BY due_at, id"
)
_RECORDED = "SELECT due_at, instance_id FROM pc_overdue WHERE (due_at, instance_id) > (?, ?) AND (due_at, instance_id) <= (?, ?)"


class Deadlines:
    """Goes through what is open and past its due date. Where it is going is remembered in this process only."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._reached = _START  # due date and id up to which all has been looked at once
        self._again = _START  # where the second look has come to, see sweep

    def sweep(self, now: datetime) -> int:
        """Record what has passed, BATCH instances at most; returns how many. Only one worker at a time does; else 0.

        What has passed since the last look comes first. Some of what is before that has passed only now: it was paused, done or
        not yet there when its due date passed. So all of it is looked at again and again, BATCH at each call.
        """
        with hold(self._runtime.database, "deadlines") as mine:
            if not mine:
                return 0
            if self._reached[0] > to_micros(now):  # the clock was set back
                self._reached = _START
            more = True
            while more:
                recorded, self._reached, more = self._look(now, self._reached)
                if recorded:
                    return recorded
            recorded, again, more = self._look(now, self._again)
            self._again = again if more else _START
            return recorded

    def _look(self, now: datetime, after: tuple[int, int]) -> tuple[int, tuple[int, int], bool]:
        """Record what is new in the BATCH after a due date and id: how many, where the batch ended, whether there is more."""
        with self._runtime.database.read() as connection:
            found = [tuple(row) for row in run(connection, _PASSED, (*after, to_micros(now), BATCH))]
            last = found[-1] if found else after
            new = set(found).difference(tuple(row) for row in run(connection, _RECORDED, (*after, *last)))
        return self._record(now, new) if new else 0, last, len(found) == BATCH

    def _record(self, now: datetime, new: set[tuple[int, int]]) -> int:
        with self._runtime.unit_of_work(actor=SYSTEM, now=now, authority=lambda _: _NoAuthority()) as work:
            work.by_clock = True
            ids = events.canonical(sorted(id for _, id in new))
            # Nobody is waited for on a server: whoever is being moved now comes with the second look.
            locked = "" if self._runtime.database.is_sqlite else " FOR NO KEY UPDATE SKIP LOCKED"
            still = [Instance._make(row) for row in run(work.connection, _STILL_OPEN + locked, (ids, to_micros(now)))]
            return sum(
                self._fall_due(work, due_at, [each for each in alike if (due_at, each.id) in new])
                for due_at, alike in groupby(still, key=lambda each: each.due_at or 0)
            )

    def _fall_due(self, work: UnitOfWork, due_at: int, instances: list[Instance]) -> int:
        """One due date of some instances: the move where their definitions have it, and the mark that it was looked at."""
        if not instances:
            return 0
        move = MoveRequest(trigger=FALL_DUE, occurred_at=from_micros(due_at))
        work.fire_many(instances, move, mode="each")
        marks: list[Any] = [(due_at, each.id) for each in instances]
        run(work.connection, "INSERT INTO pc_overdue (due_at, instance_id) VALUES (?, ?)", marks)
        return len(marks)


class _NoAuthority:
    """Nobody asks for these moves."""

    def require(self, role: str, assignee: str) -> None:
        """Allow: only moves of the role system are made, which no operator can have."""
