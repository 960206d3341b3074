"""A mail server on loopback that remembers what it took, and now and then answers as bad ones do."""

from __future__ import annotations

import hashlib
import random
import re
import socket
import threading
from collections import Counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
LATER = 0.01  # of the messages are answered with "try later"
DEAF = 0.01  # are taken, but the line breaks before the answer


class Post:
    """What came, by Message-ID: how often in which bytes, as their SHA-256 in hexadecimal."""

    def __init__(self, chance: random.Random) -> None:
        self.taken: dict[str, Counter[str]] = {}
        self.calm = False  # answers well from now on
        self._chance = chance
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=_free_port())

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Take mail, in a thread of its own."""
        self._controller.start()

    def stop(self) -> None:
        """Take no more."""
        self._controller.stop()

    def most(self) -> int:
        """How often the message came that came most often."""
        return max((sum(times.values()) for times in self.taken.values()), default=0)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Take a message, or not."""
        drawn = 1.0 if self.calm else self._chance.random()
        if drawn < LATER:
            return "451 try later"
        assert isinstance(envelope.content, bytes)
        content = envelope.content.replace(b"\r\n", b"\n")
        found = _MESSAGE_ID.search(content)
        with self._lock:
            name = found[1].decode() if found else "without Message-ID"
            self.taken.setdefault(name, Counter())[hashlib.sha256(content).hexdigest()] += 1
        if drawn < LATER + DEAF:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
