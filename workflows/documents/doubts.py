"""Owns the doubts that a reading leaves: what is missing, contradicts itself, or gives no date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workflows.documents.invitations import holder_of
from workflows.documents.lines import low
from workflows.documents.mending import Stamp
from workflows.documents.outline import Section
from workflows.due_phrases import last_moment, names_day
from workflows.names import fold
from workflows.plans import Origin, Plan, Warning
from workflows.questions import missing

_SIGNED_WITHIN = dt.timedelta(days=10)  # a paper is dated when it is registered, some days from its signing
_NAMES = r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)(?!\w)"
_DATE = r"\d{1,2}(?:\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\s*/\s*\d{1,2}|\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?)(?!\d|\s*[/.-]\s*\d)"
_WEEKDAY_OF = re.compile(
    rf"(?<!\w)(?P<before>{_NAMES})\s*[,(]?\s*(?:ngày\s+)?(?P<day>{_DATE})"
    rf"|(?<![\d/])(?P<date>{_DATE})\s*[,(]\s*(?P<behind>{_NAMES})"
)
_FIRST_WORKING_DAY = re.compile(r"(?<!\w)ngày làm việc (?:đầu|thứ)(?!\w)")  # a day, though of no fixed number
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật")


def doubts(plan: Plan, root: Section, wrong_date: Origin | None, stamped: Sequence[Stamp]) -> tuple[Warning, ...]:
    """All doubts about a draft but those on who must act; ``stamped``: the days that electronic signatures bear."""
    if wrong_date:
        message = f"no calendar has this date: {wrong_date.phrase}."
        plan = replace(plan, warnings=(Warning(code="date_impossible", message=message, line=wrong_date.line),))
    found = [Warning(code=question.code, message=question.message, line=question.line) for question in missing(plan)]
    head = (_beside_stamp(warning, stamped) for warning in found)
    return (
        *head,
        *_stamps(plan, stamped),
        *_sections_twice(root),
        *_weekdays(plan, root),
        *_organisers(plan, root),
        *_no_instant(plan),
        *_reports(plan),
    )


def _beside_stamp(warning: Warning, stamped: Sequence[Stamp]) -> Warning:
    """A missing date with what the electronic signature says, for the person who sets it: the clerk dates papers by hand."""
    if warning.code != "date_missing" or not stamped:
        return warning
    line, day = stamped[-1]
    return replace(warning, line=line, message=f"{warning.message.rstrip('.')}; the electronic signature bears {day}.")


def _stamps(plan: Plan, stamped: Sequence[Stamp]) -> Iterator[Warning]:
    """A day of signing that is weeks from the document's own, so that one of them is a slip."""
    if plan.date and stamped and all(abs(day - plan.date) > _SIGNED_WITHIN for _, day in stamped):
        line, day = stamped[-1]
        message = f"the document is dated {plan.date}, and its electronic signature bears {day}."
        yield Warning(code="stamp_mismatch", message=message, line=line)


def _organisers(plan: Plan, root: Section) -> Iterator[Warning]:
    """Meetings that one body holds by their heading, and another by their text."""
    lines = {conference.line for conference in plan.conferences}
    for section in root.walk()[1:]:
        by_heading = holder_of(section.title) if section.line in lines else None
        for block in section.blocks()[1:] if by_heading else ():
            by_text = holder_of(block.text)
            if by_text and by_heading and fold(by_text) not in fold(by_heading) and fold(by_heading) not in fold(by_text):
                message = f"by its heading '{by_heading}' holds the meeting, by line {block.line} '{by_text}' does."
                yield Warning(code="organiser_conflict", message=message, line=section.line)
                break


def _weekdays(plan: Plan, root: Section) -> Iterator[Warning]:
    """Days whose weekday is named and is not theirs."""
    for block in root.blocks():
        lowered = low(block.text)
        for match in _WEEKDAY_OF.finditer(lowered):
            words = match["before"] or match["behind"]
            day = last_moment(f"ngày {match['day'] or match['date']}", issued=plan.date).day
            if day and _weekday(words) != day.weekday():
                said = block.text[match.start() : match.end()].strip(" ,()")
                message = f"'{said}': {day:%d/%m/%Y} is a {day:%A}. Which is meant, the weekday or the date?"
                yield Warning(code="weekday_mismatch", message=message, line=block.line_at(match.start()))


def _weekday(words: str) -> int:
    """0 for Monday, as a date counts it."""
    last = words.split()[-1]
    return int(last) - 2 if last.isdigit() else _WEEKDAYS.index(last)


def _sections_twice(root: Section) -> Iterator[Warning]:
    for section in root.walk():
        seen: dict[str, int] = {}
        for child in section.children:
            if len(seen) > 1 and child.number == section.children[0].number:
                seen = {}  # they are counted anew, below a heading without a number
            if child.number in seen:
                message = f"section {child.path} stands twice; the first is on line {seen[child.number]}."
                yield Warning(code="section_twice", message=message, line=child.line)
            seen.setdefault(child.number, child.line)


def _no_instant(plan: Plan) -> Iterator[Warning]:
    for deadline in plan.deadlines:
        if deadline.due_date is None:
            impossible = names_day(deadline.phrase) and plan.date is not None
            code = "date_impossible" if impossible else "deadline_without_date"
            message = (
                f"'{deadline.phrase}' {'is no day of the calendar' if impossible else 'gives no date'}: by which day is it due?"
            )
            yield Warning(code=code, message=message, line=deadline.line)
        elif plan.date and deadline.due_date < plan.date:
            message = f"'{deadline.phrase}' lies before the document's date {plan.date}: which of the two is right?"
            yield Warning(code="deadline_past", message=message, line=deadline.line)
    for report in plan.recurring:
        settled = report.frequency == "daily" or report.weekday is not None or report.day is not None
        if not settled and report.to and not _FIRST_WORKING_DAY.search(low(report.phrase)):  # what goes to nobody is no report
            message = f"'{report.phrase}': by which day is the {report.frequency.replace('_', '-')} report due?"
            yield Warning(code="report_without_day", message=message, line=report.line)
    for conference in plan.conferences:
        if conference.due_date is None:
            yield Warning(
                code="conference_without_date", message=f"on which day is conference {conference.id} held?", line=conference.line
            )


def _reports(plan: Plan) -> Iterator[Warning]:
    for report in plan.reports:
        message = f"a report is demanded without a date: '{report.gist}'"
        yield Warning(code="report_without_date", message=message, line=report.line)
