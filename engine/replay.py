"""Replays history: the fold from events to state, its comparison with the live rows, and the first divergence. It only reads.

The fold checks, in order: the sequence has no gap, each hash follows from the one before it, each body can be read, its
definition is the stored one, and that definition permits the move. What it yields must equal the live row in every column,
and the tallies must equal a recount.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from engine import events, rollup, store
from engine.clock import from_text, to_text
from engine.definition import Definition, from_source
from engine.errors import Divergence
from engine.instance import Instance, apply, begin
from engine.store import EVERYTHING, StoredEvent, Where

_REMEMBERED = 20_000  # moves whose outcome is remembered: bulk moves share one body


class Fold:
    """Folds stored events into instances, with the definitions that the database holds."""

    def __init__(self, stored: Iterable[store.StoredDefinition]) -> None:
        self.events = 0  # how many were folded
        self._ids: dict[str, int] = {}  # by digest
        self._definitions: dict[int, Definition] = {}  # by id
        self._steps: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # (definition id, before, recorded_at, body) -> after
        for row in stored:
            if hashlib.sha256(row.source.encode()).hexdigest() != row.digest:
                raise Divergence(
                    f"The stored definition {row.name} version {row.version} was altered: its digest does not match."
                )
            self._ids[row.digest] = row.id
            self._definitions[row.id] = from_source(row.source)

    def instances(self, history: Iterable[StoredEvent]) -> Iterator[Instance]:
        """Each instance as its events make it; the events come by instance and sequence. Raises Divergence at the first fault."""
        steps, sha256 = self._steps, hashlib.sha256
        id, seq, head = 0, 0, b""
        born: tuple[Any, ...] = ()  # the instance after its first event
        effect: tuple[Any, ...] = ()  # what its moves have made of it: state to done_at
        for row in history:
            if row[0] != id:
                if born:
                    self.events += seq
                    yield Instance._make((*born[:7], *effect, seq, head))
                born, definition = self._begin(row)
                id, seq, head, effect = born[0], 1, born[14], born[7:13]
                continue
            _, found, recorded_at, body, stored = row
            seq += 1
            if found != seq:
                raise _fault(id, seq, f"is missing: event {found} comes next")
            if sha256(head + body.encode()).digest() != stored:
                raise _fault(id, seq, "does not match its hash: it, or the one before it, was altered")
            head = stored
            step = (definition, effect, recorded_at, body)
            after = steps.get(step)
            if after is None:
                before = Instance._make((*born[:7], *effect, seq - 1, head))
                after = self._effect(before, row, step)
            effect = after
        if born:
            self.events += seq
            yield Instance._make((*born[:7], *effect, seq, head))

    def _begin(self, row: StoredEvent) -> tuple[Instance, int]:
        id, seq, _, body, stored = row
        if seq != 1:
            raise _fault(id, 1, f"is missing: event {seq} comes first")
        if events.chain(events.genesis(id), body) != stored:
            raise _fault(id, 1, "does not match its hash: it was altered")
        data = _value(row, events.STARTED)["data"]
        reference = data["definition"]
        if reference["digest"] not in self._ids:
            raise _fault(id, 1, f"names a definition that is not stored: {reference['name']} {reference['version']}")
        definition_id = self._ids[reference["digest"]]
        return begin(id, data, self._definitions[definition_id], definition_id, stored), definition_id

    def _effect(self, before: Instance, row: StoredEvent, step: tuple[Any, ...]) -> tuple[Any, ...]:
        value = _value(row, events.MOVED)
        after = apply(before, value["data"], from_text(value["at"]), self._definitions[before.definition_id], before.head)
        if len(self._steps) >= _REMEMBERED:
            self._steps.clear()
        effect = self._steps[step] = after[7:13]
        return effect


def _value(row: StoredEvent, type: str) -> events.Body:
    id, seq, recorded_at, body, _ = row
    try:
        value = events.decode(body)
    except Divergence as error:
        raise _fault(id, seq, "cannot be read") from error
    if value["type"] != type:
        raise _fault(id, seq, f"is '{value['type']}' where '{type}' belongs")
    if from_text(value["recorded"]) != recorded_at:
        raise _fault(id, seq, "was recorded at another moment than its row says")
    return value


def _fault(instance_id: int, seq: int, what: str) -> Divergence:
    return Divergence(f"Event {instance_id}/{seq} {what}.", instance=instance_id, seq=seq)


def states(connection: Connection, where: Where, *, until: int | None = None) -> Iterator[Instance]:
    """The instances that match, as their history makes them, now or as it was recorded at an instant (microseconds UTC)."""
    return Fold(store.definitions(connection)).instances(store.history(connection, where, until=until))


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
    alike: dict[tuple[Any, ...], list[Any]] = {}  # what is counted alike -> [one of them, how many]
    divergence: Divergence | None = None
    fold: Fold | None = None
    try:
        stored = store.definitions(connection)
        fold = Fold(stored)
        live = store.rows(connection, where)
        for folded in fold.instances(store.history(connection, where)):
            row = next(live, None)
            if row != folded:
                raise _difference(folded, row)
            heads.append(folded.head)
            alike.setdefault((folded.parent_id, folded.definition_id, *folded[7:12]), [folded, 0])[1] += 1
            if len(heads) % 10_000 == 0:
                progress(fold.events)
        unheard = next(live, None)
        if unheard is not None:
            raise _fault(unheard[0], 1, "is missing: the instance has no history")
        _require_same_tallies(connection, where, _recount(alike.values(), {row.id: row.name for row in stored}))
    except Divergence as error:
        divergence = error
    return Verification(instances=len(heads), events=fold.events if fold else 0, root=merkle_root(heads), divergence=divergence)


def _recount(alike: Iterable[list[Any]], kinds: dict[int, str]) -> rollup.Deltas:
    deltas: rollup.Deltas = Counter()
    for instance, n in alike:
        rollup.count(deltas, instance, kinds[instance.definition_id], n)
    return deltas


def _difference(folded: Instance, row: tuple[Any, ...] | None) -> Divergence:
    if row is None or row[0] > folded.id:
        return Divergence(f"Instance {folded.id} has a history but no live row.", instance=folded.id)
    live = Instance._make(row)
    if live.id < folded.id:
        return _fault(live.id, 1, "is missing: the instance has no history")
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
    if name.endswith("_at") and value is not None:
        return to_text(value)
    return repr(value)


def _require_same_tallies(connection: Connection, where: Where, recount: rollup.Deltas) -> None:
    """Compare the tallies of the nodes that were replayed; nodes above them also count others."""
    kept = {(node, row.key): row.n for node, row in store.tallies(connection, where)}
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
