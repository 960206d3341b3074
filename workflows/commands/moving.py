"""Commands by which units move: one at a time, many at once, and passing a plan on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context
from workflows.commands.labels import columns
from workflows.commands.rendering import LIMIT, Words, emit_json, json_option, line, progress, say, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from engine.instance import Instance
    from engine.runtime import BulkResult
    from workflows.operations import Attachment

NOTHING = ("Chưa ghi gì.", "Nothing was written.")
MOST_BYTES = 25 * 1024 * 1024  # of one attachment

_set = click.option("--set", "fields", metavar="FIELD=VALUE", multiple=True, help="A value that belongs to the move; repeatable.")
_on = click.option("--on", metavar="WHEN", help="When it happened. Default: now.")
_note = click.option("--note", help="A remark kept with the move.")
_reason = click.option("--reason", help="Why; some moves demand it.")


@click.command()
@click.argument("plan")
@click.argument("unit")
@click.argument("trigger")
@_on
@_note
@_reason
@_set
@click.option("--attach", "files", metavar="FILE", multiple=True, help="A file kept with the move, 25 MB at most; repeatable.")
@click.option("--revision", type=int, help="Refuse unless it still is at this revision.")
@click.option("--key", help="A name for this very command: given again, it is not done twice.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@json_option
@click.pass_obj
def advance(
    context: Context, /, plan: str, unit: str, trigger: str, on: str | None, note: str | None, reason: str | None,
    fields: tuple[str, ...], files: tuple[str, ...], revision: int | None, key: str | None, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Move UNIT's part of PLAN by TRIGGER: disseminate, hold_conference, report, return, extend, excuse …

    UNIT is a code, a name or an alias; a conference is named by its own id, for example 2.1. A refusal names what is permitted.

    \b
    Examples:
      cascade advance 12-KH/TU P.TT disseminate --on 2025-03-21
      cascade advance 12-KH/TU 2.1 hold --on 2025-03-25 --set participants=180
      cascade advance 12-KH/TU P.TT report --set summary="Đã hoàn thành" --attach bao-cao.pdf
      cascade advance 12-KH/TU P.TT extend --set due=2025-04-05 --reason "Bão số 1"
    """
    from workflows.operations import Advance, advance_unit

    asked = Advance(
        plan=plan,
        unit=unit,
        trigger=trigger,
        on=context.moment(on),
        fields=_pairs(fields, "--set"),
        reason=reason,
        note=note,
        attachments=tuple(_attachment(file) for file in files),
        expected_revision=revision,
        key=key,
    )
    with context.installation() as installation:
        done = advance_unit(installation, asked, context.by(), dry_run=dry_run)
        with installation.database.read() as connection:
            told = _told(connection, context, done.before, done.after)
            above = _told(connection, context, done.plan, done.plan)
    if as_json:
        emit_json({"before": done.before, "after": done.after, "plan": done.plan, "repeated": done.repeated, "dry_run": dry_run})
        return
    line(*told)
    if done.plan.id != done.after.id:
        line(*above)
    if done.repeated:
        say(context.words("Lệnh này đã được thực hiện trước đây.", "This command was given before; nothing was done again."))
    elif dry_run:
        say(context.words(*NOTHING))


@click.command()
@click.argument("plan")
@click.argument("trigger")
@click.option(
    "--where", "conditions", metavar="KEY=VALUE", multiple=True, help="state=, kind= (of the unit) or below=; repeatable."
)
@click.option("--units", "file", metavar="FILE", help="Only the units that FILE names, one to a line.")
@click.option("--each", is_flag=True, help="Move those that may move and list the others, instead of all or nothing.")
@_on
@_note
@_reason
@_set
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@json_option
@click.pass_obj
def bulk(
    context: Context, /, plan: str, trigger: str, conditions: tuple[str, ...], file: str | None, each: bool, on: str | None,
    note: str | None, reason: str | None, fields: tuple[str, ...], dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Move many units of PLAN by the same TRIGGER at once: all that match, or none.

    With --each those that are refused stay where they are; the exit code is 1 if there are any. The first units of each kind
    are listed; cascade status PLAN --state lists them all.

    \b
    Examples:
      cascade bulk 12-KH/TU disseminate --where state=issued --dry-run
      cascade bulk 12-KH/TU hold_conference --where kind=ward --where state=disseminated --on 2025-03-27
      cascade bulk 12-KH/TU report --units units.txt --each
    """
    from workflows.operations import Bulk, bulk_advance

    where = _pairs(conditions, "--where")
    if unknown := where.keys() - {"state", "kind", "below"}:
        raise click.BadParameter(f"'{sorted(unknown)[0]}' is none of state, kind, below.", param_hint="--where")
    asked = Bulk(
        plan=plan,
        trigger=trigger,
        state=where.get("state"),
        kind=where.get("kind"),
        below=where.get("below"),
        units=_listed(file) if file is not None else None,
        on=context.moment(on),
        fields=_pairs(fields, "--set"),
        reason=reason,
        note=note,
        mode="each" if each else "all",
    )
    with context.installation() as installation, progress(trigger):
        result = bulk_advance(installation, asked, context.by(), dry_run=dry_run)
        with installation.database.read() as connection:
            moved = _moved(connection, result.moved)
    if as_json:
        why = [{"unit": x.instance.assignee, "state": x.instance.state, "why": str(x.error)} for x in result.refused[:LIMIT]]
        counts = {"moved_in_all": len(result.moved), "refused_in_all": len(result.refused)}
        emit_json({"trigger": trigger, "moved": list(moved), "refused": why, **counts, "dry_run": dry_run})
    else:
        _tell(context, result, moved, dry_run)
    return 1 if result.refused else 0


def _moved(connection: Connection, ids: tuple[int, ...]) -> dict[str, str]:
    """The first units that were moved, code -> name."""
    from engine import store
    from engine.where import Where
    from workflows import status

    codes = [each.assignee for each in store.select(connection, Where(ids=ids[:LIMIT]))]
    names = status.unit_names(connection, codes)
    return {code: names.get(code, code) for code in codes}


def _tell(context: Context, result: BulkResult, moved: dict[str, str], dry_run: bool) -> None:
    if moved:
        table(columns(context.lang, "code", "name"), list(moved.items()))
    for each in result.refused[:LIMIT]:
        line(Words(each.instance.assignee, "strong"), str(each.error))
    moves, refusals = len(result.moved), len(result.refused)
    vi = f"{moves} đơn vị {'sẽ' if dry_run else 'đã'} chuyển" + (f", {refusals} bị từ chối" if refusals else "")
    en = f"{moves} unit(s) {'would move' if dry_run else 'moved'}" + (f", {refusals} refused" if refusals else "")
    cut = (
        context.words(f" Chỉ nêu {LIMIT} đơn vị đầu.", f" The first {LIMIT} are listed.") if max(moves, refusals) > LIMIT else ""
    )
    say(context.words(vi, en) + "." + cut + (f" {context.words(*NOTHING)}" if dry_run else ""))


@click.command()
@click.argument("plan")
@click.argument("unit")
@click.option("--to", metavar="GROUP", multiple=True, required=True, help="A group or a unit below UNIT; repeatable.")
@click.option("--dry-run", is_flag=True, help="Only say who would get it.")
@json_option
@click.pass_obj
def forward(context: Context, plan: str, unit: str, to: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Pass PLAN on as it is, from UNIT to units below it, with UNIT's own duties and due date.

    \b
    Example:
      cascade forward 12-KH/TU X.GS --to "Các chi bộ trực thuộc"
    """
    from workflows.operations import forward_plan
    from workflows.status import unit_names

    with context.installation() as installation:
        done = forward_plan(installation, plan, unit, to, context.by(), dry_run=dry_run)
        with installation.database.read() as connection:
            names = unit_names(connection, [*done.units, *done.already])
    if as_json:
        emit_json({"units": done.units, "already": done.already, "dry_run": dry_run})
        return
    table(columns(context.lang, "code", "name"), [(code, names[code]) for code in done.units])
    if done.already:
        say(f"{context.words('Đã nhận từ trước', 'Addressed already')}: {', '.join(done.already)}.")
    vi = f"{len(done.units)} đơn vị {'sẽ' if dry_run else 'đã'} được chuyển tiếp."
    en = f"{len(done.units)} unit(s) {'would get' if dry_run else 'get'} it."
    say(context.words(vi, en) + (f" {context.words(*NOTHING)}" if dry_run else ""))


# -- what was typed ----------------------------------------------------------------------------------------------------


def _pairs(given: Iterable[str], option: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"'{text}' is not of the form NAME=VALUE.", param_hint=option)
        if name.strip() in pairs:
            raise click.BadParameter(f"'{name.strip()}' is given twice.", param_hint=option)
        pairs[name.strip()] = value
    return pairs


def _attachment(file: str) -> Attachment:
    """A file to be kept; raises InputError."""
    from engine.errors import InputError
    from workflows.operations import Attachment

    try:
        with Path(file).open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}).", file=file, remedy="Check the path.") from error
    if len(content) > MOST_BYTES:
        raise InputError("is larger than 25 MB.", file=file, remedy="Attach a smaller one, or say with --note where it is kept.")
    return Attachment(name=Path(file).name, content=content)


def _listed(file: str) -> tuple[str, ...]:
    """The units that a file names, one to a line; '#' begins a remark. Raises InputError."""
    from engine import yaml_source

    lines = (each.partition("#")[0].strip() for each in yaml_source.read_text(file).splitlines())
    return tuple(dict.fromkeys(each for each in lines if each))


# -- what is told ------------------------------------------------------------------------------------------------------


def _who(connection: Connection, instance: Instance) -> tuple[str, str]:
    from workflows import register
    from workflows.status import unit_names

    names = unit_names(connection, [instance.assignee])
    plan = register.of_ids(connection, [instance.id])
    return plan[0].number if plan else instance.key or instance.assignee, names.get(instance.assignee, instance.assignee)


def _told(connection: Connection, context: Context, before: Instance, after: Instance) -> list[Words]:
    """Who stands where now, and where it stood before."""
    from engine import store

    definition = store.definition(connection, after.definition_id)
    code, name = _who(connection, after)
    states = [labels.state(definition, each.state, context.lang) for each in dict.fromkeys((before, after))]
    told = [Words(code, "strong"), Words(f"{name}:"), Words(" -> ".join(dict.fromkeys(states)))]
    if after.due_at is not None:
        told.append(Words(f"({labels.word('due', context.lang).lower()} {labels.due(after.due_at, context.lang)})", "quiet"))
    return told
