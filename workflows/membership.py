"""Which units a group means to a unit that addresses it, as a condition that the database answers. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import InputError
from workflows import hierarchy, tables
from workflows.entries import Group

_AT_ONCE = 1_000  # codes that are fetched from a server at a time


def condition(group: Group, *, relative_to: str | None, on: date | None) -> sa.ColumnElement[bool]:
    """That a unit is a member on that day; None asks for no day. Raises InputError where nobody addresses a relative group."""
    unit = tables.unit.c
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
    meant = sa.or_(sa.false(), *among)
    if on is None:
        return meant
    begun = sa.or_(unit.valid_from.is_(None), unit.valid_from <= on.isoformat())
    not_ended = sa.or_(unit.valid_until.is_(None), unit.valid_until >= on.isoformat())
    return sa.and_(meant, begun, not_ended)


def codes(connection: Connection, group: Group, *, relative_to: str | None, on: date | None) -> Iterator[str]:
    """The codes of a group's members in the order of their bytes, streamed: there may be a million."""
    order = sa.collate(tables.unit.c.code, "BINARY" if connection.dialect.name == "sqlite" else "C")
    query = sa.select(tables.unit.c.code).where(condition(group, relative_to=relative_to, on=on)).order_by(order)
    return iter(connection.scalars(query, execution_options={"yield_per": _AT_ONCE}))


def is_empty(connection: Connection, group: Group, *, relative_to: str | None, on: date | None) -> bool:
    """Whether a group has no member."""
    query = sa.select(tables.unit.c.code).where(condition(group, relative_to=relative_to, on=on)).limit(1)
    return connection.scalar(query) is None
