"""The field's abbreviations, as data: what names.py writes out. Keys are in capitals, with D for Đ and without marks."""

from __future__ import annotations

from collections.abc import Mapping

# Bodies and offices. Written together with a tail or a body they make one word: VPHU, BTVQU, BTGDVTU, VPUBND.
HEADS: Mapping[str, str] = {
    "VP": "Văn phòng",
    "BTV": "Ban Thường vụ",
    "BTT": "Ban Thường trực",
    "TT": "Thường trực",
    "BCH": "Ban Chấp hành",
    "BTGDV": "Ban Tuyên giáo và Dân vận",
    "TGDV": "Tuyên giáo và Dân vận",
    "BTG": "Ban Tuyên giáo",
    "BTC": "Ban Tổ chức",
    "BDV": "Ban Dân vận",
    "BNC": "Ban Nội chính",
    "UBKT": "Ủy ban Kiểm tra",
}
TAILS: Mapping[str, str] = {
    "TU": "TU",  # a province's or a city's committee: names.readings tells both
    "HU": "Huyện ủy",
    "QU": "Quận ủy",
    "TXU": "Thị ủy",
    "TW": "Trung ương",
    "DU": "Đảng ủy",
}
BODIES: Mapping[str, str] = {
    "HDND": "Hội đồng nhân dân",
    "UBND": "Ủy ban nhân dân",
    "UBMTTQVN": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "MTTQVN": "Mặt trận Tổ quốc Việt Nam",
    "MTTQ": "Mặt trận Tổ quốc",
}
WORDS: Mapping[str, str] = {
    "TCCSD": "tổ chức cơ sở đảng",
    "TCD": "tổ chức đảng",
    "BCD": "Ban Chỉ đạo",
    "BCSD": "Ban cán sự đảng",
    "VPCP": "Văn phòng Chính phủ",
    "CDCS": "công đoàn cơ sở",
    "GVCN": "giáo viên chủ nhiệm",
    "VN": "Việt Nam",
    "HCM": "Hồ Chí Minh",
    "TP": "thành phố",
    "TX": "thị xã",
    "LDLD": "Liên đoàn Lao động",
    "LHPN": "Liên hiệp Phụ nữ",
    "TNCS": "Thanh niên Cộng sản",
    "CCB": "Cựu chiến binh",
    "DLXH": "dư luận xã hội",
    "LLVT": "lực lượng vũ trang",
    "BCHQS": "Ban Chỉ huy Quân sự",
    "BHXH": "Bảo hiểm xã hội",
    "KBNN": "Kho bạc Nhà nước",
    "THPT": "Trung học phổ thông",
    "THCS": "Trung học cơ sở",
    "GDTX": "Giáo dục thường xuyên",
    "HTX": "hợp tác xã",
    "D/C": "đồng chí",
}
# Written with a hyphen or an ampersand, or with nothing between.
JOINED: Mapping[tuple[str, ...], str] = {
    ("CT", "XH"): "chính trị - xã hội",
    ("KT", "XH"): "kinh tế - xã hội",
    ("GD", "DT"): "Giáo dục và Đào tạo",
    ("TG", "DV"): "Tuyên giáo và Dân vận",
    ("BTG", "DV"): "Ban Tuyên giáo và Dân vận",
    ("TC", "KH"): "Tài chính - Kế hoạch",
    ("TN", "MT"): "Tài nguyên và Môi trường",
    ("NN", "PTNT"): "Nông nghiệp và Phát triển nông thôn",
    ("NN", "MT"): "Nông nghiệp và Môi trường",
    ("LDTB", "XH"): "Lao động - Thương binh và Xã hội",
    ("VH", "TT"): "Văn hóa và Thông tin",
    ("KH", "DT"): "Kế hoạch và Đầu tư",
    ("KH", "CN"): "Khoa học và Công nghệ",
    ("PT", "TH"): "Phát thanh và Truyền hình",
}
# With a dot, before a name: "P. Hoa Sim", "TP.HCM".
DOTTED: Mapping[str, str] = {
    "P": "phường",
    "X": "xã",
    "Q": "quận",
    "H": "huyện",
    "TP": "thành phố",
    "TX": "thị xã",
    "TT": "thị trấn",
}
# Short for several things: a directory decides which is meant.
SEVERAL: Mapping[str, tuple[str, ...]] = {
    "TU": ("TU", "Tỉnh ủy", "Thành ủy"),
    "TT": ("TT", "Thường trực", "Trung tâm", "thị trấn"),
}
