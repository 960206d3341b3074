"""The benchmarks are fair: all sides of a case leave the same rows; and what they write says what was met, missed, and failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import cascade
from benchmarks.kit.clock import Aim, Case, Times
from benchmarks.kit.places import Place, Postgresql, Sqlite
from benchmarks.kit.report import Book
from benchmarks.kit.sizes import FEW


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where is measured, one after the other."""
    return Sqlite(tmp_path) if request.param == "sqlite" else Postgresql(request.getfixturevalue("postgresql"))


def test_all_sides_of_every_case_leave_the_same_rows(place: Place) -> None:
    written = [case for case in cascade.cases(place, FEW) if case.writes and "clients" not in case.title]
    assert len(written) >= 8
    for case in written:
        cascade.require_same_rows(place, case)


def test_side_that_leaves_out_an_event_is_found(tmp_path: Path) -> None:
    place = Sqlite(tmp_path)
    (case,) = (case for case in cascade.cases(place, FEW) if case.title == "move 40 at once")
    (name,) = case.others

    @contextmanager
    def short() -> Iterator[Callable[[], object]]:
        with case.others[name]() as run:

            def less() -> None:
                run()
                with place.hand.connect(place.copy) as db:
                    db.execute("DROP TRIGGER pc_event_no_delete")
                    db.execute("DELETE FROM pc_event WHERE instance_id = 5 AND seq = 2")

            yield less

    with pytest.raises(AssertionError, match="by hand leaves other rows in pc_event"):
        cascade.require_same_rows(place, replace(case, others={name: short}))


def test_results_say_what_is_met_and_missed_and_failed_and_keep_what_was_measured_before(tmp_path: Path) -> None:
    @contextmanager
    def nothing() -> Iterator[Callable[[], object]]:
        raise AssertionError("nothing is run here")
        yield

    aim = Aim(text="at most 1.5", most=1.5, beside="by hand")
    quick, slow, broken = (Case(title=t, n=10, each="unit", ours=nothing, aim=aim) for t in ("quick", "slow", "broken"))
    cases = {"SQLite": [quick, slow, broken], "PostgreSQL": [quick]}
    by_hand = Times(wall=[1.0, 1.0, 1.0], cpu=[1.0, 1.0, 1.0])
    first = Book(tmp_path, cases)
    first.note("SQLite", quick, {"ours": Times(wall=[1.2, 9.0, 1.1], cpu=[2.0, 2.0, 2.0]), "by hand": by_hand})
    again = Book(tmp_path, cases)
    again.note("SQLite", slow, {"ours": Times(wall=[1.8, 1.8, 1.8], cpu=[2.0, 2.0, 2.0]), "by hand": by_hand})
    again.note_failure("SQLite", "broken", ValueError("no room"))
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    rows = {line.split(" | ")[0]: line for line in text.partition("## PostgreSQL")[0].splitlines() if line.startswith("| ")}
    assert "**1.20** | 2.00 |" in rows["| quick"]
    assert "at most 1.5: met" in rows["| quick"]
    assert "at most 1.5: missed by 20.0%" in rows["| slow"]
    assert "failed: ValueError: no room" in rows["| broken"]
    assert "Missed: slow, by 20.0%." in text
    assert "not measured yet" in text.partition("## PostgreSQL")[2]
