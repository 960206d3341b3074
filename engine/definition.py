"""What a workflow definition says: states, transitions, how children move a parent. Loading checks it; nothing here runs it.

A definition is a YAML file (docs/definitions.md describes every key). Two destinations are words of their own: ``@previous``
goes back to the state before the last move, ``@same`` stays and records.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson

from engine import yaml_source
from engine.errors import DefinitionError

PREVIOUS = "@previous"
SAME = "@same"
SYSTEM = "system"  # the role of moves that roll-up causes; nobody can be granted it
FIELD_TYPES = ("text", "integer", "date", "instant", "flag")

Whose = Literal["self", "parent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people see."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state an instance can be in."""

    name: str
    label: Label
    rank: int | None  # index in progress of what it stands for; None: the rank it was entered with
    final: Literal["done", "out"] | None  # done: accomplished; out: no longer required
    paused: bool  # the clock stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value that a move carries."""

    name: str
    type: str  # one of FIELD_TYPES
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One permitted move out of one state."""

    trigger: str
    source: str
    to: str  # a state, PREVIOUS or SAME
    role: str
    of: Whose  # whose operators hold the role: those of the assignee, or of the parent's assignee
    fields: Mapping[str, Field]
    guards: tuple[str, ...]
    reason: bool  # a reason must be given
    reopens: bool  # may leave a final state
    sets_due: str | None  # field whose instant becomes the due date
    notice: str | None  # name of the notice that it sends
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How many of the required children it takes."""

    kind: Literal["all", "at_least", "percent"]
    n: int  # of at_least: children; of percent: per hundred

    def met(self, reached: int, required: int) -> bool:
        """Whether ``reached`` out of ``required`` children are enough; never when none is required."""
        if required == 0:
            return False
        if self.kind == "all":
            return reached == required
        return reached >= self.n if self.kind == "at_least" else reached * 100 >= self.n * required


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRule:
    """A move of the parent that its direct children cause."""

    of: str  # name of the children's definition
    need: Need
    reach: str  # state of the children's progress
    fire: str  # trigger of the parent when enough have reached it
    otherwise: str | None  # trigger of the parent when they no longer have


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """Which instances below are counted, and when they have together reached a state."""

    of: str
    need: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A checked definition. ``source`` is canonical JSON, ``digest`` its SHA-256 in hexadecimal."""

    name: str
    version: int
    label: Label
    opens_case: bool  # an instance is a case of its own: each assignee once per key
    start_role: str  # role on the assignee that may start a root instance
    initial: str
    progress: tuple[str, ...]  # from first to last
    states: Mapping[str, State]
    transitions: Mapping[tuple[str, str], Transition]  # by (trigger, source)
    rollup: RollUp | None
    children: tuple[ChildRule, ...]
    source: str
    digest: str
    triggers: frozenset[str] = field(default=frozenset())

    def permitted(self, state: str, *, people_only: bool = True) -> tuple[str, ...]:
        """The triggers that may be fired from a state, in the order of the file."""
        return tuple(t.trigger for (_, s), t in self.transitions.items() if s == state and not (people_only and t.role == SYSTEM))


def load(path: str | Path, guards: Collection[str]) -> Definition:
    """Read and check a definition file; raises DefinitionError with file and line. ``guards`` are the known names."""
    source = yaml_source.read(path)
    definition = _build(_Reader(source.value, source.name, source.line))
    _require_known_guards(definition, guards, source)
    return definition


def from_source(source: str) -> Definition:
    """The definition that was stored as canonical JSON."""
    return _build(_Reader(orjson.loads(source), "stored definition", lambda _place: None))


def _require_known_guards(definition: Definition, guards: Collection[str], source: yaml_source.Source) -> None:
    for index, entry in enumerate(source.value["transitions"]):
        for guard in entry.get("guards") or ():
            if guard not in guards:
                raise DefinitionError(
                    f"there is no guard '{guard}'.",
                    file=source.name,
                    line=source.line(("transitions", index, "guards")),
                    remedy=f"The guards are: {', '.join(sorted(guards))}.",
                )


class _Reader:
    """A value of the file that knows its place, and complains with it."""

    def __init__(
        self, value: Any, name: str, line_of: Callable[[yaml_source.Place], int | None], place: yaml_source.Place = ()
    ) -> None:
        self.value, self.name, self._line_of, self.place = value, name, line_of, place

    def error(self, message: str, remedy: str | None = None) -> DefinitionError:
        return DefinitionError(message, file=self.name, line=self._line_of(self.place), remedy=remedy)

    def at(self, key: str | int) -> _Reader:
        value = self.value.get(key) if isinstance(self.value, dict) else self.value[key]
        return _Reader(value, self.name, self._line_of, (*self.place, key))

    def keys(self, known: Collection[str], required: Collection[str] = ()) -> None:
        if not isinstance(self.value, dict):
            raise self.error("a mapping of keys to values is expected here.")
        for key in self.value:
            if key not in known:
                raise self.at(key).error(f"unknown key '{key}'.", f"Known here: {', '.join(known)}.")
        for key in required:
            if self.value.get(key) is None:
                raise self.error(f"the key '{key}' is missing.", f"Add '{key}:' here.")

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.error("one word is expected here.")
        return self.value

    def word(self) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.text()):
            raise self.error(f"'{self.value}' is not a name.", "Use lower-case letters, digits and underscores.")
        return self.text()

    def choice(self, *allowed: str) -> str:
        if self.value not in allowed:
            raise self.error(f"'{self.value}' is not one of {', '.join(allowed)}.")
        return self.text()

    def flag(self, default: bool = False) -> bool:
        return default if self.value is None else self.choice("true", "false") == "true"

    def number(self) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", self.text()):
            raise self.error(f"'{self.value}' is not a whole number.")
        return int(self.text())

    def items(self) -> list[_Reader]:
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.error("a list is expected here.")
        return [self.at(index) for index in range(len(self.value))]

    def entries(self) -> dict[str, _Reader]:
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise self.error("a mapping of names to values is expected here.")
        return {key: self.at(key) for key in self.value}


_KEYS = (
    "name", "version", "label", "opens_case", "start_role", "initial", "progress", "states", "transitions", "rollup", "children",
)  # fmt: skip


def _build(top: _Reader) -> Definition:
    top.keys(_KEYS, required=("name", "version", "label", "initial", "progress", "states", "transitions"))
    progress = tuple(item.word() for item in top.at("progress").items())
    states = {name: _state(name, item, progress) for name, item in top.at("states").entries().items()}
    for item in top.at("progress").items():
        if item.text() not in states:
            raise item.error(f"'{item.value}' is not a state.", f"The states are: {', '.join(states)}.")
    initial = top.at("initial")
    if initial.text() not in states:
        raise initial.error(f"the initial state '{initial.value}' is not a state.", f"The states are: {', '.join(states)}.")
    transitions = _transitions(top.at("transitions"), states)
    source = orjson.dumps(top.value, option=orjson.OPT_SORT_KEYS).decode()
    definition = Definition(
        name=top.at("name").word(),
        version=top.at("version").number(),
        label=_label(top.at("label")),
        opens_case=top.at("opens_case").flag(),
        start_role=top.at("start_role").word() if top.at("start_role").value is not None else SYSTEM,
        initial=initial.text(),
        progress=progress,
        states=states,
        transitions=transitions,
        rollup=_rollup(top.at("rollup")),
        children=tuple(_child_rule(item, transitions) for item in top.at("children").items()),
        source=source,
        digest=hashlib.sha256(source.encode()).hexdigest(),
        triggers=frozenset(trigger for trigger, _ in transitions),
    )
    _check_graph(top, definition)
    return definition


def _label(item: _Reader) -> Label:
    item.keys(("vi", "en"), required=("vi", "en"))
    return Label(vi=item.at("vi").text(), en=item.at("en").text())


def _state(name: str, item: _Reader, progress: tuple[str, ...]) -> State:
    item.keys(("label", "final", "stands_for", "paused"), required=("label",))
    final = item.at("final")
    stands_for = item.at("stands_for").value or (name if name in progress else PREVIOUS)
    if stands_for != PREVIOUS and stands_for not in progress:
        raise item.at("stands_for").error(
            f"'{stands_for}' is not in progress.", f"Use {PREVIOUS} or one of: {', '.join(progress)}."
        )
    return State(
        name=name,
        label=_label(item.at("label")),
        rank=None if stands_for == PREVIOUS else progress.index(stands_for),
        final=None if final.value is None else ("done" if final.choice("done", "out") == "done" else "out"),
        paused=item.at("paused").flag(),
    )


_TRANSITION_KEYS = (
    "trigger", "from", "to", "role", "of", "fields", "guards", "reason", "reopens", "sets_due", "notice", "label",
)  # fmt: skip


def _transitions(group: _Reader, states: Mapping[str, State]) -> dict[tuple[str, str], Transition]:
    found: dict[tuple[str, str], Transition] = {}
    for item in group.items():
        item.keys(_TRANSITION_KEYS, required=("trigger", "from", "to", "role", "label"))
        for source in item.at("from").items():
            transition = _transition(item, source, states)
            if (transition.trigger, transition.source) in found:
                raise item.error(
                    f"'{transition.trigger}' from '{transition.source}' is defined twice.",
                    "One trigger has one outcome per state.",
                )
            found[transition.trigger, transition.source] = transition
    return found


def _transition(item: _Reader, source: _Reader, states: Mapping[str, State]) -> Transition:
    to = item.at("to")
    for end in (source, to):
        if end.value not in states and not (end is to and end.value in (PREVIOUS, SAME)):
            raise end.error(f"'{end.value}' is not a state.", f"The states are: {', '.join(states)}.")
    reopens = item.at("reopens").flag()
    if (states[source.text()].final is not None) != reopens and to.value != SAME:
        raise item.error(
            f"'{source.value}' is {'not ' if reopens else ''}final.",
            "A move out of a final state, and no other, says 'reopens: true'.",
        )
    fields = {name: _field(name, entry) for name, entry in item.at("fields").entries().items()}
    sets_due = item.at("sets_due")
    if sets_due.value is not None and (sets_due.value not in fields or fields[sets_due.text()].type != "instant"):
        raise sets_due.error(f"'{sets_due.value}' is not a field of type instant.", "Name one of this transition's fields.")
    of = item.at("of")
    return Transition(
        trigger=item.at("trigger").word(),
        source=source.text(),
        to=to.text(),
        role=item.at("role").word(),
        of="parent" if of.value is not None and of.choice("self", "parent") == "parent" else "self",
        fields=fields,
        guards=tuple(guard.word() for guard in item.at("guards").items()),
        reason=item.at("reason").flag(),
        reopens=reopens,
        sets_due=sets_due.value,
        notice=item.at("notice").word() if item.at("notice").value is not None else None,
        label=_label(item.at("label")),
    )


def _field(name: str, item: _Reader) -> Field:
    item.keys(("type", "required"), required=("type",))
    return Field(name=name, type=item.at("type").choice(*FIELD_TYPES), required=item.at("required").flag())


def _need(item: _Reader) -> Need:
    if item.value is None or item.value == "all":
        return Need(kind="all", n=0)
    item.keys(("at_least", "percent"))
    if len(item.value) != 1:
        raise item.error("say either at_least or percent.")
    kind: Literal["at_least", "percent"] = "at_least" if "at_least" in item.value else "percent"
    number = item.at(kind).number()
    if number < 1 or (kind == "percent" and number > 100):
        raise item.error(f"{number} is out of range.", "at_least is 1 or more, percent is 1 to 100.")
    return Need(kind=kind, n=number)


def _rollup(item: _Reader) -> RollUp | None:
    if item.value is None:
        return None
    item.keys(("of", "need"), required=("of",))
    return RollUp(of=item.at("of").word(), need=_need(item.at("need")))


def _child_rule(item: _Reader, transitions: Mapping[tuple[str, str], Transition]) -> ChildRule:
    item.keys(("of", "need", "reach", "fire", "otherwise"), required=("of", "reach", "fire"))
    for key in ("fire", "otherwise"):
        trigger = item.at(key)
        if trigger.value is not None and not any(t.trigger == trigger.value for t in transitions.values()):
            raise trigger.error(f"there is no trigger '{trigger.value}'.", "Name a trigger of this definition.")
    return ChildRule(
        of=item.at("of").word(),
        need=_need(item.at("need")),
        reach=item.at("reach").word(),
        fire=item.at("fire").word(),
        otherwise=item.at("otherwise").value,
    )


def _check_graph(top: _Reader, definition: Definition) -> None:
    """Every state can be reached from the initial one and can reach a final one."""
    edges: dict[str, set[str]] = {name: set() for name in definition.states}
    for t in definition.transitions.values():
        if t.to not in (PREVIOUS, SAME):
            edges[t.source].add(t.to)
    for t in definition.transitions.values():
        if t.to == PREVIOUS:
            edges[t.source] |= {state for state, targets in edges.items() if t.source in targets}
    reached = _closure({definition.initial}, edges)
    backwards: dict[str, set[str]] = {name: {s for s, targets in edges.items() if name in targets} for name in edges}
    rescued = _closure({name for name, state in definition.states.items() if state.final}, backwards)
    for name in definition.states:
        place = top.at("states").at(name)
        if name not in reached:
            raise place.error(f"the state '{name}' cannot be reached.", "Add a transition into it, or drop it.")
        if name not in rescued:
            raise place.error(f"the state '{name}' is a trap: no final state can be reached from it.", "Add a way out.")


def _closure(start: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in edges[todo.pop()] - seen:
            seen.add(target)
            todo.append(target)
    return seen
