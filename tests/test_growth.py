"""What the growth benchmark rests on: a large database is a sound one, and curves are drawn as they are."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from benchmarks.kit import curves, million
from benchmarks.kit.curves import Curve, Panel
from engine import store
from engine.database import Database
from engine.where import Where
from tests.kit import verified


def test_generated_database_has_as_many_instances_as_asked_for_and_is_sound(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'million.db'}")
    million.make(database, 3_500)
    verified(database)
    with database.read() as connection:
        assert store.matching(connection, Where(kind="recipient")) + store.matching(connection, Where(kind="plan")) == 3_500
        assert store.matching(connection, Where(below="1.")) > 100
    database.close()


def test_curves_are_drawn_one_above_the_other_with_their_names() -> None:
    flat = Curve("one & all", [(1_000, 1e-3), (1_000_000, 1e-3)])
    steep = Curve("steep", [(1_000, 1e-3), (1_000_000, 1.0)])
    root = ElementTree.fromstring(curves.svg([Panel("growth", [flat, steep])]))
    lines = [each.get("points", "") for each in root.iter("{http://www.w3.org/2000/svg}polyline")]
    heights = [[float(point.partition(",")[2]) for point in line.split()] for line in lines]
    assert heights[0][0] == heights[0][1] == heights[1][0] > heights[1][1]
    assert "one & all" in [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_names_of_curves_that_end_together_do_not_touch() -> None:
    assert curves._apart([100.0, 101.0, 50.0]) == [100.0, 114.0, 50.0]
