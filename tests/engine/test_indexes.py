"""What is asked often is answered by an index, however many instances there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import Connection

from engine import store
from engine.database import Database, run
from engine.rollup import Key
from engine.runtime import NewChild
from engine.where import Where
from tests.kit import runtime, working
from workflows import register

KEY = Key("recipient", 1, "issued", 0, "open", 0)
ASKED: dict[str, Callable[[Connection], object]] = {
    "one instance": lambda connection: store.find(connection, 1, "U1", ""),
    "a conference of a case": lambda connection: store.by_key(connection, 1, "conference:2.1"),
    "by key": lambda connection: list(store.select(connection, Where(case_id=1, key="conference:2.1"), limit=2)),
    "all of a unit in a case": lambda connection: list(store.select(connection, Where(case_id=1, assignee="U1"))),
    "what waits for a unit": lambda connection: list(
        store.select(connection, Where(assignee="U1", standing=("open", "paused")), order="due")
    ),
    "what is overdue": lambda connection: list(store.select(connection, Where(standing=("open",), due_before=9), order="due")),
    "children": lambda connection: list(store.select(connection, Where(parent_id=1, state="issued"))),
    "everything below": lambda connection: list(store.select(connection, Where(below="1.2."), order="path")),
    "a tally": lambda connection: store.tally(connection, 1, "recipient"),
    "who holds it back": lambda connection: store.child_under(connection, 1, KEY),
    "below whom": lambda connection: store.child_with(connection, 1, KEY),
    "a newest id": lambda connection: store.allocate(connection, 1),
    "a few instances": lambda connection: list(store.select(connection, Where(ids=(1, 2)))),
    "their tallies": lambda connection: list(store.tallies(connection, Where(ids=(1, 2)))),
    "how many are overdue": lambda connection: store.open_before(connection, ["recipient"], 9),
    "the history of a part": lambda connection: list(store.history(connection, Where(below="1.2."))),
}
FIRST_ONES: dict[str, Callable[[Connection], object]] = {
    "overdue": lambda connection: list(
        store.select(connection, Where(standing=("open",), due_before=9, definition_ids=(1, 2)), order="due", limit=50)
    ),
    "children": lambda connection: list(store.select(connection, Where(parent_id=1, state="issued"), order="due", limit=50)),
    "tree": lambda connection: list(store.select(connection, Where(below="1."), order="path", limit=50)),
    "who holds it back": lambda connection: store.child_under(connection, 1, KEY),
    "the newest plans": lambda connection: register.newest(connection, 50),
    "who holds it back, and has a date": lambda connection: store.child_under(connection, 1, KEY._replace(due_at=9)),
}


@pytest.mark.parametrize("question", ASKED)
def test_it_is_answered_by_an_index(database: Database, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "stream", run)  # a cursor on the server shows no plan
    with database.write() as connection:
        steps = (sqlite_steps if database.is_sqlite else postgresql_steps)(connection, ASKED[question])
    assert steps
    assert not [step for step in steps if step.startswith(("SCAN pc_", "SCAN i", "SCAN t", "Seq Scan", "no condition"))], steps


@pytest.mark.parametrize("question", FIRST_ONES)
def test_first_lines_of_a_list_are_read_without_sorting_the_others(database: Database, question: str) -> None:
    with database.write() as connection:
        steps = (sqlite_steps if database.is_sqlite else postgresql_steps)(connection, FIRST_ONES[question])
    assert steps
    assert not [step for step in steps if "B-TREE" in step or "Sort" in step], steps


def test_first_lines_are_read_in_order_before_a_server_knows_how_many_there_are(postgresql_database: Database) -> None:
    with working(runtime(postgresql_database)) as work:
        plan = work.start("plan", NewChild("CITY"))
        work.spawn(plan, "recipient", (NewChild(f"U{n}", "", 5) for n in range(5_000)))
    with postgresql_database.write() as connection:
        for question in ("overdue", "children"):
            assert not [step for step in postgresql_steps(connection, FIRST_ONES[question]) if "Sort" in step]


def sqlite_steps(connection: Connection, asked: Callable[[Connection], object]) -> list[str]:
    """How the database would answer."""
    statements: list[str] = []
    driver: Any = connection.connection.driver_connection
    driver.set_trace_callback(statements.append)
    asked(connection)
    driver.set_trace_callback(None)
    return [row[3] for sql in statements for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}")]


def postgresql_steps(connection: Connection, asked: Callable[[Connection], object]) -> list[str]:
    """How the server would answer if its tables were large; an index that is merely read through counts as none."""
    plans: list[dict[str, Any]] = []

    class Explaining(psycopg.Cursor[Any]):
        def execute(self, query: Any, *values: Any, **options: Any) -> Explaining:
            if not query.startswith("SET "):
                super().execute(f"EXPLAIN (FORMAT JSON) {query}", *values)
                plans.extend(each["Plan"] for (found,) in self.fetchall() for each in found)
            return super().execute(query, *values, **options)

    for way in ("seqscan", "hashjoin", "mergejoin"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    driver: Any = connection.connection.driver_connection
    driver.cursor_factory, before = Explaining, driver.cursor_factory
    asked(connection)
    driver.cursor_factory = before
    steps = []
    while plans:
        plan = plans.pop()
        plans += plan.get("Plans", ())
        by_condition = "Index Name" not in plan or "Index Cond" in plan
        steps.append(f"{'' if by_condition else 'no condition: '}{plan['Node Type']} {plan.get('Index Name', '')}")
    return steps
