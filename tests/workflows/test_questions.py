"""What a person is asked of a document, in Vietnamese: with the document's words, and where the answer is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli_case import process
from workflows import plans
from workflows.plans import Warning
from workflows.questions import ASKED, said
from workflows.reading_json import CODES

LETTER = """ĐẢNG BỘ TỈNH LAM GIANG
HUYỆN ỦY ĐỒI THÔNG
*
Số      -CV/HU
V/v chuẩn bị họp giao ban và báo cáo công tác

ĐẢNG CỘNG SẢN VIỆT NAM
Đồi Thông, ngày 05 tháng 3 năm 2025

Kính gửi: Các chi bộ, đảng bộ trực thuộc.

Thực hiện Kế hoạch số 40-KH/TU, ngày 24/4/2025 của Ban Thường vụ Tỉnh ủy về công tác đảng viên, Ban Thường vụ Huyện ủy đề nghị:

1. Các chi bộ, đảng bộ trực thuộc rà soát hồ sơ đảng viên, báo cáo trước ngày 01/3/2025.
2. Ban Tổ chức Huyện ủy hướng dẫn mẫu biểu trong tuần này.
3. Hạt Kiểm lâm huyện định kỳ hằng tháng báo cáo kết quả về Văn phòng Huyện ủy.
4. Hội nghị giao ban tổ chức lúc 8 giờ 00, thứ Hai, ngày 11/3/2025 tại Hội trường Huyện ủy.

Nơi nhận:
- Như trên,
- Câu lạc bộ Hưu trí,
- Lưu Văn phòng Huyện ủy.

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Lê Văn Tám
"""
ENGLISH = re.compile(r"\b(?:the|is|of|which|line|label|addressee|named|by)\b")


def test_whatever_is_asked_of_a_document_is_asked_in_vietnamese(tmp_path: Path) -> None:
    (tmp_path / "công văn.txt").write_text(LETTER, encoding="utf-8")
    ran = process("--lang", "vi", "read", "công văn.txt", "-o", "bản nháp.yaml", cwd=tmp_path)
    for sentence in (
        "Văn bản chưa có số (để trống trước CV/HU). [--number]",
        "dòng 12: Ngày ký 05/03/2025 sớm hơn ngày 24/04/2025 của văn bản căn cứ 40-KH/TU. [--date]",
        "dòng 17: Thứ và ngày không khớp: 'thứ Hai, ngày 11/3/2025', mà ngày 11/03/2025 là thứ Ba.",
        "dòng 21: Chưa rõ 'Câu lạc bộ Hưu trí' được gửi để làm gì.",
        "'báo cáo trước ngày 01/3/2025' sớm hơn ngày của văn bản (05/03/2025): bên nào đúng?",
        "dòng 15: 'trong tuần này' không cho biết ngày nào: hạn đến ngày nào?",
        "báo cáo hằng tháng phải gửi vào ngày nào?",
        "'Hạt Kiểm lâm huyện' được giao việc nhưng không có ở nơi nhận.",
    ):
        assert sentence in ran.stderr
    draft = (tmp_path / "bản nháp.yaml").read_text(encoding="utf-8")
    head, _, facts = draft.partition("\n\n")
    asked = head.splitlines()
    assert asked[asked.index("#   number_missing: Văn bản chưa có số (để trống trước CV/HU). [--number]") + 1].endswith(
        "-> number:"
    )
    assert any(line.endswith("hạn đến ngày nào? -> due_date:") for line in asked)
    assert not [line for line in ran.stderr.splitlines() + asked[2:] if ENGLISH.search(re.sub(r"\S+_\S+:", "", line))]
    assert 'number:\nsymbol: "CV/HU"  # dòng 4: "Số -CV/HU"\n' in facts
    assert "    answer:  # Thứ đúng hay ngày đúng?\n" in facts
    assert plans.parse_text(draft, "x").symbol == "CV/HU"


def test_the_table_of_facts_says_in_vietnamese_why_a_recipient_acts(tmp_path: Path) -> None:
    (tmp_path / "cv.txt").write_text(LETTER, encoding="utf-8")
    rows = process("--lang", "vi", "read", "cv.txt", cwd=tmp_path).stdout.splitlines()
    reasons = [row for row in rows if row.startswith("Nơi nhận\t")]
    assert "Các chi bộ, đảng bộ trực thuộc · thực hiện (nơi kính gửi)" in reasons[0]
    assert "Câu lạc bộ Hưu trí · ? (không có nhãn, văn bản cũng không nhắc đến)" in reasons[2]
    assert not [row for row in reasons if ENGLISH.search(row)]


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            "date_missing",
            "the date of signing is missing; the electronic signature bears 2025-03-07.",
            "chữ ký số ghi ngày 07/03/2025.",
        ),
        ("date_missing", "the date of signing is missing.", "Văn bản chưa có ngày ký."),
        ("date_impossible", "no calendar has this date: ngày 31 tháng 02.", "không có trong lịch: ngày 31 tháng 02."),
        ("issuer_missing", "the issuing body is missing.", "Chưa rõ cơ quan nào ban hành."),
        (
            "section_twice",
            "section III.3 stands twice; the first is on line 102.",
            "Số mục III.3 bị trùng; mục trước ở dòng 102.",
        ),
        ("conference_without_date", "on which day is conference 2 held?", "Hội nghị 2 chưa có ngày."),
        ("purpose_detached", "the label '(để b/c)' stands apart from the lines that it belongs to.", "Nhãn '(để b/c)'"),
        (
            "programme_conflict",
            "the meeting is held at A in its programme, and B in the paper itself: which is right?",
            "Chương trình kèm theo nêu A, còn văn bản nêu B.",
        ),
        (
            "organiser_conflict",
            "by its heading 'A' holds the meeting, by line 9 'B' does.",
            "Theo tiêu đề, 'A' tổ chức hội nghị; theo dòng 9, là 'B'.",
        ),
        (
            "stamp_mismatch",
            "the document is dated 2025-03-07, and its electronic signature bears 2025-05-01.",
            "Văn bản ghi ngày 07/03/2025, chữ ký số ghi ngày 01/05/2025.",
        ),
        ("of_a_later_version", "whatever.", "whatever."),
    ],
)
def test_a_doubt_is_told_with_the_words_of_its_message(code: str, message: str, words: str) -> None:
    assert words in said(Warning(code=code, message=message), "vi")
    assert said(Warning(code=code, message=message), "en") == message


def test_every_question_is_asked_in_both_languages() -> None:
    assert set(ASKED) <= set(CODES)
    for asked in ASKED.values():
        assert asked.asks("vi") != asked.asks("en")
        assert "correct the fact" not in asked.where("vi")
        assert asked.where("vi").endswith(":")
