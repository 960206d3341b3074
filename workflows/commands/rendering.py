"""How commands lay things out: tables, trees, bars, fact sheets, JSON, progress. The words in them are labels'.

On a terminal: colours and thin lines. Into a pipe or a file: a header, then one line per row, columns separated by tabs,
nothing cut or wrapped. Data goes to stdout, talk to stderr. Text is never read as markup.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import click

from engine.clock import to_text
from engine.instance import Instance

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Tone: TypeAlias = Literal["plain", "strong", "quiet", "good", "warn", "bad", "open", "marked"]
_STYLES: Mapping[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "quiet": "dim",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "open": "cyan",
    "marked": "bold reverse",
}
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
LIMIT = 50  # lines of a list, unless more are asked for
_NARROW = 24  # columns of a terminal that a tree's names need at least, before the cells beside them are broken
WIDE = 100  # columns of a terminal on which two sheets stand side by side
_PATIENCE = 1.0  # seconds that an operation may take before its progress is shown


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of a command that lists: it is called with ``limit``, how many lines at most, None for all of them."""

    @click.option("--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="How many lines at most.")
    @click.option("--all", "everything", is_flag=True, help="All lines, however many.")
    @wraps(command)
    def limited(*arguments: Any, limit: int, everything: bool, **options: Any) -> Any:
        return command(*arguments, limit=None if everything else limit, **options)

    return limited


@dataclass(frozen=True, slots=True)
class Words:
    """Text with a meaning that a colour can carry."""

    text: str
    tone: Tone = "plain"


Cell: TypeAlias = str | int | Words | Sequence[Words] | None  # a sequence is one text in several colours


class Column(NamedTuple):
    """A column of a table."""

    name: str
    right: bool = False  # numbers
    whole: bool = False  # never broken into two lines: codes, dates


class Part(NamedTuple):
    """A part of a bar."""

    name: str
    n: int
    tone: Tone
    glyph: str


# -- to stdout: data ---------------------------------------------------------------------------------------------------


def is_terminal() -> bool:
    """Whether people look at stdout; FORCE_COLOR says so too."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def table(columns: Sequence[Column | str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print rows under their columns' names."""
    heads = [Column(column) if isinstance(column, str) else column for column in columns]
    if not is_terminal():
        _print_plain([[head.name for head in heads], *rows])
        return
    _lay(heads, ([_rich(cell) for cell in row] for row in rows))


def tree(columns: Sequence[Column | str], rows: Sequence[tuple[int, Sequence[Cell]]]) -> None:
    """Print rows of (depth, cells) from the top down; the first cell hangs on the branches, the others stand in columns."""
    if not is_terminal():
        indented = ((f"{'  ' * depth}{_plain(cells[0])}", *cells[1:]) for depth, cells in rows)
        _print_plain([[_name(column) for column in columns], *indented])
        return
    others = zip(*([_name(columns[n]) for n in range(1, len(columns))], *(cells[1:] for _, cells in rows)), strict=True)
    room = _console().width - sum(max(len(_plain(cell)) for cell in column) + 3 for column in others)
    heads = [Column(_name(columns[0])), *(Column(_name(column), whole=room >= _NARROW) for column in columns[1:])]
    laid = []
    for branch, (_, cells) in zip(_branches([depth for depth, _ in rows]), rows, strict=True):
        first = _rich((Words(branch, "quiet"), *_words(cells[0])))
        if room >= _NARROW:
            first.no_wrap, first.overflow = True, "ellipsis"  # so that the branches stay whole
        laid.append([first, *(_rich(cell) for cell in cells[1:])])
    _lay(heads, laid)


def facts(pairs: Iterable[tuple[str, Cell]]) -> None:
    """Print names and values, one pair per line; values that say nothing are left out."""
    said = [(name, value) for name, value in pairs if _plain(value)]
    if not is_terminal():
        _print_plain(said)
        return
    from rich.table import Table
    from rich.text import Text

    laid = Table.grid(padding=(0, 2))
    laid.add_column(no_wrap=True)
    laid.add_column(overflow="fold")
    for name, value in said:
        laid.add_row(Text(name, style="dim"), _rich(value))
    _console().print(laid)


def sheets(left: Sequence[tuple[Cell, Cell]], right: Sequence[tuple[Cell, Cell]]) -> None:
    """Print two lists of names and texts side by side; where the terminal is narrow, or there is none, one below the other."""
    if not is_terminal():
        for name, text in (*left, *right):
            line(*(cell for cell in (name, text) if _plain(cell)))
        return
    from rich import box
    from rich.table import Table

    def sheet(pairs: Sequence[tuple[Cell, Cell]], justify: Literal["left", "right"]) -> Table:
        laid = Table.grid(padding=(0, 2, 0, 0))
        laid.add_column(no_wrap=True, justify=justify)
        laid.add_column(overflow="fold")
        for name, text in pairs:
            laid.add_row(_rich(name), _rich(text))
        return laid

    console = _console()
    if console.width < WIDE:
        console.print(sheet(left, "right"))
        line()
        console.print(sheet(right, "left"))
        return
    both = Table(box=box.MINIMAL, show_header=False, show_edge=False, pad_edge=False, border_style="dim", expand=True)
    both.add_column(ratio=3)
    both.add_column(ratio=2)
    both.add_row(sheet(left, "right"), sheet(right, "left"))
    console.print(both)


def coloured() -> bool:
    """Whether tones are seen: not in a pipe, nor on a terminal that can nothing but write."""
    return is_terminal() and _console().color_system is not None


def room() -> int:
    """How many letters a line of the terminal holds; of a pipe, what is easily read."""
    return _console().width if is_terminal() else WIDE


def heading(*cells: Cell) -> None:
    """Print a line above a group of others, its bare text bold; an empty line before it keeps groups apart on a terminal."""
    if is_terminal():
        click.echo()
    line(*(Words(cell, "strong") if isinstance(cell, str) else cell for cell in cells))


def line(*cells: Cell) -> None:
    """Print one line of cells, set apart by single spaces; empty ones are left out."""
    said = [cell for cell in cells if _plain(cell)]
    if not is_terminal():
        click.echo(" ".join(_plain(cell) for cell in said))
        return
    from rich.text import Text

    _console().print(Text(" ").join(_rich(cell) for cell in said))


def together(cells: Iterable[Cell], between: str) -> Cell:
    """Several cells as one, those that say nothing left out."""
    said = [_words(cell) for cell in cells if _plain(cell)]
    return [word for index, words in enumerate(said) for word in ((Words(between, "quiet"),) if index else ()) + words]


def bar(parts: Sequence[Part], *, width: int = 48) -> None:
    """Print a bar whose parts are as long as they are many, then what each part means; plain: the meanings alone."""
    said = [part for part in parts if part.n]
    if is_terminal() and said:
        lengths = _lengths([part.n for part in said], width)
        line([Words(part.glyph * length, part.tone) for part, length in zip(said, lengths, strict=True)])
    for part in said:
        if is_terminal():
            line(Words(f"  {part.glyph}", part.tone), Words(f"{part.n:>5}"), Words(part.name))
        else:
            click.echo(f"{part.name}\t{part.n}")


def json_text(value: object) -> str:
    """JSON of our data: ISO dates, instants in UTC, hashes in hexadecimal, Vietnamese as it is."""
    return json.dumps(plain_json(value), ensure_ascii=False, indent=2)


def emit_json(value: object) -> None:
    """Print JSON."""
    click.echo(json_text(value))


def plain_json(value: object) -> Any:
    """What JSON can hold of our dataclasses and tuples; whole numbers named ``…_at`` are instants in microseconds."""
    if isinstance(value, Instance):
        return _instance_json(value)
    if hasattr(value, "to_json"):
        return value.to_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _named_json(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _named_json(name, item) for name, item in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): _named_json(str(name), item) for name, item in value.items()}
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | set | frozenset | range):
        return [plain_json(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return value


# -- to stderr: talk ---------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Tell the person at the terminal something that is no data."""
    click.echo(text, err=True)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Give a function that is told how far an operation has come; shown on stderr if it takes longer than a second.

    ``total`` None: it is not known how far it will go, or the function is told so as well. Nothing is shown where stderr is
    no terminal.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total=None: None
        return
    shown = _Progress(label, total)
    timer = threading.Timer(_PATIENCE, shown.start)
    timer.daemon = True
    timer.start()
    try:
        yield shown.reach
    finally:
        timer.cancel()
        shown.stop()


class _Progress:
    """A progress bar that may never be shown."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label, self._total, self._done = label, total, 0
        self._lock = threading.Lock()
        self._bar: Any = None
        self._stopped = False

    def start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._stopped:
                return
            text = TextColumn("{task.description}", markup=False)
            console = Console(stderr=True)
            self._bar = Progress(text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True)
            self._bar.add_task(self._label, total=self._total, completed=self._done)
            self._bar.start()

    def reach(self, done: int, total: int | None = None) -> None:
        self._done, self._total = done, total or self._total
        if self._bar is not None:
            self._bar.update(0, completed=done, total=self._total)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._bar is not None:
                self._bar.stop()


# -- steps -------------------------------------------------------------------------------------------------------------


def _console() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def _lay(heads: Sequence[Column], rows: Iterable[Sequence[Text]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    laid = Table(box=box.SIMPLE_HEAD, header_style="bold", border_style="dim", pad_edge=False, show_edge=False)
    for head in heads:
        justify: Literal["left", "right"] = "right" if head.right else "left"
        laid.add_column(Text(head.name), justify=justify, no_wrap=head.whole, overflow="ellipsis" if head.whole else "fold")
    for row in rows:
        laid.add_row(*row)
    _console().print(laid)


def _words(cell: Cell) -> tuple[Words, ...]:
    if cell is None:
        return ()
    if isinstance(cell, Words):
        return (cell,)
    return (Words(str(cell)),) if isinstance(cell, str | int) else tuple(cell)


def _plain(cell: Cell) -> str:
    return "".join(each.text for each in _words(cell))


def _rich(cell: Cell) -> Text:
    from rich.text import Text

    return Text.assemble(*((_printable(each.text), _STYLES[each.tone]) for each in _words(cell)))


def _printable(text: str) -> str:
    """Without the control characters by which recorded text could steer a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _print_plain(rows: Iterable[Sequence[Cell]]) -> None:
    for row in rows:
        click.echo("\t".join(_printable(_plain(cell)).replace("\n", " ") for cell in row))


def _name(column: Column | str) -> str:
    return column if isinstance(column, str) else column.name


def _branches(depths: Sequence[int]) -> list[str]:
    """What to draw before each row of a tree, given how deep the rows stand."""
    drawn: list[str] = []
    going_on: set[int] = set()  # depths at which a further row follows under the same one above
    for depth in reversed(depths):
        going_on = {each for each in going_on if each <= depth}
        trunk = "".join("│  " if each in going_on else "   " for each in range(1, depth))
        drawn.append("" if depth == 0 else trunk + ("├─ " if depth in going_on else "└─ "))
        going_on.add(depth)
    return drawn[::-1]


def _lengths(counts: Sequence[int], width: int) -> list[int]:
    """Lengths that add up to the width, in proportion, none of them nothing."""
    total = sum(counts)
    lengths = [max(1, n * width // total) for n in counts]
    lengths[lengths.index(max(lengths))] += width - sum(lengths)
    return lengths


def _named_json(name: str, value: object) -> Any:
    if name.endswith("_at") and isinstance(value, int) and not isinstance(value, bool):
        return to_text(value)
    return plain_json(value)


def _instance_json(instance: Instance) -> dict[str, Any]:
    return {
        "id": instance.id,
        "plan": instance.case_id,
        "parent": instance.parent_id,
        "unit": instance.assignee,
        "key": instance.key,
        "state": instance.state,
        "standing": instance.standing,
        "due_at": None if instance.due_at is None else to_text(instance.due_at),
        "done_at": None if instance.done_at is None else to_text(instance.done_at),
        "revision": instance.revision,
        "head": instance.head.hex(),
    }
