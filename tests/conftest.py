"""What the tests share: where things are, and databases with the newest layout."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import workflows.tables  # noqa: F401  (its tables belong to the metadata)
from engine.database import Database
from engine.migrations import upgrade
from tests.postgresql import Server, server

CHECKOUT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Let what the tests start be stopped by Ctrl-C, also where the tests themselves run in the background and ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: half of the time the tests wait, for servers, timers, processes that are killed."""
    return 2 * len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2 * (os.cpu_count() or 1)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run where groups are not kept together: each worker would build and install the program anew, unnoticed."""
    if getattr(session.config.option, "loadgroup", False):
        apart = [each.nodeid for each in session.items if each.get_closest_marker("xdist_group") and "@" not in each.nodeid]
        if apart:
            raise pytest.UsageError(f"This pytest-xdist keeps no groups with this pytest: {apart[0]} is in one.")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds setup.py."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared_plans() -> Path:
    """Real documents that lie beside the checkout on some machines only; where they don't, the test is skipped."""
    folder = CHECKOUT.parent / "shared" / "plans"
    if not folder.is_dir():
        pytest.skip("the real documents are not on this machine")
    return folder


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest layout and nothing in it; copy it, don't write into it."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()  # the last connection folds the write-ahead log into the file
    return file


@pytest.fixture
def sqlite_database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database with the newest layout, in a file of the test's own."""
    file = tmp_path / "cascade.db"
    shutil.copyfile(migrated_file, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server for this run; create() gives a fresh database."""
    found = server()
    yield found
    found.stop()


@pytest.fixture
def postgresql_database(postgresql: Server) -> Iterator[Database]:
    """A fresh PostgreSQL database with the newest layout."""
    url = postgresql.create()
    database = Database(url)
    yield database
    database.close()
    postgresql.drop(url)


# For what is SQLite's alone; everything else is promised on both.
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """One fresh database after the other: what is promised holds on both."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def any_database(database: Database) -> Database:
    """Another name of ``database``."""
    return database
