"""The words of a review, Vietnamese and English: its keys, what items are, what was decided, what is asked, what a field says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.errors import InputError
from workflows.commands import labels
from workflows.commands.context import Language
from workflows.commands.rendering import Tone, Words

if TYPE_CHECKING:
    from workflows.review import Field, Item, Standing


class Key(NamedTuple):
    """A key, its words in Vietnamese and English, and what it does."""

    words: tuple[str, str]
    help: tuple[str, str]


KEYS: Mapping[str, Key] = {
    "a": Key(("nhận", "accept"), ("đúng; chữ viết sau đó là lời giải đáp", "it is right; words after it answer what is asked")),
    "c": Key(("sửa", "correct"), ("sửa, hoặc: c SỐ GIÁ-TRỊ; dấu - là không có", "correct it, or: c NUMBER VALUE; - for none")),
    "d": Key(("bỏ", "drop"), ("bỏ khỏi kế hoạch", "leave it out of the plan")),
    "+": Key(("thêm", "add"), ("thêm dữ kiện bị sót, hoặc: + LOẠI DÒNG", "add a fact that was missed, or: + KIND LINE")),
    "u": Key(("hoàn lại", "undo"), ("rút lại quyết định vừa rồi", "take the last decision back")),
    "n": Key(("tiếp", "next"), ("sang mục sau, để ngỏ mục này", "go on, and leave it open")),
    "b": Key(("lùi", "back"), ("về mục trước", "go back")),
    "l": Key(("danh sách", "list"), ("tất cả dữ kiện; gõ số của dữ kiện để xem", "all facts; a fact's number shows it")),
    "w": Key(("ghi", "write"), ("ghi bản nháp rồi thoát", "write the draft and leave")),
    "q": Key(("thoát", "quit"), ("thoát, không ghi bản nháp", "leave without writing the draft")),
    "?": Key(("giúp", "help"), ("các phím này", "these keys")),
}  # fmt: skip
_KINDS: Mapping[str, tuple[str, str]] = {  # of items, where the plan's field has no word of its own
    "attachments": ("Tài liệu kèm", "Attachment"),
    "citations": ("Viện dẫn", "Names"),
    "conferences": ("Hội nghị", "Conference"),
    "deadlines": ("Thời hạn", "Deadline"),
    "recipients": ("Nơi nhận", "Recipient"),
    "reports": ("Báo cáo", "Report"),
    "suspensions": ("Tạm dừng", "Suspension"),
    "tasks": ("Nhiệm vụ", "Task"),
    "warnings": ("Điểm nghi vấn", "Doubt"),
}
_STANDING: Mapping[Standing, tuple[str, str, Tone]] = {
    "open": ("", "", "plain"),
    "accepted": ("đã nhận", "accepted", "good"),
    "corrected": ("đã sửa", "corrected", "good"),
    "dropped": ("đã bỏ", "dropped", "warn"),
}
_REASONS = (  # why a recipient has its purpose, as reading says it, and in Vietnamese
    (r"label of 'Như trên'", "nhãn của 'Như trên'"),
    (r"label (.+)", "nhãn {0}"),
    (r"addressee (.+)", "nơi kính gửi"),
    (r"a higher body", "cơ quan cấp trên"),
    (r"the issuer's own leaders", "lãnh đạo của cơ quan ban hành"),
    (r"named by (.+)", "có tên ở {0}"),
    (r"the text gives it something to do, line (.+)", "văn bản giao việc, dòng {0}"),
    (r"people, not a body", "cá nhân, không phải cơ quan"),
    (r"no label, and nothing in the document names it", "không có nhãn, văn bản cũng không nhắc đến"),
    (r"filed \(Lưu\)", "lưu"),
    (r"stands for the addressees", "thay cho nơi kính gửi"),
    (r"a person said so", "cán bộ đã xác định"),
)
_NAMED_BY = {"task": "nhiệm vụ", "conference": "hội nghị", "report": "báo cáo", ", line": ", dòng"}
_HOW = {  # a value as it may be typed, by field
    "date": "31/3/2025",
    "due_date": "31/3/2025",
    "due_time": "15:00",
    "starts_at": "8:00 31/3/2025",
    "time": "15:00",
}


def standing(item: Item, lang: Language) -> Words:
    """What was decided about an item."""
    tone = _STANDING[item.standing][2]
    if item.added and item.standing != "dropped":
        return Words(added_word(lang), tone)
    return Words(standing_word(item.standing, lang), tone)


def standing_word(name: Standing, lang: Language) -> str:
    """The same as a word."""
    return _STANDING[name][0 if lang == "vi" else 1]


def added_word(lang: Language) -> str:
    """What is said of facts that the person added."""
    return "đã thêm" if lang == "vi" else "added"


def reason(why: str, lang: Language) -> str:
    """Why a recipient has its purpose, or none, in words of the language."""
    for pattern, words in _REASONS if lang == "vi" else ():
        if found := re.fullmatch(pattern, why):
            said = words.format(*found.groups())
            return re.sub("|".join(_NAMED_BY), lambda word: _NAMED_BY[word[0]], said) if why.startswith("named by ") else said
    return why


def kind(name: str, lang: Language) -> str:
    """What an item is."""
    return _KINDS[name][0 if lang == "vi" else 1] if name in _KINDS else labels.word(name, lang)


def kind_meant(kinds: Sequence[str], text: str, lang: Language) -> str:
    """The kind of fact that was meant by its number among these, its name or its word in either language.

    Raises InputError where it is none of them.
    """
    for n, name in enumerate(kinds, 1):
        if text.casefold() in (str(n), name, *(kind(name, lang).casefold() for lang in ("vi", "en"))):
            return name
    vi = f"Không có loại dữ kiện '{text}' để thêm. Gõ + để xem các loại."
    raise InputError(vi if lang == "vi" else f"there is no kind of fact '{text}'. Type + to see the kinds that can be added.")


def value(known: Field, lang: Language) -> Words:
    """What a field says, as people read it."""
    said = known.value
    if said in (None, (), ""):
        return Words("–", "quiet")
    if isinstance(said, bool):
        return Words({True: ("có", "yes"), False: ("không", "no")}[said][lang == "en"])
    if isinstance(said, dt.datetime):
        return Words(labels.at(said))
    if isinstance(said, dt.date):
        return Words(labels.date_text(said))
    if isinstance(said, dt.time):
        return Words(f"{said:%H:%M}")
    if isinstance(said, tuple):
        return Words("; ".join(said))
    return Words(labels.choice(said, lang) if known.choices else str(said))


def now_and_how(known: Field, lang: Language) -> str:
    """A field, what it is now, and what it may be: what is said when a person is asked for it."""
    name, now = labels.field(known.name, lang), value(known, lang).text
    if known.choices:
        words = ((choice, labels.choice(choice, lang)) for choice in known.choices)
        shown = ", ".join(f"{n} {choice}" + (f" ({word})" if word != choice else "") for n, (choice, word) in enumerate(words, 1))
        return f"{name} [{now}]: {shown}"
    how = _HOW.get(known.name) or ("A; B" if isinstance(known.value, tuple) else None)
    return f"{name} [{now}]" + (f", {'ví dụ' if lang == 'vi' else 'as'} {how}" if how else "")


def chosen(known: Field, text: str) -> str:
    """The word of a plan file that was meant by a choice's word in either language, or by its number; else the text."""
    for n, choice in enumerate(known.choices, 1):
        if text.casefold() in (str(n), choice.casefold(), *(labels.choice(choice, lang).casefold() for lang in ("vi", "en"))):
            return choice
    return text
