"""How much is measured: in earnest, in a hurry, and to see whether both sides leave the same rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    issued: int  # units of a plan
    issued_apart: int  # units of the plan that is issued in a process of its own
    directory: int  # units of the directory from which a plan's are chosen
    singly: int  # units moved one at a time
    of_client: int  # units that each of several clients moves
    bulk: tuple[int, int]  # units moved at once
    few: int  # units of the small plan that is looked at
    whole: int  # instances of the large databases
    weighed: int  # instances of the database that is weighed
    rounds: int


FULL = Sizes(
    issued=100_000,
    issued_apart=1_000_000,
    directory=10_000,
    singly=500,
    of_client=250,
    bulk=(10_000, 100_000),
    few=1_000,
    whole=100_000,
    weighed=20_000,
    rounds=5,
)
QUICK = Sizes(
    issued=10_000,
    issued_apart=100_000,
    directory=1_000,
    singly=100,
    of_client=50,
    bulk=(1_000, 10_000),
    few=1_000,
    whole=10_000,
    weighed=2_000,
    rounds=3,
)
FEW = Sizes(issued=50, issued_apart=60, directory=20, singly=20, of_client=5, bulk=(40, 50), few=4, whole=40, weighed=4, rounds=1)
