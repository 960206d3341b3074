"""Commands that change the directory: units, operators, grants. Looking at units is units' business."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context
from workflows.commands.labels import columns
from workflows.commands.rendering import emit_json, json_option, progress, table

if TYPE_CHECKING:
    from workflows.entries import DirectoryFile, ImportResult

# -- units: commands of the group "units" ------------------------------------------------------------------------------


NATIONAL = "national"  # in a file's place: the provinces and communes that come with the program


@click.command("import")
@click.argument("file")
@click.option("--as-of", metavar="DATE", help="With 'national': as it is on this day. Default: today.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
@click.pass_obj
def import_file(context: Context, file: str, as_of: str | None, dry_run: bool, as_json: bool) -> None:
    """Make the directory say what FILE says (YAML or CSV): units, groups, operators, grants.

    What FILE does not mention stays. Everything is taken or, if one line is wrong, nothing.

    'national' in the place of FILE takes the country's provinces and communes, which come with the program: since July 2025
    34 provinces with communes, wards and special zones; before, 63 with districts. Their names are the administrative ones,
    those of their party committees are aliases. Both arrangements can be imported: their units are dated.

    \b
    Examples:
      cascade units import units.yaml
      cascade units import units.csv --dry-run
      cascade units import national
      cascade units import national --as-of 2025-06-30
    """
    from workflows import directory

    if as_of is not None and file != NATIONAL:
        raise click.UsageError(f"--as-of goes with '{NATIONAL}' only: a file dates its units itself.")
    parts = _national(context, as_of) if file == NATIONAL else [directory.parse(file)]
    with context.administration() as connection, progress("Units", sum(len(part.units) for part in parts)) as reach:
        result = directory.import_parts(connection, parts, dry_run=dry_run, progress=reach)
    if as_json:
        emit_json(result)
    else:
        _tell(result, dry_run)


def _national(context: Context, as_of: str | None) -> list[DirectoryFile]:
    from workflows.national import arrangements

    return arrangements.parts(context.day(as_of) or context.today)


def _tell(result: ImportResult, dry_run: bool) -> None:
    parts = (("units", result), ("groups", result.groups), ("operators", result.operators), ("grants", result.grants))
    for what, changes in parts:
        counts = {name: len(getattr(changes, name)) for name in ("added", "changed", "unchanged")}
        if any(counts.values()):
            said = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
            click.echo(f"{what}: {said}{' (nothing was written)' if dry_run else ''}")


@click.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--kind", required=True, help="What it is, in the directory's own words: ward, cell, office …")
@click.option("--parent", metavar="CODE", help="The unit above.")
@click.option("--email", multiple=True, help="Where its letters go; may be repeated.")
@click.option("--alias", "aliases", multiple=True, help="A further name that documents use; may be repeated.")
@click.option("--from", "valid_from", metavar="DATE", help="First day of its existence.")
@click.pass_obj
def add(context: Context, /, valid_from: str | None, **values: object) -> None:
    """Record a new unit.

    \b
    Example:
      cascade units add P.HM "Đảng ủy phường Hoa Mai" --kind ward --parent TP --email p-hm@example.org
    """
    from workflows import directory, directory_file

    unit = directory_file.unit({**values, "valid_from": str(context.day(valid_from) or "")})
    with context.administration() as connection:
        directory.add(connection, unit)
    click.echo(f"{unit.code} {unit.name}")


@click.command("close")
@click.argument("code")
@click.option("--on", metavar="DATE", help="The last day of its existence. Default: today.")
@click.pass_obj
def close(context: Context, code: str, on: str | None) -> None:
    """End a unit's existence. Its name and its history stay.

    \b
    Example:
      cascade units close P.HM --on 2025-06-30
    """
    from workflows import directory

    with context.administration() as connection:
        unit = directory.close(connection, code, context.day(on) or context.today)
    click.echo(f"{unit.code} {unit.name}: until {unit.valid_until:%d/%m/%Y}")


# -- operators ---------------------------------------------------------------------------------------------------------


@click.group()
def operators() -> None:
    """Keep the operators: who may act, in which role, for which units.

    A role on a unit covers all units below it; on "*" it covers everything. clerk acts for a unit, coordinator issues and
    steers, auditor reads, admin keeps the directory.

    \b
    Examples:
      cascade operators add lan --title "Chuyên viên Văn phòng Thành ủy"
      cascade operators grant lan clerk TP
    """


@operators.command("add")
@click.argument("name")
@click.option("--title", default="", help="The office held, for people to read.")
@click.pass_obj
def add_operator(context: Context, name: str, title: str) -> None:
    """Register somebody by login name, with no role yet.

    \b
    Example:
      cascade operators add lan --title "Chuyên viên Văn phòng Thành ủy"
    """
    from workflows import directory

    with context.administration() as connection:
        operator = directory.add_operator(connection, name, title)
    click.echo(f"{operator.name} {operator.title}".rstrip())


_roles = click.argument("role", type=click.Choice(["clerk", "coordinator", "auditor", "admin"]))


@operators.command("grant")
@click.argument("name")
@_roles
@click.argument("unit")
@click.pass_obj
def grant(context: Context, name: str, role: str, unit: str) -> None:
    """Give a role on UNIT and all units below it, or on "*".

    \b
    Examples:
      cascade operators grant lan clerk P.TT
      cascade operators grant minh admin "*"
    """
    from workflows import directory

    with context.administration() as connection:
        code = unit if unit == directory.EVERYWHERE else directory.find(connection, unit).code
        new = directory.grant(connection, name, role, code)
    click.echo(f"{name}: {role} on {code}{'' if new else ' (held already)'}")


@operators.command("revoke")
@click.argument("name")
@_roles
@click.argument("unit")
@click.pass_obj
def revoke(context: Context, name: str, role: str, unit: str) -> None:
    """Take a role away again, named as it was granted.

    \b
    Example:
      cascade operators revoke lan clerk P.TT
    """
    from workflows import directory

    with context.administration() as connection:
        directory.revoke(connection, name, role, unit)
    click.echo(f"{name}: no longer {role} on {unit}")


@operators.command("list")
@click.argument("name", required=False)
@json_option
@click.pass_obj
def list_operators(context: Context, name: str | None, as_json: bool) -> None:
    """List who is registered and what each may do where.

    \b
    Examples:
      cascade operators list
      cascade operators list lan --json
    """
    from workflows import directory

    with context.reading() as connection:
        found = [each for each in directory.list_operators(connection) if name in (None, each.name)]
        grants = directory.list_grants(connection, name)
    held = {each.name: [grant for grant in grants if grant.operator == each.name] for each in found}
    if as_json:
        emit_json([{"name": each.name, "title": each.title, "grants": held[each.name]} for each in found])
        return
    rows = [(each.name, "; ".join(f"{g.role} {g.unit}" for g in held[each.name]), each.title) for each in found]
    table(columns(context.lang, "operator", "role", "title"), rows)
