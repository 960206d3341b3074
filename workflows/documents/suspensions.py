"""Owns what a document stops until further notice, and the papers that travel with it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflows.documents.clauses import clause_at
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.outline import Section
from workflows.documents.references import mentions
from workflows.plans import Attachment, Suspension

_STOPS = re.compile(
    r"(?<!\w)(?:tạm dừng|tạm ngừng|tạm hoãn|tạm đình chỉ|dừng|ngừng|đình chỉ)\s+"
    r"(?:việc\s+|thực hiện\s+|tổ chức\s+|triển khai\s+)?\w"
)
_FIRM = re.compile(r"tạm (?:dừng|ngừng|hoãn|đình chỉ)|(?:dừng|ngừng|đình chỉ)\s+(?:việc|thực hiện|tổ chức|triển khai)")
_NOT = re.compile(r"(?<!\w)(?:không|chưa|tránh|nguy cơ|bị|đã)\s+(?:\w+\s+)?$")
_UNTIL = re.compile(r"(?<!\w)(?:cho\s+)?(?:đến|tới)\s+(?:khi|hết|thời điểm)\s+[^.;()]{3,200}")
_ENCLOSED = re.compile(
    r"(?:(?:gửi|đính|ban hành)\s+kèm(?:\s+theo)?|kèm\s+theo)\s*(?:công văn này|kế hoạch này|văn bản này)?\s*(?:là|gồm|có)?\s*"
    r"(?:các\s+(?:văn bản|tài liệu)\s*)?[:\s]\s*(?P<what>[^()]{4,600})"
)
_HAS_ENCLOSED = re.compile(r"\(\s*(?:có|kèm)\s+(?P<what>[^()]{3,160}?)\s+(?:gửi\s+|đính\s+)?kèm(?:\s+theo)?\s*\)")
_BRACKET_ENCLOSED = re.compile(r"\(\s*(?:có\s+)?(?:gửi\s+|đính\s+)?kèm\s+theo\s+(?P<what>[^():]{3,160})\)")
_MATERIALS = re.compile(r"(?:tài liệu|văn bản)\b.{0,40}(?:hội nghị|kèm theo|nghiên cứu|học tập|tuyên truyền)?")
_MOST = 40


def suspensions(blocks: Iterable[Block], owner: dict[int, str]) -> tuple[Suspension, ...]:
    """What is to stop, and until when in the document's words."""
    found: list[Suspension] = []
    for block in blocks:
        lowered = low(block.text)
        for match in _STOPS.finditer(lowered):
            if not _FIRM.match(lowered, match.start()) or _NOT.search(lowered[max(0, match.start() - 20) : match.start()]):
                continue
            clause = clause_at(block.text, match.start()).text
            begin = max(0, low(clause).find(match[0][:9]))
            until = _UNTIL.search(low(clause), begin)
            found.append(
                Suspension(
                    phrase=clause[begin:].strip(" .;,")[:600],
                    line=block.line_at(match.start()),
                    unit=owner.get(block.line),
                    until=clause[until.start() : until.end()].strip(" ,") if until else None,
                    confidence=0.9 if match[0].startswith("tạm") else 0.75,
                )
            )
            break
    return tuple(found[:_MOST])


def attachments(root: Section) -> tuple[Attachment, ...]:
    """Papers that are sent with the document, and the materials that it lists."""
    found: list[Attachment] = []
    for block in root.blocks():
        lowered = low(block.text)
        for pattern in (_HAS_ENCLOSED, _BRACKET_ENCLOSED):
            for match in pattern.finditer(lowered):
                what = block.text[match.start("what") : match.end("what")]
                found.append(_attachment(what, block, match.start("what"), 0.9))
        listed = _ENCLOSED.search(lowered)
        if listed and not found and ":" in lowered[listed.start() : listed.start("what")]:
            found += _papers(block, listed.start("what"), listed.end("what"), 0.85)
    for section in root.walk()[1:]:
        if _MATERIALS.match(low(section.title[:80])) and len(section.title) < 100:
            for block in section.paragraphs:
                papers = _papers(block, 0, len(block.text), 0.75)
                found += papers[:1] if block.bullet else papers
    named = {each.text: each for each in reversed(found) if each.text}
    return tuple(each for each in found if named.get(each.text) is each)[:_MOST]


def _papers(block: Block, start: int, end: int, confidence: float) -> list[Attachment]:
    """The documents that a part of a paragraph names, by type and number; without any its own parts."""
    named = [each for each in mentions(block) if start <= each.start < end]
    if named:
        texts = [block.text[each.start : end].split(each.reference.number)[0] + each.reference.number for each in named]
        return [
            _attachment(text, block, each.start, confidence, each.reference.number)
            for text, each in zip(texts, named, strict=True)
        ]
    parts = re.split(r";\s*|,\s+(?=[A-ZĐ])", block.text[start : min(end, start + 600)])
    return [_attachment(part, block, start, 0.65) for part in parts]


def _attachment(text: str, block: Block, at: int, confidence: float, number: str | None = None) -> Attachment:
    said = text.strip(" .,;")[:300]
    phrase = quoted(block.text[at : at + len(text)])
    return Attachment(text=said, number=number, line=block.line_at(at), phrase=phrase, confidence=confidence)
