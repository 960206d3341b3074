"""The commands that auditors use: the history of a plan, its replay, its verification. They only read, and trust no operator."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.labels import columns, word
from workflows.commands.rendering import (
    Cell,
    Words,
    emit_json,
    facts,
    is_terminal,
    json_option,
    limit_options,
    plain_json,
    progress,
    table,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.definition import Definition
    from engine.instance import Instance
    from workflows.audit import Entry, Replayed


@click.command("history")
@click.argument("plan")
@click.option("--unit", metavar="UNIT", help="Only this unit's part of the plan, and what is below it.")
@limit_options
@json_option
@click.pass_obj
def history(context: Context, plan: str, unit: str | None, limit: int | None, as_json: bool) -> None:
    """Show the events of a plan, the first on top: when each happened, when it was recorded, who, what, why.

    In JSON each event carries its hash, which covers the one before it.

    \b
    Examples:
      cascade history 12-KH/TU --unit P.TT
      cascade history 12-KH/TU --all --json
    """
    from workflows import audit
    from workflows.status import newest_definitions

    with context.reading() as connection:
        entries = audit.history(connection, plan, unit=unit, limit=limit)
        total = len(entries) if limit is None or len(entries) < limit else audit.length(connection, plan, unit=unit)
        definitions = newest_definitions(connection)
    if as_json:
        emit_json([_entry_json(each) for each in entries])
    else:
        _show_entries(entries, definitions, context)
    labels.say_more(len(entries), total, context.lang)


def _show_entries(entries: Sequence[Entry], definitions: Mapping[str, Definition], context: Context) -> None:
    rows = [_entry_row(each, definitions[each.kind], context.lang) for each in entries]
    if is_terminal():  # ten columns are for programs
        narrow = [
            (*row[:2], together(row[3:5], " "), together((row[5], together(row[6:8], " → ")), ": "), *row[8:]) for row in rows
        ]
        table(columns(context.lang, "recorded", "occurred", "unit", "trigger", "actor", "remarks"), narrow)
        return
    heads = columns(context.lang, "recorded", "occurred", "id", "code", "unit", "trigger", "from", "to", "actor", "remarks")
    table(heads, rows)


def _entry_row(entry: Entry, definition: Definition, lang: Language) -> list[Cell]:
    event, data = entry.event, entry.event.data
    key = entry.key.partition(":")[2]
    kind = labels.label(definition.label, lang)
    started = event.type == "started"
    return [
        labels.moment(event.recorded_at),
        labels.moment(event.occurred_at),
        Words(f"{event.instance_id}/{event.seq}", "quiet"),
        entry.assignee,
        f"{kind} {key}" if key else entry.name,
        word("started", lang) if started else labels.trigger(definition, data["trigger"], lang),
        "" if started else labels.state(definition, data["from"], lang),
        Words(labels.state(definition, definition.initial if started else data["to"], lang), "strong"),
        event.actor,
        "; ".join(_remarks(entry, lang)),
    ]


def _remarks(entry: Entry, lang: Language) -> list[str]:
    data = entry.event.data
    said = [f"{word(name, lang).lower()}: {data[name]}" for name in ("reason", "note") if data.get(name)]
    said += [f"{name}={value}" for name, value in data.get("fields", {}).items()]
    said += [
        f"{word('attachments', lang).lower()}: {each['name']} ({each['digest'][:12]})" for each in data.get("attachments", ())
    ]
    if entry.event.type == "started" and data.get("due_from"):
        said.append(f"{word('due', lang).lower()}: “{data['due_from']['phrase']}”")
    if entry.event.cause:
        said.append(f"{word('cause', lang).lower()} {entry.event.cause.instance_id}/{entry.event.cause.seq}")
    return said


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        **plain_json(entry.event),
        "unit": entry.assignee,
        "key": entry.key,
        "name": entry.name,
        "kind": entry.kind,
        "hash": entry.hash,
    }


# -- replay and verification -------------------------------------------------------------------------------------------


@click.group("audit")
def audit() -> None:
    """Replay the history and compare it with what the program shows.

    \b
    Examples:
      cascade audit replay
      cascade audit verify --expect ROOT
    """


@audit.command("replay")
@click.argument("plan", required=False)
@click.option("--at", metavar="WHEN", help="Print the states as they were recorded at that moment instead.")
@limit_options
@json_option
@click.pass_obj
def replay(context: Context, plan: str | None, at: str | None, limit: int | None, as_json: bool) -> None:
    """Replay the history of a plan, or of everything, and compare the outcome with the live state.

    Exits 1 and names the first difference when there is one.

    \b
    Examples:
      cascade audit replay
      cascade audit replay 12-KH/TU --at 2025-03-20
    """
    moment = context.moment(at)
    if moment is not None:
        _replay_until(context, plan, moment, limit, as_json)
        return
    found = _verified(context, plan)
    _report(found, context.lang, as_json, root=False)


@audit.command("verify")
@click.argument("plan", required=False)
@click.option("--expect", metavar="ROOT", help="The root that was kept outside when the history was sealed.")
@json_option
@click.pass_obj
def verify(context: Context, plan: str | None, expect: str | None, as_json: bool) -> None:
    """Check everything: the chain of hashes, every move against its definition, the live state, the roll-up.

    Prints the root over all histories. Keep it outside this machine: given with --expect it shows whether history was
    shortened or rewritten, which no chain can show by itself. Exits 1 and names the first fault when there is one.

    \b
    Examples:
      cascade audit verify
      cascade audit verify 12-KH/TU --expect 6f0c…
    """
    from workflows.audit import require_root

    found = _verified(context, plan)
    _report(found, context.lang, as_json, root=True)
    if expect is not None:
        require_root(found.verification, expect)


def _verified(context: Context, plan: str | None) -> Replayed:
    from workflows import audit

    with context.database() as database, progress(word("events", context.lang)) as reached:
        database.require_current()
        return audit.verify(database, plan, progress=reached)


def _report(found: Replayed, lang: Language, as_json: bool, *, root: bool) -> None:
    """Print what was found; raises the divergence, if there is one."""
    seen = found.verification
    fault = seen.divergence
    if as_json:
        divergence = fault and {"message": fault.message, **fault.facts}
        shown = {"plan": found.plan, "instances": seen.instances, "events": seen.events, "equal": fault is None}
        emit_json({**shown, **({"root": seen.root} if root else {}), "divergence": divergence})
    else:
        facts(
            [
                (word("plan", lang), found.plan.number if found.plan else word("everything", lang)),
                (word("instances", lang), seen.instances),
                (word("events", lang), seen.events),
                (word("outcome", lang), Words(word("differs" if fault else "equal", lang), "bad" if fault else "good")),
                (word("root", lang), seen.root if root else ""),
            ]
        )
    if fault is not None:
        raise fault


def _replay_until(context: Context, plan: str | None, moment: datetime, limit: int | None, as_json: bool) -> None:
    from engine.clock import to_micros
    from workflows import audit
    from workflows.status import newest_definitions, unit_names

    with context.reading() as connection:
        found, total = audit.states(connection, plan, until=to_micros(moment), limit=limit)
        kinds = audit.kinds(connection)
        definitions = newest_definitions(connection)
        names = unit_names(connection, {each.assignee for each in found})
    if as_json:
        emit_json([{**plain_json(each), "kind": kinds[each.definition_id]} for each in found])
    else:
        heads = columns(context.lang, "id", "code", "unit", "what", "state", "due", "events", "hash")
        table(heads, [_state_row(each, definitions[kinds[each.definition_id]], names, context.lang) for each in found])
    labels.say_more(len(found), total, context.lang)


def _state_row(instance: Instance, definition: Definition, names: dict[str, str], lang: Language) -> list[Cell]:
    kind = labels.label(definition.label, lang)
    return [
        Words(f"#{instance.id}", "quiet"),
        instance.assignee,
        names.get(instance.assignee, instance.assignee),
        f"{kind} {instance.key.partition(':')[2]}".rstrip(),
        Words(labels.state(definition, instance.state, lang), "strong"),
        labels.due(instance.due_at, lang),
        instance.revision,
        Words(instance.head.hex()[:12], "quiet"),
    ]
