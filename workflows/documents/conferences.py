"""Owns the meetings that a document demands: which they are, and for each its tier, form, time, chair, people and order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from workflows.documents.clauses import Clause, clauses
from workflows.documents.deadlines import due_phrases
from workflows.documents.invitations import whole_document, with_invited
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.meeting_times import (
    AFTER,
    HELD_ON,
    ON_DAY,
    as_before,
    day_of,
    hour_and_day,
    numbered,
    ordered,
    starts_at,
    timed,
)
from workflows.documents.meetings import COUNT, HOLDS, KIND, MEETING, OPENS, held_by_whom, tier_of
from workflows.documents.outline import Section
from workflows.documents.particulars import label_of, particulars
from workflows.documents.wording import starts_with_body
from workflows.due_phrases import last_moment
from workflows.plans import Conference

_NAMED = re.compile(
    rf"(?<!\w)(?!(?:Giao|giao) Ban\s)(?P<name>(?i:{KIND})(?!\w)[^.;,():]{{0,160}}?)"
    r"(?=,?\s+(?:do|tổ chức|được tổ chức|lúc|vào|hồi|tại|bằng|trong|trước|xong|hoàn thành|dự kiến|chậm nhất|sẽ|diễn ra"
    r"|khai mạc|khai giảng|bắt đầu|như sau|cụ thể|chuyển sang|dời|lùi|để|nhằm)\s"
    r"|,?\s\d{1,2}\s?(?:h|giờ|g)|\s+(?:sáng|chiều|tối)?\s*ngày\s+\d|[,:(;.]|$)"
)
_CALLS = re.compile(  # what stands before a meeting that is called
    rf"(?<!\w)(?:{HOLDS}|tham mưu|chủ trì|dự|chuẩn bị(?:\s+cho)?)(?:\s+(?:thật tốt|tốt|{COUNT}))?\s*{COUNT}$"
)
_NOT_CALLED = re.compile(
    r"(?<!\w)(?:sau|tại|kết quả|khi|kết thúc|trước|ngoài|thay cho|như|theo|từ|phòng|trung tâm|nhà|điểm cầu|thư ký"
    r"|tài liệu)\s+(?:các\s+|khi\s+|kết thúc\s+)*$"
    r"|(?<!\w)(?:đăng ký|xác nhận|đưa đón)\s(?:[\w,]+\s){0,5}(?:tham\s)?dự\s+$"
    r"|(?<!\w)(?:kết quả|kinh phí|tình hình|công tác|kế hoạch|phương án)\s+tổ chức\s+(?:các\s+)?$"
)
_STEP = re.compile(r"[-+*\s]*(?:bước|đợt|cụm|vòng|lần|cấp|ở|tại|đối với|riêng)\s[^:.;]{1,40}:\s*")
_DAY_FIRST = re.compile(  # "Ngày 20/3/2025: Hội nghị …"
    r"\s*(?:\d{1,2}[.)]\s+)?[-+*\s]*(?:(?:sáng|chiều|tối"
    r"|thứ \w+),?\s+){0,2}(?:ngày\s+)?(?P<day>\d{1,2}\s*/\s*\d{1,2}(?:\s*/\s*\d{4})?)"
    r"[^:.;]{0,30}:\s*(?:tổ chức\s+)?"
)
_TIER = re.compile(
    r"(?:(?:ở|tại)\s+)?(?:cấp\s+|điểm cầu\s+)?(?:trung ương|tỉnh|thành phố|huyện|quận|thị xã|xã|phường|cơ sở|chi bộ|cụm)(?!\w)"
    r"(?!\s+(?:ủy|đoàn))"
)
_TELLS = re.compile(r"\d|(?<!\w)(?:chủ trì|chuẩn bị|tổ chức|dự kiến|hình thức|trực tuyến|trực tiếp)(?!\w)")
_SOME_TIME = re.compile(
    r",?\s+(?:(?:(?:được )?tổ chức|thời gian)\s+)?(?:vào|trong|dự kiến)\s[^.;,]{0,24}(?:tuần|tháng|quý)\s+(?!này|trước)\w"
)
_COMES_AGAIN = re.compile(
    r"(?<!\w)(?:(?:(?<!khách )(?<!ngân )(?<!cửa )(?<!đơn )(?<!bán )hàng|hằng|mỗi)\s+(?:ngày|tuần|tháng|quý|năm)|định kỳ"
    r"|thường kỳ hằng"
    r"|(?:tuần|tháng|quý|năm)\s+(?:một|0?1)\s+lần)(?!\w)"
)
_CALLED_OFF = re.compile(r"(?<!\w)(?:dừng|ngừng|hoãn|hủy|không|đã|vừa|chưa)\s+(?:\w+\s+){0,4}$")
_SAYS = re.compile(r"(?:hội nghị|cuộc họp)\s(?:đánh giá cao|ghi nhận|biểu dương|nhất trí|thống nhất|yêu cầu|kết luận|đã)(?!\w)")
_NOT_ONE = re.compile(
    r"^(?:tài liệu|kinh phí|nội dung|hình thức|thời gian|thành phần|địa điểm|mục đích|yêu cầu|chương trình|công tác)"
)
_DUE = re.compile(r"(?<!\w)(?:ngày\s+\d|tháng\s+\d|quý\s+[\divx]|tuần\s+(?:thứ|đầu|cuối|\d)|cuối năm|(?:đầu|giữa|cuối|nửa)\s)")
_OTHER_VERB = re.compile(
    r"[,;]\s+(?:\w+\s+){0,2}(?:báo cáo|gửi|trình|nộp|xây dựng|ban hành|hoàn thành việc|đăng ký|tổng hợp|lập|rà soát)\s"
)
_FORMAL = re.compile(
    r"(?i:hội nghị|hội thảo|tọa đàm|diễn đàn|lễ|cuộc họp|phiên họp|họp(?!\s+(?:dân|thôn|tổ)(?!\w))|buổi|gặp mặt|mít tinh)(?!\w)"
)
_TRAINS = re.compile(r"(?<!\w)(?:tập huấn|bồi dưỡng|huấn luyện|đào tạo)(?!\w)")
_AT_EACH = re.compile(
    r"(?<!\w)(?:ở|tại|của)\s+(?P<who>(?:các|từng|mỗi)\s+(?:chi bộ|chi, đảng bộ|đảng bộ|đảng ủy|chi đoàn|chi hội|công đoàn|cấp ủy)"
    r"[^.;:()]{0,60})$"
)
_AT_BASE = re.compile(
    r"(?:(?:tổ chức\s+)?(?:sinh hoạt|học tập|quán triệt|phổ biến|triển khai)[^.;:]{0,40}?\s)?(?:ở|tại|đối với|cấp|trong)\s+"
    r"(?:các\s+)?(?:cấp\s+)?(?:chi bộ|cơ sở|xã|phường|chi đoàn|chi hội|đảng bộ|tổ|thôn|bản|khoa|phòng|đơn vị)(?!\w)"
)
_LEARNS = re.compile(r"(?:tổ chức\s+)?(?:học tập|quán triệt|nghiên cứu, học tập|sinh hoạt (?:chính trị|chuyên đề|chi bộ))(?!\w)")
_SIT_TOGETHER = re.compile(  # "Thường trực Huyện ủy làm việc với Đảng ủy Công an"
    r"(?<!\w)(?:họp|làm việc với|gặp mặt|gặp gỡ|đối thoại với|tiếp xúc|giao ban|nghe)(?!\w)"
)
_LONGEST_TITLE = 120  # characters
_ASKS_TO_COME = re.compile(r"(?<!\w)(?<!giấy )(?<!kính )(?:hẹn|mời)\s[^.;]{3,300}$")
_PREPARES_IT = re.compile(  # of its own accord, not for somebody else who is to lead
    rf"(?<!\w)(?<!để )(?:{HOLDS}|^\W*chủ trì, phối hợp|chuẩn bị(?! báo cáo| số liệu| tài liệu)"
    rf"|tham mưu(?=\s+(?:{HOLDS}|{KIND}|chuẩn bị"
    r"|nội dung)))(?!\w)"
)
_MOST_BELOW = 40  # paragraphs that go on about a meeting


def conferences(
    root: Section,
    *,
    issued: dt.date | None,
    issuer: str | None,
    title: str | None,
    kind: str | None = None,
    invited: Sequence[str] = (),
) -> tuple[Conference, ...]:
    """The conferences in the document's order: each a section or a sentence of its own, or the whole document is about one.

    ``invited`` is to whom the paper goes: an invitation that says nothing else of who comes invites them.
    """
    sections = [section for section in root.walk()[1:] if _is_conference(section, issued)]
    sections = [section for section in root.walk()[1:] if section in sections or _goes_with(section, sections, issued)]
    inner = [section for section in sections if not any(child in sections for child in section.walk()[1:])]
    found = [_conference(section, issued, issuer) for section in inner]
    if not found:
        found = whole_document(root, issued, issuer, title, kind)
        if kind == "GM" or re.match(r"(?:về (?:việc )?)?(?:kính )?(?:mời|triệu tập|tham dự|dự)\s", low(title or "")):
            found = [replace(each, participants=with_invited(each.participants, invited)) for each in found]
    if kind != "GM":
        within = {id(block) for section in inner for block in section.blocks()}
        found += _called(root, issued, within, whole=bool(found) and not inner)
    return numbered(ordered(as_before(sorted(found, key=lambda each: each.line or 0))))


# --- sections ---------------------------------------------------------------------------------------------------------


def _tier_below(section: Section) -> str | None:
    """The heading above, where it names the meeting and this section the tier: "2. Lễ khởi động", "2.1. Cấp huyện: …"."""
    above = section.parent.title.strip(" .:") if section.parent else ""
    heads = OPENS.match(low(above)) and not _TELLS.search(above) and len(above) < _LONGEST_TITLE
    if not heads or section.block is None or label_of(section.block):
        return None
    own = len(section.title) > _LONGEST_TITLE or OPENS.match(low(section.title))
    tells = _TIER.match(low(section.title)) or (not own and _is_arranged(section))
    return re.sub(r"^(?i:các)\s+", "", above) if tells else None


def _is_arranged(section: Section) -> bool:
    """Whether its labelled lines say at what hour, and who comes or where: "1. Khối Đảng", "2. Phiên thứ nhất"."""
    told = particulars(section.blocks()[1:])
    return any(hour_and_day(low(block.text)) for block in told.times) and bool(told.names & {"place", "people", "chair"})


def _is_lesson(section: Section) -> bool:
    """Whether people learn of a paper together: "Học tập, quán triệt tại Đảng ủy", with time and form or who comes."""
    told = particulars(section.blocks()[1:]).names
    return _LEARNS.match(low(section.title)) is not None and "time" in told and bool(told & {"form", "people", "place"})


def _goes_with(section: Section, meetings: Sequence[Section], issued: dt.date | None) -> bool:
    """Whether it is a meeting because the items before it are: "2. Hội nghị cấp xã", "3. Sinh hoạt ở chi bộ: trong tháng 7"."""
    if len(section.title) > _LONGEST_TITLE or not _AT_BASE.match(low(section.title)):
        return False
    before = section.parent.children[: section.parent.children.index(section)] if section.parent else []
    return any(each in meetings for each in before) and any(day_of(block, issued) for block in section.paragraphs)


def _is_conference(section: Section, issued: dt.date | None) -> bool:
    if _tier_below(section):
        told = particulars([*_behind_title(section), *section.blocks()[1:]])
        return bool(told.names & {"time", "people", "place"} or (section.block and day_of(section.block, issued)))
    title = low(section.title[:300])
    opens = OPENS.match(title)
    if (
        section.title.startswith("Giao Ban ")
        or not (opens or MEETING.search(title[:160]))
        or _NOT_ONE.match(title)
        or _SAYS.match(title)
        or (starts_with_body(section.title) and not title.startswith("giao ban "))
    ):
        return (_SIT_TOGETHER.search(title[:_LONGEST_TITLE]) is not None and _is_arranged(section)) or _is_lesson(section)
    below = section.blocks()[1:]
    if any(label_of(block) for block in below):
        return True
    own = [block for block in below if _opens_own(block)]
    if not opens or len(own) > 1 or any(block.bullet for block in own) or _COMES_AGAIN.search(title):
        return False
    own = [*([section.block] if section.block else []), *section.paragraphs]
    told = particulars([*_behind_title(section), *section.paragraphs])
    if any(hour_and_day(low(block.text)) for block in own) or len(told.names) > 1:
        return True
    trains = _TRAINS.search(title[: opens.end() + 40])
    if trains and not (section.parent and MEETING.search(low(section.parent.title))):
        return False  # without an hour, training is work among others
    if not trains and not _FORMAL.match(section.title.removeprefix("Tổ chức ")):
        return False
    said = any(
        day_of(block, issued) or ON_DAY.search(low(block.text)) or AFTER.search(low(block.text)) for block in own
    ) or _DUE.search(title[opens.end() :])
    return bool(said or told.chair or (told.organiser and len(section.title) < _LONGEST_TITLE))


def _opens_own(block: Block) -> bool:
    """Whether a dash calls a meeting of its own: "- Lớp cho cán bộ xã: 7 giờ 30 ngày …"."""
    return OPENS.match(low(block.text[:80])) is not None and hour_and_day(low(block.text)) is not None


def _behind_title(section: Section) -> list[Block]:
    """What a section's own line tells behind the meeting's name."""
    rest = section.title[len(_named(section.title)) :].lstrip(" .:;,")
    return [replace(section.block, text=rest)] if section.block and rest else []


def _named(title: str) -> str:
    """The meeting's name that a section's line begins with."""
    match = _NAMED.search(title) if OPENS.match(low(title[:80])) else None
    sentence = re.split(r"[.:;](?=\s)", title, maxsplit=1)[0]
    behind = re.sub(r"\sdo\s[^.;:]{3,160}\stổ chức$", "", title[match.end() :]) if match else ""  # the holder is part of the name
    heading = len(sentence) == len(title) < _LONGEST_TITLE and match and not _TELLS.search(low(behind))
    return sentence if match is None or len(sentence) < match.end() or heading else title[: match.end()]


def _conference(section: Section, issued: dt.date | None, issuer: str | None) -> Conference:
    title = re.sub(rf"^(?i:{HOLDS})\s+", "", _named(section.title).strip(" .:;"))
    if above := _tier_below(section):
        title = f"{above} {title[:1].lower()}{title[1:]}"
    head = [replace(section.block, text=section.title)] if section.block else []
    told = particulars([*_behind_title(section), *section.blocks()[1:]])
    organiser = particulars(head).organiser or told.organiser or _at_its_own(title)
    tier = tier_of(title, organiser)
    conference = Conference(
        id=section.number,
        title=title[:300],
        tier=tier,
        form=told.form(title),
        link=told.link(title),
        chair=told.chair or particulars(head).chair,
        venue=told.venue,
        participants=told.participants,
        organiser=organiser,
        reporter=told.reporter,
        invitation=told.invitation,
        held_by=held_by_whom(organiser, tier, issuer),
        line=section.line,
        phrase=quoted(section.block.text) if section.block else None,
        confidence=0.95 if {"time", "people", "place"} & told.names else 0.75,
    )
    return timed(conference, told.times or [*_behind_title(section), *section.paragraphs], issued)


# --- sentences --------------------------------------------------------------------------------------------------------


def _called(root: Section, issued: dt.date | None, within: set[int], *, whole: bool) -> list[Conference]:
    """Meetings that a sentence calls: "Cuộc họp khởi động tổ chức lúc 14 giờ 00, thứ Ba, ngày …, do … chủ trì"."""
    found: list[Conference] = []
    blocks = root.blocks()
    owner = {id(block): section for section in root.walk() for block in (section.block, *section.paragraphs) if block}
    for place, block in enumerate(blocks):
        if id(block) in within or (whole and (owner[id(block)] is root or label_of(block) is not None)):
            continue
        parts = clauses(block.text)
        told = 0  # up to where the paragraph is about a meeting found already
        for n, clause in enumerate(parts):
            match = _call(clause.text) if clause.start >= told else None
            if match is None:
                continue
            below = _goes_on(blocks[place + 1 : place + _MOST_BELOW]) if n == len(parts) - 1 else []
            scope = [replace(block, text=_with_what_follows(block, clause, parts[n + 1 :])), *below]
            conference = _of_sentence(scope, clause, match, issued)
            if conference is None:
                continue
            told = clause.start + len(scope[0].text)
            within.update(id(each) for each in below)
            line = block.line_at(clause.start + match.start("name"))
            found.append(replace(conference, id=owner[id(block)].number or "1", line=line))
    return found


def _call(text: str) -> re.Match[str] | None:
    """The first meeting that a clause calls, not merely mentions."""
    for match in _NAMED.finditer(text[:2000]):
        before, behind = low(text[: match.start("name")]), low(text[match.start("name") :])
        told = _CALLED_OFF.search(before) or _NOT_CALLED.search(before) or _SAYS.match(behind)
        if not (told or _COMES_AGAIN.search(behind)):
            return match
    return None


def _of_sentence(scope: list[Block], clause: Clause, match: re.Match[str], issued: dt.date | None) -> Conference | None:
    """The meeting, where hour and day are told, or it is to be held within some time."""
    name = match["name"].strip()
    before = low(clause.text[: match.start("name")])
    whens = [clause.text, *(block.text for block in scope)]
    starts = next((moment for text in whens if (moment := starts_at(low(text), issued))), None)
    dated = _DAY_FIRST.fullmatch(before)
    opens = not before.strip(" -+*") or bool(dated or _STEP.fullmatch(before))
    held = (opens or bool(_CALLS.search(before))) and _FORMAL.match(name) and not _TRAINS.search(low(name))
    day = starts.date() if starts else _day_within(scope[0], clause, match, issued) if held else None
    day = last_moment(f"ngày {dated['day']}", issued=issued).day if dated and day is None else day
    some_time = held and _SOME_TIME.match(low(clause.text), match.end("name"))
    if (day is None and not some_time) or (issued and day and day < issued) or (not starts and len(name.split()) < 3 and opens):
        return None
    told = particulars(scope)
    itself = name.startswith("họp ") and (not before.strip() or before.strip().endswith(("sẽ", low(clause.actor or "?"))))
    invites = _ASKS_TO_COME.search(before)
    mine = clause.actor if itself or invites or _PREPARES_IT.search(low(clause.text)) else None
    mine = None if mine and _PLACE.match(low(mine)) else mine
    organiser = told.organiser or mine if re.search(r"tham mưu\s+(?!tổ chức|mở|triệu tập)", before) else mine or told.organiser
    return Conference(
        id="",
        title=name[:300],
        tier=tier_of(name, organiser),
        form=told.form(name),
        link=told.link(name),
        due_date=day,
        starts_at=starts.astimezone(dt.UTC) if starts else None,
        chair=told.chair,
        venue=told.venue,
        participants=told.participants,
        organiser=organiser,
        reporter=told.reporter,
        invitation=told.invitation,
        phrase=quoted(clause.text.strip()),
        confidence=0.65,
    )


def _at_its_own(title: str) -> str | None:
    """Those who each hold their own: "Hội nghị tại các chi bộ trực thuộc"."""
    match = _AT_EACH.search(title)
    return match["who"] if match else None


def _with_what_follows(block: Block, clause: Clause, behind: Sequence[Clause]) -> str:
    """A clause and those behind it that go on about its meeting: "Thời gian: …", "… chủ trì", "Mời: …"."""
    end, apart = clause.end, 0
    for each in behind:
        told = particulars([replace(block, text=each.text.lstrip(" ;."))])
        about = told.names or told.chair or told.participants or told.venue or _PREPARES.search(each.text)
        apart = 0 if about else apart + 1
        another = _call(each.text)
        before = low(each.text[: another.start("name")]) if another else ""
        calls = _CALLS.search(before) and not before.endswith(("chủ trì ", "dự "))
        called = another and (hour_and_day(low(each.text)) or calls)
        if apart > 1 or called:
            break
        end = each.end if about else end
    return block.text[clause.start : end]


_PLACE = re.compile(r"(?:phòng họp|hội trường|trụ sở|nhà văn hóa|sân vận động|điểm cầu)(?!\w)")
_PREPARES = re.compile(
    r"\schuẩn bị(?:\s+(?:hội nghị|nội dung|cuộc họp|họp))?\s*[.;]?$|^\s*;?\s*(?:do|giao)\s.{3,100}\s(?:tổ chức|chuẩn bị|mở)(?!\w)"
)


def _goes_on(below: Sequence[Block]) -> list[Block]:
    """The labelled lines right below a sentence: "- Thời gian: …", "1. Địa điểm: …", with what is listed under them."""
    taken: list[Block] = []
    for block in below:
        label = label_of(block)
        if label is None and not (taken and block.bullet):
            break
        taken.append(block)
    return taken


def _day_within(block: Block, clause: Clause, match: re.Match[str], issued: dt.date | None) -> dt.date | None:
    """The last day on which a meeting is to be held, where the words between are about nothing else."""
    for due in due_phrases(replace(block, text=clause.text), issued):
        between = clause.text[match.start("name") : due.start] if due.start > match.start("name") else ""
        if due.last.day and not _OTHER_VERB.search(low(between)) and (due.start > match.start("name") or due.start < 12):
            return due.last.day
    on_day = HELD_ON.match(low(clause.text), match.end("name"))
    return last_moment(on_day["day"], issued=issued).day if on_day and not _OTHER_VERB.search(low(on_day[0])) else None
