"""Owns the papers that travel with a document: what is enclosed, and the materials that it lists for a meeting."""

from __future__ import annotations

import re
from itertools import islice

from workflows.documents.layout import Block, numbering
from workflows.documents.lines import low, quoted
from workflows.documents.outline import Section
from workflows.documents.references import mentions
from workflows.plans import Attachment

_THIS = (
    r"(?:(?:quyết định|công văn|kế hoạch|văn bản|giấy mời|hướng dẫn|thông báo|chỉ thị|tờ trình|báo cáo|chương trình|công điện"
    r"|mệnh lệnh|nghị quyết|đề án|thư|đây)(?:(?:\s+này|(?<=đây))\s*|\s*(?=:)|\s+(?=(?:là|gồm|có)\s)))?"
)
_SENT_ALONG = rf"(?:(?:gửi|đính|sao gửi|xin gửi)\s+kèm(?:\s+theo)?|kèm\s+theo)\s*{_THIS}"
_IN_BRACKETS = re.compile(r"\((?P<said>[^()]{0,500}(?<!\w)kèm(?!\w)[^()]{0,500})\)")
_ANY_BRACKETS = re.compile(r"\([^()]{0,160}\)")
_FIRST = re.compile(
    rf"\s*(?:có\s+)?{_SENT_ALONG}(?:là|gồm|có)?\s*(?:các\s+(?:văn bản"
    rf"|tài liệu)(?:\s+sau)?\s*(?=:))?:?\s*(?P<what>\S.*)$"
)
_LAST = re.compile(
    r"\s*(?:(?:có|kèm|theo|chi tiết|tại|xem|thực hiện|cụ thể|như)\s+)*(?P<what>\S.*?)\s+(?:được\s+)?(?:gửi\s+|đính\s+"
    r"|ban hành\s+)?"
    r"kèm(?:\s+theo)?(?:\s+(?:giấy mời|kế hoạch|công văn|hướng dẫn|quyết định|thông báo|văn bản|chỉ thị|chương trình"
    r"|công điện)(?:\s+này)?)?\W*$"
)
_LISTED = re.compile(
    rf"(?:^|(?<!\.)[.;]\s+)(?:tài liệu\s+(?:gửi\s+)?kèm(?:\s+theo)?\s*{_THIS}"
    rf"|(?:xin\s+)?(?:gửi|đính)\s+kèm(?:\s+theo)?\s*{_THIS})"
    r"\s*(?:là|gồm|có)?\s*"
    r"(?:các\s+(?:văn bản|tài liệu)\s*)?:?\s*(?P<what>[^().][^.]{3,500})"
)
_ALONG = re.compile(  # "Kèm theo: …", "Kèm theo Kế hoạch này: …", "Hồ sơ gửi kèm gồm có: …"
    r"(?:^|[.;]\s+)\*?(?:(?:hồ sơ|tài liệu(?: họp| hội nghị| kỳ họp)?|văn bản|các phụ lục|phụ lục)\s+)?"
    r"(?:(?:xin\s+)?(?:gửi|đính)\s+)?kèm(?:\s+theo)?"
    r"(?:\s+(?:kế hoạch|công văn|hướng dẫn|quyết định|thông báo|văn bản|giấy mời|chương trình|báo cáo|tờ trình)(?:\s+này)?)?"
    r"\s*(?:(?:là|gồm(?:\s+có)?|có)?\s*:|(?<=\s)là\s|(?<=này\s)(?:gồm|có)\s)\s*(?P<what>[^().](?:[^.]|\.\d){3,500})?"
)
_PAPER = (
    r"(?:dự thảo|báo cáo(?! viên)|kế hoạch|nghị quyết|hướng dẫn|sổ tay|đề cương|tờ trình|công văn|quyết định|chỉ thị"
    r"|kết luận|bài|tập"
    r"|cuốn|sách|bộ|tài liệu|phụ lục|mẫu|bảng|biểu|danh (?:sách|mục)|(?:dự kiến )?chương trình|quy chế|quy định|đề án"
    r"|văn bản|luật"
    r"|nghị định|thông tư"
    r"|chuyên đề|toàn văn|cẩm nang|phiếu|thông báo|chỉ dẫn|tóm tắt|thể lệ|sơ đồ|bản đồ|lịch|tờ khai|tờ rơi|dự toán|phụ biểu"
    r"|công điện|infographic|video|clip)(?!\w)"
)
_SENT_WITH = re.compile(  # "UBND huyện gửi kèm theo Công văn này Kế hoạch số …"
    rf"(?<!\w)(?:gửi|chuyển)\s+kèm(?:\s+theo)?\s+{_THIS}(?P<colon>:\s+)?(?P<what>(?(colon)[^.]{{3,500}}"
    rf"|(?:các\s+|bản\s+)?{_PAPER}(?!\s+(?:này|là|gồm|có)(?!\w))[^.;]{{3,300}}))"
)
_OTHERS_SEND = re.compile(r"(?:^|\s)(?:các|mỗi|từng|nào|thì|phải|cần)\s[^.;]{0,60}$")  # it is to come back
_FORM_OF = re.compile(r"(?:mẫu|biểu|bảng|danh sách|danh mục|phụ lục|tài liệu|đề cương|hồ sơ|văn bản)[^.;,]{0,30}$")
_NO_PAPER = re.compile(r"(?:qua|tại|trên|trong|về|để|cho|đến|theo|được|do|đường dẫn|mã qr|link|gửi$|đính$)(?!\w)")
_IS_SENT = re.compile(  # "Danh sách đơn vị còn thiếu gửi kèm công văn này."
    rf"(?:^|[.;]\s+)(?P<what>(?:các\s+|\d{{1,2}}\s+)?{_PAPER}\s+[^.;:()]{{3,120}}?)\s+(?:được\s+)?(?:gửi|đính)\s+kèm(?!\w)"
    r"(?!\s+(?:(?:theo\s+)?(?:công văn|quyết định|thông tư|nghị định|hướng dẫn|kế hoạch)\s+số|(?:bao\s+)?gồm|là|có\s"
    r"|(?:theo\s+)?(?:thư|email|e-mail)(?!\w)))"
)
_FILE_SENT = re.compile(r"(?<!\w)(?:gửi|chuyển)\s+kèm(?:\s+theo)?\s+(?P<what>(?:toàn bộ\s+)?hồ sơ\s[^.;()]{3,300})")  # one whole
_NOT_SENT = re.compile(r"(?<!\w)(?:không|chưa|thiếu)\s+$")
_MATERIAL = re.compile(
    r"(?:^|[.;]\s+)tài liệu(?:\s+(?:phục vụ\s+)?(?:họp|hội nghị|học tập|nghiên cứu|tuyên truyền|tập huấn|cuộc họp"
    r"|sinh hoạt))?\s*:\s*(?:(?:bao\s+)?gồm(?:\s+có)?:?\s+)?"
    rf"(?P<what>{_PAPER}(?:[^.]|\.\d){{3,500}})"
)
_PREPARED = re.compile(
    r"(?<!\w)tài liệu(?:\s+(?:phục vụ\s+|cho\s+)?(?:họp|hội nghị|cuộc họp|phiên họp|kỳ họp|đại biểu|học tập"
    r"|tập huấn|nghiên cứu|tuyên truyền|sinh hoạt|thảo luận|quán triệt)|\s[^.:;]{0,120},)?\s+(?:bao\s+)?gồm(?:\s+có)?\s*:\s*"
    r"(?P<what>[^().][^.]{3,500})"
)
_PATTERN = (
    r"(?:mẫu|biểu mẫu|biểu|đề cương|phụ lục|phụ biểu|danh sách|danh mục|bảng|phiếu|sơ đồ|bản đồ|lịch|dự toán|tờ khai|bộ tiêu chí"
    r"|thể lệ)(?!\w)"
)
_MARKED = re.compile(  # "Biểu số 01 (gửi kèm)"
    rf"(?P<what>{_PATTERN}(?:[^,;.()]|,\s+\d){{0,80}}?)\s*\((?:được\s+)?(?:gửi\s+"
    r"|đính\s+)?kèm(?:\s+theo)?(?:\s+\w+\s+\w+\s+này)?\)"
)
_AS_ENCLOSED = re.compile(
    rf"(?<!\w)(?:theo|tại|có|kèm|trong|ở|như|đối với|góp ý|nghiên cứu(?: trước)?|xem)\s+"
    rf"(?P<what>(?:các\s+|\d{{1,2}}\s+)?(?:{_PATTERN}|dự thảo|tài liệu)(?:[^,;.()]"
    rf"|,\s+\d){{0,100}}?)\s+(?:được\s+)?(?:gửi\s+"
    rf"|đính\s+)?kèm(?:\s+theo)?(?!\w)(?!\s+(?:theo\s+)?(?:công văn|quyết định|thông tư|nghị định|hướng dẫn|kế hoạch)\s+số)"
)
_IN_THIS = re.compile(  # "tại các Phụ lục I, II ban hành kèm theo Kế hoạch này"
    rf"(?<!\w)(?:theo|tại|trong|ở)\s+(?:(?:mẫu|biểu mẫu|hướng dẫn|danh sách|đề cương)\s+(?:nêu\s+)?(?:tại|ở|theo)\s+)?"
    rf"(?P<what>(?:các\s+|\d{{1,2}}\s+)?{_PAPER}[^;.()]{{0,240}}?)\s+(?:được\s+)?(?:gửi\s+|đính\s+"
    r"|ban hành\s+)?kèm(?:\s+theo)?\s+[^\s.;,()]+\s+(?:[^\s.;,()]+\s+)?này(?!\w)"
)
_OF_ANOTHER = r"(?!(?:thông tư|quyết định|nghị định|nghị quyết|công văn|hướng dẫn|kế hoạch)(?:\s+liên tịch)?\s+số)"
_ISSUED_WITH = re.compile(rf"ban hành\s+kèm\s+theo\s+{_THIS}{_OF_ANOTHER}(?:là\s+|bản\s+)?(?P<what>[^.;]{{4,400}})")
_OWN_PAPER = re.compile(
    r"(?:ban hành\s+)?(?:kèm\s+theo\s+)?(?:quyết định|kế hoạch|công văn|hướng dẫn|giấy mời|thông báo"
    r"|chương trình)\s+(?:số|ban hành)"
)
_NEXT = re.compile(
    rf"\s*;\s*|,\s+(?=[A-ZĐ])(?![IVX]+(?!\w))|(?:,|\s+và)\s+(?=(?i:(?:các\s+|\d{{1,2}}\s+)?{_PATTERN}|dự thảo|tờ trình|bản|(?:bộ"
    r"|báo cáo)\s(?:tiêu chí|câu hỏi|thẩm|thuyết|giải|đánh giá|tổng hợp|tóm tắt)))|\s+và\s+(?=(?i:kế hoạch|công văn|văn bản"
    r"|báo cáo|phiếu|hướng dẫn|quyết định|chương trình)\s)"
)
_BEHIND_NUMBER = re.compile(rf"(?<=[-/][A-ZĐ]{{2}})\s+và\s+(?=(?i:{_PATTERN}|{_PAPER}))")  # "…; số 12-CV/TU và mẫu phiếu"
_USED = re.compile(r"(?:sử dụng|nghiên cứu|học tập theo|theo|gồm|dùng|là)\s+(?:các\s+)?(?=\S)")
_MATERIALS = re.compile(r"(?:tài liệu|văn bản)\b.{0,40}(?:hội nghị|kèm theo|nghiên cứu|học tập|tuyên truyền)?")
_BARE = re.compile(  # "(gửi kèm)", "(bản chụp công văn kèm theo)": the paper is named before
    r"\s*(?:(?:có|xin|được|các|bản|sao|chụp|photo|phô tô|scan|pdf|văn bản|công văn|dự thảo|tài liệu"
    r"|tờ trình|gửi|file|nêu trên)\s+){0,6}"
    r"(?:(?:gửi|đính)\s+)?kèm(?:\s+theo)?\s*"
)
_NAMED = re.compile(
    rf"(?:{_PATTERN}|dự thảo|sổ tay|bộ (?:câu hỏi|tiêu chí|tài liệu)|tài liệu|quy chế|chương trình|kịch bản|phương án|tờ rơi)"
    r"(?:\s[^,;:.()]{0,140})?$"
)
_BESIDE = re.compile(r"(?:[,;]|(?<!\w)và)\s*$")
_COPIED = re.compile(r"(?<!\w)sao gửi\s+(?=\S)")
_FETCHED = re.compile(  # "Đại biểu tải tài liệu trên cổng thông tin: Dự thảo báo cáo; …"
    r"(?<!\w)(?:tải|nhận|khai thác|sử dụng|nghiên cứu(?: trước)?|gửi)\s+tài liệu\s"
    rf"[^:;]{{0,120}}(?::[^:;\s][^:;]{{0,60}})?:\s+(?P<what>{_PAPER}"
    r"(?:[^.]|\.\d){3,500})"
)
_SAID_OUTRIGHT = (_LISTED, _ALONG, _PREPARED, _MATERIAL, _FETCHED, _SENT_WITH)
_PAPER_FIRST = re.compile(_PAPER)
_PAPERS_FIRST = re.compile(rf"(?:(?:các|hai|ba|bốn|năm|bản|\d{{1,2}})\s+){{0,3}}{_PAPER}")
_IN_SHORT = re.compile(rf"{_PATTERN}\s+(?:số\s+)?[\divx.]{{1,5}}")
_MOST = 40
_FEW = 12  # brackets, or papers copied on, of one paragraph
_LONGEST = 800  # characters before a bracket in which a paper may be named


def attachments(root: Section) -> tuple[Attachment, ...]:
    """Papers that are sent with the document, and the materials that it lists."""
    found: list[Attachment] = []
    above, listing = "", False
    for block in root.blocks():
        number = numbering(block.text)
        start = number.end() if number else 0
        listing = (listing and (bool(block.bullet) or _PAPER_FIRST.match(low(block.text), start) is not None)) or _lists_below(
            block
        )
        if listing and not _lists_below(block):
            papers = _papers(block, start, len(block.text), 0.85)
            found += papers[:1] if block.bullet else papers
        if not (
            above.isupper() and low(block.text[:20]).startswith(("(kèm theo", "(ban hành"))
        ):  # "PHỤ LỤC (Kèm theo Kế hoạch số …)"
            found += _enclosed(block)
        above = block.text
    for section in root.walk()[1:]:
        if _MATERIALS.match(low(section.title[:80])) and len(section.title) < 100:
            for block in section.paragraphs:
                if block.text.rstrip().endswith(":"):  # the list follows
                    continue
                used = _USED.match(low(block.text))
                if not (block.bullet or _PAPERS_FIRST.match(low(block.text), used.end() if used else 0)):
                    continue  # it tells of papers, and names none
                papers = _papers(block, used.end() if used else 0, len(block.text), 0.75)
                found += papers[:1] if block.bullet else papers
    found = [each for each in found if not low(each.text).endswith(" này")]  # "Phụ lục I kèm theo Kế hoạch này"
    named = {each.text: each for each in reversed(found) if each.text}
    fuller = {low(text) for text in named}
    return tuple(
        each for each in found if named.get(each.text) is each and not any(_goes_on(low(each.text), other) for other in fuller)
    )[:_MOST]


def _lists_below(block: Block) -> bool:
    """Whether the papers that go along are listed below, or go on there: "Kèm theo:", "Tài liệu gồm: …;"."""
    lowered = low(block.text)
    along = _ALONG.match(lowered[:120])
    if along is not None and along["what"] is None and along.end() == len(block.text[:120].rstrip()):
        return True
    return lowered.rstrip().endswith(";") and any(pattern.search(lowered) for pattern in (_ALONG, _LISTED, _PREPARED, _MATERIAL))


def _goes_on(short: str, longer: str) -> bool:
    """Whether a form is named in short, "mẫu 01", and elsewhere with its title, "Mẫu 01 - Danh sách …"."""
    if _IN_SHORT.fullmatch(short):
        return longer.startswith(tuple(short + mark for mark in (" -", ":", " (", ",")))
    return re.fullmatch(_PATTERN, short) is not None and longer.startswith(f"{short} ")


def _enclosed(block: Block) -> list[Attachment]:
    """What a paragraph says to be sent along, in brackets or outside."""
    lowered = low(block.text)
    found = [each for copied in islice(_COPIED.finditer(lowered), _FEW) for each in _next_named(block, copied.end())]
    for bracket in islice(_IN_BRACKETS.finditer(lowered), _FEW):
        said, at = _sentence(bracket["said"])
        at += bracket.start("said")
        if _BARE.fullmatch(said) and (named := _named_before(block, bracket.start())):
            found += named
            continue
        if re.match(r"kèm (?!theo)", said) and bracket.start() < 3 and bracket.end() > len(lowered) - 4:  # nothing else is said
            found += _papers(block, at + 4, at + len(said), 0.85)
            continue
        match = _LAST.match(said) if not re.match(rf"\s*(?:có\s+)?{_SENT_ALONG}\S", said) else _FIRST.match(said)
        if match and (inner := _AS_ENCLOSED.search(said)):
            found += _papers(block, *_with_verb(inner, at), 0.9)
        elif match:
            found += _papers(block, at + match.start("what"), at + match.end("what"), 0.9)
    for marked in _MARKED.finditer(lowered):
        found += _papers(block, *marked.span("what"), 0.9)
    outside = _IN_BRACKETS.sub(lambda match: " " * len(match[0]), lowered)
    bare = _ANY_BRACKETS.sub(lambda match: " " * len(match[0]), outside)  # "Phụ lục I (đối với các sở) và Phụ lục II … kèm theo"
    for pattern in (_ISSUED_WITH, *_SAID_OUTRIGHT, _IS_SENT, _FILE_SENT, _AS_ENCLOSED, _IN_THIS):
        for match in pattern.finditer(lowered if pattern is _FILE_SENT else bare if pattern is _IN_THIS else outside):
            if (
                match["what"] is None
                or _NOT_SENT.search(outside[: match.start()][-12:])
                or (pattern is _SENT_WITH and _FORM_OF.search(outside[: match.start()][-60:]))
                or (pattern is _SENT_WITH and " này" not in match[0] and _OTHERS_SEND.search(outside[: match.start()][-80:]))
            ):
                continue
            whole = pattern in (_IS_SENT, _FILE_SENT)  # the subject of a sentence is one paper
            if whole or not _OWN_PAPER.match(match["what"]) or pattern in _SAID_OUTRIGHT:
                start, end = _with_verb(match, 0) if pattern is _AS_ENCLOSED else match.span("what")
                found += [_attachment(block.text[start:end], block, start, 0.85)] if whole else _papers(block, start, end, 0.85)
    return found


def _sentence(said: str) -> tuple[str, int]:
    """Of several sentences in a bracket the one that says what is enclosed, and where it begins."""
    at = said.index("kèm")
    start = said.rfind(". ", 0, at) + 2 if ". " in said[:at] else 0
    end = said.find(". ", at)
    return said[start : end if end >= 0 else len(said)], start


def _named_before(block: Block, at: int) -> list[Attachment]:
    """The paper that a bracket behind it says to be enclosed: by its number, the outermost of several, else by its words."""
    start = max(at - _LONGEST, *(block.text.rfind(mark, 0, at) + 1 for mark in (". ", "; ")))
    papers = [each for each in mentions(block) if start <= each.start and each.end <= at]
    for n, paper in reversed(list(enumerate(papers))):
        if n == 0 or _BESIDE.search(low(block.text[start : paper.start])):
            return _papers(block, paper.start, paper.end, 0.9)[:1]
    named = _NAMED.search(low(block.text[start:at]).rstrip(" :"))
    return _papers(block, start + named.start(), at, 0.85)[:1] if named else []


def _next_named(block: Block, at: int) -> list[Attachment]:
    """The numbered paper that stands there."""
    return next((_papers(block, each.start, each.end, 0.9)[:1] for each in mentions(block) if each.start == at), [])


def _with_verb(match: re.Match[str], offset: int) -> tuple[int, int]:
    """Where a paper is named; one that is merely "mẫu", "danh mục" keeps the words that it is enclosed."""
    bare = match["what"].strip() in ("mẫu", "biểu", "danh mục")
    return offset + match.start("what"), offset + (match.end() if bare else match.end("what"))


def _papers(block: Block, start: int, end: int, confidence: float) -> list[Attachment]:
    """The papers of a list, each up to its number; several sorts of one paper stay one where semicolons part the list."""
    said = block.text[start : min(end, start + 600)]
    listed = re.split(r"\s*;\s*", said)
    parts = [last for part in listed for last in _BEHIND_NUMBER.split(part)] if len(listed) > 1 else _NEXT.split(said)
    numbers = [each for each in mentions(block) if start <= each.start < end]
    found: list[Attachment] = []
    at = start
    for part in parts:
        at = block.text.find(part, at) if part else at
        number = next((each.reference.number for each in numbers if at <= each.end <= at + len(part) + 1), None)
        short = part.split(number)[0] + number if number and number in part else part
        found.append(_attachment(short, block, at, confidence if number else min(confidence, 0.85), number))
    return [each for each in found if len(each.text) > 2 and not each.text.endswith(":") and not _NO_PAPER.match(low(each.text))]


def _attachment(text: str, block: Block, at: int, confidence: float, number: str | None = None) -> Attachment:
    said = re.sub(r"^\(\d{1,2}\)\s+", "", text.strip(' .,;“”"'))[:300]
    phrase = quoted(block.text[at : at + len(text)])
    return Attachment(text=said, number=number, line=block.line_at(at), phrase=phrase, confidence=confidence)
