"""What every driver does alike: reads its arguments, times its phases, checks what it found, prints one line of JSON.

It uses the standard library only, for it runs in each peer's own environment: DRIVER DATABASE N [--server PID].
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

STEPS = ("disseminate", "hold_conference", "report")  # the three moves of a child
STATES = ("issued", "disseminated", "conference_held", "reported")  # where it stands before, between and after them
ASKED = 9  # how often a short question is asked; its median counts


class Phases:
    """The phases of one run: take() each of them, then tell()."""

    def __init__(self) -> None:
        parser = argparse.ArgumentParser()
        parser.add_argument("database", help="an SQLAlchemy URL")
        parser.add_argument("n", type=int, help="children of a parent")
        parser.add_argument("--server", type=int, help="the process id of the database server, whose CPU time counts too")
        options = parser.parse_args()
        self.database: str = options.database
        self.n: int = options.n
        self.server: int | None = options.server
        self.taken: dict[str, dict[str, float]] = {}

    def take(self, name: str, n: int, run: Callable[[], Any]) -> Any:
        """Run a phase that handles ``n`` things, note the seconds that one takes, and return what it returns."""
        gc.collect()
        wall, cpu = time.perf_counter(), self._cpu()
        found = run()
        wall, cpu = time.perf_counter() - wall, self._cpu() - cpu
        self.taken[name] = {"wall": wall / n, "cpu": cpu / n}
        return found

    def ask(self, name: str, run: Callable[[], Any]) -> Any:
        """As take, for a short question: asked several times, the median counts, of the wall time only."""
        times = []
        for _ in range(ASKED):
            began = time.perf_counter()
            found = run()
            times.append(time.perf_counter() - began)
        self.taken[name] = {"wall": statistics.median(times)}
        return found

    def tell(self, states: Mapping[str, int], records: int, versions: str) -> None:
        """Print what was measured; raises ValueError unless every child was moved three times and each move is in the history."""
        if dict(states) != {STATES[-1]: self.n}:
            raise ValueError(f"{self.n} children should have reported: {states}")
        if records < 3 * self.n:
            raise ValueError(f"the history has {records} records of {3 * self.n} moves")
        self.tell_only(versions)

    def tell_only(self, versions: str) -> None:
        """Print what was measured."""
        print(json.dumps({"phases": self.taken, "versions": versions}), flush=True)

    def _cpu(self) -> float:
        """Seconds of the processor: this process, what it has waited for, and the server."""
        waited = os.times()
        return time.process_time() + waited.children_user + waited.children_system + server_cpu(self.server)


def server_cpu(pid: int | None) -> float:
    """Seconds of the processor that a server and its direct children have used, ended ones included; 0 where that is not told."""
    if pid is None or not Path("/proc/self/stat").exists():
        return 0.0
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if int(file.parent.name) == pid:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == pid:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
