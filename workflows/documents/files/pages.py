"""Owns how words with their places on pages become rows: lines, two columns at head and closing, paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

from workflows.documents.files.grid import Grid, Place, Rule
from workflows.documents.files.legacy import of_font
from workflows.documents.files.noise import masked
from workflows.documents.files.rows import Row

_NUMBER_OF_PAGE = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–]?", re.IGNORECASE)
_BEGINS = re.compile(
    r"[-–—+•*]\s?\S|(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ]|[IVX]{1,5})[.)]\s|Điều \d|(?:Phần|Chương)\s(?:thứ\s|[IVX\d])"
)
_WIDE = 1.3  # of a line's height: a gap that parts columns by itself
_NARROW = 0.6  # a gap that parts columns if the next line has it, too
_LEAST = 4.0  # points between columns, when all lines have been looked at
_CLOSE = 1.35  # of a line's height: the distance to the next line of the same column
_APART = 1.75  # of a line's height: the distance to a line that begins anew
_LONGEST_ZONE = 60  # lines
_MOST_ALONE = 6  # lines in one column only, far from those in both
_JOINED = 0.04  # of a line's height: a gap that parts no words
_SMALL = 0.75  # of a word's height: how high the figure is at most that leads to a note
_NOTE = re.compile(r"\d{1,2}")
_ADDRESSED = re.compile(r"kính\s*gửi\b", re.IGNORECASE)
_BLANK_AFTER = re.compile(r"(?:ngày|tháng|năm|số):?", re.IGNORECASE)  # "ngày     tháng 3", "Số     -KH/TU"
_BLANK_BEFORE = re.compile(r"(?:tháng|năm)(?!\w)|[-–/]\s?[A-ZĐ]")


class Word(NamedTuple):
    """A word on a page; points from the left and the bottom."""

    x0: float
    x1: float
    y: float  # its lower edge
    height: float
    font: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page's words, in no order that is to be relied on."""

    width: float
    height: float
    words: list[Word]
    rules: list[Rule]


class Printed:
    """A line as printed: the words at one height, from left to right; or a row of a table whose cells are drawn."""

    __slots__ = ("_gaps", "bold", "drawn", "height", "page", "words", "x0", "x1", "y")

    def __init__(self, words: Sequence[Word], page: int, drawn: Row = ()) -> None:
        self.words, self.page, self.drawn = words, page, drawn
        self.x0, self.y = words[0].x0, words[0].y
        self.x1 = max(word.x1 for word in words)
        self.height = max(word.height for word in words)
        self.bold = all("bold" in word.font.lower() for word in words)
        least = _NARROW * self.height
        self._gaps = [(one, other) for one, other in pairwise(words) if other.x0 - one.x1 > least]

    def text(self) -> str:
        """The words with single spaces; pieces of one word are joined, old fonts read as they looked."""
        said, before = "", self.words[0]
        for word in self.words:
            read = of_font(word.font)
            said += " " if said and word.x0 - before.x1 > _JOINED * min(word.height, before.height) else ""
            said += read(word.text) if read else word.text
            before = word
        return said

    def gaps(self, least: float) -> list[tuple[float, float]]:
        """The empty stretches wider than ``least`` line heights, but where a day or a number was left blank."""
        return [
            (one.x1, other.x0)
            for one, other in self._gaps
            if other.x0 - one.x1 > least * self.height
            and not (_BLANK_AFTER.fullmatch(one.text) or _BLANK_BEFORE.match(other.text))
        ]

    def cells(self) -> list[Printed]:
        """The line parted at its wide gaps."""
        if not self._gaps:
            return [self]
        starts = [-1e9, *(end for _, end in self.gaps(_WIDE)), 1e9]
        return [side for start, end in pairwise(starts) for side in [self.side(start, end)] if side]

    def side(self, start: float, end: float) -> Printed | None:
        """The part of the line whose words begin between two x."""
        words = [word for word in self.words if start <= word.x0 < end]
        return Printed(words, self.page) if words else None


def rows_of(pages: Sequence[Page]) -> tuple[Row, ...]:
    """The rows of all pages, without page numbers and headers; ("",) where something begins anew."""
    lines = _without_headers([_lines(page, number) for number, page in enumerate(pages)])
    return tuple(_rows(lines, _edges(lines), pages[0].width if pages else 0))


def _lines(page: Page, number: int) -> list[Printed]:
    """A page's lines and its tables' rows, from top to bottom."""
    grid = Grid(page.rules)
    cells: dict[Place, list[Word]] = {}
    free: list[Word] = []
    for word in page.words:
        place = grid.place((word.x0 + word.x1) / 2, word.y + word.height / 2)
        (free if place is None else cells.setdefault(place, [])).append(word)
    found = _without_notes(_free_lines(free, number))
    for row in {place.row for place in cells}:
        own = [(place, words) for place, words in sorted(cells.items()) if place.row == row]
        drawn = [""] * (max(place.column for place, _ in own) + 1)
        for place, words in own:
            drawn[place.column] = " ".join(line.text() for line in _free_lines(words, number))
        found.append(Printed([word for _, words in own for word in words], number, tuple(drawn)))
    return sorted(found, key=lambda line: -max(word.y for word in line.words)) if cells else found


def _free_lines(words: Iterable[Word], number: int) -> list[Printed]:
    """Words whose middles are at one height make a line, from top to bottom."""
    rows: list[list[Word]] = []
    middle = 0.0
    for word in sorted((word for word in words if word.height > 0), key=lambda each: -(each.y + each.height / 2)):
        at = word.y + word.height / 2
        if not rows or middle - at > 0.45 * max(word.height, rows[-1][0].height):
            rows.append([])
            middle = at
        rows[-1].append(word)
    return [Printed(_unmarked(sorted(row)), number) for row in rows]


def _unmarked(words: list[Word]) -> list[Word]:
    """Words without the small figures that lead to notes."""
    return [word for n, word in enumerate(words) if not (n and _leads_to_note(word, words[n - 1]))]


def _leads_to_note(word: Word, beside: Word) -> bool:
    return word.height < _SMALL * beside.height and _NOTE.fullmatch(word.text) is not None


def _without_notes(lines: list[Printed]) -> list[Printed]:
    """A page's lines without the notes at its foot, which stand in the midst of a paragraph that goes on overleaf."""
    begins = (n for n, line in enumerate(lines) if n and len(line.words) > 1 and _leads_to_note(line.words[0], line.words[1]))
    start = next(begins, len(lines))
    highest = 1.2 * lines[start].words[1].height if start < len(lines) else 0.0
    return lines[:start] + [line for line in lines[start:] if min(word.height for word in line.words) > highest]


def _without_headers(pages: list[list[Printed]]) -> list[Printed]:
    edges = [{masked(line.text()) for line in (*page[:1], *page[-1:])} for page in pages]
    times = Counter(text for page in edges for text in page)
    running = {text for text, count in times.items() if count >= 3 and count > len(pages) / 2}
    kept: list[Printed] = []
    for page in pages:
        for n, line in enumerate(page):
            outer = n in (0, 1, len(page) - 2, len(page) - 1)
            if not (outer and (_NUMBER_OF_PAGE.fullmatch(line.text()) or masked(line.text()) in running)):
                kept.append(line)
    return kept


def _edges(lines: Sequence[Printed]) -> tuple[float, float]:
    """The left and the right edge of the running text."""
    widest = max((line.x1 - line.x0 for line in lines), default=0.0)
    wide = [line for line in lines if line.x1 - line.x0 > widest / 2 and not line.drawn]
    lefts, rights = (Counter(round(edge / 3) for edge in edges) for edges in ((x.x0 for x in wide), (x.x1 for x in wide)))
    often = max(2, len(wide) // 12)
    left = min((at for at, count in lefts.items() if count >= often), default=0)
    right = max((at for at, count in rights.items() if count >= often), default=10**6)
    return 3.0 * left, 3.0 * right


def _usual_distance(lines: Sequence[Printed]) -> float:
    """From one line to the next, as most are."""
    distances = sorted(one.y - other.y for one, other in pairwise(lines) if one.page == other.page and one.y > other.y)
    return distances[len(distances) // 2] if distances else 0.0


def _rows(lines: Sequence[Printed], edges: tuple[float, float], width: float) -> Iterator[Row]:
    n, paragraph, usual = 0, list[Printed](), _usual_distance(lines)
    while n < len(lines):
        line, cells = lines[n], lines[n].cells()
        if line.drawn:
            yield from _paragraph(paragraph)
            yield line.drawn
            if n + 1 < len(lines) and not lines[n + 1].drawn:
                yield ("",)
            n, paragraph = n + 1, []
            continue
        if paragraph and len(cells) == 1 and _goes_on(paragraph, line, edges):
            paragraph.append(line)
            n += 1
            continue
        yield from _paragraph(paragraph)
        paragraph = []
        if n and (_far(lines[n - 1], line, usual) or (_centred(lines[n - 1], edges) and not _centred(line, edges))):
            yield ("",)
        end, gutter = _zone(lines, n, width) if len(cells) < 3 else (n, None)
        if gutter is not None:
            yield from _columns(lines[n:end], gutter)
        elif len(cells) > 2:
            yield tuple(_written([cell]) for cell in cells)
        else:
            paragraph = [line]
        n = max(end, n + 1)
    yield from _paragraph(paragraph)


def _far(above: Printed, line: Printed, usual: float) -> bool:
    return above.page == line.page and above.y - line.y > 1.6 * usual


def _centred(line: Printed, edges: tuple[float, float]) -> bool:
    """Whether a line stands in the middle, as titles do: as far from one edge as from the other."""
    left, right = line.x0 - edges[0], edges[1] - line.x1
    return min(left, right) > 3 * line.height and abs(left - right) < 2 * line.height


def _paragraph(lines: Sequence[Printed]) -> Iterable[Row]:
    return [(_written(lines),)] if lines else []


def _columns(lines: Sequence[Printed], gutter: float) -> Iterator[Row]:
    """All of the left column, then all of the right one."""
    for column, (start, end) in enumerate(((-1e9, gutter), (gutter, 1e9))):
        sides = [side for line in lines for side in [line.side(start, end)] if side]
        entries: list[list[Printed]] = []
        right = max((side.x1 for side in sides), default=0.0)
        for side in sides:
            if entries and _wraps(entries[-1][-1], side, right):
                entries[-1].append(side)
            else:
                entries.append([side])
        yield from ((*("",) * column, _written(entry)) for entry in entries)
    yield ("",)


def _wraps(last: Printed, line: Printed, right: float) -> bool:
    """Whether a column's line goes on with the one above: it had no room there, and does not begin as something new."""
    word = line.words[0]
    full = last.x1 + (word.x1 - word.x0) + 0.2 * line.height > right
    return full and not last.text().isupper() and word.text.lstrip("(&")[:1].islower() and last.y - line.y < _APART * line.height


def _written(lines: Sequence[Printed]) -> str:
    text = " ".join(line.text() for line in lines)
    return f"**{text}**" if all(line.bold for line in lines) else text


def _goes_on(paragraph: Sequence[Printed], line: Printed, edges: tuple[float, float]) -> bool:
    """Whether a line continues a paragraph: its first word had no room above, it is not indented anew, and close below."""
    first, last, (left, right) = paragraph[0], paragraph[-1], edges
    if _BEGINS.match(line.text()[:40]) or line.bold != last.bold:
        return False
    if last.page == line.page and last.y - line.y > _APART * max(last.height, line.height):
        return False
    word = line.words[0]
    if last.x1 + (word.x1 - word.x0) + 0.2 * line.height < right - 1:
        return False
    hangs = line.x0 > first.x0 + 2 and _BEGINS.match(first.text()[:40]) is not None
    return line.x0 <= left + 0.6 * line.height or hangs or (len(paragraph) > 1 and abs(line.x0 - last.x0) < 2)


def _zone(lines: Sequence[Printed], start: int, width: float) -> tuple[int, float | None]:
    """Where the lines end that stand in two columns from here on, and an x between the columns; None where there are none.

    A line beside the gap belongs to them while it stands close to the one before, or if another in both columns follows.
    """
    near = list(takewhile(lambda line: line.page == lines[start].page and not line.drawn, lines[start : start + _LONGEST_ZONE]))
    gap = widest = _gap(near, width)
    end = last_of_both = both = 0
    for n, line in enumerate(near):
        if n and _ADDRESSED.match(line.text()[:20]):
            break  # "Kính gửi:    Sở Nội vụ" below the letterhead, whose gap is wide only by chance
        rest = _narrowed(gap, line) if gap else None
        in_the_middle = rest and line.x0 > rest[0] and abs((line.x0 + line.x1) / 2 - width / 2) < 0.06 * width  # a title
        if rest is None or (in_the_middle and n >= end):
            break
        gap = rest
        close = n == 0 or near[n - 1].y - line.y < _CLOSE * max(line.height, near[n - 1].height)
        if line.x0 < gap[0] + 1 and line.x1 > gap[1] - 1:
            end = last_of_both = n + 1
            both += 1
        elif close and end == n:
            end = n + 1
        elif n - last_of_both > _MOST_ALONE:
            break
    sure = gap and widest and both and (both > 1 or widest[1] - widest[0] > 2 * _WIDE * near[0].height)
    return (start + end, (gap[0] + gap[1]) / 2) if gap and sure else (start, None)


def _gap(near: Sequence[Printed], width: float) -> tuple[float, float] | None:
    """The gap between columns, if the first line, or one close below that it stands beside, has one."""
    for n, line in enumerate(near[:3]):
        gaps = line.gaps(_WIDE)
        if not gaps and n + 1 < len(near):
            both = [(one, other) for one in line.gaps(_NARROW) for other in near[n + 1].gaps(_NARROW)]
            gaps = [(max(one[0], other[0]), min(one[1], other[1])) for one, other in both]
        gaps = [gap for gap in gaps if gap[1] - gap[0] > _LEAST and 0.2 * width < (gap[0] + gap[1]) / 2 < 0.8 * width]
        if gaps:
            gap = max(gaps, key=lambda each: each[1] - each[0])
            above = near[: n + 1]
            close = all(one.y - other.y < _CLOSE * one.height for one, other in pairwise(above))
            return gap if close and all(_narrowed(gap, each) for each in above) else None
    return None


def _narrowed(gap: tuple[float, float], line: Printed) -> tuple[float, float] | None:
    """What a line leaves empty of a gap; None where it leaves nothing."""
    start, end = gap
    for word in line.words:
        if word.x1 > start and word.x0 < end:
            if word.x0 <= start and word.x1 >= end:
                return None
            start, end = (start, word.x0) if word.x0 - start > end - word.x1 else (word.x1, end)
    return (start, end) if end - start > _LEAST else None
