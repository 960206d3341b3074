"""The floor: one row of a hundred bytes inserted and committed, by the bare driver. No durable move can be quicker than that."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from typing import Any

from phases import STEPS, Phases

BODY = "x" * 100


def main() -> None:
    """As many transactions as the others make moves."""
    phases = Phases()
    run, versions = sqlite(phases.database) if phases.database.startswith("sqlite") else postgresql(phases.database)
    moves = len(STEPS) * phases.n
    run(3)
    phases.take("single", moves, lambda: run(moves))
    phases.tell_only(versions)


def sqlite(url: str) -> tuple[Callable[[int], None], str]:
    """Through the standard library."""
    db = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    return lambda n: insert(db, n, "INSERT INTO floor (body) VALUES (?)"), f"SQLite {sqlite3.sqlite_version}"


def postgresql(url: str) -> tuple[Callable[[int], None], str]:
    """Through psycopg."""
    import psycopg

    db = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
    db.execute("CREATE TABLE floor (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL)")
    for setting in ("fsync", "synchronous_commit"):
        (found,) = db.execute(f"SHOW {setting}").fetchone() or ("",)
        assert found == "on", f"{setting} is {found}"
    versions = f"psycopg {psycopg.__version__}, PostgreSQL {db.info.server_version // 10_000}.{db.info.server_version % 10_000}"
    return lambda n: insert(db, n, "INSERT INTO floor (body) VALUES (%s)"), f"{versions}, Python {sys.version.split()[0]}"


def insert(db: Any, n: int, sql: str) -> None:
    """One transaction per row."""
    for _ in range(n):
        db.execute(sql, (BODY,))


if __name__ == "__main__":
    main()
