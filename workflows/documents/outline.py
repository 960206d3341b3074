"""Owns a body's sections: which paragraph stands under which number, and how sections are cited ("III.2")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workflows.documents.layout import Block, numbering
from workflows.documents.lines import low

_ORDINALS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")  # "Một là, …"
_PART = re.compile(r"(?P<part>[A-H])\s*[.)]\s+(?=\S)(?P<roman>)(?P<article>)(?P<decimal>)(?P<number>)(?P<letter>)(?P<ordinal>)")
_CHAPTER = re.compile(
    r"(?:Phần|PHẦN|Chương|CHƯƠNG)\s+(?:(?:thứ|THỨ)\s+(?P<word>(?i:nhất|hai|ba|tư|năm|sáu))|(?P<number>[IVX]{1,5}|\d{1,2}))"
    r"\s*(?:(?<=\w)\s*[.:–-]?\s*(?P<title>[^\s.:–-][^.;:]*))?[.:]?"
)
_WORDS = ("nhất", "hai", "ba", "tư", "năm", "sáu")
_ROMANS = ("I", "II", "III", "IV", "V", "VI")
_LONGEST_QUOTE = 20  # paragraphs; a mark that never closes is a slip
_NUMBER_KINDS = ("roman", "part", "article", "decimal", "number", "letter", "ordinal")


@dataclass(slots=True, kw_only=True)
class Section:
    """One numbered heading or item, with the paragraphs under it; the unnumbered opening is a section too."""

    number: str  # as written: "III", "2", "2.1", "a", "Điều 2"; "" for the opening
    depth: int  # 0 the opening and parts, 1 roman, 2 decimal of one part, …
    title: str  # the rest of the numbered line, which may be a whole paragraph
    block: Block | None  # the numbered line itself
    parent: Section | None
    paragraphs: list[Block] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)

    @property
    def path(self) -> str:
        """How the section is cited: "III.2", "II.2.1"; letters and numbers after their parents."""
        above = self.parent if not self.number.startswith("Điều") else None  # articles count through all chapters
        while above is not None and above.number and self.number.startswith(above.number + "."):
            above = above.parent  # "2.1" already names the section "2" that it belongs to
        return f"{above.path}.{self.number}" if above is not None and above.number else self.number

    @property
    def line(self) -> int:
        """The line of its heading; 1 for the opening."""
        return self.block.line if self.block else 1

    def blocks(self) -> tuple[Block, ...]:
        """Its own line and all paragraphs below it, its sub-sections' too, in the document's order."""
        own = ((self.block,) if self.block else ()) + tuple(self.paragraphs)
        return own + tuple(block for child in self.children for block in child.blocks())

    def walk(self) -> tuple[Section, ...]:
        """It and every section below, in the document's order."""
        return (self, *(each for child in self.children for each in child.walk()))


def outline(blocks: Iterable[Block]) -> Section:
    """The body's sections under one opening, which holds what stands before the first number."""
    root = current = Section(number="", depth=0, title="", block=None, parent=None)
    listed = tuple(blocks)
    quoted = _quoted(listed)
    for n, block in enumerate(listed):
        if n in quoted:
            current.paragraphs.append(block)
            continue
        if chapter := _CHAPTER.fullmatch(block.text[:160]):
            number = _ROMANS[_WORDS.index(low(chapter["word"]))] if chapter["word"] else chapter["number"]
            current = Section(number=number, depth=0, title=chapter["title"] or "", block=block, parent=root)
            root.children.append(current)
            continue
        match = _next_part(block, current) or numbering(block.text)
        if not match and current.depth == 0 and current.number and not current.title and not current.paragraphs:
            current.title = block.text  # "Chương II", and what it is about in the next line
            continue
        if match is None or (block.bullet and not match["decimal"]):
            current.paragraphs.append(block)
            continue
        kind = next(kind for kind in _NUMBER_KINDS if match[kind])
        parent = _parent(current, _depth(kind, match[kind], current))
        current = Section(
            number=f"Điều {match[kind]}" if kind == "article" else match[kind],
            depth=_depth(kind, match[kind], current),
            title=block.text[match.end() :].strip().lstrip("-– "),
            block=block,
            parent=parent,
        )
        parent.children.append(current)
    return root


def _quoted(blocks: Sequence[Block]) -> set[int]:
    """The paragraphs that one quotation spans, "“2. Hồ sơ gồm: a) …; b) …”": its numbers are another paper's."""
    open_marks = [block.text.count("“") - block.text.count("”") for block in blocks]
    found: set[int] = set()
    for n, block in enumerate(blocks):
        if n not in found and open_marks[n] > 0:
            end = next((m for m in range(n + 1, min(n + _LONGEST_QUOTE, len(blocks))) if open_marks[m] < 0), n)
            found.update(range(n if block.text.startswith("“") else n + 1, end + 1))
    return found


def _next_part(block: Block, current: Section) -> re.Match[str] | None:
    """The letter after that of the part before, also over a sentence: "D. Đối với kiến nghị của huyện: …"."""
    part: Section | None = current
    while part is not None and part.depth > 0:
        part = part.parent
    match = _PART.match(block.text) if part is not None and part.number else None
    return match if match and part and ord(match["part"]) == ord(part.number) + 1 else None


def _is_letter(number: str) -> bool:
    return number.isalpha() and number.islower()


def _depth(kind: str, number: str, current: Section) -> int:
    if kind == "part":  # "A. ĐÁNH GIÁ CHUNG", with romans or numbers below
        return 0
    if kind in ("roman", "article"):
        return 1
    if kind in ("letter", "ordinal"):
        above = current
        while above.parent is not None and (_is_letter(above.number) or (kind == "ordinal" and above.number in _ORDINALS)):
            above = above.parent
        return max(above.depth, 1) + 1
    return 1 + number.count(".") + number[0].isdecimal()


def _parent(current: Section, depth: int) -> Section:
    while current.parent is not None and current.depth >= depth:
        current = current.parent
    return current
