"""The commands that say where plans stand: the list, one plan's roll-up, its coverage, its lineage. They only read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.labels import columns, word
from workflows.commands.rendering import (
    Cell,
    Part,
    Words,
    bar,
    emit_json,
    facts,
    heading,
    is_terminal,
    json_option,
    limit_options,
    line,
    plain_json,
    say,
    table,
    tree,
)

if TYPE_CHECKING:
    from engine.rollup import Summary
    from engine.spawning import Progress
    from workflows.lineage import Lineage
    from workflows.status import Node, PlanLine, PlanStatus

_ARROW = " › "


@click.command("plans")
@limit_options
@json_option
@click.pass_obj
def plans(context: Context, limit: int | None, as_json: bool) -> None:
    """List the newest plans that were issued, with their progress; the newest stand last.

    \b
    Examples:
      cascade plans
      cascade plans --all --json
    """
    from workflows import status

    with context.reading() as connection:
        found, total = status.plans(connection, now=context.now, limit=limit)
    if as_json:
        emit_json(
            [
                {
                    "plan": each.plan,
                    "state": each.instance.state,
                    "issuing": labels.so_far_json(each.issuing),
                    "issuer": each.issuer,
                    "summary": each.summary,
                }
                for each in found
            ]
        )
    else:
        heads = columns(context.lang, "number", "date", "issuer", "state", "done", "progress", "late", "title")
        table(heads, [_plan_row(each, context.lang) for each in found])
    labels.say_more(len(found), total, context.lang)


def _plan_row(found: PlanLine, lang: Language) -> list[Cell]:
    return [
        Words(found.plan.number, "strong"),
        labels.date_text(found.plan.date),
        found.issuer,
        _issuing(found.issuing, lang) or labels.state(found.definition, found.instance.state, lang),
        _share(found.summary),
        _mini(found.summary),
        Words(str(found.summary.overdue), "bad") if found.summary and found.summary.overdue else "",
        found.plan.title,
    ]


@click.command("status")
@click.argument("plan")
@click.option("--unit", metavar="UNIT", help="Only this unit's part of the plan.")
@click.option("--tree", "with_tree", is_flag=True, help="List every unit, below one another.")
@click.option("--state", metavar="STATE", help="List the units directly below that are in this state, what is due first on top.")
@click.option("--overdue", is_flag=True, help="List the units directly below that are overdue.")
@click.option("--at", metavar="WHEN", help="As it was recorded at that moment, for example 2025-03-20.")
@limit_options
@json_option
@click.pass_obj
def status(
    context: Context, /, plan: str, unit: str | None, with_tree: bool, state: str | None, overdue: bool, at: str | None,
    limit: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Show where a plan stands: how many have done what, what is late, and which unit holds it back.

    PLAN is a number, the beginning of one, or an id.

    \b
    Examples:
      cascade status 12-KH/TU
      cascade status 12-KH/TU --tree --unit P.MT
      cascade status 12-KH/TU --state issued --limit 20
      cascade status 12-KH/TU --at 2025-03-20
    """
    from workflows.moments import NOTHING, Choice
    from workflows.status import plan_status

    if with_tree and (state or overdue):
        raise click.UsageError("--tree lists every unit: give it without --state and --overdue.")
    listing = with_tree or state is not None or overdue
    choice = Choice(with_tree, state, overdue, limit) if listing else NOTHING
    with context.reading() as connection:
        moment = context.moment(at)
        found = plan_status(connection, plan, now=context.now, unit=unit, at=moment, choice=choice)
    if as_json:
        emit_json(_status_json(found))
    else:
        _show(found, context.lang, past=moment is not None, as_tree=with_tree)
    if listing:
        labels.say_more(len(found.nodes), found.chosen, context.lang)
    if found.further:
        vi = f"Thêm {found.further} đơn vị ở các cấp dưới nữa: xem bằng --unit."
        say(context.words(vi, f"{found.further} of the units further below, too: see them with --unit."))


def _show(found: PlanStatus, lang: Language, *, past: bool, as_tree: bool) -> None:
    heading(found.plan.number, Words(labels.date_text(found.plan.date), "quiet"), Words(found.plan.title))
    facts(_status_facts(found, lang, past=past))
    if found.top.summary:
        _picture(found, found.top.summary, lang)
    if found.nodes:
        line()
        heads = columns(lang, "unit", "code", "state", "due", "time", "below")
        if as_tree:
            tree(heads, [(node.depth, _node_cells(node, found, lang)) for node in found.nodes])
        else:
            table(heads, [_node_cells(node, found, lang) for node in found.nodes])


def _status_facts(found: PlanStatus, lang: Language, *, past: bool) -> Iterator[tuple[str, Cell]]:
    top = found.top
    if past:
        yield word("at", lang), labels.at(found.at)
    yield word("unit", lang), f"{top.instance.assignee} {top.name}"
    yield word("state", lang), _state(top, found, lang)
    if found.issuing:
        yield word("issuing", lang), labels.so_far(found.issuing)
    if top.instance.due_at:
        yield word("due", lang), labels.due(top.instance.due_at, lang)
    if top.summary and top.summary.rank is not None:
        progress = found.definitions["recipient"].progress
        yield word("together", lang), labels.state(found.definitions["recipient"], progress[top.summary.rank], lang)
    if found.holder:
        names: list[Words] = []
        for step in found.way[:-1]:
            names += [Words(step.number or step.instance.assignee), Words(_ARROW, "quiet")]
        holder = found.holder
        names += [Words(holder.instance.assignee, "strong"), Words(f" {holder.name}: {_state(holder, found, lang)}, ")]
        due = f" ({labels.due(holder.instance.due_at, lang)})" if holder.instance.due_at else ""
        yield word("held_back_by", lang), [*names, _time(holder, lang), Words(due, "quiet")]


def _picture(found: PlanStatus, summary: Summary, lang: Language) -> None:
    heading(
        f"{word('done', lang)} {summary.done}/{summary.required}",
        Words(_percent(summary.done, summary.required), "good"),
        Words(f"({word('out', lang).lower()}: {summary.out})", "quiet") if summary.out else None,
        Words(f"({word('paused', lang).lower()}: {summary.paused})", "quiet") if summary.paused else None,
    )
    bar(_parts(summary, lang))
    heading(word("by_state", lang))
    definition = found.definitions["recipient"]
    known = sorted(summary.by_state, key=[*definition.progress, *definition.states].index)
    facts((labels.state(definition, name, lang), str(summary.by_state[name])) for name in known)


def _parts(summary: Summary, lang: Language) -> list[Part]:
    names = [name for name in labels.CLASSES if name != "out"]
    return [
        Part(labels.lateness(name, lang).text, getattr(summary, name), labels.CLASSES[name].tone, labels.CLASSES[name].glyph)
        for name in names
    ]


def _node_cells(node: Node, found: PlanStatus, lang: Language) -> list[Cell]:
    name: Cell = node.name
    if node.number or node.instance.key:
        kind = labels.label(found.definitions[node.kind].label, lang)
        name = [Words(f"{kind} {node.number or node.instance.key.partition(':')[2]}", "strong" if node.number else "plain")]
    return [
        name,
        Words(node.instance.assignee, "quiet"),
        _state(node, found, lang),
        labels.due(node.instance.due_at, lang),
        _time(node, lang),
        _share(node.summary),
    ]


def _state(node: Node, found: PlanStatus, lang: Language) -> str:
    return labels.state(found.definitions[node.kind], node.instance.state, lang)


def _time(node: Node, lang: Language) -> Words:
    return labels.time(node.lateness, node.instance.standing, lang)


def _issuing(progress: Progress | None, lang: Language) -> Words | None:
    return Words(f"{word('issuing', lang)} {labels.so_far(progress)}", "open") if progress else None


def _share(summary: Summary | None) -> str:
    return f"{summary.done}/{summary.required}" if summary else ""


def _percent(n: int, total: int) -> str:
    return f"{n * 100 // total}%" if total else ""


def _mini(summary: Summary | None, width: int = 12) -> Cell:
    """A short bar for a table: done on time, done late, the rest; in a pipe the percentage."""
    if summary is None or not summary.required:
        return ""
    if not is_terminal():
        return _percent(summary.done, summary.required)
    done = summary.done * width // summary.required
    overdue = min(width - done, -(-summary.overdue * width // summary.required))
    return [Words("━" * done, "good"), Words("━" * overdue, "bad"), Words("━" * (width - done - overdue), "quiet")]


def _status_json(found: PlanStatus) -> dict[str, Any]:
    top = found.top
    progress = found.definitions["recipient"].progress if "recipient" in found.definitions else ()
    rank = top.summary.rank if top.summary else None
    return {
        "plan": found.plan,
        "at": found.at,
        "top": _node_json(top),
        "issuing": labels.so_far_json(found.issuing),
        "together": None if rank is None else progress[rank],
        "held_back_by": _node_json(found.holder) if found.holder else None,
        "way": [step.number or step.instance.assignee for step in found.way],
        **({"nodes": [_node_json(node) for node in found.nodes], "nodes_in_all": found.chosen} if found.nodes else {}),
    }


def _node_json(node: Node) -> dict[str, Any]:
    return {
        **plain_json(node.instance),
        "name": node.name,
        "kind": node.kind,
        "number": node.number,
        "depth": node.depth,
        "lateness": node.lateness,
        "summary": plain_json(node.summary),
    }


# -- coverage ----------------------------------------------------------------------------------------------------------


@click.command("coverage")
@click.argument("plan")
@limit_options
@json_option
@click.pass_obj
def coverage(context: Context, plan: str, limit: int | None, as_json: bool) -> None:
    """Show which units no letter has reached, which have not acknowledged, which have not passed the plan on.

    \b
    Examples:
      cascade coverage 12-KH/TU
      cascade coverage 12-KH/TU --all --json
    """
    from workflows import status
    from workflows.names import sort_key

    with context.reading() as connection:
        found = status.coverage(connection, plan, limit=limit)
        missing = {name: getattr(found, name) for name in ("no_letter", "not_acknowledged", "not_passed_on")}
        names = status.unit_names(connection, {code for page in missing.values() for code in page.lines})
    lists = {name: sorted(page.lines, key=lambda code: sort_key(names.get(code) or code)) for name, page in missing.items()}
    in_all = {name: page.total for name, page in missing.items()}
    if as_json:
        shown = {name: _named(codes, names) for name, codes in lists.items()}
        emit_json({"addressed": found.addressed, "issuing": labels.so_far_json(found.issuing), **shown, "in_all": in_all})
        return
    lang = context.lang
    so_far = [(word("issuing", lang), labels.so_far(found.issuing))] if found.issuing else []
    facts([(word("addressed", lang), found.addressed), *so_far, *((word(name, lang), total) for name, total in in_all.items())])
    for name, codes in lists.items():
        if codes:
            heading(word(name, lang))
            table(columns(lang, "code", "name"), [(code, names.get(code, code)) for code in codes])
            labels.say_more(len(codes), in_all[name], lang)


def _named(codes: Iterable[str], names: dict[str, str]) -> list[dict[str, str]]:
    return [{"unit": code, "name": names.get(code, code)} for code in codes]


# -- lineage -----------------------------------------------------------------------------------------------------------


@click.command("lineage")
@click.argument("plan")
@json_option
@click.pass_obj
def lineage(context: Context, plan: str, as_json: bool) -> None:
    """Show what a plan rests on, from the top decision down, and what rests on it.

    \b
    Examples:
      cascade lineage 12-KH/TU
      cascade lineage 12-KH/TU --json
    """
    from workflows import lineage as lines

    with context.reading() as connection:
        found = lines.lineage(connection, plan)
    if as_json:
        emit_json(found)
        return
    lang = context.lang
    tree(
        columns(lang, "number", "date", "issuer", "id", "title"), [(depth, _lineage_cells(each)) for depth, each in _walk(found)]
    )


def _walk(found: Lineage, depth: int = 0) -> Iterator[tuple[int, Lineage]]:
    yield depth, found
    for each in found.below:
        yield from _walk(each, depth + 1)


def _lineage_cells(found: Lineage) -> list[Cell]:
    return [
        Words(found.document.number, "strong" if found.asked else "plain"),
        labels.date_text(found.document.date),
        found.document.issuer,
        f"#{found.plan.id}" if found.plan else "",
        found.plan.title if found.plan else "",
    ]
