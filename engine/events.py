"""What an event is: stable names and versions, canonical JSON, the hash chain, upcasters. Storing it is the store's business.

The body is stored exactly as it was hashed, so verifying needs no second serialisation: the hash of event n is
SHA-256(hash of event n-1, body of event n), and the first one hangs on the instance's own number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from engine.clock import from_text, to_text
from engine.errors import Divergence

STARTED = "started"
MOVED = "moved"
VERSIONS: Mapping[str, int] = {STARTED: 1, MOVED: 1}  # the newest version of each type

Body = dict[str, Any]
# (type, version) -> the same body one version later; applied step by step.
Upcasters = Mapping[tuple[str, int], Callable[[Body], Body]]
UPCASTERS: Upcasters = {}


class Cause(NamedTuple):
    """The event that made another one follow."""

    instance_id: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to one instance."""

    instance_id: int
    seq: int  # 1, 2, 3 … within the instance
    type: str  # STARTED or MOVED
    occurred_at: int  # microseconds UTC: when it happened
    recorded_at: int  # microseconds UTC: when this database learned of it
    actor: str  # operator's name, or "system"
    cause: Cause | None
    data: Body


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, UTF-8 left as it is: one text per value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def encode(*, type: str, occurred_at: int, recorded_at: int, actor: str, cause: Cause | None, data: Body) -> str:
    """The body of an event: canonical JSON that holds everything but its place in the history."""
    return canonical(
        {
            "actor": actor,
            "at": to_text(occurred_at),
            "cause": list(cause) if cause else None,
            "data": data,
            "recorded": to_text(recorded_at),
            "type": type,
            "v": VERSIONS[type],
        }
    )


def decode(body: str | bytes, upcasters: Upcasters = UPCASTERS) -> Body:
    """The body as a mapping of the newest version; raises Divergence when it is not readable."""
    try:
        value: Body = orjson.loads(body)
        while value["v"] != VERSIONS[value["type"]]:
            value = upcasters[value["type"], value["v"]](value)
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Divergence(f"An event cannot be read: {body[:80]!r}.") from error
    return value


def event(instance_id: int, seq: int, body: str | bytes) -> Event:
    """The event stored at a place in the history."""
    value = decode(body)
    return Event(
        instance_id=instance_id,
        seq=seq,
        type=value["type"],
        occurred_at=from_text(value["at"]),
        recorded_at=from_text(value["recorded"]),
        actor=value["actor"],
        cause=Cause(*value["cause"]) if value["cause"] else None,
        data=value["data"],
    )


def genesis(instance_id: int) -> bytes:
    """What the first event of an instance is chained to, so that histories cannot be exchanged."""
    return hashlib.sha256(b"plan-cascade instance %d" % instance_id).digest()


def chain(previous: bytes, body: str) -> bytes:
    """The hash of an event, 32 bytes, from the hash before it and its body."""
    return hashlib.sha256(previous + body.encode()).digest()
