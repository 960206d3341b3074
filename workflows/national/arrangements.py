"""The provinces, districts and communes that come with the program, as directory files. It reads one data file, no database.

Two arrangements are known: the one before July 2025, and the one since. Their units are dated, so that both can stand in one
directory. What the data are and whose: NOTICE.txt.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import date

from engine.errors import InputError
from workflows.entries import DirectoryFile, Group, Unit
from workflows.resources import national_folder

CENTRE = "TW"
KNOWN_FROM = date(2025, 1, 1)  # the older arrangement is recorded as it was from then on
LAST_OLD = date(2025, 6, 30)
_COMMITTEES = {  # first words of a unit's name -> what its party committee is called, before the rest of the name
    "Tỉnh": "Tỉnh ủy",
    "Thành phố": "Thành ủy",
    "Huyện": "Huyện ủy",
    "Quận": "Quận ủy",
    "Thị xã": "Thị ủy",
    "Xã": "Đảng ủy xã",
    "Phường": "Đảng ủy phường",
    "Thị trấn": "Đảng ủy thị trấn",
    "Đặc khu": "Đảng ủy đặc khu",
}
_CENTRE_ALIASES = ("Ban Chấp hành Trung ương", "Ban Chấp hành Trung ương Đảng", "Trung ương Đảng", "Bộ Chính trị", "Ban Bí thư")
_PROVINCES = Group(
    code="TINH-TP",
    name="Các tỉnh, thành phố",
    aliases=(
        "Các tỉnh, thành phố trực thuộc Trung ương",
        "Các tỉnh ủy, thành ủy",
        "Các tỉnh ủy, thành ủy trực thuộc Trung ương",
    ),
    kinds=("province",),
)
_DISTRICTS = Group(
    code="HUYEN-QUAN",
    name="Các quận, huyện, thị xã, thành phố",
    aliases=("Các huyện, thị xã, thành phố", "Các quận, huyện, thị xã", "Các huyện ủy, quận ủy, thị ủy, thành ủy"),
    deep=True,
    kinds=("district",),
)
_COMMUNES = Group(
    code="XA-PHUONG-DK",
    name="Các xã, phường, đặc khu",
    aliases=("Các xã, phường", "Đảng ủy các xã, phường, đặc khu", "Các đảng ủy xã, phường, đặc khu"),
    deep=True,
    kinds=("commune", "ward", "special_zone"),
)
_OLD_COMMUNES = Group(
    code="XA-PHUONG-TT",
    name="Các xã, phường, thị trấn",
    aliases=("Đảng ủy các xã, phường, thị trấn", "Các đảng ủy xã, phường, thị trấn"),
    deep=True,
    kinds=("commune", "ward", "township"),
)


def parts(on: date) -> list[DirectoryFile]:
    """The country on a day, in parts that can be imported one after the other: the centre, then each province with its units.

    The first part brings the groups. Raises InputError for a day before the data begin.
    """
    if on < KNOWN_FROM:
        raise InputError(
            f"The provinces and communes are known from {KNOWN_FROM:%d/%m/%Y} on.",
            remedy="Give a later day with --as-of: 2025-06-30 for the older arrangement, 2025-07-01 for the newer.",
        )
    groups = (_PROVINCES, _DISTRICTS, _OLD_COMMUNES) if on <= LAST_OLD else (_PROVINCES, _COMMUNES)
    units = [unit for unit in every_unit() if unit.valid_on(on)]
    above = {unit.code: unit for unit in units}
    shares: dict[str, list[Unit]] = {}
    for unit in units:
        top = unit
        while top.parent not in (None, CENTRE):
            top = above[str(top.parent)]
        shares.setdefault(top.code, []).append(unit)
    name = f"national {on}"
    return [
        DirectoryFile(name=name, units=tuple(share), groups=groups if code == CENTRE else ()) for code, share in shares.items()
    ]


def every_unit() -> tuple[Unit, ...]:
    """The units of both arrangements, each after the one above it."""
    return tuple(
        Unit(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=row["parent"] or None,
            aliases=_aliases(row["name"]),
            valid_from=_day(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
        )
        for row in _rows()
    )


def successors(code: str) -> tuple[Unit, ...]:
    """The units that took a unit's place in July 2025, the chief one first; none where it goes on, or is none of these.

    A district's place was taken by those that took the places of its communes.
    """
    rows = [row for row in _rows() if row["became"] and code in (row["code"], row["parent"])]
    own = [row for row in rows if row["code"] == code] or rows
    became = dict.fromkeys(each for row in own for each in row["became"].split(";"))
    found = {unit.code: unit for unit in every_unit() if unit.code in became}
    return tuple(found[each] for each in became)


def _rows() -> Iterator[dict[str, str]]:
    with gzip.open(national_folder() / "units-2025.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _aliases(name: str) -> tuple[str, ...]:
    """What the unit's party committee is called."""
    found = next(((word, title) for word, title in _COMMITTEES.items() if name.startswith(word + " ")), None)
    if found is None:
        return _CENTRE_ALIASES
    word, title = found
    short = f"{title} {name.removeprefix(word + ' ')}"
    return (short, f"{title} {name[0].lower()}{name[1:]}") if title == "Thành ủy" else (short,)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
