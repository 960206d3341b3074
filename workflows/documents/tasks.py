"""Owns what each unit is given to do: the items under "Tổ chức thực hiện", or the numbered items of a letter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from workflows.documents.deadlines import due_date
from workflows.documents.layout import Block, numbering
from workflows.documents.lines import low, quoted
from workflows.documents.outline import Section
from workflows.documents.wording import (
    bare_name,
    is_heading,
    is_name,
    is_person,
    name_before_colon,
    starts_with_body,
    subject,
)
from workflows.plans import Role, Task

_ORGANISES = re.compile(
    r"tổ chức\s*(?:triển khai\s*)?thực hiện|phân công\s+(?:nhiệm vụ|thực hiện|trách nhiệm)|trách nhiệm\s+(?:thực hiện|của)"
    r"|giao nhiệm vụ|nhiệm vụ\s+(?:của|cụ thể của)|tổ chức triển khai"
)
_LEADS = re.compile(r"(?:cơ quan |đơn vị )?(?:chủ trì|thực hiện)(?: thực hiện| tham mưu)?\s*:\s*(?P<who>.+)")
_SUPPORTS = re.compile(r"(?:cơ quan |đơn vị )?(?:phối hợp)(?: thực hiện)?\s*:\s*(?P<who>.+)")
_LABELS: tuple[tuple[re.Pattern[str], Role], ...] = ((_LEADS, "lead"), (_SUPPORTS, "support"))
_FAREWELL = re.compile(r"trên đây là|yêu cầu các|đề nghị các|nhận được|kế hoạch này|công văn này|trong quá trình|căn cứ nội dung")
_ATTRIBUTE = re.compile(
    r"(?:thời gian|địa điểm|thành phần|hình thức|đại biểu|chủ trì|nơi nhận|nội dung|chương trình|tài liệu|trang phục|kinh phí"
    r"|liên hệ)(?:\s[^\W\d_]+){0,4}\s*(?::|$)"
)
_MEETS = re.compile(
    r"(?:địa điểm|thành phần|đại biểu)\b[^:.]{0,40}:|(?:\S{1,9}\s+)?(?:hội nghị|cuộc họp|phiên họp|lễ|tọa đàm|hội thi)(?!\w)"
)
_RECITAL = re.compile(  # what has been, in conclusions and directives
    r"(?:về\s+)?(?:kết quả|đánh giá|tình hình|ưu điểm|hạn chế|tồn tại|nguyên nhân|những kết quả|mục đích|yêu cầu|quan điểm"
    r"|mục tiêu)(?!\w)"
)
_LABEL = re.compile(r"[^\W\d_][^:.;,()]{3,60}:\s+(?=[A-ZĐÀ-Ỹ])")
_TIME = re.compile(r"(?:từ|trước|trong|đến|hằng|hàng|định kỳ|khi|sau|ngay|vào|chậm nhất|căn cứ|trên cơ sở|để|nhằm|theo)\s")
_COMMA = re.compile(r",\s+(?=[A-ZĐÀ-Ỹ]|các\s)")
_BEFORE_UNIT = 300  # characters of such a clause
_MAX_GIST = 240  # characters
_LONGEST_HEADING = 110  # characters

_Found: TypeAlias = tuple[Task, list[Block]]  # a task with the paragraphs that may date it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """What the document gives to whom."""

    tasks: tuple[Task, ...]  # in the document's order
    owner: dict[int, str]  # line that a paragraph begins on -> the unit whose task it belongs to


def read_tasks(root: Section, *, issued: dt.date | None, letter: bool = False) -> Tasks:
    """The tasks of a body; ``letter``: every numbered item is one."""
    organising = [section for section in root.walk() if section.depth and _is_organising(section.title)]
    outer = [section for section in organising if not _inside(section, organising)]
    found: list[_Found] = []
    if outer:
        for section in outer:
            found += _organised(section)
    elif letter:
        found += [task for section in root.children for item in _items(section) for task in _item(item)]
        if not root.children:
            found += _bulleted(root.paragraphs, "")
    taken = {section.path for each in outer for section in each.walk()}
    for section in root.walk()[1:]:
        if section.path not in taken:
            found += _labelled(section)
    found.sort(key=lambda item: item[0].line or 0)
    return Tasks(
        tasks=tuple(replace(task, due_date=due_date(blocks, issued)) for task, blocks in found),
        owner={block.line: task.unit for task, blocks in reversed(found) if task.unit for block in blocks},
    )


def _is_organising(title: str) -> bool:
    return len(title) <= _LONGEST_HEADING and _ORGANISES.search(low(title)) is not None


def _items(section: Section) -> Iterator[Section]:
    """A letter's items: the smallest numbered ones that name units, or all where none does; not a meeting's time and place."""
    if _ATTRIBUTE.match(low(section.title[:60])):
        return
    naming = [child for child in section.children if _names_unit(child.title)]
    if not section.children or (_names_unit(section.title) and 2 * len(naming) < len(section.children)):
        if not _RECITAL.match(low(section.title[:60])):
            yield section
        return
    for child in section.children:
        yield from _items(child)


def _names_unit(title: str) -> bool:
    return starts_with_body(title) and (is_heading(title) or subject(title) is not None or name_before_colon(title) is not None)


def _inside(section: Section, others: list[Section]) -> bool:
    above = section.parent
    while above is not None:
        if above in others:
            return True
        above = above.parent
    return False


def _organised(section: Section) -> Iterator[_Found]:
    """The items directly below, or below those that only group them."""
    yield from _bulleted(section.paragraphs, section.path)
    for child in section.children:
        named = is_heading(child.title) or name_before_colon(child.title) or subject(child.title)
        groups = child.children and not named and all(starts_with_body(each.title) for each in child.children)
        if groups:
            yield from _organised(child)
        else:
            yield from _item(child)


def _item(section: Section) -> Iterator[_Found]:
    """One numbered item; paragraphs below that begin with another body's name and a colon are items without a number."""
    own: list[Block] = [section.block] if section.block else []
    extra: list[Block] = []
    for block in section.paragraphs:
        other = block.bullet == "" and own and not is_heading(section.title) and name_before_colon(block.text)
        (extra if other else own).append(block)
    own += [block for child in section.children for block in child.blocks()]
    unit, gist = _unit_and_gist(section.title, own)
    yield _task(section.path, unit, gist, own)
    for block in extra:
        unit = name_before_colon(block.text)
        yield _task(section.path, unit, block.text.partition(":")[2], [block])


def _bulleted(paragraphs: list[Block], heading: str) -> Iterator[_Found]:
    """Items marked only with a dash: "- Sở Y tế: chủ trì ..."."""
    for block in paragraphs:
        unit = name_before_colon(block.text) or (subject(block.text) if not _FAREWELL.match(low(block.text[:40])) else None)
        if unit:
            yield _task(heading, unit, block.text[block.text.find(unit) + len(unit) :], [block])


def _labelled(section: Section) -> Iterator[_Found]:
    """An item of the content that says below who leads and who supports."""
    own = ([section.block] if section.block else []) + section.paragraphs
    if any(_MEETS.match(low(block.text[:40])) for block in own):
        return  # it says who chairs
    for block in section.paragraphs:
        for pattern, role in _LABELS:
            match = pattern.match(low(block.text[:400]))
            who = block.text[match.start("who") : match.end("who")].strip(" .;") if match else ""
            if who and starts_with_body(who) and not is_person(who):  # persons chair a meeting
                gist, phrase = _shortened(section.title) or None, quoted(block.text)
                task = Task(heading=section.path, unit=who, role=role, gist=gist, line=block.line, phrase=phrase, confidence=0.9)
                yield task, own


def _unit_and_gist(title: str, blocks: list[Block]) -> tuple[str | None, str]:
    below = next((block.text for block in blocks[1:]), "")
    if is_heading(title) and (below or is_name(title)):
        return bare_name(title), below
    unit = name_before_colon(title)
    if unit:
        return unit, title.partition(":")[2] or below
    unit = subject(title)
    if unit:
        return unit, title[title.find(unit) + len(unit) :]
    timed = _TIME.match(low(title[:20]))
    label = _LABEL.match(title)  # "Chế độ báo cáo: Sở Y tế ..."; or a time: "Từ nay đến hết ngày ..., Sở Y tế ..."
    starts = [label.end()] if label else [comma.end() for comma in _COMMA.finditer(title[:_BEFORE_UNIT]) if timed]
    for start in starts:
        if unit := subject(title[start:]):
            return unit, title[title.find(unit, start) + len(unit) :]
    # The unit may come in a later clause: "Nghiên cứu, quán triệt ...; các cơ quan, đơn vị ... chủ động tham gia".
    clauses = re.split(r"(?<=[;.])\s+", title[:4000])[1:]
    later = next((subject(clause) for clause in clauses if starts_with_body(clause) and subject(clause)), None)
    return later, title or below


def _task(heading: str, unit: str | None, gist: str, blocks: list[Block]) -> _Found:
    gist = re.sub(r"^\s*\([^()]{0,200}\)\s*", "", " ".join(gist.split())).strip(" :;,-–")
    first = blocks[0]
    task = Task(
        heading=heading,
        unit=unit,
        role=_role(gist),
        gist=_shortened(gist) or None,
        line=first.line,
        phrase=quoted(first.text),
        confidence=_confidence(unit, first.text),
    )
    return task, blocks


def _confidence(unit: str | None, words: str) -> float:
    """A unit that is the heading, or stands before a colon, is beyond doubt; one found further on is a guess."""
    if unit is None:
        return 0.6
    numbered = numbering(words)
    rest = words[numbered.end() if numbered else 0 :].lstrip()
    if not rest.startswith(unit):
        return 0.65
    return 0.95 if rest[len(unit) :].strip(" .;")[:1] in ("", ":") else 0.85


def _role(gist: str) -> Role | None:
    words = low(gist[:60])
    if re.match(r"(?:là cơ quan |chịu trách nhiệm |có trách nhiệm )?(?:chủ trì|làm đầu mối|đầu mối)", words):
        return "lead"
    return "support" if re.match(r"(?:chủ động |có trách nhiệm )?phối hợp", words) else None


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_GIST else text[: _MAX_GIST - 1].rsplit(" ", 1)[0] + "…"
