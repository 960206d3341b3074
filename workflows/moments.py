"""What stands below an instance: as it is, or as it was recorded at a moment. It only reads.

The one answers from tallies and indexes, the other from one pass over the history. Both answer the same questions, and neither
keeps more in memory than is to be shown, however much stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy.engine import Connection

from engine import replay, rollup, store
from engine.errors import NotFound
from engine.instance import Instance
from engine.rollup import Key, Row
from engine.where import Where


class Choice(NamedTuple):
    """Which instances are listed: all of a tree from its top down, or the direct children, those of a state or overdue."""

    tree: bool = False
    state: str | None = None
    overdue: bool = False
    limit: int | None = None  # None: however many there are

    def takes(self, key: Key, now: int) -> bool:
        """Whether instances that are counted under a key are of that state, or overdue."""
        return self.state in (None, key.state) and (
            not self.overdue or rollup.lateness(key.standing, key.due_at or None, now) == "overdue"
        )


NOTHING = Choice(limit=0)
_SPARE = 1_000  # instances beyond those to be listed that are kept before the last of them are forgotten


class Moment(Protocol):
    """A subtree at a moment: ``at`` in microseconds UTC."""

    at: int

    def get(self, id: int) -> Instance:
        """An instance of the subtree."""

    def tallies(self, ids: Iterable[int]) -> Mapping[int, Sequence[Row]]:
        """The tallies of nodes; those without anything below are left out."""

    def oldest(self, node: int, key: Key) -> Instance | None:
        """The instance below the node that is counted under a key; of several, the oldest of one parent."""

    def listed(self, top: Instance, choice: Choice) -> Sequence[Instance]:
        """The chosen instances: those due first on top, or in the order of their paths."""


class Now:
    """As it is. What was read once is not read again."""

    def __init__(self, connection: Connection, at: int) -> None:
        self.at = at
        self._connection = connection
        self._seen: dict[int, Instance] = {}
        self._tallies: dict[int, list[Row]] = {}

    def get(self, id: int) -> Instance:
        """An instance."""
        if id not in self._seen:
            self._seen[id] = store.get(self._connection, id)
        return self._seen[id]

    def tallies(self, ids: Iterable[int]) -> Mapping[int, Sequence[Row]]:
        """The tallies of nodes."""
        further = tuple(id for id in ids if id not in self._tallies)
        self._tallies.update((id, []) for id in further)
        for id, row in store.tallies(self._connection, Where(ids=further)) if further else ():
            self._tallies[id].append(row)
        return self._tallies

    def oldest(self, node: int, key: Key) -> Instance | None:
        """The oldest instance of those under a key."""
        while (found := store.child_under(self._connection, node, key)) is None:
            further = store.child_with(self._connection, node, key)
            if further is None:
                return None
            node = further
        self._seen[found.id] = found
        return found

    def listed(self, top: Instance, choice: Choice) -> Sequence[Instance]:
        """The chosen instances."""
        if choice.tree:
            return list(store.select(self._connection, Where(below=top.path), order="path", limit=choice.limit))
        near = (row.key for row in self.tallies([top.id])[top.id] if row.key.near)
        found: list[Instance] = []
        for state in {key.state for key in near if choice.takes(key, self.at)}:
            where = Where(parent_id=top.id, state=state)
            if choice.overdue:
                where = where._replace(standing=("open",), due_before=self.at + 1)
            found += store.select(self._connection, where, order="due", limit=choice.limit)
        return sorted(found, key=_due)[: choice.limit]


class Then:
    """As it was recorded at a moment: read in one pass, in which what is to be listed has to be chosen."""

    def __init__(self, connection: Connection, top: Instance, at: int, kinds: Mapping[int, str], choice: Choice) -> None:
        self.at = at
        self._connection = connection
        self._kinds = kinds
        self._counted: dict[int, list[Row]] = {}
        self._seen: dict[int, Instance] = {}
        self._listed: list[Instance] = []
        self.get(top.id)
        rows = replay.rows(connection, Where(below=top.path), until=at)
        self._groups = rollup.alike(self._choosing(rows, top, choice))
        for (node, key), n in rollup.recount(self._groups, kinds).items():
            self._counted.setdefault(node, []).append(Row(key, n))

    def get(self, id: int) -> Instance:
        """Raises NotFound when it did not exist yet."""
        if id not in self._seen:
            found = next(replay.states(self._connection, Where(ids=(id,)), until=self.at), None)
            if found is None:
                code = store.get(self._connection, id).assignee
                raise NotFound(f"At that moment {code} had not received anything yet.", remedy="Give a later moment with --at.")
            self._seen[id] = found
        return self._seen[id]

    def tallies(self, ids: Iterable[int]) -> Mapping[int, Sequence[Row]]:
        """The tallies of nodes."""
        return {id: self._counted[id] for id in ids if id in self._counted}

    def oldest(self, node: int, key: Key) -> Instance | None:
        """The oldest instance of those under a key."""
        alike = (each for each, _ in self._groups if each.id != node)
        under = (each for each in alike if rollup.key_of(each, self._kinds[each.definition_id], key.near) == key)
        return min(under, key=lambda each: each.id, default=None)

    def listed(self, top: Instance, choice: Choice) -> Sequence[Instance]:
        """The chosen instances."""
        return self._listed

    def _choosing(self, rows: Iterable[tuple[Any, ...]], top: Instance, choice: Choice) -> Iterator[tuple[Any, ...]]:
        """The same rows; the chosen ones are kept on the way."""
        direct = choice != NOTHING
        kept: list[Instance] = []
        for row in rows:
            if choice.tree or (direct and row[1] == top.id and choice.takes(rollup.key_of(Instance._make(row), "", 1), self.at)):
                kept.append(Instance._make(row))
                if choice.limit is not None and len(kept) > 2 * choice.limit + _SPARE:
                    kept = self._first(kept, choice)
            yield row
        self._listed = self._first(kept, choice)

    def _first(self, instances: list[Instance], choice: Choice) -> list[Instance]:
        return sorted(instances, key=_path if choice.tree else _due)[: choice.limit]


def _due(instance: Instance) -> tuple[bool, int, int]:
    return instance.due_at is None, instance.due_at or 0, instance.id


def _path(instance: Instance) -> str:
    return instance.path
