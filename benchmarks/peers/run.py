"""The same work on peers and on ours, in turns, in one run: python -m benchmarks.peers.run. See README.md.

A parent, N children, three durable moves of each, one at a time and in bulk, the count by state, the whole history. Prints a line
per run and a table at the end, and writes PEERS.md in the folder above.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.kit.postgresql import OwnServer
from benchmarks.peers import table
from benchmarks.peers.peers import FLOOR, OURS, PEERS, NotInstalled, Peer, command, environment, install
from benchmarks.peers.table import Side

RESULTS = Path(__file__).resolve().parent.parent / "PEERS.md"
CACHE = Path.home() / ".cache" / "plan-cascade-bench"
RUN_SECONDS = 900


class Failed(Exception):
    """A driver that did not come to its end; the message says why."""


def main() -> None:
    """Install, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", action="append", metavar="NAME", help="only peers whose name contains it; writes no PEERS.md")
    parser.add_argument("--n", type=int, default=300, help="children of a parent (default: 300)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side runs, at least once (default: 5)")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"where the peers are installed (default: {CACHE})")
    parser.add_argument("--out", type=Path, help="write the results there, whatever was measured")
    options = parser.parse_args()
    chosen = [peer for peer in PEERS if not options.only or any(word in peer.name for word in options.only)]
    skipped, homes = installed(chosen, options.cache)
    sides = [Side(peer=peer, database=database) for peer in homes for database in peer.databases]
    out = options.out or (None if options.only else RESULTS)
    with tempfile.TemporaryDirectory(prefix="cascade-peers-") as folder, started_server() as server:
        for turn in range(options.rounds):
            for side in sides:
                if not side.failed:
                    measure(side, homes[side.peer], Path(folder), server, options.n, turn)
            measured = [side for side in sides if not side.failed]
            failed = [(side.title, side.failed) for side in sides if side.failed]
            if out:  # after every round, for a run may be broken off
                out.write_text(table.page(measured, [*skipped, *failed], options.n, turn + 1), encoding="utf-8")
    print("\n".join(table.tables(measured)))


def installed(wanted: Sequence[Peer], cache: Path) -> tuple[list[tuple[str, str]], dict[Peer, Path]]:
    """Who is not to be had, with the reason; and the environments of the others."""
    skipped, homes = [], {}
    for peer in wanted:
        try:
            homes[peer] = install(peer, cache)
        except NotInstalled as error:
            skipped.append((peer.name, str(error)))
            say(f"{peer.name} is skipped: {error}")
    return skipped, homes


@contextmanager
def started_server() -> Iterator[OwnServer]:
    """A PostgreSQL server that flushes what it commits."""
    server = OwnServer(durable=True)
    try:
        yield server
    finally:
        server.stop()


def measure(side: Side, home: Path, folder: Path, server: OwnServer, n: int, turn: int) -> None:
    """A run of a peer, of ours and of the bare row beside each other, another one first each round; notes what they told."""
    members = [side.peer, OURS, FLOOR]
    first = turn % len(members)
    told: dict[Peer, table.Phases] = {}
    for peer in members[first:] + members[:first]:
        began = time.monotonic()
        try:
            with fresh(side.database, folder, server) as arguments:
                found = run([*command(peer, home), arguments[0], str(n), *arguments[1:]], home, folder)
        except Failed as error:
            if peer is not side.peer:
                raise
            side.failed = str(error)
            say(f"round {turn + 1}: {side.title} failed: {error}")
            return
        told[peer], side.versions[peer] = found["phases"], found["versions"]
        name = peer.name if peer is side.peer else f"{peer.name} beside {side.peer.name}"
        took = time.monotonic() - began
        say(f"round {turn + 1}: {name}, {side.database}, {took:.0f} s: {table.line(found['phases'])}")
    side.rounds.append(told)


@contextmanager
def fresh(database: str, folder: Path, server: OwnServer) -> Iterator[list[str]]:
    """An empty database: its URL, and what else a driver must know of it. Gone afterwards."""
    if database == "SQLite":
        with tempfile.TemporaryDirectory(dir=folder) as inner:
            yield [f"sqlite:///{inner}/peer.db"]
        return
    url = server.create(empty=True)
    pid = (server.data / "postmaster.pid").read_text().split()[0]
    try:
        yield [url, "--server", pid]
    finally:
        server.drop(url)


def run(arguments: list[str], home: Path, folder: Path) -> dict[str, Any]:
    """What a driver tells. Raises Failed."""
    try:
        done = subprocess.run(
            arguments, cwd=folder, env=environment(home), capture_output=True, text=True, timeout=RUN_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"it did not end in {RUN_SECONDS} s") from None
    if done.returncode:
        raise Failed((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:300])
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
