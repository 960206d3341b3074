"""The grammar of Vietnamese enumeration: names that share their last words or their first ones are written out. Pure.

"huyện, thành, thị ủy" shares its last word, "đảng ủy xã, phường" its first ones. What is a name, the caller knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

MOST_PARTS = 12  # a longer list is prose
# Marks may be missing: scanners and telegrams lose them.
AND = "(?:và|va|hoặc|hoac)"
EACH = "(?:các|cac|những|nhung)"
_SEPARATOR = re.compile(rf"\s*[,;]\s*(?:{AND}\s+)?|\s+{AND}\s+", re.IGNORECASE)
_PLURAL = re.compile(rf"(?:(?:tất cả|tat ca|toàn thể|toan the)\s+)?{EACH}\s+", re.IGNORECASE)


def segments(text: str) -> list[tuple[int, int]]:
    """Where the parts of a list begin and end in a text; one part where it is no list, none where it is too long for one."""
    cuts = [(found.start(), found.end()) for found in _SEPARATOR.finditer(text)]
    if len(cuts) >= MOST_PARTS:
        return []
    return list(zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)], strict=True))


def singular(text: str) -> str:
    """The text without a plural's first word, however it is written; the same text where it has none."""
    found = _PLURAL.match(text)
    return text[found.end() :] if found else text


def endings(part: str, after: Sequence[str]) -> Iterator[str]:
    """A part with the last words that it may share with a later one; the most words of the nearest first."""
    for words in (segment.split() for segment in after):
        yield from (f"{part} {' '.join(words[-length:])}" for length in range(len(words) - 1, 0, -1))


def openings(part: str, before: Sequence[str]) -> Iterator[str]:
    """A part with the first words that it may share with an earlier one; the most words of the nearest first."""
    for words in (segment.split() for segment in reversed(before)):
        yield from (f"{' '.join(words[:length])} {part}" for length in range(len(words) - 1, 0, -1))


def completed(parts: Sequence[str], known: Callable[[str], bool]) -> tuple[str, ...] | None:
    """The full names that the parts of a list stand for: as long a one as is known; None where one of them is not known.

    A part that is known by itself is nevertheless completed: "huyện, thị ủy" means no "huyện".
    """
    found: list[str] = []
    for place, part in enumerate(parts):
        full = [*endings(part, parts[place + 1 :]), *openings(part, parts[:place]), part]
        meant = next((each for each in full if known(each)), None)
        if meant is None:
            return None
        found.append(meant)
    return tuple(found)
