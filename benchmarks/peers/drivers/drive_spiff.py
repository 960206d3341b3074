"""SpiffWorkflow, which has no store, with one of its own: a row of the serialised workflow per instance, a row per move.

After its documentation, doc/bpmn/serialization.rst (BpmnWorkflowSerializer.configure, to_dict, from_dict), and its example
application spiff-example-cli, serializer/sqlite: the specification is kept beside the instances, not in each of them.
Kinder than that example: the specification is built once per process, not from its JSON at every move; the connection stays
open; a state column makes the count an SQL query.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from phases import STATES, STEPS, Phases
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.util.task import TaskState

NODES = ("start", *STEPS, "end")
BPMN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:peers">'
    '<process id="recipient" isExecutable="true"><startEvent id="start"/>'
    + "".join(f'<userTask id="{step}"/>' for step in STEPS)
    + '<endEvent id="end"/>'
    + "".join(f'<sequenceFlow id="to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(NODES))
    + "</process></definitions>"
)
TABLES = """
CREATE TABLE instance (
    id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES instance (id), state TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX instance_parent ON instance (parent_id, state);
CREATE TABLE history (
    instance_id INTEGER NOT NULL REFERENCES instance (id), seq INTEGER NOT NULL, at REAL NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (instance_id, seq)
);
"""


def specification() -> Any:
    """The process of a unit."""
    parser = BpmnParser()
    parser.add_bpmn_str(BPMN.encode())
    return parser.get_spec("recipient")


SPEC = specification()


class Converter(BpmnWorkflowConverter):
    """A workflow without its specification, as the example application stores it."""

    def to_dict(self, workflow: Any) -> Any:
        """Everything but the specification."""
        return {**WorkflowConverter.to_dict(self, workflow), "bpmn_events": self.registry.convert(workflow.bpmn_events)}

    def from_dict(self, dct: Any) -> Any:
        """With the one specification that there is."""
        return super().from_dict({**dct, "spec": SPEC, "subprocess_specs": {}, "subprocesses": {}})


SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: Converter}))


def main() -> None:
    """Run the phases."""
    phases = Phases()
    db = sqlite3.connect(phases.database.removeprefix("sqlite:///"), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    db.executescript(TABLES)
    move_singly(db, create(db, 3))
    n, moves = phases.n, len(STEPS) * phases.n
    children = phases.take("create", n, partial(create, db, n))
    phases.take("single", moves, partial(move_singly, db, children))
    other = create(db, n)
    phases.take("bulk", moves, partial(move_in_bulk, db, other))
    states = phases.ask("count", lambda: count(db, children[0]))
    records = phases.take("history", (2 * n + 3) * (1 + len(STEPS)), partial(history, db))
    phases.tell(states, records, f"SpiffWorkflow {version('SpiffWorkflow')}, SQLite {sqlite3.sqlite_version}")


def create(db: sqlite3.Connection, n: int) -> list[int]:
    """A parent and its children, in one transaction; returns the children's ids."""
    db.execute("BEGIN IMMEDIATE")
    parent = insert(db, None)
    ids = [insert(db, parent) for _ in range(n)]
    db.execute("COMMIT")
    return ids


def insert(db: sqlite3.Connection, parent: int | None) -> int:
    """A new instance, run up to its first user task."""
    workflow = BpmnWorkflow(SPEC)
    workflow.do_engine_steps()
    sql = "INSERT INTO instance (parent_id, state, body) VALUES (?, ?, ?)"
    id = db.execute(sql, (parent, STATES[0], json.dumps(SERIALIZER.to_dict(workflow)))).lastrowid
    assert id is not None
    record(db, id, 1, {"to": STATES[0]})
    return id


def move(db: sqlite3.Connection, id: int, number: int) -> None:
    """One move: read, complete the user task, run up to the next, write."""
    (body,) = db.execute("SELECT body FROM instance WHERE id = ?", (id,)).fetchone()
    workflow = SERIALIZER.from_dict(json.loads(body))
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    assert task.task_spec.bpmn_id == STEPS[number]
    task.run()
    workflow.do_engine_steps()
    sql = "UPDATE instance SET state = ?, body = ? WHERE id = ?"
    db.execute(sql, (STATES[number + 1], json.dumps(SERIALIZER.to_dict(workflow)), id))
    record(db, id, number + 2, {"trigger": STEPS[number], "from": STATES[number], "to": STATES[number + 1]})


def record(db: sqlite3.Connection, id: int, seq: int, body: dict[str, str]) -> None:
    """A row of history."""
    db.execute("INSERT INTO history VALUES (?, ?, ?, ?)", (id, seq, time.time(), json.dumps(body)))


def move_singly(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Each child's moves, a transaction each."""
    for number in range(len(STEPS)):
        for id in ids:
            db.execute("BEGIN IMMEDIATE")
            move(db, id, number)
            db.execute("COMMIT")


def move_in_bulk(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """The moves of all children, a transaction per step."""
    for number in range(len(STEPS)):
        db.execute("BEGIN IMMEDIATE")
        for id in ids:
            move(db, id, number)
        db.execute("COMMIT")


def count(db: sqlite3.Connection, child: int) -> dict[str, int]:
    """The siblings of a child, by state."""
    sql = "SELECT state, COUNT(*) FROM instance WHERE parent_id = (SELECT parent_id FROM instance WHERE id = ?) GROUP BY state"
    return dict(db.execute(sql, (child,)).fetchall())


def history(db: sqlite3.Connection) -> int:
    """Every record read, and the state that it makes compared with the instance's; returns how many records there are."""
    made: dict[int, str] = {}
    n = 0
    for id, body in db.execute("SELECT instance_id, body FROM history ORDER BY instance_id, seq"):
        made[id] = json.loads(body)["to"]
        n += 1
    assert made == dict(db.execute("SELECT id, state FROM instance"))
    return n


if __name__ == "__main__":
    main()
