"""Runs instances: start, spawn, fire, fire_many, and the moves of parents that follow. Every change happens here.

A unit of work is one transaction of one actor at one moment. Within it each operation reads as load, check, advance,
append, tally, settle. SQLite's writers are one at a time, so there the parents' moves are made in the same transaction.
On a server siblings must not wait for each other because of their parent: there each parent is looked at after the commit,
when whoever committed last sees everybody, and moved in a short transaction of its own. ``settle_all`` is the safety net for
a process that ended in between.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from typing import Any, Literal, NamedTuple

from sqlalchemy.engine import Connection

from engine import events, rollup, spawning, store
from engine.clock import from_micros, to_micros, to_text
from engine.database import Database, begin_late
from engine.definition import SYSTEM, ChildRule, Definition, Transition
from engine.errors import ConcurrencyError, GuardRefused, InputError, NotAuthorised, StorageError, TransitionRefused
from engine.events import Cause
from engine.instance import Instance, apply, begin
from engine.machine import Facts, Guard, Machine, check_fields
from engine.requests import Authority, BulkResult, MoveRequest, NewChild, Refusal
from engine.view import StoreView

__all__ = ["Authority", "BulkResult", "MoveRequest", "NewChild", "Refusal", "Runtime", "UnitOfWork"]

_HELD = 20_000  # instances of a bulk move that are held at a time

log = logging.getLogger(__name__)


class Runtime:
    """The engine on one database with one set of definitions. Cheap to make; holds compiled machines."""

    def __init__(self, database: Database, definitions: Iterable[Definition], guards: Mapping[str, Guard]) -> None:
        self.database = database
        self.current = {definition.name: definition for definition in definitions}
        self._guards = guards
        self._machines: dict[str, Machine] = {}  # by digest
        self.rules: dict[tuple[str, str], list[ChildRule]] = {}  # by digest and state: what children could move on
        self.stored: dict[int, Definition] = {}  # by id: those in the database, which never change

    @contextmanager
    def unit_of_work(
        self, *, actor: str, now: datetime, authority: Callable[[Connection], Authority], dry_run: bool = False
    ) -> Iterator[UnitOfWork]:
        """One transaction: everything done in it commits together, or nothing. ``dry_run`` undoes it at the end."""
        with suppress(_Undo):
            with self.database.write() if dry_run else self.database.write_late() as connection:
                work = UnitOfWork(self, connection, actor=actor, now=to_micros(now), authority=authority(connection))
                yield work
                if self.database.is_sqlite or dry_run:
                    work.settle()
                work.count()
                if dry_run:
                    raise _Undo
            self.stored.update(work.definitions)
            try:
                self._settle_after(work)
            except (ConcurrencyError, StorageError) as error:  # the move itself is committed; a worker's sweep makes these
                log.info("What follows from a move is left to a worker: %s", error)

    def _settle_after(self, work: UnitOfWork) -> int:
        """Make the moves that follow from a committed unit of work, one short transaction each; says how many moved."""
        moved = 0
        while work.touched:
            touched, work.touched = work.touched, {}
            with self.database.glance() as connection:
                asking = UnitOfWork(self, connection, actor=SYSTEM, now=work.now, authority=work.authority)
                following = asking.following(touched)
            self.stored.update(asking.definitions)
            for id in following:
                with self.database.write_late() as connection:
                    own = UnitOfWork(self, connection, actor=SYSTEM, now=work.now, authority=work.authority)
                    moved += own.settle_one(id, touched[id])
                    own.count()
                work.touched.update(own.touched)
        return moved

    def settle_all(self, now: datetime) -> int:
        """Make every move that follows from what is recorded and was not made; says how many moved."""
        with self.database.read() as connection:
            work = UnitOfWork(self, connection, actor=SYSTEM, now=to_micros(now), authority=_Nobody())
            for kind in {rule.of for definition in self.current.values() for rule in definition.children}:
                work.touch_parents(kind)
        return self._settle_after(work)

    def machine(self, definition: Definition) -> Machine:
        """The compiled machine of a definition."""
        machine = self._machines.get(definition.digest)
        if machine is None:
            machine = self._machines[definition.digest] = Machine(definition, self._guards)
        return machine


class UnitOfWork:
    """The operations of one transaction. ``now`` is in microseconds UTC."""

    def __init__(self, runtime: Runtime, connection: Connection, *, actor: str, now: int, authority: Authority) -> None:
        self._connection = connection
        self.actor = actor
        self.now = now
        self.authority = authority
        self._runtime = runtime
        self.definitions = dict(runtime.stored)  # by id, and those that this transaction reads or adds
        self._ids: dict[str, int] = {}  # current ones: name -> id
        self._looking = StoreView(connection)
        self._deltas: rollup.Deltas = Counter()  # what is not yet added to the tallies
        self._move: tuple[Instance, Instance, int, str] | None = None  # before, after, recorded_at, body: what is not yet written
        self.touched: dict[int, _Touch] = {}  # nodes whose children have moved, by id
        self.by_clock = False  # whether this is done because a date has come, and nobody has asked for it

    @property
    def connection(self) -> Connection:
        """The transaction's connection: whoever looks through it sees what was done before."""
        self._write()
        return self._connection

    @property
    def _view(self) -> StoreView:
        self._write()
        return self._looking

    def _write(self) -> None:
        """Write the last move, which waits so that it can be written together with what it adds to the tallies."""
        if self._move is not None:
            move, self._move = self._move, None
            begin_late(self._connection)  # for more is to come
            store.append(self._connection, *move)

    # -- start and spawn -----------------------------------------------------------------------------------------------

    def start(
        self, name: str, child: NewChild, *, under: Instance | None = None, occurred_at: datetime | None = None
    ) -> Instance:
        """One new instance: a root, or a child of ``under``. Raises AlreadyExists, NotAuthorised."""
        definition = self._runtime.current[name]
        self.authority.require(definition.start_role, child.assignee)
        first = self._spawn(definition, [child], under, self._moment(occurred_at))
        return store.get(self.connection, first)

    def spawn(self, parent: Instance, name: str, children: Iterable[NewChild]) -> range:
        """Children of a parent, one or a million, as one set; returns a range in which their ids are. Raises AlreadyExists."""
        first = end = 0  # each batch has consecutive ids; between batches others may have taken some
        for batch in store.batches(children):
            start = self._spawn(self._runtime.current[name], batch, parent, self.now)
            first, end = first or start, start + len(batch)
        return range(first, end)

    def _spawn(self, definition: Definition, children: Sequence[NewChild], parent: Instance | None, occurred_at: int) -> int:
        definition_id = self._keep(definition)
        first = store.allocate(self.connection, len(children))
        reference = {"name": definition.name, "version": definition.version, "digest": definition.digest}
        rows: list[tuple[Instance, int, str]] = []
        for id, child in enumerate(children, first):
            path = f"{parent.path if parent else ''}{id}."
            data = {
                **child.data,
                "definition": reference,
                "path": path,
                "case": parent.case_id if parent and not definition.opens_case else id,
                "assignee": child.assignee,
                "key": child.key,
                "due": None if child.due_at is None else to_text(child.due_at),
            }
            body = self._encode(events.STARTED, occurred_at, None, data)
            head = events.chain(events.genesis(id), body)
            rows.append((begin(id, data, definition, definition_id, head), self.now, body))
        store.insert(self.connection, rows)
        self._view.forget()
        self._count_new(definition, [instance for instance, _, _ in rows])
        last = rows[-1][0]
        self._touch_above(last, Cause(last.id, last.revision), occurred_at)
        return first

    def _count_new(self, definition: Definition, instances: Sequence[Instance]) -> None:
        alike: Counter[int | None] = Counter(instance.due_at for instance in instances)
        for instance in instances:
            if n := alike.pop(instance.due_at, 0):
                rollup.count(self._deltas, instance, definition.name, n)

    def count(self) -> None:
        """Write the last move, and what all add to the tallies: whoever counts at the same node waits until the commit."""
        deltas = self._deltas
        if deltas:
            self._deltas = Counter()
        if self._move is not None:
            move, self._move = self._move, None
            store.append(self._connection, *move, deltas)
        elif deltas:
            store.add_tally(self._connection, deltas)

    # -- fire ----------------------------------------------------------------------------------------------------------

    def fire(self, instance: Instance, request: MoveRequest, *, expected_revision: int | None = None) -> Instance:
        """Move one instance. The moves that follow from it are made when the unit of work ends.

        Raises UnknownTrigger, NotPermitted, FieldsRefused, GuardRefused, NotAuthorised, ConcurrencyError.
        """
        if expected_revision is not None and expected_revision != instance.revision:
            raise store.stale(instance._replace(revision=expected_revision))
        after = self._fire(instance, request, self.actor, None)
        self._touch(after, self._moment(request.occurred_at))
        return after

    def _fire(self, before: Instance, request: MoveRequest, actor: str, cause: Cause | None) -> Instance:
        definition = self.definition_of(before)
        machine = self._runtime.machine(definition)
        self._authorise(machine.transition(request.trigger, before), before, cause)
        transition, body, occurred_at = self._decide(machine, before, request, actor, cause)
        data = events.decode(body)["data"]
        after = apply(before, data, occurred_at, definition, events.chain(before.head, body))
        self._write()
        self._move = before, after, self.now, body
        self._looking.forget()
        rollup.change(self._deltas, before, after, definition.name)
        if transition.notice:
            self._notify(transition.notice, after.case_id, [after.id], request.reason)
        return after

    def _decide(
        self, machine: Machine, before: Instance, request: MoveRequest, actor: str, cause: Cause | None
    ) -> tuple[Transition, str, int]:
        """The transition, the event's body and when it occurred; raises when the move is refused."""
        occurred_at = self._moment(request.occurred_at)
        fields = check_fields(machine.transition(request.trigger, before), request.fields)
        transition, to = machine.advance(request.trigger, Facts(before, fields, occurred_at, request.reason, self._view))
        data: dict[str, Any] = {"trigger": request.trigger, "from": before.state, "to": to}
        if fields:
            data["fields"] = fields
        if transition.sets_due and transition.sets_due in fields:
            data["due"] = fields[transition.sets_due]
        for name in ("reason", "note"):
            if getattr(request, name):
                data[name] = getattr(request, name)
        if request.attachments:
            data["attachments"] = [dict(attachment) for attachment in request.attachments]
        return transition, self._encode(events.MOVED, occurred_at, cause, data, actor), occurred_at

    def _authorise(self, transition: Transition, instance: Instance, cause: Cause | None) -> None:
        if transition.role == SYSTEM:
            if cause is None and not self.by_clock:  # whatever the operator is called
                raise TransitionRefused(
                    f"'{transition.trigger}' is not fired by people: it follows from other moves, or from a date.",
                    remedy="Move the units below.",
                )
            return
        assignee = instance.assignee
        if transition.of == "parent" and instance.parent_id is not None:
            assignee = self._view.get(instance.parent_id).assignee
        self.authority.require(transition.role, assignee)

    # -- fire many -----------------------------------------------------------------------------------------------------

    def fire_many(
        self, instances: Iterable[Instance], request: MoveRequest, *, mode: Literal["all", "each"] = "all"
    ) -> BulkResult:
        """Make the same move on many instances. ``all``: one refusal refuses all; ``each``: the others move.

        Raises the first refusal's error in mode "all".
        """
        moved: list[int] = []
        refused: list[Refusal] = []
        for some in store.batches(instances, _HELD):
            groups: dict[tuple[Any, ...], list[Instance]] = {}
            for instance in some:
                groups.setdefault(self._alike(instance), []).append(instance)
            for alike in groups.values():
                ready, errors = self._sift(alike, request)
                refused += errors
                if errors and mode == "all":
                    raise errors[0].error
                if ready:
                    self._fire_alike(ready, request)
                    moved += [instance.id for instance in ready]
        return BulkResult(moved=tuple(moved), refused=tuple(refused))

    def _alike(self, instance: Instance) -> tuple[Any, ...]:
        """Instances for which the move is one and the same: decided once, written and counted together."""
        return (instance.definition_id, instance.parent_id, *instance[7:13])

    def _sift(self, alike: Sequence[Instance], request: MoveRequest) -> tuple[list[Instance], list[Refusal]]:
        """Those whose move is authorised and permitted, and the others with the reason."""
        machine = self._runtime.machine(self.definition_of(alike[0]))
        occurred_at = self._moment(request.occurred_at)
        ready: list[Instance] = []
        refused: list[Refusal] = []
        fields: Mapping[str, Any] = {}
        for instance in self._prepared(machine, alike, request.trigger):
            try:
                transition = machine.transition(request.trigger, instance)
                self._authorise(transition, instance, None)
                if ready:  # all but the guards is the same for all
                    machine.check_guards(transition, Facts(instance, fields, occurred_at, request.reason, self._view))
                else:
                    fields = check_fields(transition, request.fields)
                    self._decide(machine, instance, request, self.actor, None)
                ready.append(instance)
            except TransitionRefused as error:
                refused.append(Refusal(instance=instance, error=error))
        return ready, refused

    def _prepared(self, machine: Machine, alike: Sequence[Instance], trigger: str) -> Iterator[Instance]:
        """The instances, with what their guards will ask for read in batches."""
        transition = machine.definition.transitions.get((trigger, alike[0].state))
        for batch in store.batches(alike):
            if transition is not None and transition.guards:
                self._view.read_started(batch)
            yield from batch

    def _fire_alike(self, alike: Sequence[Instance], request: MoveRequest) -> None:
        before = alike[0]
        definition = self.definition_of(before)
        transition, body, occurred_at = self._decide(self._runtime.machine(definition), before, request, self.actor, None)
        after = apply(before, events.decode(body)["data"], occurred_at, definition, before.head)
        for batch in store.batches(alike):
            store.append_alike(self.connection, batch, after, self.now, body)
        self._view.forget()
        rollup.change(self._deltas, before, after, definition.name, len(alike))
        if transition.notice:
            self._notify(transition.notice, before.case_id, [instance.id for instance in alike], request.reason)
        last = alike[-1]
        self._touch_above(last, Cause(last.id, last.revision + 1), occurred_at)
        if self._rules(after):
            for parent in store.parents_among(self.connection, [instance.id for instance in alike]):
                self.touched[parent.id] = _Touch(parent.path, Cause(parent.id, parent.revision), occurred_at)

    # -- moves that follow ---------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Make the moves that follow from the moves below, deepest first, until none is left."""
        while self.touched:
            self.count()
            touched, self.touched = self.touched, {}
            for id in self.following(touched):
                self.settle_one(id, touched[id])

    def settle_one(self, id: int, touch: _Touch) -> bool:
        """Make the moves of one node that its children cause; whether there were any."""
        node = store.lock(self.connection, id)
        after = self._follow(node, touch)
        if after.revision == node.revision:
            return False
        self._touch_above(after, Cause(after.id, after.revision), touch.occurred_at)
        return True

    def following(self, touched: Mapping[int, _Touch]) -> list[int]:
        """Those of the nodes that their children would move as things stand, the deepest first; asked without a lock."""
        found = chain.from_iterable(store.near_tallies(self.connection, batch).items() for batch in store.batches(touched))
        nodes = [node.id for node, tally in found if any(self._wanted(node, tally))]
        return sorted(nodes, key=lambda id: touched[id].path.count("."), reverse=True)

    def _wanted(self, node: Instance | store.Parent, tally: Sequence[rollup.Row]) -> Iterator[tuple[ChildRule, str]]:
        """The moves that a node's children ask for where it stands, each with its rule."""
        for rule in self._rules(node):
            trigger = rule.fire if self._enough(tally, rule) else rule.otherwise
            if trigger is None or (trigger, node.state) not in self.definition_of(node).transitions:
                continue
            if not spawning.is_open(self.connection, node.id):  # else it waits until it has all its children
                yield rule, trigger

    def touch_parents(self, kind: str) -> None:
        """Look at every node that has children of a kind, as if the newest of its events had caused it."""
        for node in store.parents_of(self.connection, kind):
            self.touch(node)

    def touch(self, node: Instance) -> None:
        """Look at a node, as if the newest of its events had caused it."""
        self.touched[node.id] = _Touch(node.path, Cause(node.id, node.revision), 0)

    def _follow(self, node: Instance, touch: _Touch) -> Instance:
        """The node after the moves that its direct children cause."""
        if not self._rules(node):
            return node
        self.count()
        for rule, trigger in self._wanted(node, store.tally(self.connection, node.id)):
            # Whoever began later may have committed first: nothing is recorded before it happened.
            occurred_at = min(max(touch.occurred_at, self._completed(node, rule)) or self.now, self.now)
            request = MoveRequest(trigger=trigger, occurred_at=from_micros(occurred_at))
            try:
                after = self._fire(node, request, SYSTEM, touch.cause)
            except GuardRefused:
                continue  # a guard may say that this step does not apply to this case
            return self._follow(after, touch)
        return node

    def _completed(self, node: Instance, rule: ChildRule) -> int:
        """When the last of the children was done, where that is what the rule waits for: whoever recorded it last; else 0."""
        if self._runtime.current[rule.of].states[rule.reach].final is None:
            return 0
        return store.latest_done(self.connection, node.id) or 0

    def _enough(self, tally: Sequence[rollup.Row], rule: ChildRule) -> bool:
        rank = self._runtime.current[rule.of].progress.index(rule.reach)
        return rollup.enough(tally, rule.of, rank, rule.need)

    def _rules(self, instance: Instance | store.Parent) -> list[ChildRule]:
        """The rules by which children, if it has any, could move an instance on from where it stands."""
        definition, state = self.definition_of(instance), instance.state
        known = self._runtime.rules.get((definition.digest, state))
        if known is None:
            known = [
                rule
                for rule in definition.children
                if (rule.fire, state) in definition.transitions or (rule.otherwise, state) in definition.transitions
            ]
            self._runtime.rules[definition.digest, state] = known
        return known

    def _touch(self, moved: Instance, occurred_at: int) -> None:
        """Remember that moves may follow from this one: its own, and its parent's."""
        cause = Cause(moved.id, moved.revision)
        if self._rules(moved):
            self.touched[moved.id] = _Touch(moved.path, cause, occurred_at)
        self._touch_above(moved, cause, occurred_at)

    def _touch_above(self, moved: Instance, cause: Cause, occurred_at: int) -> None:
        if moved.parent_id is not None:
            path = moved.path[: -len(str(moved.id)) - 1]
            self.touched[moved.parent_id] = _Touch(path, cause, occurred_at)

    # -- small things --------------------------------------------------------------------------------------------------

    def definition_of(self, instance: Instance | store.Parent) -> Definition:
        """The version of its definition that an instance started with."""
        found = self.definitions.get(instance.definition_id)
        if found is None:
            found = self.definitions[instance.definition_id] = store.definition(self.connection, instance.definition_id)
        return found

    def started(self, instance: Instance) -> Mapping[str, Any]:
        """The data of an instance's first event."""
        return self._view.started(instance)

    def enqueue(self, topic: str, payload: Mapping[str, Any]) -> int:
        """Background work that commits with this transaction; returns its id in the outbox."""
        return store.enqueue(self.connection, topic, payload, self.now)

    def _notify(self, notice: str, case_id: int, instances: Sequence[int], reason: str | None) -> None:
        self.enqueue("notice", {"notice": notice, "case": case_id, "instances": list(instances), "reason": reason})

    def _keep(self, definition: Definition) -> int:
        if definition.name not in self._ids:
            id = self._ids[definition.name] = store.keep_definition(self.connection, definition)
            self.definitions[id] = definition
        return self._ids[definition.name]

    def _encode(self, type: str, occurred_at: int, cause: Cause | None, data: Mapping[str, Any], actor: str | None = None) -> str:
        return events.encode(
            type=type,
            occurred_at=occurred_at,
            recorded_at=self.now,
            actor=actor or self.actor,
            cause=cause,
            data=dict(data),
        )

    def _moment(self, occurred_at: datetime | None) -> int:
        moment = self.now if occurred_at is None else to_micros(occurred_at)
        if moment > self.now:
            raise InputError(
                f"{to_text(moment)} is still to come: only what has happened is recorded.", remedy="Give today or a day before."
            )
        return moment


class _Undo(Exception):
    """Ends a rehearsal: the transaction is rolled back."""


class _Nobody:
    """The authority of what nobody asks for: moves that follow need none."""

    def require(self, role: str, assignee: str) -> None:
        """Refuse."""
        raise NotAuthorised(f"nobody holds the role {role} on {assignee} here.")


class _Touch(NamedTuple):
    """Why a node must be looked at again."""

    path: str
    cause: Cause
    occurred_at: int  # microseconds UTC, of the cause; 0: not known
