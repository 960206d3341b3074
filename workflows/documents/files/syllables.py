"""Owns how Vietnamese syllables are built (onset, rhyme, tone), so that a word can be told from a slip of the scanner.

Source: the spelling taught in schools; both placings of tone marks ("hoà", "hòa") and y for i ("kỹ", "kĩ") are accepted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise

TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng, as combining marks
_STOPPED = ("c", "ch", "p", "t")  # endings that go with sắc and nặng only


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONSETS = ("ngh", *_words("ng nh gh gi kh ch ph qu th tr b c d đ g h k l m n p r s t v x"))
_BEFORE_E_AND_I = frozenset(["k", "gh", "ngh"])
_NOT_BEFORE_E_AND_I = frozenset(["c", "g", "ng"])
_RHYMES = _words(
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên ênh"
    " êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc"
    " oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un"
    " ung up ut uy uya uych uyên uyêt uynh uyt uyu uê uêch uênh uân uâng uât uây uơ uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn"
    " ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu"
)
_ALONE = _words("y yêm yên yêng yêt yêu")  # where no onset stands before
_Y_AFTER = _words("b d h k l m n s t v")  # "ly", "kỹ", "Mỹ", "tỷ"
_AFTER_QU = _words(
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê êch ên ênh êt i y ia ich it in inh ynh"
    " yt ych yên yêt ơ ơi ôc yêu"
)
_AFTER_GI = _words("n m t p") | {""}  # "gìn", "gì": the i of the onset is the vowel
_LONGEST = 7  # letters: "nghiêng"
_LONGEST_JOINED = 60  # letters of a word that is parted
_MOST_WAYS = 64


def plain(word: str) -> tuple[str, str]:
    """Letters without tone marks, in small letters, and the tone marks that stood on them."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = "".join(mark for mark in parts if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)), tones


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word can be one Vietnamese syllable, whatever its capitals."""
    if not 0 < len(word) <= _LONGEST:
        return False
    letters, tones = plain(word)
    if len(tones) > 1:
        return False
    return any(letters.startswith(onset) and _fits(onset, letters[len(onset) :], tones) for onset in (*_ONSETS, ""))


def _fits(onset: str, rhyme: str, tone: str) -> bool:
    if rhyme.endswith(_STOPPED) and tone not in ("\u0301", "\u0323"):
        return False
    if onset == "qu":
        return rhyme in _AFTER_QU
    if onset == "gi":
        return rhyme in _AFTER_GI or (rhyme[:1] not in ("i", "y") and (rhyme in _RHYMES or "i" + rhyme in _RHYMES))
    if onset in _BEFORE_E_AND_I and rhyme[:1] not in ("e", "ê", "i", "y"):
        return False
    if onset in _NOT_BEFORE_E_AND_I and rhyme[:1] in ("e", "ê", "i", "y"):
        return onset == "g" and rhyme in ("i", "in")
    return rhyme in _RHYMES or (rhyme in _ALONE if not onset else rhyme == "y" and onset in _Y_AFTER)


def part(word: str, known: Container[str] = ()) -> tuple[str, ...]:
    """The syllables of a word whose spaces were lost: those of the only way with the fewest of them, else the word itself.

    Of several ways the one is taken that has most of the pairs which are ``known`` ("thực hiện", in small letters), if one has.
    """
    ways = _ways(word) if len(word) <= _LONGEST_JOINED else []
    if len(ways) > 1:
        counted = [sum(f"{one} {other}".lower() in known for one, other in pairwise(way)) for way in ways]
        ways = [way for way, count in zip(ways, counted, strict=True) if count == max(counted)] if any(counted) else []
    return ways[0] if len(ways) == 1 else (word,)


def _ways(word: str) -> list[tuple[str, ...]]:
    """All ways to part a word into the fewest syllables; of very many some are dropped."""
    best: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        ways = [
            (*way, word[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if best[start] and is_syllable(word[start:end])
            for way in best[start]
        ]
        fewest = min((len(way) for way in ways), default=0)
        best.append([way for way in ways if len(way) == fewest][:_MOST_WAYS])
    return best[-1]
