"""Owns tables of meetings: rows that say when and where each is held, who leads it and who comes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from workflows.documents.guests import people
from workflows.documents.lines import Line, low, quoted
from workflows.documents.meeting_times import starts_at
from workflows.documents.meetings import KIND, form_of, tier_of
from workflows.documents.places import place_in
from workflows.documents.tables import NUMBERED, ORDINAL
from workflows.plans import Conference

_WHEN = re.compile(r"(?:thứ,?\s+)?(?:ngày|giờ|thời gian|thời điểm)(?!\w)")
_WHERE = re.compile(r"địa điểm|phòng họp|^nơi (?:họp|tổ chức)|hội trường")
_WHAT = re.compile(r"nội dung|hội nghị|cuộc họp|tên |lớp|cụm|điểm|buổi|đơn vị|thôn|xã|phường|khối")
_CHAIR = re.compile(r"chủ trì|chủ tọa")
_PEOPLE = re.compile(r"thành phần|đối tượng|học viên|đại biểu|người dự|tham dự|lãnh đạo .{0,20}dự")
_OF_MEETINGS = re.compile(
    r"(?<!\w)(?:hội nghị|cuộc họp|lịch họp|lớp|tập huấn|tiếp xúc cử tri|đối thoại|giao ban|hội thảo|tọa đàm)(?!\w)"
)
_MEETS = re.compile(rf"(?:tổ chức\s+|dự\s+)?{KIND}(?!\w)")
_ABOVE = 3  # lines over the table that may say what it lists
_MOST = 60  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One row of a table of meetings, as worded; "" where no column says it."""

    number: str
    what: str
    when: str
    where: str
    chair: str
    people: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Which column says what."""

    ordinal: bool
    whens: tuple[int, ...]
    where: int
    what: int | None
    chair: int | None
    people: int | None
    all_meet: bool  # the table lists nothing but meetings


def take_sittings(lines: Sequence[Line]) -> tuple[tuple[Sitting, ...], tuple[Line, ...]]:
    """The rows of all tables of meetings, and the lines that belong to none."""
    taken: list[Sitting] = []
    left: list[Line] = []
    header: _Header | None = None
    day = ""  # of the row above, where a cell spans several
    for _, same_line in groupby(lines, key=lambda line: line.number):
        row = list(same_line)
        begins = _header(row, left[-_ABOVE:])
        header = begins or (header if len(row) > 1 else None)
        sitting = _sitting(row, header, day) if header and not begins else None
        day = sitting.when if sitting else ""
        if sitting and header and (header.all_meet or _MEETS.match(low(sitting.what))) and len(taken) < _MOST:
            taken.append(sitting)
        else:
            left += row
    return tuple(taken), tuple(left)


def meetings_of(sittings: Sequence[Sitting], issued: dt.date | None) -> tuple[Conference, ...]:
    """The meeting of each row that names its day and hour."""
    found = ((each, starts_at(low(each.when), issued)) for each in sittings)
    return tuple(
        Conference(
            id=each.number or "1",
            title=each.what[:300] or None,
            tier=tier_of(each.what, None),
            form=form_of(f"{each.what}. {each.where}"),
            starts_at=starts.astimezone(dt.UTC),
            due_date=starts.date(),
            chair=each.chair or None,
            venue=each.where or place_in(each.when),
            participants=tuple(people(each.people, several=True)),
            line=each.line,
            phrase=quoted(", ".join(cell for cell in (each.what, each.when, each.where) if cell)),
            confidence=0.8,
        )
        for each, starts in found
        if starts
    )


def _cells(row: Sequence[Line]) -> list[str]:
    cells = [""] * (row[-1].column + 1)
    for cell in row:
        cells[cell.column] = f"{cells[cell.column]} {cell.text}".strip()
    return cells


def _header(row: Sequence[Line], above: Sequence[Line]) -> _Header | None:
    titles = [low(cell[:80]) for cell in _cells(row)]
    if len(titles) < 3 or any(len(title) > 60 for title in titles):
        return None
    ordinal = ORDINAL.fullmatch(titles[0]) is not None
    whens = tuple(n for n, title in enumerate(titles) if _WHEN.match(title))
    where = _first(titles, _WHERE)
    if not whens or where is None:
        return None
    chair, guests = _first(titles, _CHAIR), _first(titles, _PEOPLE)
    others = [n for n in range(ordinal, len(titles)) if n not in (*whens, where, chair, guests)]
    what = next((n for n in others if _WHAT.search(titles[n])), None)
    said = " ".join([*(titles[n] for n in others), *(low(line.text[:200]) for line in above)])
    return _Header(
        ordinal=ordinal,
        whens=whens,
        where=where,
        what=what,
        chair=chair,
        people=guests,
        all_meet=_OF_MEETINGS.search(said) is not None,
    )


def _first(titles: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((n for n, title in enumerate(titles) if pattern.search(title)), None)


def _sitting(row: Sequence[Line], header: _Header, above: str) -> Sitting | None:
    cells = _cells(row)
    numbered = NUMBERED.match(cells[0]) if header.ordinal else None
    if header.ordinal and numbered is None:
        return None

    def told(column: int | None) -> str:
        return cells[column].strip(" .;,") if column is not None and column < len(cells) else ""

    when = ", ".join(told(n) for n in header.whens if told(n))
    when = when if re.search(r"\d\s*[/.-]\s*\d", when) or not above else f"{above}, {when}"
    return Sitting(
        number=numbered["number"] if numbered else "",
        what=told(header.what),
        when=when,
        where="" if header.where in header.whens else told(header.where),
        chair=told(header.chair),
        people=told(header.people),
        line=row[0].number,
    )
