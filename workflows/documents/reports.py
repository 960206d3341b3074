"""Owns what is due again and again: how often, until when, from whom, to whom, by way of whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from workflows.documents.clauses import Clause, acting_in, acts, addressed_to, bodies, clauses, sent_via
from workflows.documents.frequencies import FIGURES, JOINS, Often, Schedule, masked, often_in, schedules_in
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.plans import Frequency, Recurring, Report

_OPENS = re.compile(r"\s*\([^()]{0,30}")
_FOR = re.compile(r"\s*\)?\s*(?:hằng năm\s+)?\(?\s*(?:đối với|cho)\s+(?:các\s+)?(?:báo cáo\s+)?$")
_REPORTS = re.compile(
    r"(?<!\w)(?:báo cáo(?!\s+viên)|tổng hợp|gửi|nộp|cung cấp(?!\s+(?:dịch vụ|nước|điện|suất ăn|thuốc|giống))"
    r"|thông tin\s+kết quả|phản ánh|(?<!cuộc )(?<!phiên )(?<!chợ )họp|giao ban"
    r"|đăng ký|quyết toán|đối thoại|thông báo\s+(?:số|công khai)|công bố|sơ kết|(?:một|\d{1,2})\s+(?:kỳ|buổi|cuộc|lần)\s+sinh"
    r" hoạt|(?:phiên họp|cuộc họp|hội nghị)\s(?:[^\W\d_]+\s){0,6}?(?:được\s)?tổ chức)(?!\w)"
)
_TELLS = re.compile(  # what comes again only where its day or hour is said
    r"(?<!\w)(?:công khai|công bố|tiếp (?:công )?dân|tiếp doanh nghiệp|(?:thông )?báo(?!\s+(?:cáo|chí|hiệu|động|đài|đảm|in|điện))"
    r"|nhắn|cập nhật|khóa sổ|đề xuất|kiểm điểm|rà soát|đối chiếu|thống kê|kiểm kê|đăng tải|niêm yết|trình|chuyển|nhập"
    r"|phát bản tin)(?!\w)"
)
_PURPOSE = re.compile(r"(?<!\w)để\s+(?=(?:[^;.,]{0,60}?\s)?tổng hợp(?!\w))")
_CONSOLIDATES = re.compile(
    r"(?<!để )(?<!biểu )(?<!bảng )(?<!tin )(?<!phòng )(?<!phận )(?<!\w)tổng hợp(?!\w)(?!\s+(?:theo|chung))"
)
_REPLACED = re.compile(r"(?<!\w)(?:thay\s+(?:bằng|cho|thế)|gộp|lồng ghép|không phải(?!\s+chờ))(?!\w)")
_WITHIN = re.compile(  # "… báo cáo định kỳ (hàng tháng, quý) trong báo cáo nhiệm vụ chính trị"
    r"(?<!\w)(?:trong|vào|cùng(?:\s+với)?)\s+(báo cáo\s(?:(?!gửi|về|trước|định|hằng|hàng|của|để|theo|và)[^\W\d_]+(?:\s|(?=\W)|$))"
    r"{1,12})"
)
_SAME_DAY = re.compile(r"(?<!\w)cùng ngày(?!\w)")
_VAGUE = re.compile(
    r"(?<!\w)(?:theo yêu cầu(?!\s+(?:tại|nêu|trong))|thường xuyên|theo quy định|kịp thời báo cáo|khi có yêu cầu|đột xuất"
    r"|\d{1,2}\s+(?:ngày|tuần|tháng)\s*(?:/|một)\s*lần)(?!\w)"
)
_ITEM = re.compile(r"(?:(?:[a-zđ]|\d{1,2}(?:\.\d{1,2}){0,3})\s*[.)]?\s*)?báo cáo(?!\w)")
_IN_NEED = re.compile(r"(?<!\w)(?:nếu có|vướng mắc|khó khăn|phát sinh|vượt thẩm quyền|nếu cần)(?!\w)")
_MEETS = re.compile(r"(?<!\w)(?:họp|giao ban)(?!\w)(?![^;.]*(?:báo cáo|gửi)\s)")  # not held by those addressed
_SENT = re.compile(r"\s*(?:gửi|nộp|báo cáo)(?!\w)")
_SENDS_REPORT = re.compile(r"(?<!\w)(?:gửi|nộp)\s+(?:về\s+)?báo cáo(?!\w)")
_ALL_TO = re.compile(  # "Báo cáo tháng …; báo cáo quý …, đều về Sở"
    r"(?<!\w)(?:đều|cùng|tất cả)\s+(?:gửi\s+|nộp\s+)?(?:về|đến|cho|tới)\s"
)
_SAME_PLACE = re.compile(r"(?<!\w)(?:theo|về|đến|tới)\s+(?:địa chỉ|nơi nhận|đầu mối)\s+(?:nêu\s+|nói\s+)?trên(?!\w)")
_REPORTED = re.compile(r"(?<!\w)báo cáo(?!\s+viên)(?!\w)")
_BESTOWED = re.compile(
    r"(?<!\w)(?:chợ(?:\s+phiên)?\s+họp|được\s+(?:trả|chi|cấp|hưởng|nhận|tái|khám|miễn|giảm|nghỉ|hỗ trợ|tính|phát))(?!\w)"
)  # what one gets, and a market
_BROADCAST = re.compile(r"(?<!\w)(?:phát(?!\s+(?:bản tin|hành|sinh|triển|hiện|động))|chuyên (?:mục|trang)|tiết mục)(?!\w)")
_MOST = 100  # of one document


def recurring_reports(blocks: Iterable[Block], owner: dict[int, str], charged: str | None = None) -> tuple[Recurring, ...]:
    """All recurring obligations in order.

    ``owner``: whose task a paragraph belongs to; ``charged``: who is to do what names nobody.
    """
    found: list[Recurring] = []
    asked: Recurring | None = None  # what a sentence with a colon says of the list below it
    above = ""
    for block in blocks:
        listed = goes_on(block, above)
        above = block.bullet
        before = asked if listed else None
        last: Recurring | None = None  # what the paragraph says last to come again
        parts = clauses(block.text)
        for place, clause in enumerate(parts):
            unit = owner.get(block.line) or (None if _MEETS.search(low(clause.text)) else charged)
            entries = list(_entries(block, clause, unit, before)) or list(_again(block, clause, unit, last))
            if entries and not entries[0].to and (beside := _beside(parts, place)):
                entries = [replace(each, to=addressed_to(beside.text), via=each.via or sent_via(beside.text)) for each in entries]
            if entries and place + 1 < len(parts) and not often_in(masked(behind := parts[place + 1].text)):
                entries = [replace(each, period=each.period or _words(FIGURES, behind)) for each in entries]
            last = entries[-1] if entries else last
            if asked and listed and entries and entries[0].to and not asked.to:
                asked = replace(asked, to=entries[0].to, via=entries[0].via, who=entries[0].who)  # the list's first says to whom
            found += entries[: _MOST - len(found)]
            before = entries[-1] if entries else before if listed or not clause.opens else None
        if parts and _ALL_TO.search(low(parts[-1].text)) and (to := addressed_to(parts[-1].text)):
            found = [each if each.to or (each.line or 0) < block.line else replace(each, to=to) for each in found]
        opens = opens_list(block)
        unit = owner.get(block.line) or charged
        asked = _recurring(block, parts[-1], unit, before, "monthly", None) if opens and parts else asked if listed else None
    return tuple(found)


def _beside(parts: Sequence[Clause], place: int) -> Clause | None:
    """The clause of the same sentence that says to whom: "…; gửi Sở A tổng hợp" behind, or the same actor's before."""
    behind = parts[place + 1] if place + 1 < len(parts) else None
    if behind and not behind.opens and not behind.own and _SENT.match(low(behind.text)) and addressed_to(behind.text):
        return behind
    if parts[place].own:
        return None
    same = place and not parts[place].opens and _REPORTED.search(low(parts[place - 1].text))
    above = parts[place - 1] if same or (place and _SAME_PLACE.search(low(parts[place].text))) else None
    if above and addressed_to(above.text):  # "Báo cáo Sở A trước ngày 15/6; từ năm sau, báo cáo trước ngày 05/12 hằng năm"
        return above
    sends = _SENDS_REPORT.search(low(parts[place].text))
    return next((part for part in reversed(parts[:place]) if addressed_to(part.text)), None) if sends else None


def goes_on(block: Block, above: str) -> bool:
    """Whether a paragraph belongs to the list or table that a sentence opens; ``above``: the bullet before it."""
    return is_item(block) or (bool(block.bullet) and (above != "|" or block.bullet == "|"))


def is_item(block: Block) -> bool:
    """Whether a paragraph is a report of a list, "b) Báo cáo quý: …"."""
    return _ITEM.match(low(block.text[:40])) is not None


def opens_list(block: Block) -> bool:
    """Whether a paragraph says of what is listed below it that it is reported."""
    return block.text.rstrip().endswith(":") and re.search(r"(?<!\w)(?:báo cáo|gửi)(?!\w)", low(block.text)) is not None


def rows_joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """The paragraphs, the cells of a table's row as one: "Báo cáo quý | số liệu … | chậm nhất ngày 18 của tháng cuối quý"."""
    above = -1  # the line of the row before
    for line, group in groupby(blocks, key=lambda block: block.line):
        cells = list(group)
        told = [cell.text for cell in cells if not FIGURES.match(low(cell.text))]
        row = len(cells) > 1 or (line == above + 1 and cells[0].text[:1].isdecimal())  # gaps too narrow make one cell of it
        above = line if row else -1
        yield replace(cells[0], text=", ".join(told), starts=((0, line),), bullet="|") if row else cells[0]


def schedules(text: str, row: bool = False) -> tuple[tuple[int, int], ...]:
    """Where in a paragraph days stand that come again: they are no one-off deadlines; ``row``: of a table."""
    found: list[tuple[int, int]] = []
    for clause in clauses(text):
        lowered = masked(clause.text)
        if row or _REPORTS.search(lowered) or _TELLS.search(lowered):
            often = often_in(lowered)
            found += [(clause.start + each.start, clause.start + each.end) for each in schedules_in(lowered) if often]
    return tuple(found)


_WATCHES = re.compile(  # who watches over the work reports on it, though nothing says when
    r"(?<!\w)(?:theo dõi|đôn đốc|giám sát)(?:,?\s+(?:và\s+)?(?:theo dõi|đôn đốc|giám sát|kiểm tra|hướng dẫn|tổng hợp|nắm"
    r"|tình hình|việc|kết quả|thực hiện|triển khai|kế hoạch này))*,?\s+(?:và\s+)?báo cáo"
)
_TIMED = re.compile(
    r"(?<!\w)(?:trước|chậm nhất|muộn nhất|xong|hoàn thành|đến hết|hạn|trong vòng|định kỳ|hằng|hàng|mỗi|tại)(?!\w)"
)


def unscheduled_reports(blocks: Iterable[Block], owner: dict[int, str], charged: str | None = None) -> tuple[Report, ...]:
    """Reports on request, continual ones, and those of who watches over the work, in order; arguments as of recurring ones."""
    found: list[Report] = []
    for block in blocks:
        for clause in clauses(block.text):
            lowered = low(clause.text)
            report = re.search(r"(?<!\w)báo cáo(?!\s+viên)(?!\w)", lowered)
            vague = _VAGUE.search(lowered) or (None if _TIMED.search(lowered) else _WATCHES.search(lowered))
            to = addressed_to(clause.text) if report and vague and not _IN_NEED.search(lowered) else ()
            if not (report and vague and to) or often_in(lowered) or len(found) >= _MOST:
                continue
            found.append(
                Report(
                    phrase=clause.text[vague.start() : vague.end()],
                    line=block.line_at(clause.start + report.start()),
                    who=bodies(clause.actor or owner.get(block.line) or charged),
                    to=to,
                    via=sent_via(clause.text),
                    gist=quoted(clause.text.strip()),
                    confidence=0.85 if clause.actor else 0.7,
                )
            )
    return tuple(found)


def _entries(block: Block, clause: Clause, owner: str | None, before: Recurring | None) -> Iterator[Recurring]:
    lowered = masked(clause.text)
    often = often_in(lowered)
    times = schedules_in(lowered) if often else []
    instead = _REPLACED.search(lowered)  # "báo cáo quý gửi trước ngày 18 … và thay cho báo cáo của tháng đó" is sent
    if instead and times and instead.start() > max(times[0].end, often[0].end) and instead[0] != "thay bằng":
        yield from _entries(block, replace(clause, text=clause.text[: instead.start()]), owner, before)
        return
    if instead and instead[0] == "lồng ghép" and any(each.day for each in times if each.start > instead.end()):
        instead = None  # "lồng ghép trong báo cáo quý, gửi ngày 20 tháng cuối quý"
    row = before is not None and block.bullet == "|"  # of a table of reports
    duty = (
        (clause.own or owner)
        and not _BROADCAST.search(lowered)
        and (clause.own or not _BESTOWED.search(lowered))
        and any(each.firm for each in often)
        and any(each.day or each.weekday for each in times)
    )
    reports = _REPORTS.search(lowered) or (times and (row or duty or _TELLS.search(lowered)))
    if not often or not reports or instead:
        return
    purpose = _PURPOSE.search(lowered)
    if purpose and schedules_in(lowered[purpose.end() :]) and schedules_in(lowered[: purpose.start()]):
        yield from _entries(block, replace(clause, text=clause.text[: purpose.start()]), owner, before)
        rest = clause.text[purpose.end() :]
        to = addressed_to(clause.text[: purpose.start()])
        acting = acts(rest) or ", ".join(to) or None
        inner = replace(clause, text=rest, start=clause.start + purpose.end(), actor=acting, own=True)
        yield from _entries(block, inner, owner, None)
        return
    seen: set[tuple[object, ...]] = set()
    for frequency, start, end, schedule in _bound(often, times, lowered):
        moment = (frequency, schedule.weekday, schedule.day, schedule.clock) if schedule else (frequency,)
        if moment in seen:
            continue  # "06 tháng: trước ngày 15/6 và ngày 15/12"
        seen.add(moment)
        entry = _recurring(block, clause, owner, before, frequency, schedule)
        begin, stop = min(start, schedule.start if schedule else start), max(end, schedule.end if schedule else end)
        near = stop - begin < 160
        phrase = clause.text[begin if near else start : stop if near else end]
        yield replace(entry, phrase=quoted(phrase.strip(" ,;.")), line=block.line_at(clause.start + begin))


def _again(block: Block, clause: Clause, owner: str | None, last: Recurring | None) -> Iterator[Recurring]:
    """What the words before say how often it comes: "…; Sở A tổng hợp, báo cáo UBND tỉnh trước ngày 25", "… cùng ngày"."""
    lowered = masked(clause.text)
    times = schedules_in(lowered) if last and _REPORTS.search(lowered) else []
    if not last or not times or _REPLACED.search(lowered):
        return
    if _SAME_DAY.search(lowered):
        yield _recurring(block, clause, owner, last, last.frequency, replace(times[0], weekday=last.weekday, day=last.day))
    elif often_in(lowered) or times[0].month:
        return
    elif (last.day and times[0].day) or (last.frequency == "weekly" and times[0].weekday):
        yield _recurring(block, clause, owner, last, last.frequency, times[0])


def _bound(
    often: Sequence[Often], times: Sequence[Schedule], lowered: str
) -> Iterator[tuple[Frequency, int, int, Schedule | None]]:
    """Which frequency each day belongs to; "hằng tháng, quý" without days gives two entries without."""
    known = {frequency for each in often for frequency in each.frequencies}
    done: set[Frequency] = set()
    if known == {"daily"}:
        times = _rounds_of_a_day([each for each in times if each.clock])  # "mỗi ngày, kể cả thứ Bảy"
    for number, schedule in enumerate(times):
        earlier = times[number - 1].end if number else 0
        beside = any(0 <= each.start - schedule.end <= 12 or 0 <= schedule.start - each.end <= 12 for each in often)
        if len(known) == 1 and number and not beside and not JOINS.fullmatch(lowered[earlier : schedule.start]):
            continue  # "... tại giao ban thứ Sáu"
        if around := [each for each in often if _OPENS.fullmatch(lowered[each.end : schedule.start])]:
            chosen = [(around[-1], frequency) for frequency in around[-1].frequencies]  # "hằng quý (trước ngày 15 …)"
        elif len(times) == 1 or len(known) <= 1:
            near = [each for each in often if each.firm or schedule.start - each.end < 60]
            chosen = [(each, frequency) for each in near for frequency in each.frequencies]
        else:
            chosen = _chosen(often, schedule, earlier, done, lowered)
        firsts = [(each, name) for place, (each, name) in enumerate(chosen) if name not in [other for _, other in chosen[:place]]]
        for each, frequency in firsts:
            if frequency == "yearly" and schedule.month in (6, 7) and len(times) > 1:
                frequency = "half_year"  # "trước ngày 20/6 và 20/12 hằng năm"
            done.add(frequency)
            yield frequency, each.start, each.end, schedule
    for each in often:
        for frequency in each.frequencies:
            if each.firm and frequency not in done:
                done.add(frequency)
                yield frequency, each.start, each.end, None


def _rounds_of_a_day(times: Sequence[Schedule]) -> list[Schedule]:
    """What comes daily at several hours, "lúc 6 giờ và 18 giờ", is one obligation, due first at the first."""
    return [replace(times[0], end=times[-1].end)] if times else []


def _chosen(
    often: Sequence[Often], schedule: Schedule, earlier: int, done: set[Frequency], lowered: str
) -> list[tuple[Often, Frequency]]:
    """Of several frequencies the one meant: "trước ngày 15/6 đối với báo cáo 6 tháng", "báo cáo năm trước ngày 15/12"."""
    for each in often:
        if each.start >= schedule.end and _FOR.match(lowered[schedule.end : each.start]) and each.start - schedule.end < 50:
            return [(each, each.frequencies[0])]
    close = [each for each in often if 0 <= schedule.start - each.end <= 12 and not done.issuperset(each.frequencies)]
    if close and not close[-1].firm:  # "báo cáo tháng trước ngày 18, báo cáo quý …"
        return [(close[-1], close[-1].frequencies[-1])]
    behind = [each for each in often if each.firm and 0 <= each.start - schedule.end <= 12]
    inside = [each for each in often if earlier <= each.start < schedule.start]
    open_ = [(each, frequency) for each in inside for frequency in each.frequencies if frequency not in done]
    if behind and not (schedule.month and open_):
        return [(behind[0], frequency) for frequency in behind[0].frequencies]
    by_month = {6: "half_year", 7: "half_year", 9: "nine_month", 12: "yearly", 11: "yearly", 1: "yearly"}.get(schedule.month or 0)
    named = [item for item in open_ if item[1] == by_month] or open_[-1:]
    return named or [(each, frequency) for each in often for frequency in each.frequencies if frequency == by_month][:1]


def _words(pattern: re.Pattern[str], text: str) -> str | None:
    """The words of a clause that a pattern finds, its group if it has one, as they are written."""
    match = pattern.search(low(text))
    return quoted(text[slice(*match.span(pattern.groups))].strip(" ,")) if match else None


def _recurring(
    block: Block, clause: Clause, owner: str | None, before: Recurring | None, frequency: Frequency, schedule: Schedule | None
) -> Recurring:
    """One obligation; who, to whom and by way of whom come from the clause before where a list goes on."""
    own = bodies(acting_in(clause, owner) if clause.own or (clause.actor and not before) else None)
    to = addressed_to(clause.text, schedule.start if schedule else None)
    goes_on = before is not None and not to and not clause.own
    who = own or (before.who if before and not clause.own else ()) or bodies(acting_in(clause, owner))
    day = schedule.day if schedule and frequency not in ("weekly", "daily") else None
    weekday = schedule.weekday if schedule and frequency != "daily" and day is None else None
    words = low(clause.text)
    sends = re.search(r"(?<!\w)(?:báo cáo|gửi)(?!\w)", words)
    sure = schedule is not None and schedule.sure and (weekday or day or schedule.clock)
    return Recurring(
        phrase=quoted(clause.text[schedule.start : schedule.end] if schedule else clause.text),
        line=block.line_at(clause.start + (schedule.start if schedule else 0)),
        frequency=frequency,
        weekday=weekday,
        day=day,
        time=schedule.clock if schedule else None,
        who=who,
        to=before.to if goes_on and before else to,
        via=sent_via(clause.text) or (before.via if goes_on and before else None),
        consolidates=_CONSOLIDATES.search(words[: sends.end() + 12] if sends else words) is not None,
        period=_words(FIGURES, clause.text),
        within=_words(_WITHIN, clause.text),
        confidence=0.95 if sure and own else 0.85 if sure else 0.65,
    )
