"""The machine: only defined moves, refusals that say why, and agreement with a plain table for every state and trigger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition import PREVIOUS, SAME, Definition
from engine.errors import FieldsRefused, GuardRefused, NotPermitted, TransitionRefused, UnknownTrigger
from engine.instance import Instance
from engine.machine import Facts, Guard, Machine, check_fields
from workflows.installation import definitions

ALL = {definition.name: definition for definition in definitions()}
RECIPIENT = ALL["recipient"]


class Blank:
    """A view of an empty database."""

    def started(self, instance: Instance) -> Mapping[str, Any]:
        return {}

    def find(self, case_id: int, assignee: str, key: str) -> Instance | None:
        return None

    def by_key(self, case_id: int, key: str) -> Instance | None:
        return None


def guards(answer: str | None) -> dict[str, Guard]:
    return {
        name: lambda _facts: answer for definition in ALL.values() for t in definition.transitions.values() for name in t.guards
    }


def facts(state: str, trail: str = "", reason: str | None = "because") -> Facts:
    instance = Instance(
        id=5, parent_id=1, case_id=1, path="1.5.", definition_id=1, assignee="U", key="", state=state, rank=0, trail=trail,
        standing="open", due_at=None, done_at=None, revision=1, head=b"",
    )  # fmt: skip
    return Facts(instance, {}, 0, reason, Blank())


MACHINES = {name: Machine(definition, guards(None)) for name, definition in ALL.items()}


@given(st.sampled_from(sorted(ALL)), st.data())
def test_the_machine_moves_exactly_as_the_definition_says(name: str, data: st.DataObject) -> None:
    definition: Definition = ALL[name]
    state = data.draw(st.sampled_from(sorted(definition.states)))
    trigger = data.draw(st.sampled_from([*sorted(definition.triggers), "to_reported", "unheard_of", "trigger"]))
    into = sorted({t.source for t in definition.transitions.values() if t.to == state})
    trail = data.draw(st.sampled_from(into)) if into else ""
    expected = definition.transitions.get((trigger, state))
    if expected is None:
        with pytest.raises((UnknownTrigger, NotPermitted)) as refused:
            MACHINES[name].advance(trigger, facts(state, trail))
        for permitted in definition.permitted(state):
            assert permitted in str(refused.value)
        return
    wanted = {PREVIOUS: trail, SAME: state}.get(expected.to, expected.to)
    if not wanted:
        with pytest.raises(GuardRefused, match="no earlier state"):
            MACHINES[name].advance(trigger, facts(state, trail))
    else:
        assert MACHINES[name].advance(trigger, facts(state, trail)) == (expected, wanted)


def test_no_trigger_reaches_a_state_past_the_rules() -> None:
    with pytest.raises(UnknownTrigger, match="to_reported"):
        MACHINES["recipient"].advance("to_reported", facts("issued"))


def test_a_false_guard_raises_with_its_name_and_reason() -> None:
    machine = Machine(RECIPIENT, guards("the moon is new"))
    with pytest.raises(GuardRefused, match="the moon is new") as refused:
        machine.advance("hold_conference", facts("disseminated"))
    assert refused.value.facts["guard"] in RECIPIENT.transitions["hold_conference", "disseminated"].guards


def test_guards_are_asked_alike_one_by_one_and_in_bulk() -> None:
    machine = Machine(RECIPIENT, guards("no"))
    transition = RECIPIENT.transitions["hold_conference", "disseminated"]
    with pytest.raises(GuardRefused) as singly:
        machine.advance("hold_conference", facts("disseminated"))
    with pytest.raises(GuardRefused) as in_bulk:
        machine.check_guards(transition, facts("disseminated"))
    assert str(singly.value) == str(in_bulk.value)


def test_a_move_that_wants_a_reason_is_refused_without_one() -> None:
    for reason in (None, "", "   "):
        with pytest.raises(FieldsRefused, match="reason"):
            MACHINES["recipient"].advance("excuse", facts("issued", reason=reason))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"participants": "many"}, "'many' is not of type integer"),
        ({"colour": "red"}, "no field 'colour'"),
    ],
)
def test_a_field_of_the_wrong_type_is_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(FieldsRefused, match=says):
        check_fields(RECIPIENT.transitions["report", "conference_held"], given)


def test_a_required_field_must_be_given() -> None:
    with pytest.raises(FieldsRefused, match="needs the field 'due'"):
        check_fields(RECIPIENT.transitions["extend", "issued"], {})


def test_fields_are_kept_by_type() -> None:
    extend = RECIPIENT.transitions["extend", "issued"]
    assert check_fields(extend, {"due": "2025-04-01T00:00:00+07:00"}) == {"due": "2025-03-31T17:00:00.000000Z"}
    with pytest.raises(TransitionRefused, match="type instant"):
        check_fields(extend, {"due": "2025-04-01"})  # without a zone it is no instant
    assert check_fields(RECIPIENT.transitions["report", "conference_held"], {"participants": "12"}) == {"participants": 12}
