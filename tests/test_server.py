"""The tests' own server, and one that is given: what the tests make there they take away again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.database import Database
from tests import postgresql
from tests.postgresql import GIVEN, OwnServer, Server, server


@pytest.fixture
def running() -> Iterator[OwnServer]:
    """A server that somebody else has started."""
    found = OwnServer()
    yield found
    found.stop()


def names(url: str) -> set[str]:
    """The databases of a server."""
    db = sa.create_engine(url, poolclass=sa.NullPool)
    with db.connect() as connection:
        return set(connection.exec_driver_sql("SELECT datname FROM pg_database").scalars())


def test_a_server_that_is_given_is_used_and_left_as_it_was(running: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    url = running.url("postgres")
    before = names(url)
    monkeypatch.setenv(GIVEN, url.replace("postgresql+psycopg", "postgresql"))
    monkeypatch.setattr(postgresql, "OwnServer", lambda: pytest.fail("it started a server of its own"))
    found = server()
    assert type(found) is Server
    database = Database(found.create())
    database.require_current()
    assert len(names(url)) == len(before) + 2
    found.stop()  # although somebody is still connected
    database.close()
    assert names(url) == before


def test_the_tests_own_server_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    found = server()
    assert isinstance(found, OwnServer)
    folder = Path(found.data).parent
    assert folder.is_dir()
    found.stop()
    assert not folder.exists()
