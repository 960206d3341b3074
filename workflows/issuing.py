"""Issues plans: one function, one transaction. It reads the words of plans; the engine makes the instances.

A plan for many units may be left to the background: then this transaction lists the units, and background_issue.py spawns them.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from engine import spawning, store
from engine.clock import to_micros
from engine.errors import InputError, NotFound, TransitionRefused
from engine.events import canonical
from engine.instance import Instance
from engine.runtime import NewChild, UnitOfWork
from workflows import directory, duties, register, resolve
from workflows.calendar import ZONE, due_on
from workflows.duties import Addressed, Duties, Unclear
from workflows.installation import By, Installation, in_turn
from workflows.plans import Conference, Plan
from workflows.questions import missing
from workflows.register import Registered

LETTER = "dissemination_letter"
NAMED = 5  # recipients that a refusal names; the others are counted
TOPIC = "issue"  # of the job that spawns the units of a plan, see background_issue.py

Told: TypeAlias = Callable[[int, int], None]  # is told how many units have the plan, of how many


class PlanUnclear(InputError):
    """The plan cannot be issued before its open questions are answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """How a plan is to be issued."""

    plan: Plan
    issuer: str | None = None  # unit code or name; None: as the plan words it
    under: str | None = None  # the higher plan
    as_unit: str | None = None  # the unit whose instance there it hangs below; None: the issuer
    allow_unresolved: bool = False  # leave out the recipients that nobody can name
    document: bytes | None = None  # the document it was read from, kept beside it
    key: str | None = None  # idempotency key


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What issuing made, or would make."""

    id: int  # of the plan's instance
    number: str
    issuer: str
    duties: Duties
    informed: tuple[str, ...]  # unit codes
    conferences: tuple[str, ...]  # ids of those that the issuer holds
    left_out: tuple[Unclear, ...]
    job: int | None = None  # that issues it to the units; None: they have it
    repeated: bool = False  # the same command was given before; nothing was done again


@in_turn
def issue_plan(
    installation: Installation,
    issuing: Issuing,
    by: By,
    *,
    background: bool = False,
    dry_run: bool = False,
    told: Told = lambda _done, _total: None,
) -> Issued:
    """Issue a plan: its instance, one child per acting unit, the issuer's conferences, the letters. All or nothing.

    ``background``: the units are fixed now, and get their instances and letters from a job. Raises PlanUnclear while a
    question is open, NotAuthorised, AlreadyExists.
    """
    plan = issuing.plan
    _require_answers(plan)
    _require_issued(plan, by.now)
    request = asked("issue", by.operator, plan.digest(), issuing.issuer, issuing.under, issuing.as_unit, issuing.allow_unresolved)
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        earlier = answered(connection, issuing.key, request)
        issuer = issuer_of(connection, issuing, by.now)
        addressed = duties.address(connection, plan, issuer=issuer, on=today(by.now))
        issued = Issued(
            id=0,
            number=plan.number or "",
            issuer=issuer,
            duties=addressed.duties,
            informed=addressed.informed,
            conferences=tuple(each.id for each in _own_conferences(plan)),
            left_out=addressed.unclear,
        )
        if earlier is not None:
            return dataclasses.replace(issued, id=int(earlier), repeated=True)
        if addressed.unclear and not issuing.allow_unresolved:
            raise _unclear(plan, addressed.unclear)
        if not addressed.duties:
            raise PlanUnclear(
                "no unit would have to act.", file=plan.source, remedy="Give at least one recipient the purpose 'act'."
            )
        parent = _higher(work, issuing, issuer) if issuing.under else None
        instance = _start(work, plan, issuer, addressed, parent, background=background)
        job = _leave(work, instance, addressed) if background else None
        if not background and not dry_run:
            _spawn(work, instance, addressed, told)
        work.spawn(instance, "conference", [_conference(each, issuer) for each in _own_conferences(plan)])
        document = store.attach(connection, issuing.document) if issuing.document is not None else None
        register.record(connection, instance.id, plan, issuer, document)
        if issuing.key is not None:
            store.keep_answer(connection, issuing.key, request, str(instance.id), work.now)
        return dataclasses.replace(issued, id=instance.id, job=job)


def _start(
    work: UnitOfWork, plan: Plan, issuer: str, addressed: Addressed, parent: Instance | None, *, background: bool
) -> Instance:
    """The plan's own instance."""
    latest = max((each.duty.due_at for each in addressed.duties.alike if each.duty.due_at), default=None)
    data = {
        "number": plan.number,
        "date": plan.date.isoformat() if plan.date else None,
        "digest": plan.digest(),
        "conferences": sum(len(each.units) for each in addressed.duties.alike if each.duty.conference),
        **({"units": len(addressed.duties)} if background else {}),
    }
    return work.start("plan", NewChild(issuer, "", latest, data), under=parent)


def _spawn(work: UnitOfWork, plan: Instance, addressed: Addressed, told: Told) -> None:
    """An instance and a letter for every acting unit, now."""
    ids = work.spawn(plan, "recipient", _children(addressed.duties, told))
    copies = list(addressed.informed)
    work.enqueue("notice", {"notice": LETTER, "plan": plan.id, "instances": [ids[0], ids[-1]], "copies": copies})


def _children(all_duties: Duties, told: Told) -> Iterator[NewChild]:
    done, total = 0, len(all_duties)
    for each in all_duties.alike:
        due_at, data = each.duty.due_at, each.duty.data()
        for unit in each.units:
            yield NewChild(unit, "", due_at, data)
            done += 1
            if done % store.BATCH == 0:
                told(done, total)


def _leave(work: UnitOfWork, plan: Instance, addressed: Addressed) -> int:
    """List the acting units, and leave it to a job to spawn them; returns its id."""
    groups = (spawning.Alike(each.units, each.duty.due_at, each.duty.data()) for each in addressed.duties.alike)
    total = spawning.leave(work.connection, plan.id, groups)
    asked_for = {"plan": plan.id, "by": work.actor, "units": total, "copies": list(addressed.informed)}
    return work.enqueue(TOPIC, asked_for)


def _own_conferences(plan: Plan) -> list[Conference]:
    return [conference for conference in plan.conferences if conference.held_by == "issuer"]


def _conference(conference: Conference, issuer: str) -> NewChild:
    due = (
        due_on(conference.due_date, phrase=conference.title or conference.id, rule="conference") if conference.due_date else None
    )
    data: dict[str, Any] = {"title": conference.title or f"Conference {conference.id}"}
    if conference.after:
        data["after"] = f"conference:{conference.after}"
    if due:
        data["due_from"] = duties.due_from(due)
    return NewChild(issuer, f"conference:{conference.id}", to_micros(due.due_at) if due and due.due_at else None, data)


def _require_answers(plan: Plan) -> None:
    questions = missing(plan)
    if questions:
        options = " and ".join(dict.fromkeys(question.option for question in questions if question.option))
        others = [question for question in questions if question.option is None]
        file = "the plan file, whose head says where (cascade read DOCUMENT -o PLAN.yaml)"
        answer = f"Answer with {options}, {'and write the rest into' if others else 'or write it into'} {file}."
        said = "; ".join(question.message.rstrip(".") for question in questions)
        raise PlanUnclear(
            said if said.endswith("?") else f"{said}.",
            file=plan.source,
            line=next((question.line for question in questions if question.line), None),
            remedy=answer if options else f"Write what is right into {file}.",
            questions=[question.code for question in questions],
        )


def _unclear(plan: Plan, unclear: Sequence[Unclear]) -> PlanUnclear:
    def said(each: Unclear) -> str:
        near = f"; near: {', '.join(each.candidates[:3])}" if each.candidates else ""
        return f"'{each.text}'{f' (line {each.line})' if each.line else ''}: {each.why}{near}"

    more = f" | and {len(unclear) - NAMED} more" if len(unclear) > NAMED else ""
    return PlanUnclear(
        f"{len(unclear)} recipient(s) are not settled. " + " | ".join(said(each) for each in unclear[:NAMED]) + f"{more}.",
        file=plan.source,
        remedy="Decide whom they mean with cascade recipients, write 'units:' or 'group:' or 'purpose:' beside them in the plan "
        "file, or leave them out with --allow-unresolved.",
        unclear=unclear,
    )


def issuer_of(connection: Connection, issuing: Issuing, now: datetime) -> str:
    """The code of the unit that issues a plan; raises PlanUnclear where its words name none, NotFound, Ambiguous."""
    if issuing.issuer is not None:
        return directory.find(connection, issuing.issuer).code
    words = issuing.plan.issuer or ""
    found = resolve.resolve(connection, words, issuer=None, on=today(now))
    if len(found.units) == 1:
        return found.units[0].code
    near = ", ".join(f"{entry.code} {entry.name}" for entry, _ in found.candidates)
    raise PlanUnclear(
        f"the issuer '{words}' is not one unit of the directory{f' (near: {near})' if near else ''}.",
        file=issuing.plan.source,
        remedy="Name its unit with --issuer, or add this name as an alias.",
    )


def _higher(work: UnitOfWork, issuing: Issuing, issuer: str) -> Instance:
    """The unit's instance under the higher plan, which the operator must be coordinator of."""
    connection = work.connection
    higher = register.find(connection, issuing.under or "")
    unit = directory.find(connection, issuing.as_unit).code if issuing.as_unit else issuer
    instance = store.find(connection, higher.id, unit, "")
    if instance is None:
        raise NotFound(
            f"{higher.number} does not address {unit}.", remedy=f"See whom it addresses with: cascade status {higher.id} --tree"
        )
    work.authority.require("coordinator", instance.assignee)
    require_running(work, higher, instance)
    return instance


def require_running(work: UnitOfWork, plan: Registered, instance: Instance) -> None:
    """Nothing is passed on from what was taken back; raises TransitionRefused."""
    for each in (store.get(work.connection, plan.id), instance):
        if each.standing == "out":
            raise TransitionRefused(
                f"{plan.number}: {each.assignee} stands at '{each.state}': nothing is passed on from there.",
                remedy=f"See where it stands with: cascade status {plan.number} --tree",
            )


def _require_issued(plan: Plan, now: datetime) -> None:
    if plan.date is not None and plan.date > today(now):
        raise PlanUnclear(
            f"the date {plan.date} is still to come.", file=plan.source, remedy="Correct it with --date, or issue it on that day."
        )


def answered(connection: Connection, key: str | None, request: str) -> str | None:
    """What was answered when this command was given before; raises IdempotencyError, InputError."""
    if key is None:
        return None
    if not key.strip():
        raise InputError("the key of a command cannot be empty.", remedy="Leave --key out, or give it a value.")
    return store.answer(connection, key, request)


def asked(*parts: object) -> str:
    """What a command asks, as a digest by which its key tells a repeat from another command."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def today(now: datetime) -> date:
    """The day of a moment on Vietnam's calendar."""
    return now.astimezone(ZONE).date()
