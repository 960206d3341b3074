"""A clock that is set back, schedules that fall asleep, a database of another version than the worker's."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import jobs, replay, store
from engine.clock import to_micros
from engine.database import COPYING, HEAD, VERSION_TABLE, Database
from engine.errors import DatabaseMissing, DatabaseNewer, DatabaseOutdated, DatabaseUnfinished
from engine.runtime import MoveRequest, NewChild
from engine.where import EVERYTHING
from tests.city_case import day, move, play
from tests.conftest import CHECKOUT
from tests.kit import MORNING, everything, runtime, verified, wait_for, working
from workflows import audit
from workflows.installation import open_installation
from workflows.notices.transports import Maildir, Smtp
from workflows.notices.worker import run_tick
from workflows.tables import message

# -- a clock that is set back ------------------------------------------------------------------------------------------


def test_history_stays_in_sequence_when_the_clock_is_set_back(any_database: Database) -> None:
    rt = runtime(any_database)
    minutes = (0, 30, 10, 20, 40)  # by the clock, in the order in which things happen
    with working(rt, minutes[0]) as work:
        plan = work.start("plan", NewChild("CITY"))
        (unit,) = work.spawn(plan, "recipient", [NewChild("U1")])
    for minute, trigger in zip(minutes[1:], ("disseminate", "suspend", "resume", "report"), strict=True):
        with working(rt, minute) as work:
            work.fire(store.get(work.connection, unit), MoveRequest(trigger=trigger, reason="x"))
    assert everything(any_database)[unit].state == "reported"
    verified(any_database)

    def recalled(minute: int) -> int:
        until = to_micros(MORNING + dt.timedelta(minutes=minute))
        with any_database.read() as connection:
            return {each.id: each.revision for each in replay.states(connection, EVERYTHING, until=until)}.get(unit, 0)

    # As of a moment counts what came before the first event recorded later; it never goes back in time as the moment goes on.
    assert [recalled(minute) for minute in (-1, 0, 10, 25, 29, 30, 39, 40)] == [0, 1, 1, 1, 1, 4, 4, 5]


def test_history_is_listed_in_sequence_when_the_clock_is_set_back(database: Database) -> None:
    city = play(database)
    move(city, "P.HT", "disseminate", day(4, 10))
    move(city, "P.HT", "hold_conference", day(4, 2), participants=20)
    with database.read() as connection:
        found = [each.event.seq for each in audit.history(connection, "12-KH/TU", unit="P.HT", below=False)]
        listed = audit.history(connection, "12-KH/TU")
    assert found == sorted(found)
    for instance in {each.event.instance_id for each in listed}:
        seqs = [each.event.seq for each in listed if each.event.instance_id == instance]
        assert seqs == list(range(1, len(seqs) + 1))


def test_letters_queued_by_a_clock_that_was_ahead_do_not_wait_for_it(any_database: Database, tmp_path: Path) -> None:
    play(any_database)  # its letters are asked for in March and April 2025
    url = any_database.url.render_as_string(hide_password=False)

    nobody = Smtp(host="127.0.0.1", port=1)
    assert run_tick(url, transport=nobody, now=day(4, 2).replace(year=2035)).deferred > 10  # the clock is ten years ahead
    done = run_tick(url, transport=Maildir(tmp_path / "mail"), now=day(4, 2))
    assert done.sent > 10
    with any_database.read() as connection:
        assert set(connection.execute(sa.select(message.c.state)).scalars()) == {"sent"}


def test_a_worker_whose_schedules_sleep_does_its_sweeps_without_them(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a clock that is set back does to DBOS: the next run is as far away as the clock went back.
    monkeypatch.setattr(jobs, "_schedule", lambda _runner, _every: None)
    monkeypatch.setattr(jobs, "HOUSEKEEPING_SECONDS", 0.3)
    monkeypatch.setattr(jobs, "ASLEEP_SECONDS", 0.3)
    stop = threading.Event()
    runs: list[dt.datetime] = []

    def sweep(now: dt.datetime) -> int:
        runs.append(now)
        if len(runs) == 3:
            stop.set()
        return 0

    jobs.work(database, {"sweep": sweep}, clock=lambda: MORNING, every=1, stop=stop)
    assert len(runs) == 3


# -- a database of another version -------------------------------------------------------------------------------------


def mark(database: Database, revision: str) -> None:
    with database.write() as connection:
        connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})


@pytest.mark.parametrize(
    ("revision", "error"), [("9999", DatabaseNewer), ("0000", DatabaseOutdated), (HEAD + COPYING, DatabaseUnfinished)]
)
def test_a_worker_does_not_begin_on_another_version(any_database: Database, revision: str, error: type[Exception]) -> None:
    mark(any_database, revision)
    with pytest.raises(error):
        jobs.tick(any_database, {"sweep": lambda _: pytest.fail("it ran")}, now=MORNING)
    with any_database.read() as connection:  # not even the worker's own tables were made
        schemas = [None] if any_database.is_sqlite else [None, "dbos"]
        assert not any(sa.inspect(connection).has_table("workflow_status", schema=schema) for schema in schemas)


def test_a_database_without_a_layout_has_no_worker(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(DatabaseMissing):
        jobs.tick(Database(f"sqlite:///{empty}"), {}, now=MORNING)


def test_a_worker_ends_in_one_line_when_a_newer_program_takes_the_database_over(any_database: Database, tmp_path: Path) -> None:
    play(any_database)
    url = any_database.url.render_as_string(hide_password=False)
    log = tmp_path / "log"
    with log.open("wb") as stderr:
        worker = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cli",
                "--db",
                url,
                "--lang",
                "en",
                "work",
                "--every",
                "1",
                "--maildir",
                str(tmp_path / "mail"),
            ],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stderr=stderr,
        )
    try:
        wait_for(lambda: "At work" in log.read_text())
        mark(any_database, "9999")
        ended = worker.wait(120)
    finally:
        worker.kill()
        worker.wait()
    assert ended == 1
    begun, said = log.read_text().splitlines()
    assert begun.startswith("At work")
    assert said.startswith("Error: The database at")
    assert "has layout 9999" in said
    mark(any_database, HEAD)
    assert open_installation(any_database)
