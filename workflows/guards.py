"""The guards that definitions name: plain functions that say why a move is refused, or None. They read, never write.

What a unit is asked to do stands in the data of its started event: ``conference`` is the id of the conference it must
hold, ``after`` the key of the conference that must be held before.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.clock import to_text
from engine.machine import Facts, Guard


def asked_for_conference(facts: Facts) -> str | None:
    """The unit has a conference to hold."""
    return None if facts.view.started(facts.instance).get("conference") else "the plan asks no conference of this unit"


def no_conference_to_hold(facts: Facts) -> str | None:
    """The unit may report without a conference."""
    conference = facts.view.started(facts.instance).get("conference")
    return f"conference {conference} has to be held first" if conference else None


def conference_order(facts: Facts) -> str | None:
    """The conference that must come before has been held, and not on a later day."""
    after = facts.view.started(facts.instance).get("after")
    if not after:
        return None
    earlier = facts.view.by_key(facts.instance.case_id, after)
    if earlier is None or earlier.state == "cancelled":
        return None
    if earlier.done_at is None:
        return f"{after} has to be held before"
    if facts.occurred_at < earlier.done_at:
        return f"{after} was held later, on {to_text(earlier.done_at)[:10]}"
    return None


def asks_for_conferences(facts: Facts) -> str | None:
    """The plan asks at least one unit for a conference."""
    return None if facts.view.started(facts.instance).get("conferences") else "the plan asks for no conference"


GUARDS: Mapping[str, Guard] = {
    guard.__name__: guard for guard in (asked_for_conference, no_conference_to_hold, conference_order, asks_for_conferences)
}
