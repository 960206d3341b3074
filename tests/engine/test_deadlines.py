"""A due date that passes is recorded once, whatever happens before and after: paused, returned, extended, clocks, workers."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import deadlines, store
from engine.clock import to_micros
from engine.database import Database, run
from engine.deadlines import Deadlines
from engine.errors import TransitionRefused
from engine.runtime import MoveRequest, NewChild, Runtime
from engine.where import Where
from tests.engine.test_indexes import postgresql_steps, sqlite_steps
from tests.kit import MORNING, everything, recounted, runtime, verified, working


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


DUE = to_micros(at(30))


class Case:
    """A plan with a unit, and what is done with it, by the minute."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.runtime = runtime(database)
        self.deadlines = Deadlines(self.runtime)
        with working(self.runtime) as work:
            self.plan = work.start("plan", NewChild("TU")).id
        self.unit = self.spawn(0, "U1")

    def spawn(self, minute: float, name: str, due_at: int | None = DUE, kind: str = "recipient") -> int:
        with working(self.runtime, minute) as work:
            return work.spawn(store.get(work.connection, self.plan), kind, [NewChild(name, kind, due_at)])[0]

    def move(self, minute: float, trigger: str, unit: int | None = None, **given: object) -> None:
        with working(self.runtime, minute) as work:
            request = MoveRequest(trigger=trigger, reason="x", **given)  # type: ignore[arg-type]
            work.fire(store.get(work.connection, unit or self.unit), request)

    def sweep(self, minute: float) -> int:
        """All that is to be recorded at a minute."""
        total = 0
        while n := self.deadlines.sweep(at(minute)):
            total += n
        return total

    def fallen(self, unit: int | None = None) -> list[str]:
        """When the due dates of the unit passed that are recorded."""
        query = "SELECT body FROM pc_event WHERE instance_id = :id ORDER BY seq"
        with self.database.read() as connection:
            bodies = connection.execute(sa.text(query), {"id": unit or self.unit}).scalars()
            moves = [json.loads(body) for body in bodies]
        return [move["at"] for move in moves if move["data"].get("trigger") == "fall_due"]


@pytest.fixture
def case(database: Database) -> Case:
    return Case(database)


def test_a_due_date_that_passes_is_recorded_once_as_of_then_and_moves_nothing(case: Case) -> None:
    before = everything(case.database)[case.unit]
    assert case.sweep(29.9) == 0
    assert case.sweep(47) == 1
    assert case.sweep(48) == 0
    assert Deadlines(case.runtime).sweep(at(49)) == 0  # nor by a worker that knows nothing of the first one
    after = everything(case.database)[case.unit]
    assert after == before._replace(revision=before.revision + 1, head=after.head)
    with case.database.read() as connection:
        body = connection.exec_driver_sql(f"SELECT body FROM pc_event WHERE instance_id = {case.unit} AND seq = 2").scalar_one()
    move = json.loads(body)
    assert (move["actor"], move["data"]) == ("system", {"trigger": "fall_due", "from": "issued", "to": "issued"})
    assert case.fallen() == ["2025-03-20T01:30:00.000000Z"]
    verified(case.database)


def test_the_first_instant_that_is_too_late_is_the_one_at_which_it_passes(case: Case) -> None:
    assert case.sweep(30 - 1 / 60_000_000) == 0
    assert case.sweep(30) == 1


def test_what_was_done_in_time_never_falls_due(case: Case) -> None:
    case.move(1, "disseminate")
    case.move(2, "report")
    assert case.sweep(40) == 0


def test_a_report_that_is_returned_after_its_due_date_is_recorded_then_and_only_once(case: Case) -> None:
    case.move(1, "disseminate")
    case.move(2, "report")
    case.sweep(40)
    case.move(41, "return")
    assert case.sweep(42) == 1
    case.move(43, "report")
    case.move(44, "return")
    assert case.sweep(45) == 0
    assert len(case.fallen()) == 1


def test_who_was_paused_when_it_passed_falls_due_when_it_goes_on(case: Case) -> None:
    case.move(1, "suspend")
    assert case.sweep(40) == 0
    case.move(41, "resume")
    assert case.sweep(42) == 1


def test_who_is_readmitted_after_the_due_date_falls_due_then(case: Case) -> None:
    case.move(1, "excuse")
    assert case.sweep(40) == 0
    case.move(41, "readmit")
    assert case.sweep(42) == 1


def test_an_extension_brings_a_due_date_of_its_own(case: Case) -> None:
    assert case.sweep(40) == 1
    case.move(41, "extend", fields={"due": at(60)})
    assert case.sweep(59) == 0
    assert case.sweep(60) == 1
    case.move(61, "extend", fields={"due": at(30)})  # back to a date whose passing is recorded
    assert case.sweep(62) == 0
    assert [each[14:16] for each in case.fallen()] == ["30", "00"]


def test_an_extension_in_time_takes_the_old_due_date_away(case: Case) -> None:
    case.move(20, "extend", fields={"due": at(60)})
    assert case.sweep(40) == 0
    assert case.sweep(70) == 1


def test_a_unit_that_comes_after_its_due_date_falls_due_at_once(case: Case) -> None:
    assert case.sweep(40) == 1
    late = case.spawn(41, "U2")
    assert case.sweep(41) == 1
    assert len(case.fallen(late)) == 1


@pytest.mark.parametrize("ahead", [60.0, 60.0 * 24 * 3_650])
def test_a_clock_that_was_ahead_and_is_set_back_records_nothing_twice_and_misses_nothing(case: Case, ahead: float) -> None:
    other = case.spawn(0, "U2", to_micros(at(50)))
    assert case.sweep(ahead) == 2
    third = case.spawn(1, "U3", to_micros(at(45)))
    assert case.sweep(40) == 0
    assert case.sweep(46) == 1
    assert case.sweep(70) == 0
    assert [len(case.fallen(each)) for each in (case.unit, other, third)] == [1, 1, 1]
    verified(case.database)


def test_every_kind_has_its_due_date_and_nothing_without_one_falls_due(case: Case) -> None:
    units = [case.spawn(1, "U2", kind=kind) for kind in ("conference", "report_round")]
    undated = case.spawn(1, "U4", None)
    assert case.sweep(40) == 3
    assert [len(case.fallen(each)) for each in (*units, undated)] == [1, 1, 0]


def test_people_do_not_fire_it(case: Case) -> None:
    with pytest.raises(TransitionRefused, match="not fired by people"):
        case.move(40, "fall_due")


def test_what_a_definition_does_not_know_is_looked_at_once(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "FALL_DUE", "unheard_of")
    case.sweep(40)
    assert case.sweep(41) == 0
    assert everything(case.database)[case.unit].revision == 1


def many(database: Database, n: int) -> Case:
    """A case with many units of a few due dates."""
    case = Case(database)
    with working(case.runtime) as work:
        plan = store.get(work.connection, case.plan)
        work.spawn(plan, "recipient", [NewChild(f"V{i}", "", to_micros(at(30 + i % 7))) for i in range(n)])
    return case


def test_many_are_recorded_batch_by_batch_and_their_roll_up_stays(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 40)
    case = many(database, 300)
    batches = []
    while n := case.deadlines.sweep(at(33)):
        batches.append(n)
    assert (max(batches), sum(batches)) == (40, 1 + 43 * 4)
    assert case.sweep(50) == 300 - 43 * 4
    live = everything(database)
    kinds = {row.definition_id: "recipient" for row in live.values()} | {live[case.plan].definition_id: "plan"}
    with database.read() as connection:
        tallied = {row.key: row.n for row in store.tally(connection, case.plan)}
    assert tallied == {key: n for key, n in recounted(live, kinds, case.plan).items() if n}
    verified(database)


def test_what_falls_due_late_is_found_among_many_within_a_few_looks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 40)
    case = many(database, 300)
    late = [case.unit + 1 + i for i in (3, 150, 299)]
    for unit in late:
        case.move(20, "suspend", unit)
    assert case.sweep(50) == 298
    for unit in late:
        case.move(51, "resume", unit)
    assert sum(case.deadlines.sweep(at(52)) for _ in range(301 // 40 + 4)) == 3
    assert [len(case.fallen(unit)) for unit in late] == [1, 1, 1]


def test_workers_on_postgresql_record_each_once_while_operators_go_on(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 20)
    case = many(postgresql_database, 200)
    url = postgresql_database.url.render_as_string(hide_password=False)
    errors: list[Exception] = []

    def sweeping() -> None:
        own = Database(url)
        try:
            mine = Deadlines(runtime(own))
            idle = 0
            while idle < 20:
                idle = 0 if mine.sweep(at(60)) else idle + 1
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        own.close()

    def advancing(rt: Runtime) -> None:
        with postgresql_database.read() as connection:
            ids = [each.id for each in store.select(connection, Where(parent_id=case.plan))]
        for id in ids[::3]:
            for _ in range(20):
                try:
                    with working(rt, 59) as work:
                        work.fire(store.get(work.connection, id), MoveRequest(trigger="disseminate"))
                    break
                except Exception as error:  # noqa: BLE001
                    if "moved by somebody else" not in str(error):
                        errors.append(error)
                        return

    threads = [threading.Thread(target=sweeping) for _ in range(3)] + [threading.Thread(target=advancing, args=(case.runtime,))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    case.sweep(61)
    with postgresql_database.read() as connection:
        bodies = connection.exec_driver_sql("SELECT instance_id, body FROM pc_event WHERE seq > 1").all()
    fallen = Counter(id for id, body in bodies if '"fall_due"' in body)
    assert sorted(fallen.values()) == [1] * 201
    verified(postgresql_database)


def test_looking_costs_what_has_passed_and_not_what_is_still_to_come(database: Database) -> None:
    values = (0, 0, to_micros(at(40)), 100)
    with database.write() as connection:
        steps = (sqlite_steps if database.is_sqlite else postgresql_steps)(
            connection, lambda connection: run(connection, deadlines._PASSED, values).fetchall()
        )
    assert any("ix_pc_instance_due_at_open" in step for step in steps), steps
    assert not [step for step in steps if step.startswith(("SCAN", "Seq Scan", "no condition", "Sort", "USE TEMP"))], steps
