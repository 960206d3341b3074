"""What a directory is made of: units, groups, operators, grants, as data. directory.py reads and writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

ROLES = ("clerk", "coordinator", "auditor", "admin")
EVERYWHERE = "*"  # a grant's unit that stands for the whole directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A body in the directory."""

    code: str  # unique, chosen by whoever keeps the directory
    name: str  # as it is written to people
    kind: str  # a word of the directory's own: "committee", "cell", …
    parent: str | None = None  # code of the unit above
    email: tuple[str, ...] = ()  # addresses
    aliases: tuple[str, ...] = ()  # further names that documents use
    valid_from: date | None = None  # first day of its existence; None: always
    valid_until: date | None = None  # last day of its existence; None: still there

    def valid_on(self, day: date | None) -> bool:
        """Whether it exists on that day; None asks nothing."""
        return day is None or (
            (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A set of units that documents address by one name.

    Its members are the units below, by kind, and those named one by one. Named ones alone, when neither ``below``, ``kinds``
    nor ``deep`` is given.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    below: str | None = None  # unit code; None: below whichever unit addresses the group
    deep: bool = False  # all levels below, rather than the next one only
    kinds: tuple[str, ...] = ()  # none: every kind
    members: tuple[str, ...] = ()  # unit codes

    @property
    def is_list(self) -> bool:
        """Whether its members are only those that are named one by one."""
        return bool(self.members) and self.below is None and not self.kinds and not self.deep

    @property
    def is_relative(self) -> bool:
        """Whether its members depend on who addresses it."""
        return self.below is None and not self.is_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who may act, once granted a role."""

    name: str  # login name
    title: str = ""  # office held, for people to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role of an operator on a unit and all below it."""

    operator: str
    role: str  # one of ROLES
    unit: str  # unit code, or "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFile:
    """What a directory's file says, sound in itself; a parent it lacks may stand in the database."""

    name: str  # file name, for messages
    units: tuple[Unit, ...]
    groups: tuple[Group, ...] = ()
    operators: tuple[Operator, ...] = ()
    grants: tuple[Grant, ...] = ()
    lines: dict[tuple[str, str], int] = field(default_factory=dict)  # ("unit" or "group", code) -> 1-based line


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an import does to one kind of entry, by code or name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import did, or would do."""

    added: tuple[str, ...]  # unit codes
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    groups: Changes
    operators: Changes
    grants: Changes  # "operator role unit"; grants are only ever added
