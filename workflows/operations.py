"""What operators do with a plan that is issued, one function per use case, each one transaction. The engine makes the moves.

How a plan is issued is issuing.py's business, and reading what came of it status.py's and audit.py's.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, Literal

from sqlalchemy.engine import Connection

from engine import spawning, store
from engine.clock import from_micros, to_micros
from engine.errors import Ambiguous, FieldsRefused, InputError, NotAuthorised, NotFound
from engine.events import canonical
from engine.instance import Instance
from engine.runtime import BulkResult, MoveRequest, NewChild, UnitOfWork
from engine.where import Where
from workflows import directory, register, resolve
from workflows.calendar import ZONE, end_of_day, parse_when, start_of_day
from workflows.installation import By, Installation, in_turn
from workflows.issuing import LETTER, Issued, Issuing, PlanUnclear, answered, asked, issue_plan, require_running, today
from workflows.register import Registered

__all__ = ["LETTER", "Issued", "Issuing", "PlanUnclear", "issue_plan"]


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


@in_turn
def advance_unit(installation: Installation, advance: Advance, by: By, *, dry_run: bool = False) -> Advanced:
    """Move a unit's instance, or a conference. Raises TransitionRefused kinds, ConcurrencyError, NotFound."""
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        plan = register.find(connection, advance.plan)
        before = instance_of(work, plan, advance.unit, advance.trigger)
        _require_not_before(plan, advance.on)
        request = _advance_request(plan, advance, by.operator)
        if answered(connection, advance.key, request) is not None:
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
    if not own and spawning.to_come(connection, plan.id, [code]):
        raise NotFound(f"{plan.number} is still being issued, and {code} does not have it yet.", remedy="Try again soon.")
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


@in_turn
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
        chosen = store.paged(connection, where)
        first = next(chosen, None)
        if first is None:
            raise NotFound(
                "No unit of this plan matches.", remedy=f"See who stands where with: cascade status {plan.number} --tree"
            )
        move = MoveRequest(
            trigger=bulk.trigger,
            occurred_at=bulk.on,
            fields=_typed(work, first, bulk.trigger, bulk.fields),
            reason=bulk.reason,
            note=bulk.note,
        )
        return work.fire_many(chain([first], chosen), move, mode=bulk.mode)


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


@in_turn
def forward_plan(
    installation: Installation, plan: str, unit: str, to: Sequence[str], by: By, *, dry_run: bool = False
) -> Forwarded:
    """Pass a plan as it is from a unit to groups or units below it, with the duties the unit has itself."""
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        registered = register.find(connection, plan)
        sender = instance_of(work, registered, unit, "disseminate")
        work.authority.require("coordinator", sender.assignee)
        require_running(work, registered, sender)
        return pass_on(work, registered, sender, _members(connection, to, sender.assignee, today(by.now)))


def pass_on(work: UnitOfWork, plan: Registered, sender: Instance, units: Sequence[str]) -> Forwarded:
    """Give units below a sender their instances under the plan, with the duties the sender has itself."""
    addressed = spawning.to_come(work.connection, plan.id, units)  # asked first: it shrinks as the instances come
    there = store.select(work.connection, Where(case_id=plan.id, kind="recipient", assignees=tuple(units)))
    addressed |= {each.assignee for each in there}
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


def _require_not_before(plan: Registered, on: datetime | None) -> None:
    """What a plan asks for cannot have happened before its date; raises InputError."""
    if on is not None and on < start_of_day(plan.date):
        raise InputError(
            f"{plan.number} is of {plan.date}: nothing it asks for can have happened on {on.astimezone(ZONE).date()}.",
            remedy="Correct the date that --on gives.",
        )


def _advance_request(plan: Registered, advance: Advance, operator: str) -> str:
    files = [(each.name, hashlib.sha256(each.content).hexdigest()) for each in advance.attachments]
    fields = sorted((name, str(value)) for name, value in advance.fields.items())
    return asked(
        "advance", operator, plan.id, advance.unit, advance.trigger, advance.on, fields, advance.reason, advance.note, files,
        advance.expected_revision,
    )  # fmt: skip
