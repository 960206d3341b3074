"""What the body of a paper says: who does what, by when, how often, at which meeting; papers written for these tests."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from tests.workflows.frames import of_province
from workflows.calendar import ZONE, rounds
from workflows.plans import Conference, Deadline, Plan, Recurring


def paper(
    *body: str, symbol: str = "KH-UBND", title: str = "KẾ HOẠCH\nTrồng rừng", date: str = "03 tháng 3 năm 2025", after: str = ""
) -> Plan:
    return of_province("\n\n".join(body), symbol=symbol, title=title, date=date, after=after)


def letter(*body: str, opening: str = "Ủy ban nhân dân tỉnh yêu cầu:", after: str = "") -> Plan:
    return paper("Kính gửi: Các sở, ban, ngành.", opening, *body, symbol="UBND-KT", title="V/v trồng rừng", after=after)


def organised(*items: str) -> Plan:
    return paper("III. TỔ CHỨC THỰC HIỆN", *items)


def given(plan: Plan) -> list[tuple[str, str | None, str | None]]:
    return [(task.heading, task.unit, task.role) for task in plan.tasks]


def codes(plan: Plan) -> set[str]:
    return {warning.code for warning in plan.warnings}


def only_deadline(plan: Plan) -> Deadline:
    (deadline,) = plan.deadlines
    return deadline


# --- tasks ------------------------------------------------------------------------------------------------------------


def test_who_leads_and_each_that_supports_by_name_have_a_task_under_one_heading() -> None:
    plan = organised("1. Giao Sở Công Thương chủ trì, phối hợp với Sở Tài chính, Sở Xây dựng và các đơn vị liên quan lập đề án.")
    assert given(plan) == [
        ("III.1", "Sở Công Thương", "lead"),
        ("III.1", "Sở Tài chính", "support"),
        ("III.1", "Sở Xây dựng", "support"),
    ]


def test_a_units_heading_alone_in_its_line_keeps_what_stands_below() -> None:
    plan = organised(
        "1. Sở Y tế",
        "- Chủ trì tổng hợp, gửi báo cáo về UBND tỉnh trước ngày 20/4/2025.",
        "2. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội",
        "Vận động đoàn viên tham gia.",
    )
    assert given(plan) == [
        ("III.1", "Sở Y tế", "lead"),
        ("III.2", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội", None),
    ]
    assert plan.tasks[0].due_date == dt.date(2025, 4, 19)


def test_the_articles_of_a_decision_are_cited_as_articles() -> None:
    plan = paper(
        "Căn cứ Luật Lâm nghiệp;",
        "QUYẾT ĐỊNH:",
        "Điều 1. Phê duyệt phương án trồng rừng năm 2025.",
        "Điều 2. Giao Sở Nông nghiệp và Môi trường hướng dẫn thực hiện, xong trước ngày 30/4/2025.",
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.",
        symbol="QĐ-UBND",
        title="QUYẾT ĐỊNH\nVề việc phê duyệt phương án trồng rừng",
    )
    assert given(plan) == [("Điều 2", "Sở Nông nghiệp và Môi trường", None)]
    assert only_deadline(plan).due_date == dt.date(2025, 4, 29)


def test_a_conclusion_charges_under_a_subject_and_a_farewell_belongs_to_nobody() -> None:
    plan = paper(
        "1. Về tiến độ: giao Sở Xây dựng rà soát, báo cáo trước ngày 20/3/2025.",
        "2. Về nguồn vốn:",
        "- Giao Sở Tài chính cân đối nguồn.",
        "- Giao Kho bạc Nhà nước khu vực kiểm soát chi.",
        "Yêu cầu các đơn vị nghiêm túc thực hiện./.",
        symbol="TB-UBND",
        title="THÔNG BÁO\nKết luận của Chủ tịch UBND tỉnh tại cuộc họp",
    )
    assert [pair[:2] for pair in given(plan)] == [
        ("1", "Sở Xây dựng"),
        ("2", "Sở Tài chính"),
        ("2", "Kho bạc Nhà nước khu vực"),
    ]
    assert only_deadline(plan).who == ("Sở Xây dựng",)


def test_a_letter_without_numbers_charges_in_its_sentences() -> None:
    plan = letter(
        "Trân trọng./.",
        opening="Thực hiện Công văn số 12/BNN-LN ngày 01/3/2025 của Bộ Nông nghiệp, UBND tỉnh giao Sở Tài chính rà soát"
        " kinh phí, báo cáo UBND tỉnh trước ngày 15/3/2025.",
    )
    assert given(plan) == [("", "Sở Tài chính", None)]
    deadline = only_deadline(plan)
    assert (deadline.who, deadline.to, deadline.due_date) == (("Sở Tài chính",), ("UBND tỉnh",), dt.date(2025, 3, 14))


# --- one-off deadlines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "day", "clock"),
    [
        ("xong trước 16 giờ 00 phút ngày 20/3/2025", dt.date(2025, 3, 20), dt.time(16)),
        ("xong trong ngày 05/5", dt.date(2025, 5, 5), None),
        ("hoàn thành trước 30/6", dt.date(2025, 6, 29), None),
        ("chậm nhất vào lúc 17h00 ngày 05/4/2025", dt.date(2025, 4, 5), dt.time(17)),
        ("không muộn hơn ngày 10/4/2025", dt.date(2025, 4, 10), None),
        ("trong Quý III/2025", dt.date(2025, 9, 30), None),
        ("trong 6 tháng đầu năm", dt.date(2025, 6, 30), None),
        ("xong vào cuối tháng 9", dt.date(2025, 9, 30), None),
        ("xong trong nửa đầu tháng 9/2025", dt.date(2025, 9, 15), None),
        ("từ ngày 15/4 đến ngày 20/5/2025", dt.date(2025, 5, 20), None),
        ("đến hết ngày 20/5/2025", dt.date(2025, 5, 20), None),
        ("đến ngày 20/5/2025 không còn hồ sơ trễ hẹn", dt.date(2025, 5, 20), None),
        ("trong vòng 10 ngày kể từ ngày Kế hoạch này được ban hành", dt.date(2025, 3, 13), None),
        ("chậm nhất sau 05 ngày làm việc kể từ ngày nhận được văn bản", None, None),
        ("chậm nhất 24 giờ sau khi bão tan", None, None),
        ("ngay sau khi nhận được đề nghị của các xã", None, None),
        ("xong trong tuần cuối tháng 9/2025", None, None),
        ("hoàn thành trước mùa mưa bão năm 2025", None, None),
        ("hoàn thành ngay trong tuần này", None, None),
        ("nộp hồ sơ đúng hạn 15/4/2025", dt.date(2025, 4, 15), None),
        ("xong trước lễ 30/4", dt.date(2025, 4, 29), None),
        ("xong trước đợt thanh tra của tỉnh", None, None),
        ("gửi tài liệu trước cuộc họp ít nhất 03 ngày", None, None),
        ("báo cáo bằng điện thoại trong vòng 02 giờ", None, None),
        ("tổng kết vào Quý II/2027", dt.date(2027, 6, 30), None),
        ("xong dự kiến trước ngày 15/4/2025", None, None),
        ("nộp muộn nhất 9 giờ sáng ngày mai 05/3/2025", dt.date(2025, 3, 5), dt.time(9)),
        ("nộp trước thời điểm 16h ngày thứ Sáu, 14/3/2025", dt.date(2025, 3, 14), dt.time(16)),
        ("gửi trước ngày thứ Hai, 17/3/2025", dt.date(2025, 3, 16), None),
        ("nộp hạn chót 12 giờ trưa 17/3/2025", dt.date(2025, 3, 17), dt.time(12)),
        ("nhập phiếu, hạn cuối cùng là 22h ngày 17/3/2025", dt.date(2025, 3, 17), dt.time(22)),
        ("sửa mái, xong trước ngày Quốc khánh 02/9/2025", dt.date(2025, 9, 1), None),
        ("nộp chậm nhất là giữa tháng 8/2025", dt.date(2025, 8, 15), None),
        ("khảo sát trong tháng 5 và tháng 6/2025", dt.date(2025, 6, 30), None),
        ("bàn giao trong 05 ngày làm việc đầu tiên của tháng 7/2025", dt.date(2025, 7, 7), None),
        ("nộp chậm nhất 03 tháng sau ngày ban hành", dt.date(2025, 6, 3), None),
        ("gửi chậm nhất 5 ngày trước ngày khai mạc kỳ họp", None, None),
        ("nộp bài thu hoạch sau đợt học tập 10 ngày", None, None),
        ("nộp truớc ngày 17/3/2025", dt.date(2025, 3, 16), None),
        ("không để chậm quá ngày 15/4/2025", dt.date(2025, 4, 15), None),
        ("nộp trễ nhất vào sáng thứ Ba, ngày 15/4/2025", dt.date(2025, 4, 15), None),
        ("thử máy trong buổi chiều ngày 15/4/2025", dt.date(2025, 4, 15), None),
        ("hoàn tất ngày 15/4/2025", dt.date(2025, 4, 15), None),
        ("thu quỹ xong trong tháng Mười một", dt.date(2025, 11, 30), None),
        ("thu quỹ, dứt điểm trước khi kết thúc Quý II/2025", dt.date(2025, 6, 30), None),
        ("tổng kết vào cuối năm 2027", dt.date(2027, 12, 31), None),
        ("vận hành chậm nhất từ ngày 20/4/2025", dt.date(2025, 4, 20), None),
        ("cấp hóa chất xong trong 02 ngày, 16 và 17/4/2025", dt.date(2025, 4, 17), None),
        ("nộp trước 20 giờ tối nay", dt.date(2025, 3, 3), dt.time(20)),
        ("nộp chậm nhất 10 giờ sáng mai", dt.date(2025, 3, 4), dt.time(10)),
        ("nộp trước thứ Sáu tuần này", dt.date(2025, 3, 6), None),
        ("đến hết 17 giờ ngày 15/4/2025", dt.date(2025, 4, 15), dt.time(17)),
        ("gia cố đập trước mùa mưa lũ", None, None),
        ("nộp trong hôm nay và ngày mai (chậm nhất 05/3)", dt.date(2025, 3, 5), None),
        ("sau kỳ họp gửi báo cáo chậm nhất là 03 ngày làm việc sau khi tiếp xúc", None, None),
        ("trả lời trong vòng 10 ngày, tính từ ngày ra Kế hoạch này", dt.date(2025, 3, 13), None),
        ("trả lời trong vòng 05 ngày làm việc", None, None),
        ("nộp không quá 05 ngày làm việc sau đại hội", None, None),
        ("dựng rạp trước ngày hội ít nhất 05 ngày", None, None),
        ("gửi giấy mời trước ít nhất 03 ngày", None, None),
        ("quyết toán trước khi kết thúc hoạt động cấp huyện", None, None),
        ("họp vào cuối tuần thứ hai của tháng 12/2025", None, None),
        ("nộp chậm nhất trong ngày làm việc 21/3/2025", dt.date(2025, 3, 21), None),
        ("hoàn tất danh sách ngày 15/3", dt.date(2025, 3, 15), None),
        ("ban hành chậm nhất ngày 31/12 năm trước liền kề", None, None),
        ("trình ít nhất 20 ngày trước khi tiến hành", None, None),
        ("nộp xong trước lễ tổng kết, muộn nhất là ngày 20/5/2025", dt.date(2025, 5, 20), None),
        ("nộp trước 20/5: bản giấy", dt.date(2025, 5, 19), None),
        ("nộp trước 17h00' ngày thứ Sáu (18/4/2025)", dt.date(2025, 4, 18), dt.time(17)),
        ("nộp chậm nhất hết giờ làm việc ngày 20/5/2025", dt.date(2025, 5, 20), None),
        ("nộp chậm nhất cuối giờ chiều ngày 20/5/2025", dt.date(2025, 5, 20), None),
        ("nộp trước ngày 20 tháng này", dt.date(2025, 3, 19), None),
        ("nộp trước tám giờ sáng ngày 20/5/2025", dt.date(2025, 5, 20), dt.time(8)),
        ("nộp chậm nhất mười sáu giờ ba mươi ngày 20/5/2025", dt.date(2025, 5, 20), dt.time(16, 30)),
        ("nộp trước bốn giờ rưỡi chiều ngày 20/5/2025", dt.date(2025, 5, 20), dt.time(16, 30)),
        ("gửi hồ sơ lúc 15 giờ ngày 20/5/2025", dt.date(2025, 5, 20), dt.time(15)),
        ("dự thảo xong tháng 12/2025", dt.date(2025, 12, 31), None),
        ("gửi danh sách (mỗi thôn 03 hộ) về xã ngày 20/5/2025", dt.date(2025, 5, 20), None),
        ("nộp hồ sơ trong vòng một tuần kể từ ngày nhận được văn bản", None, None),
        ("báo tin ngay khi kết thúc mỗi hội nghị", None, None),
        ("báo tin trong ngày kết thúc đại hội", None, None),
        ("trình phương án trước kỳ họp tháng 10 của Hội đồng nhân dân", None, None),
        ("gửi tài liệu trước 03 ngày so với ngày họp", None, None),
    ],
)
def test_a_deadline_keeps_its_words_and_its_last_day_allowed(words: str, day: dt.date | None, clock: dt.time | None) -> None:
    deadline = only_deadline(organised(f"1. Sở Y tế: rà soát hồ sơ, {words}."))
    assert (deadline.due_date, deadline.due_time) == (day, clock)
    assert deadline.who == ("Sở Y tế",)
    assert deadline.phrase.split()[-1].strip(".") in words


def test_a_row_of_a_table_keeps_its_day_also_where_the_gap_is_narrow_or_no_calendar_has_it() -> None:
    plan = organised(
        "TT  Nội dung                 Đơn vị thực hiện                 Thời gian\n"
        "1   Rà soát đất trồng        Sở Nông nghiệp và Môi trường     Trong tháng 4/2025\n"
        "2   Cấp giống cây            Sở Tài chính, Chi cục Kiểm lâm Trước 20/5/2025\n"
        "3   Nghiệm thu               Chi cục Kiểm lâm                 31/6/2025",
    )
    assert [deadline.due_date for deadline in plan.deadlines] == [dt.date(2025, 4, 30), dt.date(2025, 5, 19), None]
    assert plan.deadlines[1].who == ("Sở Tài chính, Chi cục Kiểm lâm",)
    assert "date_impossible" in codes(plan)


def test_a_month_whose_day_is_left_blank_gives_the_year_and_starts_no_duration() -> None:
    plan = paper(
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Sở Y tế: rà soát hồ sơ, xong trước ngày 20/4.",
        "2. Sở Nội vụ: báo cáo trong vòng 10 ngày kể từ ngày ký Kế hoạch này.",
        date="     tháng 3 năm 2025",
    )
    assert plan.date is None
    assert [deadline.due_date for deadline in plan.deadlines] == [dt.date(2025, 4, 19), None]


def test_a_phrase_without_a_day_is_asked_for() -> None:
    assert "deadline_without_date" in codes(organised("1. Sở Y tế: rà soát, xong trong tuần cuối tháng 9/2025."))


@pytest.mark.parametrize(
    "label", ["Thời hạn: 20/5/2025", "Thời hạn hoàn thành: ngày 20/5/2025", "Thời gian thực hiện: Đến hết ngày 20/5/2025"]
)
def test_a_label_says_that_a_bare_day_is_a_deadline(label: str) -> None:
    plan = paper("II. NỘI DUNG", "1. Rà soát hồ sơ", "- Cơ quan chủ trì: Sở Y tế.", f"- {label}.")
    assert only_deadline(plan).due_date == dt.date(2025, 5, 20)
    assert given(plan) == [("II.1", "Sở Y tế", "lead")]


@pytest.mark.parametrize(
    "words",
    [
        "số liệu tính từ ngày 15/12/2024 đến hết ngày 14/3/2025",
        "có hiệu lực từ ngày 01/7/2025",
        "theo Quyết định được ban hành ngày 20/3/2025",
        "trong nhiệm kỳ 2020 - 2025",
        "đối với đảng viên kết nạp trước ngày 30/4/2025",
        "kết quả giải ngân trong tháng 02/2025",
        "mở lớp trong quý I và quý III hằng năm",
        "tạm hoãn các lớp tập huấn đến hết ngày 20/5/2025",
        "thay hồ sơ lưu ở huyện trước ngày 01/7/2024",
        "nhất là dự án được phê duyệt trước ngày 01/01/2025",
        "tỷ lệ đúng hạn là 15/21",
        "chịu trách nhiệm trước Đại hội lần thứ XV",
        "bắt đầu thực hiện từ năm 2026",
        "trong năm 2026 tỉnh đã giải ngân hết vốn",
        "truy thu tiền còn nợ (đến ngày 28/02/2025 còn 8 tỷ đồng)",
    ],
)
def test_what_data_count_or_what_was_is_no_deadline(words: str) -> None:
    assert organised(f"1. Sở Y tế: rà soát, {words}.").deadlines == ()


def test_a_wrapped_item_goes_on_behind_a_semicolon_at_its_lines_end() -> None:
    plan = organised(
        "1. Sở Y tế",
        "- Báo cáo kết quả từng tuần về Ủy ban nhân dân tỉnh (qua Văn phòng) trước 15 giờ thứ Năm;\n"
        "báo cáo tổng kết trước ngày 20/5/2025.",
    )
    assert (only_deadline(plan).to, only_deadline(plan).via) == (("Ủy ban nhân dân tỉnh",), "Văn phòng")


def test_what_an_opening_tells_of_some_time_is_no_deadline() -> None:
    plan = letter("1. Sở Y tế trực ban.", opening="Vụ xuân sớm và cao điểm chở gia súc trước Tết, nguy cơ dịch lan rất lớn.")
    assert plan.deadlines == ()


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("báo cáo tại phiên họp tháng 5/2025", dt.date(2025, 5, 31)),
        ("báo cáo trong cuộc họp giao ban tháng 5 năm 2025", dt.date(2025, 5, 31)),
        ("quán triệt trong sinh hoạt chi bộ kỳ tháng 5/2025", dt.date(2025, 5, 31)),
        ("thanh toán, không để quá 04 ngày làm việc kể từ khi nghiệm thu", None),
    ],
)
def test_a_sitting_of_some_month_and_a_number_of_days_not_to_pass_are_deadlines(words: str, day: dt.date | None) -> None:
    assert only_deadline(organised(f"1. Sở Y tế: rà soát; {words}.")).due_date == day


def test_up_to_when_a_weekdays_report_comes_is_no_deadline() -> None:
    plan = organised("1. Sở Y tế: từ nay đến hết tháng 12/2025, cứ chiều thứ Năm gửi số liệu cho UBND tỉnh.")
    assert plan.deadlines == ()
    assert [each.weekday for each in plan.recurring] == ["thu"]


def test_a_body_whose_name_ends_like_a_deed_has_deadlines_that_are_past() -> None:
    assert only_deadline(organised("1. Sở Y tế báo cáo Sở Xây dựng trước ngày 20/01/2025.")).due_date == dt.date(2025, 1, 19)


def test_a_step_of_the_work_may_be_due_within_a_span_that_nobody_is_charged_with() -> None:
    plan = paper("II. CÁC BƯỚC", "1. Điều tra tại hộ: từ 11/9 đến 30/9/2025.", "2. Thời gian: từ ngày 01/5/2025 đến 31/5/2025.")
    assert [each.due_date for each in plan.deadlines] == [dt.date(2025, 9, 30)]


def test_the_day_of_a_meeting_whose_hour_follows_is_no_deadline() -> None:
    assert organised("1. Sở Y tế tổ chức Lễ phát động vào ngày 22/4/2025, bắt đầu từ 7h30 tại Quảng trường.").deadlines == ()


def test_a_meeting_right_behind_another_has_its_hour_and_no_deadline() -> None:
    assert organised("1. Họp giao ban ngay sau khi bế giảng lớp thứ nhất: 15h30 ngày 29/3/2025.").deadlines == ()


def test_a_heading_in_capitals_gives_no_deadline_and_a_span_of_hours_no_day() -> None:
    plan = letter("I. VIỆC CẦN LÀM NGAY TRONG THÁNG 12/2025", "1. Sở Y tế rà soát hồ sơ. Thời gian: 8h30 - 9h00.")
    assert plan.deadlines == ()


def test_a_second_round_has_its_own_day_and_the_first_ones_limit() -> None:
    plan = organised("1. Sở Y tế: gửi báo cáo trước ngày 15/4/2025 (đợt 1) và ngày 15/10/2025 (đợt 2).")
    assert [item.due_date for item in plan.deadlines] == [dt.date(2025, 4, 14), dt.date(2025, 10, 14)]


def test_an_hour_of_a_dated_day_is_that_days_though_something_else_comes_daily() -> None:
    plan = organised("1. Sở Y tế: gửi danh sách trước 16 giờ 00 ngày 17/5/2025 và cập nhật hằng ngày, trước 15 giờ 30.")
    assert [(item.due_date, item.due_time) for item in plan.deadlines] == [(dt.date(2025, 5, 17), dt.time(16))]
    assert [(item.frequency, item.time) for item in plan.recurring] == [("daily", dt.time(15, 30))]


def test_until_when_something_comes_again_is_no_deadline() -> None:
    plan = organised("1. Sở Y tế: báo cáo UBND tỉnh vào chiều thứ Sáu hằng tuần cho đến hết tháng 6/2025.")
    assert (plan.deadlines, again(plan)) == ((), [("weekly", "fri", None, None)])


def test_a_stretch_of_months_in_which_something_comes_again_is_no_deadline() -> None:
    plan = organised("1. Sở Y tế: từ tháng 5 đến tháng 9 năm 2025, trước ngày 05 mỗi tháng, báo cáo UBND tỉnh.")
    assert (plan.deadlines, again(plan)) == ((), [("monthly", None, 4, None)])


def test_what_an_earlier_letter_asked_is_no_deadline() -> None:
    plan = letter(
        "1. Sở Y tế gửi báo cáo trước ngày 10/3/2025.",
        opening="Ủy ban nhân dân tỉnh đã yêu cầu các sở báo cáo trước ngày 20/02/2025, đến nay chưa đủ; UBND tỉnh yêu cầu:",
    )
    assert [item.due_date for item in plan.deadlines] == [dt.date(2025, 3, 9)]
    assert "deadline_past" not in codes(plan)


def test_a_day_without_a_year_long_past_is_the_next_years_and_less_sure() -> None:
    plan = paper("III. TỔ CHỨC THỰC HIỆN", "1. Sở Y tế: rà soát xong trước ngày 15/01.", date="20 tháng 12 năm 2025")
    deadline = only_deadline(plan)
    assert deadline.due_date == dt.date(2026, 1, 14)
    assert deadline.confidence < 0.7


def test_who_to_and_via_are_those_of_the_clause() -> None:
    plan = organised(
        "1. Sở Y tế theo dõi, đôn đốc. Các bệnh viện gửi báo cáo về Ủy ban nhân dân tỉnh (qua Sở Y tế) trước ngày 20/4/2025"
        " để tổng hợp, báo cáo Bộ Y tế; báo cáo bổ sung chậm nhất ngày 25/4/2025."
    )
    first, second = plan.deadlines
    assert first.who == second.who == ("Các bệnh viện",)
    assert first.to == second.to == ("Ủy ban nhân dân tỉnh",)
    assert first.via == second.via == "Sở Y tế"


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("trình kịch bản với Sở Y tế trước ngày 01/4/2025, dựng phim xong trước ngày 05/5/2025", ["Sở Y tế", None]),
        ("giám sát trong quý II, kết quả gửi Sở Y tế trước ngày 10/7/2025", [None, "Sở Y tế"]),
        ("gửi danh sách về Sở Y tế trước ngày 15/4/2025, bổ sung danh sách trước ngày 15/5/2025", ["Sở Y tế", "Sở Y tế"]),
        ("chậm nhất ngày 15/4/2025 gửi Sở Y tế, trước ngày 20/5/2025 gửi Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        ("gửi Sở Y tế trước 20/4/2025 (bản giấy), trước 18/4/2025 (bản mềm)", ["Sở Y tế", "Sở Y tế"]),
    ],
)
def test_of_two_deadlines_in_a_sentence_each_has_the_addressee_that_is_its_own(words: str, to: list[str | None]) -> None:
    plan = organised(f"1. Sở Xây dựng: {words}.")
    assert [next(iter(each.to), None) for each in plan.deadlines] == to


def test_what_a_letter_charges_nobody_with_is_for_whom_it_charges_or_writes_to() -> None:
    asked = letter(
        "1. Rà soát, báo cáo trước ngày 20/4/2025.", opening="Ủy ban nhân dân tỉnh đề nghị Sở Y tế, Sở Tài chính một số việc sau:"
    )
    assert only_deadline(asked).who == ("Sở Y tế", "Sở Tài chính")
    written = letter("1. Rà soát, báo cáo trước ngày 20/4/2025.", opening="Ủy ban nhân dân tỉnh đề nghị thực hiện:")
    assert only_deadline(written).who == ("Các sở, ban, ngành",)


# --- what comes again -------------------------------------------------------------------------------------------------


def again(plan: Plan) -> list[tuple[str, str | None, int | None, dt.time | None]]:
    return [(item.frequency, item.weekday, item.day, item.time) for item in plan.recurring]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "báo cáo UBND tỉnh trước ngày 15/6 đối với báo cáo 6 tháng, trước ngày 15/12 đối với báo cáo năm",
            [("half_year", None, 14, None), ("yearly", None, 14, None)],
        ),
        (
            "báo cáo UBND tỉnh 6 tháng trước ngày 20/6 và cả năm trước ngày 20/12 hằng năm",
            [("half_year", None, 19, None), ("yearly", None, 19, None)],
        ),
        ("gửi báo cáo trước ngày 22 của tháng báo cáo", [("monthly", None, 21, None)]),
        ("báo cáo UBND tỉnh chậm nhất ngày 20 hằng tháng", [("monthly", None, 20, None)]),
        ("báo cáo UBND tỉnh trước ngày 01 hằng tháng", [("monthly", None, -1, None)]),
        ("định kỳ hằng quý (trước ngày 25 tháng cuối quý) báo cáo UBND tỉnh", [("quarterly", None, 24, None)]),
        ("định kỳ vào ngày làm việc cuối cùng của tuần báo cáo UBND tỉnh", [("weekly", "fri", None, None)]),
        ("báo cáo UBND tỉnh trước 16 giờ 30 thứ Sáu hằng tuần", [("weekly", "fri", None, dt.time(16, 30))]),
        ("báo cáo UBND tỉnh trước thứ Sáu hằng tuần", [("weekly", "thu", None, None)]),
        (
            "báo cáo UBND tỉnh thứ Ba và thứ Sáu hằng tuần, trước 10 giờ",
            [("weekly", "tue", None, dt.time(10)), ("weekly", "fri", None, dt.time(10))],
        ),
        (
            "báo cáo UBND tỉnh trước 16 giờ 30 thứ Sáu hằng tuần và trước ngày 25 hằng tháng",
            [("weekly", "fri", None, dt.time(16, 30)), ("monthly", None, 24, None)],
        ),
        (
            "báo cáo UBND tỉnh trước 6 giờ và 15 giờ hằng ngày",
            [("daily", None, None, dt.time(6))],
        ),
        ("họp giao ban vào bảy giờ rưỡi sáng thứ Hai hằng tuần", [("weekly", "mon", None, dt.time(7, 30))]),
        ("duy trì giao ban tháng vào ngày 28", [("monthly", None, 28, None)]),
        (
            "báo cáo nhanh hằng ngày trước 15h, báo cáo tuần trước 10h thứ Sáu, báo cáo tháng trước ngày 25 về UBND tỉnh",
            [("daily", None, None, dt.time(15)), ("weekly", "fri", None, dt.time(10)), ("monthly", None, 24, None)],
        ),
        ("báo cáo UBND tỉnh 03 tháng 1 lần", [("quarterly", None, None, None)]),
        ("gửi số liệu chậm nhất 16h00 các ngày trong tuần", [("daily", None, None, dt.time(16))]),
        ("họp giao ban sáng thứ Hai đầu tuần", [("weekly", "mon", None, None)]),
        ("mỗi ngày hai lần (6 giờ và 18 giờ) báo cáo UBND tỉnh", [("daily", None, None, dt.time(6))]),
        ("báo cáo UBND tỉnh 06 tháng: trước ngày 15/6 và ngày 15/12", [("half_year", None, 14, None)]),
        ("họp giao ban từ ngày 01 đến 05 hằng tháng", [("monthly", None, 5, None)]),
        ("họp giao ban từ mùng 1 đến mùng 5 hằng tháng", [("monthly", None, 5, None)]),
        ("định kỳ cuối tháng và tổng hợp, báo cáo UBND tỉnh", [("monthly", None, -1, None)]),
        ("các tuần tiếp theo họp giao ban vào 7 giờ 30 thứ Hai", [("weekly", "mon", None, dt.time(7, 30))]),
        ("họp giao ban vào 8 giờ ngày làm việc đầu tiên của tháng", [("monthly", None, None, dt.time(8))]),
        (
            "báo cáo UBND tỉnh trước 17 giờ các ngày thứ Hai, thứ Năm hằng tuần",
            [("weekly", "mon", None, dt.time(17)), ("weekly", "thu", None, dt.time(17))],
        ),
        ("báo cáo UBND tỉnh vào tuần đầu quý I và quý III hằng năm", [("half_year", None, None, None)]),
        ("báo cáo UBND tỉnh ngày 15 các tháng 3, 6, 9, 12", [("quarterly", None, 15, None)]),
        ("báo cáo UBND tỉnh hằng quý vào ngày 20", [("quarterly", None, 20, None)]),
        ("mỗi quý có ít nhất một buổi sinh hoạt chuyên đề", [("quarterly", None, None, None)]),
        ("phiên họp thường kỳ được tổ chức mỗi tháng một lần", [("monthly", None, None, None)]),
        ("báo cáo công tác, 09 tháng, ngày 10/9", [("nine_month", None, 10, None)]),
        ("cuối mỗi quý báo cáo UBND tỉnh", [("quarterly", None, -1, None)]),
        ("báo cáo UBND tỉnh vào ngày 15 và 30 hằng tháng", [("monthly", None, 15, None), ("monthly", None, 30, None)]),
        ("báo cáo UBND tỉnh trước ngày 05 tháng sau liền kề", [("monthly", None, 4, None)]),
        ("báo cáo UBND tỉnh định kỳ 6 tháng và cuối năm", [("half_year", None, None, None), ("yearly", None, None, None)]),
        (
            "báo cáo UBND tỉnh hằng quý (trước ngày 15 của tháng cuối quý), 6 tháng và cả năm",
            [("quarterly", None, 14, None), ("half_year", None, None, None), ("yearly", None, None, None)],
        ),
        (
            "gửi báo cáo tháng trước ngày 18, báo cáo quý trước ngày 15 tháng cuối quý",
            [("monthly", None, 17, None), ("quarterly", None, 14, None)],
        ),
        (
            "báo cáo UBND tỉnh hằng tháng trước ngày 25; đồng thời gửi Sở Nội vụ trước ngày 27",
            [("monthly", None, 24, None), ("monthly", None, 26, None)],
        ),
        ("báo cáo UBND tỉnh vào ngày 20 tháng thứ hai của quý", [("quarterly", None, 20, None)]),
        ("báo cáo hằng tháng, đề nghị Quý Sở phối hợp", [("monthly", None, None, None)]),
        ("báo cáo UBND tỉnh việc chi trả trợ cấp xã hội hằng tháng", []),
        ("đọc thông báo trên loa lúc 17 giờ hằng ngày", []),
        ("báo cáo 6 tháng một lần, chậm nhất ngày 05 của tháng tiếp theo", [("half_year", None, 5, None)]),
        ("phát hành bản tin ngày 05 hằng tháng", [("monthly", None, 5, None)]),
        ("6 tháng, một năm sơ kết, báo cáo UBND tỉnh", [("half_year", None, None, None), ("yearly", None, None, None)]),
        (
            "mỗi tuần gửi phiếu về Phòng Nghiệp vụ trước 14 giờ thứ Tư; tổng hợp, gửi UBND tỉnh trước 10 giờ thứ Năm",
            [("weekly", "wed", None, dt.time(14)), ("weekly", "thu", None, dt.time(10))],
        ),
        ("báo cáo việc quản lý tài sản công hằng năm của đơn vị", []),
        ("báo cáo UBND tỉnh vào tối thứ Sáu tuần thứ 4 hằng tháng", [("monthly", "fri", None, None)]),
        ("báo cáo UBND tỉnh hằng tháng, vào ngày 20", [("monthly", None, 20, None)]),
        (
            "báo cáo mỗi quý một lần, vào ngày làm việc cuối cùng của quý, không phải chờ nhắc",
            [("quarterly", None, -1, None)],
        ),
        ("cứ đến thứ Sáu là báo cáo tình hình thực hiện về UBND tỉnh trước 16 giờ", [("weekly", "fri", None, dt.time(16))]),
        ("báo cáo UBND tỉnh 03 tháng một lần", [("quarterly", None, None, None)]),
        ("báo cáo UBND tỉnh hàng tháng, quý", [("monthly", None, None, None), ("quarterly", None, None, None)]),
        ("cứ 3 tháng gửi báo cáo một lần về UBND tỉnh", [("quarterly", None, None, None)]),
        ("báo cáo UBND tỉnh từng tuần, trước 17 giờ Chủ nhật", [("weekly", "sun", None, dt.time(17))]),
        ("tối Chủ nhật hằng tuần nhắn kết quả cho UBND tỉnh", [("weekly", "sun", None, None)]),
        ("báo tiến độ cho UBND tỉnh vào 14 giờ mỗi ngày, kể cả thứ Bảy, Chủ nhật", [("daily", None, None, dt.time(14))]),
        ("ngày 05 hằng tháng công khai kết quả trên trang thông tin", [("monthly", None, 5, None)]),
        ("hằng tháng công khai kết quả trên trang thông tin", []),
        (
            "báo cáo mỗi năm hai lần (6 tháng: trước ngày 10/6; cả năm: trước ngày 10/11) về UBND tỉnh",
            [("half_year", None, 9, None), ("yearly", None, 9, None)],
        ),
        ("định kỳ 15 ngày một lần họp, báo cáo UBND tỉnh", []),
        ("thực hiện chế độ báo cáo định kỳ theo Nghị định số 09/2019/NĐ-CP", []),
        ("báo cáo năm 2025 gửi trước ngày 15/12/2025", []),
    ],
)
def test_each_report_that_comes_again_has_its_own_last_day(
    words: str, found: list[tuple[str, str | None, int | None, dt.time | None]]
) -> None:
    assert again(organised(f"1. Sở Y tế: {words}.")) == found


def test_a_sentence_above_a_list_says_who_sends_what_is_due_in_it() -> None:
    plan = letter(
        "1. Các trạm y tế gửi báo cáo về Sở Y tế (qua Phòng Nghiệp vụ) theo các mốc dưới đây:",
        "a) Báo cáo đợt một: gửi trước ngày 10/4/2025;",
        "b) Báo cáo đợt hai: gửi không muộn hơn ngày 10/5/2025.",
    )
    assert [(each.who, each.to, each.via) for each in plan.deadlines] == [
        (("Các trạm y tế",), ("Sở Y tế",), "Phòng Nghiệp vụ"),
        (("Các trạm y tế",), ("Sở Y tế",), "Phòng Nghiệp vụ"),
    ]


@pytest.mark.parametrize(
    ("words", "to", "via"),
    [
        ("nộp phiếu cho chi bộ nơi công tác trước ngày 10/4/2025", ("chi bộ nơi công tác",), None),
        ("gửi danh sách về khoa Dược hạn chót 10/4/2025", ("khoa Dược",), None),
        ("trình Giám đốc Sở dự thảo kế hoạch trước ngày 10/4/2025", ("Giám đốc Sở",), None),
        ("gửi UBND tỉnh (qua Phòng Nghiệp vụ, hộp thư a@b.example) trước ngày 10/4/2025", ("UBND tỉnh",), "Phòng Nghiệp vụ"),
        ("báo cáo về phòng, chống dịch trước ngày 10/4/2025", (), None),
        ("trình Thường trực kịch bản trước ngày 10/4/2025", ("Thường trực",), None),
        ("gửi huyện trước ngày 10/4/2025", ("huyện",), None),
        ("trả lời huyện bằng văn bản trong tháng 4/2025", ("huyện",), None),
        ("gửi lại Sở Nội vụ trước ngày 10/4/2025", ("Sở Nội vụ",), None),
        ("gửi tài liệu đến đại biểu trước ngày 10/4/2025", ("đại biểu",), None),
        ("gửi các đại biểu trước ngày 10/4/2025 để nghiên cứu", ("các đại biểu",), None),
        ("giao chỉ tiêu, gửi biểu cho từng xã trước ngày 10/4/2025", ("từng xã",), None),
        ("bàn giao hồ sơ cho đơn vị nhận quân trước ngày 10/4/2025", (), None),
        ("nộp công đoàn cấp trên trực tiếp trước ngày 10/4/2025", ("công đoàn cấp trên trực tiếp",), None),
        ("xin ý kiến Thường trực Tỉnh ủy trước ngày 10/4/2025", ("Thường trực Tỉnh ủy",), None),
        ("báo cáo Ban Chỉ đạo tỉnh về phòng, chống lụt trước 10/4/2025", ("Ban Chỉ đạo tỉnh về phòng, chống lụt",), None),
        ("báo cáo Ban Chỉ đạo về kết quả trước ngày 10/4/2025", ("Ban Chỉ đạo",), None),
        ("đăng ký đội trước ngày 10/4/2025 với Sở Nội vụ", ("Sở Nội vụ",), None),
        ("đưa cán bộ xuống xã trước ngày 10/4/2025", (), None),
    ],
)
def test_whom_it_goes_to_ends_before_what_goes(words: str, to: tuple[str, ...], via: str | None) -> None:
    deadline = only_deadline(organised(f"1. Sở Y tế: {words}."))
    assert (deadline.to, deadline.via) == (to, via)


@pytest.mark.parametrize(
    "last",
    [
        "Báo cáo năm gửi trước ngày 10/12/2025.",
        "Hằng tháng gửi báo cáo trước ngày 20.",
        "kết quả chính thức trước ngày 15/11/2025.",
    ],
)
def test_a_report_goes_where_the_paragraph_said_before(last: str) -> None:
    plan = organised(f"1. Các sở gửi kết quả sơ bộ về UBND tỉnh (qua Sở Nội vụ) trước ngày 25/10/2025; sau đó rà soát. {last}")
    assert [(each.to, each.via) for each in (*plan.deadlines, *plan.recurring)] == [(("UBND tỉnh",), "Sở Nội vụ")] * 2


@pytest.mark.parametrize(
    ("purpose", "who", "to"),
    [
        ("tổng hợp, báo cáo UBND tỉnh", "Sở Y tế", ("UBND tỉnh",)),
        ("các xã rà soát, hoàn thành", "các xã", ()),
        ("kịp thời trình UBND tỉnh", "Sở Y tế", ("UBND tỉnh",)),
    ],
)
def test_what_follows_a_deadline_for_a_purpose_is_the_addressees(purpose: str, who: str, to: tuple[str, ...]) -> None:
    plan = organised(f"1. Các trạm gửi kết quả về Sở Y tế trước ngày 15/4/2025 để {purpose} trước ngày 20/4/2025.")
    assert [(each.who, each.to) for each in plan.deadlines] == [(("Các trạm",), ("Sở Y tế",)), ((who,), to)]


def test_who_acts_upon_receipt_stands_behind_the_comma() -> None:
    plan = letter("Nhận được Công văn này, các sở, ngành triển khai, báo cáo kết quả về UBND tỉnh trước ngày 15/4/2025.")
    assert only_deadline(plan).who == ("các sở, ngành",)


def test_a_limit_behind_what_is_sent_is_whole() -> None:
    plan = letter("1. Báo cáo đợt hai: gửi không muộn hơn ngày 10/5/2025.", "2. Sở Nội vụ theo dõi.")
    assert only_deadline(plan).phrase == "gửi không muộn hơn ngày 10/5/2025"


def test_a_stretch_of_days_in_which_something_comes_daily_is_no_deadline() -> None:
    plan = organised("1. Sở Y tế: từ ngày 01/4/2025 đến ngày 14/4/2025, báo cáo UBND tỉnh hằng ngày, trước 16 giờ.")
    assert not plan.deadlines
    assert again(plan) == [("daily", None, None, dt.time(16))]


def test_who_reports_is_named_where_the_sentence_tells_of_the_report_first() -> None:
    plan = letter("1. Từ quý III, việc trồng cây được các xã báo cáo mỗi tháng một lần.", "2. Sở Nội vụ theo dõi.")
    assert plan.recurring[0].who == ("các xã",)


def test_whom_it_goes_to_ends_before_the_hour_and_the_thing() -> None:
    plan = organised(
        "1. Sở Y tế: gửi UBND tỉnh phương án trước ngày 20/4/2025.", "2. Sở Nội vụ: gửi UBND tỉnh đúng hạn 21/4/2025."
    )
    assert [deadline.to for deadline in plan.deadlines] == [("UBND tỉnh",), ("UBND tỉnh",)]


def test_a_day_that_comes_again_is_no_one_off_deadline_and_one_with_a_year_is() -> None:
    assert organised("1. Sở Y tế: báo cáo UBND tỉnh 6 tháng trước ngày 20/6 và năm trước ngày 20/12.").deadlines == ()
    plan = organised("1. Sở Y tế: định kỳ hằng tháng báo cáo UBND tỉnh; báo cáo tổng kết gửi trước ngày 20/12/2025.")
    assert only_deadline(plan).due_date == dt.date(2025, 12, 19)


def test_the_days_that_figures_count_from_are_not_the_reports_day() -> None:
    plan = organised(
        "1. Sở Y tế: báo cáo tháng gửi trước ngày 17 hằng tháng; số liệu tính từ ngày 15 của tháng trước đến ngày 14 của tháng."
    )
    assert again(plan) == [("monthly", None, 16, None)]


def test_a_list_of_reports_has_who_and_to_whom_of_the_sentence_above() -> None:
    plan = organised(
        "4. Chế độ báo cáo",
        "Các sở, Ủy ban nhân dân các xã báo cáo kết quả về Ủy ban nhân dân tỉnh (qua Sở Nội vụ) như sau:",
        "a) Báo cáo tháng: trước ngày 17 hằng tháng.",
        "b) Báo cáo quý: trước ngày 17 của tháng cuối quý (thay báo cáo tháng).",
        "c) Báo cáo năm: trước ngày 10 tháng 12.",
    )
    assert again(plan) == [("monthly", None, 16, None), ("quarterly", None, 16, None), ("yearly", None, 9, None)]
    assert {item.who for item in plan.recurring} == {("Các sở", "Ủy ban nhân dân các xã")}
    assert {(item.to, item.via) for item in plan.recurring} == {(("Ủy ban nhân dân tỉnh",), "Sở Nội vụ")}


@pytest.mark.parametrize(
    "words",
    [
        "báo cáo 6 tháng trước ngày 10/6, báo cáo năm trước ngày 05/12; gửi Sở Nội vụ tổng hợp",
        "lập danh sách, gửi Sở Nội vụ trước ngày 10/4/2025; 6 tháng (trước 10/6), năm (trước 05/12) gửi báo cáo theo mẫu",
    ],
)
def test_the_clause_beside_says_whom_a_report_goes_to(words: str) -> None:
    plan = organised(f"1. Sở Y tế: {words}.")
    assert [(each.frequency, each.to) for each in plan.recurring] == [
        ("half_year", ("Sở Nội vụ",)),
        ("yearly", ("Sở Nội vụ",)),
    ]


def test_a_sheet_that_sums_up_is_none_who_sums_up() -> None:
    plan = organised(
        "1. Sở Y tế: gửi biểu tổng hợp về Sở Nội vụ trước ngày 10 hằng tháng.",
        "2. Sở Nội vụ: tổng hợp, báo cáo UBND tỉnh hằng quý.",
    )
    assert [each.consolidates for each in plan.recurring] == [False, True]


def test_a_table_of_reports_is_read_row_by_row() -> None:
    plan = paper(
        "III. BÁO CÁO",
        "Các sở gửi báo cáo về Ủy ban nhân dân tỉnh qua Sở Nội vụ theo bảng sau:",
        "| Loại báo cáo | Số liệu | Thời hạn |\n|---|---|---|\n"
        "| Báo cáo tháng | Số liệu tính từ ngày 15 tháng trước đến ngày 14 của tháng báo cáo | Trước ngày 18 hằng tháng |\n"
        "| Báo cáo 6 tháng | Tính từ ngày 15/12 năm trước đến ngày 14/6 của năm báo cáo | Chậm nhất ngày 19/6 |",
    )
    assert again(plan) == [("monthly", None, 17, None), ("half_year", None, 19, None)]
    assert plan.deadlines == ()


def test_rows_of_a_table_of_reports_need_no_verb_and_end_where_the_table_does() -> None:
    plan = paper(
        "III. BÁO CÁO",
        "- Các xã báo cáo định kỳ về Ủy ban nhân dân tỉnh theo biểu sau:",
        "TT   Nội dung                      Kỳ              Thời hạn gửi\n"
        "1    Thu, chi Quỹ trồng rừng       Hằng quý        Ngày 25 tháng cuối quý\n"
        "2    Tổng kết năm   Hằng năm   Trước 05/12",
        "- Khi có cháy rừng: báo cáo hằng ngày, trước 6 giờ 30.",
    )
    assert again(plan) == [("quarterly", None, 25, None), ("yearly", None, 4, None), ("daily", None, None, dt.time(6, 30))]
    assert [each.to for each in plan.recurring] == [("Ủy ban nhân dân tỉnh",)] * 2 + [()]
    assert plan.deadlines == ()


def test_who_sums_up_reports_later_the_same_day_or_by_a_day_of_its_own() -> None:
    plan = organised(
        "1. Các xã báo cáo Sở Y tế trước 10 giờ thứ Sáu hằng tuần; Sở Y tế tổng hợp, báo cáo UBND tỉnh trước 16 giờ cùng ngày.",
        "2. Các trường gửi báo cáo về Sở Giáo dục và Đào tạo trước ngày 20 hằng tháng để Sở Giáo dục và Đào tạo tổng hợp, báo cáo"
        " UBND tỉnh trước ngày 25 hằng tháng.",
    )
    assert [(item.who, item.consolidates) for item in plan.recurring] == [
        (("Các xã",), False),
        (("Sở Y tế",), True),
        (("Các trường",), False),
        (("Sở Giáo dục và Đào tạo",), True),
    ]
    assert again(plan) == [
        ("weekly", "fri", None, dt.time(10)),
        ("weekly", "fri", None, dt.time(16)),
        ("monthly", None, 19, None),
        ("monthly", None, 24, None),
    ]


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("báo cáo UBND tỉnh trước ngày 05 của tháng sau liền kề tháng báo cáo", [(2025, 4, 4), (2025, 5, 4)]),
        ("báo cáo UBND tỉnh trước ngày 25 hằng tháng", [(2025, 3, 24), (2025, 4, 24)]),
        ("báo cáo năm gửi UBND tỉnh trước ngày 20/11 hằng năm", [(2025, 11, 19)]),
        ("báo cáo năm gửi UBND tỉnh trước ngày 15/01 hằng năm", [(2026, 1, 14)]),
        ("báo cáo 6 tháng gửi UBND tỉnh trước ngày 05/7 hằng năm", [(2025, 7, 4)]),
    ],
)
def test_a_round_is_due_in_the_month_that_the_words_name(words: str, ends: list[tuple[int, int, int]]) -> None:
    report = organised(f"1. Sở Y tế: {words}.").recurring[0]
    found = rounds(report, first=dt.date(2025, 3, 10), last=dt.date(2025, 4, 10))
    allowed = [(each.due.due_at - dt.timedelta(seconds=1)).astimezone(ZONE).date() for each in found if each.due.due_at]
    assert allowed == [dt.date(*end) for end in ends]


def test_a_report_on_demand_is_asked_for() -> None:
    plan = organised("1. Sở Y tế: báo cáo Ủy ban nhân dân tỉnh khi có yêu cầu.")
    assert plan.recurring == ()
    assert "report_without_date" in codes(plan)


# --- meetings ---------------------------------------------------------------------------------------------------------

PROGRAMME = """
CHƯƠNG TRÌNH HỘI NGHỊ
Thời gian: {hour}, ngày 20/3/2025
Địa điểm: {place}

08h30 - 08h40   Khai mạc   Sở Y tế
08h40 - 09h00   Báo cáo    Sở Y tế
"""


def invitation(after: str = "", weekday: str = "thứ Năm") -> Plan:
    return paper(
        "Kính gửi: Các sở, ban, ngành.",
        "Ủy ban nhân dân tỉnh kính mời dự Hội nghị, cụ thể như sau:",
        f"1. Thời gian: 01 buổi, từ 08 giờ 00 phút, {weekday}, ngày 20/3/2025.",
        "2. Địa điểm: Hội trường tầng 3, trụ sở Ủy ban nhân dân tỉnh.",
        "3. Hình thức: Trực tiếp kết hợp trực tuyến.",
        "4. Chủ trì: Đồng chí Chủ tịch Ủy ban nhân dân tỉnh.",
        "5. Thành phần: Lãnh đạo các sở; Chủ tịch UBND các xã.",
        "6. Sở Y tế chuẩn bị tài liệu xong trước ngày 18/3/2025.",
        "(Gửi kèm Chương trình Hội nghị)",
        symbol="GM-UBND",
        title="GIẤY MỜI\nDự Hội nghị sơ kết công tác trồng rừng",
        after=after,
    )


def only_meeting(plan: Plan) -> Conference:
    (meeting,) = plan.conferences
    return meeting


def test_an_invitation_is_one_meeting_and_only_its_other_items_are_tasks() -> None:
    plan = invitation()
    meeting = only_meeting(plan)
    assert meeting.title == "Hội nghị sơ kết công tác trồng rừng"
    assert meeting.starts_at == dt.datetime(2025, 3, 20, 1, 0, tzinfo=dt.UTC)
    assert (meeting.form, meeting.chair) == ("hybrid", "Đồng chí Chủ tịch Ủy ban nhân dân tỉnh")
    assert meeting.venue == "Hội trường tầng 3, trụ sở Ủy ban nhân dân tỉnh"
    assert meeting.participants == ("Lãnh đạo các sở", "Chủ tịch UBND các xã")
    assert given(plan) == [("6", "Sở Y tế", None)]
    assert [item.text for item in plan.attachments] == ["Chương trình Hội nghị"]
    assert not codes(plan) & {"weekday_mismatch", "programme_conflict"}


@pytest.mark.parametrize(
    ("body", "twice"),
    [
        (["1. Thu quỹ.", "2. Chi quỹ.", "Về nhân sự", "1. Cử cán bộ.", "2. Tập huấn.", "3. Tổng kết."], False),
        (["1. Thu quỹ.", "2. Chi quỹ.", "2. Cử cán bộ.", "3. Tổng kết."], True),
        (["1. Thu quỹ.", "1. Chi quỹ.", "2. Cử cán bộ."], True),
    ],
)
def test_a_number_that_stands_twice_is_asked_but_not_a_count_that_begins_anew(body: list[str], twice: bool) -> None:
    assert ("section_twice" in codes(letter(*body))) is twice


@pytest.mark.parametrize("unit", ["Sáu đơn vị này", "Những đơn vị chưa gửi báo cáo", "Các trường có tên trong danh sách"])
def test_whoever_of_those_addressed_is_meant_needs_no_line_of_its_own(unit: str) -> None:
    assert "task_uncovered" not in codes(letter(f"1. {unit} khẩn trương rà soát hồ sơ, gửi Sở Y tế trước ngày 15/4/2025."))


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        ("theo dõi, đôn đốc, báo cáo Ủy ban nhân dân tỉnh về kết quả trồng rừng", True),
        ("theo dõi, kiểm tra việc thực hiện Kế hoạch này và báo cáo Ủy ban nhân dân tỉnh", True),
        ("theo dõi, đôn đốc, báo cáo Ủy ban nhân dân tỉnh trước ngày 20/4/2025", False),
        ("theo dõi, đôn đốc, báo cáo Ủy ban nhân dân tỉnh tại phiên họp tháng 4", False),
        ("theo dõi báo cáo của các xã", False),
    ],
)
def test_who_watches_over_the_work_reports_on_it_though_nothing_says_when(words: str, reported: bool) -> None:
    reports = organised(f"1. Sở Nông nghiệp và Môi trường {words}.").reports
    assert [(each.who, each.to) for each in reports] == (
        [(("Sở Nông nghiệp và Môi trường",), ("Ủy ban nhân dân tỉnh",))] if reported else []
    )


def test_what_another_paper_asks_is_no_report_on_request() -> None:
    plan = letter("1. Sở Y tế rà soát hồ sơ để báo cáo Bộ Y tế theo yêu cầu tại Công văn số 12/BYT-VP ngày 03/02/2025.")
    assert "report_without_date" not in codes(plan)


def test_a_weekday_that_is_not_its_dates_is_asked() -> None:
    assert "weekday_mismatch" in codes(invitation(weekday="thứ Sáu"))
    plan = organised("1. Sở Y tế: báo cáo chậm nhất ngày 20/3/2025 (thứ Sáu).")
    (warning,) = [each for each in plan.warnings if each.code == "weekday_mismatch"]
    assert "Thursday" in warning.message


@pytest.mark.parametrize(
    ("hour", "place", "count"),
    [
        ("08 giờ 00", "Hội trường tầng 3", 0),
        ("08 giờ 30", "Hội trường tầng 3", 1),
        ("08 giờ 00", "Nhà văn hóa trung tâm", 1),
        ("14 giờ 00", "Nhà văn hóa trung tâm", 2),
    ],
)
def test_a_programme_that_says_otherwise_than_the_letter_is_asked_and_gives_nobody_a_task(
    hour: str, place: str, count: int
) -> None:
    plan = invitation(after=PROGRAMME.format(hour=hour, place=place))
    assert [warning.code for warning in plan.warnings].count("programme_conflict") == count
    assert given(plan) == [("6", "Sở Y tế", None)]
    assert len(plan.deadlines) == 1


@pytest.mark.parametrize(
    "words",
    [
        "14 giờ 00, thứ Năm, ngày 20/3/2025",
        "14h00' ngày 20 tháng 3 năm 2025 (thứ Năm)",
        "Ngày 20/3/2025 (thứ Năm), bắt đầu từ 14 giờ 00",
        "Từ 14h00 đến 16h30 ngày 20/3/2025",
        "02 giờ chiều ngày 20/3",
    ],
)
def test_hour_and_day_of_a_meeting_come_in_any_order(words: str) -> None:
    plan = paper("II. HỘI NGHỊ", "1. Hội nghị cấp tỉnh", f"- Thời gian: {words}.", "- Địa điểm: Hội trường.")
    assert only_meeting(plan).starts_at == dt.datetime(2025, 3, 20, 7, 0, tzinfo=dt.UTC)
    assert plan.deadlines == ()


def test_meetings_of_a_plan_have_tier_form_and_order() -> None:
    plan = paper(
        "II. HỘI NGHỊ",
        "1. Hội nghị triển khai ở tỉnh",
        "- Thời gian: 14 giờ 00 ngày 10/3/2025.",
        "- Hình thức: Trực tuyến từ điểm cầu tỉnh.",
        "2. Hội nghị triển khai ở xã, phường",
        "- Thời gian: Ngay sau hội nghị ở tỉnh, hoàn thành trước ngày 25/3/2025.",
        "- Hình thức: Tiếp sóng.",
        "3. Lễ phát động: dự kiến trong tuần cuối tháng 3/2025, hình thức trực tiếp, do Sở Y tế chuẩn bị.",
    )
    first, second, third = plan.conferences
    assert (first.tier, first.form, first.after) == ("tỉnh", "online", None)
    assert (second.tier, second.form, second.after, second.due_date) == ("xã, phường", "relayed", "1", dt.date(2025, 3, 24))
    assert (third.title, third.form, third.organiser, third.due_date) == ("Lễ phát động", "in_person", "Sở Y tế", None)
    assert "conference_without_date" in codes(plan)


def test_a_sentence_that_calls_a_meeting_is_one_but_not_what_was_or_is_called_off() -> None:
    plan = organised(
        "1. Văn phòng chuẩn bị cuộc họp kiểm điểm tiến độ do đồng chí Chủ tịch UBND tỉnh chủ trì, tổ chức lúc 14 giờ 00"
        " ngày 31/3/2025 tại Phòng họp tầng 2.",
        "2. Sở Y tế tạm dừng hội nghị tập huấn từ 8 giờ 00 ngày 20/3/2025 cho đến khi có thông báo mới.",
    )
    meeting = only_meeting(plan)
    assert (meeting.title, meeting.venue) == ("cuộc họp kiểm điểm tiến độ", "Phòng họp tầng 2")
    assert meeting.chair == "đồng chí Chủ tịch UBND tỉnh"
    assert meeting.starts_at == dt.datetime(2025, 3, 31, 7, 0, tzinfo=dt.UTC)


def test_sentences_behind_the_one_that_calls_a_meeting_say_who_leads_it_where_and_with_whom() -> None:
    plan = organised(
        "1. Văn phòng chuẩn bị buổi đối thoại với các hộ thiếu nước. Thời gian: 8 giờ 00, thứ Hai, ngày 31/3/2025. Địa điểm: nhà"
        " văn hóa thôn Bắc. Đồng chí Chủ tịch UBND xã chủ trì. Mời: đại diện các hộ, trưởng thôn.",
        "2. Sở Y tế mở lớp tập huấn cho y tế thôn, 7 giờ 30 ngày 02/4/2025 tại sân trạm y tế; mời bác sĩ các trạm cùng dự.",
        "3. Văn phòng tham mưu Chủ tịch UBND tỉnh chủ trì giao ban toàn tỉnh 14h00 ngày 03/4/2025 bằng hình thức trực tuyến.",
    )
    first, second, third = plan.conferences
    assert (first.venue, first.chair) == ("nhà văn hóa thôn Bắc", "Đồng chí Chủ tịch UBND xã")
    assert first.participants == ("đại diện các hộ, trưởng thôn",)
    assert (second.title, second.organiser, second.venue) == ("lớp tập huấn cho y tế thôn", "Sở Y tế", "sân trạm y tế")
    assert second.participants == ("bác sĩ các trạm",)
    assert (third.chair, third.form) == ("Chủ tịch UBND tỉnh", "online")


def test_a_place_below_time_and_place_needs_no_label_and_its_programme_is_held_against_it() -> None:
    plan = paper(
        "I. THỜI GIAN, ĐỊA ĐIỂM\n- Từ 14 giờ, thứ Hai, ngày 31/3/2025.\n- Hội trường tầng 2, Nhà khách tỉnh.",
        symbol="GM-UBND",
        title="GIẤY MỜI\nDự Hội nghị sơ kết trồng rừng",
        after="\nCHƯƠNG TRÌNH\nHội nghị sơ kết trồng rừng\nNgày 31/3/2025, tại Trung tâm Văn hóa huyện Bắc Lưu\n",
    )
    assert only_meeting(plan).venue == "Hội trường tầng 2, Nhà khách tỉnh"
    assert "programme_conflict" in codes(plan)


def test_labels_in_one_paragraph_part_and_what_follows_the_guests_is_none_of_them() -> None:
    plan = paper(
        "Ban Thường vụ Tỉnh ủy trân trọng kính mời các đồng chí dự Hội nghị sơ kết trồng rừng.",
        "1. Thời gian: 8 giờ 00 ngày 31/3/2025. Địa điểm: Hội trường tỉnh. Chủ trì: đồng chí Bí thư.",
        "2. Thành phần:",
        "a) Tại điểm cầu tỉnh: lãnh đạo các sở; lãnh đạo các ban.",
        "3. Chuẩn bị hội nghị: Sở Y tế gửi báo cáo trước ngày 20/3/2025.",
        symbol="GM-UBND",
        title="GIẤY MỜI\nDự Hội nghị sơ kết trồng rừng",
    )
    meeting = only_meeting(plan)
    assert (meeting.venue, meeting.chair) == ("Hội trường tỉnh", "đồng chí Bí thư")
    assert meeting.participants == ("lãnh đạo các sở", "lãnh đạo các ban")
    assert meeting.organiser == "Ban Thường vụ Tỉnh ủy"


def test_a_heading_that_is_a_meeting_is_one_where_plain_sentences_below_say_when() -> None:
    first, second, third = paper(
        "II. NỘI DUNG",
        "1. Hội nghị tại các xã",
        "Do Ủy ban nhân dân các xã tổ chức, xong trước ngày 10/4/2025.",
        "2. Hội nghị sơ kết",
        "Hội nghị được tổ chức trực tuyến; thời gian: 8 giờ 30 ngày 25/6/2025. Chủ trì: đồng chí Chủ tịch UBND tỉnh."
        " Dự hội nghị: lãnh đạo các sở; đại diện Tỉnh ủy (mời).",
        "3. Họp thống nhất kết quả: 8h00 thứ Năm ngày 26/6/2025 tại Hội trường tầng 2; Giám đốc chủ trì, mời đại diện các thôn.",
    ).conferences
    assert (first.title, first.due_date) == ("Hội nghị tại các xã", dt.date(2025, 4, 9))
    assert first.organiser == "Ủy ban nhân dân các xã"
    assert (second.chair, second.participants) == ("đồng chí Chủ tịch UBND tỉnh", ("lãnh đạo các sở", "đại diện Tỉnh ủy"))
    assert (third.chair, third.participants) == ("Giám đốc", ("đại diện các thôn",))
    assert (second.form, second.starts_at) == ("online", dt.datetime(2025, 6, 25, 1, 30, tzinfo=dt.UTC))
    assert (third.starts_at, third.venue) == (dt.datetime(2025, 6, 26, 1, 0, tzinfo=dt.UTC), "Hội trường tầng 2")


def test_a_label_names_who_leads_and_whom_with() -> None:
    plan = paper("II. NỘI DUNG", "1. Rà soát hồ sơ", "- Đơn vị thực hiện: Sở Y tế chủ trì, phối hợp với Sở Nội vụ, Sở Xây dựng.")
    assert given(plan) == [("II.1", "Sở Y tế", "lead"), ("II.1", "Sở Nội vụ", "support"), ("II.1", "Sở Xây dựng", "support")]


# --- what stops, and what goes along ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "unit", "until"),
    [
        ("Sở Y tế tạm dừng việc tuyển dụng cho đến khi có hướng dẫn mới.", "Sở Y tế", "cho đến khi có hướng dẫn mới"),
        ("Chưa tổ chức đại hội chi bộ cho đến khi có thông báo của cấp trên.", None, "cho đến khi có thông báo của cấp trên"),
        ("Tạm hoãn các lớp tập huấn.", None, None),
        ("Hoãn các buổi họp tập trung trong hai ngày 06 và 07/3/2025.", None, "trong hai ngày 06 và 07/3/2025"),
        ("Tạm ngừng nhận hồ sơ đến khi có thông báo mới vì kho đã đầy.", None, "đến khi có thông báo mới"),
        ("Sở Y tế ngừng nhận hồ sơ giấy đến khi kho có chỗ, và trả lời từng người.", "Sở Y tế", "đến khi kho có chỗ"),
        ("Từ nay đến hết năm 2025, các cơ quan tạm dừng mua xe.", "các cơ quan", "đến hết năm 2025"),
        ("Trong thời gian chưa có quy chế, tạm dừng cấp thẻ.", None, "Trong thời gian chưa có quy chế"),
        ("Sở Y tế tạm dừng tiếp dân từ 7 giờ ngày 02/4/2025 đến 17 giờ ngày 04/4/2025.", "Sở Y tế", "đến 17 giờ ngày 04/4/2025"),
        ("Tạm dừng tiêu hủy hồ sơ ở tất cả các cơ quan đến khi có văn bản mới.", "tất cả các cơ quan", "đến khi có văn bản mới"),
        ("Dừng toàn bộ việc cấp phép san gạt cho đến hết năm 2025.", None, "cho đến hết năm 2025"),
        ("Đình chỉ hoạt động bến đò cũ cho tới khi khắc phục xong.", None, "cho tới khi khắc phục xong"),
        ("Sở Y tế tạm thời ngưng nhận hồ sơ đến hết ngày 30/6/2025.", "Sở Y tế", "đến hết ngày 30/6/2025"),
        ("Tạm dừng cấp phép đến khi có quy chế; Sở Y tế theo dõi.", None, "đến khi có quy chế"),
        ("Trong thời gian từ nay đến khi có văn bản mới, các xã tạm dừng mua xe.", "các xã", "đến khi có văn bản mới"),
        ("Sở Y tế kiểm tra, nơi nào sai thì buộc tạm dừng đến khi sửa xong.", None, "đến khi sửa xong"),
        ("Tạm dừng mua xe ở tất cả các cấp công đoàn trong tỉnh.", "tất cả các cấp công đoàn trong tỉnh", None),
        ("Tạm dừng sửa bản đồ tại Chi nhánh Đăng ký đất từ ngày 20/4/2025.", "Chi nhánh Đăng ký đất", None),
    ],
)
def test_what_is_to_stop_and_until_when(sentence: str, unit: str | None, until: str | None) -> None:
    (stop,) = letter(f"1. {sentence}", opening="Ủy ban nhân dân tỉnh thông báo:").suspensions
    assert (stop.unit if unit or "Sở" in sentence else None, stop.until) == (unit, until)


@pytest.mark.parametrize(
    "sentence",
    [
        "Không tạm dừng cấp nước.",
        "Công trình đã tạm dừng thi công năm 2024.",
        "Chưa tổ chức kiểm tra.",
        "Theo dõi tình hình ngừng việc tập thể.",
        "Rà soát các dự án dừng thi công kéo dài.",
        "Thực hiện Quy chế “Về tạm dừng việc cấp phép trên địa bàn tỉnh”.",
        "Khắc phục tình trạng tạm dừng thi công do thiếu vốn.",
        "Lập danh sách miễn, tạm hoãn gọi nhập ngũ.",
        "Trường hợp tạm hoãn tiêm phải ghi vào sổ.",
        "Danh sách trẻ tạm hoãn tiêm phải được lưu.",
    ],
)
def test_what_does_not_stop_is_no_suspension(sentence: str) -> None:
    assert letter(f"1. {sentence}").suspensions == ()


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        ("(Gửi kèm: Mẫu 01 - Báo cáo; Mẫu 05, Mẫu 06 - Biểu thống kê)", ["Mẫu 01 - Báo cáo", "Mẫu 05, Mẫu 06 - Biểu thống kê"]),
        ("Báo cáo (có đề cương kèm theo) gửi về Sở.", ["đề cương"]),
        ("Báo cáo (theo Mẫu số 01 gửi kèm) gửi về Sở.", ["Mẫu số 01"]),
        ("Nộp đủ hồ sơ của các dự án trong danh mục gửi kèm về Sở.", ["danh mục gửi kèm"]),
        ("Chỉ tiêu 40 hồ sơ (phân bổ ở Biểu số 02 kèm theo).", ["Biểu số 02"]),
        ("Sở chuẩn bị tài liệu họp gồm: Dự thảo báo cáo; Bảng kiến nghị.", ["Dự thảo báo cáo", "Bảng kiến nghị"]),
        ("Số liệu theo các Biểu số 01, 02 và 03 kèm theo Công văn này.", ["các Biểu số 01, 02 và 03"]),
        ("(Gửi kèm Biểu tổng hợp số 02-BC/RS và danh sách các xã)", ["Biểu tổng hợp số 02-BC/RS", "danh sách các xã"]),
        ("Tài liệu gửi kèm: Kế hoạch số 12-KH/TU ngày 01/3/2025.", ["Kế hoạch số 12-KH/TU"]),
        ("Hồ sơ (kèm bản sao giấy chứng nhận) gửi về Sở.", []),
        ("Quy chế ban hành kèm theo Quyết định số 12/QĐ-UBND hết hiệu lực.", []),
        ("Lập bảng theo mẫu kèm Công văn số 12/SYT-VP của Sở Y tế.", []),
    ],
)
def test_what_goes_along_is_named_in_brackets_and_outside(sentence: str, texts: list[str]) -> None:
    assert [item.text for item in letter(f"1. {sentence}").attachments] == texts


def test_an_enclosed_paper_keeps_its_number() -> None:
    (paper_,) = letter("1. Thực hiện theo hướng dẫn (gửi kèm Công văn số 15/SYT-VP).").attachments
    assert paper_.number == "15/SYT-VP"


# --- how sure, and how long -------------------------------------------------------------------------------------------


def test_what_a_fallback_decided_is_less_sure() -> None:
    plan = organised(
        "1. Sở Y tế: đến ngày 20/5/2025 không còn hồ sơ trễ hẹn; báo cáo UBND tỉnh vào ngày làm việc cuối cùng của tuần."
    )
    assert only_deadline(plan).confidence < 0.7
    (report,) = plan.recurring
    assert isinstance(report, Recurring)
    assert report.confidence < 0.7


@pytest.mark.parametrize(
    "piece",
    [
        "thứ ",
        "kèm (",
        "Giao Sở ",
        "định kỳ ",
        "ngày 1/1 ",
        "6 tháng, ",
        "trước ngày 15/6 ",
        "để tổng hợp ",
        "Sở A; ",
        "họp lúc 8 giờ ",
    ],
)
def test_a_hostile_line_is_read_in_seconds(piece: str) -> None:
    started = time.process_time()
    organised("1. Sở Y tế: báo cáo " + (piece * 60_000)[:60_000])
    assert time.process_time() - started < 5


# --- tables of tasks --------------------------------------------------------------------------------------------------


def test_a_row_of_a_table_says_by_when_how_often_and_to_whom() -> None:
    plan = organised(
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Cấp trình | Thời gian |",
        "| 1 | Báo cáo tiến độ trồng rừng | Sở Công Thương | UBND tỉnh | Hằng tháng, trước ngày 25 |",
        "| 2 | Trồng rừng phòng hộ | Sở Y tế | | Thường xuyên |",
        "| 3 | Đề án trồng rừng | Sở Tài chính | HĐND tỉnh | Trước ngày 20/4/2025 |",
        "| 4 | Sơ kết | Sở Nội vụ | | Tuần đầu tháng 7/2025 |",
        "| 5 | Tổng duyệt | Sở Nội vụ | | Trước khai mạc 02 ngày |",
    )
    assert [(each.who, each.to, each.due_date) for each in plan.deadlines] == [
        (("Sở Tài chính",), ("HĐND tỉnh",), dt.date(2025, 4, 19)),
        (("Sở Nội vụ",), (), None),
        (("Sở Nội vụ",), (), None),
    ]
    assert [(each.who, each.frequency, each.day) for each in plan.recurring] == [(("Sở Công Thương",), "monthly", 24)]


def test_a_table_of_reports_may_stand_in_an_appendix() -> None:
    table = (
        "PHỤ LỤC",
        "(Kèm theo Kế hoạch số 45/KH-UBND ngày 03/3/2025 của UBND tỉnh)",
        "Các sở báo cáo UBND tỉnh (qua Sở Nội vụ):",
        "| TT | Loại báo cáo | Thời hạn |",
        "| 1 | Báo cáo tuần | Trước 15 giờ thứ Năm hằng tuần |",
    )
    (report,) = paper("1. Các sở trồng rừng.", after="\n\n".join(table)).recurring
    assert (report.frequency, report.weekday, report.time, report.who, report.to, report.via) == (
        "weekly", "thu", dt.time(15), ("Các sở",), ("UBND tỉnh",), "Sở Nội vụ",
    )  # fmt: skip
