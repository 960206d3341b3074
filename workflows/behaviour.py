"""How made-up units behave when a plan reaches them: prompt, late, returned or silent. Pure chance from a seed, no state.

What a unit does on a day follows from the seed, its code and the day alone: nothing has to be remembered between the days,
however many units there are, and the same seed always plays the same.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal, NamedTuple, TypeAlias

Manner: TypeAlias = Literal["prompt", "late", "returned", "silent"]


class Rates(NamedTuple):
    """The chance that a unit makes a step on a day."""

    disseminate: float
    report: float  # while the due date is further away
    report_soon: float  # within the last days before it
    report_overdue: float  # after it


SHARES: dict[bool, tuple[tuple[Manner, float], ...]] = {  # whether it has units below -> how many behave in which way
    False: (("prompt", 0.72), ("late", 0.14), ("returned", 0.08), ("silent", 0.06)),
    True: (("prompt", 0.80), ("late", 0.12), ("returned", 0.07), ("silent", 0.01)),
}
RATES: dict[Manner, Rates] = {
    "prompt": Rates(0.40, 0.12, 0.50, 0.60),
    "late": Rates(0.15, 0.00, 0.02, 0.30),
    "returned": Rates(0.40, 0.15, 0.50, 0.50),
    "silent": Rates(0.02, 0.00, 0.00, 0.00),
}
SOON = 4  # days before the due date
_WHOLE = float(2**64)


def manner_of(seed: int, code: str, superior: bool) -> Manner:
    """How a unit behaves all the time; ``superior``: it has units below."""
    drawn = chance(seed, code, -1)
    for manner, share in SHARES[superior]:
        drawn -= share
        if drawn < 0:
            return manner
    return "prompt"


def step(manner: Manner, state: str, days_left: int, superior: bool, drawn: float) -> str | None:
    """The trigger that a unit fires on a day, or None. ``days_left`` until it is due, below zero after that.

    A unit with others below passes things on at once, and reports when it has waited for them.
    """
    rates = RATES[manner]
    if state == "issued":
        return "disseminate" if drawn < (2 * rates.disseminate if superior else rates.disseminate) else None
    if state not in ("disseminated", "conference_held", "returned"):
        return None
    early = 0.0 if superior else rates.report
    rate = rates.report_overdue if days_left < 0 else rates.report_soon if days_left < SOON else early
    return "report" if drawn < rate else None


def chance(seed: int, code: str, day: int) -> float:
    """A number from 0 up to 1, always the same for the same seed, unit and day."""
    drawn = blake2b(f"{seed}/{code}/{day}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") / _WHOLE
