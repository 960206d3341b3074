"""Proves the roll-up at a million instances: while eight processes move leaves, every look at any node is an exact count.

    python -m benchmarks.crowd [--instances N] [--seconds S] [--postgresql]

It makes the database of kit/million.py, lets the writers go, and compares tallies with a count of the rows in one snapshot,
again and again: of the huge plan, of the deep one, and of nodes in it. In the end everything is replayed. It exits with 1
where there was a difference.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from sqlalchemy.engine import Connection

from benchmarks.kit import million, scene
from benchmarks.kit.postgresql import OwnServer
from engine import replay, store
from engine.database import Database
from engine.errors import ConcurrencyError, DatabaseLocked
from engine.rollup import Key
from engine.runtime import MoveRequest
from engine.where import Where
from workflows import register

WRITERS = 8
NODES = 20  # of the deep plan, that are looked at beside the two plans
_COUNTED = (
    "SELECT d.name, CASE WHEN i.parent_id = {node} THEN 1 ELSE 0 END, i.state, i.rank, i.standing,"
    " CASE WHEN i.standing IN ('open', 'paused') THEN COALESCE(i.due_at, 0) ELSE 0 END, COUNT(*)"
    " FROM pc_instance i JOIN pc_definition d ON d.id = i.definition_id WHERE i.path > '{low}' AND i.path < '{high}'"
    " GROUP BY 1, 2, 3, 4, 5, 6"
)


def main() -> None:
    """Make the database, let the writers go, look, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--instances", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60, help="how long the writers go on")
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own in place of an SQLite file")
    options = parser.parse_args()
    with _empty(server=options.postgresql) as url:
        database = Database(url)
        started = time.perf_counter()
        million.make(
            database, options.instances, lambda text: print(f"{time.perf_counter() - started:6.1f} s  {text}", flush=True)
        )
        faults = crowd(database, options.seconds)
        database.close()
    sys.exit(1 if faults else 0)


def crowd(database: Database, seconds: float) -> int:
    """Let the writers go and compare meanwhile; says how it went, and returns how many differences there were."""
    with database.read() as connection:
        plans = sorted(plan.id for plan in register.all_plans(connection))
        roots = sorted(
            (store.get(connection, id) for id in plans), key=lambda each: -store.matching(connection, Where(below=each.path))
        )
        huge, deep = roots[0], roots[1]
        inner = random.Random(1).sample(list(store.select(connection, Where(parent_id=deep.id))), NODES)
    context = multiprocessing.get_context("spawn")
    stop, moved = context.Event(), context.Array("q", WRITERS)
    url = database.url.render_as_string(hide_password=False)
    writers = [context.Process(target=_write, args=(url, huge.id, number, stop, moved)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    looks, faults, began = 0, 0, time.perf_counter()
    took: list[float] = []
    while time.perf_counter() - began < seconds:
        for node in (huge, deep, *inner):
            with database.read() as connection:
                at = time.perf_counter()
                rows = store.tally(connection, node.id)
                took.append(time.perf_counter() - at)
                if Counter({row.key: row.n for row in rows}) != _count(connection, node.id, node.path):
                    faults += 1
                    print(f"The tally of {node.id} is not what a count of the rows makes it.")
            looks += 1
        print(f"{time.perf_counter() - began:6.1f} s  {sum(moved):,} moves, {looks} looks", flush=True)
    stop.set()
    for writer in writers:
        writer.join()
        faults += writer.exitcode != 0
    with database.read() as connection:
        found = replay.verify(connection)
    faults += found.divergence is not None
    print(
        f"{sum(moved):,} moves by {WRITERS} processes; {looks} looks at {2 + NODES} nodes, each beside a count in its snapshot."
    )
    print(f"A tally takes {statistics.median(took) * 1e3:.2f} ms, {max(took) * 1e3:.1f} ms at most.")
    print(f"Replayed: {found.instances:,} instances, {found.events:,} events, {found.divergence or 'no divergence'}.")
    print(f"{faults or 'No'} difference(s).")
    return faults


def _count(connection: Connection, node: int, path: str) -> Counter[Key]:
    """What a node's tally must say: the rows below it counted one by one."""
    rows = connection.exec_driver_sql(_COUNTED.format(node=node, low=path, high=path[:-1] + "/"))
    return Counter({Key._make(row[:6]): row[6] for row in rows})


def _write(url: str, plan: int, number: int, stop: Event, moved: list[int]) -> None:
    """Move units of the plan one at a time, every eighth one, until told to stop."""
    database = Database(url)
    rt = scene.runtime(database)
    with database.read() as connection:
        issued = store.select(connection, Where(parent_id=plan, state="issued", kind="recipient"), limit=200_000)
        own = [each.assignee for each in issued if each.id % WRITERS == number]
    for code in own:
        while not stop.is_set():
            try:
                with scene.working(rt, 30) as work:
                    found = store.find(work.connection, plan, code, "")
                    assert found is not None
                    work.fire(found, MoveRequest(trigger="disseminate"))
            except (ConcurrencyError, DatabaseLocked):
                continue
            moved[number] += 1
            break
    database.close()


@contextmanager
def _empty(*, server: bool) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if server:
        own = OwnServer(durable=True)
        try:
            yield own.create(empty=True)
        finally:
            own.stop()
        return
    with tempfile.TemporaryDirectory(prefix="cascade-crowd-") as folder:
        yield f"sqlite:///{Path(folder) / 'crowd.db'}"


if __name__ == "__main__":
    main()
