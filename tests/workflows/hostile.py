"""Files made to take all the time and memory there is: what tests read within bounds. ``FILES[name](path)`` writes one."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_START, _END = f"<w:document {_W}><w:body>".encode(), b"</w:body></w:document>"
_PARAGRAPH = b"<w:p><w:r><w:t>Noi dung</w:t></w:r></w:p>"
_MEGABYTE = 1024 * 1024


def _docx(path: Path, *pieces: bytes, times: int = 1, **others: bytes) -> None:
    """A Word file whose document is the first piece, the second so many times, and the third."""
    first, middle, last = pieces
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        with packed.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(first)
            batch = middle * max(1, min(times, _MEGABYTE // max(len(middle), 1)))
            for _ in range(times * len(middle) // max(len(batch), 1)):
                part.write(batch)
            part.write(last)
        for name, content in others.items():
            packed.writestr(f"word/{name}.xml", content)


def bomb(path: Path) -> None:
    """A megabyte that unpacks to a gigabyte."""
    _docx(path, _START, b" " * _MEGABYTE, _END, times=1024)


def lying_bomb(path: Path) -> None:
    """The same, in whose list a small size stands."""
    _docx(path, _START, b" " * _MEGABYTE, _END, times=64)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    path.write_bytes(content)


def nested_bomb(path: Path) -> None:
    """A Word file within a Word file, over and over."""
    inner = bytes(_MEGABYTE)
    for _ in range(6):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for n in range(8):
                packed.writestr(f"word/embeddings/{n}.docx", inner)
            packed.writestr("word/document.xml", _START + _PARAGRAPH + _END)
        inner = path.read_bytes()


def many_files(path: Path) -> None:
    """A hundred thousand files in one."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", _START + _PARAGRAPH + _END)
        for n in range(100_000):
            packed.writestr(f"word/media/a-rather-long-name-of-a-picture-{n:08}.png", b"")


def million_paragraphs(path: Path) -> None:
    """A million paragraphs."""
    _docx(path, _START, _PARAGRAPH, _END, times=1_000_000)


def million_in_a_cell(path: Path) -> None:
    """A million empty paragraphs in one cell."""
    _docx(path, _START + b"<w:tbl><w:tr><w:tc>", b"<w:p/>", b"</w:tc></w:tr></w:tbl>" + _END, times=1_000_000)


def half_a_million_in_a_cell(path: Path) -> None:
    """As many elements as are read, all in one cell."""
    _docx(path, _START + b"<w:tbl><w:tr><w:tc>", b'<w:p w:a="1"/>', b"</w:tc></w:tr></w:tbl>" + _END, times=590_000)


def wide_cells(path: Path) -> None:
    """As many rows as are read, each of one cell that is as wide as a thousand."""
    row = b'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999"/></w:tcPr></w:tc></w:tr>'
    _docx(path, _START + b"<w:tbl>", row, b"</w:tbl>" + _END, times=70_000)


def merged_cells(path: Path) -> None:
    """Long cells that go on over thousands of rows."""
    first = b"".join(b"<w:tc>" + _PARAGRAPH.replace(b"<w:t>", b"<w:t>" + b"noi dung " * 30) + b"</w:tc>" for _ in range(40))
    row = b"<w:tr>" + b"<w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc>" * 40 + b"</w:tr>"
    _docx(path, _START + b"<w:tbl><w:tr>" + first + b"</w:tr>", row, b"</w:tbl>" + _END, times=2_000)


def deep_tables(path: Path) -> None:
    """Tables in tables in tables."""
    _docx(path, _START + b"<w:tbl><w:tr><w:tc>" * 5000, _PARAGRAPH, b"</w:tc></w:tr></w:tbl>" * 5000 + _END)


def long_text(path: Path) -> None:
    """Twenty megabytes in one run."""
    _docx(path, _START + b"<w:p><w:r><w:t>", b"noi dung ", b"</w:t></w:r></w:p>" + _END, times=2_200_000)


def laughs(path: Path) -> None:
    """Entities that mean ten of the one before."""
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]>"
    _docx(path, head + _START, b"<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>", _END)


def outer_entity(path: Path) -> None:
    """An entity that is another file of the machine."""
    head = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    _docx(path, head + _START, b"<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", _END)


def many_lists(path: Path) -> None:
    """A hundred thousand lists, each used once."""
    body = b"".join(
        b'<w:p><w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>' % n
        for n in range(50_000)
    )
    level = b'<w:lvl w:ilvl="8"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%s"/></w:lvl>' % (b"%9" * 20)
    lists = b"".join(b'<w:num w:numId="%d"><w:abstractNumId w:val="1"/></w:num>' % n for n in range(50_000))
    numbering = b'<w:abstractNum w:abstractNumId="1">' + level + b"</w:abstractNum>" + lists
    _docx(path, _START, body, _END, numbering=f"<w:numbering {_W}>".encode() + numbering + b"</w:numbering>")


def _pdf(path: Path, *objects: bytes, extra: bytes = b"", pages: bytes = b"") -> None:
    """A PDF of one page with this content, and other objects."""
    content, *others = objects
    kept = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        pages or b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *others,
    ]
    written, places = bytearray(b"%PDF-1.4\n"), []
    for n, each in enumerate(kept, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (n, each)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(kept) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(kept) + 1, extra, start)
    path.write_bytes(written)


def _stream(content: bytes, packed: bool = True) -> bytes:
    if not packed:
        return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    small = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(small), small)


_SHOWN = b"BT /F 12 Tf 72 700 Td (Ke hoach) Tj ET\n"


def pdf_million_objects(path: Path) -> None:
    """A million objects that nothing uses."""
    _pdf(path, _stream(_SHOWN), *[b"null"] * 1_000_000)


def pdf_million_on_page(path: Path) -> None:
    """A page with a million pieces of text."""
    _pdf(path, _stream(_SHOWN * 1_000_000))


def pdf_bomb(path: Path) -> None:
    """A page whose content unpacks to two hundred megabytes."""
    _pdf(path, _stream(b" " * (200 * _MEGABYTE)))


def pdf_double_bomb(path: Path) -> None:
    """Packed twice: some kilobytes that unpack to three hundred megabytes."""
    packer = zlib.compressobj(9)
    inner = b"".join(packer.compress(bytes(_MEGABYTE)) for _ in range(300)) + packer.flush()
    small = zlib.compress(inner, 9)
    _pdf(path, b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(small), small))


def pdf_deep(path: Path) -> None:
    """Lists in lists in lists."""
    _pdf(path, _stream(_SHOWN + b"[" * 200_000 + b"]" * 200_000 + b" TJ"), b"[" * 200_000 + b"]" * 200_000)


def pdf_many_pages(path: Path) -> None:
    """A hundred thousand pages, all the same."""
    kids = b"3 0 R " * 100_000
    _pdf(path, _stream(_SHOWN), pages=b"<</Type/Pages/Kids[%s]/Count 100000>>" % kids)


def pdf_endless_pages(path: Path) -> None:
    """Pages that are their own children."""
    _pdf(path, _stream(_SHOWN), pages=b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2000000000>>")


def pdf_wide(path: Path) -> None:
    """Letters strewn over a page without end, one on each height."""
    shown = b"".join(b"BT /F 1 Tf %d %d Td (x) Tj ET\n" % (n % 595, n % 842) for n in range(50_000))
    _pdf(path, _stream(shown))


def pdf_grid(path: Path) -> None:
    """Pages full of small lines and letters."""
    lines = b"".join(b"%d %d m %d %d l S\n" % (n % 590, n % 800, n % 590, n % 800 + 30) for n in range(0, 60_000, 4))
    letters = b"".join(b"BT /F 4 Tf %d %d Td (x) Tj ET\n" % (n * 7 % 595, n % 842) for n in range(20_000))
    kids = b"3 0 R " * 20
    _pdf(path, _stream(lines + letters), pages=b"<</Type/Pages/Kids[%s]/Count 20>>" % kids)


def text_one_line(path: Path) -> None:
    """Ten megabytes on one line."""
    path.write_text("Ban Thuong vu " * 750_000, encoding="utf-8")


def text_a_book(path: Path) -> None:
    """As much text as is read, in lines that could each be many things."""
    item = "1. Ban Thường vụ báo cáo trước ngày 5/3/2025, hằng tháng;\n"
    path.write_text("KẾ HOẠCH\nKính gửi: Sở A\n" + item * 4_990, encoding="utf-8")


def text_large(path: Path) -> None:
    """Fifty megabytes of text."""
    path.write_bytes(b"Ban Thuong vu\n" * 3_700_000)


def text_odd_words(path: Path) -> None:
    """Half a million letters of words that could each be many syllables."""
    words = (
        f"{'ắcờnhưêđ'[n % 8]}{'nghiêngtoàn' * 4}{n:x}".translate(str.maketrans("0123456789", "áàảãạấầẩẫậ")) for n in range(23_000)
    )
    path.write_text("\n".join(words), encoding="utf-8")


def text_of_other_letters(path: Path) -> None:
    """Eight megabytes of bytes that are in no encoding."""
    path.write_bytes(bytes(range(128, 256)) * 65_000)


FILES: dict[str, Callable[[Path], None]] = {
    **{f"{make.__name__}.docx": make for make in (
        bomb, lying_bomb, nested_bomb, many_files, million_paragraphs, million_in_a_cell, half_a_million_in_a_cell, wide_cells,
        merged_cells, deep_tables, long_text, laughs, outer_entity, many_lists,
    )},
    **{f"{make.__name__}.pdf": make for make in (
        pdf_million_objects, pdf_million_on_page, pdf_bomb, pdf_double_bomb, pdf_deep, pdf_many_pages, pdf_endless_pages,
        pdf_wide, pdf_grid,
    )},
    **{f"{make.__name__}.txt": make for make in (text_one_line, text_a_book, text_large, text_odd_words, text_of_other_letters)},
}  # fmt: skip
