"""The command that says what waits for a unit. It only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.labels import columns
from workflows.commands.rendering import Cell, Words, emit_json, json_option, plain_json, say, table

if TYPE_CHECKING:
    from workflows.status import InboxItem


@click.command("inbox")
@click.option("--unit", metavar="UNIT", required=True, help="Whose: a code, a name or an alias.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first ones.")
@json_option
@click.pass_obj
def inbox(context: Context, unit: str, limit: int | None, as_json: bool) -> None:
    """Show what waits for a unit, what is due first on top, and what it may do next.

    \b
    Examples:
      cascade inbox --unit P.TT
      cascade inbox --unit "Đảng ủy phường Bến Lúa" --json
    """
    from workflows import status

    with context.reading() as connection:
        waiting = status.inbox(connection, unit, now=context.now, limit=limit)
    if as_json:
        emit_json([_json(each) for each in waiting])
        return
    if not waiting:
        say("Không có việc nào đang chờ." if context.lang == "vi" else "Nothing is waiting.")
        return
    heads = columns(context.lang, "due", "time", "number", "what", "state", "moves", "title")
    table(heads, [_row(each, context.lang) for each in waiting])


def _json(item: InboxItem) -> dict[str, Any]:
    shown = ("plan", "instance", "lateness", "due_phrase", "permitted")
    return {"kind": item.definition.name, **{name: plain_json(getattr(item, name)) for name in shown}}


def _row(item: InboxItem, lang: Language) -> list[Cell]:
    what = labels.label(item.definition.label, lang)
    key = item.instance.key.partition(":")[2]
    return [
        labels.due(item.instance.due_at, lang),
        labels.time(item.lateness, item.instance.standing, lang),
        Words(item.plan.number, "strong"),
        f"{what} {key}" if key else what,
        labels.state(item.definition, item.instance.state, lang),
        ", ".join(item.permitted),
        item.plan.title,
    ]
