"""What an import would change, and whether the directory stays sound: pure decisions, which directory.py carries out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.errors import InputError
from workflows import names
from workflows.entries import Changes, DirectoryFile, ImportResult, Unit


def compare(file: DirectoryFile, recorded: dict[str, Unit]) -> tuple[list[Unit], list[Unit]]:
    """The units to add, parents first, and those to change, as they will be recorded.

    ``recorded`` is the whole directory by code. Raises InputError at the file's line on an unknown parent, a circle, or two units
    of one name under one parent.
    """
    wanted = {unit.code: _as_recorded(unit, recorded.get(unit.code)) for unit in file.units}
    after = {**recorded, **wanted}
    for unit in wanted.values():
        if unit.parent is not None and unit.parent not in after:
            message = f"the parent '{unit.parent}' of {unit.code} is neither in the file nor in the directory."
            raise refusal(file, "unit", unit.code, message, "Add it, or correct the code.")
    _check(file, wanted, after)
    added = [unit for code, unit in wanted.items() if code not in recorded]
    changed = [unit for code, unit in wanted.items() if code in recorded and unit != recorded[code]]
    return _parents_first(added, after), changed


def check(file: DirectoryFile) -> None:
    """Raise InputError on what no directory around this file could make sound: a circle, or twins."""
    units = {unit.code: unit for unit in file.units}
    _check(file, units, units)


def joined(parts: Sequence[DirectoryFile]) -> DirectoryFile:
    """Parts of a directory's file as one."""
    return DirectoryFile(
        name=parts[0].name,
        units=tuple(unit for part in parts for unit in part.units),
        groups=tuple(group for part in parts for group in part.groups),
        operators=tuple(operator for part in parts for operator in part.operators),
        grants=tuple(grant for part in parts for grant in part.grants),
        lines={place: line for part in parts for place, line in part.lines.items()},
    )


def together(results: Sequence[ImportResult]) -> ImportResult:
    """What several imports did, as one."""
    units = _together([Changes(added=each.added, changed=each.changed, unchanged=each.unchanged) for each in results])
    return ImportResult(
        added=units.added,
        changed=units.changed,
        unchanged=units.unchanged,
        groups=_together([each.groups for each in results]),
        operators=_together([each.operators for each in results]),
        grants=_together([each.grants for each in results]),
    )


def _together(many: Sequence[Changes]) -> Changes:
    return Changes(
        added=tuple(code for each in many for code in each.added),
        changed=tuple(code for each in many for code in each.changed),
        unchanged=tuple(code for each in many for code in each.unchanged),
    )


def refusal(file: DirectoryFile, what: str, code: str, message: str, remedy: str) -> InputError:
    """An InputError at the line of an entry."""
    line = file.lines.get((what, code))
    return InputError(message, file=file.name or None, line=line, remedy=remedy, code=code)


def _as_recorded(unit: Unit, recorded: Unit | None) -> Unit:
    """The unit as it will be recorded, so that it can be compared with what is."""
    aliases = tuple(sorted({names.canonical(alias): alias for alias in unit.aliases}.values(), key=names.sort_key))
    return replace(
        unit,
        aliases=aliases,
        valid_from=unit.valid_from or (recorded.valid_from if recorded else None),
        valid_until=unit.valid_until or (recorded.valid_until if recorded else None),
    )


def _check(file: DirectoryFile, wanted: dict[str, Unit], after: dict[str, Unit]) -> None:
    _check_circles(file, wanted, after)
    _check_twins(file, wanted, after)


def _check_circles(file: DirectoryFile, wanted: dict[str, Unit], after: dict[str, Unit]) -> None:
    sound: set[str] = set()
    for unit in wanted.values():
        trail: dict[str, None] = {}  # a set that keeps its order
        here: Unit | None = unit
        while here is not None and here.code not in sound:
            if here.code in trail:
                circle = " -> ".join([*trail, here.code])
                raise refusal(
                    file, "unit", unit.code, f"the units stand in a circle: {circle}.", "Give one of them another parent."
                )
            trail[here.code] = None
            here = after.get(here.parent) if here.parent is not None else None
        sound.update(trail)


def _check_twins(file: DirectoryFile, wanted: dict[str, Unit], after: dict[str, Unit]) -> None:
    parents = {unit.parent for unit in wanted.values()}
    named: dict[tuple[str | None, str], list[Unit]] = {}
    for unit in sorted((unit for unit in after.values() if unit.parent in parents), key=lambda unit: unit.code in wanted):
        twins = named.setdefault((unit.parent, names.spelt(unit.name)), [])
        for twin in twins:
            if unit.code in wanted and _coexist(unit, twin):
                line = file.lines.get(("unit", twin.code))
                where = f" (line {line})" if line else ""
                message = f"{unit.code} has the same name and parent as {twin.code}{where}: {unit.name}."
                raise refusal(file, "unit", unit.code, message, "Give one of them another name, or keep one.")
        twins.append(unit)


def _coexist(one: Unit, other: Unit) -> bool:
    return (one.valid_from or date.min) <= (other.valid_until or date.max) and (other.valid_from or date.min) <= (
        one.valid_until or date.max
    )


def _parents_first(units: Sequence[Unit], after: dict[str, Unit]) -> list[Unit]:
    depths: dict[str, int] = {}
    for unit in units:
        above = [unit.code]
        while above[-1] not in depths and (parent := after[above[-1]].parent) is not None:
            above.append(parent)
        for code in reversed(above):
            parent = after[code].parent
            depths[code] = 0 if parent is None else depths[parent] + 1
    return sorted(units, key=lambda unit: depths[unit.code])
