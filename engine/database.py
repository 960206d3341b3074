"""Opens the database: connections, transactions, and the one place where a driver's errors become ours.

It writes no table (store.py does) and changes no layout (migrations.py does).
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from engine.errors import (
    ConcurrencyError,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseReadOnly,
    DatabaseUnfinished,
    InputError,
    StorageError,
)

HEAD = "0002"  # revision of the newest migration; a test compares it with the migrations themselves
VERSION_TABLE = "pc_schema_version"
COPYING = "-copying"  # follows the revision as long as a copy into this database is not finished
_FRESH_SECONDS = 1.0  # since its last use, in which a connection to a server is taken to be alive
BUSY_SECONDS = 10.0  # how long a writer waits for another one before it gives up

# A connection that ended is logged with a traceback when it is given back; who used it gets the error, translated.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())


class Database:
    """One database, and how to read and write it. ``url`` is an SQLAlchemy URL; close() gives its connections back."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise InputError(
                f"'{url}' is not a database URL.", remedy="Write sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME."
            ) from error
        self._busy_seconds = busy_seconds
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.db = _sqlite_engine(self.url, busy_seconds)
        else:
            self.db = _server_engine(self.url)

    @property
    def name(self) -> str:
        """The database as a person would name it: a path, or a URL without its password."""
        return str(self.url.database) if self.is_sqlite else self.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on a server or in memory."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    def exists(self) -> bool:
        """Whether there is something to connect to; a server is taken to be there."""
        return self.file is None or self.file.exists()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction: commits at the end, or leaves nothing. Raises StorageError kinds."""
        with self.translated(), self.db.begin() as connection:
            yield connection

    @contextmanager
    def write_late(self) -> Iterator[Connection]:
        """As ``write``; on a server the transaction begins with the first statement that is not a mere question.

        Before that each question is answered by what is committed then, as it would be within the transaction, and what a
        single statement writes by ``ask`` is committed with it: most moves are made in half the journeys.
        """
        if self.is_sqlite:
            with self.write() as connection:
                yield connection
            return
        with self.translated(), self.db.connect().execution_options(pc_late=True) as connection:
            driver: Any = connection.connection.driver_connection
            if not driver.closed:  # or the first statement will say so
                driver.autocommit = True  # until begin_late()
            try:
                with connection.begin():
                    yield connection
            finally:
                if not driver.closed:
                    driver.autocommit = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the database, which cannot write. Raises StorageError kinds."""
        with self.translated(), self.db.connect().execution_options(pc_read_only=True) as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """As ``read``, for one statement: on a server it costs one journey there and back instead of three."""
        if self.is_sqlite:
            with self.read() as connection:
                yield connection
            return
        with self.translated(), self.db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """One write transaction that may change the layout: SQLite enforces no foreign keys in it, so check them at its end."""
        with self.translated(), self.db.connect() as connection:
            if not self.is_sqlite:
                with connection.begin():
                    yield connection
                return
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA query_only=OFF")
            _keep_write_ahead_log(driver, self._busy_seconds)
            # With foreign keys on, rebuilding a table deletes the rows that point at it; the switch does nothing after BEGIN.
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Give the connections back."""
        self.db.dispose()

    def require_current(self) -> None:
        """Raise DatabaseMissing, DatabaseUnfinished, DatabaseOutdated or DatabaseNewer unless the layout is this program's."""
        if not self.exists():
            raise DatabaseMissing(f"There is no database at {self.name}.", remedy="Create it with: cascade init")
        found = self.revision()
        if found is None:
            raise DatabaseMissing(f"The database at {self.name} is empty.", remedy="Set it up with: cascade init")
        self.require_finished(found)
        if found < HEAD:
            raise DatabaseOutdated(
                f"The database at {self.name} has layout {found}; this program needs {HEAD}.",
                remedy="Bring it up to date with: cascade db upgrade",
            )
        if found > HEAD:
            raise DatabaseNewer(
                f"The database at {self.name} has layout {found}; this program knows {HEAD} at most.",
                remedy="Use the newer program that wrote it.",
            )

    def require_finished(self, found: str | None) -> None:
        """Raise DatabaseUnfinished when a revision says that a copy into this database was cut off."""
        if found is not None and found.endswith(COPYING):
            raise DatabaseUnfinished(
                f"The database at {self.name} is a copy that was not finished.",
                remedy="Finish it with the same command again: cascade db copy FROM TO",
            )

    def revision(self) -> str | None:
        """The layout's revision; None where there is none yet."""
        with self.read() as connection:
            if not sa.inspect(connection).has_table(VERSION_TABLE):
                return None
            return connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What goes wrong in the block with this database is raised as StorageError kinds."""
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            translated = _translate(error, self.name)
            if translated is None:
                raise
            raise translated from error


def run(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """The driver's cursor after a plain statement with "?" for values: a tuple, or a list of tuples for as many rows.

    For statements that are asked before or in every move: SQLAlchemy's way to its driver, and its result, cost several times
    what such a statement does. Raises what SQLAlchemy would.
    """
    begin_late(connection)
    return ask(connection, sql, values)


def begin_late(connection: Connection) -> None:
    """Let the transaction of ``Database.write_late`` begin, if that is what the connection belongs to."""
    if connection.get_execution_options().get("pc_late"):
        driver: Any = connection.connection.driver_connection
        if driver.autocommit:
            driver.autocommit = False


def ask(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """As ``run``, of a statement that writes nothing, or of one that is a transaction by itself where none has begun."""
    driver = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    if driver.paramstyle != "qmark":
        sql = _formatted(sql)
    try:
        if isinstance(values, list):
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(sql, None, error, driver.Error, dialect=connection.dialect) from error
    return cursor


def stream(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement as ``run`` takes it, few of them held at a time; it belongs to a transaction."""
    if connection.dialect.name == "sqlite":
        return iter(run(connection, sql, values))
    return _fetched(connection, sql, values)


def _fetched(connection: Connection, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    driver = connection.dialect.loaded_dbapi
    begin_late(connection)
    try:
        with connection.connection.driver_connection.cursor(f"pc_{next(_STREAMS)}", binary=True) as cursor:  # type: ignore[union-attr]
            cursor.itersize = _FETCHED
            cursor.execute(_formatted(sql), values)
            yield from cursor
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(sql, None, error, driver.Error, dialect=connection.dialect) from error


_STREAMS = count()  # a name for each cursor on a server
_FETCHED = 5_000  # rows a journey
_TRANSLATED = (
    ("%", "%%"),
    ("json_each(?)", "jsonb_array_elements_text(?::jsonb)"),
    ("CAST(body AS BLOB)", "convert_to(body, 'UTF8')"),
    ("?", "%s"),
)


@lru_cache(maxsize=256)
def _formatted(sql: str) -> str:
    for sqlite, postgresql in _TRANSLATED:
        sql = sql.replace(sqlite, postgresql)
    return sql


def _sqlite_engine(url: sa.URL, busy_seconds: float) -> Engine:
    db = sa.create_engine(url, connect_args={"timeout": busy_seconds, "check_same_thread": False})

    @sa.event.listens_for(db, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver must not open transactions by itself: it would leave half a migration behind.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")

    @sa.event.listens_for(db, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN that writes later fails with "locked" in spite of the timeout; IMMEDIATE waits.
        reading = connection.get_execution_options().get("pc_read_only", False)
        if connection.info.get("pc_reading", False) != reading:
            ask(connection, f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            connection.info["pc_reading"] = reading
        ask(connection, "BEGIN" if reading else "BEGIN IMMEDIATE")

    return db


def _keep_write_ahead_log(driver: Any, busy_seconds: float) -> None:
    """Let the file be read while it is written: a property of the file, set outside a transaction. Raises OperationalError."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            driver.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # Two processes that switch the same new file refuse each other at once, whatever the timeout.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _server_engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise InputError(f"'{url.drivername}' is not supported.", remedy="Use sqlite:/// or postgresql+psycopg://.")
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # what it warns of, a pipeline that was cut off, is raised too
    try:
        db = sa.create_engine(url, isolation_level="READ COMMITTED")
    except (ImportError, NoSuchModuleError) as error:
        raise InputError("The PostgreSQL driver is not installed.", remedy="pip install 'plan-cascade[postgresql]'") from error

    @sa.event.listens_for(db, "checkout")
    def ping(connection: Any, record: Any, _proxy: object) -> None:
        # A server that was restarted has ended its connections. One that was used just now is not asked: it costs a journey.
        if time.monotonic() - record.info.get("pc_used", 0.0) > _FRESH_SECONDS:
            try:
                db.dialect.do_ping(connection)
            except db.dialect.loaded_dbapi.Error as error:
                raise sa.exc.DisconnectionError from error

    @sa.event.listens_for(db, "checkin")
    def note(_connection: object, record: Any) -> None:
        record.info["pc_used"] = time.monotonic()

    @sa.event.listens_for(db, "before_cursor_execute")
    def begin(connection: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
        if not _is_question(context):
            begin_late(connection)

    return db


def _is_question(context: Any) -> bool:
    """Whether a statement of SQLAlchemy's is a mere question, whose answer comes at once: a cursor lives in a transaction."""
    asked = context.compiled.statement if context is not None and context.compiled is not None else None
    options = context.execution_options if context is not None else {}
    return (
        isinstance(asked, sa.Select | sa.CompoundSelect)
        and asked._for_update_arg is None
        and not (options.get("yield_per") or options.get("stream_results"))
    )


def _translate(error: Exception, name: str) -> StorageError | ConcurrencyError | None:
    original = getattr(error, "orig", None) or error
    text = str(original).lower()
    if "serialize access" in text or "deadlock detected" in text:
        return ConcurrencyError(remedy="Try again.")
    if "locked" in text or "busy" in text:
        return DatabaseLocked(f"Another process holds the database at {name}.", remedy="Try again when it has finished.")
    if "readonly" in text or "read-only" in text or "during recovery" in text:  # the last of a standby
        file = "Check the permissions of the file and its folder."
        server = "Name the server that takes writes, or several with target_session_attrs=read-write."
        return DatabaseReadOnly(f"The database at {name} cannot be written.", remedy=server if "://" in name else file)
    no_room_for_index = getattr(original, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE"  # of the write-ahead log
    if no_room_for_index or "disk is full" in text or "disk full" in text or "no space left" in text:
        return DatabaseFull(
            f"There is no room left for the database at {name}.", remedy="Free some space and try again; nothing was lost."
        )
    if "unable to open" in text:
        return DatabaseMissing(
            f"The database at {name} cannot be opened.", remedy="Check that the folder exists and can be written."
        )
    if "not a database" in text or "malformed" in text or "disk i/o error" in text:
        return DatabaseDamaged(
            f"{name} is not a database, or it is damaged.", remedy="Restore it from a copy, or name another with --db."
        )
    if "append-only" in text:
        return StorageError(
            "History is append-only: the database refused to change or delete it.", remedy="Correct by a further move."
        )
    if isinstance(error, OperationalError) and "connect" in text:
        return DatabaseMissing(f"The database at {name} does not answer.", remedy="Check the URL and that the server runs.")
    return None
