"""Owns what each unit is given to do: the items under "Tổ chức thực hiện", or the numbered items of a letter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workflows.documents.charges import CHARGES, charged, recited
from workflows.documents.clauses import acts, clauses
from workflows.documents.coverage import is_vague
from workflows.documents.deadlines import due_date
from workflows.documents.layout import Block
from workflows.documents.lines import low
from workflows.documents.outline import Section
from workflows.documents.reports import rows_joined
from workflows.documents.task_labels import labelled
from workflows.documents.task_words import (
    LONGEST_NAME,
    MEETS,
    Found,
    agrees,
    opines,
    role_of,
    task_of,
    unnumbered,
    was_done,
    with_partners,
)
from workflows.documents.wording import (
    actor,
    bare_name,
    is_heading,
    is_name,
    name_before_colon,
    starts_with_body,
)
from workflows.plans import DocumentType, Task

_ORGANISES = re.compile(
    r"tổ chức\s*(?:,\s*)?(?:và\s+)?(?:triển khai\s*)?(?:,\s*)?thực hiện"
    r"|phân công\s+(?:nhiệm vụ|thực hiện|trách nhiệm|tổ chức|chuẩn bị|công việc)"
    r"|trách nhiệm\s+(?:thực hiện|của|các|tổ chức)|giao nhiệm vụ|nhiệm vụ\s+(?:của|cụ thể của)|tổ chức triển khai"
    r"|giao trách nhiệm|(?<!sự )phân công\W*$"
)
_ALL_ITEMS: frozenset[DocumentType] = frozenset(["CV", "CĐ", "CT"])  # whose numbered items are tasks, also those that name nobody
_CONCLUDES: frozenset[DocumentType] = frozenset(["KL", "TB"])  # each item may charge a unit, whatever section it stands in
_ABOUT = re.compile(r"(?:(?:về|việc|công tác(?! báo cáo)|chế độ|thông tin,? báo cáo|kinh phí|báo cáo)\s|nội dung$)")
_HEADED = re.compile(r"[^.;:!?]*$")
_ACTS_STRONGLY = re.compile(r"(?<!\w)(?:chủ trì|phối hợp với|có trách nhiệm|chịu trách nhiệm|thực hiện|triển khai)(?!\w)")
_TELLS = re.compile(
    r"(?:về\s+)?(?:mục đích|yêu cầu(?!\s+(?:đối với|các|những đơn vị))"
    r"|tình hình|kết quả|đánh giá|ưu điểm|tồn tại|hạn chế|nguyên nhân|căn cứ|phạm vi|đối tượng"
    r"|nguyên tắc|hình thức|tên (?:gọi|của)|nhiệm kỳ|điều kiện|tiêu chuẩn|trình tự|thủ tục|thẩm quyền|giải thích|sự cần thiết"
    r"|quan điểm|mục tiêu|kinh phí|nội dung chính)(?!\w)"
)
_AIMS = re.compile(
    r"(?:về\s+)?(?:mục đích|mục tiêu|chỉ tiêu|quan điểm|tình hình|kết quả đạt|ưu điểm|tồn tại|hạn chế"
    r"|nguyên nhân)(?!\w)"
)
_FAREWELL = re.compile(
    r"trên đây|nhận được|rất mong|trân trọng|kính mong"
    r"|kế hoạch này|công văn này|trong quá trình|căn cứ (?:nội dung|kế hoạch)|quá trình|thừa lệnh"
)
_PUTS_INTO_FORCE = re.compile(
    r"(?<!\w)căn cứ (?:vào )?quyết định(?: này)? (?:tổ chức\s+)?(?:thi hành|thực hiện)(?!\w)"
    r"|(?:chịu trách nhiệm|có trách nhiệm|căn cứ)?\s*(?:tổ chức\s+)?(?:thi hành|thực hiện)\s+(?:các\s+)?quyết định(?: này)?"
)
_APPOINTS = re.compile(r"(?:thành lập|kiện toàn|bổ sung|chỉ định|công nhận|cử)\s.{0,400}?\sgồm(?!\w)")  # the board's members
_DONE_BY = re.compile(r"(?<!\w)(?:việc|công tác|nội dung|nhiệm vụ)\s[^.;,:]{0,60}?\sdo\s+(?=\w)")  # "Việc rà soát do … chỉ đạo"
_NOTHING_NEW = re.compile(
    r"(?:nghiêm túc|khẩn trương|quan tâm|kịp thời|tích cực|phối hợp|tổ chức|chỉ đạo|biết|\s|,|và)*(?:triển khai|thực hiện"
    r"|phối hợp)"
    r"(?:[^;:]{0,120}$|\s+(?:các\s+)?(?:nội dung|nhiệm vụ|yêu cầu)(?:\s+(?:nêu|nói))?\s+trên(?!\w))"
)
_ISSUES = re.compile(
    r"\s*(?:trân trọng|kính|mời|thông báo|nhận được|đã|ban hành|xin|có ý kiến|giao|yêu cầu|đề nghị"
    r"|phân công)(?!\w)"
)
_RECITES = re.compile(  # a letter tells first what came: "Bộ Y tế có văn bản số …", "đã nhận được Công văn số …"
    r"[^:;]{0,160}?(?<!\w)(?:nhận được|có|ban hành)\s+(?:các\s+)?"
    r"(?:công văn|văn bản|tờ trình|báo cáo|công điện|thông báo|đơn)\s+số"
)
_DUTIES = re.compile(r"(?:chức năng,?\s+(?:và\s+)?)?(?:trách nhiệm|nhiệm vụ)(?:,?\s+(?:và\s+)?quyền hạn)?(?: cụ thể)? của (?=\w)")
_GIVEN = re.compile(r"(?:Giao|Yêu cầu|Đề nghị)\s+(?P<names>[^:;.]{4,200}?)\s*:")  # "b) Giao Sở Nội vụ:"
_ASKS = re.compile(r"(?<!\w)(?:đề nghị|yêu cầu|kính mời|thông báo)\s*:$")
_TABLED = re.compile(r"(?:bảng|biểu|phụ lục)(?:\s+dưới đây)?\s+sau\W*$")
_INTRODUCES = re.compile(r"(?::|như sau|sau đây|nội dung sau|nhiệm vụ sau|sau)\W*$")
_ATTRIBUTE = re.compile(
    r"(?:thời gian|địa điểm|thành phần|hình thức|đại biểu|chủ trì|nơi nhận|nội dung|chương trình|tài liệu|trang phục|kinh phí"
    r"|liên hệ)(?: tham dự| tham gia| tổ chức| họp| làm việc| hội nghị| cuộc họp| khai mạc| thực hiện| mời| dự| thêm)*\s*(?::|$)"
)
_ANY_OF_THEM = re.compile(  # "Phân công các đồng chí:", and each dash names one
    r"(?:các|những)\s+(?:đồng chí|đ/c|ông|bà|ông,? bà|cơ quan|đơn vị|tập thể|cá nhân|bộ phận|ngành|địa phương|sở,? ngành|tổ chức"
    r"|cơ quan,? đơn vị|thành viên|ủy viên)(?:\s+(?:sau|sau đây|cụ thể|có tên dưới đây|dưới đây|như sau))?"
)
_IN_CASE = re.compile(r"\W*(?:trường hợp|nếu)\s")  # what only then is done is not the task
_DUTY = re.compile(
    r"(?<!\w)(?:chủ trì|có trách nhiệm|chịu trách nhiệm|giao|yêu cầu|đề nghị|phân công|khẩn trương|tiếp tục)(?!\w)"
)
_OF_ITSELF = re.compile(  # "Nghị quyết này được phổ biến đến chi bộ": nobody is charged
    r"(?:nghị quyết|chỉ thị|kế hoạch|kết luận|quy định|quy chế|hướng dẫn|chương trình|quyết định|thông báo|công văn)\s+này\s+"
    r"(?:được\s+)?(?:quán triệt|phổ biến|công khai|niêm yết|có hiệu lực|thay thế|áp dụng|hết hiệu lực|là căn cứ)(?!\w)[^.;:]*\W*$"
)
_COMES = re.compile(  # what an invitation asks of all who are invited
    r"(?:(?:kính\s+)?(?:đề nghị|mời|mong)\s+)?(?:các|những|quý)\s+(?:đồng chí|đại biểu|vị|thành viên|ông,? bà|đ/c)"
    r"(?:(?!chuẩn bị|báo cáo|gửi)[^.;:]){0,80}?\s(?:đúng (?:thành phần|giờ|thời gian)|đầy đủ|đông đủ)[^.;:]{0,60}[.;/]*"
)
_TIER = re.compile(r"(?:ở\s+|đối với\s+)?cấp\s")
_LONGEST_HEADING = 110  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """What the document gives to whom."""

    tasks: tuple[Task, ...]  # in the document's order
    owner: dict[int, str]  # line that a paragraph begins on -> the unit whose task it belongs to
    charged: str | None  # whom the opening charges with all that follows, as worded


def read_tasks(root: Section, *, issued: dt.date | None, kind: DocumentType | None = None, letter: bool = False) -> Tasks:
    """The tasks of a body; of a letter (or a directive, a telegram) every numbered item is one."""
    organising = [section for section in root.walk() if section.number and _is_organising(section.title)]
    outer = [section for section in organising if not _inside(section, organising)]
    found: list[Found] = []
    every = (letter or kind in _ALL_ITEMS) and not (root.paragraphs and opines(root.paragraphs[-1].text))
    for section in outer:
        found += _organised(section)
    if not outer:
        found += _items(root.children, every) if root.children else _paragraphs(root.paragraphs)
    else:
        found += _beside(root.children, outer, kind, every)
    taken = {section.path for each in outer for section in each.walk()}
    for section in root.walk()[1:]:
        if section.path not in taken:
            found += labelled(section)
    found.sort(key=lambda item: item[0].line or 0)
    return Tasks(
        tasks=tuple(replace(task, due_date=due_date(rows_joined(blocks), issued)) for task, blocks in found),
        owner={block.line: task.unit for task, blocks in reversed(found) if task.unit for block in blocks},
        charged=next((unit for block in root.paragraphs if (unit := charged(block.text))), None),
    )


def telling(root: Section) -> tuple[Block, ...]:
    """The paragraphs that tell what was, or what is aimed at: before the first item, and under headings that say so."""
    told = [section for section in root.walk()[1:] if _AIMS.match(low(section.title[:60])) and _is_heading(section)]
    return (*(root.paragraphs if root.children else ()), *(block for section in told for block in section.blocks()))


def _is_organising(title: str) -> bool:
    charges = title.rstrip().endswith((".", ";")) and actor(title)  # "Sở Y tế, được giao nhiệm vụ chủ trì, rà soát …."
    return len(title) <= _LONGEST_HEADING and not charges and _ORGANISES.search(low(title)) is not None


def _inside(section: Section, others: list[Section]) -> bool:
    above = section.parent
    while above is not None:
        if above in others:
            return True
        above = above.parent
    return False


def _organised(section: Section) -> Iterator[Found]:
    """The items directly below, or below those that only group them; dashes where there are no numbers."""
    if _introduced(section) or (_responsible(section) and section.children and not any(map(_unit_of, section.children))):
        yield from _item(section)
        return
    if not section.children and (unit := _asked_all(section.paragraphs)):  # "UBND tỉnh đề nghị các sở … sau:", and dashes
        yield from with_partners(*task_of(section.path, unit, section.paragraphs[1].text, section.paragraphs))
        return
    yield from _dashes(section.paragraphs, section.path)
    for child in section.children:
        if _OF_ITSELF.match(low(child.title[:300])):
            continue
        if _groups(child):
            yield from _organised(child)
        else:
            yield from _item(child)


def _beside(sections: Sequence[Section], outer: list[Section], kind: DocumentType | None, every: bool) -> Iterator[Found]:
    """What is given outside "Tổ chức thực hiện": by a decision's articles above its plan, a letter's or conclusion's items."""
    for section in sections:
        if any(each in outer for each in section.walk()):
            yield from _beside([] if section in outer else section.children, outer, kind, every)
        elif section.number.startswith("Điều"):
            alike = any(each.number.startswith("Điều") for each in outer)  # not only put above a plan
            yield from _items([section] if alike or not section.children else [], every=False)
        elif every or kind in _CONCLUDES:
            yield from _items([section], every=kind == "CT" and not section.children)


def _items(sections: Sequence[Section], every: bool) -> Iterator[Found]:
    """The numbered items of a paper, or of a section, that has no part of its own for who does what."""
    for child in sections:
        title, named = low(child.title), _unit_of(child) is not None
        tells = _TELLS.match(title) and not (named or _mostly_charges(child)) and (_is_heading(child) or ":" in title[:60])
        tells = tells and not (child.children and title.startswith("căn cứ") and title.endswith(":"))  # it charges those below
        meets = _is_heading(child) and not named and MEETS.match(title)
        if child.number.startswith("Điều") and (_APPOINTS.match(title[:500]) or _puts_into_force(child)):
            continue
        if tells or meets or _ATTRIBUTE.match(title[:60]) or _calls_meeting(child) or _only_tells(child):
            continue
        if _groups(child) or (child.children and not named and (child.depth <= 1 or not every or _lists_tasks(child))):
            yield from _items(child.children, every)
        elif not (child.title.isupper() and not child.children):
            found = list(_item(child))
            yield from found if every else [item for item in found if item[0].unit] or _charged_below(child)


def _mostly_charges(section: Section) -> bool:
    """Whether of its lettered parts most say who does what: "1. Về tình hình tháng 5", "a) Bộ Tài chính …"."""
    parts = [child for child in section.children if child.number.islower()]
    return 2 * sum(_unit_of(part) is not None and not was_done(part.title) for part in parts) > len(section.children)


def _puts_into_force(article: Section) -> bool:
    """Whether it only says who executes the decision, "Chánh Văn phòng, … chịu trách nhiệm thi hành Quyết định này"."""
    return not article.children and _PUTS_INTO_FORCE.search(low(" ".join(block.text for block in article.blocks()))) is not None


def _charged_below(section: Section) -> Iterator[Found]:
    """Below a conclusion's heading that names nobody: the first sentence that gives somebody something to do."""
    for block in section.paragraphs:
        for clause in clauses(block.text[:4000]):
            if clause.own and clause.actor and not _IN_CASE.match(low(clause.text)) and _DUTY.search(low(clause.text)):
                told = Block(text=clause.text.strip(), starts=((0, block.line_at(clause.start + 1)),))
                yield task_of(section.path, clause.actor, clause.text.partition(clause.actor)[2], [told])
                return


def _lists_tasks(section: Section) -> bool:
    """Whether a heading like "2. Về tài sản" has numbered sentences below, "2.1. …", of which some say who does it."""
    flat = not any(child.children for child in section.children)
    naming = sum(_unit_of(child) is not None for child in section.children)
    few = 2 * naming < len(section.children) and section.number.isalpha()  # "Bốn là, …:", and its parts
    return flat and _is_heading(section) and naming > 0 and not few


def _calls_meeting(section: Section) -> bool:
    """Whether an item says time and place of a meeting: conferences.py reads it."""
    inside = low(section.title)
    if ("thời gian:" in inside and "địa điểm:" in inside) or re.match(r"giao ban\s[^:;.]{0,160}:\s+\d", inside):
        return True
    below = [*(block.text for block in section.paragraphs), *(child.title for child in section.children)]
    return sum(bool(_ATTRIBUTE.match(low(text[:60]))) for text in below) > 1


def _groups(section: Section) -> bool:
    """Whether a section only groups items that name their units."""
    naming = [child for child in section.children if _unit_of(child)]
    if len(naming) > 1 and _unit_of(section) is None:
        naming += [child for child in section.children if child not in naming and acts(child.title)]
    return len(naming) == len(section.children) > 0 if _unit_of(section) is None else len(naming) == len(section.children) > 1


def _only_tells(section: Section) -> bool:
    """Whether an item tells what some body did or agrees to, and gives nobody anything to do."""
    said = section.paragraphs[0].text if _is_heading(section) and section.paragraphs else section.title
    found = actor(said)
    told = was_done(said) or (found is not None and agrees(said[found[1] :]))
    return told and not section.children and not any(charged(text) for text in (said, *(b.text for b in section.paragraphs)))


def _doing(text: str) -> tuple[str, int] | None:
    """Who is to act by an item, and where the act begins; who only agrees charges somebody: "UBND tỉnh đồng ý …; giao Sở A"."""
    found = actor(text)
    if found is None or not agrees(text[found[1] :]):
        return found
    unit = charged(text[found[1] :])
    return (unit, text.index(unit, found[1]) + len(unit)) if unit else None


def _is_heading(section: Section) -> bool:
    """A title of its own, not a sentence: nothing ends it, and something stands below."""
    below = section.paragraphs or section.children
    return bool(below) and len(section.title) <= LONGEST_NAME and _HEADED.fullmatch(section.title.rstrip(" :")) is not None


def _unit_of(section: Section) -> str | None:
    """The unit that a section's own line names at its beginning, or under a heading like "Về kinh phí" the first below."""
    title = section.title
    introduced = _introduced(section)
    if introduced or _ASKS.search(low(title[-60:])):
        return introduced  # "IV. Văn phòng X trân trọng đề nghị:" names who asks
    if (
        (_ABOUT.match(low(title)) or (title.endswith(":") and sum(map(_names_other, section.paragraphs)) < 2))
        and _is_heading(section)
        and section.paragraphs[:1]
        and not (section.children or section.paragraphs[0].bullet)
    ):
        text = section.paragraphs[0].text
        later = () if _TELLS.match(low(title)) else clauses(text[:4000])
        agreed = _doing(text)
        return (agreed[0] if agreed else acts(text)) or next((clause.actor for clause in later if clause.own), None)
    if is_name(title) or (
        _is_heading(section)
        and starts_with_body(title)
        and not _ACTS_STRONGLY.search(low(title))
        and not (title.endswith(":") and actor(title) and not is_heading(title.rstrip(" :")))
    ):
        return bare_name(title)
    responsible = _responsible(section)
    if responsible:
        return responsible
    given = _GIVEN.fullmatch(title)
    if given and starts_with_body(given["names"]) and not _ACTS_STRONGLY.search(low(given["names"])):
        return bare_name(given["names"])
    found = _doing(title)
    return found[0] if found else acts(title) if ":" in title[:80] else None


def _introduced(section: Section) -> str | None:
    """Who is charged with all that a section lists below its heading: "1. Về nước sạch", "Giao Trạm Y tế:", "a) ..."."""
    first = section.paragraphs[0] if section.paragraphs and _is_heading(section) else None
    if first is None or first.bullet or not first.text.rstrip().endswith(":") or _TABLED.search(low(first.text[-40:])):
        return None
    if not CHARGES.match(low(first.text[:20])):
        return None
    charged = acts(first.text)
    names = bare_name(first.text.rstrip(" :")[:LONGEST_NAME])
    return charged or (names if is_name(names) else None)


def _responsible(section: Section) -> str | None:
    """Whose duties a heading says that the items below are: "7. Trách nhiệm của Trạm Y tế"."""
    match = _DUTIES.match(low(section.title)) if _is_heading(section) and not section.title.isupper() else None
    names = bare_name(section.title[match.end() :].rstrip(" :")) if match else ""
    return names if is_name(names) else None


def _item(section: Section) -> Iterator[Found]:
    """One numbered item; paragraphs below that begin with another body's name and a colon are items without a number."""
    unit = _unit_of(section)
    own: list[Block] = [section.block] if section.block else []
    extra: list[Block] = []
    closed = False
    introduced = _introduced(section)
    for n, block in enumerate(section.paragraphs):
        if introduced and n == 0:
            own.append(block)
            continue
        other = block.bullet == "" and own and not is_name(section.title) and name_before_colon(block.text)
        closed = closed or (block.bullet == "" and _closes(block, unit, sentence=not _is_heading(section)))
        if other or not closed:
            (extra if other else own).append(block)
    own += [block for child in section.children for block in child.blocks()]
    below = own[1:] if unit is None or _ANY_OF_THEM.fullmatch(low(unit)) else []
    charged = [block for block in below if _names_other(block)]
    if len(below) > 1 and all(block.bullet and actor(block.text) for block in below):
        charged = below
    if len(charged) > 1:  # "3. Về …" with dashes that each charge somebody
        yield from _dashes(charged, section.path)
        return
    yield from with_partners(*task_of(section.path, *_unit_and_gist(section, unit, own), own))
    for block in extra:
        yield task_of(section.path, name_before_colon(block.text), block.text.partition(":")[2], [block])


def _closes(block: Block, unit: str | None, *, sentence: bool) -> bool:
    """A paragraph that no more belongs to the item above: a farewell, or one that charges somebody else."""
    words = low(block.text[:60])
    named = actor(block.text) if sentence else None
    other = acts(block.text) if CHARGES.match(words) else named[0] if named else None
    return bool(_FAREWELL.match(words) or (unit and other and not _one_body(unit, other)))


def _one_body(one: str, other: str) -> bool:
    """The same name, or one that says more of it: "Ban Chủ nhiệm Đoàn Luật sư", "các Ban Chủ nhiệm Đoàn Luật sư (cũ)"."""
    first, second = (re.sub(r"\s*\([^()]*\)", "", low(name)).removeprefix("các ") for name in (one, other))
    return first.startswith(second) or second.startswith(first)


def _names_other(block: Block) -> bool:
    return actor(unnumbered(block.text)) is not None and bool(
        CHARGES.match(low(block.text[:40])) or name_before_colon(block.text)
    )


def _dashes(paragraphs: Sequence[Block], heading: str) -> Iterator[Found]:
    """Items marked only with a dash: "- Sở Y tế: chủ trì ..."; what follows without a unit belongs to them."""
    groups: list[tuple[str, str, list[Block]]] = []
    for block in paragraphs:
        idle = _FAREWELL.match(low(block.text[:40])) or _TABLED.search(low(block.text[-40:])) or _COMES.fullmatch(low(block.text))
        found = None if idle else actor(block.text)
        if found and not _NOTHING_NEW.match(low(block.text[found[1] :])):
            groups.append((found[0], block.text[found[1] :], [block]))
        elif groups and block.bullet and (block.bullet == "+" or groups[-1][2][0].text.rstrip().endswith(":")):
            groups[-1][2].append(block)
    for unit, gist, own in groups:
        yield from with_partners(*task_of(heading, unit, gist if gist.strip(" :") or len(own) == 1 else own[1].text, own))


def _asked_all(paragraphs: Sequence[Block]) -> str | None:
    """Whom the first paragraph asks for all that the dashes below it say, where none of them names a body of its own."""
    below = _below(paragraphs[1:])
    if not below or not paragraphs[0].text.rstrip().endswith(":"):
        return None
    named = (actor(block.text) for block in below)
    return None if any(each and not is_vague(each[0]) for each in named) else charged(paragraphs[0].text)


def _paragraphs(paragraphs: Sequence[Block]) -> Iterator[Found]:
    """The tasks of a paper without any number: each paragraph that charges somebody, with the dashes that it introduces."""
    for place, block in enumerate(paragraphs):
        charges = [match.end() for match in CHARGES.finditer(low(block.text[:6000])) if not recited(block.text, match.start())]
        found = [(pair, at) for at in charges if (pair := actor(block.text[at:]))] or [
            (pair, 0) for pair in [actor(block.text)] if pair and not _ISSUES.match(low(block.text[pair[1] :]))
        ]
        if not found or _FAREWELL.match(low(block.text[:40])) or (not charges and _RECITES.match(low(block.text[:240]))):
            continue
        (unit, begins), at = found[-1] if charges else found[0]
        gist = block.text[at + begins :]
        if _INTRODUCES.search(low(gist)):
            below = _below(paragraphs[place + 1 :])
            if not below and place + 1 < len(paragraphs) and gist.rstrip()[-1:] in ".:":
                continue  # the paragraphs that follow say what
            if any(actor(each.text) for each in below):
                continue  # each dash charges somebody itself
            yield from with_partners(*task_of("", unit, below[0].text if below else gist, [block, *below]))
        elif not _NOTHING_NEW.match(low(gist).strip()):
            yield from with_partners(*task_of("", unit, gist, [block]))


def _below(paragraphs: Sequence[Block]) -> list[Block]:
    """The dashes right below a paragraph."""
    found: list[Block] = []
    for block in paragraphs:
        if not block.bullet:
            break
        found.append(block)
    return found


def _unit_and_gist(section: Section, unit: str | None, blocks: list[Block]) -> tuple[str | None, str]:
    title, below = section.title, next((unnumbered(block.text) for block in blocks[1:]), "")
    if unit is None:  # "Nghiên cứu, quán triệt ...; các cơ quan, đơn vị ... chủ động tham gia"; "2. Cấp huyện", and who below
        texts = [title, *(block.text for block in blocks[1:2] if _TIER.match(low(title)) or _goes_into(section, block))]
        parts = (clause for text in texts for clause in clauses(text[:4000]) if not _IN_CASE.match(low(clause.text)))
        named = next((clause.actor for clause in parts if clause.own), None)
        said = next((text for text in texts if named and named in text), title)
        after = said.partition(named)[2].strip() if named else ""
        if named and below and not after.strip(" :"):  # "…; giao Ban Quản lý chợ:", and what it does below
            return named, below
        return named or _doer(title), after if role_of(after) == "lead" or said is not title else title or below
    if unit == _introduced(section):
        return unit, below.partition(unit)[2].strip(" :") or next((unnumbered(block.text) for block in blocks[2:]), "")
    found = _doing(title)
    if found is None and (told := title.partition(unit)[2].strip(" :")):
        return unit, told  # "c) Tiến độ cấp vốn: Giao Ban Quản lý dự án chủ trì …"
    led = role_of(title[found[1] :].strip()) if found else None
    if found and led and below:  # "2. Văn phòng Tỉnh ủy chủ trì, phối hợp với Ban A:", and what below
        return unit, f"{title[found[1] :].strip(' :')}: {below}"
    if found is None or _is_heading(section):
        return unit, below.removeprefix(unit).strip(" :") or below
    return unit, title[found[1] :].strip(" :") or below


def _goes_into(section: Section, block: Block) -> bool:
    """Whether the paragraph right below an item that is a sentence, between two items, says who does it."""
    last = section
    while last.parent is not None and last.parent.children[-1] is last:
        last = last.parent
    within = last.parent is not None and not block.bullet and not _is_heading(section) and ":" not in section.title
    doer = actor(block.text) if within and starts_with_body(block.text) else None
    anybody = doer and re.match(r"(?:các\s+)?(?:cơ quan|đơn vị|địa phương|cấp|ngành)(?!\w)", low(doer[0]))
    return doer is not None and not anybody and not CHARGES.match(low(block.text[:20]))


def _doer(text: str) -> str | None:
    """Who does it where it is told in the passive: "Việc rà soát do các tỉnh ủy chỉ đạo"."""
    found = (actor(text[match.end() :]) for match in _DONE_BY.finditer(low(text[:4000])))
    return next((each[0] for each in found if each), None)
