"""What operators do, one function per use case, each one transaction. It reads the words of plans; the engine makes the moves.

Reading what came of it is status.py's and audit.py's business.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy.engine import Connection

from engine import store
from engine.clock import from_micros, to_micros
from engine.errors import Ambiguous, FieldsRefused, InputError, NotAuthorised, NotFound, TransitionRefused
from engine.events import canonical
from engine.instance import Instance
from engine.runtime import BulkResult, MoveRequest, NewChild, UnitOfWork
from engine.store import Where
from workflows import directory, duties, register, resolve
from workflows.calendar import ZONE, Due, due_on, end_of_day, parse_when, start_of_day
from workflows.duties import Addressed, Duty, Unclear
from workflows.installation import By, Installation
from workflows.plans import Conference, Plan, missing
from workflows.register import Registered

LETTER = "dissemination_letter"


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
    duties: tuple[Duty, ...]
    informed: tuple[str, ...]  # unit codes
    conferences: tuple[str, ...]  # ids of those that the issuer holds
    left_out: tuple[Unclear, ...]
    repeated: bool = False  # the same command was given before; nothing was done again


# -- issuing -----------------------------------------------------------------------------------------------------------


def issue_plan(installation: Installation, issuing: Issuing, by: By, *, dry_run: bool = False) -> Issued:
    """Issue a plan: its instance, one child per acting unit, the issuer's conferences, the letters. All or nothing.

    Raises PlanUnclear while a question is open, NotAuthorised, AlreadyExists.
    """
    plan = issuing.plan
    _require_answers(plan)
    _require_issued(plan, by.now)
    asked = _request(
        "issue", by.operator, plan.digest(), issuing.issuer, issuing.under, issuing.as_unit, issuing.allow_unresolved
    )
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        earlier = _answered(connection, issuing.key, asked)
        issuer = _issuer(connection, issuing, by.now)
        addressed = duties.address(connection, plan, issuer=issuer, on=_day(by.now))
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
        instance = _start(work, plan, issuer, addressed, parent)
        document = store.attach(connection, issuing.document) if issuing.document is not None else None
        register.record(connection, instance.id, plan, issuer, document)
        if issuing.key is not None:
            store.keep_answer(connection, issuing.key, asked, str(instance.id), work.now)
        return dataclasses.replace(issued, id=instance.id)


def _start(work: UnitOfWork, plan: Plan, issuer: str, addressed: Addressed, parent: Instance | None) -> Instance:
    conferences = _own_conferences(plan)
    latest = max((duty.due_at for duty in addressed.duties if duty.due_at), default=None)
    data = {
        "number": plan.number,
        "date": plan.date.isoformat() if plan.date else None,
        "digest": plan.digest(),
        "conferences": sum(1 for duty in addressed.duties if duty.conference),
    }
    instance = work.start("plan", NewChild(issuer, "", latest, data), under=parent)
    ids = work.spawn(instance, "recipient", (NewChild(duty.unit, "", duty.due_at, duty.data()) for duty in addressed.duties))
    work.spawn(instance, "conference", [_conference(each, issuer) for each in conferences])
    work.enqueue(
        "notice",
        {"notice": LETTER, "plan": instance.id, "instances": [ids[0], ids[-1]], "copies": list(addressed.informed)},
    )
    return instance


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
    return NewChild(issuer, f"conference:{conference.id}", _instant(due), data)


def _require_answers(plan: Plan) -> None:
    questions = missing(plan)
    if questions:
        options = dict.fromkeys(question.option for question in questions if question.option)
        raise PlanUnclear(
            "; ".join(question.message.rstrip(".") for question in questions) + ".",
            file=plan.source,
            line=next((question.line for question in questions if question.line), None),
            remedy=f"Answer with {' and '.join(options)}, or write it into the plan file." if options else None,
            questions=[question.code for question in questions],
        )


def _unclear(plan: Plan, unclear: Sequence[Unclear]) -> PlanUnclear:
    def said(each: Unclear) -> str:
        near = f"; near: {', '.join(each.candidates[:3])}" if each.candidates else ""
        return f"'{each.text}'{f' (line {each.line})' if each.line else ''}: {each.why}{near}"

    return PlanUnclear(
        f"{len(unclear)} recipient(s) are not settled. " + " | ".join(said(each) for each in unclear) + ".",
        file=plan.source,
        remedy="Write 'units:' or 'group:' or 'purpose:' beside them in the plan file, add an alias to the directory, "
        "or leave them out with --allow-unresolved.",
        unclear=unclear,
    )


def _issuer(connection: Connection, issuing: Issuing, now: datetime) -> str:
    if issuing.issuer is not None:
        return directory.find(connection, issuing.issuer).code
    words = issuing.plan.issuer or ""
    found = resolve.resolve(connection, words, issuer=None, on=_day(now))
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
    _require_running(work, higher, instance)
    return instance


def _require_running(work: UnitOfWork, plan: Registered, instance: Instance) -> None:
    """Nothing is passed on from what was taken back; raises TransitionRefused."""
    for each in (store.get(work.connection, plan.id), instance):
        if each.standing == "out":
            raise TransitionRefused(
                f"{plan.number}: {each.assignee} stands at '{each.state}': nothing is passed on from there.",
                remedy=f"See where it stands with: cascade status {plan.number} --tree",
            )


def _require_issued(plan: Plan, now: datetime) -> None:
    if plan.date is not None and plan.date > _day(now):
        raise PlanUnclear(
            f"the date {plan.date} is still to come.", file=plan.source, remedy="Correct it with --date, or issue it on that day."
        )


def _answered(connection: Connection, key: str | None, request: str) -> str | None:
    """What was answered when this command was given before; raises IdempotencyError, InputError."""
    if key is None:
        return None
    if not key.strip():
        raise InputError("the key of a command cannot be empty.", remedy="Leave --key out, or give it a value.")
    return store.answer(connection, key, request)


def _require_not_before(plan: Registered, on: datetime | None) -> None:
    """What a plan asks for cannot have happened before its date; raises InputError."""
    if on is not None and on < start_of_day(plan.date):
        raise InputError(
            f"{plan.number} is of {plan.date}: nothing it asks for can have happened on {on.astimezone(ZONE).date()}.",
            remedy="Correct the date that --on gives.",
        )


# -- a unit moves ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file given with a move."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """A move of one instance."""

    plan: str
    unit: str  # code, name or alias; or the id of one of the plan's conferences
    trigger: str
    on: datetime | None = None  # when it happened; None: now
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    reason: str | None = None
    note: str | None = None
    attachments: tuple[Attachment, ...] = ()
    expected_revision: int | None = None
    key: str | None = None  # idempotency key


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What a move did."""

    before: Instance
    after: Instance
    plan: Instance  # the plan's own instance, after the moves that followed
    repeated: bool = False


def advance_unit(installation: Installation, advance: Advance, by: By, *, dry_run: bool = False) -> Advanced:
    """Move a unit's instance, or a conference. Raises TransitionRefused kinds, ConcurrencyError, NotFound."""
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        plan = register.find(connection, advance.plan)
        before = instance_of(work, plan, advance.unit, advance.trigger)
        _require_not_before(plan, advance.on)
        request = _advance_request(plan, advance, by.operator)
        if _answered(connection, advance.key, request) is not None:
            return Advanced(before=before, after=before, plan=store.get(connection, plan.id), repeated=True)
        kept = [
            {"name": each.name, "size": len(each.content), "digest": store.attach(connection, each.content)}
            for each in advance.attachments
        ]
        move = MoveRequest(
            trigger=advance.trigger,
            occurred_at=advance.on,
            fields=_typed(work, before, advance.trigger, advance.fields),
            reason=advance.reason,
            note=advance.note,
            attachments=kept,
        )
        after = work.fire(before, move, expected_revision=advance.expected_revision)
        if advance.key is not None:
            store.keep_answer(connection, advance.key, request, canonical([after.id, after.revision]), work.now)
        if dry_run:
            work.settle()
            return Advanced(before=before, after=store.get(connection, after.id), plan=store.get(connection, plan.id))
    with installation.database.read() as connection:
        return Advanced(before=before, after=store.get(connection, after.id), plan=store.get(connection, plan.id))


def _typed(work: UnitOfWork, instance: Instance, trigger: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Days and hours as operators write them, as instants: a due day is allowed to its end, another day counts from its start."""
    transition = work.definition_of(instance).transitions.get((trigger, instance.state))
    typed = dict(fields)
    for name, value in fields.items():
        field = transition.fields.get(name) if transition else None
        if field is not None and field.type == "instant" and isinstance(value, str):
            moment = parse_when(value, now=from_micros(work.now))
            whole_day = moment == start_of_day(moment.astimezone(ZONE).date()) and ":" not in value and "h" not in value
            sets_due = transition is not None and transition.sets_due == name
            typed[name] = end_of_day(moment.astimezone(ZONE).date()) if sets_due and whole_day else moment
            if sets_due and to_micros(typed[name]) <= work.now:
                raise FieldsRefused(f"'{value}' has passed: a due date is set ahead.", remedy="Give a day that is still to come.")
    return typed


def instance_of(work: UnitOfWork, plan: Registered, unit: str, trigger: str) -> Instance:
    """The instance of a plan that is meant: a conference by its id, else the unit's one that has this trigger."""
    connection = work.connection
    # The issuer's conferences are found by an index; looking for another's key goes through the whole plan.
    conference = store.find(connection, plan.id, plan.issuer, unit if ":" in unit else f"conference:{unit}")
    if conference is not None:
        return conference
    by_key = list(store.select(connection, Where(case_id=plan.id, key=unit), limit=2)) if ":" in unit else []
    if len(by_key) == 1:
        return by_key[0]
    code = directory.find(connection, unit).code
    own = list(store.select(connection, Where(case_id=plan.id, assignee=code)))
    if not own:
        raise NotFound(
            f"{plan.number} does not address {code}.", remedy=f"See whom it addresses with: cascade status {plan.number} --tree"
        )
    fitting = [each for each in own if trigger in work.definition_of(each).triggers] or own
    if len(fitting) == 1:
        return fitting[0]
    main = [each for each in fitting if each.key == ""]
    if not main:
        keys = ", ".join(each.key for each in fitting)
        raise Ambiguous(f"{code} has several: {keys}.", remedy="Give the key instead of the unit.")
    return main[0]


# -- many at once ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One move of many units."""

    plan: str
    trigger: str
    state: str | None = None
    kind: str | None = None  # of the unit, a word of the directory
    below: str | None = None  # unit: its instance and all below it
    units: tuple[str, ...] | None = None  # codes, names or aliases
    on: datetime | None = None
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    reason: str | None = None
    note: str | None = None
    mode: Literal["all", "each"] = "all"


def bulk_advance(installation: Installation, bulk: Bulk, by: By, *, dry_run: bool = False) -> BulkResult:
    """Move all units that match. Raises the first refusal in mode "all"; in mode "each" refusals are in the result."""
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        plan = register.find(connection, bulk.plan)
        _require_not_before(plan, bulk.on)
        where = Where(
            case_id=plan.id,
            kind="recipient",
            state=bulk.state,
            below=instance_of(work, plan, bulk.below, bulk.trigger).path if bulk.below else None,
            assignees=_assignees(connection, bulk),
        )
        chosen = list(store.select(connection, where))
        if not chosen:
            raise NotFound(
                "No unit of this plan matches.", remedy=f"See who stands where with: cascade status {plan.number} --tree"
            )
        move = MoveRequest(
            trigger=bulk.trigger,
            occurred_at=bulk.on,
            fields=_typed(work, chosen[0], bulk.trigger, bulk.fields),
            reason=bulk.reason,
            note=bulk.note,
        )
        return work.fire_many(chosen, move, mode=bulk.mode)


def _assignees(connection: Connection, bulk: Bulk) -> tuple[str, ...] | None:
    codes = None if bulk.units is None else {directory.find(connection, unit).code for unit in bulk.units}
    if bulk.kind is not None:
        of_kind = {unit.code for unit in directory.all_units(connection) if unit.kind == bulk.kind}
        codes = of_kind if codes is None else codes & of_kind
    return None if codes is None else tuple(sorted(codes))


# -- passing on --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What forwarding made."""

    units: tuple[str, ...]  # codes that got their instance
    already: tuple[str, ...]  # codes that the plan addresses already


def forward_plan(
    installation: Installation, plan: str, unit: str, to: Sequence[str], by: By, *, dry_run: bool = False
) -> Forwarded:
    """Pass a plan as it is from a unit to groups or units below it, with the duties the unit has itself."""
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        registered = register.find(connection, plan)
        sender = instance_of(work, registered, unit, "disseminate")
        work.authority.require("coordinator", sender.assignee)
        _require_running(work, registered, sender)
        return pass_on(work, registered, sender, _members(connection, to, sender.assignee, _day(by.now)))


def pass_on(work: UnitOfWork, plan: Registered, sender: Instance, units: Sequence[str]) -> Forwarded:
    """Give units below a sender their instances under the plan, with the duties the sender has itself."""
    there = store.select(work.connection, Where(case_id=plan.id, kind="recipient", assignees=tuple(units)))
    addressed = {each.assignee for each in there}
    new = [code for code in units if code not in addressed and code != plan.issuer]
    if new:
        given = work.started(sender)
        data = {name: given[name] for name in ("purpose", "conference", "after", "due_from") if name in given}
        ids = work.spawn(sender, "recipient", [NewChild(code, "", sender.due_at, data) for code in new])
        work.enqueue("notice", {"notice": LETTER, "plan": plan.id, "instances": [ids[0], ids[-1]], "copies": []})
    return Forwarded(units=tuple(new), already=tuple(code for code in units if code in addressed))


def _members(connection: Connection, to: Iterable[str], sender: str, on: date) -> list[str]:
    codes: dict[str, None] = {}
    below = directory.codes_below(connection, sender)
    for phrase in to:
        found = _with_code(connection, phrase, sender, on) or resolve.resolve(connection, phrase, issuer=sender, on=on).units
        if not found:
            raise NotFound(
                f"'{phrase}' is no group or unit that {sender} can address.", remedy="See the groups with: cascade units groups"
            )
        for unit in found:
            if unit.code not in below:
                raise NotAuthorised(
                    f"{unit.code} {unit.name} is not below {sender}.", remedy="A plan is passed on to units of one's own."
                )
            codes[unit.code] = None
    return list(codes)


def _with_code(connection: Connection, code: str, sender: str, on: date) -> Sequence[directory.Unit]:
    """The members of the group with this code, or the unit that has it."""
    if code in {group.code for group in directory.all_groups(connection)}:
        return directory.members(connection, code, relative_to=sender, on=on)
    unit = directory.with_code(connection, code, on)
    return [unit] if unit else []


# -- small things ------------------------------------------------------------------------------------------------------


def _advance_request(plan: Registered, advance: Advance, operator: str) -> str:
    files = [(each.name, hashlib.sha256(each.content).hexdigest()) for each in advance.attachments]
    fields = sorted((name, str(value)) for name, value in advance.fields.items())
    return _request(
        "advance", operator, plan.id, advance.unit, advance.trigger, advance.on, fields, advance.reason, advance.note, files,
        advance.expected_revision,
    )  # fmt: skip


def _request(*parts: object) -> str:
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _instant(due: Due | None) -> int | None:
    return to_micros(due.due_at) if due and due.due_at else None
