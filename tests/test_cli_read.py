"""The commands that only read, on a plan that runs in the example city."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import cli
from engine.clock import to_micros
from engine.database import Database
from engine.tables import event, instance
from tests.city_case import play
from workflows.commands import labels, rendering
from workflows.commands.rendering import Words

NOW = ("--now", "2025-04-03", "--lang", "en")
CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def played(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's database; for reading only."""
    file = tmp_path_factory.mktemp("city") / "city.db"
    shutil.copyfile(migrated_file, file)
    database = Database(f"sqlite:///{file}")
    play(database)
    database.close()
    return file


@pytest.fixture
def own_copy(played: Path, tmp_path: Path) -> Path:
    """A copy of the city's database, to be damaged."""
    return Path(shutil.copyfile(played, tmp_path / "copy.db"))


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


@pytest.fixture
def run(played: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("CASCADE_DB", str(played))
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, options: tuple[str, ...] = NOW) -> Ran:
        code = cli.run([*options, *arguments])
        return Ran(code, *capsys.readouterr())

    return run


def process(database: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, its output in a pipe."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "cli", "--db", str(database), *NOW, *arguments],
        cwd=CHECKOUT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


# -- units -------------------------------------------------------------------------------------------------------------


def test_units_are_listed_in_vietnamese_order(run: Any) -> None:
    names = [row[1] for row in run("units", "list", "--kind", "ward").rows[1:]]
    assert names[:3] == ["Đảng ủy phường An Lộc Hạ", "Đảng ủy phường Bến Lúa", "Đảng ủy phường Cầu Đá"]
    assert names.index("Đảng ủy xã Gò Sậy") < names.index("Đảng ủy xã Lũng Mơ")


def test_units_below_one_are_listed_at_every_level(run: Any) -> None:
    assert {unit["code"] for unit in run("units", "list", "--below", "X.GS", "--json").json} == {"X.GS.CB1", "X.GS.CB2"}


def test_unit_is_shown_by_any_of_its_names_with_who_may_act_for_it(run: Any) -> None:
    shown = run("units", "show", "đảng bộ phường bến lúa", "--json").json
    assert shown["unit"]["code"] == "P.TT"
    assert [unit["code"] for unit in shown["above"]] == ["TP", "TINH"]
    assert shown["operators"] == {"hoa": ["coordinator"], "kiem": ["auditor"], "thu": ["clerk"]}


def test_tree_of_units_is_indented_by_depth(run: Any) -> None:
    rows = run("units", "tree", "P.MT").rows
    assert rows[1][:2] == ["Đảng ủy phường Mây Trắng", "P.MT"]
    assert rows[2][:2] == ["  Chi bộ tổ dân phố 1", "P.MT.CB1"]


def test_group_means_the_units_below_whoever_addresses_it(run: Any) -> None:
    members = run("units", "groups", "CDB", "--for", "P.MT", "--json").json["members"]
    assert [unit["code"] for unit in members] == ["P.MT.CB1", "P.MT.CB2"]
    refused = run("units", "groups", "CDB")
    assert refused.code == 1
    assert "means other units" in refused.err
    assert "cascade units groups" in run("units", "groups", "NOPE").err


def test_unit_that_does_not_exist_is_answered_with_the_nearest(run: Any) -> None:
    refused = run("units", "show", "Đảng ủy phường Bến Lứa Hạ")
    assert refused.code == 1
    assert "P.TT" in refused.err


# -- status ------------------------------------------------------------------------------------------------------------


def test_plans_are_listed_with_their_progress(run: Any) -> None:
    rows = run("plans").rows
    assert [row[0] for row in rows] == ["Number", "45-KH/TU", "12-KH/TU"]
    assert rows[2][4:7] == ["2/11", "18%", "8"]


def test_list_of_plans_that_is_cut_shows_the_newest_and_says_how_many_more_there_are(run: Any) -> None:
    cut = run("plans", "--limit", "1")
    assert [row[0] for row in cut.rows] == ["Number", "12-KH/TU"]
    assert cut.err == "1 more: add --all or --limit N.\n"
    assert [each["plan"]["number"] for each in run("plans", "--limit", "1", "--json").json] == ["12-KH/TU"]
    assert [run("plans", *more).err for more in (("--all",), ("--limit", "2"))] == ["", ""]


def test_status_lists_the_units_directly_below_that_are_in_a_state(run: Any) -> None:
    whole = run("status", "12-KH/TU", "--tree", "--json").json["nodes"]
    direct = {node["unit"] for node in whole if node["state"] == "issued" and node["depth"] == 1}
    shown = run("status", "12-KH/TU", "--state", "issued", "--json")
    assert {node["unit"] for node in shown.json["nodes"]} == direct == {"P.CD", "P.HT", "X.LM", "X.RT"}
    assert shown.err == "1 of the units further below, too: see them with --unit.\n"  # P.MT.CB2
    below = run("status", "12-KH/TU", "--unit", "P.MT", "--state", "issued")
    assert below.rows[-1][:3] == ["Chi bộ tổ dân phố 2", "P.MT.CB2", "Issued"]


def test_status_lists_the_units_that_are_overdue(run: Any) -> None:
    whole = run("status", "12-KH/TU", "--tree", "--json").json["nodes"]
    late = {node["unit"] for node in whole if node["lateness"] == "overdue" and node["depth"] == 1}
    shown = run("status", "12-KH/TU", "--overdue", "--json").json
    assert {node["unit"] for node in shown["nodes"]} == late
    assert shown["nodes_in_all"] == len(late) > 3
    both = run("status", "12-KH/TU", "--overdue", "--state", "issued", "--json").json["nodes"]
    assert {node["unit"] for node in both} == late & {"P.CD", "P.HT", "X.LM", "X.RT"}
    assert run("status", "12-KH/TU", "--overdue", "--tree").code == 2


@pytest.mark.parametrize("options", [("--tree",), ("--state", "issued"), ("--overdue",)])
@pytest.mark.parametrize("at", [(), ("--at", "2025-04-02")])
def test_status_that_is_cut_says_how_many_more_there_are(run: Any, options: tuple[str, ...], at: tuple[str, ...]) -> None:
    whole = run("status", "12-KH/TU", *options, *at, "--json").json
    cut = run("status", "12-KH/TU", *options, *at, "--limit", "3", "--json")
    assert len(cut.json["nodes"]) == 3
    assert cut.json["nodes_in_all"] == whole["nodes_in_all"] == len(whole["nodes"])
    assert f"{len(whole['nodes']) - 3} more: add --all or --limit N." in cut.err
    shown = [node["unit"] for node in whole["nodes"]]
    units = [node["unit"] for node in cut.json["nodes"]]
    assert units == shown[:3] if options != ("--tree",) else units[0] == shown[0] and set(units) < set(shown)


def test_state_that_does_not_exist_is_refused_with_those_that_do(run: Any) -> None:
    refused = run("status", "12-KH/TU", "--state", "reportd")
    assert refused.code == 1
    assert "reported" in refused.err


def test_units_were_in_a_state_as_it_was_recorded_then(run: Any) -> None:
    past = run("status", "12-KH/TU", "--state", "issued", "--at", "2025-03-14T10:00", "--json").json
    assert {node["state"] for node in past["nodes"]} == {"issued"}
    assert past["nodes_in_all"] == len(past["nodes"]) == 5


def test_status_counts_what_its_own_tree_shows(run: Any) -> None:
    shown = run("status", "12-KH/TU", "--tree", "--json").json
    units = [node for node in shown["nodes"] if node["kind"] == "recipient"]
    summary = shown["top"]["summary"]
    assert summary["by_state"] == dict(Counter(node["state"] for node in units))
    classes = Counter(node["lateness"] for node in units)
    assert {name: summary[name] for name in ("done_on_time", "done_late", "in_term", "overdue", "without_deadline", "out")} == {
        "done_on_time": 1, "done_late": 1, "in_term": 0, "overdue": 8, "without_deadline": 1, "out": 1,
    }  # fmt: skip
    assert classes["overdue"] == 8
    assert summary["required"] == len(units) - 1


def test_status_names_the_unit_that_holds_the_plan_back_and_its_way(run: Any) -> None:
    shown = run("status", "45-KH/TU", "--json").json
    assert shown["held_back_by"]["state"] == "issued"
    assert shown["way"][:3] == ["45-KH/TU", "TP", "12-KH/TU"]
    assert shown["way"][-1] == shown["held_back_by"]["unit"]
    assert "Held back by\t12-KH/TU › P.CD Đảng ủy phường Cầu Đá: Issued, overdue (31/03/2025)" in run("status", "12").out


def test_status_of_one_unit_is_its_own_part(run: Any) -> None:
    shown = run("status", "12-KH/TU", "--unit", "P.MT", "--tree", "--json").json
    assert [node["unit"] for node in shown["nodes"]] == ["P.MT", "P.MT.CB1", "P.MT.CB2"]
    assert shown["top"]["summary"]["required"] == 2


def test_status_of_the_past_is_as_it_was_recorded_then(run: Any) -> None:
    past = run("status", "12-KH/TU", "--at", "2025-03-14T08:00", "--json").json
    assert past["top"]["summary"]["by_state"] == {"issued": 12}  # done on the 13th, recorded on the 14th at nine
    later = run("status", "12-KH/TU", "--at", "2025-03-14T10:00", "--json").json
    assert later["top"]["summary"]["by_state"] == {"issued": 6, "disseminated": 6}


def test_status_before_the_plan_existed_is_refused(run: Any) -> None:
    refused = run("status", "12-KH/TU", "--at", "2025-03-01")
    assert (refused.code, refused.out) == (1, "")
    assert "Give a later moment" in refused.err


def test_unit_that_the_plan_does_not_address_is_refused_with_the_remedy(run: Any) -> None:
    refused = run("status", "12-KH/TU", "--unit", "TP.VP")
    assert refused.code == 1
    assert "cascade status 12-KH/TU --tree" in refused.err


def test_beginning_of_a_number_is_enough_and_several_are_asked_about(run: Any) -> None:
    assert run("status", "45", "--json").json["plan"]["number"] == "45-KH/TU"
    refused = run("status", "999")
    assert refused.code == 1
    assert "cascade plans" in refused.err


def test_labels_are_vietnamese_where_asked(run: Any) -> None:
    shown = run("status", "12-KH/TU", options=("--now", "2025-04-03", "--lang", "vi")).out
    assert "Chờ\t12-KH/TU › P.CD Đảng ủy phường Cầu Đá: Đã gửi, quá hạn (31/03/2025)" in shown
    assert "xong đúng hạn\t1" in shown


def test_status_of_a_suspended_instance_says_paused() -> None:
    assert labels.time("in_term", "paused", "en") == Words("paused", "warn")


# -- how it looks ------------------------------------------------------------------------------------------------------


def test_output_in_a_pipe_is_plain_text_in_columns(played: Path) -> None:
    shown = process(played, "status", "12-KH/TU", "--tree")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "\x1b" not in shown.stdout
    assert not set(shown.stdout) & set("─│├└█▓░━")
    tree = shown.stdout.split("\n\n")[1].splitlines()
    assert {line.count("\t") for line in tree} == {5}


def test_output_on_a_terminal_has_colours_and_a_bar_and_keeps_square_brackets(played: Path) -> None:
    shown = process(played, "status", "12-KH/TU", "--tree", FORCE_COLOR="1", COLUMNS="120", TERM="xterm-256color")
    assert "[đợt 1]" in shown.stdout
    assert "\x1b[32m████" in shown.stdout
    assert "├─" in shown.stdout


def test_remarks_in_square_brackets_are_shown_as_they_were_typed(played: Path) -> None:
    shown = process(played, "history", "12-KH/TU", "--unit", "P.AL", FORCE_COLOR="1", COLUMNS="200", TERM="xterm-256color")
    assert "thiếu số liệu [bảng 2]" in shown.stdout


def test_recorded_text_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    rendering.table(["name"], [["\x1b[2Jgone\tand\nback"]])
    assert capsys.readouterr().out == "name\n [2Jgone and back\n"


def test_branches_of_a_tree_end_where_nothing_follows() -> None:
    assert rendering._branches([0, 1, 2, 2, 1, 2]) == ["", "├─ ", "│  ├─ ", "│  └─ ", "└─ ", "   └─ "]


def test_tree_on_a_narrow_terminal_keeps_its_names(played: Path) -> None:
    shown = process(played, "status", "12-KH/TU", "--tree", FORCE_COLOR="1", NO_COLOR="1", COLUMNS="80", TERM="xterm-256color")
    assert "Cầu Đá" in shown.stdout


def test_bar_shows_every_part_that_is_not_empty() -> None:
    assert rendering._lengths([9_999, 1], 40) == [39, 1]
    assert sum(rendering._lengths([5, 1, 3], 48)) == 48


def test_due_at_midnight_is_shown_as_the_last_day_allowed() -> None:
    midnight = to_micros(dt.datetime(2025, 3, 31, 17, tzinfo=dt.UTC))
    assert labels.due(midnight, "vi") == "31/03/2025"
    assert labels.due(midnight - 9 * 3_600_000_000, "en") == "before 31/03/2025 15:00"
    assert labels.due(None, "en") == ""


def test_json_has_iso_dates_and_keeps_vietnamese() -> None:
    text = rendering.json_text({"due_at": 0, "day": dt.date(2025, 3, 31), "name": "Đồi", "head": b"\x01"})
    assert json.loads(text) == {"due_at": "1970-01-01T00:00:00.000000Z", "day": "2025-03-31", "name": "Đồi", "head": "01"}
    assert "Đồi" in text


def test_help_loads_nothing_heavy() -> None:
    listed = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli", "--help"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in listed.splitlines()}
    assert "click" in loaded
    assert loaded & {"sqlalchemy", "rich", "pydantic", "alembic", "dbos", "jinja2", "transitions", "holidays"} == set()


def test_missing_database_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    refused = process(tmp_path / "none.db", "plans")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert "cascade init" in refused.stderr
    assert not (tmp_path / "none.db").exists()


def test_wrong_usage_exits_with_two(played: Path) -> None:
    wrong = process(played, "statsu", "12-KH/TU")
    assert wrong.returncode == 2
    assert "status" in wrong.stderr


def test_reader_of_a_pipe_that_has_seen_enough_is_no_error(played: Path) -> None:
    command = f"{sys.executable} -m cli --db {played} history 12-KH/TU --json | head -1"
    shown = subprocess.run(["bash", "-c", command], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert (shown.stdout, shown.stderr) == ("[\n", "")


# -- coverage, inbox, lineage ------------------------------------------------------------------------------------------


def test_coverage_names_who_was_not_reached_and_who_did_not_pass_the_plan_on(run: Any) -> None:
    shown = run("coverage", "12-KH/TU", "--json").json
    assert shown["addressed"] == 12
    assert [each["unit"] for each in shown["not_acknowledged"]] == ["P.MT.CB2", "P.CD", "P.HT", "X.LM", "X.RT"]
    assert {each["unit"] for each in shown["not_passed_on"]} == {"P.TT", "X.GS"}
    assert len(shown["no_letter"]) == 11


def test_inbox_shows_what_is_due_and_what_may_be_done(run: Any) -> None:
    rows = run("inbox", "--unit", "P.CD").rows
    assert rows[1][:6] == ["31/03/2025", "overdue", "12-KH/TU", "Recipient unit", "Issued", "disseminate"]
    assert run("inbox", "--unit", "P.MT", "--json").json[0]["due_phrase"] == "chậm nhất ngày 31/3/2025"


def test_inbox_of_a_unit_that_is_done_is_empty(run: Any) -> None:
    shown = run("inbox", "--unit", "P.TT")
    assert (shown.code, shown.out, shown.err) == (0, "", "Nothing is waiting.\n")
    assert run("inbox", "--unit", "P.TT", "--json").json == []


def test_overdue_is_what_every_plan_counts_as_overdue(run: Any) -> None:
    counted = run("status", "45-KH/TU", "--json").json["top"]["summary"]["overdue"]
    late = run("overdue", "--json").json
    assert len([each for each in late if each["kind"] == "recipient"]) == counted > 3
    assert {each["lateness"] for each in late} == {"overdue"}
    assert [each["instance"]["due_at"] for each in late] == sorted(each["instance"]["due_at"] for each in late)
    cut = run("overdue", "--limit", "2")
    assert [row[1] for row in cut.rows[1:]] == [each["instance"]["unit"] for each in late[:2]]
    assert cut.err == f"{len(late) - 2} more: add --all or --limit N.\n"


def test_nothing_is_overdue_before_the_first_date(run: Any) -> None:
    shown = run("overdue", options=("--now", "2025-03-05", "--lang", "en"))
    assert (shown.code, shown.out, shown.err) == (0, "", "Nothing is overdue.\n")


def test_lineage_goes_from_the_top_decision_down(run: Any) -> None:
    shown = run("lineage", "12-KH/TU")
    assert [row[0] for row in shown.rows] == ["Number", "12-NQ/TW", "  45-KH/TU", "    12-KH/TU"]
    top = run("lineage", "12-KH/TU", "--json").json
    assert top["document"]["number"] == "12-NQ/TW"
    assert top["below"][0]["below"][0]["asked"] is True


# -- history and audit -------------------------------------------------------------------------------------------------


def test_history_tells_when_it_happened_and_when_it_was_recorded(run: Any) -> None:
    row = run("history", "12-KH/TU", "--unit", "P.AL").rows[2]
    assert row[:2] == ["14/03/2025 09:00", "13/03/2025 09:00"]
    assert row[5:9] == ["Disseminate", "Issued", "Disseminated", "thu"]


def test_history_tells_reason_fields_attachments_and_where_a_due_date_comes_from(run: Any) -> None:
    said = "\n".join(row[9] for row in run("history", "12-KH/TU", "--unit", "P.AL").rows)
    for words in ("reason: thiếu số liệu [bảng 2]", "participants=120", "attachments: bao-cao.txt", "“chậm nhất ngày 31/3/2025”"):
        assert words in said


def test_history_in_json_carries_the_hashes_that_chain_it(run: Any, played: Path) -> None:
    entries = run("history", "12-KH/TU", "--unit", "P.AL", "--json").json
    with sa.create_engine(f"sqlite:///{played}").connect() as connection:
        id = entries[0]["instance_id"]
        bodies = connection.scalars(sa.select(event.c.body).where(event.c.instance_id == id).order_by(event.c.seq)).all()
    chained = hashlib.sha256(f"plan-cascade instance {id}".encode()).digest()
    for entry, body in zip(entries, bodies, strict=True):
        chained = hashlib.sha256(chained + body.encode()).digest()
        assert entry["hash"] == chained.hex()


def test_replay_of_an_untouched_database_is_equal(run: Any) -> None:
    shown = run("audit", "replay", "--json")
    assert shown.code == 0
    assert shown.json == {"plan": None, "instances": 16, "events": 32, "equal": True, "divergence": None}


def test_replay_names_the_live_row_that_was_altered(own_copy: Path) -> None:
    with sa.create_engine(f"sqlite:///{own_copy}").begin() as connection:
        connection.execute(sa.update(instance).where(instance.c.id == 6).values(state="reported"))
    found = process(own_copy, "audit", "replay", "12-KH/TU")
    assert found.returncode == 1
    assert "Outcome\tdiffers" in found.stdout
    assert "Instance 6 (P.CD): state is 'reported', its history makes it 'issued'" in found.stderr


def test_verification_names_the_event_that_was_altered(own_copy: Path) -> None:
    with sa.create_engine(f"sqlite:///{own_copy}").begin() as connection:
        for trigger in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        altered = sa.func.replace(event.c.body, '"actor":"thu"', '"actor":"hoa"')
        connection.execute(sa.update(event).where(event.c.instance_id == 4, event.c.seq == 2).values(body=altered))
    found = process(own_copy, "audit", "verify", "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["divergence"]["seq"] == 2
    assert "Event 4/2 does not match its hash" in found.stderr


def test_root_that_was_kept_outside_is_compared(run: Any) -> None:
    root = run("audit", "verify", "--json").json["root"]
    assert run("audit", "verify", "--expect", root).code == 0
    refused = run("audit", "verify", "--expect", "0" * 64)
    assert refused.code == 1
    assert root in refused.err


def test_replay_of_the_past_prints_the_states_recorded_then(run: Any) -> None:
    rows = run("audit", "replay", "12-KH/TU", "--at", "2025-03-20", "--json").json
    states = {row["unit"]: row["state"] for row in rows if row["kind"] == "recipient"}
    assert (states["P.TT"], states["P.VN"], states["P.CD"]) == ("disseminated", "excused", "issued")


# -- workflows ---------------------------------------------------------------------------------------------------------


def test_definitions_are_listed_and_shown(run: Any) -> None:
    assert [row[0] for row in run("workflows", "list").rows[1:]] == ["conference", "plan", "recipient", "report_round"]
    rows = run("workflows", "show", "recipient").rows
    assert ["excuse", "Excuse", "issued, disseminated, conference_held, returned", "excused", "coordinator (unit above)"] in [
        row[:5] for row in rows
    ]


def test_unknown_definition_is_refused_with_those_that_there_are(run: Any) -> None:
    refused = run("workflows", "show", "nonsense")
    assert refused.code == 1
    assert "conference, plan, recipient, report_round" in refused.err


def test_sound_definition_is_called_sound_and_a_fault_is_named_with_its_line(run: Any, tmp_path: Path) -> None:
    text = (CHECKOUT / "workflows" / "definitions" / "conference.yaml").read_text(encoding="utf-8")
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace("guards: [conference_order]", "guards: [full_moon]"), encoding="utf-8")
    assert run("workflows", "check", str(good)).out == f"{good}: sound (conference 1, 6 states, 26 moves)\n"
    refused = run("workflows", "check", str(bad))
    line = text[: text.index("guards:")].count("\n") + 1
    assert refused.code == 1
    assert f"{bad}:{line}: there is no guard 'full_moon'" in refused.err


@pytest.mark.parametrize("form", ["mermaid", "dot"])
@pytest.mark.parametrize("name", ["plan", "recipient", "conference", "report_round"])
def test_diagram_shows_every_state_and_every_trigger(run: Any, name: str, form: str) -> None:
    shown = run("workflows", "diagram", name, "--format", form).out
    definition = run("workflows", "show", name, "--json").json
    assert shown.startswith("stateDiagram-v2\n" if form == "mermaid" else f"digraph {name} {{\n")
    for word in (*definition["states"], *(transition["trigger"] for transition in definition["transitions"])):
        assert word in shown
