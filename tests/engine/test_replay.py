"""Replay: what is remembered from one instance to the next never shows, and whatever is wrong is named where it stands."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from engine import events, replay, store
from engine.clock import to_micros
from engine.database import Database
from engine.errors import Divergence
from engine.replay import Fold
from engine.runtime import MoveRequest, NewChild
from engine.store import StoredEvent
from engine.where import EVERYTHING, Where
from tests.kit import MORNING, everything, runtime, verified, working

UNITS = 6


def reported(database: Database) -> list[StoredEvent]:
    """Six units with one due date report a minute after each other, from before it until after it; then one is returned."""
    rt = runtime(database)
    due = to_micros(MORNING + timedelta(minutes=4))
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        ids = work.spawn(plan, "recipient", [NewChild(f"U{n}", due_at=due if n else None) for n in range(UNITS)])
        work.fire_many(store.select(work.connection, Where(parent_id=plan.id)), MoveRequest(trigger="disseminate"))
    for minutes, id in enumerate(ids, 1):
        with working(rt, minutes) as work:
            work.fire(store.get(work.connection, id), MoveRequest(trigger="report"))
    with working(rt, 9) as work:
        work.fire(store.get(work.connection, ids[1]), MoveRequest(trigger="return", reason="figures are missing"))
    with database.read() as connection:
        return list(store.history(connection, EVERYTHING))


def test_moves_that_differ_only_in_their_moment_end_each_in_its_own_way(database: Database) -> None:
    reported(database)
    verified(database)
    live = [each for each in everything(database).values() if each.parent_id]
    assert [each.standing for each in live] == ["undated", "open", "done", "late", "late", "late"]
    with database.read() as connection:
        assert list(replay.states(connection, EVERYTHING)) == list(everything(database).values())


@pytest.mark.parametrize(
    "change",
    [
        {"data": {}},
        {"data": []},
        {"data": {"trigger": ["report"], "from": "disseminated", "to": "reported"}},
        {"data": {"trigger": "report", "from": "disseminated", "to": "reported", "due": 5}},
        {"at": "yesterday"},
        {"at": "2025-03-20T01:00:00"},
        {"recorded": None},
        {"type": "unheard"},
    ],
)
def test_an_event_of_another_shape_is_a_divergence_at_its_place(database: Database, change: dict[str, Any]) -> None:
    """Whoever rewrites an event can compute its hash anew; the fold says where it stops making sense."""
    history = reported(database)
    with database.read() as connection:
        fold = Fold(store.definitions(connection))
    place = next(i for i, row in enumerate(history) if row[:2] == (3, 3))
    id, seq, recorded_at, body, _ = history[place]
    forged = events.canonical({**events.decode(body), **change}).encode()
    history[place] = (id, seq, recorded_at, forged, hashlib.sha256(history[place - 1][4] + forged).digest())
    with pytest.raises(Divergence, match=r"3/3"):
        list(fold.instances(history))


def test_a_first_event_of_another_shape_is_a_divergence_at_its_place(database: Database) -> None:
    history = reported(database)
    with database.read() as connection:
        fold = Fold(store.definitions(connection))
    id, seq, recorded_at, body, _ = history[0]
    forged = events.canonical({**events.decode(body), "data": {"path": None}}).encode()
    history[0] = (id, seq, recorded_at, forged, hashlib.sha256(events.genesis(id) + forged).digest())
    with pytest.raises(Divergence, match=r"1/1 cannot be read"):
        list(fold.instances(history))


def test_first_events_are_told_apart_whatever_their_units_are_called(database: Database) -> None:
    """What is remembered of one first event holds for others that differ in assignee and path, and for no others."""
    rt = runtime(database)
    plain = [f"U{n}" for n in range(3)]
    odd = ['A"B', "A\\B", "Đảng ủy", '","path":"9.9.', "tab\there", '{"assignee":"U1"}']
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        for code in [*plain, *odd, *(f"{code}'" for code in odd)]:
            nested = {"after": {"assignee": code}, "more": {"path": code}}
            work.spawn(plan, "recipient", [NewChild(code), NewChild(code, "k", data=nested)])
    with database.read() as connection:
        assert list(replay.states(connection, EVERYTHING)) == list(everything(database).values())


def test_an_instance_without_a_history_and_a_history_without_an_instance_are_named(database: Database) -> None:
    reported(database)
    with database.write() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:  # whoever owns the tables may do that
            for table in ("instance_parent_id", "event_instance_id", "tally_node_id"):
                name = table.partition("_")[0]
                connection.exec_driver_sql(f"ALTER TABLE pc_{name} DROP CONSTRAINT fk_pc_{table}")
        connection.exec_driver_sql("UPDATE pc_instance SET id = 99 WHERE id = 4")
        found = replay.verify(connection).divergence
        assert found is not None
        assert "Instance 4 has a history but no live row" in str(found)
        connection.exec_driver_sql("UPDATE pc_instance SET id = 4 WHERE id = 99")
        connection.exec_driver_sql(
            "INSERT INTO pc_instance SELECT 99, parent_id, case_id, '1.99.', definition_id, 'U99', key, state, rank, trail,"
            " standing, due_at, done_at, revision, head FROM pc_instance WHERE id = 4"
        )
        found = replay.verify(connection).divergence
        assert found is not None
        assert "99/1 is missing: the instance has no history" in str(found)
