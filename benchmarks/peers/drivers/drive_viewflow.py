"""django-viewflow on Django's ORM, which is its own store: a row per process, a row per task; done tasks are the history.

After its documentation: flows run from code by StartHandle and Handle (docs.viewflow.io, workflow/nodes.html), the lock that
it recommends for PostgreSQL (workflow/api.html, "lock"). Subprocess nodes are in its paid edition only, so each child is started
with the parent's task as its parent_task, which is how those nodes link them. Settings after Django's documentation,
ref/databases.html: "transaction_mode": "IMMEDIATE" and "init_command" on SQLite, CONN_MAX_AGE None (persistent connections).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from phases import STATES, STEPS, Phases

DONE, NEW = "DONE", "NEW"


def main() -> None:
    """Run the phases."""
    phases = Phases()
    settings.configure(
        DATABASES={"default": database(phases.database)},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "viewflow", "viewflow.workflow", "viewflow_app"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    move_singly(create(3)[1])
    n, moves = phases.n, len(STEPS) * phases.n
    parent, children = phases.take("create", n, partial(create, n))
    phases.take("single", moves, partial(move_singly, children))
    _, others = create(n)
    phases.take("bulk", moves, partial(move_in_bulk, others))
    states = phases.ask("count", partial(count, parent))
    records = phases.take("history", (2 * n + 3) * (1 + len(STEPS)), history)
    names = ("django-viewflow", "Django", "psycopg")
    phases.tell(states, records, ", ".join([f"{n} {version(n)}" for n in names] + [f"SQLite {sqlite3.sqlite_version}"]))


def database(url: str) -> dict[str, Any]:
    """Django's settings of the database."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///"), "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "HOST": parse_qs(parts.query)["host"][0],
        "CONN_MAX_AGE": None,
    }


def create(n: int) -> tuple[Any, list[int]]:
    """A parent's task and the ids of its children's processes, made in one transaction."""
    from django.db import transaction
    from viewflow.workflow.models import Task
    from viewflow_app.flows import PlanFlow, RecipientFlow

    with transaction.atomic():
        plan = PlanFlow.start.run()
        parent = Task.objects.get(process=plan, flow_task=PlanFlow.gather)
        return parent, [RecipientFlow.start.run(_parent_task=parent).pk for _ in range(n)]


def moving() -> Callable[[int, int], None]:
    """A function that makes one move: finds the task that waits, and runs it in a transaction."""
    from viewflow.workflow.models import Task
    from viewflow_app.flows import HANDLES

    def move(process: int, number: int) -> None:
        handle = HANDLES[number]
        handle.run(Task.objects.get(process_id=process, flow_task=handle, status=NEW))

    return move


def move_singly(processes: Sequence[int]) -> None:
    """Each child's moves, a transaction each."""
    move = moving()
    for number in range(len(STEPS)):
        for process in processes:
            move(process, number)


def move_in_bulk(processes: Sequence[int]) -> None:
    """The moves of all children, a transaction per step."""
    from django.db import transaction

    move = moving()
    for number in range(len(STEPS)):
        with transaction.atomic():
            for process in processes:
                move(process, number)


def count(parent: Any) -> dict[str, int]:
    """The children by state: by the task that waits, or done."""
    from django.db.models import Count
    from viewflow.workflow.models import Process, Task
    from viewflow_app.flows import HANDLES

    waiting = Task.objects.filter(process__parent_task=parent, status=NEW).order_by()
    states = {STATES[HANDLES.index(each["flow_task"])]: each["n"] for each in waiting.values("flow_task").annotate(n=Count("pk"))}
    done = Process.objects.filter(parent_task=parent, status=DONE).count()
    return {**states, STATES[-1]: done} if done else states


def history() -> int:
    """Every task read, and what it makes of its process compared with the process; returns how many there are."""
    from viewflow.workflow.models import Process, Task
    from viewflow_app.flows import HANDLES, RecipientFlow

    moves: Counter[int] = Counter()
    n = 0
    for process, task, finished in Task.objects.order_by("process_id", "pk").values_list("process_id", "flow_task", "finished"):
        n += 1
        if task in HANDLES and finished:
            moves[process] += 1
    reported = Process.objects.filter(flow_class=RecipientFlow, status=DONE).values_list("pk", flat=True)
    assert set(reported) == {process for process, done in moves.items() if done == len(STEPS)}
    return n


if __name__ == "__main__":
    main()
