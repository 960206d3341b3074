"""Owns the other documents that a document names: which it carries out, which it continues, which it merely cites."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from workflows.documents.kinds import TYPE_NAMES, type_of_symbol
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.wording import split_bodies
from workflows.plans import DocumentType, Reference, normalise_number

_SYMBOL = r"[A-ZĐƯ][A-Za-zĐđƯư]{0,14}(?:\d{1,2})?"
NUMBER = (
    r"\d{1,6}[a-zđ]?\s?(?:/\s?\d{4}\s?/\s?" + _SYMBOL + r"(?:\s?-\s?" + _SYMBOL + r"){0,4}"
    r"|[-–]\s?" + _SYMBOL + r"(?:\s?[-–]\s?" + _SYMBOL + r"){0,3}\s?/\s?" + _SYMBOL + r"(?:\s?[-–]\s?" + _SYMBOL + r"){0,3}"
    r"|/\s?" + _SYMBOL + r"(?:\s?[-–]\s?" + _SYMBOL + r"){1,4}(?:,\s?[A-ZĐ]{1,3}\b)?)"
)
_IN_WORDS = r"\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>\d{4})(?!\d)"
_DATE = r"(?P<d>\d{1,2})\s*(?:[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})(?!\d)|" + _IN_WORDS + ")"
_NAMES = "|".join(sorted(map(re.escape, TYPE_NAMES), key=len, reverse=True))
_REFERENCE = re.compile(r"(?<![\w/-])(?:[Ss]ố\s*:?\s*)?(?P<number>" + NUMBER + r")(?![\w])")
_TYPE_BEFORE = re.compile(r"(?<!\w)(?P<type>" + _NAMES + r")(?:\s+(?:liên tịch|phối hợp))?\s*(?:số\s*:?\s*)?$")
_DATE_AFTER = re.compile(r"\s*,?\s*(?:\(?\s*ký\s+)?ngày\s+" + _DATE)
_BY_AFTER = re.compile(r"\s*,?\s*của\s+")
_BY_END = re.compile(
    r"\s(?:về|tại|gửi|trong|theo|nhằm|để|phê duyệt|ban hành|quy định|hướng dẫn|đảm bảo|bảo đảm|phù hợp|trên|yêu cầu|đề nghị"
    r"|xây dựng|thông báo|kính đề nghị|triển khai|chỉ đạo)\s|[;.:()“”\"]|$"
)
_NEXT_ACTS = re.compile(r"\s(?:ban hành|yêu cầu|đề nghị|xây dựng|thông báo|hướng dẫn|kính đề nghị|triển khai|chỉ đạo)\s")
_CARRIES_OUT = re.compile(
    r"(?:để\s+)?(?:thực hiện|căn cứ|thi hành|triển khai(?: thực hiện)?|trên cơ sở|theo|xét)\s+"
    r"(?:(?:nội dung|tinh thần|chỉ đạo của \S+ \S+ tại|sự chỉ đạo của[^;]{0,60} tại|ý kiến chỉ đạo của[^;]{0,80} tại|các)\s+)?"
)
_CONTINUES = re.compile(r"tiếp theo\s+(?:các\s+)?")
_CHAIN = re.compile(r"\s*(?:,|;|và|cùng|;\s*và)?\s*(?:các\s+)?")
_MOST = 400  # references of one document; more is no document


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a text that names another document."""

    reference: Reference
    start: int  # where it begins, with the name of its type
    end: int  # where number, date and issuer end


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """A document's references by their part in it."""

    basis: tuple[Reference, ...]
    follows_up: tuple[Reference, ...]
    citations: tuple[Reference, ...]


def mentions(block: Block) -> Iterator[Mention]:
    """All documents that a paragraph names, in order."""
    text = block.text
    for count, match in enumerate(_REFERENCE.finditer(text)):
        if count >= _MOST:
            return
        yield _mention(block, text, match)


def references(opening: Iterable[Block], others: Iterable[Block], own_number: str | None) -> References:
    """Sort what the opening carries out or continues from what it and the rest of the document only cite."""
    basis: list[Reference] = []
    follows: list[Reference] = []
    cited: list[Reference] = []
    for block in opening:
        _sort_opening(block, basis, follows, cited)
    for block in others:
        cited += [mention.reference for mention in mentions(block)]
    known = _merged([*basis, *follows, *cited])
    taken = {own_number}
    groups = []
    for group in (basis, follows, cited):
        numbers = [number for number in dict.fromkeys(item.number for item in group) if number not in taken]
        taken.update(numbers)
        groups.append(tuple(known[number] for number in numbers))
    return References(basis=groups[0], follows_up=groups[1], citations=groups[2])


def _sort_opening(block: Block, basis: list[Reference], follows: list[Reference], cited: list[Reference]) -> None:
    """In each part between semicolons, the document named first is carried out, and those chained to it directly."""
    lowered = low(block.text)
    carries, continues = _CARRIES_OUT.match(lowered), _CONTINUES.match(lowered)
    target = basis if carries else follows if continues else cited
    chained = next((match.end() for match in (carries, continues) if match), 0)
    for mention in mentions(block):
        part = lowered[lowered.rfind(";", 0, mention.start) + 1 : mention.start].lstrip()
        again = _CARRIES_OUT.fullmatch(part)
        between = lowered[chained : mention.start] if mention.start >= chained else "?"
        fresh_part = re.search(r";\s*(?:và\s+)?(?:các\s+)?$", lowered[max(0, mention.start - 12) : mention.start])
        if _CONTINUES.fullmatch(part):
            follows.append(mention.reference)
        elif (carries or continues) and (fresh_part or again or (len(between) < 12 and _CHAIN.fullmatch(between))):
            target.append(mention.reference)
            chained = mention.end
        else:
            cited.append(mention.reference)


def _mention(block: Block, text: str, match: re.Match[str]) -> Mention:
    before = text[max(0, match.start() - 40) : match.start()]
    typed = _TYPE_BEFORE.search(low(before))
    number, end = normalise_number(match["number"]), match.end()
    dated = _DATE_AFTER.match(text, end)
    end = dated.end() if dated else end
    issuer, end = _issuer_after(text, end)
    if issuer and not dated:
        dated = _DATE_AFTER.match(text, end)
        end = dated.end() if dated else end
    kind = TYPE_NAMES[typed["type"]] if typed else type_of_symbol(number)
    start = match.start() - (len(before) - typed.start("type")) if typed else match.start()
    reference = Reference(
        number=number,
        date=_date(dated) if dated else None,
        type=cast(DocumentType, kind) if kind else None,
        issuer=issuer,
        line=block.line_at(match.start("number")),
        phrase=quoted(text[start:end]),
        confidence=1.0 if typed and dated else 0.9 if typed or dated else 0.75,
    )
    return Mention(reference=reference, start=start, end=end)


def _issuer_after(text: str, end: int) -> tuple[str | None, int]:
    """The body after "của": to the word that goes on, a comma only before another body."""
    of = _BY_AFTER.match(text, end)
    if not of:
        return None, end
    window = text[of.end() : of.end() + 200]
    window = _BY_END.split(low(window))[0] and window[: len(_BY_END.split(low(window))[0])]
    parts = split_bodies(window.split(" và Kế hoạch")[0])
    if len(parts) > 1 and _NEXT_ACTS.match(low(text[of.end() + len(window) : of.end() + len(window) + 20])):
        parts = parts[:-1]  # the last body is the issuer of this document, beginning its own clause
    kept: list[str] = []
    position = 0
    for part in parts:
        found = window.find(part.split(",")[0], position)
        capital = part[:1].isupper()
        if kept and (not capital or _names_document(part) or found < 0):
            break
        name = part.split(",")[0] if not _comma_inside(part) else part
        kept.append(name)
        position = max(found, 0) + len(name)
        if name != part:
            break
    names = ", ".join(_cut_document(name) for name in kept).strip(" ,")
    return (names, of.end() + position) if names and len(names) < 160 else (None, end)


def _comma_inside(part: str) -> bool:
    """ "các huyện, thành, thị ủy": one elliptical name."""
    return re.match(r"(?:\w+ ){0,4}(?:huyện|chi|sở|phòng|ban), ", low(part)) is not None


def _names_document(part: str) -> bool:
    return re.match(r"(?:" + _NAMES + r")(?!\w)", low(part)) is not None


def _cut_document(name: str) -> str:
    found = re.search(r"\s+(?:và\s+)?(?:" + _NAMES + r")\s+số\b", low(name))
    return name[: found.start()] if found else name


def _date(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]), int(match["d"]))
    except ValueError:
        return None


def _merged(found: list[Reference]) -> dict[str, Reference]:
    """One reference per number: the first mention, with what later ones add."""
    known: dict[str, Reference] = {}
    for item in found:
        first = known.setdefault(item.number, item)
        known[item.number] = replace(
            first,
            date=first.date or item.date,
            type=first.type or item.type,
            issuer=first.issuer or item.issuer,
        )
    return known
