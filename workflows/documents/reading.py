"""Owns the way from a document to a draft plan: each room reads its own facts, this one puts them together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from engine.errors import InputError
from workflows.documents.attachments import attachments
from workflows.documents.conferences import conferences
from workflows.documents.deadlines import deadlines
from workflows.documents.doubts import doubts
from workflows.documents.funding import funding
from workflows.documents.head import Head, read_head, title_after_body
from workflows.documents.issuer import (
    issuer_in_opening,
    issuer_of_authority,
    names_closer,
    naturally_cased,
    of_standing_board,
    with_place,
)
from workflows.documents.layout import Block, Layout, lay_out
from workflows.documents.lines import CAPITALS, Line, clean, read_lines
from workflows.documents.meeting_tables import Sitting, meetings_of, take_sittings
from workflows.documents.meeting_times import numbered
from workflows.documents.mending import mend
from workflows.documents.outline import Section, outline
from workflows.documents.own_names import names_of_paper
from workflows.documents.programmes import conflicts, part_programme, placed
from workflows.documents.purposes import decide, named_bodies
from workflows.documents.recipients import Listed, read_list
from workflows.documents.references import references
from workflows.documents.reports import recurring_reports, rows_joined, unscheduled_reports
from workflows.documents.signature import read_signer
from workflows.documents.suspensions import suspensions
from workflows.documents.tables import Row, blocks_of, deadlines_of, take_rows, tasks_of
from workflows.documents.tasks import read_tasks, telling
from workflows.documents.wording import is_person, name_before_colon, split_bodies, starts_with_body
from workflows.plans import Conference, Deadline, Origin, Plan, Recurring, Task, Warning

_Fact = TypeVar("_Fact", Conference, Task, Deadline, Recurring)
_SET_UP = re.compile(  # "Thành lập Ban An toàn, trật tự chợ gồm các ông"; "(gọi tắt là Hội đồng xét duyệt)"
    r"(?:(?:Thành lập|Kiện toàn) |gọi (?:tắt )?là )(?P<name>(?:Ban|Hội đồng|Tổ|Đoàn) [^().;:“”]{3,120}?)"
    r"(?= (?:tỉnh|thành phố|huyện|xã|phường|gồm|do|để|năm|trên)(?!\w)|,? gồm(?!\w)|[().;:“”]|$)"
)
_HEAD_OF = re.compile(
    r"(?:(?:Phó )?(?:Giám đốc|Chủ tịch|Bí thư|Hiệu trưởng|Cục trưởng|Trưởng)|Thủ trưởng|Lãnh đạo)\s+(?=" + CAPITALS + r"|các\s)"
)


def read(path: str | Path) -> Plan:
    """Read a document into a draft plan; raises InputError when the file cannot be read or is no such document.

    Nothing is invented: what the document does not say is None, and stands among the warnings.
    """
    return read_with_lines(path)[0]


def read_with_lines(path: str | Path) -> tuple[Plan, tuple[Line, ...]]:
    """The same, and the lines that it was read from."""
    lines = read_lines(path)
    return draft(lines, Path(path).name), lines


def read_text(text: str, name: str) -> Plan:
    """The same for a document's text; ``name`` is for messages."""
    return draft(clean(text, name), name)


def draft(lines: Sequence[Line], name: str) -> Plan:
    """A draft plan of a document's lines."""
    lines, programme = part_programme(lines)
    sittings, lines = take_sittings(lines)
    rows, lines = take_rows(lines)
    mended = mend(lines)
    layout = lay_out(mended.lines)
    head = read_head(layout.head, letter=bool(layout.addressees))
    head = title_after_body(head, layout.signature)
    listed = (read_list(layout.addressees, "kinh_gui"), read_list(layout.recipients, "noi_nhan"))
    if not (head.type or head.number or head.symbol or any(part.recipients for part in listed)):
        raise InputError(
            "this does not read as a plan or letter: no kind of paper (KẾ HOẠCH, CÔNG VĂN ...), no number (Số ...) and no"
            " recipients (Kính gửi, Nơi nhận) were found.",
            file=name,
            remedy="Give the document's whole text, or write a plan file by hand.",
        )
    root = outline(layout.body)
    plan = _with_references(_headed(head, layout, root, name), layout, root)
    with names_of_paper(_names_given(plan, listed, root, rows)):
        plan, owner_questions = _with_obligations(plan, layout, root, listed, (rows, sittings), plan.date or head.month)
    detached = [
        Warning(
            code="purpose_detached", line=line, message=f"the label '{words}' stands apart from the lines that it belongs to."
        )
        for part in listed
        for line, words in part.detached
    ]
    plan = replace(plan, conferences=placed(programme, plan.conferences))
    contradicted = conflicts(programme, plan.conferences, plan.date)
    return replace(
        plan, warnings=(*doubts(plan, root, head.wrong_date, mended.stamped), *contradicted, *detached, *owner_questions)
    )


def _headed(head: Head, layout: Layout, root: Section, name: str) -> Plan:
    signer, signed_at = read_signer(layout.signature)
    issuer, origin = head.issuer and naturally_cased(head.issuer, root.blocks()), None
    opening, opening_origin = issuer_in_opening(root.paragraphs)
    if opening and (issuer is None or names_closer(opening, issuer)):
        issuer, origin = with_place(opening, issuer), opening_origin
    if issuer and head.type != "CV":  # letters are the committee's
        issuer = of_standing_board(issuer, signer, root.blocks())
    if issuer is None:
        issuer, origin = issuer_of_authority(signer, signed_at.line if signed_at else None)
    printed = [item for item in head.origins if not (origin and item.fact == "issuer")]
    origins: list[Origin] = [*printed, *(item for item in (origin, signed_at) if item)]
    return Plan(
        number=head.number,
        symbol=head.symbol,
        date=head.date,
        place=head.place,
        type=head.type,
        title=head.title,
        issuer=issuer,
        urgency=head.urgency,
        signer=signer,
        origins=tuple(origins),
        source=name,
    )


def _with_references(plan: Plan, layout: Layout, root: Section) -> Plan:
    opening = root.paragraphs[:12] if root.children else root.paragraphs[:3]
    titled = [Block(text=line.text, starts=((0, line.number),)) for line in layout.head if plan.title]
    others = [*titled, *(block for block in root.blocks() if block not in opening)]
    found = references(opening, others, plan.number, plan.issuer)
    return replace(plan, basis=found.basis, follows_up=found.follows_up, citations=found.citations)


def _names_given(plan: Plan, listed: tuple[Listed, Listed], root: Section, rows: Sequence[Row]) -> set[str]:
    """What stands as a whole name: the issuer, recipients and bodies that they head, units of tables, what a colon follows."""
    told = [recipient.text for part in listed for recipient in part.recipients] + [row.unit for row in rows]
    told += [name for section in root.walk() if (name := name_before_colon(section.title))]
    told += [match["name"] for block in root.blocks() for match in _SET_UP.finditer(block.text[:2000])]
    told += [plan.issuer or "", *(_HEAD_OF.sub("", name) for name in told)]
    return {name for text in told for name in (text, *split_bodies(text)) if starts_with_body(name)}


def _with_obligations(
    plan: Plan,
    layout: Layout,
    root: Section,
    listed: tuple[Listed, Listed],
    tables: tuple[Sequence[Row], Sequence[Sitting]],
    issued: dt.date | None,
) -> tuple[Plan, tuple[Warning, ...]]:
    """Tasks, dates, meetings and reports; then who must act, which depends on them."""
    rows, sittings = tables
    given = read_tasks(root, issued=issued, kind=plan.type, letter=bool(layout.addressees))
    invited = [each.text for each in listed[0].recipients]
    meetings = conferences(root, issued=issued, issuer=plan.issuer, title=plan.title, kind=plan.type, invited=invited)
    meetings = numbered(_in_order(meetings, meetings_of(sittings, issued)))
    asked = [each.text for each in listed[0].recipients if plan.type != "GM" and not is_person(each.text)]  # or guests
    charged = given.charged or "; ".join(asked) or None
    body = tuple(rows_joined(layout.body))
    reports = _in_order(
        recurring_reports((*body, *rows_joined(layout.appendices)), given.owner, charged), recurring_reports(*blocks_of(rows))
    )
    recipients = [item for part in listed for item in part.recipients]
    tasks = _in_order(given.tasks, tasks_of(rows, root, issued))
    decided = decide(recipients, named_bodies(tasks, meetings, reports), plan.issuer, plan.symbol, layout.body, meetings)
    plan = replace(
        plan,
        tasks=tasks,
        conferences=meetings,
        recurring=reports,
        reports=unscheduled_reports(root.blocks(), given.owner, charged),
        deadlines=_in_order(
            deadlines(body, issued, given.owner, telling(root), charged),
            deadlines_of(rows, issued),
        ),
        suspensions=suspensions(layout.body, given.owner),
        funding=funding(root),
        attachments=attachments(root),
        recipients=decided.recipients,
    )
    return plan, decided.questions


def _in_order(*found: tuple[_Fact, ...]) -> tuple[_Fact, ...]:
    """Facts of running text and of tables, as they stand in the document."""
    return tuple(sorted(chain(*found), key=lambda fact: fact.line or 0))
