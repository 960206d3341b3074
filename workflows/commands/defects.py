"""Keeps the traceback of an unexpected error in a file, for whoever mends the program; people at the terminal get one line."""

from __future__ import annotations

import os
import platform
import re
import shlex
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workflows.commands.context import data_folder


def keep(error: Exception, arguments: Sequence[str]) -> str:
    """Write the traceback into a file of its own; returns the sentence that says where it is."""
    name = f"defect-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}.txt"
    text = _report(error, arguments)
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue  # the next folder may be writable
        return f"Please report it with {folder / name}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"Its traceback could not be kept; it ended in {place.filename}, line {place.lineno}: {error}"


def state_folder() -> Path:
    """The user's folder for what a program notes down (XDG Base Directory); on Windows that of its data."""
    if sys.platform == "win32":
        return data_folder()
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "plan-cascade"


def _folders() -> Iterator[Path]:
    with suppress(RuntimeError):  # nobody's home is known
        yield state_folder()
    yield Path(tempfile.gettempdir())


def _report(error: Exception, arguments: Sequence[str]) -> str:
    try:
        program = version("plan-cascade")
    except PackageNotFoundError:
        program = "not installed"
    given = re.sub(r"(://[^:@/\s]*):[^@/\s]*@", r"\1:***@", shlex.join(arguments))  # a password in a database URL
    system = f"plan-cascade {program}, Python {platform.python_version()}, {platform.platform()}"
    trace = "".join(traceback.format_exception(error))
    return f"{system}\ncascade {given}\n\n{trace}"
