"""SIGKILL while issuing, advancing and sending: nothing acknowledged is lost, nothing half done stays, a repeat completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import store
from engine.database import Database
from engine.where import Where
from tests.conftest import CHECKOUT
from tests.contract.crash_driver import NOW, PER_PLAN, UNITS, number
from tests.kit import installed, verified
from workflows import register, status
from workflows.notices.transports import Maildir
from workflows.notices.worker import run_tick
from workflows.tables import message

KILLS = {"sqlite": 10, "postgresql": 4}  # for each of the seeds below: 50 and 20 in all

DIRECTORY = """\
units:
  - {code: TU, name: Thành ủy Sông Mây, kind: committee, email: tu@example.org}
  - {code: PHUONG-1, name: Đảng ủy phường Một, kind: ward, parent: TU, email: mot@example.org}
  - {code: PHUONG-2, name: Đảng ủy phường Hai, kind: ward, parent: TU, email: hai@example.org}
  - {code: PHUONG-3, name: Đảng ủy phường Ba, kind: ward, parent: TU, email: ba@example.org}
"""


def run_and_kill(url: str, first: int, maildir: Path, chance: random.Random) -> int:
    """Let the driver go on from a command and kill it somewhere; returns the last command that it acknowledged."""
    driver = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "tests" / "contract" / "crash_driver.py"), url, str(first), str(maildir)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert driver.stdout is not None
    assert driver.stdout.readline() == "ready\n"
    acknowledged = first - 1
    for _ in range(chance.randint(0, 6)):
        acknowledged = int(driver.stdout.readline().split()[1])
    time.sleep(chance.random() * chance.choice((0.004, 0.02, 0.3)))
    driver.send_signal(signal.SIGKILL)
    rest, _ = driver.communicate(timeout=60)
    assert driver.returncode == -signal.SIGKILL
    return max(
        [acknowledged, *(int(line.split()[1]) for line in rest.splitlines() if line.startswith("done") and line.split()[1:])]
    )


def require_every_acknowledged_command(database: Database, last: int, maildir: Path) -> None:
    """Each command up to the last one acknowledged has had its whole effect."""
    with database.read() as connection:
        for command in range(last + 1):
            step = command % PER_PLAN
            (plan,) = register.with_number(connection, number(command))
            if step == 0:
                assert store.matching(connection, Where(parent_id=plan.id, kind="recipient")) == len(UNITS)
            elif step == PER_PLAN - 1:
                letters = connection.execute(sa.select(message.c.state).where(message.c.instance_id > plan.id)).scalars().all()
                assert letters.count("sent") >= len(UNITS)
            else:
                found = store.find(connection, plan.id, UNITS[(step - 1) // 2], "")
                assert found is not None
                assert found.rank >= (1, 3)[(step - 1) % 2]


@pytest.mark.parametrize("seed", range(5))
def test_a_process_killed_at_random_loses_nothing_that_was_acknowledged(database: Database, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    (tmp_path / "units.yaml").write_text(DIRECTORY, encoding="utf-8")
    installed(database, tmp_path / "units.yaml")
    url, maildir = database.url.render_as_string(hide_password=False), tmp_path / "mail"
    kills = KILLS[database.url.get_backend_name()]
    last = -1
    for _ in range(kills):
        # Now and then a command that was acknowledged is given once more: it must do nothing again.
        first = max(0, last + 1 - chance.choice((0, 0, 1, 3)))
        last = max(last, run_and_kill(url, first, maildir, chance))
        verified(database)
        require_every_acknowledged_command(database, last, maildir)
    assert last > kills  # it got somewhere

    run_tick(url, transport=Maildir(folder=maildir), now=NOW)
    with database.read() as connection:
        plans, _ = status.plans(connection, now=NOW)
        rows = connection.execute(sa.select(message.c.message_id, message.c.state, message.c.content)).all()
    assert Counter(line.plan.number for line in plans) == {number(n * PER_PLAN): 1 for n in range(len(plans))}
    assert {row.state for row in rows} == {"sent"}
    assert len(rows) == len(plans) * len(UNITS)
    assert sorted(file.read_bytes() for file in (maildir / "new").iterdir()) == sorted(row.content for row in rows)
    verified(database)
