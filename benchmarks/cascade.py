"""How fast the engine is, beside the same rows by hand: issuing, moving, roll-up, replay, on both databases. See README.md.

    python -m benchmarks.cascade [--database sqlite|postgresql] [--only WORD] [--rounds N] [--quick]

Prints each case when it is done, keeps its figures in figures.json and writes RESULTS.md from all that were kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import Connection

from benchmarks.kit import by_hand, by_hand_postgresql, million, places, report, scene
from benchmarks.kit.clock import OURS, Aim, Case, measure
from benchmarks.kit.places import Place, Postgresql, Sqlite
from benchmarks.kit.postgresql import OwnServer
from benchmarks.kit.sides import apart, apart_by_hand, reading, reading_by_hand, writing, writing_by_hand
from benchmarks.kit.sizes import FEW, FULL, QUICK, Sizes
from engine import replay, rollup, store
from engine.database import Database
from engine.definition import Need
from workflows import status
from workflows.installation import definitions
from workflows.operations import Advance, Issuing, advance_unit, issue_plan

FOLDER = Path(__file__).parent
CLIENTS = 8
REHEARSED = 10  # moves that are made and undone before the clock runs
ANSWERS = 20  # how often a question is asked in a run
MEGABYTE = 1024 * 1024


def main() -> int:
    """Measure and report; returns 1 when a case failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything; writes nothing")
    parser.add_argument("--rounds", type=int, help="how often each side runs")
    parser.add_argument("--only", default="", metavar="WORD", help="only the cases whose title contains it")
    options = parser.parse_args()
    sizes = QUICK if options.quick else FULL
    book = report.Book(None if options.quick else FOLDER, {name: cases(place, FULL) for name, place in unopened()})
    failed = 0
    for name, opened in (("sqlite", sqlite), ("postgresql", postgresql)):
        if options.database in (name, "both"):
            with opened() as place:
                for case, small in zip(cases(place, sizes), cases(place, FEW), strict=True):
                    if options.only in case.title:
                        failed += not taken(book, place, case, small, options.rounds or sizes.rounds)
                if options.only in report.BYTES:
                    failed += not weighed(book, place, sizes.weighed)
    return 1 if failed else 0


def taken(book: report.Book, place: Place, case: Case, small: Case, rounds: int) -> bool:
    """Measure a case and note it; False when it failed."""
    started = time.perf_counter()
    try:
        require_same_rows(place, small)
        book.note(place.name, case, measure(case, rounds))
    except Exception as error:  # noqa: BLE001  (whatever it is, the other cases are measured, and RESULTS.md says so)
        traceback.print_exc()
        book.note_failure(place.name, case.title, error)
        return False
    print(f"{place.name}: {book.line(place.name, case)}\n    [{time.perf_counter() - started:.0f} s]", flush=True)
    return True


def weighed(book: report.Book, place: Place, n: int) -> bool:
    """Note what an instance with its four events takes, its part of everything included; False when it failed."""
    try:
        found = place.sizes(partial(scene.reported, n))
    except Exception as error:  # noqa: BLE001  (as above)
        traceback.print_exc()
        book.note_failure(place.name, report.BYTES, error)
        return False
    sizes = {when: size / n for when, size in found.items()}
    book.note_bytes(place.name, sizes)
    print(f"{place.name}: {report.BYTES}: " + ", ".join(f"{size:,.0f} {when}" for when, size in sizes.items()), flush=True)
    return True


# -- where -------------------------------------------------------------------------------------------------------------


@contextmanager
def sqlite() -> Iterator[Place]:
    """A folder for the run."""
    with tempfile.TemporaryDirectory(prefix="cascade-bench-") as name:
        yield Sqlite(Path(name))


@contextmanager
def postgresql() -> Iterator[Place]:
    """A server for the run."""
    server = OwnServer(durable=True)
    try:
        yield Postgresql(server)
    finally:
        server.stop()


def unopened() -> list[tuple[str, Place]]:
    """Both, only to list their cases."""
    return [(place.name, place) for place in (Sqlite(Path()), Postgresql(None))]


def cases(place: Place, sizes: Sizes) -> list[Case]:
    """What is measured, in order; the databases for it are made when it is."""
    return [
        *issuing(place, sizes),
        *moving(place, sizes),
        *moving_at_once(place, sizes),
        *looking(place, sizes),
        *replaying(place, sizes),
    ]


# -- issuing -----------------------------------------------------------------------------------------------------------


def issuing(place: Place, sizes: Sizes) -> Iterator[Case]:
    """A plan issued to many units, in one transaction."""
    empty = partial(place.made, "empty", scene.settle_in)
    n = sizes.issued
    yield Case(
        title=f"issue to {n:,} units",
        n=n,
        each="unit",
        ours=writing(place, empty, partial(issue_ours, n)),
        others={"by hand": writing_by_hand(place, empty, partial(issue_by_hand, place.hand.issue, n))},
        aim=Aim(text="at most 1.5", most=1.5, beside="by hand"),
        writes=True,
    )
    n = sizes.issued_apart
    yield Case(
        title=f"issue to {n:,} units, in a process of its own",
        n=n,
        each="unit",
        ours=apart(place, empty, 1, partial(stream_ours, n)),
        others={"by hand": apart_by_hand(place, empty, 1, partial(stream_by_hand, place.hand.issue, n))},
        aim=Aim(text="at most 1.6", most=1.6, beside="by hand"),
        writes=True,
        most_memory=150 * MEGABYTE,
        rounds=2,
    )
    n = sizes.directory
    yield Case(
        title=f"issue_plan with a directory of {n:,} units",
        n=n,
        each="unit",
        ours=writing(place, partial(place.made, f"directory-{n}", partial(scene.directory_of, n)), issue_plan_ours),
    )


def issue_ours(n: int, database: Database) -> Callable[[], object]:
    """Through the runtime."""
    return partial(scene.issue, scene.runtime(database), scene.units(n))


def issue_by_hand(issue: Callable[..., object], n: int, db: Any) -> Callable[[], object]:
    """The same plan and units, by hand."""
    return partial(issue, db, scene.units(n), stored(), scene.moment(0))


def stream_ours(n: int, _number: int, database: Database) -> Callable[[], object]:
    """As issue_ours; the units come one by one."""
    return partial(scene.issue, scene.runtime(database), million.every_unit(n))


def stream_by_hand(issue: Callable[..., object], n: int, _number: int, db: Any) -> Callable[[], object]:
    """As issue_by_hand; the units come one by one."""
    return partial(issue, db, million.every_unit(n), stored(), scene.moment(0))


def stored() -> dict[str, tuple[int, str, str]]:
    """The definitions as they are stored: name -> (version, digest, source)."""
    return {each.name: (each.version, each.digest, each.source) for each in definitions()}


def issue_plan_ours(database: Database) -> Callable[[], object]:
    """Through the operation that the command line calls."""
    return partial(issue_plan, scene.installation(database), Issuing(plan=scene.PLAN), scene.by())


# -- moving ------------------------------------------------------------------------------------------------------------

IN_THREE = "three statements, not counted"
SLOTTED = "one statement, counted in slots"
SINGLY: dict[str, dict[str, Callable[..., None]]] = {
    "SQLite": {"by hand": by_hand.move},
    "PostgreSQL": {
        IN_THREE: by_hand_postgresql.move_in_three,
        "four statements, counted": by_hand_postgresql.move_in_four,
        "one statement, not counted": by_hand_postgresql.move_at_once,
        SLOTTED: by_hand_postgresql.move_at_once_in_slot,
    },
}
DURABLE = {
    "SQLite": Aim(text="at most 1.6", most=1.6, beside="by hand"),
    "PostgreSQL": Aim(text="quicker than three statements", most=1.0, beside=IN_THREE),
}


def moving(place: Place, sizes: Sizes) -> Iterator[Case]:
    """Moves one at a time, each durable before the next; of one client, and of several."""
    n = max(sizes.singly, CLIENTS * sizes.of_client)
    issued = partial(place.made, f"issued-{n}", partial(scene.issued, n))
    codes = [scene.code(number) for number in range(sizes.singly)]
    others = {
        name: writing_by_hand(place, issued, partial(move_by_hand, move, codes)) for name, move in SINGLY[place.name].items()
    }
    uncounted = [name for name in others if "not counted" in name]
    anybody = partial(move_ours, codes, authority=scene.Anybody)
    for title, prepare, aim in (
        ("one durable move, its grant looked up in the directory", partial(move_ours, codes), DURABLE[place.name]),
        ("one durable move, permitted without a look into the directory", anybody, DURABLE[place.name]),
        ("one durable move through advance_unit", partial(advance_ours, codes), None),
    ):
        yield Case(
            title=title,
            n=len(codes),
            each="move",
            ours=writing(place, issued, prepare),
            others=others if aim else dict(list(others.items())[:1]),
            aim=aim,
            writes=True,
            uncounted=uncounted,
        )
    if place.name == "PostgreSQL":
        together = {SLOTTED: by_hand_postgresql.move_at_once_in_slot, "one counter row": by_hand_postgresql.move_at_once_in_row}
        for title, authority in (("", scene.GRANTED), (", permitted without a look into the directory", scene.Anybody)):
            yield Case(
                title=f"{CLIENTS} clients move units of one plan{title}",
                n=CLIENTS * sizes.of_client,
                each="move",
                ours=apart(place, issued, CLIENTS, partial(client_ours, sizes.of_client, authority)),
                others={
                    name: apart_by_hand(place, issued, CLIENTS, partial(client_by_hand, move, sizes.of_client))
                    for name, move in together.items()
                },
                aim=Aim(text="at least 0.75 of the throughput: at most 1.33", most=1 / 0.75, beside=SLOTTED),
                writes=True,
            )


def move_ours(codes: Sequence[str], database: Database, authority: Any = scene.GRANTED) -> Callable[[], object]:
    """Through the runtime, in a program that goes on running: some moves were made before, and undone."""
    rt = scene.runtime(database)
    for code in codes[:REHEARSED]:
        scene.move(rt, code, "disseminate", 3, authority, dry_run=True)
    return partial(each, [partial(scene.move, rt, code, "disseminate", 3, authority) for code in codes])


def move_by_hand(move: Callable[..., object], codes: Sequence[str], db: Any) -> Callable[[], object]:
    """By hand; some moves were made before, and undone, where there is something to be learnt of them."""
    if isinstance(db, psycopg.Connection):
        for code in codes[:REHEARSED]:
            with db.transaction(force_rollback=True):
                move(db, code, by_hand.DISSEMINATE, scene.moment(3))
    return partial(each, [partial(move, db, code, by_hand.DISSEMINATE, scene.moment(3)) for code in codes])


def each(runs: Sequence[Callable[[], object]]) -> None:
    """One after the other."""
    for run in runs:
        run()


def advance_ours(codes: Sequence[str], database: Database) -> Callable[[], object]:
    """Through the operation that the command line calls."""
    installation = scene.installation(database)
    asked = [Advance(plan="1", unit=code, trigger="disseminate") for code in codes]
    return partial(each, [partial(advance_unit, installation, one, scene.by(3)) for one in asked])


def client_ours(n: int, authority: Any, number: int, database: Database) -> Callable[[], object]:
    """A client's own units, through the runtime."""
    return move_ours(of_client(n, number), database, authority)


def client_by_hand(move: Callable[..., object], n: int, number: int, db: Any) -> Callable[[], object]:
    """A client's own units, by hand."""
    return move_by_hand(move, of_client(n, number), db)


def of_client(n: int, number: int) -> list[str]:
    """The units of a client."""
    return [scene.code(each) for each in range(number * n, (number + 1) * n)]


# -- moving many at once -----------------------------------------------------------------------------------------------


def moving_at_once(place: Place, sizes: Sizes) -> Iterator[Case]:
    """Many units in one transaction, plain and guarded."""
    for n in sizes.bulk:
        for title, name, make, step, by_set in (
            (f"move {n:,} at once", "issued", scene.issued, by_hand.DISSEMINATE, place.hand.move_all),
            (f"move {n:,} at once, guarded", "disseminated", scene.disseminated, by_hand.HOLD, place.hand.move_all_guarded),
        ):
            source = partial(place.made, f"{name}-{n}", partial(make, n))
            yield Case(
                title=title,
                n=n,
                each="unit",
                ours=writing(place, source, partial(move_all_ours, n, step.trigger)),
                others={"by hand": writing_by_hand(place, source, partial(move_all_by_hand, by_set, n, step))},
                aim=Aim(text="at most 2.0", most=2.0, beside="by hand"),
                writes=True,
            )


def move_all_ours(n: int, trigger: str, database: Database) -> Callable[[], object]:
    """Through the runtime."""
    return partial(scene.move_all, scene.runtime(database), trigger, 3, n)


def move_all_by_hand(move_all: Callable[..., object], n: int, step: by_hand.Step, db: Any) -> Callable[[], object]:
    """By hand."""
    return partial(move_all, db, n, step, scene.moment(3))


# -- looking -----------------------------------------------------------------------------------------------------------

SCANNED, PARSED = "history scanned, not read", "history scanned and read with json.loads"


def looking(place: Place, sizes: Sizes) -> Iterator[Case]:
    """Where things stand, now and as of a past moment."""
    now = scene.MORNING + timedelta(minutes=30)
    for n in (sizes.few, sizes.whole):
        waiting = partial(place.made, f"waiting-{n}", partial(scene.waiting, n))
        counted = {"counted by hand": reading_by_hand(place, waiting, place.hand.count, times=ANSWERS)}
        yield Case(
            title=f"roll-up of {n:,} units",
            n=ANSWERS,
            each="answer",
            ours=reading(waiting, roll_up, times=ANSWERS, again=True),
            others=counted,
            aim=Aim(text="under 1 ms", most=1e-3),
        )
        yield Case(
            title=f"status of a plan of {n:,} units, and who holds it back",
            n=ANSWERS,
            each="answer",
            ours=reading(waiting, lambda connection: status.plan_status(connection, "1", now=now), times=ANSWERS, again=True),
            others=counted,
        )
    before = scene.MORNING + timedelta(minutes=2)
    for title, source, events in histories(place, sizes):
        yield Case(
            title=f"status as of a past moment, {title}",
            n=events,
            each="event",
            ours=reading(source, lambda connection: status.plan_status(connection, "1", now=now, at=before)),
            others={
                PARSED: reading_by_hand(place, source, partial(place.hand.scan_below, reading=True)),
                SCANNED: reading_by_hand(place, source, place.hand.scan_below),
            },
            aim=Aim(text="no slower than one scan that reads it", most=1.0, beside=PARSED),
        )


def roll_up(connection: Connection) -> rollup.Summary:
    """Where everything below the plan stands."""
    return rollup.summarise(store.tally(connection, 1), Need(kind="all", n=0), scene.moment(30))


# -- replaying ---------------------------------------------------------------------------------------------------------


def replaying(place: Place, sizes: Sizes) -> Iterator[Case]:
    """The whole history verified: hashes, permitted moves, live rows, tallies, the root over all."""
    read = "hashes and json.loads by hand"
    for title, source, events in histories(place, sizes):
        yield Case(
            title=f"replay, {title}",
            n=events,
            each="event",
            ours=reading(source, verify),
            others={
                read: reading_by_hand(place, source, partial(place.hand.scan, reading=True)),
                "hashes by hand": reading_by_hand(place, source, place.hand.scan),
            },
            aim=Aim(text="at least 1.3 times as fast: at most 0.77", most=1 / 1.3, beside=read),
        )


def verify(connection: Connection) -> None:
    """Replay everything; raises Divergence."""
    found = replay.verify(connection).divergence
    if found:
        raise found


def histories(place: Place, sizes: Sizes) -> Iterator[tuple[str, Callable[[], str], int]]:
    """What each is called, its database, how many events there are."""
    n, fewer = sizes.whole, sizes.whole // 4
    alike = partial(place.made, f"reported-{n}", partial(scene.reported, n))
    singly = partial(place.made, f"singly-{fewer}", partial(scene.reported_singly, fewer))
    yield f"{n:,} units moved many at once", alike, 4 * n
    yield f"{fewer:,} units each moved at its own moment", singly, 4 * fewer


# -- beside the clock --------------------------------------------------------------------------------------------------


def require_same_rows(place: Place, case: Case) -> None:
    """Raise AssertionError unless all sides of a case that writes leave the same rows; it is run small for that."""
    if not case.writes:
        return
    left = {}
    for name, side in {OURS: case.ours, **case.others}.items():
        with side() as run:
            run()
            left[name] = places.rows_of(place)
    for name, rows in left.items():
        for table, found in rows.items():
            if not (table == "pc_tally" and name in case.uncounted):
                assert found == left[OURS][table], f"{case.title}: {name} leaves other rows in {table} than ours"


if __name__ == "__main__":
    sys.exit(main())
