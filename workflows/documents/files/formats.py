"""Owns which format a file has, told by its first bytes, and the sizes up to which files are opened."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from engine.errors import InputError
from workflows.documents.files.rows import Row

_LARGEST = 64 * 1024 * 1024  # bytes; a document of twenty pages with their pictures has ten million
_LARGEST_TEXT = 8 * 1024 * 1024  # bytes; twenty pages have a hundred thousand
_RECOGNISED = "Have its text recognised (OCR) and give that as .txt."
_OLDER = (  # what the first bytes of a file of another writer match, and what it is
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an Office file that is old (.doc) or locked by a password"),
    (re.compile(rb"\{\\rtf"), "an RTF file"),
    (re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.text", re.DOTALL), "an OpenDocument text (.odt)"),
)
_REFUSED = (  # how a file begins, what it is, what to do
    (b"\xff\xd8\xff", "a picture", _RECOGNISED),
    (b"\x89PNG", "a picture", _RECOGNISED),
    (b"II*\x00", "a picture", _RECOGNISED),
    (b"Rar!", "an archive", "Unpack it and give the document."),
    (b"7z\xbc\xaf", "an archive", "Unpack it and give the document."),
)


def read_rows(path: str | Path) -> tuple[Row, ...]:
    """The rows of a .txt, .md, .docx or .pdf file in NFC, told by its first bytes, not by its name.

    A .doc, .rtf or .odt is read through LibreOffice, where that is there. Raises InputError when the file is missing, empty, too
    large, damaged, locked, or of another kind.
    """
    return tuple(tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in _rows(path))


def _rows(path: str | Path) -> tuple[Row, ...]:
    start = _read(path, 1024, None)
    for pattern, kind in _OLDER:
        if pattern.match(start):
            from workflows.documents.files.older import read_older

            _read(path, 0, _LARGEST)
            return read_older(path, kind)
    if start.startswith(b"PK\x03\x04"):
        from workflows.documents.files.word import read_word

        _read(path, 0, _LARGEST)
        return read_word(path)
    if b"%PDF-" in start:
        from workflows.documents.files.pdf import read_pdf

        _read(path, 0, _LARGEST)
        return read_pdf(path)
    for beginning, kind, remedy in _REFUSED:
        if start.startswith(beginning):
            raise InputError(f"this is {kind}, which is not read.", file=path, remedy=remedy)
    from workflows.documents.files.text import decode

    return tuple((line,) for line in decode(_read(path, _LARGEST_TEXT, _LARGEST_TEXT), str(path)).split("\n"))


def _read(path: str | Path, most: int, largest: int | None) -> bytes:
    """The first bytes of a file; raises InputError when it is not there, or larger than ``largest``."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(most)
            size = file.seek(0, 2) if file.seekable() else len(content) + len(file.read(1))
    except FileNotFoundError:
        raise InputError("there is no such file.", file=path, remedy="Check the path.") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot be read ({reason}).", file=path, remedy="Check the path and its permissions.") from error
    if largest is not None and size > largest:
        raise InputError("the file is too large for a document.", file=path, remedy="Give the document alone.")
    if largest is None and not content.strip():
        raise InputError("the file is empty.", file=path, remedy="Give a file with content.")
    return content
