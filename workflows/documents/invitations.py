"""Owns a paper that is about one meeting, as an invitation is: what it invites to, who holds it, whom it invites."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.meeting_times import hour_and_day, timed
from workflows.documents.meetings import MEETING, OPENS, tier_of
from workflows.documents.outline import Section
from workflows.documents.particulars import particulars
from workflows.documents.wording import is_person, starts_with_body
from workflows.plans import Conference

_HOSTS = re.compile(
    r"(?:^|[;,]\s+)(?P<who>[A-ZĐ][^.;,:]{2,100}?)\s+(?i:(?:trân trọng\s+)?kính\s+mời|trân trọng\s+mời|(?:tổ chức"
    r"|triệu tập)\s+(?:hội nghị"
    r"|cuộc họp|họp|lễ|buổi|hội thảo|tọa đàm|phiên họp|diễn đàn))(?!\w)"
)
_HELD_BY = re.compile(
    r"(?<!\w)do\s+(?P<who>[A-ZĐ][^.;]{3,160}?)\s+(?:chủ trì\s+|phối hợp[^.;]{3,100}?\s)?tổ chức(?=\s*(?:[.,;]|$)|\s+(?:vào"
    r"|lúc|tại|từ)\s)"
)
_INVITES = re.compile(r"(?<!\w)(?:mời|dự|tham dự|triệu tập|tổ chức|họp)(?!\w)")
_INVITED_TO = re.compile(r"^(?:(?:về\s+)?(?:việc\s+)?(?:kính\s+)?(?:mời|dự|tham dự|triệu tập|tổ chức)\s+)+")
_CONTENT = re.compile(r"\W*(?i:nội dung)(?:\s+(?i:cuộc\s+)?(?i:họp|hội nghị|làm việc))?\s*:\s*(?P<what>[^\W\d_][^.;:]{8,300})")
_NAMED_IN_CALL = re.compile(
    r"(?<!\w)(?:mời(?: tham)?(?: dự)?|tham dự|tổ chức)\s+(?P<what>(?i:phiên họp|hội nghị|cuộc họp|họp|buổi|lễ)\s[^(),.;:]{4,200})"
)
_AS_INVITED = re.compile(r"(?:như|theo)\s(?:mục\s)?(?:thành phần\s)?(?:kính gửi|kính mời|trên|nơi nhận)")


def whole_document(
    root: Section, issued: dt.date | None, issuer: str | None, title: str | None, kind: str | None
) -> list[Conference]:
    """A paper that is about one conference, as an invitation is: time, venue and participants are its items."""
    title = title or (_meant(root) if kind == "GM" else None)
    about = low((title or "")[:300])
    named = OPENS.match(about) or (MEETING.search(about) and _INVITES.search(about))
    if kind != "GM" and (not named or "kết luận" in about):
        return []
    blocks = [*root.paragraphs, *(block for section in root.walk()[1:] for block in _headed(section))]
    told = particulars(blocks)
    times = told.times or [block for block in root.paragraphs if hour_and_day(low(block.text))]
    if not (times or (kind == "GM" and "place" in told.names)):
        return []
    meant = _INVITED_TO.match(about)
    first = next((piece.block for piece in told.pieces if piece.name), blocks[0])
    conference = Conference(
        id="1",
        title=(title or "")[meant.end() if meant else 0 :][:300] or None,
        tier=tier_of(title or "", issuer),
        form=told.form(title or ""),
        link=told.link(title or ""),
        chair=told.chair,
        venue=told.venue,
        participants=told.participants,
        organiser=_host(root.paragraphs) or issuer,
        held_by="issuer" if issuer else None,
        line=first.line,
        phrase=quoted(title or first.text),
        confidence=0.8,
    )
    return [timed(conference, times, issued)]


def with_invited(guests: Sequence[str], invited: Sequence[str]) -> tuple[str, ...]:
    """Who comes, with those to whom the paper goes in place of "như kính gửi"."""
    if not guests:
        return tuple(invited)
    return tuple(name for each in guests for name in (invited if _AS_INVITED.fullmatch(low(each)) and invited else (each,)))


def _meant(root: Section) -> str | None:
    """What an invitation without a title invites to: by its line "Nội dung: …", or by its first sentence."""
    texts = [block.text for block in (*root.paragraphs, *(each for section in root.walk()[1:] for each in _headed(section)))]
    told = (_CONTENT.match(text[:400]) for text in texts)
    named = (_NAMED_IN_CALL.search(text[:1000]) for text in (block.text for block in root.paragraphs[:2]))
    match = next((match for match in (*told, *named) if match), None)
    return match["what"].strip(" ,.;") if match else None


def holder_of(text: str) -> str | None:
    """Who holds a meeting, where a heading or a sentence says so outright: "… do Ban Thường vụ Thành ủy tổ chức"."""
    match = _HELD_BY.search(text[:1000])
    return match["who"].strip() if match and starts_with_body(match["who"]) else None


def _host(opening: Sequence[Block]) -> str | None:
    """Who holds it, else who invites, as the paper itself says: "…; Ban Thường vụ Thành ủy trân trọng kính mời …"."""
    if by := next((who for block in opening[:3] if (who := holder_of(block.text))), None):
        return by
    found = (_HOSTS.search(block.text[:1000]) for block in opening[:3])
    return next((match["who"].strip() for match in found if match and _invites(match["who"])), None)


def _invites(who: str) -> bool:
    return starts_with_body(who) and not is_person(who)


def _headed(section: Section) -> list[Block]:
    heading = [replace(section.block, text=section.title)] if section.block else []
    return [*heading, *section.paragraphs]
