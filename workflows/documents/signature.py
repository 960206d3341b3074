"""Owns who signed: authority, title and name at the end of a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from workflows.documents.layout import starts_signature
from workflows.documents.lines import Line, low, quoted
from workflows.plans import Origin, Signer

_MARK = r"(?:T/M|TM|K/T|KT|T/L|TL|TUQ|T/ƯQ|T/UQ|TƯQ)\b\.?"
_NEXT_MARK = re.compile(rf"\s+(?={_MARK}\s*\w)")
_ON_BEHALF = re.compile(r"(?:T/M|TM)\b")
_OFFICE = (
    r"(?:(?:q\.|quyền|phó|tổng|thường trực)\s*)*(?:bí thư|chủ tịch|chủ nhiệm|giám đốc|chánh|trưởng|bộ trưởng|thứ trưởng|thủ tướng"
    r"|cục trưởng|chi cục trưởng|vụ trưởng|viện trưởng|hiệu trưởng|hiệu phó|phó|tổng thư ký|chỉ huy|chính ủy|tư lệnh|đội trưởng"
    r"|ủy viên|kế toán|thủ trưởng|tổng biên tập|tổ trưởng|trạm trưởng|hạt trưởng|đồn trưởng|cụm trưởng|khối trưởng|hội trưởng"
    r"|quản đốc|đốc công|thẩm phán|chấp hành viên|kiểm sát viên|công chứng viên|chính trị viên|tham mưu trưởng|tổng phụ trách"
    r"|tổng (?:thanh tra|kiểm toán)|(?:sư|lữ|trung|tiểu|hải) đoàn trưởng|đại đội trưởng|đoàn trưởng|giám thị"
    r"|thư ký|đại diện)(?!\w)"
)
_TITLE = re.compile(_OFFICE)
_OFFICE_INSIDE = re.compile(
    r"(?<!ban)(?<!đoàn)(?<!,)\s+(?=" + _OFFICE + ")"
)  # "Ban Bí thư" is a body; "Bộ trưởng, Chủ nhiệm" one office
_SIGNED = re.compile(r"[(\[]?\s*(?:đã ký|ký tên|ký, ghi rõ|ký và|ký thay|chữ ký|ký bởi|ký, đóng dấu|signature)\b")
_SIGNED_BEHIND = re.compile(r"(?<=\w)\s*[(\[]\s*(?:đã ký|ký|ký tên)[^()\[\]]{0,20}[)\]]\s*$", re.IGNORECASE)
_DEGREES = re.compile(  # and ranks, and how a person is called
    r"(?<!\w)(?i:(?:(?:Đại|Thượng|Trung|Thiếu|Chuẩn)\s(?:tướng|tá|[úu][ýy])|(?:Đại|Thượng)\s(?:sĩ|sỹ)|Đ/c|Đồng chí"
    r"|Tiến s[ĩỹ]|Thạc s[ĩỹ]|Bác s[ĩỹ]|Kỹ sư|Luật sư|(?:Phó )?Giáo sư"
    r"|GS|PGS|TSKH|TS|ThS|BS|BSNT|DS|ĐD|KTS|LS|CN|KS|KTV|NGND|NGƯT|NSND|NSƯT|TTND|TTƯT|(?:BS|DS|ĐD)?\s?CK\s?[I12]+)"
    r"(?:\s*[.,]\s*|\s+))+"
)
_BODY = re.compile(
    r"(?:sở|phòng|ban|ủy ban|ubnd|huyện|tỉnh|xã|phường|bộ|cục|chi cục|trung tâm|hội|công ty|trường|bệnh viện"
    r"|vụ|viện|học viện|tổng cục|thanh tra|văn phòng|hội đồng|ban chỉ đạo|công an (?:tỉnh|huyện|xã))\s"
)  # below a title: of what
_COUNCILS = re.compile(r"(?:hđnd|ubnd|hội đồng nhân dân|ủy ban nhân dân)(?!\w)")
_NAME = re.compile(r"(?:[^\W\d_]['’])?[^\W\d_]{1,12}(?:(?:\.?\s+|-)(?:[^\W\d_]['’])?[^\W\d_]{1,12}){1,6}")


def read_signer(lines: Sequence[Line]) -> tuple[Signer | None, Origin | None]:
    """The signer and where the signature begins; None where nobody has signed."""
    authority: list[str] = []
    title: list[str] = []
    name: str | None = None
    first: Line | None = None
    rows = Counter(line.number for line in lines if _TITLE.match(low(line.text[:200])) and line.text.isupper())
    if any(count > 1 for count in rows.values()):  # two bodies sign side by side: the first is the paper's
        lines = [line for n, line in enumerate(lines) if not n or line.number != lines[n - 1].number]
    signed = False  # below "(Đã ký)" stand the name and the post that the signer holds otherwise
    for line in lines:
        text = _SIGNED_BEHIND.sub("", line.text[:200]).strip(" ,;")
        if name is not None:
            break
        if starts_signature(line):
            for on_behalf, own in map(_parted, _NEXT_MARK.split(text)):
                authority.append(on_behalf)
                title += own
        elif _TITLE.match(low(text)) and (text.isupper() or line.bold) and len(text) < 100:
            title += [text] if not (title and signed) else []
        elif title and not signed and text.isupper() and (low(text) == "thường trực" or _goes_on(title[-1], low(text))):
            title.append(text)
        elif (authority or title) and _is_name(text):
            name = _DEGREES.sub("", text)
        else:
            signed = signed or _SIGNED.match(low(text)) is not None
            continue
        first = first or line
    if first is None:
        return None, None
    signer = Signer(authority=" ".join(authority) or None, title=" ".join(title) or None, name=name)
    known = sum(part is not None for part in (signer.authority, signer.title, signer.name))
    return signer, Origin(fact="signer", line=first.number, phrase=quoted(first.text), confidence=(0.5, 0.6, 0.85, 0.97)[known])


def _goes_on(title: str, below: str) -> bool:
    """An office that needs its body, or the rest of its name: "CHÁNH VĂN PHÒNG" over "HĐND VÀ UBND PHƯỜNG"."""
    return title.endswith((" VÀ", " CỦA", ",")) or (title.endswith("VĂN PHÒNG") and _COUNCILS.match(below) is not None)


def body_of_authority(signer: Signer | None) -> str | None:
    """The body on whose behalf it was signed: "T/M BAN THƯỜNG VỤ" -> "BAN THƯỜNG VỤ"."""
    match = re.match(r"(?:T/M|TM)\b\.?\s*(.+)", signer.authority) if signer and signer.authority else None
    return re.split(r"\s(?:K/T|KT)\b", match[1])[0].strip() if match else None


def _parted(text: str) -> tuple[str, list[str]]:
    """An authority, and the signer's own title where it follows in the same line: "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"."""
    mark = re.match(rf"{_MARK}\s*", text)
    begins = start = mark.end() if mark else 0
    if not _ON_BEHALF.match(text):  # an office follows: the signer's own is the next one
        office = _TITLE.match(low(text), start)
        start = office.end() if office else start
    inside = _OFFICE_INSIDE.search(low(text), start)
    return (text[: inside.start()], [text[inside.end() :]]) if inside and inside.start() > begins else (text, [])


def _is_name(text: str) -> bool:
    if _SIGNED.match(low(text)) or (text.isupper() and (_BODY.match(low(text)) or _COUNCILS.match(low(text)))):
        return False
    words = _DEGREES.sub("", text).split()
    return 2 <= len(words) <= 7 and _NAME.fullmatch(" ".join(words)) is not None and all(word[0].isupper() for word in words)
