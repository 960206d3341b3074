"""Owns the cells of tables whose lines are drawn on a page: which row and column a place on it stands in."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_THIN = 3.0  # points; what is wider and higher is a box
_SAME = 3.0  # points between two lines that are meant as one
_SHORTEST = 6.0  # points; a shorter line is a letter's or a dot
_MOST = 400  # upright lines on a page; more are a drawing
_WHOLE = 0.6  # of a table's width: what a line must cover to part its rows


class Rule(NamedTuple):
    """A line drawn on a page, or a box; points from the left and the bottom."""

    x0: float
    y0: float
    x1: float
    y1: float


class Place(NamedTuple):
    """A cell: row from the top of the page, column from the left."""

    row: int
    column: int


class Grid:
    """The drawn lines of a page; at least three upright ones beside each other make a table."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        upright, level = [], []
        for rule in rules:
            wide, high = rule.x1 - rule.x0 > _THIN, rule.y1 - rule.y0 > _THIN
            if wide and high:
                upright += [(rule.x0, rule.y0, rule.y1), (rule.x1, rule.y0, rule.y1)]
                level += [(rule.y0, rule.x0, rule.x1), (rule.y1, rule.x0, rule.x1)]
            elif high:
                upright.append((rule.x0, rule.y0, rule.y1))
            elif wide:
                level.append((rule.y0, rule.x0, rule.x1))
        self._upright = _drawn_through(upright)
        if len(self._upright) > _MOST:
            self._upright = []
        width = max((at for at, _, _ in self._upright), default=0.0) - min((at for at, _, _ in self._upright), default=0.0)
        self._level = sorted(at for at, start, end in _drawn_through(level) if end - start >= _WHOLE * width > 0)

    def place(self, x: float, y: float) -> Place | None:
        """The cell in which a place of the page is; None outside of tables."""
        beside = [at for at, start, end in self._upright if start <= y <= end]
        if len(beside) < 3 or not beside[0] <= x <= beside[-1]:
            return None
        return Place(row=len(self._level) - bisect(self._level, y), column=bisect(beside, x) - 1)


def _drawn_through(pieces: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Pieces (where, from, to) of one line, each cell's own, as one line; short ones that stay alone are left out."""
    lines: list[tuple[float, float, float]] = []
    lanes: list[list[tuple[float, float, float]]] = []
    for piece in sorted(pieces):
        if lanes and piece[0] - lanes[-1][0][0] <= _SAME:
            lanes[-1].append(piece)
        else:
            lanes.append([piece])
    for lane in lanes:
        at = lane[0][0]
        runs: list[list[float]] = []
        for _, start, end in sorted(lane, key=lambda each: each[1]):
            if runs and start <= runs[-1][1] + 2 * _SAME:
                runs[-1][1] = max(runs[-1][1], end)
            else:
                runs.append([start, end])
        lines += [(at, start, end) for start, end in runs if end - start >= _SHORTEST]
    return lines
