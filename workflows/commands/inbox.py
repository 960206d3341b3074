"""The commands that say what waits for a unit, and what is overdue anywhere. They only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.labels import columns
from workflows.commands.rendering import Cell, Words, emit_json, json_option, limit_options, plain_json, say, table

if TYPE_CHECKING:
    from workflows.status import OpenItem


@click.command("inbox")
@click.option("--unit", metavar="UNIT", required=True, help="Whose: a code, a name or an alias.")
@limit_options
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
        waiting, total = status.inbox(connection, unit, now=context.now, limit=limit)
    if as_json:
        emit_json([_json(each) for each in waiting])
    elif waiting:
        heads = columns(context.lang, "due", "time", "number", "what", "state", "moves", "title")
        table(heads, [_row(each, context.lang) for each in waiting])
    else:
        say(context.words("Không có việc nào đang chờ.", "Nothing is waiting."))
    labels.say_more(len(waiting), total, context.lang)


@click.command("overdue")
@limit_options
@json_option
@click.pass_obj
def overdue(context: Context, limit: int | None, as_json: bool) -> None:
    """Show what is overdue, whatever the plan and the unit, what was due first on top.

    Of one plan alone: cascade status PLAN --overdue.

    \b
    Examples:
      cascade overdue
      cascade overdue --limit 200 --json
    """
    from workflows import status

    with context.reading() as connection:
        late, total = status.overdue(connection, now=context.now, limit=limit)
    if as_json:
        emit_json([_json(each) for each in late])
    elif late:
        table(
            columns(context.lang, "due", "code", "unit", "number", "what", "state"), [_late(each, context.lang) for each in late]
        )
    else:
        say(context.words("Không có việc nào quá hạn.", "Nothing is overdue."))
    labels.say_more(len(late), total, context.lang)


def _json(item: OpenItem) -> dict[str, Any]:
    shown = ("plan", "instance", "name", "lateness", "due_phrase", "permitted")
    return {"kind": item.definition.name, **{name: plain_json(getattr(item, name)) for name in shown}}


def _row(item: OpenItem, lang: Language) -> list[Cell]:
    return [
        labels.due(item.instance.due_at, lang),
        labels.time(item.lateness, item.instance.standing, lang),
        Words(item.plan.number, "strong"),
        _what(item, lang),
        labels.state(item.definition, item.instance.state, lang),
        ", ".join(item.permitted),
        item.plan.title,
    ]


def _late(item: OpenItem, lang: Language) -> list[Cell]:
    return [
        labels.due(item.instance.due_at, lang),
        item.instance.assignee,
        item.name,
        Words(item.plan.number, "strong"),
        _what(item, lang),
        labels.state(item.definition, item.instance.state, lang),
    ]


def _what(item: OpenItem, lang: Language) -> str:
    what = labels.label(item.definition.label, lang)
    key = item.instance.key.partition(":")[2]
    return f"{what} {key}" if key else what
