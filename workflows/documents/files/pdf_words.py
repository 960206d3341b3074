"""Owns the reading of a PDF's words with their places; runs as a program of its own, so that a hostile file harms only that.

``python -P pdf_words.py FILE`` prints JSON: {"pages": [{"width", "height", "words": [[x0, x1, y, height, font, text], ...],
"rules": [[x0, y0, x1, y1], ...]}, ...]}, in points from the left and the bottom; rules are drawn lines and boxes. Where a file is
not read, {"error": "locked" | "damaged" | "large"}. It imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top

MEMORY = 112 * 1024 * 1024  # bytes of data that it may use
SECONDS = 4  # of the processor
_MOST_PAGES = 300
_MOST_LETTERS = 600_000  # of the whole document; twenty pages have sixty thousand
_MOST_ON_PAGE = 60_000
_MOST_DRAWN = 20_000  # things on a page, looked at for drawn lines
_FARTHEST = 10_000.0  # points; what lies farther off is on no page
_SMALL = 0.75  # of the size of a word's first letter
_LOCKED = 4  # FPDF_ERR_PASSWORD
_TOKEN = re.compile(r"[^\s\ufffe]+\ufffe?")  # U+FFFE: a hyphen at a line's end, where pdfium leaves out the break behind it


class _Refused(Exception):
    """Why a file is not read, in one word."""


def words_of(path: str) -> list[dict[str, Any]]:
    """The pages of a PDF with their words; raises _Refused."""
    import pypdfium2_raw as pdfium

    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
    if not document:
        raise _Refused("locked" if pdfium.FPDF_GetLastError() == _LOCKED else "damaged")
    count = pdfium.FPDF_GetPageCount(document)
    if count > _MOST_PAGES:
        raise _Refused("large")
    pages, letters = [], 0
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            continue
        text = pdfium.FPDFText_LoadPage(page)
        here = pdfium.FPDFText_CountChars(text) if text else 0
        letters += max(here, 0)
        if here > _MOST_ON_PAGE or letters > _MOST_LETTERS:
            raise _Refused("large")
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        turned = _turned(pdfium.FPDFPage_GetRotation(page), width, height)
        words = list(_words(pdfium, text, here, turned)) if here > 0 else []
        pages.append({"width": width, "height": height, "words": words, "rules": list(_rules(pdfium, page, turned))})
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    return pages


def _turned(quarters: int, width: float, height: float) -> Callable[[Box], Box]:
    """From places on a page to places on it as it is shown, so wide and high: turned clockwise by so many quarters."""
    if quarters == 1:
        return lambda box: (box[1], height - box[2], box[3], height - box[0])
    if quarters == 2:
        return lambda box: (width - box[2], height - box[3], width - box[0], height - box[1])
    if quarters == 3:
        return lambda box: (width - box[3], box[0], width - box[1], box[2])
    return lambda box: box


def _words(pdfium: Any, text: Any, count: int, turned: Callable[[Box], Box]) -> Iterator[list[Any]]:
    content = (ctypes.c_ushort * (2 * count + 2))()
    written = pdfium.FPDFText_GetText(text, 0, count, content)
    said = bytes(content)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    plain = len(said) == written - 1 == count  # each letter of the text is one of the page
    wide = 0  # letters before that take two units
    first, last, name, flags = pdfium.FS_RECTF(), pdfium.FS_RECTF(), ctypes.create_string_buffer(128), ctypes.c_int()
    for match in _TOKEN.finditer(said):
        begin, end = match.start(), match.end() - 1
        if not plain:
            inner = sum(letter > "\uffff" for letter in match[0])
            begin = pdfium.FPDFText_GetCharIndexFromTextIndex(text, begin + wide)
            end = pdfium.FPDFText_GetCharIndexFromTextIndex(text, end + wide + inner)
            wide += inner
        if not (pdfium.FPDFText_GetLooseCharBox(text, begin, first) and pdfium.FPDFText_GetLooseCharBox(text, end, last)):
            continue
        corner = min(first.left, last.left), min(first.bottom, last.bottom)
        x0, y0, x1, y1 = turned((*corner, max(first.right, last.right), max(first.top, last.top)))
        if -_FARTHEST < x0 <= x1 < _FARTHEST and -_FARTHEST < y0 < y1 < _FARTHEST:
            length = pdfium.FPDFText_GetFontInfo(text, begin, name, len(name), flags)
            font = name.value.decode("utf-8", "replace") if 0 < length <= len(name) else ""
            word = _unmarked(pdfium, text, begin, end, match[0]).replace("\ufffe", "-")
            yield [round(x0, 1), round(x1, 1), round(y0, 1), round(y1 - y0, 1), font, word]


def _unmarked(pdfium: Any, text: Any, begin: int, end: int, word: str) -> str:
    """A word without the small figure at its end that leads to a note: "NĐ-CP" and "1"."""
    while len(word) > 1 and word[-1].isdecimal():
        if pdfium.FPDFText_GetFontSize(text, end) > _SMALL * pdfium.FPDFText_GetFontSize(text, begin):
            break
        word, end = word[:-1], end - 1
    return word


def _rules(pdfium: Any, page: Any, turned: Callable[[Box], Box]) -> Iterator[list[float]]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for n in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_DRAWN)):
        drawn = pdfium.FPDFPage_GetObject(page, n)
        if _seen(pdfium, drawn) and pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            box = turned((left.value, bottom.value, right.value, top.value))
            if all(-_FARTHEST < edge < _FARTHEST for edge in box):
                yield [round(edge, 1) for edge in box]


def _seen(pdfium: Any, drawn: Any) -> bool:
    """Whether it is a path that shows on white paper: word processors lay white boxes under paragraphs and cells."""
    if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
        return False
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    colour = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPath_GetDrawMode(drawn, filled, stroked) or stroked.value:
        return True
    known = pdfium.FPDFPageObj_GetFillColor(drawn, *colour)
    return bool(filled.value) and not (known and all(part.value == 255 for part in colour[:3]))


def main() -> None:
    """Read the file that is named on the command line, within bounds, and print its words."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such limits on Windows; the caller watches the time
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    try:
        answer: dict[str, Any] = {"pages": words_of(sys.argv[1])}
    except _Refused as refused:
        answer = {"error": str(refused)}
    except MemoryError:
        answer = {"error": "large"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
