"""One client of the soak: a process that gives commands until it is told to stop, or killed. Its journal is what is left."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import sys
import time
import traceback
from collections import deque
from pathlib import Path
from typing import Any

from benchmarks.soak.commands import KEYED, Command, draw, give
from benchmarks.soak.journal import Journal, Journals
from benchmarks.soak.scene import operator
from engine.database import Database
from engine.errors import (
    AlreadyExists,
    CascadeError,
    ConcurrencyError,
    DatabaseLocked,
    DatabaseMissing,
    NotFound,
    TransitionRefused,
)
from workflows.installation import Installation, open_installation

REMEMBERED = 40  # plans that a client has seen and may come back to
AWAY = 0.1  # seconds before a database that does not answer is asked again
FAULT = 3  # exit code: something happened that must not
# What may be answered because somebody else was quicker. The last two only where they say just that.
PERMITTED = (ConcurrencyError, TransitionRefused, DatabaseLocked)
PERMITTED_IN = {"forward": AlreadyExists, "bulk": NotFound, "steer": NotFound}


def run(url: str, seed: int, plans: int, number: int, incarnation: int, file: str) -> None:
    """Give commands on at most so many plans at once until SIGTERM; exits with FAULT when one is answered as none may be."""
    os.setpgid(0, 0)  # whoever kills this one kills the command lines that it runs
    os.dup2(os.open(said_by(Path(file)), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), 2)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    left = _unanswered(Path(file))
    journal = Journal(Path(file))
    chance = random.Random(f"{seed} {number} {incarnation}")
    client = _Client(url, chance, plans, f"k.{number}.{incarnation}", operator(number), journal)
    if left is not None and left.kind in KEYED:
        client.try_to_give(left)
    while not stopping:
        client.step()


def said_by(journal: Path) -> Path:
    """The file that takes what a client writes on stderr, where nothing belongs."""
    return journal.with_suffix(".stderr")


def _unanswered(file: Path) -> Command | None:
    """The command that the one before was killed over, if it was given in the last line."""
    last: dict[str, Any] = {}
    for line in Journals(file):
        last = line
    return Command(**{**last["asked"], "units": tuple(last["asked"]["units"])}) if "asked" in last else None


class _Client:
    def __init__(self, url: str, chance: random.Random, plans: int, name: str, operator: str, journal: Journal) -> None:
        self._url = url
        self._chance = chance
        self._plans = plans
        self._name = name
        self._operator = operator
        self._journal = journal
        self._given = 0
        self._known: deque[int] = deque(maxlen=REMEMBERED)
        self._installation: Installation | None = None

    def step(self) -> None:
        """Draw a command and give it."""
        self._given += 1
        key = f"{self._name}.{self._given}"
        try:
            command = self._draw(key)
        except DatabaseMissing as error:
            self._away(key, error)
        except DatabaseLocked as error:
            self._journal.write(refused=key, kind="draw", error=_named(error))
        except Exception:  # noqa: BLE001  (whatever it is, it is the finding)
            self._fault(key)
        else:
            self.try_to_give(command)

    def try_to_give(self, command: Command) -> None:
        """Give a command and write down what is answered."""
        self._journal.write(asked=dataclasses.asdict(command))
        try:
            facts = give(self._opened(), self._url, self._operator, command)
        except DatabaseMissing as error:
            self._away(command.key, error)
        except CascadeError as error:
            if not isinstance(error, (*PERMITTED, PERMITTED_IN.get(command.kind, ConcurrencyError))):
                self._fault(command.key)
            self._journal.write(refused=command.key, kind=command.kind, error=_named(error))
        except Exception:  # noqa: BLE001
            self._fault(command.key)
        else:
            self._journal.write(done=command.key, kind=command.kind, **facts)

    def _draw(self, key: str) -> Command:
        installation = self._opened()
        with installation.database.read() as connection:
            command = draw(self._chance, connection, installation, key, self._known, self._plans)
        if command.plan:
            self._known.append(command.plan)
        return command

    def _opened(self) -> Installation:
        if self._installation is None:
            self._installation = open_installation(Database(self._url))
        return self._installation

    def _away(self, key: str, error: Exception) -> None:
        self._journal.write(away=key, error=str(error))
        time.sleep(AWAY)

    def _fault(self, key: str) -> None:
        self._journal.write(fault=key, error=traceback.format_exc())
        sys.exit(FAULT)


def _named(error: CascadeError) -> str:
    """An error's name, with that of the driver's error that it stands for."""
    driver = getattr(error.__cause__, "orig", None)
    return type(error).__name__ + (f" ({type(driver).__name__})" if driver else "")
