"""Puts a letter's subject and text into the bytes of an e-mail. It words nothing and sends nothing.

The bytes depend on nothing but what is given: they are made once, kept, and sent as they are however often it takes.
Lines end in "\\n", as mail lies in files; a transport that speaks SMTP puts "\\r\\n" in their place.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr

from engine.errors import InputError
from workflows.notices.addresses import usable

_PLAIN = 60  # characters of a header that is not folded
_WORD = 42  # bytes of one encoded word, which with its frame must stay below 75


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
    headers = {
        "Message-ID": f"<{mail.message_id}>",
        "Date": format_datetime(mail.sent_on.astimezone(UTC)),
        "From": _addresses([parse_sender(mail.sender)]),
        "To": _addresses(mail.to),
        "Reply-To": _addresses(mail.reply_to),
        "Subject": _encoded(mail.subject),
        "References": f"<{mail.thread}>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "base64",
    }
    head = "".join(f"{name}: {value}\n" for name, value in headers.items() if value)
    return head.encode("ascii") + b"\n" + base64.encodebytes(mail.text.encode())


def parse_sender(text: str) -> tuple[str, str]:
    """Name and address of a sender; raises InputError."""
    name, address = parseaddr(text)
    if not usable(address):
        raise InputError(f"'{text}' is not a sender.", remedy="Write it as: Name <name@example.org>")
    return name, address


def _addresses(pairs: Sequence[tuple[str, str]]) -> str:
    for _, address in pairs:
        if not usable(address):
            raise InputError(
                f"'{address}' is not an e-mail address that mail can be sent to.", remedy="Correct it in the directory."
            )
    return ",\n ".join(f"{_name(name)} <{address}>" if name else address for name, address in pairs)


def _name(text: str) -> str:
    """A name before an address: in quotation marks, or encoded."""
    encoded = _encoded(text)
    return encoded if encoded != text else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _encoded(text: str) -> str:
    """The text of a header: as it is where it is short and plain ASCII, else in encoded words (RFC 2047), one a line.

    The standard library's own folding loses or adds spaces between encoded words.
    """
    if any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in text):
        raise InputError(f"{text!r} cannot stand in a header.", remedy="Leave out line breaks and invisible characters.")
    if text.isascii() and len(text) <= _PLAIN and "=?" not in text:
        return text
    words, chunk = [], b""
    for character in text:
        if len(chunk) + len(character.encode()) > _WORD:
            words.append(chunk)
            chunk = b""
        chunk += character.encode()
    return "\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in (*words, chunk))
