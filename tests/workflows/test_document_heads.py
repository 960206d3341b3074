"""Reading what stands around a document's body: head, references, addressees, recipients and signature, by the forms."""

from __future__ import annotations

import contextlib
import datetime as dt
import time

import pytest

from engine.errors import InputError
from workflows.documents import read_text
from workflows.documents.coverage import covers, is_vague
from workflows.plans import Plan, Signer

BODY = """
I. NỘI DUNG
1. Các thôn vệ sinh đường làng.

Nơi nhận:
- Như trên;
- Lưu: VT.
"""
OPENING = "\nThực hiện Kế hoạch số 30/KH-UBND ngày 02/3/2026 của UBND tỉnh, Ủy ban nhân dân xã ban hành kế hoạch như sau:\n"


def _head(head: str, *, opening: str = OPENING, body: str = BODY) -> Plan:
    return read_text(f"{head}\n{opening}{body}", "head.txt")


def _confidence(plan: Plan, fact: str) -> float:
    return next(origin.confidence for origin in plan.origins if origin.fact == fact)


TWO_COLUMNS_IN_ONE_LINE = """\
ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒI SIM Độc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND Đồi Sim, ngày 06 tháng 3 năm 2026
KẾ HOẠCH
Làm sạch đường làng năm 2026"""
COLUMN_AFTER_COLUMN = """\
ỦY BAN NHÂN DÂN
XÃ ĐỒI SIM
-------
Số: 12/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
---------------
Đồi Sim, ngày 06 tháng 3 năm 2026
KẾ HOẠCH
Làm sạch đường làng năm 2026"""
LINES_IN_TURN = """\
ỦY BAN NHÂN DÂN
CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒI SIM
Độc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND
Đồi Sim, ngày 06 tháng 3 năm 2026
KẾ HOẠCH
Làm sạch đường làng năm 2026"""
PIECES_OF_A_WEB_PAGE = """\
ỦY
BAN NHÂN DÂN
XÃ ĐỒI SIM
-------
|
CỘNG
HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
|
Số:
12/KH-UBND
|
Đồi
Sim, ngày 06 tháng 3
năm 2026
|
KẾ HOẠCH
LÀM SẠCH ĐƯỜNG LÀNG
NĂM 2026"""
CELLS_WITH_BARS = """\
ỦY BAN NHÂN DÂN XÃ ĐỒI SIM | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 12/KH-UBND | Đồi Sim, ngày 06 tháng 3 năm 2026 |
KẾ HOẠCH
Làm sạch đường làng năm 2026"""
CELLS_OF_MARKDOWN = """\
| **ỦY BAN NHÂN DÂN**<br>**XÃ ĐỒI SIM** | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**<br>**Độc lập - Tự do - Hạnh phúc** |
|---|---|
| Số: 12/KH-UBND | *Đồi Sim, ngày 06 tháng 3 năm 2026* |

## KẾ HOẠCH

**Làm sạch đường làng năm 2026**
"""


@pytest.mark.parametrize(
    "head",
    [TWO_COLUMNS_IN_ONE_LINE, COLUMN_AFTER_COLUMN, LINES_IN_TURN, PIECES_OF_A_WEB_PAGE, CELLS_WITH_BARS, CELLS_OF_MARKDOWN],
)
def test_a_head_reads_alike_however_its_columns_were_taken_apart(head: str) -> None:
    plan = _head(head)
    assert (plan.number, plan.symbol, plan.type) == ("12/KH-UBND", "KH-UBND", "KH")
    assert (plan.place, plan.date) == ("Đồi Sim", dt.date(2026, 3, 6))
    assert (plan.title or "").lower() == "làm sạch đường làng năm 2026"
    assert plan.issuer == "Ủy ban nhân dân xã Đồi Sim"
    assert [(item.number, item.issuer) for item in plan.basis] == [("30/KH-UBND", "UBND tỉnh")]


def test_a_head_set_with_spaced_letters_is_read() -> None:
    spaced = (
        "U Ỷ  B A N  N H Â N  D Â N\nXÃ ĐỒI SIM\nSố: 12/KH-UBND\nĐồi Sim, ngày 06 tháng 3 năm 2026\nK Ế  H O Ạ C H\nLàm đường"
    )
    plan = _head(spaced, opening="\nCăn cứ tình hình:\n")
    assert (plan.type, plan.issuer, plan.title) == ("KH", "Uỷ ban nhân dân xã Đồi Sim", "Làm đường")


@pytest.mark.parametrize(
    ("line", "number", "symbol"),
    [
        ("Số : 41 /GDĐT – VP", "41/GDĐT-VP", "GDĐT-VP"),
        ("Số:      /KH-UBND", None, "KH-UBND"),
        ("Số -CV/HU", None, "CV/HU"),
        ("Số 7 - KH/TĐTN-PT", "7-KH/TĐTN-PT", "KH/TĐTN-PT"),
        ("Nghị quyết số: 9/2026/NQ-HĐND", "9/2026/NQ-HĐND", "NQ-HĐND"),
        ("SỐ: 56a-TB/TU", "56a-TB/TU", "TB/TU"),
        ("Số 45 KH/UBND", "45-KH/UBND", "KH/UBND"),
        ("Số: 12/TTr.KT", "12/TTr.KT", "TTr.KT"),
        ("Số: 12/GM_UBND", "12/GM_UBND", "GM_UBND"),
        ("Số: 12/ĐLBH-KT+AT", "12/ĐLBH-KT+AT", "ĐLBH-KT+AT"),
        ("Số: 12/KH-BCĐ138", "12/KH-BCĐ138", "KH-BCĐ138"),
        ("Số: 12/PGD&ĐT", "12/PGD&ĐT", "PGD&ĐT"),
    ],
)
def test_a_number_is_read_as_it_is_printed_or_left_blank(line: str, number: str | None, symbol: str) -> None:
    plan = _head(f"UBND XÃ ĐỒI SIM\n{line}\nĐồi Sim, ngày 06 tháng 3 năm 2026\nKẾ HOẠCH\nLàm đường")
    assert (plan.number, plan.symbol) == (number, symbol)


@pytest.mark.parametrize(
    ("lines", "place", "date"),
    [
        ("Đồi Sim, ngày 6/3/2026", "Đồi Sim", dt.date(2026, 3, 6)),
        ("Đồi Sim, ngày 06-03-2026", "Đồi Sim", dt.date(2026, 3, 6)),
        ("Đồi Sim, hồi 15 giờ 00 ngày 06 tháng 3 năm 2026", "Đồi Sim", dt.date(2026, 3, 6)),
        ("Đồi Sim, ngày\n\ntháng\n\nnăm 2026", "Đồi Sim", None),
        ("Đồi Sim, ngày    tháng 3 năm 2026", "Đồi Sim", None),
        ("Đồi Sim, ngày 31 tháng 02 năm 2026", "Đồi Sim", None),
        ("Ngày 06 tháng 3 năm 2026", None, dt.date(2026, 3, 6)),
    ],
)
def test_place_and_day_are_read_whole_blank_or_by_themselves(lines: str, place: str | None, date: dt.date | None) -> None:
    plan = _head(f"UBND XÃ ĐỒI SIM\nSố: 5/KH-UBND\n{lines}\nKẾ HOẠCH\nLàm đường")
    assert (plan.place, plan.date) == (place, date)


def test_a_day_in_the_subject_is_not_the_papers_date() -> None:
    plan = _head(
        "SỞ Y TẾ\nSố: 5/SYT-VP\nV/v nghỉ họp\nNgày 26/3/2026\n\nĐồi Sim, ngày 25 tháng 3 năm 2026\n\nKính gửi: Các phòng."
    )
    assert (plan.date, plan.title) == (dt.date(2026, 3, 25), "nghỉ họp Ngày 26/3/2026")


def test_a_subjects_last_word_is_no_part_of_the_place() -> None:
    plan = _head("SỞ Y TẾ\nSố: 5/SYT-VP\nV/v nhắc chế độ\nBHYT\nHải Yến, ngày 25 tháng 3 năm 2026\n\nKính gửi: Các phòng.")
    assert (plan.place, plan.title) == ("Hải Yến", "nhắc chế độ BHYT")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("KẾ HOẠCH\nVề việc làm sạch đường làng", "làm sạch đường làng"),
        ("KẾ HOẠCH LIÊN TỊCH\nLàm sạch đường làng", "Làm sạch đường làng"),
        ("Kế hoạch\nLàm sạch đường làng", "Làm sạch đường làng"),
        ("KẾT LUẬN\nCỦA BAN THƯỜNG VỤ HUYỆN ỦY\nvề thu gom rác", "về thu gom rác"),
        ("THÔNG BÁO\nKết luận của Chủ tịch xã\ntại cuộc họp về rác", "Kết luận của Chủ tịch xã tại cuộc họp về rác"),
        ("QUYẾT ĐỊNH\nVề việc lập tổ thu gom rác\n\nCHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒI SIM", "lập tổ thu gom rác"),
        ("QUYẾT ĐỊNH\nLẬP TỔ THU GOM RÁC\nCHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒI SIM", "LẬP TỔ THU GOM RÁC"),
        ("KẾ HOẠCH\nLàm sạch đường làng\n(Kèm theo Quyết định số 4/QĐ-UBND ngày 01/3/2026)", "Làm sạch đường làng"),
    ],
)
def test_the_title_is_what_the_paper_is_about(lines: str, title: str) -> None:
    plan = _head(f"UBND XÃ ĐỒI SIM\nSố: 5/UBND\nĐồi Sim, ngày 06 tháng 3 năm 2026\n\n{lines}", opening="\nCăn cứ tình hình;\n")
    assert plan.title == title


def test_a_title_in_capitals_ends_where_the_sentence_begins() -> None:
    plan = _head(
        "UBND XÃ ĐỒI SIM\nSố: 5/KH-UBND\nĐồi Sim, ngày 06 tháng 3 năm 2026\nKẾ HOẠCH\nLÀM SẠCH ĐƯỜNG LÀNG", opening=OPENING[1:]
    )
    assert plan.title == "LÀM SẠCH ĐƯỜNG LÀNG"
    assert [item.number for item in plan.basis] == ["30/KH-UBND"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ngày 04/3/2026, tại trụ sở Ủy ban nhân dân xã, Chủ tịch Ủy ban nhân dân xã chủ trì họp về rác",
        "Tại phiên họp ngày 04/3/2026, sau khi nghe báo cáo, Ban Thường vụ kết luận như sau",
        "Đường làng nhiều năm chưa có người quét; bà con các thôn mong có một tổ chuyên lo việc ấy, mỗi tuần ít ra hai buổi.",
    ],
)
def test_a_title_ends_where_the_paper_tells_something_without_a_blank_line(sentence: str) -> None:
    head = "UBND XÃ ĐỒI SIM\nSố: 5/TB-UBND\nĐồi Sim, ngày 06 tháng 3 năm 2026\nTHÔNG BÁO\n"
    head += "Kết luận của Chủ tịch xã\ntại cuộc họp về rác"
    assert _head(head, opening=sentence).title == "Kết luận của Chủ tịch xã tại cuộc họp về rác"


def test_an_address_that_ran_into_the_title_is_set_apart() -> None:
    head = "UBND XÃ ĐỒI SIM\nSố: 5/GM-UBND\nĐồi Sim, ngày 06 tháng 3 năm 2026\nGIẤY MỜI\n"
    head += "Dự họp về rác Kính gửi:\n- Trưởng các thôn;\n- Trạm Y tế xã."
    plan = _head(head)
    assert plan.title == "Dự họp về rác"
    assert [item.text for item in plan.recipients if item.list == "kinh_gui"] == ["Trưởng các thôn", "Trạm Y tế xã"]


def test_a_number_that_a_word_waits_for_begins_no_section() -> None:
    opening = "\nBão vào bờ sáng 08 tháng\n10. Mưa to.\n\nThực hiện Chỉ thị số 5/CT-TTg ngày 1/2/2026 của Thủ tướng, xã làm:\n"
    assert [item.number for item in _head(LINES_IN_TURN, opening=opening).basis] == ["5/CT-TTg"]


@pytest.mark.parametrize(
    ("stamp", "urgency"),
    [
        ("KHẨN", "khẩn"),
        ("THƯỢNG KHẨN", "thượng khẩn"),
        ("HỎA TỐC", "hỏa tốc"),
        ("HOẢ TỐC HẸN GIỜ 15h00", "hỏa tốc"),
        ("Khẩn trương", None),
    ],
)
def test_urgency_is_the_stamp_not_a_word(stamp: str, urgency: str | None) -> None:
    assert (
        _head(f"UBND XÃ ĐỒI SIM\n{stamp}\nSố: 5/KH-UBND\nĐồi Sim, ngày 06 tháng 3 năm 2026\nKẾ HOẠCH\nLàm đường").urgency
        == urgency
    )


@pytest.mark.parametrize(
    ("lines", "issuer"),
    [
        ("UBND TỈNH PHÚ SƠN\nSỞ GIÁO DỤC VÀ ĐÀO TẠO", "Sở Giáo dục và Đào tạo tỉnh Phú Sơn"),
        ("UBND TỈNH PHÚ SƠN\nVĂN PHÒNG", "Văn phòng UBND tỉnh Phú Sơn"),
        ("BỘ TÀI CHÍNH\nTỔNG CỤC THUẾ", "Tổng cục Thuế"),
        ("ĐẢNG BỘ TỈNH PHÚ SƠN\nHUYỆN ỦY TRÀ LÂM\n*", "Huyện ủy Trà Lâm"),
        ("TỈNH ỦY PHÚ SƠN\nBAN TUYÊN GIÁO VÀ DÂN VẬN\n*", "Ban Tuyên giáo và Dân vận Tỉnh ủy Phú Sơn"),
        ("CHỦ TỊCH\nỦY BAN NHÂN DÂN TỈNH\nPHÚ SƠN", "Chủ tịch Ủy ban nhân dân tỉnh Phú Sơn"),
        ("THỦ TƯỚNG CHÍNH PHỦ", "Thủ tướng Chính phủ"),
        (
            "MẶT TRẬN TỔ QUỐC VIỆT NAM\nỦY BAN MTTQ VIỆT NAM TỈNH PHÚ SƠN\nBAN THƯỜNG TRỰC",
            "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Phú Sơn",
        ),
        ("BAN CHẤP HÀNH TRUNG ƯƠNG\nBAN TUYÊN GIÁO VÀ DÂN VẬN", "Ban Tuyên giáo và Dân vận Trung ương"),
        ("HỘI NÔNG DÂN VIỆT NAM\nBAN CHẤP HÀNH TỈNH PHÚ SƠN", "Ban Chấp hành Hội Nông dân tỉnh Phú Sơn"),
        ("MẶT TRẬN TỔ QUỐC VIỆT NAM\nỦY BAN TỈNH PHÚ SƠN", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Phú Sơn"),
        ("ĐẢNG BỘ TỈNH PHÚ SƠN\nHUYỆN ỦY TRÀ LÂM\nỦY BAN KIỂM TRA", "Ủy ban Kiểm tra Huyện ủy Trà Lâm"),
        ("BỘ CHQS TỈNH PHÚ SƠN\nBAN CHQS HUYỆN TRÀ LÂM", "Ban CHQS huyện Trà Lâm"),
        ("KHO BẠC NHÀ NƯỚC\nKHO BẠC NHÀ NƯỚC KHU VỰC III", "Kho bạc Nhà nước Khu vực III"),
        ("BAN CHỈ ĐẠO PHÒNG THỦ\nDÂN SỰ HUYỆN TRÀ LÂM", "Ban Chỉ đạo Phòng thủ Dân sự huyện Trà Lâm"),
    ],
)
def test_the_issuer_is_the_body_above_the_number_with_its_place(lines: str, issuer: str) -> None:
    plan = _head(f"{lines}\nSố: 5/KH-VP\nPhú Sơn, ngày 06 tháng 3 năm 2026\n\nKẾ HOẠCH\nLàm đường", opening="\nĐể làm đường:\n")
    assert plan.issuer == issuer


def test_stamps_of_signing_and_arrival_are_no_part_of_the_head() -> None:
    stamps = (
        "Ký bởi: Ủy ban nhân dân xã Đồi Sim\nEmail: xa@example.vn\nCơ quan: Tỉnh Phú Sơn\nThời gian ký: 08.03.2026 10:15:00\n"
    )
    arrival = "CÔNG VĂN ĐẾN\nSố đến: 345\nNgày đến: 09/3/2026\nChuyển: Chủ tịch\n"
    marks = "SAO Y; Ủy ban nhân dân xã Đồi Sim; 12/03/2026 10:15:00\nDỰ THẢO LẦN 2\nMẬT\n"
    plan = _head(stamps + arrival + marks + LINES_IN_TURN)
    assert (plan.number, plan.date, plan.issuer) == ("12/KH-UBND", dt.date(2026, 3, 6), "Ủy ban nhân dân xã Đồi Sim")
    assert not [warning for warning in plan.warnings if warning.code.startswith("date")]


@pytest.mark.parametrize(
    ("dated", "stamp", "codes"),
    [
        ("ngày 06 tháng 3 năm 2026", "Thời gian ký: 08/03/2026 10:15:00 +07:00", []),
        ("ngày 06 tháng 3 năm 2025", "Ngày ký: 2026-03-06T10:15:00", ["stamp_mismatch"]),
        ("ngày     tháng 3 năm 2026", "Ngày ký: 08-03-2026 10:15:00", ["date_missing"]),
        ("ngày 31 tháng 02 năm 2026", "Ngày ký: 08-03-2026 10:15:00", ["date_impossible"]),
    ],
)
def test_the_day_of_an_electronic_signature_is_a_doubt_never_the_date(dated: str, stamp: str, codes: list[str]) -> None:
    plan = _head(f"Ký bởi: UBND xã\n{stamp}\n{LINES_IN_TURN.replace('ngày 06 tháng 3 năm 2026', dated)}", opening="\nĐể làm:\n")
    found = [warning for warning in plan.warnings if warning.code.startswith(("date", "stamp"))]
    assert [warning.code for warning in found] == codes
    assert plan.date in (None, dt.date(2026, 3, 6), dt.date(2025, 3, 6))
    assert all("2026-03-08" in warning.message for warning in found if warning.code == "date_missing")


SIGNATURES = [
    (
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nLý Thị Na",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Lý Thị Na",
    ),
    ("TM. ỦY BAN NHÂN DÂN CHỦ TỊCH\nLý Thị Na", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lý Thị Na"),
    ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH\nLý Thị Na", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lý Thị Na"),
    (
        "TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\nLý Văn A",
        "TL. CHỦ TỊCH KT. CHÁNH VĂN PHÒNG",
        "PHÓ CHÁNH VĂN PHÒNG",
        "Lý Văn A",
    ),
    ("TUQ. GIÁM ĐỐC\nTRƯỞNG PHÒNG\nLÝ VĂN AN", "TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG", "LÝ VĂN AN"),
    ("T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\nTHƯỜNG TRỰC\nLý Văn An", "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC", "Lý Văn An"),
    ("TM. BAN BÍ THƯ TRUNG ƯƠNG ĐOÀN\nBÍ THƯ\nLý Văn An", "TM. BAN BÍ THƯ TRUNG ƯƠNG ĐOÀN", "BÍ THƯ", "Lý Văn An"),
    ("KT.BỘ TRƯỞNG, CHỦ NHIỆM\nPHÓ CHỦ NHIỆM\nLý Văn An", "KT.BỘ TRƯỞNG, CHỦ NHIỆM", "PHÓ CHỦ NHIỆM", "Lý Văn An"),
    ("TM. BAN CHỈ HUY\nTRƯỞNG BAN\n(Đã ký)\nCHỦ TỊCH UBND XÃ\nLý Văn An", "TM. BAN CHỈ HUY", "TRƯỞNG BAN", "Lý Văn An"),
    ("Q. GIÁM ĐỐC\n[đã ký]\nGS.TS. H'Mai Niê", None, "Q. GIÁM ĐỐC", "H'Mai Niê"),
    ("HIỆU TRƯỞNG\nBSCKII. Lý Văn An", None, "HIỆU TRƯỞNG", "Lý Văn An"),
    ("CHỈ HUY TRƯỞNG\nThượng tá Lý Văn An", None, "CHỈ HUY TRƯỞNG", "Lý Văn An"),
    ("TRƯỞNG CÔNG AN XÃ\nĐại úy, ThS. Lý Văn An (đã ký)", None, "TRƯỞNG CÔNG AN XÃ", "Lý Văn An"),
    ("THỦ TRƯỞNG ĐƠN VỊ\nLý Hoàng-An", None, "THỦ TRƯỞNG ĐƠN VỊ", "Lý Hoàng-An"),
    ("T/M BAN BIÊN TẬP\nTỔNG BIÊN TẬP\nLý Văn An", "T/M BAN BIÊN TẬP", "TỔNG BIÊN TẬP", "Lý Văn An"),
    ("TRẠM TRƯỞNG\nÔng Văn An", None, "TRẠM TRƯỞNG", "Ông Văn An"),
]


@pytest.mark.parametrize(("lines", "authority", "title", "name"), SIGNATURES)
def test_the_chain_of_authority_is_told_from_the_signers_own_title(
    lines: str, authority: str | None, title: str, name: str
) -> None:
    assert _head(LINES_IN_TURN, body=f"{BODY}\n{lines}\n").signer == Signer(authority=authority, title=title, name=name)


def _recipients(closing: str, head: str = LINES_IN_TURN) -> list[tuple[str, str | None]]:
    body = f"\nI. NỘI DUNG\n1. Trạm Y tế xã phun thuốc.\n\n{closing}\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLý Văn An\n"
    return [(item.text, item.purpose) for item in _head(head, body=body).recipients]


def test_a_running_list_parts_at_semicolons_and_a_bulleted_line_does_not() -> None:
    running = _recipients("Nơi nhận: Như trên; UBND tỉnh (để b/c); Trạm Y tế xã (th/h); Lưu: VT, VX; KT (3b).")
    assert running == [("Như trên", "inform"), ("UBND tỉnh", "report"), ("Trạm Y tế xã", "act"), ("Lưu: VT, VX; KT (3b)", "file")]
    bulleted = _recipients("Nơi nhận:\n- Báo Phú Sơn; Đài PTTH (đưa tin);\n- Hạt Kiểm lâm (p/hợp); - Lưu: VT.")
    assert bulleted == [("Báo Phú Sơn; Đài PTTH", "act"), ("Hạt Kiểm lâm", "coordinate"), ("Lưu: VT", "file")]


def test_notes_of_a_list_are_no_recipients() -> None:
    assert _recipients("Nơi nhận: (bản điện tử)\n- Như trên;\n- VPUB: CVP, PCVP;\n- Lưu: VT.") == [
        ("Như trên", "inform"), ("VPUB: CVP, PCVP", "inform"), ("Lưu: VT", "file"),
    ]  # fmt: skip
    head = "SỞ Y TẾ\nSố: 5/SYT-NV\nPhú Sơn, ngày 06 tháng 3 năm 2026\nKính gửi:  Bệnh viện tỉnh;\n      Trạm Y tế xã."
    plan = _head(f"{head}\nĐồng kính gửi: UBND các huyện.\n(Danh sách kèm theo)\n", opening="\nSở Y tế đề nghị:\n")
    assert [item.text for item in plan.recipients if item.list == "kinh_gui"] == [
        "Bệnh viện tỉnh",
        "Trạm Y tế xã",
        "UBND các huyện",
    ]


def test_a_wrapped_entry_is_one_whatever_letter_it_goes_on_with() -> None:
    wrapped = "Nơi nhận:\n- Các ban đảng, Văn phòng\nTỉnh ủy (b/c);\n- Các phòng: KHTC,\nThanh tra Sở (t/h);\n- Lưu: VT."
    assert _recipients(wrapped) == [
        ("Các ban đảng, Văn phòng Tỉnh ủy", "report"), ("Các phòng: KHTC, Thanh tra Sở", "act"), ("Lưu: VT", "file"),
    ]  # fmt: skip


def test_one_of_a_list_that_a_task_names_acts() -> None:
    body = "\n1. Sở Y tế, Báo Phú Sơn, Đài Phát thanh và Truyền hình tỉnh đưa tin hằng ngày.\n\nNơi nhận:\n"
    body += "- Báo Phú Sơn; Đài PT-TH tỉnh;\n- Lưu: VT.\n"
    plan = _head("UBND TỈNH PHÚ SƠN\nSố: 5/CT-UBND\nPhú Sơn, ngày 06 tháng 3 năm 2026\nCHỈ THỊ\nVề rác", body=body)
    assert [item.purpose for item in plan.recipients] == ["act", "file"]


def test_a_list_whose_heading_was_lost_begins_with_as_above() -> None:
    assert _recipients("- Như trên;\n- UBND tỉnh (b/c);\n- Phòng Tổng hợp, lưu VT.") == [
        ("Như trên", "inform"), ("UBND tỉnh", "report"), ("Phòng Tổng hợp, lưu VT", "file"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "body"),
    [
        ("Các khoa, phòng", "Phòng Điều dưỡng"),
        ("Các khoa, phòng", "Khoa Dược"),
        ("Các phòng, trung tâm thuộc xã", "Trung tâm Phục vụ hành chính công"),
        ("Các phòng, đơn vị thuộc phường", "Công an phường"),
        ("Công an, BCH Quân sự phường", "Công an phường"),
        ("Các trường học; các thôn", "Các thôn"),
        ("Các tổ, bộ phận, GVCN", "Giáo viên chủ nhiệm"),
        ("Các tổ, bộ phận, GVCN", "Tổ Ngữ văn"),
        ("Trưởng ban nhân dân các ấp", "Trưởng ban nhân dân 08 ấp chưa báo cáo"),
        ("Tổ trưởng 21 tổ dân phố", "Tổ trưởng các tổ dân phố"),
        ("Bộ trưởng các Bộ: Quốc phòng, Công Thương", "Bộ Công Thương"),
        ("Các phòng: KHTC, Thanh tra Sở", "Thanh tra Sở"),
        ("Giám đốc Công an tỉnh", "Công an tỉnh"),
        ("Chi nhánh TTPTQĐ khu vực II", "Trung tâm Phát triển quỹ đất"),
        ("Phòng LĐ-TB&XH quận", "Phòng Lao động - Thương binh và Xã hội quận"),
        ("Các huyện, thành ủy, đảng ủy trực thuộc", "Đảng ủy Khối các cơ quan tỉnh"),
        ("Các huyện, thành ủy, đảng ủy trực thuộc", "Ban Thường vụ các huyện ủy, thành ủy"),
        ("Huyện đoàn, Thành đoàn, Đoàn trực thuộc", "Huyện đoàn"),
        ("Các đảng đoàn, ban cán sự đảng", "Đảng đoàn Hội đồng nhân dân tỉnh"),
        ("Các ban, VP, đơn vị thuộc Tỉnh đoàn", "Trung tâm Hoạt động thanh thiếu nhi"),
    ],
)
def test_a_line_means_whom_it_groups_lists_or_abbreviates(listed: str, body: str) -> None:
    assert covers(listed, body)


@pytest.mark.parametrize(
    ("listed", "body"),
    [
        ("Các khoa, phòng", "Công đoàn bệnh viện"),
        ("Công an tỉnh", "Công an xã"),
        ("Các phòng thuộc xã", "Trạm Y tế xã"),
        ("Ủy ban nhân dân tỉnh", "Ban Tuyên giáo Tỉnh ủy"),
        ("Sở Y tế, Sở Nội vụ", "Sở Tài chính"),
        ("Thành viên Ban Chỉ huy PTDS xã", "Phòng Kinh tế xã"),
    ],
)
def test_a_line_means_nobody_else(listed: str, body: str) -> None:
    assert not covers(listed, body)


def test_whoever_is_addressed_is_not_asked_for_by_name() -> None:
    assert all(map(is_vague, ("Các cơ quan, đơn vị", "các sở, ngành, địa phương", "Các đơn vị đã báo cáo", "Các bộ, địa phương")))
    assert not any(map(is_vague, ("Các đơn vị sự nghiệp thuộc Sở", "Sở Y tế", "Các trường học", "Bộ Y tế")))


def test_the_part_of_the_issuer_that_files_the_paper_has_it() -> None:
    body = "\nII. TỔ CHỨC THỰC HIỆN\n1. Phòng Kinh tế và Hạ tầng: sửa đường.\n2. Hạt Kiểm lâm: giữ rừng.\n\n"
    body += "Nơi nhận:\n- Lưu: VT, KTHT.\n"
    plan = _head(LINES_IN_TURN, body=body)
    assert [warning.message.split("'")[1] for warning in plan.warnings if warning.code == "task_uncovered"] == ["Hạt Kiểm lâm"]


def test_as_the_article_says_means_those_it_charges() -> None:
    (first, *_) = _head(
        LINES_IN_TURN, body="\nĐiều 1. Lập tổ.\n\nNơi nhận:\n- Như Điều 3;\n- Lưu: VT.\n\nCHỦ TỊCH\nLý Văn An\n"
    ).recipients
    assert (first.text, first.purpose, first.as_above) == ("Như Điều 3", "act", True)


LABELS = [
    ("UBND tỉnh (thay b/c)", "UBND tỉnh", "report"),
    ("Sở Y tế (phối hợp thực hiện)", "Sở Y tế", "coordinate"),
    ("Trạm Y tế (để t/h và b/c)", "Trạm Y tế", "act"),
    ("Các thôn (để quán triệt, thực hiện)", "Các thôn", "act"),
    ("Đài PT (để đăng tải)", "Đài PT", "act"),
    ("Công an xã - để phối hợp", "Công an xã", "coordinate"),
    ("Hạt Kiểm lâm: p/h", "Hạt Kiểm lâm", "coordinate"),
    ("Đảng ủy [b/c]", "Đảng ủy", "report"),
    ("Trường A (để lưu tâm)", "Trường A", None),
]


@pytest.mark.parametrize(("line", "text", "purpose"), LABELS)
def test_a_label_gives_its_purpose_in_any_of_its_forms(line: str, text: str, purpose: str | None) -> None:
    assert _recipients(f"Nơi nhận:\n- {line};\n- Lưu: VT.")[0] == (text, purpose)


def test_a_brace_gives_its_label_to_the_lines_that_it_embraces() -> None:
    braced = "Nơi nhận:\n- Thường trực Đảng ủy,      }\n- UBND tỉnh,                }  để b/c\n- Các trường,\n- Lưu VP."
    assert [purpose for _, purpose in _recipients(braced)] == ["report", "report", None, "file"]


def test_recipients_in_two_columns_are_all_read() -> None:
    columns = "Nơi nhận:\n- UBND tỉnh (b/c);          - Các thôn (t/h);\n- Đảng ủy (b/c);            - Lưu: VT.\n"
    assert [text for text, _ in _recipients(columns)] == ["UBND tỉnh", "Các thôn", "Đảng ủy", "Lưu: VT"]


def test_a_telegram_and_an_invitation_name_whom_they_call() -> None:
    telegram = "UBND XÃ ĐỒI SIM\nSố: 3/CĐ-UBND\nĐồi Sim, ngày 06 tháng 9 năm 2025\nCÔNG ĐIỆN KHẨN\nVề việc chống bão\n\n"
    telegram += "ỦY BAN NHÂN DÂN XÃ ĐỒI SIM điện: Trưởng các thôn; Giám đốc Hợp tác xã."
    plan = _head(telegram, opening="\nĐể chống bão, xã yêu cầu:\n")
    assert (plan.urgency, plan.title) == ("khẩn", "chống bão")
    assert [item.text for item in plan.recipients if item.list == "kinh_gui"] == ["Trưởng các thôn", "Giám đốc Hợp tác xã"]
    invitation = "UBND XÃ ĐỒI SIM\nSố: 3/GM-UBND\nĐồi Sim, ngày 06 tháng 9 năm 2025\nGIẤY MỜI\nDự họp\n\n"
    invitation += "Ủy ban nhân dân xã trân trọng kính mời:\n- Trưởng các thôn;\n- Trạm Y tế xã.\nTới dự: Cuộc họp chống bão."
    plan = _head(invitation, opening="\nThời gian: 08 giờ 00, ngày 10/9/2025.\n", body="\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n")
    assert [item.text for item in plan.recipients if item.list == "kinh_gui"] == ["Trưởng các thôn", "Trạm Y tế xã"]


def test_two_who_sign_side_by_side_give_the_first() -> None:
    body = f"{BODY}\nGIÁM ĐỐC             GIÁM ĐỐC\nSỞ Y TẾ              SỞ NỘI VỤ\nLý Văn An            Tạ Thị Bê\n"
    assert _head(LINES_IN_TURN, body=body).signer == Signer(title="GIÁM ĐỐC", name="Lý Văn An")


def test_a_name_below_the_list_is_the_signers() -> None:
    closing = (
        "Nơi nhận:                         T/M BAN THƯỜNG VỤ\n- Các chi bộ (t/h),                PHÓ BÍ THƯ\n- Lưu VPĐU.\n\n"
    )
    plan = _head(LINES_IN_TURN, body=f"\nI. NỘI DUNG\n1. Làm.\n\n{closing}                      Lý Văn An\n")
    assert plan.signer == Signer(authority="T/M BAN THƯỜNG VỤ", title="PHÓ BÍ THƯ", name="Lý Văn An")
    assert [item.text for item in plan.recipients] == ["Các chi bộ", "Lưu VPĐU"]


def test_ones_own_leaders_in_letters_are_informed() -> None:
    lines = (
        "Nơi nhận:\n- CT, các PCT UBND xã;\n- TT. HĐND xã;\n- CVP, các PCVP;\n- Giám đốc, các PGĐ;\n- Các trường học;\n- Lưu: VT."
    )
    assert _recipients(lines) == [
        ("CT, các PCT UBND xã", "inform"), ("TT. HĐND xã", "inform"), ("CVP, các PCVP", "inform"),
        ("Giám đốc, các PGĐ", "inform"),
        ("Các trường học", None), ("Lưu: VT", "file"),
    ]  # fmt: skip


def test_who_is_given_something_within_anothers_task_acts_less_surely() -> None:
    body = "\nII. TỔ CHỨC THỰC HIỆN\n1. Phòng Kinh tế xã\nLập sổ; Hạt Kiểm lâm làm đầu mối giữ rừng; báo cáo Trạm Thú y.\n\n"
    plan = _head(LINES_IN_TURN, body=f"{body}Nơi nhận:\n- Hạt Kiểm lâm;\n- Trạm Thú y;\n- Lưu: VT.\n")
    assert [(item.purpose, item.confidence < 0.7) for item in plan.recipients][:2] == [("act", True), (None, True)]


def test_the_leaders_of_another_body_stand_for_it_where_it_has_something_to_do() -> None:
    head = "ĐẢNG BỘ TỈNH PHÚ SƠN\nHUYỆN ỦY TRÀ LÂM\nSố 5-TB/HU\nTrà Lâm, ngày 06 tháng 3 năm 2024\nTHÔNG BÁO\nvề rác"
    body = "\n1. Ủy ban nhân dân huyện chỉ đạo thu gom.\n\nNơi nhận:\n- TT Huyện ủy,\n- Lãnh đạo UBND huyện,\n- Lưu VPHU.\n"
    plan = _head(head, opening="\nThường trực Huyện ủy kết luận:\n", body=body)
    assert [item.purpose for item in plan.recipients] == ["inform", "act", "file"]


def test_the_head_of_an_addressed_body_stands_for_it_and_a_member_does_not() -> None:
    head = "UBND TỈNH PHÚ SƠN\nSố: 7/UBND-VX\nV/v họp\nPhú Sơn, ngày 06 tháng 3 năm 2026\n\nKính gửi:\n- Giám đốc Sở Y tế;"
    head += "\n- Bí thư Huyện ủy Trà Lâm;\n- Các đồng chí Tỉnh ủy viên."
    plan = _head(head, opening="\nỦy ban nhân dân tỉnh đề nghị:\n")
    addressed = [(item.text, item.purpose) for item in plan.recipients if item.list == "kinh_gui"]
    assert addressed == [("Giám đốc Sở Y tế", "act"), ("Bí thư Huyện ủy Trà Lâm", "act"), ("Các đồng chí Tỉnh ủy viên", "inform")]


def test_an_addressee_ends_before_a_short_line_that_begins_the_body() -> None:
    head = "BỘ Y TẾ\nSố: 7/BYT-VP\nHà Nội, ngày 06 tháng 3 năm 2026\n\nKính\ngửi:\n|\n- Các Sở Y tế, bệnh viện\ntrực thuộc Bộ.\n|"
    plan = _head(
        head, opening="\nThực hiện Nghị định số\n29/2012/NĐ-CP ngày\n12/4/2012 của Chính phủ về viên chức, Bộ Y tế yêu cầu:\n"
    )
    assert [item.text for item in plan.recipients if item.list == "kinh_gui"] == ["Các Sở Y tế, bệnh viện trực thuộc Bộ"]
    assert [(item.number, item.date, item.issuer) for item in plan.basis] == [
        ("29/2012/NĐ-CP", dt.date(2012, 4, 12), "Chính phủ")
    ]


REFERENCES = [
    ("Căn cứ Luật Thủ đô số 39/2024/QH15 ngày 28/6/2024;", ["39/2024/QH15 L"], []),
    ("Thực hiện Kế hoạch số 1/KH-UBND ngày 1/2/2026 của UBND tỉnh về rác và Công văn số 2/STC-NS ngày 3/2/2026 của Sở X,",
     ["1/KH-UBND KH", "2/STC-NS CV"], []),
    ("Thực hiện Kế hoạch số 1/KH-UBND ngày 1/2/2026 của UBND tỉnh về triển khai Nghị quyết số 3-NQ/TW và Nghị quyết số 4-NQ/TW,",
     ["1/KH-UBND KH"], ["3-NQ/TW NQ", "4-NQ/TW NQ"]),
    ("Thực hiện ý kiến chỉ đạo của Ban Thường vụ Tỉnh ủy tại Thông báo số 8-TB/TU, ngày 1/2/2026, xã", ["8-TB/TU TB"], []),
    ("Xét đề nghị của Trưởng phòng Kinh tế tại Tờ trình số 9/TTr-KT ngày 1/2/2026,", [], ["9/TTr-KT TTr"]),
    ("Theo đề nghị của Sở Y tế tại công văn số 9/BC-SYT ngày 1/2/2026,", [], ["9/BC-SYT BC"]),
    ("Ngoài trời đang mưa. Thực hiện Chỉ thị số 5/CT-TTg ngày 1/2/2026 của Thủ tướng Chính phủ, xã", ["5/CT-TTg CT"], []),
    ("Thực hiện chỉ đạo của Bộ, Sở đã ban hành Công văn số 6/SYT-VP ngày 1/2/2026 về rác;", [], ["6/SYT-VP CV"]),
    ("Căn cứ các Công văn số 11/UBND-VX và số 12/UBND-VX ngày 1/2/2026 của UBND tỉnh;", ["11/UBND-VX CV", "12/UBND-VX CV"], []),
    ("Căn cứ Điều 32, Điều lệ Đảng; Chương trình số 5-CTr/HU, ngày 1/2/2026 của Huyện ủy về tiền và Hướng dẫn số 1-HD/UBKTTU;",
     ["5-CTr/HU CTr", "1-HD/UBKTTU HD"], []),
    ("Căn cứ Quy định số 24-QĐ/TW; xét Tờ trình số 15-TTr/BXDĐ, ngày 1/2/2026 của Ban Xây dựng Đảng,",
     ["24-QĐ/TW QĐ"], ["15-TTr/BXDĐ TTr"]),
    ("Thực hiện Thông tri số 7/TTr-MTTW ngày 1/2/2026 của Mặt trận, xã", ["7/TTr-MTTW None"], []),
    ("Phúc đáp công văn số 498/UBND ngày 1/2/2026;", [], ["498/UBND CV"]),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "basis", "citations"), REFERENCES)
def test_what_is_carried_out_is_told_from_what_is_named(opening: str, basis: list[str], citations: list[str]) -> None:
    plan = _head(LINES_IN_TURN, opening=f"\n{opening} ban hành kế hoạch như sau:\n")
    assert [f"{item.number} {item.type}" for item in plan.basis] == basis
    assert [f"{item.number} {item.type}" for item in plan.citations] == citations


def test_documents_in_a_list_share_what_stands_once() -> None:
    plan = _head(
        LINES_IN_TURN,
        opening="\nThực hiện Công điện số 1/CĐ-TTg ngày 1/2/2026, Công điện số 2/CĐ-TTg ngày 2/2/2026 của Thủ tướng, xã làm:\n",
    )
    assert [(item.issuer, item.date and item.date.day) for item in plan.basis] == [
        ("Thủ tướng", 1),
        ("Thủ tướng", 2),
    ]


@pytest.mark.parametrize(
    ("sentence", "issuer", "date"),
    [
        (
            "Ngày 21/02/2026, Thủ tướng Chính phủ đã ban hành Chỉ thị số 6/CT-TTg về ngân sách.",
            "Thủ tướng Chính phủ",
            dt.date(2026, 2, 21),
        ),
        (
            "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 6/TTr-SNV ngày27 tháng 02 năm 2026.",
            "Giám đốc Sở Nội vụ",
            dt.date(2026, 2, 27),
        ),
        (
            "Xã nhận Công văn số 6/UBND-VX ngày 21/02/20 26 của UBND tỉnh Phú Sơn V/v thu gom rác.",
            "UBND tỉnh Phú Sơn",
            dt.date(2026, 2, 21),
        ),
    ],
)
def test_issuer_and_day_of_a_cited_paper_may_stand_before_it(sentence: str, issuer: str, date: dt.date) -> None:
    plan = _head(LINES_IN_TURN, opening=f"\n{sentence}\n")
    assert [(item.issuer, item.date) for item in plan.citations] == [(issuer, date)]


def test_a_plan_that_a_decision_puts_into_force_is_read_with_it() -> None:
    decision = """\
UBND XÃ ĐỒI SIM
Số: 5/QĐ-UBND
Đồi Sim, ngày 06 tháng 3 năm 2026

QUYẾT ĐỊNH
Về việc ban hành Kế hoạch thu gom rác

CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ

Căn cứ Nghị quyết số 2/NQ-HĐND ngày 01/3/2026 của HĐND xã;

QUYẾT ĐỊNH:

Điều 1. Ban hành Kế hoạch thu gom rác.

Nơi nhận:
- Như Điều 3;
- Lưu: VT.

CHỦ TỊCH
Lý Văn An

-----

KẾ HOẠCH
Thu gom rác năm 2026
(Kèm theo Quyết định số 5/QĐ-UBND ngày 06 tháng 3 năm 2026)

I. TỔ CHỨC THỰC HIỆN
1. Trạm Y tế xã
Hướng dẫn phân loại rác trước ngày 01/4/2026.

PHỤ LỤC
Danh sách các điểm gom
"""
    plan = read_text(decision, "quyet-dinh.txt")
    assert (plan.type, plan.title, plan.signer) == (
        "QĐ",
        "ban hành Kế hoạch thu gom rác",
        Signer(title="CHỦ TỊCH", name="Lý Văn An"),
    )
    assert [item.text for item in plan.recipients] == ["Như Điều 3", "Lưu: VT"]
    assert "Trạm Y tế xã" in [task.unit for task in plan.tasks]
    assert [item.due_date for item in plan.deadlines] == [dt.date(2026, 3, 31)]


def test_a_subject_that_came_behind_the_body_is_found_and_doubted() -> None:
    head = "UBND XÃ ĐỒI SIM\nSố: 5/UBND-VX Đồi Sim, ngày 06 tháng 3 năm 2026\nKính gửi: Các thôn."
    body = "\nĐề nghị các thôn dọn rác.\n\n- Như trên;\n- Lưu: VT.\nV/v dọn rác\nđường làng\nCHỦ TỊCH\nLý Văn An\n"
    plan = _head(head, opening="", body=body)
    assert (plan.title, [item.text for item in plan.recipients]) == ("dọn rác đường làng", ["Các thôn", "Như trên", "Lưu: VT"])
    assert _confidence(plan, "title") < 0.7


def test_a_fallback_is_less_sure_than_the_form() -> None:
    plain = _head(LINES_IN_TURN)
    assert min(_confidence(plain, fact) for fact in ("number", "date", "type", "title", "issuer")) >= 0.9
    letter = _head(
        "UBND XÃ ĐỒI SIM\nSố: 5/UBND-VX\nDọn rác đường làng\n\nĐồi Sim, ngày 06 tháng 3 năm 2026\n\nKính gửi: Các thôn."
    )
    assert (letter.title, _confidence(letter, "title") < 0.7) == ("Dọn rác đường làng", True)
    (guessed,) = _head(
        LINES_IN_TURN, opening="\nThực hiện kết luận của Chủ tịch (Thông báo số 3/TB-UBND ngày 1/3/2026), xã làm:\n"
    ).basis
    assert guessed.confidence < 0.7


@pytest.mark.parametrize(
    "piece", ["Số: ", "ngày ", "Hà, ngày ", "CỘNG HÒA ", "số 1/A-B, ", "KT. CHỦ TỊCH ", "Thực hiện số 1/A-B; ", "| "]
)
def test_hostile_lines_are_read_in_seconds(piece: str) -> None:
    started = time.process_time()
    for text in (piece * 9_000, f"{piece}\n" * 9_000):
        with contextlib.suppress(InputError):
            _head(f"{LINES_IN_TURN}\n{text}\n")
    assert time.process_time() - started < 20


BOARD = """\
ĐẢNG BỘ TỈNH PHÚ SƠN          ĐẢNG CỘNG SẢN VIỆT NAM
ĐẢNG ỦY XÃ ĐỒI SIM
*
Số 12-KH/ĐU                   Đồi Sim, ngày 06 tháng 3 năm 2026

KẾ HOẠCH
làm sạch đường làng

1. Các chi bộ báo cáo {whom}.

Nơi nhận:                     T/M BAN THƯỜNG VỤ
- Các chi bộ,                 BÍ THƯ
- Lưu.                        Lò Văn Mai
"""


def test_a_committee_s_paper_is_its_standing_board_s_where_that_signs_and_is_spoken_of() -> None:
    assert read_text(BOARD.format(whom="Ban Thường vụ Đảng ủy"), "x.txt").issuer == "Ban Thường vụ Đảng ủy xã Đồi Sim"
    assert read_text(BOARD.format(whom="Ban Thường vụ Tỉnh ủy"), "x.txt").issuer == "Đảng ủy xã Đồi Sim"


def test_initials_in_the_head_are_read_in_full_from_the_opening() -> None:
    head = "BCĐ XÓA NHÀ TẠM\nSố: 5/CV-BCĐ\nV/v dựng nhà\nĐồi Sim, ngày 06 tháng 3 năm 2026\n\nKính gửi: Các thôn."
    opening = "\nThực hiện kế hoạch năm 2026, Ban Chỉ đạo xóa nhà tạm xã Đồi Sim đề nghị các thôn:\n"
    assert _head(head, opening=opening).issuer == "Ban Chỉ đạo xóa nhà tạm xã Đồi Sim"


@pytest.mark.parametrize(
    ("closing", "signer"),
    [
        (
            "Nơi nhận: CHỦ TỊCH\n- Các thôn; Lý Thị Sa\n- Lưu: VT.",
            Signer(authority=None, title="CHỦ TỊCH", name="Lý Thị Sa"),
        ),
        (
            "                         GIÁM ĐỐC\nNơi nhận:\n- Sở Y tế;\n- Các thôn;                Lý Thị Sa\n- Lưu: VT.",
            Signer(authority=None, title="GIÁM ĐỐC", name="Lý Thị Sa"),
        ),
        (
            "Nơi nhận:                TL. CHỦ TỊCH\n- Các thôn;              CHÁNH VĂN PHÒNG\n- Sở Y tế;     HĐND VÀ UBND XÃ\n"
            "- Lưu: VT.               Lý Thị Sa",
            Signer(authority="TL. CHỦ TỊCH", title="CHÁNH VĂN PHÒNG HĐND VÀ UBND XÃ", name="Lý Thị Sa"),
        ),
    ],
)
def test_who_signed_beside_the_recipients(closing: str, signer: Signer) -> None:
    plan = _head(LINES_IN_TURN, body=f"\nI. NỘI DUNG\n1. Các thôn vệ sinh đường làng.\n\n{closing}\n")
    assert plan.signer == signer
    assert {"Các thôn", "Lưu: VT"} <= {each.text for each in plan.recipients}
    assert not any("Sa" in each.text or each.text.isupper() for each in plan.recipients)


@pytest.mark.parametrize(
    ("opening", "follows", "cited"),
    [
        (
            "Ngày 02/3/2026, Ủy ban nhân dân xã đã gửi Công văn số 7/UBND-VX yêu cầu các thôn dọn rác. Đến nay 3 thôn chưa báo.",
            ["7/UBND-VX"],
            [],
        ),
        ("Ngày 02/3/2026, Sở Y tế đã gửi Công văn số 7/SYT-VP về dọn rác. Đến nay 3 thôn chưa báo.", [], ["7/SYT-VP"]),
        ("Ngày 02/3/2026, Ủy ban nhân dân xã có Công văn số 7/UBND-VX gửi các thôn.", [], ["7/UBND-VX"]),
    ],
)
def test_a_reminder_follows_its_issuer_s_own_letter(opening: str, follows: list[str], cited: list[str]) -> None:
    head = "ỦY BAN NHÂN DÂN\nXÃ ĐỒI SIM\nSố: 9/UBND-VX\nV/v dọn rác\nĐồi Sim, ngày 06 tháng 3 năm 2026\n\nKính gửi: Các thôn."
    plan = _head(head, opening=f"\n{opening}\n")
    assert [each.number for each in plan.follows_up] == follows
    assert [each.number for each in plan.citations] == cited


def test_an_issuer_ends_before_what_is_continued_and_stands_before_a_paper_of_any_kind() -> None:
    plan = _head(
        LINES_IN_TURN,
        opening="\nThực hiện Công điện số 3/CĐ-TTg ngày 1/3/2026 của Thủ tướng Chính phủ và tiếp theo Công văn số 5/UBND-VX ngày"
        " 2/3/2026; thực hiện chỉ đạo của Sở Y tế tại Văn bản số 44/SYT-KT ngày 3/3/2026, xã làm:\n",
    )
    assert [(each.number, each.issuer) for each in plan.basis] == [("3/CĐ-TTg", "Thủ tướng Chính phủ"), ("44/SYT-KT", "Sở Y tế")]


def _purposes(closing: str) -> dict[str, str | None]:
    return {each.text: each.purpose for each in _head(LINES_IN_TURN, body=closing).recipients}


def test_a_label_alone_within_the_list_is_that_of_what_stands_above_it() -> None:
    body = "\nI. NỘI DUNG\n1. Các thôn vệ sinh đường làng.\n\nNơi nhận:\n- Chi cục Thuế;\n- Sở Y tế;\n(để báo cáo)\n"
    found = _purposes(body + "- Đồn Biên phòng;\n- Hạt Kiểm lâm;\n(để phối hợp)\n- Lưu: VT.\n")
    assert (found["Chi cục Thuế"], found["Sở Y tế"]) == ("report", "report")
    assert (found["Đồn Biên phòng"], found["Hạt Kiểm lâm"]) == (None, "coordinate")


def test_those_whose_items_are_cited_and_an_office_s_body_act() -> None:
    body = "\nI. TỔ CHỨC THỰC HIỆN\n1. Đồng chí Trưởng Công an xã: canh cống.\n\nNơi nhận:\n- Như các mục 1 - 6;\n- Công an xã;\n"
    found = _purposes(body + "- HĐQT, Ban TGĐ;\n- Lưu: VT.\n")
    assert found == {"Như các mục 1 - 6": "inform", "Công an xã": "act", "HĐQT, Ban TGĐ": "inform", "Lưu: VT": "file"}


@pytest.mark.parametrize(("line", "asked"), [("Các đơn vị tại mục I", False), ("Như mục I", False), ("Hạt Kiểm lâm", True)])
def test_a_line_that_cites_the_items_covers_all_who_stand_there(line: str, asked: bool) -> None:
    body = f"\nI. TỔ CHỨC THỰC HIỆN\n1. Công an xã: canh cống.\n\nNơi nhận:\n- {line};\n- Lưu: VT.\n"
    plan = _head(LINES_IN_TURN, body=body)
    assert ("task_uncovered" in {each.code for each in plan.warnings}) is asked


def test_letters_set_wide_apart_are_words() -> None:
    spaced = "UBND HUYỆN LA HAI\nPHÒNG NỘI VỤ\nSố: 15/NV-CC\nLa Hai, ngày 06 tháng 3 năm 2026\n\nK í n h  g ử i : UBND các xã.\n"
    plan = read_text(f"{spaced}\nĐề nghị UBND các xã gửi danh sách.\n\nN ơ i n h ậ n:\n- Như trên;\n- Lưu: VT.", "x.txt")
    assert [each.text for each in plan.recipients] == ["UBND các xã", "Như trên", "Lưu: VT"]


def test_a_telegrams_hour_may_stand_before_its_date() -> None:
    plan = _head(
        "UBND HUYỆN LA HAI\nSố: 05/CĐ-UBND\nLa Hai, hồi 16 giờ 30 phút, ngày 06 tháng 9 năm 2024\nCÔNG ĐIỆN\nV/v ứng phó mưa lũ"
    )
    assert (plan.place, plan.date) == ("La Hai", dt.date(2024, 9, 6))


def test_whose_a_conclusion_is_stands_not_in_its_title() -> None:
    plan = _head("ĐẢNG ỦY XÃ ĐỒI SIM\nSố 12-KL/ĐU\nĐồi Sim, ngày 06/4/2026\nKẾT LUẬN CỦA BAN THƯỜNG VỤ\nvề thu ngân sách quý I")
    assert plan.title == "về thu ngân sách quý I"


@pytest.mark.parametrize("degrees", ["BS CKII. ", "Bs.CKI ", "ThS. ", "PGS.TS. ", "DSCKII "])
def test_degrees_are_no_part_of_the_signers_name(degrees: str) -> None:
    plan = _head(
        "SỞ Y TẾ\nSố: 12/KH-SYT\nLa Hai, ngày 06/4/2026\nKẾ HOẠCH\nTiêm chủng", body=f"{BODY}\nGIÁM ĐỐC\n\n{degrees}Đỗ Minh Sơn"
    )
    assert (plan.signer or Signer()).name == "Đỗ Minh Sơn"


def _basis(opening: str) -> list[tuple[str, str | None]]:
    opening = f"\n{opening}, Ủy ban nhân dân xã ban hành kế hoạch như sau:\n"
    plan = _head("UBND XÃ ĐỒI SIM\nSố: 12/KH-UBND\nĐồi Sim, ngày 06/4/2026\nKẾ HOẠCH\nLàm sạch kênh", opening=opening)
    return [(each.number, each.issuer) for each in plan.basis]


def test_papers_of_one_body_share_its_name_but_a_law_is_not_the_governments() -> None:
    both = "Thực hiện Kế hoạch số 3/KH-UBND và Công văn số 4/UBND-KT của UBND huyện La Hai"
    assert _basis(both) == [("3/KH-UBND", "UBND huyện La Hai"), ("4/UBND-KT", "UBND huyện La Hai")]
    law = "Căn cứ Luật Đê điều số 79/2006/QH11 và Nghị định số 113/2007/NĐ-CP ngày 28/6/2007 của Chính phủ"
    assert _basis(law) == [("79/2006/QH11", None), ("113/2007/NĐ-CP", "Chính phủ")]


@pytest.mark.parametrize("more", ["chưa được làm xong", "cho mỗi thôn", "thi hành Chương II", "với các thôn", "còn chậm"])
def test_an_issuers_name_ends_before_what_is_told(more: str) -> None:
    found = _basis(f"Thực hiện Kế hoạch số 3/KH-UBND ngày 02/3/2026 của UBND huyện La Hai {more}")
    assert found == [("3/KH-UBND", "UBND huyện La Hai")]


def test_an_issuers_name_ends_before_another_paper() -> None:
    more = "Thực hiện Nghị quyết số 14-NQ/HU ngày 22/9/2025 của Huyện ủy La Hai và Nghị quyết Đại hội lần thứ I"
    assert _basis(more) == [("14-NQ/HU", "Huyện ủy La Hai")]
    joint = "Thực hiện Kế hoạch liên ngành số 6/KHLN-YT-GDĐT ngày 05/3/2026 giữa Sở Y tế và Sở Giáo dục và Đào tạo"
    assert _basis(joint)[0][0] == "6/KHLN-YT-GDĐT"


@pytest.mark.parametrize(
    ("line", "purpose"),
    [
        ("Các thành viên Ban Chỉ huy phòng thủ dân sự xã", "act"),
        ("Lãnh đạo VNPT Đồi Sim", "act"),
        ("Trưởng các cơ quan tham mưu, giúp việc Đảng ủy", "act"),
        ("Các đồng chí Ủy viên Ban Chấp hành Đảng bộ xã", "inform"),
    ],
)
def test_who_is_addressed_for_a_body_acts(line: str, purpose: str) -> None:
    letter = (
        "ĐẢNG ỦY XÃ ĐỒI SIM\nSố 12-CV/ĐU\nĐồi Sim, ngày 06/4/2026\nV/v phòng lũ\n\nKính gửi: {}.\n\nĐề nghị triển khai ngay.\n"
    )
    plan = read_text(letter.format(line) + "\nNơi nhận:\n- Như trên;\n- Lưu VPĐU.\n\nBÍ THƯ\n\nLý Văn Sơn", "x.txt")
    assert plan.recipients[0].purpose == purpose


def test_a_body_that_a_later_sentence_charges_acts() -> None:
    body = """
I. TỔ CHỨC THỰC HIỆN
1. Phòng Kinh tế chủ trì đo đạc. Giao Phòng Văn hóa - Xã hội in tờ rơi; Trạm Y tế xã cử người trực.

Nơi nhận:
- Phòng KT, Phòng VH-XH;
- Trạm Y tế xã;
- Chi nhánh Điện lực;
- LĐLĐ huyện;
- Lưu: VT.
"""
    plan = _head("UBND XÃ ĐỒI SIM\nSố: 12/KH-UBND\nĐồi Sim, ngày 06/4/2026\nKẾ HOẠCH\nLàm sạch kênh", body=body)
    assert [each.purpose for each in plan.recipients] == ["act", "act", None, "inform", "file"]


def test_a_paper_without_a_list_ends_with_an_office_over_its_holder() -> None:
    body = "\nĐiều 1. Thành lập tổ trực.\nĐiều 2. Tổ trực lập lịch.\nHIỆU TRƯỞNG\nLý Thị Na\n"
    plan = _head("TRƯỜNG MẦM NON ĐỒI SIM\nSố: 12/QĐ-MN\nĐồi Sim, ngày 06/4/2026\nQUYẾT ĐỊNH\nVề tổ trực", body=body)
    assert plan.signer == Signer(authority=None, title="HIỆU TRƯỞNG", name="Lý Thị Na")


def test_words_behind_the_kind_of_paper_are_no_title() -> None:
    plan = _head("SỞ Y TẾ\nSố: 12/HDLN-SYT\nĐồi Sim, ngày 06/4/2026\nHƯỚNG DẪN LIÊN NGÀNH\nBảo hiểm y tế học sinh")
    assert (plan.type, plan.title) == ("HD", "Bảo hiểm y tế học sinh")


def test_a_boards_place_is_told_by_the_head_though_its_words_stand_otherwise() -> None:
    head = "TỈNH ĐOÀN PHÚ SƠN\nBCH ĐOÀN HUYỆN ĐỒI SIM\nSố: 12-KH/ĐTN\nĐồi Sim, ngày 06/4/2026\nKẾ HOẠCH\nNgày hội"
    plan = _head(head, opening="\nĐược cấp ủy đồng ý, BTV Huyện đoàn xây dựng kế hoạch như sau:\n")
    assert plan.issuer == "BTV Huyện đoàn Đồi Sim"


@pytest.mark.parametrize(
    ("opening", "basis"),
    [
        ("Quán triệt Chỉ thị số 5/CT-VKSTC ngày 6/12/2025, Viện yêu cầu:", [("5/CT-VKSTC", "CT")]),
        ("Bão vào tối 15/10. Thực hiện Công điện số 19/CĐ-TTg ngày 13/10/2025, Ủy ban yêu cầu:", [("19/CĐ-TTg", "CĐ")]),
        (
            "Thực hiện Chỉ thị số 5-CT/TU ngày 6/12/2025; Văn bản số 35/UBND-NL ngày 8/12/2025 của UBND tỉnh, Ủy ban yêu cầu:",
            [("5-CT/TU", "CT"), ("35/UBND-NL", "CV")],
        ),
    ],
)
def test_what_an_opening_carries_out_is_said_in_other_words_too(opening: str, basis: list[tuple[str, str]]) -> None:
    assert [(each.number, each.type) for each in _head(LINES_IN_TURN, opening=f"\n{opening}\n").basis] == basis


@pytest.mark.parametrize("goes_on", ["thì việc này chậm", "và ý kiến của Bí thư", "nên các thôn phải gấp"])
def test_an_issuer_ends_before_the_words_that_go_on(goes_on: str) -> None:
    opening = f"\nThực hiện Quyết định số 8/QĐ-UBND ngày 6/3/2026 của UBND huyện {goes_on}, Ủy ban yêu cầu:\n"
    assert [each.issuer for each in _head(LINES_IN_TURN, opening=opening).basis] == ["UBND huyện"]


@pytest.mark.parametrize(
    ("label", "purpose"),
    [
        ("để dự họp", "act"),
        ("để kiểm soát chi", "act"),
        ("góp ý", "act"),
        ("để biết, dự", "inform"),
        ("để nắm tình hình", "inform"),
    ],
)
def test_a_label_says_what_for_in_many_words(label: str, purpose: str) -> None:
    assert _recipients(f"Nơi nhận:\n- Ban Thủy nông ({label});\n- Lưu: VT.")[0] == ("Ban Thủy nông", purpose)


def test_a_paper_s_full_kind_may_stand_before_its_number() -> None:
    opening = "\nCăn cứ Luật Đất đai; Quy chế làm việc số 2/QC-UBND ngày 05/7/2025 của UBND xã, Ủy ban yêu cầu:\n"
    assert [each.number for each in _head(LINES_IN_TURN, opening=opening).basis] == ["2/QC-UBND"]
