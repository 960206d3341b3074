"""Owns the words for bodies, persons and levels: what a name of a body looks like, and where it stops before the verb.

It decides from the form of the words alone; which units exist is the directory's business.
"""

from __future__ import annotations

import re

from workflows.documents.lines import low
from workflows.names import canonical


def _longest_first(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split("|")), key=len, reverse=True))


# First words of the names of bodies, in lower case.
_HEADS = (
    "ban|ban quản lý|bch|bcđ|bqlda|btv|báo cáo viên|báo và|bí thư|bảo hiểm|bệnh viện|bộ|chi bộ|chi cục|"
    "chi nhánh|chi đoàn|chi ủy|chi, đảng bộ|chánh|chính phủ|chủ tịch|chủ đầu tư|các chi|các cấp|"
    "các phường|các tổ chức|các xã|công an|công ty|công đoàn|cơ quan|cấp ủy|cộng tác viên|cục|"
    "doanh nghiệp|giám đốc|hiệu trưởng|huyện|huyện đoàn|huyện ủy|hđnd|hạt|học viện|hội|hội đồng|kho bạc|"
    "khối|liên đoàn|lãnh đạo các|lãnh đạo ubnd|lãnh đạo ủy ban|lực lượng|mttq|mặt trận|ngành|ngân hàng|"
    "người đứng đầu|nhà thiếu nhi|nhà trường|nhà văn hóa|phân hiệu|phòng|phường|quân khu|quận|quận đoàn|"
    "quận ủy|quốc hội|sở|tccsd|tccsđ|thanh tra|thi hành án|thuế|thành viên|thành đoàn|thành ủy|"
    "thường trực|thường vụ|thị trấn|thị đoàn|thị ủy|thủ trưởng|tiểu ban|trung tâm|trường|trưởng|"
    "trưởng ban|trạm|tòa án|tập đoàn|tỉnh đoàn|tỉnh ủy|tổ chức chính trị|tổ chức cơ sở|tổ chức đoàn|"
    "tổ chức đảng|tổ công tác|tổ cộng tác viên|tổ giúp việc|tổ đề án|tổng công ty|ubkt|ubmttq|ubnd|viện|"
    "viện kiểm sát|vp|văn phòng|vụ|xí nghiệp|đ/c|đoàn|đoàn thể|đài|đơn vị|đảng bộ|đảng đoàn|đảng ủy|"
    "đặc khu|địa phương|đồng chí|đội|đội ngũ|ủy ban|ủy ban nhân dân|"
    "ban đại diện|ban giám hiệu|ban nhân dân|buôn|bưu cục|bưu điện|bộ chỉ huy|bộ phận|cao đẳng|chỉ huy trưởng|câu lạc bộ|"
    "cổng thông tin|cụm trưởng|cụm thi đua|giáo viên chủ nhiệm|hợp tác xã|khu phố|kế toán|nhà xuất bản|nhóm|quỹ|sư đoàn|thôn|"
    "thư viện|trung đoàn|trưởng các|tổ dân phố|tổng cục|đại học|đồn biên phòng|ấp|ủy viên ban"
)
_ASKS = r"(?:(?:yêu cầu|đề nghị|giao(?: cho)?|phân công|đối với)\s+)?"
_LEAD_IN = _ASKS + r"(?:(?:tất cả|toàn bộ|các|những|mỗi|từng)\s+)*"
# Words that begin like a body's name and are none.
_NO_BODY = (
    r"hội (?:nghị|thảo|trường|viên|nhập|đồng thi)|ban hành|bộ máy|trường hợp|đoàn (?:kết|viên)|phòng,? chống|vụ việc|khối lượng"
    r"|sở hữu|cục diện|trưởng thành|thuế suất|công an viên|quận sự|địa phương hóa|đơn vị tính|đội hình"
)
_BODY = re.compile(
    rf"{_LEAD_IN}(?!(?:{_NO_BODY})(?!\w))(?P<head>{_longest_first(_HEADS)}|xã(?! hội)|khoa(?! học)|tổ(?! chức)"
    r"|bản(?! (?:thân|đồ|cam kết|tin|sao|chất|kê|dự thảo|chụp|gốc|chính|giấy|mềm|in)(?!\w)))(?!\w)"
)
# Words that begin what a body does.
_VERBS = (
    "ban hành|biên tập|biểu dương|bàn giao|bám sát|báo cáo|bảo đảm|bố trí|cam kết|chuyển|chuẩn bị|"
    "chú trọng|chấm dứt|chấp hành|chỉ đạo|chịu trách nhiệm|chọn|chủ trì|chủ động|cung cấp|cân nhắc|"
    "cân đối|có|công bố|căn cứ|cấp phát|cần|cập nhật|cử|duy trì|dừng|dự|giao|giám sát|giúp|giải quyết|gửi|"
    "hoàn thiện|hoàn thành|huy động|hàng|hướng dẫn|hằng|hỗ trợ|in|khai thác|khuyến khích|khảo sát|"
    "khẩn trương|kiểm tra|ký|kịp thời|là|làm|lãnh đạo|lập|lồng ghép|lựa chọn|mời|mở|nghiêm túc|nghiên cứu|"
    "ngoài|ngừng|nâng cao|nắm|nộp|phát huy|phát hành|phát động|phân công|phê duyệt|phải|phản ánh|phối hợp|"
    "phổ biến|phụ trách|quan tâm|quyết định|quán triệt|quản lý|rà soát|soạn thảo|sưu tầm|sắp xếp|sẽ|"
    "sử dụng|tham dự|tham gia|tham mưu|thanh tra|thay thế|theo dõi|thành lập|thông báo|thông tin|"
    "thường xuyên|thẩm định|thống nhất|thực hiện|tiến hành|tiếp nhận|tiếp thu|tiếp tục|trang trí|"
    "triển khai|trên cơ sở|trình|trưng bày|trực tiếp|tuyên truyền|tích cực|tùy|tăng cường|tạm dừng|"
    "tạm hoãn|tạm ngừng|tạo điều kiện|tập huấn|tập trung|tổ chức|tổng hợp|tự|vận hành|vận động|xem xét|"
    "xác định|xây dựng|yêu cầu|đa dạng|đánh giá|đôn đốc|đăng|đưa|được|đảm bảo|đấu tranh|đầu tư|đẩy mạnh|"
    "đề nghị|đề xuất|định hướng|định kỳ|đồng thời|đổi mới|"
    "bãi bỏ|bảo vệ|bổ nhiệm|bổ sung|canh gác|cam đoan|chi trả|chia sẻ|chăm lo|chốt|công khai|cảnh báo|di dời|dành|"
    "ghi nhận|giao ban|giới thiệu|hiệp thương|hoàn chỉnh|hoãn|hạn chế|in ấn|kiến nghị|kiện toàn|kê khai|kết nối|khai báo|"
    "khen thưởng|khắc phục|không|lấy ý kiến|lưu ý|miễn|ngăn chặn|nhanh chóng|nhập|niêm yết|nâng cấp|nắm bắt|phát sóng|phân bổ|"
    "phân loại|phân tích|phải|quyết toán|rút kinh nghiệm|soát xét|số hóa|sơ kết|sơ tán|sớm|sửa chữa|thanh toán|thu gom|thu hồi|"
    "thăm hỏi|thẩm tra|thực hành|tiết kiệm|triệu tập|trực ban|truyền thông|trả lời|tuyệt đối|tuần tra|tư vấn|tổng kết|"
    "tích hợp|tôn vinh|ưu tiên|vừa|xếp loại|xử lý|ôn tập|điều chỉnh|điều hành|điều phối|điều tra|đình chỉ|động viên|đối chiếu|"
    "ứng phó|ứng trực|ủng hộ|đo đạc|đốc thúc|đồng loạt|đúc rút|đặt|treo|gắn|khẳng định|tính toán|tiếp|vệ sinh|quảng bá"
)
_VERB = re.compile(r"(?<!\w)(?:" + _longest_first(_VERBS) + r")(?!\w)")
# A verb's word may belong to a name: "các cơ quan tham mưu", "các tổ chức chính trị", "Ban Chỉ đạo", "báo cáo viên".
_NOMINAL_BEFORE = re.compile(r"(?<!\w)(?:các|những|công tác|chuyên trách|đội ngũ|cán bộ|được|đồng chí|trực tiếp|tập thể)\s*$")
_NOMINAL_BEFORE_VERB = re.compile(
    r"(?<!\w)(?:cơ quan\s+(?:tham mưu|tuyên truyền|chủ trì|phối hợp|kiểm tra|thông tin|giám sát)"
    r"|ban\s+(?:tổ chức|chỉ đạo|kiểm tra|giám sát|quản lý|bảo vệ)|(?:công nghệ|truyền thông|hệ thống|cổng)\s+thông tin"
    r"|(?:kế hoạch|đa khoa|phòng|nghiên cứu)\s+tổng hợp|bảo hộ|quân sự|(?:ban|đội|tổ)\s+(?:bảo vệ|quản lý|thanh tra|kiểm tra)"
    r"|dự án\s+đầu tư|(?:sở|ban|phòng|quỹ|vụ|cục)\s+(?:đầu tư|thanh tra|quản lý|kiểm tra|tổ chức))$"
)
# Where a name ends with its level, what follows is done by it, whatever the word: "Công an xã giữ gìn trật tự".
_ENDS_WITH_LEVEL = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|đặc khu|xã)\s+(?=[^\W\d_])"
    r"(?!(?:và|các|thuộc|trực thuộc|trên|tại|ở|cấp|nêu|có|được|chưa|đã|liên quan|nơi|tỉnh|huyện|quận|thị|thành|phường|xã|đặc khu"
    r"|hội|vùng|biên giới|miền|ven|đồng bằng|trọng điểm|còn|khác|mới|cũ|giáp|lân cận|nằm|phía|trong|ngoài|này|trung du|hải đảo"
    r"|là|về|của|với|hoặc|nghèo|điểm|loại|khu vực|sau|trước|theo|không|đảo|bãi ngang|phát động|đoàn|ủy|nhà|đội|nghị)(?!\w))"
)
# After a plural "có" tells which of many, "các đơn vị có tên trong danh sách", unless it says what they have to do.
_MAIN_AFTER_ALL = re.compile(r"có\s+(?:trách nhiệm|nhiệm vụ|kế hoạch|biện pháp|giải pháp|văn bản|báo cáo)(?!\w)")
_PLURAL = re.compile(
    _ASKS + r"(?:(?:tất cả|toàn bộ)\s+)?(?:các|những|trưởng|hiệu trưởng|thủ trưởng|chủ tịch|giám đốc|bí thư)(?!\w)"
)
_NOMINAL_WITH_NEXT = re.compile(
    r"tổ chức\s*(?:chính trị|cơ sở|đảng(?!\w)|đoàn thể|thành viên|xã hội|hội(?! nghị| thảo| thi)(?!\w)|-\s*xã hội|tôn giáo"
    r"|kinh tế|đoàn(?!\w)|đại diện)"
    r"|(?:báo cáo|tuyên truyền|cộng tác)\s+viên|giúp\s+việc|có\s+liên quan|phối hợp\s+liên ngành|xây dựng\s+đảng"
    r"|tham mưu,\s+giúp việc"
)
_SENTENCE = re.compile(r"\.\s|(?<!\w)(?:đề nghị|yêu cầu|ban hành|như sau|sau đây|nội dung sau|nhiệm vụ sau)(?!\w)")
_TAIL_OF_NAME = 24  # characters that may follow a verb's word in a name; what a unit does takes more
_MAX_NAME = 400  # characters; a longer subject is a sentence

_COMMITTEE = r"(?:tinh|thanh|huyen|quan|thi|dang)"
_PERSONS = re.compile(
    r"(?:cac )?(?:dong chi|d c|ong|ba|uy vien|bi thu|pho bi thu|chu tich|pho chu tich|truong ban|" + _COMMITTEE + r" uy vien"
    r"|bao cao vien|tuyen truyen vien|(?:doi ngu )?cong tac vien|lanh dao|thu truong|dai bieu)\b"
)
_HEADS_OF_BODIES = re.compile(
    r"(?:thu truong|giam doc|chu tich|bi thu|truong|chanh|lanh dao|nguoi dung dau|hieu truong|vien truong)\b(?: \w+){0,6}? cac "
    r"(?!pct|pho)"
)
_LEADERS = re.compile(
    rf"\b(?:uy vien|{_COMMITTEE} uy vien|thuong truc {_COMMITTEE} uy|thuong truc (?:hoi dong nhan dan|uy ban nhan dan|tu)"
    rf"|lanh dao (?:uy ban|hoi dong|so|phong|ban|van phong|cuc|chi cuc|bo|vu|{_COMMITTEE} uy)|(?:pho )?chu tich|(?:pho )?bi thu"
    r"|(?:pho )?giam doc|(?:pho )?(?:truong|chanh) (?:ban|van phong|phong))\b"
)

# The levels of the state and the Party, 5 the highest. A city stands between: it may be a province's equal or a district's.
_LEVELS = (
    (5, r"trung uong|chinh phu|thu tuong|quoc hoi|bo chinh tri|ban bi thu|tw"),
    (4, r"tinh uy|tinh|tinh doan"),
    (3, r"thanh uy|thanh pho|thanh doan"),
    (2, r"huyen uy|huyen|quan uy|quan|thi uy|thi xa|huyen doan|quan doan"),
    (1, r"xa|phuong|thi tran|dac khu"),
)
_LEVEL = [(level, re.compile(rf"\b(?:{words})\b")) for level, words in _LEVELS]


def starts_with_body(text: str) -> bool:
    """Whether the words begin as the name of a body, a group of bodies or an office does."""
    return _BODY.match(low(text[:80])) is not None


def subject(sentence: str) -> str | None:
    """The body that a sentence begins with, up to its verb; None when it begins otherwise or no verb follows."""
    lowered = low(sentence[: _MAX_NAME + 40])
    opening = _BODY.match(lowered)
    if not opening:
        return None
    depth_free = _without_brackets(lowered)
    one_of_many: int | None = None  # where a clause begins that tells which of many are meant
    for verb in _VERB.finditer(depth_free, opening.end("head")):
        start = verb.start()
        if not sentence[start].islower() or _belongs_to_name(depth_free, verb):
            continue
        if one_of_many is None and _PLURAL.match(lowered) and (begins := _relative(depth_free, verb)) is not None:
            one_of_many = begins
            continue
        level = _ENDS_WITH_LEVEL.search(depth_free, opening.start("head"), start) if one_of_many is None else None
        end = level.end() if level and sentence[level.end()].islower() else start
        return _tidy(sentence[_after_lead_in(lowered) : end])
    return None if one_of_many is None else _tidy(sentence[_after_lead_in(lowered) : one_of_many])


def _relative(lowered: str, verb: re.Match[str]) -> int | None:
    """Where the clause begins that a verb belongs to, if it tells which of many: "chưa báo cáo", "có tên trong danh sách"."""
    before = re.search(r"(?<!\w)(?:đã|chưa|chưa được|được)\s+$", lowered[max(0, verb.start() - 12) : verb.start()])
    if before:
        return max(0, verb.start() - 12) + before.start()
    if verb[0] in ("có", "được") and not _MAIN_AFTER_ALL.match(lowered, verb.start()):
        return verb.start()
    return None


def _belongs_to_name(lowered: str, verb: re.Match[str]) -> bool:
    before = lowered[max(0, verb.start() - 30) : verb.start()]
    attributive = _NOMINAL_BEFORE.search(before) or _NOMINAL_BEFORE_VERB.search(before + verb[0])
    return attributive is not None or _NOMINAL_WITH_NEXT.match(lowered, verb.start()) is not None


def name_before_colon(text: str) -> str | None:
    """ "Sở Y tế: chủ trì ..." -> "Sở Y tế"; None where no body's name ends with a colon."""
    head, colon, _ = text[: _MAX_NAME + 1].partition(":")
    if not colon or not starts_with_body(head) or len(head) > _MAX_NAME // 2 or _SENTENCE.search(low(head)):
        return None
    return _tidy(head[_after_lead_in(low(head)) :])


def bare_name(text: str) -> str:
    """A heading's body: "Đề nghị Ủy ban ... (cơ quan thường trực)" -> "Ủy ban ..."."""
    return _tidy(text[_after_lead_in(low(text[:40])) :])


def starts_with_verb(text: str) -> bool:
    """Whether the words say at once what is to be done."""
    return _VERB.match(low(text[:40])) is not None


def is_name(text: str) -> bool:
    """Whether a whole heading is the name of a body or group: short, begins as one, and has no verb."""
    return (
        len(text) <= _MAX_NAME // 2 and starts_with_body(text) and subject(text + " ") is None and not text.endswith((".", ";"))
    )


def is_heading(text: str) -> bool:
    """Whether a heading is the name of a body or group, whatever its words: "Khoa Kiểm soát nhiễm khuẩn" holds a verb's word."""
    if len(text) > _MAX_NAME // 2 or not starts_with_body(text) or text.rstrip().endswith((".", ";", ":")):
        return False
    name = subject(text + " ")
    return name is None or len(text) - text.find(name) - len(name) <= _TAIL_OF_NAME


def split_bodies(text: str) -> tuple[str, ...]:
    """ "Ban A, Ban B và Sở C" -> each; a comma inside one name ("các chi, đảng bộ") does not part it."""
    parts: list[str] = []
    for piece in re.split(r"(?:;|,)\s*|\s+và\s+(?=(?:Ban|Bộ|Sở|Ủy|Văn|Phòng|Tỉnh|Thành|Huyện|Quận|Đảng|Thường)\b)", text[:2000]):
        capital = piece[:1].isupper() or low(piece).startswith(("các ", "đội ngũ "))
        if parts and not (capital and starts_with_body(piece)):
            parts[-1] += f", {piece}"
        else:
            parts.append(piece)
    return tuple(_tidy(part) for part in parts if _tidy(part))


def is_person(text: str) -> bool:
    """Whether a recipient line names people, not a body: "Chủ tịch UBND các xã" stands for the bodies."""
    words = canonical(text[:200])
    return _PERSONS.match(words) is not None and not _HEADS_OF_BODIES.match(words)


def is_leadership(text: str) -> bool:
    """Whether it names leaders or a standing committee: they are told, the body below them acts."""
    words = canonical(text[:200])
    return _LEADERS.search(words) is not None and not _HEADS_OF_BODIES.match(words)


def level(text: str) -> int | None:
    """The level of a body by its words, 5 the centre to 1 the commune; the highest named; None when none is."""
    words = canonical(text[:300])
    return next((rank for rank, pattern in _LEVEL if pattern.search(words)), None)


def levels(text: str) -> frozenset[int]:
    """All levels that the words name."""
    words = canonical(text[:300])
    return frozenset(rank for rank, pattern in _LEVEL if pattern.search(words))


def _after_lead_in(lowered: str) -> int:
    match = re.match(_ASKS, lowered)
    return match.end() if match else 0


def _without_brackets(text: str) -> str:
    """Brackets and what stands in them as spaces, so that positions stay."""
    return re.sub(r"\([^()]{0,300}\)?", lambda match: " " * len(match[0]), text)


def _tidy(name: str) -> str:
    name = re.sub(r"\s*\([^()]*\)?\s*$", "", name.strip())
    return re.sub(r"\s+", " ", name).strip(" ,;:.-–(")
