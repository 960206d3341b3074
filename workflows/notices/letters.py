"""What a notice says: the facts of its plan, its unit and its move, put into a template. It knows nothing of mail.

Words that people read stand in the templates; here are the facts, and how dates and kinds of documents are said.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import events, store
from engine.clock import from_micros, from_text
from engine.errors import CascadeError
from engine.tables import event as event_table
from engine.tables import instance as instances
from engine.tables import outbox
from workflows.notices.expansion import request
from workflows.plans import Plan
from workflows.resources import templates_folder
from workflows.tables import message as messages
from workflows.tables import plan as plans
from workflows.tables import unit as units

if TYPE_CHECKING:
    import jinja2

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time, since 1975


class LetterRefused(CascadeError):
    """The letter cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A task, a conference or a report, as the letter lists it."""

    number: str  # in the document, "III.1"; empty where it has none
    text: str
    by: str  # "chậm nhất hết ngày 31/3/2025"; empty where no date follows from the document
    phrase: str  # the document's words that the date came from; empty where they say the same or are unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything that a template may say."""

    notice: str
    reference: str  # to be quoted in a reply, "PC-12/57"
    written_on: str  # "10/3/2025"
    unit: str  # name of the addressed unit
    document: str  # "Kế hoạch số 207-KH/TU, ngày 20/3/2025"
    number: str  # "207-KH/TU"
    title: str
    issuer: str  # body, as the document words it
    place: str
    urgency: str  # "khẩn"; empty
    basis: tuple[str, ...]  # the higher documents
    by: str  # when the unit must have reported; empty without a date
    phrase: str  # the document's words for that date
    own_tasks: tuple[Line, ...]  # those worded for this unit or its line of the recipients
    tasks: tuple[Line, ...]  # all
    own_conference: str  # number of the one that the unit itself must hold; empty
    conferences: tuple[Line, ...]
    reports: tuple[Line, ...]
    recurring: tuple[Line, ...]
    followed_by: tuple[str, ...]  # who follows the matter up
    attachments: tuple[str, ...]
    reason: str  # of the move; empty
    replaced_by: str  # number of the superseding document; empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """The unit and the instance that one message is about."""

    message: int  # pc_message.id
    notice: str
    instance: int
    plan: int  # instance id of the plan
    code: str  # of the unit
    unit: str  # its name; the code where the directory lacks it
    due_at: int | None  # microseconds UTC, exclusive
    started: dict[str, Any]  # what the instance's first event says: the line that names the unit, its conference, its due date
    reason: str | None
    fields: dict[str, Any]  # given with the move
    queued_at: int  # microseconds UTC


def addressees(connection: Connection, message_ids: Sequence[int]) -> list[Addressee]:
    """What is known of the addressees of messages, in the order of their ids."""
    columns = (messages, outbox.c.payload, outbox.c.recorded_at, instances.c.due_at, units.c.name)
    query = (
        sa.select(*columns)
        .select_from(
            messages.join(outbox, outbox.c.id == messages.c.outbox_id)
            .join(instances, instances.c.id == messages.c.instance_id)
            .outerjoin(units, units.c.code == messages.c.unit)
        )
        .where(messages.c.id.in_(message_ids))
        .order_by(messages.c.id)
    )
    rows = connection.execute(query).all()
    bodies = store.first_bodies(connection, list({row.instance_id for row in rows}))
    started = {id: events.decode(body)["data"] for id, body in bodies.items()}
    return [_addressee(connection, row, started.get(row.instance_id, {})) for row in rows]


def _addressee(connection: Connection, row: Any, started: dict[str, Any]) -> Addressee:
    asked = request(row.payload)
    move = _move(connection, row.instance_id, asked.event, row.recorded_at)
    due = move.get("due")
    return Addressee(
        message=row.id,
        notice=row.notice,
        instance=row.instance_id,
        plan=asked.plan,
        code=row.unit,
        unit=row.name or row.unit,
        due_at=from_text(due) if due else row.due_at,
        started=started,
        reason=asked.reason or move.get("reason"),
        fields=move.get("fields") or {},
        queued_at=row.queued_at,
    )


def _move(connection: Connection, instance_id: int, at: tuple[int, int] | None, recorded_at: int) -> dict[str, Any]:
    """The data of the move that a notice tells of: the named event, else the instance's last one of that moment."""
    query = sa.select(event_table.c.body)
    if at is not None:
        query = query.where(event_table.c.instance_id == at[0], event_table.c.seq == at[1])
    else:
        mine = (event_table.c.instance_id == instance_id) & (event_table.c.recorded_at == recorded_at)
        query = query.where(mine).order_by(event_table.c.seq.desc()).limit(1)
    body = connection.execute(query).scalar()
    data: dict[str, Any] = events.decode(body)["data"] if body else {}
    return data


def plan_of(connection: Connection, plan_id: int) -> Plan:
    """The plan as issued; raises LetterRefused."""
    row = connection.execute(sa.select(plans.c.body).where(plans.c.instance_id == plan_id)).first()
    if row is None:
        raise LetterRefused(f"There is no plan {plan_id}.", remedy="Check the notice that asked for it.")
    try:
        return Plan.from_json(json.loads(row.body))
    except (AttributeError, TypeError, ValueError) as error:
        raise LetterRefused(f"The plan {plan_id} cannot be read ({error}).") from error


def letter(plan: Plan, to: Addressee) -> Letter:
    """The facts of one letter."""
    tasks = tuple(_task(plan, task) for task in plan.tasks)
    own = tuple(line for line, task in zip(tasks, plan.tasks, strict=True) if _is_for(plan, task.unit, to))
    return Letter(
        notice=to.notice,
        reference=f"PC-{to.plan}/{to.instance}",
        written_on=say_date(from_micros(to.queued_at).astimezone(VIETNAM).date()),
        unit=to.unit,
        document=_document(plan),
        number=plan.number or "",
        title=plan.title or "",
        issuer=plan.issuer or "Cơ quan ban hành",
        place=plan.place or "",
        urgency=plan.urgency or "",
        basis=tuple(_reference(basis) for basis in plan.basis),
        by=say_due(to.due_at) if to.due_at is not None else "",
        phrase=_due_phrase(plan, to),
        own_tasks=own,
        tasks=tasks,
        own_conference=str(to.started.get("conference") or ""),
        conferences=tuple(_conference(plan, each) for each in plan.conferences if _concerns(each, to)),
        reports=tuple(_report(plan, deadline) for deadline in plan.deadlines if not _of_conference(plan, deadline)),
        recurring=tuple(_recurring(recurring) for recurring in plan.recurring),
        followed_by=_followed_by(plan),
        attachments=tuple(each.text for each in plan.attachments),
        reason=to.reason or "",
        replaced_by=str(to.fields.get("by") or ""),
    )


def render(facts: Letter) -> tuple[str, str]:
    """Subject and text of a letter; raises LetterRefused when its template cannot say it."""
    import jinja2

    try:
        text = _environment().get_template(f"{facts.notice}.j2").render(letter=facts)
    except jinja2.TemplateError as error:
        raise LetterRefused(f"The notice '{facts.notice}' cannot be written ({type(error).__name__}: {error}).") from error
    subject, _, body = text.strip().partition("\n")
    return plain(subject), re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2
    import jinja2.sandbox

    return jinja2.sandbox.SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # plain text
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if isinstance(value, str) else value,
    )


def plain(text: str) -> str:
    """One line without anything invisible: neither a header nor a line of the letter can be smuggled in."""
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # joiners, soft hyphens, marks that turn the direction of writing
        return ""
    return " " if category[0] in "CZ" else character


# -- how dates are said ------------------------------------------------------------------------------------------------


def say_date(day: date) -> str:
    """ "01/02/2025", "10/3/2025": zeros where a digit could be added by hand, as office rules want it."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def say_due(due_at: int) -> str:
    """A deadline from the first instant that is too late, microseconds UTC."""
    instant = from_micros(due_at).astimezone(VIETNAM)
    if instant.time() == time(0):
        return f"chậm nhất hết ngày {say_date(instant.date() - timedelta(days=1))}"
    return f"trước {instant.hour} giờ {instant.minute:02d} ngày {say_date(instant.date())}"


def _say_day(day: date | None, before: time | None = None) -> str:
    if day is None:
        return ""
    if before is not None:
        return f"trước {before.hour} giờ {before.minute:02d} ngày {say_date(day)}"
    return f"chậm nhất hết ngày {say_date(day)}"


def _too_late(day: date, before: time | None) -> datetime:
    """The first instant that is too late for a last day allowed, and a time on it."""
    if before is not None:
        return datetime.combine(day, before, VIETNAM)
    return datetime.combine(day, time(0), VIETNAM) + timedelta(days=1)


def _due_phrase(plan: Plan, to: Addressee) -> str:
    """The document's words that the unit's due date came from; empty for one that was granted later."""
    if to.due_at is None:
        return ""
    first = to.started.get("due")
    kept = (to.started.get("due_from") or {}).get("phrase")
    if kept and first and from_text(first) == to.due_at:
        return str(kept)
    due = from_micros(to.due_at)
    for deadline in plan.deadlines:
        if deadline.due_date and _too_late(deadline.due_date, deadline.due_time).astimezone(UTC) == due:
            return deadline.phrase
    return ""


def _phrase_of_day(plan: Plan, day: date | None) -> str:
    return next((deadline.phrase for deadline in plan.deadlines if day and deadline.due_date == day), "")


# -- how the plan's parts are said -------------------------------------------------------------------------------------

_TYPES = {
    "KH": "Kế hoạch", "CV": "Công văn", "HD": "Hướng dẫn", "KL": "Kết luận", "CT": "Chỉ thị", "TB": "Thông báo",
    "CĐ": "Công điện", "NQ": "Nghị quyết", "QĐ": "Quyết định", "QyĐ": "Quy định", "QC": "Quy chế", "BC": "Báo cáo",
    "TTr": "Tờ trình", "CTr": "Chương trình", "CTHĐ": "Chương trình hành động", "CTPH": "Chương trình phối hợp",
    "ĐA": "Đề án", "DA": "Dự án", "PA": "Phương án", "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch",
    "NQLT": "Nghị quyết liên tịch", "HDLT": "Hướng dẫn liên tịch", "KHLT": "Kế hoạch liên tịch", "KHPH": "Kế hoạch phối hợp",
    "QCPH": "Quy chế phối hợp", "QTr": "Quy trình",
    "L": "Luật", "PL": "Pháp lệnh", "TC": "Thông cáo", "BB": "Biên bản", "HĐ": "Hợp đồng", "GM": "Giấy mời",
    "GUQ": "Giấy ủy quyền",
}  # fmt: skip
_FORMS = {
    "in_person": "trực tiếp",
    "online": "trực tuyến",
    "relayed": "tiếp sóng",
    "hybrid": "trực tiếp kết hợp trực tuyến",
    "in_person_or_online": "trực tiếp hoặc trực tuyến",
}
_FREQUENCIES = {
    "daily": "hằng ngày",
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "quarterly": "hằng quý",
    "half_year": "6 tháng một lần",
    "nine_month": "9 tháng một lần",
    "yearly": "hằng năm",
}
_URGES = re.compile(r"theo dõi|đôn đốc", re.IGNORECASE)


def _document(plan: Plan) -> str:
    name = _TYPES.get(plan.type or "", "Văn bản")
    number = f" số {plan.number}" if plan.number else ""
    return f"{name}{number}{f', ngày {say_date(plan.date)}' if plan.date else ''}"


def _reference(reference: Any) -> str:
    name = _TYPES.get(reference.type or "", "Văn bản")
    day = f", ngày {say_date(reference.date)}" if reference.date else ""
    return f"{name} số {reference.number}{day}{f' của {reference.issuer}' if reference.issuer else ''}"


def _task(plan: Plan, task: Any) -> Line:
    role = {"lead": " (chủ trì)", "support": " (phối hợp)"}.get(task.role or "", "")
    parts = [f"{task.unit}{role}" if task.unit else "", (task.gist or "").rstrip(" .;")]
    text = ": ".join(part for part in parts if part)
    return Line(number=task.heading, text=text, by=_say_day(task.due_date), phrase=_phrase_of_day(plan, task.due_date))


def _is_for(plan: Plan, worded: str | None, to: Addressee) -> bool:
    """Whether a task's unit, as worded, is this unit, or the line of the recipients that names it among others."""
    if not worded:
        return False
    line = to.started.get("line")
    mine = (recipient for recipient in plan.recipients if to.code in recipient.units or (line and recipient.line == line))
    lines = {recipient.text.casefold() for recipient in mine}
    return worded.casefold() in {to.unit.casefold(), *lines}


def _concerns(conference: Any, to: Addressee) -> bool:
    """Whether a unit has to do with a conference: it holds it, or the issuer does, whose participants may be anybody's."""
    return bool(conference.held_by != "recipients" or conference.id == to.started.get("conference"))


def _of_conference(plan: Plan, deadline: Any) -> bool:
    """Whether a deadline is a conference's, not a report's: it asks nobody to report, and falls on that conference's last day."""
    last_days = {conference.due_date for conference in plan.conferences}
    return not (deadline.to or deadline.via or deadline.who) and deadline.due_date in last_days


def _conference(plan: Plan, conference: Any) -> Line:
    who = {"issuer": f"do {plan.issuer or 'cơ quan ban hành'} tổ chức", "recipients": "do đơn vị tổ chức"}
    details = [
        conference.title or f"Hội nghị {conference.tier or ''}".strip(),
        _FORMS.get(conference.form or "", ""),
        who.get(conference.held_by or "", ""),
        f"chủ trì: {conference.chair}" if conference.chair else "",
        f"địa điểm: {conference.venue}" if conference.venue else "",
        f"sau hội nghị {conference.after}" if conference.after else "",
    ]
    by, phrase = _say_day(conference.due_date), _phrase_of_day(plan, conference.due_date)
    if conference.starts_at:
        start = conference.starts_at.astimezone(VIETNAM)
        by, phrase = f"lúc {start.hour} giờ {start.minute:02d} ngày {say_date(start.date())}", ""
    return Line(number=conference.id, text=", ".join(part for part in details if part), by=by, phrase=phrase)


def _report(plan: Plan, deadline: Any) -> Line:
    return Line(number="", text=_whom(deadline), by=_say_day(deadline.due_date, deadline.due_time), phrase=deadline.phrase)


def _recurring(recurring: Any) -> Line:
    return Line(number="", text=_whom(recurring), by=_FREQUENCIES[recurring.frequency], phrase=recurring.phrase)


def _whom(duty: Any) -> str:
    """A report: whose, to whom and through whom, as far as the document says."""
    parts = [
        f"của {'; '.join(duty.who)}" if duty.who else "",
        f"gửi {'; '.join(duty.to)}" if duty.to else "",
        f"qua {duty.via}" if duty.via else "",
    ]
    return f"Báo cáo {', '.join(part for part in parts if part)}".strip()


def _followed_by(plan: Plan) -> tuple[str, ...]:
    """Who is to watch and urge, else who collects the reports."""
    urging = [task.unit for task in plan.tasks if task.unit and task.role != "support" and _URGES.search(task.gist or "")]
    vias = [*(deadline.via for deadline in plan.deadlines), *(recurring.via for recurring in plan.recurring)]
    return tuple(dict.fromkeys(urging or [via for via in vias if via]))
