"""Owns the words for bodies, persons and levels: what a name of a body looks like, and where it stops before the verb.

It decides from the form of the words alone; which units exist is the directory's business.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workflows.documents.body_words import DOERS, HEADS, VERBS, WEAK_VERBS
from workflows.documents.fields import fields_in
from workflows.documents.lines import CAPITALS, low
from workflows.documents.name_ends import end_at_level, end_by_form
from workflows.documents.own_names import own_names_in
from workflows.names import canonical


def _longest_first(words: str) -> str:
    """A pattern of many words, the longest first: by their first letter, then by their first word, so that few are tried."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in sorted(words.split("|"), key=len, reverse=True):
        first, space, rest = each.partition(" ")
        found.setdefault(first[0], {}).setdefault(first[1:], []).append(re.escape(space + rest))
    return "|".join(
        re.escape(letter) + "(?:" + "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in words.items()) + ")"
        for letter, words in found.items()
    )


# "giao ban hằng tuần" is a meeting, "giao Ban Tổ chức …" is none; both are read in small letters.
GIVES = (
    r"giao(?!\s+ban(?!\s+(?:tổ chức|tuyên|dân vận|nội chính|chỉ đạo|chỉ huy|quản lý|thường|kinh tế|pháp chế|văn hóa|dân tộc"
    r"|xây dựng|chấp hành|giám|cán sự|công tác|chính sách|phong trào|thi đua|tiếp công|an toàn|điều hành|vận động|đại diện"
    r"|nhân dân"
    r"|tôn giáo|cơ yếu|đổi mới|dự án|thanh|bảo vệ|kiểm (?:tra|soát|phiếu|kê)|kế hoạch|tài chính|nữ công|gia đình"
    r"|liên lạc|biên|dân chủ|đô thị|th[uủ][ỷy] (?:lợi|nông)|lâm|nông|giao thông|hòa giải|quân|khuyến|y tế|trị sự|hậu cần"
    r"|hành chính|lễ tân|thông tin|đối ngoại|phụ nữ|chuyên môn|tư pháp|khoa giáo|cán bộ|môi trường|di tích|quản trị"
    r"|chủ nhiệm|bồi thường|phát triển|hội thẩm|nội dung|bầu cử|trọng tài|thể thao|văn nghệ|phục vụ|tiếp (?:nhận|tân)|cứu trợ"
    r"|lâm thời|cố vấn|lịch sử|nhân sự|lãnh đạo|nghiên cứu|bảo (?:trợ|tồn|hộ)|tự quản|quốc phòng|chính trị|kỹ thuật|tham mưu"
    r"|tài vụ|tác chiến|công binh|pháp luật|đào tạo|qlda"
    r"|đảng|thư)))"
)
_CHARGED = (
    rf"(?:(?:kính\s+)?(?:yêu cầu|đề nghị)|{GIVES}(?:\s+(?:cho|nhiệm vụ(?: cho)?|trách nhiệm(?: cho)?))?|phân công"
    r"|(?:riêng\s+)?đối với"
    r"|(?:nhiệm vụ|trách nhiệm)\s+của)\s+(?:(?:các\s+)?(?:ông|bà)(?:\s*[,(/]?\s*(?:bà|ông)\)?)?\s*:?\s+)?"
)
_COUNTED = r"(?:cả\s+)?(?:\d{1,3}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)(?:\s*\(\d{1,3}\))?\s+"  # "12 xã còn lại"
_LEAD_IN = rf"(?:{_CHARGED})?(?:{_COUNTED})?(?:(?:tất cả|toàn bộ|toàn thể|các|những|mỗi|từng|quý)\s+)*"
_LEAD_IN_ONLY = re.compile(_CHARGED)
_CHARGES = re.compile(rf"(?:{GIVES}|phân công|(?:kính\s+)?đề nghị|yêu cầu)\s")
# Words that begin like a body's name and are none.
_NO_BODY = (
    r"hội (?:nghị|thảo|trường|viên|nhập|đồng thi(?! (?:đua|hành)))|ban hành|bộ máy|trường hợp|đoàn (?:kết|viên)|phòng,? chống"
    r"|vụ việc|khối lượng"
    r"|sở hữu|cục diện|trưởng thành|thuế (?:suất|sử dụng|thu nhập|giá trị|đất|môn bài|xuất|nhập|khoán|nhà|tài nguyên)"
    r"|công an viên|quận sự|địa phương hóa|đơn vị tính|đội hình|đoàn phí"
    r"|cơ quan (?:chủ trì|phối hợp)"
    r"(?=\s*(?:$|[:;,|/]|và|thực hiện|phối hợp))|hội phí|quỹ lương"
    r"|đơn vị (?:chủ trì|phối hợp)(?=\s*(?:$|[:;,|/]|và|thực hiện|phối hợp))|bộ phim|bộ chỉ số|bộ tiêu chí|quỹ đất|ngành nghề"
    r"|phòng (?:học|họp|khách|ngủ|ở|trọ|bệnh|thi|máy|đọc|ăn)|thuế phí"
    r"|hội thi|đội tuyển|đoàn viên|phó (?:mặc|thác)|tập thể dục|mặt trận này"
)
_BODY = re.compile(
    rf"{_LEAD_IN}(?!(?:{_NO_BODY})(?!\w))(?P<head>{_longest_first(HEADS)}|xã(?! hội)"
    r"|báo(?! (?:cáo|chí|động|hiệu|đảm|nhanh|về|cho|với|ngay|tin|số|tiến|kết|trước|lại|giá|hỏng|mất|bão|lũ|tình|gấp|lên"
    r"|cô|thầy|giáo|giám|hiệu|trưởng|bí|chỉ)(?!\w))"
    rf"|khoa(?! học)"
    r"|tổ(?! chức)|bản(?! (?:thân|đồ|cam kết|tin|sao|chất|kê|dự thảo|chụp|gốc|chính|giấy|mềm|in|án|vẽ|ghi|đăng ký|xác nhận"
    r"|tổng hợp|kiểm điểm|nhận xét|thuyết minh|mô tả|giải trình|giải thích|scan|ký|điện tử|quy|tự|thu|đánh|kế hoạch|báo cáo"
    r"|góp ý|đề|hướng|mẫu|lưu|dịch|nháp|trích|thỏa thuận|hợp đồng|công bố|khai|tường|photo|số|danh|nghị|thống kê"
    r"|theo dõi|phân công|lý lịch|cứng|đóng|có|này|nào|word|excel|pdf|nội dung|tóm tắt|vá|quyền|tính|chấm|trình|đã)(?!\w)))(?!\w)"
)
_DOER = re.compile(
    rf"{_LEAD_IN}(?P<head>{_longest_first(DOERS)}"
    r"|(?:mỗi|từng|các|những|tất cả)\s+(?:đồng chí\s+)?đảng viên|ông|bà"
    r"|thầy|cô(?! (?:lập|đọng|đơn|đặc)))(?!\w)"
)
_COUNTS = re.compile(r"(?<!\w)(?:trong đó|đạt(?:\s+(?:trên|dưới|tỷ lệ))?\s+\d|chiếm)(?!\w)")  # how things stand, no demand
_AT_ITS_END = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|đặc khu|xã|(?:tỉnh|thành|huyện|đảng) [ủu][yỷ])$"
)
_ADVERBS = re.compile(r"(?:\s+(?:cùng|cùng nhau|thì|đã|vẫn|cũng|đều|luôn|phải|sẽ|nên))+$")
_BY = re.compile(r"\sdo\s+(?=[^\W\d_])")
_WHICHEVER = re.compile(r"\s+nào\s(?!cũng\s)[^.;:]{0,160}?\s(?=(?:thì|phải|chịu trách nhiệm)\s)")
_AGREED = re.compile(  # "Hội đồng trường thông qua nghị quyết, giao Hiệu trưởng …": who agrees is not who acts
    r"(?:đã\s+)?(?:thống nhất|đồng ý|nhất trí|thông qua|chấp thuận|hoan nghênh|biểu dương|ghi nhận|đánh giá|cơ bản)\s"
    rf"[^.;:]{{0,300}}?(?:,|\svà)\s+(?:đồng thời\s+)?(?=(?:{GIVES}|phân công|đề nghị|yêu cầu)\s)"
)
_STAFF = re.compile(
    r"phân công\s+(?:cán bộ|công chức|viên chức|chuyên viên|nhân viên|lực lượng|đảng viên|giáo viên|thành viên"
    r"|(?:cấp|huyện|tỉnh|thành|đảng|chi) ủy viên|ủy viên|tổ viên|đội viên|người)(?!\w)"
)
_WEAK_VERB = re.compile(rf"\s+(?:{_longest_first(WEAK_VERBS)})\s+(?=\w)(?!hưu|sinh|học\s)")
_PART_END = re.compile(r"[,.;:]|\s(?:khi|nếu|để|nhằm|trước khi|sau khi)\s|$")
# "Trung tâm Phục vụ hành chính công bố trí …" holds no "công bố".
_VERB = re.compile(
    r"(?<!\w)(?!(?<=hành chính )công bố trí|(?<=thư )ký)(?:" + _longest_first(VERBS) + r"|"
    r"(?:nhất|trước hết|trước tiên|đặc biệt|nòng cốt|cụ thể|chủ yếu|trực tiếp|đứng đầu|đầu mối|thường xuyên) là|kể cả"
    r"|báo(?= (?:giám đốc|phó|chủ|chỉ huy|bí thư|sở|huyện|cấp|đồng chí|đội|trực|trung tâm|điện lực|tổ|bộ phận|kế toán|khoa|đơn vị"
    r"|ca|xã|thôn|công an|ủy ban|ubnd|trạm|phòng|lãnh đạo|hiệu trưởng|giáo viên|ban|trưởng|văn phòng|cơ quan|chính quyền)(?!\w))"
    r"|(?:theo|trong phạm vi|với|căn cứ) (?:chức năng|nhiệm vụ|thẩm quyền|trách nhiệm|vai trò|tư cách|phân cấp|quản lý|lĩnh vực)"
    r"|(?:sau |trước )?khi|nếu"
    r"|cùng(?! (?:cấp|cụm|khối|địa bàn|ngành|hệ thống|tên|kỳ|thời|lúc|ngày|xã|thôn|lĩnh vực|loại|chuyên|bậc|nhóm|tuyến)(?!\w))"
    r")(?!\w)"
)
# A verb's word may belong to a name: "các cơ quan tham mưu", "các tổ chức chính trị", "Ban Chỉ đạo", "báo cáo viên".
# "chưa báo cáo", "đã gửi báo cáo" only say which of them are meant.
_NOMINAL_BEFORE = re.compile(
    r"(?<!\w)(?:(?:các|những|(?<!đoàn )(?<!tổ )công tác|đội ngũ|được|trực tiếp|tập thể|hoặc)\s*"
    r"|(?:đã|chưa|đang|còn|nợ|chậm|được giao|được cử|được phân công)\s+)$"
)
_NOMINAL_BEFORE_VERB = re.compile(
    r"(?<!\w)(?:(?:đã|chưa|đang|còn)\s+\w+\s+(?:báo cáo|đăng ký|kê khai|giải trình|tổng kết|đánh giá|kiểm tra|rà soát)"
    r"|(?:doanh nghiệp|công ty|hộ|cá nhân|cơ sở|đơn vị"
    r"|(?:sản xuất|kinh doanh|chế biến|gia công|thu mua|mua|buôn|nuôi)(?:,|\s+và))"
    r"\s+(?:(?:khai thác|mua|bán|thu gom|vận chuyển|gieo|trồng|nuôi|kiểm định|thu mua|thu nhận|xử lý|quản lý|tái)|buôn\s+bán)"
    r"|(?:buôn|mua)\s+bán"
    r"|(?:đơn vị|nhà thầu|ca|kíp|công nhân|nhân viên|người|bộ phận|trực)\s+(?:thi công|vận hành)"
    r"|đơn vị\s+(?:tư vấn|tiếp nhận|kiểm toán|đăng cai|cung cấp)|(?<!\w)tư vấn\s+giám sát"
    r"|(?<!\w)người\s+(?:tham gia|sử dụng|phụ trách|hưởng|quản lý|phục vụ)"
    r"|ban (?:chấp hành|thường vụ)\s+mở rộng"
    r"|trung tâm\s+(?:bồi dưỡng|cứu hộ|đào tạo|phát triển|tuyển dụng|ứng cứu|vận động|xúc tiến|lưu trữ"
    r"|chỉ huy\s\w+|(?:bảo|chăm|điều|đón|giám|giới|hỗ|khảo|kiểm|nghiên|phòng|phục|quản|sát|thông|tiếp|tổ chức sự|tư|vận|xử)\s\w+)"
    r"|quỹ\s+(?:cho vay|khen thưởng|phát triển|(?:bảo|chăm|đầu|đền|hỗ|khám|phòng|quản|tiết|ủng|xây)\s\w+)"
    r"|hội đồng\s+(?:chấm|bầu cử|kỷ luật|mua sắm|thanh lý|tuyển (?:dụng|chọn|sinh)|sáp nhập"
    r"|(?:biên|bồi|chấm|coi|cưỡng|đánh|định|giám|hòa|kiểm|lựa|nghiệm|quản|ra|sát|thẩm|tiêu|tư|xác|xét|xử)\s\w+)"
    r"|chi cục\s+(?:dự trữ|lưu trữ|phát triển|tổ chức|(?:bảo|giám|kiểm|phòng|quản)\s\w+)"
    r"|đồng chí\s+(?:dự|được|phụ trách|trực|làm|(?:chỉ|chủ|công|giúp|lãnh|quản|tham|trực)\s\w+)"
    r"|chuyên trách\s+(?:phục vụ|(?:giúp|giám|kiểm|quản|tham|theo|xử)\s\w+)"
    r"|cán bộ\s+(?:được|phụ trách|trực|làm|tổ chức|(?:chỉ|giám|giúp|hướng|kiểm|lãnh|nghiên|phục|quản|thanh|tham|theo|thống|tiếp"
    r"|trực|tư|vận|xử)\s\w+)"
    r"|giáo dục\s+(?:và|-|&)\s+đào tạo|(?:ban chỉ đạo|ban chỉ huy|tổ công tác|tiểu ban)\s+(?:giải phóng|tổng rà soát|sắp xếp"
    r"|cải cách|phòng|vận động)|ban vận động\s+thành lập|(?:phòng|ban|trụ sở)\s+(?:tiếp công dân|họp)|cấp trên\s+trực tiếp"
    r"|(?:^|(?:các|những|mỗi|của|thành lập|trưởng|phó|thành viên|thư ký)\s+)(?:đoàn|tổ|đội|nhóm|hội đồng)\s+(?:kiểm tra"
    r"|giám sát|thanh tra|khảo sát|thẩm định|xác minh|đánh giá|hỗ trợ|tuyên truyền"
    r"|kiểm kê|kiểm phiếu|nghiệm thu|thẩm tra|tuyển dụng|xét(?:\s+duyệt)?"
    r"|chấm|sát hạch|vận động|tư vấn|phản ứng|phục vụ|ứng cứu|ứng phó|cứu hộ|cứu nạn|cứu trợ"
    r"|xử lý|thu gom|trực|rà soát|thu thập|giúp việc|biên tập|biên soạn|soạn thảo|đón tiếp|hướng dẫn)"
    r"|cơ quan\s+(?:tham mưu|tuyên truyền|chủ trì|phối hợp|kiểm tra|thông tin|giám sát|soạn thảo|tiến hành|điều tra|quản lý"
    r"|thẩm tra|thẩm định|thanh tra|ban hành|điều phối)"
    r"|ban\s+(?:tổ chức|chỉ đạo|kiểm tra|giám sát|điều hành|vận động|quản lý|bảo vệ|chấp hành)|giáo dục\s+thường xuyên"
    r"|(?:công nghệ|truyền thông|hệ thống|cổng)\s+thông tin|bảo hộ|quân sự"
    r"|(?:phòng kế hoạch|đa khoa|(?<!văn )phòng|nghiên cứu|bộ phận|chuyên viên)\s+tổng hợp"
    r"|(?:công|chương|quá|tiến|lộ|quy|giáo|thuyết)\s+trình|thường\s+trực|dịch vụ\s+tổng hợp"
    r"|(?:công|dân|tư|bán công|độc|quốc|đối|cô|trung|biệt|(?<!trật )tự)\s+lập"
    r"|văn thư(?:,|\s+và|\s+-)?\s+lưu trữ|thi đua(?:,|\s+và|\s+-)?\s+khen thưởng|(?:chi cục|cục|kho|phòng|trung tâm)\s+lưu trữ"
    r"|(?:bầu|ứng|tái|đề)\s+cử|trật\s+tự|cấp\s+trên cơ sở|(?:vùng|diện|khu|phải|bị)\s+(?:giải tỏa|di dời|sơ tán|thu hồi)"
    r"|đơn vị\s+(?:chủ trì|phối hợp|chủ quản)|cơ quan chủ trì\s+(?:soạn thảo|thẩm định|thẩm tra)"
    r"|(?:y tế|lực lượng|tổ|đội|phương án|kinh phí|ngân sách|quỹ|lao động|nguồn)\s+dự phòng"
    r"|(?:dân số|tài liệu|đất đai|thuốc|thiết bị|hàng hóa|vật tư)\s+dự trữ"
    r"|(?:đội|tổ)\s+(?:bảo vệ|quản lý|thanh tra|kiểm tra)|dự án\s+đầu tư|đầu tư\s+xây dựng"
    r"|(?:(?<!văn )(?<!các )phòng|quỹ|(?<!nội )(?<!dịch )(?<!nghiệp )(?<!các )vụ|(?<!tổng )(?<!các )cục)"
    r"\s+(?:đầu tư|thanh tra|quản lý|kiểm tra|tổ chức))$"
)
# After a plural "có" tells which of many, "các đơn vị có tên trong danh sách", unless it says what they have to do.
_MAIN_AFTER_ALL = re.compile(
    r"có\s+(?:thể|trách nhiệm|nhiệm vụ|kế hoạch|biện pháp|giải pháp|văn bản|báo cáo|mặt\s+(?:lúc|trước|từ|đúng))(?!\w)"
)
_AND_ALSO = re.compile(r"(?:,|\s+và)\s+")
_PLURAL = re.compile(
    rf"(?:{_CHARGED})?(?:(?:tất cả|toàn bộ)\s+)?(?:(?:các|những|trưởng|hiệu trưởng|thủ trưởng|chủ tịch|giám đốc|bí thư)(?!\w)"
    r"|(?:cơ quan|đơn vị|địa phương|doanh nghiệp|tổ chức|cá nhân)\s+được\s+(?:giao|phân công|chọn|cử|mời|kiểm tra|giám sát))"
)
_PLURAL_BEFORE = re.compile(r"(?<!\w)các\s(?:\w+\s){1,3}$")  # "bí thư các chi bộ được kiểm tra"
# "Các sở: Tài chính, Xây dựng chuẩn bị …": what follows the colon completes the name.
_PLURAL_ALONE = re.compile(
    r"(?:(?:giám đốc|bộ trưởng|thủ trưởng|trưởng|hiệu trưởng)\s+)?các\s+(?:sở|bộ|ban|ngành|phòng|trường"
    r"|xã|phường)"
)
_NOMINAL_WITH_NEXT = re.compile(
    r"(?:nộp|gửi|báo cáo)\s+(?:thiếu|chậm|muộn|trễ)(?!\w)"
    r"|tổ chức\s*(?:chính trị|cơ sở|đảng(?!\w)|đoàn thể|thành viên|xã hội|hội(?! nghị| thảo| thi)(?!\w)|-\s*xã hội|tôn giáo"
    r"|kinh tế|đoàn(?!\w)|đại diện)"
    r"|(?:báo cáo|tuyên truyền|cộng tác)\s+viên|giúp\s+việc|có\s+(?:liên quan|tên)|phối hợp\s+liên ngành"
    r"|bảo vệ\s+thực vật|đăng\s+cai|bán\s+(?:trú|công|lẻ|buôn|chuyên)(?!\w)|chuyển\s+phát"
    r"|giao\s+(?:dịch|thông|thương)(?!\w)|lưu\s+(?:trú|vực|động|ban|niệm|học|thông)(?!\w)"
    r"|quản lý\s+(?:chuyên\s+)?ngành(?!\w)"
    r"|xây dựng\s+đảng|cử\s+tri(?!\w)|tự\s+(?:quản|vệ|nhiên|chủ)(?!\w)"
    r"|ngoài\s+(?:công lập|nhà nước|quốc doanh|hệ thống|khu vực|ngành)|tham mưu,\s+giúp việc|dự\s+(?:án|thảo|toán|bị)"
)
_SENTENCE = re.compile(
    r"\.\s|(?<!\w)(?:đề nghị|yêu cầu|ban hành|như sau|sau đây|nội dung sau|nhiệm vụ sau|một số"
    r"|việc sau)(?!\w)"
)
_SUPPLIES = re.compile(r"(?:doanh nghiệp|công ty|cơ sở|đơn vị|tổ chức|cá nhân|hộ)\s+cung cấp\s+dịch vụ$")
_TOPIC = re.compile(  # what an item is about, no body: "Thanh tra, kiểm tra: Đội A …", "Bảo hiểm y tế: các thôn …"
    r"(?:thanh tra(?:,\s*(?:kiểm tra|giám sát|pháp chế|xử lý)[^:,]{0,30})+|thanh tra (?:khoa học|chuyên ngành)[^:]{0,40}"
    r"|lực lượng|bảo hiểm (?:y tế|thất nghiệp|xã hội tự nguyện)|trường học|đội ngũ(?: cán bộ[^:]{0,40})?"
    r"|cơ sở (?:vật chất|dữ liệu))\s*:\s+(?=[^\W\d_])"
)
_TAIL_OF_NAME = 24  # characters that may follow a verb's word in a name; what a unit does takes more
_PERSON = re.compile(r"(?:Ông|Bà|Thầy|Cô)\s(?!Rịa\b)" + CAPITALS)  # "1. Ông A - Chủ tịch", and what is his below
_LONGEST_DOER = 60  # characters of a person before a colon, "Nhân viên y tế: trực cấp cứu"
_MAX_NAME = 400  # characters; a longer subject is a sentence

_COMMITTEE = r"(?:tinh|thanh|huyen|quan|thi|dang)"
_PERSONS = re.compile(
    r"(?:cac )?(?:dong chi|d c|ong|ba|uy vien|uv(?:bch|btv|bcs|tv|ubnd)?"
    r"|bi thu|pho bi thu|chu tich|pho chu tich|truong ban|" + _COMMITTEE + r" uy vien"
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
    (4, r"tinh uy|tinh(?! (?:hinh|than|nguyen|chat)\b)|tinh doan"),
    (3, r"thanh uy|thanh pho|thanh doan"),
    (
        2,
        r"huyen uy|huyen|quan uy"
        r"|(?<!co )(?<!hai )quan(?! (?:su|doi|nhan|khu|ly|he|trac|tri|chung|trong|tam|diem)\b)"
        r"|thi uy|thi xa|huyen doan|quan doan",
    ),
    (1, r"(?<!tac )xa(?! (?:hoi|vien)\b)|(?<!dia )phuong(?! (?:an|tien|phap|huong|thuc)\b)|thi tran|dac khu"),
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
    if sentence.startswith(("Giao ban ", "giao ban ")) and sentence[9:10].isupper():
        return None  # a meeting: "Giao ban Thường trực với các ban: 7 giờ 30"
    if topic := _TOPIC.match(low(sentence[:100])):
        told = actor(sentence[topic.end() :])
        return (told[0], topic.end() + told[1]) if told else None
    named = name_before_colon(sentence)
    goes_on = named is not None and (_lists_places(named, sentence) or _PLURAL_ALONE.fullmatch(low(named)))
    if named and not (goes_on and _subject_end(low(sentence[: _MAX_NAME + 40]), sentence)):
        return named, sentence.index(":") + 1
    lowered = low(sentence[: _MAX_NAME + 40])
    end = None if _STAFF.match(lowered) else _subject_end(lowered, sentence, by_form=True)
    if end is None or _COUNTS.search(lowered[:end]):
        return None
    by = _BY.search(lowered, 0, end)
    told = actor(sentence[by.end() :]) if by and by.start() else None  # "Việc thu do trưởng thôn lo"
    if by and told:
        return told[0], by.end() + told[1]
    charge = _CHARGES.match(lowered, end) if not _STAFF.match(lowered, end) else None
    agreed = None if charge else _AGREED.match(lowered, end)
    at = end if charge else agreed.end() if agreed else None
    about = lowered.startswith("đối với ") or not _LEAD_IN_ONLY.match(lowered)  # "Đối với nhóm b, đề nghị người đứng đầu …"
    deeper = actor(sentence[at:]) if at is not None and about else None
    if at is not None and deeper:
        return deeper[0], at + deeper[1]
    return _tidy(sentence[_after_lead_in(lowered) : end]), end


def _lists_places(named: str, sentence: str) -> bool:
    """Whether the names of places follow the colon behind a plural: "UBND các xã: Bình An, Bình Hòa rà soát …"."""
    words = sentence.partition(":")[2][:80].split()[:2]
    capitals = len(words) == 2 and words[0][0].isupper() and (words[0][-1] == "," or words[1][0].isupper())
    return capitals and "các " in low(named)


def _subject_end(lowered: str, sentence: str, *, by_form: bool = False) -> int | None:
    """Where the verb of a sentence begins whose subject is a body; ``by_form``: also one that no list holds."""
    opening = _BODY.match(lowered) or (_DOER.match(lowered) if by_form else None)
    if not opening:
        return None
    depth_free = _without_brackets(lowered)
    name = _without_brackets(sentence[: len(lowered)])
    start = opening.start("head")
    if depth_free.startswith(" nào ", opening.end("head")):  # "Xã nào chậm báo cáo thì kiểm điểm"
        which = _WHICHEVER.match(depth_free, opening.end("head"))
        return which.end() if which and not _BODY.match(lowered[which.end() :].removeprefix("thì ")) else None
    if by_form and (weak := _weak_verb(depth_free, opening)) and sentence[weak].islower():
        return weak
    one_of_many: int | None = None  # where a clause begins that tells which of many are meant
    nominal = -1  # where the last verb's word ends that belongs to the name
    own = own_names_in(lowered, start)
    whole = (*own, *fields_in(name, depth_free, start, own))
    for verb in _VERB.finditer(depth_free, opening.end("head")):
        within = any(begin <= verb.start() < end for begin, end in whole)
        if within or not sentence[verb.start() : verb.end()].islower() or _belongs_to_name(depth_free, verb):
            nominal = verb.end()
            continue
        relative = verb[0] in ("có", "được", "phụ trách") and _tells_which(lowered, verb.start())
        if joined := one_of_many is not None and _AND_ALSO.fullmatch(depth_free[nominal : verb.start()]) is not None:
            nominal = verb.end()
        if not joined and (not relative or one_of_many is not None):
            if one_of_many is not None:
                return verb.start()
            ends = end_at_level(name, start, verb.start(), whole)
            if ends is None and by_form:
                ends = end_by_form(name, max(start, nominal), verb.start(), whole)
            return verb.start() if ends is None else ends
        one_of_many = verb.start() if one_of_many is None else one_of_many
    if one_of_many is None and by_form:
        stop = re.search(r"[.;:](?:\s|$)", name[start:])
        return end_by_form(name, max(start, nominal), start + stop.start() if stop else len(name), whole)
    return one_of_many


def _weak_verb(lowered: str, opening: re.Match[str]) -> int | None:
    """Where a short verb stands right behind a whole name of several words, and none that says more follows in its part."""
    weak = _WEAK_VERB.match(lowered, opening.end("head")) if " " in opening["head"] else None
    end = _PART_END.search(lowered, weak.end()) if weak else None
    return weak.start() + 1 if weak and end and not _VERB.search(lowered, weak.end(), end.start()) else None


def _tells_which(lowered: str, start: int) -> bool:
    """Whether "có …", "được …", "phụ trách …" only says which of many are meant."""
    if lowered.startswith("phụ trách", start) or re.compile(r"có\s+từ\s+\d").match(lowered, start):
        return True
    many = _PLURAL.match(lowered) or _PLURAL_BEFORE.search(lowered, max(0, start - 30), start)
    return many is not None and not _MAIN_AFTER_ALL.match(lowered, start)


def _belongs_to_name(lowered: str, verb: re.Match[str]) -> bool:
    before = lowered[max(0, verb.start() - 30) : verb.start()]
    if verb[0] == "cung cấp" and _SUPPLIES.search(before + lowered[verb.start() : verb.end() + 8]):
        return True
    attributive = _NOMINAL_BEFORE.search(before) or _NOMINAL_BEFORE_VERB.search(before + verb[0])
    if verb[0] == "quản lý" and "thuộc diện " in lowered[: verb.start()]:  # "cán bộ thuộc diện Ban Thường vụ quản lý"
        return True
    if verb[0] == "tổ chức" and before.endswith("hội đồng "):
        return False
    return attributive is not None or _NOMINAL_WITH_NEXT.match(lowered, verb.start()) is not None


def name_before_colon(text: str) -> str | None:
    """ "Sở Y tế: chủ trì ..." -> "Sở Y tế"; None where no body's name ends with a colon."""
    head, colon, rest = text[: _MAX_NAME + 1].partition(":")
    doer = len(head) <= _LONGEST_DOER and rest.lstrip()[:1].isalpha() and _DOER.match(low(head))
    if (
        not colon
        or not (starts_with_body(head) or doer)
        or low(head).endswith(" gồm")
        or _SENTENCE.search(low(head)[_after_lead_in(low(head)) :])
    ):
        return None
    return None if subject(head + " ") else _tidy(head[_after_lead_in(low(head)) :])


def is_name(text: str) -> bool:
    """Whether a whole heading is the name of a body or group, or of a person: short, begins as one, and has no verb."""
    if _PERSON.match(text) and len(text) <= _MAX_NAME // 2:
        return actor(text) is None and not text.endswith((".", ";"))
    return (
        len(text) <= _MAX_NAME // 2 and starts_with_body(text) and subject(text + " ") is None and not text.endswith((".", ";"))
    )


def is_heading(text: str) -> bool:
    """Whether a heading is the name of a body or group, whatever its words: "Khoa Kiểm soát nhiễm khuẩn" holds a verb's word."""
    if len(text) > _MAX_NAME // 2 or not starts_with_body(text) or text.rstrip().endswith((".", ";", ":")):
        return False
    name = subject(text + " ")
    if name and _AT_ITS_END.search(low(name)):
        return False  # "Ban cán sự đảng UBND tỉnh lãnh đạo, chỉ đạo": what it does
    return name is None or len(text) - text.find(name) - len(name) <= _TAIL_OF_NAME


def bare_name(text: str) -> str:
    """A heading's body: "Đề nghị Ủy ban ... (cơ quan thường trực)" -> "Ủy ban ..."."""
    return _tidy(text[_after_lead_in(low(text)) :])


def before_verb(text: str) -> str:
    """What stands before the first verb of words that begin with a body: "UBND tỉnh phân bổ …" -> "UBND tỉnh"."""
    end = _subject_end(low(text[: _MAX_NAME + 40]), text, by_form=True)
    in_charge = end is not None and low(text[end : end + 10]).startswith("phụ trách")  # "Phó Giám đốc phụ trách chuyên môn"
    return text if end is None or in_charge else text[:end]


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
    name = re.sub(r"\s*\((?:[^()]|\([^()]{0,99}\)){0,400}\)?\s*$", "", name.strip())
    name = _ADVERBS.sub("", name)
    return re.sub(r"\s+", " ", name).strip(" ,;:.-–(")
