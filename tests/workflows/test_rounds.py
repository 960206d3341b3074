"""Rounds of recurring reports: opened as their periods begin, once each, with the due date that the phrase gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from engine import store
from engine.clock import from_micros
from engine.database import Database
from engine.where import Where
from tests.kit import by, installed, verified
from workflows import status
from workflows.installation import Installation
from workflows.operations import Advance, Issuing, advance_unit, issue_plan
from workflows.plans import Plan, Recipient, Recurring
from workflows.rounds import open_rounds
from workflows.steering import steer

FRIDAY = datetime(2025, 3, 7, 3, 0, tzinfo=UTC)
UNITS = """\
units:
  - {code: HU, name: Huyện ủy Bình An, kind: committee}
  - {code: TG, name: Ban Tuyên giáo Huyện ủy, kind: board, parent: HU}
  - {code: C1, name: Chi bộ Một, kind: cell, parent: HU}
  - {code: C2, name: Chi bộ Hai, kind: cell, parent: HU}
groups:
  - {code: CELLS, name: Các chi bộ trực thuộc, kinds: [cell]}
"""


@pytest.fixture
def installation(database: Database, tmp_path: Path) -> Installation:
    (tmp_path / "units.yaml").write_text(UNITS, encoding="utf-8")
    installation = installed(database, tmp_path / "units.yaml")
    weekly = Recurring(
        phrase="trước 15h00 ngày thứ Tư", frequency="weekly", weekday="wed", time=time(15), who=("Các chi bộ trực thuộc",)
    )
    summed = Recurring(
        phrase="trước 11h30 ngày thứ Năm", frequency="weekly", weekday="thu", time=time(11, 30), who=("Ban Tuyên giáo Huyện ủy",),
        consolidates=True,
    )  # fmt: skip
    plan = Plan(
        number="15-CV/HU",
        date=date(2025, 3, 7),
        type="CV",
        title="Nắm dư luận",
        issuer="Huyện ủy Bình An",
        recipients=(Recipient(text="Các chi bộ trực thuộc", purpose="act"),),
        recurring=(weekly, summed),
    )
    issue_plan(installation, Issuing(plan=plan), by(FRIDAY))
    return installation


def rounds(installation: Installation) -> dict[tuple[str, str], datetime | None]:
    with installation.database.read() as connection:
        found = store.select(connection, Where(kind="report_round"))
        return {(each.assignee, each.key): from_micros(each.due_at) if each.due_at else None for each in found}


def test_rounds_open_as_their_weeks_begin_and_only_once(installation: Installation) -> None:
    assert open_rounds(installation, FRIDAY) == 0  # this week's Wednesday had passed before the letter came
    monday = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
    assert open_rounds(installation, monday) == 3
    assert open_rounds(installation, monday) == 0
    assert rounds(installation) == {
        ("C1", "round:1/2025-W11"): datetime(2025, 3, 12, 8, 0, tzinfo=UTC),
        ("C2", "round:1/2025-W11"): datetime(2025, 3, 12, 8, 0, tzinfo=UTC),
        ("TG", "round:2/2025-W11"): datetime(2025, 3, 13, 4, 30, tzinfo=UTC),
    }
    assert open_rounds(installation, datetime(2025, 3, 24, tzinfo=UTC)) == 6  # two weeks later, nobody having looked in between
    verified(installation.database)


def test_a_round_waits_in_the_units_inbox_and_is_submitted_there(installation: Installation) -> None:
    tuesday = datetime(2025, 3, 11, 1, 0, tzinfo=UTC)
    open_rounds(installation, tuesday)
    with installation.database.read() as connection:
        item = status.inbox(connection, "C1", now=tuesday).lines[0]
    assert (item.definition.name, item.due_phrase, item.lateness) == ("report_round", "trước 15h00 ngày thứ Tư", "in_term")
    assert item.permitted == ("submit",)
    advance_unit(installation, Advance(plan="15-CV/HU", unit="C1", trigger="submit"), by(tuesday))
    verified(installation.database)


def test_no_round_opens_for_a_suspended_plan_nor_for_an_excused_unit(installation: Installation) -> None:
    advance_unit(installation, Advance(plan="15-CV/HU", unit="C2", trigger="excuse", reason="giải thể"), by(FRIDAY))
    monday = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
    steer(installation, "suspend", "15-CV/HU", by(FRIDAY), reason="chờ hướng dẫn")
    assert open_rounds(installation, monday) == 0
    steer(installation, "resume", "15-CV/HU", by(FRIDAY), reason="đã có hướng dẫn")
    assert open_rounds(installation, monday) == 2
    assert {unit for unit, _ in rounds(installation)} == {"C1", "TG"}
