"""The algebra of status up the tree: what a change adds to the tallies above it, and what a tally says. Pure; writes nothing.

Every instance is counted once at each of its ancestors, under (kind, near, state, rank, standing, due date). A change takes
it out of one such key and puts it into another. Few keys exist per node, whatever the number of instances, so any node's
roll-up is a sum over a handful of rows; the four classes of lateness follow from the due dates and the moment of asking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.definition import Need
from engine.instance import Instance


class Key(NamedTuple):
    """What instances are counted by."""

    kind: str  # name of their definition
    near: int  # 1: direct children of the node; 0: further below
    state: str
    rank: int
    standing: str  # see instance.standing
    due_at: int  # of open and paused ones, microseconds UTC; 0: none, or no longer of interest


Deltas = Counter[tuple[int, Key]]  # (node id, key) -> how many more


def key_of(instance: Instance, kind: str, near: int) -> Key:
    """Where an instance is counted."""
    due_at = instance.due_at or 0 if instance.standing in ("open", "paused") else 0
    return Key(kind, near, instance.state, instance.rank, instance.standing, due_at)


def count(deltas: Deltas, instance: Instance, kind: str, n: int) -> None:
    """Add ``n`` instances like this one to every ancestor's tally (n below zero takes them out)."""
    _add(deltas, instance.ancestors, key_of(instance, kind, 0), n)


def _add(deltas: Deltas, ancestors: Sequence[int], far: Key, n: int) -> None:
    for node in ancestors[:-1]:
        deltas[node, far] += n
    if ancestors:
        deltas[ancestors[-1], Key(far[0], 1, *far[2:])] += n


def alike(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Instance, int]]:
    """The first of those that stand alike, and how many they are: rows in the order of Instance's fields.

    Alike are instances of one parent and definition in the same state with the same due date.
    """
    groups: dict[tuple[Any, ...], list[Any]] = {}  # parent, definition, state to due_at -> [the first of them, how many]
    for row in rows:
        like = (row[1], row[4], row[7:12])
        if like in groups:
            groups[like][1] += 1
        else:
            groups[like] = [row, 1]
    return [(Instance._make(row), n) for row, n in groups.values()]


def recount(groups: Iterable[tuple[Instance, int]], kinds: Mapping[int, str]) -> Deltas:
    """The tallies of every node, from the instances themselves, those that stand alike together.

    ``kinds``: the name of each definition, by its id.
    """
    deltas: Deltas = Counter()
    for instance, n in groups:
        count(deltas, instance, kinds[instance.definition_id], n)
    return deltas


def change(deltas: Deltas, before: Instance, after: Instance, kind: str, n: int = 1) -> None:
    """Move ``n`` instances of one parent from one key to another."""
    out, into = key_of(before, kind, 0), key_of(after, kind, 0)
    if out != into:
        ancestors = before.ancestors
        _add(deltas, ancestors, out, -n)
        _add(deltas, ancestors, into, n)


class Row(NamedTuple):
    """A key and how many instances stand under it."""

    key: Key
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Where everything below a node stands, at one moment. The five lateness counts add up to ``required``."""

    required: int  # how many must act: all but those that are out
    out: int  # excused, withdrawn, superseded
    by_state: dict[str, int]  # out ones included
    done_on_time: int
    done_late: int
    in_term: int  # open, and the due date is to come; paused ones with a due date count here
    overdue: int  # open, and the due date has passed
    without_deadline: int  # no due date, done or not
    paused: int  # of the required ones
    done: int
    rank: int | None  # the furthest step that enough of the required ones have reached; None: none is required


def summarise(rows: Iterable[Row], need: Need, now: int) -> Summary:
    """Add up a node's tally as of an instant (microseconds UTC)."""
    by_state: Counter[str] = Counter()
    by_rank: Counter[int] = Counter()
    classes: Counter[str] = Counter()
    paused = done = out = 0
    for key, n in rows:
        by_state[key.state] += n
        if key.standing == "out":
            out += n
            continue
        by_rank[key.rank] += n
        classes[lateness(key.standing, key.due_at or None, now)] += n
        paused += n if key.standing == "paused" else 0
        done += n if key.standing in ("done", "late", "undated") else 0
    return Summary(
        required=sum(by_rank.values()),
        out=out,
        by_state={state: n for state, n in by_state.items() if n},
        done_on_time=classes["done_on_time"],
        done_late=classes["done_late"],
        in_term=classes["in_term"],
        overdue=classes["overdue"],
        without_deadline=classes["without_deadline"],
        paused=paused,
        done=done,
        rank=reached(by_rank, need),
    )


def lateness(standing: str, due_at: int | None, now: int) -> str:
    """The class in which a required instance counts (Decision 42/2014/QD-TTg's four, and "no deadline" apart)."""
    if standing == "done":
        return "done_on_time"
    if standing == "late":
        return "done_late"
    if standing == "undated" or due_at is None:
        return "without_deadline"
    return "overdue" if standing == "open" and now >= due_at else "in_term"


def reached(by_rank: Counter[int], need: Need) -> int | None:
    """The furthest rank that enough instances have reached; None when there are none."""
    required = sum(by_rank.values())
    if required == 0:
        return None
    at_least = 0
    for rank in sorted((rank for rank, n in by_rank.items() if n), reverse=True):
        at_least += by_rank[rank]
        if need.met(at_least, required):
            return rank
    return 0


def enough(rows: Sequence[Row], kind: str, rank: int, need: Need) -> bool:
    """Whether enough direct children of a kind have reached a rank."""
    near = [row for row in rows if row.key.kind == kind and row.key.near and row.key.standing != "out"]
    required = sum(row.n for row in near)
    return need.met(sum(row.n for row in near if row.key.rank >= rank), required)
