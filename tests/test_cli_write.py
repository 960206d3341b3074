"""The commands that change something: setting up, the directory, issuing, moving, steering, notices."""

from __future__ import annotations

import email
import json
import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
import sqlalchemy as sa

import cli
from engine.database import Database
from engine.tables import attachment
from tests.cli_case import CITY, NUMBER, PLAN, WARD_PLAN, CommandLine, prepare, process
from workflows.commands import moving

CONFERENCE_HELD = "2025-03-19T12:00"
LATER = "2025-03-26T09:00"


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    """The command line where nothing has been set up yet."""
    for name in ("CASCADE_DB", "CASCADE_SMTP", "CASCADE_SENDER", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield CommandLine(tmp_path / "data" / "cascade.db", lambda: capsys.readouterr())
    logging.getLogger("dbos").handlers.clear()  # they write to a stderr that ends with this test


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the city's directory and its plan issued; copy it."""
    return prepare(tmp_path_factory.mktemp("prepared") / "cascade.db")


@pytest.fixture
def city(bare: CommandLine, prepared: Path) -> CommandLine:
    """The command line on a city whose plan has been issued."""
    bare.database.parent.mkdir()
    shutil.copyfile(prepared, bare.database)
    return bare


# -- setting up --------------------------------------------------------------------------------------------------------


def test_init_makes_folder_and_database_and_registers_whoever_runs_it(bare: CommandLine) -> None:
    ran = bare.done("init")
    assert bare.database.is_file()
    assert f"Database: {bare.database} (created)" in ran.out
    assert "cascade units import" in ran.err
    (operator,) = bare.done("operators", "list", "--json").json
    assert operator["name"] == "lan"
    assert {(each["role"], each["unit"]) for each in operator["grants"]} == {("admin", "*"), ("clerk", "*"), ("coordinator", "*")}


def test_second_init_changes_nothing_and_makes_nobody_else_an_admin(bare: CommandLine) -> None:
    bare.done("init")
    first = bare.done("operators", "list").out
    ran = bare.done("init", by="minh")
    assert "ready" in ran.out
    assert "'minh' is no operator here" in ran.err
    assert bare.done("operators", "list").out == first
    assert "is not registered" in bare.refused("units", "close", "TP", by="minh")


def test_init_uses_the_folder_for_data_and_the_login_name(tmp_path: Path) -> None:
    done = process("init", environment={"XDG_DATA_HOME": str(tmp_path), "LOGNAME": "hoa"})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "plan-cascade" / "cascade.db").is_file()
    assert "Operator: hoa" in done.stdout


def test_layout_is_named_upgraded_and_checked(bare: CommandLine) -> None:
    missing = bare("db", "upgrade")
    assert (missing.code, "cascade init" in missing.err) == (1, True)
    bare.done("init")
    assert "unchanged" in bare.done("db", "upgrade").out
    current = bare.done("db", "current", "--json").json
    assert current["layout"] == current["needed"]
    assert bare.done("db", "check", "--json").json["problems"] == []
    with Database(f"sqlite:///{bare.database}").write() as connection:
        connection.exec_driver_sql("DROP TRIGGER pc_event_no_update")
    ran = bare("db", "check")
    assert ran.code == 1
    assert "pc_event_no_update" in ran.out


# -- the directory -----------------------------------------------------------------------------------------------------


def test_import_says_what_it_did_and_repeating_it_does_nothing(bare: CommandLine) -> None:
    bare.done("init")
    file = CITY / "units.yaml"
    assert "units: 45 added (nothing was written)" in bare.done("units", "import", file, "--dry-run").out
    assert bare.done("units", "list").rows == []
    assert bare.done("units", "import", file).out.splitlines() == ["units: 45 added", "groups: 6 added"]
    assert bare.done("units", "import", file).out.splitlines() == ["units: 45 unchanged", "groups: 6 unchanged"]


def test_country_is_imported_as_it_is_on_a_day(bare: CommandLine) -> None:
    bare.done("init")
    first = bare.done("units", "import", "national", "--as-of", "2025-07-01")
    assert first.out.splitlines() == ["units: 3356 added", "groups: 2 added"]
    older = bare.done("units", "import", "national", now="2025-03-10")
    assert older.out.splitlines() == ["units: 10783 added, 12 unchanged", "groups: 2 added, 1 unchanged"]
    assert len(bare.done("units", "list", "--kind", "province", "--on", "2025-07-01").rows) == 34
    shown = bare.done("units", "show", "X09019.cu", "--json").json
    assert [unit["code"] for unit in shown["became"]] == ["X09022", "X08974", "X00493"]
    assert bare("units", "import", CITY / "units.yaml", "--as-of", "2025-07-01").code == 2


def test_unit_is_added_and_closed(city: CommandLine) -> None:
    city.done("units", "add", "P.HM", "Đảng ủy phường Hoa Mai", "--kind", "ward", "--parent", "TP", "--alias", "Phường Hoa Mai")
    assert city.done("units", "show", "phường hoa mai", "--json").json["unit"]["parent"] == "TP"
    assert "until 30/06/2025" in city.done("units", "close", "P.HM", "--on", "2025-06-30").out
    assert city.done("units", "list", "--kind", "ward", now="2025-07-01").rows[0][0] != "P.HM"
    assert "P.HM" in city.refused("units", "add", "P.HM", "Khác", "--kind", "ward")
    assert "cannot be a code" in city.refused("units", "add", "P HM", "Khác", "--kind", "ward")
    assert "not an e-mail address" in city.refused("units", "add", "P.X", "Khác", "--kind", "ward", "--email", "x@")


def test_role_covers_the_units_below_until_it_is_taken_away(city: CommandLine) -> None:
    city.done("operators", "add", "minh", "--title", "Chuyên viên")
    assert "does not have the role clerk" in city.refused("advance", NUMBER, "P.TT", "disseminate", by="minh")
    city.done("operators", "grant", "minh", "clerk", "thành ủy")
    assert "held already" in city.done("operators", "grant", "minh", "clerk", "TP").out
    city.done("advance", NUMBER, "P.TT", "disseminate", by="minh")
    city.done("operators", "revoke", "minh", "clerk", "TP")
    assert "does not have the role clerk" in city.refused("advance", NUMBER, "P.AL", "disseminate", by="minh")
    assert city.done("operators", "list", "minh").rows == [["minh", "", "Chuyên viên"]]


@pytest.mark.parametrize(
    "command",
    [
        ("units", "import", CITY / "units.yaml"),
        ("units", "add", "P.HM", "Hoa Mai", "--kind", "ward"),
        ("units", "close", "X.RT"),
        ("operators", "add", "hoa"),
        ("operators", "grant", "minh", "admin", "*"),
        ("operators", "revoke", "lan", "clerk", "*"),
    ],
)
def test_only_an_admin_of_everything_changes_the_directory(city: CommandLine, command: tuple[object, ...]) -> None:
    city.done("operators", "add", "minh")
    city.done("operators", "grant", "minh", "admin", "TP")
    assert "does not have the role admin" in city.refused(*command, by="minh")


# -- reading and issuing -----------------------------------------------------------------------------------------------


def test_reading_shows_each_fact_with_its_line(bare: CommandLine) -> None:
    rows = bare.done("read", PLAN).rows
    lines = Path(PLAN).read_text(encoding="utf-8").splitlines()
    number = next(row for row in rows if row[0] == "Number")
    assert number[1] == NUMBER
    assert NUMBER in lines[int(number[2]) - 1]
    conferences = [row for row in rows if row[0] == "Conference"]
    assert [row[1].partition(" ")[0] for row in conferences] == ["2.1", "2.2", "2.3"]
    assert [lines[int(row[2]) - 1].startswith("##### 2.") for row in conferences] == [True] * 3


def test_draft_can_be_written_issued_and_is_not_replaced_by_accident(city: CommandLine, tmp_path: Path) -> None:
    draft = tmp_path / "plan.yaml"
    city.done("read", PLAN, "-o", draft)
    assert "is there already" in city.refused("read", PLAN, "-o", draft)
    city.done("read", PLAN, "-o", draft, "--force")
    issued = city.done("issue", draft, "--number", "59-KH/TU", "--json").json
    assert len(issued["duties"]) == 24
    assert city.done("read", PLAN, "-o", "-").out == draft.read_text(encoding="utf-8")


def test_reading_asks_what_the_document_leaves_open(bare: CommandLine, tmp_path: Path) -> None:
    blank = tmp_path / "blank.md"
    blank.write_text(Path(PLAN).read_text(encoding="utf-8").replace("Số 58-KH/TU", "Số     -KH/TU"), encoding="utf-8")
    ran = bare.done("read", blank)
    assert "number is missing" in ran.err
    assert "--number" in ran.err
    asked = bare.done("read", blank, "--json").json
    assert [question["code"] for question in asked["questions"]] == ["number_missing"]
    bare.done("init")
    bare.done("units", "import", CITY / "units.yaml")
    assert "Answer with --number" in bare.refused("issue", blank)
    assert "60-KH/TU" in bare.done("issue", blank, "--number", "60-KH/TU").out


def test_preview_says_who_gets_what_by_when_and_writes_nothing(bare: CommandLine) -> None:
    bare.done("init")
    bare.done("units", "import", CITY / "units.yaml")
    ran = bare.done("issue", PLAN, "--dry-run")
    rows = {cells[0]: cells for line in ran.out.splitlines() if len(cells := line.split("\t")) == 6}
    assert rows["P.TT"][2:] == ["acts", "2.2", "04/04/2025", "chậm nhất ngày 04/4/2025"]
    assert rows["TP.BTGDV"][4] == "08/04/2025"
    assert "Informed: Tỉnh ủy Lam Giang" in ran.out
    assert "Nothing was written" in ran.err
    assert bare.done("plans").rows == []


def test_plan_is_issued_once_whether_it_is_repeated_by_mistake_or_on_purpose(city: CommandLine) -> None:
    assert "already issued" in city.refused("issue", PLAN)
    day = "2025-03-13"
    first = city.done("issue", PLAN, "--date", "2025-03-11", "--key", "k1", now=day).out
    assert "is issued" in first
    assert "by this command before" in city.done("issue", PLAN, "--date", "2025-03-11", "--key", "k1", now=day).out
    assert len(city.done("plans", now=day).rows) == 2
    assert "already used for another command" in city.refused("issue", WARD_PLAN, "--key", "k1", now=day)


def test_plan_of_a_ward_hangs_below_its_part_of_the_citys(city: CommandLine) -> None:
    city.done("issue", WARD_PLAN, "--under", NUMBER, "--as-unit", "P.TT", now="2025-03-13")
    nodes = {node["id"]: node for node in city.done("status", NUMBER, "--tree", "--json").json["nodes"]}
    ward = next(node for node in nodes.values() if node["unit"] == "P.TT" and node["kind"] == "plan")
    assert nodes[ward["parent"]]["unit"] == "P.TT"
    assert {node["unit"] for node in nodes.values() if node["parent"] == ward["id"]} == {"P.TT.CB1", "P.TT.CB2", "P.TT.CBTH"}


def test_only_a_coordinator_of_the_issuer_issues(city: CommandLine) -> None:
    city.done("operators", "add", "minh")
    city.done("operators", "grant", "minh", "clerk", "*")
    city.done("operators", "grant", "minh", "coordinator", "P.AL")
    assert "coordinator on P.TT" in city.refused("issue", WARD_PLAN, now="2025-03-13", by="minh")


# -- moving ------------------------------------------------------------------------------------------------------------


def test_move_is_told_with_the_state_before_and_after(city: CommandLine) -> None:
    ran = city.done("advance", NUMBER, "đảng ủy phường bến lúa", "disseminate", "--on", "2025-03-11", now="2025-03-12")
    assert ran.out.splitlines()[0] == "P.TT Đảng ủy phường Bến Lúa: Issued -> Disseminated (due 04/04/2025)"
    assert ran.out.splitlines()[1].startswith("58-KH/TU Thành ủy Sông Mây: Issued")
    event = city.done("history", NUMBER, "--unit", "P.TT", "--json", now="2025-03-12").json[-1]
    assert (event["occurred_at"][:10], event["recorded_at"][:10]) == ("2025-03-10", "2025-03-11")  # UTC


def test_rehearsal_changes_nothing(city: CommandLine) -> None:
    root = city.root("2025-03-12")
    for command in (
        ("advance", NUMBER, "P.TT", "disseminate"),
        ("bulk", NUMBER, "disseminate", "--where", "state=issued"),
        ("suspend", NUMBER, "--reason", "x"),
    ):
        assert "Nothing was written" in city.done(*command, "--dry-run", now="2025-03-12").err
    assert city.root("2025-03-12") == root


def test_move_keeps_fields_note_and_files(city: CommandLine, tmp_path: Path) -> None:
    paper = tmp_path / "báo cáo.pdf"
    paper.write_bytes(b"%PDF-\x00\xff")
    city.done("advance", NUMBER, "TP.VP", "disseminate", "--note", "Đã gửi", "--set", "audience=12", "--attach", paper)
    data = city.done("history", NUMBER, "--unit", "TP.VP", "--json").json[-1]["data"]
    assert (data["fields"], data["note"]) == ({"audience": 12}, "Đã gửi")
    assert [(each["name"], each["size"]) for each in data["attachments"]] == [("báo cáo.pdf", 7)]
    with Database(f"sqlite:///{city.database}").read() as connection:
        assert paper.read_bytes() in connection.scalars(sa.select(attachment.c.content)).all()


def test_file_that_is_too_large_is_refused(city: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "MOST_BYTES", 10)
    paper = tmp_path / "film.mp4"
    paper.write_bytes(b"x" * 11)
    assert "larger than 25 MB" in city.refused("advance", NUMBER, "TP.VP", "disseminate", "--attach", paper)


def test_repeated_command_with_a_key_is_done_once(city: CommandLine) -> None:
    command = ("advance", NUMBER, "TP.VP", "disseminate", "--key", "a1")
    city.done(*command)
    assert "was given before" in city.done(*command).err
    assert "already used" in city.refused("advance", NUMBER, "TP.BTGDV", "disseminate", "--key", "a1")


def test_move_that_expects_another_revision_is_refused(city: CommandLine) -> None:
    assert "somebody else" in city.refused("advance", NUMBER, "TP.VP", "disseminate", "--revision", 7)
    city.done("advance", NUMBER, "TP.VP", "disseminate", "--revision", 1)


def test_extension_counts_to_the_end_of_its_day(city: CommandLine) -> None:
    ran = city.done("advance", NUMBER, "P.TT", "extend", "--set", "due=2025-04-20", "--reason", "Bão")
    assert "(due 20/04/2025)" in ran.out
    assert "needs a reason" in city.refused("advance", NUMBER, "P.AL", "extend", "--set", "due=2025-04-20")


def test_conference_is_held_by_its_id_and_opens_the_way_for_the_cells(city: CommandLine) -> None:
    city.done("advance", NUMBER, "CB.NUOC", "disseminate", now="2025-03-14")
    assert "has to be held before" in city.refused("advance", NUMBER, "CB.NUOC", "hold_conference", now="2025-03-15")
    held = city.done("advance", NUMBER, "2.1", "hold", "--on", "2025-03-19", "--set", "participants=140", now=CONFERENCE_HELD)
    assert "Planned -> Held" in held.out
    assert "was held later" in city.refused("advance", NUMBER, "CB.NUOC", "hold_conference", "--on", "2025-03-18", now=LATER)
    city.done("advance", NUMBER, "CB.NUOC", "hold_conference", "--on", "2025-03-20", now=LATER)


def test_bulk_moves_those_that_match_and_no_others(city: CommandLine) -> None:
    ran = city.done("bulk", NUMBER, "disseminate", "--where", "kind=ward", "--where", "state=issued")
    assert len(ran.rows) == 9
    assert "9 unit(s) moved" in ran.err
    states = city.states("2025-03-10T09:00")
    assert {code for code, state in states.items() if state == "disseminated"} == {row[0] for row in ran.rows}


def test_bulk_is_all_or_nothing_unless_each_is_asked_for(city: CommandLine, tmp_path: Path) -> None:
    units = tmp_path / "units.txt"
    units.write_text("P.TT  # phường\n\nĐảng ủy phường An Lộc Hạ\nTP.VP\n", encoding="utf-8")
    city.done("advance", NUMBER, "P.AL", "disseminate")
    assert "P.AL" in city.refused("bulk", NUMBER, "disseminate", "--units", units)
    ran = city("bulk", NUMBER, "disseminate", "--units", units, "--each", "--json")
    assert ran.code == 1
    assert sorted(ran.json["moved"]) == ["P.TT", "TP.VP"]
    assert [each["unit"] for each in ran.json["refused"]] == ["P.AL"]


def test_bulk_below_a_unit_reaches_what_was_forwarded_to(city: CommandLine) -> None:
    assert [row[0] for row in city.done("forward", NUMBER, "P.MT", "--to", "Các chi bộ trực thuộc").rows] == [
        "P.MT.CB1",
        "P.MT.CB2",
    ]
    assert "Addressed already" in city.done("forward", NUMBER, "P.MT", "--to", "P.MT.CB1").err
    assert "not below P.MT" in city.refused("forward", NUMBER, "P.MT", "--to", "P.TT.CB1")
    moved = city.done("bulk", NUMBER, "disseminate", "--where", "below=P.MT").rows
    assert sorted(row[0] for row in moved) == ["P.MT", "P.MT.CB1", "P.MT.CB2"]


# -- steering ----------------------------------------------------------------------------------------------------------


def test_suspended_plan_goes_on_where_it_stood(city: CommandLine) -> None:
    city.done("advance", NUMBER, "P.TT", "disseminate")
    before = city.states(LATER)
    ran = city.done("suspend", NUMBER, "--reason", "Chờ hướng dẫn", now=LATER)
    assert "26 moved" in ran.err
    assert set(city.states(LATER).values()) == {"suspended"}
    assert "not permitted from 'suspended'" in city.refused("advance", NUMBER, "P.TT", "report", now=LATER)
    city.done("resume", NUMBER, "--reason", "Có hướng dẫn", now=LATER)
    assert city.states(LATER) == before


def test_withdrawing_one_units_part_leaves_the_others(city: CommandLine) -> None:
    city.done("withdraw", NUMBER, "--subtree", "P.TT", "--reason", "Ban hành nhầm")
    states = city.states("2025-03-10T09:00")
    assert states.pop("P.TT") == "withdrawn"
    assert set(states.values()) == {"issued"}


def test_superseding_plan_must_be_there_and_is_kept_with_the_move(city: CommandLine) -> None:
    assert "There is no plan" in city.refused("supersede", NUMBER, "--by", "61-KH/TU", "--reason", "x")
    city.done("issue", PLAN, "--number", "61-KH/TU")
    ran = city.done("supersede", NUMBER, "--by", "61", "--reason", "Điều chỉnh", "--json")
    assert ran.json["by_state"] == {"issued": 25, "planned": 1}
    data = city.done("history", NUMBER, "--unit", "P.TT", "--json").json[-1]["data"]
    assert (data["to"], data["fields"]) == ("superseded", {"by": "61-KH/TU"})


# -- notices -----------------------------------------------------------------------------------------------------------


def test_tick_writes_the_letters_and_puts_them_beside_the_database(city: CommandLine) -> None:
    assert city.done("tick").out == "27 sent, 0 failed, 0 will be tried again\n"
    assert city.done("tick").out == "0 sent, 0 failed, 0 will be tried again\n"
    mails = list((city.database.parent / "maildir" / "new").iterdir())
    assert len(mails) == 27
    parsed = [email.message_from_bytes(mail.read_bytes(), policy=policy.default) for mail in mails]
    assert len({mail["Message-ID"] for mail in parsed}) == 27
    assert all(NUMBER in mail["Subject"] for mail in parsed)
    assert city.done("notices", "list", "--state", "sent", "--json").json[0]["sent_at"].startswith("2025-03-10T02:00")


def test_folder_for_mail_can_be_named(city: CommandLine, tmp_path: Path) -> None:
    city.done("tick", "--maildir", tmp_path / "mail", "--from", "Thành ủy <vp@example.org>")
    mails = list((tmp_path / "mail" / "new").iterdir())
    assert len(mails) == 27
    assert (
        email.message_from_bytes(mails[0].read_bytes(), policy=policy.default)["From"].addresses[0].addr_spec == "vp@example.org"
    )


def test_message_is_shown_as_text_and_as_the_bytes_that_are_sent(city: CommandLine) -> None:
    city.done("tick")
    (listed,) = city.done("notices", "list", "--unit", "P.TT", "--json").json
    shown = city.done("notices", "show", listed["id"]).out
    assert "Kính gửi: Đảng ủy phường Bến Lúa" in shown
    done = process("--db", city.database, "notices", "show", listed["id"], "--raw")
    file = city.database.parent / "maildir" / "new" / listed["message_id"]
    assert done.stdout.encode() == file.read_bytes()


def test_unit_without_an_address_is_listed_and_gets_its_letter_when_it_has_one(city: CommandLine, tmp_path: Path) -> None:
    bare_unit, with_address = tmp_path / "bare.yaml", tmp_path / "mended.yaml"
    entry = "units:\n  - {code: P.TT, name: Đảng ủy phường Bến Lúa, kind: ward, parent: TP"
    bare_unit.write_text(entry + "}\n", encoding="utf-8")
    with_address.write_text(entry + ", email: bl@example.org}\n", encoding="utf-8")
    city.done("units", "import", bare_unit)
    ran = city.done("tick")
    assert ran.out.startswith("26 sent")
    assert "1 letter(s) have no address to go to; see them with: cascade notices list --state no_address" in ran.err
    (missing,) = city.done("notices", "list", "--state", "no_address", "--json").json
    assert missing["unit"] == "P.TT"
    shown = city.done("notices", "show", missing["id"]).out
    assert f"(Give the unit an address, cascade units import, then: cascade notices send {missing['id']})" in shown
    vietnamese = process("--db", city.database, "--lang", "vi", "notices", "list", "--state", "no_address").stdout
    assert "chưa có địa chỉ" in vietnamese
    assert "Danh bạ chưa có địa chỉ thư của P.TT." in vietnamese
    city.done("units", "import", with_address)
    city.done("operators", "add", "minh")
    assert "coordinator" in city.refused("notices", "send", missing["id"], by="minh")
    assert city.done("notices", "send", "--failed").out.startswith("1 sent")


def test_mail_server_that_does_not_answer_makes_the_letters_wait(city: CommandLine) -> None:
    assert "27 will be tried again" in city.done("tick", "--smtp", "127.0.0.1:1").out
    assert "27 sent" in city.done("tick", now="2025-03-10T10:00").out


def test_worker_sends_until_it_is_stopped(city: CommandLine) -> None:
    command = [sys.executable, "-m", "cli", "--db", city.database, "--now", "2025-03-10T09:00", "work", "--every", "1"]
    root = str(Path(cli.__file__).parent)
    with subprocess.Popen([*map(str, command)], cwd=root, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert "At work" in worker.stderr.readline()
        refused = city("tick")
        assert refused.code == 1
        assert "Another worker" in refused.err
        deadline = time.monotonic() + 60
        while not json.loads(city.done("notices", "list", "--state", "sent", "--json").out):
            assert worker.poll() is None
            assert time.monotonic() < deadline
        worker.terminate()
        rest = worker.stderr.read()
    assert worker.returncode == 0, rest
    assert "Traceback" not in rest
