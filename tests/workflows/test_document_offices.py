"""What offices write in their papers, real ones retold: who issued what is named, who is charged, who only belongs to a board."""

from __future__ import annotations

import pytest

from workflows.documents import read_text
from workflows.documents.coverage import covers
from workflows.plans import Plan


def decision(*lines: str, kind: str = "QUYẾT ĐỊNH", symbol: str = "QĐ") -> Plan:
    head = f"ỦY BAN NHÂN DÂN\nTỈNH PHÚ SƠN\nSố: 7/{symbol}-UBND\nPhú Sơn, ngày 05 tháng 3 năm 2026\n\n{kind}\nVề việc sắp xếp hội"
    return read_text("\n\n".join([head, *lines, "Nơi nhận:\n- Lưu: VT."]), "paper")


@pytest.mark.parametrize(
    ("named", "issuer"),
    [
        ("Nghị định số 12/2025/NĐ-CP ngày 01/3/2025 của Chính phủ tổ chức, quản lý quỹ", "Chính phủ"),
        ("Công văn số 5/CV-HLH ngày 02/3/2025 của Hội Làm vườn Việt Nam Hướng dẫn một số việc", "Hội Làm vườn Việt Nam"),
        ("Theo đề nghị của Hội Làm vườn tại Đơn ngày 02 tháng 3 năm 2025 và Sở Y tế tại Tờ trình số 8/TTr-SYT", "Sở Y tế"),
        (
            "Thông tư số 2/2017/TT-VPCP ngày 31/10/2017 của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ hướng dẫn về thủ tục",
            "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
        ),
        ("Nhằm nâng cao đời sống của người dân (theo chỉ đạo của Sở Y tế tại Thông báo số 8/TB-SYT)", "Sở Y tế"),
    ],
)
def test_who_issued_a_paper_is_named_up_to_what_it_says(named: str, issuer: str) -> None:
    plan = decision(f"{named};", "QUYẾT ĐỊNH:", "Điều 1. Sở Y tế lập danh sách.")
    assert [each.issuer for each in (*plan.basis, *plan.citations)] == [issuer]


def test_what_goes_on_to_be_carried_out_is_a_basis_and_a_bracket_may_part_number_and_day() -> None:
    plan = decision(
        "Tiếp tục thực hiện Nghị quyết số 6/NQ-CP ngày 01/3/2025 của Chính phủ, Tờ trình số 4/TTr-CAT(PC04) ngày 02/3/2025."
    )
    assert [each.number for each in plan.basis] == ["6/NQ-CP", "4/TTr-CAT"]
    assert [str(each.date) for each in plan.basis] == ["2025-03-01", "2025-03-02"]


@pytest.mark.parametrize(
    "name",
    [
        "Đoàn Luật sư",
        "các cơ quan Trung ương đóng trên địa bàn",
        "Ban vận động thành lập Hội Làm vườn",
        "các Ban chấp hành Hội Làm vườn",
        "Hội đồng xét duyệt",
        "Nhà đầu tư",
    ],
)
def test_names_that_hold_a_verbs_word_are_whole(name: str) -> None:
    plan = decision(f"1. {name} rà soát hồ sơ trước ngày 20/4/2026.", "2. Sở Y tế cập nhật.", kind="CHỈ THỊ", symbol="CT")
    assert [task.unit for task in plan.tasks] == [name, "Sở Y tế"]


def test_the_members_of_a_board_are_given_nothing_to_do_and_the_title_ends_before_who_decides() -> None:
    head = "UBND TỈNH PHÚ SƠN\nHỘI ĐỒNG THẨM ĐỊNH\nSố: 7/QĐ-HĐTĐ\nPhú Sơn, ngày 05 tháng 3 năm 2026\n\nQUYẾT ĐỊNH\n"
    head += "Về việc thành lập Tổ giúp việc\nCHỦ TỊCH HỘI ĐỒNG THẨM ĐỊNH,\nXẾP LOẠI THÔN LÀNG TỈNH PHÚ SƠN\n\n"
    head += "Căn cứ Luật Thi đua;\n\nQUYẾT ĐỊNH:\n\nĐiều 1. Thành lập Tổ giúp việc, gồm các thành viên:\n\n"
    body = "1. Tổ trưởng: Ông Trần Văn An - Phó Giám đốc Sở Y tế.\n\n2. Các thành viên:\n\na) Sở Nội vụ\n\n- Bà Lê Thị Bình.\n\n"
    plan = read_text(f"{head}{body}Điều 2. Tổ giúp việc có trách nhiệm tổng hợp hồ sơ.\n\nNơi nhận:\n- Lưu: VT.", "paper")
    assert [(task.heading, task.unit) for task in plan.tasks] == [("Điều 2", "Tổ giúp việc")]
    assert plan.title == "thành lập Tổ giúp việc"


def test_numbers_in_a_quotation_are_another_papers() -> None:
    quoted = ["“2. Hồ sơ gồm:", "a) Sở Y tế gửi đơn;", "b) Trạm Y tế gửi danh sách.”"]
    plan = decision("1. Sở Tư pháp rà soát hồ sơ theo quy định:", *quoted, "2. Sở Nội vụ trả lời.", kind="CHỈ THỊ", symbol="CT")
    assert [(task.heading, task.unit) for task in plan.tasks] == [("1", "Sở Tư pháp"), ("2", "Sở Nội vụ")]


def test_an_addressee_goes_on_where_a_line_ends_with_the_word_for_a_place() -> None:
    head = "SỞ TƯ PHÁP\nSố: 5/STP-BT\nV/v rà soát\n\nKính gửi: Hội Làm vườn tỉnh Phú Sơn, tỉnh\nAn Lạc.\n\n"
    plan = read_text(f"{head}Đề nghị các hội gửi danh sách.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.", "paper")
    assert [each.text for each in plan.recipients if each.list == "kinh_gui"] == ["Hội Làm vườn tỉnh Phú Sơn, tỉnh An Lạc"]


def test_what_is_said_of_the_same_body_belongs_to_its_item_and_above_all_again_to_none() -> None:
    body = [
        "1. Đối với Ban Chủ nhiệm Hội Làm vườn",
        "Đề nghị Ban Chủ nhiệm Hội Làm vườn các tỉnh (cũ) gửi hồ sơ trước ngày 25/4/2026.",
    ]
    body += ["2. Về thời hạn: Giao Sở Y tế số 1 chủ trì, phối hợp với Sở Nội vụ rà soát."]
    body += [f"Đề nghị Ban Chủ nhiệm Hội Làm vườn, Sở Y tế số 1 khẩn trương thực hiện các nội dung nêu trên{', đúng hạn' * 20}."]
    plan = decision(*body, kind="CHỈ THỊ", symbol="CT")
    assert [(task.heading, task.unit, task.role, str(task.due_date)) for task in plan.tasks if task.role != "support"] == [
        ("1", "Ban Chủ nhiệm Hội Làm vườn", None, "2026-04-24"), ("2", "Sở Y tế số 1", "lead", "None"),
    ]  # fmt: skip


def test_a_council_that_holds_something_and_one_to_whom_a_numbered_board_sends() -> None:
    body = ["1. Hội đồng tổ chức đối thoại.", "2. Sở Y tế gửi hồ sơ về Ban Quản lý dự án số 1 và Sở Nội vụ trước ngày 25/4/2026."]
    plan = decision(*body, kind="CHỈ THỊ", symbol="CT")
    assert plan.tasks[0].unit == "Hội đồng"
    assert plan.deadlines[0].to == ("Ban Quản lý dự án số 1", "Sở Nội vụ")


def test_central_offices_that_stand_in_the_province_are_not_above_it() -> None:
    head = "ỦY BAN NHÂN DÂN\nTỈNH PHÚ SƠN\nSố: 7/KH-UBND\n\nKẾ HOẠCH\nLàm sạch đường\n\n"
    body = "1. Các cơ quan Trung ương đóng trên địa bàn quét dọn.\n\n"
    body += "Nơi nhận:\n- Các cơ quan Trung ương đóng trên địa bàn;\n- Lưu: VT."
    assert [each.purpose for each in read_text(head + body, "paper").recipients] == ["act", "file"]


@pytest.mark.parametrize(
    ("listed", "body"),
    [
        ("UBND các xã, phường", "Chánh Văn phòng Ủy ban nhân dân tỉnh"),
        ("UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("Sở Nội vụ các tỉnh, thành phố trực thuộc Trung ương", "UBND các tỉnh, thành phố trực thuộc Trung ương"),
        ("Các đơn vị thuộc, trực thuộc Bộ Nội vụ", "các bộ, cơ quan ngang bộ"),
        ("Văn phòng Tỉnh ủy và các Ban xây dựng Đảng", "Văn phòng UBND tỉnh"),
    ],
)
def test_a_line_does_not_mean_a_body_for_letters_levels_or_an_office_in_its_name(listed: str, body: str) -> None:
    assert not covers(listed, body)


def test_boards_that_the_paper_sets_up_are_named_whole() -> None:
    founded = "Điều 1. Thành lập Hội đồng An toàn, vệ sinh chợ tỉnh gồm:"
    plan = decision(founded, "Điều 2. Hội đồng an toàn, vệ sinh chợ quy định giờ mở.")
    assert [task.unit for task in plan.tasks] == ["Hội đồng an toàn, vệ sinh chợ"]


def test_who_is_asked_above_dashes_that_name_nobody_does_all_of_them() -> None:
    body = ["I. NỘI DUNG", "II. TỔ CHỨC THỰC HIỆN", "Để kịp thời, Sở Nội vụ đề nghị các trạm, tổ thực hiện các nội dung sau:"]
    body += ["- Giao cơ quan, đơn vị rà soát số liệu.", "- Cử người phụ trách trước ngày 25/4/2026."]
    plan = decision(*body, kind="KẾ HOẠCH", symbol="KH")
    assert [(task.heading, task.unit, str(task.due_date)) for task in plan.tasks] == [("II", "các trạm, tổ", "2026-04-24")]


def test_a_dossier_sent_along_is_attached_and_a_registration_calls_no_meeting() -> None:
    body = ["1. Sở Y tế đánh giá kết quả.", "2. Sở Nội vụ đăng ký đại biểu dự Hội nghị qua email trước ngày 25/4/2026."]
    plan = decision(*body, "(Sở Tư pháp gửi kèm toàn bộ hồ sơ hợp nhất Hội Làm vườn)", kind="CHỈ THỊ", symbol="CT")
    assert [each.text for each in plan.attachments] == ["toàn bộ hồ sơ hợp nhất Hội Làm vườn"]
    assert not plan.conferences


@pytest.mark.parametrize(
    ("line", "purpose"),
    [
        ("Bộ TTTT", "inform"),
        ("Cục Kiểm tra văn bản - Bộ TP", "inform"),
        ("Cục Bảo trợ xã hội (Bộ Y tế)", "inform"),
        ("V01, C07 - Bộ Công an", "inform"),
        ("Ban Chỉ đạo quốc gia về nước sạch", "inform"),
        ("UBND tỉnh (2A, 3B)", "inform"),
        ("Bộ CHQS tỉnh", None),
        ("Phòng Hành chính (chuẩn bị phòng họp)", "act"),
        ("Trung tâm Thông tin (kết nối đường truyền)", "act"),
        ("Báo Phú Sơn (cử PV)", "act"),
    ],
)
def test_ministries_by_their_letters_the_issuer_itself_and_what_a_bracket_asks(line: str, purpose: str | None) -> None:
    head = "ỦY BAN NHÂN DÂN\nTỈNH PHÚ SƠN\nSố: 7/QĐ-UBND\nPhú Sơn, ngày 05 tháng 3 năm 2026\n\nQUYẾT ĐỊNH\nVề việc lập ban\n\n"
    found = read_text(f"{head}Điều 1. Ban Chỉ đạo nước sạch tỉnh lập sổ.\n\nNơi nhận:\n- {line};\n- Lưu: VT.", "paper")
    assert found.recipients[0].purpose == purpose


def test_groups_that_the_last_article_has_execute_the_decision_act() -> None:
    head = "ỦY BAN NHÂN DÂN\nTỈNH PHÚ SƠN\nSố: 7/QĐ-UBND\nPhú Sơn, ngày 05 tháng 3 năm 2026\n\nQUYẾT ĐỊNH\nVề việc lập ban\n\n"
    body = "Điều 1. Ban hành Quy định về chợ.\n\n"
    body += "Điều 2. Giám đốc các sở, Thủ trưởng ban, ngành tỉnh chịu trách nhiệm thi hành Quyết định này."
    found = read_text(f"{head}{body}\n\nNơi nhận:\n- Sở, ban, ngành tỉnh;\n- Cơ quan báo, đài;\n- Lưu: VT.", "paper")
    assert [each.purpose for each in found.recipients] == ["act", None, "file"]
