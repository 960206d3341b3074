"""What a review shows in the terminal: the document beside each fact, the list of facts, what came of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workflows import review
from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.excerpt import around
from workflows.commands.rendering import Cell, Column, Tone, Words, facts, heading, line, room, sheets, table
from workflows.commands.review_labels import KEYS, added_word, kind, standing, standing_word, value
from workflows.questions import ASKED, DOUBTFUL, said
from workflows.review import Review

if TYPE_CHECKING:
    from workflows.plans import Warning
    from workflows.questions import Question


@dataclass(slots=True, kw_only=True)
class Session:
    """One sitting: what has been said, which items are gone through, and where it is."""

    context: Context
    rows: Sequence[tuple[int, str]]  # the document's lines: number, text
    keep: Path  # where the decisions so far lie, until the draft is written
    review: Review
    queue: list[int] = field(default_factory=list)  # items, in the order in which they are shown
    at: int = 0  # place in the queue; its length: at the end

    @property
    def lang(self) -> Language:
        """The language of labels."""
        return self.context.lang

    def words(self, vi: str, en: str) -> str:
        """A sentence in this language."""
        return self.context.words(vi, en)

    @property
    def item(self) -> int:
        """The item that is shown."""
        return self.queue[self.at]

    @property
    def ended(self) -> bool:
        """Whether everything in the queue has been shown."""
        return self.at >= len(self.queue)


def show(session: Session) -> None:
    """The document around the item's line, and the item beside it."""
    item = session.review.items[session.item]
    asked = review.asked(session.review).get(session.item, [])
    doubts = review.doubts(session.review).get(session.item, [])
    at = next((each for each in (item.line, *(each.line for each in asked), *(each.line for each in doubts)) if each), None)
    place = f"{session.at + 1}/{len(session.queue)} · {session.words('số', 'no.')} {session.item + 1}"
    title = (Words(kind(item.kind, session.lang), "strong"), (Words(place, "quiet"), Words("  "), standing(item, session.lang)))
    line(Words("─" * (room() - 1), "quiet"))
    sheets(around(session.rows, at, item.phrase), [title, *_says(session, item), *_asks(session, asked, doubts)])


def _says(session: Session, item: review.Item) -> Iterator[tuple[Cell, Cell]]:
    """The fields of an item, numbered, and how they were read."""
    for n, each in enumerate(review.fields(item), 1):
        yield (Words(f"{n} ", "quiet"), Words(labels.field(each.name, session.lang))), value(each, session.lang)
    if item.kind == review.DOUBT and item.standing != "open":  # while it is open, it is said as what is asked
        yield "", Words(said(item.read, session.lang))
    if not session.rows and item.phrase:
        yield session.words("Câu", "Words"), Words(item.phrase, "quiet")
    if item.standing == "corrected" and not item.added:
        was = zip(review.fields(item), review.fields(replace(item, fact=item.read)), strict=True)
        before = "; ".join(value(old, session.lang).text for now, old in was if now.value != old.value)
        yield session.words("Đã đọc là", "Was read as"), Words(before, "quiet")
    if item.confidence < 1:
        low = item.confidence < DOUBTFUL
        shown = Words(f"{item.confidence:.0%}" + (" (?)" if low else ""), "bad" if low else "quiet")
        yield session.words("Độ chắc", "Confidence"), shown


def _asks(session: Session, asked: Sequence[Question], doubts: Sequence[Warning]) -> Iterator[tuple[Cell, Cell]]:
    """What is asked about an item, and what is in doubt."""
    for each in asked:
        yield Words(session.words("Cần trả lời", "To answer"), "bad"), Words(said(each, session.lang))
        if not review.to_fill(each):
            yield "", Words(ASKED[each.code].asks(session.lang), "strong")
        if each.code.startswith("date_before"):
            n, own = next((n, item) for n, item in enumerate(session.review.items, 1) if item.kind == "date")
            yield (
                "",
                session.words(
                    f"Ngày ký: {labels.date_text(own.fact)} (số {n})", f"Its own date: {labels.date_text(own.fact)} (no. {n})"
                ),
            )
    for doubt in doubts:
        yield Words(session.words("Cần xem", "In doubt"), "warn"), Words(said(doubt, session.lang))


def prompt_of(session: Session) -> str:
    """What is asked for now, and the keys that are likely."""
    if session.ended:
        return session.words(
            "[Enter] ghi bản nháp · n mục còn để ngỏ · b lùi · l danh sách · q thoát · ? > ",
            "[Enter] write the draft · n what is open · b back · l list · q quit · ? > ",
        )
    item, asked = session.review.items[session.item], review.asked(session.review).get(session.item, [])
    if any(review.to_fill(each) for each in asked):
        enter = session.words("trả lời", "answer")
    elif item.standing != "open" and not asked:
        enter = session.words("tiếp", "next")
    else:
        enter = session.words("đúng", "right as it is")
    return session.words(
        f"[Enter] {enter} · c sửa · d bỏ · n tiếp · w ghi · ? > ",
        f"[Enter] {enter} · c correct · d drop · n next · w write · ? > ",
    )


def keys(session: Session) -> None:
    """The keys, and what each does."""
    vi = session.lang == "vi"
    facts((letter, f"{key.words[not vi]}: {key.help[not vi]}") for letter, key in KEYS.items())


def overview(session: Session) -> None:
    """All items in the document's order."""
    heads = [
        Column(session.words("Số", "No."), right=True),
        Column(session.words("Dữ kiện", "Fact")),
        Column(labels.word("says", session.lang)),
        Column(labels.word("line", session.lang), right=True),
        Column(labels.word("status", session.lang)),
    ]
    asked, open_ = review.asked(session.review), review.still_open(session.review)
    tones: dict[int, Tone] = {n: "bad" if n in asked else "warn" for n in open_}
    table(heads, [_listed(session, n, item, tones.get(n)) for n, item in enumerate(session.review.items)])


def _listed(session: Session, n: int, item: review.Item, tone: Tone | None) -> list[Cell]:
    filled = (each for each in review.fields(item) if not isinstance(each.value, bool) and each.value not in (None, (), ""))
    says = " · ".join(value(each, session.lang).text for each in filled)
    if item.kind == review.DOUBT:
        says = said(item.read, session.lang)
    status = Words(session.words("cần xem", "to look at"), tone) if tone else standing(item, session.lang)
    return [n + 1, kind(item.kind, session.lang), says[:200] or "?", item.line, status]


def summary(session: Session) -> None:
    """What came of it."""
    found = session.review
    count = Counter("added" if item.added and item.standing != "dropped" else item.standing for item in found.items)
    left = review.still_open(found)
    parts = [f"{standing_word(each, session.lang)}: {count[each]}" for each in ("accepted", "corrected", "dropped")]
    parts += [f"{added_word(session.lang)}: {count['added']}"] if count["added"] else []
    as_read = count["open"] - sum(found.items[n].standing == "open" for n in left)
    parts += [
        f"{session.words('còn để ngỏ', 'still open')}: {len(left)}",
        f"{session.words('giữ như đã đọc', 'left as read')}: {as_read}",
    ]
    heading(" · ".join(parts))
    if blocking := len(review.asked(found)):
        line(
            Words(
                session.words(
                    f"{blocking} dữ kiện phải trả lời trước khi ban hành.",
                    f"{blocking} fact(s) must be answered before the plan can be issued.",
                ),
                "bad",
            )
        )
