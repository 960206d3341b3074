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
    "biên chế|biên giới|biên giới lãnh thổ|biên phòng|biển đảo|bảo vệ bí mật nhà nước|bầu cử|bồi dưỡng|bồi dưỡng chính trị|"
    "bổ trợ tư pháp|bộ đội biên phòng|chuyển đổi số|chính phủ|chính quyền địa phương|chứng thực|công báo|công chức|công chứng|"
    "công chứng viên|công thương|công tác đại biểu|công vụ|cải cách hành chính|cải cách tư pháp|dân nguyện|"
    "dân nguyện và giám sát|dân quân|dân sự|dân tộc|giám sát|giám định pháp y|giám đốc|hoạt động không chuyên trách|hành chính|"
    "hành chính - quản trị|hành chính - tổng hợp|hành chính công|hành chính quản trị|hành chính tư pháp|hành chính tổng hợp|"
    "hình sự|hậu cần|hộ tịch|hội đồng nhân dân|hợp tác quốc tế|kiểm soát thủ tục hành chính|kiểm toán|kiểm tra văn bản|"
    "kiểm tra văn bản quy phạm pháp luật|kỹ thuật|luật gia|luật sư|lãnh sự|lưu trữ|lưu trữ lịch sử|lễ tân|một cửa|ngoại giao|"
    "ngoại vụ|nhà nước|nhân dân|nhân sự|nội vụ|phi chính phủ|pháp chế|pháp chế - thanh tra|pháp luật|phổ biến pháp luật|"
    "phục vụ hành chính công|quân huấn|quân sự|quản lý nhà nước|quản lý xuất nhập cảnh|quản trị|quản trị nội bộ|quốc gia|"
    "quốc hội|quốc phòng|quốc tịch|tham mưu|thanh niên|thanh tra|thi hành án|thi hành án dân sự|thi đua|thi đua - khen thưởng|"
    "thi đua khen thưởng|thống kê|thủ tục hành chính|tin học - công báo|tiếp công dân|tiếp dân|tiếp nhận và trả kết quả|"
    "trợ giúp pháp lý|tài vụ|tín ngưỡng|tôn giáo|tư pháp|tối cao|tổ chức - hành chính|tổ chức hành chính|tổng hợp|"
    "tổng hợp - hành chính|văn bản|văn phòng|văn thư|văn thư - lưu trữ|văn thư và lưu trữ|xuất bản|xuất nhập cảnh|địa chính|"
    "địa phương|đối ngoại"
)
_ORDER = (
    "an ninh|an ninh chính trị|an ninh kinh tế|an ninh mạng|an ninh trật tự|an toàn|an toàn giao thông|an toàn lao động|"
    "an toàn thông tin|an toàn thực phẩm|an toàn vệ sinh lao động|an toàn vệ sinh thực phẩm|bảo vệ an ninh tổ quốc|chính trị|"
    "công an|công binh|cảnh sát|cảnh sát biển|cảnh sát cơ động|cảnh sát giao thông|cảnh sát hình sự|cảnh sát kinh tế|"
    "cảnh sát phòng cháy|cảnh sát phòng cháy chữa cháy|cảnh sát phòng cháy, chữa cháy|cảnh sát quản lý hành chính|"
    "cảnh sát điều tra|cứu hộ|cứu hộ, cứu nạn|cứu nạn|cứu nạn, cứu hộ|dân quân tự vệ|dự bị động viên|giám định|hóa học|"
    "hải quân|hỗ trợ tư pháp|không quân|kỹ thuật hình sự|pháo binh|phòng cháy|phòng cháy chữa cháy|phòng cháy và chữa cháy|"
    "phòng cháy, chữa cháy|phòng chống dịch|phòng chống ma túy|phòng chống thiên tai|phòng không|phòng thủ dân sự|"
    "phòng thủ khu vực|phòng, chống bão lụt|phòng, chống dịch|phòng, chống ma túy|phòng, chống tham nhũng|"
    "phòng, chống thiên tai|phòng, chống tệ nạn xã hội|phòng, chống tội phạm|quân báo|quân khí|quân lực|quản chế|"
    "quản lý hành chính|quản lý hành chính về trật tự xã hội|tham nhũng|thanh niên xung kích|thanh niên xung phong|"
    "thi hành án hình sự|thông tin liên lạc|trinh sát|trật tự|trật tự xã hội|trật tự đô thị|tuần tra kiểm soát|tác chiến|"
    "tìm kiếm cứu nạn|tệ nạn xã hội|xây dựng phong trào bảo vệ an ninh tổ quốc|điều tra tổng hợp|điều độ|đặc công"
)
_ECONOMY = (
    "an toàn điện|biến đổi khí hậu|biển và hải đảo|báo chí|bưu chính|bưu điện|bảo hiểm|bảo hiểm xã hội|bảo hiểm y tế|bảo tồn|"
    "bảo vệ môi trường|bảo vệ thực vật|bất động sản|bồi thường|bồi thường, giải phóng mặt bằng|bồi thường, hỗ trợ|"
    "bồi thường, hỗ trợ và tái định cư|bồi thường, hỗ trợ, tái định cư|chi nhánh|chuyên ngành|chính sách xã hội|chăn nuôi|"
    "chất lượng|chế biến|chế biến nông sản|cung ứng dịch vụ|cung ứng dịch vụ công|cung ứng dịch vụ sự nghiệp công|công nghiệp|"
    "công nghệ|công nghệ số|công nghệ thông tin|công sản|công trình|công trình công cộng|công trình giao thông|công ích|"
    "cơ điện|cấp nước|cửa khẩu|doanh nghiệp|du lịch|dịch vụ|dịch vụ công|dịch vụ công ích|dịch vụ nông nghiệp|dịch vụ tổng hợp|"
    "dịch vụ việc làm|dịch vụ đô thị|dịch vụ đấu giá|dự trữ|dự án|dự án đầu tư|dự án đầu tư xây dựng|giao dịch|giao thông|"
    "giao thông vận tải|giám sát đầu tư|giải phóng mặt bằng|giảm nghèo|giống cây trồng|giống thủy sản|giống vật nuôi|hàng hải|"
    "hàng không|hạ tầng|hạ tầng kỹ thuật|hải quan|hỗ trợ doanh nghiệp|hợp tác|hợp tác xã|khai thác công trình thủy lợi|"
    "khai thác thủy lợi|kho bạc|khoa học|khoa học công nghệ|khoáng sản|khu công nghiệp|khu kinh tế|khuyến công|khuyến ngư|"
    "khuyến nông|khuyến nông - khuyến ngư|khí tượng|khí tượng thủy văn|kinh doanh|kinh doanh điện năng|kinh tế|kinh tế hợp tác|"
    "kinh tế số|kinh tế tập thể|kiến trúc|kiểm dịch|kiểm lâm|kiểm ngư|kiểm tra giám sát mua bán điện|kiểm định|"
    "kiểm định chất lượng|kiểm định xây dựng|kế hoạch|kế hoạch tổng hợp|kế toán|kế toán tài chính|kỹ thuật an toàn|lâm nghiệp|"
    "lương thực|môi trường|môi trường đô thị|nghiệp vụ|ngân hàng|ngân quỹ|ngân sách|nhiệt điện|nhà đất|nhà ở|nông dân|"
    "nông lâm sản|nông nghiệp|nông sản|nông thôn|nông thôn mới|năng lượng|nước sạch|phát triển|phát triển nhà|"
    "phát triển nhà và thị trường bất động sản|phát triển nông thôn|phát triển quỹ đất|phát triển thị trường|phát triển đô thị|"
    "phòng hộ|phòng vệ thương mại|quan trắc|quan trắc môi trường|quy hoạch|quy hoạch xây dựng|quản lý bay|quản lý chất lượng|"
    "quản lý công sản|quản lý doanh nghiệp|quản lý dự án|quản lý khai thác|quản lý rừng|quản lý rừng phòng hộ|"
    "quản lý rừng đặc dụng|quản lý thuế|quản lý thị trường|quản lý thủy nông|quản lý vận hành|quản lý vận hành lưới điện|"
    "quản lý vốn|quản lý xây dựng|quản lý xây dựng công trình|quản lý đê điều|quản lý đô thị|quản lý đường bộ|quản lý đất đai|"
    "quản lý đầu tư|quản lý, giám sát bảo hiểm|sở hữu trí tuệ|thanh toán|thanh tra giám sát mua bán điện|thiết bị|thuế|"
    "thông tin|thông tin thị trường|thú y|thương mại|thương mại điện tử|thương vụ|thị trường|thủy lợi|thủy nông|thủy sản|"
    "thủy điện|tin học|tiêu chuẩn|tiền lương|trang thiết bị|truyền tải điện|trọng tài|trồng trọt|tài chính|tài chính - kế toán|"
    "tài chính kế toán|tài nguyên|tài nguyên nước|tài sản|tín dụng|tưới tiêu|tự nhiên|viễn thám|viễn thông|việc làm|"
    "vườn quốc gia|vận hành|vận hành lưới điện|vận tải|vật giá|vật liệu xây dựng|vật tư|vật tư - thiết bị y tế|"
    "vệ sinh môi trường|xuất nhập khẩu|xây dựng|xây dựng cơ bản|xây dựng nông thôn mới|xúc tiến thương mại|xúc tiến đầu tư|"
    "xúc tiến đầu tư, thương mại và du lịch|đa dạng sinh học|điều hành thông minh|điều độ|điện lực|điện năng|điện ảnh|đo lường|"
    "đo đạc|đo đạc và bản đồ|đê điều|đô thị|đăng kiểm|đăng ký giao dịch bảo đảm|đăng ký kinh doanh|đăng ký đất đai|đường bộ|"
    "đường sắt|đường thủy|đất đai|đấu giá|đấu giá tài sản|đấu thầu|đầu tư|đầu tư nước ngoài|đầu tư xây dựng|địa chất|"
    "đổi mới sáng tạo|ứng dụng công nghệ"
)
_SOCIETY = (
    "biên tập|bà mẹ|bán trú|bình đẳng giới|bảo trợ|bảo trợ trẻ em|bảo trợ xã hội|bảo trợ xã hội tổng hợp|bảo tàng|bộ môn|"
    "chuyên môn|chính sách - pháp luật|chăm sóc sức khỏe|chấn thương|chấn thương chỉnh hình|chẩn đoán hình ảnh|chống độc|"
    "chữ thập đỏ|công tác chính trị|công tác học sinh|công tác học sinh, sinh viên|công tác sinh viên|công tác xã hội|"
    "công tác đoàn đội|công đoàn|cơ xương khớp|cấp cứu|cấp cứu 115|cựu chiến binh|cựu giáo chức|cựu thanh niên xung phong|"
    "da liễu|di sản văn hóa|dinh dưỡng|dân cư|dân số|dân số - kế hoạch hóa gia đình|dược - vật tư|dược lâm sàng|dịch tễ|"
    "gia đình|giám hiệu|giám khảo|giám định pháp y|giám định y khoa|giáo dục|giáo dục chuyên nghiệp|giáo dục dân tộc|"
    "giáo dục mầm non|giáo dục nghề nghiệp|giáo dục phổ thông|giáo dục thường xuyên|giáo dục tiểu học|giáo dục trung học|"
    "giáo dục đại học|giáo viên|giải phẫu bệnh|gây mê hồi sức|hiến máu|huyết học|huyết học - truyền máu|hòa giải|hóa sinh|"
    "hô hấp|học sinh|học tập|học tập cộng đồng|học vụ|hồi sức|hồi sức cấp cứu|hồi sức tích cực|hồi sức tích cực - chống độc|"
    "hộ sinh|khoa học tự nhiên|khoa học xã hội|khuyến học|khuyết tật|khám bệnh|khám, chữa bệnh|khảo thí|"
    "khảo thí và đảm bảo chất lượng|kiểm nghiệm|kiểm soát bệnh tật|kiểm soát nhiễm khuẩn|lao và bệnh phổi|lao động|"
    "lao động - xã hội|làm vườn|lão khoa|mầm non|mặt trận|nghề nghiệp|nghệ thuật|nghệ thuật biểu diễn|ngoại chấn thương|"
    "ngoại khoa|ngoại ngữ|ngoại tiết niệu|ngoại tổng hợp|người cao tuổi|người có công|người khuyết tật|người mù|ngữ văn|nhi|"
    "nhi khoa|nhiếp ảnh|nhà giáo|nuôi dưỡng|nuôi dưỡng trẻ|nội dung|nội hô hấp|nội khoa|nội thần kinh|nội tim mạch|"
    "nội tiêu hóa|nội tiết|nội trú|nội tổng hợp|nữ công|pháp y|phát hành|phát thanh|phát thanh - truyền hình|"
    "phát thanh, truyền hình|phòng bệnh|phẫu thuật|phổ thông|phụ nữ|phụ sản|phục hồi chức năng|phục vụ|quan hệ lao động|"
    "quản lý chất lượng bệnh viện|quản lý chất lượng giáo dục|quản lý dược|quản lý học sinh|quản lý khám, chữa bệnh|"
    "quản lý môi trường y tế|quản lý đào tạo|quảng cáo|răng hàm mặt|sau đại học|sinh học|sinh viên|sơ sinh|sư phạm|sản khoa|"
    "sức khỏe|sức khỏe môi trường|sức khỏe sinh sản|tai mũi họng|tham vấn học đường|thanh nhạc|thanh thiếu nhi|"
    "thi đua khen thưởng|thiếu nhi|thiếu niên|thiếu niên tiền phong|thăm dò chức năng|thư viện|thương binh|"
    "thương binh và xã hội|thần kinh|thận nhân tạo|thể dục|thể dục thể thao|thể dục, thể thao|thể thao|thực phẩm|tim mạch|"
    "tiêm chủng|tiêu hóa|tiết niệu|tiểu học|toán - tin|trung học|trung học cơ sở|trung học phổ thông|truyền hình|truyền máu|"
    "truyền nhiễm|truyền thanh|truyền thanh - truyền hình|truyền thông|truyền thông giáo dục sức khỏe|trẻ em|"
    "tuyên giáo - nữ công|tuyển sinh|tâm thần|tư vấn|tổ quốc|ung bướu|vi sinh|văn hóa|văn hóa - thông tin|văn hóa cơ sở|"
    "văn hóa nghệ thuật|văn hóa, thể thao|văn học|văn học nghệ thuật|văn nghệ|vận động|vận động hiến máu|vệ sinh|"
    "vệ sinh dịch tễ|xã hội|xã hội học tập|xét nghiệm|y học|y học cổ truyền|y học dự phòng|y tế|y tế công cộng|y tế cơ sở|"
    "y tế dự phòng|điều dưỡng|đoàn thể|đào tạo|đào tạo nghề|đào tạo và bồi dưỡng|đào tạo đại học|đào tạo, bồi dưỡng|đông y|"
    "đảm bảo chất lượng|đời sống"
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
        if word[0] not in _BY_FIRST_WORD:
            continue
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
