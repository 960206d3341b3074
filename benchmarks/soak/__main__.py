"""Many processes at work on one database for minutes or hours, killed at random; and then the proof that nothing is wrong."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from benchmarks.kit.postgresql import OwnServer
from benchmarks.soak.harness import Result, Server, Settings, soak
from engine.database import Database
from engine.migrations import upgrade

EVERY = 5.0  # seconds between two lines of progress
MOST = 20  # faults that are shown


def main() -> int:
    """Run as the arguments say; returns the exit code."""
    asked = _arguments()
    settings = Settings(
        seed=asked.seed,
        seconds=asked.minutes * 60,
        processes=asked.processes,
        workers=asked.workers,
        plans=asked.plans,
        restart=20,
        kill_worker=10,
    )
    on = _shown(asked.postgresql) or "SQLite"
    print(f"seed {settings.seed}, {settings.processes} clients, {asked.minutes:g} minutes, on {on}")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, _database(asked.postgresql, Path(folder)) as (url, server):
        result = soak(url, Path(folder), settings, server=server, progress=_Progress())
    return _tell(result, asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="what is drawn follows from it")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--processes", type=int, default=8, help="clients at the same time (default 8)")
    parser.add_argument("--workers", type=int, default=2, help="on PostgreSQL (default 2); an SQLite file has one")
    parser.add_argument("--plans", type=int, default=8, help="running at once: the fewer, the more clients meet (default 8)")
    parser.add_argument(
        "--postgresql",
        metavar="URL",
        help="an empty database, which is not stopped meanwhile; 'own': a server of its own, which is. Default: an SQLite file",
    )
    return parser.parse_args()


@contextmanager
def _database(asked: str | None, folder: Path) -> Iterator[tuple[str, Server | None]]:
    """The URL of a database with the newest layout and nothing in it, and its server where that may be stopped."""
    if asked == "own":
        server = OwnServer()
        try:
            yield server.create(), server
        finally:
            server.stop()
        return
    database = Database(asked or f"sqlite:///{folder / 'soak.db'}")
    upgrade(database)
    database.close()
    yield database.url.render_as_string(hide_password=False), None


class _Progress:
    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, seconds: float, result: Result) -> None:
        if seconds >= self._told + EVERY:
            self._told = seconds
            print(f"{seconds:6.0f} s  {_list(result.counts)}", flush=True)


def _tell(result: Result, asked: argparse.Namespace) -> int:
    print(f"acknowledged: {_list(result.done)}")
    print(f"refused, as they may be: {_list(result.refused)}")
    print(_list(result.counts))
    if not result.wrong:
        print("Nothing is wrong: replay, roll-up, every acknowledged operation, parents, letters.")
        return 0
    for wrong in result.wrong[:MOST]:
        print(f"WRONG: {wrong}")
    on = f" --postgresql {_shown(asked.postgresql)}" if asked.postgresql else ""
    again = f"--seed {asked.seed} --minutes {asked.minutes:g} --processes {asked.processes} --workers {asked.workers}"
    print(f"{len(result.wrong)} faults. Repeat with: python -m benchmarks.soak {again} --plans {asked.plans}{on}")
    return 1


def _shown(database: str | None) -> str:
    """What --postgresql was given, without the password."""
    return make_url(database).render_as_string(hide_password=True) if database and "://" in database else database or ""


def _list(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items()) if n) or "none"


if __name__ == "__main__":
    sys.exit(main())
