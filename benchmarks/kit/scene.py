"""Databases to measure on: empty, issued, moved on, full. Made once by the program itself, and copied for every run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import workflows.tables  # noqa: F401  (its tables belong to the metadata)
from engine import store
from engine.clock import to_micros
from engine.database import Database
from engine.instance import Instance
from engine.migrations import upgrade
from engine.runtime import MoveRequest, NewChild, Runtime, UnitOfWork
from engine.store import Where
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


class Scene:
    """Databases by name in one folder, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies = 0

    def file(self, name: str, make: Any) -> Path:
        """The database of that name; ``make`` writes it once, into an empty one."""
        file = self._folder / f"{name}.db"
        if not file.exists():
            with self._opened(file) as database:
                upgrade(database)
                make(database)
        return file

    @contextmanager
    def copy(self, file: Path) -> Iterator[Path]:
        """A copy to write into, gone afterwards."""
        self._copies += 1
        copied = self._folder / f"copy-{self._copies}.db"
        shutil.copyfile(file, copied)
        try:
            yield copied
        finally:
            for each in self._folder.glob(f"{copied.name}*"):
                each.unlink()

    @staticmethod
    @contextmanager
    def _opened(file: Path) -> Iterator[Database]:
        with opened(file) as database:
            yield database


@contextmanager
def opened(file: Path) -> Iterator[Database]:
    """The file as the program opens it."""
    database = Database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.close()


def runtime(database: Database) -> Runtime:
    """The runtime with the program's own definitions."""
    return Runtime(database, definitions(), GUARDS)


@contextmanager
def working(rt: Runtime, minutes: int = 0) -> Iterator[UnitOfWork]:
    """One transaction of the operator, with the grants that the directory gives."""
    now = MORNING + timedelta(minutes=minutes)
    with rt.unit_of_work(actor=ACTOR, now=now, authority=partial(OperatorAuthority, operator=ACTOR)) as work:
        yield work


def by(minutes: int = 0) -> By:
    """The operator at a moment."""
    return By(operator=ACTOR, now=MORNING + timedelta(minutes=minutes))


def units(n: int, **more: str) -> list[Unit]:
    """Units with what issuing gives each of them; ``more`` of their duty."""
    due = calendar.due_on(date(2025, 3, 31), phrase="chậm nhất ngày 31/3/2025", rule="one_off")
    duty = Duty(unit="", purpose="act", line=50, due=due, **more)
    return [Unit(code(number), duty.due_at, duty.data()) for number in range(n)]


def code(number: int) -> str:
    """The code of a unit."""
    return f"U{number:06d}"


def issue(rt: Runtime, chosen: list[Unit]) -> Instance:
    """Issue a plan to units: what the first cases measure."""
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        ids = work.spawn(plan, "recipient", (NewChild(unit.code, "", unit.due_at, unit.data) for unit in chosen))
        work.enqueue("notice", {"notice": LETTER, "plan": plan.id, "instances": [ids[0], ids[-1]]})
    return plan


def settle_in(database: Database, n: int = 0) -> None:
    """The directory: CITY with ``n`` units below it, and an operator who may do everything there."""
    below = tuple(Entry(code=code(i), name=f"Đơn vị số {i}", kind="cell", parent="CITY") for i in range(n))
    file = DirectoryFile(
        name="",
        units=(Entry(code="CITY", name="Thành ủy Sông Mây", kind="committee"), *below),
        groups=(Group(code="ALL", name="Các đơn vị trực thuộc", below="CITY"),),
        operators=(Operator(name=ACTOR),),
        grants=tuple(Grant(operator=ACTOR, role=role, unit="CITY" if n else "*") for role in ("coordinator", "clerk")),
    )
    with database.write() as connection:
        directory.import_units(connection, file)


def registered(database: Database, plan: Instance) -> None:
    """Enter the plan into the register, as operations do."""
    with database.write() as connection:
        register.record(connection, plan.id, PLAN, "CITY", None)


def move_all(rt: Runtime, plan: Instance, trigger: str, minutes: int, *, n: int | None = None) -> None:
    """The same move of the plan's units, in one transaction."""
    with working(rt, minutes) as work:
        found = store.select(work.connection, Where(parent_id=plan.id, kind="recipient"), limit=n)
        work.fire_many(found, MoveRequest(trigger=trigger))


def installation(database: Database) -> Installation:
    """The installation on a database whose layout is known to be current."""
    return Installation(database=database, runtime=runtime(database))


def moment(minutes: int) -> int:
    """Microseconds UTC."""
    return to_micros(MORNING + timedelta(minutes=minutes))
