"""Background work: ticks, long-running workers, one worker per SQLite file, recovery, and the outbox."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import jobs, outbox, store, workers
from engine.clock import to_micros
from engine.database import Database
from engine.errors import CascadeError, DatabaseLocked, DatabaseMissing, InputError, NotFound
from engine.outbox import MAX_ATTEMPTS, Entry
from tests.conftest import only_sqlite
from tests.kit import wait_for
from tests.postgresql import OwnServer

NOW = dt.datetime(2026, 3, 2, 2, 30, tzinfo=dt.UTC)


def rows_of_dbos(database: Database, columns: str = "status") -> list[tuple[object, ...]]:
    """What DBOS remembers of sweeps, oldest first."""
    schema = "" if database.is_sqlite else "dbos."
    with database.read() as connection:
        return [
            tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns} FROM {schema}workflow_status ORDER BY created_at")
        ]


# -- tick --------------------------------------------------------------------------------------------------------------


def test_a_tick_runs_every_sweep_until_none_finds_anything(any_database: Database) -> None:
    letters = [1, 1, 1]
    seen: list[tuple[str, dt.datetime]] = []

    def due(now: dt.datetime) -> int:
        seen.append(("due", now))
        return letters.pop() if letters else 0

    def follows(now: dt.datetime) -> int:
        seen.append(("follows", now))
        return 0

    done = jobs.tick(any_database, {"due": due, "follows": follows}, now=NOW)
    assert done == {"due": 3, "follows": 0}
    assert {now for _, now in seen} == {NOW}
    # In order, and once more after the round in which something was found.
    assert [name for name, _ in seen] == ["due"] * 4 + ["follows", "due", "follows"]


def test_work_that_a_later_sweep_leaves_for_an_earlier_one_is_done_in_the_same_tick(database: Database) -> None:
    left = {"first": 1, "second": 2}

    def first(_: dt.datetime) -> int:
        n, left["first"] = left["first"], 0
        return n

    def second(_: dt.datetime) -> int:
        if not left["second"]:
            return 0
        left["second"] -= 1
        left["first"] += 1
        return 1

    assert jobs.tick(database, {"first": first, "second": second}, now=NOW) == {"first": 3, "second": 2}


def test_the_same_tick_again_looks_again(database: Database) -> None:
    for _ in range(2):
        found = [5]
        assert jobs.tick(database, {"due": lambda _, found=found: found.pop() if found else 0}, now=NOW) == {"due": 5}


def test_a_sweep_that_fails_stops_no_other_and_its_error_is_raised(database: Database) -> None:
    calls: list[str] = []

    def broken(_: dt.datetime) -> int:
        calls.append("broken")
        raise CascadeError("no paper", remedy="Buy some.")

    with pytest.raises(CascadeError, match="no paper Buy some"):
        jobs.tick(database, {"broken": broken, "fine": lambda _: calls.append("fine") or 0}, now=NOW)
    assert calls == ["broken", "fine"]


def test_a_tick_keeps_its_tables_and_a_portable_record_in_the_same_database(any_database: Database) -> None:
    jobs.tick(any_database, {"due": lambda _: 0}, now=NOW)
    [row] = rows_of_dbos(any_database, "name, status, application_version, serialization")
    assert row == ("pc_sweep", "SUCCESS", jobs.VERSION, "portable_json")


def test_dbos_says_nothing_while_all_is_well(database: Database, capfd: pytest.CaptureFixture[str]) -> None:
    jobs.tick(database, {"due": lambda _: 0}, now=NOW)
    assert capfd.readouterr() == ("", "")


def test_old_records_of_finished_sweeps_are_forgotten(database: Database) -> None:
    jobs.tick(database, {"due": lambda _: 0}, now=NOW)
    with database.write() as connection:
        schema = "" if database.is_sqlite else "dbos."
        connection.exec_driver_sql(f"UPDATE {schema}workflow_status SET completed_at = 1000")
    jobs.tick(database, {"due": lambda _: 0}, now=NOW)
    assert len(rows_of_dbos(database)) == 1


def test_no_database_is_made_by_working_on_it(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        jobs.tick(Database(f"sqlite:///{tmp_path}/none.db"), {}, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_importing_the_module_does_not_import_dbos() -> None:
    code = "import sys, engine.jobs, workflows.notices.worker; sys.exit('dbos' in sys.modules or 'jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


# -- one worker per SQLite file ----------------------------------------------------------------------------------------


@only_sqlite
def test_a_second_worker_on_an_sqlite_file_is_refused(database: Database) -> None:
    def inner(_: dt.datetime) -> int:
        with pytest.raises(jobs.WorkerRunning, match="Another worker"), jobs._only_worker(Path(str(database.file))):
            pass
        return 0

    jobs.tick(database, {"inner": inner}, now=NOW)
    jobs.tick(database, {"after": lambda _: 0}, now=NOW)  # the lock is let go of


@only_sqlite
def test_a_worker_that_runs_elsewhere_refuses_a_tick_through_another_path(database: Database, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(str(database.file))
    with working(database), pytest.raises(jobs.WorkerRunning):
        jobs.tick(Database(f"sqlite:///{link}"), {}, now=NOW)


# -- work --------------------------------------------------------------------------------------------------------------

WORKER = """
import datetime as dt, pathlib, sys, time
from engine import jobs
from engine.database import Database
out = pathlib.Path(sys.argv[2])
pause = float(sys.argv[3])

def note(now):
    with out.open("a") as file:
        file.write("begin\\n")
    time.sleep(pause)
    with out.open("a") as file:
        file.write("end\\n")
    return 0

jobs.HOUSEKEEPING_SECONDS = 1.0
jobs.work(Database(sys.argv[1]), {"note": note}, clock=lambda: dt.datetime.now(dt.UTC), every=1, ready=lambda: out.touch())
"""


class working:  # noqa: N801
    """A worker in a process of its own, while the block runs."""

    def __init__(self, database: Database, *, pause: float = 0.0, out: Path | None = None) -> None:
        self.out = out or Path(str(database.file)).with_suffix(".out")
        self.errors = self.out.with_suffix(".errors")
        self._arguments = [database.url.render_as_string(hide_password=False), str(self.out), str(pause)]

    def __enter__(self) -> working:
        checkout = Path(__file__).parents[2]
        with self.errors.open("wb") as errors:  # a pipe that nobody reads would hold the worker up
            self.process = subprocess.Popen([sys.executable, "-c", WORKER, *self._arguments], cwd=checkout, stderr=errors)
        wait_for(lambda: self.out.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.errors.read_text()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def lines(self) -> list[str]:
        return self.out.read_text().splitlines()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sweeps_again_and_again_until_a_signal_lets_it_finish(
    database: Database, tmp_path: Path, number: signal.Signals
) -> None:
    with working(database, pause=0.3, out=tmp_path / "out") as worker:
        wait_for(lambda: worker.lines().count("end") >= 2 and worker.lines()[-1] == "begin")
        worker.process.send_signal(number)
        assert worker.process.wait(60) == 0
        assert worker.errors.read_text() == ""
        assert worker.lines()[-1] == "end"  # the batch under way was finished
    jobs.tick(database, {"note": lambda _: 0}, now=NOW)


@only_sqlite
def test_the_next_worker_takes_up_what_a_killed_one_left(database: Database) -> None:
    with working(database, pause=60) as worker:
        wait_for(lambda: "begin" in worker.lines())
        worker.process.kill()
    assert ("PENDING",) in rows_of_dbos(database)
    jobs.tick(database, {"note": lambda _: 0}, now=NOW)
    assert {row[0] for row in rows_of_dbos(database)} == {"SUCCESS"}


def test_on_postgresql_workers_share_one_database_and_the_dead_ones_work(postgresql_database: Database, tmp_path: Path) -> None:
    with working(postgresql_database, pause=60, out=tmp_path / "dead") as dead:
        wait_for(lambda: "begin" in dead.lines())
        jobs.tick(postgresql_database, {"note": lambda _: 0}, now=NOW)  # beside it
        assert ("PENDING",) in rows_of_dbos(postgresql_database)  # it lives: nobody takes its work
        dead.process.kill()
    with working(postgresql_database, out=tmp_path / "heir") as heir:
        wait_for(lambda: "end" in heir.lines())
        wait_for(lambda: ("PENDING",) not in rows_of_dbos(postgresql_database))


def test_two_workers_on_postgresql_run_each_scheduled_sweep_once(postgresql_database: Database, tmp_path: Path) -> None:
    with working(postgresql_database, out=tmp_path / "a") as a, working(postgresql_database, out=tmp_path / "b") as b:
        wait_for(lambda: len(a.lines()) + len(b.lines()) >= 10)
    begun = a.lines().count("begin") + b.lines().count("begin")
    slots = {row[0] for row in rows_of_dbos(postgresql_database, "workflow_uuid")}  # named by schedule and second
    assert begun <= len(slots)


def test_a_worker_outlives_a_restart_of_the_server(tmp_path: Path) -> None:
    server = OwnServer()
    try:
        database = Database(server.create())
        with working(database, out=tmp_path / "out") as worker:
            wait_for(lambda: "end" in worker.lines())
            server.halt()
            time.sleep(3)
            before = len(worker.lines())
            server.start()
            wait_for(lambda: len(worker.lines()) >= before + 4)
            [(name,)] = set(rows_of_dbos(database, "executor_id")) - {(None,)}
            wait_for(lambda: taken(database, f"worker {name}"))  # it says again that it lives
            worker.process.send_signal(signal.SIGTERM)
            assert worker.process.wait(60) == 0
        database.close()
    finally:
        server.stop()


def taken(database: Database, key: str) -> bool:
    """Whether somebody holds a lock, without trying to take it."""
    number = jobs._Lock(database, key)._number & (2**64 - 1)
    halves = {"high": number >> 32, "low": number & (2**32 - 1)}
    query = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :high AND objid = :low AND granted"
    with database.read() as connection:
        return bool(connection.execute(sa.text(query), halves).scalar())


def test_a_stop_event_ends_the_work_of_a_thread(database: Database) -> None:
    stop, ready, swept = threading.Event(), threading.Event(), threading.Event()

    def sweep(_: dt.datetime) -> int:
        swept.set()
        return 0

    arguments = {"clock": lambda: NOW, "every": 1, "stop": stop, "ready": ready.set}
    thread = threading.Thread(target=jobs.work, args=(database, {"sweep": sweep}), kwargs=arguments)
    thread.start()
    assert ready.wait(30)
    assert swept.wait(30)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_an_interval_that_cron_cannot_say_is_refused(database: Database) -> None:
    with pytest.raises(InputError, match="1 to 30"):
        jobs.work(database, {}, clock=lambda: NOW, every=61)


def test_a_long_sweep_gives_way_to_the_others_after_so_many_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCHES", 3)
    calls: list[int] = []

    def endless(_: dt.datetime) -> int:
        calls.append(1)
        return int(len(calls) < 10)

    assert jobs.tick(database, {"endless": endless, "other": lambda _: 0}, now=NOW) == {"endless": 9, "other": 0}
    uuids = [row[0] for row in rows_of_dbos(database, "workflow_uuid") if "endless" in str(row[0])]
    assert len(uuids) == 4  # 3 + 3 + 3 batches, and a run that finds nothing


def test_a_lock_held_by_one_is_refused_to_another(postgresql_database: Database) -> None:
    with jobs.hold(postgresql_database, "letters") as first, jobs.hold(postgresql_database, "letters") as second:
        assert (first, second) == (True, False)
    with jobs.hold(postgresql_database, "letters") as again, jobs.hold(postgresql_database, "other") as other:
        assert (again, other) == (True, True)


# -- outbox ------------------------------------------------------------------------------------------------------------


def leave(database: Database, *topics: str) -> list[int]:
    with database.write() as connection:
        return [store.enqueue(connection, topic, {"n": n}, to_micros(NOW)) for n, topic in enumerate(topics)]


def after(**delta: float) -> dt.datetime:
    return NOW + dt.timedelta(**delta)


def test_an_entry_is_handled_in_the_transaction_that_marks_it_done(any_database: Database) -> None:
    [id] = leave(any_database, "note")
    handled: list[Entry] = []

    def handler(connection: Connection, entry: Entry, now: dt.datetime) -> bool:
        handled.append(entry)
        connection.execute(sa.text("INSERT INTO pc_meta (key, value) VALUES ('handled', 'yes')"))
        return True

    assert outbox.sweep(any_database, {"note": handler}, NOW) == 1
    assert outbox.sweep(any_database, {"note": handler}, NOW) == 0
    assert [(entry.id, entry.payload) for entry in handled] == [(id, '{"n":0}')]
    with any_database.read() as connection:
        assert outbox.pending(connection) == []
        assert connection.execute(sa.text("SELECT done_at FROM pc_outbox")).scalar() == to_micros(NOW)


def test_an_entry_of_several_batches_comes_again_until_it_is_done(database: Database) -> None:
    leave(database, "note")
    batches = [False, False, True]
    assert outbox.sweep(database, {"note": lambda *_: batches.pop(0)}, NOW) == 3
    assert batches == []


def test_topics_without_a_handler_wait(database: Database) -> None:
    leave(database, "other")
    assert outbox.sweep(database, {"note": lambda *_: True}, NOW) == 0
    with database.read() as connection:
        assert [entry.topic for entry in outbox.pending(connection)] == ["other"]


def test_a_failing_entry_leaves_no_trace_but_its_error_and_holds_up_no_other(any_database: Database) -> None:
    bad, good = leave(any_database, "bad", "good")

    def fails(connection: Connection, entry: Entry, now: dt.datetime) -> bool:
        connection.execute(sa.text("INSERT INTO pc_meta (key, value) VALUES ('half', 'done')"))
        raise ValueError("no such plan")

    outbox.sweep(any_database, {"bad": fails, "good": lambda *_: True}, NOW)
    with any_database.read() as connection:
        [entry] = outbox.pending(connection)
        assert (entry.id, entry.attempts, entry.error) == (bad, 1, "ValueError: no such plan")
        assert connection.execute(sa.text("SELECT COUNT(*) FROM pc_meta WHERE key = 'half'")).scalar() == 0
    assert good != bad


def test_a_failing_entry_is_tried_later_and_later_then_set_aside_until_somebody_asks(database: Database) -> None:
    [id] = leave(database, "bad")
    calls: list[dt.datetime] = []

    def fails(_connection: Connection, _entry: Entry, now: dt.datetime) -> bool:
        calls.append(now)
        raise CascadeError("no")

    for minute in range(60):
        outbox.sweep(database, {"bad": fails}, after(minutes=minute))
    assert calls == [after(minutes=minute) for minute in (0, 1, 4, 9, 16)]
    with database.write() as connection:
        assert [entry.id for entry in outbox.pending(connection, set_aside=True)] == [id]
        assert outbox.retry(connection, [id]) == 1
        assert outbox.pending(connection, set_aside=True) == []
    assert len(calls) == MAX_ATTEMPTS
    assert outbox.sweep(database, {"bad": lambda *_: True}, after(hours=2)) == 1


def test_a_database_in_trouble_is_not_the_entrys_fault(database: Database) -> None:
    leave(database, "note")

    def locked(*_: object) -> bool:
        raise sqlite3.OperationalError("database is locked")

    with pytest.raises(DatabaseLocked):
        outbox.sweep(database, {"note": locked}, NOW)
    with database.read() as connection:
        assert [entry.attempts for entry in outbox.pending(connection)] == [0]


def test_two_workers_on_postgresql_never_handle_an_entry_at_the_same_time(postgresql_database: Database) -> None:
    leave(postgresql_database, "note", "note")
    inside, done = threading.Barrier(2, timeout=20), []

    def handler(_connection: Connection, entry: Entry, _now: dt.datetime) -> bool:
        inside.wait()  # both are in their transactions, so they hold different entries
        done.append(entry.id)
        return True

    threads = [threading.Thread(target=outbox.sweep, args=(postgresql_database, {"note": handler}, NOW)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == len(set(done)) == 2


def test_the_state_of_an_entry_says_what_comes_of_it(any_database: Database) -> None:
    ids = leave(any_database, *["bad"] * 5)
    with any_database.write() as connection:
        for id, values in zip(ids[1:], ("attempts = 4", "attempts = 5", "done_at = 5", "attempts = 0"), strict=True):
            connection.execute(sa.text(f"UPDATE pc_outbox SET {values} WHERE id = {id}"))
        outbox.discard(connection, ids[4:], by="lan", reason="sent by hand", now=NOW)
    with any_database.read() as connection:
        found = [outbox.entry(connection, id) for id in ids]
        assert [each.state for each in found] == list(outbox.STATES)
        for each in found:
            assert outbox.entries(connection, (each.state,)) == [each]
        assert outbox.entries(connection) == outbox.pending(connection) == found[:3]
        assert outbox.entries(connection, topic="good") == []
        assert outbox.entries(connection, limit=2) == found[:2]
    waits = 16 * outbox.RETRY_MICROS
    assert [each.next_attempt_at for each in found] == [to_micros(NOW), to_micros(NOW) + waits, None, None, None]


def test_a_discarded_entry_is_never_done_and_keeps_who_decided_and_why(any_database: Database) -> None:
    [id, other] = leave(any_database, "note", "note")
    with any_database.write() as connection:
        connection.execute(sa.text(f"UPDATE pc_outbox SET error = 'no' WHERE id = {id}"))
        outbox.discard(connection, [id, id], by="lan", reason=" sent by hand ", now=NOW)
        assert outbox.retry(connection, [id]) == 0
    handled: list[int] = []
    outbox.sweep(any_database, {"note": lambda _c, entry, _n: bool(handled.append(entry.id)) or True}, after(days=9))
    assert handled == [other]
    with any_database.read() as connection:
        found = outbox.entry(connection, id)
    assert (found.discarded_by, found.discard_reason, found.error) == ("lan", "sent by hand", "no")
    assert found.done_at == to_micros(NOW)


def test_what_is_settled_or_not_there_is_not_discarded(any_database: Database) -> None:
    [done, open_] = leave(any_database, "note", "note")
    outbox.sweep(any_database, {"note": lambda *_: True}, NOW)
    [left] = leave(any_database, "note")
    for ids, reason, error, said in (
        ([left, 999], "x", NotFound, "no job 999"),
        ([left, done], "x", InputError, f"Job {done} is done already"),
        ([left], "  ", InputError, "without a reason"),
    ):
        with pytest.raises(error, match=said), any_database.write() as connection:
            outbox.discard(connection, ids, by="lan", reason=reason, now=NOW)
    with any_database.write() as connection:
        assert [each.id for each in outbox.entries(connection)] == [left]
        outbox.discard(connection, [left], by="lan", reason="x", now=NOW)
        with pytest.raises(InputError, match=f"Job {left} is discarded already by lan: x"):
            outbox.require_open(connection, [left])
    assert open_ != left


def test_the_database_keeps_no_discarded_entry_without_a_reason(any_database: Database) -> None:
    [id] = leave(any_database, "note")
    with pytest.raises(sa.exc.IntegrityError), any_database.write() as connection:
        connection.execute(sa.text(f"UPDATE pc_outbox SET done_at = 1, discarded_by = 'lan' WHERE id = {id}"))


# -- who is at work ----------------------------------------------------------------------------------------------------


def test_a_worker_is_seen_while_it_lives(any_database: Database, tmp_path: Path) -> None:
    assert workers.seen(any_database) == []
    with working(any_database, pause=60, out=tmp_path / "out") as worker:
        wait_for(lambda: "begin" in worker.lines())
        [found] = workers.seen(any_database)
        assert found.alive
        assert found.unfinished >= 1
        assert found.last_run_at is not None
        assert abs(dt.datetime.now(dt.UTC) - found.last_run_at) < dt.timedelta(minutes=5)
        if any_database.is_sqlite:
            assert found.name == jobs.ONLY_WORKER
        else:
            host, process, _ = found.name.split(":")
            assert (host, int(process)) == (socket.gethostname()[: jobs._HOST], worker.process.pid)
            assert found.since is not None
        worker.process.kill()
        worker.process.wait()
        wait_for(lambda: not any(each.alive for each in workers.seen(any_database)))
        [dead] = workers.seen(any_database)  # what it left is still to be taken over
        assert (dead.name, dead.unfinished) == (found.name, found.unfinished)
    jobs.tick(any_database, {"note": lambda _: 0}, now=NOW)
    assert workers.seen(any_database) == []


def test_several_workers_on_postgresql_are_seen_and_a_tick_beside_them(postgresql_database: Database, tmp_path: Path) -> None:
    with working(postgresql_database, out=tmp_path / "a") as a, working(postgresql_database, out=tmp_path / "b") as b:
        seen: list[list[workers.Worker]] = []
        jobs.tick(postgresql_database, {"look": lambda _: seen.append(workers.seen(postgresql_database)) or 0}, now=NOW)
        processes = {int(each.name.split(":")[1]) for each in seen[0] if each.alive}
        assert processes == {a.process.pid, b.process.pid, os.getpid()}
        found = workers.seen(postgresql_database)
        assert {int(each.name.split(":")[1]) for each in found if each.alive} == {a.process.pid, b.process.pid}


@only_sqlite
def test_looking_for_a_worker_makes_no_file(database: Database) -> None:
    assert workers.seen(database) == []
    assert not jobs.beside(Path(str(database.file))).exists()
