"""Temporal: its development server with a database file, one worker, a workflow per child; a move is an update of it.

After its documentation: develop/python/message-passing (an update, unlike a signal, returns when the move is made and recorded),
develop/python/child-workflows (the parent starts them, ParentClosePolicy ABANDON), visibility and search attributes (the count
by state), develop/worker-performance (poller autoscaling, a cache that holds every workflow), develop/python/testing-suite
(Replayer over map_histories). The server flushes as the others do: --sqlite-pragma journal_mode=wal and synchronous=full.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.worker import PollerBehaviorAutoscaling, Replayer, Worker

with workflow.unsafe.imports_passed_through():
    from phases import STATES, STEPS, Phases

PLAN, STATE = SearchAttributeKey.for_keyword("Plan"), SearchAttributeKey.for_keyword("State")
QUEUE = "peers"
AT_ONCE = 50  # updates under way in bulk
PROGRAM = Path(sys.executable).with_name("temporal")


@workflow.defn
class Recipient:
    """A child: waits for its three moves."""

    def __init__(self) -> None:
        self.state = STATES[0]

    @workflow.run
    async def run(self) -> None:
        """Until it has reported."""
        await workflow.wait_condition(lambda: self.state == STATES[-1])

    @workflow.update
    def move(self, trigger: str) -> str:
        """To the next state."""
        self.state = STATES[STEPS.index(trigger) + 1]
        workflow.upsert_search_attributes([STATE.value_set(self.state)])
        return self.state

    @move.validator
    def check(self, trigger: str) -> None:
        """Only the move that is due."""
        if STATES[STEPS.index(trigger)] != self.state:
            raise ValueError(f"{trigger} from {self.state}")


@workflow.defn
class Plan:
    """The parent: starts its children."""

    @workflow.run
    async def run(self, n: int) -> None:
        """All of them at once."""
        name = workflow.info().workflow_id
        marks = TypedSearchAttributes([SearchAttributePair(PLAN, name), SearchAttributePair(STATE, STATES[0])])
        policy = workflow.ParentClosePolicy.ABANDON
        await asyncio.gather(
            *(
                workflow.start_child_workflow(
                    Recipient.run, id=f"{name}/{i}", search_attributes=marks, parent_close_policy=policy
                )
                for i in range(n)
            )
        )


def main() -> None:
    """Run the phases."""
    phases = Phases()
    loop = asyncio.new_event_loop()
    wait = loop.run_until_complete
    with server(phases) as address:
        client = wait(connected(address))
        worker = wait(worker_of(client, 3 * phases.n + 100))
        working = loop.create_task(worker.run())
        n, moves = phases.n, len(STEPS) * phases.n
        wait(create(client, "warm", 3))
        wait(move_singly(client, "warm", 3))
        phases.take("create", n, lambda: wait(create(client, "a", n)))
        phases.take("single", moves, lambda: wait(move_singly(client, "a", n)))
        wait(create(client, "b", n))
        phases.take("bulk", moves, lambda: wait(move_in_bulk(client, "b", n)))
        while wait(count(client, "a")) != {STATES[-1]: n}:
            wait(asyncio.sleep(0.1))  # the index that is counted by follows a little later
        states = phases.ask("count", lambda: wait(count(client, "a")))
        records = phases.take("history", (2 * n + 3) * (1 + len(STEPS)), lambda: wait(history(client)))
        told = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
        phases.tell(states, records, f"{told.strip()}, temporalio {version('temporalio')}")
        wait(worker.shutdown())
        wait(working)


@contextmanager
def server(phases: Phases) -> Iterator[str]:
    """The development server, as long as the block lasts; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--ip", "127.0.0.1", "--port", str(port), "--headless", "--log-level", "error"]
    options += ["--db-filename", phases.database.removeprefix("sqlite:///")]
    options += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full"]
    options += ["--search-attribute", "Plan=Keyword", "--search-attribute", "State=Keyword"]
    started = subprocess.Popen([PROGRAM, "server", "start-dev", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    phases.server = started.pid
    try:
        yield f"127.0.0.1:{port}"
    finally:
        phases.server = None
        started.terminate()
        started.wait()


async def connected(address: str) -> Client:
    """The client, as soon as the server answers; raises RuntimeError after half a minute."""
    for _ in range(300):
        try:
            return await Client.connect(address)
        except RuntimeError:
            await asyncio.sleep(0.1)
    raise RuntimeError("the server does not answer")


async def worker_of(client: Client, cached: int) -> Worker:
    """A worker that keeps so many workflows at hand."""
    autoscaling = PollerBehaviorAutoscaling()
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[Plan, Recipient],
        max_cached_workflows=cached,
        workflow_task_poller_behavior=autoscaling,
    )


async def create(client: Client, plan: str, n: int) -> None:
    """A parent, which starts its children."""
    await client.execute_workflow(Plan.run, n, id=plan, task_queue=QUEUE)


async def move(client: Client, plan: str, i: int, trigger: str) -> None:
    """One child's move."""
    await client.get_workflow_handle(f"{plan}/{i}").execute_update(Recipient.move, trigger)


async def move_singly(client: Client, plan: str, n: int) -> None:
    """Each child's moves, one update after the other."""
    for trigger in STEPS:
        for i in range(n):
            await move(client, plan, i, trigger)


async def move_in_bulk(client: Client, plan: str, n: int) -> None:
    """The moves of all children, step by step, many updates under way at a time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(i: int, trigger: str) -> None:
        async with room:
            await move(client, plan, i, trigger)

    for trigger in STEPS:
        await asyncio.gather(*(one(i, trigger) for i in range(n)))


async def count(client: Client, plan: str) -> dict[str, int]:
    """The children by state: a count of the visibility index for each state."""
    counts = [await client.count_workflows(f"Plan = '{plan}' AND State = '{state}'") for state in STATES]
    return {state: each.count for state, each in zip(STATES, counts, strict=True) if each.count}


async def history(client: Client) -> int:
    """Every child's history fetched and replayed; returns how many events there are."""
    records: Counter[str] = Counter()
    histories = client.list_workflows("WorkflowType = 'Recipient'").map_histories()
    async with Replayer(workflows=[Recipient]).workflow_replay_iterator(histories) as results:
        async for each in results:
            assert each.replay_failure is None, each.replay_failure
            records[each.history.workflow_id] = len(each.history.events)
    return records.total()


if __name__ == "__main__":
    main()
