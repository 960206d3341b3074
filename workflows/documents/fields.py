"""Owns what Vietnamese bodies are named after: the fields of ministries, offices, schools and hospitals, before and after 2025.

With a capital a field is one word of a name, whatever words it holds: "Bộ Ngoại giao", "Cục Cảnh sát giao thông". In small
letters it goes on with a name: "Phòng Tài chính kế toán".
"""

from __future__ import annotations

import re

_PARTY = (
    "bí thư|bảo vệ chính trị nội bộ|bảo vệ sức khỏe|bảo vệ, chăm sóc sức khỏe cán bộ|bộ chính trị|chi bộ|chi ủy|chiến lược|"
    "chính sách|chính trị|chính trị tư tưởng|công tác mặt trận|cơ yếu|cấp ủy|dân vận|huyện ủy|khoa giáo|kiểm tra|lý luận|"
    "lịch sử đảng|nghiên cứu lịch sử đảng|nội chính|quận ủy|thành ủy|thường trực|thường vụ|thị ủy|trung ương|tuyên giáo|"
    "tuyên truyền|tuyên vận|tư tưởng|tỉnh ủy|tổ chức|tổ chức cán bộ|tổ chức xây dựng đảng|xây dựng đảng|đảng|đảng bộ|"
    "đảng viên|đảng ủy|đối ngoại"
)
_STATE = (
    "biên chế|biên giới|biên phòng|biển đảo|bầu cử|bồi dưỡng|bồi dưỡng chính trị|bổ trợ tư pháp|bộ đội biên phòng|"
    "chuyển đổi số|chính phủ|chính quyền địa phương|công chức|công chứng|công chứng viên|công thương|công vụ|"
    "cải cách hành chính|cải cách tư pháp|dân nguyện|dân quân|dân sự|dân tộc|giám sát|giám đốc|hoạt động không chuyên trách|"
    "hành chính|hành chính công|hành chính quản trị|hậu cần|hộ tịch|hội đồng nhân dân|hợp tác quốc tế|"
    "kiểm soát thủ tục hành chính|kiểm toán|kiểm tra văn bản|kiểm tra văn bản quy phạm pháp luật|kỹ thuật|luật gia|luật sư|"
    "lưu trữ|lưu trữ lịch sử|lễ tân|một cửa|ngoại giao|ngoại vụ|nhà nước|nhân dân|nhân sự|nội vụ|pháp chế|pháp luật|"
    "phổ biến pháp luật|phục vụ hành chính công|quân huấn|quân sự|quản lý nhà nước|quản lý xuất nhập cảnh|quản trị|"
    "quản trị nội bộ|quốc gia|quốc hội|quốc phòng|quốc tịch|tham mưu|thanh niên|thanh tra|thi hành án|thi hành án dân sự|"
    "thi đua|thi đua - khen thưởng|thi đua khen thưởng|thống kê|tiếp công dân|tiếp dân|tiếp nhận và trả kết quả|"
    "trợ giúp pháp lý|tín ngưỡng|tôn giáo|tư pháp|tối cao|tổng hợp|văn bản|văn phòng|văn thư|văn thư - lưu trữ|"
    "văn thư và lưu trữ|xuất bản|xuất nhập cảnh|địa chính"
)
_ORDER = (
    "an ninh|an ninh chính trị|an ninh kinh tế|an ninh mạng|an ninh trật tự|an toàn|an toàn giao thông|an toàn lao động|"
    "an toàn thông tin|an toàn thực phẩm|an toàn vệ sinh lao động|an toàn vệ sinh thực phẩm|công an|cảnh sát|cảnh sát biển|"
    "cảnh sát cơ động|cảnh sát giao thông|cảnh sát hình sự|cảnh sát kinh tế|cảnh sát phòng cháy|"
    "cảnh sát phòng cháy chữa cháy|cảnh sát phòng cháy, chữa cháy|cảnh sát quản lý hành chính|cảnh sát điều tra|cứu hộ|"
    "cứu hộ, cứu nạn|cứu nạn|cứu nạn, cứu hộ|dự bị động viên|giám định|kỹ thuật hình sự|phòng cháy|phòng cháy chữa cháy|"
    "phòng cháy và chữa cháy|phòng cháy, chữa cháy|phòng chống dịch|phòng chống ma túy|phòng chống thiên tai|"
    "phòng thủ dân sự|phòng, chống bão lụt|phòng, chống dịch|phòng, chống ma túy|phòng, chống tham nhũng|"
    "phòng, chống thiên tai|phòng, chống tệ nạn xã hội|phòng, chống tội phạm|quân khí|quản chế|tham nhũng|"
    "thanh niên xung kích|thanh niên xung phong|trật tự|trật tự xã hội|trật tự đô thị|tìm kiếm cứu nạn|tệ nạn xã hội"
)
_ECONOMY = (
    "biến đổi khí hậu|báo chí|bưu chính|bưu điện|bảo hiểm|bảo hiểm xã hội|bảo hiểm y tế|bảo vệ môi trường|bảo vệ thực vật|"
    "bồi thường|bồi thường, giải phóng mặt bằng|bồi thường, hỗ trợ|bồi thường, hỗ trợ và tái định cư|"
    "bồi thường, hỗ trợ, tái định cư|chi nhánh|chuyên ngành|chính sách xã hội|chăn nuôi|chất lượng|chế biến|cung ứng dịch vụ|"
    "cung ứng dịch vụ công|cung ứng dịch vụ sự nghiệp công|công nghiệp|công nghệ|công nghệ số|công nghệ thông tin|công sản|"
    "công trình|công trình công cộng|công trình giao thông|công ích|cơ điện|cấp nước|doanh nghiệp|du lịch|dịch vụ|"
    "dịch vụ công|dịch vụ công ích|dịch vụ nông nghiệp|dịch vụ tổng hợp|dịch vụ việc làm|dịch vụ đô thị|dịch vụ đấu giá|"
    "dự trữ|dự án|dự án đầu tư|dự án đầu tư xây dựng|giao dịch|giao thông|giao thông vận tải|giám sát đầu tư|"
    "giải phóng mặt bằng|giảm nghèo|giống cây trồng|hàng hải|hàng không|hạ tầng|hạ tầng kỹ thuật|hải quan|hợp tác|hợp tác xã|"
    "kho bạc|khoa học|khoa học công nghệ|khoáng sản|khu công nghiệp|khu kinh tế|khuyến công|khuyến ngư|khuyến nông|khí tượng|"
    "khí tượng thủy văn|kinh doanh|kinh tế|kinh tế hợp tác|kinh tế số|kinh tế tập thể|kiến trúc|kiểm dịch|kiểm lâm|kiểm ngư|"
    "kiểm định|kiểm định chất lượng|kiểm định xây dựng|kế hoạch|kế hoạch tổng hợp|kế toán|kế toán tài chính|lâm nghiệp|"
    "lương thực|môi trường|môi trường đô thị|nghiệp vụ|ngân hàng|ngân quỹ|ngân sách|nhà đất|nông dân|nông lâm sản|"
    "nông nghiệp|nông sản|nông thôn|nông thôn mới|năng lượng|nước sạch|phát triển|phát triển nông thôn|phát triển quỹ đất|"
    "phát triển thị trường|phát triển đô thị|phòng hộ|phòng vệ thương mại|quan trắc|quan trắc môi trường|quy hoạch|"
    "quy hoạch xây dựng|quản lý chất lượng|quản lý công sản|quản lý doanh nghiệp|quản lý dự án|quản lý khai thác|"
    "quản lý rừng|quản lý rừng phòng hộ|quản lý thuế|quản lý thị trường|quản lý vốn|quản lý xây dựng|"
    "quản lý xây dựng công trình|quản lý đê điều|quản lý đô thị|quản lý đường bộ|quản lý đất đai|quản lý đầu tư|"
    "quản lý, giám sát bảo hiểm|sở hữu trí tuệ|thanh toán|thiết bị|thuế|thông tin|thông tin thị trường|thú y|thương mại|"
    "thương mại điện tử|thị trường|thủy lợi|thủy nông|thủy sản|tin học|tiêu chuẩn|tiền lương|trang thiết bị|trọng tài|"
    "trồng trọt|tài chính|tài chính - kế toán|tài chính kế toán|tài nguyên|tài sản|tín dụng|tưới tiêu|tự nhiên|viễn thám|"
    "viễn thông|việc làm|vườn quốc gia|vận hành|vận tải|vật giá|vật tư|vệ sinh môi trường|xuất nhập khẩu|xây dựng|"
    "xây dựng cơ bản|xây dựng nông thôn mới|xúc tiến thương mại|xúc tiến đầu tư|xúc tiến đầu tư, thương mại và du lịch|"
    "điều hành thông minh|điện lực|điện ảnh|đo lường|đo đạc|đo đạc và bản đồ|đê điều|đô thị|đăng kiểm|đăng ký kinh doanh|"
    "đăng ký đất đai|đường bộ|đường sắt|đường thủy|đất đai|đấu giá|đấu giá tài sản|đấu thầu|đầu tư|đầu tư nước ngoài|"
    "đầu tư xây dựng|đổi mới sáng tạo|ứng dụng công nghệ"
)
_SOCIETY = (
    "biên tập|bà mẹ|bình đẳng giới|bảo trợ|bảo trợ trẻ em|bảo trợ xã hội|bảo trợ xã hội tổng hợp|bảo tàng|bộ môn|chuyên môn|"
    "chăm sóc sức khỏe|chẩn đoán hình ảnh|chống độc|chữ thập đỏ|công tác chính trị|công tác học sinh|"
    "công tác học sinh, sinh viên|công tác sinh viên|công tác xã hội|công đoàn|cấp cứu|cấp cứu 115|cựu chiến binh|"
    "cựu giáo chức|cựu thanh niên xung phong|da liễu|di sản văn hóa|dinh dưỡng|dân cư|dân số|dân số - kế hoạch hóa gia đình|"
    "dược - vật tư|dược lâm sàng|dịch tễ|gia đình|giám hiệu|giám khảo|giám định pháp y|giám định y khoa|giáo dục|"
    "giáo dục chuyên nghiệp|giáo dục dân tộc|giáo dục mầm non|giáo dục nghề nghiệp|giáo dục phổ thông|giáo dục thường xuyên|"
    "giáo dục tiểu học|giáo dục trung học|giáo dục đại học|giáo viên|gây mê hồi sức|hiến máu|huyết học|"
    "huyết học - truyền máu|hòa giải|học sinh|học tập|học tập cộng đồng|học vụ|hồi sức cấp cứu|hồi sức tích cực|hộ sinh|"
    "khuyến học|khuyết tật|khám bệnh|khám, chữa bệnh|khảo thí|kiểm nghiệm|kiểm soát bệnh tật|kiểm soát nhiễm khuẩn|"
    "lao và bệnh phổi|lao động|lao động - xã hội|làm vườn|lão khoa|mầm non|mặt trận|nghề nghiệp|nghệ thuật|"
    "nghệ thuật biểu diễn|ngoại khoa|ngoại ngữ|ngoại tổng hợp|người cao tuổi|người có công|người khuyết tật|người mù|ngữ văn|"
    "nhi|nhiếp ảnh|nhà giáo|nuôi dưỡng|nội dung|nội khoa|nội tiết|nội trú|nội tổng hợp|pháp y|phát hành|phát thanh|"
    "phát thanh - truyền hình|phát thanh, truyền hình|phòng bệnh|phổ thông|phụ nữ|phụ sản|phục hồi chức năng|phục vụ|"
    "quan hệ lao động|quản lý chất lượng giáo dục|quản lý dược|quản lý học sinh|quản lý khám, chữa bệnh|"
    "quản lý môi trường y tế|quản lý đào tạo|quảng cáo|răng hàm mặt|sinh học|sinh viên|sư phạm|sức khỏe|sức khỏe môi trường|"
    "sức khỏe sinh sản|tai mũi họng|thanh nhạc|thanh thiếu nhi|thiếu nhi|thiếu niên|thiếu niên tiền phong|thư viện|"
    "thương binh|thương binh và xã hội|thận nhân tạo|thể dục|thể dục thể thao|thể dục, thể thao|thể thao|thực phẩm|tim mạch|"
    "tiêm chủng|tiểu học|toán - tin|trung học|trung học cơ sở|trung học phổ thông|truyền hình|truyền máu|truyền nhiễm|"
    "truyền thanh|truyền thanh - truyền hình|truyền thông|truyền thông giáo dục sức khỏe|trẻ em|tuyển sinh|tâm thần|tổ quốc|"
    "ung bướu|văn hóa|văn hóa - thông tin|văn hóa cơ sở|văn hóa nghệ thuật|văn hóa, thể thao|văn học|văn học nghệ thuật|"
    "văn nghệ|vận động|vận động hiến máu|vệ sinh|vệ sinh dịch tễ|xã hội|xã hội học tập|xét nghiệm|y học|y học cổ truyền|"
    "y học dự phòng|y tế|y tế công cộng|y tế cơ sở|y tế dự phòng|điều dưỡng|đoàn thể|đào tạo|đào tạo nghề|"
    "đào tạo và bồi dưỡng|đào tạo, bồi dưỡng|đông y|đời sống"
)
_MORE = re.compile(  # "Trợ giúp pháp lý nhà nước", "Tổng hợp kinh tế quốc dân"
    r"(?:\s+(?:nhà nước|nhân dân|quốc dân|quốc gia|tối cao|cấp cao|khu vực|nông thôn(?: mới)?|cơ sở|cộng đồng|liên ngành|kinh tế"
    r"|tập thể|trọng điểm|xã hội|y tế|kế toán|nghiệp vụ|địa phương|cách mạng|từ xa|lưu động)(?!\w))*"
)
_BY_FIRST_WORD: dict[str, list[str]] = {}  # the longest first; a dictionary, as one pattern of them all takes long to make
for _field in sorted(set("|".join((_PARTY, _STATE, _ORDER, _ECONOMY, _SOCIETY)).split("|")), key=len, reverse=True):
    _BY_FIRST_WORD.setdefault(_field.split(maxsplit=1)[0].strip(","), []).append(_field)
_BOARD = re.compile(  # "Ban Chỉ đạo chuyển đổi số"
    r"(?<!\w)(?:ban(?: (?:chỉ đạo|chỉ huy|quản lý|vận động|tổ chức))?|bcđ|bch|bql|bqlda|tổ(?: công tác)?|tiểu ban|hội đồng"
    r"|đội|đoàn|quỹ|trung tâm|chi cục|cục|sở|phòng|khoa)\s+$"
)
_SURE = 2  # spaces: a field of three words is no verb with its object
_WORD = re.compile(r"\w+")
Spans = tuple[tuple[int, int], ...]  # (start, end) of each


def fields_in(name: str, lowered: str, start: int, names: Spans) -> Spans:
    """Where the fields stand that a name holds from ``start`` on, with a capital or behind a board's, outside of ``names``."""
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(lowered, start):
        begins, ends = word.start(), field_end(lowered, word.start())
        more = _MORE.match(lowered, ends) if ends else None
        ends = more.end() if more else ends
        capital = name[begins].isupper()
        if not ends or not (capital or (lowered.count(" ", begins, ends) >= _SURE and _BOARD.search(lowered, start, begins))):
            continue
        if not any(begin <= begins < end for begin, end in (*names, *found[-1:])):
            found.append((begins, ends))
    return tuple(found)


def field_end(text: str, start: int, stop: int | None = None, *, capital: bool = False) -> int | None:
    """Where the longest field ends that begins there, before ``stop``; with ``capital`` its first letter is one."""
    stop = len(text) if stop is None else stop
    word = _WORD.match(text, start, stop)
    if not word or (capital and not word[0][0].isupper()):
        return None
    first = word[0][0].lower() + word[0][1:] if capital else word[0]
    rests = (field for field in _BY_FIRST_WORD.get(first, ()) if text.startswith(field[1:], start + 1, stop))
    ends = (start + len(field) for field in rests)
    return next((end for end in ends if end >= stop or not _WORD.match(text, end)), None)
