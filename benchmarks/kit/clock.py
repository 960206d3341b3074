"""Takes times: the sides of a case in turn, round after round, so that a busy machine slows them alike."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

OURS = "ours"

# Prepares one run outside of the clock, yields what the clock runs, and cleans up. A run may return Grown.
Side = Callable[[], AbstractContextManager[Callable[[], object]]]


class Grown(NamedTuple):
    """By how much the memory of a process grew at its peak."""

    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a case is meant to reach."""

    text: str
    most: float  # times what is beside takes, or seconds each
    beside: str = ""  # which side it is measured against; "": none


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that is measured."""

    title: str
    n: int  # how many things one run handles
    each: str  # what one of them is called: times are shown per one
    ours: Side
    others: Mapping[str, Side] = field(default_factory=dict)  # what ours is compared with
    aim: Aim | None = None
    writes: bool = False  # all sides must leave the same rows
    uncounted: Collection[str] = ()  # sides that keep no tallies
    most_memory: int | None = None  # bytes by which the process may grow, where the runs say by how much it did
    rounds: int = 99  # at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What a side took, a figure per round, in seconds for a whole run."""

    wall: Sequence[float]
    cpu: Sequence[float]  # of this process and all below it, such as a server; the system's part included
    memory: Sequence[int] = ()  # bytes by which the process grew; empty where it was not measured

    @property
    def spread(self) -> float:
        """Half the range of the wall times, as a part of their median."""
        return (max(self.wall) - min(self.wall)) / 2 / statistics.median(self.wall)


def measure(case: Case, rounds: int) -> dict[str, Times]:
    """Run every side once per round, another one first each time; "ours" is one of the keys."""
    sides = {OURS: case.ours, **case.others}
    names = list(sides)
    taken: dict[str, list[tuple[float, float, object]]] = {name: [] for name in names}
    for turn in range(min(rounds, case.rounds)):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(_once(sides[name]))
    return {name: _times(figures) for name, figures in taken.items()}


def _times(figures: Sequence[tuple[float, float, object]]) -> Times:
    memory = [said.bytes for _, _, said in figures if isinstance(said, Grown)]
    return Times(wall=[wall for wall, _, _ in figures], cpu=[cpu for _, cpu, _ in figures], memory=memory)


def ratio(ours: Sequence[float], other: Sequence[float]) -> float:
    """How many times as long ours takes: the median of the rounds' own ratios, whose two runs stood side by side."""
    return statistics.median(mine / theirs for mine, theirs in zip(ours, other, strict=True))


def _once(side: Side) -> tuple[float, float, object]:
    with side() as run:
        gc.collect()
        below = _below()
        wall, cpu = time.perf_counter(), time.process_time()
        said = run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        cpu += sum(nanoseconds - below.get(process, 0) for process, nanoseconds in _below().items()) / 1e9
    return wall, cpu, said


def _below() -> dict[int, int]:
    """Nanoseconds that each process below this one has had of a processor; none where the system does not tell."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended
    found: dict[int, int] = {}
    todo = [os.getpid()]
    while todo:
        above = todo.pop()
        children = [process for process, parent in parents.items() if parent == above]
        todo += children
        for process in children:
            try:
                found[process] = int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
            except OSError:
                continue
    return found
