"""Which units have a name like one that nothing has: what an error proposes. It goes through all names, and keeps few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflows import names, tables

COMMITTEES = ("tinh uy", "thanh uy")  # what "tu" is read as, and so what a recorded "TU" answers to
_AT_ONCE = 2_000  # rows read at once
_KEPT = 1_000  # codes that are kept before the less likely ones are dropped


def plain(canonical: str) -> str:
    """Without a plural's first word: "Các ban Đảng" is "Ban Đảng"."""
    return canonical.removeprefix("cac ") or canonical


def units_like(
    connection: Connection,
    wanted: str,
    on: date | None,
    limit: int,
    *,
    codes: bool = False,
    among: sa.ColumnElement[bool] | None = None,
) -> dict[str, float]:
    """The codes of the units whose names are likest to a canonical name, with their likeness; those as like as the last too.

    ``codes``: a unit's code counts as a name of its. ``among``: a condition on the units that are gone through.
    """
    scores: dict[str, float] = {}
    room = 2 * _KEPT
    for code, folded in _every_name(connection, on, among):
        spellings = _readings(folded)
        score = names.likeness(wanted, (*spellings, _words(code)) if codes else spellings)
        if score >= names.NEAR_ENOUGH and score > scores.get(code, 0):
            scores[code] = score
            if len(scores) > room:
                scores = likest(scores, _KEPT)
                room = 2 * max(_KEPT, len(scores))
    return likest(scores, limit)


def likest(scores: dict[str, float], limit: int) -> dict[str, float]:
    """The first few by likeness, and those as like as the last of them."""
    least = min(sorted(scores.values(), reverse=True)[:limit], default=0.0)
    return {code: score for code, score in scores.items() if score >= least}


def _every_name(connection: Connection, on: date | None, among: sa.ColumnElement[bool] | None) -> Iterator[tuple[str, str]]:
    """(code, canonical name or alias) of all units; on a day only of those that exist then."""
    unit, alias = tables.unit.c, tables.unit_alias.c
    exists: sa.ColumnElement[bool] = sa.true() if among is None else among
    if on is not None:
        begun = sa.or_(unit.valid_from.is_(None), unit.valid_from <= on.isoformat())
        exists = sa.and_(exists, begun, sa.or_(unit.valid_until.is_(None), unit.valid_until >= on.isoformat()))
    own = sa.select(unit.code, unit.folded).where(exists)
    further = sa.select(alias.code, alias.folded).join(tables.unit, unit.code == alias.code).where(exists)
    for query in (own, further):
        for row in connection.execute(query, execution_options={"yield_per": _AT_ONCE}):
            yield row.code, row.folded


def _readings(folded: str) -> Sequence[str]:
    words = folded.split()
    if "tu" not in words:
        return (plain(folded),)
    return [plain(" ".join(each if word == "tu" else word for word in words)) for each in ("tu", *COMMITTEES)]


def _words(code: str) -> str:
    return code.casefold().replace(".", " ").replace("-", " ")
