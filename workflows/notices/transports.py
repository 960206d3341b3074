"""How a message leaves: into a Maildir folder or to an SMTP server. They know bytes and addresses, and no database."""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from engine.errors import CascadeError, InputError

USER = "CASCADE_SMTP_USER"  # environment variables; nothing else holds the password
PASSWORD = "CASCADE_SMTP_PASSWORD"
TIMEOUT = 30.0  # seconds for an answer of the SMTP server


class TemporaryFailure(CascadeError):
    """The message was not taken now."""


class PermanentFailure(CascadeError):
    """The message will not be taken."""


class Unreachable(CascadeError):
    """The way out is closed, or broke off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message about to leave."""

    message_id: str  # without angle brackets
    sender: str  # address that refusals go back to
    to: Sequence[str]  # addresses
    content: bytes  # as kept; lines end in "\n"


class Session(Protocol):
    """An open way out."""

    def send(self, message: Outgoing) -> str | None:
        """Hand a message over; the answer is what is to be remarked, if anything.

        Raises TemporaryFailure, PermanentFailure; Unreachable when no other message can follow either.
        """


class Transport(Protocol):
    """A way out, which is opened for a batch of messages."""

    def open(self) -> AbstractContextManager[Session]:
        """Open it for a while; raises Unreachable."""


def transport_from(url: str, environment: Mapping[str, str] = os.environ) -> Transport:
    """What "maildir:/folder", "smtp://host:port" or "smtp://host:587?starttls=yes" names; raises InputError.

    Name and password for the SMTP server come from CASCADE_SMTP_USER and CASCADE_SMTP_PASSWORD.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"'{url}' is not an address ({error}).", remedy="Write HOST:PORT with a port up to 65535.") from error
    if parts.scheme == "maildir" and parts.path and not parts.netloc:
        return Maildir(Path(parts.path))
    if parts.scheme != "smtp" or not parts.hostname or parts.path.strip("/"):
        raise InputError(f"'{url}' names no way to send.", remedy="Write maildir:/FOLDER or smtp://HOST:PORT?starttls=yes")
    if parts.username or parts.password:
        raise InputError("A password does not belong in the address of a server.", remedy=f"Set {USER} and {PASSWORD}.")
    starttls = parse_qs(parts.query).get("starttls", ["no"])[-1] in ("yes", "true", "1")
    user = environment.get(USER)
    if user and not starttls and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise InputError(f"The password would travel unencrypted to {parts.hostname}.", remedy="Add ?starttls=yes")
    return Smtp(
        host=parts.hostname,
        port=port or (587 if starttls else 25),
        starttls=starttls,
        user=user,
        password=environment.get(PASSWORD, ""),
    )


# -- Maildir -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Maildir:
    """A folder of messages as mail readers know it; made when it is missing."""

    folder: Path

    @contextmanager
    def open(self) -> Iterator[Session]:
        """The folder, ready to take files; raises Unreachable."""
        try:
            for name in ("tmp", "new", "cur"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"{self.folder} cannot be written ({error.strerror}).") from error
        yield _MaildirSession(self.folder)


class _MaildirSession:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[str] = set()  # names of the messages in cur/, without flags
        self._read_at = -1  # when cur/ was changed as it was listed, nanoseconds

    def send(self, message: Outgoing) -> str | None:
        """Write the file unless it is there: its name follows from the Message-ID, so a repeat finds it."""
        name = file_name(message.message_id)
        try:
            if (self._folder / "new" / name).exists() or name in self._in_cur():
                (self._folder / "tmp" / name).unlink(missing_ok=True)  # of one who was killed right after the link
            else:
                self._deliver(name, message.content)
        except OSError as error:
            raise Unreachable(f"{self._folder} cannot be written ({error.strerror}).") from error
        return None

    def _deliver(self, name: str, content: bytes) -> None:
        draft = self._folder / "tmp" / name
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces what a reader may have opened.
        try:
            os.link(draft, self._folder / "new" / name)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        _sync(self._folder / "new")

    def _in_cur(self) -> set[str]:
        cur = self._folder / "cur"
        changed = cur.stat().st_mtime_ns
        if changed != self._read_at:
            self._read = {entry.name.partition(":")[0] for entry in os.scandir(cur)}
            self._read_at = changed
        return self._read


def file_name(message_id: str) -> str:
    """The name of a message's file, without a reader's flags."""
    if len(message_id) <= 200 and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9@._-]*", message_id, re.ASCII):
        return message_id
    return hashlib.sha256(message_id.encode()).hexdigest()


def _sync(folder: Path) -> None:
    """Make a folder's new entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# -- SMTP --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """An SMTP server."""

    host: str
    port: int
    starttls: bool = False  # True: nothing is sent unencrypted
    user: str | None = None
    password: str = ""

    @contextmanager
    def open(self) -> Iterator[Session]:
        """A connection, encrypted and logged in as configured; raises Unreachable."""
        server = f"{self.host}:{self.port}"
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:  # ssl.SSLError is an OSError
            raise Unreachable(f"The mail server {server} cannot be used ({_say(error)}).") from error
        try:
            yield _SmtpSession(connection, server)
        finally:
            _leave(connection)

    def _connect(self) -> smtplib.SMTP:
        connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.starttls:
                import ssl

                connection.starttls(context=ssl.create_default_context())
            if self.user:
                connection.login(self.user, self.password)
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
        return connection


class _SmtpSession:
    def __init__(self, connection: smtplib.SMTP, server: str) -> None:
        self._connection = connection
        self._server = server

    def send(self, message: Outgoing) -> str | None:
        """Hand the message to the server for all its addresses; the remark names those it refused for good."""
        content = message.content.replace(b"\n", b"\r\n")
        try:
            refused = self._connection.sendmail(message.sender, list(message.to), content)
        except smtplib.SMTPRecipientsRefused as error:
            raise _failure(error.recipients) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            if error.smtp_code == 421:  # the server is closing
                raise Unreachable(f"The mail server {self._server} is closing ({_say(error)}).") from error
            raise (TemporaryFailure if error.smtp_code < 500 else PermanentFailure)(_say(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"The mail server {self._server} broke off ({_say(error)}).") from error
        if any(code < 500 for code, _ in refused.values()):
            raise _failure(refused)  # repeated for all: those who have it already get the same message again
        return f"Refused: {_refusals(refused)}" if refused else None


def _failure(refused: Mapping[str, tuple[int, bytes]]) -> TemporaryFailure | PermanentFailure:
    temporary = any(code < 500 for code, _ in refused.values())
    return (TemporaryFailure if temporary else PermanentFailure)(_refusals(refused))


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {code} {_text(answer)}" for address, (code, answer) in refused.items())


def _say(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, socket.gaierror):
        return "no such host"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
