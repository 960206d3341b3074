"""Owns the words of one-off deadlines: the limits ("chậm nhất", "trước", "xong trong") and the times that they go with."""

from __future__ import annotations

import re

# --- times ------------------------------------------------------------------------------------------------------------

_CLOCK = (
    r"(?:(?:(?:lúc|thời điểm)\s+)?\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{2})?\s*['’′]?\s*(?:phút)?\s*,?\s*(?:sáng|trưa|chiều|tối)?\s*"
    r"(?:,|của)?\s*|(?:(?:hết|cuối|đầu|kết thúc)\s+)?(?:giờ\s+(?:làm việc|hành chính)|(?:giờ|buổi)(?=\s+(?:sáng|chiều)))\s*"
    r"(?:(?:buổi\s+)?(?:sáng|chiều)\s*)?(?:,|của)?\s*)?"
)
_HALF = r"(?:buổi\s+)?(?:rạng sáng|sáng|trưa|chiều|tối|đêm)\s*,?\s*"
_DATE = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}(?!\d)|\d{1,2}(?:\s*/\s*|[.-])(?:0?[1-9]|1[0-2])(?![\dhg]|:\d)"
    r"|\d{1,2}\s+tháng\s+\d{1,2}(?!\d)(?:\s+năm\s+\d{4})?)"
)
_FULL_DATE = r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})(?!\d)"
_WEEKDAY = r"(?:(?:ngày\s+)?(?:thứ\s+\w{1,4}|chủ nhật|mai|hôm nay)\s*,?\s*)?"
_DAY_OF = r"ngày\s+(?:làm\s+việc\s+)?\(?(?:m[ùồ]ng\s+)?"
_DAY = rf"{_WEEKDAY}\(?\s*(?:{_DAY_OF})?{_DATE}"
_NEAR = (  # "tối nay", "ngày mai (04/3)", "thứ Sáu tuần này"
    r"(?:(?:ngày\s+)?(?:hôm nay|ngày mai)|(?:ngày|sáng|trưa|chiều|tối|đêm)\s+mai|(?:sáng|trưa|chiều|tối|đêm)\s+nay"
    r"|(?:ngày\s+)?(?:thứ\s+\w{1,4}|chủ nhật)\s+(?:của\s+)?tuần\s+(?:này|sau|tới))(?!\w)(?:\s+và\s+ngày mai)?"
    rf"(?:\s*[,(]?\s*(?:ngày\s+)?{_DATE}\s*\)?)?"
)
_WHEN = rf"{_CLOCK}(?:{_NEAR}|(?:{_HALF})?{_DAY})"
_ON_DAY = rf"{_CLOCK}(?:{_NEAR}|{_HALF}{_DAY}|{_WEEKDAY}{_DAY_OF}{_WEEKDAY}{_DATE})"  # it cannot be but a day
_DAYS = rf"(?:\d{{1,2}}\s*(?:,|và|-|–)\s*(?:ngày\s+)?){{1,6}}{_DATE}"  # "12, 13 và 14/4/2025"
_QUARTER = r"(?:iv|i{1,3}|[1-4])(?!\w)"
_NUMBER = r"(?:mười\s+một|mười\s+hai|mười|một|hai|ba|tư|năm(?!\s+\d)|sáu|bảy|tám|chín)(?!\w|\s+(?:lần|tháng|ngày|kỳ|buổi|đợt))"
_MONTH = rf"tháng\s+(?:\d{{1,2}}(?!\d)|{_NUMBER})(?:\s*(?:/|năm|-)\s*\d{{4}}|\s+năm nay)?"
_MONTHS = rf"{_MONTH}(?:\s*(?:,|và)\s*{_MONTH})?"
_QUARTERS = rf"qu[ýí]\s+{_QUARTER}(?:\s*(?:,|và|-)\s*(?:qu[ýí]\s+)?{_QUARTER})*(?:\s*(?:/|năm)\s*\d{{4}})?"
_PERIOD = rf"(?:{_MONTHS}|{_QUARTERS}|(?:(?:6|9|sáu|chín)\s+tháng|nửa)\s+(?:đầu|cuối)\s+năm(?:\s+\d{{4}})?)"
_PART = rf"(?:(?:nửa\s+)?(?:đầu|giữa|cuối)\s+{_MONTH}|(?:đầu|giữa|cuối)\s+(?:{_QUARTERS}|năm\s+\d{{4}}))"
_WEEK = (
    r"(?:(?:(?:đầu|giữa|cuối)\s+)?tuần\s+(?:học\s+)?(?:cuối|đầu|giữa|thứ\s+\w{1,4}|\d)(?:\s+(?:tiên|cùng))?\s+(?:của\s+)?|(?:thượng|trung|hạ)\s+tuần\s+)"
    r"tháng\s+\d{1,2}(?!\d)"
    r"(?:\s*(?:/|năm)\s*\d{4})?"
)
_COUNT = r"\d{1,3}\s*(?:\([^()]{0,30}\)\s*)?(?:ngày làm việc|ngày|tuần|tháng|giờ|tiếng|h(?!\w))(?!\s*\d)"
_FEW = r"(?:một|hai|ba|bốn|bảy|mười)\s+(?:ngày làm việc|ngày|tuần|tháng)"
_SEASON = (
    r"(?:(?:kỳ\s+|dịp\s+)?nghỉ\s+(?:lễ|tết|hè)|(?:dịp\s+)?tết(?!\s+trồng cây)|mùa\s+(?:mưa|bão|lũ|khô|cạn|nắng|hanh"
    r"|cháy|lạnh|rét)|năm học|học kỳ|khai giảng|giao thừa)(?!\w)"
)

# --- limits -----------------------------------------------------------------------------------------------------------

_LATEST = (
    r"(?:(?:chậm|muộn|trễ)\s+nhất|không\s+(?:được\s+)?(?:để\s+)?(?:muộn|chậm|trễ|quá|sau)(?:\s+(?:hơn|quá|sau))?"
    r"|(?:hạn|mốc)\s+(?:cuối(?:\s+cùng)?|chót)(?:\s+[^\W\d_]{2,7}){0,3}?|hạn(?=\s+là\s))\s*"
    r"(?:(?:là|vào|trong|đến|từ|kể từ)\s*){0,2}"
)
_BEFORE = r"trước\s+(?:(?:thời điểm|mốc|dịp lễ|dịp|lễ)\s+)?"
_WITHIN = r"(?:(?:đến|tới)\s+hết|hết|(?:ngay\s+|nội\s+)?trong)"
_DONE = r"(?:hoàn thành|hoàn tất|xong|kết thúc|dứt điểm)"
_TERM = (
    r"(?:sau|trong(?:\s+(?:thời hạn|vòng|thời gian))?|(?:chậm|muộn)\s+nhất(?:\s+là)?(?:\s+sau)?"
    r"|không\s+(?:được\s+)?(?:để\s+)?quá)\s+"
)
_SINCE = r"(?:(?:kể|tính)\s+từ\s+(?:ngày|khi|thời điểm)|(?:sau|trước)\s+(?:khi|ngày)(?!\s*\d)|từ\s+(?:ngày|khi)(?!\s*\d))"
_FORMS = (
    # at the latest on, before, by the end of a day
    rf"{_LATEST}(?:(?:hết|trước)\s+)?(?:{_DAYS}|{_WHEN})",
    rf"{_BEFORE}{_WHEN}",
    r"trước\s+\d{1,2}\s*(?:h|giờ|g)\s*(?:\d{2})?\s*(?:phút\s*)?(?:của\s+)?ngày\s+hôm\s+(?:trước|sau)(?!\w)",
    rf"(?:{_WITHIN}|{_DONE}(?:\s+(?:vào|lúc|trong|ngay trong|đúng))?)\s+{_ON_DAY}",
    rf"(?:(?:đến|tới)\s+hết|xong)\s+{_DATE}",
    rf"(?:{_WITHIN}|{_DONE})\s+(?:\w{{1,4}}\s+)?ngày\s*[,:(]?\s*{_DAYS}",
    rf"trước\s+ngày\s+(?:[^\W\d_]+\s+){{1,4}}\(?{_FULL_DATE}",
    rf"đúng\s+(?:hạn\s+)?(?:ngày\s+)?{_DATE}",
    # within, or before, a period, and its parts
    rf"(?:{_LATEST}(?:hết\s+)?|(?:{_DONE}\s+)?(?:trước(?:\s+khi\s+(?:kết thúc|hết))?|{_WITHIN})\s+){_PERIOD}",
    r"(?:hoàn thành|xong)\s+(?:trong\s+)?năm\s+\d{4}",
    rf"(?:hoàn thành|hoàn tất|xong)\s+(?:{_MONTHS}|{_QUARTERS})(?!\s+đạt)",
    rf"(?:{_DONE}\s+)?(?:ngay\s+)?trong\s+(?:tuần|tháng|quý)\s+này",
    rf"(?:(?:vào|trong|xong|hoàn thành|hoàn tất|đến|trước)\s+|{_LATEST})(?:{_PART}|{_WEEK})",
    # durations, and days that no calendar here has
    rf"trong\s+(?:vòng\s+)?{_COUNT}\s+đầu(?:\s+tiên)?\s+(?:của\s+)?{_MONTH}",
    rf"{_TERM}(?:{_COUNT}|{_FEW})\s*,?\s*{_SINCE}\s+[^;.,()]{{0,60}}",
    rf"{_TERM}{_COUNT}\s+sau\s+(?!\d)[^;.,():\d]{{2,60}}",
    rf"trước\s+(?:ít nhất|tối thiểu)\s+{_COUNT}",
    rf"trước\s+(?:(?:ngày|giờ)\s+(?!\d)|khai mạc|khai giảng|bế mạc|đại hội|lễ)[^;.,():\d]{{0,60}}?\s*"
    rf"(?:ít nhất\s+|tối thiểu\s+)?{_COUNT}",
    rf"ít nhất\s+\d{{1,3}}\s+(?:ngày làm việc|ngày|tuần)\s+{_SINCE}\s+[^;.,()]{{0,60}}",
    rf"{_TERM}\d{{1,3}}\s*(?:\([^()]{{0,30}}\)\s*)?ngày làm việc",
    rf"chậm\s+nhất\s+(?:là\s+)?(?:sau\s+)?{_COUNT}",
    r"trong\s+vòng\s+\d{1,3}\s*(?:giờ|h)(?!\s*\d|\w)",
    r"sau\s+(?!đó|đây|này)(?:(?!gửi|nộp|báo cáo|trình)[^;.,()\d]){3,60}?\s"
    r"(?:(?:không quá|chậm nhất|muộn nhất|trong vòng)\s+)?\d{1,3}\s+(?:ngày làm việc|ngày)"
    r"(?!\s*\d|\s+\w+\s+lần)",
    rf"trước\s+(?:khi|ngày(?=\s+(?:khai|tổ chức|diễn ra|họp|bầu|thi|tiến hành))|buổi|cuộc|phiên|kỳ|hội nghị|đợt)(?!\w)"
    rf"[^;.,()\d]{{0,60}}?\s{_COUNT}",
    r"(?:(?:ngay\s+)?trong|(?:ngay\s+)?vào|chậm nhất(?:\s+là)?)\s+(?:ngày|sáng|chiều)\s+hôm\s+sau(?!\w)",
    r"ngay\s+sau\s+khi\s+[^;.,:()]{3,80}",
    r"ngay\s+khi\s+(?:kết thúc|bế mạc|bế giảng|hoàn thành|xong|có kết quả)(?!\w)[^;.,:()]{0,80}",
    r"(?:ngay\s+)?trong\s+ngày\s+(?:kết thúc|bế mạc|bế giảng|nhận được)\s+[^;.,:()\d]{3,60}",
    rf"(?:trước|không quá)\s+{_COUNT}\s+so với\s+[^;.,()\d]{{3,60}}",
    rf"(?:{_BEFORE}|{_LATEST}|trong\s+)ngày\s+\d{{1,2}}\s+tháng\s+này(?!\w)",
    rf"(?:trước|chậm nhất)\s+{_CLOCK}(?:các\s+)?(?:ngày\s+)[^;.()]{{0,60}}(?:tháng chạp|tháng giêng|tết|âm lịch)(?!\w)",
    r"trước\s+(?:dịp\s+)?tết(?!\w)(?:\s+(?:nguyên\s+đán|dương\s+lịch|trung\s+thu))?(?:\s+\w{2,5}\s+\w{2,4}(?=[\s,;.]|$))?",
    r"(?:hoàn thành|hoàn tất|xong)\s+trước\s+(?:khi|mùa|kỳ|đợt|đại hội|thời điểm|lễ|năm học|khai giảng)(?!\w)[^;.,()]{0,60}",
)
_TIMES = rf"(?:{_DAYS}|{_CLOCK}{_DAY}|{_PERIOD}|{_PART}|{_WEEK}|năm\s+\d{{4}})"
_LABELLED = (
    r"(?:(?<!nghị )(?<!họp )(?:sơ kết|tổng kết|nghiệm thu)|thời gian|thời hạn|hạn|tiến độ|hoàn thành)(?![^\s:])"
    rf"[^:;.,()]{{0,40}}:\s*(?P<bare>(?:(?:vào|là)\s+)?{_TIMES})"
)
# only where a unit is given something to do
_LOOSE = (
    rf"từ\s+{_MONTHS}\s*(?:đến|-|–)\s*(?:hết\s+)?{_MONTHS}",
    rf"từ\s+(?:ngày\s+)?(?:{_DATE}|\d{{1,2}})\s*(?:đến|-|–)\s*(?:hết\s+)?(?:ngày\s+)?{_DATE}",
    rf"(?:đến|tới)\s+{_CLOCK}(?:ngày\s+)?{_DATE}",
    r"trong\s+năm\s+\d{4}",
    rf"vào\s+(?:ngày\s+)?{_FULL_DATE}",
    r"(?:sơ kết|tổng kết|đánh giá|hoàn thành|kết thúc|nghiệm thu)(?:\s+[^\W\d_]+){0,5}?\s+vào\s+năm\s+\d{4}",
    rf"(?:chạy|kết nối|vận hành)\s+thử(?:\s+[^\W\d_]+){{0,4}}?\s+(?:vào|lúc)\s+{_CLOCK}(?:ngày\s+)?{_FULL_DATE}",
    r"(?<=báo cáo )ngay\s+khi\s+(?:biết|nhận|tiếp nhận|phát hiện|xảy ra|có)\s[^;.,:()]{2,60}",
    rf"vào\s+quý\s+{_QUARTER}\s*(?:/|năm)\s*\d{{4}}",
    rf"(?:(?<=^)|(?<=[,;.:(]\s))(?:(?:nửa\s+)?(?:đầu|giữa|cuối)\s+{_MONTH}|{_WEEK})",
    rf"\d{{1,2}}\s+ngày\s*[,:(]?\s*{_DAYS}",
    rf"(?:trong|tại|vào)\s+(?:(?:kỳ|buổi|phiên|cuộc)\s+)?(?:sinh hoạt|họp|giao ban)(?:\s+[^\W\d_]+){{0,4}}?"
    rf"\s+ngày\s+{_FULL_DATE}",
    rf"(?:trong|tại|vào)\s+(?:(?:kỳ|đợt|buổi)\s+)?sinh hoạt(?:\s+[^\W\d_]+){{0,3}}?\s+{_MONTH}",
    r"(?:trong|tại)\s+(?:kỳ|phiên|cuộc)\s+(?:họp|giao ban)(?:\s+(?!đầu|giữa|cuối)[^\W\d_]+){0,3}?\s+tháng\s+\d{1,2}"
    r"(?:\s*/\s*|\s+năm\s+)\d{4}(?!\d)",
    r"ngay\s+sau\s+(?:hội nghị|cuộc họp|phiên họp|đại hội|buổi)(?!\w)[^;.,()]{0,60}",
    r"trước\s+khi\s+(?:kết thúc|bế mạc|bế giảng)\s+[^;.,()]{3,60}",
    r"(?<!nhiệm )(?<!biểu )(?<!cáo )trước\s+(?:kỳ họp|phiên họp|hội nghị|đại hội|cuộc họp)\s+"
    r"(?:(?!tháng|thứ|lần|giữa|cuối)[^\W\d_]+\s+){0,5}"
    r"(?:tháng\s+\d|thứ\s|lần\s|giữa năm|cuối năm)[^;.,()]{0,60}",
    rf"trước\s+(?:khi\s+(?:[^\W\d_]+\s+){{0,2}}?)?{_SEASON}[^;.,()]{{0,60}}",
    r"(?:trình|gửi|nộp|họp|tổng duyệt|hoàn thành|hoàn tất|kết thúc)\s"
    r"(?:(?!theo|tại|của|số|từ|đến|trước|chậm|trong|xong|hết|không|muộn|trễ|hạn)"
    rf"[^;.,\d()]|\([^()]{{1,60}}\)){{0,40}}?ngày\s+{_DATE}",
    r"(?:trình|gửi|nộp|báo cáo)\s(?:(?!theo|của|số|từ|đến|trước|chậm|trong|không|muộn|trễ|hạn)[^;.,\d()]){0,40}?"
    r"(?:lúc|vào)\s+"
    rf"{_CLOCK}ngày\s+{_DATE}",
)
DEADLINE = re.compile(rf"(?<!\w)(?:{'|'.join(_FORMS)}|{_LABELLED}|(?P<loose>{'|'.join(_LOOSE)}))")
LIMIT = re.compile(rf"(?:{_LATEST}|{_DONE}|trước|trong)(?!\w)")  # how a firm deadline begins
ALSO = re.compile(
    rf"\s*(?:\([^()]{{1,40}}\)\s*)?(?:,|;|và|,\s+và)\s*(?:đợt\s+\d\s+)?(?P<day>(?:ngày\s+)?{_FULL_DATE})"
)  # a second round
RESTATED = re.compile(rf"\s*[,(]\s*(?:và\s+|nhưng\s+|cụ thể\s+(?:là\s+)?|tức\s+(?:là\s+)?)?(?={_LATEST}|{_BEFORE})")
