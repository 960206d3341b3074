"""Phrases in the plural -> the units of a kind below the issuer: "Các huyện, thành, thị ủy", "UBND các xã, phường".

Which kinds there are is said in bodies.py, or by the directory's own kinds; which units are of a kind, the directory answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workflows import bodies, ellipsis
from workflows.bodies import Heads
from workflows.entries import Group
from workflows.lookup import Lookup
from workflows.membership import Plural
from workflows.names import canonical, fold
from workflows.tiers import PLACES

LEVELS = 4  # how far below its owner a kind is looked for; a province's communes stood two levels below it
_INNER = re.compile(rf"\s{ellipsis.EACH}\s", re.IGNORECASE)
_AGAIN = re.compile(rf"([,;]|\s{ellipsis.AND})\s+{ellipsis.EACH}\s+", re.IGNORECASE)
_OWNER = "trực thuộc|truc thuoc|thuộc|thuoc|của|cua|trên địa bàn|tren dia ban|trong"
_OF = re.compile(rf"\s({_OWNER})(?:\s(?:toàn\s|toan\s)?(.*))?$", re.IGNORECASE)
_DIRECTLY = "truc thuoc"
_BASE = re.compile(r"\s(?:cơ sở|co so)$", re.IGNORECASE)  # "Các chi, đảng bộ cơ sở": those directly below
_COMMITTEE_OF = {fold(committee): place for place, committee in PLACES.items()}
_PLACE = {fold(place): place for place in PLACES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of bodies that a phrase in the plural asks for."""

    name: str  # canonical: "huyen uy", "uy ban nhan dan xa"
    heads: Heads = ()  # first words of the names of units of the kind
    kinds: tuple[str, ...] = ()  # the directory's own kinds of this name
    place: str | None = None  # the place that may stand for it, "Xã" for "Ủy ban nhân dân xã"
    body: str = ""  # that each place of a kind has, "Ủy ban nhân dân"; empty: it is a kind by itself


def is_plural(text: str) -> bool:
    """Whether a phrase says that it means several: "các", or whatever stands directly below."""
    of = _OF.search(text)
    return ellipsis.singular(text) != text or bool(_INNER.search(text)) or (of is not None and fold(of[1]) == _DIRECTLY)


def read(index: Lookup, text: str, owners: Callable[[str], Sequence[str]]) -> tuple[Group, ...] | None:
    """The groups or plurals that a phrase asks for; empty where they have no members, None where it is no such phrase.

    ``text`` is written out, see names.written_out. ``owners`` says which units a phrase like "Huyện ủy, UBND huyện" names.
    """
    found = _OF.search(text)
    if found is None:
        for asked, tops in ((text, index.tops), *_with_tail(index, text)):
            if (meant := _meant(index, asked, tops, directly=bool(_BASE.search(asked)))) is not None:
                return meant
        return None
    asked, marker, owner = text[: found.start()], fold(found[1]), found[2] or ""
    if not kinds_of(index, asked) and not _general_words(asked):
        return None
    tops = (index.place_called(canonical(owner)) or tuple(owners(owner))) if owner else index.tops
    if not tops:
        return None
    if owner and marker.endswith("thuoc") and (general := _general(index, asked, tops)) is not None:
        return general
    return _meant(index, asked, tops, directly=marker == _DIRECTLY) if owner == "" or len(tops) == 1 else None


def is_shared(index: Lookup, part: str, after: Sequence[str]) -> bool:
    """Whether a part of a list is a body that places have, and a later part says which: "HĐND, UBND các huyện"."""
    if canonical(_office(part)) not in bodies.OF_PLACES:
        return False
    return any(kinds_of(index, full) for full in ellipsis.endings(_office(part), after))


def kinds_of(index: Lookup, text: str) -> list[Kind]:
    """The kinds that a phrase asks for: none unless each part of its list is known as one."""
    text = _AGAIN.sub(r"\1 ", _BASE.sub("", ellipsis.singular(text)))
    inner = list(_INNER.finditer(text))
    owned, items = (text[: inner[-1].start()], text[inner[-1].end() :]) if inner else ("", text)
    bodies_of = [_office(owned[start:end]) for start, end in ellipsis.segments(owned)] if owned else [""]
    listed = [items[start:end] for start, end in ellipsis.segments(items)]

    def kinds(item: str) -> list[Kind | None]:
        return [_kind(index, body, item, in_list=len(listed) > 1) for body in bodies_of]

    def known(item: str) -> bool:
        return None not in kinds(item)

    parts = (items,) if known(items) else ellipsis.completed(listed, known)
    return list({each.name: each for part in parts or () for each in kinds(part) if each}.values())


def _kind(index: Lookup, body: str, item: str, *, in_list: bool) -> Kind | None:
    """One kind: a body that each place of a kind has, or a kind by itself."""
    name = canonical(item)
    if in_list and name in bodies.SHORT:
        name = fold(bodies.SHORT[name])
    place = _PLACE.get(name) or _COMMITTEE_OF.get(name)
    if body:
        head = f"{body} {_PLACE.get(name) or item}"
        standing = _PLACE.get(name) if canonical(body) in bodies.STANDING_FOR else None
        return Kind(name=canonical(head), heads=(head,), place=standing, body=body) if place else None
    for of_places, written in bodies.OF_PLACES.items():
        if name.startswith(of_places + " ") and name[len(of_places) + 1 :] in _PLACE:
            return _kind(index, written, name[len(of_places) + 1 :], in_list=False)
    heads, kinds = bodies.KINDS.get(name, ()), index.kinds.get(name, ())
    return Kind(name=name, heads=heads, kinds=kinds, place=place) if heads or kinds else None


def _office(body: str) -> str:
    """The body without an office of its: "Thường trực HĐND" is the council."""
    words = body.split()
    for office in bodies.OFFICES:
        length = len(office.split())
        if len(words) > length and canonical(" ".join(words[:length])) == office:
            return " ".join(words[length:])
    return body


# -- which units -------------------------------------------------------------------------------------------------------


def _meant(index: Lookup, asked: str, tops: Sequence[str], *, directly: bool) -> tuple[Group, ...] | None:
    """The units of all kinds that are asked for. Of places and party organisations some may be missing, not all."""
    kinds = kinds_of(index, asked)
    if not kinds:
        return None
    if recorded := _recorded(index, kinds, tops, directly=directly):
        return (recorded,)
    found: dict[str, list[Plural]] = {kind.body: [] for kind in kinds}
    for kind in kinds:
        own = kind.heads in bodies.OWN
        units = _own(index, kind, tops, asked) if own else _below(index, kind, tops, asked, directly=directly)
        if units is None:
            return None
        if not units and (own or not kind.heads):
            return () if len(kinds) == 1 else None
        found[kind.body] += units
    if all(found.values()):
        return tuple(each for units in found.values() for each in units)
    return () if list(found) == [""] else None


def _below(index: Lookup, kind: Kind, tops: Sequence[str], asked: str, *, directly: bool) -> list[Plural] | None:
    """The units of a kind at whatever level below; None where the directory does not say who stands for a place."""
    levels = 1 if directly else LEVELS
    ways = [(kind.heads, kind.kinds), *([((kind.place,), ())] if kind.place else [])]
    for heads, kinds in ways:
        if units := _nearest(index, tops, levels, asked, heads=heads, kinds=kinds):
            return units
    if kind.place is None or kind.heads != (kind.place,):
        return []
    # A place: whoever of party and state is recorded for it, unless both are.
    both = [(PLACES[kind.place],), (f"Ủy ban nhân dân {kind.place}",)]
    found = [units for heads in both if (units := _nearest(index, tops, levels, asked, heads=heads))]
    if len(found) > 1:
        return None
    return found[0] if found else []


def _own(index: Lookup, kind: Kind, tops: Sequence[str], asked: str) -> list[Plural]:
    """Bodies of the place itself, not of places below: beside its committee, its people's committee or its Front."""
    for top in tops:
        for owner in (top, *index.own_bodies(top)):
            if units := _nearest(index, (owner,), 1, asked, heads=kind.heads, kinds=kind.kinds):
                return units
    return []


def _nearest(
    index: Lookup, tops: Sequence[str], levels: int, name: str, *, heads: Heads, kinds: tuple[str, ...] = ()
) -> list[Plural]:
    """The units of a kind at the nearest level below the first of several units that has any."""
    every = (_plural(top, level, name, heads=heads, kinds=kinds) for top in tops for level in range(1, levels + 1))
    return [found] if (found := next((each for each in every if not index.is_empty(each)), None)) else []


def _plural(top: str, level: int, name: str, *, heads: Heads = (), kinds: tuple[str, ...] = (), without: Heads = ()) -> Plural:
    code = "+".join((f"{top}>{level}", *heads, *kinds, *without))
    return Plural(code=code, name=name, below=top, level=level, heads=heads, kinds=kinds, without=without)


def _recorded(index: Lookup, kinds: Sequence[Kind], tops: Sequence[str], *, directly: bool) -> Group | None:
    """The one recorded group whose name asks for the same kinds of units below the same unit, in whatever order."""
    wanted = {kind.name for kind in kinds}
    found: dict[str, Group] = {}
    for group in index.groups:
        for name in (group.name, *group.aliases) if group.below in (None, *tops) else ():
            of = _OF.search(name)
            same = {kind.name for kind in kinds_of(index, name[: of.start()] if of else name)}
            if same == wanted and directly == bool(of or _BASE.search(name)) and not index.is_empty(group):
                found[group.code] = group
    return next(iter(found.values())) if len(found) == 1 else None


def _with_tail(index: Lookup, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrase without the name of the issuer's place, or of one above it, with which it ends."""
    for code, place in index.places.items():
        for ending in (each for family in place.families() for each in family):
            words = text.split()
            cut: list[str] = []
            while words and len(" ".join(cut).split()) < len(ending.split()):
                cut.insert(0, canonical(words.pop()))
            if " ".join(" ".join(cut).split()) == ending and words:
                yield " ".join(words).removesuffix(" cấp"), index.tops if code in index.tops else (code,)


def _general_words(asked: str) -> list[str]:
    """The words of a list that says only "ban, cơ quan, đơn vị" and the like, canonical; none of any other."""
    text = ellipsis.singular(asked)
    parts = [canonical(text[start:end]).removeprefix("cac ") for start, end in ellipsis.segments(text)]
    return parts if all(part in bodies.GENERAL or part in bodies.SPECIAL for part in parts) else []


def _general(index: Lookup, asked: str, tops: Sequence[str]) -> tuple[Group, ...] | None:
    """Whatever stands directly below some units: "các ban, cơ quan, đơn vị thuộc Huyện ủy, UBND huyện"."""
    parts = _general_words(asked)
    if not parts:
        return None
    special = () if any(part in bodies.GENERAL for part in parts) else tuple(bodies.SPECIAL[part] for part in parts)
    found = []
    for top in tops:
        committee = index.is_committee(top)
        heads = bodies.ADVISORY if committee and not special else special
        found.append(_plural(top, 1, asked, heads=heads, without=bodies.LOWER))
    return tuple(each for each in found if not index.is_empty(each))
