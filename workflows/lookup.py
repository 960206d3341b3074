"""Finds units and groups by their canonical names, as one issuer sees the directory on one day; it decides nothing.

Every look is a look into an index, so that it costs the same in a directory of fifty units and of a million. Only for a name
that nothing has, all names are gone through for those that are like it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain, product
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import ask
from workflows import directory, hierarchy, membership, names, nearness
from workflows.entries import Group, Unit
from workflows.nearness import COMMITTEES, plain

Entry: TypeAlias = Unit | Group
_MANY = 4  # committees in one name whose ways of writing are tried in every combination; more never occurred
_BY_NAME = "SELECT code FROM pc_unit WHERE folded = ? UNION SELECT code FROM pc_unit_alias WHERE folded = ?"


class Lookup:
    """What is asked of the directory on behalf of one issuer; answers are remembered. Raises NotFound for an unknown issuer."""

    def __init__(self, connection: Connection, issuer: str | None, on: date) -> None:
        self._connection = connection
        self._on = on
        self._named: dict[str, tuple[Entry, ...]] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._groups: dict[str, list[Group]] = {}
        self._empty: dict[str, bool] = {}  # by the group's code
        if issuer is not None:
            directory.get(connection, issuer)
        for group in directory.all_groups(connection):
            if issuer is not None or not group.is_relative:
                for spelling in spellings(group):
                    self._groups.setdefault(spelling, []).append(group)
        self.chain = () if issuer is None else self.above(issuer)  # the issuer and all above it; empty: no issuer

    def named(self, spelling: str) -> tuple[Entry, ...]:
        """The units in alphabetical order, then the groups, that answer to a spelling: a canonical name made plain."""
        found = self._named.get(spelling)
        if found is None:
            codes = {row[0] for each in _recorded(spelling) for row in ask(self._connection, _BY_NAME, (each, each))}
            units = directory.with_codes(self._connection, sorted(codes), self._on) if codes else []
            fitting = [unit for unit in units if spelling in spellings(unit)]
            found = self._named[spelling] = (*fitting, *self._groups.get(spelling, ()))
        return found

    def is_empty(self, group: Group) -> bool:
        """Whether a group means nobody to the issuer."""
        if group.code not in self._empty:
            top = self.chain[0] if self.chain else None
            self._empty[group.code] = membership.is_empty(self._connection, group, relative_to=top, on=self._on)
        return self._empty[group.code]

    def above(self, code: str) -> tuple[str, ...]:
        """A unit's code and those of all above it, the nearest first."""
        if code not in self._above:
            rows = self._connection.execute(sa.select(hierarchy.above(code)))
            parents = {row.code: row.parent for row in rows}
            self._above[code] = tuple(_climb(parents, code))
        return self._above[code]

    def like(self, wanted: str) -> list[tuple[Entry, float]]:
        """The entries whose names are near enough to a canonical name, with their likeness: of the units the likest few."""
        scores = nearness.units_like(self._connection, wanted, self._on, directory.NEAREST)
        units = directory.with_codes(self._connection, sorted(scores), self._on)
        groups = {group.code: group for group in chain.from_iterable(self._groups.values())}.values()
        near = [(group, names.likeness(wanted, spellings(group))) for group in groups]
        return [*((unit, scores[unit.code]) for unit in units), *(each for each in near if each[1] >= names.NEAR_ENOUGH)]


def spellings(entry: Entry) -> set[str]:
    """All canonical names that an entry answers to."""
    return {plain(reading) for name in (entry.name, *entry.aliases) for reading in names.readings(name)}


def _recorded(spelling: str) -> set[str]:
    """The canonical names under which a unit may be recorded that answers to a spelling."""
    parts = [spelling]
    for committee in COMMITTEES:
        words = f" {spelling} ".split(f" {committee} ")
        if 1 < len(words) <= _MANY:
            for choice in product((committee, "tu"), repeat=len(words) - 1):
                joined = words[0] + "".join(f" {word} {rest}" for word, rest in zip(choice, words[1:], strict=True))
                parts.append(" ".join(joined.split()))
    return {form for part in parts for form in (part, f"cac {part}")}


def _climb(parents: dict[str, str | None], code: str | None) -> Iterable[str]:
    seen: set[str] = set()
    while code is not None and code not in seen:
        yield code
        seen.add(code)
        code = parents.get(code)
