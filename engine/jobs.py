"""Runs sweeps in the background with DBOS: for long or once, with schedules and recovery. It knows nothing of what they do.

The only import of DBOS, and inside functions: a command that merely leaves work behind must not pay for it.
What there is to do stands in rows of ours. A sweep looks for such rows, does one batch in transactions of its own and
says how much it did; DBOS decides when and where it runs. What DBOS remembers of a sweep is never needed to find the work
again, so a record that is lost or that comes twice does no harm.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from engine.database import Database
from engine.errors import (
    CascadeError,
    DatabaseFull,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseUnfinished,
    InputError,
    StorageError,
)

if TYPE_CHECKING:
    from dbos import DBOSConfig

# Does one batch of what is due; returns how many things it did, 0 when nothing is left. CascadeError: try again later.
Sweep: TypeAlias = Callable[[datetime], int]
Clock: TypeAlias = Callable[[], datetime]
Run: TypeAlias = Callable[[str], int]  # runs a sweep by name until nothing is left; returns how many things were done

APPLICATION = "plan-cascade"
VERSION = "1"  # of what DBOS records; left to itself, DBOS would orphan pending work at every release
WORKFLOW = "pc_sweep"
PRESENCE = "cascade worker "  # begins the name of the connection by which a worker on PostgreSQL is known to live
ONLY_WORKER = "only"  # name of the worker of an SQLite file: there is at most one, and the next one inherits its work
EVERY_SECONDS = 5
SILENCE_SECONDS = 60.0  # before the same is said again in the log
BATCHES = 1_000  # per run of a sweep; the next run goes on
HOUSEKEEPING_SECONDS = 10.0  # what a dead worker left must be in other hands within 30
ASLEEP_SECONDS = 60.0  # without a run of a sweep, though its schedule asks for one
KEEP = timedelta(hours=2)  # how long DBOS's record of a finished sweep is kept
_HOST = 28  # letters of a machine's name: the server cuts a connection's name after 63
PATIENCE = 30.0  # seconds that a batch under way is given when the worker stops

_CAUSE = re.compile(r"[\w.]+: ")  # begins the line of a traceback that names the error

log = logging.getLogger(__name__)


class WorkerRunning(CascadeError):
    """A worker is already at work on this database."""


def tick(database: Database, sweeps: Mapping[str, Sweep], *, now: datetime) -> dict[str, int]:
    """Run the sweeps in their order, again and again, until none finds anything; returns how many things each did.

    A sweep that raises CascadeError is left for the next time, and the error is raised after the others are done.
    Raises WorkerRunning on an SQLite file that has a worker, StorageError kinds.
    """
    runner = _Runner(database, sweeps, lambda: now, threading.Event(), quiet=True)
    done = dict.fromkeys(sweeps, 0)
    with _launched(database, runner) as worker:
        found = True
        while found:
            found = False
            for name in [name for name in sweeps if name not in runner.errors]:
                n = worker.run(name)
                done[name] += n
                found = found or n > 0
        _settle(None if database.is_sqlite else worker.name)
    for error in runner.errors.values():
        raise error
    return done


def work(
    database: Database,
    sweeps: Mapping[str, Sweep],
    *,
    clock: Clock,
    every: int = EVERY_SECONDS,
    stop: threading.Event | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Run every sweep each ``every`` seconds (1 to 30) until SIGTERM, SIGINT or ``stop``; the batch under way is finished.

    ``ready`` is called once the schedules stand. On PostgreSQL as many workers as wanted may run, and they share the
    sweeps' runs; what a dead one left is taken over. Raises WorkerRunning on an SQLite file that has a worker, and
    DatabaseNewer or its like as soon as the database is no longer of this program's layout.
    """
    if not 1 <= every <= 30:
        raise InputError(f"A sweep every {every} seconds is not possible.", remedy="Give 1 to 30 seconds.")
    stop = stop or threading.Event()
    runner = _Runner(database, sweeps, clock, stop)
    with _stopped_by_signals(stop), _launched(database, runner) as worker:
        _schedule(runner, every)
        if ready is not None:
            ready()
        while not stop.wait(HOUSEKEEPING_SECONDS):
            try:
                if worker.presence is not None:
                    worker.presence.renew()
                _purge()
                _recover_dead(database, worker.name)
                for name in runner.asleep(max(ASLEEP_SECONDS, 3 * every)):
                    worker.run(name)
            except (CascadeError, SQLAlchemyError) as error:  # a server that is restarted; the schedules go on by themselves
                log.warning("Housekeeping will be tried again: %s", error)
        _settle(worker.name)
    if runner.misfit is not None:
        raise runner.misfit


@contextmanager
def hold(database: Database, key: str) -> Iterator[bool]:
    """Hold a lock among all workers while the block runs; False at once when another one has it.

    A worker that dies lets go by dying. On SQLite there is only one worker, so the answer is always True.
    """
    if database.is_sqlite:
        yield True
        return
    lock = _Lock(database, key)
    try:
        yield lock.take()
    finally:
        lock.release()


class _Lock:
    """A lock of PostgreSQL's own, which belongs to one connection and ends with it."""

    def __init__(self, database: Database, key: str, *, shown: str | None = None) -> None:
        self._database = database
        self._shown = shown  # the name under which the server lists the connection
        self._number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Whether this lock is ours now; raises DatabaseMissing while the server does not answer."""
        try:
            connection = self._database.db.connect().execution_options(isolation_level="AUTOCOMMIT")
            if self._shown is not None:
                connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": self._shown})
            held = bool(connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": self._number}).scalar())
        except DBAPIError as error:
            raise DatabaseMissing(f"The database at {self._database.name} does not answer.", remedy="Try again later.") from error
        if held:
            self._connection = connection
        else:
            connection.close()
        return held

    def renew(self) -> None:
        """Take the lock again if the server has forgotten it; raises DatabaseMissing while it does not answer."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self.release()
        if self._connection is None:
            self.take()

    def release(self) -> None:
        """Let go of the lock, if it was ours."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": self._number})
            if self._shown is not None:
                connection.execute(text("RESET application_name"))
        except SQLAlchemyError:  # the server has ended it, and the lock with it
            connection.invalidate()
        connection.close()


class _Runner:
    """The sweeps of one process: each runs at most once at a time, and its last error is kept."""

    def __init__(
        self, database: Database, sweeps: Mapping[str, Sweep], clock: Clock, stop: threading.Event, *, quiet: bool = False
    ) -> None:
        self.sweeps = sweeps
        self.quiet = quiet  # errors are raised in the end, and need no log
        self.errors: dict[str, CascadeError] = {}
        self.misfit: StorageError | None = None  # why this program and the database do not belong together any more
        self.workflow: Any = None  # what DBOS made of ``sweep``
        self._database = database
        self._clock = clock
        self._stop = stop
        self._locks = {name: threading.Lock() for name in sweeps}
        self._ran_at = dict.fromkeys(sweeps, time.monotonic())

    def sweep(self, name: str, *, wait: bool) -> int:
        """Batch after batch as steps of the running workflow. Without ``wait``, a sweep under way is left to it."""
        from dbos import DBOS

        lock = self._locks.get(name)
        if lock is None or not lock.acquire(blocking=wait):
            return 0
        try:
            total = 0
            for _ in range(BATCHES):
                done = 0 if self._stop.is_set() else int(DBOS.run_step({"name": name}, self._batch, name))
                total += done
                if not done:
                    break
            return total
        finally:
            self._ran_at[name] = time.monotonic()
            lock.release()

    def asleep(self, seconds: float) -> list[str]:
        """The sweeps that have not run here for so long: a clock that was set back keeps DBOS from beginning any."""
        before = time.monotonic() - seconds
        return [name for name, ran_at in self._ran_at.items() if ran_at < before and not self._locks[name].locked()]

    def _batch(self, name: str) -> int:
        try:
            self._database.require_current()
            return self.sweeps[name](self._clock())
        except (DatabaseNewer, DatabaseOutdated, DatabaseUnfinished) as error:
            self.errors[name] = self.misfit = error
            self._stop.set()
            return 0
        except CascadeError as error:
            self.errors[name] = error
            if not self.quiet:
                log.warning("The sweep %s will be tried again: %s", name, error)
            return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worker:
    """DBOS at work in this process."""

    name: str  # under which it takes work
    presence: _Lock | None  # says that it lives; None on SQLite, where a lock on a file does
    run: Run


@contextmanager
def _launched(database: Database, runner: _Runner) -> Iterator[_Worker]:
    """DBOS at work for the runner, while the block runs. What dead workers left is taken over first."""
    from dbos import DBOS, SetWorkflowID

    database.require_current()
    with database.write() as connection:  # DBOS would say at length that it cannot
        connection.execute(text("UPDATE pc_meta SET value = value WHERE key = ''"))
    with database.translated(), _identity(database) as (executor, presence):
        DBOS(config=_config(database, executor, quiet=runner.quiet))
        seldom = _Seldom()
        for handler in logging.getLogger("dbos").handlers:
            handler.addFilter(seldom)
            handler.addFilter(_shortened)
        log.addFilter(seldom)
        try:

            @DBOS.workflow(name=WORKFLOW)
            def pc_sweep(_at: datetime | str, context: dict[str, Any]) -> Any:
                return runner.sweep(context["sweep"], wait=bool(context.get("wait")))

            def run(name: str) -> int:
                with SetWorkflowID(f"{WORKFLOW}:{name}:{executor}:{secrets.token_hex(8)}"):
                    started = DBOS.start_workflow(pc_sweep, "", {"sweep": name, "wait": True})
                return int(started.get_result())

            runner.workflow = pc_sweep
            DBOS.launch()
            _purge()
            _recover_dead(database, executor)
            yield _Worker(name=executor, presence=presence, run=run)
        finally:
            DBOS.destroy(destroy_registry=True)
            log.removeFilter(seldom)
            logging.getLogger("dbos").handlers.clear()  # they hold this launch's stderr, which may be closed by the next


class _Seldom(logging.Filter):
    """What one place in the code says of one thing is let through once a minute: a server may be down for a night."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at: dict[tuple[object, ...], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is time to say this again."""
        about = str(record.args[0]) if record.name == __name__ and isinstance(record.args, tuple) else ""
        place = (record.name, record.lineno, about)
        now = time.monotonic()
        if now - self._said_at.get(place, now - SILENCE_SECONDS) < SILENCE_SECONDS:
            return False
        self._said_at[place] = now
        return True


def _shortened(record: logging.LogRecord) -> bool:
    """Make one line of what DBOS logs: its tracebacks would fill the log while a server restarts or a disk is full."""
    said, _, traceback = record.getMessage().partition("Traceback (most recent call last):")
    causes = [line.strip() for line in traceback.splitlines() if _CAUSE.match(line)]
    if record.exc_info:
        causes.append(str(record.exc_info[1]))
    record.msg, record.args, record.exc_info = " ".join([said, *causes[-1:]]).strip().partition("\n")[0], (), None
    return True


def _config(database: Database, executor: str, *, quiet: bool) -> DBOSConfig:
    from dbos import DBOSPortableJSONSerializer

    return {
        "name": APPLICATION,
        "system_database_url": database.url.render_as_string(hide_password=False),
        "application_version": VERSION,
        "executor_id": executor,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL" if quiet else "WARNING",
        "notification_listener_polling_interval_sec": 0.2,  # nothing listens; it bounds how long stopping takes
        "run_migrations": True,
    }


@contextmanager
def _identity(database: Database) -> Iterator[tuple[str, _Lock | None]]:
    """The name that this worker takes work under while the block runs, and PostgreSQL's lock that says that it lives."""
    if database.is_sqlite:
        if database.file is None:
            raise InputError("A worker needs a database in a file.", remedy="Name one with --db.")
        with _only_worker(database.file):
            yield ONLY_WORKER, None
        return
    host = socket.gethostname()[:_HOST]
    executor = f"{host}:{os.getpid()}:{secrets.token_hex(4)}"
    presence = _Lock(database, f"worker {executor}", shown=PRESENCE + executor)
    if not presence.take():
        raise WorkerRunning(f"A worker with the name {executor} is at work on {database.name}.", remedy="Start this one again.")
    try:
        yield executor, presence
    finally:
        presence.release()


@contextmanager
def _only_worker(file: Path) -> Iterator[None]:
    """Nobody else may work on this SQLite file: an empty database beside it is held exclusively, until this process ends."""
    lock = beside(file)
    try:
        connection = sqlite3.connect(lock, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise StorageError(f"{lock} cannot be opened.", remedy="Check that the folder can be written.") from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise DatabaseFull(f"There is no room left beside {file}.", remedy="Free some space and try again.") from error
            if "locked" not in str(error):
                raise StorageError(
                    f"{lock} cannot be locked ({error}).", remedy="Check that the folder can be written."
                ) from error
            raise WorkerRunning(
                f"Another worker is at work on {file}.", remedy="Let it do the work, or stop it first."
            ) from error
        yield


def beside(file: Path) -> Path:
    """The file that the worker of an SQLite file holds, whatever link leads to that one."""
    real = file.resolve()
    return real.with_name(real.name + "-worker")


def _schedule(runner: _Runner, every: int) -> None:
    """One schedule per sweep. One that is stored already and has no sweep here is left alone: a newer worker may have it."""
    from dbos import DBOS

    DBOS.apply_schedules(
        [
            {
                "schedule_name": f"{WORKFLOW}:{name}",
                "workflow_fn": runner.workflow,
                "schedule": f"*/{every} * * * * *",  # seconds come first
                "context": {"sweep": name},
            }
            for name in runner.sweeps
        ]
    )


def _recover_dead(database: Database, executor: str) -> None:
    """Give the sweeps of dead workers to the living. The work of this one's own name DBOS takes up when it launches."""
    from dbos import DBOS

    pending = DBOS.list_workflows(status="PENDING", name=WORKFLOW, load_input=False, load_output=False)
    for other in {str(record.executor_id) for record in pending} - {executor}:
        with hold(database, f"worker {other}") as dead:
            if dead:
                DBOS.resume_workflows([record.workflow_id for record in pending if record.executor_id == other])


def _settle(executor: str | None) -> None:
    """Wait until no sweep is under way under a worker's name, or under any; gives up after a while, which loses nothing."""
    from dbos import DBOS

    states = ["PENDING"] if executor else ["PENDING", "ENQUEUED"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not DBOS.list_workflows(
            status=states, name=WORKFLOW, executor_id=executor, limit=1, load_input=False, load_output=False
        ):
            return
        time.sleep(0.05)


def _purge() -> None:
    """Forget the sweeps that finished some time ago: DBOS itself keeps every one for ever."""
    from dbos import DBOS

    # DBOS stamps its rows by the machine's clock, so they are compared with that one and not with ``now``.
    before = (datetime.now(UTC) - KEEP).isoformat()
    states = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
    while old := DBOS.list_workflows(
        status=states, name=WORKFLOW, completed_before=before, limit=1_000, load_input=False, load_output=False
    ):
        DBOS.delete_workflows([record.workflow_id for record in old])


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # Python hands signals to the main thread only
        yield
        return
    previous = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
