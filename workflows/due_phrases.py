"""Owns what the phrases of deadlines mean: which is the last day allowed, and until what o'clock.

Instants, and the zone that they lie in, are calendar.py's business. A phrase that gives no day gives None, never a guess.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from workflows.working_days import add_days, add_months, add_working_days, last_of_month

NO_INSTANT = "no_instant"
RECURRING = "recurring"

_YEARS = range(1945, 2200)
_DATE = re.compile(
    r"""(?<![\d/.hg:-])(?P<d>\d{1,2})\s*
    (?: [/.-]\s*(?P<m>\d{1,2})(?!\d|\s*(?:h|giờ|g\d|:)) (?: \s*[/.-]\s*(?P<y>\d{4})(?!\d) | (?!\s*[/.-]\s*\d) )
      | \s+tháng\s+(?P<m2>\d{1,2})(?!\d) (?: \s*(?:năm|/)\s*(?P<y2>\d{4})(?!\d) )? )""",
    re.VERBOSE,
)
_CLOCK = re.compile(
    r"""(?<![\d/.-])(?P<h>[01]?\d|2[0-4])\s*
    (?: (?:h|giờ|g)(?![^\W\d_])\s*(?P<min>[0-5]\d)?(?!\d) | :\s*(?P<min2>[0-5]\d)(?!\d) )""",
    re.VERBOSE,
)
_DOTTED_HOUR = re.compile(
    r"(?<!\w)(?:trước|lúc|hồi|vào|từ|đến|tới|nhất|quá|là)\s+(?:[01]?\d|2[0-3])\.[0-5]\d(?![\d.])"
    r"(?=\)|['’′]?\s*,?\s*(?:ngày|thứ|chủ nhật|sáng|chiều|tối|(?:hằng|hàng|mỗi)\s+ngày"
    r"|(?:đến|-)\s+\d{1,2}\.[0-5]\d\s*,?\s*ngày)(?!\w))"
    r"|(?<!\w)(?:lúc|hồi)\s+(?:[01]?\d|2[0-3])\.[0-5]\d(?![\d.]|\s*(?:%|triệu|tỷ|ha|km))"
)
_AFTERNOON = re.compile(r"\s*['’′]?\s*(?:phút\s*)?(?P<half>trưa|chiều|tối)\b")
_MONTH = re.compile(
    r"""\btháng\s+(?: (?P<m2>\d{1,2})\s*[/.-]\s*(?P<y2>\d{4})(?!\d)
      | (?P<m>\d{1,2})(?!\d|\s*[/.-]\s*\d) (?: \s+năm\s+(?P<y>\d{4})(?!\d) )? )""",
    re.VERBOSE,
)
_QUARTER = re.compile(
    r"\bquý\s+(?P<q>(?:iv|i{1,3}|[1-4])(?:\s*(?:,|và|-|;)\s*(?:quý\s+)?(?:iv|i{1,3}|[1-4]))*)(?![\w])(?:\s*(?:/|năm"
    r"|-)\s*(?P<y>\d{4})(?!\d))?"
)
_HALF = re.compile(r"\b(?:(?P<n>6|sáu|9|chín)\s+tháng|nửa)\s+(?P<which>đầu|cuối)\s+năm(?:\s+(?P<y>\d{4})(?!\d))?")
_YEAR = re.compile(r"\bnăm\s+(?P<y>\d{4})(?!\d)")
_TERM = re.compile(
    r"(?<![\d/.-])(?P<n>\d{1,4})\s*(?:\([^()]{0,30}\)\s*)?(?P<unit>ngày làm việc|ngày|tuần|tháng)(?!\s*\d)(?P<rest>.{0,80})",
    re.DOTALL,
)
_NAMES_DAY = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}")
_FIRST_DAYS = re.compile(
    r"(?<![\d/.-])(?P<n>\d{1,2})\s*(?:\([^()]{0,30}\)\s*)?(?P<unit>ngày làm việc|ngày|tuần)\s+đầu(?:\s+tiên)?\s+(?:của\s+)?"
    r"(?P<month>tháng\s.{1,20})"
)
_PAPER = r"(?:quyết định|kế hoạch|công văn|văn bản|thông báo|chỉ thị|kết luận|hướng dẫn|nghị quyết|công điện)"
_THIS_PAPER = rf"(?:{_PAPER}\s+này\s+(?:được\s+)?)?"
_FROM_SIGNING = re.compile(
    rf"\s*,?\s*(?:kể|tính)?\s*(?:từ|sau)\s+(?:khi|ngày)\s+(?:{_THIS_PAPER}(?:ký|ban hành)|(?:ra|phát hành)\s+{_PAPER}\s+này)\b"
)
_FROM_DATE = re.compile(r"\s*,?\s*(?:kể|tính)?\s*(?:từ|sau)\s+(?:ngày\s+)?(?P<date>\d[\d/.-]{7,9})(?!\d)")
_FROM_ELSE = re.compile(r"\b(?:kể|tính)?\s*(?:từ|sau|trước)\s+(?:khi|ngày|lúc|thời điểm)\b")
_RECURRING = re.compile(
    r"\b(?:hàng|hằng|mỗi)\s+(?:ngày|tuần|tháng|quý|năm|6 tháng)\b|\bđịnh kỳ\b|\bcủa\s+(?:tháng|quý|kỳ|năm)\s+báo cáo\b"
)
_VAGUE = re.compile(
    r"""\b(?:dự\ kiến|khoảng|thường\ xuyên|theo\ yêu\ cầu|cho\ đến\ khi
      |trước\s+(?:khi(?!\s+(?:kết\ thúc|hết)\s+(?:tháng|quý|năm)\s+[\divx])|dịp\ tết|mùa|tết
         |kỳ\s+họp|đại\s+hội|khai\s+giảng|lễ(?!\s+\d)|năm\s+học)
      |năm\s+(?:trước|sau|tới|kế\s+tiếp|tiếp\s+theo|liền\s+kề)
      |trước\s+(?:buổi|cuộc|phiên|hội\s+nghị|đợt)(?![^;]*\d\s*[/-]\s*\d)
      |tuần\s+(?:học\s+)?(?:cuối|đầu|thứ|giữa|\d)|(?:thượng|trung|hạ)\s+tuần)\b""",
    re.VERBOSE,
)
_FOLLOWING = re.compile(r"\b(?:tháng|quý|kỳ|năm)\s+(?:sau|tiếp theo|kế tiếp|liền kề)\b")
_EXCLUSIVE = re.compile(
    r"\btrước\s+(?:(?:thời điểm|mốc|dịp lễ|dịp|lễ)\s+)?(?:(?:rạng\s+)?sáng\s+)?"
    r"(?:ngày\s+)?(?:(?:thứ\s+\w+|chủ nhật)\s*,?\s*)?(?:\(?\s*ngày\s+(?:[^\W\d_]+\s+){0,4})?\(?$"
)
_PART = re.compile(r"\b(?P<half>nửa\s+)?(?P<part>đầu|giữa|cuối)\s*$")
_DAYS = {"đầu": 1, "giữa": 15, "nửa đầu": 15}  # of a month; the other parts end with it
_NEAR = re.compile(r"\b(?:hôm nay|(?:sáng|trưa|chiều|tối|đêm)\s+nay|(?:ngày|sáng|trưa|chiều|tối|đêm)\s+(?P<next>mai))\b")
_THIS_WEEK = re.compile(r"\b(?:thứ\s+(?P<name>hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\s+(?:của\s+)?tuần\s+(?P<week>này|sau|tới)\b")
_THIS_MONTH = re.compile(r"\b(ngày\s+\d{1,2})\s+tháng\s+này\b")
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5}
_MONTH_NAMES = {"một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_UNDER_TEN = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_HOURS = {word: hour for hour, word in enumerate(_UNDER_TEN, 1)} | {
    f"mười {word}": 10 + n for n, word in enumerate(_UNDER_TEN, 1)
}
_HOURS |= {"mười": 10, "mười lăm": 15, "hai mươi": 20, "hai mươi mốt": 21, "hai mươi hai": 22, "hai mươi ba": 23}
_MINUTES = {"rưỡi": 30, "mười lăm": 15, "ba mươi": 30, "bốn mươi lăm": 45}
_NAMED_HOUR = re.compile(
    rf"\b(?P<hour>{'|'.join(sorted(_HOURS, key=len, reverse=True))})(?=\s+giờ\b)|(?<=giờ )(?P<minute>{'|'.join(_MINUTES)})\b"
)
_NAMED_MONTH = re.compile(
    r"\btháng\s+(?:mười\s+(?P<late>một|hai)|(?P<name>mười|một|hai|ba|tư|năm(?!\s+\d)|sáu|bảy|tám|chín))\b"
    r"(?!\s+(?:lần|tháng|ngày|kỳ|buổi|đợt))"
)
_FIRST_OF_RANGE = re.compile(r"(?<![\d/.-])\d{1,2}\s*[-–]\s*(?=\d{1,2}\s*/\s*\d)")  # "12-13/4/2025"
_SLIP = dt.timedelta(
    days=90
)  # a date without a year that lies before its document by less is more likely a slip than the next year's
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


class BlankDay(dt.date):
    """The first of a document's month where its day is left blank: it completes a year, and starts no duration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMoment:
    """The end of what a phrase allows."""

    day: dt.date | None  # last day allowed; None: the phrase gives no day
    clock: dt.time | None = None  # exclusive, Vietnamese clock, on that day; None: the whole day
    rule: str  # short stable name of the rule that read it
    confidence: float = 0.95  # 0 to 1; lower where the phrase leaves the year out, or says a part of a month


NOTHING = LastMoment(day=None, rule=NO_INSTANT, confidence=0.7)


_BEGINS = re.compile(r"(?<!nhất )(?:kể\s+)?từ\s+(?:năm|tháng|quý)\s+[\divx/]+(?:\s+năm\s+\d{4})?\W*$")  # it says no end


def last_moment(phrase: str, *, issued: dt.date | None) -> LastMoment:
    """Read a deadline phrase; ``issued`` (the document's date) completes a missing year and starts a duration."""
    text = _in_figures(hours_in_figures(" ".join(unicodedata.normalize("NFC", phrase[:500]).lower().split())))
    text = _THIS_MONTH.sub(rf"\1 tháng {issued.month}", text) if issued else text
    if _RECURRING.search(text):
        return LastMoment(day=None, rule=RECURRING)
    if _VAGUE.search(text) or _BEGINS.search(text):
        return NOTHING
    for read in (_first_days, _by_term, _by_date, _near, _by_half, _by_month, _by_quarter, _by_year):
        found = read(text, issued)
        if found is not None:
            return (
                replace(found, confidence=_confidence(found, text, issued)) if found.day and found.day.year in _YEARS else NOTHING
            )
    return NOTHING


@functools.lru_cache(maxsize=512)  # asked of the same words for what is due once and what is due again
def hours_in_figures(text: str) -> str:
    """Lower-case words with their hours in figures, each as long as it was: "tám giờ rưỡi" is "8   giờ 30  "."""
    if "." in text:  # "trước 16.00 ngày 10/6", as the army writes
        text = _DOTTED_HOUR.sub(lambda match: match[0].replace(".", ":"), text)
    if "giờ" not in text:
        return text
    return _NAMED_HOUR.sub(lambda match: str(_HOURS.get(match["hour"]) or _MINUTES[match["minute"]]).ljust(len(match[0])), text)


def _in_figures(text: str) -> str:
    """Months that are named, "tháng Mười", by their numbers; of a range of days the last."""
    text = _FIRST_OF_RANGE.sub("", text.replace("quí ", "quý "))
    return _NAMED_MONTH.sub(
        lambda match: f"tháng {_MONTH_NAMES[match['name']] if match['name'] else 10 + _MONTH_NAMES[match['late']]}", text
    )


def _confidence(found: LastMoment, text: str, issued: dt.date | None) -> float:
    """Lower where the year, or the day, is not said but follows from the document's date or from a custom."""
    if found.rule.startswith("part_of"):
        return 0.65
    if "_after_" in found.rule:
        return 0.8
    if re.search(r"\d{4}", text) or found.rule == "today":
        return found.confidence
    return 0.55 if found.day and issued and found.day.year != issued.year else 0.85


def months_off(phrase: str, last: dt.date, length: int) -> int:
    """How many months after the last one of a period of ``length`` months a recurring phrase is due; before it: negative.

    "Trước ngày 05 của tháng sau": one; of a year "trước ngày 20/11": minus one; where no month is named none.
    """
    text = " ".join(unicodedata.normalize("NFC", phrase[:500]).lower().split())
    if _FOLLOWING.search(text):
        return 1
    named = _DATE.search(text)
    month = int(named["m"] or named["m2"]) if named else 0
    if length < 3 or not 1 <= month <= 12:
        return 0
    ahead = (month - last.month) % length
    return ahead - length if 2 * ahead >= length else ahead


def names_day(phrase: str) -> bool:
    """Whether a phrase names a day with its month and year, be it one that the calendar has or not."""
    return _NAMES_DAY.search(phrase[:500].lower()) is not None


def clock_in(text: str) -> dt.time | None:
    """The first o'clock in a phrase: 15h00', 15 giờ 30, 9:05; "4 giờ chiều" is 16:00."""
    match = _CLOCK.search(text.lower())
    return _clock(match, text.lower()) if match else None


def _clock(match: re.Match[str], text: str) -> dt.time | None:
    hour, minute = int(match["h"]), int(match["min"] or match["min2"] or 0)
    half = _AFTERNOON.match(text, match.end())
    if hour < 12 and half and (half["half"] != "trưa" or hour < 4):
        hour += 12
    return None if hour == 24 else dt.time(hour, minute)


def _clock_beside(before: str, after: str) -> dt.time | None:
    """The o'clock that belongs to a date: right before it, or right behind."""
    match = _last(_CLOCK, before)
    if match and not re.search(r"[\d;]", before[match.end() :]) and len(before) - match.end() < 40:
        return _clock(match, before)
    follows = re.match(r"\s*(?:,|\(|lúc|trước|vào|\s)*(?=\d)", after)
    match = _CLOCK.match(after, follows.end()) if follows else None
    return _clock(match, after) if match else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match."""
    return max(pattern.finditer(text), key=lambda match: match.start(), default=None)


def _by_term(text: str, issued: dt.date | None) -> LastMoment | None:
    """A duration: so many days after signing, or after a date that the phrase names."""
    match = _TERM.search(text)
    if not match or re.search(r"\bngày\s*$", text[: match.start()]):
        return None
    working, rest = match["unit"] == "ngày làm việc", match["rest"]
    signing, other, dated = _FROM_SIGNING.match(rest), _FROM_ELSE.search(rest), _FROM_DATE.match(rest)
    if not signing and not dated and not (working and not other):
        return NOTHING if other else None
    named = last_moment(dated["date"], issued=issued).day if dated else None
    start, what = (named, "date") if dated else (None if isinstance(issued, BlankDay) else issued, "signing")
    behind = re.search(r"\b(?:trước\s*$|sau\s+(?!không|chậm|muộn|trong)[^\W\d])", text[: match.start()])
    if start is None or start.year not in _YEARS or behind:
        return NOTHING
    return _term(start, int(match["n"]), match["unit"], what)


def _first_days(text: str, issued: dt.date | None) -> LastMoment | None:
    """ "Trong 05 ngày làm việc đầu tiên của tháng 7"."""
    match = _FIRST_DAYS.search(text)
    month = _by_month(match["month"], issued) if match else None
    if not match or not month or not month.day:
        return NOTHING if match else None
    return _term(month.day.replace(day=1) - dt.timedelta(days=1), int(match["n"]), match["unit"], "date")


def _term(start: dt.date, count: int, unit: str, what: str) -> LastMoment:
    if not count:
        return NOTHING
    if unit == "ngày làm việc":
        return LastMoment(day=add_working_days(start, count), rule=f"working_days_after_{what}")
    if unit == "tháng":
        return LastMoment(day=add_months(start, count), rule=f"months_after_{what}")
    return LastMoment(day=add_days(start, count * (7 if unit == "tuần" else 1)), rule=f"days_after_{what}")


def _by_date(text: str, issued: dt.date | None) -> LastMoment | None:
    """A day of the calendar, whole or until an o'clock; of several the last."""
    match = _last(_DATE, text)
    if match is None:
        return None
    month, year = match["m"] or match["m2"], match["y"] or match["y2"]
    day = _date(int(year) if year else None, int(month), int(match["d"]), issued)
    if day is None:
        return NOTHING
    before = text[: match.start()]
    clock = _clock_beside(before, text[match.end() :])
    if clock:
        return LastMoment(day=day, clock=clock, rule="before_time")
    if _EXCLUSIVE.search(before[-60:]):
        return LastMoment(day=day - dt.timedelta(days=1), rule="before_day")
    return LastMoment(day=day, rule="by_day")


def _near(text: str, issued: dt.date | None) -> LastMoment | None:
    """ "Hôm nay", "tối nay", "ngày mai" count from the day that the document is dated; "thứ Sáu tuần này" is of its week."""
    match, weekday = _last(_NEAR, text), _THIS_WEEK.search(text)
    found = match or weekday
    if not found or issued is None or isinstance(issued, BlankDay):
        return NOTHING if found else None
    if weekday:
        place = int(weekday["name"]) - 2 if (weekday["name"] or "").isdigit() else _WEEKDAYS.get(weekday["name"], 6)
        day = add_days(issued, place - issued.weekday() + (0 if weekday["week"] == "này" else 7))
    else:
        day = add_days(issued, 1) if found["next"] else issued
    before = text[: found.start()]
    clock = _clock_beside(text[: found.end()], "") or _clock_beside(before, "")
    if weekday and not clock and _EXCLUSIVE.search(before):
        day -= dt.timedelta(days=1)
    return LastMoment(day=day, clock=clock, rule="today", confidence=0.8)


def _by_half(text: str, issued: dt.date | None) -> LastMoment | None:
    match = _HALF.search(text)
    if not match:
        return None
    year = int(match["y"]) if match["y"] else issued.year if issued else None
    month = 12 if match["which"] == "cuối" else 9 if match["n"] in ("9", "chín") else 6
    return _end_of(year, month, text[: match.start()], issued, "within_months")


def _by_month(text: str, issued: dt.date | None) -> LastMoment | None:
    """A month, or its first, fifteenth or last day; of several the last."""
    match = _last(_MONTH, text)
    if match is None:
        return None
    month, year = int(match["m"] or match["m2"]), match["y"] or match["y2"]
    before = text[: match.start()]
    part = _PART.search(before)
    if not part:
        return _end_of(int(year) if year else None, month, before, issued, "within_month")
    last = _last_of(int(year) if year else None, month, issued)
    day = last and last.replace(day=_DAYS.get(("nửa " if part["half"] else "") + part["part"], last.day))
    late = day and not year and issued and day < issued
    return NOTHING if not day or late else LastMoment(day=day, rule="part_of_month")


def _by_quarter(text: str, issued: dt.date | None) -> LastMoment | None:
    match = _QUARTER.search(text)
    if not match:
        return None
    last = _QUARTERS[re.findall(r"iv|i{1,3}|[1-4]", match["q"])[-1]]
    before = text[: match.start()]
    rule = _rule_of_part(before, "quarter")
    return _end_of(int(match["y"]) if match["y"] else None, last * 3, before, issued, rule, span=3) if rule else NOTHING


def _by_year(text: str, issued: dt.date | None) -> LastMoment | None:
    match = _YEAR.search(text)
    if not match:
        return None
    rule = _rule_of_part(text[: match.start()], "year")
    return _end_of(int(match["y"]), 12, text[: match.start()], issued, rule, span=12) if rule else NOTHING


def _rule_of_part(before: str, period: str) -> str | None:
    """Of a quarter or a year its end is a day, "cuối năm 2027"; its beginning and its middle are none."""
    part = _PART.search(before)
    return None if part and (part["half"] or part["part"] != "cuối") else f"part_of_{period}" if part else f"within_{period}"


def _end_of(
    year: int | None, month: int, before: str, issued: dt.date | None, rule: str, *, span: int = 1
) -> LastMoment:  # fmt: skip
    """The end of a period that ends with that month; before it starts where the phrase says "trước"."""
    last = _last_of(year, month, issued)
    if last is None:
        return NOTHING
    if re.search(r"\btrước\s+$", before):
        first = dt.date(last.year, month - span + 1, 1)
        return LastMoment(day=first - dt.timedelta(days=1), rule="before_period")
    return LastMoment(day=last, rule=rule)


def _last_of(year: int | None, month: int, issued: dt.date | None) -> dt.date | None:
    if not 1 <= month <= 12:
        return None
    return _in_year(year, issued, lambda known: last_of_month(known, month))


def _date(year: int | None, month: int, day: int, issued: dt.date | None) -> dt.date | None:
    """A date; None where its year is unknown, it lies shortly before its document, or it is no date."""
    return _in_year(year, issued, lambda known: dt.date(known, month, day))


def _in_year(year: int | None, issued: dt.date | None, day_of: Callable[[int], dt.date]) -> dt.date | None:
    """A day whose missing year is the document's, or the next where it would lie long before the document."""
    known = year or (issued.year if issued else None)
    if known is None or known not in _YEARS:
        return None
    try:
        found = day_of(known)
        if year is None and issued is not None and found < issued:
            found = day_of(known + 1) if issued - found > _SLIP else found
            return found if found >= issued else None
    except ValueError:
        return None
    return found if found.year in _YEARS else None
