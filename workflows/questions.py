"""Owns what a person must answer before a plan can be issued, and how it is answered; other doubts are only to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from workflows.plans import Plan, Warning

DOUBTFUL = 0.7  # a fact with less confidence is shown as one to be checked


class Asked(NamedTuple):
    """What a warning of some code asks of a person, and where the answer is written."""

    question: str
    key: str  # of the plan file
    option: str | None = None  # of `cascade issue`


_ANSWER = "correct the fact, and write what is right beside this warning, as answer:"
ASKED = {
    "number_missing": Asked("Which number does the document bear?", "number:", "--number"),
    "date_missing": Asked("On which day was it signed?", "date:", "--date"),
    "date_impossible": Asked("On which day was it signed?", "date:", "--date"),
    "date_before_basis": Asked("Which of the two dates is wrong?", f"date:, or {_ANSWER}", "--date"),
    "date_before_subject": Asked("Which of the two dates is wrong?", f"date:, or {_ANSWER}", "--date"),
    "issuer_missing": Asked("Which body issues it?", "issuer:", "--issuer"),
    "weekday_mismatch": Asked("Which is right, the weekday or the date?", _ANSWER),
    "programme_conflict": Asked("Which is right, the document or the programme that goes with it?", _ANSWER),
    "purpose_unknown": Asked("Does this recipient act, or what is it told for?", "purpose:", "--allow-unresolved"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What must be known before a plan can be issued."""

    code: str  # stable, "number_missing", a key of ASKED
    message: str
    line: int | None = None
    option: str | None = None  # the option of `cascade issue` that answers it; None: only the plan file does


def missing(plan: Plan) -> tuple[Question, ...]:
    """What the document itself leaves open; empty when nothing is."""
    questions: list[Question] = []
    if not plan.number:
        said = f" (the document leaves it blank before {plan.symbol})" if plan.symbol else ""
        questions.append(_question("number_missing", f"the number is missing{said}."))
    if plan.date is None:
        wrong = next((each for each in plan.warnings if each.code == "date_impossible"), None)
        missed = _question("date_missing", "the date of signing is missing.")
        questions.append(_question(wrong.code, wrong.message, wrong.line) if wrong else missed)
    if not plan.issuer:
        questions.append(_question("issuer_missing", "the issuing body is missing."))
    return (*questions, *_later_references(plan), *_contradictions(plan))


def questions(plan: Plan) -> tuple[Question, ...]:
    """The same, and the recipients of whom nothing says what they are told for."""
    return (*missing(plan), *_purposes(plan))


def to_look_at(plan: Plan) -> tuple[Warning, ...]:
    """The doubts that do not keep a plan from being issued, and of which no person said anything yet."""
    return tuple(warning for warning in plan.warnings if warning.code not in ASKED and not warning.answer)


def _question(code: str, message: str, line: int | None = None) -> Question:
    return Question(code=code, message=message, line=line, option=ASKED[code].option)


def _later_references(plan: Plan) -> Iterator[Question]:
    """A document cannot carry out, or name, one that is younger than itself; unless a person looked, and says so."""
    answered = {(warning.code, warning.line) for warning in plan.warnings if warning.answer}
    groups = (("date_before_basis", plan.basis), ("date_before_subject", (*plan.citations, *plan.follows_up)))
    for code, references in groups:
        for each in references:
            if plan.date and each.date and each.date > plan.date and (code, each.line) not in answered:
                message = f"the date {plan.date} is earlier than {each.number} of {each.date}, which the document names."
                yield _question(code, message, each.line)


def _contradictions(plan: Plan) -> Iterator[Question]:
    """What the document says in two ways, until a person says which is right."""
    for warning in plan.warnings:
        if warning.code in ("weekday_mismatch", "programme_conflict") and not warning.answer:
            yield _question(warning.code, warning.message, warning.line)


def _purposes(plan: Plan) -> Iterator[Question]:
    for each in plan.recipients:
        if each.purpose is None and not each.as_above:
            message = f"nothing says whether '{each.text}' must act, is to report to, or is only informed."
            yield _question("purpose_unknown", message, each.line)
