"""Owns the parts of an Office package (a zip of XML files) and the bounds within which they are unpacked and parsed."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from engine.errors import InputError

_LARGEST_LIST = 1024 * 1024  # bytes of the zip's list of files: ten thousand of them
_LARGEST_PART = 16 * 1024 * 1024  # bytes, unpacked; a document of twenty pages has half a million
_MOST_LETTERS = 2_000_000  # of text in one part; twenty pages have sixty thousand
_MOST_ELEMENTS = 250_000  # of one part; a document of twenty pages has twenty thousand
_DEEPEST = 150  # elements inside each other; a table in a table has thirty
_PIECE = 64 * 1024  # bytes that are parsed at once
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)


@contextmanager
def opened(path: str | Path) -> Iterator[Package]:
    """An Office package; what a damaged or hostile file brings about in the ``with`` statement becomes an InputError."""
    try:
        _check_list(path)
        with zipfile.ZipFile(path) as packed:
            yield Package(packed)
    except _Bound as error:
        remedy = "Give the document alone, without what is embedded in it, or save its text as .txt (UTF-8)."
        raise InputError(f"this is no document that people read: {error}.", file=path, remedy=remedy) from error
    except (ParseError, *_DAMAGED) as error:
        remedy = "Get it anew, or open it and save it again as .docx."
        raise InputError("the file is damaged, cut off or locked.", file=path, remedy=remedy) from error


class Package:
    """The parts of an open package."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._zip = packed

    def names(self) -> frozenset[str]:
        """The parts that the package has."""
        return frozenset(self._zip.namelist())

    def elements(self, name: str, depth: int) -> Iterator[Element]:
        """The elements of a part that have ``depth`` others around them, one after the other; nothing for a part that is missing.

        Tags and attributes come without their namespaces.
        """
        if name not in self.names():
            return
        info = self._zip.getinfo(name)
        if info.file_size > _LARGEST_PART:
            raise _Bound("a part of it would unpack to a huge size")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("packed in a way that Office does not use")
        target = _Target(depth)
        parser = XMLParser(target=target)
        unpacked = 0
        with self._zip.open(info) as part:
            while piece := part.read(_PIECE):
                unpacked += len(piece)
                if unpacked > _LARGEST_PART:
                    raise _Bound("a part of it unpacks to a huge size")
                parser.feed(piece)
                yield from target.take()
        parser.close()
        yield from target.take()


class _Bound(Exception):
    """More than any document has."""


class _Target:
    """Builds the elements of one depth and forgets them when they are taken."""

    def __init__(self, depth: int) -> None:
        self._at, self._wanted, self._count, self._letters = 0, depth, 0, 0
        self._builder = TreeBuilder()
        self._done: list[Element] = []

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _Bound("it defines entities, which no word processor writes")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise _Bound("it has hundreds of thousands of paragraphs or pieces")
        if self._at > _DEEPEST:
            raise _Bound("its elements stand too deep inside each other")
        if self._at >= self._wanted:
            plain = {name.rpartition("}")[2]: value for name, value in attributes.items()} if attributes else {}
            self._builder.start(tag.rpartition("}")[2], plain)
        self._at += 1

    def end(self, tag: str) -> None:
        self._at -= 1
        if self._at >= self._wanted:
            self._builder.end(tag.rpartition("}")[2])
        if self._at == self._wanted:
            self._done.append(self._builder.close())
            self._builder = TreeBuilder()

    def data(self, data: str) -> None:
        self._letters += len(data)
        if self._letters > _MOST_LETTERS:
            raise _Bound("it holds more text than a book")
        if self._at > self._wanted:
            self._builder.data(data)

    def close(self) -> None:
        return None


def _check_list(path: str | Path) -> None:
    """Refuse a zip whose list of files alone would fill the memory; zipfile reads it whole."""
    with Path(path).open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 0x10000 - 22))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if length > _LARGEST_LIST:
        raise _Bound("it holds more files than a document does")
