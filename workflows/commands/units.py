"""Commands for the directory's units."""

from __future__ import annotations

import click

from workflows.commands.context import Context
from workflows.commands.rendering import emit_json


@click.group()
def units() -> None:
    """Keep the directory: who there is, who stands below whom.

    \b
    Examples:
      cascade units import units.yaml
      cascade units tree
    """


# -- changing ----------------------------------------------------------------------------------------------------------


@units.command("import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def import_file(context: Context, file: str, dry_run: bool, as_json: bool) -> None:
    """Make the directory say what FILE says (YAML or CSV): units, groups, operators, grants.

    What FILE does not mention stays. Either everything is taken or, if one line is wrong, nothing.

    \b
    Examples:
      cascade units import units.yaml
      cascade units import --dry-run units.csv
    """
    from workflows import directory

    parsed = directory.parse(file)
    with context.administration() as connection:
        result = directory.import_units(connection, parsed, dry_run=dry_run)
    if as_json:
        emit_json(result)
        return
    for what, changes in (
        ("units", result), ("groups", result.groups), ("operators", result.operators), ("grants", result.grants),
    ):  # fmt: skip
        if changes.added or changes.changed or changes.unchanged:
            said = f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.unchanged)} unchanged"
            click.echo(f"{what}: {said}{' (nothing was written)' if dry_run else ''}")


@units.command()
@click.argument("code")
@click.argument("name")
@click.option("--kind", required=True, help="What it is, in the directory's own words: ward, cell, office …")
@click.option("--parent", metavar="CODE", help="The unit above.")
@click.option("--email", multiple=True, help="Where its letters go; may be repeated.")
@click.option("--alias", "aliases", multiple=True, help="A further name that documents use; may be repeated.")
@click.option("--from", "first", metavar="DATE", help="First day of its existence.")
@click.pass_obj
def add(
    context: Context, code: str, name: str, kind: str, parent: str | None, email: tuple[str, ...], aliases: tuple[str, ...],
    first: str | None,
) -> None:  # fmt: skip
    """Record a new unit.

    \b
    Example:
      cascade units add P.HM "Đảng ủy phường Hoa Mai" --kind ward --parent TP --email p-hm@example.org
    """
    from workflows import directory
    from workflows.directory_file import unit

    new = unit(code=code, name=name, kind=kind, parent=parent, email=email, aliases=aliases, valid_from=context.day(first))
    with context.administration() as connection:
        directory.add(connection, new)
    click.echo(f"{new.code} {new.name}")


@units.command()
@click.argument("code")
@click.option("--on", "last", metavar="DATE", help="Last day of its existence. Default: today.")
@click.pass_obj
def close(context: Context, code: str, last: str | None) -> None:
    """End a unit's existence. Its history and its name stay.

    \b
    Example:
      cascade units close P.HM --on 2025-06-30
    """
    from workflows import directory

    with context.administration() as connection:
        unit = directory.close(connection, code, context.day(last) or context.today)
    click.echo(f"{unit.code} {unit.name}: until {unit.valid_until:%d/%m/%Y}")
