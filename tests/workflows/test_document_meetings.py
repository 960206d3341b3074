"""How papers of all forms call a meeting, and what they tell of it; papers written for these tests."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workflows.frames import of_district
from workflows.calendar import ZONE
from workflows.plans import Conference, Plan

LETTER = "Kính gửi:\n- Các phòng, ban, ngành huyện;\n- UBND các xã.\n\n"


def plan(*body: str, title: str = "Công tác tháng 4", after: str = "") -> Plan:
    return of_district("\n\n".join(body), title=f"KẾ HOẠCH\n{title}", after=after)


def letter(*body: str, about: str = "rà soát hồ sơ") -> Plan:
    return of_district(LETTER + "\n\n".join(body), symbol="UBND-VP", title=f"V/v {about}")


def invitation(*body: str, to: str = LETTER, after: str = "") -> Plan:
    return of_district(to + "\n".join(body), symbol="GM-UBND", title="GIẤY MỜI\nDự Hội nghị sơ kết", after=after)


def only(read: Plan) -> Conference:
    (meeting,) = read.conferences
    return meeting


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> dt.datetime:
    return dt.datetime(2025, month, day, hour, minute, tzinfo=ZONE)


# --- which meetings are called ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "Phòng Nội vụ tổ chức hội nghị sơ kết trước ngày 01/4/2025.",
        "Phòng Nội vụ tham mưu tổ chức hội nghị sơ kết trong tháng 3/2025.",
        "Phòng Nội vụ theo dõi; cuối đợt tham mưu hội nghị sơ kết trong tháng 3 năm 2025.",
        "Văn phòng tổ chức hội nghị sơ kết (dự kiến ngày 31/3/2025).",
        "Bước 1: Hội nghị sơ kết, xong trước ngày 01/4/2025.",
        "Tổ chức ngay hội nghị sơ kết, hoàn thành trước ngày 01/4/2025.",
    ],
)
def test_a_meeting_to_be_held_by_some_day_is_called(sentence: str) -> None:
    assert only(plan("II. NHIỆM VỤ", f"1. {sentence}")).due_date == dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    "sentence",
    [
        "UBND các xã gửi tham luận trước ngày 05/4/2025 để phục vụ hội nghị.",
        "Phòng Nội vụ báo cáo tại hội nghị giao ban tháng 4.",
        "Sau khi kết thúc hội nghị, các xã gửi biên bản trước ngày 10/4/2025.",
        "Không tổ chức hội nghị sơ kết trong tháng 4/2025.",
        "Các xã họp giao ban vào 16 giờ 00 thứ Sáu hằng tuần, bắt đầu từ ngày 14/3/2025.",
        "Mở 02 lớp tập huấn cho công chức xã trong tháng 4/2025.",
        "Các xã tổ chức họp dân, xong trước ngày 20/4/2025.",
        "Giao Ban Tổ chức rà soát hồ sơ trước ngày 20/4/2025.",
        "Hội nghị cấp ủy thường kỳ họp 03 tháng 1 lần.",
    ],
)
def test_what_is_said_of_other_meetings_calls_none(sentence: str) -> None:
    assert plan("II. NHIỆM VỤ", f"1. {sentence}").conferences == ()


def test_a_letter_without_numbers_calls_a_meeting_and_tells_of_it_in_the_lines_below() -> None:
    meeting = only(
        letter(
            "Ủy ban nhân dân huyện tổ chức cuộc họp bàn việc trồng rừng, cụ thể như sau:",
            "- Thời gian: 14 giờ 00 phút, ngày 20/3/2025.",
            "- Địa điểm: Tại Phòng họp số 2, trụ sở UBND huyện.",
            "- Thành phần: Lãnh đạo Phòng Nội vụ; Chủ tịch UBND các xã.",
            "- Chủ trì: Đồng chí Lê Văn Tám.",
            "Đề nghị các đồng chí dự họp đúng giờ.",
        )
    )
    assert (meeting.starts_at, meeting.venue) == (at(20, 14), "Phòng họp số 2, trụ sở UBND huyện")
    assert (meeting.chair, meeting.organiser) == ("Đồng chí Lê Văn Tám", "Ủy ban nhân dân huyện")
    assert meeting.participants == ("Lãnh đạo Phòng Nội vụ", "Chủ tịch UBND các xã")


def test_dashes_of_one_section_are_meetings_of_their_own() -> None:
    first, second = plan(
        "II. TẬP HUẤN",
        "- Lớp cho công chức: 7h30 ngày 20/3/2025, tại Hội trường huyện; Phó Chủ tịch UBND huyện chủ trì.",
        "- Lớp cho trưởng thôn: học trực tuyến, 14h00 ngày 21/3/2025, do Phòng Nội vụ phụ trách.",
    ).conferences
    assert (first.starts_at, first.venue, first.chair) == (at(20, 7, 30), "Hội trường huyện", "Phó Chủ tịch UBND huyện")
    assert (second.starts_at, second.form, second.organiser) == (at(21, 14), "online", "Phòng Nội vụ")


def test_a_plan_about_one_meeting_is_that_meeting() -> None:
    meeting = only(
        plan(
            "I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN",
            "1. Thời gian: 1/2 ngày, bắt đầu lúc 7h30', ngày 28/3/2025.",
            "2. Địa điểm: Hội trường nhà A.",
            "3. Thành phần:",
            "- Đại biểu khách mời: Lãnh đạo Phòng Giáo dục; UBND xã.",
            "- Toàn thể giáo viên.",
            title="Hội nghị tổng kết năm học",
        )
    )
    assert (meeting.starts_at, meeting.venue) == (at(28, 7, 30), "Hội trường nhà A")
    assert meeting.participants == ("Lãnh đạo Phòng Giáo dục", "UBND xã", "Toàn thể giáo viên")


def test_tiers_below_a_meetings_heading_are_meetings() -> None:
    first, second = plan(
        "2. Lễ khởi động",
        "2.1. Cấp huyện: Thời gian: 7h00, Chủ nhật, 16/3/2025. Địa điểm: thôn Đồng Cạn, xã An Bình.",
        "2.2. Cấp cơ sở: đồng loạt vào ngày 16/3/2025, muộn nhất ngày 23/3/2025.",
    ).conferences
    assert (first.id, first.title, first.starts_at) == ("2.1", "Lễ khởi động cấp huyện", at(16, 7))
    assert (first.venue, second.due_date) == ("thôn Đồng Cạn, xã An Bình", dt.date(2025, 3, 23))


@pytest.mark.parametrize(
    "item",
    [
        "Bí thư chi đoàn có mặt lúc 8 giờ ngày 20/3/2025 tại phòng họp Huyện đoàn để đối chiếu hồ sơ.",
        "Tuyên dương cán bộ tiêu biểu: 8h00' ngày 20/3/2025 (sáng thứ Năm) tại phòng họp Huyện đoàn.",
        "Ban Tổ chức bồi dưỡng nghiệp vụ cho bí thư chi bộ: một lớp, ngày 20/3/2025, 8g00, phòng họp Huyện đoàn.",
        "Lễ phát động: sáng 20/3/2025 (đại biểu có mặt trước 7 giờ; bắt đầu 8 giờ 00) ở phòng họp Huyện đoàn.",
    ],
)
def test_who_is_to_be_somewhere_at_an_hour_is_called_to_a_meeting(item: str) -> None:
    meeting = only(plan("II. NỘI DUNG", f"1. {item}"))
    assert (meeting.starts_at, meeting.venue) == (at(20, 8), "phòng họp Huyện đoàn")


def test_one_paragraph_may_call_several_meetings() -> None:
    first, second = plan(
        "II. NHIỆM VỤ",
        "1. Phòng Nội vụ tổ chức hội nghị sơ kết trước ngày 01/4/2025. Văn phòng tổ chức hội nghị tổng kết trong tháng 12/2025.",
    ).conferences
    assert (first.due_date, second.due_date) == (dt.date(2025, 3, 31), dt.date(2025, 12, 31))
    assert (first.organiser, second.organiser) == ("Phòng Nội vụ", "Văn phòng")


# --- what is told of them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "chair"),
    [
        ("do đồng chí Bí thư Huyện ủy chủ trì", "đồng chí Bí thư Huyện ủy"),
        ("Chủ trì: đồng chí Bí thư Huyện ủy. Báo cáo viên: đồng chí Phó Bí thư", "đồng chí Bí thư Huyện ủy"),
        ("đồng chí Bí thư Huyện ủy chủ trì tại điểm cầu huyện", "đồng chí Bí thư Huyện ủy"),
        ("dưới sự chủ trì của đồng chí Bí thư Huyện ủy", "đồng chí Bí thư Huyện ủy"),
        ("mời đồng chí Bí thư Huyện ủy dự và chủ trì", "đồng chí Bí thư Huyện ủy"),
        ("chị Phạm Thị Lan, Chủ tịch Hội, điều hành", "chị Phạm Thị Lan, Chủ tịch Hội"),
        ("do Phòng Nội vụ chủ trì, phối hợp với Văn phòng tổ chức", None),
    ],
)
def test_who_leads_a_meeting(sentence: str, chair: str | None) -> None:
    assert only(plan("II. NỘI DUNG", f"1. Hội nghị sơ kết: 8 giờ 00 ngày 20/3/2025; {sentence}.")).chair == chair


@pytest.mark.parametrize(
    ("sentence", "organiser"),
    [
        ("do Phòng Nội vụ chủ trì, phối hợp với Văn phòng tổ chức", "Phòng Nội vụ"),
        ("giao Phòng Nội vụ tham mưu, chuẩn bị nội dung", "Phòng Nội vụ"),
        ("Đơn vị thực hiện: Phòng Nội vụ chủ trì, phối hợp với Văn phòng", "Phòng Nội vụ"),
        ("hình thức trực tuyến, do Phòng Nội vụ chuẩn bị", "Phòng Nội vụ"),
        ("do các chi bộ, các tổ chức chính trị - xã hội tổ chức", "các chi bộ, các tổ chức chính trị - xã hội"),
        ("Phòng Nội vụ chuẩn bị báo cáo", None),
    ],
)
def test_who_prepares_a_meeting(sentence: str, organiser: str | None) -> None:
    assert only(plan("II. NỘI DUNG", f"1. Hội nghị sơ kết: 8 giờ 00 ngày 20/3/2025; {sentence}.")).organiser == organiser


@pytest.mark.parametrize(
    ("sentence", "people"),
    [
        ("thành phần gồm trưởng phòng; trưởng thôn", ("trưởng phòng", "trưởng thôn")),
        ("mời trưởng phòng và trưởng thôn cùng dự", ("trưởng phòng và trưởng thôn",)),
        ("các xã dự tại phòng họp của mình", ("các xã",)),
        ("Mỗi huyện cử 05 người; mỗi xã 01 người", ("Mỗi huyện cử 05 người", "mỗi xã 01 người")),
        ("đề nghị Chủ tịch UBND các xã dự họp đầy đủ", ("Chủ tịch UBND các xã",)),
        ("kính mời Thường trực Huyện ủy; dự có các xã", ("Thường trực Huyện ủy", "các xã")),
        ("người dự là trưởng thôn, trừ những người đang trực", ("trưởng thôn",)),
        ("thành phần như cuộc họp hôm nay", ("như cuộc họp hôm nay",)),
        ("kính mời các đồng chí đến dự đúng giờ", ()),
        ("trân trọng mời các đồng chí tới dự cuộc họp", ()),
        ("toàn bộ bí thư 23 chi bộ", ("toàn bộ bí thư 23 chi bộ",)),
    ],
)
def test_who_comes_to_a_meeting(sentence: str, people: tuple[str, ...]) -> None:
    assert only(plan("II. NỘI DUNG", f"1. Hội nghị sơ kết: 8 giờ 00 ngày 20/3/2025; {sentence}.")).participants == people


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        ("trực tiếp hay trực tuyến đều được", "in_person_or_online"),
        ("đại biểu ở xa có thể dự qua đường truyền", "hybrid"),
        ("tập trung tại hội trường huyện", "in_person"),
        ("trình bày tập trung vào điểm mới, do Bí thư trực tiếp chỉ đạo", None),
        ("tổ chức sau hội nghị trực tuyến của tỉnh", None),
    ],
)
def test_in_which_form(sentence: str, form: str | None) -> None:
    assert only(plan("II. NỘI DUNG", f"1. Hội nghị sơ kết: 8 giờ 00 ngày 20/3/2025; {sentence}.")).form == form


def test_days_after_another_meeting_or_together_with_it_are_dates() -> None:
    first, second, third = plan(
        "II. HỘI NGHỊ",
        "1. Hội nghị cấp huyện",
        "- Thời gian: 8 giờ 00 ngày 20/3/2025.",
        "2. Hội nghị cấp xã",
        "UBND các xã mở hội nghị sau hội nghị cấp huyện không quá 10 ngày.",
        "3. Hội nghị tại các điểm cầu",
        "- Hình thức: tiếp sóng.",
        "- Thời gian: cùng với hội nghị cấp huyện.",
    ).conferences
    assert (second.due_date, second.after) == (dt.date(2025, 3, 30), first.id)
    assert (third.starts_at, third.form, third.after) == (first.starts_at, "relayed", None)


# --- invitations ------------------------------------------------------------------------------------------------------


def test_lines_without_full_stops_are_parted_by_their_labels() -> None:
    meeting = only(
        invitation(
            "Thời gian: Bắt đầu từ 14h00, ngày 14/3/2025 (chiều thứ Sáu)",
            "Địa điểm: Tại phòng họp tầng 2, UBND huyện",
            "Nội dung: Nghe báo cáo tiến độ.",
            "Kính mời các đồng chí đến dự đúng giờ.",
        )
    )
    assert (meeting.starts_at, meeting.venue) == (at(14, 14), "phòng họp tầng 2, UBND huyện")
    assert meeting.participants == ("Các phòng, ban, ngành huyện", "UBND các xã")  # to whom it goes


def test_a_list_of_guests_has_headings_and_an_end() -> None:
    meeting = only(
        invitation(
            "I. THÀNH PHẦN",
            "1. Đại biểu huyện",
            "- Thường trực Huyện ủy;",
            "- Lãnh đạo các phòng.",
            "2. Đại biểu xã",
            "- Chủ tịch UBND các xã;",
            "- Giao Phòng Nội vụ chuẩn bị tài liệu.",
            "II. THỜI GIAN, ĐỊA ĐIỂM",
            "8 giờ 00, ngày 20/3/2025, tại Hội trường huyện.",
            to="",
        )
    )
    assert meeting.participants == ("Thường trực Huyện ủy", "Lãnh đạo các phòng", "Chủ tịch UBND các xã")
    assert meeting.venue == "Hội trường huyện"


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ("Hội trường tầng 2", False),
        ("Hội trường UBND huyện, số 2 đường Lê Lợi", True),
        ("Hội trường", False),
    ],
)
def test_places_differ_by_what_tells_them_apart(place: str, asked: bool) -> None:
    programme = "\nCHƯƠNG TRÌNH HỘI NGHỊ\n" + "\n".join(f"{hour} giờ 00   Báo cáo {hour}   Phòng Nội vụ" for hour in range(8, 18))
    read = invitation(
        "1. Thời gian: 8 giờ 00 ngày 20/3/2025.",
        "2. Địa điểm: Hội trường tầng 2, Trung tâm Hội nghị huyện, số 18 đường Bạch Đằng.",
        after=f"{programme}\n\nĐịa điểm: {place}.\n",
    )
    assert ("programme_conflict" in {each.code for each in read.warnings}) is asked


@pytest.mark.parametrize(
    ("items", "asked"),
    [
        (("13h15 - 13h30   Đón đại biểu", "13h30 - 13h40   Khai mạc", "14h00 - 15h00   Tham luận"), True),
        (("7h30 - 8h00   Đón đại biểu", "8h00 - 8h10   Khai mạc"), False),
        (("8h00 - 8h10   Ổn định tổ chức", "8h10 - 8h15   Khai mạc"), False),
    ],
)
def test_a_programme_begins_with_its_first_item_behind_the_welcome(items: tuple[str, ...], asked: bool) -> None:
    programme = "\nCHƯƠNG TRÌNH HỘI NGHỊ\n(Ngày 20 tháng 3 năm 2025, tại phòng họp tầng 3)\n" + "\n".join(items)
    read = invitation("1. Thời gian: 8 giờ 00 ngày 20/3/2025.", after=f"{programme}\n")
    assert ("programme_conflict" in {each.code for each in read.warnings}) is asked
    assert only(read).venue == "phòng họp tầng 3"


@pytest.mark.parametrize(
    "sentence",
    [
        "Hội nghị đánh giá cao kết quả đạt được trong quý I/2025.",
        "Báo cáo kết quả tổ chức hội nghị đối thoại trước ngày 20/4/2025.",
        "Xây dựng kế hoạch tổ chức hội nghị đối thoại trước ngày 20/4/2025.",
        "Bố trí xe đưa đón đại biểu dự Đại hội vào 6 giờ ngày 20/3/2025.",
    ],
)
def test_a_meeting_that_is_told_of_is_not_called(sentence: str) -> None:
    assert letter(f"1. {sentence}").conferences == ()


def test_people_who_learn_of_a_paper_meet() -> None:
    meeting = only(
        plan(
            "II. NỘI DUNG",
            "1. Học tập, quán triệt tại Đảng ủy xã",
            "- Thời gian: trong tháng 3/2025.",
            "- Hình thức: Trực tuyến.",
        )
    )
    assert (meeting.form, meeting.due_date) == ("online", dt.date(2025, 3, 31))


def test_a_day_in_brackets_is_the_meetings() -> None:
    meeting = only(plan("II. NỘI DUNG", "1. Hội nghị quân chính: 1 ngày (21/3/2025), chủ trì: Chỉ huy trưởng."))
    assert (meeting.due_date, meeting.chair) == (dt.date(2025, 3, 21), "Chỉ huy trưởng")


def test_who_is_asked_to_be_there_comes_behind_who_asks() -> None:
    meeting = only(letter("1. Chi cục Thuế mời đại diện các doanh nghiệp có mặt tại trụ sở Chi cục lúc 8 giờ 00 ngày 20/3/2025."))
    assert (meeting.organiser, meeting.participants) == ("Chi cục Thuế", ("đại diện các doanh nghiệp",))


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        (("3. Địa điểm: Hội trường huyện, kết nối trực tuyến tới các xã.",), "hybrid"),
        (("3. Địa điểm: Hội trường huyện. Xã ở xa dự tại điểm cầu của mình qua phần mềm họp trực tuyến.",), "hybrid"),
        (("3. Địa điểm: Phòng họp trực tuyến của huyện.",), "online"),
        (("3. Địa điểm: Hội trường huyện.", "4. Nội dung: dịch vụ công trực tuyến."), None),
    ],
)
def test_a_room_and_others_by_wire_are_both(lines: tuple[str, ...], form: str | None) -> None:
    assert only(invitation("1. Thời gian: 8 giờ 00 ngày 20/3/2025.", *lines)).form == form


@pytest.mark.parametrize(
    "words",
    [
        "kính mời ông (bà) đến dự hội nghị.",
        "mời đồng chí đến phòng họp UBND huyện để dự họp.",
        "mời dự hội nghị. Thành phần: Như kính gửi.",
    ],
)
def test_an_invitation_that_names_nobody_else_invites_those_to_whom_it_goes(words: str) -> None:
    meeting = only(invitation(f"Ủy ban nhân dân huyện {words}", "Thời gian: 8 giờ 00 ngày 20/3/2025."))
    assert meeting.participants == ("Các phòng, ban, ngành huyện", "UBND các xã")


# --- tables of meetings -----------------------------------------------------------------------------------------------


def test_rows_of_a_table_of_meetings_are_meetings() -> None:
    read = plan(
        "III. LỊCH CÔNG TÁC",
        "| STT | Ngày | Giờ | Nội dung | Địa điểm | Chủ trì | Thành phần |\n|---|---|---|---|---|---|---|\n"
        "| 1 | 20/3/2025 | 8h00 | Giao ban tháng | Phòng họp 1 | Chủ tịch UBND | Các phòng; UBND các xã |\n"
        "| 2 | 20/3/2025 | 14h00 | Kiểm tra công trường | Xã Pú Đao | Phó Chủ tịch UBND | Phòng Kinh tế |\n"
        "| 3 | 21/3/2025 | 14h00 | Làm việc với Sở Y tế | Phòng họp 2 | Phó Chủ tịch UBND | Phòng Y tế |",
    )
    first, second = read.conferences
    assert (first.id, first.starts_at, first.venue, first.chair) == ("1", at(20, 8), "Phòng họp 1", "Chủ tịch UBND")
    assert first.participants == ("Các phòng", "UBND các xã")
    assert (second.id, second.starts_at) == ("3", at(21, 14))
    assert read.recurring == ()


def test_a_table_below_words_of_classes_lists_nothing_else() -> None:
    read = letter(
        "Lịch tập huấn như sau:",
        "| TT | Đơn vị | Thời gian | Địa điểm |\n|---|---|---|---|\n"
        "| 1 | Cụm phía Nam | 8h00 ngày 20/3/2025 | Hội trường huyện |",
    )
    assert [(each.title, each.starts_at, each.venue) for each in read.conferences] == [
        ("Cụm phía Nam", at(20, 8), "Hội trường huyện")
    ]


def test_a_table_of_other_days_and_places_holds_no_meetings() -> None:
    read = letter(
        "Các điểm tiêm như sau:",
        "| TT | Đơn vị | Thời gian | Địa điểm |\n|---|---|---|---|\n| 1 | Xã Pú Đao | 8h00 ngày 20/3/2025 | Trạm Y tế xã |",
    )
    assert read.conferences == ()


# --- labels of two things, and what is as before ----------------------------------------------------------------------


def test_a_label_of_two_tells_both() -> None:
    meeting = only(
        plan("II. VIỆC CHUNG", "1. Hội nghị sơ kết", "- Thời gian, địa điểm: 8 giờ 00 ngày 20/3/2025, tại Phòng họp số 1.")
    )
    assert (meeting.starts_at, meeting.venue) == (at(20, 8), "Phòng họp số 1")


def test_place_and_chair_may_be_those_of_an_earlier_meeting() -> None:
    read = plan(
        "II. LỊCH HỌP",
        "1. Họp Ban Chỉ đạo phiên thứ nhất",
        "- Thời gian: 8 giờ 00 ngày 20/3/2025.",
        "- Địa điểm: Phòng họp số 1.",
        "- Chủ trì: Trưởng Ban Chỉ đạo.",
        "2. Thường trực Huyện ủy làm việc với Đảng ủy Công an huyện",
        "- Thời gian: 8 giờ 00 ngày 22/3/2025.",
        "- Địa điểm, chủ trì: như phiên thứ nhất.",
    )
    assert [(each.id, each.venue, each.chair) for each in read.conferences] == [
        ("1", "Phòng họp số 1", "Trưởng Ban Chỉ đạo"),
        ("2", "Phòng họp số 1", "Trưởng Ban Chỉ đạo"),
    ]


def test_items_with_hour_and_place_below_a_heading_that_names_meetings_are_meetings() -> None:
    read = plan(
        "II. HỘI NGHỊ",
        "1. Khối Đảng",
        "- Thời gian: 8 giờ 00 ngày 20/3/2025.",
        "- Địa điểm: Phòng họp số 1.",
        "2. Khối doanh nghiệp",
        "- Thời gian: 8 giờ 00 ngày 21/3/2025.",
        "- Địa điểm: Phòng họp số 2.",
    )
    assert [(each.id, each.starts_at) for each in read.conferences] == [("1", at(20, 8)), ("2", at(21, 8))]


def test_the_base_meets_after_the_meetings_before_it() -> None:
    read = plan(
        "II. HỘI NGHỊ",
        "1. Hội nghị toàn huyện",
        "- Thời gian: 8 giờ 00 ngày 20/3/2025.",
        "2. Sinh hoạt ở chi bộ",
        "Các chi bộ học trong kỳ sinh hoạt gần nhất, sau khi đảng ủy cấp trên đã tổ chức xong, hoàn thành trong tháng 4/2025.",
    )
    assert [(each.id, each.due_date, each.after) for each in read.conferences] == [
        ("1", dt.date(2025, 3, 20), None),
        ("2", dt.date(2025, 4, 30), "1"),
    ]
    assert read.conferences[1].venue is None


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (
            "Ban Thường trực; đại diện các hội. Đại diện UBND xã được mời dự.",
            ("Ban Thường trực", "đại diện các hội", "Đại diện UBND xã"),
        ),
        ("do đảng ủy quyết định, song phải có đủ bí thư chi bộ, trưởng bản.", ("bí thư chi bộ, trưởng bản",)),
        ("250 đại biểu, gồm: Ban Chấp hành; trưởng các ngành.", ("Ban Chấp hành", "trưởng các ngành")),
        ("các đồng chí Ủy viên; lãnh đạo Phòng Y tế dự nội dung 1.", ("các đồng chí Ủy viên", "lãnh đạo Phòng Y tế")),
    ],
)
def test_who_comes_by_a_label(said: str, who: tuple[str, ...]) -> None:
    meeting = only(plan("II. VIỆC CHUNG", "1. Hội nghị sơ kết", "- Thời gian: 8 giờ 00 ngày 20/3/2025.", f"- Thành phần: {said}"))
    assert meeting.participants == who


@pytest.mark.parametrize(
    ("sentence", "organiser", "who"),
    [
        (
            "UBND huyện họp bàn tiến độ lúc 14h00 ngày 25/3/2025; đề nghị lãnh đạo các phòng dự họp đầy đủ.",
            "UBND huyện",
            ("lãnh đạo các phòng",),
        ),
        (
            "Công ty Điện lực tổ chức hội nghị khách hàng ngày 20/3/2025, bắt đầu lúc 9 giờ, mời các hộ dùng điện lớn tham dự.",
            "Công ty Điện lực",
            ("các hộ dùng điện lớn",),
        ),
        ("Phòng Y tế mời các trạm y tế họp trực tuyến hồi 9h00 ngày 17/3/2025.", "Phòng Y tế", ("các trạm y tế",)),
        (
            "Phòng Y tế tổ chức họp lúc 8 giờ ngày 20/3/2025; mời Công an huyện, Hạt Kiểm lâm cùng dự.",
            "Phòng Y tế",
            ("Công an huyện", "Hạt Kiểm lâm"),
        ),
        (
            "Tổ chức hội nghị đối thoại ngày 25/3/2025, do Chủ tịch UBND huyện chủ trì, Phòng Tài chính tham mưu nội dung.",
            "Phòng Tài chính",
            (),
        ),
        ("Tổ chức tọa đàm: 14 giờ ngày 20/3/2025, Nhà văn hóa, khoảng 100 hội viên dự.", None, ("khoảng 100 hội viên",)),
        (
            "Mời Giám đốc Trung tâm Y tế đến làm việc với Chủ tịch UBND huyện lúc 16 giờ 00 ngày 12/3/2025.",
            None,
            ("Giám đốc Trung tâm Y tế",),
        ),
    ],
)
def test_who_calls_and_who_comes_by_a_sentence(sentence: str, organiser: str | None, who: tuple[str, ...]) -> None:
    meeting = only(letter(f"1. {sentence}"))
    assert (meeting.organiser, meeting.participants) == (organiser, who)


@pytest.mark.parametrize(
    ("title", "organiser"),
    [
        ("Hội nghị tại các chi bộ trực thuộc", "các chi bộ trực thuộc"),
        ("Hội nghị tại các điểm cầu", None),
    ],
)
def test_each_of_several_holds_its_own(title: str, organiser: str | None) -> None:
    assert only(plan("II. VIỆC CHUNG", f"1. {title}", "- Thời gian: xong trước ngày 20/4/2025.")).organiser == organiser


# --- what goes along --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("Kèm theo Công văn: 20 khẩu hiệu tuyên truyền.", ["20 khẩu hiệu tuyên truyền"]),
        ("Kèm theo: Phụ lục I (Mẫu thống kê); Phụ lục II (Lịch).", ["Phụ lục I (Mẫu thống kê)", "Phụ lục II (Lịch)"]),
        ("Tài liệu kèm theo:\n\n- Dự thảo Quy chế;\n\n- Bảng tổng hợp.", ["Dự thảo Quy chế", "Bảng tổng hợp"]),
        ("Kèm theo:\n\n1. Phụ lục I: Danh mục;\n\n2. Phụ lục II: Mẫu.", ["Phụ lục I: Danh mục", "Phụ lục II: Mẫu"]),
        ("UBND huyện gửi kèm theo Công văn này Kế hoạch số 15/KH-UBND.", ["Kế hoạch số 15/KH-UBND"]),
        ("Gửi danh sách (theo mẫu 01 đính kèm).\n\n(Kèm theo: Mẫu 01 - Danh sách điểm đen)", ["Mẫu 01 - Danh sách điểm đen"]),
        ("Tài liệu: Sổ tay đất đai; Đề cương tuyên truyền.", ["Sổ tay đất đai", "Đề cương tuyên truyền"]),
        ("Danh sách đơn vị và biểu còn thiếu gửi kèm công văn này.", ["Danh sách đơn vị và biểu còn thiếu"]),
        ("Thống kê theo Biểu số 01 (gửi kèm), báo cáo Sở.", ["Biểu số 01"]),
        ("Tài liệu phục vụ đại biểu gồm: báo cáo năm;\n\nDự thảo nghị quyết.", ["báo cáo năm", "Dự thảo nghị quyết"]),
        (
            "Thực hiện Công văn số 21/SNV-VP của Sở Nội vụ (bản sao gửi kèm), huyện yêu cầu:",
            ["Công văn số 21/SNV-VP"],
        ),
        ("Góp ý theo Tờ trình số 5/TTr-SYT về sửa Nghị định số 9/2020/NĐ-CP (gửi kèm).", ["Tờ trình số 5/TTr-SYT"]),
        ("Huyện sao gửi Thông tư số 05/2025/TT-BNV để các xã thực hiện.", ["Thông tư số 05/2025/TT-BNV"]),
        ("Huyện gửi các xã bộ câu hỏi thi tìm hiểu (đính kèm).", ["bộ câu hỏi thi tìm hiểu"]),
        ("(Lịch ngừng cấp điện gửi kèm Thông báo này)", ["Lịch ngừng cấp điện"]),
        ("(Kèm bản đồ khu vực cấm)", ["bản đồ khu vực cấm"]),
        ("Đại biểu tải tài liệu trên trang của huyện: Dự thảo báo cáo; Sổ tay.", ["Dự thảo báo cáo", "Sổ tay"]),
        ("Bệnh viện gửi kèm theo Kế hoạch này: Lịch trực; Cơ số thuốc.", ["Lịch trực", "Cơ số thuốc"]),
        ("Gửi kèm: Tờ trình, dự thảo Nghị quyết và Báo cáo thẩm định.", ["Tờ trình", "dự thảo Nghị quyết", "Báo cáo thẩm định"]),
        ("Gửi kèm: Sổ tay; Công văn số 12-CV/TU và mẫu phiếu.", ["Sổ tay", "Công văn số 12-CV/TU", "mẫu phiếu"]),
        ("4. Tài liệu tuyên truyền\n\nSử dụng đề cương do Sở Tư pháp biên soạn.", ["đề cương do Sở Tư pháp biên soạn"]),
        ("4. Tài liệu, vật tư\n\nPhòng Y tế chuẩn bị đủ bông băng.", []),
        ("Tài liệu của kỳ họp được gửi trước ngày 20/3, gồm: Báo cáo năm; Tờ trình.", ["Báo cáo năm", "Tờ trình"]),
        ("Tài liệu hội nghị: gồm dự thảo báo cáo, dự thảo nghị quyết.", ["dự thảo báo cáo", "dự thảo nghị quyết"]),
        ("Kèm theo Công văn là Phụ lục phân công.", ["Phụ lục phân công"]),
        ("Có xã chưa gửi (danh sách kèm theo).\n\n(Gửi kèm: danh sách xã chưa gửi)", ["danh sách xã chưa gửi"]),
        ("Nội dung tại các Phụ lục I, II ban hành kèm theo Công văn này.", ["các Phụ lục I, II"]),
        ("Các xã gửi kèm danh sách hộ nghèo về Phòng Y tế.", []),
        ("Đơn vị nào thay người thì gửi kèm quyết định mới.", []),
        ("Biểu mẫu được đăng trên trang của huyện và gửi kèm thư điện tử.", []),
        ("Nhiều báo cáo không có biểu kèm theo.", []),
        ("Tài liệu: do Văn phòng chuẩn bị.", []),
        ("Tài liệu gửi kèm qua mã QR dưới đây.", []),
    ],
)
def test_papers_that_go_along(body: str, texts: list[str]) -> None:
    assert [each.text for each in letter(body).attachments] == texts


# --- who presents, how people are invited, who holds it ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reporter"),
    [
        ("- Báo cáo viên: Đồng chí Trưởng Ban Tuyên giáo Huyện ủy.", "Đồng chí Trưởng Ban Tuyên giáo Huyện ủy"),
        ("- Nội dung: học Nghị quyết, do đồng chí Lò Thị Ban trực tiếp truyền đạt.", "đồng chí Lò Thị Ban"),
        ("- Nội dung: học Nghị quyết.", None),
        ("- Đồng chí Lò Văn Pâng trực tiếp truyền đạt Nghị quyết.", "Đồng chí Lò Văn Pâng"),
        ("- Diễn giả: TS. Lò Văn Pâng, Trường Chính trị tỉnh.", "TS. Lò Văn Pâng, Trường Chính trị tỉnh"),
    ],
)
def test_who_presents_the_paper_at_a_meeting_is_told(line: str, reporter: str | None) -> None:
    meeting = only(plan("II. HỘI NGHỊ", "1. Hội nghị cấp huyện", "- Thời gian: 8 giờ 00 ngày 20/3/2025.", line))
    assert meeting.reporter == reporter
    assert meeting.venue is None


@pytest.mark.parametrize(
    ("time", "invitation"),
    [
        ("trong tháng 3/2025 (thời gian cụ thể sẽ có giấy mời sau)", "thời gian cụ thể sẽ có giấy mời sau"),
        ("trong tháng 3/2025 (thành phần do đảng ủy xã mời)", "thành phần do đảng ủy xã mời"),
        ("8 giờ 00 ngày 20/3/2025, theo Giấy mời số 12-GM/HU", None),
    ],
)
def test_how_people_are_invited_is_told_in_the_papers_words(time: str, invitation: str | None) -> None:
    meeting = only(plan("II. HỘI NGHỊ", "1. Hội nghị cấp huyện", f"- Thời gian: {time}.", "- Địa điểm: Hội trường huyện."))
    assert meeting.invitation == invitation


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ("trực tuyến từ điểm cầu tỉnh, do Sở Nội vụ tổ chức", True),
        ("trực tuyến từ điểm cầu huyện, do Phòng Nội vụ tổ chức", False),
        ("trực tuyến, do Sở Nội vụ chuẩn bị đường truyền", False),
    ],
)
def test_a_heading_and_a_text_that_name_two_holders_are_a_doubt(form: str, asked: bool) -> None:
    read = plan(
        "II. HỘI NGHỊ", "1. Hội nghị do Phòng Nội vụ tổ chức", "- Thời gian: trong tháng 3/2025.", f"- Hình thức: {form}."
    )
    doubts = [each for each in read.warnings if each.code == "organiser_conflict"]
    assert bool(doubts) is asked
    if asked:
        assert doubts[0].line == only(read).line
        assert "'Phòng Nội vụ'" in doubts[0].message
        assert "'Sở Nội vụ'" in doubts[0].message


@pytest.mark.parametrize("holder", ["Đảng ủy xã", "các chi bộ trực thuộc"])
def test_who_holds_a_meeting_is_part_of_its_heading(holder: str) -> None:
    meeting = only(plan("II. HỘI NGHỊ", f"1. Hội nghị do {holder} tổ chức", "- Thời gian: 8 giờ 00 ngày 20/3/2025."))
    assert (meeting.title, meeting.organiser) == (f"Hội nghị do {holder} tổ chức", holder)


def test_a_meetings_hour_may_be_said_in_words() -> None:
    assert only(plan("II. NHIỆM VỤ", "1. Hội nghị sơ kết tổ chức lúc tám giờ rưỡi sáng ngày 14/3/2025.")).starts_at == at(
        14, 8, 30
    )


def test_where_a_meeting_is_held_is_not_who_holds_it() -> None:
    called = "1. Cuộc họp sơ kết tổ chức lúc 14 giờ ngày 14/3/2025 tại phòng họp 2, trụ sở UBND huyện, Chánh Văn phòng chủ trì."
    assert only(plan("II. NHIỆM VỤ", called)).organiser is None


def test_an_online_meetings_room_and_whom_it_reaches_stand_with_its_form() -> None:
    meeting = only(
        plan(
            "II. CÁC HỘI NGHỊ",
            "1. Hội nghị triển khai",
            "- Thời gian: 14 giờ 00 ngày 20/3/2025.",
            "- Hình thức: trực tuyến, từ phòng họp tầng 3, trụ sở UBND huyện đến điểm cầu các xã.",
        )
    )
    assert (meeting.form, meeting.venue) == ("online", "phòng họp tầng 3, trụ sở UBND huyện")
    reached = plan(
        "II. NHIỆM VỤ", "1. Họp giao ban kỳ sau: 14 giờ ngày 20/3/2025, theo hình thức trực tuyến đến các xã, thị trấn."
    )
    assert only(reached).participants == ("các xã, thị trấn",)


def test_guests_in_numbered_groups_below_who_invites_come_to_the_meeting() -> None:
    read = invitation(
        "Thực hiện Chương trình công tác năm, Ủy ban nhân dân huyện tổ chức hội nghị sơ kết công tác trồng rừng vụ xuân.\n",
        "Ủy ban nhân dân huyện trân trọng kính mời:\n",
        "1. Đại biểu tỉnh",
        "- Lãnh đạo Chi cục Kiểm lâm.\n",
        "2. Đại biểu huyện, xã",
        "- Thường trực Huyện ủy;",
        "- Chủ tịch UBND các xã.\n",
        "Thời gian: 7 giờ 30 ngày 20/3/2025.\n",
        to="",
    )
    assert read.title == "Dự Hội nghị sơ kết"
    assert only(read).participants == ("Lãnh đạo Chi cục Kiểm lâm", "Thường trực Huyện ủy", "Chủ tịch UBND các xã")
    assert read.tasks == ()


@pytest.mark.parametrize(
    ("form", "link"),
    [
        ("Trực tuyến kết nối từ điểm cầu tỉnh đến các xã do Văn phòng chuẩn bị", "kết nối từ điểm cầu tỉnh đến các xã"),
        ("Tiếp sóng từ điểm cầu huyện", "Tiếp sóng từ điểm cầu huyện"),
        ("Trực tiếp tại điểm cầu huyện", None),
        ("Trực tuyến", None),
    ],
)
def test_what_a_meeting_connects_by_wire_is_told_in_the_papers_words(form: str, link: str | None) -> None:
    meeting = only(plan("1. Hội nghị quán triệt", "- Thời gian: 8 giờ 00 ngày 20/3/2025.", f"- Hình thức: {form}."))
    assert meeting.link == link
