"""A PostgreSQL server that is down, goes away, is full or takes no writes; workers of one name or of two versions."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import jobs, workers
from engine.database import Database
from engine.errors import DatabaseMissing
from tests.cli_case import CITY, NUMBER, PLAN, process
from tests.conftest import CHECKOUT
from tests.kit import MORNING, verified, wait_for
from tests.postgresql import OwnServer
from workflows.tables import message

pytestmark = pytest.mark.xdist_group("weather")  # what all of its tests look at is made once


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A server that may be ill-treated."""
    found = OwnServer()
    yield found
    found.stop()


@pytest.fixture
def city(server: OwnServer) -> Iterator[Database]:
    """The example city on it, with its plan issued."""
    database = Database(server.create())
    for command in (("init",), ("units", "import", CITY / "units.yaml"), ("issue", PLAN)):
        assert give(database, *command).returncode == 0
    yield database
    database.close()


def url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def give(database: Database, *command: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return process("--db", url(database), "--as", "lan", "--now", "2025-03-10T09:00", "--lang", "en", *command)


def refused(database: Database, *command: object) -> str:
    """The one line in which a command is refused."""
    done = give(database, *command)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    *before, line = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert not before, before
    return line


ADVANCE = ("advance", NUMBER, "P.TT", "disseminate")


# -- down --------------------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_is_one_line_for_commands_and_workers(server: OwnServer, city: Database) -> None:
    server.halt()
    try:
        for command in (("plans",), ADVANCE, ("tick",), ("work",), ("jobs", "workers"), ("db", "check")):
            assert "does not answer" in refused(city, *command)
    finally:
        server.start()
    assert give(city, *ADVANCE).returncode == 0


@pytest.mark.parametrize("when", ["before the commit", "at the commit"])
def test_a_server_that_goes_away_in_the_middle_is_said_so_and_leaves_nothing(
    server: OwnServer, city: Database, when: str
) -> None:
    change = "INSERT INTO pc_operator (name, title) VALUES ('minh', '')"
    try:
        with pytest.raises(DatabaseMissing, match="does not answer"), city.write() as connection:  # noqa: PT012
            connection.exec_driver_sql(change)
            server.halt()
            if when == "before the commit":
                connection.exec_driver_sql(change)
    finally:
        server.start()
    with city.write() as connection:  # with the same object, which connects anew
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM pc_operator WHERE name = 'minh'").scalar_one() == 0
    verified(city)


def test_a_worker_sends_each_letter_though_the_server_is_restarted_again_and_again(
    server: OwnServer, city: Database, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    arguments = ["--db", url(city), "--lang", "en", "work", "--every", "1", "--maildir", str(tmp_path / "mail")]
    with log.open("wb") as stderr:
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        worker = subprocess.Popen([sys.executable, "-m", "cli", *arguments], cwd=CHECKOUT, env=environment, stderr=stderr)
    try:
        wait_for(lambda: "At work" in log.read_text())
        for unit in ("P.TT", "P.HT"):
            server.halt()
            time.sleep(2)
            server.start()
            assert give(city, "advance", NUMBER, unit, "excuse", "--reason", "x").returncode == 0

        def sent() -> int:
            with city.read() as connection:
                found = connection.execute(sa.select(message.c.state)).scalars().all()
            return len(found) if len(found) > 24 and set(found) == {"sent"} else 0

        def settled() -> bool:
            before = sent()
            time.sleep(5 if before else 0)  # those of the last move may still be to come
            return before > 0 and sent() == before

        wait_for(settled, 120)
        wait_for(lambda: [each.alive for each in workers.seen(city)] == [True])
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    finally:
        worker.kill()
        worker.wait()
    with city.read() as connection:
        kept = [bytes(content) for content in connection.execute(sa.select(message.c.content)).scalars()]
    assert sorted(file.read_bytes() for file in (tmp_path / "mail" / "new").iterdir()) == sorted(kept)
    said = log.read_text().splitlines()
    assert all(len(line) < 400 and "Traceback" not in line for line in said)
    assert len(said) < 40  # the same once a minute only: an outage may last for a night


# -- no writes, no room ------------------------------------------------------------------------------------------------


def test_a_standby_answers_what_is_asked_and_refuses_what_would_write(server: OwnServer, city: Database) -> None:
    city.close()
    with standing_by(server):
        assert NUMBER in give(city, "plans").stdout
        for command in (ADVANCE, ("operators", "add", "minh"), ("tick",), ("work",)):
            assert "cannot be written. Name the server that takes writes" in refused(city, *command)
    assert give(city, *ADVANCE).returncode == 0
    verified(city)


def test_of_several_servers_the_one_that_takes_writes_is_found(server: OwnServer, city: Database) -> None:
    nobody = "/nobody/listens/here"
    several = Database(f"{url(city).replace('host=', f'host={nobody},')}&target_session_attrs=read-write")
    for command in (ADVANCE, ("tick", "--smtp", "127.0.0.1:1")):
        assert give(several, *command).returncode == 0
    city.close()
    with standing_by(server):
        assert "cannot be written" in refused(several, "plans")
    several.close()


def test_a_server_without_room_is_one_line_and_goes_on_when_there_is_some(server: OwnServer, city: Database) -> None:
    with small_disk(server, city, 60_000_000) as disk:
        status = os.statvfs(disk)
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * (status.f_bavail * status.f_frsize))
        before = verified(city).root
        assert "There is no room left" in refused(city, "units", "import", "national")
        assert verified(city).root == before
        with city.read() as connection:
            assert connection.exec_driver_sql("SELECT COUNT(*) FROM pc_unit").scalar_one() == 45
        ballast.unlink()
        assert give(city, "units", "import", "national").returncode == 0
        assert give(city, *ADVANCE).returncode == 0
        verified(city)


@contextmanager
def standing_by(server: OwnServer) -> Iterator[None]:
    """The server is a standby that can be read, while the block runs."""
    signal = server.data / "standby.signal"
    server.halt("fast")
    signal.touch()
    server.start()
    try:
        yield
    finally:
        server.halt("fast")
        signal.unlink()
        server.start()


@contextmanager
def small_disk(server: OwnServer, database: Database, size: int) -> Iterator[Path]:
    """The database is on a disk of so many bytes, while the block runs; skips where none can be mounted."""
    with tempfile.TemporaryDirectory(prefix="pc-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", name]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
        space = folder / "space"
        space.mkdir(mode=0o700)
        owner = server.data.stat()
        os.chown(space, owner.st_uid, owner.st_gid)
        outside = sa.create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        moved = f"ALTER DATABASE {database.url.database} SET TABLESPACE"
        try:
            with outside.connect() as connection:
                database.close()  # nobody may be connected
                connection.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{space}'")
                connection.exec_driver_sql(f"{moved} small")
                yield folder
                database.close()
                connection.exec_driver_sql(f"{moved} pg_default")
                connection.exec_driver_sql("DROP TABLESPACE small")
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


# -- two of one name, two of two versions ------------------------------------------------------------------------------


def test_of_two_workers_with_one_name_the_second_is_refused(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.secrets, "token_hex", lambda _n: "0000")
    other = Database(url(postgresql_database))

    def inner(_: dt.datetime) -> int:
        with pytest.raises(jobs.WorkerRunning, match="A worker with the name"), jobs._identity(other):
            pass
        return 0

    jobs.tick(postgresql_database, {"inner": inner}, now=MORNING)
    other.close()


def test_a_worker_that_knows_fewer_sweeps_leaves_those_of_a_newer_one_alone(postgresql_database: Database) -> None:
    runs: list[str] = []
    stop = threading.Event()

    def sweep(name: str) -> jobs.Sweep:
        def run(_now: dt.datetime) -> int:
            runs.append(name)
            return 0

        return run

    def until(names: set[str]) -> threading.Thread:
        def look() -> None:
            wait_for(lambda: names <= set(runs))
            stop.set()

        stop.clear()
        runs.clear()
        thread = threading.Thread(target=look)
        thread.start()
        return thread

    for known in ({"mail", "new"}, {"mail"}):  # the newer one, then an older one that is started again
        watch = until(known)
        jobs.work(postgresql_database, {n: sweep(n) for n in known}, clock=lambda: MORNING, every=1, stop=stop)
        watch.join()
    with postgresql_database.read() as connection:
        names = connection.exec_driver_sql("SELECT schedule_name FROM dbos.workflow_schedules").scalars().all()
    assert set(names) == {"pc_sweep:mail", "pc_sweep:new"}
