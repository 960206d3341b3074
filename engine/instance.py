"""What an instance is, and how one event changes it: the fold that live state and replay share. Nothing here writes.

Live rows are made by the same ``begin`` and ``apply`` that replay uses, so the two can differ only where a row was altered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from engine.clock import from_text
from engine.definition import PREVIOUS, SAME, Definition, State, Transition
from engine.errors import Divergence


class Instance(NamedTuple):
    """A row of pc_instance; its fields are described in tables.py. Instants are microseconds since 1970 UTC."""

    id: int
    parent_id: int | None
    case_id: int
    path: str
    definition_id: int
    assignee: str
    key: str
    state: str
    rank: int
    trail: str
    standing: str
    due_at: int | None
    done_at: int | None
    revision: int
    head: bytes

    @property
    def ancestors(self) -> tuple[int, ...]:
        """Ids from the root down to the parent."""
        return tuple(int(part) for part in self.path.split(".")[:-2])


def standing(state: State, due_at: int | None, done_at: int | None) -> str:
    """How an instance counts: open, paused, done (on time), late (done, late), undated (done, no deadline), out.

    An open one is in term or overdue by its due date and the moment of asking; see rollup.py.
    """
    if state.final == "out":
        return "out"
    if state.final == "done":
        if due_at is None or done_at is None:
            return "undated"
        return "done" if done_at < due_at else "late"
    return "paused" if state.paused else "open"


_due = lru_cache(maxsize=1_024)(from_text)  # a plan gives its units few due dates


def begin(id: int, data: dict[str, Any], definition: Definition, definition_id: int, head: bytes) -> Instance:
    """The instance that a ``started`` event makes. ``data`` is the event's data."""
    return Instance._make((*identity(id, data, definition_id), *beginning(definition, data.get("due")), 1, head))


def identity(id: int, data: dict[str, Any], definition_id: int) -> tuple[Any, ...]:
    """What no event changes, id to key."""
    path: str = data["path"]
    parts = path.split(".")
    parent_id = int(parts[-3]) if len(parts) > 2 else None
    return id, parent_id, data["case"], path, definition_id, data["assignee"], data["key"]


def beginning(definition: Definition, due: str | None) -> tuple[Any, ...]:
    """Where an instance begins, state to done_at; ``due``: its due date as the event has it."""
    state = definition.states[definition.initial]
    due_at = _due(due) if due else None
    return state.name, state.rank or 0, "", standing(state, due_at, None), due_at, None


def apply(before: Instance, data: dict[str, Any], occurred_at: int, definition: Definition, head: bytes) -> Instance:
    """The instance after a ``moved`` event; raises Divergence when its definition does not permit the move."""
    transition = definition.transitions.get((data["trigger"], data["from"]))
    if transition is None or data["from"] != before.state or data["to"] != destination(transition, before):
        raise Divergence(
            f"Event {before.id}/{before.revision + 1} moves '{before.state}' by '{data['trigger']}' to '{data['to']}', "
            f"which {definition.name} version {definition.version} does not permit.",
            instance=before.id,
            seq=before.revision + 1,
        )
    state = definition.states[data["to"]]
    due_at = from_text(data["due"]) if "due" in data else before.due_at
    if transition.to == SAME:
        occurred_at = before.done_at or occurred_at
    done_at = occurred_at if state.final == "done" else None
    return Instance(
        *before[:7],
        state.name,
        before.rank if state.rank is None else state.rank,
        _trail(transition, before),
        standing(state, due_at, done_at),
        due_at,
        done_at,
        before.revision + 1,
        head,
    )


def destination(transition: Transition, instance: Instance) -> str | None:
    """The state a transition leads this instance to; None when there is no previous one."""
    if transition.to == SAME:
        return instance.state
    if transition.to == PREVIOUS:
        return instance.trail.rpartition("/")[2] or None
    return transition.to


def _trail(transition: Transition, before: Instance) -> str:
    if transition.to == SAME:
        return before.trail
    if transition.to == PREVIOUS:
        return before.trail.rpartition("/")[0]
    return f"{before.trail}/{before.state}" if before.trail else before.state
