"""Commands that steer a plan with everything below it: suspend, resume, withdraw, supersede."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from workflows.commands import labels
from workflows.commands.context import Context
from workflows.commands.labels import columns
from workflows.commands.moving import NOTHING
from workflows.commands.rendering import emit_json, json_option, say, table


def _steering(command: Callable[..., None]) -> Callable[..., Any]:
    """The arguments that all four share."""
    for option in (
        click.pass_obj,
        json_option,
        click.option("--dry-run", is_flag=True, help="Only say what would be moved and what would stay."),
        click.option("--reason", required=True, help="Why; it is kept, and stands in the letters."),
        click.option("--subtree", metavar="UNIT", help="Only this unit's part and what is below it."),
        click.argument("plan"),
    ):
        command = option(command)
    return command


@click.command()
@_steering
def suspend(context: Context, /, **asked: Any) -> None:
    """Stop PLAN, or a unit's part of it, for now: it cannot be late while it is suspended.

    \b
    Examples:
      cascade suspend 12-KH/TU --reason "Chờ hướng dẫn mới" --dry-run
      cascade suspend 12-KH/TU --subtree X.GS --reason "Lũ lụt"
    """
    _steer(context, "suspend", **asked)


@click.command()
@_steering
def resume(context: Context, /, **asked: Any) -> None:
    """Let PLAN, or a unit's part of it, go on where it stood.

    \b
    Example:
      cascade resume 12-KH/TU --reason "Đã có hướng dẫn"
    """
    _steer(context, "resume", **asked)


@click.command()
@_steering
def withdraw(context: Context, /, **asked: Any) -> None:
    """Take PLAN back, or a unit's part of it. What has been reported stays reported.

    \b
    Example:
      cascade withdraw 12-KH/TU --reason "Ban hành nhầm" --dry-run
    """
    _steer(context, "withdraw", **asked)


@click.command()
@_steering
@click.option("--by", "replaced_by", metavar="PLAN", required=True, help="The plan that takes its place, issued already.")
def supersede(context: Context, /, **asked: Any) -> None:
    """Replace PLAN, or a unit's part of it, by another one.

    \b
    Example:
      cascade supersede 12-KH/TU --by 15-KH/TU --reason "Điều chỉnh thời gian"
    """
    _steer(context, "supersede", **asked)


def _steer(
    context: Context, trigger: str, plan: str, subtree: str | None, reason: str, dry_run: bool, as_json: bool,
    replaced_by: str | None = None,
) -> None:  # fmt: skip
    from engine import store
    from workflows.status import unit_names
    from workflows.steering import steer

    with context.installation() as installation:
        done = steer(
            installation, trigger, plan, context.by(), reason=reason, subtree=subtree, replaced_by=replaced_by, dry_run=dry_run
        )
        with installation.database.read() as connection:
            names = unit_names(connection, {each.assignee for each in (*done.moved, *done.left)})
            kinds = {row.id: store.definition(connection, row.id) for row in store.definitions(connection)}
    if as_json:
        emit_json(
            {
                "trigger": trigger,
                "moved": done.moved,
                "left": done.left,
                "by_state": done.by_state(),
                "not_issued": done.not_issued,
                "dry_run": dry_run,
            }
        )
        return
    rows = [
        (
            each.key or each.assignee,
            names.get(each.assignee, each.assignee),
            labels.state(kinds[each.definition_id], each.state, context.lang),
            labels.trigger(kinds[each.definition_id], trigger, context.lang) if each in done.moved else "",
        )
        for each in sorted((*done.moved, *done.left), key=lambda each: each.path)
    ]
    table(columns(context.lang, "code", "name", "state", "trigger"), rows)
    moved, left = len(done.moved), len(done.left)
    vi = f"{moved} hồ sơ {'sẽ' if dry_run else 'đã'} chuyển, {left} giữ nguyên."
    en = f"{moved} {'would be moved' if dry_run else 'moved'}, {left} stay as they are."
    if done.not_issued:
        vi = f"{vi} {done.not_issued} đơn vị chưa nhận thì không nhận nữa."
        en = f"{en} {done.not_issued} units to which it was still to be issued do not get it."
    say(context.words(vi, en) + (f" {context.words(*NOTHING)}" if dry_run else ""))
