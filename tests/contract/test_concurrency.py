"""Many processes at once on one database, killed at random: the soak in short, and what it once found, one by one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from benchmarks.soak.harness import Result, Settings, soak
from engine import store
from engine.database import Database
from engine.runtime import MoveRequest, NewChild
from tests.kit import everything, runtime, verified, working
from tests.postgresql import OwnServer

SEED = 20_261_122


def require_nothing_wrong(result: Result) -> None:
    """Show what is wrong, and require that the run was worth its name."""
    assert result.wrong == [], f"seed {result.settings.seed}: {result.wrong[0]}"
    assert result.done.total() > 50
    assert result.counts["clients killed"] >= 3
    assert result.counts["workers killed"] >= 1
    assert result.counts["checkpoints"] >= 2
    assert result.counts["letters"] > 10


@pytest.mark.xdist_group("soak")  # one after the other: each keeps every core at work
def test_many_processes_on_one_file_lose_nothing_and_see_nothing_wrong(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(seed=SEED, seconds=9)
    require_nothing_wrong(soak(str(sqlite_database.url), tmp_path, settings))


@pytest.mark.xdist_group("soak")
def test_many_processes_on_a_server_that_goes_away_lose_nothing_and_see_nothing_wrong(tmp_path: Path) -> None:
    server = OwnServer()
    try:
        settings = Settings(seed=SEED, seconds=12)
        result = soak(server.create(), tmp_path, settings, server=server)
    finally:
        server.stop()
    require_nothing_wrong(result)
    assert len(result.outages) >= 1


# -- what it found -----------------------------------------------------------------------------------------------------


def test_a_parent_is_moved_although_the_clock_of_its_last_child_is_behind(any_database: Database) -> None:
    rt = runtime(any_database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        one, other = work.spawn(plan, "recipient", [NewChild("U1"), NewChild("U2")])
        for id in (one, other):
            work.fire(store.get(work.connection, id), MoveRequest(trigger="disseminate"))
    # Whoever began later was quicker.
    for id, minutes in ((one, 10), (other, 5)):
        with working(rt, minutes) as work:
            work.fire(store.get(work.connection, id), MoveRequest(trigger="report"))
    assert everything(any_database)[plan.id].state == "reported"
    verified(any_database)


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
