"""Owns what a document stops until further notice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflows.documents.clauses import Clause, clause_at
from workflows.documents.layout import Block
from workflows.documents.lines import low, quoted
from workflows.plans import Suspension

_UNTIL_SOME = r"(?=[^.;]{3,300}?\s(?:đến|tới)\s+(?:khi|hết)\s)"
_ALL = r"(?:(?:ngay|hẳn|toàn bộ|tất cả|mọi|các|những|hết)\s+){0,3}"
_STOPS = re.compile(
    r"(?<!\w)(?:(?:tạm (?:thời )?(?:dừng|ngừng|hoãn|đình chỉ|ngưng))\s+(?!hiệu lực)\w"
    rf"|(?:dừng|ngừng|ngưng|hoãn|đình chỉ)\s+{_ALL}(?:việc(?!\s+tập thể)|thực hiện|tổ chức|triển khai|hoạt động|thi công"
    r"|khai thác|tiếp nhận|cấp phép|cấp mới|khởi công|mua sắm|tuyển dụng|lưu hành|họp chợ|nghiệm thu)\s+\w"
    r"|(?:(?<=^)|(?<=[.;:]\s))(?:hoãn|dừng|ngừng|ngưng)\s+(?:ngay\s+)?(?:các|toàn bộ|những|tất cả|mọi)\s"
    r"|(?:ngừng|ngưng|cắt)\s+(?:cung\s+)?cấp\s+(?:điện|nước|khí)(?=[^.;]{3,200}?\s(?:đến|tới)\s)"
    r"|tạm\s+(?:thời\s+)?(?:không|chưa)\s+(?!thời)\w"
    rf"|(?:dừng|ngừng|ngưng|hoãn|đình chỉ)\s+(?!lại|chân|ở)\w{_UNTIL_SOME}"
    r"|(?:chưa|không)\s+(?:thực hiện|tổ chức|triển khai|tiến hành|xem xét|bổ nhiệm|tuyển dụng|bổ sung|ban hành)(?=[^.;]{3,300}?"
    r"(?:cho\s+)?đến\s+khi\s))"
)
_NOT = re.compile(  # it is told of, or a name of what has stopped: "các dự án dừng thi công"
    r"(?<!\w)(?:không|chưa|tránh|nguy cơ|bị|đã|việc|kiên quyết|tình trạng|hiện tượng|phương án|hình thức|biện pháp|dự án"
    r"|công trình|do|cuộc|vụ)\s+(?:\w+\s+)?$"
    r"|(?<!\w)(?:trường hợp|đối tượng|danh sách|diện|số|lý do|người|công dân|hồ sơ|thời (?:gian|hạn)|giấy|quyết định"
    r"|miễn,?|hoặc|danh sách(?:\s+\w+){1,2})\s+$"
)
_OF_WHICH = re.compile(
    r"(?<!\w)(?:(?<!bộ )(?<!đoàn )cơ sở|doanh nghiệp|phương tiện|hộ|điểm)\s+(?:\w+\s+)?$"
)  # unless it says until when
_FORCED = re.compile(r"(?<!\w)(?:buộc|bắt buộc)\s+$")  # who stops is whoever breaks the rule
_DAY = r"\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{4})?|\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?"
_UNTIL = re.compile(
    r"(?<!\w)(?:cho\s+)?(?:đến|tới)\s+(?:khi|hết|thời điểm)\s+[^.;()]{3,200}?"
    r"(?=\s+(?:vì|do|để|nhằm)\s|,\s+(?:và|đồng thời|trừ)\s|[.;()]|$)|(?<!\w)trong\s+(?:\w+\s+)?ngày\s+\d[^.;()]{3,60}"
    rf"|(?<!\w)(?:cho\s+)?(?:đến|tới)\s+(?:\d{{1,2}}\s*(?:giờ|h|g)\s*\d{{0,2}}(?:\s*phút)?\s*,?\s*)?(?:ngày\s+)?(?:{_DAY})(?!\d)"
    r"|(?<!\w)(?<!xong )trong\s+(?:(?:(?:thời hạn|vòng)\s+)?\d{1,3}\s+(?:ngày|tuần|tháng)|các\s+ngày\s+\d"
    r"|suốt\s+(?:thời gian|đợt)"
    r"|(?:thời gian|khi)\s+(?:chưa|chờ|đang|rà soát|sắp xếp|xây dựng|kiểm tra|thanh tra|diễn ra|điều tra))(?!\w)[^.;(),]{0,120}"
)
_UNTIL_FIRST = re.compile(  # said before what stops: "Từ nay đến hết năm, các cơ quan …"
    r"\s*(?:\d{1,2}(?:\.\d{1,2}){0,2}[.)]\s+|[a-zđ]\)\s+)?(?:trong thời gian\s+)?"
    r"(?:(?:kể\s+)?từ\s+(?:nay|ngày\s[^.;,]{4,24}?)\s+)?(?P<until>(?:cho\s+)?(?:đến|tới)\s+(?:khi|hết)\s[^.;,()]{3,100}"
    r"|trong\s+(?:thời gian|khi)\s+(?:chưa|chờ|đang)\s[^.;,()]{3,100})"
)
_AT = re.compile(
    r"(?<!\w)(?:ở|tại|đối với)\s+(?P<unit>(?:tất cả\s+)?(?:các|mọi)\s+(?:cơ quan|đơn vị|địa phương|trường|cấp|ngành|tổ chức"
    r"|xã|phường|huyện)[^.;,()]{0,60}?"
    r"|(?:bộ phận|chi nhánh|văn phòng|trung tâm|bệnh viện|trạm|phòng|sở|ban|trường|công ty|xí nghiệp)\s[^.;,()]{2,80}?)"
    r"(?=\s+(?:cho\s+)?(?:đến|tới|kể\s+từ|trong(?!\s+(?:tỉnh|huyện|xã|phường|thành phố|ngành|toàn))|từ)\s|[.;,()]|$)"
)
_MOST = 40


def suspensions(blocks: Iterable[Block], owner: dict[int, str]) -> tuple[Suspension, ...]:
    """What is to stop, and until when in the document's words."""
    found: list[Suspension] = []
    for block in blocks:
        lowered = low(block.text)
        for match in _STOPS.finditer(lowered):
            if block.text.rfind("“", 0, match.start()) > block.text.rfind("”", 0, match.start()):
                continue  # a quoted title
            if _NOT.search(lowered[max(0, match.start() - 20) : match.start()]):
                continue
            clause = clause_at(block.text, match.start())
            words = clause.text[max(0, match.start() - clause.start) :]
            until = _until(words) or _until_first(clause.text)
            if until is None and _OF_WHICH.search(lowered[max(0, match.start() - 20) : match.start()]):
                continue
            found.append(
                Suspension(
                    phrase=quoted(words.strip(" .;,")[:600]),
                    line=block.line_at(match.start()),
                    unit=_stopped(clause, match.start() - clause.start, _owner(block, match.start(), owner)),
                    until=until,
                    confidence=0.9 if match[0].startswith("tạm") and until else 0.75,
                )
            )
            break
    return tuple(found[:_MOST])


def _until(words: str) -> str | None:
    match = _UNTIL.search(low(words))
    return words[match.start() : match.end()].strip(" ,") if match else None


def _until_first(clause: str) -> str | None:
    match = _UNTIL_FIRST.match(low(clause))
    return clause[match.start("until") : match.end("until")].strip(" ,") if match else None


def _owner(block: Block, at: int, owner: dict[int, str]) -> str | None:
    """Whose task a paragraph is, unless it names them only behind what stops: "Tạm dừng …; Phòng Kinh tế theo dõi"."""
    named = owner.get(block.line)
    place = block.text.find(named) if named else -1
    return None if place > at and ". " not in block.text[at:place] else named


def _stopped(clause: Clause, at: int, owner: str | None) -> str | None:
    """Who stops: named before the verb, else whose task it is, else where it stops ("ở tất cả các cơ quan")."""
    behind = clause.own and clause.actor is not None and clause.text.find(clause.actor) >= at
    acting = None if behind else clause.actor
    if _FORCED.search(low(clause.text[:at])):
        return None
    begin = clause.text.find(acting) if acting else -1
    if acting and begin < at < begin + len(acting):
        acting = clause.text[begin:at].strip() or None  # "các xã chưa tổ chức đại hội cho đến khi …"
    place = _AT.search(low(clause.text), at) if not (acting or owner) else None
    where = clause.text[place.start("unit") : place.end("unit")] if place else None
    return acting if clause.own and acting else owner or acting or where
