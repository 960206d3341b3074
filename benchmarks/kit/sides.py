"""The sides of a case: ours and by hand, each on a copy of a database, on the database itself, or in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, TypeAlias

from benchmarks.kit import places
from benchmarks.kit.clients import together
from benchmarks.kit.clock import Side
from benchmarks.kit.places import Place
from engine.database import Database

Source: TypeAlias = Callable[[], str]  # makes the database when it is first needed; returns its URL
Ours: TypeAlias = Callable[[Database], Callable[[], object]]  # prepares a run outside of the clock
Hand: TypeAlias = Callable[[Any], Callable[[], object]]  # the same, from a connection of the bare driver


def writing(place: Place, source: Source, prepare: Ours) -> Side:
    """Ours, on a copy."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with place.copied(source()) as url, places.opened(url) as database:
            yield prepare(database)

    return side


def writing_by_hand(place: Place, source: Source, prepare: Hand) -> Side:
    """By hand, on a copy."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with place.copied(source()) as url, closing(place.hand.connect(url)) as db:
            yield prepare(db)

    return side


def reading(source: Source, ask: Callable[..., object], *, times: int = 1, again: bool = False) -> Side:
    """Ours, on the database itself; ``again``: the same was asked before, as it is in a program that goes on running."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with places.opened(source()) as database, database.read() as connection:
            if again:
                ask(connection)
            yield partial(repeat, times, partial(ask, connection))

    return side


def reading_by_hand(place: Place, source: Source, ask: Callable[..., object], *, times: int = 1) -> Side:
    """By hand, on the database itself."""

    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with closing(place.hand.connect(source())) as db:
            yield partial(repeat, times, partial(ask, db))

    return side


def repeat(times: int, run: Callable[[], object]) -> None:
    """Do the same so many times."""
    for _ in range(times):
        run()


def apart(place: Place, source: Source, n: int, prepare: Callable[[int, Database], Callable[[], object]]) -> Side:
    """Ours, in ``n`` processes that start together, on a copy; each is told its number."""
    return _processes(place, source, n, partial(_ours, prepare))


def apart_by_hand(place: Place, source: Source, n: int, prepare: Callable[[int, Any], Callable[[], object]]) -> Side:
    """By hand, in ``n`` processes that start together, on a copy; each is told its number."""
    return _processes(place, source, n, partial(_by_hand, place.hand.connect, prepare))


def _processes(place: Place, source: Source, n: int, opened: Callable[..., Any]) -> Side:
    @contextmanager
    def side() -> Iterator[Callable[[], object]]:
        with place.copied(source()) as url, together(n, partial(opened, url)) as run:
            yield run

    return side


@contextmanager
def _ours(prepare: Callable[[int, Database], Callable[[], object]], url: str, number: int) -> Iterator[Callable[[], object]]:
    with places.opened(url) as database:
        yield prepare(number, database)


@contextmanager
def _by_hand(
    connect: Callable[[str], Any], prepare: Callable[[int, Any], Callable[[], object]], url: str, number: int
) -> Iterator[Callable[[], object]]:
    with closing(connect(url)) as db:
        yield prepare(number, db)
