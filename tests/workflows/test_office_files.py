"""Word files and PDFs as offices make them: tables read across, cells that go on, numbers in empty cells, white boxes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
from tests.workflows.test_media import listed, paragraph, rows, run, word
from workflows.documents import read, read_text
from workflows.documents.files import Row, read_rows


def cell(*paragraphs: str, look: str = "") -> str:
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{''.join(paragraph(run(text)) for text in paragraphs)}</w:tc>"


def table(*rows_: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows_)}</w:tbl>"


BEGINS, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_rows_of_a_table_are_read_across_however_many_paragraphs_a_cell_has(tmp_path: Path) -> None:
    body = table(
        cell("STT") + cell("Nội dung") + cell("Thời gian", "hoàn thành"),
        cell("1") + cell("Rà soát", "hồ sơ") + cell("Tháng 3/2025"),
        cell("2") + cell("Cập nhật") + cell("Tháng 4/2025"),
    )
    assert rows(tmp_path, body) == [
        ("STT", "Nội dung", "Thời gian hoàn thành"), ("1", "Rà soát hồ sơ", "Tháng 3/2025"), ("2", "Cập nhật", "Tháng 4/2025"),
        ("",),
    ]  # fmt: skip


def test_cells_that_go_on_say_the_same_in_each_row_and_wide_ones_keep_the_columns(tmp_path: Path) -> None:
    body = table(
        cell("1", look=BEGINS) + cell("Kiểm tra", look=BEGINS) + cell("Kế hoạch") + cell("Phòng Nội vụ"),
        cell("", look=GOES_ON) + cell("", look=GOES_ON) + cell("Báo cáo") + cell("Trạm Y tế"),
        cell("II") + cell("Tuyên truyền", look='<w:gridSpan w:val="2"/>') + cell("Phòng Văn hóa"),
    )
    assert rows(tmp_path, body) == [
        ("1", "Kiểm tra", "Kế hoạch", "Phòng Nội vụ"), ("1", "Kiểm tra", "Báo cáo", "Trạm Y tế"),
        ("II", "Tuyên truyền", "", "Phòng Văn hóa"), ("",),
    ]  # fmt: skip


def test_a_number_that_word_counts_in_an_empty_cell_is_written_out(tmp_path: Path) -> None:
    counted = f"<w:tc>{paragraph(look=listed(0))}</w:tc>"
    lists = (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )
    body = table(counted + cell("Rà soát"), counted + cell("Cập nhật"))
    assert rows(tmp_path, body, numbering=lists) == [("1.", "Rà soát"), ("2.", "Cập nhật"), ("",)]


def test_a_table_of_tasks_with_groups_and_times_set_elsewhere(tmp_path: Path) -> None:
    body = "".join(
        paragraph(run(text))
        for text in ("ỦY BAN NHÂN DÂN", "XÃ ĐỒI SIM", "Số: 7/KH-UBND", "KẾ HOẠCH", "Rà soát hồ sơ năm 2026", "", "1. Nội dung")
    )
    body += paragraph(run("Phụ lục"))
    body += table(
        cell("STT") + cell("Nhiệm vụ") + cell("Chủ trì", "thực hiện") + cell("Thời gian", "hoàn thành"),
        cell("I") + cell("Tổ chức") + cell("") + cell(""),
        cell("1") + cell("Lập danh sách") + cell("Phòng Nội vụ") + cell("Trước ngày 20/3/2026"),
        cell("II") + cell("Tuyên truyền") + cell("") + cell(""),
        cell("1") + cell("Viết tin") + cell("Phòng Văn hóa") + cell("Theo Quyết định số 5/QĐ-UBND ngày 02/01/2026"),
    )
    plan = read(word(tmp_path, body))
    assert [(task.unit, str(task.due_date)) for task in plan.tasks if task.unit] == [
        ("Phòng Nội vụ", "2026-03-19"), ("Phòng Văn hóa", "None"),
    ]  # fmt: skip
    assert [str(deadline.due_date) for deadline in plan.deadlines] == ["2026-03-19"]


def drawn(folder: Path, lines: dict[int, str], boxes: tuple[tuple[int, int, int, int], ...], white: bool) -> list[Row]:
    from importlib.resources import files

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    font = files("fontpkg_be_vietnam_pro").joinpath("files", "BeVietnamPro-Regular.ttf")
    pdfmetrics.registerFont(TTFont("Regular", str(font)))
    canvas = Canvas(str(folder / "drawn.pdf"))
    canvas.setFont("Regular", 11)
    canvas.setFillGray(1 if white else 0.9)
    for box in boxes:
        canvas.rect(*box, stroke=0, fill=1)
    canvas.setFillGray(0)
    for y, text in lines.items():
        for x, part in zip((75, 300), text.split("|"), strict=False):
            canvas.drawString(x, y, part)
    canvas.save()
    return [row for row in read_rows(folder / "drawn.pdf") if any(row)]


@pytest.mark.parametrize(
    ("white", "found"),
    [
        (True, [("UBND XA DOI SIM",), ("PHONG NOI VU",), ("", "CONG HOA XA HOI"), ("", "Doc lap - Tu do")]),
        (False, [("UBND XA DOI SIM PHONG NOI VU", "CONG HOA XA HOI Doc lap - Tu do")]),
    ],
)
def test_white_boxes_under_a_letterhead_are_no_table(tmp_path: Path, white: bool, found: list[Row]) -> None:
    lines = {770: "UBND XA DOI SIM|CONG HOA XA HOI", 750: "PHONG NOI VU|Doc lap - Tu do"}
    assert drawn(tmp_path, lines, ((70, 740, 200, 50), (270, 740, 280, 50)), white) == found


def test_a_hyphen_at_a_lines_end_stays_in_its_line(tmp_path: Path) -> None:
    first = "Can cu Nghi dinh so 18/2025/ND-"
    assert [row[0] for row in drawn(tmp_path, {700: first, 682: "CP cua Chinh phu ve che do bao cao"}, (), True)] == [
        first, "CP cua Chinh phu ve che do bao cao",
    ]  # fmt: skip


def test_notes_at_a_pages_foot_and_the_figures_that_lead_to_them_are_left_out(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "notes.pdf"))
    for y, text in ((780, "Thuc hien Nghi dinh so 26/2024/ND-CP"), (762, "cac xa, phuong bao cao truoc ngay 20/3")):
        canvas.setFont("Helvetica", 14)
        canvas.drawString(72, y, text)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72 + canvas.stringWidth(text, "Helvetica", 14), y + 6, "1")
    for y, text in ((60, "  Sua doi theo Nghi dinh so 5/2025/ND-CP"), (48, "va cac van ban khac")):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, y, text)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(72, 65, "1")
    canvas.showPage()
    canvas.setFont("Helvetica", 14)
    canvas.drawString(72, 780, "hang nam.")
    canvas.save()
    said = " ".join(row[0] for row in read_rows(tmp_path / "notes.pdf") if any(row))
    assert said == "Thuc hien Nghi dinh so 26/2024/ND-CP cac xa, phuong bao cao truoc ngay 20/3 hang nam."


def test_who_is_addressed_stands_below_the_letterhead_not_in_its_columns(tmp_path: Path) -> None:
    lines = {780: "SỞ TƯ PHÁP|CỘNG HÒA XÃ HỘI", 764: "Số: 7/STP|Độc lập - Tự do", 748: "Kính gửi:|Sở Nội vụ."}
    assert drawn(tmp_path, lines, (), True) == [
        ("SỞ TƯ PHÁP",), ("Số: 7/STP",), ("", "CỘNG HÒA XÃ HỘI"), ("", "Độc lập - Tự do"), ("Kính gửi:",), ("", "Sở Nội vụ."),
    ]  # fmt: skip


_LETTER = """
UBND XÃ ĐỒI SIM
VĂN PHÒNG
Số: 12/VP
V/v góp ý dự thảo
	CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
	Độc lập - Tự do - Hạnh phúc
	Đồi Sim, ngày 05 tháng 3 năm 2026

Kính gửi: Các phòng thuộc xã

Đề nghị các phòng góp ý dự thảo kèm theo và gửi về Văn phòng trước ngày 12/3/2026./.

Nơi nhận:
- Như trên;
- Lưu: VT.
	CHÁNH VĂN PHÒNG

	Vàng Thị Sua
"""
_DRAFT = """
ỦY BAN NHÂN DÂN
XÃ ĐỒI SIM
Số:    /QĐ-UBND
	CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
	Độc lập - Tự do - Hạnh phúc

QUYẾT ĐỊNH
Về việc thành lập tổ công tác
Điều 1. Thành lập tổ công tác.
Điều 2. Trưởng các thôn chịu trách nhiệm thi hành trước ngày 30/4/2026./.

Nơi nhận:
- Như Điều 2;
- Huyện ủy (b/c);
- Lưu: VT.
	TM. ỦY BAN NHÂN DÂN
	CHỦ TỊCH

	Lò Văn Pao
"""


@pytest.mark.parametrize("form", ["", "\n\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nPHIẾU GÓP Ý\n(Kèm theo Công văn số 12/VP)\n"])
def test_another_paper_bound_in_behind_is_not_read_into_the_first(form: str) -> None:
    plan = read_text(_LETTER + form + _DRAFT, "paper")
    assert [item.text for item in plan.recipients] == ["Các phòng thuộc xã", "Như trên", "Lưu: VT"]
    assert plan.signer is not None
    assert (plan.signer.title, plan.signer.name) == ("CHÁNH VĂN PHÒNG", "Vàng Thị Sua")
    assert [str(each.due_date) for each in plan.deadlines] == ["2026-03-11"]


@pytest.mark.parametrize(
    ("title", "tasks"), [("KẾ HOẠCH\nRà soát hồ sơ", ["Phòng Nội vụ"]), ("ĐIỀU LỆ\nHỘI NUÔI ONG XÃ ĐỒI SIM", [])]
)
def test_what_a_decision_puts_into_force_is_read_unless_it_is_a_charter(title: str, tasks: list[str]) -> None:
    attached = (
        f"\n\n\nỦY BAN NHÂN DÂN\nXÃ ĐỒI SIM\n\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\tĐộc lập - Tự do - Hạnh phúc\n\n{title}\n"
        "(Kèm theo Quyết định số 9/QĐ-UBND)\n\nChương I\nQUY ĐỊNH CHUNG\n\n"
        "IV. TỔ CHỨC THỰC HIỆN\n1. Phòng Nội vụ chủ trì rà soát.\n"
    )
    plan = read_text(_DRAFT.replace("Số:    /", "Số: 9/") + attached, "paper")
    assert len(plan.recipients) == 3
    assert [task.unit for task in plan.tasks if not (task.heading or "").startswith("Điều")] == tasks


@pytest.mark.parametrize("bold", ["**", ""])
def test_a_conclusion_charges_who_is_named_between_a_heading_and_its_items(bold: str) -> None:
    body = (
        "II. NHIỆM VỤ TRỌNG TÂM\n**1. Về thu gom, vận chuyển, xử lý rác và công khai hồ sơ số**\n"
        "Giao Phòng Kinh tế chủ trì, phối hợp với các thôn:\na) Rà soát các điểm.\nb) Hằng tuần báo cáo kết quả về UBND xã.\n"
        "**2. Về nước sạch**\nGiao Trạm Y tế:\na) Kiểm tra nguồn nước.\n**3. Trách nhiệm của các thôn**\na) Giữ sạch đường.\n"
        "III. TỔ CHỨC THỰC HIỆN\nGiao Văn phòng UBND xã theo dõi, đôn đốc:\n1. Tổng hợp tình hình.\n2. Kiểm tra kết quả.\n"
    )
    body = body.replace("**", bold)
    plan = read_text(f"UBND XÃ ĐỒI SIM\nSố: 3/TB-UBND\n\nTHÔNG BÁO\nKết luận của Chủ tịch UBND xã\n\n{body}", "paper")
    led = [(task.heading, task.unit, task.role) for task in plan.tasks if task.unit and task.role != "support"]
    assert led == [
        ("II.1", "Phòng Kinh tế", "lead"),
        ("II.2", "Trạm Y tế", None),
        ("II.3", "các thôn", None),
        ("III", "Văn phòng UBND xã", None),
    ]
    assert [each.who for each in plan.recurring] == [("Phòng Kinh tế",)]


@pytest.mark.parametrize(
    ("closing", "title", "name"),
    [
        ("TL. BỘ TRƯỞNG\nVỤ TRƯỞNG\nVỤ HỢP TÁC BIÊN GIỚI\n\nLò Văn Pao", "VỤ TRƯỞNG", "Lò Văn Pao"),
        (
            "TM. HỘI ĐỒNG\nCHỦ TỊCH\n\nGIÁM ĐỐC SỞ VĂN HÓA VÀ\nDU LỊCH\nLò Văn Pao",
            "CHỦ TỊCH GIÁM ĐỐC SỞ VĂN HÓA VÀ DU LỊCH",
            "Lò Văn Pao",
        ),
    ],
)
def test_what_an_office_is_of_is_not_the_signers_name(closing: str, title: str, name: str) -> None:
    signer = read_text(
        f"BỘ X\nSố: 3/KH-BX\n\nKẾ HOẠCH\nRà soát\n\n1. Rà soát.\n\nNơi nhận:\n- Như trên.\n\n{closing}\n", "p"
    ).signer
    assert signer is not None
    assert (signer.title, signer.name) == (title, name)


def test_symbols_of_two_offices_and_letters_numbered_by_one_part() -> None:
    opening = "Căn cứ Công văn 450/TCT ngày 07/7/2025 và Công văn số 316/TCT06 ngày 16/7/2025 của Tổ công tác;"
    opening += "\nCăn cứ Công văn số 21/PNV-TC&VT ngày 14/01/2026 của Phòng Nội vụ;"
    plan = read_text(f"UBND XÃ ĐỒI SIM\nSố:    /UBND-VP&TH\n\nKẾ HOẠCH\nRà soát\n\n{opening}\n\n1. Rà soát.\n", "p")
    assert plan.symbol == "UBND-VP&TH"
    assert [reference.number for reference in plan.basis] == ["450/TCT", "316/TCT06", "21/PNV-TC&VT"]


def test_where_lines_are_whole_paragraphs_a_long_heading_does_not_run_on() -> None:
    long = (
        "Việc rà soát phải xuất phát từ yêu cầu thực tiễn của từng thôn, bảo đảm phù hợp và khả thi trong quá trình thực hiện. "
        * 2
    )
    body = (
        f"1. Đối với việc rà soát hồ sơ đất đai trên toàn địa bàn xã\na) {long}\nb) {long}\n"
        "2. Về chính sách hỗ trợ theo Nghị quyết của Hội đồng nhân dân xã\n"
        f"Phòng Kinh tế chủ trì, phối hợp với Trạm Y tế lập danh sách, báo cáo UBND xã trước ngày 10/5/2026. {long}\n"
        f"3. Đến nay, 12/14 thôn đã đề xuất; tiến độ còn chậm. Giao Phòng Nội vụ chủ trì lập lại danh mục. {long}\n"
    )
    plan = read_text(f"UBND XÃ ĐỒI SIM\nSố: 3/TB-UBND\n\nTHÔNG BÁO\nKết luận của Chủ tịch UBND xã\n\n{body}", "paper")
    led = [(task.heading, task.unit, str(task.due_date)) for task in plan.tasks if task.role == "lead"]
    assert led == [("2", "Phòng Kinh tế", "2026-05-09"), ("3", "Phòng Nội vụ", "None")]
    assert [deadline.who for deadline in plan.deadlines] == [("Phòng Kinh tế",)]


def test_a_letters_subject_in_quotes_and_days_behind_the_issuer() -> None:
    opening = "Thực hiện Kế hoạch số 19/KH-SGD của Sở Giáo dục (GD) ngày 05 tháng 02 năm 2026; Quyết định số 7/QĐ-UBND ngày"
    opening += " 10/9/2025 của Ủy ban nhân dân tỉnh Phú Sơn tiếp tục ủy quyền tổ chức xét tuyển, Trường tiểu học Đồi Sim báo cáo."
    head = "TRƯỜNG TIỂU HỌC ĐỒI SIM\nSố: 4/TH\n“V/v xét tuyển giáo viên”\n\nKính gửi: Sở Giáo dục"
    plan = read_text(f"{head}\n\n{opening}\n\nNơi nhận:\n- Như trên.\n", "paper")
    assert plan.title == "xét tuyển giáo viên"
    assert [(each.number, str(each.date), each.issuer) for each in plan.basis] == [
        ("19/KH-SGD", "2026-02-05", "Sở Giáo dục"), ("7/QĐ-UBND", "2025-09-10", "Ủy ban nhân dân tỉnh Phú Sơn"),
    ]  # fmt: skip


def test_a_heading_by_which_the_issuer_asks_names_no_unit() -> None:
    body = "I. Thời gian: 8 giờ ngày 12/01/2026.\nII. Văn phòng UBND xã trân trọng đề nghị:\n1. Công an xã báo cáo"
    body += " trong ngày 10/01/2026.\n2. Các thôn dự họp đúng thành phần.\n"
    head = "VĂN PHÒNG UBND XÃ ĐỒI SIM\nSố: 5/CĐ-VP\n\nCÔNG ĐIỆN\nPhiên họp về dữ liệu\n\nVĂN PHÒNG UBND XÃ điện:\n- Các thôn."
    tasks = read_text(f"{head}\n\n{body}", "paper").tasks
    assert [(task.heading, task.unit) for task in tasks] == [("II.1", "Công an xã"), ("II.2", "Các thôn")]


def test_items_in_brackets_have_each_their_own_leader_and_day() -> None:
    body = (
        "1. Hoàn thiện hạ tầng\n(1) Rà soát đường truyền tại các điểm.\n- Đơn vị chủ trì thực hiện: Phòng Kinh tế.\n"
        "- Thời gian hoàn thành: Thực hiện thường xuyên.\n(2) Sao lưu dữ liệu.\n- Đơn vị thực hiện: Văn phòng UBND xã.\n"
        "- Đơn vị phối hợp: Công an xã.\n- Thời gian hoàn thành: Trong tháng 8/2026.\n"
    )
    plan = read_text(f"UBND XÃ ĐỒI SIM\nSố: 3/UBND-VP\nV/v hạ tầng số\n\nKính gửi: Các phòng.\n\n{body}", "paper")
    assert [(task.unit, task.role, str(task.due_date)) for task in plan.tasks if task.unit] == [
        ("Phòng Kinh tế", "lead", "None"), ("Văn phòng UBND xã", "lead", "2026-08-31"), ("Công an xã", "support", "2026-08-31"),
    ]  # fmt: skip
    assert [deadline.who for deadline in plan.deadlines] == [("Văn phòng UBND xã",)]


def test_who_is_given_the_dashes_below_is_named_whole() -> None:
    body = "1. Nhiệm vụ cụ thể\na) Giao Trung tâm Xúc tiến đầu tư và Thương mại tỉnh:\n- Tiếp nhận phản ánh.\n- Đối thoại.\n"
    body += "b) Giao Sở Tư pháp rà soát văn bản.\n"
    plan = read_text(f"UBND TỈNH PHÚ SƠN\nSố: 3/UBND-NC\nV/v chỉ số\n\nKính gửi: Các sở.\n\n{body}", "paper")
    assert [(task.heading, task.unit) for task in plan.tasks] == [
        ("1.a", "Trung tâm Xúc tiến đầu tư và Thương mại tỉnh"), ("1.b", "Sở Tư pháp"),
    ]  # fmt: skip


def test_heads_of_the_own_office_a_label_behind_a_colon_and_a_title_over_the_list() -> None:
    body = "Sở Nội vụ kính trình UBND tỉnh xem xét. Giao Văn phòng UBND tỉnh theo dõi./."
    closing = "GIÁM ĐỐC\nNơi nhận:\n- Như trên;\n- Giám đốc Sở: báo cáo;\n- Chánh, các PCVP UBND tỉnh;\n- Lưu: VT.\nVàng Thị Sua"
    head = "UBND TỈNH PHÚ SƠN\nSỞ NỘI VỤ\nSố: 4/SNV-TC\nV/v hồ sơ\n\nKính gửi: Ủy ban nhân dân tỉnh."
    plan = read_text(f"{head}\n\n{body}\n{closing}\n", "paper")
    assert [(item.text, item.purpose) for item in plan.recipients[2:4]] == [
        ("Giám đốc Sở", "report"), ("Chánh, các PCVP UBND tỉnh", "inform"),
    ]  # fmt: skip
    assert plan.signer is not None
    assert (plan.signer.title, plan.signer.name) == ("GIÁM ĐỐC", "Vàng Thị Sua")


def test_the_paper_itself_is_no_attachment_of_it() -> None:
    body = "1. Các thôn gửi báo cáo theo Đề cương; ngoài ra, bổ sung nội dung tại Phụ lục II ban hành kèm theo Kế hoạch này."
    plan = read_text(f"UBND XÃ ĐỒI SIM\nSố: 4/KH-UBND\n\nKẾ HOẠCH\nKiểm tra\n\n{body}\n", "paper")
    assert not [each.text for each in plan.attachments if each.text.endswith("này")]


_AS_ENGLISH = "ceNG HoA xA ugr cuu xcuia vrET NAM DQc lgp Tg do Hgnh phric Ldm Ddng ngdy thdng ndm nhdn tlnh vd viQc thirnh lqp"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_AS_ENGLISH, "recognised as another language"),
        ("SAO Y; CÔNG AN XÃ ĐỒI SIM; 18/03/2026; 08:32:14; +07:00", "no text layer"),
    ],
)
def test_a_scan_read_as_another_language_or_with_a_stamp_only_says_what_to_do(tmp_path: Path, text: str, words: str) -> None:
    lines = {780 - 14 * n: text[:90] for n in range(8 if "ceNG" in text else 1)}
    with pytest.raises(InputError, match=words) as caught:
        drawn(tmp_path, lines, (), True)
    assert "OCR" in (caught.value.remedy or "")


def test_a_heading_of_whose_duties_it_is_names_who_does_what_stands_below() -> None:
    body = "II. NHIỆM VỤ\n1. Trách nhiệm của các phòng, Trạm Y tế xã\na) Khắc phục tồn tại.\n"
    body += "b) Gửi báo cáo trước ngày 05/3/2026.\n"
    plan = read_text(f"UBND XÃ ĐỒI SIM\nSố: 3/TB-UBND\n\nTHÔNG BÁO\nKết luận của Chủ tịch UBND xã\n\n{body}", "paper")
    assert [(task.heading, task.unit) for task in plan.tasks] == [("II.1", "các phòng, Trạm Y tế xã")]
    assert [deadline.who for deadline in plan.deadlines] == [("các phòng", "Trạm Y tế xã")]
