"""Owns what a person must answer before a plan can be issued, and how it is answered; other doubts are only to be looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from workflows.plans import Plan, Warning

DOUBTFUL = 0.7  # a fact with less confidence is shown as one to be checked


class Asked(NamedTuple):
    """What a warning of some code asks of a person, and where the answer is written."""

    question: str
    in_vietnamese: str
    key: str  # of the plan file
    option: str | None = None  # of `cascade issue`

    def asks(self, lang: str) -> str:
        """The question in a language, "vi" or "en"."""
        return self.in_vietnamese if lang == "vi" else self.question

    def where(self, lang: str) -> str:
        """Where the answer is written, in a language."""
        return self.key.replace(_ANSWER, _ANSWER_VI).replace(", or ", ", hoặc ") if lang == "vi" else self.key


_ANSWER = "correct the fact, and write what is right beside this warning, as answer:"
_ANSWER_VI = "sửa dữ kiện sai, và ghi điều đúng bên cạnh điểm nghi vấn này ở cuối tệp, sau answer:"
_DATES = ("Which of the two dates is wrong?", "Trong hai ngày, ngày nào sai?", f"date:, or {_ANSWER}", "--date")
_SIGNED = ("On which day was it signed?", "Văn bản được ký ngày nào?", "date:", "--date")
ASKED = {
    "number_missing": Asked("Which number does the document bear?", "Văn bản mang số nào?", "number:", "--number"),
    "date_missing": Asked(*_SIGNED),
    "date_impossible": Asked(*_SIGNED),
    "date_before_basis": Asked(*_DATES),
    "date_before_subject": Asked(*_DATES),
    "issuer_missing": Asked("Which body issues it?", "Cơ quan nào ban hành?", "issuer:", "--issuer"),
    "weekday_mismatch": Asked("Which is right, the weekday or the date?", "Thứ đúng hay ngày đúng?", _ANSWER),
    "programme_conflict": Asked(
        "Which is right, the document or the programme that goes with it?",
        "Văn bản đúng hay chương trình kèm theo đúng?",
        _ANSWER,
    ),
    "purpose_unknown": Asked(
        "Does this recipient act, or what is it told for?",
        "Nơi nhận này phải thực hiện, hay được gửi để làm gì?",
        "purpose:",
        "--allow-unresolved",
    ),
}
WHERE = {  # the keys of the plan file by which a person settles a doubt that keeps nothing from being issued
    "conference_without_date": "starts_at:, due_date:",
    "deadline_past": "due_date:",
    "deadline_without_date": "due_date:",
    "organiser_conflict": "organiser:",
    "purpose_detached": "purpose:",
    "report_without_date": "deadlines:",
    "report_without_day": "day:, weekday:",
    "stamp_mismatch": "date:",
    "task_uncovered": "recipients:",
}
_VIETNAMESE: Mapping[str, tuple[tuple[str, str], ...]] = {  # by code: what the message says, and the same in Vietnamese
    "number_missing": ((r"before ([^)]+)\)", "Văn bản chưa có số (để trống trước {0})."), ("", "Văn bản chưa có số.")),
    "date_missing": (
        (r"signature bears ([\d/-]+)", "Văn bản chưa có ngày ký; chữ ký số ghi ngày {0}."),
        ("", "Văn bản chưa có ngày ký."),
    ),
    "date_impossible": ((r"this date: ([^;]+?)\.?$", "Ngày ký không có trong lịch: {0}."), ("", "Ngày ký không có trong lịch.")),
    "date_before_basis": (
        (r"date (\S+) is earlier than (.+) of (\S+), which", "Ngày ký {0} sớm hơn ngày {2} của văn bản căn cứ {1}."),
    ),
    "date_before_subject": (
        (r"date (\S+) is earlier than (.+) of (\S+), which", "Ngày ký {0} sớm hơn ngày {2} của {1}, được nhắc đến."),
    ),
    "issuer_missing": (("", "Chưa rõ cơ quan nào ban hành."),),
    "weekday_mismatch": (("'(.+)': ([0-9/]+) is a ([A-Z][a-z]+)", "Thứ và ngày không khớp: '{0}', mà ngày {1} là {2}."),),
    "programme_conflict": (
        (" at (.+) in its programme, and (.+) in the paper", "Chương trình kèm theo nêu {0}, còn văn bản nêu {1}."),
    ),
    "organiser_conflict": (
        ("heading '(.+)' holds .* line ([0-9]+) '(.+)' does", "Theo tiêu đề, '{0}' tổ chức hội nghị; theo dòng {1}, là '{2}'."),
    ),
    "purpose_unknown": (("'(.+)'", "Chưa rõ '{0}' được gửi để làm gì."),),
    "purpose_detached": (("'(.+)'", "Nhãn '{0}' đứng tách khỏi các dòng của nó."),),
    "task_uncovered": (("'(.+)'", "'{0}' được giao việc nhưng không có ở nơi nhận."),),
    "deadline_past": (
        ("'(.+)' lies before the document's date ([0-9-]+)", "'{0}' sớm hơn ngày của văn bản ({1}): bên nào đúng?"),
    ),
    "deadline_without_date": (("'(.+)'", "'{0}' không cho biết ngày nào: hạn đến ngày nào?"),),
    "report_without_day": (("'(.+)': by which day is the ([a-z-]+) report", "'{0}': báo cáo {1} phải gửi vào ngày nào?"),),
    "report_without_date": (("'(.+)'", "Yêu cầu báo cáo mà không có thời hạn: '{0}'"),),
    "conference_without_date": (("conference (.+) held", "Hội nghị {0} chưa có ngày."),),
    "section_twice": (
        ("section (.+) stands twice; the first is on line ([0-9]+)", "Số mục {0} bị trùng; mục trước ở dòng {1}."),
    ),
    "stamp_mismatch": (("dated ([0-9-]+), .* bears ([0-9/-]+)", "Văn bản ghi ngày {0}, chữ ký số ghi ngày {1}."),),
}  # fmt: skip
_WORDS = {
    **dict(zip(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
               ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"), strict=True)),
    "daily": "hằng ngày", "weekly": "hằng tuần", "monthly": "hằng tháng", "quarterly": "hằng quý", "half-year": "6 tháng",
    "nine-month": "9 tháng", "yearly": "hằng năm",
}  # fmt: skip


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


def said(doubt: Question | Warning, lang: str) -> str:
    """What is asked or in doubt, in a language, "vi" or "en"; a code without Vietnamese words says its English ones."""
    if lang == "vi":
        for pattern, words in _VIETNAMESE.get(doubt.code, ()):
            if found := re.search(pattern, doubt.message):
                return words.format(*map(_in_vietnamese, found.groups()))
    return doubt.message


def _in_vietnamese(part: str) -> str:
    """A weekday or frequency by its Vietnamese word, a date as people write it, anything else as it is."""
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", part)
    return f"{day[3]}/{day[2]}/{day[1]}" if day else _WORDS.get(part, part)


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
