"""Replays history: the fold from events to state, its comparison with the live rows, and the first divergence. It only reads.

The fold checks, in order: the sequence has no gap, each hash follows from the one before it, each body can be read, its
definition is the stored one, and that definition permits the move. What it yields must equal the live row in every column,
and the tallies must equal a recount.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from engine import events, rollup, store
from engine.clock import from_text, to_text
from engine.database import stream
from engine.definition import Definition, from_source
from engine.errors import DefinitionError, Divergence, InputError
from engine.instance import Instance, apply, beginning, identity
from engine.store import StoredEvent
from engine.where import EVERYTHING, Where

FOREVER = 2**63 - 1  # later than every instant, microseconds UTC
_REMEMBERED = 1_000  # steps whose effect is remembered: more would cost more to keep than to decide again
_ASSIGNEE, _PATH = b'"assignee":"', b'"path":"'
_MOMENT = b"\0"  # stands for the moment of recording; no JSON holds it
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, InputError)  # what a body of another shape leads to

# What the moves of an instance change in its row: state, rank, trail, standing, due_at, done_at.
Effect: TypeAlias = tuple[Any, ...]
_Beginning: TypeAlias = tuple[dict[str, Any], int, Effect]  # data of the first event, id of the definition, where it begins


class Fold:
    """Folds stored events into instances, with the definitions that the database holds."""

    def __init__(self, stored: Iterable[store.StoredDefinition]) -> None:
        self.events = 0  # how many were folded
        self._ids: dict[str, int] = {}  # by digest
        self._definitions: dict[int, Definition] = {}  # by id
        # Bodies that differ by nothing but the moment of recording move alike: each kind is read and decided once.
        # (definition id, before, body without its moment, whether in term) -> after, whether it became done at that moment
        self._alike: dict[tuple[bytes, ...], _Beginning] = {}  # by the moment, and a first body's text around assignee and path
        self._beginnings: dict[tuple[int, str | None], Effect] = {}  # by definition id and due date
        self._steps: dict[tuple[Any, ...], tuple[Effect, bool]] = {}
        for row in stored:
            if hashlib.sha256(row.source.encode()).hexdigest() != row.digest:
                raise Divergence(
                    f"The stored definition {row.name} version {row.version} was altered: its digest does not match."
                )
            self._ids[row.digest] = row.id
            try:
                self._definitions[row.id] = from_source(row.source)
            except (ValueError, TypeError, DefinitionError) as error:
                raise Divergence(f"The stored definition {row.name} version {row.version} cannot be read.") from error

    def instances(self, history: Iterable[StoredEvent]) -> Iterator[Instance]:
        """Like rows, as instances."""
        return map(Instance._make, self.rows(history))

    def rows(self, history: Iterable[StoredEvent], until: int = FOREVER) -> Iterator[tuple[Any, ...]]:
        """Each instance as its events make it, in the order of Instance's fields; the events come by instance and sequence.

        ``until``, microseconds UTC: of each instance the events before the first one that was recorded later. A clock that was
        set back lets a later event bear an earlier moment; the sequence is what counts. Raises Divergence at the first fault.
        """
        sha256, steps = hashlib.sha256, self._steps
        id, seq, head, ended = 0, 0, b"", 0
        moments: dict[int, bytes] = {}  # as text: many share their moment
        own: tuple[Any, ...] = ()  # what no move changes: id to key
        effect: Effect = ()
        for row in history:
            instance_id, found, recorded_at, body, stored = row
            if recorded_at > until:
                ended = instance_id
            if instance_id == ended:
                continue
            if instance_id != id:
                if own:
                    self.events += seq
                    yield (*own, *effect, seq, head)
                id, seq, head = instance_id, 0, events.genesis(instance_id)
            seq += 1
            if found != seq:
                raise _fault(id, seq, f"is missing: event {found} comes next")
            if sha256(head + body).digest() != stored:
                raise _fault(id, seq, "does not match its hash: it, or the one before it, was altered")
            head = stored
            moment = moments.get(recorded_at)
            if moment is None:
                moment = to_text(recorded_at).encode()
                if len(moments) < _REMEMBERED:
                    moments[recorded_at] = moment
            try:
                if seq == 1:
                    own, effect = self._begin(row, moment)
                    continue
                due_at = effect[4]
                step = (own[4], effect, body.replace(moment, _MOMENT), due_at is not None and recorded_at < due_at)
                known = steps.get(step)
                if known is None:
                    effect = self._move(own, effect, row, moment, step)
                else:
                    effect = (*known[0][:5], recorded_at) if known[1] else known[0]
            except _UNREADABLE as error:
                raise _fault(id, seq, "cannot be read") from error
        if own:
            self.events += seq
            yield (*own, *effect, seq, head)

    def _begin(self, row: StoredEvent, moment: bytes) -> tuple[tuple[Any, ...], Effect]:
        """What no move changes of an instance, and where it begins: bodies alike but for assignee and path are read once."""
        body = row[3]
        before, _, rest = body.partition(_ASSIGNEE)
        assignee, _, rest = rest.partition(b'"')
        between, _, rest = rest.partition(_PATH)
        path, _, after = rest.partition(b'"')
        like = (moment, before, between, after)
        text = assignee.decode()
        known = self._alike.get(like) if text.isprintable() and b"\\" not in assignee else None  # else JSON writes it otherwise
        if known is not None:
            data, definition_id, effect = known
            return identity(row[0], {**data, "assignee": text, "path": path.decode()}, definition_id), effect
        data, definition_id, effect = self._begin_apart(row, moment)
        found = (data["assignee"], data["path"].encode()) == (text, path)
        if found and len(self._alike) < _REMEMBERED:
            self._alike[like] = {"case": data["case"], "key": data["key"]}, definition_id, effect
        return identity(row[0], data, definition_id), effect

    def _begin_apart(self, row: StoredEvent, moment: bytes) -> _Beginning:
        data = self._value(row, events.STARTED, moment)["data"]
        reference = data["definition"]
        definition_id = self._ids.get(reference["digest"])
        if definition_id is None:
            raise _fault(row[0], 1, f"names a definition that is not stored: {reference['name']} {reference['version']}")
        due = data.get("due")
        effect = self._beginnings.get((definition_id, due))
        if effect is None:
            effect = self._beginnings[definition_id, due] = beginning(self._definitions[definition_id], due)
        return data, definition_id, effect

    def _move(self, own: tuple[Any, ...], before: Effect, row: StoredEvent, moment: bytes, step: tuple[Any, ...]) -> Effect:
        """What a move makes of an instance; raises Divergence when its definition does not permit it."""
        value = self._value(row, events.MOVED, moment)
        data = value["data"]
        at_once = value["at"] == value["recorded"]
        occurred_at = row[2] if at_once else from_text(value["at"])
        instance = Instance._make((*own, *before, row[1] - 1, b""))
        after = apply(instance, data, occurred_at, self._definitions[own[4]], row[4])[7:13]
        # The moment stands where it was taken out, and nowhere else; and no new due date decides whether it was in term.
        if step[2].count(_MOMENT) == 1 + at_once and "due" not in data and before[5] != occurred_at:
            if len(self._steps) >= _REMEMBERED:
                self._steps.clear()
            self._steps[step] = after, at_once and after[5] == occurred_at
        return after

    def _value(self, row: StoredEvent, type: str, moment: bytes) -> events.Body:
        """What the body of an event says, which must be of this type and of the moment that its row says."""
        try:
            value = events.decode(row[3])
        except Divergence as error:
            raise _fault(row[0], row[1], "cannot be read") from error
        if value["type"] != type:
            raise _fault(row[0], row[1], f"is '{value['type']}' where '{type}' belongs")
        if value["recorded"].encode() != moment:
            raise _fault(row[0], row[1], "was recorded at another moment than its row says")
        return value


def _fault(instance_id: int, seq: int, what: str) -> Divergence:
    return Divergence(f"Event {instance_id}/{seq} {what}.", instance=instance_id, seq=seq)


def states(connection: Connection, where: Where, *, until: int = FOREVER) -> Iterator[Instance]:
    """The instances that match, as their history makes them, now or as it was recorded at an instant (microseconds UTC)."""
    return map(Instance._make, rows(connection, where, until=until))


def rows(connection: Connection, where: Where, *, until: int = FOREVER) -> Iterator[tuple[Any, ...]]:
    """Like states, as plain tuples in the order of Instance's fields."""
    return Fold(store.definitions(connection)).rows(store.history(connection, where), until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found."""

    instances: int
    events: int
    root: str  # Merkle root over the heads of all chains checked, hexadecimal
    divergence: Divergence | None  # the first one; None: history and live state agree


def verify(
    connection: Connection, where: Where = EVERYTHING, *, progress: Callable[[int], None] = lambda _events: None
) -> Verification:
    """Replay the history of the instances that match and compare it with the live rows and tallies.

    ``progress`` is told the number of events folded so far, now and then.
    """
    heads: list[bytes] = []
    divergence: Divergence | None = None
    fold: Fold | None = None
    try:
        stored = store.definitions(connection)
        fold = Fold(stored)

        def agreeing() -> Iterator[tuple[Any, ...]]:
            for made, row in zip_longest(fold.rows(store.history(connection, where)), store.rows(connection, where, read=stream)):
                if made != row:
                    raise _difference(made, row)
                heads.append(made[14])
                if len(heads) % 10_000 == 0:
                    progress(fold.events)
                yield made

        recount = rollup.recount(rollup.alike(agreeing()), {row.id: row.name for row in stored})
        _require_same_tallies(connection, where, recount)
    except Divergence as error:
        divergence = error
    return Verification(instances=len(heads), events=fold.events if fold else 0, root=merkle_root(heads), divergence=divergence)


def _difference(made: tuple[Any, ...] | None, row: tuple[Any, ...] | None) -> Divergence:
    """What is wrong where the instance that its history makes is not the live row; either may be absent."""
    if made is None or (row is not None and row[0] < made[0]):
        assert row is not None
        return _fault(row[0], 1, "is missing: the instance has no history")
    if row is None or row[0] > made[0]:
        return Divergence(f"Instance {made[0]} has a history but no live row.", instance=made[0])
    folded, live = Instance._make(made), Instance._make(row)
    name = next(field for field in Instance._fields if getattr(live, field) != getattr(folded, field))
    return Divergence(
        f"Instance {live.id} ({live.assignee}): {name} is {_shown(name, live)}, its history makes it {_shown(name, folded)}.",
        instance=live.id,
        seq=folded.revision,
        field=name,
    )


def _shown(name: str, instance: Instance) -> str:
    value = getattr(instance, name)
    if isinstance(value, bytes):
        return value.hex()[:16]
    if name.endswith("_at") and isinstance(value, int):
        return to_text(value)
    return repr(value)


def _require_same_tallies(connection: Connection, where: Where, recount: rollup.Deltas) -> None:
    """Compare the tallies of the nodes that were replayed; nodes above them also count others."""
    kept = {(node, row.key): row.n for node, row in store.tallies(connection, where, read=stream)}
    above = {int(part) for part in (where.below or "").split(".")[:-2]}
    for node, key in sorted({*kept, *recount}):
        if node not in above and kept.get((node, key), 0) != recount[node, key]:
            raise Divergence(
                f"The tally of instance {node} counts {kept.get((node, key), 0)} in state '{key.state}' ({key.standing}); "
                f"a recount makes it {recount[node, key]}.",
                instance=node,
            )


def merkle_root(heads: list[bytes]) -> str:
    """The root over chain heads in order of instance, hexadecimal; leaves and nodes are hashed apart as in RFC 6962."""
    level = [hashlib.sha256(b"\x00" + head).digest() for head in heads]
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return (level[0] if level else hashlib.sha256(b"").digest()).hex()
