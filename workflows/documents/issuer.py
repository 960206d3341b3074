"""Owns finding the issuing body where the head of the document does not print it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.documents.layout import Block
from workflows.documents.letterhead import small_letters
from workflows.documents.lines import low, quoted
from workflows.documents.signature import body_of_authority
from workflows.documents.wording import starts_with_body
from workflows.names import canonical
from workflows.plans import Origin, Signer

# What an issuer does to its paper or its readers; the second row only where nothing of the first is found.
_ACTS = (
    re.compile(r"\s+(?:ban hành|yêu cầu|đề nghị|kính đề nghị|thông báo|chỉ thị|quyết định|kết luận|xây dựng)\s"),
    re.compile(
        r"\s+(?:hướng dẫn|triển khai|tổ chức(?! chính trị| cơ sở| đảng)|mở|chỉ đạo|giao(?! ban\s)|trân trọng|phát động)\s"
    ),
)
_LAST_PART = re.compile(r"[;,.]\s+|^")
_PLACE_WORDS = frozenset(("tỉnh", "thành", "phố", "huyện", "quận", "thị", "xã", "phường", "trấn", "đặc", "khu", "-"))
_COMMITTEE = re.compile(r"(?:tỉnh|thành|huyện|quận|thị|đảng)\s+ủy\s")
_IN_FULL = {  # initials of bodies, without tones as names are compared
    "bcd": "ban chi dao",
    "bch": "ban chap hanh",
    "btv": "ban thuong vu",
    "btc": "ban to chuc",
    "bql": "ban quan ly",
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubkt": "uy ban kiem tra",
}
_BRACKET = re.compile(r"\s*\([^()]{0,80}\)\s*$")  # "(sau đây gọi là Sở)"
_LONGEST = 160  # characters of a body's name
_TAIL = 4000  # characters: the issuer acts at a paragraph's end


def issuer_in_opening(opening: Sequence[Block]) -> tuple[str | None, Origin | None]:
    """ "..., Ban Thường vụ X ban hành kế hoạch": the body before the verb that issues, in the opening paragraphs."""
    for acts, confidence in zip(_ACTS, (0.85, 0.7), strict=True):
        for block in reversed(opening):
            offset = max(0, len(block.text) - _TAIL)
            for match in reversed(list(acts.finditer(low(block.text[offset:])))):
                name, at = _name_before(block.text, offset + match.start())
                if name:
                    phrase = quoted(f"{name}{match[0]}")
                    return name, Origin(fact="issuer", line=block.line_at(at), phrase=phrase, confidence=confidence)
    return None, None


def _name_before(text: str, end: int) -> tuple[str | None, int]:
    """The body between the last comma, semicolon or full stop and a verb, and where it begins."""
    before = text[max(0, end - _LONGEST) : end]
    start = max(mark.end() for mark in _LAST_PART.finditer(before))
    name = _BRACKET.sub("", before[start:]).strip().removesuffix(" xin")
    fits = name[:1].isupper() and starts_with_body(name) and len(name.split()) >= 2 and not name.endswith((" và", ","))
    return (name if fits else None), end - len(before) + start


def names_closer(opening: str, printed: str) -> bool:
    """Whether the opening says more of the issuer than the head prints: of where it is, or which organ of a committee acts."""
    mine = canonical(opening)
    theirs = " ".join(_IN_FULL.get(word, word) for word in canonical(printed).split())
    words = opening.split()[len(theirs.split()) :]
    placed = mine.startswith(theirs + " ") and all(word[:1].isupper() or low(word) in _PLACE_WORDS for word in words)
    return placed or (theirs.startswith("ban chap hanh") and mine.startswith(("ban ", "bo chinh tri")))


def with_place(opening: str, printed: str | None) -> str:
    """The organ that acts with the place that only the head prints: "Ban Thường vụ Tỉnh đoàn", "BCH Tỉnh đoàn X"."""
    body = " ".join(opening.split()[-2:])
    both = (f"{low(body)} ", f"{' '.join(reversed(low(body).split()))} ")  # "Huyện đoàn", "Đoàn huyện X"
    at = max(low(printed or "").find(each) for each in both)
    place = (printed or "")[at + len(body) :] if at > 0 else ""
    return opening + place if all(word[:1].isupper() for word in place.split()) else opening


def of_standing_board(issuer: str, signer: Signer | None, blocks: Sequence[Block]) -> str:
    """A committee's paper that its standing board signs, and that speaks of the board, is that board's."""
    signs = low(body_of_authority(signer) or "").startswith("ban thường vụ")
    committee = _COMMITTEE.match(low(issuer)) if signs else None
    speaks = committee is not None and any(f"ban thường vụ {committee[0].strip()}" in low(block.text) for block in blocks)
    return f"Ban Thường vụ {issuer}" if speaks else issuer


def naturally_cased(name: str, blocks: Sequence[Block]) -> str:
    """A name printed in capitals as the running text writes it, as far as it does; the rest as it was guessed."""
    for words in range(len(name.split()), 2, -1):
        part = " ".join(name.split()[:words])
        wanted = low(part)
        for block in blocks:
            at = low(block.text).find(wanted)
            found = block.text[at : at + len(part)]
            if at >= 0 and not found.isupper():
                return found[:1].upper() + found[1:] + name[len(part) :]
    return name


def issuer_of_authority(signer: Signer | None, line: int | None) -> tuple[str | None, Origin | None]:
    """The body on whose behalf it was signed, the last resort: it seldom says of where."""
    body = body_of_authority(signer)
    if not body or not signer:
        return None, None
    return small_letters(body), Origin(fact="issuer", line=line, phrase=signer.authority or body, confidence=0.5)
