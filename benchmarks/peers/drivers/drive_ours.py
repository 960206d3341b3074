"""Ours: plan-cascade through Runtime, as the program does: definitions, guards, grants, hashes, tallies, the outbox."""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from phases import STEPS, Phases

from benchmarks.kit import scene
from engine import replay, store
from engine.database import Database
from engine.instance import Instance
from engine.migrations import upgrade
from engine.runtime import MoveRequest, NewChild, Runtime
from engine.where import Where


def main() -> None:
    """Run the phases."""
    phases = Phases()
    database = Database(phases.database)
    upgrade(database)
    scene.settle_in(database, phases.n)
    rt = scene.runtime(database)
    warm = create(rt, 3)
    move_singly(rt, warm, 3)
    n, moves = phases.n, len(STEPS) * phases.n
    plan = phases.take("create", n, partial(create, rt, n))
    phases.take("single", moves, partial(move_singly, rt, plan, n))
    other = create(rt, n)
    phases.take("bulk", moves, partial(move_in_bulk, rt, other))
    with database.read() as connection:
        states = phases.ask("count", lambda: count(connection, plan))
        counted = (2 * n + 3) * (1 + len(STEPS))
        found = phases.take("history", counted, partial(replay.verify, connection))
    assert found.divergence is None, found.divergence
    phases.tell(states, found.events, f"this checkout, Python {sys.version.split()[0]}")
    database.close()


def create(rt: Runtime, n: int) -> Instance:
    """A plan that asks for a conference, its units and the letter to them, in one transaction."""
    with scene.working(rt) as work:
        plan = work.start("plan", NewChild("CITY", data={"conferences": ["2.2"]}))
        units = scene.units(n, conference="2.2")
        ids = work.spawn(plan, "recipient", (NewChild(unit.code, "", unit.due_at, unit.data) for unit in units))
        work.enqueue("notice", {"notice": scene.LETTER, "plan": plan.id, "instances": [ids[0], ids[-1]]})
        return plan


def move_singly(rt: Runtime, plan: Instance, n: int) -> None:
    """Each unit's moves, a transaction each."""
    for minutes, trigger in enumerate(STEPS, 1):
        for number in range(n):
            with scene.working(rt, minutes) as work:
                found = store.find(work.connection, plan.id, scene.code(number), "")
                assert found is not None
                work.fire(found, MoveRequest(trigger=trigger))


def move_in_bulk(rt: Runtime, plan: Instance) -> None:
    """The moves of all units, a transaction per step."""
    for minutes, trigger in enumerate(STEPS, 1):
        with scene.working(rt, minutes) as work:
            units = store.select(work.connection, Where(parent_id=plan.id, kind="recipient"))
            work.fire_many(units, MoveRequest(trigger=trigger))


def count(connection: object, plan: Instance) -> Counter[str]:
    """How many units stand in each state: the tallies that moves keep."""
    states: Counter[str] = Counter()
    for row in store.tally(connection, plan.id):
        states[row.key.state] += row.n
    return +states


if __name__ == "__main__":
    main()
