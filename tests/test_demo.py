"""The demo: the real commands on the example city, the same every time, in a folder of its own."""

from __future__ import annotations

import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli_case import CITY, process
from workflows.demo import story

pytestmark = pytest.mark.xdist_group("demo")  # what all of its tests look at is made once

GOLDEN = Path(__file__).parent / "histories" / "demo.txt"
UNSET = {"CASCADE_DB": "", "CASCADE_SMTP": "mail.invalid:25"}  # nothing of the user's own may be touched


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was played; its output is in demo.txt beside it."""
    folder = tmp_path_factory.mktemp("demo")
    done = process("--lang", "en", "demo", cwd=folder, environment={"XDG_DATA_HOME": str(folder / "data"), **UNSET})
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "demo.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def transcript(text: str) -> str:
    """The output without the lines that name the folder, and without hashes: they follow from everything else."""
    return re.sub(r"\b[0-9a-f]{64}\b", "(hash)", text.rpartition("\n\n")[0])


def test_demo_says_what_it_said_before(played: Path) -> None:
    now = transcript((played / "demo.txt").read_text(encoding="utf-8"))
    (played / "transcript.txt").write_text(f"{now}\n", encoding="utf-8")
    assert now == GOLDEN.read_text(encoding="utf-8").rstrip("\n"), f"If that is meant, keep {played}/transcript.txt as {GOLDEN}."


def test_every_command_of_the_story_is_shown_as_it_is_typed(played: Path) -> None:
    shown = [line[2:] for line in (played / "demo.txt").read_text(encoding="utf-8").splitlines() if line.startswith("$ cascade")]
    assert shown == [step.typed for step in story(CITY) if step.run]
    assert [shlex.split(line)[1:] for line in shown] == [step.arguments for step in story(CITY) if step.run]


def test_demo_tells_the_whole_cascade(played: Path) -> None:
    text = (played / "demo.txt").read_text(encoding="utf-8")
    for sign in (
        "27 sent, 0 failed",  # the letters
        "conference:2.1 has to be held before",  # a cell refused
        "Conference held -> Reported",
        "Reported -> Returned",
        "Disseminated -> Excused",
        "overdue\t1",
        "done late\t1",
        "held_back_by".replace("_", " ").capitalize(),
        "Outcome\tequal",
        "Outcome\tdiffers",
        "does not match its hash",
    ):
        assert sign in text, sign


def test_demo_leaves_the_users_own_data_alone(played: Path) -> None:
    assert {each.name for each in played.iterdir()} <= {"cascade-demo", "demo.txt", "transcript.txt"}


def test_altered_copy_differs_in_one_byte_of_one_event(played: Path) -> None:
    def events(name: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(played / "cascade-demo" / name)) as connection:
            return connection.execute("SELECT instance_id, seq, body FROM pc_event ORDER BY instance_id, seq").fetchall()

    pairs = [(one, other) for one, other in zip(events("cascade.db"), events("bi-sua.db"), strict=True) if one != other]
    ((one, other),) = pairs
    assert one[:2] == other[:2]
    assert sum(a != b for a, b in zip(str(one[2]), str(other[2]), strict=True)) == 1


def test_demo_is_played_again_in_the_same_folder_with_the_same_words(played: Path) -> None:
    again = process("--lang", "en", "demo", cwd=played, environment=UNSET)
    assert again.returncode == 0, again.stderr
    assert transcript(again.stdout) == transcript((played / "demo.txt").read_text(encoding="utf-8"))


def test_demo_speaks_vietnamese(tmp_path: Path) -> None:
    done = process("--lang", "vi", "demo", tmp_path / "thử", environment=UNSET)
    assert done.returncode == 0, done.stderr
    assert "# Ban hành." in done.stdout
    assert "Đã gửi -> Đã phổ biến" not in done.stderr
    assert "Bị trả lại" in done.stdout


def test_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text("mine", encoding="utf-8")
    done = process("demo", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "holds something else" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["units.yaml"]
    assert (tmp_path / "units.yaml").read_text(encoding="utf-8") == "mine"


def test_file_that_was_put_into_the_demos_folder_stays(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / ".plan-cascade-demo").touch()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "cascade.db").write_text("half a demo", encoding="utf-8")
    assert process("demo", folder).returncode == 0
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
