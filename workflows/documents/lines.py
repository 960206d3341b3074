"""Owns the way from a file's rows to clean, numbered lines of text; what they say is the other rooms' business.

How each kind of file gives its rows is told in files/.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from engine.errors import InputError
from workflows.documents.files import Row, read_rows
from workflows.documents.files.flat_tables import rows_of_flat_tables
from workflows.documents.files.noise import Mender, masked, running_heads

# No range: between À and Ỹ small letters stand too.
CAPITALS = "[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
_LARGEST = 500_000  # characters; a document of thirty pages has a hundred thousand
_MOST_LINES = 5_000  # that say something; a page has thirty
_LONGEST = 200_000  # characters of one line; more is no text that people read
_LONGEST_OF_COLUMNS = 240  # characters; a longer line is running text, whatever its gaps

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"\*|\\(?=[*_#\\.()\[\]|>~`!+-])|`|~~|</?(?:b|i|u|strong|em|center|p|div|span)\b[^<>]{0,80}>|(?<!\w)_+|_+(?!\w)"
)
_BULLET = re.compile(r"(?:[-–—•●▪◦·+❖✓✔➢➤►▶♦◆■□○⇒]+(?:\s+|(?=[^\W\d_(])))+")
_STAR = re.compile(r"\s*\*\s+(?=\S)")
# A wide gap parts two columns, but not where a number or a date was left blank to be filled in by hand.
_COLUMNS = re.compile(
    r"(?<=\S)(?:(?<!ngày)(?<!tháng)(?<!năm)(?<!Số)(?<!Số:)|(?=\s+[A-ZĐ][a-zà-ỹ]))(?:\s{4,}|\t+\s*)(?=\S)"
    r"(?!tháng|năm|/\s?[A-ZĐ]|[-–](?:[A-ZĐ]|\s[A-ZĐ]\w{0,6}/))"
)
_MARK_ALONE = re.compile(
    r"[-–—•●▪◦·+*]|(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[a-zđ])[.)]?|Điều \d{1,3}[.:]?"
)  # a tab follows it
_HEADER = re.compile(r"\s{0,20}(?P<number>S?TT|Số TT)(?=\s+\S)")  # of a table that spaces set
_APART = re.compile(r"(?<!\S)\S+(?: \S+){0,12}")
_RULE = re.compile(r"[-–—_=*.:|\s\\]{0,200}")
_BREAK = re.compile(r"<br\s*/?>")
_PAGE_NUMBER = re.compile(r"(?:(?:trang|page)\s*)?[-–]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–]?", re.IGNORECASE)

# The older way to place tone marks, so that one spelling is searched for; both have the same length.
_OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONES = re.compile(r"[ou](?<!q.)(?:(?<=o)[àáảãạ]|(?<=u)[ỳýỷỹỵ])(?!\w)")  # the letter first: every line is searched for it
_HALF_HORNED = re.compile(r"u(?<!qu)(?=[ơớờởỡợ][^\W\d_])")  # "truớc", "nguời": typed with one horn where there are two


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the document, or one column of it, without its markup."""

    number: int  # 1-based, as in the file
    text: str  # NFC, single spaces, no bullet
    bullet: str = ""  # "-", "+" or "" where there is none
    level: int = 0  # of a markdown heading; 0: none
    bold: bool = False
    column: int = 0  # 0: the left one, or the only one
    gap: bool = False  # an empty line, or a rule, stands before it
    rule: bool = False  # a rule stands before it


def read_lines(path: str | Path) -> tuple[Line, ...]:
    """The lines of a document; raises InputError when the file is missing, empty, damaged, too large or not text."""
    return clean_rows(read_rows(path), str(path))


def clean(text: str, name: str) -> tuple[Line, ...]:
    """The same for a document's text; ``name`` is for messages."""
    if len(text) > _LARGEST:
        raise _too_long(name)
    return clean_rows([(line,) for line in unicodedata.normalize("NFC", text).split("\n")], name)


def clean_rows(rows: Sequence[Row], name: str) -> tuple[Line, ...]:
    """The lines that say something, in order; empty ones, rules, page numbers and headers only leave a gap.

    Raises InputError, naming the file, when text or line is longer than any document's.
    """
    rows = rows_of_flat_tables(rows)
    lines = ["\t".join(row) for row in rows]
    if sum(map(len, lines)) > _LARGEST:
        raise _too_long(name)
    long = next((number for number, line in enumerate(lines, 1) if len(line) > _LONGEST), None)
    if long:
        raise InputError("this line is too long for a document.", file=name, line=long, remedy="Give text in paragraphs.")
    breaks = [_PAGE_NUMBER.fullmatch(line.strip()) is not None or ("\f" in line and not line.strip()) for line in lines]
    heads, mender = running_heads(lines, breaks), Mender("\n".join(lines))
    if sum(map(bool, map(str.strip, lines))) > _MOST_LINES:
        raise _too_long(name)
    found: list[Line] = []
    gap = rule = bold = False
    grid: tuple[int, ...] | None = None
    for number, (row, raw) in enumerate(zip(rows, lines, strict=True), 1):
        stripped = raw.strip()
        marks = stripped.count("**")
        starts_bold, bold = bold or stripped.lstrip("#-+ ").startswith("**"), (bold != (marks % 2 == 1)) and bool(stripped)
        if _RULE.fullmatch(stripped) or breaks[number - 1] or masked(raw) in heads:
            drawn = len(stripped) > 2 and "|" not in stripped and _RULE.fullmatch(stripped) is not None
            gap, rule = True, rule or drawn
            continue
        grid = _grid(raw) or grid
        cells = _on_grid(raw, grid, gap) if grid else []
        grid = grid if cells else None
        for column, cell in cells or (_columns(raw) if len(row) == 1 else enumerate(row)):
            line = _line(number, cell, column, starts_bold, gap, rule, mender)
            if line.text:
                found.append(line)
                gap = rule = False
    return tuple(found)


def _grid(raw: str) -> tuple[int, ...] | None:
    """Where the columns of a table begin that spaces set, by its header; only where each stands apart from the next."""
    header = _HEADER.match(raw) if "|" not in raw and "\t" not in raw else None
    starts = (
        [header.start("number"), *(header.end() + each.start() for each in _APART.finditer(raw[header.end() :]))]
        if header
        else []
    )
    return tuple(starts) if len(starts) > 2 else None


def _on_grid(raw: str, grid: tuple[int, ...], gap: bool) -> list[tuple[int, str]]:
    """The cells of a row below such a header, or of its going on; none where words run across a column's beginning."""
    if any(raw[start - 1 : start].strip() for start in grid[1:]) or raw[: grid[0]].strip() or "\t" in raw:
        return []
    cells = [raw[start:end].strip() for start, end in pairwise((*grid, len(raw)))]
    said = [(place, cell) for place, cell in enumerate(cells) if cell]
    heads = len(said) == 2 and re.fullmatch("[IVX]{1,5}", cells[0]) is not None  # a part of the table
    return said if (len(said) > 2 or heads if cells[0] else not gap) else []


def _too_long(name: str) -> InputError:
    return InputError("the text is too long for a document.", file=name, remedy="Give the document alone.")


@lru_cache(maxsize=8_000)
def low(text: str) -> str:
    """Lower case with one placing of tone marks, character by character: positions stay the same."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return _HALF_HORNED.sub("ư", _TONES.sub(lambda match: _OLD_TONES[match[0]], lowered))


def quoted(text: str) -> str:
    """The words of the document that a fact keeps beside it: the first 200 characters."""
    return text[:200].strip()


def _columns(raw: str) -> list[tuple[int, str]]:
    """The lines in the cells of a line that was set in columns, or of a table's row, each with its column's place."""
    stripped = raw.strip()
    if stripped.startswith("|"):  # an empty cell keeps its place
        columns = stripped[1:].removesuffix("|").split("|")
    elif len(raw) > _LONGEST_OF_COLUMNS:
        return [(0, raw)]
    else:
        piped = stripped.endswith("|") or stripped.count(" | ") > 1  # Markdown's rows need no outer ones
        columns = stripped.removesuffix("|").split("|") if piped else _parted(stripped)
    cells = [(place, line) for place, cell in enumerate(columns) for line in _BREAK.split(cell)]
    return [(place, line) for place, line in cells if not _RULE.fullmatch(line.strip())] or [(0, "")]


def _parted(line: str) -> list[str]:
    """A line's columns; a number or bullet before a tab belongs to what follows it."""
    first, *others = _COLUMNS.split(line)
    return [f"{first} {others[0]}", *others[1:]] if others and _MARK_ALONE.fullmatch(first) else [first, *others]


def _line(number: int, cell: str, column: int, bold: bool, gap: bool, rule: bool, mender: Mender) -> Line:
    text = _INVISIBLE.sub("", cell).replace("&nbsp;", " ").replace("\xa0", " ").replace("&amp;", "&")
    star = _STAR.match(text)
    heading = re.match(r"\s*(#{1,6})\s*", text)
    text = text[heading.end() :] if heading else "- " + text[star.end() :] if star else text
    text = " ".join(mender.mend(_MARKUP.sub("", text)).split())
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    return Line(
        number=number,
        text=text,
        bullet="" if not bullet else "+" if "+" in bullet[0] else "-",
        level=len(heading[1]) if heading else 0,
        bold=bold,
        column=column,
        gap=gap,
        rule=rule,
    )
