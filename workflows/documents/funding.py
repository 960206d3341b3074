"""Owns where the money comes from: the sentences under "Kinh phí thực hiện", and those of running text that begin so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.outline import Section
from workflows.plans import Funding

_HEADING = re.compile(r"(?:(?:dự toán|nguồn|về|bố trí)\s+)?kinh phí(?!\w)")
_SAYS = re.compile(  # "Kinh phí thực hiện do ngân sách xã bảo đảm"; "sử dụng kinh phí đã giao trong dự toán"
    r"(?<!\w)(?:(?:nguồn\s+)?kinh phí\s[^.;]{0,120}?(?:từ|do|trong|lấy|bố trí|bảo đảm|đảm bảo|chi|cân đối|theo|tự túc|xã hội)"
    r"|(?:sử dụng|cân đối|bố trí|trích|huy động|lấy)\s+(?:từ\s+)?(?:các\s+)?(?:nguồn\s+)?(?:kinh phí|ngân sách|nguồn vốn|quỹ\s)"
    r"|(?:do|từ|trong)\s+(?:nguồn\s+)?(?:ngân sách|dự toán)|nguồn xã hội hóa)(?!\w)"
)
_OPENS = re.compile(
    r"(?:(?:về|nguồn)\s+)?kinh phí\s+(?:thực hiện|triển khai|tổ chức|chi|phục vụ|bảo đảm|đảm bảo|do|được|lấy|từ)(?!\w)"
)
_SENTENCE = re.compile(r"[^.;]+(?:\.(?=\S)[^.;]+)*")  # "5.000.000 đồng" is one
_MOST = 20  # of one document
_LONGEST_HEADING = 80  # characters


def funding(root: Section) -> tuple[Funding, ...]:
    """What a document says of its money, in order."""
    return tuple(islice(_each(root, headed=False), _MOST))


def _each(section: Section, *, headed: bool) -> Iterator[Funding]:
    headed = headed or (len(section.title) <= _LONGEST_HEADING and _HEADING.match(low(section.title)) is not None)
    for block in (*((section.block,) if section.block else ()), *section.paragraphs):
        yield from _told(block, headed)
    for child in section.children:
        yield from _each(child, headed=headed)


def _told(block: Block, headed: bool) -> Iterator[Funding]:
    for sentence in _SENTENCE.finditer(block.text[:2000]):
        said = low(sentence[0]).strip()
        if _SAYS.search(said) and (headed or _OPENS.match(said)):
            start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
            text = quoted(sentence[0])
            yield Funding(text=text, phrase=text, line=block.line_at(start), confidence=0.9 if headed else 0.8)
