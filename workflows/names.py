"""Vietnamese names: folding for comparison, the field's abbreviations, alphabetical order. Knows no directory."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

SortKey: TypeAlias = tuple[tuple[tuple[int, tuple[int, ...], tuple[int, ...]], ...], str]

# Heads and tails that are written as one word: VPHU, BTVQU, BTGDVTU. D stands for Đ too.
_HEADS = {
    "VP": "Văn phòng",
    "BTV": "Ban Thường vụ",
    "TT": "Thường trực",
    "BCH": "Ban Chấp hành",
    "BTGDV": "Ban Tuyên giáo và Dân vận",
    "TGDV": "Tuyên giáo và Dân vận",
    "BTG": "Ban Tuyên giáo",
    "BTC": "Ban Tổ chức",
    "BDV": "Ban Dân vận",
    "BNC": "Ban Nội chính",
    "UBKT": "Ủy ban Kiểm tra",
}
_TAILS = {"TU": "TU", "HU": "Huyện ủy", "QU": "Quận ủy", "TXU": "Thị ủy", "TW": "Trung ương", "DU": "Đảng ủy"}
_WORDS = {
    "TCCSD": "tổ chức cơ sở đảng",
    "HDND": "Hội đồng nhân dân",
    "UBND": "Ủy ban nhân dân",
    "UBMTTQVN": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "MTTQVN": "Mặt trận Tổ quốc Việt Nam",
    "MTTQ": "Mặt trận Tổ quốc",
    "VN": "Việt Nam",
    "CTXH": "chính trị xã hội",
    "BCD": "Ban Chỉ đạo",
    "BCSD": "Ban cán sự đảng",
    "TP": "thành phố",
    "TX": "thị xã",
    "LDLD": "Liên đoàn Lao động",
    "LHPN": "Liên hiệp Phụ nữ",
    "TNCS": "Thanh niên Cộng sản",
    "CCB": "Cựu chiến binh",
    "DLXH": "dư luận xã hội",
    "D/C": "đồng chí",
}
_MEANINGS = {
    # "TT" alone is also a centre, a township or a circular; "du" is a word.
    **{head: words for head, words in _HEADS.items() if head != "TT"},
    **{tail: words for tail, words in _TAILS.items() if tail != "DU"},
    **{head + tail: f"{_HEADS[head]} {_TAILS[tail]}" for head in _HEADS for tail in _TAILS},
    **_WORDS,
}
_TOKEN = re.compile(r"\bCT\s?[-–—]\s?XH\b|\bđ/c\b|[^\W\d_]+", re.IGNORECASE)
_SOME_COMMITTEE = re.compile(r"(?<!\w)TU(?!\w)")

NEAR_ENOUGH = 60.0  # a likeness below which a name is no candidate

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ALPHABET = {unicodedata.normalize("NFD", letter): index for index, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng; ngang is 0
_SHAPES = "\u0302\u0306\u031b"  # circumflex, breve, horn: they make another letter
_FOREIGN = 1000  # letters outside the alphabet come after it, in Unicode's order
_PIECE = re.compile(r"\d+|[^\W\d_]+")


def fold(text: str) -> str:
    """The text without case, diacritics and punctuation, words one space apart: two names that fold alike read alike."""
    for _ in range(2):  # case folding can bring new marks, and stripping them new cases
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.replace("đ", "d")).split())


def expand(text: str) -> str:
    """The text with the field's abbreviations written out; "TU" stays, as it means a province's or a city's committee."""
    return _TOKEN.sub(lambda found: _meaning(found.group()), unicodedata.normalize("NFC", text))


def canonical(text: str) -> str:
    """What names are compared by: expanded, then folded."""
    return fold(expand(text))


def spelt(text: str) -> str:
    """The canonical text with its marks, a tone at its word's end wherever it was set: what tells "Ba Tơ" from "Ba Tô"."""
    words: list[str] = []
    decomposed = unicodedata.normalize("NFD", expand(text).casefold())
    for word in "".join(each if each.isalnum() or unicodedata.combining(each) else " " for each in decomposed).split():
        letters = "".join(each for each in word if each not in _TONES)
        words.append(unicodedata.normalize("NFC", letters) + "".join(each for each in word if each in _TONES))
    return " ".join(words)


def readings(text: str) -> tuple[str, ...]:
    """All that a name may stand for, canonical; more than one where it holds "TU"."""
    text = expand(text)
    committees = ("TU", "Tỉnh ủy", "Thành ủy") if _SOME_COMMITTEE.search(text) else ("TU",)
    return tuple(fold(_SOME_COMMITTEE.sub(committee, text)) for committee in committees)


def likeness(wanted: str, spellings: Iterable[str]) -> float:
    """How like the best of some canonical spellings is to a canonical name: 100 is equal, below NEAR_ENOUGH is another."""
    from rapidfuzz import fuzz  # only a question without an answer pays for loading it

    # token_set alone finds "Xã Thượng Lâm" and "Xã Lâm Thượng" equal; ratio alone misses a name within a longer one.
    return round(max((fuzz.token_set_ratio(wanted, each) + fuzz.ratio(wanted, each)) / 2 for each in spellings), 1)


def sort_key(text: str) -> SortKey:
    """Vietnamese alphabetical order, syllable by syllable: letters, then tones, numbers by value; the text itself breaks ties."""
    text = unicodedata.normalize("NFC", text)
    return tuple(_rank(piece) for piece in _PIECE.findall(text.lower())), text


def _meaning(token: str) -> str:
    if len(token) < 2 or len(token) > 9:
        return token
    written = token.upper().replace("Đ", "D")
    if "XH" in written:
        written = re.sub(r"[\s–—-]", "", written)
    return _MEANINGS.get(written, token)


@lru_cache(maxsize=16_384)  # the names of ten thousand units are made of a few thousand syllables
def _rank(piece: str) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    if piece[0].isdecimal():
        digits = [int(digit) for digit in piece]
        while len(digits) > 1 and digits[0] == 0:
            digits.pop(0)
        return 0, (len(digits), *digits), ()
    letters: list[str] = []
    tones: list[int] = []
    for mark in unicodedata.normalize("NFD", piece):
        if mark in _TONES:
            tones.append(_TONES[mark])
        elif mark in _SHAPES and letters:
            letters[-1] += mark
        elif not unicodedata.combining(mark):
            letters.append(mark)
    return 1, tuple(_ALPHABET.get(letter, _FOREIGN + ord(letter[0])) for letter in letters), tuple(tones)
