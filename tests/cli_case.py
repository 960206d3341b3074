"""What tests of the command line share: running it in this process or in one of its own, and a database that it prepared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cli

CHECKOUT = Path(__file__).resolve().parent.parent
CITY = CHECKOUT / "examples" / "city"
PLAN = str(CITY / "ke-hoach.md")
WARD_PLAN = str(CITY / "ke-hoach-phuong.yaml")
NUMBER = "58-KH/TU"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table in a pipe, without its head."""
        return [line.split("\t") for line in self.out.splitlines()[1:]]


@dataclass(frozen=True)
class CommandLine:
    """The command line on one database, in this process."""

    database: Path
    captured: Callable[[], tuple[str, str]]

    def __call__(self, *arguments: object, now: str = "2025-03-10T09:00", by: str = "lan") -> Ran:
        """Run a command, whatever comes of it."""
        options = ["--db", str(self.database), "--as", by, "--now", now, "--lang", "en"]
        code = cli.run([*options, *map(str, arguments)])
        return Ran(code, *self.captured())

    def done(self, *arguments: object, now: str = "2025-03-10T09:00", by: str = "lan") -> Ran:
        """Run a command that must succeed."""
        ran = self(*arguments, now=now, by=by)
        assert ran.code == 0, ran.err
        return ran

    def refused(self, *arguments: object, now: str = "2025-03-10T09:00", by: str = "lan") -> str:
        """Run a command that must be refused in one line, and that must change nothing; returns the line."""
        before = self.root(now)
        ran = self(*arguments, now=now, by=by)
        assert (ran.code, ran.out) == (1, "")
        (line,) = ran.err.splitlines()
        assert line.startswith("Error: ")
        assert self.root(now) == before
        return line

    def states(self, now: str, plan: str = NUMBER) -> dict[str, str]:
        """The state of every unit of a plan."""
        tree = self.done("status", plan, "--tree", "--json", now=now).json["nodes"]
        return {node["unit"]: node["state"] for node in tree if node["kind"] == "recipient"}

    def root(self, now: str) -> str:
        """The root over all histories: equal as long as nothing was recorded."""
        return str(self.done("audit", "verify", "--json", now=now).json["root"])


def prepare(database: Path) -> Path:
    """Set up a database with the city's directory and its plan issued, by the operator lan."""
    options = ["--db", str(database), "--as", "lan", "--now", "2025-03-10T09:00"]
    for command in (["init"], ["units", "import", str(CITY / "units.yaml")], ["issue", PLAN]):
        assert cli.run([*options, *command]) == 0
    return database


def process(*arguments: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, its output in pipes; ``settings`` are those of subprocess.run, and ``environment``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CASCADE", "FORCE_COLOR", "NO_COLOR"))}
    environment = {**inherited, "PYTHONPATH": str(CHECKOUT), "LC_ALL": "C.UTF-8", **settings.pop("environment", {})}
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        **settings,
    )
