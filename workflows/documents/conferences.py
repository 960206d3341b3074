"""Owns the meetings that a document demands: tier, form, time, chair, venue, participants, organiser, order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from workflows.documents.clauses import Clause, clauses
from workflows.documents.deadlines import due_phrases
from workflows.documents.layout import Block, numbering
from workflows.documents.lines import low, quoted
from workflows.documents.meetings import form_of, held_by_whom, tier_of
from workflows.documents.outline import Section
from workflows.documents.wording import actor, starts_with_body
from workflows.due_phrases import last_moment
from workflows.plans import Conference

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_KINDS = (
    r"(?:hội nghị|hội thảo|buổi học tập|cuộc họp|phiên họp|lễ(?! hội)|họp|tọa đàm|đại hội|diễn đàn|giao ban|tập huấn"
    r"|buổi làm việc)"
)
_MEETING = re.compile(r"(?<!\w)(?:hội nghị|hội thảo|buổi học tập|cuộc họp|lễ phát động)(?!\w)")
_OPENS_MEETING = re.compile(rf"(?:tổ chức\s+)?{_KINDS}(?!\w)")
_NAMED_MEETING = re.compile(
    r"(?<!\w)(?i:hội nghị|hội thảo|cuộc họp|phiên họp|buổi (?:làm việc|hướng dẫn|đối thoại|gặp mặt|giao ban|họp"
    r"|tập huấn|tuyên truyền)|(?:lớp |khóa |đợt )?tập huấn|giao ban|lễ(?! hội)|tọa đàm|diễn đàn"
    r"|họp(?=\s(?:rút kinh nghiệm|kiểm điểm|giao ban|triển khai"
    r"|thống nhất|sơ kết|tổng kết|đối thoại|đánh giá|bàn|nghe|thẩm định|xét)))\s+[^.;,():]{3,160}?"
    r"(?=\s(?:do|tổ chức|được tổ chức|lúc|vào|hồi|tại|bằng)\s|\s\d{1,2}\s?(?:h|giờ|g)|[,:(;.]|$)"
)
_GOES_ON = re.compile(  # of a meeting that the sentence before calls
    r"\s*(?:thời gian|địa điểm|thành phần|hình thức|chủ trì|mời)\s*:|[^;:]{3,100}\s(?:chủ trì|chuẩn bị|dự)(?=\s*[;.,]|$)|\s*mời\s"
    r"|\s*(?:thành phần|dự họp)\s"
)
_COMES_BY = re.compile(r"(?<!\w)(?:xong|hoàn thành|chậm nhất|trước|trong)\s[^.;]{0,24}(?:ngày|tháng|quý|tuần)\s")
_INLINE = re.compile(r"(?<!\w)(?:thời gian|hình thức|địa điểm|chủ trì|dự kiến|tổ chức|thành phần)(?!\w)")
_NOT_ONE = re.compile(
    r"^(?:tài liệu|kinh phí|nội dung|hình thức|thời gian|thành phần|địa điểm|mục đích|yêu cầu|chương trình|công tác)"
)
_LABEL = re.compile(
    r"(?P<label>hình thức|thời gian|thành phần|đại biểu|địa điểm|chủ trì|người chủ trì|chủ tọa|đơn vị tổ chức|cơ quan tổ chức"
    r"|đơn vị chuẩn bị|cơ quan chuẩn bị|báo cáo viên|điểm cầu)(?=\W)[^:]{0,60}:\s*"
)
_OTHER_LABEL = re.compile(  # what follows a meeting's participants and is none
    r"(?:\d{1,2}(?:\.\d{1,2})?\s*[.)/-]\s*)?(?:(?:công tác )?chuẩn bị|nội dung|tài liệu|chương trình|kinh phí|trang phục"
    r"|phân công|lưu ý|tổ chức thực hiện|liên hệ|kính đề nghị|đề nghị|trân trọng)(?!\w)"
)
_INLINE_LABEL = re.compile(
    r"(?<=[.;])\s+(?=(?i:thời gian|địa điểm|thành phần|hình thức|chủ trì|người chủ trì|đơn vị (?:tổ chức|chuẩn bị))[^:.;]{0,30}:)"
)
_POINT_OF = re.compile(r"(?:tại\s+)?(?:các\s+)?điểm cầu[^:;]{0,60}:\s*")
_HOSTS = re.compile(
    r"(?:^|[;,]\s+)(?P<who>[A-ZĐ][^.;,:]{2,100}?)\s+(?:(?:trân trọng\s+)?kính\s+mời|trân trọng\s+mời|tổ chức\s+(?:hội nghị"
    r"|cuộc họp|họp|lễ|buổi|hội thảo|tọa đàm))(?!\w)"
)
_TITLED = re.compile(r"(?P<label>hình thức|thời gian|thành phần|đại biểu|địa điểm|chủ trì)(?!\w)")
_ORGANISER = re.compile(
    r"(?<!\w)[Dd]o\s+(?P<who>[^.;]{3,160}?)\s+(?:chủ trì\s+)?(?:tổ chức|triệu tập|mở|làm(?! việc|\s+chủ))(?!\w)"
)
_CALLED_OFF = re.compile(r"(?<!\w)(?:dừng|ngừng|hoãn|hủy|không tổ chức|đã)(?!\w)")
_PREPARED = re.compile(
    r"(?<!\w)[Dd]o\s+(?P<who>[^.;,]{3,160}?)\s+(?:chuẩn bị|tổ chức|mở|làm)(?=\s*[,.;]|$|\s+(?:vào|trong|tại|lúc|xong|theo|sau)\s)"
)
_CHAIRED = (
    re.compile(r"(?<!\w)do\s+(?P<who>[^.;]{3,160}?)\s+(?:làm\s+)?chủ trì(?!\w)"),
    re.compile(r"(?<!\w)(?i:chủ trì):\s+(?P<who>[^.;]{3,160})"),
    re.compile(r"(?:^|[;.]\s+)(?P<who>[^.;,:]{3,100}?)\s+chủ trì(?=\s*[;.,]|$)"),
    re.compile(
        r"(?:^|[;.,)]\s+|tham mưu\s+|mời\s+)(?P<who>(?:đồng chí\s+)?[A-ZĐ][^.;,:()]{3,100}?)\s+(?:sẽ\s+)?chủ trì\s+(?:họp"
        r"|hội nghị|cuộc họp|phiên họp|giao ban|buổi|lễ|đối thoại|tọa đàm)(?!\w)"
    ),
)
_CHAIR = re.compile(r"[(\[]\s*(?:làm\s+)?chủ trì(?:\s+hội nghị)?\s*[)\]]")
_CLOCK = r"\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{2})?\s*['’′]?\s*(?:phút)?(?:\s*(?:sáng|chiều|tối))?"
_DAY = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}(?!\d)|\d{1,2}\s*/\s*\d{1,2}(?!\d)"
    r"|\d{1,2}\s+tháng\s+\d{1,2}(?!\d)(?:\s+năm\s+\d{4})?)"
)
_STARTS = (  # the hour before the day, or behind it
    re.compile(rf"(?<![\d/])(?P<clock>{_CLOCK})(?:\s*(?:đến|-|–)\s*{_CLOCK})?[^\d;]{{0,45}}?(?:ngày\s+)?(?P<day>{_DAY})"),
    re.compile(rf"(?<![\d/])(?P<day>{_DAY})[^\d;]{{0,45}}?(?<![\d/])(?P<clock>{_CLOCK})"),
)
_ON_DAY = re.compile(rf"(?<!\w)ngày\s+{_DAY}")
_NOT_AT = re.compile(r"(?:trước|chậm nhất|muộn nhất|xong|hoàn thành|đã)[^.;]{0,30}$")
_VENUE = re.compile(
    r"(?:(?<!\w)tại\s+|(?<!\w)(?i:địa điểm):\s+)(?P<where>(?:[A-ZĐÀ-Ỹ]|xã\s|phường\s|trụ sở\s|hội trường\s|nhà\s|phòng\s|sân\s"
    r"|khuôn viên\s|trung tâm\s)(?!iểm cầu)(?:[^.;]|\.\d){3,160}?"
    r"(?:,\s+(?:trụ sở|số\s+\d|tầng|đường|phố|nhà|khu)\s?[^.;,()]{2,80})*)"
    r"(?=,?\s+(?:do|bắt đầu|thành phần|vào|lúc|dưới)\s|,|;|\.(?:\s|$)|\("
    r"|$)"
)
_POINT = re.compile(r"(?:tại\s+)?điểm cầu[^:]{0,60}:\s*(?=\S)")
_ATTENDS = re.compile(
    r"(?<!\w)(?i:(?:tham\s+)?dự\s+(?:hội nghị|họp|lễ|buổi\s+\w+)(?:(?:\s+(?:có|gồm))?:|\s+(?:có|gồm)))\s+(?P<who>[^.]{3,600})"
    r"|(?:[;,]\s+mời|[.;]\s+(?i:mời)\s*:|^\s*(?i:mời)\s*:)\s+(?P<asked>[^.;]{3,300})"
)
_COMES = re.compile(
    r"(?<!\w)(?i:thành phần)(?:\s+(?:gồm|tham dự|dự họp|mời|gồm có))*\s*:?\s*(?!do\s|như\s|theo\s|và\s)(?P<who>[^.]{3,600})"
)
_ORGANISES = re.compile(r"\s+(?:mở|tổ chức|chuẩn bị|triệu tập)(?!\w)")
_INVITES = re.compile(r"(?<!\w)(?:mời|dự|tham dự|triệu tập|tổ chức|họp)(?!\w)")
_INVITED_TO = re.compile(r"^(?:(?:về\s+)?(?:việc\s+)?(?:kính\s+)?(?:mời|dự|tham dự|triệu tập|tổ chức)\s+)+")
_AFTER = re.compile(r"(?<!\w)sau\s+(?:khi\s+)?(?:kết thúc\s+)?(?:hội nghị|lễ|cuộc họp|đại hội|buổi)\s+(?P<which>[^.;,()]{2,80})")
_ORGANISERS = ("đơn vị tổ chức", "cơ quan tổ chức", "đơn vị chuẩn bị", "cơ quan chuẩn bị")
_SETTINGS = ("thời gian", "địa điểm")  # labels whose words may say the form
_MOST_PARTICIPANTS = 60
_LONGEST_TITLE = 120  # characters


def conferences(
    root: Section, *, issued: dt.date | None, issuer: str | None, title: str | None, kind: str | None = None
) -> tuple[Conference, ...]:
    """The conferences in the document's order: each a section or a sentence of its own, or the whole document is about one."""
    sections = [section for section in root.walk()[1:] if _is_conference(section)]
    inner = [section for section in sections if not any(child in sections for child in section.walk()[1:])]
    found = [_conference(section, issued, issuer) for section in inner]
    if not found:
        found = _whole_document(root, issued, issuer, title, kind)
    within = {block for section in inner for block in section.blocks()}
    if kind != "GM":
        found += [each for section in root.walk()[1:] for each in _called(section, issued, within)]
    return _numbered(_ordered(sorted(found, key=lambda each: each.line or 0)))


def _is_conference(section: Section) -> bool:
    title = low(section.title[:300])
    opens = _OPENS_MEETING.match(title)
    if not (opens or _MEETING.search(title[:160])) or _NOT_ONE.match(title) or starts_with_body(section.title):
        return False
    if any(_label(block) for block in section.blocks()[1:]):
        return True
    colon = title.find(":", 0, 160)
    told = opens and colon > 0 and len(_INLINE.findall(title[colon:])) > 1
    below = [low(block.text) for block in section.paragraphs] if opens and colon < 0 and len(title) < _LONGEST_TITLE else []
    if any(_COMES_BY.search(text) or len(_INLINE.findall(text)) > 1 for text in below):
        return True
    return bool(told or (re.match(r"(?:tổ chức\s+)?(?:hội nghị|hội thảo|họp)\s", title) and _at(title)))


def _at(text: str) -> re.Match[str] | None:
    """The first hour with its day in lower-case words that is no deadline."""
    for pattern in _STARTS:
        found = (match for match in pattern.finditer(text[:2000]) if not _NOT_AT.search(text[: match.start()]))
        if match := next(found, None):
            return match
    return None


def starts_at(lowered: str, issued: dt.date | None) -> dt.datetime | None:
    """When a meeting begins by lower-case words that name hour and day, in Vietnam's time."""
    at = _at(lowered)
    moment = last_moment(f"{at['clock']} ngày {at['day']}", issued=issued) if at else None
    return dt.datetime.combine(moment.day, moment.clock, _ZONE) if moment and moment.day and moment.clock else None


def _called(section: Section, issued: dt.date | None, within: set[Block]) -> list[Conference]:
    """Meetings that a sentence calls: "Cuộc họp khởi động tổ chức lúc 14 giờ 00, thứ Ba, ngày …, do … chủ trì"."""
    found: list[Conference] = []
    for block in [*([section.block] if section.block else []), *section.paragraphs]:
        for clause in clauses(block.text) if block not in within else ():
            if _CALLED_OFF.search(low(clause.text)):
                continue
            named = _NAMED_MEETING.search(clause.text)
            text = _with_what_follows(block, clause) if named else clause.text
            starts = starts_at(low(clause.text if _at(low(clause.text)) else text), issued)
            day = starts.date() if starts else _due_of(block, clause, named, issued)
            if not named or day is None or (issued and day < issued):
                continue
            organiser = clause.actor if _ORGANISES.search(clause.text) else None
            conference = Conference(
                id=section.path,
                title=named[0].strip()[:300],
                tier=tier_of(named[0], organiser),
                form=form_of(text),
                due_date=day,
                starts_at=starts.astimezone(dt.UTC) if starts else None,
                organiser=organiser,
                line=block.line_at(clause.start + named.start()),
                phrase=quoted(clause.text.strip()),
                confidence=0.65,
            )
            found.append(_told(conference, text))
    return found


def _with_what_follows(block: Block, clause: Clause) -> str:
    """A clause and those behind it that go on about its meeting: "Thời gian: …", "… chủ trì", "Mời: …"."""
    end = clause.end
    for each in clauses(block.text):
        if each.start >= end and _GOES_ON.match(low(each.text)):
            end = each.end
        elif each.start >= end:
            break
    return block.text[clause.start : end]


def _due_of(block: Block, clause: Clause, named: re.Match[str] | None, issued: dt.date | None) -> dt.date | None:
    """The last day of a meeting whose name opens a dash: "- Hội nghị cấp xã: hoàn thành trước ngày …"."""
    if not (block.bullet and named and not clause.text[: named.start()].strip() and clause.text[named.end() :].startswith(":")):
        return None
    days = [due.last.day for due in due_phrases(block, issued) if clause.start <= due.start < clause.end]
    return next((day for day in days if day), None)


def _told(conference: Conference, text: str) -> Conference:
    """What running text says of a meeting, where no label does."""
    chair = next((found for pattern in _CHAIRED if (found := pattern.search(text))), None)
    where, who = _VENUE.search(text), _COMES.search(text)
    return replace(
        conference,
        chair=conference.chair or (chair["who"].strip(" ,") if chair else None),
        venue=conference.venue or (where["where"].strip(" ,") if where else None),
        participants=conference.participants or (_people(who["who"]) if who else _attending(text)),
    )


def _attending(text: str) -> tuple[str, ...]:
    """ "Dự hội nghị: …; …", "…; mời …"."""
    match = _ATTENDS.search(text)
    return _people(re.sub(r"\([^()]{0,80}\)", "", match["who"] or match["asked"])) if match else ()


def _people(said: str) -> tuple[str, ...]:
    """Those whom semicolons, or a further "mời", part."""
    point = _POINT_OF.match(low(said))
    said = re.sub(r"\s+(?:cùng\s+|về\s+|tham\s+)?dự(?:\s+họp)?\s*[.;]?$", "", said)
    people = re.split(r"\s*;\s*(?!\s*(?:nội dung|hình thức)\s)|,\s+mời\s+(?:thêm\s+)?", said[point.end() if point else 0 :])
    return tuple(each.strip(" ,.;")[:400] for each in people if each.strip(" ,.;"))[:_MOST_PARTICIPANTS]


def _label(block: Block) -> re.Match[str] | None:
    return _LABEL.match(low(block.text[:120]), _after_number(block.text))


def _after_number(text: str) -> int:
    match = numbering(text)
    return match.end() if match else 0


def _conference(section: Section, issued: dt.date | None, issuer: str | None) -> Conference:
    labelled = any(_label(block) for block in section.blocks()[1:])
    title, colon, told = section.title.partition(":")
    title, told = (title, told) if colon and not labelled else (section.title, "")
    title = title.strip(" .:;")
    told = told or (
        ""
        if labelled
        else " ".join([section.title if ";" in section.title else "", *(block.text for block in section.paragraphs)])[:2000]
    )
    number = section.number if section.number[:1].isdigit() else section.path
    parts = _parts(list(section.blocks()[1:]))
    organiser = _organiser(title) or _text(parts, *_ORGANISERS) or _organiser_told(told)
    setting = " ".join(block.text for block in [*section.blocks()[1:3], *(own[0] for name, own in parts if name in _SETTINGS)])
    tier = tier_of(title, organiser)
    conference = Conference(
        id=number,
        title=title[:300],
        tier=tier,
        form=form_of(_text(parts, "hình thức") or told or title) or form_of(setting),
        chair=_chair(parts, title),
        venue=_venue(parts),
        participants=_participants(parts),
        organiser=organiser,
        held_by=held_by_whom(organiser, tier, issuer),
        line=section.line,
        phrase=quoted(section.block.text) if section.block else None,
        confidence=0.95 if {"thời gian", "thành phần", "địa điểm"} & {name for name, _ in parts} else 0.75,
    )
    time = [block for name, own in parts if name == "thời gian" for block in own]
    time = time or [*([section.block] if section.block else []), *section.paragraphs]
    return _timed(_told(conference, told) if told else conference, time, issued)


def _organiser_told(text: str) -> str | None:
    """ "…: Liên đoàn Lao động quận tổ chức vào …", "… do Sở Y tế chuẩn bị"."""
    match = _PREPARED.search(text)
    if match:
        return match["who"].strip(" ,")
    found = actor(text.strip())
    return found[0] if found and _ORGANISES.match(" " + text.strip()[found[1] :]) else None


def _venue(parts: list[tuple[str, list[Block]]]) -> str | None:
    said = _text(parts, "địa điểm")
    point = _POINT.match(low(said)) if said else None
    if said is None:
        return next((where for name, own in parts if name == "thời gian" for where in _places(own)), None)
    return said[point.end() :].strip(" .;,") if point else said


def _places(own: list[Block]) -> list[str]:
    """The lines below "Thời gian, địa điểm" that say where, without a label of their own."""
    if "địa điểm" not in low(own[0].text[:60]):
        return []
    bare = [block.text.strip(" .;,") for block in own[1:] if not re.search(r"\d\s?(?:h|giờ|g)|[/:]|ngày\s+\d", low(block.text))]
    return [text for text in bare if _VENUE.match(f"tại {text}")]


def _parts(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """Paragraphs by the label above them: "Thành phần:" and the lines that follow."""
    parts: list[tuple[str, list[Block]]] = []
    for block in (piece for each in blocks for piece in _at_labels(each)):
        labelled = _label(block) or _TITLED.match(low(block.text[:80]), _after_number(block.text))
        if labelled and not (labelled["label"] == "điểm cầu" and parts and parts[-1][0] == "địa điểm"):
            name = {"đại biểu": "thành phần", "người chủ trì": "chủ trì", "chủ tọa": "chủ trì"}.get(
                labelled["label"], labelled["label"]
            )
            parts.append((name, [block]))
        elif _OTHER_LABEL.match(low(block.text[:60])) and not block.bullet:
            parts.append(("", [block]))
        elif parts:
            parts[-1][1].append(block)
    return parts


def _at_labels(block: Block) -> list[Block]:
    """A paragraph that begins with a label, parted where further ones stand in it."""
    pieces = _INLINE_LABEL.split(block.text) if _label(block) else []
    return [replace(block, text=piece) for piece in pieces] if len(pieces) > 1 else [block]


def _content(block: Block) -> str:
    match = _label(block)
    if match:
        return block.text[match.end() :].strip()
    text = block.text[_after_number(block.text) :].strip()
    return "" if _TITLED.fullmatch(low(text)) else block.text


def _text(parts: list[tuple[str, list[Block]]], *names: str) -> str | None:
    for name, own in parts:
        if name in names:
            said = _content(own[0]) or (own[1].text if len(own) > 1 else "")
            return said.strip(" .;,")[:400] or None
    return None


def _participants(parts: list[tuple[str, list[Block]]]) -> tuple[str, ...]:
    lines = [_content(block) for name, own in parts if name == "thành phần" for block in _listed(own)]
    said: list[str] = []
    for line in lines:
        parted = len(lines) == 1 or _POINT_OF.match(low(line))  # else each line is one entry
        said += _people(line) if parted else [line.strip(" .;,")[:400]]
    return tuple(line for line in said if line and not low(line).startswith("do ") and not _TITLED.fullmatch(low(line)))[
        :_MOST_PARTICIPANTS
    ]


def _listed(own: list[Block]) -> list[Block]:
    """The label's line, and what is listed below it: all, or only dashes where the label's line already names somebody."""
    told = _content(own[0])
    return [own[0], *(block for block in own[1:] if block.bullet or not told)]


def _chair(parts: list[tuple[str, list[Block]]], title: str) -> str | None:
    direct = _text(parts, "chủ trì")
    if direct:
        return direct
    for line in _participants(parts):
        marked = _CHAIR.search(low(line))
        if marked:
            return line[: marked.start()].strip(" ,;:")
    said = [title, *(block.text[:2000] for _, own in parts for block in own)]
    match = next((found for text in said for found in [_CHAIRED[0].search(text)] if found), None)
    return match["who"].strip() if match else None


def _organiser(title: str) -> str | None:
    match = _ORGANISER.search(title[:400])
    return match["who"].strip(" ,") if match else None


def _timed(conference: Conference, time: list[Block], issued: dt.date | None) -> Conference:
    for block in time:
        lowered = low(block.text[:2000])
        starts = starts_at(lowered, issued)
        if starts:  # of several sessions the first; it ends with the last day named
            days = [last_moment(each[0], issued=issued).day or starts.date() for each in _ON_DAY.finditer(lowered)]
            last = max([starts.date(), *days])
            return _followed(replace(conference, starts_at=starts.astimezone(dt.UTC), due_date=last), block)
        days = [found.last.day for found in due_phrases(block, issued) if found.last.day]
        on_day = _ON_DAY.search(lowered)
        day = max(days, default=last_moment(on_day[0], issued=issued).day if on_day else None)
        conference = _followed(replace(conference, due_date=conference.due_date or day), block)
    return conference


def _followed(conference: Conference, block: Block) -> Conference:
    """Keeps the words that name the conference to come after, until all are known."""
    match = _AFTER.search(low(block.text[:2000]))
    return replace(conference, after=match["which"].strip()) if match else conference


def _ordered(found: list[Conference]) -> list[Conference]:
    """Words such as "cấp Thành phố" in ``after`` become the id of that conference; of several the first."""
    ordered: list[Conference] = []
    for conference in found:
        words = conference.after
        before = [other for other in found if other is not conference]
        named = [other for other in before if words and (other.id in words.split() or (other.tier and other.tier in words))]
        only = [other for other in before if found.index(other) < found.index(conference)] if words else []
        target = named[0] if named else only[0] if len(only) == 1 else None
        ordered.append(replace(conference, after=target.id if target else None))
    return ordered


def _numbered(found: list[Conference]) -> tuple[Conference, ...]:
    """Ids stay apart even where the document numbers two sections alike."""
    seen: dict[str, int] = {}
    numbered = []
    for conference in found:
        seen[conference.id] = seen.get(conference.id, 0) + 1
        suffix = "" if seen[conference.id] == 1 else f" ({seen[conference.id]})"
        numbered.append(replace(conference, id=conference.id + suffix))
    return tuple(numbered)


def _whole_document(
    root: Section, issued: dt.date | None, issuer: str | None, title: str | None, kind: str | None
) -> list[Conference]:
    """A paper that is about one conference, as an invitation is: time, venue and participants are its items."""
    about = low((title or "")[:300])
    if kind != "GM" and not ((_MEETING.search(about) or _OPENS_MEETING.match(about)) and _INVITES.search(about)):
        return []
    blocks = [block for section in root.walk()[1:] for block in _headed(section)]
    parts = _parts([*root.paragraphs, *blocks])
    names = {name for name, _ in parts}
    if not {"thời gian", "địa điểm"} & names:
        return []
    first = next(block for _, own in parts for block in own)
    meant = _INVITED_TO.match(about)
    conference = Conference(
        id="1",
        title=(title or "")[meant.end() if meant else 0 :][:300] or None,
        tier=tier_of(title or "", issuer),
        form=form_of(_text(parts, "hình thức") or title or ""),
        chair=_chair(parts, title or ""),
        venue=_venue(parts),
        participants=_participants(parts),
        organiser=_host(root.paragraphs) or issuer,
        held_by="issuer" if issuer else None,
        line=first.line,
        phrase=quoted(title or first.text),
        confidence=0.8,
    )
    return [_timed(conference, [block for name, own in parts if name == "thời gian" for block in own], issued)]


def _host(opening: Sequence[Block]) -> str | None:
    """Who invites, as the paper itself says: "…; Ban Thường vụ Thành ủy trân trọng kính mời …"."""
    found = (_HOSTS.search(block.text[:1000]) for block in opening[:3])
    return next((match["who"].strip() for match in found if match and starts_with_body(match["who"])), None)


def _headed(section: Section) -> list[Block]:
    heading = [replace(section.block, text=section.title)] if section.block else []
    return [*heading, *section.paragraphs]
