"""Owns the lines of the addressees and of the recipients list, with the purposes in their brackets.

Who must act where a line has no label is decided in purposes.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflows.documents.layout import after_words, starts_recipients
from workflows.documents.lines import Line, low, quoted
from workflows.documents.wording import starts_with_body
from workflows.plans import Purpose, Recipient, RecipientList

_LABELS: tuple[tuple[Purpose, str], ...] = (
    (
        "act",
        r"t/h|th/h|t/hiện|th/hiện|th|thực hiện|tổ chức thực hiện|triển khai|thi hành|quán triệt|phổ biến|đưa tin|đăng tin"
        r"|đăng tải|lãnh đạo|chuẩn bị|bố trí|kết nối|cử|tham mưu|sao gửi|niêm yết|phát sóng|phát thanh"
        r"|dự họp|tham dự|tham gia|tuyên truyền|xử lý|giải quyết|thẩm định|thẩm tra|góp ý|cho ý kiến|cập nhật|phát hành"
        r"|kiểm soát chi|chi trả|chấp hành|cung cấp|rà soát|tiếp nhận|trả lời|đón tiếp|xem xét|phê duyệt|hỗ trợ|lắp đặt|t/hợp",
    ),
    ("coordinate", r"p/h|ph/h|p/hợp|ph/hợp|ph|phối hợp"),
    ("report", r"b/c|b/cáo|b\.c|bc|báo cáo"),
    (
        "inform",
        r"biết|b/biết|để biết|chỉ đạo|theo dõi|th/dõi|t/dõi|t/d|tham khảo|giám sát|kiểm tra|đăng công báo"
        r"|công khai|phục vụ|nắm|nắm tình hình|g/s|rút kinh nghiệm",
    ),
)
_LABEL_WORDS = "|".join(words for _, words in _LABELS)
_WORD = rf"(?:để\s+|thay\s+)?(?:{_LABEL_WORDS})(?![\w/])"
_LABEL = rf"{_WORD}(?:\s*(?:,|và|;|-|&)\s*{_WORD})*"
_BRACKET = re.compile(rf"\s*[(\[]\s*(?P<label>{_LABEL}|để\s)[^()\[\]]{{0,40}}[)\]]?[\s.,;:]*$")
_OPEN_END = re.compile(rf"\s+(?P<label>để\s+{_LABEL})[\s.,;:]*$")
_SHORT_END = re.compile(  # "Sở Nội vụ: t/h", "Giám đốc Sở: báo cáo"
    r"\s*(?::|[–-](?=\s*\w{1,2}/))\s*(?P<label>(?:t|th|p|ph|b)/(?:h|c|hợp|hiện|cáo)|báo cáo|thực hiện|phối hợp)[\s.,;:]*$"
)
_ONLY_LABEL = re.compile(rf"[(\[{{}}|]*\s*(?:{_LABEL}|để)?\s*[)\]{{}}|]*[.,;]?")
_AS_ABOVE = re.compile(
    r"như\s+(?:trên|(?:các\s+)?(?:mục|phần)\s+[\divx]|thành phần|danh sách|kính gửi"
    r"|phần kính gửi|đã kính gửi|mục kính gửi)\b"
)
_AS_ARTICLE = re.compile(r"như\s+(?:tại\s+)?điều\s+\d")  # "Như Điều 3": those whom the decision's article charges
_FILE = re.compile(r"l[ưu]u\b|[^:;]{2,40},\s+lưu\s*:?\s+(?:vt|vp|văn thư|văn phòng)")
_ALSO = re.compile(r"^đồng kính gửi\s*:\s*", re.IGNORECASE)
_NOTE = re.compile(r"\([^()]*\)[.;:]?")  # "(bản điện tử)", "(Danh sách kèm theo)": of the list, no recipient
_PLACES_GO_ON = re.compile(
    r"(?:^|\s)(?:tỉnh|thành phố|huyện|xã|phường)\s[^,]{2,30},$"
)  # "Hội Làm vườn tỉnh Phú Sơn," / "Bình An"
_NO_PLACE = re.compile(r"(?:ông|bà|đ/c|đồng chí|các|như|lưu|cổng|trang|website|báo|đài|công báo)(?!\w)")
_MOST = 500  # characters of one line; a longer one is a sentence
_INLINE = re.compile(r";\s*[-–]?\s*")
_BULLETS = re.compile(r"[;,]\s*[-–]\s+")  # "- Như trên; - Lưu: VT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list of recipients holds."""

    recipients: tuple[Recipient, ...]  # with the purposes that labels give
    detached: tuple[tuple[int, str], ...]  # labels cut loose from their lines: (line, words)


def read_list(lines: Sequence[Line], which: RecipientList) -> Listed:
    """The recipients of "Kính gửi" or "Nơi nhận", wrapped lines joined."""
    entries: list[_Entry] = []
    detached: list[tuple[int, str]] = []
    ends = ";." if any(line.text.endswith(";") for line in lines) else ",;."  # what ends an entry
    below: list[tuple[int, str]] = []  # labels alone on a line: (entries above it, words)
    braces: dict[int, str] = {}  # what stands beside an entry's line, set in a column of its own
    for n, line in enumerate(lines):
        heading = n == 0 or (which == "noi_nhan" and starts_recipients(line))
        text = after_words(line, "kính gửi" if which == "kinh_gui" else "nơi nhận") if heading else line.text
        text = re.sub(r"^[-–]\s*", "", text.strip())
        text = _ALSO.sub("", text)
        if not text or text in ":-" or (_NOTE.fullmatch(text) and not is_only_label(text)):
            continue
        if not heading and not line.bullet and is_only_label(text):
            if line.column and entries and entries[-1].line == line.number:
                braces[line.number] = text
            else:
                detached.append((line.number, text))
                below.append((len(entries), text))
        elif entries and not line.bullet and not heading and _wraps(entries[-1], text, ends):
            entries[-1] = replace(entries[-1], text=f"{entries[-1].text} {text}")
        else:
            entries.append(_Entry(line=line.number, text=text, bullet=bool(line.bullet)))
    lower = _from_below(entries, below)
    labels = lower | _beside(entries, braces)
    found = [
        _recipient(part, entry.line, which, labels.get(entry.line), 0.7 if entry.line in lower else 0.98)
        for entry in entries
        for part in _parts(entry.text[: 4 * _MOST], entry.bullet)
    ]
    return Listed(recipients=tuple(item for item in found if item.text), detached=_joined(detached))


def is_only_label(text: str) -> bool:
    """Whether a line, or a column beside the list, holds nothing but a purpose, or the brace that leads to one."""
    return _ONLY_LABEL.fullmatch(low(text[:100])) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    line: int
    text: str
    bullet: bool  # a bullet sets it apart


def _from_below(entries: Sequence[_Entry], below: Sequence[tuple[int, str]]) -> dict[int, str]:
    """The labels that stand alone within the list, by the lines above them: the last one, of a report all without a label."""
    labels: dict[int, str] = {}
    places = [count for count, _ in below]
    for count, words in below:
        purpose = _purpose(low(words))
        if purpose is None or count == len(entries) or places.count(count) > 1:
            continue  # below the list, or a column of labels: whose they are cannot be told
        for entry in reversed(entries[:count]):
            text = low(entry.text)
            if entry.line in labels or _BRACKET.search(text) or _FILE.match(text[:60]) or _AS_ABOVE.match(text[:40]):
                break
            labels[entry.line] = words.strip(" ()[].,;")
            if purpose != "report":
                break
    return labels


def _beside(entries: Sequence[_Entry], braces: dict[int, str]) -> dict[int, str]:
    """The purposes that stand beside lines, by line: one in a brace counts for all the lines that the brace embraces."""
    labels: dict[int, str] = {}
    run: list[int] = []
    for entry in [*entries, None]:
        beside = braces.get(entry.line) if entry else None
        if entry and beside is not None and re.search(r"[{}|]", beside):
            run.append(entry.line)
            continue
        words = " ".join(braces[line].strip(" {}|()") for line in run).strip()
        labels.update({line: words for line in run if words})
        run = []
        if entry and beside is not None:
            labels[entry.line] = beside.strip(" ()[]")
    return labels


def _wraps(before: _Entry, text: str, ends: str) -> bool:
    """Whether a line without a bullet goes on with the one before it."""
    open_end = before.text[-1:] not in ends + ":"
    small = text[:1].islower() or text[:1] in "(&" or before.text.endswith((" và", "-"))
    small = small or (before.text.endswith((" tỉnh", " huyện", " xã", " phường")) and not starts_with_body(text))  # its name
    places = (
        _PLACES_GO_ON.search(low(before.text[-60:])) is not None and not starts_with_body(text) and not _NO_PLACE.match(low(text))
    )
    return (
        (open_end and small)
        or (places and not before.bullet)
        or (before.bullet and before.text[-1:] not in ends + ")]:" and not _FILE.match(low(before.text[:60])))
    )


def _parts(text: str, bullet: bool) -> list[str]:
    """One entry, or several set in one line: with semicolons where no bullet sets the line apart; "Lưu: VT; VP" is one."""
    pieces = [piece for piece in (_BULLETS if bullet else _INLINE).split(text) if piece.strip(" .,;")]
    for n, piece in enumerate(pieces):
        if _FILE.match(low(piece[:20])):
            return [*pieces[:n], "; ".join(pieces[n:])]
    return pieces


def _recipient(text: str, line: int, which: RecipientList, beside: str | None, sure: float) -> Recipient:
    lowered = low(text)
    last = max(0, len(lowered) - 120)
    label = _BRACKET.search(lowered, last) or _OPEN_END.search(lowered, last) or _SHORT_END.search(lowered, last)
    words = text[label.start("label") : label.end("label")] if label else beside or ""
    name = (text[: label.start()] if label else text).strip(" ,;.:-–*")[:_MOST]
    purpose = _purpose(low(words)) if words else None
    why = f"label ({words})" if purpose else None
    if _FILE.match(low(name[:60])):
        purpose, why = "file", "filed (Lưu)"
    charged = _AS_ARTICLE.match(low(name[:40])) is not None
    as_above = charged or _AS_ABOVE.match(low(name[:40])) is not None
    if charged:
        purpose, why = purpose or "act", "stands for those whom the article charges"
    elif as_above:  # whatever its label: the addressees have lines of their own, which act
        purpose, why = "inform", "stands for the addressees" + (f" ({words})" if words else "")
    return Recipient(
        text=name, list=which, purpose=purpose, why=why, as_above=as_above, line=line, phrase=quoted(text),
        confidence=sure if purpose else 0.5,
    )  # fmt: skip


def _purpose(label: str) -> Purpose | None:
    """Of several purposes in one label the one that asks most."""
    return next((purpose for purpose, words in _LABELS if re.search(rf"(?<![\w/])(?:{words})(?![\w/])", label)), None)


def _joined(detached: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """A label broken over two lines ("để", "t/hiện") is one."""
    joined: list[tuple[int, str]] = []
    for line, text in detached:
        if joined and low(joined[-1][1]).strip("( ") == "để":
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {text}")
        else:
            joined.append((line, text))
    return tuple(item for item in joined if re.search(r"\w", item[1]))
