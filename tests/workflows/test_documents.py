"""Reading documents: a paper written anew for these tests, and the real ones where they are at hand."""

from __future__ import annotations

import datetime as dt
import random
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from tests.workflows.papers import INVITATION, LETTER, STATE_PLAN, TELEGRAM
from workflows import plans, questions
from workflows.documents import read, read_text
from workflows.names import canonical
from workflows.plan_draft import to_yaml
from workflows.plans import Plan

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "plans"
needs_shared = pytest.mark.skipif(not (SHARED / "facts.yaml").is_file(), reason="the real documents are not at hand")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_text(STATE_PLAN, "ke-hoach.txt")


@pytest.fixture(scope="module")
def letter() -> Plan:
    return read_text(LETTER, "cong-van.md")


def test_the_head_of_a_plan_set_in_two_columns_is_read(plan: Plan) -> None:
    assert (plan.number, plan.symbol, plan.type) == ("15/KH-UBND", "KH-UBND", "KH")
    assert (plan.date, plan.place) == (dt.date(2026, 1, 5), "Đồi Sim")
    assert plan.title == "Phòng, chống rét cho gia súc trên địa bàn xã năm 2026"
    assert plan.issuer == "Ủy ban nhân dân xã Đồi Sim"
    assert plan.signer == plans.Signer(authority="TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH", title="PHÓ CHỦ TỊCH", name="Vàng Thị Sua")
    assert {origin.fact: origin.line for origin in plan.origins}["number"] == 3


def test_the_basis_is_told_from_what_is_only_cited(plan: Plan) -> None:
    assert [(item.number, item.date, item.line) for item in plan.basis] == [
        ("09/2025/QĐ-UBND", dt.date(2025, 12, 20), 8),
        ("401/KH-UBND", dt.date(2025, 12, 28), 9),
    ]
    assert [item.issuer for item in plan.basis] == ["Ủy ban nhân dân tỉnh Phú Sơn", "UBND tỉnh"]
    assert [(item.number, item.type, item.issuer) for item in plan.citations] == [("77/NQ-CP", "NQ", "Chính phủ")]


def test_each_unit_gets_its_task_with_role_and_date(plan: Plan) -> None:
    assert [(task.heading, task.unit, task.role, task.due_date) for task in plan.tasks] == [
        ("II.1", "Phòng Kinh tế xã", "lead", dt.date(2026, 1, 19)),
        ("II.1", "Trưởng các thôn", "support", dt.date(2026, 1, 19)),
        ("III.1", "Phòng Kinh tế xã", "lead", None),
        ("III.2", "Trưởng các thôn", None, None),
        ("III.3", "Ủy ban Mặt trận Tổ quốc Việt Nam xã và các đoàn thể", "support", None),
        ("III.3", "Trạm Thú y khu vực", None, dt.date(2026, 1, 16)),  # Saturday the 10th is worked
    ]


def test_conferences_keep_time_place_form_and_order(plan: Plan) -> None:
    first, second = plan.conferences
    assert (first.id, first.form, first.venue) == ("2", "hybrid", "Nhà văn hóa thôn Bãi Cả")
    assert first.starts_at == dt.datetime(2026, 1, 9, 1, 0, tzinfo=dt.UTC)
    assert first.chair == "Chủ tịch UBND xã"
    assert first.participants == ("Chủ tịch UBND xã (chủ trì)", "Trưởng các thôn")
    assert (second.id, second.form, second.held_by, second.organiser) == ("3", "in_person", "recipients", "các thôn")
    assert (second.due_date, second.after) == (dt.date(2026, 1, 31), "2")


def test_recurring_reports_keep_day_clock_and_way(plan: Plan) -> None:
    monthly, weekly = plan.recurring
    assert (monthly.frequency, monthly.day, monthly.to, monthly.consolidates) == ("monthly", 24, ("UBND xã",), True)
    assert (weekly.frequency, weekly.weekday, weekly.time) == ("weekly", "fri", dt.time(16))
    assert (weekly.who, weekly.to, weekly.via) == (("Trưởng các thôn",), ("UBND xã",), "Phòng Kinh tế xã")


def test_recipients_get_their_purpose_by_label_level_and_task(plan: Plan) -> None:
    assert [(item.text, item.purpose) for item in plan.recipients] == [
        ("UBND tỉnh", "report"),
        ("TT Đảng ủy, HĐND xã", "report"),
        ("Chủ tịch, các PCT UBND xã", "inform"),
        ("Phòng Kinh tế xã", "act"),
        ("UBMTTQVN và các đoàn thể xã", "coordinate"),
        ("Trưởng các thôn", "act"),
        ("Trường Tiểu học Đồi Sim", None),
        ("Lưu: VT, KT", "file"),
    ]
    assert all(item.why for item in plan.recipients)


def test_what_is_doubtful_is_asked_and_never_invented(plan: Plan) -> None:
    found = {(warning.code, warning.line) for warning in plan.warnings}
    lines = STATE_PLAN.splitlines()
    assert ("section_twice", _line(lines, "3. Trạm Thú y")) in found
    assert ("deadline_without_date", _line(lines, "3. Ủy ban Mặt trận")) in found
    assert ("purpose_unknown", _line(lines, "- Trường Tiểu học")) in found
    assert ("task_uncovered", _line(lines, "3. Trạm Thú y")) in found
    assert not {code for code, _ in found} & {"number_missing", "date_missing", "issuer_missing", "date_before_basis"}
    vague = next(item for item in plan.deadlines if "tuần cuối" in item.phrase)
    assert vague.due_date is None


def _line(lines: list[str], start: str) -> int:
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_a_letter_without_number_and_day_says_so(letter: Plan) -> None:
    assert (letter.number, letter.symbol, letter.type) == (None, "CV/BTCTU", "CV")
    assert (letter.date, letter.place) == (None, "Phú Sơn")
    assert letter.title == "rà soát hồ sơ đảng viên"
    assert canonical(letter.issuer or "").startswith("ban to chuc tinh uy")
    assert {"number_missing", "date_missing", "purpose_detached"} <= {warning.code for warning in letter.warnings}


def test_a_letters_addressees_act_and_as_above_does_not_act_twice(letter: Plan) -> None:
    by_text = {item.text: (item.list, item.purpose) for item in letter.recipients}
    assert by_text == {
        "Các đồng chí Uỷ viên Ban Chấp hành Đảng bộ tỉnh": ("kinh_gui", "inform"),
        "Ban Thường vụ các đảng uỷ trực thuộc Tỉnh uỷ": ("kinh_gui", "act"),
        "Như trên": ("noi_nhan", "inform"),
        "Thường trực Tỉnh uỷ": ("noi_nhan", "report"),
        "Phòng Đảng viên": ("noi_nhan", None),
        "Lưu BTCTU": ("noi_nhan", "file"),
    }
    assert [item.text for item in letter.recipients if item.as_above] == ["Như trên"]


def test_a_letters_references_deadlines_suspension_and_enclosures_are_read(letter: Plan) -> None:
    assert [(item.number, item.issuer) for item in letter.basis] == [("05-HD/BTCTW", "Ban Tổ chức Trung ương")]
    assert [item.number for item in letter.follows_up] == ["70-CV/BTCTU"]
    first, second = letter.deadlines
    assert (first.due_date, second.due_date) == (dt.date(2026, 3, 31), dt.date(2026, 4, 5))
    assert (second.to, second.via) == (("Ban Tổ chức Tỉnh uỷ",), "Phòng Đảng viên")
    assert second.line == _line(LETTER.splitlines(), "viên) chậm nhất")
    (stop,) = letter.suspensions
    assert (stop.unit, stop.until) == ("Đảng uỷ Công an tỉnh", "cho đến khi có hướng dẫn mới")
    assert letter.attachments[0].text == "Hướng dẫn số 05-HD/BTCTW"


def test_a_letter_that_calls_a_meeting_keeps_its_time_and_place_out_of_the_tasks() -> None:
    invitation = read_text(INVITATION, "moi-hop.txt")
    assert (invitation.number, invitation.symbol) == (None, "PGDĐT-VP")
    assert [(task.heading, task.unit) for task in invitation.tasks] == [("2", "Các trường")]
    (meeting,) = invitation.conferences
    assert (meeting.id, meeting.tier, meeting.venue) == ("1", "huyện", "Trung tâm Văn hóa huyện")
    assert meeting.starts_at == dt.datetime(2025, 6, 20, 0, 30, tzinfo=dt.UTC)
    assert meeting.participants == ("Lãnh đạo UBND huyện", "Hiệu trưởng các trường")
    assert [item.frequency for item in invitation.recurring] == ["half_year", "yearly"]
    assert [(item.due_date, item.due_time) for item in invitation.deadlines] == [(dt.date(2025, 6, 16), dt.time(11))]


@pytest.mark.parametrize(("label", "purpose"), [("(để biết)", "inform"), ("(b/c)", "report"), ("(để t/h)", "act"), ("", "act")])
def test_the_label_of_as_above_counts_for_the_addressees(label: str, purpose: str) -> None:
    invitation = read_text(INVITATION.replace("(để biết)", label), "moi-hop.txt")
    assert [item.purpose for item in invitation.recipients if item.list == "kinh_gui"] == [purpose]
    assert [item.purpose for item in invitation.recipients if item.as_above] == ["inform"]


def test_an_urgent_telegram_names_its_addressees_before_the_colon() -> None:
    telegram = read_text(TELEGRAM, "cong-dien.txt")
    assert (telegram.type, telegram.urgency, telegram.number) == ("CĐ", "hỏa tốc", "33/CĐ-BCĐ-TL")
    assert telegram.issuer == "Ban Chỉ đạo phòng thủ dân sự tỉnh"
    acting = [item.text for item in telegram.recipients if item.purpose == "act"]
    assert acting == ["UBND các xã ven biển", "Công an tỉnh"]
    assert [(item.due_date, item.due_time) for item in telegram.deadlines] == [(dt.date(2025, 9, 11), dt.time(17))]
    assert [item.until for item in telegram.suspensions] == ["cho đến khi bão tan"]


@pytest.mark.parametrize("document", [STATE_PLAN, LETTER, INVITATION, TELEGRAM])
def test_a_draft_survives_its_plan_file(document: str) -> None:
    draft = read_text(document, "a.txt")
    assert plans.parse_text(to_yaml(draft), "draft.yaml") == draft


def test_both_spellings_of_tone_marks_and_decomposed_text_read_alike() -> None:
    import unicodedata

    decomposed = read_text(unicodedata.normalize("NFD", LETTER), "a.txt")
    assert decomposed == read_text(LETTER, "a.txt")
    newer = read_text(LETTER.replace("uỷ", "ủy").replace("Uỷ", "Ủy"), "a.txt")
    assert [item.purpose for item in newer.recipients] == [item.purpose for item in decomposed.recipients]
    assert [task.heading for task in newer.tasks] == [task.heading for task in decomposed.tasks]


# --- what cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("binary.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        ("nul.txt", b"KE HOACH\x00", "binary"),
        ("empty.txt", b" \n ", "empty"),
        ("story.txt", "Ngày xưa có một con voi.\nNó rất to.\n".encode(), "no number"),
        ("plan.docx", b"PK\x03\x04", "damaged"),
        ("long.txt", b"a" * 1_000_000, "too long"),
    ],
)
def test_a_file_that_is_no_document_is_refused_with_a_remedy(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read(path)
    assert name in str(caught.value)
    assert caught.value.remedy


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.txt")


_documents = st.sampled_from([STATE_PLAN, LETTER, INVITATION, TELEGRAM])


def _draft_or_refusal(text: str) -> None:
    try:
        draft = read_text(text, "any.txt")
    except InputError:
        return
    assert Plan.from_json(draft.to_json()) == draft
    assert plans.parse_text(to_yaml(draft), "any.yaml") == draft


@settings(max_examples=80, deadline=None)
@given(_documents, st.integers(0, 3000), st.integers(0, 3000))
def test_any_piece_of_a_document_gives_a_draft_or_a_refusal(document: str, start: int, length: int) -> None:
    _draft_or_refusal(document[:length])
    _draft_or_refusal(document[start : start + length])


@settings(max_examples=80, deadline=None)
@given(_documents, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=60))
def test_flipped_bytes_give_a_draft_or_a_refusal(document: str, flips: list[tuple[int, int]]) -> None:
    content = bytearray(document.encode())
    for position, byte in flips:
        content[position % len(content)] = byte
    _draft_or_refusal(content.decode("utf-8", "replace"))


@settings(max_examples=60, deadline=None)
@given(_documents, st.randoms(use_true_random=False))
def test_shuffled_lines_give_a_draft_or_a_refusal(document: str, chance: random.Random) -> None:
    lines = document.split("\n")
    chance.shuffle(lines)
    _draft_or_refusal("\n".join(lines))


@pytest.mark.parametrize(
    "piece", ["a", "; ", "(", "Ban Thường vụ ", "báo cáo hằng tuần ", "127-KL/TW ", "trước ngày ", "Nơi nhận: ", "I. ", "* "]
)
def test_a_line_as_long_as_a_book_is_read_in_seconds(piece: str) -> None:
    started = time.process_time()
    _draft_or_refusal(STATE_PLAN.replace("tiêm phòng", (piece * 190_000)[:190_000]))
    assert time.process_time() - started < 20


# --- the real documents -----------------------------------------------------------------------------------------------

_PURPOSES = {"báo cáo": "report", "phối hợp": "coordinate", "lưu": "file"}
_TYPES = {"KẾ HOẠCH": "KH", "công văn (no type name)": "CV"}
KEYS = ("000", "001", "002", "003", "004")


def _facts(key: str) -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((SHARED / "facts.yaml").read_text(encoding="utf-8"))[key]
    return facts


def _real(key: str) -> Plan:
    return read(next(SHARED.glob(f"{key}_*.txt")))


@needs_shared
@pytest.mark.parametrize("key", KEYS)
def test_the_head_and_the_signer_of_a_real_document_are_read(key: str) -> None:
    facts, draft = _facts(key), _real(key)
    assert (draft.number, draft.date, draft.place) == (facts["number"], facts["date"], facts["place"])
    assert draft.type == _TYPES[facts["type"]]
    assert draft.issuer
    assert facts["issuer"]["body"].startswith(draft.issuer)
    signer = facts["signer"]
    assert draft.signer == plans.Signer(authority=signer["authority"], title=signer["title"], name=signer["name"])


@needs_shared
@pytest.mark.parametrize("key", KEYS)
def test_the_basis_of_a_real_document_is_read(key: str) -> None:
    facts, draft = _facts(key), _real(key)
    assert [(item.number, item.date) for item in draft.basis] == [(fact["n"], fact["d"]) for fact in facts["basis"]]
    for item, fact in zip(draft.basis, facts["basis"], strict=True):
        assert item.issuer
        assert item.issuer.startswith(fact["by"])
        assert item.type == plans_type(fact["type"])
    cited = {item.number: item.date for item in draft.citations}
    for fact in facts.get("cites", []) + ([facts["subject_doc"]] if "subject_doc" in facts else []):
        assert cited[fact["n"]] == fact["d"]


def plans_type(name: str) -> str:
    return {"Công văn": "CV", "Hướng dẫn": "HD", "Kết luận": "KL", "Kế hoạch": "KH"}[name]


@needs_shared
@pytest.mark.parametrize("key", KEYS)
def test_the_recipients_of_a_real_document_are_read_with_their_purposes(key: str) -> None:
    facts, draft = _facts(key), _real(key)
    for which in ("kinh_gui", "noi_nhan"):
        found = [item for item in draft.recipients if item.list == which]
        assert [item.text for item in found] == [fact["q"].split(" (")[0] for fact in facts[which]]
        for item, fact in zip(found, facts[which], strict=True):
            assert item.as_above == ("expands_to" in fact)
            if "purpose" in fact:
                assert item.purpose == _PURPOSES[fact["purpose"]]


@needs_shared
@pytest.mark.parametrize(
    ("key", "acting", "asked"),
    [
        ("000", {115, 118, 119, 120}, set()),
        ("001", {94, 95, 96, 97}, {98}),
        ("002", {125, 126, 127, 128}, set()),
        ("003", {19, 20, 22, 58}, set()),
        ("004", {10, 11, 12, 37}, {38}),
    ],
)
def test_who_must_act_in_a_real_document_follows_the_rules(key: str, acting: set[int], asked: set[int]) -> None:
    draft = _real(key)
    assert {item.line for item in draft.recipients if item.purpose == "act"} == acting
    assert {item.line for item in draft.recipients if item.purpose is None} == asked


@needs_shared
@pytest.mark.parametrize("key", KEYS)
def test_the_tasks_of_a_real_document_name_their_units(key: str) -> None:
    facts, draft = _facts(key), _real(key)
    expected = [
        (fact["h"].split(" (")[0], str(fact.get("unit", "")).split(" (")[0])
        for fact in facts["tasks"]
        if "see recurring" not in str(fact)
    ]
    found = [(task.heading, canonical(task.unit or "")) for task in draft.tasks]
    for heading, unit in expected:
        if unit not in ("", "chung"):
            assert (heading, canonical(unit.split(";")[0])) in found, (heading, unit)
        else:
            assert any(path in heading or heading.startswith(path) for path, _ in found)


@needs_shared
def test_the_conferences_of_the_city_plan_are_read_in_three_tiers() -> None:
    facts, draft = _facts("000"), _real("000")
    assert [item.id for item in draft.conferences] == [fact["id"] for fact in facts["conferences"]]
    assert [item.due_date for item in draft.conferences] == [fact["due"] for fact in facts["conferences"]]
    assert [item.held_by for item in draft.conferences] == ["issuer", "recipients", "recipients"]
    assert [item.tier for item in draft.conferences] == ["thành phố", "phường, xã", "chi, đảng bộ trực thuộc"]
    assert [item.form for item in draft.conferences] == ["online", "relayed", "in_person_or_online"]
    assert [item.after for item in draft.conferences] == [None, None, "2.1"]
    assert draft.conferences[0].organiser == "Ban Thường vụ Thành ủy"
    assert draft.conferences[0].chair == "Đại diện Thường trực Thành ủy"
    assert len(draft.conferences[0].participants) == 7
    assert [item.line for item in draft.deadlines] == facts["month_deadline_lines"]
    assert {item.due_date for item in draft.deadlines} == {dt.date(2025, 3, 31)}


@needs_shared
@pytest.mark.parametrize("key", ["001", "002", "003", "004"])
def test_no_conference_is_made_up_where_a_real_document_has_none(key: str) -> None:
    assert _real(key).conferences == ()


@needs_shared
@pytest.mark.parametrize("key", ["001", "002", "004"])
def test_no_deadline_is_made_up_where_a_real_document_has_none(key: str) -> None:
    assert _real(key).deadlines == ()


@needs_shared
def test_the_deadline_and_the_weekly_reports_of_the_letter_are_read() -> None:
    draft = _real("003")
    assert [(item.phrase, item.due_date, item.line) for item in draft.deadlines] == [
        ("chậm nhất ngày 10/3/2025", dt.date(2025, 3, 10), 30)
    ]
    assert [task.due_date for task in draft.tasks if task.heading == "I.1"] == [dt.date(2025, 3, 10)]
    own, summed = draft.recurring
    assert (own.frequency, own.weekday, own.time, own.line) == ("weekly", "wed", dt.time(15), 48)
    assert len(own.who) == 3
    assert (own.to, own.via, own.consolidates) == (("Ban Thường vụ Huyện ủy",), "Ban Tuyên giáo và Dân vận Huyện ủy", False)
    assert "trước 15h00' ngày thứ Tư" in own.phrase
    assert (summed.weekday, summed.time, summed.consolidates) == ("thu", dt.time(11, 30), True)
    assert summed.to == ("Ban Thường vụ Huyện ủy", "Ban Tuyên giáo và Dân vận Tỉnh ủy")
    assert tuple(each.text for each in draft.attachments) == (
        "Kết luận số 127-KL/TW",
        "Kế hoạch số 168-KH/TU",
        "Công văn số 1090/UBND-NC",
    )


@needs_shared
def test_the_monthly_and_quarterly_report_has_no_invented_day() -> None:
    draft = _real("002")
    assert [(item.frequency, item.day, item.via) for item in draft.recurring] == [
        ("monthly", None, "Ban Tuyên giáo Huyện ủy"),
        ("quarterly", None, "Ban Tuyên giáo Huyện ủy"),
    ]
    assert draft.recurring[0].to == ("Ban Thường vụ Huyện ủy",)
    assert {warning.code for warning in draft.warnings} >= {"report_without_day", "section_twice", "date_before_basis"}


@needs_shared
def test_the_suspension_until_further_notice_is_read() -> None:
    (stop,) = _real("004").suspensions
    assert (stop.line, stop.unit) == (16, "Ban Thường vụ các huyện, thành, thị ủy")
    assert stop.until == "cho đến khi có hướng dẫn mới của Trung ương"


@needs_shared
@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("000", set()),
        ("001", {"number_missing", "date_missing"}),
        ("002", {"date_before_basis"}),
        ("003", {"number_missing"}),
        ("004", {"date_missing"}),
    ],
)
def test_what_a_real_document_lacks_for_issuing_is_asked(key: str, codes: set[str]) -> None:
    draft = _real(key)
    assert {question.code for question in questions.missing(draft)} == codes
    assert codes <= {warning.code for warning in draft.warnings}


@needs_shared
@pytest.mark.parametrize("key", KEYS)
def test_the_draft_of_a_real_document_survives_its_plan_file(key: str) -> None:
    draft = _real(key)
    assert plans.parse_text(to_yaml(draft), "draft.yaml") == draft
