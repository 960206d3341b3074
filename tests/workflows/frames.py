"""Papers about the bodies that tests write: a commune's, a district's or province's in two columns, a health office's letter."""

from __future__ import annotations

from workflows.documents import read_text
from workflows.plans import Plan

COMMUNE = """\
ỦY BAN NHÂN DÂN
XÃ ĐỒI SIM

Số: 12/{symbol}

Đồi Sim, ngày 03 tháng 3 năm 2026

{title}

{body}

Nơi nhận:
- Như trên;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lý Văn Sơn
"""
COLUMNS = """\
ỦY BAN NHÂN DÂN                          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
{issuer}                                Độc lập - Tự do - Hạnh phúc
   Số: 45/{symbol}                       {place}, ngày {date}

{title}

{body}

Nơi nhận:
- UBND tỉnh (b/c);
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Vàng Thị Sua
{after}
"""
HEALTH = """\
SỞ Y TẾ TỈNH ĐÔI SIM
Số: {symbol}
Đồi Sim, ngày 06 tháng 4 năm 2026
V/v {about}

Kính gửi: Các trạm y tế.

{body}

Nơi nhận:
- Như trên;
- Lưu: VT.

GIÁM ĐỐC

Lý Văn Sơn
"""


def of_commune(*paragraphs: str, symbol: str, title: str) -> Plan:
    return read_text(COMMUNE.format(symbol=symbol, title=title, body="\n\n".join(paragraphs)), "commune.txt")


def of_province(body: str, *, symbol: str, title: str, date: str = "03 tháng 3 năm 2025", after: str = "") -> Plan:
    named = {"issuer": "TỈNH PHÚ SƠN", "place": "Phú Sơn"}
    return read_text(COLUMNS.format(symbol=symbol, title=title, body=body, date=date, after=after, **named), "province.txt")


def of_district(body: str, *, symbol: str = "KH-UBND", title: str = "KẾ HOẠCH\nCông tác tháng 4", after: str = "") -> Plan:
    named = {"issuer": "HUYỆN LÂM SA", "place": "Lâm Sa", "date": "10 tháng 3 năm 2025"}
    return read_text(COLUMNS.format(symbol=symbol, title=title, body=body, after=after, **named), "district.txt")


def of_health_office(*paragraphs: str, symbol: str = "12/SYT-NVY", about: str = "phòng dịch") -> Plan:
    return read_text(HEALTH.format(symbol=symbol, about=about, body="\n\n".join(paragraphs)), "health.txt")
