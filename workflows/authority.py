"""Says what one operator may do, from the grants in the directory. Deny by default; it grants nothing."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.engine import Connection

from workflows import grants
from workflows.entries import EVERYWHERE

_SINGLY = 8  # units looked up one by one; whoever asks about more gets all units covered read at once


class OperatorAuthority:
    """The grants of one operator within one transaction."""

    def __init__(self, connection: Connection, operator: str) -> None:
        self._connection = connection
        self._operator = operator
        self._allowed: defaultdict[str, set[str]] = defaultdict(set)  # role -> units, as far as they were looked up
        self._asked: defaultdict[str, int] = defaultdict(int)  # role -> how many were

    def require(self, role: str, assignee: str) -> None:
        """Raise NotAuthorised unless the operator holds the role on the unit or above it."""
        allowed = self._allowed[role]
        if assignee in allowed or EVERYWHERE in allowed:
            return
        self._asked[role] += 1
        if self._asked[role] == _SINGLY:
            allowed |= grants.units_of(self._connection, self._operator, role)
        if assignee not in allowed and EVERYWHERE not in allowed:
            grants.require(self._connection, self._operator, role, assignee)
            allowed.add(assignee)
