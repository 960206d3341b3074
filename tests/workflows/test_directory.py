"""The directory: its files, units, groups, operators and grants."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from engine.database import Database
from engine.errors import AlreadyExists, Ambiguous, InputError, NotAuthorised, NotFound
from engine.tables import metadata
from workflows import directory
from workflows.entries import DirectoryFile, Grant, Group, Operator, Unit

DAY = date(2025, 7, 1)


@pytest.fixture
def connection(any_database: Database) -> Iterator[Connection]:
    with any_database.write() as connection:
        yield connection


def unit(code: str, parent: str | None = None, name: str | None = None, **more: Any) -> Unit:
    return Unit(code=code, name=name or f"Đơn vị {code}", kind=more.pop("kind", "cell"), parent=parent, **more)


def load(connection: Connection, *units: Unit, **more: Any) -> directory.ImportResult:
    return directory.import_units(connection, DirectoryFile(name="", units=units, **more))


def written(tmp_path: Path, text: str, name: str = "units.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def codes(units: list[Unit]) -> list[str]:
    return [each.code for each in units]


# -- files --------------------------------------------------------------------------------------------------------------

YAML = """\
units:
  - code: TP
    name: Thành ủy Sông Mây
    kind: city
    aliases: [Thành ủy]
    email: vp@example.org
  - code: 00097
    name:  Đảng ủy   phường Mây Trắng
    kind: ward
    parent: TP
    email: [a@example.org, b@example.org]
    valid_from: 2025-07-01
groups:
  - code: CDB
    name: Các chi, đảng bộ trực thuộc
    kinds: [ward, cell]
  - code: ALL
    name: Tất cả
    below: TP
    deep: yes
operators:
  - name: lan
    title: Chánh Văn phòng
    grants:
      - role: clerk
        unit: TP
"""


def test_a_yaml_file_says_units_groups_operators_and_grants(tmp_path: Path) -> None:
    file = directory.parse(written(tmp_path, YAML))
    city, ward = file.units
    assert (city.aliases, city.email, city.parent) == (("Thành ủy",), ("vp@example.org",), None)
    assert (ward.code, ward.name, ward.valid_from) == ("00097", "Đảng ủy phường Mây Trắng", DAY)
    assert ward.email == ("a@example.org", "b@example.org")
    assert [(each.code, each.below, each.deep, each.kinds) for each in file.groups] == [
        ("CDB", None, False, ("ward", "cell")),
        ("ALL", "TP", True, ()),
    ]
    assert file.operators == (Operator(name="lan", title="Chánh Văn phòng"),)
    assert file.grants == (Grant(operator="lan", role="clerk", unit="TP"),)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_file_from_a_spreadsheet_says_the_same_units(tmp_path: Path, separator: str) -> None:
    rows = [
        ["code", "name", "kind", "parent", "email", "aliases", "valid_from", "valid_until"],
        ["TP", "Thành ủy Sông Mây", "city", "", "vp@example.org", "Thành ủy", "", ""],
        ["", "", "", "", "", "", "", ""],
        ["00097", "Đảng ủy phường Mây Trắng", "ward", "TP", '"a@example.org;b@example.org"', "", "2025-07-01", ""],
    ]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    by_csv = directory.parse(written(tmp_path, text, "units.csv"))
    assert by_csv.units == directory.parse(written(tmp_path, YAML)).units
    assert by_csv.lines["unit", "00097"] == 4


ONE = "units:\n  - {code: A, name: An, kind: cell"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (ONE + "}\n  - {code: A, name: Ba, kind: cell}", 3, "line 2 already"),
        (ONE + ", parents: B}", 2, "'parents' is not known here. Did you mean 'parent'?"),
        (ONE + "}\n  - code: B\n    kind: cell", 3, "'name' is missing"),
        (ONE + "}\n  - code: B\n    name:\n    kind: cell", 4, "'name' is missing"),
        (
            ONE + "}\n  - {code: B, name: Ba, kind: cell}\n  - code: C\n    name: Ba\n    kind: cell\n    parent:\n",
            4,
            "same name",
        ),
        (ONE + "}\n  - code: B\n    kind: cell\n    name: '--'", 5, "it is empty"),
        (ONE + "}\n  - code: B\n    name: Ba\n    kind: cell\n    valid_until: 2025-02-30", 6, "'2025-02-30' is not a day"),
        (ONE + "}\n  - code: B\n    name: Ba\n    kind: cell\n    valid_from: 20250701", 6, "Write it as 2025-07-01"),
        (ONE + ", valid_from: 2025-07-01, valid_until: 2025-06-30}", 2, "before it begins"),
        (
            ONE + "}\n  - code: B\n    name: Ba\n    kind: cell\n    email: [x@example.org, nobody]",
            6,
            "'nobody' is not an e-mail",
        ),
        (ONE + ', email: "x@example.org\\nBcc: y@example.org"}', 2, "is not an e-mail address"),
        (ONE + "}\n  - {code: B C, name: Ba, kind: cell}", 3, "'B C' cannot be a code"),
        (ONE + '}\n  - {code: "*", name: Ba, kind: cell}', 3, "cannot be a code"),
        (ONE + ", parent: A}", 2, "circle: A -> A"),
        (ONE + ", parent: B}\n  - {code: B, name: Ba, kind: cell, parent: A}", 2, "circle: A -> B -> A"),
        (ONE + "}\n  - {code: B, name: AN, kind: cell}", 3, "same name and parent as A (line 2)"),
        (ONE + "}\ngroups:\n  - {code: G, name: Ba}\n  - {code: H, name: Bà}", 5, "same name as the group G (line 4)"),
        (ONE + "}\ngroups:\n  - {code: G, name: Ba, deep: perhaps}", 4, "'deep'"),
        (ONE + "}\noperators:\n  - {name: lan, grants: [{role: boss, unit: A}]}", 4, "'role'"),
        ("- A\n- B\n", 1, "not a directory"),
        ("unit: []", 1, "'unit' is not known here. Did you mean 'units'?"),
    ],
)
def test_what_is_wrong_in_a_yaml_file_is_refused_at_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(InputError) as caught:
        directory.parse(written(tmp_path, text))
    assert says in str(caught.value)
    assert caught.value.line == line
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("code,name\nA,An\n", 1, "column 'kind' is missing"),
        ("code,name,kind,colour\n", 1, "column 'colour' is not known"),
        ("code,name,kind,code\n", 1, "'code' stands twice"),
        ("code,name,kind\nA,An,cell\nB,Ba,cell,x\n", 3, "4 cells under 3 columns"),
        ('code,name,kind\nA,"An\nlành",cell\nB,,cell\n', 4, "'name' is missing"),
        ("code,name,kind,email\nA,An,cell,nobody\n", 2, "'nobody' is not an e-mail address"),
        ('code,name,kind\nA,"An"x,cell\n', 2, "not valid CSV"),
    ],
)
def test_what_is_wrong_in_a_csv_file_is_refused_at_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(InputError) as caught:
        directory.parse(written(tmp_path, text, "units.CSV"))
    assert says in str(caught.value)
    assert caught.value.line == line


def test_equal_names_below_different_parents_are_allowed(tmp_path: Path) -> None:
    text = ONE + "}\n  - {code: B, name: Ba, kind: cell}\n  - {code: C, name: Tư, kind: x, parent: A}\n"
    file = directory.parse(written(tmp_path, text + "  - {code: D, name: Tư, kind: x, parent: B}\n"))
    assert len(file.units) == 4


def test_a_name_may_be_used_again_when_its_unit_has_ended(tmp_path: Path) -> None:
    text = ONE + ", valid_until: 2025-06-30}\n  - {code: B, name: An, kind: cell, valid_from: 2025-07-01}"
    assert len(directory.parse(written(tmp_path, text)).units) == 2


def nation() -> Iterator[list[str]]:
    for province in range(34):
        yield [f"T{province}", f"Tỉnh ủy {province}", "province", "", f"t{province}@example.org"]
    for commune in range(3287):
        yield [f"X{commune}", f"Đảng ủy xã Suối {commune}", "ward", f"T{commune % 34}", f"x{commune}@example.org"]


def test_a_national_directory_is_read_and_imported_in_seconds(tmp_path: Path, connection: Connection) -> None:
    heading = ["code,name,kind,parent,email"]
    path = written(tmp_path, "\n".join(heading + [",".join(row) for row in nation()]), "units.csv")
    begin = time.process_time()
    file = directory.parse(path)
    parsed = time.process_time() - begin
    assert len(directory.import_units(connection, file).added) == 3321
    assert parsed < 3  # about 0.2 s on a quiet machine
    assert time.process_time() - begin < 8


# -- importing ----------------------------------------------------------------------------------------------------------


def test_importing_again_changes_nothing(tmp_path: Path, connection: Connection) -> None:
    file = directory.parse(written(tmp_path, YAML))
    first = directory.import_units(connection, file)
    before = (directory.all_units(connection), directory.all_groups(connection), directory.list_grants(connection))
    second = directory.import_units(connection, file)
    assert (first.added, first.groups.added, first.grants.added) == (("TP", "00097"), ("CDB", "ALL"), ("lan clerk TP",))
    assert (second.added, second.changed, second.unchanged) == ((), (), ("TP", "00097"))
    assert (second.groups.unchanged, second.operators.unchanged) == (("CDB", "ALL"), ("lan",))
    assert (directory.all_units(connection), directory.all_groups(connection), directory.list_grants(connection)) == before


def test_a_dry_run_says_what_would_change_and_writes_nothing(any_database: Database) -> None:
    with any_database.write() as connection:
        load(connection, unit("A"))
    file = DirectoryFile(
        name="",
        units=(unit("A", name="Khác"), unit("B", "A")),
        groups=(Group(code="G", name="Nhóm"),),
        operators=(Operator(name="lan"),),
        grants=(Grant(operator="lan", role="clerk", unit="B"),),
    )
    with any_database.read() as connection:  # which cannot write
        result = directory.import_units(connection, file, dry_run=True)
        assert (result.added, result.changed, result.groups.added) == (("B",), ("A",), ("G",))
        assert codes(directory.all_units(connection)) == ["A"]
    with any_database.write() as connection:
        assert directory.import_units(connection, file) == result


def test_a_changed_entry_is_replaced_with_its_aliases(connection: Connection) -> None:
    load(connection, unit("A", aliases=("Cũ",)), groups=(Group(code="G", name="Nhóm"),))
    result = load(connection, unit("A", aliases=("Mới",)), groups=(Group(code="G", name="Nhóm", kinds=("cell",)),))
    assert (result.changed, result.groups.changed) == (("A",), ("G",))
    assert directory.find(connection, "mới").code == "A"
    with pytest.raises(NotFound):
        directory.find(connection, "cũ")


def test_units_that_the_file_does_not_mention_stay(connection: Connection) -> None:
    load(connection, unit("A"), unit("B", "A"))
    load(connection, unit("C", "B"))
    assert codes(directory.all_units(connection)) == ["A", "B", "C"]


def test_a_file_reopens_no_closed_unit(connection: Connection) -> None:
    load(connection, unit("A"))
    directory.close(connection, "A", DAY)
    assert load(connection, unit("A")).unchanged == ("A",)
    assert directory.get(connection, "A").valid_until == DAY


def test_a_parent_may_stand_in_the_directory_or_later_in_the_file(connection: Connection) -> None:
    load(connection, unit("A"))
    load(connection, unit("D", "C"), unit("C", "B"), unit("B", "A"))
    assert codes(directory.ancestors(connection, "D")) == ["C", "B", "A"]


def test_an_unknown_parent_is_refused_at_its_line(tmp_path: Path, connection: Connection) -> None:
    file = directory.parse(written(tmp_path, ONE + "}\n  - {code: B, name: Ba, kind: cell, parent: Z}\n"))
    with pytest.raises(InputError, match=r"units.yaml:3: the parent 'Z' of B"):
        directory.import_units(connection, file)


def test_a_circle_through_the_directory_is_refused(connection: Connection) -> None:
    load(connection, unit("A"), unit("B", "A"), unit("C", "B"))
    with pytest.raises(InputError, match="circle: A -> C -> B -> A"):
        load(connection, unit("A", "C"))
    assert directory.get(connection, "A").parent is None


def test_a_twin_in_the_directory_is_refused(tmp_path: Path, connection: Connection) -> None:
    load(connection, unit("A"), unit("B", "A", "Văn phòng"))
    file = directory.parse(written(tmp_path, "units:\n  - {code: C, name: VP, kind: cell, parent: A}\n"))
    with pytest.raises(InputError, match=r"units.yaml:2: C has the same name and parent as B"):
        directory.import_units(connection, file)


@pytest.mark.parametrize("group", [Group(code="G", name="N", below="Z"), Group(code="G", name="N", members=("A", "Z"))])
def test_a_group_of_unknown_units_is_refused(connection: Connection, group: Group) -> None:
    with pytest.raises(InputError, match="names the unit 'Z'"):
        load(connection, unit("A"), groups=(group,))


def test_a_grant_on_an_unknown_unit_is_refused(connection: Connection) -> None:
    with pytest.raises(InputError, match="granted clerk on 'Z'"):
        load(connection, unit("A"), operators=(Operator(name="lan"),), grants=(Grant(operator="lan", role="clerk", unit="Z"),))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(-1, 7)), max_size=12))
def test_no_sequence_of_imports_makes_a_circle(tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, int]]) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('moves') / 'd.db'}")
    metadata.create_all(database.db)
    with database.write() as connection:
        load(connection, *(unit(str(number)) for number in range(8)))
        for code, parent in moves:
            try:
                load(connection, unit(str(code), None if parent < 0 else str(parent)))
            except InputError:
                assert code == parent or directory.is_below(connection, str(parent), str(code))
        assert sorted(codes([each for _depth, each in directory.tree(connection)])) == [str(number) for number in range(8)]
    database.close()


# -- looking up ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["TP", "Thành ủy Sông Mây", "thanh uy song may", "THÀNH UỶ SÔNG MÂY", "Thành ủy", " TP "])
def test_a_unit_is_found_by_code_name_or_alias(connection: Connection, text: str) -> None:
    load(connection, unit("TP", name="Thành ủy Sông Mây", aliases=("Thành ủy",)))
    assert directory.find(connection, text).code == "TP"


def test_several_units_of_one_name_are_listed_with_their_codes(connection: Connection) -> None:
    load(connection, unit("A", name="Phường An"), unit("B", name="Phường Ba"))
    load(connection, unit("A1", "A", "Chi bộ 1"), unit("B1", "B", "Chi bộ 1"))
    with pytest.raises(Ambiguous) as caught:
        directory.find(connection, "chi bo 1")
    assert "A1 (Chi bộ 1, Phường An); B1 (Chi bộ 1, Phường Ba)" in str(caught.value)
    assert caught.value.facts["candidates"] == ["A1", "B1"]


def test_what_is_not_found_comes_with_the_nearest(connection: Connection) -> None:
    load(connection, unit("X1", name="Đảng ủy xã Suối Biếc"), unit("X2", name="Đảng ủy xã Gò Sậy"), unit("Q", name="Nông trường"))
    with pytest.raises(NotFound) as caught:
        directory.find(connection, "Đảng ủy xã Suốt Biếc")
    assert caught.value.facts["candidates"][0] == "X1"
    assert "Did you mean: X1 (Đảng ủy xã Suối Biếc)" in str(caught.value)
    with pytest.raises(NotFound, match="cascade units list"):
        directory.get(connection, "zzzzzzzz")


def test_on_a_day_only_units_that_exist_then_are_found(connection: Connection) -> None:
    yesterday = DAY - timedelta(days=1)
    load(connection, unit("OLD", name="Huyện ủy Cũ", valid_until=yesterday), unit("NEW", name="Huyện ủy Cũ", valid_from=DAY))
    assert directory.find(connection, "huyện ủy cũ", yesterday).code == "OLD"
    assert directory.find(connection, "huyện ủy cũ", DAY).code == "NEW"
    assert codes(directory.all_units(connection, DAY)) == ["NEW"]
    with pytest.raises(NotFound):
        directory.find(connection, "OLD", DAY)


def test_without_a_day_the_unit_that_has_not_ended_is_meant(connection: Connection) -> None:
    older, old = DAY - timedelta(days=9), DAY - timedelta(days=1)
    load(connection, unit("OLDER", name="Huyện ủy Cũ", valid_until=older))
    load(connection, unit("OLD", name="Huyện ủy Cũ", valid_from=older + timedelta(days=1), valid_until=old))
    with pytest.raises(Ambiguous):
        directory.find(connection, "huyện ủy cũ")
    load(connection, unit("NEW", name="Huyện ủy Cũ", valid_from=DAY))
    assert directory.find(connection, "huyện ủy cũ").code == "NEW"


def test_the_tree_is_walked_up_and_down(connection: Connection) -> None:
    load(connection, unit("A"), unit("C", "A", "Đa"), unit("B", "A", "Du"), unit("D", "C"), unit("Z"))
    assert codes(directory.children(connection, "A")) == ["B", "C"]
    assert codes(directory.descendants(connection, "A")) == ["B", "C", "D"]
    assert codes(directory.ancestors(connection, "D")) == ["C", "A"]
    assert directory.is_below(connection, "D", "A")
    assert not directory.is_below(connection, "A", "D")
    assert not directory.is_below(connection, "A", "A")
    assert [(depth, each.code) for depth, each in directory.tree(connection)] == [
        (0, "A"),
        (1, "B"),
        (1, "C"),
        (2, "D"),
        (0, "Z"),
    ]
    assert [(depth, each.code) for depth, each in directory.tree(connection, "C")] == [(0, "C"), (1, "D")]


def test_units_are_listed_in_alphabetical_order(connection: Connection) -> None:
    for code, name in enumerate(["Đa", "Chi bộ 10", "Du", "Chi bộ 2", "Ấm", "An"]):
        directory.add(connection, unit(f"U{code}", name=name))
    assert [each.name for each in directory.all_units(connection)] == ["An", "Ấm", "Chi bộ 2", "Chi bộ 10", "Du", "Đa"]


# -- single changes -----------------------------------------------------------------------------------------------------


def test_a_code_is_given_once(connection: Connection) -> None:
    directory.add(connection, unit("A"))
    with pytest.raises(AlreadyExists):
        directory.add(connection, unit("A", name="Khác"))
    with pytest.raises(InputError, match="parent 'Z'"):
        directory.add(connection, unit("B", "Z"))


def test_a_unit_can_be_changed(connection: Connection) -> None:
    directory.add(connection, unit("A"))
    directory.change(connection, replace(directory.get(connection, "A"), email=("x@example.org", "y@example.org")))
    assert directory.get(connection, "A").email == ("x@example.org", "y@example.org")
    with pytest.raises(NotFound):
        directory.change(connection, unit("B"))


def test_a_unit_closes_after_those_below_it(connection: Connection) -> None:
    load(connection, unit("A", valid_from=date(2020, 1, 1)), unit("B", "A"))
    with pytest.raises(InputError, match="1 units below A go on after 2025-07-01: B"):
        directory.close(connection, "A", DAY)
    directory.close(connection, "B", DAY)
    assert directory.close(connection, "A", DAY).valid_until == DAY
    assert directory.get(connection, "A").valid_on(DAY)
    assert directory.all_units(connection, DAY + timedelta(days=1)) == []
    with pytest.raises(InputError, match="cannot end"):
        directory.close(connection, "A", date(2019, 1, 1))


# -- groups -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def city(connection: Connection) -> Connection:
    units = [unit("TP", kind="city"), unit("W1", "TP", kind="ward"), unit("W2", "TP", kind="ward"), unit("C", "TP")]
    below = [unit("W1.1", "W1"), unit("W1.2", "W1", valid_until=DAY), unit("V", "W2", kind="office")]
    load(connection, *units, *below)
    return connection


@pytest.mark.parametrize(
    ("group", "addressed_by", "expected"),
    [
        (Group(code="G", name="N"), "TP", ["C", "W1", "W2"]),
        (Group(code="G", name="N", kinds=("cell",)), "TP", ["C"]),
        (Group(code="G", name="N", kinds=("cell",)), "W1", ["W1.1", "W1.2"]),
        (Group(code="G", name="N", kinds=("cell",), deep=True), "TP", ["C", "W1.1", "W1.2"]),
        (Group(code="G", name="N", below="TP", kinds=("ward",)), "W1", ["W1", "W2"]),
        (Group(code="G", name="N", below="W2"), None, ["V"]),
        (Group(code="G", name="N", members=("V", "C")), None, ["C", "V"]),
        (Group(code="G", name="N", kinds=("ward",), members=("V", "W1")), "TP", ["V", "W1", "W2"]),
    ],
)
def test_a_group_means_units_by_place_kind_and_name(
    city: Connection, group: Group, addressed_by: str | None, expected: list[str]
) -> None:
    load(city, groups=(group,))
    assert sorted(codes(directory.members(city, "G", relative_to=addressed_by, on=DAY))) == expected


def test_members_exist_on_the_day_that_is_asked_for(city: Connection) -> None:
    load(city, groups=(Group(code="G", name="N", members=("W1.1", "W1.2")),))
    assert codes(directory.members(city, "G", on=DAY + timedelta(days=1))) == ["W1.1"]


def test_a_relative_group_needs_to_know_who_addresses_it(city: Connection) -> None:
    load(city, groups=(Group(code="G", name="N"),))
    with pytest.raises(InputError, match="unit that addresses it"):
        directory.members(city, "G", on=DAY)


def test_an_unknown_group_comes_with_the_nearest(city: Connection) -> None:
    load(city, groups=(Group(code="CDB", name="Các chi, đảng bộ trực thuộc"),))
    with pytest.raises(NotFound, match="Did you mean: CDB"):
        directory.get_group(city, "cac chi dang bo")


# -- operators and grants -----------------------------------------------------------------------------------------------


def test_nobody_may_do_anything_without_a_grant(city: Connection) -> None:
    directory.add_operator(city, "lan", "Chánh Văn phòng")
    assert directory.roles_of(city, "lan", "TP") == set()
    with pytest.raises(NotAuthorised) as caught:
        directory.require(city, "lan", "clerk", "W1")
    assert "'lan' does not have the role clerk on W1 (Đơn vị W1)." in str(caught.value)
    assert caught.value.remedy == "An admin can give it with: cascade operators grant lan clerk W1"


def test_an_unregistered_operator_is_refused_as_such(city: Connection) -> None:
    for act in (
        lambda: directory.require(city, "ma", "clerk", "W1"),
        lambda: directory.require_all(city, "ma", "clerk", ["W1"]),
    ):
        with pytest.raises(NotAuthorised, match="'ma' is not registered"):
            act()
    with pytest.raises(NotFound, match="'ma' is not registered"):
        directory.grant(city, "ma", "clerk", "W1")


def test_a_grant_covers_the_unit_and_all_below_it_but_nothing_else(city: Connection) -> None:
    directory.add_operator(city, "lan")
    directory.grant(city, "lan", "clerk", "W1")
    directory.require(city, "lan", "clerk", "W1")
    directory.require(city, "lan", "clerk", "W1.1")
    for elsewhere in ("TP", "W2", "V", "C", "nowhere", "*"):
        assert directory.roles_of(city, "lan", elsewhere) == set(), elsewhere
    assert directory.roles_of(city, "lan", "W1.2") == {"clerk"}
    with pytest.raises(NotAuthorised):
        directory.require(city, "lan", "admin", "W1")


def test_a_grant_everywhere_covers_everything(city: Connection) -> None:
    directory.add_operator(city, "lan")
    directory.grant(city, "lan", "auditor", "*")
    directory.grant(city, "lan", "clerk", "TP")
    assert directory.roles_of(city, "lan", "W1.1") == {"auditor", "clerk"}
    directory.require(city, "lan", "auditor", "*")


def test_grants_follow_a_unit_that_moves(city: Connection) -> None:
    directory.add_operator(city, "lan")
    directory.grant(city, "lan", "clerk", "W1")
    directory.change(city, replace(directory.get(city, "V"), parent="W1"))
    directory.require(city, "lan", "clerk", "V")
    directory.change(city, replace(directory.get(city, "V"), parent="TP"))
    with pytest.raises(NotAuthorised):
        directory.require(city, "lan", "clerk", "V")


def test_many_units_are_asked_for_at_once(city: Connection) -> None:
    directory.add_operator(city, "lan")
    directory.grant(city, "lan", "clerk", "W1")
    directory.require_all(city, "lan", "clerk", ["W1", "W1.1"])
    with pytest.raises(NotAuthorised) as caught:
        directory.require_all(city, "lan", "clerk", ["W1", "V", "W2"])
    assert caught.value.facts["units"] == ["V", "W2"]
    with pytest.raises(NotAuthorised):
        directory.require_all(city, "lan", "coordinator", ["W1"])
    directory.grant(city, "lan", "coordinator", "*")
    directory.require_all(city, "lan", "coordinator", ["W1", "C"])


def test_asking_for_many_is_asking_for_each(city: Connection) -> None:
    directory.add_operator(city, "lan")
    directory.grant(city, "lan", "clerk", "W2")
    directory.grant(city, "lan", "clerk", "C")
    for each in directory.all_units(city):
        refused = "clerk" not in directory.roles_of(city, "lan", each.code)
        try:
            directory.require_all(city, "lan", "clerk", [each.code])
        except NotAuthorised:
            assert refused, each.code
        else:
            assert not refused, each.code


def test_a_grant_is_taken_away(city: Connection) -> None:
    directory.add_operator(city, "lan")
    assert directory.grant(city, "lan", "clerk", "TP")
    assert not directory.grant(city, "lan", "clerk", "TP")
    assert directory.list_grants(city) == [Grant(operator="lan", role="clerk", unit="TP")]
    with pytest.raises(NotFound, match="was not granted clerk on W1, but clerk on TP"):
        directory.revoke(city, "lan", "clerk", "W1")
    directory.revoke(city, "lan", "clerk", "TP")
    assert directory.roles_of(city, "lan", "TP") == set()


def test_the_last_admin_stays(city: Connection) -> None:
    directory.add_operator(city, "lan")
    directory.add_operator(city, "minh")
    directory.grant(city, "lan", "admin", "*")
    with pytest.raises(InputError, match="last admin"):
        directory.revoke(city, "lan", "admin", "*")
    directory.grant(city, "minh", "admin", "*")
    directory.revoke(city, "lan", "admin", "*")


def test_operators_are_listed_with_their_office(city: Connection) -> None:
    directory.add_operator(city, "minh")
    directory.add_operator(city, "lan", " Chánh  Văn phòng ")
    assert directory.list_operators(city) == [Operator(name="lan", title="Chánh Văn phòng"), Operator(name="minh")]
    with pytest.raises(AlreadyExists):
        directory.add_operator(city, "lan")


@pytest.mark.parametrize("name", ["", "hai từ", "a'; --", "system", "a\nb"])
def test_a_login_name_that_could_be_mistaken_is_refused(city: Connection, name: str) -> None:
    with pytest.raises(InputError):
        directory.add_operator(city, name)


@pytest.mark.parametrize(("role", "place", "error"), [("boss", "TP", InputError), ("clerk", "Z", NotFound)])
def test_a_grant_of_nothing_known_is_refused(city: Connection, role: str, place: str, error: type[Exception]) -> None:
    directory.add_operator(city, "lan")
    with pytest.raises(error):
        directory.grant(city, "lan", role, place)


def test_what_was_written_lasts_and_what_failed_leaves_no_trace(any_database: Database) -> None:
    with any_database.write() as connection:
        load(connection, unit("A"))

    def half() -> None:
        with any_database.write() as connection:
            load(connection, unit("B"))
            load(connection, unit("C", "Z"))

    with pytest.raises(InputError):
        half()
    with any_database.read() as connection:
        assert codes(directory.all_units(connection)) == ["A"]
