"""Reading by when something is due, from whom, to whom, and what is to stop, in more of clerks' wordings."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workflows.frames import of_health_office


@pytest.mark.parametrize(
    ("sentence", "to"),
    [
        ("Các xã báo danh sách học viên về Phòng Nội vụ trước ngày 15/5/2026.", ("Phòng Nội vụ",)),
        ("Phòng Tài vụ báo cáo Bộ Y tế, đồng gửi Bộ Tài chính trước ngày 15/5/2026.", ("Bộ Y tế", "Bộ Tài chính")),
        ("Các trạm gửi 01 bộ về Phòng Nội vụ, 01 bộ về Phòng Tài vụ trước ngày 15/5/2026.", ("Phòng Nội vụ", "Phòng Tài vụ")),
        ("Các trạm bàn giao sổ về Trung tâm Y tế huyện; xong trước ngày 15/5/2026.", ("Trung tâm Y tế huyện",)),
        ("Các trạm chuyển vốn sang Kho bạc Nhà nước huyện trước ngày 15/5/2026.", ("Kho bạc Nhà nước huyện",)),
        ("Mỗi đảng viên nộp bản cam kết cho chi ủy trước ngày 15/5/2026.", ("chi ủy",)),
        ("Các trạm gửi hộp thư công vụ của Phòng Nghiệp vụ trước ngày 15/5/2026.", ("Phòng Nghiệp vụ",)),
        ("Các trạm gửi tài liệu đến Văn phòng Sở. Nội dung đợt 1: trước ngày 15/5/2026.", ("Văn phòng Sở",)),
        ("Hồ sơ gửi về Hội đồng Thi đua - Khen thưởng tỉnh trước ngày 15/5/2026.", ("Hội đồng Thi đua - Khen thưởng tỉnh",)),
        ("Các trạm gửi kết quả về Tổ thư ký (đồng chí Sơn) trước ngày 15/5/2026.", ("Tổ thư ký",)),
        ("Các trạm chuyển vốn cho Ngân hàng Chính sách xã hội trước ngày 15/5/2026.", ("Ngân hàng Chính sách xã hội",)),
        ("Các trạm báo số người về Trung tâm Dịch vụ việc làm trước ngày 15/5/2026.", ("Trung tâm Dịch vụ việc làm",)),
        ("Phòng Nghiệp vụ tham mưu Sở Y tế ban hành hướng dẫn, trình trước ngày 15/5/2026.", ("Sở Y tế",)),
        (
            "Các trạm báo cáo Ban Chỉ đạo tỉnh về Phòng, chống dịch trước ngày 15/5/2026.",
            ("Ban Chỉ đạo tỉnh về Phòng, chống dịch",),
        ),
    ],
)
def test_whom_it_goes_to_is_said_in_many_ways(sentence: str, to: tuple[str, ...]) -> None:
    assert [each.to for each in of_health_office(f"1. {sentence}").deadlines] == [to]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Đối với nhóm 2, đề nghị hiệu trưởng các trường rà soát lại trước ngày 15/5/2026.", "hiệu trưởng các trường"),
        ("Việc đo nhiệt độ phải làm thường xuyên: các trạm ghi sổ, nộp trước ngày 15/5/2026.", "các trạm"),
        ("Chế độ báo cáo: từ ngày 01/5/2026, các trạm báo cáo Sở Y tế xong trước ngày 15/5/2026.", "các trạm"),
        ("Báo cáo của các phòng gửi Văn phòng Sở trước ngày 15/5/2026.", "các phòng"),
        ("Kết quả thực hiện Công văn này, các trạm báo cáo Sở Y tế trước ngày 15/5/2026.", "các trạm"),
        ("Tòa soạn Báo Lam Sơn gửi bản tin về Sở Y tế trước ngày 15/5/2026.", "Tòa soạn Báo Lam Sơn"),
        ("Các chi bộ cơ sở lồng kết quả vào báo cáo, gửi Sở Y tế trước ngày 15/5/2026.", "Các chi bộ cơ sở"),
        ("Tổ thư ký gửi giấy mời xong trước ngày 15/5/2026.", "Tổ thư ký"),
        ("Trường hợp trạm y tế sáp nhập phải bàn giao hồ sơ trước ngày 15/5/2026.", "trạm y tế"),
    ],
)
def test_who_acts_may_stand_behind_what_it_is_about(sentence: str, who: str) -> None:
    assert [each.who for each in of_health_office(f"1. {sentence}").deadlines] == [(who,)]


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Trạm Y tế nộp biên bản về Sở Y tế trong ngày hôm sau.", None),
        ("Các trạm có ca bệnh phải báo cáo ngay khi phát hiện ca đầu tiên.", None),
        ("Các trạm tham mưu tổng kết vào năm 2028.", dt.date(2028, 12, 31)),
        ("Các đại đội báo cáo quân số về Tiểu đoàn trước 16.30 ngày 10/6/2026.", dt.date(2026, 6, 10)),
        ("Chậm nhất 24h sau khi kết thúc bỏ phiếu, Tổ bầu cử nộp biên bản về Sở Y tế.", None),
        ("Tổng kết chiến dịch: tháng 12/2026.", dt.date(2026, 12, 31)),
        ("Các trạm chuẩn bị đường truyền; chạy thử vào 15 giờ 00 ngày 19/5/2026.", dt.date(2026, 5, 19)),
        ("Các trạm đã gửi báo cáo mà thiếu biểu thì bổ sung trước ngày 02/4/2026.", dt.date(2026, 4, 1)),
    ],
)
def test_by_when_is_said_in_many_ways(sentence: str, due: dt.date | None) -> None:
    assert [each.due_date for each in of_health_office(f"1. {sentence}").deadlines] == [due]


@pytest.mark.parametrize(
    "sentence",
    [
        "Văn phòng tạm dừng các cuộc họp trực tuyến từ 8 giờ đến 17 giờ ngày 22/6/2026.",
        "Các trạm tổ chức trực cấp cứu từ 17 giờ ngày 28/4 đến hết ngày 02/5/2026.",
        "Trước ngày 01/7/2025, các hộ đã được cấp thẻ thì không phải đổi lại.",
        "Sinh viên tốt nghiệp trước ngày 30/6/2025 được xét tuyển.",
        "Từ nay đến hết ngày 30/4/2026, các trạm tạm dừng tiếp nhận người bệnh nội trú.",
        "Điện lực huyện cắt điện khu vực chợ từ 6 giờ đến 11 giờ ngày 20/4/2026 để sửa đường dây.",
        "Hằng năm, các trạm báo cáo Sở Y tế vào tuần đầu tháng 12.",
    ],
)
def test_how_long_and_how_often_are_no_deadlines(sentence: str) -> None:
    assert of_health_office(f"1. {sentence}").deadlines == ()


def test_the_second_of_two_may_have_a_day_of_its_own() -> None:
    found = of_health_office(
        "1. Các trường nhập xong dữ liệu trước ngày 30/4/2026, các trung tâm trước ngày 15/5/2026."
    ).deadlines
    assert [each.who for each in found] == [("Các trường",), ("các trung tâm",)]


def test_another_subject_behind_a_day_acts_by_the_next_one() -> None:
    found = of_health_office(
        "1. Các phòng duyệt chi trước ngày 25/4/2026, Kho bạc huyện chuyển tiền trước ngày 30/4/2026."
    ).deadlines
    assert [each.who for each in found] == [("Các phòng",), ("Kho bạc huyện",)]


def test_a_report_put_into_another_that_has_a_day_comes_with_it() -> None:
    (report,) = of_health_office("1. Kết quả lồng ghép trong báo cáo quý, gửi Sở Y tế ngày 20 tháng cuối quý.").recurring
    assert (report.frequency, report.day) == ("quarterly", 20)


def test_the_first_item_of_a_list_says_to_whom_the_others_go() -> None:
    found = of_health_office(
        "1. Chế độ thông tin, báo cáo:",
        "a) Báo cáo nhanh: trước 16 giờ hằng ngày, các trạm báo cáo về Văn phòng Sở.",
        "b) Báo cáo tuần: trước 10 giờ thứ Sáu.",
    ).recurring
    assert [(each.frequency, each.who, each.to) for each in found] == [
        ("daily", ("các trạm",), ("Văn phòng Sở",)),
        ("weekly", ("các trạm",), ("Văn phòng Sở",)),
    ]


def test_what_concerns_others_or_a_partys_organ_leads_is_the_tasks_own() -> None:
    found = of_health_office(
        "3. Phòng Nghiệp vụ:",
        "a) Đối với các trường bán trú, kiểm tra chăn màn xong trước ngày 15/5/2026.",
        "b) Ngay trong ngày 07/4/2026, cử người xuống các thôn, các bản, thông báo cho dân.",
        "4. Đảng ủy Ủy ban nhân dân tỉnh:",
        "a) Lãnh đạo Ủy ban nhân dân tỉnh xây dựng đề án xong trước ngày 20/5/2026.",
    ).deadlines
    assert [each.who for each in found] == [("Phòng Nghiệp vụ",), ("Phòng Nghiệp vụ",), ("Đảng ủy Ủy ban nhân dân tỉnh",)]


def test_a_row_is_whose_name_stands_in_it() -> None:
    found = of_health_office(
        "2. Lịch gửi báo cáo về Sở Tài chính:",
        "| TT | Đơn vị | Thời hạn |\n|---|---|---|\n| 1 | Sở Nội vụ | Trước 10/5/2026 |\n| 2 | Sở Xây dựng | Trước 12/5/2026 |",
    ).deadlines
    assert [(each.who, each.to) for each in found] == [
        (("Sở Nội vụ",), ("Sở Tài chính",)),
        (("Sở Xây dựng",), ("Sở Tài chính",)),
    ]


def test_a_report_may_go_to_the_address_above() -> None:
    first = "1. Các trạm xây dựng kế hoạch, gửi về Sở Y tế trước ngày 15/5/2026"
    (report,) = of_health_office(f"{first}; báo cáo năm trước ngày 10 tháng 12, cũng gửi theo địa chỉ trên.").recurring
    assert report.to == ("Sở Y tế",)


def test_what_all_reports_of_a_sentence_go_to_is_said_once_at_its_end() -> None:
    said = "Báo cáo tháng gửi trước ngày 20; báo cáo quý gửi trước ngày 20 tháng cuối quý, đều về Văn phòng Sở."
    found = of_health_office(f"1. {said}").recurring
    assert [(each.frequency, each.to) for each in found] == [("monthly", ("Văn phòng Sở",)), ("quarterly", ("Văn phòng Sở",))]


def test_twice_a_year_is_each_half_year() -> None:
    found = of_health_office("1. Các trạm báo cáo Sở Y tế 02 kỳ/năm: kỳ 1 trước ngày 10/6, kỳ 2 trước ngày 10/12.").recurring
    assert [(each.frequency, each.day) for each in found] == [("half_year", 9), ("yearly", 9)]


def test_a_half_years_and_a_years_review_need_no_word_for_every() -> None:
    found = of_health_office(
        "1. Các trạm sơ kết 6 tháng, tổng kết năm, gửi báo cáo về Sở Y tế trước ngày 20/6 và 20/12."
    ).recurring
    assert [(each.frequency, each.day) for each in found] == [("half_year", 19), ("yearly", 19)]


def test_what_is_broadcast_is_no_report_and_what_is_asked_elsewhere_no_second_one() -> None:
    assert of_health_office("1. Đài Phát thanh mở chuyên mục, phát định kỳ thứ Ba hằng tuần.").recurring == ()
    found = of_health_office(
        "1. Ngoài báo cáo tháng nêu tại điểm 1.3, các trạm gửi báo cáo quý trước ngày 15 tháng cuối quý."
    ).recurring
    assert [(each.frequency, each.day, each.who) for each in found] == [("quarterly", 14, ("các trạm",))]


@pytest.mark.parametrize(
    "told",
    ["Lương được trả vào ngày 05 hằng tháng.", "Chợ họp vào ngày 15 hằng tháng.", "Người bệnh được tái khám ngày 15 hằng tháng."],
)
def test_what_somebody_gets_or_a_market_is_no_report(told: str) -> None:
    assert of_health_office(f"1. Các trạm rà soát hồ sơ. {told}").recurring == ()


def test_a_report_of_the_same_sentence_goes_to_whom_the_first_one_goes() -> None:
    first = "1. Các trạm báo cáo kết quả về Ban Giám đốc (qua Văn phòng Sở) trước ngày 15/5/2026"
    (report,) = of_health_office(f"{first}; từ năm 2027, báo cáo trước ngày 05/12 hằng năm.").recurring
    assert (report.to, report.via) == (("Ban Giám đốc",), "Văn phòng Sở")


def test_bodies_whose_name_ends_with_the_base_stop_and_a_strike_is_no_stop() -> None:
    (stopped,) = of_health_office("1. Các chi, đảng bộ cơ sở tạm dừng tổ chức hội nghị cho đến khi có thông báo mới.").suspensions
    assert (stopped.unit, stopped.until) == ("Các chi, đảng bộ cơ sở", "cho đến khi có thông báo mới")
    assert of_health_office("1. Từ đầu năm có 02 cuộc ngừng việc tự phát tại các công ty may.").suspensions == ()


@pytest.mark.parametrize(
    ("sentence", "unit", "until"),
    [
        ("Dừng tất cả các cuộc họp chưa cần thiết để chống bão.", None, None),
        ("Ngừng cấp nước khu vực chợ từ 22 giờ ngày 10/4 đến 5 giờ ngày 11/4/2026.", None, "đến 5 giờ ngày 11/4/2026"),
        ("Bệnh viện Nhi tạm thời không nhận người bệnh mới đến hết ngày 20/4/2026.", "Bệnh viện Nhi", "đến hết ngày 20/4/2026"),
        ("Các trạm chưa tổ chức tiêm bù cho đến khi có ý kiến của Sở.", "Các trạm", "cho đến khi có ý kiến của Sở"),
        ("Các trạm tạm ngưng thu phí trong thời gian rà soát giá.", "Các trạm", "trong thời gian rà soát giá"),
    ],
)
def test_what_stops_is_said_in_many_ways(sentence: str, unit: str | None, until: str | None) -> None:
    plan = of_health_office(f"1. {sentence}")
    assert [(each.unit, each.until) for each in plan.suspensions] == [(unit, until)]
    assert plan.deadlines == ()


def codes(*body: str) -> list[str]:
    return sorted({warning.code for warning in of_health_office(*body).warnings})


@pytest.mark.parametrize(
    "who",
    [
        "Cộng tác viên",
        "Người đứng đầu đơn vị",
        "09 đơn vị gửi thiếu",
        "Văn phòng Sở Y tế tỉnh Đồi Sim",
        "Nhà thầu",
        "Phó Giám đốc",
    ],
)
def test_who_is_no_body_apart_or_the_issuers_own_office_is_no_doubt(who: str) -> None:
    assert "task_uncovered" not in codes("1. Các trạm trực đủ người.", f"2. {who} báo cáo xong trước ngày 15/5/2026.")
    assert "task_uncovered" in codes("1. Các trạm trực đủ người.", "2. Bệnh viện Nhi báo cáo xong trước ngày 15/5/2026.")


def test_only_what_is_sent_to_somebody_is_a_report_that_lacks_its_day() -> None:
    assert "report_without_day" not in codes("1. Các trạm hằng năm họp đánh giá việc trực.")
    assert "report_without_day" not in codes("1. Các trạm báo cáo Sở Y tế vào ngày làm việc đầu tiên của tháng.")
    assert "report_without_day" in codes("1. Các trạm báo cáo Sở Y tế hằng năm.")


@pytest.mark.parametrize(
    ("through", "via"),
    [
        ("đồng chí Lò Văn Thanh, văn thư", "đồng chí Lò Văn Thanh"),
        ("Ủy ban Mặt trận xã", "Ủy ban Mặt trận xã"),
        ("ý kiến của tập thể", None),
    ],
)
def test_what_is_sent_by_way_of_somebody_names_a_body_or_a_person(through: str, via: str | None) -> None:
    (due,) = of_health_office(f"Các trạm gửi báo cáo về Sở Y tế (qua {through}) trước ngày 15/5/2026.").deadlines
    assert due.via is None if via is None else (due.via or "").startswith(via)


@pytest.mark.parametrize(
    ("sentence", "period", "within"),
    [
        (
            "Báo cáo tháng gửi trước ngày 18 hằng tháng; số liệu tính từ ngày 15 tháng trước đến ngày 14 tháng báo cáo.",
            "số liệu tính từ ngày 15 tháng trước đến ngày 14 tháng báo cáo",
            None,
        ),
        (
            "Hằng quý, các trạm lồng ghép kết quả trong báo cáo công tác y tế, gửi Sở Y tế trước ngày 20 tháng cuối quý.",
            None,
            "báo cáo công tác y tế",
        ),
        ("Hằng tháng, các trạm báo cáo Sở Y tế trước ngày 20.", None, None),
    ],
)
def test_a_report_that_comes_again_says_what_it_covers_and_what_it_is_a_part_of(
    sentence: str, period: str | None, within: str | None
) -> None:
    (report,) = of_health_office(f"1. {sentence}").recurring
    assert (report.period, report.within) == (period, within)


def test_the_figures_of_the_monthly_report_are_not_those_of_the_weekly_one() -> None:
    weekly = "Báo cáo tuần gửi trước thứ Năm hằng tuần"
    monthly = "báo cáo tháng gửi trước ngày 18 hằng tháng, số liệu tính từ ngày 15 tháng trước đến ngày 14 tháng báo cáo"
    read = of_health_office(f"1. {weekly}; {monthly}.").recurring
    assert [(each.frequency, each.period is not None) for each in read] == [("weekly", False), ("monthly", True)]
