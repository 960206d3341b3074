"""One database with the cascade's definitions on it: what every operation works on. It opens; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.engine import Connection

from engine import definition
from engine.database import Database
from engine.definition import Definition
from engine.errors import ConcurrencyError
from engine.runtime import Runtime, UnitOfWork
from workflows.authority import OperatorAuthority
from workflows.guards import GUARDS
from workflows.resources import definitions_folder

_P = ParamSpec("_P")
_T = TypeVar("_T")
_ATTEMPTS = 5  # of a command that others come between


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who acts, and when."""

    operator: str  # name of a registered operator
    now: datetime  # aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An open database and the runtime on it."""

    database: Database
    runtime: Runtime

    @contextmanager
    def work(self, by: By, *, dry_run: bool = False) -> Iterator[UnitOfWork]:
        """One transaction of an operator; see Runtime.unit_of_work."""
        authority = partial(_authority, operator=by.operator)
        with self.runtime.unit_of_work(actor=by.operator, now=by.now, authority=authority, dry_run=dry_run) as work:
            yield work


def in_turn(command: Callable[_P, _T]) -> Callable[_P, _T]:
    """A command, one transaction, that is given anew when somebody else's move came between its questions and its writing.

    Nothing of it was written then, and how things stand now decides on it, as if it had come a moment later: an operator is not
    refused because a worker has just recorded that a date has passed. Raises ConcurrencyError when it comes between each time.
    """

    @wraps(command)
    def again(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        for _ in range(_ATTEMPTS - 1):
            with suppress(ConcurrencyError):
                return command(*args, **kwargs)
        return command(*args, **kwargs)

    return again


def _authority(connection: Connection, *, operator: str) -> OperatorAuthority:
    return OperatorAuthority(connection, operator)


def definitions() -> list[Definition]:
    """The definitions that come with the program, checked."""
    return [definition.load(file, GUARDS) for file in sorted(definitions_folder().glob("*.yaml"))]


def open_installation(database: Database) -> Installation:
    """The installation in a database; raises DatabaseMissing, DatabaseOutdated or DatabaseNewer."""
    database.require_current()
    return Installation(database=database, runtime=Runtime(database, definitions(), GUARDS))
