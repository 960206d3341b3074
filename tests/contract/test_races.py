"""Several at once: the last two children reported at one moment move their parent once; a worker between costs no move."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from engine import store
from engine.database import Database
from engine.deadlines import Deadlines
from engine.errors import ConcurrencyError
from engine.runtime import MoveRequest, NewChild
from engine.where import Where
from tests.kit import by, everything, installed, runtime, verified, working
from tests.workflows.test_operations import PLAN, UNITS
from workflows import operations
from workflows.installation import Installation
from workflows.operations import Advance, Bulk, Issuing, advance_unit, bulk_advance, issue_plan

ROUNDS = 200


def report_one_of_two(url: str, which: int, plans: list[int], barrier: Barrier) -> None:
    """Report one child of each plan, at the same moment as the other process reports the other."""
    database = Database(url, busy_seconds=60)
    rt = runtime(database)
    for plan in plans:
        barrier.wait(timeout=60)
        with working(rt, 5, actor=f"clerk{which}") as work:
            work.fire(store.get(work.connection, plan + which), MoveRequest(trigger="report"))
    database.close()


def test_the_last_two_children_move_their_parent_exactly_once(any_database: Database) -> None:
    rt = runtime(any_database)
    plans = []
    with working(rt) as work:
        for _ in range(ROUNDS):
            plan = work.start("plan", NewChild("CITY"))
            work.spawn(plan, "recipient", [NewChild("U1"), NewChild("U2")])
            plans.append(plan.id)
        work.fire_many(store.select(work.connection, Where(kind="recipient")), MoveRequest(trigger="disseminate"))
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    url = any_database.url.render_as_string(hide_password=False)
    both = [context.Process(target=report_one_of_two, args=(url, which, plans, barrier)) for which in (1, 2)]
    for process in both:
        process.start()
    for process in both:
        process.join(timeout=300)
        assert process.exitcode == 0
    live = everything(any_database)
    assert Counter(live[plan].state for plan in plans) == {"reported": ROUNDS}
    assert {live[plan].revision for plan in plans} == {3}  # started, all_disseminated, all_reported: each once
    verified(any_database)


def advance_all(url: str, ids: list[int], outcome: multiprocessing.Queue[tuple[int, int]]) -> None:
    """Disseminate every instance; count those that somebody else had moved already."""
    database = Database(url, busy_seconds=60)
    rt = runtime(database)
    won = lost = 0
    for id in ids:
        with database.read() as connection:
            seen = store.get(connection, id)
        if seen.state != "issued":
            lost += 1
            continue
        try:
            with working(rt, 5) as work:
                work.fire(seen, MoveRequest(trigger="disseminate"))
            won += 1
        except ConcurrencyError:
            lost += 1
    outcome.put((won, lost))
    database.close()


@pytest.mark.parametrize("processes", [3])
def test_of_several_that_move_the_same_instance_one_wins(any_database: Database, processes: int) -> None:
    rt = runtime(any_database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        ids = list(work.spawn(plan, "recipient", [NewChild(f"U{n}") for n in range(60)]))
    context = multiprocessing.get_context("spawn")
    outcome: multiprocessing.Queue[tuple[int, int]] = context.Queue()
    url = any_database.url.render_as_string(hide_password=False)
    racers = [context.Process(target=advance_all, args=(url, ids, outcome)) for _ in range(processes)]
    for process in racers:
        process.start()
    results = [outcome.get(timeout=120) for _ in racers]
    for process in racers:
        process.join(timeout=60)
        assert process.exitcode == 0
    assert sum(won for won, _ in results) == len(ids)
    assert sum(lost for _, lost in results) == len(ids) * (processes - 1)
    assert {each.state for each in everything(any_database).values()} == {"disseminated"}
    verified(any_database)


# -- a worker comes between an operator's question and his move -----------------------------------------------------------

LATE = datetime(2025, 4, 2, 2, tzinfo=UTC)  # a day after the plan was due


@pytest.fixture
def late(postgresql_database: Database, tmp_path: Path) -> Installation:
    """A plan whose date has passed, which no worker has looked at yet."""
    (tmp_path / "units.yaml").write_text(UNITS, encoding="utf-8")
    installation = installed(postgresql_database, tmp_path / "units.yaml")
    issue_plan(installation, Issuing(plan=PLAN), by())
    return installation


Operation: TypeAlias = Callable[[Installation], object]
MOVE = Advance(plan="15-KH/HU", unit="A", trigger="disseminate")


@pytest.mark.parametrize(
    ("operation", "moved"),
    [
        (lambda it: advance_unit(it, MOVE, by(LATE)), ["A"]),
        (lambda it: bulk_advance(it, Bulk(plan="15-KH/HU", trigger="disseminate"), by(LATE)), ["A", "B"]),
    ],
)
def test_an_operator_is_not_refused_because_a_date_is_just_recorded_as_passed(
    late: Installation, monkeypatch: pytest.MonkeyPatch, operation: Operation, moved: list[str]
) -> None:
    typed, recorded = operations._typed, []

    def while_a_worker_sweeps(*arguments: Any) -> Any:
        if not recorded:
            recorded.append(Deadlines(late.runtime).sweep(LATE))
        return typed(*arguments)

    monkeypatch.setattr(operations, "_typed", while_a_worker_sweeps)
    operation(late)
    assert recorded == [3]  # the plan's own date too
    live = {each.assignee: each for each in everything(late.database).values()}
    assert {code for code in "AB" if live[code].state == "disseminated"} == set(moved)
    assert {code: live[code].revision for code in moved} == dict.fromkeys(moved, 3)  # started, fall_due, disseminate
    verified(late.database)


def test_who_names_a_revision_is_refused_when_a_worker_comes_between(late: Installation) -> None:
    assert Deadlines(late.runtime).sweep(LATE) == 3
    with pytest.raises(ConcurrencyError, match="since revision 1"):
        advance_unit(late, dataclasses.replace(MOVE, expected_revision=1), by(LATE))


def test_who_is_come_between_again_and_again_is_told(late: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    typed, minutes = operations._typed, iter(range(60))

    def while_another_extends(*arguments: Any) -> Any:
        due = {"due": LATE + timedelta(days=1, minutes=next(minutes))}
        with late.work(by(LATE)) as work:
            seen = next(iter(store.select(work.connection, Where(assignee="A"))))
            work.fire(seen, MoveRequest(trigger="extend", fields=due, reason="bão"))
        return typed(*arguments)

    monkeypatch.setattr(operations, "_typed", while_another_extends)
    with pytest.raises(ConcurrencyError, match="A was moved by somebody else"):
        advance_unit(late, MOVE, by(LATE))
    assert next(minutes) == 5
    verified(late.database)
