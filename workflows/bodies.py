"""The kinds of bodies that documents address in the plural, as data: what begins the names of the units that are meant.

Only kinds that rules define: places and their committees, party organisations, the advisory bodies of a committee, the
socio-political organisations (Constitution, article 9). What "ngành", "đơn vị" or "cơ quan liên quan" are, each directory says.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.names import fold
from workflows.tiers import PLACES

Heads = tuple[str, ...]  # first words of names, written with their marks

_COMMITTEES = tuple(each for each in PLACES.values() if not each.startswith("Đảng ủy"))
_BASES: Heads = (*_COMMITTEES, "Đảng ủy", "Đảng bộ")
_BOARDS: Heads = ("Ban Tổ chức", "Ban Tuyên giáo", "Ban Dân vận", "Ban Nội chính", "Ủy ban Kiểm tra", "Cơ quan Ủy ban Kiểm tra")
_ADVISORY: Heads = (*_BOARDS, "Văn phòng")
_UNIONS: Heads = (
    "Liên đoàn Lao động", "Công đoàn", "Hội Nông dân", "Hội Liên hiệp Phụ nữ", "Hội Phụ nữ", "Hội Cựu chiến binh",
    "Đoàn Thanh niên", "Đoàn TNCS", "Tỉnh đoàn", "Thành đoàn", "Huyện đoàn", "Quận đoàn", "Thị đoàn",
)  # fmt: skip
# The party's base is its cells and committees, whatever they are called.
_KINDS: Mapping[Heads, tuple[str, ...]] = {
    ("Chi bộ", "Chi ủy"): ("chi bộ", "chi ủy"),
    _BASES: ("đảng bộ", "đảng ủy"),
    ("Chi bộ", "Chi ủy", *_BASES): ("tổ chức đảng", "tổ chức cơ sở đảng", "cơ sở đảng", "cấp ủy", "cấp ủy đảng"),
    _BOARDS: ("ban đảng", "ban xây dựng đảng"),
    _ADVISORY: (
        "cơ quan tham mưu, giúp việc", "cơ quan chuyên trách tham mưu, giúp việc", "ban, cơ quan tham mưu, giúp việc",
        "cơ quan tham mưu giúp việc cấp ủy", "ban tham mưu, giúp việc",
    ),
    _UNIONS: (
        "tổ chức chính trị - xã hội", "đoàn thể chính trị - xã hội", "đoàn thể", "tổ chức đoàn thể", "đoàn thể nhân dân",
    ),
    ("Sở",): ("sở",),
    ("Thôn",): ("thôn",), ("Tổ dân phố",): ("tổ dân phố",), ("Khu phố",): ("khu phố",), ("Ấp",): ("ấp",),
    **{(each,): (each,) for each in (*PLACES, *_COMMITTEES)},
}  # fmt: skip
KINDS: Mapping[str, Heads] = {fold(name): heads for heads, called in _KINDS.items() for name in called}
OWN = (_BOARDS, _ADVISORY, _UNIONS, ("Sở",))  # which a place has for itself
SHORT: Mapping[str, str] = {"thanh": "thành phố", "thi": "thị xã"}  # of places, within a list only: "các huyện, thị, thành"

# Who speaks or acts for a body; a document that addresses them addresses it.
OFFICES = (
    "ban thuong vu", "thuong truc", "ban chap hanh dang bo", "ban chap hanh", "bi thu", "chu tich", "thu truong", "giam doc",
)  # fmt: skip

# Bodies that every place has: "UBND các xã", "Đảng ủy phường"; the first of them may be recorded as the place itself.
OF_PLACES = {
    fold(body): body
    for body in ("Ủy ban nhân dân", "Hội đồng nhân dân", "Đảng ủy", "Đảng bộ", "Ủy ban Mặt trận Tổ quốc", "Công an")
}
STANDING_FOR = ("uy ban nhan dan", "hoi dong nhan dan", "dang uy", "dang bo")
GENERAL = {fold(each) for each in ("cơ quan", "đơn vị", "cơ quan, đơn vị", "cơ quan chuyên môn", "ngành")}
SPECIAL = {fold(each): each for each in ("Sở", "Phòng", "Ban", "Trung tâm")}
ADVISORY = _ADVISORY
LOWER: Heads = (*_BASES, "Chi bộ", "Chi ủy", *PLACES, *(f"Ủy ban nhân dân {each}" for each in PLACES))

# Names of one and the same body; a name that begins with one may begin with any other.
SAME = tuple(
    tuple(fold(each) for each in names)
    for names in (
        (
            "Ủy ban Mặt trận Tổ quốc Việt Nam", "Ủy ban Mặt trận Tổ quốc", "Mặt trận Tổ quốc Việt Nam", "Mặt trận Tổ quốc",
            "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam", "Ban Thường trực Ủy ban Mặt trận Tổ quốc",
        ),
        ("Đoàn Thanh niên Cộng sản Hồ Chí Minh", "Đoàn Thanh niên"),
        ("Hội Liên hiệp Phụ nữ Việt Nam", "Hội Liên hiệp Phụ nữ", "Hội Phụ nữ"),
        ("Hội Nông dân Việt Nam", "Hội Nông dân"),
        ("Hội Cựu chiến binh Việt Nam", "Hội Cựu chiến binh"),
        ("Đảng ủy", "Đảng bộ", "Ban Chấp hành Đảng bộ"),
    )
)  # fmt: skip


def other_names(name: str) -> list[str]:
    """Canonical names of the same body, by the words with which a canonical name begins."""
    for names in SAME:
        for opening in names:
            if name == opening or name.startswith(opening + " "):
                rest = name[len(opening) :]
                return [other + rest for other in names if other != opening]
    return []
