"""What is measured on: databases that the program itself has made, issued, moved on, full. Each is made once and copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

import workflows.tables  # noqa: F401  (its tables belong to the metadata)
from engine import store
from engine.clock import to_micros
from engine.database import Database
from engine.instance import Instance
from engine.migrations import upgrade
from engine.runtime import Authority, MoveRequest, NewChild, Runtime, UnitOfWork
from engine.where import Where
from workflows import calendar, directory, register
from workflows.authority import OperatorAuthority
from workflows.duties import Duty
from workflows.entries import DirectoryFile, Grant, Group, Operator
from workflows.entries import Unit as Entry
from workflows.guards import GUARDS
from workflows.installation import By, Installation, definitions
from workflows.plans import Deadline, Plan, Recipient

ACTOR = "lan"
LETTER = "dissemination_letter"
MORNING = datetime(2025, 3, 20, 1, 0, tzinfo=UTC)
STEPS = ("disseminate", "hold_conference", "report")
PLAN = Plan(
    number="12-KH/TU",
    date=date(2025, 3, 3),
    type="KH",
    title="Kế hoạch học tập nghị quyết về nước sạch",
    issuer="Thành ủy Sông Mây",
    deadlines=(Deadline(phrase="chậm nhất ngày 31/3/2025", due_date=date(2025, 3, 31), line=31),),
    recipients=(Recipient(text="Các đơn vị trực thuộc", purpose="act", group="ALL", line=50),),
)


class Unit(NamedTuple):
    """A unit that a plan addresses."""

    code: str
    due_at: int | None  # microseconds UTC
    data: Mapping[str, Any]  # of its started event


# -- files -------------------------------------------------------------------------------------------------------------


def made(folder: Path, name: str, make: Callable[[Database], None]) -> Path:
    """The database of that name, made when it is first asked for."""
    file = folder / f"{name}.db"
    if not file.exists():
        with opened(file) as database:
            upgrade(database)
            make(database)
    return file


@contextmanager
def copied(file: Path) -> Iterator[Path]:
    """A copy to write into, gone afterwards; it lies on the disk before anything is measured."""
    copy = file.with_name("copy.db")
    shutil.copyfile(file, copy)
    with copy.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        yield copy
    finally:
        for each in copy.parent.glob("copy.db*"):
            each.unlink()


@contextmanager
def opened(file: Path) -> Iterator[Database]:
    """The file as the program opens it."""
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.close()


# -- who acts ----------------------------------------------------------------------------------------------------------


def runtime(database: Database) -> Runtime:
    """The runtime with the program's own definitions."""
    return Runtime(database, definitions(), GUARDS)


def installation(database: Database) -> Installation:
    """The installation on a database whose layout is known to be current."""
    return Installation(database=database, runtime=runtime(database))


class Anybody:
    """Lets everybody do everything, without a look into the directory."""

    def __init__(self, connection: Connection) -> None:
        pass

    def require(self, role: str, assignee: str) -> None:
        """Allow it."""


GRANTED = partial(OperatorAuthority, operator=ACTOR)  # what the grants in the directory say


@contextmanager
def working(
    rt: Runtime, minutes: int = 0, authority: Callable[[Connection], Authority] = GRANTED, *, dry_run: bool = False
) -> Iterator[UnitOfWork]:
    """One transaction of the operator, who may do what the grants in the directory say."""
    now = MORNING + timedelta(minutes=minutes)
    with rt.unit_of_work(actor=ACTOR, now=now, authority=authority, dry_run=dry_run) as work:
        yield work


def by(minutes: int = 0) -> By:
    """The operator at a moment."""
    return By(operator=ACTOR, now=MORNING + timedelta(minutes=minutes))


def moment(minutes: int) -> int:
    """Microseconds UTC."""
    return to_micros(MORNING + timedelta(minutes=minutes))


# -- what happens ------------------------------------------------------------------------------------------------------


def code(number: int) -> str:
    """The code of a unit."""
    return f"U{number:06d}"


def units(n: int, **more: str) -> list[Unit]:
    """Units with what issuing gives each of them; ``more`` of their duty."""
    due = calendar.due_on(date(2025, 3, 31), phrase="chậm nhất ngày 31/3/2025", rule="one_off")
    duty = Duty(unit="", purpose="act", line=50, due=due, **more)
    return [Unit(code(number), duty.due_at, duty.data()) for number in range(n)]


def settle_in(database: Database, n: int = 0) -> None:
    """The directory: CITY with ``n`` units below it, and an operator who may do everything there; everywhere without units."""
    below = tuple(Entry(code=code(i), name=f"Chi bộ số {i}", kind="cell", parent="CITY") for i in range(n))
    file = DirectoryFile(
        name="",
        units=(Entry(code="CITY", name="Thành ủy Sông Mây", kind="committee"), *below),
        groups=(Group(code="ALL", name="Các đơn vị trực thuộc", below="CITY"),),
        operators=(Operator(name=ACTOR),),
        grants=tuple(Grant(operator=ACTOR, role=role, unit="CITY" if n else "*") for role in ("coordinator", "clerk")),
    )
    with database.write() as connection:
        directory.import_units(connection, file)


def issue(rt: Runtime, chosen: Iterable[Unit]) -> Instance:
    """Issue a plan to units: what the first cases measure."""
    with working(rt) as work:
        return issue_in(work, chosen)


def issue_in(work: UnitOfWork, chosen: Iterable[Unit]) -> Instance:
    """As issue, in a transaction at hand."""
    plan = work.start("plan", NewChild("CITY"))
    ids = work.spawn(plan, "recipient", (NewChild(unit.code, "", unit.due_at, unit.data) for unit in chosen))
    work.enqueue("notice", {"notice": LETTER, "plan": plan.id, "instances": [ids[0], ids[-1]]})
    return plan


def move(
    rt: Runtime,
    code: str,
    trigger: str,
    minutes: int,
    authority: Callable[[Connection], Authority] = GRANTED,
    *,
    dry_run: bool = False,
) -> None:
    """One unit's move, in a transaction of its own."""
    with working(rt, minutes, authority, dry_run=dry_run) as work:
        found = store.find(work.connection, 1, code, "")
        assert found is not None
        work.fire(found, MoveRequest(trigger=trigger))


def move_all(rt: Runtime, trigger: str, minutes: int, n: int | None = None) -> None:
    """The same move of the plan's units, in one transaction."""
    with working(rt, minutes) as work:
        found = store.select(work.connection, Where(parent_id=1, kind="recipient"), limit=n)
        work.fire_many(found, MoveRequest(trigger=trigger))


# -- the databases -----------------------------------------------------------------------------------------------------


def directory_of(n: int, database: Database) -> None:
    """A directory, and nothing issued."""
    settle_in(database, n)


def issued(n: int, database: Database) -> None:
    """One plan, issued; one more unit than is moved, so that no move of the plan follows."""
    settle_in(database, n + 1)
    issue(runtime(database), units(n + 1))
    _register(database, [1])


def disseminated(n: int, database: Database) -> None:
    """One plan whose units may all hold their conference, for the one before has been held."""
    settle_in(database, n + 1)
    rt = runtime(database)
    plan = issue(rt, units(n + 1, conference="2.2", after="conference:2.1"))
    with working(rt, 1) as work:
        (held,) = work.spawn(plan, "conference", [NewChild("CITY", "conference:2.1")])
        work.fire(store.get(work.connection, held), MoveRequest(trigger="hold"))
    move_all(rt, "disseminate", 2)


def waiting(n: int, database: Database) -> None:
    """One plan for which every unit is awaited; the one due first stands last."""
    settle_in(database, 10)
    chosen = units(n)
    chosen[-1] = chosen[-1]._replace(due_at=moment(60))
    issue(runtime(database), chosen)
    _register(database, [1])


def reported(n: int, database: Database) -> None:
    """One plan carried out to the end: four events per unit, the moves made for all at once."""
    settle_in(database)
    rt = runtime(database)
    issue(rt, units(n, conference="2.2"))
    for minutes, trigger in enumerate(STEPS, 1):
        move_all(rt, trigger, minutes)
    _register(database, [1])


def reported_singly(n: int, database: Database) -> None:
    """The same, each unit at a moment of its own, so that no two events are alike."""
    settle_in(database)
    rt = runtime(database)
    issue(rt, units(n, conference="2.2"))
    for minutes, trigger in enumerate(STEPS, 1):
        with working(rt, minutes) as work:
            for id in [each.id for each in store.select(work.connection, Where(parent_id=1, kind="recipient"))]:
                found = store.get(work.connection, id)
                work.now += 1
                work.fire(found, MoveRequest(trigger=trigger))
    _register(database, [1])


def many_plans(n: int, database: Database) -> None:
    """As many instances in plans of a hundred units each."""
    settle_in(database)
    with working(runtime(database)) as work:
        plans = [issue_in(work, units(100)).id for _ in range(n // 101)]
    _register(database, plans)


def _register(database: Database, plans: Sequence[int]) -> None:
    with database.write() as connection:
        for number, id in enumerate(plans, 12):
            register.record(connection, id, replace(PLAN, number=f"{number}-KH/TU"), "CITY", None)
