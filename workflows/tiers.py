"""Which tier a body belongs to, and how documents and directories name it: "Huyện ủy Tam Lộc", "huyện Tam Lộc", "huyện". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflows.names import canonical, fold, spelt

# What a place is called, and the party committee that leads it; the longest first where one begins another.
PLACES = {
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
_STATE = "Ủy ban nhân dân"
_OPENINGS = [  # first words of the names of the bodies that stand for a place
    (spelt(words), place)
    for place, committee in PLACES.items()
    for words in (committee, place, f"{_STATE} {place}", f"Đảng bộ {place}")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that a body stands for; canonical names."""

    tier: str  # "huyen"
    committee: str  # "huyen uy"
    proper: str  # "tam loc"; empty where its names say only the tier

    def families(self) -> tuple[tuple[str, ...], ...]:
        """How names of its bodies may end, those of the party and those of state and unions; the longest first."""
        party = [self.committee, f"dang bo {self.tier}", *(["dang uy"] if self.committee.startswith("dang uy ") else [])]
        own = [self.tier]  # "Sở Y tế tỉnh Lam Giang", "Sở Y tế Lam Giang"
        full = [[*words, *(f"{each} {self.proper}" for each in words if self.proper)] for words in (party, own)]
        return _longest_first(full[0]), _longest_first([*full[1], *([self.proper] if self.proper else [])])

    def is_called(self, name: str) -> bool:
        """Whether a canonical name is that of the place or of its committee; the bare word of its tier is neither."""
        party, own = self.families()
        return name in party or (name in own and name != self.tier)


def _longest_first(endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(endings, key=lambda each: (-len(each), each)))


def place(unit_names: Iterable[str]) -> Place | None:
    """The place that a body of these names stands for: a committee, a people's committee, or the place itself."""
    found: Place | None = None
    for name in unit_names:
        said = spelt(name)
        for opening, tier in _OPENINGS:
            if said == opening or said.startswith(opening + " "):
                proper = " ".join(canonical(name).split()[len(opening.split()) :])
                if found is None or (proper and not found.proper):
                    found = Place(tier=fold(tier), committee=fold(PLACES[tier]), proper=proper)
                break
    return found


def located(text: str) -> Iterator[tuple[str, list[str]]]:
    """The ways to read a text as a name and, after it, the canonical names of the places in which what it names stands."""
    words = text.split()
    said = [spelt(word) for word in words]
    tiers = [spelt(each).split() for each in PLACES]
    starts = [at for at in range(1, len(words)) if any(said[at : at + len(each)] == each for each in tiers)]
    for first, at in enumerate(starts):
        ends = [*starts[first + 1 :], len(words)]
        places = [canonical(" ".join(words[start:end])) for start, end in zip([at, *ends], ends, strict=False)]
        yield " ".join(words[:at]).rstrip(" ,;"), places


def is_place(name: str) -> bool:
    """Whether a name is a place's own: "Xã Khe Vắng", rather than that of a body of it."""
    return any(spelt(name).startswith(spelt(each) + " ") for each in PLACES)


def tier(unit_names: Iterable[str]) -> str | None:
    """The tier that a body belongs to, which may be an office of another: "huyen" of "Ban Tổ chức Huyện ủy"."""
    for name in unit_names:
        words = spelt(name).split()
        for start in range(len(words)):
            rest = " ".join(words[start:])
            for opening, each in _OPENINGS:
                if rest == opening or rest.startswith(opening + " "):
                    return fold(each)
    return None


def reworded(name: str, places: Place) -> Iterator[str]:
    """Other canonical names of a body of a place: with the place's name longer, shorter, or left out."""
    families = places.families()
    ending = [family for family in families if any(name.endswith(f" {end}") for end in family)]
    for family in ending or families:
        end = next((end for end in family if name.endswith(f" {end}")), "")
        stem = name.removesuffix(f" {end}") if end else name
        if stem:
            yield from (each for each in (f"{stem} {other}".strip() for other in (*family, "")) if each != name)
