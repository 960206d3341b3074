"""Owns tables of tasks: rows that say what is to be done, who leads and by when, in the body or in an appendix."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from workflows.documents.clauses import bodies
from workflows.documents.layout import Block, numbering, starts_recipients, starts_signature
from workflows.documents.lines import Line, low, quoted
from workflows.documents.outline import Section
from workflows.documents.wording import is_person, starts_with_body
from workflows.due_phrases import NO_INSTANT, last_moment, names_day
from workflows.plans import Deadline, Role, Task

ORDINAL = re.compile(r"(?:s?tt|số tt|số thứ tự|#)(?!\w)\.?")
_WHAT = re.compile(
    r"nội dung|nhiệm vụ|công việc|hoạt động|đầu việc|phần việc|sản phẩm|giải pháp|^tên\s|văn bản|đề án|chuyên đề|báo cáo|hồ sơ"
    r"|tài liệu|công trình|dự án|chỉ tiêu|mục tiêu|vấn đề|tồn tại|kiến nghị|yêu cầu|lĩnh vực|hạng mục"
    r"|việc (?:cần|phải) làm|^việc$|danh mục|biện pháp"
)
_MEETING = re.compile(r"địa điểm|thành phần|phòng họp|^nơi\s(?!nhận|gửi)|điểm cầu|hội nghị|cuộc họp|chương trình nghị sự")
_LEAD = re.compile(
    r"chủ trì|đầu mối|thực hiện|phụ trách|phân công|tham mưu|trách nhiệm|giải quyết|xử lý|trả lời|báo cáo"
    r"|soạn thảo|triển khai"
)
_BODY = re.compile(r"cơ quan|đơn vị|bộ phận|chủ trì|đầu mối|người|phụ trách|phân công|^(?:chịu )?trách nhiệm")
_WHO = re.compile(
    r"(?:tên\s)?(?:cơ quan|đơn vị|bộ phận|họ và tên|họ tên|thành viên|tổ chức|địa phương|sở|phòng)"
    r"(?:(?:,|\svà|\s-|/)\s?[\w ]{2,24})?"
)
_MEMBERS = re.compile(r"chức vụ|chức danh|năm sinh|ngày sinh|điện thoại|công tác|tổng số|số lượng")  # whom a list appoints
_GIVEN = re.compile(r"nhiệm vụ|công việc|phần việc|phân công")
_REPORTS = re.compile(r"báo cáo|gửi|nộp")  # what the column of a table of reports says of whoever sends them
_NAMED = re.compile(r"người|phụ trách|trách nhiệm")
_SUPPORT = re.compile(r"phối hợp")
_WHEN = re.compile(r"thời gian|thời hạn|thời điểm|tiến độ|hoàn thành|hạn(?! chế)|xong|mốc|kết thúc")
_TO = re.compile(r"(?:cấp|nơi|cơ quan|đơn vị) (?:trình|nhận)|^trình(?! bày)|gửi (?:đến|về)")
_SOME_DAY = re.compile(  # without an instant: "Tuần đầu tháng 7/2026", "Trước khai mạc 02 ngày", "Ngay sau khi …"
    r"(?:(?:trước|sau|ngay (?:sau|khi)|trong vòng|chậm nhất|muộn nhất|không quá|xong|hoàn thành)\s"
    r"|(?:(?:đầu|giữa|cuối)\s+)?tuần\s(?!/)|(?:thượng|trung|hạ) tuần\s)"
)
NUMBERED = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-H](?=\s*[.)]?(?:\s|$)))\s*[.)]?(?:\s+(?P<rest>\D.*))?$"
)
_DATED_END = re.compile(
    r"\s(?=(?:(?:xong\s)?trước\s|chậm nhất\s|muộn nhất\s|trong\s|đến hết\s)?(?:(?:ngày|tháng|quý)\s[\dIVX/]|\d{1,2}/\d{1,2}))",
    re.IGNORECASE,
)
_APPENDIX = re.compile(r"(?:phụ lục|danh mục)\b(?:\s+(?:số\s+)?(?P<number>\d{1,2}|[ivx]{1,4})(?!\w))?")
_OWN_TITLE = re.compile(r"(?:Bảng|BẢNG|Biểu|BIỂU)\s(?:giao|phân|tiến|tổng|GIAO|PHÂN|TIẾN|TỔNG)[^.;:]{3,150}")
_AS_ELSEWHERE = re.compile(r"theo\s(?!.{0,200}(?:trước|chậm nhất|muộn nhất|hoàn thành))")  # the time stands in another paper
_MOST = 400  # rows of one document
_NEAR = 3  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table of tasks."""

    number: str
    what: str
    unit: str
    role: Role | None
    when: str  # the cell's words; "" where it has none
    to: str  # whom it is presented to; "" where no column says so
    line: int
    report: bool  # the row is a report to be sent, not a task
    appendix: str | None  # "PL", "PL.2"; "" below a title of its own; None in the body

    @property
    def due(self) -> str:
        """The words that may name a day by which it is due."""
        return "" if _AS_ELSEWHERE.match(low(self.when)) else self.when


def take_rows(lines: Sequence[Line]) -> tuple[tuple[Row, ...], tuple[Line, ...]]:
    """The rows of all tables of tasks, and the lines that belong to none."""
    taken: list[Row] = []
    left: list[Line] = []
    said = "\n".join(low(line.text) for line in lines)
    header: _Header | None = None
    appendix: str | None = None
    part = ""  # of a table, by a row of its own: "II | Tổ chức lại bộ phận một cửa"
    every = [list(same_line) for _, same_line in groupby(lines, key=lambda line: line.number)]
    for n, row in enumerate(every):
        begins = _header(row)
        goes_on = header is not None and (len(row) > 1 or not row[0].gap) and not _is_over(row, every[n + 1 : n + 1 + _NEAR])
        header = begins or (header if goes_on else None)
        part = "" if begins or header is None else part
        if header is None:
            found = _APPENDIX.match(low(row[0].text[:40])) if row[0].text[:1].isupper() and not row[0].bullet else None
            appendix = f"PL.{(found['number'] or '').upper()}".strip(".") if found else appendix
            appendix = "" if _OWN_TITLE.fullmatch(row[0].text[:200]) else appendix
            left += row
        elif not begins and len(taken) < _MOST:
            numbered = NUMBERED.match(row[0].text) if header.ordinal and row[0].column == 0 else None
            own = numbered is not None
            read = [
                replace(each, number=f"{part}.{each.number}" if part else each.number)
                if each.number or not (taken and header.ordinal)
                else replace(each, number=taken[-1].number)  # a cell over several rows bears the number
                for each in _read(row, header, appendix)
            ]
            if numbered and not read and numbered["number"].isalpha():
                part = numbered["number"]
            taken = [*taken, *read] if read or own or not taken else [*taken[:-1], _going_on(taken[-1], row, said, header)]
    return tuple(taken), tuple(left)


def _is_over(row: Sequence[Line], below: Sequence[Sequence[Line]]) -> bool:
    """Whether running text begins: the recipients list, or a numbered line behind which no row of several cells is near."""
    if starts_recipients(row[0]) or starts_signature(row[0]):
        return True
    rows = takewhile(lambda each: not starts_recipients(each[0]), below)
    return len(row) == 1 and numbering(row[0].text) is not None and all(len(each) == 1 for each in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Which column says what: its place counted without the ordinal's."""

    ordinal: bool
    what: int | None
    lead: int
    when: int | None
    to: int | None
    apart: bool  # the ordinal has a column of its own
    leads: bool  # the column says "chủ trì", not merely who does it
    reports: bool  # the rows are reports
    named: bool  # the column may hold names of people


def _header(row: Sequence[Line]) -> _Header | None:
    titles = [""] * (row[-1].column + 1)
    for cell in row:
        titles[cell.column] = f"{titles[cell.column]} {low(cell.text[:80])}".strip()
    ordinal = ORDINAL.match(titles[0])
    apart = ordinal is not None and ordinal.end() == len(titles[0])
    if ordinal:
        rest = titles[0][ordinal.end() :].strip()
        titles = [rest, *titles[1:]] if rest else titles[1:]
    if len(titles) < 2 or titles[0][:1].isdecimal() or any(len(title) > 60 or _MEETING.search(title) for title in titles):
        return None
    whens = [n for n, title in enumerate(titles) if _WHEN.search(title) and not _BODY.search(title)]
    others = [n for n in range(len(titles)) if n not in whens and not _SUPPORT.search(titles[n])]
    leads = [n for n in others if _LEAD.search(titles[n]) and _BODY.search(titles[n])]
    named = [n for n in others if _WHO.fullmatch(titles[n])]
    if not leads and named and any(_GIVEN.search(titles[n]) for n in others) and not any(map(_MEMBERS.search, titles)):
        leads = named  # "Đơn vị", "Họ và tên", and what each is given to do
    whats = [n for n in others if n not in leads and _WHAT.search(titles[n])]
    led = bool(leads) and re.search("chủ trì|đầu mối|phụ trách", titles[leads[0]]) is not None
    if not leads or not (whats or (led and whens)):
        return None  # the line above may say what is to be done: "Bảng giao thời hạn …", each row who and when
    return _Header(
        ordinal=bool(ordinal),
        apart=apart,
        what=whats[0] if whats else None,
        lead=leads[0],
        when=whens[0] if whens else None,
        to=next((n for n, title in enumerate(titles) if _TO.search(title)), None),
        leads=led,
        reports=bool(whats) and "báo cáo" in titles[whats[0]] and _REPORTS.search(titles[leads[0]]) is not None,
        named=_NAMED.search(titles[leads[0]]) is not None,
    )


def _read(row: Sequence[Line], header: _Header, appendix: str | None) -> Iterator[Row]:
    """A row as its header says it; nothing where it is a heading within the table, or a cell that goes on."""
    cells = [""] * (row[-1].column + 1)
    for cell in row:
        cells[cell.column] = cell.text
    number = ""
    if header.ordinal:
        match = NUMBERED.match(cells[0])
        if match is None and not (header.apart and _whole(cells, header)):
            return
        number, rest = (match["number"], match["rest"]) if match else ("", None)
        cells = [rest, *cells[1:]] if rest else cells[1:]
    if header.when is not None and len(cells) == header.when and (dated := _DATED_END.search(last := f" {cells[-1]}")):
        cells = [*cells[:-1], last[: dated.start()].strip(), last[dated.end() :]]  # too narrow a gap parts them, or none is there
    if len(cells) <= max(header.what or 0, header.lead):
        return
    who = cells[header.lead]
    if not (starts_with_body(who) or is_person(who) or (header.named and _is_name(who))):
        return
    yield Row(
        number=number,
        what=cells[header.what] if header.what is not None else "",
        unit=cells[header.lead].strip(" .;,"),
        role="lead" if header.leads else None,
        when=cells[header.when] if header.when is not None and header.when < len(cells) else "",
        to=cells[header.to] if header.to is not None and header.to < len(cells) else "",
        line=row[0].number,
        report=header.reports,
        appendix=appendix,
    )


def _is_name(cell: str) -> bool:
    """Whether a cell may be a person's name, "ĐD trưởng Lò Thị Mai": two to eight words, no figures, a capital to begin with."""
    return cell[:1].isupper() and 2 <= len(cell.split()) <= 8 and not re.search(r"[\d;:]", cell)


def _whole(cells: Sequence[str], header: _Header) -> bool:
    """Whether a row without a number says all that a row says: what, who and by when."""
    columns = [header.lead + 1, *(n + 1 for n in (header.what, header.when) if n is not None)]
    filled = not cells[0] and len(columns) == 3 and len(cells) > max(columns) and all(cells[n][:1].strip() for n in columns)
    return filled and not cells[columns[1]][:1].islower() and starts_with_body(cells[columns[0]])


def _going_on(row: Row, below: Sequence[Line], said: str, header: _Header) -> Row:
    """A row whose unit's name goes on below: in its own column, or with what makes a name that the document says elsewhere."""
    column = header.lead + 1 if header.apart else None
    names = (f"{row.unit} {cell.text.strip(' .;,')}" for cell in below if column is None or cell.column == column)
    return replace(row, unit=next((name for name in names if column is not None or low(name) in said), row.unit))


def tasks_of(rows: Sequence[Row], root: Section, issued: dt.date | None) -> tuple[Task, ...]:
    """A task of each row, headed by its section or appendix and its number."""
    sections = root.walk()[1:]
    return tuple(
        Task(
            heading=".".join(
                part for part in (_above(sections, row.line) if row.appendix is None else row.appendix, row.number) if part
            ),
            unit=row.unit,
            role=row.role,
            gist=row.what[:240] or None,
            due_date=last_moment(row.due, issued=issued).day,
            line=row.line,
            phrase=quoted(", ".join(cell for cell in (row.what, row.unit, row.when) if cell)),
            confidence=0.9,
        )
        for row in rows
        if not row.report
    )


def _in_words(row: Row) -> str:
    return f"{row.what}, gửi {row.to}: {row.when}" if row.to else f"{row.what}: {row.when}"


def blocks_of(rows: Sequence[Row]) -> tuple[tuple[Block, ...], dict[int, str]]:
    """What rows say as paragraphs, for what comes again, and whose each is by its line."""
    blocks = tuple(Block(text=_in_words(row), starts=((0, row.line),), bullet="|") for row in rows if row.due)
    return blocks, {row.line: row.unit for row in rows}


def deadlines_of(rows: Sequence[Row], issued: dt.date | None) -> tuple[Deadline, ...]:
    """A deadline of each row that names a day, also one that no calendar has, or says by when without naming one."""
    found = ((row, last_moment(row.due, issued=issued)) for row in rows)
    return tuple(
        Deadline(
            phrase=row.when,
            line=row.line,
            due_date=due.day,
            due_time=due.clock,
            who=(row.unit,),
            to=bodies(row.to) if starts_with_body(row.to) else (),
            confidence=0.9,
        )
        for row, due in found
        if due.day or names_day(row.due) or (due.rule == NO_INSTANT and _SOME_DAY.match(low(row.due)))
    )


def _above(sections: Sequence[Section], line: int) -> str:
    """How the section is cited in which a line stands."""
    return next((section.path for section in reversed(sections) if section.line <= line), "")
