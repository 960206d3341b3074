"""How long the command line takes to start: the processor's time of whole commands, beside that of an empty Python program."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.kit import scene

CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of nine")
    rounds = 3 if parser.parse_args().quick else 9
    with tempfile.TemporaryDirectory(prefix="cascade-bench-") as name:
        file = scene.made(Path(name), "issued", partial(scene.issued, 30))
        cascade = [sys.executable, str(CHECKOUT / "cli.py"), "--db", str(file), "--as", scene.ACTOR]
        commands = {
            "python, nothing": [sys.executable, "-c", ""],
            "cascade --help (aim 0.3 s)": [*cascade, "--help"],
            "cascade status (aim 0.9 s)": [*cascade, "status", "1"],
            "cascade plans": [*cascade, "plans"],
            "cascade advance": [*cascade, "advance", "1", scene.code(1), "disseminate"],
        }
        taken: dict[str, list[float]] = {title: [] for title in commands}
        for turn in range(rounds + 1):
            for title, command in commands.items():
                seconds = cpu_of([*command, "--dry-run"] if "advance" in title else command)
                if turn:  # the first one may compile
                    taken[title].append(seconds)
    for title, figures in taken.items():
        print(f"{title}: {statistics.median(figures):.2f} s CPU ({min(figures):.2f} to {max(figures):.2f})")


def cpu_of(command: list[str]) -> float:
    """The processor's time that a command takes; raises CalledProcessError when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
