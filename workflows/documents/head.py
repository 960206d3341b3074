"""Owns what stands at the head of a document: number, date and place, kind of paper, title, urgency, the issuing body."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflows.documents.kinds import TITLE_LINE, type_of_line, type_of_symbol
from workflows.documents.lines import Line, low
from workflows.documents.references import NUMBER
from workflows.documents.wording import starts_with_body
from workflows.plans import DocumentType, Origin, Urgency, normalise_number, symbol_of

_NUMBERED = re.compile(r"Số\s*:?\s*(?P<number>" + NUMBER + r")(?![\w])")
_BLANK = re.compile(
    r"Số\s*:?\s*[.…_\s]*(?P<symbol>[-–/]?\s*[A-ZĐ][A-Za-zĐđ]{0,14}(?:\s?[-–/]\s?[A-ZĐ][A-Za-zĐđƯư]{0,14}){1,4})(?![\w])"
)
_DATED = re.compile(
    r"(?:(?P<place>[^\W\d_][^,\d]{1,50}?)\s*,\s*)?[Nn]gày\s*(?P<d>\d{1,2}|[.…_\s]{0,20})\s*"
    r"(?:tháng\s*(?P<m>\d{1,2}|[.…_\s]{0,20})\s*năm\s*(?P<y>\d{4}|[.…_\d\s]{0,20})|/\s*(?P<m2>\d{1,2})\s*/\s*(?P<y2>\d{4}))\s*\.?"
)
_ABOUT = re.compile(r"(?:v/v|về việc)\s*:?\s*")
_MOTTO = re.compile(r"(?:đảng cộng sản việt nam|cộng h(?:òa|oà) xã hội|độc lập|---)")
_URGENCIES: tuple[tuple[str, Urgency], ...] = (("hỏa tốc", "hỏa tốc"), ("thượng khẩn", "thượng khẩn"), ("khẩn", "khẩn"))
_PLACE = re.compile(r"(?:tỉnh|thành phố|tp\.?|quận|huyện|thị xã|xã|phường|thị trấn|đặc khu)\s(?!ủy)")
_ORGAN = re.compile(r"(?:ban|văn phòng|ủy ban kiểm tra|trung tâm)\s")
_COMMITTEE = re.compile(r"(?:tỉnh|thành|huyện|quận|thị|đảng) ủy")
_MAX_TITLE = 1000  # characters
# A body's name printed in capitals, as running text writes it: these words small, these organs with one capital.
_SMALL = re.compile(
    r"(?<!\w)(?:ủy ban nhân dân|hội đồng nhân dân|tỉnh|huyện|quận|thành phố|thị xã|xã|phường|thị trấn|đặc khu|và|các|của|nhân dân"
    r"|đảng bộ)(?!\w)(?! ủy)",
    re.IGNORECASE,
)
_ORGANS = re.compile(
    r"(?<!\w)(?:(?:tỉnh|thành|huyện|quận|thị|đảng|chi) ủy|thường vụ|chấp hành|tuyên giáo|dân vận|tổ chức|kiểm tra|nội chính"
    r"|chỉ đạo|công an|nội vụ|tài chính|văn phòng|ban cán sự)(?!\w)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"(?<!\w)(?:HĐND|UBND|MTTQ|TNCS|BCĐ|UBKT|LĐLĐ|LHPN|CCB|QS|TTĐT)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head says; None where it is silent."""

    number: str | None = None
    symbol: str | None = None
    date: dt.date | None = None
    place: str | None = None
    type: DocumentType | None = None
    title: str | None = None
    issuer: str | None = None
    urgency: Urgency | None = None
    origins: tuple[Origin, ...] = ()
    wrong_date: Origin | None = None  # a date that no calendar has


def read_head(lines: Sequence[Line], *, letter: bool) -> Head:
    """Read the head; ``letter``: the document has addressees, so that without another name it is an official letter."""
    head = Head()
    for n, line in enumerate(lines):
        following = lines[n + 1].text if n + 1 < len(lines) else ""
        for read in (_number, _date, _urgency):
            head = read(head, line, following)
    head = _type(head, lines, letter)
    head = _title(head, lines)
    return _type_by_symbol(_issuer(head, lines))


def _found(head: Head, fact: str, line: Line, *, confidence: float = 1.0, **values: object) -> Head:
    origin = Origin(fact=fact, line=line.number, phrase=line.text[:200], confidence=confidence)
    return replace(head, origins=(*head.origins, origin), **values)  # type: ignore[arg-type]


def _number(head: Head, line: Line, following: str) -> Head:
    if head.number or head.symbol:
        return head
    text = line.text[:200]
    if re.search(r"[-–/]$", text):  # the scanner broke the line after the hyphen
        text = f"{text} {following[:60]}"
    match = _NUMBERED.match(text)
    if match:
        number = normalise_number(match["number"])
        return _found(_found(head, "number", line, number=number), "symbol", line, symbol=symbol_of(number))
    blank = _BLANK.match(text)
    return _found(head, "symbol", line, symbol=normalise_number(blank["symbol"]).lstrip("-/")) if blank else head


def _date(head: Head, line: Line, following: str) -> Head:
    # The date may share its line with the number, or have the signing place in another column.
    match = _DATED.fullmatch(_after_number(line.text[:300]))
    if not match or head.date or head.place:
        return head
    place = match["place"] and match["place"].strip()
    if place and low(place).startswith(("số", "hội nghị", "về")):
        return head
    head = _found(head, "place", line, place=place) if place else head
    day, month, year = match["d"], match["m"] or match["m2"], match["y"] or match["y2"]
    if not (day.strip().isdigit() and month and month.strip().isdigit() and year and re.fullmatch(r"\d{4}", year.strip())):
        return head
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return replace(head, wrong_date=Origin(fact="date", line=line.number, phrase=match[0]))
    return _found(head, "date", line, date=found)


def _after_number(text: str) -> str:
    match = _NUMBERED.match(text) or _BLANK.match(text)
    return text[match.end() :].strip() if match else text


def _urgency(head: Head, line: Line, following: str) -> Head:
    words = low(line.text[:40]).strip(" .")
    urgency = next((urgency for word, urgency in _URGENCIES if words == word or words.startswith(f"{word} hẹn giờ")), None)
    return _found(head, "urgency", line, urgency=urgency) if urgency and not head.urgency else head


def _type(head: Head, lines: Sequence[Line], letter: bool) -> Head:
    for line in lines:
        if TITLE_LINE.match(low(line.text[:60])) and (line.text.isupper() or line.level or line.bold):
            return _found(head, "type", line, type=type_of_line(line.text))
    by_symbol = type_of_symbol(head.symbol) if head.symbol else None
    about = any(_ABOUT.match(low(line.text[:20])) for line in lines)
    return replace(head, type=by_symbol or ("CV" if about or (letter and head.symbol) else None))


def _type_by_symbol(head: Head) -> Head:
    """A kind of paper that no line names was told by the symbol, or by the form of a letter: it was read there."""
    origins = {origin.fact: origin for origin in head.origins}
    origin = origins.get("number") or origins.get("symbol") or origins.get("title")
    if head.type is None or "type" in origins or origin is None:
        return head
    told = head.symbol is not None and type_of_symbol(head.symbol) == head.type
    return replace(head, origins=(*head.origins, replace(origin, fact="type", confidence=0.97 if told else 0.85)))


def _title(head: Head, lines: Sequence[Line]) -> Head:
    """After the kind of paper; of a letter after "V/v", or what stands between number and addressees."""
    start = next((n for n, line in enumerate(lines) if _is_origin(head, "type", line)), None)
    if start is not None:
        rest = re.sub(TITLE_LINE.pattern, "", low(lines[start].text), count=1)
        first = lines[start].text[len(lines[start].text) - len(rest) :].strip(" :")
        return _titled(head, lines[start], first, _until_other(lines[start + 1 :], head), 0.97)
    for n, line in enumerate(lines):
        about = _ABOUT.match(low(line.text[:20]))
        if about:
            return _titled(head, line, line.text[about.end() :], _until_other(lines[n + 1 :], head), 0.97)
    numbered = next(
        (n for n, line in enumerate(lines) if _is_origin(head, "number", line) or _is_origin(head, "symbol", line)), None
    )
    rest_lines = _until_other(lines[numbered + 1 :], head) if numbered is not None else []
    return _titled(head, rest_lines[0], "", rest_lines, 0.6) if rest_lines else head


def _titled(head: Head, line: Line, first: str, more: Sequence[Line], confidence: float) -> Head:
    title = " ".join(part for part in (first, *(each.text for each in more)) if part)[:_MAX_TITLE].strip(" *.,:;-")
    where = more[0] if more and not first else line
    return _found(head, "title", where, confidence=confidence, title=title) if title else head


def _until_other(lines: Sequence[Line], head: Head) -> list[Line]:
    """Lines up to the next that is something else: a date, a number, a body in capitals, the motto."""
    kept: list[Line] = []
    for line in lines:
        other = any(origin.line == line.number and origin.fact != "title" for origin in head.origins)
        if line.column == 0 and kept and (other or _MOTTO.match(low(line.text[:40])) or line.rule):
            break
        if not other and line.column == 0 and not _MOTTO.match(low(line.text[:40])):
            kept.append(line)
    return kept


def _is_origin(head: Head, fact: str, line: Line) -> bool:
    return any(origin.fact == fact and origin.line == line.number and origin.phrase == line.text[:200] for origin in head.origins)


def _issuer(head: Head, lines: Sequence[Line]) -> Head:
    """The body printed in capitals above the number; below its superior, if two stand there."""
    above: list[Line] = []
    for line in lines:
        if any(_is_origin(head, fact, line) for fact in ("number", "symbol", "type", "title")):
            break
        if any(_is_origin(head, fact, line) for fact in ("urgency", "place", "date")):
            continue
        if line.text.isupper() and not _MOTTO.match(low(line.text[:40])) and len(line.text) < 120 and line.column == 0:
            above.append(line)
    named = [line for line in above if starts_with_body(line.text)]
    if not named:
        return head
    at = above.index(named[-1])
    tail = [line.text for line in above[at + 1 :] if not line.gap]
    before = above[at - 1].text if at else ""
    name = " ".join([above[at].text, *tail])
    if before and _PLACE.match(low(name)):  # "ỦY BAN NHÂN DÂN" over "XÃ ĐỒI SIM"
        name = f"{before} {name}"
    elif before and _ORGAN.match(low(name)) and _COMMITTEE.match(low(before)) and not _COMMITTEE.search(low(name)):
        name = f"{name} {before}"  # "TỈNH ỦY PHÚ SƠN" over "BAN TỔ CHỨC": the committee's organ
    return _found(head, "issuer", above[at], confidence=0.95, issuer=small_letters(name))


def small_letters(name: str) -> str:
    """ "ỦY BAN NHÂN DÂN XÃ ĐỒI SIM" -> "Ủy ban nhân dân xã Đồi Sim": capitals as bodies are written in running text."""
    text = " ".join(word if "." in word else word.capitalize() for word in name.split())
    text = _SMALL.sub(lambda match: match[0].lower(), text)
    text = _ORGANS.sub(lambda match: match[0].capitalize(), text)
    text = _LETTERS.sub(lambda match: match[0].upper(), text)
    return text[:1].upper() + text[1:]
