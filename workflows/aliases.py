"""What people decided that a phrase means: the only writer of its table. Names that a directory's file gives are directory's.

A decision holds for the documents of one issuer, or for everybody. It stays whatever file is imported later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import to_micros
from engine.database import ask
from engine.errors import InputError, NotFound
from workflows import directory, names, tables

EVERYBODY = ""  # in the place of an issuer
_COLUMNS = "folded, issuer, code, is_group, alias, decided_by, decided_at"
_MEANT = f"SELECT {_COLUMNS} FROM pc_alias WHERE folded = ? AND issuer = ? ORDER BY code, is_group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A phrase, and one of the units or groups that it means."""

    alias: str  # as written
    issuer: str  # code of the unit in whose documents it means that; EVERYBODY: in all
    code: str  # of the unit or group
    is_group: bool
    decided_by: str  # operator
    decided_at: int  # microseconds UTC


def meant(connection: Connection, canonical: str, issuer: str) -> list[Alias]:
    """What a canonical name means to an issuer, or to EVERYBODY."""
    return [_alias(row) for row in ask(connection, _MEANT, (canonical, issuer))]


def every(connection: Connection, issuer: str | None = None) -> list[Alias]:
    """All that was decided, in alphabetical order; of one issuer, or of all."""
    table = tables.alias
    query = sa.select(*(table.c[name] for name in _COLUMNS.split(", ")))
    rows = connection.execute(query if issuer is None else query.where(table.c.issuer == issuer))
    return sorted((_alias(tuple(row)) for row in rows), key=lambda each: (names.sort_key(each.alias), each.issuer, each.code))


def decide(connection: Connection, phrase: str, codes: Iterable[str], *, issuer: str, by: str, now: datetime) -> list[Alias]:
    """Record that a phrase means these units or groups from now on, in the place of what was decided of it before.

    Raises NotFound for a code that neither a unit nor a group has, InputError for a phrase without a word.
    """
    folded = names.canonical(phrase)
    if not folded:
        raise InputError(f"'{phrase}' has no word in it.", remedy="Give the words of the document.")
    groups = {group.code for group in directory.all_groups(connection)}
    found = [
        Alias(
            alias=" ".join(phrase.split()),
            issuer=issuer,
            code=code if code in groups else directory.get(connection, code).code,
            is_group=code in groups,
            decided_by=by,
            decided_at=to_micros(now),
        )
        for code in dict.fromkeys(codes)
    ]
    _remove(connection, folded, issuer)
    columns = ("alias", "issuer", "code", "decided_by", "decided_at")
    connection.execute(
        tables.alias.insert(),
        [{"folded": folded, **{name: getattr(each, name) for name in columns}, "is_group": int(each.is_group)} for each in found],
    )
    return found


def forget(connection: Connection, phrase: str, *, issuer: str) -> None:
    """Undo a decision; raises NotFound where there is none."""
    if not _remove(connection, names.canonical(phrase), issuer):
        whose = f"in documents of {issuer}" if issuer else "for everybody"
        raise NotFound(f"Nothing was decided of '{phrase}' {whose}.", remedy="See what was with: cascade units alias list")


def _remove(connection: Connection, folded: str, issuer: str) -> int:
    table = tables.alias
    return connection.execute(table.delete().where(table.c.folded == folded, table.c.issuer == issuer)).rowcount


def _alias(row: Sequence[Any]) -> Alias:
    _folded, issuer, code, is_group, alias, decided_by, decided_at = row
    return Alias(alias=alias, issuer=issuer, code=code, is_group=bool(is_group), decided_by=decided_by, decided_at=decided_at)
