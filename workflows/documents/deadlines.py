"""Owns one-off deadlines in running text: the phrase, its line, who is to do it, to whom and by way of whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice

from workflows.documents.clauses import Clause, acting_in, acts, addressed_to, bodies, clauses, sent_via
from workflows.documents.due_words import ALSO, DEADLINE, LIMIT, RESTATED
from workflows.documents.layout import Block
from workflows.documents.lines import CAPITALS, low, quoted
from workflows.documents.reports import goes_on, opens_list, schedules
from workflows.documents.wording import actor, before_verb, is_name, starts_with_body
from workflows.due_phrases import NOTHING, LastMoment, clock_in, hours_in_figures, last_moment
from workflows.plans import Deadline

_PLANNED = re.compile(r"(?<!\w)dự kiến\s+(?:vào\s+)?$")  # then no day is sure
_STOPPED = re.compile(  # it says how long
    r"(?<!\w)(?:tạm (?:dừng|ngừng|hoãn|nghỉ|đình chỉ|không|chưa|thời)|hoãn|dừng"
    r"|(?:ngừng|cắt|ngưng)\s+(?:cung )?cấp|(?<!không )cắt (?:điện|nước)"
    r"|cấm|nghỉ học)\s[^;.]*$"
)
_STOPS_THEN = re.compile(r",\s+[^;.,]{0,80}(?<!\w)(?:tạm (?:dừng|ngừng|hoãn|đình chỉ)|nghỉ học)(?!\w)")
_ON_DUTY = re.compile(r"(?<!thường )(?<!trung )(?<!trật )trực\s+(?!tiếp|tuyến|thuộc)[^;.]*$")  # "trực từ … đến hết ngày 02/5"
_SPANS = ("đến", "tới", "từ")
_HOW_LONG = ("đến", "tới", "hết", "trong", "từ")
_EVERY = re.compile(r"\s*(?:hằng|hàng|mỗi)\s+(?:năm|quý|tháng|tuần)(?!\w)")
_EACH_YEAR = re.compile(r"(?<!\w)(?:hằng|hàng|mỗi)\s+năm,?\s[^;.]*$")
_OTHER_YEAR = re.compile(r"\s*(?:của\s+)?năm\s+(?:trước|sau|tới|kế tiếp|tiếp theo|liền kề)(?!\w)(?:\s+liền kề)?")
_BEGUN = re.compile(r"(?:từ|sau)\s+(?:khi|ngày)\s")
_AGAIN = re.compile(r"(?<!\w)(?:(?:hằng|hàng|mỗi|từng)\s+(?:ngày|tuần|tháng|quý)|cứ\s+(?:\w+\s+)?(?:thứ|chủ nhật|ngày|\d))(?!\w)")
_BEFORE = re.compile(r"(?:hoàn thành|xong|báo cáo|gửi|kết thúc)\s*$")
_NO_DEADLINE_BEFORE = re.compile(
    r"(?<!\w)(?:tính|số liệu(?:\s+\w+)?|nhiệm kỳ|giai đoạn|kể từ|(?<!học )sinh|hiệu lực|(?:được|đã) ban hành|chốt|phát sinh"
    r"|kết nạp|nghỉ hưu|nghỉ việc|tốt nghiệp|nhập ngũ|xuất ngũ|ra trường|thôi việc|cư trú|vào đảng"
    r"|xảy ra|có mặt|kéo dài|áp dụng|diễn ra|(?<!kết thúc )năm học|đạt được|dự báo|từ|số thu"
    r"|thời điểm)\s*(?:được\s+)?(?:tính\s+|lấy\s+)?(?:từ|đến|thi hành|vào|trong|thời gian)?\s*$"
)
_FORESEEN = re.compile(  # "05 lớp dự kiến mở trong năm 2026": which of them is meant
    r"(?<!\w)(?:(?:các|những|\d{1,3})\s+(?:[^\W\d_]+\s+){1,5}"
    r"|(?:hoạt động|công trình|dự án|sự kiện|kinh phí|(?:khối|số) lượng)\s+)dự kiến\s+(?:được\s+)?[^\W\d_]+(?:\s+[^\W\d_]+)?\s+$"
)
_AIMED = re.compile(  # "giải pháp để cải thiện, nâng cao chỉ số trong năm 2026": what is hoped for
    r"(?<!\w)(?:để|nhằm)\s+(?:từng bước\s+)?(?:cải thiện|nâng cao|thúc đẩy|phấn đấu|tạo|đáp ứng|phát huy|đẩy mạnh)(?!\w)[^;.]*$"
)
_HAPPENED = re.compile(  # "hồ sơ lưu trước ngày 01/7/2025", "dự án được phê duyệt trước ngày …"
    r"(?<!\w)(?:(?:được|đã|bị)\s+[^\W\d_]+(?:\s+[^\W\d_]+)?|lưu|cấp|ký|mua|(?<!sở )(?<!bộ )(?<!phòng )(?<!ban )(?<!hội )"
    r"(?<!ngành )xây dựng|hình thành|thành lập|công nhận|phê duyệt"
    r"|tuyển dụng|bổ nhiệm|tham gia(?:\s+[^\W\d_]+){0,4}|(?:lưu|để|đặt|có)\s+(?:ở|tại)(?:\s+[^\W\d_]+){1,4})\s*$"
)
_PAST = re.compile(r"(?<!\w)(?:đã|trong đó,?\s+(?:có\s+)?(?:yêu cầu|giao|đề nghị|chỉ đạo)|vừa qua|dự báo)(?!\w)")
_RECITED = re.compile(  # "Thực hiện Công văn số … của Thủ tướng, trong đó, giao Bộ A … trước ngày 31/12"
    r"(?:thực hiện|căn cứ|tiếp theo|ngày|tại|theo)\s.{0,800}?(?<!\w)trong đó,?\s+(?:có\s+)?(?:[^,;.]{0,60}?\s)?"
    r"(?:yêu cầu|giao|đề nghị|chỉ đạo)\s"
)
_BARE = re.compile(r"\W*(?:(?:việc này|và|phải|cần|nội dung|tài liệu|đợt|phiên|lần)\s[^:;.]{0,40}:?\s*)?$")
_WAS_THEN = re.compile(r",?\s+[^,;.]{3,60}?\sđã\s")  # "Trước ngày 01/7/2024, các hộ đã được cấp …"
_NOW_DUE = re.compile(r"(?<!\w)(?:thì|phải|đề nghị|yêu cầu)(?!\w)")  # "Các xã đã gửi mà thiếu biểu thì bổ sung trước …"
_HELD = re.compile(r"(?<!\w)(?:lễ|hội nghị|họp|buổi|mít tinh|đại hội|hội thảo|lớp|khai (?:mạc|giảng))(?!\w)[^;.]*$")
_AT_HOUR = re.compile(r"\s*[:,(]\s*(?:lúc\s+|vào\s+|từ\s+)*\d{1,2}\s*(?:h(?!\w)|h\d|giờ|g(?!\w)|g\d)")  # "…: 15h30 ngày 29/3"
_SO_THAT = re.compile(r"\W*(?:\d{1,2}\W\s*)?để (?:kịp|bảo đảm|đảm bảo)\s[^,]*$")  # what the issuer itself has to meet
_DEMANDS = re.compile(r"(?<!\w)(?:yêu cầu|đề nghị|giao|báo cáo|gửi|hoàn thành|nộp|đăng ký)(?!\w)")
_LABEL_OF_TIME = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ])?\s*[.)]?\s*thời gian(?!\w)[^:]{0,30}:")
_STEP = re.compile(  # "3. Điều tra tại hộ: từ 11/9 đến 30/9/2025": a step of the work
    r"^\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ]|bước\s+\d|đợt\s+\d)[.):]\s*"
    r"(?!\s|thời gian|địa điểm|khóa|lớp|hội|lễ|ca\s)[^:.;\d]{3,80}:\s*$"
)
_SAME_ACT = re.compile(  # what else the same addressee gets, or the same thing in a second round
    r"(?<!\w)(?:báo cáo|danh sách|hồ sơ|bổ sung|gửi|nộp|trình)(?!\w)"
    r"|^(?:[\W\d_]|và|đợt|lần|ngày|trước|một|hai|ba|là|hoặc|đầu|giữa|cuối|năm|học|kỳ|quý|i{1,3}|iv|bản|giấy|mềm|điện tử|sơ bộ)*$"
)
_REPORT_SENT = re.compile(r"(?<!\w)(?:báo cáo|kết quả)(?!\w)")
_SO_THAT_OTHERS = re.compile(r"\s*,?\s*(?:để|nhằm)\s+(?:kịp\s+)?(?:kịp thời\s+)?")
_SENDS_ON = re.compile(r"\s*,?\s*(?:phải\s+|để\s+)?(?:gửi|báo cáo|trình|nộp|báo)(?!\w)")
_PERIODS = ("within", "part_of")  # rules that read a period
_SENT_TO = re.compile(r"(?<!\w)(?:gửi|cho|về|đến|báo cáo)(?!\w)")
_SHORT = 80  # characters of another's name between two days
_CELL = re.compile(rf",\s+(?={CAPITALS}|\d|$)")  # of a row whose cells were joined
_LONGEST_ROW = 400  # characters
_MOST = 200  # of one document


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePhrase:
    """A deadline's words in a paragraph."""

    phrase: str
    start: int
    end: int
    last: LastMoment
    loose: bool  # its words alone do not say that something is due


def due_phrases(block: Block, issued: dt.date | None) -> tuple[DuePhrase, ...]:
    """All one-off deadlines of a paragraph; recurring ones are reports.py's."""
    return _due_phrases(block.text, block.bullet == "|", issued)


@lru_cache(maxsize=512)  # tasks ask for those of their paragraphs, too
def _due_phrases(text: str, row: bool, issued: dt.date | None) -> tuple[DuePhrase, ...]:
    return () if text.isupper() else tuple(_each_due_phrase(text, row, issued))  # in capitals: a heading


def _each_due_phrase(text: str, row: bool, issued: dt.date | None) -> Iterator[DuePhrase]:
    lowered = hours_in_figures(low(text))
    meets = _LABEL_OF_TIME.match(lowered[:40]) is not None and clock_in(lowered[:300]) is not None  # it says when a meeting is
    matches = list(islice(DEADLINE.finditer(lowered), _MOST))
    taken = schedules(text, row) if matches else ()
    for match in matches:
        start, end = match.span("bare") if match["bare"] else match.span()
        if not match["bare"] and _NO_DEADLINE_BEFORE.search(lowered[max(0, start - 40) : start]):
            continue
        if match[0].startswith("trong năm") and _AIMED.search(lowered[max(0, start - 120) : start]):
            continue
        if _FORESEEN.search(lowered[max(0, start - 70) : start]):
            continue
        if any(begin < end and start < stop for begin, stop in taken) or _is_quoted(text, start):
            continue
        if match[0].startswith(_HOW_LONG[:2]) and _STOPS_THEN.match(lowered[end : end + 160]):
            continue  # "Từ nay đến hết ngày 30/4, các trường tạm dừng …"
        if match[0].startswith(_SPANS) and _ON_DUTY.search(lowered[max(0, start - 120) : start]):
            continue
        if match[0].startswith((*_HOW_LONG, "vào ")) and _STOPPED.search(lowered[max(0, start - 250) : start]):
            continue
        if _EVERY.match(lowered[end : end + 20]):
            continue
        planned = None if match["bare"] else _PLANNED.search(lowered[max(0, start - 16) : start])
        start -= len(planned[0]) if planned else 0
        other = _OTHER_YEAR.match(lowered, end)
        end = other.end() if other else end
        last = _last(lowered[start:end], issued)
        held = meets and not LIMIT.match(match[0])
        if held or _only_tells(match, start, lowered, last, issued):
            continue
        before = None if match["bare"] else _BEFORE.search(lowered[max(0, start - 12) : start])
        start -= len(before[0]) if before else 0
        loose = match["loose"] is not None
        yield DuePhrase(phrase=text[start:end].strip(" ,"), start=start, end=end, last=last, loose=loose)
        again = ALSO.match(lowered, end) if last.day and not loose and LIMIT.match(match[0]) else None
        if again:  # "trước ngày 15/4/2025 (đợt 1) và ngày 15/10/2025 (đợt 2)"
            start, end = again.span("day")
            limit = "trước " if last.rule == "before_day" else ""
            last = last_moment(limit + again["day"], issued=issued)
            yield DuePhrase(phrase=text[start:end], start=start, end=end, last=last, loose=loose)


def _last(phrase: str, issued: dt.date | None) -> LastMoment:
    """What a phrase allows; working days that no day begins, "trong vòng 05 ngày làm việc", begin with what is told of."""
    last = last_moment(phrase, issued=issued)
    return last if last.rule != "working_days_after_signing" or _BEGUN.search(phrase) else NOTHING


def _only_tells(match: re.Match[str], start: int, lowered: str, last: LastMoment, issued: dt.date | None) -> bool:
    """Whether the words say when a meeting is, how long something comes again, what was, or what a date behind them says."""
    words, end = match[0], match.end()
    if match["bare"] and words.startswith("thời gian") and clock_in(lowered[start : end + 40]):
        return True
    if words.startswith("ngay sau") and _AT_HOUR.match(lowered, end):
        return True
    if words.startswith("vào ") and _HELD.search(lowered[max(0, start - 120) : start]) and clock_in(lowered[end : end + 80]):
        return True
    if words.startswith("vào ") and not last.day and _EACH_YEAR.search(lowered[max(0, start - 200) : start]):
        return True  # "Hằng năm, báo cáo … vào tuần đầu tháng 12"
    beside = re.split(r"[;.]\s", lowered[max(0, start - 160) : start])[-1] + re.split(r"[;.]\s", lowered[end : end + 160])[0]
    up_to = words.startswith(("đến hết", "tới hết")) and lowered[:start].endswith(("cho ", "từ nay "))
    lasts = words.startswith("từ ") or up_to
    if lasts and _AGAIN.search(beside):
        return True
    if last.day is None or last.rule == "today":
        again = RESTATED.match(lowered, end)
        dated = DEADLINE.match(lowered, again.end()) if again else None
        part = match["loose"] and words.startswith(("đầu", "giữa", "cuối", "nửa"))
        return bool(part or (dated and last_moment(dated[0], issued=issued).day))
    over = last.rule.startswith(_PERIODS) or words.startswith("từ ") or match["loose"]
    return bool(issued and last.day < issued and (over or _HAPPENED.search(lowered[max(0, start - 40) : start])))


def due_date(blocks: Iterable[Block], issued: dt.date | None) -> dt.date | None:
    """The last day that some paragraphs allow: the first that they name; later ones are deadlines of their own."""
    days = [found.last.day for block in blocks for found in due_phrases(block, issued) if found.last.day]
    return days[0] if days else None


def deadlines(
    blocks: Iterable[Block],
    issued: dt.date | None,
    owner: dict[int, str],
    opening: Sequence[Block] = (),
    charged: str | None = None,
) -> tuple[Deadline, ...]:
    """All of them in order.

    ``owner``: whose task a paragraph's first line belongs to; ``charged``: who is to do what names nobody; ``opening``: the
    paragraphs before the first item, which mostly tell what was.
    """
    found: list[Deadline] = []
    asked: Clause | None = None  # what a sentence with a colon says of the list below it
    above = ""
    for block in blocks:
        listed = goes_on(block, above)
        above = block.bullet
        asked = asked if listed else None
        dues = list(due_phrases(block, issued)) if len(found) < _MOST else []
        for place, due in enumerate(dues):
            between = (dues[place - 1].end if place else 0, dues[place + 1].start if place + 1 < len(dues) else len(block.text))
            rowed = _row_owner(block, due)
            whose = owner.get(block.line) or rowed or charged
            deadline = _deadline(block, due, whose, issued, block in opening, between)
            if deadline and len(found) < _MOST:
                found.append(_as_asked(deadline, asked, rowed) if asked else deadline)
        asked = clauses(block.text)[-1] if opens_list(block) else asked
    return tuple(found)


def _row_owner(block: Block, due: DuePhrase) -> str | None:
    """Whose a table's row is by its cells that are names of bodies and stand together: "Phòng Tư pháp | trước 10/4/2025"."""
    if block.bullet != "|":
        return None
    cells = _CELL.split(f"{block.text[: due.start]}, {block.text[due.end :]}"[:_LONGEST_ROW])
    runs = [list(run) for named, run in groupby((cell.strip(" ,") for cell in cells), key=is_name) if named]
    return ", ".join(runs[0]) if len(runs) == 1 else None


def _as_asked(deadline: Deadline, asked: Clause, rowed: str | None) -> Deadline:
    """A deadline of a list with what the sentence above the list says of who, to whom and by way of whom."""
    if deadline.to:
        return deadline
    return replace(
        deadline,
        who=bodies(rowed or asked.actor) or deadline.who,
        to=addressed_to(asked.text),
        via=deadline.via or sent_via(asked.text),
    )


def _deadline(
    block: Block, due: DuePhrase, owner: str | None, issued: dt.date | None, opens: bool, between: tuple[int, int]
) -> Deadline | None:
    """A deadline with who, to whom and by way of whom; None where the words only tell of one."""
    parts = [clause for clause in clauses(block.text) if clause.start <= due.start]
    clause = parts[-1]
    past = due.last.day is not None and issued is not None and due.last.day < issued
    before = low(clause.text[: due.start - clause.start])
    was = _PAST.search(before)
    tells = was is not None and not _NOW_DUE.search(before, was.end())
    tells = tells or (past and _WAS_THEN.match(low(block.text[due.end : due.end + 80])) is not None)
    told = (opens and past) or (tells and (past or issued is None or opens))
    told = told or _RECITED.match(before) is not None
    told = told or (due.last.day is None and _SO_THAT.match(before) is not None)
    dated = due.last.day is not None and due.phrase.lower().startswith(("trước", "chậm nhất"))
    aims = opens and not _DEMANDS.search(low(clause.text)) and not dated
    idle = not (owner or clause.actor or _STEP.search(low(block.text[: due.start])))
    if told or aims or (due.loose and (idle or _PAST.search(low(clause.text)))):
        return None
    to, via = _sent(block, due, parts, between)
    acting = bodies(acting_in(clause, owner))
    sums_up = _SO_THAT_OTHERS.match(low(block.text), between[0]) if between[0] > clause.start else None
    if sums_up:  # "… gửi Sở A trước ngày 15 để tổng hợp, báo cáo UBND tỉnh trước ngày 20"
        rest = block.text[sums_up.end() : due.start]
        acting = bodies(acts(rest)) or addressed_to(block.text[clause.start : between[0]]) or acting
        to, via = addressed_to(rest, len(rest)), None
    other = block.text[between[0] : due.start].strip(" ,;") if between[0] > clause.start else ""
    another = actor(other) if block.text[between[0] :][:1] == "," else None
    if 3 < len(other) < _SHORT and starts_with_body(other) and before_verb(other) == other and not _SENT_TO.search(low(other)):
        acting = bodies(other)  # "Các trường xong trước 30/4, các trung tâm trước 15/5"
    elif another and not sums_up:
        acting = bodies(another[0])  # "Sở A duyệt trước ngày 25, kho bạc chi trước ngày 30"
    return Deadline(
        phrase=quoted(due.phrase),
        line=block.line_at(due.start),
        due_date=due.last.day,
        due_time=due.last.clock,
        who=acting,
        to=to,
        via=via,
        confidence=min(due.last.confidence, 0.65 if due.loose else 1.0),
    )


def _sent(block: Block, due: DuePhrase, parts: Sequence[Clause], between: tuple[int, int]) -> tuple[tuple[str, ...], str | None]:
    """To whom and by way of whom; ``between``: where the deadline before ends and the next one begins, with what they send."""
    clause = parts[-1]
    earlier, later = between
    via = sent_via(clause.text)
    behind = _SENDS_ON.match(low(block.text), due.end) is not None  # "chậm nhất ngày 15/4 gửi Sở Y tế, …"
    shared = earlier <= clause.start or _SAME_ACT.search(low(block.text[earlier : due.start]))
    begin = due.start if behind and earlier > clause.start else clause.start if shared else earlier
    end = due.end if later < clause.end and not behind else clause.end
    to = addressed_to(block.text[begin:end], due.start - begin)
    if not to and not clause.own and _BARE.match(low(block.text[begin : due.start])):
        above = [part for part in parts[:-1] if addressed_to(part.text)]  # "… về Sở A; hoàn thành trước ngày 5", "Đợt 2: trước …"
        last = above[-1].text if above else ""
        beside = above[-1:] == list(parts[-2:-1]) and not DEADLINE.search(low(last))
        near = last if beside or ":" in block.text[begin : due.start] else ""
        return addressed_to(near), via or sent_via(near)
    if not to and not clause.own and _REPORT_SENT.search(low(block.text[clause.start : end])):
        sent = next((part.text for part in reversed(parts[:-1]) if addressed_to(part.text)), "")  # "…; báo cáo năm gửi trước …"
        to, via = addressed_to(sent), via or sent_via(sent)
    return to, via


def _is_quoted(text: str, position: int) -> bool:
    """Whether a position stands in quotation marks: the words are another paper's."""
    return text.rfind("“", 0, position) > text.rfind("”", 0, position)
