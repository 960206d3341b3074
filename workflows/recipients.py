"""Whom a plan's recipient lines mean in the directory, and what a person decides of one. Issuing uses what is decided here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import InputError, NotFound
from workflows import aliases, directory, membership, tables
from workflows.aliases import Alias
from workflows.entries import Group, Unit
from workflows.lookup import Entry, Lookup
from workflows.membership import Plural
from workflows.plans import Plan, Recipient
from workflows.resolve import Meaning, meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A unit or group that a line means or may mean."""

    code: str | None  # in the directory; None for a kind of units, which has no code
    name: str
    units: int  # how many it means to the issuer
    score: float | None = None  # of a candidate: how like its name is, 100 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A recipient line of a plan, and whom it means."""

    place: int  # among the plan's recipients, from 1
    recipient: Recipient
    how: str  # resolve.How, or "written": the plan file itself says it
    means: tuple[Named, ...]
    candidates: tuple[Named, ...]
    unknown: tuple[str, ...]  # of a list that is known in part: the other parts
    known: tuple[Named, ...]  # and whom the parts that are known mean
    once: tuple[Named, ...]  # whom it meant on the plan's date, where it means nobody now
    is_open: bool  # a person must say whom it means


def lines(connection: Connection, plan: Plan, *, issuer: str, on: date) -> list[Line]:
    """Whom each recipient line means on that day; raises NotFound for an unknown issuer or code."""
    now = Lookup(connection, issuer, on)
    then = Lookup(connection, issuer, plan.date) if plan.date and plan.date < on else None
    return [
        _written(connection, now, place, each) if each.units or each.group else _line(connection, now, then, place, each)
        for place, each in enumerate(plan.recipients, 1)
    ]


def decide(
    connection: Connection,
    found: Sequence[Line],
    place: int,
    codes: Sequence[str],
    *,
    issuer: str,
    by: str,
    now: datetime,
    part: str | None = None,
) -> list[Alias]:
    """Record that a line's words mean these units or groups in documents of the issuer from now on.

    Of a list of which all but one part is known it is that part's words, or those of the ``part`` that is named; else the whole
    line's. Raises NotFound; InputError where those whom the line is known to mean would be left out; NotAuthorised unless the
    operator is coordinator of the issuer.
    """
    directory.require(connection, by, "coordinator", issuer)
    chosen = next((each for each in found if each.place == place), None)
    if chosen is None:
        raise NotFound(f"The plan has no recipient {place}.", remedy=f"Give a number from 1 to {len(found)}.")
    if chosen.how == "written":
        raise InputError(f"Recipient {place} is settled in the plan file itself.", remedy="Change it there.")
    known = {each.code for each in chosen.known}
    if part is None and len(chosen.unknown) == 1:
        part, codes = chosen.unknown[0], [code for code in codes if code not in known] or codes
    if part is None and not known <= set(codes):
        raise InputError(
            f"Recipient {place} names several that are not known: {'; '.join(chosen.unknown)}.",
            remedy=f"Decide them one by one, with --ask or with: cascade units alias add NAME CODE --for {issuer}",
        )
    return aliases.decide(connection, part or chosen.recipient.text, codes, issuer=issuer, by=by, now=now)


# -- steps -------------------------------------------------------------------------------------------------------------


def _line(connection: Connection, now: Lookup, then: Lookup | None, place: int, recipient: Recipient) -> Line:
    found = meaning(now, recipient.text)
    once = meaning(then, recipient.text) if then and found.is_open else None
    return Line(
        place=place,
        recipient=recipient,
        how=found.how,
        means=_named(connection, now, found.entries),
        candidates=_candidates(connection, now, found),
        unknown=found.unknown,
        known=_named(connection, now, _rest(now, found)),
        once=_named(connection, then, once.entries) if then and once else (),
        is_open=found.is_open,
    )


def _rest(index: Lookup, found: Meaning) -> tuple[Entry, ...]:
    """Whom the parts of a list mean that are known, where others are not."""
    rest = found.phrase
    for part in found.unknown:
        rest = rest.replace(part, "")
    return meaning(index, re.sub(r"^[\s,;]+|[,;]\s*(?=[,;])|[\s,;]+$", "", rest)).entries if found.unknown else ()


def _written(connection: Connection, index: Lookup, place: int, recipient: Recipient) -> Line:
    entries: list[Entry] = [directory.get(connection, code) for code in recipient.units]
    if recipient.group and not entries:
        entries.append(directory.get_group(connection, recipient.group))
    means = _named(connection, index, entries)
    return Line(
        place=place, recipient=recipient, how="written", means=means, candidates=(), unknown=(), known=(), once=(), is_open=False,
    )  # fmt: skip


def _named(connection: Connection, index: Lookup, entries: Sequence[Entry]) -> tuple[Named, ...]:
    return tuple(
        Named(code=None if isinstance(each, Plural) else each.code, name=each.name, units=_count(connection, index, each))
        for each in entries
    )


def _candidates(connection: Connection, index: Lookup, found: Meaning) -> tuple[Named, ...]:
    return tuple(
        Named(code=each.code, name=each.name, units=_count(connection, index, each), score=score)
        for each, score in found.candidates
        if not isinstance(each, Plural)
    )


def _count(connection: Connection, index: Lookup, entry: Entry) -> int:
    if isinstance(entry, Unit):
        return 1
    assert isinstance(entry, Group)
    meant = membership.condition(entry, relative_to=index.chain[0], on=index.on)
    return connection.scalar(sa.select(sa.func.count()).select_from(tables.unit).where(meant)) or 0
