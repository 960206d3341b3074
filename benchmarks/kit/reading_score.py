"""Owns the arithmetic of reading: what is found beside what a careful clerk gets, field by field. Knows no files.

Facts and findings are plain JSON values. A fact may be "A | B" (either is right), "?" (not scored), or, in a list, have
``optional`` (right if found, no loss if not); a list named in ``open`` may have further entries that nobody wrote down.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from workflows.names import canonical, readings

Value: TypeAlias = Any  # JSON
Entry: TypeAlias = dict[str, Value]

SCALARS = (
    "number", "symbol", "date", "place", "type", "title", "issuer", "urgency", "signer.authority", "signer.title", "signer.name",
)  # fmt: skip
_NAME = 5  # words from which a name may have some more than the other
_LONG = 16  # words from which a text may differ in some
_ENOUGH = 0.8  # of the words
_UNSAID = ("", "null", "none", "false")
_SAME_NAME = {"half_yearly": "half_year", "nine_monthly": "nine_month"}
_COURTESY = re.compile(r"^(?:(?:cac )?dong chi |v v |ve viec |ve )+")
_JOINED = re.compile(r"\s+(?:va|cung)\s+|\s+")


@dataclass(slots=True)
class Tally:
    """What was hit, what was found besides, what was missed."""

    hit: int = 0
    extra: int = 0
    missed: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.hit, self.extra, self.missed = self.hit + other.hit, self.extra + other.extra, self.missed + other.missed
        return self

    @property
    def precision(self) -> float | None:
        """Of what was found, the part that is right; None where nothing was found."""
        return self.hit / (self.hit + self.extra) if self.hit + self.extra else None

    @property
    def recall(self) -> float | None:
        """Of what there is, the part that was found; None where there is nothing."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else None


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that was not read as it stands; None on one side: missed, or found besides."""

    field: str
    expected: Value
    found: Value


@dataclass(slots=True)
class Score:
    """The tallies of each field, and what went wrong."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    def hit(self, name: str) -> None:
        """One thing of this field was right."""
        self.tallies.setdefault(name, Tally()).hit += 1

    def miss(self, name: str, expected: Value, found: Value) -> None:
        """One thing was wrong: it counts as missed where something was expected, as extra where something was found."""
        tally = self.tallies.setdefault(name, Tally())
        tally.missed += expected is not None
        tally.extra += found is not None
        self.misses.append(Miss(name, expected, found))

    def __iadd__(self, other: Score) -> Score:
        for name, tally in other.tallies.items():
            self.tallies[name] = self.tallies.get(name, Tally())
            self.tallies[name] += tally
        self.misses += other.misses
        return self

    def total(self) -> Tally:
        """All fields together."""
        total = Tally()
        for tally in self.tallies.values():
            total += tally
        return total


@dataclass(frozen=True, slots=True)
class Listed:
    """How the entries of a list are held against each other."""

    likeness: Callable[[Entry, Entry], float]  # 0: another entry; the best pairs are taken first
    strict: tuple[str, ...] = ()  # a pair is a hit only if these are the same, too
    texts: tuple[str, ...] = ()  # what else of a pair is scored, by its name: names and texts
    quotes: tuple[str, ...] = ()  # words of the document, of which the facts may give a part
    values: tuple[str, ...] = ()  # codes, dates, numbers, truths
    bodies: tuple[str, ...] = ()  # lists of names
    given: tuple[str, ...] = ()  # scored only where the facts give them
    allowed: Callable[[Entry, Sequence[Entry]], bool] = lambda found, facts: False  # no loss though no fact says so


def score(facts: Entry, found: Entry) -> Score:
    """The score of one document."""
    result = Score()
    for name in SCALARS:
        compare = _same_value if name in ("date", "type", "urgency", "number", "symbol") else same_text
        _one(result, name, _at(facts, name), _at(found, name), compare)
    unfinished = facts.get("open") or []
    for name, listed in LISTS.items():
        if name == "reports" and name not in facts:  # the corpus does not give them
            continue
        _list(result, name, listed, (_entries(facts.get(name), name), _entries(found.get(name), name)), name in unfinished)
    _warnings(result, facts, found, "warnings" in unfinished)
    return result


# --- values -----------------------------------------------------------------------------------------------------------


def same_text(expected: str, found: str) -> bool:
    """Whether two names or texts read alike: folded the same; or four fifths of their words the same, if they are long.

    What stands in brackets may be left out. A shorter name may only have some words more: of "UBND xã An Phú" and
    "UBND xã An Lạc", six words in seven are the same.
    """
    if "(" in expected + found and (bare := _bare(expected)) and (theirs := _bare(found)) and (bare, theirs) != (expected, found):
        return same_text(bare, theirs)
    mine, theirs = _COURTESY.sub("", canonical(expected)), _COURTESY.sub("", canonical(found))
    if mine.replace(" ", "") == theirs.replace(" ", "") or set(readings(expected)) & set(readings(found)):
        return True
    fewer, more = sorted((len(mine.split()), len(theirs.split())))
    alike = shared(mine, theirs)
    return alike >= _ENOUGH * more and (fewer >= _LONG or (fewer >= _NAME and alike == fewer))


def _bare(text: str) -> str:
    return re.sub(r"\s*\([^()]*\)", "", text).strip()


def shared(mine: str, theirs: str) -> int:
    """How many words two folded texts have in common, each as often as in both."""
    return sum((Counter(mine.split()) & Counter(theirs.split())).values())


def contained(expected: str, found: str) -> float:
    """How much of the shorter text the longer one has, 0 to 1; a single word has to be the whole of both."""
    mine, theirs = canonical(expected), canonical(found)
    fewer = min(len(mine.split()), len(theirs.split()))
    return float(mine == theirs) if fewer < 2 else shared(mine, theirs) / fewer


def _quoted(expected: str, found: str) -> bool:
    return contained(expected, found) >= _ENOUGH


def _same_value(expected: str, found: str) -> bool:
    return _plain(expected) == _plain(found)


def _plain(value: Value) -> str:
    text = re.sub(r"\s+", "", str(value)).casefold()
    if re.fullmatch(r"\d{4}-\d\d-\d\dt.+", text):
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC).isoformat()
    return _SAME_NAME.get(text, text)


def _choices(value: Value) -> list[str]:
    """What is right: the alternatives of a fact, "" for nothing."""
    parts = ("" if value is None else str(value)).split(" | ")
    return ["" if part.strip() in _UNSAID else part.strip() for part in parts]


def _said(found: Value) -> str:
    return "" if found is None or found is False else str(found)


def _one(result: Score, name: str, expected: Value, found: Value, compare: Callable[[str, str], bool]) -> None:
    choices, text = _choices(expected), _said(found)
    if "?" in choices or (not text and "" in choices):
        return
    if text and any(choice and compare(choice, text) for choice in choices):
        result.hit(name)
    else:
        result.miss(name, None if choices == [""] else expected, found if text else None)


def _at(facts: Entry, name: str) -> Value:
    first, _, rest = name.partition(".")
    value = facts.get(first)
    return _at(value or {}, rest) if rest else value


# --- lists ------------------------------------------------------------------------------------------------------------


def _list(result: Score, name: str, listed: Listed, sides: tuple[list[Entry], list[Entry]], unfinished: bool) -> None:
    expected, found = sides
    pairs = paired(expected, found, listed.likeness)
    for fact, finding in pairs:
        if _is(fact.get("optional")):
            continue
        if all(_agree(_wanted(fact, key), finding.get(key)) for key in listed.strict):
            result.hit(name)
        else:
            result.miss(name, _shown(fact), _shown(finding))
        _details(result, name, listed, fact, finding)
    taken = {id(each) for pair in pairs for each in pair}
    for fact in expected:
        if id(fact) not in taken and not _is(fact.get("optional")):
            result.miss(name, _shown(fact), None)
    for finding in found:
        if id(finding) not in taken and not unfinished and not listed.allowed(finding, expected):
            result.miss(name, None, _shown(finding))


def _wanted(fact: Entry, key: str) -> Value:
    """What the fact says of a key; a meeting without a section has any id, one whose hour is known is held by no other day."""
    unsaid = (key == "due_date" and fact.get("starts_at")) or (key == "id" and not fact.get("id"))
    return "?" if unsaid else fact.get(key)


def paired(
    expected: Sequence[Entry], found: Sequence[Entry], likeness: Callable[[Entry, Entry], float]
) -> list[tuple[Entry, Entry]]:
    """One to one, the likeliest first; an entry that must be found goes before an optional one, order breaks ties."""
    candidates = [
        (likeness(fact, finding) - (0.001 if _is(fact.get("optional")) else 0), -abs(i - j), -i, -j)
        for i, fact in enumerate(expected)
        for j, finding in enumerate(found)
    ]
    pairs: list[tuple[Entry, Entry]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted((each for each in candidates if each[0] > 0), reverse=True):
        if -i not in used[0] and -j not in used[1]:
            used[0].add(-i)
            used[1].add(-j)
            pairs.append((expected[-i], found[-j]))
    return pairs


def _details(result: Score, name: str, listed: Listed, fact: Entry, finding: Entry) -> None:
    for key in (*listed.texts, *listed.quotes, *listed.values):
        if key not in listed.given or key in fact:
            compare = same_text if key in listed.texts else _quoted if key in listed.quotes else _same_value
            _one(result, f"{name}.{key}", fact.get(key), finding.get(key), compare)
    for key in listed.bodies:
        if key not in listed.given or key in fact:
            _bodies(result, f"{name}.{key}", fact.get(key) or [], finding.get(key) or [])


def _bodies(result: Score, name: str, expected: Value, found: list[str]) -> None:
    """Names one to one; names that stand in one entry on one side and in several on the other are the same."""
    expected = [expected] if isinstance(expected, str) else expected
    if "?" in expected:
        return
    if expected and found and _run_together(expected) == _run_together(found):
        for _ in expected:
            result.hit(name)
        return
    left = list(found)
    for body in expected:
        right = next((each for each in left if any(part and same_text(part, each) for part in _choices(body))), None)
        if right is None:
            if "" not in _choices(body):
                result.miss(name, body, None)
        else:
            left.remove(right)
            result.hit(name)
    for body in left:
        result.miss(name, None, body)


def _run_together(bodies: Iterable[str]) -> str:
    return " ".join(_JOINED.split(canonical(" ".join(_choices(body)[0] for body in bodies))))


def _agree(expected: Value, found: Value) -> bool:
    choices, text = _choices(expected), _said(found)
    return "?" in choices or any(_plain(choice) == _plain(text) for choice in choices)


def _is(value: Value) -> bool:
    return str(value).casefold() == "true"


def _entries(value: Value, name: str) -> list[Entry]:
    entries = [each if isinstance(each, dict) else {"text": each} for each in value or []]
    if name == "conferences":  # the second of one section is "2 (2)" where ids must stay apart
        return [{**each, "id": re.sub(r" \(\d+\)$", "", str(each["id"]))} if each.get("id") else each for each in entries]
    if name == "recipients":  # a line may name several bodies: as one entry or one each
        return [{**each, "text": part} for each in entries for part in re.split(r";\s+", str(each.get("text")))]
    return entries


def _shown(entry: Entry) -> str:
    hidden = ("confidence", "why", "gist", "held_by", "tier", "units", "group", "optional", "participants", "message")
    return "; ".join(f"{key} {value}" for key, value in entry.items() if value not in (None, [], "", False) and key not in hidden)


# --- which entries are the same ----------------------------------------------------------------------------------------


def _reference(fact: Entry, found: Entry) -> float:
    return float(_agree(fact.get("number"), found.get("number")))


def _recipient(fact: Entry, found: Entry) -> float:
    same_list = fact.get("list", "noi_nhan") == found.get("list", "noi_nhan")
    return _named(fact.get("text"), found.get("text")) if same_list else 0.0


def _named(expected: Value, found: Value) -> float:
    """Whether it is the same name, better the more words it shares; nothing is like nothing, "?" is like all."""
    choices, text = _choices(expected), _said(found)
    if "?" in choices or (not text and "" in choices):
        return 0.9
    return max((contained(each, text) for each in choices if each and text and same_text(each, text)), default=0.0)


def _task(fact: Entry, found: Entry) -> float:
    wanted, headings = _choices(fact.get("heading")), _sections(str(found.get("heading") or ""))
    if "?" not in wanted and "" not in wanted and not headings & {_section(each) for each in wanted}:
        return 0.0
    return _named(fact.get("unit"), found.get("unit"))


def _supports(found: Entry, facts: Sequence[Entry]) -> bool:
    """Who supports the lead of an item may stand beside it as a task of its own."""
    same = (each for each in facts if _section(str(found.get("heading"))) in map(_section, _choices(each.get("heading"))))
    return found.get("role") == "support" and any("lead" in _choices(each.get("role")) for each in same)


def _sections(heading: str) -> set[str]:
    """How a section may be cited: a row of an appendix' table also without the appendix' number, or by its own alone."""
    cited = _section(heading)
    row = cited.split()[-1:]
    return {cited, cited[3:], " ".join(["pl", *row]), *row} if cited.startswith("pl ") else {cited}


def _section(heading: str) -> str:
    """ "Điều 2.1" and "2.1" are the same place."""
    return re.sub(r"^phu luc(?= )", "pl", canonical(heading)).removeprefix("dieu ").removeprefix("muc ")


def _deadline(fact: Entry, found: Entry) -> float:
    if not (_agree(fact.get("due_date"), found.get("due_date")) and _agree(fact.get("due_time"), found.get("due_time"))):
        return 0.0
    words = contained(str(fact.get("phrase") or ""), str(found.get("phrase") or ""))
    if not found.get("due_date"):
        return words if words >= _ENOUGH else 0.0
    who = any(same_text(mine, theirs) for mine in _names(fact.get("who")) for theirs in found.get("who") or [])
    return 0.2 + 0.5 * words + 0.3 * who


def _names(bodies: Value) -> list[str]:
    return [part for body in ([bodies] if isinstance(bodies, str) else bodies or []) for part in _choices(body) if part]


def _recurring(fact: Entry, found: Entry) -> float:
    keys = ("frequency", "weekday", "day", "time")
    if not all(_agree(fact.get(key), found.get(key)) for key in keys):
        return 0.0
    who = any(same_text(mine, theirs) for mine in _names(fact.get("who")) for theirs in found.get("who") or [])
    summed = _is(fact.get("consolidates")) == _is(found.get("consolidates"))
    return 0.4 + 0.4 * who + 0.2 * summed


def _report(fact: Entry, found: Entry) -> float:
    sides = ((_names(fact.get(key)), found.get(key) or []) for key in ("who", "to"))
    share = [sum(any(same_text(each, name) for name in theirs) for each in mine) / len(mine) for mine, theirs in sides if mine]
    words = contained(str(fact["phrase"]), str(found.get("phrase") or "")) if fact.get("phrase") else 0.5
    return sum(share) / 4 + words / 2 if share and share[-1] else 0.0


def _conference(fact: Entry, found: Entry) -> float:
    same = [_agree(_wanted(fact, key), found.get(key)) for key in ("id", "starts_at", "due_date", "form")]
    return sum(same) / 4 if (same[0] and fact.get("id")) or (same[1] and same[2]) else 0.0


def _attachment(fact: Entry, found: Entry) -> float:
    number, text = fact.get("number"), str(found.get("text") or "")
    if number and (_agree(number, found.get("number")) or _plain(number) in _plain(text)):
        return 1.0
    return max((degree for each in _choices(fact.get("text")) if (degree := contained(each, text)) >= _ENOUGH), default=0.0)


def _phrased(fact: Entry, found: Entry) -> float:
    degree = contained(str(fact.get("phrase") or ""), str(found.get("phrase") or ""))
    return degree if degree >= _ENOUGH else 0.0


_NAMED_PAPERS = Listed(_reference, texts=("issuer",), values=("date", "type"))
LISTS: dict[str, Listed] = {
    "basis": _NAMED_PAPERS,
    "citations": _NAMED_PAPERS,
    "follows_up": _NAMED_PAPERS,
    "recipients": Listed(_recipient, values=("purpose",)),
    "tasks": Listed(_task, values=("role", "due_date"), allowed=_supports),
    "deadlines": Listed(_deadline, texts=("via",), bodies=("who", "to")),
    "recurring": Listed(_recurring, texts=("via",), values=("consolidates",), bodies=("who", "to")),
    "conferences": Listed(
        _conference,
        strict=("id", "starts_at", "due_date", "form"),
        texts=("chair", "venue", "organiser"),
        quotes=("reporter", "invitation"),
        values=("after",),
        bodies=("participants",),
        given=("organiser", "participants", "reporter", "invitation"),
    ),
    "reports": Listed(_report, texts=("via",), bodies=("who", "to")),
    "attachments": Listed(_attachment),
    "suspensions": Listed(_phrased, texts=("unit", "until")),
}


def _warnings(result: Score, facts: Entry, found: Entry, unfinished: bool) -> None:
    given = [each if isinstance(each, dict) else {"code": each} for each in facts.get("warnings") or []]
    codes = {str(each["code"]) for each in found.get("warnings") or []}
    for fact in given:
        if not _is(fact.get("optional")):
            if codes & set(_choices(fact["code"])):
                result.hit("warnings")
            else:
                result.miss("warnings", fact["code"], None)
    for code in sorted(codes - {code for fact in given for code in _choices(fact["code"])}):
        if not unfinished:
            result.miss("warnings", None, code)
