"""Makes workflows/national/units-2025.csv.gz, once, from the PyPI package vietnamadminunits 1.0.4. No part of the program.

Run by hand with the folder into which that package was installed, in an environment of its own:

    python -m venv /tmp/national && /tmp/national/bin/pip install vietnamadminunits==1.0.4
    python tools/national.py /tmp/national/lib/python3.*/site-packages/vietnamadminunits

It writes the same bytes each time. See workflows/national/NOTICE.txt for what the file holds and whose work it is.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

OUT = Path(__file__).resolve().parent.parent / "workflows" / "national" / "units-2025.csv.gz"
LAST_OLD, FIRST_NEW = "2025-06-30", "2025-07-01"
CENTRE = "TW"
OLD = ".cu"  # ends the codes of units that July 2025 ended: the same official number often means another unit now
KINDS = {"Xã": "commune", "Phường": "ward", "Thị trấn": "township", "Đặc khu": "special_zone"}


class Row(NamedTuple):
    """A line of the file."""

    code: str
    name: str
    kind: str
    parent: str
    valid_from: str = ""
    valid_until: str = ""
    became: str = ""  # codes of the units that took its place, the chief one first


def main() -> None:
    """Read the package's data and write the file."""
    package = Path(sys.argv[1])
    with sqlite3.connect(f"file:{package / 'data' / 'dataset.db'}?mode=ro", uri=True) as source:
        new = source.execute(
            "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey FROM admin_units ORDER BY 1, 4"
        ).fetchall()
        old = source.execute(
            "SELECT provinceCode, province, provinceKey, districtCode, district, districtKey, wardCode, ward, wardKey "
            "FROM admin_units_legacy ORDER BY 1, 4, 7"
        ).fetchall()
    converter = json.loads((package / "data" / "converter_2025.json").read_text(encoding="utf-8"))
    merged = {before: after for after, many in converter["DICT_PROVINCE"].items() for before in many}
    lasting = {after for after, many in converter["DICT_PROVINCE"].items() if many == [after]}
    codes = {row[2]: f"T{row[0]}" for row in new}
    rows = [
        Row(CENTRE, "Trung ương", "centre", ""),
        *provinces(new, old, codes, merged, lasting),
        *communes(new),
        *districts_and_communes(old, codes, lasting, successors(converter, new)),
    ]
    write(rows)


def provinces(
    new: Iterable[tuple[str, ...]],
    old: Iterable[tuple[str, ...]],
    codes: dict[str, str],
    merged: dict[str, str],
    lasting: set[str],
) -> Iterator[Row]:
    """The provinces after, then those that were merged; a province that nothing was added to is one and the same unit."""
    for _, name, key in dict.fromkeys(row[:3] for row in new):
        yield Row(codes[key], name, "province", CENTRE, valid_from="" if key in lasting else FIRST_NEW)
    for code, name, key in dict.fromkeys(row[:3] for row in old):
        if key not in lasting:
            yield Row(f"T{code}{OLD}", name, "province", CENTRE, valid_until=LAST_OLD, became=codes[merged[key]])


def communes(new: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    """The communes, wards and special zones after. The name says which it is; the package's own column errs four times."""
    for province, _, _, code, name, _ in new:
        yield Row(f"X{code}", name, kind_of(name), f"T{province}", valid_from=FIRST_NEW)


def districts_and_communes(
    old: Iterable[tuple[str, ...]], codes: dict[str, str], lasting: set[str], became: dict[str, str]
) -> Iterator[Row]:
    """Each district followed by its communes; five island districts had none."""
    last = ""
    for province, _, province_key, district, name, district_key, code, commune, commune_key in old:
        here = f"H{district}{OLD}"
        above = codes[province_key] if province_key in lasting else f"T{province}{OLD}"
        after = became[f"{province_key}_{district_key}_{commune_key or ''}"]
        if here != last:
            yield Row(here, spelt(name), "district", above, valid_until=LAST_OLD, became="" if code else after)
            last = here
        if code:
            yield Row(f"X{code}{OLD}", spelt(commune), kind_of(spelt(commune)), here, valid_until=LAST_OLD, became=after)


def successors(converter: dict[str, dict[str, dict[str, list[object]]]], new: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """What took the place of each old commune, by the package's key for it."""
    code = {(row[2], row[5]): f"X{row[3]}" for row in new}
    found: dict[str, str] = {}
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, many in wards.items():
            found.update((str(each), code[province, ward]) for each in many)
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for each, parts in divided.items():
            chief_first = sorted(parts, key=lambda part: not part["isDefaultNewWard"])  # type: ignore[index]
            found[each] = ";".join(code[province, part["newWardKey"]] for part in chief_first)  # type: ignore[index]
    return found


def spelt(name: str) -> str:
    """The name with its type in small letters: "Thị Trấn Cái Bè" is written "Thị trấn Cái Bè"."""
    return re.sub(r"^(Thị|Thành) ([TXP])", lambda found: f"{found[1]} {found[2].lower()}", name)


def kind_of(name: str) -> str:
    """The kind that a commune's name begins with."""
    return next(kind for word, kind in KINDS.items() if name.startswith(word + " "))


def write(rows: Iterable[Row]) -> None:
    """Write the file, without the time of day in its head."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    with OUT.open("wb") as file, gzip.GzipFile("", "wb", compresslevel=9, fileobj=file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


if __name__ == "__main__":
    main()
