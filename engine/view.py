"""What guards may look at: instances and their first events, read in the transaction of the move. It writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from engine import events, store
from engine.instance import Instance


class StoreView:
    """What guards see of the database in this transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._started: dict[int, Mapping[str, Any]] = {}
        self._by_key: dict[tuple[int, str], Instance | None] = {}  # since the last write

    def forget(self) -> None:
        """Look again from now on: something was written."""
        self._by_key.clear()

    def get(self, instance_id: int) -> Instance:
        """An instance by its id."""
        return store.get(self._connection, instance_id)

    def started(self, instance: Instance) -> Mapping[str, Any]:
        """The data of an instance's first event."""
        if instance.id not in self._started:
            self.read_started([instance])
        return self._started[instance.id]

    def read_started(self, instances: Sequence[Instance]) -> None:
        """Read the data of many first events at once, in place of those read before."""
        bodies = store.first_bodies(self._connection, [instance.id for instance in instances])
        self._started = {id: events.decode(body)["data"] for id, body in bodies.items()}

    def find(self, case_id: int, assignee: str, key: str) -> Instance | None:
        """An instance of the same case."""
        return store.find(self._connection, case_id, assignee, key)

    def by_key(self, case_id: int, key: str) -> Instance | None:
        """An instance of the same case by its key alone."""
        if (case_id, key) not in self._by_key:
            self._by_key[case_id, key] = store.by_key(self._connection, case_id, key)
        return self._by_key[case_id, key]
