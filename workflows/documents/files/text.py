"""Owns the way from a text file's bytes to Unicode: UTF-8, UTF-16, Windows-1258; TCVN3 and VNI where statistics tell."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator

from engine.errors import InputError
from workflows.documents.files.legacy import codes, from_tcvn3, from_vni
from workflows.documents.files.syllables import is_syllable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16 does
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE_ANEW = "Open it where it reads well and save it as UTF-8 text (in Notepad: Save as, encoding UTF-8)."
_WORD = re.compile(r"[^\W\d_]+")
_OF_TODAY = re.compile(r"[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")  # letters that no western table has
_SAMPLE = 60_000  # characters that statistics look at
_FEWEST = 3  # words with marks; below, nothing is proved
_SURE = 0.8  # share of those words that must be syllables
_CLEARLY = 0.25  # by which a reading must beat the letters as they stand


def decode(content: bytes, name: str) -> str:
    """The text of a file; raises InputError where the encoding cannot be told, rather than give wrong letters."""
    encoding = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None) or _utf16_without_bom(content)
    try:
        text = content.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding:
            raise InputError(f"this is not sound {encoding.upper()} text.", file=name, remedy=_SAVE_ANEW) from error
        text = _legacy(content, error, name)
    if "\x00" in text:
        raise InputError("this is a binary file, not text.", file=name, remedy="Give a .txt, .md, .docx or .pdf file.")
    if not text.strip():
        raise InputError("the file is empty.", file=name, remedy="Give a file with content.")
    read = reading_of(text)
    return (read(text) if read else text).replace("\r\n", "\n").replace("\r", "\n")


def reading_of(text: str) -> Callable[[str], str] | None:
    """How to read text whose letters were taken for those of another table ("Céng hßa", "Coäng hoøa", "Cá»™ng hÃ²a").

    None where it is text as it should be, or where that cannot be told.
    """
    if text.isascii() or _OF_TODAY.search(text):
        return None
    share, best = _best(text[:_SAMPLE])
    return best if share >= _SURE and share > _share(text) + _CLEARLY else None


def _legacy(content: bytes, error: UnicodeDecodeError, name: str) -> str:
    """The reading of bytes that are not UTF-8 under which nearly all words are Vietnamese."""
    western = "".join(_western(content))
    share, best = _best(western[:_SAMPLE])
    if share >= _SURE:
        return best(western)
    if len(content.decode("utf-8", "ignore").encode()) > 0.9 * len(content):
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("this line holds bytes that are no UTF-8 text.", file=name, line=line, remedy=_SAVE_ANEW) from error
    raise InputError(
        "it cannot be told which letters these bytes are: not UTF-8, and neither Windows-1258, TCVN3 (ABC) nor VNI gives"
        " Vietnamese words.",
        file=name,
        remedy=_SAVE_ANEW,
    ) from error


def _best(western: str) -> tuple[float, Callable[[str], str]]:
    """The reading that makes most words Vietnamese, and the share of them; of equals the likelier."""
    return max(((_share(read(western)), read) for read in _READINGS), key=lambda pair: pair[0])


def _of_windows(text: str) -> str:
    return _decoded(text, "cp1258")


def _of_utf8(text: str) -> str:
    return _decoded(text, "utf-8")


def _decoded(text: str, encoding: str) -> str:
    content = codes(text)
    try:
        return text if content is None else unicodedata.normalize("NFC", content.decode(encoding))
    except UnicodeDecodeError:
        return text


_READINGS: tuple[Callable[[str], str], ...] = (_of_utf8, _of_windows, from_tcvn3, from_vni)


def _western(content: bytes) -> Iterator[str]:
    """Pieces in Windows' western table; its five empty codes stay what they are."""
    for piece in re.split(rb"([\x81\x8d\x8f\x90\x9d])", content):
        yield piece.decode("latin-1") if len(piece) == 1 else piece.decode("cp1252")


def _share(text: str) -> float:
    """How many of the words with marks are Vietnamese syllables, from 0 to 1; 0 where there are too few to tell."""
    words = [word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii()]
    words = [word for word in words if not word.isupper()] or words  # capitals are often abbreviations
    return sum(map(is_syllable, words)) / len(words) if len(words) >= _FEWEST else 0.0


def _utf16_without_bom(content: bytes) -> str | None:
    """Of each pair of bytes one is nearly always 0, or 1, 3, 30 or 32, in Vietnamese text."""
    for encoding, high, small in (
        ("utf-16-le", content[1:4096:2], content[0:4096:2]),
        ("utf-16-be", content[0:4096:2], content[1:4096:2]),
    ):
        usual = sum(high.count(byte) for byte in (0x00, 0x01, 0x03, 0x1E, 0x20))
        if (
            len(high) >= 8
            and usual >= 0.95 * len(high)
            and high.count(0) >= 0.3 * len(high)
            and small.count(0) <= 0.02 * len(high)
        ):
            return encoding
    return None
