"""Puts a letter's subject and text into the bytes of an e-mail. It words nothing and sends nothing.

The bytes depend on nothing but what is given: they are made once, kept, and sent as they are however often it takes.
Lines end in "\\n", as mail lies in files; a transport that speaks SMTP puts "\\r\\n" in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default as _POLICY  # noqa: N812
from email.utils import parseaddr

from engine.errors import InputError
from workflows.notices.addresses import usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What an e-mail is made of."""

    message_id: str  # without angle brackets
    thread: str  # Message-ID that letters of one matter refer to, without angle brackets
    sent_on: datetime  # for the Date header, aware
    sender: str  # "Văn phòng <van-phong@example.org>"
    to: Sequence[tuple[str, str]]  # (name, address) each
    reply_to: Sequence[tuple[str, str]]
    subject: str
    text: str


def compose(mail: Mail) -> bytes:
    """The e-mail's bytes; raises InputError when an address cannot be used."""
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Date"] = mail.sent_on.astimezone(UTC)
    message["From"] = _addresses([parse_sender(mail.sender)])
    message["To"] = _addresses(mail.to)
    if mail.reply_to:
        message["Reply-To"] = _addresses(mail.reply_to)
    message["Subject"] = mail.subject
    message["References"] = f"<{mail.thread}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, charset="utf-8", cte="base64")
    return message.as_bytes()


def parse_sender(text: str) -> tuple[str, str]:
    """Name and address of a sender; raises InputError."""
    name, address = parseaddr(text)
    if not usable(address):
        raise InputError(f"'{text}' is not a sender.", remedy="Write it as: Name <name@example.org>")
    return name, address


def _addresses(pairs: Sequence[tuple[str, str]]) -> tuple[Address, ...]:
    for _, address in pairs:
        if not usable(address):
            raise InputError(
                f"'{address}' is not an e-mail address that mail can be sent to.", remedy="Correct it in the directory."
            )
    return tuple(Address(display_name=name, addr_spec=address) for name, address in pairs)
