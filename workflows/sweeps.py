"""What a worker does besides notices: issues plans, opens report rounds, records due dates that pass, settles parents."""

from __future__ import annotations

from collections.abc import Mapping

from engine.database import Database
from engine.deadlines import Deadlines
from engine.jobs import Sweep
from workflows import background_issue
from workflows.installation import open_installation
from workflows.rounds import open_rounds


def sweeps(database: Database) -> Mapping[str, Sweep]:
    """The sweeps by name, in the order in which they are made."""
    installation = open_installation(database)
    return {
        "issuing": lambda now: background_issue.sweep(installation, now),
        "rounds": lambda now: open_rounds(installation, now),
        "deadlines": Deadlines(installation.runtime).sweep,
        "parents": installation.runtime.settle_all,
    }
