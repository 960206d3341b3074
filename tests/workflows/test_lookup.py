"""Looking names up by indexes finds what going through all names would find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from engine.database import Database
from workflows import directory
from workflows.entries import DirectoryFile, Unit
from workflows.lookup import Lookup, spellings

CHECKOUT = Path(__file__).resolve().parents[2]
DAY = date(2025, 3, 20)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


def loaded(connection: Connection, *names: str) -> None:
    units = tuple(Unit(code=f"U{place}", name=name, kind="unit") for place, name in enumerate(names))
    directory.import_units(connection, DirectoryFile(name="", units=units))


def test_every_name_of_a_directory_is_found_and_nothing_else(connection: Connection) -> None:
    for file in sorted((CHECKOUT / "tests" / "directories").glob("*.yaml")):
        directory.import_units(connection, directory.parse(file))
    entries = [*directory.all_units(connection, DAY), *directory.all_groups(connection)]
    wanted = {spelling for entry in entries for spelling in spellings(entry)}
    assert len(wanted) > 100
    index = Lookup(connection, directory.all_units(connection)[0].code, DAY)
    for spelling in wanted:
        answering = [entry.code for entry in entries if spelling in spellings(entry)]
        assert [entry.code for entry in index.named(spelling)] == answering


def test_committee_written_short_answers_to_both_its_names(connection: Connection) -> None:
    loaded(connection, "Văn phòng TU", "Báo cáo viên Tỉnh ủy và Thành ủy", "Các ban TU", "Chi bộ thôn Tụ")
    index = Lookup(connection, "U0", DAY)
    for spelling, codes in (
        ("van phong tinh uy", ["U0"]),
        ("van phong thanh uy", ["U0"]),
        ("van phong tu", ["U0"]),
        ("ban thanh uy", ["U2"]),
        ("bao cao vien tinh uy va thanh uy", ["U1"]),
        ("bao cao vien tu va thanh uy", []),
        ("chi bo thon tinh uy", []),
        ("chi bo thon tu", ["U3"]),
    ):
        assert [entry.code for entry in index.named(spelling)] == codes, spelling


def test_names_that_are_like_an_unknown_one_are_found_with_the_likest_first_by_score(connection: Connection) -> None:
    loaded(connection, "Đảng ủy xã Suối Biếc", "Đảng ủy xã Suối Bạc", "Đảng ủy xã Khe Vắng", "Văn phòng", "Ban Tổ chức TU")
    index = Lookup(connection, "U0", DAY)
    scored = {entry.code: score for entry, score in index.like("dang uy xa suot biec")}
    assert max(scored, key=lambda code: scored[code]) == "U0"
    assert "U3" not in scored
    assert [entry.code for entry, score in index.like("ban to chuc tinh uy") if score == 100] == ["U4"]


def test_units_around_the_issuer_are_proposed_before_others(connection: Connection) -> None:
    tree = {"T": None, "H": "T", "K": "T", "H1": "H", "H2": "H1", "K1": "K"}
    called = {"H1": "Xã Khe Vắn", "H2": "Chi bộ Khe Vắng", "K1": "Xã Khe Vắng"}
    units = tuple(Unit(code=code, name=called.get(code, f"Huyện {code}"), kind="x", parent=above) for code, above in tree.items())
    directory.import_units(connection, DirectoryFile(name="", units=units))
    found = {issuer: [entry.code for entry, _score in Lookup(connection, issuer, DAY).like("xa khe vang")] for issuer in tree}
    assert "K1" not in found["H"]
    assert "H1" in found["H"]
    assert "K1" in found["T"]
    assert "K1" in found["K"]
