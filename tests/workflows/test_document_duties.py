"""Reading which papers a document stands on, what each unit is given and what comes again, in more of clerks' wordings."""

from __future__ import annotations

import pytest

from tests.workflows.frames import of_health_office
from workflows.documents import read_text
from workflows.documents.files.flat_tables import rows_of_flat_tables


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("Công văn số 31/LĐLĐ-TC", "CV"),  # its second letters are those of an office, not of a kind of paper
        ("Công văn số 31/UBND-HĐ", "CV"),
        ("Chương trình hành động số 31-CTr/TU", "CTr"),
        ("Thông báo kết luận số 31-KL/TU", "KL"),
        ("Thông tri số 31-TTr/TU", None),
        ("Luật Đê điều số 79/2006/QH11", "L"),
        ("Nghị quyết số 79/2024/QH15", "NQ"),
    ],
)
def test_a_papers_kind_is_that_of_its_numbers_first_letters(named: str, kind: str | None) -> None:
    found = of_health_office(f"Thực hiện {named} ngày 02/3/2026, Sở Y tế đề nghị các trạm y tế trực đủ người.")
    assert [each.type for each in found.basis] == [kind]


def test_a_letter_of_an_office_whose_letters_are_a_kinds_is_a_letter() -> None:
    assert of_health_office("Đề nghị các trạm y tế trực đủ người.", symbol="12/SYT-TC").type == "CV"


@pytest.mark.parametrize(
    "words",
    ["Tiếp theo Công văn nêu trên và thực hiện", "Tiếp theo văn bản nói trên, thực hiện", "Tiếp theo công văn trên và căn cứ"],
)
def test_what_is_continued_may_be_named_before(words: str) -> None:
    told = "Ngày 02/3/2026, Sở Y tế đã có Công văn số 3/SYT-NVY về tiêm bù."
    found = of_health_office(
        f"{told} {words} Công điện số 7/CĐ-UBND ngày 03/4/2026 của UBND tỉnh, Sở Y tế yêu cầu trực đủ người."
    )
    assert [each.number for each in found.follows_up] == ["3/SYT-NVY"]
    assert [each.number for each in found.basis] == ["7/CĐ-UBND"]


@pytest.mark.parametrize(
    "opinion", ["ý kiến của Giám đốc Sở tại", "kết luận của Chủ tịch UBND tỉnh tại", "chỉ đạo của Bộ Y tế tại"]
)
def test_an_opinion_listed_with_what_is_carried_out_is_carried_out(opinion: str) -> None:
    plan = "Thực hiện Kế hoạch số 8/KH-UBND ngày 02/3/2026 của UBND tỉnh về tiêm chủng"
    found = of_health_office(f"{plan} và {opinion} Thông báo số 9/TB-UBND ngày 05/3/2026, Sở Y tế yêu cầu trực đủ người.")
    assert [each.number for each in found.basis] == ["8/KH-UBND", "9/TB-UBND"]


@pytest.mark.parametrize("gap", [" " * 20, "\t"])
def test_the_signature_may_stand_left_of_the_recipients(gap: str) -> None:
    rows = [
        ("T/M BAN THƯỜNG VỤ", "Nơi nhận:"),
        ("BÍ THƯ", "- Thường trực Tỉnh ủy (báo cáo),"),
        ("", "- Mặt trận Tổ quốc và"),
        ("", "các đoàn thể xã (thực hiện),"),
        ("Lý Văn Sơn", "- Lưu Văn phòng Đảng ủy."),
    ]
    head = "ĐẢNG BỘ TỈNH\nĐẢNG ỦY XÃ ĐỒI SIM\nSố 09-CT/ĐU\nĐồi Sim, ngày 12/9/2025\n\nCHỈ THỊ\nvề vệ sinh đường làng\n\n"
    plan = read_text(
        f"{head}1. Các chi bộ làm vệ sinh đường làng./.\n\n" + "\n".join(f"{left}{gap}{right}" for left, right in rows), "x.txt"
    )
    assert plan.signer
    assert (plan.signer.title, plan.signer.name) == ("BÍ THƯ", "Lý Văn Sơn")
    assert [(each.text, each.purpose) for each in plan.recipients] == [
        ("Thường trực Tỉnh ủy", "report"),
        ("Mặt trận Tổ quốc và các đoàn thể xã", "act"),
        ("Lưu Văn phòng Đảng ủy", "file"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Trạm Y tế báo cáo quý gửi trước ngày 18 của tháng cuối quý và thay cho báo cáo của tháng đó", [("quarterly", 17)]),
        (
            "Trạm Y tế trực đủ người; hết sáu tháng đầu năm và hết năm có báo cáo bằng văn bản",
            [("half_year", None), ("yearly", None)],
        ),
        ("Trạm Y tế trực đủ người; hết quý, hết năm báo cáo bằng văn bản", [("quarterly", None), ("yearly", None)]),
        ("Trạm Y tế công bố giá dịch vụ hằng tháng, chậm nhất mùng 5 của tháng", [("monthly", 5)]),
        ("Trạm Y tế gửi số liệu cứ chiều thứ Năm (chậm nhất 17h00)", [("weekly", None)]),
    ],
)
def test_what_comes_again_in_more_wordings(words: str, expected: list[tuple[str, int | None]]) -> None:
    assert [(each.frequency, each.day) for each in of_health_office(f"1. {words}.").recurring] == expected


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_table_whose_cells_came_each_in_its_own_line_has_rows(between: str) -> None:
    cells = ["TT", "Nội dung", "Cơ quan chủ trì", "Hạn trình"]
    cells += ["1", "Đề án tiêm chủng", "Phòng Nghiệp vụ Y", "10/5/2026", "2", "Kế hoạch mua sắm", "Văn phòng Sở", "12/6/2026"]
    found = of_health_office(
        "I. NỘI DUNG TRÌNH", between.join(cells), "II. TỔ CHỨC THỰC HIỆN", "1. Văn phòng Sở theo dõi, đôn đốc."
    )
    assert [(each.unit, each.role, str(each.due_date)) for each in found.tasks][:2] == [
        ("Phòng Nghiệp vụ Y", "lead", "2026-05-10"),
        ("Văn phòng Sở", "lead", "2026-06-12"),
    ]


def test_lines_that_only_begin_like_a_flat_table_stay_lines() -> None:
    rows = [("TT",), ("Nội dung",), ("Hạn",), ("1",), ("Đề án",), ("10/5/2026",), ("Kết thúc",)]
    assert rows_of_flat_tables(rows) == rows


@pytest.mark.parametrize(
    ("words", "frequency"),
    [
        ("Văn phòng Sở thông báo công khai kết quả xử lý hồ sơ hằng tuần", "weekly"),
        ("Văn phòng Sở chấm điểm và công bố xếp hạng hằng năm", "yearly"),
        ("6 tháng một lần, Văn phòng Sở sơ kết, rút kinh nghiệm", "half_year"),
    ],
)
def test_what_is_announced_or_reviewed_comes_again(words: str, frequency: str) -> None:
    assert [(each.frequency, each.who) for each in of_health_office(f"1. {words}.").recurring] == [(frequency, ("Văn phòng Sở",))]


def test_a_heading_of_guests_is_no_task() -> None:
    guests = ["1. Đại biểu tỉnh", "- Lãnh đạo Sở Tài chính;", "2. Khách mời", "- Các trạm y tế."]
    assert not of_health_office("Sở Y tế trân trọng kính mời:", *guests, symbol="12/GM-SYT").tasks


def test_the_organ_that_acts_bears_the_place_that_only_the_head_prints() -> None:
    head = "BCH TỈNH ĐOÀN ĐỒI SIM\nSố: 15-KH/TĐTN-PT\nĐồi Sim, ngày 06/4/2026\nKẾ HOẠCH\nChiến dịch hè\n\n"
    found = read_text(f"{head}Thực hiện chương trình năm 2026, Ban Thường vụ Tỉnh đoàn ban hành kế hoạch như sau:", "x.txt")
    assert found.issuer == "Ban Thường vụ Tỉnh đoàn Đồi Sim"


def test_those_who_take_part_belong_to_an_offices_name() -> None:
    found = of_health_office("1. Phòng Quản lý thu và Phát triển người tham gia là đầu mối theo dõi; gửi kết quả cho Sở Y tế.")
    assert [(each.unit, each.role) for each in found.tasks] == [("Phòng Quản lý thu và Phát triển người tham gia", "lead")]
