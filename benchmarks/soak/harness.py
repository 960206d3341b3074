"""Runs a soak: clients and workers that are killed at random and replaced, a server that goes away and comes back, checkpoints.

What is drawn follows from the seed; when it happens follows from the machine.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from benchmarks.soak import checks, client, reading
from benchmarks.soak.checks import Outage
from benchmarks.soak.commands import give, issue
from benchmarks.soak.journal import Journals
from benchmarks.soak.mail import Post
from benchmarks.soak.scene import operator, settle_in
from engine import replay
from engine.database import Database
from workflows.installation import open_installation
from workflows.tables import message

CHECKOUT = Path(__file__).resolve().parents[2]
KILLED = -signal.SIGKILL
PATIENCE = 60.0  # seconds that a process is given to end in order
AFTER_AN_OUTAGE = 2.0  # seconds in which what began during an outage may still say so
MOST = 6
_NO_ADDRESS = re.compile(r"^\d+ letter\(s\) have no address to go to; .*\n", re.MULTILINE)
FINAL_TICKS = 5  # a day apart: what was deferred comes due


class Server(Protocol):
    """A database server that may be stopped and started."""

    def halt(self, mode: str) -> None:
        """Stop it: "fast" ends the connections, "immediate" is a crash."""

    def start(self) -> None:
        """Start it again, and wait until it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How hard, and for how long."""

    seed: int
    seconds: float
    at_least: int = 0  # operations: it goes on until so many are acknowledged, MOST times as long if need be
    processes: int = 8  # clients at the same time
    workers: int = 2  # on PostgreSQL; an SQLite file has one
    plans: int = 8  # that run at once; the fewer, the more the clients get into each other's way
    # How many seconds pass on average
    kill_client: float = 1.0  # between two kills of a client,
    kill_worker: float = 5.0  # of a worker,
    restart: float = 6.0  # between two ends of the server,
    away: float = 0.5  # until it is started again,
    checkpoint: float = 2.0  # between two checkpoints;
    checking: float = 0.1  # of the time, at most, goes into these


@dataclass(slots=True)
class Result:
    """What came of it."""

    settings: Settings
    wrong: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)  # operations that were acknowledged, by kind
    refused: Counter[str] = field(default_factory=Counter)  # by error
    counts: Counter[str] = field(default_factory=Counter)  # kills, restarts, checkpoints, letters …
    outages: list[Outage] = field(default_factory=list)


Progress = Callable[[float, Result], None]  # told the seconds so far


def soak(url: str, folder: Path, settings: Settings, *, server: Server | None = None, progress: Progress | None = None) -> Result:
    """Run a soak on an empty database with the newest layout; what is wrong stands in the result."""
    run = _Run(url, folder, settings, server)
    with closing(run.database):
        settle_in(run.database, settings.processes)
        run.begin()
        with run.processes():
            run.play(progress or (lambda _seconds, _result: None))
            run.stop()
        run.finish()
    return run.result


class _Run:
    def __init__(self, url: str, folder: Path, settings: Settings, server: Server | None) -> None:
        self.database = Database(url)
        self.result = Result(settings)
        self._url = url
        self._folder = folder
        self._settings = settings
        self._server = server
        self._chance = random.Random(settings.seed)
        self._post = Post(random.Random(f"{settings.seed} mail"))
        self._clients: dict[int, Any] = {}  # number -> process
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        self._incarnations: Counter[str] = Counter()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["benchmarks.soak.client"])

    def begin(self) -> None:
        """The first plans, so that there is something for everybody to do."""
        installation = open_installation(self.database)
        for number in range(self._settings.plans // 2):
            give(installation, self._url, operator(0), issue(self._chance, f"{checks.MARK}{self._settings.processes}.0.{number}"))

    # -- processes -----------------------------------------------------------------------------------------------------

    @contextmanager
    def processes(self) -> Iterator[None]:
        """Everything at work; nothing is left behind, whatever happens."""
        with ExitStack() as stack:
            self._post.start()
            stack.callback(self._post.stop)
            stack.callback(self._kill_all)
            for number in range(self._settings.processes):
                self._start_client(number)
            for number in range(1 if self.database.is_sqlite else self._settings.workers):
                self._start_worker(number)
            yield

    def _start_client(self, number: int) -> None:
        self._incarnations[f"client{number}"] += 1
        incarnation = self._incarnations[f"client{number}"]
        settings = self._settings
        arguments = (self._url, settings.seed, settings.plans, number, incarnation, str(self._journal(number)))
        self._clients[number] = self._context.Process(target=client.run, args=arguments)
        self._clients[number].start()

    def _start_worker(self, number: int) -> None:
        self._incarnations[f"worker{number}"] += 1
        with self._log(number).open("wb") as log:
            self._workers[number] = subprocess.Popen(
                [*self._cascade(), "work", "--every", "1", "--smtp", self._post.address],
                cwd=CHECKOUT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _cascade(self) -> list[str]:
        return [sys.executable, "-m", "cli", "--db", self._url, "--lang", "en"]

    def _journal(self, number: int) -> Path:
        return self._folder / f"client{number}.jsonl"

    def _journals(self) -> Journals:
        return Journals(*(self._journal(number) for number in self._clients))

    def _log(self, number: int) -> Path:
        """What the present incarnation of a worker says."""
        return self._folder / f"worker{number}.{self._incarnations[f'worker{number}']}.log"

    def _kill_all(self) -> None:
        for process in self._clients.values():
            if process.is_alive():
                _kill(process.pid)
            process.join()
        for worker in self._workers.values():
            if worker.poll() is None:
                _kill(worker.pid)
            worker.wait()

    # -- the play ------------------------------------------------------------------------------------------------------

    def play(self, progress: Progress) -> None:
        """Let them work, and disturb them, until the time is over or something is wrong."""
        begun = time.monotonic()
        rates: dict[Callable[[], None], float] = {
            self._kill_client: self._settings.kill_client,
            self._kill_worker: self._settings.kill_worker,
            self._checkpoint: self._settings.checkpoint,
        }
        if self._server is not None:
            rates[self._restart] = self._settings.restart
        due = {what: begun + self._chance.uniform(0.5, 1.5) * rate for what, rate in rates.items()}
        while not self.result.wrong and not self._long_enough(time.monotonic() - begun):
            self._replace_ended()
            progress(time.monotonic() - begun, self.result)
            for what, moment in due.items():
                if time.monotonic() >= moment:
                    started = time.monotonic()
                    what()
                    pause = self._chance.uniform(0.5, 1.5) * rates[what]
                    if what == self._checkpoint:  # they take longer as the history grows
                        pause = max(pause, (time.monotonic() - started) / self._settings.checking)
                    due[what] = time.monotonic() + pause
            time.sleep(0.02)

    def _long_enough(self, seconds: float) -> bool:
        if seconds < self._settings.seconds or seconds > MOST * self._settings.seconds:
            return seconds >= self._settings.seconds
        return self._settings.at_least == 0 or self._journals().count("done") >= self._settings.at_least

    def _replace_ended(self) -> None:
        for number, process in self._clients.items():
            if not process.is_alive():
                if process.exitcode != KILLED:
                    self.result.wrong.append(f"Client {number} ended by itself with {process.exitcode}.")
                process.close()
                self._start_client(number)
        for number, worker in self._workers.items():
            if worker.poll() is not None:
                if worker.returncode != KILLED and not self._began_in_vain(number):
                    self.result.wrong.append(f"Worker {number} ended by itself with {worker.returncode}: {self._said(number)}")
                self._start_worker(number)

    def _began_in_vain(self, number: int) -> bool:
        """Whether a worker was started while the server was away: it says so and ends, for whoever started it to try again."""
        said = self._said(number)
        return (
            self.result.outages != []
            and "At work" not in said
            and "does not answer" in said
            and self._workers[number].returncode == 1
        )

    def _said(self, number: int) -> str:
        return self._log(number).read_text(encoding="utf-8")[-2_000:]

    def _kill_client(self) -> None:
        _kill(self._clients[self._chance.choice(list(self._clients))].pid)
        self.result.counts["clients killed"] += 1

    def _kill_worker(self) -> None:
        _kill(self._workers[self._chance.choice(list(self._workers))].pid)
        self.result.counts["workers killed"] += 1

    def _restart(self) -> None:
        assert self._server is not None
        begun = time.monotonic()
        mode = self._chance.choice(("fast", "immediate"))
        self._server.halt(mode)
        time.sleep(self._chance.uniform(0, 2) * self._settings.away)
        self._server.start()
        self.result.outages.append(Outage(begun, time.monotonic() + AFTER_AN_OUTAGE))
        self.result.counts[f"server stopped ({mode})"] += 1

    def _checkpoint(self) -> None:
        """All tallies against a recount, and all history against all live rows, in one snapshot while everybody writes."""
        with self.database.read() as connection:
            try:
                reading.compare_tallies(connection)
            except reading.Wrong as wrong:
                self.result.wrong.append(f"At a checkpoint: {wrong}")
            found = replay.verify(connection)
            if found.divergence is not None:
                self.result.wrong.append(f"At a checkpoint: {found.divergence}")
        self.result.counts["checkpoints"] += 1

    # -- the end -------------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """End the clients, then the workers, in order; then do what is left as one tick after the other."""
        for process in self._clients.values():
            process.terminate()
        for number, process in self._clients.items():
            process.join(PATIENCE)
            if process.exitcode not in (0, KILLED, -signal.SIGTERM):  # the last: before it was ready
                self.result.wrong.append(f"Client {number} did not end in order ({process.exitcode}).")
        for worker in self._workers.values():
            worker.terminate()
        for number, worker in self._workers.items():
            with suppress(subprocess.TimeoutExpired):
                worker.wait(PATIENCE)
            if worker.returncode not in (0, KILLED, -signal.SIGTERM):
                self.result.wrong.append(f"Worker {number} did not end in order ({worker.returncode}): {self._said(number)}")
        self._post.calm = True
        for day in range(FINAL_TICKS):
            self._tick(day)
            with self.database.read() as connection:
                if not connection.execute(sa.select(message.c.id).where(message.c.state == "queued").limit(1)).first():
                    break

    def _tick(self, day: int) -> None:
        later = (datetime.now(UTC) + timedelta(days=day)).isoformat(timespec="seconds")
        done = subprocess.run(
            [*self._cascade(), *(["--now", later] if day else []), "tick", "--smtp", self._post.address],
            cwd=CHECKOUT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = _NO_ADDRESS.sub("", done.stderr)  # some units of the scene have none
        if done.returncode != 0 or said:
            self.result.wrong.append(f"A tick ended with {done.returncode}: {done.stderr}")

    def finish(self) -> None:
        """Read the journals, and check everything."""
        self.result.wrong += self._said_aloud()
        told = self._journals()
        for line in told:
            if "done" in line:
                self.result.done[line["kind"]] += 1
                self.result.counts["repeated"] += "repeated" in line
            elif "refused" in line:
                self.result.refused[line["error"]] += 1
            elif "away" in line:
                self.result.refused["no database"] += 1
        self.result.wrong += checks.everything(self.database, told, self._post.taken, self.result.outages)
        with self.database.read() as connection:
            found = replay.verify(connection)
        self.result.counts["instances"] = found.instances
        self.result.counts["events"] = found.events
        self.result.counts["letters"] = len(self._post.taken)
        self.result.counts["letters sent again"] = sum(sum(times.values()) - 1 for times in self._post.taken.values())

    def _said_aloud(self) -> Iterator[str]:
        """Clients say nothing on stderr, and workers what goes wrong in a line each."""
        for file in sorted([*self._folder.glob("*.stderr"), *self._folder.glob("*.log")]):
            said = file.read_text(encoding="utf-8")
            if (file.suffix == ".stderr" and said) or "Traceback" in said or "defect" in said:
                yield f"{file.stem} said: {said[:2_000]}"


def _kill(pid: int | None) -> None:
    """SIGKILL a process with its children; one that has not yet left its parent's group, by itself."""
    assert pid is not None
    with suppress(ProcessLookupError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGKILL)
