"""Lists that people look at, now and as of then: the first lines, how many there are, and how many statements that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from engine import store
from engine.clock import to_micros
from engine.database import Database
from engine.runtime import MoveRequest, NewChild, Runtime
from engine.where import Where
from tests.kit import MORNING, runtime, working
from workflows import audit, directory, register, status
from workflows.entries import Unit
from workflows.moments import Choice
from workflows.plans import Plan
from workflows.status import PlanStatus

PLAN = Plan(number="1-KH/TU", date=date(2025, 3, 3), type="KH", title="Nước sạch", issuer="Thành ủy")
DUE = int(datetime(2025, 4, 1, tzinfo=UTC).timestamp() * 1_000_000)  # microseconds
LATER = MORNING + timedelta(days=30)
UNITS = 30


@pytest.fixture
def rt(database: Database) -> Runtime:
    """Three plans; the first one's thirty units are due on three days, one of them has none, and U0 has passed it on."""
    with database.write() as connection:
        directory.add(connection, Unit(code="TU", name="Thành ủy", kind="committee"))
        for number in range(UNITS):
            directory.add(connection, Unit(code=f"U{number}", name=f"Chi bộ {number}", kind="cell", parent="TU"))
    rt = runtime(database)
    issue(rt, [1, 2, 3])
    with working(rt, 1) as work:
        first = list(store.select(work.connection, Where(parent_id=1), limit=3))
        work.spawn(first[0], "recipient", [NewChild("U0.1", "", DUE), NewChild("U0.2", "", DUE)])
    with working(rt, 2) as work:
        work.fire_many(first, MoveRequest(trigger="disseminate"))
    return rt


def issue(rt: Runtime, numbers: list[int]) -> None:
    for number in numbers:
        with working(rt) as work:
            plan = work.start("plan", NewChild("TU"))
            dues = (None if n == 5 else DUE + n % 3 for n in range(UNITS if number == 1 else 2))
            work.spawn(plan, "recipient", [NewChild(f"U{n}", "", due) for n, due in enumerate(dues)])
            register.record(work.connection, plan.id, replace(PLAN, number=f"{number}-KH/TU"), "TU", None)


def asked(rt: Runtime, ask: Callable[[Connection], Any]) -> Any:
    with rt.database.read() as connection:
        return ask(connection)


def shown(rt: Runtime, choice: Choice, at: datetime | None = None) -> PlanStatus:
    found: PlanStatus = asked(rt, lambda c: status.plan_status(c, "1-KH/TU", now=LATER, at=at, choice=choice))
    return found


def codes(found: PlanStatus) -> list[str]:
    return [node.instance.assignee for node in found.nodes]


def statements(database: Database, ask: Callable[[Connection], object]) -> int:
    """How many statements a question takes."""
    seen: list[str] = []
    with database.read() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(seen.append)
        ask(connection)
        driver.set_trace_callback(None)
    return len(seen)


# -- lines and how many more -------------------------------------------------------------------------------------------


def test_units_in_a_state_come_by_their_due_date_those_without_one_last(rt: Runtime) -> None:
    found = shown(rt, Choice(state="issued"))
    order = [node.instance.due_at or DUE * 2 for node in found.nodes]
    assert order == sorted(order)
    assert (codes(found)[-1], found.chosen, found.further) == ("U5", UNITS - 3, 2)


@pytest.mark.parametrize("limit", [1, 4, 26, 27, 28])
def test_a_list_that_is_cut_is_the_beginning_of_the_whole_one(rt: Runtime, limit: int) -> None:
    for choice in (Choice(state="issued"), Choice(overdue=True)):
        whole, cut = shown(rt, choice), shown(rt, choice._replace(limit=limit))
        assert codes(cut) == codes(whole)[:limit]
        assert cut.chosen == whole.chosen == len(whole.nodes)


def test_overdue_units_in_several_states_are_one_list(rt: Runtime) -> None:
    found = shown(rt, Choice(overdue=True))
    assert {node.instance.state for node in found.nodes} == {"issued", "disseminated"}
    assert {node.lateness for node in found.nodes} == {"overdue"}
    assert (found.chosen, found.further) == (UNITS - 1, 2)


def test_a_tree_that_is_cut_holds_whoever_is_above_those_it_shows(rt: Runtime) -> None:
    for limit in range(1, UNITS + 4):
        found = shown(rt, Choice(tree=True, limit=limit))
        ids = {node.instance.id for node in found.nodes}
        assert len(ids) == min(limit, UNITS + 3)
        assert {node.instance.parent_id for node in found.nodes[1:]} <= ids
        assert found.chosen == UNITS + 3


@pytest.mark.parametrize(
    "choice", [Choice(), Choice(state="issued"), Choice(overdue=True), Choice(tree=True), Choice(tree=True, limit=7)]
)
def test_the_past_up_to_now_is_the_present(rt: Runtime, choice: Choice) -> None:
    present, past = shown(rt, choice), shown(rt, choice, at=LATER)
    assert past == replace(present, at=past.at)


def test_what_was_in_a_state_before_a_move_is_listed_as_of_then(rt: Runtime) -> None:
    past = shown(rt, Choice(state="issued", limit=2), at=MORNING + timedelta(minutes=1))
    assert (codes(past), past.chosen, past.further) == (["U0", "U3"], UNITS, 2)
    earlier = shown(rt, Choice(tree=True), at=MORNING)
    assert len(earlier.nodes) == UNITS + 1


def test_what_is_overdue_anywhere_is_counted_and_cut(rt: Runtime) -> None:
    whole = asked(rt, lambda c: status.overdue(c, now=LATER))
    assert whole.total == len(whole.lines) == UNITS - 1 + 2 + 4
    cut = asked(rt, lambda c: status.overdue(c, now=LATER, limit=5))
    assert (cut.lines, cut.total) == (whole.lines[:5], whole.total)
    assert asked(rt, lambda c: status.overdue(c, now=MORNING, limit=5)).total == 0


def test_an_inbox_is_counted_and_cut_and_holds_no_plan(rt: Runtime) -> None:
    whole = asked(rt, lambda c: status.inbox(c, "U1", now=LATER))
    assert [each.plan.number for each in whole.lines] == ["1-KH/TU", "2-KH/TU", "3-KH/TU"]
    cut = asked(rt, lambda c: status.inbox(c, "U1", now=LATER, limit=2))
    assert (cut.lines, cut.total) == (whole.lines[:2], 3)
    assert asked(rt, lambda c: status.inbox(c, "TU", now=LATER, limit=1)) == ([], 0)


def test_the_newest_plans_stand_last(rt: Runtime) -> None:
    found = asked(rt, lambda c: status.plans(c, now=LATER, limit=2))
    assert ([each.plan.number for each in found.lines], found.total) == (["2-KH/TU", "3-KH/TU"], 3)


def test_coverage_is_counted_and_cut(rt: Runtime) -> None:
    whole = asked(rt, lambda c: status.coverage(c, "1-KH/TU"))
    assert whole.addressed == UNITS + 2
    assert sorted(whole.no_letter.lines) == sorted([*(f"U{n}" for n in range(UNITS)), "U0.1", "U0.2"])
    assert whole.not_acknowledged.total == UNITS - 1
    with rt.database.write() as connection:
        for above in ("U0", "U7"):
            directory.add(connection, Unit(code=f"{above}.9", name="Tổ đảng", kind="group", parent=above))
    cut = asked(rt, lambda c: status.coverage(c, "1-KH/TU", limit=3))
    assert (cut.no_letter.lines, cut.no_letter.total) == (whole.no_letter.lines[:3], UNITS + 2)
    assert (cut.not_passed_on.lines, cut.not_passed_on.total) == (["U7"], 1)


def test_history_that_is_cut_is_the_beginning_of_the_whole(rt: Runtime) -> None:
    whole = asked(rt, lambda c: audit.history(c, "1-KH/TU"))
    assert len(whole) == asked(rt, lambda c: audit.length(c, "1-KH/TU")) == 1 + UNITS + 2 + 3
    for limit in (1, UNITS, UNITS + 5):
        assert asked(rt, lambda c, limit=limit: audit.history(c, "1-KH/TU", limit=limit)) == whole[:limit]
    assert asked(rt, lambda c: audit.length(c, "1-KH/TU", unit="U1")) == 2


def test_replayed_states_that_are_cut_are_counted(rt: Runtime) -> None:
    until = to_micros(LATER)
    whole, total = asked(rt, lambda c: audit.states(c, "1-KH/TU", until=until))
    assert len(whole) == total == UNITS + 3
    assert asked(rt, lambda c: audit.states(c, "1-KH/TU", until=until, limit=4)) == (whole[:4], total)


# -- what it takes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: status.plans(c, now=LATER),
        lambda c: status.overdue(c, now=LATER),
        lambda c: status.inbox(c, "U1", now=LATER),
    ],
)
def test_a_list_takes_as_many_statements_however_long_it_is(rt: Runtime, ask: Callable[[Connection], object]) -> None:
    if not rt.database.is_sqlite:
        pytest.skip("statements are counted on SQLite")
    few = statements(rt.database, ask)
    issue(rt, list(range(4, 24)))
    assert statements(rt.database, ask) == few < 25


def test_a_tree_takes_as_many_statements_however_large_it_is(rt: Runtime) -> None:
    if not rt.database.is_sqlite:
        pytest.skip("statements are counted on SQLite")

    def ask(number: int) -> Callable[[Connection], object]:
        return lambda c: status.plan_status(c, f"{number}-KH/TU", now=LATER, choice=Choice(tree=True))

    assert statements(rt.database, ask(1)) == statements(rt.database, ask(2)) < 25
