"""Owns the reading of a PDF's words with their places; runs as a program of its own, so that a hostile file harms only that.

``python -P pdf_words.py FILE`` prints JSON: {"pages": [{"width", "height", "words": [[x0, x1, y, height, font, text], ...],
"rules": [[x0, y0, x1, y1], ...]}, ...]}, in points from the left and the bottom; rules are drawn lines and boxes. Where a file is
not read, {"error": "locked" | "damaged" | "large"}. It imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 112 * 1024 * 1024  # bytes of data that it may use
SECONDS = 4  # of the processor
_MOST_PAGES = 300
_MOST_LETTERS = 600_000  # of the whole document; twenty pages have sixty thousand
_MOST_ON_PAGE = 60_000
_MOST_DRAWN = 20_000  # things on a page, looked at for drawn lines
_LOCKED = 4  # FPDF_ERR_PASSWORD
_TOKEN = re.compile(r"\S+")


class _Refused(Exception):
    """Why a file is not read, in one word."""


def words_of(path: str) -> list[dict[str, Any]]:
    """The pages of a PDF with their words; raises _Refused."""
    import pypdfium2_raw as pdfium

    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadDocument(path.encode(), None)
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
        size = {"width": pdfium.FPDF_GetPageWidthF(page), "height": pdfium.FPDF_GetPageHeightF(page)}
        words = list(_words(pdfium, text, here)) if here > 0 else []
        pages.append({**size, "words": words, "rules": list(_rules(pdfium, page))})
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    return pages


def _words(pdfium: Any, text: Any, count: int) -> Iterator[list[Any]]:
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
        x0, x1, y, height = min(first.left, last.left), max(first.right, last.right), first.bottom, first.top - first.bottom
        if -1e4 < x0 <= x1 < 1e4 and -1e4 < y < 1e4 and 0 < height < 1e4:
            length = pdfium.FPDFText_GetFontInfo(text, begin, name, len(name), flags)
            font = name.value.decode("utf-8", "replace") if 0 < length <= len(name) else ""
            yield [round(x0, 1), round(x1, 1), round(y, 1), round(height, 1), font, match[0]]


def _rules(pdfium: Any, page: Any) -> Iterator[list[float]]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for n in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_DRAWN)):
        drawn = pdfium.FPDFPage_GetObject(page, n)
        if pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPageObj_GetBounds(
            drawn, left, bottom, right, top
        ):
            box = [round(edge.value, 1) for edge in (left, bottom, right, top)]
            if all(-1e4 < edge < 1e4 for edge in box):
                yield box


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
