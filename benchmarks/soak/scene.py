"""Where the soak takes place: a made-up directory with an operator for each client. It draws nothing."""

from __future__ import annotations

import workflows.tables  # noqa: F401  (its tables belong to the metadata)
from engine.database import Database
from workflows import directory
from workflows.entries import DirectoryFile, Grant, Group, Operator, Unit

TOP = "TU"
COMMUNES = tuple(f"X{n}" for n in range(1, 9))
CELLS = 5  # below each commune
TIER = "Đảng ủy các xã"  # who holds a conference of its own


def cells_of(commune: str) -> tuple[str, ...]:
    """The codes of the units below a commune."""
    return tuple(f"{commune}-{n}" for n in range(1, CELLS + 1))


def operator(client: int) -> str:
    """Who acts through a client."""
    return f"client{client}"


def settle_in(database: Database, clients: int) -> None:
    """The directory and the operators, who may do everything; one unit of each commune has no address."""
    units = [Unit(code=TOP, name="Thành ủy Sông Mây", kind="committee", email=("tu@example.org",))]
    for commune in COMMUNES:
        units.append(_unit(commune, f"Đảng ủy xã số {commune[1:]}", "commune", TOP))
        units += (_unit(cell, f"Chi bộ {cell}", "cell", commune) for cell in cells_of(commune))
    names = [operator(client) for client in range(clients)]
    file = DirectoryFile(
        name="soak",
        units=tuple(units),
        groups=(Group(code="XA", name=TIER, kinds=("commune",)),),
        operators=tuple(Operator(name=name) for name in names),
        grants=tuple(Grant(operator=name, role=role, unit="*") for name in names for role in ("admin", "coordinator", "clerk")),
    )
    with database.write() as connection:
        directory.import_units(connection, file)


def _unit(code: str, name: str, kind: str, parent: str) -> Unit:
    email = () if code.endswith(f"-{CELLS}") else (f"{code.lower()}@example.org",)
    return Unit(code=code, name=name, kind=kind, parent=parent, email=email)
