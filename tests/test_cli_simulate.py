"""`cascade simulate`: what it prints, that it repeats itself, and that it leaves everybody's own data alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_case import WARD_PLAN, CommandLine

SMALL = ("simulate", "--units", 60, "--days", 4)
PLAN = """
number: 09-KH/TW
date: 2025-10-01
issuer: Trung ương
title: Kế hoạch thử
deadlines: [{phrase: "chậm nhất ngày 20/10/2025", due_date: 2025-10-20}]
conferences: [{id: "1", tier: "Các tỉnh, thành phố", held_by: recipients, due_date: 2025-10-15}]
recipients: [{text: "Các tỉnh, thành phố", purpose: act}]
"""


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line with a database that is not there yet."""
    for name in ("CASCADE_DB", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return CommandLine(tmp_path / "try.db", lambda: capsys.readouterr())


def test_each_day_is_a_line_and_the_end_is_verified(command: CommandLine) -> None:
    lines = command.done(*SMALL).out.splitlines()
    assert lines[0].split("\t")[:5] == ["Date", "Moves", "Issued", "Disseminated", "Reported"]
    assert [line.split("\t")[0] for line in lines[1:6]] == [f"{day:02d}/09/2025" for day in range(8, 13)]
    assert [line.split("\t")[0] for line in lines[6:]] == ["In all", "Units", "Instances", "Events", "Root", "Seconds"]


def test_database_that_was_named_stays_and_shows_what_was_played(command: CommandLine) -> None:
    told = command.done(*SMALL, "--json").json
    assert command.root("2025-09-20") == told["verification"]["root"]
    shown = command.done("status", "01-KH/TW", "--json", now="2025-09-12T20:00").json
    assert shown["top"]["summary"]["by_state"] == told["days"][-1]["status"]["by_state"]
    assert "a database of its own" in command.refused(*SMALL)


def test_seed_decides_and_nothing_else_does(command: CommandLine, tmp_path: Path) -> None:
    def root(name: str, *options: object, now: str = "2025-03-10") -> str:
        here = CommandLine(tmp_path / name, command.captured)
        return str(here.done(*SMALL, "--json", *options, now=now).json["verification"]["root"])

    first = root("1.db", "--seed", 3)
    assert root("2.db", "--seed", 3, now="2026-01-01") == first
    assert root("3.db", "--seed", 4) != first


def test_plan_of_ones_own_is_played_with_its_conferences(command: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    told = command.done("simulate", "--units", 60, "--days", 24, "--plan", file, "--json").json
    assert told["days"][0]["date"] == "2025-10-01"
    history = command.done("history", "09-KH/TW", "--all", "--json", now="2025-11-01").json
    assert {"hold_conference", "report", "return"} <= {entry["data"].get("trigger") for entry in history}


def test_what_cannot_be_played_is_refused(command: CommandLine, tmp_path: Path) -> None:
    assert command("simulate", "--grassroots", 3).code == 2
    assert command("simulate", "--units", 50, "--communes", 3).code == 2
    assert command("simulate", "--units", 3).code == 2
    older = command("simulate", "--plan", WARD_PLAN)
    assert older.code == 1
    assert "since 2025-07-01" in older.err
    assert not command.database.exists()
