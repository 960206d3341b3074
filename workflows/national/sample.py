"""A part of the country with made-up units below its communes, as large as wanted, to try the system on.

Which communes are taken and what stands below them follows from the numbers alone: nothing is drawn, it is the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.errors import InputError
from workflows.entries import DirectoryFile, Group, Unit
from workflows.national import arrangements

ON = date(2025, 7, 1)  # the arrangement that is taken
COMMUNES = 3_321
CELLS = Group(code="CHI-BO", name="Các chi bộ trực thuộc", kinds=("cell",))
_INSTITUTIONS = (
    "Chi bộ Cơ quan",
    "Chi bộ Công an",
    "Chi bộ Quân sự",
    "Chi bộ Trạm Y tế",
    "Chi bộ Trường Mầm non",
    "Chi bộ Trường Tiểu học",
    "Chi bộ Trường Trung học cơ sở",
)
_QUARTERS = {"commune": "Chi bộ thôn", "ward": "Chi bộ khu phố", "special_zone": "Chi bộ khu"}
_PER_COMMUNE = 12  # units that make one commune with what is below it, where a small number of units is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The units of a sample."""

    provinces: tuple[Unit, ...]
    communes: tuple[Unit, ...]
    cells: int  # how many stand below all communes together

    @property
    def units(self) -> int:
        """How many there are in all, the centre included."""
        return 1 + len(self.provinces) + len(self.communes) + self.cells

    def cells_of(self, place: int) -> list[Unit]:
        """The units below a commune, which is given by its place in ``communes``."""
        every, more = divmod(self.cells, len(self.communes))
        return _cells(self.communes[place], every + (place < more))

    def parts(self) -> Iterator[DirectoryFile]:
        """The sample as directory files to be imported one after the other: the country, then what is below each commune."""
        centre = arrangements.parts(ON)[0]
        country = (*centre.units, *self.provinces, *self.communes)
        yield DirectoryFile(name="sample", units=country, groups=(*centre.groups, CELLS))
        for place in range(len(self.communes)):
            yield DirectoryFile(name="sample", units=tuple(self.cells_of(place)))


def of_units(units: int) -> Sample:
    """A sample of so many units in all; raises InputError for fewer than four."""
    if units < 4:
        raise InputError("A sample has at least a centre, a province, a commune and a unit below it.", remedy="Take 4 or more.")
    country = _country()
    wanted = COMMUNES if units >= 2 * (COMMUNES + len(country)) else max(1, units // _PER_COMMUNE)
    provinces, communes = _spread(country, min(wanted, COMMUNES))
    return Sample(provinces=provinces, communes=communes, cells=units - 1 - len(provinces) - len(communes))


def of_communes(communes: int, cells: int) -> Sample:
    """A sample of so many communes, with as many units below each; raises InputError."""
    if not 1 <= communes <= COMMUNES or cells < 1:
        raise InputError(
            f"A sample has 1 to {COMMUNES} communes with at least one unit below each.", remedy="Take numbers within these."
        )
    provinces, chosen = _spread(_country(), communes)
    return Sample(provinces=provinces, communes=chosen, cells=communes * cells)


def _country() -> list[tuple[Unit, ...]]:
    """Each province, followed by its communes."""
    return [part.units for part in arrangements.parts(ON)[1:]]


def _spread(country: list[tuple[Unit, ...]], n: int) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """Communes at equal distances through the whole list, and the provinces that they belong to."""
    every = [unit for province in country for unit in province[1:]]
    chosen = [every[place * len(every) // n] for place in range(n)]
    above = {unit.parent for unit in chosen}
    return tuple(province[0] for province in country if province[0].code in above), tuple(chosen)


def _cells(commune: Unit, n: int) -> list[Unit]:
    names = [*_INSTITUTIONS, *(f"{_QUARTERS[commune.kind]} {number}" for number in range(1, n + 1))]
    return [
        Unit(code=f"{commune.code}.{number:03d}", name=name, kind="cell", parent=commune.code, valid_from=ON)
        for number, name in enumerate(names[:n], 1)
    ]
