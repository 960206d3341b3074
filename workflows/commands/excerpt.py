"""Owns the part of a document that is shown around one of its lines: the line marked, and a fact's words in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflows.commands.rendering import WIDE, Cell, Tone, Words, coloured, room

if TYPE_CHECKING:
    from workflows.documents.lines import Line

_ROWS = 14  # rows of the terminal, about
_LONGEST = 900  # letters of the fact's own line; of a longer one the part around its words


def rows_of(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """The document's lines by number; columns of one line side by side."""
    found: dict[int, str] = {}
    for each in lines:
        found[each.number] = f"{found[each.number]} │ {each.text}" if each.number in found else each.text
    return sorted(found.items())


def around(rows: Sequence[tuple[int, str]], at: int | None, phrase: str | None) -> list[tuple[Cell, Cell]]:
    """The rows around a line, about as many as fit beside a fact: the line marked, and its words in it."""
    if not rows:
        return []
    here = next((n for n, (number, _) in reversed(list(enumerate(rows))) if at and number <= at), None)
    marks = _marks(rows, here, phrase) if here is not None else {}
    width = max(20, room() * (3 if room() >= WIDE else 5) // 5 - 8)
    first = last = here if here is not None else 0
    left = _ROWS - _height(rows[first][1][:_LONGEST], width)
    while left > 0 and (first > 0 or last < len(rows) - 1):
        if first > 0 and (last - (here or 0) >= (here or 0) - first or last == len(rows) - 1):
            first -= 1
            left -= min(2, _height(rows[first][1], width))
        else:
            last += 1
            left -= min(2, _height(rows[last][1], width))
    shown: list[tuple[Cell, Cell]] = []
    for n in range(first, last + 1):
        number, text = rows[n]
        mark = Words(f"▶ {number}", "strong") if n == here else Words(f"{number}", "quiet")
        longest = _LONGEST if n in marks or n == here else 2 * width - 1
        shown.append((mark, _cut(text, marks.get(n), longest, quiet=n != here and n not in marks)))
    return shown


def _height(text: str, width: int) -> int:
    return -(-len(text) // width) or 1


def _marks(rows: Sequence[tuple[int, str]], at: int, phrase: str | None) -> dict[int, tuple[int, int]]:
    """Where the phrase stands, by row: it may begin in one and go on in the next ones."""
    left, marks = phrase or "", {}
    for n in range(at, len(rows)):
        text = rows[n][1]
        start = max(text.find(left), text.find(left[:12])) if n == at else 0
        length = next(
            (i for i, (one, other) in enumerate(zip(text[start:], left, strict=False)) if one != other),
            min(len(text) - start, len(left)),
        )
        if start < 0 or not length:
            break
        marks[n] = (start, start + length)
        left = left[length:].lstrip()
        if not left or start + length < len(text):
            break
    return marks


def _cut(text: str, mark: tuple[int, int] | None, longest: int, *, quiet: bool) -> list[Words]:
    """A row, not longer than may be, with its marked part whole where it can be; marks are signs where nothing is coloured."""
    start, end = mark or (0, 0)
    begin = max(0, min(start - longest // 3, len(text) - longest))
    until = min(len(text), begin + longest)
    end = min(end, until)
    signs = ("", "") if coloured() or not mark else ("«", "»")
    tone: Tone = "quiet" if quiet else "plain"
    return [
        Words(("…" if begin else "") + text[begin:start] if mark else ("…" if begin else "") + text[begin:until], tone),
        *([Words(signs[0] + text[start:end] + signs[1], "marked"), Words(text[end:until], tone)] if mark else []),
        Words("…" if until < len(text) else "", tone),
    ]
