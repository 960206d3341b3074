"""Issuing in the background: the same as at once, batch by batch; what may happen while it is under way; what room it takes."""

from __future__ import annotations

import json
import threading
import time
import tracemalloc
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import definition, outbox, spawning, store
from engine.database import Database
from engine.errors import InputError, NotFound, TransitionRefused
from engine.runtime import Runtime
from engine.where import Where
from tests.kit import MORNING, by, everything, installed, recounted, verified
from workflows import background_issue, directory, duties, status
from workflows.entries import DirectoryFile, Unit
from workflows.guards import GUARDS
from workflows.installation import Installation, definitions
from workflows.notices.expansion import TOPIC, expand
from workflows.operations import Advance, Issued, Issuing, advance_unit, forward_plan, issue_plan
from workflows.plans import Conference, Deadline, Plan, Recipient
from workflows.resources import definitions_folder
from workflows.rounds import open_rounds
from workflows.steering import steer
from workflows.tables import message

DIRECTORY = """\
units:
  - {code: TU, name: Thành ủy Sông Mây, kind: committee}
  - {code: BAN, name: Ban Tuyên giáo Thành ủy, kind: board, parent: TU, email: ban@example.org}
  - {code: P1, name: Đảng ủy phường Một, kind: ward, parent: TU, email: p1@example.org}
  - {code: P2, name: Đảng ủy phường Hai, kind: ward, parent: TU, email: p2@example.org}
  - {code: P3, name: Đảng ủy phường Ba, kind: ward, parent: TU, email: p3@example.org}
  - {code: P4, name: Đảng ủy phường Bốn, kind: ward, parent: TU, email: p4@example.org}
  - {code: P4.1, name: Chi bộ Một, kind: cell, parent: P4, email: c1@example.org}
  - {code: VP, name: Văn phòng Thành ủy, kind: board, parent: TU, email: vp@example.org}
groups:
  - {code: PHUONG, name: Các phường, below: TU, kinds: [ward]}
"""
PLAN = Plan(
    number="01-KH/TU",
    date=date(2025, 3, 20),
    type="KH",
    title="Kế hoạch",
    issuer="Thành ủy Sông Mây",
    deadlines=(
        Deadline(phrase="chậm nhất 31/3", due_date=date(2025, 3, 31)),
        Deadline(phrase="phường Hai: 2/4", due_date=date(2025, 4, 2), who=("Đảng ủy phường Hai",)),
    ),
    conferences=(
        Conference(id="1", title="Hội nghị", held_by="issuer"),
        Conference(id="2", tier="Đảng ủy phường Ba", held_by="recipients", after="1"),
    ),
    recipients=(
        Recipient(text="Các phường", purpose="act", group="PHUONG", line=7),
        Recipient(text="Ban Tuyên giáo", purpose="coordinate", units=("BAN",), line=8),
        Recipient(text="Chi bộ Một", purpose="act", units=("P4.1",), line=9),
        Recipient(text="Văn phòng", purpose="inform", units=("VP",), line=10),
    ),
)
UNITS = ["P4", "P1", "P3", "P2", "P4.1", "BAN"]  # by line, within a line those that must do the same, by name
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def city(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation where a batch has two units."""
    monkeypatch.setattr(spawning, "BATCH", 2)
    (tmp_path / "units.yaml").write_text(DIRECTORY, encoding="utf-8")
    return installed(database, tmp_path / "units.yaml")


def left(city: Installation, plan: Plan = PLAN, key: str | None = None) -> Issued:
    """Issue the plan in the background."""
    return issue_plan(city, Issuing(plan=plan, key=key), by(), background=True)


def step(city: Installation) -> int:
    """One transaction of the job."""
    handlers = {background_issue.TOPIC: lambda *given: background_issue.issue_next(city, *given)}
    return outbox.sweep(city.database, handlers, LATER, most=1)


def finish(city: Installation) -> None:
    """All that is left to the background, letters included."""
    while background_issue.sweep(city, LATER) + outbox.sweep(city.database, {TOPIC: expand}, LATER):
        pass


def recipients(city: Installation, plan: int) -> list[str]:
    """The units that have their instance under a plan."""
    with city.database.read() as connection:
        return [each.assignee for each in store.select(connection, Where(parent_id=plan, kind="recipient"))]


def told(city: Installation, plan: int) -> dict[str, dict[str, Any]]:
    """What the first event of each unit says of its duty."""
    with city.database.read() as connection:
        found = list(store.select(connection, Where(parent_id=plan)))
        bodies = store.first_bodies(connection, [each.id for each in found])
    data = {each.assignee + each.key: json.loads(bodies[each.id])["data"] for each in found}
    return {who: {name: value for name, value in of.items() if name not in ("path", "case")} for who, of in data.items()}


def move(city: Installation, unit: str, trigger: str) -> None:
    advance_unit(city, Advance(plan=PLAN.number or "", unit=unit, trigger=trigger), by(LATER))


def state(city: Installation, plan: int) -> str:
    with city.database.read() as connection:
        return store.get(connection, plan).state


def letters(city: Installation) -> Counter[tuple[str, str]]:
    """How many letters of each kind each unit has."""
    with city.database.read() as connection:
        return Counter((row.unit, row.notice) for row in connection.execute(sa.select(message.c.unit, message.c.notice)))


def test_units_get_in_the_background_what_they_would_get_at_once(city: Installation) -> None:
    at_once = issue_plan(city, Issuing(plan=PLAN), by())
    other = Plan.from_json({**PLAN.to_json(), "number": "02-KH/TU"})
    background = left(city, other)
    assert recipients(city, background.id) == []
    finish(city)
    assert recipients(city, background.id) == recipients(city, at_once.id) == UNITS
    assert told(city, background.id) == told(city, at_once.id)
    assert letters(city) == {(unit, "dissemination_letter"): 2 for unit in UNITS} | {("VP", "copy_for_information"): 2}
    verified(city.database)
    instances = everything(city.database)
    with city.database.read() as connection:
        kinds = {row.id: row.name for row in store.definitions(connection)}
        tally = {row.key: row.n for row in store.tally(connection, background.id)}
    assert tally == recounted(instances, kinds, background.id)


def test_how_far_it_has_come_is_shown_until_all_have_it(city: Installation) -> None:
    plan = left(city).id
    seen = []
    while True:
        with city.database.read() as connection:
            (line,), _ = status.plans(connection, now=LATER)
            one = status.plan_status(connection, "01-KH/TU", now=LATER)
        assert one.issuing == line.issuing
        seen.append((line.issuing.done, line.issuing.total) if line.issuing else len(recipients(city, plan)))
        if not step(city):
            break
    assert seen == [(0, 6), (2, 6), (4, 6), 6, 6]


def test_a_plan_waits_for_its_last_units_before_it_moves(city: Installation) -> None:
    plan = left(city).id
    step(city)
    for unit in recipients(city, plan):
        move(city, unit, "disseminate")
    assert city.runtime.settle_all(LATER) == 0
    assert state(city, plan) == "issued"  # all that are there have, but they are not all
    finish(city)
    for unit in UNITS[2:-1]:
        move(city, unit, "disseminate")
    assert state(city, plan) == "issued"
    move(city, UNITS[-1], "disseminate")
    assert state(city, plan) == "disseminated"


def test_a_plan_moves_when_it_has_all_its_units_though_nobody_moves_any_more(city: Installation, tmp_path: Path) -> None:
    """A third of the units are enough here: the first batch, which has moved long before the last one is there."""
    source = (definitions_folder() / "plan.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "plan.yaml"
    changed.write_text(
        source.replace("need: all, reach: disseminated", "need: {percent: 33}, reach: disseminated"), encoding="utf-8"
    )
    others = [each for each in definitions() if each.name != "plan"]
    runtime = Runtime(city.database, [definition.load(changed, GUARDS), *others], GUARDS)
    city = Installation(database=city.database, runtime=runtime)
    plan = left(city).id
    step(city)
    for unit in recipients(city, plan):
        move(city, unit, "disseminate")
    while len(recipients(city, plan)) < len(UNITS):
        step(city)
    assert state(city, plan) == "issued"
    finish(city)
    assert state(city, plan) == "disseminated"
    verified(city.database)


def test_withdrawing_leaves_out_the_units_that_do_not_have_it(city: Installation) -> None:
    plan = left(city).id
    step(city)
    done = steer(city, "withdraw", "01-KH/TU", by(LATER), reason="nhầm")
    assert (len(done.moved), done.not_issued) == (1 + 1 + 2, 4)
    finish(city)
    assert recipients(city, plan) == UNITS[:2]
    assert {each.state for each in everything(city.database).values() if not each.key} == {"withdrawn"}
    with city.database.read() as connection:
        assert outbox.entries(connection) == []
        assert status.plan_status(connection, "01-KH/TU", now=LATER).issuing is None


def test_the_plan_alone_withdrawn_ends_its_issuing(city: Installation) -> None:
    plan = left(city).id
    step(city)
    advance_unit(city, Advance(plan="01-KH/TU", unit="TU", trigger="withdraw", reason="nhầm"), by(LATER))
    finish(city)
    assert recipients(city, plan) == UNITS[:2]
    with city.database.read() as connection:
        assert not spawning.is_open(connection, plan)


def test_withdrawing_while_a_batch_is_under_way_takes_that_batch_back_too(city: Installation) -> None:
    plan = left(city).id
    under_way, withdrawing = threading.Event(), threading.Event()

    def batch() -> None:
        with city.database.write() as connection:
            (entry,) = outbox.entries(connection)
            background_issue.issue_next(city, connection, entry, LATER)
            under_way.set()
            withdrawing.wait(10)
            time.sleep(0.3)  # until the other one waits for this transaction

    working = threading.Thread(target=batch)
    working.start()
    assert under_way.wait(10)
    withdrawing.set()
    done = steer(city, "withdraw", "01-KH/TU", by(LATER), reason="nhầm")
    working.join()
    assert (len(done.moved), done.not_issued) == (1 + 1 + 2, 4)
    finish(city)
    with city.database.read() as connection:
        assert {each.state for each in store.select(connection, Where(parent_id=plan, kind="recipient"))} == {"withdrawn"}


def test_suspending_is_refused_until_all_have_it(city: Installation) -> None:
    left(city)
    step(city)
    with pytest.raises(TransitionRefused, match="2 of 6 units"):
        steer(city, "suspend", "01-KH/TU", by(LATER), reason="lũ")
    assert steer(city, "suspend", "01-KH/TU", by(LATER), reason="lũ", subtree="P1").not_issued == 0
    finish(city)
    assert len(steer(city, "suspend", "01-KH/TU", by(LATER), reason="lũ").moved) == 1 + 1 + 5  # P1 is suspended already


def test_a_unit_that_is_to_come_is_not_passed_the_plan_on_as_well(city: Installation) -> None:
    plan = left(city).id
    step(city)
    step(city)
    assert recipients(city, plan) == UNITS[:4]
    found = forward_plan(city, "01-KH/TU", "P4", ["P4.1"], by(LATER))
    assert (found.units, found.already) == ((), ("P4.1",))
    with pytest.raises(NotFound, match="still being issued"):
        move(city, "P4.1", "disseminate")
    finish(city)
    assert recipients(city, plan) == UNITS


def test_rounds_of_reports_open_when_all_have_it(city: Installation) -> None:
    plan = left(city, Plan.from_json({**PLAN.to_json(), "recurring": [{"phrase": "hằng tháng", "frequency": "monthly"}]})).id
    step(city)
    assert open_rounds(city, LATER) == 0
    finish(city)
    opened = open_rounds(city, LATER)
    assert opened > 0
    with city.database.read() as connection:
        rounds = list(store.select(connection, Where(case_id=plan, kind="report_round")))
    assert plan not in {each.parent_id for each in rounds}


def test_a_rehearsal_leaves_nothing(city: Installation) -> None:
    issued = issue_plan(city, Issuing(plan=PLAN), by(), background=True, dry_run=True)
    assert [duty.unit for duty in issued.duties] == UNITS
    assert everything(city.database) == {}
    with city.database.read() as connection:
        assert (outbox.entries(connection), spawning.under_way(connection)) == ([], {})


def test_the_same_command_again_does_nothing_in_whichever_way(city: Installation) -> None:
    first = left(city, key="k")
    for again in (left(city, key="k"), issue_plan(city, Issuing(plan=PLAN, key="k"), by())):
        assert (again.id, again.repeated, again.job) == (first.id, True, None)
    finish(city)
    assert recipients(city, first.id) == UNITS


def test_a_job_is_not_given_up_while_units_wait_for_it(city: Installation) -> None:
    issued = left(city)
    assert issued.job is not None
    with city.database.read() as connection, pytest.raises(InputError, match="units still wait"):
        background_issue.require_settled(connection, [issued.job])
    finish(city)
    with city.database.read() as connection:
        background_issue.require_settled(connection, [issued.job])


def test_a_plan_is_worked_out_in_little_room_for_each_unit(database: Database) -> None:
    """Some ten bytes of its code and nothing else; the units of the directory themselves would take hundreds each."""
    n = 20_000
    units = (
        Unit(code="TU", name="Thành ủy", kind="committee"),
        *(Unit(code=f"C{i:06}", name=f"Chi bộ {i}", kind="cell", parent="TU") for i in range(n)),
    )
    with database.write() as connection:
        directory.import_units(
            connection,
            DirectoryFile(name="x", units=units, groups=(directory.Group(code="G", name="Các chi bộ", kinds=("cell",)),)),
        )
    plan = Plan(number="1-KH/TU", date=date(2025, 3, 20), recipients=(Recipient(text="Các chi bộ", purpose="act"),))
    with database.read() as connection:
        duties.address(connection, plan, issuer="TU", on=date(2025, 3, 20))  # whatever is kept once for all
        tracemalloc.start()
        found = duties.address(connection, plan, issuer="TU", on=date(2025, 3, 20))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(found.duties) == n
    assert peak < 40 * n
