"""How fast the engine is, beside the same rows written by hand in sqlite3: issuing, moving, roll-up, replay. See README.md.

Prints a table and writes RESULTS.md beside this file. Run it from the checkout: make bench
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.kit import by_hand, report, scene
from benchmarks.kit.clock import Case, Side, measure
from engine import replay
from engine.database import Database
from workflows import status
from workflows.installation import definitions
from workflows.operations import Advance, Issuing, advance_unit, issue_plan

TABLES = ("pc_definition", "pc_instance", "pc_event", "pc_tally", "pc_outbox")
BYTES_AIM = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    issued: tuple[int, ...]  # units of a plan
    singly: int  # units moved one at a time
    bulk: int  # units moved at once
    whole: int  # instances of the large databases
    rounds: int


FULL = Sizes(issued=(10_000, 100_000), singly=500, bulk=10_000, whole=100_000, rounds=7)
QUICK = Sizes(issued=(1_000, 10_000), singly=100, bulk=1_000, whole=10_000, rounds=3)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of everything; writes no RESULTS.md")
    parser.add_argument("--rounds", type=int, help="how often each side runs")
    parser.add_argument("--only", default="", metavar="WORD", help="only the cases whose title contains it; writes no RESULTS.md")
    options = parser.parse_args()
    sizes = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory(prefix="cascade-bench-") as name:
        folder = Path(name)
        require_same_rows(folder)
        rows = []
        for case in cases(folder, sizes):
            if options.only in case.title:
                rows.append(report.row(case, measure(case, options.rounds or sizes.rounds)))
                print(report.line(rows[-1]), flush=True)
        size = bytes_each(folder, sizes.whole)
    print(f"bytes per instance with four events: {size:,.0f} (aim {BYTES_AIM:,})")
    if not options.quick and not options.only:
        report.write(Path(__file__).with_name("RESULTS.md"), rows, size, BYTES_AIM, options.rounds or sizes.rounds)


def cases(folder: Path, sizes: Sizes) -> Iterator[Case]:
    """What is measured, in order."""
    yield from issuing(folder, sizes)
    yield from moving(folder, sizes)
    yield from looking(folder, sizes)
    yield from replaying(folder, sizes)


# -- issuing -----------------------------------------------------------------------------------------------------------


def issuing(folder: Path, sizes: Sizes) -> Iterator[Case]:
    """A plan issued to many units, in one transaction."""
    empty = scene.made(folder, "empty", scene.settle_in)
    for n in sizes.issued:
        chosen = scene.units(n)
        yield Case(
            title=f"issue to {n:,} units",
            n=n,
            each="unit",
            ours=writing(empty, partial(issue_ours, chosen)),
            others={"by hand": by_hand_writing(empty, partial(issue_by_hand, chosen))},
            aim="at most 2.0 times by hand",
        )
    for n in sizes.issued:
        directory = scene.made(folder, f"directory-{n}", partial(scene.directory_of, n))
        yield Case(
            title=f"issue_plan with a directory of {n:,} units",
            n=n,
            each="unit",
            ours=writing(directory, lambda db: partial(issue_plan, scene.installation(db), Issuing(plan=scene.PLAN), scene.by())),
        )


def issue_ours(chosen: list[scene.Unit], database: Database) -> Callable[[], object]:
    """Through the runtime."""
    return partial(scene.issue, scene.runtime(database), chosen)


def issue_by_hand(chosen: list[scene.Unit], db: sqlite3.Connection) -> Callable[[], object]:
    """The same plan and units, by hand."""
    stored = {each.name: (each.version, each.digest, each.source) for each in definitions()}
    return partial(by_hand.issue, db, chosen, stored, scene.moment(0))


# -- moving ------------------------------------------------------------------------------------------------------------


def moving(folder: Path, sizes: Sizes) -> Iterator[Case]:
    """Moves one at a time, each durable before the next, and many at once."""
    n = sizes.bulk
    issued = scene.made(folder, f"issued-{n}", partial(scene.issued, n))
    disseminated = scene.made(folder, f"disseminated-{n}", partial(scene.disseminated, n))
    codes = [scene.code(number) for number in range(sizes.singly)]
    singly_by_hand = by_hand_writing(issued, lambda db: partial(move_singly_by_hand, db, codes))
    yield Case(
        title="one move at a time, authorised",
        n=sizes.singly,
        each="move",
        ours=writing(issued, lambda db: partial(move_singly, db, codes)),
        others={"by hand": singly_by_hand},
        aim="at most 2.5 times by hand",
    )
    yield Case(
        title="one move at a time through advance_unit",
        n=sizes.singly,
        each="move",
        ours=writing(issued, lambda db: partial(advance_singly, db, codes)),
        others={"by hand": singly_by_hand},
    )
    yield Case(
        title=f"move {n:,} at once",
        n=n,
        each="unit",
        ours=writing(issued, lambda db: partial(scene.move_all, scene.runtime(db), "disseminate", 3, n)),
        others={
            "by hand": by_hand_writing(issued, lambda db: partial(by_hand.move_all, db, n, by_hand.DISSEMINATE, scene.moment(3)))
        },
        aim="at most 2.0 times by hand",
    )
    yield Case(
        title=f"move {n:,} at once, guarded",
        n=n,
        each="unit",
        ours=writing(disseminated, lambda db: partial(scene.move_all, scene.runtime(db), "hold_conference", 3, n)),
        others={
            "by hand": by_hand_writing(
                disseminated, lambda db: partial(by_hand.move_all_guarded, db, n, by_hand.HOLD, scene.moment(3))
            )
        },
        aim="at most 2.0 times by hand",
    )


def move_singly(database: Database, codes: list[str]) -> None:
    """Through the runtime."""
    rt = scene.runtime(database)
    for code in codes:
        scene.move(rt, code, "disseminate", 3)


def move_singly_by_hand(db: sqlite3.Connection, codes: list[str]) -> None:
    """By hand."""
    for code in codes:
        by_hand.move(db, code, by_hand.DISSEMINATE, scene.moment(3))


def advance_singly(database: Database, codes: list[str]) -> None:
    """Through the operation that the command line calls."""
    installation = scene.installation(database)
    for code in codes:
        advance_unit(installation, Advance(plan="1", unit=code, trigger="disseminate"), scene.by(3))


# -- looking -----------------------------------------------------------------------------------------------------------


def looking(folder: Path, sizes: Sizes) -> Iterator[Case]:
    """Where things stand, among many instances."""
    n, now = sizes.whole, scene.MORNING + timedelta(minutes=30)
    waiting = scene.made(folder, f"waiting-{n}", partial(scene.waiting, n))
    yield Case(
        title=f"roll-up of {n:,} units and who holds them back",
        n=1,
        each="answer",
        ours=reading(waiting, lambda connection: status.plan_status(connection, "1", now=now), again=True),
        others={"counted by hand": by_hand_reading(waiting, by_hand.count)},
        aim="under 10 ms",
    )
    yield Case(
        title=f"inbox of a unit among {n:,} instances",
        n=1,
        each="answer",
        ours=reading(waiting, lambda connection: status.inbox(connection, scene.code(5), now=now), again=True),
    )
    many = scene.made(folder, f"many-plans-{n}", partial(scene.many_plans, n))
    yield Case(
        title=f"list of {n // 101:,} plans with {n:,} instances",
        n=1,
        each="answer",
        ours=reading(many, lambda connection: status.plans(connection, now=now), again=True),
    )
    reported = scene.made(folder, f"reported-{n}", partial(scene.reported, n))
    before = scene.MORNING + timedelta(minutes=2)
    yield Case(
        title=f"roll-up of {n:,} units as of a past moment",
        n=1,
        each="answer",
        ours=reading(reported, lambda connection: status.plan_status(connection, "1", now=now, at=before)),
    )


# -- replaying ---------------------------------------------------------------------------------------------------------


def replaying(folder: Path, sizes: Sizes) -> Iterator[Case]:
    """The whole history verified: hashes, permitted moves, live rows, tallies, the root over all."""
    n = sizes.whole
    alike = scene.made(folder, f"reported-{n}", partial(scene.reported, n))
    singly = scene.made(folder, f"singly-{n // 4}", partial(scene.reported_singly, n // 4))
    for title, file, events in (
        (f"replay of {n:,} units, moved many at once", alike, 4 * n),
        (f"replay of {n // 4:,} units, each moved at its own moment", singly, n),
    ):
        yield Case(
            title=title,
            n=events,
            each="event",
            ours=reading(file, replay.verify),
            others={
                "hashes by hand": by_hand_reading(file, by_hand.scan),
                "hashes and json.loads by hand": by_hand_reading(file, partial(by_hand.scan, reading=True)),
            },
            aim="at most 2.0 times hashes by hand",
        )


# -- sides -------------------------------------------------------------------------------------------------------------


def writing(file: Path, prepare: Callable[[Database], Callable[[], object]]) -> Side:
    """Ours, on a copy; ``prepare`` makes the runtime outside of the clock."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with scene.copied(file) as copy, scene.opened(copy) as database:
            yield prepare(database)

    return side


def reading(file: Path, ask: Callable[..., object], *, again: bool = False) -> Side:
    """Ours, on the file itself; ``again``: the same was asked before, as it is in a program that goes on running."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with scene.opened(file) as database, database.read() as connection:
            if again:
                ask(connection)
            yield lambda: ask(connection)

    return side


def by_hand_writing(file: Path, prepare: Callable[[sqlite3.Connection], Callable[[], object]]) -> Side:
    """By hand, on a copy."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with scene.copied(file) as copy, closing(by_hand.connect(copy)) as db:
            yield prepare(db)

    return side


def by_hand_reading(file: Path, ask: Callable[..., object]) -> Side:
    """By hand, on the file itself."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with closing(by_hand.connect(file)) as db:
            yield lambda: ask(db)

    return side


# -- beside the clock --------------------------------------------------------------------------------------------------


def require_same_rows(folder: Path) -> None:
    """Raise AssertionError unless both sides of every case that writes leave the same rows."""
    few = Sizes(issued=(50,), singly=20, bulk=40, whole=0, rounds=1)
    for case in (*issuing(folder, few), *moving(folder, few)):
        left = {}
        for name, side in {"ours": case.ours, **case.others}.items():
            with side() as run:
                run()
                left[name] = rows_of(folder / "copy.db")
        for name, rows in left.items():
            assert rows == left["ours"], f"{case.title}: {name} leaves other rows than ours"


def rows_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the measured cases write."""
    with closing(sqlite3.connect(file)) as db:
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4").fetchall() for table in TABLES}


def bytes_each(folder: Path, n: int) -> float:
    """What an instance with four events takes in the file, its part of everything included."""
    file = scene.made(folder, f"reported-{n}", partial(scene.reported, n))
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.stat().st_size / n


if __name__ == "__main__":
    main()
