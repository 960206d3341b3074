"""The command that follows background work until it is done: bars on a terminal, lines in a pipe. It only reads."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import click

from workflows.commands.context import Context
from workflows.commands.labels import word
from workflows.commands.rendering import is_terminal, json_option, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from sqlalchemy.engine import Connection

    from engine.database import Database
    from engine.outbox import Entry


class Job(NamedTuple):
    """How far a job had come when it was looked at."""

    id: int
    topic: str
    plan: str | None  # number of the plan that it issues
    state: str  # see outbox.STATES
    done: int | None  # units that have the plan; None: not told of this kind of job
    total: int | None
    error: str | None  # of the last failed attempt, or why it was discarded


class Look(NamedTuple):
    """What there was at one look."""

    jobs: tuple[Job, ...]  # those that are followed one by one
    others: int  # how many further ones are left
    going_on: bool
    failed: bool  # one was set aside, or discarded, since the first look


Show: TypeAlias = Callable[[Look], None]


@click.command("watch")
@click.argument("id", type=click.IntRange(1, 2**63 - 1), required=False)
@click.option("--every", type=click.FloatRange(0.1, 60), default=0.5, show_default=True, help="Seconds between two looks.")
@json_option
@click.pass_obj
def watch_jobs(context: Context, /, id: int | None, every: float, as_json: bool) -> int:
    """Follow job ID, or all that are under way, until they are done. Ctrl-C ends the watching, not the work.

    The exit code is 0 when they are done, and 1 when one was set aside or discarded. In a pipe each change is a line.

    \b
    Examples:
      cascade jobs watch
      cascade jobs watch 7 --json
    """
    from engine import workers

    with context.database() as database:
        database.require_current()
        with _shown(context, as_json) as show:
            for number, look in enumerate(_looks(database, id, every)):
                if number == 0 and look.going_on and not any(each.alive for each in workers.seen(database)):
                    vi = "Chưa có tiến trình nền nào: chạy cascade work, hoặc cascade tick."
                    say(context.words(vi, "No worker is at work: start cascade work, or cascade tick."))
                show(look)
    for job in look.jobs:
        if job.state in ("set_aside", "discarded"):
            say(f"{job.id}: {job.error}")
    if not look.jobs and not look.others:
        say(context.words("Không có việc nào đang chờ.", "Nothing is left to be done."))
    return 1 if look.failed else 0


def _looks(database: Database, id: int | None, every: float) -> Iterator[Look]:
    """Look again and again, until what is followed is settled."""
    followed: dict[int, Job] = {}
    with database.read() as connection:
        before = _set_aside(connection)
    while True:
        with database.read() as connection:
            look = _look(connection, id, followed, before)
        yield look
        if not look.going_on:
            return
        time.sleep(every)


def _look(connection: Connection, id: int | None, followed: dict[int, Job], before: set[int]) -> Look:
    """``followed`` is brought up to date: it holds the jobs that are looked at one by one, for as long as they are watched."""
    from engine import outbox
    from workflows.issuing import TOPIC

    going_on = ("waiting", "failing")
    if id is not None:
        found = {id: outbox.entry(connection, id)}
    else:
        found = {each.id: each for each in outbox.entries(connection, going_on, topic=TOPIC)}
        found.update((each, outbox.entry(connection, each)) for each in followed if each not in found)
    followed.update((each, _job(connection, entry)) for each, entry in sorted(found.items()))
    jobs = tuple(followed.values())
    open_ones = sum(1 for job in jobs if job.state in going_on)
    others = outbox.count(connection, going_on) - open_ones if id is None else 0
    failed = any(job.state in ("set_aside", "discarded") for job in jobs) or (
        id is None and bool(_set_aside(connection) - before)
    )
    return Look(jobs, others, open_ones + others > 0, failed)


def _job(connection: Connection, entry: Entry) -> Job:
    from engine import spawning, store
    from engine.where import Where
    from workflows import register
    from workflows.background_issue import plan_of

    why = entry.discard_reason or entry.error
    plan = plan_of(entry)
    if plan is None:
        return Job(entry.id, entry.topic, None, entry.state, None, None, why)
    progress = spawning.progress(connection, plan)  # none: the plan is issued, or was taken back before
    done = progress.done if progress else store.matching(connection, Where(parent_id=plan, kind="recipient"))
    (registered,) = register.of_ids(connection, [plan])
    return Job(entry.id, entry.topic, registered.number, entry.state, done, int(json.loads(entry.payload)["units"]), why)


def _set_aside(connection: Connection) -> set[int]:
    from engine import outbox

    return {each.id for each in outbox.pending(connection, set_aside=True)}


# -- how it is shown ---------------------------------------------------------------------------------------------------


@contextmanager
def _shown(context: Context, as_json: bool) -> Iterator[Show]:
    if as_json or not is_terminal():
        yield _json_lines() if as_json else _lines(context)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}", markup=False)
    console = Console(file=sys.stdout)
    with Progress(text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console) as bars:
        yield _bars(context, bars)


def _bars(context: Context, bars: Progress) -> Show:
    """A bar for each job that is followed, and one for all others together."""
    tasks: dict[int, TaskID] = {}
    most = 0

    def show(look: Look) -> None:
        nonlocal most
        for job in look.jobs:
            said = f"{job.id} {job.plan or job.topic}: {job.state}"
            if job.id not in tasks:
                tasks[job.id] = bars.add_task(said)
            done, total = (int(job.state == "done"), 1) if job.total is None else (job.done, job.total)
            bars.update(tasks[job.id], description=said, completed=done, total=total)
        most = max(most, look.others)
        if most:
            if 0 not in tasks:
                tasks[0] = bars.add_task(context.words("việc khác", "other jobs"))
            bars.update(tasks[0], completed=most - look.others, total=most)

    return show


def _lines(context: Context) -> Show:
    """A line for each change, and at last one for how many others were left."""
    click.echo("\t".join(word(name, context.lang) for name in ("id", "number", "state", "done", "count", "error")))

    def tell(job: Job) -> None:
        click.echo("\t".join("" if value is None else str(value) for value in (job.id, job.plan or job.topic, *job[3:])))

    return _changes(tell, lambda others: click.echo(f"\t{context.words('việc khác', 'other jobs')}\t\t\t{others}"))


def _json_lines() -> Show:
    return _changes(
        lambda job: click.echo(json.dumps(job._asdict(), ensure_ascii=False)),
        lambda others: click.echo(json.dumps({"others": others})),
    )


def _changes(tell: Callable[[Job], None], tell_others: Callable[[int], None]) -> Show:
    """Tell only what has changed since the last look."""
    told: dict[int, Job] = {}
    others = 0

    def show(look: Look) -> None:
        nonlocal others
        for job in look.jobs:
            if told.get(job.id) != job:
                told[job.id] = job
                tell(job)
        if look.others != others:
            others = look.others
            tell_others(others)
        sys.stdout.flush()

    return show
