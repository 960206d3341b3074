"""Owns whom running text charges with something: the body behind "giao", "yêu cầu", "đề nghị", unless that is only recited."""

from __future__ import annotations

import re

from workflows.documents.lines import low
from workflows.documents.wording import GIVES, actor, bare_name, starts_with_body

CHARGES = re.compile(rf"(?<!\w)(?<!việc )(?:(?<!chuyển )(?<!bàn )(?<!được ){GIVES}|yêu cầu|đề nghị|phân công)\s")
_CITING = re.compile(r"(?:thực hiện|căn cứ|tiếp theo|ngày|tại|theo)\s")
_RECITED = re.compile(  # "Thực hiện Công văn số … của Thủ tướng, trong đó, giao Bộ A chủ trì": somebody else asked it
    r"(?<!\w)trong đó,?\s+(?:có\s+)?(?:[^,;.]{0,60}?\s)?$"
)


def charged(text: str) -> str | None:
    """The body that a paragraph charges last: "…, UBND tỉnh yêu cầu các sở …"."""
    places = [match.start() for match in CHARGES.finditer(low(text[:6000])) if not recited(text, match.start())]
    return next((found[0] for at in reversed(places) if (found := actor(text[at:]) or _listed(text[at:]))), None)


def recited(text: str, at: int) -> bool:
    """Whether the charge that stands there is only recited: it is another paper's."""
    start = text.rfind(". ", 0, at) + 2 if ". " in text[:at] else 0
    told = low(text[max(start, at - 100) : at])
    return _CITING.match(low(text[start : start + 20])) is not None and _RECITED.search(told) is not None


def _listed(text: str) -> tuple[str, int] | None:
    """ "Đề nghị Sở A, Sở B một số nội dung sau:": bodies without a verb of their own."""
    names = re.split(r"\s+(?:một số|những|các nội dung|nội dung|:)", bare_name(text[:400]))[0]
    return (names, 0) if starts_with_body(names) and len(names) < 200 else None
