"""Owns the numbers that Word counts by itself ("1.", "2.1.", "a)", "-"): what they were when the document was printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
          (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 100_000  # a list that is longer, or starts higher, is no list that people read


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted."""

    start: int = 1
    form: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has been counted."""

    lists: dict[str, str] = field(default_factory=dict)  # list -> its definition
    levels: dict[tuple[str, int], Level] = field(default_factory=dict)  # (definition, level)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)  # list -> level -> where it begins anew
    counts: dict[str, dict[int, int]] = field(default_factory=dict)  # definition -> level -> last number
    begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, elements: Iterable[Element]) -> Numbering:
        """From the elements of numbering.xml."""
        numbering = cls()
        for element in elements:
            if element.tag == "abstractNum":
                for level in element.iter("lvl"):
                    numbering.levels[element.get("abstractNumId", ""), _int(level.get("ilvl"))] = _level(level)
            elif element.tag == "num":
                number = element.get("numId", "")
                definition = element.find("abstractNumId")
                numbering.lists[number] = "" if definition is None else definition.get("val", "")
                for override in element.iter("lvlOverride"):
                    start = override.find("startOverride")
                    if start is not None:
                        numbering.starts.setdefault(number, {})[_int(override.get("ilvl"))] = _int(start.get("val"))
        return numbering

    def label(self, place: tuple[str, int] | None) -> str:
        """Count on in a list (list, level), and give the label; "" for a paragraph in no list, or one without labels."""
        if place is None or place[0] not in self.lists:
            return ""
        number, level = place
        definition = self.lists[number]
        counts = self.counts.setdefault(definition, {})
        if number not in self.begun:
            self.begun.add(number)
            counts.update((at, start - 1) for at, start in self.starts.get(number, {}).items())
        if self._at(definition, level).form == "bullet":
            return "+" if "+" in self._at(definition, level).text else "-"
        counts[level] = min(counts.get(level, self._at(definition, level).start - 1) + 1, _MOST)
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        text = self._at(definition, level).text
        return re.sub(r"%([1-9])", lambda match: self._figure(definition, int(match[1]) - 1), text, count=9).strip()

    def _at(self, definition: str, level: int) -> Level:
        return self.levels.get((definition, level), Level(form="none", text=""))

    def _figure(self, definition: str, level: int) -> str:
        at = self._at(definition, level)
        return _written(self.counts[definition].get(level, at.start), at.form)


def _int(text: str | None) -> int:
    return min(int(text), _MOST) if text and text.isdecimal() and len(text) < 10 else 0


def _level(element: Element) -> Level:
    found = {child.tag: child.get("val", "") for child in element}
    return Level(
        start=_int(found.get("start", "1")),
        form=found.get("numFmt", "decimal"),
        text=found.get("lvlText", "")[:40],
    )


def _written(number: int, form: str) -> str:
    if form in ("lowerRoman", "upperRoman"):
        written, rest = "", min(number, 3999)
        for value, letters in _ROMAN:
            written += letters * (rest // value)
            rest %= value
        return written if form == "lowerRoman" else written.upper()
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 3)
        return letter if form == "lowerLetter" else letter.upper()
    return "" if form == "none" else f"{number:02d}" if form == "decimalZero" else str(number)
