"""An installation moves from SQLite to PostgreSQL and back, whole: also when it is killed on the way, and not onto another."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import jobs, migrations, spawning, store, transfer
from engine.database import COPYING, HEAD, VERSION_TABLE, Database
from engine.deadlines import Deadlines
from engine.errors import (
    AlreadyExists,
    ConcurrencyError,
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseOutdated,
    DatabaseUnfinished,
    Divergence,
    InputError,
    StorageError,
)
from engine.tables import command, meta, metadata
from engine.transfer import Copied
from tests.city_case import day, move, play
from tests.cli_case import process
from tests.conftest import CHECKOUT
from tests.kit import MORNING, verified
from tests.postgresql import Server
from workflows import aliases
from workflows.installation import open_installation
from workflows.notices.transports import Maildir
from workflows.notices.worker import run_tick
from workflows.tables import message

SMALL = 7  # rows per transaction, so that there are many
DIRECTIONS = ["sqlite to postgresql", "postgresql to sqlite", "sqlite to sqlite", "postgresql to postgresql"]


@pytest.fixture(scope="module")
def played(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month in the example city, with letters; copy it."""
    folder = tmp_path_factory.mktemp("played")
    file = Path(shutil.copyfile(migrated_file, folder / "city.db"))
    database = Database(f"sqlite:///{file}")
    play(database)
    database.close()
    run_tick(f"sqlite:///{file}", transport=Maildir(folder / "mail"), now=day(3, 30))
    database = Database(f"sqlite:///{file}")
    assert Deadlines(open_installation(database).runtime).sweep(day(4, 6)) > 5
    with database.write() as connection:
        connection.execute(sa.update(meta).values(value="5d1c"))  # the tests' databases are all copies of one
        store.keep_answer(connection, "Đ-1", "request", "{}", 0)
        aliases.decide(connection, "Đ.ủy P. Hàng Châu", ["P.HT"], issuer="TP", by="lan", now=MORNING)
        store.attach(connection, bytes(range(256)) * 100)
        spawning.leave(connection, 1, [spawning.Alike(["TINH.BTGDV"], data={"purpose": "act"})])
    database.close()
    return file


@pytest.fixture
def source(played: Path, tmp_path: Path) -> Iterator[Database]:
    """The city on SQLite."""
    database = Database(f"sqlite:///{shutil.copyfile(played, tmp_path / 'source.db')}")
    yield database
    database.close()


@pytest.fixture
def empty(postgresql: Server) -> Iterator[Database]:
    """A PostgreSQL database in which there is nothing at all."""
    url = postgresql.create(empty=True)
    database = Database(url)
    yield database
    database.close()
    postgresql.drop(url)


@pytest.fixture(params=DIRECTIONS)
def pair(request: pytest.FixtureRequest, source: Database, tmp_path: Path) -> tuple[Database, Database]:
    """The city in one database, and where it is to go."""
    origin, _, goal = request.param.partition(" to ")
    if origin == "postgresql":
        server: Database = request.getfixturevalue("postgresql_database")
        with server.write() as connection:  # a server without an installation of its own
            connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}, {', '.join(metadata.tables)} CASCADE")
            connection.exec_driver_sql("DROP FUNCTION pc_refuse_change()")
        copied(source, server)
        source = server
    target = request.getfixturevalue("empty") if goal == "postgresql" else Database(f"sqlite:///{tmp_path / 'target.db'}")
    return source, target


def copied(source: Database, target: Database, **options: Any) -> Copied:
    return transfer.copy(source, target, metadata, **options)


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    with database.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for name, table in metadata.tables.items()
        }


def require_unfinished(database: Database) -> None:
    """No command takes the database for an installation."""
    with pytest.raises(DatabaseUnfinished, match="db copy"):
        database.require_current()
    with pytest.raises(DatabaseUnfinished):
        migrations.upgrade(database)


# -- whole -------------------------------------------------------------------------------------------------------------


def test_a_copy_holds_every_row_and_the_same_history(pair: tuple[Database, Database]) -> None:
    source, target = pair
    done = copied(source, target)
    assert contents(target) == contents(source)
    assert all(contents(target)[name] for name in metadata.tables if name != "pc_command")
    assert done.root == verified(source).root == verified(target).root
    assert done.rows == {name: len(rows) for name, rows in contents(source).items()}
    assert done.copied == sum(done.rows.values()) - done.rows["pc_meta"]
    assert migrations.check(target, metadata) == []


def test_an_installation_goes_on_working_where_it_was_copied_to(pair: tuple[Database, Database], tmp_path: Path) -> None:
    source, target = pair
    copied(source, target)
    city = open_installation(target)
    move(city, "P.AL", "report", day(4, 1), summary="Đã bổ sung")
    url = target.url.render_as_string(hide_password=False)
    run_tick(url, transport=Maildir(tmp_path / "mail"), now=day(4, 2))
    with target.write() as connection:
        first = store.enqueue(connection, "note", {}, 0)  # the numbers go on
    before = contents(source)
    assert first > max(row[0] for row in before["pc_outbox"])
    assert len(contents(target)["pc_event"]) > len(before["pc_event"])
    verified(target)


def test_batches_of_any_size_make_the_same_copy(source: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "BATCH_BYTES", 5_000)  # less than one letter: each is a transaction of its own
    for size in (1, SMALL, 10_000):
        target = Database(f"sqlite:///{tmp_path / f'{size}.db'}")
        copied(source, target, batch=size)
        assert contents(target) == contents(source)
        target.close()


def test_the_source_is_not_written_to(played: Path, tmp_path: Path, empty: Database) -> None:
    before = played.read_bytes()
    source = Database(f"sqlite:///{played}")
    copied(source, empty)
    source.close()
    assert played.read_bytes() == before


def test_a_copy_that_is_finished_is_proved_again_and_not_made_again(source: Database, empty: Database) -> None:
    copied(source, empty)
    again = copied(source, empty)
    assert again.copied == 0
    assert sum(again.rows.values()) > 100


def test_a_server_that_sorts_as_people_do_gets_all_of_it_too(source: Database, postgresql: Server) -> None:
    with source.write() as connection:
        keys = ["a", "A", "á", "Á", "ă", "â", "b", "B", "đ", "Đ", "z", "Z", "_", "-", "0", "aa", "AA"]
        connection.execute(sa.insert(command), [{"key": key, "request": "", "result": "", "recorded_at": 0} for key in keys])
    try:
        url = postgresql.create(empty=True, locale="vi")
    except sa.exc.NotSupportedError:
        pytest.skip("this build of the server sorts byte by byte only")
    target = Database(url)
    try:
        steps = iter(range(10_000))

        def stop(step: str, done: int, _total: int | None) -> None:
            if step == "copy" and next(steps) == 5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            copied(source, target, batch=5, progress=stop)
        copied(source, target, batch=5)
        assert contents(target) == contents(source)
        back = Database(str(source.url).replace("source.db", "back.db"))
        copied(target, back, batch=5)
        assert contents(back) == contents(source)
        back.close()
    finally:
        target.close()
        postgresql.drop(url)


def test_progress_is_told_of_every_step(source: Database, empty: Database) -> None:
    told: list[tuple[str, int, int | None]] = []
    copied(source, empty, batch=SMALL, progress=lambda *each: told.append(each))
    copying = [(done, total) for step, done, total in told if step == "copy"]
    assert len(copying) > 20
    assert copying == sorted(copying)
    assert {total for _, total in copying} == {copying[-1][0]}


# -- killed ------------------------------------------------------------------------------------------------------------

DRIVER = """
import sys
import workflows.tables
from engine import transfer
from engine.database import Database
from engine.tables import metadata

def tell(step, done, total):
    print(step, done, flush=True)

transfer.copy(Database(sys.argv[1]), Database(sys.argv[2]), metadata, batch=int(sys.argv[3]), progress=tell)
print("finished", 0, flush=True)
"""


def run_and_kill(source: Database, target: Database, lines: int) -> list[tuple[str, int]]:
    """Copy in another process and kill it once it has said so many lines; returns them all."""
    urls = [each.url.render_as_string(hide_password=False) for each in (source, target)]
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, *urls, str(SMALL)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert driver.stdout is not None
    said = [line for line in (driver.stdout.readline() for _ in range(lines)) if line]
    driver.send_signal(signal.SIGKILL)
    rest, _ = driver.communicate(timeout=60)
    whole = (line.split() for line in [*said, *rest.splitlines(keepends=True)] if line.endswith("\n"))  # the kill may cut one
    return [(step, int(done)) for step, done, *_ in whole]


@pytest.mark.parametrize("seed", range(2))
def test_a_copy_that_is_killed_goes_on_where_it_stopped(pair: tuple[Database, Database], seed: int) -> None:
    source, target = pair
    chance = random.Random(seed)
    total = sum(map(len, contents(source).values())) - 1  # without the installation's name
    reached, kills = 0, 0
    while reached < total and kills < 8:
        copying = [done for step, done in run_and_kill(source, target, chance.randint(2, 14)) if step == "copy"]
        if copying:
            assert copying[0] >= reached  # what was acknowledged is there
            reached = copying[-1]
        if 0 < reached < total:
            require_unfinished(target)
            kills += 1
        target.close()
    assert kills >= 3
    done = copied(source, target)
    assert done.copied < sum(done.rows.values())
    assert contents(target) == contents(source)
    assert verified(target).root == done.root
    target.require_current()


# -- refused -----------------------------------------------------------------------------------------------------------


def interrupted(source: Database, target: Database, at: int = 10) -> None:
    """Begin a copy and stop in the middle."""
    steps = iter(range(at))

    def stop(step: str, _done: int, _total: int | None) -> None:
        if step == "copy" and next(steps, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copied(source, target, batch=SMALL, progress=stop)


def test_another_installation_is_not_written_over(source: Database, any_database: Database, tmp_path: Path) -> None:
    with any_database.write() as connection:
        connection.exec_driver_sql("INSERT INTO pc_operator (name, title) VALUES ('minh', '')")
    before = contents(any_database)
    with pytest.raises(AlreadyExists, match="another installation"):
        copied(source, any_database)
    assert contents(any_database) == before
    any_database.require_current()


def test_a_new_database_with_nothing_in_it_is_taken(source: Database, any_database: Database) -> None:
    copied(source, any_database)
    assert contents(any_database) == contents(source)


def test_an_unfinished_copy_of_another_installation_is_not_mixed_with_this_one(
    source: Database, database: Database, empty: Database
) -> None:
    interrupted(source, empty)
    with pytest.raises(AlreadyExists, match="another installation"):
        copied(database, empty)  # every installation has a name of its own
    require_unfinished(empty)
    copied(source, empty)
    assert contents(empty) == contents(source)


def test_an_unfinished_copy_is_no_source(source: Database, empty: Database, tmp_path: Path) -> None:
    interrupted(source, empty)
    with pytest.raises(DatabaseUnfinished):
        copied(empty, Database(f"sqlite:///{tmp_path / 'third.db'}"))
    assert not (tmp_path / "third.db").exists()


def test_a_database_is_not_copied_into_itself(source: Database, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(str(source.file))
    for target in (source, Database(f"sqlite:///{tmp_path / 'link.db'}")):
        with pytest.raises(InputError, match="into itself"):
            copied(source, target)


def test_a_source_that_is_written_to_between_two_runs_is_noticed(source: Database, empty: Database) -> None:
    interrupted(source, empty, at=30)
    assert contents(empty)["pc_event"]
    move(open_installation(source), "P.AL", "report", day(4, 1), summary="Đã bổ sung")
    with pytest.raises(StorageError, match="Remove the unfinished copy"):
        copied(source, empty)
    require_unfinished(empty)


def test_a_source_that_is_written_to_during_a_run_is_noticed(source: Database, empty: Database) -> None:
    operator = "INSERT INTO pc_operator (name, title) VALUES ('minh', '')"
    other = Database(str(source.url))

    def meanwhile(step: str, done: int, total: int | None) -> None:
        if step == "copy" and done == total:
            with other.write() as connection:
                connection.exec_driver_sql(operator)

    with pytest.raises(StorageError, match="pc_operator has 4 rows there and 3 here"):
        copied(source, empty, progress=meanwhile)
    other.close()
    require_unfinished(empty)


def test_a_copy_that_has_gone_on_is_left_alone(source: Database, empty: Database) -> None:
    copied(source, empty)
    move(open_installation(empty), "P.AL", "report", day(4, 1), summary="Đã bổ sung")
    before = contents(empty)
    with pytest.raises(AlreadyExists, match="gone on"):
        copied(source, empty)
    assert contents(empty) == before
    empty.require_current()


def test_a_value_that_was_changed_in_the_copy_is_found(source: Database, empty: Database) -> None:
    copied(source, empty)
    with empty.write() as connection:
        id = connection.execute(sa.select(sa.func.min(message.c.id))).scalar_one()
        connection.execute(sa.update(message).where(message.c.id == id).values(subject="khác"))
    with pytest.raises(AlreadyExists, match=f"pc_message differs at {id}"):
        copied(source, empty)


def test_a_history_that_does_not_agree_with_itself_is_not_spread(source: Database, empty: Database) -> None:
    with source.write() as connection:
        connection.exec_driver_sql("UPDATE pc_instance SET due_at = 1 WHERE id = 5")
    with pytest.raises(Divergence, match="does not agree with itself"):
        copied(source, empty)
    assert empty.revision() is None


def test_a_worker_on_the_source_is_to_be_stopped_first(pair: tuple[Database, Database]) -> None:
    source, target = pair

    def inner(_: object) -> int:
        with pytest.raises(ConcurrencyError, match="A worker is at work"):
            copied(source, target)
        return 0

    jobs.tick(source, {"inner": inner}, now=day(4, 1))
    copied(source, target)


def test_of_two_copies_into_one_database_one_gives_way(pair: tuple[Database, Database]) -> None:
    source, target = pair
    second = Database(target.url.render_as_string(hide_password=False))
    refused = []

    def meanwhile(step: str, done: int, _total: int | None) -> None:
        if step == "copy" and done > 130 and not refused:
            refused.append(True)
            copied(source, second, batch=SMALL)

    with pytest.raises(ConcurrencyError):
        copied(source, target, batch=SMALL, progress=meanwhile)
    copied(source, target)
    assert contents(target) == contents(source)
    second.close()


def test_layouts_of_other_versions_are_refused(source: Database, any_database: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        copied(Database(f"sqlite:///{tmp_path / 'none.db'}"), any_database)
    for found in ("9999", f"0000{COPYING}"):
        with any_database.write() as connection:
            connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = :found"), {"found": found})
        with pytest.raises(AlreadyExists, match=f"layout {found}"):
            copied(source, any_database)
    with source.write() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0000'")
    with pytest.raises(DatabaseOutdated):
        copied(source, any_database)
    assert HEAD != "0000"


def test_text_that_a_server_cannot_keep_is_named(source: Database, empty: Database) -> None:
    with source.write() as connection:
        connection.execute(sa.insert(command).values(key="a\0b", request="", result="", recorded_at=0))
    with pytest.raises(DatabaseDamaged, match="pc_command"):
        copied(source, empty)
    require_unfinished(empty)


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_copies_and_says_what_it_copied(source: Database, empty: Database, tmp_path: Path) -> None:
    url = empty.url.render_as_string(hide_password=False)
    done = process("db", "copy", str(source.file), url, "--batch", "50", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["root"] == verified(empty).root
    assert said["rows"]["pc_event"] == len(contents(source)["pc_event"])
    back = process("db", "copy", url, str(tmp_path / "back.db"))
    assert back.returncode == 0, back.stderr
    assert dict(line.split("\t") for line in back.stdout.splitlines()[1:])["pc_event"] == str(said["rows"]["pc_event"])
    assert said["root"] in back.stderr


def test_the_command_refuses_in_one_line(source: Database, database: Database) -> None:
    for arguments, said in (
        ((source.file, source.file), "into itself"),
        ((source.file, "oracle://x"), "oracle"),
        (("none.db", database.file), "no database at"),
        ((source.file, "postgresql+psycopg://nobody@127.0.0.1:1/none"), "does not answer"),
    ):
        done = process("db", "copy", *arguments)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith("Error: ")
        assert said in line
