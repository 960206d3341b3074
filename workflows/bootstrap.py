"""Sets an installation up for the first time: folder, layout, first operator. What stands already it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass

from engine import migrations
from engine.database import Database
from engine.errors import StorageError
from workflows import directory
from workflows.installation import By

FIRST_ROLES = ("admin", "coordinator", "clerk")  # what whoever sets an installation up may do, everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What setting up found and did."""

    found: str | None  # the layout that was there; None: nothing was
    registered: bool  # the operator was made the first one
    known: bool  # the operator is one now, the first or another


def prepare(database: Database, by: By) -> Prepared:
    """Create folder and database, and register the operator as the first one where there is none yet.

    Nobody gets a role where somebody already has one. Raises StorageError kinds, InputError for an unusable operator name.
    """
    if database.file is not None:
        try:
            database.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The folder {database.file.parent} cannot be made ({error.strerror}).",
                remedy="Make it, or name another database with --db.",
            ) from error
    found = migrations.upgrade(database)
    with database.write() as connection:
        operators = {operator.name for operator in directory.list_operators(connection)}
        if not operators:
            directory.add_operator(connection, by.operator)
            for role in FIRST_ROLES:
                directory.grant(connection, by.operator, role, directory.EVERYWHERE)
    return Prepared(found=found, registered=not operators, known=not operators or by.operator in operators)
