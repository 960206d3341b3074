"""A real mail server on loopback that refuses what it is told to refuse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from workflows.notices.transports import Smtp


class Post:
    """A post office that keeps what it takes, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, list[str]] = {}  # by address: what RCPT is answered, in turn; then it is taken
        self.on_data: list[str] = []  # what DATA is answered, in turn

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        waiting = self.answers.get(address)
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.on_data:
            return self.on_data.pop(0)
        self.taken.append(envelope)
        return "250 OK"

    def received(self) -> list[bytes]:
        """The contents that were taken, with the line ends of files."""
        return [bytes(envelope.content or b"").replace(b"\r\n", b"\n") for envelope in self.taken]


@contextmanager
def served(post: Post, **options: Any) -> Iterator[Smtp]:
    """A real SMTP server on loopback."""
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield Smtp(host="127.0.0.1", port=controller.port)
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
