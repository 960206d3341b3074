"""Owns the way from .doc, .rtf and .odt to rows: LibreOffice, where the machine has it, turns the file into a .docx first."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from engine.errors import InputError
from workflows.documents.files.rows import Row
from workflows.documents.files.word import read_word

_COMMANDS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_LONGEST = 60  # seconds; a document of twenty pages takes two, the first one on a machine ten
_MEMORY = 1024 * 1024  # kilobytes that it may write to; such a document takes a tenth
_SUFFIXES = {b"\xd0\xcf\x11\xe0": ".doc", b"{\\rt": ".rtf", b"PK\x03\x04": ".odt"}


def read_older(path: str | Path, kind: str) -> tuple[Row, ...]:
    """The rows of a file of another writer, as of the .docx that is made of it; ``kind``: what messages call the file.

    Raises InputError where there is no LibreOffice, and for what it cannot open or is not done with after a minute. Nothing is
    written but in a folder of its own that is deleted; macros are not run.
    """
    if not (command := next((found for each in _COMMANDS if (found := shutil.which(each))), None)):
        remedy = "Save it as a Word document (.docx) or as text (.txt, UTF-8), or install LibreOffice, through which it is read."
        raise InputError(f"this is {kind}, which is not read without LibreOffice.", file=path, remedy=remedy)
    with tempfile.TemporaryDirectory(prefix="plan-cascade-") as name:
        folder = Path(name)
        source = folder / f"document{_beginning(path)}"  # LibreOffice goes by the name's ending
        shutil.copyfile(path, source)
        ended = _convert(command, source)
        made = folder / "made" / "document.docx"
        if not made.is_file():
            late = f"LibreOffice was not done with it after {_LONGEST} seconds"
            why = "damaged, locked, too large or no text" if ended else late
            remedy = "Open it and save it as a Word document (.docx), without a password, and give that."
            raise InputError(f"this is {kind}, which cannot be opened: {why}.", file=path, remedy=remedy)
        try:
            return read_word(made)
        except InputError as error:  # it is not the reader's copy that is to be mended
            raise InputError(error.message.removeprefix(f"{made}: "), file=path, remedy=error.remedy) from error


def _beginning(path: str | Path) -> str:
    with Path(path).open("rb") as file:
        return _SUFFIXES[file.read(4)]


def _convert(command: str, source: Path) -> bool:
    """Let LibreOffice make ``made/document.docx`` beside a file, if it can; whether it ended by itself."""
    profile = (source.parent / "profile").as_uri()  # of its own: one LibreOffice does not wait for another
    options = [f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx"]
    arguments = [command, *options, "--outdir", str(source.parent / "made"), str(source)]
    if os.name == "posix":
        arguments = ["/bin/sh", "-c", f'ulimit -d {_MEMORY}; exec "$@"', "sh", *arguments]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(arguments, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            process.wait(_LONGEST)
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end(process)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs, and those that it started."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
