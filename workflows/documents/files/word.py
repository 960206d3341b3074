"""Owns the way from a Word document to rows: paragraphs, tables, text boxes in order; automatic numbers, headings, bold.

Left out: headers, footers, notes, comments, hidden text, and what tracked changes have deleted. The XML is read as it stands,
because the usual library shows neither insertions, content controls, text boxes nor automatic numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from engine.errors import InputError
from workflows.documents.files.legacy import codes, of_font
from workflows.documents.files.numbering import Numbering
from workflows.documents.files.package import Package, opened
from workflows.documents.files.rows import Row
from workflows.documents.files.text import reading_of

_AROUND_BLOCKS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
_AROUND_RUNS = {*_AROUND_BLOCKS, "hyperlink", "fldSimple", "dir", "bdo", "oMath", "oMathPara"}
_MAIN = re.compile(r"word/document\d{0,3}\.xml")
_MOST_ROWS = 20_000  # a page has fifty
_MOST_COLUMNS = 40  # of a table; further ones are taken as they come
_MOST_MERGED = 1_000  # rows of a table in which cells go on
_LONGEST_MERGED = 300  # characters


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a paragraph that looks alike."""

    text: str  # "\\n" where a line was broken by hand
    bold: bool
    font: str | None


@dataclass(slots=True)
class Style:
    """What a style says of paragraphs and runs; None: nothing."""

    name: str = ""
    based_on: str | None = None
    bold: bool | None = None
    caps: bool | None = None
    font: str | None = None
    number: tuple[str, int] | None = None  # list, level
    outline: int | None = None  # 0 the highest
    centred: bool | None = None


def read_word(path: str | Path) -> tuple[Row, ...]:
    """The rows of a .docx file; raises InputError when it is damaged, locked, or larger than a document's text."""
    rows: list[Row] = []
    with opened(path) as package:
        main = min((name for name in package.names() if _MAIN.fullmatch(name)), default=None)
        if main is None:
            remedy = "Give the document itself, as .docx, .pdf or .txt."
            raise InputError("this is a packed file, but no Word document.", file=path, remedy=remedy)
        reader = _Reader(styles=dict(_styles(package)), numbering=Numbering.read(package.elements("word/numbering.xml", 1)))
        for element in package.elements(main, 2):
            rows.extend(reader.blocks([element]))
            if len(rows) > _MOST_ROWS:
                raise InputError("it has too many paragraphs for a document.", file=path, remedy="Give the document alone.")
    if not any(cell for row in rows for cell in row):
        remedy = "Have its text recognised (OCR) and give that as .txt."
        raise InputError("the Word document holds no text, perhaps only pictures.", file=path, remedy=remedy)
    meant = reading_of("\n".join(cell for row in rows for cell in row))
    return tuple(tuple(meant(cell) for cell in row) for row in rows) if meant else tuple(rows)


def _styles(package: Package) -> Iterator[tuple[str, Style]]:
    for element in package.elements("word/styles.xml", 1):
        if element.tag == "docDefaults":
            yield "", _style(element.find("rPrDefault/rPr"), None)
        elif element.tag == "style":
            style = _style(element.find("rPr"), element.find("pPr"))
            style.name = _value(element.find("name")).lower()
            style.based_on = _value(element.find("basedOn")) or None
            yield element.get("styleId", ""), style


def _style(run: Element | None, paragraph: Element | None) -> Style:
    style = Style()
    if run is not None:
        style.bold, style.caps, style.font = _on(run.find("b")), _on(run.find("caps")), _font(run.find("rFonts"))
    if paragraph is not None:
        style.number = _number(paragraph.find("numPr"))
        outline = _value(paragraph.find("outlineLvl"))
        align = paragraph.find("jc")
        style.centred = None if align is None else _value(align) == "center"
        style.outline = int(outline) if outline.isdecimal() and int(outline) < 9 else None
    return style


def _value(element: Element | None) -> str:
    return "" if element is None else element.get("val", "")


def _on(element: Element | None) -> bool | None:
    return None if element is None else _value(element) not in ("0", "false", "off", "none")


def _font(element: Element | None) -> str | None:
    """The font of letters beyond ASCII; "" for one of the theme, which is of today."""
    if element is None:
        return None
    return "" if "hAnsiTheme" in element.attrib else element.get("hAnsi") or element.get("ascii")


def _number(element: Element | None) -> tuple[str, int] | None:
    if element is None:
        return None
    level = _value(element.find("ilvl"))
    return _value(element.find("numId")), int(level) if level.isdecimal() and len(level) < 2 else 0


@dataclass(slots=True)
class Cell:
    """A cell of a table."""

    lines: list[Row]
    merged: bool = False  # with the one above

    @property
    def widest(self) -> int:
        """How many columns its lines have, at most."""
        return max(map(len, self.lines), default=1)

    def text(self) -> str:
        """All that it says, in one line."""
        return " ".join(part for line in self.lines for part in line if part)


_EMPTY = Cell(lines=[])  # below a wider one


@dataclass(slots=True)
class _Reader:
    styles: dict[str, Style]
    numbering: Numbering
    boxes: list[Element] = field(default_factory=list)  # text boxes met in the paragraph being read
    centred: bool = False  # the paragraph before, as titles are
    cell: bool = False  # whether it is a table's cell that is being read

    def blocks(self, elements: Iterable[Element]) -> Iterator[Row]:
        for element in elements:
            if element.tag == "p":
                yield from self._paragraph(element)
            elif element.tag == "tbl":
                yield from self._table(element)
                yield ("",)
            elif element.tag == "AlternateContent":
                yield from self.blocks(_chosen(element))
            elif element.tag in _AROUND_BLOCKS:
                yield from self.blocks(element)

    def _table(self, table: Element) -> Iterator[Row]:
        """Row by row; in a row, paragraphs beside each other if each cell has one, or if the table is one of rows to be read
        across; else cell after cell."""
        self.centred = False
        kept = (row for row in self._inside(table, "tr") if row.find("trPr/del") is None)
        rows = [self._cells(row) for row in islice(kept, _MOST_ROWS + 1)]  # with more, the document is refused
        across = sum(sum(map(_says, row)) > 2 for row in rows) > 2  # three columns and more, three rows and more
        if across:
            _fill_merged(rows)
        for cells in rows:
            if across or all(len([line for line in cell.lines if any(line)]) <= 1 == cell.widest for cell in cells):
                yield tuple(cell.text() for cell in cells) or ("",)
                continue
            for column, cell in enumerate(cells):
                yield from ((*("",) * column, *line) if any(line) else ("",) for line in cell.lines)

    def _cells(self, row: Element) -> list[Cell]:
        """A row's cells; one that is as wide as several is followed by empty ones."""
        cells: list[Cell] = []
        for element in self._inside(row, "tc"):
            look = element.find("tcPr")
            merged = look.find("vMerge") if look is not None else None
            width = _value(look.find("gridSpan")) if look is not None else ""
            more = min(int(width) - 1, _MOST_COLUMNS - len(cells)) if width.isdecimal() and len(width) < 4 else 0
            outer, self.cell = self.cell, True
            cells.append(Cell(lines=list(self.blocks(element)), merged=merged is not None and _value(merged) != "restart"))
            self.cell = outer
            cells += [_EMPTY] * more
        return cells

    def _inside(self, element: Element, tag: str) -> Iterator[Element]:
        for child in element:
            if child.tag == tag:
                yield child
            elif child.tag in _AROUND_BLOCKS:
                yield from self._inside(child, tag)

    def _paragraph(self, paragraph: Element) -> Iterator[Row]:
        look = paragraph.find("pPr")
        own = self._chain(_value(look.find("pStyle")) if look is not None else "")
        if look is not None:
            own = [_style(None, look), *own]
        boxes, self.boxes = self.boxes, []
        pieces = [piece for piece in self._runs(paragraph, own) if piece.text]
        met, self.boxes = self.boxes, boxes
        text = "".join(_joined(pieces)).strip(" \n")
        label = self.numbering.label(next((style.number for style in own if style.number), None))
        if text:
            bold = all(piece.bold for piece in pieces if piece.text.strip())
            centred = next((style.centred for style in own if style.centred is not None), False)
            if self.centred and not centred:
                yield ("",)
            self.centred = centred
            yield from _lines(f"{label} {text}" if label else text, bold, _level(own))
        else:
            yield (label if self.cell else "",)
        for box in met:
            yield from self.blocks(box)

    def _chain(self, name: str) -> list[Style]:
        """A style and those that it is based on, the nearest first; the document's defaults last."""
        chain: list[Style] = []
        while name in self.styles and len(chain) < 12:
            chain.append(self.styles[name])
            name = chain[-1].based_on or ""
            if not name:
                break
        return [*chain, *([self.styles[""]] if "" in self.styles else [])]

    def _runs(self, element: Element, styles: list[Style]) -> Iterator[Piece]:
        for child in element:
            if child.tag == "r":
                yield from self._run(child, styles)
            elif child.tag in _AROUND_RUNS:
                yield from self._runs(child, styles)
            elif child.tag == "AlternateContent":
                yield from self._runs(_chosen(child), styles)

    def _run(self, run: Element, styles: list[Style]) -> Iterator[Piece]:
        look = run.find("rPr")
        if look is not None:
            if _on(look.find("vanish")):
                return
            named = _value(look.find("rStyle"))
            styles = [_style(look, None), *(self._chain(named)[:-1] if named else []), *styles]
        text = "".join(self._text(run))
        if next((style.caps for style in styles if style.caps is not None), False):
            text = text.upper()
        bold = next((style.bold for style in styles if style.bold is not None), False)
        yield Piece(text, bool(bold), next((style.font for style in styles if style.font is not None), None))

    def _text(self, run: Element) -> Iterator[str]:
        for child in run:
            if child.tag == "t":
                yield child.text or ""
            elif child.tag in ("tab", "ptab"):
                yield "\t"
            elif child.tag in ("br", "cr"):
                yield "\n"
            elif child.tag == "noBreakHyphen":
                yield "-"
            elif child.tag in ("drawing", "pict", "object", "AlternateContent"):
                self.boxes.extend(_outermost(_chosen(child)))


def _says(cell: Cell) -> bool:
    return cell.merged or any(any(line) for line in cell.lines)


def _fill_merged(rows: list[list[Cell]]) -> None:
    """Cells that go on over several rows say the same in each."""
    for above, row in pairwise(rows[:_MOST_MERGED]):
        for column, cell in enumerate(row[: len(above)][:_MOST_COLUMNS]):
            if cell.merged and len(above[column].text()) <= _LONGEST_MERGED:
                row[column] = replace(above[column], merged=True)


def _chosen(element: Element) -> Element:
    """Of what was written twice, for newer and for older programs, the newer."""
    first = element.find("Choice") if element.tag == "AlternateContent" else None
    return element if first is None else first


def _outermost(element: Element) -> Iterator[Element]:
    """The contents of text boxes; one inside another comes with its outer one."""
    for child in element:
        if child.tag == "txbxContent":
            yield child
        else:
            yield from _outermost(child)


def _joined(pieces: list[Piece]) -> Iterator[str]:
    """The text of pieces; what is set in an old font is read as it looked there, unless its letters are of today."""
    for font, alike in groupby(pieces, key=lambda piece: piece.font):
        text = "".join(piece.text for piece in alike)
        read: Callable[[str], str] | None = of_font(font)
        yield read(text) if read and codes(text) is not None else text


def _level(styles: list[Style]) -> int:
    """Of a heading, 1 the highest; 0 for other paragraphs."""
    for style in styles:
        if style.name.startswith("heading ") and style.name[8:9].isdecimal():
            return min(int(style.name[8:9]), 6)
    return next((min(style.outline + 1, 6) for style in styles if style.outline is not None), 0)


def _lines(text: str, bold: bool, level: int) -> Iterator[Row]:
    for n, line in enumerate(text.split("\n")):
        said = " ".join(line.split(" ")).strip()
        if said and bold:
            said = f"**{said}**"
        yield (f"{'#' * level} {said}" if said and level and n == 0 else said,)
