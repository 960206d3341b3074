"""Plurals, other words for a name, and names without marks, in directories that hold no groups and few aliases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.database import Database
from engine.tables import metadata
from workflows import directory, resolve
from workflows.entries import DirectoryFile, Group, Unit
from workflows.national import arrangements

CHECKOUT = Path(__file__).resolve().parents[2]
PLANS = CHECKOUT.parent / "shared" / "plans"
DAY = date(2025, 3, 20)
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)


def unit(code: str, name: str, parent: str | None = None, kind: str = "body", *aliases: str) -> Unit:
    return Unit(code=code, name=name, kind=kind, parent=parent, aliases=aliases)


UNITS = (
    unit("T", "Tỉnh ủy Lam Giang"),
    unit("T.TC", "Ban Tổ chức Tỉnh ủy", "T"),
    unit("T.KT", "Ủy ban Kiểm tra Tỉnh ủy", "T"),
    unit("T.VP", "Văn phòng Tỉnh ủy", "T"),
    unit("T.HDND", "Hội đồng nhân dân tỉnh", "T"),
    unit("T.UB", "Ủy ban nhân dân tỉnh Lam Giang", "T"),
    unit("T.SYT", "Sở Y tế Lam Giang", "T.UB"),
    unit("T.STC", "Sở Tài chính tỉnh Lam Giang", "T.UB"),
    unit("T.MT", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "T"),
    unit("T.ND", "Hội Nông dân tỉnh", "T.MT"),
    unit("T.TN", "Tỉnh đoàn Lam Giang", "T.MT"),
    unit("T.QS", "Đảng ủy Quân sự tỉnh", "T"),
    unit("T.DN", "Đảng ủy Khối Doanh nghiệp tỉnh", "T", "khối doanh nghiệp"),
    unit("H", "Huyện ủy Đồi Thông", "T"),
    unit("H.TC", "Ban Tổ chức Huyện ủy", "H"),
    unit("H.VP", "Văn phòng", "H"),
    unit("H.UB", "Ủy ban nhân dân huyện Đồi Thông", "H"),
    unit("H.PTC", "Phòng Tài chính huyện", "H.UB"),
    unit("H.TT", "Trung tâm Y tế huyện Đồi Thông", "H.UB"),
    unit("H.ND", "Hội Nông dân huyện", "H"),
    unit("K", "Thành ủy Bến Trăng", "T"),
    unit("K.UB", "Ủy ban nhân dân thành phố Bến Trăng", "K"),
    unit("K.P", "Đảng ủy phường Hoa Sim", "K"),
    unit("L", "Thị ủy Gió Ngàn", "T"),
    unit("A", "Đảng ủy xã Khe Vắng", "H"),
    unit("A.UB", "Ủy ban nhân dân xã Khe Vắng", "A"),
    unit("A.VP", "Văn phòng Đảng ủy", "A"),
    unit("B", "Đảng bộ xã Suối Biếc", "H"),
    unit("C", "Chi bộ Quận Đoàn Kết", "H"),
    unit("A1", "Chi bộ thôn 1", "A"),
)


def loaded(path: Path, *files: DirectoryFile) -> Database:
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.db)
    with database.write() as connection:
        for file in files:
            directory.import_units(connection, file)
    return database


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = loaded(tmp_path_factory.mktemp("province") / "x.db", DirectoryFile(name="", units=UNITS))
    yield database
    database.close()


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Both arrangements, without the groups that come with them."""
    parts = [replace(part, groups=()) for day in (NEW, OLD) for part in arrangements.parts(day)]
    database = loaded(tmp_path_factory.mktemp("country") / "x.db", *parts)
    yield database
    database.close()


def meant(database: Database, issuer: str, phrase: str, on: date = DAY) -> tuple[str, set[str]]:
    with database.read() as connection:
        found = resolve.resolve(connection, phrase, issuer=issuer, on=on)
    return found.how, {each.code for each in found.units}


# -- plurals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "phrase", "codes"),
    [
        ("T", "Các huyện, thành, thị ủy", "H K L"),
        ("T", "- Các huyện uỷ, thị uỷ, thành uỷ;", "H K L"),
        ("T", "Cac huyen, thi, thanh uy truc thuoc tinh", "H K L"),
        ("T", "Ban Thường vụ các huyện, thành, thị ủy", "H K L"),
        ("T", "Bí thư các huyện ủy, thành ủy", "H K"),
        ("T", "các huyện, thành phố, thị xã", ""),  # who of party and state is recorded for them, the directory does not say
        ("T", "UBND các huyện, thành phố", "H.UB K.UB"),
        ("T", "UBND huyện, thành phố", "H.UB K.UB"),
        ("T", "Chủ tịch UBND các huyện, thành phố trên địa bàn tỉnh", "H.UB K.UB"),
        ("T.UB", "UBND các huyện, thành phố", "H.UB K.UB"),
        ("T.UB", "Các sở", "T.SYT T.STC"),
        ("T", "Các sở, UBND các huyện", "T.SYT T.STC H.UB"),
        ("T", "Ban Tổ chức các huyện, thành, thị ủy", "H.TC"),
        ("T", "Đảng ủy các xã, phường", "A K.P"),
        ("T", "Các đảng bộ trực thuộc", "H K L T.QS T.DN"),
        ("T", "Đảng ủy trực thuộc Tỉnh ủy", "H K L T.QS T.DN"),
        ("T", "Các tổ chức chính trị - xã hội tỉnh", "T.ND T.TN"),
        ("H", "Các tổ chức CT-XH tỉnh Lam Giang", "T.ND T.TN"),
        ("H", "Các đoàn thể huyện", "H.ND"),
        ("T", "Các ban xây dựng Đảng Tỉnh ủy", "T.TC T.KT"),
        ("T", "Các cơ quan tham mưu, giúp việc Tỉnh ủy", "T.TC T.KT T.VP"),
        ("H", "Các cơ quan tham mưu, giúp việc cấp huyện", "H.TC H.VP"),
        ("H", "Các chi, đảng bộ trực thuộc Huyện ủy", "A B C"),
        ("H", "Các TCCSĐ trực thuộc", "A B C"),
        ("H.TC", "Các chi, đảng bộ cơ sở", "A B C"),
        ("H", "Các phòng, cơ quan, đơn vị thuộc UBND huyện", "H.PTC H.TT"),
        ("H", "Các ban, cơ quan, đơn vị thuộc Huyện ủy, UBND huyện", "H.TC H.VP H.PTC H.TT"),
        ("H", "Các phòng thuộc UBND huyện", "H.PTC"),
        ("T", "Các khối doanh nghiệp", "T.DN"),
        ("T", "Văn phòng Tỉnh ủy, các huyện, thành ủy", "T.VP H K"),
    ],
)
def test_a_plural_means_the_units_of_its_kind(province: Database, issuer: str, phrase: str, codes: str) -> None:
    assert meant(province, issuer, phrase)[1] == set(codes.split()), meant(province, issuer, phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "Các sở, ban, ngành",  # "ban" and "ngành" are what each directory says they are
        "Các đơn vị liên quan",
        "Các phòng, ban",
        "Các sở, Công an, UBND các huyện",  # a list of which one name is unknown
        "Các hội đồng các huyện",
        "HĐND, UBND các huyện",  # of the councils none is recorded
        "Các quận",  # "Quận Đoàn Kết" is a cell's name, "Quân sự" is another word
        "Các đồng chí bí thư các huyện, thành ủy",
    ],
)
def test_what_no_rule_defines_is_left_to_a_person(province: Database, phrase: str) -> None:
    assert meant(province, "T", phrase)[1] == set()


def test_a_kind_of_which_there_is_none_is_no_unit_of_that_name(province: Database) -> None:
    assert meant(province, "H", "Các huyện ủy") == ("empty_group", set())


def test_bodies_of_a_place_are_not_looked_for_in_places_below(tmp_path: Path) -> None:
    without = [each for each in UNITS if each.code not in ("T.TC", "T.KT", "T.VP")]
    database = loaded(tmp_path / "x.db", DirectoryFile(name="", units=tuple(without)))
    assert meant(database, "T", "Các ban xây dựng Đảng") == ("empty_group", set())
    database.close()


@settings(max_examples=30, deadline=None)
@given(st.permutations(["huyện", "thành", "thị"]), st.sampled_from([", ", " và ", "; "]), st.sampled_from(["Các", "các", "CÁC"]))
def test_the_order_of_a_list_does_not_matter(province: Database, kinds: list[str], last: str, each: str) -> None:
    phrase = f"{each} {', '.join(kinds[:2])}{last}{kinds[2]} ủy"
    assert meant(province, "T", phrase) == ("kind", {"H", "K", "L"})


def test_a_recorded_group_of_the_same_kinds_is_meant_in_whatever_order(tmp_path: Path) -> None:
    group = Group(code="HTT", name="Các huyện, thành, thị ủy", members=("H", "K", "L", "T.QS"))
    database = loaded(tmp_path / "x.db", DirectoryFile(name="", units=UNITS, groups=(group,)))
    for kinds in permutations(["huyện", "thành", "thị"]):
        assert meant(database, "T", f"Các {', '.join(kinds)} ủy")[1] == {"H", "K", "L", "T.QS"}
    database.close()


def test_an_office_addresses_the_groups_of_the_body_that_it_serves(tmp_path: Path) -> None:
    group = Group(code="CDB", name="Các chi, đảng bộ trực thuộc", kinds=("body",))
    database = loaded(tmp_path / "x.db", DirectoryFile(name="", units=UNITS, groups=(group,)))
    assert meant(database, "H.TC", "Các chi, đảng bộ trực thuộc") == meant(database, "H", "Các chi, đảng bộ trực thuộc")
    assert meant(database, "A", "Các chi, đảng bộ trực thuộc")[1] == {"A.UB", "A.VP", "A1"}
    database.close()


# -- other words for a name ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "phrase", "code"),
    [
        ("H", "Thường trực Huyện ủy", "H"),
        ("H", "BTVHU", "H"),
        ("H", "Ban Chấp hành Đảng bộ huyện", "H"),
        ("H", "Tỉnh ủy", "T"),
        ("H", "Ban Tổ chức", "H.TC"),
        ("H", "Ban Tổ chức Huyện ủy Đồi Thông", "H.TC"),
        ("H", "Ban Tổ chức Tỉnh ủy Lam Giang", "T.TC"),
        ("H", "VPHU", "H.VP"),
        ("H", "UBND", "H.UB"),
        ("H", "UBND huyện", "H.UB"),
        ("H", "Uy ban nhan dan huyen Doi Thong", "H.UB"),
        ("H", "UBMTTQ tỉnh", "T.MT"),
        ("H", "Mặt trận Tổ quốc tỉnh Lam Giang", "T.MT"),
        ("H", "TT Y tế", "H.TT"),
        ("H", "Đảng ủy xã Suối Biếc", "B"),
        ("H", "Đảng bộ xã Khe Vắng", "A"),
        ("T", "Đảng ủy xã Khe Vắng, huyện Đồi Thông", "A"),
        ("A", "VPĐU", "A.VP"),
        ("A", "Văn phòng Đảng ủy xã Khe Vắng", "A.VP"),
        ("T", "Sở Tài chính", "T.STC"),
        ("T", "Sở Y tế tỉnh", "T.SYT"),
        ("T", "Đoàn Thanh niên tỉnh", ""),  # "Tỉnh đoàn" is a name of its own
        ("A", "Văn phòng Huyện ủy", "H.VP"),
        ("K", "Văn phòng Thành ủy", ""),  # none is recorded, and another's is not meant
        ("T", "Đảng ủy xã Khe Vắng, huyện Đồi Thông, tỉnh Lam Giang", "A"),
        ("T", "UBND xã Khe Vắng huyện Đồi Thông", "A.UB"),
    ],
)
def test_a_body_is_known_by_any_of_its_usual_names(province: Database, issuer: str, phrase: str, code: str) -> None:
    assert meant(province, issuer, phrase)[1] == set(code.split())


def test_parts_of_a_list_that_nothing_is_known_of_are_named(province: Database) -> None:
    with province.read() as connection:
        index = resolve.Lookup(connection, "T", DAY)
        found = resolve.meaning(index, "Các sở, ban, ngành, UBND các huyện, Văn phòng Tỉnh ủyy")
    assert (found.how, found.entries) == ("unknown", ())
    assert found.unknown == ("ban, ngành", "Văn phòng Tỉnh ủyy")
    assert found.candidates[0][0].code == "T.VP"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ácxãhuyệntỉủyUBNDộ ,;và()-.", max_size=40))
def test_no_phrase_breaks_it(province: Database, phrase: str) -> None:
    meant(province, "T", f"Các {phrase}")
    meant(province, "H", phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        ", ".join(f"cơ quan số {n} của tỉnh nhà ta" for n in range(12)),
        ", ".join(f"TT TU hội đồng {n} TT các" for n in range(12)),
        "các " * 2000,
        "Đảng ủy xã " * 400,
        "TT " * 4000,
        "thuộc " * 3000,
        "a" * 100_000,
    ],
)
def test_a_hostile_phrase_is_answered_in_bounds(province: Database, phrase: str) -> None:
    started = time.process_time()
    assert meant(province, "A", phrase)[1] == set()
    assert time.process_time() - started < 10  # seconds; a quiet machine takes one


def test_many_phrases_are_each_looked_up(province: Database) -> None:
    """What one phrase may cost is bounded, and not what many do."""
    with province.read() as connection:
        phrases = [*(f"cơ quan số {n}, đơn vị số {n}, hội số {n} tỉnh" for n in range(80)), "Các huyện, thành, thị ủy"]
        found = resolve.resolve_all(connection, phrases, issuer="T", on=DAY)
    assert found[-1].how == "kind"


# -- the whole country -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "on", "phrase", "count"),
    [
        ("TW", OLD, "Các tỉnh ủy, thành ủy trực thuộc Trung ương", 63),
        ("TW", NEW, "các tỉnh, thành", 34),
        ("TW", NEW, "UBND các tỉnh, thành phố", 34),
        ("T04", OLD, "Các huyện, thành, thị ủy", 10),
        ("T04", OLD, "Thường trực HĐND, UBND các huyện, thành phố", 10),
        ("T04", OLD, "UBND các xã, phường, thị trấn", 161),
        ("T04", NEW, "Đảng ủy các xã, phường, đặc khu", 56),
        ("T04", NEW, "Các đảng bộ trực thuộc", 56),
        ("T04", NEW, "Các huyện, thành, thị ủy", 0),
        ("T04", NEW, "Uy ban nhan dan phuong Nung Tri Cao", 1),
        ("T04", NEW, "Đảng ủy phường Nùng Trí Cao, tỉnh Cao Bằng", 1),
        ("X01279", NEW, "HĐND tỉnh", 1),
        ("X01279", NEW, "UBND phường", 1),
    ],
)
def test_the_country_is_addressed_as_documents_do(country: Database, issuer: str, on: date, phrase: str, count: int) -> None:
    assert len(meant(country, issuer, phrase, on)[1]) == count


def test_a_unit_that_has_ended_is_proposed_what_took_its_place(country: Database) -> None:
    assert meant(country, "T08.cu", "Huyện ủy Na Hang", OLD)[0] == "name"
    with country.read() as connection:
        for phrase in ("Huyện ủy Yên Minh", "UBND huyện Yên Minh", "Thường trực HĐND huyen Yen Minh"):
            found = resolve.resolve(connection, phrase, issuer="T08", on=NEW)
            assert (found.how, found.units, found.is_open) == ("ended", (), True)
            assert found.candidates[0][0].name == "Xã Yên Minh"
            assert {unit.valid_from for unit, _score in found.candidates if isinstance(unit, Unit)} == {NEW}
        province = resolve.resolve(connection, "Tỉnh ủy Hà Giang", issuer="TW", on=NEW)
    assert [(each.code, score) for each, score in province.candidates] == [("T08", 100.0)]


# -- the real documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "issuer", "open_ones"), [("000", "TP", 1), ("001", "QU", 1), ("002", "HU", 0), ("003", "HU", 0), ("004", "TU", 1)]
)
def test_recipients_of_the_real_documents_are_found_without_a_group_or_alias(
    tmp_path: Path, number: str, issuer: str, open_ones: int
) -> None:
    """Those that stay open say "phòng, ban", "liên quan" or "ban, ngành"."""
    if not PLANS.is_dir():
        pytest.skip("the real documents are not here")
    said = yaml.safe_load((PLANS / "facts.yaml").read_text(encoding="utf-8"))[number]
    file = directory.parse(CHECKOUT / "tests" / "directories" / f"{number}.yaml")
    bare = replace(file, groups=(), units=tuple(replace(each, aliases=()) for each in file.units))
    database = loaded(tmp_path / "x.db", bare)
    phrases = [each["q"] for each in (*said["kinh_gui"], *said["noi_nhan"])]
    with database.read() as connection:
        found = resolve.resolve_all(connection, phrases, issuer=issuer, on=DAY)
    database.close()
    assert len([each.phrase for each in found if each.is_open]) == open_ones
