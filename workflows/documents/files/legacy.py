"""Owns the letters of the old Vietnamese fonts, TCVN3 (ABC, ".VnTime") and VNI ("VNI-Times").

They put them where Latin-1 has others, so that a text looks right in its font only: "Céng hßa", "Coäng hoøa" are both "Cộng hòa".
Sources: TCVN 5712:1993, character set VN3; the code table of VNI for Windows. Whether a text is one of them is told in text.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# TCVN3: one code for each small letter; of capitals only the seven without tones. Fonts whose name ends with H show capitals.
_TCVN3_CODES = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
_TCVN3 = {first + n: letter for first, letters in _TCVN3_CODES for n, letter in enumerate(letters)}
_SMALL = re.compile("[a-z]")
_COLUMNS = re.compile(r"(\n|\t+| {3,}|\||<br>)")
_WORD = re.compile("(?<![^\\s(*|_])[A-Z\xa1-\xfe]+(?![^\\s,;:.)*|_])")  # not of a number: Q§-UBND

# VNI: a letter and a mark after it; some letters have a code of their own. Marks stand in the order sắc, huyền, hỏi, ngã, nặng.
_VNI_MARKS = (
    ("a", "ùøûõï", "áàảãạ"),
    ("e", "ùøûõï", "éèẻẽẹ"),
    ("o", "ùøûõï", "óòỏõọ"),
    ("u", "ùøûõï", "úùủũụ"),
    ("y", "ùøûõ", "ýỳỷỹ"),
    ("ô", "ùøûõï", "ớờởỡợ"),
    ("ö", "ùøûõï", "ứừửữự"),
    ("a", "âáàåãä", "âấầẩẫậ"),
    ("e", "âáàåãä", "êếềểễệ"),
    ("o", "âáàåãä", "ôốồổỗộ"),
    ("a", "êéèúüë", "ăắằẳẵặ"),
)
_VNI_ALONE = ("íìæóòîñôö", "íìỉĩịỵđơư")
_VNI = {
    **{base + mark: letter for base, marks, letters in _VNI_MARKS for mark, letter in zip(marks, letters, strict=True)},
    **dict(zip(*_VNI_ALONE, strict=True)),
}
_VNI |= {code.upper(): letter.upper() for code, letter in _VNI.items()}
_VNI |= {code[0].upper() + code[1]: letter.upper() for code, letter in _VNI.items() if len(code) == 2 and code[1].islower()}
_VNI |= {code[0].lower() + code[1]: letter.lower() for code, letter in _VNI.items() if len(code) == 2 and code[1].isupper()}
_VNI_CODES = re.compile("|".join(re.escape(code) for code in sorted(_VNI, key=len, reverse=True)))

# What Windows shows for the codes 0x80 to 0x9F, so that text that went through it can be taken back to its codes.
_WINDOWS = {bytes([code]).decode("cp1252"): code for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def codes(text: str) -> bytes | None:
    """The codes of text whose letters are all of one byte in Windows' western table; None where one is not."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    try:
        return bytes(ord(letter) if ord(letter) < 0x100 else _WINDOWS[letter] for letter in text)
    except KeyError:
        return None


def from_tcvn3(text: str) -> str:
    """Text in the codes of TCVN3 as Unicode. A line, or column, without a small letter of its own ("HO¹CH") is in capitals."""
    return "".join(map(_of_line, _COLUMNS.split(text)))


def _of_line(line: str) -> str:
    converted = line.translate(_TCVN3)
    words = [] if _SMALL.search(line) else _WORD.findall(line)
    own = [sum("A" <= letter <= "Z" for letter in word) for word in words]
    return converted.upper() if sum(own) > 1 and (len(words) > 1 or max(own) > 1) else converted


def from_vni(text: str) -> str:
    """Text in the codes of VNI as Unicode; the letter, not its mark, says whether it is a capital."""
    return _VNI_CODES.sub(lambda match: _VNI[match[0]], text)


def to_tcvn3(text: str) -> str:
    """The way back, for tests and for whoever has to write for an old machine; capitals with tones become small ones."""
    table = {letter: chr(code) for code, letter in _TCVN3.items()}
    return "".join(table.get(letter, table.get(letter.lower(), letter)) for letter in text)


def to_vni(text: str) -> str:
    """The way back, for tests and for whoever has to write for an old machine."""
    table = {letter: code for code, letter in _VNI.items() if len(code) == 1 or code[0].isupper() == code[1].isupper()}
    return "".join(table.get(letter, letter) for letter in text)


@lru_cache(maxsize=500)
def of_font(name: str | None) -> Callable[[str], str] | None:
    """How text in a font is to be read, by the font's name; None for a font of today."""
    plain = (name or "").rpartition("+")[2].lower().replace(" ", "")
    if plain.startswith((".vn", "vn")) and not plain.startswith("vni"):
        capitals = plain.split("-")[0].split(",")[0].endswith("h")
        return (lambda text: from_tcvn3(text).upper()) if capitals else from_tcvn3
    return from_vni if plain.startswith("vni") else None
