"""How a draft is gone through in the terminal: the document beside each fact, a key or a word for each decision.

What a decision does is review's; the draft is written by the command that reads.
"""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

import click

from engine.errors import InputError
from workflows import review
from workflows.commands import labels
from workflows.commands.context import Context, Language
from workflows.commands.excerpt import around, rows_of
from workflows.commands.rendering import Cell, Column, Tone, Words, facts, heading, line, room, say, sheets, table
from workflows.commands.review_labels import KEYS, chosen, kind, message, now_and_how, standing, standing_word, value
from workflows.questions import ASKED, DOUBTFUL
from workflows.review import Review

if TYPE_CHECKING:
    from workflows.documents.lines import Line
    from workflows.plans import Plan, Warning
    from workflows.questions import Question


@dataclass(slots=True, kw_only=True)
class _Session:
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


def go_through(
    context: Context, plan: Plan, lines: Sequence[Line], *, keep: Path, everything: bool = False, anew: bool = False
) -> Plan:
    """Ask a person about the facts of a draft, beside the document's lines; returns the plan that is to be written.

    Decisions are kept in a file until the caller removes it; ``anew``: those of another draft are given up. Raises InputError
    where nobody can answer, or where decisions of another draft are kept; click's Exit when the person leaves without writing.
    """
    asking = _answers()
    found = _kept(context, plan, keep, anew=anew)
    session = _Session(context=context, rows=rows_of(lines), keep=keep, review=found)
    open_ = review.still_open(found)
    session.queue = [n for n in review.order(found) if everything or n in open_]
    others = len(found.items) - len(session.queue)
    heading(
        context.words(f"{len(session.queue)} dữ kiện cần xem.", f"{len(session.queue)} fact(s) to look at."),
        context.words(f"{others} dữ kiện khác coi như đã nhận (l để xem).", f"The others are accepted: {others} (l lists them).")
        if others
        else None,
    )
    shown: tuple[Review, int | None] | None = None
    while True:
        here = (session.review, None if session.ended else session.item)
        if shown is None or shown[0] is not here[0] or shown[1] != here[1]:
            _summary(session) if session.ended else _show(session)
        shown = here
        try:
            if _obey(session, asking(_prompt(session)), asking):
                return review.draft(session.review)
        except (EOFError, KeyboardInterrupt):
            _leave(session)
        except InputError as error:
            line(Words(str(error), "bad"))


class _Asking(Protocol):
    """Shows a prompt and returns the line that was typed; raises EOFError at the end of the input."""

    def __call__(self, prompt: str, recall: str | None = None) -> str:
        """``recall``: what the up key brings, to be changed rather than typed anew."""


def _answers() -> _Asking:
    """How a person is asked: at the terminal, or through a pipe; raises InputError where nobody answers."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no text is no answer
    if sys.stdin is not None and sys.stdin.isatty():
        with suppress(ImportError):  # Windows edits lines by itself
            import readline  # noqa: F401  (from now on input() edits lines)
        return _typed
    ahead = sys.stdin.readline() if sys.stdin is not None else ""
    if not ahead:
        raise InputError(
            "there is nobody to ask: the input is no terminal, and empty.",
            remedy="Write the draft without a review: cascade read DOCUMENT -o PLAN.yaml",
        )
    lines: Iterator[str] = itertools.chain([ahead], iter(sys.stdin.readline, ""))

    def piped(prompt: str, recall: str | None = None) -> str:
        click.echo(prompt, nl=False)
        said = next(lines, None)
        click.echo((said or "").rstrip("\n"))
        if said is None:
            raise EOFError
        return said.strip()

    return piped


def _typed(prompt: str, recall: str | None = None) -> str:
    if recall and "readline" in sys.modules:
        sys.modules["readline"].add_history(recall)
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        click.echo()
        raise


# -- what is typed -----------------------------------------------------------------------------------------------------


def _obey(session: _Session, said: str, asking: _Asking) -> bool:
    """Do what was typed; returns whether the draft is to be written."""
    key, rest = _key(said)
    if key == "w" and not session.ended:
        _summary(session)
    if key == "w" or (key == "" and session.ended):
        return True
    if key == "q":
        _quit(session, asking)
    elif key == "?":
        _help(session)
    elif key == "l":
        _list(session)
    elif key == "#":
        _go_to(session, int(rest))
    elif key == "u":
        _decide(session, review.undo(session.review), forward=False)
    elif key == "b":
        session.at = max(0, session.at - 1)
    elif key == "n":
        session.at = _first_open(session) if session.ended else session.at + 1
    elif session.ended:
        raise InputError(session.words("Đã hết: w ghi, b lùi, ? các phím.", "This is the end: w writes, b goes back, ? helps."))
    elif key == "d":
        _decide(session, review.drop(session.review, session.item, session.words("đã bỏ", "dropped")))
    elif key == "c":
        _correct(session, rest, asking)
    else:
        _accept(session, rest, asking, entered=key == "")
    return False


def _key(said: str) -> tuple[str, str]:
    """The key that was meant, and what follows it; "" for a mere Enter, "#" for an item's number."""
    if said.isdecimal():
        return "#", said
    for letter, key in KEYS.items():
        for word in (letter, *key.words):
            if said.lower() == word or said.lower().startswith(f"{word} "):
                return letter, said[len(word) :].strip()
    if said:
        raise InputError(f"'{said}'? {' · '.join(KEYS)}")
    return "", ""


def _accept(session: _Session, words: str, asking: _Asking, *, entered: bool) -> None:
    """Accept the item; where a value is asked for, ask for it; where all is said, go on."""
    asked = review.asked(session.review).get(session.item, [])
    empty = next((name for question in asked if (name := review.to_fill(question))), None)
    if entered and empty:
        _fill(session, empty, asking)
    elif entered and not asked and session.review.items[session.item].standing != "open":
        session.at += 1
    else:
        _decide(session, review.accept(session.review, session.item, words or session.words("đúng như đã đọc", "as read")))


def _fill(session: _Session, name: str, asking: _Asking) -> None:
    """Ask for one value until it is one; a blank leaves the item as it is."""
    known = next(each for each in review.fields(session.review.items[session.item]) if each.name == name)
    now = value(known, session.lang).text if known.value not in (None, (), "") else None
    while text := asking(f"{now_and_how(known, session.lang)} > ", now):
        try:
            corrected = review.correct(
                session.review, session.item, {name: chosen(known, text)}, session.words("đã sửa", "corrected")
            )
        except InputError as error:
            line(Words(str(error), "bad"))
            continue
        _decide(session, corrected)
        return


def _correct(session: _Session, rest: str, asking: _Asking) -> None:
    """Correct one field of the item: asked for, or typed behind the key; the item stays to be looked at."""
    fields = review.fields(session.review.items[session.item])
    if not fields:
        raise InputError(
            session.words(
                "Không có gì để sửa: a LỜI GIẢI ĐÁP, hoặc d.", "There is nothing to correct: a ANSWER, or d to set it aside."
            )
        )
    if not rest and len(fields) > 1:
        rest = asking(session.words("Sửa mục số mấy? > ", "Which number? > "))
        if not rest:
            return
    first, _, text = rest.partition(" ")
    names = {str(n): each for n, each in enumerate(fields, 1)} | {each.name: each for each in fields}
    names |= {labels.field(each.name, session.lang).lower(): each for each in fields}
    found = names.get(first.lower())
    if len(fields) == 1 and (found is None or not text):
        found, text = fields[0], rest if found is None else ""
    if found is None:
        raise InputError(session.words(f"Không có mục '{first}' để sửa.", f"There is no '{first}' to correct here."))
    if not text:
        at = session.at
        _fill(session, found.name, asking)
        session.at = at
        return
    words = session.words("đã sửa", "corrected")
    _decide(
        session, review.correct(session.review, session.item, {found.name: chosen(found, text.strip())}, words), forward=False
    )


def _decide(session: _Session, decided: Review, *, forward: bool = True) -> None:
    """Take a decision over, keep it, and go on to the next item that is open, unless this one still is."""
    item = None if session.ended else session.item
    session.review = decided
    _save(session)
    asked, open_ = review.asked(decided), review.still_open(decided)
    session.queue += [n for n in asked if n not in session.queue]
    if forward and item is not None and item not in asked:
        left = (n for n in range(session.at + 1, len(session.queue)) if session.queue[n] in open_)
        session.at = next(left, len(session.queue))


def _first_open(session: _Session) -> int:
    """The first place in the queue that is still open; its length where none is."""
    open_ = review.still_open(session.review)
    return next((n for n, item in enumerate(session.queue) if item in open_), len(session.queue))


def _go_to(session: _Session, number: int) -> None:
    if not 1 <= number <= len(session.review.items):
        raise InputError(f"1 … {len(session.review.items)}")
    if number - 1 not in session.queue:
        session.queue.insert(session.at, number - 1)
    session.at = session.queue.index(number - 1)


# -- what is shown -----------------------------------------------------------------------------------------------------


def _show(session: _Session) -> None:
    """The document around the item's line, and the item beside it."""
    item = session.review.items[session.item]
    asked = review.asked(session.review).get(session.item, [])
    doubts = review.doubts(session.review).get(session.item, [])
    at = next((each for each in (item.line, *(each.line for each in asked), *(each.line for each in doubts)) if each), None)
    place = f"{session.at + 1}/{len(session.queue)} · {session.words('số', 'no.')} {session.item + 1}"
    title = (Words(kind(item.kind, session.lang), "strong"), (Words(place, "quiet"), Words("  "), standing(item, session.lang)))
    line(Words("─" * (room() - 1), "quiet"))
    sheets(around(session.rows, at, item.phrase), [title, *_says(session, item), *_asks(session, asked, doubts)])


def _says(session: _Session, item: review.Item) -> Iterator[tuple[Cell, Cell]]:
    """The fields of an item, numbered, and how they were read."""
    for n, each in enumerate(review.fields(item), 1):
        yield (Words(f"{n} ", "quiet"), Words(labels.field(each.name, session.lang))), value(each, session.lang)
    if item.kind == review.DOUBT:
        yield "", Words(item.read.message)
    if not session.rows and item.phrase:
        yield session.words("Câu", "Words"), Words(item.phrase, "quiet")
    if item.standing == "corrected":
        was = zip(review.fields(item), review.fields(replace(item, fact=item.read)), strict=True)
        said = "; ".join(value(before, session.lang).text for now, before in was if now.value != before.value)
        yield session.words("Đã đọc là", "Was read as"), Words(said, "quiet")
    if item.confidence < 1:
        low = item.confidence < DOUBTFUL
        shown = Words(f"{item.confidence:.0%}" + (" (?)" if low else ""), "bad" if low else "quiet")
        yield session.words("Độ chắc", "Confidence"), shown


def _asks(session: _Session, asked: Sequence[Question], doubts: Sequence[Warning]) -> Iterator[tuple[Cell, Cell]]:
    """What is asked about an item, and what is in doubt."""
    for each in asked:
        yield Words(session.words("Cần trả lời", "To answer"), "bad"), Words(message(each, session.lang))
        if session.lang == "en" and not review.to_fill(each):
            yield "", Words(ASKED[each.code].question, "strong")
        if each.code.startswith("date_before"):
            n, own = next((n, item) for n, item in enumerate(session.review.items, 1) if item.kind == "date")
            yield (
                "",
                session.words(
                    f"Ngày ký: {labels.date_text(own.fact)} (số {n})", f"Its own date: {labels.date_text(own.fact)} (no. {n})"
                ),
            )
    for doubt in doubts:
        yield Words(session.words("Cần xem", "In doubt"), "warn"), Words(message(doubt, session.lang))


def _prompt(session: _Session) -> str:
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


def _help(session: _Session) -> None:
    vi = session.lang == "vi"
    facts((letter, f"{key.words[not vi]}: {key.help[not vi]}") for letter, key in KEYS.items())


def _list(session: _Session) -> None:
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


def _listed(session: _Session, n: int, item: review.Item, tone: Tone | None) -> list[Cell]:
    said = (each for each in review.fields(item) if not isinstance(each.value, bool) and each.value not in (None, (), ""))
    says = " · ".join(value(each, session.lang).text for each in said)
    status = Words(session.words("cần xem", "to look at"), tone) if tone else standing(item, session.lang)
    return [n + 1, kind(item.kind, session.lang), says[:200] or getattr(item.read, "message", "?"), item.line, status]


def _summary(session: _Session) -> None:
    """What came of it."""
    found = session.review
    count = Counter(item.standing for item in found.items)
    left = review.still_open(found)
    parts = [f"{standing_word(each, session.lang)}: {count[each]}" for each in ("accepted", "corrected", "dropped")]
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


# -- what is kept ------------------------------------------------------------------------------------------------------


def _kept(context: Context, plan: Plan, keep: Path, *, anew: bool) -> Review:
    """The review that was left, or a new one."""
    if not keep.exists():
        return review.begin(plan)
    try:
        found = review.resume(plan, json.loads(keep.read_text(encoding="utf-8")))
    except ValueError:  # no JSON, no text
        found = None
    if found is not None:
        n = sum(item.standing != "open" for item in found.items)
        say(context.words(f"Tiếp tục: đã có {n} quyết định trong {keep}.", f"Going on: {n} decision(s) were kept in {keep}."))
        return found
    if anew:
        return review.begin(plan)
    raise InputError(
        "these decisions are of another reading of the document.",
        file=keep,
        remedy="Remove the file, or begin anew with --force.",
    )


def _save(session: _Session) -> None:
    """Keep the decisions so far; whatever ends the program leaves the old or the new ones."""
    text = json.dumps(review.kept(session.review), ensure_ascii=False)
    new = session.keep.with_name(session.keep.name + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(session.keep)
    except OSError as error:
        message = f"the decisions cannot be kept ({error.strerror})."
        raise InputError(message, file=session.keep, remedy="Name another file with -o.") from error


def _quit(session: _Session, asking: _Asking) -> None:
    """Leave without writing; the decisions are kept for the next time unless the person says no."""
    if session.keep.exists():
        said = asking(session.words("Giữ các quyết định cho lần sau? [Y/n] ", "Keep the decisions for the next time? [Y/n] "))
        if said.lower() in ("n", "no", "k", "không"):
            session.keep.unlink()
    _leave(session)


def _leave(session: _Session) -> NoReturn:
    """Leave without writing, and say what is kept."""
    say(session.words("Chưa ghi bản nháp.", "No draft was written."))
    if session.keep.exists():
        vi = f"Các quyết định được giữ trong {session.keep}: chạy lại lệnh này để tiếp tục."
        say(session.words(vi, f"The decisions are kept in {session.keep}: the same command goes on."))
    raise click.exceptions.Exit(1)
