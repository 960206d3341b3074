"""Every error the engine and its callers raise: one tree, whose docstrings are the default messages.

A message says what was refused and where; the remedy says what to do next; ``facts`` carries the values for programs.
The command line turns any of these into one line and exit code 1.
"""

from __future__ import annotations

from pathlib import Path


class CascadeError(Exception):
    """The operation was refused."""

    def __init__(self, message: str | None = None, *, remedy: str | None = None, **facts: object) -> None:
        self.message = message or (type(self).__doc__ or "").strip().split("\n")[0]
        self.remedy = remedy
        self.facts = facts
        super().__init__(self.message if remedy is None else f"{self.message} {remedy}")


class InputError(CascadeError):
    """A file or a value that was given cannot be used."""

    def __init__(
        self,
        message: str | None = None,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        remedy: str | None = None,
        **facts: object,
    ) -> None:
        where = "" if not file else f"{file}:{line}: " if line is not None else f"{file}: "
        super().__init__(f"{where}{message}" if message else None, remedy=remedy, **facts)
        self.file = str(file) if file else None
        self.line = line


class DefinitionError(InputError):
    """The workflow definition is not sound."""


class DefinitionChanged(CascadeError):
    """This version of the definition is already stored with other content."""


class NotFound(CascadeError):
    """There is no such thing in this database."""


class Ambiguous(CascadeError):
    """More than one thing matches."""


class AlreadyExists(CascadeError):
    """This is already recorded."""


class TransitionRefused(CascadeError):
    """The move is not permitted."""


class UnknownTrigger(TransitionRefused):
    """The definition has no such trigger."""


class NotPermitted(TransitionRefused):
    """The trigger is not permitted from this state."""


class GuardRefused(TransitionRefused):
    """A guard refused the move."""


class FieldsRefused(TransitionRefused):
    """The values given with the move are not what the transition requires."""


class NotAuthorised(TransitionRefused):
    """The operator holds no grant for this."""


class ConcurrencyError(CascadeError):
    """Somebody else moved this instance first."""


class IdempotencyError(CascadeError):
    """This idempotency key was already used for another command."""


class StorageError(CascadeError):
    """The database refused."""


class DatabaseMissing(StorageError):
    """There is no database here yet."""


class DatabaseOutdated(StorageError):
    """The database has an older layout than this program."""


class DatabaseNewer(StorageError):
    """The database has a newer layout than this program."""


class DatabaseUnfinished(StorageError):
    """The database is a copy that was not finished."""


class DatabaseLocked(StorageError):
    """Another process holds the database."""


class DatabaseReadOnly(StorageError):
    """The database cannot be written."""


class DatabaseFull(StorageError):
    """There is no room left for the database."""


class DatabaseDamaged(StorageError):
    """The file is not a database of this program, or it is damaged."""


class Divergence(CascadeError):
    """History and live state disagree."""
