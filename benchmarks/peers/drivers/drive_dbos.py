"""DBOS alone, on its system database: each move a durable workflow of one step, whose record is the history.

After its documentation: python/tutorials/workflow-tutorial (an id that is given makes a repeat do nothing),
python/tutorials/queue-tutorial (many at once: enqueue each, wait for all), production/checklist (a fixed application version).
DBOS leaves the journal of an SQLite file as it finds it: write-ahead here, as everywhere in this comparison; synchronous=FULL
is SQLite's default. It is kinder than the work asks: no move looks whether the one before was made. Waiting in a workflow per
child for messages (send, recv) was tried too: half as quick on PostgreSQL, a tenth on SQLite, whose messages are polled for.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from functools import partial
from importlib.metadata import version

from dbos import DBOS, SetWorkflowID
from phases import STATES, STEPS, Phases

QUEUE = "moves"


@DBOS.step()
def change(child: str, number: int) -> str:
    """The state that a child has after a move."""
    return STATES[number]


@DBOS.workflow()
def move(child: str, number: int) -> str:
    """Bring a child to its next state."""
    return change(child, number)


@DBOS.workflow()
def issue(plan: str, n: int) -> None:
    """The parent: brings each of its children to the first state."""
    handles = []
    for i in range(n):
        with SetWorkflowID(f"{plan}/{i}/0"):
            handles.append(DBOS.start_workflow(move, f"{plan}/{i}", 0))
    for handle in handles:
        handle.get_result()


def main() -> None:
    """Run the phases."""
    phases = Phases()
    if phases.database.startswith("sqlite"):
        sqlite3.connect(phases.database.removeprefix("sqlite:///")).execute("PRAGMA journal_mode=WAL")
    config = {"name": "peers", "system_database_url": phases.database, "application_version": "1", "log_level": "ERROR"}
    DBOS(config=config)  # type: ignore[arg-type]
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=10, polling_interval_sec=0.05)
    create("warm", 3)
    move_singly("warm", 3)
    n, moves = phases.n, len(STEPS) * phases.n
    phases.take("create", n, partial(create, "a", n))
    phases.take("single", moves, partial(move_singly, "a", n))
    create("b", n)
    phases.take("bulk", moves, partial(move_in_bulk, "b", n))
    states = phases.ask("count", partial(count, "a"))
    records = phases.take("history", (2 * n + 3) * (1 + len(STEPS)), history)
    phases.tell(states, records, f"dbos {version('dbos')}, SQLAlchemy {version('SQLAlchemy')}, psycopg {version('psycopg')}")
    os._exit(0)  # its threads wait for more


def create(plan: str, n: int) -> None:
    """A parent and its children: a workflow each."""
    with SetWorkflowID(plan):
        issue(plan, n)


def move_singly(plan: str, n: int) -> None:
    """Each child's moves, one workflow after the other."""
    for number in range(1, len(STATES)):
        for i in range(n):
            with SetWorkflowID(f"{plan}/{i}/{number}"):
                move(f"{plan}/{i}", number)


def move_in_bulk(plan: str, n: int) -> None:
    """The moves of all children, step by step, on a queue."""
    for number in range(1, len(STATES)):
        handles = []
        for i in range(n):
            with SetWorkflowID(f"{plan}/{i}/{number}"):
                handles.append(DBOS.enqueue_workflow(QUEUE, move, f"{plan}/{i}", number))
        for handle in handles:
            handle.get_result(polling_interval_sec=0.05)


def count(plan: str) -> dict[str, int]:
    """The children by state: by the last workflow of each that succeeded."""
    last: dict[str, int] = {}
    done = DBOS.list_workflows(workflow_id_prefix=f"{plan}/", status="SUCCESS", load_input=False, load_output=False)
    for each in done:
        child, _, number = each.workflow_id.rpartition("/")
        last[child] = max(last.get(child, 0), int(number))
    return Counter(STATES[number] for number in last.values())


def history() -> int:
    """Every move's record read, and its result compared with its id; returns how many there are."""
    records = DBOS.list_workflows(name=move.__qualname__)
    for each in records:
        assert each.output == STATES[int(each.workflow_id.rpartition("/")[2])]
    return len(records)


if __name__ == "__main__":
    main()
