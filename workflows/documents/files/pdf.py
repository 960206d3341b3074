"""Owns the way from a PDF with a text layer to rows; how words on a page become lines is pages.py's business.

The words are read by another process (pdf_words.py) with little memory and time, because a PDF may be made to take all there is.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from engine.errors import InputError
from workflows.documents.files.grid import Rule
from workflows.documents.files.pages import Page, Word, rows_of
from workflows.documents.files.rows import Row
from workflows.documents.files.syllables import is_syllable
from workflows.documents.files.text import reading_of

_PATIENCE = 20  # seconds; its processor time is limited to less, but the machine may be busy
_STAMPED = re.compile(r"(?:SAO Y|SAO LỤC|TRÍCH SAO)\s*;[^;]{2,120};[\d\s/:;+.]{8,60}")  # alone on the picture of a page
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 100  # of a text whose language can be told
_MOST_WORDS = 1_500  # that are looked at
_VIETNAMESE = 0.65  # of the words of a Vietnamese text, at least; papers have 0.75 and more, scans read as English 0.6 and less
_REFUSED = {
    "locked": ("the PDF is locked by a password.", "Open it, and print or save it without the password."),
    "damaged": ("the PDF is damaged or cut off.", "Get it anew, or open it and print it into a new PDF."),
    "large": (
        "the PDF needs more time or memory than a document.",
        "Give the document alone, or its text as .txt (UTF-8).",
    ),
}


def read_pdf(path: str | Path) -> tuple[Row, ...]:
    """The rows of a PDF; raises InputError when it is locked, damaged, without a text layer, or asks for too much."""
    pages = [_page(page) for page in _words(path)]
    if not any(page.words and not _STAMPED.fullmatch(" ".join(word.text for word in page.words)) for page in pages):
        remedy = "Have its text recognised (OCR) and give that: a PDF with text, or .txt."
        raise InputError("the PDF has no text layer: its pages are only pictures.", file=path, remedy=remedy)
    rows = rows_of(pages)
    said = "\n".join(cell for row in rows for cell in row)
    meant = reading_of(said)
    if meant:
        return tuple(tuple(meant(cell) for cell in row) for row in rows)
    if _recognised_as_other_language(said):
        remedy = "Have its text recognised (OCR) anew, as Vietnamese, and give that."
        raise InputError("the PDF's text is not Vietnamese: it was recognised as another language.", file=path, remedy=remedy)
    return rows


def _recognised_as_other_language(said: str) -> bool:
    """Whether most words are none of Vietnamese, as scanners write them that were set to English: "DQc l$p - Tu do"."""
    words = _WORD.findall(said.lower())[:_MOST_WORDS]
    return len(words) >= _LEAST_WORDS and sum(map(is_syllable, words)) < _VIETNAMESE * len(words)


def _words(path: str | Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-P", str(Path(__file__).with_name("pdf_words.py")), str(path)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False)
        refused = "damaged" if done.returncode > 0 else "large"  # below 0: killed for the time or the memory that it took
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"error": refused}
    except subprocess.TimeoutExpired:
        answer = {"error": "large"}
    except ValueError:
        answer = {"error": "damaged"}
    if "error" in answer:
        message, remedy = _REFUSED[answer["error"]]
        raise InputError(message, file=path, remedy=remedy)
    pages: list[dict[str, Any]] = answer["pages"]
    return pages


def _page(found: dict[str, Any]) -> Page:
    words = [Word(x0, x1, y, height, font, text) for x0, x1, y, height, font, text in found["words"]]
    rules = [Rule(*edges) for edges in found["rules"]]
    return Page(width=found["width"], height=found["height"], words=words, rules=rules)
