"""Owns tables whose cells came each in a line of its own: their rows are put together again, by their ordinals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workflows.documents.files.rows import Row

_ORDINAL = re.compile(r"S?TT|Số TT|Số thứ tự", re.IGNORECASE)
_NUMBER = re.compile(r"0?(?P<number>\d{1,3})\.?")
_COLUMNS = range(3, 9)
_LONGEST = 400  # characters of a cell


def rows_of_flat_tables(rows: Sequence[Row]) -> list[Row]:
    """The rows, the cells of such a table's row all at the place of its first; the places of the others are empty."""
    said = [(place, row[0].strip()) for place, row in enumerate(rows) if "".join(row).strip()]
    mended = list(rows)
    for n, (_, text) in enumerate(said):
        starts = list(_starts(said, n)) if _ORDINAL.fullmatch(text) else []
        for start, end in pairwise(starts) if len(starts) > 3 else ():  # a header and two rows
            for place, _ in said[start:end]:
                mended[place] = ("",)
            mended[said[start][0]] = tuple(cell for _, cell in said[start:end])
    return mended


def _starts(said: Sequence[tuple[int, str]], header: int) -> Iterator[int]:
    """Where the header and each row begin, and where the last ends; each has as many cells as the header."""
    first = next((n for n in range(header + 1, min(header + _COLUMNS.stop, len(said))) if _numbered(said[n][1], 1)), None)
    width = first - header if first else 0
    if width not in _COLUMNS:
        return
    yield header
    for row in range(1, 400):
        start = header + row * width
        cells = said[start : start + width]
        own = len(cells) == width and _numbered(cells[0][1], row)
        if not own or any(len(cell) > _LONGEST or _NUMBER.fullmatch(cell) for _, cell in cells[1:]):
            yield start
            return
        yield start


def _numbered(text: str, number: int) -> bool:
    match = _NUMBER.fullmatch(text)
    return match is not None and int(match["number"]) == number
