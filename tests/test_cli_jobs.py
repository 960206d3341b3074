"""Background work at the command line: what waits and what failed, another try, giving up with a reason, who is at work."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import jobs, store
from engine.clock import to_micros
from engine.database import Database
from tests.cli_case import CommandLine
from tests.kit import MORNING

LATER = "2025-03-22T09:00"  # two days after MORNING, Vietnam's clock


@pytest.fixture
def shell(
    migrated_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """The command line on a new installation, with four jobs: one waits, one failed, one was set aside, one is done."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    shell = CommandLine(Path(shutil.copyfile(migrated_file, tmp_path / "cascade.db")), lambda: capsys.readouterr())
    shell.done("init")
    database = Database(f"sqlite:///{shell.database}")
    with database.write() as connection:
        for n, values in enumerate(
            ("attempts = 0", "attempts = 2, error = 'no paper'", "attempts = 5, error = 'no ink'", "done_at = 5")
        ):
            id = store.enqueue(connection, "notice" if n else "other", {"notice": "Thư số [1]"}, to_micros(MORNING))
            connection.execute(sa.text(f"UPDATE pc_outbox SET {values} WHERE id = {id}"))
    database.close()
    return shell


def states(shell: CommandLine) -> dict[int, str]:
    """The state of every job."""
    found = {}
    for state in ("waiting", "failing", "set_aside", "done", "discarded"):
        found.update({each["id"]: each["state"] for each in shell.done("jobs", "list", "--state", state, "--json").json})
    return dict(sorted(found.items()))


def test_list_shows_what_is_not_settled_with_age_attempts_and_error(shell: CommandLine) -> None:
    assert shell.done("jobs", "list", now=LATER).rows == [
        ["1", "waiting", "other", "", "2 d", "", ""],
        ["2", "failing", "notice", "", "2 d", "2", "no paper"],
        ["3", "set_aside", "notice", "", "2 d", "5", "no ink"],
    ]
    first = shell.done("jobs", "list", "--topic", "notice", "--limit", "1")
    assert ([row[0] for row in first.rows], "1 more" in first.err) == (["2"], True)
    assert [row[0] for row in shell.done("jobs", "list", "--state", "done").rows] == ["4"]


@pytest.mark.parametrize(
    ("now", "age"), [("2025-03-20T08:00:30", "30 s"), ("2025-03-20T08:59", "59 min"), ("2025-03-20T20:00", "12 h")]
)
def test_age_is_told_in_its_largest_unit(shell: CommandLine, now: str, age: str) -> None:
    assert shell.done("jobs", "list", now=now).rows[0][4] == age


def test_json_has_stable_keys_and_the_payload_as_it_is(shell: CommandLine) -> None:
    assert shell.done("jobs", "show", 2, "--json").json == {
        "id": 2,
        "topic": "notice",
        "payload": {"notice": "Thư số [1]"},
        "recorded_at": "2025-03-20T01:00:00.000000Z",
        "attempts": 2,
        "error": "no paper",
        "done_at": None,
        "discarded_by": None,
        "discard_reason": None,
        "next_attempt_at": "2025-03-20T01:04:00.000000Z",
        "state": "failing",
        "progress": None,
    }


def test_show_says_when_it_is_tried_again(shell: CommandLine) -> None:
    shown = shell.done("jobs", "show", 2).out
    assert "20/03/2025 08:04" in shown
    assert "no paper" in shown
    assert "Thư số [1]" in shown


def test_retry_gives_one_or_all_that_failed_another_try(shell: CommandLine) -> None:
    assert "1 job" in shell.done("jobs", "retry", 3).err
    assert states(shell) == {1: "waiting", 2: "failing", 3: "waiting", 4: "done"}
    assert "1 job" in shell.done("jobs", "retry", "--all").err
    assert states(shell) == {1: "waiting", 2: "waiting", 3: "waiting", 4: "done"}
    assert shell.done("jobs", "show", 3, "--json").json["error"] == "no ink"  # until it is done


def test_discard_keeps_who_decided_and_why_and_the_job_is_not_done(shell: CommandLine) -> None:
    shell.done("jobs", "discard", 2, 3, "--reason", "sent by hand", now=LATER)
    assert states(shell) == {1: "waiting", 2: "discarded", 3: "discarded", 4: "done"}
    assert shell.done("jobs", "list", "--state", "discarded", now=LATER).rows[0] == [
        "2",
        "discarded",
        "notice",
        "",
        "2 d",
        "2",
        "sent by hand",
    ]
    shown = shell.done("jobs", "show", 2).out
    assert "lan: sent by hand" in shown
    assert "22/03/2025 09:00" in shown


def test_what_makes_no_sense_is_refused_in_one_line(shell: CommandLine) -> None:
    before = states(shell)
    for command, said in (
        (("retry", 4), "Job 4 is done already"),
        (("retry", 9), "no job 9"),
        (("show", 9), "no job 9"),
        (("discard", 2, 9, "--reason", "x"), "no job 9"),
        (("discard", 4, "--reason", "x"), "Job 4 is done already"),
        (("discard", 2, "--reason", " "), "without a reason"),
    ):
        assert said in shell.refused("jobs", *command)
    for command in (("retry",), ("retry", 3, "--all"), ("discard", 2), ("discard", "--reason", "x")):
        assert shell("jobs", *command).code == 2
    assert states(shell) == before


def test_only_an_admin_decides_about_jobs(shell: CommandLine) -> None:
    shell.done("operators", "add", "minh")
    for command in (("retry", 3), ("discard", 3, "--reason", "x")):
        ran = shell("jobs", *command, by="minh")
        assert ran.code == 1
        assert "admin" in ran.err
    assert states(shell)[3] == "set_aside"


def test_a_worker_is_listed_while_it_works(shell: CommandLine) -> None:
    assert shell.done("jobs", "workers").rows == []
    seen = []
    database = Database(f"sqlite:///{shell.database}")
    jobs.tick(database, {"look": lambda _: seen.append(shell("jobs", "workers", "--json").json) or 0}, now=MORNING)
    database.close()
    assert [(each["name"], each["alive"]) for each in seen[0]] == [("only", True)]
    assert shell.done("jobs", "workers").rows == []
