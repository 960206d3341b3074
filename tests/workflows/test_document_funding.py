"""Where a paper's money comes from: under a heading of its own, or in a sentence that begins so."""

from __future__ import annotations

import pytest

from tests.workflows.frames import of_district, of_health_office


def test_what_stands_under_a_heading_of_money_says_where_it_comes_from() -> None:
    read = of_district(
        "I. NỘI DUNG\n\nDọn kênh mương.\n\nIV. KINH PHÍ\n\n"
        "1. Sử dụng kinh phí đã giao trong dự toán năm 2025 của các đơn vị; mức chi 5.000.000 đồng một xã.\n\n"
        "2. Huy động nguồn xã hội hóa.\n\nV. TỔ CHỨC THỰC HIỆN\n\n1. Phòng Kinh tế làm việc với ngân sách xã."
    )
    assert [each.text for each in read.funding] == [
        "Sử dụng kinh phí đã giao trong dự toán năm 2025 của các đơn vị", "Huy động nguồn xã hội hóa"
    ]  # fmt: skip
    assert all(each.line for each in read.funding)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Kinh phí thực hiện do ngân sách cấp xã bảo đảm theo phân cấp.", True),
        ("Về kinh phí thực hiện: các trạm cân đối trong dự toán đã giao.", True),
        ("Kinh phí tổ chức lớp học lấy từ nguồn học phí.", True),
        ("Các trạm lập dự toán kinh phí gửi Sở Tài chính trước ngày 15/5/2026.", False),
        ("Sở đã hỗ trợ kinh phí từ ngân sách tỉnh cho 12 trạm.", False),
        ("Kinh phí năm 2025 quyết toán chậm.", False),
    ],
)
def test_a_sentence_that_begins_with_the_money_says_where_it_comes_from(sentence: str, said: bool) -> None:
    assert [each.text for each in of_health_office(f"1. {sentence}").funding] == ([sentence.strip(".")] if said else [])
