"""Owns the other documents that a document names: which it carries out, which it continues, which it merely cites."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import cast, get_args

from workflows.documents.kinds import TYPE_NAMES, type_of_symbol
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.wording import split_bodies, starts_with_body, subject
from workflows.names import canonical
from workflows.plans import DocumentType, Reference, normalise_number

_SYMBOL = r"[A-ZĐƯ][A-Za-zĐđƯư]{0,14}(?:\d{1,3}|[&+][A-ZĐƯ]{1,8})?"  # "CCHC&VTLT": two offices; "BCĐ389"
_LOST = rf"(?<=\d\s)(?:{'|'.join(sorted(get_args(DocumentType), key=len, reverse=True))})"  # "174 KL/TW": without its hyphen
_JOIN = r"(?:\s?[-/–]\s?|[._](?=[A-ZĐƯ]{2}))"  # "TTr.SYT", "GM_UBND" are written too
_DASH = r"(?:\s?[-–]\s?|[._](?=[A-ZĐƯ]{2}))"
NUMBER = (
    rf"\d{{1,6}}[a-zđ]?\s?(?:/\s?\d{{4}}\s?/\s?{_SYMBOL}(?:{_JOIN}{_SYMBOL}){{0,4}}"
    rf"|(?:[-–]\s?{_SYMBOL}|{_LOST})(?:{_DASH}{_SYMBOL}){{0,3}}\s?/\s?{_SYMBOL}(?:{_DASH}{_SYMBOL}){{0,3}}"
    rf"|/\s?{_SYMBOL}(?:{_DASH}{_SYMBOL}){{1,4}}(?:,\s?[A-ZĐ]{{1,3}}\b)?)"
)
ONE_PART = r"\d{1,6}[a-zđ]?/[A-ZĐƯ]{2,12}(?:&[A-ZĐƯ]{1,8}|\d{0,2})"  # "498/UBND": only where "số" says so, or "Công văn"
_JOINT = re.compile(r"LT[-/]")  # "01/2024/TTLT-BTC-BNV"
_IN_WORDS = r"\s+tháng\s+(?P<m2>\d{1,2})\s+năm\s+(?P<y2>\d{4})(?!\d)"
_DATE = r"(?P<d>\d{1,2})\s*(?:[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d\s?\d\s?\d\s?\d)(?!\d)|" + _IN_WORDS + ")"
_NAMES = "|".join(sorted(map(re.escape, TYPE_NAMES), key=len, reverse=True))
_REFERENCE = re.compile(
    r"(?<![\w/-])(?:(?:[Ss]ố\s*:?\s*)?(?P<number>" + NUMBER + ")"
    r"|(?:[Ss]ố\s*:?\s*|(?<=[Cc]ông văn\s))(?P<short>" + ONE_PART + r"))(?![\w/-])"
)
_TYPE_BEFORE = re.compile(
    r"(?<!\w)(?P<type>" + _NAMES + r")(?:\s+(?:liên tịch|liên ngành|liên cơ quan|phối hợp|hành động|làm việc|hoạt động|tạm thời"
    r"|công tác(?:\s+(?:năm\s+\d{4}|toàn khóa))?))?\s*(?:số\s*:?\s*)?$"
)
_ANY_PAPER = re.compile(r"(?<!\w)văn bản\s+(?:số\s*:?\s*)?$")  # without letters of its kind: a letter
_LAW = re.compile(r"/QH\d{1,2}$")
_DATE_AFTER = re.compile(
    r"(?:\s*\((?:[^()\d]{1,30}|[A-ZĐ]{1,6}\d{1,3})\))?\s*,?\s*\(?\s*(?:(?:ký|đề|ban hành)\s+)?ngày\s*" + _DATE
)
_BY_AFTER = re.compile(r"\s*,?\s*(?:của|giữa)\s+")
# "theo đề nghị của Sở X tại Tờ trình số ..."; "Ngày ..., Chính phủ đã ban hành Nghị quyết số ..."
_BY_BEFORE = re.compile(  # also the second of two: "của X tại Tờ trình số … ngày …/2025 và Sở Y tại Tờ trình số …"
    r"(?:(?<!\w)của|\d{4}(?:,|\s+và))\s+(?P<by>(?:(?!\s(?:tại|của)\s)[^;.]){3,120}?)\s+tại\s+(?:các\s+)?"
    r"(?:văn bản(?:\s+số)?\s*)?$"
)
# "Sau khi nghe X báo cáo (Báo cáo số ..."
_REPORTED = re.compile(
    r"(?<!\w)nghe\s+(?P<by>[^;.]{3,120}?)\s+(?:báo cáo|trình bày)\s*(?:tại|theo)?\s*\(?$"
)  # "nghe X báo cáo (Báo cáo số"
_IN_BRACKETS = re.compile(  # "ý kiến của X (Báo cáo số …"
    r"(?<!\w)(?:ý kiến|báo cáo|đề nghị|đề xuất|kết luận|chỉ đạo|kiến nghị|thông báo|văn bản|kế hoạch|yêu cầu)\s+(?:\w+\s+){0,3}?"
    r"của\s+(?P<by>[^;.()]{3,120}?)\s*\((?:tại\s+|theo\s+)?$"
)
_ISSUED_ON = re.compile(
    r"ngày\s*" + _DATE + r"\s*,?\s*(?P<by>[^;.]{0,90}?)\s*(?:đã\s+|tiếp tục\s+){0,2}(?:ký\s+)?(?:ban hành|có|gửi)\s+"
    r"(?:các\s+)?$"
)
_BY_END = re.compile(
    r"\s(?:về|[Vv]/[Vv]|tại|gửi|trong|theo|nhằm|để|phê duyệt|ban hành|[Qq]uy định|[Hh]ướng dẫn|đảm bảo|bảo đảm|phù hợp|trên"
    r"|yêu cầu|đề nghị|xây dựng|thông báo|kính đề nghị|triển khai|chỉ đạo|sửa đổi|hỏi|báo cáo|thực hiện|và tiếp theo|và xét"
    r"|và (?:ý kiến|sự|chỉ đạo|theo|đề nghị|căn cứ|thực tế|tình hình|kết quả|yêu cầu|tiếp tục|thực hiện|nhằm|trên cơ sở|qua)"
    r"|thì|mà|nhưng|song|nên|bằng|kèm|gồm|như"
    r"|chưa|đã|cho|được|làm|thi hành|chỉ thị|quyết nghị|kết luận|với|khi|sau|trước|nếu|do|nêu|vào|từ|đến|còn|chậm"
    r"|tiếp tục|ủy quyền|cho phép|công bố|công nhận|thành lập|bổ nhiệm|mời|kính mời|triệu tập|gia hạn|bãi bỏ|hủy bỏ|thay thế"
    r"|điều chỉnh|bổ sung|kiện toàn|giải thể|thông qua|thu hồi|phát động|quán triệt|góp ý|trả lời|đôn đốc|tăng cường|đẩy mạnh"
    r"|giao (?:chỉ tiêu|kế hoạch|nhiệm vụ|dự toán|biên chế))(?:\s|,)"
    r"|\sngày\s(?=\d)|\svề|\s[-–]\s(?=xin|bản|gửi)|[;.:()“”\"]|$"
)
_SEVERAL = re.compile(r"[Ll]iên\s+(?:[Bb]ộ|[Ss]ở|[Nn]gành)\s*:\s*")
_HIGHEST = re.compile(r"(?:Thủ tướng )?Chính phủ(?=\s(?!và|nước|cùng)[^\W\d_])|Quốc hội(?=\s(?!và|nước|khóa)[^\W\d_])")
_AND_PAPER = re.compile(rf",?\s+và\s+(?=[A-ZĐ])(?=(?i:{_NAMES})(?!\w))")  # "… và Nghị quyết Đại hội": another paper
_NEXT_ACTS = re.compile(
    r"\s(?:ban hành|yêu cầu|đề nghị|xây dựng|thông báo|hướng dẫn|kính đề nghị|triển khai|chỉ đạo"
    r"|chỉ thị|quyết nghị|quyết định|kết luận)(?:\s|:)"
)
_CARRIES_OUT = re.compile(
    r"(?:để\s+|nhằm\s+|tiếp tục\s+)?(?:thực hiện|căn cứ|thi hành|chấp hành|triển khai(?: thực hiện)?"
    r"|quán triệt(?:\s*(?:,|và)?\s*(?:triển khai|thực hiện)){0,2}|trên cơ sở"
    r"|theo(?! đó| nội dung trên)|xét)\s+(?:các\s+)?"
)
_PROPOSED = re.compile(  # it comes from below
    r"(?:theo|xét)\s+(?:đề nghị|đề xuất|kiến nghị|báo cáo|tờ trình)\b|(?:trên cơ sở|căn cứ)\s+(?:đề nghị|đề xuất|kiến nghị)\b"
)
_CONTINUES_HERE = re.compile(r"(?:^|[;,.]\s+|\svà\s+)tiếp theo\s+(?:các\s+)?$")
_CONTINUES_ABOVE = re.compile(
    r"(?<!\w)tiếp theo (?:nội dung )?(?:công văn|văn bản|kế hoạch|công điện|thông báo|hướng dẫn)(?: (?:đã|đã được))?"
    r" (?:nêu|nói|kể|dẫn)? ?trên(?!\w)(?:\s*(?:,|và)\s*)?"
)
_AND_OPINION = re.compile(  # "Thực hiện Kế hoạch số … và ý kiến của … tại Thông báo số …"
    r"(?:,|;|\svà)\s+(?:ý kiến|kết luận|chỉ đạo|sự chỉ đạo|yêu cầu|chủ trương|phân công|đồng ý|thống nhất|chỉ thị)"
    r"(?:\s(?:chỉ đạo|kết luận|thống nhất))?\s[^;.()]{3,140}\s(?:tại|theo)\s+(?:các\s+)?$"
)
_NEXT_PAPER = re.compile(r".{0,5}|(?:và\s+)?(?:các\s+)?(?:văn bản|công văn)(?:\s+số)?\s*")
_CHAIN = re.compile(r"\)?\s*(?:,|;|và|cùng|;\s*và)?\s*(?:các\s+)?(?:số\s+)?")
# A reminder tells first what was asked before: "Ngày …, Sở đã gửi Công văn số …. Đến nay còn 9 đơn vị chưa …".
_REMINDS = re.compile(
    r"đôn đốc|nhắc (?:nhở|lại|việc)|lần (?:thứ )?(?:2|3|hai|ba)|đến nay|đến thời điểm|đến ngày|hết (?:thời hạn|đợt|hạn)"
    r"|quá (?:thời )?hạn|mới (?:có|chỉ|nhận)\s|còn \d+ (?:đơn vị|xã|huyện|sở|phường|trường|địa phương)"
    r"|chưa (?:gửi|nộp|báo|nhận|có|thực)|tuy nhiên|điều chỉnh|thay đổi|bổ sung|đính chính|hoãn|lùi|thu hồi"
)
_NEXT_IN_LIST = re.compile(r"(?:,|\svà|\scùng)\s+(?:các\s+)?$")
_AT = re.compile(r"(?<!\w)(?:tại|nêu tại|theo)\s+(?:các\s+)?$")
_ABOUT_OR_DONE = re.compile(r"(?<!\w)(?:về|v/v|đã|ban hành|gửi|nhận được|báo cáo|triển khai|thực hiện)(?!\w)")
_PART = re.compile(r";\s+(?:và\s+)?|(?<=[^\W\d_]{2})\.\s+(?=[A-ZĐ])|(?<=\d)\.\s+(?=(?:Thực hiện|Căn cứ|Triển khai|Theo)\s)")
_ENCLOSED = re.compile(r"\((?:xin\s+)?(?:gửi|đính|có)?\s*kèm(?:\s+theo)?[^()]{0,200}$")
_BY_CONTEXT = 160  # characters before a number in which its issuer may stand
_MOST = 400  # references of one document; more is no document


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place in a text that names another document."""

    reference: Reference
    start: int  # where it begins, with the name of its type
    end: int  # where number, date and issuer end
    typed: bool  # its kind of paper is named before its number


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """A document's references by their part in it."""

    basis: tuple[Reference, ...]
    follows_up: tuple[Reference, ...]
    citations: tuple[Reference, ...]


def mentions(block: Block) -> Iterator[Mention]:
    """All documents that a paragraph names, in order; one in a list shares what only its neighbour says."""
    text = block.text
    found = [_mention(block, text, match) for match in islice(_REFERENCE.finditer(text), _MOST)]
    listed = [_CHAIN.fullmatch(low(text[one.end : other.start])) is not None for one, other in pairwise(found)]
    for n in reversed(range(len(listed))):
        if listed[n]:
            found[n] = _sharing(found[n], found[n + 1])
    for n, follows in enumerate(listed, 1):
        if follows and found[n].reference.type is None:
            kind = found[n - 1].reference.type
            found[n] = replace(found[n], reference=replace(found[n].reference, type=kind))
    yield from found


def _sharing(one: Mention, other: Mention) -> Mention:
    """ "số A và số B ngày D của X": day and issuer stand once; a day only where the second does not begin anew."""
    mine, theirs = one.reference, other.reference
    date = mine.date or (None if other.typed else theirs.date)
    issuer = mine.issuer or (theirs.issuer if _bodies_of(mine.number) & _bodies_of(theirs.number) else None)
    return replace(one, reference=replace(mine, date=date, issuer=issuer))


def _bodies_of(number: str) -> set[str]:
    """The letters of a number without those of the kind of paper: two papers of one body share some."""
    letters = set(re.findall(r"[^\W\d_]{2,}", number))
    return letters - {kind for kind in letters if type_of_symbol(kind)}


def references(
    opening: Iterable[Block], others: Iterable[Block], own_number: str | None, issuer: str | None = None
) -> References:
    """Sort what the opening carries out or continues from what it and the rest of the document only cite."""
    opening = tuple(opening)
    basis: list[Reference] = []
    follows: list[Reference] = []
    cited: list[Reference] = []
    for block in opening:
        _sort_opening(block, basis, follows, cited)
    if not follows and opening:
        follows += _continued(opening, issuer) or _own_before(opening[0], issuer)
        cited = [reference for reference in cited if reference not in follows]
    for block in others:
        cited += [mention.reference for mention in mentions(block) if mention.typed or not _encloses(block, mention)]
    known = _merged([*basis, *follows, *cited])
    taken = {own_number}
    groups = []
    for group in (basis, follows, cited):
        numbers = [number for number in dict.fromkeys(item.number for item in group) if number not in taken]
        taken.update(numbers)
        groups.append(tuple(known[number] for number in numbers))
    return References(basis=groups[0], follows_up=groups[1], citations=groups[2])


def _own_before(block: Block, issuer: str | None) -> list[Reference]:
    """The issuer's own earlier letter that a reminder's first paragraph tells of."""
    letters = [
        mention.reference
        for mention in mentions(block)
        if mention.reference.type == "CV" and _is_own(mention.reference.issuer, issuer) and mention.reference.date
    ]
    return letters[:1] if _REMINDS.search(low(block.text)) else []


def _continued(opening: Sequence[Block], issuer: str | None) -> list[Reference]:
    """The issuer's own paper named before "Tiếp theo Công văn nêu trên"."""
    found: list[Reference] = []
    for block in opening:
        goes_on = _CONTINUES_ABOVE.search(low(block.text))
        end = goes_on.start() if goes_on else len(block.text)
        found += [each.reference for each in mentions(block) if each.end <= end and _is_own(each.reference.issuer, issuer)]
        if goes_on:
            return found[-1:]
    return []


def _is_own(named: str | None, issuer: str | None) -> bool:
    """Whether a letter's issuer is the document's own, whose name may add where it is."""
    mine, theirs = canonical(issuer or ""), canonical(named or "")
    return bool(mine and theirs) and (mine == theirs or mine.startswith(f"{theirs} "))


def _encloses(block: Block, mention: Mention) -> bool:
    """Whether "(gửi kèm ...)" names it: a form or table of the paper's own, no other document."""
    return _ENCLOSED.search(low(block.text[max(0, mention.start - 220) : mention.start])) is not None


def _sort_opening(block: Block, basis: list[Reference], follows: list[Reference], cited: list[Reference]) -> None:
    """In each part between semicolons, and each sentence, the document named first is carried out, and those listed with it."""
    lowered, found = low(block.text), list(mentions(block))
    starts = [0, *(match.end() for match in _PART.finditer(block.text)), len(lowered)]
    carried = False  # whether the part before carried something out: after a semicolon its list goes on
    for start, end in pairwise(starts):
        inside = [mention for mention in found if start <= mention.start < end]
        opens = _CARRIES_OUT.match(lowered, start)
        proposed = _PROPOSED.match(lowered, start) is not None
        if not inside:  # "Căn cứ Điều lệ Đảng; ..."
            carried = opens is not None and not proposed and opens.end() <= end
            continue
        lead = lowered[start : inside[0].start]
        above = _CONTINUES_ABOVE.match(lead)  # "Tiếp theo Công văn nêu trên và thực hiện Công điện số …"
        lead = lead[above.end() :] if above else lead
        opens = _CARRIES_OUT.match(lead)
        first: float | None = None
        if opens and not proposed:
            first = _first(lead[opens.end() :])
        elif not opens and carried and _NEXT_PAPER.fullmatch(lead) and lowered[:start].rstrip().removesuffix(" và").endswith(";"):
            first = 0.9
        carried = first is not None
        for mention, role, sure in _roles(lowered, start, inside, first):
            group = {"basis": basis, "follows": follows}.get(role, cited)
            group.append(replace(mention.reference, confidence=min(sure, mention.reference.confidence)))


def _first(lead: str) -> float | None:
    """How sure the first document named is carried out, by what stands between "Thực hiện" and it; None: it is only cited."""
    if len(lead) < 12 and _CHAIN.fullmatch(lead):
        return 1.0
    if _AT.search(lead):  # "chỉ đạo của ... tại Thông báo số ..."
        return 0.9
    if lead.endswith("(") and " về " not in lead:  # "ý kiến kết luận của ... (Thông báo số ...)"
        return 0.65
    return None if _ABOUT_OR_DONE.search(lead) else 0.65


def _roles(lowered: str, start: int, inside: list[Mention], first: float | None) -> Iterator[tuple[Mention, str, float]]:
    """The part that each document of one part of a sentence has, and how sure that is."""
    role, sure = ("basis", first) if first is not None else ("cited", 1.0)
    before: Mention | None = None
    for mention in inside:
        between = lowered[before.end : mention.start] if before else ""
        if _CONTINUES_HERE.search(lowered[start : mention.start]):
            role, sure = "follows", 0.95
        elif before and before.reference.number != mention.reference.number and not _CHAIN.fullmatch(between):
            goes_on = _NEXT_IN_LIST.search(between) or _AND_OPINION.search(between)
            in_list = mention.typed and goes_on and role == "basis"
            role, sure = ("basis", 0.6) if in_list else ("cited", 1.0)
        yield mention, role, sure
        before = mention


def _mention(block: Block, text: str, match: re.Match[str]) -> Mention:
    before = text[max(0, match.start() - 40) : match.start()]
    typed = _TYPE_BEFORE.search(low(before))
    number, end = normalise_number(match["number"] or match["short"]), match.end()
    dated = _DATE_AFTER.match(text, end)
    end = dated.end() if dated else end
    issuer, end = _issuer_after(text, end, joint=_JOINT.search(number) is not None)
    if issuer and not dated:
        dated = _DATE_AFTER.match(text, end)
        end = dated.end() if dated else end
    start = match.start() - (len(before) - typed.start("type")) if typed else match.start()
    context = text[max(0, start - _BY_CONTEXT) : start]
    issued = None if dated else _ISSUED_ON.search(low(context))
    issuer = issuer or _issuer_before(context, issued)
    day = dated or issued
    reference = Reference(
        number=number,
        date=_date(day) if day else None,
        type=_kind(typed["type"] if typed else None, number) or ("CV" if _ANY_PAPER.search(low(before)) else None),
        issuer=issuer,
        line=block.line_at(match.start("number") if match["number"] else match.start("short")),
        phrase=quoted(text[start:end]),
        confidence=1.0 if typed and dated else 0.9 if typed or dated else 0.75,
    )
    return Mention(reference=reference, start=start, end=end, typed=typed is not None)


def _kind(named: str | None, number: str) -> DocumentType | None:
    """The number's letters know it; where they don't, the name before it."""
    by_symbol = type_of_symbol(number)
    if by_symbol and (named, by_symbol) != ("thông tri", "TTr"):
        return by_symbol
    return cast(DocumentType | None, TYPE_NAMES[named]) if named else "L" if _LAW.search(number) else None


def _issuer_before(context: str, issued: re.Match[str] | None) -> str | None:
    by = issued or _BY_BEFORE.search(low(context)) or _REPORTED.search(low(context)) or _IN_BRACKETS.search(low(context))
    name = context[by.start("by") : by.end("by")].strip(" ,") if by else ""
    return name if name and starts_with_body(name) and len(name) < 120 else None


def _issuer_after(text: str, end: int, *, joint: bool) -> tuple[str | None, int]:
    """The body after "của": to the word that goes on, a comma only before another body; several of a joint paper."""
    of = _BY_AFTER.match(text, end)
    if not of:
        return None, end
    several = _SEVERAL.match(text, of.end())  # "liên Bộ: Tài chính - Nội vụ"
    start = several.end() if several else of.end()
    window = text[of.end() : start] + _BY_END.split(text[start : start + 200])[0]  # a capital begins a name: "Ban Xây dựng Đảng"
    highest = _HIGHEST.match(window)  # "Chính phủ tổ chức, hoạt động của hội": its name is over, however the title goes on
    window = highest[0] if highest else window
    parts = split_bodies(_AND_PAPER.split(window)[0])
    if len(parts) > 1 and parts[0] in ("Bộ trưởng", "Phó Thủ tướng", "Bí thư"):  # "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ"
        parts = (f"{parts[0]}, {parts[1]}", *parts[2:])
    if len(parts) > 1 and not joint and _NEXT_ACTS.match(low(text[of.end() + len(window) : of.end() + len(window) + 20])):
        parts = parts[:-1]  # the last body is the issuer of this document, beginning its own clause
    kept: list[str] = []
    position = 0
    for part in parts:
        found = window.find(part.split(",")[0], position)
        capital = part[:1].isupper()
        if kept and (not capital or _names_document(part) or found < 0 or subject(f"{part} ") not in (None, part)):
            break  # "..., Ban Thường vụ tổ chức": another clause
        name = part.split(",")[0] if not _comma_inside(part) else part
        kept.append(name)
        position = max(found, 0) + len(name)
        if name != part:
            break
    names = ", ".join(_cut_document(name) for name in kept).strip(" ,")
    return (names, of.end() + position) if names and len(names) < 160 else (None, end)


def _comma_inside(part: str) -> bool:
    """ "các huyện, thành, thị ủy": one elliptical name."""
    return re.match(r"(?:\w+ ){0,4}(?:huyện|chi|sở|phòng|ban|bộ trưởng|phó thủ tướng|bí thư), ", low(part)) is not None


def _names_document(part: str) -> bool:
    return re.match(r"(?:" + _NAMES + r")(?!\w)", low(part)) is not None


def _cut_document(name: str) -> str:
    found = re.search(r"\s+(?:và\s+)?(?:" + _NAMES + r")\s+số\b", low(name))
    return name[: found.start()] if found else name


def _date(match: re.Match[str]) -> dt.date | None:
    year = "".join((match["y"] or match["y2"]).split())
    try:
        return dt.date(int(year), int(match["m"] or match["m2"]), int(match["d"]))
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
