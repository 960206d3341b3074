"""The command that shows the system at the size of a country: a made-up plan, played day by day, in a database of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context
from workflows.commands.labels import columns, date_text, due, word
from workflows.commands.reading import plan_of
from workflows.commands.rendering import emit_json, facts, heading, is_terminal, json_option, progress, table

if TYPE_CHECKING:
    from engine.database import Database
    from engine.replay import Verification
    from workflows.national.sample import Sample
    from workflows.simulation import Day, Overdue, Simulation

SEED = 2025
LATE_SHOWN = 10
_WIDTHS = (10, 9, 9, 12, 9, 8, 8, 8, 8)  # of the columns of a day on a terminal; the last column is as wide as it is


@click.command()
@click.option("--units", type=click.IntRange(4, 5_000_000), help="Units in all. Default: 10 000.")
@click.option("--communes", type=click.IntRange(1, 3_321), help="Instead: so many communes, spread over the country.")
@click.option("--grassroots", type=click.IntRange(1, 1_000), help="With --communes: units below each. Default: 10.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed plays the same, to the last hash.")
@click.option(
    "--plan", "file", metavar="FILE", help="The centre's plan, a plan file that addresses the provinces. Default: a made-up one."
)
@click.option("--days", type=click.IntRange(0, 366), default=30, show_default=True, help="How long it is played.")
@json_option
@click.pass_obj
def simulate(
    context: Context, /, units: int | None, communes: int | None, grassroots: int | None, seed: int, file: str | None, days: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Play a plan of the centre through provinces, communes and made-up units below them, up to a million of them.

    Each province issues a plan of its own, each commune passes that on, and every unit is prompt, late, silent, or gets its
    report back, by chance. At the end everything is verified. It takes a database of its own: the one that --db names, which
    must not be there yet and stays to be looked at, or one that is thrown away.

    \b
    Examples:
      cascade simulate
      cascade simulate --units 100000 --seed 7
      cascade --db try.db simulate --communes 300 --grassroots 20 --days 25
    """
    from workflows import audit, simulation

    started = time.monotonic()
    sample = _sample(units, communes, grassroots)
    with _database(context) as database:
        plan = simulation.PLAN if file is None else plan_of(file)
        played = simulation.prepare(database, sample, seed=seed, plan=plan)
        with progress(context.words("Đơn vị", "Units"), sample.units) as reach:
            played.record_units(reach)
        played.issue()
        told = [_tell(context, played, number, as_json) for number in range(days + 1)]
        late = played.overdue(days, LATE_SHOWN)
        with progress(context.words("Kiểm tra", "Verifying")) as reach:
            found = audit.verify(database, progress=reach).verification
    result = {"units": sample.units, "seed": seed, "days": told, "overdue": late, "verification": _verified(found)}
    if as_json:
        emit_json({**result, "seconds": round(time.monotonic() - started, 1)})
    else:
        _conclude(context, sample, late, found, time.monotonic() - started)
    if found.divergence is not None:
        raise found.divergence


def _sample(units: int | None, communes: int | None, grassroots: int | None) -> Sample:
    from workflows.national import sample

    if communes is None:
        if grassroots is not None:
            raise click.UsageError("--grassroots goes with --communes.")
        return sample.of_units(units or 10_000)
    if units is not None:
        raise click.UsageError("Give --units or --communes, not both.")
    return sample.of_communes(communes, grassroots or 10)


@contextmanager
def _database(context: Context) -> Iterator[Database]:
    """The database that --db names, or one that is gone afterwards; never the user's own."""
    from engine.database import Database

    if context.db is not None:
        with context.database() as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="cascade-", ignore_cleanup_errors=True) as folder:
        database = Database(f"sqlite:///{Path(folder) / 'simulation.db'}")
        try:
            yield database
        finally:
            database.close()


# -- what is told ------------------------------------------------------------------------------------------------------


def _tell(context: Context, played: Simulation, number: int, as_json: bool) -> dict[str, object]:
    """Play a day and tell it."""
    before = time.monotonic()
    with progress(f"{context.words('Ngày', 'Day')} {number}", len(played.running)) as reach:
        day = played.play(number, reach)
    if not as_json:
        if number == 0:
            _row(_heads(context))
        _row(_cells(context, day, time.monotonic() - before))
    holder = day.status.holder
    return {
        "day": day.number,
        "date": day.date,
        "moves": day.moves,
        "status": day.status.top.summary,
        "held_back_by": None if holder is None else {"unit": holder.instance.assignee, "name": holder.name},
    }


def _heads(context: Context) -> list[str]:
    vi = ("Ngày", "Bước", "Đã gửi", "Đã phổ biến", "Đã báo cáo", "Trả lại", "Xong muộn", "Quá hạn", "Giây", "Chờ")
    en = ("Date", "Moves", "Issued", "Disseminated", "Reported", "Returned", "Done late", "Overdue", "Seconds", "Held back by")
    return list(vi if context.lang == "vi" else en)


def _cells(context: Context, day: Day, seconds: float) -> list[str]:
    summary, holder = day.status.top.summary, day.status.holder
    by_state = summary.by_state if summary else {}
    counts = [day.moves, *(by_state.get(each, 0) for each in ("issued", "disseminated", "reported", "returned"))]
    late = [summary.done_late, summary.overdue] if summary else [0, 0]
    waits = f"{holder.name} ({holder.instance.assignee})" if holder else ""
    return [date_text(day.date), *map(str, counts), *map(str, late), f"{seconds:.1f}", waits]


def _row(cells: list[str]) -> None:
    """One line at once, not when all are known: columns by width on a terminal, else by tabs."""
    if not is_terminal():
        click.echo("\t".join(cells))
        return
    laid = [cells[0].ljust(_WIDTHS[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], _WIDTHS[1:], strict=False))]
    click.echo("  ".join([*laid, *cells[len(_WIDTHS) :]]))


def _conclude(context: Context, sample: Sample, late: list[Overdue], found: Verification, seconds: float) -> None:
    lang = context.lang
    if late:
        heading(context.words("Quá hạn lâu nhất", "Overdue, the oldest first"))
        table(columns(lang, "unit", "name", "parent", "due"), [(e.unit, e.name, e.above, due(e.due_at, lang)) for e in late])
    heading(context.words("Tổng kết", "In all"))
    facts(
        [
            (word("units", lang), sample.units),
            (word("instances", lang), found.instances),
            (word("events", lang), found.events),
            (word("root", lang), found.root),
            (context.words("Giây", "Seconds"), f"{seconds:.1f}"),
        ]
    )


def _verified(found: Verification) -> dict[str, object]:
    divergence = None if found.divergence is None else str(found.divergence)
    return {"instances": found.instances, "events": found.events, "root": found.root, "divergence": divergence}
