"""Commands for background work: what waits, what failed and why, another try, giving up with a reason, and who is at work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context
from workflows.commands.labels import columns, word
from workflows.commands.rendering import Tone, Words, emit_json, facts, json_option, limit_options, plain_json, say, table
from workflows.commands.watching import watch_jobs

if TYPE_CHECKING:
    from engine.outbox import Entry
    from engine.spawning import Progress

_ID = click.IntRange(1, 2**63 - 1)  # what a database can hold
_STATES: Mapping[str, tuple[str, str, Tone]] = {  # of a job: Vietnamese, English, tone
    "waiting": ("đang chờ", "waiting", "open"),
    "failing": ("sẽ thử lại", "failing", "warn"),
    "set_aside": ("chờ quyết định", "set_aside", "bad"),
    "done": ("xong", "done", "good"),
    "discarded": ("đã bỏ", "discarded", "quiet"),
}


@click.group()
def jobs() -> None:
    """Look after the background work: what waits, what failed, and who does it.

    A move leaves its background work behind as jobs, in its own transaction; `cascade work` and `cascade tick` do them. A job
    that fails is tried again after 1, 4, 9 and 16 minutes, then it is set aside until somebody decides. Single letters that could
    not be sent are no jobs: they stand under `cascade notices`.

    \b
    Examples:
      cascade jobs list
      cascade jobs watch
      cascade jobs retry 7
      cascade jobs workers
    """


@jobs.command("list")
@click.option("--state", type=click.Choice(list(_STATES)), help="Only those in this state. Default: all that are not settled.")
@click.option("--topic", help="Only those of this kind, for example notice.")
@limit_options
@json_option
@click.pass_obj
def list_jobs(context: Context, state: str | None, topic: str | None, limit: int | None, as_json: bool) -> None:
    """List jobs, oldest first, with how often they failed and why.

    \b
    Examples:
      cascade jobs list
      cascade jobs list --state set_aside --json
    """
    from engine import outbox, spawning
    from workflows.background_issue import plan_of

    with context.reading() as connection:
        states = (state,) if state else outbox.OPEN
        found = outbox.entries(connection, states, topic=topic, limit=limit)
        total = outbox.count(connection, states, topic=topic)
        under_way = spawning.under_way(connection)
    progress = {each.id: under_way.get(plan_of(each) or 0) for each in found}
    if as_json:
        emit_json([_json(each, progress[each.id]) for each in found])
        labels.say_more(len(found), total, context.lang)
        return
    rows = [
        (
            each.id,
            _state(context, each),
            each.topic,
            labels.so_far(progress[each.id]),
            _age(context, each),
            each.attempts or None,
            each.discard_reason or each.error,
        )
        for each in found
    ]
    table(columns(context.lang, "id", "state", "topic", "progress", "age", "failures", "error"), rows)
    labels.say_more(len(found), total, context.lang)


@jobs.command("show")
@click.argument("id", type=_ID)
@json_option
@click.pass_obj
def show_job(context: Context, id: int, as_json: bool) -> None:
    """Show one job: what is asked, and how it went.

    \b
    Example:
      cascade jobs show 7
    """
    from engine import outbox, spawning
    from workflows.background_issue import plan_of

    with context.reading() as connection:
        found = outbox.entry(connection, id)
        progress = spawning.progress(connection, plan_of(found) or 0)
    if as_json:
        emit_json(_json(found, progress))
        return
    discarded = f"{found.discarded_by}: {found.discard_reason}" if found.discarded_by else None
    facts(
        (word(name, context.lang), said)
        for name, said in (
            ("state", _state(context, found)),
            ("topic", found.topic),
            ("progress", labels.so_far(progress)),
            ("recorded", labels.moment(found.recorded_at)),
            ("next_attempt", labels.moment(found.next_attempt_at) if found.state == "failing" else None),
            ("finished", labels.moment(found.done_at) if found.state == "done" else None),
            ("failures", found.attempts or None),
            ("error", found.error),
            ("discarded", f"{labels.moment(found.done_at)} {discarded}" if discarded else None),
            ("payload", found.payload),
        )
    )


@jobs.command("retry")
@click.argument("ids", type=_ID, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that failed.")
@click.pass_obj
def retry_jobs(context: Context, ids: tuple[int, ...], everything: bool) -> None:
    """Give jobs that failed another try, from the first attempt on. Takes the role admin.

    \b
    Examples:
      cascade jobs retry 7 8
      cascade jobs retry --all
    """
    from engine import outbox

    if everything == bool(ids):
        raise click.UsageError("Name jobs by their ids, or give --all.")
    with context.administration() as connection:
        chosen = ids or [each.id for each in outbox.entries(connection, ("failing", "set_aside"))]
        outbox.require_open(connection, chosen)
        n = outbox.retry(connection, chosen)
    say(
        context.words(
            f"{n} việc được làm lại ở lệnh tick kế tiếp, hoặc do tiến trình nền.",
            f"{n} job(s) get another try, by the next tick or by the worker that is running.",
        )
    )


@jobs.command("discard")
@click.argument("ids", type=_ID, nargs=-1, required=True)
@click.option("--reason", required=True, help="Why they need not be done; it is kept.")
@click.pass_obj
def discard_jobs(context: Context, ids: tuple[int, ...], reason: str) -> None:
    """Decide that jobs are never to be done. They stay listed, with who decided and why. Takes the role admin.

    \b
    Example:
      cascade jobs discard 7 --reason "sent by hand"
    """
    from engine import outbox
    from workflows.background_issue import require_settled

    with context.administration() as connection:
        require_settled(connection, ids)
        outbox.discard(connection, ids, by=context.by().operator, reason=reason, now=context.now)
    say(context.words(f"{len(ids)} việc đã bỏ.", f"{len(ids)} job(s) discarded."))


@jobs.command("workers")
@json_option
@click.pass_obj
def list_workers(context: Context, as_json: bool) -> None:
    """List the workers that are at work on this database, and dead ones that left something unfinished.

    On PostgreSQL a worker's name is its machine, its process and a token. An SQLite file has one worker at most, "only".

    \b
    Example:
      cascade jobs workers
    """
    from engine import workers

    with context.database() as database:
        database.require_current()
        found = workers.seen(database)
    if as_json:
        emit_json(found)
        return
    rows = [
        (
            each.name,
            Words(context.words("có", "yes"), "good") if each.alive else Words(context.words("không", "no"), "bad"),
            labels.at(each.since) if each.since else None,
            labels.at(each.last_run_at) if each.last_run_at else None,
            each.unfinished,
        )
        for each in found
    ]
    table(columns(context.lang, "worker", "at_work", "since", "last_run", "unfinished"), rows)


jobs.add_command(watch_jobs)


def _state(context: Context, entry: Entry) -> Words:
    vi, en, tone = _STATES[entry.state]
    return Words(context.words(vi, en), tone)


def _age(context: Context, entry: Entry) -> str:
    """How long ago a job was recorded, in its largest unit."""
    from engine.clock import from_micros

    seconds = max(0, int((context.now - from_micros(entry.recorded_at)).total_seconds()))
    for size, vi, en in ((86_400, "ngày", "d"), (3_600, "giờ", "h"), (60, "phút", "min")):
        if seconds >= size:
            return f"{seconds // size} {context.words(vi, en)}"
    return f"{seconds} {context.words('giây', 's')}"


def _json(entry: Entry, progress: Progress | None) -> dict[str, Any]:
    told: dict[str, Any] = plain_json(entry)
    next_attempt = plain_json({"next_attempt_at": entry.next_attempt_at})
    how_far = labels.so_far_json(progress)
    return {**told, **next_attempt, "state": entry.state, "payload": json.loads(entry.payload), "progress": how_far}
