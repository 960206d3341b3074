"""Owns what is due again and again: how often, until when, from whom, to whom, by way of whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from workflows.documents.clauses import Clause, acts, addressed_to, bodies, clauses, sent_via
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.due_phrases import clock_in, hours_in_figures
from workflows.plans import Frequency, Recurring, Report, Weekday

_UNITS: tuple[tuple[str, Frequency], ...] = (
    (r"(?:0?6|sáu) tháng", "half_year"), (r"(?:0?9|chín) tháng", "nine_month"), (r"(?:0?3|ba) tháng", "quarterly"),
    ("ngày", "daily"), ("tuần", "weekly"), ("tháng|kỳ", "monthly"), ("quý", "quarterly"), ("năm", "yearly"),
)  # fmt: skip
_RANKS: tuple[Frequency, ...] = ("daily", "weekly", "monthly", "quarterly", "half_year", "nine_month", "yearly")
_LONG = r"(?:0?3|ba|0?6|sáu|0?9|chín)\s+tháng"
_COURTEOUS = r"(?:sở|cơ quan|đơn vị|ban|bộ|ủy ban|công ty|trường|đại biểu|vị|ông|bà|phòng|đồng chí)(?!\w)"  # "Quý Sở"
_UNIT = (
    rf"(?:(?:01|1|một)\s+)?(?:{_LONG}(?:\s+(?:đầu|cuối)\s+năm(?!\s*\d))?|ngày(?!\s*\d)|tuần|tháng(?!\s*\d)"
    rf"|quý(?!\s*(?:[iv]{{1,3}}(?!\w)|[1-4])|\s+{_COURTEOUS})"
    r"|(?:(?:cả|cuối|hết)\s+)?năm(?!\s*\d|\s+(?:học|nay|qua|sau|trước(?!\s+(?:ngày|\d)))))"
)
_EVERY = r"(?:hàng|hằng|mỗi|từng|cứ(?=\s+(?:0?[369]|ba|sáu|chín)\s+tháng)|theo định kỳ|định kỳ)"
_LIST = rf"{_UNIT}(?!\w)(?:(?:\s*\([^()]{{1,60}}\))?\s*(?:,|và|/|;|hoặc)\s*(?:{_EVERY}\s+)?{_UNIT}(?!\w))*"
_BRACKET = re.compile(r"(?<!định kỳ )\([^()]{0,60}\)")  # "hằng quý (trước ngày …), 6 tháng và năm"
_COUNT = r"(?:0?[1-9]|một|hai|ba)"
_OFTEN = re.compile(
    rf"(?<!\w)(?P<every>{_EVERY}\s*[(:]?\s*(?:{_EVERY}\s+)?{_LIST}\)?)"
    rf"|(?<![\w/])(?P<times>(?:0?1|một|0?3|ba|0?6|sáu|0?9|chín)?\s*(?:tuần|tháng|quý|năm)\s*/?\s*(?:một|01|1)?\s*lần)(?!\w)"
    r"|(?<!\w)của\s+(?P<of>tháng|quý|kỳ|năm)\s+báo cáo(?!\w)"
    r"|(?<!\w)tháng\s+(?:cuối|đầu|giữa|thứ\s+(?:nhất|hai|ba|[1-3]))\s+(?:(?:cùng|tiên)\s+)?(?:của\s+)?(?:(?:mỗi|từng)\s+)?"
    r"(?P<last>quý)(?!\w)(?!\s*(?:[iv]{1,3}(?!\w)|[1-4]))"
    r"|(?<!\w)tuần\s+(?:đầu|cuối|thứ\s+\w{1,3})\s+(?:(?:cùng|tiên)\s+)?(?:của\s+)?(?:(?:mỗi|từng)\s+)?"
    r"(?P<week>tháng|quý)(?!\w)(?!\s*(?:[iv]{1,3}(?!\w)|\d))"
    r"|(?<!\w)ngày\s+(?:(?:làm\s+việc\s+)?cuối\s+(?:cùng\s+)?|làm\s+việc\s+đầu\s+(?:tiên\s+)?)(?:của\s+)?"
    r"(?P<end>tuần|tháng|quý)(?!\w)(?!\s*(?:[iv]{1,3}(?!\w)|\d))"
    r"|(?<!\w)định kỳ\s+(?:vào\s+)?(?:ngày\s+|(?:sáng\s+|chiều\s+)?thứ\s+\w{1,3}\s+)?(?:đầu|giữa|cuối)\s+"
    r"(?P<part>tuần|tháng|quý|năm)(?!\w)(?!\s*(?:[iv]{1,3}(?!\w)|\d))"
    r"|(?<!\w)(?P<days>(?:(?:tất cả\s+)?các|mọi)\s+ngày\s+(?:làm việc\s+)?trong\s+tuần)(?!\w)"
    r"|(?<!\w)(?P<monday>thứ\s+\w{1,3}\s+(?:đầu|cuối)\s+tuần)(?!\w)"
    r"|(?<!\w)(?:các|những)\s+(?P<next>tuần|tháng|quý)\s+(?:tiếp theo|kế tiếp|sau)(?!\w)"
    r"|(?<!\w)(?P<twice>(?:tháng|quý)\s+[\divx]{1,3}\s*(?:,|và)\s*(?:(?:tháng|quý)\s+)?[\divx]{1,3}\s+(?:hằng|hàng|mỗi)\s+năm)"
    r"|(?<!\w)các\s+(?P<four>tháng\s+(?:\d{1,2}\s*(?:,|và)\s*){3}\d{1,2})(?!\d|\s*[/.-]\s*\d|\s+năm\s+\d)"
    r"|(?<!\w)(?:của\s+|(?<=\d\s))(?P<after>tháng|quý)\s+(?:sau|liền kề|kế tiếp|tiếp theo)(?!\w)"
    r"|(?<!\w)(?P<weekly>(?:các|cứ(?:\s+đến)?|mỗi|vào\s+các)\s+(?:ngày\s+|sáng\s+|chiều\s+|tối\s+)?(?:thứ\s+(?=hai|ba|tư|năm"
    r"|sáu|bảy|[2-7])|chủ nhật))"
    r"|(?<![\w,]\s)(?P<half>(?:(?:hết\s+)?(?:0?6|sáu)\s+tháng(?:\s+đầu\s+năm)?|hết\s+(?:tháng|quý))\s*(?:,|và)"
    r"\s*(?:(?:cả|một|0?1|cuối|hết|kết thúc)\s+)?(?:quý|năm))(?=\s*,?\s*(?:có\s+)?(?:sơ kết|tổng kết|báo cáo|gửi))"
    rf"|(?<!\w)(?P<any>(?:ngày|tuần|tháng|quý|năm)\s+nào\s+cũng)(?!\w)"
    rf"|(?<!\w)(?P<count>(?<!\d\s)(?:ngày|tuần|tháng|quý|năm)\s+{_COUNT}\s+lần|{_COUNT}\s+lần\s*(?:/|mỗi)\s*"
    r"(?:ngày|tuần|tháng|quý|năm))(?!\w)"
    rf"|(?<!\w)(?P<named>(?:(?:báo cáo\s+(?:công tác\s+)?|giao ban\s+){_LIST}(?!\s*/?\s*(?:một|0?1)?\s*lần)"
    rf"|(?<=[\s(])(?<!\d\s)(?<!thứ\s){_LIST}(?=\s*[:(,]?\s*(?:gửi\s+)?(?:trước"
    rf"|chậm nhất)\s)|(?<=,\s){_LONG}(?=,\s+ngày\s+\d)))(?!\w)"
)
_UNIT_GROUPS = ("of", "last", "week", "end", "part", "next", "after")  # they say the unit themselves
_MEANS = {"weekly": "tuần", "monday": "tuần", "days": "ngày", "twice": "sáu tháng", "four": "quý"}
_NOT_OFTEN = re.compile(
    r"(?:dự toán|ngân sách|kế hoạch|chương trình|xếp loại|đánh giá|chỉ tiêu|kinh phí|bình xét|phân bổ|thu nhập|trợ cấp|phụ cấp"
    r"|trợ giúp|tiền lương|lương hưu|chi phí|đoàn phí|đảng phí|hội phí|học phí|xã hội|khám sức khỏe|tài sản công"
    r"|chỉ số|đầu tư công)(?:\s+(?:nhà nước|của\s+\w+|đầu tư|cchc|công chức|viên chức))?\s*$"
)
_WEEKDAYS: dict[str, Weekday] = {
    "hai": "mon", "2": "mon", "ba": "tue", "3": "tue", "tư": "wed", "4": "wed", "năm": "thu", "5": "thu", "sáu": "fri",
    "6": "fri", "bảy": "sat", "7": "sat",
}  # fmt: skip
_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BEFORE = r"(?P<by>(?:trước|chậm nhất|muộn nhất|vào|lúc|hạn|xong)\s+(?:là\s+|vào\s+|lúc\s+|trước\s+)?)?"
_OF_A_DAY = (  # an hour of a day that comes once
    r"\s*\d{0,2}\s*['’′]?(?:\s*phút)?\s*,?\s*(?:(?:sáng|chiều|tối)\s*,?\s*)?(?:ngày\s+)?"
    r"\d{1,2}\s*(?:[/.-]\s*\d{1,2}\s*[/.-]|tháng\s+\d{1,2}\s+năm)\s*\d{4}"
)
_FROM_TO = r"từ\s+(?:ngày\s+)?(?:m[ùồ]ng\s+)?\d{1,2}\s*(?:đến|-|–)\s*(?:hết\s+)?"  # of a span the last day
_PARTS = (
    ("clock", re.compile(rf"(?<![\w/]){_BEFORE}\d{{1,2}}\s*(?:h(?!\w)|h\d|giờ|g(?!\w)|g\d|:\d)(?!{_OF_A_DAY})\s*(?:\d{{1,2}})?"
                         r"\s*['’′]?(?:\s*phút)?(?!\d)")),
    ("weekday", re.compile(rf"(?<!\w){_BEFORE}(?<!tuần )(?:sáng\s+|chiều\s+|tối\s+)?(?:(?:ngày\s+)?(?<!tuần )thứ\s+(?P<name>hai"
                           rf"|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)(?!\w)")),
    ("weekday", re.compile(rf"(?<!\w){_BEFORE}ngày\s+làm\s+việc\s+cuối\s+(?:cùng\s+)?(?:của\s+|trong\s+)?tuần(?!\w)")),
    ("day", re.compile(rf"(?<!\w){_BEFORE}(?:ngày\s+)?(?:m[ùồ]ng\s+)?(?P<date>\d{{1,2}}(?:\s*/\s*\d{{1,2}}"
                       rf"|\s+tháng\s+\d{{1,2}}(?!\s+lần))(?!\d|\s*[/.-]\s*\d|\s+năm\s+\d))")),
    ("day", re.compile(rf"(?<!\w){_BEFORE}(?:(?:{_FROM_TO}(?:ngày\s+)?|ngày\s+)(?:m[ùồ]ng\s+)?|m[ùồ]ng\s+)(?P<number>\d{{1,2}})"
                       r"(?!\s*[/\d-]|\s*\.\s*\d|\s+tháng\s+\d|\d|\s+ngày)")),
    ("day", re.compile(r"(?:(?<=\svà\s)|(?<=\d,\s))(?P<number>\d{1,2})(?=\s+(?:hằng|hàng|mỗi|của)\s+(?:tháng|quý))(?P<by>)")),
    ("day", re.compile(rf"(?<!\w){_BEFORE}(?P<last>ngày\s+(?:làm\s+việc\s+)?(?:cuối cùng|cuối)\s+(?:của\s+)?(?:tháng|quý|kỳ)"
                       rf"|(?<!tháng )(?<!tuần )cuối\s+(?:mỗi\s+)?(?:tháng|quý)(?!\s*(?:[iv]{{1,3}}(?!\w)|\d)))(?!\w)")),
)  # fmt: skip
_DATA = re.compile(
    r"(?:(?:số liệu|thời gian chốt|thời điểm chốt|kỳ báo cáo|mốc|tính)[^;.()]{0,80}?(?:từ|đến)\s+(?:hết\s+)?(?:ngày|thứ)"
    r"|từ ngày \d{1,2}\s+(?:của\s+)?tháng\s+(?:trước|liền))[^;.(),]{0,120}"
)
_OPENS = re.compile(r"\s*\([^()]{0,30}")
_AND = re.compile(r"\s*(?:,|và|,\s*và)\s*(?:ngày\s*)?")
_INSTEAD = re.compile(r"\((?:thay|không gồm|trừ)\s[^()]{0,120}\)")
_AHEAD = re.compile(r"(?:của\s+)?(?:tháng|quý)\s+(?:sau|liền|kế|tiếp)")  # it says when, and how often only if nothing else does
_FOLLOWING = re.compile(r"\s*(?:của\s+)?(?:tháng|quý|kỳ|năm)\s+(?:sau|tiếp theo|kế tiếp|liền kề|đầu)(?!\w)")
_FOR = re.compile(r"\s*\)?\s*(?:hằng năm\s+)?\(?\s*(?:đối với|cho)\s+(?:các\s+)?(?:báo cáo\s+)?$")
_REPORTS = re.compile(
    r"(?<!\w)(?:báo cáo(?!\s+viên)|tổng hợp|gửi|nộp|cung cấp|thông tin\s+kết quả|phản ánh|(?<!cuộc )(?<!phiên )họp|giao ban"
    r"|đăng ký|quyết toán|đối thoại|thông báo\s+(?:số|công khai)|công bố|sơ kết|(?:một|\d{1,2})\s+(?:kỳ|buổi|cuộc|lần)\s+sinh"
    r" hoạt|(?:phiên họp|cuộc họp|hội nghị)\s(?:[^\W\d_]+\s){0,6}?(?:được\s)?tổ chức)(?!\w)"
)
_TELLS = re.compile(  # what comes again only where its day or hour is said
    r"(?<!\w)(?:công khai|công bố|tiếp (?:công )?dân|tiếp doanh nghiệp|(?:thông )?báo(?!\s+(?:cáo|chí|hiệu|động|đài|đảm|in|điện))"
    r"|nhắn|cập nhật|khóa sổ|đề xuất|kiểm điểm|rà soát|đối chiếu|thống kê|kiểm kê|đăng tải|niêm yết|trình|chuyển|nhập)(?!\w)"
)
_NOUN = re.compile(r"(?<!\w)(?:dự báo|cảnh báo|(?:đọc|theo|tại|các|thực hiện|của|dán|này và)\s+thông báo)(?!\w)")
_PURPOSE = re.compile(r"(?<!\w)để\s+(?=(?:[^;.,]{0,60}?\s)?tổng hợp(?!\w))")
_CONSOLIDATES = re.compile(
    r"(?<!để )(?<!biểu )(?<!bảng )(?<!tin )(?<!phòng )(?<!phận )(?<!\w)tổng hợp(?!\w)(?!\s+(?:theo|chung))"
)
_REPLACED = re.compile(r"(?<!\w)(?:thay\s+(?:bằng|cho|thế)|gộp|lồng ghép|không phải(?!\s+chờ))(?!\w)")
_SAME_DAY = re.compile(r"(?<!\w)cùng ngày(?!\w)")
_VAGUE = re.compile(
    r"(?<!\w)(?:theo yêu cầu(?!\s+(?:tại|nêu|trong))|thường xuyên|theo quy định|kịp thời báo cáo|khi có yêu cầu|đột xuất"
    r"|\d{1,2}\s+(?:ngày|tuần|tháng)\s*(?:/|một)\s*lần)(?!\w)"
)
_ITEM = re.compile(r"(?:(?:[a-zđ]|\d{1,2}(?:\.\d{1,2}){0,3})\s*[.)]?\s*)?báo cáo(?!\w)")
_IN_NEED = re.compile(r"(?<!\w)(?:nếu có|vướng mắc|khó khăn|phát sinh|vượt thẩm quyền|nếu cần)(?!\w)")
_MEETS = re.compile(r"(?<!\w)(?:họp|giao ban)(?!\w)(?![^;.]*(?:báo cáo|gửi)\s)")  # not held by those addressed
_SENT = re.compile(r"\s*(?:gửi|nộp|báo cáo)(?!\w)")
_SENDS_REPORT = re.compile(r"(?<!\w)(?:gửi|nộp)\s+(?:về\s+)?báo cáo(?!\w)")
_MOST = 100  # of one document


@dataclass(frozen=True, slots=True, kw_only=True)
class _Often:
    """Words that say how often."""

    start: int
    end: int
    frequencies: tuple[Frequency, ...]
    firm: bool  # they say "hằng", "mỗi", "định kỳ"; "báo cáo năm" alone needs a day that comes every year


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schedule:
    """A weekday, a day and an o'clock that stand together."""

    start: int
    end: int
    weekday: Weekday | None = None
    day: int | None = None
    month: int | None = None
    clock: dt.time | None = None
    sure: bool = True  # the day needs no reading of customs
    exclusive: bool = False  # the words say "trước"


def recurring_reports(blocks: Iterable[Block], owner: dict[int, str], charged: str | None = None) -> tuple[Recurring, ...]:
    """All recurring obligations in order.

    ``owner``: whose task a paragraph belongs to; ``charged``: who is to do what names nobody.
    """
    found: list[Recurring] = []
    asked: Recurring | None = None  # what a sentence with a colon says of the list below it
    above = ""
    for block in blocks:
        listed = goes_on(block, above)
        above = block.bullet
        before = asked if listed else None
        last: Recurring | None = None  # what the paragraph says last to come again
        parts = clauses(block.text)
        for place, clause in enumerate(parts):
            unit = owner.get(block.line) or (None if _MEETS.search(low(clause.text)) else charged)
            entries = list(_entries(block, clause, unit, before)) or list(_again(block, clause, unit, last))
            if entries and not entries[0].to and (beside := _beside(parts, place)):
                entries = [replace(each, to=addressed_to(beside.text), via=each.via or sent_via(beside.text)) for each in entries]
            last = entries[-1] if entries else last
            found += entries[: _MOST - len(found)]
            before = entries[-1] if entries else before if listed or not clause.opens else None
        opens = opens_list(block)
        unit = owner.get(block.line) or charged
        asked = _recurring(block, parts[-1], unit, before, "monthly", None) if opens and parts else asked if listed else None
    return tuple(found)


def _beside(parts: Sequence[Clause], place: int) -> Clause | None:
    """The clause of the same sentence that says to whom: "…; gửi Sở A tổng hợp" behind, or the same actor's before."""
    behind = parts[place + 1] if place + 1 < len(parts) else None
    if behind and not behind.opens and not behind.own and _SENT.match(low(behind.text)) and addressed_to(behind.text):
        return behind
    if parts[place].own or not _SENDS_REPORT.search(low(parts[place].text)):
        return None
    return next((part for part in reversed(parts[:place]) if addressed_to(part.text)), None)


def goes_on(block: Block, above: str) -> bool:
    """Whether a paragraph belongs to the list or table that a sentence opens; ``above``: the bullet before it."""
    return is_item(block) or (bool(block.bullet) and (above != "|" or block.bullet == "|"))


def is_item(block: Block) -> bool:
    """Whether a paragraph is a report of a list, "b) Báo cáo quý: …"."""
    return _ITEM.match(low(block.text[:40])) is not None


def opens_list(block: Block) -> bool:
    """Whether a paragraph says of what is listed below it that it is reported."""
    return block.text.rstrip().endswith(":") and re.search(r"(?<!\w)(?:báo cáo|gửi)(?!\w)", low(block.text)) is not None


def rows_joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """The paragraphs, the cells of a table's row as one: "Báo cáo quý | số liệu … | chậm nhất ngày 18 của tháng cuối quý"."""
    above = -1  # the line of the row before
    for line, group in groupby(blocks, key=lambda block: block.line):
        cells = list(group)
        told = [cell.text for cell in cells if not _DATA.match(low(cell.text))]
        row = len(cells) > 1 or (line == above + 1 and cells[0].text[:1].isdecimal())  # gaps too narrow make one cell of it
        above = line if row else -1
        yield replace(cells[0], text=", ".join(told), starts=((0, line),), bullet="|") if row else cells[0]


def schedules(text: str, row: bool = False) -> tuple[tuple[int, int], ...]:
    """Where in a paragraph days stand that come again: they are no one-off deadlines; ``row``: of a table."""
    found: list[tuple[int, int]] = []
    for clause in clauses(text):
        lowered = _masked(clause.text)
        if row or _REPORTS.search(lowered) or _TELLS.search(lowered):
            often = _often(lowered)
            found += [(clause.start + each.start, clause.start + each.end) for each in _schedules(lowered) if often]
    return tuple(found)


_WATCHES = re.compile(  # who watches over the work reports on it, though nothing says when
    r"(?<!\w)(?:theo dõi|đôn đốc|giám sát)(?:,?\s+(?:và\s+)?(?:theo dõi|đôn đốc|giám sát|kiểm tra|hướng dẫn|tổng hợp|nắm"
    r"|tình hình|việc|kết quả|thực hiện|triển khai|kế hoạch này))*,?\s+(?:và\s+)?báo cáo"
)
_TIMED = re.compile(
    r"(?<!\w)(?:trước|chậm nhất|muộn nhất|xong|hoàn thành|đến hết|hạn|trong vòng|định kỳ|hằng|hàng|mỗi|tại)(?!\w)"
)


def unscheduled_reports(blocks: Iterable[Block], owner: dict[int, str], charged: str | None = None) -> tuple[Report, ...]:
    """Reports on request, continual ones, and those of who watches over the work, in order; arguments as of recurring ones."""
    found: list[Report] = []
    for block in blocks:
        for clause in clauses(block.text):
            lowered = low(clause.text)
            report = re.search(r"(?<!\w)báo cáo(?!\s+viên)(?!\w)", lowered)
            vague = _VAGUE.search(lowered) or (None if _TIMED.search(lowered) else _WATCHES.search(lowered))
            to = addressed_to(clause.text) if report and vague and not _IN_NEED.search(lowered) else ()
            if not (report and vague and to) or _often(lowered) or len(found) >= _MOST:
                continue
            found.append(
                Report(
                    phrase=clause.text[vague.start() : vague.end()],
                    line=block.line_at(clause.start + report.start()),
                    who=bodies(clause.actor or owner.get(block.line) or charged),
                    to=to,
                    via=sent_via(clause.text),
                    gist=quoted(clause.text.strip()),
                    confidence=0.85 if clause.actor else 0.7,
                )
            )
    return tuple(found)


def _masked(text: str) -> str:
    """Lower case, without the days that only say which figures count."""
    return _NOUN.sub(_blank, _INSTEAD.sub(_blank, _DATA.sub(_blank, hours_in_figures(low(text)))))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


@lru_cache(maxsize=512)  # asked of the same words by those who look for one-off deadlines
def _often(lowered: str) -> tuple[_Often, ...]:
    found = []
    for match in _OFTEN.finditer(lowered):
        if match["every"] and _NOT_OFTEN.search(lowered[max(0, match.start() - 20) : match.start()]):
            continue
        if match["times"] and re.search(r"\d\s*$|hai\s*$", lowered[max(0, match.start() - 4) : match.start()]):
            continue
        firm = match["named"] is None and match["after"] is None
        said = next((_MEANS.get(each, match[each]) for each in (*_UNIT_GROUPS, *_MEANS) if match[each]), None)
        start = match.start()
        for part in [match[0]] if said else _BRACKET.split(match[0]):
            start = lowered.index(part, start)
            if frequencies := _frequencies(said or part):
                found.append(_Often(start=start, end=start + len(part), frequencies=frequencies, firm=firm))
            start += len(part)
    alone = not any(one.firm for one in found)
    return tuple(each for each in found if each.firm or alone or not _AHEAD.match(lowered, each.start))


def _frequencies(words: str) -> tuple[Frequency, ...]:
    words = re.sub(r"(?<=tháng)\s+(?:đầu|cuối)\s+năm|định kỳ", " ", words)
    found: list[Frequency] = []
    for pattern, frequency in _UNITS:
        words, count = re.subn(rf"(?<!\w)(?:{pattern})(?!\w)", " ", words)
        if count:
            found.append(frequency)
    return tuple(sorted(set(found), key=_RANKS.index))


def _schedules(lowered: str) -> list[_Schedule]:
    """Days and hours in order; neighbours of different kinds make one."""
    tokens = sorted(
        ((match.start(), kind, match) for kind, pattern in _PARTS for match in pattern.finditer(lowered)),
        key=lambda item: item[0],
    )
    found: list[_Schedule] = []
    for _, kind, match in tokens:
        last = found[-1] if found else None
        shared = last is not None and last.exclusive and _AND.fullmatch(lowered[last.end : match.start()]) is not None
        part = _part(kind, match, lowered, shared)
        if last and part.start < last.end:
            continue
        mixes = last is not None and bool((last.day and part.weekday) or (last.weekday and part.day))
        far = last is not None and (part.start - last.end > 40 or ";" in lowered[last.end : part.start])
        if last is None or mixes or far or getattr(last, kind) is not None:
            found.append(part)
        else:
            values = {each: getattr(part, each) or getattr(last, each) for each in ("weekday", "day", "month", "clock")}
            found[-1] = replace(last, end=part.end, sure=last.sure and part.sure, **values)
    if len(found) == 2 and found[0].weekday and found[0].clock is None and found[1].weekday is None and found[1].day is None:
        found = [replace(found[0], clock=found[1].clock)]  # "cứ đến thứ Sáu … báo cáo về … trước 16 giờ"
    return [
        _with_clock(each, found[max(0, number - 1) : number], found[number + 1 :][:1], lowered)
        for number, each in enumerate(found)
    ]


def _with_clock(schedule: _Schedule, before: Sequence[_Schedule], after: Sequence[_Schedule], lowered: str) -> _Schedule:
    """ "Thứ Ba và thứ Sáu hằng tuần, trước 10 giờ", "trước 10 giờ thứ Ba, thứ Sáu": the hour is that of both days."""
    if schedule.weekday is None or schedule.clock:
        return schedule
    shared = [each.clock for each in after if _AND.fullmatch(lowered[schedule.end : each.start]) and each.weekday]
    shared += [each.clock for each in before if _AND.fullmatch(lowered[each.end : schedule.start]) and each.weekday]
    return replace(schedule, clock=next((clock for clock in shared if clock), None))


def _part(kind: str, match: re.Match[str], lowered: str, shared: bool) -> _Schedule:
    """One part; ``shared``: the "trước" before the part before it counts here too ("trước ngày 20/6 và 20/12")."""
    groups = match.groupdict()
    start, end = match.span()
    exclusive = shared or (groups.get("by") or "").strip().endswith("trước")
    if kind == "clock":
        return _Schedule(start=start, end=end, clock=clock_in(match[0]))
    if kind == "weekday":
        named = _WEEKDAYS[groups["name"]] if groups.get("name") else "fri" if "làm" in match[0] else "sun"
        earlier = _WEEK[_WEEK.index(named) - 1] if exclusive else named
        return _Schedule(start=start, end=end, weekday=earlier, sure="làm" not in match[0])
    if groups.get("last"):
        return _Schedule(start=start, end=end, day=-1, sure="làm" not in match[0])
    numbers = [int(each) for each in re.findall(r"\d+", groups.get("date") or groups["number"])]
    day = numbers[0] - exclusive
    ahead = _FOLLOWING.match(lowered, end)
    return _Schedule(
        start=start,
        end=ahead.end() if ahead else end,
        day=(-1 if day == 0 else day if 1 <= day <= 31 else None),
        month=numbers[1] if len(numbers) > 1 else None,
        sure=not ahead,
        exclusive=exclusive,
    )


def _entries(block: Block, clause: Clause, owner: str | None, before: Recurring | None) -> Iterator[Recurring]:
    lowered = _masked(clause.text)
    often = _often(lowered)
    times = _schedules(lowered) if often else []
    instead = _REPLACED.search(lowered)  # "báo cáo quý gửi trước ngày 18 … và thay cho báo cáo của tháng đó" is sent
    if instead and times and instead.start() > max(times[0].end, often[0].end) and instead[0] != "thay bằng":
        yield from _entries(block, replace(clause, text=clause.text[: instead.start()]), owner, before)
        return
    row = before is not None and block.bullet == "|"  # of a table of reports
    duty = (clause.own or owner) and any(each.firm for each in often) and any(each.day or each.weekday for each in times)
    reports = _REPORTS.search(lowered) or (times and (row or duty or _TELLS.search(lowered)))
    if not often or not reports or instead:
        return
    purpose = _PURPOSE.search(lowered)
    if purpose and _schedules(lowered[purpose.end() :]) and _schedules(lowered[: purpose.start()]):
        yield from _entries(block, replace(clause, text=clause.text[: purpose.start()]), owner, before)
        rest = clause.text[purpose.end() :]
        to = addressed_to(clause.text[: purpose.start()])
        acting = acts(rest) or ", ".join(to) or None
        inner = replace(clause, text=rest, start=clause.start + purpose.end(), actor=acting, own=True)
        yield from _entries(block, inner, owner, None)
        return
    seen: set[tuple[object, ...]] = set()
    for frequency, start, end, schedule in _bound(often, times, lowered):
        moment = (frequency, schedule.weekday, schedule.day, schedule.clock) if schedule else (frequency,)
        if moment in seen:
            continue  # "06 tháng: trước ngày 15/6 và ngày 15/12"
        seen.add(moment)
        entry = _recurring(block, clause, owner, before, frequency, schedule)
        begin, stop = min(start, schedule.start if schedule else start), max(end, schedule.end if schedule else end)
        near = stop - begin < 160
        phrase = clause.text[begin if near else start : stop if near else end]
        yield replace(entry, phrase=quoted(phrase.strip(" ,;.")), line=block.line_at(clause.start + begin))


def _again(block: Block, clause: Clause, owner: str | None, last: Recurring | None) -> Iterator[Recurring]:
    """What the words before say how often it comes: "…; Sở A tổng hợp, báo cáo UBND tỉnh trước ngày 25", "… cùng ngày"."""
    lowered = _masked(clause.text)
    times = _schedules(lowered) if last and _REPORTS.search(lowered) else []
    if not last or not times or _REPLACED.search(lowered):
        return
    if _SAME_DAY.search(lowered):
        yield _recurring(block, clause, owner, last, last.frequency, replace(times[0], weekday=last.weekday, day=last.day))
    elif _often(lowered) or times[0].month:
        return
    elif (last.day and times[0].day) or (last.frequency == "weekly" and times[0].weekday):
        yield _recurring(block, clause, owner, last, last.frequency, times[0])


def _bound(
    often: Sequence[_Often], times: Sequence[_Schedule], lowered: str
) -> Iterator[tuple[Frequency, int, int, _Schedule | None]]:
    """Which frequency each day belongs to; "hằng tháng, quý" without days gives two entries without."""
    known = {frequency for each in often for frequency in each.frequencies}
    done: set[Frequency] = set()
    if known == {"daily"}:
        times = _rounds_of_a_day([each for each in times if each.clock])  # "mỗi ngày, kể cả thứ Bảy"
    for number, schedule in enumerate(times):
        earlier = times[number - 1].end if number else 0
        beside = any(0 <= each.start - schedule.end <= 12 or 0 <= schedule.start - each.end <= 12 for each in often)
        if len(known) == 1 and number and not beside and not _AND.fullmatch(lowered[earlier : schedule.start]):
            continue  # "... tại giao ban thứ Sáu"
        if around := [each for each in often if _OPENS.fullmatch(lowered[each.end : schedule.start])]:
            chosen = [(around[-1], frequency) for frequency in around[-1].frequencies]  # "hằng quý (trước ngày 15 …)"
        elif len(times) == 1 or len(known) <= 1:
            near = [each for each in often if each.firm or schedule.start - each.end < 60]
            chosen = [(each, frequency) for each in near for frequency in each.frequencies]
        else:
            chosen = _chosen(often, schedule, earlier, done, lowered)
        firsts = [(each, name) for place, (each, name) in enumerate(chosen) if name not in [other for _, other in chosen[:place]]]
        for each, frequency in firsts:
            if frequency == "yearly" and schedule.month in (6, 7) and len(times) > 1:
                frequency = "half_year"  # "trước ngày 20/6 và 20/12 hằng năm"
            done.add(frequency)
            yield frequency, each.start, each.end, schedule
    for each in often:
        for frequency in each.frequencies:
            if each.firm and frequency not in done:
                done.add(frequency)
                yield frequency, each.start, each.end, None


def _rounds_of_a_day(times: Sequence[_Schedule]) -> list[_Schedule]:
    """What comes daily at several hours, "lúc 6 giờ và 18 giờ", is one obligation, due first at the first."""
    return [replace(times[0], end=times[-1].end)] if times else []


def _chosen(
    often: Sequence[_Often], schedule: _Schedule, earlier: int, done: set[Frequency], lowered: str
) -> list[tuple[_Often, Frequency]]:
    """Of several frequencies the one meant: "trước ngày 15/6 đối với báo cáo 6 tháng", "báo cáo năm trước ngày 15/12"."""
    for each in often:
        if each.start >= schedule.end and _FOR.match(lowered[schedule.end : each.start]) and each.start - schedule.end < 50:
            return [(each, each.frequencies[0])]
    close = [each for each in often if 0 <= schedule.start - each.end <= 12 and not done.issuperset(each.frequencies)]
    if close and not close[-1].firm:  # "báo cáo tháng trước ngày 18, báo cáo quý …"
        return [(close[-1], close[-1].frequencies[-1])]
    behind = [each for each in often if each.firm and 0 <= each.start - schedule.end <= 12]
    inside = [each for each in often if earlier <= each.start < schedule.start]
    open_ = [(each, frequency) for each in inside for frequency in each.frequencies if frequency not in done]
    if behind and not (schedule.month and open_):
        return [(behind[0], frequency) for frequency in behind[0].frequencies]
    by_month = {6: "half_year", 7: "half_year", 9: "nine_month", 12: "yearly", 11: "yearly", 1: "yearly"}.get(schedule.month or 0)
    named = [item for item in open_ if item[1] == by_month] or open_[-1:]
    return named or [(each, frequency) for each in often for frequency in each.frequencies if frequency == by_month][:1]


def _recurring(
    block: Block, clause: Clause, owner: str | None, before: Recurring | None, frequency: Frequency, schedule: _Schedule | None
) -> Recurring:
    """One obligation; who, to whom and by way of whom come from the clause before where a list goes on."""
    own = bodies(clause.actor if clause.own or not before else None)
    to = addressed_to(clause.text, schedule.start if schedule else None)
    goes_on = before is not None and not to and not clause.own
    who = own or (before.who if before and not clause.own else ()) or bodies(clause.actor or owner)
    day = schedule.day if schedule and frequency not in ("weekly", "daily") else None
    weekday = schedule.weekday if schedule and frequency != "daily" and day is None else None
    words = low(clause.text)
    sends = re.search(r"(?<!\w)(?:báo cáo|gửi)(?!\w)", words)
    sure = schedule is not None and schedule.sure and (weekday or day or schedule.clock)
    return Recurring(
        phrase=quoted(clause.text[schedule.start : schedule.end] if schedule else clause.text),
        line=block.line_at(clause.start + (schedule.start if schedule else 0)),
        frequency=frequency,
        weekday=weekday,
        day=day,
        time=schedule.clock if schedule else None,
        who=who,
        to=before.to if goes_on and before else to,
        via=sent_via(clause.text) or (before.via if goes_on and before else None),
        consolidates=_CONSOLIDATES.search(words[: sends.end() + 12] if sends else words) is not None,
        confidence=0.95 if sure and own else 0.85 if sure else 0.65,
    )
