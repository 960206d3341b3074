"""Draws curves of time over number, both axes logarithmic, as an SVG. It measures nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 560, 300  # of a panel, pixels
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 40, 36  # around its plot
COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#2a9d8f", "#7a4b2a", "#555555")


class Curve(NamedTuple):
    """A name, and points of (number, seconds)."""

    name: str
    points: Sequence[tuple[int, float]]


class Panel(NamedTuple):
    """Curves over the same axes."""

    title: str
    curves: Sequence[Curve]


def svg(panels: Sequence[Panel], *, beside: int = 2) -> str:
    """The panels, so many beside one another."""
    wide, high = beside * WIDTH, -(-len(panels) // beside) * HEIGHT
    drawn = [
        f'<g transform="translate({place % beside * WIDTH} {place // beside * HEIGHT})">\n{"".join(_panel(panel))}</g>\n'
        for place, panel in enumerate(panels)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">\n'
    return f'{head}<rect width="{wide}" height="{high}" fill="white"/>\n{"".join(drawn)}</svg>\n'


def _panel(panel: Panel) -> Iterator[str]:
    points = [point for curve in panel.curves for point in curve.points]
    across = _decades([n for n, _ in points])
    up = _decades([seconds for _, seconds in points])

    def x(n: float) -> float:
        return LEFT + (math.log10(n) - across[0]) / (across[-1] - across[0]) * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(seconds) - up[0]) / (up[-1] - up[0]) * (HEIGHT - TOP - BOTTOM)

    yield f'<text x="{LEFT}" y="20" font-weight="bold">{escape(panel.title)}</text>\n'
    for power in up:
        yield _line(LEFT, y(10.0**power), WIDTH - RIGHT, y(10.0**power), "#ddd")
        yield f'<text x="{LEFT - 6}" y="{y(10.0**power) + 4:.1f}" text-anchor="end" fill="#555">{_time(power)}</text>\n'
    for power in across:
        yield _line(x(10.0**power), TOP, x(10.0**power), HEIGHT - BOTTOM, "#ddd")
        yield f'<text x="{x(10.0**power):.1f}" y="{HEIGHT - 16}" text-anchor="middle" fill="#555">{10**power:,}</text>\n'
    ends = _apart([y(curve.points[-1][1]) for curve in panel.curves])
    for curve, colour, end in zip(panel.curves, COLOURS, ends, strict=False):
        path = " ".join(f"{x(n):.1f},{y(seconds):.1f}" for n, seconds in curve.points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n'
        yield f'<text x="{WIDTH - RIGHT + 8}" y="{end + 4:.1f}" fill="{colour}">{escape(curve.name)}</text>\n'


def _decades(values: Sequence[float]) -> list[int]:
    """Powers of ten around the values, two at least."""
    low = math.floor(math.log10(min(values)))
    return list(range(low, max(math.ceil(math.log10(max(values))), low + 1) + 1))


def _apart(heights: Sequence[float], least: float = 14) -> list[float]:
    """The same heights in the same order, moved down where they would touch."""
    moved = list(heights)
    above = -math.inf
    for place in sorted(range(len(heights)), key=heights.__getitem__):
        above = moved[place] = max(heights[place], above + least)
    return moved


def _time(power: int) -> str:
    unit, least = next((name, least) for name, least in (("s", 0), ("ms", -3), ("µs", -6), ("ns", -9)) if power >= least)
    return f"{10 ** (power - least)} {unit}"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>\n'
