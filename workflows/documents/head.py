"""Owns what stands at the head of a document: number, date and place, kind of paper, title, urgency, the issuing body."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflows.documents.kinds import TITLE_LINE, names_type, type_of_line, type_of_symbol
from workflows.documents.letterhead import body_above, names_authority
from workflows.documents.lines import Line, low
from workflows.documents.references import NUMBER, ONE_PART
from workflows.due_phrases import BlankDay
from workflows.plans import DocumentType, Origin, Urgency, normalise_number, symbol_of

_NUMBERED = re.compile(
    r"(?:(?:luật|nghị quyết|quyết định|pháp lệnh)\s+)?số(?:\s+hiệu)?\s*:?\s*(?P<number>" + NUMBER + "|" + ONE_PART + r")(?![\w])",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"Số\s*:?\s*[.…_\s]*(?P<symbol>[-–/]?\s*[A-ZĐ][A-Za-zĐđ]{0,14}"
    r"(?:\s?[-–/]\s?[A-ZĐ][A-Za-zĐđƯư]{0,14}(?:&[A-ZĐ]{1,8})?){1,4})(?![\w])"
)
_BY_HAND = r"[.…_\s]{0,20}"  # left to be filled in by hand
_DATED = re.compile(
    r"(?:(?P<place>[^\W\d_][^,\d]{1,50}?)\s*,\s*(?:(?:hồi|lúc)\s[^,]{1,25}?[,\s]\s?)?)?[Nn]gày\s*(?P<d>\d{1,2}|"
    + _BY_HAND
    + r")\s*"
    r"(?:t?háng\s*(?P<m>\d{1,2}|" + _BY_HAND + r")\s*năm\s*(?P<y>\d{4}|[.…_\d\s]{0,20})"
    r"|[/.-]\s*(?P<m2>\d{1,2}|" + _BY_HAND + r")\s*[/.-]\s*(?P<y2>\d{4}))\s*\.?"
)
_ABOUT = re.compile(r"[“\"']?\s*(?:v/v|về việc)\s*:?\s*")
_URGENCIES: tuple[tuple[str, Urgency], ...] = (("hỏa tốc", "hỏa tốc"), ("thượng khẩn", "thượng khẩn"), ("khẩn", "khẩn"))
_NO_PLACE = ("số", "hội nghị", "về", "kèm", "ban hành", "căn cứ", "luật")
_OF_ISSUER = re.compile(r"của\s")
_JOINT = re.compile(r"(?:liên tịch|phối hợp|hỏa tốc|thượng khẩn|khẩn)\b")
_MAX_TITLE = 1000  # characters


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
    month: BlankDay | None = None  # of a date whose day is left blank


def read_head(lines: Sequence[Line], *, letter: bool) -> Head:
    """Read the head; ``letter``: the document has addressees, so that without another name it is an official letter."""
    head = Head()
    for n, line in enumerate(lines):
        head = _urgency(_number(head, line, lines[n + 1].text if n + 1 < len(lines) else ""), line)
    for with_place in (True, False):  # a day alone may belong to the title
        for line in lines:
            head = _date(head, line, with_place)
    head = _type(head, lines, letter)
    head = _title(head, lines)
    return _type_by_symbol(_issuer(head, lines))


def title_after_body(head: Head, closing: Sequence[Line]) -> Head:
    """A letter's subject that the taking of text has put behind the body: "V/v ..." up to the signature."""
    if head.title is not None or head.type != "CV":
        return head
    start = next((n for n, line in enumerate(closing) if _ABOUT.match(low(line.text[:20]))), None)
    if start is None:
        return head
    end = next((n for n in range(start, len(closing)) if closing[n].text.isupper()), len(closing))
    return _titled(head, closing[start], closing[start].text, closing[start + 1 : end], 0.5)


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


def _date(head: Head, line: Line, with_place: bool) -> Head:
    # The date may share its line with the number.
    match = _DATED.fullmatch(_after_number(line.text[:300]))
    if not match or head.date or head.place or head.wrong_date or bool(match["place"]) != with_place:
        return head
    place = match["place"] and match["place"].strip(" -–")
    if place and low(place).startswith(_NO_PLACE):
        return head
    head = _found(head, "place", line, place=place) if place else head
    written = (match["y"] or match["y2"], match["m"] or match["m2"], match["d"])
    year, month = (written[0] or "").strip(), (written[1] or "").strip()
    blank = not written[2].strip(" .…_")
    if blank and re.fullmatch(r"(?:19|20)[0-9]{2}", year) and re.fullmatch(r"0?[1-9]|1[0-2]", month):
        return replace(head, month=BlankDay(int(year), int(month), 1))
    if not all(part and part.strip().isdigit() for part in written) or len(written[0].strip()) != 4:
        return head
    try:
        found = dt.date(*(int(part) for part in written))
    except ValueError:
        return replace(head, wrong_date=Origin(fact="date", line=line.number, phrase=match[0]))
    return _found(head, "date", line, date=found, confidence=1.0 if place else 0.8)


def _after_number(text: str) -> str:
    match = _NUMBERED.match(text) or _BLANK.match(text)
    return text[match.end() :].strip() if match else text


def _urgency(head: Head, line: Line) -> Head:
    words = low(line.text[:60]).strip(" .*()[]!")
    words = words.removeprefix("công điện ").removeprefix("công văn ")
    urgency = next((urgency for word, urgency in _URGENCIES if words == word or words.startswith(f"{word} hẹn giờ")), None)
    return _found(head, "urgency", line, urgency=urgency) if urgency and not head.urgency else head


def _type(head: Head, lines: Sequence[Line], letter: bool) -> Head:
    by_symbol = type_of_symbol(head.symbol) if head.symbol else None
    named = [line for line in lines if names_type(line)]
    line = next((line for line in named if type_of_line(line.text) == by_symbol), named[0] if named else None)
    if line:
        return _found(head, "type", line, type=type_of_line(line.text))
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
        rest = lines[start].text[len(_type_words(lines[start])) :].strip(" :")
        more = _until_other(lines[start + 1 :], head)
        if more and rest.isupper() and _OF_ISSUER.match(low(rest[:10])):
            rest = ""
        if more and not rest and more[0].text.isupper() and _OF_ISSUER.match(low(more[0].text[:10])):
            more = more[1:]  # "KẾT LUẬN" over "CỦA BAN THƯỜNG VỤ ...": whose it is, not what about
        decides = next((n for n, line in enumerate(more) if n and names_authority(line)), len(more))
        if more and (
            decides == len(more) - 1 or (not more[0].text.isupper() and all(line.text.isupper() for line in more[decides:]))
        ):
            more = more[:decides]  # "CHỦ TỊCH ỦY BAN NHÂN DÂN ..." between a decision's title and its bases
        return _titled(head, lines[start], rest, more, 0.97)
    for n, line in enumerate(lines):
        about = _ABOUT.match(low(line.text[:20]))
        if about:
            return _titled(head, line, line.text[about.end() :], _until_other(lines[n + 1 :], head), 0.97)
    numbered = next(
        (n for n, line in enumerate(lines) if _is_origin(head, "number", line) or _is_origin(head, "symbol", line)), None
    )
    rest_lines = _until_other(lines[numbered + 1 :], head) if numbered is not None else []
    return _titled(head, rest_lines[0], "", rest_lines, 0.6) if rest_lines else head


def _type_words(line: Line) -> str:
    """The words of a line that name the kind of paper: "KẾ HOẠCH LIÊN TỊCH"."""
    match = TITLE_LINE.match(low(line.text))
    end = match.end() if match else 0
    joint = _JOINT.match(low(line.text[end:]).lstrip())
    return line.text[: end + (len(line.text[end:]) - len(line.text[end:].lstrip()) + joint.end() if joint else 0)]


def _titled(head: Head, line: Line, first: str, more: Sequence[Line], confidence: float) -> Head:
    title = " ".join(part for part in (first, *(each.text for each in more)) if part)[:_MAX_TITLE].strip(" *.,:;-")
    about = _ABOUT.match(low(title[:20]))
    title = title[about.end() :] if about else title
    title = title.removesuffix("”") if "“" not in title else title
    where = more[0] if more and not first else line
    return _found(head, "title", where, confidence=confidence, title=title) if title else head


def _until_other(lines: Sequence[Line], head: Head) -> list[Line]:
    """Lines up to the next that is something else: a date, a number, a bracket, a rule, the authority of a decision."""
    kept: list[Line] = []
    for line in lines:
        other = line.text.startswith("(") or any(
            origin.line == line.number and origin.phrase == line.text[:200] and origin.fact != "title" for origin in head.origins
        )
        if line.column == 0 and kept and (other or line.rule or (line.gap and names_authority(line))):
            break
        if not other and line.column == 0:
            kept.append(line)
    return kept


def _is_origin(head: Head, fact: str, line: Line) -> bool:
    return any(origin.fact == fact and origin.line == line.number and origin.phrase == line.text[:200] for origin in head.origins)


def _issuer(head: Head, lines: Sequence[Line]) -> Head:
    """The body printed in capitals above the number."""
    above: list[Line] = []
    for line in lines:
        if any(_is_origin(head, fact, line) for fact in ("number", "symbol", "type", "title")):
            break
        if not any(_is_origin(head, fact, line) for fact in ("urgency", "place", "date")):
            above.append(line)
    found = body_above(above)
    return _found(head, "issuer", found[1], confidence=0.95, issuer=found[0]) if found else head
