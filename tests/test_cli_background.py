"""Issuing in the background at the command line: what is said, how far it is shown to be, following it until it is done."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine import spawning
from engine.database import Database
from tests.cli_case import CITY, NUMBER, PLAN, CommandLine, Ran

NOW = "2025-03-10T09:00"


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The city's directory, where a batch has ten units."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr(spawning, "BATCH", 10)
    shell = CommandLine(tmp_path / "cascade.db", lambda: capsys.readouterr())
    shell.done("init")
    shell.done("units", "import", CITY / "units.yaml")
    return shell


def tick(shell: CommandLine, tmp_path: Path) -> Ran:
    return shell.done("tick", "--maildir", tmp_path / "mail")


def watch(shell: CommandLine, *arguments: object) -> Ran:
    return shell("jobs", "watch", *arguments)


def test_it_is_issued_to_the_units_by_the_next_tick(shell: CommandLine, tmp_path: Path) -> None:
    issued = shell.done("issue", PLAN, "--background")
    assert "24 unit(s) act" in issued.out
    assert "is being issued" in issued.out
    assert "job 1 brings it to them" in issued.out
    assert "cascade jobs watch 1" in issued.err
    assert shell.done("plans").rows[0][3] == "Issuing 0/24"
    assert "0/24" in shell.done("status", NUMBER).out
    assert shell.done("jobs", "list").rows[0][3] == "0/24"
    assert "0/24" in shell.done("jobs", "show", 1).out
    assert shell.done("status", NUMBER, "--json").json["issuing"] == {"done": 0, "total": 24}
    assert "0/24" in shell.done("coverage", NUMBER).out
    assert shell.done("coverage", NUMBER, "--json").json["issuing"] == {"done": 0, "total": 24}
    assert shell.done("plans", "--json").json[0]["issuing"] == {"done": 0, "total": 24}
    assert shell.done("jobs", "list", "--json").json[0]["progress"] == {"done": 0, "total": 24}

    assert "27 sent" in tick(shell, tmp_path).out
    assert shell.done("plans").rows[0][3] == "Issued"
    assert shell.done("status", NUMBER, "--json").json["issuing"] is None
    assert len(shell.states(NOW)) == 24


def test_a_rehearsal_shows_the_first_units_and_says_how_many_more_there_are(shell: CommandLine) -> None:
    shown = shell.done("issue", PLAN, "--background", "--dry-run", "--limit", 3)
    assert len([line for line in shown.out.splitlines() if "\t" in line]) == 1 + 3
    assert "21 more" in shown.err
    told = shell.done("issue", PLAN, "--background", "--dry-run", "--json", "--all").json
    assert (len(told["duties"]), told["units"], told["id"] > 0) == (24, 24, True)
    assert shell.done("plans").rows == []


def test_watching_tells_each_change_until_it_is_done(shell: CommandLine, tmp_path: Path) -> None:
    shell.done("issue", PLAN, "--background")
    running = subprocess.Popen(
        [sys.executable, "-m", "cli", "--db", str(shell.database), "--lang", "en", "jobs", "watch", "1", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    first = json.loads(running.stdout.readline())
    tick(shell, tmp_path)
    rest, said = running.communicate(timeout=60)
    assert first == {"id": 1, "topic": "issue", "plan": NUMBER, "state": "waiting", "done": 0, "total": 24, "error": None}
    assert json.loads(rest.splitlines()[-1]) == {**first, "state": "done", "done": 24}
    assert running.returncode == 0
    assert "No worker is at work" in said


def test_who_stops_watching_does_not_stop_the_work(shell: CommandLine, tmp_path: Path) -> None:
    shell.done("issue", PLAN, "--background")
    running = subprocess.Popen(
        [sys.executable, "-m", "cli", "--db", str(shell.database), "--lang", "en", "jobs", "watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "Id\tNumber\tState\tDone\tCount\tError\n"
    assert running.stdout.readline() == f"1\t{NUMBER}\twaiting\t0\t24\t\n"
    running.send_signal(signal.SIGINT)
    rest, said = running.communicate(timeout=60)
    assert (rest, "Traceback" in said) == ("", False)
    assert "27 sent" in tick(shell, tmp_path).out


def test_bars_are_drawn_on_a_terminal(shell: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.done("issue", PLAN, "--background")
    tick(shell, tmp_path)
    monkeypatch.setenv("FORCE_COLOR", "1")
    drawn = watch(shell, 1).out
    assert "━━━━━━" in drawn
    assert "24/24" in drawn
    assert NUMBER in drawn


def test_watching_what_is_settled_ends_at_once(shell: CommandLine, tmp_path: Path) -> None:
    assert "Nothing is left" in watch(shell).err
    shell.done("issue", PLAN, "--background")
    tick(shell, tmp_path)
    assert watch(shell, 1).rows == [["1", NUMBER, "done", "24", "24", ""]]
    assert watch(shell, 7).code == 1


def test_watching_fails_with_the_job(shell: CommandLine) -> None:
    shell.done("issue", PLAN, "--background")
    database = Database(f"sqlite:///{shell.database}")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE pc_outbox SET attempts = 5, error = 'no room'")
    database.close()
    ran = watch(shell, 1)
    assert (ran.code, ran.rows) == (1, [["1", NUMBER, "set_aside", "0", "24", "no room"]])
    assert "no room" in ran.err
    assert "withdraw the plan" in shell.refused("jobs", "discard", 1, "--reason", "x")


def test_withdrawing_says_how_many_units_are_spared(shell: CommandLine, tmp_path: Path) -> None:
    shell.done("issue", PLAN, "--background")
    assert "24 units" in shell.done("withdraw", NUMBER, "--reason", "nhầm").err
    assert "0 sent" in tick(shell, tmp_path).out
    assert shell.done("status", NUMBER, "--json").json["issuing"] is None
