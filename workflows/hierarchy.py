"""The queries that go up and down the tree of units; what is asked of them is others' business."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from workflows import tables


def above(*codes: str) -> sa.CTE:
    """The units and all above them, as rows of (code, parent)."""
    # UNION rather than UNION ALL: it ends even in a damaged directory that has a circle.
    unit = tables.unit
    found = sa.select(unit.c.code, unit.c.parent).where(unit.c.code.in_(codes)).cte("above", recursive=True)
    return found.union(sa.select(unit.c.code, unit.c.parent).join(found, unit.c.code == found.c.parent))


def below(codes: Sequence[str]) -> sa.CTE:
    """The units and all below them, as rows of (code,)."""
    unit = tables.unit
    found = sa.select(unit.c.code).where(unit.c.code.in_(codes)).cte("below", recursive=True)
    return found.union(sa.select(unit.c.code).join(found, unit.c.parent == found.c.code))
