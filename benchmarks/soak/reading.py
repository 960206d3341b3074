"""What readers see must be right at every moment: a status, or all tallies, compared with a recount in the same snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from engine import rollup, store
from engine.clock import to_micros
from engine.database import Database
from engine.instance import Instance
from engine.rollup import Key, Row
from engine.where import EVERYTHING, Where
from workflows import audit, status
from workflows.moments import Choice


class Wrong(Exception):
    """A reader saw something that is not so."""


def look(database: Database, plan: int, unit: str, now: datetime) -> None:
    """Read a plan's status, a unit's inbox and a replay, as people do, and recompute the first. Raises Wrong."""
    with database.read() as connection:
        seen = status.plan_status(connection, f"#{plan}", now=now, choice=Choice(tree=True))
        status.inbox(connection, unit, now=now, limit=20)
        below = list(store.select(connection, Where(below=seen.top.instance.path)))
        _compare_status(connection, seen, below, to_micros(now))
    found = audit.verify(database, f"#{plan}").verification.divergence
    if found is not None:
        raise Wrong(str(found))


def _compare_status(connection: Connection, seen: status.PlanStatus, below: Iterable[Instance], now: int) -> None:
    kinds = audit.kinds(connection)
    below = list(below)
    recounted: dict[int, list[Row]] = {}
    for (node, key), n in recount(below, kinds).items():
        if key.kind == "recipient":
            recounted.setdefault(node, []).append(Row(key, n))
    if {shown.instance for shown in seen.nodes} != set(below):
        raise Wrong(f"The tree of plan {seen.plan.id} is not what is below it.")
    for shown in (seen.top, *seen.nodes):
        need = seen.definitions[shown.kind].rollup
        rows = recounted.get(shown.instance.id)
        if need is not None and shown.summary != (rollup.summarise(rows, need.need, now) if rows else None):
            raise Wrong(f"The status of {shown.instance.id} says {shown.summary}; a recount of what is below makes it {rows}.")
    unfinished = [
        each
        for each in below
        if each.standing in status.UNFINISHED and kinds[each.definition_id] == "recipient" and each.id != seen.plan.id
    ]
    least = min((each.rank for each in unfinished), default=None)
    if (seen.holder.instance.rank if seen.holder else None) != least:
        raise Wrong(f"Plan {seen.plan.id} is held back at step {least}, not by {seen.holder}.")


def recount(instances: Iterable[Instance], kinds: Mapping[int, str]) -> Counter[tuple[int, Key]]:
    """The tallies of all nodes, the slow way: each instance counts once at each of its ancestors."""
    counted: Counter[tuple[int, Key]] = Counter()
    for each in instances:
        for node in each.ancestors:
            counted[node, rollup.key_of(each, kinds[each.definition_id], int(node == each.parent_id))] += 1
    return counted


def compare_tallies(connection: Connection) -> None:
    """Compare every node's stored tally with a recount of all instances, in one snapshot. Raises Wrong."""
    counted = recount(store.select(connection, EVERYTHING), audit.kinds(connection))
    kept = {(node, row.key): row.n for node, row in store.tallies(connection, EVERYTHING)}
    for node, key in {**counted, **kept}:
        if counted[node, key] != kept.get((node, key), 0):
            raise Wrong(f"Node {node} counts {kept.get((node, key), 0)} under {key}; a recount makes it {counted[node, key]}.")
