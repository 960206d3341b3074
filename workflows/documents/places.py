"""Owns where a meeting is held, as a sentence says it: rooms and halls, and the address behind them."""

from __future__ import annotations

import re

from workflows.documents.lines import CAPITALS

ROOM = (
    r"(?:(?i:hội trường|phòng|nhà|trụ sở|sân|trung tâm|khuôn viên|quảng trường|công viên|khách sạn|trường|cơ quan|rạp"
    r"|giảng đường|điểm trường"
    r"|khu di tích|tượng đài|đài tưởng niệm)\s)"
)
HALL = (  # a room that needs no "tại"; "Phòng Nội vụ" is none
    r"(?i:hội trường|phòng họp|phòng số|nhà văn hóa|nhà thi đấu|sân vận động|quảng trường|trụ sở|trung tâm hội nghị"
    r"|khách sạn|rạp|giảng đường)"
    r"(?!\w)(?![^.;,()]{0,120}\s(?:chủ trì|chuẩn bị|dự|mời|tổ chức|bố trí|phối hợp)(?!\w))"
)
PLACE = (
    rf"(?:{ROOM}|{CAPITALS}|(?:từng|mỗi)\s|(?:xã|phường|thị trấn|thôn|bản|ấp|tổ|khu|huyện|thành phố|tỉnh|làng|đình|cảng"
    r"|bãi|bến|ủy ban|ubnd|đảng ủy|(?:tỉnh|huyện|thành|thị|quận) ủy|đồn|đội|đại đội|tiểu đoàn|trung đoàn|trạm|kho|sở chỉ huy"
    r"|văn phòng|nghĩa trang|đền|chùa|bệnh viện|chợ|ấp|rừng|đập|hồ)\s)"
)
_NO_PLACE = (
    r"(?!(?i:địa phương|đơn vị|kế hoạch|công văn|quyết định|nghị|điều\s|điểm|mục|khoản|hội nghị|phụ lục|đại hội"
    r"|thông báo|hướng dẫn"
    r"|chỉ thị|kết luận"
    r"|thông tư|luật|văn bản|công điện|chương trình|báo cáo|tờ trình|cuộc họp|phiên họp|hội thảo|lễ\s|phần))"
)
_STOPS = (
    r",?\s+(?:do|vào|lúc|bắt đầu|hồi|dưới|với|để|nhằm|mời|gồm|dự kiến|bằng|theo|kết hợp|kết nối|trước|xong|hoàn thành|sáng|chiều"
    r"|đến|tới|qua|ngày|thứ|khai mạc|từ|trong|sau|cho|có|thành phần|hình thức|tổ chức|dự|tham dự|tham gia|của các đơn vị)(?!\w)"
)
_ADDRESS = (
    r"(?:,\s+(?i:(?:trụ sở|tầng|số\s+\d|\d|đường|phố|nhà|khu|xã|phường|thị trấn|huyện|quận|thành phố|tp|thị xã|tỉnh|thôn|ấp|bản"
    r"|tổ dân phố|khối|trung tâm|cơ quan|ubnd|ủy ban|tòa nhà|trường|khách sạn|hội trường|hà nội))(?![^,;.]{0,120}"
    r"\s(?:chủ trì|dự|chuẩn bị|bố trí|mời|giờ))"
    rf"(?:(?!{_STOPS})(?:[^,.;()]|\.\d)){{0,80}})*"
)
_AT_PLACE = re.compile(
    r"(?:(?<!\w)(?i:tại|trên|ở)\s+|(?:(?<=[,.;]\s)|(?<=\()|(?<=\stừ\s)|(?<=\sđến\s)|(?<=\stới\s)"
    rf"|(?<=cầu chính là\s))(?={HALL}))(?:điểm cầu[^,;:]{{0,40}}?(?:\s(?:tại|là|ở)|:)\s+)?"
    rf"(?P<where>{_NO_PLACE}{PLACE}(?:(?!{_STOPS})(?:[^,.;()]|\.\d)){{1,120}}{_ADDRESS})"
)


def place_in(text: str) -> str | None:
    """Where, in a sentence: "tại Hội trường tầng 3, trụ sở …"."""
    match = _AT_PLACE.search(text)
    return match["where"].strip(" ,") if match else None
