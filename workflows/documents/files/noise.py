"""Owns slips of scanners and word processors that a careful reader overlooks: spaces lost or strewn in, dashes, page headers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from workflows.documents.files.syllables import is_syllable, part, plain

_SPACED = re.compile(r"(?<![^\s(\"“*_])[^\W\d_](?: {1,3}[^\W\d_](?!\w)){2,60}(?!\w)")  # "U B N D", "U Ỷ  B A N": single letters
_JOINED = re.compile(r"[^\W\d_]{4,60}")
_BEFORE_NUMBER = re.compile(r"(?<!\w)(ngày|tháng|năm|quý|số|lúc|trước|điều|khoản)(?=\d)", re.IGNORECASE)
_AFTER_NUMBER = re.compile(r"(?<=\d)(?=(?:ngày|tháng|năm|giờ|phút)(?!\w))")
_DASHES = re.compile(r"(?<=\d)[\u2010-\u2015\u2212](?=\w)|(?<=[A-ZĐ])[\u2010-\u2015\u2212](?=[A-ZĐ\d])")  # 127–KL/TW
_SLASHES = str.maketrans({"\u2044": "/", "\u2215": "/"})
_PAIRS = re.compile(r"(?=(?<!\w)([^\W\d_]{1,7} [^\W\d_]{1,7})(?!\w))")
# Words whose spaces may be put in two ways, of which one is meant.
_KNOWN = frozenset(
    re.findall(
        r"[^,]+",
        "thực hiện,tổ chức,công an,phối hợp,triển khai,ban hành,hướng dẫn,kết luận,chỉ đạo,tham mưu,báo cáo,đơn vị,cơ quan,"
        "nhân dân,ủy ban,thường vụ,đảng ủy,tỉnh ủy,thành ủy,huyện ủy,kế hoạch,nội dung,thời gian,địa điểm,thành phần,hội nghị,"
        "quán triệt,tuyên truyền,phổ biến,chủ trì,trung ương,bộ chính,chính trị,nghị quyết,nghị định,thông báo,công văn,"
        "quyết định,nhiệm vụ,yêu cầu,mục đích,đề nghị,tổng hợp,định kỳ,căn cứ,văn phòng,các cơ,lãnh đạo,trực thuộc,đoàn thể,"
        "mặt trận,tổ quốc,việt nam,cán bộ,đảng viên,cộng hòa,cộng hoà,xã hội,chủ nghĩa,độc lập,tự do,hạnh phúc,cộng sản,uỷ ban,"
        "đảng uỷ,tỉnh uỷ,thành uỷ,huyện uỷ,người dân,cơ sở",
    )
)
_VOWELS = "aăâeêioôơuưy"
_LONGEST_HEAD = 120  # characters

_SAMPLE = 400_000  # characters in which pairs of words are looked for
_MOST_ODD = 3000  # words; a document with more of them is no scanner's slip, and not worth the time


class Mender:
    """Mends a document's lines; what stands together elsewhere in the document decides where a space may be put in two ways.

    Abbreviations, numbers and symbols stay as they are, and so does whatever could be meant in two ways.
    """

    def __init__(self, text: str = "") -> None:
        """``text``: the whole document."""
        words = {word for word in _JOINED.findall(text[:_SAMPLE]) if not word.isascii()}
        odd = any(not is_syllable(word) for word in words)
        self._known = _KNOWN.union(pair.lower() for pair in _PAIRS.findall(text[:_SAMPLE])) if odd else _KNOWN
        self._seen: dict[str, tuple[str, ...]] = {}

    def mend(self, text: str) -> str:
        """A piece of text without slips of the scanner."""
        text = _DASHES.sub("-", text.translate(_SLASHES))
        text = _SPACED.sub(lambda match: self._gathered(match[0]), text)
        text = _JOINED.sub(lambda match: self._parted(match[0]), text)
        return _AFTER_NUMBER.sub(" ", _BEFORE_NUMBER.sub(r"\1 ", text))

    def _part(self, word: str) -> tuple[str, ...]:
        if word not in self._seen and len(self._seen) < _MOST_ODD:
            self._seen[word] = part(word, self._known)
        return self._seen.get(word, (word,))

    def _gathered(self, spaced: str) -> str:
        """ "U B N D" -> "UBND", "K Ế H O Ạ C H" -> "KẾ HOẠCH"; other single letters stay apart."""
        if "  " in spaced:  # wider gaps part the words
            return re.sub(r"(?<! ) (?! )", "", spaced) if spaced.isupper() else spaced
        word = spaced.replace(" ", "")
        syllables = self._part(word)
        spoken = all(map(is_syllable, syllables)) and 2 * len(syllables) <= len(word)
        return " ".join(syllables) if spoken else word if word.isupper() and len(word) >= 4 else spaced

    def _parted(self, word: str) -> str:
        """ "vềviệc" -> "về việc", "vụThành" -> "vụ Thành"; an abbreviation, or a word with no tone mark, stays whole."""
        if word.isascii() or is_syllable(word):
            return word
        inner = [n for n in range(1, len(word)) if word[n].isupper() and word[n - 1].islower()]
        if inner:
            pieces = [word[start:end] for start, end in zip([0, *inner], [*inner, len(word)], strict=True)]
            sound = all(is_syllable(piece) and len(piece) > 1 and piece[1:].islower() for piece in pieces)
            return " ".join(pieces) if sound else word
        if not (word[1:].islower() or word.isupper()):
            return word
        syllables = self._part(word)
        return " ".join(syllables) if self._certain(syllables, 2 if word.isupper() else 1) else word

    def _certain(self, syllables: tuple[str, ...], fewest_marked: int) -> bool:
        """Whether none but the first begins with a vowel ("Miầu" is a name), but in known pairs, and enough have marks."""
        pairs = pairwise(syllables)
        return (
            min(map(len, syllables)) > 1
            and sum(not syllable.isascii() for syllable in syllables) >= fewest_marked
            and all(plain(second)[0][0] not in _VOWELS or f"{first} {second}".lower() in self._known for first, second in pairs)
        )


def running_heads(lines: Sequence[str], is_break: Sequence[bool]) -> frozenset[str]:
    """Short lines, digits masked, that stand again and again right before or after a page's number or a form feed."""
    said = [n for n, line in enumerate(lines) if line.strip() and not is_break[n]]
    beside: Counter[str] = Counter()
    for before, after in pairwise(said):
        if any(is_break[before + 1 : after]) or lines[after].startswith("\f"):
            beside.update({masked(lines[n]) for n in (before, after) if len(lines[n]) < _LONGEST_HEAD})
    return frozenset(line for line, times in beside.items() if times >= 3)


def masked(line: str) -> str:
    """A line by which pages' headers are compared: without numbers and outer space."""
    return re.sub(r"\d+", "#", line.strip())
