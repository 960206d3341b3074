"""Bad input and bad circumstances: one clear line with the remedy, the right exit code, nothing changed, never a traceback."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest

import cli
from tests.cli_case import CITY, NUMBER, PLAN, CommandLine, prepare, process
from tests.conftest import CHECKOUT


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the city's directory and its plan issued; copy it."""
    return prepare(tmp_path_factory.mktemp("prepared") / "cascade.db")


@pytest.fixture
def city(prepared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line on a city whose plan has been issued."""
    for name in ("CASCADE_DB", "CASCADE_SMTP", "CASCADE_SENDER", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return CommandLine(Path(shutil.copyfile(prepared, tmp_path / "cascade.db")), lambda: capsys.readouterr())


def one_line(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line on stderr of a process that ended with this code and printed nothing else."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


# -- files -------------------------------------------------------------------------------------------------------------

FILES: dict[str, Callable[[Path], object]] = {
    "missing": lambda file: None,
    "empty": lambda file: file.write_bytes(b""),
    "blank": lambda file: file.write_bytes(b" \n\n"),
    "binary": lambda file: file.write_bytes(bytes(range(256))),
    "zeros": lambda file: file.write_bytes(b"\0" * 64),
    "folder": lambda file: file.mkdir(),
}
SAID = {
    "missing": "no such file",
    "empty": "empty",
    "blank": "empty",
    "binary": "not UTF-8",
    "zeros": "binary",
    "folder": "directory",
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(
    "command",
    [("read",), ("issue",), ("units", "import"), ("bulk", NUMBER, "disseminate", "--units"), ("workflows", "check")],
    ids=lambda command: command[0],
)
def test_unusable_file_is_named_with_what_is_wrong(
    city: CommandLine, tmp_path: Path, kind: str, command: tuple[str, ...]
) -> None:
    file = tmp_path / ("file.md" if command[0] == "read" else "file.yaml")
    FILES[kind](file)
    line = city.refused(*command, file)
    assert str(file) in line
    assert SAID[kind] in line.lower() or SAID[kind] in line


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("key", "number: 1-KH/TU\nissuers: TP\n", "plan.yaml:2: there is no key 'issuers'"),
        ("key in a list", "recipients:\n  - text: TP\n    reason: x\n", "plan.yaml:3: there is no key 'reason'"),
        ("key twice", "number: 1-KH/TU\nnumber: 2-KH/TU\n", "plan.yaml:2: the key 'number' stands twice"),
        ("YAML", "number: [1\n", "plan.yaml:2"),
        ("date", "date: 20250310\n", "plan.yaml:1: '20250310' is not a date"),
        ("list", "- a\n- b\n", "plan.yaml:1: this is not a plan file"),
        ("purpose", "recipients:\n  - text: TP\n    purpose: acts\n", "plan.yaml:3: 'acts' is not a purpose"),
        ("conference", "conferences:\n  - id: '1'\n    after: '2'\n", "plan.yaml:3: there is no other conference '2'"),
    ],
)
def test_fault_in_a_plan_file_is_named_with_its_line(city: CommandLine, tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    assert said in city.refused("issue", file)


UNITS = "units:\n  - {code: A, name: Một, kind: x, parent: %s}\n  - {code: B, name: %s, kind: x, parent: %s}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (UNITS % ("B", "Hai", "A"), "stand in a circle: A -> B -> A"),
        (UNITS % ("TP", "MỘT", "TP"), "same name and parent as A (line 2)"),
        (UNITS % ("TP", "Hai", "Z"), "parent 'Z' of B is neither in the file nor in the directory"),
        (UNITS.replace("code: B", "code: A") % ("TP", "Hai", "TP"), "stands at line 2 already"),
        ("units:\n  - {code: A, name: Một, kind: x, parents: TP}\n", "Did you mean 'parent'"),
        ("unit:\n  - {code: A, name: Một, kind: x}\n", "Did you mean 'units'"),
        ("operators:\n  - {name: lan, grants: [{role: boss, unit: TP}]}\n", "role"),
    ],
)
def test_fault_in_a_directory_is_named_with_its_line_and_nothing_is_taken(
    city: CommandLine, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(text, encoding="utf-8")
    before = city.done("units", "list").out
    line = city.refused("units", "import", file)
    assert f"{file}:" in line
    assert said in line
    assert city.done("units", "list").out == before


def test_recipients_that_nobody_can_name_are_asked_about_and_can_be_left_out(city: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    text = (
        Path(PLAN)
        .read_text(encoding="utf-8")
        .replace("Số 58", "Số 62")
        .replace("- UBND thành phố (để t/h)", "- Hội Làm vườn (để t/h)")
    )
    file.write_text(text, encoding="utf-8")
    line = city.refused("issue", file)
    assert "'Hội Làm vườn'" in line
    assert "--allow-unresolved" in line
    ran = city.done("issue", file, "--allow-unresolved")
    assert "Left out: 'Hội Làm vườn'" in ran.err


# -- moves -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("advance", NUMBER, "P.TT", "dissemenate"), ["no trigger 'dissemenate'", "Permitted from 'issued': disseminate"]),
        (("advance", NUMBER, "P.TT", "report"), ["not permitted from 'issued'", "Permitted from 'issued': disseminate"]),
        (("advance", NUMBER, "P.TT", "disseminate", "--set", "place=x"), ["no field 'place'", "channels"]),
        (("advance", NUMBER, "P.TT", "disseminate", "--set", "audience=many"), ["not of type integer", "Write it like 12"]),
        (("advance", NUMBER, "P.TT", "disseminate", "--on", "2025-03-32"), ["is not a date"]),
        (("advance", NUMBER, "P.TT", "disseminate", "--on", "2025-03-11"), ["still to come"]),
        (("advance", NUMBER, "P.TT", "disseminate", "--attach", "no.pdf"), ["no.pdf: cannot be read"]),
        (("advance", NUMBER, "P.XX", "disseminate"), ["no unit 'P.XX'"]),
        (("advance", NUMBER, "Chi bộ tổ dân phố 1", "disseminate"), ["may be any of 2 units", "P.TT.CB1", "P.MT.CB1"]),
        (("advance", NUMBER, "TINH", "disseminate"), ["does not address TINH", "--tree"]),
        (("advance", "99-KH/TU", "P.TT", "disseminate"), ["no plan '99-KH/TU'", "cascade plans"]),
        (("advance", NUMBER, "P.TT", "withdraw"), ["needs a reason", "--reason"]),
        (("advance", NUMBER, "TP", "all_disseminated"), ["not fired by people"]),
        (("bulk", NUMBER, "disseminate", "--where", "state=reported"), ["No unit of this plan matches"]),
        (("bulk", NUMBER, "report"), ["not permitted from 'issued'"]),
        (("forward", NUMBER, "P.TT", "--to", "Hội Làm vườn"), ["no group or unit"]),
        (("supersede", NUMBER, "--by", NUMBER, "--reason", "x"), ["itself"]),
        (("notices", "show", "99"), ["no message 99"]),
        (("tick", "--smtp", "mail:mail"), ["not an address"]),
        (("tick", "--from", "somebody"), ["not a sender"]),
        (("status", NUMBER, "--at", "gestern"), ["is not a date"]),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else None,
)
def test_refusal_says_what_was_refused_and_what_to_do(city: CommandLine, command: tuple[str, ...], said: list[str]) -> None:
    line = city.refused(*command)
    assert [words for words in said if words not in line] == []


def test_operator_without_a_grant_is_told_what_is_missing(city: CommandLine) -> None:
    assert "cascade operators add minh" in city.refused("advance", NUMBER, "P.TT", "disseminate", by="minh")
    city.done("operators", "add", "minh")
    line = city.refused("advance", NUMBER, "P.TT", "disseminate", by="minh")
    assert "'minh' does not have the role clerk on P.TT" in line
    assert "cascade operators grant minh clerk P.TT" in line


def test_usage_that_is_wrong_exits_with_two(city: CommandLine) -> None:
    for command in (
        ["advance", NUMBER],
        ["advance", NUMBER, "P.TT", "disseminate", "--set", "audience"],
        ["bulk", NUMBER, "disseminate", "--where", "colour=red"],
        ["operators", "grant", "lan", "boss", "TP"],
        ["suspend", NUMBER],
        ["notices", "send"],
        ["dissemenate"],
    ):
        ran = city(*command)
        assert (ran.code, ran.out) == (2, "")
        assert "Usage: cascade" in ran.err
        assert "Traceback" not in ran.err


# -- databases ---------------------------------------------------------------------------------------------------------


def test_database_that_is_missing_empty_or_none_at_all(tmp_path: Path) -> None:
    assert "Create it with: cascade init" in one_line(process("--db", tmp_path / "no.db", "plans"))
    assert not (tmp_path / "no.db").exists()
    (tmp_path / "empty.db").touch()
    assert "Set it up with: cascade init" in one_line(process("--db", tmp_path / "empty.db", "plans"))
    (tmp_path / "text.db").write_text("Kế hoạch " * 200, encoding="utf-8")
    assert "is not a database" in one_line(process("--db", tmp_path / "text.db", "plans"))
    assert "cannot be opened" in one_line(process("--db", tmp_path, "plans"))
    assert "not a database URL" in one_line(process("--db", "://", "plans"))
    assert "is not supported" in one_line(process("--db", "mysql://localhost/city", "plans"))


@pytest.mark.parametrize(("layout", "said"), [("0000", "cascade db upgrade"), ("9999", "newer program")])
def test_database_of_another_layout_is_left_alone(city: CommandLine, layout: str, said: str) -> None:
    with closing(sqlite3.connect(city.database)) as connection, connection:
        connection.execute("UPDATE pc_schema_version SET version_num = ?", (layout,))
    before = city.database.read_bytes()
    for command in (("plans",), ("advance", NUMBER, "P.TT", "disseminate"), ("units", "close", "X.RT"), ("tick",)):
        assert said in one_line(process("--db", city.database, "--as", "lan", *command))
    assert city.database.read_bytes() == before


def test_newer_database_is_not_upgraded(city: CommandLine) -> None:
    with closing(sqlite3.connect(city.database)) as connection, connection:
        connection.execute("UPDATE pc_schema_version SET version_num = '9999'")
    for command in ("init", "db upgrade"):
        assert "newer program" in one_line(process("--db", city.database, *command.split()))


AS_NOBODY = """
import contextlib, os, sys, cli
with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
    cli.run(["--db", *sys.argv[1:2], *sys.argv[3:]])  # imports what it needs while it may still be read
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.exit(cli.run(["--db", *sys.argv[2:]]))
"""


def test_file_that_may_not_be_written_is_read_only(city: CommandLine) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can become somebody without rights")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(shutil.copyfile(city.database, Path(folder) / "cascade.db"))
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # readers of a write-ahead log have to write beside it
        file.chmod(0o444)
        Path(folder).chmod(0o555)

        def as_nobody(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-c", AS_NOBODY, city.database, database, "--as", "lan", *arguments]
            root = str(CITY.parent.parent)
            return subprocess.run([*map(str, command)], cwd=root, capture_output=True, text=True, check=False)

        assert NUMBER in as_nobody(file, "plans").stdout
        assert "cannot be written" in one_line(as_nobody(file, "advance", NUMBER, "P.TT", "disseminate"))
        assert "cannot be made" in one_line(as_nobody(Path(folder) / "new" / "x.db", "init"))


def test_database_that_somebody_holds_is_waited_for_and_then_left(city: CommandLine) -> None:
    with closing(sqlite3.connect(city.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        line = one_line(process("--db", city.database, "--as", "lan", "advance", NUMBER, "P.TT", "disseminate"))
        other.execute("ROLLBACK")
    assert "Another process holds the database" in line
    city.done("advance", NUMBER, "P.TT", "disseminate")


# -- defects -----------------------------------------------------------------------------------------------------------

BROKEN = """
import sys, cli, workflows.status
def broken(*_a, **_b): raise RuntimeError("[bold]it broke")
workflows.status.plans = broken
sys.exit(cli.run(sys.argv[1:]))
"""


def test_unexpected_error_is_called_a_defect_and_its_traceback_kept(city: CommandLine, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": str(CITY.parent.parent)}
    command = [sys.executable, "-c", BROKEN, "--db", str(city.database), "plans"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    line = one_line(done)
    assert "this is a defect of the program (RuntimeError)" in line
    kept = Path(line.rpartition(" with ")[2])
    assert kept.parent == tmp_path / "state" / "plan-cascade"
    text = kept.read_text(encoding="utf-8")
    assert "in broken" in text
    assert "cascade --db" in text


def test_password_is_kept_out_of_the_traceback_and_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workflows.commands import defects

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    said = defects.keep(RuntimeError("x"), ["--db", "postgresql+psycopg://lan:s3cret@host/city", "plans"])
    kept = Path(said.rpartition(" with ")[2]).read_text(encoding="utf-8")
    assert "s3cret" not in kept
    assert "lan:***@host" in kept
    assert "s3cret" not in one_line(process("--db", "postgresql+psycopg://lan:s3cret@127.0.0.1:1/city", "plans"))


def test_full_disk_behind_stdout_is_one_line(city: CommandLine) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "cli", "--db", str(city.database), "plans"]
        done = subprocess.run(
            command, cwd=CITY.parent.parent, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("Error: No space left on device")
    assert "Traceback" not in done.stderr


# -- help --------------------------------------------------------------------------------------------------------------


def every_command() -> list[tuple[str, ...]]:
    """The names of all commands and groups."""
    found: list[tuple[str, ...]] = []
    context = click.Context(cli.cascade)
    for name in cli.cascade.list_commands(context):
        command = cli.cascade.get_command(context, name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, below) for below in command.list_commands(context)]
    return found


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    assert cli.run([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "Example" in text
    assert f"cascade {' '.join(command)}" in text.partition("Example")[2]


def test_a_closed_output_and_an_unreadable_argument_are_no_defects(tmp_path: Path) -> None:
    cascade = [sys.executable, str(CHECKOUT / "cli.py"), "--db", str(tmp_path / "new.db")]
    closed = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *cascade, "init"], capture_output=True, text=True, check=False)
    assert (closed.returncode, (tmp_path / "new.db").exists()) == (0, True)
    unreadable = subprocess.run([*cascade, "status", b"\xff"], capture_output=True, text=True, check=False)
    assert (unreadable.returncode, unreadable.stderr) == (2, "Error: an argument is not readable text. Write it in UTF-8.\n")
