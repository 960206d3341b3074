"""E-mail addresses as the directory holds them: taken apart and judged. It looks nothing up."""

from __future__ import annotations

import re

# What every mail server takes: printable ASCII around one "@", a domain of letters, digits, hyphens and dots.
_USABLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", re.ASCII)


def split(text: str) -> list[str]:
    """The addresses of a directory entry, separated by commas, semicolons or white space, each once."""
    return list(dict.fromkeys(part for part in re.split(r"[,;\s]+", text) if part))


def usable(address: str) -> bool:
    """Whether mail can be sent to an address without the extensions that not every server has."""
    local = address.partition("@")[0]
    return _USABLE.fullmatch(address) is not None and not (local.startswith(".") or local.endswith(".") or ".." in address)
