"""Puts what was measured into words: a line per run, tables, PEERS.md. It measures nothing."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from benchmarks.kit import report
from benchmarks.peers.peers import FLOOR, OURS, Peer

PHASES = {
    "single": "One durable move at a time, per move",
    "bulk": "Moves in bulk, per move",
    "create": "A parent and its children made, per child",
    "count": "The children counted by state, per answer",
    "history": "The whole history read and checked, per move or start",
}
AIMS = {"single": 10, "bulk": 50}  # how many times as quick as the quickest peer that brings its own store
Times = Mapping[str, float]  # "wall" and mostly "cpu": seconds that one thing takes


@dataclass(slots=True, kw_only=True)
class Side:
    """A peer, or ours, on a database, and what its runs have told."""

    peer: Peer
    database: str
    rounds: list[dict[str, dict[str, float]]] = field(default_factory=list)  # by phase
    versions: str = ""
    failed: str = ""  # why it is out

    @property
    def title(self) -> str:
        """As it is called in tables."""
        return f"{self.peer.name}, {self.database}"

    def each(self, phase: str, clock: str) -> list[float]:
        """Seconds that one thing takes, a figure per round; empty where that is not measured."""
        return [times[phase][clock] for times in self.rounds if clock in times.get(phase, {})]

    def median(self, phase: str, clock: str = "wall") -> float:
        """The median of them."""
        return statistics.median(self.each(phase, clock))


def times_as_quick(ours: Sequence[float], other: Sequence[float]) -> float:
    """How many times as long the other takes: the median of the rounds' own ratios, whose runs stood side by side."""
    return statistics.median(theirs / mine for mine, theirs in zip(ours, other, strict=True))


def line(phases: Mapping[str, Times]) -> str:
    """What a run told, in a line."""
    return ", ".join(f"{phase} {shown(times['wall'])}" for phase, times in phases.items())


def tables(sides: Sequence[Side]) -> list[str]:
    """A table per phase, ratios first; then what the aims say."""
    lines = []
    for phase, title in PHASES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| beside | ours is so many times as quick | by CPU time | it takes | ours takes |",
            "|---|---|---|---|---|",
        ]
        for side in sides:
            ours = of_ours(sides, side.database)
            if side.peer is not OURS and ours is not None and side.each(phase, "wall"):
                lines.append(row(phase, ours, side))
    return [*lines, "", "## The aims", "", *aims(sides)]


def row(phase: str, ours: Side, side: Side) -> str:
    """A side beside ours."""
    wall = times_as_quick(ours.each(phase, "wall"), side.each(phase, "wall"))
    cpu = ours.each(phase, "cpu"), side.each(phase, "cpu")
    by_cpu = f"{times_as_quick(*cpu):.1f}" if all(cpu) and min(cpu[0]) > 0 else ""
    return f"| {side.title} | {wall:.1f} | {by_cpu} | {figures(side, phase)} | {figures(ours, phase)} |"


def figures(side: Side, phase: str) -> str:
    """Median, spread and CPU time of a phase."""
    wall = side.each(phase, "wall")
    middle = statistics.median(wall)
    spread = (max(wall) - min(wall)) / 2 / middle
    cpu = f", CPU {shown(side.median(phase, 'cpu'))}" if side.each(phase, "cpu") else ""
    return f"{shown(middle)} ± {spread:.0%}{cpu}"


def aims(sides: Sequence[Side]) -> list[str]:
    """Whether the aims are reached, and where not, by how much and why."""
    lines = [
        "| aim | database | the quickest peer with a store of its own | ours is so many times as quick | by CPU time | |",
        "|---|---|---|---|---|---|",
    ]
    why = []
    for phase, aim in AIMS.items():
        for database in OURS.databases:
            ours, quickest = of_ours(sides, database), quickest_peer(sides, phase, database)
            if ours is None or quickest is None:
                continue
            peer, way = quickest
            wall = times_as_quick(ours.each(phase, "wall"), peer.each(way, "wall"))
            cpu = times_as_quick(ours.each(phase, "cpu"), peer.each(way, "cpu"))
            reached = "reached" if wall >= aim else f"missed: {wall / aim:.0%} of it"
            name = peer.peer.name if way == phase else f"{peer.peer.name}, one at a time, its quicker way"
            what = "one durable move" if phase == "single" else "in bulk"
            lines.append(f"| {what}: {aim} times | {database} | {name} | {wall:.1f} | {cpu:.1f} | {reached} |")
            if wall < aim:
                why += ["", because(sides, phase, ours, peer, way)]
    return lines + why


def because(sides: Sequence[Side], phase: str, ours: Side, peer: Side, way: str) -> str:
    """Where the time of a missed aim goes."""
    mine, theirs, name = ours.median(phase), peer.median(way), peer.peer.name
    text = f"{ours.database}, {PHASES[phase].lower()}: ours takes {with_cpu(ours, phase)}, {name} {with_cpu(peer, way)}."
    floor = next((side for side in sides if side.peer is FLOOR and side.database == ours.database), None)
    if phase == "single" and floor is not None:
        bare = floor.median(phase)
        text += (
            f" A bare durable row takes {with_cpu(floor, phase)}; for the rest it waits for the disk, as everybody must. That row"
            f" alone is only {theirs / bare:.1f} times as quick as {name}; ours takes as long as {mine / bare:.1f} such rows."
        )
    return text


def with_cpu(side: Side, phase: str) -> str:
    """A phase's time, and the processor's part of it."""
    return f"{shown(side.median(phase))} ({shown(side.median(phase, 'cpu'))} of the processor)"


def of_ours(sides: Sequence[Side], database: str) -> Side | None:
    """Ours on a database."""
    return next((side for side in sides if side.peer is OURS and side.database == database), None)


def quickest_peer(sides: Sequence[Side], phase: str, database: str) -> tuple[Side, str] | None:
    """The quickest of those that bring their own store, and its way: in bulk, one move at a time counts where that is quicker."""
    ways = ("bulk", "single") if phase == "bulk" else (phase,)
    found = [(side, way) for side in sides for way in ways if side.peer.brings_store and side.database == database]
    return min(found, key=lambda each: each[0].median(each[1]), default=None)


def page(sides: Sequence[Side], skipped: Sequence[tuple[str, str]], n: int, rounds: int) -> str:
    """PEERS.md."""
    lines = [
        "# Peers",
        "",
        f"{date.today().isoformat()}, {report.machine()}.",
        f"{n} children, {rounds} rounds in which the sides took turns, each on a fresh database. Medians; ± is half the range of",
        "the wall times; a ratio is the median of the rounds' own ratios. Everybody's commits outlive a loss of power: SQLite",
        "with its write-ahead log and synchronous=FULL, PostgreSQL with fsync and synchronous_commit on. CPU times include the",
        "server's. Made by `python -m benchmarks.peers.run`; README.md says how to read it.",
        *tables(sides),
        "",
        "## What the figures hold",
        "",
    ]
    for peer in dict.fromkeys(side.peer for side in sides):
        versions = "; ".join(dict.fromkeys(side.versions for side in sides if side.peer is peer))
        lines.append(f"- **{peer.name}** ({versions}). {' '.join(peer.holds.split())}")
    if skipped:
        lines += ["", "## Not measured", "", *(f"- {name}: {reason}" for name, reason in skipped)]
    return "\n".join([*lines, ""])


def shown(seconds: float) -> str:
    """A time as people read it."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"
