"""The country's provinces and communes: what the data file holds, and how a directory takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.engine import Connection

from engine.database import Database
from engine.errors import Ambiguous, InputError
from workflows import directory, resolve
from workflows.entries import Unit
from workflows.national import arrangements
from workflows.resources import national_folder

OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2025, 11, 3)


@pytest.fixture(scope="module")
def units() -> tuple[Unit, ...]:
    return arrangements.every_unit()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        yield connection


def imported(connection: Connection, *days: date) -> None:
    for day in days:
        directory.import_parts(connection, arrangements.parts(day))


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        (OLD, {"centre": 1, "province": 63, "district": 696, "commune": 7692, "ward": 1726, "township": 617}),
        (NEW, {"centre": 1, "province": 34, "commune": 2621, "ward": 687, "special_zone": 13}),
    ],
)
def test_both_arrangements_are_complete(units: tuple[Unit, ...], on: date, kinds: dict[str, int]) -> None:
    assert Counter(unit.kind for unit in units if unit.valid_on(on)) == kinds


def test_every_code_is_there_once_and_every_parent_stands_before_its_units(units: tuple[Unit, ...]) -> None:
    seen: dict[str, Unit] = {}
    for unit in units:
        assert unit.code not in seen
        assert unit.parent is None or unit.parent in seen
        seen[unit.code] = unit
    for on in (OLD, NEW):
        there = [unit for unit in units if unit.valid_on(on)]
        assert [unit.code for unit in there if unit.parent and not seen[unit.parent].valid_on(on)] == []


def test_every_unit_ends_and_has_successors_or_goes_on(units: tuple[Unit, ...]) -> None:
    going_on = [unit.name for unit in units if unit.valid_on(OLD) and unit.valid_on(NEW) and unit.kind == "province"]
    assert len(going_on) == 11
    assert "Thành phố Hà Nội" in going_on
    rows = {row["code"]: row for row in arrangements._rows()}
    without = [unit for unit in units if not unit.valid_on(NEW) and not rows[unit.code]["became"]]
    islands = [unit for unit in units if unit.kind == "district" and rows[unit.code]["became"]]
    assert {unit.kind for unit in without} == {"district"}
    assert (len(without), len(islands)) == (691, 5)
    places = {code for row in rows.values() for code in row["became"].split(";") if code}
    assert places == {unit.code for unit in units if unit.valid_from == NEW}


def test_divided_commune_names_its_chief_successor_first() -> None:
    assert [unit.name for unit in arrangements.successors("X09019.cu")] == ["Xã Mê Linh", "Xã Quang Minh", "Xã Thiên Lộc"]
    assert [unit.name for unit in arrangements.successors("T02.cu")] == ["Tỉnh Tuyên Quang"]
    assert [unit.name for unit in arrangements.successors("H043.cu")][:2] == [
        "Xã Bảo Lạc",
        "Xã Cốc Pàng",
    ]  # a district's communes
    assert arrangements.successors("T01") == arrangements.successors("nowhere") == ()


def test_source_and_licence_stand_beside_the_data() -> None:
    notice = (national_folder() / "NOTICE.txt").read_text(encoding="utf-8")
    assert "vietnamadminunits 1.0.4" in notice
    assert "MIT License" in notice
    assert "Permission is hereby granted" in notice


def test_both_arrangements_stand_in_one_directory(connection: Connection) -> None:
    imported(connection, NEW, OLD)
    for on, provinces in ((OLD, 63), (NEW, 34)):
        assert len(directory.members(connection, "TINH-TP", relative_to="TW", on=on)) == provinces
    assert len(directory.members(connection, "XA-PHUONG-DK", relative_to="TW", on=NEW)) == 3321
    assert len(directory.members(connection, "HUYEN-QUAN", relative_to="TW", on=OLD)) == 696
    assert {unit.kind for unit in directory.children(connection, "T01", OLD)} == {"district"}
    assert len(directory.children(connection, "T01", NEW)) == 126


def test_importing_again_changes_nothing(connection: Connection) -> None:
    imported(connection, NEW)
    told: list[int] = []
    again = directory.import_parts(connection, arrangements.parts(NEW), progress=told.append)
    assert (len(again.added), len(again.changed), len(again.unchanged)) == (0, 0, 3356)
    assert told == sorted(told)
    assert told[-1] == 3356


def test_preview_of_all_parts_writes_nothing(connection: Connection) -> None:
    result = directory.import_parts(connection, arrangements.parts(NEW), dry_run=True)
    assert (len(result.added), result.groups.added) == (3356, ("TINH-TP", "XA-PHUONG-DK"))
    assert directory.all_units(connection) == []


def test_day_before_the_data_is_refused() -> None:
    with pytest.raises(InputError, match="known from 01/01/2025 on"):
        arrangements.parts(date(2024, 12, 31))


def test_names_of_party_committees_and_of_units_mean_the_same(connection: Connection) -> None:
    imported(connection, NEW)
    for text, code in (
        ("Tỉnh uỷ Cao Bằng", "T04"),
        ("tỉnh cao bằng", "T04"),
        ("Thành ủy TP. Hồ Chí Minh", "T79"),
        ("Đảng ủy phường Ba Đình", "X00004"),
        ("Đặc khu Trường Sa", "X22736"),
    ):
        assert directory.find(connection, text).code == code


def test_communes_whose_names_differ_by_a_tone_are_two(connection: Connection) -> None:
    imported(connection, NEW)
    assert directory.find(connection, "xã Văn Lăng").code == "X05665"
    with pytest.raises(Ambiguous):
        directory.find(connection, "xa van lang")
    phrases = ["Đảng ủy xã Văn Lăng", "Ban Thường vụ Đảng ủy xã Sơn Hạ", "các xã Sơn Hà, Sơn Hạ"]
    for issuer, phrase, codes in (
        ("T19", phrases[0], ["X05665"]),
        ("X02143", phrases[0], ["X05665"]),  # the neighbour of that name without the tone
        ("T51", phrases[1], ["X21292"]),
        ("T51", phrases[2], ["X21289", "X21292"]),
    ):
        found = resolve.resolve(connection, phrase, issuer=issuer, on=TODAY)
        assert [unit.code for unit in found.units] == codes, found


def test_name_without_a_day_means_the_unit_that_still_exists(connection: Connection) -> None:
    imported(connection, OLD, NEW)
    assert directory.find(connection, "Tỉnh Tuyên Quang").code == "T08"
    assert directory.find(connection, "Tỉnh Tuyên Quang", OLD).code == "T08.cu"
    assert directory.find(connection, "Tỉnh Hà Giang").code == "T02.cu"
