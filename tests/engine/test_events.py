"""Events: one text per value, a chain that shows any change, old versions read by upcasters."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import events
from engine.clock import from_micros, from_text, to_micros, to_text
from engine.errors import Divergence, InputError

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_canonical_json_is_what_the_standard_library_would_write(value: object) -> None:
    text = events.canonical(value)
    assert json.loads(text) == value
    assert events.canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 9)))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    assert events.canonical(dict(reversed(value.items()))) == events.canonical(value)


def test_the_chain_is_plain_sha256_over_the_hash_before_and_the_body() -> None:
    first = events.chain(events.genesis(7), "{}")
    assert first == hashlib.sha256(hashlib.sha256(b"plan-cascade instance 7").digest() + b"{}").digest()
    assert events.chain(first, "á") == hashlib.sha256(first + "á".encode()).digest()


def test_an_event_says_what_was_encoded() -> None:
    body = events.encode(
        type=events.MOVED, occurred_at=5, recorded_at=9, actor="lan", cause=events.Cause(3, 2), data={"trigger": "report"}
    )
    event = events.event(4, 2, body)
    assert (event.occurred_at, event.recorded_at, event.actor, event.cause) == (5, 9, "lan", (3, 2))
    assert event.data == {"trigger": "report"}


def test_old_versions_are_upcast_step_by_step() -> None:
    old = events.canonical({"type": "moved", "v": -1, "data": {"by": "report"}})

    def one(body: events.Body) -> events.Body:
        return {**body, "v": 0, "data": {"trigger": body["data"]["by"]}}

    def two(body: events.Body) -> events.Body:
        return {**body, "v": 1, "data": {**body["data"], "note": ""}}

    assert events.decode(old, {("moved", -1): one, ("moved", 0): two})["data"] == {"trigger": "report", "note": ""}


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"type":"moved","v":99}', '{"type":"unheard","v":1}'])
def test_an_unreadable_body_is_a_divergence(body: str) -> None:
    with pytest.raises(Divergence):
        events.decode(body)


@given(st.integers(-(10**15), 4 * 10**15))
def test_instants_survive_their_text(micros: int) -> None:
    assert from_text(to_text(micros)) == micros
    assert to_micros(from_micros(micros)) == micros


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        to_micros(datetime(2025, 3, 20))
