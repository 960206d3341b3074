"""The five real documents go the whole way: read, issued, every unit advanced to its report, rolled up, replayed, verified."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine import replay, store
from engine.database import Database
from engine.errors import GuardRefused
from engine.where import EVERYTHING, Where
from tests.conftest import CHECKOUT
from tests.kit import by, installed, verified
from workflows import documents, operations, status
from workflows.installation import Installation
from workflows.moments import Choice
from workflows.operations import Advance, Issued, Issuing, PlanUnclear
from workflows.plans import Plan

LATER = datetime(2025, 4, 2, 3, 0, tzinfo=UTC)

# What a person answers because the document does not say it: number, date, the issuer's unit; who merely gets a copy.
ANSWERS: dict[str, dict[str, object]] = {
    "000": {},
    "001": {"number": "12-KH/QU", "date": date(2025, 3, 10)},
    "002": {"date": date(2025, 1, 8)},
    "003": {"number": "1520-CV/HU"},
    "004": {"date": date(2025, 3, 3)},
}


def document(shared_plans: Path, name: str) -> Path:
    (found,) = shared_plans.glob(f"{name}_*.txt")
    return found


def settled(plan: Plan) -> Plan:
    """The plan after a person has said of each open line that it is informed."""
    recipients = tuple(dataclasses.replace(each, purpose=each.purpose or "inform") for each in plan.recipients)
    return dataclasses.replace(plan, recipients=recipients)


def issue(shared_plans: Path, installation: Installation, name: str, issuer: str | None = None) -> tuple[Plan, Issued]:
    plan = dataclasses.replace(settled(documents.read(document(shared_plans, name))), **ANSWERS[name])  # type: ignore[arg-type]
    return plan, operations.issue_plan(installation, Issuing(plan=plan, issuer=issuer), by(LATER))


@pytest.fixture
def directory_file(request: pytest.FixtureRequest) -> Path:
    return CHECKOUT / "tests" / "directories" / f"{request.node.callspec.params['name']}.yaml"


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_real_document_goes_the_whole_way(shared_plans: Path, database: Database, directory_file: Path, name: str) -> None:
    installation = installed(database, directory_file)
    plan, issued = issue(shared_plans, installation, name)
    assert len(issued.duties) >= 4

    def advance(unit: str, trigger: str) -> None:
        operations.advance_unit(installation, Advance(plan=str(issued.id), unit=unit, trigger=trigger), by(LATER))

    for duty in issued.duties:
        advance(duty.unit, "disseminate")
    for conference in issued.conferences:
        advance(conference, "hold")
    for duty in issued.duties:
        if duty.conference:
            advance(duty.unit, "hold_conference")
        advance(duty.unit, "report")
    with database.read() as connection:
        found = status.plan_status(connection, plan.number or "", now=LATER, choice=Choice(tree=True))
        replayed = {each.id: each for each in replay.states(connection, Where(below=found.top.instance.path))}
        assert replayed == {node.instance.id: node.instance for node in found.nodes}
    summary = found.top.summary
    assert summary is not None
    assert summary.required == summary.done == len(issued.duties)
    assert found.top.instance.state == "reported"
    assert found.holder is None
    verified(database)


@pytest.mark.parametrize("name", ["000"])
def test_a_cell_may_not_record_its_conference_before_the_citys(
    shared_plans: Path, database: Database, directory_file: Path, name: str
) -> None:
    installation = installed(database, directory_file)
    _, issued = issue(shared_plans, installation, name)
    cell = next(duty for duty in issued.duties if duty.conference == "2.3")
    relayed = next(duty for duty in issued.duties if duty.conference == "2.2")
    assert cell.after == "conference:2.1"
    assert relayed.after is None

    def advance(unit: str, trigger: str, on: datetime) -> None:
        operations.advance_unit(installation, Advance(plan="207-KH/TU", unit=unit, trigger=trigger, on=on), by(LATER))

    held = datetime(2025, 3, 25, 1, 0, tzinfo=UTC)
    advance(cell.unit, "disseminate", datetime(2025, 3, 21, tzinfo=UTC))
    with pytest.raises(GuardRefused, match=r"conference:2\.1 has to be held before"):
        advance(cell.unit, "hold_conference", held)
    advance("2.1", "hold", held)
    with pytest.raises(GuardRefused, match="was held later"):
        advance(cell.unit, "hold_conference", datetime(2025, 3, 24, tzinfo=UTC))
    advance(cell.unit, "hold_conference", datetime(2025, 3, 26, tzinfo=UTC))


@pytest.mark.parametrize("name", ["000"])
def test_the_units_are_due_at_the_end_of_march(shared_plans: Path, database: Database, directory_file: Path, name: str) -> None:
    _, issued = issue(shared_plans, installed(database, directory_file), name)
    acting = [duty for duty in issued.duties if duty.purpose == "act"]
    assert {duty.due.due_at for duty in acting if duty.due} == {datetime(2025, 3, 31, 17, 0, tzinfo=UTC)}
    assert all(duty.due and "tháng 3/2025" in duty.due.phrase for duty in acting if not duty.conference)


@pytest.mark.parametrize("name", ["002", "004"])
def test_issuing_stops_at_an_impossible_or_missing_date(
    shared_plans: Path, database: Database, directory_file: Path, name: str
) -> None:
    installation = installed(database, directory_file)
    plan = settled(documents.read(document(shared_plans, name)))
    with pytest.raises(PlanUnclear, match="--date") as refused:
        operations.issue_plan(installation, Issuing(plan=plan), by(LATER))
    assert refused.value.facts["questions"] in (
        ["date_before_basis"],
        ["date_missing"],
        ["date_before_basis", "date_before_subject"],
    )
    with database.read() as connection:
        assert store.matching(connection, EVERYTHING) == 0
    issue(shared_plans, installation, name)


@pytest.mark.parametrize("name", ["003"])
def test_addressees_become_recipients_through_as_above(
    shared_plans: Path, database: Database, directory_file: Path, name: str
) -> None:
    plan, issued = issue(shared_plans, installed(database, directory_file), name)
    as_above = [each for each in plan.recipients if each.as_above]
    assert [each.text for each in as_above] == ["Như trên"]
    addressees = {each.line for each in plan.recipients if each.list == "kinh_gui" and each.purpose == "act"}
    assert {duty.line for duty in issued.duties} >= addressees
    assert len({duty.unit for duty in issued.duties}) == len(issued.duties)


def test_money_connected_points_and_the_report_that_holds_another_are_read(shared_plans: Path) -> None:
    first, third = (documents.read(document(shared_plans, name)) for name in ("000", "002"))
    assert [(each.line, "dự toán 2025" in each.text) for each in first.funding] == [(84, True)]
    assert [each.link for each in first.conferences] == [
        "kết nối từ điểm cầu Tỉnh đến các phường, xã", "tiếp sóng từ điểm cầu Thành phố", None
    ]  # fmt: skip
    assert {each.within for each in third.recurring} == {"báo cáo tình hình thực hiện nhiệm vụ chính trị"}
