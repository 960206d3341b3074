"""Where a table of tasks ends, which items a letter's tasks are, and how parts by letters are cited."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.frames import COMMUNE
from tests.workflows.test_document_tasks import given, letter, plan
from workflows import documents
from workflows.documents.layout import numbering


def test_a_table_ends_where_numbered_text_begins_or_the_recipients_are_listed() -> None:
    table = "STT\tNội dung\tChủ trì\tThời hạn\n1\tĐo đạc\tPhòng Kinh tế\t14/3/2026\n2\tVớt bèo\tCác thôn\t20/3/2026"
    found = plan(f"{table}\nC. CHẾ ĐỘ BÁO CÁO\n- Các thôn báo cáo Phòng Kinh tế hằng tuần trước 16h thứ Sáu.")
    assert given(found) == [("II.1", "Phòng Kinh tế"), ("II.2", "Các thôn")]
    assert [each.weekday for each in found.recurring] == ["fri"]
    assert [each.text for each in found.recipients] == ["Như trên", "Lưu: VT"]


def test_what_is_led_may_be_named_by_the_kind_of_paper_and_end_with_a_number_of_months() -> None:
    rows = (
        "1\tBáo cáo sơ kết 6 tháng\tVăn phòng Đảng ủy\tCác thôn\t05/6/2026\n2\tĐề án kênh mương\tPhòng Kinh tế\t\ttrước 12/5/2026"
    )
    tasks = plan(f"STT\tTên văn bản\tCơ quan chủ trì\tCơ quan phối hợp\tTrình xong\n{rows}").tasks
    assert [(task.heading, task.unit, task.due_date) for task in tasks] == [
        ("II.1", "Văn phòng Đảng ủy", date(2026, 6, 5)),
        ("II.2", "Phòng Kinh tế", date(2026, 5, 11)),
    ]


def test_a_table_of_meetings_gives_no_tasks() -> None:
    assert plan("STT\tHội nghị\tThời gian\tĐịa điểm\tChủ trì\n1\tSơ kết\t14/3/2026\tHội trường\tPhòng Kinh tế").tasks == ()


def test_a_reports_day_in_a_table_dates_no_task() -> None:
    rows = "TT\tLoại báo cáo\tThời hạn gửi\tHình thức\n1\tBáo cáo 6 tháng\tTrước ngày 10/6\tBản giấy"
    assert [task.due_date for task in letter(f"1. Các thôn gửi báo cáo theo bảng sau:\n\n{rows}").tasks] == [None]


def test_the_numbered_sentences_below_a_letters_headings_are_its_tasks() -> None:
    found = letter(
        "1. Về kênh mương",
        "1.1. Phòng Kinh tế đo đạc xong trước ngày 20/3/2026.",
        "1.2. Không đào mới.",
        "2. Họp giao ban tuần",
        "Thứ Sáu, 8 giờ, tại hội trường.",
        "3. Các thôn:",
        "a) Vớt bèo;",
        "b) Phát cỏ.",
    )
    assert given(found) == [("1.1", "Phòng Kinh tế"), ("1.2", None), ("3", "Các thôn")]


def test_guests_are_not_charged_with_what_an_invitation_asks_of_nobody() -> None:
    found = letter(
        "1. Thời gian: 8 giờ ngày 20/3/2026.",
        "Trường hợp vắng mặt xin báo trước ngày 19/3/2026.",
        symbol="GM-UBND",
        title="GIẤY MỜI\nHọp về kênh mương\n\nKính gửi:\n- Phòng Kinh tế;\n- Công an xã.",
    )
    assert [each.who for each in found.deadlines] == [()]


def conclusion(*items: str) -> list[tuple[str | None, str | None]]:
    found = letter("A. TÌNH HÌNH CHUNG", "Kênh cạn.", *items, symbol="TB-UBND", title="THÔNG BÁO\nKết luận về kênh mương")
    return given(found)


def test_the_part_after_the_last_may_be_a_sentence() -> None:
    items = (
        "B. NHIỆM VỤ CỦA CÁC THÔN",
        "1. Thôn Đông vớt bèo.",
        "C. Về kiến nghị của thôn Tây: giao Phòng Kinh tế xem xét, trả lời.",
    )
    assert conclusion(*items) == [("B.1", "Thôn Đông"), ("C", "Phòng Kinh tế")]


def test_below_a_conclusions_heading_somebody_may_be_charged_later() -> None:
    assert conclusion(
        "B. NHIỆM VỤ CỤ THỂ",
        "1. Kênh Đông",
        "Tạm dừng việc đào mới cho đến khi có nước. Phòng Kinh tế có trách nhiệm bám sát, cập nhật.",
        "2. Mở rộng cống Tây; kè bờ suối\nGiao Công an xã bàn giao toàn bộ mặt bằng trước ngày 20/3/2026.",
    ) == [("B.1", "Phòng Kinh tế"), ("B.2", "Công an xã")]


def purposes(issuer: str, body: str, *recipients: str, symbol: str = "KH-UBND") -> dict[str, str | None]:
    listed = "\n".join(f"- {each};" for each in recipients)
    head = f"{issuer}\n\nSố: 12/{symbol}\n\nĐồi Sim, ngày 03 tháng 3 năm 2026"
    text = f"{head}\n\nKẾ HOẠCH\nNạo vét kênh mương\n\n{body}\n\nNơi nhận:\n{listed}\n- Lưu: VT."
    return {each.text: each.purpose for each in documents.read_text(text, "plan.txt").recipients}


def test_who_is_led_by_whom_decides_what_a_line_means() -> None:
    found = purposes(
        "BỘ CÔNG THƯƠNG",
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Vụ Kế hoạch lập danh mục.",
        "UBND các tỉnh, TP trực thuộc TW (để chỉ đạo)",
        symbol="KH-BCT",
    )
    assert found["UBND các tỉnh, TP trực thuộc TW"] == "act"
    found = purposes(
        "ỦY BAN NHÂN DÂN TỈNH ĐỒI SIM",
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Thường trực HĐND, UBND các xã, phường vớt bèo.",
        "Bộ Công an",
        "Thường trực HĐND, UBND các xã, phường",
        "Chi bộ các thôn (lãnh đạo)",
    )
    assert found == {
        "Bộ Công an": "inform",
        "Thường trực HĐND, UBND các xã, phường": "act",
        "Chi bộ các thôn": "act",
        "Lưu: VT": "file",
    }
    assert purposes("HUYỆN ĐOÀN ĐỒI SIM", "Các cơ sở Đoàn vớt bèo.", "Ban Tổ chức Huyện ủy", symbol="KH-ĐTN")[
        "Ban Tổ chức Huyện ủy"
    ] == ("inform")


def test_who_is_to_work_with_the_leader_or_is_invited_has_something_to_do() -> None:
    body = "I. TỔ CHỨC THỰC HIỆN\n\n1. Phòng Kinh tế chủ trì cùng Thanh tra huyện và Công an huyện đo đạc."
    found = purposes("ỦY BAN NHÂN DÂN HUYỆN ĐỒI SIM", body, "Thanh tra huyện", "Bưu điện")
    assert found == {"Thanh tra huyện": "act", "Bưu điện": None, "Lưu: VT": "file"}


ITEMS = ("1. Phòng Kinh tế đo đạc.", "2. Các thôn vớt bèo.")


@pytest.mark.parametrize(
    "heading",
    [
        "PHẦN II. TỔ CHỨC THỰC HIỆN",
        "II/ TỔ CHỨC THỰC HIỆN",
        "Chương II\nTỔ CHỨC THỰC HIỆN",
        "PHẦN THỨ HAI: TỔ CHỨC THỰC HIỆN",
        "Mục II. Tổ chức thực hiện",
        "II. YÊU CẦU ĐỐI VỚI CÁC ĐƠN VỊ",
        "II.- TỔ CHỨC THỰC HIỆN",
    ],
)
def test_a_part_may_be_headed_in_many_ways(heading: str) -> None:
    body = "\n\n".join(["I. MỤC ĐÍCH", "Làm sạch kênh.", heading, *ITEMS])
    assert given(
        documents.read_text(COMMUNE.format(symbol="KH-UBND", title="KẾ HOẠCH\nVề kênh mương", body=body), "plan.txt")
    ) == [
        ("II.1", "Phòng Kinh tế"),
        ("II.2", "Các thôn"),
    ]


@pytest.mark.parametrize(
    ("numbers", "headings"),
    [
        (("a/", "b/"), ("II.a", "II.b")),
        (("1.-", "2.-"), ("II.1", "II.2")),
        (("II.1.", "II.2."), ("II.1", "II.2")),
        (("❖", "❖"), ("II", "II")),
    ],
)
def test_items_may_be_numbered_in_many_ways(numbers: tuple[str, str], headings: tuple[str, str]) -> None:
    found = plan(f"{numbers[0]} Phòng Kinh tế đo đạc.", f"{numbers[1]} Các thôn vớt bèo.")
    assert given(found) == list(zip(headings, ["Phòng Kinh tế", "Các thôn"], strict=True))


def test_articles_count_through_all_chapters() -> None:
    body = "Điều 1. Ban hành Quy chế.\n\nChương I\nTRÁCH NHIỆM\n\nĐiều 2. Phòng Kinh tế đo đạc.\n\nĐiều 3. Các thôn vớt bèo."
    text = COMMUNE.format(symbol="QĐ-UBND", title="QUYẾT ĐỊNH\nVề kênh mương", body=body)
    assert given(documents.read_text(text, "plan.txt")) == [("Điều 2", "Phòng Kinh tế"), ("Điều 3", "Các thôn")]


def test_dashes_that_each_begin_with_a_body_are_tasks_of_the_item_above() -> None:
    dashes = "1. Về kênh Đông\n- Phòng Kinh tế đo đạc.\n- Các thôn vớt bèo."
    assert given(letter(dashes)) == [("1", "Phòng Kinh tế"), ("1", "Các thôn")]
    assert given(letter("1. Về kênh Đông\n- Phòng Kinh tế đo đạc.\n- Không chặt cây.")) == [("1", None)]


def test_lettered_sentences_below_a_letters_headings_are_its_tasks() -> None:
    assert given(letter("1. Về kênh", "a) Công an xã rào đường.", "b) Không chặt cây.")) == [("1.a", "Công an xã"), ("1.b", None)]


HEADER = "TT\tNội dung công việc\tĐơn vị chủ trì\tThời hạn"


@pytest.mark.parametrize(
    ("table", "tasks"),
    [
        (
            f"{HEADER}\nA\tKênh\n1\tĐo đạc\tPhòng Kinh tế\t20/3/2026\nB\tĐường\n1\tRào\tCông an xã\t20/3/2026",
            [("II.A.1", "Phòng Kinh tế"), ("II.B.1", "Công an xã")],
        ),
        (
            f"{HEADER}\n1\tKênh\n1.1\tĐo đạc\tPhòng Kinh tế\t20/3/2026\n1.2\tRào\tCông an xã\t20/3/2026",
            [("II.1.1", "Phòng Kinh tế"), ("II.1.2", "Công an xã")],
        ),
        (
            "| TT | Việc | Đơn vị chủ trì | Thời hạn |\n|---|---|---|---|\n| 1 | Đo đạc | Phòng Kinh tế | 20/3/2026 |\n"
            "| | Rào đường | Công an xã | 20/3/2026 |",
            [("II.1", "Phòng Kinh tế"), ("II.1", "Công an xã")],
        ),
        (
            "TT\tCơ quan, đơn vị\tNhiệm vụ được giao\tThời gian\n1\tPhòng Kinh tế\tĐo đạc\t20/3/2026",
            [("II.1", "Phòng Kinh tế")],
        ),
        (
            "TT\tHọ và tên\tNhiệm vụ\tThời gian\n1\tÔng Lý Văn Nam, Phó Chủ tịch UBND xã\tĐo đạc\t20/3/2026",
            [("II.1", "Ông Lý Văn Nam, Phó Chủ tịch UBND xã")],
        ),
        ("TT\tHọ và tên\tChức vụ\tNhiệm vụ\n1\tÔng Lý Văn Nam\tPhó Chủ tịch UBND xã\tTrưởng ban", []),
    ],
)
def test_rows_of_tables_of_many_forms_are_tasks(table: str, tasks: list[tuple[str, str]]) -> None:
    assert given(plan(table)) == tasks


def test_a_meeting_of_the_staff_and_taxes_are_no_bodies() -> None:
    found = plan("1. Giao ban kiểm điểm tiến độ: Phó Chủ tịch Ủy ban nhân dân xã họp với các phòng vào thứ Hai hằng tuần.")
    assert given(found) == [("II.1", "Phó Chủ tịch Ủy ban nhân dân xã")]
    assert conclusion("B. KẾT QUẢ THU", "1. Tổng thu tăng; thuế sử dụng đất tăng, thuế nhà giảm.") == []


def test_a_joint_resolution_of_the_assemblys_committee_has_a_number_of_many_parts() -> None:
    number = "72/2022/NQLT/UBTVQH15-CP-ĐCTUBTWMTTQVN"
    opening = f"Căn cứ Nghị quyết liên tịch số {number} ngày 26/9/2022 của Chính phủ, Bộ Nội vụ hướng dẫn về kênh;"
    text = COMMUNE.format(symbol="KH-UBND", title="KẾ HOẠCH\nVề kênh mương", body=f"{opening}\n\nI. MỤC ĐÍCH\n\nLàm sạch.")
    assert [(each.number, each.issuer) for each in documents.read_text(text, "plan.txt").basis] == [
        (number, "Chính phủ, Bộ Nội vụ")
    ]


def test_a_dash_behind_a_number_makes_an_item_of_what_begins_with_a_capital_marked_or_not() -> None:
    assert numbering("3 - Ấp Đông rà soát hộ nghèo") is not None
    assert numbering("3 - ấp Đông và ấp Tây rà soát hộ nghèo") is None  # a line goes on: "các ấp 2 và 3 - ấp Đông …"
