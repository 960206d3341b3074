"""Issues what was left to the background and queues its letters until killed. Run as: python issue_driver.py URL."""

from __future__ import annotations

import sys
import time

from engine import outbox
from engine.database import Database
from tests.contract.crash_driver import NOW
from workflows import background_issue
from workflows.installation import open_installation
from workflows.notices.expansion import TOPIC, expand


def main() -> None:
    """Work until killed."""
    installation = open_installation(Database(sys.argv[1]))
    print("ready", flush=True)
    while True:
        done = background_issue.sweep(installation, NOW) + outbox.sweep(installation.database, {TOPIC: expand}, NOW)
        if not done:
            time.sleep(0.01)


if __name__ == "__main__":
    main()
