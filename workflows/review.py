"""Owns how a draft plan is gone through: its facts as items, what a person says of each, and the plan that comes of it.

Pure: every operation gives a new Review, and remembers the one before. How items are shown is commands/reviewing.py's.
"""

from __future__ import annotations

import dataclasses
import re
import typing
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, TypeAlias

from engine.errors import InputError
from workflows import plans
from workflows.plans import Origin, Plan, Warning, symbol_of
from workflows.questions import ASKED, DOUBTFUL, Question, questions
from workflows.typed import bare, choices, kinds_of, numbered, value_of

Standing: TypeAlias = Literal["open", "accepted", "corrected", "dropped"]

HEAD = ("number", "date", "place", "type", "title", "issuer", "urgency", "signer")
_DEMANDED = ("number", "date", "issuer")  # asked for also where the document does not say them
LISTS = (
    "basis", "follows_up", "citations", "conferences", "tasks", "deadlines", "recurring", "reports", "suspensions",
    "funding", "attachments", "recipients",
)  # fmt: skip
DOUBT = "warnings"  # the kind of an item that is a doubt about no fact in particular
_SAID = "a person said so"  # why a recipient has its purpose

_ABOUT: Mapping[str, tuple[str, ...]] = {  # the kinds of facts that a warning or question is about
    "number_missing": ("number",),
    "date_missing": ("date",),
    "date_impossible": ("date",),
    "stamp_mismatch": ("date",),
    "issuer_missing": ("issuer",),
    "date_before_basis": ("basis",),
    "date_before_subject": ("citations", "follows_up"),
    "weekday_mismatch": ("deadlines", "conferences", "recurring", "date"),
    "organiser_conflict": ("conferences",),
    "programme_conflict": ("conferences", "deadlines", "attachments"),
    "purpose_unknown": ("recipients",),
    "purpose_detached": ("recipients",),
    "task_uncovered": ("tasks", "recurring", "conferences", "deadlines"),
    "deadline_past": ("deadlines",),
    "deadline_without_date": ("deadlines",),
    "report_without_day": ("recurring",),
    "report_without_date": ("reports",),
    "conference_without_date": ("conferences",),
    "section_twice": ("conferences", "tasks"),
}


_PLACE = re.compile(r" \(\w+(?:\.\w+)+\)")  # where in a plan file a complaint is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One fact of a draft, or a doubt about none in particular."""

    kind: str  # the plan's field
    fact: Any  # as it stands now: a value of the head, an entry of a list; None: the document does not say
    read: Any  # as it was read
    origin: Origin | None = None  # where it was read, if it has no line of its own
    standing: Standing = "open"
    added: bool = False  # by the person; then `read` is what was first said of it

    @property
    def line(self) -> int | None:
        """The document's line, from 1."""
        line: int | None = getattr(self.origin or self.read, "line", None)
        return line

    @property
    def phrase(self) -> str | None:
        """The document's words."""
        phrase: str | None = getattr(self.origin or self.read, "phrase", None)
        return phrase

    @property
    def confidence(self) -> float:
        """How sure its reading is, 0 to 1."""
        own = getattr(self.fact, "confidence", 1.0)
        return own if self.origin is None or self.standing in ("accepted", "corrected") else self.origin.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A draft and what has been said of it; items are named by their place among ``items``, from 0."""

    plan: Plan  # as it was read
    items: tuple[Item, ...]
    warnings: tuple[Warning, ...]
    before: Review | None = dataclasses.field(default=None, repr=False, compare=False)  # without the last decision


class Field(NamedTuple):
    """One thing that a fact says, and that can be corrected."""

    name: str  # key of the plan file
    value: Any
    choices: tuple[str, ...] = ()  # all that it may be; empty: anything


def begin(plan: Plan) -> Review:
    """A review in which nothing has been said yet."""
    origins = {origin.fact: origin for origin in plan.origins}
    if plan.number is None and "symbol" in origins:  # the line on which the number was left blank
        origins["number"] = origins["symbol"]
    heads = ((name, getattr(plan, name)) for name in HEAD)
    items = [
        Item(kind=name, fact=value, read=value, origin=origins.get(name))
        for name, value in heads
        if value is not None or name in _DEMANDED
    ]
    items += [Item(kind=name, fact=fact, read=fact) for name in LISTS for fact in getattr(plan, name)]
    places = _places(items)
    items += [Item(kind=DOUBT, fact=each, read=each) for each in plan.warnings if _owner(items, places, each) is None]
    return Review(plan=plan, items=tuple(items), warnings=plan.warnings)


def draft(review: Review) -> Plan:
    """The plan as it stands now."""
    kept = [item for item in review.items if item.standing != "dropped"]
    says: dict[str, Any] = {name: tuple(item.fact for item in kept if item.kind == name) for name in LISTS}
    says |= {name: next((item.fact for item in kept if item.kind == name), None) for name in HEAD}
    if says["number"] not in (None, review.plan.number):
        says["symbol"] = symbol_of(says["number"])
    heads = {item.kind: item for item in review.items if item.kind in HEAD}
    origins = (
        replace(each, confidence=heads[each.fact].confidence) if each.fact in heads else each
        for each in review.plan.origins
        if each.fact not in heads or heads[each.fact].standing != "dropped"
    )
    number = heads["number"]
    blank = number.origin if number.standing == "corrected" else None  # where it was to stand
    filled = [replace(blank, fact="number", confidence=1.0)] if blank and blank.fact != "number" else []
    filled += [item.origin for item in kept if item.added and item.origin]
    return replace(review.plan, **says, warnings=review.warnings, origins=(*origins, *filled))


def asked(review: Review) -> dict[int, list[Question]]:
    """What must be answered before the plan can be issued, by item."""
    found: dict[int, list[Question]] = {}
    places = _places(review.items)
    for question in questions(draft(review)):
        owner = _owner(review.items, places, question, to_fill(question))
        if owner is not None:
            found.setdefault(owner, []).append(question)
    return found


def doubts(review: Review) -> dict[int, list[Warning]]:
    """What is in doubt, and does not keep the plan from being issued, by item."""
    found: dict[int, list[Warning]] = {}
    places = _places(review.items)
    for each in review.warnings:
        if each.code not in ASKED and not each.answer:
            owner = _owner(review.items, places, each)
            if owner is not None:
                found.setdefault(owner, []).append(each)
    return found


def still_open(review: Review) -> set[int]:
    """The items that must be answered, and those in doubt of which nobody has said anything."""
    in_doubt = doubts(review)
    unsaid = (n for n, item in enumerate(review.items) if item.standing == "open")
    return {n for n in unsaid if n in in_doubt or review.items[n].confidence < DOUBTFUL}.union(asked(review))


def order(review: Review) -> list[int]:
    """All items: first those that keep the plan from being issued, then those in doubt, then the rest; each by their lines."""
    blocking, open_ = asked(review), still_open(review)
    ranks = {n: 0 if n in blocking else 1 if n in open_ else 2 for n in range(len(review.items))}
    return sorted(ranks, key=lambda n: (ranks[n], review.items[n].line or 0, n))


def fields(item: Item) -> list[Field]:
    """What can be corrected of an item."""
    if item.kind == DOUBT:
        return []
    if item.kind in LISTS or item.kind == "signer":
        return [Field(name, getattr(item.fact, name, None), choices(kind)) for name, kind in kinds_of(type(item.read)).items()]
    return [Field(item.kind, item.fact, choices(kinds_of(Plan)[item.kind]))]


def to_fill(question: Question) -> str | None:
    """The field that a question asks for; None: words answer it."""
    key = ASKED[question.code].key
    return None if key.endswith("answer:") else key.removesuffix(":")


# -- decisions ---------------------------------------------------------------------------------------------------------


def accept(review: Review, number: int, words: str = "as read") -> Review:
    """The item is right as it is; ``words`` answer what is asked about it.

    Raises InputError where a value is asked for, or where what was dropped no longer fits.
    """
    item = review.items[number]
    for question in asked(review).get(number, ()):
        if name := to_fill(question):
            raise InputError(question.message, remedy=f"Give the {name}, or leave it open.")
    accepted = replace(item, fact=_surely(item.fact), standing="corrected" if item.standing == "corrected" else "accepted")
    decided = _decided(review, number, accepted, words)
    if item.standing == "dropped":
        plans.of_values(draft(decided).to_json())
    return decided


def correct(review: Review, number: int, typed: Mapping[str, str], words: str = "corrected") -> Review:
    """Some fields of the item are otherwise; ``typed`` is text by field, "-" where there is no value.

    Dates are taken as 20/3/2025 too, lists with ";" between. A question that words answer stays until they are given: whatever
    was corrected may be beside it. Raises InputError, as a plan file would be refused.
    """
    item = review.items[number]
    names = [field.name for field in fields(item)]
    if wrong := [name for name in typed if name not in names]:
        remedy = f"Name one of: {', '.join(names)}." if names else "Answer it, or set it aside."
        raise InputError(f"there is no '{wrong[0]}' to correct here.", remedy=remedy)
    opened = _put(review, number, replace(item, standing="open"))
    values = draft(opened).to_json()
    place = sum(each.kind == item.kind and each.standing != "dropped" for each in opened.items[:number])
    kinds = kinds_of(_type(item.kind))
    says = {name: value_of(kinds[name], text) for name, text in typed.items()}
    if item.kind == "number" and says["number"]:
        says["number"] = numbered(says["number"], review.plan.symbol)
    if item.kind in LISTS:
        entry = values[item.kind][place]
        values[item.kind][place] = {**({"text": entry} if isinstance(entry, str) else entry), **says}
    elif item.kind == "signer":
        values["signer"] = {**(values.get("signer") or {}), **says}
    else:
        values |= says
    renamed = (item.fact.id, says["id"]) if item.kind == "conferences" and "id" in says else None
    if renamed:
        for each in values["conferences"]:
            each["after"] = renamed[1] if each.get("after") == renamed[0] else each.get("after")
    fact = getattr(_parsed(values), item.kind)
    fact = fact[place] if item.kind in LISTS else fact
    if hasattr(fact, "phrase"):
        fact = replace(fact, phrase=item.fact.phrase, confidence=1.0)
    if "purpose" in typed:
        fact = replace(fact, why=_SAID)
    said = "; ".join(f"{name}: {text}" for name, text in typed.items())
    corrected = replace(item, fact=fact, standing="corrected")
    decided = _decided(review, number, corrected, f"{words}: {said}", answers=False)
    return _relinked(decided, *renamed) if renamed else decided


def addable(review: Review) -> list[str]:
    """The kinds of facts that may be added: any list's, and what the head does not say."""
    there = {item.kind for item in review.items}
    return [name for name in HEAD if name not in there] + list(LISTS)


def demanded(kind: str) -> list[Field]:
    """The fields without which there is no fact of this kind, all empty; of what has words of its own, not the words."""
    if kind not in LISTS and kind != "signer":
        return [Field(kind, None, choices(kinds_of(Plan)[kind]))]
    return [Field(name, None, choices(hint)) for name, hint in kinds_of(_type(kind)).items() if name in _needed(kind)]


def add(review: Review, kind: str, line: int, phrase: str, typed: Mapping[str, str]) -> Review:
    """A fact that was missed, on a line of the document with these words; it is the last item. ``typed`` as in `correct`.

    Raises InputError, as a plan file would be refused.
    """
    if kind not in addable(review):
        raise InputError(f"the draft has a {kind} already.", remedy="Correct it.")
    values = draft(review).to_json()
    kinds = kinds_of(_type(kind))
    says = {name: value_of(kinds[name], text) for name, text in typed.items()}
    phrase = unicodedata.normalize("NFC", " ".join(phrase.split()))[:200]  # as Plan says
    if not phrase:
        raise InputError(f"line {line} has no words.", remedy="Name the line on which it stands.")
    if kind in LISTS:
        values = draft(review).to_json()
        own = {"phrase": phrase} if "phrase" in _needed(kind) else {}
        fact = getattr(_parsed({**values, kind: [*values.get(kind, ()), {**says, **own, "line": line}]}), kind)[-1]
        fact = replace(fact, phrase=phrase)
    else:
        fact = getattr(_parsed(says if kind in says else {kind: says}), kind)
    origin = None if kind in LISTS else Origin(fact=kind, line=line, phrase=phrase)
    item = Item(kind=kind, fact=fact, read=fact, origin=origin, standing="accepted", added=True)
    return replace(review, items=(*review.items, item), before=review)


def drop(review: Review, number: int, words: str = "dropped") -> Review:
    """The item is no fact: it leaves the plan; what followed a conference follows the one before it."""
    item = review.items[number]
    decided = _decided(review, number, replace(item, standing="dropped"), words)
    return _relinked(decided, item.fact.id, item.fact.after) if item.kind == "conferences" else decided


def undo(review: Review) -> Review:
    """The review without its last decision; raises InputError where there is none."""
    if review.before is None:
        raise InputError("there is no decision to undo.", remedy="Go back to the fact and decide anew.")
    return review.before


def _decided(review: Review, number: int, item: Item, words: str, *, answers: bool = True) -> Review:
    """The item as it was decided; the words answer what is in doubt about it, and with ``answers`` what is asked too."""
    warnings = list(review.warnings)
    questioned = [each for each in asked(review).get(number, ()) if not to_fill(each)]
    left = () if answers else tuple((each.code, each.line) for each in questioned)
    if answers:
        missing = (each for each in questioned if not any(_same(warning, each) for warning in warnings))
        warnings += [Warning(code=each.code, message=each.message, line=each.line) for each in missing]
    places = _places(review.items)
    settled = tuple(
        each
        if each.answer or (each.code, each.line) in left or _owner(review.items, places, each) != number
        else replace(each, answer=words)
        for each in warnings
    )
    return replace(_put(review, number, item), warnings=settled, before=review)


def _put(review: Review, number: int, item: Item) -> Review:
    return replace(review, items=(*review.items[:number], item, *review.items[number + 1 :]))


def _relinked(review: Review, old: str, new: str | None) -> Review:
    """Conferences that followed one follow another."""
    items = tuple(
        replace(item, fact=replace(item.fact, after=new)) if item.kind == "conferences" and item.fact.after == old else item
        for item in review.items
    )
    return replace(review, items=items)


def _surely(fact: Any) -> Any:
    """A fact that a person has looked at, where the reading was in doubt."""
    return replace(fact, confidence=1.0) if getattr(fact, "confidence", 1.0) < DOUBTFUL else fact


# -- which item a warning or a question is about -------------------------------------------------------------------------


def _places(items: Sequence[Item]) -> dict[tuple[str, int | None], list[int]]:
    """The items by kind and line; those of the head by kind alone, too."""
    found: dict[tuple[str, int | None], list[int]] = {}
    for n, item in enumerate(items):
        for line in {item.line, None} if item.kind in HEAD else {item.line}:
            found.setdefault((item.kind, line), []).append(n)
    return found


def _owner(
    items: Sequence[Item],
    places: Mapping[tuple[str, int | None], Sequence[int]],
    doubt: Warning | Question,
    empty: str | None = None,
) -> int | None:
    """The item of the right kind that stands on the doubt's line, and that its message quotes most of; None: no item.

    ``empty``: the field that must still be filled in.
    """
    about = _ABOUT.get(doubt.code, LISTS if doubt.line else ())
    line = None if len(about) == 1 and about[0] in HEAD else doubt.line
    fitting = [n for kind in about for n in places.get((kind, line), ()) if not (empty and _is_filled(items[n], empty))]
    if fitting:
        return max(fitting, key=lambda n: _quoted(items[n], doubt.message))
    return next((n for n in places.get((DOUBT, doubt.line), ()) if _same(items[n].read, doubt)), None)


def _is_filled(item: Item, name: str) -> bool:
    """Whether nobody need fill in a field of an item."""
    return bool(getattr(item.fact, name, None)) or (item.standing == "dropped" and item.kind in LISTS)


def _same(one: Warning, other: Warning | Question) -> bool:
    return (one.code, one.line, one.message) == (other.code, other.line, other.message)


def _quoted(item: Item, message: str) -> int:
    names = ("phrase", "number", "text", "unit", "id")
    texts = {getattr(fact, name, None) for fact in (item.read, item.fact) for name in names}
    return sum(len(text) for text in texts if text and text in message)


# -- what an item may say -------------------------------------------------------------------------------------------------


def _type(kind: str) -> type:
    """Whose fields an item of this kind has: an entry's of the list, the signer's, or the plan's own."""
    hint = bare(typing.get_type_hints(Plan)[kind])
    owner: type = typing.get_args(hint)[0] if kind in LISTS else hint if kind == "signer" else Plan
    return owner


def _needed(kind: str) -> set[str]:
    """The fields without which there is no such entry."""
    every = dataclasses.fields(_type(kind)) if kind in LISTS or kind == "signer" else ()
    return {each.name for each in every if each.default is each.default_factory is dataclasses.MISSING}


def _parsed(values: dict[str, Any]) -> Plan:
    """The plan of these values; raises InputError that names no place in a plan file: the person sees what was typed."""
    try:
        return plans.of_values(values)
    except InputError as error:
        raise InputError(_PLACE.sub("", error.message), remedy=error.remedy) from None


# -- what is kept of a review that was left -------------------------------------------------------------------------------


def kept(review: Review) -> dict[str, Any]:
    """The decisions as plain JSON values, from which the same review of the same draft goes on."""
    standing = {str(n): item.standing for n, item in enumerate(review.items) if item.standing != "open"}
    added = [{"kind": item.kind, "line": item.line, "phrase": item.phrase} for item in review.items if item.added]
    items = tuple(replace(item, standing="accepted") if item.added else item for item in review.items)
    facts = draft(replace(review, items=items)).to_json()  # also those that were added and dropped again
    return {"draft": review.plan.digest(), "standing": standing, "added": added, "plan": facts}


def resume(plan: Plan, value: Any) -> Review | None:
    """The review of a draft with the decisions that were kept; None where they are of another draft, or no decisions at all."""
    review = begin(plan)
    try:
        if value["draft"] != plan.digest():
            return None
        saved = Plan.from_json(value["plan"])
        standing = {int(n): each for n, each in value["standing"].items()}
        facts = {name: iter(getattr(saved, name)) for name in LISTS}
        items: list[Item] = []
        for n, item in enumerate((*review.items, *map(_missed, value.get("added", ())))):
            stands = standing.get(n, "open")
            if stands not in typing.get_args(Standing):
                return None
            fact = item.fact
            if item.kind in LISTS and (item.added or stands != "dropped"):
                fact = replace(next(facts[item.kind]), phrase=item.phrase)
            elif item.kind in HEAD and (item.added or stands != "dropped"):
                fact = getattr(saved, item.kind)
            origin = item.origin if item.kind in HEAD else None
            items.append(replace(item, fact=fact, read=fact if item.added else item.read, origin=origin, standing=stands))
    except (AttributeError, KeyError, TypeError, ValueError, StopIteration):
        return None
    return replace(review, items=tuple(items), warnings=saved.warnings)


def _missed(value: Any) -> Item:
    """An item that was added, but for what it says."""
    origin = Origin(fact=value["kind"], line=value["line"], phrase=value["phrase"])
    return Item(kind=value["kind"], fact=None, read=None, origin=origin, standing="accepted", added=True)
