"""Owns the text of a draft plan file: a Plan as YAML, its questions and the document's words as comments.

Reading such a file back is plans.parse; what the facts mean is not decided here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import get_args

from workflows.plans import Plan, Purpose, Recipient, Warning
from workflows.questions import ASKED, DOUBTFUL, WHERE, questions, said, to_look_at

_CLOCK = dt.timezone(dt.timedelta(hours=7))  # Vietnam since 1975; the zone itself has odd seconds before 1911
_HEAD = ("number", "symbol", "date", "place", "type", "title", "issuer", "urgency")  # written even when unknown: to be filled in
_CHECK = "(?) hãy kiểm tra / check"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def to_yaml(plan: Plan, lang: str = "en") -> str:
    """A plan file that ``plans.parse`` reads back as the same plan.

    Above: what must be answered before issuing and how, and the doubts that reading left. Beside each fact: the document's words.
    Comments are in the language ``lang``, "vi" or "en"; the keys and what they say are the same in either.
    """
    lines = [*_questions(plan, lang), ""]
    origins = {origin.fact: _origin(origin, origin.phrase, lang) for origin in plan.origins}
    for field in dataclasses.fields(plan):
        value = getattr(plan, field.name)
        if field.name in _HEAD or value not in (None, ()):
            lines += _field(field.name, value, 0, origins.get(field.name, ""), lang)
    return "\n".join(lines) + "\n"


def _questions(plan: Plan, lang: str) -> Iterator[str]:
    yield "# Bản nháp kế hoạch / Draft plan" + (f" ({_shown(plan.source)})" if plan.source else "")
    asked, doubts = questions(plan), to_look_at(plan)
    if asked:
        yield "# Cần trả lời trước khi ban hành / To be answered before it can be issued:"
    for question in asked:
        answer = ASKED[question.code]
        option = f" [{answer.option}]" if answer.option else ""
        yield f"#   {question.code}: {_line(question.line, lang)}{_shown(said(question, lang))}{option}"
        yield f"#     {answer.asks(lang)} -> {answer.where(lang)}"
    if doubts:
        yield "# Cần xem lại / To be looked at:"
    for doubt in doubts:
        where = f" -> {WHERE[doubt.code]}" if doubt.code in WHERE else ""
        yield f"#   {_shown(doubt.code)}: {_line(doubt.line, lang)}{_shown(said(doubt, lang))}{where}"


def _field(name: str, value: object, depth: int, comment: str, lang: str) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        yield f"{indent}{name}:{comment}"
        yield from (f"{indent}  - {_scalar(item)}" for item in value)
    elif isinstance(value, tuple):
        yield f"{indent}{name}:{comment}"
        for item in value:
            yield from _entry(name, item, depth + 1, lang)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        body = list(_body(value, depth + 1, lang))
        yield f"{indent}{name}:{comment}" if body else f"{indent}{name}: {{}}{comment}"
        yield from body
    else:
        written = "" if value is None else f" {_scalar(value)}"
        yield f"{indent}{name}:{written}{comment}"


def _entry(name: str, item: object, depth: int, lang: str) -> Iterator[str]:
    """One entry of a list: its first key beside the dash, with the document's words as a comment."""
    first, *rest = list(_body(item, depth + 1, lang)) or ["{}"]
    words = next((getattr(item, key) for key in ("phrase", "heading", "title", "text", "number") if getattr(item, key, None)), "")
    comment = _origin(item, words, lang) if getattr(item, "line", None) and name not in ("warnings", "origins") else ""
    yield "  " * depth + "- " + first.lstrip() + comment
    yield from rest


def _body(item: object, depth: int, lang: str) -> Iterator[str]:
    for field in (each for each in dataclasses.fields(item) if each.compare):  # type: ignore[arg-type]
        value = getattr(item, field.name)
        hint = _to_fill(item, field.name, lang) if value is None else ""
        if hint or field.default is dataclasses.MISSING or value != field.default:
            yield from _field(field.name, value, depth, hint, lang)


def _to_fill(item: object, name: str, lang: str) -> str:
    """What is said beside a key that is written though nothing is known, so that a person fills it in."""
    if isinstance(item, Recipient) and name == "purpose":
        return f"  # {', '.join(get_args(Purpose))}"
    asked = ASKED.get(item.code) if isinstance(item, Warning) and name == "answer" else None
    return f"  # {asked.asks(lang)}" if asked and asked.key.endswith("answer:") else ""


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(_CLOCK).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if re.fullmatch(r"[a-z][a-z_]*", text) and text != "null":
        return text
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _origin(fact: object, words: str, lang: str) -> str:
    """The comment beside a fact: its line, the words, and whether it was read with little confidence."""
    doubtful = f" {_CHECK}" if getattr(fact, "confidence", 1) < DOUBTFUL else ""
    return f'  # {_line(getattr(fact, "line", None), lang)}"{_shown(words)}"{doubtful}'


def _line(line: int | None, lang: str) -> str:
    return f"{'dòng' if lang == 'vi' else 'line'} {line}: " if line else ""


def _shown(text: str) -> str:
    flat = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return flat if len(flat) <= 160 else flat[:159] + "…"
