"""Where is measured, SQLite and PostgreSQL: databases that are made once, copies of them to write into, what they weigh."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
import sqlalchemy as sa

from benchmarks.kit import by_hand, by_hand_postgresql, scene
from benchmarks.kit.postgresql import Server
from engine.database import Database
from engine.migrations import upgrade

# Everything that the measured cases write; of tallies the sums, for writers choose among their slots.
ROWS = {
    "pc_definition": "SELECT * FROM pc_definition ORDER BY id",
    "pc_instance": "SELECT * FROM pc_instance ORDER BY id",
    "pc_event": "SELECT * FROM pc_event ORDER BY instance_id, seq",
    "pc_outbox": "SELECT * FROM pc_outbox ORDER BY id",
    "pc_tally": (
        "SELECT node_id, kind, near, state, rank, standing, due_at, SUM(n) FROM pc_tally"
        " GROUP BY node_id, kind, near, state, rank, standing, due_at ORDER BY 1, 2, 3, 4, 5, 6, 7"
    ),
}


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database as the program opens it, its first connection made."""
    database = Database(url)
    try:
        with database.write():
            pass
        yield database
    finally:
        database.close()


class Sqlite:
    """Files in a folder. ``hand``: the same rows written by hand. ``copy``: the URL of the copy at hand."""

    name = "SQLite"
    hand = by_hand

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.copy = ""

    def made(self, name: str, make: Callable[[Database], None]) -> str:
        """The URL of the file of that name, made when it is first asked for."""
        return f"sqlite:///{scene.made(self._folder, name, make)}"

    @contextmanager
    def copied(self, url: str) -> Iterator[str]:
        """The URL of a copy to write into, gone afterwards; it lies on the disk before anything is measured."""
        with scene.copied(_file(url)) as copy:
            self.copy = f"sqlite:///{copy}"
            yield self.copy

    def sizes(self, make: Callable[[Database], None]) -> dict[str, int]:
        """The bytes of a file: as it stands when it has been made, and tidied up."""
        file = _file(self.made("sized", make))
        found = {"as it stands": file.stat().st_size}
        with closing(sqlite3.connect(file)) as db:
            db.execute("VACUUM")
        return {**found, "after VACUUM": file.stat().st_size}


def _file(url: str) -> Path:
    return Path(str(sa.make_url(url).database))


class Postgresql:
    """Databases of a server that keeps what it has committed (fsync and synchronous_commit on); else as Sqlite.

    Without a server its cases can be listed.
    """

    name = "PostgreSQL"
    hand = by_hand_postgresql

    def __init__(self, server: Server | None) -> None:
        self._own = server
        self.copy = ""
        self._made: dict[str, str] = {}

    @property
    def _server(self) -> Server:
        assert self._own is not None
        return self._own

    def made(self, name: str, make: Callable[[Database], None]) -> str:
        """The URL of the database of that name, made when it is first asked for, and tidied up as it would be over the days."""
        if name not in self._made:
            url = self._make(make)
            with closing(by_hand_postgresql.connect(url)) as db:
                db.execute("VACUUM ANALYZE")
            self._made[name] = url
        return self._made[name]

    def _make(self, make: Callable[[Database], None]) -> str:
        url = self._server.create(empty=True)
        with opened(url) as database:
            upgrade(database)
            make(database)
        return url

    @contextmanager
    def copied(self, url: str) -> Iterator[str]:
        """As Sqlite's."""
        self.copy = self._server.create(like=url)
        try:
            with closing(by_hand_postgresql.connect(self.copy)) as db:
                db.execute("CHECKPOINT")
            yield self.copy
        finally:
            self._server.drop(self.copy)

    def sizes(self, make: Callable[[Database], None]) -> dict[str, int]:
        """The bytes of the tables: as they stand when they have been made, and tidied up."""
        url = self._make(make)
        try:
            with closing(by_hand_postgresql.connect(url)) as db:
                found = {"as it stands": _size(db)}
                for command in ("VACUUM", "VACUUM FULL"):
                    db.execute(command)
                    found[f"after {command}"] = _size(db)
                return found
        finally:
            self._server.drop(url)


def _size(db: psycopg.Connection[Any]) -> int:
    asked = f"SELECT sum(pg_total_relation_size(name::regclass))::bigint FROM unnest(ARRAY{list(ROWS)}) AS name"
    (found,) = db.execute(asked).fetchone() or (0,)
    return int(found)


Place: TypeAlias = Sqlite | Postgresql


def rows_of(place: Place) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the measured cases write, in the copy at hand."""
    with closing(place.hand.connect(place.copy)) as db:
        return {table: db.execute(sql).fetchall() for table, sql in ROWS.items()}
