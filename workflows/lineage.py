"""What a plan rests on, from the top decision down, and what rests on it. It only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from engine import store
from engine.where import Where
from workflows import register
from workflows.plans import Reference
from workflows.register import Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A document in the chain of bases, from the top decision down."""

    document: Reference
    plan: Registered | None  # where it runs here
    below: tuple[Lineage, ...]
    asked: bool  # the plan whose lineage it is


def lineage(connection: Connection, plan: str) -> Lineage:
    """The documents above a plan, the top decision first, and the plans that rest on it. Raises NotFound, Ambiguous."""
    registered = register.find(connection, plan)
    return _under_bases(connection, registered, _resting(connection, registered, asked=True, seen=set()), {registered.id})


def _under_bases(connection: Connection, plan: Registered, own: Lineage, seen: set[int]) -> Lineage:
    """A plan below the one of its bases that runs here, else below the decision that its title names, else its oldest basis.

    Its other bases stand beside it, before it.
    """
    body = register.body(connection, plan.id)
    subject = [each for each in body.citations if each.number in (body.title or "")]
    documents = {each.number: each for each in sorted((*subject, *body.basis), key=_age) if each.number != plan.number}
    running = [each for number in documents for each in register.with_number(connection, number) if each.id not in seen]
    above = next((each for each in documents.values() if each.number in {each.number for each in running}), None)
    above = above or next((each for each in documents.values() if each in subject), None) or next(iter(documents.values()), None)
    if above is None:
        return own
    beside = [
        Lineage(document=each, plan=_only(connection, each.number), below=(), asked=False)
        for each in documents.values()
        if each is not above and not (running and each in subject)
    ]
    node = Lineage(document=above, plan=_only(connection, above.number), below=(*beside, own), asked=False)
    higher = [each for each in running if each.number == above.number]
    if len(higher) != 1:
        return node
    return _under_bases(connection, higher[0], node, seen | {higher[0].id})


def _age(reference: Reference) -> tuple[bool, date, str]:
    return reference.date is None, reference.date or date.max, reference.number


def _only(connection: Connection, number: str) -> Registered | None:
    """The plan of that number that runs here, if it is the only one."""
    found = register.with_number(connection, number)
    return found[0] if len(found) == 1 else None


def _resting(connection: Connection, plan: Registered, *, asked: bool, seen: set[int]) -> Lineage:
    seen.add(plan.id)
    below = {each.id: each for each in register.resting_on(connection, plan.number)}
    if store.tally(connection, plan.id, "plan"):
        top = store.get(connection, plan.id)
        hanging = store.select(connection, Where(below=top.path, kind="plan"))
        depth = top.path.count(".")
        nearest = [each.id for each in hanging if each.id != plan.id and each.path.count(".") <= depth + 2]
        below.update((each.id, each) for each in register.of_ids(connection, nearest))
    body = register.body(connection, plan.id)
    return Lineage(
        document=Reference(number=plan.number, date=plan.date, type=body.type, issuer=body.issuer),
        plan=plan,
        below=tuple(_resting(connection, each, asked=False, seen=seen) for each in below.values() if each.id not in seen),
        asked=asked,
    )
