"""What a client was about to do and what was answered: lines in a file of its own, which survive its SIGKILL.

Each line is a JSON object with "at" (seconds of the machine's monotonic clock) and one of: "asked" (a command), "done" (a
command's key, with the facts), "refused" or "away" (key, with the error), "fault" (a traceback).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """A file to which lines are added, one write each."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, **facts: Any) -> None:
        """Add a line: once this returns, only the machine's own end can take it back."""
        os.write(self._handle, json.dumps({"at": time.monotonic(), **facts}).encode() + b"\n")


class Journals:
    """The lines of several journals, one after the other; read anew each time, for there may be many."""

    def __init__(self, *files: Path) -> None:
        self._files = files

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for file in self._files:
            if file.exists():
                with file.open("rb") as opened:
                    yield from map(json.loads, opened)

    def count(self, what: str) -> int:
        """How many lines say "done", or another of these words; also while they are written."""
        return sum(file.read_bytes().count(f'"{what}": '.encode()) for file in self._files if file.exists())
