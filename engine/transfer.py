"""Moves a whole installation from one database to another, SQLite or PostgreSQL; what the rows mean is not its own.

The target's own rows say how far it is, so a copy that was cut off goes on where it stopped. Until everything was compared,
the target's layout carries a mark by which every command refuses it. What the background worker remembers is left behind: it
finds its work in our rows again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import migrations, postgresql, replay, workers
from engine.database import COPYING, HEAD, VERSION_TABLE, Database
from engine.errors import AlreadyExists, CascadeError, ConcurrencyError, DatabaseDamaged, Divergence, InputError, StorageError
from engine.jobs import hold
from engine.tables import meta

BATCH = 5_000  # rows per transaction
BATCH_BYTES = 16_000_000  # or fewer, where rows hold whole files
_BUFFERED = 100  # rows that a server sends ahead

# Told the step ("verify", "copy", "compare"), how much of it is done, and how much there is (None: not known).
Progress: TypeAlias = Callable[[str, int, int | None], None]
Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A copy that is finished and was found to be equal."""

    installation: str  # the random name of the installation, now of both databases
    rows: dict[str, int]  # by table, in the order in which they were copied
    copied: int  # rows that this run wrote; the others were there from an earlier one
    root: str  # Merkle root over all histories, the same in both


def copy(
    source: Database,
    target: Database,
    declared: sa.MetaData,
    *,
    batch: int = BATCH,
    progress: Progress = lambda _step, _done, _total: None,
) -> Copied:
    """Make the target hold what the source holds, and prove it: row by row, and by replaying the target's history.

    ``declared`` must know every table. The source is read on a connection that cannot write. Raises AlreadyExists when the
    target holds anything else, Divergence when the source's history does not agree with itself, InputError for one and the
    same database, ConcurrencyError when somebody else copies into the target or works on the source, StorageError when the
    source was written to meanwhile.
    """
    _require_two(source, target)
    source.require_current()
    _require_idle(source)
    with source.read() as reading, hold(target, "copy") as mine:
        if not mine:
            raise ConcurrencyError(f"Another process copies into {target.name}.", remedy="Let it finish.")
        root = _proved(reading, source, progress)
        finished = _prepare(reading, target, declared)
        copied = 0 if finished else _copy_tables(reading, target, declared, batch, progress)
    try:
        rows = _require_equal(source, target, declared, progress)
    except _Unequal as error:
        raise _explained(error, source, target, finished=finished) from error
    with target.read() as written:
        _require_root(replay.verify(written, progress=lambda n: progress("verify", n, None)), root, target)
    if not finished:
        _finish(target, declared)
    return Copied(installation=_installation(source), rows=rows, copied=copied, root=root)


# -- who may be copied where -------------------------------------------------------------------------------------------


def _require_two(source: Database, target: Database) -> None:
    same = source.url == target.url
    if source.file is not None and target.file is not None:
        same = source.file.resolve() == target.file.resolve()
    if same:
        raise InputError(f"{source.name} cannot be copied into itself.", remedy="Name two databases.")


def _require_idle(source: Database) -> None:
    alive = [worker.name for worker in workers.seen(source) if worker.alive]
    if alive:
        raise ConcurrencyError(
            f"A worker is at work on {source.name} ({', '.join(alive)}).",
            remedy="Stop it, and let nobody write until the copy has taken its place.",
        )


def _proved(reading: Connection, source: Database, progress: Progress) -> str:
    """The root over the source's histories; raises Divergence unless they agree with the live rows."""
    found = replay.verify(reading, progress=lambda n: progress("verify", n, None))
    if found.divergence is not None:
        raise Divergence(
            f"The history in {source.name} does not agree with itself: {found.divergence.message}",
            remedy="Look at it with: cascade audit verify. Nothing was copied.",
        ) from found.divergence
    return found.root


def _prepare(reading: Connection, target: Database, declared: sa.MetaData) -> bool:
    """Make the target ours: new and empty, begun, or finished; True when finished. Raises AlreadyExists."""
    wanted = _meta(reading)
    if not target.exists() or target.revision() is None:
        migrations.upgrade(target)
    found = target.revision()
    if found not in (HEAD, HEAD + COPYING):
        raise AlreadyExists(f"{target.name} has layout {found}, and not {HEAD}.", remedy="Remove it, or name an empty database.")
    with target.write() as writing:
        if _meta(writing)["installation"] == wanted["installation"]:
            return found == HEAD
        if found != HEAD or any(_count(writing, table) for table in _tables(declared)):
            raise AlreadyExists(f"{target.name} holds another installation.", remedy="Remove it, or name an empty database.")
        writing.execute(sa.delete(meta))
        writing.execute(sa.insert(meta), [{"key": key, "value": value} for key, value in wanted.items()])
        _mark(writing, HEAD + COPYING)
    return False


def _meta(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(sa.select(meta))}


def _installation(database: Database) -> str:
    with database.read() as connection:
        return _meta(connection)["installation"]


def _mark(writing: Connection, revision: str) -> None:
    writing.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})


# -- copying -----------------------------------------------------------------------------------------------------------


def _tables(declared: sa.MetaData) -> list[sa.Table]:
    """What is copied, each table after those that it refers to."""
    return [table for table in declared.sorted_tables if table is not meta]


def _copy_tables(reading: Connection, target: Database, declared: sa.MetaData, batch: int, progress: Progress) -> int:
    tables = _tables(declared)
    with target.read() as written:
        there = {table.name: _count(written, table) for table in tables}
    total, done, begun = sum(_count(reading, table) for table in tables), sum(there.values()), sum(there.values())
    progress("copy", done, total)
    for table in tables:
        # Rows that refer to others of their own table by a name come in no order that suits: all of them, or none.
        whole = _refers_to_itself_by_name(table)
        if whole and there[table.name]:
            continue
        with closing(_rows(reading, table, _reached(target, table))) as left:
            for rows in _batches(left, batch, whole=whole):
                with target.write() as writing:
                    done += _write(writing, table, rows, target)
                progress("copy", done, total)
    return done - begun


def _refers_to_itself_by_name(table: sa.Table) -> bool:
    """Whether a row may refer to a later one; numbers grow, so that what is referred to has the smaller one."""
    return any(key.column.table is table and not isinstance(key.column.type, sa.Integer) for key in table.foreign_keys)


def _reached(target: Database, table: sa.Table) -> Row | None:
    """The key of the last row that is there already."""
    keys = list(table.primary_key.columns)
    with target.read() as written:
        order = [each.desc() for each in _ordered(written, keys)]
        row = written.execute(sa.select(*keys).order_by(*order).limit(1)).first()
    return tuple(row) if row else None


def _rows(connection: Connection, table: sa.Table, after: Row | None = None) -> Generator[Row]:
    """A table's rows by key, streamed, in an order that both databases share."""
    ordered = _ordered(connection, list(table.primary_key.columns))
    query = sa.select(table).order_by(*ordered)
    if after is not None:
        query = query.where(sa.tuple_(*ordered) > sa.tuple_(*(sa.literal(value) for value in after)))
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_BUFFERED)
    with streamed.execute(query) as result:
        yield from map(tuple, result)


def _ordered(connection: Connection, columns: Sequence[sa.Column[Any]]) -> list[sa.ColumnElement[Any]]:
    """The columns as both databases order them: text byte by byte."""
    if connection.dialect.name == "sqlite":
        return list(columns)
    return [sa.collate(each, "C") if isinstance(each.type, sa.Text) else each for each in columns]


def _batches(rows: Iterable[Row], size: int, *, whole: bool) -> Iterator[list[Row]]:
    """The rows in lists of at most ``size`` rows or BATCH_BYTES; ``whole``: in one list."""
    batch: list[Row] = []
    weight = 0
    for row in rows:
        batch.append(row)
        weight += sum(len(value) for value in row if isinstance(value, bytes | str))
        if not whole and (len(batch) >= size or weight >= BATCH_BYTES):
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _write(writing: Connection, table: sa.Table, rows: list[Row], target: Database) -> int:
    """Write rows in the caller's transaction; returns how many. Raises ConcurrencyError when they are there already."""
    try:
        if writing.dialect.name == "sqlite":
            writing.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # until the end of this transaction
            places = ", ".join("?" * len(table.columns))
            writing.exec_driver_sql(f"INSERT INTO {table.name} ({_names(table)}) VALUES ({places})", rows)
        else:
            postgresql.copy(writing, table.name, _names(table), rows)
    except sa.exc.IntegrityError as error:
        raise ConcurrencyError(f"Somebody else writes into {target.name}.", remedy="Let the other copy finish.") from error
    except sa.exc.DataError as error:
        raise DatabaseDamaged(
            f"A row of {table.name} cannot be kept in {target.name} ({error.orig}).", remedy="Correct it in the source."
        ) from error
    return len(rows)


def _names(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


# -- proving -----------------------------------------------------------------------------------------------------------


class _Unequal(CascadeError):
    """The two databases do not hold the same."""


def _require_equal(source: Database, target: Database, declared: sa.MetaData, progress: Progress) -> dict[str, int]:
    """Compare every row of both, as they stand now; returns how many there are by table. Raises _Unequal."""
    counts: dict[str, int] = {}
    with source.read() as reading, target.read() as written:
        for table in (meta, *_tables(declared)):
            counts[table.name] = _count(reading, table)
            there = _count(written, table)
            if there != counts[table.name]:
                raise _Unequal(f"{table.name} has {counts[table.name]} rows there and {there} here")
        total = sum(counts.values())
        done = 0
        for table in (meta, *_tables(declared)):
            with closing(_rows(reading, table)) as here, closing(_rows(written, table)) as there_too:
                for one, other in zip_longest(here, there_too):
                    if one != other:
                        raise _Unequal(f"{table.name} differs at {_key(table, one or other)}")
            done += counts[table.name]
            progress("compare", done, total)
    return counts


def _explained(error: _Unequal, source: Database, target: Database, *, finished: bool) -> StorageError | AlreadyExists:
    if finished:
        return AlreadyExists(
            f"{target.name} holds this installation already, and one of the two has gone on since: {error.message}.",
            remedy="Nothing was changed. Work with one of them only.",
        )
    return StorageError(
        f"{target.name} does not equal {source.name}: {error.message}.",
        remedy="Somebody wrote meanwhile. Remove the unfinished copy, and copy again while nobody works.",
    )


def _key(table: sa.Table, row: Row | None) -> str:
    assert row is not None
    values = dict(zip(table.columns.keys(), row, strict=True))
    return ", ".join(str(values[column.name]) for column in table.primary_key.columns)


def _require_root(found: replay.Verification, root: str, target: Database) -> None:
    if found.divergence is not None:
        raise found.divergence
    if found.root != root:
        raise StorageError(f"The root over all histories in {target.name} is {found.root}, and not {root}.")


def _finish(target: Database, declared: sa.MetaData) -> None:
    """Let the server count on from the highest numbers, and take the mark away."""
    with target.write() as writing:
        if not target.is_sqlite:
            for table in _tables(declared):
                column = table.autoincrement_column
                if column is not None:
                    _count_on(writing, table.name, column.name)
        _mark(writing, HEAD)


def _count_on(writing: Connection, table: str, column: str) -> None:
    sequence = writing.execute(sa.text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": column})
    name = sequence.scalar()
    if name is not None:
        writing.exec_driver_sql(
            f"SELECT setval('{name}', COALESCE((SELECT MAX({column}) FROM {table}), 1), EXISTS (SELECT 1 FROM {table}))"
        )


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
