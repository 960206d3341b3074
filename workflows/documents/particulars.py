"""Owns how a paper tells of a meeting: which words say when, where, in which form, who leads it, who comes, who prepares it.

Each is told by a labelled line ("Địa điểm: …"), or by a sentence ("… do Sở A chuẩn bị"): a paper mixes both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from workflows.documents.guests import BRACKETS, MOST_PARTICIPANTS, guests_told, people
from workflows.documents.layout import Block, numbering
from workflows.documents.lines import CAPITALS, low
from workflows.documents.meetings import form_of
from workflows.documents.places import HALL, PLACE, ROOM, place_in
from workflows.documents.wording import actor, starts_with_body
from workflows.plans import ConferenceForm

_LABELS = {  # what a label tells, by its first words
    "time": "thời gian|thời điểm|ngày giờ|ngày họp|lịch họp|bắt đầu|khai mạc",
    "place": "địa điểm|nơi họp|nơi tổ chức|điểm cầu",
    "chair": "chủ trì|người chủ trì|đồng chủ trì|chủ tọa|chủ trì và điều hành",
    "people": "thành phần|đại biểu|khách mời|học viên|người dự|người tham dự|triệu tập|trân trọng kính mời|kính mời|mời|dự họp"
    "|dự hội nghị|tham dự|cùng dự|đối tượng",
    "form": "hình thức|phương thức",
    "organiser": "đơn vị tổ chức|cơ quan tổ chức|đơn vị chuẩn bị|cơ quan chuẩn bị|đơn vị chủ trì|cơ quan chủ trì|đơn vị thực hiện"
    "|cơ quan thực hiện|đơn vị phụ trách|đơn vị đăng cai|đơn vị chủ trì tổ chức",
    "reporter": "diễn giả|người trình bày|báo cáo viên|giảng viên|người truyền đạt|người báo cáo",
    "": "nội dung|tài liệu|chương trình|kinh phí|trang phục|phân công|lưu ý|liên hệ|công tác chuẩn bị"
    "|chuẩn bị"
    "|tới dự|đến dự|về dự|tổ chức thực hiện|số lượng|quy mô|đơn vị phối hợp|cơ quan phối hợp|mục đích|yêu cầu|thời lượng|đăng ký",
}
_TELLS = {words: name for name, group in _LABELS.items() for words in group.split("|")}
_WORDS = "|".join(sorted(_TELLS, key=len, reverse=True))
_CAPITAL = "|".join(sorted((words.capitalize() for words in _TELLS), key=len, reverse=True))
_LABEL = re.compile(
    r"(?:[^.;:]{3,100}\s(?=(?:trân trọng\s+)?kính\s+mời\s*:$))?"  # "Ủy ban nhân dân xã trân trọng kính mời:"
    rf"(?:[-–+*]\s+)?(?:về\s+)?(?P<label>{_WORDS})(?!\w)(?:[^:.;]{{0,60}}?:\s*|(?P<rest>(?:[\s,]+(?:và\s+)?(?:{_WORDS}|hội nghị"
    r"|cuộc họp|họp|tổ chức|tham dự|dự|tham gia|làm việc|mời|buổi lễ|dự kiến|kính mời|đại biểu|triệu tập|cụ thể|của|lớp|như sau"
    r"))*)\s*[.:]?$)"
)
_LINKED = re.compile(  # a label without its colon
    r"(?:(?P<people>thành phần|học viên|khách mời|đại biểu|người dự|dự họp|dự học|dự lễ|dự hội nghị|cùng dự"
    r"|tham dự)(?:\s+(?:tham\s+)?(?:dự"
    r"|mời|triệu tập"
    r"|họp|hội nghị|tham gia|của\s\w+))*\s*,?\s+(?:bao\s+)?(?:(?:gồm|có|là)(?:\s+có)?\s*:?\s+|(?=như\s))"
    r"|(?P<place>địa điểm)(?:\s+(?:tổ chức|họp))*\s+(?:(?:là|tại|ở)\s+(?:tại\s+)?|(?=do\s))"
    r"|(?P<time>thời gian)(?:\s+(?:tổ chức|họp|là|dự kiến|bắt đầu))*\s+(?:từ|vào|lúc|trong|dự kiến)\s+"
    r"|(?P<form>hình thức|bằng hình thức|theo hình thức)(?:\s+(?:tổ chức|họp))*\s+)"
)
_SPLIT = re.compile(
    rf"\s+(?=(?:{_CAPITAL})(?!\w)[^:.;,]{{0,30}}:)|"
    r"(?<!TP)(?<!TX)(?<!Tp)(?<!ThS)(?<!TS)(?<!\bBS)(?P<end>[;.])(?=\s)\s*(?![^()]{0,200}\))"
    rf"|,\s+(?=(?i:(?:{_WORDS})(?!\w)[^:.;,]{{0,40}}:|(?:thành phần|học viên|khách mời)\s+(?:tham dự\s+|dự\s+)?(?:gồm|có"
    r"|là|như)\s"
    r"|địa điểm\s+(?:tại|tổ chức)\s|hình thức\s))|\s[-–]\s+(?=(?i:thời gian|địa điểm|thành phần|hình thức|chủ trì)[^:.;,]{0,40}:)"
)
_PERSON = r"(?i:(?:các\s+)?đồng chí|đ/c|ông|bà|chị|anh)\s"
_WHO = (
    rf"(?P<who>(?:{_PERSON}[^.;:()]{{3,140}}?|(?:{CAPITALS}|(?:ủy ban|đảng ủy|đoàn|đại diện|giáo viên"
    r"|tổ trưởng|hội trưởng|bí thư|chủ tịch|trưởng"
    r"|giám đốc|hiệu trưởng"
    rf"|lãnh đạo|phó)\s)[^.;,:()]{{3,100}}?))"
)
_NO_TASK = (
    r"(?!,?\s+(?:phối hợp|tham mưu|xây dựng|chuẩn bị|thực hiện(?! xong)|cùng\s|tổng hợp|theo dõi"
    r"|tổ chức(?!\s+(?:lúc|vào|tại|trong|từ|ngày|sáng|chiều|dự kiến)\s)))"
)
_CHAIRED = (
    re.compile(rf"(?<!\w)(?i:do)\s+(?P<who>[^.;]{{3,160}}?)\s+(?:làm\s+|đồng\s+|trực tiếp\s+)?chủ trì(?!\w){_NO_TASK}"),
    re.compile(r"(?<!\w)(?i:dưới sự)\s+chủ trì\s+của\s+(?P<who>[^.;,]{3,160})"),
    re.compile(
        rf"(?:^|[;.,):]\s+|(?:tham mưu|mời|\d)\s+){_WHO},?\s+(?:sẽ\s+|trực tiếp\s+|tham dự và\s+|dự và\s+"
        r"|dự,\s+)?(?:làm\s+|đồng\s+)?(?:chủ trì|điều hành|khai mạc và điều hành|trực tiếp chỉ đạo lớp)"
        rf"(?:(?=\s*(?:[;.)]|$))|(?=,\s){_NO_TASK}|\s+(?:tại|ở)\s|\s+(?:và\s+(?:kết luận|phát biểu|điều hành|truyền đạt)|(?i:họp"
        r"|hội nghị|cuộc họp"
        r"|phiên họp|giao ban|buổi|lễ|lớp|đối thoại|tọa đàm))(?!\w))"
    ),
)
_CHAIR_MARK = re.compile(
    r"[(\[,:-]\s*(?:làm\s+)?chủ trì(?:\s+(?:hội nghị|cuộc họp|phiên họp|họp))?"
    r"(?:\s+(?:tại\s+)?điểm cầu\s[^,;:()]{2,60})?\s*[)\]]?$|[(\[]\s*(?:làm\s+)?chủ trì[^()]{0,30}[)\]]"
)
_MAIN_POINT = re.compile(
    r"(?:(?:tại|ở)\s+)?(?:các\s+)?(?:điểm cầu|cấp|(?:đại biểu\s+)?(?:trung ương|tỉnh|thành phố|huyện|quận|xã|phường"
    r"|cơ sở)(?!\s+(?:ủy|đoàn)))"
    r"(?!\w)[^:;]{0,60}:\s*"
)
_HOLDS = (
    r"(?i:(?<!các )(?<!được )tổ chức|mở|bố trí(?=\s+(?:họp|cuộc họp|hội nghị|lịch|buổi))|triệu tập|đăng cai"
    r"|phụ trách(?=\s*[.;,]|$|\s+(?:tổ chức|lớp))|làm(?! việc| chủ)"
    r"|tham mưu|đứng ra"
    r"|chuẩn bị(?=\s*[.;,]|$|\s+(?:nội dung|hội nghị|cuộc họp|họp|lễ|vào|trong|tại|lúc|xong|theo|sau|cho)(?!\w)))(?!\w)"
)
_PREPARED = re.compile(
    rf"(?<!\w)(?i:do|giao(?:\s+cho)?|tham mưu)\s+(?P<who>[^.;]{{3,160}}?),?\s+(?:chủ trì,?\s+(?:phối"
    rf" hợp[^.;]{{3,160}}?\s)?)?{_HOLDS}"
    r"(?=\s*[.;,]|$|\s+(?:vào|trong|tại|lúc|xong|theo|sau|cho|bằng|trực tiếp|trực tuyến|riêng|ngay|(?i:nội dung|hội nghị|cuộc họp"
    r"|họp|lễ|lớp|buổi|hội thảo|tọa đàm)|một|\d))"
)
_HOLDS_IT = re.compile(rf"(?:sẽ\s+|đồng\s+|cùng\s+)?(?:chủ trì,?\s+(?:phối hợp[^.;]{{3,160}}?\s)?)?{_HOLDS}")
_NO_GUEST = re.compile(r"(?:do|thì|không thay đổi|giữ nguyên|theo (?:giấy mời|danh sách|thành phần))(?!\w)")
_AT_LEAST = re.compile(  # "do cấp ủy quyết định, song phải có đủ bí thư chi bộ"
    r"^do\s[^;:]{3,80}?\squyết định,?\s(?:song|nhưng|và|trong đó)\s(?:phải|cần|bảo đảm|nhất thiết)(?:\s(?:phải|có|đủ|mặt))*\s"
)
_SETS_TIME = re.compile(r"\d\s?(?:h|giờ|g)(?!\w)|\d[/:]|ngày\s+\d")
_OWN_SENTENCE = re.compile(
    r"\s(?:chủ trì|chuẩn bị|điều hành|(?<!công chức )(?<!viên chức )(?<!cán bộ )(?<!nhân viên )(?<!lãnh đạo )phụ trách"
    r"|dẫn chương trình|khai mạc)(?:\s+(?:họp|hội nghị|nội dung))?\s*$|^(?:do"
    r"|giao|nội dung|hình thức)\s"
)
_ALSO_COMES = re.compile(r"^[^:]{4,200}\s(?:được mời|cùng|tham|đến|tới)\s+(?:cùng\s+|tham\s+)?dự(?:\s+(?:họp|hội nghị|lễ))?$")
_HOLD_TOGETHER = re.compile(r"\s*(?:cùng|và|phối hợp với)\s[^.;,]{3,120}?\s(?P<verb>(?:đồng\s+|cùng\s+)?(?:tổ chức|mở)(?!\w))")
_OTHERS_BY_WIRE = re.compile(r"(?:[.;]\s|,?\s(?:kết nối|kết hợp|và)\s)[^:]{0,120}?(?:trực tuyến|điểm cầu)")
_SOME_BY_WIRE = re.compile(r"(?<!\w)dự\s(?:họp\s|hội nghị\s)?(?:tại|ở|qua|bằng|theo)\s[^.;]{0,100}?(?:trực tuyến|điểm cầu)")
_AND_LABEL = re.compile(rf"(?:,|\svà|\s[-–])\s+({_WORDS})(?!\w)")
_AS_BEFORE = re.compile(r"(?:như|cùng|giống|vẫn)\s")
_BEHIND_COMMA = re.compile(r"[,)]\s+")
_CELL = re.compile(r"(?:s?tt|số tt|số lượng|ghi chú|\d{1,3}|\d{1,3}\s+(?:đ/c|đồng chí|người|đại biểu))")
_CLOSES = re.compile(  # a line that goes on about something else than the list above it
    r"(?:giao|đề nghị|kính đề nghị|yêu cầu|rất mong|kính mong|rất hân hạnh|trân trọng|vậy|ghi chú|lưu ý|ngoài ra|căn cứ|để)\s"
)
_ANOTHER = re.compile(r"(?<!\w)(?:sau|trước|cùng)\s+(?:khi\s+)?(?:kết thúc\s+)?(?:với\s+)?(?:hội nghị|cuộc họp|lễ)[^.;,]{0,80}")
_LINK = re.compile(
    r"(?<!\w)(?:kết nối|tiếp sóng|tiếp âm|truyền (?:hình )?trực tiếp|nối cầu|trực tuyến)\s+(?:(?:trực tuyến|trực tiếp)\s+)?"
    r"(?:từ|với|tới|đến|giữa)\s+(?:các\s+|\d{1,3}\s+)?(?:điểm cầu|đầu cầu)(?!\w)[^.;()]{0,120}?"
    r"(?=\s+(?:do|để|vào|lúc)\s|[.;()]|$)"
)
_PRESENTED = re.compile(
    rf"(?:(?<!\w)(?i:do|mời)\s+|(?:^|[.;]\s+)(?={_PERSON}))(?P<who>(?:{_PERSON}|[A-ZĐ])[^.;:()]{{3,140}}?)"
    r"\s+(?:trực tiếp\s+)?(?:truyền đạt|quán triệt|phổ biến"
    r"|giới thiệu|làm báo cáo viên|trình bày)(?!\w)"
)
_INVITED_BY = re.compile(  # "sẽ có giấy mời sau", "(thành phần do đảng ủy xã mời)"
    r"(?<![^\s(])(?P<words>[^.;:()]{0,120}(?:giấy|thư)\s+(?:mời|triệu tập)(?!\s+(?:này|số)(?!\w))[^.;:()]{0,60})"
    r"|\((?P<bracket>[^()]{3,150}\smời)\s*\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a paragraph, and what it tells; "" where no label says it."""

    name: str
    text: str
    block: Block  # its text is the piece's
    labelled: bool  # the label stands in it; else it goes on below one
    first: bool  # of its line


@dataclass(frozen=True)
class Particulars:
    """What the paragraphs of a meeting tell of it."""

    pieces: tuple[Piece, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """What is labelled."""
        return frozenset(piece.name for piece in self.pieces if piece.name and piece.labelled)

    @cached_property
    def loose(self) -> str:
        """What stands under no label, as one text."""
        return ". ".join(piece.text.strip(" .;") for piece in self.pieces if not piece.name and piece.text.strip(" .;"))[:3000]

    @cached_property
    def _told_loosely(self) -> str:
        """The same with what follows on time, place and form: "Hình thức: trực tuyến, do Sở A chuẩn bị"."""
        return ". ".join(
            [self.loose, *(piece.text.strip(" .;") for piece in self.pieces if piece.name in ("time", "place", "form"))]
        )

    @property
    def times(self) -> list[Block]:
        """Where the labelled lines say when."""
        return [piece.block for piece in self.pieces if piece.name == "time"]

    @property
    def chair(self) -> str | None:
        """Who leads it."""
        if told := self._said("chair"):
            return re.sub(r"^(?:là|do)\s+", "", re.split(rf",?\s+(?={_PERSON}[^,]*\s(?:báo cáo|truyền đạt))", told)[0])
        for person in self.participants:
            if mark := _CHAIR_MARK.search(low(person)):
                return person[: mark.start()].strip(" ,;:-")
        texts = [self.loose, *(piece.text for piece in self.pieces if piece.name)]
        found = (match for text in texts for pattern in _CHAIRED if (match := pattern.search(text)))
        return next((re.sub(r"^.*\s(?i:mời|tham mưu)\s+", "", match["who"]).strip(" ,") for match in found), None)

    @property
    def venue(self) -> str | None:
        """Where it is held."""
        if told := self._said("place"):
            point = _MAIN_POINT.match(low(told))
            told = re.sub(r"^(?i:(?:trực tiếp )?(?:tại|ở)|là)\s+", "", told[point.end() if point else 0 :])
            return re.split(r"[,;]?\s+(?:kết nối|và kết nối|truyền hình)\s", told)[0].strip(" .;,") or None
        bare = (where for where in self._bare_places())
        return (
            next(bare, None)
            or place_in(self.loose)
            or next((where for each in self.pieces if each.name in ("time", "form") and (where := place_in(each.text))), None)
        )

    @property
    def participants(self) -> tuple[str, ...]:
        """Who comes."""
        heads = {id(piece) for piece, below in pairwise(self.pieces) if _heads(piece, below)}
        said: list[str] = []
        for piece in self.pieces:
            if piece.name == "people" and id(piece) not in heads:
                point = _MAIN_POINT.match(low(piece.text))
                text = piece.text[point.end() if point else 0 :]
                said += people(text if piece.first else BRACKETS.sub("", text), several=piece.labelled)
        said = [_AT_LEAST.sub("", each) for each in said]
        said = [each for each in said if not _NO_GUEST.match(low(each))]
        if said:
            return tuple(said[:MOST_PARTICIPANTS])
        return tuple(guests_told(self.loose)[:MOST_PARTICIPANTS])

    @property
    def organiser(self) -> str | None:
        """Who holds or prepares it."""
        if told := self._said("organiser"):
            return re.split(r",?\s+(?:chủ trì|phối hợp)(?!\w)", told)[0].strip(" ,")
        for match in _PREPARED.finditer(self._told_loosely):
            leads, _, prepares = match["who"].rpartition("tham mưu ")[2].partition(" chủ trì, ")
            who = prepares if starts_with_body(prepares) else re.split(r",?\s+(?:chủ trì|phối hợp)(?!\w)", leads)[0].strip(" ,")
            if starts_with_body(who):
                return who
        for text in (piece.text for piece in self.pieces if piece.name != "people"):
            for part in [text.strip(), *_BEHIND_COMMA.split(text)[1:]]:
                found = actor(part)
                if found is None or re.match(HALL, found[0]):
                    continue
                if _HOLDS_IT.match(low(part[found[1] :].strip())):
                    return found[0]
                if together := _HOLD_TOGETHER.match(low(part), found[1]):
                    return part[: together.start("verb")].strip(" ,")
        return None

    @property
    def reporter(self) -> str | None:
        """Who presents the document there."""
        if told := self._said("reporter"):
            return told
        match = _PRESENTED.search(self._told_loosely)
        return match["who"].strip(" ,") if match else None

    @property
    def invitation(self) -> str | None:
        """The words that say how people are invited."""
        match = next((match for piece in self.pieces if (match := _INVITED_BY.search(piece.text[:2000]))), None)
        words = (match["words"] or match["bracket"]).strip(" ,*-+") if match else ""
        return (words if len(words) < 80 else words.rpartition(", ")[2]) or None

    def link(self, title: str) -> str | None:
        """What is connected by wire: "kết nối từ điểm cầu Tỉnh đến các phường, xã"."""
        said = ". ".join((*(piece.text for piece in self.pieces), title))
        match = _LINK.search(low(said))
        return said[match.start() : match.end()].strip(" ,") if match else None

    def form(self, title: str) -> ConferenceForm | None:
        """Whether people meet in one room."""
        told = self._said("form")
        settings = " ".join(piece.text for piece in self.pieces if piece.name in ("time", "place"))
        said = ". ".join(piece.text for piece in self.pieces if not piece.name and not (piece.first and piece.labelled))
        said = _ANOTHER.sub("", low(said))
        some = form_of(said)
        place = low(self._said("place") or "")
        if re.match(ROOM, place) and "online" in (some, form_of(settings)):  # a room, and others by wire
            others = _OTHERS_BY_WIRE.search(place) if some is None else _SOME_BY_WIRE.search(said)
            some = "hybrid" if others and form_of(title) is None else some
        return form_of(told or "") or some or form_of(title) or form_of(settings)

    def _said(self, name: str) -> str | None:
        return next(
            (piece.text.strip(" .;,")[:400] for piece in self.pieces if piece.name == name and piece.text.strip(" .;,")), None
        )

    def _bare_places(self) -> Iterator[str]:
        """The lines below "Thời gian, địa điểm" that say where, without a label of their own."""
        for piece in self.pieces:
            text = piece.text.strip(" .;,")
            if piece.name == "time" and not piece.labelled and not _SETS_TIME.search(low(text)) and re.match(PLACE, text):
                yield text


def particulars(blocks: Iterable[Block]) -> Particulars:
    """What the paragraphs tell, each by its label or the one above it."""
    pieces: list[Piece] = []
    beside = ""
    name, listed, ended = "", False, False  # under which label the next lines stand; whether its own line says nothing yet
    for block in blocks:
        waits, ended = ended, block.text.rstrip().endswith((";", ","))  # the line above goes on here
        text = block.text[_after_number(block.text) :]
        for n, (said, end) in enumerate(_split(text)):
            lowered = low(said)
            if n == 0 and name == "people" and _CELL.fullmatch(lowered.strip()):
                break  # of a table of guests
            label = _label(lowered)
            above = name
            if label:
                name, rest = label
                also = _also_labelled(lowered[:rest], name)
                name = (
                    "people"
                    if above == "people" and lowered.startswith("điểm cầu") and not re.match(ROOM, rest_of(said, rest))
                    else name
                )
                said = rest_of(said, rest)
                if also == "time":  # the place stands behind the hour
                    name = also
                elif also and _AS_BEFORE.match(low(said)):
                    pieces.append(Piece(name=also, text=said, block=replace(block, text=said), labelled=True, first=n == 0))
                listed = n == 0 and not said.strip(" .;:")
                beside = block.bullet if n == 0 and not listed else ""  # a further dash stands beside it, not below
            elif n == 0:
                dashed = block.bullet and (name == "people" or block.bullet != beside)
                below = dashed or listed or (waits and said[:1].islower())
                name = name if below and not _CLOSES.match(lowered) else ""
            elif (
                end == ";" and name == "people" and pieces[-1].first and not pieces[-1].labelled
            ):  # a line of a list is one entry
                pieces[-1] = replace(pieces[-1], text=f"{pieces[-1].text}; {said}")
                continue
            elif not _stays(name, lowered.strip(" .;"), end):
                name = ""
            pieces.append(
                Piece(
                    name=name,
                    text=said,
                    block=replace(block, text=said),
                    labelled=bool(label or n or _MAIN_POINT.match(lowered)),
                    first=n == 0,
                )
            )
    return Particulars(tuple(pieces))


def _stays(name: str, lowered: str, end: str) -> bool:
    """Whether a further part of a line stays under its label: "…; 14 giờ ngày …", "… các thôn. Đại diện xã được mời dự"."""
    if name == "time":
        return end == ";" and _SETS_TIME.search(lowered) is not None
    also = _ALSO_COMES.search(lowered) is not None
    return name == "people" and (also or (end == ";" and _OWN_SENTENCE.search(lowered) is None))


def _heads(piece: Piece, below: Piece) -> bool:
    """Whether a numbered line merely heads the dashes below it: "1- Đại biểu của tỉnh"."""
    own = piece.block
    return (
        piece.first
        and below.first
        and bool(below.block.bullet)
        and not own.bullet
        and not piece.text.rstrip().endswith((";", ","))
    )


def label_of(block: Block) -> str | None:
    """What a paragraph's label tells; None where it begins with none."""
    found = _label(low(block.text[_after_number(block.text) :][:200]))
    return found[0] if found else None


def rest_of(said: str, start: int) -> str:
    """What stands behind a label."""
    return said[start:].strip()


def _label(lowered: str) -> tuple[str, int] | None:
    match = _LABEL.match(lowered)
    if match:
        return _TELLS[match["label"]], match.end()
    linked = _LINKED.match(lowered)
    if linked:
        name = next(key for key in ("people", "place", "time", "form") if linked[key])
        return name, linked.end()
    return None


def _also_labelled(label: str, name: str) -> str | None:
    """What a label of two tells besides: "Địa điểm, chủ trì: như trên"."""
    return next((other for word in _AND_LABEL.findall(label) if (other := _TELLS[word]) not in ("", name)), None)


def _after_number(text: str) -> int:
    match = numbering(text)
    return match.end() if match else 0


@lru_cache(maxsize=512)  # a paragraph is asked for its own sake, with its section, and with its meeting
def _split(text: str) -> tuple[tuple[str, str], ...]:
    """Sentences and their parts, each with what stands before it: "", ";", "." or ","."""
    found, start, end = [], 0, ""
    for match in _SPLIT.finditer(text):
        if match["end"] is None and low(text[start : match.start()]).strip(" -–") in _TELLS:
            continue  # "Thời gian, địa điểm: …": one label of two
        found.append((text[start : match.start()], end))
        start, end = match.end(), match["end"] or ","
    if text[start:].strip():
        found.append((text[start:], end))
    return tuple(found)
