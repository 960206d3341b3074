"""The comparison with peers: drivers compile, ours runs, what is measured is put into words rightly. Installs nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.peers import run, table
from benchmarks.peers.peers import DRIVERS, FLOOR, OURS, PEERS, NotInstalled, Peer, command, install
from benchmarks.peers.table import Side

VIEWFLOW, DBOS, SPIFF = (next(peer for peer in PEERS if word in peer.name) for word in ("viewflow", "DBOS", "Spiff"))


@pytest.mark.parametrize("file", sorted(DRIVERS.rglob("*.py")), ids=lambda file: file.name)
def test_driver_compiles(file: Path) -> None:
    compile(file.read_text(encoding="utf-8"), str(file), "exec")


def test_every_peer_has_its_driver_and_pinned_versions() -> None:
    for peer in (OURS, FLOOR, *PEERS):
        assert (DRIVERS / peer.driver).is_file()
    assert [name for peer in PEERS for name in peer.packages if "==" not in name and "@" not in name] == []


@pytest.mark.parametrize("peer", [OURS, FLOOR], ids=lambda peer: peer.name)
def test_ours_and_the_floor_run_through_their_phases(peer: Peer, tmp_path: Path) -> None:
    told = run.run([*command(peer, tmp_path), f"sqlite:///{tmp_path / 'peer.db'}", "4"], tmp_path, tmp_path)
    assert set(told["phases"]) == (set(table.PHASES) if peer is OURS else {"single"})
    assert all(times["wall"] > 0 for times in told["phases"].values())


def test_driver_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(run.Failed, match="no such table"):
        run.run([sys.executable, "-c", "raise SystemExit('no such table')"], tmp_path, tmp_path)


def test_peer_of_node_is_skipped_where_there_is_no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="node and npm"):
        install(Peer(name="x", driver="x.mjs", packages=("x@1",), holds=""), tmp_path / "cache")


def phases(single: float, bulk: float) -> table.Phases:
    """What a driver would tell, of milliseconds; a tenth of them the processor's."""
    return {name: {"wall": ms / 1e3, "cpu": ms / 1e4} for name, ms in (("single", single), ("bulk", bulk))}


def side(peer: Peer, *rounds: tuple[float, float], ours: tuple[float, float] = (1, 0.1)) -> Side:
    """A peer on SQLite with rounds of (one at a time, in bulk), ours beside it, and a bare row of half a millisecond."""
    told = [{peer: phases(*each), OURS: phases(*ours), FLOOR: phases(0.5, 0)} for each in rounds]
    return Side(peer=peer, database="SQLite", rounds=told, versions=dict.fromkeys((peer, OURS, FLOOR), "1.0"))


def test_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    uneven = side(SPIFF, (5, 1), (6, 1), (8, 1))
    for told, ms in zip(uneven.rounds, (1, 2, 4), strict=True):
        told[OURS] = phases(ms, 1)
    assert table.row(uneven, "single") == (
        "| SpiffWorkflow, SQLite | 3.0 | 3.0 | 6 ms ± 25%, CPU 600 µs | 2 ms ± 75%, CPU 200 µs | 500 µs ± 0%, CPU 50 µs |"
    )


def test_aims_are_measured_against_the_quickest_peer_with_a_store_of_its_own() -> None:
    single, bulk = table.aims([side(SPIFF, (2, 0.2)), side(VIEWFLOW, (12, 9)), side(DBOS, (20, 8))])[2:]
    assert single == "| one durable move: 10 times | SQLite | django-viewflow | 12.0 | 12.0 | reached |"
    assert bulk == "| in bulk: 50 times | SQLite | DBOS alone | 80.0 | 80.0 | reached |"


def test_bulk_is_compared_with_one_at_a_time_where_that_is_the_peers_quicker_way() -> None:
    row = table.aims([side(VIEWFLOW, (4, 9))])[3]
    assert row.endswith("| django-viewflow, one at a time, its quicker way | 40.0 | 40.0 | missed: 80% of it |")


def test_missed_aim_says_how_near_a_bare_row_comes() -> None:
    text = "\n".join(table.aims([side(VIEWFLOW, (4, 9))]))
    assert "missed: 40% of it" in text
    assert "That row alone is 8.0 times as quick as django-viewflow; ours takes as long as 2.0 such rows." in text


def test_page_names_versions_and_who_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PHASES", {name: table.PHASES[name] for name in ("single", "bulk")})
    page = table.page([side(VIEWFLOW, (4, 9))], [("Temporal", "no such version")], 300, 5)
    assert "**django-viewflow** (1.0). A flow of three tasks" in page
    assert "- Temporal: no such version" in page
    assert "| django-viewflow, SQLite | 4.0 | 4.0 |" in page
