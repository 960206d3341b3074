"""Many processes at once on one database, killed at random: the soak in short, and what it once found, one by one."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.soak import checks
from benchmarks.soak.commands import Command, give
from benchmarks.soak.harness import Result, Settings, soak
from benchmarks.soak.scene import operator, settle_in
from engine import store
from engine.clock import to_micros
from engine.database import Database
from engine.runtime import MoveRequest, NewChild, UnitOfWork
from tests.conftest import CHECKOUT
from tests.kit import MORNING, Anybody, everything, runtime, verified, working
from tests.postgresql import OwnServer
from workflows.installation import By, Installation, open_installation
from workflows.notices.transports import Maildir
from workflows.notices.worker import run_tick
from workflows.operations import Advance, advance_unit
from workflows.tables import message

SEED = 20_261_122

pytestmark = pytest.mark.xdist_group("soak")  # one after the other: the first two keep every core at work


@pytest.fixture(scope="module")
def own_server() -> Iterator[OwnServer]:
    """A server that may be stopped, by whoever starts it again."""
    server = OwnServer()
    yield server
    server.stop()


def require_nothing_wrong(result: Result) -> None:
    """Show what is wrong, and require that the run was worth its name."""
    assert result.wrong == [], f"seed {result.settings.seed}: {result.wrong[0]}"
    assert result.done.total() >= 50
    assert result.counts["clients killed"] >= 3
    assert result.counts["workers killed"] >= 1
    assert result.counts["checkpoints"] >= 1
    assert result.counts["letters"] > 10


def test_many_processes_on_one_file_lose_nothing_and_see_nothing_wrong(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(seed=SEED, seconds=8, at_least=50)
    require_nothing_wrong(soak(str(sqlite_database.url), tmp_path, settings))


def test_many_processes_on_a_server_that_goes_away_lose_nothing_and_see_nothing_wrong(
    own_server: OwnServer, tmp_path: Path
) -> None:
    result = soak(own_server.create(), tmp_path, Settings(seed=SEED, seconds=10, at_least=50), server=own_server)
    require_nothing_wrong(result)
    assert len(result.outages) >= 1


# -- whatever is wrong would be seen -----------------------------------------------------------------------------------

KEY = "k.0.1.{}".format


@dataclass(frozen=True)
class Played:
    """A few commands that were given one after the other, and what is known of them."""

    database: Database
    installation: Installation
    plan: int
    told: list[dict[str, Any]]
    mail: dict[str, Counter[str]]

    def wrong(self) -> list[str]:
        """What the checks find."""
        return list(checks.everything(self.database, self.told, self.mail, []))


@pytest.fixture
def played(sqlite_database: Database, tmp_path: Path) -> Played:
    settle_in(sqlite_database, 1)
    installation = open_installation(sqlite_database)
    url, told, plan = str(sqlite_database.url), [], 0
    commands = [
        Command(key=KEY(1), kind="issue", units=("X1", "X2"), day="2025-03-20"),
        Command(key=KEY(2), kind="advance", unit="X1", trigger="disseminate"),
        Command(key=KEY(3), kind="advance", unit="X2", trigger="disseminate"),
        Command(key=KEY(4), kind="advance", unit="X1", trigger="report"),
    ]
    for command in commands:
        facts = give(installation, url, operator(0), replace(command, plan=plan))
        told.append({"at": 0.0, "done": command.key, "kind": command.kind, **facts})
        plan = told[0]["plan"]
    run_tick(url, transport=Maildir(tmp_path / "mail"), now=datetime.now(UTC))
    with sqlite_database.read() as connection:
        rows = connection.execute(sa.select(message.c.message_id, message.c.content)).all()
    mail = {row.message_id: Counter([hashlib.sha256(row.content).hexdigest()]) for row in rows}
    return Played(sqlite_database, installation, plan, told, mail)


def acknowledge_what_was_not_done(played: Played) -> None:
    played.told.append({"at": 0.0, "done": KEY(9), "kind": "advance", "events": [[played.plan + 1, 9]]})


def acknowledge_units_that_are_not_there(played: Played) -> None:
    played.told.append({"at": 0.0, "done": KEY(9), "kind": "forward", "plan": played.plan, "units": ["X1-1"]})


def refuse_what_was_done(played: Played) -> None:
    played.told.append({"at": 0.0, "refused": KEY(2), "kind": "advance", "error": "ConcurrencyError"})


def miss_the_database_while_it_is_there(played: Played) -> None:
    played.told.append({"at": 0.0, "away": KEY(9), "error": "It does not answer."})


def answer_with_a_traceback(played: Played) -> None:
    played.told.append({"at": 0.0, "fault": KEY(9), "error": "Traceback …"})


def do_it_twice(played: Played) -> None:
    for trigger, note in (("correct", "by hand"), ("report", KEY(4))):
        move = Advance(plan=f"#{played.plan}", unit="X1", trigger=trigger, reason="by hand", note=note)
        advance_unit(played.installation, move, By(operator=operator(0), now=datetime.now(UTC)))


def miscount(played: Played) -> None:
    with played.database.write() as connection:
        connection.exec_driver_sql("UPDATE pc_tally SET n = n + 1")


def move_a_row_by_hand(played: Played) -> None:
    with played.database.write() as connection:
        connection.exec_driver_sql("UPDATE pc_instance SET state = 'reported' WHERE assignee = 'X2'")


def leave_a_parent_behind(played: Played) -> None:
    runtime = played.installation.runtime
    with played.database.write() as connection:
        work = UnitOfWork(runtime, connection, actor="by hand", now=to_micros(datetime.now(UTC)), authority=Anybody(connection))
        work.fire(store.get(connection, played.plan + 2), MoveRequest(trigger="report"))
        work.count()


def send_other_bytes(played: Played) -> None:
    next(iter(played.mail.values()))["others"] += 1


def lose_a_letter_on_the_way(played: Played) -> None:
    played.mail.popitem()


def owe_a_letter(played: Played) -> None:
    with played.database.write() as connection:
        connection.execute(sa.delete(message).where(message.c.unit == "X2"))


def leave_a_letter_unsent(played: Played) -> None:
    with played.database.write() as connection:
        connection.execute(sa.update(message).values(state="queued").where(message.c.unit == "X2"))


def test_nothing_is_wrong_where_nothing_was_tampered_with(played: Played) -> None:
    assert played.wrong() == []


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (acknowledge_what_was_not_done, "was acknowledged as event 2/9, which is missing"),
        (acknowledge_units_that_are_not_there, "was acknowledged for X1-1, which has no instance"),
        (refuse_what_was_done, "was refused (ConcurrencyError), but was done"),
        (miss_the_database_while_it_is_there, "found no database while there was one"),
        (answer_with_a_traceback, "ended with:"),
        (do_it_twice, "moved 2 2 times"),
        (miscount, "Roll-up: "),
        (move_a_row_by_hand, "Replay: "),
        (leave_a_parent_behind, "1 parents had to be moved when all was quiet"),
        (send_other_bytes, "2 times in different bytes"),
        (lose_a_letter_on_the_way, "was sent, and came 0 times"),
        (owe_a_letter, "lacks 1 letters 'dissemination_letter'"),
        (leave_a_letter_unsent, "is queued"),
    ],
)
def test_what_is_wrong_is_found(played: Played, tamper: Callable[[Played], None], found: str) -> None:
    tamper(played)
    assert [wrong for wrong in played.wrong() if found in wrong]


# -- what it found -----------------------------------------------------------------------------------------------------


def test_a_parent_is_moved_although_the_clock_of_its_last_child_is_behind(database: Database) -> None:
    rt = runtime(database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        one, other = work.spawn(plan, "recipient", [NewChild("U1"), NewChild("U2")])
        for id in (one, other):
            work.fire(store.get(work.connection, id), MoveRequest(trigger="disseminate"))
    # Whoever began later was quicker.
    for id, minutes in ((one, 10), (other, 5)):
        with working(rt, minutes) as work:
            work.fire(store.get(work.connection, id), MoveRequest(trigger="report"))
    assert everything(database)[plan.id].state == "reported"
    verified(database)


def test_two_that_issue_the_first_plan_store_its_definition_once(postgresql_database: Database) -> None:
    errors: list[Exception] = []

    def issue(minutes: int) -> None:
        try:
            with working(runtime(postgresql_database), minutes) as work:
                work.start("plan", NewChild("CITY"))
        except Exception as error:  # noqa: BLE001  (whatever it is)
            errors.append(error)

    with working(runtime(postgresql_database)) as work:
        work.start("plan", NewChild("CITY"))
        second = threading.Thread(target=issue, args=(1,))
        second.start()
        second.join(0.5)  # it waits for the first one's definition
    second.join(30)
    assert errors == []
    with postgresql_database.read() as connection:
        assert [row.name for row in store.definitions(connection)] == ["plan"]
    verified(postgresql_database)


def test_a_move_is_acknowledged_though_its_parent_could_not_follow_at_once(postgresql_database: Database) -> None:
    rt = runtime(postgresql_database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        (unit,) = work.spawn(plan, "recipient", [NewChild("U1")])
    errors: list[Exception] = []

    def disseminate() -> None:
        try:
            with working(rt, 1) as work:
                work.fire(store.get(work.connection, unit), MoveRequest(trigger="disseminate"))
        except Exception as error:  # noqa: BLE001  (whatever it is)
            errors.append(error)

    with postgresql_database.write() as connection:
        store.lock(connection, plan.id)
        mover = threading.Thread(target=disseminate)
        mover.start()
        waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        while (pid := connection.exec_driver_sql(waiting).scalar()) is None:
            assert mover.is_alive()
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot(), pg_sleep(0.02)")
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")  # the server goes away in the middle
        mover.join(30)
    assert errors == []  # the unit has been moved
    assert everything(postgresql_database)[unit].state == "disseminated"
    assert rt.settle_all(MORNING + timedelta(minutes=2)) == 1
    assert everything(postgresql_database)[plan.id].state == "disseminated"
    verified(postgresql_database)


def test_a_server_that_was_restarted_is_found_again_at_once(own_server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.database._FRESH_SECONDS", 0.0)
    database = Database(own_server.create())
    database.require_current()
    own_server.halt("fast")
    own_server.start()
    database.require_current()
    database.close()


ASKING = """
import sys
from engine.database import Database, run
from engine.errors import DatabaseMissing

try:
    with Database(sys.argv[1]).glance() as connection:
        run(connection, "SELECT 1")
        print("asked", flush=True)
        sys.stdin.readline()
        run(connection, "SELECT ?::int", [(1,), (2,)])
except DatabaseMissing as error:
    print(error.message)
"""


def test_a_server_that_goes_away_in_the_middle_is_told_in_one_line(own_server: OwnServer) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ASKING, own_server.create()],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    own_server.halt()
    told, logged = process.communicate("\n", timeout=60)
    own_server.start()
    assert told.endswith("does not answer.\n")
    assert logged == ""
