"""Going through a draft in the terminal: what is shown at any width, what keys do, what is kept when a person leaves."""

from __future__ import annotations

import dataclasses
import json
import typing
from pathlib import Path

import pytest

from tests.cli_case import CITY, PLAN, process
from tests.terminal import Terminal
from workflows import plans, review
from workflows.commands import review_labels
from workflows.questions import missing, questions

LETTER = """**THÀNH ỦY SÔNG MÂY**

Số     -CV/TU

Sông Mây, ngày 11 tháng 3 năm 2025

V/v rà soát các hộ lấn chiếm ven sông

Kính gửi:
- Đảng ủy các phường, xã,
- Ủy ban nhân dân thành phố.

Thành ủy đề nghị các đồng chí chỉ đạo thực hiện mấy việc sau:

1. Đảng ủy các phường, xã rà soát từng hộ, báo cáo Thành ủy (qua Văn phòng Thành ủy) trước ngày 21/3/2025.

2. Ủy ban nhân dân thành phố hướng dẫn mẫu biểu chậm nhất 05 ngày sau khi nhận được công văn này.

Nơi nhận:
- Như trên,
- Ban Dân vận Thành ủy và các cơ quan liên quan,
- Lưu Văn phòng Thành ủy.

**T/M BAN THƯỜNG VỤ**
**PHÓ BÍ THƯ**

**Lương Hoài Thủy**
"""
PROMPT = "· ? > "


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A letter without its number, with a recipient of whom nothing is said and a deadline that gives no date."""
    file = tmp_path / "cong-van.txt"
    file.write_text(LETTER, encoding="utf-8")
    return file


# -- screens -----------------------------------------------------------------------------------------------------------

WIDE = """
3 fact(s) to look at. The others are accepted: 13 (l lists them).
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  1  THÀNH ỦY SÔNG MÂY                                                  │ Number     1/3 · no. 1
▶ 3  Số -CV/TU                                                          │ 1 Number   –
  5  Sông Mây, ngày 11 tháng 3 năm 2025                                 │ To answer  the number is missing (the document
  7  V/v rà soát các hộ lấn chiếm ven sông                              │            leaves it blank before CV/TU).
  9  Kính gửi:                                                          │
 10  Đảng ủy các phường, xã,                                            │
 11  Ủy ban nhân dân thành phố.                                         │
 13  Thành ủy đề nghị các đồng chí chỉ đạo thực hiện mấy việc sau:      │
 15  1. Đảng ủy các phường, xã rà soát từng hộ, báo cáo Thành ủy (qua   │
     Văn phòng Thành ủy) trước ngày 21/3/2025.                          │
 17  2. Ủy ban nhân dân thành phố hướng dẫn mẫu biểu chậm nhất 05 ngày  │
     sau khi nhận được công văn này.                                    │
 19  Nơi nhận:                                                          │
 20  Như trên,                                                          │
[Enter] answer · c correct · d drop · n next · w write · ? >"""
NARROW = """
3 dữ kiện cần xem. 13 dữ kiện khác coi như đã nhận (l để xem).
───────────────────────────────────────────────────────────────────────────────
  1  THÀNH ỦY SÔNG MÂY
▶ 3  Số -CV/TU
  5  Sông Mây, ngày 11 tháng 3 năm 2025
  7  V/v rà soát các hộ lấn chiếm ven sông
  9  Kính gửi:
 10  Đảng ủy các phường, xã,
 11  Ủy ban nhân dân thành phố.
 13  Thành ủy đề nghị các đồng chí chỉ đạo thực hiện mấy việc sau:
 15  1. Đảng ủy các phường, xã rà soát từng hộ, báo cáo Thành ủy (qua Văn phòng
     Thành ủy) trước ngày 21/3/2025.
 17  2. Ủy ban nhân dân thành phố hướng dẫn mẫu biểu chậm nhất 05 ngày sau khi
     nhận được công văn này.
 19  Nơi nhận:
 20  Như trên,

Số hiệu      1/3 · số 1
1 Số hiệu    –
Cần trả lời  Văn bản chưa có số (để trống trước CV/TU).
[Enter] trả lời · c sửa · d bỏ · n tiếp · w ghi · ? >"""


@pytest.mark.parametrize(("columns", "lang", "screen"), [(120, "en", WIDE), (80, "vi", NARROW)], ids=["wide", "narrow"])
def test_the_document_stands_beside_the_fact_or_above_it(letter: Path, columns: int, lang: str, screen: str) -> None:
    with Terminal("--lang", lang, "read", letter, "--review", columns=columns, folder=letter.parent) as terminal:
        shown = terminal.until(PROMPT)
    assert [line.rstrip() for line in shown.splitlines()] == screen.split("\n")


def test_the_words_of_a_fact_are_marked_with_colours_and_without(letter: Path) -> None:
    with Terminal("--lang", "en", "read", letter, "--review", columns=160, folder=letter.parent) as terminal:
        terminal.until(PROMPT)
        terminal.type("n\n")
        terminal.until("3 Purpose")
        assert "\x1b[1;7mBan Dân vận Thành ủy và các cơ quan liên quan," in terminal.shown
    plain = process("--lang", "en", "read", letter, "--review", input="n\nn\n", cwd=letter.parent).stdout
    assert "\n▶ 21 «Ban Dân vận Thành ủy và các cơ quan liên quan,»\n" in plain
    assert "«chậm nhất 05 ngày sau khi nhận được công văn này»." in plain
    assert "\x1b" not in plain


def test_a_long_line_is_shown_around_the_words(tmp_path: Path) -> None:
    file = tmp_path / "cong-van.txt"
    endless = "rà soát kỹ từng hộ một, " * 200
    file.write_text(LETTER.replace("hướng dẫn mẫu biểu", f"{endless} hướng dẫn mẫu biểu"), encoding="utf-8")
    shown = process("--lang", "en", "read", file, "--review", input="n\nn\nw\n", cwd=tmp_path).stdout
    (row,) = [line for line in shown.splitlines() if "«chậm nhất 05 ngày sau khi nhận được công văn này»" in line]
    assert row.startswith("▶ 17 …")
    assert len(row) < 1000


def test_what_a_document_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "cong-van.txt"
    file.write_text(LETTER.replace("mẫu biểu", "mẫu\x1b]0;owned\x07biểu \x9b2J"), encoding="utf-8")
    with Terminal("read", file, "--review", "--all", columns=120, folder=tmp_path) as terminal:
        terminal.until(PROMPT)
        terminal.type("a\n" * 20)
        terminal.type("l\n")
        terminal.until("Archive" if "Archive" in terminal.shown else "22")
        assert "\x1b]" not in terminal.shown
        assert "\x9b" not in terminal.shown


def test_every_fact_of_a_plan_is_an_item_and_has_words_in_both_languages() -> None:
    told = {*review.HEAD, *review.LISTS, "symbol", "warnings", "origins", "source"}
    assert told == {field.name for field in dataclasses.fields(plans.Plan)}
    hints = typing.get_type_hints(plans.Plan)
    for lang in ("vi", "en"):
        assert all(review_labels.kind(kind, lang) for kind in (*review.HEAD, *review.LISTS, review.DOUBT))
        for kind in review.LISTS:
            entry = typing.get_args(hints[kind])[0]
            filled = dict.fromkeys(("text", "phrase", "number", "id", "frequency"), "x")
            known = {field.name for field in dataclasses.fields(entry)}
            fact = entry(**{name: value for name, value in filled.items() if name in known})
            for each in review.fields(review.Item(kind=kind, fact=fact, read=fact)):
                assert review_labels.now_and_how(each, lang)


# -- keys --------------------------------------------------------------------------------------------------------------


def reviewed(letter: Path, *typed: str, output: str = "plan.yaml", lang: str = "en", options: tuple[str, ...] = ()) -> str:
    """What is shown when these lines are typed; the draft must be written."""
    answers = "".join(f"{line}\n" for line in typed)
    ran = process("--lang", lang, "read", letter, "--review", "-o", output, *options, input=answers, cwd=letter.parent)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_letter_is_answered_key_by_key_in_a_terminal_and_can_be_issued(letter: Path, tmp_path: Path) -> None:
    database = tmp_path / "cascade.db"
    with Terminal("--lang", "en", "read", letter, "--review", columns=100, folder=tmp_path) as terminal:
        for asked, answer in (
            ("Number     1/3", "\n"),
            ("Number [–] > ", "\n"),  # a blank leaves it
            ("· ? > ", "c\n"),
            ("Number [–] > ", "31 -CV/TU\n"),
            ("Was read as", "\n"),
            ("Recipient   2/3", "\n"),
            ("5 file (archive) > ", "tell\n"),
            ("Write one of: act, coordinate, report, inform, file.", "để biết\n"),
            ("Deadline    3/3", "c 1 20/3/2025\n"),
            ("20/03/2025", "\n"),
            ("corrected: 3", "\n"),
        ):
            terminal.until(asked)
            terminal.type(answer)
        assert terminal.end() == 0
    plan = plans.parse(tmp_path / "cong-van.yaml")
    assert (plan.number, plan.symbol) == ("31-CV/TU", "CV/TU")
    assert questions(plan) == ()
    assert [each.due_date.isoformat() for each in plan.deadlines if each.due_date] == ["2025-03-20", "2025-03-20"]
    assert [each.confidence for each in plan.deadlines if each.line == 17] == [1.0]
    text = (tmp_path / "cong-van.yaml").read_text(encoding="utf-8")
    assert 'number: "31-CV/TU"  # line 3: "Số -CV/TU"' in text
    options = ("--db", database, "--as", "lan", "--now", "2025-03-12T08:00", "--lang", "en")
    for command in (("init",), ("units", "import", CITY / "units.yaml")):
        assert process(*options, *command, cwd=tmp_path).returncode == 0
    issued = process(*options, "issue", "cong-van.yaml", "--dry-run", cwd=tmp_path)
    assert issued.returncode == 0, issued.stderr
    assert "would act" in issued.stderr


def test_what_is_dropped_is_gone_undone_is_back_and_words_do_what_keys_do(letter: Path) -> None:
    shown = reviewed(letter, "correct 9-CV/TU", "next", "drop", "back", "undo", "drop", "a không có ngày", "write")
    assert "dropped: 1" in shown
    plan = plans.parse(letter.parent / "plan.yaml")
    assert plan.number == "9-CV/TU"
    assert [each.line for each in plan.recipients] == [10, 11, 20, 22]
    assert [each.answer for each in plan.warnings if each.code == "deadline_without_date"] == ["không có ngày"]


def test_vietnamese_words_are_keys_too(letter: Path) -> None:
    shown = reviewed(letter, "sửa 9-CV/TU", "tiếp", "bỏ", "danh sách", "nhận", "ghi", lang="vi")
    assert "đã nhận: 1 · đã sửa: 1 · đã bỏ: 1 · còn để ngỏ: 0" in shown
    assert plans.parse(letter.parent / "plan.yaml").number == "9-CV/TU"


def test_all_facts_are_gone_through_when_asked_for_and_any_is_reached_by_its_number(letter: Path) -> None:
    assert "16 fact(s) to look at." in reviewed(letter, "w", options=("--all",))
    shown = reviewed(letter, "l", "2", "c 12/3/2025", "", "w", options=("--force",))
    assert "13\tRecipient\tỦy ban nhân dân thành phố" in shown
    plan = plans.parse(letter.parent / "plan.yaml")
    assert str(plan.date) == "2025-03-12"
    assert [each.code for each in missing(plan)] == ["number_missing"]


def test_a_fact_that_was_missed_is_added_on_its_line(letter: Path) -> None:
    said = ("2", "+ deadline 15", "22/3/2025", "", "Phường Bến Nổi; Xã Cồn Mơ", "", "", "+", "urgency 1", "khẩn", "w")
    shown = reviewed(letter, *said)
    assert "added: 2" in shown
    plan = plans.parse(letter.parent / "plan.yaml")
    assert plan.urgency == "khẩn"
    added = plan.deadlines[-1]
    assert (str(added.due_date), added.who, added.line) == ("2025-03-22", ("Phường Bến Nổi", "Xã Cồn Mơ"), 15)
    assert added.phrase.startswith("1. Đảng ủy các phường, xã rà soát")


def test_what_cannot_be_added_is_said(letter: Path) -> None:
    shown = reviewed(letter, "+ deadline 99", "+ number 3", "+ deadline", "w")
    assert shown.count("It takes a kind and a line, as: + 6 34") == 2
    assert "there is no kind of fact 'number'. Type + to see" in shown


def test_a_fact_that_was_added_is_gone_when_it_is_taken_back(letter: Path) -> None:
    assert "still open" in reviewed(letter, "+urgency 1", "khẩn", "u", "u", "w")
    assert plans.parse(letter.parent / "plan.yaml").urgency is None


def test_a_fact_that_was_added_is_kept_whenever_the_person_leaves(letter: Path) -> None:
    process("read", letter, "--review", "-o", "plan.yaml", input="+ task 15\nII.1\n", cwd=letter.parent)
    kept = json.loads((letter.parent / "plan.yaml.review").read_text(encoding="utf-8"))
    assert [each["kind"] for each in kept["added"]] == ["tasks"]
    ran = process("--lang", "vi", "read", letter, "--review", "-o", "plan.yaml", input="q\ny\n", cwd=letter.parent)
    assert ran.returncode == 1
    assert "Tiếp tục: đã có 1 quyết định" in ran.stderr


def test_what_was_typed_wrong_is_said_in_the_language_of_the_screen(letter: Path) -> None:
    shown = reviewed(letter, "u", "+ mưa 15", "+ deadline 15", "hôm nay", "", "", "", "", "", "w", lang="vi")
    assert "Chưa có quyết định nào để rút lại." in shown
    assert "Không có loại dữ kiện 'mưa' để thêm." in shown
    assert "Chưa nhận được 'hôm nay': cần ghi như sau.\nHạn cuối [–], ví dụ 31/3/2025 > " in shown


def test_a_question_that_is_left_open_is_said_before_the_draft_is_written(letter: Path) -> None:
    shown = reviewed(letter, "", "", "a", "x", "n", "n", "n", "77", "w")
    assert "still open: 3" in shown
    assert "2 fact(s) must be answered before the plan can be issued." in shown
    for refused in ("Give the number, or leave it open.", "'x'? a · c · d", "1 … 16"):
        assert refused in shown


def test_a_correction_stays_to_be_looked_at_and_says_what_was_read(letter: Path) -> None:
    shown = reviewed(letter, "2", "c", "30/2/2025", "1/4/2025", "", "w")
    assert shown.count("Date [11/03/2025], as 31/3/2025 > ") == 2
    after = shown.partition("corrected\n")[2]
    assert "1 Date 01/04/2025\nWas read as 11/03/2025\n[Enter] next" in after


def test_the_up_key_brings_what_is_to_be_corrected(letter: Path) -> None:
    pytest.importorskip("readline")
    with Terminal("--lang", "en", "read", letter, "--review", columns=120, folder=letter.parent) as terminal:
        terminal.until(PROMPT)
        terminal.type("5\n")
        terminal.until("Title")
        terminal.until(PROMPT)
        terminal.type("c\n")
        terminal.until("Title [rà soát các hộ lấn chiếm ven sông] > ")
        terminal.type("\x1b[A")
        terminal.until("ven sông")
        terminal.type(" Mây\n")
        terminal.until("Was read as  rà soát các hộ lấn chiếm ven sông")
        terminal.until(PROMPT)
        terminal.type("w\n")
        assert terminal.end() == 0
    assert plans.parse(letter.parent / "cong-van.yaml").title == "rà soát các hộ lấn chiếm ven sông Mây"


def test_a_question_of_two_dates_is_answered_by_either(letter: Path) -> None:
    basis = "Thực hiện Kế hoạch số 12-KH/TU, ngày 14/4/2025 của Ban Thường vụ Tỉnh ủy, Thành ủy đề nghị"
    letter.write_text(LETTER.replace("Thành ủy đề nghị", basis), encoding="utf-8")
    shown = reviewed(letter, "n", "2", "c 15/4/2025", "w")
    assert "Its own date: 11/03/2025 (no. 2)" in shown
    assert "still open: 3" in shown
    assert [each.code for each in missing(plans.parse(letter.parent / "plan.yaml"))] == ["number_missing"]
    reviewed(letter, "n", "a both are as the paper says", "w", options=("--force",))
    plan = plans.parse(letter.parent / "plan.yaml")
    assert [each.code for each in missing(plan)] == ["number_missing"]
    assert [each.answer for each in plan.warnings if each.code == "date_before_basis"] == ["both are as the paper says"]


# -- leaving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_who_leaves_goes_on_where_it_was(letter: Path, key: str) -> None:
    with Terminal("--lang", "en", "read", letter, "--review", columns=120, folder=letter.parent) as terminal:
        terminal.until(PROMPT)
        terminal.type("c 9-CV/TU\n")
        terminal.until("corrected")
        terminal.until(PROMPT)
        terminal.type(key)
        said = terminal.until("the same command goes on")
        assert "No draft was written." in said
        assert "cong-van.yaml.review" in said
        assert terminal.end() == 1
    assert not (letter.parent / "cong-van.yaml").exists()
    with Terminal("--lang", "en", "read", letter, "--review", columns=120, folder=letter.parent) as terminal:
        said = terminal.until("· ? > ")
        assert "Going on: 1 decision(s)" in said
        assert "2 fact(s) to look at." in said
        terminal.type("w\n")
        assert terminal.end() == 0
    assert plans.parse(letter.parent / "cong-van.yaml").number == "9-CV/TU"
    assert [file.name for file in letter.parent.iterdir() if "review" in file.name] == []


def test_quitting_asks_whether_the_decisions_are_kept(letter: Path) -> None:
    for answer, kept in (("y", True), ("n", False)):
        ran = process("--lang", "en", "read", letter, "--review", input=f"c 9-CV/TU\nq\n{answer}\n", cwd=letter.parent)
        assert ran.returncode == 1
        assert "Keep the decisions for the next time?" in ran.stdout
        assert (letter.parent / "cong-van.yaml.review").exists() is kept
    ran = process("--lang", "en", "read", letter, "--review", input="q\n", cwd=letter.parent)
    assert (ran.returncode, "Keep" in ran.stdout) == (1, False)


def test_decisions_on_another_text_are_not_taken_over(letter: Path) -> None:
    process("read", letter, "--review", input="d\n", cwd=letter.parent)
    letter.write_text(LETTER.replace("từng hộ", "từng nhà"), encoding="utf-8")
    ran = process("read", letter, "--review", input="w\n", cwd=letter.parent)
    assert ran.returncode == 1
    assert "another reading of the document" in ran.stderr
    assert "1 fact(s)" not in reviewed(letter, "w", output="cong-van.yaml", options=("--force",))


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_a_doubt_about_no_fact_is_said_once(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        "number: 1-KH/TU\ndate: 2025-03-10\nissuer: Thành ủy\nwarnings:\n  - code: section_twice\n"
        "    message: section III.3 stands twice; the first is on line 2.\n    line: 9\n",
        encoding="utf-8",
    )
    shown = reviewed(draft, "", "b", "w", lang="vi").split("[Enter]")
    assert [each.count("Số mục III.3 bị trùng; mục trước ở dòng 2.") for each in shown[:3]] == [1, 0, 1]


def test_figures_alone_fill_the_blank_number_in_a_review(letter: Path) -> None:
    reviewed(letter, "", "77", "w")
    assert plans.parse(letter.parent / "plan.yaml").number == "77-CV/TU"


def test_a_folder_that_is_not_there_is_said_before_the_work_and_not_after_it(letter: Path) -> None:
    ran = process("--lang", "en", "read", letter, "--review", "-o", "nowhere/plan.yaml", input="w\n", cwd=letter.parent)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "nowhere/plan.yaml: cannot be written (no such folder, or nobody may write there). Name another file." in ran.stderr


def test_without_anybody_to_ask_the_other_way_is_named(letter: Path) -> None:
    ran = process("read", letter, "--review", input="", cwd=letter.parent)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "nobody to ask" in ran.stderr
    assert "cascade read DOCUMENT -o PLAN.yaml" in ran.stderr


@pytest.mark.parametrize("options", [("--review", "--json"), ("--review", "--text"), ("--review", "-o", "-"), ("--all",)])
def test_options_that_do_not_go_together_are_refused(letter: Path, options: tuple[str, ...]) -> None:
    ran = process("read", letter, *options, input="w\n", cwd=letter.parent)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--review" in ran.stderr


def test_a_file_that_is_there_is_not_replaced_and_nobody_works_in_vain(letter: Path) -> None:
    (letter.parent / "cong-van.yaml").write_text("mine", encoding="utf-8")
    ran = process("read", letter, "--review", input="w\n", cwd=letter.parent)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "is there already" in ran.stderr
    reviewed(letter, "w", output="cong-van.yaml", options=("--force",))
    assert plans.parse(letter.parent / "cong-van.yaml").symbol == "CV/TU"


def test_bytes_that_are_no_text_are_no_answer(letter: Path) -> None:
    with Terminal("--lang", "en", "read", letter, "--review", columns=120, folder=letter.parent) as terminal:
        terminal.until(PROMPT)
        terminal.raw(b"\xff\xfe\n")
        terminal.until("a · c · d")
        terminal.type("w\n")
        assert terminal.end() == 0


def test_a_draft_is_gone_through_again_beside_its_document(tmp_path: Path) -> None:
    document = tmp_path / "ke-hoach.md"
    document.write_bytes(Path(PLAN).read_bytes())
    assert process("read", document, "-o", "draft.yaml", cwd=tmp_path).returncode == 0
    shown = process("read", "draft.yaml", "--review", "-o", "again.yaml", input="1\nw\n", cwd=tmp_path).stdout
    assert "▶ 3 " in shown
    assert plans.parse(tmp_path / "again.yaml") == plans.parse(tmp_path / "draft.yaml")
    document.unlink()
    assert process("read", "draft.yaml", "--review", "-o", "third.yaml", input="w\n", cwd=tmp_path).returncode == 0
