"""Owns the clauses of a paragraph: where they part, who is to act in one, whom it goes to and by way of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from workflows.documents.lines import CAPITALS, low
from workflows.documents.own_names import end_of_own_name, own_names
from workflows.documents.wording import GIVES, actor, before_verb, split_bodies, starts_with_body, starts_with_verb

_PART = re.compile(r"(?<!TP)(?<!TX)(?<!Tp)[;.](?=\s)|$")
_CHARGE_INSIDE = re.compile(
    r"(?:,|;|:|^|\bvà|nhất trí|thống nhất|đồng ý|quyết định|tiếp tục|đồng thời|trân trọng|cũng)\s*"
    rf"(?=(?:{GIVES}|yêu cầu|đề nghị|phân công)\s)"
)
_PASSIVE = re.compile(r"(?<!\w)được\s+(?=[^\W\d_])")  # "việc này được các xã báo cáo mỗi quý"
_LEAD_IN = re.compile(
    r"\s*(?:(?:theo\s+)?định kỳ|(?:hàng|hằng|mỗi)\s|đồng thời|riêng|ngoài ra|sau đó|(?:trước|chậm nhất|muộn nhất|đến|tới|hết"
    r"|trong|kể từ|từ|cứ|khi|sau|vào|sáng|chiều|cuối|đầu|tối|ngày|thứ|\d{1,2})\s)"
    r"(?:(?!báo cáo|gửi|tổng hợp|nộp)[^,;:()]|\([^()]{0,80}\)){0,160}?"
    r"(?:,\s*|\slà\s+(?=các\s|" + CAPITALS + r")|(?<!giao)(?<!\scơ)(?<!trụ)(?<!công)(?<!văn)(?<!quốc)(?<!\sdự)"
    r"(?=\s(?:các|ủy ban|ubnd|sở|ban|văn phòng|phòng)\s))"
)
_CONDITION = re.compile(  # "Trong quá trình thực hiện, nếu vướng mắc, các xã …": the body stands behind a comma
    r"(?:ngay|nếu|nhận được|trường hợp|căn cứ|trên cơ sở|thông qua|qua|để|nhằm|theo|tùy|với|cùng với|bên cạnh|trước mắt|trong"
    r"|trước|sau|khi|kết thúc|đối với|từ|kể từ|quá thời hạn|hết thời hạn|nhân dịp|riêng|ngoài|hiện nay)\s"
)
_TOPIC = re.compile(r"(?:kết quả|tình hình|khó khăn|vướng mắc)\s")  # "Kết quả thực hiện, các xã báo cáo …"
_OF_SOME = re.compile(
    r"[Đđ]ối với\s[^,;:]{2,120}?\s(?:chưa|đã|đang|có|còn|không|thuộc|chậm|nằm|bị)\s[^,;:]{2,120},\s+(?=" + CAPITALS + r"|các\s)"
    r"|[Đđ]ối với\s[^;:]{2,160}?,\s+(?=(?:đề nghị|yêu cầu|giao|phân công)\s)"
)
_PAPER_OF = re.compile(
    r"(?:(?:các|mọi)\s+)?(?:báo cáo|hồ sơ|danh sách|kết quả|ý kiến|đề xuất|số liệu|văn bản|kế hoạch|đăng ký)"
    r"(?:\s+[^\W\d_]+){0,5}?\s+(?:của|do)\s+"
)
_SHORT_LABEL = re.compile(r"[^:.;,()]{3,40}:\s")  # "Báo cáo nhanh: trước 16 giờ, các xã …"
_COLON = re.compile(r":\s+(?=[^\W\d_])")
_CASE = re.compile(r"(?:riêng\s+)?(?:trường hợp|nếu)\s+(?=[^,;:]{3,200}?\sphải\s)")  # "Trường hợp cơ quan sáp nhập phải bàn giao"
_COMMA = re.compile(r",\s+")
_UNDER_A_TITLE = re.compile(r"^\s*\((?:Kèm theo|kèm theo|Ban hành|ban hành)\s[^()]{0,300}\)\s*")  # an appendix's first line
_DOES = re.compile(  # "Do cấp ủy cơ sở mở, sau đợt học": where "do" tells a cause, what is wrong would follow
    r"\s*(?:tổ chức|mở|chủ trì|thực hiện|đảm nhiệm|đảm nhận|phụ trách|lo|lập|làm|soạn|chuẩn bị|cấp|bảo đảm|đảm bảo|biên soạn|in"
    r"|cung cấp)(?!\w)"
)
_THEN = re.compile(r"nào\s[^.;:]{3,160}?\sthì\s+")  # "Nơi nào để mất rừng thì bí thư cấp ủy phải giải trình"
_NUMBER = re.compile(r"\s*(?:[-+]\s*)?(?:(?:điều\s+)?\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ])\s*[.):]\s*")
_LABEL = re.compile(r"[^\W\d_][^:.;,()]{3,60}:\s+(?=" + CAPITALS + r"|các\s|mỗi\s|từng\s)")  # "Chế độ báo cáo: Các xã …"
_MATTER = re.compile(r"(?:về|đối với|riêng|với)\s[^:.;]{3,200}:\s+")  # "Về hồ sơ, sổ sách: các xã …", "Đối với …: cấp ủy …"
_MANY = re.compile(r"(?:^|\s)các\s+(?:huyện|xã|phường|sở|ngành|phòng|trường|bộ|ban|thôn|đơn vị)\s*:\s*$")
_PURPOSE = re.compile(
    r"(?<!\w)(?:để|nhằm)\s+(?:kịp\s+)?(?:kịp thời\s+)?(?:tổng hợp|theo dõi|báo cáo|gửi|trình|xem xét|chỉ đạo|phục vụ"
    r"|thẩm định|thẩm tra|góp ý|cho ý kiến|phê duyệt|ban hành|tham mưu)(?!\w)"
)
_SENDS = (
    r"(?:báo cáo(?!\s+viên)|gửi|trình|nộp|cung cấp|thông báo|phản ánh|đăng ký|chuyển|thông tin|phản hồi"
    r"|đề xuất|bàn giao|chuyển giao|hoàn trả|trả(?=\s+(?:lại|kết quả|hồ sơ|về))|nhắn|trả lời|phúc đáp|xin ý kiến|giao nộp"
    r"|kiến nghị(?=\s+(?:bằng văn bản\s+)?(?:với|lên|đến|tới)\s)"
    r"|báo(?=\s+(?:về|cho|với|lên|số|tiến độ|kết quả|tình hình|nhanh|ngay|danh sách|tên|sĩ số|bằng|qua)\s))"
)
_SMALL = (  # bodies that are written without a capital; "về phòng, chống", "về khoa học" are no bodies
    r"(?:chi\s(?:bộ|hội|đoàn|cục|ủy|uỷ)|khoa(?!\s+học)|trạm|phòng(?=\s+[^\W\d_])(?!\s+(?:chống|cháy|ngừa|bệnh|thủ|tránh|vệ))"
    r"|nhà trường|chủ đầu tư|đảng ủy|cấp ủy|huyện ủy|tỉnh ủy|thành ủy|ủy ban|bộ phận|công an"
    r"|ban (?:thường vụ|thường trực|chỉ đạo|giám hiệu"
    r"|tuyên giáo|dân vận)"
    r"|công đoàn(?=\s+(?:cấp|ngành|tỉnh|huyện))"
    r"|hội đồng|hiệu trưởng|giám đốc|trưởng (?:phòng|ban|khoa|thôn|trạm)|thủ trưởng|lãnh đạo|đồng chí|thường trực|bí thư|chủ tịch"
    r"|cơ quan (?:thường trực|chủ trì|đầu mối|cấp trên|có thẩm quyền|thuế|công an|quản lý|chủ quản|bảo hiểm|thẩm định)"
    r"|(?:xã|phường|huyện|sở|thôn)(?=,\s|\s+và\s)|trường(?!\s+hợp)|trung tâm|văn phòng|đội|đoàn"
    r"|tổ(?!\s+chức)|kho(?=\s+bạc))(?:,|\s)"
)
_NAME = rf"(?={CAPITALS}|các\s|cấp\s(?:trên|ủy|uỷ|có)|{_SMALL})"
_TO = re.compile(
    rf"(?<!\w)(?:(?i:{_SENDS})(?:\s+(?:gửi|trình|nộp|lại|với|cho|về|lên|đến|tới|kết quả))?(?<!ăng ký)\s+{_NAME}"
    rf"|nộp(?:\s+\w+){{0,4}}?\s+(?:tại|vào)\s+{_NAME}"
    rf"|(?:về|đến|tới|với|cho|lên|sang)\s+(?:(?:hộp thư|địa chỉ|thư điện tử|email)[^,;()]{{0,40}}?\s+(?:của\s+)?)?{_NAME}"
    rf"|gửi\s+(?:vào\s+)?(?:hộp thư|địa chỉ|thư điện tử|email)[^,;()]{{0,40}}?\s+của\s+{_NAME})"
)
_PLAIN = re.compile(  # addressees that are no names of bodies, alone before what ends them: "gửi huyện trước ngày 20"
    rf"(?<!\w)(?:{_SENDS}(?:\s+(?:lại|với|cho|về|lên|đến|tới))?|với|cho|đến|tới|về|lên)\s+(?P<name>(?:(?:các|từng)\s+)?"
    r"(?:đại biểu|tỉnh|huyện|thành phố|thị xã|quận|xã|phường|cấp trên(?:\s+trực tiếp)?|người sử dụng lao động|nhân viên y tế"
    r"|giáo viên chủ nhiệm|tổ trưởng|kế toán|thư ký))"
    r"(?=\s*[,;.()]|\s*$|\s+(?:trước|chậm nhất|muộn nhất|không quá|trong|vào|ngày|hằng|hàng|mỗi|định kỳ|bằng|để|xong|sau|qua)\s)"
)
_BOARD = re.compile(
    r"(?:Văn phòng (?:[Tt]hường trực )?)?(?:Ban (?:Chỉ đạo|Chỉ huy|Vận động)|Tổ [Cc]ông tác|Hội đồng)\s"
    r"|(?:(?:Phòng|Đội|Cục)\s+)?(?:Cảnh sát|CS(?:ĐT|QLHC)|QLHC)\s"
)
_OF_BOARD = re.compile(
    r",?\s+về\s+(?:phòng,? chống|chuyển đổi số|cải cách|an toàn|hội nhập|phát triển|đổi mới|sắp xếp"
    r"|ma túy|trật tự|ttxh|tham nhũng|môi trường|kinh tế|buôn lậu)(?!\w)"
)
_LEADING = re.compile(
    r"(?:các\s+)?(?:đảng (?:ủy|bộ|đoàn)|ban cán sự|ban thường vụ|cấp ủy|(?:tỉnh|thành|huyện|quận|thị|chi) ủy)(?!\w)"
)
_COPY = re.compile(
    r"(?<!\w)(?:đồng|đồng thời)\s+(?:kính\s+)?$|,\s+(?:và\s+)?\d{1,2}\s+(?:bộ|bản|cuốn)\s+(?:gửi\s+)?$"
)  # "báo cáo UBND tỉnh, đồng gửi Sở A": both get it
_HANDED = re.compile(
    rf"(?<!\w)(?P<for>(?i:tham mưu|giúp)(?:\s+(?:cho|giúp|với))?\s+){_NAME}[^;.]{{0,200}}?,?\s+trình"
    r"\s*(?=$|trước\s|chậm|xong|trong\s)"
)
_SENDING = re.compile(rf"(?<!\w){_SENDS}(?!\w)")
# What follows the addressee: never a capital letter, so that names keep such words.
_END = re.compile(
    r"\s*(?:[();:/]|\.\s|\.$|(?<!\ssố),?\s+\d)|,?\s+(?:trước|sau|qua|thông qua|để|theo|định kỳ|hằng"
    r"|(?<!gân\s)(?<!ửa\s)hàng|mỗi|chậm nhất|muộn nhất|vào|trong|bằng|kết quả"
    r"|về(?!\s+(?:PCTT|PCTN|TKCN|ATTP|ATGT|CCHC|PCCC|PCLB)(?!\w))"
    r"|tình hình|tiến độ|danh sách|số(?!\s+\d{1,2}(?![\w/.-]))|số liệu|việc(?!\s+làm)|những|nội dung|xem"
    r"|(?<!ban\s)chỉ đạo|(?<!òng Kế hoạch\s)tổng hợp|báo cáo"
    r"|đồng(?=\s+(?:thời|gửi|kính|báo))|bảo đảm|đảm bảo"
    r"|là|(?<!sở\s)tại|khi|nếu|từ|đến|nhằm|cả năm|cho|gửi|trình|ban hành|phê duyệt|quyết định|biết|ngay|hoặc báo|xin"
    r"|(?<!ăng )(?<!thư )ký"
    r"|và báo cáo|cuối|giữa|đầu(?!\s+(?:tư|mối))|và (?:file|bản (?:mềm|điện tử|giấy)|thư điện tử|email|hộp thư)"
    r"|lúc|hạn|bản (?:mềm|giấy|điện tử|cứng|số|chính|sao|kê|vẽ|đồ|cam kết|đăng ký|tổng hợp|xác nhận)"
    r"|bảng|phiếu|đề án|dự thảo|hồ sơ|tờ trình|văn bản"
    r"|hộp thư|thư điện tử|email|địa chỉ|(?:số )?điện thoại"
    r"|thời hạn|đúng hạn|đợt|ngày|một(?!\s+cửa)|phương án|sáng|chiều|và gửi|và tổng hợp|theo dõi|tham mưu|hoàn thành|xong"
    r"|chủ trương|kịch bản|(?<!-\s)(?<!và\s)(?<!òng\s)kế hoạch|danh mục|đề cương|chương trình|quy chế|dự toán|biên bản"
    r"|giấy mời|tài liệu"
    r"|ít nhất|tối thiểu|như|hôm nay|cùng lúc|cùng thời|đúng)(?!\w)"
)
_VIA = re.compile(
    rf"(?<!\w)(?:thông\s+)?qua\s+(?={CAPITALS}|bộ phận\s|(?:phòng|khoa|văn phòng|đồng chí|ông|bà)\s{CAPITALS}"
    r"|đảng ủy\s|ủy ban\s)"
)
_NOBODY = ("đơn vị", "địa phương", "cơ quan")  # whose name is not said
_LONGEST = 3000  # characters of a clause
_MOST = 2_000  # parts of a paragraph; more is no text that people read
_MOST_LEAD_INS = 4
_LONGEST_LIST = 600  # characters of bodies before their verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A sentence, or its part between semicolons, with who acts in it."""

    text: str
    start: int  # position in the paragraph
    opens: bool  # it begins a sentence
    actor: str | None  # as worded; that of the clause before in the same paragraph where it names none
    own: bool  # it names its actor itself

    @property
    def end(self) -> int:
        """The position behind it."""
        return self.start + len(self.text)


def clauses(text: str) -> tuple[Clause, ...]:
    """Sentences, and their parts between semicolons; bodies that wait for their verb belong to the next part ("A; B báo cáo")."""
    return _clauses_by(text, own_names())


@lru_cache(maxsize=1_000)
def _clauses_by(text: str, names: frozenset[str]) -> tuple[Clause, ...]:
    """Kept for the paper that is being read: ``names`` are those by which :func:`actor` sees where a name ends."""
    return tuple(_clauses(text))


def _clauses(text: str) -> Iterator[Clause]:
    start, opens, acting = 0, True, None
    for match in islice(_PART.finditer(text), _MOST):
        piece = text[start : min(match.end(), start + _LONGEST)]
        if match[0] == ";" and len(piece) < _LONGEST_LIST and (_waits(piece) or _in_brackets(piece, text, match.end())):
            continue
        if piece.strip(" ;."):
            named = acts(piece)
            acting = named or acting
            yield Clause(text=piece, start=start, opens=opens, actor=acting, own=named is not None)
        start, opens = match.end(), match[0] != ";"


def clause_at(text: str, position: int) -> Clause:
    """The clause that a position stands in."""
    found = [clause for clause in clauses(text) if clause.start <= position]
    return found[-1] if found else Clause(text=text[:_LONGEST], start=0, opens=True, actor=None, own=False)


def acts(clause: str) -> str | None:
    """Who is to act by a clause: its subject, after words of time, or the body that it charges further on."""
    rest = _UNDER_A_TITLE.sub("", clause[:_LONGEST], count=1)
    numbered = _NUMBER.match(low(rest[:40]))
    rest = rest[numbered.end() if numbered else 0 :].lstrip(" -+;.")
    rest = rest[_label_end(rest) :]
    found = _acting(rest)
    bare = starts_with_verb(rest) and not _SHORT_LABEL.match(rest)
    behind = () if found or bare else _COLON.finditer(rest[:300])  # "Việc này được làm mãi: các xã gửi …"
    return found or next((each for colon in islice(behind, 2) if (each := _acting(rest[colon.end() :]))), None)


def _acting(rest: str) -> str | None:
    """Who is to act by the words of a clause behind its number and its label."""
    some = _OF_SOME.match(rest[:300])  # "Đối với các xã chưa hoàn thành, Chủ tịch UBND xã …"
    rest = rest[some.end() :] if some and actor(rest[some.end() :]) else rest
    for _ in range(_MOST_LEAD_INS):
        found = actor(rest)
        opening = None if found else _LEAD_IN.match(low(rest[:400]))
        if found or not opening:
            break
        rest = rest[opening.end() :].lstrip()
    if found is None and _CONDITION.match(low(rest[:20])):
        found = _behind_a_comma(rest)
    if found is None and low(rest[:3]) == "do ":
        by = actor(rest[3:])
        found = by if by and _DOES.match(low(rest[3 + by[1] :])) else None
    of = None if found else _PAPER_OF.match(low(rest[:80]))  # "Báo cáo của các sở gửi về Sở Nội vụ"
    by = actor(rest[of.end() :]) if of else None
    found = by if of and by and _SENDING.match(low(rest[of.end() + by[1] :]).lstrip()) else found
    case = None if found else _CASE.match(low(rest[:240]))
    found = actor(rest[case.end() :]) if case else found
    then = None if found else _THEN.search(low(rest))
    found = actor(rest[then.end() :]) if then else found
    for charge in () if found else _CHARGE_INSIDE.finditer(low(rest)):
        found = found or actor(rest[charge.end() :])
    for passive in () if found else _PASSIVE.finditer(low(rest)):
        by = actor(rest[passive.end() :])
        found = found or (by if by and _SENDING.match(low(rest[passive.end() + by[1] :]).lstrip()) else None)
    if found is None and _TOPIC.match(low(rest[:20])):
        found = _behind_a_comma(rest)
    return found[0] if found else None


def _behind_a_comma(rest: str) -> tuple[str, int] | None:
    """Who acts behind one of the first commas; nobody named where a verb stands behind a day: "Ngay trong ngày 5/3, cử …"."""
    first = _COMMA.search(rest[:400])
    if first and starts_with_verb(rest[first.end() :]) and any(letter.isdecimal() for letter in rest[: first.start()]):
        return None
    return next((each for comma in islice(_COMMA.finditer(rest[:400]), 5) if (each := actor(rest[comma.end() :]))), None)


def _label_end(text: str) -> int:
    """Where the words behind a label begin, "Chế độ báo cáo: các xã …"; 0 where there is none, or it names who acts."""
    matter = _MATTER.match(low(text[:260]))
    if matter and actor(text[matter.end() :]):
        return matter.end()
    label = None if actor(text) else _LABEL.match(text[:80])
    return label.end() if label and not _MANY.search(low(label[0])) else 0


def acting_in(clause: Clause, owner: str | None) -> str | None:
    """Who acts in a clause of a paragraph that is ``owner``'s: it does what a party's organ leads, and what concerns others."""
    number, named = _NUMBER.match(low(clause.text[:40])), clause.actor or ""
    said = clause.text[number.end() if number else 0 :].lstrip()
    leads = owner and low(named).startswith("lãnh đạo ") and _LEADING.match(low(owner))
    concerned = owner and low(said[:8]) == "đối với " and said[8:].startswith(named + ",")  # "Đối với các trường, kiểm tra …"
    return owner if leads or concerned else clause.actor or owner


def addressed_to(clause: str, due: int | None = None) -> tuple[str, ...]:
    """Whom something goes to: the last body addressed before ``due``, where its day stands, else the first behind it.

    What the addressee does with it ("để tổng hợp, báo cáo …") is not the sender's.
    """
    lowered = low(clause)
    sends = _SENDING.search(lowered)
    if not sends:
        return ()
    purpose = _PURPOSE.search(lowered, sends.end())
    clause = clause[: purpose.start()] if purpose else clause
    found: list[tuple[int, tuple[str, ...]]] = []
    whole = 0  # where the paper's own name ends that was addressed last
    for match in _TO.finditer(clause, sends.start()):
        names = _names(clause, match.end()) if match.start() >= whole else ()
        if names:
            if found and _COPY.search(lowered, 0, match.start()):
                found[-1] = (found[-1][0], (*found[-1][1], *names))
            else:
                found.append((match.start(), names))
            whole = end_of_own_name(lowered, match.end())
    plain = _PLAIN.finditer(low(clause), sends.start())
    found = sorted([*found, *((match.start(), (clause[slice(*match.span("name"))],)) for match in plain)])
    if not found and (handed := _HANDED.search(clause, 0, due if due is not None else len(clause))):
        return _names(clause, handed.end("for"))  # "Tham mưu UBND tỉnh ban hành quy định, trình trước ngày 15"
    before = [names for start, names in found if due is None or start < due]
    return (before[-1] if before and due is not None else found[0][1]) if found else ()


def sent_via(clause: str) -> str | None:
    """By way of whom something goes."""
    for match in _VIA.finditer(clause):
        names = _names(clause, match.end())
        if names:
            return ", ".join(names)
    return None


def bodies(names: str | None) -> tuple[str, ...]:
    """Several bodies named together, each; "các sở, ban, ngành" stays one."""
    return split_bodies(names) if names else ()


def _names(clause: str, start: int) -> tuple[str, ...]:
    window = clause[start : start + 300]
    ends, board = _END.finditer(window, end_of_own_name(low(window), 0)), _BOARD.search(window)
    said = board.start() if board else len(window)
    end = next((match for match in ends if said > match.start() or not _OF_BOARD.match(low(window), match.start())), None)
    names = before_verb(window[: end.start()] if end else window).removesuffix(" về")
    named = split_bodies(names) if starts_with_body(names) else ()
    return tuple(name for name in named if starts_with_body(name) and low(name) not in _NOBODY)[:6]


def _in_brackets(piece: str, text: str, end: int) -> bool:
    """Whether brackets that the piece opened close soon behind it."""
    return piece.rfind("(") > piece.rfind(")") and ")" in text[end : end + 160]


def _waits(piece: str) -> bool:
    """Bodies without a verb: the list goes on."""
    plain = piece.strip(" ;.-+")
    return starts_with_body(plain) and actor(plain + " ") is None
