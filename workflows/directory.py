"""Units and groups: the only writer of their tables. Who may act is grants' work, reading a directory's file directory_file's.

Every function takes a connection inside a transaction that the caller opened with Database.write() or Database.read().
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import AlreadyExists, Ambiguous, InputError, NotFound
from engine.store import batches
from workflows import directory_changes, hierarchy, membership, names, nearness, tables
from workflows.entries import EVERYWHERE, ROLES, Changes, DirectoryFile, Grant, Group, ImportResult, Operator, Unit
from workflows.grants import (
    add_operator,
    grant,
    list_grants,
    list_operators,
    require,
    require_all,
    retitle,
    revoke,
    roles_of,
)

__all__ = [
    "EVERYWHERE",
    "ROLES",
    "Changes",
    "DirectoryFile",
    "Grant",
    "Group",
    "ImportResult",
    "Operator",
    "Unit",
    "add_operator",
    "grant",
    "list_grants",
    "list_operators",
    "require",
    "require_all",
    "revoke",
    "roles_of",
]

Entry = TypeVar("Entry", bound=Unit | Group)

NEAREST = 5  # how many candidates an error lists
FEW = 1_000  # units that are looked up with what is around them; for more the whole directory is read


# -- units: looking up --------------------------------------------------------------------------------------------------


def get(connection: Connection, code: str) -> Unit:
    """The unit with this code; raises NotFound with the nearest ones."""
    found = _units(connection, tables.unit.c.code == code)
    if not found:
        raise _no_unit(connection, code, None)
    return found[0]


def with_code(connection: Connection, code: str, on: date | None = None) -> Unit | None:
    """The unit with exactly this code, if there is one; on a day only if it exists then."""
    return next((unit for unit in _units(connection, tables.unit.c.code == code) if unit.valid_on(on)), None)


def with_codes(connection: Connection, codes: Sequence[str], on: date | None = None) -> list[Unit]:
    """The units with these codes, in alphabetical order; codes that there are not are left out."""
    found = (unit for batch in batches(codes, FEW) for unit in _read(connection, tables.unit.c.code.in_(batch)))
    return sorted((unit for unit in found if unit.valid_on(on)), key=_alphabetical)


def find(connection: Connection, text: str, on: date | None = None) -> Unit:
    """The unit with this code, name or alias, whatever the case and diacritics; on a day only those that exist then.

    Diacritics decide where several have the name without them; without a day, so does that a unit has not ended.
    Raises Ambiguous with the candidates, or NotFound with the nearest ones.
    """
    by_code = with_code(connection, text.strip(), on)
    if by_code is not None:
        return by_code
    found = _named(connection, text, on)
    if not found:
        raise _no_unit(connection, text, on)
    if len(found) > 1:
        listed = "; ".join(f"{unit.code} ({_path_name(connection, unit)})" for unit in found[: NEAREST * 2])
        raise Ambiguous(
            f"'{text}' may be any of {len(found)} units: {listed}.",
            remedy="Give the code.",
            candidates=[unit.code for unit in found],
        )
    return found[0]


def all_units(connection: Connection, on: date | None = None) -> list[Unit]:
    """Every unit, in alphabetical order; on a day only those that exist then."""
    return [unit for unit in _units(connection, sa.true()) if unit.valid_on(on)]


def children(connection: Connection, code: str, on: date | None = None) -> list[Unit]:
    """The units directly below, in alphabetical order."""
    return [unit for unit in _units(connection, tables.unit.c.parent == code) if unit.valid_on(on)]


def descendants(connection: Connection, code: str, on: date | None = None) -> list[Unit]:
    """All units below, at every level, in alphabetical order, without the unit itself."""
    below = hierarchy.below([code])
    return [
        unit
        for unit in _units(connection, tables.unit.c.code.in_(sa.select(below.c.code)))
        if unit.code != code and unit.valid_on(on)
    ]


def ancestors(connection: Connection, code: str) -> list[Unit]:
    """The units above, the nearest first."""
    above = hierarchy.above(code)
    by_code = {unit.code: unit for unit in _units(connection, tables.unit.c.code.in_(sa.select(above.c.code)))}
    found: list[Unit] = []
    here = by_code[code].parent if code in by_code else None
    while here is not None:
        found.append(by_code[here])
        here = by_code[here].parent
    return found


def codes_below(connection: Connection, code: str) -> set[str]:
    """The codes of all units below, at every level and of every time, without the unit itself."""
    return set(connection.scalars(sa.select(hierarchy.below([code]).c.code))) - {code}


def is_below(connection: Connection, code: str, top: str) -> bool:
    """Whether the first unit stands anywhere below the second; no unit is below itself."""
    above = hierarchy.above(code)
    return code != top and connection.scalar(sa.select(above.c.code).where(above.c.code == top)) is not None


def tree(connection: Connection, top: str | None = None, on: date | None = None) -> list[tuple[int, Unit]]:
    """The units with their depth (0 on top), each followed by those below it; of one unit, or of the whole directory."""
    units = all_units(connection, on) if top is None else [get(connection, top), *descendants(connection, top, on)]
    codes = {unit.code for unit in units}
    below: dict[str | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent if unit.parent in codes and unit.code != top else None, []).append(unit)
    found: list[tuple[int, Unit]] = []
    waiting = [(0, unit) for unit in reversed(below.get(None, []))]
    while waiting:
        depth, unit = waiting.pop()
        found.append((depth, unit))
        waiting.extend((depth + 1, child) for child in reversed(below.get(unit.code, [])))
    return found


# -- units: writing -----------------------------------------------------------------------------------------------------


def add(connection: Connection, unit: Unit) -> None:
    """Record a new unit; raises AlreadyExists, or InputError where its place or name does not fit."""
    if _units(connection, tables.unit.c.code == unit.code):
        raise AlreadyExists(f"A unit has the code '{unit.code}' already.", remedy="Choose another code.", code=unit.code)
    _put_units(connection, DirectoryFile(name="", units=(unit,)), dry_run=False)


def change(connection: Connection, unit: Unit) -> None:
    """Replace what is recorded of a unit, except dates that it leaves open; raises NotFound, InputError."""
    get(connection, unit.code)
    _put_units(connection, DirectoryFile(name="", units=(unit,)), dry_run=False)


def close(connection: Connection, code: str, on: date) -> Unit:
    """End a unit's existence: ``on`` is its last day. Raises InputError while units below it go on."""
    unit = get(connection, code)
    if unit.valid_from is not None and on < unit.valid_from:
        raise InputError(f"{code} begins on {unit.valid_from}; it cannot end on {on}.", remedy="Give a later day.")
    going_on = [child for child in children(connection, code) if child.valid_until is None or child.valid_until > on]
    if going_on:
        listed = ", ".join(child.code for child in going_on[:NEAREST])
        raise InputError(
            f"{len(going_on)} units below {code} go on after {on}: {listed}.", remedy="Close or move those first.", code=code
        )
    connection.execute(tables.unit.update().where(tables.unit.c.code == code).values(valid_until=on.isoformat()))
    return replace(unit, valid_until=on)


# -- importing a file ---------------------------------------------------------------------------------------------------


def parse(path: str | Path) -> DirectoryFile:
    """Read a directory's YAML or CSV file; raises InputError at its line."""
    from workflows import directory_file  # reading needs pydantic, which looking up must not pay for

    return directory_file.parse(path)


def import_units(connection: Connection, file: DirectoryFile, *, dry_run: bool = False) -> ImportResult:
    """Make the directory say what the file says, and leave alone what the file does not mention.

    Repeating it changes nothing. Dates that the file leaves open stay as they are, so that it reopens no closed unit; grants
    are added, never taken away. Raises InputError at the file's line where it does not fit what is recorded.
    """
    units = _put_units(connection, file, dry_run=dry_run)
    named = file.groups or file.grants
    known = set(connection.scalars(sa.select(tables.unit.c.code))) | {unit.code for unit in file.units} if named else set()
    groups = _put_groups(connection, file, known, dry_run=dry_run)
    operators = _put_operators(connection, file.operators, dry_run=dry_run)
    grants = _put_grants(connection, file, known, dry_run=dry_run)
    return ImportResult(
        added=units.added, changed=units.changed, unchanged=units.unchanged, groups=groups, operators=operators, grants=grants
    )


def import_parts(
    connection: Connection,
    parts: Sequence[DirectoryFile],
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _units: None,
) -> ImportResult:
    """As ``import_units``, of a file in parts, what stands above coming first; ``progress`` is told the units done so far."""
    if dry_run:  # a part rests on those before it, which are not there then
        return import_units(connection, directory_changes.joined(parts), dry_run=True)
    results: list[ImportResult] = []
    done = 0
    for part in parts:
        results.append(import_units(connection, part))
        done += len(part.units)
        progress(done)
    return directory_changes.together(results)


# -- groups -------------------------------------------------------------------------------------------------------------


def all_groups(connection: Connection) -> list[Group]:
    """Every group, in alphabetical order."""
    found = [_group(row) for row in connection.execute(sa.select(tables.group))]
    return sorted(found, key=lambda group: names.sort_key(group.name))


def get_group(connection: Connection, code: str) -> Group:
    """The group with this code; raises NotFound with the nearest ones."""
    row = connection.execute(sa.select(tables.group).where(tables.group.c.code == code)).one_or_none()
    if row is None:
        raise _not_found("group", code, _groups_like(connection, code))
    return _group(row)


def members(connection: Connection, group_code: str, *, relative_to: str | None = None, on: date | None = None) -> list[Unit]:
    """The units that a group means to ``relative_to``, the unit that addresses it, in alphabetical order.

    Raises NotFound, or InputError where the group needs to know who addresses it.
    """
    return members_of(connection, get_group(connection, group_code), relative_to=relative_to, on=on)


def members_of(connection: Connection, group: Group, *, relative_to: str | None, on: date | None) -> list[Unit]:
    """As ``members``, of a group at hand."""
    return _units(connection, membership.condition(group, relative_to=relative_to, on=on))


# -- steps --------------------------------------------------------------------------------------------------------------


def _alphabetical(unit: Unit) -> tuple[names.SortKey, str]:
    return names.sort_key(unit.name), unit.code


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _units(connection: Connection, condition: sa.ColumnElement[bool]) -> list[Unit]:
    return sorted(_read(connection, condition), key=_alphabetical)


def _read(connection: Connection, condition: sa.ColumnElement[bool]) -> list[Unit]:
    """The units in any order: putting many into the alphabet's costs more than reading them."""
    chosen = sa.select(tables.unit.c.code).where(condition)
    aliases: dict[str, list[str]] = {}
    for row in connection.execute(sa.select(tables.unit_alias).where(tables.unit_alias.c.code.in_(chosen))):
        aliases.setdefault(row.code, []).append(row.alias)
    rows = connection.execute(sa.select(tables.unit).where(condition))
    return [_unit(row, aliases.get(row.code, [])) for row in rows]


def _unit(row: sa.Row[Any], aliases: Iterable[str]) -> Unit:
    return Unit(
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent=row.parent,
        email=tuple(row.email.split(", ")) if row.email else (),
        aliases=tuple(sorted(aliases, key=names.sort_key)),
        valid_from=_day(row.valid_from),
        valid_until=_day(row.valid_until),
    )


def _group(row: sa.Row[Any]) -> Group:
    return Group(
        code=row.code,
        name=row.name,
        aliases=tuple(json.loads(row.aliases)),
        below=row.below,
        deep=bool(row.deep),
        kinds=tuple(json.loads(row.kinds)),
        members=tuple(json.loads(row.members)),
    )


def _named(connection: Connection, text: str, on: date | None) -> list[Unit]:
    readings = names.readings(text)
    alias = tables.unit_alias
    by_alias = sa.select(alias.c.code).where(alias.c.folded.in_(readings))
    agreed = tables.alias.c
    decided = sa.select(agreed.code).where(agreed.folded.in_(readings), agreed.issuer == "", agreed.is_group == 0)
    code = tables.unit.c.code
    found = _units(connection, sa.or_(tables.unit.c.folded.in_(readings), code.in_(by_alias), code.in_(decided)))
    existing = [unit for unit in found if unit.valid_on(on)]
    if on is None:  # of one name, what still exists is meant rather than what has ended
        existing = [unit for unit in existing if unit.valid_until is None] or existing
    return exact(text, existing)


def _path_name(connection: Connection, unit: Unit) -> str:
    return ", ".join([unit.name, *(above.name for above in ancestors(connection, unit.code)[:1])])


def _no_unit(connection: Connection, text: str, on: date | None) -> NotFound:
    scores = nearness.units_like(connection, names.canonical(text), on, NEAREST, codes=True)
    near = sorted(with_codes(connection, sorted(scores)), key=lambda unit: (-scores[unit.code], unit.code))
    return _not_found("unit", text, near[:NEAREST])


def _groups_like(connection: Connection, text: str) -> list[Group]:
    wanted = names.canonical(text)
    scored = [
        (names.likeness(wanted, {names.canonical(each) for each in (group.code, group.name, *group.aliases)}), group)
        for group in all_groups(connection)
    ]
    near = sorted((-score, group.code, group) for score, group in scored if score >= names.NEAR_ENOUGH)
    return [group for _, _, group in near[:NEAREST]]


def _not_found(what: str, text: str, near: Sequence[Unit] | Sequence[Group]) -> NotFound:
    listed = "; ".join(f"{each.code} ({each.name})" for each in near)
    remedy = f"Did you mean: {listed}?" if near else f"See all with: cascade units {'groups' if what == 'group' else 'list'}"
    return NotFound(f"There is no {what} '{text}' in the directory.", remedy=remedy, candidates=[each.code for each in near])


def exact(text: str, among: Sequence[Entry]) -> list[Entry]:
    """Those of several equal names that are spelt as the text ends, diacritics included; all where none is, or there is one."""
    if len(among) < 2:
        return list(among)
    spelt = names.spelt(text)
    found = [each for each in among if any(spelt.endswith(names.spelt(name)) for name in (each.name, *each.aliases))]
    return found or list(among)


def _put_units(connection: Connection, file: DirectoryFile, *, dry_run: bool) -> Changes:
    added, changed = directory_changes.compare(file, {unit.code: unit for unit in _around(connection, file.units)})
    if not dry_run:
        _write_units(connection, added, changed)
    return _changes([unit.code for unit in added], [unit.code for unit in changed], [unit.code for unit in file.units])


def _around(connection: Connection, units: Sequence[Unit]) -> list[Unit]:
    """What of the directory decides whether these units fit into it: themselves, all above them, and their siblings."""
    if len(units) > FEW:
        return _read(connection, sa.true())
    column = tables.unit.c
    parents = sorted({unit.parent for unit in units if unit.parent is not None})
    above = hierarchy.above(*parents)
    around = [
        column.code.in_([unit.code for unit in units]),
        column.code.in_(sa.select(above.c.code)),
        column.parent.in_(parents),
    ]
    if any(unit.parent is None for unit in units):
        around.append(column.parent.is_(None))
    return [unit for condition in around for unit in _read(connection, condition)]


def _changes(added: Sequence[str], changed: Sequence[str], wanted: Iterable[str]) -> Changes:
    touched = {*added, *changed}
    return Changes(added=tuple(added), changed=tuple(changed), unchanged=tuple(code for code in wanted if code not in touched))


def _write_units(connection: Connection, added: Sequence[Unit], changed: Sequence[Unit]) -> None:
    unit, alias = tables.unit, tables.unit_alias
    if added:
        connection.execute(unit.insert(), [_unit_row(each) for each in added])
    if changed:
        rows = [{"b_code" if key == "code" else key: value for key, value in _unit_row(each).items()} for each in changed]
        connection.execute(unit.update().where(unit.c.code == sa.bindparam("b_code")), rows)
        connection.execute(
            alias.delete().where(alias.c.code == sa.bindparam("b_code")), [{"b_code": each.code} for each in changed]
        )
    aliases = [
        {"folded": names.canonical(text), "code": each.code, "alias": text}
        for each in (*added, *changed)
        for text in each.aliases
    ]
    if aliases:
        connection.execute(alias.insert(), aliases)


def _unit_row(unit: Unit) -> dict[str, str | None]:
    return {
        "code": unit.code,
        "name": unit.name,
        "folded": names.canonical(unit.name),
        "kind": unit.kind,
        "parent": unit.parent,
        "email": ", ".join(unit.email),
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
        "valid_until": unit.valid_until.isoformat() if unit.valid_until else None,
    }


def _put_groups(connection: Connection, file: DirectoryFile, known: set[str], *, dry_run: bool) -> Changes:
    recorded = {group.code: group for group in all_groups(connection)}
    for group in file.groups:
        for code in (*((group.below,) if group.below else ()), *group.members):
            if code not in known:
                message = f"the group {group.code} names the unit '{code}', which is neither in the file nor in the directory."
                raise directory_changes.refusal(file, "group", group.code, message, "Add it, or correct the code.")
    added = [group for group in file.groups if group.code not in recorded]
    changed = [group for group in file.groups if group.code in recorded and group != recorded[group.code]]
    if added and not dry_run:
        connection.execute(tables.group.insert(), [_group_row(group) for group in added])
    if changed and not dry_run:
        rows = [{"b_code" if key == "code" else key: value for key, value in _group_row(group).items()} for group in changed]
        connection.execute(tables.group.update().where(tables.group.c.code == sa.bindparam("b_code")), rows)
    return _changes([group.code for group in added], [group.code for group in changed], [group.code for group in file.groups])


def _group_row(group: Group) -> dict[str, object]:
    return {
        "code": group.code,
        "name": group.name,
        "aliases": json.dumps(group.aliases, ensure_ascii=False),
        "below": group.below,
        "deep": int(group.deep),
        "kinds": json.dumps(group.kinds, ensure_ascii=False),
        "members": json.dumps(group.members, ensure_ascii=False),
    }


def _put_operators(connection: Connection, operators: Sequence[Operator], *, dry_run: bool) -> Changes:
    recorded = {operator.name: operator for operator in list_operators(connection)}
    added = [operator for operator in operators if operator.name not in recorded]
    changed = [operator for operator in operators if operator.name in recorded and operator != recorded[operator.name]]
    if not dry_run:
        for operator in added:
            add_operator(connection, operator.name, operator.title)
        for operator in changed:
            retitle(connection, operator.name, operator.title)
    return _changes([each.name for each in added], [each.name for each in changed], [each.name for each in operators])


def _put_grants(connection: Connection, file: DirectoryFile, known: set[str], *, dry_run: bool) -> Changes:
    held = set(list_grants(connection))
    for each in file.grants:
        if each.unit != EVERYWHERE and each.unit not in known:
            message = (
                f"'{each.operator}' is granted {each.role} on '{each.unit}', which is neither in the file nor in the directory."
            )
            raise directory_changes.refusal(file, "operator", each.operator, message, "Add the unit, or correct the code.")
    added = [each for each in file.grants if each not in held]
    if not dry_run:
        for each in added:
            grant(connection, each.operator, each.role, each.unit)
    return _changes([_grant_name(each) for each in added], [], [_grant_name(each) for each in file.grants])


def _grant_name(each: Grant) -> str:
    return f"{each.operator} {each.role} {each.unit}"
