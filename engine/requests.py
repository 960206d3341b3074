"""What is asked of the runtime, and what it answers: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from engine.errors import TransitionRefused
from engine.instance import Instance


class Authority(Protocol):
    """Says whether an actor holds a role on a body."""

    def require(self, role: str, assignee: str) -> None:
        """Raise NotAuthorised unless the actor holds the role there."""


class NewChild(NamedTuple):
    """A child to be spawned."""

    assignee: str
    key: str = ""
    due_at: int | None = None  # microseconds UTC: the first instant that is too late
    data: Mapping[str, Any] = {}  # further data of its started event


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An instance that a bulk move did not move, and why."""

    instance: Instance
    error: TransitionRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What a bulk move did, or would do."""

    moved: tuple[int, ...]  # instance ids
    refused: tuple[Refusal, ...]


@dataclass(slots=True, kw_only=True)
class MoveRequest:
    """What is asked of one or many instances."""

    trigger: str
    occurred_at: datetime | None = None  # when it happened; None: now
    fields: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    note: str | None = None
    attachments: Sequence[Mapping[str, Any]] = ()  # name, size, digest of each
