"""Takes times: the sides of a case in turn, round after round, so that a busy machine slows them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

# Prepares one run outside of the clock, yields what the clock runs, and cleans up.
Side = Callable[[], AbstractContextManager[Callable[[], object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that is measured."""

    title: str
    n: int  # how many things one run handles
    each: str  # what one of them is called: times are shown per one
    ours: Side
    others: Mapping[str, Side] = field(default_factory=dict)  # what ours is compared with
    aim: str = ""  # what it is meant to reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What a side took, a figure per round, in seconds for a whole run."""

    wall: Sequence[float]
    cpu: Sequence[float]  # of this process, what the system does for it included

    @property
    def spread(self) -> float:
        """Half the range of the wall times, as a part of their median."""
        return (max(self.wall) - min(self.wall)) / 2 / statistics.median(self.wall)


def measure(case: Case, rounds: int) -> dict[str, Times]:
    """Run every side once per round, another one first each time; "ours" is one of the keys."""
    sides = {"ours": case.ours, **case.others}
    names = list(sides)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(_once(sides[name]))
    return {name: Times(wall=[w for w, _ in figures], cpu=[c for _, c in figures]) for name, figures in taken.items()}


def ratio(ours: Sequence[float], other: Sequence[float]) -> float:
    """How many times as long ours takes: the median of the rounds' own ratios, whose two runs stood side by side."""
    return statistics.median(mine / theirs for mine, theirs in zip(ours, other, strict=True))


def _once(side: Side) -> tuple[float, float]:
    with side() as run:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        return time.perf_counter() - wall, time.process_time() - cpu
