"""Takes times: several sides of one case in turn, round after round, so that a busy machine slows them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

# Prepares one run outside of the clock, yields what the clock runs, and cleans up.
Side = Callable[[], AbstractContextManager[Callable[[], object]]]

OURS = "ours"  # the side that is compared with the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that is measured, on one or more sides."""

    title: str
    n: int  # how many things one run handles
    each: str  # what one of them is called, "unit"
    sides: Mapping[str, Side]  # OURS first
    aims: Mapping[str, float] = field(default_factory=dict)  # side -> how many times its time ours may take
    limit_ms: float | None = None  # what a whole run of ours may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What one side of a case took, a figure per round, in seconds for a whole run."""

    wall: Sequence[float]
    cpu: Sequence[float]  # of this process, the system's part included

    def middle(self, which: str) -> float:
        """The median."""
        return statistics.median(getattr(self, which))

    def spread(self) -> float:
        """Half the range of the wall times, as a part of their median."""
        return (max(self.wall) - min(self.wall)) / 2 / self.middle("wall")


def measure(case: Case, rounds: int) -> dict[str, Times]:
    """Run every side once per round, in turns that begin with another side each time."""
    names = list(case.sides)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            taken[name].append(_once(case.sides[name]))
    return {name: Times(wall=[w for w, _ in figures], cpu=[c for _, c in figures]) for name, figures in taken.items()}


def _once(side: Side) -> tuple[float, float]:
    with side() as run:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        return time.perf_counter() - wall, time.process_time() - cpu


def ratio(ours: Times, other: Times, which: str) -> float:
    """How many times longer ours takes: the median of the rounds' own ratios, for a round's runs stand side by side."""
    pairs = zip(getattr(ours, which), getattr(other, which), strict=True)
    return statistics.median(mine / theirs for mine, theirs in pairs)
