"""Gives a database one command after another, and says "done N" when command N is acknowledged: it is there to be killed.

Run as: python crash_driver.py URL FIRST MAILDIR. Command N is the same whenever it is given: its key makes a repeat do nothing.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from engine.database import Database
from tests.kit import MORNING, by
from workflows.installation import Installation, open_installation
from workflows.notices.transports import Maildir
from workflows.notices.worker import run_tick
from workflows.operations import Advance, Issuing, advance_unit, issue_plan
from workflows.plans import Plan, Recipient

UNITS = ("PHUONG-1", "PHUONG-2", "PHUONG-3")
PER_PLAN = 1 + 2 * len(UNITS) + 1  # issue, each unit's two moves, a tick
NOW = MORNING + timedelta(days=1)


def number(command: int) -> str:
    """The number of the plan that a command belongs to."""
    return f"{command // PER_PLAN + 1:02d}-KH/TU"


def give(installation: Installation, url: str, command: int, maildir: Path) -> None:
    """Give command N."""
    step = command % PER_PLAN
    key = f"command {command}"
    if step == 0:
        recipients = tuple(Recipient(text=unit, purpose="act", units=(unit,)) for unit in UNITS)
        plan = Plan(
            number=number(command), date=date(2025, 3, 20), type="KH", title="Kế hoạch", issuer="TU", recipients=recipients
        )
        issue_plan(installation, Issuing(plan=plan, issuer="TU", key=key), by(NOW))
    elif step == PER_PLAN - 1:
        run_tick(url, transport=Maildir(folder=maildir), now=NOW)
    else:
        unit, trigger = UNITS[(step - 1) // 2], ("disseminate", "report")[(step - 1) % 2]
        advance_unit(installation, Advance(plan=number(command), unit=unit, trigger=trigger, key=key), by(NOW))


def main() -> None:
    """Give commands until killed."""
    url, first, maildir = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    installation = open_installation(Database(url))
    print("ready", flush=True)
    for command in range(first, 10_000):
        give(installation, url, command, maildir)
        print(f"done {command}", flush=True)


if __name__ == "__main__":
    main()
