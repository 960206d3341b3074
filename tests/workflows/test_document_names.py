"""Where the name of a body ends in a sentence: by the paper's own names, by the form of names, by the verb."""

from __future__ import annotations

import time

import pytest

from workflows import documents
from workflows.documents.clauses import acts, addressed_to, clauses
from workflows.documents.own_names import names_of_paper, own_names
from workflows.documents.wording import actor, before_verb
from workflows.plans import Plan

PLAN = """\
ỦY BAN NHÂN DÂN                          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH PHÚ SƠN                                Độc lập - Tự do - Hạnh phúc
   Số: 45/KH-UBND                       Phú Sơn, ngày 03 tháng 3 năm 2025

KẾ HOẠCH
Hiến máu

III. TỔ CHỨC THỰC HIỆN

{body}

Nơi nhận:
{recipients}
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Vàng Thị Sua
"""


def paper(*recipients: str, body: str) -> Plan:
    listed = "\n".join(f"- {each};" for each in recipients)
    return documents.read_text(PLAN.format(body=body, recipients=listed), "paper.txt")


def units(plan: Plan) -> list[str | None]:
    return [task.unit for task in plan.tasks]


@pytest.mark.parametrize(
    "name",
    [
        "Ban Vận động hiến máu, hiến mô tỉnh",
        "Phòng Thu thập xử lý số liệu",
        "Trung tâm Tiếp nhận và phân phối máu",
        "Đội Tuyên truyền lưu động phục vụ vùng cao",
    ],
)
@pytest.mark.parametrize("act", ["rà soát, báo cáo trước ngày 15/4/2025.", "khuân ghế, gửi thư trước ngày 15/4/2025."])
def test_a_recipient_is_one_name_wherever_it_stands(name: str, act: str) -> None:
    plan = paper("UBND tỉnh (b/c)", name, body=f"1. {name} {act}")
    assert units(plan) == [name]
    assert [deadline.who for deadline in plan.deadlines] == [(name,)]


def test_names_of_a_list_are_each_known_and_one_that_a_leader_heads_too() -> None:
    plan = paper(
        "Giám đốc Quỹ Chăm lo tiếp sức người bệnh",
        "Đội Vận chuyển cấp cứu",
        body="1. Sở Y tế, Quỹ Chăm lo tiếp sức người bệnh và Đội Vận chuyển cấp cứu khuân ghế.",
    )
    assert units(plan) == ["Sở Y tế, Quỹ Chăm lo tiếp sức người bệnh và Đội Vận chuyển cấp cứu"]


def test_whom_it_goes_to_may_be_named_with_words_that_else_end_a_name() -> None:
    name = "Ban Chỉ đạo tỉnh về phòng dịch"
    plan = paper(name, body=f"1. Sở Y tế báo cáo {name} trước ngày 15/4/2025.")
    assert [deadline.to for deadline in plan.deadlines] == [(name,)]


def test_the_names_of_one_paper_are_forgotten_after_it() -> None:
    with names_of_paper(["Tổ Rà soát, bóc tách hồ sơ", "Sở"]):
        assert own_names() == {"tổ rà soát, bóc tách hồ sơ"}  # one word is no name of its own
        inside = actor("Tổ Rà soát, bóc tách hồ sơ lập danh sách.")
        assert clauses("Tổ Rà soát, bóc tách hồ sơ lập danh sách.")[0].actor == "Tổ Rà soát, bóc tách hồ sơ"
    assert inside is not None
    assert inside[0] == "Tổ Rà soát, bóc tách hồ sơ"
    assert own_names() == frozenset()
    assert clauses("Tổ Rà soát, bóc tách hồ sơ lập danh sách.")[0].actor == "Tổ Rà soát"


def test_what_is_sent_is_no_part_of_the_addressees_name() -> None:
    assert before_verb("Sở Y tế mẫu đơn") == "Sở Y tế "


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("nộp hồ sơ tại Bộ phận Một cửa", "Bộ phận Một cửa"),
        ("nộp tiền vào Kho bạc Nhà nước", "Kho bạc Nhà nước"),
        ("gửi Sở Tài chính để thẩm định, trình UBND tỉnh", "Sở Tài chính"),  # what the addressee does with it
        ("gửi Sở Xây dựng bản vẽ", "Sở Xây dựng"),
    ],
)
def test_whom_things_go_to_by_the_words_around_the_name(words: str, to: str) -> None:
    sentence = f"{words} trước ngày 10/6."
    assert addressed_to(sentence, sentence.index("trước")) == (to,)


@pytest.mark.parametrize("to", ["Tổng Liên đoàn Lao động Việt Nam", "Thứ trưởng phụ trách", "Kho Lưu trữ Tỉnh ủy"])
def test_offices_and_persons_that_things_go_to(to: str) -> None:
    assert addressed_to(f"Lập báo cáo gửi {to} trước ngày 10/6.") == (to,)


def test_a_line_of_endless_bodies_is_read_in_bounded_time() -> None:
    began = time.process_time()
    clauses("Sở A; " * 20_000)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "name",
    [
        "Bộ Ngoại giao",
        "Cục Cảnh sát giao thông",
        "Cục Quản lý, giám sát bảo hiểm",
        "Ban An toàn giao thông tỉnh",
        "Chi cục Thủy lợi",
        "Trung tâm Dịch vụ việc làm",
        "Trung tâm Xúc tiến đầu tư tỉnh",
        "Trung tâm Trợ giúp pháp lý nhà nước",
        "Phòng Hành chính quản trị",
        "Phòng Hậu cần",
        "Khoa Nội tổng hợp",
        "Sở Xây dựng",
        "Sở Kế hoạch và Đầu tư",
        "Văn phòng Huyện ủy",
        "Đoàn Luật sư tỉnh",
        "Ban Chỉ đạo chuyển đổi số tỉnh",
        "Ban Chỉ đạo giải phóng mặt bằng huyện",
        "Đội thanh niên xung kích",
        "Ban Tuyên giáo và Dân vận Tỉnh ủy",
        "Trường Trung học cơ sở Trần Phú",
    ],
)
@pytest.mark.parametrize("act", ["rà soát hồ sơ", "dự phòng thuốc", "khuân bàn ghế", "có mặt từ 7 giờ", "giao khu đất"])
def test_a_body_is_named_after_its_field_whatever_words_it_holds(name: str, act: str) -> None:
    found = actor(f"{name} {act}, gửi danh sách về huyện trước ngày 15/3.")
    assert found is not None
    assert found[0] == name


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Do chi ủy cơ sở mở cho toàn thể đảng viên.", "chi ủy cơ sở"),
        ("Do các thôn, tổ dân phố tổ chức sau đó.", "các thôn, tổ dân phố"),
        ("Đoàn công tác làm việc với xã.", "Đoàn công tác"),
        ("Tổ bầu cử số 3 niêm yết danh sách cử tri.", "Tổ bầu cử số 3"),
        ("Trưởng đoàn kiểm tra báo cáo kết quả.", "Trưởng đoàn kiểm tra"),
        ("Đơn vị chủ trì gửi báo cáo.", "Đơn vị chủ trì"),
        ("Đơn vị chủ trì: gửi báo cáo.", None),  # a column's or an item's label
        ("Đối với các xã chưa xong, Chủ tịch UBND xã trực tiếp chỉ đạo.", "Chủ tịch UBND xã"),
        ("Chủ tịch UBND tỉnh yêu cầu Giám đốc các sở kiểm tra.", "Giám đốc các sở"),
        ("Hội đồng bồi thường, hỗ trợ, tái định cư họp dân.", "Hội đồng bồi thường, hỗ trợ, tái định cư"),
        ("Đảng ủy cấp trên cơ sở báo cáo.", "Đảng ủy cấp trên cơ sở"),
        ("Bí thư các chi bộ có mặt lúc 8 giờ ngày 15/12.", "Bí thư các chi bộ"),
        ("Do các xã chậm báo cáo, việc này kéo dài.", None),  # a cause, nobody's act
        ("Nơi nào để sót hồ sơ thì trưởng phòng phải giải trình.", "trưởng phòng"),
        ("Cơ quan được giao chuẩn bị gửi tài liệu về Văn phòng.", "Cơ quan được giao chuẩn bị"),
        ("Bản xác nhận gửi Ban Tổ chức.", None),  # a sheet; a village's name has a capital
        ("Bản Pa Ham gửi danh sách.", "Bản Pa Ham"),
        ("Còn 142 cơ sở chỉ có một lối ra.", None),  # "sở" of "cơ sở"
        ("Phân công cấp ủy viên phụ trách từng xóm.", None),  # one's own people
        ("Thăm hỏi: mỗi công đoàn cơ sở lập danh sách.", "mỗi công đoàn cơ sở"),
        ("Giáo viên chủ nhiệm báo sĩ số mỗi sáng.", "Giáo viên chủ nhiệm"),
        ("Sau lớp học, mỗi học viên nộp một bài.", "mỗi học viên"),
    ],
)
def test_who_acts_is_said_in_many_ways(sentence: str, who: str | None) -> None:
    assert acts(sentence) == who


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Trung tâm báo cáo Sở trước ngày 5/5.", "Trung tâm"),  # a bare name, as within one house
        ("Chi cục rà soát hồ sơ.", "Chi cục"),
        ("Chủ tịch Hội đồng ký giấy báo.", "Chủ tịch Hội đồng"),
        ("Hội đồng thẩm định họp.", "Hội đồng thẩm định"),
        ("Cán bộ chuyên trách lập sổ.", "Cán bộ chuyên trách"),
        ("Các cơ sở sản xuất, buôn bán thuốc bảo vệ thực vật ký cam kết.", "Các cơ sở sản xuất, buôn bán thuốc bảo vệ thực vật"),
        ("Các cơ sở kinh doanh dịch vụ lưu trú khai báo khách.", "Các cơ sở kinh doanh dịch vụ lưu trú"),
        ("Phòng giao dịch Bưu điện huyện chi trả tại nhà.", "Phòng giao dịch Bưu điện huyện"),
        ("Các Bộ quản lý ngành (Y tế, Giáo dục) rà soát định mức.", "Các Bộ quản lý ngành"),
        ("Đội Cảnh sát giao thông số 1 bịt các lối mở.", "Đội Cảnh sát giao thông số 1"),
        ("Tiểu đoàn 5 hành quân.", "Tiểu đoàn 5"),
        ("Cán bộ, đảng viên, nhất là người đứng đầu, nêu gương.", "Cán bộ, đảng viên"),
        ("Các trường, trước hết là các trường bán trú, soát bếp ăn.", "Các trường"),
        ("Văn phòng Huyện ủy cùng Viễn thông Đồi Sim thử đường truyền.", "Văn phòng Huyện ủy"),
        ("Mặt trận Tổ quốc và các đoàn thể cùng cấp giám sát.", "Mặt trận Tổ quốc và các đoàn thể cùng cấp"),
        ("Đối với nhóm b, đề nghị người đứng đầu cơ quan chấm dứt hợp đồng.", "người đứng đầu cơ quan"),
        ("Hội đồng trường thông qua nghị quyết, giao Hiệu trưởng tổ chức thực hiện.", "Hiệu trưởng"),
        ("UBND các xã: Đồi Sim, Đồi Mua và Trạm Y tế phối hợp.", "UBND các xã: Đồi Sim, Đồi Mua và Trạm Y tế"),
        ("UBND các xã: Dọn kênh, báo cáo huyện.", "UBND các xã"),
        ("Thẩm phán mở phiên tòa trước ngày 5/5.", "Thẩm phán"),
        ("Thuyền trưởng ghi sổ.", "Thuyền trưởng"),
        ("Trưởng ca vận hành báo Giám đốc.", "Trưởng ca vận hành"),
        ("Cô Hoàng Thị Mận viết kịch bản.", "Cô Hoàng Thị Mận"),
        ("Khoa Nội thần kinh giặt đồ vải.", "Khoa Nội thần kinh"),
        ("Nhân viên y tế: trực cấp cứu.", "Nhân viên y tế"),
        ("Sở Công Thương theo chức năng, nhiệm vụ của mình chủ trì kiểm tra.", "Sở Công Thương"),
        ("Giám đốc các sở trong phạm vi quản lý của mình chịu trách nhiệm.", "Giám đốc các sở"),
        ("Phòng Tài chính khi thẩm định phải đối chiếu định mức.", "Phòng Tài chính"),
        ("Sở Nội vụ, với vai trò cơ quan thường trực, tổng hợp chung.", "Sở Nội vụ"),
        ("Riêng đối với Sở Tài chính, báo cáo trước ngày 10/5.", "Sở Tài chính"),
        ("Cơ quan điều tra kết thúc vụ án.", "Cơ quan điều tra"),
        ("Đơn vị đăng cai bố trí hội trường.", "Đơn vị đăng cai"),
        ("CĐCS khối doanh nghiệp thương lượng tăng lương.", "CĐCS khối doanh nghiệp"),
        ("Cấp ủy, bí thư các chi bộ được kiểm tra chuẩn bị báo cáo.", "Cấp ủy, bí thư các chi bộ được kiểm tra"),
    ],
)
def test_who_acts_is_named_whole_and_ends_before_the_act(sentence: str, who: str) -> None:
    assert acts(sentence) == who
