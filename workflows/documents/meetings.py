"""Owns the words for meetings: which they are, what they say of tier and form, and whether issuer or recipients hold one."""

from __future__ import annotations

import re

from workflows.documents.lines import low
from workflows.names import canonical
from workflows.plans import ConferenceForm, HeldBy

KIND = (
    r"(?:hội nghị|hội thảo|tọa đàm|diễn đàn|cuộc họp|phiên họp|kỳ họp|họp|hội ý|giao ban|mít tinh|gặp mặt"
    r"|gặp gỡ|đối thoại|làm việc(?=\s+với\s)|tuyên dương|tiếp xúc cử tri|điểm tiếp xúc|đại hội|tập huấn|bồi dưỡng"
    r"|có mặt(?=\s+(?:lúc|vào|tại|từ)\s)"
    r"|buổi (?:học tập|làm việc|hướng dẫn|đối thoại|gặp mặt|giao ban|họp|tập huấn|tuyên truyền|sinh hoạt|tọa đàm|lễ"
    r"|công bố|ra quân"
    r"|nói chuyện|tiếp xúc|mít tinh|bồi dưỡng)|(?:lớp|khóa|đợt) (?:tập huấn|bồi dưỡng|hướng dẫn|đào tạo|huấn luyện|học"
    r"|dành cho|cho|thứ|số)"
    r"|lễ(?! hội| tết| nghĩa| phép))"
)
HOLDS = r"(?:tổ chức|mở|triệu tập|đăng cai)"
COUNT = (
    r"(?:(?:ngay|tốt|thật tốt|thành công|các)\s+)?(?:(?:một|hai|ba|\d{1,2})\s+)?(?:\((?:một|\d{1,2})\)\s+)?(?:cuộc\s+|buổi\s+)?"
)
OPENS = re.compile(rf"(?:{HOLDS}\s+)?{COUNT}{KIND}(?!\w)")
MEETING = re.compile(r"(?<!\w)(?:hội nghị|hội thảo|buổi học tập|cuộc họp|lễ phát động)(?!\w)")
_TIERS = (
    "trung ương",
    "tỉnh",
    "thành phố",
    "quận",
    "huyện",
    "thị xã",
    "phường, xã",
    "xã, phường",
    "xã",
    "phường",
    "cơ sở",
    "chi bộ",
)
_OF_COMMITTEE = {"tỉnh ủy": "tỉnh", "thành ủy": "thành phố", "huyện ủy": "huyện", "quận ủy": "quận", "thị ủy": "thị xã"}


_IN_PERSON = re.compile(
    r"(?<!\w)(?:(?<!truyền hình )(?<!phát sóng )(?<!tường thuật )(?<!phát thanh )trực tiếp(?!\s+(?:chủ trì|chỉ đạo"
    r"|phụ trách|nhập|làm|quản lý"
    r"|theo dõi|triển khai|tham mưu|giao|điều hành|phát biểu|trên truyền hình|truyền đạt|quán triệt|hướng dẫn)(?!\w))"
    r"|tập trung(?=\s*(?:[.;,:()]|$)|\s+(?:tại|ở|toàn|một|\d|kết hợp|và|hoặc|kéo dài|trong)(?!\w)))(?!\w)"
)
_ONLINE = re.compile(
    r"(?<!\w)(?:trực tuyến|online|on-line|zoom|google meet|teams|webex|họp qua mạng|truyền hình (?:hội nghị|tới|đến)"
    r"|cầu truyền hình"
    r"|qua đường truyền|không giấy tờ từ xa|từ xa)(?!\w)(?!\s+(?:về làm|đến dự))"
)


def tier_of(title: str, organiser: str | None) -> str | None:
    """At which tier a meeting is held, by its title or by who organises it."""
    words = low(f"{title[:200]} ")
    named = re.search(r"(?<!\w)(?:cấp|ở|tại)\s+(?:các\s+)?(?P<tier>" + "|".join(_TIERS) + r")(?!\w)", words)
    if named:
        return named["tier"]
    if not organiser:
        return None
    who = low(organiser)
    groups = re.match(r"(?:đảng bộ|đảng ủy|ban thường vụ đảng ủy|ủy ban nhân dân|ubnd)?\s*(?:các\s+)(?P<which>.+)", who)
    if groups:
        return re.sub(r"\s*(?:thành|tỉnh|huyện|quận|thị|đảng)\s*ủy$", "", groups["which"]).strip()
    committee = next((tier for name, tier in _OF_COMMITTEE.items() if name in who), None)
    return committee or next((tier for tier in _TIERS if re.search(rf"(?<!\w){tier}(?!\w)", who)), None)


def form_of(text: str) -> ConferenceForm | None:
    """Whether people meet in one room, by wire, or both, by the words of a meeting."""
    words = low(text[:600])
    in_person = _IN_PERSON.search(words)
    online = _ONLINE.search(words)
    if re.search(r"(?<!\w)(?:tiếp sóng|tiếp âm|tiếp hình|tiếp phát)(?!\w)", words):
        return "relayed"
    if in_person and online:
        return "in_person_or_online" if re.search(r"(?<!\w)(?:hoặc|hay)(?!\w)", words) else "hybrid"
    if online and re.search(r"(?<!\w)(?:có thể|ở xa)\s[^.;]{0,40}\squa\s", words):
        return "hybrid"
    return "online" if online else "in_person" if in_person else None


def held_by_whom(organiser: str | None, tier: str | None, issuer: str | None) -> HeldBy | None:
    """Once by the issuer, or by each recipient its own: groups hold theirs, the issuer's own organs hold the issuer's."""
    if organiser and re.match(r"(?:\S+\s+){0,5}các\s", f"{low(organiser)} "):
        return "recipients"
    if organiser and issuer:
        mine, theirs = set(canonical(issuer).split()), set(canonical(organiser).split())
        if theirs <= mine or len(mine & theirs) >= min(3, len(theirs)):
            return "issuer"
    if issuer and tier:
        own = next((level for name, level in _OF_COMMITTEE.items() if name in low(issuer)), None)
        own = own or next((level for level in _TIERS if re.search(rf"(?<!\w){level}(?!\w)", low(issuer))), None)
        return "issuer" if own == tier else "recipients" if tier in ("cơ sở", "chi bộ", "xã", "phường", "xã, phường") else None
    return None
