"""Small things that engine tests share: a runtime without a directory, moments, and a brute-force recount to compare with."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import Connection

from engine import replay, rollup, store
from engine.database import Database
from engine.definition import Definition
from engine.errors import NotAuthorised
from engine.instance import Instance
from engine.replay import Verification
from engine.rollup import Key
from engine.runtime import Runtime, UnitOfWork
from engine.where import EVERYTHING
from workflows import directory
from workflows.guards import GUARDS
from workflows.installation import By, Installation, definitions, open_installation

MORNING = datetime(2025, 3, 20, 1, 0, tzinfo=UTC)


class Anybody:
    """An authority that allows everything."""

    def __init__(self, _connection: Connection) -> None: ...

    def require(self, role: str, assignee: str) -> None: ...


class Nobody:
    """An authority that allows nothing."""

    def __init__(self, _connection: Connection) -> None: ...

    def require(self, role: str, assignee: str) -> None:
        raise NotAuthorised(f"nobody is {role} on {assignee}.")


def runtime(database: Database, chosen: Iterable[Definition] | None = None) -> Runtime:
    """A runtime with the program's own definitions, or with others."""
    return Runtime(database, definitions() if chosen is None else chosen, GUARDS)


@contextmanager
def working(rt: Runtime, minutes: int = 0, actor: str = "lan") -> Iterator[UnitOfWork]:
    """One unit of work some minutes after MORNING, by an operator who may do everything."""
    with rt.unit_of_work(actor=actor, now=MORNING + timedelta(minutes=minutes), authority=Anybody) as work:
        yield work


def everything(database: Database) -> dict[int, Instance]:
    """All live rows."""
    with database.read() as connection:
        return {each.id: each for each in store.select(connection, EVERYTHING)}


def verified(database: Database) -> Verification:
    """The verification of everything, which must have found nothing."""
    with database.read() as connection:
        found = replay.verify(connection)
    assert found.divergence is None, str(found.divergence)
    return found


def recounted(instances: dict[int, Instance], kinds: dict[int, str], node: int) -> Counter[Key]:
    """The tally of a node, counted the slow way: every instance is asked whether it stands below it."""
    counted: Counter[Key] = Counter()
    for each in instances.values():
        above, parent = each.parent_id, each.parent_id
        while above is not None and above != node:
            above = instances[above].parent_id
        if above == node:
            counted[rollup.key_of(each, kinds[each.definition_id], int(parent == node))] += 1
    return counted


def installed(database: Database, directory_file: Path) -> Installation:
    """An installation with a directory, in which "lan" may do everything."""
    with database.write() as connection:
        directory.import_units(connection, directory.parse(directory_file))
        directory.add_operator(connection, "lan")
        for role in ("admin", "coordinator", "clerk"):
            directory.grant(connection, "lan", role, "*")
    return open_installation(database)


def by(moment: datetime = MORNING, operator: str = "lan") -> By:
    """An operator at a moment."""
    return By(operator=operator, now=moment)


def wait_for(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Ask again and again until the answer is yes."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
