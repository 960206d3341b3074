"""What the engine costs, against the same rows written by hand with sqlite3, in one run and in turns; see README.md.

Run as: python -m benchmarks.cascade [--quick] [--rounds N]. Writes benchmarks/RESULTS.md unless --quick is given.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import sqlalchemy

from benchmarks.kit import by_hand, scene
from benchmarks.kit.clock import OURS, Case, Times, measure, ratio
from engine import replay, store
from engine.database import Database
from engine.runtime import MoveRequest, Runtime
from engine.store import Where
from workflows import audit, status
from workflows.installation import Installation
from workflows.operations import Advance, Issuing, advance_unit, issue_plan

RAW = "raw"  # the same rows by hand
READ = "raw, bodies parsed by the standard library"
ONE_BY_ONE = 300  # moves per round


class Bench:
    """The cases, on databases that are made once."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.scene = scene.Scene(folder)
        self.small = 1_000 if quick else 10_000
        self.large = 10_000 if quick else 100_000

    # -- databases -----------------------------------------------------------------------------------------------------

    def empty(self) -> Path:
        """A directory, and nothing issued."""
        return self.scene.file("empty", scene.settle_in)

    def issued(self, n: int) -> Path:
        """A plan issued to ``n`` units that must hold a conference after the city's, which has been held."""

        def make(database: Database) -> None:
            scene.settle_in(database)
            rt = scene.runtime(database)
            plan = scene.issue(rt, scene.units(n, conference="2.3", after="conference:2.1"))
            scene.registered(database, plan)
            with scene.working(rt, 1) as work:
                work.spawn(plan, "conference", [scene.NewChild("CITY", "conference:2.1")])
            with scene.working(rt, 2) as work:
                conference = work.connection.exec_driver_sql("SELECT MAX(id) FROM pc_instance").scalar_one()
                work.fire(store.get(work.connection, conference), MoveRequest(trigger="hold"))

        return self.scene.file(f"issued-{n}", make)

    def disseminated(self, n: int) -> Path:
        """The same, and every unit has disseminated it."""
        return self._moved(n, "disseminated", ("disseminate",))

    def full(self, n: int) -> Path:
        """The same, and every unit has held its conference and reported: four events each."""
        return self._moved(n, "full", ("disseminate", "hold_conference", "report"))

    def _moved(self, n: int, name: str, triggers: tuple[str, ...]) -> Path:
        before = self.issued(n)

        def make(database: Database) -> None:
            with closing(sqlite3.connect(before)) as source, closing(sqlite3.connect(str(database.file))) as target:
                source.backup(target)
            rt = scene.runtime(database)
            with database.read() as connection:
                plan = store.get(connection, 1)
            for minutes, trigger in enumerate(triggers, 5):
                scene.move_all(rt, plan, trigger, minutes)

        return self.scene.file(f"{name}-{n}", make)

    # -- sides ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def ours(self, file: Path, act: Callable[[Runtime], object], *, write: bool = True) -> Iterator[Callable[[], object]]:
        """The program on a copy of a database, or on the database itself where it only reads; opened before the clock runs."""
        with self.scene.copy(file) if write else nullcontext(file) as chosen, scene.opened(chosen) as database:
            rt = scene.runtime(database)
            with database.read() as connection:
                connection.exec_driver_sql("SELECT COUNT(*) FROM pc_plan")
            yield lambda: act(rt)

    @contextmanager
    def raw(
        self, file: Path, act: Callable[[sqlite3.Connection], object], *, write: bool = True
    ) -> Iterator[Callable[[], object]]:
        """sqlite3 alone, likewise."""
        with self.scene.copy(file) if write else nullcontext(file) as chosen, closing(by_hand.connect(chosen)) as db:
            db.execute("SELECT COUNT(*) FROM pc_plan").fetchall()
            yield lambda: act(db)

    # -- cases ---------------------------------------------------------------------------------------------------------

    def cases(self) -> Iterator[Case]:
        """All of them, in the order of the results."""
        for n in (self.small, self.large):
            yield self.issuing(n)
        yield self.issuing_a_plan(self.small)
        yield self.one_by_one()
        yield self.bulk("disseminate", by_hand.DISSEMINATE, self.issued(self.small), guarded=False)
        yield self.bulk("hold_conference", by_hand.HOLD, self.disseminated(self.small), guarded=True)
        yield self.roll_up()
        yield self.replay()
        yield from self.lists()

    def issuing(self, n: int) -> Case:
        """A plan and its children, with their events, tallies and the letters' request."""
        chosen = scene.units(n)
        current = {each.name: (each.version, each.digest, each.source) for each in scene.definitions()}
        kept = {name: current[name] for name in ("plan", "recipient")}
        return Case(
            title="issue",
            n=n,
            each="unit",
            sides={
                OURS: lambda: self.ours(self.empty(), lambda rt: scene.issue(rt, chosen)),
                RAW: lambda: self.raw(self.empty(), lambda db: by_hand.issue(db, chosen, kept, scene.moment(0))),
            },
            aims={RAW: 2.0},
        )

    def issuing_a_plan(self, n: int) -> Case:
        """The same through the operation, which resolves recipients in the directory and enters the register."""
        file = self.scene.file(f"directory-{n}", lambda database: scene.settle_in(database, n))
        issuing = Issuing(plan=scene.PLAN, issuer="CITY")
        act = lambda rt: issue_plan(Installation(database=rt.database, runtime=rt), issuing, scene.by())  # noqa: E731
        return Case(title="issue, directory and register included", n=n, each="unit", sides={OURS: lambda: self.ours(file, act)})

    def one_by_one(self) -> Case:
        """Moves in a transaction each, by an operator whose grant is looked up."""
        file = self.issued(self.small)

        def through_runtime(rt: Runtime) -> None:
            for number in range(ONE_BY_ONE):
                with scene.working(rt, 5) as work:
                    unit = store.find(work.connection, 1, scene.code(number), "")
                    assert unit is not None
                    work.fire(unit, MoveRequest(trigger="disseminate"))

        def through_operation(rt: Runtime) -> None:
            installation = Installation(database=rt.database, runtime=rt)
            for number in range(ONE_BY_ONE):
                advance_unit(installation, Advance(plan="12-KH/TU", unit=scene.code(number), trigger="disseminate"), scene.by(5))

        def by_raw(db: sqlite3.Connection) -> None:
            for number in range(ONE_BY_ONE):
                by_hand.move(db, scene.code(number), by_hand.DISSEMINATE, scene.moment(5))

        listed = self.scene.file("listed", lambda database: self._listed(database, file))
        return Case(
            title="one move at a time",
            n=ONE_BY_ONE,
            each="move",
            sides={
                OURS: lambda: self.ours(file, through_runtime),
                RAW: lambda: self.raw(file, by_raw),
                "ours through the operation": lambda: self.ours(listed, through_operation),
            },
            aims={RAW: 2.5},
        )

    def _listed(self, database: Database, issued: Path) -> None:
        """A directory that knows the units, for the operation looks them up."""
        scene.settle_in(database, self.small)
        plan = scene.issue(scene.runtime(database), scene.units(self.small))
        scene.registered(database, plan)

    def bulk(self, trigger: str, step: by_hand.Step, file: Path, *, guarded: bool) -> Case:
        """The same move of all, in one transaction."""

        def act(rt: Runtime) -> None:
            with rt.database.read() as connection:
                plan = store.get(connection, 1)
            scene.move_all(rt, plan, trigger, 9)

        def hand(db: sqlite3.Connection) -> None:
            by_hand.move_all(db, self.small, step, scene.moment(9), guarded=guarded)

        return Case(
            title=f"bulk move{', guarded' if guarded else ''}",
            n=self.small,
            each="move",
            sides={OURS: lambda: self.ours(file, act), RAW: lambda: self.raw(file, hand)},
            aims={RAW: 2.0},
        )

    def roll_up(self) -> Case:
        """The root's summary and the unit that holds it back."""
        file = self.disseminated(self.large)

        def act(rt: Runtime) -> None:
            with rt.database.read() as connection:
                assert status.plan_status(connection, "12-KH/TU", now=scene.MORNING).holder is not None

        return Case(
            title=f"roll-up of a root of {self.large:,}, and who holds it back",
            n=1,
            each="answer",
            sides={
                OURS: lambda: self.ours(file, act, write=False),
                "raw: counting the children": lambda: self.raw(file, by_hand.count, write=False),
            },
            limit_ms=10.0,
        )

    def replay(self) -> Case:
        """Every chain, every move, every live row and every tally checked, against a bare scan with the same hashing."""
        file = self.full(self.small * 2)
        events = 4 * self.small * 2 + 7

        def act(rt: Runtime) -> None:
            found = audit.verify(rt.database).verification
            assert found.divergence is None, str(found.divergence)

        return Case(
            title="replay with verification",
            n=events,
            each="event",
            sides={
                OURS: lambda: self.ours(file, act, write=False),
                RAW: lambda: self.raw(file, by_hand.scan, write=False),
                READ: lambda: self.raw(file, lambda db: by_hand.scan(db, reading=True), write=False),
            },
            aims={RAW: 2.0},
        )

    def lists(self) -> Iterator[Case]:
        """What people look at, in a database of many."""
        file = self.disseminated(self.large)

        def reading(title: str, act: Callable[[sqlalchemy.Connection], object], limit_ms: float | None = None) -> Case:
            def run(rt: Runtime) -> None:
                with rt.database.read() as connection:
                    act(connection)

            sides = {OURS: lambda: self.ours(file, run, write=False)}
            return Case(title=title, n=1, each="answer", sides=sides, limit_ms=limit_ms)

        yield reading("list of plans", lambda c: status.plans(c, now=scene.MORNING), 50.0)
        yield reading(
            "overdue, the first 50",
            lambda c: list(store.select(c, Where(standing=("open",), due_before=scene.moment(99_999)), order="due", limit=50)),
            50.0,
        )
        yield reading("a child by its unit", lambda c: store.find(c, 1, scene.code(7), ""), 50.0)
        moment = scene.moment(3)
        yield reading(
            f"states of {self.large:,} as of a date", lambda c: sum(1 for _ in replay.states(c, Where(below="1."), until=moment))
        )


def bytes_per_instance(file: Path, n: int) -> float:
    """Bytes of the file for each unit with four events, indexes included."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("VACUUM")
    return file.stat().st_size / n


def rows(case: Case, taken: Mapping[str, Times]) -> Iterator[str]:
    """The lines of a case in the table of results."""
    ours = taken[OURS]
    for side, times in taken.items():
        per = times.middle("wall") / case.n
        figure = f"{per * 1e6:,.1f} µs" if per < 1e-3 else f"{per * 1e3:,.2f} ms"
        against, aim = "", ""
        if side != OURS:
            against = f"{ratio(ours, times, 'wall'):.2f} ({ratio(ours, times, 'cpu'):.2f})"
            aim = f"{case.aims[side]:.1f}" if side in case.aims else ""
        elif case.limit_ms is not None:
            aim = f"{case.limit_ms:.0f} ms"
        yield f"| {case.title} | {case.n:,} | {side} | {figure} per {case.each} | ±{times.spread():.0%} | {against} | {aim} |"


def main() -> None:
    """Measure, print, and keep the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, one round, nothing kept")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    lines = [
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__}.",
        "",
        "| work | n | side | median | spread | ours / this side, wall (CPU) | aim |",
        "|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), quick=options.quick)
        for case in bench.cases():
            for line in rows(case, measure(case, 1 if options.quick else options.rounds)):
                lines.append(line)
                print(line, flush=True)
        n = bench.small * 2
        lines.append(
            f"\nBytes per unit with four events, indexes included: {bytes_per_instance(bench.full(n), n):,.0f} (aim: 2,000)."
        )
        print(lines[-1])
    if not options.quick:
        text = (
            "# Results\n\nMade by `python -m benchmarks.cascade`; README.md says what is compared.\n\n" + "\n".join(lines) + "\n"
        )
        Path(__file__).with_name("RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
