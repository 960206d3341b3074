"""Which instances are meant: conditions of the engine's own questions, as SQL that the indexes can answer. It asks nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine import events


class Where(NamedTuple):
    """Which instances; every given part must hold."""

    below: str | None = None  # path: that node and everything below it
    case_id: int | None = None
    kind: str | None = None  # name of the definition
    state: str | None = None
    states: tuple[str, ...] | None = None
    assignee: str | None = None
    assignees: tuple[str, ...] | None = None
    key: str | None = None
    parent_id: int | None = None
    standing: tuple[str, ...] | None = None
    due_before: int | None = None  # microseconds UTC
    ids: tuple[int, ...] | None = None
    definition_ids: tuple[int, ...] | None = None


EVERYTHING = Where()


# Word for word as the partial indexes say it, or they could not answer.
_STANDING = {("open",): "standing = 'open'", ("open", "paused"): "standing IN ('open', 'paused')"}
KEYED = "key <> ''"


def clauses(where: Where) -> tuple[list[str], list[Any]]:
    """The conditions, and the values for their places."""
    found: list[str] = []
    values: list[Any] = []
    if where.below is not None:
        found.append("path >= ? AND path < ?")
        values += [where.below, where.below[:-1] + "/"]
    for column in ("case_id", "state", "assignee", "key", "parent_id"):
        value = getattr(where, column)
        if value is not None:
            found.append(f"{column} = ?")
            values.append(value)
    if where.key:
        found.append(KEYED)
    if where.kind is not None:
        found.append("definition_id IN (SELECT id FROM pc_definition WHERE name = ?)")
        values.append(where.kind)
    for column, many in (("state", where.states), ("assignee", where.assignees), ("standing", where.standing)):
        if column == "standing" and many in _STANDING:
            found.append(_STANDING[many])
        elif many is not None:
            # One JSON value instead of a placeholder each: there is no limit on how many.
            found.append(f"{column} IN (SELECT value FROM json_each(?))")
            values.append(events.canonical(many))
    if where.due_before is not None:
        found.append("due_at < ?")
        values.append(where.due_before)
    if where.ids is not None:
        found.append("id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))")
        values.append(events.canonical(where.ids))
    if where.definition_ids is not None:
        found.append(f"definition_id IN ({', '.join(str(int(id)) for id in where.definition_ids) or 'NULL'})")
    return found, values
