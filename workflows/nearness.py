"""Which units have a name like one that nothing has: what an error proposes. It goes through all names, and keeps few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflows import names, tables

COMMITTEES = ("tinh uy", "thanh uy")  # what "tu" is read as, and so what a recorded "TU" answers to
_AT_ONCE = 2_000  # rows read at once
_TOGETHER = 200  # names whose units are asked for at once


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

    ``codes``: a unit's code counts as a name of its. ``among``: a condition on the units that are gone through. A name that a
    thousand units share is looked at once.
    """
    unit = tables.unit.c
    meant = sa.and_(_exists(on), sa.true() if among is None else among)
    likely = {name: names.likeness(wanted, _readings(name)) for name in _names(connection, among)}
    found: dict[str, float] = {}
    if codes:
        every = connection.scalars(sa.select(unit.code).where(meant), execution_options={"yield_per": _AT_ONCE})
        scored = ((code, names.likeness(wanted, [_words(code)])) for code in every)
        found = _likest({code: score for code, score in scored if score >= names.NEAR_ENOUGH}, limit)
    order = sorted((-score, name) for name, score in likely.items() if score >= names.NEAR_ENOUGH)
    for start in range(0, len(order), _TOGETHER):
        least = sorted(found.values(), reverse=True)[limit - 1 : limit]
        if least and -order[start][0] < least[0]:
            break
        for code, name in _called(connection, [name for _, name in order[start : start + _TOGETHER]], meant):
            found[code] = max(found.get(code, 0.0), likely[name])
    return _likest(found, limit)


def _likest(scores: dict[str, float], limit: int) -> dict[str, float]:
    """The first few by likeness, and those as like as the last of them."""
    least = min(sorted(scores.values(), reverse=True)[:limit], default=0.0)
    return {code: score for code, score in scores.items() if score >= least}


def _exists(on: date | None) -> sa.ColumnElement[bool]:
    unit = tables.unit.c
    if on is None:
        return sa.true()
    begun = sa.or_(unit.valid_from.is_(None), unit.valid_from <= on.isoformat())
    return sa.and_(begun, sa.or_(unit.valid_until.is_(None), unit.valid_until >= on.isoformat()))


def _names(connection: Connection, among: sa.ColumnElement[bool] | None) -> Iterator[str]:
    """The canonical names and aliases of some units, of whatever day: an index has them, each once."""
    unit, alias = tables.unit.c, tables.unit_alias.c
    own, further = sa.select(unit.folded).distinct(), sa.select(alias.folded).distinct()
    if among is not None:
        own, further = own.where(among), further.join(tables.unit, unit.code == alias.code).where(among)
    for query in (own, further):
        yield from connection.scalars(query, execution_options={"yield_per": _AT_ONCE})


def _called(connection: Connection, wanted: Sequence[str], meant: sa.ColumnElement[bool]) -> Iterator[tuple[str, str]]:
    """(code, canonical name) of the units that have one of some names."""
    unit, alias = tables.unit.c, tables.unit_alias.c
    own = sa.select(unit.code, unit.folded).where(unit.folded.in_(wanted), meant)
    further = sa.select(alias.code, alias.folded).join(tables.unit, unit.code == alias.code)
    for query in (own, further.where(alias.folded.in_(wanted), meant)):
        yield from ((row.code, row.folded) for row in connection.execute(query))


def _readings(folded: str) -> Sequence[str]:
    words = folded.split()
    if "tu" not in words:
        return (plain(folded),)
    return [plain(" ".join(each if word == "tu" else word for word in words)) for each in ("tu", *COMMITTEES)]


def _words(code: str) -> str:
    return code.casefold().replace(".", " ").replace("-", " ")
