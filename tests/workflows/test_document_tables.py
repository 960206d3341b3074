"""Tables of tasks as clerks head them, and tables of reports; papers written for these tests."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.workflows.frames import of_district
from workflows.plans import Plan


def with_table(*rows: str) -> Plan:
    lines = [f"| {row.replace('|', ' | ')} |" for row in rows]
    lines.insert(1, "|" + "---|" * (rows[0].count("|") + 1))
    return of_district("III. TIẾN ĐỘ\n\n" + "\n".join(lines))


@pytest.mark.parametrize(
    ("header", "row", "unit", "due"),
    [
        ("Mốc thời gian|Việc phải làm|Trách nhiệm", "Trước 15/4/2025|Niêm yết|Ban bầu cử xã", "Ban bầu cử xã", 14),
        ("TT|Kiến nghị|Cơ quan giải quyết|Hạn trả lời", "1|Sửa cầu|Phòng Kinh tế|15/4/2025", "Phòng Kinh tế", 15),
        ("TT|Nội dung|Chủ trì|Bắt đầu|Kết thúc", "1|Khảo sát|Phòng Kinh tế|01/4/2025|15/4/2025", "Phòng Kinh tế", 15),
        ("TT|Công việc|Phụ trách chính|Ngày xong", "1|Kiểm kê|DS. Lò Thị Mai|18/4/2025", "DS. Lò Thị Mai", 18),
        (
            "TT|Tồn tại, hạn chế|Người chịu trách nhiệm|Thời gian khắc phục",
            "1|Chậm|Giám đốc Ban Quản lý|20/4/2025",
            "Giám đốc Ban Quản lý",
            20,
        ),
    ],
)
def test_a_table_of_tasks_by_its_headings(header: str, row: str, unit: str, due: int) -> None:
    read = with_table(header, row)
    assert [(each.unit, each.due_date) for each in read.tasks] == [(unit, dt.date(2025, 4, due))]
    assert [(each.who, each.due_date) for each in read.deadlines] == [((unit,), dt.date(2025, 4, due))]


def test_rows_of_a_table_of_reports_are_no_tasks() -> None:
    read = with_table(
        "TT|Tên báo cáo|Cơ quan báo cáo|Nơi nhận|Thời hạn gửi",
        "1|Báo cáo tháng|UBND các xã|Phòng Kinh tế|Trước ngày 20 hằng tháng",
        "2|Báo cáo tổng kết|Phòng Kinh tế|UBND huyện|15/12/2025",
    )
    assert read.tasks == ()
    assert [(each.who, each.to, each.frequency, each.day) for each in read.recurring] == [
        (("UBND các xã",), ("Phòng Kinh tế",), "monthly", 19)
    ]
    assert [(each.who, each.to, each.due_date) for each in read.deadlines] == [
        (("Phòng Kinh tế",), ("UBND huyện",), dt.date(2025, 12, 15))
    ]
