"""Owns one task as its words give it: its role, its gist, how sure it is, and with whom it is shared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from workflows.documents.clauses import bodies
from workflows.documents.layout import Block, numbering
from workflows.documents.lines import low, quoted
from workflows.documents.wording import bare_name, is_name, starts_with_body, subject
from workflows.plans import Role, Task

_PARTNERS = re.compile(r"(?<!\w)(?:phối hợp(?:\s+chặt chẽ)?\s+(?:với|cùng)|cùng(?:\s+với)?)\s+")
_ENDS_LIST = re.compile(r"[.;:()]|\s(?:để|nhằm|khi|nếu|theo|trong|trước|xong|thực hiện|triển khai|tham mưu|rà soát|hướng dẫn)\s")
_ANYBODY = re.compile(
    r"(?:,|\s+và)\s+(?:các\s+)?(?:cơ quan|đơn vị|sở|ban|ngành|địa phương|tổ chức"
    r"|phòng)[^;]{0,80}\sliên quan[^;,]{0,60}$"
)
_ANY_PARTNER = re.compile(r"(?<!\w)liên quan(?!\w)")
_OPINES = re.compile(
    r"(?<!\w)(?:ý kiến(?! chỉ đạo)|trả lời|phúc đáp|giải trình)(?!\w)[^;:]{0,300}?sau\W*$"
)  # "có ý kiến như sau:"
_ASKED_BEFORE = re.compile(r"(?<!\w)(?:đề nghị|yêu cầu|giao|phân công)\s(?!của\s)[^,;:.]*$")
_AGREES = re.compile(
    r"\s*(?:cơ bản\s+)?(?:ghi nhận|đánh giá cao|hoan nghênh|biểu dương|nhận thấy|(?:thống nhất|nhất trí|đồng ý)\s+(?:về\s+)?"
    r"(?:chủ trương|cho\s|để\s|theo\s|(?:với\s+)?(?:các\s+)?(?:nội dung|dự thảo|đề xuất|đề nghị|hồ sơ|kết quả|ý kiến|kiến nghị"
    r"|phương án|báo cáo|tờ trình)))(?!\w)"
)
_RECOUNTS = re.compile(  # "Những năm qua công tác lưu trữ có chuyển biến"
    r"(?:trong\s+)?(?:(?:những|các|mấy|hơn|gần|\d{1,2})\s+){0,3}(?:năm|tháng|tuần|quý|thời gian|nhiệm kỳ|ngày)"
    r"(?:\s+(?:vừa\s+)?qua(?!\w)|\s+(?:gần đây|trở lại đây))|nhìn chung|(?:cho\s+)?đến nay"
    r"|qua\s+(?:\d{1,2}|một|hai|ba|nhiều)\s+năm"
    r"|từ đầu năm đến nay|so với cùng kỳ"
)
_DID = re.compile(  # "Hội đã tiến hành đại hội"; of "các xã đã nộp hồ sơ" it says which are meant
    r"(?!(?:các|những|mọi|từng|mỗi|tất cả|trường hợp|đơn vị|cơ quan|địa phương|tổ chức|cá nhân|doanh nghiệp|hộ|xã|phường)\s)"
    r"[^,;:.()\d]{3,100}?(?=\sđã\s(?!được\s+(?:giao|phân công|chọn|cử)))"
)
_STATES = re.compile(  # "UBND các xã: Tại Phụ lục II đính kèm", "Ông A do bận công tác nên không thể tham gia"
    r"[^:;]{3,200}:\s+(?:chi tiết\s+)?(?:tại|theo|xem|như)\s+(?:các\s+)?(?:phụ lục|danh sách|biểu|bảng)[^;:]{0,80}"
    r"|(?:ông|bà|đồng chí|đ/c)\s[^:;]{3,260}?\s(?:không thể|không có ý kiến|không đủ điều kiện|chưa thể)(?:\s[^:;]{0,140})?"
)
_HELD_BY = re.compile(
    r"(?P<office>(?:(?:các\s+)?phó\s+)?(?:chủ tịch|trưởng|tổ trưởng|giám đốc|bí thư)[^:;.]{0,80}):\s+(?:các\s+)?(?:ông|bà)\s"
)
MEETS = re.compile(
    r"(?:địa điểm|thành phần|đại biểu)\b[^:.]{0,40}:|(?:(?:các\s+)?(?:đại biểu|khách mời)|thành phần)(?!\w)[^:.;]{0,60}$"
    r"|(?:\S{1,9}\s+)?(?:hội nghị|cuộc họp|phiên họp|họp|giao ban|lễ|tọa đàm"
    r"|hội thi|hội thảo|gặp mặt|đối thoại|tập huấn|lớp)(?!\w)"
)
_MAX_GIST = 240  # characters
LONGEST_NAME = 260  # characters of a heading that names several bodies

Found: TypeAlias = tuple[Task, list[Block]]  # a task with the paragraphs that may date it


def with_partners(task: Task, blocks: list[Block]) -> Iterator[Found]:
    """The leader's task, and one for each body that it is to work with by name."""
    yield task, blocks
    if task.role != "lead" or not task.gist:
        return
    for block in blocks:
        for match in _PARTNERS.finditer(low(block.text[:3000])):
            after = block.text[match.end() :]
            names = subject(after) or _ENDS_LIST.split(after, maxsplit=1)[0][:LONGEST_NAME]
            if names and re.search(r"chủ trì,?\s*$", low(block.text[max(0, match.start() - 12) : match.start()])):
                theirs = shortened(after[after.find(names) + len(names) :].strip(" ,;.:")) or task.gist
                partner = replace(task, role="support", gist=theirs, line=block.line, phrase=quoted(block.text), confidence=0.8)
                for who in partners(names) if starts_with_body(names) else ():
                    yield replace(partner, unit=who), blocks


def task_of(heading: str, unit: str | None, gist: str, blocks: list[Block]) -> Found:
    """A task headed so, with the paragraphs that may date it; the first is its phrase."""
    gist = re.sub(r"^\s*\([^()]{0,200}\)\s*", "", " ".join(gist.split())).strip(" :;,-–").removesuffix("/.")
    first = blocks[0]
    task = Task(
        heading=heading,
        unit=unit,
        role=role_of(gist),
        gist=shortened(gist) or None,
        line=first.line,
        phrase=quoted(first.text),
        confidence=_confidence(unit, first.text),
    )
    return task, blocks


def _confidence(unit: str | None, words: str) -> float:
    """A unit that is the heading, or stands before a colon, is beyond doubt; one found further on is a guess."""
    if unit is None:
        return 0.6
    rest = bare_name(unnumbered(words))
    if not rest.startswith(unit):
        return 0.65
    return 0.95 if rest[len(unit) :].strip(" .;")[:1] in ("", ":") else 0.85


def partners(names: str) -> list[str]:
    """The bodies of a list, without "các đơn vị liên quan", which may be anybody."""
    anybody = _ANY_PARTNER.search(low(names)) is not None  # "các bộ, cơ quan liên quan": no body by its name
    found = bodies(_ANYBODY.sub("", names))
    return [each for each in found if not (_ANY_PARTNER.search(low(each)) or (anybody and each.islower()))]


def unnumbered(text: str) -> str:
    """The words of a paragraph behind its number."""
    match = numbering(text)
    return text[match.end() :].lstrip() if match else text


def role_of(gist: str) -> Role | None:
    """Whether what a unit has to do is to lead, or to support those who do."""
    words = low(gist[:60])
    if re.match(r"(?:là cơ quan |chịu trách nhiệm |có trách nhiệm )?(?:chủ trì|làm đầu mối|đầu mối)", words):
        return "lead"
    if re.match(r"(?:[^.]{1,200};\s+|là\s[^.]{0,120},\s+)?(?:là |làm )?(?:chủ trì|đầu mối)(?!\w)", low(gist[:240])):
        return "lead"
    return "support" if re.match(r"(?:chủ động |có trách nhiệm |tích cực )?phối hợp", words) else None


def opines(text: str) -> bool:
    """Whether a paragraph announces what its writer holds, "Sở Nội vụ có ý kiến như sau:", not what others are to do."""
    match = _OPINES.search(low(text[-500:]))
    return match is not None and not _ASKED_BEFORE.search(low(text[-500:])[: match.start()])


def agrees(act: str) -> bool:
    """Whether the act that follows a body is only its assent, "thống nhất với dự thảo", "ghi nhận kết quả"."""
    return _AGREES.match(low(act[:60])) is not None


def was_done(text: str) -> bool:
    """Whether a sentence tells what some body did, "Hội đã tiến hành đại hội", or who holds an office, "Chủ tịch Hội: Ông A"."""
    if _RECOUNTS.match(low(text[:60])) or _STATES.fullmatch(low(text[:400]).rstrip(" .;/")):
        return True
    name = _DID.match(low(text[:160]))
    holder = _HELD_BY.match(low(text[:160]))
    if holder and subject(text[holder.end("office") + 1 :].lstrip()) is None:
        return True
    return name is not None and is_name(text[: name.end()])


def shortened(text: str) -> str:
    """A gist, cut at a word where it is too long."""
    return text if len(text) <= _MAX_GIST else text[: _MAX_GIST - 1].rsplit(" ", 1)[0] + "…"
