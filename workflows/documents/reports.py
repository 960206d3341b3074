"""Owns reports that are due again and again: how often, until when, from whom, to whom, by way of whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from workflows.documents.layout import Block
from workflows.documents.lines import low
from workflows.documents.wording import split_bodies, starts_with_body, subject
from workflows.due_phrases import clock_in
from workflows.plans import Frequency, Recurring, Weekday

_UNITS: tuple[tuple[str, Frequency], ...] = (
    (r"(?:6|sáu) tháng", "half_year"), (r"(?:9|chín) tháng", "nine_month"), ("ngày", "daily"), ("tuần", "weekly"),
    ("tháng", "monthly"), ("quý", "quarterly"), ("năm", "yearly"),
)  # fmt: skip
_UNIT = r"(?:(?:01|1|một)\s+)?(?:(?:6|sáu|9|chín)\s+tháng|ngày(?!\s*\d)|tuần|tháng(?!\s*\d)|quý(?!\s*[iv1-4])|năm(?!\s*\d))"
_EVERY = r"(?:hàng|hằng|mỗi|theo định kỳ|định kỳ)"
_FREQUENCY = re.compile(
    rf"(?<!\w){_EVERY}\s*[(:]?\s*(?:{_EVERY}\s+)?{_UNIT}(?!\w)"
    rf"(?:\s*(?:,|và|/|;|hoặc)\s*(?:{_EVERY}\s+)?(?:cả\s+)?{_UNIT}(?!\w))*\)?"
    rf"|(?<!\w)(?:{_UNIT}\s*(?:,|và|/)\s*)*{_UNIT}\s*/?\s*(?:một|01|1)\s+lần(?!\w)"
    r"|(?<!\w)(?:01|một|1)\s+(?:tuần|tháng|quý|năm)\s*/?\s*(?:một|01|1)\s+lần(?!\w)"
    r"|(?<!\w)của\s+(?P<of>tháng|quý|kỳ)\s+báo cáo(?!\w)|(?<!\w)tháng\s+cuối\s+(?:của\s+)?(?:mỗi\s+)?quý(?!\w)"
)
_WEEKDAYS: dict[str, Weekday] = {
    "hai": "mon", "2": "mon", "ba": "tue", "3": "tue", "tư": "wed", "4": "wed", "năm": "thu", "5": "thu", "sáu": "fri",
    "6": "fri", "bảy": "sat", "7": "sat",
}  # fmt: skip
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"(?<!\w)(?:(?:ngày\s+)?thứ\s+(?P<day>hai|ba|tư|năm|sáu|bảy|[2-7])(?!\w)|(?P<sunday>chủ nhật))")
_LAST_DAY = r"(?P<last>ngày\s+(?:cuối cùng|cuối)\s+(?:của\s+)?(?:tháng|quý|kỳ))"
_DAY = re.compile(r"(?<!\w)ngày\s+(?:mùng\s+)?(?P<day>\d{1,2})(?!\s*[/.\d-]|\s+tháng\s+\d|\d)|" + _LAST_DAY)
_NEXT = re.compile(r"(?:tháng|quý|kỳ|năm)\s+(?:sau|tiếp theo|kế tiếp|liền kề)(?!\w)")
_EXCLUSIVE = re.compile(r"\btrước\s+(?:ngày\s+)?(?:mùng\s+)?$")
_CLOCK = re.compile(r"(?:trước|chậm nhất|lúc|vào|hạn)\s+(?:là\s+)?\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{2})?\s*['’′]?")
_REPORTS = re.compile(
    r"(?<!\w)(?:báo cáo(?!\s+viên)|tổng hợp|gửi\s+(?:kết quả|số liệu|thông tin)|thông tin\s+kết quả|phản ánh)(?!\w)"
)
_CONSOLIDATES = re.compile(r"(?<!\w)tổng hợp(?!\w)(?!\s+(?:theo|chung))")
_TO = re.compile(
    r"(?<!\w)(?:về|gửi(?:\s+(?:về|cho|đến|tới))?|với|cho|lên|báo cáo(?:\s+(?:với|cho|về|lên))?|trình)\s+(?=[A-ZĐỦƯ]|các\s)"
)
_TO_END = re.compile(
    r"\s*(?:\(|\)|;|\.\s|\.$|:|/)|\s+(?:trước|qua|thông qua|để|theo|định kỳ|hằng|hàng|chậm nhất|vào|trong|bằng|kết quả|về"
    r"|tình hình|xem|chỉ đạo|tổng hợp|và\s+(?:báo cáo|tổng hợp)|đồng thời|bảo đảm|đảm bảo|là)(?!\w)"
)
_VIA = re.compile(r"(?<!\w)(?:thông\s+)?qua\s+(?P<who>[^();:.]{2,160})")
_LABEL = re.compile(r"\s*(?:[\w.]{1,6}[.)]\s*)?(?:[^:.;,]{0,40}\s)?báo cáo(?:\s[^:.;,]{0,40})?:\s*")
_LEAD_IN = re.compile(rf"^\s*(?:(?:theo\s+)?định kỳ|{_EVERY}\s+{_UNIT})[^\w(]*(?:\([^()]{{0,80}}\)\s*)?,?\s*")
_VAGUE = re.compile(r"(?<!\w)(?:theo yêu cầu|thường xuyên|theo quy định|kịp thời báo cáo|khi có yêu cầu|đột xuất)(?!\w)")
_MOST = 100  # of one document
_LONGEST = 3000  # characters of a clause
_LONGEST_LIST = 600  # characters of bodies before their verb


def recurring_reports(blocks: Iterable[Block], owner: dict[int, str]) -> tuple[Recurring, ...]:
    """All recurring reports in order; ``owner`` says which unit's task a paragraph belongs to."""
    found: list[Recurring] = []
    for block in blocks:
        for start, clause in _clauses(block.text):
            if len(found) < _MOST:
                found += _reports(block, start, clause, owner.get(block.line))
    return tuple(found)


def is_recurring(lowered: str) -> bool:
    """Whether lower-case words say that something comes again and again."""
    return _FREQUENCY.search(lowered) is not None


def clause_around(text: str, position: int) -> str:
    """The sentence, or the part between semicolons, that a position stands in."""
    begin = max(text.rfind(mark, 0, position) for mark in ("; ", ". ")) + 1
    ends = [text.find(mark, position) for mark in ("; ", ". ")]
    end = min((each for each in ends if each >= 0), default=len(text))
    return text[begin:end].strip()[:_LONGEST]


def addressed_to(clause: str) -> tuple[str, ...]:
    """Whom a report goes to: named after the words that demand it."""
    report = _REPORTS.search(low(clause))
    for match in _TO.finditer(clause, report.start()) if report else ():
        window = clause[match.end() : match.end() + 300]
        end = _TO_END.search(low(window))
        names = window[: end.start()] if end else window
        if starts_with_body(names):
            return tuple(name for name in split_bodies(names) if starts_with_body(name))[:6]
    return ()


def sent_via(clause: str) -> str | None:
    """By way of whom a report goes."""
    for match in _VIA.finditer(clause):
        who = re.split(r"\s+(?:để|trước|theo|hằng|hàng|tổng hợp)\s+|,\s+(?=[^\W\d_]*\s*(?:để|trước))", match["who"])[0]
        if starts_with_body(who) and who[:1].isupper():
            return who.strip(" ,;")
    return None


def unscheduled_reports(blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """Reports that are demanded on request, or continually: no instant, a person must ask for them."""
    for block in blocks:
        for start, clause in _clauses(block.text):
            lowered = low(clause)
            report = _REPORTS.search(lowered)
            vague = re.search(
                r"(?<!\w)(?:theo yêu cầu|thường xuyên|theo quy định|kịp thời báo cáo|khi có yêu cầu|đột xuất)(?!\w)", lowered
            )
            if report and vague and addressed_to(clause) and not is_recurring(lowered) and "báo cáo" in lowered:
                yield block.line_at(start + report.start()), clause.strip()[:200]


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """Sentences, and their parts between semicolons; a part without its own report belongs to the next ("A; B; C báo cáo")."""
    start = seen = 0
    for match in re.finditer(r"[;.](?=\s)|$", text):
        short = match.end() - start < _LONGEST_LIST
        waits = match[0] == ";" and short and not _REPORTS.search(low(text[seen : match.end()]))
        seen = match.end()
        if waits:
            continue
        if text[start : start + 1 + _LONGEST].strip(" ;."):
            yield start, text[start : min(match.end(), start + _LONGEST)]
        start = match.end()


def _reports(block: Block, start: int, clause: str, owner: str | None) -> Iterator[Recurring]:
    label = _LABEL.match(low(clause))
    if label:  # "3. Chế độ báo cáo: các đơn vị ..."
        start, clause = start + label.end(), clause[label.end() :]
    lowered = low(clause)
    often, report = _FREQUENCY.search(lowered), _REPORTS.search(lowered)
    if not often or not report or "báo cáo" not in lowered:
        return
    begin, end, weekday, day, clock = _schedule(lowered, often)
    named = _who(clause, report.start())
    for frequency in _frequencies(often[0]):
        yield Recurring(
            phrase=clause[begin:end].strip(" ,;."),
            line=block.line_at(start + begin),
            frequency=frequency,
            weekday=weekday if frequency == "weekly" else None,
            day=day if frequency not in ("weekly", "daily") else None,
            time=clock,
            who=named or ((owner,) if owner else ()),
            to=addressed_to(clause),
            via=sent_via(clause),
            consolidates=_CONSOLIDATES.search(lowered[: report.end() + 12]) is not None,
            confidence=0.95 if named and (weekday or day) else 0.8 if named or owner else 0.65,
        )


def _frequencies(words: str) -> list[Frequency]:
    if re.search(r"tháng\s+cuối", words):
        return ["quarterly"]
    found: list[Frequency] = []
    words = words.replace("kỳ báo cáo", "tháng báo cáo")
    for pattern, frequency in _UNITS:
        words, count = re.subn(rf"(?<!\w){pattern}(?!\w)", " ", words)
        if count:
            found.append(frequency)
    ranks = ("daily", "weekly", "monthly", "quarterly", "half_year", "nine_month", "yearly")
    return sorted(found, key=ranks.index)


def _schedule(lowered: str, often: re.Match[str]) -> tuple[int, int, Weekday | None, int | None, dt.time | None]:
    """Where the words of the schedule begin and end, and the weekday, day and o'clock in them."""
    near = [match for match in (_CLOCK.search(lowered), _WEEKDAY.search(lowered), _DAY.search(lowered)) if match]
    near = [match for match in near if abs(match.start() - often.end()) < 120 or abs(often.start() - match.end()) < 120]
    begin = min([often.start(), *(_with_before(lowered, match.start()) for match in near)])
    end = max([often.end(), *(match.end() for match in near)])
    following = _NEXT.match(lowered[end:].lstrip(" của"))
    clock = next((clock_in(match[0]) for match in near if match.re is _CLOCK), None)
    weekday = next((_weekday(lowered, match, clock) for match in near if match.re is _WEEKDAY), None)
    day = next((_day(lowered, match, clock) for match in near if match.re is _DAY), None)
    if end < len(lowered) and lowered[begin:end].count("(") > lowered[begin:end].count(")") and ")" in lowered[end : end + 40]:
        end = lowered.index(")", end) + 1
    return begin, end, weekday, None if following and "quý" in following[0] else day, clock


def _with_before(lowered: str, start: int) -> int:
    match = re.search(r"(?:trước|chậm nhất|vào)\s+(?:là\s+)?$", lowered[max(0, start - 16) : start])
    return start - len(match[0]) if match else start


def _weekday(lowered: str, match: re.Match[str], clock: dt.time | None) -> Weekday:
    named: Weekday = "sun" if match["sunday"] else _WEEKDAYS[match["day"]]
    if clock is None and _EXCLUSIVE.search(lowered[: match.start()][-20:]):
        earlier: Weekday = _WEEK[_WEEK.index(named) - 1]  # type: ignore[assignment]
        return earlier
    return named


def _day(lowered: str, match: re.Match[str], clock: dt.time | None) -> int | None:
    """The last day allowed: "trước ngày 22" is the 21st; before the first is the month's last."""
    if match["last"]:
        return -1
    day = int(match["day"])
    if clock is None and re.search(r"\btrước\s+$", lowered[: match.start()][-10:]):
        day -= 1
    return -1 if day == 0 else day if 1 <= day <= 31 else None


def _who(clause: str, verb: int) -> tuple[str, ...]:
    """The bodies before the verb."""
    opening = _LEAD_IN.match(low(clause))
    named = subject(clause[opening.end() if opening else 0 :].strip())
    if named is None:
        return ()
    return tuple(part.strip(" ,") for part in named.split(";") if part.strip(" ,"))
