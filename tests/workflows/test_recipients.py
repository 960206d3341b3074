"""Seeing whom a plan's recipients mean, deciding it, and that the decision is kept: on the command line, and below it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from engine.database import Database
from engine.errors import InputError, NotAuthorised, NotFound
from tests.cli_case import CITY, CommandLine, process
from workflows import aliases, directory, recipients, resolve
from workflows.aliases import EVERYBODY
from workflows.entries import DirectoryFile, Group, Unit
from workflows.national import arrangements
from workflows.plans import Plan, Recipient

NOW = datetime(2025, 3, 11, 1, 0, tzinfo=UTC)
DAY = date(2025, 3, 11)
LETTER = """\
number: 31-CV/TU
date: 2025-03-10
type: CV
title: Về việc rà soát hồ sơ
issuer: Thành ủy Sông Mây
recipients:
  - text: Đảng ủy phường Hàng Châu
    purpose: act
  - text: Các đơn vị liên quan
    purpose: act
  - text: Văn phòng Thành ủy
    purpose: inform
  - text: Các đồng chí Thành ủy viên
    purpose: inform
"""


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line on the example city, where lan is everything and minh nothing yet."""
    monkeypatch.delenv("CASCADE_DB", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    run = CommandLine(tmp_path / "city.db", lambda: capsys.readouterr())
    run.done("init")
    run.done("units", "import", CITY / "units.yaml")
    run.done("operators", "add", "minh")
    return run


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.yaml"
    file.write_text(LETTER, encoding="utf-8")
    return file


def test_each_line_is_shown_with_whom_it_means_or_may_mean(city: CommandLine, letter: Path) -> None:
    ran = city.done("recipients", letter)
    assert [(row[0], row[-1]) for row in ran.rows] == [
        ("1", "not known"),
        ("2", "not known"),
        ("3", "its name"),
        ("4", "persons"),
    ]
    assert ran.rows[0][3].startswith("? P.HT Đảng ủy phường Hàng Trầu [92]")
    assert ran.rows[2][3] == "TP.VP Văn phòng Thành ủy"
    assert "2 recipient(s) are open on 10/03/2025" in ran.err
    line = city.done("recipients", letter, "--json").json["recipients"][0]
    assert (line["place"], line["how"], line["is_open"], line["means"]) == (1, "unknown", True, [])
    assert line["candidates"][0] == {"code": "P.HT", "name": "Đảng ủy phường Hàng Trầu", "units": 1, "score": 91.7}


def test_what_is_chosen_is_kept_and_issued(city: CommandLine, letter: Path) -> None:
    assert "2 recipient(s) are not settled" in city.refused("issue", letter)
    ran = city.done("recipients", letter, "--choose", "1=P.HT", "--choose", "2=PHONG, TP.BTC")
    assert [row[-1] for row in ran.rows[:2]] == ["a decision"] * 2
    assert ran.rows[1][3] == "TP.BTC Ban Tổ chức Thành ủy; PHONG Các phòng, ban chuyên môn thành phố (4 unit(s))"
    kept = city.done("units", "alias", "list", "--json").json
    assert [(each["alias"], each["code"], each["issuer"], each["decided_by"]) for each in kept] == [
        ("Các đơn vị liên quan", "PHONG", "TP", "lan"),
        ("Các đơn vị liên quan", "TP.BTC", "TP", "lan"),
        ("Đảng ủy phường Hàng Châu", "P.HT", "TP", "lan"),
    ]
    assert {each["decided_at"] for each in kept} == {"2025-03-10T02:00:00.000000Z"}
    issued = city.done("issue", letter, "--json").json
    assert {duty["unit"] for duty in issued["duties"]} == {"P.HT", "TP.BTC", "TP.PGD", "TP.PNV", "TP.PTC", "TP.PVH"}


def test_a_choice_decides_the_part_of_a_list_that_is_not_known_and_the_rest_stays(city: CommandLine, letter: Path) -> None:
    listed = "Văn phòng Thành ủy, Trung tâm Văn thể, Hội Nông dân thành phố"
    letter.write_text(LETTER.replace("Đảng ủy phường Hàng Châu", listed), encoding="utf-8")
    line = city.done("recipients", letter, "--json").json["recipients"][0]
    assert (line["unknown"], [each["code"] for each in line["known"]]) == (["Trung tâm Văn thể"], ["TP.VP", "TP.HND"])
    assert "TP.VP Văn phòng Thành ủy" in city.done("recipients", letter).out
    city.done("recipients", letter, "--choose", "1=TP.PVH")
    assert [(each["alias"], each["code"]) for each in city.done("units", "alias", "list", "--json").json] == [
        ("Trung tâm Văn thể", "TP.PVH")
    ]
    line = city.done("recipients", letter, "--json").json["recipients"][0]
    assert [each["code"] for each in line["means"]] == ["TP.VP", "TP.PVH", "TP.HND"]
    city.done("recipients", letter, "--choose", "1=TP.VP,TP.PVH,TP.HND")


def test_of_several_that_are_not_known_nobody_else_is_left_out(city: CommandLine, letter: Path) -> None:
    listed = "Trung tâm Văn thể, Văn phòng Thành ủy, Đài Phát sóng"
    letter.write_text(LETTER.replace("Đảng ủy phường Hàng Châu", listed), encoding="utf-8")
    refusal = city.refused("recipients", letter, "--choose", "1=TP.PVH")
    assert "Recipient 1 names several that are not known: Trung tâm Văn thể; Đài Phát sóng." in refusal
    assert "cascade units alias add NAME CODE --for TP" in refusal
    ran = city.done("recipients", letter, "--choose", "1=TP.PVH,TP.VP")
    assert ran.rows[0][3] == "TP.PVH Phòng Văn hóa và Thông tin thành phố; TP.VP Văn phòng Thành ủy"


def test_kinds_of_one_plural_are_shown_as_one_and_a_missing_purpose_is_said(city: CommandLine, letter: Path) -> None:
    letter.write_text(LETTER.replace("Đảng ủy phường Hàng Châu", "Các chi, đảng bộ trực thuộc"), encoding="utf-8")
    assert city.done("recipients", letter).rows[0][3].count("unit(s)") == 1
    letter.write_text(LETTER.replace("    purpose: act\n", "", 1), encoding="utf-8")
    assert "1 recipient(s) have no purpose: write act," in city.done("recipients", letter).err


def test_people_who_would_have_to_act_are_told_of_and_their_bodies_may_be_chosen(city: CommandLine, letter: Path) -> None:
    told = "is people: no unit would act. If their bodies are meant, decide with --choose."
    assert told not in city.done("recipients", letter).err  # they are only informed
    letter.write_text(
        LETTER.replace("inform", "act").replace("Các đồng chí Thành", "Các đồng chí bí thư, Thành"), encoding="utf-8"
    )
    assert f"Recipient 4 {told}" in city.done("recipients", letter).err
    assert told not in city.done("recipients", letter, "--choose", "4=TP.BTC").err


def test_a_rehearsed_choice_is_not_kept(city: CommandLine, letter: Path) -> None:
    ran = city.done("recipients", letter, "--choose", "1=P.HT", "--dry-run")
    assert ran.rows[0][-1] == "a decision"
    assert "Nothing was written" in ran.err
    assert city.done("units", "alias", "list", "--json").json == []


def test_importing_the_directory_again_takes_no_decision_back(city: CommandLine, letter: Path) -> None:
    city.done("recipients", letter, "--choose", "1=P.HT")
    city.done("units", "import", CITY / "units.yaml")
    assert city.done("recipients", letter).rows[0][-1] == "a decision"


@pytest.mark.parametrize(
    ("choice", "refusal"),
    [
        ("9=P.HT", "The plan has no recipient 9."),
        ("1=P.XX", "There is no unit 'P.XX'"),
        ("x", "takes N=CODE"),
        ("1=", "takes N=CODE"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(city: CommandLine, letter: Path, choice: str, refusal: str) -> None:
    ran = city("recipients", letter, "--choose", choice)
    assert ran.code in (1, 2)
    assert refusal in ran.err


def test_only_who_coordinates_an_issuer_decides_for_it(city: CommandLine, letter: Path) -> None:
    assert city("recipients", letter, by="minh").code == 0
    assert "minh" in city.refused("recipients", letter, "--choose", "1=P.HT", by="minh")
    city.done("operators", "grant", "minh", "coordinator", "TP")
    city.done("recipients", letter, "--choose", "1=P.HT", by="minh")
    assert "minh" in city.refused("units", "alias", "add", "Phòng GD", "TP.PGD", by="minh")
    assert "minh" in city.refused("units", "alias", "remove", "Đảng ủy phường Hàng Châu", "--for", "TINH", by="minh")
    city.done("units", "alias", "remove", "Đảng ủy phường Hàng Châu", "--for", "TP", by="minh")
    assert city.done("recipients", letter).rows[0][-1] == "not known"


def test_an_alias_for_all_is_a_name_like_any_other(city: CommandLine) -> None:
    city.done("units", "alias", "add", "Phòng GD", "TP.PGD")
    assert city.done("units", "show", "phong gd", "--json").json["unit"]["code"] == "TP.PGD"
    assert "Nothing was decided of 'Phòng X' for everybody" in city.refused("units", "alias", "remove", "Phòng X")
    city.done("units", "alias", "remove", "PHÒNG GD")
    assert city("units", "show", "phong gd").code == 1


def test_nobody_is_asked_where_there_is_no_terminal(city: CommandLine, letter: Path) -> None:
    assert "There is nobody to ask" in city.done("recipients", letter, "--ask").err


def test_a_person_at_a_terminal_is_asked_line_by_line(city: CommandLine, letter: Path) -> None:
    ours, theirs = os.openpty()
    os.write(ours, b"9,P.XX\n1\n\n")  # neither of these is there; the first one; leave the second line open
    options = ["--db", city.database, "--as", "lan", "--now", "2025-03-10T09:00"]
    ran = process(*options, "recipients", letter, "--ask", stdin=theirs)
    os.close(ours)
    os.close(theirs)
    assert (ran.returncode, ran.stdout.splitlines()[1].split("\t")[3]) == (0, "P.HT Đảng ủy phường Hàng Trầu"), ran.stderr
    assert "1) P.HT Đảng ủy phường Hàng Trầu [92]" in ran.stderr
    assert "There is no unit '9'" in ran.stderr
    assert "1 recipient(s) are open" in ran.stderr


def test_a_person_is_asked_of_each_part_that_is_not_known(city: CommandLine, letter: Path) -> None:
    listed = "Trung tâm Văn thể, Văn phòng Thành ủy, Đài Phát sóng"
    letter.write_text(LETTER.replace("Đảng ủy phường Hàng Châu", listed), encoding="utf-8")
    ours, theirs = os.openpty()
    os.write(ours, b"TP.PVH\nTP.PNV\n\n")
    options = ["--db", city.database, "--as", "lan", "--now", "2025-03-10T09:00"]
    ran = process(*options, "recipients", letter, "--ask", stdin=theirs)
    os.close(ours)
    os.close(theirs)
    assert ran.returncode == 0, ran.stderr
    kept = city.done("units", "alias", "list", "--json").json
    assert [(each["alias"], each["code"]) for each in kept] == [("Đài Phát sóng", "TP.PNV"), ("Trung tâm Văn thể", "TP.PVH")]


# -- below the command line ----------------------------------------------------------------------------------------------


@pytest.fixture
def connection(any_database: Database) -> Iterator[Connection]:
    units = (
        Unit(code="H", name="Huyện ủy Đồi Thông", kind="committee"),
        Unit(code="A", name="Đảng ủy xã Khe Vắng", kind="base", parent="H"),
        Unit(code="B", name="Đảng ủy xã Suối Biếc", kind="base", parent="H", valid_until=date(2025, 6, 30)),
        Unit(code="A1", name="Chi bộ thôn 1", kind="cell", parent="A"),
        Unit(code="B1", name="Chi bộ thôn 1", kind="cell", parent="B"),
    )
    with any_database.write() as connection:
        directory.import_units(
            connection, DirectoryFile(name="", units=units, groups=(Group(code="XA", name="Các xã", kinds=("base",)),))
        )
        directory.add_operator(connection, "lan")
        directory.grant(connection, "lan", "coordinator", "H")
        yield connection


def meant(connection: Connection, phrase: str, issuer: str = "H", on: date = DAY) -> tuple[str, list[str]]:
    found = resolve.resolve(connection, phrase, issuer=issuer, on=on)
    return found.how, [each.code for each in found.units]


def test_a_tie_is_decided_for_one_issuer_only(connection: Connection) -> None:
    assert meant(connection, "Chi bộ thôn 1") == ("ambiguous", [])
    aliases.decide(connection, "Chi bộ thôn 1", ["B1"], issuer="H", by="lan", now=NOW)
    assert meant(connection, "- CHI BỘ THÔN 1,") == ("decided", ["B1"])
    assert meant(connection, "Chi bộ thôn 1", issuer="A") == ("name", ["A1"])


def test_a_decision_holds_within_a_list_too(connection: Connection) -> None:
    aliases.decide(connection, "Các ban, ngành", ["XA", "A1"], issuer="H", by="lan", now=NOW)
    assert meant(connection, "Các ban, ngành") == ("decided", ["A1", "A", "B"])
    assert meant(connection, "Các ban, ngành; Đảng ủy xã Khe Vắng") == ("enumeration", ["A1", "A", "B"])


def test_both_databases_tell_kinds_alike(connection: Connection) -> None:
    assert meant(connection, "Đảng ủy các xã, phường") == ("kind", ["A", "B"])
    assert meant(connection, "Các chi, đảng bộ trực thuộc", on=date(2025, 7, 1)) == ("kind", ["A"])
    assert meant(connection, "Các chi bộ") == ("kind", ["A1", "B1"])
    assert meant(connection, "Các thôn") == ("empty_group", [])


def test_a_later_decision_takes_an_earlier_ones_place(connection: Connection) -> None:
    for codes in (["A", "B"], ["B"]):
        aliases.decide(connection, "Xã bạn", codes, issuer="H", by="lan", now=NOW)
    assert meant(connection, "xã bạn") == ("decided", ["B"])
    aliases.forget(connection, "XÃ BẠN", issuer="H")
    assert aliases.every(connection) == []
    with pytest.raises(NotFound, match="Xã bạn"):
        aliases.forget(connection, "Xã bạn", issuer="H")


def test_a_decision_for_a_unit_that_has_ended_is_asked_again(connection: Connection) -> None:
    aliases.decide(connection, "Xã bạn", ["A", "B"], issuer="H", by="lan", now=NOW)
    assert meant(connection, "Xã bạn")[1] == ["A", "B"]
    assert meant(connection, "Xã bạn", on=date(2025, 7, 1)) == ("unknown", [])


def test_an_alias_for_all_ties_with_an_equal_name(connection: Connection) -> None:
    aliases.decide(connection, "Xã bạn", ["A"], issuer=EVERYBODY, by="lan", now=NOW)
    assert meant(connection, "Xã bạn") == ("name", ["A"])
    assert meant(connection, "Ban Thường vụ xã bạn") == ("body", ["A"])
    aliases.decide(connection, "Chi bộ thôn 1", ["A"], issuer=EVERYBODY, by="lan", now=NOW)
    assert meant(connection, "Chi bộ thôn 1")[0] == "ambiguous"


def test_a_phrase_without_a_word_is_no_alias(connection: Connection) -> None:
    with pytest.raises(InputError, match="no word"):
        aliases.decide(connection, " -, ", ["A"], issuer="H", by="lan", now=NOW)


def test_what_the_plan_file_says_is_not_decided_again(connection: Connection) -> None:
    plan = Plan(
        recipients=(Recipient(text="Xã bạn", purpose="act", units=("A",)), Recipient(text="Các xã", purpose="act", group="XA"))
    )
    found = recipients.lines(connection, plan, issuer="H", on=DAY)
    assert [(each.how, [(named.code, named.units) for named in each.means]) for each in found] == [
        ("written", [("A", 1)]),
        ("written", [("XA", 2)]),
    ]
    with pytest.raises(InputError, match="plan file itself"):
        recipients.decide(connection, found, 1, ["B"], issuer="H", by="lan", now=NOW)
    with pytest.raises(NotAuthorised):
        recipients.decide(connection, found, 1, ["B"], issuer="H", by="minh", now=NOW)


def test_an_older_documents_unit_is_shown_as_it_was_beside_what_took_its_place(connection: Connection) -> None:
    for day in (date(2025, 7, 1), date(2025, 6, 30)):
        directory.import_parts(connection, arrangements.parts(day))
    plan = Plan(date=DAY, recipients=(Recipient(text="Huyện ủy Bảo Lạc", purpose="act"),))
    then = recipients.lines(connection, plan, issuer="T04", on=DAY)[0]
    assert (then.how, [each.code for each in then.means]) == ("name", ["H043.cu"])
    now = recipients.lines(connection, plan, issuer="T04", on=date(2025, 11, 3))[0]
    assert (now.how, now.means, [each.code for each in now.once], now.is_open) == ("ended", (), ["H043.cu"], True)
    assert now.candidates[0].name == "Xã Bảo Lạc"


def test_what_an_unknown_body_must_do_by_a_day_is_nobody_elses_duty(city: CommandLine, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    lines = LETTER.replace("phường Hàng Châu", "xã Rẫy Trong").replace("Các đơn vị liên quan", "Công ty Thủy nông Lam Giang")
    for who, due in (("Công ty Thủy nông Lam Giang", None), ("Các cơ quan, đơn vị", "2025-03-20T17:00:00Z")):
        plan.write_text(f"{lines}deadlines:\n  - phrase: trước ngày 21/3\n    due_date: 2025-03-20\n    who: ['{who}']\n")
        shown = city.done("issue", plan, "--dry-run", "--allow-unresolved", "--json").json
        (duty,) = shown["duties"]
        assert (duty["unit"], duty["due"] and duty["due"]["due_at"]) == ("X.RT", due)
