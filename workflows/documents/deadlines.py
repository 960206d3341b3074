"""Owns one-off deadlines in running text: the phrase, its line, who is to do it, to whom and by way of whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workflows.documents.clauses import Clause, addressed_to, bodies, clauses, sent_via
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.reports import is_item, opens_list, schedules
from workflows.due_phrases import LastMoment, clock_in, last_moment
from workflows.plans import Deadline

_CLOCK = (
    r"(?:(?:(?:lúc|thời điểm)\s+)?\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{2})?\s*['’′]?\s*(?:phút)?\s*,?\s*(?:sáng|trưa|chiều|tối)?\s*"
    r"(?:,|của)?\s*)?"
)
_DATE = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}(?!\d)|\d{1,2}(?:\s*/\s*|[.-])\d{1,2}(?![\d:hg])"
    r"|\d{1,2}\s+tháng\s+\d{1,2}(?!\d)(?:\s+năm\s+\d{4})?)"
)
_FULL_DATE = r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})(?!\d)"
_WEEKDAY = r"(?:(?:ngày\s+)?(?:thứ\s+\w{1,4}|chủ nhật|mai|hôm nay)\s*,?\s*)?"
_DAY = rf"{_WEEKDAY}(?:\(?\s*ngày\s+)?{_DATE}"
_QUARTER = r"(?:iv|i{1,3}|[1-4])(?!\w)"
_MONTH = r"tháng\s+\d{1,2}(?!\d)(?:\s*(?:/|năm|-)\s*\d{4}|\s+năm nay)?"
_MONTHS = rf"{_MONTH}(?:\s*(?:,|và)\s*{_MONTH})?"
_QUARTERS = rf"quý\s+{_QUARTER}(?:\s*(?:,|và|-)\s*(?:quý\s+)?{_QUARTER})*(?:\s*(?:/|năm)\s*\d{{4}})?"
_PERIOD = rf"(?:{_MONTHS}|{_QUARTERS}|(?:6|9|sáu|chín)\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+\d{{4}})?)"
_COUNT = r"\d{1,3}\s*(?:\([^()]{0,30}\)\s*)?(?:ngày làm việc|ngày|tuần|tháng|giờ)(?!\s*\d)"
_LATEST = (
    r"(?:chậm nhất|muộn nhất|không muộn hơn|không chậm hơn|không quá|(?:hạn|mốc)\s+(?:cuối(?:\s+cùng)?|chót)|hạn(?=\s+là\s))\s*"
    r"(?:là|vào|trong)?\s*(?:đến)?\s*"
)
_WITHIN = r"(?:sau|trong(?:\s+(?:thời hạn|vòng|thời gian))?|chậm nhất(?:\s+là)?(?:\s+sau)?|không quá)\s+"
_SINCE = r"(?:(?:kể|tính)\s+từ\s+(?:ngày|khi|thời điểm)|(?:sau|trước)\s+(?:khi|ngày)(?!\s*\d)|từ\s+(?:ngày|khi)(?!\s*\d))"
_LABEL = r"(?:thời gian|thời hạn|hạn|tiến độ|hoàn thành)(?![^\s:])[^:;.,()]{0,40}:\s*"
_FORMS = (
    # at the latest on, before, by the end of a day
    rf"{_LATEST}(?:hết|trước)?\s*(?:trong\s+)?{_CLOCK}{_DAY}",
    rf"trước\s+{_CLOCK}{_DAY}",
    rf"(?:trước|trong)\s+{_CLOCK}(?:ngày\s+)?hôm nay(?:\s*\(\s*(?:ngày\s+)?{_DATE}\s*\))?",
    rf"(?:xong|hoàn thành|đến hết|hết|ngay trong|trong)\s+(?:vào\s+)?(?:ngày\s+)?{_WEEKDAY}ngày\s+{_DATE}",
    rf"(?:đến hết|hết|ngay trong|trong)\s+ngày\s+(?:thứ\s+\w{{1,4}}|chủ nhật)\s*,?\s*{_DATE}",
    rf"trước\s+ngày\s+(?:[^\W\d_]+\s+){{1,4}}\(?{_FULL_DATE}",
    rf"đến\s+hết\s+{_DATE}",
    rf"từ\s+(?:ngày\s+)?(?:{_DATE}|\d{{1,2}})\s*(?:đến|-|–)\s*(?:hết\s+)?(?:ngày\s+)?{_DATE}",
    rf"từ\s+{_MONTHS}\s*(?:đến|-|–)\s*(?:hết\s+)?{_MONTHS}",
    # within, or before, a period
    rf"(?:{_LATEST}(?:hết)?|(?:hoàn thành\s+)?(?:xong\s+)?(?:trong|trước|đến hết|hết))\s+{_PERIOD}",
    r"(?:hoàn thành|xong)\s+(?:trong\s+)?năm\s+\d{4}",
    rf"đúng\s+hạn\s+(?:ngày\s+)?{_DATE}",
    r"(?:hoàn thành\s+|xong\s+)?(?:ngay\s+)?trong\s+(?:tuần|tháng|quý)\s+này",
    # parts of a month
    rf"(?:(?:vào|trong|xong|hoàn thành|đến|trước)\s+|{_LATEST})(?:nửa\s+)?(?:đầu|giữa|cuối)\s+{_MONTH}",
    r"(?:vào|trong|xong|hoàn thành)\s+tuần\s+(?:học\s+)?(?:cuối|đầu|thứ\s+\w{1,4})\s+(?:của\s+)?tháng\s+\d{1,2}(?!\d)(?:\s*(?:/"
    r"|năm)\s*\d{4})?",
    # durations, and days that no calendar here has
    rf"trong\s+(?:vòng\s+)?{_COUNT}\s+đầu(?:\s+tiên)?\s+(?:của\s+)?{_MONTH}",
    rf"{_WITHIN}{_COUNT}\s*,?\s*{_SINCE}\s+[^;.,()]{{0,60}}",
    rf"{_WITHIN}\d{{1,3}}\s*(?:\([^()]{{0,30}}\)\s*)?ngày làm việc",
    r"trong\s+vòng\s+\d{1,3}\s*giờ(?!\s*\d)",
    r"sau\s+(?!đó|đây|này)[^;.,()\d]{3,60}?\s(?:(?:không quá|chậm nhất|muộn nhất|trong vòng)\s+)?\d{1,3}\s+(?:ngày làm việc|ngày)"
    r"(?!\s*\d|\s+\w+\s+lần)",
    rf"trước\s+(?:khi|buổi|cuộc|phiên|kỳ|hội nghị|đợt)(?!\w)[^;.,()\d]{{0,60}}?\s{_COUNT}",
    rf"(?:hoàn thành|xong)\s+trước\s+(?:dịp\s+)?lễ\s+{_DATE}",
    r"ngay\s+sau\s+khi\s+[^;.,()]{3,80}",
    rf"(?:trước|chậm nhất)\s+{_CLOCK}(?:các\s+)?(?:ngày\s+)[^;.()]{{0,60}}(?:tháng chạp|tháng giêng|tết|âm lịch)(?!\w)",
    r"trước\s+tết(?!\w)(?:\s+nguyên\s+đán)?(?:\s+\w{2,5}\s+\w{2,4}(?=[\s,;.]|$))?",
    r"(?:hoàn thành|xong)\s+trước\s+(?:khi|mùa|tết|kỳ|đợt|đại hội|thời điểm|lễ|năm học|khai giảng)(?!\w)[^;.,()]{0,60}",
)
_LABELLED = rf"{_LABEL}(?P<bare>(?:vào\s+)?(?:{_CLOCK}{_DAY}|{_PERIOD}|năm\s+\d{{4}}))"
# only where a unit is given something to do
_LOOSE = (
    rf"đến\s+{_CLOCK}(?:ngày\s+)?{_DATE}|kết thúc\s+(?:vào\s+)?ngày\s+{_FULL_DATE}"
    rf"|trong\s+năm\s+\d{{4}}|vào\s+(?:ngày\s+)?{_FULL_DATE}|vào\s+quý\s+{_QUARTER}\s*(?:/"
    rf"|năm)\s*\d{{4}}"
)
_SENT_ON = (
    rf"(?:trình|gửi|nộp|họp|tổng duyệt)\s(?:(?!theo|tại|của|số|từ|đến|trước|chậm|trong|xong"
    rf"|hết)[^;.,\d]){{0,40}}?ngày\s+{_FULL_DATE}"
)
_DEADLINE = re.compile(r"(?<!\w)(?:" + "|".join(_FORMS) + rf"|{_LABELLED}|(?P<loose>{_LOOSE}|{_SENT_ON}))")
_PLANNED = re.compile(r"(?<!\w)dự kiến\s+(?:vào\s+)?$")  # then no day is sure
_STOPPED = re.compile(r"(?<!\w)(?:tạm (?:dừng|ngừng|hoãn|nghỉ)|hoãn|dừng|cấm|nghỉ học)\s[^;.]*$")  # it says how long
_HOW_LONG = ("đến hết", "hết", "trong", "từ")
_EVERY = re.compile(r"\s*(?:hằng|hàng|mỗi)\s+(?:năm|quý|tháng|tuần)(?!\w)")
_DAILY = re.compile(r"^[^;.]{0,160}?(?<!\w)(?:hằng|hàng|mỗi)\s+(?:ngày|tuần)(?!\w)")
_BEFORE = re.compile(r"(?:hoàn thành|xong|báo cáo|gửi|kết thúc)\s*$")
_NO_DEADLINE_BEFORE = re.compile(
    r"(?<!\w)(?:tính|số liệu(?:\s+\w+)?|nhiệm kỳ|giai đoạn|kể từ|(?<!học )sinh|hiệu lực|(?:được|đã) ban hành|chốt|phát sinh"
    r"|kết nạp|nghỉ hưu"
    r"|nghỉ việc"
    r"|xảy ra"
    r"|có mặt|kéo dài|áp dụng|diễn ra|năm học|đạt được|dự báo|từ|số thu|thời điểm)\s*(?:được\s+)?(?:tính\s+|lấy\s+)?(?:từ|đến"
    r"|thi hành|vào|trong|thời gian)?\s*$"
)
_PAST = re.compile(r"(?<!\w)(?:đã|trong đó yêu cầu|vừa qua|dự báo)(?!\w)")
_DEMANDS = re.compile(r"(?<!\w)(?:yêu cầu|đề nghị|giao|báo cáo|gửi|hoàn thành|nộp|đăng ký)(?!\w)")
_LABEL_OF_TIME = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ])?\s*[.)]?\s*thời gian(?!\w)[^:]{0,30}:")
_FIRM = re.compile(r"(?:hoàn thành|xong|trước|chậm nhất|muộn nhất|trong)\s")
_PERIODS = ("within", "part_of")  # rules that read a period
_MOST = 200  # of one document


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePhrase:
    """A deadline's words in a paragraph."""

    phrase: str
    start: int
    end: int
    last: LastMoment
    loose: bool  # its words alone do not say that something is due


def due_phrases(block: Block, issued: dt.date | None) -> Iterator[DuePhrase]:
    """All one-off deadlines of a paragraph; recurring ones are reports.py's."""
    lowered = low(block.text)
    meets = _LABEL_OF_TIME.match(lowered[:40]) is not None and clock_in(lowered[:300]) is not None  # it says when a meeting is
    taken = schedules(block.text) if _DEADLINE.search(lowered) else ()
    for match in islice(_DEADLINE.finditer(lowered), _MOST):
        start, end = match.span("bare") if match["bare"] else match.span()
        if not match["bare"] and _NO_DEADLINE_BEFORE.search(lowered[max(0, start - 40) : start]):
            continue
        if any(begin < end and start < stop for begin, stop in taken) or _is_quoted(block.text, start):
            continue
        if match[0].startswith(_HOW_LONG) and _STOPPED.search(lowered[max(0, start - 250) : start]):
            continue
        if _EVERY.match(lowered[end : end + 20]):
            continue
        planned = None if match["bare"] else _PLANNED.search(lowered[max(0, start - 16) : start])
        start -= len(planned[0]) if planned else 0
        last = last_moment(lowered[start:end], issued=issued)
        timed = match["bare"] and match[0].startswith("thời gian") and clock_in(lowered[start : end + 40])
        narrates = issued and last.day and last.day < issued and (last.rule.startswith(_PERIODS) or match[0].startswith("từ "))
        held = meets and not _FIRM.match(match[0])
        through = match[0].startswith("từ ") and _DAILY.search(lowered[end:])  # how long it comes again
        if timed or narrates or held or through:
            continue
        before = None if match["bare"] else _BEFORE.search(lowered[max(0, start - 12) : start])
        start -= len(before[0]) if before else 0
        yield DuePhrase(
            phrase=block.text[start:end].strip(" ,"), start=start, end=end, last=last, loose=match["loose"] is not None
        )


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
    for block in blocks:
        listed = bool(block.bullet) or is_item(block)
        asked = asked if listed else None
        for due in due_phrases(block, issued) if len(found) < _MOST else ():
            deadline = _deadline(block, due, owner.get(block.line) or charged, issued, block in opening)
            if deadline and len(found) < _MOST:
                found.append(_as_asked(deadline, asked) if asked else deadline)
        asked = clauses(block.text)[-1] if opens_list(block) else asked
    return tuple(found)


def _as_asked(deadline: Deadline, asked: Clause) -> Deadline:
    """A deadline of a list with what the sentence above the list says of who, to whom and by way of whom."""
    if deadline.to:
        return deadline
    return replace(
        deadline,
        who=bodies(asked.actor) or deadline.who,
        to=addressed_to(asked.text),
        via=deadline.via or sent_via(asked.text),
    )


def _deadline(block: Block, due: DuePhrase, owner: str | None, issued: dt.date | None, opens: bool) -> Deadline | None:
    """A deadline with who, to whom and by way of whom; None where the words only tell of one."""
    parts = [clause for clause in clauses(block.text) if clause.start <= due.start]
    clause = parts[-1]
    past = due.last.day is not None and issued is not None and due.last.day < issued
    before = low(clause.text[: due.start - clause.start])
    told = (opens and past) or (_PAST.search(before) is not None and (past or issued is None or opens))
    aims = opens and not _DEMANDS.search(low(clause.text)) and not due.phrase.lower().startswith(("trước", "chậm nhất"))
    if told or aims or (due.loose and not owner and not clause.actor):
        return None
    to = addressed_to(clause.text, due.start - clause.start)
    via = sent_via(clause.text)
    if not to and not clause.own and not clause.opens and len(parts) > 1 and "báo cáo" in low(clause.text):  # "…; báo cáo sau …"
        to, via = addressed_to(parts[-2].text), via or sent_via(parts[-2].text)
    return Deadline(
        phrase=quoted(due.phrase),
        line=block.line_at(due.start),
        due_date=due.last.day,
        due_time=due.last.clock,
        who=bodies(clause.actor or owner),
        to=to,
        via=via,
        confidence=min(due.last.confidence, 0.65 if due.loose else 1.0),
    )


def _is_quoted(text: str, position: int) -> bool:
    """Whether a position stands in quotation marks: the words are another paper's."""
    return text.rfind("“", 0, position) > text.rfind("”", 0, position)
