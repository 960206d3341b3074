"""Renders a document's text as the files that offices send: text in old and new encodings, Word, PDF. For tests and benchmarks.

``render(text, "pdf", two_columns=True)`` gives the bytes of a file whose name would end with ``SUFFIXES["pdf"]``.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest
from typing import Any

from workflows.documents.files.legacy import to_tcvn3, to_vni
from workflows.documents.files.syllables import TONES
from workflows.documents.kinds import TITLE_LINE
from workflows.documents.layout import Block, Layout, blocks, lay_out
from workflows.documents.lines import Line, clean, low

SUFFIXES = {
    "utf-8": ".txt",
    "utf-8-bom": ".txt",
    "utf-16": ".txt",  # little-endian with a mark, as Notepad writes it
    "utf-16-le": ".txt",  # the same without a mark
    "utf-16-be": ".txt",
    "windows-1258": ".txt",
    "tcvn3": ".txt",  # capitals with tones are lost, but in lines that are all capitals
    "vni": ".txt",
    "docx": ".docx",
    "docx-tcvn3": ".docx",  # set in .VnTime and .VnTimeH
    "docx-vni": ".docx",  # set in VNI-Times
    "pdf": ".pdf",
}
_MOTTO = re.compile(r"(?:đảng cộng sản|cộng hòa xã hội|độc lập|.{0,60}ngày\s.{0,20}tháng\s)")


def render(text: str, medium: str, *, two_columns: bool = False) -> bytes:
    """A file's content; ``two_columns`` sets a head and a closing that stand one below the other side by side (Word, PDF)."""
    if medium.startswith("docx"):
        return _word(_parts(text, two_columns), medium.partition("-")[2])
    if medium == "pdf":
        return _pdf(_parts(text, two_columns))
    text = unicodedata.normalize("NFC", text)
    if medium == "windows-1258":
        return "".join(map(_for_windows, text)).encode("cp1258", "replace")
    if medium in ("tcvn3", "vni"):
        written = to_tcvn3(text.replace("Ủy", "Uỷ")) if medium == "tcvn3" else to_vni(text)
        return written.encode("cp1252", "replace")
    bom = {"utf-8-bom": b"\xef\xbb\xbf", "utf-16": b"\xff\xfe"}.get(medium, b"")
    return bom + text.replace("\n", "\r\n").encode({"utf-8-bom": "utf-8", "utf-16": "utf-16-le"}.get(medium, medium))


def _for_windows(letter: str) -> str:
    """A letter as Windows-1258 has it: the vowel with its hat or horn, then the tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in parts if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)) + tone


@dataclass(frozen=True)
class Part:
    """A paragraph, or columns of paragraphs beside each other."""

    text: str = ""
    bold: bool = False
    level: int = 0
    centered: bool = False
    columns: tuple[tuple[Part, ...], ...] = ()
    row: tuple[str, ...] = ()  # of a table with drawn lines


def _parts(text: str, two_columns: bool) -> list[Part]:
    lines = clean(text, "document")
    layout = lay_out(lines)
    opening, closing = len(layout.head) + len(layout.addressees), {id(line) for line in (*layout.recipients, *layout.signature)}
    first = next((n for n, line in enumerate(lines) if id(line) in closing), len(lines))
    return [
        *_head(layout.head, two_columns),
        *map(_part, layout.addressees),
        *_running(lines[opening:first]),
        *_closing(layout, two_columns or any(line.column for line in lines[first:] if id(line) in closing)),
        *_running([line for line in lines[first:] if id(line) not in closing]),
    ]


def _running(lines: Sequence[Line]) -> Iterator[Part]:
    """Paragraphs, their lines joined, and the rows of tables."""
    held: list[Line] = []
    for _, row in groupby(lines, key=lambda line: line.number):
        cells = list(row)
        if len(cells) == 1:
            held += cells
            continue
        yield from map(_of_block, blocks(held))
        held = []
        texts = {cell.column: _bulleted(cell.bullet, cell.text) for cell in cells}
        yield Part(row=tuple(texts.get(column, "") for column in range(max(texts) + 1)))
    yield from map(_of_block, blocks(held))


def _of_block(block: Block) -> Part:
    return Part(_bulleted(block.bullet, block.text), level=block.level, bold=block.level > 0)


def _bulleted(bullet: str, text: str) -> str:
    return f"{bullet} {text}" if bullet else text


def _part(line: Line, centered: bool = False) -> Part:
    return Part(_bulleted(line.bullet, line.text), bold=line.bold or bool(line.level), centered=centered)


def _head(lines: Sequence[Line], two_columns: bool) -> Iterator[Part]:
    """What stands above the kind of paper in columns, if the text has them or they are asked for; then the title."""
    columned = max((n + 1 for n, line in enumerate(lines) if line.column), default=0)
    if two_columns and not columned:
        columned = next((n for n, line in enumerate(lines) if TITLE_LINE.match(low(line.text[:60]))), len(lines))
    right = [line.column > 0 or _MOTTO.match(low(line.text)) is not None for line in lines[:columned]]
    sides = [[_part(line, True) for line, at in zip(lines, right, strict=False) if at is side] for side in (False, True)]
    if columned:
        yield Part(columns=tuple(map(tuple, sides)))
    yield from (_part(line, True) for line in lines[columned:])


def _closing(layout: Layout, side_by_side: bool) -> Iterator[Part]:
    left, right = tuple(map(_part, layout.recipients)), tuple(_part(line, True) for line in layout.signature)
    if side_by_side and left and right:
        yield Part(columns=(left, right))
    else:
        yield from (*left, *right)


# -- Word -----------------------------------------------------------------------------------------------------------------


def _word(parts: Sequence[Part], old: str) -> bytes:
    import docx

    document = docx.Document()
    document.styles["Normal"].font.name = "Times New Roman"
    for drawn, group in groupby(parts, key=lambda part: bool(part.row)):
        if drawn:
            rows = list(group)
            table = document.add_table(rows=0, cols=max(len(part.row) for part in rows), style="Table Grid")
            for part in rows:
                for cell, text in zip(table.add_row().cells, part.row, strict=False):
                    _paragraph(cell.paragraphs[0], Part(text), old)
        else:
            _unruled(document, group, old)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _unruled(document: Any, parts: Iterable[Part], old: str) -> None:
    for part in parts:
        if part.columns:
            table = document.add_table(rows=1, cols=len(part.columns))  # "Normal Table": without borders
            for cell, own in zip(table.rows[0].cells, part.columns, strict=True):
                for n, each in enumerate(own):
                    _paragraph(cell.paragraphs[0] if n == 0 else cell.add_paragraph(), each, old)
        elif part.level:
            _paragraph(document.add_paragraph(style=f"Heading {min(part.level, 9)}"), part, old)
        else:
            _paragraph(document.add_paragraph(), part, old)


def _paragraph(paragraph: Any, part: Part, old: str) -> None:
    capitals = part.text.isupper()
    text = {"tcvn3": to_tcvn3, "vni": to_vni}.get(old, str)(part.text.lower() if old == "tcvn3" and capitals else part.text)
    run = paragraph.add_run(text)
    run.bold = part.bold or None
    if part.centered:
        paragraph.alignment = 1  # centred
    if old:
        run.font.name = "VNI-Times" if old == "vni" else ".VnTimeH" if capitals else ".VnTime"


# -- PDF ------------------------------------------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 595.0, 842.0  # points, A4
_LEFT, _RIGHT, _TOP, _BOTTOM = 85.0, 57.0, 57.0, 57.0
_SIZE, _LEADING, _INDENT = 11.0, 15.5, 28.0


class _Sheet:
    """Sets lines of words on pages: justified, first lines indented, the page's number on top from the second on."""

    def __init__(self) -> None:
        from importlib.resources import files

        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        for weight in ("Regular", "Bold"):
            font = files("fontpkg_be_vietnam_pro").joinpath("files", f"BeVietnamPro-{weight}.ttf")
            pdfmetrics.registerFont(TTFont(weight, str(font)))
        self.content = io.BytesIO()
        self._canvas = Canvas(self.content, pagesize=(_WIDTH, _HEIGHT), invariant=True)
        self._measure = pdfmetrics.stringWidth
        self._page, self.y = 1, _HEIGHT - _TOP

    def close(self) -> bytes:
        self._canvas.save()
        return self.content.getvalue()

    def need(self, height: float) -> None:
        if self.y - height < _BOTTOM:
            self._canvas.showPage()
            self._page, self.y = self._page + 1, _HEIGHT - _TOP
            self._words([str(self._page)], _WIDTH / 2 - 3, _HEIGHT - 35, "Regular", 3)

    def _words(self, words: Sequence[str], x: float, y: float, font: str, space: float) -> None:
        self._canvas.setFont(font, _SIZE)
        for word in words:  # each in its place and no spaces between, as word processors do
            self._canvas.drawString(x, y, word)
            x += self._measure(word, font, _SIZE) + space

    def wrapped(self, part: Part, width: float, indent: float) -> list[list[str]]:
        font, lines, line, room = _font(part), [], [], width - indent
        for word in part.text.split():
            if line and self._measure(" ".join([*line, word]), font, _SIZE) > room:
                lines.append(line)
                line, room = [], width
            line.append(word)
        return [*lines, line]

    def paragraph(self, part: Part, left: float, width: float, y: float | None = None) -> float:
        """Set a paragraph, from y down if given (within a table), else on with pages; gives the y below it."""
        indent, font = 0.0 if part.centered or y is not None else _INDENT, _font(part)
        lines = self.wrapped(part, width, indent)
        for n, words in enumerate(lines):
            if y is None:
                self.need(_LEADING)
            natural = self._measure(" ".join(words), font, _SIZE)
            room = width - (indent if n == 0 else 0)
            justified = n < len(lines) - 1 and not part.centered and len(words) > 1
            space = self._measure(" ", font, _SIZE) + ((room - natural) / (len(words) - 1) if justified else 0)
            x = left + (indent if n == 0 else 0) + ((room - natural) / 2 if part.centered else 0)
            self._words(words, x, self.y if y is None else y, font, space)
            if y is None:
                self.y -= _LEADING
            else:
                y -= _LEADING
        if y is None:
            self.y -= 4
            return self.y
        return y

    def row(self, texts: Sequence[str], left: float, width: float) -> None:
        """Set a table's row, each cell within its lines; wide words get wide cells."""
        shares = [min(max(len(text), 6), 60) for text in texts]
        edges = [left + width * sum(shares[:n]) / sum(shares) for n in range(len(shares) + 1)]
        widths = [end - start - 8 for start, end in pairwise(edges)]
        height = _LEADING * max(len(self.wrapped(Part(text), room, 0)) for text, room in zip(texts, widths, strict=True)) + 4
        self.need(height)
        top = self.y + _SIZE + 1
        for text, start, room in zip(texts, edges, widths, strict=False):
            self.paragraph(Part(text), start + 4, room, self.y)
        for x in edges:
            self._canvas.line(x, top - height, x, top)
        for y in (top, top - height):
            self._canvas.line(edges[0], y, edges[-1], y)
        self.y -= height


def _font(part: Part) -> str:
    return "Bold" if part.bold or part.level else "Regular"


def _pdf(parts: Sequence[Part]) -> bytes:
    sheet, width = _Sheet(), _WIDTH - _LEFT - _RIGHT
    for part in parts:
        if part.row:
            sheet.row(part.row, _LEFT, width)
            continue
        if not part.columns:
            sheet.paragraph(part, _LEFT, width)
            continue
        cell = width / len(part.columns)
        rows = zip_longest(*([len(sheet.wrapped(each, cell - 16, 0)) for each in own] for own in part.columns), fillvalue=1)
        sheet.need(_LEADING * sum(map(max, rows)))
        ends = []
        for column, own in enumerate(part.columns):
            y = sheet.y
            for each in own:
                y = sheet.paragraph(each, _LEFT + column * cell + (12 if column else 0), cell - 12, y)
            ends.append(y)
        sheet.y = min(ends) - _LEADING
    return sheet.close()
