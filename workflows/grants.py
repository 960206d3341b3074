"""Operators and their grants, who may act where: the only writer of their tables. Deny by default.

Every function takes a connection inside a transaction that the caller opened with Database.write() or Database.read().
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import ask
from engine.errors import AlreadyExists, InputError, NotAuthorised, NotFound
from workflows import hierarchy, tables
from workflows.entries import EVERYWHERE, ROLES, Grant, Operator

SYSTEM = "system"  # the actor of moves that nobody made
_NAMED = 5  # how many refused units an error names


def add_operator(connection: Connection, name: str, title: str = "") -> Operator:
    """Register somebody, with no role yet; raises AlreadyExists, InputError."""
    operator = Operator(name=_operator_name(name), title=" ".join(title.split()))
    if _is_registered(connection, operator.name):
        raise AlreadyExists(f"'{operator.name}' is registered already.", operator=operator.name)
    connection.execute(tables.operator.insert().values(name=operator.name, title=operator.title))
    return operator


def retitle(connection: Connection, name: str, title: str) -> None:
    """Replace an operator's office."""
    connection.execute(tables.operator.update().where(tables.operator.c.name == name).values(title=title))


def grant(connection: Connection, operator: str, role: str, unit: str) -> bool:
    """Give a role on a unit and all below it, or on "*"; False if it was held already. Raises NotFound, InputError."""
    _require_registered(connection, operator)
    if unit != EVERYWHERE and connection.scalar(sa.select(tables.unit.c.code).where(tables.unit.c.code == unit)) is None:
        raise NotFound(f"There is no unit '{unit}' in the directory.", remedy="See all with: cascade units list")
    if Grant(operator=operator, role=_role(role), unit=unit) in list_grants(connection, operator):
        return False
    connection.execute(tables.grant.insert().values(operator=operator, role=role, unit=unit))
    return True


def revoke(connection: Connection, operator: str, role: str, unit: str) -> None:
    """Take a role on exactly this unit away; raises NotFound where it isn't held, InputError for the last admin."""
    held = Grant(operator=operator, role=role, unit=unit)
    grants = list_grants(connection)
    if held not in grants:
        own = ", ".join(f"{each.role} on {each.unit}" for each in grants if each.operator == operator) or "nothing"
        raise NotFound(f"'{operator}' was not granted {role} on {unit}, but {own}.", remedy="Name a grant as it was given.")
    if role == "admin" and unit == EVERYWHERE and sum(each.role == role and each.unit == unit for each in grants) == 1:
        raise InputError(
            f"'{operator}' is the last admin: nobody could grant anything.", remedy="Grant admin on * to somebody else first."
        )
    column = tables.grant.c
    connection.execute(tables.grant.delete().where(column.operator == operator, column.role == role, column.unit == unit))


def list_operators(connection: Connection) -> list[Operator]:
    """Everybody registered, by name."""
    rows = connection.execute(sa.select(tables.operator).order_by(tables.operator.c.name))
    return [Operator(name=row.name, title=row.title) for row in rows]


def list_grants(connection: Connection, operator: str | None = None) -> list[Grant]:
    """What was granted, to everybody or to one."""
    column = tables.grant.c
    query = sa.select(tables.grant).order_by(column.operator, column.role, column.unit)
    if operator is not None:
        query = query.where(column.operator == operator)
    return [Grant(operator=row.operator, role=row.role, unit=row.unit) for row in connection.execute(query)]


_ROLES = """
    WITH RECURSIVE above (code, parent) AS (
        SELECT code, parent FROM pc_unit WHERE code = ?
        UNION SELECT pc_unit.code, pc_unit.parent FROM pc_unit JOIN above ON pc_unit.code = above.parent
    )
    SELECT role FROM pc_grant WHERE operator = ? AND (unit = '*' OR unit IN (SELECT code FROM above))
"""


def roles_of(connection: Connection, operator: str, unit: str) -> set[str]:
    """The roles that an operator has on a unit: by a grant on it, on a unit above it, or on "*"."""
    # Asked before every move: put together by SQLAlchemy it would cost as much as the move.
    return {role for (role,) in ask(connection, _ROLES, (unit, operator))}


def require(connection: Connection, operator: str, role: str, unit: str) -> None:
    """Raise NotAuthorised unless the operator has the role on the unit; "*" asks for a grant on the whole directory."""
    if role not in roles_of(connection, operator, unit):
        raise _not_authorised(connection, operator, role, [unit])


def require_all(connection: Connection, operator: str, role: str, units: Collection[str]) -> None:
    """As ``require`` for many units at the cost of one; the error names the first ones that are refused."""
    covered = units_of(connection, operator, role)
    refused = [unit for unit in units if unit not in covered] if EVERYWHERE not in covered else []
    if refused:
        raise _not_authorised(connection, operator, role, refused)


def units_of(connection: Connection, operator: str, role: str) -> set[str]:
    """The units on which the operator has the role, by grants on them or above them; "*" among them stands for all."""
    held = {each.unit for each in list_grants(connection, operator) if each.role == role}
    if not held or EVERYWHERE in held:
        return held
    return set(connection.scalars(sa.select(hierarchy.below(sorted(held)).c.code)).all())


def _is_registered(connection: Connection, operator: str) -> bool:
    return connection.scalar(sa.select(tables.operator.c.name).where(tables.operator.c.name == operator)) is not None


def _require_registered(connection: Connection, operator: str) -> None:
    if not _is_registered(connection, operator):
        raise NotFound(
            f"'{operator}' is not registered as an operator.",
            remedy=f"Register with: cascade operators add {operator}",
            operator=operator,
        )


def _not_authorised(connection: Connection, operator: str, role: str, units: Sequence[str]) -> NotAuthorised:
    facts = {"operator": operator, "role": role, "units": list(units)}
    if not _is_registered(connection, operator):
        return NotAuthorised(
            f"'{operator}' is not registered as an operator.",
            remedy=f"An admin registers with: cascade operators add {operator}",
            **facts,
        )
    column = tables.unit.c
    rows = connection.execute(sa.select(column.code, column.name).where(column.code.in_(units[:_NAMED])))
    known = {row.code: row.name for row in rows}
    where = ", ".join(f"{code} ({known[code]})" if code in known else code for code in units[:_NAMED])
    more = f" and {len(units) - _NAMED} more units" if len(units) > _NAMED else ""
    unit = f"'{EVERYWHERE}'" if units[0] == EVERYWHERE else units[0]
    return NotAuthorised(
        f"'{operator}' does not have the role {role} on {where}{more}.",
        remedy=f"An admin can give it with: cascade operators grant {operator} {role} {unit}",
        **facts,
    )


def _operator_name(name: str) -> str:
    if not re.fullmatch(r"[\w.@-]+", name):
        raise InputError(f"'{name}' cannot be a login name.", remedy="Use letters, digits, '.', '-', '_' and '@' only.")
    if name == SYSTEM:
        raise InputError(f"'{SYSTEM}' is the name that the program itself acts by.", remedy="Choose another name.")
    return name


def _role(role: str) -> str:
    if role not in ROLES:
        raise InputError(f"There is no role '{role}'.", remedy=f"Use one of: {', '.join(ROLES)}.")
    return role
