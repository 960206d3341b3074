"""What every command shares: which database, who acts, what time it is, in which language; and opening them when needed."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from engine.database import Database
    from workflows.installation import By, Installation

Language = Literal["vi", "en"]


@dataclass(slots=True, kw_only=True)
class Context:
    """The options of the command line, before anything is opened: ``--help`` must not pay for a database."""

    db: str | None  # URL or path as given; None: the user's own file
    operator: str | None  # as given; None: the login name
    when: str | None  # --now as given; None: the clock
    lang: Language
    run: Callable[[list[str]], int]  # the command line itself: runs one command, returns its exit code
    _now: datetime | None = field(default=None)

    @property
    def url(self) -> str:
        """The database's URL; a plain path is an SQLite file."""
        return database_url(self.db or os.environ.get("CASCADE_DB") or str(data_folder() / "cascade.db"))

    @property
    def now(self) -> datetime:
        """The moment of this command: one and the same however long it runs. Raises InputError."""
        if self._now is None:
            self._now = datetime.now(UTC)
            if self.when is not None:
                from workflows.calendar import parse_when

                self._now = parse_when(self.when, now=self._now)
        return self._now

    def moment(self, text: str | None) -> datetime | None:
        """An instant that was typed, or None for none. Raises InputError."""
        if text is None:
            return None
        from workflows.calendar import parse_when

        return parse_when(text, now=self.now)

    def day(self, text: str | None) -> date | None:
        """A day that was typed, on Vietnam's calendar, or None for none. Raises InputError."""
        from workflows.calendar import ZONE

        moment = self.moment(text)
        return moment.astimezone(ZONE).date() if moment else None

    @property
    def today(self) -> date:
        """The day of this command on Vietnam's calendar."""
        from workflows.calendar import ZONE

        return self.now.astimezone(ZONE).date()

    def words(self, vi: str, en: str) -> str:
        """A sentence in the language of this command."""
        return vi if self.lang == "vi" else en

    def by(self) -> By:
        """Who acts, and when."""
        from workflows.installation import By

        return By(operator=self.operator or login_name(), now=self.now)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database, whatever its layout."""
        from engine.database import Database

        database = Database(self.url)
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look at the database, which cannot write. Raises DatabaseMissing, DatabaseOutdated, DatabaseNewer."""
        with self.database() as database:
            database.require_current()
            with database.read() as connection:
                yield connection

    @contextmanager
    def administration(self) -> Iterator[Connection]:
        """One transaction that may change the directory. Raises NotAuthorised unless the operator is an admin everywhere."""
        from workflows import directory

        with self.database() as database:
            database.require_current()
            with database.write() as connection:
                directory.require(connection, self.by().operator, "admin", directory.EVERYWHERE)
                yield connection

    @contextmanager
    def installation(self) -> Iterator[Installation]:
        """The installation; raises DatabaseMissing, DatabaseOutdated or DatabaseNewer with the remedy."""
        from workflows.installation import open_installation

        with self.database() as database:
            yield open_installation(database)


def database_url(named: str) -> str:
    """The URL of a database as people name it: a URL, or the path of an SQLite file."""
    return named if "://" in named else f"sqlite:///{Path(named).expanduser()}"


def data_folder() -> Path:
    """The user's data folder for this program (XDG Base Directory, LOCALAPPDATA on Windows)."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "plan-cascade"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "plan-cascade"


def login_name() -> str:
    """The name that the operating system knows the user by."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def language() -> Language:
    """The language of the user's locale: Vietnamese where it says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"
