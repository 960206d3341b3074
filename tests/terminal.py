"""A real terminal for tests: the program in a process of its own, at whose keys the test sits."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType

from tests.conftest import CHECKOUT

_COLOURS = re.compile(r"\x1b\[\??[0-9;]*[A-Za-z]")  # and what else a terminal is told to do


class Terminal:
    """The program on a pseudo-terminal of some width; a context manager that ends what still runs."""

    def __init__(self, *arguments: object, columns: int, folder: Path, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CASCADE", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES"))
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LEADER, *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env={**inherited, "PYTHONPATH": str(CHECKOUT), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )
        os.close(theirs)
        self._bytes = b""
        self._read = 0  # how far the test has looked, in letters without colours

    def until(self, words: str, seconds: float = 60.0) -> str:
        """What is printed up to and including some words, without colours, since the last time."""
        deadline = time.monotonic() + seconds
        while (at := self._plain.find(words, self._read)) < 0:
            assert time.monotonic() < deadline, f"waited for {words!r} in {self._plain[self._read :]!r}"
            assert self._more(), f"ended before {words!r}: {self._plain[self._read :]!r}"
        begin, self._read = self._read, at + len(words)
        return self._plain[begin : self._read]

    @property
    def shown(self) -> str:
        """Everything that was printed, colours included."""
        return self._bytes.decode("utf-8", "ignore")

    @property
    def _plain(self) -> str:
        return _COLOURS.sub("", self.shown).replace("\r\n", "\n")

    def type(self, text: str) -> None:
        """Type; control keys are their letters: "\\x03" is Ctrl-C, "\\x04" Ctrl-D."""
        self.raw(text.encode())

    def raw(self, keys: bytes) -> None:
        """Type bytes as they are."""
        os.write(self._ours, keys)

    def end(self) -> int:
        """Wait for the end; returns the exit code."""
        while self._more():
            pass
        return self._process.wait(timeout=60)

    def _more(self) -> bool:
        if not select.select([self._ours], [], [], 1.0)[0]:
            return self._process.poll() is None
        try:
            chunk = os.read(self._ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self._bytes += chunk
        return bool(chunk)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)


# The terminal becomes the process's own, so that Ctrl-C reaches it.
_LEADER = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); import cli; cli.main()"
