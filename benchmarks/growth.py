"""How the cost of one unit, one move, one answer grows with the number of units: a plan of 1,000 … 1,000,000. See README.md.

    python -m benchmarks.growth [--max N] [--sqlite] [--postgresql]

Prints what it measures; the whole run, up to a million on both databases, writes GROWTH.md and growth.svg beside this file.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import Connection

from benchmarks.kit import curves, million, report, scene
from benchmarks.kit.curves import Curve, Panel
from benchmarks.kit.postgresql import OwnServer
from engine import replay, rollup, store
from engine.database import Database
from engine.definition import Need
from engine.migrations import upgrade
from engine.runtime import NewChild
from engine.where import Where
from workflows import status
from workflows.moments import Choice

WHOLE = 1_000_000
SIZES = (1_000, 10_000, 100_000, WHOLE)
MOVES = 200  # units moved one at a time
ANSWERS = 20  # how often a question is asked; the first time does not count
ROUNDS = 3  # how often a small size is measured
NOW = scene.MORNING + timedelta(days=14)  # every unit that has not reported is overdue
SETS = {  # a set's cost, divided by what there is in it
    "issue": "a unit",
    "move at once": "a unit",
    "roll-up as of a date": "an event",
    "replay, verified": "an event",
}
ANSWERED = ("one move", "roll-up", "status", "inbox", "overdue", "units in a state", "tree", "plans")
HOW = (
    "A plan of so many units, each with its own instance; `python -m benchmarks.growth` measures it, README.md says how.",
    f"One move: the median of {MOVES}, a transaction each. At once: {million.AT_ONCE:,} units in a transaction. Answers: the",
    f"quickest of {ANSWERS}, with fifty lines where it is a list. Where others work on the machine, what takes long takes longer",
    "than it need. On PostgreSQL the questions are asked after VACUUM, which a server does by itself a minute after so many",
    "moves; until then the entries that they left in the indexes are walked, and at a million status takes 0.2 to 0.5 s.",
)
Figures = dict[str, float]  # what was measured -> seconds


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--max", type=int, default=WHOLE, metavar="N", help="the largest plan; below a million nothing is written"
    )
    parser.add_argument("--sqlite", action="store_true", help="only SQLite; writes nothing")
    parser.add_argument("--postgresql", action="store_true", help="only PostgreSQL; writes nothing")
    options = parser.parse_args()
    sizes = [n for n in SIZES if n <= options.max]
    measured = {}
    if not options.postgresql:
        measured["SQLite"] = {n: measure(sqlite, n) for n in sizes}
    if not options.sqlite:
        server = OwnServer(durable=True)
        try:
            measured["PostgreSQL"] = {n: measure(lambda: postgresql(server), n) for n in sizes}
        finally:
            server.stop()
    if len(measured) == 2 and options.max >= WHOLE:
        write(measured)


# -- databases ---------------------------------------------------------------------------------------------------------


@contextmanager
def sqlite() -> Iterator[Database]:
    """A new file."""
    with tempfile.TemporaryDirectory(prefix="cascade-growth-") as folder, scene.opened(Path(folder) / "growth.db") as database:
        yield database


@contextmanager
def postgresql(server: OwnServer) -> Iterator[Database]:
    """A new database of a server that keeps what it has committed."""
    url = server.create(empty=True)
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
        server.drop(url)


# -- measuring ---------------------------------------------------------------------------------------------------------


def measure(opened: Callable[[], contextmanager[Database]], n: int) -> Figures:
    """The medians for a plan of ``n`` units, each round in a new database."""
    rounds = []
    for _ in range(ROUNDS if n < WHOLE // 10 else 1):
        with opened() as database:
            upgrade(database)
            million.record_units(database, n)
            rounds.append({**moving(database, n), **looking(database, n)})
    figures = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    print(f"{n:,} units: " + ", ".join(f"{name} {shown(seconds)}" for name, seconds in figures.items()), flush=True)
    return figures


def moving(database: Database, n: int) -> Figures:
    """Issue to all, move some one at a time, the others at once."""
    rt = scene.runtime(database)
    with scene.working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
    units = (NewChild(unit.code, "", unit.due_at, unit.data) for unit in million.every_unit(n))

    def issue() -> None:
        with scene.working(rt) as work:
            work.spawn(plan, "recipient", units)

    gc.collect()
    issued = clocked(issue)
    singly = [clocked(lambda i=i: scene.move(rt, scene.code(i), "disseminate", 1)) for i in range(MOVES)]
    at_once = clocked(lambda: million.move(rt, plan, "disseminate", 2, n - 1 - MOVES, "issued"))
    million.enter(database, [plan.id, *(million.make_flat(rt, 1) for _ in range(n // 1_000))])
    return {"issue": issued / n, "one move": statistics.median(singly), "move at once": at_once / (n - 1 - MOVES)}


def looking(database: Database, n: int) -> Figures:
    """Ask what people ask."""
    plan, part = "1-KH/TU", Where(parent_id=1)
    questions: dict[str, Callable[[Connection], object]] = {
        "roll-up": lambda c: rollup.summarise(store.tally(c, 1), Need(kind="all", n=0), 0),
        "status": lambda c: status.plan_status(c, plan, now=NOW),
        "inbox": lambda c: status.inbox(c, scene.code(5), now=NOW, limit=50),
        "overdue": lambda c: status.overdue(c, now=NOW, limit=50),
        "units in a state": lambda c: status.plan_status(c, plan, now=NOW, choice=Choice(state="disseminated", limit=50)),
        "tree": lambda c: status.plan_status(c, plan, now=NOW, choice=Choice(tree=True, limit=50)),
        "plans": lambda c: status.plans(c, now=NOW, limit=50),
    }
    if not database.is_sqlite:
        with database.db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
    with database.read() as connection:
        figures = {name: answered(lambda ask=ask: ask(connection)) for name, ask in questions.items()}
        then = clocked(lambda: status.plan_status(connection, plan, now=NOW, at=scene.MORNING + timedelta(minutes=5)))
        replayed = clocked(lambda: replay.verify(connection, part))
    return {**figures, "roll-up as of a date": then / (2 * n), "replay, verified": replayed / (2 * n)}


def answered(ask: Callable[[], object]) -> float:
    """The quickest answer, in a program that goes on running: whatever else the machine does makes others slower."""
    ask()
    return min(clocked(ask) for _ in range(ANSWERS))


def clocked(run: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


# -- what is written ---------------------------------------------------------------------------------------------------


def write(measured: dict[str, dict[int, Figures]]) -> None:
    """GROWTH.md and growth.svg."""
    folder = Path(__file__).parent
    (folder / "growth.svg").write_text(curves.svg(list(panels(measured))), encoding="utf-8")
    lines = [
        "# Growth",
        "",
        f"{report.machine()}.",
        *HOW,
        "",
        "![the same figures as curves](growth.svg)",
    ]
    for name, figures in measured.items():
        lines += ["", f"## {name}", "", "| | " + " | ".join(f"{n:,}" for n in SIZES) + " |", "|---|" + "---:|" * len(SIZES)]
        for what in (*SETS, *ANSWERED):
            each = f" ({SETS[what]})" if what in SETS else ""
            lines.append(f"| {what}{each} | " + " | ".join(shown(figures[n][what]) for n in SIZES) + " |")
    (folder / "GROWTH.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def panels(measured: dict[str, dict[int, Figures]]) -> Iterator[Panel]:
    """Per database one for sets and one for single moves and answers."""
    for name, figures in measured.items():
        for title, drawn in (("each of a set", SETS), ("a move, an answer", ANSWERED)):
            made = [Curve(what, [(n, figures[n][what]) for n in SIZES]) for what in drawn]
            yield Panel(f"{name}: {title}", made)


def shown(seconds: float) -> str:
    """A time in a unit that suits it."""
    return f"{seconds * 1e6:.3g} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


if __name__ == "__main__":
    main()
