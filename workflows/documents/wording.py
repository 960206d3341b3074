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
    "các cá nhân|các cơ sở|các cấp|các phường|các tổ chức|các xã|câu lạc bộ|công chức|công an|công ty|công đoàn|cơ quan|"
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
    "ủy viên|ủy viên ban"
)
_CHARGED = (
    r"(?:(?:kính\s+)?(?:yêu cầu|đề nghị)|giao(?:\s+(?:cho|nhiệm vụ(?: cho)?|trách nhiệm(?: cho)?))?|phân công|đối với"
    r"|(?:nhiệm vụ|trách nhiệm)\s+của)\s+(?:quý\s+)?(?:(?:các\s+)?(?:ông|bà)(?:\s*[,(/]?\s*(?:bà|ông)\)?)?\s*:?\s+)?"
)
_LEAD_IN = rf"(?:{_CHARGED})?(?:(?:tất cả|toàn bộ|toàn thể|các|những|mỗi|từng)\s+)*"
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
    "cứ|tháng nào|ngày nào|tuần nào|quý nào|năm nào|mỗi ngày|mỗi tuần|mỗi tháng|mỗi quý|mỗi năm|ngày hai|ngày ba|điều tiết|"
    "ban hành|biên soạn|biên tập|biểu dương|bàn giao|bám sát|bán|báo cáo|bãi bỏ|bình xét|bảo dưỡng|bảo quản|bảo trì|bảo vệ|"
    "bảo đảm|bắt giữ|bố trí|bổ nhiệm|bổ sung|cam kết|cam đoan|canh gác|canh phòng|chi trả|chi viện|chia|chia sẻ|cho|"
    "cho phép|cho vay|chuyển|chuẩn bị|chú trọng|chăm lo|chấm dứt|chấm điểm|chấn chỉnh|chấp hành|chấp thuận|chỉ rõ|chỉ đạo|"
    "chỉ định|chỉnh lý|chịu trách nhiệm|chọn|chốt|chốt chặn|chủ trì|chủ động|chứng thực|cung cấp|cách ly|cân nhắc|cân đối|"
    "có|công bố|công khai|công nhận|căn cứ|cưỡng chế|cải cách|cải thiện|cải tiến|cải tạo|cảnh báo|cấm|cấp phát|cấp đổi|cần|"
    "cập nhật|cắm mốc|cụ thể hóa|cứu chữa|cử|di dời|duy trì|duyệt|dán|dọn dẹp|dọn vệ sinh|dừng|dự|dự kiến|ghi|ghi chép|"
    "ghi hình|ghi nhận|gia cố|giao|giao ban|giao lưu|gieo|giám sát|giúp|giải mã|giải ngân|giải phóng|giải quyết|giải thể|"
    "giải trình|giải tỏa|giải đáp|giảm|giới thiệu|giữ|giữ gìn|giữ vững|góp|góp ý|gắn|gặp gỡ|gỡ bỏ|gợi ý|gửi|hiệp thương|"
    "hiệu chỉnh|hiệu đính|hoàn chỉnh|hoàn thiện|hoàn thuế|hoàn thành|hoàn trả|hoãn|huy động|hàng|hành quân|hòa giải|"
    "hướng dẫn|hưởng ứng|hạn chế|hậu kiểm|hằng|họp|hỗ trợ|hội ý|hủy|hủy bỏ|in|in sao|in ấn|khai báo|khai giảng|khai mạc|"
    "khai thác|khai trương|khen thưởng|khoanh vùng|khuyến khích|khánh thành|khôi phục|không|khơi|khơi thông|khảo sát|"
    "khẩn trương|khắc phục|khẳng định|khống chế|khởi công|khởi động|khử khuẩn|khử trùng|kiên quyết|kiến nghị|kiểm kê|"
    "kiểm soát|kiểm thử|kiểm tra|kiểm điểm|kiểm đếm|kiện toàn|kê khai|kêu gọi|kích hoạt|kính mời|ký|ký kết|kết hợp|kết nối|"
    "kịp thời|liên hệ|loại bỏ|luân chuyển|là|làm|làm rõ|làm tốt|làm việc|lãnh đạo|lưu|lưu trữ|lưu ý|lấy ý kiến|lập|lắp đặt|"
    "lồng ghép|lựa chọn|miễn giảm|mua|mời|mở|mở rộng|nghiêm túc|nghiên cứu|nghiệm thu|ngoài|ngăn chặn|ngăn cấm|ngăn ngừa|"
    "ngừng|nhanh chóng|nhân rộng|nhận|nhận diện|nhận xét|nhập|nhập liệu|nhắc nhở|niêm phong|niêm yết|nâng cao|nâng cấp|"
    "nêu gương|nêu rõ|nạo vét|nắm|nắm bắt|nộp|phát hiện|phát huy|phát hành|phát sóng|phát động|phân bổ|phân công|phân cấp|"
    "phân giao|phân loại|phân luồng|phân nhóm|phân tích|phê duyệt|phê phán|phòng ngừa|phúc tra|phúc đáp|phải|phản bác|"
    "phản hồi|phản ánh|phấn đấu|phối hợp|phổ biến|phụ trách|phục vụ|quan tâm|quy định|quyên góp|quyết liệt|quyết toán|"
    "quyết định|quán triệt|quét|quản lý|quảng bá|ra quân|rà|rà quét|rà soát|rút|rút kinh nghiệm|rút ngắn|san lấp|sao chụp|"
    "sao gửi|sao lưu|soát xét|soạn thảo|sàng lọc|sơ cứu|sơ kết|sơ tán|sưu tầm|sắp xếp|sẵn sàng|sẽ|số hoá|số hóa|sử dụng|"
    "sửa|sửa chữa|sửa đổi|tham dự|tham gia|tham mưu|tham quan|tham vấn|thanh toán|thanh tra|thay mặt|thay thế|theo dõi|"
    "thiết lập|thu gom|thu hút|thu hồi|thu nộp|thu thập|thuyết minh|thuê|thành lập|tháo dỡ|tháo gỡ|thông báo|thông qua|"
    "thông tin|thúc đẩy|thăm|thăm hỏi|thăm khám|thường xuyên|thẩm tra|thẩm định|thể chế hóa|thống kê|thống nhất|thừa lệnh|"
    "thực hiện|thực hành|thực thi|tiêm phòng|tiêu hủy|tiêu độc|tiến hành|tiếp cận|tiếp nhận|tiếp sóng|tiếp thu|tiếp tục|"
    "tiếp đón|tiết giảm|tiết kiệm|tra cứu|trang trí|tranh thủ|trao|trao tặng|trao đổi|trinh sát|triển khai|triệt để|"
    "triệu tập|truy thu|truy vết|truyền thông|truyền đạt|trân trọng|trên cơ sở|trình|trích lập|trưng bày|trả|trả kết quả|"
    "trả lời|trực ban|trực tiếp|tu sửa|tuyên dương|tuyên truyền|tuyển chọn|tuyển dụng|tuyệt đối|tuần tra|tái lập|tìm hiểu|"
    "tích cực|tích hợp|tính toán|tôn vinh|tùy|tăng|tăng cường|tư vấn|tường thuật|tạm dừng|tạm hoãn|tạm ngừng|tạo|"
    "tạo điều kiện|tập huấn|tập trung|tổ chức|tổng duyệt|tổng hợp|tổng kết|tổng rà soát|từ chối|tự|vinh danh|viết|vào cuộc|"
    "vận dụng|vận hành|vận động|vệ sinh|vớt|xem xét|xua đuổi|xác lập|xác minh|xác nhận|xác thực|xác định|xây dựng|"
    "xã hội hóa|xét|xóa|xếp loại|xử lý|xử phạt|yêu cầu|ôn tập|đa dạng|đa dạng hóa|điều chỉnh|điều hành|điều phối|điều tra|"
    "điều động|điểm danh|đo đạc|đàm phán|đào tạo|đánh giá|đình chỉ|đính chính|đón|đón tiếp|đóng góp|đôn đốc|đúc rút|đăng|"
    "đăng ký|đăng tải|đưa|được|đảm bảo|đảm nhiệm|đảm nhận|đấu tranh|đầu tư|đẩy mạnh|đẩy nhanh|đắp|đề bạt|đề cao|đề nghị|"
    "đề ra|đề xuất|đền bù|định giá|định hướng|định kỳ|đốc thúc|đối chiếu|đồng bộ|đồng hành|đồng loạt|đồng thời|đồng ý|"
    "đổi mới|động viên|ưu tiên|ổn định|ủng hộ|ủy quyền|ứng|ứng phó|ứng trực|trữ|tích trữ|kiểm định|kiểm nghiệm|kiểm duyệt|"
    "kiểm chứng|kiểm dịch|hiệu chuẩn|lấy mẫu|cho mượn|nhắn|"
    "báo về|báo cho|báo với|báo số|báo tiến độ|báo kết quả|báo tình hình|báo nhanh|báo ngay|"
    "bơm|tưới|xả|khóa|mở khóa|tập hợp|gom|vận chuyển|phân phối|"
    "đặt|treo|cắm|dựng|làm sạch|làm mới|rà lại|nói rõ|chỉ ra|dự báo|đếm|lo|lo liệu|trồng|chăm sóc|phun|rải|chăng|ghi âm|"
    "lắng nghe|đối thoại|đo|đào|tiếp dân|tiếp công dân|chuyển giao|hợp nhất|sáp nhập|khen|nhắc|gặp|mở lớp|lưu giữ|cất giữ|sấy"
)
# "Trung tâm Phục vụ hành chính công bố trí …" holds no "công bố".
_VERB = re.compile(r"(?<!\w)(?!(?<=hành chính )công bố trí)(?:" + _longest_first(_VERBS) + r")(?!\w)")
# A verb's word may belong to a name: "các cơ quan tham mưu", "các tổ chức chính trị", "Ban Chỉ đạo", "báo cáo viên".
# "chưa báo cáo", "đã gửi báo cáo" only say which of them are meant.
_NOMINAL_BEFORE = re.compile(
    r"(?<!\w)(?:(?:các|những|công tác|chuyên trách|đội ngũ|cán bộ|được|đồng chí|trực tiếp|tập thể|trung tâm|quỹ|hội đồng|chi cục"
    r"|hoặc)\s*|(?:đã|chưa|đang)\s+(?:\w+\s+)?)$"
)
_NOMINAL_BEFORE_VERB = re.compile(
    r"(?<!\w)(?:cơ quan\s+(?:tham mưu|tuyên truyền|chủ trì|phối hợp|kiểm tra|thông tin|giám sát)"
    r"|ban\s+(?:tổ chức|chỉ đạo|kiểm tra|giám sát|điều hành|vận động|quản lý|bảo vệ)|giáo dục\s+thường xuyên"
    r"|(?:công nghệ|truyền thông|hệ thống|cổng)\s+thông tin|bảo hộ|quân sự"
    r"|(?:kế hoạch|đa khoa|phòng|nghiên cứu|bộ phận|chuyên viên)\s+tổng hợp"
    r"|(?:công|chương|quá|tiến|lộ|quy|giáo|thuyết)\s+trình|thường\s+trực|dịch vụ\s+tổng hợp"
    r"|(?:công|dân|tư|bán công|độc|quốc|đối|cô|trung|biệt|tự)\s+lập"
    r"|văn thư(?:,|\s+và|\s+-)?\s+lưu trữ|thi đua(?:,|\s+và|\s+-)?\s+khen thưởng|(?:chi cục|cục|kho|phòng|trung tâm)\s+lưu trữ"
    r"|(?:dân số|tài liệu|đất đai|thuốc|thiết bị|hàng hóa|vật tư)\s+dự trữ"
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
_AND_ALSO = re.compile(r"(?:,|\s+và)\s+")
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
    r"|ngoài\s+(?:công lập|nhà nước|quốc doanh|hệ thống|khu vực|ngành)|tham mưu,\s+giúp việc|dự\s+(?:phòng|án|thảo|toán|bị)"
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
    nominal = -1  # where the last verb's word ends that belongs to the name
    for verb in _VERB.finditer(depth_free, opening.end("head")):
        if not sentence[verb.start() : verb.end()].islower() or _belongs_to_name(depth_free, verb):
            nominal = verb.end()
            continue
        relative = verb[0] in ("có", "được", "phụ trách") and _tells_which(lowered, verb.start())
        if joined := one_of_many is not None and _AND_ALSO.fullmatch(depth_free[nominal : verb.start()]) is not None:
            nominal = verb.end()
        if not joined and (not relative or one_of_many is not None):
            level = _ENDS_WITH_LEVEL.search(depth_free, opening.start("head"), verb.start()) if one_of_many is None else None
            return level.end() if level and sentence[level.end()].islower() else verb.start()
        one_of_many = verb.start() if one_of_many is None else one_of_many
    return one_of_many


def _tells_which(lowered: str, start: int) -> bool:
    """Whether "có …", "được …", "phụ trách …" only says which of many are meant."""
    if lowered.startswith("phụ trách", start) or re.compile(r"có\s+từ\s+\d").match(lowered, start):
        return True
    return _PLURAL.match(lowered) is not None and not _MAIN_AFTER_ALL.match(lowered, start)


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
