"""From a paper to an issued plan: what refuses it says what is open and how it is settled, in the language of the screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import cli
from tests.cli_case import CITY, CommandLine

LETTER = """\
number: 31-CV/TU
date: 2025-03-10
type: CV
title: Về việc rà soát hồ sơ
issuer: Thành ủy Sông Mây
recipients:
  - text: Văn phòng Thành ủy
    purpose: act
  - text: Đảng ủy phường Hàng Châu
    purpose: act
    line: 12
  - text: Phòng Nội vụ thành phố
"""
ENGLISH = re.compile(r"\b(?:the|is|of|this|not|with|recipient|already|unit)\b")


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line on the example city."""
    monkeypatch.delenv("CASCADE_DB", raising=False)
    run = CommandLine(tmp_path / "city.db", lambda: capsys.readouterr())
    run.done("init")
    run.done("units", "import", CITY / "units.yaml")
    return run


@pytest.fixture
def refused(city: CommandLine, tmp_path: Path) -> Callable[..., str]:
    """What a command on the letter says in Vietnamese when it is refused, the letter with a replacement."""

    def refused(old: str, new: str, *options: str, command: str = "issue") -> str:
        (tmp_path / "công văn số 31.yaml").write_text(LETTER.replace(old, new), encoding="utf-8")
        city.captured()
        said = ["--db", str(city.database), "--as", "lan", "--now", "2025-03-10T09:00", "--lang", "vi"]
        assert cli.run([*said, command, str(tmp_path / "công văn số 31.yaml"), *options]) == 1
        (line,) = city.captured()[1].splitlines()
        assert not ENGLISH.search(line)
        return line

    return refused


def test_what_is_open_is_said_in_vietnamese_with_its_remedy(refused: Callable[..., str]) -> None:
    line = refused("", "")
    assert "2 nơi nhận chưa rõ." in line
    assert "'Đảng ủy phường Hàng Châu' (dòng 12): không có đơn vị hay nhóm nào mang tên này; gần giống: P.HT" in line
    assert "'Phòng Nội vụ thành phố': chưa rõ phải thực hiện hay chỉ để biết." in line
    assert "cascade recipients" in line
    line = refused("number: 31-CV/TU\ndate: 2025-03-10", "symbol: CV/TU")
    assert "Văn bản chưa có số (để trống trước CV/TU). Văn bản chưa có ngày ký. Trả lời bằng --number, --date, hoặc" in line


def test_other_refusals_are_in_vietnamese_too(refused: Callable[..., str]) -> None:
    assert "ngày 11/03/2025 chưa đến. Sửa ngày bằng --date" in refused("2025-03-10", "2025-03-11")
    for command in ("issue", "recipients"):
        line = refused("Thành ủy Sông Mây", "Huyện ủy Đồi Thông", command=command)
        assert "cơ quan ban hành 'Huyện ủy Đồi Thông' chưa ứng với một đơn vị nào trong danh bạ (gần giống: " in line
        assert "--issuer" in line
    assert "Ghi purpose: act cho ít nhất một nơi nhận." in refused("purpose: act", "purpose: inform", "--allow-unresolved")


def test_a_plan_that_is_issued_twice_is_refused_and_found(refused: Callable[..., str], city: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(LETTER, encoding="utf-8")
    city.done("issue", tmp_path / "one.yaml", "--allow-unresolved")
    line = refused("", "", "--allow-unresolved")
    assert line == "Error: 31-CV/TU ngày 10/03/2025 của TP đã được ban hành (#1). Xem bằng: cascade status 1"


@pytest.mark.parametrize(
    ("symbol", "number", "issued"),
    [("CV/TU", "45", "45-CV/TU"), ("UBND-NC", "45a", "45a/UBND-NC"), ("CV/TU", "9-KH/TU", "9-KH/TU")],
)
def test_figures_alone_fill_the_blank_before_the_letters(
    city: CommandLine, tmp_path: Path, symbol: str, number: str, issued: str
) -> None:
    (tmp_path / "one.yaml").write_text(LETTER.replace("number: 31-CV/TU", f"symbol: {symbol}"), encoding="utf-8")
    asked = ("issue", tmp_path / "one.yaml", "--number", number, "--allow-unresolved", "--json")
    assert city.done(*asked).json["number"] == issued


def test_due_dates_that_have_passed_or_that_there_are_none_is_said(city: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(LETTER, encoding="utf-8")
    asked = ("issue", tmp_path / "one.yaml", "--allow-unresolved", "--dry-run")
    assert "No unit has a due date: nobody will be reminded, or be overdue." in city.done(*asked).err
    due = "deadlines:\n  - phrase: trước ngày 10/3/2025\n    due_date: 2025-03-09\n"
    (tmp_path / "one.yaml").write_text(LETTER + due, encoding="utf-8")
    assert "1 unit(s) have a due date that has passed" in city.done(*asked).err
    assert "1 unit(s) have a due date that has passed" in city.done(*asked[:-1]).err
    (tmp_path / "one.yaml").write_text(LETTER.replace("31-", "32-") + due.replace("-09", "-10"), encoding="utf-8")
    assert "due date" not in city.done(*asked).err


def test_of_two_hundred_recipients_that_nobody_knows_five_are_named(city: CommandLine, tmp_path: Path) -> None:
    many = "".join(f"  - text: Hội quán số {n}\n    purpose: act\n" for n in range(1, 201))
    (tmp_path / "many.yaml").write_text(LETTER.partition("  - text: Đảng")[0] + many, encoding="utf-8")
    line = city.refused("issue", tmp_path / "many.yaml")
    assert "200 recipient(s) are not settled. 'Hội quán số 1': " in line
    assert " | and 195 more. Decide whom they mean" in line
    assert "Hội quán số 6" not in line


def test_whom_a_plan_leaves_out_is_told_why_in_vietnamese(city: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(LETTER, encoding="utf-8")
    said = ["--db", str(city.database), "--as", "lan", "--now", "2025-03-10T09:00", "--lang", "vi"]
    city.captured()
    assert cli.run([*said, "issue", str(tmp_path / "one.yaml"), "--allow-unresolved"]) == 0
    assert "Bỏ qua: 'Đảng ủy phường Hàng Châu' (dòng 12): không có đơn vị hay nhóm nào mang tên này." in city.captured()[1]
