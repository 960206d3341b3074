"""Children that are still to be spawned: what is left of a large set, batch by batch. The only writer of pc_spawning.

Who leaves children to be spawned says who they are at once, in one transaction; each batch then takes its row away in the
transaction that spawns it. So whatever ends a process, a child is either still listed or there, and never both. A node of
which a row is left makes no moves that follow from its children: it does not have them all yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy.engine import Connection

from engine import events, store
from engine.database import ask, run

BATCH = store.BATCH  # children that are spawned in one transaction: they get consecutive ids, and other writers wait no longer


class Alike(NamedTuple):
    """Children that differ by their assignees only."""

    assignees: Iterable[str]
    due_at: int | None = None  # microseconds UTC: the first instant that is too late
    data: Mapping[str, Any] = {}  # further data of their started events


class Progress(NamedTuple):
    """How far the spawning of a node's children has come."""

    node_id: int
    done: int
    total: int


def leave(connection: Connection, node_id: int, groups: Iterable[Alike]) -> int:
    """List children of a node that are to be spawned, in batches; returns how many. Nothing of the node may be listed yet."""
    place = 0
    for batch in _batches(groups, BATCH):
        n = sum(len(alike[0]) for alike in batch)
        sql = "INSERT INTO pc_spawning (node_id, place, n, children) VALUES (?, ?, ?, ?)"
        run(connection, sql, (node_id, place, n, events.canonical(batch)))
        place += n
    return place


def _batches(groups: Iterable[Alike], size: int) -> Iterator[list[tuple[list[str], int | None, Mapping[str, Any]]]]:
    batch: list[tuple[list[str], int | None, Mapping[str, Any]]] = []
    room = size
    for alike in groups:
        assignees: list[str] = []
        for assignee in alike.assignees:
            if not assignees:
                batch.append((assignees, alike.due_at, alike.data))
            assignees.append(assignee)
            room -= 1
            if not room:
                yield batch
                batch, assignees, room = [], [], size
    if batch:
        yield batch


def take(connection: Connection, node_id: int) -> list[Alike]:
    """The next batch, taken off the list; empty: nothing is left. The caller holds the node's lock and spawns it."""
    sql = "SELECT place, children FROM pc_spawning WHERE node_id = ? ORDER BY place LIMIT 1"
    row = run(connection, sql, (node_id,)).fetchone()
    if row is None:
        return []
    run(connection, "DELETE FROM pc_spawning WHERE node_id = ? AND place = ?", (node_id, row[0]))
    return [Alike(*each) for each in orjson.loads(row[1])]


def stop(connection: Connection, node_id: int) -> int:
    """Take all that is left off the list; returns how many children will not be spawned."""
    left = progress(connection, node_id)
    run(connection, "DELETE FROM pc_spawning WHERE node_id = ?", (node_id,))
    return left.total - left.done if left else 0


def is_open(connection: Connection, node_id: int) -> bool:
    """Whether children of a node are still to be spawned."""
    return ask(connection, "SELECT 1 FROM pc_spawning WHERE node_id = ? LIMIT 1", (node_id,)).fetchone() is not None


_PROGRESS = "SELECT node_id, MIN(place), MAX(place + n) FROM pc_spawning"


def progress(connection: Connection, node_id: int) -> Progress | None:
    """How far a node's children have come; None when nothing is left to be spawned."""
    row = ask(connection, f"{_PROGRESS} WHERE node_id = ? GROUP BY node_id", (node_id,)).fetchone()
    return Progress._make(row) if row else None


def under_way(connection: Connection, *, below: str | None = None) -> dict[int, Progress]:
    """Every node whose children are still to be spawned, by its id; ``below``: of that path and what is below it."""
    if below is None:
        rows = ask(connection, f"{_PROGRESS} GROUP BY node_id ORDER BY node_id")
    else:
        within = "WHERE node_id IN (SELECT id FROM pc_instance WHERE path >= ? AND path < ?) GROUP BY node_id ORDER BY node_id"
        rows = ask(connection, f"{_PROGRESS} {within}", (below, below[:-1] + "/"))
    return {row[0]: Progress._make(row) for row in rows}


def to_come(connection: Connection, node_id: int, assignees: Collection[str]) -> set[str]:
    """Those of the assignees that have a child of the node to come."""
    rows = ask(connection, "SELECT children FROM pc_spawning WHERE node_id = ?", (node_id,))
    listed = (code for row in rows for codes, _, _ in orjson.loads(row[0]) for code in codes)
    wanted = set(assignees)
    return {code for code in listed if code in wanted}
