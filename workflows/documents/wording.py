"""Owns the words for bodies, persons and levels: what a name of a body looks like, and where it stops before the verb.

It decides from the form of the words alone; which units exist is the directory's business.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workflows.documents.lines import low
from workflows.names import canonical


def _longest_first(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split("|")), key=len, reverse=True))


# First words of the names of bodies, in lower case.
_HEADS = (
    "ban|ban giám hiệu|ban nhân dân|ban quản lý|ban đại diện|bch|bcđ|bhxh|bqlda|btv|báo cáo viên|báo và|bí thư|bưu cục|"
    "bưu điện|bảo hiểm|bảo tàng|bệnh viện|bộ|bộ chỉ huy|bộ phận|bộ đội|cao đẳng|chi bộ|chi cục|chi nhánh|chi đoàn|chi ủy|"
    "chi, đảng bộ|chánh|chính phủ|chính quyền|chính ủy|chỉ huy trưởng|chủ nhiệm|chủ rừng|chủ tịch|chủ đầu tư|các chi|"
    "các cá nhân|các cơ sở|các cấp|các phường|các tổ chức|các xã|câu lạc bộ|công an|công ty|công đoàn|cơ quan|"
    "cơ sở giáo dục|cơ sở y tế|cảng vụ|cấp có thẩm quyền|cấp trên|cấp ủy|cổng thông tin|cộng tác viên|cục|cụm thi đua|"
    "cụm trưởng|doanh nghiệp|giám đốc|giáo viên|giáo viên chủ nhiệm|hiệp hội|hiệu trưởng|huyện|huyện đoàn|huyện ủy|hđnd|"
    "hạt|học viện|hội|hội đồng|hợp tác xã|kho bạc|khu phố|khối|kế toán|liên hiệp|liên minh|liên đoàn|lãnh đạo các|"
    "lãnh đạo sở|lãnh đạo ubnd|lãnh đạo ủy ban|lđlđ|lực lượng|mttq|mặt trận|ngành|ngân hàng|người đứng đầu|nhà thiếu nhi|"
    "nhà trường|nhà văn hóa|nhà xuất bản|nhóm|phân hiệu|phòng|phó|phường|quân khu|quận|quận đoàn|quận ủy|quốc hội|quỹ|"
    "sư đoàn|sở|tand|tccsd|tccsđ|thanh tra|thi hành án|thuế|thành viên|thành đoàn|thành ủy|thôn|thông tấn xã|thư viện|"
    "thường trực|thường vụ|thị trấn|thị đoàn|thị ủy|thủ trưởng|thủ tướng|tiểu ban|trang thông tin|trung tâm|trung đoàn|"
    "trung ương|trường|trưởng|trưởng ban|trạm|tòa án|tập thể|tập đoàn|tỉnh đoàn|tỉnh ủy|tổ bảo vệ|tổ chức chính trị|"
    "tổ chức cơ sở|tổ chức đoàn|tổ chức đảng|tổ chức, cá nhân|tổ công nghệ|tổ công tác|tổ cộng tác viên|tổ dân phố|"
    "tổ giúp việc|tổ trưởng|tổ đề án|tổng biên tập|tổng công ty|tổng cục|tổng giám đốc|ubkt|ubmttq|ubnd|viên chức|"
    "viễn thông|viện|viện kiểm sát|vksnd|vp|văn phòng|vụ|xã đoàn|xí nghiệp|đ/c|điện lực|đoàn|đoàn thể|đài|đơn vị|đại học|"
    "đảng bộ|đảng đoàn|đảng ủy|đặc khu|địa phương|đồn|đồn biên phòng|đồng chí|đội|đội ngũ|ấp|ủy ban|ủy ban nhân dân|"
    "ủy viên ban"
)
_CHARGED = (
    r"(?:(?:kính\s+)?(?:yêu cầu|đề nghị)|giao(?:\s+(?:cho|nhiệm vụ(?: cho)?|trách nhiệm(?: cho)?))?|phân công|đối với"
    r"|(?:nhiệm vụ|trách nhiệm)\s+của)\s+(?:quý\s+)?(?:(?:các\s+)?(?:ông|bà)(?:\s*[,(/]?\s*(?:bà|ông)\)?)?\s*:?\s+)?"
)
_LEAD_IN = rf"(?:{_CHARGED})?(?:(?:tất cả|toàn bộ|các|những|mỗi|từng)\s+)*"
_LEAD_IN_ONLY = re.compile(_CHARGED)
_CHARGES = re.compile(r"(?:giao|phân công|(?:kính\s+)?đề nghị|yêu cầu)\s")
# Words that begin like a body's name and are none.
_NO_BODY = (
    r"hội (?:nghị|thảo|trường|viên|nhập|đồng thi)|ban hành|bộ máy|trường hợp|đoàn (?:kết|viên)|phòng,? chống|vụ việc|khối lượng"
    r"|sở hữu|cục diện|trưởng thành|thuế suất|công an viên|quận sự|địa phương hóa|đơn vị tính|đội hình|cơ quan chủ trì"
    r"|cơ quan phối hợp|đơn vị chủ trì|đơn vị phối hợp|bộ phim|bộ chỉ số|bộ tiêu chí|quỹ thời gian|quỹ đất|ngành nghề|thuế phí"
    r"|hội thi|đội tuyển|đoàn viên|phó (?:mặc|thác)|tập thể dục|mặt trận này"
)
_BODY = re.compile(
    rf"{_LEAD_IN}(?!(?:{_NO_BODY})(?!\w))(?P<head>{_longest_first(_HEADS)}|xã(?! hội)|báo(?! cáo| chí| động| hiệu| đảm)"
    rf"|khoa(?! học)"
    r"|tổ(?! chức)|bản(?! (?:thân|đồ|cam kết|tin|sao|chất|kê|dự thảo|chụp|gốc|chính|giấy|mềm|in|án|vẽ|ghi)(?!\w)))(?!\w)"
)
# Words that begin what a body does.
_VERBS = (
    "ban hành|biên soạn|biên tập|biểu dương|bàn giao|bám sát|bán|báo cáo|bãi bỏ|bình xét|bảo quản|bảo vệ|bảo đảm|bố trí|"
    "bổ nhiệm|bổ sung|cam kết|cam đoan|canh gác|chi trả|chia sẻ|cho|chuyển|chuẩn bị|chú trọng|chăm lo|chấm dứt|"
    "chấn chỉnh|chấp hành|chỉ đạo|chỉnh lý|chịu trách nhiệm|chọn|chốt|chủ trì|chủ động|cung cấp|cân nhắc|cân đối|có|"
    "công bố|công khai|căn cứ|cải tạo|cảnh báo|cấm|cấp phát|cần|cập nhật|cụ thể hóa|cử|di dời|duy trì|dừng|dự|ghi nhận|"
    "gia cố|giao|giao ban|giám sát|giúp|giải phóng|giải quyết|giải trình|giải tỏa|giới thiệu|giữ|gắn|gợi ý|gửi|"
    "hiệp thương|hoàn chỉnh|hoàn thiện|hoàn thành|hoãn|huy động|hàng|hướng dẫn|hạn chế|hằng|họp|hỗ trợ|hủy|in|in ấn|"
    "khai báo|khai thác|khen thưởng|khuyến khích|khôi phục|không|khơi thông|khảo sát|khẩn trương|khắc phục|khẳng định|"
    "kiên quyết|kiến nghị|kiểm soát|kiểm tra|kiểm đếm|kiện toàn|kê khai|kêu gọi|kích hoạt|kính mời|ký|kết nối|kịp thời|"
    "là|làm|lãnh đạo|lưu|lưu trữ|lưu ý|lấy ý kiến|lập|lắp đặt|lồng ghép|lựa chọn|mua|mời|mở|nghiêm túc|nghiên cứu|ngoài|"
    "ngăn chặn|ngừng|nhanh chóng|nhân rộng|nhận|nhập|niêm yết|nâng cao|nâng cấp|nắm|nắm bắt|nộp|phát hiện|phát huy|"
    "phát hành|phát sóng|phát động|phân bổ|phân công|phân loại|phân luồng|phân tích|phê duyệt|phê phán|phải|phản bác|"
    "phản ánh|phấn đấu|phối hợp|phổ biến|phụ trách|phục vụ|quan tâm|quy định|quyết liệt|quyết toán|quyết định|quán triệt|"
    "quản lý|quảng bá|ra quân|rà|rà soát|rút kinh nghiệm|soát xét|soạn thảo|sơ kết|sơ tán|sưu tầm|sắp xếp|sẵn sàng|sẽ|"
    "số hóa|sử dụng|sửa|sửa chữa|sửa đổi|tham dự|tham gia|tham mưu|tham quan|thanh toán|thanh tra|thay mặt|thay thế|"
    "theo dõi|thiết lập|thu gom|thu hồi|thu thập|thành lập|thông báo|thông qua|thông tin|thăm hỏi|thường xuyên|thẩm tra|"
    "thẩm định|thể chế hóa|thống kê|thống nhất|thừa lệnh|thực hiện|thực hành|tiêm phòng|tiến hành|tiếp nhận|tiếp thu|"
    "tiếp tục|tiết kiệm|trang trí|tranh thủ|triển khai|triệu tập|truyền thông|trân trọng|trên cơ sở|trình|trưng bày|trả|"
    "trả lời|trực ban|trực tiếp|tuyên truyền|tuyệt đối|tuần tra|tích cực|tích hợp|tính toán|tôn vinh|tùy|tăng|tăng cường|"
    "tư vấn|tạm dừng|tạm hoãn|tạm ngừng|tạo|tạo điều kiện|tập huấn|tập trung|tổ chức|tổng hợp|tổng kết|tự|vào cuộc|"
    "vận dụng|vận hành|vận động|vệ sinh|xem xét|xác minh|xác nhận|xác định|xây dựng|xét|xếp loại|xử lý|yêu cầu|ôn tập|"
    "đa dạng|điều chỉnh|điều hành|điều phối|điều tra|đo đạc|đào tạo|đánh giá|đình chỉ|đôn đốc|đúc rút|đăng|đăng ký|"
    "đăng tải|đưa|được|đảm bảo|đấu tranh|đầu tư|đẩy mạnh|đẩy nhanh|đề cao|đề nghị|đề xuất|định hướng|định kỳ|đốc thúc|"
    "đối chiếu|đồng loạt|đồng thời|đổi mới|động viên|ưu tiên|ủng hộ|ứng|ứng phó|ứng trực"
)
_VERB = re.compile(r"(?<!\w)(?:" + _longest_first(_VERBS) + r")(?!\w)")
# A verb's word may belong to a name: "các cơ quan tham mưu", "các tổ chức chính trị", "Ban Chỉ đạo", "báo cáo viên".
# "chưa báo cáo", "đã gửi báo cáo" only say which of them are meant.
_NOMINAL_BEFORE = re.compile(
    r"(?<!\w)(?:(?:các|những|công tác|chuyên trách|đội ngũ|cán bộ|được|đồng chí|trực tiếp|tập thể|trung tâm|quỹ|hội đồng|chi cục"
    r"|hoặc)\s*|(?:đã|chưa|đang)\s+(?:\w+\s+)?)$"
)
_NOMINAL_BEFORE_VERB = re.compile(
    r"(?<!\w)(?:cơ quan\s+(?:tham mưu|tuyên truyền|chủ trì|phối hợp|kiểm tra|thông tin|giám sát)"
    r"|ban\s+(?:tổ chức|chỉ đạo|kiểm tra|giám sát|điều hành|vận động|quản lý|bảo vệ)|giáo dục\s+thường xuyên"
    r"|(?:công nghệ|truyền thông|hệ thống|cổng)\s+thông tin|(?:kế hoạch|đa khoa|phòng|nghiên cứu)\s+tổng hợp|bảo hộ|quân sự"
    r"|(?:công|chương|quá|tiến|lộ|quy|giáo|thuyết)\s+trình|thường\s+trực"
    r"|(?:đội|tổ)\s+(?:bảo vệ|quản lý|thanh tra|kiểm tra)|dự án\s+đầu tư|đầu tư\s+xây dựng"
    r"|(?:(?<!cơ )sở|phòng|quỹ|vụ|cục)\s+(?:đầu tư|thanh tra|quản lý|kiểm tra|tổ chức))$"
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
    rf"(?:{_CHARGED})?(?:(?:tất cả|toàn bộ)\s+)?(?:các|những|trưởng|hiệu trưởng|thủ trưởng|chủ tịch|giám đốc|bí thư)(?!\w)"
)
# "Các sở: Tài chính, Xây dựng chuẩn bị …": what follows the colon completes the name.
_PLURAL_ALONE = re.compile(
    r"(?:(?:giám đốc|bộ trưởng|thủ trưởng|trưởng|hiệu trưởng)\s+)?các\s+(?:sở|bộ|ban|ngành|phòng|trường"
    r"|xã|phường)"
)
_NOMINAL_WITH_NEXT = re.compile(
    r"tổ chức\s*(?:chính trị|cơ sở|đảng(?!\w)|đoàn thể|thành viên|xã hội|hội(?! nghị| thảo| thi)(?!\w)|-\s*xã hội|tôn giáo"
    r"|kinh tế|đoàn(?!\w)|đại diện)"
    r"|(?:báo cáo|tuyên truyền|cộng tác)\s+viên|giúp\s+việc|có\s+(?:liên quan|tên)|phối hợp\s+liên ngành"
    r"|xây dựng\s+đảng"
    r"|tham mưu,\s+giúp việc|dự\s+(?:phòng|án|thảo|toán|bị)"
)
_SENTENCE = re.compile(
    r"\.\s|(?<!\w)(?:đề nghị|yêu cầu|ban hành|như sau|sau đây|nội dung sau|nhiệm vụ sau|một số"
    r"|việc sau)(?!\w)"
)
_TAIL_OF_NAME = 24  # characters that may follow a verb's word in a name; what a unit does takes more
_MAX_NAME = 400  # characters; a longer subject is a sentence

_COMMITTEE = r"(?:tinh|thanh|huyen|quan|thi|dang)"
_PERSONS = re.compile(
    r"(?:cac )?(?:dong chi|d c|ong|ba|uy vien|bi thu|pho bi thu|chu tich|pho chu tich|truong ban|" + _COMMITTEE + r" uy vien"
    r"|thanh vien|bao cao vien|tuyen truyen vien|(?:doi ngu )?cong tac vien|lanh dao|thu truong|dai bieu)\b"
)
_HEADS_OF_BODIES = re.compile(
    r"(?:thu truong|giam doc|chu tich|bi thu|truong|chanh|lanh dao|nguoi dung dau|hieu truong|vien truong)\b(?: \w+){0,6}? cac "
    r"(?!pct|pho)"
)
_LEADERS = re.compile(
    rf"\b(?:uy vien|{_COMMITTEE} uy vien|(?:thuong truc|tt) {_COMMITTEE} uy"
    r"|(?:thuong truc|tt) (?:hoi dong nhan dan|uy ban nhan dan|tu)"
    rf"|lanh dao (?:uy ban|hoi dong|so|phong|ban|van phong|cuc|chi cuc|bo|vu|{_COMMITTEE} uy)|(?:pho )?chu tich|(?:pho )?bi thu"
    r"|(?:pho )?giam doc|(?:pho )?(?:truong|chanh) (?:ban|van phong|phong))\b"
)

# The levels of the state and the Party, 5 the highest. A city stands between: it may be a province's equal or a district's.
_LEVELS = (
    (5, r"trung uong|chinh phu|thu tuong|quoc hoi|bo chinh tri|ban bi thu|tw|ubtw"),
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
    end = _subject_end(low(sentence[: _MAX_NAME + 40]), sentence)
    return _tidy(sentence[_after_lead_in(low(sentence)) : end]) if end is not None else None


def actor(sentence: str) -> tuple[str, int] | None:
    """Who is to act by a sentence, and where the act begins: "Sở A: …", "Sở A rà soát …", "UBND xã giao Sở A …"."""
    named = name_before_colon(sentence)
    if named and not (_PLURAL_ALONE.fullmatch(low(named)) and _subject_end(low(sentence[: _MAX_NAME + 40]), sentence)):
        return named, sentence.index(":") + 1
    lowered = low(sentence[: _MAX_NAME + 40])
    end = _subject_end(lowered, sentence)
    if end is None:
        return None
    charge = _CHARGES.match(lowered, end)
    deeper = actor(sentence[end:]) if charge and not _LEAD_IN_ONLY.match(lowered) else None
    if deeper:
        return deeper[0], end + deeper[1]
    return _tidy(sentence[_after_lead_in(lowered) : end]), end


def _subject_end(lowered: str, sentence: str) -> int | None:
    """Where the verb of a sentence begins whose subject is a body."""
    opening = _BODY.match(lowered)
    if not opening:
        return None
    depth_free = _without_brackets(lowered)
    one_of_many: int | None = None  # where a clause begins that tells which of many are meant
    for verb in _VERB.finditer(depth_free, opening.end("head")):
        if not sentence[verb.start() : verb.end()].islower() or _belongs_to_name(depth_free, verb):
            continue
        relative = verb[0] in ("có", "được") and _PLURAL.match(lowered) and not _MAIN_AFTER_ALL.match(lowered, verb.start())
        if not relative or one_of_many is not None:
            level = _ENDS_WITH_LEVEL.search(depth_free, opening.start("head"), verb.start()) if one_of_many is None else None
            return level.end() if level and sentence[level.end()].islower() else verb.start()
        one_of_many = verb.start()
    return one_of_many


def _belongs_to_name(lowered: str, verb: re.Match[str]) -> bool:
    before = lowered[max(0, verb.start() - 30) : verb.start()]
    attributive = _NOMINAL_BEFORE.search(before) or _NOMINAL_BEFORE_VERB.search(before + verb[0])
    return attributive is not None or _NOMINAL_WITH_NEXT.match(lowered, verb.start()) is not None


def name_before_colon(text: str) -> str | None:
    """ "Sở Y tế: chủ trì ..." -> "Sở Y tế"; None where no body's name ends with a colon."""
    head, colon, _ = text[: _MAX_NAME + 1].partition(":")
    if not colon or not starts_with_body(head) or _SENTENCE.search(low(head)[_after_lead_in(low(head)) :]):
        return None
    return None if subject(head + " ") else _tidy(head[_after_lead_in(low(head)) :])


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


def bare_name(text: str) -> str:
    """A heading's body: "Đề nghị Ủy ban ... (cơ quan thường trực)" -> "Ủy ban ..."."""
    return _tidy(text[_after_lead_in(low(text)) :])


def before_verb(text: str) -> str:
    """What stands before the first verb of words that begin with a body: "UBND tỉnh phân bổ …" -> "UBND tỉnh"."""
    end = _subject_end(low(text[: _MAX_NAME + 40]), text)
    return text if end is None else text[:end]


def starts_with_verb(text: str) -> bool:
    """Whether the words begin with what somebody is to do, "Chỉ đạo …", not with a name."""
    return _VERB.match(low(text[:40])) is not None and not _BODY.match(low(text[:80]))


def split_bodies(text: str) -> tuple[str, ...]:
    """ "Ban A, Ban B và Sở C" -> each; a comma inside one name ("các chi, đảng bộ") does not part it."""
    parts: list[str] = []
    for piece in re.split(
        r"(?:;|,)\s*|\s+và\s+(?=(?:các (?:sở|xã|phường|huyện|bộ)|Ban|Bộ|Sở|Ủy|Văn|Phòng|Tỉnh|Thành|Huyện|Quận"
        r"|Đảng|Thường)\b)",
        text[:2000],
    ):
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


@lru_cache(maxsize=4_000)
def levels(text: str) -> frozenset[int]:
    """All levels that the words name."""
    words = canonical(text[:300])
    return frozenset(rank for rank, pattern in _LEVEL if pattern.search(words))


def _after_lead_in(lowered: str) -> int:
    match = _LEAD_IN_ONLY.match(lowered)
    return match.end() if match else 0


def _without_brackets(text: str) -> str:
    """Brackets and what stands in them as spaces, so that positions stay."""
    return re.sub(r"\([^()]{0,300}\)?", lambda match: " " * len(match[0]), text)


def _tidy(name: str) -> str:
    name = re.sub(r"\s*\([^()]*\)?\s*$", "", name.strip())
    return re.sub(r"\s+", " ", name).strip(" ,;:.-–(")
