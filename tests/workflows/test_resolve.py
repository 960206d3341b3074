"""What recipient phrases mean in a directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.engine import Connection

from engine.database import Database
from engine.errors import NotFound
from engine.tables import metadata
from workflows import directory, resolve
from workflows.entries import DirectoryFile, Group, Unit
from workflows.lookup import Lookup

CHECKOUT = Path(__file__).resolve().parents[2]
PLANS = CHECKOUT.parent / "shared" / "plans"
DIRECTORIES = CHECKOUT / "tests" / "directories"
ISSUERS = {"000": "TP", "001": "QU", "002": "HU", "003": "HU", "004": "TU"}
DAY = date(2025, 3, 20)


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.db)
    with database.write() as connection:
        yield connection
    database.close()


def unit(code: str, name: str, parent: str | None = None, kind: str = "cell", *aliases: str, **more: Any) -> Unit:
    return Unit(code=code, name=name, kind=kind, parent=parent, aliases=aliases, **more)


UNITS = (
    unit("T", "Tỉnh ủy Lam Giang", None, "committee", "Tỉnh ủy"),
    unit("T.TC", "Ban Tổ chức Tỉnh ủy", "T", "board"),
    unit("H", "Huyện ủy Đồi Thông", "T", "committee", "Huyện ủy"),
    unit("H.TG", "Ban Tuyên giáo Huyện ủy", "H", "board"),
    unit("H.TC", "Ban Tổ chức Huyện ủy", "H", "board"),
    unit("H.VP", "Văn phòng", "H", "office"),
    unit("H.MT", "Ủy ban MTTQ huyện", "H", "front"),
    unit("A", "Đảng ủy xã Khe Vắng", "H", "base"),
    unit("B", "Đảng ủy xã Suối Biếc", "H", "base"),
    unit("A.VP", "Văn phòng", "A", "office"),
    unit("A1", "Chi bộ thôn 1", "A"),
    unit("B1", "Chi bộ thôn 1", "B"),
    unit("B2", "Chi bộ thôn 2", "B", "cell", valid_until=date(2025, 3, 1)),
    unit("K", "Huyện ủy Núi Voi", "T", "committee", "Huyện ủy"),
    unit("K.TG", "Ban Tuyên giáo Huyện ủy", "K", "board"),
    unit("K.X", "Đảng ủy xã Thác Bụi", "K", "base"),
)
GROUPS = (
    Group(code="CDB", name="Các chi, đảng bộ trực thuộc", kinds=("base", "cell")),
    Group(code="BAN", name="Các ban Đảng", below="H", kinds=("board",)),
    Group(code="HOI", name="Các hội quần chúng huyện", below="H", kinds=("guild",)),
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with opened(tmp_path / "directory.db") as connection:
        directory.import_units(connection, DirectoryFile(name="", units=UNITS, groups=GROUPS))
        yield connection


def meant(connection: Connection, phrase: str, issuer: str | None = "H") -> tuple[str, list[str]]:
    found = resolve.resolve(connection, phrase, issuer=issuer, on=DAY)
    return found.how, [each.code for each in found.units]


@pytest.mark.parametrize("phrase", ["Ban Tổ chức Huyện ủy", "- BAN TO CHUC HUYEN UY;", "*Ban Tổ chức Huyện uỷ* (để t/h),"])
def test_a_name_is_found_whatever_its_dress(connection: Connection, phrase: str) -> None:
    assert meant(connection, phrase) == ("name", ["H.TC"])


def test_a_body_of_a_committee_means_the_committee(connection: Connection) -> None:
    assert meant(connection, "Ban Thường vụ Huyện ủy") == ("body", ["H"])
    assert meant(connection, "BTV Tỉnh ủy") == ("body", ["T"])
    assert meant(connection, "Bí thư các chi, đảng bộ trực thuộc") == ("body", ["A", "B"])


def test_a_name_means_the_unit_nearest_to_the_issuer(connection: Connection) -> None:
    assert meant(connection, "Văn phòng") == ("name", ["H.VP"])
    assert meant(connection, "Văn phòng", issuer="A") == ("name", ["A.VP"])
    assert meant(connection, "Văn phòng", issuer="B") == ("name", ["H.VP"])
    assert meant(connection, "Huyện ủy", issuer="K") == ("name", ["K"])


def test_an_equal_name_in_another_district_is_not_meant(connection: Connection) -> None:
    assert meant(connection, "Đảng ủy xã Thác Bụi") == ("unknown", [])
    assert meant(connection, "Đảng ủy xã Thác Bụi", issuer="T") == ("name", ["K.X"])


def test_a_tie_is_never_decided(connection: Connection) -> None:
    found = resolve.resolve(connection, "Chi bộ thôn 1", issuer="H", on=DAY)
    assert (found.how, found.units, found.is_open) == ("ambiguous", (), True)
    assert [(each.code, score) for each, score in found.candidates] == [("A1", 100.0), ("B1", 100.0)]


def test_two_readings_of_tu_are_a_tie(connection: Connection) -> None:
    directory.add(connection, unit("C", "Thành ủy Bến Trăng", "T", "committee"))
    directory.add(connection, unit("C.TC", "Ban Tổ chức Thành ủy", "C", "board"))
    assert meant(connection, "BTCTU", issuer="C") == ("ambiguous", [])
    assert meant(connection, "BTCTU", issuer="H") == ("name", ["T.TC"])


def test_a_relative_group_means_the_units_below_its_issuer(connection: Connection) -> None:
    assert meant(connection, "Các chi, đảng bộ trực thuộc") == ("name", ["A", "B"])
    assert meant(connection, "Các chi, đảng bộ trực thuộc", issuer="A") == ("name", ["A1"])
    assert resolve.resolve(connection, "các chi đảng bộ trực thuộc", issuer="A", on=DAY).group == "CDB"


def test_a_group_without_members_stays_open(connection: Connection) -> None:
    found = resolve.resolve(connection, "Các hội quần chúng huyện", issuer="H", on=DAY)
    assert (found.how, found.group, found.is_open) == ("empty_group", None, True)


@pytest.mark.parametrize(
    ("phrase", "codes"),
    [
        ("Ban Tuyên giáo, Ban Tổ chức Huyện ủy", ["H.TG", "H.TC"]),
        ("Các ban Đảng và Văn phòng", ["H.TG", "H.TC", "H.VP"]),
        ("Đảng ủy xã Khe Vắng, Suối Biếc", ["A", "B"]),
        ("Đảng ủy xã Khe Vắng; Ủy ban MTTQ huyện", ["A", "H.MT"]),
        ("Các chi, đảng bộ trực thuộc, Ban Tổ chức Huyện ủy", ["A", "B", "H.TC"]),
    ],
)
def test_a_list_means_all_its_parts(connection: Connection, phrase: str, codes: list[str]) -> None:
    how, found = meant(connection, phrase)
    assert how == "enumeration"
    assert sorted(found) == sorted(codes)


def test_a_list_with_an_unknown_part_stays_open(connection: Connection) -> None:
    found = resolve.resolve(connection, "Ban Tổ chức Huyện ủy, Ban Thi đua Huyện ủy", issuer="H", on=DAY)
    assert (found.how, found.units) == ("unknown", ())
    assert "H.TC" in [each.code for each, _score in found.candidates]


def test_a_list_with_an_ambiguous_part_stays_open(connection: Connection) -> None:
    found = resolve.meaning(Lookup(connection, "H", DAY), "Ban Tổ chức Huyện ủy, Chi bộ thôn 1")
    assert (found.how, found.entries, found.unknown) == ("ambiguous", (), ("Chi bộ thôn 1",))
    assert [(each.code, score) for each, score in found.candidates] == [("A1", 100.0), ("B1", 100.0)]


@pytest.mark.parametrize(
    ("phrase", "how"),
    [
        ("Các đồng chí Huyện ủy viên", "persons"),
        ("Đ/c Chủ nhiệm", "persons"),
        ("Như trên", "as_above"),
        ("Lưu Văn phòng Huyện ủy", "archive"),
    ],
)
def test_what_is_no_unit_is_said_to_be_none(connection: Connection, phrase: str, how: str) -> None:
    found = resolve.resolve(connection, phrase, issuer="H", on=DAY)
    assert (found.how, found.units, found.candidates, found.is_open) == (how, (), (), False)


def test_a_slip_of_the_scanner_is_proposed_not_decided(connection: Connection) -> None:
    found = resolve.resolve(connection, "Ban Tồ chúc Huyên ủy mới", issuer="H", on=DAY)
    assert (found.how, found.units) == ("unknown", ())
    best, score = found.candidates[0]
    assert best.code == "H.TC"
    assert 80 < score < 100


def test_swapped_words_are_not_the_same_name(connection: Connection) -> None:
    found = resolve.resolve(connection, "Đảng ủy xã Biếc Suối", issuer="H", on=DAY)
    assert found.units == ()
    assert found.candidates[0][0].code == "B"


def test_a_unit_that_has_ended_is_not_meant(connection: Connection) -> None:
    assert meant(connection, "Chi bộ thôn 2", issuer="B") == ("unknown", [])
    before = resolve.resolve(connection, "Chi bộ thôn 2", issuer="B", on=date(2025, 3, 1))
    assert [each.code for each in before.units] == ["B2"]


def test_an_issuer_is_found_without_an_issuer_when_its_name_stands_once(connection: Connection) -> None:
    assert meant(connection, "Ban Thường vụ Huyện ủy Núi Voi", issuer=None) == ("body", ["K"])
    assert meant(connection, "Ban Thường vụ Huyện ủy", issuer=None) == ("ambiguous", [])
    assert meant(connection, "Các chi, đảng bộ trực thuộc", issuer=None)[0] == "unknown"


def test_an_unknown_issuer_is_refused(connection: Connection) -> None:
    with pytest.raises(NotFound, match="'Z'"):
        resolve.resolve(connection, "Văn phòng", issuer="Z", on=DAY)


def test_many_phrases_are_answered_in_their_order(connection: Connection) -> None:
    found = resolve.resolve_all(connection, ["Văn phòng", "Như trên"], issuer="H", on=DAY)
    assert [each.phrase for each in found] == ["Văn phòng", "Như trên"]


@pytest.mark.parametrize("text", ["", ",", "()", "và, và; và", "các", "x, " * 40])
def test_no_phrase_breaks_it(connection: Connection, text: str) -> None:
    assert resolve.resolve(connection, text, issuer="H", on=DAY).units == ()


def test_the_example_city_has_what_its_plan_addresses(tmp_path: Path) -> None:
    phrases = [
        "Các Ban Xây dựng Đảng, Văn phòng Thành ủy",
        "Các chi, đảng bộ trực thuộc",
        "Ủy ban MTTQ, các phòng, ban, đoàn thể thành phố",
        "UBND thành phố",
        "Đảng ủy các phường, xã",
    ]
    with opened(tmp_path / "city.db") as connection:
        file = directory.parse(CHECKOUT / "examples" / "city" / "units.yaml")
        assert len(directory.import_units(connection, file).added) == 45
        found = resolve.resolve_all(connection, phrases, issuer="TP", on=DAY)
    assert {each.phrase: len(each.units) for each in found} == dict(zip(phrases, [4, 15, 10, 1, 9], strict=True))


# -- the real documents -------------------------------------------------------------------------------------------------

INFORMED = ("persons", "as_above", "archive")


def facts(number: str) -> dict[str, Any]:
    if not PLANS.is_dir():
        pytest.skip("the real documents are not here")
    return dict(yaml.safe_load((PLANS / "facts.yaml").read_text(encoding="utf-8"))[number])


@pytest.mark.parametrize("number", ISSUERS)
def test_every_acting_recipient_of_the_real_documents_is_found(tmp_path: Path, number: str) -> None:
    said = facts(number)
    recipients = [*said["kinh_gui"], *said["noi_nhan"]]
    with opened(tmp_path / "real.db") as connection:
        directory.import_units(connection, directory.parse(DIRECTORIES / f"{number}.yaml"))
        found = resolve.resolve_all(connection, [each["q"] for each in recipients], issuer=ISSUERS[number], on=DAY)
    assert [each.phrase for each in found if not each.units and each.how not in INFORMED] == []
    filed = [each.phrase for each, said in zip(found, recipients, strict=True) if said.get("purpose") == "lưu"]
    assert [each.phrase for each in found if each.how == "archive"] == filed
    persons = [each.phrase for each in found if each.how == "persons"]
    assert persons == [each["q"] for each in recipients if each["q"].startswith("Các đồng chí")]


@pytest.mark.parametrize(
    ("number", "phrase", "codes"),
    [
        ("000", "Thường trực HĐND, UBND Thành phố", {"TP.HDND", "TP.UBND"}),
        ("000", "Các chi, đảng bộ trực thuộc", {"P.SIM", "P.GAO", "X.SUOI", "DB.YTE", "CB.TRUONG"}),
        ("001", "BTVQU", {"QU"}),
        ("001", "Ban TGDVTU", {"TU.BTGDV"}),
        ("002", "Ban Tuyên giáo, Ban Tổ chức Huyện ủy", {"HU.BTG", "HU.BTC"}),
        (
            "004",
            "Ban Thường vụ các huyện, thành, thị ủy và Đảng ủy trực thuộc Tỉnh ủy",
            {"HU.THAC", "HU.NUI", "THU.BEN", "TXU.GIO", "DU.UBND", "DU.QS", "DU.CA"},
        ),
    ],
)
def test_phrases_of_the_real_documents_mean_these_units(tmp_path: Path, number: str, phrase: str, codes: set[str]) -> None:
    said = facts(number)
    assert phrase in [each["q"] for each in [*said["kinh_gui"], *said["noi_nhan"]]]
    with opened(tmp_path / "real.db") as connection:
        directory.import_units(connection, directory.parse(DIRECTORIES / f"{number}.yaml"))
        found = resolve.resolve(connection, phrase, issuer=ISSUERS[number], on=DAY)
    assert {each.code for each in found.units} == codes


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_every_unit_with_a_task_in_the_real_plans_is_found(tmp_path: Path, number: str) -> None:
    phrases = [task["unit"] for task in facts(number)["tasks"] if "unit" in task]
    with opened(tmp_path / "real.db") as connection:
        directory.import_units(connection, directory.parse(DIRECTORIES / f"{number}.yaml"))
        found = resolve.resolve_all(connection, phrases, issuer=ISSUERS[number], on=DAY)
    assert [each.phrase for each in found if not each.units] == []
