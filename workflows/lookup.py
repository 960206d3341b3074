"""Finds units and groups by their canonical names, as one issuer sees the directory on one day; it decides nothing.

Every look is a look into an index, so that it costs the same in a directory of fifty units and of a million. Only for a name
that nothing has, all names are gone through for those that are like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import ask
from engine.store import batches
from workflows import aliases, directory, hierarchy, membership, names, nearness, tables, tiers
from workflows.abbreviations import SEVERAL
from workflows.aliases import EVERYBODY
from workflows.entries import Group, Unit
from workflows.membership import Plural
from workflows.nearness import plain
from workflows.tiers import Place

Entry: TypeAlias = Unit | Group
_MANY = 4  # words of several meanings in one name whose ways of writing are tried in every combination; more never occurred
_SHORT = [(names.fold(meaning), names.fold(short)) for short, meanings in SEVERAL.items() for meaning in meanings[1:]]
_BY_NAME = "SELECT code FROM pc_unit WHERE folded = ? UNION SELECT code FROM pc_unit_alias WHERE folded = ?"


class Lookup:
    """What is asked of the directory on behalf of one issuer; answers are remembered. Raises NotFound for an unknown issuer."""

    def __init__(self, connection: Connection, issuer: str | None, on: date) -> None:
        self._connection = connection
        self.on = on
        self._issuer = issuer
        self._named: dict[str, tuple[Entry, ...]] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._units: dict[str, Unit | None] = {}
        self._places: dict[str, Place | None] = {}
        self._groups: dict[str, list[Group]] = {}
        self.remembered: dict[tuple[str, bool], Any] = {}  # what resolve found of a phrase's parts
        self._empty: dict[tuple[str, str | None], bool] = {}  # by the group's code and below whom its members stand
        if issuer is not None:
            self._units[issuer] = directory.get(connection, issuer)
        self.groups = [each for each in directory.all_groups(connection) if issuer is not None or not each.is_relative]
        for group in self.groups:
            for spelling in spellings(group):
                self._groups.setdefault(spelling, []).append(group)
        self.chain = () if issuer is None else self.above(issuer)  # the issuer and all above it; empty: no issuer

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The places that the issuer and the units above it stand for, by code, the nearest first."""
        return {code: place for code in self.chain if (place := self.place(code))}

    @cached_property
    def endings(self) -> tuple[str, ...]:
        """How canonical names of bodies of these places may end."""
        return tuple(f" {each}" for place in self.places.values() for family in place.families() for each in family)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """Below whom a kind of units is looked for: the issuer and, where that is an office, the bodies of its tier above it."""
        own = self.unit(self.chain[0]) if self.chain else None
        if own is None:
            return ()
        tier = tiers.tier((own.name, *own.aliases))
        return (own.code, *(code for code, place in self.places.items() if code != own.code and place.tier == tier))

    @cached_property
    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """The directory's own kinds of the units one and two levels below the issuer, by canonical name."""
        found: dict[str, tuple[str, ...]] = {}
        near = sa.or_(sa.false(), *(membership.at_level(top, level) for top in self.tops for level in (1, 2)))
        for kind in self._connection.scalars(sa.select(tables.unit.c.kind).where(near).distinct()):
            name = names.canonical(kind)
            found[name] = (*found.get(name, ()), kind)
        return found

    def place_called(self, name: str) -> tuple[str, ...]:
        """Below whom the units of the issuer's place stand, or of one above it, by a canonical name of the place."""
        for code, place in self.places.items():
            if any(name in family for family in place.families()):
                return self.tops if code in self.tops else (code,)
        return ()

    def unit(self, code: str) -> Unit | None:
        """The unit with this code, of whatever day."""
        if code not in self._units:
            self._units[code] = directory.with_code(self._connection, code)
        return self._units[code]

    def place(self, code: str) -> Place | None:
        """The place that a unit stands for, if it stands for one."""
        if code not in self._places:
            unit = self.unit(code)
            self._places[code] = tiers.place((unit.name, *unit.aliases)) if unit else None
        return self._places[code]

    def own_bodies(self, top: str) -> list[str]:
        """The codes of the people's committee and the Front of a unit's own tier that stand directly below it."""
        owner = self.unit(top)
        state = ("Ủy ban nhân dân", "Ủy ban Mặt trận Tổ quốc", "Mặt trận Tổ quốc")
        group = Plural(code="", name="", below=top, heads=state)
        codes = membership.codes(self._connection, group, relative_to=None, on=self.on) if owner else ()
        units = [unit for code in codes if (unit := self.unit(code))]
        tier = tiers.tier((owner.name, *owner.aliases)) if owner else None
        return [unit.code for unit in units if tiers.tier((unit.name, *unit.aliases)) == tier]

    def leads(self, code: str) -> bool:
        """Whether a unit leads a place, by its name: its party committee or the place itself, not its people's committee."""
        unit, place = self.unit(code), self.place(code)
        if unit is None or place is None:
            return False
        return f"{names.canonical(unit.name)} ".startswith((f"{place.committee} ", f"{place.tier} ", f"dang bo {place.tier} "))

    def is_committee(self, code: str) -> bool:
        """Whether a unit is a party committee, by its name."""
        unit, place = self.unit(code), self.place(code)
        return unit is not None and place is not None and names.canonical(unit.name).startswith(place.committee)

    def decided(self, readings: Iterable[str]) -> tuple[Entry, ...]:
        """What a person decided that canonical names mean to the issuer; nothing where one of these units has ended."""
        if self._issuer is None:
            return ()
        for reading in readings:
            kept = aliases.meant(self._connection, reading, self._issuer)
            entries = self._recorded(kept)
            if kept and len(entries) == len(kept):
                return entries
        return ()

    def ended(self, spelling: str) -> list[Unit]:
        """The units that answered to a spelling and have ended before this day."""
        codes = {row[0] for each in _recorded(spelling) for row in ask(self._connection, _BY_NAME, (each, each))}
        units = directory.with_codes(self._connection, sorted(codes)) if codes else []
        return [unit for unit in units if unit.valid_until and unit.valid_until < self.on and spelling in spellings(unit)]

    def existing(self, codes: Iterable[str]) -> list[Unit]:
        """The units with these codes that exist on this day."""
        return directory.with_codes(self._connection, list(codes), self.on)

    def named(self, spelling: str) -> tuple[Entry, ...]:
        """The units in alphabetical order, then the groups, that answer to a spelling: a canonical name made plain."""
        found = self._named.get(spelling)
        if found is None:
            codes = {row[0] for each in _recorded(spelling) for row in ask(self._connection, _BY_NAME, (each, each))}
            units = directory.with_codes(self._connection, sorted(codes), self.on) if codes else []
            fitting = [unit for unit in units if spelling in spellings(unit)]
            self._climb_from(unit.code for unit in fitting)
            further = self._recorded(aliases.meant(self._connection, spelling, EVERYBODY))
            every = {(type(each), each.code): each for each in (*fitting, *further, *self._groups.get(spelling, ()))}
            found = self._named[spelling] = tuple(every.values())
        return found

    def _recorded(self, kept: Iterable[aliases.Alias]) -> tuple[Entry, ...]:
        """The units that exist on this day and the groups that aliases name."""
        codes = {each.code: each.is_group for each in kept}
        units = self.existing(code for code, is_group in codes.items() if not is_group) if codes else []
        return (*units, *(group for group in self.groups if codes.get(group.code)))

    def is_empty(self, group: Group) -> bool:
        """Whether a group means nobody to the issuer."""
        key = (group.code, group.below)
        if key not in self._empty:
            top = self.chain[0] if self.chain else None
            self._empty[key] = membership.is_empty(self._connection, group, relative_to=top, on=self.on)
        return self._empty[key]

    def above(self, code: str) -> tuple[str, ...]:
        """A unit's code and those of all above it, the nearest first."""
        if code not in self._above:
            self._climb_from([code])
        return self._above[code]

    def _climb_from(self, codes: Iterable[str]) -> None:
        """Learn what stands above some units, level by level: a thousand may have one name."""
        wanted = [code for code in codes if code not in self._above]
        parents: dict[str, str | None] = {}
        level = set(wanted)
        unit = tables.unit.c
        while level:
            for batch in batches(sorted(level), directory.FEW):
                rows = self._connection.execute(sa.select(unit.code, unit.parent).where(unit.code.in_(batch)))
                parents.update((row.code, row.parent) for row in rows)
            level = {parent for code in level if (parent := parents.get(code)) is not None and parent not in parents}
        self._above.update((code, tuple(_climb(parents, code))) for code in wanted)

    def like(self, wanted: str) -> list[tuple[Entry, float]]:
        """The entries whose names are near enough to a canonical name, with their likeness: of the units the likest few.

        Units around the issuer come first; only where none of these is like it, all below it, and then its province.
        """
        scores: dict[str, float] = {}
        for among in self._around() if self.chain else [None]:
            scores = nearness.units_like(self._connection, wanted, self.on, directory.NEAREST, among=among)
            if scores:
                break
        near = [(group, names.likeness(wanted, spellings(group))) for group in self.groups]
        units = self.existing(sorted(scores))
        self._climb_from(unit.code for unit in units)
        return [*((unit, scores[unit.code]) for unit in units), *(each for each in near if each[1] >= names.NEAR_ENOUGH)]

    def _around(self) -> Iterator[sa.ColumnElement[bool] | None]:
        unit, below = tables.unit.c, tables.unit.alias("below").c
        next_but_one = unit.parent.in_(sa.select(below.code).where(below.parent == self.chain[0]))
        yield sa.or_(unit.code.in_(self.chain), unit.parent.in_(self.chain), next_but_one)
        for top in dict.fromkeys((self.chain[0], *self.chain[-2:-1])):
            yield unit.code.in_(sa.select(hierarchy.below([top]).c.code)) if top != self.chain[-1] else None


def spellings(entry: Entry) -> set[str]:
    """All canonical names that an entry answers to."""
    return {plain(reading) for name in (entry.name, *entry.aliases) for reading in names.readings(name)}


def _recorded(spelling: str) -> set[str]:
    """The canonical names under which a unit may be recorded that answers to a spelling."""
    parts = [spelling]
    for meaning, short in _SHORT:
        words = f" {spelling} ".split(f" {meaning} ")
        if 1 < len(words) <= _MANY:
            for choice in product((meaning, short), repeat=len(words) - 1):
                joined = words[0] + "".join(f" {word} {rest}" for word, rest in zip(choice, words[1:], strict=True))
                parts.append(" ".join(joined.split()))
    return {form for part in parts for form in (part, f"cac {part}")}


def _climb(parents: dict[str, str | None], code: str | None) -> Iterable[str]:
    seen: set[str] = set()
    while code is not None and code not in seen:
        yield code
        seen.add(code)
        code = parents.get(code)
