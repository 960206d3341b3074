"""Owns the names that a paper itself gives as wholes: its recipients, and what stands before a colon.

Where such a name stands in a sentence, it is the name as far as it goes, whatever words it holds: "Ban Chỉ đạo vận động hiến
máu rà soát …". No list of words knows as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from workflows.documents.lines import low

_NAMES: ContextVar[frozenset[str]] = ContextVar("names that the paper being read gives", default=frozenset())
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_ONE_OF_LIST = re.compile(r"(?:,|;|\svà)\s+(?=\w)")
_MOST = 2_000  # names of one paper
_LONGEST = 160  # characters; what is longer is a list
_MOST_IN_LIST = 40


@contextmanager
def names_of_paper(names: Iterable[str]) -> Iterator[None]:
    """While one paper is read: the names that it gives as wholes."""
    known = (_SPACE.sub(" ", low(name)).strip(" ,;:.") for name in names if len(name) <= _LONGEST)
    token = _NAMES.set(frozenset(sorted({name for name in known if " " in name})[:_MOST]))
    try:
        yield
    finally:
        _NAMES.reset(token)


def own_names() -> frozenset[str]:
    """The names of the paper that is being read, in small letters; none outside of one."""
    return _NAMES.get()


def own_names_in(lowered: str, start: int) -> tuple[tuple[int, int], ...]:
    """Where the paper's names stand in a list of bodies that begins at ``start``: (start, end) of the longest each."""
    if not own_names():
        return ()
    begins = [start, *(comma.end() for comma in _ONE_OF_LIST.finditer(lowered, start))][:_MOST_IN_LIST]
    return tuple((begin, end) for begin in begins if (end := end_of_own_name(lowered, begin)) > begin)


@lru_cache(maxsize=8)
def _first_words(names: frozenset[str]) -> frozenset[str]:
    return frozenset(word[0] for name in names if (word := _WORD.match(name)))


def end_of_own_name(lowered: str, start: int) -> int:
    """Where the longest of the paper's names ends that stands at ``start``; ``start`` where none does."""
    names = own_names()
    first = _WORD.match(lowered, start)
    if not first or first[0] not in _first_words(names):
        return start
    ends = (word.end() for word in _WORD.finditer(lowered, start, start + _LONGEST + 1))
    return max((end for end in ends if lowered[start:end] in names), default=start)
