"""Histories recorded by earlier versions: every later one reads them, folds them to the same states, and writes the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.database import Database
from engine.definition import from_source
from engine.errors import Divergence
from engine.replay import Fold
from engine.store import StoredDefinition, StoredEvent
from tests.histories.scenarios import FOLDER, SCENARIOS, plain, record
from workflows.installation import definitions


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def stored(recorded: dict[str, Any]) -> list[StoredDefinition]:
    return [StoredDefinition(**row) for row in recorded["definitions"]]


def history(recorded: dict[str, Any]) -> list[StoredEvent]:
    return [(id, seq, at, body.encode(), bytes.fromhex(hash)) for id, seq, at, body, hash in recorded["history"]]


def test_every_definition_has_its_golden_history() -> None:
    assert {each.name for each in definitions()} == set(SCENARIOS) == {file.stem for file in FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_golden_history_folds_to_the_states_it_had(name: str) -> None:
    recorded = golden(name)
    folded = [plain(each) for each in Fold(stored(recorded)).instances(history(recorded))]
    assert folded == recorded["instances"]


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_same_story_is_written_the_same_today(name: str, database: Database) -> None:
    assert record(name, database) == golden(name)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_golden_history_passes_through_every_state_of_its_definition(name: str) -> None:
    recorded = golden(name)
    (definition,) = [from_source(row["source"]) for row in recorded["definitions"] if row["name"] == name]
    moves = [json.loads(body)["data"] for _, _, _, body, _ in recorded["history"]]
    passed = {definition.initial, *(data["to"] for data in moves if "to" in data)}
    assert passed >= set(definition.states)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@pytest.mark.parametrize("place", [0, -1])
def test_an_altered_history_must_fail(name: str, place: int) -> None:
    recorded = golden(name)
    row = recorded["history"][place]
    row[3] = row[3].replace('"actor":"', '"actor":"x', 1)
    with pytest.raises(Divergence, match=f"Event {row[0]}/{row[1]} does not match its hash"):
        list(Fold(stored(recorded)).instances(history(recorded)))


def test_a_history_without_one_of_its_events_must_fail() -> None:
    recorded = golden("recipient")
    for place in range(len(recorded["history"]) - 1):
        id, seq = recorded["history"][place][:2]
        if recorded["history"][place + 1][0] != id:
            continue  # the end of a chain: cutting it off shows only against the live rows or a sealed root
        shortened = {**recorded, "history": recorded["history"][:place] + recorded["history"][place + 1 :]}
        with pytest.raises(Divergence, match=f"Event {id}/{seq} "):
            list(Fold(stored(shortened)).instances(history(shortened)))


def test_a_move_that_its_definition_does_not_permit_must_fail() -> None:
    recorded = golden("plan")
    before = recorded["definitions"][0]["source"]
    assert before.count('"trigger":"suspend"') == 1
    forged = {**recorded, "definitions": [dict(row) for row in recorded["definitions"]]}
    forged["definitions"][0]["source"] = before.replace('"trigger":"suspend"', '"trigger":"suspended"')
    with pytest.raises(Divergence, match="was altered"):
        list(Fold(stored(forged)).instances(history(forged)))
