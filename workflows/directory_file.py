"""Reads a directory's file, YAML or CSV, into units, groups, operators and grants; writes nothing and asks no database.

This is the edge where foreign input enters: whatever is wrong in a file is refused here, at its line.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from engine import yaml_source
from engine.errors import InputError
from workflows import directory_changes, names
from workflows.entries import DirectoryFile, Grant, Group, Operator, Unit

COLUMNS = ("code", "name", "kind", "parent", "email", "aliases", "valid_from", "valid_until")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _text(value: str) -> str:
    """One line, composed, without stray spaces; it must hold a letter or a digit, or no document could mean it."""
    value = " ".join(unicodedata.normalize("NFC", value).split())
    if not names.fold(value):
        raise PydanticCustomError("empty", "it is empty", {"remedy": "Fill it in."})
    return value


def _code(value: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,64}", value):
        remedy = {"remedy": "Use up to 64 letters, digits, '.', '-' and '_'."}
        raise PydanticCustomError("code", "'{value}' cannot be a code", {"value": value, **remedy})
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise PydanticCustomError(
            "email", "'{value}' is not an e-mail address", {"value": value, "remedy": "Write it as name@example.org."}
        )
    return value


def _day(value: object) -> object:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # such as 2025-02-30: refused below like any other
    raise PydanticCustomError("day", "'{value}' is not a day", {"value": str(value), "remedy": "Write it as 2025-07-01."})


def _blank(value: object) -> object:
    """A value left out after its key says nothing."""
    return None if value == "" else value


def _several(value: object) -> object:
    """A list as it is; one text is a list separated by ';'."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in re.split(r"\s*;\s*", value.strip()) if part]
    return value


Text: TypeAlias = Annotated[str, AfterValidator(_text)]
Code: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_code)]
OneCode: TypeAlias = Annotated[Code | None, BeforeValidator(_blank)]
Codes: TypeAlias = Annotated[tuple[Code, ...], BeforeValidator(_several)]
Texts: TypeAlias = Annotated[tuple[Text, ...], BeforeValidator(_several)]
Emails: TypeAlias = Annotated[tuple[Annotated[str, AfterValidator(_email)], ...], BeforeValidator(_several)]
Day: TypeAlias = Annotated[date | None, BeforeValidator(_day)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _UnitEntry(_Entry):
    code: Code
    name: Text
    kind: Text
    parent: OneCode = None
    email: Emails = ()
    aliases: Texts = ()
    valid_from: Day = None
    valid_until: Day = None


class _GroupEntry(_Entry):
    code: Code
    name: Text
    aliases: Texts = ()
    below: OneCode = None
    deep: bool = False
    kinds: Texts = ()
    members: Codes = ()


class _GrantEntry(_Entry):
    role: Literal["clerk", "coordinator", "auditor", "admin"]
    unit: Literal["*"] | Code


class _OperatorEntry(_Entry):
    name: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[\w.@-]+$")]
    title: str = ""
    grants: tuple[_GrantEntry, ...] = ()


class _File(_Entry):
    units: tuple[_UnitEntry, ...] = ()
    groups: tuple[_GroupEntry, ...] = ()
    operators: tuple[_OperatorEntry, ...] = ()


def parse(path: str | Path) -> DirectoryFile:
    """Read a .csv file, or any other as YAML; raises InputError at the line of the first thing that is wrong."""
    source = _read_csv(path) if str(path).lower().endswith(".csv") else yaml_source.read(path)
    if not isinstance(source.value, dict):
        raise InputError(
            "this is not a directory.", file=source.name, line=1, remedy="Begin with 'units:' and list them below it."
        )
    try:
        entries = _File.model_validate(source.value)
    except ValidationError as error:
        raise _refusal(source, error.errors(include_url=False)[0]) from None
    file = _assemble(source, entries)
    _check(file)
    directory_changes.check(file)
    return file


def unit(values: Mapping[str, object]) -> Unit:
    """One unit from values as a person typed them, keys as in a file; raises InputError."""
    try:
        return Unit(**dict(_UnitEntry.model_validate({key: value for key, value in values.items() if value is not None})))
    except ValidationError as error:
        raise _refusal(yaml_source.Source(name="", value=None, lines={}), error.errors(include_url=False)[0]) from None


def _assemble(source: yaml_source.Source, entries: _File) -> DirectoryFile:
    lines: dict[tuple[str, str], int] = {}
    lists: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("unit", "units", (entry.code for entry in entries.units)),
        ("group", "groups", (entry.code for entry in entries.groups)),
        ("operator", "operators", (entry.name for entry in entries.operators)),
    )
    for what, key, codes in lists:
        for index, code in enumerate(codes):
            line = source.line((key, index))
            if (what, code) in lines:
                message = f"the {what} '{code}' stands at line {lines[what, code]} already."
                raise InputError(message, file=source.name, line=line, remedy="Keep one, or give another code.")
            lines[what, code] = line
    return DirectoryFile(
        name=source.name,
        units=tuple(Unit(**dict(entry)) for entry in entries.units),
        groups=tuple(Group(**dict(entry)) for entry in entries.groups),
        operators=tuple(Operator(name=entry.name, title=entry.title) for entry in entries.operators),
        grants=tuple(
            Grant(operator=entry.name, role=each.role, unit=each.unit) for entry in entries.operators for each in entry.grants
        ),
        lines=lines,
    )


def _check(file: DirectoryFile) -> None:
    for unit in file.units:
        if unit.valid_from and unit.valid_until and unit.valid_until < unit.valid_from:
            message = f"{unit.code} ends on {unit.valid_until}, before it begins on {unit.valid_from}."
            raise InputError(message, file=file.name, line=file.lines["unit", unit.code], remedy="Correct one of the days.")
    named: dict[tuple[str | None, str], Group] = {}
    for group in file.groups:
        twin = named.setdefault((group.below, names.canonical(group.name)), group)
        if twin is not group:
            message = (
                f"{group.code} has the same name as the group {twin.code} (line {file.lines['group', twin.code]}): {group.name}."
            )
            raise InputError(
                message, file=file.name, line=file.lines["group", group.code], remedy="Give one of them another name."
            )


def _refusal(source: yaml_source.Source, error: ErrorDetails) -> InputError:
    file = source.name or None  # none: it was typed
    place = error["loc"]
    key = next((part for part in reversed(place) if isinstance(part, str) and not part.startswith("function-")), "")
    line = source.line(place)
    facts: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "extra_forbidden":
        near = get_close_matches(key, _KEYS[place[0] if len(place) > 1 else ""], n=1)
        remedy = f"Did you mean '{near[0]}'?" if near else "Remove it."
        return InputError(f"the key '{key}' is not known here.", file=file, line=line, remedy=remedy)
    if error["type"] == "missing" or error["input"] in (None, ""):
        return InputError(f"'{key}' is missing.", file=file, line=line, remedy="Add it.")
    if "remedy" in facts:
        return InputError(f"'{key}': {error['msg']}.", file=file, line=line, remedy=facts["remedy"])
    return InputError(f"'{key}': {error['msg'].lower()}.", file=file, line=line, remedy=f"Correct '{key}'.")


_KEYS: dict[str | int, list[str]] = {
    "": [*_File.model_fields],
    "units": [*_UnitEntry.model_fields],
    "groups": [*_GroupEntry.model_fields],
    "operators": [*_OperatorEntry.model_fields, *_GrantEntry.model_fields],
}


def _read_csv(path: str | Path) -> yaml_source.Source:
    """The rows as the YAML form would give them. The separator is ',' or, as spreadsheets here write it, ';'."""
    text = yaml_source.read_text(path)
    heading = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if heading.count(";") > heading.count(",") else ",", strict=True)
    columns: list[str] = []
    rows: list[dict[str, str | None]] = []
    lines: dict[yaml_source.Place, int] = {}
    line = 1
    try:
        for cells in reader:
            if not columns and any(cells):
                columns = _columns(cells, str(path), line)
            elif any(cell.strip() for cell in cells):
                lines["units", len(rows)] = line
                rows.append(_row(columns, cells, str(path), line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"not valid CSV ({error}).", file=path, line=line, remedy="Save it as CSV again.") from error
    return yaml_source.Source(name=str(path), value={"units": rows}, lines=lines)


def _columns(cells: list[str], file: str, line: int) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    for column in columns:
        if column not in COLUMNS or columns.count(column) > 1:
            wrong = "stands twice" if column in COLUMNS else "is not known"
            raise InputError(f"the column '{column}' {wrong}.", file=file, line=line, remedy=f"Use: {', '.join(COLUMNS)}.")
    for column in COLUMNS[:3]:
        if column not in columns:
            raise InputError(f"the column '{column}' is missing.", file=file, line=line, remedy="Add it to the first line.")
    return columns


def _row(columns: list[str], cells: list[str], file: str, line: int) -> dict[str, str | None]:
    if any(cell.strip() for cell in cells[len(columns) :]):
        message = f"there are {len(cells)} cells under {len(columns)} columns."
        raise InputError(message, file=file, line=line, remedy="Put quotes around a cell that holds the separator.")
    return {column: cell.strip() or None for column, cell in zip(columns, cells, strict=False)}
