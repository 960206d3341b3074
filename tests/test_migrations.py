"""The layout: up and down on both databases, what check() finds, and that history cannot be rewritten."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import workflows.tables  # noqa: F401  (its tables belong to the metadata)
from engine.database import HEAD, VERSION_TABLE, Database
from engine.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseReadOnly,
    StorageError,
)
from engine.migrations import APPEND_ONLY, check, current, downgrade, migrations_folder, upgrade
from engine.tables import metadata
from tests.conftest import only_sqlite
from tests.postgresql import Server

HASH = b"\x00" * 32

NEXT_MIGRATION = '''
"""A migration after the newest, for tests."""
import sqlalchemy as sa
from alembic import op
revision = "9001"
down_revision = "{head}"
def upgrade():
    {upgrade}
def downgrade():
    {downgrade}
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any layout."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/empty.db")
        yield database
        database.close()
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.create(empty=True)
    database = Database(url)
    yield database
    database.close()
    server.drop(url)


def run(database: Database, statement: str, *values: object) -> None:
    """Write by hand, past the store. Question marks in ``statement`` stand for the values, one after the other."""
    parts = statement.split("?")
    text = "".join(f"{part}:v{at}" for at, part in enumerate(parts[:-1])) + parts[-1]
    with database.write() as connection:
        connection.execute(sa.text(text), {f"v{at}": value for at, value in enumerate(values)})


def fill_history(database: Database) -> None:
    """One definition, one instance, one event, one attachment."""
    run(database, "INSERT INTO pc_definition (id, name, version, digest, source) VALUES (1, 'plan', 1, 'd', '{}')")
    run(
        database,
        "INSERT INTO pc_instance (id, case_id, path, definition_id, assignee, state, rank, standing, revision, head)"
        " VALUES (1, 1, '1.', 1, 'A', 'issued', 0, 'open', 1, ?)",
        HASH,
    )
    run(database, "INSERT INTO pc_event (instance_id, seq, recorded_at, body, hash) VALUES (1, 1, 0, '{}', ?)", HASH)
    run(database, "INSERT INTO pc_attachment (digest, size, content) VALUES ('d', 1, ?)", b"x")


def tables(database: Database) -> set[str]:
    with database.read() as connection:
        return {name for name in sa.inspect(connection).get_table_names() if name.startswith("pc_")}


def with_next_migration(folder: Path, *, upgrade: str = "pass", downgrade: str = "pass") -> Path:
    """A copy of the migrations with one more at the end."""
    copy = shutil.copytree(migrations_folder(), folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9001_next.py").write_text(
        NEXT_MIGRATION.format(head=HEAD, upgrade=upgrade, downgrade=downgrade), encoding="utf-8"
    )
    return copy


# -- up and down -------------------------------------------------------------------------------------------------------


def test_upgrade_creates_exactly_the_declared_tables(empty: Database) -> None:
    assert upgrade(empty) is None
    assert tables(empty) == {*metadata.tables, VERSION_TABLE}
    assert check(empty, metadata) == []


def test_downgrade_removes_everything_and_upgrade_brings_it_back(empty: Database) -> None:
    upgrade(empty)
    fill_history(empty)
    downgrade(empty, "base")
    assert tables(empty) == {VERSION_TABLE}
    assert current(empty) is None
    upgrade(empty)
    assert check(empty, metadata) == []


def test_upgrade_of_a_current_database_changes_nothing(any_database: Database) -> None:
    with any_database.read() as connection:
        before = connection.exec_driver_sql("SELECT key, value FROM pc_meta").all()
    assert upgrade(any_database) == HEAD
    with any_database.read() as connection:
        assert connection.exec_driver_sql("SELECT key, value FROM pc_meta").all() == before


def test_each_installation_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = []
    for file in ("one.db", "two.db"):
        database = Database(f"sqlite:///{tmp_path / file}")
        upgrade(database)
        with database.read() as connection:
            names.append(connection.exec_driver_sql("SELECT value FROM pc_meta WHERE key = 'installation'").scalar_one())
        database.close()
    assert len({*names}) == 2
    assert all(len(name) == 32 for name in names)


def test_head_constant_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_import_nothing_of_the_program() -> None:
    for file in (migrations_folder() / "versions").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "engine" not in text.replace("engine's", "")
        assert "import workflows" not in text
        assert "from workflows" not in text


def test_a_new_sqlite_file_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.db")
    upgrade(database)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()


def test_upgrade_works_in_a_folder_whose_name_has_a_percent_sign(tmp_path: Path) -> None:
    folder = tmp_path / "100% sure"
    folder.mkdir()
    copy = with_next_migration(folder)
    database = Database(f"sqlite:///{tmp_path}/new.db")
    upgrade(database, folder=copy)
    assert current(database) == "9001"
    database.close()


# -- failing and waiting -----------------------------------------------------------------------------------------------


def test_failing_migration_leaves_nothing_behind(empty: Database, tmp_path: Path) -> None:
    broken = "op.create_table('pc_half', sa.Column('a', sa.Text)); op.execute('INSERT INTO pc_nowhere VALUES (1)')"
    copy = with_next_migration(tmp_path, upgrade=broken)
    with pytest.raises(sa.exc.DBAPIError, match="pc_nowhere"):
        upgrade(empty, folder=copy)
    assert tables(empty) == set()
    assert current(empty) is None
    upgrade(empty)
    with pytest.raises(sa.exc.DBAPIError, match="pc_nowhere"):
        upgrade(empty, folder=copy)
    assert check(empty, metadata) == []


@only_sqlite  # which alone rebuilds tables
def test_rebuilding_a_table_keeps_the_rows_that_point_at_it(database: Database, tmp_path: Path) -> None:
    fill_history(database)
    rebuild = "batch = op.batch_alter_table('pc_instance', recreate='always')\n"
    rebuild += "    with batch as table: table.add_column(sa.Column('more', sa.Text))"
    upgrade(database, folder=with_next_migration(tmp_path, upgrade=rebuild))
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pc_event").scalar() == 1
        assert connection.exec_driver_sql("SELECT more FROM pc_instance").scalar_one() is None
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migration_that_breaks_a_reference_is_refused(database: Database, tmp_path: Path) -> None:
    fill_history(database)
    copy = with_next_migration(tmp_path, upgrade="op.execute('DELETE FROM pc_instance')")
    with pytest.raises((StorageError, sa.exc.IntegrityError), match="pc_event"):  # a server refuses by itself
        upgrade(database, folder=copy)
    assert current(database) == HEAD
    assert check(database, metadata) == []


def test_processes_that_upgrade_at_once_wait_for_each_other(empty: Database, checkout: Path) -> None:
    code = "import sys; from engine.database import Database; from engine.migrations import upgrade\n"
    code += "sys.stdin.read(1); print(upgrade(Database(sys.argv[1])))"
    command = [sys.executable, "-c", code, empty.url.render_as_string(hide_password=False)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, cwd=checkout, text=True, **pipes) for _ in range(4)]
    for process in processes:
        process.stdin.write("x")
        process.stdin.flush()
    answers = [process.communicate(timeout=120) for process in processes]
    assert [err for _, err in answers] == [""] * 4
    assert sorted(out.strip() for out, _ in answers) == [HEAD] * 3 + ["None"]
    assert check(empty, metadata) == []


@only_sqlite  # whose lock is on the whole database
def test_upgrade_says_that_another_process_holds_the_database(database: Database) -> None:
    impatient = Database(str(database.url), busy_seconds=0.1)
    with database.write(), pytest.raises(DatabaseLocked):
        upgrade(impatient)
    impatient.close()


# -- old, new, missing, damaged ----------------------------------------------------------------------------------------


def test_current_layout_is_accepted(any_database: Database) -> None:
    any_database.require_current()


def test_older_layout_is_refused(any_database: Database) -> None:
    run(any_database, f"UPDATE {VERSION_TABLE} SET version_num = '0000'")
    with pytest.raises(DatabaseOutdated, match="cascade db upgrade"):
        any_database.require_current()


def test_newer_layout_is_refused_also_by_upgrade(any_database: Database) -> None:
    run(any_database, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="9999"):
        any_database.require_current()
    with pytest.raises(DatabaseNewer, match="9999"):
        upgrade(any_database)
    with pytest.raises(DatabaseNewer, match="9999"):
        check(any_database, metadata)


def test_database_without_layout_counts_as_missing(empty: Database) -> None:
    assert current(empty) is None
    with pytest.raises(DatabaseMissing, match="cascade init"):
        empty.require_current()


def test_asking_for_the_revision_does_not_create_a_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none.db")
    assert current(database) is None
    assert not (tmp_path / "none.db").exists()


def test_upgrade_in_a_folder_that_does_not_exist_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing, match="folder"):
        upgrade(Database(f"sqlite:///{tmp_path}/nowhere/new.db"))


def test_upgrade_of_another_programs_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Kính gửi các đơn vị, " * 100, encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path}/letter.txt")
    with pytest.raises(DatabaseDamaged):
        upgrade(database)
    database.close()


def test_reading_connection_cannot_migrate(database: Database) -> None:
    with database.read() as connection, pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
        connection.exec_driver_sql("DROP TABLE pc_meta")
    with pytest.raises(DatabaseReadOnly), database.read() as connection:
        connection.exec_driver_sql("DROP TABLE pc_meta")


# -- what check() finds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("DROP INDEX ix_pc_instance_path", "The index ix_pc_instance_path is missing."),
        ("CREATE INDEX ix_pc_extra ON pc_unit (name)", "The index ix_pc_extra is not declared."),
        ("ALTER TABLE pc_unit ADD COLUMN extra TEXT", "The column pc_unit.extra is not declared."),
        ("ALTER TABLE pc_unit DROP COLUMN valid_from", "The column pc_unit.valid_from is missing."),
        ("DROP TABLE pc_basis", "The table pc_basis is missing."),
        ("CREATE TABLE pc_extra (a TEXT)", "The table pc_extra is not declared."),
    ],
)
def test_check_finds_a_changed_layout(any_database: Database, damage: str, problem: str) -> None:
    run(any_database, damage)
    assert problem in check(any_database, metadata)


@pytest.mark.parametrize(("table", "verb"), [(table, verb) for table, verbs in APPEND_ONLY.items() for verb in verbs])
def test_check_finds_a_dropped_trigger(any_database: Database, table: str, verb: str) -> None:
    if any_database.is_sqlite and verb == "TRUNCATE":
        assert check(any_database, metadata) == []  # SQLite knows no TRUNCATE
        return
    trigger = f"{table}_no_{verb.lower()}"
    run(any_database, f"DROP TRIGGER {trigger}" + ("" if any_database.is_sqlite else f" ON {table}"))
    assert check(any_database, metadata) == [f"The trigger {trigger}, which refuses {verb} on {table}, is missing or changed."]


def test_check_finds_a_trigger_that_no_longer_refuses(any_database: Database) -> None:
    if any_database.is_sqlite:
        run(any_database, "DROP TRIGGER pc_event_no_update")
        run(any_database, "CREATE TRIGGER pc_event_no_update BEFORE UPDATE ON pc_event BEGIN SELECT 1; END")
    else:
        run(any_database, "ALTER TABLE pc_event DISABLE TRIGGER pc_event_no_update")
    assert [problem[:31] for problem in check(any_database, metadata)] == ["The trigger pc_event_no_update,"]


def test_check_finds_a_trigger_function_that_was_replaced(postgresql_database: Database) -> None:
    body = "$$ BEGIN RETURN NEW; END $$"
    run(postgresql_database, f"CREATE OR REPLACE FUNCTION pc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS {body}")
    assert len(check(postgresql_database, metadata)) == sum(len(verbs) for verbs in APPEND_ONLY.values())


def test_check_finds_a_missing_check_constraint(postgresql_database: Database) -> None:
    run(postgresql_database, "ALTER TABLE pc_instance DROP CONSTRAINT ck_pc_instance_standing")
    assert check(postgresql_database, metadata) == ["The check ck_pc_instance_standing is missing."]


def test_check_finds_a_missing_foreign_key(postgresql_database: Database) -> None:
    run(postgresql_database, "ALTER TABLE pc_event DROP CONSTRAINT fk_pc_event_instance_id")
    assert check(postgresql_database, metadata) == ["The foreign key fk_pc_event_instance_id is missing."]


def test_check_finds_a_changed_type_and_default(postgresql_database: Database) -> None:
    run(postgresql_database, "ALTER TABLE pc_unit ALTER COLUMN email DROP DEFAULT")
    run(postgresql_database, "ALTER TABLE pc_unit ALTER COLUMN name TYPE bytea USING name::bytea")
    assert check(postgresql_database, metadata) == [
        "The column pc_unit.name has another type than declared.",
        "The column pc_unit.email has another default than declared.",
    ]


@only_sqlite  # a server checks it at every statement
def test_check_finds_a_row_that_points_nowhere(database: Database) -> None:
    with database.rebuild() as connection:
        connection.exec_driver_sql("INSERT INTO pc_grant (operator, role, unit) VALUES ('nobody', 'clerk', '*')")
    problems = check(database, metadata)
    assert problems == ["A row of pc_grant (1) points at a row of pc_operator that does not exist."]


def test_check_leaves_other_peoples_tables_alone(any_database: Database) -> None:
    run(any_database, "CREATE TABLE workflow_status (a TEXT)")
    assert check(any_database, metadata) == []


# -- append-only -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pc_event SET body = '[]'",
        "DELETE FROM pc_event",
        "UPDATE pc_definition SET source = '[]'",
        "DELETE FROM pc_definition",
        "UPDATE pc_attachment SET size = 2",
    ],
)
def test_history_refuses_to_be_rewritten(any_database: Database, statement: str) -> None:
    fill_history(any_database)
    with pytest.raises(StorageError, match="append-only"):
        run(any_database, statement)
    with any_database.read() as connection:
        assert connection.exec_driver_sql("SELECT body FROM pc_event").scalars().all() == ["{}"]
        assert connection.exec_driver_sql("SELECT source FROM pc_definition").scalars().all() == ["{}"]
        assert connection.exec_driver_sql("SELECT size FROM pc_attachment").scalars().all() == [1]


@pytest.mark.parametrize("table", ["pc_event", "pc_definition"])
def test_history_refuses_to_be_emptied(postgresql_database: Database, table: str) -> None:
    fill_history(postgresql_database)
    with pytest.raises(StorageError, match="append-only"):
        run(postgresql_database, f"TRUNCATE {table} CASCADE")
