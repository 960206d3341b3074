"""Owns whether a recipient line means a body: the same name, one of a list, a group that it belongs to, or its initials."""

from __future__ import annotations

import re
from functools import lru_cache

from workflows.documents.lines import low
from workflows.documents.wording import levels
from workflows.names import canonical, fold, readings

_LONGEST = 400  # characters of a line or a body that are compared
_FILLERS = frozenset(["cac", "cua", "truc", "thuoc", "va", "cap", "cho", "nhung"])
_PHRASE_FILLERS = re.compile(r"(?<!\w)(?:tren dia ban|co lien quan|lien quan|dong chi|doi ngu)(?!\w)")
_PARTY_ORGANS = (
    r"ban (?:tuyen giao|to chuc|dan van|noi chinh)|uy ban kiem tra|van phong(?! (?:uy ban|hoi dong) nhan dan)|trung tam chinh tri"
)
_UNIONS = r"mat tran to quoc|doan thanh nien|hoi lien hiep phu nu|hoi phu nu|hoi nong dan|hoi cuu chien binh|lien doan lao dong"
_CELLS = r"chi (?:bo )?dang bo|chi bo|dang bo|dang uy|chi uy|to chuc co so dang|to chuc dang|cap uy"
_ANEW = re.compile(
    r"(?<!^)(?<!\w)(?=(?:(?<!van phong )uy ban (?!nhan dan (?:tinh|huyen) uy)|(?<!uy )ban (?!thuong vu|chap hanh)"
    r"|so |van phong|mat tran|hoi dong|cac "
    r"|doan the))"
)
_UNDER = r"(?:(?:huyen|quan|thanh|thi)(?: uy)? ){0,4}(?:huyen|quan|thanh|thi) uy"
# A group that a line may name, and what belongs to it; both in canonical words.
_GROUPS = tuple(
    (re.compile(rf"(?<!\w)(?:{group})(?!\w)"), re.compile(rf"(?<!\w)(?:{members})(?!\w)"))
    for group, members in (
        (
            r"ban xay dung dang|ban dang|co quan tham muu|co quan chuyen trach|co quan giup viec|ban co quan don vi thuoc",
            _PARTY_ORGANS,
        ),
        (r"to chuc chinh tri xa hoi|doan the", rf"to chuc chinh tri xa hoi|doan the|{_UNIONS}"),
        (rf"chi (?:bo )?dang bo|to chuc co so dang|to chuc dang|cap uy|cac (?:{_CELLS})", _CELLS),
        (rf"cac {_UNDER}|(?:huyen|quan) thanh thi uy", rf"{_UNDER}|bi thu"),
        (
            r"cac ban(?! nganh| dang| can su| xay dung)",
            r"(?<!uy )ban(?! nhan dan| thuong| chap hanh| chi dao| chi huy| can su)|van phong",
        ),
        (r"so ban nganh|cac so", r"so ban nganh|cac so|so \w+"),
        (r"phong ban|cac phong|khoa phong", r"phong ban|cac phong|phong \w+|co quan chuyen mon"),
        (r"cac khoa", r"cac khoa|khoa \w+"),
        (r"cac to(?! chuc)|to bo phan", r"(?:cac )?to (?!chuc|dan pho|truong)\w+|ke toan|van phong|bo phan"),
        (r"cac (?:\w+ ){0,2}trung tam|cac (?:\w+ ){0,3}don vi(?: su nghiep)? (?:truc )?thuoc", r"trung tam \w+"),
        (r"don vi (?:truc )?thuoc (?:xa|phuong|dac khu)", r"phong \w+|tram \w+|cong an (?:xa|phuong)"),
        (r"cac co quan cua (?:dang|huyen|thi|quan|thanh|tinh) uy", rf"{_PARTY_ORGANS}|ban xay dung dang"),
        (r"dang uy truc thuoc|to chuc dang truc thuoc", r"dang uy \w+"),
        (r"cac vien|vien", r"cac vien"),
        (r"cac dang doan|dang doan ban can su", r"dang doan|ban can su dang"),
        (r"cac bo|bo truong|(?<!thuoc )bo", r"cac bo"),
        (r"cac (?:ban )?co quan don vi", r"co quan don vi"),
        (r"cong tac vien", r"cong tac vien"),
        (r"bao cao vien", r"bao cao vien"),
        (r"uy ban nhan dan (?:cac |cap )+(?:xa|huyen|phuong)", r"uy ban nhan dan (?:cac |cap )*(?:xa|huyen|phuong|quan)"),
    )
)

# Nobody in particular: whoever is addressed.
_VAGUE = re.compile(
    r"(?:tat ca )?(?:cac )*(?:bo |so |ban |nganh |co quan |don vi |dia phuong |bo phan |to chuc |ca nhan |doan the |cap ){2,}"
    r"|(?:(?:cac|nhung|tung|moi|\d+|hai|ba|bon|nam|sau|bay|tam|chin|muoi) )*"
    r"(?:co quan|don vi|dia phuong|noi|to chuc dang|cap uy|truong) "
    r"(?:nay|tren|neu tren|noi tren|do|nao|da|chua|con|dang|duoc|khong|co (?:ten|lien quan)|thuoc dien|vi pham|noi (?:di|den)"
    r"|gui|nop|thieu|cham|hoan thanh) "
    r"|(?:(?:cac|nhung|tung|moi|toan the) )*(?:dong chi (?:nay|tren|neu tren|duoc|$)|can bo |dang vien |doan vien "
    r"|hoi vien |cong tac vien |nha dau tu |nha thau "
    r"|nguoi (?:dung dau(?: (?:co quan|don vi|cap uy|dia phuong))*|dan|lao dong|tham gia) (?!cac )"
    r"|nhan dan |ho (?:dan|gia dinh|kinh doanh) )"
    r"|quy (?:co quan|don vi|so|bo|ban|cong ty|truong|ong|ba|vi) "
    r"|(?:cac |tung |moi )+(?:co quan|don vi|dia phuong|bo phan|cap|nganh)(?! (?:su nghiep|truc thuoc|thuoc)) "
)
_OFFICE = re.compile(
    r"(?:cac )?(?:dong chi |d c )?"
    r"(?:tong giam doc|giam doc|chu tich|bi thu|hieu truong|chanh|thu truong|bo truong|chi huy truong|(?:chi )?cuc truong"
    r"|vien truong|truong(?= (?:cong an|phong|thon|ban )))(?!\w)(?: cac)? "
)
_LEVEL_ONLY = re.compile(
    r"(?:cac )?(?:tinh )?(?:thanh pho|thi xa|thi tran|dac khu|huyen|xa|phuong|truc thuoc)(?: tinh| huyen| xa)?"
    r"(?: truc thuoc(?: trung uong| tw)?)?"
)  # half of a name
_HALF = re.compile(rf"{_LEVEL_ONLY.pattern}|(?:uy ban|hoi dong) nhan dan")
_LETTERS = re.compile(r"(?<![\w&-])[A-ZĐ]{2,8}(?:[-&][A-ZĐ]{2,6})*(?![\w&-])")
_DIRECTLY_UNDER = re.compile(r"dang uy (?:khoi|cac co quan|cong an|quan su|bo doi|uy ban)")  # whatever level its name ends with
_EXPANDED = frozenset(["ubnd", "hdnd", "mttq"])  # what names says in full, and many a body's initials hold
_SMALL_WORDS = ("va", "cua", "cac", "cho", "tren", "trong")


def covers(listed: str, body: str) -> bool:
    """Whether a recipient line means a body, or a body that acts in its name."""
    listed, body = listed[:_LONGEST], body[:_LONGEST]
    return (
        any(_covers(line, other) for line in readings(listed) for other in readings(body))
        or any(_same(one, other) for one in _pieces(listed) for other in _pieces(body))
        or by_initials(listed, body)
    )


def names(listed: str, body: str) -> bool:
    """Whether the line says the body's own name, and not only that of a group."""
    return any(_names(one, other) for one in readings(listed) for other in readings(body))


def by_initials(listed: str, body: str) -> bool:
    """Whether letters of the line are the initials of the body's name: "Chi nhánh TTPTQĐ", "Lưu: VT, KTHT"."""
    found, (initials, office) = _letters(listed), _initials(body)
    telling = (letters for letters in found if len(letters) > 2 and letters not in _EXPANDED)
    return any(letters in initials for letters in telling) or (found[-1:] == ("vp",) and office)


@lru_cache(maxsize=4_000)
def _letters(listed: str) -> tuple[str, ...]:
    """The words of a line that may be initials."""
    return tuple(fold(letters).replace(" ", "") for letters in _LETTERS.findall(listed))


@lru_cache(maxsize=4_000)
def _initials(body: str) -> tuple[str, bool]:
    """The initials of a name, and whether it is an office's ("VP")."""
    words = [word for word in fold(body).split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words), words[:2] == ["van", "phong"]


def is_vague(body: str) -> bool:
    """Whether the words mean whoever is addressed: "các cơ quan, đơn vị, địa phương"."""
    return _VAGUE.match(canonical(body[:_LONGEST]) + " ") is not None


@lru_cache(maxsize=4_000)
def _pieces(text: str) -> tuple[str, ...]:
    """The bodies of a list, canonical, without the office that stands for the body; words that may be half of a name are none."""
    head, colon, rest = text.partition(":")
    if colon:  # "Giám đốc các sở: Y tế, Nội vụ"
        each = re.sub(r"(?<!\w)các\s+", "", low(head))
        return tuple(_bare(piece) for item in rest.split(",") for piece in (f"{each} {item}", item))
    parts = re.split(r"[,;]|\svà\s", text)
    level = re.search(r"(?:xã|phường|huyện|tỉnh|thành phố|quận|đặc khu)$", parts[-1].strip())
    pieces = [_bare(part) for part in parts]
    pieces += [_bare(f"{part} {level[0]}") for part in parts if level and not levels(part)]
    return tuple(piece for piece in pieces if len(parts) == 1 or (len(piece.split()) > 1 and not _LEVEL_ONLY.fullmatch(piece)))


def _bare(text: str) -> str:
    words = canonical(text)
    office = _OFFICE.match(words)
    return words[office.end() :] if office else words


def _covers(listed: str, body: str) -> bool:
    if _names(listed, body):
        return True
    if _levels_clash(listed, body):
        return False
    (groups, member_of), (others, other_member_of) = _groups(listed), _groups(body)
    return bool(groups & other_member_of or others & member_of)


@lru_cache(maxsize=4_000)
def _groups(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Which groups a line names, and to which a body in it belongs, by their places in the table."""
    named = frozenset(n for n, (group, _) in enumerate(_GROUPS) if group.search(text))
    return named, frozenset(n for n, (_, members) in enumerate(_GROUPS) if members.search(text))


def _names(listed: str, body: str) -> bool:
    """The same name, or one that is a part of the other's list."""
    return (
        _same(listed, body)
        or any(_same(part, body) for part in _split(listed))
        or any(_same(listed, part) for part in _split(body))
    )


def _same(one: str, other: str) -> bool:
    """Equal but for filling words, or one the beginning of the other."""
    shorter, longer = sorted((_telling(one), _telling(other)), key=len)
    if longer[:3] == ["van", "phong", "uy"] and shorter[:2] == ["uy", "ban"]:
        return False  # a committee's office is not the committee
    if len(shorter) < 2:
        return one == other and len(one.split()) > 1  # "các thôn"
    begins = longer[: len(shorter)] == shorter and len(shorter) >= 3
    inside = len(shorter) >= 4 and " ".join(shorter) in " ".join(longer)
    return shorter == longer or ((begins or inside) and not _levels_clash(one, other))


@lru_cache(maxsize=8_000)
def _telling(text: str) -> list[str]:
    """The words of a name but those that fill it."""
    return [word for word in _PHRASE_FILLERS.sub("", text).split() if word not in _FILLERS and not word.isdecimal()]


@lru_cache(maxsize=4_000)
def _split(text: str) -> tuple[str, ...]:
    """Canonical text has no commas; bodies begin anew at their first words."""
    parts = (part.strip().removesuffix(" va") for part in _ANEW.split(text))
    return tuple(part for part in parts if " " in part and not _HALF.fullmatch(part))


def _levels_clash(one: str, other: str) -> bool:
    """Both name levels, and none in common: a district's committee is not the commune's."""
    if any(_DIRECTLY_UNDER.match(body) and "truc thuoc" in line for body, line in ((one, other), (other, one))):
        return False
    direct = re.compile(r"truc thuoc.*$")
    first, second = levels(direct.sub("", one)), levels(direct.sub("", other))
    return bool(first and second) and not first & second
