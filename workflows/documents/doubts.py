"""Owns the doubts that a reading leaves: what is missing, contradicts itself, or gives no date."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.documents.outline import Section
from workflows.documents.reports import unscheduled_reports
from workflows.plans import Origin, Plan, Warning
from workflows.questions import missing


def doubts(plan: Plan, root: Section, wrong_date: Origin | None) -> tuple[Warning, ...]:
    """All doubts about a draft but those on who must act."""
    found = [Warning(code=question.code, message=question.message, line=question.line) for question in missing(plan)]
    if wrong_date:
        message = f"no calendar has this date: {wrong_date.phrase}."
        found.append(Warning(code="date_impossible", message=message, line=wrong_date.line))
    return (*found, *_sections_twice(root), *_no_instant(plan), *_reports(plan, root))


def _sections_twice(root: Section) -> Iterator[Warning]:
    for section in root.walk():
        seen: dict[str, int] = {}
        for child in section.children:
            if child.number in seen:
                message = f"section {child.path} stands twice; the first is on line {seen[child.number]}."
                yield Warning(code="section_twice", message=message, line=child.line)
            seen.setdefault(child.number, child.line)


def _no_instant(plan: Plan) -> Iterator[Warning]:
    for deadline in plan.deadlines:
        if deadline.due_date is None:
            message = f"'{deadline.phrase}' gives no date: a person must set one."
            yield Warning(code="deadline_without_date", message=message, line=deadline.line)
        elif plan.date and deadline.due_date < plan.date:
            message = f"'{deadline.phrase}' lies before the document's date {plan.date}."
            yield Warning(code="deadline_past", message=message, line=deadline.line)
    for report in plan.recurring:
        if report.frequency != "daily" and report.weekday is None and report.day is None:
            message = f"'{report.phrase}' does not say by which day the {report.frequency.replace('_', '-')} report is due."
            yield Warning(code="report_without_day", message=message, line=report.line)
    for conference in plan.conferences:
        if conference.due_date is None:
            yield Warning(
                code="conference_without_date", message=f"conference {conference.id} has no date.", line=conference.line
            )


def _reports(plan: Plan, root: Section) -> Iterator[Warning]:
    for line, words in unscheduled_reports(root.blocks()):
        yield Warning(code="report_without_date", message=f"a report is demanded without a date: '{words}'", line=line)
