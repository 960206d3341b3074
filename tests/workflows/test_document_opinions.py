"""Papers that tell what their writer holds of a matter, or how it stands, and invitations without a title."""

from __future__ import annotations

from tests.workflows.frames import of_commune
from workflows import documents
from workflows.plans import Plan


def letter(*paragraphs: str) -> Plan:
    return of_commune(*paragraphs, symbol="UBND-KT", title="V/v quy chế chợ\n\nKính gửi: Ban Quản lý chợ.")


def given(found: Plan) -> list[tuple[str, str | None]]:
    return [(task.heading, task.unit) for task in found.tasks]


def test_the_items_of_an_opinion_are_no_tasks_unless_they_charge_somebody() -> None:
    found = letter(
        "Xét đề nghị của Ban Quản lý chợ, Ủy ban nhân dân xã có ý kiến như sau:",
        "1. Ghi nhận việc bầu Tổ tự quản chợ gồm 05 thành viên.",
        "2. Tổ trưởng: Ông Lò Văn Phúc; Tổ phó: Bà Hà Thị Mận.",
        "3. Ban Quản lý chợ đã lấy ý kiến tiểu thương theo đúng quy định.",
        "4. Ủy ban nhân dân xã thống nhất với dự thảo quy chế; giao Phòng Kinh tế hướng dẫn hoàn thiện.",
        "5. Ban Quản lý chợ niêm yết quy chế trước ngày 20/3/2026.",
    )
    assert given(found) == [("4", "Phòng Kinh tế"), ("5", "Ban Quản lý chợ")]


def test_what_is_asked_below_a_heading_is_told_from_what_was_done() -> None:
    found = letter(
        "Ủy ban nhân dân xã có ý kiến thẩm định đối với dự thảo quy chế như sau:",
        "1. Về bố cục",
        "Ban Quản lý chợ đã xây dựng bố cục theo mẫu.",
        "2. Về nội dung",
        "Phòng Kinh tế cơ bản nhất trí với dự thảo; tuy nhiên, đề nghị Ban Quản lý chợ sửa Điều 4.",
    )
    assert given(found) == [("2", "Ban Quản lý chợ")]


def test_an_order_to_give_an_opinion_stays_an_order() -> None:
    found = letter(
        "Ủy ban nhân dân xã có ý kiến chỉ đạo như sau:",
        "1. Tổ chức kiểm tra bình chữa cháy.",
        "2. Phòng Kinh tế được giao nhiệm vụ chủ trì, hoàn thành trước ngày 20/3/2026.",
    )
    assert [task.heading for task in found.tasks] == ["1", "2"]


def test_a_heading_or_a_sentence_may_leave_it_to_the_paragraph_below_to_say_who_acts() -> None:
    found = letter(
        "Ủy ban nhân dân xã yêu cầu thực hiện:",
        "1. Về lập hồ sơ",
        "a) Nội dung hồ sơ:",
        "Căn cứ kết quả kiểm tra, các thôn lập hồ sơ theo mẫu.",
        "b) Thời hạn gửi:",
        "Các thôn gửi hồ sơ về Phòng Kinh tế trước ngày 20/3/2026.",
        "2. Đẩy mạnh thống kê tiểu thương.",
        "Ban Quản lý chợ là đầu mối thống kê số hộ kinh doanh.",
        "3. Giữ vệ sinh chung.",
    )
    assert given(found) == [("1.a", "các thôn"), ("1.b", "Các thôn"), ("2", "Ban Quản lý chợ"), ("3", None)]


def test_what_is_only_foreseen_is_due_to_nobody() -> None:
    found = letter(
        "Ủy ban nhân dân xã yêu cầu:",
        "1. Nghiên cứu chợ đêm; giao Ban Quản lý chợ:",
        "- Chủ trì, phối hợp với Phòng Kinh tế làm rõ 04 phiên chợ dự kiến tổ chức trong năm 2026.",
        "- Báo cáo trước ngày 20/3/2026.",
    )
    assert [(task.unit, task.role) for task in found.tasks if task.role != "support"] == [("Ban Quản lý chợ", "lead")]
    assert [str(due.due_date) for due in found.deadlines] == ["2026-03-19"]


INVITATION = """\
ỦY BAN NHÂN DÂN
XÃ ĐỒI SIM

Số: 45/GM-UBND

Đồi Sim, ngày 03 háng 3 năm 2026

GIẤY MỜI

Thực hiện Công điện số 63/CĐ-UBND ngày 02/3/2026 của Ủy ban nhân dân tỉnh mời dự Phiên họp về nước sạch, Ủy ban nhân dân xã mời:
1. Thành phần:
- Đồng chí Lý Văn Sơn - Chủ tịch UBND xã: Chủ trì điểm cầu xã;
- Trưởng các thôn.
2. Nội dung: Phiên họp lần thứ hai Ban Chỉ đạo nước sạch.
3. Thời gian: 14 giờ 30, ngày 09 tháng 3 năm 2026.
4. Địa điểm: Phòng họp số 2.

Nơi nhận:
- Như thành phần mời;
- Lưu: VT.
"""


def test_an_invitation_without_a_title_begins_with_its_sentence() -> None:
    found = documents.read_text(INVITATION, "invitation.txt")
    meeting = found.conferences[0]
    assert (found.title, str(found.date)) == (None, "2026-03-03")
    assert [(each.number, each.issuer) for each in found.basis] == [("63/CĐ-UBND", "Ủy ban nhân dân tỉnh")]
    assert (meeting.title, meeting.chair) == (
        "Phiên họp lần thứ hai Ban Chỉ đạo nước sạch",
        "Đồng chí Lý Văn Sơn - Chủ tịch UBND xã",
    )


def test_what_somebody_proposed_is_cited_and_a_joint_paper_has_all_its_issuers() -> None:
    found = letter(
        "Căn cứ Thông tư liên tịch số 06/2008/TTLT-BTC-BNV ngày 28/11/2008 của liên Bộ: Tài chính - Nội vụ về quỹ chợ;",
        "Trên cơ sở đề nghị của Ban Quản lý chợ tại Công văn số 139/BQL-TH ngày 16/02/2026, Ủy ban nhân dân xã yêu cầu:",
        "1. Phòng Kinh tế hướng dẫn.",
    )
    assert [(each.number, each.issuer) for each in found.basis] == [("06/2008/TTLT-BTC-BNV", "liên Bộ: Tài chính - Nội vụ")]
    assert [(each.number, each.issuer) for each in found.citations] == [("139/BQL-TH", "Ban Quản lý chợ")]


def test_what_is_enclosed_is_found_between_brackets_and_among_their_sentences() -> None:
    found = letter(
        "Ủy ban nhân dân xã yêu cầu:",
        "1. Các thôn lập hồ sơ theo mẫu tại Phụ lục I (đối với hộ) và Phụ lục II (đối với quầy) ban hành kèm theo Công văn này.",
        "2. Các thôn tổng kết (Có đề cương tổng kết kèm theo Công văn này. Số liệu lấy từ ngày 14/7/2021).",
    )
    assert [each.text for each in found.attachments] == ["Phụ lục I (đối với hộ)", "Phụ lục II", "đề cương tổng kết"]


def test_who_supplies_a_service_is_named_whole_and_opening_hours_and_budgets_come_to_no_report() -> None:
    found = letter(
        "Ủy ban nhân dân xã yêu cầu:",
        "1. Doanh nghiệp cung cấp dịch vụ Internet hằng quý báo cáo Phòng Kinh tế.",
        "2. Thời gian cung cấp dịch vụ Internet từ 6 giờ đến 22 giờ hằng ngày.",
        "3. Kinh phí hoạt động do ngân sách xã cấp hằng năm và được tổng hợp vào dự toán.",
        "4. Tổ công nghệ gồm: 03 người.",
    )
    assert [(each.frequency, each.who) for each in found.recurring] == [
        ("quarterly", ("Doanh nghiệp cung cấp dịch vụ Internet",)),
    ]
    assert "Tổ công nghệ gồm" not in [task.unit for task in found.tasks]


def test_a_police_office_is_named_with_what_it_is_for() -> None:
    found = letter(
        "Ủy ban nhân dân xã yêu cầu:",
        "1. Các thôn gửi báo cáo về Công an tỉnh (qua Phòng Cảnh sát điều tra tội phạm về ma túy) trước ngày 20/3/2026.",
    )
    assert found.deadlines[0].via == "Phòng Cảnh sát điều tra tội phạm về ma túy"


def test_what_a_paper_says_of_itself_is_no_task_and_a_file_is_nobody_to_send_by() -> None:
    found = letter(
        "I. MỤC ĐÍCH",
        "Giữ chợ sạch.",
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Các thôn báo cáo Phòng Kinh tế (qua Tổ quản lý chợ và file mềm theo địa chỉ cho@xa.vn) trước ngày 20/3/2026.",
        "2. Nghị quyết này được phổ biến đến chi bộ.",
    )
    assert given(found) == [("II.1", "Các thôn")]
    assert found.deadlines[0].via == "Tổ quản lý chợ"


def test_what_an_article_lists_is_no_task_and_what_it_charges_below_is() -> None:
    head = "ỦY BAN NHÂN DÂN\nXÃ ĐỒI SIM\nSố: 7/QĐ-UBND\nĐồi Sim, ngày 05 tháng 2 năm 2026\n\nQUYẾT ĐỊNH\nCông bố xếp loại chợ\n\n"
    body = [
        "Điều 1. Công bố xếp loại năm 2025 đối với:",
        "1. Các thôn: Tại Phụ lục I đính kèm.",
        "Điều 2. Căn cứ kết quả xếp loại, Chủ tịch UBND xã chỉ đạo:",
        "1. Giao Trưởng các thôn xây dựng kế hoạch khắc phục, gửi về Phòng Kinh tế trước ngày 28/02/2026.",
        "2. Giao Phòng Kinh tế chủ trì, tham mưu giải pháp để cải thiện, nâng cao xếp loại trong năm 2026.",
    ]
    found = documents.read_text(head + "\n\n".join(body) + "\n\nNơi nhận:\n- Lưu: VT.", "paper")
    assert given(found) == [("Điều 2.1", "Trưởng các thôn"), ("Điều 2.2", "Phòng Kinh tế")]
    assert [str(due.due_date) for due in found.deadlines] == ["2026-02-27"]


def test_who_cannot_take_part_is_given_nothing_to_do() -> None:
    found = letter(
        "Ủy ban nhân dân xã có ý kiến như sau:",
        "1. Ông Lò Văn Phúc - Trưởng Phòng Kinh tế do bận công tác nên không thể tham gia Ban Quản lý chợ.",
        "2. Phòng Kinh tế cử người thay.",
    )
    assert given(found) == [("2", "Phòng Kinh tế")]


def test_places_go_on_in_the_next_line_of_the_addressees() -> None:
    to = "Kính gửi: Ban Chấp hành Hội Làm vườn tỉnh Phú Sơn,\nBình An, Thạch Khê (cũ)."
    found = of_commune("Ủy ban nhân dân xã yêu cầu báo cáo.", symbol="UBND-KT", title=f"V/v quy chế chợ\n\n{to}")
    assert [each.text for each in found.recipients if each.list == "kinh_gui"] == [
        "Ban Chấp hành Hội Làm vườn tỉnh Phú Sơn, Bình An, Thạch Khê (cũ)"
    ]


def test_letters_within_a_quotation_that_opens_in_a_sentence_are_another_papers() -> None:
    found = letter(
        "Ủy ban nhân dân xã đề nghị Ban Quản lý chợ thực hiện:",
        "1. Ban Quản lý chợ lập hồ sơ theo khoản 2 Điều 3 Nghị định số 12/2024/NĐ-CP, cụ thể: “…2. Hồ sơ gồm:",
        "a) Đơn đề nghị (bản chính);",
        "b) Danh sách hộ kinh doanh;”.",
        "2. Tên của chợ",
        "Nhiều nơi gọi khác nhau.",
        "3. Ban Quản lý chợ gửi hồ sơ trước ngày 20/3/2026.",
    )
    assert given(found) == [("1", "Ban Quản lý chợ"), ("3", "Ban Quản lý chợ")]


def test_an_article_on_a_teams_duties_leaves_the_other_articles_read() -> None:
    head = "ỦY BAN NHÂN DÂN\nXÃ ĐỒI SIM\nSố: 7/QĐ-UBND\nĐồi Sim, ngày 05 tháng 2 năm 2026\n\nQUYẾT ĐỊNH\nKiện toàn Đội cứu hộ\n\n"
    body = [
        "Căn cứ Quyết định số 81/QĐ-UBND ngày 06/01/2026 của Ủy ban nhân dân tỉnh về việc phân công đơn vị trực cứu hộ;",
        "QUYẾT ĐỊNH:",
        "Điều 1. Kiện toàn Đội cứu hộ gồm 12 người.",
        "Điều 2. Chức năng, nhiệm vụ của Đội cứu hộ:",
        "1. Là đầu mối tiếp nhận tin báo.",
        "2. Định kỳ hằng quý báo cáo Ủy ban nhân dân xã.",
        "Điều 3. Tổ chức và hoạt động.",
        "1. Công an xã ban hành quy chế làm việc.",
        "2. Phòng Kinh tế bố trí kinh phí.",
    ]
    found = documents.read_text(head + "\n\n".join(body) + "\n\nNơi nhận:\n- Lưu: VT.", "paper")
    assert given(found) == [("Điều 2", "Đội cứu hộ"), ("Điều 3.1", "Công an xã"), ("Điều 3.2", "Phòng Kinh tế")]
    assert [(each.frequency, each.who) for each in found.recurring] == [("quarterly", ("Đội cứu hộ",))]


def test_what_a_higher_paper_charged_is_only_recited() -> None:
    found = letter(
        "Thực hiện Công văn số 65/UBND-KT ngày 24/02/2026 của Ủy ban nhân dân huyện về chợ, trong đó, giao Ủy ban nhân dân xã"
        " chủ trì rà soát quầy hàng, hoàn thành trước ngày 31/3/2026.",
        "Ủy ban nhân dân xã lập dự thảo quy chế. Đề nghị quý cơ quan nghiên cứu, góp ý dự thảo.",
        "Ý kiến xin gửi về Ủy ban nhân dân xã trước ngày 11/3/2026.",
    )
    assert [task.unit for task in found.tasks] == ["quý cơ quan"]
    assert [(str(due.due_date), due.who) for due in found.deadlines] == [("2026-03-10", ("quý cơ quan",))]
    assert "task_uncovered" not in [warning.code for warning in found.warnings]


def test_a_topic_that_sounds_like_a_body_does_nothing() -> None:
    found = letter(
        "Ủy ban nhân dân xã yêu cầu:",
        "1. Thanh tra, kiểm tra: Đội Quản lý trật tự tăng cường kiểm tra.",
        "2. Bảo hiểm y tế: Các thôn vận động người dân tham gia.",
        "3. Đội ngũ cán bộ: Phòng Nội vụ rà soát, đề xuất.",
        "4. Trường học: Hiệu trưởng các trường tổng vệ sinh.",
        "5. Thanh tra xã: lập kế hoạch.",
    )
    assert [task.unit for task in found.tasks] == [
        "Đội Quản lý trật tự",
        "Các thôn",
        "Phòng Nội vụ",
        "Hiệu trưởng các trường",
        "Thanh tra xã",
    ]


def test_to_come_in_time_is_no_task_of_an_invitation() -> None:
    paper = INVITATION.replace(
        "4. Địa điểm: Phòng họp số 2.",
        "4. Địa điểm: Phòng họp số 2.\n5. Phân công chuẩn bị:\n- Giao Phòng Kinh tế chuẩn bị báo cáo.\n"
        "- Các đồng chí tham dự đúng thành phần và thời gian quy định.",
    )
    assert [task.unit for task in documents.read_text(paper, "invitation.txt").tasks] == ["Phòng Kinh tế"]


def test_paragraphs_below_one_heading_may_charge_several() -> None:
    found = letter(
        "Ủy ban nhân dân xã kết luận, yêu cầu:",
        "1. Đối với việc đánh giá hiệu quả chợ đêm:",
        "Đề nghị Ban Quản lý chợ nộp báo cáo gửi Phòng Kinh tế trong tháng 4/2026.",
        "Giao Phòng Kinh tế có trách nhiệm thẩm định báo cáo do Ban Quản lý chợ nộp.",
        "2. Công an xã giữ trật tự.",
    )
    assert given(found) == [("1", "Ban Quản lý chợ"), ("1", "Phòng Kinh tế"), ("2", "Công an xã")]
