"""Vietnamese names: folding for comparison, the field's abbreviations, alphabetical order. Knows no directory."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from workflows.abbreviations import BODIES, DOTTED, HEADS, JOINED, SEVERAL, TAILS, WORDS

SortKey: TypeAlias = tuple[tuple[tuple[int, tuple[int, ...], tuple[int, ...]], ...], str]

_TOGETHER = {**TAILS, **BODIES}
_MEANINGS = {
    # "TT" alone is also a centre, a township or a circular; "du" is a word.
    **{head: words for head, words in HEADS.items() if head != "TT"},
    **{tail: words for tail, words in TAILS.items() if tail != "DU"},
    **{head + tail: f"{HEADS[head]} {_TOGETHER[tail]}" for head in HEADS for tail in _TOGETHER},
    **BODIES,
    **WORDS,
    **{"".join(parts): words for parts, words in JOINED.items()},
}
_LONGEST = max(map(len, _MEANINGS))
_JOINED = "|".join(r"\s?[-–—&]\s?".join(part.replace("D", "[DĐ]") for part in parts) for parts in JOINED)
_TOKEN = re.compile(rf"\b(?:{_JOINED})\b|\bđ/c\b|[^\W\d_]+", re.IGNORECASE)
_DOTTED = re.compile(rf"\b({'|'.join(DOTTED)})\.\s?(?=[^\W_a-z])")
# "TT." before a council or committee is its standing members, not a township.
_STANDING = re.compile(
    r"\bTT\.\s?(?=HĐND|UBND|(?:UB)?MTTQ|(?:Tỉnh|Thành|Huyện|Quận|Thị|Đảng)\s(?:ủy|uỷ)|(?:T|H|Đ|Q)U\b)", re.IGNORECASE
)
_SEVERAL = re.compile(rf"(?<!\w)({'|'.join(SEVERAL)})(?!\w)")
_MANY = 2  # abbreviations of several meanings in one text of which every combination is read

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
        decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
        text = "".join(letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))
        if text.isascii():
            text = text.lower()
            break
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def expand(text: str) -> str:
    """The text with the field's abbreviations written out; "TU" stays, as it means a province's or a city's committee."""
    text = _STANDING.sub("Thường trực ", unicodedata.normalize("NFC", text))
    text = _DOTTED.sub(lambda found: DOTTED[found.group(1)] + " ", text)
    return _TOKEN.sub(lambda found: _meaning(found.group()), text)


@lru_cache(maxsize=8_000)
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


@lru_cache(maxsize=4_000)
def readings(text: str) -> tuple[str, ...]:
    """All that a name may stand for, canonical; more than one where it holds "TU" or another word of several meanings."""
    return tuple(dict.fromkeys(fold(each) for each in written_out(text)))


def written_out(text: str) -> tuple[str, ...]:
    """The text expanded, once for each meaning of the words in it that have several; the first leaves them as they are."""
    text = expand(text)
    parts = _SEVERAL.split(text)
    if len(parts) > 2 * _MANY + 1:
        return (text,)
    choices = [SEVERAL[part] if place % 2 else (part,) for place, part in enumerate(parts)]
    return tuple("".join(chosen) for chosen in product(*choices))


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
    if token == "ĐU":
        return TAILS["DU"]
    if not 1 < len(token) <= 2 * _LONGEST:
        return token
    written = re.sub(r"[\s–—&-]", "", token.upper().replace("Đ", "D"))
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
