"""Commands for notices: what went out and what did not, another try, and the background work that writes and sends them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from workflows.commands.context import Context, data_folder
from workflows.commands.labels import at as shown_at
from workflows.commands.labels import columns, word
from workflows.commands.rendering import Words, emit_json, facts, json_option, progress, say, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from engine.jobs import Clock
    from workflows.notices.messages import Message
    from workflows.notices.transports import Transport
    from workflows.notices.worker import TickResult

SMTP = "CASCADE_SMTP"  # environment variables
SENDER = "CASCADE_SENDER"
PER_MINUTE = "CASCADE_MAIL_PER_MINUTE"
_TONES: dict[str, Any] = {"sent": "good", "queued": "open", "failed": "bad", "no_address": "warn"}
_STATES = {"sent": "đã gửi", "queued": "chờ gửi", "failed": "gửi hỏng", "no_address": "chưa có địa chỉ"}  # in Vietnamese
_SWEEPS = {"issuing": "giao kế hoạch", "rounds": "mở kỳ báo cáo", "deadlines": "ghi quá hạn", "parents": "cập nhật cấp trên"}


def _transport(command: Callable[..., None]) -> Callable[..., Any]:
    """The options that say how mail leaves; ``_way_out`` takes them."""
    for option in (
        click.option(
            "--mail-per-minute",
            "per_minute",
            type=click.IntRange(min=1),
            envvar=PER_MINUTE,
            metavar="N",
            help=f"At most so many mails in any minute, by all workers together. Default: {PER_MINUTE}, else no limit.",
        ),
        click.option("--from", "sender", metavar="ADDRESS", help=f"Whom the letters come from. Default: {SENDER}."),
        click.option("--smtp", metavar="HOST:PORT", help=f"Send to this server; add ?starttls=yes to encrypt. Default: {SMTP}."),
        click.option("--maildir", metavar="FOLDER", help="Put the mails into this folder. Default: maildir beside the database."),
    ):
        command = option(command)
    return command


# -- background work ---------------------------------------------------------------------------------------------------


@click.command()
@_transport
@json_option
@click.pass_obj
def tick(context: Context, /, as_json: bool, **way: Any) -> None:
    """Do once what is due now: issue, open the report rounds that begin, record due dates that passed, write and send letters.

    \b
    Examples:
      cascade tick
      cascade tick --smtp mail.example.org:587?starttls=yes
    """
    done = _tick(context, **way)
    if as_json:
        emit_json(done)
        return
    others = "".join(f", {context.words(_SWEEPS.get(name, name), name)}: {n}" for name, n in done.others.items() if n)
    click.echo(_counted(context, done) + others)
    if done.sent + done.failed + done.deferred:
        _tell_who_has_no_address(context)


def _counted(context: Context, done: TickResult) -> str:
    return context.words(
        f"{done.sent} thư đã gửi, {done.failed} thư hỏng, {done.deferred} thư sẽ gửi lại",
        f"{done.sent} sent, {done.failed} failed, {done.deferred} will be tried again",
    )


def _tell_who_has_no_address(context: Context) -> None:
    from workflows.notices import messages

    with context.reading() as connection:
        count = messages.counts(connection)["no_address"]
    if count:
        where = "cascade notices list --state no_address"
        vi = f"{count} thư không gửi được vì danh bạ chưa có địa chỉ; xem bằng: {where}"
        say(context.words(vi, f"{count} letter(s) have no address to go to; see them with: {where}"))


def _state(context: Context, message: Message) -> Words:
    return Words(context.words(_STATES[message.state], message.state), _TONES[message.state])


def _why(context: Context, message: Message) -> str | None:
    """Why it did not go out, as far as it is known."""
    if message.state == "no_address":
        return context.words(f"Danh bạ chưa có địa chỉ thư của {message.unit}.", message.error or "")
    return message.error


def _tick(context: Context, **way: Any) -> TickResult:
    from workflows.notices import worker
    from workflows.sweeps import sweeps

    way_out = _way_out(context, **way)
    with context.database() as database:
        database.require_current()
    with progress("letters"):
        return worker.run_tick(context.url, now=context.now, before=sweeps, **way_out)


@click.command()
@_transport
@click.option("--every", type=click.IntRange(1, 30), default=5, show_default=True, help="Seconds between two looks.")
@click.pass_obj
def work(context: Context, /, every: int, **way: Any) -> None:
    """Do what becomes due, every few seconds, until it is stopped (Ctrl-C, SIGTERM). The letter under way is finished.

    \b
    Examples:
      CASCADE_SMTP=mail.example.org:25 cascade work
      cascade work --smtp mail.example.org:587?starttls=yes --mail-per-minute 100
    """
    from workflows.notices import worker
    from workflows.sweeps import sweeps

    way_out = _way_out(context, **way)
    with context.database() as database:
        database.require_current()
    worker.run_work(
        context.url,
        clock=_clock(context),
        every=every,
        before=sweeps,
        **way_out,
        ready=lambda: say(context.words("Đang làm việc. Dừng bằng Ctrl-C.", "At work. Stop with Ctrl-C.")),
    )


def _clock(context: Context) -> Clock:
    """The wall's clock; with --now, one that runs on from there."""
    ahead = context.now - datetime.now(UTC) if context.when is not None else None
    return lambda: datetime.now(UTC) + ahead if ahead is not None else datetime.now(UTC)


def _way_out(
    context: Context, *, maildir: str | None, smtp: str | None, sender: str | None, per_minute: int | None
) -> dict[str, Any]:
    """How mail leaves, as a worker wants to be told. Raises InputError."""
    from workflows.notices import worker

    return {
        "transport": _transport_to(context, maildir, smtp),
        "sender": sender or os.environ.get(SENDER) or worker.SENDER,
        "per_minute": per_minute,
    }


def _transport_to(context: Context, maildir: str | None, smtp: str | None) -> Transport:
    """How mail leaves; a folder wins over a server. Raises InputError."""
    from pathlib import Path

    from engine.errors import InputError
    from workflows.notices.transports import Maildir, transport_from

    server = None if maildir else smtp or os.environ.get(SMTP)
    if server:
        try:
            return transport_from(server if "://" in server else f"smtp://{server}")
        except ValueError as error:
            raise InputError(f"'{server}' is not the address of a server ({error}).", remedy="Write HOST:PORT.") from error
    if maildir:
        return Maildir(Path(maildir).expanduser())
    with context.database() as database:
        beside = database.file.parent if database.file is not None else data_folder()
    return Maildir(beside / "maildir")


# -- the register of messages ------------------------------------------------------------------------------------------


@click.group()
def notices() -> None:
    """Look at what went out, what did not and why, and give it another try.

    \b
    Examples:
      cascade notices list --state failed
      cascade notices show 7
    """


@notices.command("list")
@click.option("--state", type=click.Choice(["queued", "sent", "failed", "no_address"]), help="Only those in this state.")
@click.option("--plan", help="Only those of this plan.")
@click.option("--unit", help="Only those to this unit.")
@click.option("--notice", help="Only those of this kind, for example dissemination_letter.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@json_option
@click.pass_obj
def list_notices(
    context: Context, state: str | None, plan: str | None, unit: str | None, notice: str | None, limit: int | None, as_json: bool
) -> None:
    """List messages with how they went.

    \b
    Examples:
      cascade notices list --plan 12-KH/TU
      cascade notices list --state no_address --json
    """
    from workflows import directory, register
    from workflows.notices import messages

    with context.reading() as connection:
        found = messages.list_messages(
            connection,
            state=state,
            notice=notice,
            unit=directory.find(connection, unit).code if unit else None,
            case=register.find(connection, plan).id if plan else None,
            limit=limit,
        )
    if as_json:
        emit_json(found)
        return
    rows = [
        (each.id, each.unit, _state(context, each), _day(each.sent_at), each.notice, _why(context, each) or each.subject)
        for each in found
    ]
    table(columns(context.lang, "id", "unit", "state", "sent", "notice", "subject"), rows)


def _day(moment: datetime | None) -> str:
    return shown_at(moment) if moment else ""


@notices.command("show")
@click.argument("id", type=int)
@click.option("--raw", is_flag=True, help="The very bytes that are sent.")
@json_option
@click.pass_obj
def show_notice(context: Context, id: int, raw: bool, as_json: bool) -> None:
    """Show one message: how it went, and what it says.

    \b
    Examples:
      cascade notices show 7
      cascade notices show 7 --raw > letter.eml
    """
    from workflows.notices import messages

    with context.reading() as connection:
        shown = messages.show(connection, id)
    if as_json:
        emit_json({"message": shown.message, "text": shown.text})
    elif raw:
        click.echo(shown.content or b"", nl=False)
    else:
        _show(context, shown.message, shown.text)


def _show(context: Context, message: Message, text: str | None) -> None:
    facts(
        (word(name, context.lang), said)
        for name, said in (
            ("unit", message.unit),
            ("address", message.address),
            ("state", _state(context, message)),
            ("sent", _day(message.sent_at)),
            ("attempts", message.attempts or None),
            ("error", _why(context, message)),
            ("subject", message.subject),
        )
    )
    if text is not None:
        click.echo(f"\n{text.rstrip()}")
    elif message.state == "no_address":
        way = f"cascade notices send {message.id}"
        vi = f"\n(Ghi địa chỉ vào danh bạ, cascade units import, rồi: {way})"
        click.echo(context.words(vi, f"\n(Give the unit an address, cascade units import, then: {way})"))
    else:
        click.echo(context.words("\n(Lệnh tick kế tiếp sẽ viết thư này.)", "\n(The next tick writes it.)"))


@notices.command("send")
@click.argument("ids", type=int, nargs=-1)
@click.option("--failed", is_flag=True, help="All that failed, and those whose unit has an address by now.")
@_transport
@click.pass_obj
def send(context: Context, /, ids: tuple[int, ...], failed: bool, **way: Any) -> None:
    """Give messages that failed, or had no address, another try, now.

    \b
    Examples:
      cascade notices send 7 8
      cascade notices send --failed
    """
    from engine.jobs import WorkerRunning
    from workflows.notices import messages

    if failed == bool(ids):
        raise click.UsageError("Name messages by their ids, or give --failed.")
    with context.database() as database:
        database.require_current()
        with database.write() as connection:
            chosen = ids or [
                each.id for state in ("failed", "no_address") for each in messages.list_messages(connection, state=state)
            ]
            _require_coordinator(connection, context.by().operator, chosen)
            queued = messages.requeue(connection, chosen, context.now)
    vi = f"{queued} trên {len(chosen)} thư được gửi lại."
    say(context.words(vi, f"{queued} of {len(chosen)} message(s) get another try."))
    try:
        done = _tick(context, **way)
        click.echo(_counted(context, done))
    except WorkerRunning:
        say(context.words("Tiến trình nền đang chạy sẽ gửi.", "The worker that is running sends them."))


def _not_sent(connection: Connection) -> list[int]:
    from workflows.notices import messages

    return [each.id for state in ("failed", "no_address") for each in messages.list_messages(connection, state=state)]


def _require_coordinator(connection: Connection, operator: str, ids: Sequence[int]) -> None:
    """Raise NotAuthorised unless the operator steers every plan that the messages are about."""
    from engine import store
    from workflows import directory
    from workflows.notices import messages

    plans = {store.get(connection, messages.show(connection, id).message.instance).case_id for id in ids}
    for plan in plans:
        directory.require(connection, operator, "coordinator", store.get(connection, plan).assignee)
