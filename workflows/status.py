"""Answers where things stand: roll-up, the unit that holds a plan back, trees, inboxes, coverage. It only reads.

Now is answered from the tallies and the indexes; a past moment from the history as it was recorded then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import events, replay, rollup, store
from engine.clock import to_micros
from engine.definition import Definition, Need, RollUp
from engine.errors import NotFound
from engine.instance import Instance
from engine.rollup import Row, Summary
from engine.store import Where
from engine.tables import instance as instances
from workflows import directory, names, register, tables
from workflows.register import Registered

UNFINISHED = ("open", "paused")


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
    nodes: tuple[Node, ...]  # the whole tree, top first; empty unless asked for
    at: datetime
    definitions: Mapping[str, Definition]  # by name, for labels


def plan_status(
    connection: Connection,
    plan: str,
    *,
    now: datetime,
    unit: str | None = None,
    at: datetime | None = None,
    tree: bool = False,
) -> PlanStatus:
    """Where a plan stands. ``at``: as it was recorded then. ``tree``: with every node. Raises NotFound, Ambiguous."""
    registered = register.find(connection, plan)
    picture = _Picture(connection, now)
    if at is not None:
        picture.recall(top_of(connection, registered, unit), at)
    top = picture.get(top_of(connection, registered, unit).id)
    holder = picture.holder(top)
    return PlanStatus(
        plan=registered,
        top=picture.node(top, top),
        holder=picture.node(holder, top) if holder else None,
        way=tuple(picture.node(each, top) for each in picture.way(top, holder)) if holder else (),
        nodes=tuple(picture.tree(top)) if tree else (),
        at=at or now,
        definitions=picture.by_name,
    )


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
    """Instances and tallies of a subtree: read from the live tables as needed, or recalled as of a moment."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = to_micros(now)
        self._recalled: dict[int, Instance] | None = None
        self._tallies: dict[int, list[Row]] = {}
        self._names: dict[str, str] = {}
        self._numbers: dict[int, str] = {}  # of plans, by instance id
        self._kinds = {row.id: row.name for row in store.definitions(connection)}
        self.by_name = newest_definitions(connection)

    def recall(self, top: Instance, at: datetime) -> None:
        """Go back to a moment, for everything below an instance; raises NotFound when it did not exist yet."""
        until = self._now = to_micros(at)
        below = Where(below=top.path)
        self._recalled = {each.id: each for each in replay.states(self._connection, below, until=until)}
        if top.id not in self._recalled:
            raise NotFound(
                f"At that moment {top.assignee} had not received anything yet.", remedy="Give a later moment with --at."
            )
        for (node, key), n in rollup.recount(self._recalled.values(), self._kinds).items():
            self._tallies.setdefault(node, []).append(Row(key, n))

    def get(self, id: int) -> Instance:
        return store.get(self._connection, id) if self._recalled is None else self._recalled[id]

    def below(self, top: Instance) -> list[Instance]:
        """Everything below an instance, itself included."""
        if self._recalled is None:
            return list(store.select(self._connection, Where(below=top.path)))
        return [each for each in self._recalled.values() if each.path.startswith(top.path)]

    def tally(self, id: int) -> Sequence[Row]:
        if self._recalled is not None or id in self._tallies:
            return self._tallies.get(id, ())
        return store.tally(self._connection, id)

    def rule(self, instance: Instance) -> RollUp:
        return self.by_name[self._kinds[instance.definition_id]].rollup or RollUp(of="recipient", need=Need(kind="all", n=0))

    def summary(self, instance: Instance) -> Summary | None:
        rule = self.rule(instance)
        rows = [row for row in self.tally(instance.id) if row.key.kind == rule.of]
        return rollup.summarise(rows, rule.need, self._now) if rows else None

    def node(self, instance: Instance, top: Instance) -> Node:
        return Node(
            instance=instance,
            kind=self._kinds[instance.definition_id],
            name=self.name(instance.assignee),
            number=self.number(instance),
            depth=instance.path.count(".") - top.path.count("."),
            lateness=lateness_of(instance, self._now),
            summary=self.summary(instance),
        )

    def name(self, code: str) -> str:
        if not self._names:
            self._names = unit_names(self._connection, [code])
        if code not in self._names:
            self._names.update(unit_names(self._connection, [code]) or {code: code})
        return self._names[code]

    def number(self, instance: Instance) -> str | None:
        if self._kinds[instance.definition_id] != "plan":
            return None
        if instance.id not in self._numbers:
            self._read_numbers([instance.id])
        return self._numbers.get(instance.id)

    def _read_numbers(self, ids: Iterable[int]) -> None:
        for batch in store.batches(ids, 500):
            self._numbers.update((plan.id, plan.number) for plan in register.of_ids(self._connection, batch))

    def tree(self, top: Instance) -> list[Node]:
        """Every node from the top down, units below one another in Vietnamese order."""
        below = self.below(top)
        self._names = unit_names(self._connection, {each.assignee for each in below})
        self._read_numbers(each.id for each in below if self._kinds[each.definition_id] == "plan")
        if self._recalled is None:
            for id, row in store.tallies(self._connection, Where(below=top.path)):
                self._tallies.setdefault(id, []).append(row)
            self._tallies = {each.id: self._tallies.get(each.id, []) for each in below}
        children: dict[int | None, list[Instance]] = {}
        for each in below:
            children.setdefault(each.parent_id, []).append(each)
        found: list[Node] = []
        todo = [top]
        while todo:
            here = todo.pop()
            found.append(self.node(here, top))
            todo += sorted(children.get(here.id, ()), key=self._order, reverse=True)
        return found

    def _order(self, instance: Instance) -> tuple[bool, names.SortKey, str]:
        return instance.key == "", names.sort_key(self.name(instance.assignee)), instance.key

    def holder(self, top: Instance) -> Instance | None:
        """The least advanced unfinished instance below; of equals the one due first, then the oldest."""
        rule = self.rule(top)
        rows = [row for row in self.tally(top.id) if row.key.kind == rule.of and row.key.standing in UNFINISHED]
        if not rows:
            return None
        key = min(rows, key=lambda row: (row.key.rank, row.key.due_at or float("inf"), row.key.standing, -row.key.near)).key
        if self._recalled is not None:
            below = (each for each in self.below(top) if each.id != top.id and self._under(each, key))
            return min(below, key=lambda each: each.id)
        node = top.id
        while (found := store.child_under(self._connection, node, key)) is None:
            further = store.child_with(self._connection, node, key)
            if further is None:
                return None
            node = further
        return found

    def way(self, top: Instance, below: Instance) -> list[Instance]:
        """The instances from one down to another that is below it, both included."""
        ids = (int(part) for part in below.path.removeprefix(top.path).split(".")[:-1])
        return [top, *(self.get(id) for id in ids)]

    def _under(self, instance: Instance, key: rollup.Key) -> bool:
        return rollup.key_of(instance, self._kinds[instance.definition_id], key.near) == key


def lateness_of(instance: Instance, now: int) -> str:
    """The class of one instance at an instant (microseconds UTC); "out" where it is not required."""
    return "out" if instance.standing == "out" else rollup.lateness(instance.standing, instance.due_at, now)


def newest_definitions(connection: Connection) -> dict[str, Definition]:
    """The newest version of each definition that was ever used here, by name: for labels."""
    newest = {row.name: row.id for row in store.definitions(connection)}
    return {name: store.definition(connection, id) for name, id in newest.items()}


def unit_names(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """The names of units in the directory, by code; codes that it does not know are left out."""
    found: dict[str, str] = {}
    for batch in store.batches(sorted(set(codes)), 500):
        rows = connection.execute(sa.select(tables.unit.c.code, tables.unit.c.name).where(tables.unit.c.code.in_(batch)))
        found.update((row.code, row.name) for row in rows)
    return found


# -- lists -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A plan in the list of what is running."""

    plan: Registered
    instance: Instance
    definition: Definition  # for labels
    issuer: str  # name of the unit
    summary: Summary | None


def plans(connection: Connection, *, now: datetime) -> list[PlanLine]:
    """Every issued plan with its progress, oldest date first."""
    picture = _Picture(connection, now)
    lines = []
    for plan in register.all_plans(connection):
        instance = picture.get(plan.id)
        lines.append(
            PlanLine(
                plan=plan,
                instance=instance,
                definition=picture.by_name["plan"],
                issuer=picture.name(plan.issuer),
                summary=picture.summary(instance),
            )
        )
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """Something that waits for a unit."""

    plan: Registered
    instance: Instance
    definition: Definition
    lateness: str
    due_phrase: str | None  # where the due date comes from
    permitted: tuple[str, ...]  # triggers that the unit's own operators may fire from here, guards permitting


def inbox(connection: Connection, unit: str, *, now: datetime, limit: int | None = None) -> list[InboxItem]:
    """What waits for a unit, what is due first on top. Raises NotFound, Ambiguous."""
    code = directory.find(connection, unit).code
    kinds = {row.id: store.definition(connection, row.id) for row in store.definitions(connection)}
    waiting = [
        each
        for each in store.select(connection, Where(assignee=code, standing=UNFINISHED), order="due", limit=limit)
        if kinds[each.definition_id].name != "plan"
    ]
    cases = {plan.id: plan for plan in register.of_ids(connection, [each.case_id for each in waiting])}
    started = store.first_bodies(connection, [each.id for each in waiting])
    return [
        InboxItem(
            plan=cases[each.case_id],
            instance=each,
            definition=kinds[each.definition_id],
            lateness=lateness_of(each, to_micros(now)),
            due_phrase=(events.decode(started[each.id])["data"].get("due_from") or {}).get("phrase"),
            permitted=tuple(
                t.trigger
                for t in kinds[each.definition_id].transitions.values()
                if t.source == each.state and t.of == "self" and t.role == "clerk"
            ),
        )
        for each in waiting
    ]


# -- coverage ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who has been reached; each list holds unit codes."""

    addressed: int  # acting units with their instance
    no_letter: tuple[str, ...]  # no letter has gone out to them: none is queued, or it waits, or it failed
    not_acknowledged: tuple[str, ...]  # still issued
    not_passed_on: tuple[str, ...]  # have units of their own below, and neither forwarded nor issued a plan of their own


def coverage(connection: Connection, plan: str) -> Coverage:
    """Who of a plan's addressees has not been reached, has not acknowledged, has not passed it on."""
    registered = register.find(connection, plan)
    acting = list(store.select(connection, Where(case_id=registered.id, kind="recipient")))
    required = [each for each in acting if each.standing != "out"]
    sent = set(
        connection.scalars(
            sa.select(tables.message.c.instance_id)
            .join(instances, instances.c.id == tables.message.c.instance_id)
            .where(instances.c.case_id == registered.id, tables.message.c.state == "sent")
        )
    )
    passed_on = set(
        connection.scalars(
            sa.select(instances.c.parent_id).where(
                instances.c.parent_id.in_(sa.select(instances.c.id).where(instances.c.case_id == registered.id)),
                instances.c.key == "",
            )
        )
    )
    superior = set(connection.scalars(sa.select(tables.unit.c.parent).where(tables.unit.c.parent.is_not(None)).distinct()))
    return Coverage(
        addressed=len(acting),
        no_letter=tuple(each.assignee for each in required if each.id not in sent),
        not_acknowledged=tuple(each.assignee for each in required if each.state == "issued"),
        not_passed_on=tuple(each.assignee for each in required if each.assignee in superior and each.id not in passed_on),
    )
