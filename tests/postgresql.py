"""The PostgreSQL server of a test run: the tests' own, or one that is there already.

The one that is there is named by CASCADE_TEST_POSTGRES, as the URL of a database whose user may create others. What the tests
create in it they remove; they never stop it.
"""

from __future__ import annotations

import os

import sqlalchemy as sa

from benchmarks.kit.postgresql import OwnServer, Server

__all__ = ["GIVEN", "OwnServer", "Server", "server"]

GIVEN = "CASCADE_TEST_POSTGRES"  # environment variable: the URL of a server to run the tests on


def server() -> Server:
    """The server that is given, or one of the tests' own."""
    given = os.environ.get(GIVEN)
    return Server(sa.make_url(given).set(drivername="postgresql+psycopg")) if given else OwnServer()
