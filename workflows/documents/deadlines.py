"""Owns one-off deadlines in running text: the phrase, its line, who is to do it, to whom and by way of whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflows.documents.layout import Block
from workflows.documents.lines import low
from workflows.documents.reports import addressed_to, clause_around, is_recurring, sent_via
from workflows.due_phrases import LastMoment, last_moment
from workflows.plans import Deadline

_CLOCK = r"(?:\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{2})?\s*['’′]?\s*(?:phút)?\s*,?\s*(?:sáng|chiều)?\s*(?:,|của)?\s*)?"
_DATE = r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{4})?(?!\d)|\d{1,2}\s+tháng\s+\d{1,2}(?!\d)(?:\s+năm\s+\d{4})?)"
_DAY = r"(?:(?:thứ\s+\w{1,4}|chủ nhật)\s*,?\s*)?(?:\(?\s*ngày\s+)?" + _DATE
_QUARTER = r"(?:iv|i{1,3}|[1-4])(?!\w)"
_PERIOD = (
    rf"(?:tháng\s+\d{{1,2}}(?!\d)(?:\s*(?:/|năm|-)\s*\d{{4}})?|quý\s+{_QUARTER}(?:\s*(?:,|và)\s*(?:quý\s+)?{_QUARTER})*"
    r"(?:\s*(?:/|năm)\s*\d{4})?|(?:6|9|sáu|chín)\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+\d{4})?)"
)
_COUNT = r"\d{1,3}\s*(?:\([^()]{0,30}\)\s*)?(?:ngày làm việc|ngày|tuần|tháng)(?!\s*\d)"
_LATEST = r"(?:chậm nhất|muộn nhất)\s*(?:là|vào|trong)?\s*(?:đến)?\s*"
_WITHIN = r"(?:sau|trong(?:\s+(?:thời hạn|vòng))?|chậm nhất(?:\s+là)?|không quá)\s+"
_FORMS = (
    # at the latest on, before, by the end of a day
    rf"{_LATEST}(?:hết|trước)?\s*(?:trong\s+)?{_CLOCK}{_DAY}",
    rf"trước\s+{_CLOCK}{_DAY}",
    rf"(?:xong|đến hết|hết|trong)\s+ngày\s+{_DATE}",
    rf"từ\s+(?:ngày\s+)?{_DATE}\s*(?:đến|-|–)\s*(?:hết\s+)?(?:ngày\s+)?{_DATE}",
    # within, or before, a period
    rf"(?:{_LATEST}(?:hết)?|(?:hoàn thành\s+)?(?:xong\s+)?(?:trong|trước|đến hết|hết))\s+{_PERIOD}",
    r"(?:hoàn thành|xong)\s+(?:trong\s+)?năm\s+\d{4}",
    # parts of a month
    r"(?:vào\s+)?(?:tuần\s+)?(?:đầu|giữa|cuối)\s+tháng\s+\d{1,2}(?!\d)(?:\s*(?:/|năm)\s*\d{4})?",
    r"tuần\s+(?:cuối|đầu|thứ\s+\w{1,4})\s+(?:của\s+)?tháng\s+\d{1,2}(?!\d)(?:\s*(?:/|năm)\s*\d{4})?",
    # durations
    rf"{_WITHIN}{_COUNT}\s*,?\s*(?:kể|tính)\s+từ\s+(?:ngày|khi)\s+[^;.,()]{{0,60}}",
    rf"{_WITHIN}\d{{1,3}}\s*(?:\([^()]{{0,30}}\)\s*)?ngày làm việc",
)
_DEADLINE = re.compile(r"(?<!\w)(?:" + "|".join(_FORMS) + ")")
_BEFORE = re.compile(r"(?:hoàn thành|xong|báo cáo|gửi)\s*$")
_NO_DEADLINE_BEFORE = re.compile(
    r"(?:tính|số liệu|nhiệm kỳ|giai đoạn|kể từ|sinh|hiệu lực|ban hành|hội nghị)\s*(?:từ|đến|thi hành)?\s*$"
)
_MOST = 200  # of one document


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePhrase:
    """A deadline's words in a paragraph."""

    phrase: str
    start: int
    end: int
    last: LastMoment


def due_phrases(block: Block, issued: dt.date | None) -> Iterator[DuePhrase]:
    """All one-off deadlines of a paragraph; recurring ones are reports.py's."""
    lowered = low(block.text)
    for match in _DEADLINE.finditer(lowered):
        if _NO_DEADLINE_BEFORE.search(lowered[max(0, match.start() - 20) : match.start()].rstrip()):
            continue
        if is_recurring(lowered[max(0, match.start() - 40) : match.end() + 40]):
            continue
        before = _BEFORE.search(lowered[max(0, match.start() - 12) : match.start()])
        start = match.start() - (min(12, match.start()) - before.start() if before and lowered[match.start() - 2] != "o" else 0)
        last = last_moment(match[0], issued=issued)
        yield DuePhrase(phrase=block.text[start : match.end()].strip(" ,"), start=start, end=match.end(), last=last)


def due_date(blocks: Iterable[Block], issued: dt.date | None) -> dt.date | None:
    """The last day that some paragraphs allow: the latest named."""
    days = [found.last.day for block in blocks for found in due_phrases(block, issued) if found.last.day]
    return max(days, default=None)


def _confidence(due: DuePhrase) -> float:
    """A year that the words leave out was supplied from the document's own date."""
    if due.last.day is None:
        return 0.7
    return 0.95 if re.search(r"\d{4}", due.phrase) else 0.85


def deadlines(blocks: Iterable[Block], issued: dt.date | None, owner: dict[int, str]) -> tuple[Deadline, ...]:
    """All of them in order; ``owner`` says which unit's task a paragraph's first line belongs to."""
    found: list[Deadline] = []
    for block in blocks:
        for due in due_phrases(block, issued):
            if len(found) >= _MOST:
                return tuple(found)
            clause = clause_around(block.text, due.start)
            who = owner.get(block.line)
            found.append(
                Deadline(
                    phrase=due.phrase,
                    line=block.line_at(due.start),
                    due_date=due.last.day,
                    due_time=due.last.clock,
                    who=(who,) if who else (),
                    to=addressed_to(clause),
                    via=sent_via(clause),
                    confidence=_confidence(due),
                )
            )
    return tuple(found)
