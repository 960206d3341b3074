"""What operators may not do: act where they don't belong, pass on what was taken back, repeat a key, record the impossible."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.database import Database
from engine.errors import CascadeError, FieldsRefused, IdempotencyError, InputError, NotAuthorised, NotFound, TransitionRefused
from tests.kit import MORNING, by, everything, installed, verified
from workflows import audit, directory, status
from workflows.installation import Installation
from workflows.operations import Advance, Bulk, Issuing, PlanUnclear, advance_unit, bulk_advance, forward_plan, issue_plan
from workflows.plans import Deadline, Plan, Recipient, parse_text
from workflows.steering import steer

UNITS = """\
units:
  - {code: HU, name: Huyện ủy Bình An, kind: committee}
  - {code: A, name: Đảng ủy xã An Hòa, kind: commune, parent: HU}
  - {code: A1, name: Chi bộ Một, kind: cell, parent: A}
  - {code: B, name: Đảng ủy xã Bình Minh, kind: commune, parent: HU}
"""
PLAN = Plan(
    number="15-KH/HU",
    date=date(2025, 3, 20),
    type="KH",
    title="Vệ sinh môi trường",
    issuer="Huyện ủy Bình An",
    deadlines=(Deadline(phrase="chậm nhất ngày 31/3/2025", due_date=date(2025, 3, 31)),),
    recipients=(Recipient(text="các xã", purpose="act", units=("A", "B")),),
)
NEXT_DAY = MORNING + timedelta(days=1)


@pytest.fixture
def installation(database: Database, tmp_path: Path) -> Installation:
    (tmp_path / "units.yaml").write_text(UNITS, encoding="utf-8")
    installation = installed(database, tmp_path / "units.yaml")
    issue_plan(installation, Issuing(plan=PLAN), by())
    return installation


def refused_without_a_trace(installation: Installation, kind: type[CascadeError], act: object, match: str) -> None:
    before = everything(installation.database)
    with pytest.raises(kind, match=match):
        act()  # type: ignore[operator]
    assert everything(installation.database) == before
    verified(installation.database)


def test_nobody_hangs_a_plan_below_a_unit_that_is_not_his(installation: Installation) -> None:
    with installation.database.write() as connection:
        directory.add_operator(connection, "eve")
        directory.grant(connection, "eve", "coordinator", "B")
    own = dataclasses.replace(PLAN, number="02-KH/ĐU", issuer="Đảng ủy xã Bình Minh", date=date(2025, 3, 21))
    own = dataclasses.replace(own, recipients=(Recipient(text="một", purpose="act", units=("A1",)),))
    issuing = Issuing(plan=own, under="15-KH/HU", as_unit="A")
    refused_without_a_trace(
        installation, NotAuthorised, lambda: issue_plan(installation, issuing, by(NEXT_DAY, "eve")), "coordinator"
    )
    issue_plan(installation, dataclasses.replace(issuing, as_unit="B"), by(NEXT_DAY, "eve"))


@pytest.mark.parametrize("plan", ["", " ", "_", "%", "#", "9" * 40])
def test_a_plan_that_is_not_named_is_not_found(installation: Installation, plan: str) -> None:
    refused_without_a_trace(installation, NotFound, lambda: steer(installation, "withdraw", plan, by(), reason="x"), "no plan")


def test_what_was_taken_back_is_not_passed_on(installation: Installation) -> None:
    steer(installation, "withdraw", "15-KH/HU", by(), reason="nhầm", subtree="A")
    refused_without_a_trace(
        installation, TransitionRefused, lambda: forward_plan(installation, "15", "A", ["A1"], by()), "nothing is passed on"
    )
    steer(installation, "withdraw", "15-KH/HU", by(), reason="nhầm")
    own = dataclasses.replace(PLAN, number="03-KH/ĐU", issuer="Đảng ủy xã Bình Minh")
    issuing = Issuing(plan=dataclasses.replace(own, recipients=PLAN.recipients), under="15", as_unit="B")
    refused_without_a_trace(
        installation, TransitionRefused, lambda: issue_plan(installation, issuing, by()), "nothing is passed on"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"on": NEXT_DAY - timedelta(hours=1)},
        {"note": "khác"},
        {"fields": {"audience": "12"}},
        {"expected_revision": 1},
        {"unit": "B"},
    ],
)
def test_a_key_belongs_to_one_command_of_one_operator(installation: Installation, other: dict[str, object]) -> None:
    advance = Advance(plan="15-KH/HU", unit="A", trigger="disseminate", key="k")
    assert not advance_unit(installation, advance, by(NEXT_DAY)).repeated
    assert advance_unit(installation, advance, by(NEXT_DAY)).repeated
    with pytest.raises(IdempotencyError):
        advance_unit(installation, dataclasses.replace(advance, **other), by(NEXT_DAY))  # type: ignore[arg-type]
    with pytest.raises(IdempotencyError):
        advance_unit(installation, advance, by(NEXT_DAY, "eve"))
    with pytest.raises(InputError, match="cannot be empty"):
        advance_unit(installation, dataclasses.replace(advance, key=""), by(NEXT_DAY))


def test_nothing_that_a_plan_asks_for_happened_before_its_date(installation: Installation) -> None:
    before = datetime(2025, 3, 18, tzinfo=UTC)
    advance = Advance(plan="15-KH/HU", unit="A", trigger="disseminate", on=before)
    refused_without_a_trace(
        installation, InputError, lambda: advance_unit(installation, advance, by(NEXT_DAY)), "nothing it asks for"
    )
    bulk = Bulk(plan="15-KH/HU", trigger="disseminate", on=before)
    refused_without_a_trace(
        installation, InputError, lambda: bulk_advance(installation, bulk, by(NEXT_DAY)), "nothing it asks for"
    )


def test_a_due_date_is_set_ahead_and_means_the_same_for_one_and_for_many(installation: Installation) -> None:
    past = Advance(plan="15", unit="A", trigger="extend", fields={"due": "2025-03-01"}, reason="lũ")
    refused_without_a_trace(installation, FieldsRefused, lambda: advance_unit(installation, past, by(NEXT_DAY)), "has passed")
    one = advance_unit(installation, dataclasses.replace(past, fields={"due": "2025-04-11"}), by(NEXT_DAY)).after
    bulk_advance(installation, Bulk(plan="15", trigger="extend", fields={"due": "2025-04-11"}, reason="lũ"), by(NEXT_DAY))
    assert {each.due_at for each in everything(installation.database).values() if each.assignee in "AB"} == {one.due_at}


def test_a_plan_of_tomorrow_is_not_issued_today(installation: Installation) -> None:
    tomorrow = dataclasses.replace(PLAN, number="16-KH/HU", date=date(2025, 3, 21))
    refused_without_a_trace(
        installation, PlanUnclear, lambda: issue_plan(installation, Issuing(plan=tomorrow), by()), "still to come"
    )


def test_conferences_that_wait_for_each_other_are_refused_with_their_line() -> None:
    text = "conferences:\n  - {id: '1', after: '2'}\n  - {id: '2', after: '3'}\n  - {id: '3', after: '1'}\n"
    with pytest.raises(InputError, match="held before itself") as refused:
        parse_text(text, "plan.yaml")
    assert refused.value.line == 2


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE pc_plan SET title = 'GIẢ'",
        "UPDATE pc_plan SET number = '99-KH/HU'",
        "UPDATE pc_plan SET issuer = 'B'",
        "UPDATE pc_plan SET body = '{}'",
        "UPDATE pc_plan SET body = 'x'",
        "DELETE FROM pc_basis; DELETE FROM pc_plan",
    ],
)
def test_verification_finds_an_altered_register(installation: Installation, forgery: str) -> None:
    assert audit.verify(installation.database).verification.divergence is None
    with installation.database.write() as connection:
        for statement in forgery.split(";"):
            connection.execute(sa.text(statement))
    found = audit.verify(installation.database).verification.divergence
    assert found is not None
    assert "register" in str(found)


def test_a_unit_does_not_hold_itself_back_in_the_past(installation: Installation) -> None:
    forward_plan(installation, "15", "A", ["A1"], by())
    with installation.database.read() as connection:
        found = status.plan_status(connection, "15", unit="A", now=NEXT_DAY, at=MORNING)
        today = status.plan_status(connection, "15", unit="A", now=NEXT_DAY)
    assert found.holder is not None
    assert today.holder is not None
    assert found.holder.instance == today.holder.instance
    assert found.holder.instance.assignee == "A1"
