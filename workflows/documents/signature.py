"""Owns who signed: authority, title and name at the end of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.documents.layout import starts_signature
from workflows.documents.lines import Line, low
from workflows.plans import Origin, Signer

_TITLE = re.compile(
    r"(?:q\.\s*|quyền )?(?:phó |tổng |thường trực )*(?:bí thư|chủ tịch|chủ nhiệm|giám đốc|trưởng|chánh|viện trưởng|cục trưởng"
    r"|vụ trưởng|bộ trưởng|thứ trưởng|hiệu trưởng|tổng thư ký|thủ tướng|chỉ huy|chính ủy|tư lệnh|phó|hiệu phó|đội trưởng|ủy viên"
    r"|kế toán)\b"
)
_INSIDE = re.compile(r"\s(?=(?:PHÓ |Q\. )?(?:BÍ THƯ|CHỦ TỊCH|CHỦ NHIỆM|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|PHÓ TRƯỞNG)\b)")
_SIGNED = re.compile(r"\(?\s*(?:đã ký|ký tên|ký, ghi rõ|ký và|chữ ký|ký bởi|signature)\b")
_NAME = re.compile(r"[^\W\d_]{1,12}(?:\.?\s+[^\W\d_]{1,12}){1,6}")


def read_signer(lines: Sequence[Line]) -> tuple[Signer | None, Origin | None]:
    """The signer and where the signature begins; None where nobody has signed."""
    authority: list[str] = []
    title: list[str] = []
    name: str | None = None
    first: Line | None = None
    for line in lines:
        text = line.text[:200].strip(" ,;")
        if starts_signature(line) and name is None:
            head, *tail = _INSIDE.split(text, maxsplit=1) if text.upper().startswith("T") else [text]
            authority.append(head)
            title += tail
        elif name is None and _TITLE.match(low(text)) and (text.isupper() or line.bold) and len(text) < 100:
            title.append(text)
        elif (authority or title) and name is None and _is_name(text):
            name = text
        else:
            continue
        first = first or line
    if first is None:
        return None, None
    signer = Signer(authority=" ".join(authority) or None, title=" ".join(title) or None, name=name)
    known = sum(part is not None for part in (signer.authority, signer.title, signer.name))
    return signer, Origin(fact="signer", line=first.number, phrase=first.text[:200], confidence=(0.5, 0.6, 0.85, 0.97)[known])


def body_of_authority(signer: Signer | None) -> str | None:
    """The body on whose behalf it was signed: "T/M BAN THƯỜNG VỤ" -> "BAN THƯỜNG VỤ"."""
    match = re.match(r"(?:T/M|TM)\b\.?\s*(.+)", signer.authority) if signer and signer.authority else None
    return re.split(r"\s(?:K/T|KT)\b", match[1])[0].strip() if match else None


def _is_name(text: str) -> bool:
    if _SIGNED.match(low(text)):
        return False
    words = text.split()
    return 2 <= len(words) <= 7 and _NAME.fullmatch(text) is not None and all(word[0].isupper() for word in words)
