"""Owns who comes to a meeting: the guests of a line or of a list, and those of a sentence without a label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.documents.lines import low
from workflows.documents.wording import is_person, starts_with_body

_ATTENDS = (
    re.compile(
        r"(?<!\w)(?i:(?:tham\s+)?dự(?:\s+(?:hội nghị|họp|cuộc họp|lễ|buổi\s+\w+))?(?:(?:\s+(?:có|gồm))?:|\s+(?:có"
        r"|gồm)))\s+(?P<who>[^.]{3,600})"
    ),
    re.compile(
        r"(?<!\w)(?i:thành phần)(?:\s+(?:gồm|tham dự|dự họp|dự|mời|gồm có))+\s*:?\s*(?!do\s|như\s|theo\s"
        r"|và\s)(?P<who>[^.]{3,600})"
    ),
    re.compile(r"(?:^|[;,.]\s+|(?<=\s)và\s+)(?i:(?:trân trọng\s+)?(?:kính\s+)?mời)\s*:?\s+(?:thêm\s+)?(?P<who>[^.;]{3,300})"),
    re.compile(r"(?<!\w)với\s+(?:sự\s+)?tham\s+(?:dự|gia)\s+của\s+(?P<who>[^.;]{3,300})"),
    re.compile(
        r"(?i:đề nghị|yêu cầu|triệu tập|hẹn|mời)\s+(?P<who>[^.;:]{4,300}?)\s+(?:về\s+|đến\s+|cùng\s+|tham\s+)?(?:dự"
        r"|họp(?=\s+(?:bàn|triển khai|lúc|vào|tại|giao ban|trực tuyến)))"
        r"(?=\s*(?:[.;,]|$)|\s+(?:họp|hội nghị|tại|đầy đủ|trực tuyến|tập huấn|qua|cuộc họp|lễ|buổi|bàn|triển khai|lúc|trực tuyến"
        r"|vào|giao ban)(?!\w))"
    ),
    re.compile(
        r"(?:^|[;,.]\s+)(?P<who>(?i:mỗi|các|khoảng|\d{2,4}(?!\s*(?:giờ|h|g|phút))|toàn thể|toàn bộ|lãnh đạo|đại diện"
        r"|trưởng)\s[^.;:]{2,200}?)\s+(?:cùng\s+|tham\s+|tới\s+|đến\s+|về\s+)?dự"
        r"(?=\s*(?:[.;,]|$)|\s+(?:họp|hội nghị|tại|đầy đủ|trực tuyến|tập huấn|qua)(?!\w))"
    ),
    re.compile(
        r"(?:^|[;.]\s+)(?P<who>(?i:mỗi)\s[^.:;]{2,60}?\s\d{1,3}\s[^.:;]{3,60}(?:[;.]\s+(?i:mỗi)"
        r"\s[^.:;]{2,60}?\s\d{1,3}\s[^.:;]{3,60})*)"
    ),
    re.compile(
        r"(?<!\w)(?i:lớp|tập huấn|bồi dưỡng|hướng dẫn)\s[^.;]{0,100}?\scho\s+(?P<who>[^.;:]{4,200}?)(?=,?\s+(?:hoàn thành|xong"
        r"|trước|vào|tại|trong|từ|khai mạc|bắt đầu|thời gian|do|học|cũng|mỗi)\s|[.;:]|$)"
    ),
    re.compile(
        r"(?<!\w)(?:tới|cho|gồm|đến|của)\s+(?P<who>toàn thể\s[^.;]{4,160}?)(?=,?\s+(?:sau|xong|hoàn thành|trước|vào|tại"
        r"|trong|bằng|theo|lúc)\s|[.;]|$)"
    ),
    re.compile(r"(?:^|[;.]\s+)(?P<who>(?i:toàn bộ|toàn thể|khoảng \d{1,4})\s[^.;:]{4,200}?)(?=\s*[.;]|$)"),
    re.compile(r"(?:^|[;.]\s+)(?P<who>[^.;:]{5,200}?)\s+có mặt\s+(?:lúc|vào|tại|từ)\s"),
    re.compile(
        r"(?<!\w)giữa\s+(?P<who>[^.;,]{3,80}?\s(?:với|và)\s[^.;]{3,120}?)(?=,?\s+(?:vào|lúc|tại|trong|trước|về|để|theo)\s|[.;]|$)"
    ),
    re.compile(
        r"(?<!\w)(?:kết nối|trực tuyến)\s+(?:trực tuyến\s+)?(?:tới|đến|với)\s+(?P<who>(?:\d{1,3}|các)\s+(?!điểm)[^.;]{2,100})"
    ),
)
_ENDS_GUESTS = re.compile(
    r",\s+trừ\s[^;]*$|\s+(?:về\s+)?họp\s+(?:bàn|triển khai|giao ban)[^.;]*$|\s+(?:cùng\s+|về\s+|tham\s+|đến\s+"
    r"|tới\s+)?dự(?:\s+(?:họp|hội nghị|lễ|cuộc họp|(?:các )?nội dung\s[\d, và]{1,20}|và\s[^.;]{0,40}))?\s*[.;]?$"
    r"|\s+(?:được mời|tham gia)(?:\s+dự)?\s*[.;]?$"
)
BRACKETS = re.compile(r"\s*\((?!chủ trì|trừ|không)[^()]{0,80}\)")
_TO_ATTEND = re.compile(r",?\s+(?:(?:cùng|tham|đến|tới|về)\s+dự|(?:đến|tới|về)\s+(?:làm việc|họp))\s[^;]*$")  # what they come to
_CALLED_BY = re.compile(r"^[^;,]{2,100}?\s(?:mời|triệu tập)\s+(?!dự|họp)(?=\S)")  # "Chi cục Thuế mời …"
_COUNTED = re.compile(
    r"^(?:(?:khoảng|gần|trên|tổng số)\s+)?\d{1,4}\s+(?:người|đại biểu|đồng chí|đ/c),?\s+(?:bao )?gồm(?: có)?\s*:?\s*"
)
_BY_NAME = re.compile(r"(?:các\s+)?(?:đồng chí|đ/c|ông|bà|anh|chị|lãnh đạo|đại diện)\s")
_NOBODY = re.compile(  # "kính mời các đồng chí đến dự …" names nobody
    r"(?:theo|do)\s|(?:các\s+|quý\s+|toàn thể\s+)*(?:đồng chí|vị|ông|bà|(?:ông,?\s+)bà|đại biểu|vị đại biểu|cơ quan|đơn vị)?\s*"
    r"(?:(?:đến|tới|về|tham|cùng)\s+)?dự(?!\w)|(?:các\s+|quý\s+)*(?:đồng chí|ông,?\s+bà|ông|bà|vị|đại biểu)(?:\s+(?:đến|tới|về"
    r"|cùng|có tên\s[^.;]{0,40}))?\s*(?:[.,;]|$)"
    r"|(?:hội nghị|cuộc họp|họp|lễ|hội thảo)\s|(?:các\s+|quý\s+)*(?:đồng chí|ông|bà|ông,?\s+bà|đại biểu|vị|phụ huynh)\s+"
    r"(?:đến|tới|về|cùng|tham)\s"
)
MOST_PARTICIPANTS = 60


def guests_told(said: str) -> list[str]:
    """Those whom sentences without a label name as coming: "kính mời A; dự có B"."""
    listed = [match for pattern in _ATTENDS[:3] for match in pattern.finditer(said)]
    other = (match for pattern in _ATTENDS[3:] if (match := pattern.search(said)))
    found = [match for match in listed if not _names_nobody(match["who"])]
    found = found or [match for match in other if not _names_nobody(match["who"])][:1]
    end, told = 0, list[str]()
    for match in sorted(found, key=lambda each: each.start("who")):
        if match.start("who") >= end:
            said_here = people(_CALLED_BY.sub("", _TO_ATTEND.sub("", BRACKETS.sub("", match["who"]))), several=True)
            told += [name for each in said_here for name in _each(each)]
            end = match.end("who")
    return told


def _names_nobody(who: str) -> bool:
    return _NOBODY.match(low(BRACKETS.sub("", who))) is not None


def _each(names: str) -> list[str]:
    """Each of several bodies or offices: "Công an xã, Trạm Y tế"; "lãnh đạo Sở A, Sở B" and "đồng chí A, Chủ tịch B" stay one."""
    parts = re.split(r",\s+(?:và\s+)?", names)
    whole = all(part[:1].isupper() and (starts_with_body(part) or is_person(part)) for part in parts)
    return parts if whole and not _BY_NAME.match(low(names)) else [names]


def people(said: str, *, several: bool) -> list[str]:
    """Those whom semicolons, or a further "mời", part; a line of a list is one entry."""
    said = _COUNTED.sub("", _ENDS_GUESTS.sub("", said.strip()))
    parts: Sequence[str] = (
        re.split(r"\s*;\s*|,\s+mời\s+(?:thêm\s+)?|\s+và\s+(?=mỗi\s)|\.\s+(?=(?i:mỗi)\s)", said) if several else [said]
    )
    return [name[:400] for each in parts if (name := re.sub(r"^(?i:(?:kính\s+)?mời)\s+(?:thêm\s+)?", "", each.strip(" ,.;/")))]
