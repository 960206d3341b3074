"""The commands around units: who exists, where they stand, what groups mean. Changing the directory is in the same group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context, Language
from workflows.commands.directory import add, close, import_file
from workflows.commands.labels import columns, date_text, word
from workflows.commands.recipients import alias
from workflows.commands.rendering import Cell, Words, emit_json, facts, heading, json_option, table, tree

if TYPE_CHECKING:
    from workflows.entries import Group, Unit


@click.group()
def units() -> None:
    """The directory: units, where they stand, and the groups that documents address.

    \b
    Examples:
      cascade units import units.yaml
      cascade units tree
    """


@units.command("list")
@click.option("--kind", help="Only units of this kind, for example ward.")
@click.option("--below", metavar="UNIT", help="Only units below this one, at every level.")
@click.option("--on", metavar="DATE", help="Only units that exist on this day.")
@json_option
@click.pass_obj
def list_units(context: Context, kind: str | None, below: str | None, on: str | None, as_json: bool) -> None:
    """List units in Vietnamese alphabetical order.

    \b
    Examples:
      cascade units list --kind ward
      cascade units list --below TP --json
    """
    from workflows import directory

    with context.reading() as connection:
        top = directory.find(connection, below).code if below else None
        day = context.day(on) or context.today
        every = directory.descendants(connection, top, day) if top else directory.all_units(connection, day)
    chosen = [unit for unit in every if kind is None or unit.kind == kind]
    if as_json:
        emit_json(chosen)
        return
    heads = columns(context.lang, "code", "name", "kind", "parent", "email")
    table(heads, [(unit.code, unit.name, unit.kind, unit.parent, ", ".join(unit.email)) for unit in chosen])


@units.command("show")
@click.argument("unit")
@json_option
@click.pass_obj
def show_unit(context: Context, unit: str, as_json: bool) -> None:
    """Show one unit: its names, its place, who is below it, who may act for it.

    \b
    Examples:
      cascade units show P.TT
      cascade units show "đảng ủy phường bến lúa"
    """
    from workflows import directory
    from workflows.national import arrangements

    with context.reading() as connection:
        found = directory.find(connection, unit)
        above = directory.ancestors(connection, found.code)
        below = directory.children(connection, found.code)
        acting = {
            operator.name: sorted(roles)
            for operator in directory.list_operators(connection)
            if (roles := directory.roles_of(connection, operator.name, found.code))
        }
    after = arrangements.successors(found.code) if found.valid_until else ()
    if as_json:
        emit_json({"unit": found, "above": above, "below": below, "operators": acting, "became": after})
        return
    _show(found, above, below, acting, context.lang)
    if after:
        facts([(word("became", context.lang), "; ".join(f"{each.name} ({each.code})" for each in after))])


def _show(unit: Unit, above: list[Unit], below: list[Unit], acting: dict[str, list[str]], lang: Language) -> None:
    heading(unit.code, unit.name)
    facts(
        [
            (word("kind", lang), unit.kind),
            (word("aliases", lang), "; ".join(unit.aliases)),
            (word("parent", lang), " ‹ ".join(each.name for each in above)),
            (word("email", lang), ", ".join(unit.email)),
            (word("valid_from", lang), date_text(unit.valid_from)),
            (word("valid_until", lang), date_text(unit.valid_until)),
            (word("operator", lang), "; ".join(f"{name} ({', '.join(roles)})" for name, roles in acting.items())),
        ]
    )
    if below:
        heading(word("below", lang))
        table(columns(lang, "code", "name", "kind"), [(each.code, each.name, each.kind) for each in below])


@units.command("tree")
@click.argument("unit", required=False)
@click.option("--on", metavar="DATE", help="As it is on this day.")
@json_option
@click.pass_obj
def tree_of_units(context: Context, unit: str | None, on: str | None, as_json: bool) -> None:
    """Show the directory, or what is below one unit, as a tree.

    \b
    Examples:
      cascade units tree
      cascade units tree P.TT
    """
    from workflows import directory

    with context.reading() as connection:
        top = directory.find(connection, unit).code if unit else None
        found = directory.tree(connection, top, context.day(on) or context.today)
    if as_json:
        emit_json([{"depth": depth, "unit": each} for depth, each in found])
        return
    rows: list[tuple[int, list[Cell]]] = [(depth, [each.name, Words(each.code, "quiet"), each.kind]) for depth, each in found]
    tree(columns(context.lang, "name", "code", "kind"), rows)


@units.command("groups")
@click.argument("group", required=False)
@click.option("--for", "relative_to", metavar="UNIT", help="Who addresses the group: most groups mean the units below that one.")
@json_option
@click.pass_obj
def groups(context: Context, group: str | None, relative_to: str | None, as_json: bool) -> None:
    """List the groups that documents address, or the members of one.

    \b
    Examples:
      cascade units groups
      cascade units groups CDB --for TP
    """
    from workflows import directory

    with context.reading() as connection:
        if group is None:
            _list_groups(directory.all_groups(connection), context.lang, as_json)
            return
        addresser = directory.find(connection, relative_to).code if relative_to else None
        members = directory.members(connection, group, relative_to=addresser, on=context.today)
    if as_json:
        emit_json({"group": group, "for": addresser, "members": members})
        return
    table(columns(context.lang, "code", "name", "kind"), [(each.code, each.name, each.kind) for each in members])


def _list_groups(found: list[Group], lang: Language, as_json: bool) -> None:
    if as_json:
        emit_json(found)
        return
    table(
        columns(lang, "code", "name", "kinds", "below", "members", "aliases"),
        [
            (
                group.code,
                group.name,
                ", ".join(group.kinds),
                group.below or (None if group.is_list else word("issuer", lang).lower()),
                ", ".join(group.members),
                "; ".join(group.aliases),
            )
            for group in found
        ],
    )


for _command in (import_file, add, close, alias):
    units.add_command(_command)
