"""Owns mending the lines around a document's body: columns that ran into one line, lines that broke, mottos, stamps.

Taking the text out of a page loses where its words stood: the motto of the right column follows the body of the left one in one
line, "Hà" and "Nội, ngày ..." come apart, an electronic signature prints its own date. The rooms that read the head want whole
lines and nothing else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from workflows.documents.kinds import TYPE_NAMES
from workflows.documents.lines import CAPITALS, Line, low

_FIRST = 60  # lines that the head and the addressees may take
_LONGEST = 300  # characters of a line that may hold a motto
_SHORT = 60  # characters; a longer line is no piece of a broken one
_GAP = r"\s*[-–—.]*\s*"
_MOTTOS = tuple(
    re.compile(motto)
    for motto in (
        r"cộng\s+hòa\s+x[ãà]\s*hội\s+chủ\s+nghĩa\s+việt\s+nam",
        rf"độc\s+lập{_GAP}tự\s+do{_GAP}hạnh\s+phúc",
        r"đảng\s+cộng\s+sản\s+việt\s+nam",
        r"đoàn\s+(?:tncs|thanh\s+niên\s+cộng\s+sản)\s+hồ\s+chí\s+minh",
    )
)
_TRIMMED = " *-–—_.|"
_BODY = re.compile(r"(?:(?:phần|chương)\s+)?[ivx]{1,5}\s*[-.–:)]|\d{1,2}\s*[.)]\s|căn cứ\b|thực hiện\b.{40}|điều \d")
_WAITING = {  # a line that waits for its other half, and how that begins
    "số": re.compile(r"\d{1,6}[a-zđ]?\s*[-–/]|[-–/]\s*[a-zđ]"),
    "kính": re.compile(r"gửi\b"),
    "nơi": re.compile(r"nhận\b"),
    "v/v": re.compile(r"\S"),
}
_DAY = re.compile(r"ngày\s*(?:\d{1,2}|[.…_\s]{0,20})\s*tháng\s*(?:\d{1,2}|[.…_\s]{0,20})\s*năm\s*(?:20|19)?\d{2}")
_DATE_OPENS = re.compile(r"[^,\d]{2,50},\s*(?:ngày[^,]{0,40})?")
_HALF_PLACE = re.compile(r"[^\W\d_]{1,8},\s*ngày\b")
_ADDRESS = re.compile(r"(?<=[^.:;,\s])(?<!đồng)\s+kính gửi\s*:")
_STAMP = re.compile(r"(?:người ký|ký bởi|ký số bởi|ngày ký|giờ ký|thời gian ký|thời điểm ký|digitally signed|signed by)\s*:?")
_STAMP_ROW = re.compile(r"(?:e-?mail|cơ quan|tổ chức|chức vụ|đơn vị|date|reason|location)\s*:")
_ARRIVED = re.compile(
    r"(?:công văn |văn bản )?đến$|(?:số đến|ngày đến|giờ đến|chuyển|lưu hồ sơ(?: số)?|số và ký hiệu hs)\s*:|đến\s+(?:số|ngày)\s*:"
)
_MARKED = re.compile(
    r"(?:dự thảo(?:\s+lần\s+\d+)?|(?:tuyệt |tối )?mật|sao y(?:\b.*)?|sao lục(?:\b.*)?|bản (?:chính|sao)|lưu hành nội bộ"
    r"|xem xong trả lại)\W*"
)
_STAMPED_ON = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)|(?<!\d)(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_SPACED = re.compile(r"[^\W\d_](?: [^\W\d_]){4,30}(?!\w)")  # letters set wide apart
_SPACED_WORDS = {words.replace(" ", ""): words for words in ("kính gửi", "nơi nhận", *TYPE_NAMES)}
_CLOSING = 40  # lines that the recipients list and the signature beside it may take
_SIGNED_BESIDE = re.compile(  # "Nơi nhận: TM. ỦY BAN NHÂN DÂN": the gap between the two columns was lost
    r"(?P<list>Nơi nhận\s*:)\s+(?:(?:T/M|TM|K/T|KT|T/L|TL|TUQ|T/UQ)\b|(?:Q\. |QUYỀN |PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|BÍ THƯ|CHÁNH"
    r"|HIỆU TRƯỞNG|TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CỤC TRƯỞNG|VIỆN TRƯỞNG|TỔNG GIÁM ĐỐC|CHỦ NHIỆM|CHỈ HUY|THƯỜNG TRỰC)\b).{0,80}"
)
_FAMILIES = (
    "Nguyễn|Trần|Lê|Phạm|Huỳnh|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đào|Đoàn|Vương|Trịnh|Trương|Đinh|Lâm|Phùng|Mai|Tô|Hà|Tạ"
    "|Lương|Lưu|Triệu|Nông|Hứa|Chu|Cao|Thái|Châu|Tống|Quách|Kiều|Đàm|Đậu|Cù|Khuất|Bạch|Thạch|Sơn|Kim|Lò|Vi|Vàng|Giàng|Sùng|Thào|Hạng"
    "|Quàng|Cà|Tòng|Lường|Hầu|Ma|Mã|Bế|Hoa|Lục|La|Lã|Nghiêm|Ninh|Phí|Tăng|Thân|Từ|Uông|Viên|Văn|Ông|Âu|Doãn|Diệp|Giang|Hàn|Khổng"
)
_NAME_BESIDE = re.compile(rf"(?<=[;,.)])\s+(?P<name>(?:{_FAMILIES})(?:\s{CAPITALS}[a-zà-ỹđ]{{0,7}}){{1,4}})$")
_FILE_PATH = re.compile(r"[a-z]:\\|\\\\")


Stamp: TypeAlias = tuple[int, dt.date]  # line, and the day that an electronic signature bears


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The lines of a document, whole, and what its electronic signature says."""

    lines: tuple[Line, ...]
    stamped: tuple[Stamp, ...]


def mend(lines: Sequence[Line]) -> Mended:
    """Drop stamps and mottos, and make whole what broke."""
    kept, stamped = _without_stamps(lines)
    kept = [_closed_up(line) for line in _without_second_column(kept)]
    first, rest = kept[:_FIRST], kept[_FIRST:]
    return Mended(lines=(*_joined(_parted(_without_mottos(first))), *rest), stamped=stamped)


def _closed_up(line: Line) -> Line:
    """ "K í n h g ử i :" and "K Ế H O Ạ C H" as words."""
    spaced = _SPACED.match(line.text[:80])
    words = _SPACED_WORDS.get(low(spaced[0]).replace(" ", "")) if spaced else None
    if spaced is None or words is None:
        return line
    return replace(line, text=(words.upper() if spaced[0].isupper() else words.capitalize()) + line.text[spaced.end() :])


def _without_stamps(lines: Sequence[Line]) -> tuple[list[Line], tuple[Stamp, ...]]:
    """Lines without those that an electronic signature or the arrivals' register printed on the page, and file paths."""
    kept: list[Line] = []
    stamped: list[Stamp] = []
    rows = 0  # lines after a stamp's first that may belong to it
    for n, line in enumerate(lines):
        text = low(line.text[:120])
        stamp = _STAMP.match(text) is not None
        rows = 4 if stamp else rows - 1
        arrived = n < _FIRST and (_ARRIVED.match(text) or _MARKED.fullmatch(text)) is not None
        if stamp or arrived or (rows > 0 and _STAMP_ROW.match(text)) or _FILE_PATH.match(text):
            day = _stamped_on(text) if stamp else None
            stamped += [(line.number, day)] if day else []
        else:
            kept.append(line)
    return kept, tuple(stamped)


def _without_second_column(lines: list[Line]) -> list[Line]:
    """The signature beside the recipients set apart, where its gap was lost: office after the label, name after a recipient."""
    found = ((n, _SIGNED_BESIDE.fullmatch(line.text)) for n, line in enumerate(lines) if line.text[9:].isupper())
    at, label = next(((n, match) for n, match in found if match), (0, None))
    if label is None:
        return lines
    parted = [*lines[:at], *_split(lines[at], label.end("list"))]
    for n, line in enumerate(lines[at + 1 :]):
        name = _NAME_BESIDE.search(line.text) if n < _CLOSING and line.bullet and len(line.text) <= _LONGEST else None
        parted += _split(line, name.start("name")) if name else [line]
    return parted


def _split(line: Line, at: int) -> list[Line]:
    """A line as its two columns."""
    return [
        replace(line, text=line.text[:at].strip()),
        replace(line, text=line.text[at:].strip(), bullet="", column=line.column + 1, gap=False),
    ]


def _stamped_on(text: str) -> dt.date | None:
    match = _STAMPED_ON.search(text)
    if not match:
        return None
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _without_mottos(lines: Sequence[Line]) -> list[Line]:
    """The lines above the body without the mottos of the right column, also where one ran into a line or broke over two."""
    end = next((n for n, line in enumerate(lines) if _BODY.match(low(line.text[:40]))), len(lines))
    kept = list(lines[:end])
    for motto in _MOTTOS:
        kept = _without_motto(kept, motto)
    return [*kept, *lines[end:]]


def _without_motto(lines: list[Line], motto: re.Pattern[str]) -> list[Line]:
    """Each motto is printed once, in capitals or with its hyphens."""
    for n, line in enumerate(lines):
        if len(line.text) > _LONGEST:
            continue
        span = [n]  # the line, and those below it in the same column
        for below in range(n + 1, min(n + 6, len(lines))):
            if lines[below].column == line.column and len(span) < 3 and len(lines[below].text) <= _LONGEST:
                span.append(below)
        for pieces in range(1, len(span) + 1):
            text = " ".join(lines[m].text for m in span[:pieces])
            whole = motto.fullmatch(low(text).strip(_TRIMMED))
            inside = motto.search(low(text)) if pieces == 1 else None
            if whole and _set_apart(text):
                gone = set(span[:pieces])
                return [
                    replace(item, gap=item.gap or (m - 1 in gone and lines[m - 1].column == 0))
                    for m, item in enumerate(lines)
                    if m not in gone
                ]
            if inside and _set_apart(text[inside.start() : inside.end()]):
                parts = _around(line, inside)
                return [*lines[:n], *parts, *lines[n + 1 :]]
    return lines


def _set_apart(text: str) -> bool:
    return text.isupper() or "lập" in low(text)


def _around(line: Line, motto: re.Match[str]) -> list[Line]:
    before, after = line.text[: motto.start()].strip(_TRIMMED), line.text[motto.end() :].strip(_TRIMMED)
    parts = [replace(line, text=before)] if before else []
    return [*parts, replace(line, text=after, column=line.column + 1)] if after else parts


def _parted(lines: Sequence[Line]) -> list[Line]:
    """Lines with an address that ran into the title above it set apart: "Dự họp về ... Kính gửi:"."""
    parted: list[Line] = []
    for line in lines:
        address = _ADDRESS.search(low(line.text)) if len(line.text) <= _LONGEST else None
        texts = [line.text[: address.start()], line.text[address.start() :].strip()] if address else [line.text]
        parted += [replace(line, text=text, bullet="" if n else line.bullet) for n, text in enumerate(texts)]
    return parted


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines with those that wait for their other half joined to it: "Số:", "Kính", "Hà" over "Nội, ngày ..."."""
    n = 0
    while n < len(lines):
        pieces = _pieces(lines, n)
        line = lines[n]
        yield replace(line, text=" ".join(item.text for item in lines[n : n + pieces])) if pieces > 1 else line
        n += pieces


def _pieces(lines: Sequence[Line], n: int) -> int:
    """How many lines from this one on make one."""
    line = lines[n]
    text = low(line.text)
    if len(text) > _SHORT or line.bullet:
        return 1
    following = lines[n + 1 : n + 5]
    if not following or following[0].bullet:
        return 1
    other_half = _WAITING.get(text.strip(" :."))
    if other_half and other_half.match(low(following[0].text)) and len(following[0].text) < 2 * _SHORT:
        return 2
    return _pieces_of_date(line, following) or _pieces_of_name(line, following)


def _pieces_of_date(line: Line, following: Sequence[Line]) -> int:
    """Place and date over two to five lines: "Sóc Sơn, ngày" / "05 tháng 3" / "năm 2026", or "Sóc" / "Sơn, ngày ..."."""
    text = low(line.text)
    half_place = _HALF_PLACE.match(low(following[0].text)) and not following[0].gap and _names(line.text)
    if _DAY.search(text) or not (half_place or _DATE_OPENS.fullmatch(text)):
        return 0
    for count, last in enumerate(following, 1):
        if len(last.text) > _SHORT or last.column != line.column:
            return 0
        text = f"{text} {low(last.text)}"
        found = _DAY.search(text)
        if found:
            place = text[: found.start()].rstrip()
            alone = place.endswith(",") and place.count(",") == 1 and not text[found.end() :].strip(" .")
            return count + 1 if alone else 0
    return 0


def _names(text: str) -> bool:
    """Whether it may be the first part of a place's name."""
    words = text.split()
    return len(words) <= 3 and all(word[:1].isupper() and word.isalpha() and not word.isupper() for word in words)


def _pieces_of_name(line: Line, following: Sequence[Line]) -> int:
    """A body's name whose first word stands alone: "ỦY" over "BAN NHÂN DÂN"."""
    below = following[0]
    alone = line.text.isupper() and low(line.text) in ("ủy", "bộ", "sở", "tổng")
    return 2 if alone and below.text.isupper() and not below.gap and below.column == line.column else 1
