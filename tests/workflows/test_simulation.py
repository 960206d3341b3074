"""The simulation: the same seed plays the same, what it plays is sound, and units behave as they are said to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import store
from engine.database import Database
from engine.errors import InputError
from engine.replay import Verification
from engine.where import Where
from tests import kit
from workflows import audit, behaviour, directory, simulation
from workflows.national import arrangements, sample
from workflows.simulation import Day, Simulation

LAST = 24  # two days after the reports were due


def played(url: str, *, seed: int = 7, units: int = 300, last: int = LAST) -> tuple[Simulation, list[Day], Verification]:
    """A simulation in a new database, its days, and what verifying it found."""
    database = Database(url)
    run = simulation.prepare(database, sample.of_units(units), seed=seed)
    run.record_units()
    run.issue()
    days = [run.play(number) for number in range(last + 1)]
    found = audit.verify(database).verification
    database.close()  # it opens again when it is asked
    return run, days, found


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulation, list[Day], Verification]]:
    found = played(f"sqlite:///{tmp_path_factory.mktemp('played') / 'one.db'}")
    yield found
    found[0].installation.database.close()


# -- the sample --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [4, 5, 60, 500, 6_711, 6_712, 10_000, 1_000_000])
def test_sample_has_as_many_units_as_asked_for(units: int) -> None:
    found = sample.of_units(units)
    assert found.units == units
    assert {commune.parent for commune in found.communes} == {province.code for province in found.provinces}
    below = [len(found.cells_of(place)) for place in (0, len(found.communes) - 1)]
    assert 0 <= below[0] - below[1] <= 1
    assert below[1] >= 1


def test_sample_of_communes_is_spread_over_the_country() -> None:
    found = sample.of_communes(200, 3)
    assert (len(found.provinces), len(found.communes), found.units) == (34, 200, 1 + 34 + 200 + 600)
    assert found == sample.of_communes(200, 3)


def test_sample_out_of_bounds_is_refused() -> None:
    for wrong in ((0, 5), (3_322, 5), (10, 0)):
        with pytest.raises(InputError):
            sample.of_communes(*wrong)
    with pytest.raises(InputError):
        sample.of_units(3)


def test_units_below_a_commune_have_names_and_codes_of_their_own() -> None:
    cells = sample.of_communes(1, 120).cells_of(0)
    assert len({cell.name for cell in cells}) == len({cell.code for cell in cells}) == 120
    assert {cell.parent for cell in cells} == {"X00004"}
    assert sum(len(part.units) - 1 for part in arrangements.parts(sample.ON)[1:]) == sample.COMMUNES


# -- behaviour ---------------------------------------------------------------------------------------------------------


def test_behaviour_is_shared_out_as_said() -> None:
    for superior, shares in behaviour.SHARES.items():
        assert sum(share for _, share in shares) == pytest.approx(1)
        counted = Counter(behaviour.manner_of(1, f"X{number}", superior) for number in range(20_000))
        for manner, share in shares:
            assert counted[manner] / 20_000 == pytest.approx(share, abs=0.01)


def test_chance_depends_on_seed_unit_and_day_and_on_nothing_else() -> None:
    drawn = {behaviour.chance(seed, code, day) for seed in (1, 2) for code in ("A", "B") for day in (1, 2)}
    assert len(drawn) == 8
    assert all(0 <= each < 1 for each in drawn)
    assert behaviour.chance(2025, "X00004", 3) == 0.6047915174677019


def test_silent_unit_never_reports_and_a_superior_waits_for_those_below() -> None:
    for state in ("disseminated", "returned"):
        assert {behaviour.step("silent", state, left, False, 0.0) for left in range(-9, 20)} == {None}
    assert behaviour.step("prompt", "disseminated", 20, True, 0.0) is None
    assert behaviour.step("prompt", "disseminated", 20, False, 0.0) == "report"
    assert behaviour.step("prompt", "disseminated", 1, True, 0.0) == "report"
    assert behaviour.step("late", "disseminated", 5, False, 0.0) is None


# -- what is played ----------------------------------------------------------------------------------------------------


def test_same_seed_ends_in_the_same_history(done: tuple[Simulation, list[Day], Verification], tmp_path: Path) -> None:
    _, days, first = done
    _, again, second = played(f"sqlite:///{tmp_path / 'again.db'}")
    assert second == first
    assert [day.moves for day in again] == [day.moves for day in days]


def test_another_seed_ends_in_another_history(done: tuple[Simulation, list[Day], Verification], tmp_path: Path) -> None:
    _, _, other = played(f"sqlite:///{tmp_path / 'other.db'}", seed=8)
    assert other.divergence is None
    assert other.root != done[2].root


def test_both_databases_play_the_same(postgresql_database: Database, tmp_path: Path) -> None:
    with postgresql_database.write() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    url = postgresql_database.url.render_as_string(hide_password=False)
    roots = {played(each, units=60, last=20)[2].root for each in (url, f"sqlite:///{tmp_path / 'same.db'}")}
    assert len(roots) == 1


def test_nothing_diverges_and_the_counts_are_those_of_a_recount(done: tuple[Simulation, list[Day], Verification]) -> None:
    run, days, found = done
    assert found.divergence is None
    database = run.installation.database
    instances = kit.everything(database)
    with database.read() as connection:
        kinds = {row.id: row.name for row in store.definitions(connection)}
    below = kit.recounted(instances, kinds, run.id)
    counted: Counter[str] = Counter()
    for key, n in below.items():
        if key.kind == "recipient":
            counted[key.state] += n
    summary = days[-1].status.top.summary
    assert summary is not None
    assert summary.by_state == counted


def test_every_step_that_people_know_has_happened(done: tuple[Simulation, list[Day], Verification]) -> None:
    run, days, found = done
    assert found.instances > 200
    summary = days[-1].status.top.summary
    assert summary is not None
    assert summary.done_on_time > summary.done_late > 0
    assert summary.overdue > 0
    assert {"issued", "reported"} <= set(summary.by_state)
    assert 0.6 < summary.done / summary.required < 0.98
    with run.installation.database.read() as connection:
        plans = store.matching(connection, Where(kind="plan"))
        again = [each for each in store.select(connection, Where(kind="recipient")) if each.revision >= 5]
    assert plans > 10
    assert again, "no report was returned and made again"


def test_nothing_is_late_before_it_is_due_and_the_holder_is_unfinished(done: tuple[Simulation, list[Day], Verification]) -> None:
    run, days, _ = done
    for day in days:
        summary = day.status.top.summary
        assert summary is not None
        assert (summary.overdue + summary.done_late == 0) == (day.number <= 18)
        assert day.status.holder is not None
        assert day.status.holder.instance.standing == "open"
    late = run.overdue(LAST, 10)
    assert len(late) == 10
    assert [each.due_at for each in late] == sorted(each.due_at for each in late)


def test_units_stand_in_the_directory_below_their_communes(done: tuple[Simulation, list[Day], Verification]) -> None:
    run, _, _ = done
    with run.installation.database.read() as connection:
        assert len(directory.all_units(connection)) == 300
        commune = run.sample.communes[0]
        assert len(directory.members(connection, "CHI-BO", relative_to=commune.code)) == len(run.sample.cells_of(0))


def test_database_that_is_in_use_is_refused(database: Database) -> None:
    with pytest.raises(InputError, match="a database of its own"):
        simulation.prepare(database, sample.of_units(60), seed=1)
