"""Owns the JSON of a document that was read, `cascade read --json`, and the JSON Schema that describes it.

Unlike Plan.to_json, which is kept with an issued plan, it is for other programs: every key is always there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from typing import Any

from workflows.plans import (
    Attachment,
    Conference,
    Deadline,
    Funding,
    Origin,
    Plan,
    Recipient,
    Recurring,
    Reference,
    Report,
    Signer,
    Suspension,
    Task,
    Warning,
)
from workflows.questions import ASKED, Question, questions

SCHEMA = "urn:plan-cascade:reading:1"  # the number grows when a key goes away or changes its meaning
_CLOCK = dt.timezone(dt.timedelta(hours=7))  # Vietnam's

CODES = {  # of warnings
    "number_missing": "The document bears no number, or leaves it blank.",
    "date_missing": "The date of signing is missing, or left blank.",
    "date_impossible": "No calendar has the date.",
    "date_before_basis": "The document is dated before one that it carries out.",
    "date_before_subject": "The document is dated before one that it names or continues.",
    "stamp_mismatch": "The electronic signature was given weeks before or after the document's date.",
    "issuer_missing": "Nothing says which body issues it.",
    "weekday_mismatch": "A weekday is named that is not that date's.",
    "programme_conflict": "A programme that goes with the document says another day, hour or place than it.",
    "organiser_conflict": "A meeting's heading and its text name two bodies that hold it.",
    "purpose_unknown": "Nothing says what a recipient is told for.",
    "purpose_detached": "A purpose's label stands apart from the lines that it belongs to.",
    "task_uncovered": "A body has something to do, and no recipient line covers it.",
    "deadline_past": "A deadline lies before the document's own date.",
    "deadline_without_date": "A deadline's words give no date.",
    "report_without_day": "A recurring report has no day by which it is due.",
    "report_without_date": "A report is demanded at no certain time.",
    "conference_without_date": "A conference has no date.",
    "section_twice": "A section's number stands twice.",
}

_EVERYWHERE = {  # keys that mean the same wherever they stand
    "line": "The line of the document that it stands on, from 1; null: not known, or written by a person.",
    "phrase": "The document's own words that it was read from; null: written by a person.",
    "confidence": "How sure the reading is, 0 to 1; 1: the form leaves no doubt, or a person wrote it. Check what is below 0.7.",
    "who": "The bodies that must, as worded.",
    "to": "The bodies that it goes to, as worded.",
    "via": "The body that collects and passes on, as worded.",
}
_SAYS: dict[Any, dict[str, str]] = {
    Plan: {
        "number": "The number, without the scanner's spaces: 207-KH/TU; null where it is left blank.",
        "symbol": "The number without its figure: KH/TU. It is there also where the number is left blank.",
        "date": "The day of signing.",
        "place": "The place of signing.",
        "type": "The kind of paper, by its letters: KH is a plan, CV an official letter, HD guidance …",
        "title": "What it is about, in its own words.",
        "issuer": "The body that issues it, as running text writes it.",
        "urgency": "The stamp of urgency.",
        "signer": "Who signed.",
        "basis": "The documents that it carries out.",
        "citations": "The documents that it merely names.",
        "follows_up": "The earlier letters that it continues, or reminds of.",
        "recipients": "The addressees (Kính gửi) and the recipients list (Nơi nhận), a line each.",
        "tasks": "What it gives to whom, an entry for each item.",
        "deadlines": "What must be done once by a date.",
        "recurring": "The reports that are due again and again, an entry for each frequency.",
        "reports": "The reports that are demanded at no certain time: on request, continually.",
        "conferences": "The meetings that it demands or calls.",
        "attachments": "The papers that go with it.",
        "suspensions": "What it stops until further notice.",
        "funding": "Where the money comes from.",
        "warnings": "The doubts that reading left.",
        "origins": "Where the facts of the head and the signature were read, which have no line of their own.",
        "source": "The name of the file.",
        "schema": "The version of this description.",
        "questions": "What must be answered before the plan can be issued.",
    },
    Signer: {
        "authority": "On whose behalf: T/M BAN THƯỜNG VỤ; null: in the own name.",
        "title": "The office: PHÓ BÍ THƯ.",
        "name": "The name.",
    },
    Reference: {
        "number": "Its number.",
        "date": "Its date.",
        "type": "Its kind of paper.",
        "issuer": "The body that issued it, as worded.",
    },
    Recipient: {
        "text": "The line without bullet, label and closing comma.",
        "list": "kinh_gui: an addressee; noi_nhan: of the recipients list.",
        "purpose": "What it is told for: to act, to co-ordinate, as the body reported to, to know, or to be filed.",
        "why": "The rule that gave the purpose, or why none did.",
        "units": "Codes of the units that a person resolved it to.",
        "group": "The group of units that a person resolved it to.",
        "as_above": "Whether it stands for the addressees (Như trên).",
    },
    Task: {
        "heading": "The number of its item: III.2; empty where it has none.",
        "unit": "The body that it is given to, as worded.",
        "role": "Whether that body leads or supports.",
        "gist": "The first words of what is to be done.",
        "due_date": "The last day allowed.",
    },
    Deadline: {
        "due_date": "The last day allowed (trước ngày 15 gives the 14th); null: the words give no instant.",
        "due_time": "The hour on that day before which it is due; null: the whole day.",
    },
    Report: {"gist": "The sentence that demands it."},
    Recurring: {
        "frequency": "How often.",
        "weekday": "Of a weekly report, the last day allowed in the week.",
        "day": "The last day allowed in the period's month; -1: the month's last.",
        "time": "The hour on that day before which it is due; null: the whole day.",
        "consolidates": "Whether it sums up what others report.",
        "period": "What its figures cover, in the document's words.",
        "within": "The other report that it is a part of, as worded.",
    },
    Conference: {
        "id": "The number of its section.",
        "title": "Its heading.",
        "tier": "Whose level, as worded.",
        "form": "How it is held.",
        "starts_at": "When it begins, on Vietnam's clock.",
        "due_date": "The last day on which it may be held.",
        "chair": "Who presides, as worded.",
        "venue": "Where, as worded.",
        "participants": "Who attends, a line each.",
        "organiser": "The body that holds it, as worded.",
        "reporter": "Who presents the document there, as worded.",
        "link": "What is connected by wire, in the document's words.",
        "invitation": "How people are invited, in the document's words.",
        "held_by": "issuer: once, by the issuer; recipients: each holds its own.",
        "after": "The id of the conference that must be held before.",
    },
    Funding: {"text": "The sentence that says so."},
    Attachment: {"text": "Its name, as worded.", "number": "Its number."},
    Suspension: {"unit": "The body that is to stop, as worded.", "until": "Until when, as worded."},
    Warning: {
        "code": f"What kind of doubt: one of {', '.join(CODES)}.",
        "message": "The doubt in words.",
        "answer": "What a person found out.",
        "question": "What a person must answer before the plan can be issued; null: it is only to be looked at, or settled.",
    },
    Origin: {"fact": "The key that it is about: number."},
    Question: {
        "code": f"What is asked: one of {', '.join(ASKED)}.",
        "message": "The question in words.",
        "option": "The option of `cascade issue` that answers it; null: the plan file does.",
    },
}


def reading(plan: Plan) -> dict[str, Any]:
    """What was read, as plain JSON values in the form that ``schema`` describes."""
    asked = questions(plan)
    still = {(each.code, each.line) for each in asked}
    found: dict[str, Any] = {"schema": SCHEMA, **_plain(plan), "questions": _plain(asked)}
    for warning in found["warnings"]:
        warning["question"] = ASKED[warning["code"]].question if (warning["code"], warning["line"]) in still else None
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what ``reading`` returns."""
    document = _object(Plan)
    document["properties"] = {
        "schema": {"description": _SAYS[Plan]["schema"], "const": SCHEMA},
        **document["properties"],
        "questions": {"description": _SAYS[Plan]["questions"], **_type(tuple[Question, ...], "questions")},
    }
    document["required"] = list(document["properties"])
    parts = {kind.__name__: _object(kind) for kind in _SAYS if kind is not Plan}
    warning = parts["Warning"]
    warning["properties"]["question"] = {"description": _SAYS[Warning]["question"], "type": ["string", "null"]}
    warning["required"].append("question")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "What cascade read --json prints: the facts of one document",
        **document,
        "$defs": parts,
    }


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.datetime):
        value = value.astimezone(_CLOCK)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _object(kind: Any) -> dict[str, Any]:
    says, hints = _EVERYWHERE | _SAYS[kind], typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    properties = {name: {"description": says[name], **_type(hints[name], name)} for name in names}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": names}


_BOUNDS: dict[str, dict[str, Any]] = {
    "line": {"minimum": 1},
    "confidence": {"minimum": 0, "maximum": 1},
    "day": {"minimum": -1, "maximum": 31, "not": {"const": 0}},
}
_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    dt.date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    dt.time: {"type": "string", "pattern": r"^\d{2}:\d{2}:\d{2}$"},
    dt.datetime: {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?\+07:00$"},
}


def _type(kind: Any, name: str) -> dict[str, Any]:
    """The schema of a field's type."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _type(inner[0], name)}
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin in (typing.Union, types.UnionType):
        return _or_null(_type(inner[0], name))
    if dataclasses.is_dataclass(kind):
        return {"$ref": f"#/$defs/{typing.cast(type, kind).__name__}"}
    return _SIMPLE[kind] | _BOUNDS.get(name, {})


def _or_null(of: dict[str, Any]) -> dict[str, Any]:
    if "enum" in of:
        return {"enum": [*of["enum"], None]}
    return {"anyOf": [of, {"type": "null"}]} if "$ref" in of else {**of, "type": [of["type"], "null"]}
