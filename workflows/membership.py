"""Which units a group means to a unit that addresses it, as a condition that the database answers. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import InputError
from workflows import hierarchy, names, tables
from workflows.entries import Group

_AT_ONCE = 1_000  # codes that are fetched from a server at a time
_COMMITTEES = ("ủy", "uỷ", "Ủy", "Uỷ", "ỦY", "UỶ", "đoàn", "Đoàn", "ĐOÀN")  # "Huyện ủy Tam Lộc" is no "Huyện …"
_NEAR = 3  # levels that are looked at before all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Plural(Group):
    """The units of a kind at one level below a unit, as a phrase names them: no recorded group, and its code is no group's.

    A unit is of the kind by the first words of its name or of an alias, or by its recorded kind.
    """

    level: int = 1  # 1: directly below
    heads: tuple[str, ...] = ()  # first words, with their marks; neither heads nor kinds: whatever stands there
    without: tuple[str, ...] = ()  # first words of the names of those that are not meant


def condition(group: Group, *, relative_to: str | None, on: date | None) -> sa.ColumnElement[bool]:
    """That a unit is a member on that day; None asks for no day. Raises InputError where nobody addresses a relative group."""
    unit = tables.unit.c
    if isinstance(group, Plural):
        return sa.and_(_plural(group), _exists(on))
    among: list[sa.ColumnElement[bool]] = [unit.code.in_(group.members)] if group.members else []
    if not group.is_list:
        top = group.below or relative_to
        if top is None:
            raise InputError(
                f"The group '{group.code}' means other units to each unit that addresses it.",
                remedy="Say which unit addresses it.",
            )
        below = unit.code.in_(sa.select(hierarchy.below([top]).c.code)) if group.deep else unit.parent == top
        of_kind = unit.kind.in_(group.kinds) if group.kinds else sa.true()
        among.append(sa.and_(below, of_kind, unit.code != top))
    return sa.and_(sa.or_(sa.false(), *among), _exists(on))


def _exists(on: date | None) -> sa.ColumnElement[bool]:
    unit = tables.unit.c
    if on is None:
        return sa.true()
    begun = sa.or_(unit.valid_from.is_(None), unit.valid_from <= on.isoformat())
    return sa.and_(begun, sa.or_(unit.valid_until.is_(None), unit.valid_until >= on.isoformat()))


def _plural(group: Plural) -> sa.ColumnElement[bool]:
    unit = tables.unit.c
    meant = [*(_begins(head) for head in group.heads), *([unit.kind.in_(group.kinds)] if group.kinds else [])]
    not_meant = [_begins(head) for head in group.without]
    there = at_level(str(group.below), group.level)
    return sa.and_(there, sa.or_(*meant) if meant else sa.true(), sa.not_(sa.or_(sa.false(), *not_meant)))


def at_level(top: str, level: int) -> sa.ColumnElement[bool]:
    """That a unit stands so many levels below another."""
    parents: sa.Select[tuple[str]] | None = None
    for step in range(level - 1):
        above = tables.unit.alias(f"level_{step}").c
        parents = sa.select(above.code).where(above.parent == top if parents is None else above.parent.in_(parents))
    parent = tables.unit.c.parent
    return parent == top if parents is None else parent.in_(parents)


def _begins(head: str) -> sa.ColumnElement[bool]:
    """That a name or an alias of a unit begins with these words. A single word is compared with its marks: "Quận", not "Quân"."""
    unit, alias = tables.unit.c, tables.unit_alias.alias("called").c
    further = sa.select(alias.code).where(alias.code == unit.code, _opens(alias.folded, alias.alias, head))
    return sa.or_(_opens(unit.folded, unit.name, head), sa.exists(further))


def _opens(folded: sa.ColumnElement[str], written: sa.ColumnElement[str], head: str) -> sa.ColumnElement[bool]:
    plain = names.canonical(head)
    opens = sa.or_(folded == plain, folded.startswith(plain + " "))
    if " " in plain:
        return opens
    spelt = [head, head.lower(), head.upper()]
    committee = [f"{each} {other}" for each in spelt for other in _COMMITTEES]
    return sa.and_(opens, sa.or_(*map(written.startswith, spelt)), sa.not_(sa.or_(*map(written.startswith, committee))))


def codes(connection: Connection, group: Group, *, relative_to: str | None, on: date | None) -> Iterator[str]:
    """The codes of a group's members in the order of their bytes, streamed: there may be a million."""
    order = sa.collate(tables.unit.c.code, "BINARY" if connection.dialect.name == "sqlite" else "C")
    query = sa.select(tables.unit.c.code).where(condition(group, relative_to=relative_to, on=on)).order_by(order)
    return iter(connection.scalars(query, execution_options={"yield_per": _AT_ONCE}))


def is_empty(connection: Connection, group: Group, *, relative_to: str | None, on: date | None) -> bool:
    """Whether a group has no member. Of a group that goes down all levels, the next ones are looked at first."""
    unit = tables.unit.c
    meant = condition(group, relative_to=relative_to, on=on)
    top = group.below or relative_to
    if group.deep and not group.is_list and top is not None:
        of_kind = sa.and_(unit.kind.in_(group.kinds) if group.kinds else sa.true(), _exists(on))
        for level in range(1, _NEAR + 1):
            if connection.scalar(sa.select(unit.code).where(at_level(top, level), of_kind).limit(1)) is not None:
                return False
    return connection.scalar(sa.select(unit.code).where(meant).limit(1)) is None
