"""Owns the programme that goes with an invitation: which lines it is, and where it contradicts the paper that it goes with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from workflows.calendar import ZONE
from workflows.documents.layout import starts_recipients
from workflows.documents.lines import Line, low
from workflows.documents.meeting_times import starts_at
from workflows.names import canonical
from workflows.plans import Conference, Warning

_TITLE = re.compile(r"(?:chương trình|lịch trình|kịch bản)(?!\w)(?:\s+(?:chi tiết|nghị sự|làm việc|tổ chức))*")
_MEETING = re.compile(r"(?<!\w)(?:hội nghị|họp|cuộc họp|làm việc|lễ|đại hội|hội thảo|tọa đàm|tập huấn)(?!\w)")
_OTHER = re.compile(r"(?:phụ lục|danh sách|biểu mẫu|mẫu số)\b")
_PLACE = re.compile(r"(?:địa điểm\s*:\s*|(?<!\w)tại\s+)(?P<where>[^();.]{4,160})")
_ANY_PLACE = frozenset(
    [
        "hoi",
        "truong",
        "phong",
        "hop",
        "tang",
        "so",
        "duong",
        "tru",
        "nha",
        "tai",
        "thanh",
        "pho",
        "tinh",
        "huyen",
        "quan",
        "xa",
        "phuong",
        "thi",
        "tran",
    ]
)
_ITEM = re.compile(
    r"(?:\d{1,2}[.)]?\s+(?=\d{1,2}\s*[hg:]))?\W{0,3}(?:từ\s+)?(?P<hour>\d{1,2})\s*(?:h|giờ|g|:)\s*(?P<minute>\d{2})?(?!\d)"
)
_WELCOME = re.compile(r"(?<!\w)(?:đón|đăng ký|ổn định|văn nghệ|kiểm tra|điểm danh|phát tài liệu|tập trung|có mặt)(?!\w)")
_LATE = 15  # minutes by which two hours may differ
_HEADING = 8  # lines: day, hour and place stand above the items
_MOST_APART = 0.5  # of the shorter name's words, that two names of one place may lack


def part_programme(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines without the programme behind the signature, and the programme; it is never what the paper gives to do."""
    closing = max((n for n, line in enumerate(lines) if starts_recipients(line)), default=len(lines))
    start = next((n for n in range(closing + 1, len(lines)) if _begins(lines, n)), len(lines))
    end = next((n for n in range(start + 1, len(lines)) if _OTHER.match(low(lines[n].text[:20])) and lines[n].gap), len(lines))
    return (*lines[:start], *lines[end:]), tuple(lines[start:end])


def placed(programme: Sequence[Line], meetings: tuple[Conference, ...]) -> tuple[Conference, ...]:
    """The paper's only meeting, where no place is told, with that of its programme's heading."""
    if len(meetings) != 1 or meetings[0].venue:
        return meetings
    told = (each for line in programme[:_HEADING] if (each := _place(line)))
    return tuple(replace(each, venue=next(told, None)) for each in meetings)


def _place(line: Line) -> str | None:
    match = _PLACE.search(low(line.text))
    return line.text[match.start("where") : match.end("where")].strip(" ,") if match else None


def conflicts(programme: Sequence[Line], meetings: Sequence[Conference], issued: dt.date | None) -> Iterator[Warning]:
    """Another day, hour or place in the programme's heading than the paper gives its only meeting."""
    meeting = meetings[0] if len(meetings) == 1 else None
    if meeting is None or meeting.starts_at is None:
        return
    hour_told = False
    for n, line in enumerate(programme):
        if n >= _HEADING and not low(line.text[:12]).startswith("địa điểm"):
            continue
        starts = starts_at(low(line.text), issued)
        hour_told = hour_told or starts is not None
        if starts and starts != meeting.starts_at:
            yield _conflict(
                line, "begins at", f"{starts:%H:%M %d/%m/%Y}", f"{meeting.starts_at.astimezone(starts.tzinfo):%H:%M %d/%m/%Y}"
            )
        where = _place(line)
        if where and meeting.venue and _apart(where, meeting.venue):
            yield _conflict(line, "is held at", where, meeting.venue)
    first = None if hour_told else _first_item(programme)
    if first and all(abs(_minutes(clock) - _minutes(meeting.starts_at.astimezone(ZONE).time())) >= _LATE for _, clock in first):
        line, clock = first[-1]
        told = meeting.starts_at.astimezone(ZONE)
        yield _conflict(line, "begins at", f"{clock:%H:%M} {told:%d/%m/%Y}", f"{told:%H:%M %d/%m/%Y}")


def _first_item(programme: Sequence[Line]) -> list[tuple[Line, dt.time]]:
    """The hours of the items up to the first that is more than a welcome: "13h15 Đón đại biểu", "13h30 Khai mạc"."""
    hours: list[tuple[Line, dt.time]] = []
    for _, row in groupby(programme, key=lambda line: line.number):
        cells = list(row)
        said = " ".join(low(cell.text) for cell in cells)
        at = _ITEM.match(said)
        if at and int(at["hour"]) < 24 and int(at["minute"] or 0) < 60:
            hours.append((cells[0], dt.time(int(at["hour"]), int(at["minute"] or 0))))
            if not _WELCOME.search(said):
                return hours
    return []


def _minutes(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute


def _begins(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    titled = _TITLE.match(low(line.text[:60])) is not None and line.text.isupper() and not line.bullet and line.column == 0
    return titled and any(_MEETING.search(low(each.text)) for each in lines[place : place + 4])


def _apart(one: str, other: str) -> bool:
    first, second = set(canonical(one).split()) - _ANY_PLACE, set(canonical(other).split()) - _ANY_PLACE
    return bool(first and second) and len(first & second) < _MOST_APART * min(len(first), len(second))


def _conflict(line: Line, what: str, said: str, other: str) -> Warning:
    message = f"the meeting {what} {said} in its programme, and {other} in the paper itself: which is right?"
    return Warning(code="programme_conflict", message=message, line=line.number)
