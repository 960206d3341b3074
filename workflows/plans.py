"""Owns the Plan: what a plan file or a document says, its JSON, its digest, and reading a plan file.

It knows nothing of documents' wording (documents/), of units that exist (directory.py), nor of workflow states.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import re
import types
import typing
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from engine.errors import InputError

if TYPE_CHECKING:
    from engine import yaml_source

DocumentType: TypeAlias = Literal[
    "KH", "CV", "HD", "KL", "CT", "TB", "CĐ", "NQ", "QĐ", "QyĐ", "QC", "BC", "TTr", "CTr", "CTHĐ", "CTPH", "ĐA", "DA", "PA",
    "NĐ", "TT", "TTLT", "NQLT", "HDLT", "KHLT", "KHPH", "QCPH", "QTr", "L", "PL", "TC", "BB", "HĐ", "GM", "GUQ",
]  # fmt: skip
Purpose: TypeAlias = Literal["act", "coordinate", "report", "inform", "file"]
RecipientList: TypeAlias = Literal["kinh_gui", "noi_nhan"]
Role: TypeAlias = Literal["lead", "support"]
Urgency: TypeAlias = Literal["khẩn", "thượng khẩn", "hỏa tốc"]
Frequency: TypeAlias = Literal["daily", "weekly", "monthly", "quarterly", "half_year", "nine_month", "yearly"]
Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ConferenceForm: TypeAlias = Literal["in_person", "online", "relayed", "hybrid", "in_person_or_online"]
HeldBy: TypeAlias = Literal["issuer", "recipients"]

_FORBID: dict[str, str] = {"extra": "forbid"}  # read by pydantic: an unknown key in a plan file is a slip of the pen


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed, as the last lines of the document say."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    authority: str | None = None  # "T/M BAN THƯỜNG VỤ"; None when the signer signs in the own name
    title: str | None = None  # "PHÓ BÍ THƯ"
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another document that this one names."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    number: str  # "127-KL/TW", see normalise_number
    date: dt.date | None = None
    type: DocumentType | None = None
    issuer: str | None = None  # as the document words it
    line: int | None = None  # 1-based line of the document, here and below
    phrase: str | None = field(default=None, compare=False)  # the document's own words, here and below; see Plan
    confidence: float = 1.0  # 0 to 1, here and below; 1: the form leaves no doubt, or a person wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One line of the addressees or of the recipients list."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    text: str  # the line without bullet, label and closing comma
    list: RecipientList = "noi_nhan"
    purpose: Purpose | None = None  # None: a person must say
    why: str | None = None  # the rule that gave the purpose, or why none did
    units: tuple[str, ...] = ()  # codes in the directory, where a person resolved the line
    group: str | None = None  # name of a group of units, where a person resolved the line to one
    as_above: bool = False  # "Như trên": stands for the addressees, which have lines of their own; never acts itself
    line: int | None = None
    phrase: str | None = field(default=None, compare=False)  # the whole line
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one heading or numbered item gives one unit to do."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    heading: str = ""  # number in the document, "III.1"; empty where it has none
    unit: str | None = None  # as worded; None where the item names none
    role: Role | None = None  # lead: chủ trì; support: phối hợp; None where the item says neither
    gist: str | None = None  # first words of what is to be done
    due_date: dt.date | None = None  # last day allowed
    line: int | None = None
    phrase: str | None = field(default=None, compare=False)  # its heading or first words
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A date by which something must be done once."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    phrase: str  # the document's words that it came from
    line: int | None = None
    due_date: dt.date | None = None  # last day allowed; None where the phrase gives no instant
    due_time: dt.time | None = None  # on that day, Vietnamese clock, exclusive; None: the whole day
    who: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    via: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A report that is due again and again."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    phrase: str
    frequency: Frequency
    line: int | None = None
    weekday: Weekday | None = None  # last day allowed in the week
    day: int | None = None  # last day allowed in the period's month, 1 to 31; -1: the month's last day
    time: dt.time | None = None  # on that day, Vietnamese clock, exclusive; None: the whole day
    who: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    via: str | None = None  # the unit that collects
    consolidates: bool = False  # sums up what the others report
    period: str | None = None  # what its figures cover, in the document's words: "số liệu tính từ ngày 15 tháng trước …"
    within: str | None = None  # the other report that it is a part of, as worded: "báo cáo nhiệm vụ chính trị"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that is demanded at no certain time: on request, continually, in time."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    phrase: str  # the document's words that say when: "theo yêu cầu"
    line: int | None = None
    who: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    via: str | None = None  # the unit that collects
    gist: str | None = None  # the sentence that demands it
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """A meeting that the plan demands."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    id: str  # section number, "2.1"
    title: str | None = None  # the heading
    tier: str | None = None  # whose level, as worded
    form: ConferenceForm | None = None
    starts_at: dt.datetime | None = None  # aware; UTC in JSON
    due_date: dt.date | None = None  # last day on which it may be held
    chair: str | None = None
    venue: str | None = None
    participants: tuple[str, ...] = ()
    organiser: str | None = None
    reporter: str | None = None  # who presents the document there, as worded
    link: str | None = None  # what is connected, in the document's words: "từ điểm cầu Tỉnh đến các phường, xã"
    invitation: str | None = None  # how people are invited, where the document says it: "sẽ có giấy mời sau"
    held_by: HeldBy | None = None  # the issuer once, or each acting recipient its own
    after: str | None = None  # id of the conference that must be held before
    line: int | None = None
    phrase: str | None = field(default=None, compare=False)  # its heading
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Something that is to stop until further notice."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    phrase: str
    line: int | None = None
    unit: str | None = None  # who is to stop, as worded
    until: str | None = None  # the document's words
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Where the money comes from, in the document's words."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    text: str
    line: int | None = None
    phrase: str | None = field(default=None, compare=False)
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A paper that goes with the document; in JSON and in a plan file plain text where it is nothing but its name."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    text: str
    number: str | None = None  # see normalise_number
    line: int | None = None
    phrase: str | None = field(default=None, compare=False)
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """A doubt that reading left; of some a person must say what is right before the plan can be issued, see questions.py."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    code: str  # stable, "number_missing"
    message: str
    line: int | None = None
    answer: str | None = None  # what a person found out


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where in the document a fact was read that has no line of its own."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    fact: str  # name of the plan's field, "number"
    phrase: str
    line: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A document that tells units to do things by dates; None and () mean unknown, never invented.

    Its parts keep the words that they were read from, at most 200 characters of the cleaned line. Where such a ``phrase`` is no
    part of what the plan says, it is left out of comparisons, of ``to_json`` and so of the digest.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID
    number: str | None = None  # "207-KH/TU"
    symbol: str | None = None  # "KH/TU"
    date: dt.date | None = None  # of signing
    place: str | None = None
    type: DocumentType | None = None
    title: str | None = None
    issuer: str | None = None  # body, as worded
    urgency: Urgency | None = None
    signer: Signer | None = None
    basis: tuple[Reference, ...] = ()  # the documents that this one carries out
    citations: tuple[Reference, ...] = ()  # documents that it merely names
    follows_up: tuple[Reference, ...] = ()  # earlier papers that it continues
    recipients: tuple[Recipient, ...] = ()
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    reports: tuple[Report, ...] = ()  # at no certain time
    conferences: tuple[Conference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    funding: tuple[Funding, ...] = ()
    warnings: tuple[Warning, ...] = ()
    origins: tuple[Origin, ...] = ()
    source: str | None = None  # file name

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, ISO dates; fields that say nothing are left out."""
        value = _encode(self)
        assert isinstance(value, dict)
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Plan:
        """What ``to_json`` wrote; unknown keys raise TypeError."""
        plan = _decode(cls, value)
        assert isinstance(plan, Plan)
        return plan

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hexadecimal."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse(path: str | Path) -> Plan:
    """Read a plan file (YAML); raises InputError with file, line and remedy."""
    from engine import yaml_source  # slow to import, and only plan files need it

    return parse_text(yaml_source.read_text(path), str(path))


def parse_text(text: str, name: str) -> Plan:
    """Read the text of a plan file; ``name`` is for messages."""
    from engine import yaml_source

    source = yaml_source.parse(unicodedata.normalize("NFC", text), name)
    if not isinstance(source.value, dict):
        raise InputError("this is not a plan file: it has no keys.", file=name, line=1, remedy=_allowed(Plan))
    return _of(source)


def of_values(values: dict[str, Any]) -> Plan:
    """What a plan file of these values would say; raises InputError, which names no file."""
    from engine import yaml_source

    return _of(yaml_source.Source(name="", value=values, lines={}))


def _of(source: yaml_source.Source) -> Plan:
    plan = _validated(_prepared(source.value, (), source), source)
    _check_conferences(plan, source)
    return plan


def normalise_number(text: str) -> str:
    """A document number without the scanner's spaces: "127 -KL/TW" -> "127-KL/TW"; padding and letters stay."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[\u2010-\u2015\u2212\u00ad]", "-", text)
    text = re.sub(r"^\s*[Ss]ố\s*:?\s*", "", text)
    text = re.sub(r"\s*([-/,])\s*", r"\1", text).strip(" \t\r\n.;:*_")
    return re.sub(r"^(\d+[a-zđ]?)\s+(?=[A-ZĐƯ][^\W\d]*/)", r"\1-", text)  # its hyphen is lost: "174 KL/TW"


def symbol_of(number: str) -> str:
    """The letters of a document's number: "207-KH/TU" -> "KH/TU", "15/2024/QĐ-UBND" -> "QĐ-UBND"."""
    return re.sub(r"^\d+[a-zđ]?(?:/\d{4})?[-/]", "", number)


# --- JSON -------------------------------------------------------------------------------------------------------------


def _encode(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value) if field.compare)
        encoded = {field.name: _encode(item) for field, item in pairs if item != field.default}
        return encoded["text"] if isinstance(value, Attachment) and len(encoded) == 1 else encoded
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return {field.name: typing.get_type_hints(kind)[field.name] for field in dataclasses.fields(kind)}


def _decode(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _decode(typing.get_args(kind)[0], value)
    if origin is tuple:
        return tuple(_decode(typing.get_args(kind)[0], item) for item in value)
    if kind is Attachment and isinstance(value, str):
        return Attachment(text=value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(typing.cast(type, kind))
        return typing.cast(type, kind)(**{key: _decode(hints.get(key, str), item) for key, item in value.items()})
    return kind.fromisoformat(value) if kind in (dt.date, dt.time, dt.datetime) else value


# --- plan files -------------------------------------------------------------------------------------------------------

_FORMS = {  # pydantic alone would read "20250310" as seconds since 1970
    "date": (r"\d{4}-\d{2}-\d{2}", "Write the date as 2025-03-31."),
    "due_date": (r"\d{4}-\d{2}-\d{2}", "Write the date as 2025-03-31."),
    "time": (r"\d{2}:\d{2}(:\d{2})?", "Write the time as 15:00."),
    "due_time": (r"\d{2}:\d{2}(:\d{2})?", "Write the time as 15:00."),
    "starts_at": (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})", "Write it as 2025-03-25T08:00+07:00."),
    "day": (r"-1|[1-9]|[12]\d|3[01]", "Write a day from 1 to 31, or -1 for the month's last day."),
    "line": (r"\d{1,9}", "Write the line's number."),
    "confidence": (r"0(\.\d{1,9})?|1(\.0{1,9})?", "Write a number from 0 to 1."),
}


def _prepared(value: Any, place: yaml_source.Place, source: yaml_source.Source) -> Any:
    """Leaves out empty keys, checks the form of dates and times, normalises numbers."""
    if isinstance(value, dict):
        return {key: _prepared(item, (*place, key), source) for key, item in value.items() if item not in (None, "")}
    if isinstance(value, list):
        return [_prepared(item, (*place, index), source) for index, item in enumerate(value)]
    if place[:1] == ("attachments",) and len(place) == 2 and isinstance(value, str):
        return {"text": value}
    key = place[-1] if place else ""
    form = _FORMS.get(str(key))
    if form and isinstance(value, str) and not re.fullmatch(form[0], value, re.ASCII):
        raise InputError(f"'{value}' is not a {key}.", file=source.name, line=source.line(place), remedy=form[1])
    return normalise_number(value) if key == "number" and isinstance(value, str) else value


def _validated(value: Any, source: yaml_source.Source) -> Plan:
    import pydantic  # slow to import, and only plan files need it

    try:
        return _adapter().validate_python(value)  # type: ignore[no-any-return]
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
    place = tuple(first["loc"])
    message, remedy = _complaint(dict(first), place)
    raise InputError(message, file=source.name, line=source.line(place), remedy=remedy)


@functools.cache
def _adapter() -> Any:
    import pydantic

    return pydantic.TypeAdapter(Plan)


def _complaint(error: dict[str, Any], place: yaml_source.Place) -> tuple[str, str]:
    where = ".".join(str(step) for step in place)
    owner, kind = _kind_at(place[:-1]), error["type"]
    if kind in ("unexpected_keyword_argument", "no_such_attribute"):
        return f"there is no key '{place[-1]}' here ({where}).", _allowed(owner)
    if kind == "missing":
        return f"the key '{place[-1]}' is missing ({where}).", f"Add '{place[-1]}: ...'."
    if kind == "literal_error":
        choices = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        return f"'{error['input']}' is not a {place[-1]} ({where}).", f"Write one of: {choices}."
    if kind == "tuple_type":
        return f"{where} must be a list.", "Write each entry on a line of its own, with a dash before it."
    if kind in ("dataclass_type", "dataclass_exact_type"):
        return f"{where} must have keys.", _allowed(_kind_at(place))
    if kind == "string_type":
        return f"{where} must be plain text.", "Write one text there."
    return f"{where}: {str(error['msg']).lower()}.", "Correct the value."


def _kind_at(place: yaml_source.Place) -> Any:
    """The dataclass that a path of keys and indexes leads to."""
    kind: Any = Plan
    for step in place:
        if isinstance(step, str) and dataclasses.is_dataclass(kind):
            kind = _hints(typing.cast(type, kind)).get(step, str)
        arguments = [item for item in typing.get_args(kind) if item not in (type(None), Ellipsis)]
        kind = arguments[0] if arguments else kind
    return kind


def _allowed(kind: Any) -> str:
    names = [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []
    return f"Keys here are: {', '.join(names)}." if names else "Write plain text there."


def _before(plan: Plan, conference: Conference) -> set[str]:
    """The ids of the conferences that must be held before one, however far back."""
    after = {each.id: each.after for each in plan.conferences}
    found: set[str] = set()
    here = conference.after
    while here is not None and here not in found:
        found.add(here)
        here = after.get(here)
    return found


def _check_conferences(plan: Plan, source: yaml_source.Source) -> None:
    seen: set[str] = set()
    ids = {conference.id for conference in plan.conferences}
    for index, conference in enumerate(plan.conferences):
        line = source.line(("conferences", index, "after" if conference.after else "id"))
        if conference.id in seen:
            line = source.line(("conferences", index, "id"))
            raise InputError(f"two conferences have the id '{conference.id}'.", file=source.name, line=line, remedy="Change one.")
        if conference.after and conference.after not in ids - {conference.id}:
            remedy = f"Write one of: {', '.join(sorted(ids - {conference.id}))}." if len(ids) > 1 else "Leave 'after' out."
            raise InputError(f"there is no other conference '{conference.after}'.", file=source.name, line=line, remedy=remedy)
        if conference.id in _before(plan, conference):
            message = f"the conference '{conference.id}' would have to be held before itself."
            raise InputError(message, file=source.name, line=line, remedy="Break the circle of 'after'.")
        seen.add(conference.id)
