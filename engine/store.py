"""The only writer of engine tables: every read and write of theirs, one function each. It decides nothing.

The statements are plain SQL that both databases understand, so that a transition costs little more than the driver does.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import events, postgresql
from engine.database import ask, run, stream
from engine.definition import Definition, from_source
from engine.errors import AlreadyExists, ConcurrencyError, DefinitionChanged, IdempotencyError, NotFound
from engine.instance import Instance
from engine.rollup import Deltas, Key, Row
from engine.where import KEYED, Where
from engine.where import clauses as conditions

_COLUMNS = ", ".join(Instance._fields)
BATCH = 1_000  # rows per statement of a bulk write: large enough to be quick, small enough to keep memory flat
_PAGE = 10_000  # instances that are read at a time where all are wanted
_NOTHING: Deltas = Counter()
_FEW = 20  # rows for which COPY costs more than it saves


def _value(cursor: Any) -> Any:
    """The first column of the first row; None where there is none."""
    row = cursor.fetchone()
    return None if row is None else row[0]


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """The items in lists of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


# -- definitions -------------------------------------------------------------------------------------------------------


def keep_definition(connection: Connection, definition: Definition) -> int:
    """The id under which a definition is stored, storing it if new; raises DefinitionChanged if its version has other content."""
    question = "SELECT id, digest FROM pc_definition WHERE name = ? AND version = ?"
    row = ask(connection, question, (definition.name, definition.version)).fetchone()
    if row is None:  # unless another process stores it at this moment: then it is asked for again
        sql = (
            "INSERT INTO pc_definition (name, version, digest, source) VALUES (?, ?, ?, ?) ON CONFLICT (name, version) DO NOTHING"
        )
        run(connection, sql, (definition.name, definition.version, definition.digest, definition.source))
        row = ask(connection, question, (definition.name, definition.version)).fetchone()
    if row[1] != definition.digest:
        raise DefinitionChanged(
            f"The definition {definition.name} version {definition.version} is stored with other content "
            f"({row[1][:12]}, not {definition.digest[:12]}).",
            remedy="Give the changed definition a new version.",
        )
    return int(row[0])


class StoredDefinition(NamedTuple):
    """A row of pc_definition."""

    id: int
    name: str
    version: int
    digest: str
    source: str


def definitions(connection: Connection) -> list[StoredDefinition]:
    """Every definition that was ever used here."""
    sql = "SELECT id, name, version, digest, source FROM pc_definition ORDER BY name, version"
    return [StoredDefinition._make(row) for row in ask(connection, sql)]


_parsed = lru_cache(maxsize=64)(from_source)


def definition(connection: Connection, definition_id: int) -> Definition:
    """A stored definition by its id."""
    source = _value(ask(connection, "SELECT source FROM pc_definition WHERE id = ?", (definition_id,)))
    if source is None:
        raise NotFound(f"There is no definition {definition_id} in this database.")
    return _parsed(source)


def parsed(stored: StoredDefinition) -> Definition:
    """What a row of pc_definition says."""
    return _parsed(stored.source)


# -- instances ---------------------------------------------------------------------------------------------------------


def allocate(connection: Connection, n: int) -> int:
    """The first of ``n`` consecutive instance ids that nobody else will get."""
    if connection.dialect.name != "sqlite":
        return postgresql.allocate(connection, n)
    return int(_value(run(connection, "SELECT COALESCE(MAX(id), 0) + 1 FROM pc_instance")))


def get(connection: Connection, instance_id: int) -> Instance:
    """An instance by its id; raises NotFound."""
    row = ask(connection, f"SELECT {_COLUMNS} FROM pc_instance WHERE id = ?", (instance_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no instance {instance_id} in this database.")
    return Instance._make(row)


def lock(connection: Connection, instance_id: int) -> Instance:
    """An instance that no other transaction moves, nor reads for the same purpose, before this one ends.

    Of two siblings that move at the same moment the second waits here, and then sees what the first one did. SQLite's
    writers are one at a time anyway.
    """
    if connection.dialect.name != "sqlite":
        run(connection, "SELECT 1 FROM pc_instance WHERE id = ? FOR NO KEY UPDATE", (instance_id,))
    return get(connection, instance_id)


def find(connection: Connection, case_id: int, assignee: str, key: str) -> Instance | None:
    """The instance of an assignee in a case."""
    sql = f"SELECT {_COLUMNS} FROM pc_instance WHERE case_id = ? AND assignee = ? AND key = ?"
    row = ask(connection, sql, (case_id, assignee, key)).fetchone()
    return Instance._make(row) if row else None


def by_key(connection: Connection, case_id: int, key: str) -> Instance | None:
    """An instance of a case by its key alone, which is not empty."""
    sql = f"SELECT {_COLUMNS} FROM pc_instance WHERE case_id = ? AND key = ? AND {KEYED} ORDER BY id LIMIT 1"
    row = ask(connection, sql, (case_id, key)).fetchone()
    return Instance._make(row) if row else None


def parents_among(connection: Connection, instance_ids: Sequence[int]) -> list[Instance]:
    """Those of the instances that have children."""
    sql = (
        f"SELECT {_COLUMNS} FROM pc_instance WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
        "AND EXISTS (SELECT 1 FROM pc_instance child WHERE child.parent_id = pc_instance.id)"
    )
    return [Instance._make(row) for row in ask(connection, sql, (events.canonical(list(instance_ids)),))]


def latest_done(connection: Connection, node_id: int) -> int | None:
    """When the last of a node's direct children that are done was done, microseconds UTC."""
    sql = "SELECT MAX(done_at) FROM pc_instance WHERE parent_id = ? AND standing <> 'out'"
    (found,) = ask(connection, sql, (node_id,)).fetchone()
    return None if found is None else int(found)


def parents_of(connection: Connection, kind: str) -> list[Instance]:
    """Every instance that has direct children of a kind."""
    sql = f"SELECT {_COLUMNS} FROM pc_instance WHERE id IN (SELECT node_id FROM pc_tally WHERE kind = ? AND near = 1)"
    return [Instance._make(row) for row in ask(connection, sql, (kind,))]


def select(connection: Connection, where: Where, *, order: str = "id", limit: int | None = None) -> Iterator[Instance]:
    """The instances that match, streamed. ``order``: id, path or due."""
    return map(Instance._make, rows(connection, where, order=order, limit=limit))


def rows(
    connection: Connection, where: Where, *, order: str = "id", limit: int | None = None, read: Callable[..., Any] = ask
) -> Iterator[tuple[Any, ...]]:
    """Like select, as plain tuples in the order of Instance's fields. ``read``: database.stream where there may be very many."""
    clauses, values = conditions(where)
    by = {"id": "id", "path": "path", "due": "due_at NULLS LAST, id"}[order]
    sql = f"SELECT {_COLUMNS} FROM pc_instance WHERE {' AND '.join(clauses) or '1 = 1'} ORDER BY {by}"
    if limit is not None:
        _walk_indexes(connection)
        sql += f" LIMIT {int(limit)}"
    return iter(read(connection, sql, tuple(values)))


def _walk_indexes(connection: Connection) -> None:
    """Keep a server from reading and sorting everything for the first lines of a list, to the end of this transaction.

    It would where it has no statistics of a table yet that was filled a minute ago: it takes it to be small.
    """
    if connection.dialect.name != "sqlite":
        run(connection, "SET LOCAL enable_bitmapscan = off")


def paged(connection: Connection, where: Where, *, limit: int | None = None) -> Iterator[Instance]:
    """As select, by id: whoever reads may move what was read, and only a few thousand instances are held at a time."""
    clauses, values = conditions(where)
    sql = f"SELECT id FROM pc_instance WHERE {' AND '.join(clauses) or '1 = 1'} ORDER BY id"
    ids = array("q", (id for (id,) in stream(connection, sql, tuple(values))))[:limit]
    for first in range(0, len(ids), _PAGE):
        yield from select(connection, Where(ids=tuple(ids[first : first + _PAGE])))


def matching(connection: Connection, where: Where) -> int:
    """How many instances match."""
    clauses, values = conditions(where)
    sql = f"SELECT COUNT(*) FROM pc_instance WHERE {' AND '.join(clauses) or '1 = 1'}"
    return int(_value(ask(connection, sql, tuple(values))))


# -- history -----------------------------------------------------------------------------------------------------------


def insert(connection: Connection, rows: Sequence[tuple[Instance, int, str]]) -> None:
    """New instances with their first events, (instance, recorded_at, body) each; raises AlreadyExists."""
    try:
        _put(connection, "pc_instance", _COLUMNS, [instance for instance, _, _ in rows])
    except sa.exc.IntegrityError as error:
        if "unique" not in str(error).lower():
            raise
        raise AlreadyExists(
            "One of these units already has its instance in this case.", remedy="Leave it out; each unit acts once."
        ) from error
    _put(connection, "pc_event", _EVENT, [(i.id, 1, recorded_at, body, i.head) for i, recorded_at, body in rows])


def _put(connection: Connection, table: str, columns: str, rows: list[Any]) -> None:
    if connection.dialect.name != "sqlite" and len(rows) > _FEW:
        postgresql.copy(connection, table, columns, rows)
    else:
        run(connection, f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(rows[0]))})", rows)


def append(
    connection: Connection, before: Instance, after: Instance, recorded_at: int, body: str, deltas: Deltas = _NOTHING
) -> None:
    """One move, and what is to be added to tallies; raises ConcurrencyError if the instance is not at ``before.revision``."""
    changes, values = _changes(before, after)
    if connection.dialect.name != "sqlite":
        counted = _tally_rows(deltas, postgresql.slot())
        if postgresql.move(connection, changes, values, after, recorded_at, body, counted) != 1:
            raise stale(before)
        return
    changed = (*values, after.revision, after.head, after.id, before.revision)
    if run(connection, _UPDATE.format(changes), changed).rowcount != 1:
        raise stale(before)
    run(connection, _APPEND, (after.id, after.revision, recorded_at, body, after.head))
    add_tally(connection, deltas)


def append_alike(connection: Connection, alike: Sequence[Instance], after: Instance, recorded_at: int, body: str) -> None:
    """The same move for many that stand alike: they all end like ``after``, but for revision and head."""
    changes, values = _changes(alike[0], after)
    if connection.dialect.name != "sqlite":
        moved = postgresql.move_alike(connection, changes, values, alike, recorded_at, body)
    else:
        encoded = body.encode()
        sha256 = hashlib.sha256
        heads = [sha256(before.head + encoded).digest() for before in alike]
        rows = [(*values, i.revision + 1, head, i.id, i.revision) for i, head in zip(alike, heads, strict=True)]
        moved = run(connection, _UPDATE.format(changes), rows).rowcount
        run(connection, _APPEND, [(i.id, i.revision + 1, recorded_at, body, h) for i, h in zip(alike, heads, strict=True)])
    if moved != len(alike):
        raise ConcurrencyError(remedy="Try again.")


_UPDATE = "UPDATE pc_instance SET {}, revision = ?, head = ? WHERE id = ? AND revision = ?"
_EVENT = "instance_id, seq, recorded_at, body, hash"
_APPEND = f"INSERT INTO pc_event ({_EVENT}) VALUES (?, ?, ?, ?, ?)"


def _changes(before: Instance, after: Instance) -> tuple[str, Sequence[Any]]:
    """What a move sets, and the values: state, rank and trail, and where they change standing and dates.

    Every index by standing would be written again for nothing where they do not.
    """
    changed = 10 if before[10:13] == after[10:13] else 13
    return ", ".join(f"{column} = ?" for column in Instance._fields[7:changed]), after[7:changed]


def stale(before: Instance) -> ConcurrencyError:
    """The error for an instance that somebody else moved."""
    return ConcurrencyError(
        f"{before.assignee} was moved by somebody else since revision {before.revision}.",
        remedy="Look at its status and try again.",
        instance=before.id,
        revision=before.revision,
    )


# A row of pc_event: instance_id, seq, recorded_at, body, hash. A plain tuple, for there are many; the body as it was hashed.
StoredEvent: TypeAlias = tuple[int, int, int, bytes, bytes]


def history(connection: Connection, where: Where) -> Iterator[StoredEvent]:
    """The events of the instances that match, by instance and sequence, streamed."""
    clauses, values = conditions(where)
    these = f"instance_id IN (SELECT id FROM pc_instance WHERE {' AND '.join(clauses)})" if clauses else "1 = 1"
    sql = f"SELECT instance_id, seq, recorded_at, CAST(body AS BLOB), hash FROM pc_event WHERE {these} ORDER BY instance_id, seq"
    return stream(connection, sql, tuple(values))


def first_bodies(connection: Connection, instance_ids: Sequence[int]) -> dict[int, str]:
    """The bodies of the first events of instances, by instance id."""
    found: dict[int, str] = {}
    for batch in batches(instance_ids, 500):
        sql = f"SELECT instance_id, body FROM pc_event WHERE seq = 1 AND instance_id IN ({', '.join('?' * len(batch))})"
        found.update((row[0], row[1]) for row in ask(connection, sql, tuple(batch)))
    return found


# -- tallies -----------------------------------------------------------------------------------------------------------


def add_tally(connection: Connection, deltas: Deltas) -> None:
    """Add the deltas to the tallies of their nodes.

    SQLite has one writer at a time. Where several write at once, each counts in a slot of its own choice; the rows are
    locked in one order, and whoever has locked one writes nothing else before it commits, so nobody waits in a circle.
    """
    slot = 0 if connection.dialect.name == "sqlite" else postgresql.slot()
    for rows in batches(_tally_rows(deltas, slot), _TALLIED):
        run(connection, _ADD_TALLY.format(", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(rows))), tuple(chain(*rows)))


def _tally_rows(deltas: Deltas, slot: int) -> list[tuple[Any, ...]]:
    return [(node, *key, slot, n) for (node, key), n in sorted(deltas.items()) if n]


_TALLIED = 100  # rows per statement
_ADD_TALLY = (
    f"INSERT INTO pc_tally (node_id, kind, near, state, rank, standing, due_at, slot, n) VALUES {{}} {postgresql.COUNT_ON}"
)


def tally(connection: Connection, node_id: int, kind: str | None = None) -> list[Row]:
    """What a node's tally says, of one kind or of all."""
    sql = "SELECT kind, near, state, rank, standing, due_at, SUM(n) FROM pc_tally WHERE node_id = ?"
    values: tuple[Any, ...] = (node_id,)
    if kind is not None:
        sql += " AND kind = ?"
        values += (kind,)
    sql += " GROUP BY kind, near, state, rank, standing, due_at HAVING SUM(n) <> 0"
    return [Row(Key._make(row[:6]), int(row[6])) for row in ask(connection, sql, values)]


class Parent(NamedTuple):
    """What says which moves may follow from an instance's children."""

    id: int
    definition_id: int
    state: str


def near_tallies(connection: Connection, ids: Sequence[int]) -> dict[Parent, list[Row]]:
    """Of those instances that have direct children: how many of them, of each kind and standing, have come how far.

    Asked after every move, so what nobody needs is left out: of the keys the states and due dates, and adding up is done here.
    """
    sql = (
        "SELECT t.node_id, i.definition_id, i.state, t.kind, t.rank, t.standing, t.n FROM pc_tally t "
        f"JOIN pc_instance i ON i.id = t.node_id WHERE t.node_id IN ({', '.join('?' * len(ids))}) AND t.near = 1"
    )
    counted: dict[tuple[Any, ...], int] = {}
    for row in ask(connection, sql, tuple(ids)):
        counted[row[:6]] = counted.get(row[:6], 0) + row[6]
    found: dict[Parent, list[Row]] = {}
    for (id, definition_id, state, kind, rank, standing), n in counted.items():
        if n:
            found.setdefault(Parent(id, definition_id, state), []).append(Row(Key(kind, 1, "", rank, standing, 0), n))
    return found


def events_of(connection: Connection, where: Where) -> int:
    """How many events the instances that match have."""
    clauses, values = conditions(where)
    sql = f"SELECT COALESCE(SUM(revision), 0) FROM pc_instance WHERE {' AND '.join(clauses) or '1 = 1'}"
    return int(_value(ask(connection, sql, tuple(values))))


def open_before(connection: Connection, kinds: Iterable[str], due_before: int) -> int:
    """How many open instances of some kinds are due before an instant, by the tallies of the roots: none of these is counted."""
    sql = (
        "SELECT COALESCE(SUM(n), 0) FROM pc_tally WHERE node_id IN (SELECT id FROM pc_instance WHERE parent_id IS NULL) "
        "AND standing = 'open' AND due_at > 0 AND due_at < ? AND kind IN (SELECT value FROM json_each(?))"
    )
    return int(_value(ask(connection, sql, (due_before, events.canonical(sorted(kinds))))))


def tallies(connection: Connection, where: Where, *, read: Callable[..., Any] = ask) -> Iterator[tuple[int, Row]]:
    """The tallies of all nodes that match. ``read``: database.stream where there may be very many."""
    clauses, values = conditions(where)
    sql = (
        "SELECT t.node_id, t.kind, t.near, t.state, t.rank, t.standing, t.due_at, SUM(t.n) "
        f"FROM pc_tally t WHERE t.node_id IN (SELECT id FROM pc_instance WHERE {' AND '.join(clauses) or '1 = 1'}) "
        "GROUP BY t.node_id, t.kind, t.near, t.state, t.rank, t.standing, t.due_at HAVING SUM(t.n) <> 0"
    )
    return ((row[0], Row(Key._make(row[1:7]), int(row[7]))) for row in read(connection, sql, tuple(values)))


def child_with(connection: Connection, node_id: int, key: Key) -> int | None:
    """A direct child of a node below which an instance is counted under a key."""
    sql = (
        "SELECT i.id FROM pc_instance i JOIN pc_tally t ON t.node_id = i.id WHERE i.parent_id = ? "
        "AND t.kind = ? AND t.state = ? AND t.rank = ? AND t.standing = ? AND t.due_at = ? "
        "GROUP BY i.id HAVING SUM(t.n) > 0 ORDER BY i.id LIMIT 1"
    )
    found = _value(ask(connection, sql, (node_id, key.kind, key.state, key.rank, key.standing, key.due_at)))
    return None if found is None else int(found)


def child_under(connection: Connection, node_id: int, key: Key) -> Instance | None:
    """The oldest direct child of a node that is itself counted under a key, which is one of open or paused instances."""
    # A range, and the order of the index: with an equality a server might walk all instances by id instead.
    due = "due_at IS NULL" if key.due_at == 0 else f"due_at BETWEEN {key.due_at:d} AND {key.due_at:d}"
    sql = (
        f"SELECT {_COLUMNS} FROM pc_instance WHERE parent_id = ? AND state = ? AND {due} AND standing = ? AND rank = ? "
        "AND definition_id IN (SELECT id FROM pc_definition WHERE name = ?) ORDER BY due_at, id LIMIT 1"
    )
    _walk_indexes(connection)
    row = ask(connection, sql, (node_id, key.state, key.standing, key.rank, key.kind)).fetchone()
    return Instance._make(row) if row else None


# -- commands, outbox, attachments -------------------------------------------------------------------------------------


def answer(connection: Connection, key: str, request: str) -> str | None:
    """What was answered to this command when it was given before; raises IdempotencyError if the key was another command's."""
    row = ask(connection, "SELECT request, result FROM pc_command WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row[0] != request:
        raise IdempotencyError(f"The idempotency key '{key}' was already used for another command.", remedy="Choose a new key.")
    return str(row[1])


def keep_answer(connection: Connection, key: str, request: str, result: str, recorded_at: int) -> None:
    """Remember what was answered to a command; raises ConcurrencyError when another process was given it at the same time."""
    sql = "INSERT INTO pc_command (key, request, result, recorded_at) VALUES (?, ?, ?, ?)"
    try:
        run(connection, sql, (key, request, result, recorded_at))
    except sa.exc.IntegrityError as error:
        raise ConcurrencyError(
            f"The command with the key '{key}' was given twice at the same time.", remedy="Give it again."
        ) from error


def enqueue(connection: Connection, topic: str, payload: object, recorded_at: int) -> int:
    """Background work that commits with this transaction; returns its id in the outbox."""
    sql = "INSERT INTO pc_outbox (topic, payload, recorded_at) VALUES (?, ?, ?) RETURNING id"
    return int(_value(run(connection, sql, (topic, events.canonical(payload), recorded_at))))


def attach(connection: Connection, content: bytes) -> str:
    """Keep a file's content; returns its SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    sql = "INSERT INTO pc_attachment (digest, size, content) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING"
    run(connection, sql, (digest, len(content), content))
    return digest


def attachment(connection: Connection, digest: str) -> bytes:
    """The content of a kept file; raises NotFound."""
    content = _value(ask(connection, "SELECT content FROM pc_attachment WHERE digest = ?", (digest,)))
    if content is None:
        raise NotFound(f"There is no attachment {digest} in this database.")
    return bytes(content)
