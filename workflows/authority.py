"""Says what one operator may do, from the grants in the directory. Deny by default; it grants nothing."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import Connection

from workflows import directory

_SINGLY = 8  # units looked up one by one; whoever asks about more gets all units covered read at once


class OperatorAuthority:
    """The grants of one operator within one transaction."""

    def __init__(self, connection: Connection, operator: str) -> None:
        self._connection = connection
        self._operator = operator
        self._allowed: set[tuple[str, str]] = set()  # (role, unit)
        self._everywhere: set[str] = set()  # roles
        self._asked: Counter[str] = Counter()  # role -> units looked up

    def require(self, role: str, assignee: str) -> None:
        """Raise NotAuthorised unless the operator holds the role on the unit or above it."""
        if role in self._everywhere or (role, assignee) in self._allowed:
            return
        self._asked[role] += 1
        if self._asked[role] == _SINGLY:
            self._read_all(role)
            if role in self._everywhere or (role, assignee) in self._allowed:
                return
        directory.require(self._connection, self._operator, role, assignee)
        self._allowed.add((role, assignee))

    def _read_all(self, role: str) -> None:
        for each in directory.list_grants(self._connection, self._operator):
            if each.role != role:
                continue
            if each.unit == directory.EVERYWHERE:
                self._everywhere.add(role)
            else:
                below = directory.descendants(self._connection, each.unit)
                self._allowed.update((role, code) for code in (each.unit, *(unit.code for unit in below)))
