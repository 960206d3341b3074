"""Owns who must act where a recipient line has no label: by what the document's tasks, conferences and reports name.

The rules, in order: addressees act (people are informed); higher bodies and the issuer's own leaders are informed; who is named
acts; people are informed; whatever remains is a question. Each decision says which rule made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from engine.errors import InputError
from workflows.documents.clauses import clauses
from workflows.documents.coverage import by_initials, covers, is_vague, names
from workflows.documents.layout import Block
from workflows.documents.lines import low
from workflows.documents.wording import is_leadership, is_person, level, levels, starts_with_body
from workflows.names import canonical
from workflows.plans import Conference, Purpose, Recipient, Recurring, Task, Warning

_ABOVE_LABELS: tuple[tuple[re.Pattern[str], Purpose], ...] = (  # of "Như trên (…)"
    (re.compile(r"\((?:để\s+)?(?:biết|theo dõi)\)"), "inform"),
    (re.compile(r"\((?:để\s+)?(?:b/c|báo cáo)\)"), "report"),
)
# Leaders and their aides in letters, as lines for one's own house write them: "CT, các PCT", "CVP, PCVP", "BTCN", "LĐVP".
_OWN_OFFICE = re.compile(
    r"(?:[Cc]ác\s+|đ/c\s+)*(?:PCT|P\.?\s?CT|CT(?=,|\s+(?:và|UBND|HĐND)\b)|P?CVP|CPVP"
    r"|HĐQT|HĐTV|Ban T?GĐ|LĐVP|LĐ(?!\w)|BTCN|PCN|P?TTg\w*|TTCP|PGĐ|BGĐ|P?TGĐ"
    r"|BLĐ|PHT"
    r"|CVNC\w*|VP[^:;,]{0,24}:|Trợ lý|Phó Thủ tướng"
    r"|(?:Thủ tướng|Giám đốc|Hiệu trưởng|Trưởng phòng|GĐ|HT|TP|Chánh(?: Văn phòng)?)(?=,\s+(?:các\s+)?P))"
)
_OWN_BOARD = re.compile(r"(?:^|,\s|\svà\s)(?:ban giám (?:hiệu|đốc)|bgh|bgđ|ban lãnh đạo)$")
_UNION = re.compile(
    r"(?:ban (?:thuong vu|thuong truc|chap hanh) )?(?:(?:tinh|huyen|thanh|quan|thi|xa) doan|doan thanh nien|hoi (?!dong)"
    r"|lien doan|cong doan|uy ban (?:mat tran|mttq)|mat tran)"
)
_PARTY = re.compile(r"(?<!\w)(?:tinh|thanh|huyen|quan|thi) uy$")
_DIRECTS = re.compile(r"chỉ đạo")
_MINISTRY = re.compile(
    r"(?:cac )?(?:bo (?:cong an|quoc phong|ngoai giao|noi vu|tu phap|tai chinh|cong thuong|nong nghiep|xay dung|giao thong"
    r"|thong tin|khoa hoc|giao duc|van hoa|y te|lao dong|tai nguyen|ke hoach va|dan toc)|tong cuc|tong lien doan"
    r"|ngan hang nha nuoc viet nam|uy ban dan toc|thanh tra chinh phu|toa an nhan dan toi cao"
    r"|vien kiem sat nhan dan toi cao)(?!\w)"
    r"|(?:cuc|vu|tong cuc) .{3,80} bo (?!chi huy|tu lenh|phan|chqs|ch )"
    r"|(?:ban chi dao|uy ban|hoi dong) (?:\w+ ){0,4}?quoc gia(?!\w)"
)
_OF_MINISTRY = re.compile(r"\s[-–(]\s*Bộ\s+(?!Chỉ huy|CH|Tư lệnh|TL|phận)\w")  # "V01, C04 - Bộ Công an"
_MINISTRY_SHORT = re.compile(r"(?:VP\s+)?Bộ\s+(?!CH|TL)[A-ZĐ&-]{2,9}(?![\w&])")  # "Bộ GDĐT", not the province's "Bộ CHQS"
_EXECUTES = re.compile(r"(?<!\w)(?:thi hành|thực hiện)\s+(?:các\s+)?(?:quyết định|nghị quyết)(?:\s+này)?\W*$")
_MOST_LOOKED_FOR = 60  # recipient lines that are looked for in the whole text
_MOST = 400  # recipients; a document to every commune of a province lists them as one
_COMRADE = re.compile(r"(?:các\s+)?(?:đồng chí|đ/c|ông|bà)\s")  # people of the issuer's own house
_CITES_ITEMS = re.compile(
    r"(?:^như|(?<!\w)(?:tại|nêu(?: tại| ở)?|có tên(?: tại| trong| ở)?|theo|được giao(?: tại| ở)))\s+(?:các\s+)?"
    r"(?:(?:mục|phần|khoản|điểm)\s+[\divxa-d]+(?!\w)|(?:kế hoạch|công văn|phụ lục|chỉ thị|kết luận|hướng dẫn)(?: này)?$)"
)
_ARTICLE = re.compile(r"Điều \d+", re.IGNORECASE)
_HEADS_A_BODY = re.compile(
    r"(?:cac )?(?:dong chi )?(?:tong giam doc|giam doc|chu tich|bi thu|hieu truong|chanh|thu truong|bo truong|chi huy truong"
    r"|(?:chi )?cuc truong|vien truong|nguoi dung dau|lanh dao|truong (?:cong an|ban|phong|thon|ap|tram|khoi|doan|cac)"
    r"|thanh vien(?= (?:cua )?(?:ban|to|tieu ban|doan|hoi dong)))(?!\w)(?: cac)? "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A body that the document gives something to do."""

    text: str
    what: str  # "task III.2"
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Recipients with their purposes, and what is left to ask."""

    recipients: tuple[Recipient, ...]
    questions: tuple[Warning, ...]


def named_bodies(tasks: Iterable[Task], conferences: Iterable[Conference], recurring: Iterable[Recurring]) -> tuple[Named, ...]:
    """Everybody that a task, a conference or a report names."""
    found = [Named(text=task.unit, what=f"task {task.heading}".strip(), line=task.line) for task in tasks if task.unit]
    found += [
        Named(text=item.organiser, what=f"conference {item.id}", line=item.line)
        for item in conferences
        if item.organiser and item.held_by == "recipients"
    ]
    found += [Named(text=who, what="report", line=item.line) for item in recurring for who in item.who]
    return tuple(found)


def decide(
    recipients: Sequence[Recipient],
    named: Sequence[Named],
    issuer: str | None,
    symbol: str | None,
    body: Sequence[Block],
    meetings: Sequence[Conference] = (),
) -> Decided:
    """Give each line without a label its purpose; ask about the rest, and about those named but not listed.

    Raises InputError when it lists more recipients than a document has: each is compared with each body that is named.
    """
    if len(recipients) > _MOST:
        raise InputError("it lists more recipients than a document does.", remedy="Give the document alone.")
    above = next((item.why or "" for item in recipients if item.as_above), "")
    named = [body for body in named if not _is_issuer(body.text, issuer)]
    decided: list[Recipient] = []
    questions: list[Warning] = []
    rank = issuer_level(issuer, symbol)
    guests = tuple(
        Named(text=guest, what=f"conference {each.id or ''}".strip(), line=each.line)
        for each in meetings
        for guest in each.participants
    )
    executing = _acting([block for block in body if _EXECUTES.search(low(block.text[-60:]))])
    acting = [each for each in _acting(body) if not _is_issuer(each.text, issuer) and not is_vague(each.text)]
    for n, item in enumerate(recipients):
        if item.purpose == "inform" and _DIRECTS.search(item.why or "") and _is_lower(item.text, rank):
            item = replace(item, purpose="act", why=f"{item.why}, of a lower body")
        if item.purpose is None:
            item = _decide(item, named, issuer, rank, _of_label(above))
        if item.purpose is None and n < _MOST_LOOKED_FOR and (hit := _best(item.text, executing)):
            item = replace(item, purpose="act", why=f"executes the decision, line {hit.line}", confidence=0.75)
        if item.purpose is None and n < _MOST_LOOKED_FOR and (guest := _best(item.text, guests)):
            item = replace(item, purpose="act", why=f"invited to {guest.what}", confidence=0.65)
        if item.purpose is None and n < _MOST_LOOKED_FOR:
            hit = None if is_vague(item.text) else _best(item.text, acting)
            line = hit.line if hit else _charged_in(body, item.text)
            told = f"the text gives it something to do, line {line}"
            item = replace(item, purpose="act", why=told, confidence=0.65) if line else item
        if item.purpose is None:
            message = f"nothing says whether '{item.text}' must act, is to report to, or is only informed."
            questions.append(Warning(code="purpose_unknown", line=item.line, message=message))
        decided.append(item)
    return Decided(recipients=tuple(decided), questions=(*questions, *_uncovered(decided, named, issuer)))


def issuer_level(issuer: str | None, symbol: str | None) -> int | None:
    """The issuer's level, by its name or else by its symbol; "TU" alone does not tell."""
    tail = re.split(r"[-/]", symbol)[-1].upper() if symbol else ""
    by_symbol = {"TW": 5, "HU": 2, "QU": 2, "TXU": 2, "ĐU": 1}.get(tail)
    name = canonical(issuer or "")
    by_name = 4 if name.startswith("so ") else 5 if _MINISTRY.match(name) else None
    return (level(issuer) if issuer else None) or by_symbol or by_name


def _decide(item: Recipient, named: Sequence[Named], issuer: str | None, rank: int | None, lighter: Purpose | None) -> Recipient:
    hit = _best(item.text, named)
    higher = _is_higher(item.text, rank) or _leads_union(item.text, issuer, rank)
    person = is_person(item.text)
    addressed = item.list == "kinh_gui"
    stands_for = _HEADS_A_BODY.match(canonical(item.text[:200])) if addressed else None  # "Giám đốc Sở Y tế": the body
    leaders = (
        is_leadership(item.text)
        and not _is_lower(item.text, rank)
        and (person or not _has_other_body(item.text, hit))
        and not _leads_another(item.text, hit)
    )
    member = stands_for is not None and "thanh vien" in stands_for[0]
    if stands_for and (member or not _is_issuer(canonical(item.text)[stands_for.end() :], issuer)):
        return replace(item, purpose=lighter if lighter and not hit else "act", why="addressee (Kính gửi)", confidence=0.9)
    if higher and not (addressed and hit and names(item.text, hit.text)):
        return replace(item, purpose="inform", why="a higher body", confidence=0.9)
    if leaders or _is_issuer(item.text, issuer) or (not addressed and _own_house(item.text, issuer, hit)):
        return replace(item, purpose="inform", why="the issuer's own leaders", confidence=0.85)
    if addressed and lighter and not hit:
        return replace(item, purpose=lighter, why="label of 'Như trên'", confidence=0.8)
    if addressed and not person:
        return replace(item, purpose="act", why="addressee (Kính gửi)", confidence=0.95)
    if hit:
        where = f", line {hit.line}" if hit.line else ""
        return replace(item, purpose="act", why=f"named by {hit.what}{where}", confidence=0.8)
    if person:
        return replace(item, purpose="inform", why="people, not a body", confidence=0.75)
    return replace(item, why="no label, and nothing in the document names it")


def _acting(body: Sequence[Block]) -> tuple[Named, ...]:
    """Whom the text gives something to do within another's task: "...; Sở Nội vụ làm đầu mối", "... Giao Sở Nội vụ ..."."""
    found = ((block, clause) for block in body for clause in clauses(block.text) if clause.own and clause.actor)
    named = (Named(text=clause.actor or "", what="", line=block.line_at(clause.start)) for block, clause in found)
    return tuple({canonical(each.text): each for each in islice(named, _MOST_LOOKED_FOR * 2)}.values())


def _charged_in(body: Sequence[Block], text: str) -> int | None:
    """The line on which the text has a body given something to do by another: "chỉ đạo Trung tâm Y tế hoàn thành …"."""
    name = re.sub(r"\s+(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu)$", "", low(text))
    if len(name.split()) < 3 or len(name) > 80 or not starts_with_body(text):
        return None
    charged = re.compile(rf"(?:^|[;.:]\s+|(?:chỉ đạo|giao|đề nghị|yêu cầu)\s+){re.escape(name)}(?!\w)(?!\s*[,;.]?$)")
    found = ((block, charged.search(low(block.text))) for block in body)
    return next((block.line_at(match.start()) for block, match in found if match), None)


def _leads_another(text: str, hit: Named | None) -> bool:
    """ "Lãnh đạo UBND huyện" in a committee's paper that gives the body something to do."""
    led = re.match(r"(?:cac )?(?:dong chi )?lanh dao ", canonical(text))
    return led is not None and hit is not None and names(canonical(text)[led.end() :], hit.text)


def _own_house(text: str, issuer: str | None, hit: Named | None) -> bool:
    """Whether the line means the issuer's leaders or aides, by their letters, or begins with the issuer: "VPCP: BTCN, ..."."""
    head, colon, _ = text.partition(":")
    board = hit is None and _OWN_BOARD.search(low(text[:60])) is not None
    return board or _OWN_OFFICE.match(text[:60]) is not None or (bool(colon) and hit is None and _is_issuer(head, issuer))


def _of_label(above: str) -> Purpose | None:
    """What "Như trên (để biết)" makes of the addressees, where it asks less than to act."""
    return next((purpose for pattern, purpose in _ABOVE_LABELS if pattern.search(low(above))), None)


def _best(text: str, named: Sequence[Named]) -> Named | None:
    """The body that the line names itself, else one that belongs to a group in it."""
    covered = [body for body in named if covers(text, body.text)]
    plain = [body for body in covered if names(text, body.text)]
    return next(iter([*plain, *covered]), None)


def _is_higher(text: str, rank: int | None) -> bool:
    """Above the issuer by all levels that it names; "TU" stands above a district's committee."""
    if rank is None:
        return False
    text = re.sub(r"(?<!\w)Bộ TP(?!\w)", "Bộ Tư pháp", text)  # no city
    if _OF_MINISTRY.search(text):
        return rank < 5
    named = levels(text) or frozenset([5] if _MINISTRY.match(canonical(text)) or _MINISTRY_SHORT.match(text) else [])
    if not named and re.search(r"(?<!\w)tu(?!\w)", canonical(text)):
        return rank <= 2
    own = max(named, default=0)
    below = re.search(r"(?<!\w)(?:thuộc|đóng (?:tại|trên|ở))(?!\w)", low(text))  # "Các cơ quan Trung ương đóng tại tỉnh"
    return own > rank and not below and min(named) > rank


def _leads_union(text: str, issuer: str | None, rank: int | None) -> bool:
    """A Party committee's organ of the level at which a union, or the Front, stands: it leads them."""
    union, organ = _UNION.match(canonical(issuer or "")), _PARTY.search(canonical(text))
    return union is not None and organ is not None and rank is not None and rank in levels(organ[0])


def _is_lower(text: str, rank: int | None) -> bool:
    """Below the issuer by all levels that it names."""
    own = re.sub(r"(?:truc )?thuoc (?:trung uong|tw).*$", "", canonical(text))
    return rank is not None and max(levels(own), default=rank) < rank


def _is_issuer(text: str, issuer: str | None) -> bool:
    mine, theirs = canonical(issuer or ""), canonical(re.sub(r"\s*\([^()]*\)\s*$", "", text))
    return bool(mine) and (mine == theirs or (len(theirs.split()) > 1 and mine.startswith(theirs + " ")))


def _has_other_body(text: str, hit: Named | None) -> bool:
    """ "Thường trực HĐND, UBND thành phố": beside the leaders the line names a body that has something to do."""
    if hit is None:
        return False
    parts = [part for part in re.split(r",|;|\s+và\s+", text) if part.strip()]
    return any(not is_leadership(part) and covers(part, hit.text) for part in parts)


_OWN_HEAD = re.compile(  # of no other body: the issuer's
    r"(?:(?:dong chi )?(?:pho )?(?:hieu truong|(?:tong )?giam doc|thu truong|chanh van phong))"
    r"|van thu|ke toan(?: truong)?|thu quy|thu ky"
)
_OF_WHOM = re.compile(r"^(?:Ban (?:Thường vụ|Chấp hành)|Thường trực|Chủ tịch)\s+(?:Đảng bộ\s+)?")  # whose office is the body's


def _uncovered(recipients: Sequence[Recipient], named: Sequence[Named], issuer: str | None) -> list[Warning]:
    """Bodies with something to do whom no recipient line means."""
    if any(_CITES_ITEMS.search(low(item.text[:160])) for item in recipients):
        return []  # "Các đơn vị tại mục IV" are all of them
    articles = {match[0] for item in recipients if item.as_above and (match := _ARTICLE.search(item.text))}
    charged = [body.text for body in named if body.what.removeprefix("task ") in articles]
    listed = [*charged, *(item.text for item in recipients if item.purpose != "file")]
    filed = [item.text for item in recipients if item.purpose == "file"]
    found: dict[str, Warning] = {}
    for body in named:
        if _OWN_HEAD.fullmatch(canonical(body.text)):
            continue
        own_office = canonical(body.text).removeprefix("van phong").strip()  # it sends the paper out itself
        if not own_office or _is_issuer(own_office, _OF_WHOM.sub("", issuer or "")):
            continue
        if _is_issuer(body.text, issuer) or is_vague(body.text) or _COMRADE.match(low(body.text[:20])):
            continue
        if any(covers(line, body.text) for line in listed):
            continue
        if any(by_initials(line, body.text) for line in filed):  # "Lưu: VT, KTHT": the part of the issuer that keeps it
            continue
        message = f"'{body.text}' is named by {body.what}, but no recipient line covers it."
        found.setdefault(canonical(body.text), Warning(code="task_uncovered", line=body.line, message=message))
    return list(found.values())
