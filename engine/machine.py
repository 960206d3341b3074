"""Decides moves: the only place that uses `transitions`. It reads and writes nothing.

One Machine per definition, without a registered model: each decision drives a cursor of its own through it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, cast

import transitions

from engine.clock import to_micros, to_text
from engine.definition import PREVIOUS, SAME, Definition, Transition
from engine.errors import FieldsRefused, GuardRefused, InputError, NotPermitted, UnknownTrigger
from engine.instance import Instance, destination


class View(Protocol):
    """What a guard may look at besides the instance, in the same transaction."""

    def started(self, instance: Instance) -> Mapping[str, Any]:
        """The data of the instance's first event."""

    def find(self, case_id: int, assignee: str, key: str) -> Instance | None:
        """An instance of the same case."""

    def by_key(self, case_id: int, key: str) -> Instance | None:
        """An instance of the same case by its key alone."""


class Facts:
    """Everything a decision rests on."""

    __slots__ = ("fields", "instance", "occurred_at", "reason", "view")

    def __init__(self, instance: Instance, fields: Mapping[str, Any], occurred_at: int, reason: str | None, view: View) -> None:
        self.instance = instance
        self.fields = fields
        self.occurred_at = occurred_at
        self.reason = reason
        self.view = view


# Says why the move is refused, or None.
Guard = Callable[[Facts], str | None]


class _Cursor:
    """Stands in one state for the length of one decision."""

    def __init__(self, state: str, facts: Facts) -> None:
        self.state = state
        self.facts = facts
        self.refusals: list[tuple[str, str]] = []


class Machine:
    """A definition compiled once into a `transitions.Machine`, with its guards bound."""

    def __init__(self, definition: Definition, guards: Mapping[str, Guard]) -> None:
        self.definition = definition
        self._guards = guards
        self._machine = transitions.Machine(
            model=None,
            states=list(definition.states),
            initial=definition.initial,
            auto_transitions=False,  # they would let a caller reach any state past every rule
            send_event=True,
        )
        for transition in definition.transitions.values():
            for target in self._targets(transition):
                conditions: list[str | Callable[..., bool | None]] = [
                    _condition(name, guards[name]) for name in transition.guards
                ]
                if transition.to == PREVIOUS:
                    conditions.append(_came_from(target))
                self._machine.add_transition(
                    transition.trigger, transition.source, "=" if transition.to == SAME else target, conditions=conditions
                )

    def _targets(self, transition: Transition) -> list[str]:
        if transition.to != PREVIOUS:
            return [transition.to]
        into = [t.source for t in self.definition.transitions.values() if t.to == transition.source]
        return list(dict.fromkeys(into))

    def advance(self, trigger: str, facts: Facts) -> tuple[Transition, str]:
        """The transition and the state that a trigger leads to.

        Raises UnknownTrigger, NotPermitted, FieldsRefused or GuardRefused; the message names what would be permitted.
        """
        transition = self.transition(trigger, facts.instance)
        if transition.reason and not (facts.reason or "").strip():
            raise FieldsRefused(f"'{trigger}' needs a reason.", remedy="Say why with --reason.")
        cursor = _Cursor(facts.instance.state, facts)
        moved = self._machine.events[trigger].trigger(cursor)
        if not moved or cursor.state != destination(transition, facts.instance):
            raise _refused(trigger, facts.instance, cursor.refusals)
        return transition, cursor.state

    def transition(self, trigger: str, instance: Instance) -> Transition:
        """The transition by its trigger and the instance's state, before guards; raises UnknownTrigger or NotPermitted."""
        definition, state = self.definition, instance.state
        found = definition.transitions.get((trigger, state))
        if found is not None:
            return found
        permitted = definition.permitted(state)
        remedy = f"Permitted from '{state}': {', '.join(permitted) or 'nothing'}."
        where = f"{definition.name} {instance.assignee}{' ' + instance.key if instance.key else ''}"
        if trigger not in definition.triggers:
            raise UnknownTrigger(f"{where}: there is no trigger '{trigger}'.", remedy=remedy, permitted=permitted)
        raise NotPermitted(f"{where}: '{trigger}' is not permitted from '{state}'.", remedy=remedy, permitted=permitted)

    def check_guards(self, transition: Transition, facts: Facts) -> None:
        """Ask the guards alone, for one of many instances whose move was decided; raises GuardRefused."""
        for name in transition.guards:
            refusal = self._guards[name](facts)
            if refusal is not None:
                raise _refused(transition.trigger, facts.instance, [(name, refusal)])


def _condition(name: str, guard: Guard) -> Callable[[transitions.EventData], bool]:
    def holds(event: transitions.EventData) -> bool:
        cursor = cast(_Cursor, event.model)
        refusal = guard(cursor.facts)
        if refusal is not None:
            cursor.refusals.append((name, refusal))
        return refusal is None

    return holds


def _came_from(target: str) -> Callable[[transitions.EventData], bool]:
    def holds(event: transitions.EventData) -> bool:
        return cast(_Cursor, event.model).facts.instance.trail.rpartition("/")[2] == target

    return holds


def _refused(trigger: str, instance: Instance, refusals: list[tuple[str, str]]) -> GuardRefused:
    if refusals:
        guard, why = refusals[-1]
    else:
        guard, why = "previous", "there is no earlier state to go back to"
    message = f"{instance.assignee}: '{trigger}' from '{instance.state}' is refused: {why} (guard {guard})."
    return GuardRefused(message, guard=guard, trigger=trigger)


def check_fields(transition: Transition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the event keeps them; raises FieldsRefused that names the field and what it takes."""
    takes = ", ".join(f"{f.name} ({f.type}{', required' if f.required else ''})" for f in transition.fields.values()) or "none"
    for name in given:
        if name not in transition.fields:
            raise FieldsRefused(f"'{transition.trigger}' has no field '{name}'.", remedy=f"Its fields: {takes}.")
    checked = {}
    for field in transition.fields.values():
        if given.get(field.name) not in (None, ""):
            checked[field.name] = _typed(transition.trigger, field.name, field.type, given[field.name])
        elif field.required:
            message = f"'{transition.trigger}' needs the field '{field.name}' ({field.type})."
            raise FieldsRefused(message, remedy=f"Its fields: {takes}.")
    return checked


def _typed(trigger: str, name: str, type: str, value: Any) -> Any:
    try:
        if type == "integer":
            if isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]{1,15}", value.strip()):
                raise ValueError(value)
            return int(value)
        if type == "date":
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        if type == "instant":
            return to_text(to_micros(value if isinstance(value, datetime) else datetime.fromisoformat(value)))
        if type == "flag":
            return {"true": True, "yes": True, "false": False, "no": False, True: True, False: False}[value]
        return str(value)
    except (ValueError, TypeError, KeyError, InputError) as error:
        example = {"integer": "12", "date": "2025-03-31", "instant": "2025-03-31T15:00+07:00", "flag": "true or false"}[type]
        message = f"'{trigger}': '{value}' is not of type {type} for the field '{name}'."
        raise FieldsRefused(message, remedy=f"Write it like {example}.") from error
