"""Several processes at once: the last two children reported at the same moment move their parent exactly once."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from multiprocessing.synchronize import Barrier

import pytest

from engine import store
from engine.database import Database
from engine.errors import ConcurrencyError
from engine.runtime import MoveRequest, NewChild
from engine.where import Where
from tests.kit import everything, runtime, verified, working

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
