"""Owns when a meeting is held: hour and day, the days within which, and what it follows or goes together with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from workflows.documents.deadlines import DuePhrase, due_phrases
from workflows.documents.layout import Block
from workflows.documents.lines import low
from workflows.due_phrases import hours_in_figures, last_moment
from workflows.plans import Conference

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_CLOCK = r"\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{2})?\s*['’′]?\s*(?:phút)?(?:\s*(?:sáng|chiều|tối))?"
_DAY = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}(?!\d)|\d{1,2}\s*/\s*\d{1,2}(?!\d)"
    r"|\d{1,2}\s+tháng\s+\d{1,2}(?!\d)(?:\s+năm\s+\d{4})?)"
)
_STARTS = (  # the hour before the day, or behind it
    re.compile(rf"(?<![\d/])(?P<clock>{_CLOCK})(?:\s*(?:đến|-|–)\s*{_CLOCK})?[^\d;]{{0,45}}?(?:ngày\s+)?(?P<day>{_DAY})"),
    re.compile(
        rf"(?<![\d/])(?P<day>{_DAY})(?:[^\d;]{{0,45}}?(?<!trước )|[^.]{{0,120}}?\s(?:bắt đầu|khai mạc)\s+(?:từ\s+"
        rf"|lúc\s+)?|[^\d;]{{0,120}}?\s(?:lúc|từ)\s+(?:từ\s+"
        rf"|lúc\s+)?)(?<![\d/])(?P<clock>{_CLOCK})"
    ),
)
ON_DAY = re.compile(rf"(?<!\w)(?:ngày|sáng|chiều|tối)\s+{_DAY}")
_BARE_DAY = re.compile(rf"(?<=\(){_DAY}(?=\))")  # "1 ngày (21/3/2025)"
_IN_MONTH = re.compile(
    r"(?<!\w)(?:(?:dự kiến|khoảng|tuần|thượng tuần|trung tuần|hạ tuần)\s[^.;]{0,24}?)?(?:(?:nửa\s+)?(?:đầu|giữa"
    r"|cuối)\s+)?(?:tháng\s+\d{1,2}"
    r"|quý\s+[ivx\d]{1,3}(?!\w)|năm\s+\d{4})"
    r"(?:\s*/\s*\d{4}|\s+năm\s+\d{4})?"
)
HELD_ON = re.compile(rf"[^.;\d]{{0,60}}?(?<!\w)(?:vào|dự kiến|sáng|chiều|tối|:)\s[^.;\d]{{0,30}}?(?P<day>(?:ngày\s+)?{_DAY})")
_FROM_ELSE = re.compile(r"\d\s+ngày(?:\s+làm việc)?,?\s*(?:kể từ|sau)\s")  # "trong vòng 5 ngày sau hội nghị cấp tỉnh"
_NOT_AT = re.compile(r"(?:trước|chậm nhất|muộn nhất|xong|hoàn thành|đã)[^.;]{0,30}$")
_DAYS = r"(?:(?:không quá|chậm nhất|trong vòng|trong|tối đa)\s+(?:là\s+)?)?(?P<days>\d{1,2})\s+ngày(?!\s+làm việc)"
AFTER = re.compile(
    r"(?<!\w)(?:\d{1,2}\s+ngày(?:\s+làm việc)?,?\s+)?(?:sau|kể từ)\s+(?:khi\s+)?(?:kết thúc\s+)?(?:hội nghị|lễ|cuộc họp"
    r"|đại hội|buổi)\s+"
    r"[^.;,()]{2,80}(?:,\s(?:xã|phường))?|(?<!\w)sau\s+khi\s+[^.;,()]{0,30}?cấp trên(?: trực tiếp)?\s[^.;,()]{2,60}"
)
_AS_BEFORE = re.compile(r"(?:như|cùng|giống|vẫn)\s(?!hội trường|phòng)")
_THE_FIRST = re.compile(r"(?:thứ nhất|lần (?:thứ )?(?:nhất|1)|đầu(?: tiên)?|cấp tỉnh|toàn tỉnh)(?!\w)")
_TOGETHER = re.compile(
    r"(?<!\w)cùng\s+(?:với\s+|(?:thời gian|thời điểm|lúc|ngày)\s+(?:với\s+)?)?(?:hội nghị|lễ|cuộc họp)\s+[^.;()]{2,60}"
)


def hour_and_day(text: str) -> re.Match[str] | None:
    """The first hour with its day in lower-case words that is no deadline."""
    text = hours_in_figures(text[:2000])
    for pattern in _STARTS:
        found = (match for match in pattern.finditer(text) if not _NOT_AT.search(text[: match.start()]))
        if match := next(found, None):
            return match
    return None


def starts_at(lowered: str, issued: dt.date | None) -> dt.datetime | None:
    """When a meeting begins by lower-case words that name hour and day, in Vietnam's time."""
    at = hour_and_day(lowered)
    moment = last_moment(f"{at['clock']} ngày {at['day']}", issued=issued) if at else None
    return dt.datetime.combine(moment.day, moment.clock, _ZONE) if moment and moment.day and moment.clock else None


def timed(conference: Conference, time: Sequence[Block], issued: dt.date | None) -> Conference:
    """The conference with the hour, else the last day, that its paragraphs tell."""
    for block in time:
        lowered = low(block.text[:2000])
        starts = starts_at(lowered, issued)
        if starts:  # of several sessions the first; it ends with the last day named
            days = [last_moment(each[0], issued=issued).day or starts.date() for each in ON_DAY.finditer(lowered)]
            last = max([conference.due_date or starts.date(), starts.date(), *days])
            return _followed(replace(conference, starts_at=starts.astimezone(dt.UTC), due_date=last), block)
        days = [
            found.last.day
            for found in due_phrases(block, issued)
            if found.last.day and not _FROM_ELSE.match(block.text, found.end)
        ]
        on_day = ON_DAY.search(lowered) or (None if days else _BARE_DAY.search(lowered))
        day = max(days, default=last_moment(on_day[0], issued=issued).day if on_day else None)
        conference = _followed(replace(conference, due_date=conference.due_date or day), block)
    months = (month for block in time if (month := _IN_MONTH.search(low(block.text[:2000]))))
    month = None if conference.due_date else next(months, None)
    return replace(conference, due_date=last_moment(month[0], issued=issued).day) if month else conference


# --- order ------------------------------------------------------------------------------------------------------------


def _followed(conference: Conference, block: Block) -> Conference:
    """Keeps the words that name the conference to come after, until all are known."""
    lowered = low(block.text[:2000])
    match = AFTER.search(lowered) or _TOGETHER.search(lowered)
    return replace(conference, after=match[0].strip()) if match else conference


def ordered(found: list[Conference]) -> list[Conference]:
    """Words such as "sau hội nghị cấp Thành phố" in ``after`` become the id of that conference; of several the first."""
    ordered: list[Conference] = []
    for conference in found:
        words = conference.after or ""
        days = re.search(_DAYS, words)
        which = words.replace(days[0], " ") if days else words
        before = [other for other in found if other is not conference]
        named = [other for other in before if words and (other.id in which.split() or (other.tier and other.tier in which))]
        named = before[: found.index(conference)][-1:] if "cấp trên" in words else named
        only = [other for other in before if found.index(other) < found.index(conference)] if words else []
        target = named[0] if named else only[0] if len(only) == 1 else None
        conference = replace(conference, after=target.id if target else None)
        if target and words.startswith("cùng"):
            starts = conference.starts_at or target.starts_at
            conference = replace(conference, after=None, starts_at=starts, due_date=conference.due_date or target.due_date)
        elif target and days and target.due_date and conference.due_date is None:
            conference = replace(conference, due_date=target.due_date + dt.timedelta(days=int(days["days"])))
        ordered.append(conference)
    return ordered


def as_before(found: Sequence[Conference]) -> list[Conference]:
    """Place and chair of an earlier meeting, where they are said to be its: "như phiên thứ nhất"."""
    told: list[Conference] = []
    for each in found:
        where, who = _earlier(each.venue, told), _earlier(each.chair, told)
        each = replace(each, venue=where.venue) if where else each
        told.append(replace(each, chair=who.chair) if who else each)
    return told


def _earlier(words: str | None, told: Sequence[Conference]) -> Conference | None:
    """The meeting that "như phiên thứ nhất" names, else the one before."""
    if not told or not _AS_BEFORE.match(low(words or "")):
        return None
    return told[0] if _THE_FIRST.search(low(words or "")) else told[-1]


def numbered(found: Sequence[Conference]) -> tuple[Conference, ...]:
    """Ids stay apart even where the document numbers two sections alike."""
    seen: dict[str, int] = {}
    numbered = []
    for conference in found:
        seen[conference.id] = seen.get(conference.id, 0) + 1
        suffix = "" if seen[conference.id] == 1 else f" ({seen[conference.id]})"
        numbered.append(replace(conference, id=conference.id + suffix))
    return tuple(numbered)


def _from_else(text: str, due: DuePhrase) -> bool:
    """Whether days are counted from something else than this paper: "trong vòng 5 ngày sau hội nghị cấp tỉnh"."""
    return _FROM_ELSE.search(low(text[due.start : due.end + 12])) is not None


def day_of(block: Block, issued: dt.date | None) -> dt.date | None:
    """The first deadline of a paragraph, as the day by which a meeting is to be held."""
    return next((due.last.day for due in due_phrases(block, issued) if due.last.day), None)
