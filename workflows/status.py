"""Answers where things stand: roll-up, the unit that holds a plan back, trees, inboxes, coverage. It only reads.

Now is answered from the tallies and the indexes; a past moment from the history as it was recorded then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import events, rollup, spawning, store
from engine.clock import to_micros
from engine.definition import Definition, Need, RollUp
from engine.errors import InputError, NotFound
from engine.instance import Instance
from engine.rollup import Row, Summary
from engine.spawning import Progress
from engine.tables import instance as instances
from engine.where import Where
from workflows import directory, names, register, tables
from workflows.moments import NOTHING, Choice, Moment, Now, Then
from workflows.register import Registered

UNFINISHED = ("open", "paused")
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One instance in a tree of status."""

    instance: Instance
    kind: str  # name of its definition
    name: str  # of the unit, in the directory
    number: str | None  # of the plan that it is; None: it is none
    depth: int  # 0: the top
    lateness: str  # see rollup.lateness; "out" where it is not required
    summary: Summary | None  # of what is below; None: nothing is


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStatus:
    """Where a plan, or one unit's part of it, stands at a moment."""

    plan: Registered
    top: Node
    holder: Node | None  # the instance that holds it back; None: nothing does
    way: tuple[Node, ...]  # from the top down to the holder, both included; empty without one
    nodes: tuple[Node, ...]  # those asked for: a tree from its top, or direct units, those due first on top
    chosen: int  # how many were asked for: there may be more than were to be listed
    further: int  # how many like them stand below the direct units
    issuing: Progress | None  # how many units the plan has been issued to, of how many; None: to all, or a moment of the past
    at: datetime
    definitions: Mapping[str, Definition]  # by name, for labels


def plan_status(
    connection: Connection,
    plan: str,
    *,
    now: datetime,
    unit: str | None = None,
    at: datetime | None = None,
    choice: Choice = NOTHING,
) -> PlanStatus:
    """Where a plan stands, with the nodes that are chosen. ``at``: as it was recorded then. Raises NotFound, Ambiguous."""
    registered = register.find(connection, plan)
    picture = _Picture(connection)
    picture.require_state(choice.state)
    live = top_of(connection, registered, unit)
    moment: Moment = Now(connection, to_micros(now))
    if at is not None:
        moment = Then(connection, live, to_micros(at), picture.kinds, choice)
    top = live if at is None else moment.get(live.id)
    tally = moment.tallies([top.id]).get(top.id, ())
    holder = picture.holder(moment, top, tally)
    way = _way(moment, top, holder) if holder else ()
    listed = moment.listed(top, choice) if choice != NOTHING else ()
    picture.read(moment, (top, *way, *listed), [registered])
    nodes = [picture.node(each, top) for each in listed]
    chosen = [row for row in tally if choice.takes(row.key, moment.at)] if choice != NOTHING else []
    near = sum(row.n for row in chosen if row.key.near)
    return PlanStatus(
        plan=registered,
        top=picture.node(top, top),
        holder=picture.node(holder, top) if holder else None,
        way=tuple(picture.node(each, top) for each in way),
        nodes=tuple(_as_tree(nodes) if choice.tree else nodes),
        chosen=1 + sum(row.n for row in tally) if choice.tree else near,
        further=0 if choice.tree else sum(row.n for row in chosen) - near,
        issuing=spawning.progress(connection, registered.id) if at is None else None,
        at=at or now,
        definitions=picture.by_name,
    )


def _way(moment: Moment, top: Instance, below: Instance) -> tuple[Instance, ...]:
    """The instances from one down to another that is below it, both included."""
    ids = [int(part) for part in below.path.removeprefix(top.path).split(".")[:-1]]
    return (top, *(moment.get(id) for id in ids))


def _as_tree(nodes: Iterable[Node]) -> list[Node]:
    """The nodes from the top down, units below one another in Vietnamese order."""
    children: dict[int | None, list[Node]] = {}
    for each in nodes:
        children.setdefault(each.instance.parent_id if each.depth else None, []).append(each)
    found: list[Node] = []
    todo = children.get(None, [])
    while todo:
        here = todo.pop()
        found.append(here)
        todo += sorted(children.get(here.instance.id, ()), key=_order, reverse=True)
    return found


def _order(node: Node) -> tuple[bool, names.SortKey, str]:
    return node.instance.key == "", names.sort_key(node.name), node.instance.key


def top_of(connection: Connection, plan: Registered, unit: str | None) -> Instance:
    """The plan's own instance, or that of one unit under it; raises NotFound, Ambiguous."""
    if unit is None:
        return store.get(connection, plan.id)
    code = directory.find(connection, unit).code
    own = list(store.select(connection, Where(case_id=plan.id, assignee=code)))
    if not own:
        raise NotFound(
            f"{plan.number} does not address {code}.", remedy=f"See whom it addresses with: cascade status {plan.number} --tree"
        )
    return min(own, key=lambda each: each.key)


class _Picture:
    """Instances as they are shown: what is needed for many of them is read at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at = 0
        self._names: dict[str, str] = {}
        self._numbers: dict[int, str] = {}  # of plans, by instance id
        self._tallies: Mapping[int, Sequence[Row]] = {}
        stored = store.definitions(connection)
        self.kinds = {row.id: row.name for row in stored}
        self.by_name = {row.name: store.parsed(row) for row in stored}  # the newest of each

    def read(self, moment: Moment, instances: Sequence[Instance], plans: Iterable[Registered]) -> None:
        """Read what there is to say of instances. ``plans``: those that are known already."""
        self._at = moment.at
        self._names = unit_names(self._connection, {each.assignee for each in instances})
        self._numbers = {plan.id: plan.number for plan in plans}
        others = {each.id for each in instances if self.kinds[each.definition_id] == "plan"} - self._numbers.keys()
        self._numbers.update((plan.id, plan.number) for plan in register.of_ids(self._connection, others))
        self._tallies = moment.tallies({each.id for each in instances})

    def require_state(self, name: str | None) -> None:
        """Raise InputError when no instance can be in that state."""
        known = {state for definition in self.by_name.values() for state in definition.states}
        if name is not None and name not in known:
            raise InputError(f"There is no state '{name}'.", remedy=f"Choose one of: {', '.join(sorted(known))}.")

    def rule(self, instance: Instance) -> RollUp:
        return self.by_name[self.kinds[instance.definition_id]].rollup or RollUp(of="recipient", need=Need(kind="all", n=0))

    def summary(self, instance: Instance) -> Summary | None:
        rule = self.rule(instance)
        rows = [row for row in self._tallies.get(instance.id, ()) if row.key.kind == rule.of]
        return rollup.summarise(rows, rule.need, self._at) if rows else None

    def node(self, instance: Instance, top: Instance) -> Node:
        return Node(
            instance=instance,
            kind=self.kinds[instance.definition_id],
            name=self.name(instance.assignee),
            number=self._numbers.get(instance.id),
            depth=instance.path.count(".") - top.path.count("."),
            lateness=lateness_of(instance, self._at),
            summary=self.summary(instance),
        )

    def name(self, code: str) -> str:
        return self._names.get(code, code)

    def holder(self, moment: Moment, top: Instance, tally: Sequence[Row]) -> Instance | None:
        """The least advanced unfinished instance below; of equals the one due first, then the oldest."""
        rule = self.rule(top)
        rows = [row.key for row in tally if row.key.kind == rule.of and row.key.standing in UNFINISHED]
        if not rows:
            return None
        return moment.oldest(top.id, min(rows, key=lambda key: (key.rank, key.due_at or float("inf"), key.standing, -key.near)))


def lateness_of(instance: Instance, now: int) -> str:
    """The class of one instance at an instant (microseconds UTC); "out" where it is not required."""
    return "out" if instance.standing == "out" else rollup.lateness(instance.standing, instance.due_at, now)


def newest_definitions(connection: Connection) -> dict[str, Definition]:
    """The newest version of each definition that was ever used here, by name: for labels."""
    return {row.name: store.parsed(row) for row in store.definitions(connection)}


def unit_names(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """The names of units in the directory, by code; codes that it does not know are left out."""
    found: dict[str, str] = {}
    for batch in store.batches(sorted(set(codes)), 500):
        rows = connection.execute(sa.select(tables.unit.c.code, tables.unit.c.name).where(tables.unit.c.code.in_(batch)))
        found.update((row.code, row.name) for row in rows)
    return found


# -- lists -------------------------------------------------------------------------------------------------------------


class Page(NamedTuple, Generic[Line]):
    """The first lines of a list, and how many it has."""

    lines: Sequence[Line]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A plan in the list of what is running."""

    plan: Registered
    instance: Instance
    definition: Definition  # for labels
    issuer: str  # name of the unit
    summary: Summary | None
    issuing: Progress | None  # how many units it has been issued to, of how many; None: to all


def plans(connection: Connection, *, now: datetime, limit: int | None = None) -> Page[PlanLine]:
    """The newest issued plans with their progress, oldest date first."""
    found = register.newest(connection, limit)
    by_id = {each.id: each for each in store.select(connection, Where(ids=tuple(plan.id for plan in found)))}
    picture = _Picture(connection)
    picture.read(Now(connection, to_micros(now)), tuple(by_id.values()), found)
    under_way = spawning.under_way(connection)
    lines = [
        PlanLine(
            plan=plan,
            instance=by_id[plan.id],
            definition=picture.by_name["plan"],
            issuer=picture.name(plan.issuer),
            summary=picture.summary(by_id[plan.id]),
            issuing=under_way.get(plan.id),
        )
        for plan in found
    ]
    return Page(lines, len(lines) if limit is None or len(lines) < limit else register.count(connection))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """Something that waits for a unit."""

    plan: Registered
    instance: Instance
    definition: Definition
    name: str  # of the unit
    lateness: str
    due_phrase: str | None  # where the due date comes from
    permitted: tuple[str, ...]  # triggers that the unit's own operators may fire from here, guards permitting


def inbox(connection: Connection, unit: str, *, now: datetime, limit: int | None = None) -> Page[OpenItem]:
    """What waits for a unit, what is due first on top. Raises NotFound, Ambiguous."""
    kinds = _waiting_kinds(connection)
    where = Where(assignee=directory.find(connection, unit).code, standing=UNFINISHED, definition_ids=tuple(kinds))
    lines = _open_items(connection, where, kinds, now, limit)
    return Page(lines, len(lines) if limit is None or len(lines) < limit else store.matching(connection, where))


def overdue(connection: Connection, *, now: datetime, limit: int | None = None) -> Page[OpenItem]:
    """What is overdue, whatever the plan, what was due first on top."""
    kinds = _waiting_kinds(connection)
    before = to_micros(now) + 1
    where = Where(standing=("open",), due_before=before, definition_ids=tuple(kinds))
    lines = _open_items(connection, where, kinds, now, limit)
    names = {definition.name for definition in kinds.values()}
    return Page(lines, len(lines) if limit is None or len(lines) < limit else store.open_before(connection, names, before))


def _waiting_kinds(connection: Connection) -> dict[int, Definition]:
    """The definitions whose instances wait for a unit, by id: a plan waits for its units, not for its issuer."""
    return {row.id: store.parsed(row) for row in store.definitions(connection) if row.name != "plan"}


def _open_items(
    connection: Connection, where: Where, kinds: Mapping[int, Definition], now: datetime, limit: int | None
) -> list[OpenItem]:
    found = list(store.select(connection, where, order="due", limit=limit))
    cases = {plan.id: plan for plan in register.of_ids(connection, {each.case_id for each in found})}
    started = store.first_bodies(connection, [each.id for each in found])
    names = unit_names(connection, {each.assignee for each in found})
    return [
        OpenItem(
            plan=cases[each.case_id],
            instance=each,
            definition=kinds[each.definition_id],
            name=names.get(each.assignee, each.assignee),
            lateness=lateness_of(each, to_micros(now)),
            due_phrase=(events.decode(started[each.id])["data"].get("due_from") or {}).get("phrase"),
            permitted=tuple(
                t.trigger
                for t in kinds[each.definition_id].transitions.values()
                if t.source == each.state and t.of == "self" and t.role == "clerk"
            ),
        )
        for each in found
    ]


# -- coverage ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who has been reached; each list holds unit codes."""

    addressed: int  # acting units with their instance
    issuing: Progress | None  # how many units the plan has been issued to, of how many; None: to all
    no_letter: Page[str]  # no letter has gone out to them: none is queued, or it waits, or it failed
    not_acknowledged: Page[str]  # still issued
    not_passed_on: Page[str]  # have units of their own below, and neither forwarded nor issued a plan of their own


def coverage(connection: Connection, plan: str, *, limit: int | None = None) -> Coverage:
    """Who of a plan's addressees has not been reached, has not acknowledged, has not passed it on."""
    acting = instances.alias()
    child, message, unit = instances.alias(), tables.message, tables.unit
    recipient = [row.id for row in store.definitions(connection) if row.name == "recipient"]
    registered = register.find(connection, plan)
    own = (acting.c.case_id == registered.id, acting.c.definition_id.in_(recipient))

    def count(*conditions: sa.ColumnElement[bool]) -> int:
        counted = sa.select(sa.func.count()).select_from(acting).where(*own, *conditions)
        return int(connection.execute(counted).scalar_one())

    def missing(*conditions: sa.ColumnElement[bool]) -> Page[str]:
        required = (acting.c.standing != "out", *conditions)
        codes = sa.select(acting.c.assignee).where(*own, *required).order_by(acting.c.assignee, acting.c.key).limit(limit)
        lines = connection.execute(codes).scalars().all()
        return Page(lines, len(lines) if limit is None or len(lines) < limit else count(*required))

    sent = sa.select(message.c.id).where(message.c.instance_id == acting.c.id, message.c.state == "sent")
    below = sa.select(unit.c.code).where(unit.c.parent == acting.c.assignee)
    passed_on = sa.select(child.c.id).where(child.c.parent_id == acting.c.id, child.c.key == "")
    return Coverage(
        addressed=count(),
        issuing=spawning.progress(connection, registered.id),
        no_letter=missing(~sent.exists()),
        not_acknowledged=missing(acting.c.state == "issued"),
        not_passed_on=missing(below.exists(), ~passed_on.exists()),
    )
