"""Owns the words that say how often something comes again, and at which day and hour of the week, month or year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from workflows.documents.lines import low
from workflows.due_phrases import clock_in, hours_in_figures
from workflows.plans import Frequency, Weekday

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
    rf"(?<!\w)(?:(?P<every>{_EVERY}\s*[(:]?\s*(?:{_EVERY}\s+)?{_LIST}\)?)"
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
    r"|(?<=sơ kết )(?:0?6|sáu)\s+tháng(?:\s+đầu\s+năm)?\s*(?:,|và)\s*tổng kết\s+(?:(?:cả|cuối)\s+)?năm(?!\w|\s*\d)"
    rf"|(?<!\w)(?P<any>(?:ngày|tuần|tháng|quý|năm)\s+nào\s+cũng)(?!\w)"
    rf"|(?<!\w)(?P<count>(?<!\d\s)(?:ngày|tuần|tháng|quý|năm)\s+{_COUNT}\s+lần|{_COUNT}\s+(?:lần|kỳ)\s*(?:/|mỗi)\s*"
    r"(?:ngày|tuần|tháng|quý|năm))(?!\w)"
    rf"|(?<!\w)(?P<named>(?:(?:báo cáo\s+(?:công tác\s+)?|giao ban\s+){_LIST}(?!\s*/?\s*(?:một|0?1)?\s*lần)"
    rf"|(?<=[\s(])(?<!\d\s)(?<!thứ\s){_LIST}(?=\s*[:(,]?\s*(?:gửi\s+)?(?:trước"
    rf"|chậm nhất)\s)|(?<=,\s){_LONG}(?=,\s+ngày\s+\d)))(?!\w))"
)
_NEEDED = ("ngày", "tuần", "tháng", "quý", "năm", "kỳ", "thứ ", "chủ nhật")  # without one of these nothing says how often
_UNIT_GROUPS = ("of", "last", "week", "end", "part", "next", "after")  # they say the unit themselves
_MEANS = {"weekly": "tuần", "monday": "tuần", "days": "ngày", "twice": "sáu tháng", "four": "quý"}
_NOT_OFTEN = re.compile(
    r"(?:dự toán|ngân sách|kế hoạch|chương trình|xếp loại|đánh giá|chỉ tiêu|kinh phí|bình xét|phân bổ|thu nhập|trợ cấp|phụ cấp"
    r"|trợ giúp|tiền lương|lương hưu|chi phí|đoàn phí|đảng phí|hội phí|học phí|xã hội|khám sức khỏe|tài sản công"
    r"|chỉ số|đầu tư công|(?:kỳ|đợt|cuộc)\s+(?:kiểm điểm|đánh giá))"
    r"(?:\s+(?:nhà nước|của\s+\w+|đầu tư|cchc|công chức|viên chức))?\s*$"
)
_PAID = re.compile(  # "do ngân sách nhà nước cấp hằng năm"
    r"(?<!\w)(?:ngân sách|kinh phí|nguồn|dự toán)\s[^;.]{0,60}?(?:cấp|bố trí|chi|bảo đảm|đảm bảo|giao|trích)\s*$"
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
FIGURES = re.compile(  # up to which day figures count
    r"(?:(?:số liệu|thời gian chốt|thời điểm chốt|kỳ báo cáo|mốc|tính)[^;.()]{0,80}?(?:từ|đến)\s+(?:hết\s+)?(?:ngày|thứ)"
    r"|từ ngày \d{1,2}\s+(?:của\s+)?tháng\s+(?:trước|liền))[^;.(),]{0,120}"
)
JOINS = re.compile(r"\s*(?:,|và|,\s*và)\s*(?:(?:kỳ|đợt|lần)\s+\w{1,3}\s+)?(?:ngày\s*)?")  # two days
_BESIDES = re.compile(  # "ngoài báo cáo tháng nêu tại điểm 1, …": it is asked elsewhere
    r"(?<!\w)(?:ngoài|bên cạnh|cùng với)\s+(?:các\s+|chế độ\s+)*báo cáo(?:(?!trước|chậm|muộn|ngày|hạn)[^,;.]|\.\d){0,80}"
)
_INSTEAD = re.compile(r"\((?:thay|không gồm|trừ)\s[^()]{0,120}\)")
_AHEAD = re.compile(r"(?:của\s+)?(?:tháng|quý)\s+(?:sau|liền|kế|tiếp)")  # it says when, and how often only if nothing else does
_FOLLOWING = re.compile(r"\s*(?:của\s+)?(?:tháng|quý|kỳ|năm)\s+(?:sau|tiếp theo|kế tiếp|liền kề|đầu)(?!\w)")
_NOUN = re.compile(r"(?<!\w)(?:dự báo|cảnh báo|(?:đọc|theo|tại|các|thực hiện|của|dán|này và)\s+thông báo)(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Often:
    """Words that say how often."""

    start: int
    end: int
    frequencies: tuple[Frequency, ...]
    firm: bool  # they say "hằng", "mỗi", "định kỳ"; "báo cáo năm" alone needs a day that comes every year


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A weekday, a day and an o'clock that stand together."""

    start: int
    end: int
    weekday: Weekday | None = None
    day: int | None = None
    month: int | None = None
    clock: dt.time | None = None
    sure: bool = True  # the day needs no reading of customs
    exclusive: bool = False  # the words say "trước"


@lru_cache(maxsize=512)  # asked of the same words again and again
def masked(text: str) -> str:
    """Lower case, without the days that only say which figures count."""
    return _NOUN.sub(_blank, _BESIDES.sub(_blank, _INSTEAD.sub(_blank, FIGURES.sub(_blank, hours_in_figures(low(text))))))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


@lru_cache(maxsize=512)  # asked of the same words by those who look for one-off deadlines
def often_in(lowered: str) -> tuple[Often, ...]:
    """The words of a clause, masked, that say how often, in order."""
    found = []
    for match in _OFTEN.finditer(lowered) if any(unit in lowered for unit in _NEEDED) else ():
        if match["every"] and _NOT_OFTEN.search(lowered[max(0, match.start() - 20) : match.start()]):
            continue
        if match["every"] and _PAID.search(lowered[max(0, match.start() - 80) : match.start()]):
            continue
        if match["times"] and re.search(r"\d\s*$|hai\s*$", lowered[max(0, match.start() - 4) : match.start()]):
            continue
        firm = match["named"] is None and match["after"] is None
        said = next((_MEANS.get(each, match[each]) for each in (*_UNIT_GROUPS, *_MEANS) if match[each]), None)
        start = match.start()
        for part in [match[0]] if said else _BRACKET.split(match[0]):
            start = lowered.index(part, start)
            if frequencies := _frequencies(said or part):
                found.append(Often(start=start, end=start + len(part), frequencies=frequencies, firm=firm))
            start += len(part)
    alone = not any(one.firm for one in found)
    return tuple(each for each in found if each.firm or alone or not _AHEAD.match(lowered, each.start))


def _frequencies(words: str) -> tuple[Frequency, ...]:
    words = re.sub(r"(?<=tháng)\s+(?:đầu|cuối)\s+năm|định kỳ|(?<!\w)(?:\d{1,2}|hai|ba)\s+kỳ", " ", words)
    found: list[Frequency] = []
    for pattern, frequency in _UNITS:
        words, count = re.subn(rf"(?<!\w)(?:{pattern})(?!\w)", " ", words)
        if count:
            found.append(frequency)
    return tuple(sorted(set(found), key=_RANKS.index))


def schedules_in(lowered: str) -> list[Schedule]:
    """Days and hours in order; neighbours of different kinds make one."""
    tokens = sorted(
        ((match.start(), kind, match) for kind, pattern in _PARTS for match in pattern.finditer(lowered)),
        key=lambda item: item[0],
    )
    found: list[Schedule] = []
    for _, kind, match in tokens:
        last = found[-1] if found else None
        shared = last is not None and last.exclusive and JOINS.fullmatch(lowered[last.end : match.start()]) is not None
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


def _with_clock(schedule: Schedule, before: Sequence[Schedule], after: Sequence[Schedule], lowered: str) -> Schedule:
    """ "Thứ Ba và thứ Sáu hằng tuần, trước 10 giờ", "trước 10 giờ thứ Ba, thứ Sáu": the hour is that of both days."""
    if schedule.weekday is None or schedule.clock:
        return schedule
    shared = [each.clock for each in after if JOINS.fullmatch(lowered[schedule.end : each.start]) and each.weekday]
    shared += [each.clock for each in before if JOINS.fullmatch(lowered[each.end : schedule.start]) and each.weekday]
    return replace(schedule, clock=next((clock for clock in shared if clock), None))


def _part(kind: str, match: re.Match[str], lowered: str, shared: bool) -> Schedule:
    """One part; ``shared``: the "trước" before the part before it counts here too ("trước ngày 20/6 và 20/12")."""
    groups = match.groupdict()
    start, end = match.span()
    exclusive = shared or (groups.get("by") or "").strip().endswith("trước")
    if kind == "clock":
        return Schedule(start=start, end=end, clock=clock_in(match[0]))
    if kind == "weekday":
        named = _WEEKDAYS[groups["name"]] if groups.get("name") else "fri" if "làm" in match[0] else "sun"
        earlier = _WEEK[_WEEK.index(named) - 1] if exclusive else named
        return Schedule(start=start, end=end, weekday=earlier, sure="làm" not in match[0])
    if groups.get("last"):
        return Schedule(start=start, end=end, day=-1, sure="làm" not in match[0])
    numbers = [int(each) for each in re.findall(r"\d+", groups.get("date") or groups["number"])]
    day = numbers[0] - exclusive
    ahead = _FOLLOWING.match(lowered, end)
    return Schedule(
        start=start,
        end=ahead.end() if ahead else end,
        day=(-1 if day == 0 else day if 1 <= day <= 31 else None),
        month=numbers[1] if len(numbers) > 1 else None,
        sure=not ahead,
        exclusive=exclusive,
    )
