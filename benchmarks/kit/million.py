"""Makes a database of a million instances, or as many as wanted: a huge plan, a deep one, hundreds of small ones.

    python -m benchmarks.kit.million URL [--instances N]

Of the huge plan's units a quarter each is still issued, has disseminated it, has held its conference, has reported. The deep
plan goes from provinces over communes to cells. A small plan has a hundred units.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.kit import scene
from engine import store
from engine.database import Database
from engine.instance import Instance
from engine.migrations import upgrade
from engine.runtime import MoveRequest, NewChild, Runtime
from engine.where import Where
from workflows import names, register, tables

AT_ONCE = 50_000  # units in one transaction
BESIDE = 300  # units below one committee
UNITS = 100  # of a small plan
PROVINCES, COMMUNES, CELLS = 34, 30, 10  # of the deep plan: each with so many below it, at full size


def make(database: Database, n: int, say: Callable[[str], None] = lambda _text: None) -> None:
    """Fill an empty database with ``n`` instances, and a directory with every unit that they name."""
    upgrade(database)
    say("directory")
    record_units(database, n)
    rt = scene.runtime(database)
    say("deep plan")
    deep = make_deep(rt, n)
    small = n // 3_000
    say(f"{small} small plans")
    plans = [make_flat(rt, UNITS) for _ in range(small)]
    say("huge plan")
    huge = make_flat(rt, n - deep[1] - small * (UNITS + 1) - 1)
    enter(database, [huge, deep[0], *plans])


def record_units(database: Database, n: int) -> None:
    """CITY, committees below it, everybody else below those, and an operator who may do everything."""
    scene.settle_in(database)
    with database.write() as connection:
        for first in range(0, n, BESIDE):
            connection.execute(tables.unit.insert(), list(_committee(first, min(first + BESIDE, n))))


def _committee(first: int, end: int) -> Iterator[dict[str, str]]:
    """A committee with its units, as the directory keeps them: written at once, as nothing about them has to be checked."""
    code, name = f"C{first:06d}", f"Đảng ủy số {first // BESIDE}"
    yield {"code": code, "name": name, "folded": names.fold(name), "kind": "committee", "parent": "CITY"}
    for number in range(first, end):
        name = f"Chi bộ số {number}"
        yield {"code": scene.code(number), "name": name, "folded": f"chi bo so {number}", "kind": "cell", "parent": code}


def make_flat(rt: Runtime, n: int) -> int:
    """A plan of ``n`` direct units, three quarters of them on their way; returns its id."""
    with scene.working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
    spawn(rt, plan, n)
    for minutes, trigger in enumerate(scene.STEPS, 1):
        move(rt, plan, trigger, minutes, n * (4 - minutes) // 4)
    return plan.id


def spawn(rt: Runtime, plan: Instance, n: int) -> None:
    """Units of a plan, due on one of two days."""
    chosen = ((unit.code, "", unit.due_at and unit.due_at + (i % 2) * _DAY, unit.data) for i, unit in enumerate(every_unit(n)))
    for batch in store.batches(chosen, AT_ONCE):
        with scene.working(rt) as work:
            work.spawn(plan, "recipient", (NewChild(*each) for each in batch))


_DAY = 24 * 60 * 60 * 1_000_000  # microseconds


def every_unit(n: int) -> Iterator[scene.Unit]:
    """Units that hold a conference of their own."""
    (one,) = scene.units(1, conference="2.2")
    return (one._replace(code=scene.code(number)) for number in range(n))


def move(rt: Runtime, plan: Instance, trigger: str, minutes: int, n: int, state: str | None = None) -> None:
    """The oldest ``n`` units of a plan, or of those in a state, make a move."""
    with rt.database.read() as connection:
        ids = [row[0] for row in store.rows(connection, Where(parent_id=plan.id, kind="recipient", state=state), limit=n)]
    for batch in store.batches(ids, AT_ONCE):
        with scene.working(rt, minutes) as work:
            work.fire_many(store.select(work.connection, Where(ids=tuple(batch))), MoveRequest(trigger=trigger))


def make_deep(rt: Runtime, n: int) -> tuple[int, int]:
    """A plan that is passed on twice; returns its id and how many instances it has."""
    share = max(2, round((n / 1_000_000) ** 0.5 * COMMUNES))
    with scene.working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        level, taken = [plan], 0
        for width in (PROVINCES, share, max(2, share * CELLS // COMMUNES)):
            chosen = list(every_unit(taken + width * len(level)))[taken:]
            taken += len(chosen)
            ids: list[int] = []
            for place, above in enumerate(level):
                own = chosen[place * width : (place + 1) * width]
                ids += work.spawn(above, "recipient", (NewChild(unit.code, "", unit.due_at, unit.data) for unit in own))
            level = [store.get(work.connection, id) for id in ids]
    with scene.working(rt, 1) as work:
        work.fire_many(level[:-1], MoveRequest(trigger="disseminate"))
    return plan.id, taken + 1


def enter(database: Database, plans: list[int]) -> None:
    """Enter the plans into the register, the first one as the oldest."""
    with database.write() as connection:
        for place, id in enumerate(plans):
            day = date(2025, 3, 3) + timedelta(days=place % 28)
            register.record(connection, id, replace(scene.PLAN, number=f"{place + 1}-KH/TU", date=day), "CITY", None)


def main() -> None:
    """Make one, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url", help="SQLAlchemy URL of an empty database")
    parser.add_argument("--instances", type=int, default=1_000_000)
    options = parser.parse_args()
    database, started = Database(options.url), time.perf_counter()
    make(database, options.instances, lambda text: print(f"{time.perf_counter() - started:6.1f} s  {text}", flush=True))
    print(f"{time.perf_counter() - started:6.1f} s  done")
    database.close()


if __name__ == "__main__":
    main()
