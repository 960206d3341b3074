"""Owns where the name of a body is over by its own form, whatever word follows: after its level, its field, a place.

"Công an xã giữ gìn trật tự", "Sở Y tế ghim bảng tin", "Đồn Biên phòng Cửa Lạch gọi tàu thuyền": no list of verbs holds all
that bodies do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workflows.documents.fields import Spans, field_end

_LEVELS = r"(?i:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|đặc khu|(?<!tác )xã)"
# Words that go on with a name, or tell more of it; a dash or a bracket does so too.
_GOES_ON = (
    r"và|các|thuộc|trực thuộc|trên|tại|ở|cấp|nêu|có|được|chưa|đã|đang|liên quan|nơi|tỉnh|huyện|quận|thị|thành|phường|xã|đặc khu"
    r"|hội|vùng|biên giới|miền|ven|đồng bằng|trọng điểm|còn|khác|mới|cũ|giáp|lân cận|nằm|phía|trong|ngoài|này|trung du|hải đảo"
    r"|là|về|của|với|hoặc|nghèo|điểm|loại|khu vực|sau|trước|theo|không|đảo|bãi ngang|phát động|đoàn|ủy|uỷ|nhà|đội|nghị"
)
# And such as only a word that no list of verbs holds must not be.
_GOES_ON_TOO = (
    r"chủ|thì|sư|đóng|số|thứ|từng|do|để|cho|từ|đến|lần|khóa|nhiệm kỳ|năm|tháng|ngày|quý|nói|hiện|như|gồm|nhất|hàng|hằng|mỗi"
    r"|khi|nếu|mà"
    r"|nay|ấy|đó|kể|bằng|qua|vào|rất|vừa|bị|lớn|nhỏ|chuyên|đa khoa|tổng hợp|cơ sở|cơ quan|kiêm|đồng|người|viên|khối|chi"
    r"|sở|ban|bộ|phòng|đơn vị|tổ|thôn|ấp|bản|đảng|trưởng|phó|giám|chánh|bí thư|ông|bà|cả|những|hai|ba|bốn|sáu|bảy|tám|chín|mười"
    r"|lực lượng|cán|phát triển|phục vụ|quản lý|kiểm soát|an toàn|chung|riêng|tương đương|cũng|bởi|kèm|nhưng|song|đều|nào"
    r"|ngành|trường|bệnh viện|trung tâm|học viện|công ty|xí nghiệp|doanh nghiệp|tổng|tập đoàn|cụm|khu|khóm|buôn|làng|xóm|liên"
    r"|tư thục|công lập|dân lập|nội trú|bán trú|chuyên biệt|năng khiếu|quốc tế|đặc biệt|khó khăn|gần|xa|sẵn|lẻ"
    r"|thông qua|bảo trợ|tâm thần|chủ quản|hữu quan|bạn|đầu|cuối|giữa|chậm|muộn|lúc|đạt|xong|ngay|nên|ta|mình|khoảng|đủ"
    r"|nhiều|một|vì|áp|cùng|việc|kết quả|tình hình|đối|khó|thiếu|vắng|thấy|tự chủ|mạnh|yếu|kém|quá|bất|vốn|rồi|trở|trọng|tới"
    r"|tội phạm|hình sự|giao thông|cơ động|trật tự"
)
_LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
_SMALL, _CAPITAL = f"[{_LETTERS}]", f"[{_LETTERS.upper()}]"
_NEXT = rf"\s+(?={_SMALL})(?!(?:{_GOES_ON})(?!\w))"
_OTHERS = re.compile(rf"(?:{_GOES_ON_TOO})(?!\w)")
_COUNTED = (  # "Đội Cảnh sát giao thông số 1", "Tiểu đoàn 5"
    r"(?i:số|đội|tổ|khu phố|thôn|ấp|khu|khóm|đoàn|quân khu|phường|quận|lớp|cụm|vùng|xưởng|chi bộ|ca|trạm)\s\d{1,4}[A-Z]?"
)
_LEVEL = re.compile(rf"(?<!\w)(?:{_LEVELS}|{_COUNTED}){_NEXT}")
_HEADS = (
    "Ban|Báo|Bí|Bưu|Bảo|Bản|Bệnh|Bộ|Câu|Chi|Chánh|Chính|Chủ|Cán|Các|Công|Cơ|Cảng|Cục|Cụm|Doanh|Giám|Hiệu|Huyện|Hạt|Học|Hội|Hợp|"
    "Khoa|Kho|Khu|Khối|Kế|Liên|Lãnh|Lực|Mặt|Ngân|Ngành|Nhà|Nhóm|Phó|Phòng|Quân|Quận|Quốc|Quỹ|Sở|Sư|Thanh|Thuế|Thành|Thường|Thị|"
    "Thủ|Tiểu|Toà|Tổ|Tổng|Trung|Trường|Trưởng|Trạm|Tòa|Tập|Tỉnh|Viễn|Viện|Vụ|Văn|Xã|Xí|Điện|Đoàn|Đài|Đại|Đơn|Đảng|Đặc|Địa|Đồn|"
    "Đội|Ấp|Ủy|Uỷ"
)
_SYLLABLE = rf"{_CAPITAL}{_SMALL}{{0,6}}"
_SYLLABLES = re.compile(_SYLLABLE)
_PLACE = re.compile(rf"(?<!\w)(?!(?:{_HEADS})\s){_SYLLABLE}(?:\s{_SYLLABLE}){{1,3}}{_NEXT}")
_ALONE = re.compile(_NEXT)


def end_at_level(name: str, start: int, stop: int, whole: Spans = ()) -> int | None:
    """Where the act begins behind a name's level, before a verb that stands at ``stop``; not inside of ``whole`` names."""
    return _first(_LEVEL.finditer(name, start, stop), whole)


def end_by_form(name: str, start: int, stop: int, whole: Spans = ()) -> int | None:
    """Where the act begins behind a whole name or field, a name's level or a place, although no known verb says so."""
    levels = (match for match in _LEVEL.finditer(name, start, stop) if not _goes_on(name, match.end(), stop))
    found = [_first(levels, whole), _first(_places(name, start, stop), whole)]
    beyond = (match for _, end in whole if start <= end <= stop and (match := _ALONE.match(name, end)))
    found += [match.end() for match in beyond if not _goes_on(name, match.end(), len(name))]
    return min((end for end in found if end is not None), default=None)


def _places(name: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """Places that a name ends in, "Cửa Lạch", none of whose syllables begins a field."""
    while match := _PLACE.search(name, start, stop):
        syllables = (each.start() for each in _SYLLABLES.finditer(name, match.start(), match.end()))
        fields = any(field_end(name, each, stop, capital=True) for each in syllables)
        if fields or _goes_on(name, match.end(), stop):
            start = match.start() + 1
        else:
            yield match
            start = match.end()


def _goes_on(name: str, at: int, stop: int) -> bool:
    """Whether the word there goes on with a name, or is one that no list of verbs holds."""
    return bool(_OTHERS.match(name, at, stop) or field_end(name, at, stop))


def _first(matches: Iterable[re.Match[str]], whole: Spans) -> int | None:
    return next((m.end() for m in matches if not any(begin <= m.start() and m.end() <= end for begin, end in whole)), None)
