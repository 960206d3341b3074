"""A disk that is full: one clear line, nothing that was acknowledged is lost, and all goes on once there is room again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.database import Database
from tests.cli_case import CHECKOUT, CITY, NUMBER, PLAN, process
from tests.kit import verified, wait_for
from workflows.tables import message

pytestmark = pytest.mark.xdist_group("disk")  # what all of its tests look at is made once

SIZE = 6_000_000  # bytes of the disk
# Bytes that are left: none at all, too little to open the database, too little to write, just enough.
ROOM = {
    "issue": (0, 34_000, 50_000, 130_000, 4_000_000),
    "advance": (0, 34_000, 50_000, 4_000_000),
    "tick": (0, 34_000, 50_000, 300_000, 700_000, 1_100_000, 4_000_000),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of the test's own, really full when it is full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example city before its plan is issued, and after."""
    folder = tmp_path_factory.mktemp("bases")
    before, after = folder / "before.db", folder / "after.db"
    for command in (("init",), ("units", "import", CITY / "units.yaml")):
        assert give(before, *command).returncode == 0
    shutil.copyfile(before, after)
    assert give(after, "issue", PLAN).returncode == 0
    return {"issue": before, "advance": after, "tick": after}


COMMANDS = {"issue": ("issue", PLAN), "advance": ("advance", NUMBER, "P.TT", "disseminate"), "tick": ("tick",)}


def give(database: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    options = ("--db", database, "--as", "lan", "--now", "2025-03-10T09:00", "--lang", "en")
    return process(*options, *command, environment={"XDG_STATE_HOME": str(database.parent)})


def leave_room(disk: Path, room: int) -> Path:
    """Fill the disk but for so many bytes; returns the file that does."""
    status = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * max(0, status.f_bavail * status.f_frsize - room))
    return ballast


def effect(file: Path) -> tuple[str, list[str], int]:
    """What there is in a database: the root over its histories, the states of its letters, and its plans."""
    database = Database(f"sqlite:///{file}")
    try:
        with database.read() as connection:
            letters = list(connection.execute(sa.select(message.c.state).order_by(message.c.id)).scalars())
            plans = connection.exec_driver_sql("SELECT COUNT(*) FROM pc_plan").scalar_one()
        return verified(database).root, letters, plans
    finally:
        database.close()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_one_line_and_leaves_no_half(bases: dict[str, Path], disk: Path, command: str) -> None:
    outcomes = []
    for room in ROOM[command]:
        for file in disk.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        file = disk / "cascade.db"
        shutil.copyfile(bases[command], file)
        before = effect(file)
        for name in ("cascade.db-wal", "cascade.db-shm"):
            (disk / name).unlink(missing_ok=True)
        ballast = leave_room(disk, room)
        done = give(file, *COMMANDS[command])
        ballast.unlink()
        outcomes.append(done.returncode)
        after = effect(file)
        if done.returncode:
            (line,) = done.stderr.splitlines()
            assert line.startswith("Error: There is no room left"), line
            assert done.stdout == ""
            if command != "tick":  # which sends each letter in a transaction of its own
                assert after == before
            assert give(file, *COMMANDS[command]).returncode == 0
            after = effect(file)
        assert after != before
        if command == "tick":
            assert set(after[1]) == {"sent"}
            assert len(list((disk / "maildir" / "new").iterdir())) == len(after[1])  # nothing lost, nothing twice
    assert outcomes[0] == 1
    assert outcomes[-1] == 0


def test_a_worker_sits_a_full_disk_out(bases: dict[str, Path], disk: Path, tmp_path: Path) -> None:
    file = Path(shutil.copyfile(bases["issue"], disk / "cascade.db"))
    arguments = ["--db", str(file), "--as", "lan", "--lang", "en", "work", "--every", "1", "--maildir", str(tmp_path / "mail")]
    log = tmp_path / "log"
    with log.open("wb") as stderr:
        worker = subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stderr=stderr,
        )
    try:
        wait_for(lambda: "At work" in log.read_text())
        ballast = leave_room(disk, 0)
        assert give(file, "issue", PLAN).returncode == 1
        time.sleep(5)  # it tries, and cannot
        assert worker.poll() is None
        ballast.unlink()
        assert give(file, "issue", PLAN).returncode == 0
        wait_for(lambda: set(effect(file)[1]) == {"sent"})
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    finally:
        worker.kill()
        worker.wait()
    assert all(len(line) < 300 and "Traceback" not in line for line in log.read_text().splitlines())
    assert "disk is full" in log.read_text()
    assert len(list((tmp_path / "mail" / "new").iterdir())) == len(effect(file)[1])
