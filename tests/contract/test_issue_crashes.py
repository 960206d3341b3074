"""SIGKILL while a plan is issued in the background, by two processes at a time: each unit has it once, and one letter."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import spawning, store
from engine.database import Database
from engine.where import Where
from tests.conftest import CHECKOUT
from tests.contract.crash_driver import NOW
from tests.kit import by, installed, verified
from workflows import register
from workflows.installation import Installation
from workflows.notices.transports import Maildir
from workflows.notices.worker import run_tick
from workflows.operations import Advance, Issuing, advance_unit, issue_plan
from workflows.plans import Plan, Recipient
from workflows.sweeps import sweeps
from workflows.tables import message

UNITS = [f"CB.{n:03}" for n in range(150)]
PLANS = 2
PLAN = Plan(
    number="01-KH/TU",
    date=date(2025, 3, 20),
    type="KH",
    title="Kế hoạch",
    issuer="TU",
    recipients=(Recipient(text="Các chi bộ", purpose="act", group="CB"),),
)


@pytest.fixture
def city(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation with 150 units below one, where a batch has three."""
    cells = "".join(
        f"  - {{code: {code}, name: Chi bộ {code}, kind: cell, parent: TU, email: {code}@example.org}}\n" for code in UNITS
    )
    groups = "groups:\n  - {code: CB, name: Các chi bộ, kinds: [cell]}\n"
    text = f"units:\n  - {{code: TU, name: Thành ủy, kind: committee}}\n{cells}{groups}"
    (tmp_path / "units.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(spawning, "BATCH", 3)
    return installed(database, tmp_path / "units.yaml")


def issued(city: Installation) -> int:
    """How many units have a plan by now."""
    with city.database.read() as connection:
        return store.matching(connection, Where(kind="recipient"))


def run_two_and_kill_them(city: Installation, url: str, chance: random.Random) -> None:
    """Let two processes go on with the work, and kill them somewhere: soon after they have got on, however slow they are."""
    before = issued(city)
    command = [sys.executable, str(CHECKOUT / "tests" / "contract" / "issue_driver.py"), url]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    for driver in running:
        assert driver.stdout is not None
        assert driver.stdout.readline() == "ready\n"
    patience = time.monotonic() + 30
    while before == issued(city) < PLANS * len(UNITS) and time.monotonic() < patience:
        time.sleep(0.002)
    for driver in running:
        time.sleep(chance.random() * 0.1)
        driver.send_signal(signal.SIGKILL)
    for driver in running:
        driver.communicate(timeout=60)
        assert driver.returncode == -signal.SIGKILL


def move_some(city: Installation, plan: int, chance: random.Random) -> None:
    """Units that have the plan already act while the others still wait for it."""
    with city.database.read() as connection:
        there = [each.assignee for each in store.select(connection, Where(parent_id=plan, kind="recipient", state="issued"))]
    for unit in chance.sample(there, min(3, len(there))):
        advance_unit(city, Advance(plan=f"#{plan}", unit=unit, trigger="disseminate"), by(NOW))


@pytest.mark.parametrize("seed", range(3))
def test_processes_killed_while_they_issue_neither_lose_a_unit_nor_double_one(
    city: Installation, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    url = city.database.url.render_as_string(hide_password=False)
    plans = [
        issue_plan(city, Issuing(plan=Plan.from_json({**PLAN.to_json(), "number": f"{n:02}-KH/TU"})), by(NOW), background=True).id
        for n in range(PLANS)
    ]
    seen: list[int] = []
    while len(seen) < 5:
        run_two_and_kill_them(city, url, chance)
        verified(city.database)
        seen.append(issued(city))
        with city.database.read() as connection:
            assert {store.get(connection, plan).state for plan in plans} == {"issued"}
        for plan in plans:
            move_some(city, plan, chance)
    assert any(0 < n < PLANS * len(UNITS) for n in seen)  # they were killed in the middle

    run_tick(url, transport=Maildir(folder=tmp_path / "mail"), now=NOW, before=sweeps)
    with city.database.read() as connection:
        assert {plan.id for plan in register.all_plans(connection)} == set(plans)
        for plan in plans:
            there = Counter(each.assignee for each in store.select(connection, Where(parent_id=plan, kind="recipient")))
            assert there == dict.fromkeys(UNITS, 1)
        sent = Counter(connection.execute(sa.select(message.c.instance_id, message.c.state)).all())
        content = [row.content for row in connection.execute(sa.select(message.c.content))]
    assert len(sent) == PLANS * len(UNITS)
    assert set(sent.values()) == {1}
    assert {state for _, state in sent} == {"sent"}
    assert sorted(file.read_bytes() for file in (tmp_path / "mail" / "new").iterdir()) == sorted(content)
    verified(city.database)
