"""Documents as they come: the same paper as text in old and new encodings, as a Word file and as a PDF says the same."""

from __future__ import annotations

import dataclasses
import io
import random
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cli
from benchmarks.kit import media
from engine.errors import InputError
from tests.workflows.papers import PAPERS
from workflows.documents import read, read_text
from workflows.documents.files import Row, read_rows
from workflows.documents.files.legacy import codes, from_tcvn3, from_vni, of_font, to_tcvn3, to_vni
from workflows.documents.files.noise import Mender
from workflows.documents.files.syllables import TONES, is_syllable
from workflows.documents.files.text import decode, reading_of
from workflows.documents.lines import Line, clean, low, read_lines

TEXT = "Ủy ban nhân dân xã Đồi Sim ban hành kế hoạch phòng, chống rét cho gia súc; các thôn báo cáo trước ngày 20/01/2026."
LETTERS = "đ" + "".join(
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *TONES)
)  # the small ones, with all tones


def said(value: Any) -> Any:
    """What a plan says, in one spelling, without the lines that it was found on."""
    if dataclasses.is_dataclass(value):
        kept = (field.name for field in dataclasses.fields(value) if field.name not in ("line", "origins", "source"))
        return {name: said(getattr(value, name)) for name in kept}
    if isinstance(value, (tuple, list)):
        return [said(each) for each in value]
    return re.sub(r",? ?(?:line|lines) \d+(?:, \d+)*", "", low(value)) if isinstance(value, str) else value


_SET_IN_TWO_COLUMNS = [medium for medium, suffix in media.SUFFIXES.items() if suffix != ".txt"]  # text keeps its own
_FORMS = [(medium, False) for medium in media.SUFFIXES] + [(medium, True) for medium in _SET_IN_TWO_COLUMNS]


@pytest.mark.parametrize(("medium", "two_columns"), _FORMS)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_says_the_same_in_every_medium(tmp_path: Path, paper: str, medium: str, two_columns: bool) -> None:
    file = tmp_path / f"paper{media.SUFFIXES[medium]}"
    file.write_bytes(media.render(PAPERS[paper], medium, two_columns=two_columns))
    assert said(read(file)) == said(read_text(PAPERS[paper], "paper"))


# -- text: encodings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("medium", [medium for medium, suffix in media.SUFFIXES.items() if suffix == ".txt"])
def test_text_comes_back_from_every_encoding(medium: str) -> None:
    text = f"{TEXT}\n{TEXT}\n"
    assert low(decode(media.render(text, medium), "file.txt")) == low(text)


def test_every_letter_goes_through_the_old_tables_and_back() -> None:
    assert len(LETTERS) == 73
    for letter in LETTERS:
        assert from_tcvn3(to_tcvn3(letter)) == letter
        for either in (letter, letter.upper()):
            assert from_vni(to_vni(either)) == either
            assert codes(to_vni(either)) is not None
    for letter in "ăâêôơưđĂÂÊÔƠƯĐ":
        assert from_tcvn3(to_tcvn3(letter)) == letter
    assert len({to_tcvn3(letter) for letter in LETTERS}) == len({to_vni(letter) for letter in LETTERS}) == 73


def test_the_old_tables_read_words_as_their_fonts_showed_them() -> None:
    assert from_tcvn3("Céng hoµ x· héi chñ nghÜa ViÖt Nam; §éc lËp - Tù do - H¹nh phóc") == (
        "Cộng hoà xã hội chủ nghĩa Việt Nam; Độc lập - Tự do - Hạnh phúc"
    )
    assert from_vni("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam; Ñoäc laäp - Töï do - Haïnh phuùc") == (
        "Cộng hòa xã hội chủ nghĩa Việt Nam; Độc lập - Tự do - Hạnh phúc"
    )
    assert from_vni("COÄNG HOØA XAÕ HOÄI; ÑOÄC LAÄP; UÛy ban, Uûy ban") == "CỘNG HÒA XÃ HỘI; ĐỘC LẬP; Ủy ban, Ủy ban"


def test_capitals_of_tcvn3_are_told_by_the_words_around_them() -> None:
    assert from_tcvn3("KÕ HO¹CH\nSè 12-Q§/TU\nUû ban") == "KẾ HOẠCH\nSố 12-QĐ/TU\nUỷ ban"
    assert from_tcvn3(to_tcvn3("- Trưởng các thôn;") + "      TØNH ñY") == "- Trưởng các thôn;      TỈNH ỦY"


@pytest.mark.parametrize(
    ("font", "written", "meant"),
    [
        (".VnTime", "Céng hßa", "Cộng hòa"),
        (".VnTimeH", "céng hßa", "CỘNG HÒA"),
        ("ABCDEF+.VnArialH-Bold", "kÕ", "KẾ"),
        ("VNI-Times", "Coäng hoøa", "Cộng hòa"),
    ],
)
def test_fonts_tell_how_their_letters_are_read(font: str, written: str, meant: str) -> None:
    convert = of_font(font)
    assert convert is not None
    assert convert(written) == meant
    assert of_font("Times New Roman") is None


@pytest.mark.parametrize("written", [to_tcvn3(TEXT), to_vni(TEXT), TEXT.encode().decode("latin-1")])
def test_letters_taken_for_others_are_read_as_meant(written: str) -> None:
    read_as = reading_of(written)
    assert read_as is not None
    assert low(read_as(written)) == low(TEXT)


@pytest.mark.parametrize("text", [TEXT, "Le comité a décidé; à bientôt, très chère élève.", "no marks at all", "đ", "", "é è à"])
def test_text_that_is_as_it_should_be_stays(text: str) -> None:
    assert reading_of(text) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Le comité a décidé; à bientôt, très chère élève. Ça va?".encode("latin-1"), "cannot be told"),
        (bytes(range(128, 256)) * 20, "cannot be told"),
        (TEXT.encode() + b"\xff" + TEXT.encode(), "this line holds bytes"),
        (b"\xff\xfe\x00\xd8\x41\x00", "not sound UTF-16-LE"),
        (b"KE HOACH\x00", "binary"),
        (b" \n\t ", "empty"),
    ],
)
def test_what_cannot_be_told_is_refused_with_a_remedy(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "file.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_rows(file)
    assert caught.value.remedy


def test_a_broken_byte_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_bytes(f"{TEXT}\n{TEXT}\n".encode() + b"ng\xe0y " + TEXT.encode())
    with pytest.raises(InputError, match=r"file\.txt:3: "):
        read_rows(file)


# -- what kind of file it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words", "remedy"),
    [
        ("scan.jpg", b"\xff\xd8\xff\xe0JFIF", "picture", "OCR"),
        ("scan.png", b"\x89PNG\r\n", "picture", "OCR"),
        ("papers.rar", b"Rar!\x1a\x07", "archive", "Unpack"),
        ("none.txt", None, "no such file", "path"),
    ],
)
def test_other_kinds_of_files_are_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes | None, words: str, remedy: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_rows(tmp_path / name)
    assert re.search(remedy, caught.value.remedy or "")


def test_a_file_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    for medium in ("docx", "pdf", "utf-16"):
        file = tmp_path / f"{medium}.md"
        file.write_bytes(media.render(PAPERS["letter"], medium))
        assert read(file).symbol == "CV/BTCTU"


def test_a_packed_file_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "papers.docx", "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match="no Word document"):
        read_rows(tmp_path / "papers.docx")


# -- Word ------------------------------------------------------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/mc"'


def word(folder: Path, body: str, **parts: str) -> Path:
    """A Word file with this body and, by name, other parts (numbering, styles, header1)."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            packed.writestr(f"word/{name}.xml", f"<w:{name} {_W}>{xml}</w:{name}>")
    file = folder / "paper.docx"
    file.write_bytes(content.getvalue())
    return file


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str, look: str = "") -> str:
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(inside)}</w:p>"


def rows(folder: Path, body: str, **parts: str) -> list[Row]:
    return list(read_rows(word(folder, body, **parts)))


def listed(level: int, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


_LISTS = """
<w:abstractNum w:abstractNumId="7">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2.%3."/></w:lvl>
  <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%4)"/></w:lvl>
  <w:lvl w:ilvl="4"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
  <w:lvl w:ilvl="5"><w:numFmt w:val="bullet"/><w:lvlText w:val="+"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="4"/></w:lvlOverride></w:num>
"""


def test_numbers_that_word_counts_are_written_out(tmp_path: Path) -> None:
    levels = [0, 1, 1, 2, 2, 3, 3, 4, 5, 0, 1, 2]
    body = "".join(paragraph(run("x"), look=listed(level)) for level in levels)
    body += paragraph(run("x"), look=listed(1, 2)) + paragraph(run("x"), look=listed(0, 0))
    labels = [row[0].removesuffix("x").strip() for row in rows(tmp_path, body, numbering=_LISTS)]
    assert labels == ["I.", "1.", "2.", "2.1.", "2.2.", "a)", "b)", "-", "+", "II.", "1.", "1.1.", "4.", ""]


def test_numbers_and_bold_come_from_styles_and_those_that_they_are_based_on(tmp_path: Path) -> None:
    styles = (
        f'<w:style w:styleId="A"><w:name w:val="Mục"/><w:pPr>{listed(1)}</w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:styleId="B"><w:name w:val="Mục con"/><w:basedOn w:val="A"/></w:style>'
        '<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style>'
    )
    body = paragraph(run("một"), look='<w:pStyle w:val="A"/>') + paragraph(run("hai"), look='<w:pStyle w:val="B"/>')
    body += paragraph(run("ba", '<w:b w:val="0"/>'), look='<w:pStyle w:val="B"/>')
    body += paragraph(run("Mục đích"), look='<w:pStyle w:val="H"/>')
    assert rows(tmp_path, body, numbering=_LISTS, styles=styles) == [
        ("**1. một**",), ("**2. hai**",), ("3. ba",), ("## Mục đích",),
    ]  # fmt: skip


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    body = paragraph(
        run("trước ngày "),
        f"<w:del>{run('15/3')}<w:r><w:delText>15/3</w:delText></w:r></w:del>",
        f"<w:ins>{run('20/3')}</w:ins>",
        f"<w:moveFrom>{run('cũ')}</w:moveFrom>",
        run("/2025"),
    )
    assert rows(tmp_path, body) == [("trước ngày 20/3/2025",)]


def test_hidden_text_fields_and_notes_are_left_out_and_links_and_controls_kept(tmp_path: Path) -> None:
    body = paragraph(
        run("mật", "<w:vanish/>"),
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        f"<w:hyperlink>{run('Phụ lục')}</w:hyperlink>",
        '<w:r><w:tab/><w:t>127</w:t><w:noBreakHyphen/><w:t>KL</w:t><w:footnoteReference w:id="2"/></w:r>',
        f"<w:sdt><w:sdtContent>{run(' kèm', '<w:caps/>')}</w:sdtContent></w:sdt>",
    )
    body += f"<w:sdt><w:sdtContent>{paragraph(run('trong khung'))}</w:sdtContent></w:sdt>"
    assert rows(tmp_path, body) == [("Phụ lục\t127-KL KÈM",), ("trong khung",)]


def test_lines_broken_by_hand_are_lines(tmp_path: Path) -> None:
    body = paragraph(run("SỞ NỘI VỤ", "<w:b/>"), "<w:r><w:rPr><w:b/></w:rPr><w:br/><w:t>VĂN PHÒNG</w:t></w:r>")
    assert rows(tmp_path, body) == [("**SỞ NỘI VỤ**",), ("**VĂN PHÒNG**",)]


def test_text_boxes_are_read_once_after_their_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph(run('HỎA TỐC'))}</w:txbxContent>"
    twice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert rows(tmp_path, paragraph(run("UBND XÃ"), f"<w:r>{twice}</w:r>")) == [("UBND XÃ",), ("HỎA TỐC",)]


def test_headers_and_footers_are_left_out(tmp_path: Path) -> None:
    assert rows(tmp_path, paragraph(run("Kế hoạch")), hdr1=paragraph(run("Trang 2"))) == [("Kế hoạch",)]


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(paragraph(run(text)) for text in paragraphs)}</w:tc>"


def test_a_table_without_borders_gives_columns(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr>{cell('UBND XÃ', 'Số: 1/KH-UBND')}{cell('CỘNG HÒA', 'Độc lập')}</w:tr></w:tbl>"
    file = word(tmp_path, table + paragraph(run("KẾ HOẠCH")))
    assert [(line.column, line.text) for line in read_lines(file)] == [
        (0, "UBND XÃ"), (0, "Số: 1/KH-UBND"), (1, "CỘNG HÒA"), (1, "Độc lập"), (0, "KẾ HOẠCH"),
    ]  # fmt: skip


def test_the_cells_of_a_tables_row_stand_on_one_line_unless_it_was_deleted(tmp_path: Path) -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('cũ')}{cell('bỏ')}</w:tr>"
    table = f"<w:tbl><w:tr>{cell('1')}{cell('Rà soát')}{cell('')}{cell('15/3/2025')}</w:tr>{gone}</w:tbl>"
    assert rows(tmp_path, table) == [("1", "Rà soát", "", "15/3/2025"), ("",)]


def test_runs_in_old_fonts_are_read_as_they_looked(tmp_path: Path) -> None:
    old, capitals = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>', '<w:rFonts w:hAnsi=".VnTimeH"/>'
    body = paragraph(run("kÕ ho¹ch", capitals)) + paragraph(run("V", old), run("Ò viÖc ", old), run("đã xong"))
    body += paragraph(run("Cộng hòa", old))  # typed in Unicode, whatever the font says
    assert rows(tmp_path, body) == [("KẾ HOẠCH",), ("Về việc đã xong",), ("Cộng hòa",)]


def test_a_word_file_without_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text") as caught:
        rows(tmp_path, paragraph("<w:r><w:drawing/></w:r>"))
    assert "OCR" in (caught.value.remedy or "")


# -- PDF -------------------------------------------------------------------------------------------------------------------


def pdf(folder: Path, text: str) -> list[Row]:
    (folder / "paper.pdf").write_bytes(media.render(text, "pdf", two_columns=True))
    return [row for row in read_rows(folder / "paper.pdf") if any(row)]


def test_a_paragraph_goes_on_over_pages_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    long = "Yêu cầu các thôn chủ động báo cáo, kịp thời phối hợp. " * 150
    found = pdf(tmp_path, PAPERS["plan"].replace("II. NỘI DUNG", f"{long}\nII. NỘI DUNG"))
    assert [row[0] for row in found if row[0].startswith("Yêu cầu các thôn")] == [long.strip()]
    assert not [row for row in found if row[0].strip().isdigit()]


def test_columns_of_a_page_are_told_by_the_gap_between_them(tmp_path: Path) -> None:
    found = pdf(tmp_path, PAPERS["plan"])
    assert ("XÃ ĐỒI SIM",) in found
    assert ("", "Độc lập - Tự do - Hạnh phúc") in found
    assert ("", "Vàng Thị Sua") in found
    assert [row for row in found if row[0].startswith("- Trưởng các thôn (t/h)")]


def test_a_table_with_drawn_lines_gives_its_rows_with_wrapped_cells_joined(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "table.pdf"))
    canvas.drawString(72, 780, "Phu luc giao viec cho cac phong")
    for x in (72, 100, 250, 350, 430):
        for top, bottom in ((760, 740), (740, 700), (700, 680)):  # each cell has its own lines, as word processors draw them
            canvas.line(x, bottom, x, top)
    for y in (760, 740, 700, 680):
        canvas.line(72, y, 430, y)
    for y, cells in ((745, "TT|Noi dung|Chu tri|Han"), (727, "1|Ra soat chuong|Phong A|15/3"), (708, "|trai cac thon||")):
        for x, text in zip((75, 103, 253, 353), cells.split("|"), strict=True):
            canvas.drawString(x, y, text)
    canvas.drawString(75, 685, "2")
    canvas.drawString(353, 685, "20/3")
    canvas.save()
    assert [row for row in read_rows(tmp_path / "table.pdf") if any(row)] == [
        ("Phu luc giao viec cho cac phong",),
        ("TT", "Noi dung", "Chu tri", "Han"),
        ("1", "Ra soat chuong trai cac thon", "Phong A", "15/3"),
        ("2", "", "", "20/3"),
    ]


def test_a_pdf_of_pictures_says_what_to_do(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.rect(50, 50, 400, 600)
    canvas.save()
    with pytest.raises(InputError, match="no text layer") as caught:
        read_rows(tmp_path / "scan.pdf")
    assert "OCR" in (caught.value.remedy or "")


@pytest.mark.parametrize(("turned", "x", "y"), [(0, 0, 0), (90, 595, 0), (180, 595, 842), (270, 0, 842)])
def test_a_page_that_is_shown_turned_is_read_as_shown(tmp_path: Path, turned: int, x: int, y: int) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "turned.pdf"), pagesize=(595, 842))
    canvas.setPageRotation(turned)
    canvas.translate(x, y)
    canvas.rotate(turned)
    canvas.drawString(72, 500, "Ke hoach so mot")
    canvas.drawString(72, 480, "Noi dung thu hai")
    canvas.save()
    assert [row for row in read_rows(tmp_path / "turned.pdf") if any(row)] == [("Ke hoach so mot",), ("Noi dung thu hai",)]


@pytest.mark.parametrize("order", ["as read", "marked letters last", "any"])
def test_words_of_two_fonts_are_whole_in_whatever_order_their_letters_were_drawn(tmp_path: Path, order: str) -> None:
    from importlib.resources import files

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for weight in ("Regular", "Medium"):
        font = files("fontpkg_be_vietnam_pro").joinpath("files", f"BeVietnamPro-{weight}.ttf")
        pdfmetrics.registerFont(TTFont(weight, str(font)))
    canvas, x, drawn = Canvas(str(tmp_path / "mixed.pdf")), 72.0, []
    for letter in TEXT[:80]:
        weight = "Regular" if letter.isascii() else "Medium"
        drawn.append((x, letter, weight))
        x += pdfmetrics.stringWidth(letter, weight, 11)
    drawn = [each for each in drawn if each[1] != " "]
    if order == "any":
        random.Random(1).shuffle(drawn)
    for at, letter, weight in sorted(drawn, key=lambda each: each[2], reverse=True) if order == "marked letters last" else drawn:
        canvas.setFont(weight, 11)
        canvas.drawString(at, 700, letter)
    canvas.save()
    assert list(read_rows(tmp_path / "mixed.pdf")) == [(TEXT[:80].strip(),)]


def test_decomposed_letters_are_composed_in_every_format(tmp_path: Path) -> None:
    assert rows(tmp_path, paragraph(run(unicodedata.normalize("NFD", TEXT)))) == [(TEXT,)]
    (tmp_path / "nfd.txt").write_text(unicodedata.normalize("NFD", TEXT), encoding="utf-8")
    assert read_rows(tmp_path / "nfd.txt") == ((TEXT,),)


def test_headers_that_every_page_repeats_are_left_out(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "paper.pdf"))
    for page in range(1, 6):
        canvas.drawString(72, 800, f"Ke hoach so 5, trang {page}")
        canvas.drawString(72, 700, f"Noi dung thu {'abcdef'[page]}, " + "va nhung viec khac nua " * (5 - page))
        canvas.showPage()
    canvas.save()
    found = [row[0] for row in read_rows(tmp_path / "paper.pdf") if row[0]]
    assert [text[:14] for text in found] == [f"Noi dung thu {letter}" for letter in "bcdef"]


# -- the command -----------------------------------------------------------------------------------------------------------


def test_the_text_is_printed_with_the_lines_that_facts_name(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "paper.docx"
    file.write_bytes(media.render(PAPERS["plan"] + "\x1b[31m Số\u00a07\n", "utf-8"))
    assert cli.run(["read", str(file), "--text"]) == 0
    printed = capfd.readouterr().out.splitlines()
    assert [line[:5].strip() for line in printed] == [str(number) for number in range(1, len(printed) + 1)]
    assert "\x1b" not in "".join(printed)
    assert printed[-2].endswith(" Số 7")
    deadline = read(file).deadlines[0]
    assert deadline.line is not None
    assert "trước ngày 20/01/2026" in printed[deadline.line - 1]


# -- slips of scanners -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [
        ("Về việcthựchiện kếhoạch", "Về việc thực hiện kế hoạch"),
        ("V/v triển khaithực hiện", "V/v triển khai thực hiện"),
        ("vềviệc", "về việc"),
        ("phâncông côngan tổchức", "phân công công an tổ chức"),
        ("Ban Thường vụThành ủy", "Ban Thường vụ Thành ủy"),
        ("U B N D xã", "UBND xã"),
        ("K Ế H O Ạ C H", "KẾ HOẠCH"),
        ("Đ Ả N G  C Ộ N G  S Ả N  V I Ệ T  N A M", "ĐẢNG  CỘNG  SẢN  VIỆT  NAM"),
        ("C Ộ N G H Ò A X Ã H Ộ I C H Ủ N G H Ĩ A V I Ệ T N A M", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Số 127–KL/TW, ngày28/02/2025", "Số 127-KL/TW, ngày 28/02/2025"),
        ("ngày 28tháng 02năm 2025", "ngày 28 tháng 02 năm 2025"),
    ],
)
def test_slips_of_the_scanner_are_mended(scanned: str, meant: str) -> None:
    assert Mender().mend(scanned) == meant


@pytest.mark.parametrize(
    "text",
    [
        "UBMTTQVN, HĐND, BTVTU, QĐ-UBND, UBKT",
        "Đắk Lắk, Krông Nô, Êđê, Miầu, Đakrông, Nguơn",
        "154/CTPH-A,B,C",
        "nhóm A B C",
        "a) b) c) d)",
        "Quý I – Quý II",
        "internet, email, online",
        "127-KL/TW",
    ],
)
def test_names_abbreviations_and_symbols_stay(text: str) -> None:
    assert Mender().mend(text) == text


def test_the_document_itself_tells_where_a_space_was_lost() -> None:
    assert Mender("số liệu khảnang cũ").mend("khảnang") == "khảnang"  # two ways, and the document has neither
    assert Mender("khản nang, khả ang khảnang").mend("khảnang") == "khảnang"
    assert Mender("có khả nang ở khảnang").mend("khảnang") == "khả nang"


def test_syllables_are_told_from_other_words() -> None:
    good = "nghiêng khuỷu quyết giữa gì giếng quốc khuya ngoằn uyên yêu Mỹ kỹ sĩ hoà hòa thuở xoong Đảng ỦY huých"
    wrong = "nghạ cê kơ phat đc xyz bộng-q quuc tiếnn chưpăh thựchiện"
    assert [word for word in re.findall(r"\S+", good) if not is_syllable(word)] == []
    assert [word for word in re.findall(r"\S+", wrong) if is_syllable(word)] == []


def lines(text: str) -> list[Line]:
    return list(clean(text, "text"))


def test_invisible_letters_and_stray_marks_do_not_part_words() -> None:
    (line,) = lines("Kính\u00a0gửi:\\* Ủy\u00ad ban\u200b nhân dân")
    assert line.text == "Kính gửi: Ủy ban nhân dân"


def test_page_headers_in_scanned_text_are_left_out() -> None:
    page = "Nội dung công việc thứ {0} của kế hoạch\n\n{1}\nKẾ HOẠCH SỐ 5 NĂM 2025\nphần tiếp theo mang chữ {0}\n"
    text = "".join(page.format("abcdef"[n], n + 1) for n in range(1, 6))
    assert not [line for line in lines(text) if line.text.startswith("KẾ HOẠCH SỐ")]
    assert len(lines(text)) == 10


def test_a_number_before_a_tab_belongs_to_what_follows() -> None:
    assert [line.text for line in lines("1.\tNội dung\n-\tĐịa điểm\na)\tThời gian\nUBND XÃ\tCỘNG HÒA")] == [
        "1. Nội dung", "Địa điểm", "a) Thời gian", "UBND XÃ", "CỘNG HÒA",
    ]  # fmt: skip


def test_a_centred_title_is_parted_from_the_text_below_it(tmp_path: Path) -> None:
    centred = '<w:jc w:val="center"/>'
    body = paragraph(run("KẾ HOẠCH"), look=centred) + paragraph(run("về phòng dịch"), look=centred) + paragraph(run("Căn cứ"))
    assert rows(tmp_path, body) == [("KẾ HOẠCH",), ("về phòng dịch",), ("",), ("Căn cứ",)]
    table = f"<w:tbl><w:tr>{cell('A')}{cell('B')}</w:tr></w:tbl>"
    assert rows(tmp_path, table + paragraph(run("Mục"))) == [("A", "B"), ("",), ("Mục",)]


def test_a_title_that_fills_its_line_does_not_run_into_the_paragraph_below(tmp_path: Path) -> None:
    title = "Kết luận của Chủ tịch Ủy ban nhân dân xã tại cuộc họp giao ban tháng"
    found = pdf(
        tmp_path, f"KẾ HOẠCH\n{title}\n\nNgày 08/9/2025, Chủ tịch chủ trì cuộc họp giao ban với các thôn, sau khi nghe báo cáo.\n"
    )
    assert (title,) in found
