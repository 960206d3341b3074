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
_INNER = re.compile(r"\s(?:các|những)\s", re.IGNORECASE)
_AGAIN = re.compile(r"([,;]|\s(?:và|hoặc))\s+(?:các|những)\s+", re.IGNORECASE)
_OF = re.compile(r"\s(trực thuộc|thuộc|của|trên địa bàn|trong)(?:\s(?:toàn\s)?(.*))?$", re.IGNORECASE)
_BASE = re.compile(r"\scơ sở$", re.IGNORECASE)  # "Các chi, đảng bộ cơ sở": those directly below
_COMMITTEE_OF = {fold(committee): place for place, committee in PLACES.items()}
_PLACE = {fold(place): place for place in PLACES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """What a phrase in the plural asks for."""

    names: frozenset[str]  # canonical: "huyen uy", "uy ban nhan dan xa"
    heads: Heads  # first words of the names of units of these kinds
    kinds: tuple[str, ...]  # the directory's own kinds of these names
    places: Heads | None = None  # first words of the names of places that may stand for them, "Xã" for "Ủy ban nhân dân xã"


def is_plural(text: str) -> bool:
    """Whether a phrase says that it means several: "các", or whatever stands directly below."""
    return ellipsis.singular(text) != text or bool(_INNER.search(text)) or bool(_OF.search(text))


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
    tops = (index.place_called(canonical(owner)) or tuple(owners(owner))) if owner else index.tops
    if not tops:
        return None
    if owner and marker.endswith("thuoc") and (general := _general(index, asked, tops)) is not None:
        return general
    return _meant(index, asked, tops, directly=marker == "truc thuoc") if owner == "" or len(tops) == 1 else None


def kinds_of(index: Lookup, text: str) -> Kinds | None:
    """The kinds that a phrase asks for: None unless each part of its list is known as one."""
    text = _AGAIN.sub(r"\1 ", _BASE.sub("", ellipsis.singular(text)))
    inner = list(_INNER.finditer(text))
    owned, items = (text[: inner[-1].start()], text[inner[-1].end() :]) if inner else ("", text)
    bodies_of = [_office(owned[start:end]) for start, end in ellipsis.segments(owned)] if owned else [""]
    listed = [items[start:end] for start, end in ellipsis.segments(items)]

    def kind(item: str) -> list[Kinds | None]:
        return [_kind(index, body, item, in_list=len(listed) > 1) for body in bodies_of]

    def known(item: str) -> bool:
        return None not in kind(item)

    parts = (items,) if known(items) else ellipsis.completed(listed, known)
    found = [each for part in parts or () for each in kind(part) if each]
    return _together(found) if found else None


def _kind(index: Lookup, body: str, item: str, *, in_list: bool) -> Kinds | None:
    """One kind: a body that each place of a kind has, or a kind by itself."""
    name = canonical(item)
    if in_list and name in bodies.SHORT:
        name = fold(bodies.SHORT[name])
    place = _PLACE.get(name) or (_COMMITTEE_OF.get(name) and item)
    if body:
        if place is None:
            return None
        head = f"{body} {_PLACE.get(name) or item}"
        standing = canonical(body) in bodies.STANDING_FOR and name in _PLACE
        return Kinds(names=frozenset([canonical(head)]), heads=(head,), kinds=(), places=(_PLACE[name],) if standing else None)
    for of_place, written in bodies.OF_PLACES.items():
        if name.startswith(of_place + " ") and name[len(of_place) + 1 :] in _PLACE:
            return _kind(index, written, name[len(of_place) + 1 :], in_list=False)
    heads, kinds = bodies.KINDS.get(name, ()), index.kinds.get(name, ())
    if not heads and not kinds:
        return None
    stands = _PLACE.get(name) or _COMMITTEE_OF.get(name)
    return Kinds(names=frozenset([name]), heads=heads, kinds=kinds, places=(stands,) if stands else None)


def _office(body: str) -> str:
    """The body without an office of its: "Thường trực HĐND" is the council."""
    words = body.split()
    for office in bodies.OFFICES:
        length = len(office.split())
        if len(words) > length and canonical(" ".join(words[:length])) == office:
            return " ".join(words[length:])
    return body


def _together(found: Sequence[Kinds]) -> Kinds:
    places = [each.places for each in found]
    return Kinds(
        names=frozenset(name for each in found for name in each.names),
        heads=tuple(dict.fromkeys(head for each in found for head in each.heads)),
        kinds=tuple(dict.fromkeys(kind for each in found for kind in each.kinds)),
        places=None if None in places else tuple(dict.fromkeys(head for each in places for head in each or ())),
    )


# -- which units -------------------------------------------------------------------------------------------------------


def _meant(index: Lookup, asked: str, tops: Sequence[str], *, directly: bool) -> tuple[Group, ...] | None:
    kinds = kinds_of(index, asked)
    if kinds is None:
        return None
    if recorded := _recorded(index, kinds, tops, directly=directly):
        return (recorded,)
    levels = 1 if directly else LEVELS
    for heads, own in _ways(kinds):
        if (plural := _nearest(index, heads, own, tops, asked, levels)) is not None:
            return (plural,)
    if kinds.places == kinds.heads:  # places: whoever of party and state is recorded for them, unless both are
        party = tuple(PLACES[place] for place in kinds.heads)
        state = tuple(f"Ủy ban nhân dân {place}" for place in kinds.heads)
        both = [found for heads in (party, state) if (found := _nearest(index, heads, (), tops, asked, levels)) is not None]
        return tuple(both) if len(both) < 2 else None
    return () if all(name in bodies.KINDS or name in index.kinds for name in kinds.names) else None


def _ways(kinds: Kinds) -> Iterator[tuple[Heads, tuple[str, ...]]]:
    yield kinds.heads, kinds.kinds
    if kinds.places and kinds.places != kinds.heads:
        yield kinds.places, ()


def _nearest(index: Lookup, heads: Heads, kinds: tuple[str, ...], tops: Sequence[str], name: str, levels: int) -> Plural | None:
    """The units of a kind at the nearest level below the first of several units that has any."""
    for top in tops:
        for level in range(1, levels + 1):
            plural = _plural(top, level, name, heads=heads, kinds=kinds)
            if not index.is_empty(plural):
                return plural
    return None


def _plural(top: str, level: int, name: str, *, heads: Heads = (), kinds: tuple[str, ...] = (), without: Heads = ()) -> Plural:
    code = "+".join((f"{top}>{level}", *heads, *kinds, *without))
    return Plural(code=code, name=name, below=top, level=level, heads=heads, kinds=kinds, without=without)


def _recorded(index: Lookup, kinds: Kinds, tops: Sequence[str], *, directly: bool) -> Group | None:
    """The one recorded group whose name asks for the same kinds of units below the same unit, in whatever order."""
    found: dict[str, Group] = {}
    for group in index.groups:
        if group.below is not None and group.below not in tops:
            continue
        for name in (group.name, *group.aliases):
            of = _OF.search(name)
            same = kinds_of(index, name[: of.start()] if of else name)
            if same and same.names == kinds.names and directly == bool(of or _BASE.search(name)) and not index.is_empty(group):
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


def _general(index: Lookup, asked: str, tops: Sequence[str]) -> tuple[Group, ...] | None:
    """Whatever stands directly below some units: "các ban, cơ quan, đơn vị thuộc Huyện ủy, UBND huyện"."""
    text = ellipsis.singular(asked)
    parts = [canonical(text[start:end]).removeprefix("cac ") for start, end in ellipsis.segments(text)]
    if not parts or not all(part in bodies.GENERAL or part in bodies.SPECIAL for part in parts):
        return None
    special = () if any(part in bodies.GENERAL for part in parts) else tuple(bodies.SPECIAL[part] for part in parts)
    found = []
    for top in tops:
        committee = index.is_committee(top)
        heads = bodies.ADVISORY if committee and not special else special
        found.append(_plural(top, 1, asked, heads=heads, without=bodies.LOWER))
    return tuple(each for each in found if not index.is_empty(each))
