"""The register of issued plans and of the documents they rest on: the only writer of pc_plan and pc_basis."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import AlreadyExists, Ambiguous, NotFound
from engine.events import canonical
from engine.store import batches
from workflows import tables
from workflows.plans import Plan, Reference, normalise_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An issued plan."""

    id: int  # of its instance
    number: str
    date: date
    issuer: str  # unit code
    title: str
    digest: str  # SHA-256 of the plan's canonical JSON


_COLUMNS = [tables.plan.c[name] for name in ("instance_id", "number", "date", "issuer", "title", "digest")]


def record(connection: Connection, instance_id: int, plan: Plan, issuer: str, document: str | None) -> None:
    """Enter an issued plan and its bases; raises AlreadyExists when the issuer issued this number on this date before."""
    assert plan.number is not None
    assert plan.date is not None
    earlier = connection.execute(
        sa.select(tables.plan.c.instance_id).where(
            tables.plan.c.issuer == issuer, tables.plan.c.number == plan.number, tables.plan.c.date == plan.date.isoformat()
        )
    ).scalar()
    if earlier is not None:
        raise AlreadyExists(
            f"{plan.number} of {plan.date} by {issuer} is already issued (#{earlier}).",
            remedy=f"See it with: cascade status {earlier}",
        )
    connection.execute(
        tables.plan.insert().values(
            instance_id=instance_id,
            number=plan.number,
            date=plan.date.isoformat(),
            issuer=issuer,
            title=plan.title or "",
            digest=plan.digest(),
            body=canonical(plan.to_json()),
            document=document,
        )
    )
    bases = {basis.number: basis for basis in plan.basis}
    if bases:
        connection.execute(tables.basis.insert(), [_basis_row(instance_id, basis) for basis in bases.values()])


def _basis_row(plan_id: int, basis: Reference) -> dict[str, object]:
    return {
        "plan_id": plan_id,
        "number": basis.number,
        "date": basis.date.isoformat() if basis.date else None,
        "type": basis.type,
        "issuer": basis.issuer,
    }


def find(connection: Connection, text: str) -> Registered:
    """The plan that an operator means: its number, the beginning of one, or its id ("12" or "#12").

    Raises NotFound, or Ambiguous with the candidates.
    """
    wanted = normalise_number(text)
    if re.fullmatch(r"#?[0-9]{1,18}", text):
        found = _select(connection, tables.plan.c.instance_id == int(text.lstrip("#")))
        if found:
            return found[0]
    like = (tables.plan.c.number == wanted, tables.plan.c.number.startswith(wanted, autoescape=True))
    for condition in like if re.search(r"\w", wanted) else ():  # an empty number would be the beginning of every one
        found = _select(connection, condition)
        if len(found) == 1:
            return found[0]
        if found:
            these = "; ".join(f"#{each.id} {each.number} of {each.date} by {each.issuer}" for each in found[:5])
            raise Ambiguous(
                f"'{text}' may be any of {len(found)} plans: {these}.", remedy="Give its id instead, for example #12."
            )
    raise NotFound(f"There is no plan '{text}'.", remedy="See what is running with: cascade plans")


def all_plans(connection: Connection) -> list[Registered]:
    """Every issued plan, oldest date first."""
    return _select(connection, sa.true())


def newest(connection: Connection, limit: int | None) -> list[Registered]:
    """The plans with the latest dates, oldest date first; None: all of them."""
    return _select(connection, sa.true(), newest=limit)


def count(connection: Connection) -> int:
    """How many plans were issued."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(tables.plan)).scalar_one())


def body(connection: Connection, plan_id: int) -> Plan:
    """What a plan says, as it was issued."""
    text = connection.execute(sa.select(tables.plan.c.body).where(tables.plan.c.instance_id == plan_id)).scalar_one()
    return Plan.from_json(json.loads(text))


def bodies(connection: Connection) -> dict[int, tuple[Registered, str]]:
    """Every entry with its stored text, canonical JSON, by plan id."""
    texts = connection.execute(sa.select(tables.plan.c.instance_id, tables.plan.c.body))
    entered = {each.id: each for each in all_plans(connection)}
    return {row.instance_id: (entered[row.instance_id], row.body) for row in texts}


def resting_on(connection: Connection, number: str) -> list[Registered]:
    """The plans that name a document as their basis."""
    plans = sa.select(tables.basis.c.plan_id).where(tables.basis.c.number == number)
    return _select(connection, tables.plan.c.instance_id.in_(plans))


def with_number(connection: Connection, number: str) -> list[Registered]:
    """The plans of that number; several bodies may use the same one."""
    return _select(connection, tables.plan.c.number == number)


def of_ids(connection: Connection, ids: Iterable[int]) -> list[Registered]:
    """The plans with these ids."""
    found = [each for batch in batches(ids, 500) for each in _select(connection, tables.plan.c.instance_id.in_(batch))]
    return sorted(found, key=lambda each: (each.date, each.id))


def _select(connection: Connection, condition: sa.ColumnElement[bool], *, newest: int | None = None) -> list[Registered]:
    """Those that match, oldest date first; of more than ``newest`` only the last ones."""
    latest = (tables.plan.c.date.desc(), tables.plan.c.instance_id.desc())
    rows = connection.execute(sa.select(*_COLUMNS).where(condition).order_by(*latest).limit(newest)).all()
    return [
        Registered(
            id=row.instance_id,
            number=row.number,
            date=date.fromisoformat(row.date),
            issuer=row.issuer,
            title=row.title,
            digest=row.digest,
        )
        for row in reversed(rows)
    ]
