"""Says what was measured: a line per case on the terminal, a table in RESULTS.md. It measures nothing."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.kit.clock import Case, Times, ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case with its figures as they are shown."""

    title: str
    ours: str  # median wall time per one, with its spread, and CPU time
    others: Sequence[tuple[str, str, float, float]]  # name, time per one, ratio of wall times, ratio of CPU times
    aim: str


def row(case: Case, times: Mapping[str, Times]) -> Row:
    """Put the figures of a case into words."""
    ours = times["ours"]
    return Row(
        title=case.title,
        ours=f"{_shown(ours, case)} ± {ours.spread:.0%} (CPU {_time(statistics.median(ours.cpu) / case.n)})",
        others=[
            (name, f"{_shown(other, case)} ± {other.spread:.0%}", ratio(ours.wall, other.wall), ratio(ours.cpu, other.cpu))
            for name, other in times.items()
            if name != "ours"
        ],
        aim=case.aim,
    )


def line(row: Row) -> str:
    """A case on the terminal."""
    compared = "".join(f"\n    {name}: {time}; ours takes {wall:.2f}x (CPU {cpu:.2f}x)" for name, time, wall, cpu in row.others)
    return f"{row.title}: {row.ours}{f', {row.aim}' if row.aim else ''}{compared}"


def write(file: Path, rows: Sequence[Row], size: float, size_aim: int, rounds: int) -> None:
    """Write the table, with what it was measured on."""
    lines = [
        "# Measured",
        "",
        f"{date.today().isoformat()}, {machine()}. {_versions()}. Medians of {rounds} rounds, in which the sides took turns;",
        "± is half the range of the wall times. README.md says what is compared, and how to read it.",
        "",
        "| what | ours, each | beside | it takes, each | ours / it, wall | ours / it, CPU | aim |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in rows:
        beside = [f"{name} | {time} | {wall:.2f} | {cpu:.2f}" for name, time, wall, cpu in each.others] or [" | | | "]
        lines.append(f"| {each.title} | {each.ours} | {beside[0]} | {each.aim} |")
        lines += [f"| | | {other} | |" for other in beside[1:]]
    lines += [
        "",
        f"A unit with its four events takes {size:,.0f} bytes in the file, indexes included; the aim is {size_aim:,}.",
        "",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")


def _shown(times: Times, case: Case) -> str:
    return f"{_time(statistics.median(times.wall) / case.n)}/{case.each}"


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"


def machine() -> str:
    """What it was measured on."""
    model = next(
        (text.partition(":")[2].strip() for text in _read("/proc/cpuinfo").splitlines() if text.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    memory = next((int(text.split()[1]) for text in _read("/proc/meminfo").splitlines() if text.startswith("MemTotal")), 0)
    load = f", load {os.getloadavg()[0]:.1f} when it ended" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {model}, {memory / 1e6:.0f} GB, {platform.system()} {platform.release()}{load}"


def _versions() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "transitions", "orjson"))
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:
        return ""
