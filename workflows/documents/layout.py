"""Owns where a document's parts lie: head, addressees, body, closing; and the body's paragraphs, joined over page breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from workflows.documents.kinds import names_type
from workflows.documents.lines import CAPITALS, Line, low
from workflows.documents.wording import is_heading, starts_with_body, starts_with_verb

_OPENER = re.compile(r"(?:căn cứ|thực hiện|thi hành|triển khai|tiếp theo|theo|trên cơ sở|để|nhằm|xét|thời gian qua|phát huy)\b")
_BASIS_ONLY = re.compile(r"(?:căn cứ|xét đề nghị|tiếp theo)\b")
_NUMBERED = re.compile(
    r"(?:(?:phần|Phần|PHẦN|chương|Chương|CHƯƠNG|Mục|MỤC)\s+)?(?P<roman>[IVX]{1,5})\s*(?:[-.–:)]|/(?=\s))(?!\d)\s*(?=\S)"
    rf"|(?P<part>[A-H])\s*(?:[-.–)]|/(?=\s))\s*(?={CAPITALS}{{2,}}\s+{CAPITALS}{{2,}})"
    r"|(?:Điều\s+)(?P<article>\d{1,3})\s*[.:]\s*"
    r"|(?P<decimal>(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){1,3})\s*[.):-]?\s+(?=\S)"
    r"|(?P<number>\d{1,2})\s*(?:[.)]|/(?=\s)|[-–](?=\s*" + CAPITALS + r"))\s*(?:(?=[^\d\s])|(?<=\.\s)(?=\d{1,3}\s+[^\W\d_]{2}))"
    r"|(?P<letter>[a-zđ])\s*[.)/]\s+(?=\S)"
    r"|(?P<ordinal>Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười) là\s*[,:]\s*(?=\S)"
)
_ADDRESSEES = re.compile(r"(?:kính\s*)?gửi\s*:|kính\s*gửi\b|(?:trân trọng\s+)?kính mời\s*:|điện\s*:$")
_CABLES = re.compile(r".{3,140}?\s(?:điện|kính mời)\s*:")  # "... điện:" of a telegram, "... kính mời:" of an invitation
_INVITES = re.compile(r"\smời\s*:$")
_INVITED_TO = re.compile(r"(?:tới|đến)?\s*dự\b|(?:nội dung|thời gian|địa điểm|chủ trì|thành phần)\b[^:]{0,40}:")
_RECIPIENTS = re.compile(r"nơi\s*nhận\b\s*:?")
_AUTHORITY = re.compile(r"(?:T/M|TM|K/T|KT|T/L|TL|TUQ|T/ƯQ|T/UQ|TƯQ)\b\.?\s*(?=" + CAPITALS + r")")
_OFFICE_ALONE = re.compile(
    r"(?:q\. |quyền |phó )?(?:chủ tịch|(?:tổng )?giám đốc|bí thư|hiệu trưởng|trưởng (?:ban|phòng|trạm|thôn|công an)"
    r"|chánh văn phòng|(?:bộ|thứ|cục|vụ|viện) trưởng|chủ nhiệm|chánh thanh tra|chỉ huy trưởng|trạm trưởng|tổ trưởng|đội trưởng"
    r"|chánh án|hạt trưởng|đồn trưởng|tổng biên tập|thủ trưởng đơn vị|quản đốc|(?:trung|tiểu|lữ|sư) đoàn trưởng|chính ủy)"
)
_MOTTO = re.compile(r"cộng hòa xã hội chủ nghĩa|đảng cộng sản việt nam$|độc lập\s*[-–]\s*tự do")
_NUMBER = re.compile(r"Số\s*:?\s*\d{0,5}\s*[-–/]\s?[A-ZĐ]")
_ENACTED = re.compile(r"\(?\s*(?:(?:ban hành|phê duyệt) kèm theo|kèm theo (?:nghị quyết|quyết định|thông tư|nghị định))\b")
_LETTERHEAD = 10  # lines
_APPENDIX = re.compile(r"(?:phụ lục|biểu mẫu|mẫu số|danh mục)\b|điều lệ(?:\s*\(|$)")  # a charter binds its association only
_ENDS = re.compile(r"[.;:!?…]\W*$|/\.$")
_GOES_ON = re.compile(
    r"(?:(?<!\w)(?:số|ngày|tháng|năm|quý|của|và|về|tại|theo|các|từ|đến|trong|trước|cho|với|do|thứ)|[,(–-])$"
)  # no sentence ends so
_NUMBER_DUE = re.compile(r"(?<!\w)(?:số|ngày|tháng|năm|quý|điều|khoản|mục|từ|đến|trước)$")
_ABOUT = re.compile(r"v/v\b")
_NARRATES = re.compile(
    r"(?:(?:sáng|chiều|tối),?\s+)?ngày\s\d|tại\s(?:phiên|cuộc|hội nghị|buổi)|trong\s(?:những|thời|các|khi|quá)|vừa qua|hiện nay"
    r"|(?:sau khi|qua|thời gian|từ đầu|những)\s"
)
_AS_ABOVE = re.compile(r"như\s+(?:trên|điều\s+\d)")
_LABEL_BESIDE = re.compile(
    r"[{}|]|[(\[]?\s*(?:để\b|[bpt]h?/[a-z]|báo cáo\b|phối hợp\b|thực hiện\b)"
)  # a purpose in a column of its own, or the brace that leads to it
_FILED = re.compile(r"lưu\b")  # the list's last line
_CHARGE = re.compile(r"(?:Giao|Yêu cầu|Đề nghị|Phân công)\s")
_LAST_WORDS = 5  # lines: an office over its holder's name ends a paper without a list
_CLOSING = 40  # lines that the recipients list and the signature may take
_WRAPPED = 50  # characters; a line this long, and half as long as long lines are, goes on in the next without a full stop
_MAX_HEAD = 80  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or bullet of the body."""

    text: str
    starts: tuple[tuple[int, int], ...]  # (position in text, line of the file), ascending
    bullet: str = ""
    level: int = 0  # of a markdown heading

    @property
    def line(self) -> int:
        """The line that it begins on."""
        return self.starts[0][1]

    def line_at(self, position: int) -> int:
        """The line of the file that a position of the text stands on."""
        return max((start for start in self.starts if start[0] <= position), default=self.starts[0])[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A document in its parts."""

    head: tuple[Line, ...]  # bodies, number, date, type, title
    addressees: tuple[Line, ...]  # from "Kính gửi" on
    body: tuple[Block, ...]
    recipients: tuple[Line, ...]  # from "Nơi nhận" on, without the signature
    signature: tuple[Line, ...]
    appendices: tuple[Block, ...] = ()  # from "PHỤ LỤC" on, after the signature


def lay_out(lines: Sequence[Line]) -> Layout:
    """Part a document; a plan that a decision puts into force, after the signature, belongs to the body."""
    lines = lines[: _another_paper(lines)]
    end = _closing_start(lines)
    numbered = next((n for n, line in enumerate(lines[:end]) if numbering(line.text)), end)
    addressed = next((n for n, line in enumerate(lines[: min(numbered, _MAX_HEAD)]) if _addresses(line)), None)
    if addressed is not None and addressed + 1 == numbered and _INVITES.search(low(lines[addressed].text)):
        addressed = None  # groups of guests follow, each under its number: they are the meeting's
    head_end = addressed if addressed is not None else _head_end(lines[:end])
    body_start = _addressees_end(lines, addressed, end) if addressed is not None else head_end
    attached = _attached_start(lines, end)
    appended = next((n for n in range(attached, len(lines)) if _appends(lines[n])), len(lines))
    recipients, signature = _closing(lines[end:attached])
    plan = lines[attached:appended]
    return Layout(
        head=tuple(lines[:head_end]),
        addressees=tuple(lines[head_end:body_start]),
        body=(*blocks(lines[body_start:end]), *blocks(plan[_head_end(plan) :])),
        recipients=recipients,
        signature=signature,
        appendices=blocks(lines[appended:]),
    )


def _another_paper(lines: Sequence[Line]) -> int:
    """Where the letterhead of another whole paper begins, bound in behind this one: it has a number and recipients of its own."""
    lists = [n for n, line in enumerate(lines) if starts_recipients(line)]
    if len(lists) < 2:
        return len(lines)
    for n in range(lists[0] + 1, lists[-1]):
        if _MOTTO.match(low(lines[n].text[:60])):
            near = range(max(lists[0] + 1, n - _LETTERHEAD), min(n + _LETTERHEAD, lists[-1]))
            if any(_ENACTED.match(low(lines[m].text[:40])) for m in near):
                break  # what a decision puts into force bears the nation's motto, too
            if any(_NUMBER.match(lines[m].text) for m in near):
                above = [n, *takewhile(lambda m: not _closes(lines[m]), reversed(range(near.start, n)))]
                return min(m for m in above if m == n or _NUMBER.match(lines[m].text) or lines[m].text.isupper())
    return len(lines)


def _closes(line: Line) -> bool:
    """Whether a line is of a paper's end: a recipient, or on whose behalf or as what somebody signs."""
    return bool(line.bullet) or starts_signature(line) or _office(line)


def _office(line: Line) -> bool:
    return line.text.isupper() and _OFFICE_ALONE.fullmatch(low(line.text)) is not None


def _appends(line: Line) -> bool:
    return not line.bullet and _APPENDIX.match(low(line.text[:30])) is not None


def _attached_start(lines: Sequence[Line], closing: int) -> int:
    """The first line after the signature that begins another paper: the plan that is put into force, or an appendix."""
    for n in range(closing + 1, len(lines)):
        line = lines[n]
        if _appends(line) or (names_type(line) and line.column == 0 and not line.bullet and (line.gap or line.text.isupper())):
            return n
    return len(lines)


def _addresses(line: Line) -> bool:
    return _ADDRESSEES.match(low(line.text[:40])) is not None or _calls(line) is not None


def _calls(line: Line) -> re.Match[str] | None:
    """ "CHỦ TỊCH ... điện:", "Ủy ban nhân dân xã trân trọng kính mời:": who calls comes before, who is called after."""
    match = _CABLES.match(low(line.text[:160]))
    return (
        match
        if match and (match.end() == len(line.text) or "mời" in match[0] or line.text[: match.end() - 6].isupper())
        else None
    )


def numbering(text: str) -> re.Match[str] | None:
    """The section number that a line begins with: roman, part, article, decimal, number, letter, or ordinal ("Một là, …")."""
    return _NUMBERED.match(text[:40])


def starts_recipients(line: Line) -> bool:
    """Whether the recipients list begins here."""
    return _RECIPIENTS.match(low(line.text[:40])) is not None


def starts_signature(line: Line) -> bool:
    """Whether the line says on whose behalf somebody signs."""
    return len(line.text) < 150 and _AUTHORITY.match(line.text) is not None


def after_words(line: Line, words: str) -> str:
    """What follows the label "Kính gửi" or "Nơi nhận" on its own line."""
    pattern = _ADDRESSEES if words == "kính gửi" else _RECIPIENTS
    match = pattern.match(low(line.text[:40])) or _calls(line)
    return line.text[match.end() :].strip(" :") if match else line.text


def blocks(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Lines joined to paragraphs: over page breaks and wrapped lines, never over bullets, numbers and headings."""
    groups: list[list[Line]] = []
    rows = {line.number for line in lines if line.column}
    lengths = sorted(len(line.text) for line in lines)
    wrapped = max(_WRAPPED, lengths[9 * len(lengths) // 10] // 2) if lengths else _WRAPPED
    for line in lines:
        row = line.number in rows and line.column == 0 and line.text[:1].isdecimal()  # of a table
        if groups and not row and _continues(groups[-1], line, wrapped):
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(_block(group) for group in groups)


def _block(group: list[Line]) -> Block:
    starts, position = [], 0
    for line in group:
        starts.append((position, line.number))
        position += len(line.text) + 1
    text = " ".join(line.text for line in group)
    return Block(text=text, starts=tuple(starts), bullet=group[0].bullet, level=group[0].level)


def _continues(group: list[Line], line: Line, wrapped: int) -> bool:
    last = group[-1]
    number = numbering(line.text)
    begins = line.gap and number is not None and number["decimal"]  # "2.1." after an empty line
    if len(group) == 1 and numbering(last.text) and line.text[:1].isupper() and (last.bold > line.bold or _charges(line)):
        return False  # below a numbered heading the text begins
    cells = line.column > 0 or last.column > 0  # of a table
    due = _NUMBER_DUE.search(low(last.text[-8:])) and line.text[:1].isdecimal()
    if due and not (cells or begins or line.bullet or line.level):
        return True  # "08 tháng" / "10. Mưa ...": no section begins there
    within = last.text.endswith(";") and len(last.text) >= wrapped and line.text[:1].islower()  # a wrapped item goes on
    if within and group[0].bullet and not (cells or line.gap or line.bullet or number):
        return True
    if line.bullet or line.level or number or _ENDS.search(last.text[-8:]):
        return False
    if (line.text[:1].islower() and not last.text.isupper()) or (not cells and _GOES_ON.search(low(last.text[-8:]))):
        return True
    if line.number == last.number:
        return False
    if group[0].level or last.text.isupper() or line.text.isupper() or _names_body(group, line):
        return False
    if not line.gap and _OPENER.match(low(group[0].text[:40])):
        return True  # a basis, or the sentence that names what is carried out, set in short lines
    return len(last.text) >= wrapped and (not line.gap or not line.bold)


def _charges(line: Line) -> bool:
    """ "Giao Sở Nội vụ:" over the items that it is charged with, "Giao Sở Nội vụ rà soát …" below a heading."""
    charge = _CHARGE.match(line.text)
    return charge is not None and (line.text.endswith(":") or starts_with_body(line.text[charge.end() :]))


def _names_body(group: list[Line], line: Line) -> bool:
    """Whether a numbered line is a body's name, and the next line says what it has to do."""
    number = numbering(group[0].text)
    heads = len(group) == 1 and number is not None and not number["article"]  # an article is a sentence
    return heads and number is not None and starts_with_verb(line.text) and is_heading(group[0].text[number.end() :])


def _head_end(lines: Sequence[Line]) -> int:
    """Where the body begins: after the title, which follows the line that names the kind of paper."""
    typed = next((n for n, line in enumerate(lines[:_MAX_HEAD]) if names_type(line)), None)
    if typed is None:
        return next((n for n, line in enumerate(lines[:_MAX_HEAD]) if _opens_body(line, 60)), min(len(lines), 6))
    for n in range(typed + 1, len(lines)):
        line, first = lines[n], n == typed + 1
        if first and not line.bold and _opens_body(line, 60) and line.text[-1:] in ".:;":
            return n  # "GIẤY MỜI" without a title: the sentence that it begins with
        if numbering(line.text) or line.bullet or _BASIS_ONLY.match(low(line.text[:20])) or (line.rule and not first):
            return n
        if not first and (_narrates(line) or (lines[n - 1].text.isupper() and _sentence(line))):
            return n
        if not first and _opens_body(line, 0) and (line.gap or len(line.text) >= 100 or _ENDS.search(line.text[-8:])):
            return n
        ends_title = line.gap and not first and not line.bold and not line.text[:1].islower()
        if ends_title or (len(line.text) > 400 and not line.bold and not first):
            return n
    return len(lines)


def _narrates(line: Line) -> bool:
    """Whether a line below a title tells something, as a title does not."""
    text = line.text
    ends = len(text) >= 100 and text[-1:] in ".:;"
    return (
        text[:1].isupper()
        and not text.isupper()
        and not line.bold
        and (ends or (len(text) >= 50 and _NARRATES.match(low(text[:30])) is not None))
    )


def _sentence(line: Line) -> bool:
    """Whether a line below a title in capitals begins the body."""
    return not line.text.isupper() and line.text[:1].isupper() and (_opens_body(line, 0) or len(line.text) >= 80)


def _opens_body(line: Line, shortest: int) -> bool:
    text = low(line.text[:40])
    return len(line.text) >= shortest and (_OPENER.match(text) is not None or numbering(line.text) is not None)


def _addressees_end(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the addressees stop: at the first sentence of the body."""
    bulleted = any(line.bullet for line in lines[start + 1 : start + 4])
    for n in range(start + 1, end):
        line = lines[n]
        opens = _opens_body(line, 0) or _INVITED_TO.match(low(line.text[:60]))
        if not line.bullet and (opens or line.level or len(line.text) > 200 or line.text[-1:] == ":"):
            return n
        fresh = line.gap and not line.bullet and not line.text[:1].islower()
        if fresh and (bulleted or lines[n - 1].text.endswith(".") or len(line.text) > 100):
            return n
    return end


def _closing_start(lines: Sequence[Line]) -> int:
    """The first line of recipients list or signature, whichever stands first after the body."""
    lists = [n for n, line in enumerate(lines) if starts_recipients(line)]
    signed = [n for n, line in enumerate(lines) if starts_signature(line)]
    near = [n for n in lists if any(n - 15 <= m < n + _CLOSING for m in signed) or any(map(_office, lines[n : n + _CLOSING]))]
    listed = near[0] if near else lists[-1] if lists else _unnamed_list(lines)
    if listed is None:
        signed = signed or [n for n in range(max(0, len(lines) - _LAST_WORDS), len(lines)) if _office(lines[n])]
        return signed[-1] if signed and len(lines) - signed[-1] < _CLOSING else len(lines)
    above = listed - 1  # "GIÁM ĐỐC" over the list, whose column the name stands in
    alone = above > 0 and _office(lines[above]) and (lines[above].gap or _ENDS.search(lines[above - 1].text[-8:]))
    return min([n for n in signed if listed - 15 <= n < listed], default=above if alone else listed)


def _unnamed_list(lines: Sequence[Line]) -> int | None:
    """Where a recipients list begins whose heading was lost: with "Như trên"."""
    last = range(max(0, len(lines) - _CLOSING), len(lines))
    return next((n for n in last if lines[n].bullet and _AS_ABOVE.match(low(lines[n].text[:20]))), None)


def _closing(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The recipients list and the signature; set in two columns, their lines come mixed."""
    recipients: list[Line] = []
    signature: list[Line] = []
    listing = signed = filed = right = False
    for n, line in enumerate(lines):
        begins = not listing and (starts_recipients(line) or (n == 0 and line.bullet != ""))
        listing = listing or begins
        right = (right or line.column > 0) if begins else right  # the list stands in the right column, the signature in the left
        other = line.column == 0 and not line.text[:1].islower() if right else line.column > 0
        beside = other and not line.bullet and not _LABEL_BESIDE.match(low(line.text[:20]))
        below = ((signed and not right) or (filed and line.text[:1].isupper())) and not line.bullet
        signs = not begins and (beside or _signs(line) or below)
        signed = signed or (listing and signs and line.column == 0)
        filed = filed or (listing and _FILED.match(low(line.text[:10])) is not None)
        (recipients if listing and not signs else signature).append(line)
    return tuple(recipients), tuple(signature)


def _signs(line: Line) -> bool:
    if starts_signature(line) or _ABOUT.match(low(line.text[:5])):  # the subject of a letter, where the text's order was lost
        return True
    return line.text.isupper() and len(line.text) > 5 and len(line.text.split()) > 1 and not line.bullet
