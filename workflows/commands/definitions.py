"""The commands around workflow definitions: which there are, what they permit, whether a file is sound, a diagram."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.labels import columns, word
from workflows.commands.rendering import Cell, Words, emit_json, facts, heading, is_terminal, json_option, table, together

if TYPE_CHECKING:
    from engine.definition import Definition, Need, Transition


@click.group("workflows")
def workflows() -> None:
    """The workflow definitions: states, transitions, and how units below move what is above.

    \b
    Examples:
      cascade workflows list
      cascade workflows show recipient
    """


@workflows.command("list")
@json_option
@click.pass_obj
def list_definitions(context: Context, as_json: bool) -> None:
    """List the definitions that come with the program.

    \b
    Examples:
      cascade workflows list
      cascade workflows list --json
    """
    from workflows.installation import definitions

    found = definitions()
    if as_json:
        emit_json([_json(each) for each in found])
        return
    rows = [
        (Words(each.name, "strong"), str(each.version), labels.label(each.label, context.lang), _line(each), each.digest[:12])
        for each in found
    ]
    table(columns(context.lang, "name", "version", "title", "progress", "hash"), rows)


@workflows.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show_definition(context: Context, name: str, as_json: bool) -> None:
    """Show a definition's states and transitions: who may fire what, from where, with which values.

    NAME is the name of a definition that comes with the program, or a definition file.

    \b
    Examples:
      cascade workflows show recipient
      cascade workflows show my-definition.yaml
    """
    found = _load(name)
    if as_json:
        emit_json(_json(found))
        return
    lang = context.lang
    heading(found.name, Words(f"{word('version', lang).lower()} {found.version}", "quiet"), labels.label(found.label, lang))
    facts(_rules(found, lang))
    heading(word("states", lang))
    table(columns(lang, "name", "title", "stands_for", "remarks"), [_state_row(found, state, lang) for state in found.states])
    heading(word("transitions", lang))
    rows = [_transition_row(alike, lang) for alike in _grouped(found)]
    if is_terminal():  # eight columns are for programs
        narrow = [(row[0], together(row[2:4], " → "), row[4], together(row[5:], "; ")) for row in rows]
        table(columns(lang, "trigger", "moves", "role", "remarks"), narrow)
        return
    table(columns(lang, "trigger", "title", "from", "to", "role", "fields", "guards", "remarks"), rows)


@workflows.command("check")
@click.argument("file")
@json_option
def check_definition(file: str, as_json: bool) -> None:
    """Check a definition file: one initial state, every state reachable, no trap, known guards, no unknown key.

    Exits 1 with the file and the line of the first fault.

    \b
    Example:
      cascade workflows check my-definition.yaml
    """
    from engine import definition
    from workflows.guards import GUARDS

    found = definition.load(file, GUARDS)
    if as_json:
        emit_json({"file": file, "sound": True, **_json(found)})
        return
    click.echo(f"{file}: sound ({found.name} {found.version}, {len(found.states)} states, {len(found.transitions)} moves)")


@workflows.command("diagram")
@click.argument("name")
@click.option(
    "--format", "form", type=click.Choice(["mermaid", "dot"]), default="mermaid", show_default=True, help="What to write."
)
@click.pass_obj
def draw_definition(context: Context, name: str, form: str) -> None:
    """Draw a definition: Mermaid, which many forges and editors show as a picture, or Graphviz.

    \b
    Examples:
      cascade workflows diagram recipient
      cascade workflows diagram plan --format dot | dot -Tsvg > plan.svg
    """
    from workflows.diagrams import FORMATS

    click.echo(FORMATS[form](_load(name), context.lang), nl=False)


def _load(name: str) -> Definition:
    from engine import definition
    from engine.errors import NotFound
    from workflows.guards import GUARDS
    from workflows.resources import definitions_folder

    if Path(name).suffix in (".yaml", ".yml"):
        return definition.load(name, GUARDS)
    known = {file.stem: file for file in sorted(definitions_folder().glob("*.yaml"))}
    if name not in known:
        remedy = f"There are: {', '.join(known)}; or name a file that ends in .yaml."
        raise NotFound(f"There is no definition '{name}'.", remedy=remedy)
    return definition.load(known[name], GUARDS)


def _rules(found: Definition, lang: Language) -> list[tuple[str, Cell]]:
    rules: list[tuple[str, Cell]] = [
        (word("progress", lang), _line(found)),
        (word("started_by", lang), found.start_role),
        (word("hash", lang), found.digest),
    ]
    if found.rollup:
        rules.append((word("rollup", lang), f"{found.rollup.of}: {_need(found.rollup.need)}"))
    for rule in found.children:
        back = f"; {rule.otherwise}" if rule.otherwise else ""
        rules.append((word("follows", lang), f"{_need(rule.need)} {rule.of} ≥ {rule.reach} → {rule.fire}{back}"))
    return rules


def _line(found: Definition) -> str:
    return " → ".join(found.progress)


def _need(need: Need) -> str:
    return {"all": "all", "at_least": f"at least {need.n}", "percent": f"{need.n}%"}[need.kind]


def _state_row(found: Definition, name: str, lang: Language) -> list[Cell]:
    state = found.states[name]
    remarks = [name == found.initial and "initial", state.final and f"final: {state.final}", state.paused and "paused"]
    stands_for = word("previous", lang) if state.rank is None else found.progress[state.rank]
    return [Words(name, "strong"), labels.label(state.label, lang), stands_for, ", ".join(each for each in remarks if each)]


def _grouped(found: Definition) -> list[list[Transition]]:
    """The transitions that differ by their source alone, together."""
    groups: dict[str, list[Transition]] = {}
    for each in found.transitions.values():
        groups.setdefault(repr((each.trigger, each.to, each.role, each.of, each.fields, each.guards, each.reopens)), []).append(
            each
        )
    return list(groups.values())


def _transition_row(alike: list[Transition], lang: Language) -> list[Cell]:
    first = alike[0]
    role = first.role + (f" ({word('parent_unit', lang)})" if first.of == "parent" else "")
    fields = [f"{field.name}: {field.type}{'*' if field.required else ''}" for field in first.fields.values()]
    remarks = [first.reason and "reason", first.reopens and "reopens", first.notice and f"notice: {first.notice}"]
    return [
        Words(first.trigger, "strong"),
        labels.label(first.label, lang),
        ", ".join(each.source for each in alike),
        first.to,
        role,
        ", ".join(fields),
        ", ".join(first.guards),
        ", ".join(each for each in remarks if each),
    ]


def _json(found: Definition) -> dict[str, Any]:
    import json

    return {"digest": found.digest, **json.loads(found.source)}
