"""Owns the issuing body printed above a document's number, and how running text writes a name printed in capitals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.documents.lines import Line, low
from workflows.documents.wording import starts_with_body

_LONGEST = 120  # characters of a line that names a body
_PLACE = re.compile(r"(?:tỉnh|thành phố|tp\.?|quận|huyện|thị xã|xã|phường|thị trấn|đặc khu)\s(?!ủy)")
_OFFICE = re.compile(r"(?:chủ tịch|bộ trưởng|giám đốc|tổng giám đốc|trưởng ban|chánh án|viện trưởng|hiệu trưởng|bí thư)")
_ORGAN = re.compile(r"(?:ban|văn phòng|ủy ban kiểm tra|trung tâm)(?:\s|$)")
_COMMITTEE = re.compile(r"(?:tỉnh|thành|huyện|quận|thị|đảng) ủy")
_AUTHORITY = re.compile(
    r"(?:chủ tịch|bộ trưởng|giám đốc|tổng giám đốc|thủ tướng|chánh án|viện trưởng|hiệu trưởng|trưởng ban|hội đồng nhân dân"
    r"|ủy ban nhân dân|ủy ban thường vụ|ban thường vụ|ban chấp hành|ban bí thư|bộ chính trị|chính phủ|quốc hội|(?:đảng|tỉnh|thành"
    r"|huyện|quận|thị) ủy)(?!\w)"
)
_PART_OF_BODY = re.compile(r"văn phòng|ban (?:thường trực|thường vụ|chấp hành|bí thư|cán sự đảng)|thường trực|đảng đoàn")
_OF_ASSOCIATION = re.compile(
    r"(?:ban chấp hành|bch|ủy ban)\s+(?=(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)\s)"
)
_ASSOCIATION = re.compile(r"(?:hội|liên đoàn|liên hiệp|đoàn|mặt trận)\s")
# Organs of a state body, which bear no place in their own name; the body above them says where they are.
_DEPARTMENT = re.compile(r"(?:sở|phòng|thanh tra|văn phòng|ban)\s")
_STATE_BODY = re.compile(
    r"(?:ubnd|ủy ban nhân dân)\s+(?P<place>(?:tỉnh|thành phố|tp\.?|quận|huyện|thị xã|xã|phường|thị trấn|đặc khu)\s.+)"
)
# A body's name printed in capitals, as running text writes it: these words small, these with one capital.
_SMALL = re.compile(
    r"(?<!\w)(?:tỉnh|huyện|quận|thành phố|thị xã|xã|phường|thị trấn|đặc khu|và|các|của|nhân dân"
    r"|đảng bộ)(?!\w)(?! ủy)",
)
_ONE_CAPITAL = re.compile(
    r"(?<!\w)(?:ủy ban nhân dân|ủy ban|dân sự|hội đồng nhân dân|(?:tỉnh|thành|huyện|quận|thị|đảng|chi) ủy"
    r"|(?:tỉnh|thành|huyện|quận|thị) đoàn|thường vụ|thường trực|chấp hành|tuyên giáo|dân vận|tổ chức|kiểm tra|nội chính"
    r"|chỉ đạo|chỉ huy|chi bộ|khu vực|chuyển đổi số|công an|quân sự|nội vụ|y tế|tài chính|văn phòng|ban cán sự"
    r"|trung ương|chính phủ|thủ tướng|chủ tịch|giám đốc|giáo dục|đào tạo|nông nghiệp|môi trường|tài nguyên|phát triển"
    r"|nông thôn|xây dựng|giao thông|vận tải|thông tin|truyền thông|khoa học|công nghệ|văn hóa|thể thao|du lịch|xã hội"
    r"|lao động|thương binh|tư pháp|kế hoạch|đầu tư|dân tộc|tôn giáo|ngoại vụ|ngoại giao|quốc phòng|kinh tế|hạ tầng"
    r"|đô thị|thanh tra|bảo hiểm|chính trị|kiểm sát|liên hiệp|phụ nữ|nông dân|cựu chiến binh|thanh niên|cộng sản"
    r"|mặt trận|tổ quốc|liên đoàn|công đoàn|thống kê|kho bạc|nhà nước|hải quan|quản lý|thị trường|kiểm lâm|tổng cục"
    r"|chi cục|phát thanh|truyền hình|bệnh viện|đa khoa|trung tâm|học viện|đại học|tiểu học|mầm non|phục vụ|hành chính"
    r"|công ty|tổng công ty|tập đoàn|xí nghiệp|nông trường|lâm trường|điện lực|cao su|viễn thông|bưu điện|cổ phần|hàn lâm"
    r"|thủy lợi|thủy điện|khai thác|công trình|cấp nước|thoát nước|biên phòng|cảnh sát|tòa án|thi hành án|ngân hàng|chính sách"
    r"|tín dụng|chăn nuôi|thú y|khuyến nông|bảo vệ|thực vật|kiểm soát|bệnh tật|y học|cổ truyền|dịch vụ|an toàn|trung học"
    r"|phổ thông|nội trú|bán trú|cao đẳng|trung cấp|thường xuyên|nghề nghiệp|kỹ thuật|hậu cần|cung ứng|luật sư|đài|hợp tác"
    r"|dự án|phòng thủ|thi đua|khen thưởng|bồi dưỡng|cơ quan|doanh nghiệp)(?!\w)",
)
_LETTERS = re.compile(r"(?<!\w)(?:[bcdđghklmnpqrstvx]{2,6}|[ivx]{1,5}|ubnd|ubkt|lđlđ|thpt)(?!\w)")  # no vowels: initials


def body_above(lines: Sequence[Line]) -> tuple[str, Line] | None:
    """The issuing body of the lines in capitals above the number, below its superior, with its place; None without one."""
    bodies: list[list[Line]] = []
    for line in lines:
        if not line.text.isupper() or len(line.text) >= _LONGEST or line.column:
            continue
        place = _PLACE.match(low(line.text))
        if bodies and (place or (not line.gap and not starts_with_body(line.text))):
            bodies[-1].append(line)  # "ỦY BAN NHÂN DÂN" over "XÃ ĐỒI SIM", or a name set in two lines
        else:
            bodies.append([line])
    at = next((n for n in reversed(range(len(bodies))) if starts_with_body(bodies[n][0].text)), None)
    if at is None:
        return None
    name, above = _joined(bodies[at]), _joined(bodies[at - 1]) if at else ""
    return small_letters(_with_superior(name, above)), bodies[at][0]


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def names_authority(line: Line) -> bool:
    """Whether a line in capitals names who decides, as it stands between a decision's title and its bases."""
    return line.text.isupper() and _AUTHORITY.match(low(line.text[:40])) is not None


def _with_superior(name: str, above: str) -> str:
    """A body's name with what the line above it adds: the body that it is a part of, its office, its committee, its place."""
    lowered, over = low(name), low(above)
    if not above:
        return name
    if _OFFICE.fullmatch(over):  # "CHỦ TỊCH" over "ỦY BAN NHÂN DÂN TỈNH"
        return f"{above} {name}"
    if _PART_OF_BODY.fullmatch(lowered) or (_ORGAN.match(lowered) and _COMMITTEE.match(over) and not _COMMITTEE.search(lowered)):
        return f"{name} {above}"  # "TỈNH ỦY PHÚ SƠN" over "BAN TỔ CHỨC": the committee's organ
    if over == "ban chấp hành trung ương" and _ORGAN.match(lowered):
        return f"{name} TRUNG ƯƠNG"
    committee = _OF_ASSOCIATION.match(lowered)
    if committee and _ASSOCIATION.match(over):  # "HỘI NÔNG DÂN VIỆT NAM" over "BAN CHẤP HÀNH TỈNH PHÚ SƠN"
        association = above if over.startswith("mặt trận") else above.removesuffix(" VIỆT NAM")
        return f"{name[: committee.end()]}{association} {name[committee.end() :]}"
    state = _STATE_BODY.fullmatch(over)
    if state and _DEPARTMENT.match(lowered) and not re.search(r"(?<!\w)" + _PLACE.pattern, lowered):
        return f"{name} {above[state.start('place') :]}"
    return name


def small_letters(name: str) -> str:
    """ "ỦY BAN NHÂN DÂN XÃ ĐỒI SIM" -> "Ủy ban nhân dân xã Đồi Sim": capitals as bodies are written in running text."""
    text = " ".join(word if "." in word else word.capitalize() for word in name.split())
    for pattern, case in ((_SMALL, str.lower), (_ONE_CAPITAL, str.capitalize), (_LETTERS, str.upper)):
        for match in pattern.finditer(low(text)):
            text = text[: match.start()] + case(text[match.start() : match.end()]) + text[match.end() :]
    return text[:1].upper() + text[1:]
