"""Owns the items that say below, by labels, who leads and who supports: "Đơn vị chủ trì: Sở A"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.documents.outline import Section
from workflows.documents.task_words import MEETS, Found, partners, shortened, task_of, unnumbered, with_partners
from workflows.documents.wording import actor, is_person, starts_with_body
from workflows.plans import Role, Task

_LABELLED = re.compile(
    r"(?:^|[;.]\s+)(?:cơ quan |đơn vị )?(?P<role>chủ trì|thực hiện|phối hợp)(?: thực hiện"
    r"| tham mưu)?\s*:\s*(?P<who>[^;:]+?)(?=[;.]\s|[;.]?$)"
)
_BRACKETED = re.compile(r"\(\d{1,2}\)\s+")  # "(1) Rà soát ..."


def labelled(section: Section) -> Iterator[Found]:
    """An item of the content that says below who leads and who supports."""
    own = ([section.block] if section.block else []) + section.paragraphs
    if any(MEETS.match(low(unnumbered(block.text)[:60])) for block in own):
        return  # it says who chairs
    starts = [n for n, block in enumerate(own) if _BRACKETED.match(block.text)]
    for start, end in pairwise([0, *starts, len(own)]):  # "1. Về hạ tầng", "(1) Rà soát ...", "- Đơn vị chủ trì: ..."
        part = own[start:end]
        first = part[0].text if start and part else section.title
        yield from _labels(section, _BRACKETED.sub("", first), part)


def _labels(section: Section, gist: str, own: list[Block]) -> Iterator[Found]:
    """Who leads and who supports what is told in these paragraphs of a section, by their labels."""
    for block in own:
        for match in _LABELLED.finditer(low(block.text[:1000])) if block is not section.block else ():
            said = block.text[match.start("who") : match.end("who")].strip(" .;")
            role: Role = "support" if match["role"] == "phối hợp" else "lead"
            led = actor(said) if role == "lead" else None
            if led and led[0] != said:  # "Đơn vị thực hiện: Sở A chủ trì, phối hợp với Sở B"
                others = [each for each in own if each is not block]
                yield from with_partners(*task_of(section.path, led[0], said[led[1] :], [block, *others]))
                continue
            for who in (said,) if role == "lead" else partners(said):
                if starts_with_body(who) and not is_person(who):  # persons chair a meeting
                    what, phrase = shortened(gist) or None, quoted(block.text)
                    task = Task(
                        heading=section.path, unit=who, role=role, gist=what, line=block.line, phrase=phrase, confidence=0.9
                    )
                    yield task, own
