"""Owns the names of the kinds of paper and their letters in a symbol."""

from __future__ import annotations

import re
from typing import cast, get_args

from workflows.documents.lines import Line, low
from workflows.plans import DocumentType

TYPE_NAMES: dict[str, str | None] = {
    "kế hoạch": "KH", "công văn": "CV", "hướng dẫn": "HD", "kết luận": "KL", "chỉ thị": "CT", "thông báo": "TB",
    "công điện": "CĐ", "nghị quyết": "NQ", "quyết định": "QĐ", "quy định": "QyĐ", "quy chế": "QC", "báo cáo": "BC",
    "tờ trình": "TTr", "chương trình": "CTr", "chương trình hành động": "CTHĐ", "chương trình phối hợp": "CTPH", "đề án": "ĐA",
    "dự án": "DA", "phương án": "PA", "nghị định": "NĐ", "thông tư": "TT", "thông tư liên tịch": "TTLT", "luật": "L",
    "nghị quyết liên tịch": "NQLT", "hướng dẫn liên tịch": "HDLT", "kế hoạch liên tịch": "KHLT", "kế hoạch phối hợp": "KHPH",
    "quy chế phối hợp": "QCPH", "quy trình": "QTr",
    "pháp lệnh": "PL", "thông cáo": "TC", "biên bản": "BB", "hợp đồng": "HĐ", "giấy mời": "GM", "giấy ủy quyền": "GUQ",
    "thông tri": None,  # its letters, TTr, are those of a "tờ trình"
}  # fmt: skip
_BY_LETTERS = {code.upper(): code for code in get_args(DocumentType)} | {"CTRHĐ": "CTHĐ", "TTRG": "TTr"}
_TITLES = [name for name in TYPE_NAMES if name not in ("công văn", "luật")]
_LONGEST_FIRST = "|".join(sorted(map(re.escape, _TITLES), key=len, reverse=True))
TITLE_LINE = re.compile(  # also "HƯỚNG DẪN LIÊN NGÀNH", "CÔNG ĐIỆN KHẨN"
    rf"(?P<kind>{_LONGEST_FIRST})(?:\s+(?:liên (?:ngành|tịch|sở|bộ)|phối hợp|khẩn|hỏa tốc)(?=\W*$))?(?!\w)(?!\s+chung\W*$)"
)  # "QUY ĐỊNH CHUNG" is a chapter


def type_of_symbol(number: str) -> DocumentType | None:
    """The kind of paper that a number or symbol names: "127-KL/TW", "KH-UBND"; a letter's "LĐLĐ-TC" names offices, and none."""
    first = next((part.strip() for part in re.split(r"[-–/,]", number) if not part.strip()[:1].isdigit() and part.strip()), "")
    return cast(DocumentType | None, _BY_LETTERS.get(first.upper()))


def type_of_line(text: str) -> DocumentType | None:
    """The kind of paper that a line names as a title: "KẾ HOẠCH", "Chương trình hành động"."""
    match = TITLE_LINE.match(low(text[:60]))
    return cast(DocumentType, TYPE_NAMES[match["kind"]]) if match else None


def names_type(line: Line) -> bool:
    """Whether a line of the head says what kind of paper it is: set apart by capitals or type, or standing alone."""
    match = TITLE_LINE.match(low(line.text[:60]))
    alone = match is not None and match.end() == len(line.text.rstrip(" :."))
    return match is not None and (alone or line.text.isupper() or bool(line.level) or line.bold)
