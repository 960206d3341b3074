"""What each unit is given to do, whatever the form of the paper: items, headings, sentences, tables."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.frames import COMMUNE, of_commune
from workflows import documents
from workflows.plans import Plan


def plan(*items: str) -> Plan:
    body = ("I. MỤC ĐÍCH", "Làm sạch kênh mương trước mùa mưa.", "II. TỔ CHỨC THỰC HIỆN", *items)
    return of_commune(*body, symbol="KH-UBND", title="KẾ HOẠCH\nNạo vét kênh mương")


def letter(*items: str, symbol: str = "UBND-KT", title: str = "V/v nạo vét kênh mương\n\nKính gửi: Các thôn.") -> Plan:
    return of_commune("Ủy ban nhân dân xã yêu cầu thực hiện một số nội dung sau:", *items, symbol=symbol, title=title)


def given(found: Plan) -> list[tuple[str, str | None]]:
    return [(task.heading, task.unit) for task in found.tasks]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Khoa Kiểm soát bệnh nghề nghiệp", "Khoa Kiểm soát bệnh nghề nghiệp"),
        ("Phòng Kế hoạch tổng hợp", "Phòng Kế hoạch tổng hợp"),
        ("Bưu điện huyện", "Bưu điện huyện"),
        ("Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam xã", "Ủy ban Mặt trận Tổ quốc Việt Nam xã"),
        ("Trạm Thủy nông (cơ quan thường trực)", "Trạm Thủy nông"),
        ("Các thôn có kênh chảy qua", "Các thôn có kênh chảy qua"),
    ],
)
def test_a_heading_is_the_name_of_who_acts(heading: str, unit: str) -> None:
    found = plan(f"1. {heading}", "- Vớt bèo, khơi dòng hằng tuần.", "- Ghi sổ theo dõi.")
    assert given(found) == [("II.1", unit)]


def test_a_name_does_not_run_into_the_verb_of_the_next_line() -> None:
    long = "Ủy ban Mặt trận Tổ quốc Việt Nam xã và các tổ chức chính trị - xã hội"
    found = plan(f"1. {long}\nVận động hội viên góp ngày công.", "2. Các thôn", "Chuẩn bị dụng cụ.")
    assert given(found) == [("II.1", long), ("II.2", "Các thôn")]
    assert found.tasks[0].gist == "Vận động hội viên góp ngày công."


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("Các thôn chưa báo cáo khẩn trương gửi số liệu.", "Các thôn chưa báo cáo"),
        ("Các thôn có tên trong danh sách gửi bổ sung ảnh chụp.", "Các thôn có tên trong danh sách"),
        ("Các thôn có trách nhiệm huy động nhân lực.", "Các thôn"),
        ("Phòng Kinh tế nâng cấp hệ thống cống lấy nước.", "Phòng Kinh tế"),
        ("Từ nay đến hết ngày 20/3/2026, Phòng Kinh tế cập nhật tiến độ.", "Phòng Kinh tế"),
        ("Chế độ báo cáo: Các thôn gửi số liệu về Phòng Kinh tế.", "Các thôn"),
        ("Tăng cường kiểm tra bờ kênh.", None),
        ("Đài Truyền thanh xã ghim bản tin ở nhà văn hóa các thôn.", "Đài Truyền thanh xã"),
        ("Công chức Tư pháp - Hộ tịch dán nhãn từng tập hồ sơ.", "Công chức Tư pháp - Hộ tịch"),
        ("Đồn Biên phòng Bãi Sậy thổi còi gọi thuyền vào bờ.", "Đồn Biên phòng Bãi Sậy"),
        ("VNPT Suối Ngang bảo đảm đường truyền trong suốt kỳ thi.", "VNPT Suối Ngang"),
        ("Trung tâm Y tế dự phòng huyện Suối Ngang vá các lớp lưới chắn.", "Trung tâm Y tế dự phòng huyện Suối Ngang"),
        ("12 xã còn lại nộp bổ sung trước ngày 10/5.", "12 xã còn lại"),
        ("Các xã còn nợ báo cáo nộp ngay trong tuần.", "Các xã còn nợ báo cáo"),
        ("Đơn vị nào chậm báo cáo phải giải trình.", "Đơn vị nào chậm báo cáo"),
        ("Các hộ kinh doanh ký cam kết.", "Các hộ kinh doanh"),
        ("Mỗi đảng viên viết bản tự soi.", "Mỗi đảng viên"),
        ("Đoàn kiểm tra báo trước lịch làm việc.", "Đoàn kiểm tra"),
        ("Công đoàn cấp trên trực tiếp cơ sở gửi danh sách.", "Công đoàn cấp trên trực tiếp cơ sở"),
        ("Văn phòng tổng hợp tình hình.", "Văn phòng"),
        ("Quý Phòng gửi số liệu.", "Quý Phòng"),
        ("Các phòng giáo dục và đào tạo phổ biến công văn.", "Các phòng giáo dục và đào tạo"),
        ("Phòng Hành chính quản trị sửa nhà vệ sinh.", "Phòng Hành chính quản trị"),
        ("Ban chỉ đạo giải phóng mặt bằng huyện họp mỗi tháng.", "Ban chỉ đạo giải phóng mặt bằng huyện"),
        ("Kể từ kỳ báo cáo 6 tháng, các đơn vị nhập số liệu trên phần mềm.", "các đơn vị"),
        ("Các tỉnh, thành phố gửi danh sách.", "Các tỉnh, thành phố"),
        ("Tuần tới, giao ban bí thư chi bộ.", None),
        ("Sáng thứ Hai hằng tuần giao ban trực tuyến với các thôn.", None),
        ("Khi có sự cố thì báo nhanh tình hình.", None),
        ("Về sổ sách, con dấu: các thôn lập danh mục.", "các thôn"),
        ("Đối với hộ vắng nhà, đã nhắn mà chưa về: cán bộ thôn giữ hộ giấy tờ.", "cán bộ thôn"),
        ("Ngay sau khi nhận được giấy báo, các thôn niêm yết danh sách.", "các thôn"),
        ("Trên cơ sở kết quả rà soát, nếu còn sai lệch, Phòng Kinh tế sửa lại bảng tính.", "Phòng Kinh tế"),
        ("Thống nhất giao Ban Chỉ huy Quân sự xã bố trí xuồng.", "Ban Chỉ huy Quân sự xã"),
        ("Việc giữ chìa khóa cống: các thôn do trưởng thôn giữ.", "trưởng thôn"),
        ("Phê bình UBND các xã: Đồi Sim, Suối Ngang nộp muộn.", None),
        ("Phòng Dân tộc phân công cán bộ bám bản.", "Phòng Dân tộc"),
        ("Đơn vị đạt dưới 50% chỉ tiêu, trong đó có 2 đơn vị được khen.", None),
    ],
)
def test_a_sentence_begins_with_who_acts(sentence: str, unit: str | None) -> None:
    assert given(letter(f"1. {sentence}", "2. Phòng Kinh tế tổng hợp kết quả."))[0] == ("1", unit)


def test_the_smallest_items_that_name_units_are_given() -> None:
    found = letter(
        "1. Các thôn:",
        "a) Rà soát đoạn kênh bồi lắng;",
        "b) Huy động nhân lực trước ngày 15/3/2026.",
        "2. Giao các đơn vị chuyên môn thực hiện",
        "2.1. Phòng Kinh tế hướng dẫn kỹ thuật.",
        "2.2. Công an xã giữ gìn trật tự.",
    )
    assert given(found) == [("1", "Các thôn"), ("2.1", "Phòng Kinh tế"), ("2.2", "Công an xã")]
    assert found.tasks[0].due_date == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("symbol", "title"), [("CT-UBND", "CHỈ THỊ\nVề nạo vét kênh mương"), ("TB-UBND", "THÔNG BÁO\nKết luận về kênh mương")]
)
def test_items_of_directives_and_notices_are_tasks_but_not_what_they_recount(symbol: str, title: str) -> None:
    found = letter("1. Kết quả đạt được: đã khơi thông 12 km kênh.", "2. Phòng Kinh tế lập danh mục.", symbol=symbol, title=title)
    assert given(found) == [("2", "Phòng Kinh tế")]


def test_who_chairs_a_meeting_leads_no_task() -> None:
    text = COMMUNE.format(
        symbol="KH-UBND",
        title="KẾ HOẠCH\nNạo vét kênh mương",
        body="I. HỘI NGHỊ\n\n1. Hội nghị cấp xã\n\n- Thời gian: 08 giờ 00 ngày 10/3/2026.\n\n- Chủ trì: Ban Chỉ huy thủy lợi.",
    )
    assert given(documents.read_text(text, "plan.txt")) == []


MARKDOWN = """\
| STT | Nội dung công việc | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành |
|:---:|---|---|---|---|
| 1 | Đo đạc lòng kênh | Phòng Kinh tế | Các thôn | Trước ngày 15/3/2026 |
| 2 | Vớt bèo | Các thôn | | Tháng 4/2026 |
| 3 | Kiểm tra | Công an xã | Phòng Kinh tế | Thường xuyên |
"""
TABBED = """\
TT\tNhiệm vụ\tĐơn vị chủ trì\tThời hạn
1\tĐo đạc lòng kênh\tPhòng Kinh tế\t14/3/2026
2\tVớt bèo\tCác thôn\tTháng 4/2026
3\tKiểm tra\tCông an xã\tThường xuyên
"""
ALIGNED = """\
TT   Nhiệm vụ                 Đơn vị chủ trì          Thời hạn
1    Đo đạc lòng kênh         Phòng Kinh tế           14/3/2026
2    Vớt bèo                  Các thôn                Tháng 4/2026
3    Kiểm tra                 Công an xã              Thường xuyên
"""


@pytest.mark.parametrize("table", [MARKDOWN, TABBED, ALIGNED])
@pytest.mark.parametrize("appendix", [False, True])
def test_a_table_of_tasks_says_who_leads_and_by_when(table: str, appendix: bool) -> None:
    if appendix:
        found = documents.read_text(
            COMMUNE.format(symbol="KH-UBND", title="KẾ HOẠCH\nNạo vét", body="I. MỤC ĐÍCH")
            + f"\nPHỤ LỤC\nDANH MỤC NHIỆM VỤ\n\n{table}",
            "plan.txt",
        )
    else:
        found = plan(table)
    above = "PL" if appendix else "II"
    assert given(found) == [(f"{above}.1", "Phòng Kinh tế"), (f"{above}.2", "Các thôn"), (f"{above}.3", "Công an xã")]
    assert {task.role for task in found.tasks} == {"lead"}
    assert [task.due_date for task in found.tasks] == [date(2026, 3, 14), date(2026, 4, 30), None]
    assert [(each.due_date, each.who) for each in found.deadlines] == [
        (date(2026, 3, 14), ("Phòng Kinh tế",)),
        (date(2026, 4, 30), ("Các thôn",)),
    ]


def test_under_a_heading_about_reports_the_sentence_says_who_acts() -> None:
    found = plan("1. Chế độ báo cáo", "Hằng quý, các thôn gửi báo cáo về Phòng Kinh tế.", "2. Phòng Kinh tế tổng hợp.")
    assert given(found) == [("II.1", "các thôn"), ("II.2", "Phòng Kinh tế")]


def test_what_a_heading_says_that_a_body_does_is_no_part_of_its_name() -> None:
    found = plan("1. Đảng ủy xã lãnh đạo, chỉ đạo:", "- Họp rút kinh nghiệm.", "2. Phòng Kinh tế", "- Ghi sổ.")
    assert given(found) == [("II.1", "Đảng ủy xã"), ("II.2", "Phòng Kinh tế")]


NARROW = """\
TT  Việc                  Chủ trì           Phối hợp          Thời gian
1   Đo đạc lòng kênh      Phòng Kinh tế     Thôn Hạ           14/3/2026
2   Mua bổ sung 20 áo     Văn phòng HĐND    Ban CHQS xã       Tháng 4/2026
    phao                  và UBND xã
3   Dọn bèo trên kênh     Các thôn          Hội Nông dân xã   Mỗi tuần

III. KINH PHÍ
Do ngân sách xã bảo đảm.
"""


def test_a_tables_narrow_columns_are_told_by_its_header() -> None:
    assert given(plan(NARROW)) == [("II.1", "Phòng Kinh tế"), ("II.2", "Văn phòng HĐND và UBND xã"), ("II.3", "Các thôn")]


def test_a_table_of_figures_gives_no_tasks() -> None:
    found = plan("| TT | Đơn vị | Chiều dài (km) | Kinh phí |\n|---|---|---|---|\n| 1 | Thôn Hạ | 2 | 30 |")
    assert found.tasks == ()


def test_a_report_at_no_certain_time_says_who_to_whom_and_by_way_of_whom() -> None:
    found = letter("1. Các thôn báo cáo Ủy ban nhân dân xã (qua Phòng Kinh tế) theo yêu cầu.", "2. Phòng Kinh tế hướng dẫn.")
    (report,) = found.reports
    assert (report.phrase, report.who, report.to, report.via) == (
        "theo yêu cầu", ("Các thôn",), ("Ủy ban nhân dân xã",), "Phòng Kinh tế",
    )  # fmt: skip
    assert [each.line for each in found.warnings if each.code == "report_without_date"] == [report.line]
    assert not found.recurring


def test_what_a_letter_recounts_is_no_task() -> None:
    found = letter(
        "Sở Thủy lợi có văn bản số 15/BC-STL ngày 01/3/2026 nêu tình trạng bồi lắng.", "Phòng Kinh tế kiểm tra thực địa."
    )
    assert given(found) == [("", "Phòng Kinh tế")]


def test_what_was_issued_with_another_paper_does_not_go_with_this_one() -> None:
    found = letter("1. Các thôn thực hiện Quy chế quản lý kênh ban hành kèm theo Quyết định số 9/QĐ-UBND ngày 02/02/2026.")
    assert found.attachments == ()


def test_a_number_whose_hyphen_was_lost_is_a_number() -> None:
    assert letter("1. Các thôn nạo vét.", symbol="QĐUBND").number == "12/QĐUBND"


def test_under_a_heading_that_names_a_matter_the_first_sentence_says_who_acts() -> None:
    found = letter("1. Về kinh phí", "Phòng Kinh tế lập dự toán.", "2. Về nhân lực", "Các thôn cử người trực.")
    assert given(found) == [("1", "Phòng Kinh tế"), ("2", "Các thôn")]


def test_a_conclusion_charges_units_in_any_of_its_sections() -> None:
    found = letter(
        "I. Nhiệm vụ, giải pháp",
        "1. Phòng Kinh tế điều tiết nước.",
        "II. Tổ chức thực hiện",
        "1. Các thôn thực hiện.",
        symbol="TB-UBND",
        title="THÔNG BÁO\nKết luận về kênh mương",
    )
    assert given(found) == [("I.1", "Phòng Kinh tế"), ("II.1", "Các thôn")]


@pytest.mark.parametrize(
    ("words", "frequency", "weekday"),
    [
        ("gửi số liệu chậm nhất 16 giờ các ngày thứ Hai", "weekly", "mon"),
        ("cứ đến thứ Sáu gửi số liệu", "weekly", "fri"),
        ("tháng nào cũng gửi số liệu", "monthly", None),
        ("ngày hai lần báo cáo mực nước", "daily", None),
        ("báo cáo mực nước 02 lần/tuần", "weekly", None),
    ],
)
def test_what_comes_again_is_told_in_many_ways(words: str, frequency: str, weekday: str | None) -> None:
    (entry,) = letter(f"1. Các thôn {words} về Phòng Kinh tế.", "2. Phòng Kinh tế theo dõi.").recurring
    assert (entry.frequency, entry.weekday, entry.who, entry.to) == (frequency, weekday, ("Các thôn",), ("Phòng Kinh tế",))


def test_a_heading_that_ends_with_a_year_does_not_swallow_the_section_below() -> None:
    found = letter("1. Công tác sáu tháng đầu năm", "1.1. Các thôn: vớt bèo.", "1.2. Phòng Kinh tế: đo mực nước.")
    assert given(found) == [("1.1", "Các thôn"), ("1.2", "Phòng Kinh tế")]


def test_a_label_before_the_sentence_hides_no_unit() -> None:
    assert given(letter("1. Chế độ trực: các thôn bố trí hai người.", "2. Phòng Kinh tế theo dõi."))[0] == ("1", "các thôn")


def test_dashes_below_a_heading_of_who_does_what_are_tasks() -> None:
    found = letter(
        "I. YÊU CẦU", "Xong trước mùa mưa.", "II. TIẾN ĐỘ VÀ PHÂN CÔNG", "- Phòng Kinh tế: lo máy.\n- Các thôn: đào mương."
    )
    assert given(found) == [("II", "Phòng Kinh tế"), ("II", "Các thôn")]


def test_dashes_below_a_charge_of_several_comrades_each_name_one() -> None:
    found = letter(
        "1. Phân công các đồng chí:",
        "- Đồng chí Phó Chủ tịch Thường trực: chỉ đạo Phòng Kinh tế lập dự toán.\n- Đồng chí Trưởng Công an xã: canh cống.",
    )
    assert given(found) == [("1", "Đồng chí Phó Chủ tịch Thường trực"), ("1", "Đồng chí Trưởng Công an xã")]


def test_the_articles_above_a_plan_are_tasks_and_who_executes_it_is_none() -> None:
    found = letter(
        "Điều 1. Ban hành Kế hoạch nạo vét kênh mương.",
        "Điều 2. Giao Phòng Kinh tế theo dõi, đôn đốc.",
        "Điều 3. Chánh Văn phòng, Trưởng các phòng chịu trách nhiệm thi hành Quyết định này.",
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Công an xã: canh cống.",
        symbol="QĐ-UBND",
        title="QUYẾT ĐỊNH\nVề việc nạo vét",
    )
    assert given(found) == [("Điều 2", "Phòng Kinh tế"), ("I.1", "Công an xã")]


def test_the_items_of_a_directive_beside_its_organisation_are_tasks() -> None:
    found = letter(
        "1. Đẩy mạnh nạo vét, không để kênh tắc.",
        "2. Đo lại các cống. Việc đo do các thôn chỉ đạo.",
        "3. Tổ chức thực hiện",
        "3.1. Phòng Kinh tế theo dõi.",
        symbol="CT-UBND",
        title="CHỈ THỊ\nvề nạo vét kênh mương",
    )
    assert given(found) == [("1", None), ("2", "các thôn"), ("3.1", "Phòng Kinh tế")]


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("Các trường ngoài công lập tự chỉnh lý hồ sơ của mình.", "Các trường ngoài công lập"),
        ("Trung tâm Dịch vụ tổng hợp xã mở chuyên mục trên loa.", "Trung tâm Dịch vụ tổng hợp xã"),
        ("Phòng Quản lý văn thư, lưu trữ của Sở: gửi bản tin.", "Phòng Quản lý văn thư, lưu trữ của Sở"),
        ("Phòng Vật tư kiểm định máy bơm; các máy hỏng phải sửa.", "Phòng Vật tư"),
        ("Trường Cao đẳng nghề số 9 trữ đủ nước dùng.", "Trường Cao đẳng nghề số 9"),
    ],
)
def test_a_name_keeps_its_words_and_stops_before_what_is_done(sentence: str, unit: str) -> None:
    assert given(plan(f"1. {sentence}")) == [("II.1", unit)]


def test_a_later_sentence_names_who_acts_below_a_heading_of_what_it_is_about() -> None:
    found = plan("1. Về việc dừng đào mới", "Tạm dừng đào mới. Phòng Kinh tế thông báo tới từng thôn.")
    assert given(found) == [("II.1", "Phòng Kinh tế")]


def test_items_counted_in_words_are_tasks() -> None:
    found = letter("Một là, giao Phòng Kinh tế đo kênh.", "Hai là, các thôn đào mương; Công an xã canh cống.")
    assert given(found) == [("Một", "Phòng Kinh tế"), ("Hai", "các thôn")]


def test_a_heading_with_a_verb_and_a_colon_names_only_its_body() -> None:
    found = letter("1. Phòng Giáo dục các xã chỉ đạo các trường mầm non, tiểu học trên địa bàn:", "- Dọn sân;\n- Rửa bể.")
    assert given(found) == [("1", "Phòng Giáo dục các xã")]


def test_items_of_a_group_that_name_their_units_are_each_a_task() -> None:
    found = letter(
        "1. Trong Công ty:",
        "a) Xí nghiệp số 2 đào mương.",
        "b) Phòng Kỹ thuật đo mực nước.",
        "c) Từ tháng 4, Phòng Vật tư cung cấp ống.",
    )
    assert given(found) == [("1.a", "Xí nghiệp số 2"), ("1.b", "Phòng Kỹ thuật"), ("1.c", "Phòng Vật tư")]


def test_a_meeting_told_within_an_item_is_no_task() -> None:
    found = letter(
        "1. Phòng Kinh tế lập dự toán.",
        "2. Đồng ý họp với dân. Thời gian: 8 giờ 00 ngày 20/3/2026. Địa điểm: nhà văn hóa. Đồng chí Bí thư chủ trì.",
    )
    assert given(found) == [("1", "Phòng Kinh tế")]


def test_a_cell_that_goes_on_below_makes_the_name_that_the_text_says_elsewhere() -> None:
    found = plan(
        "1. Trung tâm Dịch vụ công ích: theo dõi chung.",
        "TT    Nhiệm vụ              Chủ trì               Thời gian\n1     Đo mực nước           Trung tâm Dịch vụ     20/3/2026"
        "\n                            công ích",
    )
    assert [(task.unit, task.role) for task in found.tasks][1:] == [("Trung tâm Dịch vụ công ích", "lead")]


def test_an_article_that_wraps_before_a_verb_s_word_is_one_sentence() -> None:
    found = letter(
        "Điều 1. Ban hành Kế hoạch.",
        "Điều 2. Trưởng Công an xã, Chỉ huy trưởng Ban Chỉ huy Quân sự xã, Giám đốc Trung tâm\nPhục vụ hành chính công bố trí"
        " người trực cống.",
        symbol="QĐ-UBND",
        title="QUYẾT ĐỊNH\nVề việc nạo vét",
    )
    assert given(found) == [
        ("Điều 2", "Trưởng Công an xã, Chỉ huy trưởng Ban Chỉ huy Quân sự xã, Giám đốc Trung tâm Phục vụ hành chính công")
    ]


def test_a_monthly_meeting_before_the_body_is_no_part_of_its_name() -> None:
    found = letter("1. Phòng Kinh tế đo kênh.", "2. Mỗi tháng vào phiên giao ban cuối tháng, Công an xã báo cáo việc canh cống.")
    assert ("2", "Công an xã") in given(found)


def test_a_table_of_who_leads_by_when_has_its_own_numbers_below_its_title() -> None:
    found = letter(
        "1. Phòng Kinh tế lập dự toán.",
        "Bảng giao thời hạn nạo vét",
        "TT | Đơn vị chủ trì | Chiều dài (m) | Thời hạn\n1 | Ban nhân dân thôn Đông | 612 | 20/3/2026"
        "\n2 | Ban nhân dân thôn Tây | 480 | Trước 25/3/2026",
    )
    assert [(task.heading, task.unit, task.due_date) for task in found.tasks][1:] == [
        ("1", "Ban nhân dân thôn Đông", date(2026, 3, 20)),
        ("2", "Ban nhân dân thôn Tây", date(2026, 3, 24)),
    ]


@pytest.mark.parametrize(
    ("sentence", "to"),
    [
        ("Các thôn bàn giao hồ sơ cho cơ quan thường trực trước ngày 20/3/2026.", "cơ quan thường trực"),
        ("Các thôn gửi bảng kê về Ban Chỉ đạo Trung ương về PCTT trước ngày 20/3/2026.", "Ban Chỉ đạo Trung ương về PCTT"),
        ("Các thôn trả kết quả cho Phòng Kinh tế trước ngày 20/3/2026.", "Phòng Kinh tế"),
        ("Các thôn nộp sổ cho Phó Chủ tịch phụ trách kinh tế trước ngày 20/3/2026.", "Phó Chủ tịch phụ trách kinh tế"),
        ("Các thôn gửi số liệu cho Vụ Đăng ký ít nhất là trước ngày 20/3/2026.", "Vụ Đăng ký"),
    ],
)
def test_whom_something_goes_to_is_named_whole(sentence: str, to: str) -> None:
    assert [each.to for each in letter(f"1. {sentence}").deadlines] == [(to,)]


def test_parts_by_capital_letters_hold_numbers_of_their_own() -> None:
    found = letter(
        "A. ĐÁNH GIÁ CHUNG",
        "Kênh còn bồi lắng nhiều đoạn.",
        "B. NHIỆM VỤ CỦA CÁC ĐƠN VỊ",
        "1. Phòng Kinh tế nạo vét kênh.",
        "2. Các thôn vớt bèo.",
        "C. TỔ CHỨC THỰC HIỆN",
        "1. Công an xã tuần tra.",
        symbol="TB-UBND",
        title="THÔNG BÁO\nKết luận về kênh mương",
    )
    assert given(found) == [("B.1", "Phòng Kinh tế"), ("B.2", "Các thôn"), ("C.1", "Công an xã")]


@pytest.mark.parametrize(
    "words",
    ["là đầu mối theo dõi tiến độ.", "lập danh sách; chủ trì đo đạc.", "trực ban; chủ trì, phối hợp với Công an xã đo đạc."],
)
def test_who_leads_may_be_said_later(words: str) -> None:
    assert letter(f"1. Phòng Kinh tế {words}").tasks[0].role == "lead"


@pytest.mark.parametrize("gap", ["\t", "    "])
def test_a_tables_parts_are_cited_with_their_rows(gap: str) -> None:
    table = """
TT|Nhiệm vụ|Cơ quan chủ trì|Thời hạn
I|KÊNH MƯƠNG
1|Đo đạc|Phòng Kinh tế|14/3/2026
II|CON NGƯỜI
1|Cử người trực|Các thôn|Tháng 4/2026
2|Tuần tra|Công an xã|Tháng 4/2026
"""
    rows = [line.split("|") for line in table.strip().splitlines()]
    wide = "\n".join(gap.join(cell.ljust(16) if gap.isspace() and gap != "\t" else cell for cell in row).rstrip() for row in rows)
    assert given(plan(wide)) == [("II.I.1", "Phòng Kinh tế"), ("II.II.1", "Các thôn"), ("II.II.2", "Công an xã")]


def test_the_gist_is_what_is_to_be_done_not_who_does_it_nor_the_papers_end() -> None:
    task = plan(
        "III. TỔ CHỨC THỰC HIỆN", "1. Chế độ báo cáo", "Các xã báo cáo kết quả về Phòng Nội vụ trước ngày 20/4/2025./."
    ).tasks[0]
    assert (task.unit, task.gist) == ("Các xã", "báo cáo kết quả về Phòng Nội vụ trước ngày 20/4/2025.")


def test_who_executes_a_decision_is_told_over_two_paragraphs_and_is_no_task() -> None:
    found = letter(
        "Điều 1. Ban hành kèm theo Quyết định này Quy chế nạo vét kênh mương.",
        "Điều 2. Giao Ban Thủy nông theo dõi.",
        "Điều 3. Quyết định này có hiệu lực từ ngày ký. Chánh Văn phòng, Trưởng các phòng: Kinh tế, Văn hóa;",
        "Trưởng các thôn chịu trách nhiệm thi hành Quyết định này./.",
        symbol="QĐ-UBND",
        title="QUYẾT ĐỊNH\nVề việc ban hành Quy chế",
    )
    assert given(found) == [("Điều 2", "Ban Thủy nông")]


def test_what_a_conclusion_recounts_is_no_task_and_a_sentence_over_letters_says_who_leads() -> None:
    found = letter(
        "I. Những năm qua công tác thủy lợi có chuyển biến: các kênh cấp tỉnh được nạo vét.",
        "II. Thời gian tới, yêu cầu các thôn làm tốt:",
        "1. Công an xã chủ trì, phối hợp với Đoàn xã:",
        "a) Lập chốt gác;",
        "b) Ghi biển số xe.",
        "2. Trạm Y tế phun thuốc.",
        symbol="KL-ĐU",
        title="KẾT LUẬN\nvề công tác thủy lợi",
    )
    assert [(task.unit, task.role) for task in found.tasks] == [
        ("Công an xã", "lead"),
        ("Đoàn xã", "support"),
        ("Trạm Y tế", None),
    ]


def test_a_meeting_of_a_standing_committee_with_its_hour_charges_nobody() -> None:
    assert given(letter("1. Giao ban Thường trực với các ban: 7 giờ 30 thứ Hai.", "2. Trạm Y tế trực.")) == [("2", "Trạm Y tế")]


def test_parts_of_an_item_counted_in_words_belong_to_it_where_few_name_anybody() -> None:
    found = letter(
        "Một là, dọn kênh.", "Hai là, chuẩn bị bầu cử:", "a) Trưởng thôn mời họp;", "b) Nội dung gọn.", "c) Ghi biên bản."
    )
    assert [heading for heading, _ in given(found)] == ["Một", "Hai"]


def test_lettered_parts_that_charge_bodies_are_tasks_under_a_heading_that_tells() -> None:
    found = letter(
        "1. Về tình hình tháng 5",
        "a) Trạm Y tế chủ trì, phối hợp với các thôn, đơn vị liên quan phun thuốc.",
        "b) Công an xã gác cầu.",
        "2. Đánh giá chung",
        "a) Các thôn đã dọn kênh.",
        symbol="KL-UBND",
        title="KẾT LUẬN\nPhiên họp tháng 5",
    )
    assert given(found) == [("1.a", "Trạm Y tế"), ("1.b", "Công an xã")]


def test_a_person_by_name_and_office_heads_what_is_theirs() -> None:
    found = letter(
        "1. Ông Lý Văn Sơn - Chủ tịch Ủy ban nhân dân xã",
        "a) Điều hành chung.",
        "2. Bà Lò Thị Mỵ - Phó Chủ tịch",
        "Phụ trách văn hóa, thừa ủy quyền Chủ tịch ký giấy mời.",
        symbol="TB-UBND",
        title="THÔNG BÁO\nPhân công công tác",
    )
    assert [unit for _, unit in given(found)] == ["Ông Lý Văn Sơn - Chủ tịch Ủy ban nhân dân xã", "Bà Lò Thị Mỵ - Phó Chủ tịch"]
