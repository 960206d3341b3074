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
Phases = Mapping[str, Mapping[str, float]]  # phase -> "wall" and mostly "cpu": seconds that one thing takes


@dataclass(slots=True, kw_only=True)
class Side:
    """A peer on a database, and what its runs told, and those of ours and of the bare row that stood beside them."""

    peer: Peer
    database: str
    rounds: list[dict[Peer, Phases]] = field(default_factory=list)
    versions: dict[Peer, str] = field(default_factory=dict)
    failed: str = ""  # why it is out

    @property
    def title(self) -> str:
        """As it is called in tables."""
        return f"{self.peer.name}, {self.database}"

    def each(self, who: Peer, phase: str, clock: str) -> list[float]:
        """Seconds that one thing takes, a figure per round; empty where that is not measured."""
        return [told[who][phase][clock] for told in self.rounds if clock in told[who].get(phase, {})]

    def median(self, who: Peer, phase: str, clock: str = "wall") -> float:
        """The median of them."""
        return statistics.median(self.each(who, phase, clock))

    def ratio(self, phase: str, clock: str = "wall", way: str = "") -> float:
        """How many times as quick ours is: the median of the rounds' own ratios, whose runs stood side by side.

        ``way``: the phase in which the peer does it, where that is another.
        """
        pairs = zip(self.each(self.peer, way or phase, clock), self.each(OURS, phase, clock), strict=True)
        return statistics.median(theirs / max(mine, 1e-9) for theirs, mine in pairs)


def line(phases: Phases) -> str:
    """What a run told, in a line."""
    return ", ".join(f"{phase} {shown(times['wall'])}" for phase, times in phases.items())


def tables(sides: Sequence[Side]) -> list[str]:
    """A table per phase, ratios first; then what the aims say."""
    lines = []
    for phase, title in PHASES.items():
        heads = ("beside", "ours is so many times as quick", "by CPU time", "it takes", "ours takes")
        bare = ("a bare durable row takes",) if phase == "single" else ()
        lines += ["", f"## {title}", "", cells(*heads, *bare), cells(*["---"] * (len(heads) + len(bare)))]
        lines += [row(side, phase) for side in sides]
    return [*lines, "", "## The aims", "", *aims(sides)]


def row(side: Side, phase: str) -> str:
    """A side beside ours."""
    by_cpu = f"{side.ratio(phase, 'cpu'):.1f}" if side.each(OURS, phase, "cpu") else ""
    bare = [figures(side, FLOOR, phase)] if phase == "single" else []
    both = figures(side, side.peer, phase), figures(side, OURS, phase)
    return cells(side.title, f"{side.ratio(phase):.1f}", by_cpu, *both, *bare)


def figures(side: Side, who: Peer, phase: str) -> str:
    """Median, spread and CPU time of a phase."""
    wall = side.each(who, phase, "wall")
    middle = statistics.median(wall)
    spread = (max(wall) - min(wall)) / 2 / middle
    cpu = f", CPU {shown(side.median(who, phase, 'cpu'))}" if side.each(who, phase, "cpu") else ""
    return f"{shown(middle)} ± {spread:.0%}{cpu}"


def aims(sides: Sequence[Side]) -> list[str]:
    """Whether the aims are reached, and where not, by how much and why."""
    heads = ("aim", "database", "the quickest peer with a store of its own", "ours is so many times as quick", "by CPU time", "")
    lines = [cells(*heads), cells(*["---"] * len(heads))]
    why = []
    for phase, aim in AIMS.items():
        for database in OURS.databases:
            quickest = quickest_peer(sides, phase, database)
            if quickest is None:
                continue
            side, way = quickest
            ratio = side.ratio(phase, way=way)
            name = side.peer.name + ("" if way == phase else ", one at a time, its quicker way")
            what = f"{'one durable move' if phase == 'single' else 'in bulk'}: {aim} times"
            reached = "reached" if ratio >= aim else f"missed: {ratio / aim:.0%} of it"
            lines.append(cells(what, database, name, f"{ratio:.1f}", f"{side.ratio(phase, 'cpu', way):.1f}", reached))
            if ratio < aim:
                why += ["", because(side, phase, way)]
    return lines + why


def because(side: Side, phase: str, way: str) -> str:
    """Where the time of a missed aim goes."""
    theirs, name = side.median(side.peer, way), side.peer.name
    text = f"{side.database}, {PHASES[phase].lower()}: ours takes {with_cpu(side, OURS, phase)}, {name} "
    text += f"{with_cpu(side, side.peer, way)}."
    if phase == "single":
        bare = side.median(FLOOR, phase)
        text += (
            f" A bare durable row takes {with_cpu(side, FLOOR, phase)}; the rest is waiting, for the disk or for a core."
            f" That row alone is {theirs / bare:.1f} times as quick as {name}; ours takes as long as"
            f" {side.median(OURS, phase) / bare:.1f} such rows."
        )
    return text


def with_cpu(side: Side, who: Peer, phase: str) -> str:
    """A phase's time, and the processor's part of it."""
    return f"{shown(side.median(who, phase))} ({shown(side.median(who, phase, 'cpu'))} of the processor)"


def quickest_peer(sides: Sequence[Side], phase: str, database: str) -> tuple[Side, str] | None:
    """The quickest of those that bring their own store, and its way: in bulk, one move at a time counts where that is quicker."""
    ways = ("bulk", "single") if phase == "bulk" else (phase,)
    found = [(side, way) for side in sides for way in ways if side.peer.brings_store and side.database == database]
    return min(found, key=lambda each: each[0].median(each[0].peer, each[1]), default=None)


def page(sides: Sequence[Side], skipped: Sequence[tuple[str, str]], n: int, rounds: int) -> str:
    """PEERS.md."""
    lines = [
        "# Peers",
        "",
        f"{date.today().isoformat()}, {report.machine()}.",
        f"{n} children, {rounds} rounds, each run on a fresh database, ours and a bare durable row right beside each peer's.",
        "Medians; ± is half the range of the wall times; a ratio is the median of the rounds' own ratios. Everybody's commits",
        "outlive a loss of power: SQLite with its write-ahead log and synchronous=FULL, PostgreSQL with fsync and",
        "synchronous_commit on. CPU times include the server's. Made by `python -m benchmarks.peers.run`; README.md says how to",
        "read it.",
        *tables(sides),
        "",
        "## What the figures hold",
        "",
    ]
    for peer in dict.fromkeys((OURS, FLOOR, *(side.peer for side in sides))):
        versions = "; ".join(dict.fromkeys(side.versions[peer] for side in sides if peer in side.versions))
        lines.append(f"- **{peer.name}** ({versions}). {' '.join(peer.holds.split())}")
    if skipped:
        lines += ["", "## Not measured", "", *(f"- {name}: {reason}" for name, reason in skipped)]
    return "\n".join([*lines, ""])


def cells(*texts: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(texts)} |"


def shown(seconds: float) -> str:
    """A time as people read it."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"
