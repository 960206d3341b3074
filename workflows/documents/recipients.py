"""Owns the lines of the addressees and of the recipients list, with the purposes in their brackets.

Who must act where a line has no label is decided in purposes.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflows.documents.layout import after_words, starts_recipients
from workflows.documents.lines import Line, low, quoted
from workflows.plans import Purpose, Recipient, RecipientList

_LABELS: tuple[tuple[Purpose, str], ...] = (
    ("act", r"t/h|th/h|t/hiện|th/hiện|th|thực hiện|tổ chức thực hiện|triển khai|thi hành"),
    ("coordinate", r"p/h|ph/h|p/hợp|ph|phối hợp"),
    ("report", r"b/c|b/cáo|bc|báo cáo"),
    (
        "inform",
        r"biết|b/biết|để biết|chỉ đạo|theo dõi|th/dõi|t/dõi|t/d|tham khảo|giám sát|đưa tin|đăng tin|đăng công báo|phục vụ",
    ),
)
_LABEL_WORDS = "|".join(words for _, words in _LABELS)
_LABEL = rf"(?:để\s+)?(?:{_LABEL_WORDS})(?:\s*(?:,|và|;|-|&)\s*(?:để\s+)?(?:{_LABEL_WORDS}))*"
_BRACKET = re.compile(rf"\s*[(\[]\s*(?P<label>{_LABEL})[^()\[\]]{{0,40}}[)\]]?[\s.,;:]*$")
_OPEN_END = re.compile(rf"\s+(?P<label>để\s+(?:{_LABEL_WORDS})(?:\s*(?:,|và)\s*(?:{_LABEL_WORDS}))*)[\s.,;:]*$")
_ONLY_LABEL = re.compile(rf"[(\[{{}}|]*\s*(?:{_LABEL}|để)?\s*[)\]{{}}|]*[.,;]?")
_AS_ABOVE = re.compile(r"như\s+(?:trên|kính gửi|phần kính gửi|đã kính gửi|mục kính gửi)\b")
_AS_ARTICLE = re.compile(r"như\s+(?:tại\s+)?điều\s+\d")  # "Như Điều 3": those whom the decision's article charges
_FILE = re.compile(r"lưu\b|[^:;]{2,40},\s+lưu\s*:?\s+(?:vt|vp|văn thư|văn phòng)")
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
    entries: list[tuple[int, str, bool]] = []  # with whether a bullet sets it apart
    detached: list[tuple[int, str]] = []
    for n, line in enumerate(lines):
        heading = n == 0 or (which == "noi_nhan" and starts_recipients(line))
        text = after_words(line, "kính gửi" if which == "kinh_gui" else "nơi nhận") if heading else line.text
        text = re.sub(r"^[-–]\s*", "", text.strip())
        if not text or text in ":-":
            continue
        if not heading and not line.bullet and _ONLY_LABEL.fullmatch(low(text[:100])):
            detached.append((line.number, text))
        elif entries and not line.bullet and not heading and _wraps(entries[-1][1], text):
            number, before, bullet = entries[-1]
            entries[-1] = (number, f"{before} {text}", bullet)
        else:
            entries.append((line.number, text, bool(line.bullet)))
    found = [_recipient(part, number, which) for number, text, bullet in entries for part in _parts(text[: 4 * _MOST], bullet)]
    return Listed(recipients=tuple(item for item in found if item.text), detached=_joined(detached))


def _wraps(before: str, text: str) -> bool:
    """Whether a line without a bullet goes on with the one before it."""
    return not re.search(r"[,;.:]$", before) and (text[:1].islower() or text[:1] in "(&" or before.endswith((" và", "-")))


def _parts(text: str, bullet: bool) -> list[str]:
    """One entry, or several set in one line: with semicolons where no bullet sets the line apart; "Lưu: VT; VP" is one."""
    pieces = [piece for piece in (_BULLETS if bullet else _INLINE).split(text) if piece.strip(" .,;")]
    for n, piece in enumerate(pieces):
        if _FILE.match(low(piece[:20])):
            return [*pieces[:n], "; ".join(pieces[n:])]
    return pieces


def _recipient(text: str, line: int, which: RecipientList) -> Recipient:
    lowered = low(text)
    label = _BRACKET.search(lowered, max(0, len(lowered) - 120)) or _OPEN_END.search(lowered, max(0, len(lowered) - 120))
    words = text[label.start("label") : label.end("label")] if label else ""
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
        confidence=0.98 if purpose else 0.5,
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
